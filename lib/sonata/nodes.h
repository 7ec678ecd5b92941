/* nodes.h -- the nodes that another table is about: groups, columns, choices
 *
 *	struct nodes *nodes = nodes_read(config, "layer,x", NULL);
 *	const struct node_population *p = nodes_find(nodes, "v1");
 *	uint32_t node = ids_find(p->ids, 4711);
 *
 *	p->group.name[p->group_of[node]]	 "PV"
 *	node_text(p, 0, node)			 its layer
 *	p->chosen && !p->chosen[node]		 not let through by --where
 *
 * They come from a config, from HDF5 files of nodes, or from node tables; the
 * same columns come out.
 */
#ifndef NODES_H
#define NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"
#include "opt.h"
#include "sonata/ids.h"

/* -n, --node-types, -g, --where, --node-set. */
extern const struct opt nodes_opts[];

/* Does any of them say something?  And one of those but -g, which a tool may
 * have another use for? */
bool nodes_asked(void);
bool nodes_named(void);
const char *nodes_asks_group(void); /* the column of -g, or NULL */

struct node_population {
	char *name; /* "" in a table without populations */
	struct ids *ids;
	size_t n;

	/* Groups are in the order of their first node. */
	struct labels group;
	uint32_t *group_of;

	bool *chosen; /* NULL: all are */

	/* The rest is for nodes.c. */
	struct node_texts *texts;
};

struct nodes {
	struct node_population *population;
	size_t n, cap;
	size_t columns;
};

/* Read the nodes of -n, or, without it, those of the config, which may be NULL;
 * of these populations, or of all if there are none.  Columns are a list of
 * names with commas between them, or NULL.  The end of the tool if there are no
 * nodes at all, or if none of them has a column. */
struct nodes *nodes_read(const char *config, const char *columns,
			 const struct opt_list *populations);
void nodes_free(struct nodes *nodes); /* NULL is fine */

/* The nodes of a population; those of the only population, where they or the
 * population have no name; or NULL. */
struct node_population *nodes_find(const struct nodes *nodes, const char *name);

/* The k-th column of a node, "" where there is no value. */
const char *node_text(const struct node_population *p, size_t k, uint32_t node);

#endif
