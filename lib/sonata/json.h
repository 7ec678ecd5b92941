/* json.h -- files of JSON, and what is wrong with one
 *
 *	cJSON *json = json_read("circuit_config.json");
 *	size_t i, n;
 *	struct json_place *all = json_walk(json, &n);
 *
 *	for (i = 0; i < n; i++)
 *		if (cJSON_IsString(all[i].item))
 *			printf("%s: %s\n", all[i].key,
 *			       all[i].item->valuestring);
 *	free(all);
 *
 * A fault ends the tool with "file:line: column N: ...": text that is not JSON
 * (comments are not), that is nested more than 1000 deep or has '\u0000' in it,
 * a key that stands twice in one object with different values, more than 64 MB.
 * Columns count characters, not bytes.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

#include <cJSON.h>

/* Does a file that begins with these bytes look like JSON rather than a table:
 * is its first character, after spaces and a byte order mark, a '{'? */
bool json_looks_like(const char *s, size_t n);

/* Read a file that is an object; no key stands twice in any object of it. */
cJSON *json_read(const char *path);

/* The same, but NULL and *why in new memory, where a fault need not end the
 * tool.  *why is NULL before. */
cJSON *json_try(const char *path, char **why);

/* Write a file, which gets its name with the others of files.h. */
void json_write(const char *path, cJSON *json);

/* The text of JSON, which cJSON_free() frees.  Numbers that json_read() has
 * read are as they were there: all digits of them. */
char *json_text(cJSON *json);

/* Are these characters a number?  cJSON takes 007 and 1. for one, too. */
bool json_is_number(const char *s, size_t n);

/* Keep the numbers of what was parsed from this text elsewhere. */
void json_keep_numbers(cJSON *json, const char *text);

/* The first member of an object or a list; NULL for anything else. */
cJSON *json_first(const cJSON *parent);

struct json_place {
	cJSON *item;
	const char *name; /* the key of the root's member that it is in */
	const char *key;  /* the nearest key, its own or its list's */
};

/* All objects, lists and texts in a tree that are not empty, in new memory; the
 * root comes first. */
struct json_place *json_walk(cJSON *root, size_t *n);

#endif
