/* renewal.h -- the spikes of a cell, one after the other
 *
 *	struct renewal process = renewal_parse("gamma:2");
 *	struct renewal_train t;
 *
 *	renewal_begin(&t, &process, &profile, random_stream(name, id, 0));
 *	while (renewal_next(&t))
 *		visit(t.time_ns);
 *
 * Intervals of a mean of 1 go through the inverse of a profile's integral.  The
 * process is in equilibrium when the profile begins: the first spike is as far
 * away as from any moment, so that the rate is the profile's from there on.
 *
 * Times are whole nanoseconds, which a double has in milliseconds with 15
 *digits.
 */
#ifndef RENEWAL_H
#define RENEWAL_H

#include <stdbool.h>
#include <stdint.h>

#include "random/random.h"
#include "stimulus/profile.h"

/* What the bounds of profiles have to be within, in ms. */
#define RENEWAL_LATEST 1e9

struct renewal {
	enum { RENEWAL_POISSON, RENEWAL_GAMMA, RENEWAL_REGULAR } kind;
	double shape; /* of a gamma distribution */
	double jitter;
};

/* What --process says: poisson, gamma:SHAPE, regular[:JITTER].  It is misuse if
 * that is none of them. */
struct renewal renewal_parse(const char *text);

struct renewal_train {
	int64_t time_ns; /* the last spike */

	/* The rest is for renewal.c. */
	const struct renewal *process;
	const struct profile *profile;
	struct profile_at at;
	struct random_stream stream;
	double sum;         /* of the profile, at the last spike */
	int64_t first, end; /* in ns: not before, and before */
	int64_t least;      /* interval, in ns */
	double free;        /* when it can spike again, in ms */
	bool begun;
};

/* Profile and process belong to the caller, and stay. */
void renewal_begin(struct renewal_train *t, const struct renewal *process,
		   const struct profile *profile, struct random_stream stream);

bool renewal_next(struct renewal_train *t); /* false at the end */

#endif
