/* cut.h -- the part of a network that some of its nodes make
 *
 *	struct cut c = {.net = net};
 *
 *	cut_open(&c);
 *	for (i = 0; i < c.nnodes; i++)
 *		choose(&c.nodes[i]);
 *	cut_find_edges(&c);
 *	cut_number(&c);
 *
 * The caller takes CUT_CHOSEN away from nodes that are not meant.  Then edges
 * to chosen nodes are left, from chosen ones and from virtual ones, which are
 * left for that; and where it is asked for, from all others.  New ids count
 * from 0 in the order of rows.  Memory follows the nodes, of which an id and a
 * few bytes each are kept, and not the edges.
 */
#ifndef CUT_H
#define CUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sonata/edgespans.h"
#include "sonata/ends.h"
#include "sonata/idmap.h"
#include "sonata/reading.h"

/* What a node is, and whether it sends to one that is chosen. */
enum { CUT_CHOSEN = 1, CUT_VIRTUAL = 2, CUT_SENDS = 4 };

/* Nodes that are left, and edges, are within the new network or come from
 * outside of it. */
enum { CUT_WITHIN, CUT_OUTSIDE };

struct cut_nodes {
	const struct sonata_ref *ref;
	struct ids *ids;
	unsigned char *is;   /* of each node */
	uint32_t *new_id[2]; /* of each node, or NO_CELL */
	char *name[2];       /* of the new populations */
	size_t n[2];         /* how many nodes these have */
	size_t candidates, chosen;
	char *type; /* that of the config, or the first model_type */
	bool has_virtual;
};

struct cut_edges {
	struct sonata_ref ref;
	bool is_gaps; /* is it a file of the config's gap_juncs? */
	char *name[2];
	uint64_t rows[2];
	struct edgespans spans; /* where the index says that rows may be */
};

struct cut {
	struct sonata_network *net;
	const char *directory; /* the output, for messages */
	const char *folder;    /* and what it is for the time being */
	bool keep_outside;     /* edges from other nodes too? */
	struct cut_nodes *nodes;
	size_t nnodes;
	struct cut_edges *edges;
	size_t nedges, medges;
	struct idmap map;
	uint64_t gaps; /* gap junctions with nodes outside */
};

/* List the nodes of a config.  All that are not virtual are chosen; those are
 * virtual of which the config or their model_type says so. */
void cut_open(struct cut *c);

/* List the edges, and mark the nodes that send to those that are chosen. */
void cut_find_edges(struct cut *c);

/* Number the nodes that are left. */
void cut_number(struct cut *c);
void cut_free(struct cut *c); /* what these have made */

/* The entry of the config that a population is of. */
const struct config_part *cut_part(const struct sonata_ref *ref);

/* ---- Edges that are left ---- */

/* A pass over those of a population that come from within or from outside. */
struct cut_pass {
	struct sonata_population *p;
	struct cut_nodes *end[2];
	unsigned from;

	/* The batch. */
	uint64_t *row;
	uint32_t *cell[2]; /* of both ends */
	size_t n;

	/* The rest is for cut.c. */
	const struct cut_edges *edges;
	struct ends ends;
	size_t span;
	struct reading *gaps; /* or NULL */
	size_t is_gap;
	uint64_t ngaps;
};

struct cut_pass cut_pass_start(const struct cut *c,
			       const struct cut_edges *edges, unsigned from);

/* The next rows, of which there may be none; false at the end. */
bool cut_pass_next(struct cut_pass *x);
void cut_pass_again(struct cut_pass *x);
void cut_pass_end(struct cut_pass *x);

#endif
