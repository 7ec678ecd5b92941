#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/cluster.h"
#include "plot/matrix.h"
#include "util.h"

void
matrix_add(struct matrix *m, const struct matrix_cell *c)
{
	m->cell = grow(m->cell, &m->cap, m->n + 1, sizeof *c);
	m->cell[m->n++] = *c;
}

static int
by_place(const void *a, const void *b)
{
	const struct matrix_cell *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return x->of < y->of ? -1 : x->of > y->of;
}

void
matrix_settle(struct matrix *m,
	      void (*merge)(void *with, struct matrix_cell *a,
			    const struct matrix_cell *b),
	      void *with)
{
	size_t i, left = 0;

	if (m->n > 0)
		qsort(m->cell, m->n, sizeof *m->cell, by_place);
	for (i = 0; i < m->n; i++) {
		const struct matrix_cell *c = &m->cell[i];
		struct matrix_cell *last = left ? &m->cell[left - 1] : NULL;

		if (!last || last->row != c->row || last->column != c->column)
			m->cell[left++] = *c;
		else if (merge)
			merge(with, last, c);
	}
	m->n = left;
}

/* What is sorted: rows, columns, or both as one.  Columns have the numbers of
 * rows there. */
struct sides {
	const struct matrix *m;
	bool rows, columns;
	const struct labels *names;
	const size_t *number; /* of each column */
};

static double
value_of(const struct matrix_cell *c)
{
	return isnan(c->value) ? 0 : c->value;
}

struct ranked {
	const char *name;
	double sum;
	size_t at;
};

static int
by_name(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return strverscmp(x->name, y->name);
}

static int
by_sum(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->sum != y->sum)
		return x->sum > y->sum ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static void
rank(const struct sides *s, enum matrix_order order, size_t *sorted)
{
	size_t n = s->names->n, i;
	struct ranked *r = zeros(n + 1, sizeof *r);

	for (i = 0; i < n; i++)
		r[i] = (struct ranked){.name = s->names->name[i], .at = i};
	for (i = 0; i < s->m->n; i++) {
		const struct matrix_cell *c = &s->m->cell[i];

		if (s->rows)
			r[c->row].sum += value_of(c);
		if (s->columns)
			r[s->number[c->column]].sum += value_of(c);
	}
	qsort(r, n, sizeof *r, order == MATRIX_BY_NAME ? by_name : by_sum);
	for (i = 0; i < n; i++)
		sorted[i] = r[i].at;
	free(r);
}

/* What each has in its row, then what it has in its column. */
static double *
profiles(const struct sides *s, size_t width)
{
	double *all = zeros(s->names->n * width + 1, sizeof *all);
	size_t behind = s->rows ? s->m->columns.n : 0, i;

	for (i = 0; i < s->m->n; i++) {
		const struct matrix_cell *c = &s->m->cell[i];

		if (s->rows)
			all[c->row * width + s->number[c->column]] =
				value_of(c);
		if (s->columns)
			all[s->number[c->column] * width + behind + c->row] =
				value_of(c);
	}
	return all;
}

static double
distance(const double *a, const double *b, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += (a[i] - b[i]) * (a[i] - b[i]);
	return sqrt(sum);
}

static void
cluster(const struct sides *s, size_t *sorted)
{
	size_t n = s->names->n, i, k;
	size_t width = (s->rows ? s->m->columns.n : 0) +
		       (s->columns ? s->m->rows.n : 0);
	double *profile = profiles(s, width);
	double *apart = zeros(n * n + 1, sizeof *apart);

	for (i = 0; i < n; i++)
		for (k = 0; k < i; k++)
			apart[i * n + k] = apart[k * n + i] =
				distance(profile + i * width,
					 profile + k * width, width);
	cluster_order(apart, n, sorted);
	free(apart);
	free(profile);
}

/* The new number of each. */
static size_t *
renumber(struct labels *l, const size_t *sorted)
{
	size_t *place = zeros(l->n + 1, sizeof *place), i;
	struct labels all = {0};

	for (i = 0; i < l->n; i++)
		place[sorted[i]] = label(&all, l->name[sorted[i]]);
	labels_free(l);
	*l = all;
	return place;
}

static size_t *
find_order(const struct sides *s, enum matrix_order order)
{
	size_t *sorted = zeros(s->names->n + 1, sizeof *sorted);

	if (order == MATRIX_BY_CLUSTER)
		cluster(s, sorted);
	else
		rank(s, order, sorted);
	return sorted;
}

static size_t *
number_columns(const struct matrix *m, bool *same)
{
	size_t *number = zeros(m->columns.n + 1, sizeof *number), i;

	*same = m->rows.n == m->columns.n;
	for (i = 0; i < m->columns.n && *same; i++) {
		uint32_t row = label_find(&m->rows, m->columns.name[i]);

		number[i] = row;
		*same = row != NO_LABEL;
	}
	for (i = 0; i < m->columns.n && !*same; i++)
		number[i] = i;
	return number;
}

/* The order of columns that are called as rows: of these. */
static void
follow(const size_t *number, size_t *sorted, size_t n)
{
	size_t *column = zeros(n + 1, sizeof *column), i;

	for (i = 0; i < n; i++)
		column[number[i]] = i;
	for (i = 0; i < n; i++)
		sorted[i] = column[sorted[i]];
	free(column);
}

void
matrix_sort(struct matrix *m, enum matrix_order order)
{
	struct sides s = {.m = m, .rows = true, .names = &m->rows};
	size_t *number, *rows, *columns, *row, *column, i;

	if (order == MATRIX_AS_READ || m->n == 0)
		return;
	number = number_columns(m, &s.columns);
	s.number = number;
	rows = find_order(&s, order);
	if (!s.columns) {
		s.rows = false;
		s.columns = true;
		s.names = &m->columns;
		columns = find_order(&s, order);
	} else {
		columns = zeros(m->columns.n + 1, sizeof *columns);
		memcpy(columns, rows, m->columns.n * sizeof *columns);
		follow(number, columns, m->columns.n);
	}
	row = renumber(&m->rows, rows);
	column = renumber(&m->columns, columns);
	for (i = 0; i < m->n; i++) {
		m->cell[i].row = row[m->cell[i].row];
		m->cell[i].column = column[m->cell[i].column];
	}
	qsort(m->cell, m->n, sizeof *m->cell, by_place);
	free(number);
	free(rows);
	free(columns);
	free(row);
	free(column);
}

void
matrix_free(struct matrix *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		free(m->cell[i].text);
	free(m->cell);
	labels_free(&m->rows);
	labels_free(&m->columns);
	*m = (struct matrix){0};
}
