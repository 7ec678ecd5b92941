#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "labels.h"
#include "rows.h"
#include "sonata/ids.h"
#include "sonata/types.h"
#include "util.h"

struct reader {
	struct rows in; /* line by line */
	char delim;     /* a comma, or a space for any white space */
	char *line;     /* a copy of one, cut into fields */
	char **field;
	size_t n, cap;
	size_t nheader;
	char **header;
	bool indexed; /* begins the header with a blank, as pandas has it? */
	size_t key, population;        /* columns; NO_TYPE if there is none */
	const struct types_look *look; /* NULL: a fault ends the tool */
	bool bad;                      /* has the line a fault? */
};

static void fault_at(struct reader *r, enum types_fault fault, size_t line,
		     const char *fmt, ...) PRINTF(4, 5);

static void
fault_at(struct reader *r, enum types_fault fault, size_t line, const char *fmt,
	 ...)
{
	char *what;
	va_list ap;

	if (!r->look && fault >= TYPES_SEPARATOR)
		return;
	va_start(ap, fmt);
	what = vformat(fmt, ap);
	va_end(ap);
	if (!r->look && line)
		die("%s:%zu: %s", r->in.path, line, what);
	if (!r->look)
		die("%s: %s", r->in.path, what);
	r->look->tell(r->look->arg, fault, line, what);
	r->bad = true;
	free(what);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
ends_field(const struct reader *r, char c)
{
	return r->delim == ',' ? c == ',' : is_blank(c);
}

/* Find the end of the field at p, and take its quotes away. */
static char *
cut_field(struct reader *r, char *p)
{
	char *to = p;

	if (*p != '"') {
		while (*p && !ends_field(r, *p))
			p++;
		return p;
	}
	for (p++; *p && (*p != '"' || p[1] == '"'); p++) {
		p += *p == '"';
		*to++ = *p;
	}
	if (*p != '"' || (p[1] && !ends_field(r, p[1]))) {
		fault_at(r, TYPES_QUOTE, r->in.line, "misplaced quote");
		return p + strlen(p);
	}
	*to = '\0';
	return p + 1;
}

/* Cut a line, each run of blanks being one separator or not. */
static void
cut_line(struct reader *r, char *p, bool runs)
{
	char *end;

	r->n = 0;
	for (;;) {
		while (runs && is_blank(*p))
			p++;
		if (runs && !*p)
			return;
		end = cut_field(r, p);
		r->field = grow(r->field, &r->cap, r->n + 1, sizeof *r->field);
		r->field[r->n++] = p;
		if (!*end)
			return;
		*end = '\0';
		p = end + 1;
	}
}

/* Read the next line that is not blank. */
static bool
next_line(struct reader *r)
{
	const char *s;

	do {
		if (!rows_next(&r->in))
			return false;
		s = r->in.field[0];
	} while (s[strspn(s, " \t")] == '\0');
	return true;
}

/* The line is fine, for who takes more than one blank. */
static void
note_blanks(struct reader *r)
{
	fault_at(r, TYPES_BLANKS, r->in.line,
		 "blanks that separate nothing for who takes each for a "
		 "separator");
	r->bad = false;
}

/* The fields of a line: of several readings the first one that has as many as
 * the header. Each blank separates; the same without blanks at the end; a run
 * of blanks separates. */
static void
split_line(struct reader *r)
{
	const char *s = r->in.field[0];
	size_t len = strlen(s), way;

	for (way = 0; way < (r->delim == ',' ? 1 : 3); way++) {
		free(r->line);
		r->line = copy(s);
		while (way == 1 && len > 0 && is_blank(s[len - 1]))
			r->line[--len] = '\0';
		cut_line(r, r->line, way == 2);
		if (r->bad)
			return;
		if (r->n == r->nheader && way > 0)
			note_blanks(r);
		if (r->n == r->nheader)
			return;
		if (r->indexed && r->n == r->nheader + 1) {
			memmove(r->field, r->field + 1,
				--r->n * sizeof *r->field);
			return;
		}
	}
	fault_at(r, TYPES_FIELDS, r->in.line,
		 "%zu fields where the header has %zu", r->n, r->nheader);
}

/* Most columns are attributes, and may all be asked for. */
static void
check_header(struct reader *r)
{
	struct labels names = {0};
	size_t i, n = 0;

	for (i = 0; i < r->nheader; i++)
		if (*r->header[i] && label(&names, r->header[i]) < n++)
			fault_at(r, TYPES_UNREAD, 0,
				 "column '%s' is there twice", r->header[i]);
	labels_free(&names);
}

static size_t
header_place(const struct reader *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->nheader; i++)
		if (!strcmp(r->header[i], name))
			return i;
	return NO_TYPE;
}

static void
read_header(struct reader *r, const char *key)
{
	char *p;
	char *there = NULL;
	size_t i;

	if (!next_line(r)) {
		fault_at(r, TYPES_UNREAD, 0, "no header");
		return;
	}
	p = r->in.field[0];
	r->delim = strpbrk(p, " \t,") && *strpbrk(p, " \t,") == ',' ? ',' : ' ';
	if (strpbrk(p, "\t,"))
		fault_at(r, TYPES_SEPARATOR, r->in.line,
			 "separated by %s rather than by spaces",
			 r->delim == ',' ? "commas" : "tabs");
	r->bad = false;
	r->indexed = is_blank(*p);
	cut_line(r, p, r->delim == ' ');
	r->nheader = r->n;
	r->header = zeros(r->nheader, sizeof *r->header);
	for (i = 0; i < r->nheader; i++)
		r->header[i] = copy(r->field[i]);
	check_header(r);
	r->key = header_place(r, key);
	r->population = header_place(r, "population");
	if (r->key != NO_TYPE)
		return;
	if (r->nheader == 1 && strchr(r->header[0], ';')) {
		fault_at(r, TYPES_UNREAD, 0,
			 "separated by semicolons, rather than by spaces or "
			 "commas: '%s'",
			 r->header[0]);
		return;
	}
	for (i = 0; i < r->nheader; i++)
		there = join(there, r->header[i]);
	fault_at(r, TYPES_UNREAD, 0, "no column '%s': there are %s", key,
		 there);
	free(there);
}

static bool
is_property(const struct reader *r, size_t i)
{
	return i != r->key && i != r->population && *r->header[i];
}

static void
take_names(struct types *t, const struct reader *r)
{
	size_t i;

	t->name = zeros(r->nheader, sizeof *t->name);
	for (i = 0; i < r->nheader; i++)
		if (is_property(r, i))
			t->name[t->n++] = copy(r->header[i]);
}

static void
take_type(struct types *t, struct reader *r, size_t *ids, size_t *values)
{
	char **value;
	size_t i, k = 0;

	t->id = grow(t->id, ids, t->ntypes + 1, sizeof *t->id);
	t->value = grow(t->value, values, t->ntypes + 1, sizeof *t->value);
	if (!parse_int(r->field[r->key], &t->id[t->ntypes])) {
		fault_at(r, TYPES_ID, r->in.line,
			 "column '%s': not an integer: '%s'", r->header[r->key],
			 r->field[r->key]);
		return;
	}
	value = zeros(t->n, sizeof *value);
	for (i = 0; i < r->nheader; i++)
		if (is_property(r, i)) {
			const char *s = r->field[i];

			value[k++] = is_missing(s) ? NULL : copy(s);
		}
	t->value[t->ntypes++] = value;
}

struct numbered {
	int64_t id;
	char **value;
};

static int
compare_types(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* Put the types in order of their ids. */
static void
sort_types(struct types *t, struct reader *r)
{
	struct numbered *all = zeros(t->ntypes, sizeof *all);
	size_t i;

	for (i = 0; i < t->ntypes; i++)
		all[i] = (struct numbered){t->id[i], t->value[i]};
	qsort(all, t->ntypes, sizeof *all, compare_types);
	for (i = 0; i < t->ntypes; i++) {
		t->id[i] = all[i].id;
		t->value[i] = all[i].value;
		if (i > 0 && t->id[i] == t->id[i - 1])
			fault_at(r, TYPES_DUPLICATE, 0,
				 "type %lld is there twice",
				 (long long)t->id[i]);
	}
	free(all);
}

static void
free_texts(char **text, size_t n)
{
	while (n > 0)
		free(text[--n]);
	free(text);
}

static void
close_reader(struct reader *r)
{
	free_texts(r->header, r->nheader);
	free(r->line);
	free(r->field);
	rows_close(&r->in);
}

struct types *
types_look(const char *path, const char *key, const char *population,
	   const struct types_look *look)
{
	struct reader r = {.look = look};
	struct types *t = zeros(1, sizeof *t);
	size_t ids = 0, values = 0;

	rows_open_bare(&r.in, path, "");
	t->path = copy(path);
	read_header(&r, key);
	if (r.bad) {
		close_reader(&r);
		types_free(t);
		return NULL;
	}
	take_names(t, &r);
	while (next_line(&r)) {
		r.bad = false;
		split_line(&r);
		if (r.bad)
			continue;
		if (r.population == NO_TYPE || !population ||
		    is_missing(r.field[r.population]) ||
		    !strcmp(r.field[r.population], population))
			take_type(t, &r, &ids, &values);
	}
	sort_types(t, &r);
	close_reader(&r);
	return t;
}

struct types *
types_read(const char *path, const char *key, const char *population)
{
	return types_look(path, key, population, NULL);
}

size_t
type_find(const struct types *t, int64_t id)
{
	return ids_sorted(t->id, t->ntypes, id);
}

size_t
type_find_property(const struct types *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (!strcmp(t->name[i], name))
			return i;
	return NO_TYPE;
}

void
types_free(struct types *t)
{
	if (!t)
		return;
	while (t->ntypes > 0)
		free_texts(t->value[--t->ntypes], t->n);
	free_texts(t->name, t->n);
	free(t->value);
	free(t->id);
	free(t->path);
	free(t);
}
