/* graph-stats -- measure a network as a graph
 *
 * All measures but the moments of degrees are igraph's, of the directed graph
 * that has an edge for each connection, and so neither parallel edges nor
 * loops, for which several of them are not defined. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <igraph.h>

#include "measure/stats.h"
#include "network/graph.h"
#include "network/netpart.h"
#include "out.h"

enum { NETWORK, GROUP, CELL };

static unsigned by;
static const char *stats;

static const struct opt opts[] = {
	OPT_WORD(0, "by", "what", &by, "network|group|cell",
		 "measure each of these"),
	OPT_STR(0, "stats", "list", &stats,
		"measures of these kinds, separated by commas"),
	OPT_TABLE(edge_gap_opts),
	OPT_TABLE(graph_opts),
	OPT_TABLE(part_opts),
	OPT_TABLE(out_opts),
	OPT_NOT_WITH("stats", "by=cell"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure a network as a graph",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

enum { SIZE, DENSITY, RECIPROCITY, DEGREE, KINDS = 8 }; /* of --stats */

static bool chosen[KINDS];

/* Are degrees all that is asked for? */
static bool
only_degrees(void)
{
	size_t k;

	for (k = 0; k < KINDS; k++)
		if (chosen[k] != (k == DEGREE))
			return false;
	return by != CELL;
}

/* ---- igraph ---- */

/* It does not return, so the results of igraph's calls need no check. */
static void
complain(const char *reason, const char *file, int line, igraph_error_t code)
{
	(void)file;
	(void)line;
	die("%s: %s", igraph_strerror(code), reason);
}

static void
complain_fatal(const char *reason, const char *file, int line)
{
	complain(reason, file, line, IGRAPH_FAILURE);
}

static void
caution(const char *reason, const char *file, int line)
{
	(void)file;
	(void)line;
	warn("%s", reason);
}

/* ---- The graph ---- */

/* The network, or the cells of a group and the connections between them. */
struct measured {
	const char *group; /* NULL: it is the network */
	igraph_t graph;
	const igraph_vector_int_t *label; /* of each cell; NULL in a group */
	int64_t labels, autapses;
	const struct connections *connections;
	const igraph_integer_t *cell; /* n of them; NULL: the first n */
	size_t n;
};

/* The connections of a network; each cell's label, and whether it is connected
 * to itself. */
struct connections {
	igraph_vector_int_t ends, label;
	bool *autapse;
	uint32_t *in, *out; /* degrees, with --by group those within it */
};

static void
count_degrees(const struct graph *g, struct connections *c,
	      const struct graph_arc *a)
{
	if (by == GROUP &&
	    graph_node(g, a->source).label != graph_node(g, a->target).label)
		return;
	c->out[a->source]++;
	c->in[a->target]++;
}

/* What parts have: degrees need no graph. */
static void
make_degrees(struct graph *g, struct connections *c)
{
	struct part_sums *p = g->edges->part;
	bool more;

	c->in = zeros(g->nnodes, sizeof *c->in);
	c->out = zeros(g->nnodes, sizeof *c->out);
	if (!p)
		return;
	PART_KEEP(p, PART_SUM, "in", "", c->in, g->nnodes);
	PART_KEEP(p, PART_SUM, "out", "", c->out, g->nnodes);
	for (more = part_is_merged(); more; more = netpart_next(g->edges))
		part_add(p);
}

/* There is room for all rows from the beginning: doubling would take as much
 * again, and memory that no connection uses is never touched. */
static void
gather(struct graph *g, struct connections *c)
{
	struct graph_arc a;
	uint32_t i;

	igraph_vector_int_init(&c->ends, 0);
	igraph_vector_int_reserve(&c->ends, (igraph_integer_t)(2 * g->rows));
	igraph_vector_int_init(&c->label, g->nnodes);
	c->autapse = zeros(g->nnodes, sizeof *c->autapse);
	while (graph_next(g, &a)) {
		if (a.gap)
			continue;
		if (a.source == a.target) {
			c->autapse[a.source] = true;
			continue;
		}
		count_degrees(g, c, &a);
		if (only_degrees())
			continue;
		igraph_vector_int_push_back(&c->ends, a.source);
		igraph_vector_int_push_back(&c->ends, a.target);
	}
	for (i = 0; i < g->nnodes; i++)
		VECTOR(c->label)[i] = graph_node(g, i).label;
}

/* ---- Measures ---- */

static void
name_row(const struct measured *m, const char *name)
{
	if (m->group)
		out_text(m->group);
	out_text(name);
}

static void
put_count(const struct measured *m, const char *name, int64_t v)
{
	name_row(m, name);
	out_int(v);
	out_end();
}

static void
put_real(const struct measured *m, const char *name, double v)
{
	name_row(m, name);
	out_real(v);
	out_end();
}

static void
measure_size(const struct measured *m)
{
	put_count(m, "nodes", igraph_vcount(&m->graph));
	put_count(m, "edges", igraph_ecount(&m->graph));
	if (m->label)
		put_count(m, "labels", m->labels);
	put_count(m, "autapses", m->autapses);
}

static void
measure_density(const struct measured *m)
{
	double density = NAN;

	if (igraph_vcount(&m->graph) > 1)
		igraph_density(&m->graph, &density, false);
	put_real(m, "density", density);
}

static void
measure_reciprocity(const struct measured *m)
{
	double reciprocity = NAN;

	if (igraph_ecount(&m->graph) > 0)
		igraph_reciprocity(&m->graph, &reciprocity, true,
				   IGRAPH_RECIPROCITY_DEFAULT);
	put_real(m, "reciprocity", reciprocity);
}

static uint64_t
degree_of(const struct measured *m, size_t i, igraph_neimode_t mode)
{
	const struct connections *c = m->connections;
	size_t cell = m->cell ? (size_t)m->cell[i] : i;

	return (mode & IGRAPH_IN ? (uint64_t)c->in[cell] : 0) +
	       (mode & IGRAPH_OUT ? c->out[cell] : 0);
}

/* Sums of whole numbers, which are exact: the order of cells does not show. */
static void
put_moments(const struct measured *m, const char *of, igraph_neimode_t mode)
{
	static const char *const moment[] = {"mean", "sd", "min", "max"};
	double value[] = {NAN, NAN, NAN, NAN};
	uint64_t sum = 0, one, least = UINT64_MAX, most = 0;
	stats_wide squares = 0;
	size_t i, k;

	for (i = 0; i < m->n; i++) {
		one = degree_of(m, i, mode);
		sum += one;
		squares += (stats_wide)one * one;
		least = one < least ? one : least;
		most = one > most ? one : most;
	}
	if (m->n > 0) {
		value[0] = (double)sum / (double)m->n;
		value[2] = (double)least;
		value[3] = (double)most;
	}
	if (m->n > 1)
		value[1] = stats_deviation(m->n, sum, squares);
	for (k = 0; k < LEN(moment); k++) {
		char *name = format("%s_%s", of, moment[k]);

		put_real(m, name, value[k]);
		free(name);
	}
}

static void
measure_degree(const struct measured *m)
{
	put_moments(m, "in_degree", IGRAPH_IN);
	put_moments(m, "out_degree", IGRAPH_OUT);
	put_moments(m, "degree", IGRAPH_ALL);
}

static void
measure_components(const struct measured *m)
{
	static const char *const number[] = {"weak_components",
					     "strong_components"};
	static const char *const largest[] = {"largest_weak_component",
					      "largest_strong_component"};
	static const igraph_connectedness_t mode[] = {IGRAPH_WEAK,
						      IGRAPH_STRONG};
	igraph_vector_int_t size;
	igraph_integer_t n;
	size_t k;

	igraph_vector_int_init(&size, 0);
	for (k = 0; k < LEN(mode); k++) {
		igraph_connected_components(&m->graph, NULL, &size, &n,
					    mode[k]);
		put_count(m, number[k], n);
		put_count(m, largest[k],
			  n > 0 ? igraph_vector_int_max(&size) : 0);
	}
	igraph_vector_int_destroy(&size);
}

static void
measure_clustering(const struct measured *m)
{
	double transitivity, mean;

	igraph_transitivity_undirected(&m->graph, &transitivity,
				       IGRAPH_TRANSITIVITY_NAN);
	igraph_transitivity_avglocal_undirected(&m->graph, &mean,
						IGRAPH_TRANSITIVITY_NAN);
	put_real(m, "transitivity", transitivity);
	put_real(m, "clustering_mean", mean);
}

static void
measure_assortativity(const struct measured *m)
{
	bool edges = igraph_ecount(&m->graph) > 0;
	double r = NAN;

	if (edges)
		igraph_assortativity_degree(&m->graph, &r, true);
	put_real(m, "degree_assortativity", r);
	if (!m->label)
		return;
	r = NAN;
	if (edges)
		igraph_assortativity_nominal(&m->graph, m->label, &r, true,
					     true);
	put_real(m, "group_assortativity", r);
}

/* In the order of igraph, which is that of Holland and Leinhardt. */
static void
measure_triads(const struct measured *m)
{
	static const char *const triad[] = {
		"003",  "012",  "102", "021D", "021U", "021C", "111D", "111U",
		"030T", "030C", "201", "120D", "120U", "120C", "210",  "300"};
	igraph_vector_t census;
	size_t k;

	igraph_vector_init(&census, LEN(triad)); /* zeros */
	if (igraph_vcount(&m->graph) > 2)
		igraph_triad_census(&m->graph, &census);
	for (k = 0; k < LEN(triad); k++) {
		char *name = format("triad_%s", triad[k]);

		put_real(m, name, VECTOR(census)[k]);
		free(name);
	}
	igraph_vector_destroy(&census);
}

/* ---- All of them ---- */

static void (*const measure[])(const struct measured *m) = {
	measure_size,          measure_density,    measure_reciprocity,
	measure_degree,        measure_components, measure_clustering,
	measure_assortativity, measure_triads};
static const char kinds[] =
	"size|density|reciprocity|degree|components|clustering|assortativity|"
	"triads|all";

/* Triads take a hundred times as long as all else: 126 s for 10^4 cells with
 * 10^6 connections.  They are there if asked for. */
static void
choose_kinds(void)
{
	char *s = copy(stats ? stats : ""), *rest = s, *word;
	size_t k, kind;

	_Static_assert(LEN(chosen) == LEN(measure), "one for each kind");
	for (k = 0; k < LEN(chosen); k++)
		chosen[k] = !stats && measure[k] != measure_triads;
	while (stats && (word = strsep(&rest, ","))) {
		kind = opt_word("stats", word, kinds);
		for (k = 0; k < LEN(chosen); k++)
			chosen[k] =
				chosen[k] || k == kind || kind == LEN(chosen);
	}
	free(s);
}

static void
write_measures(const struct measured *m)
{
	size_t k;

	for (k = 0; k < LEN(measure); k++)
		if (chosen[k])
			measure[k](m);
}

static void
measure_network(const struct graph *g, const struct connections *c,
		struct measured *m)
{
	uint32_t i;

	m->label = &c->label;
	m->connections = c;
	m->n = g->nnodes;
	m->labels = g->nlabels;
	for (i = 0; i < g->nnodes; i++)
		m->autapses += c->autapse[i];
	out_header("measure", "value");
	write_measures(m);
}

/* Cells by group, a counting sort: those of group k are cell[begin[k]] to
 * cell[begin[k + 1] - 1]. */
static void
sort_cells(const struct graph *g, const igraph_vector_int_t *label,
	   igraph_integer_t *cell, size_t *begin)
{
	size_t i;

	for (i = 0; i < g->nnodes; i++)
		begin[VECTOR(*label)[i] + 2]++;
	for (i = 2; i < (size_t)g->nlabels + 2; i++)
		begin[i] += begin[i - 1];
	for (i = 0; i < g->nnodes; i++)
		cell[begin[VECTOR(*label)[i] + 1]++] = (igraph_integer_t)i;
}

static void
measure_group(const struct measured *all, struct measured *m)
{
	igraph_vector_int_t cells;
	size_t i;

	for (i = 0; i < m->n; i++)
		m->autapses += m->connections->autapse[m->cell[i]];
	igraph_vector_int_view(&cells, m->cell, (igraph_integer_t)m->n);
	igraph_induced_subgraph(&all->graph, &m->graph,
				igraph_vss_vector(&cells),
				IGRAPH_SUBGRAPH_CREATE_FROM_SCRATCH);
	write_measures(m);
	igraph_destroy(&m->graph);
}

static void
measure_groups(const struct graph *g, const struct connections *c,
	       const struct measured *all)
{
	igraph_integer_t *cell = zeros(g->nnodes, sizeof *cell);
	size_t *begin = zeros((size_t)g->nlabels + 2, sizeof *begin);
	uint32_t k;

	sort_cells(g, &c->label, cell, begin);
	out_header("group", "measure", "value");
	for (k = 0; k < g->nlabels; k++) {
		struct measured m = {.group = g->label[k],
				     .connections = c,
				     .cell = cell + begin[k],
				     .n = begin[k + 1] - begin[k]};

		measure_group(all, &m);
	}
	free(cell);
	free(begin);
}

/* ---- By cell ---- */

/* The measures of each cell. */
struct cell_measures {
	igraph_vector_int_t in, out, weak, strong;
	igraph_vector_t clustering, pagerank;
};

/* Number components in the order of their first cell, from 0. */
static void
number_components(igraph_vector_int_t *of, igraph_integer_t n)
{
	uint32_t *number = zeros((size_t)n, sizeof *number), next = 0;
	int64_t i;

	for (i = 0; i < igraph_vector_int_size(of); i++) {
		uint32_t *k = &number[VECTOR(*of)[i]];

		if (*k == 0)
			*k = ++next;
		VECTOR(*of)[i] = *k - 1;
	}
	free(number);
}

/* igraph's OpenMP adds ranks in whatever order its threads come, and the last
 * digits would be others in each run.  The variable is read before main(). */
void omp_set_num_threads(int n) __attribute__((weak));

static void
measure_each_cell(const igraph_t *graph, struct cell_measures *m)
{
	igraph_integer_t n;

	igraph_degree(graph, &m->in, igraph_vss_all(), IGRAPH_IN, false);
	igraph_degree(graph, &m->out, igraph_vss_all(), IGRAPH_OUT, false);
	igraph_connected_components(graph, &m->weak, NULL, &n, IGRAPH_WEAK);
	number_components(&m->weak, n);
	igraph_connected_components(graph, &m->strong, NULL, &n, IGRAPH_STRONG);
	number_components(&m->strong, n);
	igraph_transitivity_local_undirected(graph, &m->clustering,
					     igraph_vss_all(),
					     IGRAPH_TRANSITIVITY_NAN);
	if (omp_set_num_threads)
		omp_set_num_threads(1);
	igraph_pagerank(graph, IGRAPH_PAGERANK_ALGO_PRPACK, &m->pagerank, NULL,
			igraph_vss_all(), true, 0.85, NULL, NULL);
}

static void
write_cell(const struct graph *g, const struct cell_measures *m, uint32_t i)
{
	struct graph_node n = graph_node(g, i);

	out_text(n.population);
	out_int(n.id);
	out_text(g->label[n.label]);
	out_int(VECTOR(m->in)[i]);
	out_int(VECTOR(m->out)[i]);
	out_int(VECTOR(m->weak)[i]);
	out_int(VECTOR(m->strong)[i]);
	out_real(VECTOR(m->clustering)[i]);
	out_real(VECTOR(m->pagerank)[i]);
	out_end();
}

static void
init_measures(struct cell_measures *m)
{
	igraph_vector_int_init(&m->in, 0);
	igraph_vector_int_init(&m->out, 0);
	igraph_vector_int_init(&m->weak, 0);
	igraph_vector_int_init(&m->strong, 0);
	igraph_vector_init(&m->clustering, 0);
	igraph_vector_init(&m->pagerank, 0);
}

static void
destroy_measures(struct cell_measures *m)
{
	igraph_vector_int_destroy(&m->in);
	igraph_vector_int_destroy(&m->out);
	igraph_vector_int_destroy(&m->weak);
	igraph_vector_int_destroy(&m->strong);
	igraph_vector_destroy(&m->clustering);
	igraph_vector_destroy(&m->pagerank);
}

static void
measure_cells(const struct graph *g, const igraph_t *graph)
{
	struct cell_measures m;
	uint32_t i;

	init_measures(&m);
	out_header("population", "node_id", "group", "in_degree", "out_degree",
		   "weak_component", "strong_component", "clustering",
		   "pagerank");
	if (g->nnodes > 0)
		measure_each_cell(graph, &m);
	for (i = 0; i < g->nnodes; i++)
		write_cell(g, &m, i);
	destroy_measures(&m);
}

static void
write_all(const struct graph *g, const struct connections *c,
	  struct measured *all)
{
	if (by == NETWORK)
		measure_network(g, c, all);
	else if (by == GROUP)
		measure_groups(g, c, all);
	else
		measure_cells(g, &all->graph);
}

int
main(int argc, char **argv)
{
	struct measured all = {.group = NULL};
	struct connections c;
	struct graph *g;

	argv = start(argc, argv, &tool);
	choose_kinds();
	if ((part_is_wanted() || part_is_merged()) && !only_degrees())
		misuse("--%s is for --stats degree alone",
		       part_is_wanted() ? "partial" : "part");
	igraph_set_error_handler(complain);
	igraph_set_fatal_handler(complain_fatal);
	igraph_set_warning_handler(caution);
	g = graph_read(argv[0], (struct graph_needs){0});
	make_degrees(g, &c);
	gather(g, &c);
	igraph_create(&all.graph, &c.ends, g->nnodes, true);
	igraph_vector_int_destroy(&c.ends);
	if (!netpart_write(g->edges))
		write_all(g, &c, &all);
	igraph_vector_int_destroy(&c.label);
	igraph_destroy(&all.graph);
	free(c.autapse);
	free(c.in);
	free(c.out);
	graph_free(g);
	return WORKED;
}
