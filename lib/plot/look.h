/* look.h -- how the i-th of n lines or kinds of points looks
 *
 *	struct look look = look_of(i, n);
 *
 *	plot_say(&p, "plot $data with lines ");
 *	look_say_line(&p, &look);
 *
 * Lines differ by colours that the colour blind tell apart, then by dashes; or
 * by the colours of --palette.
 */
#ifndef LOOK_H
#define LOOK_H

#include "plot/plot.h"

/* So many lines have different colours: the eighth hue, yellow, is too light
 * for a line on white. */
#define LOOK_HUES 7

struct look {
	uint32_t colour;
	size_t dash, point, linetype;
};

struct look look_of(size_t i, size_t n);
struct look *look_all(size_t n); /* to be freed */

/* gnuplot's number of a kind of points. */
int look_point_type(const struct look *look);

/* Both write what follows "with lines" or "with points" in a script. */
void look_say_line(struct plot *p, const struct look *look);
void look_say_point(struct plot *p, const struct look *look, double size);

#endif
