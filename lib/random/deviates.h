/* deviates.h -- random numbers of other distributions than random.h has
 *
 *	struct random_stream s = random_stream(name, id, 0);
 *	double delay = mean + sd * deviate_normal(&s);
 *
 * They are made of operations that IEEE 754 rounds exactly, as those of
 *random.h are, so that they are the same on every machine.
 */
#ifndef DEVIATES_H
#define DEVIATES_H

#include "random/random.h"

/* A number of the normal distribution with mean 0 and deviation 1. */
double deviate_normal(struct random_stream *s);

/* One of the lognormal distribution that has this mean, above 0, and this
 * deviation, of the numbers themselves. */
double deviate_lognormal(struct random_stream *s, double mean, double sd);

/* One of the gamma distribution with this shape, above 0, and scale 1: its mean
 * is the shape. */
double deviate_gamma(struct random_stream *s, double shape);

#endif
