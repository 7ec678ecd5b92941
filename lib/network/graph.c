/* The key of an arc is its two nodes, and below them whether it is a gap
 * junction, so that the rows of one arc come out of the sort together. Arcs
 * without a direction are turned so that the lower node comes first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network/graph.h"
#include "network/netpart.h"
#include "network/pairs.h"
#include "sonata/sonata.h"

const struct opt graph_opts[] = {
	OPT_TABLE(edge_opts),
	OPT_TABLE(edge_all_opts),
	OPT_TABLE(spill_opts_32M),
	OPT_END,
};

/* What is known of an arc from one row, or from all rows of two cells. */
struct share {
	uint64_t rows, synapses, connections;
	double weight;
};

struct arcs {
	struct spill *spill;
	uint64_t nodes;
	size_t payload; /* a share of a row has fewer bytes, see keep_row() */
	bool apart;     /* an arc for each record */
	bool merged;    /* gap junctions are as other rows */

	/* The run that is being read. */
	const uint64_t *key;
	const char *share;
	size_t n, at;
};

enum { SYNAPSES = 4, WEIGHT = 8 }; /* bytes */

/* ---- Nodes ---- */

static const struct cells_population *
population_of(const struct graph *g, uint32_t i, uint32_t *cell)
{
	const struct cells *c = &g->edges->cells;
	size_t k = c->n - 1;

	while (c->population[k].first > i)
		k--;
	*cell = (uint32_t)(i - c->population[k].first);
	return &c->population[k];
}

static uint32_t
label_of(const struct graph *g, uint32_t i)
{
	uint32_t cell;
	const struct cells_population *p = population_of(g, i, &cell);

	return g->first_label[p - g->edges->cells.population] +
	       p->group[SOURCE][cell];
}

static struct graph_node
group_node(const struct graph *g, uint32_t i)
{
	const struct cells_population *p = g->edges->cells.population;
	size_t k = g->edges->cells.n - 1;

	while (g->first_label[k] > i)
		k--;
	return (struct graph_node){
		.population = p[k].name,
		.label = i,
		.at = {NAN, NAN, NAN},
		.cells =
			cells_group_size(&p[k], SOURCE, i - g->first_label[k])};
}

struct graph_node
graph_node(const struct graph *g, uint32_t i)
{
	const struct cells_population *p;
	struct graph_node n;
	uint32_t cell;
	int k;

	if (g->needs.by_group)
		return group_node(g, i);
	p = population_of(g, i, &cell);
	n = (struct graph_node){.population = p->name,
				.id = ids_at(p->ids, cell),
				.label = label_of(g, i),
				.cells = 1};
	for (k = 0; k < 3; k++)
		n.at[k] = p->at[k] ? p->at[k][cell] : NAN;
	return n;
}

char *
graph_name(const struct graph *g, uint32_t i)
{
	struct graph_node n = graph_node(g, i);
	long long id = n.id;

	if (g->needs.by_group)
		return copy(g->label[i]);
	return *n.population ? format("%s:%lld", n.population, id)
			     : format("%lld", id);
}

/* Edges have groups of sources and groups of targets; a node has one group. */
static void
check_sides(const struct cells_population *p)
{
	const struct labels *source = &p->label[SOURCE];
	const struct labels *target = &p->label[TARGET];
	bool same = source->n == target->n;
	size_t i;

	for (i = 0; same && i < source->n; i++)
		same = strcmp(source->name[i], target->name[i]) == 0;
	for (i = 0; same && i < p->n; i++)
		same = p->group[SOURCE][i] == p->group[TARGET][i];
	if (!same)
		misuse("--source-group and --target-group: in a graph each "
		       "cell has one group");
}

/* Labels are shown as if all populations had edges between them, because all of
 * them are nodes. */
static void
label_populations(struct graph *g)
{
	struct edges *shown = &g->shown;

	*shown = *g->edges;
	shown->nends = shown->cells.n;
	shown->ends = zeros(shown->nends, 1);
	memset(shown->ends, 1 << SOURCE, shown->nends);
	g->labels = edges_labels(shown);
}

static void
make_labels(struct graph *g)
{
	const struct cells *c = &g->edges->cells;
	struct labels seen = {0};
	size_t cap = 0;
	uint32_t p, i;

	label_populations(g);
	g->first_label = zeros(c->n, sizeof *g->first_label);
	for (p = 0; p < c->n; p++) {
		check_sides(&c->population[p]);
		g->first_label[p] = g->nlabels;
		for (i = 0; i < c->population[p].label[SOURCE].n; i++) {
			const char *s = edges_label(g->labels, p, SOURCE, i);

			g->label = grow(g->label, &cap, g->nlabels + 1,
					sizeof *g->label);
			if (label(&seen, s) != g->nlabels)
				die("two groups are called '%s'", s);
			g->label[g->nlabels++] = s;
		}
	}
	labels_free(&seen);
}

/* ---- Arcs ---- */

static struct arcs *
new_arcs(uint64_t nodes, size_t payload, struct graph_needs needs)
{
	struct arcs *s = zeros(1, sizeof *s);

	s->nodes = nodes ? nodes : 1;
	if (s->nodes >= (uint64_t)1 << 31)
		die("more than 2^31 nodes, which are too many for a graph");
	s->payload = payload;
	s->apart = needs.every_row;
	s->merged = needs.merge_gap;
	s->spill = spill_new(s->nodes * s->nodes * 2, payload,
			     spill_memory(PAIRS_MEMORY));
	return s;
}

static void
free_arcs(struct arcs *s)
{
	spill_free(s->spill);
	free(s);
}

static uint64_t
make_key(const struct arcs *s, uint64_t source, uint64_t target, bool gap)
{
	bool turn = gap && !s->merged && target < source;

	return ((turn ? target : source) * s->nodes +
		(turn ? source : target)) *
		       2 +
	       (gap ? 1 : 0);
}

/* A row takes 4 bytes, or 12 with a weight, beside its key. */
static void
keep_row(const struct graph *g, const struct edge_batch *b, size_t i,
	 uint64_t key)
{
	char share[SYNAPSES + WEIGHT];
	uint32_t synapses = b->synapses ? b->synapses[i] : 1;
	double weight;

	memcpy(share, &synapses, SYNAPSES);
	if (g->needs.weight) {
		weight = synapses ? b->number[i] * synapses : 0;
		memcpy(share + SYNAPSES, &weight, WEIGHT);
	}
	spill_add(g->arcs->spill, key, share);
}

static void
keep_batch(struct graph *g, const struct edge_batch *b)
{
	const struct edge_pathway *way = &g->edges->pathway[b->pathway];
	uint64_t from = g->edges->cells.population[way->source].first;
	uint64_t to = g->edges->cells.population[way->target].first;
	size_t i;

	for (i = 0; i < b->n; i++) {
		bool gap = b->apart && b->apart[i];

		g->has_gap = g->has_gap || gap;
		keep_row(g, b, i,
			 make_key(g->arcs, from + b->source[i],
				  to + b->target[i], gap));
	}
	g->rows += b->n;
}

static struct share
share_at(const struct arcs *s)
{
	const char *p = s->share + s->at * s->payload;
	struct share share = {.rows = 1};
	uint32_t synapses;

	if (s->payload == sizeof share) {
		memcpy(&share, p, sizeof share);
		return share;
	}
	memcpy(&synapses, p, SYNAPSES);
	share.synapses = synapses;
	share.weight = synapses;
	if (s->payload > SYNAPSES)
		memcpy(&share.weight, p + SYNAPSES, WEIGHT);
	return share;
}

static bool
more(struct arcs *s)
{
	if (s->at < s->n)
		return true;
	s->at = 0;
	s->n = spill_next(s->spill, &s->key, &s->share);
	return s->n > 0;
}

/* Is the next record of the same arc?  Of those that are merged, gap junctions
 * come last. */
static bool
goes_on(const struct arcs *s, uint64_t *key)
{
	uint64_t next = s->key[s->at];
	bool same = s->merged ? next / 2 == *key / 2 : next == *key;

	*key = next;
	return same;
}

/* The sum of the records that have the next key.  A run may end between two of
 * them. */
static bool
next_sum(struct arcs *s, struct graph_arc *a)
{
	uint64_t key;

	if (!more(s))
		return false;
	key = s->key[s->at];
	*a = (struct graph_arc){.source = (uint32_t)(key / 2 / s->nodes),
				.target = (uint32_t)(key / 2 % s->nodes)};
	do {
		struct share share = share_at(s);

		a->rows += share.rows;
		a->synapses += share.synapses;
		a->connections += share.connections;
		a->weight += share.weight;
		s->at++;
		a->gap = key % 2;
	} while (!s->apart && more(s) && goes_on(s, &key));
	return true;
}

static bool
next_cell_arc(struct graph *g, struct graph_arc *a)
{
	if (!next_sum(g->arcs, a))
		return false;
	a->connections =
		a->source != a->target && (a->gap || a->synapses > 0) ? 1 : 0;
	return true;
}

/* Sort the arcs between cells once more, by their groups. */
static void
group_arcs(struct graph *g)
{
	struct arcs *groups =
		new_arcs(g->nlabels, sizeof(struct share), g->needs);
	struct graph_arc a;

	while (next_cell_arc(g, &a)) {
		struct share share = {a.rows, a.synapses, a.connections,
				      a.weight};
		uint32_t source = label_of(g, a.source);
		uint32_t target = label_of(g, a.target);

		spill_add(groups->spill,
			  make_key(groups, source, target, a.gap), &share);
	}
	free_arcs(g->arcs);
	g->arcs = groups;
}

bool
graph_next(struct graph *g, struct graph_arc *a)
{
	do {
		if (!(g->needs.by_group ? next_sum(g->arcs, a)
					: next_cell_arc(g, a)))
			return false;
	} while (!a->gap && a->synapses == 0 && !g->needs.every_row);
	if (isinf(a->weight))
		die("%s and %s: a weight that is infinite",
		    graph_name(g, a->source), graph_name(g, a->target));
	return true;
}

/* ---- Reading ---- */

/* The columns that say what an edge is are not attributes of it: a table has
 * them once. */
static void
check_weight(const char *weight)
{
	static const char *const taken[] = {
		"source_node_id",    "target_node_id",  "source_population",
		"target_population", "is_gap_junction", "nsyns"};
	size_t k;

	for (k = 0; weight && k < LEN(taken); k++)
		if (!strcmp(weight, taken[k]))
			misuse("--weight: '%s' is no weight", weight);
}

struct graph *
graph_open(const char *operand, struct graph_needs needs)
{
	struct graph *g = zeros(1, sizeof *g);

	check_weight(needs.weight);
	g->needs = needs;
	g->edges = edges_open(
		operand,
		(struct edge_needs){.synapses = true,
				    .gap = true,
				    .bare = true,
				    .pairs = true,
				    .along = needs.positions ? "xyz" : NULL,
				    .number = needs.weight});
	netpart_next(g->edges);
	make_labels(g);
	g->arcs = new_arcs(g->edges->cells.total,
			   SYNAPSES + (needs.weight ? WEIGHT : 0), needs);
	g->nnodes =
		needs.by_group ? g->nlabels : (uint32_t)g->edges->cells.total;
	return g;
}

struct graph *
graph_read(const char *operand, struct graph_needs needs)
{
	struct graph *g = graph_open(operand, needs);
	struct edge_batch b;

	while (edges_next(g->edges, &b))
		keep_batch(g, &b);
	if (needs.by_group)
		group_arcs(g);
	return g;
}

void
graph_free(struct graph *g)
{
	free_arcs(g->arcs);
	edges_free_labels(g->labels);
	free(g->shown.ends);
	free(g->first_label);
	free(g->label);
	edges_close(g->edges);
	free(g);
}
