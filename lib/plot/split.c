#include <stdlib.h>
#include <string.h>

#include "plot/columns.h"
#include "plot/split.h"

void
split_by(struct split *s, const struct rows *in, const char *list)
{
	s->n = columns_find(in, list, s->column, SPLIT_MOST);
	s->arrow = s->n == 2 && !strcmp(in->name[s->column[0]], "source") &&
		   !strcmp(in->name[s->column[1]], "target");
}

/* The fields of a row, with a text between them; or, without one, each after
 * its length, so that "a, b" and "c" are not "a" and "b, c". */
static char *
joined(const struct split *s, const struct rows *in, const char *between)
{
	char *all = copy(""), *longer;
	size_t i;

	for (i = 0; i < s->n; i++) {
		const char *field = in->field[s->column[i]];

		if (between)
			longer = format("%s%s%s", all, i ? between : "", field);
		else
			longer = format("%s%zu:%s", all, strlen(field), field);
		free(all);
		all = longer;
	}
	return all;
}

size_t
split_row(struct split *s, const struct rows *in)
{
	char *key;
	size_t i;

	if (s->n == 0)
		return 0;
	key = s->n > 1 ? joined(s, in, NULL) : NULL;
	i = label(&s->seen, key ? key : in->field[s->column[0]]);
	free(key);
	if (i < s->cap && s->text[i].flat)
		return i;
	s->text = grow(s->text, &s->cap, i + 1, sizeof *s->text);
	s->text[i].flat = joined(s, in, s->arrow ? " \u2192 " : ", ");
	s->text[i].folded = joined(s, in, s->arrow ? " \u2192\n" : ",\n");
	s->end = grow(s->end, &s->mend, i + 1, sizeof *s->end);
	s->end[i] = label(&s->last, in->field[s->column[s->n - 1]]);
	return i;
}

size_t
split_columns(const struct split *s)
{
	size_t across = s->last.n, i;

	if (s->n < 2 || across < 2 || s->seen.n % across)
		return 0;
	for (i = across; i < s->seen.n; i++)
		if (s->end[i] != s->end[i % across])
			return 0;
	return across;
}

void
split_free(struct split *s)
{
	size_t i;

	for (i = 0; i < s->seen.n; i++)
		page_free_text(&s->text[i]);
	free(s->text);
	free(s->end);
	labels_free(&s->seen);
	labels_free(&s->last);
	*s = (struct split){0};
}
