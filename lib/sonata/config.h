/* config.h -- SONATA circuit and simulation configs
 *
 *	const struct config *c = config_read("simulation_config.json");
 *
 *	for (i = 0; i < c->nnodes; i++)
 *		open_nodes(c->nodes[i].file, c->nodes[i].types);
 *
 * The files that a config names in "network" and "simulation" are read with it,
 * and where both say something, the named file counts, as in BMTK; only for
 *node sets it is the other way: a simulation's come before its circuit's.  The
 * circuit of a simulation that names none is circuit_config.json beside it.
 *
 * $NAME and ${NAME} stand for what the same file's manifest says, whose entries
 * may use each other in any order, or for BMTK's configdir, configfname,
 * workingdir, date, time and datetime.  A name is all of the letters, digits
 * and underscores after the $, so that $NET is never taken for the beginning
 * of $NETWORK_DIR.  A relative path is taken from the folder of the file it
 * stands in, or, where only that has it, from the working directory, which is
 * said once.  Parts with "enabled": false are left out.
 *
 * A fault ends the tool with "file: networks.nodes[0].nodes_file ...": text
 *that is not JSON (comments are not), a key that stands twice in one object, an
 * unknown variable, a value of another type than is needed, configs that name
 * each other in a circle.  Callers that need parts find out themselves whether
 * there are any, and whether their files are there.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "sonata/json.h"

/* An entry of networks.nodes or networks.edges. */
struct config_part {
	char *file;        /* the HDF5 file */
	char *types;       /* its type CSV, or NULL for null, "", "NULL" */
	const cJSON *only; /* "populations", an object, or NULL: all of them */
};

/* No key stands twice in any of the objects here. */
struct config {
	char *path; /* of the file that was asked for */
	struct config_part *nodes, *edges;
	size_t nnodes, nedges;
	char **gap_juncs; /* the files of networks.gap_juncs */
	size_t ngap_juncs;

	/* Does the config say how to run a network, or name a file that does?
	 */
	bool is_simulation;

	/* What it was read from: the config, those that it names, and then the
	 * files of their node sets, which may not be there. */
	const char **files;
	size_t nfiles;

	/* An object, or NULL.  Variables are resolved in all its texts; those
	 * at "file" or "..._file" and those that begin with a variable are
	 * paths ready to open. */
	const cJSON *inputs;

	/* Objects, or NULL.  The texts of components are paths ready to
	 * open. */
	const cJSON *run, *conditions, *components;

	const cJSON *reports; /* an object, or NULL */

	/* The rest is for config.c. */
	const char *lack; /* the message if there is no network */
	struct node_sets *node_sets;
	const struct file *output;    /* that says where a simulation writes */
	const struct file *reporting; /* that has the reports */
};

/* Read a config.  It lives until the tool ends. */
const struct config *config_read(const char *path);

/* End the tool if there are neither nodes nor edges. A tool that needs
 * something else of a config, such as its inputs, does not call this. */
void config_need_network(const struct config *c);

/* The node sets, an object, or NULL if no file has any. Files of node sets are
 * read the first time. */
const cJSON *config_node_sets(const struct config *c);

/* The file at "output".key, ready to open, or NULL.  It is in the output_dir,
 * unless its path begins with a / or a variable. */
char *config_output(const struct config *c, const char *key);

/* The file of one of the reports, ready to open: what its file_name says, or
 * else its name, with .h5 at the end, found as config_output() finds files. */
char *config_report(const struct config *c, const cJSON *report);

/* "populations".NAME.type in a part, such as "electrical"; NULL if not said. */
const char *config_part_type(const struct config_part *part,
			     const char *population);

/* Is this population of the part's file a part of the network? */
bool config_part_has(const struct config_part *part, const char *population);

#endif
