/* diffspikes.h -- spikes of two files, held against each other
 *
 *	struct diffspikes s = {.path = {"a.h5", "b.csv"}, .of = ""};
 *
 *	s.to = &differences;
 *	s.datums = &datums;
 *	s.memory = 256 << 20;
 *	diffspikes_run(&s);
 *
 * Spikes are times of a node of a population, in ms, without an order unless
 * they are said to have one.  Spikes of no population are of the only one that
 * the other file has.
 */
#ifndef DIFFSPIKES_H
#define DIFFSPIKES_H

#include "diff/datum.h"
#include "diff/difference.h"

struct diffspikes {
	const char *path[2];
	const char *of; /* what of a simulation they are, or "" */
	struct differences *to;
	struct datums *datums;
	bool in_order;
	size_t memory;
};

void diffspikes_run(const struct diffspikes *s);

#endif
