/* butterworth.h -- Butterworth filters, as sections of second order
 *
 *	struct butterworth f;
 *	double edges[2] = {4, 12};
 *
 *	butterworth_design(&f, BUTTERWORTH_BAND, 4, edges, rate_Hz);
 *	if (n > butterworth_padding(&f))
 *		butterworth_both_ways(&f, x, n);
 *
 * The poles are those of the analog filter, prewarped, by the bilinear
 * transform.  Polynomials of the whole filter, b and a, are never made: of
 *order 8 and a band of 4 to 12 Hz at 1 kHz their rounding is as large as the
 *signal. scipy's design differs by less than 1e-11 of the gain where edges are
 *a thousandth of the rate or more.
 *
 * A library would be better than this; GSL has no design, and liquid-dsp's is
 *of single precision.
 */
#ifndef BUTTERWORTH_H
#define BUTTERWORTH_H

#include <stdbool.h>
#include <stddef.h>

struct signals;

#define BUTTERWORTH_ORDER 20 /* the highest */

struct butterworth {
	enum butterworth_kind {
		BUTTERWORTH_LOW,  /* below the first edge */
		BUTTERWORTH_HIGH, /* above it */
		BUTTERWORTH_BAND, /* between both */
		BUTTERWORTH_STOP  /* outside of both */
	} kind;
	double rate_Hz, edges_Hz[2];
	size_t order, n; /* sections */
	/* b0 + b1/z + b2/z^2 over 1 + a1/z + a2/z^2 */
	struct butterworth_section {
		double b0, b1, b2, a1, a2;
	} section[BUTTERWORTH_ORDER];
	double slowest; /* the largest magnitude of a pole */
};

/* Edges are above 0 and below half the rate, in their order. */
void butterworth_design(struct butterworth *f, enum butterworth_kind kind,
			size_t order, const double *edges_Hz, double rate_Hz);

/* The gain at a frequency, of one pass: 1/sqrt(2) at an edge. */
double butterworth_gain(const struct butterworth *f, double frequency_Hz);

/* The highest gain at this frequency and all above it. */
double butterworth_gain_from(const struct butterworth *f, double frequency_Hz);

/* In how many samples what the slowest pole makes falls to a hundredth. */
double butterworth_settles(const struct butterworth *f);

/* By how many samples a record is extended at both ends for a filter that has
 * no delay: it needs more samples than that. */
size_t butterworth_padding(const struct butterworth *f);

/* End the tool if a record of signals has too few samples for both ways. */
void butterworth_check_samples(const struct butterworth *f,
			       const struct signals *in);

/* Filter in place: forward and backward, so that nothing is delayed and each
 * gain is squared; or forward alone.  The state is that of a signal which
 * always was what it is at first.  The extension is odd, as that of scipy's
 * sosfiltfilt: 2 x[0] - x[k] before the first sample. */
void butterworth_both_ways(const struct butterworth *f, double *x, size_t n);
void butterworth_forward(const struct butterworth *f, double *x, size_t n);

#endif
