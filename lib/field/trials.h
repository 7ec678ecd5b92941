/* trials.h -- windows of time, of a table with "start_ms", "stop_ms" and, if
 * they have names, "window"
 *
 *	struct trials t = {0};
 *
 *	if (trials_given())
 *		trials_read(&t);
 *	for (i = 0; i < t.n; i++)
 *		cut(t.at[i].start_ms, t.at[i].stop_ms);
 *	trials_free(&t);
 *
 * A window begins at its start and ends before its stop.  Signals are filtered
 * before they are cut.
 */
#ifndef TRIALS_H
#define TRIALS_H

#include <stdbool.h>
#include <stddef.h>

#include "opt.h"

extern const struct opt trials_opts[]; /* -w */

struct trials {
	struct trial {
		double start_ms, stop_ms;
		char *name; /* or the number, from 0 */
		size_t line;
	} * at; /* as the table has them */
	size_t n, cap;
	const char *path;
	size_t *order;  /* by their starts; for trials_find() */
	double *latest; /* the last stop of these and of those before */
};

bool trials_given(void);

/* Read -w's table; one without rows is an error. */
void trials_read(struct trials *t);

/* End the tool, with the line, if two of them have time in common. */
void trials_check_apart(const struct trials *t);

/* The first of them in the table that has this time, or t->n. */
size_t trials_find(const struct trials *t, double ms);

void trials_free(struct trials *t);

#endif
