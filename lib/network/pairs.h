/* pairs.h -- the distinct pairs of cells that edges connect
 *
 *	struct pairs *p = pairs_new(e, weighted);
 *	struct pairs_batch b;
 *
 *	while (edges_next(e, &batch))
 *		pairs_batch(p, &batch);
 *	while (pairs_next(p, &b))
 *		for (i = 0; i < b.n; i++)
 *			reciprocal += b.connection[i].both;
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

/* Cells that gap junctions couple, in the order of all cells. */
struct pair_gap {
	struct pair_cell low, high;
};

/* One direction of a pair, of the pathway that goes that way. */
struct pair_connection {
	uint32_t pathway, source, target;
	bool both; /* is there one back? */
	uint64_t synapses;
};

struct pairs_batch {
	size_t n, ngaps;
	const struct pair_connection *connection;
	const struct pair_gap *gap;
};

struct pairs;

/* What a sort of pairs takes without -S (spill_opts_32M). */
enum { PAIRS_MEMORY = 32 << 20 };

/* Weighted pairs count synapses, others rows. */
struct pairs *pairs_new(const struct edges *e, bool weighted);
void pairs_batch(struct pairs *p, const struct edge_batch *b);

/* Connections and couplings of the next pairs, in the order of their cells;
 * false at the end.  The batch is valid until the next call. */
bool pairs_next(struct pairs *p, struct pairs_batch *b);
void pairs_free(struct pairs *p);

#endif
