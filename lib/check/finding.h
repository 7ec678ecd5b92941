/* finding.h -- what is wrong with files, found step by step
 *
 *	struct findings all = {0};
 *	const char *path = "spikes.h5";
 *
 *	void plan(void *path)
 *	{
 *		if (finding_step("hdf5", path, "/"))
 *			finding_add("magic", path, "/", 1, "missing");
 *	}
 *
 *	findings_gather(&all, plan, &path);
 *
 * What reads files ends the tool where it cannot go on, and HDF5 may crash on
 * a damaged one.  A check is to go on.  So the plan runs in a process of its
 * own; where that ends, what it said last is a finding of the step that it was
 * at, and the plan runs once more in another one, without the steps that are
 * done.  Where nothing is wrong this costs nothing but a fork.
 */
#ifndef FINDING_H
#define FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check/rules.h"
#include "labels.h"
#include "util.h"

struct finding {
	const struct rule *rule;
	char *file, *place; /* where in it, "" for all of it */
	uint64_t count;     /* rows, or whatever is wrong */
	char *message;
};

struct findings {
	struct finding *finding; /* each is there once */
	size_t n, cap;

	struct labels seen; /* for finding.c */
};

/* Carry out a plan, and gather what it finds. */
void findings_gather(struct findings *all, void (*plan)(void *arg), void *arg);
void findings_free(struct findings *all);

/* ---- For plans ---- */

/* Begin a step: is it to be done?  In a process that takes up the plan it is
 * not if it was done before, and finding_add() is of no effect until the next
 * one that is to be done.  If it cannot be done to its end, that is a finding
 * of this rule, file and place. */
bool finding_step(const char *rule, const char *file, const char *place);

/* Could the last step not be done? */
bool finding_failed(void);

/* Add a finding, unless there is nothing to count. */
void finding_add(const char *rule, const char *file, const char *place,
		 uint64_t count, const char *fmt, ...) PRINTF(5, 6);

#endif
