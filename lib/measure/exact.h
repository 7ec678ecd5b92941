/* exact.h -- the mean and deviation of numbers, without rounding
 *
 *	struct exact x = {0};
 *
 *	exact_add(&x, 0.1);
 *	exact_add(&x, 0.2);
 *	exact_finish(&x, &mean, &sd);
 *	exact_free(&x);
 *
 * A double is a whole number times a power of two: numbers of one power are
 * added as 128-bit integers, and so are the halves of their squares.  Sums do
 * not depend on the order, nor on how the numbers were shared out, and the
 * results are rounded once.  The idea is R. M. Neal's, arXiv:1505.05571.
 */
#ifndef EXACT_H
#define EXACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/stats.h"

/* Sums of the numbers of one exponent. */
struct exact_sums {
	stats_wide plus, minus; /* by sign */
	stats_wide low, high;   /* of squares: 64 bits, and those above them */
};

struct exact {
	uint64_t n;
	struct exact_sums *sums; /* of exponents from first on */
	size_t first, exponents;
};

void exact_add(struct exact *x, double v); /* which is finite */

/* The sums of an exponent, 0 to 2046, which is made room for. */
struct exact_sums *exact_at(struct exact *x, size_t exponent);

/* The mean, NaN without numbers, and the deviation with n - 1, NaN where there
 * is none. */
void exact_finish(const struct exact *x, double *mean, double *sd);

void exact_free(struct exact *x);

#endif
