#include <stdlib.h>
#include <string.h>

#include "diff/diffjson.h"
#include "sonata/json.h"
#include "util.h"

static char *write_value(const cJSON *v, bool sets);

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Texts with commas between them, which are freed. */
static char *
put_together(char **part, size_t n, char open, char close)
{
	size_t i, length = 3;
	char *s, *to;

	for (i = 0; i < n; i++)
		length += strlen(part[i]) + 1;
	s = to = zeros(length, 1);
	*to++ = open;
	for (i = 0; i < n; i++) {
		if (i > 0)
			*to++ = ',';
		to = stpcpy(to, part[i]);
		free(part[i]);
	}
	*to = close;
	free(part);
	return s;
}

static char *
write_item(const cJSON *v)
{
	char *s = cJSON_PrintUnformatted(v);

	if (!s)
		die("out of memory");
	return s;
}

/* Objects in objects are no deeper than json.h lets them be. */
static char *
/* NOLINTNEXTLINE(misc-no-recursion): to that depth */
write_member(const cJSON *v, bool sets)
{
	cJSON *key = cJSON_CreateString(v->string);
	char *name = write_item(key), *value = write_value(v, sets);
	char *s = format("%s:%s", name, value);

	cJSON_Delete(key);
	free(name);
	free(value);
	return s;
}

/* A value as a text that is the same for all that mean the same. */
static char *
/* NOLINTNEXTLINE(misc-no-recursion): to that depth */
write_value(const cJSON *v, bool sets)
{
	bool list = cJSON_IsArray(v);
	char **part = NULL;
	size_t n = 0, cap = 0;
	const cJSON *c;

	if (!list && !cJSON_IsObject(v))
		return write_item(v);
	if (list && sets && json_first(v) && !json_first(v)->next)
		return write_value(json_first(v), sets);
	for (c = json_first(v); c; c = c->next) {
		part = grow(part, &cap, n + 1, sizeof *part);
		part[n++] = list ? write_value(c, sets) : write_member(c, sets);
	}
	if (n > 0 && (!list || sets))
		qsort(part, n, sizeof *part, by_text);
	return put_together(part, n, list ? '[' : '{', list ? ']' : '}');
}

/* As a field of the table, of which no one reads more. */
static char *
shorten(char *s)
{
	enum { MOST = 60 };
	size_t n = MOST;

	if (strlen(s) <= MOST + strlen("..."))
		return s;
	while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80)
		n--;
	memcpy(s + n, "...", sizeof "...");
	return s;
}

static void
tell(const struct diffjson *j, const char *place, const char *a, const char *b)
{
	difference_row(difference_kind(j->to, j->what, "", ""), place, a, b, 1);
}

static bool
are_near(const struct diffjson *j, const cJSON *a, const cJSON *b)
{
	return cJSON_IsNumber(a) && cJSON_IsNumber(b) &&
	       datum_tolerates(j->datums, a->valuedouble, b->valuedouble);
}

static void
compare_leaves(const struct diffjson *j, const char *place, const cJSON *a,
	       const cJSON *b)
{
	char *s = a ? write_value(a, j->sets) : copy("");
	char *t = b ? write_value(b, j->sets) : copy("");

	/* What differs may be behind what is shown. */
	if (strcmp(s, t) != 0 && !(a && b && are_near(j, a, b)))
		tell(j, place, shorten(s), shorten(t));
	free(s);
	free(t);
}

static void
/* NOLINTNEXTLINE(misc-no-recursion): to that depth */
compare_member(const struct diffjson *j, const char *place, const char *key,
	       const cJSON *a, const cJSON *b)
{
	char *inner;

	if (j->skip && j->skip(key))
		return;
	inner = format("%s%s%s", place, *place ? "." : "", key);
	diffjson_compare(j, inner, a, b);
	free(inner);
}

void
/* NOLINTNEXTLINE(misc-no-recursion): to that depth */
diffjson_compare(const struct diffjson *j, const char *place, const cJSON *a,
		 const cJSON *b)
{
	const cJSON *c;

	if (!cJSON_IsObject(a) || !cJSON_IsObject(b)) {
		if (a || b)
			compare_leaves(j, place, a, b);
		return;
	}
	for (c = json_first(a); c; c = c->next)
		compare_member(j, place, c->string, c,
			       cJSON_GetObjectItemCaseSensitive(b, c->string));
	for (c = json_first(b); c; c = c->next)
		if (!cJSON_GetObjectItemCaseSensitive(a, c->string))
			compare_member(j, place, c->string, NULL, c);
}
