/* plot-raster -- draw spikes, a row for each cell
 *
 * A spike takes 12 bytes of memory, since nothing can be placed before the last
 * one has been read. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "activity/spikecells.h"
#include "labels.h"
#include "plot/bands.h"
#include "plot/captions.h"
#include "plot/stairs.h"
#include "rows.h"

#define AREA_WIDTH 560.0
#define AREA_HEIGHT 300.0
#define RATE_HEIGHT 90.0
#define SHAPE 0.35  /* the least height by the width of the picture */
#define NARROW 80.0 /* the least that an area can be */
#define LOW 50.0
#define TEXT_WIDTH 64.0 /* of a picture of characters */
#define TEXT_HEIGHT 16.0
#define TEXT_RATE 6.0
#define CLEAR 2.5 /* from the axis, which would hide it, to the first mark */
#define MOST_BINS 10000000

static double from = -INFINITY, to = INFINITY, rate_ms;

static const struct opt opts[] = {
	OPT_NUM_IN(0, "from", "ms", &from, "(-inf,inf)",
		   "only spikes at this time or later"),
	OPT_NUM_IN(0, "to", "ms", &to, "(-inf,inf)",
		   "only spikes before this time"),
	OPT_NUM_IN(0, "rate", "ms", &rate_ms, "(0,inf)",
		   "draw the rate in bins of this length below"),
	OPT_ORDER("from < to"),
	PLOT_RANGE,
	OPT_NEEDS("range", "rate"),
	PLOT_XLABEL,
	PLOT_YLABEL,
	LOOK_COLORS,
	OPT_TABLE(nodefiles_opts),
	OPT_TABLE(plot_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "draw spikes, a row for each cell",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* Where a cell is drawn. */
struct raster_place {
	uint32_t band;
	double row; /* from 0, at the bottom */
};

struct raster {
	struct spikecells cells;
	struct raster_place *place; /* of each */

	double *time;
	uint32_t *of; /* the cell of each spike */
	size_t n, mtime, mof;

	struct labels names; /* of bands, which are the rows of groups */
	struct strokes_group *band;
	bool grouped; /* else rows are node ids, the first of them is */
	double least;
	double rows;
	double first; /* spike */
	struct axis x;
};

/* ---- Reading ---- */

static void
take_spike(struct raster *r, const struct rows *in, size_t column)
{
	uint32_t cell = spikecells_find(&r->cells, in);
	double time = rows_finite(in, column);

	if (cell == NO_CELL || time < from || time >= to)
		return;
	r->time = grow(r->time, &r->mtime, r->n + 1, sizeof *r->time);
	r->of = grow(r->of, &r->mof, r->n + 1, sizeof *r->of);
	r->time[r->n] = time;
	r->of[r->n++] = cell;
	axis_take(&r->x, time);
}

static void
read_spikes(struct raster *r, const char *path)
{
	struct rows in;
	size_t time;

	rows_open(&in, path);
	time = rows_column(&in, "timestamps");
	spikecells_open(&r->cells, &in);
	while (rows_next(&in))
		take_spike(r, &in, time);
	r->grouped = r->cells.grouped;
	rows_close(&in);
}

/* ---- Rows ---- */

static const struct spikecells *sorted;

/* In the order of -n, or else by id. */
static int
by_cell(const void *a, const void *b)
{
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	const struct spikecell *x = &sorted->cell[i], *y = &sorted->cell[k];

	if (x->population != y->population)
		return x->population < y->population ? -1 : 1;
	if (!sorted->nodes && x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (i > k) - (i < k);
}

/* Groups come in the order of their first cell, cells of each in theirs. */
static void
place_groups(struct raster *r)
{
	uint32_t *order = zeros(r->cells.n, sizeof *order);
	size_t mbands = 0, i;
	struct look *look;

	for (i = 0; i < r->cells.n; i++)
		order[i] = (uint32_t)i;
	sorted = &r->cells;
	if (r->cells.n > 0)
		qsort(order, r->cells.n, sizeof *order, by_cell);
	r->band = grow(NULL, &mbands, 1, sizeof *r->band);
	for (i = 0; i < r->cells.n; i++) {
		struct raster_place *c = &r->place[order[i]];
		char *name = spikecells_group(&r->cells, order[i]);

		c->band = label(&r->names, name);
		free(name);
		r->band = grow(r->band, &mbands, r->names.n, sizeof *r->band);
		c->row = r->band[c->band].rows++;
	}
	free(order);
	look = look_named(r->names.name, r->names.n);
	for (i = 0; i < r->names.n; i++) {
		if (r->grouped && !*r->names.name[i]) {
			free(r->names.name[i]);
			r->names.name[i] = copy("no group");
		}
		r->band[i].look = look[i];
		r->band[i].first = r->rows;
		r->rows += r->band[i].rows;
	}
	free(look);
	for (i = 0; i < r->cells.n; i++)
		r->place[i].row += r->band[r->place[i].band].first;
}

static void
place_ids(struct raster *r)
{
	double most = 0;
	size_t i;

	r->least = r->cells.n ? INFINITY : 0;
	for (i = 0; i < r->cells.n; i++) {
		r->least = fmin(r->least, (double)r->cells.cell[i].id);
		most = fmax(most, (double)r->cells.cell[i].id);
	}
	for (i = 0; i < r->cells.n; i++)
		r->place[i].row = (double)r->cells.cell[i].id - r->least;
	r->rows = most - r->least + 1;
	r->band[0] =
		(struct strokes_group){.rows = r->rows, .look = look_of(0, 1)};
}

static void
place_cells(struct raster *r)
{
	size_t i;

	r->place = zeros(r->cells.n, sizeof *r->place);
	place_groups(r);
	if (!r->grouped)
		place_ids(r);
	r->rows = fmax(1, r->rows);
	for (i = 0; i < r->n; i++)
		r->band[r->grouped ? r->place[r->of[i]].band : 0].marks++;
}

/* Groups of silent cells have rows, and no spikes in them. */
static void
say_silent(const struct raster *r)
{
	char *silent = NULL;
	size_t i;

	for (i = 0; r->n > 0 && r->grouped && i < r->names.n; i++)
		if (r->band[i].marks == 0)
			silent = join(silent, r->names.name[i]);
	if (silent)
		warn("groups without spikes: %s", silent);
	free(silent);
}

/* ---- Time, and rates ---- */

/* A time axis that comes near 0 begins there; with rates it has whole bins. */
static void
settle_times(struct raster *r)
{
	struct axis *x = &r->x;
	double least;

	r->first = x->used ? x->low : NAN;
	if (!isfinite(x->high - x->low))
		die("spikes too far apart: from %g to %g ms", x->low, x->high);
	if (!x->used)
		axis_settle(x, 0);
	if (isfinite(from))
		x->low = from;
	else if (x->low > 0 && x->low <= 0.3 * x->high)
		x->low = 0;
	else if (rate_ms > 0)
		x->low = floor(x->low / rate_ms) * rate_ms;
	if (isfinite(to))
		x->high = to;
	else if (rate_ms > 0)
		x->high = x->low +
			  rate_ms * (floor((x->high - x->low) / rate_ms) + 1);
	if (x->low < x->high)
		return;
	least = fmax(1, 1e-6 * fabs(x->low)); /* 1 ms is lost in 1e37 */
	if ((isfinite(to) && !isfinite(from)) || !isfinite(x->low + least))
		x->low = x->high - least;
	else
		x->high = x->low + least;
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
	return r->names.n > 0 && r->names.n <= LOOK_HUES ? r->names.n : 1;
}

static struct stairs
stairs_of(const struct rate *q, const struct raster *r, size_t line)
{
	return (struct stairs){.value = q->hz + line * q->bins,
			       .n = q->bins,
			       .low = r->x.low,
			       .bin = rate_ms,
			       .high = r->x.high};
}

static void
count_rates(struct rate *q, const struct raster *r)
{
	size_t i, k;

	for (i = 0; i < r->n; i++) {
		const struct raster_place *c = &r->place[r->of[i]];
		double bin = floor((r->time[i] - r->x.low) / rate_ms);

		k = bin < (double)q->bins ? (size_t)bin : q->bins - 1;
		q->hz[(q->lines > 1 ? c->band : 0) * q->bins + k]++;
	}
	for (i = 0; i < q->lines; i++) {
		double cells = (double)r->cells.n;
		struct stairs line = stairs_of(q, r, i);

		if (q->lines > 1)
			cells = r->band[i].rows;
		for (k = 0; k < q->bins; k++) {
			double *hz = &q->hz[i * q->bins + k];

			*hz /= fmax(1, cells) * stairs_bin(&line, k) / 1000;
			axis_take(&q->axis, *hz);
		}
	}
}

static void
find_rates(struct rate *q, const struct raster *r)
{
	double bins = ceil((r->x.high - r->x.low) / rate_ms - 1e-9);

	if (bins > MOST_BINS)
		die("--rate: %.0f bins, more than %d: '%.15g'", bins, MOST_BINS,
		    rate_ms);
	q->bins = (size_t)fmax(1, bins);
	q->lines = count_lines(r);
	q->hz = zeros(q->lines * q->bins, sizeof *q->hz);
	axis_take(&q->axis, 0);
	count_rates(q, r);
	if (q->axis.high == 0)
		axis_take(&q->axis, 1);
	axis_settle(&q->axis, 0.04);
	if (opt_given(plot_range)) {
		q->axis.low = plot_range[0];
		q->axis.high = plot_range[1];
	}
}

/* ---- The layout ---- */

/* The page's margins are those around both areas. */
struct raster_layout {
	struct raster *raster;
	struct axis y, rate;
	struct page page;
	struct bands bands;
	struct labels folded; /* names */
	bool one_rate;        /* is there one line of rates for many groups? */
	const char *xlabel, *ylabel, *ratelabel; /* ylabel: or NULL */
	double step; /* from one line of text to the next */
	double rows; /* how wide what names them is */
	double area_width, area_height, rate_height, between;
};

/* What axes take on the left. */
static double
tics_width(const struct raster_layout *l, const struct axis *a)
{
	return page_length(8, 2) + axis_tic_width(a, l->page.type);
}

/* The same with a text that reads upwards beside them. */
static double
upright_width(const struct raster_layout *l, double axis, const char *text)
{
	double height = plot_text_height(text, l->page.type);

	return axis + page_length(text ? height + PAGE_GAP : 0, 0);
}

static void
measure_margins(struct raster_layout *l)
{
	struct page *g = &l->page;
	double type = g->type, rates = 0;

	page_start(g, page_length(type, 0));
	l->step = plot_text_step(type);
	l->bands.type = type;
	l->rows = l->raster->grouped ? bands_width(&l->bands)
				     : tics_width(l, &l->y);
	if (l->ylabel && plot_is_text())
		g->top++;
	if (rate_ms > 0)
		rates = upright_width(l, tics_width(l, &l->rate), l->ratelabel);
	g->left += fmax(upright_width(l, l->rows, l->ylabel), rates);
	g->right += page_length(2 * type, 3);
	g->bottom += page_length(14, 1) + 2 * l->step;
	l->between = rate_ms > 0 ? page_length(14, 2) : 0;
	if (l->one_rate)
		l->between = page_length(4, 1) + l->step;
}

/* The least that areas can be, for what stands on their left. */
static double
least_height(const struct raster_layout *l)
{
	double bands = l->raster->grouped ? bands_height(&l->bands) : 0;

	if (plot_is_text())
		return fmax(4, bands);
	return fmax(LOW, fmax(bands, plot_text_width(l->ylabel, l->page.type)));
}

static double
least_rate_height(const struct raster_layout *l)
{
	if (rate_ms <= 0)
		return 0;
	return page_length(plot_text_width(l->ratelabel, l->page.type), 3);
}

static double
most_rate_height(const struct raster_layout *l)
{
	return fmax(least_rate_height(l), page_length(RATE_HEIGHT, TEXT_RATE));
}

/* Makes the areas as large as they like to be; or, where --size is too small,
 * only as large as they have to be. */
static void
grow_areas(struct raster_layout *l)
{
	struct page *g = &l->page;
	double title = page_title_width(g) + 2 * page_pad();
	double wide = page_length(AREA_WIDTH, TEXT_WIDTH);
	double high = page_length(AREA_HEIGHT, TEXT_HEIGHT);
	int width, height;

	if (rate_ms > 0)
		l->rate_height = most_rate_height(l);
	if (plot_width(&width)) {
		wide = fmax(page_length(NARROW, 20),
			    width - g->left - g->right);
		high = fmax(page_length(SHAPE, SHAPE / 2) * width,
			    high / page_length(AREA_WIDTH, TEXT_WIDTH) * wide);
	}
	if (plot_size(&width, &height))
		high = height - g->top - g->bottom - l->between -
		       l->rate_height;
	l->area_width = fmax(wide, title - g->left - g->right);
	l->area_height = fmax(high, least_height(l));
	g->width = ceil(g->left + l->area_width + g->right);
	g->height = ceil(g->top + l->area_height + l->between + l->rate_height +
			 g->bottom);
}

/* Makes the areas fit a given size; false if that is too small. */
static bool
fit_areas(struct raster_layout *l, double width, double height)
{
	struct page *g = &l->page;
	double title = page_title_width(g) + 2 * page_pad();

	l->area_width = width - g->left - g->right;
	l->area_height = height - g->top - g->bottom - l->between;
	if (rate_ms > 0)
		l->rate_height =
			fmax(fmin(most_rate_height(l), l->area_height / 3),
			     least_rate_height(l));
	l->area_height -= l->rate_height;
	g->width = width;
	g->height = height;
	return l->area_width >= page_length(NARROW, 20) &&
	       l->area_height >= least_height(l) && title <= width;
}

/* There is one tic where there is one id, and none where there is none. */
static void
set_id_tics(struct axis *y, double most, const struct raster *r)
{
	axis_limit_tics(y, fmin(AXIS_MAX_TICS - 1, fmax(2, most)));
	if (r->rows > 1)
		return;
	y->tics.n = r->cells.n ? 1 : 0;
	y->tics.at[0] = r->least;
	snprintf(y->tics.text[0], AXIS_TIC_TEXT, "%.0f", r->least);
}

static void
set_tics(struct raster_layout *l)
{
	double type = l->page.type;

	set_id_tics(&l->y, axis_most_down(l->area_height, type), l->raster);
	axis_limit_tics(&l->rate,
			fmin(4, fmax(2, axis_most_down(l->rate_height, type))));
}

/* The width of tics depends on how many there are, and that on the height. */
static bool
lay_out(void *of)
{
	struct raster_layout *l = of;
	int width, height, round;
	bool fits = true;

	l->area_height = page_length(AREA_HEIGHT, TEXT_HEIGHT);
	l->rate_height = page_length(RATE_HEIGHT, TEXT_RATE);
	for (round = 0; round < 2; round++) {
		set_tics(l);
		l->rate_height = 0;
		measure_margins(l);
		if (plot_size(&width, &height))
			fits = fit_areas(l, width, height);
		if (!plot_size(&width, &height) || (!fits && round == 1))
			grow_areas(l);
	}
	return fits;
}

static void
set_x_tics(const struct raster_layout *l, struct axis *x)
{
	double type = l->page.type, between = page_length(1.5 * type, 2);
	double most = AXIS_MAX_TICS;

	do
		axis_limit_tics(x, --most);
	while (most > 2 &&
	       most * (axis_tic_width(x, type) + between) > l->area_width);
}

/* In a column of print, names that would leave less than half of it are folded,
 * if they do not make the picture high. */
static void
fold_names(struct raster_layout *l)
{
	struct bands folded = l->bands;
	int width, height;

	l->folded = bands_fold(&l->raster->names);
	folded.names = &l->folded;
	l->bands.type = folded.type = l->page.type;
	if (!plot_is_text() && plot_width(&width) &&
	    !plot_size(&width, &height) &&
	    bands_width(&l->bands) > 0.4 * width &&
	    bands_height(&folded) < width)
		l->bands = folded;
}

/* Type is smaller where there are many groups or little room. */
static void
find_layout(struct raster_layout *l)
{
	double many = l->raster->grouped ? (double)l->raster->names.n : 0;

	l->page.type = page_type((many - 10) * 3 / 30, 9);
	fold_names(l);
	page_fit(&l->page, PAGE_SMALL, lay_out, l);
	set_x_tics(l, &l->raster->x);
}

/* ---- What stands around ---- */

static void
put_titles(struct plot *p, const struct raster_layout *l,
	   const struct raster *r)
{
	const struct page *g = &l->page;
	const double across[] = {g->left, g->left + l->area_width};
	const double down[] = {g->top, g->top + l->area_height};
	double rates = down[1] + l->between;

	page_put_title(p, g, across);
	page_put_across(p, g, across, g->height - page_pad() - l->step / 2,
			l->xlabel);
	if (r->n == 0)
		page_put_across(p, g, across, (down[0] + down[1]) / 2,
				"no data");
	if (l->ylabel)
		page_put_upright(p, g, g->left - l->rows - PAGE_GAP, down,
				 l->ylabel);
	if (l->one_rate)
		page_label(p,
			   (struct page_spot){.x = across[1],
					      .y = rates - l->step / 2,
					      .side = "right",
					      .type = g->type},
			   "all cells");
	if (rate_ms > 0)
		page_put_upright(p, g,
				 g->left - tics_width(l, &l->rate) - PAGE_GAP,
				 (double[]){rates, rates + l->rate_height},
				 l->ratelabel);
}

/* How many times more time the axis shows than there is. */
static double
cleared(const struct raster_layout *l)
{
	const struct axis *x = &l->raster->x;
	double part = CLEAR / l->area_width;
	bool hidden = l->raster->first < x->low + part * (x->high - x->low);

	return !plot_is_text() && hidden ? 1 + part : 1;
}

/* Says the axes of an area, which begins at top. */
static void
say_axes(struct plot *p, const struct raster_layout *l, double top,
	 double height, const struct axis *y)
{
	static const char style[] = "nomirror scale 0.5 ";
	struct axis x = l->raster->x;

	page_say_area(p, l->page.left, top, l->area_width, height);
	x.low = x.high - (x.high - x.low) * cleared(l);
	axis_say_range(p, &x, "x");
	axis_say_tics(p, &x, "x", style, l->page.type);
	axis_say_range(p, y, "y");
	axis_say_tics(p, y, "y", style, l->page.type);
}

/* ---- Spikes ---- */

static void
draw_spikes(struct plot *p, const struct raster *r,
	    const struct raster_layout *l)
{
	struct strokes s = {.name = "spikes",
			    .x = &r->x,
			    .rows = r->rows,
			    .least = r->least,
			    .width = l->area_width / cleared(l),
			    .height = l->area_height,
			    .group = r->band};
	size_t i;

	if (r->n > 0)
		s.groups = r->grouped ? r->names.n : 1;
	strokes_start(&s);
	for (i = 0; i < r->n; i++) {
		const struct raster_place *c = &r->place[r->of[i]];

		strokes_add(&s, r->grouped ? c->band : 0, c->row, r->time[i]);
	}
	strokes_put(p, &s);
	say_axes(p, l, l->page.top, l->area_height, &l->y);
	if (rate_ms > 0)
		plot_say(p, "unset xtics\n");
	if (r->grouped)
		plot_say(p, "unset ytics\n");
	strokes_say(p, &s);
	strokes_free(&s);
}

/* ---- Rates ---- */

static void
draw_rates(struct plot *p, const struct raster *r,
	   const struct raster_layout *l, const struct rate *q)
{
	size_t i;

	plot_say(p, "unset label\nunset arrow\nunset object\n");
	for (i = 0; i < q->lines; i++) {
		struct stairs line = stairs_of(q, r, i);

		plot_say(p, "$rate%zu << EOD\n", i);
		stairs_put(p, &line, l->area_width);
		plot_say(p, "EOD\n");
	}
	say_axes(p, l, l->page.top + l->area_height + l->between,
		 l->rate_height, &l->rate);
	for (i = 0; i < q->lines; i++) {
		struct look look = {.colour = 0};

		if (!l->one_rate)
			look = r->band[i].look;
		look.dash = 0;
		plot_say(p, "%s$rate%zu with lines ",
			 i ? ", \\\n     " : "plot ", i);
		look_say_line(p, &look);
		plot_say(p, " notitle");
	}
	plot_say(p, "\n");
}

static void
draw_areas(struct plot *p, struct raster *r, const struct raster_layout *l,
	   const struct rate *rate)
{
	plot_open(p, (int)l->page.width, (int)l->page.height);
	plot_say(p, "unset key\n");
	plot_say(p, "set border 3 linewidth 1 linecolor \"#404040\"\n");
	put_titles(p, l, r);
	if (r->grouped)
		bands_put(p, &l->bands, l->page.left, l->page.top,
			  l->area_height);
	if (rate_ms > 0)
		plot_say(p, "set multiplot\n");
	draw_spikes(p, r, l);
	if (rate_ms > 0) {
		draw_rates(p, r, l, rate);
		plot_say(p, "unset multiplot\n");
	}
	plot_close(p);
}

static void
draw(struct raster *r)
{
	char *ids = caption_of("node_id"), *times = caption_of("time_ms");
	struct raster_layout l = {.raster = r,
				  .bands = {.names = &r->names,
					    .group = r->band,
					    .rows = r->rows},
				  .y = {.low = r->least - 0.5,
					.high = r->least + r->rows - 0.5,
					.whole = true},
				  .rate = {.high = 1},
				  .xlabel = plot_xlabel ? plot_xlabel : times,
				  .ylabel = plot_ylabel  ? plot_ylabel
					    : r->grouped ? NULL
							 : ids,
				  .ratelabel = plot_is_text()
						       ? "Firing rate (Hz)"
						       : "Firing rate\n(Hz)"};
	struct rate rate = {0};
	struct plot p;

	if (rate_ms > 0) {
		find_rates(&rate, r);
		l.rate = rate.axis;
		l.one_rate = r->names.n > rate.lines;
	}
	find_layout(&l);
	draw_areas(&p, r, &l, &rate);
	labels_free(&l.folded);
	free(rate.hz);
	free(times);
	free(ids);
}

static void
free_raster(struct raster *r)
{
	spikecells_free(&r->cells);
	free(r->place);
	free(r->time);
	free(r->of);
	free(r->band);
	labels_free(&r->names);
}

int
main(int argc, char **argv)
{
	struct raster r = {0};

	argv = start(argc, argv, &tool);
	plot_start(PLOT_GNUPLOT);
	look_check_input(argv[0]);
	if (nodefiles_named())
		r.cells.nodes = nodefiles_read(NULL, NULL, NULL);
	read_spikes(&r, argv[0]);
	spikecells_say_left_out(&r.cells);
	place_cells(&r);
	say_silent(&r);
	settle_times(&r);
	draw(&r);
	free_raster(&r);
	return WORKED;
}
