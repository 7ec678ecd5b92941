#include <math.h>
#include <stdlib.h>

#include "connect/apart.h"
#include "connect/grid.h"
#include "util.h"

/* How many bins there are over all distances, how many in one sigma or
 * lambda of a chance, and over how many of those. */
enum { BINS = 1024, FINE = 2048, WIDTHS = 8 };

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

/* The length over which a chance falls off. */
static double
width_of(const struct chance *c)
{
	switch (c->kind) {
	case GAUSSIAN:
		return c->sigma;
	case EXPONENTIAL:
		return c->lambda;
	case TABLE:
		return (c->max - c->min) / WIDTHS;
	default:
		return 0;
	}
}

/* That length may be much less than the network.  The edges are so fine
 * because some distances come again and again, those of cells on a lattice:
 * what is too much at one side of a bin is not made up for at the other. */
static void
add_fine_edges(struct bin_edges *e, const struct chance *c, double last)
{
	double width = width_of(c);
	double from = c->kind == GAUSSIAN ? c->mu : c->min;
	int k;

	for (k = -FINE * WIDTHS; width > 0 && k <= FINE * WIDTHS; k++) {
		double um = from + width * k / FINE;

		if (um > 0 && um < last)
			add_bin_edge(e, um);
	}
}

static int
by_size(const void *a, const void *b)
{
	const double *s = a, *t = b;

	return (*s > *t) - (*s < *t);
}

struct grid_points
apart_points(const struct pool *pool, size_t axes, size_t first, size_t end)
{
	struct grid_points p = {.n = end - first};
	size_t k;

	for (k = 0; k < axes; k++)
		p.at[k] = pool->at[k] + first;
	return p;
}

/* The bins are those of all cells, so that the parts of --shard have the
 * same ones. */
static struct bin_edges
edges_of(const struct apart_span *s, const struct chance *const *c, size_t n)
{
	struct grid_points from = apart_points(s->a, s->axes, 0, s->a->n);
	struct grid_points to = apart_points(s->b, s->axes, 0, s->b->n);
	double last = 0;
	struct bin_edges e = {0};
	size_t i;

	if (from.n && to.n)
		last = sqrt(grid_greatest_square(&from, &to));
	last = nextafter(last, INFINITY);
	for (i = 0; i <= BINS; i++)
		add_bin_edge(&e, last * (double)i / BINS);
	for (i = 0; i < n; i++) {
		add_bends(&e, c[i], last);
		add_fine_edges(&e, c[i], last);
	}
	return e;
}

struct apart_span
apart_span(const struct pool *a, const struct pool *b, bool same, size_t axes)
{
	return (struct apart_span){.a = a,
				   .b = b,
				   .which = same ? EACH_WITH_LATER
						 : EACH_WITH_ALL,
				   .end = a->n,
				   .axes = axes};
}

uint64_t
apart_count_span(const struct apart_span *s)
{
	uint64_t n = s->b->n, cells = s->end - s->first, sum;

	if (s->which == EACH_WITH_ALL || cells == 0)
		return cells * n;
	if (s->which == EACH_WITH_OTHERS)
		return cells * (n - 1);
	sum = 2 * n - s->first - s->end - 1;
	return cells % 2 ? cells * (sum / 2) : cells / 2 * sum;
}

/* Every pair is counted twice, and every cell with itself once. */
static void
count_within(const struct grid_points *p, const struct grid_bins *bins,
	     uint64_t *pairs)
{
	uint64_t *twice = zeros(bins->n, sizeof *twice);
	size_t i;

	grid_count(p, p, bins, twice);
	twice[grid_bin(bins, 0)] -= p->n;
	for (i = 0; i < bins->n; i++)
		pairs[i] += twice[i] / 2;
	free(twice);
}

static void
count_in_bins(const struct apart_span *s, const struct grid_bins *bins,
	      uint64_t *pairs)
{
	bool after = s->which == EACH_WITH_LATER;
	struct grid_points from = apart_points(s->a, s->axes, s->first, s->end);
	struct grid_points to =
		apart_points(s->b, s->axes, after ? s->end : 0, s->b->n);

	if (from.n > 0 && to.n > 0)
		grid_count(&from, &to, bins, pairs);
	if (from.n > 0 && after)
		count_within(&from, bins, pairs);
	if (from.n > 0 && s->which == EACH_WITH_OTHERS)
		pairs[grid_bin(bins, 0)] -= from.n;
}

/* Between neighbours the lower one is the middle. */
static double
middle_of(double low, double high)
{
	double middle = low + (high - low) / 2;

	return middle < high ? middle : low;
}

/* The bins between edges, which need not be in order. */
static struct apart
bins_between(struct bin_edges e)
{
	struct apart a = {.n = e.n - 1, .edge = e.um};
	size_t i;

	qsort(e.um, e.n, sizeof *e.um, by_size);
	a.distance = zeros(a.n, sizeof *a.distance);
	a.pairs = zeros(a.n, sizeof *a.pairs);
	for (i = 0; i < a.n; i++)
		a.distance[i] = middle_of(a.edge[i], a.edge[i + 1]);
	return a;
}

struct apart
apart_make(const struct apart_span *s, const struct chance *const *c, size_t n)
{
	struct bin_edges e = {0};

	if (s->axes) {
		e = edges_of(s, c, n);
	} else {
		add_bin_edge(&e, 0);
		add_bin_edge(&e, 0);
	}
	return bins_between(e);
}

/* The first distance for which the answer is that of high, and not of low. */
static double
find_change(double low, double high, apart_test *test, const void *arg)
{
	bool answer = test(arg, low);
	double middle;

	while ((middle = middle_of(low, high)) > low)
		if (test(arg, middle) == answer)
			low = middle;
		else
			high = middle;
	return high;
}

void
apart_split(struct apart *a, apart_test *test, const void *arg)
{
	struct bin_edges e = {a->edge, a->n + 1, a->n + 1};
	size_t i;

	for (i = 0; i + 1 < a->n; i++) {
		double low = a->distance[i], high = a->distance[i + 1];

		if (test(arg, low) != test(arg, high))
			add_bin_edge(&e, find_change(low, high, test, arg));
	}
	free(a->distance);
	free(a->pairs);
	*a = bins_between(e);
}

void
apart_count(struct apart *a, const struct apart_span *s)
{
	struct grid_bins bins;

	if (!s->axes) {
		a->pairs[0] += apart_count_span(s);
		return;
	}
	bins = grid_make_bins(a->edge, a->n);
	count_in_bins(s, &bins, a->pairs);
	grid_free_bins(&bins);
}

void
apart_free(struct apart *a)
{
	free(a->edge);
	free(a->distance);
	free(a->pairs);
}
