/* bands.h -- groups of rows, named on the left of the area
 *
 *	struct bands b = {.names = &groups, .group = group, .rows = 1000};
 *
 *	b.type = g.type;
 *	g.left += bands_width(&b);
 *	height = fmax(height, bands_height(&b));
 *	bands_put(&p, &b, g.left, g.top, height);
 *
 * A group has its colour beside its rows, from the bottom up, and a line from
 * there to its name: where groups are lower than type is high, their names push
 * each other apart.
 */
#ifndef BANDS_H
#define BANDS_H

#include "plot/page.h"
#include "plot/strokes.h"

struct bands {
	const struct labels *names;
	const struct strokes_group *group; /* of each name */
	double rows, type;
};

/* The same names on two lines, where they are long and have a place to break at
 * near their middle. */
struct labels bands_fold(const struct labels *names);

/* How wide all of it is, and how high an area has to be for the names. */
double bands_width(const struct bands *b);
double bands_height(const struct bands *b);

/* Draws it on the left of an area. */
void bands_put(struct plot *p, const struct bands *b, double left, double top,
	       double height);

#endif
