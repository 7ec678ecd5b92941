/* passive-fit -- measure a cell at rest by its response to a step of current
 *
 * The response of a passive membrane is a sum of exponentials.  A fit that is
 * not to be believed is refused, with the reason in the table. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "trace/decay.h"
#include "trace/detect.h"
#include "trace/spacing.h"
#include "trace/step.h"

/* So many time constants after a change of the current the voltage is within
 * 1 % of where it goes. */
#define SETTLED 5

enum { SIMPLE, EXP, EXP2 };
enum { ALLEN, WHOLE };

static unsigned method = EXP, window = ALLEN;
static double baseline = 100, peak_width = 5;
static double area = NAN; /* not known */
static bool grid, by_peak, curve, vi;

static const struct opt opts[] = {
	OPT_WORD(0, "method", "name", &method, "simple|exp|exp2",
		 "measure tau by this"),
	OPT_WORD(0, "window", "name", &window, "allen|whole",
		 "fit exp to these samples"),
	OPT_FLAG(0, "grid", &grid,
		 "simple: the first sample past it, not interpolated"),
	OPT_NUM_IN(0, "baseline", "ms", &baseline, "[0,inf)",
		   "average so long for rest and steady state (100)"),
	OPT_NUM_IN(0, "peak-width", "ms", &peak_width, "[0,inf)",
		   "average so long for the peak of the sag (5)"),
	OPT_FLAG(0, "peak", &by_peak,
		 "input resistance at the peak, not the steady state"),
	OPT_NUM_IN(0, "area", "um2", &area, "(0,inf)",
		   "add leak and capacitance of a membrane of this area"),
	OPT_FLAG(0, "curve", &curve, "write the fitted curve instead"),
	OPT_FLAG(0, "vi", &vi,
		 "write the input resistance of all sweeps instead"),
	OPT_TABLE(detect_opts),
	OPT_TABLE(step_opts),
	OPT_TABLE(trace_opts),
	OPT_TABLE(out_opts),
	OPT_NEEDS("window", "method=exp"),
	OPT_NEEDS("grid", "method=simple"),
	OPT_NEEDS("filter", "detect=dvdt"),
	OPT_EXCLUDE("curve vi"),
	OPT_NOT_WITH("curve", "method=simple peak"),
	OPT_NOT_WITH("vi", "method window"),
	OPT_NOT_WITH("curve vi", "peak-width area"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure input resistance, time constant and sag",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* ---- What is measured of a trace ---- */

struct response {
	const struct trace *t;
	struct step step;
	double sign;        /* of the step */
	size_t nrest;       /* how many samples rest is the mean of; 0: one */
	double rest, final; /* mV */
	size_t peak;        /* sample */
	double peak_mean;   /* mV, of peak_width around it */
	double r_in;
	size_t spikes, spikes_before; /* in the step, and in the rest */

	double tau; /* NaN if there is none */
	const char *method;
	struct decay fit;          /* the one that tau is from, if fitted */
	bool fitted, instead;      /* by another method than that asked for */
	size_t fit_first, fit_end; /* its samples, and its time 0: */
	double fit_zero;
	char *status;
};

static double
time_of(const struct response *r, size_t sample)
{
	return r->t->t[sample];
}

/* The steady state is a tenth of the step at most. */
static void
measure_levels(struct response *r)
{
	size_t before = r->step.before, last = r->step.last, n;
	double start = time_of(r, before), end = time_of(r, last);
	double length = fmin(baseline, (end - start) / 10);

	r->rest = step_rest(r->t, before, baseline, &r->nrest);
	r->final = spacing_mean(
		r->t, fmax(end - length, time_of(r, before + 1)), end, &n);
}

/* Around the peak, within the step. */
static void
measure_peak(struct response *r)
{
	const double *v = r->t->v;
	size_t k, first = r->step.before + 1, end = r->step.last + 1;
	double low, high;

	r->peak = first;
	for (k = first; k < end; k++)
		if (r->sign * v[k] > r->sign * v[r->peak])
			r->peak = k;
	low = time_of(r, r->peak) - peak_width / 2;
	high = time_of(r, r->peak) + peak_width / 2;
	/* Evenly spaced samples stand for the time to the next one. */
	r->peak_mean = spacing_mean(
		r->t, fmax(low, time_of(r, first)),
		fmin(high, time_of(r, r->step.last) + r->t->dt), &k);
	if (k == 0)
		r->peak_mean = v[r->peak];
}

static void
count_spikes(struct response *r)
{
	size_t before = r->step.before, at;

	r->spikes = detect_count(r->t, before, r->step.last + 1, &at);
	r->spikes_before = detect_count_rest(r->t, before, r->nrest, &at);
}

/* Where there are spikes, in new memory, or NULL. */
static char *
say_spikes(const struct response *r)
{
	size_t n = r->spikes, m = r->spikes_before;

	if (n + m == 0)
		return NULL;
	if (m == 0)
		return format("%zu spike%s in the step", n, n > 1 ? "s" : "");
	if (n == 0)
		return format("%zu spike%s before the step", m,
			      m > 1 ? "s" : "");
	return format("%zu spike%s before the step; %zu in it", m,
		      m > 1 ? "s" : "", n);
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
	count_spikes(r);
	r->tau = NAN;
	r->method = "";
}

/* The first sample, from the one before the step on, that is past a voltage in
 * the direction of the step; the one after the step if there is none. */
static size_t
first_past(const struct response *r, double v)
{
	size_t k = r->step.before;

	while (k <= r->step.last && r->sign * r->t->v[k] < r->sign * v)
		k++;
	return k;
}

/* Is the deflection a few steps of the last digit, and without noise, which
 * would make the mean of them right? */
static bool
is_coarse(const struct response *r)
{
	const double *v = r->t->v + r->step.before;
	size_t n = r->step.last + 1 - r->step.before, k;
	double digit = spacing_digit(v, n);

	for (k = n - n / 10; k < n; k++)
		if (fabs(v[k] - v[n - 1]) > 1.5 * digit)
			return false;
	return fabs(r->final - r->rest) < DECAY_LEAST_DIGITS * digit;
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

/* ---- Fits ---- */

/* Fit the samples [first, end), with time from that of sample zero.  NULL, or
 * why the fit is refused. */
static char *
fit_samples(struct response *r, struct decay *f, size_t first, size_t end,
	    size_t zero)
{
	double length = time_of(r, r->step.last) - time_of(r, r->step.before);
	size_t parameters = decay_parameters(f), k;
	size_t n = end > first ? end - first : 0;
	char *why;

	if (n <= parameters)
		return format("too few samples: %zu for %zu parameters", n,
			      parameters);
	decay_open(f, n);
	for (k = 0; k < n; k++) {
		f->t[k] = time_of(r, first + k) - time_of(r, zero);
		f->v[k] = r->t->v[first + k] - r->rest;
	}
	f->nrest = r->nrest;
	f->digit = spacing_digit(r->t->v + first, n);
	decay_fit(f);
	why = decay_doubt(f, r->final - r->rest, length);
	decay_close(f);
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
	struct decay f = {.terms = 1, .free_start = true};
	double peak = r->t->v[r->peak];
	size_t first = first_past(r, r->rest + 0.1 * (peak - r->rest));
	char *why = fit_samples(r, &f, first, r->peak, first);

	r->method = why ? "" : "exp-allen";
	return why;
}

static char *
fit_whole(struct response *r)
{
	struct decay f = {.terms = method == EXP2 ? 2 : 1};
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

/* After a change of the current before the step, the voltage is still on its
 * way: it goes as e to the minus time since, in time constants. */
static void
doubt_rest(struct response *r)
{
	size_t since = step_rest_since(r->t, r->step.before);
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
	r->status = say_spikes(r);
	if (r->status)
		;
	else if (r->sign * (r->final - r->rest) <= 0)
		r->status = format("no deflection in the direction of the "
				   "step");
	else if (method == SIMPLE && is_coarse(r))
		r->status = format("degenerate: a deflection of %.3g mV in a "
				   "few steps of the last digit",
				   r->final - r->rest);
	else if (method == SIMPLE)
		measure_simple(r);
	else if (method == EXP && window == ALLEN)
		r->status = fit_allen(r);
	else
		r->status = fit_whole(r);
	doubt_rest(r);
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

/* Write the parameters of the fit that was asked for, and none of another one.
 */
static void
write_fit(const struct response *r)
{
	size_t terms = method == SIMPLE ? 0 : method == EXP ? 1 : 2, k;
	const struct decay *f = &r->fit;
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

/* The cell is one compartment: its conductance is that of all the membrane. */
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
	const struct decay *f = &r->fit;
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

/* Write the row of a sweep without a step, among others. */
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

/* Write samples from as long before the step as rest is, to its end. */
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
			v = decay_at(&r->fit, r->rest,
				     time_of(r, k) - r->fit_zero);
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
struct vi_line {
	double *i, *v;
	size_t n, icap, vcap;
};

static void
add_point(struct vi_line *l, const struct response *r)
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
write_line(const struct vi_line *l, const char *path)
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
visit(const struct trace *t, struct vi_line *l)
{
	struct response r = {.t = t};

	if (!t->name) {
		step_find(t, &r.step);
	} else if (!step_seek(t, &r.step)) {
		if (curve || vi)
			trace_warn(t, "%s: left out", r.step.problem);
		else
			write_none(t, r.step.problem);
		return;
	}
	measure(&r);
	if (vi) {
		r.status = say_spikes(&r);
		if (r.status)
			trace_warn(t, "%s: left out", r.status);
		else
			add_point(l, &r);
		free(r.status);
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
	struct vi_line l = {0};
	size_t n = 0;

	argv = start(argc, argv, &tool);
	step_check();
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
