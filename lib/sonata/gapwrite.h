/* gapwrite.h -- write a file of gap junctions, as BMTK reads them
 *
 *	struct gapwrite *gaps =
 *		gapwrite_open("network/cortex_gap_juncs.h5", 0, n, false);
 *
 *	for (i = 0; i < n; i++)
 *		gapwrite_put(gaps, source[i], target[i]);
 *	gapwrite_close(gaps);
 *
 * Gap junctions are in the edges as well, whose order this one is.  Each end
 *has a number that no other end has, in whatever file that the program writes.
 */
#ifndef GAPWRITE_H
#define GAPWRITE_H

#include <stdbool.h>
#include <stdint.h>

struct gapwrite;

/* Begin a file of n gap junctions, packed as hdfwrite.h says.  If distinct is
 * set, the first one of a node with itself, or second of two nodes, is said. */
struct gapwrite *gapwrite_open(const char *path, unsigned gzip, uint64_t n,
			       bool distinct);
void gapwrite_put(struct gapwrite *g, uint64_t source, uint64_t target);
void gapwrite_close(struct gapwrite *g);

#endif
