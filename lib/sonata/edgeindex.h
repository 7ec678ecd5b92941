/* edgeindex.h -- make the index of edges from their rows
 *
 *	struct edgeindex *x = edgeindex_start(memory);
 *
 *	while (rows_come(ids, &n))
 *		edgeindex_add(x, ids, n);
 *	edgeindex_finish(x, &f, true, "/edges/a/indices", nodes);
 *
 * Rows that follow each other and have one node at that end are a range.  The
 * ranges are sorted by nodes, on disk where they do not fit in memory.
 */
#ifndef EDGEINDEX_H
#define EDGEINDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sonata/hdf.h"
#include "sonata/hdfwrite.h"

struct edgeindex;

/* Begin the index of one end; then come its ids, row by row. */
struct edgeindex *edgeindex_start(size_t memory);
void edgeindex_add(struct edgeindex *x, const int64_t *id, size_t n);

/* Write source_to_target or target_to_source into a group of indices: for so
 * many nodes, or as many as have edges if that is more. */
void edgeindex_finish(struct edgeindex *x, struct hdfwrite *to, bool by_target,
		      const char *group, uint64_t nodes);

/* All of it for a population of a file. */
struct edgeindex_from {
	const struct hdf_file *file;
	const char *root; /* its group */
	size_t memory;
};

void edgeindex_write(const struct edgeindex_from *from, struct hdfwrite *to,
		     bool by_target, const char *group, uint64_t nodes);

#endif
