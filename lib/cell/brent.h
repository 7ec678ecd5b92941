/* brent.h -- search for the one number that meets one target
 *
 *	struct brent *b = brent_begin(NAN);
 *	struct brent_point *p;
 *	size_t n, k;
 *
 *	while ((n = brent_ask(b, &p)) > 0)
 *		for (k = 0; k < n; k++)
 *			p[k].score = fabs(p[k].error = try(p[k].x));
 *	brent_end(b);
 *
 * Numbers are from 0 to 1.  Those that are asked for together do not depend on
 * each other.  First come one that is given, and a grid with both ends.  Where
 * the error of two neighbours has opposite signs, GSL's Brent finds its root
 * between them; where none have, his minimizer goes on from the least score, as
 * far as the ends, which are mirrors (R. P. Brent, Algorithms for Minimization
 * without Derivatives, Prentice-Hall, 1973).
 */
#ifndef BRENT_H
#define BRENT_H

#include <stddef.h>

struct brent_point {
	double x;
	double score; /* finite: what is to be least */
	double error; /* what is to be 0, or NaN: there is none of this x */
};

struct brent;

/* The number to begin with, or NaN.  GSL's error handler has to be off. */
struct brent *brent_begin(double first);

/* The numbers to be tried next, which the caller fills in before it asks again;
 * 0: nothing is better any more. */
size_t brent_ask(struct brent *b, struct brent_point **points);

void brent_end(struct brent *b);

#endif
