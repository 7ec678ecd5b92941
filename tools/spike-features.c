/* spike-features -- measure the spikes of a voltage trace
 *
 * detect.h finds the spikes, and where each begins, rises fastest and is
 * highest; this tool goes on from there to the next spike.  The numbers
 * are AllenSDK's where it has them, on the samples as they are, and eFEL's
 * otherwise.  A trace is in memory as a whole, one after the other. */
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "out.h"
#include "trace/detect.h"
#include "trace/step.h"

/* The voltage before the step is the mean of so many ms, and a spike ends where
 * the slope is back at this part of the steepest fall: both as in AllenSDK. */
#define BASELINE 100
#define PART_OF_DOWNSTROKE 0.01

/* If so many standard deviations of the slope's noise at rest exceed the slope
 * at which spikes begin, the noise hides it. */
#define NOISE 3

static bool summary, whole;
static double burst_isi = 20;

static const struct opt opts[] = {
	OPT_FLAG(0, "summary", &summary, "write a row for each trace instead"),
	OPT_FLAG(0, "whole", &whole,
		 "measure all of a trace, not only its current step"),
	OPT_NUM_IN(0, "burst-isi", "ms", &burst_isi, "[0,inf]",
		   "the longest interval within a burst (20)"),
	OPT_TABLE(detect_opts),
	OPT_TABLE(trace_opts),
	OPT_TABLE(step_opts),
	OPT_TABLE(out_opts),
	OPT_NEEDS("burst-isi", "summary"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure the spikes of a voltage trace",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* A trace and what was found in its samples [first, end). */
struct sweep {
	struct trace t;
	double *slope;
	double amp_pA, rest; /* NaN without a step */
	size_t before; /* the last sample of the rest, and how many there are */
	size_t nrest;  /* before that */
	size_t first, end;
	struct detect_spikes spikes;
	struct detect_shape *shape;
};

/* Where a spike ends; NONE where it does not. */
#define NONE SIZE_MAX
struct tail {
	size_t downstroke, fast_trough, trough;
};

static void
measure_step(struct sweep *s)
{
	struct step step;

	s->first = s->nrest = 0;
	s->end = s->t.n;
	s->amp_pA = s->rest = NAN;
	if (!step_seek(&s->t, &step)) /* of a cell that was left alone */
		return;
	s->amp_pA = 1000 * step.amp_nA;
	s->before = step.before;
	s->rest = step_rest(&s->t, step.before, BASELINE, &s->nrest);
	if (!whole) {
		s->first = step.before;
		s->end = step.last + 1;
	}
}

/* Warn once: a table has tens of sweeps that are alike. */
static void
warn_of_noise(const struct sweep *s)
{
	static bool has_warned;
	double *work = zeros(s->nrest, sizeof *work), noise;

	noise = NOISE * gsl_stats_mad(s->slope + s->before - s->nrest, 1,
				      s->nrest, work);
	free(work);
	if (has_warned ||
	    noise <= detect_onset_slope(s->slope, s->shape, s->spikes.n))
		return;
	has_warned = true;
	trace_warn(&s->t, "noise hides where spikes begin: say --filter, or a "
			  "lower one");
}

/* Also once. */
static void
warn_of_spikes(const struct sweep *s)
{
	static bool has_warned;
	size_t n, at;

	if (has_warned || s->nrest == 0)
		return;
	n = detect_count_rest(&s->t, s->before, s->nrest, &at);
	if (n == 0)
		return;
	has_warned = true;
	trace_warn(&s->t,
		   "%zu spike%s in the rest before the step, the first at %g "
		   "ms: v_rest_mV is a mean with %s in it",
		   n, n > 1 ? "s" : "", s->t.t[at], n > 1 ? "them" : "it");
}

static void
measure(struct sweep *s)
{
	measure_step(s);
	s->slope = detect_slopes(&s->t);
	warn_of_spikes(s);
	detect_find(&s->spikes, &s->t, s->first, s->end);
	s->shape = detect_shapes(&s->t, s->slope, &s->spikes, s->first, s->end);
	if (s->spikes.n > 0 && s->nrest > 0)
		warn_of_noise(s);
}

static void
forget(struct sweep *s)
{
	free(s->slope);
	free(s->shape);
}

/* The end of the samples from a peak up to the next spike, or up to the last
 * one that is measured, which is not included. */
static size_t
end_of(const struct sweep *s, size_t i)
{
	return i + 1 < s->spikes.n ? s->shape[i + 1].onset : s->end - 1;
}

/* Is the last spike cut off, so that the voltage never comes back to where it
 * began? */
static bool
is_clipped(const struct sweep *s, size_t i)
{
	const struct detect_shape *p = &s->shape[i];

	return i + 1 == s->spikes.n &&
	       s->t.v[detect_lowest(s->t.v, p->peak, s->end)] >
		       s->t.v[p->onset];
}

static struct tail
tail_of(const struct sweep *s, size_t i)
{
	size_t peak = s->shape[i].peak, end = end_of(s, i), k;
	struct tail tail = {NONE, NONE, NONE};
	double flat;

	if (is_clipped(s, i) || peak >= end)
		return tail;
	k = detect_lowest(s->t.v, peak, end);
	if (k == peak) /* it never falls */
		return tail;
	tail.trough = k;
	tail.downstroke = detect_lowest(s->slope, peak, tail.trough);
	k = detect_lowest(s->slope, peak, end);
	flat = PART_OF_DOWNSTROKE * s->slope[k];
	while (k < end && s->slope[k] < flat)
		k++;
	if (k < end)
		tail.fast_trough = k;
	return tail;
}

static double
time_at(const struct sweep *s, size_t sample)
{
	return sample == NONE ? NAN : s->t.t[sample];
}

static double
voltage_at(const struct sweep *s, size_t sample)
{
	return sample == NONE ? NAN : s->t.v[sample];
}

static double
slope_at(const struct sweep *s, size_t sample)
{
	return sample == NONE ? NAN : s->slope[sample];
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
width_of(const struct sweep *s, size_t i, size_t fast_trough)
{
	const struct detect_shape *p = &s->shape[i];
	const double *v = s->t.v;
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
	return s->t.t[end] - s->t.t[begin];
}

/* The time at which the voltage was at a level between two samples, by a
 * straight line. */
static double
crossing(const struct trace *t, size_t k, double level)
{
	double part = (level - t->v[k]) / (t->v[k + 1] - t->v[k]);

	return t->t[k] + part * (t->t[k + 1] - t->t[k]);
}

/* eFEL's AP_duration_half_width: half way from the onset to the peak, here
 * between the samples as its spike_half_width has it. */
static double
half_width_of(const struct sweep *s, size_t i)
{
	const struct detect_shape *p = &s->shape[i];
	const double *v = s->t.v;
	double level = (v[p->peak] + v[p->onset]) / 2;
	size_t begin = down_to(v, level, p->peak, p->onset);
	size_t end = down_to(v, level, p->peak, end_of(s, i));

	if (v[begin] > level || v[end] > level || begin == end)
		return NAN;
	return crossing(&s->t, end - 1, level) - crossing(&s->t, begin, level);
}

/* ---- A row for each spike ---- */

static double
isi_before(const struct sweep *s, size_t i)
{
	if (i == 0)
		return NAN;
	return s->t.t[s->shape[i].onset] - s->t.t[s->shape[i - 1].onset];
}

static void
spike_header(const struct sweep *s)
{
	static const char *const names[] = {
		"sweep",
		"spike",
		"threshold_ms",
		"threshold_mV",
		"upstroke_mV_ms",
		"peak_ms",
		"peak_mV",
		"amplitude_mV",
		"downstroke_mV_ms",
		"upstroke_downstroke_ratio",
		"fast_trough_ms",
		"fast_trough_mV",
		"trough_ms",
		"trough_mV",
		"fast_ahp_mV",
		"ahp_depth_mV",
		"width_ms",
		"half_width_ms",
		"isi_ms",
		NULL,
	};

	out_names(s->t.name ? names : names + 1);
}

static void
write_tail(const struct sweep *s, size_t i)
{
	const struct detect_shape *p = &s->shape[i];
	struct tail tail = tail_of(s, i);

	out_real(slope_at(s, tail.downstroke));
	out_real(s->slope[p->upstroke] / -slope_at(s, tail.downstroke));
	out_real(time_at(s, tail.fast_trough));
	out_real(voltage_at(s, tail.fast_trough));
	out_real(time_at(s, tail.trough));
	out_real(voltage_at(s, tail.trough));
	out_real(s->t.v[p->onset] - voltage_at(s, tail.fast_trough));
	out_real(voltage_at(s, tail.trough) - s->rest);
	out_real(width_of(s, i, tail.fast_trough));
}

static void
write_spikes(const struct sweep *s)
{
	size_t i;

	for (i = 0; i < s->spikes.n; i++) {
		const struct detect_shape *p = &s->shape[i];

		if (s->t.name)
			out_text(s->t.name);
		out_int((int64_t)i + 1);
		out_num(s->t.t[p->onset]);
		out_num(s->t.v[p->onset]);
		out_num(s->slope[p->upstroke]);
		out_num(s->t.t[p->peak]);
		out_num(s->t.v[p->peak]);
		out_num(s->t.v[p->peak] - s->t.v[p->onset]);
		write_tail(s, i);
		out_real(half_width_of(s, i));
		out_real(isi_before(s, i));
		out_end();
	}
}

/* ---- A row for each trace ---- */

static double *
intervals_of(const struct sweep *s)
{
	double *isi = zeros(s->spikes.n, sizeof *isi);
	size_t i;

	for (i = 1; i < s->spikes.n; i++)
		isi[i - 1] = isi_before(s, i);
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
summary_header(const struct sweep *s)
{
	static const char *const names[] = {
		"sweep",        "from_ms",
		"to_ms",        "amp_pA",
		"v_rest_mV",    "spikes",
		"rate_Hz",      "latency_ms",
		"first_isi_ms", "last_isi_ms",
		"mean_isi_ms",  "median_isi_ms",
		"isi_cv",       "adaptation",
		"bursts",       "spikes_per_burst",
		"block",        NULL,
	};

	out_names(s->t.name ? names : names + 1);
}

static void
write_intervals(const struct sweep *s)
{
	double *isi = intervals_of(s);
	size_t n = s->spikes.n > 0 ? s->spikes.n - 1 : 0;
	int64_t spikes, bursts = count_bursts(isi, n, &spikes);
	double cv = cv_of(isi, n), adaptation = adaptation_of(isi, n);

	out_real(n > 0 ? isi[0] : NAN);
	out_real(n > 0 ? isi[n - 1] : NAN);
	out_real(n > 0 ? gsl_stats_mean(isi, 1, n) : NAN);
	gsl_sort(isi, 1, n);
	out_real(n > 0 ? gsl_stats_median_from_sorted_data(isi, 1, n) : NAN);
	out_real(cv);
	out_real(adaptation);
	out_int(bursts);
	out_real(bursts > 0 ? (double)spikes / (double)bursts : NAN);
	free(isi);
}

static void
write_summary(const struct sweep *s)
{
	double from = s->t.t[s->first], to = s->t.t[s->end - 1];
	bool is_block =
		detect_blocked(&s->t, s->shape, s->spikes.n, s->first, s->end);

	if (s->t.name)
		out_text(s->t.name);
	out_num(from);
	out_num(to);
	out_real(s->amp_pA);
	out_real(s->rest);
	out_int((int64_t)s->spikes.n);
	out_num((double)s->spikes.n / ((to - from) / 1000));
	out_real(s->spikes.n > 0 ? s->t.t[s->shape[0].onset] - from : NAN);
	write_intervals(s);
	out_int(is_block ? 1 : 0);
	out_end();
}

int
main(int argc, char **argv)
{
	struct sweep s = {0};
	struct traces in;
	bool named = false;

	argv = start(argc, argv, &tool);
	step_check();
	traces_open(&in, argv[0]);
	while (traces_next(&in, &s.t)) {
		if (!named)
			(summary ? summary_header : spike_header)(&s);
		named = true;
		measure(&s);
		(summary ? write_summary : write_spikes)(&s);
		forget(&s);
	}
	traces_close(&in);
	free(s.spikes.at);
	return WORKED;
}
