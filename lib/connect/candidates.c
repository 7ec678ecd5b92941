/* The targets are a tree of boxes, each split at the median of its longest
 * side. A source goes down it.  A box is taken as a whole, all of it with the
 * greatest chance there is in it, where this makes few picks that the caller
 * will thin out; else its two halves are looked at.  How far it is from one
 * pick to the next is a single exponential time, which runs on from box to box,
 * so that a box without a pick costs no random number.
 *
 * 10^5 cells in a cube of 1 mm, with a Gaussian of 100 um and 0.1, have 123
 * targets each.  A source asks for the bound 285 times and picks 404 targets,
 * which takes 51 us; if waste, below, is 1 and not 8, it is 1157 times, 250
 * targets, and 98 us. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connect/candidates.h"
#include "util.h"

/* No multiplication may be fused with an addition: a distance would depend on
 * the machine.  Standard C leaves it to a pragma, which GCC does not know. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC optimize("fp-contract=off")
#endif

/* Targets in a box that is not split any more. */
enum { LEAF = 16 };

/* So many picks to be thinned out are cheaper than to look at two halves. */
static const double waste = 8;

struct box {
	double low[3], high[3];
	uint32_t first, n;
	uint32_t child; /* the first of two in a row; 0: a leaf */
};

struct place {
	double at[3]; /* 0 on axes that do not count */
	size_t target;
};

struct candidates {
	size_t n, axes;
	struct place *place; /* box by box; NULL without positions */
	struct box *box;
	candidate_bound *bound;
	const void *arg;
};

/* Which of two targets is before the other on an axis; they are never equal. */
static bool
before(const struct candidates *c, size_t i, size_t j, size_t axis)
{
	const struct place *p = &c->place[i], *q = &c->place[j];

	if (p->at[axis] != q->at[axis])
		return p->at[axis] < q->at[axis];
	return p->target < q->target;
}

static void
swap(struct candidates *c, size_t i, size_t j)
{
	struct place p = c->place[i];

	c->place[i] = c->place[j];
	c->place[j] = p;
}

/* Order the targets [low, high) so that the one that belongs at k is there,
 * none greater before it and none smaller after it.  The pivots come from a
 * fixed sequence of Lehmer's, so that no usual order of cells is a bad one. */
static void
partition(struct candidates *c, size_t low, size_t high, size_t k, size_t axis)
{
	uint64_t seed = 1;

	while (high - low > 1) {
		size_t i, middle = low;

		seed = seed * 48271 % 2147483647;
		swap(c, low + seed % (high - low), high - 1);
		for (i = low; i < high - 1; i++)
			if (before(c, i, high - 1, axis))
				swap(c, i, middle++);
		swap(c, middle, high - 1);
		if (middle == k)
			return;
		if (middle < k)
			low = middle + 1;
		else
			high = middle;
	}
}

/* Find the sides of a box, and the longest of them. */
static size_t
enclose(const struct candidates *c, struct box *b)
{
	size_t axis, longest = 0, i;

	for (axis = 0; axis < 3; axis++) {
		b->low[axis] = b->high[axis] = c->place[b->first].at[axis];
		for (i = b->first; i < b->first + b->n; i++) {
			double x = c->place[i].at[axis];

			b->low[axis] = x < b->low[axis] ? x : b->low[axis];
			b->high[axis] = x > b->high[axis] ? x : b->high[axis];
		}
		if (b->high[axis] - b->low[axis] >
		    b->high[longest] - b->low[longest])
			longest = axis;
	}
	return longest;
}

static void
make_boxes(struct candidates *c)
{
	uint32_t i, n = 1;
	size_t cap = 0;

	c->box = grow(NULL, &cap, 1, sizeof *c->box);
	c->box[0] = (struct box){.n = (uint32_t)c->n};
	for (i = 0; i < n; i++) {
		struct box *b, *half;
		size_t axis;

		c->box = grow(c->box, &cap, n + 2, sizeof *c->box);
		b = &c->box[i];
		axis = enclose(c, b);
		if (b->n <= LEAF)
			continue;
		half = &c->box[b->child = n];
		half[0] = (struct box){.first = b->first, .n = b->n / 2};
		half[1] = (struct box){.first = b->first + b->n / 2,
				       .n = b->n - b->n / 2};
		partition(c, b->first, b->first + b->n, half[1].first, axis);
		n += 2;
	}
}

struct candidates *
candidates_new(const struct pool *targets, size_t axes, candidate_bound *bound,
	       const void *arg)
{
	struct candidates *c = zeros(1, sizeof *c);
	size_t i, axis;

	*c = (struct candidates){
		.n = targets->n, .axes = axes, .bound = bound, .arg = arg};
	if (axes == 0 || c->n == 0)
		return c;
	c->place = zeros(c->n, sizeof *c->place);
	for (i = 0; i < c->n; i++) {
		c->place[i].target = i;
		for (axis = 0; axis < axes; axis++)
			c->place[i].at[axis] = targets->at[axis][i];
	}
	make_boxes(c);
	return c;
}

void
candidates_free(struct candidates *c)
{
	if (!c)
		return;
	free(c->place);
	free(c->box);
	free(c);
}

/* Go through the targets [first, end) with one chance. */
static void
enter(struct candidate_walk *w, size_t first, size_t end, double bound)
{
	w->next = first;
	w->end = end;
	w->bound = bound;
	w->rate = random_failure_rate(bound);
}

void
candidates_begin(struct candidate_walk *w, const struct candidates *c,
		 const struct pool *sources, size_t i, size_t first)
{
	double bound;
	size_t axis;

	w->of = c;
	w->first = first;
	w->next = w->end = w->nboxes = w->npicks = w->given = 0;
	w->left = -1;
	if (c->box) {
		for (axis = 0; axis < 3; axis++)
			w->at[axis] = axis < c->axes ? sources->at[axis][i] : 0;
		w->box[w->nboxes++] = 0;
		return;
	}
	bound = c->n > first ? c->bound(c->arg, 0, 0) : 0;
	if (bound > 0)
		enter(w, first, c->n, bound);
}

/* How near and how far a box is.  Rounding keeps order, so that no target in it
 * is nearer or farther by the distance that is computed for it. */
static void
distances(const struct candidate_walk *w, const struct box *b, double *near,
	  double *far)
{
	double d[3], f[3];
	int k;

	for (k = 0; k < 3; k++) {
		double before = b->low[k] - w->at[k];
		double past = w->at[k] - b->high[k];

		d[k] = before > 0 ? before : past > 0 ? past : 0;
		f[k] = before < past ? -before : -past;
	}
	*near = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
	*far = sqrt(f[0] * f[0] + f[1] * f[1] + f[2] * f[2]);
}

/* Is a box better taken as two halves?  Where the chance does not fall between
 * two distances it is guessed wrong, which costs time alone. */
static bool
is_worth_splitting(const struct candidates *c, const struct box *b,
		   const double reach[2], double bound)
{
	int k;

	if (b->child == 0 || b->n * bound <= waste)
		return false;
	for (k = 1; k >= 0; k--)
		if (b->n * (bound - c->bound(c->arg, reach[k], reach[k])) >
		    waste)
			return true;
	return false;
}

/* Go down to the next box in reach; false if there is none. */
static bool
next_box(struct candidate_walk *w)
{
	const struct candidates *c = w->of;

	while (c->box && w->nboxes > 0) {
		const struct box *b = &c->box[w->box[--w->nboxes]];
		double reach[2], bound;

		distances(w, b, &reach[0], &reach[1]);
		bound = c->bound(c->arg, reach[0], reach[1]);
		if (!(bound > 0))
			continue;
		if (!is_worth_splitting(c, b, reach, bound)) {
			enter(w, b->first, b->first + b->n, bound);
			return true;
		}
		w->box[w->nboxes++] = b->child + 1;
		w->box[w->nboxes++] = b->child;
	}
	return false;
}

/* The place of the next pick among the boxes' targets.  An exponential time at
 * the rate -log(1 - p) a target ends at each one with the chance p, and has no
 * memory of what it has passed. */
static bool
pick(struct candidate_walk *w, struct random_stream *s, size_t *k)
{
	for (;;) {
		if (w->left < 0)
			w->left = random_exponential(s);
		if (w->next < w->end) {
			size_t n = w->end - w->next;

			if (w->left < (double)n * w->rate) {
				*k = w->next + (size_t)(w->left / w->rate);
				*k = *k < w->end ? *k : w->end - 1;
				w->next = *k + 1;
				w->left = -1;
				return true;
			}
			w->left -= (double)n * w->rate;
			w->next = w->end;
		}
		if (!next_box(w))
			return false;
	}
}

/* Picks are gathered before any of them is looked at, so that memory has time
 * to bring their places: a quarter of the time less. */
static bool
gather(struct candidate_walk *w, struct random_stream *s)
{
	size_t k;

	w->given = 0;
	for (w->npicks = 0; w->npicks < LEN(w->pick); w->npicks++) {
		if (!pick(w, s, &k))
			break;
		w->pick[w->npicks] = (struct candidate_pick){k, w->bound};
		if (w->of->place)
			__builtin_prefetch(&w->of->place[k]);
	}
	return w->npicks > 0;
}

static double
distance_to(const struct candidate_walk *w, const double at[3])
{
	double x = w->at[0] - at[0], y = w->at[1] - at[1], z = w->at[2] - at[2];

	return sqrt(x * x + y * y + z * z);
}

bool
candidates_next(struct candidate_walk *w, struct random_stream *s,
		size_t *target, double *distance, double *bound)
{
	const struct place *place = w->of->place;
	const struct candidate_pick *p;

	do {
		if (w->given == w->npicks && !gather(w, s))
			return false;
		p = &w->pick[w->given++];
		*target = place ? place[p->place].target : p->place;
	} while (*target < w->first);
	*distance = place ? distance_to(w, place[p->place].at) : 0;
	*bound = p->bound;
	return true;
}
