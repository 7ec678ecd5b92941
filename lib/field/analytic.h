/* analytic.h -- the phase and the amplitude of a signal at each time
 *
 *	double *im = zeros(n, sizeof *im);
 *
 *	analytic_hilbert(x, n, im);
 *	for (k = 0; k < n; k++)
 *		visit(atan2(im[k], x[k]), hypot(im[k], x[k]));
 *
 * Phase 0 is the peak of a wave, and pi its trough.
 */
#ifndef ANALYTIC_H
#define ANALYTIC_H

#include <stddef.h>

/* The Hilbert transform of all of x, which stays as it is and goes on as if it
 * were periodic: with it as the imaginary part the signal has no negative
 * frequencies. */
void analytic_hilbert(double *x, size_t n, double *im);

/* How long a wavelet is. */
struct analytic_morlet {
	double frequency; /* in parts of the rate, below 1/2 */
	double cycles;    /* 2 pi frequency times the sd of its envelope */
};

/* The sd of its envelope, in samples. */
double analytic_sigma(const struct analytic_morlet *w);

/* Morlet's wavelet at each sample, of zeros outside of the record: a Gaussian
 * times exp(2 pi i f t), cut at five sd, of which the magnitudes have the
 * sum 2. A sine of amplitude A and this frequency gives A. */
void analytic_wavelet(const struct analytic_morlet *w, const double *x,
		      size_t n, double *re, double *im);

#endif
