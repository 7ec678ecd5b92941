/* types.h -- SONATA's node_types and edge_types files
 *
 *	struct types *t = types_read("edge_types.csv", "edge_type_id", "v1");
 *	size_t row = type_find(t, 101);
 *	size_t column = type_find_property(t, "delay");
 *
 *	visit(t->value[row][column]);
 *	types_free(t);
 *
 * They are tables of text whose separator is a space, or several, or a tab, or
 * a comma; a field may be quoted.  Two spaces in a row are an empty field where
 * that makes the number of fields right, else one separator.  Whatever is wrong
 * ends the tool with "file:line: ...".
 */
#ifndef TYPES_H
#define TYPES_H

#include <stddef.h>
#include <stdint.h>

#define NO_TYPE SIZE_MAX

struct types {
	char *path;
	char **name; /* n columns, without the key and the population */
	size_t n;
	char ***value; /* value[type][column]; NULL where there is none */
	int64_t *id;   /* ascending */
	size_t ntypes;
};

/* Read the types of one population, or of all if it is NULL; key is the name of
 * the column of ids. */
struct types *types_read(const char *path, const char *key,
			 const char *population);

/* What can be wrong with such a file; to read it the last two do not matter. */
enum types_fault {
	TYPES_UNREAD, /* not such a table at all */
	TYPES_FIELDS, /* more or fewer than the header has */
	TYPES_QUOTE,
	TYPES_ID,
	TYPES_DUPLICATE, /* a type that is there twice */
	TYPES_SEPARATOR, /* commas or tabs */
	TYPES_BLANKS     /* runs of blanks, or some at the end */
};

/* Who is told of faults, instead of an end of the tool: the line, or 0. */
struct types_look {
	void (*tell)(void *arg, enum types_fault fault, size_t line,
		     const char *what);
	void *arg;
};

/* Read the types as types_read() does, without the lines that have faults;
 * NULL if there is no table. */
struct types *types_look(const char *path, const char *key,
			 const char *population, const struct types_look *look);

/* The place of the type with this id, or NO_TYPE. */
size_t type_find(const struct types *t, int64_t id);

/* The place of the column with this name, or NO_TYPE. */
size_t type_find_property(const struct types *t, const char *name);

void types_free(struct types *t); /* NULL is fine */

#endif
