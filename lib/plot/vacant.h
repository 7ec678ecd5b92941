/* vacant.h -- where in a frame nothing is drawn
 *
 *	struct vacant v = {0};
 *	double size[2] = {0.3, 0.2}, at[2];
 *
 *	vacant_line(&v, (double[]){0, 0.1}, (double[]){1, 0.9});
 *	if (vacant_find(&v, size, at))
 *		put_key(at);
 *
 * All places and sizes are fractions of the frame, from its lower left corner
 * upwards and to the right; what is outside does not matter.
 */
#ifndef VACANT_H
#define VACANT_H

#include <stdbool.h>

#define VACANT_ACROSS 120 /* cells */
#define VACANT_DOWN 90

struct vacant {
	unsigned char taken[VACANT_DOWN][VACANT_ACROSS];
};

/* Take what is under a line or a box; false if that is outside. */
bool vacant_line(struct vacant *v, const double from[2], const double to[2]);
bool vacant_box(struct vacant *v, const double low[2], const double high[2]);

/* Finds a box of a size in which nothing is drawn: in a corner, upper ones
 * first, or along the edges, or anywhere; at is its upper left corner.  The box
 * is taken then.  False if there is none. */
bool vacant_find(struct vacant *v, const double size[2], double at[2]);

#endif
