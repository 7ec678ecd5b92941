/* decay.h -- fit a sum of exponentials to samples
 *
 *	struct decay d = {.terms = 2, .nrest = 4000};
 *
 *	decay_open(&d, n);
 *	for (k = 0; k < n; k++) {
 *		d.t[k] = time[k];
 *		d.v[k] = v[k] - rest;
 *	}
 *	decay_fit(&d);
 *	why = decay_doubt(&d, v[n - 1] - rest, time[n - 1]);
 *	decay_close(&d);
 *	visit(d.tau[0], decay_at(&d, rest, 10));
 *
 * What such a fit finds may be meaningless: two time constants that are one,
 * with huge amplitudes that cancel, a term that is made of noise or of what
 * rounding leaves, or one that the samples do not determine.  decay_doubt()
 * tells.
 */
#ifndef DECAY_H
#define DECAY_H

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>
#include <stdbool.h>
#include <stddef.h>

#define DECAY_TERMS 2 /* at most */

/* An amplitude has to be so many units of the last digit, unless noise is as
 * large as one, which makes rounding harmless in the mean: a decay in fewer
 * steps has a time constant that the first and last of them decide. */
#define DECAY_LEAST_DIGITS 10

/* start + sum of a[k] (exp(-t/tau[k]) - 1), with start 0, or a free one. */
struct decay {
	size_t terms;
	bool free_start;
	size_t nrest; /* how many samples rest is the mean of; 0: it is exact */
	double digit; /* a unit of the last digit of the voltages, in mV */
	size_t n;
	double *t, *v; /* ms from the start, ascending, and mV from rest */

	/* What is found, with standard errors of tau, and the sums of squares
	 * of what is left and of all. */
	double start, a[DECAY_TERMS], tau[DECAY_TERMS], se[DECAY_TERMS];
	double rss, tss;
	bool converged;

	/* For decay.c. */
	double *w;       /* roots of weights, or NULL */
	gsl_matrix *phi; /* n rows: the columns of the linear problem, as QR */
	gsl_vector *hh, *c, *r, *u;
	double at[DECAY_TERMS]; /* where they were computed */
};

/* How many parameters there are: a fit takes more samples than that. */
size_t decay_parameters(const struct decay *d);

/* Allocate room for n samples; free it.  The result stays. */
void decay_open(struct decay *d, size_t n);
void decay_close(struct decay *d);

/* Fit the samples.  GSL's error handler has to be off. */
void decay_fit(struct decay *d);

/* The reason why a fit is refused, in new memory, or NULL, while its samples
 * are there.  The deflection in mV is where the voltage goes in the end, and
 * length is that of the step in ms.  Afterwards the slowest term of the
 * membrane, which goes with the deflection, comes first. */
char *decay_doubt(struct decay *d, double deflection, double length);

/* The voltage at a time. */
double decay_at(const struct decay *d, double rest, double time);

#endif
