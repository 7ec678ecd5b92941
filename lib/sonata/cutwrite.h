/* cutwrite.h -- write the files of a part of a network
 *
 *	cutwrite_nodes(&cut, &cut.nodes[0], CUT_WITHIN);
 *	if (cutwrite_edges(&cut, &cut.edges[0], CUT_WITHIN))
 *		files_done();
 *
 * A population goes into a file of its own, NAME_nodes.h5 or NAME_edges.h5,
 * with all of its attributes; its types, as they are, into
 * NAME_node_types.csv or NAME_edge_types.csv.  Edges get an index.
 */
#ifndef CUTWRITE_H
#define CUTWRITE_H

#include "sonata/cut.h"

/* What was outside gets virtual types. */
void cutwrite_nodes(const struct cut *c, const struct cut_nodes *nodes,
		    unsigned side);

/* True if there are any, which edges->rows tells afterwards. */
bool cutwrite_edges(const struct cut *c, struct cut_edges *edges,
		    unsigned from);

/* The name of a file of a population in a folder, in new memory; some
 * characters of the population's name are none of a path in a config. */
char *cutwrite_name(const char *folder, const char *population,
		    const char *suffix);

#endif
