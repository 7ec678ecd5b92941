/* exact.h -- the mean and deviation of numbers, without rounding
 *
 *	struct exact x = {0};
 *
 *	exact_add(&x, 0.1, 1);
 *	exact_add(&x, 0.2, 3);
 *	exact_finish(&x, &mean, &sd);
 *	exact_free(&x);
 *
 * A double is a whole number times a power of two: numbers of one power are
 * added as 128-bit integers, and their squares with what is carried.  Sums do
 *not depend on the order, nor on how the numbers were shared out, and the
 *results are rounded once.  The idea is R. M. Neal's, arXiv:1505.05571.
 */
#ifndef EXACT_H
#define EXACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "measure/stats.h"

/* Sums of the numbers of one exponent. */
struct exact_sums {
	stats_wide plus, minus; /* by sign */
	stats_wide low, high;   /* of squares: 128 bits, and those above them */
};

struct exact {
	uint64_t n;
	struct exact_sums *sums; /* of exponents from first on */
	size_t first, exponents;
};

/* The sums of an exponent, 1 to 2046, which is made room for. */
struct exact_sums *exact_at(struct exact *x, size_t exponent);

static inline void
exact_add_square(struct exact_sums *s, stats_wide square)
{
	s->low += square;
	s->high += s->low < square;
}

/* A number that is finite, so many times, which are at most 2^20. */
static inline void
exact_add(struct exact *x, double v, uint32_t times)
{
	const uint64_t hidden = (uint64_t)1 << 52;
	struct exact_sums *s;
	uint64_t bits, m;
	size_t exponent;

	memcpy(&bits, &v, sizeof bits);
	x->n += times;
	if (bits << 1 == 0)
		return;
	exponent = bits >> 52 & 0x7ff;
	m = bits & (hidden - 1);
	if (exponent > 0)
		m |= hidden;
	else
		exponent = 1; /* a subnormal number */
	s = exponent - x->first < x->exponents ? &x->sums[exponent - x->first]
					       : exact_at(x, exponent);
	*(bits >> 63 ? &s->minus : &s->plus) += (stats_wide)m * times;
	exact_add_square(s, (stats_wide)m * m * times);
}

/* The mean, NaN without numbers, and the deviation with n - 1, NaN where there
 * is none. */
void exact_finish(const struct exact *x, double *mean, double *sd);

void exact_free(struct exact *x);

#endif
