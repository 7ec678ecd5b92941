/* dots.h -- many points in a picture, where some hide others
 *
 *	struct dots d = {.look = looks(groups), .groups = groups};
 *
 *	expect_dots(&d, n);
 *	...				panels_open()
 *	d.width = f.area_width;
 *	d.height = f.area_height;
 *	for (i = 0; i < n; i++)
 *		add_dot(&d, &(struct dot){.x = ..., .y = ..., .item = i});
 *	settle_dots(&d);
 *	plot_say(p, "$dots << EOD\n");
 *	for (i = 0; i < d.n; i++) {
 *		if (d.dot[i].hidden)
 *			continue;
 *		...				the place of d.dot[i].item
 *		put_dot(p, &d, i);
 *	}
 *	plot_say(p, "EOD\nplot $dots ");
 *	say_dots(p, &d, &(struct dot_columns){"$1", "$2", 3, unit});
 *
 * Dots that others hide altogether are left out.  A crowd of dots of few groups
 * are squares, which SVG draws in 30 bytes each if they follow others of their
 * group, against 100 for a point: 100 000 dots are 0.3 to 1.2 MB, not 10.
 */
#ifndef DOTS_H
#define DOTS_H

#include "plot/panels.h"

/* Where it is, in pixels from the left and from the top of the area.  Layers
 * are drawn from 0 on, and in each of them group after group, in the order in
 * which dots were added. */
struct dot {
	double x, y;
	size_t layer, group, item; /* the item is the caller's */
	bool hidden;
};

#define DOT_LAYERS 32

/* A layer for the i-th dot of its group, so that no group is drawn over all of
 * another. */
size_t mixed_layer(size_t i);

struct dots {
	const struct look *look; /* of each group */
	size_t groups;
	double width, height; /* of the area */
	bool no_squares;      /* as on logarithmic axes */

	struct dot *dot;
	size_t n, cap;

	bool crowd; /* since expect_dots(): more than 2000 */

	/* The rest is for dots.c. */
	bool squares;
	double size, radius; /* of points, as gnuplot has it; in pixels */
};

/* There will be n dots at most: choose how they look. */
void expect_dots(struct dots *d, size_t n);

void add_dot(struct dots *d, const struct dot *dot);

/* All have been added: sort them and find the hidden ones. */
void settle_dots(struct dots *d);

/* How a group's dots look in a key. */
struct look dot_look(const struct dots *d, size_t group);

/* End a row of data with what the i-th dot looks like, in two columns. */
void put_dot(struct plot *p, const struct dots *d, size_t i);

/* Where the script finds dots: expressions of x and y, the first of the columns
 * of put_dot, and how much of x a pixel is. */
struct dot_columns {
	const char *x, *y;
	int look;
	double unit;
};

/* What follows the name of the data in a plot command. */
void say_dots(struct plot *p, const struct dots *d,
	      const struct dot_columns *columns);

void free_dots(struct dots *d);

#endif
