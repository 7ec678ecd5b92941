/* plot-lines -- draw lines or points
 *
 * A line of more points than the picture has pixels is thinned out to what can
 * be seen of it: of the points that follow each other in the same column of
 * half a pixel the first, the lowest, the highest and the last are drawn, and
 * of points without lines one in each square pixel, which they are larger than.
 * dots.h draws a crowd of points, or those of one line would hide another's.
 * A trace of a million points takes 60 kB of SVG, and 0.4 s. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "opt.h"
#include "plot/columns.h"
#include "plot/dots.h"
#include "plot/panels.h"
#include "rows.h"

#define MAX_Y 64
#define FINE 2     /* columns in a pixel */
#define CROWD 1000 /* so many points are drawn smaller */
#define CAP 2.5    /* half of what ends an error bar, in pixels */
#define FEW 30     /* so many points of a line are marked */

struct point {
	double x, y, low, high; /* NaN: missing */
};

struct curve {
	struct point *point;
	size_t n, cap;
};

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
	bool marks; /* points are drawn, on lines or alone */
};

static const char *x_list, *y_list, *by_list, *panel_list, *error_list;
static const char *low_list, *high_list, *fit_list;
static const char *xlabel, *ylabel;
static bool points, no_points, no_lines, steps, band, logx, logy;
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
	OPT_STR(0, "fit", "columns", &fit_list,
		"also draw these, dashed above y (those called fit_...)"),
	OPT_FLAG(0, "points", &points, "mark points on lines (where few)"),
	OPT_FLAG(0, "no-points", &no_points, "draw lines alone"),
	OPT_FLAG(0, "no-lines", &no_lines, "draw points alone"),
	OPT_FLAG(0, "steps", &steps, "go to the next point in steps"),
	OPT_NUM_IN(0, "from", "x", &from, "(-inf,inf)", "begin here"),
	OPT_NUM_IN(0, "to", "x", &to, "(-inf,inf)", "end here"),
	OPT_FLAG(0, "logx", &logx, "logarithmic x axis"),
	OPT_FLAG(0, "logy", &logy, "logarithmic y axis"),
	OPT_STR(0, "xlabel", "text", &xlabel, "write this below"),
	OPT_STR(0, "ylabel", "text", &ylabel, "write this on the left"),
	OPT_TABLE(plot_opts),
	OPT_EXCLUDE("points no-points"),
	OPT_NOT_WITH("no-lines", "no-points steps"),
	OPT_NEEDS("low", "high"),
	OPT_NEEDS("high", "low"),
	OPT_NOT_WITH("error", "low high"),
	OPT_NEEDS("bands", "error low"),
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
 * those of --fit. */
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
	static const char *const names[LISTS] = {"y", "fit", "error", "low",
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

static void
find_table(struct curves *t)
{
	const char *const *name = (const char *const *)t->in.name;

	if (panel_list)
		split_by(&t->panels, &t->in, panel_list);
	if (by_list)
		split_by(&t->lines, &t->in, by_list);
	if (!x_list)
		t->x[0] = next_column(t, "x", NULL);
	t->nx = x_list ? columns_find(&t->in, x_list, t->x, 2) : 1;
	find_sources(t);
	t->xlabel = t->nx == 2 ? columns_stem(name[t->x[0]], name[t->x[1]])
			       : copy(name[t->x[0]]);
	if (!t->xlabel)
		t->xlabel = format("mean of %s and %s", name[t->x[0]],
				   name[t->x[1]]);
	if (t->ndata == 1)
		t->ylabel = copy(name[t->source[0].y]);
}

static double
read_x(const struct curves *t)
{
	const struct rows *in = &t->in;
	double x = columns_value(in, t->x[0]);

	if (t->nx == 2)
		x = x / 2 + columns_value(in, t->x[1]) / 2;
	if (logx && x <= 0)
		rows_bad(in, t->x[0], "not above 0, as --logx has it");
	return x;
}

static struct point
read_point(const struct curves *t, double x, const struct curve_columns *s)
{
	const struct rows *in = &t->in;
	struct point p = {x, columns_value(in, s->y), columns_value(in, s->low),
			  columns_value(in, s->high)};
	double error = columns_value(in, s->error);

	if (logy && p.y <= 0)
		rows_bad(in, s->y, "not above 0, as --logy has it");
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

static bool
in_view(double x)
{
	return x >= from && x <= to;
}

static bool
is_whole(const struct point *p)
{
	return !isnan(p->x) && !isnan(p->y);
}

static bool
is_seen(const struct point *p)
{
	return is_whole(p) && in_view(p->x);
}

static bool
has_bar(const struct point *p)
{
	return !isnan(p->x) && !isnan(p->low) && !isnan(p->high);
}

static void
take(struct curves *t, const struct point *p)
{
	if (!in_view(p->x) || (isnan(p->y) && isnan(p->low)))
		return;
	axis_take(&t->xaxis, p->x);
	axis_take(&t->yaxis, p->y);
	if (isnan(p->low) || isnan(p->high))
		return;
	axis_take(&t->yaxis, logy && p->low <= 0 ? NAN : p->low);
	axis_take(&t->yaxis, logy && p->high <= 0 ? NAN : p->high);
}

static void
read_row(struct curves *t)
{
	size_t panel = split_row(&t->panels, &t->in);
	size_t first = split_row(&t->lines, &t->in) * t->nsource, i;
	struct curve_panel *q = panel_of(t, panel, first + t->nsource);
	double x = read_x(t);

	for (i = 0; i < t->nsource; i++) {
		struct curve *l = &q->line[first + i];
		struct point p = read_point(t, x, &t->source[i]);

		l->point = grow(l->point, &l->cap, l->n + 1, sizeof p);
		l->point[l->n++] = p;
		take(t, &p);
		q->points += !t->source[i].fit && is_whole(&p) && in_view(x);
		q->empty &= !in_view(x) || !(is_whole(&p) || has_bar(&p));
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
				n += is_seen(&l->point[s]);
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
	if (!logy)
		axis_reach_zero(y);
	axis_settle(y, 0.04);
	axis_settle(x, t->marks ? 0.03 : 0);
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
	t->yaxis.log = logy;
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

/* Where the points of a line go. */
struct curve_sheet {
	struct plot *p;
	const struct panels *f;
	const struct axis *x, *y;
	double fine;             /* columns of half a pixel */
	const struct dots *dots; /* of a crowd, or NULL */
	bool marks;
};

static double
column_of(const struct curve_sheet *s, double x)
{
	return fmin(fmax(floor(axis_place(s->x, x) * s->fine), -1), s->fine);
}

/* Puts what can be seen of points in one column of pixels: at most four of
 * them, in their order. */
static void
put_run(struct plot *p, const struct point *run, size_t n)
{
	size_t keep[4] = {0, 0, 0, n - 1}, i;

	for (i = 0; i < n; i++) {
		if (run[i].y < run[keep[1]].y)
			keep[1] = i;
		if (run[i].y > run[keep[2]].y)
			keep[2] = i;
	}
	if (keep[1] > keep[2]) {
		size_t first = keep[2];

		keep[2] = keep[1];
		keep[1] = first;
	}
	for (i = 0; i < 4; i++)
		if (i == 0 || keep[i] != keep[i - 1])
			plot_point(p, run[keep[i]].x, run[keep[i]].y);
}

/* How many points from the i-th on a line joins. */
static size_t
stretch(const struct curve *l, size_t i)
{
	size_t n = 0;

	while (i + n < l->n && is_whole(&l->point[i + n]))
		n++;
	return n;
}

/* This and the following put one part of a line and return how much there is to
 * see of it. */
static size_t
put_line(const struct curve_sheet *s, const struct curve *l)
{
	size_t i, k, n, run, runs = 0;

	for (i = 0; i < l->n; i += n + 1) {
		const struct point *part = &l->point[i];

		n = stretch(l, i);
		for (k = 0; k < n && n > 1; k += run) {
			double column = column_of(s, part[k].x);

			run = 1;
			while (k + run < n &&
			       column_of(s, part[k + run].x) == column)
				run++;
			put_run(s->p, part + k, run);
			runs++;
		}
		if (n > 1)
			plot_say(s->p, "\n");
	}
	return runs;
}

/* Puts the points that no line reaches, or all. */
static size_t
put_points(const struct curve_sheet *s, const struct curve *l)
{
	size_t across = (size_t)s->f->area_width + 1;
	size_t down = (size_t)s->f->area_height + 1, n = 0, i;
	unsigned char *seen = zeros(across * down, 1), *at;

	for (i = 0; i < l->n; i++) {
		const struct point *p = &l->point[i];
		double x, y;
		bool alone = (i == 0 || !is_whole(p - 1)) &&
			     (i + 1 == l->n || !is_whole(p + 1));

		if (!is_seen(p) || !(s->marks || alone))
			continue;
		x = axis_place(s->x, p->x) * (double)(across - 1);
		y = axis_place(s->y, p->y) * (double)(down - 1);
		at = &seen[(size_t)y * across + (size_t)x];
		if (*at)
			continue;
		*at = 1;
		plot_point(s->p, p->x, p->y);
		n++;
	}
	free(seen);
	return n;
}

/* On a logarithmic axis, what reaches to 0 ends at the frame. */
static void
put_interval(const struct curve_sheet *s, double x, double low, double high)
{
	plot_num(s->p, x);
	plot_say(s->p, " ");
	plot_point(s->p, logy ? fmax(low, s->y->low) : low,
		   logy ? fmax(high, s->y->low) : high);
}

static size_t
put_bars(const struct curve_sheet *s, const struct curve *l)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++) {
		const struct point *p = &l->point[i];

		if (!has_bar(p) || !in_view(p->x))
			continue;
		put_interval(s, p->x, p->low, p->high);
		n++;
	}
	return n;
}

/* As with lines: of a column its first and last, as wide as any in it. */
static size_t
put_band(const struct curve_sheet *s, const struct curve *l)
{
	size_t i = 0, run, n = 0;

	for (; i < l->n; i += run) {
		const struct point *p = &l->point[i];
		double low = p->low, high = p->high;
		double column = column_of(s, p->x);

		run = 1;
		if (!has_bar(p)) {
			plot_say(s->p, "\n");
			continue;
		}
		for (; i + run < l->n && has_bar(p + run) &&
		       column_of(s, p[run].x) == column;
		     run++) {
			low = fmin(low, p[run].low);
			high = fmax(high, p[run].high);
		}
		put_interval(s, p->x, low, high);
		if (run > 1)
			put_interval(s, p[run - 1].x, low, high);
		n++;
	}
	return n;
}

/* The parts of a line; the first are drawn below the others. */
enum { BAND, LINE, BARS, POINTS, FIT, PARTS };
static const char *const part_names[] = {"band", "line", "bars", "points",
					 "fit"};

/* How much there is of each to draw, and how. */
struct curve_parts {
	size_t n[PARTS];
	struct look look;
	bool marks;
};

static void
put_parts(const struct curve_sheet *s, const struct curve *l, size_t i,
	  struct curve_parts *d, bool fit)
{
	static size_t (*const put[])(const struct curve_sheet *,
				     const struct curve *) = {
		put_band, put_line, put_bars, put_points, put_line};
	const bool wanted[] = {band, !fit && !no_lines, has_errors() && !band,
			       !s->dots && !fit, fit};
	size_t k;

	d->marks = s->marks;
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
			       d->marks && d->n[part] <= CROWD ? 0.6 : 0.3);
	}
}

/* How many have been drawn before: the plot command begins with the first. */
static void
say_next(struct plot *p, size_t *drawn)
{
	plot_say(p, (*drawn)++ ? ", \\\n     " : "plot ");
}

/* Says the plot command for the parts of n lines from the first to the last. */
static void
say_parts(struct plot *p, const struct curve_parts *d, size_t n, size_t first,
	  size_t last, size_t *drawn)
{
	size_t i, k;

	for (k = first; k <= last; k++)
		for (i = 0; i < n; i++) {
			if (!d[i].n[k])
				continue;
			say_next(p, drawn);
			plot_say(p, "$%s%zu ", part_names[k], i);
			say_part(p, k, &d[i]);
			plot_say(p, " notitle");
		}
}

/* Of the i-th line. */
static bool
fits(const struct curves *t, size_t i)
{
	return t->source[i % t->nsource].fit;
}

static uint32_t
pale(uint32_t rgb)
{
	return 0xffffff - ((0xffffff - rgb) >> 1 & 0x7f7f7f);
}

/* How each line looks.  Fits are black and dashed, and what they fit is pale,
 * so that both are seen where one is on the other. */
static struct look *
look_lines(const struct curves *t, size_t n)
{
	size_t data = n / t->nsource * t->ndata, i;
	struct look *look = zeros(n, sizeof *look);

	for (i = 0; i < n; i++) {
		size_t group = i / t->nsource, source = i % t->nsource;

		look[i] = look_of(group * t->ndata + source, data);
		if (t->nsource > t->ndata)
			look[i].colour = pale(look[i].colour);
		if (fits(t, i))
			look[i] = (struct look){.dash = 1 + source - t->ndata,
						.linetype = 6};
	}
	return look;
}

/* Adds the points of a line, spread over the layers. */
static void
add_dots(struct dots *d, const struct curve_sheet *s, const struct curve *l,
	 size_t i)
{
	size_t k;

	for (k = 0; k < l->n; k++) {
		const struct point *p = &l->point[k];
		struct dot dot = {
			.layer = dots_mixed_layer(k), .group = i, .item = k};

		if (!is_seen(p))
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
		const struct point *p = &q->line[dot->group].point[dot->item];

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
	const struct curve_sheet s = {p,
				      f,
				      x,
				      y,
				      FINE * f->area_width,
				      dots.crowd ? &dots : NULL,
				      t->marks};
	const struct dot_columns columns = {"$1", "$2", 3,
					    (x->high - x->low) / f->area_width};
	const struct curve_panel *q = &t->panel[k];
	size_t n = count_lines(t), drawn = 0, i;
	struct curve_parts *d = zeros(n, sizeof *d);

	for (i = 0; i < q->n; i++) {
		d[i].look = dots.look[i];
		if (q->line[i].n > 0)
			put_parts(&s, &q->line[i], i, &d[i], fits(t, i));
	}
	if (s.dots)
		put_dots(t, q, &s, &dots);
	panel_begin(f, p, k);
	say_parts(p, d, n, BAND, POINTS, &drawn);
	if (dots.n > 0) {
		say_next(p, &drawn);
		plot_say(p, "$dots ");
		dots_say(p, &dots, &columns);
	}
	say_parts(p, d, n, FIT, FIT, &drawn);
	plot_say(p, drawn ? "\n" : "plot NaN notitle\n");
	dots_free(&dots);
	free(d);
}

/* What the key calls a line: what it is by, its column, or both. */
static char *
name_of(const struct curves *t, size_t i)
{
	const char *y = t->in.name[t->source[i % t->nsource].y];
	const char *by = t->lines.n ? t->lines.text[i / t->nsource].flat : NULL;

	if (fits(t, i))
		return copy(y);
	if (by && t->ndata > 1)
		return format("%s, %s", by, y);
	return copy(by ? by : y);
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
		panel_set_title(q, &t->panels, k);
	}
}

static void
set_key(const struct curves *t, struct panels *f, const struct dots *d,
	char **name)
{
	size_t i;

	for (i = 0; i < d->groups; i++) {
		struct panel_key key = {.look = dot_look(d, i),
					.line = !no_lines || fits(t, i),
					.point = t->marks && !fits(t, i)};

		if (fits(t, i) && i >= t->nsource)
			continue;
		name[i] = name_of(t, i);
		key.text = name[i];
		panels_add_key(f, &key);
	}
}

static void
draw(const struct curves *t)
{
	struct panels f = {.xlabel = xlabel ? xlabel : t->xlabel,
			   .ylabel = ylabel ? ylabel : t->ylabel,
			   .wished = split_columns(&t->panels)};
	size_t n = count_lines(t), most = 0, i;
	struct look *look = look_lines(t, n);
	struct dots d = {.look = look, .groups = n, .no_squares = logx};
	char **name = zeros(n, sizeof *name);
	struct plot p;

	set_panels(t, &f);
	for (i = 0; i < t->n; i++)
		most = t->panel[i].points > most ? t->panel[i].points : most;
	dots_expect(&d, no_lines ? most : 0);
	if (t->lines.seen.n > 0 || t->nsource > 1)
		set_key(t, &f, &d, name);
	panels_open(&f, &p);
	d.width = f.area_width;
	d.height = f.area_height;
	for (i = 0; i < t->n; i++)
		draw_panel(t, &f, &p, i, d);
	panels_close(&f, &p);
	for (i = 0; i < n; i++)
		free(name[i]);
	free(name);
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
	if (logx && ((isfinite(from) && from <= 0) || to <= 0))
		misuse("--%s: not above 0, as --logx has it: '%.15g'",
		       to <= 0 ? "to" : "from", to <= 0 ? to : from);
	if (plot_is_text())
		band = false; /* it would hide its own line */
	read_table(&t, argv[0]);
	draw(&t);
	free_table(&t);
	return WORKED;
}
