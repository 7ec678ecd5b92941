#include <math.h>

#include "random/deviates.h"

/* What is drawn is the same whatever the compiler; GCC does this by -std=c11.
 */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

/* The polar method of Marsaglia and Bray (SIAM Review 6:260, 1964).  The
 * direction of a point in the disc says nothing about its radius, which is
 * drawn anew, because random.h's exponential is the same on all machines, and
 * libm's logarithm is not. */
double
deviate_normal(struct random_stream *s)
{
	double x, y, square;

	do {
		x = 2 * random_draw(s) - 1;
		y = 2 * random_draw(s) - 1;
		square = x * x + y * y;
	} while (square > 1 || square == 0);
	return x / sqrt(square) * sqrt(2 * random_exponential(s));
}

/* e to a power, to some units of the last place.  The series is taken for less
 * than half of log 2, where its first term that is left out is below 2^-62. */
static double
exponential(double x)
{
	double whole = rint(x / 0.69314718055994531), sum = 1, f;
	int k;

	/* The first part of log 2 has zeros for last bits: nothing is lost. */
	f = x - whole * 0x1.62e42fee00000p-1 - whole * 0x1.a39ef35793c76p-33;
	for (k = 15; k >= 1; k--)
		sum = 1 + sum * f / k;
	return ldexp(sum, (int)fmax(fmin(whole, 2000), -2000));
}

double
deviate_lognormal(struct random_stream *s, double mean, double sd)
{
	double spread = sd / mean;
	double variance = random_logarithm(1 + spread * spread);

	return mean *
	       exponential(sqrt(variance) * deviate_normal(s) - variance / 2);
}

/* For shapes from 1 on, Marsaglia and Tsang (ACM Trans. Math. Softw. 26:363,
 * 2000): the cube of a normal number, which few times is refused. */
static double
large_gamma(struct random_stream *s, double shape)
{
	double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d), x, v;

	do {
		do {
			x = deviate_normal(s);
			v = 1 + c * x;
		} while (v <= 0);
		v = v * v * v;
	} while (-random_exponential(s) >=
		 x * x / 2 + d * (1 - v + random_logarithm(v)));
	return d * v;
}

/* A smaller shape is the next one, multiplied by a power of an even number. */
double
deviate_gamma(struct random_stream *s, double shape)
{
	double v;

	if (shape >= 1)
		return large_gamma(s, shape);
	v = large_gamma(s, shape + 1);
	return v * exponential(-random_exponential(s) / shape);
}
