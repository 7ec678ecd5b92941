/* spikes.h -- the spikes in a file, a batch at a time
 *
 *	struct spikes *s = spikes_open("spikes.h5");
 *
 *	while (spikes_next(s))
 *		for (i = 0; i < s->n; i++)
 *			printf("%g %s %lld\n", s->time_ms[i],
 *			       s->population.name[s->of[i]],
 *			       (long long)s->node_id[i]);
 *	spikes_close(s);
 *
 * A file is HDF5 with a group for each population in /spikes, in alphabetical
 * order, or, as old ones have it, with the datasets in /spikes itself; or text
 * with columns "timestamps" and "node_ids" and, if there are several, with
 * "population", which are separated as in tables of ours or by spaces.  Times
 * are "timestamp" and ids "gids", "node_id" or "gid" in some.  Spikes come in
 * the order of the file, which need not be that of time or of cells, whatever
 * its attribute "sorting" says.
 *
 * What is wrong is said as "file: dataset: ..." or "file:line: ..." and ends
 * the tool: ids below zero, times that are not finite, or in a unit that is
 * neither ms nor s.
 */
#ifndef SPIKES_H
#define SPIKES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"

struct spikes {
	const char *path; /* as messages name it */

	/* Their names, "" if the file does not say.  HDF5 has them from the
	 * start, those without spikes too; text that has them, as they come. */
	struct labels population;

	/* The batch. */
	double *time_ms;
	int64_t *node_id;
	uint32_t *of; /* the number of its population */
	size_t n;

	/* The rest is for spikes.c. */
	struct spike_table *table;
	struct train *train; /* HDF5: one for each population */
	size_t ntrains, mtrains, current;
	uint64_t next; /* row of the current train */
};

/* NULL or "-" is the standard input, which has to be text. */
struct spikes *spikes_open(const char *path);
bool spikes_next(struct spikes *s); /* false at the end */
void spikes_close(struct spikes *s);

/* How a population's spikes are said to be sorted, such as "by_time"; NULL if
 * nothing is said. */
const char *spikes_sorting(const struct spikes *s, uint32_t population);

#endif
