/* plot-lines -- draw lines or points
 *
 * A line of more points than the picture has pixels is thinned out to what can
 * be seen of it: of the points that follow each other in the same column of
 * half a pixel the first, the lowest, the highest and the last are drawn, and
 * of points without lines one in each square pixel, which they are larger than.
 * A crowd of points is drawn by dots.h, or one line's would hide another's.
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
};

struct curves {
	struct rows in;
	size_t x[2], nx;
	struct curve_columns source[MAX_Y];
	size_t nsource;
	struct split panels, lines;
	struct curve **line; /* of each panel, by line and source */
	size_t *nline, *mline;
	size_t cap, ncap, mcap;
	size_t n; /* panels */
	struct axis xaxis, yaxis;
	char *xlabel, *ylabel;
};

static const char *x_list, *y_list, *by_list, *panel_list, *error_list;
static const char *low_list, *high_list;
static const char *xlabel, *ylabel;
static bool points, steps, band, logx, logy;
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
	OPT_FLAG(0, "band", &band, "draw errors as a band, not as bars"),
	OPT_FLAG(0, "points", &points, "draw points, not lines"),
	OPT_FLAG(0, "steps", &steps, "go to the next point in steps"),
	OPT_NUM_IN(0, "from", "x", &from, "(-inf,inf)", "begin here"),
	OPT_NUM_IN(0, "to", "x", &to, "(-inf,inf)", "end here"),
	OPT_FLAG(0, "logx", &logx, "logarithmic x axis"),
	OPT_FLAG(0, "logy", &logy, "logarithmic y axis"),
	OPT_STR(0, "xlabel", "text", &xlabel, "write this below"),
	OPT_STR(0, "ylabel", "text", &ylabel, "write this on the left"),
	OPT_TABLE(plot_opts),
	OPT_EXCLUDE("points steps"),
	OPT_NEEDS("low", "high"),
	OPT_NEEDS("high", "low"),
	OPT_NOT_WITH("error", "low high"),
	OPT_NEEDS("band", "error low"),
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

static bool
is_in(size_t column, const size_t *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i] == column)
			return true;
	return false;
}

/* The first column that is not something else. */
static size_t
next_column(const struct curves *t, const char *axis, const size_t *errors,
	    size_t n)
{
	size_t i;

	for (i = 0; i < t->in.n; i++)
		if (!is_in(i, t->x, t->nx) && !is_in(i, errors, n) &&
		    !is_in(i, t->panels.column, t->panels.n) &&
		    !is_in(i, t->lines.column, t->lines.n))
			return i;
	die("%s: no column for %s", t->in.path, axis);
}

/* The columns of an option that says one for each column of y. */
static size_t
find_errors(const struct curves *t, const char *option, const char *list,
	    size_t *column)
{
	size_t n = 0, i;

	for (i = 0; i < MAX_Y; i++)
		column[i] = NO_COLUMN;
	if (list)
		n = columns_find(&t->in, list, column, MAX_Y);
	if (n > 0 && t->nsource > 0 && n != t->nsource)
		misuse("--%s: %zu columns for %zu of y: '%s'", option, n,
		       t->nsource, list);
	return n;
}

static void
find_sources(struct curves *t)
{
	size_t y[MAX_Y], error[3][MAX_Y], all[3], i;
	const char *const lists[] = {error_list, low_list, high_list};
	static const char *const names[] = {"error", "low", "high"};

	if (y_list)
		t->nsource = columns_find(&t->in, y_list, y, MAX_Y);
	for (i = 0; i < 3; i++) {
		find_errors(t, names[i], lists[i], error[i]);
		all[i] = error[i][0];
	}
	if (!y_list) {
		y[0] = next_column(t, "y", all, 3);
		t->nsource = 1;
		for (i = 0; i < 3; i++)
			find_errors(t, names[i], lists[i], error[i]);
	}
	for (i = 0; i < t->nsource; i++)
		t->source[i] = (struct curve_columns){y[i], error[0][i],
						      error[1][i], error[2][i]};
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
		t->x[0] = next_column(t, "x", NULL, 0);
	t->nx = x_list ? columns_find(&t->in, x_list, t->x, 2) : 1;
	find_sources(t);
	t->xlabel = t->nx == 2 ? columns_stem(name[t->x[0]], name[t->x[1]])
			       : copy(name[t->x[0]]);
	if (!t->xlabel)
		t->xlabel = format("mean of %s and %s", name[t->x[0]],
				   name[t->x[1]]);
	if (t->nsource == 1)
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

/* The lines of a panel, at least n of them. */
static struct curve *
lines_of(struct curves *t, size_t panel, size_t n)
{
	t->line = grow(t->line, &t->cap, panel + 1, sizeof(struct curve *));
	t->nline = grow(t->nline, &t->ncap, panel + 1, sizeof(size_t));
	t->mline = grow(t->mline, &t->mcap, panel + 1, sizeof(size_t));
	t->n = panel + 1 > t->n ? panel + 1 : t->n;
	t->line[panel] =
		grow(t->line[panel], &t->mline[panel], n, sizeof(struct curve));
	if (n > t->nline[panel])
		t->nline[panel] = n;
	return t->line[panel];
}

static bool
in_view(double x)
{
	return x >= from && x <= to;
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
	struct curve *all = lines_of(t, panel, first + t->nsource);
	double x = read_x(t);

	for (i = 0; i < t->nsource; i++) {
		struct curve *l = &all[first + i];
		struct point p = read_point(t, x, &t->source[i]);

		l->point = grow(l->point, &l->cap, l->n + 1, sizeof p);
		l->point[l->n++] = p;
		take(t, &p);
	}
}

/* An axis that comes near 0 begins there; what is drawn with a size has room
 * beyond the ends. */
static void
settle(struct curves *t)
{
	struct axis *x = &t->xaxis, *y = &t->yaxis;
	double reach = 0.3;

	if (!isfinite(x->high - x->low) || !isfinite(y->high - y->low))
		die("values too far apart: from %g to %g", fmin(x->low, y->low),
		    fmax(x->high, y->high));
	if (y->used && !logy &&
	    ((y->low > 0 && y->low <= reach * y->high) ||
	     (y->high < 0 && y->high >= reach * y->low)))
		axis_take(y, 0);
	axis_settle(y, 0.04);
	axis_settle(x, points || (has_errors() && !band) ? 0.03 : 0);
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
		lines_of(t, 0, 0);
		t->panels.n = 0;
	}
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
};

static double
column_of(const struct curve_sheet *s, double x)
{
	return fmin(fmax(floor(axis_place(s->x, x) * s->fine), -1), s->fine);
}

/* What can be seen of points in one column: of four, in their order. */
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

static bool
is_whole(const struct point *p)
{
	return !isnan(p->x) && !isnan(p->y);
}

/* The points from the i-th on that a line joins. */
static size_t
stretch(const struct curve *l, size_t i)
{
	size_t n = 0;

	while (i + n < l->n && is_whole(&l->point[i + n]))
		n++;
	return n;
}

static bool
put_line(const struct curve_sheet *s, const struct curve *l)
{
	size_t i, k, n, run;
	bool any = false;

	plot_say(s->p, " << EOD\n");
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
		}
		if (n > 1)
			plot_say(s->p, "\n");
		any |= n > 1;
	}
	plot_say(s->p, "EOD\n");
	return any;
}

/* Points that no line reaches, or all; how many are drawn. */
static size_t
put_points(const struct curve_sheet *s, const struct curve *l, bool all)
{
	size_t across = (size_t)s->f->area_width + 1;
	size_t down = (size_t)s->f->area_height + 1, n = 0, i;
	unsigned char *seen = zeros(across * down, 1);

	plot_say(s->p, " << EOD\n");
	for (i = 0; i < l->n; i++) {
		const struct point *p = &l->point[i];
		double x, y;
		bool alone = (i == 0 || !is_whole(p - 1)) &&
			     (i + 1 == l->n || !is_whole(p + 1));

		if (!is_whole(p) || !in_view(p->x) || !(all || alone))
			continue;
		x = axis_place(s->x, p->x) * (double)(across - 1);
		y = axis_place(s->y, p->y) * (double)(down - 1);
		if (seen[(size_t)y * across + (size_t)x])
			continue;
		seen[(size_t)y * across + (size_t)x] = 1;
		plot_point(s->p, p->x, p->y);
		n++;
	}
	plot_say(s->p, "EOD\n");
	free(seen);
	return n;
}

static bool
has_bar(const struct point *p)
{
	return !isnan(p->x) && !isnan(p->low) && !isnan(p->high);
}

static void
put_interval(const struct curve_sheet *s, double x, double low, double high)
{
	plot_num(s->p, x);
	plot_say(s->p, " ");
	plot_num(s->p, low);
	plot_say(s->p, " ");
	plot_num(s->p, high);
	plot_say(s->p, "\n");
}

/* On a logarithmic axis, what reaches to 0 ends at the frame. */
static double
above_zero(const struct curve_sheet *s, double v)
{
	return logy ? fmax(v, s->y->low) : v;
}

static bool
put_bars(const struct curve_sheet *s, const struct curve *l)
{
	bool any = false;
	size_t i;

	plot_say(s->p, " << EOD\n");
	for (i = 0; i < l->n; i++) {
		const struct point *p = &l->point[i];

		if (!has_bar(p) || !in_view(p->x))
			continue;
		put_interval(s, p->x, above_zero(s, p->low),
			     above_zero(s, p->high));
		any = true;
	}
	plot_say(s->p, "EOD\n");
	return any;
}

/* As with lines: of a column its first and last, as wide as any in it. */
static bool
put_band(const struct curve_sheet *s, const struct curve *l)
{
	bool any = false;
	size_t i = 0, run;

	plot_say(s->p, " << EOD\n");
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
		low = above_zero(s, low);
		high = above_zero(s, high);
		put_interval(s, p->x, low, high);
		if (run > 1)
			put_interval(s, p[run - 1].x, low, high);
		any = true;
	}
	plot_say(s->p, "EOD\n");
	return any;
}

/* Which data of a line there are to draw. */
struct curve_parts {
	bool band, line, bars;
	size_t points;
};

static struct curve_parts
put_data(const struct curve_sheet *s, const struct curve *l, size_t i)
{
	struct curve_parts d = {0};
	bool bars = has_errors() && !band;

	if (band) {
		plot_say(s->p, "$band%zu", i);
		d.band = put_band(s, l);
	}
	if (!points) {
		plot_say(s->p, "$line%zu", i);
		d.line = put_line(s, l);
	}
	if (bars) {
		plot_say(s->p, "$bars%zu", i);
		d.bars = put_bars(s, l);
	}
	if (!s->dots) {
		plot_say(s->p, "$points%zu", i);
		d.points = put_points(s, l, points || bars);
	}
	return d;
}

/* What the plot command draws, the bands below all else. */
static void
say_part(struct plot *p, size_t *parts, const char *block, size_t i)
{
	plot_say(p, "%s$%s%zu ", (*parts)++ ? ", \\\n     " : "plot ", block,
		 i);
}

static void
say_bands(struct plot *p, const struct curve_parts *d, size_t n, size_t *parts)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct look look = look_of(i, n);

		if (!d[i].band)
			continue;
		say_part(p, parts, "band", i);
		plot_say(p,
			 "using 1:2:3 with filledcurves fillstyle "
			 "transparent solid 0.25 noborder fillcolor rgb "
			 "\"#%06x\" notitle",
			 (unsigned)look.colour);
	}
}

static void
say_lines(struct plot *p, const struct curve_parts *d, size_t n, size_t *parts)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct look look = look_of(i, n);

		if (!d[i].line)
			continue;
		say_part(p, parts, "line", i);
		plot_say(p, "with %s ", steps ? "steps" : "lines");
		look_say_line(p, &look);
		plot_say(p, " notitle");
	}
}

static void
say_bars(struct plot *p, const struct curve_parts *d, size_t n, size_t *parts)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct look look = look_of(i, n);

		if (!d[i].bars)
			continue;
		look.dash = 0;
		say_part(p, parts, "bars", i);
		plot_say(p, "using 1:2:(0):($3-$2) with vectors ");
		if (plot_is_text())
			plot_say(p, "nohead ");
		else
			plot_say(p, "heads size screen %.6f,90 nofilled ",
				 CAP / p->width);
		look_say_line(p, &look);
		plot_say(p, " notitle");
	}
}

static void
say_points(struct plot *p, const struct curve_parts *d, size_t n, size_t *parts)
{
	bool marks = points || has_errors();
	size_t i;

	for (i = 0; i < n; i++) {
		struct look look = look_of(i, n);

		if (!d[i].points)
			continue;
		look.point = marks ? look.point : 0;
		say_part(p, parts, "points", i);
		plot_say(p, "with points ");
		look_say_point(p, &look,
			       marks && d[i].points <= CROWD ? 0.6 : 0.3);
		plot_say(p, " notitle");
	}
}

static bool
is_seen(const struct point *p)
{
	return is_whole(p) && in_view(p->x);
}

/* The points of a line, spread over the layers. */
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
put_dots(const struct curves *t, const struct curve_sheet *s, size_t k,
	 struct dots *d)
{
	size_t i;

	for (i = 0; i < t->nline[k]; i++)
		add_dots(d, s, &t->line[k][i], i);
	dots_settle(d);
	plot_say(s->p, "$dots << EOD\n");
	for (i = 0; i < d->n; i++) {
		const struct dot *dot = &d->dot[i];
		const struct curve *l = &t->line[k][dot->group];

		if (dot->hidden)
			continue;
		plot_num(s->p, l->point[dot->item].x);
		plot_say(s->p, " ");
		plot_num(s->p, l->point[dot->item].y);
		plot_say(s->p, " ");
		dots_put(s->p, d, i);
	}
	plot_say(s->p, "EOD\n");
}

/* The most points that a panel has. */
static size_t
most_points(const struct curves *t)
{
	size_t most = 0, i, j, k, n;

	for (k = 0; k < t->n; k++) {
		for (n = 0, i = 0; i < t->nline[k]; i++)
			for (j = 0; j < t->line[k][i].n; j++)
				n += is_seen(&t->line[k][i].point[j]) ? 1 : 0;
		most = n > most ? n : most;
	}
	return most;
}

static void
draw_dots(const struct curve_sheet *s, const struct dots *d, size_t parts)
{
	const struct dot_columns columns = {
		"$1", "$2", 3, (s->x->high - s->x->low) / s->f->area_width};

	if (d->n == 0)
		return;
	plot_say(s->p, "%s$dots ", parts ? ", \\\n     " : "plot ");
	dots_say(s->p, d, &columns);
}

/* The dots are none, but how they look. */
static void
draw_panel(const struct curves *t, const struct panels *f, struct plot *p,
	   size_t k, struct dots dots)
{
	const struct curve_sheet s = {p,
				      f,
				      &f->panel[k].x,
				      &f->panel[k].y,
				      FINE * f->area_width,
				      dots.crowd ? &dots : NULL};
	size_t n = count_lines(t), parts = 0, i;
	struct curve_parts *d = zeros(n, sizeof *d);

	for (i = 0; i < t->nline[k]; i++)
		if (t->line[k][i].n > 0)
			d[i] = put_data(&s, &t->line[k][i], i);
	if (s.dots)
		put_dots(t, &s, k, &dots);
	panel_begin(f, p, k);
	say_bands(p, d, n, &parts);
	say_lines(p, d, n, &parts);
	say_bars(p, d, n, &parts);
	say_points(p, d, n, &parts);
	draw_dots(&s, &dots, parts);
	plot_say(p, parts || dots.n ? "\n" : "plot NaN notitle\n");
	dots_free(&dots);
	free(d);
}

static bool
is_empty(const struct curves *t, size_t k)
{
	size_t i, j;

	for (i = 0; i < t->nline[k]; i++)
		for (j = 0; j < t->line[k][i].n; j++) {
			const struct point *p = &t->line[k][i].point[j];

			if (in_view(p->x) && (is_whole(p) || has_bar(p)))
				return false;
		}
	return true;
}

/* What the key calls a line: what it is by, its column, or both. */
static char *
name_of(const struct curves *t, size_t i)
{
	const char *y = t->in.name[t->source[i % t->nsource].y];
	const char *by = t->lines.n ? t->lines.text[i / t->nsource].flat : NULL;

	if (by && t->nsource > 1)
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
		q->empty = is_empty(t, k);
		if (t->panels.n == 0)
			continue;
		q->title.flat = copy(t->panels.text[k].flat);
		q->title.folded = copy(t->panels.text[k].folded);
	}
}

static void
set_key(const struct curves *t, struct panels *f, const struct dots *d,
	char **name)
{
	size_t i;

	for (i = 0; i < d->groups; i++) {
		struct panel_key key = {.look = dot_look(d, i),
					.line = !points,
					.point = points ||
						 (has_errors() && !band)};

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
	size_t n = count_lines(t), i;
	struct look *look = look_all(n);
	struct dots d = {.look = look, .groups = n, .no_squares = logx};
	char **name = zeros(n, sizeof *name);
	struct plot p;

	set_panels(t, &f);
	dots_expect(&d, points ? most_points(t) : 0);
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
		for (k = 0; k < t->nline[i]; k++)
			free(t->line[i][k].point);
		free(t->line[i]);
	}
	free(t->line);
	free(t->nline);
	free(t->mline);
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
	if (logx && ((isfinite(from) && from <= 0) || to <= 0))
		misuse("--%s: not above 0, as --logx has it",
		       to <= 0 ? "to" : "from");
	if (plot_is_text())
		band = false; /* it would hide what it is a band of */
	read_table(&t, argv[0]);
	draw(&t);
	free_table(&t);
	return WORKED;
}
