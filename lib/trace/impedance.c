#include <complex.h>
#include <fftw3.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "measure/stats.h"
#include "trace/detect.h"
#include "trace/impedance.h"
#include "trace/spacing.h"
#include "trace/step.h"

/* So many ms before the window are taken for rest, as in AllenSDK. */
#define REST 100

/* The current has begun at this part of its largest value, which is a 60th of
 * the first period of a sine, or at so many standard deviations of its noise if
 * those are more.  What is more than the third number, as a part of the largest
 * value, is not taken for noise. */
#define BEGUN 0.1
#define BEYOND_NOISE 5
#define MOST_NOISE 0.25

/* At the end the voltage may be away from rest by this part of its largest
 * deflection.  A drift of half the deflection makes the impedance wrong by a
 * quarter where it is small (50 Hz, 100 MOhm and 20 ms), and one of this part
 * by some percent. */
#define AT_REST 0.05

/* The number of segments of welch, half overlapped, which MATLAB and others
 * take. */
enum { SEGMENTS = 8 };

/* Samples in a window, at least. */
enum { LEAST = 8 };

/* A current whose power, compared with its greatest, is less than this is what
 * rounding leaves of none. */
#define NOTHING 1e-20

enum { RATIO, WELCH };

static unsigned method = RATIO;
static double band[2]; /* Hz */
static double from = NAN, to = NAN, segment_ms;
static int64_t smooth = 1;
static bool detrend, allow_spikes;

const struct opt impedance_opts[] = {
	OPT_WORD(0, "method", "name", &method, "ratio|welch",
		 "ratio of spectra, or of means"),
	OPT_NUM_IN(0, "segment", "ms", &segment_ms, "(0,inf]",
		   "length of a segment of welch (2/9 of the window)"),
	OPT_INT_IN(0, "smooth", "n", &smooth, "[1,inf)",
		   "average over this many frequencies (1)"),
	OPT_PAIR(0, "band", "low:high", band, "[0,inf)<",
		 "frequencies in Hz (those the current has)"),
	OPT_NUM(0, "from", "ms", &from,
		"begin at this time (where the current begins)"),
	OPT_NUM(0, "to", "ms", &to, "end at this time (where the trace ends)"),
	OPT_FLAG(0, "detrend", &detrend,
		 "take out a drift of the voltage from rest to rest"),
	OPT_TABLE(stats_opts),
	OPT_FLAG(0, "allow-spikes", &allow_spikes,
		 "go on if there are spikes in the window"),
	OPT_NEEDS("segment", "method=welch"),
	OPT_NEEDS("level", "smooth method=welch"),
	OPT_ORDER("from < to"),
	OPT_END,
};

#define COLUMN(k, n, m) QUANTITY(k, n, struct impedance, m)

const struct quantity impedance_columns[] = {
	COLUMN(TEXT, "sweep", sweep),
	COLUMN(REAL, "frequency_Hz", frequency_Hz),
	COLUMN(REAL, "impedance_MOhm", size),
	COLUMN(REAL, "phase_rad", phase),
	COLUMN(REAL, "coherence", coherence),
	COLUMN(REAL, "impedance_low_MOhm", low),
	COLUMN(REAL, "impedance_high_MOhm", high),
	QUANTITY_END,
};

void
impedance_check(void)
{
	stats_check_level();
	if (smooth % 2 == 0)
		misuse("--smooth: not an odd number: '%lld'",
		       (long long)smooth);
	if (opt_given(&stats_level) && method == RATIO && smooth == 1)
		misuse("--level needs more than --smooth 1");
}

/* ---- The window ---- */

struct window {
	const struct trace *t;
	size_t first, n;
	double dt;     /* ms */
	double rest_v; /* mV */
	double rest_i; /* nA */
	double scale;  /* makes the current as large as the voltage */
	double drift;  /* mV from one sample to the next, by --detrend */
	double since;  /* the middle of the rest, in samples before the first */
	size_t nrest;  /* how many samples that is */
};

static double
largest(const double *x, size_t n, double rest)
{
	double most = 0;
	size_t k;

	for (k = 0; k < n; k++)
		most = fmax(most, fabs(x[k] - rest));
	return most;
}

/* The current where the trace begins, from its first hundredth, and the
 * standard deviation of its noise.  If that is too much for noise, a chirp
 * begins with the first sample. */
static void
find_level(const struct trace *t, double *rest, double *noise)
{
	size_t n = t->n / 100 + 1;
	double *x = zeros(n, sizeof *x);

	*noise = gsl_stats_mad(t->i, 1, n, x);
	memcpy(x, t->i, n * sizeof *x);
	*rest = gsl_stats_median(x, 1, n);
	free(x);
	if (BEYOND_NOISE * *noise > MOST_NOISE * largest(t->i, t->n, t->i[0])) {
		*rest = t->i[0];
		*noise = 0;
	}
}

/* Go back from where the current is certain to where it leaves the rest: every
 * sample counts for the current by how far it exceeds half of the noise, until
 * more count against it than noise allows.  Without noise that is exact. */
static size_t
leaves_rest(const struct trace *t, size_t certain, double rest, double noise)
{
	double side = t->i[certain] > rest ? 1 : -1, sum = 0, high = 0;
	size_t onset = certain, k;

	for (k = certain + 1; k-- > 0;) {
		sum += side * (t->i[k] - rest) - noise / 2;
		if (sum <= high - 20 * noise)
			break;
		if (sum > high) {
			high = sum;
			onset = k;
		}
	}
	return onset;
}

/* The first sample of the current. */
static size_t
find_onset(const struct trace *t)
{
	double rest, noise, begun;
	size_t k;

	find_level(t, &rest, &noise);
	begun = fmax(BEGUN * largest(t->i, t->n, rest), BEYOND_NOISE * noise);
	for (k = 0; k < t->n && fabs(t->i[k] - rest) <= begun; k++)
		;
	if (k == t->n)
		trace_bad(t, "the current does not change");
	return leaves_rest(t, k, rest, noise);
}

static void
find_rest(struct window *w)
{
	const struct trace *t = w->t;
	size_t last = w->first > 0 ? w->first - 1 : 0, n;
	double v, i;

	w->rest_v = step_rest(t, last, REST, &n);
	w->nrest = n;
	w->rest_i = spacing_mean_current(t, last - n, last);
	w->since = (double)(w->first - last) + (n > 0 ? (double)n + 1 : 0) / 2;
	v = largest(t->v + w->first, w->n, w->rest_v);
	i = largest(t->i + w->first, w->n, w->rest_i);
	if (largest(t->i + w->first, w->n, t->i[w->first]) == 0)
		trace_bad(t, "the current does not change");
	w->scale = v > 0 ? v / i : 1;
}

/* The mean voltage of the end of the window, as long as the rest, less the
 * rest. */
static double
find_end(const struct window *w, size_t *n)
{
	size_t end = w->first + w->n;
	double since = trace_time(w->t, end - 1) - REST;

	for (*n = 1; *n < w->n && trace_time(w->t, end - 1 - *n) >= since; ++*n)
		;
	return gsl_stats_mean(w->t->v + end - *n, 1, *n) - w->rest_v;
}

static void
find_drift(struct window *w)
{
	size_t n;
	double away = find_end(w, &n);

	w->drift = away / ((double)w->n - 0.5 - (double)n / 2 + w->since);
}

static void
check_end(const struct trace *t, const char *option, double time)
{
	double step = trace_time(t, t->n - 1) - trace_time(t, t->n - 2);
	double begin = trace_time(t, 0), end = trace_time(t, t->n - 1);

	if (!(time < begin - step) && !(time > end + step))
		return;
	trace_bad(t, "--%s: %g ms, where the trace is from %g to %g", option,
		  time, begin, end);
}

static struct window
find_window(const struct trace *t)
{
	struct window w = {.t = t};
	size_t last;

	if (!t->i)
		trace_bad(t, "no column of currents: say --current");
	check_end(t, "from", from);
	check_end(t, "to", to);
	w.first = isnan(from) ? find_onset(t) : trace_sample(t, from);
	last = isnan(to) ? t->n - 1 : trace_sample(t, to);
	if (last < w.first + LEAST - 1)
		trace_bad(t, "too few samples from the beginning of the "
			     "current on");
	w.n = last - w.first + 1;
	w.dt = (trace_time(t, last) - trace_time(t, w.first)) /
	       (double)(w.n - 1);
	spacing_need(t, w.first, last + 1, "");
	find_rest(&w);
	if (detrend)
		find_drift(&w);
	return w;
}

static void
check_spikes(const struct window *w)
{
	size_t before = w->first > 0 ? w->first - 1 : 0, at, n;

	n = detect_count(w->t, before, w->first + w->n, &at);
	if (n > 0)
		trace_bad(w->t,
			  "%zu %s in the window, the first at %g ms: "
			  "take a smaller current, or --allow-spikes",
			  n, n == 1 ? "spike" : "spikes", trace_time(w->t, at));
	n = detect_count_rest(w->t, before, w->nrest, &at);
	if (n > 0)
		trace_bad(w->t,
			  "%zu %s in the rest before the window, the first at "
			  "%g ms: say --from, or --allow-spikes",
			  n, n == 1 ? "spike" : "spikes", trace_time(w->t, at));
}

/* ---- Spectra ---- */

/* Sums over n_segments segments, for each frequency from 1 to n - 1: of the
 * powers of voltage and current, and of the product of one with the other's
 * conjugate.  Of one segment they are in the memory of its transform: 40 bytes
 * a sample of a trace in all, rather than 56. */
struct cross_spectra {
	size_t n, n_segments;
	double shift;   /* of a segment to the next, in lengths of one */
	double spacing; /* Hz */
	double complex *vi, *powers;
	size_t last; /* powers[last - k] has vv as real, ii as imaginary part */
};

static double
voltage_power(const struct cross_spectra *s, size_t k)
{
	return creal(s->powers[s->last - k]);
}

static double
current_power(const struct cross_spectra *s, size_t k)
{
	return cimag(s->powers[s->last - k]);
}

static void
free_spectra(struct cross_spectra *s)
{
	if (s->powers != s->vi)
		free(s->powers);
	free(s->vi);
}

/* Voltage and current were transformed together, as real and imaginary part;
 * the symmetry of their spectra tells them apart.  Frequency k is in x[k] and
 * x[n - k], which are read before their sums are added, in their place if this
 * is the only segment. */
static void
add_spectra(struct cross_spectra *s, const double complex *x, size_t n,
	    double scale)
{
	bool alone = x == s->vi;
	size_t k;

	for (k = 1; k < s->n; k++) {
		double complex a = x[k], b = conj(x[n - k]);
		double complex v = (a + b) / 2, i = (a - b) / (2 * I) / scale;
		double complex *vi = &s->vi[k], *p = &s->powers[s->last - k];
		double vv = creal(v * conj(v)), ii = creal(i * conj(i));

		*vi = (alone ? 0 : *vi) + v * conj(i);
		*p = (alone ? 0 : *p) + (vv + ii * I);
	}
	s->n_segments++;
}

/* Fill in a segment of len samples, at a place in the window.  One of several
 * is weighted by Hann's window, against what comes before and after. */
static void
fill_segment(double complex *x, const struct window *w, size_t at, size_t len)
{
	const double *v = w->t->v + w->first + at;
	const double *i = w->t->i + w->first + at;
	size_t j;

	for (j = 0; j < len; j++) {
		double angle = 2 * M_PI * (double)j / (double)len;
		double weight = len < w->n ? (1 - cos(angle)) / 2 : 1;
		double drift = w->drift * ((double)(at + j) + w->since);

		x[j] = weight * ((v[j] - w->rest_v - drift) +
				 I * w->scale * (i[j] - w->rest_i));
	}
}

/* A plan to transform the n numbers of x, which the result replaces.  It is an
 * estimate, because one that is measured, and with it the last bits, depends on
 * how the machine was loaded. */
static fftw_plan
make_plan(double complex *x, size_t n)
{
	fftw_plan plan = NULL;

	if (n <= INT_MAX)
		plan = fftw_plan_dft_1d((int)n, x, x, FFTW_FORWARD,
					FFTW_ESTIMATE);
	if (!plan)
		die("cannot transform %zu samples", n);
	return plan;
}

/* The spectra of n segments of len samples, evenly spread over the window. */
static struct cross_spectra
take_spectra(const struct window *w, size_t len, size_t n)
{
	struct cross_spectra s = {.n = len / 2 + 1};
	double complex *x = zeros(len + 1, sizeof *x);
	fftw_plan plan = make_plan(x, len);
	double hop = n > 1 ? (double)(w->n - len) / (double)(n - 1) : 0;
	size_t k;

	s.shift = hop / (double)len;
	s.spacing = 1000 / (w->dt * (double)len);
	s.vi = n == 1 ? x : zeros(s.n, sizeof *s.vi);
	s.powers = n == 1 ? x : zeros(s.n, sizeof *s.powers);
	s.last = n == 1 ? len + 1 : s.n;
	for (k = 0; k < n; k++) {
		fill_segment(x, w, (size_t)lround((double)k * hop), len);
		fftw_execute(plan);
		add_spectra(&s, x, len, w->scale);
	}
	fftw_destroy_plan(plan);
	if (n > 1)
		free(x);
	return s;
}

static struct cross_spectra
whole_spectra(const struct window *w)
{
	return take_spectra(w, w->n, 1);
}

/* The spectra of as many segments as it takes for each to overlap the next by
 * half, or by a little more, so that all of the window is in them. */
static struct cross_spectra
segment_spectra(const struct window *w)
{
	double n = (double)w->n;
	double len = segment_ms > 0 ? round(segment_ms / w->dt)
				    : ceil(2 * n / (SEGMENTS + 1));

	if (len < LEAST)
		trace_bad(w->t, "too few samples in a segment");
	if (len * 1.5 > n)
		trace_bad(w->t, "the window has no room for two segments");
	return take_spectra(w, (size_t)len,
			    (size_t)ceil((n - len) / (len / 2)) + 1);
}

/* ---- The band ---- */

/* Frequencies [low, high], by their number. */
struct bins_between {
	size_t low, high;
};

/* Find the frequencies that a chirp went through.  Its power is even per hertz
 * if it was linear and even per octave if it was exponential, and falls to a
 * quarter at the ends: hence the lower end is found by the first, which
 * overshoots by less than half, and the upper by the second. */
static void
find_band(const struct cross_spectra *s, double found[2])
{
	size_t low = 1, high = 1, k;
	double most = 0, most_octave = 0;

	for (k = 1; k < s->n; k++) {
		most = fmax(most, current_power(s, k));
		if ((double)k * current_power(s, k) > most_octave) {
			most_octave = (double)k * current_power(s, k);
			high = k;
		}
	}
	while (current_power(s, low) < most / 3)
		low++;
	/* Noise, which is even per hertz, lies beyond a gap. */
	for (k = high + 1; k < s->n && k <= high + high / 2 + 1; k++)
		if ((double)k * current_power(s, k) >= most_octave / 8)
			high = k;
	found[0] = (double)low * s->spacing;
	found[1] = (double)(high > low ? high : low) * s->spacing;
}

static struct bins_between
range_of(const struct window *w, const struct cross_spectra *s,
	 const double ends[2])
{
	/* Ends that are meant to be frequencies may be off by rounding. */
	double low = ceil(ends[0] / s->spacing - 1e-9);
	double high = floor(ends[1] / s->spacing + 1e-9);

	low = fmax(low, 1);
	if (high > (double)(s->n - 1) && opt_given(band))
		die("--band: half of the sampling rate is %g Hz: '%g:%g'",
		    500 / w->dt, band[0], band[1]);
	high = fmin(high, (double)(s->n - 1));
	if (low > high)
		trace_bad(w->t,
			  "no frequency from %g to %g Hz: they are "
			  "%g Hz apart",
			  ends[0], ends[1], s->spacing);
	return (struct bins_between){(size_t)low, (size_t)high};
}

/* ---- Impedance ---- */

/* How many of n averaged values are independent, where the square correlation
 * of neighbours is r1, and of next neighbours r2 (P. D. Welch, IEEE Trans.
 * Audio Electroacoust. 15:70, 1967). */
static double
independent(double n, double r1, double r2)
{
	return n / (1 + 2 * (fmax(n - 1, 0) * r1 + fmax(n - 2, 0) * r2) / n);
}

/* The square correlation of white noise in two of Hann's windows, shifted by
 * so many of their lengths: 1/36 for half of one. */
static double
hann_overlap(double shift)
{
	double angle = 2 * M_PI * shift;
	double r = (1 - shift) * (2 + cos(angle)) / 3 + sin(angle) / (2 * M_PI);

	return shift < 1 ? r * r : 0;
}

/* How many independent values the average over some frequencies and all
 * segments has.  Hann's window correlates a frequency with the next by 2/3, and
 * with the next but one by 1/6. */
static double
count_averaged(const struct cross_spectra *s, double frequencies)
{
	if (s->n_segments == 1)
		return frequencies;
	return independent((double)s->n_segments, hann_overlap(s->shift),
			   hann_overlap(2 * s->shift)) *
	       independent(frequencies, 4. / 9, 1. / 36);
}

/* A regression of voltages on currents: its residual, which is complex, has 2
 * (n - 1) degrees of freedom, and half of it is along Z. */
static void
find_interval(struct impedance *z, double vv, double ii, double n)
{
	double rest = fmax(1 - z->coherence, 0) * vv;
	double error = sqrt(rest / (2 * (n - 1) * ii));
	double half =
		gsl_cdf_tdist_Pinv((1 + stats_level) / 2, 2 * (n - 1)) * error;

	z->low = fmax(z->size - half, 0);
	z->high = z->size + half;
}

/* The impedance at frequency k, from those within the band that are not more
 * than half of --smooth away.  A power of the current up to nothing counts as
 * none. */
static struct impedance
impedance_at(const struct cross_spectra *s, struct bins_between r, size_t k,
	     double nothing)
{
	struct impedance z = {NULL, (double)k * s->spacing, NAN, NAN, NAN, NAN,
			      NAN};
	size_t half = (size_t)smooth / 2, j;
	size_t begin = k - r.low > half ? k - half : r.low;
	size_t end = r.high - k > half ? k + half : r.high;
	double vv = 0, ii = 0, bins = (double)(end - begin + 1), n;
	double complex vi = 0;

	for (j = begin; j <= end; j++) {
		vv += voltage_power(s, j);
		ii += current_power(s, j);
		vi += s->vi[j];
	}
	if (!(ii > nothing * bins))
		return z;
	z.size = cabs(vi) / ii;
	z.phase = carg(vi);
	n = count_averaged(s, bins);
	if (n > 1 && vv > 0) {
		z.coherence = fmin(creal(vi * conj(vi)) / (ii * vv), 1);
		find_interval(&z, vv, ii, n);
	}
	return z;
}

static struct impedance *
measure_range(const struct cross_spectra *s, struct bins_between r)
{
	size_t n = r.high - r.low + 1, k;
	struct impedance *z = zeros(n, sizeof *z);
	double most = 0;

	for (k = 1; k < s->n; k++)
		most = fmax(most, current_power(s, k));
	for (k = 0; k < n; k++)
		z[k] = impedance_at(s, r, r.low + k, NOTHING * most);
	return z;
}

/* A drift, or a response that the window cuts off, affects all frequencies. */
static double
drift_of(const struct window *w)
{
	const struct trace *t = w->t;
	size_t n;
	double away = find_end(w, &n);
	double most = largest(t->v + w->first, w->n, w->rest_v);

	return detrend || fabs(away) <= AT_REST * most ? 0 : away;
}

void
impedance_warn(const struct impedance_curve *c, const struct trace *t)
{
	if (c->drift != 0)
		trace_warn(t,
			   "the voltage ends %.3g mV from rest, which makes "
			   "small impedances wrong: let it come to rest, or "
			   "say --detrend if it drifts",
			   c->drift);
}

static struct bins_between
choose_range(const struct window *w, const struct cross_spectra *s)
{
	double ends[2];
	struct cross_spectra whole;

	if (opt_given(band))
		return range_of(w, s, band);
	if (method == RATIO) {
		find_band(s, ends);
	} else {
		whole = whole_spectra(w);
		find_band(&whole, ends);
		free_spectra(&whole);
	}
	return range_of(w, s, ends);
}

void
impedance_measure(struct impedance_curve *c, const struct trace *t)
{
	struct window w = find_window(t);
	struct cross_spectra s;
	struct bins_between r;
	size_t k;

	if (!allow_spikes)
		check_spikes(&w);
	s = method == WELCH ? segment_spectra(&w) : whole_spectra(&w);
	r = choose_range(&w, &s);
	c->n = r.high - r.low + 1;
	c->at = measure_range(&s, r);
	for (k = 0; k < c->n; k++)
		c->at[k].sweep = t->name;
	c->first = w.first;
	c->samples = w.n;
	c->segments = s.n_segments;
	c->drift = drift_of(&w);
	c->away = t->v[w.first + w.n - 1] - w.rest_v;
	free_spectra(&s);
}

void
impedance_free(struct impedance_curve *c)
{
	free(c->at);
	*c = (struct impedance_curve){0};
}
