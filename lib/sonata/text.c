#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/text.h"
#include "util.h"

/* The next line that is not blank, and its fields. */
static bool
read_line(struct text *t)
{
	char *s, *rest;
	ssize_t got;

	do {
		got = getline(&t->buf, &t->room, t->f);
		if (got < 0 && ferror(t->f))
			die("%s:", t->path);
		if (got < 0)
			return false;
		t->line++;
		if (strlen(t->buf) != (size_t)got)
			die("%s:%zu: not text", t->path, t->line);
		t->nfield = 0;
		t->buf[strcspn(t->buf, "\r\n")] = '\0';
		for (rest = t->buf; (s = strsep(&rest, t->separators));) {
			if (!*s)
				continue;
			t->field = grow(t->field, &t->mfield, t->nfield + 1,
					sizeof *t->field);
			t->field[t->nfield++] = s;
		}
	} while (t->nfield == 0);
	return true;
}

void
text_open(struct text *t, const char *path, const char *separators)
{
	size_t i;

	*t = (struct text){.path = path, .separators = separators};
	t->f = fopen(path, "re");
	if (!t->f)
		die("%s:", path);
	if (!read_line(t))
		die("%s: no header", path);
	t->n = t->nfield;
	t->name = zeros(t->n, sizeof *t->name);
	for (i = 0; i < t->n; i++)
		t->name[i] = copy(t->field[i]);
}

bool
text_next(struct text *t)
{
	if (!read_line(t))
		return false;
	if (t->nfield != t->n)
		die("%s:%zu: %zu fields where the header has %zu", t->path,
		    t->line, t->nfield, t->n);
	return true;
}

size_t
text_find(const struct text *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (!strcmp(t->name[i], name))
			return i;
	return NO_FIELD;
}

size_t
text_column(const struct text *t, const char *const *names)
{
	size_t i, column;

	for (i = 0; names[i]; i++)
		if ((column = text_find(t, names[i])) != NO_FIELD)
			return column;
	die("%s: no column '%s' in its header", t->path, names[0]);
}

double
text_num(const struct text *t, size_t column)
{
	double v;

	if (!parse_num(t->field[column], &v) || !isfinite(v))
		text_bad(t, column, "not a number");
	return v;
}

void
text_bad(const struct text *t, size_t column, const char *problem)
{
	die("%s:%zu: column '%s': %s: '%s'", t->path, t->line, t->name[column],
	    problem, t->field[column]);
}

void
text_close(struct text *t)
{
	while (t->n > 0)
		free(t->name[--t->n]);
	free(t->name);
	free(t->field);
	free(t->buf);
	fclose(t->f);
}
