/* known.h -- the nodes that edges, spikes and node sets can be about
 *
 *	struct known_nodes all = {.whole = true};
 *	struct known_population *p;
 *
 *	known_add(&all, "v1", "v1_nodes.h5", "v1_node_types.csv");
 *	p = known_find(&all, "v1");
 *	if (p && !known_has_node(p, 4711))
 *		puts("no such node");
 *
 * Files of nodes are read when they are first asked about.  One that has faults
 * of its own knows less, and nothing is said of that: those are found where the
 * file itself is checked.
 */
#ifndef KNOWN_H
#define KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"
#include "sonata/ids.h"

struct known_population {
	char *name, *path, *types; /* its file, and that of its types or NULL */
	bool read;                 /* have its ids been? */
	bool sound;                /* can it be told whether an id is there? */
	struct ids *ids;
};

/* What values an attribute has, in any population. */
struct known_attribute {
	bool texts, numbers, reals, flags;
};

struct known_nodes {
	struct known_population *population;
	size_t n, cap;
	struct labels names; /* by the same numbers */
	bool whole;          /* are these all that the network has? */
	double tstop_ms;     /* of the simulation; NaN if it is not known */

	/* Those of all populations; see known_attributes(). */
	struct labels attributes;
	struct known_attribute *attribute;
	size_t mattributes;
	bool listed, complete;
};

/* Add a population; false if there is one of this name already. */
bool known_add(struct known_nodes *all, const char *name, const char *path,
	       const char *types);

/* The population of this name, or NULL. */
struct known_population *known_find(const struct known_nodes *all,
				    const char *name);

/* Is there a node of this id?  True where that cannot be told. */
bool known_has_node(struct known_population *p, int64_t id);

/* The attribute of this name, NULL if no population has it.  Where a file or
 * its types cannot be read, all->complete is false afterwards. */
const struct known_attribute *known_find_attribute(struct known_nodes *all,
						   const char *name);

/* ---- For who reads populations ---- */

/* The numbers of a population's groups, ascending, in new memory. */
struct hdf_file;
int64_t *known_groups(const struct hdf_file *f, const char *root, size_t *n);

#endif
