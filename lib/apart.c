#include <math.h>
#include <stdlib.h>

#include "apart.h"
#include "grid.h"
#include "util.h"

enum { BINS = 2048 };

/* The edges of bins, which become distances. */
struct bin_edges {
	double *um;
	size_t n, cap;
};

static void
add_bin_edge(struct bin_edges *e, double um)
{
	e->um = grow(e->um, &e->cap, e->n + 1, sizeof *e->um);
	e->um[e->n++] = um;
}

/* A chance may jump where its range begins and after it has ended, and bends at
 * the points of a table. */
static void
add_bends(struct bin_edges *e, const struct chance *c, double last)
{
	double end = nextafter(c->max, INFINITY);
	size_t i;

	if (c->min < last)
		add_bin_edge(e, c->min);
	if (end < last)
		add_bin_edge(e, end);
	for (i = 0; i < c->n && c->distance[i] < last; i++)
		add_bin_edge(e, c->distance[i]);
}

static int
by_size(const void *a, const void *b)
{
	const double *s = a, *t = b;

	return (*s > *t) - (*s < *t);
}

static struct points
points_of(const struct pool *pool, size_t axes, size_t first, size_t end)
{
	struct points p = {.n = end - first};
	size_t k;

	for (k = 0; k < axes; k++)
		p.at[k] = pool->at[k] + first;
	return p;
}

/* Bins for all of the cells, so that the parts of --shard have the same. */
static struct bin_edges
edges_of(const struct span *s, const struct chance *const *c, size_t n)
{
	struct points from = points_of(s->a, s->axes, 0, s->a->n);
	struct points to = points_of(s->b, s->axes, 0, s->b->n);
	double last = 0;
	struct bin_edges e = {0};
	size_t i;

	if (from.n && to.n)
		last = sqrt(greatest_square(&from, &to));
	last = nextafter(last, INFINITY);
	for (i = 0; i <= BINS; i++)
		add_bin_edge(&e, last * (double)i / BINS);
	for (i = 0; i < n; i++)
		add_bends(&e, c[i], last);
	qsort(e.um, e.n, sizeof *e.um, by_size);
	return e;
}

uint64_t
count_span(const struct span *s)
{
	uint64_t n = s->b->n, cells = s->end - s->first, sum;

	if (!s->same)
		return cells * n;
	if (cells == 0)
		return 0;
	sum = 2 * n - s->first - s->end - 1;
	return cells % 2 ? cells * (sum / 2) : cells / 2 * sum;
}

/* The pairs of cells with themselves are there twice, and each cell once. */
static void
count_within(const struct points *p, const struct bins *bins, uint64_t *pairs)
{
	uint64_t *twice = zeros(bins->n, sizeof *twice);
	size_t i;

	count_pairs(p, p, bins, twice);
	twice[bin_of(bins, 0)] -= p->n;
	for (i = 0; i < bins->n; i++)
		pairs[i] += twice[i] / 2;
	free(twice);
}

static void
count_in_bins(const struct span *s, const struct bins *bins, uint64_t *pairs)
{
	struct points from = points_of(s->a, s->axes, s->first, s->end);
	struct points to =
		points_of(s->b, s->axes, s->same ? s->end : 0, s->b->n);

	if (from.n > 0 && to.n > 0)
		count_pairs(&from, &to, bins, pairs);
	if (from.n > 0 && s->same)
		count_within(&from, bins, pairs);
}

/* Between neighbours the lower one is the middle. */
static double
middle_of(double low, double high)
{
	double middle = low + (high - low) / 2;

	return middle < high ? middle : low;
}

struct apart
make_apart(const struct span *s, const struct chance *const *c, size_t n)
{
	struct bin_edges e = {0};
	struct apart a;
	size_t i;

	if (s->axes) {
		e = edges_of(s, c, n);
	} else {
		add_bin_edge(&e, 0);
		add_bin_edge(&e, 0);
	}
	a = (struct apart){.n = e.n - 1, .edge = e.um};
	a.distance = zeros(a.n, sizeof *a.distance);
	a.pairs = zeros(a.n, sizeof *a.pairs);
	for (i = 0; i < a.n; i++)
		a.distance[i] = middle_of(a.edge[i], a.edge[i + 1]);
	return a;
}

void
count_apart(struct apart *a, const struct span *s)
{
	struct bins bins;

	if (!s->axes) {
		a->pairs[0] += count_span(s);
		return;
	}
	bins = make_bins(a->edge, a->n);
	count_in_bins(s, &bins, a->pairs);
	free_bins(&bins);
}

void
free_apart(struct apart *a)
{
	free(a->edge);
	free(a->distance);
	free(a->pairs);
}
