#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/strokes.h"

#define HIGH 5.0 /* pixels: how high a mark is, if its row is */
#define FINEST 3.0
#define CROWDED 0.25 /* marks for each step */

/* Twice as many take twice the time, 0.25 s, and SVG has 30 bytes for each. */
#define MOST_STROKES 100000.0

/* Pixels have as many rows as marks have, or as many as there are. */
static size_t
pixel_row(const struct strokes *s, double row)
{
	size_t y = (size_t)(row * (double)s->down / s->rows);

	return y < s->down ? y : s->down - 1;
}

/* How fine a picture can be: a dot of a PNG is a step, or so many of them are,
 * as others leave columns empty that no mark is in. */
static double
finest(void)
{
	if (plot_is_text())
		return 1;
	return strcmp(plot_terminal(), "png") == 0 ? plot_dots() / 96 : FINEST;
}

/* How many steps a pixel should have for so many marks in so many pixels. */
static double
fineness(double marks, double across, double down, double rows)
{
	double most = finest();
	int dots = (int)fmax(1, floor(most));

	for (; dots > 1 && most / (dots - 1) < FINEST + 0.5; dots--) {
		double fine = most / dots, finer = most / (dots - 1);
		double steps = across * fine * fmin(down * fine, rows);
		double more = across * finer * fmin(down * finer, rows);

		if (marks <= CROWDED * steps ||
		    more * (1 - exp(-marks / more)) * exp(-marks / more) >
			    MOST_STROKES)
			break;
	}
	return most / dots;
}

void
strokes_start(struct strokes *s)
{
	double down = floor(s->height), marks = 0;
	size_t all = 0, i;

	for (i = 0; i < s->groups; i++)
		marks += (double)s->group[i].marks;
	s->fine = fineness(marks, s->width, down, s->rows);
	s->across = (size_t)ceil(s->width * s->fine);
	s->down = (size_t)fmin(down * s->fine, s->rows);
	for (i = 0; i < s->groups; i++) {
		struct strokes_group *g = &s->group[i];

		g->y = pixel_row(s, g->first);
		g->high = pixel_row(s, g->first + g->rows - 1) + 1 - g->y;
		g->begin = all;
		all += g->high * s->across;
	}
	s->first = zeros(all, sizeof *s->first);
	for (i = 0; i < all; i++)
		s->first[i] = NAN;
}

void
strokes_add(struct strokes *s, size_t group, double row, double x)
{
	const struct strokes_group *g = &s->group[group];
	size_t column = (size_t)(axis_place(s->x, x) * (double)s->across);
	double *at =
		s->first + g->begin + (pixel_row(s, row) - g->y) * s->across;

	at += column < s->across ? column : s->across - 1;
	if (isnan(*at))
		*at = x;
}

/* Writes a stroke from one place in the rows to another, which is as high as a
 * step at least. */
static void
put_stroke(struct plot *p, const struct strokes *s,
	   const struct strokes_group *g, double x, const double rows[2])
{
	double scale = s->rows / floor(s->height), short_of;
	double low = s->least + rows[0], high = s->least + rows[1];

	plot_num(p, x);
	if (plot_is_text()) {
		plot_say(p, " %.9g\n", (low + high) / 2);
		return;
	}
	if (high - low <= 1 && scale < 1) {
		double half = fmin(0.4, HIGH / 2 * scale);

		low = (low + high) / 2 - half;
		high = low + 2 * half;
	}
	short_of = scale < 1 ? 0 : scale / g->fine - (high - low);
	if (short_of > 1e-9 * scale) {
		low -= short_of / 2;
		high += short_of / 2;
	}
	plot_say(p, " %.9g 0 %.6g\n", low, high - low);
}

/* Marks that touch, one above the other, are one stroke, in the middle of the
 * pixel, so that it leaves no gap to the next. */
static size_t
put_column(struct plot *p, const struct strokes *s,
	   const struct strokes_group *g, size_t column)
{
	double middle = ((double)column + 0.5) / (double)s->across;
	bool touch = (double)s->down * 2 > s->height && !plot_is_text();
	double scale = s->rows / (double)s->down, x;
	const double *first = s->first + g->begin + column;
	size_t y, n, drawn = 0;

	for (y = 0; y < g->high; y += n) {
		double low = (double)(g->y + y);

		x = first[y * s->across];
		n = 1;
		if (isnan(x))
			continue;
		while (touch && y + n < g->high &&
		       !isnan(first[(y + n) * s->across]))
			n++;
		if (n > 1)
			x = s->x->low + middle * (s->x->high - s->x->low);
		put_stroke(p, s, g, x,
			   (double[]){low * scale - 0.5,
				      (low + (double)n) * scale - 0.5});
		drawn++;
	}
	return drawn;
}

/* A group of few marks among many keeps marks of a pixel. */
static void
settle_group(const struct strokes *s, struct strokes_group *g)
{
	double down = fmax(1, floor(s->height) * g->rows / s->rows);

	g->fine = fineness((double)g->marks, s->width, down, g->rows);
	g->fine = fmin(g->fine, s->fine);
}

void
strokes_put(struct plot *p, struct strokes *s)
{
	size_t i, column;

	for (i = 0; i < s->groups; i++) {
		struct strokes_group *g = &s->group[i];

		plot_say(p, "$%s%zu << EOD\n", s->name, i);
		settle_group(s, g);
		for (column = 0; column < s->across; column++)
			g->drawn += put_column(p, s, g, column);
		plot_say(p, "EOD\n");
	}
}

void
strokes_say(struct plot *p, const struct strokes *s)
{
	size_t i, drawn = 0;

	for (i = 0; i < s->groups; i++) {
		const struct strokes_group *g = &s->group[i];

		if (g->drawn == 0)
			continue;
		plot_say(p, "%s$%s%zu with ", drawn++ ? ", \\\n     " : "plot ",
			 s->name, i);
		if (plot_is_text()) {
			plot_say(p, "points ");
			look_say_point(p, &g->look, 1);
		} else {
			plot_say(p,
				 "vectors nohead linewidth %g linecolor rgb "
				 "\"#%06x\"",
				 (s->rows * HIGH < s->height ? 1.8 : 1.2) /
					 g->fine,
				 (unsigned)g->look.colour);
		}
		plot_say(p, " notitle");
	}
	plot_say(p, drawn ? "\n" : "plot NaN notitle\n");
}

void
strokes_free(struct strokes *s)
{
	free(s->first);
	*s = (struct strokes){0};
}
