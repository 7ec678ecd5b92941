/* conn-count -- count the partners of each cell
 *
 * One pass over the edges counts rows and synapses by cell and group of
 * partners.  Distinct partners, and those that are connected both ways, come
 * from the pairs, which are sorted meanwhile. */
#include <stdlib.h>
#include <string.h>

#include "network/edges.h"
#include "network/netpart.h"
#include "network/pairs.h"
#include "network/tally.h"
#include "out.h"
#include "sonata/spill.h"

enum { IN, OUT, BOTH };

static unsigned direction = BOTH;
static bool wide, nonzero;

static const struct opt opts[] = {
	OPT_TABLE(edge_opts),
	OPT_TABLE(edge_all_opts),
	OPT_WORD(0, "direction", "direction", &direction, "in|out|both",
		 "count what comes or goes"),
	OPT_FLAG(0, "wide", &wide,
		 "a row for each cell: its partners by group"),
	OPT_FLAG(0, "nonzero", &nonzero, "leave rows of zeros out"),
	OPT_TABLE(edge_gap_opts),
	OPT_TABLE(part_opts),
	OPT_TABLE(spill_opts_32M),
	OPT_TABLE(out_opts),
	OPT_NOT_WITH("wide", "direction=both"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "count the partners of each cell",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

enum counted { ROWS, SYNAPSES, CONNECTIONS, RECIPROCAL, MEASURES };
static const enum tally_unit unit_of[MEASURES] = {
	UNIT_ROWS, UNIT_SYNAPSES, UNIT_CONNECTIONS, UNIT_CONNECTIONS};

/* The counts of one pathway. */
struct pathway_counts {
	struct tally *tally[MEASURES]; /* NULL: not to be shown */
	bool way_back;                 /* is there a pathway back? */
};

struct counting {
	struct edges *edges;
	struct pairs *pairs;
	struct pathway_counts *counts; /* by pathway */
	size_t n, cap;
	bool edges_read; /* and sorted */
	struct edge_labels *labels;

	/* By side, in the order of the table: the pathways of population p are
	 * of[side][begin[side][p]] and on, without that of p + 1. */
	uint32_t *of[2];
	size_t *begin[2];
};

static enum tally_sides
sides(void)
{
	return direction == IN    ? TALLY_IN
	       : direction == OUT ? TALLY_OUT
				  : TALLY_BOTH;
}

/* Where no row stands for another number of synapses than one, they are its
 * rows. */
static bool
is_counted(const struct counting *c, size_t k)
{
	return wide ? k == CONNECTIONS
		    : k != SYNAPSES || edges_have_synapses(c->edges);
}

/* What is counted of pairs gets its counters when the edges have been read, as
 * sorting takes less memory from then on: 0.6 of all memory for 10^5 cells in
 * 16 groups.  Only parts bring such counts earlier. */
static bool
is_needed(const struct counting *c, size_t k)
{
	return c->edges_read || c->edges->part || k == ROWS || k == SYNAPSES;
}

/* What a part has. */
static void
keep(const struct counting *c, uint32_t pathway)
{
	static const char *const name[MEASURES][2] = {
		{"rows_in", "rows_out"},
		{"synapses_in", "synapses_out"},
		{"connections_in", "connections_out"},
		{"reciprocal_in", "reciprocal_out"}};
	struct part_sums *p = c->edges->part;
	const char *of = netpart_of(c->edges, pathway);
	size_t k;

	for (k = 0; k < MEASURES; k++) {
		const struct tally *t = c->counts[pathway].tally[k];

		if (t && t->in)
			PART_KEEP(p, PART_SUM, name[k][0], of, t->in,
				  t->target->n * t->na);
		if (t && t->out)
			PART_KEEP(p, PART_SUM, name[k][1], of, t->out,
				  t->source->n * t->nb);
	}
}

static void
make_tallies(const struct counting *c, size_t pathway)
{
	const struct cells_population *p = c->edges->cells.population;
	const struct edge_pathway *way = &c->edges->pathway[pathway];
	struct tally **t = c->counts[pathway].tally;
	size_t k;

	for (k = 0; k < MEASURES; k++)
		if (!t[k] && is_counted(c, k) && is_needed(c, k))
			t[k] = tally_new(&p[way->source], &p[way->target],
					 unit_of[k], sides());
}

/* The pathways of a table become known as it is read. */
static void
follow_pathways(struct counting *c)
{
	c->counts = grow(c->counts, &c->cap, c->edges->npathways,
			 sizeof *c->counts);
	for (; c->n < c->edges->npathways; c->n++) {
		make_tallies(c, c->n);
		if (c->edges->part)
			keep(c, (uint32_t)c->n);
	}
}

/* Rows are counted as if they had no numbers of synapses, which is faster. */
static void
count_batch(const struct pathway_counts *c, const struct edge_batch *b)
{
	struct edge_batch plain = *b;

	plain.synapses = NULL;
	tally_batch(c->tally[ROWS], &plain);
	if (c->tally[SYNAPSES])
		tally_batch(c->tally[SYNAPSES], b);
}

static void
count_edges(struct counting *c)
{
	struct edge_batch b;

	while (netpart_next(c->edges)) {
		follow_pathways(c);
		part_add(c->edges->part);
	}
	follow_pathways(c);
	while (edges_next(c->edges, &b)) {
		follow_pathways(c);
		if (!wide)
			count_batch(&c->counts[b.pathway], &b);
		pairs_batch(c->pairs, &b);
	}
}

static void
count_pairs(struct counting *c)
{
	struct pairs_batch b;
	bool more = pairs_next(c->pairs, &b);
	size_t i;

	c->edges_read = true;
	for (i = 0; i < c->n; i++)
		make_tallies(c, i);
	for (; more; more = pairs_next(c->pairs, &b))
		for (i = 0; i < b.n; i++) {
			const struct pair_connection *way = &b.connection[i];
			struct tally *const *t = c->counts[way->pathway].tally;

			tally_connection(t[CONNECTIONS], way->source,
					 way->target);
			if (way->both && !wide)
				tally_connection(t[RECIPROCAL], way->source,
						 way->target);
		}
}

/* A counting sort of the pathways by the population on one side. */
static void
list_pathways(struct counting *c, enum cells_side side, const uint32_t *order)
{
	const struct edge_pathway *w = c->edges->pathway;
	size_t *begin = zeros(c->edges->cells.n + 2, sizeof *begin), k;
	uint32_t *of = zeros(c->n, sizeof *of);

	for (k = 0; k < c->n; k++)
		begin[2 + (side == SOURCE ? w[k].source : w[k].target)]++;
	for (k = 2; k < c->edges->cells.n + 2; k++)
		begin[k] += begin[k - 1];
	for (k = 0; k < c->n; k++) {
		const struct edge_pathway *at = &w[order[k]];
		uint32_t p = side == SOURCE ? at->source : at->target;

		of[begin[p + 1]++] = order[k];
	}
	c->of[side] = of;
	c->begin[side] = begin;
}

static void
finish_counts(struct counting *c)
{
	uint32_t *order = edges_sort_pathways(c->edges);
	size_t k;

	for (k = 0; k < c->n; k++) {
		const struct edge_pathway *way = &c->edges->pathway[k];
		struct pathway_counts *counts = &c->counts[k];

		counts->way_back = edges_find_pathway(c->edges, way->target,
						      way->source) != NO_LABEL;
		if (!wide) {
			tally_finish(counts->tally[ROWS]);
			if (counts->tally[SYNAPSES])
				tally_finish(counts->tally[SYNAPSES]);
		}
	}
	list_pathways(c, SOURCE, order);
	list_pathways(c, TARGET, order);
	free(order);
	c->labels = edges_labels(c->edges);
}

/* A cell, and the end of its edges at which it stands. */
struct cell_place {
	uint32_t population, cell;
	enum cells_side side;
};

/* The counters of one cell, by group of partners. */
static const uint32_t *
counters(const struct tally *t, const struct cell_place *p)
{
	return p->side == TARGET ? t->in + p->cell * t->na
				 : t->out + p->cell * t->nb;
}

static size_t
partner_groups(const struct tally *t, const struct cell_place *p)
{
	return p->side == TARGET ? t->na : t->nb;
}

static void
write_cell(const struct counting *c, const struct cell_place *p)
{
	const struct cells_population *cells =
		&c->edges->cells.population[p->population];

	out_text(cells->name);
	out_int(ids_at(cells->ids, p->cell));
	out_text(edges_label(c->labels, p->population, p->side,
			     cells->group[p->side][p->cell]));
}

/* The partners at the other end of a pathway. */
static void
write_partners(const struct counting *c, const struct cell_place *p,
	       uint32_t way)
{
	const struct pathway_counts *counts = &c->counts[way];
	struct tally *const *t = counts->tally;
	const struct edge_pathway *w = &c->edges->pathway[way];
	uint32_t g;
	size_t k;

	for (g = 0; g < partner_groups(t[ROWS], p); g++) {
		if (nonzero && counters(t[ROWS], p)[g] == 0)
			continue;
		write_cell(c, p);
		out_text(p->side == TARGET ? "in" : "out");
		if (p->side == TARGET)
			out_text(edges_label(c->labels, w->source, SOURCE, g));
		else
			out_text(edges_label(c->labels, w->target, TARGET, g));
		for (k = ROWS; k <= CONNECTIONS; k++)
			out_int(counters(t[k] ? t[k] : t[ROWS], p)[g]);
		if (counts->way_back)
			out_int(counters(t[RECIPROCAL], p)[g]);
		else
			out_missing();
		out_end();
	}
}

static void
write_direction(const struct counting *c, struct cell_place p, unsigned way)
{
	const size_t *begin;
	size_t k;

	if (direction != way && direction != BOTH)
		return;
	p.side = way == IN ? TARGET : SOURCE;
	begin = &c->begin[p.side][p.population];
	for (k = begin[0]; k < begin[1]; k++)
		write_partners(c, &p, c->of[p.side][k]);
}

static void
write_long(const struct counting *c)
{
	const struct cells *cells = &c->edges->cells;
	struct cell_place p = {0};

	out_header("population", "node_id", "group", "direction",
		   "partner_group", "rows", "synapses", "connections",
		   "reciprocal");
	for (p.population = 0; p.population < cells->n; p.population++)
		for (p.cell = 0; p.cell < cells->population[p.population].n;
		     p.cell++) {
			write_direction(c, p, IN);
			write_direction(c, p, OUT);
		}
}

/* The pathway between a population and one of partners, or NO_LABEL. */
static uint32_t
pathway_to(const struct counting *c, const struct cell_place *p,
	   uint32_t partners)
{
	return p->side == TARGET
		       ? edges_find_pathway(c->edges, partners, p->population)
		       : edges_find_pathway(c->edges, p->population, partners);
}

static bool
has_partner(const struct counting *c, const struct cell_place *p)
{
	const struct tally *t;
	uint32_t q, way;
	size_t g;

	for (q = 0; q < c->edges->cells.n; q++) {
		if ((way = pathway_to(c, p, q)) == NO_LABEL)
			continue;
		t = c->counts[way].tally[CONNECTIONS];
		for (g = 0; g < partner_groups(t, p); g++)
			if (counters(t, p)[g] > 0)
				return true;
	}
	return false;
}

static void
write_wide_header(const struct counting *c, enum cells_side partner)
{
	const struct cells *cells = &c->edges->cells;
	uint32_t q, g;

	out_text("population");
	out_text("node_id");
	out_text("group");
	for (q = 0; q < cells->n; q++)
		for (g = 0; edges_is_end(c->edges, q, partner) &&
			    g < cells->population[q].label[partner].n;
		     g++)
			out_text(edges_label(c->labels, q, partner, g));
	out_end();
}

static void
write_wide_row(const struct counting *c, const struct cell_place *p,
	       enum cells_side partner)
{
	const struct cells *cells = &c->edges->cells;
	uint32_t q, g, way;

	write_cell(c, p);
	for (q = 0; q < cells->n; q++) {
		if (!edges_is_end(c->edges, q, partner))
			continue;
		way = pathway_to(c, p, q);
		for (g = 0; g < cells->population[q].label[partner].n; g++)
			if (way == NO_LABEL)
				out_missing();
			else
				out_int(counters(
					c->counts[way].tally[CONNECTIONS],
					p)[g]);
	}
	out_end();
}

static void
write_wide(const struct counting *c)
{
	const struct cells *cells = &c->edges->cells;
	struct cell_place p = {.side = direction == OUT ? SOURCE : TARGET};
	enum cells_side partner = p.side == TARGET ? SOURCE : TARGET;

	write_wide_header(c, partner);
	for (p.population = 0; p.population < cells->n; p.population++) {
		if (!edges_is_end(c->edges, p.population, p.side))
			continue;
		for (p.cell = 0; p.cell < cells->population[p.population].n;
		     p.cell++)
			if (!nonzero || has_partner(c, &p))
				write_wide_row(c, &p, partner);
	}
}

static void
free_counts(struct counting *c)
{
	size_t k, i;

	for (k = 0; k < c->n; k++)
		for (i = 0; i < MEASURES; i++)
			if (c->counts[k].tally[i])
				tally_free(c->counts[k].tally[i]);
	free(c->counts);
	for (i = 0; i < 2; i++) {
		free(c->of[i]);
		free(c->begin[i]);
	}
	edges_free_labels(c->labels);
}

int
main(int argc, char **argv)
{
	struct edge_needs needs = {
		.synapses = true, .gap = true, .pairs = true};
	struct counting c = {0};

	argv = start(argc, argv, &tool);
	if (wide && direction == BOTH)
		direction = IN;
	c.edges = edges_open(argv[0], needs);
	c.pairs = pairs_new(c.edges, false);
	count_edges(&c);
	count_pairs(&c);
	finish_counts(&c);
	if (!netpart_write(c.edges))
		(wide ? write_wide : write_long)(&c);
	pairs_free(c.pairs);
	free_counts(&c);
	edges_close(c.edges);
	return WORKED;
}
