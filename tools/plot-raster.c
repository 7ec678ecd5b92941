/* plot-raster -- draw spikes, a row for each cell
 *
 * A spike takes 12 bytes of memory, since nothing can be placed before the last
 * one has been read.  Of spikes that fall into the same pixel one is drawn, and
 * those above each other are one stroke: the picture of 10^7 spikes takes no
 * more room than that of 10^5.  The dots of dots.h would take 48 bytes each,
 * and are as wide as they are high, which rows are not. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labels.h"
#include "opt.h"
#include "plot/panels.h"
#include "rows.h"
#include "sonata/nodes.h"

#define AREA_WIDTH 560.0
#define AREA_HEIGHT 300.0
#define RATE_HEIGHT 90.0
#define TEXT_WIDTH 64.0 /* of a picture of characters */
#define TEXT_HEIGHT 16.0
#define TEXT_RATE 6.0
#define BAR 5.0     /* the colour of a group, beside its rows */
#define LEADER 16.0 /* from there to its label */
#define DOT 5.0     /* the height of a dot, if its row is so high */
#define HUES 7      /* groups with a colour of their own */
#define MOST_BINS 10000000
#define AT_ONCE 4096 /* spikes */

static const char *from_text, *to_text, *rate_text;
static double from = -INFINITY, to = INFINITY, rate_ms;

static const struct opt opts[] = {
	OPT_STR(0, "from", "ms", &from_text,
		"only spikes at this time or later"),
	OPT_STR(0, "to", "ms", &to_text, "only spikes before this time"),
	OPT_STR(0, "rate", "ms", &rate_text,
		"draw the rate in bins of this length below"),
	OPT_TABLE(nodes_opts),
	OPT_TABLE(plot_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "draw spikes, a row for each cell",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

struct cell {
	uint32_t population, group; /* the group's number where it is read */
	uint32_t band;              /* the one that is drawn */
	int64_t id;
	double row; /* from 0, at the bottom */
};

/* Cells of a population by the number of their id in a table, + 1. */
struct known {
	uint32_t *cell;
	size_t cap;

	/* Of -n; and the cell of each, + 1, or 0 if it is not let through. */
	const struct node_population *nodes;
	uint32_t *cell_of;
};

/* The rows of a group. */
struct band {
	const char *name;
	double first, rows;
	struct look look;
};

struct raster {
	const char *path;
	struct labels ids, populations, groups;
	struct nodes *nodes; /* of -n, or NULL */
	struct known *known;
	size_t nknown, mknown;
	struct cell *cell;
	size_t ncells, mcells;

	double *time;
	uint32_t *of; /* the cell of each spike */
	size_t n, mtime, mof;

	struct labels names; /* of bands */
	struct band *band;
	bool grouped; /* else rows are node ids, the first of which is */
	double least;
	double rows;
	struct axis x;
};

/* ---- Options ---- */

static double
read_number(const char *option, const char *text, double otherwise)
{
	double v = otherwise;

	if (text && (!parse_num(text, &v) || !isfinite(v)))
		misuse("--%s: not a finite number: '%s'", option, text);
	return v;
}

static void
check_options(void)
{
	plot_check();
	from = read_number("from", from_text, from);
	to = read_number("to", to_text, to);
	rate_ms = read_number("rate", rate_text, 0);
	if (from >= to)
		misuse("--from is not below --to: %s, %s", from_text, to_text);
	if (rate_text && rate_ms <= 0)
		misuse("--rate: not above 0: '%s'", rate_text);
}

/* ---- Reading ---- */

/* The columns of a spike table. */
struct table {
	struct rows in;
	struct rows_column column[4];
	size_t n;
	bool has_populations, has_groups;
	double time[AT_ONCE];
	int64_t id[AT_ONCE], population[AT_ONCE], group[AT_ONCE];
	uint64_t line[AT_ONCE];
};

static void
want(struct table *t, struct rows_column column)
{
	t->column[t->n++] = column;
}

static void
open_table(struct table *t, struct raster *r, const char *path)
{
	size_t population, group;

	rows_open(&t->in, path);
	r->path = t->in.path;
	want(t, (struct rows_column){
			.column = rows_column(&t->in, "timestamps"),
			.kind = ROWS_NUM,
			.real = t->time,
		});
	want(t, (struct rows_column){
			.column = rows_column(&t->in, "node_ids"),
			.kind = ROWS_LABEL,
			.labels = &r->ids,
			.value = t->id,
		});
	population = rows_find(&t->in, "population");
	t->has_populations = population != NO_COLUMN;
	if (t->has_populations)
		want(t, (struct rows_column){
				.column = population,
				.kind = ROWS_LABEL,
				.labels = &r->populations,
				.value = t->population,
			});
	else
		label(&r->populations, "");
	if (r->nodes)
		return;
	group = nodes_asks_group() ? rows_column(&t->in, nodes_asks_group())
				   : rows_find(&t->in, "group");
	if (group == NO_COLUMN)
		group = rows_find(&t->in, "pop_name");
	t->has_groups = group != NO_COLUMN;
	if (t->has_groups)
		want(t, (struct rows_column){
				.column = group,
				.kind = ROWS_LABEL,
				.labels = &r->groups,
				.value = t->group,
			});
	else
		label(&r->groups, "");
}

static _Noreturn void
bad_row(const struct table *t, size_t i, const char *problem, const char *text)
{
	die("%s:%llu: %s: '%s'", t->in.path, (unsigned long long)t->line[i],
	    problem, text);
}

static uint32_t
add_cell(struct raster *r, struct cell c)
{
	r->cell = grow(r->cell, &r->mcells, r->ncells + 1, sizeof c);
	r->cell[r->ncells] = c;
	return (uint32_t)r->ncells++;
}

/* With -n all cells of a population are there from its first spike on; those of
 * one without any are left out, such as the virtual cells of a config. */
static void
add_nodes(struct raster *r, struct known *k, uint32_t population)
{
	const struct node_population *p = k->nodes;
	uint32_t i;

	k->cell_of = zeros(p->n, sizeof *k->cell_of);
	for (i = 0; i < p->n; i++)
		if (!p->chosen || p->chosen[i])
			k->cell_of[i] =
				1 +
				add_cell(r, (struct cell){
						    .population = population,
						    .group = p->group_of[i],
						    .id = ids_at(p->ids, i)});
}

static struct known *
known_of(struct raster *r, const struct table *t, size_t i)
{
	uint32_t p = t->has_populations ? (uint32_t)t->population[i] : 0;
	struct known *k;

	for (; r->nknown <= p; r->nknown++) {
		const char *name = r->populations.name[r->nknown];

		r->known = grow(r->known, &r->mknown, r->nknown + 1, sizeof *k);
		k = &r->known[r->nknown];
		if (!r->nodes)
			continue;
		k->nodes = nodes_find(r->nodes, name);
		if (!k->nodes)
			bad_row(t, i, "--nodes has no such population", name);
		add_nodes(r, k, (uint32_t)r->nknown);
	}
	return &r->known[p];
}

/* A cell that the table has not had before, + 1; 0 if it is not let through. */
static uint32_t
new_cell(struct raster *r, const struct table *t, size_t i,
	 const struct known *k)
{
	const char *text = r->ids.name[t->id[i]];
	struct cell c = {.population = (uint32_t)(k - r->known)};
	uint32_t node;

	if (!parse_int(text, &c.id) || c.id < 0)
		bad_row(t, i, "column 'node_ids': not the id of a node", text);
	if (!r->nodes) {
		c.group = t->has_groups ? (uint32_t)t->group[i] : 0;
		return 1 + add_cell(r, c);
	}
	node = ids_find(k->nodes->ids, c.id);
	if (node == NO_CELL)
		bad_row(t, i, "--nodes has no such node", text);
	return k->cell_of[node];
}

/* The number of the cell, or NO_CELL. */
static uint32_t
find_cell(struct raster *r, const struct table *t, size_t i)
{
	struct known *k = known_of(r, t, i);
	size_t id = (size_t)t->id[i];
	const struct cell *c;

	k->cell = grow(k->cell, &k->cap, id + 1, sizeof *k->cell);
	if (!k->cell[id])
		k->cell[id] = new_cell(r, t, i, k);
	if (!k->cell[id])
		return NO_CELL;
	c = &r->cell[k->cell[id] - 1];
	if (t->has_groups && c->group != t->group[i])
		bad_row(t, i, "another group than before",
			r->groups.name[t->group[i]]);
	return k->cell[id] - 1;
}

static void
take_spikes(struct raster *r, const struct table *t, size_t n)
{
	size_t i;

	r->time = grow(r->time, &r->mtime, r->n + n, sizeof *r->time);
	r->of = grow(r->of, &r->mof, r->n + n, sizeof *r->of);
	for (i = 0; i < n; i++) {
		uint32_t cell = find_cell(r, t, i);

		if (!isfinite(t->time[i]))
			bad_row(t, i, "column 'timestamps'", "not finite");
		if (cell == NO_CELL || t->time[i] < from || t->time[i] >= to)
			continue;
		r->time[r->n] = t->time[i];
		r->of[r->n++] = cell;
		axis_take(&r->x, t->time[i]);
	}
}

static void
read_spikes(struct raster *r, const char *path)
{
	struct table *t = zeros(1, sizeof *t);
	size_t n;

	open_table(t, r, path);
	while ((n = rows_batch(&t->in, t->column, t->n, t->line, AT_ONCE)))
		take_spikes(r, t, n);
	r->grouped = r->nodes || t->has_groups || r->populations.n > 1;
	rows_close(&t->in);
	free(t);
}

/* ---- Rows ---- */

/* What a cell's group is called: of several populations, each has its own. */
static char *
band_name(const struct raster *r, const struct cell *c)
{
	const char *population = r->populations.name[c->population];
	const struct node_population *nodes = r->known[c->population].nodes;
	const char *group =
		nodes ? nodes->group.name[c->group] : r->groups.name[c->group];

	if (r->nknown == 1)
		return copy(group);
	if (!*group)
		return copy(population);
	return format("%s:%s", population, group);
}

static const struct raster *sorted;

/* In the order of -n, or else by id. */
static int
by_cell(const void *a, const void *b)
{
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	const struct cell *x = &sorted->cell[i], *y = &sorted->cell[k];

	if (x->band != y->band)
		return x->band < y->band ? -1 : 1;
	if (x->population != y->population)
		return x->population < y->population ? -1 : 1;
	if (!sorted->nodes && x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (i > k) - (i < k);
}

static uint32_t *
sort_cells(const struct raster *r)
{
	uint32_t *order = zeros(r->ncells, sizeof *order);
	size_t i;

	for (i = 0; i < r->ncells; i++)
		order[i] = (uint32_t)i;
	sorted = r;
	if (r->ncells > 0)
		qsort(order, r->ncells, sizeof *order, by_cell);
	return order;
}

/* Groups come in the order of their first cell. */
static void
find_bands(struct raster *r)
{
	uint32_t *order = sort_cells(r);
	size_t i;

	for (i = 0; i < r->ncells; i++) {
		struct cell *c = &r->cell[order[i]];
		char *name = band_name(r, c);

		c->band = label(&r->names, name);
		free(name);
	}
	free(order);
	r->band = zeros(r->names.n + 1, sizeof *r->band);
	for (i = 0; i < r->names.n; i++) {
		r->band[i].name = r->names.name[i];
		r->band[i].look = look_of(i, r->names.n);
	}
}

static void
place_groups(struct raster *r)
{
	uint32_t *order = sort_cells(r);
	size_t i;

	for (i = 0; i < r->ncells; i++) {
		struct cell *c = &r->cell[order[i]];
		struct band *b = &r->band[c->band];

		if (b->rows == 0)
			b->first = (double)i;
		b->rows++;
		c->row = (double)i;
	}
	r->rows = (double)r->ncells;
	free(order);
}

static void
place_ids(struct raster *r)
{
	double most = 0;
	size_t i;

	r->least = r->ncells ? INFINITY : 0;
	for (i = 0; i < r->ncells; i++) {
		r->least = fmin(r->least, (double)r->cell[i].id);
		most = fmax(most, (double)r->cell[i].id);
	}
	for (i = 0; i < r->ncells; i++)
		r->cell[i].row = (double)r->cell[i].id - r->least;
	r->rows = most - r->least + 1;
	r->band[0] = (struct band){.rows = r->rows, .look = look_of(0, 1)};
}

static void
place_cells(struct raster *r)
{
	find_bands(r);
	if (r->grouped)
		place_groups(r);
	else
		place_ids(r);
	r->rows = fmax(1, r->rows);
}

/* ---- Time, and rates ---- */

/* An axis that comes near 0 begins there; with rates it has whole bins. */
static void
settle_times(struct raster *r)
{
	struct axis *x = &r->x;

	if (!x->used)
		axis_settle(x, 0);
	if (from_text)
		x->low = from;
	else if (x->low > 0 && x->low <= 0.3 * x->high)
		x->low = 0;
	else if (rate_text)
		x->low = floor(x->low / rate_ms) * rate_ms;
	if (to_text)
		x->high = to;
	else if (rate_text)
		x->high = x->low +
			  rate_ms * (floor((x->high - x->low) / rate_ms) + 1);
	if (x->low < x->high)
		return;
	if (to_text && !from_text)
		x->low = x->high - 1;
	else
		x->high = x->low + 1;
}

/* Spikes for each cell and second, in bins. */
struct rate {
	size_t lines, bins; /* a line for each group, or one for all cells */
	double *hz;         /* those of a line beside each other */
	struct axis axis;
};

/* Groups in the same colour could not be told apart. */
static size_t
count_lines(const struct raster *r)
{
	return r->names.n > 0 && r->names.n <= HUES ? r->names.n : 1;
}

/* How long a bin is: --to may cut the last one. */
static double
bin_length(const struct raster *r, size_t bin)
{
	return fmin(rate_ms, r->x.high - r->x.low - (double)bin * rate_ms);
}

static void
count_rates(struct rate *q, const struct raster *r)
{
	size_t i, k;

	for (i = 0; i < r->n; i++) {
		const struct cell *c = &r->cell[r->of[i]];
		double bin = floor((r->time[i] - r->x.low) / rate_ms);

		k = bin < (double)q->bins ? (size_t)bin : q->bins - 1;
		q->hz[(q->lines > 1 ? c->band : 0) * q->bins + k]++;
	}
	for (i = 0; i < q->lines; i++) {
		double cells = (double)r->ncells;

		if (q->lines > 1)
			cells = r->band[i].rows;
		for (k = 0; k < q->bins; k++) {
			double *hz = &q->hz[i * q->bins + k];

			*hz /= fmax(1, cells) * bin_length(r, k) / 1000;
			axis_take(&q->axis, *hz);
		}
	}
}

static void
find_rates(struct rate *q, const struct raster *r)
{
	double bins = ceil((r->x.high - r->x.low) / rate_ms - 1e-9);

	if (bins > MOST_BINS)
		die("--rate: %.0f bins: '%s'", bins, rate_text);
	q->bins = (size_t)fmax(1, bins);
	q->lines = count_lines(r);
	q->hz = zeros(q->lines * q->bins, sizeof *q->hz);
	axis_take(&q->axis, 0);
	count_rates(q, r);
	if (q->axis.high == 0)
		axis_take(&q->axis, 1);
	axis_settle(&q->axis, 0.04);
}

/* ---- The layout ---- */

struct layout {
	double type, title_type, step;
	double left, right, top, bottom; /* around both areas */
	double labels;                   /* how wide they are */
	double ytics, rtics;             /* the same, of tics */
	double area_width, area_height, rate_height, between;
	double width, height;
};

/* Lengths are in pixels, or in characters. */
static double
length(double pixels, double characters)
{
	return plot_is_text() ? characters : pixels;
}

static double
widest_tic(const struct axis *a, double type)
{
	double widest = 0;
	size_t i;

	for (i = 0; i < a->tics.n; i++)
		widest = fmax(widest, plot_text_width(a->tics.text[i], type));
	return widest;
}

static void
measure_left(struct layout *l, const struct raster *r)
{
	double upright = length(plot_text_step(l->type) + GAP, 0);
	double rows = 0, rates = 0;
	size_t i;

	for (i = 0; r->grouped && i < r->names.n; i++)
		l->labels = fmax(l->labels,
				 plot_text_width(r->band[i].name, l->type));
	if (r->grouped)
		rows = l->labels + length(GAP + LEADER + BAR + 2, 2);
	else
		rows = upright + l->ytics + length(8, 2);
	if (rate_text)
		rates = upright + l->rtics + length(8, 2);
	l->left = length(PAD, 0) + fmax(rows, rates);
}

/* All but the areas. */
static void
measure(struct layout *l, const struct raster *r, double type)
{
	bool above = plot_is_text();

	l->type = type;
	l->title_type = type + 2;
	l->step = plot_text_step(type);
	measure_left(l, r);
	l->right = length(PAD + 2 * type, 3);
	l->top = length(PAD, 0) + (above && !r->grouped ? 1 : 0);
	if (plot_title)
		l->top += plot_text_height(plot_title, l->title_type) +
			  length(type, 0);
	l->bottom = length(PAD + 14, 1) + 2 * l->step;
	l->between = rate_text ? length(14, 2) : 0;
}

static size_t
count_labels(const struct raster *r)
{
	return r->grouped ? r->names.n : 0;
}

/* As large as it likes to be. */
static void
grow_areas(struct layout *l, const struct raster *r)
{
	double title = plot_text_width(plot_title, l->title_type);

	l->area_width = length(AREA_WIDTH, TEXT_WIDTH);
	l->area_height = fmax(length(AREA_HEIGHT, TEXT_HEIGHT),
			      ceil((double)count_labels(r) * l->step));
	if (rate_text)
		l->rate_height = length(RATE_HEIGHT, TEXT_RATE);
	l->area_width = fmax(l->area_width,
			     title + length(2 * PAD, 0) - l->left - l->right);
	l->width = ceil(l->left + l->area_width + l->right);
	l->height = ceil(l->top + l->area_height + l->between + l->rate_height +
			 l->bottom);
}

/* As --size says; false if it does not fit. */
static bool
fit_areas(struct layout *l, const struct raster *r, double width, double height)
{
	double title = plot_text_width(plot_title, l->title_type);

	l->area_width = width - l->left - l->right;
	l->area_height = height - l->top - l->bottom - l->between;
	if (rate_text)
		l->rate_height = fmax(fmin(length(RATE_HEIGHT, TEXT_RATE),
					   l->area_height / 3),
				      length(50, 3));
	l->area_height -= l->rate_height;
	l->width = width;
	l->height = height;
	return l->area_width >= length(80, 20) &&
	       l->area_height >= length(50, 4) &&
	       l->area_height >= (double)count_labels(r) * l->step &&
	       title + length(2 * PAD, 0) <= width;
}

/* There is one tic where there is one id, and none where there is none. */
static void
set_id_tics(struct axis *y, double most, const struct raster *r)
{
	axis_tics(y, fmin(MAX_TICS - 1, fmax(2, most)));
	if (r->rows > 1)
		return;
	y->tics.n = r->ncells ? 1 : 0;
	y->tics.at[0] = r->least;
	snprintf(y->tics.text[0], TIC_TEXT, "%.0f", r->least);
}

static void
set_tics(struct layout *l, const struct raster *r, struct axis *y,
	 struct axis *rate)
{
	double high = length(2.4, 2) * length(l->type, 1);

	set_id_tics(y, l->area_height / high, r);
	l->ytics = widest_tic(y, l->type);
	axis_tics(rate, fmin(4, fmax(2, l->rate_height / high)));
	l->rtics = widest_tic(rate, l->type);
}

/* The width of tics depends on how many there are, and that on the height. */
static bool
lay_out(struct layout *l, const struct raster *r, struct axis *y,
	struct axis *rate)
{
	double type = l->type;
	int width, height, round;
	bool given = plot_size(&width, &height), fits = true;

	*l = (struct layout){.type = type,
			     .area_height = length(AREA_HEIGHT, TEXT_HEIGHT),
			     .rate_height = length(RATE_HEIGHT, TEXT_RATE)};
	for (round = 0; round < 2; round++) {
		set_tics(l, r, y, rate);
		l->rate_height = 0;
		measure(l, r, type);
		if (given)
			fits = fit_areas(l, r, width, height);
		else
			grow_areas(l, r);
	}
	return fits;
}

static void
set_x_tics(const struct layout *l, struct axis *x)
{
	double between = length(1.5 * l->type, 2);
	double most = MAX_TICS;

	do
		axis_tics(x, --most);
	while (most > 2 &&
	       most * (widest_tic(x, l->type) + between) > l->area_width);
}

/* Type is smaller where there are many groups or little room. */
static void
find_layout(struct layout *l, struct raster *r, struct axis *y,
	    struct axis *rate)
{
	double type = LARGE_TYPE - ((double)count_labels(r) - 10) * 3 / 30;

	l->type = rint(2 * fmin(LARGE_TYPE, fmax(9, type))) / 2;
	while (!lay_out(l, r, y, rate)) {
		if (l->type <= SMALL_TYPE) {
			grow_areas(l, r);
			die("--size: too small: %.0fx%.0f would do", l->width,
			    l->height);
		}
		l->type -= 0.5;
	}
	set_x_tics(l, &r->x);
}

/* ---- What stands around ---- */

/* A piece of pixels in which labels push each other apart. */
struct heap {
	double mean;
	size_t n;
};

/* Where labels go, from the bottom up, so that none is nearer to the next than
 * a step and each as near to its place as can be: less i steps, that is an
 * isotonic regression. */
static void
part_labels(double *at, size_t n, double step, double height)
{
	struct heap *heap = zeros(n, sizeof *heap);
	double most = height - ((double)n - 0.5) * step;
	size_t heaps = 0, i, k, next = 0;

	for (i = 0; i < n; i++) {
		heap[heaps++] = (struct heap){at[i] - (double)i * step, 1};
		for (; heaps > 1 && heap[heaps - 2].mean > heap[heaps - 1].mean;
		     heaps--) {
			struct heap *a = &heap[heaps - 2];
			const struct heap *b = &heap[heaps - 1];

			a->mean = (a->mean * (double)a->n +
				   b->mean * (double)b->n) /
				  (double)(a->n + b->n);
			a->n += b->n;
		}
	}
	for (i = 0; i < heaps; i++)
		for (k = 0; k < heap[i].n; k++, next++)
			at[next] = fmax(step / 2, fmin(heap[i].mean, most)) +
				   (double)next * step;
	free(heap);
}

/* The colour of a group beside its rows, and from there to its label. */
static void
put_bar(struct plot *p, const struct layout *l, const struct band *b,
	const double y[3])
{
	double w = l->width, h = l->height, x = l->left - BAR - 1;

	plot_say(p,
		 "set object rectangle from screen %.6f, screen %.6f to "
		 "screen %.6f, screen %.6f fillstyle solid noborder "
		 "fillcolor rgb \"#%06x\"\n",
		 x / w, 1 - y[0] / h, (x + BAR) / w, 1 - y[1] / h,
		 (unsigned)b->look.colour);
	plot_say(p,
		 "set arrow from screen %.6f, screen %.6f to screen %.6f, "
		 "screen %.6f nohead linewidth 1 linecolor rgb \"#%06x\"\n",
		 x / w, 1 - (y[0] + y[1]) / 2 / h, (x - LEADER) / w,
		 1 - y[2] / h, (unsigned)b->look.colour);
}

static void
put_labels(struct plot *p, const struct layout *l, const struct raster *r)
{
	double *at = zeros(r->names.n, sizeof *at);
	double floor = l->top + l->area_height,
	       scale = l->area_height / r->rows;
	struct plot_spot spot = {.x = l->left -
				      length(BAR + 1 + LEADER + GAP / 2, 1),
				 .side = "right",
				 .type = l->type};
	size_t i;

	for (i = 0; i < r->names.n; i++)
		at[i] = (r->band[i].first + r->band[i].rows / 2) * scale;
	part_labels(at, r->names.n, l->step, l->area_height);
	for (i = 0; i < r->names.n; i++) {
		const struct band *b = &r->band[i];
		double low = floor - b->first * scale;
		double high = fmin(low - 1, low - b->rows * scale);

		spot.y = floor - at[i];
		plot_label(p, spot, b->name);
		if (!plot_is_text())
			put_bar(p, l, b, (double[]){low, high, spot.y});
	}
	free(at);
}

static void
put_ylabel(struct plot *p, const struct layout *l, const char *text,
	   double tics, const double area[2])
{
	struct plot_spot at = {
		.side = "center", .upright = true, .type = l->type};

	at.x = l->left - tics - 8 - GAP - plot_text_height(text, l->type) / 2;
	at.y = plot_middle(area[0], area[1], plot_text_width(text, l->type),
			   l->height);
	if (plot_is_text())
		at = (struct plot_spot){.side = "left", .y = area[0] - 0.5};
	plot_label(p, at, text);
}

static void
put_titles(struct plot *p, const struct layout *l, const struct raster *r)
{
	double floor = l->top + l->area_height, end = l->left + l->area_width;
	struct plot_spot at = {.side = "center", .type = l->title_type};

	if (plot_title) {
		at.x = plot_middle(l->left, end,
				   plot_text_width(plot_title, at.type),
				   l->width);
		at.y = length(PAD, 0) +
		       plot_text_height(plot_title, at.type) / 2;
		plot_label(p, at, plot_title);
	}
	at.type = l->type;
	at.x = (l->left + end) / 2;
	at.y = l->height - length(PAD, 0) - l->step / 2;
	plot_label(p, at, "time_ms");
	if (r->n == 0) {
		at.y = l->top + l->area_height / 2;
		plot_label(p, at, "no data");
	}
	if (!r->grouped)
		put_ylabel(p, l, "node_id", l->ytics,
			   (double[]){l->top, floor});
	if (rate_text)
		put_ylabel(p, l, "rate_Hz", l->rtics,
			   (double[]){floor + l->between,
				      floor + l->between + l->rate_height});
}

static void
say_margins(struct plot *p, const struct layout *l, double top, double high)
{
	plot_say(p, "set lmargin at screen %.6f\nset rmargin at screen %.6f\n",
		 l->left / l->width, (l->left + l->area_width) / l->width);
	plot_say(p, "set tmargin at screen %.6f\nset bmargin at screen %.6f\n",
		 1 - top / l->height, 1 - (top + high) / l->height);
}

static void
say_axis(struct plot *p, const struct layout *l, const char *axis,
	 const struct axis *a)
{
	plot_say(p, "set %srange ", axis);
	say_range(p, a);
	if (a->tics.n == 0) { /* an empty list would mean gnuplot's own */
		plot_say(p, "\nunset %stics\n", axis);
		return;
	}
	plot_say(p, "\nset %stics nomirror scale 0.5 (", axis);
	say_tics(p, &a->tics);
	plot_say(p, ") ");
	plot_font(p, l->type);
	plot_say(p, "\n");
}

/* ---- Spikes ---- */

/* The first spike in each pixel, + 1, those of each group for itself. */
struct grid {
	size_t across, down;
	size_t *begin; /* of each group, in rows of pixels */
	uint32_t *spike;
};

/* As many rows of pixels as of cells, or as there are. */
static size_t
pixel_row(const struct raster *r, const struct grid *g, double row)
{
	size_t y = (size_t)(row * (double)g->down / r->rows);

	return y < g->down ? y : g->down - 1;
}

static size_t
first_row(const struct raster *r, const struct grid *g, size_t band)
{
	return pixel_row(r, g, r->band[band].first);
}

static size_t
count_rows(const struct raster *r, const struct grid *g, size_t band)
{
	const struct band *b = &r->band[band];

	return pixel_row(r, g, b->first + b->rows - 1) + 1 -
	       first_row(r, g, band);
}

static size_t
pixel_column(const struct raster *r, const struct grid *g, double time)
{
	size_t x = (size_t)(axis_place(&r->x, time) * (double)g->across);

	return x < g->across ? x : g->across - 1;
}

static void
fill_grid(struct grid *g, const struct raster *r, const struct layout *l)
{
	size_t bands = r->grouped ? r->names.n : 1, total = 0, i;

	if (r->n >= UINT32_MAX)
		die("%s: more than %u spikes", r->path, UINT32_MAX - 1);
	g->across = (size_t)l->area_width;
	g->down = (size_t)fmin(floor(l->area_height), r->rows);
	g->begin = zeros(bands + 1, sizeof *g->begin);
	for (i = 0; i < bands && r->ncells > 0; i++) {
		g->begin[i] = total;
		total += count_rows(r, g, i);
	}
	g->spike = zeros(total * g->across, sizeof *g->spike);
	for (i = 0; i < r->n; i++) {
		const struct cell *c = &r->cell[r->of[i]];
		size_t band = r->grouped ? c->band : 0;
		size_t y = g->begin[band] + pixel_row(r, g, c->row) -
			   first_row(r, g, band);
		uint32_t *at = &g->spike[y * g->across +
					 pixel_column(r, g, r->time[i])];

		*at = *at ? *at : (uint32_t)i + 1;
	}
}

/* From where to where a dot is drawn in rows of pixels [y, y + n). */
static void
put_dot(struct plot *p, const struct raster *r, const struct layout *l,
	double x, const double y[2])
{
	double scale = r->rows / (double)(size_t)l->area_height;
	double low = r->least + y[0], high = r->least + y[1];

	plot_num(p, x);
	if (plot_is_text()) {
		plot_say(p, " %.9g\n", (low + high) / 2);
		return;
	}
	if (high - low <= 1 && scale < 1) {
		double half = fmin(0.4, DOT / 2 * scale);

		low = (low + high) / 2 - half;
		high = low + 2 * half;
	}
	plot_say(p, " %.9g 0 %.6g\n", low, high - low);
}

/* Dots that touch, one above the other, are one stroke, in the middle of the
 * pixel, so that it leaves no gap to the next. */
static size_t
put_column(struct plot *p, const struct raster *r, const struct layout *l,
	   const struct grid *g, const size_t at[2])
{
	size_t band = at[0], rows = count_rows(r, g, band), y, n, dots = 0;
	double middle = ((double)at[1] + 0.5) / (double)g->across;
	const uint32_t *spike = g->spike + g->begin[band] * g->across + at[1];
	bool touch = (double)g->down * 2 > l->area_height && !plot_is_text();
	double scale = r->rows / (double)g->down;

	for (y = 0; y < rows; y += n) {
		double low = (double)(first_row(r, g, band) + y);
		uint32_t first = spike[y * g->across];

		for (n = 1; touch && first && y + n < rows &&
			    spike[(y + n) * g->across];
		     n++)
			;
		if (!first)
			continue;
		put_dot(p, r, l,
			n > 1 ? r->x.low + middle * (r->x.high - r->x.low)
			      : r->time[first - 1],
			(double[]){low * scale - 0.5,
				   (low + (double)n) * scale - 0.5});
		dots++;
	}
	return dots;
}

static size_t
put_spikes(struct plot *p, const struct raster *r, const struct layout *l,
	   const struct grid *g, size_t band)
{
	size_t x, n = 0;

	plot_say(p, "$spikes%zu << EOD\n", band);
	for (x = 0; x < g->across; x++)
		n += put_column(p, r, l, g, (size_t[]){band, x});
	plot_say(p, "EOD\n");
	return n;
}

static void
draw_spikes(struct plot *p, const struct raster *r, const struct layout *l,
	    const struct axis *y)
{
	size_t bands = r->n ? (r->grouped ? r->names.n : 1) : 0, drawn = 0, i;
	size_t *n = zeros(bands, sizeof *n);
	struct grid g = {0};

	if (bands)
		fill_grid(&g, r, l);
	for (i = 0; i < bands; i++)
		n[i] = put_spikes(p, r, l, &g, i);
	say_margins(p, l, l->top, l->area_height);
	say_axis(p, l, "x", &r->x);
	say_axis(p, l, "y", y);
	if (rate_text)
		plot_say(p, "unset xtics\n");
	if (r->grouped)
		plot_say(p, "unset ytics\n");
	for (i = 0; i < bands; i++) {
		if (n[i] == 0)
			continue;
		plot_say(p, "%s$spikes%zu with ",
			 drawn++ ? ", \\\n     " : "plot ", i);
		if (plot_is_text()) {
			plot_say(p, "points ");
			say_point(p, &r->band[i].look, 1);
		} else {
			plot_say(p,
				 "vectors nohead linewidth %g linecolor rgb "
				 "\"#%06x\"",
				 r->rows * DOT < l->area_height ? 1.8 : 1.2,
				 (unsigned)r->band[i].look.colour);
		}
		plot_say(p, " notitle");
	}
	plot_say(p, drawn ? "\n" : "plot NaN notitle\n");
	free(n);
	free(g.begin);
	free(g.spike);
}

/* ---- Rates ---- */

/* Bins as steps; of those in the same half of a pixel the least and the
 * greatest. */
static void
put_rate(struct plot *p, const struct raster *r, const struct layout *l,
	 const double *hz, size_t bins)
{
	double fine = 2 * l->area_width, width = r->x.high - r->x.low;
	size_t i, k;

	for (i = 0; i < bins; i = k) {
		double low = hz[i], high = hz[i];
		double x = r->x.low + (double)i * rate_ms;
		double column = floor((double)i * rate_ms / width * fine);

		for (k = i + 1; k < bins && floor((double)k * rate_ms / width *
						  fine) == column;
		     k++) {
			low = fmin(low, hz[k]);
			high = fmax(high, hz[k]);
		}
		plot_point(p, x, k > i + 1 ? low : hz[i]);
		plot_point(p,
			   k > i + 1 ? x
				     : fmin(r->x.high, x + bin_length(r, i)),
			   k > i + 1 ? high : hz[i]);
	}
}

static void
draw_rates(struct plot *p, const struct raster *r, const struct layout *l,
	   const struct rate *q)
{
	size_t i;

	plot_say(p, "unset label\nunset arrow\nunset object\n");
	for (i = 0; i < q->lines; i++) {
		plot_say(p, "$rate%zu << EOD\n", i);
		put_rate(p, r, l, q->hz + i * q->bins, q->bins);
		plot_say(p, "EOD\n");
	}
	say_margins(p, l, l->top + l->area_height + l->between, l->rate_height);
	say_axis(p, l, "x", &r->x);
	say_axis(p, l, "y", &q->axis);
	for (i = 0; i < q->lines; i++) {
		struct look look = q->lines > 1 || !r->grouped
					   ? r->band[i].look
					   : (struct look){.colour = 0};

		look.dash = 0;
		plot_say(p, "%s$rate%zu with lines ",
			 i ? ", \\\n     " : "plot ", i);
		say_line(p, &look);
		plot_say(p, " notitle");
	}
	plot_say(p, "\n");
}

static void
draw(struct raster *r)
{
	struct axis y = {.low = r->least - 0.5,
			 .high = r->least + r->rows - 0.5,
			 .whole = true};
	struct rate rate = {.axis = {.high = 1}};
	struct layout l = {0};
	struct plot p;

	if (rate_text)
		find_rates(&rate, r);
	find_layout(&l, r, &y, &rate.axis);
	plot_open(&p, (int)l.width, (int)l.height);
	plot_say(&p, "unset key\n");
	plot_say(&p, "set border 3 linewidth 1 linecolor \"#404040\"\n");
	put_titles(&p, &l, r);
	if (r->grouped)
		put_labels(&p, &l, r);
	if (rate_text)
		plot_say(&p, "set multiplot\n");
	draw_spikes(&p, r, &l, &y);
	if (rate_text) {
		draw_rates(&p, r, &l, &rate);
		plot_say(&p, "unset multiplot\n");
	}
	plot_close(&p);
	free(rate.hz);
}

static void
free_raster(struct raster *r)
{
	size_t i;

	for (i = 0; i < r->nknown; i++) {
		free(r->known[i].cell);
		free(r->known[i].cell_of);
	}
	free(r->known);
	free(r->cell);
	free(r->time);
	free(r->of);
	free(r->band);
	labels_free(&r->ids);
	labels_free(&r->populations);
	labels_free(&r->groups);
	labels_free(&r->names);
	nodes_free(r->nodes);
}

int
main(int argc, char **argv)
{
	struct raster r = {0};

	argv = start(argc, argv, &tool);
	check_options();
	if (nodes_named())
		r.nodes = nodes_read(NULL, NULL, NULL);
	read_spikes(&r, argv[0]);
	place_cells(&r);
	settle_times(&r);
	draw(&r);
	free_raster(&r);
	return WORKED;
}
