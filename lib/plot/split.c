#include <stdlib.h>
#include <string.h>

#include "plot/captions.h"
#include "plot/columns.h"
#include "plot/split.h"

#define FEW 64 /* places of a grid that may be empty */

void
split_by(struct split *s, const struct rows *in, const char *list)
{
	size_t i;

	s->n = columns_find(in, list, s->column, SPLIT_MOST);
	s->arrow = s->n == 2 && !strcmp(in->name[s->column[0]], "source") &&
		   !strcmp(in->name[s->column[1]], "target");
	for (i = 0; i < s->n; i++)
		s->name[i] = copy(in->name[s->column[i]]);
}

/* The fields of a part up to before a column, with a text between them. */
static char *
joined(const struct split *s, size_t i, size_t to, const char *between,
       char *(*write)(const struct split *, size_t i, size_t k))
{
	char *all = copy(""), *longer, *one;
	size_t k;

	for (k = 0; k < to; k++) {
		one = write(s, i, k);
		longer = format("%s%s%s", all, k > 0 ? between : "", one);
		free(one);
		free(all);
		all = longer;
	}
	return all;
}

static char *
plain(const struct split *s, size_t i, size_t k)
{
	return copy(s->field[i * s->n + k]);
}

/* An empty name would be a key without a text. */
static char *
shown(const struct split *s, size_t i, size_t k)
{
	const char *field = s->field[i * s->n + k];

	return *field ? copy(field) : format("no %s", s->name[k]);
}

/* After its length, so that "a, b" and "c" are not "a" and "b, c". */
static char *
measured(const struct split *s, size_t i, size_t k)
{
	const char *field = s->field[i * s->n + k];

	return format("%zu:%s", strlen(field), field);
}

static char *
titled(const struct split *s, size_t i, size_t k)
{
	const char *field = s->field[i * s->n + k];
	const char *unit = caption_unit(s->name[k]);

	if (s->words[k])
		return copy(field);
	if (is_missing(field))
		return format("no %s", s->name[k]);
	return format("%s = %s%s%s", s->name[k], field, unit ? " " : "",
		      unit ? unit : "");
}

/* The fields of a row as they tell it from others. */
static char *
key_of(const struct split *s, const struct rows *in)
{
	char *all = copy(""), *longer;
	size_t i;

	for (i = 0; i < s->n; i++) {
		const char *field = in->field[s->column[i]];

		longer = format("%s%zu:%s", all, strlen(field), field);
		free(all);
		all = longer;
	}
	return all;
}

/* Places a new part in the grid. */
static void
place(struct split *s, size_t i)
{
	char *row = joined(s, i, s->n - 1, "", measured);

	s->row = grow(s->row, &s->mrow, i + 1, sizeof *s->row);
	s->row[i] = label(&s->rows, row);
	s->in_row = grow(s->in_row, &s->min_row, i + 1, sizeof *s->in_row);
	s->in_row[i] = label(&s->columns, s->field[i * s->n + s->n - 1]);
	free(row);
}

static void
add_part(struct split *s, const struct rows *in, size_t i)
{
	const char *comma = s->arrow ? " \u2192 " : ", ";
	const char *fold = s->arrow ? " \u2192\n" : ",\n";
	size_t k;
	double v;

	s->field = grow(s->field, &s->mfield, (i + 1) * s->n, sizeof(char *));
	for (k = 0; k < s->n; k++) {
		const char *field = in->field[s->column[k]];

		s->field[i * s->n + k] = copy(field);
		s->words[k] |= !is_missing(field) && !parse_num(field, &v);
	}
	s->text = grow(s->text, &s->cap, i + 1, sizeof *s->text);
	s->text[i].flat = joined(s, i, s->n, comma, shown);
	s->text[i].folded = joined(s, i, s->n, fold, shown);
	place(s, i);
}

size_t
split_row(struct split *s, const struct rows *in)
{
	size_t known = s->seen.n, i;
	char *key;

	if (s->n == 0)
		return 0;
	key = s->n > 1 ? key_of(s, in) : NULL;
	i = label(&s->seen, key ? key : in->field[s->column[0]]);
	free(key);
	if (i == known)
		add_part(s, in, i);
	return i;
}

char *
split_name(const struct split *s, size_t i)
{
	return joined(s, i, s->n, ":", plain);
}

struct page_text
split_title(const struct split *s, size_t i)
{
	char *flat = joined(s, i, s->n, s->arrow ? " \u2192 " : ", ", titled);

	return (struct page_text){
		flat,
		s->n == 1 ? page_fold(flat, 2)
			  : joined(s, i, s->n, s->arrow ? " \u2192\n" : ",\n",
				   titled),
	};
}

bool
split_is_grid(const struct split *s)
{
	size_t places = s->rows.n * s->columns.n, n = s->seen.n;

	if (s->n < 2 || s->rows.n < 2 || s->columns.n < 2)
		return false;
	return s->arrow ? places <= FEW || 4 * n >= places : 2 * n >= places;
}

static size_t
find(const uint32_t *of, size_t what)
{
	size_t i = 0;

	while (of[i] != what)
		i++;
	return i;
}

char *
split_row_title(const struct split *s, size_t row)
{
	return joined(s, find(s->row, row), s->n - 1, ", ", titled);
}

char *
split_column_title(const struct split *s, size_t column)
{
	return titled(s, find(s->in_row, column), s->n - 1);
}

void
split_free(struct split *s)
{
	size_t i;

	for (i = 0; i < s->seen.n; i++)
		page_free_text(&s->text[i]);
	for (i = 0; i < s->seen.n * s->n; i++)
		free(s->field[i]);
	for (i = 0; i < s->n; i++)
		free(s->name[i]);
	free(s->text);
	free(s->field);
	free(s->row);
	free(s->in_row);
	labels_free(&s->seen);
	labels_free(&s->rows);
	labels_free(&s->columns);
	*s = (struct split){0};
}
