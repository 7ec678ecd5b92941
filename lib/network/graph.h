/* graph.h -- a network as a graph: nodes, and the arcs between them
 *
 *	struct graph *g = graph_read(argv[0], (struct graph_needs){0});
 *	struct graph_arc a;
 *
 *	for (i = 0; i < g->nnodes; i++)
 *		show(graph_node(g, i).id, g->label[graph_node(g, i).label]);
 *	while (graph_next(g, &a))
 *		random_draw(a.source, a.target);
 *	graph_free(g);
 *
 * The nodes are cells: all that -n names, or without it those of all
 * populations that the edges connect.  An arc stands for all rows that lead
 * from one cell to another.  Nodes are kept in memory, arcs are not:
 * they are sorted as pairs are (see spill.h), and come by source and target
 * whatever the order of the rows.
 */
#ifndef GRAPH_H
#define GRAPH_H

#include "network/edges.h"
#include "sonata/spill.h"

/* Those of edge_opts and spill_opts_32M, and --all: every tool that reads a
 * graph takes this table in. */
extern const struct opt graph_opts[];

struct graph_needs {
	bool positions;     /* of the cells */
	bool every_row;     /* an arc for each row */
	bool merge_gap;     /* gap junctions are arcs as the others are */
	bool by_group;      /* nodes are groups of cells, which excludes both */
	const char *weight; /* the attribute that is a synapse's weight; NULL:
			     * each weighs 1 */
};

struct graph_node {
	const char *population; /* "" in a table without populations */
	int64_t id;             /* its node_id; 0 for a group */
	uint32_t label;         /* in the graph's */
	double at[3];           /* x, y, z in um, NaN where there is none */
	uint64_t cells;         /* that it stands for; 1 for a cell */
};

/* A connection, an autapse, or gap junctions, which have no direction: their
 * source is the lower of their two nodes.  Where gap junctions are merged, an
 * arc is of all rows from its source to its target, and gap if one of them is a
 * gap junction.  A row of no synapses is not an arc, unless every row is asked
 * for. */
struct graph_arc {
	uint32_t source, target; /* nodes */
	bool gap;
	uint64_t rows, synapses;
	uint64_t connections; /* by group: pairs of different cells */
	double weight; /* the sum over rows of weight times synapses; NaN if a
			* row has no weight */
};

struct graph {
	uint32_t nnodes;
	const char **label; /* of groups, as edges.h shows them; each once */
	uint32_t nlabels;
	bool has_gap; /* has there been a gap junction among the rows? */
	uint64_t rows;

	struct edges *edges; /* with --part they are in the first part so far */

	/* The rest is for graph.c. */
	struct edges shown; /* the same with all populations connected */
	struct edge_labels *labels;
	uint32_t *first_label; /* of each population */
	struct graph_needs needs;
	struct arcs *arcs;
};

/* Open a graph for its nodes; graph_read() reads its edges as well. The
 * operand, or NULL for the standard input, and the options say which. */
struct graph *graph_open(const char *operand, struct graph_needs needs);
struct graph *graph_read(const char *operand, struct graph_needs needs);

struct graph_node graph_node(const struct graph *g, uint32_t i);

/* The name of a node, in new memory; no two nodes have the same. A cell is
 * called "population:node_id", as in BMTK, or by its node_id in a table without
 * populations; a group is called by its label. */
char *graph_name(const struct graph *g, uint32_t i);

/* The next arc of those read; false at the end. */
bool graph_next(struct graph *g, struct graph_arc *a);

void graph_free(struct graph *g);

#endif
