/* pulses.h -- when a synapse is driven
 *
 *	static const struct opt opts[] = {
 *		OPT_TABLE(pulses_opts),
 *		OPT_REQUIRED("pulses rate"),
 *	};
 *
 *	n = pulses_read();
 *	for (i = 0; i < n; i++) {
 *		p = pulses_run(i);
 *		visit(p.time, p.n);
 *		pulses_free(&p);
 *	}
 *
 * Pulses are those of a table with the column "time_ms", or a train of --n at a
 * rate and, after a pause for --recovery, --test more at that rate; the pause
 * is from the last pulse of the train to the first one after it.  With
 * --duration they come at the rate while it lasts.  Each rate with each
 * recovery is a run, all recoveries of the first rate first.  With 50 Hz, 8,
 *250 ms and 4 these are the trains of the Allen Institute's Synaptic Physiology
 * (Seeman et al. 2018, eLife 7:e37349).
 */
#ifndef PULSES_H
#define PULSES_H

#include <stdbool.h>
#include <stddef.h>

#include "opt.h"

/* --pulses, --rate, --n, --recovery, --test, --first, --duration; and of these
 * --n, --test and --first, for whose rates are not options. */
extern const struct opt pulses_opts[], pulses_train_opts[];

struct pulses {
	double rate_Hz;     /* NaN: a table's pulses */
	double recovery_ms; /* NaN: no pulses after a pause */
	double *time;       /* ms, increasing; time 0 is after --settle */
	size_t n;
	/* How many of the n are the train, and how many came after the pause;
	 * those of a table are as if by the defaults, 8 and then 4. */
	size_t train, test;
};

/* Read what the options say, once; returns how many runs there are, 0 without
 * --pulses and --rate.  What cannot be is misuse, or ends the tool. */
size_t pulses_read(void);

/* A run of these; its times are new memory. */
struct pulses pulses_run(size_t i);

/* The run at a rate in Hz with a recovery in ms or NaN, by what the other
 * options say: for rates that are a table's or a slider's. */
struct pulses pulses_at(double rate_Hz, double recovery_ms);

/* What is wrong with a rate and a recovery, as "the rate is not above 0 Hz", or
 * NULL. */
const char *pulses_fault(double rate_Hz, double recovery_ms);

/* Is there a --test, and no pause in this run? */
bool pulses_lack_pause(const struct pulses *p);

void pulses_free(struct pulses *p);

/* The columns that tell several runs apart: "rate_Hz" and, where there are
 * pulses after a pause, "recovery_ms"; none if there is one run.  NULL ends
 * them.  pulses_write() writes their fields. */
const char *const *pulses_columns(void);
void pulses_write(const struct pulses *p);

#endif
