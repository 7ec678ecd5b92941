/* A pair of points is one subtraction and one comparison an axis and an edge,
 * and there are too many of them: 10^10 for 10^5 cells.  So the points go into
 * a tree of boxes (split at the median of the longest side), and pairs of boxes
 * are visited instead: where all distances between two boxes are in one bin,
 * their points are counted by a multiplication; else the larger box is split,
 * and between two leaves the pairs are counted one by one, against those edges
 * only that may come between them.  10^9 pairs of points spread evenly take
 * 0.49 s with 8 bins and 1.3 s with 50; without the boxes, every pair against
 * every edge, it is 1.1 and 4.1 s.
 *
 * The counts are exact nevertheless.  Rounding keeps order: from a < b follows
 * that a - c rounded is at most b - c rounded, and the same of products and
 * sums.  So what grid_square's formula makes of the sides of two boxes is a
 * bound of what it makes of their points, with no margin needed.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connect/grid.h"
#include "util.h"

/* No multiplication may be fused with an addition: the last bit would depend on
 * the machine.  Standard C leaves it to a pragma, which GCC does not know. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC optimize("fp-contract=off")
#endif

/* Four pairs at a time where the machine can do that: 0.55 s instead of 1.75 s
 * for 10^9 pairs.  FMA is left out on purpose.  tests/grid-plain-check.c
 * does without. */
#ifndef CLONES
#if defined(__x86_64__) && defined(__GLIBC__)
#define CLONES __attribute__((target_clones("default", "avx2")))
#else
#define CLONES
#endif
#endif

/* Points in a leaf, pairs of two leaves; from how many edges on a search is
 * faster than a pass over the pairs for each; cells of the table an edge.  For
 * 10^9 pairs and 8 bins, leaves of 8, 16, 32 points take 1.7, 0.89, 0.55 s. */
enum { LEAF = 32, PAIRS = LEAF * LEAF, MANY = 24, CELLS = 64 };

struct node {
	double low[3], high[3];
	size_t first, n;
	size_t child; /* the first of two in a row; 0: a leaf */
};

struct tree {
	struct node *node;
	double *at[3]; /* node by node; NaN after the last of them */
};

/* Two nodes, one of each tree.  What is left to visit is a stack: a visit takes
 * itself off and leaves at most three, so that it grows by two for each level
 * of the two trees, of which there are fewer than 64. */
enum { STACK = 2 * 2 * 64 + 1 };

struct visit {
	size_t p, q;
	bool mirror; /* it stands for the pairs (q, p) as well */
};

struct count {
	const struct tree *a, *b;
	const struct grid_bins *bins;
	uint64_t *reached; /* pairs whose distance reaches so many edges */
	double square[PAIRS];
};

/* The least square whose root reaches an edge. */
static double
least_square(double edge)
{
	double s = edge * edge;

	if (edge <= 0)
		return 0;
	while (s > 0 && sqrt(nextafter(s, 0)) >= edge)
		s = nextafter(s, 0);
	while (sqrt(s) < edge)
		s = nextafter(s, INFINITY);
	return s;
}

/* The least square whose root is beyond an edge; NaN, which no square reaches,
 * if there is none. */
static double
least_beyond(double edge)
{
	return edge < INFINITY ? least_square(nextafter(edge, INFINITY)) : NAN;
}

/* Squares are never negative, so that their bits order as they do. */
static inline uint64_t
bits(double square)
{
	uint64_t v;

	memcpy(&v, &square, sizeof v);
	return v;
}

/* How many edges a square reaches.  The table says how many come before the
 * cell that this one is in, and few cells have more than one. */
static inline size_t
reaches(const struct grid_bins *b, double square)
{
	uint64_t v = bits(square);
	size_t k;

	v = v > b->lowest ? (v - b->lowest) >> b->shift : 0;
	k = b->before[v < b->cells ? v : b->cells - 1];
	k += square >= b->least[k];
	while (square >= b->least[k])
		k++;
	return k;
}

/* The bits of a square grow with its logarithm, so that edges at equal
 * distances come closer and closer together: cells are made small enough for
 * the last ones. */
static void
make_cells(struct grid_bins *b)
{
	uint64_t range, end;
	size_t i, k = 0;

	while (k < b->n && b->least[k] <= 0)
		k++;
	b->lowest = end = bits(b->least[k]);
	range = bits(b->least[b->n]) - b->lowest;
	while (range >> b->shift > CELLS * (b->n + 1))
		b->shift++;
	b->cells = (range >> b->shift) + 1;
	b->before = zeros(b->cells, sizeof *b->before);
	for (i = 0; i < b->cells; i++) {
		b->before[i] = (uint32_t)k;
		end += (uint64_t)1 << b->shift;
		while (k <= b->n && bits(b->least[k]) < end)
			k++;
	}
}

struct grid_bins
grid_make_bins(const double *edge, size_t n)
{
	struct grid_bins b = {.n = n};
	size_t k;

	b.edge = zeros(n + 1, sizeof *b.edge);
	b.least = zeros(n + 2, sizeof *b.least);
	for (k = 0; k <= n; k++) {
		b.edge[k] = edge[k];
		b.least[k] = least_square(edge[k]);
	}
	b.least[n] = least_beyond(edge[n]);
	b.least[n + 1] = NAN;
	make_cells(&b);
	return b;
}

size_t
grid_bin(const struct grid_bins *b, double square)
{
	size_t k = square >= b->least[0] ? reaches(b, square) : 0;

	return k > 0 && k <= b->n ? k - 1 : b->n;
}

void
grid_free_bins(struct grid_bins *b)
{
	free(b->edge);
	free(b->least);
	free(b->before);
	*b = (struct grid_bins){0};
}

double
grid_square(const struct grid_points *a, size_t i, const struct grid_points *b,
	    size_t j)
{
	double d[3];
	int k;

	for (k = 0; k < 3; k++)
		d[k] = a->at[k] ? a->at[k][i] - b->at[k][j] : 0;
	return d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
}

/* Hoare's FIND: order points so that the one at k has no greater one before it
 * and no smaller one after it.  Any pivot will do: these come from a fixed
 * sequence of Lehmer's, so that no common order of cells is a bad one. */
static void
partition(double (*p)[3], ptrdiff_t n, ptrdiff_t k, int axis)
{
	ptrdiff_t left = 0, right = n - 1, i, j;
	uint64_t seed = 1;

	while (left < right) {
		double pivot;

		seed = seed * 48271 % 2147483647;
		pivot = p[left + (ptrdiff_t)seed % (right - left + 1)][axis];
		i = left;
		j = right;
		while (i <= j) {
			while (p[i][axis] < pivot)
				i++;
			while (pivot < p[j][axis])
				j--;
			if (i <= j) {
				double swap[3];

				memcpy(swap, p[i], sizeof swap);
				memcpy(p[i++], p[j], sizeof swap);
				memcpy(p[j--], swap, sizeof swap);
			}
		}
		if (j < k)
			left = i;
		if (k < i)
			right = j;
	}
}

/* Find a node's box, and the axis along which it is longest. */
static int
enclose(struct node *t, double (*p)[3])
{
	int axis, longest = 0;
	size_t i;

	for (axis = 0; axis < 3; axis++) {
		t->low[axis] = t->high[axis] = p[t->first][axis];
		for (i = t->first; i < t->first + t->n; i++) {
			double x = p[i][axis];

			t->low[axis] = x < t->low[axis] ? x : t->low[axis];
			t->high[axis] = x > t->high[axis] ? x : t->high[axis];
		}
		if (t->high[axis] - t->low[axis] >
		    t->high[longest] - t->low[longest])
			longest = axis;
	}
	return longest;
}

/* Split nodes until they are leaves.  All leaves but the last are full. */
static void
split(struct tree *t, double (*p)[3], size_t n)
{
	size_t i, nodes = 1;

	t->node = zeros(2 * (n / LEAF + 1), sizeof *t->node);
	t->node[0].n = n;
	for (i = 0; i < nodes; i++) {
		struct node *parent = &t->node[i], *child = &t->node[nodes];
		int axis = enclose(parent, p);
		size_t half = (parent->n + LEAF) / LEAF / 2 * LEAF;

		if (parent->n <= LEAF)
			continue;
		partition(p + parent->first, (ptrdiff_t)parent->n,
			  (ptrdiff_t)half, axis);
		parent->child = nodes;
		nodes += 2;
		child[0].first = parent->first;
		child[0].n = half;
		child[1].first = parent->first + half;
		child[1].n = parent->n - half;
	}
}

/* An axis left out is 0 for all, which adds nothing to a square. */
static struct tree
plant(const struct grid_points *points)
{
	double(*p)[3] = zeros(points->n, sizeof *p);
	size_t i, n = points->n, room = (n / LEAF + 1) * LEAF;
	struct tree t;
	int axis;

	for (axis = 0; axis < 3; axis++)
		for (i = 0; i < n && points->at[axis]; i++)
			p[i][axis] = points->at[axis][i];
	split(&t, p, n);
	for (axis = 0; axis < 3; axis++) {
		t.at[axis] = zeros(room, sizeof *t.at[axis]);
		for (i = 0; i < room; i++)
			t.at[axis][i] = i < n ? p[i][axis] : NAN;
	}
	free(p);
	return t;
}

static void
fell(struct tree *t)
{
	int axis;

	free(t->node);
	for (axis = 0; axis < 3; axis++)
		free(t->at[axis]);
}

/* The least and the greatest square between two boxes. */
static void
bounds(const struct node *p, const struct node *q, double *near, double *far)
{
	double d[3], f[3];
	int k;

	for (k = 0; k < 3; k++) {
		double past = p->low[k] - q->high[k];
		double before = q->low[k] - p->high[k];
		double gap = past > before ? past : before;

		d[k] = gap > 0 ? gap : 0;
		f[k] = past < before ? -past : -before;
	}
	*near = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
	*far = f[0] * f[0] + f[1] * f[1] + f[2] * f[2];
}

/* All squares between two leaves, those with a missing point NaN. */
CLONES static void
leaf_squares(const struct tree *a, size_t p, const struct tree *b, size_t q,
	     double *restrict square)
{
	const double *x = b->at[0] + q, *y = b->at[1] + q, *z = b->at[2] + q;
	size_t i, j;

	for (i = 0; i < LEAF; i++) {
		double x0 = a->at[0][p + i], y0 = a->at[1][p + i];
		double z0 = a->at[2][p + i];

		for (j = 0; j < LEAF; j++) {
			double dx = x0 - x[j], dy = y0 - y[j], dz = z0 - z[j];

			square[i * LEAF + j] = dx * dx + dy * dy + dz * dz;
		}
	}
}

CLONES static uint64_t
count_from(const double *square, double least)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < PAIRS; i++)
		n += square[i] >= least;
	return (uint64_t)n;
}

/* The search for each pair.  What does not change is copied: for all the
 * compiler knows, counting could change it, and so takes four times as long. */
static void
search_all(struct count *c, uint64_t weight)
{
	const struct grid_bins b = *c->bins;
	uint64_t *reached = c->reached;
	size_t i;

	for (i = 0; i < PAIRS; i++)
		if (c->square[i] >= 0)
			reached[reaches(&b, c->square[i])] += weight;
}

/* Two leaves, and the edges [k, end) that may come between them. */
static void
count_leaves(struct count *c, const struct visit *v, size_t k, size_t end)
{
	const struct node *p = &c->a->node[v->p], *q = &c->b->node[v->q];
	uint64_t weight = v->mirror ? 2 : 1, n = (uint64_t)p->n * q->n, m;

	leaf_squares(c->a, p->first, c->b, q->first, c->square);
	if (end - k > MANY) {
		search_all(c, weight);
		return;
	}
	for (; k < end && n > 0; k++, n = m) {
		m = count_from(c->square, c->bins->least[k]);
		c->reached[k] += weight * (n - m);
	}
	c->reached[k] += weight * n;
}

/* Split the larger node of a pair into its children. */
static size_t
descend(const struct tree *a, const struct tree *b, const struct visit *v,
	struct visit *to)
{
	const struct node *p = &a->node[v->p], *q = &b->node[v->q];

	to[0] = to[1] = to[2] = *v;
	if (a == b && v->p == v->q) {
		to[0].p = to[0].q = to[1].p = p->child;
		to[2].p = to[2].q = to[1].q = p->child + 1;
		to[1].mirror = true;
		return 3;
	}
	if (p->child && (p->n >= q->n || !q->child)) {
		to[0].p = p->child;
		to[1].p = p->child + 1;
	} else {
		to[0].q = q->child;
		to[1].q = q->child + 1;
	}
	return 2;
}

static void
visit_all(struct count *c)
{
	struct visit stack[STACK] = {{0}};
	size_t depth = 1;

	while (depth > 0) {
		struct visit v = stack[--depth];
		const struct node *p = &c->a->node[v.p], *q = &c->b->node[v.q];
		uint64_t n = (uint64_t)p->n * q->n;
		double near, far;
		size_t k, end;

		bounds(p, q, &near, &far);
		k = reaches(c->bins, near);
		end = reaches(c->bins, far);
		if (k == end)
			c->reached[k] += v.mirror ? 2 * n : n;
		else if (!p->child && !q->child)
			count_leaves(c, &v, k, end);
		else
			depth += descend(c->a, c->b, &v, &stack[depth]);
	}
}

static bool
same(const struct grid_points *a, const struct grid_points *b)
{
	return a->n == b->n && memcmp(a->at, b->at, sizeof a->at) == 0;
}

void
grid_count(const struct grid_points *a, const struct grid_points *b,
	   const struct grid_bins *bins, uint64_t *count)
{
	struct tree ta = plant(a), tb = plant(b);
	struct count c = {&ta, same(a, b) ? &ta : &tb, .bins = bins};
	size_t k;

	c.reached = zeros(bins->n + 2, sizeof *c.reached);
	visit_all(&c);
	for (k = 0; k < bins->n; k++)
		count[k] += c.reached[k + 1];
	free(c.reached);
	fell(&tb);
	fell(&ta);
}

static double
greatest_of_leaves(const struct tree *a, size_t p, const struct tree *b,
		   size_t q, double greatest)
{
	double square[PAIRS];
	size_t i;

	leaf_squares(a, p, b, q, square);
	for (i = 0; i < PAIRS; i++)
		greatest = square[i] > greatest ? square[i] : greatest;
	return greatest;
}

/* Only what may be farther than the farthest pair so far is visited, and what
 * was found last first.  10^5 points take 0.05 s in a cube and 0.35 s on a
 * sphere, where each has one nearly as far. */
static double
visit_farthest(const struct tree *a, const struct tree *b)
{
	struct visit stack[STACK] = {{0}};
	double greatest = 0;
	size_t depth = 1;

	while (depth > 0) {
		struct visit v = stack[--depth];
		const struct node *p = &a->node[v.p], *q = &b->node[v.q];
		double near, far;

		bounds(p, q, &near, &far);
		if (far <= greatest)
			continue;
		if (p->child || q->child)
			depth += descend(a, b, &v, &stack[depth]);
		else
			greatest = greatest_of_leaves(a, p->first, b, q->first,
						      greatest);
	}
	return greatest;
}

double
grid_greatest_square(const struct grid_points *a, const struct grid_points *b)
{
	struct tree ta = plant(a), tb = plant(b);
	double greatest = visit_farthest(&ta, same(a, b) ? &ta : &tb);

	fell(&tb);
	fell(&ta);
	return greatest;
}
