/* spikes.h -- the spikes in a file, a batch at a time
 *
 *	struct spikes *s = spikes_open("spikes.h5", 0);
 *
 *	while (spikes_next(s))
 *		for (i = 0; i < s->n; i++)
 *			visit(s->population.name[s->of[i]], s->node_id[i],
 *			      s->time_ms[i]);
 *	spikes_close(s);
 *
 * A file is HDF5 or text.  HDF5 has a group for each population in /spikes, in
 * alphabetical order; old files have the datasets in /spikes itself.  Text has
 * columns "timestamps" and "node_ids", and "population" if there are several,
 * which are separated as in our own tables or by spaces.  In some files times
 * are called "timestamp", and ids "gids", "node_id" or "gid".  A text without a
 * header is taken as BMTK takes it, for times and ids, which is said.  Spikes
 *come in the order of the file, which need not be that of time or of cells,
 *whatever its attribute "sorting" says.
 *
 * Whatever is wrong ends the tool with "file: dataset: ..." or "file:line:
 *...": ids below zero, times that are not finite, or in a unit that is neither
 *ms nor s.
 */
#ifndef SPIKES_H
#define SPIKES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"
#include "opt.h"

struct spikes {
	const char *path; /* as messages name it */

	/* Their names, "" if the file gives none.  In HDF5 all are known from
	 * the start, also those without spikes; in text they come with their
	 * first spikes. */
	struct labels population;

	/* To be set before the first batch, if these are only a part: rows in a
	 * row of each population of HDF5, one of so many in text, whose end is
	 * not known.  And how many rows the file has, at the end. */
	struct opt_shard shard;
	uint64_t rows;

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

/* NULL or "-" is the standard input, which has to be text.  So many spikes that
 * were in files before this one count for progress. */
struct spikes *spikes_open(const char *path, size_t before);
bool spikes_next(struct spikes *s); /* false at the end */

/* Why a file cannot be one of spikes, as far as its beginning shows; NULL if it
 * may be one. */
const char *spikes_fault(const char *path);
void spikes_close(struct spikes *s);

/* How the file says that a population's spikes are sorted, such as "by_time";
 * NULL if it does not say. */
const char *spikes_sorting(const struct spikes *s, uint32_t population);

#endif
