/* strokes.h -- many marks in rows, such as the spikes of cells
 *
 *	struct strokes_group group[] = {{.rows = 1000, .marks = 1}};
 *	struct strokes s = {.name = "spikes", .group = group, .groups = 1};
 *
 *	s.x = &x;
 *	s.rows = 1000;
 *	s.width = 560;
 *	s.height = 300;
 *	strokes_start(&s);
 *	strokes_add(&s, 0, row, 12.5);
 *	strokes_put(&p, &s);
 *	strokes_say(&p, &s);
 *	strokes_free(&s);
 *
 * Of marks of a group that fall into the same pixel the first is drawn, and
 * those above each other are one stroke: a picture of 10^7 marks takes no more
 * room than one of 10^5.  Where marks crowd, pixels are halves or thirds of
 *one, so that a column of print shows more than a block of colour.  Dots
 *(dots.h) would take 48 bytes of memory each, and are as wide as they are high,
 *which rows are not.
 */
#ifndef STROKES_H
#define STROKES_H

#include "plot/axis.h"
#include "plot/look.h"

/* The rows of a group, which belong to no other. */
struct strokes_group {
	double first, rows;
	struct look look;
	size_t marks; /* how many will be added */

	/* The rest is for strokes.c: its rows of pixels, where they are in the
	 * picture and in memory, and how many strokes are drawn. */
	size_t y, high, begin, drawn;
	double fine; /* steps in a pixel that its marks need */
};

struct strokes {
	const char *name; /* of the data in the script */
	const struct axis *x;
	double rows, least;   /* how many there are; what y is in the first */
	double width, height; /* of the area */
	struct strokes_group *group;
	size_t groups;
	/* The rest is for strokes.c. */
	size_t across, down; /* pixels, or finer steps */
	double fine;         /* steps in a pixel */
	double *first;       /* in each, or NaN */
};

void strokes_start(struct strokes *s);
void strokes_add(struct strokes *s, size_t group, double row, double x);

/* Write the data of a script, and then, when it has its axes, the plot command.
 */
void strokes_put(struct plot *p, struct strokes *s);
void strokes_say(struct plot *p, const struct strokes *s);
void strokes_free(struct strokes *s);

#endif
