/* The amplitudes of a sum of exponentials are linear parameters, which follow
 * from the time constants by linear least squares: only the time constants are
 * searched for (variable projection, with Kaufman's derivative), from the best
 * point of a grid, so that no guess of the user or of ours decides which
 * minimum is found. */
#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trace/decay.h"
#include "util.h"

static size_t
columns_of(const struct decay *d)
{
	return d->terms + (d->free_start ? 1 : 0);
}

size_t
decay_parameters(const struct decay *d)
{
	return d->terms + columns_of(d);
}

void
decay_open(struct decay *d, size_t n)
{
	size_t columns = columns_of(d), k;

	d->n = n;
	d->t = zeros(n, sizeof *d->t);
	d->v = zeros(n, sizeof *d->v);
	d->phi = gsl_matrix_alloc(n, columns);
	d->hh = gsl_vector_alloc(columns);
	d->c = gsl_vector_alloc(columns);
	d->r = gsl_vector_alloc(n);
	d->u = gsl_vector_alloc(n);
	if (!d->phi || !d->hh || !d->c || !d->r || !d->u)
		die("out of memory");
	for (k = 0; k < DECAY_TERMS; k++)
		d->at[k] = NAN;
}

void
decay_close(struct decay *d)
{
	free(d->t);
	free(d->v);
	free(d->w);
	gsl_matrix_free(d->phi);
	gsl_vector_free(d->hh);
	gsl_vector_free(d->c);
	gsl_vector_free(d->r);
	gsl_vector_free(d->u);
}

/* The search is for the logarithms of the time constants, so that those stay
 * above 0.  Far beyond the samples a term is a constant or a line, and its
 * column no longer changes. */
static double
tau_of(const struct decay *d, double log_tau)
{
	double least = log(d->t[d->n - 1] * 1e-9);
	double most = log(d->t[d->n - 1] * 1e4);

	return exp(fmax(least, fmin(most, log_tau)));
}

/* Solve the linear problem with given time constants: the amplitudes go to c,
 * and what is left of the samples to r. */
static int
project(struct decay *d, const gsl_vector *x)
{
	gsl_vector_view v = gsl_vector_view_array(d->v, d->n);
	bool same = true;
	size_t i, k;

	for (k = 0; k < d->terms; k++) {
		double tau = tau_of(d, gsl_vector_get(x, k));

		same = same && tau == d->at[k];
		d->at[k] = tau;
	}
	if (same)
		return GSL_SUCCESS;
	for (i = 0; i < d->n; i++) {
		double w = d->w ? d->w[i] : 1;

		for (k = 0; k < d->terms; k++)
			gsl_matrix_set(d->phi, i, k,
				       w * expm1(-d->t[i] / d->at[k]));
		if (d->free_start)
			gsl_matrix_set(d->phi, i, k, w);
	}
	if (gsl_linalg_QR_decomp(d->phi, d->hh))
		return GSL_FAILURE;
	return gsl_linalg_QR_lssolve(d->phi, d->hh, &v.vector, d->c, d->r);
}

static int
residuals(const gsl_vector *x, void *arg, gsl_vector *r)
{
	struct decay *d = arg;

	return project(d, x) ? GSL_FAILURE : gsl_vector_memcpy(r, d->r);
}

/* How the residuals change with the logarithm of a time constant: the
 * derivative of its term, less what the amplitudes can make up for (Kaufman's
 * approximation, which gives the exact covariance of the time constants). */
static int
jacobian(const gsl_vector *x, void *arg, gsl_matrix *j)
{
	struct decay *d = arg;
	size_t i, k, c;

	if (project(d, x))
		return GSL_FAILURE;
	for (k = 0; k < d->terms; k++) {
		for (i = 0; i < d->n; i++) {
			double s = d->t[i] / d->at[k];

			gsl_vector_set(d->u, i,
				       -gsl_vector_get(d->c, k) * s * exp(-s));
		}
		gsl_linalg_QR_QTvec(d->phi, d->hh, d->u);
		for (c = 0; c < columns_of(d); c++)
			gsl_vector_set(d->u, c, 0);
		gsl_linalg_QR_Qvec(d->phi, d->hh, d->u);
		gsl_matrix_set_col(j, k, d->u);
	}
	return GSL_SUCCESS;
}

/* Sort the samples by their times into a hundred bins, each some twelve per
 * cent later than the one before; the mean of each bin counts as often as the
 * bin has samples. */
static void
thin_out(const struct decay *d, struct decay *thin)
{
	enum { BINS = 100 };
	double t[BINS] = {0}, v[BINS] = {0}, n[BINS] = {0};
	double first = d->t[0] > 0 ? d->t[0] : d->t[1];
	double last = d->t[d->n - 1];
	size_t i, k, m = 0;

	for (i = 0; i < d->n; i++) {
		double at = log(d->t[i] / first) / log(last / first);

		k = at > 0 ? (size_t)(fmin(at, 1) * (BINS - 1)) : 0;
		t[k] += d->t[i];
		v[k] += d->v[i];
		n[k]++;
	}
	*thin = (struct decay){.terms = d->terms, .free_start = d->free_start};
	decay_open(thin, BINS);
	thin->w = zeros(BINS, sizeof *thin->w);
	for (k = 0; k < BINS; k++) {
		if (n[k] == 0)
			continue;
		thin->w[m] = sqrt(n[k]);
		thin->t[m] = t[k] / n[k];
		thin->v[m] = thin->w[m] * v[k] / n[k];
		m++;
	}
	/* The bins that are left stand at the last time and count nothing. */
	for (k = m; k < BINS; k++)
		thin->t[k] = last;
}

/* Move to a point if its sum of squares is less than the best so far. */
static void
try_start(struct decay *thin, const gsl_vector *at, gsl_vector *x,
	  double *least)
{
	double r = project(thin, at) ? INFINITY : gsl_blas_dnrm2(thin->r);

	if (r < *least) {
		*least = r;
		gsl_vector_memcpy(x, at);
	}
}

/* The point of a grid of time constants, from a third of the first sample's
 * time to that of the last, with the least squares. */
static void
find_start(const struct decay *d, gsl_vector *x)
{
	enum { POINTS = 30 };
	double first = d->t[0] > 0 ? d->t[0] : d->t[1], least = INFINITY;
	double low = log(first / 3), high = log(d->t[d->n - 1]);
	double step = (high - low) / (POINTS - 1);
	gsl_vector *at = gsl_vector_alloc(d->terms);
	struct decay thin;
	int i, j;

	thin_out(d, &thin);
	for (i = 0; i < POINTS; i++) {
		gsl_vector_set(at, 0, low + i * step);
		if (d->terms == 1)
			try_start(&thin, at, x, &least);
		for (j = 0; d->terms == 2 && j < i; j++) {
			gsl_vector_set(at, 1, low + j * step);
			try_start(&thin, at, x, &least);
		}
	}
	gsl_vector_free(at);
	decay_close(&thin);
}

/* Standard errors from the covariance of the time constants, for noise that is
 * independent from sample to sample.  Rest is a mean of such samples, too: its
 * error shifts every residual alike. */
static void
standard_errors(struct decay *d, const gsl_matrix *j)
{
	size_t p = d->terms, k, i;
	double s2 = d->rss / (double)(d->n - decay_parameters(d));
	gsl_matrix *covar = gsl_matrix_alloc(p, p);
	gsl_vector *pull = gsl_vector_calloc(p), *shift = gsl_vector_calloc(p);

	gsl_multifit_nlinear_covar(j, 0, covar);
	for (k = 0; k < p; k++)
		for (i = 0; i < d->n; i++)
			*gsl_vector_ptr(pull, k) += gsl_matrix_get(j, i, k);
	gsl_blas_dgemv(CblasNoTrans, 1, covar, pull, 0, shift);
	for (k = 0; k < p; k++) {
		double by_rest = gsl_vector_get(shift, k);
		double variance = gsl_matrix_get(covar, k, k);

		if (d->nrest > 0 && !d->free_start)
			variance += by_rest * by_rest / (double)d->nrest;
		/* A column of zeros makes the variance 0, where it should be
		 * infinite. */
		d->se[k] = variance > 0 ? d->tau[k] * sqrt(s2 * variance)
					: INFINITY;
	}
	gsl_matrix_free(covar);
	gsl_vector_free(pull);
	gsl_vector_free(shift);
}

static void
take_result(struct decay *d, gsl_multifit_nlinear_workspace *work)
{
	size_t k;

	residuals(work->x, d, work->f);
	for (k = 0; k < d->terms; k++) {
		d->tau[k] = d->at[k];
		d->a[k] = gsl_vector_get(d->c, k);
	}
	d->start = d->free_start ? gsl_vector_get(d->c, k) : 0;
	d->rss = pow(gsl_blas_dnrm2(d->r), 2);
	d->tss = gsl_stats_tss(d->v, 1, d->n);
	standard_errors(d, gsl_multifit_nlinear_jac(work));
}

void
decay_fit(struct decay *d)
{
	gsl_multifit_nlinear_parameters how =
		gsl_multifit_nlinear_default_parameters();
	gsl_multifit_nlinear_fdf fdf = {.f = residuals,
					.df = jacobian,
					.n = d->n,
					.p = d->terms,
					.params = d};
	gsl_multifit_nlinear_workspace *work = gsl_multifit_nlinear_alloc(
		gsl_multifit_nlinear_trust, &how, d->n, d->terms);
	gsl_vector *x = gsl_vector_calloc(d->terms);
	int why;

	if (!work)
		die("out of memory");
	find_start(d, x);
	d->converged = !gsl_multifit_nlinear_init(x, &fdf, work) &&
		       !gsl_multifit_nlinear_driver(200, 1e-10, 1e-12, 0, NULL,
						    NULL, &why, work);
	take_result(d, work);
	gsl_vector_free(x);
	gsl_multifit_nlinear_free(work);
}

double
decay_at(const struct decay *d, double rest, double time)
{
	double v = rest + d->start;
	size_t k;

	for (k = 0; k < d->terms; k++)
		v += d->a[k] * expm1(-time / d->tau[k]);
	return v;
}

/* ---- Fits that are not to be believed ---- */

/* Rounding, which is the same in many samples that follow each other, moves the
 * best curve by up to a unit of the last digit, and that of two terms away from
 * that of one by as much, whatever their amplitudes are. */
#define DIGITS_APART 2

/* Two terms have to leave less than one by this F, which noise reaches once in
 * 10^8 fits or so (2 and many degrees of freedom: exp(-F)).  Noise that was
 * filtered has as many less degrees of freedom as its samples are alike. */
#define LEAST_F 20

/* Or the curve of two is so many standard deviations of what is left away from
 * that of one: what a formula lacks of a simulation is alike everywhere, and
 * not noise. */
#define DEVIATIONS_APART 6

/* The slowest term of the membrane is no less than this part of the deflection:
 * a drift or what the formula lacks makes a small and slow one. */
#define LEAST_PART 0.01

/* How many of the residuals are independent, by how much each is like the one
 * before (that of an autoregressive process of order 1). */
static double
independent(const struct decay *d)
{
	double product = 0, square = 0, last = 0, r, alike;
	size_t k;

	for (k = 0; k < d->n; k++) {
		r = d->v[k] - decay_at(d, 0, d->t[k]);
		product += r * last;
		square += r * r;
		last = r;
	}
	alike = square > 0 ? fmax(product / square, 0) : 0;
	return fmax((double)(d->n - decay_parameters(d)) * (1 - alike) /
			    (1 + alike),
		    1);
}

/* Is the sum of two terms anywhere away from the best one, by more than
 * rounding and noise make of it? */
static bool
is_two(const struct decay *d)
{
	struct decay one = {.terms = 1, .free_start = d->free_start};
	double apart = 0, f;
	size_t k;

	decay_open(&one, d->n);
	memcpy(one.t, d->t, d->n * sizeof *d->t);
	memcpy(one.v, d->v, d->n * sizeof *d->v);
	decay_fit(&one);
	for (k = 0; k < d->n; k++)
		apart = fmax(apart, fabs(decay_at(d, 0, d->t[k]) -
					 decay_at(&one, 0, d->t[k])));
	f = (one.rss - d->rss) / 2 * independent(d);
	decay_close(&one);
	if (!(apart > DIGITS_APART * d->digit))
		return false;
	return f > LEAST_F * d->rss ||
	       apart > DEVIATIONS_APART * sqrt(d->rss / (double)d->n);
}

static char *
doubt_term(const struct decay *d, size_t k, double deflection, double length)
{
	if (fabs(d->a[k]) > 5 * fabs(deflection))
		return format("degenerate: an amplitude of %.3g mV for a "
			      "deflection of %.3g mV",
			      d->a[k], deflection);
	if (fabs(d->a[k]) < DECAY_LEAST_DIGITS * d->digit &&
	    d->rss < d->digit * d->digit * (double)d->n)
		return format("degenerate: an amplitude of %.3g mV in voltages "
			      "to %.3g mV",
			      d->a[k], d->digit);
	if (d->tau[k] > length)
		return format("degenerate: a time constant of %.3g ms in a "
			      "step of %.3g ms",
			      d->tau[k], length);
	if (!(d->se[k] < 100 * d->tau[k]))
		return format("degenerate: the samples do not determine a time "
			      "constant of %.3g ms",
			      d->tau[k]);
	if (!(d->se[k] < d->tau[k] / 2))
		return format("degenerate: a time constant of %.3g ms with a "
			      "standard error of %.3g ms",
			      d->tau[k], d->se[k]);
	return NULL;
}

/* Put the slowest term of the membrane first: a slower one against the step is
 * a sag, or, in the other direction, an afterdepolarization. */
static bool
membrane_first(struct decay *d, double deflection)
{
	bool is[DECAY_TERMS] = {0};
	size_t k, best = 0, i;

	for (k = 0; k < d->terms; k++)
		is[k] = -d->a[k] * deflection > 0;
	for (k = 1; k < d->terms; k++)
		if (is[k] && (!is[best] || d->tau[k] > d->tau[best]))
			best = k;
	for (i = 0; best > 0 && i < 3; i++) {
		double *x = (double *[]){d->a, d->tau, d->se}[i], first = x[0];

		x[0] = x[best];
		x[best] = first;
	}
	return is[best];
}

char *
decay_doubt(struct decay *d, double deflection, double length)
{
	char *why = NULL;
	size_t k;

	if (d->terms == 2 && fabs(d->tau[0] / d->tau[1] - 1) < 0.05)
		return format("degenerate: time constants of %.4g and %.4g ms "
			      "are too close",
			      d->tau[0], d->tau[1]);
	for (k = 0; k < d->terms && !why; k++)
		why = doubt_term(d, k, deflection, length);
	if (!why && !d->converged)
		why = format("degenerate: the fit does not converge");
	if (!membrane_first(d, deflection) && !why)
		why = format("degenerate: no term in the direction of the "
			     "step");
	if (!why && d->terms == 2 && !is_two(d))
		why = format("degenerate: two terms are no better than one");
	if (!why && fabs(d->a[0]) < LEAST_PART * fabs(deflection))
		why = format("degenerate: an amplitude of %.3g mV for a "
			     "deflection of %.3g mV",
			     d->a[0], deflection);
	return why;
}
