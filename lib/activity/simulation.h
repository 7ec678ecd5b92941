/* simulation.h -- a config that has BMTK simulate a network
 *
 *	if (simulation_asked()) {
 *		simulation_check_nodes("cortex", "biophysical", true);
 *		simulation_write("network", networks);
 *	}
 *	files_done();
 *	simulation_make_folders("network");
 *
 * BMTK takes a relative path from the folder it is started in.  So paths begin
 * with its variable ${configdir}, the folder of the config, and the networks
 * stand in it, whose own config has to be read by others as well.
 */
#ifndef SIMULATION_H
#define SIMULATION_H

#include <stdbool.h>

#include <cJSON.h>

#include "opt.h"
#include "sonata/elements.h"

/* --simulation, and what it takes. */
extern const struct opt simulation_opts[];

bool simulation_asked(void);

/* Say so if BMTK would not take a population: of this model_type, NULL if
 * no node has one, with ids that count from 0 or do not. */
void simulation_check_nodes(const char *name, const char *type, bool counts);

/* The same for the edges to nodes of a model_type; if electrical is set, all
 * are gap junctions. */
void simulation_check_edges(const struct elements *e,
			    const struct element_group *g, const char *target,
			    bool electrical);

/* Write DIRECTORY/simulation_config.json, under its temporary name; networks is
 * that of the circuit's config, in which $NETWORK_DIR is the directory. */
void simulation_write(const char *directory, const cJSON *networks);

/* Make the folders of components that the config names, unless they are of
 * --components. */
void simulation_make_folders(const char *directory);

#endif
