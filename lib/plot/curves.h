/* curves.h -- lines of many points, as far as one can see them
 *
 *	struct curve c = {0};
 *	struct curve_sheet s = {&p, &x, &y, 440, 290, true};
 *
 *	curve_add(&c, &(struct curve_point){0, 1, NAN, NAN});
 *	plot_say(&p, "$line << EOD\n");
 *	n = curve_put_line(&s, &c);
 *	plot_say(&p, "EOD\n");
 *
 * A line of more points than the picture has pixels is thinned out to what can
 * be seen of it: of the points that follow each other in the same column of
 * half a pixel the first, the lowest, the highest and the last are drawn, and
 * of points without lines one in each square pixel, which they are larger than.
 */
#ifndef CURVES_H
#define CURVES_H

#include "plot/axis.h"
#include "plot/vacant.h"

struct curve_point {
	double x, y, low, high; /* NaN: missing */
};

struct curve {
	struct curve_point *point;
	size_t n, cap;
};

/* Where the points of a line go: axes, an area of so many pixels. */
struct curve_sheet {
	struct plot *p;
	const struct axis *x, *y;
	double width, height;
	bool marks; /* all points are drawn, not only those that no line has */
};

void curve_add(struct curve *l, const struct curve_point *p);
bool curve_is_whole(const struct curve_point *p);
bool curve_has_bar(const struct curve_point *p);

/* Put one part of a line as data, and return how much there is to see of it.
 * Lines go on to where the neighbours are of what is in view. On a logarithmic
 * axis, a bar that reaches to 0 ends at the frame. */
size_t curve_put_line(const struct curve_sheet *s, const struct curve *l);
size_t curve_put_points(const struct curve_sheet *s, const struct curve *l);
size_t curve_put_bars(const struct curve_sheet *s, const struct curve *l);
size_t curve_put_band(const struct curve_sheet *s, const struct curve *l);

/* What a line takes of the frame: its points, its bars, and the way between its
 * points.  How much that is: 0 where nothing is to be seen. */
enum curve_way { CURVE_POINTS, CURVE_LINE, CURVE_STEPS };
size_t curve_take(const struct curve *l, const struct axis *x,
		  const struct axis *y, enum curve_way way, struct vacant *v);

#endif
