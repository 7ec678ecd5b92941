#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_linalg.h>
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

struct logarithms {
	const double *f, *y; /* Hz, log10 */
	size_t n;
};

/* ---- Least squares ---- */

/* The search ends where no number changes by more than the first part of it, or
 * where so many steps have made the sum of the squares less by no more than the
 * second. */
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

/* Three numbers of each peak, as they stand in the struct, within bounds; and
 * the normal equations of the step from there. */
struct together {
	const struct logarithms *s;
	const double *law;
	size_t n;            /* numbers */
	double *p, *next;    /* where it is, and where it may go */
	double *low, *high;  /* bounds */
	double *slopes;      /* of the model by each number, at a frequency */
	gsl_matrix *squares; /* of the slopes, summed over frequencies */
	gsl_vector *fall;    /* the sums of slope and residual */
};

static struct specparam_peak
peak_of(const double *p)
{
	return (struct specparam_peak){
		.frequency = p[0], .height = p[1], .sd = p[2]};
}

/* The residual at frequency i, and with slopes those of it. */
static double
residual_at(const struct together *t, const double *p, size_t i, double *slopes)
{
	double sum = t->law[i] - t->s->y[i];
	size_t k;

	for (k = 0; k < t->n; k += 3) {
		struct specparam_peak peak = peak_of(p + k);
		double x = (t->s->f[i] - peak.frequency) / peak.sd;
		double e = exp(-x * x / 2), y = peak.height * e;

		sum += y;
		if (!slopes)
			continue;
		slopes[k] = y * x / peak.sd;
		slopes[k + 1] = e;
		slopes[k + 2] = y * x * x / peak.sd;
	}
	return sum;
}

static double
sum_squares(const struct together *t, const double *p)
{
	double sum = 0, r;
	size_t i;

	for (i = 0; i < t->s->n; i++) {
		r = residual_at(t, p, i, NULL);
		sum += r * r;
	}
	return sum;
}

static void
add_up(struct together *t)
{
	size_t i, j, k;

	gsl_matrix_set_zero(t->squares);
	gsl_vector_set_zero(t->fall);
	for (i = 0; i < t->s->n; i++) {
		double r = residual_at(t, t->p, i, t->slopes);

		for (j = 0; j < t->n; j++) {
			*gsl_vector_ptr(t->fall, j) -= r * t->slopes[j];
			for (k = 0; k <= j; k++)
				*gsl_matrix_ptr(t->squares, j, k) +=
					t->slopes[j] * t->slopes[k];
		}
	}
}

/* Does this number stay, as it is at a bound and would leave it? */
static bool
is_held(const struct together *t, size_t k)
{
	double fall = gsl_vector_get(t->fall, k);

	return (t->p[k] <= t->low[k] && fall <= 0) ||
	       (t->p[k] >= t->high[k] && fall >= 0);
}

/* The step of Levenberg and Marquardt, of the numbers that may change, as far
 * as the bounds let it. */
static bool
step_to(struct together *t, double damping)
{
	gsl_matrix *a = gsl_matrix_alloc(t->n, t->n);
	gsl_vector *d = gsl_vector_alloc(t->n);
	size_t j, k;
	bool solved;

	if (!a || !d)
		die("out of memory");
	for (j = 0; j < t->n; j++) {
		double own = gsl_matrix_get(t->squares, j, j);
		bool held = is_held(t, j) || own == 0;

		gsl_vector_set(d, j, held ? 0 : gsl_vector_get(t->fall, j));
		for (k = 0; k < j; k++)
			gsl_matrix_set(
				a, j, k,
				held || is_held(t, k)
					? 0
					: gsl_matrix_get(t->squares, j, k));
		gsl_matrix_set(a, j, j, held ? 1 : own * (1 + damping));
	}
	solved = gsl_linalg_cholesky_decomp1(a) == GSL_SUCCESS &&
		 gsl_linalg_cholesky_svx(a, d) == GSL_SUCCESS;
	for (k = 0; solved && k < t->n; k++)
		t->next[k] =
			fmin(fmax(t->p[k] + gsl_vector_get(d, k), t->low[k]),
			     t->high[k]);
	gsl_matrix_free(a);
	gsl_vector_free(d);
	return solved;
}

/* The search ends where a few steps one after the other make the sum less by no
 * more than this part of it, or where none does. */
#define LESS 1e-12
#define MOST_DAMPING 1e12
enum { FEW = 3 };

static bool
move_peaks(struct together *t)
{
	double sum = sum_squares(t, t->p), damping = 1e-3, next;
	int steps, few = 0;

	for (steps = 0; steps < MOST_STEPS && few < FEW; steps++) {
		add_up(t);
		next = INFINITY;
		while (!(next < sum) && damping < MOST_DAMPING) {
			if (step_to(t, damping))
				next = sum_squares(t, t->next);
			if (!(next < sum))
				damping *= 10;
		}
		if (!(next < sum))
			return isfinite(sum);
		few = sum - next <= LESS * sum ? few + 1 : 0;
		memcpy(t->p, t->next, t->n * sizeof *t->p);
		sum = next;
		damping = fmax(damping / 10, 1e-12);
	}
	return few == FEW;
}

static void
bound_peaks(struct together *t, const struct specparam *fit,
	    const struct specparam_how *how)
{
	const struct logarithms *s = t->s;
	size_t k;

	for (k = 0; k < fit->n; k++) {
		const struct specparam_peak *p = &fit->peak[k];
		double move = 2 * MAY_MOVE * p->sd;

		t->p[3 * k] = p->frequency;
		t->p[3 * k + 1] = p->height;
		t->p[3 * k + 2] = p->sd;
		t->low[3 * k] = fmax(p->frequency - move, s->f[0]);
		t->high[3 * k] = fmin(p->frequency + move, s->f[s->n - 1]);
		t->high[3 * k + 1] = INFINITY;
		t->low[3 * k + 2] = how->width[0] / 2;
		t->high[3 * k + 2] = how->width[1] / 2;
	}
}

/* GSL searches without bounds, and bounds by sines of numbers without let a
 * long step come out at the other end of them. */
static bool
fit_peaks(struct specparam *fit, const struct specparam_how *how,
	  const struct logarithms *s)
{
	size_t n = 3 * fit->n, k;
	double *room = zeros(5 * n, sizeof *room);
	struct together t = {s,
			     fit->law,
			     n,
			     room,
			     room + n,
			     room + 2 * n,
			     room + 3 * n,
			     room + 4 * n,
			     gsl_matrix_alloc(n, n),
			     gsl_vector_alloc(n)};
	bool found;

	if (!t.squares || !t.fall)
		die("out of memory");
	bound_peaks(&t, fit, how);
	found = move_peaks(&t);
	for (k = 0; k < fit->n; k++)
		fit->peak[k] = peak_of(t.p + 3 * k);
	qsort(fit->peak, fit->n, sizeof *fit->peak, by_frequency);
	gsl_matrix_free(t.squares);
	gsl_vector_free(t.fall);
	free(room);
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
