/* boltzmann.h -- fit a Boltzmann function
 *
 *	struct boltzmann b;
 *
 *	boltzmann_fit(v, inf, n, &b);
 *	visit(b.half, b.slope);
 *
 * It is y = 1 / (1 + exp(-(x - half) / slope)): the slope is below 0 where it
 * falls.  Numbers that are NaN are left out.
 */
#ifndef BOLTZMANN_H
#define BOLTZMANN_H

#include <stdbool.h>
#include <stddef.h>

/* Standard errors are for noise that is independent from point to point. */
struct boltzmann {
	double half, slope, half_se, slope_se;
	double r2; /* the part of the variance that it explains */
};

/* By least squares; false if there is none, as for points that are all the
 * same. */
bool boltzmann_fit(const double *x, const double *y, size_t n,
		   struct boltzmann *b);

#endif
