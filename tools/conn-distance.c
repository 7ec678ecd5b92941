/* conn-distance -- relate connections to the distance between cells
 *
 * A probability by distance is a fraction of two counts that have little in
 * common: the connections come out of the sorted pairs of the edges, one at a
 * time, and the pairs that could be connected, of which there may be 10^10, are
 * counted by grid.h without looking at most of them.  Both put a distance into
 * bins by the same squares, so that no connection falls into a bin without its
 * pair.  The other two tables, of one source and of an attribute, are as many
 * rows as there are edges. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bins.h"
#include "connect/grid.h"
#include "network/edges.h"
#include "network/pairs.h"
#include "out.h"
#include "stats.h"

enum { BINS = 8 }; /* that there are by default */

static const char *axes = "xyz", *edge_list;
static const char *value, *only[2];
static double width = NAN;
static int64_t source_id = INT64_MIN;

static const struct opt opts[] = {
	OPT_TABLE(edge_opts),
	OPT_STR(0, "axes", "letters", &axes,
		"measure distance along these of x, y and z (xyz)"),
	OPT_NUM_IN(0, "width", "um", &width, "(0,inf)", "make bins this wide"),
	OPT_STR(0, "bin-edges", "list", &edge_list,
		"make bins between these distances, separated by commas"),
	OPT_TABLE(stats_opts),
	OPT_STR(0, "source", "group", &only[SOURCE],
		"only connections from this group"),
	OPT_STR(0, "target", "group", &only[TARGET],
		"only connections to this group"),
	OPT_INT(0, "source-id", "id", &source_id,
		"list the targets of this cell instead"),
	OPT_STR(0, "value", "name", &value,
		"list the edges with this attribute instead"),
	OPT_TABLE(edge_gap_opts),
	OPT_TABLE(pair_opts),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("source-id value"),
	OPT_EXCLUDE("source-id source"),
	OPT_EXCLUDE("width bin-edges"),
	OPT_NOT_WITH("source-id value", "width bin-edges level"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "relate connections to the distance between cells",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* What the options ask for. */
static bool along[3];     /* x, y, z */
static struct bins asked; /* by --bin-edges */

static void
choose_axes(void)
{
	size_t n = 0;
	int k;

	for (k = 0; k < 3; k++) {
		along[k] = strchr(axes, "xyz"[k]) != NULL;
		n += along[k] ? 1 : 0;
	}
	if (n == 0 || n < strlen(axes))
		misuse("--axes: not some of x, y and z, each once: '%s'", axes);
}

static void
choose_bin_edges(void)
{
	asked = bins_parse_edges("bin-edges", edge_list);
	if (asked.low < 0)
		misuse("--bin-edges: below 0: '%s'", edge_list);
}

/* The columns that say what an edge is are no attributes of it: a table has
 * them once. */
static void
check_value(void)
{
	static const char *const taken[] = {
		"source_node_id", "target_node_id", "source_population",
		"target_population", "is_gap_junction"};
	size_t k;

	for (k = 0; k < LEN(taken); k++)
		if (!strcmp(value, taken[k]))
			misuse("--value: '%s' is not an attribute with "
			       "numbers",
			       value);
}

static struct grid_points
points_of(const struct cells_population *p)
{
	struct grid_points points = {.n = p->n};
	int k;

	for (k = 0; k < 3; k++)
		points.at[k] = along[k] ? p->at[k] : NULL;
	return points;
}

static uint32_t
group_of(const struct cells_population *p, enum cells_side side, uint32_t cell)
{
	return p->group[side][cell];
}

static _Noreturn void
no_position(const struct cells_population *p, uint32_t cell, const char *why)
{
	long long id = ids_at(p->ids, cell);

	if (*p->name)
		die("population '%s': node %lld has no position: %s", p->name,
		    id, why);
	die("node %lld has no position: %s", id, why);
}

/* The end of the tool if a cell has no position. */
static void
check_cell(const struct cells_population *p, uint32_t cell)
{
	static const char *const without[] = {"no x", "no y", "no z"};
	int k;

	for (k = 0; k < 3; k++) {
		double x = along[k] ? p->at[k][cell] : 0;

		if (!isfinite(x))
			no_position(p, cell,
				    isnan(x) ? without[k] : "it is infinite");
	}
}

/* The two populations of a pathway. */
struct ends {
	const struct cells_population *from, *to;
	struct grid_points source, target;
};

static struct ends
ends_of(const struct edges *e, uint32_t pathway)
{
	const struct edge_pathway *way = &e->pathway[pathway];
	const struct cells_population *from = &e->cells.population[way->source];
	const struct cells_population *to = &e->cells.population[way->target];

	return (struct ends){from, to, points_of(from), points_of(to)};
}

static double
distance(const struct ends *ends, uint32_t source, uint32_t target)
{
	double square =
		grid_square(&ends->source, source, &ends->target, target);

	if (!isfinite(square)) {
		check_cell(ends->from, source);
		check_cell(ends->to, target);
		die("nodes %lld and %lld: too far apart for a number",
		    (long long)ids_at(ends->from->ids, source),
		    (long long)ids_at(ends->to->ids, target));
	}
	return sqrt(square);
}

/* Do --source and --target let a group through? */
static bool
is_chosen(const struct edge_labels *l, uint32_t population,
	  enum cells_side side, uint32_t group)
{
	return !only[side] ||
	       !strcmp(only[side], edges_label(l, population, side, group));
}

/* Virtual cells mostly have no positions at all, which is no fault of them. */
static bool
is_placed(const struct cells_population *p)
{
	size_t i;
	int k;

	for (i = 0; i < p->n; i++)
		for (k = 0; k < 3; k++)
			if (along[k] && !isnan(p->at[k][i]))
				return true;
	return p->n == 0;
}

static bool
any_chosen(const struct edges *e, const struct edge_labels *l,
	   uint32_t population, enum cells_side side)
{
	const struct labels *groups =
		&e->cells.population[population].label[side];
	uint32_t g;

	for (g = 0; g < groups->n; g++)
		if (is_chosen(l, population, side, g))
			return true;
	return false;
}

/* A group that no pathway has is a name misspelt. */
static void
check_group(const struct edges *e, const struct edge_labels *l,
	    enum cells_side side)
{
	const char *option = side == SOURCE ? "source" : "target";
	size_t k;

	for (k = 0; k < e->npathways; k++)
		if (any_chosen(e, l,
			       side == SOURCE ? e->pathway[k].source
					      : e->pathway[k].target,
			       side))
			return;
	if (only[side] && e->npathways > 0)
		die("--%s: there is no such group: '%s'", option, only[side]);
}

static void
check_positions(const struct edges *e, const struct edge_labels *l,
		uint32_t population, enum cells_side side)
{
	const struct cells_population *p = &e->cells.population[population];
	uint32_t i;

	for (i = 0; i < p->n; i++)
		if (is_chosen(l, population, side, group_of(p, side, i)))
			check_cell(p, i);
}

/* Are both ends of a pathway asked for, and somewhere? */
static bool
is_measured(const struct edges *e, const struct edge_labels *l,
	    const struct edge_pathway *way)
{
	return any_chosen(e, l, way->source, SOURCE) &&
	       any_chosen(e, l, way->target, TARGET) &&
	       is_placed(&e->cells.population[way->source]) &&
	       is_placed(&e->cells.population[way->target]);
}

/* A population without positions is left out if another one has some. */
static void
say_left_out(const struct edges *e)
{
	const struct cells_population *p = e->cells.population;
	size_t i;

	for (i = 0; i < e->cells.n; i++)
		if (!is_placed(&p[i]))
			warn("population '%s' has no positions: left out",
			     p[i].name);
}

/* Every pair of cells counts, so that all of them need a position.  A file is
 * checked before it is read; of a table it is known only afterwards what
 * populations it is about. */
static void
check_cells(const struct edges *e)
{
	struct edge_labels *l = edges_labels(e);
	uint32_t *order = edges_sort_pathways(e);
	size_t k, measured = 0;

	check_group(e, l, SOURCE);
	check_group(e, l, TARGET);
	for (k = 0; k < e->npathways; k++)
		measured += is_measured(e, l, &e->pathway[k]) ? 1 : 0;
	for (k = 0; k < e->npathways; k++) {
		const struct edge_pathway *way = &e->pathway[order[k]];

		if (!any_chosen(e, l, way->source, SOURCE) ||
		    !any_chosen(e, l, way->target, TARGET) ||
		    (measured > 0 && !is_measured(e, l, way)))
			continue;
		check_positions(e, l, way->source, SOURCE);
		check_positions(e, l, way->target, TARGET);
	}
	free(order);
	edges_free_labels(l);
}

/* ---- By distance ---- */

/* What there is between two groups, bin by bin. */
struct between {
	bool chosen;
	struct grid_bins bins;
	uint64_t *pairs, *connections;
};

/* A pathway, and its groups' points, group by group; the same for sources and
 * targets if they are the same groups. */
struct way {
	struct ends ends;
	bool same;
	double *at[2][3];
	size_t na, nb;
	struct between *between; /* [a * nb + b] */
};

static void
arrange_points(struct way *w, enum cells_side side)
{
	const struct cells_population *p =
		side == SOURCE ? w->ends.from : w->ends.to;
	size_t i;
	int k;

	for (k = 0; k < 3; k++) {
		if (!along[k])
			continue;
		w->at[side][k] = zeros(p->n, sizeof *w->at[side][k]);
		for (i = 0; i < p->n; i++)
			w->at[side][k][i] = p->at[k][p->member[side].cell[i]];
	}
}

static struct grid_points
group_points(const struct way *w, enum cells_side side, uint32_t group)
{
	const struct cells_population *p =
		side == SOURCE ? w->ends.from : w->ends.to;
	struct grid_points points = {.n = cells_group_size(p, side, group)};
	int k;

	for (k = 0; k < 3; k++)
		if (along[k])
			points.at[k] = w->at[w->same ? SOURCE : side][k] +
				       p->member[side].begin[group];
	return points;
}

/* How many bins of --width reach so far; at least one. */
static size_t
count_bins(double greatest)
{
	size_t n;

	if (isnan(width))
		return greatest > 0 ? BINS : 1;
	if (greatest / width > BINS_MOST)
		misuse("--width: more than %d bins", BINS_MOST);
	n = (size_t)(greatest / width);
	while ((double)n * width < greatest)
		n++;
	return n > 0 ? n : 1;
}

static struct grid_bins
choose_bins(const struct grid_points *a, const struct grid_points *b)
{
	double greatest, *edge;
	struct grid_bins bins;
	size_t n, k;

	if (asked.n > 0)
		return grid_make_bins(asked.edge, asked.n);
	greatest = sqrt(grid_greatest_square(a, b));
	if (!isfinite(greatest))
		die("cells are too far apart for a number");
	n = count_bins(greatest);
	edge = zeros(n + 1, sizeof *edge);
	for (k = 0; k <= n; k++)
		edge[k] = isnan(width) ? greatest * ((double)k / (double)n)
				       : (double)k * width;
	bins = grid_make_bins(edge, n);
	free(edge);
	return bins;
}

static void
set_bins(struct between *g, struct grid_bins bins)
{
	g->chosen = true;
	g->bins = bins;
	g->pairs = zeros(bins.n, sizeof *g->pairs);
	g->connections = zeros(bins.n, sizeof *g->connections);
}

/* The pairs that could be connected: all but those of a cell and itself. */
static void
count_possible(const struct way *w, uint32_t a, uint32_t b, uint64_t overlap)
{
	struct between *g = &w->between[a * w->nb + b];
	struct grid_points from = group_points(w, SOURCE, a);
	struct grid_points to = group_points(w, TARGET, b);
	size_t bin;

	set_bins(g, choose_bins(&from, &to));
	grid_count(&from, &to, &g->bins, g->pairs);
	bin = grid_bin(&g->bins, 0);
	if (bin < g->bins.n)
		g->pairs[bin] -= overlap;
}

/* It is as far back as there, to the last bit, which saves half the time: true
 * if b to a has been counted. */
static bool
copy_possible(const struct way *w, uint32_t a, uint32_t b)
{
	const struct between *back = &w->between[b * w->nb + a];
	struct between *g = &w->between[a * w->nb + b];

	if (a <= b || !back->chosen)
		return false;
	set_bins(g, grid_make_bins(back->bins.edge, back->bins.n));
	memcpy(g->pairs, back->pairs, g->bins.n * sizeof *g->pairs);
	return true;
}

static bool
same_groups(const struct cells_population *p)
{
	return p->n == 0 || memcmp(p->group[SOURCE], p->group[TARGET],
				   p->n * sizeof *p->group[SOURCE]) == 0;
}

static struct way
new_way(const struct edges *e, uint32_t pathway, const struct edge_labels *l)
{
	const struct edge_pathway *p = &e->pathway[pathway];
	struct way w = {.ends = ends_of(e, pathway)};
	uint64_t *overlap = NULL;
	uint32_t a, b;

	w.na = w.ends.from->label[SOURCE].n;
	w.nb = w.ends.to->label[TARGET].n;
	w.between = zeros(w.na * w.nb, sizeof *w.between);
	w.same = p->source == p->target && same_groups(w.ends.from);
	arrange_points(&w, SOURCE);
	if (!w.same)
		arrange_points(&w, TARGET);
	if (p->source == p->target)
		overlap = cells_overlap(w.ends.from);
	for (a = 0; is_measured(e, l, p) && a < w.na; a++)
		for (b = 0; b < w.nb; b++)
			if (is_chosen(l, p->source, SOURCE, a) &&
			    is_chosen(l, p->target, TARGET, b) &&
			    !(w.same && copy_possible(&w, a, b)))
				count_possible(&w, a, b,
					       overlap ? overlap[a * w.nb + b]
						       : 0);
	free(overlap);
	return w;
}

static void
free_way(struct way *w)
{
	size_t k;

	for (k = 0; k < w->na * w->nb; k++) {
		grid_free_bins(&w->between[k].bins);
		free(w->between[k].pairs);
		free(w->between[k].connections);
	}
	for (k = 0; k < 3; k++) {
		free(w->at[SOURCE][k]);
		free(w->at[TARGET][k]);
	}
	free(w->between);
}

static void
count_connection(const struct way *w, const struct pair_connection *c)
{
	uint32_t a = group_of(w->ends.from, SOURCE, c->source);
	uint32_t b = group_of(w->ends.to, TARGET, c->target);
	struct between *g = &w->between[a * w->nb + b];
	size_t bin;

	if (!g->chosen)
		return;
	bin = grid_bin(&g->bins, grid_square(&w->ends.source, c->source,
					     &w->ends.target, c->target));
	if (bin < g->bins.n)
		g->connections[bin]++;
}

static void
count_connections(struct pairs *pairs, const struct way *way)
{
	struct pair_connection c[2];
	struct pair p;
	size_t i, n;

	while (pairs_next(pairs, &p)) {
		n = pair_connections(pairs, &p, c);
		for (i = 0; i < n; i++)
			count_connection(&way[c[i].pathway], &c[i]);
	}
}

static void
write_bins(const struct between *g, const char *source, const char *target)
{
	double interval[2];
	size_t k;

	for (k = 0; k < g->bins.n; k++) {
		double pairs = (double)g->pairs[k];
		double n = (double)g->connections[k];

		stats_wilson(n, pairs, stats_level(), interval);
		out_text(source);
		out_text(target);
		out_num(g->bins.edge[k]);
		out_num(g->bins.edge[k + 1]);
		out_int((int64_t)g->pairs[k]);
		out_int((int64_t)g->connections[k]);
		out_real(pairs > 0 ? n / pairs : NAN);
		out_real(interval[0]);
		out_real(interval[1]);
		out_end();
	}
}

static void
write_way(const struct way *w, const struct edge_pathway *p,
	  const struct edge_labels *l)
{
	uint32_t a, b;

	for (a = 0; a < w->na; a++)
		for (b = 0; b < w->nb; b++)
			if (w->between[a * w->nb + b].chosen)
				write_bins(
					&w->between[a * w->nb + b],
					edges_label(l, p->source, SOURCE, a),
					edges_label(l, p->target, TARGET, b));
}

static void
write_table(const struct edges *e, struct pairs *pairs)
{
	struct edge_labels *labels = edges_labels(e);
	uint32_t *order = edges_sort_pathways(e), k;
	struct way *way = zeros(e->npathways, sizeof *way);

	for (k = 0; k < e->npathways; k++)
		way[k] = new_way(e, k, labels);
	count_connections(pairs, way);
	out_header("source", "target", "distance_low_um", "distance_high_um",
		   "pairs", "connections", "probability", "low", "high");
	for (k = 0; k < e->npathways; k++)
		write_way(&way[order[k]], &e->pathway[order[k]], labels);
	for (k = 0; k < e->npathways; k++)
		free_way(&way[k]);
	free(way);
	free(order);
	edges_free_labels(labels);
}

static void
by_distance(struct edges *e)
{
	struct pairs *pairs = pairs_new(e, false);
	struct edge_batch b;

	check_cells(e);
	while (edges_next(e, &b))
		pairs_batch(pairs, &b);
	check_cells(e);
	say_left_out(e);
	write_table(e, pairs);
	pairs_free(pairs);
}

/* ---- Targets of one source ---- */

struct found {
	double distance;
	int64_t id;
	uint32_t cell;
};

/* By target cell. */
struct targets {
	uint32_t source;
	uint64_t *rows, *synapses;
};

static bool
is_chemical(const struct edge_batch *b, size_t i)
{
	return !b->apart || !b->apart[i];
}

/* An id is that of a cell only where the population is known: of a table with
 * columns for it, when there has been an edge. */
static bool
find_source(const struct edges *e, struct targets *t)
{
	const struct cells_population *p;

	if (e->npathways > 1)
		misuse("--source-id: the edges are between more than one pair "
		       "of populations");
	if (e->npathways == 0 || t->rows)
		return e->npathways == 1;
	p = &e->cells.population[e->pathway[0].source];
	t->source = ids_find(p->ids, source_id);
	if (t->source == NO_CELL)
		die("--source-id: there is no node %lld", (long long)source_id);
	p = &e->cells.population[e->pathway[0].target];
	t->rows = zeros(p->n + 1, sizeof *t->rows);
	t->synapses = zeros(p->n + 1, sizeof *t->synapses);
	return true;
}

static void
count_targets(struct targets *t, const struct edge_batch *b)
{
	size_t i;

	for (i = 0; i < b->n; i++) {
		if (b->source[i] != t->source || !is_chemical(b, i))
			continue;
		t->rows[b->target[i]]++;
		t->synapses[b->target[i]] += b->synapses ? b->synapses[i] : 1;
	}
}

static int
nearer(const void *a, const void *b)
{
	const struct found *f = a, *g = b;

	if (f->distance != g->distance)
		return f->distance < g->distance ? -1 : 1;
	return (f->id > g->id) - (f->id < g->id);
}

static struct found *
sort_targets(const struct edges *e, const struct edge_labels *l,
	     const struct targets *t, size_t *n)
{
	struct ends ends = ends_of(e, 0);
	struct found *found = zeros(ends.to->n, sizeof *found);
	uint32_t i;

	*n = 0;
	for (i = 0; i < ends.to->n; i++) {
		if (t->rows[i] == 0 ||
		    !is_chosen(l, e->pathway[0].target, TARGET,
			       group_of(ends.to, TARGET, i)))
			continue;
		found[*n].distance = distance(&ends, t->source, i);
		found[*n].id = ids_at(ends.to->ids, i);
		found[(*n)++].cell = i;
	}
	if (*n > 0)
		qsort(found, *n, sizeof *found, nearer);
	return found;
}

static void
write_targets(const struct edges *e, const struct targets *t)
{
	struct edge_labels *l = edges_labels(e);
	uint32_t to = e->pathway[0].target;
	const struct cells_population *p = &e->cells.population[to];
	struct found *found;
	size_t n, k;

	check_group(e, l, TARGET);
	found = sort_targets(e, l, t, &n);
	for (k = 0; k < n; k++) {
		uint32_t cell = found[k].cell;

		out_int(source_id);
		out_int(found[k].id);
		out_text(edges_label(l, to, TARGET, group_of(p, TARGET, cell)));
		out_num(found[k].distance);
		out_int((int64_t)t->rows[cell]);
		out_int((int64_t)t->synapses[cell]);
		out_end();
	}
	free(found);
	edges_free_labels(l);
}

static void
of_source(struct edges *e)
{
	struct targets t = {0};
	struct edge_batch b;

	find_source(e, &t);
	while (edges_next(e, &b) && find_source(e, &t))
		count_targets(&t, &b);
	out_header("source_node_id", "target_node_id", "group", "distance_um",
		   "rows", "synapses");
	if (t.rows)
		write_targets(e, &t);
	free(t.rows);
	free(t.synapses);
}

/* ---- Edges with an attribute ---- */

static void
write_value(const struct edges *e, const struct edge_labels *l,
	    const struct edge_batch *b, size_t i)
{
	const struct edge_pathway *way = &e->pathway[b->pathway];
	struct ends ends = ends_of(e, b->pathway);
	uint32_t s = b->source[i], t = b->target[i];
	uint32_t from = group_of(ends.from, SOURCE, s);
	uint32_t to = group_of(ends.to, TARGET, t);

	if (!is_chosen(l, way->source, SOURCE, from) ||
	    !is_chosen(l, way->target, TARGET, to))
		return;
	out_text(edges_label(l, way->source, SOURCE, from));
	out_text(edges_label(l, way->target, TARGET, to));
	out_int(ids_at(ends.from->ids, s));
	out_int(ids_at(ends.to->ids, t));
	out_num(distance(&ends, s, t));
	out_real(b->number[i]);
	out_end();
}

/* Rows are written as they are read, so that the labels have to be known before
 * the pathways are.  A file says which those are; with a table that has columns
 * for populations, all populations of the nodes are taken for shown. */
static struct edges
foresee(const struct edges *e)
{
	struct edges seen = *e;
	uint32_t k;

	if (e->npathways > 0)
		return seen;
	seen.npathways = e->cells.n;
	seen.pathway = zeros(e->cells.n, sizeof *seen.pathway);
	for (k = 0; k < e->cells.n; k++)
		seen.pathway[k] = (struct edge_pathway){k, k};
	return seen;
}

static void
of_edges(struct edges *e)
{
	struct edges seen = foresee(e);
	struct edge_labels *l = edges_labels(&seen);
	struct edge_batch b;
	size_t i;

	check_group(&seen, l, SOURCE);
	check_group(&seen, l, TARGET);
	out_header("source", "target", "source_node_id", "target_node_id",
		   "distance_um", value);
	while (edges_next(e, &b))
		for (i = 0; i < b.n; i++)
			if (is_chemical(&b, i))
				write_value(e, l, &b, i);
	edges_free_labels(l);
	if (seen.pathway != e->pathway)
		free(seen.pathway);
}

int
main(int argc, char **argv)
{
	struct edge_needs needs = {.gap = true, .positions = true};
	struct edges *e;

	argv = start(argc, argv, &tool);
	choose_axes();
	if (edge_list)
		choose_bin_edges();
	if (value)
		check_value();
	needs.synapses = !value;
	needs.number = value;
	e = edges_open(argv[0], needs);
	if (source_id != INT64_MIN)
		of_source(e);
	else if (value)
		of_edges(e);
	else
		by_distance(e);
	edges_close(e);
	return WORKED;
}
