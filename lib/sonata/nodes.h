/* nodes.h -- the nodes of a network, by population
 *
 *	struct nodes *nodes = nodes_start("xyz", false);
 *
 *	nodes_want_group(nodes, NULL);
 *	nodes_add_table(nodes, path);
 *	nodes_finish(nodes);
 *	visit(nodes->population[0].at[0][0]);
 *	nodes_free(nodes);
 *
 * Here they come from node tables; nodefiles.h has them from configs and HDF5
 * files too, and the same nodes come out.  A table without a column
 * 'population' is of one population, whose name is "".  Several tables may have
 * nodes of one population; an HDF5 file's population is whole.  An id is not
 * negative, and there once in its population.  A position is missing, or a
 * number that a float has, which positions are in many files and pictures.
 * A fault ends the tool, as "file:line: column 'node_id': ...".
 */
#ifndef NODES_H
#define NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"
#include "opt.h"
#include "sonata/ids.h"

/* A column of nodes: small numbers that stand for texts, which are in the order
 * of their first node; "" where there is no value. */
struct node_texts {
	struct labels label;
	uint32_t *of; /* of each node; NULL if the column was not needed */
	size_t cap;
	bool any; /* is there a value at all? */
};

struct node_population {
	char *name;   /* "" in a table without populations */
	char *serves; /* the name of edges or spikes that these are taken for */
	struct ids *ids;
	size_t n;
	struct node_texts *text; /* of each column that was asked for */
	double *at[3]; /* x, y, z in um, NaN where there is none; NULL where not
			* asked for */

	/* What nodefiles_read() gives: groups, in the order of their first
	 * node, and which nodes were chosen.  The texts have the memory of the
	 * groups. */
	struct labels group;
	uint32_t *group_of;
	bool *chosen; /* NULL: all are */

	/* The rest is for nodes.c and nodefiles.c. */
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

	size_t columns;            /* that nodefiles_read() was asked for */
	bool has_population;       /* had the last table that column? */
	size_t rows;               /* of all tables */
	const struct labels *kept; /* of a table, only nodes of these groups;
				    * NULL: all */

	/* The rest is for nodes.c and nodefiles.c. */
	struct node_column *read;
	size_t nread, mread;
	struct labels names; /* of the populations, by the same numbers */
	struct labels there; /* all columns that there are */
	const char *origin;  /* the first file, as it was asked for */
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

/* Starts with no nodes; they will have positions along some of "xyz", or none
 * for NULL.  If it is strict, a table ends the tool that lacks x, y or what
 * nodes are grouped by, or that has populations where the table before has
 * none, or the other way round. */
struct nodes *nodes_start(const char *along, bool strict);

/* Asks for what nodes may be grouped by: this column, or pop_name for NULL;
 * node_type_id stands in where it is empty. */
void nodes_want_group(struct nodes *nodes, const char *column);

/* Adds the nodes of a table.  Those of other files: see nodefiles.h. */
void nodes_add_table(struct nodes *nodes, const char *path);

/* Makes the ids, when all nodes have been added. */
void nodes_finish(struct nodes *nodes);

/* Gives what the nodes of a population are grouped by: the column, or pop_name
 * for NULL, if any node has a value there, or else node_type_id.  If it is not
 * the column that was asked for, this is reported once; it ends the tool if no
 * population has that column, or if it was asked for of this very one. */
const struct node_texts *nodes_group(const struct nodes *nodes,
				     const struct node_population *p,
				     const char *column, bool of_this);

/* Ends the tool: no node has this column.  Says which there are. */
_Noreturn void nodes_lack(const struct nodes *nodes, const char *column);

void nodes_drop_texts(struct nodes *nodes); /* they are not needed any more */
void nodes_free(struct nodes *nodes);       /* NULL is fine */

/* ---- Finding ---- */

/* Finds the population of this name, or NULL. */
struct node_population *nodes_find_named(const struct nodes *nodes,
					 const char *name);

/* Does the same, but finds the only population also if what is looked for has
 * no name.  If it has none itself, its nodes are of the first name that is
 * looked for, and of no other, as nodes_find_lack() can tell. */
struct node_population *nodes_find(const struct nodes *nodes, const char *name);

/* Says why nodes_find() found none, in new memory; for NULL, of "this
 * population". */
char *nodes_find_lack(const struct nodes *nodes, const char *name);

/* Says where a node was read, as "n.csv:7", in new memory. */
char *nodes_place(const struct node_population *p, size_t node);

/* Ends the tool if a node has no position along one of these axes.  Where it
 * lacks z alone, the message says what does without, such as "--axes xy". */
void nodes_need_position(const struct node_population *p, size_t node,
			 const char *along, const char *flat);

/* Gives the k-th column of a node, "" where there is no value. */
const char *node_text(const struct node_population *p, size_t k, uint32_t node);

/* ---- For nodefiles.c ---- */

/* A column that is read besides ids and positions; the first one, NODE_TYPE,
 * stands in for a group. */
enum { NODE_TYPE };
struct node_column {
	char *name;
	bool found; /* has any table or population had it? */
};

#define NODE_AXES 3
extern const char *const node_axis[NODE_AXES]; /* their columns */

/* What is wrong with a coordinate, or NULL; NaN is a missing one. */
const char *nodes_fault(double coordinate);

/* Asks for a column; which one of nodes->read it is. */
size_t nodes_want(struct nodes *nodes, const char *column);

/* Is this population one of those asked for? */
bool nodes_are_wanted(const struct nodes *nodes, const char *name);

/* Finds or adds a population.  One that a file has is in no other file or
 * table, or the tool ends. */
struct node_population *nodes_add_named(struct nodes *nodes, const char *name,
					const char *path, bool whole);

/* Makes room for positions, and for ids, but for those of a file. */
void nodes_make_room(const struct nodes *nodes, struct node_population *p,
		     size_t n);

/* Does every column have a value, so that no group needs the type's id?  In
 * HDF5 the ids need not be made texts then, which would take as long as all
 * else. */
bool nodes_are_settled(const struct nodes *nodes,
		       const struct node_population *p);

/* Texts come in runs: the one before is most often the one again. */
void node_set_text(struct node_texts *t, size_t node, const char *s);

#endif
