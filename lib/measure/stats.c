#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

#include "measure/stats.h"
#include "util.h"

/* When the sample is full, every other number of it goes.  Those that stay are
 * still evenly spread over all numbers, and always the same ones. */
static void
keep(struct stats *s, double v)
{
	size_t i;

	if (s->stride == 0)
		s->stride = 1;
	if (s->seen++ % s->stride != 0)
		return;
	if (s->nsample == s->most) {
		for (i = 0; i < s->most / 2; i++)
			s->sample[i] = s->sample[2 * i];
		s->nsample = s->most / 2;
		s->stride *= 2;
	}
	s->sample = grow(s->sample, &s->cap, s->nsample + 1, sizeof *s->sample);
	s->sample[s->nsample++] = v;
}

/* Is it an integer?  Beyond 2^52 all doubles are.  A call of floor() for each
 * number, of fmin() and of fmax() took half of the time of them all. */
static bool
is_whole(double v)
{
	return !(fabs(v) < 0x1p52) || (double)(int64_t)v == v;
}

static void
see(struct stats *s, double v, double times)
{
	if (s->n == 0 || v < s->min)
		s->min = v;
	if (s->n == 0 || v > s->max)
		s->max = v;
	s->n += times;
	s->fraction = s->fraction || !is_whole(v);
}

/* The sum is A. Neumaier's, Z. angew. Math. Mech. 54:39 (1974), the squares are
 * B. P. Welford's, Technometrics 4:419 (1962). */
void
stats_add_times(struct stats *s, double v, double times)
{
	double more = v * times, sum = s->sum + more, off = v - s->middle;

	if (times == 0)
		return;
	see(s, v, times);
	if (fabs(s->sum) >= fabs(more))
		s->lost += (s->sum - sum) + more;
	else
		s->lost += (more - sum) + s->sum;
	s->sum = sum;
	s->middle += off * times / s->n;
	s->squares += times * off * (v - s->middle);
}

void
stats_see(struct stats *s, double v, uint32_t times)
{
	see(s, v, times);
	while (s->most > 0 && times-- > 0)
		keep(s, v);
}

void
stats_add(struct stats *s, double v)
{
	stats_add_times(s, v, 1);
	if (s->most > 0)
		keep(s, v);
}

void
stats_finish(struct stats *s)
{
	s->mean = (s->sum + s->lost) / s->n; /* NaN where there is none */
	if (s->n > 0 && !isfinite(s->mean))
		s->mean = s->middle; /* the sum is beyond all doubles */
	s->sd = s->n > 1 ? sqrt(s->squares / (s->n - 1)) : NAN;
	if (s->n == 0)
		s->min = s->max = NAN;
	gsl_sort(s->sample, 1, s->nsample);
}

double
stats_quantile(const struct stats *s, double part)
{
	return s->nsample > 0 ? gsl_stats_quantile_from_sorted_data(
					s->sample, 1, s->nsample, part)
			      : NAN;
}

/* The difference of the sums may be small.  The whole part of the mean is taken
 * off first, so that 128 bits are enough for 2^32 numbers of 32 bits. */
double
stats_deviation(uint64_t n, uint64_t sum, stats_wide squares)
{
	uint64_t mean = sum / n, rest = sum % n;
	stats_wide left =
		squares - (stats_wide)mean * sum - (stats_wide)mean * rest;

	left = left * n - (stats_wide)rest * rest;
	return (double)sqrtl((long double)left / (long double)n /
			     (long double)(n - 1));
}

double stats_level = 0.95;

const struct opt stats_opts[] = {
	OPT_NUM_IN(0, "level", "number", &stats_level, "(0,1)",
		   "confidence (0.95)"),
	OPT_END,
};

void
stats_check_level(void)
{
	if ((1 + stats_level) / 2 == 1)
		misuse("--level: too near 1: '%.16g'", stats_level);
}

void
stats_wilson(double hits, double n, double level, double interval[2])
{
	double z = gsl_cdf_ugaussian_Pinv((1 + level) / 2);
	double p = hits / n, width, middle;

	interval[0] = interval[1] = NAN;
	if (!(n > 0))
		return;
	middle = p + z * z / (2 * n);
	width = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	interval[0] = hits > 0 ? (middle - width) / (1 + z * z / n) : 0;
	interval[1] = hits < n ? (middle + width) / (1 + z * z / n) : 1;
}
