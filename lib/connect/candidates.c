/* The targets lie in boxes within boxes (boxes.h), and a source goes down
 * these.  A box is taken as a whole, all of it with the greatest chance
 * there is in it, where this makes few picks that the caller will thin out;
 * else its two halves are looked at.  How far it is from one pick to the
 * next is a single exponential time, which runs on from box to box, so that
 * a box without a pick costs no random number.
 *
 * 10^5 cells in a cube of 1 mm, with a Gaussian of 100 um and 0.1, have 123
 * targets each.  A source asks for the bound 285 times and picks 404
 * targets, which takes 51 us; if waste, below, is 1 and not 8, it is 1157
 * times, 250 targets, and 98 us. */
#include <math.h>
#include <stdlib.h>

#include "connect/candidates.h"
#include "util.h"

/* Targets in a box that is not split any more. */
enum { LEAF = 16 };

/* It is cheaper to thin out so many picks than to look at two halves. */
static const double waste = 8;

struct candidates {
	size_t n, axes;
	struct boxes boxes; /* none without positions */
	candidate_bound *bound;
	const void *arg;
};

struct candidates *
candidates_new(const struct pool *targets, size_t axes, candidate_bound *bound,
	       const void *arg)
{
	struct candidates *c = zeros(1, sizeof *c);
	const double *at[3] = {NULL};
	size_t axis;

	*c = (struct candidates){
		.n = targets->n, .axes = axes, .bound = bound, .arg = arg};
	for (axis = 0; axis < axes; axis++)
		at[axis] = targets->at[axis];
	if (axes > 0 && c->n > 0)
		c->boxes = boxes_make(at, c->n, LEAF, false);
	return c;
}

void
candidates_free(struct candidates *c)
{
	if (!c)
		return;
	boxes_free(&c->boxes);
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
	if (c->boxes.box) {
		w->at = (struct box){.n = 1};
		for (axis = 0; axis < c->axes; axis++)
			w->at.low[axis] = w->at.high[axis] =
				sources->at[axis][i];
		w->box[w->nboxes++] = 0;
		return;
	}
	bound = c->n > first ? c->bound(c->arg, 0, 0) : 0;
	if (bound > 0)
		enter(w, first, c->n, bound);
}

/* Is a box better taken as two halves?  Where the chance does not fall
 * between the two distances the guess is wrong, which costs no more than
 * time. */
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

	while (c->boxes.box && w->nboxes > 0) {
		const struct box *b = &c->boxes.box[w->box[--w->nboxes]];
		double reach[2], bound;

		boxes_squares(&w->at, b, &reach[0], &reach[1]);
		reach[0] = sqrt(reach[0]);
		reach[1] = sqrt(reach[1]);
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

/* Picks are gathered before any of them is looked at, so that memory has
 * time to bring their places, which saves a quarter of the time. */
static bool
gather(struct candidate_walk *w, struct random_stream *s)
{
	size_t k;

	w->given = 0;
	for (w->npicks = 0; w->npicks < LEN(w->pick); w->npicks++) {
		if (!pick(w, s, &k))
			break;
		w->pick[w->npicks] = (struct candidate_pick){k, w->bound};
		if (w->of->boxes.point)
			__builtin_prefetch(&w->of->boxes.point[k]);
	}
	return w->npicks > 0;
}

static double
distance_to(const struct candidate_walk *w, const double at[3])
{
	const double *from = w->at.low;
	double x = from[0] - at[0], y = from[1] - at[1], z = from[2] - at[2];

	return sqrt(x * x + y * y + z * z);
}

bool
candidates_next(struct candidate_walk *w, struct random_stream *s,
		size_t *target, double *distance, double *bound)
{
	const struct boxes_point *point = w->of->boxes.point;
	const struct candidate_pick *p;

	do {
		if (w->given == w->npicks && !gather(w, s))
			return false;
		p = &w->pick[w->given++];
		*target = point ? point[p->place].number : p->place;
	} while (*target < w->first);
	*distance = point ? distance_to(w, point[p->place].at) : 0;
	*bound = p->bound;
	return true;
}
