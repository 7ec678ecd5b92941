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
 * populations that the edges connect.  An arc is what leads from one cell to
 * another, however many rows that are.  Nodes are kept in memory, arcs are not:
 * they are sorted as pairs are (see spill.h), and come by source and target
 * whatever the order of the rows.
 */
#ifndef GRAPH_H
#define GRAPH_H

#include "network/edges.h"
#include "spill.h"

/* Those of edge_opts and pair_opts, and --all: every tool that reads a graph
 * takes this table in. */
extern const struct opt graph_opts[];

struct graph_needs {
	bool positions;     /* of the cells */
	bool every_row;     /* an arc for each row */
	bool by_group;      /* nodes are groups of cells, which excludes both */
	const char *weight; /* the attribute that is a synapse's weight; NULL:
			     * each weighs 1 */
};

struct graph_node {
	const char *population; /* "" in a table without populations */
	int64_t id;             /* its node_id; of a group 0 */
	uint32_t label;         /* in the graph's */
	double at[3];           /* x, y, z in um, NaN where there is none */
	uint64_t cells;         /* that it stands for: of a cell 1 */
};

/* A connection, what leads from a node to itself, or gap junctions, whose
 * source is the first of their two nodes: they have no direction.  A row of no
 * synapses is none of these, unless every row is asked for. */
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

	/* The rest is for graph.c. */
	struct edges *edges;
	struct edges shown; /* the same with all populations connected */
	struct edge_labels *labels;
	uint32_t *first_label; /* of each population */
	struct graph_needs needs;
	struct arcs *arcs;
};

/* The nodes of a graph, without reading its edges; and those as well.  The
 * operand, or NULL for the standard input, and the options tell where from. */
struct graph *graph_open(const char *operand, struct graph_needs needs);
struct graph *graph_read(const char *operand, struct graph_needs needs);

struct graph_node graph_node(const struct graph *g, uint32_t i);

/* What a node is called, in new memory; no two have the same name.  That of a
 * cell is "population:node_id", as BMTK has it, or its node_id in a table
 * without populations; that of a group is its label. */
char *graph_name(const struct graph *g, uint32_t i);

/* The next arc of those read; false at the end. */
bool graph_next(struct graph *g, struct graph_arc *a);

void graph_free(struct graph *g);

#endif
