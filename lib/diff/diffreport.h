/* diffreport.h -- what two simulations recorded, held against each other
 *
 *	struct diffreport r = {.path = {"a/v.h5", "b/v.h5"}, .of = ""};
 *
 *	r.to = &differences;
 *	r.datums = &datums;
 *	diffreport_run(&r);
 *
 * Elements are found again by their node and element id, in whatever order they
 * stand, unless that is said to matter; frames by their number.  Besides every
 * value that differs there is the one that differs most.
 */
#ifndef DIFFREPORT_H
#define DIFFREPORT_H

#include "diff/datum.h"
#include "diff/difference.h"

struct diffreport {
	const char *path[2];
	const char *of; /* what of a simulation they are, or "" */
	struct differences *to;
	struct datums *datums;
	bool in_order;
};

void diffreport_run(const struct diffreport *r);

#endif
