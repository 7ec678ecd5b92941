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
 * Dots that others hide altogether are left out.  Where there is a crowd of
 *dots of few groups, dots are squares: SVG draws a square in 30 bytes if it
 *follows another of its group, but a point in 100, so that 100 000 dots take
 *0.3 to 1.2 MB and not 10.
 */
#ifndef DOTS_H
#define DOTS_H

#include "plot/look.h"

/* x and y are in pixels from the left and from the top of the area.  Layers are
 * drawn from 0 on, each of them group after group, and each group in the order
 * of its items. */
struct dot {
	double x, y;
	size_t layer, group, item; /* the item is the caller's */
	bool hidden;
};

#define DOT_LAYERS 32

/* Spreads dots over the layers: that of the i-th dot of its group, so that no
 * group is drawn over all of another. */
size_t dots_mixed_layer(size_t i);

struct dots {
	const struct look *look; /* of each group */
	size_t groups;
	double width, height; /* of the area */
	bool no_squares;      /* as on logarithmic axes */

	struct dot *dot;
	size_t n, cap;

	bool crowd; /* more than 2000: dots_expect() sets it */

	/* The rest is for dots.c. */
	bool squares;
	double size, radius; /* of points, in gnuplot's unit and in pixels */
};

/* Chooses how dots look, of which there will be n at most; dots_settle() makes
 * them smaller in a small area. */
void dots_expect(struct dots *d, size_t n);

void dots_add(struct dots *d, const struct dot *dot);

/* Sorts the dots when all have been added, and finds the hidden ones. */
void dots_settle(struct dots *d);

/* How a group's dots look in a key. */
struct look dot_look(const struct dots *d, size_t group);

/* Ends a row of data with two columns that say how the i-th dot looks. */
void dots_put(struct plot *p, const struct dots *d, size_t i);

/* Where the script finds dots: in the expressions x and y, and from the column
 * look on what dots_put wrote; a pixel is so many units of x wide. */
struct dot_columns {
	const char *x, *y;
	int look;
	double unit;
};

/* Writes what follows the name of the data in a plot command. */
void dots_say(struct plot *p, const struct dots *d,
	      const struct dot_columns *columns);

void dots_free(struct dots *d);

#endif
