/* bounds.h -- the parameters that are fitted, and between which values
 *
 *	struct bounds b = {0};
 *
 *	bounds_read(&b, path);
 *	model_build();
 *	bounds_begin(&b);
 *	for (i = 0; i < b.n; i++)
 *		visit(b.at[i].name, bounds_value(&b.at[i], 0.5));
 *
 * A table has a "name" as --set takes it, and its "low" and "high"; and it may
 * have "start", where the cell's own value is not what to begin with, and
 * "scale", linear or log: by default log where both bounds are above 0 and one
 * is ten times the other at least.
 */
#ifndef BOUNDS_H
#define BOUNDS_H

#include <stdbool.h>
#include <stddef.h>

struct bound {
	char *name, *where; /* where: file:line */
	double low, high;
	double start; /* NaN: there is none */
	bool log;
};

struct bounds {
	struct bound *at;
	size_t n, cap;
	bool has_start; /* of all of them */
};

/* Read a table.  What is wrong with it ends the tool. */
void bounds_read(struct bounds *b, const char *path);

/* When the cell is there: an unknown parameter is misuse, and the cell's own
 * value is the start where the table has none, unless its sections differ.  A
 * start that is not within the bounds ends the tool. */
void bounds_begin(struct bounds *b);

/* The value for a number from 0 to 1, to 9 digits, and the number for a start.
 */
double bounds_value(const struct bound *b, double part);
double bounds_part(const struct bound *b);

#endif
