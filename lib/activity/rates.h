/* rates.h -- how many spikes nodes have, of each and in bins of time
 *
 *	struct rates r;
 *
 *	rates_start(&r, trains, NAN);
 *	rates_count(&r, trains);
 *	show(r.population[0].spikes[node]);
 *	rates_end(&r);
 */
#ifndef RATES_H
#define RATES_H

#include "activity/trains.h"

#define RATES_MOST_BINS 100000000 /* more are a width in the wrong unit */

/* Spikes by bins of time. */
struct rate_series {
	uint64_t *spikes;
	size_t cap;
};

struct rated {
	const struct node_population *nodes;
	const char *name;
	uint64_t *spikes;           /* of each cell */
	size_t *cells;              /* of each group, only the chosen ones */
	struct rate_series *series; /* of each group */
	uint16_t shown;             /* are they?  Parts keep a number */
	struct labels named; /* what the spikes call one without a name */
};

struct rates {
	struct rated *population; /* in the order of the nodes */
	size_t n;
	double bin;         /* how wide one is, in ms; NaN: there are none */
	double first, last; /* spikes */
	uint64_t spikes;
	int64_t low; /* the number of the first bin */
	size_t nbins;
	double origin; /* where bin 0 begins */
	int64_t end;   /* bin that would begin at --to, or INT64_MAX */
};

/* Is a node among those that are chosen? */
bool rates_are_of(const struct node_population *p, size_t node);

/* Starts with no spikes of the nodes of trains, which are joined; bins are so
 * wide, or NaN. */
void rates_start(struct rates *r, const struct trains *t, double bin);
void rates_end(struct rates *r);

/* The population that the nodes of spikes belong to, or NULL. */
struct rated *rates_of(const struct rates *r, const struct trains *t,
		       uint32_t population);

/* Counts all spikes, in bins if there are any. */
void rates_count(struct rates *r, struct trains *t);

/* A population without any spike is mostly not a silent one but an input, whose
 * spikes are in another file: it is left out, which is said; others without a
 * name get that of their spikes. */
void rates_say_left_out(struct rates *r);

/* Bins begin at --from, or else at multiples of their width; the last one ends
 * at --to, if that is given, and is closed, whatever the rounding. */
void rates_start_bins(struct rates *r, const struct trains *t);
double rates_bin_begin(const struct rates *r, int64_t k);
int64_t rates_bin_of(const struct rates *r, double time_ms);

/* Have a bin, and all between it and those that there are. */
void rates_reach(struct rates *r, int64_t k);

#endif
