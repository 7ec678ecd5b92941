/* tapers.h -- windows that a stretch of a signal is weighted by
 *
 *	struct tapers t;
 *
 *	tapers_dpss(&t, 2000, 4, 7);
 *	for (i = 0; i < t.n; i++)
 *		y[i] = t.w[k * t.n + i] * x[i];
 *	tapers_free(&t);
 *
 * Each has the sum of squares 1, so that it keeps the power of white noise.
 */
#ifndef TAPERS_H
#define TAPERS_H

#include <stddef.h>

struct tapers {
	double *w;    /* count times n, one taper after the other */
	size_t n;     /* samples of each */
	size_t count; /* how many */
};

/* Discrete prolate spheroidal sequences (D. Slepian, Bell Syst. Tech. J.
 * 57:1371, 1978): those count sequences of n samples, orthogonal to each other,
 * that have the most of their power within nw / n of a sampling rate, the best
 * first.  0 < nw < n / 2, and count <= n. */
void tapers_dpss(struct tapers *t, size_t n, double nw, size_t count);

/* Hann's window, one period of it: its first sample is 0, its last is not. */
void tapers_hann(struct tapers *t, size_t n);

/* How many independent estimates of the power of noise the mean over all tapers
 * of so many segments is worth, where one begins so many samples after the
 * other: count * segments if they do not overlap, or else fewer (P. D. Welch,
 * IEEE Trans. Audio Electroacoust. 15:70, 1967, for one taper). */
double tapers_independent(const struct tapers *t, size_t step, size_t segments);

void tapers_free(struct tapers *t);

#endif
