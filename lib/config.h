/* config.h -- SONATA circuit and simulation configs
 *
 *	const struct config *c = read_config("simulation_config.json");
 *
 *	for (i = 0; i < c->nnodes; i++)
 *		open_nodes(c->nodes[i].file, c->nodes[i].types);
 *
 * A simulation config that names a circuit in "network" is read with it: the
 * circuit's parts are taken over where the simulation has none of its own.
 * Manifests are resolved, each in its own file, and paths are ready to open.
 * What is wrong is said as "file: ..." and ends the tool.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include <cJSON.h>

/* An entry of networks.nodes or networks.edges. */
struct config_part {
	char *file;	   /* the HDF5 file */
	char *types;	   /* its type CSV, or NULL */
	const cJSON *only; /* "populations", an object, or NULL: all of them */
};

struct config {
	char *path; /* of the file that was asked for */
	struct config_part *nodes, *edges;
	size_t nnodes, nedges;
	char **gap_juncs; /* the files of networks.gap_juncs */
	size_t ngap_juncs;
	const cJSON *node_sets; /* merged, a simulation's before a circuit's */
	const cJSON *inputs;	/* of a simulation, paths resolved, or NULL */
};

/* Read a config.  It lives until the tool ends. */
const struct config *read_config(const char *path);

/* Does a file that begins with these bytes look like JSON rather than a table:
 * is its first character that is no space (or byte order mark) a '{'? */
bool looks_like_json(const char *s, size_t n);

/* "populations".NAME.type in a part, such as "electrical"; NULL if not said. */
const char *part_type(const struct config_part *part, const char *population);

/* Is this population of the part's file a part of the network? */
bool part_has(const struct config_part *part, const char *population);

#endif
