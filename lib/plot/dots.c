#include <math.h>
#include <stdlib.h>

#include "plot/dots.h"

#define FEW 200                       /* up to so many dots are large */
#define CROWD 2000                    /* and more than so many small */
#define FINE (plot_is_text() ? 1 : 2) /* steps in a pixel */
#define SQUARE 3.0                    /* pixels */
#define USUAL (440.0 * 340.0)         /* of an area: in smaller ones dots are */
#define LEAST 0.6                     /* smaller, to this part of their size */
#define RADIUS 4.5                    /* pixels, of a point of size 1 */
#define FILLED(type) ((type) % 2 == 1) /* of look_point_type()'s numbers */

/* Multiples of the golden ratio's fraction fill layers evenly. */
size_t
dots_mixed_layer(size_t i)
{
	return (uint32_t)i * UINT32_C(2654435769) >> 27;
}

void
dots_add(struct dots *d, const struct dot *dot)
{
	d->dot = grow(d->dot, &d->cap, d->n + 1, sizeof *d->dot);
	d->dot[d->n++] = *dot;
}

static int
by_layer(const void *a, const void *b)
{
	const struct dot *x = a, *y = b;

	if (x->layer != y->layer)
		return x->layer < y->layer ? -1 : 1;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->item < y->item ? -1 : x->item > y->item;
}

void
dots_expect(struct dots *d, size_t n)
{
	d->crowd = n > CROWD;
	d->squares = d->crowd && d->groups <= LOOK_HUES && !d->no_squares &&
		     !plot_is_text();
	d->size = n <= FEW ? 0.7 : d->crowd ? 0.4 : 0.5;
	d->radius = d->squares       ? SQUARE / 2
		    : plot_is_text() ? 0
				     : RADIUS * d->size;
}

struct look
dot_look(const struct dots *d, size_t group)
{
	struct look look = d->look[group];

	if (d->squares)
		look.point = 1;
	return look;
}

/* Open points do not cover others, except in a crowd, where nobody could tell
 * them apart. */
static bool
is_cover(const struct dots *d, size_t group)
{
	return d->crowd || plot_is_text() ||
	       FILLED(look_point_type(&d->look[group]));
}

/* Where something has been drawn, in steps of half a pixel. */
struct canvas {
	unsigned char *drawn;
	long width, height;
};

static bool
is_within(const struct canvas *c, long x, long y)
{
	return x >= 0 && x < c->width && y >= 0 && y < c->height;
}

/* Does a dot cover the middle of a step that is so far from its own? */
static bool
covers(const struct dots *d, double across, double down)
{
	double radius = d->radius * FINE;

	if (d->squares)
		return fabs(across) <= radius && fabs(down) <= radius;
	return radius == 0 || hypot(across, down) <= radius;
}

/* Draws a dot below all that is there, and tells if nothing of it is seen. */
static bool
slip_under(struct canvas *c, const struct dots *d, const struct dot *dot)
{
	double left = dot->x * FINE, top = dot->y * FINE;
	double radius = d->radius * FINE;
	long right = (long)floor(left + radius), x;
	long bottom = (long)floor(top + radius), y;
	bool cover = is_cover(d, dot->group), hidden = true;

	for (y = (long)floor(top - radius); y <= bottom; y++)
		for (x = (long)floor(left - radius); x <= right; x++) {
			if (!is_within(c, x, y) ||
			    !covers(d, (double)x + 0.5 - left,
				    (double)y + 0.5 - top))
				continue;
			hidden &= c->drawn[y * c->width + x] != 0;
			c->drawn[y * c->width + x] |= cover ? 1 : 0;
		}
	return hidden;
}

/* Dots for a column of print are not a picture's for a page. */
static void
fit_area(struct dots *d)
{
	double part = sqrt(d->width * d->height / USUAL);

	part = plot_is_text() ? 1 : fmax(LEAST, fmin(1, part));
	d->size *= part;
	d->radius *= part;
}

void
dots_settle(struct dots *d)
{
	struct canvas c = {.width = (long)(d->width * FINE) + 1,
			   .height = (long)(d->height * FINE) + 1};
	size_t i;

	fit_area(d);
	if (d->n > 0)
		qsort(d->dot, d->n, sizeof *d->dot, by_layer);
	c.drawn = zeros((size_t)c.width * (size_t)c.height, 1);
	for (i = d->n; i-- > 0;)
		d->dot[i].hidden = slip_under(&c, d, &d->dot[i]);
	free(c.drawn);
}

void
dots_put(struct plot *p, const struct dots *d, size_t i)
{
	const struct look *look = &d->look[d->dot[i].group];

	plot_say(p, "%d %u\n", look_point_type(look), (unsigned)look->colour);
}

/* A square is a thick line as long as it is wide. */
void
dots_say(struct plot *p, const struct dots *d,
	 const struct dot_columns *columns)
{
	const char *x = columns->x, *y = columns->y;
	int type = columns->look, colour = columns->look + 1;
	double side = 2 * d->radius;

	if (d->squares) {
		plot_say(p, "using (%s - %.9g):(%s):(%.9g):(0):%d ", x,
			 columns->unit * side / 2, y, columns->unit * side,
			 colour);
		plot_say(p, "with vectors nohead linewidth %.3g ", side);
	} else {
		plot_say(p, "using (%s):(%s):%d", x, y, type);
		if (!plot_is_text())
			plot_say(p, ":%d", colour);
		plot_say(p, " with points pointtype variable ");
	}
	if (!d->squares && !plot_is_text())
		plot_say(p, "pointsize %.3g linewidth 1 ", d->size);
	if (!plot_is_text())
		plot_say(p, "linecolor rgb variable ");
	plot_say(p, "notitle");
}

void
dots_free(struct dots *d)
{
	free(d->dot);
	*d = (struct dots){0};
}
