/* spikesort.h -- spikes in order, more than fit in memory
 *
 *	struct spikesort *s = spikesort_read(trains, SORT_TIME, false);
 *	const struct train_spike *spike;
 *
 *	while ((n = spikesort_next(s, &spike)) > 0)
 *		for (i = 0; i < n; i++)
 *			visit(spike[i].time_ms);
 *	spikesort_free(s);
 *
 * What the files say about their order is not relied on.  The order is
 *complete: spikes that have no order among them are equal in time, population
 *and id.
 */
#ifndef SPIKESORT_H
#define SPIKESORT_H

#include "activity/trains.h"

/* SORT_TIME: by time, and spikes of one time by population and id.  SORT_ID: by
 * population and id, and spikes of one node by time.  Populations are in the
 * order in which they first appear. */
enum spikesort_order { SORT_TIME, SORT_ID };

struct spikesort {
	uint64_t *count; /* spikes of each population */

	/* The rest is for spikesort.c. */
	struct spikesort_keys *keys;
};

/* What a sort of spikes takes without -S. */
enum { SPIKESORT_MEMORY = 256 << 20 };

/* Read all of the spikes, and sort them in the memory of -S; with apart, give
 * them population by population. */
struct spikesort *spikesort_read(struct trains *t, enum spikesort_order order,
				 bool apart);

/* Get the next run of spikes, which is valid until the next call; returns how
 * many there are, 0 at the end. */
size_t spikesort_next(struct spikesort *s, const struct train_spike **spike);
void spikesort_free(struct spikesort *s);

#endif
