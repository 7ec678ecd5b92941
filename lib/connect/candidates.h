/* candidates.h -- the pairs of cells that chance picks, without looking at all
 *
 *	struct candidates *c = candidates_new(&targets, axes, bound, arg);
 *	struct candidate_walk w;
 *
 *	candidates_begin(&w, c, &sources, i, 0);
 *	while (candidates_next(&w, &stream, &j, &distance, &most))
 *		if (random_draw(&stream) * most < chance_at(p, distance))
 *			connect(i, j);
 *
 * Pairs are taken with a chance that is at least that of the caller's, the
 * bound, and the caller thins them out.  Without positions it is one number for
 * all, and the steps from one pick to the next are geometric.  With positions
 * the targets lie in boxes within boxes, each of which has its own bound, by
 * how near and how far it is from the source, so that a box out of reach is
 * passed over with all that is in it.  What is drawn for a source depends on it
 * and on the targets, and on nothing else.
 */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include "connect/boxes.h"
#include "connect/pool.h"
#include "random/random.h"

struct candidates;

/* The greatest chance of a pair from low to high um apart, from 0 to 1, or a
 * little more than it. */
typedef double candidate_bound(const void *arg, double low, double high);

/* The targets, by their places on the first axes (2 or 3) of them, or with 0
 * axes without positions: bound is called for the distance 0 then. */
struct candidates *candidates_new(const struct pool *targets, size_t axes,
				  candidate_bound *bound, const void *arg);

/* A walk is of one source at a time.  Each thread has a walk of its own over
 * the same candidates. */
struct candidate_walk {
	const struct candidates *of;

	/* The rest is for candidates.c. */
	struct box at;      /* the source */
	size_t first;       /* targets before it do not count */
	size_t next, end;   /* of a box that is being gone through */
	double bound, rate; /* of the box */
	double left;        /* of the exponential time to the next pick */
	uint32_t box[64];   /* yet to be visited */
	size_t nboxes;
	struct candidate_pick {
		size_t place; /* among the targets as the boxes have them */
		double bound;
	} pick[16];
	size_t npicks, given;
};

/* Begin with the i-th source of a pool; targets before first do not count. */
void candidates_begin(struct candidate_walk *w, const struct candidates *c,
		      const struct pool *sources, size_t i, size_t first);

/* The next target that is picked: its place in the pool, its distance in um
 * (0 without positions), and the chance it was picked with.  Each target comes
 * at most once, in no order with positions and in their own without.  False at
 * the end. */
bool candidates_next(struct candidate_walk *w, struct random_stream *s,
		     size_t *target, double *distance, double *bound);

void candidates_free(struct candidates *c);

#endif
