/* conditions.h -- which rows of a table a picture is of
 *
 *	struct conditions c = {.n = 0};
 *
 *	conditions_add(&c, &in, "kind=directed,unordered", true);
 *	while (rows_next(&in))
 *		if (conditions_meet(&c, &in))
 *			visit(&in);
 *
 * A condition is NAME=VALUE[,VALUE...]: that a column has one of these texts.
 */
#ifndef CONDITIONS_H
#define CONDITIONS_H

#include "rows.h"

#define MOST_CONDITIONS 64

struct conditions {
	struct conditions_one {
		size_t column;
		const char *values;
	} of[MOST_CONDITIONS];
	size_t n;
};

/* Adds what --where says, or something usual, which is for columns that have no
 * other condition.  Ends the tool if there is no such column. */
void conditions_add(struct conditions *c, const struct rows *in,
		    const char *text, bool usual);

bool conditions_meet(const struct conditions *c, const struct rows *in);

#endif
