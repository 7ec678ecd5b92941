/* locking.h -- how phases keep together
 *
 *	struct locking l = {0};
 *	struct locking_measures m;
 *
 *	locking_add(&l, window, phase);
 *	locking_measure(&l, &m);
 *	visit(m.ppc);
 *	locking_free(&l);
 *
 * With the n phases phi and R = |sum of e^(i phi)|: plv = R/n, which is above 0
 * of phases of nothing too, by 1/sqrt(n) or so; ppc = (R^2 - n) / (n (n - 1)),
 *the mean cosine of the difference of two of them, which is unbiased and so as
 *often below 0 as above it where there is no locking (Vinck et al. 2010,
 *NeuroImage 51:112).  Spikes of one window may follow from each other: ppc1 is
 *over pairs of different windows, ppc2 over pairs of the windows' mean vectors
 *(Vinck et al. 2012, J. Comput. Neurosci. 33:53).
 */
#ifndef LOCKING_H
#define LOCKING_H

#include <stddef.h>

#define LOCKING_ANY 0 /* where there are no windows */

struct locking {
	double n, re, im; /* the sum of vectors */

	struct locking_part { /* the same of a window; by its number */
		size_t window;
		double n, re, im;
	} * part;
	size_t nparts, mparts;
};

/* NaN where there is none: all without phases, all but the mean phase of one.
 */
struct locking_measures {
	double mean_phase; /* rad */
	double plv, ppc;   /* as above */
	double kappa;      /* of von Mises' distribution; of max(ppc, 0) */
	double rayleigh_z, rayleigh_p; /* supposing independent phases */
	double ppc1, ppc2;             /* with two windows at least */
};

void locking_add(struct locking *l, size_t window, double phase);
void locking_merge(struct locking *into, const struct locking *from);
void locking_measure(const struct locking *l, struct locking_measures *m);
void locking_free(struct locking *l);

/* NaN for n < 2. */
double locking_ppc(double n, double re, double im);

/* The concentration of the von Mises distribution whose mean vector has the
 * length r = I1(kappa) / I0(kappa), from 0 up to 1, which has none: NaN. */
double locking_kappa(double r);

#endif
