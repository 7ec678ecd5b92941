#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trace/detect.h"
#include "trace/response.h"
#include "trace/spacing.h"
#include "util.h"

/* What is left of a response is fitted as long as it is above this part of its
 * end, and matters if it is of the next one. */
#define LEFT 0.01

/* Latency is to where so much of the amplitude is reached. */
#define ONSET 0.05

/* The samples beside a peak are on a parabola if they are above so much of it:
 * next to a jump, as that of a conductance without a rise, a parabola would
 * overshoot by an eighth. */
#define RESOLVED 0.5

/* Less than this part of the range is rounding, or less than so many units of
 * the last digit. */
#define ROUNDING 1e-9
#define DIGITS 2

enum { EXPONENTIAL, NO_RESIDUAL };
enum { FALL, WHOLE };
enum { LEVEL, LINE };

static unsigned residual = EXPONENTIAL, fitted = FALL, onset = LEVEL;
static double window = 100, baseline, noise, tau_deconvolve, blank;
static double rise[2] = {20, 80};
static bool grid, allow_spikes;

const struct opt response_opts[] = {
	OPT_NUM_IN(0, "window", "ms", &window, "(0,inf)",
		   "how long the last response is measured (100)"),
	OPT_NUM_IN(0, "baseline", "ms", &baseline, "[0,inf)",
		   "average so long before a response (0: a sample)"),
	OPT_WORD(0, "residual", "what", &residual, "exponential|none",
		 "take off what is left of the response before"),
	OPT_NUM_IN(0, "noise", "size", &noise, "[0,inf)",
		   "a response that is not larger is none (rounding)"),
	OPT_PAIR(0, "rise", "low:high", rise, "(0,100)<",
		 "rise time between these percents (20:80)"),
	OPT_WORD(0, "onset", "what", &onset, "level|line",
		 "latency to 5 %, or to where the rise begins"),
	OPT_WORD(0, "decay", "what", &fitted, "fall|whole",
		 "fit 80 to 20 % of the fall, or all of it"),
	OPT_FLAG(0, "grid", &grid, "on samples, not between them, as BMTool"),
	OPT_NUM_IN(0, "deconvolve", "ms", &tau_deconvolve, "(0,inf)",
		   "add this times the slope, which parts responses"),
	OPT_NUM_IN(0, "blank", "ms", &blank, "(0,inf)",
		   "a straight line so long from each pulse: its artefact"),
	OPT_FLAG(0, "allow-spikes", &allow_spikes, "measure spikes, too"),
	OPT_NOT_WITH("grid", "onset"),
	OPT_END,
};

const char response_none[] = "none", response_spike[] = "spike";

/* ---- Columns ---- */

#define REAL(n, m) QUANTITY(REAL, n, struct response, m)

const char *
response_rise_name(void)
{
	static char *name;

	if (!name)
		name = format("rise_%g_%g_ms", rise[0], rise[1]);
	return name;
}

const struct quantity *
response_columns(void)
{
	static struct quantity q[] = {
		QUANTITY(INT, "pulse", struct response, pulse),
		REAL("time_ms", time),
		REAL("baseline", baseline),
		REAL("amp", amp),
		REAL("latency_ms", latency),
		REAL("peak_ms", peak),
		REAL("", rise),
		REAL("half_width_ms", half_width),
		REAL("decay_tau_ms", decay_tau),
		REAL("integral", integral),
		QUANTITY(TEXT, "status", struct response, status),
		QUANTITY_END,
	};
	size_t k;

	for (k = 0; q[k].name; k++)
		if (q[k].offset == offsetof(struct response, rise))
			q[k].name = response_rise_name();
	return q;
}

/* ---- The samples of a response ---- */

/* Samples of a trace, and what is measured of them. */
struct shape {
	const struct trace *t;
	const double *y;     /* of all of the trace, */
	const double *plain; /* and as they are without --deconvolve */
	double least;        /* what is above rounding or --noise */
	size_t first, n;     /* the samples of this response */
	double begins;       /* ms: pulse and delay */
	double *z;           /* less the base, upwards */
	double sign;         /* of the response */
	size_t peak;         /* the highest of them */
	double amp, peak_ms; /* upwards; ms */
};

static double
time_of(const struct shape *s, size_t k)
{
	return trace_time(s->t, s->first + k);
}

/* The sample that a time belongs to.  It is the nearest one: a solver with a
 * fixed step delivers an event there.  Where steps are uneven it is the one
 * before, as no one knows what happens in a long step. */
static size_t
sample_at(const struct trace *t, double ms)
{
	size_t k = trace_sample(t, ms);

	if (t->dt == 0 && k > 0 && trace_time(t, k) > ms + 1e-9)
		k--;
	return k;
}

/* From one sample to the next the level is crossed: where, by a straight line,
 * or on samples the latter. */
static double
between(const struct shape *s, size_t k, double level, bool on_samples)
{
	double part = (level - s->z[k]) / (s->z[k + 1] - s->z[k]);

	if (on_samples)
		return time_of(s, k + 1);
	return time_of(s, k) + part * (time_of(s, k + 1) - time_of(s, k));
}

/* The last time before the peak that a part of it is reached. */
static double
cross_up(const struct shape *s, double part)
{
	double level = part * s->amp;
	size_t k;

	for (k = s->peak; k-- > 0;)
		if (s->z[k] < level && s->z[k + 1] >= level)
			return between(s, k, level, grid);
	return NAN;
}

/* The first time after the peak that the response falls to a part of it. */
static double
cross_down(const struct shape *s, double part, bool on_samples)
{
	double level = part * s->amp;
	size_t k;

	for (k = s->peak; k + 1 < s->n; k++)
		if (s->z[k] > level && s->z[k + 1] <= level)
			return between(s, k, level, on_samples);
	return NAN;
}

/* ---- The base ---- */

/* The slope of a line by least squares through the logarithms of what is left
 * of the response before, in its second half, over a base of b0; NaN if there
 * are no two. */
static double
slope_before(const struct shape *s, double from, double b0)
{
	double sign = s->y[s->first] < b0 ? -1 : 1;
	double end = sign * (s->y[s->first] - b0);
	double x0 = trace_time(s->t, s->first);
	double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
	size_t k;

	for (k = sample_at(s->t, from); k <= s->first; k++) {
		double y = sign * (s->y[k] - b0), x = trace_time(s->t, k) - x0;

		if (!(y > LEFT * end))
			continue;
		n++;
		sx += x;
		sy += log(y);
		sxx += x * x;
		sxy += x * log(y);
	}
	return n > 1 ? (n * sxy - sx * sy) / (n * sxx - sx * sx) : NAN;
}

/* The mean over --baseline before the response of what is left over b0, each
 * sample as it will be when the response begins, with such a slope; not from
 * before a time. */
static double
mean_before(const struct shape *s, double b0, double slope, double since)
{
	double end = trace_time(s->t, s->first), sum = 0, x;
	size_t k = s->first, n = 0;

	do {
		x = trace_time(s->t, k);
		sum += (s->y[k] - b0) * exp(slope * (end - x));
		n++;
	} while (k-- > 0 && trace_time(s->t, k) > end - baseline &&
		 trace_time(s->t, k) >= since);
	return sum / (double)n;
}

/* Take off the base: b0, and what is left of the response that began at a time,
 * or NaN.  How much is left that does not fall, and stays. */
static double
take_base(struct shape *s, double before, double *b0, double *at_first)
{
	double half = (before + s->begins) / 2, slope = 0, r = 0;
	double left = 0, from;
	size_t k;

	/* What is left is that of a sample, which uneven steps put before. */
	from = s->t->dt == 0 ? time_of(s, 0) : s->begins;
	if (isnan(before))
		*b0 = mean_before(s, 0, 0, -INFINITY);
	else if (residual == EXPONENTIAL &&
		 fabs(s->y[s->first] - *b0) > s->least) {
		slope = slope_before(s, half, *b0);
		if (slope < 0)
			r = mean_before(s, *b0, slope, half);
		else
			left = fabs(s->y[s->first] - *b0);
		slope = slope < 0 ? slope : 0;
	}
	for (k = 0; k < s->n; k++)
		s->z[k] = s->y[s->first + k] - *b0 -
			  r * exp(slope * (time_of(s, k) - from));
	*at_first = s->y[s->first] - s->z[0];
	return left;
}

/* ---- What is measured ---- */

static void
find_peak(struct shape *s)
{
	size_t k, far = 0;

	for (k = 1; k < s->n; k++)
		if (fabs(s->z[k]) > fabs(s->z[far]))
			far = k;
	s->sign = s->z[far] < 0 ? -1 : 1;
	for (k = 0; k < s->n; k++)
		s->z[k] *= s->sign;
	s->peak = detect_highest(s->z, 0, s->n);
	s->amp = s->z[s->peak];
	s->peak_ms = time_of(s, s->peak);
}

static bool
is_at_edge(const struct shape *s)
{
	return s->peak == 0 || s->peak == s->n - 1;
}

/* The top of the parabola through the highest sample and those beside it. */
static void
refine_peak(struct shape *s)
{
	const double *z = s->z + s->peak;
	double before, after, rises, falls, slope, bend;

	if (grid || is_at_edge(s) || !(z[-1] > RESOLVED * z[0]) ||
	    !(z[1] > RESOLVED * z[0]))
		return;
	before = time_of(s, s->peak) - time_of(s, s->peak - 1);
	after = time_of(s, s->peak + 1) - time_of(s, s->peak);
	rises = (z[0] - z[-1]) / before;
	falls = (z[1] - z[0]) / after;
	slope = (rises * after + falls * before) / (before + after);
	bend = (falls - rises) / (before + after);
	if (!(bend < 0))
		return;
	s->peak_ms -= slope / (2 * bend);
	s->amp -= slope * slope / (4 * bend);
}

/* With --grid: the first sample that is above the one before, as BMTool has it.
 */
static double
first_rise(const struct shape *s)
{
	size_t k;

	for (k = 0; k < s->peak; k++)
		if (s->z[k + 1] > s->z[k])
			return time_of(s, k + 1);
	return NAN;
}

static double
find_onset(const struct shape *s)
{
	double low, high;

	if (grid)
		return first_rise(s);
	if (onset == LEVEL)
		return cross_up(s, ONSET);
	low = cross_up(s, 0.2);
	high = cross_up(s, 0.8);
	return low - (high - low) / 3;
}

static double
integrate(const struct shape *s)
{
	double sum = 0;
	size_t k;

	for (k = 1; k < s->n; k++)
		sum += (s->z[k] + s->z[k - 1]) / 2 *
		       (time_of(s, k) - time_of(s, k - 1));
	return s->sign * sum;
}

/* ---- The fit of a decay ---- */

/* Samples to fit a exp(-rate t) to. */
struct fall {
	const struct shape *s;
	size_t first, end;
};

/* The sum of squares as it depends on the rate's logarithm, with the best a for
 * each: its derivative, but for a factor above 0. */
static double
derivative(double log_rate, void *arg)
{
	const struct fall *f = arg;
	double rate = exp(log_rate), ye = 0, ee = 0, yte = 0, tee = 0;
	double t0 = time_of(f->s, f->first);
	size_t k;

	for (k = f->first; k < f->end; k++) {
		double t = time_of(f->s, k) - t0, e = exp(-rate * t);

		ye += f->s->z[k] * e;
		ee += e * e;
		yte += f->s->z[k] * t * e;
		tee += t * e * e;
	}
	return rate * (yte - ye / ee * tee);
}

static double
refine_root(gsl_function *g, double low, double high)
{
	gsl_root_fsolver *brent =
		gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
	double root;
	int i;

	if (!brent)
		die("out of memory");
	gsl_root_fsolver_set(brent, g, low, high);
	for (i = 0; i < 100; i++) {
		gsl_root_fsolver_iterate(brent);
		low = gsl_root_fsolver_x_lower(brent);
		high = gsl_root_fsolver_x_upper(brent);
		if (gsl_root_test_interval(low, high, 1e-13, 0) == GSL_SUCCESS)
			break;
	}
	root = gsl_root_fsolver_root(brent);
	gsl_root_fsolver_free(brent);
	return root;
}

/* The time constant of a exp(-t/tau) by least squares; NaN if the samples do
 * not fall.  The guess is the time from first to last, of which the logarithm
 * is searched by e at a time. */
static double
fit_fall(struct fall *f)
{
	gsl_function g = {derivative, f};
	double span = time_of(f->s, f->end - 1) - time_of(f->s, f->first);
	double low = -log(span), high = low;
	int i;

	for (i = 0; i < 20 && derivative(low, g.params) >= 0; i++)
		low--;
	for (i = 0; i < 20 && derivative(high, g.params) <= 0; i++)
		high++;
	if (!(derivative(low, g.params) < 0 && derivative(high, g.params) > 0))
		return NAN;
	return exp(-refine_root(&g, low, high));
}

/* The samples between 80 and 20 % of the fall, or from the peak to where it
 * ends to fall, which is BMTool's. */
static double
find_decay(const struct shape *s)
{
	struct fall f = {s, s->peak, s->peak + 1};
	double from = cross_down(s, 0.8, false);
	double to = cross_down(s, 0.2, false);
	size_t least = 3;

	if (fitted == WHOLE) {
		while (f.end < s->n && s->z[f.end] <= s->z[f.end - 1])
			f.end++;
	} else {
		least = 4;
		if (isnan(from) || isnan(to))
			return NAN;
		while (time_of(s, f.first) < from)
			f.first++;
		f.end = f.first;
		while (f.end < s->n && time_of(s, f.end) <= to)
			f.end++;
	}
	return f.end - f.first < least ? NAN : fit_fall(&f);
}

/* ---- Signals ---- */

/* A straight line from the sample before each pulse to the first one --blank
 * later. */
static void
blank_pulses(const struct trace *t, const double *pulse, size_t n, double *y)
{
	size_t i, k, first, last;

	for (i = 0; i < n; i++) {
		first = trace_from(t, pulse[i]);
		first -= first > 0;
		last = trace_from(t, pulse[i] + blank);
		for (k = first + 1; k < last; k++)
			y[k] = y[first] + (y[last] - y[first]) *
						  (trace_time(t, k) -
						   trace_time(t, first)) /
						  (trace_time(t, last) -
						   trace_time(t, first));
	}
}

/* y + tau dy/dt, which is the current that a membrane with this time constant
 * integrates, in units of the voltage where it ends (Richardson and Silberberg
 * 2008, J Neurosci Methods 169:386-391).  It is that of the middle between a
 * sample and the one before, so that no response begins before its pulse. */
static void
deconvolve(const struct trace *t, double *y)
{
	double before = y[0], here;
	size_t k;

	for (k = 1; k < t->n; k++) {
		here = y[k];
		y[k] = (here + before) / 2 +
		       tau_deconvolve * (here - before) /
			       (trace_time(t, k) - trace_time(t, k - 1));
		before = here;
	}
}

/* What is not more than rounding. */
static double
rounding_of(const struct response_signal *y, const double *z)
{
	double low = INFINITY, high = -INFINITY, digit;
	size_t n = y->t->n, k;

	for (k = 0; k < n; k++) {
		low = fmin(low, z[k]);
		high = fmax(high, z[k]);
	}
	digit = spacing_digit(y->y, n);
	digit *= 1 + tau_deconvolve * (double)n /
			     (trace_time(y->t, n - 1) - trace_time(y->t, 0));
	return fmax(DIGITS * digit,
		    ROUNDING * fmax(high - low, fmax(-low, high)));
}

/* The samples as they are measured, in new memory. */
static void
prepare(const struct response_signal *y, const double *pulse, size_t n,
	double **plain, double **samples)
{
	size_t size = y->t->n * sizeof **plain;

	*plain = zeros(y->t->n, sizeof **plain);
	memcpy(*plain, y->y, size);
	if (blank > 0)
		blank_pulses(y->t, pulse, n, *plain);
	*samples = zeros(y->t->n, sizeof **samples);
	memcpy(*samples, *plain, size);
	if (tau_deconvolve > 0)
		deconvolve(y->t, *samples);
}

static void
check_inside(const struct trace *t, const double *pulse, size_t n, double delay)
{
	double first = trace_time(t, 0), last = trace_time(t, t->n - 1);
	size_t k;

	for (k = 0; k < n; k++)
		if (pulse[k] + delay < first - 1e-9 ||
		    pulse[k] + delay > last + 1e-9)
			trace_bad(t,
				  "the trace is from %g to %g ms, and the "
				  "response to pulse %zu begins at %g",
				  first, last, k + 1, pulse[k] + delay);
}

/* Does the voltage go up through the level of spikes? */
static bool
has_spike(const struct response_signal *y, const struct shape *s)
{
	double level = detect_level();
	size_t k;

	for (k = 1; y->is_voltage && !allow_spikes && k < s->n; k++)
		if (s->plain[s->first + k] > level &&
		    s->plain[s->first + k - 1] <= level)
			return true;
	return false;
}

/* ---- Responses ---- */

static void
clear(struct response *r, const char *status)
{
	r->amp = r->latency = r->peak = r->rise = NAN;
	r->half_width = r->decay_tau = r->integral = NAN;
	r->status = status;
}

static void
measure_shape(struct shape *s, struct response *r)
{
	double low = rise[0] / 100, high = rise[1] / 100;

	r->status = is_at_edge(s) ? "no peak" : "ok";
	r->integral = integrate(s);
	refine_peak(s);
	r->amp = s->sign * s->amp;
	r->peak = s->peak_ms - r->time;
	r->latency = find_onset(s) - r->time;
	r->rise = cross_up(s, high) - cross_up(s, low);
	r->half_width = cross_down(s, 0.5, grid) - cross_up(s, 0.5);
	r->decay_tau = find_decay(s);
}

static void
measure_one(const struct response_signal *y, struct shape *s, double before,
	    double *b0, struct response *r)
{
	double left = take_base(s, before, b0, &r->baseline);

	find_peak(s);
	if (s->n < 3)
		clear(r, "no samples");
	else if (s->amp <= s->least)
		clear(r, response_none);
	else if (has_spike(y, s))
		clear(r, response_spike);
	else
		measure_shape(s, r);
	if (left > LEFT * s->amp && !strcmp(r->status, "ok"))
		r->status = "no decay before";
}

struct response *
response_measure(const struct response_signal *y, const double *pulse, size_t n,
		 double delay)
{
	struct response *r = zeros(n, sizeof *r);
	struct shape s = {.t = y->t};
	double *plain, *samples, b0 = NAN, end;
	size_t k;

	check_inside(y->t, pulse, n, delay);
	prepare(y, pulse, n, &plain, &samples);
	s.plain = plain;
	s.y = samples;
	s.least = opt_given(&noise) ? noise : rounding_of(y, samples);
	s.z = zeros(y->t->n, sizeof *s.z);
	for (k = 0; k < n; k++) {
		r[k] = (struct response){.pulse = (int64_t)k + 1,
					 .time = pulse[k]};
		s.begins = pulse[k] + delay;
		end = k + 1 < n ? pulse[k + 1] + delay : s.begins + window;
		s.first = sample_at(y->t, s.begins);
		s.n = sample_at(y->t, end) - s.first + 1;
		measure_one(y, &s, k > 0 ? pulse[k - 1] + delay : NAN, &b0,
			    &r[k]);
	}
	free(plain);
	free(samples);
	free(s.z);
	return r;
}
