#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "field/specparam.h"
#include "util.h"

/* The algorithm's own constants: what counts for the power law lies below this
 * quantile of what is above the first one; a peak may move by so many
 * bandwidths to each side, is so many sd from either end, and overlaps its
 * neighbour by this part of its sd on each side. */
#define BELOW 0.00025
#define MAY_MOVE 1.5
#define FROM_END 1.0
#define OVERLAP 0.75

/* A bound is never reached: the search begins this part of what is between them
 * away from it at least. */
#define INSIDE 1e-3

struct logarithms {
	const double *f, *y; /* Hz, log10 */
	size_t n;
};

/* ---- Least squares ---- */

/* The search ends where no number changes by more than the first part of it, or
 * where so many steps have made the sum of the squares less by no more than the
 * second: a number that is next to its bound goes on and on. */
#define CHANGE 1e-10
#define FALL 1e-8
enum { STEPS = 50, MOST_STEPS = 10000 };

static bool
search(gsl_multifit_nlinear_workspace *work)
{
	double last = INFINITY, sum;
	int info, k;

	for (k = 0; k < MOST_STEPS; k++) {
		int status = gsl_multifit_nlinear_iterate(work);

		if (status == GSL_ENOPROG)
			return true;
		if (status != GSL_SUCCESS)
			return false;
		if (gsl_multifit_nlinear_test(CHANGE, CHANGE, 0, &info, work) ==
		    GSL_SUCCESS)
			return true;
		if (k % STEPS > 0)
			continue;
		sum = gsl_blas_dnrm2(gsl_multifit_nlinear_residual(work));
		if (sum >= last * (1 - FALL / 2))
			return true;
		last = sum;
	}
	return false;
}

/* Change p so that the squares of the residuals become least, by Levenberg's
 * and Marquardt's method. */
static bool
find_least(gsl_multifit_nlinear_fdf *f, double *p)
{
	gsl_multifit_nlinear_parameters how =
		gsl_multifit_nlinear_default_parameters();
	gsl_multifit_nlinear_workspace *work = gsl_multifit_nlinear_alloc(
		gsl_multifit_nlinear_trust, &how, f->n, f->p);
	gsl_vector_view start = gsl_vector_view_array(p, f->p);
	bool found;
	size_t k;

	if (!work)
		die("out of memory");
	gsl_multifit_nlinear_init(&start.vector, f, work);
	found = search(work);
	for (k = 0; k < f->p; k++) {
		p[k] = gsl_vector_get(gsl_multifit_nlinear_position(work), k);
		found = found && isfinite(p[k]);
	}
	gsl_multifit_nlinear_free(work);
	return found;
}

/* ---- The power law ---- */

/* Where knee + f^exponent is not above 0 there is no power: the search is kept
 * out by what is far from any spectrum. */
#define NO_POWER 1e6

static double
law_at(double f, double offset, double knee, double exponent)
{
	double sum = knee + pow(f, exponent);

	return sum > 0 ? offset - log10(sum) : -NO_POWER;
}

static int
law_residuals(const gsl_vector *p, void *arg, gsl_vector *r)
{
	const struct logarithms *s = arg;
	size_t i;

	for (i = 0; i < s->n; i++)
		gsl_vector_set(r, i,
			       law_at(s->f[i], gsl_vector_get(p, 0),
				      gsl_vector_get(p, 1),
				      gsl_vector_get(p, 2)) -
				       s->y[i]);
	return GSL_SUCCESS;
}

static int
law_jacobian(const gsl_vector *p, void *arg, gsl_matrix *j)
{
	const struct logarithms *s = arg;
	size_t i;

	for (i = 0; i < s->n; i++) {
		double power = pow(s->f[i], gsl_vector_get(p, 2));
		double by = -M_LOG10E / (gsl_vector_get(p, 1) + power);

		gsl_matrix_set(j, i, 0, 1);
		gsl_matrix_set(j, i, 1, by);
		gsl_matrix_set(j, i, 2, by * power * log(s->f[i]));
	}
	return GSL_SUCCESS;
}

/* Without a knee it is a straight line. */
static bool
fit_line(struct specparam *fit, const struct logarithms *s)
{
	double *x = zeros(s->n, sizeof *x), cov[3], chisq;
	size_t i;

	for (i = 0; i < s->n; i++)
		x[i] = -log10(s->f[i]);
	gsl_fit_linear(x, 1, s->y, 1, s->n, &fit->offset, &fit->exponent,
		       &cov[0], &cov[1], &cov[2], &chisq);
	free(x);
	return isfinite(fit->offset) && isfinite(fit->exponent);
}

/* Fit the power law, from where it is now. */
static bool
fit_law(struct specparam *fit, const struct specparam_how *how,
	struct logarithms *s)
{
	double p[] = {fit->offset, fit->knee, fit->exponent};
	gsl_multifit_nlinear_fdf task = {.f = law_residuals,
					 .df = law_jacobian,
					 .n = s->n,
					 .p = 3,
					 .params = s};
	bool found;

	if (!how->knee)
		return fit_line(fit, s);
	if (s->n < 3)
		return false;
	found = find_least(&task, p);
	fit->offset = p[0];
	fit->knee = p[1];
	fit->exponent = p[2];
	return found;
}

static void
guess_law(struct specparam *fit, const struct logarithms *s, const double *y)
{
	size_t last = s->n - 1;

	fit->offset = y[0];
	fit->knee = 0;
	fit->exponent = fabs(s->y[last] - s->y[0]) /
			(log10(s->f[last]) - log10(s->f[0]));
}

static void
draw_law(struct specparam *fit, const struct logarithms *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		fit->law[i] =
			law_at(s->f[i], fit->offset, fit->knee, fit->exponent);
}

/* The same with frequencies alone that are not above the first one. */
static bool
fit_lower(struct specparam *fit, const struct specparam_how *how,
	  const struct logarithms *s)
{
	double *above = zeros(s->n, sizeof *above), *sorted, most;
	double *f = zeros(s->n, sizeof *f), *y = zeros(s->n, sizeof *y);
	struct logarithms lower = {f, y, 0};
	size_t i;
	bool found;

	sorted = zeros(s->n, sizeof *sorted);
	for (i = 0; i < s->n; i++)
		sorted[i] = above[i] = fmax(s->y[i] - fit->law[i], 0);
	gsl_sort(sorted, 1, s->n);
	most = gsl_stats_quantile_from_sorted_data(sorted, 1, s->n, BELOW);
	for (i = 0; i < s->n; i++)
		if (above[i] <= most) {
			f[lower.n] = s->f[i];
			y[lower.n++] = s->y[i];
		}
	found = lower.n > 1 && fit_law(fit, how, &lower);
	free(above);
	free(sorted);
	free(f);
	free(y);
	return found;
}

/* ---- Peaks to begin with ---- */

static double
gauss(double f, const struct specparam_peak *p)
{
	double x = (f - p->frequency) / p->sd;

	return p->height * exp(-x * x / 2);
}

/* The distance to where half of the height is reached first, on either side; 0
 * if nowhere. */
static size_t
half_width(const double *left, size_t n, size_t at)
{
	size_t k;

	for (k = 1; k < n; k++) {
		if (k < at && left[at - k] <= left[at] / 2)
			return k;
		if (at + k < n && left[at + k] <= left[at] / 2)
			return k;
	}
	return 0;
}

/* The highest peak of what is left. */
static bool
next_peak(struct specparam_peak *p, const struct specparam_how *how,
	  const struct logarithms *s, const double *left)
{
	double mean = gsl_stats_mean(left, 1, s->n), sd;
	double apart = s->f[1] - s->f[0];
	size_t at = gsl_stats_max_index(left, 1, s->n), half;

	sd = gsl_stats_sd_with_fixed_mean(left, 1, s->n, mean);
	if (left[at] <= how->threshold * sd || !(left[at] > how->min_height) ||
	    !(left[at] > 0))
		return false;
	half = half_width(left, s->n, at);
	p->frequency = s->f[at];
	p->height = left[at];
	p->sd = half == 0 ? (how->width[0] + how->width[1]) / 2
			  : (double)half * apart / sqrt(2 * M_LN2);
	p->sd = fmin(fmax(p->sd, how->width[0] / 2), how->width[1] / 2);
	return true;
}

static int
by_frequency(const void *a, const void *b)
{
	const struct specparam_peak *p = a, *q = b;

	return (p->frequency > q->frequency) - (p->frequency < q->frequency);
}

/* Leave out what is next to an end, and then the lower ones of those neighbours
 * that overlap too much. */
static void
drop_peaks(struct specparam *fit, const struct logarithms *s)
{
	struct specparam_peak *p = fit->peak;
	bool *drop = zeros(fit->n + 1, sizeof *drop);
	size_t k, n = 0;

	for (k = 0; k < fit->n; k++)
		if (fabs(p[k].frequency - s->f[0]) > FROM_END * p[k].sd &&
		    fabs(p[k].frequency - s->f[s->n - 1]) > FROM_END * p[k].sd)
			p[n++] = p[k];
	fit->n = n;
	qsort(p, n, sizeof *p, by_frequency);
	for (k = 0; k + 1 < n; k++)
		if (p[k].frequency + OVERLAP * p[k].sd >
		    p[k + 1].frequency - OVERLAP * p[k + 1].sd)
			drop[p[k].height <= p[k + 1].height ? k : k + 1] = true;
	for (k = fit->n = 0; k < n; k++)
		if (!drop[k])
			p[fit->n++] = p[k];
	free(drop);
}

static void
find_peaks(struct specparam *fit, const struct specparam_how *how,
	   const struct logarithms *s)
{
	double *left = zeros(s->n, sizeof *left);
	size_t most = s->n / 3 < how->most ? s->n / 3 : how->most, i;

	for (i = 0; i < s->n; i++)
		left[i] = s->y[i] - fit->law[i];
	fit->peak = zeros(most + 1, sizeof *fit->peak);
	while (fit->n < most && next_peak(&fit->peak[fit->n], how, s, left)) {
		for (i = 0; i < s->n; i++)
			left[i] -= gauss(s->f[i], &fit->peak[fit->n]);
		fit->n++;
	}
	free(left);
	drop_peaks(fit, s);
}

/* ---- Peaks together ---- */

/* Three numbers of each peak, which the search knows as others without bounds:
 * sines of these are between two bounds, and a square is above 0. */
struct limits {
	double low, high;
};

struct together {
	const struct logarithms *s;
	const double *law;
	const struct limits *bounds; /* of frequencies and sd, in turn */
	size_t n;                    /* peaks */
};

static double
between(const struct limits *b, double p)
{
	return b->low + (b->high - b->low) * (1 + sin(p)) / 2;
}

static double
slope_between(const struct limits *b, double p)
{
	return (b->high - b->low) * cos(p) / 2;
}

static double
unbounded(const struct limits *b, double x)
{
	double part = (x - b->low) / (b->high - b->low);

	return asin(2 * fmin(fmax(part, INSIDE), 1 - INSIDE) - 1);
}

static struct specparam_peak
peak_of(const struct together *t, const gsl_vector *p, size_t k)
{
	double root = gsl_vector_get(p, 3 * k + 1);

	return (struct specparam_peak){
		.frequency =
			between(&t->bounds[2 * k], gsl_vector_get(p, 3 * k)),
		.height = root * root,
		.sd = between(&t->bounds[2 * k + 1],
			      gsl_vector_get(p, 3 * k + 2)),
	};
}

static int
peak_residuals(const gsl_vector *p, void *arg, gsl_vector *r)
{
	const struct together *t = arg;
	const struct logarithms *s = t->s;
	size_t i, k;

	for (i = 0; i < s->n; i++)
		gsl_vector_set(r, i, t->law[i] - s->y[i]);
	for (k = 0; k < t->n; k++) {
		struct specparam_peak peak = peak_of(t, p, k);

		for (i = 0; i < s->n; i++)
			gsl_vector_set(r, i,
				       gsl_vector_get(r, i) +
					       gauss(s->f[i], &peak));
	}
	return GSL_SUCCESS;
}

static int
peak_jacobian(const gsl_vector *p, void *arg, gsl_matrix *j)
{
	const struct together *t = arg;
	size_t i, k;

	for (k = 0; k < t->n; k++) {
		struct specparam_peak peak = peak_of(t, p, k);
		double root = gsl_vector_get(p, 3 * k + 1);
		double move = slope_between(&t->bounds[2 * k],
					    gsl_vector_get(p, 3 * k));
		double widen = slope_between(&t->bounds[2 * k + 1],
					     gsl_vector_get(p, 3 * k + 2));

		for (i = 0; i < t->s->n; i++) {
			double x = (t->s->f[i] - peak.frequency) / peak.sd;
			double e = exp(-x * x / 2), y = root * root * e;

			gsl_matrix_set(j, i, 3 * k, y * x / peak.sd * move);
			gsl_matrix_set(j, i, 3 * k + 1, 2 * root * e);
			gsl_matrix_set(j, i, 3 * k + 2,
				       y * x * x / peak.sd * widen);
		}
	}
	return GSL_SUCCESS;
}

static struct limits *
bound_peaks(const struct specparam *fit, const struct specparam_how *how,
	    const struct logarithms *s)
{
	struct limits *b = zeros(2 * fit->n, sizeof *b);
	size_t k;

	for (k = 0; k < fit->n; k++) {
		const struct specparam_peak *p = &fit->peak[k];
		double move = 2 * MAY_MOVE * p->sd;

		b[2 * k].low = fmax(p->frequency - move, s->f[0]);
		b[2 * k].high = fmin(p->frequency + move, s->f[s->n - 1]);
		b[2 * k + 1].low = how->width[0] / 2;
		b[2 * k + 1].high = how->width[1] / 2;
	}
	return b;
}

static bool
fit_peaks(struct specparam *fit, const struct specparam_how *how,
	  const struct logarithms *s)
{
	struct limits *b = bound_peaks(fit, how, s);
	struct together t = {s, fit->law, b, fit->n};
	gsl_multifit_nlinear_fdf task = {.f = peak_residuals,
					 .df = peak_jacobian,
					 .n = s->n,
					 .p = 3 * fit->n,
					 .params = &t};
	double *p = zeros(task.p, sizeof *p);
	gsl_vector_view v = gsl_vector_view_array(p, task.p);
	size_t k;
	bool found;

	for (k = 0; k < fit->n; k++) {
		p[3 * k] = unbounded(&b[2 * k], fit->peak[k].frequency);
		p[3 * k + 1] = sqrt(fit->peak[k].height);
		p[3 * k + 2] = unbounded(&b[2 * k + 1], fit->peak[k].sd);
	}
	found = find_least(&task, p);
	for (k = 0; k < fit->n; k++)
		fit->peak[k] = peak_of(&t, &v.vector, k);
	qsort(fit->peak, fit->n, sizeof *fit->peak, by_frequency);
	free(p);
	free(b);
	return found;
}

/* ---- All of it ---- */

/* The power law without the peaks, and both together. */
static bool
finish(struct specparam *fit, const struct specparam_how *how,
       const struct logarithms *s)
{
	double *rest = zeros(s->n, sizeof *rest);
	struct logarithms without = {s->f, rest, s->n};
	size_t i, k;
	bool found;

	for (i = 0; i < s->n; i++) {
		for (k = 0; k < fit->n; k++)
			fit->model[i] += gauss(s->f[i], &fit->peak[k]);
		rest[i] = s->y[i] - fit->model[i];
	}
	guess_law(fit, s, rest);
	found = fit_law(fit, how, &without);
	free(rest);
	if (!found)
		return false;
	draw_law(fit, s);
	for (i = 0; i < s->n; i++) {
		fit->model[i] += fit->law[i];
		fit->error += fabs(s->y[i] - fit->model[i]) / (double)s->n;
	}
	fit->r2 = pow(gsl_stats_correlation(s->y, 1, fit->model, 1, s->n), 2);
	return true;
}

/* What a peak adds at the frequency that is nearest to it. */
static void
measure_peaks(struct specparam *fit, const struct logarithms *s)
{
	double apart = s->f[1] - s->f[0];
	size_t k, i;

	for (k = 0; k < fit->n; k++) {
		i = (size_t)round((fit->peak[k].frequency - s->f[0]) / apart);
		if (i >= s->n)
			i = s->n - 1;
		fit->peak[k].above = fit->model[i] - fit->law[i];
	}
}

static bool
fit_all(struct specparam *fit, const struct specparam_how *how,
	struct logarithms *s)
{
	guess_law(fit, s, s->y);
	if (!fit_law(fit, how, s))
		return false;
	draw_law(fit, s);
	if (!fit_lower(fit, how, s))
		return false;
	draw_law(fit, s);
	find_peaks(fit, how, s);
	if (fit->n > 0 && !fit_peaks(fit, how, s))
		return false;
	if (!finish(fit, how, s))
		return false;
	measure_peaks(fit, s);
	return true;
}

bool
specparam_fit(struct specparam *fit, const struct specparam_how *how,
	      const double *frequency, const double *log_power, size_t n)
{
	gsl_error_handler_t *handler = gsl_set_error_handler_off();
	struct logarithms s = {frequency, log_power, n};
	struct specparam_how own = *how;
	bool found;

	*fit = (struct specparam){0};
	fit->law = zeros(n, sizeof *fit->law);
	fit->model = zeros(n, sizeof *fit->model);
	if (isnan(own.width[0]))
		own.width[0] = 2 * (frequency[1] - frequency[0]);
	found = fit_all(fit, &own, &s);
	gsl_set_error_handler(handler);
	return found;
}

void
specparam_free(struct specparam *fit)
{
	free(fit->peak);
	free(fit->law);
	free(fit->model);
}
