#include <gmp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/exact.h"
#include "util.h"

enum { FRACTION = 52, BIAS = 1023 + FRACTION };

struct exact_sums *
exact_at(struct exact *x, size_t exponent)
{
	size_t before, first, n;
	struct exact_sums *sums;

	if (exponent - x->first < x->exponents)
		return &x->sums[exponent - x->first];
	if (x->exponents == 0)
		x->first = exponent;
	first = exponent < x->first ? exponent : x->first;
	before = x->first - first;
	n = x->exponents + before;
	if (exponent - first >= n)
		n = exponent - first + 1;
	sums = zeros(n, sizeof *sums);
	if (x->exponents > 0)
		memcpy(sums + before, x->sums, x->exponents * sizeof *sums);
	free(x->sums);
	*x = (struct exact){x->n, sums, first, n};
	return &sums[exponent - first];
}

/* z += v * 2^shift, where v has 128 bits. */
static void
add_shifted(mpz_t z, stats_wide v, size_t shift, bool minus)
{
	uint64_t half[2] = {(uint64_t)v, (uint64_t)(v >> 64)};
	mpz_t w;

	mpz_init(w);
	mpz_import(w, 2, -1, sizeof *half, 0, 0, half);
	mpz_mul_2exp(w, w, shift);
	(minus ? mpz_sub : mpz_add)(z, z, w);
	mpz_clear(w);
}

/* a / b * 2^exponent, rounded once: the quotient has 64 bits, the last of which
 * says whether there are more. */
static double
quotient(const mpz_t a, const mpz_t b, long exponent)
{
	long shift = 64 - (long)mpz_sizeinbase(a, 2) +
		     (long)mpz_sizeinbase(b, 2) - 1;
	mpz_t x, y, rest;
	double v;

	if (mpz_sgn(a) == 0)
		return 0;
	mpz_inits(x, y, rest, NULL);
	mpz_abs(x, a);
	mpz_set(y, b);
	if (shift > 0)
		mpz_mul_2exp(x, x, (mp_bitcnt_t)shift);
	else
		mpz_mul_2exp(y, y, (mp_bitcnt_t)-shift);
	mpz_tdiv_qr(x, rest, x, y);
	v = (double)(mpz_get_ui(x) | (mpz_sgn(rest) != 0));
	mpz_clears(x, y, rest, NULL);
	v = ldexp(v, (int)(exponent - shift));
	return mpz_sgn(a) < 0 ? -v : v;
}

void
exact_finish(const struct exact *x, double *mean, double *sd)
{
	long unit = (long)x->first - BIAS, half;
	mpz_t sum, squares, n;
	size_t i;

	mpz_inits(sum, squares, n, NULL);
	for (i = 0; i < x->exponents; i++) {
		add_shifted(sum, x->sums[i].plus, i, false);
		add_shifted(sum, x->sums[i].minus, i, true);
		add_shifted(squares, x->sums[i].low, 2 * i, false);
		add_shifted(squares, x->sums[i].high, 2 * i + 128, false);
	}
	mpz_set_ui(n, x->n);
	*mean = x->n > 0 ? quotient(sum, n, unit) : NAN;
	*sd = NAN;
	if (x->n > 1) { /* (n squares - sum^2) / (n (n - 1)) */
		mpz_mul(squares, squares, n);
		mpz_submul(squares, sum, sum);
		mpz_mul_ui(n, n, x->n - 1);
		half = (long)mpz_sizeinbase(squares, 2) / 2;
		*sd = ldexp(sqrt(quotient(squares, n, -2 * half)),
			    (int)(unit + half));
	}
	mpz_clears(sum, squares, n, NULL);
}

void
exact_free(struct exact *x)
{
	free(x->sums);
	*x = (struct exact){0};
}
