/* specparam.h -- a spectrum as a power law with peaks on it
 *
 *	struct specparam_how how = SPECPARAM_HOW;
 *	struct specparam fit;
 *
 *	if (specparam_fit(&fit, &how, frequency, log_power, n))
 *		visit(fit.exponent, fit.peak[0].frequency);
 *	specparam_free(&fit);
 *
 * This is the algorithm of specparam, formerly fooof (T. Donoghue and others,
 * Nat. Neurosci. 23:1655, 2020), with its constants, of which version 1.1.0
 * gives the same numbers: the logarithm to base 10 of the power is
 *
 *	offset - log10(knee + frequency ^ exponent)
 *
 * and a Gaussian for each peak.  The power law is fitted, and again without
 *what lies above it; peaks are taken from what is left, the highest first, and
 *are then fitted together; at last the power law is fitted without them.
 */
#ifndef SPECPARAM_H
#define SPECPARAM_H

#include <stdbool.h>
#include <stddef.h>

struct specparam_how {
	bool knee;         /* or it is 0 */
	size_t most;       /* peaks */
	double threshold;  /* they are so many sd of what is left */
	double min_height; /* and so high, in powers of ten */
	double width[2];   /* their bandwidths are within, in Hz: 2 sd */
};

/* Its own, but for the height and the lesser width, which are up to the caller:
 * NaN is two frequencies. */
#define SPECPARAM_HOW                                                          \
	{                                                                      \
		false, SIZE_MAX, 2, 0.3,                                       \
		{                                                              \
			NAN, 12                                                \
		}                                                              \
	}

struct specparam_peak {
	double frequency, height, sd; /* of the Gaussian; Hz, log10, Hz */
	double above; /* how far model and power law are apart there, log10 */
};

struct specparam {
	double offset, knee, exponent;
	struct specparam_peak *peak; /* n of them, by frequency */
	size_t n;
	double *law, *model; /* log10 of power, at each frequency */
	double r2, error;    /* squared correlation; mean |difference| */
};

/* The least number of frequencies. */
enum { SPECPARAM_LEAST = 8 };

/* Fit n powers at frequencies that are above 0, ascend and are the same step
 * apart.  False if no fit is found, which is then to be freed all the same. */
bool specparam_fit(struct specparam *fit, const struct specparam_how *how,
		   const double *frequency, const double *log_power, size_t n);

void specparam_free(struct specparam *fit);

#endif
