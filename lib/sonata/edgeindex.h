/* edgeindex.h -- make the index of edges from their rows
 *
 *	struct edgeindex x = {.file = file, .root = "/edges/a", .memory = m};
 *
 *	edgeindex_write(&x, &copy, SOURCE, "/edges/a/indices", nodes);
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

struct edgeindex {
	const struct hdf_file *file;
	const char *root; /* of the population */
	size_t memory;
};

/* Write source_to_target or target_to_source into a group of indices: for so
 * many nodes, or as many as have edges if that is more. */
void edgeindex_write(const struct edgeindex *x, struct hdfwrite *to,
		     bool by_target, const char *group, uint64_t nodes);

#endif
