/* coherence.h -- how alike two signals are at each frequency
 *
 * All of it is of the same estimates, one for each segment and taper, with the
 * same weight.  Where segments overlap there are fewer independent ones, and
 * everything that depends on how many there are takes that number.
 */
#ifndef COHERENCE_H
#define COHERENCE_H

#include "field/spectra.h"

/* NaN: not defined. */
struct coherence {
	double coherence; /* |sum XY*|^2 / (sum |X|^2 sum |Y|^2) */
	double low, high; /* its interval */
	double phase;     /* of x less that of y, in rad: above 0 x leads */
	double plv;       /* |mean of XY* over its own size| */
	double ppc;       /* the same squared, less what there is of nothing */
	double wpli2;     /* debiased square of the weighted phase lag index */
};

/* End the tool if there are too few estimates to tell anything. */
void coherence_check(const struct spectra *s, const struct signals *in);

/* What unrelated signals exceed with the probability 1 - level: D. E. Amos and
 * L. H. Koopmans, Sandia Monograph SCR-483 (1963). */
double coherence_critical(const struct spectra *s, double level);

/* Measure two signals at the s->n frequencies. */
void coherence_measure(const struct spectra *s, const double *x,
		       const double *y, double level, struct coherence *at);

#endif
