/* detect.h -- find spikes in a trace
 *
 *	struct detect_spikes s = {0};
 *
 *	detect_find(&s, &trace, first, end);
 *	for (i = 0; i < s.n; i++)
 *		visit(trace.t[s.at[i]]);
 *	free(s.at);
 *
 * There are two ways to find a spike, and --detect chooses between them.
 *
 * "threshold", the default, is how NEURON counts them: the voltage exceeds
 * --threshold.  It counts again only after the voltage has been 5 mV below that
 * since, so that noise about the threshold is not taken for spikes.
 *
 * "dvdt" is how the Allen Institute finds them in recordings (Allen Cell Types
 * Database, technical white paper: electrophysiology; ephys_features of
 * AllenSDK): the slope of the voltage comes up to 20 mV/ms; between two spikes
 * it has been below 0; a spike is 2 mV high at least, and its peak at -30 mV at
 * least.
 */
#ifndef DETECT_H
#define DETECT_H

#include "opt.h"
#include "trace/trace.h"

/* --detect threshold|dvdt, --threshold MV, --filter KHZ. */
extern const struct opt detect_opts[];

/* Samples, ascending.  By threshold: the first one above it.  By dvdt: where
 * the spike begins. */
struct detect_spikes {
	size_t *at;
	size_t n, cap;
};

/* Find the spikes of the samples [first, end), as the options say; they replace
 * what was in s.  first is the last sample of the rest, from which a spike may
 * rise.  By threshold, what comes before those samples counts too: a voltage
 * that is above it from the beginning is not a spike. */
void detect_find(struct detect_spikes *s, const struct trace *t, size_t first,
		 size_t end);

/* How many spikes there are in samples that are to be averaged or fitted; *at
 * is the first, if there is one.  Unless --detect or --threshold say what a
 * spike is, one that is too small or cut off by the end counts as well: the
 * voltage rises by more than 15 mV within a millisecond, and by less than half
 * as much in the one before, where a membrane without channels is the slower
 * the longer the current lasts.  A voltage that goes above the threshold and
 * stays there, as that of a passive cell may, does not count then. */
size_t detect_count(const struct trace *t, size_t first, size_t end,
		    size_t *at);

/* The same for the n samples of rest before a sample, with the 5 ms before
 * them: a spike there may not be over. */
size_t detect_count_rest(const struct trace *t, size_t before, size_t n,
			 size_t *at);

/* The slopes from each sample to the next, in mV/ms, of the voltage as --filter
 * leaves it.  There is one less than there are samples.  The caller frees them.
 */
double *detect_slopes(const struct trace *t);

/* Where a spike begins, rises fastest and is highest.  It begins at the last
 * sample before its upstroke whose slope is at most 5 % of the mean of all the
 * steepest slopes, as in AllenSDK. */
struct detect_shape {
	size_t onset, upstroke, peak;
};

/* That slope of n spikes, in mV/ms; 0 if there are none. */
double detect_onset_slope(const double *slope, const struct detect_shape *s,
			  size_t n);

/* The shapes of spikes that were found in the same samples.  The caller frees
 * them. */
struct detect_shape *detect_shapes(const struct trace *t, const double *slope,
				   const struct detect_spikes *s, size_t first,
				   size_t end);

/* The voltage in mV that a spike has at least: --threshold, or dvdt's. */
double detect_level(void);

/* Does the voltage stay above the mean onset of the n spikes among samples
 * [first, end) for more than 50 ms on end?  Without a spike, it is compared
 * with what makes one: --threshold, or the -30 mV of dvdt.  This is eFEL's
 * depol_block. */
bool detect_blocked(const struct trace *t, const struct detect_shape *shape,
		    size_t n, size_t first, size_t end);

/* The place of the greatest, or the least, of the values [first, end), of which
 * there is at least one; the first place if there are several. */
size_t detect_highest(const double *v, size_t first, size_t end);
size_t detect_lowest(const double *v, size_t first, size_t end);

#endif
