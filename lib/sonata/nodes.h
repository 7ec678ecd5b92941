/* nodes.h -- the nodes of a network, by population
 *
 *	struct nodes *nodes = nodes_read(config, "layer,x", NULL);
 *	const struct node_population *p = nodes_find(nodes, "v1");
 *	uint32_t node = ids_find(p->ids, 4711);
 *
 *	const char *group = p->group.name[p->group_of[node]];
 *	const char *layer = node_text(p, 0, node);
 *	bool meant = !p->chosen || p->chosen[node];
 *
 * or, for a tool with options of its own:
 *
 *	struct nodes *nodes = nodes_start("xyz", false);
 *
 *	nodes_want_group(nodes, NULL);
 *	nodes_add(nodes, path, NULL);
 *	nodes_finish(nodes);
 *	visit(nodes->population[0].at[0][0]);
 *	nodes_free(nodes);
 *
 * Nodes come from node tables, from configs, or from HDF5 files; the same nodes
 * come out.  A table without a column 'population' is of one population, whose
 * name is "".  Several tables may have nodes of one population; an HDF5 file's
 * population is whole.  An id is not negative, and there once in its
 * population.  A position is finite or missing.  What is wrong ends the tool,
 * as "file:line: column 'node_id': ...".
 */
#ifndef NODES_H
#define NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"
#include "opt.h"
#include "sonata/ids.h"
#include "sonata/sonata.h"

/* A column of nodes: small numbers that stand for texts, which are in the order
 * of their first node; "" where there is no value. */
struct node_texts {
	struct labels label;
	uint32_t *of; /* of each node; NULL if the column was not needed */
	size_t cap;
	bool any; /* is there a value at all? */
};

struct node_population {
	char *name; /* "" in a table without populations */
	struct ids *ids;
	size_t n;
	struct node_texts *text; /* of each column that was asked for */
	double *at[3]; /* x, y, z in um, NaN where there is none; NULL where not
			* asked for */

	/* What nodes_read() gives: groups, in the order of their first node,
	 * and which nodes were chosen.  The texts have the memory of the
	 * groups. */
	struct labels group;
	uint32_t *group_of;
	bool *chosen; /* NULL: all are */

	/* The rest is for nodes.c. */
	int64_t *id; /* until ids has them */
	size_t cap;
	char *file; /* its path and group, or NULL: it is of tables */
	struct node_span *span;
	size_t nspans, mspans;
	const struct nodes *nodes; /* all of them */
};

struct nodes {
	struct node_population *population;
	size_t n, cap;

	size_t columns;            /* that nodes_read() was asked for */
	bool has_population;       /* had the last table that column? */
	size_t rows;               /* of all tables */
	const struct labels *kept; /* of a table, only nodes of these groups;
				    * NULL: all */

	/* The rest is for nodes.c. */
	struct node_column *read;
	size_t nread, mread;
	bool along[3], strict;
	bool typed;        /* is node_type_id wanted for more than groups? */
	size_t group;      /* the column that was asked for last as one */
	bool asked;        /* was one named? */
	const char **path; /* of the tables */
	size_t tables, mpaths;
	size_t *shown;               /* those of node_text() */
	const struct opt_list *only; /* populations; NULL: all */
	struct filter *filter;       /* NULL: all nodes */
	const char *set;             /* a node set, or NULL */
};

/* ---- Reading ---- */

/* Nodes, none yet; with positions along some of "xyz", or NULL.  If it is
 * strict, tables without a column of these, or of what nodes are grouped by, or
 * some with populations and some without, end the tool. */
struct nodes *nodes_start(const char *along, bool strict);

/* Ask for a column; its number in a population's text. */
size_t nodes_want(struct nodes *nodes, const char *column);

/* Ask for what nodes may be grouped by: this column, or pop_name for NULL, and
 * node_type_id, which stands in for a column that is empty. */
void nodes_want_group(struct nodes *nodes, const char *column);

/* Add the nodes of a table, of a config or of an HDF5 file of nodes, whose
 * types are in a CSV, or NULL for the one beside it; of a table alone; and of
 * an open population. */
void nodes_add(struct nodes *nodes, const char *path, const char *types);
void nodes_add_table(struct nodes *nodes, const char *path);
struct node_population *nodes_add_population(
	struct nodes *nodes, const struct sonata_population *from);

/* When all have been added: only now there are ids. */
void nodes_finish(struct nodes *nodes);

/* What the nodes of a population are grouped by: the column, or pop_name for
 * NULL, if any node has a value there, or else node_type_id; which is said
 * once, if the column was asked for. */
const struct node_texts *nodes_group(const struct nodes *nodes,
				     const struct node_population *p,
				     const char *column);

void nodes_drop_texts(struct nodes *nodes); /* they are not needed any more */
void nodes_free(struct nodes *nodes);       /* NULL is fine */

/* ---- Finding ---- */

/* The population of this name, or NULL. */
struct node_population *nodes_find_named(const struct nodes *nodes,
					 const char *name);

/* The same, but the only population is found where it, or what is looked for,
 * has no name. */
struct node_population *nodes_find(const struct nodes *nodes, const char *name);

/* Where a node was read, as "n.csv:7", in new memory. */
char *nodes_place(const struct node_population *p, size_t node);

/* End the tool if a node has no position along one of "xyz". */
void nodes_need_position(const struct node_population *p, size_t node,
			 const char *along);

/* ---- The nodes that another table is about ---- */

/* -n, --node-types, --where and --node-set; -g; and all of these. */
extern const struct opt nodes_choice_opts[], nodes_group_opts[], nodes_opts[];

/* Does any of them say something?  And one of those but -g, which a tool may
 * have another use for? */
bool nodes_asked(void);
bool nodes_named(void);
const char *nodes_asks_group(void); /* the column of -g, or NULL */

/* Read the nodes of -n, or, without it, those of the config, which may be NULL;
 * of these populations, or of all if there are none.  Columns are a list of
 * names with commas between them, or NULL.  Ends the tool if there are no nodes
 * at all, or if none of them has a column. */
struct nodes *nodes_read(const char *config, const char *columns,
			 const struct opt_list *populations);

/* The k-th column of a node, "" where there is no value. */
const char *node_text(const struct node_population *p, size_t k, uint32_t node);

#endif
