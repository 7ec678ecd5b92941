/* plot-lines -- draw lines or points
 *
 * curves.h thins lines out to what can be seen of them, and
 * dots.h draws a crowd of points, or those of one line would hide another's.
 * A trace of a million points takes 60 kB of SVG, and 0.4 s. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "opt.h"
#include "plot/captions.h"
#include "plot/columns.h"
#include "plot/curves.h"
#include "plot/dots.h"
#include "plot/panels.h"
#include "rows.h"

#define MAX_Y 64
#define CROWD 1000 /* so many points are drawn smaller */
#define CAP 2.5    /* half of what ends an error bar, in pixels */
#define FEW 30     /* so many points of a line are marked */
#define SMALL 120  /* pixels: in a panel less wide marks are smaller */

/* The columns of one value, NO_COLUMN where there is none. */
struct curve_columns {
	size_t y, error, low, high;
	bool fit; /* of the other values */
};

struct curve_panel {
	struct curve *line; /* by line and source */
	size_t n, cap;
	size_t points; /* that are to be seen, but for fits */
	bool empty;    /* without points and errors to be seen */
};

struct curves {
	struct rows in;
	size_t x[2], nx;
	struct curve_columns source[MAX_Y]; /* data first, then fits */
	size_t nsource, ndata;
	struct split panels, lines;
	struct curve_panel *panel;
	size_t n, cap;
	struct axis xaxis, yaxis;
	char *xlabel, *ylabel;
	bool units; /* have all columns of data one unit? */
	bool marks; /* points are drawn, on lines or alone */
	bool *seen; /* which lines there is something of */
	struct vacant vacant;
};

static const char *x_list, *y_list, *by_list, *panel_list, *error_list;
static const char *low_list, *high_list, *fit_list;
static bool points, no_points, no_lines, steps, band, logx;
static double from = -INFINITY, to = INFINITY;

static const struct opt opts[] = {
	OPT_STR('x', "x", "columns", &x_list,
		"column of x, or two for their mean (the first free)"),
	OPT_STR('y', "y", "columns", &y_list, "columns of y (the next)"),
	OPT_STR(0, "by", "columns", &by_list, "a line for each value of these"),
	OPT_STR(0, "panel", "columns", &panel_list,
		"a panel for each value of these"),
	OPT_STR(0, "error", "columns", &error_list,
		"how far errors reach to both sides"),
	OPT_STR(0, "low", "columns", &low_list, "where errors begin"),
	OPT_STR(0, "high", "columns", &high_list, "where errors end"),
	OPT_FLAG(0, "bands", &band, "draw errors as bands, not as bars"),
	OPT_STR(0, "dashed", "columns", &fit_list,
		"also draw these, dashed above y (those called fit_...)"),
	OPT_FLAG(0, "points", &points, "mark points on lines (where few)"),
	OPT_FLAG(0, "no-points", &no_points, "draw lines alone"),
	OPT_FLAG(0, "no-lines", &no_lines, "draw points alone"),
	OPT_FLAG(0, "steps", &steps, "go to the next point in steps"),
	OPT_NUM_IN(0, "from", "x", &from, "(-inf,inf)", "begin here"),
	OPT_NUM_IN(0, "to", "x", &to, "(-inf,inf)", "end here"),
	OPT_FLAG(0, "logx", &logx, "logarithmic x axis"),
	PLOT_LOG,
	OPT_FLAG(0, "logy", &plot_log, "the same, beside --logx"),
	PLOT_RANGE,
	PLOT_XLABEL,
	PLOT_YLABEL,
	PLOT_NOTE,
	LOOK_COLORS,
	OPT_TABLE(plot_opts),
	OPT_EXCLUDE("points no-points"),
	OPT_NOT_WITH("no-lines", "no-points steps"),
	OPT_NEEDS("low", "high"),
	OPT_NEEDS("high", "low"),
	OPT_NOT_WITH("error", "low high"),
	OPT_NEEDS("bands", "error low"),
	OPT_NEEDS("colors", "by"),
	OPT_ORDER("from < to"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "draw lines or points",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

static bool
has_errors(void)
{
	return error_list || low_list;
}

/* The columns of y, those of their fits, and those of their errors. */
enum { Y, FITS, ERRORS, LOWS, HIGHS, LISTS };

struct column_list {
	size_t column[MAX_Y], n;
};

/* The first column that is for nothing else; ends the tool if there is none. */
static size_t
next_column(const struct curves *t, const char *axis,
	    const struct column_list *list)
{
	size_t taken[2 + LISTS * MAX_Y + 2 * SPLIT_MOST], n = 0, i, k;

	for (i = 0; i < t->nx; i++)
		taken[n++] = t->x[i];
	for (k = 0; list && k < LISTS; k++)
		for (i = 0; i < list[k].n; i++)
			taken[n++] = list[k].column[i];
	for (i = 0; i < t->panels.n; i++)
		taken[n++] = t->panels.column[i];
	for (i = 0; i < t->lines.n; i++)
		taken[n++] = t->lines.column[i];
	i = columns_first(&t->in, taken, n);
	if (i == NO_COLUMN)
		rows_check_commas(&t->in, NULL);
	if (i == NO_COLUMN)
		die("%s: no column for %s", t->in.path, axis);
	return i;
}

/* Is a column called as those are that have what was fitted? */
static bool
is_fit(const char *name)
{
	return !strcmp(name, "fit") || !strncmp(name, "fit_", 4);
}

static void
add_source(struct curves *t, const struct column_list *list, size_t i)
{
	struct curve_columns *s = &t->source[t->nsource++];

	*s = (struct curve_columns){.y = list[Y].column[i],
				    .error = NO_COLUMN,
				    .low = NO_COLUMN,
				    .high = NO_COLUMN};
	if (list[ERRORS].n)
		s->error = list[ERRORS].column[i];
	if (list[LOWS].n)
		s->low = list[LOWS].column[i];
	if (list[HIGHS].n)
		s->high = list[HIGHS].column[i];
}

/* Data come first, then what fits them: columns of y that are called so, and
 * those of --dashed. */
static void
set_sources(struct curves *t, const struct column_list *list)
{
	bool fit[MAX_Y];
	size_t i, k, fits = 0;

	if (list[Y].n + list[FITS].n > MAX_Y)
		die("more than %d columns of y", MAX_Y);
	for (i = 0; i < list[Y].n; i++)
		fits += fit[i] = is_fit(t->in.name[list[Y].column[i]]);
	for (k = 0; k < 2; k++) {
		for (i = 0; i < list[Y].n; i++)
			if ((fit[i] && fits < list[Y].n) == (k == 1))
				add_source(t, list, i);
		if (k == 0)
			t->ndata = t->nsource;
	}
	for (i = 0; i < list[FITS].n; i++)
		t->source[t->nsource++] =
			(struct curve_columns){list[FITS].column[i], NO_COLUMN,
					       NO_COLUMN, NO_COLUMN, true};
	for (i = t->ndata; i < t->nsource; i++)
		t->source[i].fit = true;
}

/* Finds the columns of y, of fits and of errors; an option of errors names a
 * column for each of y. */
static void
find_sources(struct curves *t)
{
	const char *const lists[LISTS] = {y_list, fit_list, error_list,
					  low_list, high_list};
	static const char *const names[LISTS] = {"y", "dashed", "error", "low",
						 "high"};
	struct column_list list[LISTS] = {0};
	size_t k;

	for (k = 0; k < LISTS; k++)
		if (lists[k])
			list[k].n = columns_find(&t->in, lists[k],
						 list[k].column, MAX_Y);
	if (!y_list) {
		list[Y].column[0] = next_column(t, "y", list);
		list[Y].n = 1;
	}
	for (k = ERRORS; k < LISTS; k++)
		if (list[k].n > 0 && list[k].n != list[Y].n)
			misuse("--%s: %zu columns for %zu of y: '%s'", names[k],
			       list[k].n, list[Y].n, lists[k]);
	set_sources(t, list);
}

static char *
label_x(const struct curves *t)
{
	const char *low = t->in.name[t->x[0]], *high = t->in.name[t->x[1]];
	char *label = t->nx == 1 ? caption_of(low) : columns_label(low, high);

	return label ? label : format("mean of %s and %s", low, high);
}

/* The names of the columns of data, to be freed. */
static const char **
data_names(const struct curves *t)
{
	const char **name = zeros(t->ndata, sizeof *name);
	size_t k;

	for (k = 0; k < t->ndata; k++)
		name[k] = t->in.name[t->source[k].y];
	return name;
}

/* Does a column tell lines apart, as it is there and is not drawn? */
static bool
tells(const struct curves *t, const char *name)
{
	return rows_find(&t->in, name) != NO_COLUMN &&
	       (!x_list || strcmp(x_list, name) != 0) &&
	       (!y_list || strcmp(y_list, name) != 0);
}

/* What the tools of signals write has several of them in one table, or pairs.
 */
static const char *
signals_of(const struct curves *t)
{
	if (tells(t, "signal"))
		return "signal";
	return tells(t, "signal_1") && tells(t, "signal_2")
		       ? "signal_1,signal_2"
		       : NULL;
}

static void
find_table(struct curves *t)
{
	const char **name;

	if (!by_list && !panel_list)
		by_list = signals_of(t);
	if (panel_list)
		split_by(&t->panels, &t->in, panel_list);
	if (by_list)
		split_by(&t->lines, &t->in, by_list);
	if (!x_list)
		t->x[0] = next_column(t, "x", NULL);
	t->nx = x_list ? columns_find(&t->in, x_list, t->x, 2) : 1;
	find_sources(t);
	t->xlabel = label_x(t);
	name = data_names(t);
	t->ylabel = caption_of_all(name, t->ndata);
	t->units = caption_unit(name[0]) && t->ylabel;
	free(name);
}

static bool
in_view(double x)
{
	return x >= from && x <= to;
}

static double
read_x(const struct curves *t)
{
	const struct rows *in = &t->in;
	double x = columns_value(in, t->x[0]);

	if (t->nx == 2)
		x = x / 2 + columns_value(in, t->x[1]) / 2;
	if (!logx || x > 0 || isnan(x))
		return x;
	if (in_view(x))
		rows_bad(in, t->x[0],
			 "not above 0, as --logx has it (--from leaves out "
			 "what is below it)");
	return NAN;
}

static struct curve_point
read_point(const struct curves *t, double x, const struct curve_columns *s)
{
	const struct rows *in = &t->in;
	struct curve_point p = {x, columns_value(in, s->y),
				columns_value(in, s->low),
				columns_value(in, s->high)};
	double error = columns_value(in, s->error);

	if (plot_log && p.y <= 0 && in_view(x))
		rows_bad(in, s->y, "not above 0, as --log has it");
	if (plot_log && p.y <= 0)
		p.y = NAN;
	if (error < 0)
		rows_bad(in, s->error, "negative error");
	if (s->error != NO_COLUMN) {
		p.low = p.y - error;
		p.high = p.y + error;
	}
	if (isinf(p.low) || isinf(p.high))
		rows_bad(in, s->error, "too large");
	if (p.low > p.high)
		rows_bad(in, s->low, "above the upper end");
	return p;
}

/* The i-th panel, made to have at least n lines. */
static struct curve_panel *
panel_of(struct curves *t, size_t i, size_t n)
{
	struct curve_panel *q;

	t->panel = grow(t->panel, &t->cap, i + 1, sizeof *t->panel);
	for (; t->n <= i; t->n++)
		t->panel[t->n].empty = true;
	q = &t->panel[i];
	q->line = grow(q->line, &q->cap, n, sizeof *q->line);
	q->n = n > q->n ? n : q->n;
	return q;
}

static void
take(struct curves *t, const struct curve_point *p)
{
	if (!in_view(p->x) || (isnan(p->y) && isnan(p->low)))
		return;
	axis_take(&t->xaxis, p->x);
	axis_take(&t->yaxis, p->y);
	if (isnan(p->low) || isnan(p->high))
		return;
	axis_take(&t->yaxis, plot_log && p->low <= 0 ? NAN : p->low);
	axis_take(&t->yaxis, plot_log && p->high <= 0 ? NAN : p->high);
}

static void
read_row(struct curves *t)
{
	size_t panel = split_row(&t->panels, &t->in);
	size_t first = split_row(&t->lines, &t->in) * t->nsource, i;
	struct curve_panel *q = panel_of(t, panel, first + t->nsource);
	double x = read_x(t);

	for (i = 0; i < t->nsource; i++) {
		struct curve_point p = read_point(t, x, &t->source[i]);

		curve_add(&q->line[first + i], &p);
		take(t, &p);
		q->points +=
			!t->source[i].fit && curve_is_whole(&p) && in_view(x);
		q->empty &= !in_view(x) ||
			    !(curve_is_whole(&p) || curve_has_bar(&p));
	}
}

/* Is every line of so few points that each of them can be marked?  In a
 * picture of characters the marks would hide the lines. */
static bool
has_few(const struct curves *t)
{
	size_t i, k, n, s;

	for (i = 0; i < t->n; i++)
		for (k = 0; k < t->panel[i].n; k++) {
			const struct curve *l = &t->panel[i].line[k];

			for (n = s = 0; s < l->n && n <= FEW; s++)
				n += curve_is_whole(&l->point[s]) &&
				     in_view(l->point[s].x);
			if (n > FEW && k % t->nsource < t->ndata)
				return false;
		}
	return !steps && !plot_is_text();
}

static bool
has_marks(const struct curves *t)
{
	if (points || no_lines || no_points)
		return !no_points;
	return (has_errors() && !band) || has_few(t);
}

/* What is drawn with a size has room beyond the ends. */
static void
settle(struct curves *t)
{
	struct axis *x = &t->xaxis, *y = &t->yaxis;

	if (!isfinite(x->high - x->low) || !isfinite(y->high - y->low))
		die("values too far apart: from %g to %g", fmin(x->low, y->low),
		    fmax(x->high, y->high));
	if (!plot_log)
		axis_reach_zero(y);
	axis_settle(y, 0.04);
	axis_settle(x, t->marks ? 0.03 : 0);
	if (!isnan(plot_range[0])) {
		y->low = plot_range[0];
		y->high = plot_range[1];
	}
	x->low = isfinite(from) ? from : x->low;
	x->high = isfinite(to) ? to : x->high;
	if (x->low < x->high)
		return;
	if (isfinite(from))
		x->high = logx ? 10 * from : from + fmax(1, fabs(from) / 10);
	else
		x->low = logx ? to / 10 : to - fmax(1, fabs(to) / 10);
}

static void
read_table(struct curves *t, const char *path)
{
	t->xaxis.log = logx;
	t->yaxis.log = plot_log;
	rows_open(&t->in, path);
	find_table(t);
	while (rows_next(&t->in))
		read_row(t);
	if (t->n == 0) {
		panel_of(t, 0, 0);
		t->panels.n = 0;
	}
	t->marks = has_marks(t);
	settle(t);
}

/* How many lines there may be in a panel. */
static size_t
count_lines(const struct curves *t)
{
	return t->nsource * (t->lines.n ? t->lines.seen.n : 1);
}

/* The parts of a line; the first are drawn below the others. */
enum { BAND, LINE, BARS, POINTS, FIT, PARTS };
static const char *const part_names[] = {"band", "line", "bars", "points",
					 "fit"};

/* Of the i-th line. */
static bool
fits(const struct curves *t, size_t i)
{
	return t->source[i % t->nsource].fit;
}

/* Finds out which lines there is something of, and where the first panel has
 * nothing. */
static void
find_seen(struct curves *t)
{
	enum curve_way drawn = steps ? CURVE_STEPS : CURVE_LINE;
	struct vacant others = {0};
	size_t i, k;

	t->seen = zeros(count_lines(t), sizeof *t->seen);
	for (i = 0; i < t->n; i++) {
		struct vacant *v = i ? &others : &t->vacant;

		for (k = 0; k < t->panel[i].n; k++) {
			bool way = !no_lines || fits(t, k);

			t->seen[k] |=
				curve_take(&t->panel[i].line[k], &t->xaxis,
					   &t->yaxis,
					   way ? drawn : CURVE_POINTS, v) > 0;
		}
	}
}

/* How much there is of each to draw, and how. */
struct curve_parts {
	size_t n[PARTS];
	struct look look;
	bool fit;   /* is it a fit, */
	bool crowd; /* or are its points drawn with all others? */
	bool marks;
	double size; /* of these */
};

static void
put_parts(const struct curve_sheet *s, const struct curve *l, size_t i,
	  struct curve_parts *d)
{
	static size_t (*const put[])(const struct curve_sheet *,
				     const struct curve *) = {
		curve_put_band, curve_put_line, curve_put_bars,
		curve_put_points, curve_put_line};
	const bool wanted[] = {band, !d->fit && !no_lines,
			       has_errors() && !band, !d->crowd && !d->fit,
			       d->fit};
	size_t k;

	d->marks = s->marks;
	d->size = s->width < SMALL ? 0.4 : 0.6;
	for (k = 0; k < PARTS; k++) {
		if (!wanted[k])
			continue;
		plot_say(s->p, "$%s%zu << EOD\n", part_names[k], i);
		d->n[k] = put[k](s, l);
		plot_say(s->p, "EOD\n");
	}
}

/* How the plot command draws a part. */
static void
say_part(struct plot *p, size_t part, const struct curve_parts *d)
{
	struct look look = d->look;

	if (part == BAND) {
		plot_say(p,
			 "using 1:2:3 with filledcurves fillstyle "
			 "transparent solid 0.25 noborder fillcolor rgb "
			 "\"#%06x\"",
			 (unsigned)look.colour);
	} else if (part == LINE || part == FIT) {
		plot_say(p, "with %s ", steps ? "steps" : "lines");
		look_say_line(p, &look);
	} else if (part == BARS) {
		look.dash = 0;
		plot_say(p, "using 1:2:(0):($3-$2) with vectors ");
		if (plot_is_text())
			plot_say(p, "nohead ");
		else
			plot_say(p, "heads size screen %.6f,90 nofilled ",
				 CAP / p->width);
		look_say_line(p, &look);
	} else {
		look.point = d->marks ? look.point : 0;
		plot_say(p, "with points ");
		look_say_point(p, &look,
			       d->marks && d->n[part] <= CROWD ? d->size : 0.3);
	}
}

/* The plot command begins with the first. */
static void
say_next(struct plot *p, size_t *drawn)
{
	plot_say(p, (*drawn)++ ? ", \\\n     " : "plot ");
}

/* Says the plot command for n lines: what is below fits, or these. */
static void
say_parts(struct plot *p, const struct curve_parts *d, size_t n, bool fit,
	  size_t *drawn)
{
	size_t last = fit ? FIT : POINTS, i, k;

	for (k = fit ? FIT : BAND; k <= last; k++)
		for (i = 0; i < n; i++) {
			if (!d[i].n[k])
				continue;
			say_next(p, drawn);
			plot_say(p, "$%s%zu ", part_names[k], i);
			say_part(p, k, &d[i]);
			plot_say(p, " notitle");
		}
}

static uint32_t
pale(uint32_t rgb)
{
	return 0xffffff - ((0xffffff - rgb) >> 1 & 0x7f7f7f);
}

/* How the groups look, where the data are of one column or --colors says so;
 * else NULL.  A group of several columns is called as others call it: with
 * colons, "LA:PN". */
static struct look *
look_groups(const struct curves *t)
{
	size_t n = t->lines.seen.n, i;
	char **name = zeros(n, sizeof *name);
	struct look *look = NULL;

	for (i = 0; i < n; i++)
		name[i] = split_name(&t->lines, i);
	if (n > 0 && (t->ndata == 1 || look_file))
		look = look_named(name, n);
	for (i = 0; i < n; i++)
		free(name[i]);
	free(name);
	return look;
}

/* How each line looks.  Fits are black and dashed, and what they fit is pale,
 * so that both are seen where one is on the other. */
static struct look *
look_lines(const struct curves *t, size_t n)
{
	size_t data = n / t->nsource * t->ndata, i;
	struct look *look = zeros(n, sizeof *look), *group = look_groups(t);

	for (i = 0; i < n; i++) {
		size_t source = i % t->nsource, of = i / t->nsource;

		look[i] = group ? group[of]
				: look_of(of * t->ndata + source, data);
		if (group)
			look[i].dash += source;
		if (t->nsource > t->ndata)
			look[i].colour = pale(look[i].colour);
		if (fits(t, i))
			look[i] = (struct look){.dash = 1 + source - t->ndata,
						.linetype = 6};
	}
	free(group);
	return look;
}

/* Adds the points of a line, spread over the layers. */
static void
add_dots(struct dots *d, const struct curve_sheet *s, const struct curve *l,
	 size_t i)
{
	size_t k;

	for (k = 0; k < l->n; k++) {
		const struct curve_point *p = &l->point[k];
		struct dot dot = {
			.layer = dots_mixed_layer(k), .group = i, .item = k};

		if (!curve_is_whole(p) || !in_view(p->x) || p->y < s->y->low ||
		    p->y > s->y->high)
			continue;
		dot.x = axis_place(s->x, p->x) * d->width;
		dot.y = (1 - axis_place(s->y, p->y)) * d->height;
		dots_add(d, &dot);
	}
}

static void
put_dots(const struct curves *t, const struct curve_panel *q,
	 const struct curve_sheet *s, struct dots *d)
{
	size_t i;

	for (i = 0; i < q->n; i++)
		if (!fits(t, i))
			add_dots(d, s, &q->line[i], i);
	dots_settle(d);
	plot_say(s->p, "$dots << EOD\n");
	for (i = 0; i < d->n; i++) {
		const struct dot *dot = &d->dot[i];
		const struct curve_point *p =
			&q->line[dot->group].point[dot->item];

		if (dot->hidden)
			continue;
		plot_num(s->p, p->x);
		plot_say(s->p, " ");
		plot_num(s->p, p->y);
		plot_say(s->p, " ");
		dots_put(s->p, d, i);
	}
	plot_say(s->p, "EOD\n");
}

/* Draws the k-th panel.  dots has no dots yet, but says how they look. */
static void
draw_panel(const struct curves *t, const struct panels *f, struct plot *p,
	   size_t k, struct dots dots)
{
	const struct axis *x = &f->panel[k].x, *y = &f->panel[k].y;
	const struct curve_sheet s = {
		p, x, y, f->area_width, f->area_height, t->marks};
	const struct dot_columns columns = {"$1", "$2", 3,
					    (x->high - x->low) / f->area_width};
	const struct curve_panel *q = &t->panel[k];
	size_t n = count_lines(t), drawn = 0, i;
	struct curve_parts *d = zeros(n, sizeof *d);

	for (i = 0; i < q->n; i++) {
		d[i].look = dots.look[i];
		d[i].fit = fits(t, i);
		d[i].crowd = dots.crowd;
		if (q->line[i].n > 0)
			put_parts(&s, &q->line[i], i, &d[i]);
	}
	if (dots.crowd)
		put_dots(t, q, &s, &dots);
	panel_begin(f, p, k);
	say_parts(p, d, n, false, &drawn);
	if (dots.n > 0) {
		say_next(p, &drawn);
		plot_say(p, "$dots ");
		dots_say(p, &dots, &columns);
	}
	say_parts(p, d, n, true, &drawn);
	plot_say(p, drawn ? "\n" : "plot NaN notitle\n");
	dots_free(&dots);
	free(d);
}

/* What the key calls a column: by what it has that others have not, where the
 * label on the left says the rest. */
static char *
name_source(const struct curves *t, size_t k)
{
	const char *name = t->in.name[t->source[k].y], *end;

	if (t->source[k].fit && !strncmp(name, "fit_", 4))
		return copy("fit");
	if (t->ndata == 1 && k == 0)
		return copy("data");
	if (!plot_ylabel && !t->units)
		return caption_of(name);
	end = strchr(name, '.');
	if (end && end[1])
		return copy(end + 1);
	end = caption_unit(name) ? strrchr(name, '_') : NULL;
	return format("%.*s", (int)(end ? end - name : (long)strlen(name)),
		      name);
}

/* What the key calls a line: what it is by, its column, or both. */
static char *
name_of(const struct curves *t, size_t i)
{
	size_t group = i / t->nsource;
	char *y = name_source(t, i % t->nsource), *by, *both;
	struct page_text title = {0};

	if (t->lines.n == 0 || fits(t, i))
		return y;
	if (t->lines.n > 1)
		title = split_title(&t->lines, group);
	by = title.flat ? title.flat : t->lines.text[group].flat;
	both = t->ndata > 1 ? format("%s, %s", by, y) : copy(by);
	free(y);
	page_free_text(&title);
	return both;
}

static void
set_panels(const struct curves *t, struct panels *f)
{
	size_t k;

	for (k = 0; k < t->n; k++) {
		struct panel *q = panels_add(f);

		q->x = t->xaxis;
		q->y = t->yaxis;
		q->empty = t->panel[k].empty;
	}
	panels_set_titles(f, &t->panels);
}

/* Is there a part of a fit in any group? */
static bool
is_fit_seen(const struct curves *t, size_t source, size_t n)
{
	size_t i = source;

	while (i < n && !t->seen[i])
		i += t->nsource;
	return i < n;
}

/* Names are to be freed.  Fits are one entry for all groups, after the data. */
static void
set_key(const struct curves *t, struct key_table *k, const struct dots *d,
	char **name)
{
	size_t n = d->groups, i;

	for (i = 0; i < n; i++) {
		struct key_entry key = {.look = dot_look(d, i),
					.line = !no_lines,
					.point = t->marks,
					.band = band};

		if (fits(t, i) || !t->seen[i])
			continue;
		key.text = name[i] = name_of(t, i);
		key_add(k, &key);
	}
	for (i = t->ndata; i < t->nsource; i++) {
		struct key_entry key = {.look = d->look[i], .line = true};

		if (!is_fit_seen(t, i, n))
			continue;
		key.text = name[i] = name_of(t, i);
		key_add(k, &key);
	}
}

/* Numbers in the key say above them what they are. */
static char *
title_key(const struct curves *t)
{
	if (t->lines.n != 1 || t->lines.words[0] || t->lines.seen.n == 0)
		return NULL;
	return caption_of(t->lines.name[0]);
}

static void
draw(struct curves *t)
{
	struct panels f = {.xlabel = plot_xlabel ? plot_xlabel : t->xlabel,
			   .ylabel = plot_ylabel ? plot_ylabel : t->ylabel,
			   .vacant = &t->vacant,
			   .share = t->n > 1};
	size_t n = count_lines(t), most = 0, i;
	struct look *look = look_lines(t, n);
	struct dots d = {.look = look, .groups = n, .no_squares = logx};
	char **name = zeros(n, sizeof *name), *title = title_key(t);
	struct plot p;

	set_panels(t, &f);
	for (i = 0; i < t->n; i++)
		most = t->panel[i].points > most ? t->panel[i].points : most;
	dots_expect(&d, no_lines ? most : 0);
	if (t->lines.seen.n > 0 || t->nsource > 1)
		set_key(t, &f.key, &d, name);
	f.key.title = title;
	panels_open(&f, &p);
	d.width = f.area_width;
	d.height = f.area_height;
	for (i = 0; i < t->n; i++)
		draw_panel(t, &f, &p, i, d);
	panels_close(&f, &p);
	for (i = 0; i < n; i++)
		free(name[i]);
	free(name);
	free(title);
	free(look);
}

static void
free_table(struct curves *t)
{
	size_t i, k;

	for (i = 0; i < t->n; i++) {
		for (k = 0; k < t->panel[i].n; k++)
			free(t->panel[i].line[k].point);
		free(t->panel[i].line);
	}
	free(t->panel);
	free(t->seen);
	split_free(&t->panels);
	split_free(&t->lines);
	free(t->xlabel);
	free(t->ylabel);
	rows_close(&t->in);
}

int
main(int argc, char **argv)
{
	struct curves t = {0};

	argv = start(argc, argv, &tool);
	plot_start(PLOT_GNUPLOT);
	look_check_input(argv[0]);
	if (logx && ((isfinite(from) && from <= 0) || to <= 0))
		misuse("--%s: not above 0, as --logx has it: '%.15g'",
		       to <= 0 ? "to" : "from", to <= 0 ? to : from);
	if (plot_is_text())
		band = false; /* it would hide its own line */
	read_table(&t, argv[0]);
	find_seen(&t);
	draw(&t);
	free_table(&t);
	return WORKED;
}
