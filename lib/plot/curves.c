#include <math.h>
#include <stdlib.h>

#include "plot/curves.h"

#define FINE 2 /* columns in a pixel */

void
curve_add(struct curve *l, const struct curve_point *p)
{
	l->point = grow(l->point, &l->cap, l->n + 1, sizeof *p);
	l->point[l->n++] = *p;
}

bool
curve_is_whole(const struct curve_point *p)
{
	return !isnan(p->x) && !isnan(p->y);
}

bool
curve_has_bar(const struct curve_point *p)
{
	return !isnan(p->x) && !isnan(p->low) && !isnan(p->high);
}

static bool
in_view(const struct curve_sheet *s, double x)
{
	return x >= s->x->low && x <= s->x->high;
}

static bool
is_seen(const struct curve_sheet *s, const struct curve_point *p)
{
	return curve_is_whole(p) && in_view(s, p->x) && p->y >= s->y->low &&
	       p->y <= s->y->high;
}

static double
column_of(const struct curve_sheet *s, double x)
{
	double columns = FINE * s->width;

	return fmin(fmax(floor(axis_place(s->x, x) * columns), -1), columns);
}

/* Puts what can be seen of points in one column of pixels: at most four of
 * them, in their order. */
static void
put_run(struct plot *p, const struct curve_point *run, size_t n)
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

	while (i + n < l->n && curve_is_whole(&l->point[i + n]))
		n++;
	return n;
}

size_t
curve_put_line(const struct curve_sheet *s, const struct curve *l)
{
	size_t i, k, n, run, runs = 0;

	for (i = 0; i < l->n; i += n + 1) {
		const struct curve_point *part = &l->point[i];

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
size_t
curve_put_points(const struct curve_sheet *s, const struct curve *l)
{
	size_t across = (size_t)s->width + 1;
	size_t down = (size_t)s->height + 1, n = 0, i;
	unsigned char *seen = zeros(across * down, 1), *at;

	for (i = 0; i < l->n; i++) {
		const struct curve_point *p = &l->point[i];
		double x, y;
		bool alone = (i == 0 || !curve_is_whole(p - 1)) &&
			     (i + 1 == l->n || !curve_is_whole(p + 1));

		if (!is_seen(s, p) || !(s->marks || alone))
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
	plot_point(s->p, s->y->log ? fmax(low, s->y->low) : low,
		   s->y->log ? fmax(high, s->y->low) : high);
}

size_t
curve_put_bars(const struct curve_sheet *s, const struct curve *l)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++) {
		const struct curve_point *p = &l->point[i];

		if (!curve_has_bar(p) || !in_view(s, p->x))
			continue;
		put_interval(s, p->x, p->low, p->high);
		n++;
	}
	return n;
}

/* As with lines: of a column its first and last, as wide as any in it. */
size_t
curve_put_band(const struct curve_sheet *s, const struct curve *l)
{
	size_t i = 0, run, n = 0;

	for (; i < l->n; i += run) {
		const struct curve_point *p = &l->point[i];
		double low = p->low, high = p->high;
		double column = column_of(s, p->x);

		run = 1;
		if (!curve_has_bar(p)) {
			plot_say(s->p, "\n");
			continue;
		}
		for (; i + run < l->n && curve_has_bar(p + run) &&
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

/* On a logarithmic axis there is nothing at 0 and below. */
static double
height_of(const struct axis *y, double v)
{
	return y->log && v <= 0 ? 0 : axis_place(y, v);
}

static size_t
take_bar(const struct curve_point *p, double x, const struct axis *y,
	 struct vacant *v)
{
	const double low[2] = {x, height_of(y, p->low)};
	const double high[2] = {x, height_of(y, p->high)};

	return x >= 0 && x <= 1 && vacant_line(v, low, high);
}

/* The way from one point to the next. */
static size_t
take_way(const double from[2], const double to[2], bool steps, struct vacant *v)
{
	const double corner[2] = {to[0], from[1]};

	if (!steps)
		return vacant_line(v, from, to);
	return (size_t)vacant_line(v, from, corner) +
	       (size_t)vacant_line(v, corner, to);
}

size_t
curve_take(const struct curve *l, const struct axis *x, const struct axis *y,
	   enum curve_way way, struct vacant *v)
{
	double last[2] = {0, 0};
	size_t i, n = 0;

	for (i = 0; i < l->n; i++) {
		const struct curve_point *p = &l->point[i];
		double at[2] = {axis_place(x, p->x), height_of(y, p->y)};
		bool joined = way && i > 0 && curve_is_whole(p - 1);

		if (curve_has_bar(p))
			n += take_bar(p, at[0], y, v);
		if (curve_is_whole(p))
			n += take_way(joined ? last : at, at,
				      way == CURVE_STEPS, v);
		last[0] = at[0];
		last[1] = at[1];
	}
	return n;
}
