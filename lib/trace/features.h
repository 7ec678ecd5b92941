/* features.h -- the spikes of a trace, in numbers
 *
 *	struct features f = {0};
 *
 *	features_find(&f, &t, step_seek(&t, &s) ? &s : NULL);
 *	for (i = 0; i < f.spikes.n; i++) {
 *		features_measure_spike(&f, i, &spike);
 *		quantity_write(features_columns, &spike);
 *		out_end();
 *	}
 *	features_forget(&f);
 *
 * detect.h finds the spikes, and where each begins, rises fastest and is
 * highest; from there it goes on to the next spike.  The numbers are AllenSDK's
 * where it has them, on the samples as they are, and eFEL's otherwise.
 */
#ifndef FEATURES_H
#define FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include "opt.h"
#include "trace/detect.h"
#include "trace/quantity.h"
#include "trace/step.h"
#include "trace/trace.h"

/* --whole, --isi. */
extern const struct opt features_opts[];

/* A trace, and what was found in its samples [first, end). */
struct features {
	const struct trace *t;
	double *slope;
	double amp_pA, rest; /* NaN without a step */
	size_t before; /* the last sample of the rest, and how many there are */
	size_t nrest;  /* before that */
	size_t first, end;
	struct detect_spikes spikes;
	struct detect_shape *shape;
};

/* A row of spike-features for a spike, and one for a trace.  What there is not
 * is NaN. */
struct features_spike {
	const char *sweep;
	int64_t spike; /* its number, from 1 */
	double onset_ms, onset_mV, upstroke;
	double peak_ms, peak_mV, amplitude;
	double downstroke, ratio;
	double fast_trough_ms, fast_trough_mV, trough_ms, trough_mV;
	double fast_ahp, ahp_depth, width, half_width, isi;
};

struct features_trace {
	const char *sweep;
	double from, to, amp_pA, rest;
	int64_t spikes;
	double rate_Hz, latency;
	double first_isi, last_isi, mean_isi, median_isi, isi_cv, adaptation;
	int64_t bursts;
	double spikes_per_burst;
	int64_t block;
};

/* Their columns; the first is "sweep", which a trace without a name has not. */
extern const struct quantity features_columns[], features_trace_columns[];

/* Find the spikes of a trace: those in its step, or in all of it without one.
 * The trace is kept.  Warn, once, of what makes the numbers wrong.  What was
 * found before is replaced. */
void features_find(struct features *f, const struct trace *t,
		   const struct step *s);

void features_measure_spike(const struct features *f, size_t i,
			    struct features_spike *r);
void features_measure_trace(const struct features *f, struct features_trace *r);

void features_forget(struct features *f);

#endif
