/* sonata.h -- populations of nodes and edges, as SONATA files have them
 *
 *	struct sonata_network *net;
 *	struct sonata_population *p;
 *	struct reading *r;
 *
 *	net = sonata_open_network("config.json", "types", NULL);
 *	p = sonata_open(sonata_find(net, EDGES, "v1_to_v1"));
 *	r = reading_start(p, false);
 *
 * Both dialects, several populations in a file, attributes in several groups
 * whose rows are interleaved, type CSVs, enumerations, and the layouts of old
 * files all come out the same: as rows with named attributes.
 */
#ifndef SONATA_H
#define SONATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"
#include "opt.h"
#include "sonata/config.h"
#include "sonata/hdf.h"
#include "sonata/ids.h"
#include "sonata/types.h"

enum sonata_sort { NODES, EDGES };

struct sonata_network;

/* A population that is there to be opened. */
struct sonata_ref {
	enum sonata_sort sort;
	char *name, *path; /* of the file */
	const char *types; /* its type CSV, or NULL */
	bool electrical;   /* its type in the config: all gap junctions */
	struct sonata_network *net;
};

struct sonata_network {
	const char *path;
	const struct config *config; /* NULL: path is an HDF5 file itself */
	struct sonata_ref *ref[2];   /* nodes and edges, in order */
	size_t nrefs[2], mrefs[2];
	bool listed[2];         /* are they in ref? */
	bool gaps;              /* and those of the config's gap_juncs? */
	struct labels guessed;  /* edges whose ends are from their name */
	struct labels names[2]; /* of those, by the same numbers */

	/* The rest is for sonata.c. */
	const char *types; /* that an option named, or NULL */
	char *lost[2];     /* which file is not there, or NULL */
	struct labels attributes;
	bool known; /* are these all? */
};

/* Is this file a config or an HDF5 file, rather than a table? Only regular
 * files are read for that: a pipe gives its bytes only once. */
bool sonata_is_network(const char *path);

/* The type CSV that is beside an HDF5 file under its usual name, in new memory,
 * or NULL. */
char *sonata_usual_types(const char *path, enum sonata_sort sort);

/* Open a config, or an HDF5 file; types is then its type CSV, which --option
 * names, or NULL for the one with the usual name beside it.  With a config the
 * option is misuse. */
struct sonata_network *sonata_open_network(const char *path, const char *option,
					   const char *types);

/* How many populations of one sort there are; they are in net->ref[sort]. */
size_t sonata_refs(struct sonata_network *net, enum sonata_sort sort);

/* How many are known without the files of the config that are not there, which
 * end the tool in sonata_refs(); and is one of this name among them, or need it
 * not be there at all?  Otherwise the tool ends. */
size_t sonata_known_refs(struct sonata_network *net, enum sonata_sort sort);
void sonata_need(const struct sonata_network *net, enum sonata_sort sort,
		 const char *name);

/* The population of this name, or without a name the only one. Ends the tool if
 * there is none, or if there are several to choose from. */
const struct sonata_ref *sonata_find(struct sonata_network *net,
				     enum sonata_sort sort, const char *name);

struct sonata_population {
	const struct sonata_ref *ref;
	struct sonata_ref copy; /* what ref points to */
	struct hdf_file *file;
	char *root; /* "/edges/v1_to_v1", or "" in old files */
	uint64_t n; /* rows */

	/* For edges: the populations of their ends, "" if not known. */
	char *source, *target;
	bool guessed[2]; /* are they from the name? */

	struct types *types;      /* or NULL */
	struct hdf_column *id[2]; /* node_id, if any; source and target ids */
	struct hdf_column *old_gap_id[2]; /* of a file of gap junctions */
	struct hdf_column *type_id, *group_id, *group_index; /* if any */
	int64_t *group; /* the numbers of its groups, ascending */
	size_t ngroups;
	char **attribute; /* names, types' first; attribute.NAME where NAME is
			   * one that every row has, such as population */
	size_t nattributes;
};

struct sonata_population *sonata_open(const struct sonata_ref *ref);

/* Has someone else nodes of these populations?  Then guess once more, from the
 * name of edges whose file does not say it. */
void sonata_guess_ends(struct sonata_population *edges,
		       bool (*has)(const void *arg, const char *population),
		       const void *arg);

/* Open the populations of these names; without names all of them, or the only
 * one. A name that is there twice is misuse. */
struct sonata_population **sonata_open_all(struct sonata_network *net,
					   enum sonata_sort sort,
					   const struct opt_list *names,
					   bool all, size_t *n);
void sonata_close(struct sonata_population *p);
bool sonata_has_attribute(const struct sonata_population *p, const char *name);

/* The name in files of an attribute that is shown so: that without "attribute."
 * if there is one. */
const char *sonata_stored_name(enum sonata_sort sort, const char *shown);

/* The column of an attribute in the type CSV, or NO_TYPE. */
size_t sonata_find_property(const struct sonata_population *p,
			    const char *name);

/* Attributes that any population of nodes of the network has.  To know them all
 * of them are opened. */
const struct labels *sonata_all_attributes(struct sonata_network *net);

/* The dataset of an attribute in one group, with its library if it is an
 * enumeration; NULL if the group has none. */
struct hdf_column *sonata_open_attribute(const struct sonata_population *p,
					 int64_t group, const char *name);

/* The map of a population's node ids. */
struct ids *sonata_ids(const struct sonata_population *nodes);

#endif
