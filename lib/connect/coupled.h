/* coupled.h -- pairs of cells that a table of edges connects already
 *
 *	struct coupled c = {0};
 *
 *	twoway_begin(&pairs, "connect-gap", argv);
 *	coupled_check(&pairs);
 *	coupled_read(&c, &pairs, "edges.csv", false);
 *	twoway_connect(&pairs);
 *	coupled_free(&c);
 *
 * Nearly all pairs are of the class without such edges, which is the first one
 * (twoway.h).  Gap junctions make the class 1 of the pairs that have any;
 * chemical edges the class 1 of the pairs that they connect one way, and 2 of
 * those that they connect both ways.
 *
 * The edges are sorted by pairs (spill.h), and what each cell has of them waits
 * in a scratch file, where threads look it up: memory follows the cells.
 */
#ifndef COUPLED_H
#define COUPLED_H

#include <stdio.h>

#include "connect/twoway.h"
#include "opt.h"

/* --strict, and -S for the sort. */
extern const struct opt coupled_opts[];

/* The pairs, in a scratch file: the cells that the i-th one is paired with are
 * those from begin[i] up to begin[i + 1]. */
struct coupled {
	FILE *file;
	uint64_t *begin;
};

/* Ends the tool if the cells are of two populations: gap junctions are not. */
void coupled_check(const struct twoway_pairs *p);

/* Read the gap junctions of a table, or its other edges, and let p have the
 * pairs of its first cells that they connect.  The table's columns are
 * source_node_id and target_node_id, and perhaps source_population,
 * target_population and is_gap_junction: all of its rows are what is wanted
 * where it has not the last of them.  A warning counts the rows of other cells,
 * which are an error with --strict, or where all cells are one group. */
void coupled_read(struct coupled *c, struct twoway_pairs *p, const char *path,
		  bool gap);

void coupled_free(struct coupled *c);

#endif
