#include <stdlib.h>
#include <string.h>

#include "sonata/edgespans.h"
#include "sonata/reading.h"
#include "util.h"

/* Fewer rows than this are read in less than 10 ms. */
#define FEW ((uint64_t)1 << 20)
#define PART 8 /* more than one of so many rows is read as fast as all */

static const char *const groups[] = {"indices", "indicies", "incidies"};

struct index_columns {
	struct hdf_column *node[2], *range[2];
	uint64_t filled; /* ranges that have rows */
};

static struct hdf_column *
open_axis(const struct hdf_file *f, const char *group, const char *name,
	  int axis)
{
	char *path = format("%s/%s", group, name);
	struct hdf_column *c =
		hdf_has(f, path) ? hdf_axis(f, path, axis) : NULL;

	free(path);
	return c;
}

static void
close_index(struct index_columns *x)
{
	int k;

	for (k = 0; k < 2; k++) {
		hdf_column_close(x->node[k]);
		hdf_column_close(x->range[k]);
	}
}

/* The columns of target_to_source, by any of its names; false if there is no
 * such index. */
static bool
open_index(const struct sonata_population *p, struct index_columns *x)
{
	bool all = false;
	size_t g;
	int k;

	for (g = 0; !all && g < LEN(groups); g++) {
		char *group =
			format("%s/%s/target_to_source", p->root, groups[g]);

		all = true;
		for (k = 0; k < 2; k++) {
			x->node[k] = open_axis(p->file, group,
					       "node_id_to_ranges", k);
			if (!x->node[k])
				x->node[k] = open_axis(p->file, group,
						       "node_id_to_range", k);
			x->range[k] = open_axis(p->file, group,
						"range_to_edge_id", k);
			all = all && x->node[k] && x->range[k];
		}
		if (!all)
			close_index(x);
		free(group);
	}
	return all;
}

/* Do the ranges have as many rows as there are?  Count those that have any. */
static bool
is_whole(struct index_columns *x, uint64_t rows)
{
	int64_t *v[2] = {zeros(BATCH, sizeof **v), zeros(BATCH, sizeof **v)};
	uint64_t first, left, sum = 0;
	size_t i, n;

	for (first = 0; first < x->range[0]->n; first += n) {
		left = x->range[0]->n - first;
		n = left < BATCH ? (size_t)left : BATCH;
		hdf_column_unchecked(x->range[0], first, n, v[0]);
		hdf_column_unchecked(x->range[1], first, n, v[1]);
		for (i = 0; i < n; i++)
			if (v[0][i] >= 0 && v[1][i] > v[0][i]) {
				sum += (uint64_t)(v[1][i] - v[0][i]);
				x->filled++;
			}
	}
	free(v[0]);
	free(v[1]);
	return sum == rows;
}

static int
by_begin(const void *a, const void *b)
{
	const struct edgespan *p = a, *q = b;

	return (p->begin > q->begin) - (p->begin < q->begin);
}

/* Spans that meet become one; false if two of them overlap. */
static bool
join_spans(struct edgespans *s)
{
	size_t i, n = 0;

	if (s->n == 0)
		return true;
	qsort(s->span, s->n, sizeof *s->span, by_begin);
	for (i = 1; i < s->n; i++) {
		if (s->span[i].begin < s->span[n].end)
			return false;
		if (s->span[i].begin == s->span[n].end)
			s->span[n].end = s->span[i].end;
		else
			s->span[++n] = s->span[i];
	}
	s->n = n + 1;
	return true;
}

/* The spans of one node; false if they are not rows. */
static bool
add_node(struct edgespans *s, size_t *cap, const struct index_columns *x,
	 const int64_t *range, uint64_t rows)
{
	uint64_t n = (uint64_t)(range[1] - range[0]), i;
	int64_t *v[2];
	bool fine = n <= x->range[0]->n && (uint64_t)range[1] <= x->range[0]->n;

	if (!fine)
		return false;
	v[0] = zeros((size_t)n, sizeof **v);
	v[1] = zeros((size_t)n, sizeof **v);
	hdf_column_unchecked(x->range[0], (uint64_t)range[0], (size_t)n, v[0]);
	hdf_column_unchecked(x->range[1], (uint64_t)range[0], (size_t)n, v[1]);
	for (i = 0; i < n && fine; i++) {
		fine = v[0][i] >= 0 && v[1][i] >= v[0][i] &&
		       (uint64_t)v[1][i] <= rows;
		if (!fine || v[1][i] == v[0][i])
			continue;
		s->span = grow(s->span, cap, s->n + 1, sizeof *s->span);
		s->span[s->n++] =
			(struct edgespan){(uint64_t)v[0][i], (uint64_t)v[1][i]};
	}
	free(v[0]);
	free(v[1]);
	return fine;
}

/* A node past the end of the index has no edges, nor has one whose range is
 * empty or negative.  Together the nodes have all ranges that there are. */
static bool
find_spans(struct edgespans *s, const struct index_columns *x,
	   const struct ids *ids, const bool *in, uint64_t rows)
{
	int64_t *range[2] = {zeros(BATCH, sizeof **range),
			     zeros(BATCH, sizeof **range)};
	uint64_t first, left, n = x->node[0]->n, given = 0;
	size_t cap = 0, k, some;
	bool fine = true;

	for (first = 0; fine && first < n; first += some) {
		left = n - first;
		some = left < BATCH ? (size_t)left : BATCH;
		hdf_column_unchecked(x->node[0], first, some, range[0]);
		hdf_column_unchecked(x->node[1], first, some, range[1]);
		for (k = 0; fine && k < some; k++) {
			uint32_t cell = ids_find(ids, (int64_t)(first + k));
			int64_t r[2] = {range[0][k], range[1][k]};

			if (r[0] < 0 || r[1] <= r[0])
				continue;
			given += (uint64_t)(r[1] - r[0]);
			if (cell != NO_CELL && in[cell])
				fine = add_node(s, &cap, x, r, rows);
		}
	}
	free(range[0]);
	free(range[1]);
	return fine && given >= x->filled && join_spans(s);
}

static bool
is_in(const struct hdf_column *targets, uint64_t row, const struct ids *ids,
      const bool *in)
{
	int64_t id;
	uint32_t cell;

	hdf_column_ints(targets, row, 1, &id);
	cell = id < 0 ? NO_CELL : ids_find(ids, id);
	return cell != NO_CELL && in[cell];
}

/* Are all rows of the spans edges of those nodes, and not the rows beside them?
 */
static bool
are_true(const struct edgespans *s, const struct sonata_population *p,
	 const struct ids *ids, const bool *in)
{
	int64_t *v = zeros(BATCH, sizeof *v);
	uint64_t at;
	size_t i, k, n;
	bool fine = true;

	for (i = 0; fine && i < s->n; i++) {
		const struct edgespan *span = &s->span[i];

		for (at = span->begin; fine && at < span->end; at += n) {
			uint64_t left = span->end - at;

			n = left < BATCH ? (size_t)left : BATCH;
			hdf_column_ints(p->id[1], at, n, v);
			for (k = 0; k < n && fine; k++) {
				uint32_t cell = v[k] < 0 ? NO_CELL
							 : ids_find(ids, v[k]);

				fine = cell != NO_CELL && in[cell];
			}
		}
		fine = fine &&
		       (span->begin == 0 ||
			!is_in(p->id[1], span->begin - 1, ids, in)) &&
		       (span->end == p->n ||
			!is_in(p->id[1], span->end, ids, in));
	}
	free(v);
	return fine;
}

static uint64_t
count_rows(const struct edgespans *s)
{
	uint64_t rows = 0;
	size_t i;

	for (i = 0; i < s->n; i++)
		rows += s->span[i].end - s->span[i].begin;
	return rows;
}

struct edgespans
edgespans_find(const struct sonata_population *p, const struct ids *targets,
	       const bool *in)
{
	struct edgespans s = {0};
	struct index_columns x = {{0}, {0}, 0};
	bool fine;

	if (p->n < FEW || !*p->root || !open_index(p, &x))
		return s;
	fine = is_whole(&x, p->n) && find_spans(&s, &x, targets, in, p->n);
	close_index(&x);
	if (fine && count_rows(&s) > p->n / PART) {
		edgespans_free(&s);
		return s;
	}
	s.use = fine && are_true(&s, p, targets, in);
	if (!s.use) {
		warn("%s: %s: its index is stale, and not used: sonata-index "
		     "makes another one",
		     p->ref->path, p->root);
		edgespans_free(&s);
	}
	return s;
}

void
edgespans_free(struct edgespans *s)
{
	free(s->span);
	*s = (struct edgespans){0};
}
