/* profile.h -- a rate that is linear in time, piece by piece, and its integral
 *
 *	struct profile p = {0};
 *	struct profile_at at = {0};
 *
 *	profile_add(&p, 0, 500, 5, 20);
 *	profile_add(&p, 500, 1000, 0, 0);
 *	profile_finish(&p, refractory);
 *	t = profile_when(&p, &at, profile_sum(&p, &at, t + refractory) + draw);
 *	profile_free(&p);
 *
 * Time rescaling turns any renewal process of rate 1 into one of this rate: a
 * spike is where the integral reaches the next event (E. N. Brown et al.,
 *Neural Comput. 14:325, 2002).  Integrals are of pieces in closed form.
 *
 * With a refractory time tau what is integrated is the hazard of a cell that
 *may spike.  The part of cells that may not is the integral of the rate over
 *the last tau, so that
 *
 *	hazard(t) = rate(t) / (1 - integral of rate from t - tau to t)
 *
 * keeps the rate that was asked for at all times; where it is constant this is
 * r / (1 - r tau).  Before the first piece the rate is what it begins with.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include <stdbool.h>
#include <stddef.h>

/* From start on, for so many ms: the rate a + b s over c + d s + e s^2. */
struct profile_segment {
	double start, length;
	double a, b, c, d, e;
	double before, sum; /* the integral until start, and that of it */
};

struct profile_piece {
	double start, length;
	double rate, slope; /* per ms, and per ms^2 */
	double before;
};

struct profile {
	double from, to; /* ms */
	struct profile_segment *segment;
	size_t n, cap;

	/* The rest is for profile.c. */
	struct profile_piece *piece;
	size_t npieces, mpieces;
	double refractory;
};

/* Where in a profile one is: each call may be of the same time or a later one
 * than the call before. */
struct profile_at {
	size_t k;
};

/* Adds a piece, in ms and Hz, which begins where the one before ends. */
void profile_add(struct profile *p, double start, double end, double rate0,
		 double rate1);

/* Leaves what is before from and what is not before to out; nothing may be
 * left. */
void profile_cut(struct profile *p, double from, double to);

/* Makes the integrals, with a refractory time in ms or 0.  Returns NAN, or a
 * time at which the process would have to spike more than once in the
 * refractory time, and is no use. */
double profile_finish(struct profile *p, double refractory);

/* Makes one of a constant rate, whose from and to are set and which has no
 * pieces; its segment is the caller's memory.  False if no process has that
 * rate. */
bool profile_constant(struct profile *p, struct profile_segment *segment,
		      double rate_Hz, double refractory);

/* The integral until a time, which is in the profile, or the whole of it after
 * its end. */
double profile_sum(const struct profile *p, struct profile_at *at, double t);

/* The time at which the integral reaches a sum, or INFINITY. */
double profile_when(const struct profile *p, struct profile_at *at, double sum);

/* How likely a cell is refractory when the profile begins: 0 to 1. */
double profile_busy(const struct profile *p);

void profile_free(struct profile *p);

#endif
