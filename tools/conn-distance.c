/* conn-distance -- relate connections to the distance between cells
 *
 * A probability by distance is a fraction of two counts that have little in
 * common: the connections come out of the sorted pairs of the edges, one at a
 * time, and the pairs that could be connected, of which there may be 10^10, are
 * counted by grid.h without looking at most of them.  Both put a distance into
 * bins by the same squares, so that no connection falls into a bin without its
 * pair. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connect/along.h"
#include "connect/grid.h"
#include "measure/bins.h"
#include "measure/stats.h"
#include "network/edges.h"
#include "network/netpart.h"
#include "network/pairs.h"
#include "out.h"
#include "sonata/spill.h"

enum { BINS = 8 }; /* that there are by default */

static const char *edge_list, *only[2];
static double width = NAN;

static const struct opt opts[] = {
	OPT_TABLE(edge_opts),
	OPT_TABLE(along_opts),
	OPT_NUM_IN(0, "width", "um", &width, "(0,inf)", "make bins this wide"),
	OPT_STR(0, "bin-edges", "list", &edge_list,
		"make bins between these, separated by commas"),
	OPT_TABLE(stats_opts),
	OPT_STR(0, "source", "group", &only[SOURCE],
		"only connections from this group"),
	OPT_STR(0, "target", "group", &only[TARGET],
		"only connections to this group"),
	OPT_TABLE(edge_gap_opts),
	OPT_TABLE(part_opts),
	OPT_TABLE(spill_opts_32M),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("width bin-edges"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "relate connections to the distance between cells",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* What the options ask for. */

static struct bins asked; /* by --bin-edges */
static const char *along; /* axes of distance, some of "xyz" */

static void
choose_bin_edges(void)
{
	asked = bins_parse_edges("bin-edges", edge_list);
	if (asked.low < 0)
		misuse("--bin-edges: below 0: '%s'", edge_list);
}

/* Do --source and --target let a group through? */
static bool
is_chosen(const struct edge_labels *l, uint32_t population,
	  enum cells_side side, uint32_t group)
{
	return !only[side] ||
	       !strcmp(only[side], edges_label(l, population, side, group));
}

/* Has any cell a position along an axis? */
static bool
has_axis(const struct cells_population *p, size_t axis)
{
	size_t i;

	for (i = 0; p->at[axis] && i < p->n; i++)
		if (!isnan(p->at[axis][i]))
			return true;
	return p->n == 0;
}

/* And along any?  Most virtual cells have none, which is no mistake. */
static bool
is_placed(const struct cells_population *p)
{
	return has_axis(p, 0) || has_axis(p, 1) || has_axis(p, 2);
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

/* Ends the tool if no pathway has a group: its name is misspelt. */
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
		if (is_chosen(l, population, side, p->group[side][i]))
			nodes_need_position(
				&e->cells.nodes->population[population], i,
				along, "--axes xy");
}

/* Does a pathway have groups that are asked for, and positions, at both ends?
 */
static bool
is_measured(const struct edges *e, const struct edge_labels *l,
	    const struct edge_pathway *way)
{
	return any_chosen(e, l, way->source, SOURCE) &&
	       any_chosen(e, l, way->target, TARGET) &&
	       is_placed(&e->cells.population[way->source]) &&
	       is_placed(&e->cells.population[way->target]);
}

/* The first population of a pathway that is measured that lacks an axis, or
 * NULL. */
static const struct cells_population *
find_flat(const struct edges *e, const struct edge_labels *l, size_t axis)
{
	const struct cells_population *p = e->cells.population;
	size_t k;

	for (k = 0; k < e->npathways; k++) {
		const struct edge_pathway *way = &e->pathway[k];

		if (!is_measured(e, l, way))
			continue;
		if (!has_axis(&p[way->source], axis))
			return &p[way->source];
		if (!has_axis(&p[way->target], axis))
			return &p[way->target];
	}
	return NULL;
}

/* Without --axes, distance is along those that all populations have: virtual
 * cells often have no z. */
static void
leave_axes_out(struct edges *e, const struct edge_labels *l)
{
	const struct cells_population *flat[NODE_AXES] = {NULL};
	static char left[NODE_AXES + 1];
	size_t k, i, n = 0;

	for (k = 0; k < NODE_AXES && !along_is_asked(); k++)
		if (strstr(along, node_axis[k]) &&
		    !(flat[k] = find_flat(e, l, k)))
			left[n++] = *node_axis[k];
	left[n] = '\0'; /* we may have been here before */
	if (n == 0 || n == strlen(along))
		return;
	along = left;
	for (k = 0; k < NODE_AXES; k++) {
		if (flat[k])
			warn("population '%s' has no '%s': all distances are "
			     "along %s, as by --axes %s",
			     flat[k]->name, node_axis[k], left, left);
		for (i = 0; flat[k] && i < e->cells.n; i++)
			e->cells.population[i].at[k] = NULL;
	}
}

/* Reports populations without positions, which are left out if another one has
 * some. */
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

/* Ends the tool if a cell has no position: every pair of cells counts.  A file
 * is checked before it is read; the populations of a table are known only
 * afterwards. */
static void
check_cells(struct edges *e)
{
	struct edge_labels *l = edges_labels(e);
	uint32_t *order = edges_sort_pathways(e);
	size_t k, measured = 0;

	check_group(e, l, SOURCE);
	check_group(e, l, TARGET);
	leave_axes_out(e, l);
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

/* The pairs and connections of two groups, bin by bin. */
struct between {
	bool chosen;
	struct grid_bins bins;
	uint64_t *pairs, *connections;
};

/* A pathway, and the points of its groups, group by group; sources and targets
 * share them if they are the same groups. */
struct way {
	const struct cells_population *end[2];
	struct grid_points points[2];
	bool same;
	double *at[2][3];
	size_t na, nb;
	struct between *between; /* [a * nb + b] */
};

static void
arrange_points(struct way *w, enum cells_side side)
{
	const struct cells_population *p = w->end[side];
	size_t i;
	int k;

	for (k = 0; k < 3; k++) {
		if (!p->at[k])
			continue;
		w->at[side][k] = zeros(p->n, sizeof *w->at[side][k]);
		for (i = 0; i < p->n; i++)
			w->at[side][k][i] = p->at[k][p->member[side].cell[i]];
	}
}

static struct grid_points
group_points(const struct way *w, enum cells_side side, uint32_t group)
{
	const struct cells_population *p = w->end[side];
	struct grid_points points = {.n = cells_group_size(p, side, group)};
	int k;

	for (k = 0; k < 3; k++)
		if (p->at[k])
			points.at[k] = w->at[w->same ? SOURCE : side][k] +
				       p->member[side].begin[group];
	return points;
}

/* Gives the number of bins that reach so far, at least one. */
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

/* Counts the pairs that could be connected: all but those of a cell and
 * itself.  Of several parts the first one has them. */
static void
count_possible(const struct way *w, uint32_t a, uint32_t b, uint64_t overlap)
{
	struct between *g = &w->between[a * w->nb + b];
	struct grid_points from = group_points(w, SOURCE, a);
	struct grid_points to = group_points(w, TARGET, b);
	size_t bin;

	set_bins(g, choose_bins(&from, &to));
	if (part_shard()->part > 0)
		return;
	grid_count(&from, &to, &g->bins, g->pairs);
	bin = grid_bin(&g->bins, 0);
	if (bin < g->bins.n)
		g->pairs[bin] -= overlap;
}

/* Copies the pairs of b to a, if they have been counted: the way back is as
 * long as the way there, to the last bit, which saves half the time. */
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

static struct grid_points
points_of(const struct cells_population *p)
{
	return (struct grid_points){{p->at[0], p->at[1], p->at[2]}, p->n};
}

static bool
same_groups(const struct cells_population *p)
{
	return p->n == 0 || memcmp(p->group[SOURCE], p->group[TARGET],
				   p->n * sizeof *p->group[SOURCE]) == 0;
}

static void
start_way(const struct edges *e, uint32_t pathway, struct way *w)
{
	const struct edge_pathway *p = &e->pathway[pathway];

	*w = (struct way){.end = {&e->cells.population[p->source],
				  &e->cells.population[p->target]}};
	w->na = w->end[SOURCE]->label[SOURCE].n;
	w->nb = w->end[TARGET]->label[TARGET].n;
	w->between = zeros(w->na * w->nb, sizeof *w->between);
}

static struct way
new_way(const struct edges *e, uint32_t pathway, const struct edge_labels *l)
{
	const struct edge_pathway *p = &e->pathway[pathway];
	struct way w;
	uint64_t *overlap = NULL;
	uint32_t a, b;

	start_way(e, pathway, &w);
	w.points[SOURCE] = points_of(w.end[SOURCE]);
	w.points[TARGET] = points_of(w.end[TARGET]);
	w.same = p->source == p->target && same_groups(w.end[SOURCE]);
	arrange_points(&w, SOURCE);
	if (!w.same)
		arrange_points(&w, TARGET);
	if (p->source == p->target)
		overlap = cells_overlap(w.end[SOURCE]);
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
	uint32_t a = w->end[SOURCE]->group[SOURCE][c->source];
	uint32_t b = w->end[TARGET]->group[TARGET][c->target];
	struct between *g = &w->between[a * w->nb + b];
	size_t bin;

	if (!g->chosen)
		return;
	bin = grid_bin(&g->bins, grid_square(&w->points[SOURCE], c->source,
					     &w->points[TARGET], c->target));
	if (bin < g->bins.n)
		g->connections[bin]++;
}

static void
count_connections(struct pairs *pairs, const struct way *way)
{
	struct pairs_batch b;
	size_t i;

	while (pairs_next(pairs, &b))
		for (i = 0; i < b.n; i++)
			count_connection(&way[b.connection[i].pathway],
					 &b.connection[i]);
}

/* ---- Parts ---- */

static void
keep_counts(struct edges *e, uint32_t pathway, size_t k,
	    const struct between *g)
{
	const char *of = netpart_of(e, pathway);
	char *pairs = format("pairs %zu", k);
	char *connections = format("connections %zu", k);

	PART_KEEP(e->part, PART_SUM, pairs, of, g->pairs, g->bins.n);
	PART_KEEP(e->part, PART_SUM, connections, of, g->connections,
		  g->bins.n);
	free(pairs);
	free(connections);
}

/* The edges of bins are the same in all parts: they follow from the cells. */
static void
say_bins(struct edges *e, uint32_t pathway, size_t k, const struct between *g)
{
	char *text = zeros(g->bins.n + 1, 32), *end = text;
	size_t i;

	for (i = 0; i <= g->bins.n; i++) {
		end += out_num_text(g->bins.edge[i], end);
		*end++ = ',';
	}
	end[-1] = '\0';
	part_say(e->part, (struct part_line){.record = "bins",
					     .of = netpart_of(e, pathway),
					     .at = k,
					     .value = text});
	free(text);
}

static void
keep_way(struct edges *e, uint32_t pathway, const struct way *w)
{
	size_t k;

	for (k = 0; k < w->na * w->nb; k++)
		if (w->between[k].chosen) {
			if (part_is_wanted())
				say_bins(e, pathway, k, &w->between[k]);
			keep_counts(e, pathway, k, &w->between[k]);
		}
}

static _Noreturn void
bad_bins(const struct edges *e, const struct part_record *line)
{
	die("%s: not a part: bins of '%s': '%s'", e->part->path,
	    line->field[PART_OF], line->field[PART_VALUE]);
}

/* The groups that a line is of. */
static struct between *
between_of(const struct edges *e, const struct way *way,
	   const struct part_record *line)
{
	uint32_t pathway = netpart_pathway(e, line->field[PART_OF]);
	int64_t k = 0;

	if (*line->field[PART_AT] && !parse_int(line->field[PART_AT], &k))
		k = -1;
	if (pathway == NO_LABEL || k < 0 ||
	    (uint64_t)k >= way[pathway].na * way[pathway].nb)
		bad_bins(e, line);
	return &way[pathway].between[k];
}

static void
take_bins(const struct edges *e, struct way *way,
	  const struct part_record *line)
{
	char *text = copy(line->field[PART_VALUE]), *rest = text;
	double *edge = zeros(strlen(text) + 1, sizeof *edge);
	size_t n;

	for (n = 0; rest; n++)
		if (!parse_num(strsep(&rest, ","), &edge[n]))
			bad_bins(e, line);
	if (n < 2)
		bad_bins(e, line);
	set_bins(between_of(e, way, line), grid_make_bins(edge, n - 1));
	free(edge);
	free(text);
}

/* The pathways of the first part, with its bins; all parts have the same. */
static struct way *
take_ways(struct edges *e)
{
	struct way *way = zeros(e->npathways, sizeof *way);
	uint32_t k;
	size_t i;

	for (k = 0; k < e->npathways; k++)
		start_way(e, k, &way[k]);
	for (i = 0; i < e->part->nhead; i++)
		if (!strcmp(e->part->head[i].field[PART_RECORD], "bins"))
			take_bins(e, way, &e->part->head[i]);
	for (k = 0; k < e->npathways; k++)
		keep_way(e, k, &way[k]);
	return way;
}

static struct way *
add_parts(struct edges *e)
{
	struct way *way = NULL;
	size_t n = 0;

	while (netpart_next(e)) {
		if (!way) {
			way = take_ways(e);
			n = e->npathways;
		}
		if (e->npathways != n)
			die("%s: not a part: pathways that the first lacks",
			    e->part->path);
		part_add(e->part);
	}
	return way;
}

/* ---- Output ---- */

static void
write_bins(const struct between *g, const char *source, const char *target)
{
	double interval[2];
	size_t k;

	for (k = 0; k < g->bins.n; k++) {
		double pairs = (double)g->pairs[k];
		double n = (double)g->connections[k];

		stats_wilson(n, pairs, stats_level, interval);
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
write_table(const struct edges *e, const struct way *way)
{
	struct edge_labels *labels = edges_labels(e);
	uint32_t *order = edges_sort_pathways(e), k;

	out_header("source", "target", "distance_low_um", "distance_high_um",
		   "pairs", "connections", "probability", "probability_low",
		   "probability_high");
	for (k = 0; k < e->npathways; k++)
		write_way(&way[order[k]], &e->pathway[order[k]], labels);
	free(order);
	edges_free_labels(labels);
}

static struct way *
measure(struct edges *e)
{
	struct pairs *pairs;
	struct edge_labels *labels;
	struct edge_batch b;
	struct way *way;
	uint32_t k;

	check_cells(e);
	pairs = pairs_new(e, false);
	while (edges_next(e, &b))
		pairs_batch(pairs, &b);
	check_cells(e);
	say_left_out(e);
	labels = edges_labels(e);
	way = zeros(e->npathways, sizeof *way);
	for (k = 0; k < e->npathways; k++) {
		way[k] = new_way(e, k, labels);
		if (e->part)
			keep_way(e, k, &way[k]);
	}
	edges_free_labels(labels);
	count_connections(pairs, way);
	pairs_free(pairs);
	return way;
}

int
main(int argc, char **argv)
{
	struct edge_needs needs = {
		.synapses = true, .gap = true, .pairs = true};
	struct edges *e;
	struct way *way;
	size_t k;

	argv = start(argc, argv, &tool);
	stats_check_level();
	needs.along = along = along_axes();
	if (edge_list)
		choose_bin_edges();
	e = edges_open(argv[0], needs);
	way = part_is_merged() ? add_parts(e) : measure(e);
	if (!netpart_write(e))
		write_table(e, way);
	for (k = 0; k < e->npathways; k++)
		free_way(&way[k]);
	free(way);
	edges_close(e);
	return WORKED;
}
