/* space.h -- a box in three dimensions on a page, with its axes
 *
 *	struct space s = {.width = 400, .height = 300, .type = 12,
 *			  .name = {"x (um)", "y (um)", "z (um)"}};
 *	double xy[2], at[3] = {1, 2, 3};
 *
 *	space_look_from(&s, -60, 30);
 *	for (k = 0; k < 3; k++)
 *		axis_take(&s.box[k], at[k]);
 *	space_fit(&s);
 *	space_put(&p, &s, left, top);
 *	space_place(&s, at, xy);
 *
 * The projection is worked out here rather than by gnuplot's splot, which has
 * no equal scales for a box that is not a cube, does not know what hides what,
 * and lets labels run into each other.  It is orthographic: a micrometre is as
 * long in front as it is behind.
 */
#ifndef SPACE_H
#define SPACE_H

#include "plot/axis.h"

/* A text beside an axis, with its middle. */
struct space_caption {
	double x, y, width, height;
	const char *text;
};

/* The edge of the box that an axis is drawn on. */
struct space_edge {
	double from[2], to[2];
	double out[2]; /* away from the box */
	bool seen;
};

struct space {
	struct axis box[3]; /* x, y and z, um */
	const char *name[3];
	double type;

	/* Unit vectors to the right, upwards, and out of the picture. */
	double across[3], up[3], toward[3];

	/* Where a place goes, in pixels or characters from the upper left
	 * corner of the area, which is so wide and high. */
	double width, height;
	double scale;  /* pixels in a micrometre */
	double x0, y0; /* where the origin goes */

	double need[2];

	bool open; /* without the edges that would hide a text in its middle */

	/* The rest is for space.c. */
	struct space_edge edge[3];
	struct space_caption caption[3 * (AXIS_MAX_TICS + 1)];
	size_t n;
};

/* Sets the view: from an azimuth and an elevation, in degrees as Matplotlib
 * counts them, from x to y and from their plane to z.  Or at the plane of two
 * axes, the first to the right and the second upwards, from the side that
 * readers are used to: x and z are seen from -y. */
void space_look_from(struct space *s, double azimuth, double elevation);
void space_look_at(struct space *s, size_t right, size_t upwards);

double space_dot(const double a[3], const double b[3]);

/* How far the box reaches in a direction. */
double space_reach(const struct space *s, const double v[3]);

/* How many pixels, or characters, upwards are as long as one across: 1, or 0.5,
 * as a character is twice as high as it is wide. */
double space_squash(void);

void space_place(const struct space *s, const double at[3], double xy[2]);

/* Makes the box as large as the area allows, with the tics and names of its
 * axes around it; false if there is no room for the names, and need is then an
 * area that has some. */
bool space_fit(struct space *s);

/* Draws the box; left and top are the upper left corner of the area. */
void space_put(struct plot *p, const struct space *s, double left, double top);

#endif
