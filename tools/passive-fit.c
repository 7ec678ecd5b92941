/* passive-fit -- measure a cell at rest by its response to a step of current
 *
 * The response of a passive membrane is a sum of exponentials.  Their
 * amplitudes are linear parameters, which follow from the time constants by
 * linear least squares: only the time constants are searched for (variable
 * projection, with Kaufman's derivative), from the best point of a grid, so
 * that no guess of the user or of ours decides which minimum is found.  What
 * such a fit finds may still be meaningless: two time constants that are one,
 * with huge amplitudes that cancel, or a term that the samples do not
 * determine.  Those are refused, with the reason in the table. */
#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multifit_nlinear.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/detect.h"
#include "cell/trace.h"
#include "out.h"

/* So many time constants after a change of the current the voltage is within
 * 1 % of where it goes. */
#define SETTLED 5

static const char *method_text, *window_text;
static double baseline = 100, peak_width = NAN, area = NAN;
static bool grid, by_peak, curve, vi;

static const struct opt opts[] = {
	OPT_STR(0, "method", "name", &method_text,
		"measure tau by simple, exp (the default) or exp2"),
	OPT_STR(0, "window", "name", &window_text,
		"fit exp to the samples of allen (the default) or whole"),
	OPT_FLAG(0, "grid", &grid,
		 "simple: the first sample past it, not interpolated"),
	OPT_NUM(0, "baseline", "ms", &baseline,
		"average so long for rest and steady state (100)"),
	OPT_NUM(0, "peak-width", "ms", &peak_width,
		"average so long for the peak of the sag (5)"),
	OPT_FLAG(0, "peak", &by_peak,
		 "input resistance at the peak, not in the steady state"),
	OPT_NUM(0, "area", "um2", &area,
		"add leak and capacitance of a membrane of this area"),
	OPT_FLAG(0, "curve", &curve, "write the fitted curve instead"),
	OPT_FLAG(0, "vi", &vi,
		 "write the input resistance of all sweeps instead"),
	OPT_TABLE(trace_step_opts),
	OPT_TABLE(trace_opts),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure input resistance, time constant and sag",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

enum { SIMPLE, EXP, EXP2 };
enum { ALLEN, WHOLE };

static size_t method, window;

/* What an option is for, and what it would do nothing to. */
static void
check_combinations(void)
{
	if (window_text && method != EXP)
		misuse("--window is for --method exp");
	if (grid && method != SIMPLE)
		misuse("--grid is for --method simple");
	if (curve && method == SIMPLE)
		misuse("--curve: --method simple has none");
	if (curve && vi)
		misuse("--curve and --vi exclude each other");
	if (vi && (method_text || window_text))
		misuse("--vi: there is no time constant for --method and "
		       "--window");
	if ((curve || vi) && !isnan(peak_width))
		misuse("--curve and --vi: there is no sag for --peak-width");
	if (curve && by_peak)
		misuse("--curve: there is no input resistance for --peak");
	if ((curve || vi) && !isnan(area))
		misuse("--area is for neither --curve nor --vi");
}

static void
check_options(void)
{
	static const char *const methods[] = {"simple", "exp", "exp2", NULL};
	static const char *const windows[] = {"allen", "whole", NULL};

	method = method_text ? opt_choice("method", method_text, methods) : EXP;
	window = window_text ? opt_choice("window", window_text, windows)
			     : ALLEN;
	check_combinations();
	detect_check();
	if (isnan(peak_width))
		peak_width = 5;
	if (!(baseline >= 0 && baseline < INFINITY))
		misuse("--baseline: not from 0 on");
	if (!(peak_width >= 0 && peak_width < INFINITY))
		misuse("--peak-width: not from 0 on");
	if (area <= 0 || area == INFINITY)
		misuse("--area: not above 0");
}

/* ---- Sums of exponentials ---- */

enum { MOST_TERMS = 2, MOST_COLUMNS = 3 };

/* start + sum of a[k] (exp(-t/tau[k]) - 1), with time and start from that of
 * the first sample, or with an unknown start. */
struct fit {
	size_t terms;
	bool free_start;
	size_t n;
	double *t, *v; /* ms from the start, mV from rest */
	double *w;     /* roots of weights, or NULL */
	size_t nrest; /* how many samples rest is the mean of; 0: it is exact */

	double start, a[MOST_TERMS], tau[MOST_TERMS], se[MOST_TERMS];
	double rss, tss;
	bool converged;

	gsl_matrix *phi; /* n rows: the columns of the linear problem, as QR */
	gsl_vector *hh, *c, *r, *u;
	double at[MOST_TERMS]; /* where they were computed */
};

static size_t
columns_of(const struct fit *f)
{
	return f->terms + (f->free_start ? 1 : 0);
}

static void
fit_open(struct fit *f, size_t n)
{
	size_t columns = columns_of(f), k;

	f->n = n;
	f->t = zeros(n, sizeof *f->t);
	f->v = zeros(n, sizeof *f->v);
	f->phi = gsl_matrix_alloc(n, columns);
	f->hh = gsl_vector_alloc(columns);
	f->c = gsl_vector_alloc(columns);
	f->r = gsl_vector_alloc(n);
	f->u = gsl_vector_alloc(n);
	if (!f->phi || !f->hh || !f->c || !f->r || !f->u)
		die("out of memory");
	for (k = 0; k < MOST_TERMS; k++)
		f->at[k] = NAN;
}

static void
fit_close(struct fit *f)
{
	free(f->t);
	free(f->v);
	free(f->w);
	gsl_matrix_free(f->phi);
	gsl_vector_free(f->hh);
	gsl_vector_free(f->c);
	gsl_vector_free(f->r);
	gsl_vector_free(f->u);
}

/* The logarithms of the time constants are what is searched for, so that those
 * stay above 0.  Far beyond the samples a term is a constant or a line, and
 * its column no longer changes. */
static double
tau_of(const struct fit *f, double log_tau)
{
	double least = log(f->t[f->n - 1] * 1e-9);
	double most = log(f->t[f->n - 1] * 1e4);

	return exp(fmax(least, fmin(most, log_tau)));
}

/* Solve the linear problem with given time constants: amplitudes go to c, what
 * is left of the samples goes to r. */
static int
project(struct fit *f, const gsl_vector *x)
{
	gsl_vector_view v = gsl_vector_view_array(f->v, f->n);
	bool same = true;
	size_t i, k;

	for (k = 0; k < f->terms; k++) {
		double tau = tau_of(f, gsl_vector_get(x, k));

		same = same && tau == f->at[k];
		f->at[k] = tau;
	}
	if (same)
		return GSL_SUCCESS;
	for (i = 0; i < f->n; i++) {
		double w = f->w ? f->w[i] : 1;

		for (k = 0; k < f->terms; k++)
			gsl_matrix_set(f->phi, i, k,
				       w * expm1(-f->t[i] / f->at[k]));
		if (f->free_start)
			gsl_matrix_set(f->phi, i, k, w);
	}
	if (gsl_linalg_QR_decomp(f->phi, f->hh))
		return GSL_FAILURE;
	return gsl_linalg_QR_lssolve(f->phi, f->hh, &v.vector, f->c, f->r);
}

static int
residuals(const gsl_vector *x, void *arg, gsl_vector *r)
{
	struct fit *f = arg;

	return project(f, x) ? GSL_FAILURE : gsl_vector_memcpy(r, f->r);
}

/* How the residuals change with the logarithm of a time constant: the
 * derivative of its term, less what the amplitudes can make up for (Kaufman's
 * approximation, which gives the exact covariance of the time constants). */
static int
jacobian(const gsl_vector *x, void *arg, gsl_matrix *j)
{
	struct fit *f = arg;
	size_t i, k, c;

	if (project(f, x))
		return GSL_FAILURE;
	for (k = 0; k < f->terms; k++) {
		for (i = 0; i < f->n; i++) {
			double s = f->t[i] / f->at[k];

			gsl_vector_set(f->u, i,
				       -gsl_vector_get(f->c, k) * s * exp(-s));
		}
		gsl_linalg_QR_QTvec(f->phi, f->hh, f->u);
		for (c = 0; c < columns_of(f); c++)
			gsl_vector_set(f->u, c, 0);
		gsl_linalg_QR_Qvec(f->phi, f->hh, f->u);
		gsl_matrix_set_col(j, k, f->u);
	}
	return GSL_SUCCESS;
}

/* Samples by their times in a hundred bins, each twelve per cent or so later
 * than the one before, and the mean of each bin as often as it had samples. */
static void
thin_out(const struct fit *f, struct fit *thin)
{
	enum { BINS = 100 };
	double t[BINS] = {0}, v[BINS] = {0}, n[BINS] = {0};
	double first = f->t[0] > 0 ? f->t[0] : f->t[1];
	double last = f->t[f->n - 1];
	size_t i, k, m = 0;

	for (i = 0; i < f->n; i++) {
		double at = log(f->t[i] / first) / log(last / first);

		k = at > 0 ? (size_t)(fmin(at, 1) * (BINS - 1)) : 0;
		t[k] += f->t[i];
		v[k] += f->v[i];
		n[k]++;
	}
	*thin = (struct fit){.terms = f->terms, .free_start = f->free_start};
	fit_open(thin, BINS);
	thin->w = zeros(BINS, sizeof *thin->w);
	for (k = 0; k < BINS; k++) {
		if (n[k] == 0)
			continue;
		thin->w[m] = sqrt(n[k]);
		thin->t[m] = t[k] / n[k];
		thin->v[m] = thin->w[m] * v[k] / n[k];
		m++;
	}
	/* Bins that are left count nothing, at the last time. */
	for (k = m; k < BINS; k++)
		thin->t[k] = last;
}

/* Go to a point if it has less squares than the best so far. */
static void
try_start(struct fit *thin, const gsl_vector *at, gsl_vector *x, double *least)
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
find_start(const struct fit *f, gsl_vector *x)
{
	enum { POINTS = 30 };
	double first = f->t[0] > 0 ? f->t[0] : f->t[1], least = INFINITY;
	double low = log(first / 3), high = log(f->t[f->n - 1]);
	double step = (high - low) / (POINTS - 1);
	gsl_vector *at = gsl_vector_alloc(f->terms);
	struct fit thin;
	int i, j;

	thin_out(f, &thin);
	for (i = 0; i < POINTS; i++) {
		gsl_vector_set(at, 0, low + i * step);
		if (f->terms == 1)
			try_start(&thin, at, x, &least);
		for (j = 0; f->terms == 2 && j < i; j++) {
			gsl_vector_set(at, 1, low + j * step);
			try_start(&thin, at, x, &least);
		}
	}
	gsl_vector_free(at);
	fit_close(&thin);
}

/* Standard errors from the covariance of the time constants, for noise that is
 * independent from sample to sample.  Rest is a mean of such samples, too: its
 * error shifts every residual alike. */
static void
standard_errors(struct fit *f, const gsl_matrix *j)
{
	size_t p = f->terms, k, i;
	size_t parameters = p + columns_of(f);
	double s2 = f->rss / (double)(f->n - parameters);
	gsl_matrix *covar = gsl_matrix_alloc(p, p);
	gsl_vector *pull = gsl_vector_calloc(p), *shift = gsl_vector_calloc(p);

	gsl_multifit_nlinear_covar(j, 0, covar);
	for (k = 0; k < p; k++)
		for (i = 0; i < f->n; i++)
			*gsl_vector_ptr(pull, k) += gsl_matrix_get(j, i, k);
	gsl_blas_dgemv(CblasNoTrans, 1, covar, pull, 0, shift);
	for (k = 0; k < p; k++) {
		double by_rest = gsl_vector_get(shift, k);
		double variance = gsl_matrix_get(covar, k, k);

		if (f->nrest > 0 && !f->free_start)
			variance += by_rest * by_rest / (double)f->nrest;
		/* A column of zeros gives no variance rather than any. */
		f->se[k] = variance > 0 ? f->tau[k] * sqrt(s2 * variance)
					: INFINITY;
	}
	gsl_matrix_free(covar);
	gsl_vector_free(pull);
	gsl_vector_free(shift);
}

static void
take_result(struct fit *f, gsl_multifit_nlinear_workspace *work)
{
	size_t k;

	residuals(work->x, f, work->f);
	for (k = 0; k < f->terms; k++) {
		f->tau[k] = f->at[k];
		f->a[k] = gsl_vector_get(f->c, k);
	}
	f->start = f->free_start ? gsl_vector_get(f->c, k) : 0;
	f->rss = pow(gsl_blas_dnrm2(f->r), 2);
	f->tss = gsl_stats_tss(f->v, 1, f->n);
	standard_errors(f, gsl_multifit_nlinear_jac(work));
}

static void
fit_run(struct fit *f)
{
	gsl_multifit_nlinear_parameters how =
		gsl_multifit_nlinear_default_parameters();
	gsl_multifit_nlinear_fdf fdf = {.f = residuals,
					.df = jacobian,
					.n = f->n,
					.p = f->terms,
					.params = f};
	gsl_multifit_nlinear_workspace *work = gsl_multifit_nlinear_alloc(
		gsl_multifit_nlinear_trust, &how, f->n, f->terms);
	gsl_vector *x = gsl_vector_calloc(f->terms);
	int why;

	if (!work)
		die("out of memory");
	find_start(f, x);
	f->converged = !gsl_multifit_nlinear_init(x, &fdf, work) &&
		       !gsl_multifit_nlinear_driver(200, 1e-10, 1e-12, 0, NULL,
						    NULL, &why, work);
	take_result(f, work);
	gsl_vector_free(x);
	gsl_multifit_nlinear_free(work);
}

/* ---- What is measured of a trace ---- */

struct response {
	const struct trace *t;
	struct trace_step step;
	double sign;        /* of the step */
	size_t nrest;       /* how many samples rest is the mean of; 0: one */
	double rest, final; /* mV */
	size_t peak;        /* sample */
	double peak_mean;   /* mV, of peak_width around it */
	double r_in;
	size_t spikes; /* in the step */

	double tau; /* NaN if there is none */
	const char *method;
	struct fit fit;            /* the one that tau is from, if fitted */
	bool fitted, instead;      /* by another method than that asked for */
	size_t fit_first, fit_end; /* its samples, and its time 0: */
	double fit_zero;
	char *status;
};

static double
mean(const struct trace *t, size_t first, size_t end)
{
	return gsl_stats_mean(t->v + first, 1, end - first);
}

static double
time_of(const struct response *r, size_t sample)
{
	return r->t->t[sample];
}

/* As AllenSDK does, the sample at the end of an average is not a part of it,
 * unless it is all there is.  The steady state is a tenth of the step at
 * most. */
static void
measure_levels(struct response *r)
{
	size_t before = r->step.before, last = r->step.last, first;
	double start = time_of(r, before), end = time_of(r, last);
	double length = fmin(baseline, (end - start) / 10);

	r->rest = trace_rest(r->t, before, baseline, &r->nrest);
	first = trace_sample(r->t, end - length);
	if (first <= before)
		first = before + 1;
	r->final = last > first ? mean(r->t, first, last) : r->t->v[last];
}

static void
measure_peak(struct response *r)
{
	const double *v = r->t->v;
	size_t k, first = r->step.before + 1, end = r->step.last + 1;
	size_t low, high;

	r->peak = first;
	for (k = first; k < end; k++)
		if (r->sign * v[k] > r->sign * v[r->peak])
			r->peak = k;
	low = trace_sample(r->t, time_of(r, r->peak) - peak_width / 2);
	high = trace_sample(r->t, time_of(r, r->peak) + peak_width / 2);
	if (low < first)
		low = first;
	if (high > end)
		high = end;
	r->peak_mean = high > low ? mean(r->t, low, high) : v[r->peak];
}

/* Does the voltage come back from a spike before the step is over, by more than
 * noise in mV?  A passive cell may be above it for good. */
static bool
comes_back(const struct response *r, size_t spike)
{
	size_t k;

	for (k = spike; k <= r->step.last; k++)
		if (r->t->v[k] < r->t->v[spike] - 5)
			return true;
	return false;
}

static size_t
count_spikes(const struct response *r)
{
	struct detect_spikes s = {0};
	size_t n;

	detect_find(&s, r->t, r->step.before, r->step.last + 1);
	n = s.n;
	if (n > 0 && !comes_back(r, s.at[n - 1]))
		n--;
	free(s.at);
	return n;
}

static void
measure(struct response *r)
{
	double deflection;

	r->sign = r->step.amp_nA > 0 ? 1 : -1;
	measure_levels(r);
	measure_peak(r);
	deflection = (by_peak ? r->t->v[r->peak] : r->final) - r->rest;
	r->r_in = deflection != 0 ? deflection / r->step.amp_nA : 0;
	r->spikes = count_spikes(r);
	r->tau = NAN;
	r->method = "";
}

/* The first sample from before the step on that is past a voltage, in the
 * direction of the step; the one after the step if there is none. */
static size_t
first_past(const struct response *r, double v)
{
	size_t k = r->step.before;

	while (k <= r->step.last && r->sign * r->t->v[k] < r->sign * v)
		k++;
	return k;
}

static void
measure_simple(struct response *r)
{
	double v = r->final - (r->final - r->rest) / M_E, since = 0;
	size_t k = first_past(r, v);
	const double *u = r->t->v;

	if (k > r->step.last) {
		r->status = format("no sample past 1-1/e of the deflection");
		return;
	}
	if (!grid && k > r->step.before)
		since = (u[k] - v) / (u[k] - u[k - 1]) *
			(time_of(r, k) - time_of(r, k - 1));
	r->tau = time_of(r, k) - since - time_of(r, r->step.before);
	r->method = grid ? "simple-grid" : "simple";
}

/* ---- Fits that are not to be believed ---- */

static char *
doubt_term(const struct fit *f, size_t k, double deflection, double length)
{
	if (fabs(f->a[k]) > 5 * fabs(deflection))
		return format("degenerate: an amplitude of %.3g mV for a "
			      "deflection of %.3g mV",
			      f->a[k], deflection);
	if (f->tau[k] > length)
		return format("degenerate: a time constant of %.3g ms in a "
			      "step of %.3g ms",
			      f->tau[k], length);
	if (!(f->se[k] < 100 * f->tau[k]))
		return format("degenerate: the samples do not determine a time "
			      "constant of %.3g ms",
			      f->tau[k]);
	if (!(f->se[k] < f->tau[k] / 2))
		return format("degenerate: a time constant of %.3g ms with a "
			      "standard error of %.3g ms",
			      f->tau[k], f->se[k]);
	return NULL;
}

/* Put the slowest term of the membrane first: a slower one against the step is
 * a sag, or, in the other direction, an afterdepolarization. */
static bool
membrane_first(struct fit *f, double sign)
{
	bool is[MOST_TERMS] = {0};
	size_t k, best = 0, i;

	for (k = 0; k < f->terms; k++)
		is[k] = -f->a[k] * sign > 0;
	for (k = 1; k < f->terms; k++)
		if (is[k] && (!is[best] || f->tau[k] > f->tau[best]))
			best = k;
	for (i = 0; best > 0 && i < 3; i++) {
		double *x = (double *[]){f->a, f->tau, f->se}[i], first = x[0];

		x[0] = x[best];
		x[best] = first;
	}
	return is[best];
}

/* Why a fit is refused, or NULL. */
static char *
doubt(struct fit *f, const struct response *r)
{
	double length = time_of(r, r->step.last) - time_of(r, r->step.before);
	double deflection = r->final - r->rest;
	char *why = NULL;
	size_t k;

	if (f->terms == 2 && fabs(f->tau[0] / f->tau[1] - 1) < 0.05)
		return format("degenerate: time constants of %.4g and %.4g ms "
			      "are too close",
			      f->tau[0], f->tau[1]);
	for (k = 0; k < f->terms && !why; k++)
		why = doubt_term(f, k, deflection, length);
	if (!why && !f->converged)
		why = format("degenerate: the fit does not converge");
	if (!membrane_first(f, r->sign) && !why)
		why = format("degenerate: no term in the direction of the "
			     "step");
	return why;
}

/* Fit the samples [first, end), with time from that of another one.  NULL, or
 * why it is refused. */
static char *
fit_samples(struct response *r, struct fit *f, size_t first, size_t end,
	    size_t zero)
{
	size_t parameters = f->terms + columns_of(f), k;
	size_t n = end > first ? end - first : 0;
	char *why;

	if (n <= parameters)
		return format("too few samples: %zu for %zu parameters", n,
			      parameters);
	fit_open(f, n);
	for (k = 0; k < n; k++) {
		f->t[k] = time_of(r, first + k) - time_of(r, zero);
		f->v[k] = r->t->v[first + k] - r->rest;
	}
	f->nrest = r->nrest;
	fit_run(f);
	why = doubt(f, r);
	fit_close(f);
	if (why)
		return why;
	r->fit = *f;
	r->fitted = true;
	r->fit_first = first;
	r->fit_end = end;
	r->fit_zero = time_of(r, zero);
	r->tau = f->tau[0];
	return NULL;
}

static char *
fit_allen(struct response *r)
{
	struct fit f = {.terms = 1, .free_start = true};
	double peak = r->t->v[r->peak];
	size_t first = first_past(r, r->rest + 0.1 * (peak - r->rest));
	char *why = fit_samples(r, &f, first, r->peak, first);

	r->method = why ? "" : "exp-allen";
	return why;
}

static char *
fit_whole(struct response *r)
{
	struct fit f = {.terms = method == EXP2 ? 2 : 1};
	size_t before = r->step.before;
	char *why, *also, *both;

	why = fit_samples(r, &f, before + 1, r->step.last + 1, before);
	if (!why) {
		r->method = method == EXP2 ? "exp2" : "exp";
		return NULL;
	}
	also = fit_allen(r);
	r->instead = true;
	if (!also)
		return why;
	both = format("%s; Allen's window: %s", why, also);
	free(why);
	free(also);
	return both;
}

/* A current that changed before the step has left the voltage on its way: by e
 * to the power of the time since, in time constants. */
static void
doubt_rest(struct response *r)
{
	size_t since = trace_same_since(r->t, r->step.before);
	double time;

	if (since == 0 || r->status)
		return;
	time = time_of(r, r->step.before) - time_of(r, since - 1);
	if (time < SETTLED * r->tau)
		r->status = format("rest is not settled: the current changes "
				   "%.3g ms before the step",
				   time);
}

static void
measure_tau(struct response *r)
{
	if (r->spikes > 0)
		r->status = format("%zu spike%s in the step", r->spikes,
				   r->spikes > 1 ? "s" : "");
	else if (r->sign * (r->final - r->rest) <= 0)
		r->status = format("no deflection in the direction of the "
				   "step");
	else if (method == SIMPLE)
		measure_simple(r);
	else if (method == EXP && window == ALLEN)
		r->status = fit_allen(r);
	else
		r->status = fit_whole(r);
	doubt_rest(r);
}

/* The fit at a time, of a trace. */
static double
fitted(const struct response *r, double time)
{
	const struct fit *f = &r->fit;
	double v = r->rest + f->start;
	size_t k;

	for (k = 0; k < f->terms; k++)
		v += f->a[k] * expm1(-(time - r->fit_zero) / f->tau[k]);
	return v;
}

/* ---- Tables ---- */

static size_t
columns_of_fit(const char **name)
{
	static const char *const names[] = {"v_inf_mV", "a1_mV", "tau1_ms",
					    "a2_mV", "tau2_ms"};
	size_t n = method == SIMPLE ? 0 : method == EXP ? 3 : 5, k;

	for (k = 0; k < n; k++)
		name[k] = names[k];
	return n;
}

static void
write_header(void)
{
	static const char *const first[] = {
		"sweep",  "v_rest_mV",  "v_final_mV", "amp_pA",    "r_in_MOhm",
		"tau_ms", "tau_method", "sag_mV",     "sag_ratio", "c_in_pF",
		"rss",    "r2",         "tau_se",     "status",
	};
	const char *name[LEN(first) + 9];
	size_t n = LEN(first);

	memcpy(name, first, sizeof first);
	n += columns_of_fit(name + n);
	if (!isnan(area)) {
		name[n++] = "g_leak_S_cm2";
		name[n++] = "c_m_uF_cm2";
		name[n++] = "e_leak_mV";
	}
	name[n] = NULL;
	out_names(name);
}

/* The parameters of a fit that was asked for; none of another one. */
static void
write_fit(const struct response *r)
{
	size_t terms = method == SIMPLE ? 0 : method == EXP ? 1 : 2, k;
	const struct fit *f = &r->fit;
	bool there = r->fitted && !r->instead;
	double inf = r->rest + f->start;

	if (terms == 0)
		return;
	for (k = 0; k < f->terms; k++)
		inf -= f->a[k];
	out_real(there ? inf : NAN);
	for (k = 0; k < terms; k++) {
		out_real(there ? f->a[k] : NAN);
		out_real(there ? f->tau[k] : NAN);
	}
}

/* One compartment: a conductance that is that of all the membrane. */
static void
write_leak(const struct response *r)
{
	double leak = 100 / (r->r_in * area);

	if (isnan(area))
		return;
	out_real(isfinite(leak) ? leak : NAN);
	out_real(isfinite(leak) ? 1000 * r->tau * leak : NAN);
	out_num(r->rest);
}

static void
write_row(const struct response *r)
{
	const struct fit *f = &r->fit;
	double sag = r->peak_mean - r->final, all = r->peak_mean - r->rest;

	out_text(r->t->name ? r->t->name : "1");
	out_num(r->rest);
	out_num(r->final);
	out_num(r->step.amp_nA * 1000);
	out_num(r->r_in);
	out_real(r->tau);
	out_text(r->method);
	out_num(sag);
	out_real(all == 0 ? NAN : sag == 0 ? 0 : sag / all);
	out_real(r->r_in != 0 ? 1000 * r->tau / r->r_in : NAN);
	out_real(r->fitted ? f->rss : NAN);
	out_real(r->fitted && f->tss > 0 ? 1 - f->rss / f->tss : NAN);
	out_real(r->fitted ? f->se[0] : NAN);
	out_text(r->status ? r->status : "ok");
	write_fit(r);
	write_leak(r);
	out_end();
}

/* A sweep without a step, among others. */
static void
write_none(const struct trace *t, const char *why)
{
	size_t k;
	const char *name[5];

	out_text(t->name);
	for (k = 1; k < 13; k++)
		out_missing();
	out_text(why);
	for (k = columns_of_fit(name) + (isnan(area) ? 0 : 3); k > 0; k--)
		out_missing();
	out_end();
}

/* From as long before the step as rest is, to its end. */
static void
write_curve(const struct response *r)
{
	size_t before = r->step.before, k;

	for (k = before - r->nrest; k <= r->step.last; k++) {
		double v = NAN;

		if (r->t->name)
			out_text(r->t->name);
		out_num(time_of(r, k));
		out_num(r->t->v[k]);
		if (r->fitted && k >= r->fit_first && k < r->fit_end)
			v = fitted(r, time_of(r, k));
		else if (k <= before)
			v = r->rest;
		out_real(v);
		out_end();
	}
	if (r->status)
		trace_warn(r->t, "%s", r->status);
}

/* ---- All sweeps together ---- */

/* The current and the deflection of each sweep. */
struct line {
	double *i, *v;
	size_t n, icap, vcap;
};

static void
add_point(struct line *l, const struct response *r)
{
	l->i = grow(l->i, &l->icap, l->n + 1, sizeof *l->i);
	l->v = grow(l->v, &l->vcap, l->n + 1, sizeof *l->v);
	l->i[l->n] = r->step.amp_nA;
	l->v[l->n++] = r->r_in * r->step.amp_nA;
}

static bool
all_same(const double *x, size_t n)
{
	size_t k;

	for (k = 1; k < n; k++)
		if (x[k] != x[0])
			return false;
	return true;
}

static void
write_line(const struct line *l, const char *path)
{
	double c0, c1, cov00, cov01, cov11, rss;

	if (all_same(l->i, l->n))
		die("%s: --vi: the sweeps have no two different steps", path);
	gsl_fit_linear(l->i, 1, l->v, 1, l->n, &c0, &c1, &cov00, &cov01, &cov11,
		       &rss);
	out_header("r_in_MOhm", "r_in_se_MOhm", "intercept_mV", "sweeps");
	out_num(c1);
	out_real(l->n > 2 ? sqrt(cov11) : NAN);
	out_num(c0);
	out_int((int64_t)l->n);
	out_end();
}

/* ---- */

static void
start_table(const struct trace *t)
{
	if (vi)
		return;
	if (!curve)
		write_header();
	else if (t->name)
		out_header("sweep", "time_ms", "v_mV", "fit_mV");
	else
		out_header("time_ms", "v_mV", "fit_mV");
}

static void
visit(const struct trace *t, struct line *l)
{
	struct response r = {.t = t};

	if (!t->name) {
		trace_find_step(t, &r.step);
	} else if (!trace_seek_step(t, &r.step)) {
		if (curve || vi)
			trace_warn(t, "%s: left out", r.step.problem);
		else
			write_none(t, r.step.problem);
		return;
	}
	measure(&r);
	if (vi) {
		if (r.spikes > 0)
			trace_warn(t, "%zu spike%s in the step: left out",
				   r.spikes, r.spikes > 1 ? "s" : "");
		else
			add_point(l, &r);
		return;
	}
	measure_tau(&r);
	if (curve)
		write_curve(&r);
	else
		write_row(&r);
	free(r.status);
}

int
main(int argc, char **argv)
{
	struct traces in;
	struct trace t;
	struct line l = {0};
	size_t n = 0;

	argv = start(argc, argv, &tool);
	check_options();
	gsl_set_error_handler_off();
	traces_open(&in, argv[0]);
	for (; traces_next(&in, &t); n++) {
		if (n == 0)
			start_table(&t);
		visit(&t, &l);
	}
	if (vi)
		write_line(&l, in.in.path);
	traces_close(&in);
	free(l.i);
	free(l.v);
	return WORKED;
}
