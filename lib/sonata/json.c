#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "labels.h"
#include "sonata/json.h"
#include "util.h"

#define MAX_BYTES                                                              \
	((size_t)64 << 20) /* bytes of a file; real ones have kilobytes */
#define MAX_EXCERPT 24
#define DIGITS "0123456789"

/* The text of a file, or NULL and why there is none. */
static char *
read_text(const char *path, char **why)
{
	size_t n = 0, cap = 1;
	char *s = zeros(cap, 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : 1;

	while (got > 0 && n <= MAX_BYTES) {
		s = grow(s, &cap, n + 65536, 1);
		got = read(fd, s + n, cap - n - 1);
		n += got > 0 ? (size_t)got : 0;
		if (got < 0 && errno == EINTR)
			got = 1;
	}
	if (got < 0)
		*why = format("%s: %s", path, strerror(errno));
	else if (n > MAX_BYTES)
		*why = format("%s: too large for a config, over %zu bytes",
			      path, MAX_BYTES);
	else if (memchr(s, '\0', n))
		*why = format("%s: not text", path);
	if (fd >= 0)
		close(fd);
	if (!*why)
		return s; /* the byte after it is 0, as grow() makes it */
	free(s);
	return NULL;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
json_looks_like(const char *s, size_t n)
{
	const char *end = s + n;

	if (n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0)
		s += 3;
	while (s < end && is_space(*s))
		s++;
	return s < end && *s == '{';
}

/* Where in JSON text a place is. */
struct json_cursor {
	char open[CJSON_NESTING_LIMIT + 1]; /* '{' and '[', outermost first */
	size_t depth;                       /* how many of them */
	bool quoted;
	char last; /* the last character before it that is not a space, or 0 */
};

static struct json_cursor
locate(const char *s, const char *at)
{
	struct json_cursor p = {.depth = 0};

	for (; s < at; s++) {
		if (!is_space(*s))
			p.last = *s;
		if (*s == '"')
			p.quoted = !p.quoted;
		else if (p.quoted)
			s += *s == '\\';
		else if ((*s == '{' || *s == '[') && p.depth < sizeof p.open)
			p.open[p.depth++] = *s;
		else if ((*s == '}' || *s == ']') && p.depth > 0)
			p.depth--;
	}
	return p;
}

/* cJSON points one character past the fault where it missed a key or the end of
 * a text. */
static const char *
fault(const char *s, const char *at)
{
	struct json_cursor p;

	if (at == s || is_space(at[-1]))
		return at;
	p = locate(s, at - 1);
	if (!p.quoted &&
	    (at[-1] == '"' || (p.depth > 0 && p.open[p.depth - 1] == '{' &&
			       (p.last == '{' || p.last == ','))))
		return at - 1;
	return at;
}

static bool
is_tail(char c) /* of a character of several bytes in UTF-8 */
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static char *
not_json(const char *path, const char *s, const char *at)
{
	size_t line = 1, column = 1, n;
	const char *p;

	for (p = s; p < at; p++) {
		line += *p == '\n';
		column = *p == '\n' ? 1 : column + !is_tail(*p);
	}
	n = strcspn(at, "\r\n");
	if (n > MAX_EXCERPT)
		for (n = MAX_EXCERPT; n > 0 && is_tail(at[n]); n--)
			;
	if (locate(s, at).depth >= CJSON_NESTING_LIMIT)
		return format("%s:%zu: column %zu: nested more than %d deep",
			      path, line, column, CJSON_NESTING_LIMIT);
	if (!*at)
		return format("%s:%zu: column %zu: not JSON: it ends too "
			      "early",
			      path, line, column);
	return format("%s:%zu: column %zu: not JSON%s: '%.*s'", path, line,
		      column, *at == '/' ? ", which has no comments" : "",
		      (int)n, at);
}

/* The item that comes after this one in a text; *depth is how many are around
 * it, which are in up. */
static cJSON *
next_item(cJSON *at, cJSON **up, size_t *depth)
{
	if (at->child) {
		up[(*depth)++] = at;
		return at->child;
	}
	while (!at->next && *depth > 0)
		at = up[--*depth];
	return at->next;
}

bool
json_is_number(const char *s, size_t n)
{
	const char *end = s + n;
	size_t digits;

	s += *s == '-';
	digits = strspn(s, DIGITS);
	if (digits == 0 || (*s == '0' && digits > 1))
		return false;
	s += digits;
	if (*s == '.') {
		digits = strspn(++s, DIGITS);
		s += digits;
	}
	if (digits > 0 && (*s == 'e' || *s == 'E')) {
		s += strchr("+-", s[1]) && s[1] ? 2 : 1;
		digits = strspn(s, DIGITS);
		s += digits;
	}
	return digits > 0 && s == end;
}

/* Where the next number of a text is, which is not in quotes. */
static const char *
find_number(const char *s)
{
	while (*s != '-' && !strchr(DIGITS, *s))
		if (*s++ == '"') {
			while (*s != '"')
				s += *s == '\\' ? 2 : 1;
			s++;
		}
	return s;
}

void
json_keep_numbers(cJSON *root, const char *text)
{
	cJSON *up[CJSON_NESTING_LIMIT + 1], *at;
	size_t depth = 0, n;

	for (at = root; at; at = next_item(at, up, &depth)) {
		if (!cJSON_IsNumber(at))
			continue;
		text = find_number(text);
		n = strspn(text, DIGITS "+-.eE");
		/* What is short and whole is written as it was anyway. */
		if (json_is_number(text, n) &&
		    (n > 9 || strcspn(text, "-.eE") < n))
			at->valuestring = format("%.*s", (int)n, text);
		text += n;
	}
}

char *
json_text(cJSON *root)
{
	struct json_place *all;
	size_t i, n;
	cJSON *c;
	char *text;

	all = json_walk(root, &n);
	for (i = 0; i < n; i++)
		for (c = json_first(all[i].item); c; c = c->next)
			if (cJSON_IsNumber(c) && c->valuestring)
				c->type = (c->type & ~cJSON_Number) | cJSON_Raw;
	free(all);
	text = cJSON_Print(root);
	if (!text)
		die("out of memory");
	return text;
}

void
json_write(const char *path, cJSON *json)
{
	char *text = json_text(json);
	FILE *f;

	f = fopen(files_replace(path), "we");
	if (!f || fprintf(f, "%s\n", text) < 0 || fclose(f))
		die("%s:", path);
	cJSON_free(text);
}

cJSON *
json_first(const cJSON *parent)
{
	return parent ? parent->child : NULL;
}

/* Without recursion, because the file decides how deep the nesting is. */
struct json_place *
json_walk(cJSON *root, size_t *n)
{
	struct json_place *all = NULL, at;
	size_t i, cap = 0;
	cJSON *c;

	all = grow(all, &cap, 1, sizeof *all);
	all[0] = (struct json_place){root, NULL, ""};
	*n = 1;
	for (i = 0; i < *n; i++) {
		at = all[i];
		for (c = json_first(at.item); c; c = c->next) {
			if (!c->child && !cJSON_IsString(c))
				continue;
			all = grow(all, &cap, *n + 1, sizeof *all);
			all[*n].item = c;
			all[*n].key = c->string ? c->string : at.key;
			all[*n].name = at.name ? at.name : c->string;
			++*n;
		}
	}
	return all;
}

/* Is it the same value, whatever the order of keys? */
static bool
is_same(const cJSON *a, const cJSON *b)
{
	char *s = cJSON_PrintUnformatted(a), *t = cJSON_PrintUnformatted(b);
	bool same = s && t && !strcmp(s, t);

	cJSON_free(s);
	cJSON_free(t);
	return same || cJSON_Compare(a, b, true);
}

/* JSON does not say which of two equal keys counts, so readers differ; two of
 * the same value are one.  Gives the key that has two values, or NULL. */
static const char *
join_keys(cJSON *object)
{
	struct labels keys = {0};
	const char *bad = NULL;
	cJSON **first, *c, *next;
	size_t n = 0, k;

	first = zeros((size_t)cJSON_GetArraySize(object), sizeof(cJSON *));

	for (c = json_first(object); c && !bad; c = next) {
		next = c->next;
		k = label(&keys, c->string);
		if (k == n) {
			first[n++] = c;
		} else if (is_same(first[k], c)) {
			cJSON_Delete(cJSON_DetachItemViaPointer(object, c));
		} else {
			bad = c->string;
		}
	}
	free(first);
	labels_free(&keys);
	return bad;
}

/* What is in an object comes after it in the walk, and before it here. */
static void
check_keys(const char *path, cJSON *root, char **why)
{
	struct json_place *all;
	const char *key;
	size_t n;

	all = json_walk(root, &n);
	while (n-- > 0 && !*why) {
		if (!cJSON_IsObject(all[n].item) ||
		    !(key = join_keys(all[n].item)))
			continue;
		*why = format("%s: %s%san object has the key '%s' twice, with "
			      "different values",
			      path, all[n].name ? all[n].name : "",
			      all[n].name ? ": " : "", key);
	}
	free(all);
}

cJSON *
json_try(const char *path, char **why)
{
	char *text = read_text(path, why), *s = text;
	const char *end = NULL;
	cJSON *json;

	if (!text)
		return NULL;
	if (strncmp(s, "\xEF\xBB\xBF", 3) == 0)
		s += 3;
	json = cJSON_ParseWithOpts(s, &end, true);
	if (!json)
		*why = not_json(path, s, end ? fault(s, end) : s);
	else if (strstr(s, "\\u0000")) /* cJSON would end the text there */
		*why = format("%s: a text with '\\u0000' in it", path);
	else if (!cJSON_IsObject(json))
		*why = format("%s: not an object", path);
	else {
		json_keep_numbers(json, s);
		check_keys(path, json, why);
	}
	free(text);
	return *why ? NULL : json;
}

cJSON *
json_read(const char *path)
{
	char *why = NULL;
	cJSON *json = json_try(path, &why);

	if (!json)
		die("%s", why);
	return json;
}
