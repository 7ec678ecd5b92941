#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trace/detect.h"
#include "trace/passive.h"
#include "trace/spacing.h"

/* So many time constants after a change of the current the voltage is within
 * 1 % of where it goes. */
#define SETTLED 5

enum { SIMPLE, EXP, EXP2 };
enum { ALLEN, WHOLE };

static unsigned method = EXP, window = ALLEN;
static double baseline = 100, peak_width = 5;
static double area = NAN; /* not known */
static bool grid, by_peak;

const struct opt passive_opts[] = {
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
	OPT_NEEDS("window", "method=exp"),
	OPT_NEEDS("grid", "method=simple"),
	OPT_END,
};

/* ---- Columns ---- */

#define REAL(n, m) QUANTITY(REAL, n, struct passive, m)
#define TEXT(n, m) QUANTITY(TEXT, n, struct passive, m)

static const struct quantity all_columns[] = {
	TEXT("sweep", sweep),
	REAL("v_rest_mV", rest),
	REAL("v_final_mV", final),
	REAL("amp_pA", amp_pA),
	REAL("r_in_MOhm", r_in),
	REAL("tau_ms", tau),
	TEXT("tau_method", tau_method),
	REAL("sag_mV", sag),
	REAL("sag_ratio", sag_ratio),
	REAL("c_in_pF", c_in),
	REAL("rss", rss),
	REAL("r2", r2),
	REAL("tau_se", se),
	TEXT("status", said),
	QUANTITY_END,
};

static const struct quantity columns_of_fit[] = {
	REAL("v_inf_mV", inf), REAL("a1_mV", a1),     REAL("tau1_ms", tau1),
	REAL("a2_mV", a2),     REAL("tau2_ms", tau2), QUANTITY_END,
};

static const struct quantity columns_of_area[] = {
	REAL("g_leak_S_cm2", g_leak),
	REAL("c_m_uF_cm2", c_m),
	REAL("e_leak_mV", e_leak),
	QUANTITY_END,
};

const struct quantity *
passive_columns(void)
{
	static struct quantity q[LEN(all_columns) + LEN(columns_of_fit) +
				 LEN(columns_of_area)];
	size_t n = LEN(all_columns) - 1, k;
	size_t of_fit = method == SIMPLE ? 0 : method == EXP ? 3 : 5;

	memcpy(q, all_columns, sizeof all_columns);
	for (k = 0; k < of_fit; k++)
		q[n++] = columns_of_fit[k];
	for (k = 0; !isnan(area) && columns_of_area[k].name; k++)
		q[n++] = columns_of_area[k];
	q[n] = (struct quantity)QUANTITY_END;
	return q;
}

static void
clear(struct passive *p, const struct quantity *q)
{
	for (; q->name; q++) {
		void *at = (char *)p + q->offset;

		if (q->kind == QUANTITY_REAL)
			*(double *)at = NAN;
	}
}

void
passive_lack(struct passive *p, const struct trace *t, const char *why)
{
	*p = (struct passive){.t = t};
	clear(p, all_columns);
	clear(p, columns_of_fit);
	clear(p, columns_of_area);
	p->sweep = t->name ? t->name : "1";
	p->tau_method = "";
	p->status = why ? copy(why) : NULL;
	p->said = p->status;
}

void
passive_free(struct passive *p)
{
	free(p->status);
	p->status = NULL;
}

/* ---- Levels ---- */

static double
time_of(const struct passive *p, size_t sample)
{
	return trace_time(p->t, sample);
}

/* The steady state is a tenth of the step at most. */
static void
measure_levels(struct passive *p)
{
	size_t before = p->step.before, last = p->step.last, n;
	double start = time_of(p, before), end = time_of(p, last);
	double length = fmin(baseline, (end - start) / 10);

	p->rest = step_rest(p->t, before, baseline, &p->nrest);
	p->final = spacing_mean(
		p->t, fmax(end - length, time_of(p, before + 1)), end, &n);
}

/* Around the peak, within the step. */
static void
measure_peak(struct passive *p)
{
	const double *v = p->t->v;
	size_t k, first = p->step.before + 1, end = p->step.last + 1;
	double low, high;

	p->peak = first;
	for (k = first; k < end; k++)
		if (p->sign * v[k] > p->sign * v[p->peak])
			p->peak = k;
	low = time_of(p, p->peak) - peak_width / 2;
	high = time_of(p, p->peak) + peak_width / 2;
	/* Evenly spaced samples stand for the time to the next one. */
	p->peak_mean = spacing_mean(
		p->t, fmax(low, time_of(p, first)),
		fmin(high, time_of(p, p->step.last) + p->t->dt), &k);
	if (k == 0)
		p->peak_mean = v[p->peak];
}

static void
count_spikes(struct passive *p)
{
	size_t before = p->step.before, at;

	p->spikes = detect_count(p->t, before, p->step.last + 1, &at);
	p->spikes_before = detect_count_rest(p->t, before, p->nrest, &at);
}

char *
passive_say_spikes(const struct passive *p)
{
	size_t n = p->spikes, m = p->spikes_before;

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

void
passive_respond(struct passive *p, const struct trace *t, const struct step *s)
{
	double deflection;

	passive_lack(p, t, NULL);
	p->step = *s;
	p->amp_pA = s->amp_nA * 1000;
	p->sign = s->amp_nA > 0 ? 1 : -1;
	measure_levels(p);
	measure_peak(p);
	deflection = (by_peak ? t->v[p->peak] : p->final) - p->rest;
	p->r_in = deflection != 0 ? deflection / s->amp_nA : 0;
	count_spikes(p);
}

/* The first sample, from the one before the step on, that is past a voltage in
 * the direction of the step; the one after the step if there is none. */
static size_t
first_past(const struct passive *p, double v)
{
	size_t k = p->step.before;

	while (k <= p->step.last && p->sign * p->t->v[k] < p->sign * v)
		k++;
	return k;
}

/* Is the deflection a few steps of the last digit, and without noise, which
 * would make the mean of them right? */
static bool
is_coarse(const struct passive *p)
{
	const double *v = p->t->v + p->step.before;
	size_t n = p->step.last + 1 - p->step.before, k;
	double digit = spacing_digit(v, n);

	for (k = n - n / 10; k < n; k++)
		if (fabs(v[k] - v[n - 1]) > 1.5 * digit)
			return false;
	return fabs(p->final - p->rest) < DECAY_LEAST_DIGITS * digit;
}

static void
measure_simple(struct passive *p)
{
	double v = p->final - (p->final - p->rest) / M_E, since = 0;
	size_t k = first_past(p, v);
	const double *u = p->t->v;

	if (k > p->step.last) {
		p->status = format("no sample past 1-1/e of the deflection");
		return;
	}
	if (!grid && k > p->step.before)
		since = (u[k] - v) / (u[k] - u[k - 1]) *
			(time_of(p, k) - time_of(p, k - 1));
	p->tau = time_of(p, k) - since - time_of(p, p->step.before);
	p->tau_method = grid ? "simple-grid" : "simple";
}

/* ---- Fits ---- */

/* Fit the samples [first, end), with time from that of sample zero.  NULL, or
 * why the fit is refused. */
static char *
fit_samples(struct passive *p, struct decay *f, size_t first, size_t end,
	    size_t zero)
{
	double length = time_of(p, p->step.last) - time_of(p, p->step.before);
	size_t parameters = decay_parameters(f), k;
	size_t n = end > first ? end - first : 0;
	char *why;

	if (n <= parameters)
		return format("too few samples: %zu for %zu parameters", n,
			      parameters);
	decay_open(f, n);
	for (k = 0; k < n; k++) {
		f->t[k] = time_of(p, first + k) - time_of(p, zero);
		f->v[k] = p->t->v[first + k] - p->rest;
	}
	f->nrest = p->nrest;
	f->digit = spacing_digit(p->t->v + first, n);
	decay_fit(f);
	why = decay_doubt(f, p->final - p->rest, length);
	decay_close(f);
	if (why)
		return why;
	p->fit = *f;
	p->fitted = true;
	p->fit_first = first;
	p->fit_end = end;
	p->fit_zero = time_of(p, zero);
	p->tau = f->tau[0];
	return NULL;
}

static char *
fit_allen(struct passive *p)
{
	struct decay f = {.terms = 1, .free_start = true};
	double peak = p->t->v[p->peak];
	size_t first = first_past(p, p->rest + 0.1 * (peak - p->rest));
	char *why = fit_samples(p, &f, first, p->peak, first);

	p->tau_method = why ? "" : "exp-allen";
	return why;
}

static char *
fit_whole(struct passive *p)
{
	struct decay f = {.terms = method == EXP2 ? 2 : 1};
	size_t before = p->step.before;
	char *why, *also, *both;

	why = fit_samples(p, &f, before + 1, p->step.last + 1, before);
	if (!why) {
		p->tau_method = method == EXP2 ? "exp2" : "exp";
		return NULL;
	}
	also = fit_allen(p);
	p->instead = true;
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
doubt_rest(struct passive *p)
{
	size_t since = step_rest_since(p->t, p->step.before);
	double time;

	if (since == 0 || p->status)
		return;
	time = time_of(p, p->step.before) - time_of(p, since - 1);
	if (time < SETTLED * p->tau)
		p->status = format("rest is not settled: the current changes "
				   "%.3g ms before the step",
				   time);
}

static void
measure_tau(struct passive *p)
{
	p->status = passive_say_spikes(p);
	if (p->status)
		;
	else if (p->sign * (p->final - p->rest) <= 0)
		p->status = format("no deflection in the direction of the "
				   "step");
	else if (method == SIMPLE && is_coarse(p))
		p->status = format("degenerate: a deflection of %.3g mV in a "
				   "few steps of the last digit",
				   p->final - p->rest);
	else if (method == SIMPLE)
		measure_simple(p);
	else if (method == EXP && window == ALLEN)
		p->status = fit_allen(p);
	else
		p->status = fit_whole(p);
	doubt_rest(p);
}

/* Of the fit that was asked for, and of none another. */
static void
take_fit(struct passive *p)
{
	const struct decay *f = &p->fit;
	size_t k;

	if (!p->fitted)
		return;
	p->rss = f->rss;
	p->r2 = f->tss > 0 ? 1 - f->rss / f->tss : NAN;
	p->se = f->se[0];
	if (p->instead)
		return;
	p->inf = p->rest + f->start;
	for (k = 0; k < f->terms; k++)
		p->inf -= f->a[k];
	p->a1 = f->a[0];
	p->tau1 = f->tau[0];
	if (f->terms == 2) {
		p->a2 = f->a[1];
		p->tau2 = f->tau[1];
	}
}

/* The cell is one compartment: its conductance is that of all the membrane. */
static void
derive_leak(struct passive *p)
{
	double leak = 100 / (p->r_in * area);

	p->e_leak = p->rest;
	if (!isfinite(leak))
		return;
	p->g_leak = leak;
	p->c_m = 1000 * p->tau * leak;
}

void
passive_measure(struct passive *p)
{
	double all = p->peak_mean - p->rest;

	measure_tau(p);
	p->sag = p->peak_mean - p->final;
	p->sag_ratio = all == 0 ? NAN : p->sag == 0 ? 0 : p->sag / all;
	p->c_in = p->r_in != 0 ? 1000 * p->tau / p->r_in : NAN;
	take_fit(p);
	derive_leak(p);
	p->said = p->status ? p->status : "ok";
}
