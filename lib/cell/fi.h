/* fi.h -- what a step of current makes a cell fire
 *
 *	struct fi f;
 *
 *	protocol_pulse(amp_nA);
 *	protocol_run(end);
 *	column = recording_of(end);
 *	t = recording_trace(column[0], end);
 *	fi_measure(&f, &t, first, end);
 *	quantity_write(fi_columns, &f);
 *	free(column);
 *
 * Spikes are those that --detect finds in the step.
 */
#ifndef FI_H
#define FI_H

#include <stddef.h>
#include <stdint.h>

#include "trace/quantity.h"
#include "trace/trace.h"

struct fi {
	double amp_pA; /* the caller's */
	int64_t spikes;
	double rate_Hz;
	double first_isi, last_isi, adaptation, latency; /* or NaN */
	int64_t block;                                   /* 1 or 0 */
};

/* The columns of fi-sweep. */
extern const struct quantity fi_columns[];

/* Measure a step of current that leads to the samples after first, up to and
 * including end, which are steps of the model. */
void fi_measure(struct fi *f, const struct trace *t, size_t first, size_t end);

#endif
