/* conn-matrix -- measure the connectivity between groups of cells
 *
 * One pass over the edges counts them by cell and group; pairs of cells are
 * sorted meanwhile, if a statistic needs them, and then read once.  The manual
 * says what each number means, and measure() alone computes them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/stats.h"
#include "network/edges.h"
#include "network/netpart.h"
#include "network/pairs.h"
#include "network/tally.h"
#include "out.h"
#include "sonata/property.h"
#include "sonata/reading.h"
#include "sonata/spill.h"

static const char *stats, *wide, *attribute;

static const struct opt opts[] = {
	OPT_TABLE(edge_opts),
	OPT_TABLE(edge_all_opts),
	OPT_STR(0, "stats", "list", &stats,
		"write these statistics only, separated by commas"),
	OPT_TABLE(tally_opts),
	OPT_TABLE(stats_opts),
	OPT_STR(0, "wide", "column", &wide, "write a matrix of this column"),
	OPT_STR(0, "attribute", "name", &attribute,
		"add the values that this attribute of edges has"),
	OPT_TABLE(edge_gap_opts),
	OPT_TABLE(part_opts),
	OPT_TABLE(spill_opts_32M),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure the connectivity between groups of cells",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* All columns there are, and the statistic that chooses them. */
enum statistic {
	ROWS,
	SYNAPSES,
	CONNECTIONS,
	AUTAPSES,
	PROBABILITY,
	PROBABILITY_LOW,
	PROBABILITY_HIGH,
	RECIPROCAL,
	ONE_WAY,
	PAIR_CONNECTED,
	PAIR_ONE_WAY,
	PAIR_RECIPROCAL,
	CONVERGENCE_MEAN,
	CONVERGENCE_SD,
	CONVERGENCE_MIN,
	CONVERGENCE_MAX,
	CONVERGENCE_MEDIAN,
	CONVERGENCE_NONZERO_MEAN,
	INNERVATED,
	DIVERGENCE_MEAN,
	DIVERGENCE_SD,
	DIVERGENCE_MIN,
	DIVERGENCE_MAX,
	DIVERGENCE_MEDIAN,
	DIVERGENCE_NONZERO_MEAN,
	PROJECTING,
	SPC_MEAN,
	SPC_SD,
	SPC_MAX,
	GAP_PAIRS,
	GAP_PROBABILITY,
	GAP_DEGREE_MEAN,
	GAP_DEGREE_SD,
	GAP_DEGREE_MIN,
	GAP_DEGREE_MAX,
	COLUMNS
};

static const struct {
	const char *name, *stat;
} columns[COLUMNS] = {
	[ROWS] = {"rows", "rows"},
	[SYNAPSES] = {"synapses", "synapses"},
	[CONNECTIONS] = {"connections", "connections"},
	[AUTAPSES] = {"autapses", "autapses"},
	[PROBABILITY] = {"probability", "probability"},
	[PROBABILITY_LOW] = {"probability_low", "probability"},
	[PROBABILITY_HIGH] = {"probability_high", "probability"},
	[RECIPROCAL] = {"reciprocal", "reciprocal"},
	[ONE_WAY] = {"one_way", "reciprocal"},
	[PAIR_CONNECTED] = {"pair_connected", "pair"},
	[PAIR_ONE_WAY] = {"pair_one_way", "pair"},
	[PAIR_RECIPROCAL] = {"pair_reciprocal", "pair"},
	[CONVERGENCE_MEAN] = {"convergence_mean", "convergence"},
	[CONVERGENCE_SD] = {"convergence_sd", "convergence"},
	[CONVERGENCE_MIN] = {"convergence_min", "convergence"},
	[CONVERGENCE_MAX] = {"convergence_max", "convergence"},
	[CONVERGENCE_MEDIAN] = {"convergence_median", "convergence"},
	[CONVERGENCE_NONZERO_MEAN] = {"convergence_nonzero_mean",
				      "convergence"},
	[INNERVATED] = {"innervated", "convergence"},
	[DIVERGENCE_MEAN] = {"divergence_mean", "divergence"},
	[DIVERGENCE_SD] = {"divergence_sd", "divergence"},
	[DIVERGENCE_MIN] = {"divergence_min", "divergence"},
	[DIVERGENCE_MAX] = {"divergence_max", "divergence"},
	[DIVERGENCE_MEDIAN] = {"divergence_median", "divergence"},
	[DIVERGENCE_NONZERO_MEAN] = {"divergence_nonzero_mean", "divergence"},
	[PROJECTING] = {"projecting", "divergence"},
	[SPC_MEAN] = {"synapses_per_connection_mean",
		      "synapses_per_connection"},
	[SPC_SD] = {"synapses_per_connection_sd", "synapses_per_connection"},
	[SPC_MAX] = {"synapses_per_connection_max", "synapses_per_connection"},
	[GAP_PAIRS] = {"gap_pairs", "gap"},
	[GAP_PROBABILITY] = {"gap_probability", "gap"},
	[GAP_DEGREE_MEAN] = {"gap_degree_mean", "gap"},
	[GAP_DEGREE_SD] = {"gap_degree_sd", "gap"},
	[GAP_DEGREE_MIN] = {"gap_degree_min", "gap"},
	[GAP_DEGREE_MAX] = {"gap_degree_max", "gap"},
};

static bool shown[COLUMNS];

static void
choose_stat(const char *name)
{
	size_t k;
	bool any = false;

	for (k = 0; k < COLUMNS; k++)
		if (!strcmp(name, columns[k].stat) ||
		    !strcmp(name, columns[k].name))
			shown[k] = any = true;
	if (!any)
		misuse("--stats: '%s' is neither a statistic nor a column: "
		       "see conn-matrix(1)",
		       name);
}

static void
choose_stats(void)
{
	char *s = copy(stats ? stats : ""), *name, *rest = s;
	size_t k;

	while (stats && (name = strsep(&rest, ",")))
		choose_stat(name);
	for (k = 0; !stats && k < COLUMNS; k++)
		shown[k] = !wide || !strcmp(wide, columns[k].name);
	free(s);
}

static void
check_wide(void)
{
	size_t k;

	for (k = 0; k < COLUMNS; k++)
		if (!strcmp(wide, columns[k].name))
			return;
	misuse("--wide: '%s' is not a column: see conn-matrix(1)", wide);
}

static bool
shows(enum statistic first, enum statistic last)
{
	while (first <= last)
		if (shown[first++])
			return true;
	return false;
}

/* The counts of one pathway, by [a * nb + b]; the tally and the degrees are by
 * cell. */
struct result {
	struct tally *tally;
	uint32_t *gap_degree; /* [source * nb + b] */
	uint64_t *connections, *reciprocal, *gap_pairs, *overlap;
	uint64_t *spc_sum, *spc_max;
	uint64_t *single; /* connections that are still to be added */
	stats_wide *spc_squares;
	struct labels *seen;     /* values of the attribute */
	struct tally_spread *in; /* [b * TALLY_TOGETHER + a % of it] */
};

struct measuring {
	struct edges *edges;
	struct pairs *pairs;
	enum tally_unit unit;
	struct result *result; /* by pathway */
	size_t n, cap;
};

static enum tally_sides
sides(void)
{
	bool in = shows(CONVERGENCE_MEAN, INNERVATED);
	bool out = shows(DIVERGENCE_MEAN, PROJECTING);

	return in && out ? TALLY_BOTH
	       : in      ? TALLY_IN
	       : out     ? TALLY_OUT
			 : TALLY_NONE;
}

static struct result
new_result(const struct measuring *m, uint32_t pathway)
{
	const struct cells *c = &m->edges->cells;
	const struct edge_pathway *way = &m->edges->pathway[pathway];
	const struct cells_population *from = &c->population[way->source];
	const struct cells_population *to = &c->population[way->target];
	struct result r = {.tally = tally_new(from, to, m->unit, sides())};
	size_t n = r.tally->na * r.tally->nb;

	r.gap_degree = zeros(shows(GAP_DEGREE_MEAN, GAP_DEGREE_MAX)
				     ? from->n * r.tally->nb
				     : 0,
			     sizeof *r.gap_degree);
	r.connections = zeros(n, sizeof *r.connections);
	r.reciprocal = zeros(n, sizeof *r.reciprocal);
	r.gap_pairs = zeros(n, sizeof *r.gap_pairs);
	r.overlap =
		from == to ? cells_overlap(from) : zeros(n, sizeof *r.overlap);
	r.spc_sum = zeros(n, sizeof *r.spc_sum);
	r.spc_squares = zeros(n, sizeof *r.spc_squares);
	r.spc_max = zeros(n, sizeof *r.spc_max);
	r.single = zeros(n, sizeof *r.single);
	r.seen = zeros(attribute ? n : 0, sizeof *r.seen);
	r.in = zeros(r.tally->nb * TALLY_TOGETHER, sizeof *r.in);
	return r;
}

/* What a part has: all that the results are made of. */
static void
keep(const struct measuring *m, uint32_t pathway)
{
	const struct result *r = &m->result[pathway];
	const struct tally *t = r->tally;
	const char *of = netpart_of(m->edges, pathway);
	struct part_sums *p = m->edges->part;
	size_t n = t->na * t->nb;

	PART_KEEP(p, PART_SUM, "rows", of, t->rows, n);
	PART_KEEP(p, PART_SUM, "synapses", of, t->synapses, n);
	PART_KEEP(p, PART_SUM, "autapses", of, t->autapses, n);
	PART_KEEP(p, PART_SUM, "connections", of, r->connections, n);
	PART_KEEP(p, PART_SUM, "reciprocal", of, r->reciprocal, n);
	PART_KEEP(p, PART_SUM, "gap_pairs", of, r->gap_pairs, n);
	PART_KEEP(p, PART_SUM, "spc_sum", of, r->spc_sum, n);
	PART_KEEP(p, PART_SUM, "spc_squares", of, r->spc_squares, n);
	PART_KEEP(p, PART_MOST, "spc_max", of, r->spc_max, n);
	if (shows(CONVERGENCE_MEAN, INNERVATED))
		PART_KEEP(p, PART_SUM, "in", of, t->in, t->target->n * t->na);
	if (shows(DIVERGENCE_MEAN, PROJECTING))
		PART_KEEP(p, PART_SUM, "out", of, t->out, t->source->n * t->nb);
	if (shows(GAP_DEGREE_MEAN, GAP_DEGREE_MAX))
		PART_KEEP(p, PART_SUM, "gap_degree", of, r->gap_degree,
			  t->source->n * t->nb);
	if (attribute)
		PART_KEEP(p, PART_TEXT, "seen", of, r->seen, n);
}

/* The pathways of a table become known as it is read. */
static void
follow_pathways(struct measuring *m)
{
	m->result = grow(m->result, &m->cap, m->edges->npathways,
			 sizeof *m->result);
	while (m->n < m->edges->npathways) {
		m->result[m->n] = new_result(m, (uint32_t)m->n);
		if (m->edges->part)
			keep(m, (uint32_t)m->n);
		m->n++;
	}
}

static void
see_attribute(struct result *r, const struct edge_batch *b)
{
	const uint16_t *from = r->tally->source->group[SOURCE];
	const uint16_t *to = r->tally->target->group[TARGET];
	char room[32];
	size_t i;

	for (i = 0; i < b->n; i++) {
		const char *s = reading_text(&b->attribute[i], room);

		if (!is_missing(s))
			label(&r->seen[from[b->source[i]] * r->tally->nb +
				       to[b->target[i]]],
			      s);
	}
}

static void
count_edges(struct measuring *m)
{
	struct edge_batch b;

	while (netpart_next(m->edges)) {
		follow_pathways(m);
		part_add(m->edges->part);
	}
	follow_pathways(m);
	while (edges_next(m->edges, &b)) {
		follow_pathways(m);
		tally_batch(m->result[b.pathway].tally, &b);
		if (m->pairs)
			pairs_batch(m->pairs, &b);
		if (b.attribute)
			see_attribute(&m->result[b.pathway], &b);
	}
}

static void
add_connections(struct result *r, size_t k, const struct pair_connection *c,
		uint64_t n)
{
	r->connections[k] += n;
	r->reciprocal[k] += c->both * n;
	r->spc_sum[k] += c->synapses * n;
	r->spc_squares[k] += (stats_wide)c->synapses * c->synapses * n;
	if (c->synapses > r->spc_max[k])
		r->spc_max[k] = c->synapses;
}

/* Most connections are of one synapse and have none back: to count those alone
 * takes 0.5 of the time. */
static void
count_connection(struct result *r, const struct pair_connection *c)
{
	struct tally *t = r->tally;
	size_t k = t->source->group[SOURCE][c->source] * t->nb +
		   t->target->group[TARGET][c->target];

	if (!c->both && c->synapses == 1)
		r->single[k]++;
	else
		add_connections(r, k, c, 1);
	if (t->unit == UNIT_CONNECTIONS)
		tally_connection(t, c->source, c->target);
}

static void
add_single(struct result *r)
{
	const struct pair_connection one = {.synapses = 1};
	size_t k;

	for (k = 0; k < r->tally->na * r->tally->nb; k++)
		if (r->single[k] > 0)
			add_connections(r, k, &one, r->single[k]);
}

/* The place of a pair of cells among the groups of a pathway. */
static size_t
place(const struct result *r, struct pair_cell from, struct pair_cell to)
{
	return (size_t)r->tally->source->group[SOURCE][from.at] * r->tally->nb +
	       r->tally->target->group[TARGET][to.at];
}

static struct result *
result_between(const struct measuring *m, struct pair_cell from,
	       struct pair_cell to)
{
	uint32_t k =
		edges_find_pathway(m->edges, from.population, to.population);

	return k == NO_LABEL ? NULL : &m->result[k];
}

/* Coupled cells are each other's partners. Where both directions are the same
 * place, as within a group, they are still one pair. */
static void
count_gap(const struct measuring *m, const struct pair_gap *p)
{
	struct result *there = result_between(m, p->low, p->high);
	struct result *back = result_between(m, p->high, p->low);
	size_t k = there ? place(there, p->low, p->high) : 0;
	size_t l = back ? place(back, p->high, p->low) : 0;

	if (there)
		there->gap_pairs[k]++;
	if (back && (back != there || k != l))
		back->gap_pairs[l]++;
	if (!shows(GAP_DEGREE_MEAN, GAP_DEGREE_MAX))
		return;
	if (there)
		there->gap_degree[p->low.at * there->tally->nb +
				  k % there->tally->nb]++;
	if (back)
		back->gap_degree[p->high.at * back->tally->nb +
				 l % back->tally->nb]++;
}

static void
count_pairs(struct measuring *m)
{
	struct pairs_batch b;
	size_t i;

	while (m->pairs && pairs_next(m->pairs, &b)) {
		for (i = 0; i < b.n; i++)
			count_connection(&m->result[b.connection[i].pathway],
					 &b.connection[i]);
		for (i = 0; i < b.ngaps; i++)
			count_gap(m, &b.gap[i]);
	}
	for (i = 0; i < m->n; i++)
		add_single(&m->result[i]);
}

/* One row of the table: groups a and b of a pathway. */
struct matrix_row {
	const struct measuring *m;
	const struct result *r;
	const struct edge_pathway *way;
	uint32_t a, b;
	double na, nb, pairs;
	double v[COLUMNS]; /* NaN is empty */
	struct tally_spread out[TALLY_TOGETHER], gap[TALLY_TOGETHER];
};

static void
set_spread(double *v, const struct tally_spread *s)
{
	v[CONVERGENCE_MEAN] = s->mean;
	v[CONVERGENCE_SD] = s->sd;
	v[CONVERGENCE_MIN] = s->min;
	v[CONVERGENCE_MAX] = s->max;
	v[CONVERGENCE_MEDIAN] = s->median;
	v[CONVERGENCE_NONZERO_MEAN] = s->nonzero_mean;
	v[INNERVATED] = (double)s->nonzero / (double)s->n;
}

/* Spreads are measured for TALLY_TOGETHER groups of partners at once, at the
 * first one of them: rows come by a, and those of each a by b. */
static const struct tally_spread *
spread_in(struct matrix_row *row)
{
	const struct tally *t = row->r->tally;
	struct tally_spread *s = &row->r->in[(size_t)row->b * TALLY_TOGETHER];
	size_t k = row->a % TALLY_TOGETHER;

	if (k == 0)
		tally_spreads((struct tally_columns){t->in + row->a, t->na,
						     t->na - row->a},
			      &t->target->member[TARGET], row->b, s);
	return &s[k];
}

static const struct tally_spread *
spread_out(const struct matrix_row *row, const uint32_t *counter,
	   struct tally_spread *s)
{
	const struct tally *t = row->r->tally;
	size_t k = row->b % TALLY_TOGETHER;

	if (k == 0)
		tally_spreads((struct tally_columns){counter + row->b, t->nb,
						     t->nb - row->b},
			      &t->source->member[SOURCE], row->a, s);
	return &s[k];
}

static void
measure_spreads(struct matrix_row *row)
{
	const struct tally_spread *s;

	if (shows(CONVERGENCE_MEAN, INNERVATED))
		set_spread(row->v, spread_in(row));
	if (shows(DIVERGENCE_MEAN, PROJECTING))
		set_spread(row->v + DIVERGENCE_MEAN - CONVERGENCE_MEAN,
			   spread_out(row, row->r->tally->out, row->out));
	if (shows(GAP_DEGREE_MEAN, GAP_DEGREE_MAX)) {
		s = spread_out(row, row->r->gap_degree, row->gap);
		row->v[GAP_DEGREE_MEAN] = s->mean;
		row->v[GAP_DEGREE_SD] = s->sd;
		row->v[GAP_DEGREE_MIN] = s->min;
		row->v[GAP_DEGREE_MAX] = s->max;
	}
}

/* Are a and b the same cells? */
static bool
is_within(const struct matrix_row *row, double common)
{
	return row->r->tally->same && common == row->na && common == row->nb;
}

static void
measure_pairs(struct matrix_row *row, size_t k)
{
	double *v = row->v, common = (double)row->r->overlap[k];
	uint64_t connections = row->r->connections[k];
	double n = (double)connections;
	double both = (double)row->r->reciprocal[k];
	double half = common * (common - 1) / 2;
	bool way_back = edges_find_pathway(row->m->edges, row->way->target,
					   row->way->source) != NO_LABEL;

	v[CONNECTIONS] = n;
	v[PROBABILITY] = row->pairs > 0 ? n / row->pairs : NAN;
	stats_wilson(n, row->pairs, stats_level,
		     &v[PROBABILITY_LOW]); /* and _HIGH */
	if (way_back && row->pairs > 0) {
		v[RECIPROCAL] = both / row->pairs;
		v[ONE_WAY] = v[PROBABILITY] - v[RECIPROCAL];
	}
	if (is_within(row, common) && half > 0) {
		v[PAIR_RECIPROCAL] = both / 2 / half;
		v[PAIR_ONE_WAY] = (n - both) / half;
		v[PAIR_CONNECTED] = (n - both / 2) / half;
	}
	v[GAP_PAIRS] = (double)row->r->gap_pairs[k];
	if (row->pairs - half > 0)
		v[GAP_PROBABILITY] = v[GAP_PAIRS] / (row->pairs - half);
	if (n == 0)
		return;
	v[SPC_MEAN] = (double)row->r->spc_sum[k] / n;
	v[SPC_MAX] = (double)row->r->spc_max[k];
	if (n > 1)
		v[SPC_SD] = stats_deviation(connections, row->r->spc_sum[k],
					    row->r->spc_squares[k]);
}

/* Every number of the table. */
static void
measure(struct matrix_row *row)
{
	const struct result *r = row->r;
	size_t k = row->a * r->tally->nb + row->b, i;

	for (i = 0; i < COLUMNS; i++)
		row->v[i] = NAN;
	row->na = (double)cells_group_size(r->tally->source, SOURCE, row->a);
	row->nb = (double)cells_group_size(r->tally->target, TARGET, row->b);
	row->pairs = row->na * row->nb - (double)r->overlap[k];
	row->v[ROWS] = (double)r->tally->rows[k];
	row->v[SYNAPSES] = (double)r->tally->synapses[k];
	row->v[AUTAPSES] = (double)r->tally->autapses[k];
	if (row->m->pairs)
		measure_pairs(row, k);
	measure_spreads(row);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The values seen, in alphabetical order: their order in the file is an
 * accident. */
static void
put_seen(const struct labels *seen)
{
	size_t i, length = 1;
	char *text, *to;

	if (seen->n > 0)
		qsort(seen->name, seen->n, sizeof *seen->name, by_text);
	for (i = 0; i < seen->n; i++)
		length += strlen(seen->name[i]) + 1;
	text = to = zeros(length, 1);
	for (i = 0; i < seen->n; i++)
		to = stpcpy(stpcpy(to, i ? "|" : ""), seen->name[i]);
	out_text(text);
	free(text);
}

static void
write_row(const struct matrix_row *row, const struct edge_labels *labels)
{
	const struct tally *t = row->r->tally;
	size_t k;

	out_text(edges_label(labels, row->way->source, SOURCE, row->a));
	out_text(edges_label(labels, row->way->target, TARGET, row->b));
	out_real(row->na);
	out_real(row->nb);
	out_real(row->pairs);
	for (k = 0; k < COLUMNS; k++)
		if (shown[k])
			out_real(row->v[k]);
	if (attribute)
		put_seen(&row->r->seen[row->a * t->nb + row->b]);
	out_end();
}

/* A row for each pair of groups, pathway by pathway. */
static void
write_long(const struct measuring *m, const uint32_t *order,
	   const struct edge_labels *labels)
{
	struct matrix_row row = {.m = m};
	const char *header[COLUMNS + 8] = {"source", "target", "n_source",
					   "n_target", "pairs"};
	size_t k, n = 5;

	for (k = 0; k < COLUMNS; k++)
		if (shown[k])
			header[n++] = columns[k].name;
	for (k = 0; k < n; k++)
		out_text(header[k]);
	if (attribute)
		property_put_name(attribute, header);
	out_end();
	for (k = 0; k < m->n; k++) {
		row.r = &m->result[order[k]];
		row.way = &m->edges->pathway[order[k]];
		for (row.a = 0; row.a < row.r->tally->na; row.a++)
			for (row.b = 0; row.b < row.r->tally->nb; row.b++) {
				measure(&row);
				write_row(&row, labels);
			}
	}
}

static void
write_wide_row(const struct measuring *m, struct matrix_row *row,
	       uint32_t source, enum statistic shows)
{
	const struct cells *c = &m->edges->cells;
	uint32_t t, k;

	for (t = 0; t < c->n; t++) {
		if (!edges_is_end(m->edges, t, TARGET))
			continue;
		k = edges_find_pathway(m->edges, source, t);
		row->r = k == NO_LABEL ? NULL : &m->result[k];
		row->way = k == NO_LABEL ? NULL : &m->edges->pathway[k];
		for (row->b = 0; row->b < c->population[t].label[TARGET].n;
		     row->b++) {
			if (row->r)
				measure(row);
			out_real(row->r ? row->v[shows] : NAN);
		}
	}
}

/* A row for each group of sources, a column for each of targets. */
static void
write_wide(const struct measuring *m, const struct edge_labels *labels)
{
	const struct cells *c = &m->edges->cells;
	struct matrix_row row = {.m = m};
	uint32_t p, g;
	size_t column;

	for (column = 0; strcmp(columns[column].name, wide) != 0; column++)
		;
	out_text("source");
	for (p = 0; p < c->n; p++)
		for (g = 0; edges_is_end(m->edges, p, TARGET) &&
			    g < c->population[p].label[TARGET].n;
		     g++)
			out_text(edges_label(labels, p, TARGET, g));
	out_end();
	for (p = 0; p < c->n; p++)
		for (row.a = 0; edges_is_end(m->edges, p, SOURCE) &&
				row.a < c->population[p].label[SOURCE].n;
		     row.a++) {
			out_text(edges_label(labels, p, SOURCE, row.a));
			write_wide_row(m, &row, p, (enum statistic)column);
			out_end();
		}
}

static void
free_results(struct measuring *m)
{
	size_t k, i, n;

	for (k = 0; k < m->n; k++) {
		struct result *r = &m->result[k];

		n = r->tally->na * r->tally->nb;
		for (i = 0; attribute && i < n; i++)
			labels_free(&r->seen[i]);
		tally_free(r->tally);
		free(r->gap_degree);
		free(r->connections);
		free(r->reciprocal);
		free(r->gap_pairs);
		free(r->overlap);
		free(r->spc_sum);
		free(r->spc_squares);
		free(r->spc_max);
		free(r->single);
		free(r->seen);
		free(r->in);
	}
	free(m->result);
}

static void
write_table(struct measuring *m)
{
	uint32_t *order = edges_sort_pathways(m->edges);
	struct edge_labels *labels = edges_labels(m->edges);

	if (wide)
		write_wide(m, labels);
	else
		write_long(m, order, labels);
	edges_free_labels(labels);
	free(order);
}

int
main(int argc, char **argv)
{
	struct measuring m = {0};
	struct edge_needs needs = {.gap = true};
	bool weighted, pairs;
	size_t k;

	argv = start(argc, argv, &tool);
	stats_check_level();
	m.unit = tally_unit();
	if (wide)
		check_wide();
	choose_stats();
	weighted = shows(SPC_MEAN, SPC_MAX);
	pairs = weighted || shows(CONNECTIONS, CONNECTIONS) ||
		shows(PROBABILITY, PAIR_RECIPROCAL) ||
		shows(GAP_PAIRS, GAP_DEGREE_MAX) || m.unit == UNIT_CONNECTIONS;
	needs.synapses =
		pairs || shows(SYNAPSES, SYNAPSES) || m.unit == UNIT_SYNAPSES;
	needs.attribute = attribute;
	needs.pairs = pairs;
	m.edges = edges_open(argv[0], needs);
	m.pairs = pairs ? pairs_new(m.edges, weighted) : NULL;
	count_edges(&m);
	count_pairs(&m);
	for (k = 0; k < m.n; k++)
		tally_finish(m.result[k].tally);
	if (!netpart_write(m.edges))
		write_table(&m);
	if (m.pairs)
		pairs_free(m.pairs);
	free_results(&m);
	edges_close(m.edges);
	return WORKED;
}
