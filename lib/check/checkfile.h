/* checkfile.h -- an HDF5 file, whatever is in it
 *
 *	struct checkfile all = {.memory = 32 << 20};
 *
 *	checkfile_list(&all, "nodes.h5", "node_types.csv", NULL);
 *	checkfile_run(&all);
 *
 * Files are listed first, so that edges and spikes can be held against all
 * nodes; what is wrong with them is found in the order in which they were
 * listed.  Both are parts of a plan, see finding.h.
 */
#ifndef CHECKFILE_H
#define CHECKFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "check/known.h"
#include "labels.h"

/* A file, and the type CSVs of its nodes and edges. */
struct checkfile_entry {
	char *path, *types[2];
	bool opens; /* could it be opened? */
};

struct checkfile {
	struct known_nodes known;
	size_t memory; /* for sorting */

	/* The rest is for checkfile.c. */
	struct labels paths, edges;
	struct checkfile_entry *entry; /* by the same numbers */
	size_t n, cap;
};

/* Add a file, once, with the types of its nodes and edges, or NULL.  A step. */
void checkfile_list(struct checkfile *all, const char *path,
		    const char *node_types, const char *edge_types);

/* Could that be opened?  Has it such a population of nodes or edges? */
bool checkfile_opens(const struct checkfile *all, const char *path);
bool checkfile_has(const char *path, const char *sort, const char *population);

void checkfile_run(struct checkfile *all);

#endif
