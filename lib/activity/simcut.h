/* simcut.h -- the simulation of a part of a network
 *
 *	struct simcut s = {.config = config, .map = &map, .sets = sets,
 *			   .dropped = &dropped, .directory = "cut",
 *			   .folder = folder};
 *
 *	simcut_write(&s, circuit);
 *	files_done();
 *
 * What a simulation config says of nodes by their ids, or by the name of a node
 * set, is said of those that are left, and left out where none is.  Spikes that
 * are inputs go into new files; all other files are named where they are.
 */
#ifndef SIMCUT_H
#define SIMCUT_H

#include "labels.h"
#include "sonata/config.h"
#include "sonata/idmap.h"

struct simcut {
	const struct config *config;
	const struct idmap *map;
	cJSON *sets;                  /* of the new nodes; some may be added */
	const struct labels *dropped; /* sets and populations without nodes */
	const char *directory;        /* where the new config will be */
	const char *folder;           /* and where it is for the time being */
};

/* Where a path leads in the new config, as config_moved() asks; arg is a struct
 * simcut. */
config_move simcut_path;

/* Write simulation_config.json.  Its network is circuit_config.json beside it,
 * or, if it had its own, what circuit, which is that file, has. */
void simcut_write(struct simcut *s, const cJSON *circuit);

#endif
