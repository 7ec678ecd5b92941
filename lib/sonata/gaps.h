/* gaps.h -- the files of gap junctions that a config lists
 *
 * BMTK writes the pairs that gap junctions connect into a file of their own,
 * NETWORK_gap_juncs.h5, beside the edges that are the same pairs once more.
 * Where the edges have them, they are not counted a second time; where they do
 * not, the file is a population of edges.
 */
#ifndef GAPS_H
#define GAPS_H

#include "sonata/sonata.h"

/* The name of the population that a file of gap junctions is, in new memory:
 * that of the file, without folders and ".h5". */
char *gaps_name(const char *path);

/* The population of nodes that its cells are of, in new memory: what stands
 * before "_gap_juncs" in its name, or else the network's only one; "" if that
 * cannot be told. */
char *gaps_nodes(struct sonata_network *net, const char *path);

/* Are all pairs of this population gap junctions of the edges that net->ref
 * has?  If only some are, this is said. */
bool gaps_are_repeated(const struct sonata_network *net,
		       const struct sonata_ref *gaps);

/* Has any population of edges in net->ref gap junctions, as far as its
 * attributes tell? */
bool gaps_are_there(const struct sonata_network *net);

#endif
