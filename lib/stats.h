/* stats.h -- what statistics need to be believed */
#ifndef STATS_H
#define STATS_H

#include "opt.h"

/* --level, and what it says: the confidence of intervals, usually 0.95. */
extern const struct opt stats_opts[];
double stats_level(void);

/* Wilson's score interval of a proportion: hits of n, at a confidence level
 * such as 0.95.  Both ends are NaN where n is 0.  E. B. Wilson, J. Am. Stat.
 * Assoc. 22:209 (1927). */
void stats_wilson(double hits, double n, double level, double interval[2]);

#endif
