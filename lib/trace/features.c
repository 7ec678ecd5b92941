#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "trace/features.h"

/* The voltage before the step is the mean of so many ms, and a spike ends where
 * the slope is back at this part of the steepest fall: both as in AllenSDK. */
#define BASELINE 100
#define PART_OF_DOWNSTROKE 0.01

/* If so many standard deviations of the slope's noise at rest exceed the slope
 * at which spikes begin, the noise hides it. */
#define NOISE 3

static bool whole;
static double burst_isi = 20;

const struct opt features_opts[] = {
	OPT_FLAG(0, "whole", &whole,
		 "measure all of a trace, not only its current step"),
	OPT_NUM_IN(0, "isi", "ms", &burst_isi, "[0,inf]",
		   "the longest interval within a burst (20)"),
	OPT_END,
};

#define SPIKE(k, n, m) QUANTITY(k, n, struct features_spike, m)
#define TRACE(k, n, m) QUANTITY(k, n, struct features_trace, m)

const struct quantity features_columns[] = {
	SPIKE(TEXT, "sweep", sweep),
	SPIKE(INT, "spike", spike),
	SPIKE(REAL, "threshold_ms", onset_ms),
	SPIKE(REAL, "threshold_mV", onset_mV),
	SPIKE(REAL, "upstroke_mV_ms", upstroke),
	SPIKE(REAL, "peak_ms", peak_ms),
	SPIKE(REAL, "peak_mV", peak_mV),
	SPIKE(REAL, "amplitude_mV", amplitude),
	SPIKE(REAL, "downstroke_mV_ms", downstroke),
	SPIKE(REAL, "upstroke_downstroke_ratio", ratio),
	SPIKE(REAL, "fast_trough_ms", fast_trough_ms),
	SPIKE(REAL, "fast_trough_mV", fast_trough_mV),
	SPIKE(REAL, "trough_ms", trough_ms),
	SPIKE(REAL, "trough_mV", trough_mV),
	SPIKE(REAL, "fast_ahp_mV", fast_ahp),
	SPIKE(REAL, "ahp_depth_mV", ahp_depth),
	SPIKE(REAL, "width_ms", width),
	SPIKE(REAL, "half_width_ms", half_width),
	SPIKE(REAL, "isi_ms", isi),
	QUANTITY_END,
};

const struct quantity features_trace_columns[] = {
	TRACE(TEXT, "sweep", sweep),
	TRACE(REAL, "from_ms", from),
	TRACE(REAL, "to_ms", to),
	TRACE(REAL, "amp_pA", amp_pA),
	TRACE(REAL, "v_rest_mV", rest),
	TRACE(INT, "spikes", spikes),
	TRACE(REAL, "rate_Hz", rate_Hz),
	TRACE(REAL, "latency_ms", latency),
	TRACE(REAL, "first_isi_ms", first_isi),
	TRACE(REAL, "last_isi_ms", last_isi),
	TRACE(REAL, "mean_isi_ms", mean_isi),
	TRACE(REAL, "median_isi_ms", median_isi),
	TRACE(REAL, "isi_cv", isi_cv),
	TRACE(REAL, "adaptation", adaptation),
	TRACE(INT, "bursts", bursts),
	TRACE(REAL, "spikes_per_burst", spikes_per_burst),
	TRACE(INT, "block", block),
	QUANTITY_END,
};

/* Where a spike ends; NONE where it does not. */
#define NONE SIZE_MAX
struct tail {
	size_t downstroke, fast_trough, trough;
};

static void
take_step(struct features *f, const struct step *s)
{
	f->first = f->nrest = 0;
	f->end = f->t->n;
	f->amp_pA = f->rest = NAN;
	if (!s) /* a cell that was left alone */
		return;
	f->amp_pA = 1000 * s->amp_nA;
	f->before = s->before;
	f->rest = step_rest(f->t, s->before, BASELINE, &f->nrest);
	if (!whole) {
		f->first = s->before;
		f->end = s->last + 1;
	}
}

/* Warn once: a table has tens of sweeps that are alike. */
static void
warn_of_noise(const struct features *f)
{
	static bool has_warned;
	double *work = zeros(f->nrest, sizeof *work), noise;

	noise = NOISE * gsl_stats_mad(f->slope + f->before - f->nrest, 1,
				      f->nrest, work);
	free(work);
	if (has_warned ||
	    noise <= detect_onset_slope(f->slope, f->shape, f->spikes.n))
		return;
	has_warned = true;
	trace_warn(f->t, "noise hides where spikes begin: say --filter, or a "
			 "lower one");
}

/* Also once. */
static void
warn_of_spikes(const struct features *f)
{
	static bool has_warned;
	size_t n, at;

	if (has_warned || f->nrest == 0)
		return;
	n = detect_count_rest(f->t, f->before, f->nrest, &at);
	if (n == 0)
		return;
	has_warned = true;
	trace_warn(f->t,
		   "%zu spike%s in the rest before the step, the first at %g "
		   "ms: v_rest_mV is a mean with %s in it",
		   n, n > 1 ? "s" : "", trace_time(f->t, at),
		   n > 1 ? "them" : "it");
}

void
features_find(struct features *f, const struct trace *t, const struct step *s)
{
	f->t = t;
	take_step(f, s);
	detect_find(&f->spikes, t, f->first, f->end);
	f->slope = detect_slopes(t); /* not while there are those of a search */
	warn_of_spikes(f);
	f->shape = detect_shapes(t, f->slope, &f->spikes, f->first, f->end);
	if (f->spikes.n > 0 && f->nrest > 0)
		warn_of_noise(f);
}

void
features_forget(struct features *f)
{
	free(f->slope);
	free(f->shape);
	free(f->spikes.at);
	*f = (struct features){0};
}

/* The end of the samples from a peak up to the next spike, or up to the last
 * one that is measured, which is not included. */
static size_t
end_of(const struct features *f, size_t i)
{
	return i + 1 < f->spikes.n ? f->shape[i + 1].onset : f->end - 1;
}

/* Is the last spike cut off, so that the voltage never comes back to where it
 * began? */
static bool
is_clipped(const struct features *f, size_t i)
{
	const struct detect_shape *p = &f->shape[i];

	return i + 1 == f->spikes.n &&
	       f->t->v[detect_lowest(f->t->v, p->peak, f->end)] >
		       f->t->v[p->onset];
}

static struct tail
tail_of(const struct features *f, size_t i)
{
	size_t peak = f->shape[i].peak, end = end_of(f, i), k;
	struct tail tail = {NONE, NONE, NONE};
	double flat;

	if (is_clipped(f, i) || peak >= end)
		return tail;
	k = detect_lowest(f->t->v, peak, end);
	if (k == peak) /* it never falls */
		return tail;
	tail.trough = k;
	tail.downstroke = detect_lowest(f->slope, peak, tail.trough);
	k = detect_lowest(f->slope, peak, end);
	flat = PART_OF_DOWNSTROKE * f->slope[k];
	while (k < end && f->slope[k] < flat)
		k++;
	if (k < end)
		tail.fast_trough = k;
	return tail;
}

static double
time_at(const struct features *f, size_t sample)
{
	return sample == NONE ? NAN : trace_time(f->t, sample);
}

static double
voltage_at(const struct features *f, size_t sample)
{
	return sample == NONE ? NAN : f->t->v[sample];
}

static double
slope_at(const struct features *f, size_t sample)
{
	return sample == NONE ? NAN : f->slope[sample];
}

/* Go down from a peak to the first sample that is not above a level, or to the
 * end, which is before or after it. */
static size_t
down_to(const double *v, double level, size_t peak, size_t end)
{
	size_t k = peak;

	while (k != end && v[k] > level)
		k += end > peak ? 1 : (size_t)-1;
	return k;
}

/* AllenSDK's width: between samples, half way from the fast trough to the peak,
 * or from the onset if that is higher.  NaN if the voltage is not so low on
 * both sides. */
static double
width_of(const struct features *f, size_t i, size_t fast_trough)
{
	const struct detect_shape *p = &f->shape[i];
	const double *v = f->t->v;
	size_t begin, end;
	double level;

	if (fast_trough == NONE)
		return NAN;
	level = (v[p->peak] - v[fast_trough]) / 2 + v[fast_trough];
	if (level < v[p->onset])
		level = (v[p->peak] - v[p->onset]) / 2 + v[p->onset];
	begin = down_to(v, level, p->peak, p->onset);
	end = down_to(v, level, p->peak, fast_trough);
	if (begin == p->onset || end == fast_trough)
		return NAN;
	return trace_time(f->t, end) - trace_time(f->t, begin);
}

/* The time at which the voltage was at a level between two samples, by a
 * straight line. */
static double
crossing(const struct trace *t, size_t k, double level)
{
	double part = (level - t->v[k]) / (t->v[k + 1] - t->v[k]);

	return trace_time(t, k) +
	       part * (trace_time(t, k + 1) - trace_time(t, k));
}

/* eFEL's AP_duration_half_width: half way from the onset to the peak, here
 * between the samples as its spike_half_width has it. */
static double
half_width_of(const struct features *f, size_t i)
{
	const struct detect_shape *p = &f->shape[i];
	const double *v = f->t->v;
	double level = (v[p->peak] + v[p->onset]) / 2;
	size_t begin = down_to(v, level, p->peak, p->onset);
	size_t end = down_to(v, level, p->peak, end_of(f, i));

	if (v[begin] > level || v[end] > level || begin == end)
		return NAN;
	return crossing(f->t, end - 1, level) - crossing(f->t, begin, level);
}

/* ---- A spike ---- */

static double
isi_before(const struct features *f, size_t i)
{
	if (i == 0)
		return NAN;
	return trace_time(f->t, f->shape[i].onset) -
	       trace_time(f->t, f->shape[i - 1].onset);
}

static void
measure_tail(const struct features *f, size_t i, struct features_spike *r)
{
	const struct detect_shape *p = &f->shape[i];
	struct tail tail = tail_of(f, i);

	r->downstroke = slope_at(f, tail.downstroke);
	r->ratio = r->upstroke / -r->downstroke;
	r->fast_trough_ms = time_at(f, tail.fast_trough);
	r->fast_trough_mV = voltage_at(f, tail.fast_trough);
	r->trough_ms = time_at(f, tail.trough);
	r->trough_mV = voltage_at(f, tail.trough);
	r->fast_ahp = f->t->v[p->onset] - r->fast_trough_mV;
	r->ahp_depth = r->trough_mV - f->rest;
	r->width = width_of(f, i, tail.fast_trough);
}

void
features_measure_spike(const struct features *f, size_t i,
		       struct features_spike *r)
{
	const struct detect_shape *p = &f->shape[i];

	r->sweep = f->t->name;
	r->spike = (int64_t)i + 1;
	r->onset_ms = trace_time(f->t, p->onset);
	r->onset_mV = f->t->v[p->onset];
	r->upstroke = f->slope[p->upstroke];
	r->peak_ms = trace_time(f->t, p->peak);
	r->peak_mV = f->t->v[p->peak];
	r->amplitude = r->peak_mV - r->onset_mV;
	measure_tail(f, i, r);
	r->half_width = half_width_of(f, i);
	r->isi = isi_before(f, i);
}

/* ---- A trace ---- */

static double *
intervals_of(const struct features *f)
{
	double *isi = zeros(f->spikes.n, sizeof *isi);
	size_t i;

	for (i = 1; i < f->spikes.n; i++)
		isi[i - 1] = isi_before(f, i);
	return isi;
}

/* The standard deviation is AllenSDK's, divided by the number of intervals, not
 * by one less. */
static double
cv_of(const double *isi, size_t n)
{
	double mean;

	if (n < 2)
		return NAN;
	mean = gsl_stats_mean(isi, 1, n);
	return gsl_stats_sd_with_fixed_mean(isi, 1, n, mean) / mean;
}

static double
adaptation_of(const double *isi, size_t n)
{
	double sum = 0;
	size_t i;

	if (n < 2)
		return NAN;
	for (i = 1; i < n; i++)
		sum += (isi[i] - isi[i - 1]) / (isi[i] + isi[i - 1]);
	return sum / (double)(n - 1);
}

/* Count the runs of short intervals; *spikes is how many spikes they have in
 * all. */
static int64_t
count_bursts(const double *isi, size_t n, int64_t *spikes)
{
	int64_t bursts = 0;
	bool in_one = false;
	size_t i;

	*spikes = 0;
	for (i = 0; i < n; i++) {
		bool is_short = isi[i] <= burst_isi;

		if (is_short && !in_one) {
			bursts++;
			++*spikes;
		}
		*spikes += is_short ? 1 : 0;
		in_one = is_short;
	}
	return bursts;
}

static void
measure_intervals(const struct features *f, struct features_trace *r)
{
	double *isi = intervals_of(f);
	size_t n = f->spikes.n > 0 ? f->spikes.n - 1 : 0;
	int64_t spikes;

	r->bursts = count_bursts(isi, n, &spikes);
	r->spikes_per_burst =
		r->bursts > 0 ? (double)spikes / (double)r->bursts : NAN;
	r->isi_cv = cv_of(isi, n);
	r->adaptation = adaptation_of(isi, n);
	r->first_isi = n > 0 ? isi[0] : NAN;
	r->last_isi = n > 0 ? isi[n - 1] : NAN;
	r->mean_isi = n > 0 ? gsl_stats_mean(isi, 1, n) : NAN;
	gsl_sort(isi, 1, n);
	r->median_isi =
		n > 0 ? gsl_stats_median_from_sorted_data(isi, 1, n) : NAN;
	free(isi);
}

void
features_measure_trace(const struct features *f, struct features_trace *r)
{
	size_t n = f->spikes.n;

	r->sweep = f->t->name;
	r->from = trace_time(f->t, f->first);
	r->to = trace_time(f->t, f->end - 1);
	r->amp_pA = f->amp_pA;
	r->rest = f->rest;
	r->spikes = (int64_t)n;
	r->rate_Hz = (double)n / ((r->to - r->from) / 1000);
	r->latency =
		n > 0 ? trace_time(f->t, f->shape[0].onset) - r->from : NAN;
	measure_intervals(f, r);
	r->block = detect_blocked(f->t, f->shape, n, f->first, f->end) ? 1 : 0;
}
