/* If the step is linear in the states, as that of gates is, slopes are measured
 * over the whole range from 0 to 1, so that they are exact to the last digits.
 * If it is not, they are measured nearby, and Newton's method has the steady
 * state. */
#include <gsl/gsl_blas.h>
#include <gsl/gsl_complex_math.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/relax.h"
#include "util.h"

/* The step to begin with, the least and the longest, in ms. */
#define FIRST_DT 0.025
#define LEAST_DT 1e-12
#define MOST_DT 1e12
#define MOST_TRIES 60

/* A slope nearer to 1 is taken for 1: rounding makes 1e-15 of it. */
#define ROUNDING 1e-13

/* Time constants are measured by steps that are this part of them and less. */
#define FINE 1e-3
#define FINE_IF_CURVED 2e-2

void
relax_open(struct relax *r, size_t n,
	   void (*step)(double dt, const double *x, double *y))
{
	size_t k;

	*r = (struct relax){.n = n, .step = step};
	r->coupled = zeros(n, sizeof *r->coupled);
	r->base = zeros(n, sizeof *r->base);
	r->up = zeros(n, sizeof *r->up);
	r->down = zeros(n, sizeof *r->down);
	r->x = zeros(n, sizeof *r->x);
	r->y = zeros(n, sizeof *r->y);
	r->y0 = zeros(n, sizeof *r->y0);
	r->a = gsl_matrix_alloc(n, n);
	r->eigen = gsl_eigen_nonsymmv_alloc(n);
	if (!r->a || !r->eigen)
		die("out of memory");
	for (k = 0; k < RELAX_KEPT; k++) {
		r->kept[k].lambda = gsl_vector_complex_alloc(n);
		r->kept[k].mode = gsl_matrix_complex_alloc(n, n);
		if (!r->kept[k].lambda || !r->kept[k].mode)
			die("out of memory");
	}
}

void
relax_close(struct relax *r)
{
	size_t k;

	free(r->coupled);
	free(r->base);
	free(r->up);
	free(r->down);
	free(r->x);
	free(r->y);
	free(r->y0);
	gsl_matrix_free(r->a);
	gsl_eigen_nonsymmv_free(r->eigen);
	for (k = 0; k < RELAX_KEPT; k++) {
		gsl_vector_complex_free(r->kept[k].lambda);
		gsl_matrix_complex_free(r->kept[k].mode);
	}
}

/* ---- Slopes ---- */

static void
step_from_base(struct relax *r, double dt, size_t i, double d, double *y)
{
	memcpy(r->x, r->base, r->n * sizeof *r->x);
	r->x[i] += d;
	r->step(dt, r->x, y);
}

/* The slopes of all states in all, and a step from the base itself in y0. */
static void
measure_slopes(struct relax *r, double dt)
{
	double *low = zeros(r->n, sizeof *low);
	size_t i, k;

	r->step(dt, r->base, r->y0);
	for (k = 0; k < r->n; k++) {
		memcpy(low, r->y0, r->n * sizeof *low);
		if (r->down[k] > 0)
			step_from_base(r, dt, k, -r->down[k], low);
		step_from_base(r, dt, k, r->up[k], r->y);
		for (i = 0; i < r->n; i++)
			gsl_matrix_set(r->a, i, k,
				       (r->y[i] - low[i]) /
					       (r->up[k] + r->down[k]));
	}
	free(low);
}

/* That of one state in itself; low is what the lower end becomes. */
static double
own_slope(struct relax *r, double dt, size_t i, double *low)
{
	step_from_base(r, dt, i, -r->down[i], r->y);
	*low = r->y[i];
	step_from_base(r, dt, i, r->up[i], r->y);
	return (r->y[i] - *low) / (r->up[i] + r->down[i]);
}

/* A state that is not a number has no slope, and no part in those of others. */
static void
drop_missing(struct relax *r)
{
	size_t i, k;

	for (i = 0; i < r->n; i++)
		for (k = 0; k < r->n; k++)
			if (!isfinite(gsl_matrix_get(r->a, i, k)))
				gsl_matrix_set(r->a, i, k, 0);
}

static void
find_coupled(struct relax *r)
{
	double least = r->curved ? 1e-7 : 1e-11;
	size_t i, k;

	for (i = 0; i < r->n; i++)
		for (k = 0; k < r->n; k++)
			if (i != k &&
			    fabs(gsl_matrix_get(r->a, i, k)) * r->up[k] >
				    least * r->up[i])
				r->coupled[i] = r->coupled[k] = true;
}

static bool
any_coupled(const struct relax *r)
{
	size_t i = 0;

	while (i < r->n && !r->coupled[i])
		i++;
	return i < r->n;
}

/* Is a step from a point in the midst of the range what the slopes say? */
static bool
is_linear(struct relax *r, double dt)
{
	double *at = zeros(r->n, sizeof *at);
	bool linear = true;
	size_t i, k;

	for (i = 0; i < r->n; i++)
		at[i] = 0.3 + 0.4 * (double)i / (double)r->n;
	r->step(dt, at, r->y);
	for (i = 0; i < r->n; i++) {
		double sum = r->y0[i];
		double size = fabs(sum) + fabs(r->y[i]) + at[i];

		for (k = 0; k < r->n; k++) {
			double part = gsl_matrix_get(r->a, i, k) * at[k];

			sum += part;
			size += fabs(part);
		}
		if (isfinite(r->y0[i]) &&
		    !(fabs(sum - r->y[i]) <= 1e-11 * size))
			linear = false;
	}
	free(at);
	return linear;
}

/* Is there a state whose step is a number from start, but not from 0? */
static bool
is_better(struct relax *r, const double *start)
{
	size_t i = 0;

	r->step(FIRST_DT, start, r->y);
	while (i < r->n && !(isfinite(r->y[i]) && !isfinite(r->y0[i])))
		i++;
	return i < r->n;
}

/* From 0 to 1. */
static void
range_of_gates(struct relax *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		r->base[i] = r->down[i] = 0;
		r->up[i] = 1;
	}
}

/* A ten thousandth each way: errors are by its square, and by rounding. */
static void
range_nearby(struct relax *r, const double *at)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		r->base[i] = at[i];
		r->up[i] = r->down[i] = 1e-4 * fmax(fabs(at[i]), 1e-6);
	}
}

/* ---- States that go their own way ---- */

/* How far a step has gone for its slope, as if it were exact. */
static double
tau_of(double dt, double slope)
{
	return -dt / log(slope);
}

/* A time constant from steps of dt, dt / 2 and dt / 4: errors are powers of dt,
 * of which the first two cancel.  If they are not, the mechanism takes no
 * notice of dt, and has no time constant. */
static double
extrapolate(const double t[3])
{
	double first = 2 * t[1] - t[0], second = 2 * t[2] - t[1];

	if (!(fabs(t[0] - t[2]) < 0.05 * t[2]))
		return NAN;
	return (4 * second - first) / 3;
}

/* A step for which the slope of a state is well between 0 and 1; it is 0 or
 * INFINITY if there is none, NAN if the state runs away or is not a number. */
static double
find_step(struct relax *r, size_t i)
{
	double dt = FIRST_DT, a, low;
	int tries;

	for (tries = 0; dt >= LEAST_DT && dt <= MOST_DT; tries++) {
		if (tries == MOST_TRIES)
			return NAN;
		a = own_slope(r, dt, i, &low);
		if (!isfinite(a) || a > 1 + 1e-6)
			return NAN;
		if (a < 0.05)
			dt /= 20;
		else if (1 - a < ROUNDING)
			dt *= 1e4;
		else if (a > 0.95)
			dt *= 0.5 / (1 - a);
		else
			return dt;
	}
	return dt < 1 ? 0 : INFINITY;
}

static double
own_tau(struct relax *r, size_t i, double dt)
{
	double t[3], fine = r->curved ? FINE_IF_CURVED : FINE, low;
	int k;

	if (!(dt > 0 && dt < INFINITY))
		return dt;
	dt = tau_of(dt, own_slope(r, dt, i, &low)) * fine;
	for (k = 0; k < 3; k++) {
		t[k] = tau_of(dt, own_slope(r, dt, i, &low));
		dt /= 2;
	}
	return extrapolate(t);
}

/* The fixed point of a linear step. */
static double
own_inf(struct relax *r, size_t i, double dt)
{
	double low, a;

	if (!(dt < INFINITY))
		return NAN;
	a = own_slope(r, dt > 0 ? dt : FIRST_DT, i, &low);
	return low / (1 - a);
}

/* ---- States that depend on each other ---- */

/* The slowest mode that a state takes part in, as its |lambda|; NaN if one of
 * them grows.  What is 1 is conserved. */
static double
slowest(const struct relax *r, size_t i)
{
	double most = 0, conserved = r->curved ? 1e-8 : 1e-11;
	size_t k, m;

	for (k = 0; k < r->n; k++) {
		double l = gsl_complex_abs(
			gsl_vector_complex_get(r->now->lambda, k));
		double own = gsl_complex_abs(
			gsl_matrix_complex_get(r->now->mode, i, k));
		double all = 0;

		for (m = 0; m < r->n; m++)
			all = fmax(all, gsl_complex_abs(gsl_matrix_complex_get(
						r->now->mode, m, k)));
		if (own <= 1e-6 * all)
			continue;
		if (l > 1 + 1e-6)
			return NAN;
		if (l < 1 - conserved && l > most)
			most = l;
	}
	return most;
}

static bool
find_modes(struct relax *r, double dt)
{
	struct relax_modes *m;
	gsl_matrix *a;
	size_t k;
	int failed;

	for (k = 0; k < r->nkept && k < RELAX_KEPT; k++) {
		r->now = &r->kept[k];
		if (r->now->dt == dt)
			return true;
	}
	m = &r->kept[r->nkept++ % RELAX_KEPT];
	measure_slopes(r, dt);
	drop_missing(r);
	a = gsl_matrix_alloc(r->n, r->n);
	if (!a)
		die("out of memory");
	gsl_matrix_memcpy(a, r->a);
	failed = gsl_eigen_nonsymmv(a, m->lambda, m->mode, r->eigen);
	gsl_matrix_free(a);
	m->dt = failed ? NAN : dt;
	r->now = m;
	return !failed;
}

/* A step for which the slowest mode of a state is well between 0 and 1. */
static double
find_mode_step(struct relax *r, size_t i)
{
	double dt = FIRST_DT, l;
	int tries;

	for (tries = 0; dt >= LEAST_DT && dt <= MOST_DT; tries++) {
		if (tries == MOST_TRIES || !find_modes(r, dt))
			return NAN;
		l = slowest(r, i);
		if (isnan(l))
			return NAN;
		if (l == 0 && dt > 1)
			return INFINITY;
		if (l < 0.05)
			dt /= 20;
		else if (l > 0.95)
			dt *= 0.5 / (1 - l);
		else
			return dt;
	}
	return dt < 1 ? 0 : INFINITY;
}

static double
mode_tau(struct relax *r, size_t i, double dt)
{
	double t[3], fine = r->curved ? FINE_IF_CURVED : FINE;
	int k;

	if (!(dt > 0 && dt < INFINITY) || !find_modes(r, dt))
		return dt;
	dt = tau_of(dt, slowest(r, i)) * fine;
	for (k = 0; k < 3; k++) {
		if (!find_modes(r, dt))
			return NAN;
		t[k] = tau_of(dt, slowest(r, i));
		dt /= 2;
	}
	return extrapolate(t);
}

/* Solve (1 - a) d = y, where d has no part in what is conserved: those are the
 * left vectors of the singular values that are 0, each of which becomes an
 * equation of its own. */
static bool
solve(const struct relax *r, const double *y, double *d)
{
	size_t n = r->n, i, k;
	double zero = r->curved ? 1e-8 : 1e-11;
	gsl_matrix *u = gsl_matrix_alloc(n, n), *v = gsl_matrix_alloc(n, n);
	gsl_matrix *all = gsl_matrix_calloc(2 * n, n);
	gsl_vector *s = gsl_vector_alloc(n), *work = gsl_vector_alloc(n);
	gsl_vector *right = gsl_vector_calloc(2 * n);
	gsl_vector_view x = gsl_vector_view_array(d, n);
	int failed;

	if (!u || !v || !all || !s || !work || !right)
		die("out of memory");
	gsl_matrix_set_identity(u);
	gsl_matrix_sub(u, r->a);
	for (i = 0; i < n; i++) {
		gsl_vector_set(right, i, isfinite(y[i]) ? y[i] : 0);
		for (k = 0; k < n; k++)
			gsl_matrix_set(all, i, k, gsl_matrix_get(u, i, k));
	}
	failed = gsl_linalg_SV_decomp(u, v, s, work);
	for (k = 0; !failed && k < n; k++)
		if (gsl_vector_get(s, k) <= zero * gsl_vector_get(s, 0))
			for (i = 0; i < n; i++)
				gsl_matrix_set(all, n + k, i,
					       gsl_matrix_get(u, i, k));
	if (!failed)
		failed = gsl_linalg_SV_decomp(all, v, s, work) ||
			 gsl_linalg_SV_solve(all, v, s, right, &x.vector);
	gsl_matrix_free(u);
	gsl_matrix_free(v);
	gsl_matrix_free(all);
	gsl_vector_free(s);
	gsl_vector_free(work);
	gsl_vector_free(right);
	return !failed;
}

/* Go to the fixed point of a step that is linear, or as if it were.  How far it
 * was is compared with the size of the states. */
static double
approach(struct relax *r, double dt, double *x)
{
	double *y = zeros(r->n, sizeof *y), *d = zeros(r->n, sizeof *d);
	double far = 0;
	size_t i;

	r->step(dt, x, y);
	for (i = 0; i < r->n; i++)
		y[i] -= x[i];
	if (!solve(r, y, d))
		far = INFINITY;
	for (i = 0; i < r->n; i++) {
		if (!isfinite(y[i]))
			continue;
		x[i] += d[i];
		far = fmax(far, fabs(d[i]) / fmax(fabs(x[i]), 1e-9));
	}
	free(y);
	free(d);
	return isfinite(far) ? far : INFINITY;
}

/* Newton's method.  A step so long that the states are near their goal makes
 * the equations well conditioned. */
static bool
newton(struct relax *r, double dt, double *x)
{
	double far = INFINITY;
	int k;

	for (k = 0; k < 40 && far > 1e-9; k++) {
		range_nearby(r, x);
		measure_slopes(r, dt);
		drop_missing(r);
		far = approach(r, dt, x);
		if (isinf(far))
			return false;
	}
	range_nearby(r, x);
	return far <= 1e-9;
}

/* Let time pass, by steps that become longer and longer. */
static void
let_run(struct relax *r, double *x)
{
	double dt = FIRST_DT;
	int k;

	for (k = 0; k < 150; k++) {
		r->step(dt, x, r->y);
		memcpy(x, r->y, r->n * sizeof *x);
		dt *= 1.15;
	}
}

static bool
find_curved(struct relax *r, const double *start, double *inf)
{
	static const double dts[] = {1, FIRST_DT, 100};
	size_t k, size = r->n * sizeof *inf;

	for (k = 0; k < 2 * LEN(dts); k++) {
		memcpy(inf, start, size);
		if (k >= LEN(dts))
			let_run(r, inf);
		if (newton(r, dts[k % LEN(dts)], inf))
			return true;
	}
	return false;
}

/* Does a coupled state leave its fixed point? */
static bool
grows(struct relax *r, size_t i)
{
	return r->coupled[i] && find_modes(r, FIRST_DT) && isnan(slowest(r, i));
}

static void
find_taus(struct relax *r, double *tau)
{
	size_t i;

	r->nkept = 0; /* those were of other voltages */
	for (i = 0; i < r->n; i++)
		tau[i] = r->coupled[i] ? mode_tau(r, i, find_mode_step(r, i))
				       : own_tau(r, i, find_step(r, i));
}

/* The steady state of coupled states is that of all of them, by a step that is
 * long enough for the slowest. */
static void
find_coupled_inf(struct relax *r, const double *start, const double *tau,
		 double *inf)
{
	double *x = zeros(r->n, sizeof *x), dt = 0;
	size_t i;

	for (i = 0; i < r->n; i++)
		if (r->coupled[i] && isfinite(tau[i]))
			dt = fmax(dt, tau[i]);
	if (dt == 0)
		dt = FIRST_DT;
	measure_slopes(r, dt);
	drop_missing(r);
	memcpy(x, start, r->n * sizeof *x);
	approach(r, dt, x);
	approach(r, dt, x);
	r->step(dt, x, r->y);
	for (i = 0; i < r->n; i++)
		if (r->coupled[i] &&
		    fabs(r->y[i] - x[i]) <= 1e-9 * fmax(fabs(x[i]), 1))
			inf[i] = x[i];
	free(x);
}

static void
find_linear(struct relax *r, const double *start, double *inf, double *tau)
{
	size_t i;

	find_taus(r, tau);
	for (i = 0; i < r->n; i++)
		if (!r->coupled[i])
			inf[i] = own_inf(r, i, find_step(r, i));
	if (any_coupled(r))
		find_coupled_inf(r, start, tau, inf);
}

void
relax_find(struct relax *r, const double *start, double *inf, double *tau)
{
	gsl_error_handler_t *handler = gsl_set_error_handler_off();
	size_t i;

	for (i = 0; i < r->n; i++)
		inf[i] = tau[i] = NAN;
	r->curved = false;
	range_of_gates(r);
	measure_slopes(r, FIRST_DT);
	r->curved = !is_linear(r, FIRST_DT) || is_better(r, start);
	if (!r->curved) {
		drop_missing(r);
		find_coupled(r);
		find_linear(r, start, inf, tau);
	} else if (find_curved(r, start, inf)) {
		find_coupled(r);
		find_taus(r, tau);
	} else {
		for (i = 0; i < r->n; i++)
			inf[i] = NAN;
	}
	for (i = 0; i < r->n; i++)
		if (isnan(r->y0[i]) || grows(r, i))
			inf[i] = tau[i] = NAN;
	gsl_set_error_handler(handler);
}
