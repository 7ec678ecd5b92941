/* axis.h -- what an axis shows, and its tics
 *
 *	struct axis a = {0};
 *
 *	for (i = 0; i < n; i++)
 *		axis_take(&a, value[i]);
 *	axis_settle(&a, 0.04);
 *	axis_set_tics(&a, 5);
 *	axis_say_range(&p, &a, "x");
 *	axis_say_tics(&p, &a, "x", "nomirror ", 12);
 */
#ifndef AXIS_H
#define AXIS_H

#include "plot/plot.h"

#define AXIS_MAX_TICS 12
#define AXIS_TIC_TEXT 40

struct axis_tics {
	double at[AXIS_MAX_TICS];
	char text[AXIS_MAX_TICS][AXIS_TIC_TEXT];
	size_t n;
};

/* What an axis shows.  Zeroed, it has seen nothing. */
struct axis {
	double low, high;
	bool log;   /* then all values it takes are above 0 */
	bool whole; /* tics are at whole numbers alone */
	bool used;
	struct axis_tics tics;
};

void axis_take(struct axis *a, double v); /* have it show v, unless it is NaN */

/* Call it when all values are taken: it leaves some room beyond them, which is
 * a fraction of their range; an end at 0 stays there.  An axis that has taken
 * nothing goes from 0 to 1. */
void axis_settle(struct axis *a, double room);

/* Makes an axis that comes near 0 show it. */
void axis_reach_zero(struct axis *a);

/* Where a value is between the ends of the axis, as a fraction. */
double axis_place(const struct axis *a, double v);

/* Both choose tics at round numbers, at most so many; where these would be
 * fewer than two, axis_set_tics takes more, and axis_limit_tics takes both ends
 * of the axis. */
void axis_set_tics(struct axis *a, double most);
void axis_limit_tics(struct axis *a, double most);

/* How many tics have room above each other, with type of that size. */
double axis_most_down(double height, double type);

/* How wide the texts of the tics are at most. */
double axis_tic_width(const struct axis *a, double type);

/* Both write lines of a script, for the axis "x", "y" or "cb": its range; and
 * its tics, after the style that gnuplot is to give them. */
void axis_say_range(struct plot *p, const struct axis *a, const char *name);
void axis_say_tics(struct plot *p, const struct axis *a, const char *name,
		   const char *style, double type);

#endif
