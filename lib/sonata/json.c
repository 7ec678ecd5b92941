#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "labels.h"
#include "sonata/json.h"
#include "util.h"

#define MAX_BYTES                                                              \
	((size_t)64 << 20) /* bytes of a file; real ones have kilobytes */
#define MAX_EXCERPT 24

static char *
read_text(const char *path)
{
	size_t n = 0, cap = 0;
	char *s = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		die("%s:", path);
	do {
		s = grow(s, &cap, n + 65536, 1);
		got = read(fd, s + n, cap - n - 1);
		if (got < 0 && errno != EINTR)
			die("%s:", path);
		n += got > 0 ? (size_t)got : 0;
		if (n > MAX_BYTES)
			die("%s: too large for a config, over %zu bytes", path,
			    MAX_BYTES);
	} while (got != 0);
	close(fd);
	if (memchr(s, '\0', n))
		die("%s: not text", path);
	return s; /* the byte after it is 0, as grow() makes it */
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

static _Noreturn void
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
		die("%s:%zu: column %zu: nested more than %d deep", path, line,
		    column, CJSON_NESTING_LIMIT);
	if (!*at)
		die("%s:%zu: column %zu: not JSON: it ends too early", path,
		    line, column);
	die("%s:%zu: column %zu: not JSON%s: '%.*s'", path, line, column,
	    *at == '/' ? ", which has no comments" : "", (int)n, at);
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

/* JSON does not say which of two equal keys counts, so readers differ. */
static void
check_keys(const char *path, cJSON *root)
{
	struct json_place *all;
	size_t i, k, n;
	cJSON *c;

	all = json_walk(root, &n);
	for (i = 0; i < n; i++) {
		struct labels keys = {0};

		if (!cJSON_IsObject(all[i].item))
			continue;
		k = 0;
		for (c = json_first(all[i].item); c; c = c->next)
			if (label(&keys, c->string) != k++)
				die("%s: an object has the key '%s' twice",
				    path, c->string);
		labels_free(&keys);
	}
	free(all);
}

cJSON *
json_read(const char *path)
{
	char *text = read_text(path), *s = text;
	const char *end = NULL;
	cJSON *json;

	if (strncmp(s, "\xEF\xBB\xBF", 3) == 0)
		s += 3;
	json = cJSON_ParseWithOpts(s, &end, true);
	if (!json)
		not_json(path, s, end ? fault(s, end) : s);
	if (strstr(s, "\\u0000")) /* cJSON would end the text there */
		die("%s: a text with '\\u0000' in it", path);
	free(text);
	if (!cJSON_IsObject(json))
		die("%s: not an object", path);
	check_keys(path, json);
	return json;
}
