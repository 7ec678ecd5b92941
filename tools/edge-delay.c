/* edge-delay -- give edges a delay, or the section that they end on
 *
 * A row of edges comes in and goes out with a column more.  What is random in
 * it follows from the ends of the edge: every pair of cells has a stream of
 * numbers of its own, and its rows take one after the other.  Where the rows of
 * a pair follow each other, as in a sorted table, no pair has to be
 * remembered. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connect/chance.h"
#include "connect/random.h"
#include "labels.h"
#include "out.h"
#include "rows.h"
#include "sonata/ids.h"

/* A delay is the same whatever the compiler; GCC does this by -std=c11. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

static struct opt_list node_tables;
static const char *name, *column, *uniform_text, *normal_text, *place_list;
static double velocity = NAN, min_delay = NAN, sd = NAN, fixed = NAN;
static double low = NAN, high = NAN, constant = NAN;
static bool sections, any_order, write_distance;
static bool unbounded; /* without --low, by a rule that has none itself */

static const struct opt opts[] = {
	OPT_LIST('n', "nodes", "file", &node_tables, "node table (repeatable)"),
	OPT_TABLE(random_opts),
	OPT_STR(0, "name", "name", &name,
		"random numbers follow from this, too (the column)"),
	OPT_STR(0, "column", "name", &column,
		"the column that is added (delay)"),
	OPT_NUM(0, "velocity", "um/ms", &velocity,
		"of conduction, for a delay by distance (1000)"),
	OPT_NUM(0, "min-delay", "ms", &min_delay,
		"of a synapse, for a delay by distance (0.8)"),
	OPT_NUM(0, "sd", "ms", &sd, "of what is random in it (0.2)"),
	OPT_NUM(0, "distance", "um", &fixed,
		"this one rather than that of the cells"),
	OPT_TABLE(chance_opts),
	OPT_NUM(0, "low", "ms", &low, "what is less becomes this (0.2)"),
	OPT_NUM(0, "high", "ms", &high, "what is more becomes this (2)"),
	OPT_NUM(0, "constant", "ms", &constant, "the same delay for all"),
	OPT_STR(0, "uniform", "low:high", &uniform_text,
		"a delay between these"),
	OPT_STR(0, "normal", "mean:sd", &normal_text,
		"a delay of this normal distribution"),
	OPT_FLAG(0, "sections", &sections,
		 "a section and a place along it, rather than a delay"),
	OPT_STR(0, "places", "list", &place_list,
		"sections: id:place:probability,... (1:0.4:0.9,2:0.6:0.1)"),
	OPT_FLAG(0, "write-distance", &write_distance,
		 "add the distance of the cells as well"),
	OPT_FLAG(0, "any-order", &any_order,
		 "remember all pairs: the rows may have any order"),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "give edges a delay, or the section that they end on",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

static enum {
	BY_DISTANCE,
	BY_CONSTANT,
	BY_UNIFORM,
	BY_NORMAL,
	BY_SECTION
} rule;

static double range[2], mean;
static size_t axes; /* that distance is measured along */

/* A place on a section, and the chance of it and those before. */
struct place {
	int64_t section;
	double at, until;
};

static struct place *places;
static size_t nplaces;

/* ---- Options ---- */

static void
choose_rule(void)
{
	int n = !isnan(constant) + !!uniform_text + !!normal_text + sections;

	if (n > 1)
		misuse("--constant, --uniform, --normal and --sections exclude "
		       "each other");
	rule = uniform_text       ? BY_UNIFORM
	       : normal_text      ? BY_NORMAL
	       : sections         ? BY_SECTION
	       : !isnan(constant) ? BY_CONSTANT
				  : BY_DISTANCE;
}

static void
check_rule(void)
{
	if (rule != BY_DISTANCE &&
	    !(isnan(velocity) && isnan(min_delay) && isnan(sd) && isnan(fixed)))
		misuse("--velocity, --min-delay, --sd and --distance are for "
		       "a delay by distance");
	if (rule != BY_DISTANCE && rule != BY_NORMAL &&
	    !(isnan(low) && isnan(high)))
		misuse("--low and --high are for a delay by distance, or "
		       "--normal");
	if (place_list && !sections)
		misuse("--places is for --sections");
	if (column && sections)
		misuse("--column is not for --sections, which adds two");
	if (column && !*column)
		misuse("--column: empty");
	if (write_distance && !isnan(fixed))
		misuse("--distance and --write-distance exclude each other");
	if (write_distance && column && !strcmp(column, "distance_um"))
		misuse("--column: --write-distance adds 'distance_um' itself");
}

static double
otherwise(double v, double usual)
{
	return isnan(v) ? usual : v;
}

static void
check_least(const char *option, double v, double least)
{
	if (!(v >= least && v < INFINITY))
		misuse("--%s: not from %g on: %g", option, least, v);
}

/* The bounds are those of a delay by distance; a normal distribution has none
 * unless they are said. */
static void
check_numbers(void)
{
	bool bounds = rule == BY_DISTANCE;

	velocity = otherwise(velocity, 1000);
	min_delay = otherwise(min_delay, 0.8);
	if (rule == BY_DISTANCE)
		sd = otherwise(sd, 0.2);
	unbounded = isnan(low) && !bounds;
	low = otherwise(low, bounds ? 0.2 : -INFINITY);
	high = otherwise(high, bounds ? 2 : INFINITY);
	if (!(velocity > 0))
		misuse("--velocity: not above 0: %g", velocity);
	check_least("min-delay", min_delay, 0);
	check_least("sd", otherwise(sd, 0), 0);
	check_least("distance", otherwise(fixed, 0), 0);
	if (low > high)
		misuse("--low is above --high: %g and %g", low, high);
	if (isinf(constant))
		misuse("--constant: not finite");
}

/* Two finite numbers with a colon between. */
static void
read_two(const char *option, const char *text, double v[2])
{
	char *s = copy(text), *colon = strchr(s, ':');

	if (colon)
		*colon = '\0';
	if (!colon || !parse_num(s, &v[0]) || !parse_num(colon + 1, &v[1]) ||
	    !isfinite(v[0]) || !isfinite(v[1]))
		misuse("--%s: not two numbers with a colon between: '%s'",
		       option, text);
	free(s);
}

static void
read_place(const char *word, struct place *p, double before)
{
	char *text = copy(word), *rest = text, *part[4] = {NULL};
	size_t n = 0;
	double chance;

	while (n < LEN(part) && (part[n] = strsep(&rest, ":")))
		n++;
	if (n != 3 || !parse_int(part[0], &p->section) || p->section < 0 ||
	    !parse_num(part[1], &p->at) || !(p->at >= 0 && p->at <= 1) ||
	    !parse_num(part[2], &chance) || !(chance >= 0 && chance <= 1))
		misuse("--places: not an id, a place and a probability, both "
		       "from 0 to 1: '%s'",
		       word);
	p->until = before + chance;
	free(text);
}

static void
read_places(void)
{
	char *text = copy(place_list ? place_list : "1:0.4:0.9,2:0.6:0.1");
	char *rest = text, *word;
	double sum = 0;
	size_t cap = 0;

	while ((word = strsep(&rest, ","))) {
		places = grow(places, &cap, nplaces + 1, sizeof *places);
		read_place(word, &places[nplaces], sum);
		sum = places[nplaces++].until;
	}
	if (fabs(sum - 1) > 1e-9)
		misuse("--places: the probabilities make %g, not 1", sum);
	places[nplaces - 1].until = 1;
	free(text);
}

static void
read_rule(void)
{
	double v[2];

	if (rule == BY_UNIFORM) {
		read_two("uniform", uniform_text, range);
		if (range[0] > range[1])
			misuse("--uniform: the end is before the beginning: "
			       "'%s'",
			       uniform_text);
		if (!isfinite(range[1] - range[0]))
			misuse("--uniform: too wide: '%s'", uniform_text);
	} else if (rule == BY_NORMAL) {
		read_two("normal", normal_text, v);
		mean = v[0];
		sd = v[1];
		if (sd < 0)
			misuse("--normal: a negative sd: '%s'", normal_text);
	} else if (rule == BY_SECTION) {
		read_places();
	}
}

/* Is there anything that is not the same for all? */
static bool
is_random(void)
{
	if (rule == BY_UNIFORM)
		return range[0] < range[1];
	if (rule == BY_SECTION)
		return nplaces > 1;
	return rule != BY_CONSTANT && sd > 0;
}

static bool
needs_positions(void)
{
	return write_distance || (rule == BY_DISTANCE && isnan(fixed));
}

static void
check_options(void)
{
	choose_rule();
	check_rule();
	check_numbers();
	read_rule();
	axes = chance_axes();
	if (needs_positions() && node_tables.n == 0)
		misuse("no node table: --nodes is missing");
	if (is_random())
		random_need_seed();
	if (!column)
		column = sections ? "afferent_section_id" : "delay";
	if (!name)
		name = column;
}

/* ---- Nodes ---- */

struct population {
	int64_t *id; /* until ids has them */
	struct ids *ids;
	size_t n, mid, mat[3];
	double *at[3]; /* NaN where there is none */
};

struct nodes {
	struct labels names; /* "" in tables without populations */
	struct population *population;
	size_t cap;
};

struct node_columns {
	size_t id, population, at[3];
};

static double
read_coordinate(const struct rows *r, size_t at)
{
	double v;

	if (at == NO_COLUMN || is_missing(r->field[at]))
		return NAN;
	v = rows_num(r, at);
	if (isinf(v))
		rows_bad(r, at, "not finite");
	return v;
}

static void
add_node(struct population *p, const struct rows *r,
	 const struct node_columns *c)
{
	size_t k;

	p->id = grow(p->id, &p->mid, p->n + 1, sizeof *p->id);
	p->id[p->n] = rows_int(r, c->id);
	if (p->id[p->n] < 0)
		rows_bad(r, c->id, "negative");
	for (k = 0; needs_positions() && k < LEN(p->at); k++) {
		p->at[k] =
			grow(p->at[k], &p->mat[k], p->n + 1, sizeof *p->at[k]);
		p->at[k][p->n] = read_coordinate(r, c->at[k]);
	}
	p->n++;
}

static void
read_node_table(struct nodes *nodes, const char *path)
{
	static const char *const axis[] = {"x", "y", "z"};
	struct node_columns c;
	struct rows r;
	uint32_t i;
	size_t k;

	rows_open(&r, path);
	c.id = rows_column(&r, "node_id");
	c.population = rows_find(&r, "population");
	for (k = 0; k < LEN(axis); k++)
		c.at[k] = rows_find(&r, axis[k]);
	if (c.population == NO_COLUMN)
		label(&nodes->names, "");
	nodes->population = grow(nodes->population, &nodes->cap, nodes->names.n,
				 sizeof *nodes->population);
	while (rows_next(&r)) {
		i = label(&nodes->names, c.population == NO_COLUMN
						 ? ""
						 : r.field[c.population]);
		nodes->population =
			grow(nodes->population, &nodes->cap, nodes->names.n,
			     sizeof *nodes->population);
		add_node(&nodes->population[i], &r, &c);
	}
	rows_close(&r);
}

static void
read_nodes(struct nodes *nodes)
{
	size_t i;

	for (i = 0; i < node_tables.n; i++)
		read_node_table(nodes, node_tables.item[i]);
	for (i = 0; i < nodes->names.n; i++) {
		struct population *p = &nodes->population[i];

		p->ids = ids_make(p->id, p->n,
				  node_tables.n == 1 ? node_tables.item[0]
						     : "node tables");
	}
}

static void
free_nodes(struct nodes *nodes)
{
	size_t i, k;

	for (i = 0; i < nodes->names.n; i++) {
		ids_free(nodes->population[i].ids);
		for (k = 0; k < 3; k++)
			free(nodes->population[i].at[k]);
	}
	free(nodes->population);
	labels_free(&nodes->names);
}

/* ---- Random numbers ---- */

/* Edges from one population to another, and the last of them. */
struct pathway {
	char *from, *to;
	const struct population *source, *target; /* NULL: no node tables */
	char *name; /* what its random numbers follow from */
	struct random_stream stream;
	int64_t id[2];
	bool begun, by_source, by_target; /* is this the order so far? */
};

/* How often a pair has been there. */
struct pair {
	int64_t source, target;
	uint32_t pathway, times;
};

struct edges {
	struct rows rows;
	size_t id[2], population[2];
	const struct nodes *nodes;
	struct pathway *pathway;
	size_t n, cap, last;

	struct pair *pair; /* a table of open addressing */
	size_t npairs, slots;
};

/* From the normal distribution, by the polar method of Marsaglia and Bray (SIAM
 * Review 6:260, 1964).  The direction of a point in the disc says nothing of
 * its radius; that is drawn anew, because random.h's exponential is the same on
 * all machines, and libm's logarithm is not. */
static double
draw_normal(struct random_stream *s)
{
	double x, y, square;

	do {
		x = 2 * random_draw(s) - 1;
		y = 2 * random_draw(s) - 1;
		square = x * x + y * y;
	} while (square > 1 || square == 0);
	return x / sqrt(square) * sqrt(2 * random_exponential(s));
}

/* What is random in one edge. */
static double
draw_edge(struct random_stream *s)
{
	return rule == BY_UNIFORM || rule == BY_SECTION ? random_draw(s)
							: draw_normal(s);
}

static bool
in_order(int64_t a, int64_t b, int64_t next_a, int64_t next_b)
{
	return a < next_a || (a == next_a && b <= next_b);
}

/* Rows of a pair follow each other if the order is by the source and the target
 * or by the target and the source, in every pathway. */
static void
check_order(const struct edges *e, struct pathway *w, const int64_t id[2])
{
	if (!w->begun)
		w->by_source = w->by_target = true;
	else {
		w->by_source = w->by_source &&
			       in_order(w->id[0], w->id[1], id[0], id[1]);
		w->by_target = w->by_target &&
			       in_order(w->id[1], w->id[0], id[1], id[0]);
	}
	if (!w->by_source && !w->by_target)
		die("%s:%zu: the rows are not in the order of their sources "
		    "and targets: sort them, or use --any-order",
		    e->rows.path, e->rows.line);
}

/* Where a pair is, or would be. */
static struct pair *
find_pair(const struct edges *e, const struct pair *p)
{
	uint64_t h = (uint64_t)p->source * 0x9e3779b97f4a7c15u;
	size_t i;

	h = (h ^ h >> 32 ^ (uint64_t)p->target) * 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 32 ^ p->pathway) * 0x9e3779b97f4a7c15u;
	for (i = h >> 20 & (e->slots - 1); e->pair[i].times > 0;
	     i = (i + 1) & (e->slots - 1))
		if (e->pair[i].source == p->source &&
		    e->pair[i].target == p->target &&
		    e->pair[i].pathway == p->pathway)
			break;
	return &e->pair[i];
}

static void
widen(struct edges *e)
{
	struct pair *old = e->pair;
	size_t i, n = e->slots;

	e->slots = n ? 2 * n : 1024;
	e->pair = zeros(e->slots, sizeof *e->pair);
	for (i = 0; i < n; i++)
		if (old[i].times > 0)
			*find_pair(e, &old[i]) = old[i];
	free(old);
}

/* How often this pair has been there before. */
static uint32_t
count_pair(struct edges *e, uint32_t pathway, const int64_t id[2])
{
	struct pair p = {id[0], id[1], pathway, 0}, *at;

	if (4 * (e->npairs + 1) > 3 * e->slots)
		widen(e);
	at = find_pair(e, &p);
	if (at->times == 0) {
		*at = p;
		e->npairs++;
	}
	if (at->times == UINT32_MAX)
		die("%s:%zu: a pair has more than %u rows", e->rows.path,
		    e->rows.line, UINT32_MAX);
	return at->times++;
}

/* The k-th row of a pair takes what its stream has in the k-th place. */
static double
draw_next(struct edges *e, struct pathway *w, const int64_t id[2])
{
	bool again = w->begun && w->id[0] == id[0] && w->id[1] == id[1];
	uint32_t skip = 0;

	if (any_order)
		skip = count_pair(e, (uint32_t)(w - e->pathway), id);
	else
		check_order(e, w, id);
	if (any_order || !again)
		w->stream = random_stream(w->name, id[0], (uint64_t)id[1]);
	for (; skip > 0; skip--)
		draw_edge(&w->stream);
	w->begun = true;
	w->id[0] = id[0];
	w->id[1] = id[1];
	return draw_edge(&w->stream);
}

/* ---- Edges ---- */

static void
check_new(const struct rows *r, const char *new)
{
	if (rows_find(r, new) != NO_COLUMN)
		die("%s: there is a column '%s' already", r->path, new);
}

static void
open_edges(struct edges *e, const char *path)
{
	const struct rows *r = &e->rows;

	rows_open(&e->rows, path);
	e->id[0] = rows_column(r, "source_node_id");
	e->id[1] = rows_column(r, "target_node_id");
	e->population[0] = rows_find(r, "source_population");
	e->population[1] = rows_find(r, "target_population");
	if ((e->population[0] == NO_COLUMN) != (e->population[1] == NO_COLUMN))
		die("%s: one of source_population and target_population, but "
		    "not both",
		    r->path);
	if (e->population[0] == NO_COLUMN && e->nodes->names.n > 1)
		die("%s: no source_population and target_population, but the "
		    "nodes are of %zu populations",
		    r->path, e->nodes->names.n);
	check_new(r, column);
	if (sections)
		check_new(r, "afferent_section_pos");
	if (write_distance)
		check_new(r, "distance_um");
}

static const struct population *
find_population(const struct edges *e, size_t side)
{
	size_t at = e->population[side];
	uint32_t i;

	if (node_tables.n == 0)
		return NULL;
	if (e->nodes->names.n == 0)
		rows_bad(&e->rows, e->id[side], "there is no such node");
	if (at == NO_COLUMN)
		return e->nodes->population;
	i = label_find(&e->nodes->names, e->rows.field[at]);
	if (i == NO_LABEL)
		rows_bad(&e->rows, at, "there are no nodes of this population");
	return &e->nodes->population[i];
}

static const char *
population_name(const struct edges *e, size_t side)
{
	size_t at = e->population[side];

	return at == NO_COLUMN ? "" : e->rows.field[at];
}

static struct pathway *
add_pathway(struct edges *e, const char *from, const char *to)
{
	struct pathway *w;

	e->pathway = grow(e->pathway, &e->cap, e->n + 1, sizeof *e->pathway);
	w = &e->pathway[e->last = e->n++];
	w->source = find_population(e, 0);
	w->target = find_population(e, 1);
	w->from = copy(from);
	w->to = copy(to);
	w->name = *from || *to
			  ? format("edge-delay\t%s\t%s\t%s", name, from, to)
			  : format("edge-delay\t%s", name);
	return w;
}

/* There are few, and the one before is most often the one again. */
static struct pathway *
find_pathway(struct edges *e)
{
	const char *from = population_name(e, 0), *to = population_name(e, 1);
	size_t i;

	for (i = 0; i < e->n; i++) {
		size_t k = (e->last + i) % e->n;

		if (!strcmp(e->pathway[k].from, from) &&
		    !strcmp(e->pathway[k].to, to))
			return &e->pathway[e->last = k];
	}
	return add_pathway(e, from, to);
}

static uint32_t
find_cell(const struct edges *e, const struct population *p, size_t side,
	  int64_t id)
{
	uint32_t cell;

	if (id < 0)
		rows_bad(&e->rows, e->id[side], "negative");
	if (!p)
		return NO_CELL;
	cell = ids_find(p->ids, id);
	if (cell == NO_CELL)
		rows_bad(&e->rows, e->id[side], "there is no such node");
	return cell;
}

static double
coordinate(const struct edges *e, const struct population *p, size_t side,
	   uint32_t cell, size_t axis)
{
	double v = p->at[axis][cell];

	if (isnan(v))
		rows_bad(&e->rows, e->id[side], "this node has no position");
	return v;
}

static double
measure(const struct edges *e, const struct pathway *w, const uint32_t cell[2])
{
	double sum = 0;
	size_t k;

	for (k = 0; k < axes; k++) {
		double d = coordinate(e, w->target, 1, cell[1], k) -
			   coordinate(e, w->source, 0, cell[0], k);

		sum += d * d;
	}
	if (isinf(sum))
		rows_bad(&e->rows, e->id[1], "too far away for a number");
	return sqrt(sum);
}

static _Noreturn void
bad_value(const struct rows *r, const char *problem, double v)
{
	char text[32];

	out_num_text(v, text);
	die("%s:%zu: column '%s': %s: '%s'", r->path, r->line, column, problem,
	    text);
}

/* That a normal distribution has no end is easily forgotten; a negative delay
 * that was asked for by --low is not. */
static void
write_clipped(const struct rows *r, double v)
{
	double clipped = fmin(fmax(v, low), high);

	if (isinf(clipped))
		bad_value(r, "not finite", clipped);
	if (clipped < 0 && unbounded && !strcmp(column, "delay"))
		bad_value(r, "a negative delay, and no --low", clipped);
	out_num(clipped);
}

static void
write_value(const struct rows *r, double distance, double random)
{
	size_t i = 0;

	switch (rule) {
	case BY_DISTANCE:
		write_clipped(r, distance / velocity + min_delay + sd * random);
		break;
	case BY_CONSTANT:
		out_num(constant);
		break;
	case BY_UNIFORM:
		out_num(fmin(range[0] + (range[1] - range[0]) * random,
			     range[1]));
		break;
	case BY_NORMAL:
		write_clipped(r, mean + sd * random);
		break;
	case BY_SECTION:
		while (random >= places[i].until)
			i++;
		out_int(places[i].section);
		out_num(places[i].at);
		break;
	}
}

static void
write_header(const struct rows *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		out_text(r->name[i]);
	if (write_distance)
		out_text("distance_um");
	out_text(column);
	if (sections)
		out_text("afferent_section_pos");
	out_end();
}

static void
write_edge(struct edges *e)
{
	const struct rows *r = &e->rows;
	struct pathway *w = find_pathway(e);
	int64_t id[2] = {rows_int(r, e->id[0]), rows_int(r, e->id[1])};
	uint32_t cell[2] = {find_cell(e, w->source, 0, id[0]),
			    find_cell(e, w->target, 1, id[1])};
	double distance = fixed, random = 0;
	size_t i;

	if (needs_positions())
		distance = measure(e, w, cell);
	if (is_random())
		random = draw_next(e, w, id);
	for (i = 0; i < r->n; i++)
		out_text(r->field[i]);
	if (write_distance)
		out_num(distance);
	write_value(r, distance, random);
	out_end();
}

static void
close_edges(struct edges *e)
{
	size_t i;

	for (i = 0; i < e->n; i++) {
		free(e->pathway[i].from);
		free(e->pathway[i].to);
		free(e->pathway[i].name);
	}
	free(e->pathway);
	free(e->pair);
	rows_close(&e->rows);
}

int
main(int argc, char **argv)
{
	struct nodes nodes = {0};
	struct edges edges = {.nodes = &nodes};

	argv = start(argc, argv, &tool);
	check_options();
	read_nodes(&nodes);
	open_edges(&edges, argv[0]);
	write_header(&edges.rows);
	while (rows_next(&edges.rows))
		write_edge(&edges);
	close_edges(&edges);
	free_nodes(&nodes);
	free(places);
	return WORKED;
}
