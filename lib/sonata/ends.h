/* ends.h -- the ends of edges, a batch of rows at a time
 *
 *	struct ends e = start_ends(population);
 *
 *	while (next_ends(&e))
 *		for (i = 0; i < e.n; i++)
 *			visit(e.first + i, e.id[0][i], e.id[1][i]);
 *	end_ends(&e);
 *
 * Ids are as the file has them; no files of nodes are needed, and no others of
 * the population's datasets read.  An id below zero ends the tool.
 */
#ifndef ENDS_H
#define ENDS_H

#include "sonata/sonata.h"

struct ends {
	const struct population *p;
	uint64_t first; /* the first row of the batch */
	size_t n;
	int64_t *id[2]; /* of sources and of targets; may be written to */

	struct unpacker u[2];
};

struct ends start_ends(const struct population *edges);
bool next_ends(struct ends *e); /* false at the end */
void end_ends(struct ends *e);

#endif
