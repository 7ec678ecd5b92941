/* config.h -- SONATA circuit and simulation configs
 *
 *	const struct config *c = config_read("simulation_config.json");
 *	const struct config_part *part = config_parts(c, "nodes", &n);
 *
 *	for (i = 0; i < n; i++)
 *		open_nodes(part[i].file, part[i].types);
 *
 * The files that a config names in "network" and "simulation" are read with it,
 * and where both say something, the named file counts, as in BMTK; only for
 * node sets it is the other way: a simulation's come before its circuit's.  The
 * circuit of a simulation that names none is circuit_config.json beside it.
 *
 * Texts may have variables (manifest.h); a relative path is taken from the
 * folder of the file it stands in, or from the working directory (paths.h).
 * Parts that are not "enabled" are left out.
 *
 * A part that nobody asks for is never looked at.  What is wrong in what is
 * asked for ends the tool with "file: networks.nodes[0].nodes_file ...": a text
 * that is not JSON (comments are not), an unknown variable, a value of another
 * type than is needed, configs that name each other in a circle.  Callers find
 * out themselves whether files are there.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "sonata/json.h"

/* An entry of networks.nodes, networks.edges or networks.gap_juncs. */
struct config_part {
	char *file;        /* the HDF5 file, or NULL */
	char *fault;       /* why there is none, which only some need to know */
	char *types;       /* its type CSV, or NULL for null, "", "NULL" */
	const cJSON *only; /* "populations", an object, or NULL: all of them */
};

/* A node set: conditions, or a list of sets. */
struct config_set {
	const char *name;
	const cJSON *is;
	const char *file; /* that it stands in */
};

struct config {
	const char *path; /* of the file that was asked for */

	/* Does it say how to run a network, or name a file that does? */
	bool is_simulation;

	struct config_files *all; /* for config.c */
};

/* Read a config.  It lives until the tool ends, as does all that comes from it.
 */
const struct config *config_read(const char *path);

/* End the tool if there are neither nodes nor edges.  What needs something else
 * of a config, such as its inputs, does not call this. */
void config_need_network(const struct config *c);

/* The entries of "nodes", "edges" or "gap_juncs" in networks, whichever is
 * said. The tool ends as in config_need_network(). */
const struct config_part *config_parts(const struct config *c, const char *what,
				       size_t *n);

/* "populations".NAME.type in a part, such as "electrical"; NULL if not said. */
const char *config_part_type(const struct config_part *part,
			     const char *population);

/* Is this population of the part's file a part of the network? */
bool config_part_has(const struct config_part *part, const char *population);

/* All node sets, or the one of this name, or NULL. */
const struct config_set *config_node_sets(const struct config *c, size_t *n);
const struct config_set *config_node_set(const struct config *c,
					 const char *name);

/* An object, or NULL.  Variables are resolved in all its texts; those at "file"
 * or "..._file" and those that begin with a variable are paths ready to open.
 * Unknown variables are left as they stand. */
const cJSON *config_inputs(const struct config *c);

/* Is an entry of a list, such as "inputs", on?  Path is for the message. */
bool config_is_on(const char *path, const char *list, const cJSON *entry);

/* The object at a key, such as "run" or "conditions", as it stands there; or
 * NULL. */
const cJSON *config_section(const struct config *c, const char *key);

/* The text at a key, such as "target_simulator", with its variables replaced
 * and in new memory; or NULL. */
char *config_text(const struct config *c, const char *key);

/* A folder at "components".key, ready to open, or NULL. */
char *config_component(const struct config *c, const char *key);

/* The file at "output".key, ready to open, or NULL.  It is in the output_dir,
 * unless its path begins with a /, with the output_dir or with a variable. */
char *config_output(const struct config *c, const char *key);

/* The reports, an object, or NULL; and the file of one of them: what its
 * file_name says, or else its name, with .h5 at the end, found as
 * config_output() finds files. */
const cJSON *config_reports(const struct config *c);
char *config_report(const struct config *c, const cJSON *report);

/* What stands at a key, such as "components", as a new tree for a config in
 * another folder, or NULL: with variables replaced.  Where a text is a path
 * that is not absolute, what move() makes of it is put there, which is new
 * memory: key is the text's, or that of the list it is in; text what stood
 * there, and path what it leads to, ready to open. */
typedef char *config_move(void *arg, const char *key, const char *text,
			  const char *path);
cJSON *config_moved(const struct config *c, const char *key, config_move *move,
		    void *arg);

/* The keys of the files that are named as circuits, or of the others.  The list
 * and its texts are the caller's. */
char **config_keys(const struct config *c, bool of_circuit, size_t *n);

/* What a folder of the config is called in one that stands for these files:
 * ".", or BMTK's ${configdir} if their manifests use that. */
const char *config_base(const struct config *c, bool of_circuit);

/* What was read: the config, those that it names, and then the files of their
 * node sets, which may not be there.  The list is the caller's. */
const char **config_files(const struct config *c, size_t *n);

/* The first bytes of a file, as files_first_bytes() reads them; for a folder
 * the complaint names the config in it. */
size_t config_first_bytes(const char *path, char *s, size_t n);

#endif
