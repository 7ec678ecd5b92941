/* dots.h -- many points in a picture, where some hide others
 *
 *	struct dots d = {.look = look_all(groups), .groups = groups};
 *
 *	dots_expect(&d, n);
 *	panels_open(&f, &p);
 *	d.width = f.area_width;
 *	d.height = f.area_height;
 *	for (i = 0; i < n; i++)
 *		dots_add(&d, &(struct dot){.x = x, .y = y, .item = i});
 *	dots_settle(&d);
 *	plot_say(&p, "$dots << EOD\n");
 *	for (i = 0; i < d.n; i++) {
 *		if (d.dot[i].hidden)
 *			continue;
 *		say_place(d.dot[i].item);
 *		dots_put(&p, &d, i);
 *	}
 *	plot_say(&p, "EOD\nplot $dots ");
 *	dots_say(&p, &d, &(struct dot_columns){"$1", "$2", 3, unit});
 *
 * Dots that others hide altogether are left out.  A crowd of dots of few groups
 * are squares, which SVG draws in 30 bytes each if they follow others of their
 * group, against 100 for a point: 100 000 dots are 0.3 to 1.2 MB, not 10.
 */
#ifndef DOTS_H
#define DOTS_H

#include "plot/look.h"

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
size_t dots_mixed_layer(size_t i);

struct dots {
	const struct look *look; /* of each group */
	size_t groups;
	double width, height; /* of the area */
	bool no_squares;      /* as on logarithmic axes */

	struct dot *dot;
	size_t n, cap;

	bool crowd; /* since dots_expect(): more than 2000 */

	/* The rest is for dots.c. */
	bool squares;
	double size, radius; /* of points, as gnuplot has it; in pixels */
};

/* There will be n dots at most: choose how they look. */
void dots_expect(struct dots *d, size_t n);

void dots_add(struct dots *d, const struct dot *dot);

/* All have been added: sort them and find the hidden ones. */
void dots_settle(struct dots *d);

/* How a group's dots look in a key. */
struct look dot_look(const struct dots *d, size_t group);

/* End a row of data with what the i-th dot looks like, in two columns. */
void dots_put(struct plot *p, const struct dots *d, size_t i);

/* Where the script finds dots: expressions of x and y, the first of the columns
 * of dots_put, and how much of x a pixel is. */
struct dot_columns {
	const char *x, *y;
	int look;
	double unit;
};

/* What follows the name of the data in a plot command. */
void dots_say(struct plot *p, const struct dots *d,
	      const struct dot_columns *columns);

void dots_free(struct dots *d);

#endif
