/* stats.h -- mean, deviation, quantiles and intervals
 *
 *	struct stats s = {.most = SIZE_MAX};
 *
 *	stats_add(&s, 2);
 *	stats_add(&s, 4);
 *	stats_finish(&s);
 *	printf("%g %g %g\n", s.mean, s.sd, stats_quantile(&s, 0.5));
 *	free(s.sample);
 */
#ifndef STATS_H
#define STATS_H

#include "opt.h"

/* --level, and what it says: the confidence of intervals, usually 0.95. */
extern const struct opt stats_opts[];
extern double stats_level;

/* Refuse a level so near to 1 that half of the rest is rounded to nothing. */
void stats_check_level(void);

/* Finite numbers that come one at a time, of which there may be more than
 * memory has room for. */
struct stats {
	double n;
	double mean, sd, min, max; /* sd with n - 1; NaN where there is none */
	bool fraction;             /* is one of them not a whole number? */

	/* Some of them, or all if they are no more than most (0: none are
	 * kept); ascending when stats_finish() has been called. */
	double *sample;
	size_t most, nsample, cap;

	/* The rest is for stats.c: how many numbers have come, one in how many
	 * of them is in the sample; the sum and what rounding has lost of it;
	 * the mean so far and the squares of the deviations from it. */
	uint64_t seen, stride;
	double sum, lost, middle, squares;
};

void stats_add(struct stats *s, double v);

/* The same so many times, without mean and deviation, for who has them of
 * exact.h. */
void stats_see(struct stats *s, double v, uint32_t times);
void stats_finish(struct stats *s);

/* Add a number that is there several times, or has a weight.  The sample does
 * not get it. */
void stats_add_times(struct stats *s, double v, double times);

/* A quantile of the sample by linear interpolation, its median at 0.5; NaN if
 * it is empty.  Type 7 of R. J. Hyndman and Y. Fan, Am. Stat. 50:361 (1996), as
 * in numpy and R. */
double stats_quantile(const struct stats *s, double part);

__extension__ typedef unsigned __int128 stats_wide;

/* The standard deviation of n whole numbers, at least 2 of them and each below
 * 2^32, by their sum and the sum of their squares, with n - 1: exact until the
 * last step. */
double stats_deviation(uint64_t n, uint64_t sum, stats_wide squares);

/* Wilson's score interval of a proportion: hits of n, at a confidence level
 * such as 0.95.  Both ends are NaN where n is 0.  E. B. Wilson, J. Am. Stat.
 * Assoc. 22:209 (1927). */
void stats_wilson(double hits, double n, double level, double interval[2]);

#endif
