/* ends.h -- the ends of edges, a batch of rows at a time
 *
 *	struct ends e = ends_start(population);
 *
 *	while (ends_next(&e))
 *		for (i = 0; i < e.n; i++)
 *			visit(e.first + i, e.id[0][i], e.id[1][i]);
 *	ends_end(&e);
 *
 * Ids are as the file has them: no file of nodes is needed, and none but these
 * two datasets of the population are read.  An id below zero ends the tool.
 */
#ifndef ENDS_H
#define ENDS_H

#include "sonata/hdfchunk.h"
#include "sonata/sonata.h"

struct ends {
	const struct sonata_population *p;
	uint64_t first; /* the first row of the batch */
	size_t n;
	int64_t *id[2]; /* of sources and of targets; may be written to */

	uint64_t end; /* of the rows that are read */
	struct hdfchunk u[2];
};

struct ends ends_start(const struct sonata_population *edges);
bool ends_next(struct ends *e); /* false at the end */

/* Go on with rows [first, end). */
void ends_seek(struct ends *e, uint64_t first, uint64_t end);
void ends_end(struct ends *e);

#endif
