/* pairs.h -- the distinct pairs of cells that edges connect
 *
 *	struct pairs *p = pairs_new(e, weighted);
 *	struct pair pair;
 *
 *	while (edges_next(e, &batch))
 *		pairs_batch(p, &batch);
 *	while (pairs_next(p, &pair))
 *		if (pair.there > 0 && pair.back > 0)
 *			reciprocal++;
 *	pairs_free(p);
 *
 * A pair is of two different cells, and comes once, whichever way and however
 * often they are connected.  Cells are numbered over all populations, so that
 * the way back may be in another file.  Memory is bounded: see spill.h.
 */
#ifndef PAIRS_H
#define PAIRS_H

#include "network/edges.h"

/* A cell by population and place. */
struct pair_cell {
	uint32_t population, at;
};

struct pair {
	struct pair_cell low, high; /* in the order of all cells */
	uint64_t there, back;       /* synapses low to high, and high to low */
	uint64_t gaps; /* rows that are gap junctions, either way */
};

/* One of its directions, of the pathway that goes that way. */
struct pair_connection {
	uint32_t pathway, source, target;
	uint64_t synapses;
	bool both; /* is there one back? */
};

struct pairs;

/* What a sort of pairs takes without -S (spill_opts_32M). */
enum { PAIRS_MEMORY = 32 << 20 };

/* Weighted pairs count synapses; others 1 for a connection, however many. */
struct pairs *pairs_new(const struct edges *e, bool weighted);
void pairs_batch(struct pairs *p, const struct edge_batch *b);
bool pairs_next(struct pairs *p, struct pair *pair);

/* The connections of a pair; how many there are, up to two. */
size_t pair_connections(const struct pairs *p, const struct pair *pair,
			struct pair_connection connection[2]);
void pairs_free(struct pairs *p);

#endif
