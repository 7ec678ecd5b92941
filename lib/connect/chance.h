/* chance.h -- a probability, constant or by distance
 *
 *	struct chance p;
 *
 *	chance_read("p", "gaussian:pmax=0.1,sigma=100", &p);
 *	p0 = chance_at(&p, distance_um);
 *
 * What an option says is a number, or the name of a function and what it needs:
 *
 *	0.1
 *	uniform:p=0.1,min=0,max=200
 *	gaussian:pmax=0.1,sigma=100,mu=0,min=0,max=400
 *	gaussian:ptotal=0.05,sigma=100,min=0,max=400
 *	exponential:pmax=0.3,lambda=80,max=500
 *	table:FILE			of distance_um and probability
 *
 * Every function is 0 outside [min, max], which are 0 and infinite unless they
 * are said, and the first and the last distance of a table, which is linear
 * between its points.  With ptotal, pmax is solved so that the mean over
 * uniform density between min and max is ptotal, in space or, with --metric
 * cylindrical, in the plane.  If that takes a pmax above 1 the function is cut
 * at 1, with one warning that says the distance where it crosses.
 */
#ifndef CHANCE_H
#define CHANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "opt.h"

/* --metric spherical|cylindrical: distances in x, y and z, or in x and y. */
extern const struct opt chance_opts[];

/* The axes that count, 2 or 3. */
size_t chance_axes(void);

struct chance {
	enum { CONSTANT, UNIFORM, GAUSSIAN, EXPONENTIAL, TABLE } kind;
	double p; /* or pmax, which may be above 1 */
	double mu, sigma, lambda, min, max;
	double *distance, *probability; /* n of them, of a table */
	size_t n;
	double most; /* where it is cut: 1, or infinite for a rate */
};

/* Read what an option says.  It is misuse of the option if this makes no
 * sense; a mistake in a table ends the tool. */
void chance_read(const char *option, const char *text, struct chance *c);

/* The same for a rate, a factor from 0 on which may be above 1; a table of it
 * has distance_um and rate, and ptotal is misuse. */
void chance_read_rate(const char *option, const char *text, struct chance *c);

void chance_free(struct chance *c);

/* Does it depend on the distance? */
bool chance_needs_distance(const struct chance *c);

/* The chance at a distance in um, from 0 to 1. */
double chance_at(const struct chance *c, double distance);

/* Is draw < chance_at(c, distance)?  It takes a third of the time. */
bool chance_hits(const struct chance *c, double distance, double draw);

/* No chance at any distance from low to high is above this; nor just outside
 * them, as low and high are rounded. */
double chance_greatest(const struct chance *c, double low, double high);

#endif
