/* The search is scaled by the range of x: half of a concentration's logarithm
 * and of millivolts are found alike. */
#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <stdlib.h>

#include "trace/boltzmann.h"
#include "util.h"

struct points {
	double *x, *y;
	size_t n;
};

static double
sigmoid(double x, double half, double slope)
{
	return 1 / (1 + exp(-(x - half) / slope));
}

static int
residuals(const gsl_vector *p, void *arg, gsl_vector *r)
{
	const struct points *a = arg;
	size_t i;

	for (i = 0; i < a->n; i++)
		gsl_vector_set(r, i,
			       sigmoid(a->x[i], gsl_vector_get(p, 0),
				       1 / gsl_vector_get(p, 1)) -
				       a->y[i]);
	return GSL_SUCCESS;
}

/* The parameters are half and 1 / slope, so that a slope that changes its sign
 * is no pole. */
static int
jacobian(const gsl_vector *p, void *arg, gsl_matrix *j)
{
	const struct points *a = arg;
	double half = gsl_vector_get(p, 0), rate = gsl_vector_get(p, 1);
	size_t i;

	for (i = 0; i < a->n; i++) {
		double y = sigmoid(a->x[i], half, 1 / rate);

		gsl_matrix_set(j, i, 0, -y * (1 - y) * rate);
		gsl_matrix_set(j, i, 1, y * (1 - y) * (a->x[i] - half));
	}
	return GSL_SUCCESS;
}

/* Where a line between points crosses a level, for the first time. */
static double
crossing(const struct points *a, double level)
{
	size_t i;

	for (i = 1; i < a->n; i++) {
		double low = a->y[i - 1] - level, high = a->y[i] - level;

		if (low == 0)
			return a->x[i - 1];
		if (low * high <= 0)
			return a->x[i - 1] -
			       low * (a->x[i] - a->x[i - 1]) / (high - low);
	}
	return NAN;
}

/* The levels of x = half and half +- slope * log 3, between the ends. */
static void
guess(const struct points *a, gsl_vector *p)
{
	double width = a->x[a->n - 1] - a->x[0];
	double first = a->y[0], last = a->y[a->n - 1];
	double up = last >= first ? 1 : -1, half, low, high;

	half = crossing(a, 0.5);
	low = crossing(a, 0.25);
	high = crossing(a, 0.75);
	if (isnan(half))
		half = (fabs(first - 0.5) < fabs(last - 0.5)) ? a->x[0]
							      : a->x[a->n - 1];
	gsl_vector_set(p, 0, half);
	if (isfinite(high - low) && high != low)
		gsl_vector_set(p, 1, 2 * log(3) / (high - low));
	else
		gsl_vector_set(p, 1, up * 10 / width);
}

static double
variation(const struct points *a)
{
	double mean = 0, sum = 0;
	size_t i;

	for (i = 0; i < a->n; i++)
		mean += a->y[i] / (double)a->n;
	for (i = 0; i < a->n; i++)
		sum += (a->y[i] - mean) * (a->y[i] - mean);
	return sum;
}

static void
take_result(const struct points *a, gsl_multifit_nlinear_workspace *work,
	    struct boltzmann *b)
{
	const gsl_vector *p = gsl_multifit_nlinear_position(work);
	gsl_matrix *covar = gsl_matrix_alloc(2, 2);
	double rss, rate = gsl_vector_get(p, 1), s2;

	if (!covar)
		die("out of memory");
	gsl_blas_ddot(gsl_multifit_nlinear_residual(work),
		      gsl_multifit_nlinear_residual(work), &rss);
	gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(work), 0, covar);
	s2 = rss / (double)(a->n - 2);
	b->half = gsl_vector_get(p, 0);
	b->slope = 1 / rate;
	b->half_se = sqrt(s2 * gsl_matrix_get(covar, 0, 0));
	b->slope_se = sqrt(s2 * gsl_matrix_get(covar, 1, 1)) / (rate * rate);
	b->r2 = 1 - rss / variation(a);
	gsl_matrix_free(covar);
}

static bool
search(struct points *a, struct boltzmann *b)
{
	gsl_multifit_nlinear_parameters how =
		gsl_multifit_nlinear_default_parameters();
	gsl_multifit_nlinear_fdf f = {0};
	gsl_multifit_nlinear_workspace *work = gsl_multifit_nlinear_alloc(
		gsl_multifit_nlinear_trust, &how, a->n, 2);
	gsl_vector *p = gsl_vector_alloc(2);
	int info;
	bool found;

	if (!work || !p)
		die("out of memory");
	f.f = residuals;
	f.df = jacobian;
	f.n = a->n;
	f.p = 2;
	f.params = a;
	guess(a, p);
	gsl_multifit_nlinear_init(p, &f, work);
	gsl_multifit_nlinear_driver(500, 1e-13, 1e-13, 0, NULL, NULL, &info,
				    work);
	take_result(a, work, b);
	found = isfinite(b->half) && isfinite(b->slope) && isfinite(b->r2);
	gsl_multifit_nlinear_free(work);
	gsl_vector_free(p);
	return found;
}

bool
boltzmann_fit(const double *x, const double *y, size_t n, struct boltzmann *b)
{
	gsl_error_handler_t *handler = gsl_set_error_handler_off();
	struct points a = {zeros(n + 1, sizeof *a.x), zeros(n + 1, sizeof *a.y),
			   0};
	bool found = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!isfinite(x[i]) || !isfinite(y[i]))
			continue;
		a.x[a.n] = x[i];
		a.y[a.n++] = y[i];
	}
	if (a.n > 2 && variation(&a) > 0)
		found = search(&a, b);
	if (!found)
		*b = (struct boltzmann){NAN, NAN, NAN, NAN, NAN};
	free(a.x);
	free(a.y);
	gsl_set_error_handler(handler);
	return found;
}
