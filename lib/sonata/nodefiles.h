/* nodefiles.h -- nodes from tables, configs and HDF5 files alike
 *
 *	struct nodes *nodes = nodefiles_read(config, "layer,x", NULL);
 *	const struct node_population *p = nodes_find(nodes, "v1");
 *	uint32_t node = ids_find(p->ids, 4711);
 *
 *	const char *group = p->group.name[p->group_of[node]];
 *	const char *layer = node_text(p, 0, node);
 *	bool meant = !p->chosen || p->chosen[node];
 *
 * It stands apart from nodes.h so that a tool that reads tables alone does not
 * load HDF5, and starts in 1 ms rather than in 6.
 */
#ifndef NODEFILES_H
#define NODEFILES_H

#include "sonata/nodes.h"
#include "sonata/sonata.h"

/* Adds the nodes of tables, of configs, and of HDF5 files of nodes, whose types
 * are in a CSV, or in the one beside them for NULL.  It is misuse to give types
 * for tables alone. */
void nodefiles_add(struct nodes *nodes, const struct opt_list *paths,
		   const char *types);

/* Adds those of an open population. */
struct node_population *nodefiles_add_population(
	struct nodes *nodes, const struct sonata_population *from);

/* ---- The nodes that another table is about ---- */

/* -n, --node-types, --where and --node-set; -g; and all of these. */
extern const struct opt nodefiles_choice_opts[], nodefiles_group_opts[],
	nodefiles_opts[];

/* Was any of them given?  Was any but -g, which a tool may use otherwise? */
bool nodefiles_asked(void);
bool nodefiles_named(void);
const char *nodefiles_asks_group(void); /* the column of -g, or NULL */

/* Reads the nodes of -n, or, without it, those of the config, which may be
 * NULL: those of some populations, or of all if the list is empty.  Columns are
 * names with commas between them, or NULL.  Ends the tool if there are no nodes
 * at all, or if none of them has a column. */
struct nodes *nodefiles_read(const char *config, const char *columns,
			     const struct opt_list *populations);

#endif
