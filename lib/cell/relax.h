/* relax.h -- where states go, and how fast, found by steps from several values
 *
 *	struct relax r;
 *
 *	relax_open(&r, n, step);
 *	relax_find(&r, start, inf, tau);
 *	relax_close(&r);
 *
 * Nothing is known of the states but what a step makes of them: x(t + dt) =
 * F(x(t)).  A step that is exact has exp(-dt / tau) as its slope dF/dx; that of
 * another method goes towards it as dt goes to 0, and tau is extrapolated from
 * three steps (Romberg), so that the method need not be known.
 */
#ifndef RELAX_H
#define RELAX_H

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_matrix.h>
#include <stdbool.h>
#include <stddef.h>

/* The modes of a step, which states that are coupled ask for alike: 12 states
 * take an eighth of the time. */
struct relax_modes {
	double dt;
	gsl_vector_complex *lambda;
	gsl_matrix_complex *mode;
};
#define RELAX_KEPT 16

struct relax {
	size_t n;
	void (*step)(double dt, const double *x, double *y);
	bool *coupled; /* depends on other states, or they on it */
	bool curved;   /* the step is not linear in the states */

	double *base, *up, *down; /* slopes are from base - down to base + up */
	double *x, *y, *y0;
	gsl_matrix *a; /* slopes of all in all */
	gsl_eigen_nonsymmv_workspace *eigen;
	struct relax_modes kept[RELAX_KEPT];
	size_t nkept;
	const struct relax_modes *now;
};

/* The step of dt ms takes x to y, n numbers each: NaN where it fails. */
void relax_open(struct relax *r, size_t n,
		void (*step)(double dt, const double *x, double *y));
void relax_close(struct relax *r);

/* The steady state that is reached from start, and the time constants in ms, of
 * coupled states the slowest of their modes.  Quantities that a step conserves
 * stay as they are in start.  NaN is where there is none; tau is 0 where inf is
 * reached at once, and INFINITY where the state does not move. */
void relax_find(struct relax *r, const double *start, double *inf, double *tau);

#endif
