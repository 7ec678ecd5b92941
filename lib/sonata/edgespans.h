/* edgespans.h -- where in a file the edges of some nodes are
 *
 *	struct edgespans s = edgespans_find(edges, ids, in);
 *
 *	for (i = 0; s.use && i < s.n; i++)
 *		read_rows(s.span[i].begin, s.span[i].end);
 *	edgespans_free(&s);
 *
 * The index of a file says so.  It is used where that saves most of the
 * reading: for less than an eighth of many rows.  One that is seen to be stale,
 * by what is in the spans and beside them, is said, and not used.
 */
#ifndef EDGESPANS_H
#define EDGESPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sonata/sonata.h"

struct edgespan {
	uint64_t begin, end; /* rows */
};

struct edgespans {
	bool use; /* otherwise all rows have to be read */
	struct edgespan *span;
	size_t n; /* that ascend and are apart */
};

/* Find the edges to the targets for which a flag is set. */
struct edgespans edgespans_find(const struct sonata_population *edges,
				const struct ids *targets, const bool *in);
void edgespans_free(struct edgespans *s);

#endif
