/* spikecut.h -- spikes of the nodes that are left of a network
 *
 *	char *name = spikecut_name("LGN_spikes", 0, "inputs/lgn_spikes.h5");
 *
 *	if (spikecut_write(&map, "lgn", "inputs/lgn_spikes.h5", name))
 *		files_done();
 */
#ifndef SPIKECUT_H
#define SPIKECUT_H

#include <stdbool.h>
#include <stddef.h>

#include "sonata/idmap.h"

/* The name of the new file for the i-th one of an input, in new memory. */
char *spikecut_name(const char *input, size_t i, const char *from);

/* Write those spikes of a file whose nodes are left, with new ids, in the order
 * of the file, and in the kind of file that it is.  Spikes of no population are
 * of the one called nodes, or of the only virtual one.  Where there is neither,
 * or the file is not one of spikes, this is said, and nothing written. */
bool spikecut_write(const struct idmap *map, const char *nodes,
		    const char *from, const char *to);

#endif
