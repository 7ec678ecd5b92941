#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trace/detect.h"
#include "trace/spacing.h"

/* How far the voltage has to fall below the threshold before it can cross it
 * once more, in mV.  Noise of a recording is 0.1 to 0.5 mV; the troughs of
 * real spikes are 15 mV below -20 mV at the least. */
#define HYSTERESIS 5

/* AllenSDK's numbers: the slope that makes a spike in mV/ms, the least height
 * and peak in mV, the part of the upstroke at which it begins, and the longest
 * way from there to the peak in ms. */
#define STEEP 20
#define LEAST_HEIGHT 2
#define LEAST_PEAK (-30)
#define PART_OF_UPSTROKE 0.05
#define LONGEST_RISE 5

/* A voltage that rises by so many mV in a ms, and by less than a part of that
 * in the ms before, does so by channels.  Noise of 1 mV stays below 10, and
 * what synapses do, too. */
#define LEAP 15
#define PART_BEFORE 0.5

/* A voltage that stays above where spikes begin for longer than this, in ms, is
 * block: eFEL's number. */
#define BLOCK 50

enum { BY_THRESHOLD, BY_SLOPE };

static unsigned way = BY_THRESHOLD;
static double threshold = -20;
static double filter_kHz; /* 0: none */

const struct opt detect_opts[] = {
	OPT_WORD(0, "detect", "way", &way, "threshold|dvdt",
		 "find spikes by this"),
	OPT_NUM_IN(0, "threshold", "mV", &threshold, "(-inf,inf)",
		   "a spike is a voltage above this (-20)"),
	OPT_NUM_IN(0, "filter", "kHz", &filter_kHz, "(0,inf)",
		   "smooth the voltage before its slope is taken"),
	OPT_NEEDS("threshold", "detect=threshold"),
	OPT_END,
};

size_t
detect_highest(const double *v, size_t first, size_t end)
{
	size_t k, best = first;

	for (k = first; k < end; k++)
		if (v[k] > v[best])
			best = k;
	return best;
}

size_t
detect_lowest(const double *v, size_t first, size_t end)
{
	size_t k, best = first;

	for (k = first; k < end; k++)
		if (v[k] < v[best])
			best = k;
	return best;
}

/* ---- The slope ---- */

/* A low-pass filter of order 4: y = (b * x - a[1..] * y[..]) / a[0]. */
enum { ORDER = 4, PAD = 3 * (ORDER + 1) };

struct lowpass {
	double a[ORDER + 1], b[ORDER + 1];
};

/* Add to p the product of n factors (1 - z), ORDER - n factors (1 + z) and c,
 * where z is the delay by a sample. */
static void
add_factors(double *p, double c, int n)
{
	double q[ORDER + 1] = {c};
	int i, k;

	for (k = 0; k < ORDER; k++)
		for (i = ORDER; i > 0; i--)
			q[i] += k < n ? -q[i - 1] : q[i - 1];
	for (i = 0; i <= ORDER; i++)
		p[i] += q[i];
}

/* A Bessel filter by the bilinear transform; the cutoff is a part of the
 * Nyquist frequency.  As in SciPy's bessel(), which AllenSDK uses, the phase
 * has gone half of its way at the cutoff: the polynomial is s^4 + 10 s^3 + 45
 * s^2 + 105 s + 105 in units of the fourth root of 105.  W. E. Thomson, Proc.
 * IEE 96:487 (1949). */
static struct lowpass
bessel(double cutoff)
{
	static const double c[ORDER + 1] = {105, 105, 45, 10, 1};
	double unit = sqrt(sqrt(105)), k = unit / tan(M_PI * cutoff / 2);
	struct lowpass f = {0};
	int i;

	for (i = 0; i <= ORDER; i++)
		add_factors(f.a, c[i] * pow(k, i), i);
	add_factors(f.b, c[0], 0);
	return f;
}

/* Filter v in place, forward or backward, as if its first value had been there
 * for ever. */
static void
run_filter(const struct lowpass *f, double *v, size_t n, bool backward)
{
	double z[ORDER + 1] = {0}, x, y;
	size_t k, at;
	int i;

	x = v[backward ? n - 1 : 0];
	for (i = ORDER - 1; i >= 0; i--)
		z[i] = z[i + 1] + (f->b[i + 1] - f->a[i + 1]) * x;
	for (k = 0; k < n; k++) {
		at = backward ? n - 1 - k : k;
		x = v[at];
		y = (f->b[0] * x + z[0]) / f->a[0];
		for (i = 0; i < ORDER; i++)
			z[i] = z[i + 1] + f->b[i + 1] * x - f->a[i + 1] * y;
		v[at] = y;
	}
}

/* The cutoff as a part of the Nyquist frequency, if the trace can have one. */
static double
cutoff_of(const struct trace *t)
{
	double dt = (trace_time(t, t->n - 1) - trace_time(t, 0)) /
		    (double)(t->n - 1);

	spacing_need(t, 0, t->n, "--filter: ");
	if (2 * filter_kHz * dt >= 1)
		trace_bad(t,
			  "--filter: not below half of the sampling rate, "
			  "%.10g kHz",
			  0.5 / dt);
	return 2 * filter_kHz * dt;
}

/* The voltage after the filter has gone over it forward and backward, so that
 * nothing is shifted.  Both ends are extended by their own image, rotated about
 * the last sample. */
static double *
filtered(const struct trace *t)
{
	struct lowpass f = bessel(cutoff_of(t));
	size_t pad = t->n > PAD ? PAD : t->n - 1, n = t->n + 2 * pad, k;
	double *v = zeros(n, sizeof *v), last = t->v[t->n - 1];

	memcpy(v + pad, t->v, t->n * sizeof *v);
	for (k = 1; k <= pad; k++) {
		v[pad - k] = 2 * t->v[0] - t->v[k];
		v[pad + t->n - 1 + k] = 2 * last - t->v[t->n - 1 - k];
	}
	run_filter(&f, v, n, false);
	run_filter(&f, v, n, true);
	memmove(v, v + pad, t->n * sizeof *v);
	return v;
}

/* Take the slopes of v, which may be where they go; returns the greatest part
 * by which the time from a sample to the next is off. */
static double
take_slopes(double *slope, const double *v, const struct trace *t)
{
	double off = 0, now = trace_time(t, 0), next, time;
	size_t k;

	for (k = 0; k + 1 < t->n; k++) {
		next = trace_time(t, k + 1);
		time = next - now;
		now = next;
		off = fmax(off, fabs(time / t->dt - 1));
		slope[k] = (v[k + 1] - v[k]) / time;
	}
	slope[t->n - 1] = 0;
	return off;
}

double *
detect_slopes(const struct trace *t)
{
	double *slope =
		filter_kHz > 0 ? filtered(t) : zeros(t->n, sizeof *slope);
	double off = take_slopes(slope, filter_kHz > 0 ? slope : t->v, t);
	size_t k;

	/* Times of 30 kHz in two digits make slopes wrong by a fifth. */
	if (off > 1e-6 && spacing_is_rounded(t))
		for (k = 0; k + 1 < t->n; k++)
			slope[k] *= (trace_time(t, k + 1) - trace_time(t, k)) /
				    t->dt;
	return slope;
}

/* The first sample from first on that is at or after a time, or end. */
static size_t
not_before(const struct trace *t, double time, size_t first, size_t end)
{
	while (first < end && trace_time(t, first) < time)
		first++;
	return first;
}

/* ---- Where spikes begin ---- */

double
detect_onset_slope(const double *slope, const struct detect_shape *s, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += slope[s[i].upstroke];
	return n > 0 ? PART_OF_UPSTROKE * sum / (double)n : 0;
}

/* Go back from a sample to the last one whose slope is this small, or to start.
 */
static size_t
back_to(const double *slope, double least, size_t from, size_t start)
{
	while (from > start && slope[from] > least)
		from--;
	return from;
}

static void
refine_onsets(struct detect_shape *s, size_t n, const double *slope,
	      size_t first)
{
	double least = detect_onset_slope(slope, s, n);
	size_t i;

	for (i = 0; i < n; i++)
		s[i].onset = back_to(slope, least, s[i].upstroke,
				     i > 0 ? s[i - 1].upstroke : first);
}

/* ---- By threshold ---- */

static void
add(struct detect_spikes *s, size_t sample)
{
	s->at = grow(s->at, &s->cap, s->n + 1, sizeof *s->at);
	s->at[s->n++] = sample;
}

static void
find_crossings(struct detect_spikes *s, const struct trace *t, size_t first,
	       size_t end)
{
	bool ready = t->n > 0 && t->v[0] <= threshold;
	size_t k;

	for (k = 1; k < end; k++) {
		if (ready && t->v[k] > threshold) {
			ready = false;
			if (k > first)
				add(s, k);
		} else if (t->v[k] < threshold - HYSTERESIS) {
			ready = true;
		}
	}
}

/* The steepest rise is sought from 5 ms before the threshold on: the current's
 * beginning, which may be steeper, is mostly earlier. */
static struct detect_shape *
shape_crossings(const struct trace *t, const double *slope,
		const struct detect_spikes *s, size_t first, size_t end)
{
	struct detect_shape *shape = zeros(s->n, sizeof *shape);
	size_t start = first, i, from;

	for (i = 0; i < s->n; i++) {
		if (i > 0)
			start = shape[i - 1].peak + 1;
		shape[i].peak = detect_highest(
			t->v, s->at[i], i + 1 < s->n ? s->at[i + 1] : end);
		from = not_before(t, trace_time(t, s->at[i]) - LONGEST_RISE,
				  start, s->at[i] - 1);
		shape[i].upstroke = detect_highest(slope, from, shape[i].peak);
	}
	refine_onsets(shape, s->n, slope, first);
	for (i = 1; i < s->n; i++)
		if (shape[i].onset <= shape[i - 1].peak)
			shape[i].onset = shape[i - 1].peak + 1;
	return shape;
}

/* ---- By slope ---- */

/* Candidates for spikes, each from where the slope is about to be steep.  These
 * and the functions below take the steps that ephys_features takes, in the same
 * order. */
struct rises {
	struct detect_shape *shape;
	size_t n, cap;
};

/* Two rises are separate if the slope is below 0 somewhere from the onset of
 * the first to the sample before that of the second. */
static void
find_rises(struct rises *r, const double *slope, size_t first, size_t end)
{
	bool has_fallen = true, is_rise;
	size_t k;

	for (k = first + 1; k + 1 < end; k++) {
		is_rise = slope[k - 1] < STEEP && slope[k] >= STEEP;
		if (is_rise && has_fallen) {
			r->shape = grow(r->shape, &r->cap, r->n + 1,
					sizeof *r->shape);
			r->shape[r->n++] =
				(struct detect_shape){.onset = k - 1};
		}
		has_fallen = (has_fallen && !is_rise) || slope[k - 1] < 0;
	}
}

/* Take out the rises whose onset is not set. */
#define NO_SPIKE SIZE_MAX

static void
drop_rises(struct rises *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->n; i++)
		if (r->shape[i].onset != NO_SPIKE)
			r->shape[n++] = r->shape[i];
	r->n = n;
}

static void
find_peaks(struct rises *r, const struct trace *t, const double *slope,
	   size_t end)
{
	struct detect_shape *s = r->shape;
	size_t i;

	for (i = 0; i < r->n; i++) {
		s[i].peak = detect_highest(t->v, s[i].onset,
					   i + 1 < r->n ? s[i + 1].onset : end);
		s[i].upstroke = detect_highest(slope, s[i].onset, s[i].peak);
	}
	for (i = 0; i < r->n; i++)
		if (t->v[s[i].peak] < LEAST_PEAK ||
		    t->v[s[i].peak] - t->v[s[i].onset] < LEAST_HEIGHT)
			s[i].onset = NO_SPIKE;
	drop_rises(r);
}

/* A spike that begins before the peak of the one before is a part of it. */
static void
merge_rises(struct rises *r)
{
	struct detect_shape *s = r->shape;
	size_t i;

	for (i = r->n; i-- > 1;) {
		if (s[i].onset > s[i - 1].peak)
			continue;
		s[i - 1].peak = s[i].peak;
		s[i - 1].upstroke = s[i].upstroke;
		s[i].onset = NO_SPIKE;
	}
	drop_rises(r);
}

/* A spike that takes too long from its onset to its peak either begins later or
 * has an earlier peak; otherwise it is dropped. */
static void
shorten(struct detect_shape *s, const struct trace *t, const double *slope,
	double least, size_t end)
{
	size_t from = not_before(t, trace_time(t, s->peak) - LONGEST_RISE,
				 s->onset, s->peak);
	size_t begin = from < s->upstroke
			       ? back_to(slope, least, s->upstroke, from)
			       : from;
	size_t peak, to;

	if (begin > from) {
		s->onset = begin;
		return;
	}
	to = not_before(t, trace_time(t, s->onset) + 2 * LONGEST_RISE, s->onset,
			end);
	peak = detect_highest(t->v, s->onset, to);
	if (trace_time(t, peak) - trace_time(t, s->onset) < LONGEST_RISE)
		s->peak = peak;
	else
		s->onset = NO_SPIKE;
}

static void
shorten_rises(struct rises *r, const struct trace *t, const double *slope,
	      size_t end)
{
	double least = detect_onset_slope(slope, r->shape, r->n);
	struct detect_shape *s = r->shape;
	size_t i;

	for (i = 0; i < r->n; i++)
		if (trace_time(t, s[i].peak) - trace_time(t, s[i].onset) >=
		    LONGEST_RISE)
			shorten(&s[i], t, slope, least,
				i + 1 < r->n ? s[i + 1].onset : end);
	drop_rises(r);
}

static struct rises
rises_of(const struct trace *t, const double *slope, size_t first, size_t end)
{
	struct rises r = {0};

	find_rises(&r, slope, first, end);
	find_peaks(&r, t, slope, end);
	refine_onsets(r.shape, r.n, slope, first);
	merge_rises(&r);
	shorten_rises(&r, t, slope, end);
	return r;
}

static void
find_onsets(struct detect_spikes *s, const struct trace *t, size_t first,
	    size_t end)
{
	double *slope = detect_slopes(t);
	struct rises r = rises_of(t, slope, first, end);
	size_t i;

	for (i = 0; i < r.n; i++)
		add(s, r.shape[i].onset);
	free(r.shape);
	free(slope);
}

/* ---- Either way ---- */

void
detect_find(struct detect_spikes *s, const struct trace *t, size_t first,
	    size_t end)
{
	s->n = 0;
	if (way == BY_SLOPE)
		find_onsets(s, t, first, end);
	else
		find_crossings(s, t, first, end);
}

/* Do options say what a spike is? */
static bool
is_said(void)
{
	return opt_given(&way) || opt_given(&threshold);
}

/* Does the voltage come back from a crossing of the threshold, by more than
 * noise? */
static bool
comes_back(const struct trace *t, size_t crossing, size_t end)
{
	size_t k;

	for (k = crossing; k < end; k++)
		if (t->v[k] < t->v[crossing] - HYSTERESIS)
			return true;
	return false;
}

/* A sample, and its time, which takes longer to find than to compare. */
struct moment {
	size_t at;
	double time;
};

static struct moment
moment_of(const struct trace *t, size_t k)
{
	return (struct moment){k, trace_time(t, k)};
}

/* The last sample from one on that is a ms before another one, or that one if
 * there is none. */
static struct moment
ms_before(const struct trace *t, struct moment k, struct moment from)
{
	struct moment next;

	while (from.at + 1 < k.at) {
		next = moment_of(t, from.at + 1);
		if (!(next.time <= k.time - 1))
			break;
		from = next;
	}
	return from;
}

/* How often the voltage leaps within the samples, and where it first does. */
static size_t
count_leaps(const struct trace *t, size_t first, size_t end, size_t *at)
{
	struct moment one = moment_of(t, first), two = one, now;
	bool was_leap = false, is_leap;
	const double *v = t->v;
	size_t n = 0, k;

	for (k = first; k < end; k++) {
		now = moment_of(t, k);
		one = ms_before(t, now, one);
		two = ms_before(t, one, two);
		is_leap = one.time <= now.time - 1 &&
			  two.time <= one.time - 1 && v[k] - v[one.at] > LEAP &&
			  v[one.at] - v[two.at] <
				  PART_BEFORE * (v[k] - v[one.at]);
		if (is_leap && !was_leap && n++ == 0)
			*at = k;
		was_leap = is_leap;
	}
	return n;
}

size_t
detect_count(const struct trace *t, size_t first, size_t end, size_t *at)
{
	struct detect_spikes s = {0};
	size_t n, leaps = 0, leap = first;

	detect_find(&s, t, first, end);
	n = s.n;
	if (!is_said()) {
		leaps = count_leaps(t, first, end, &leap);
		if (n > 0 && !comes_back(t, s.at[n - 1], end))
			n--;
	}
	*at = n > 0 && n >= leaps ? s.at[0] : leap;
	free(s.at);
	return n > leaps ? n : leaps;
}

/* Does the voltage fall from a spike where its samples begin? */
static bool
begins_in_spike(const struct trace *t)
{
	size_t end = trace_from(t, trace_time(t, 0) + LONGEST_RISE);

	return t->v[0] - t->v[detect_lowest(t->v, 0, end + 1)] > LEAP;
}

size_t
detect_count_rest(const struct trace *t, size_t before, size_t n, size_t *at)
{
	size_t first = trace_from(t, trace_time(t, before - n) - LONGEST_RISE);
	struct trace part; /* the slopes of all would take as long again */
	size_t spikes;

	if (first >= before)
		return 0;
	part = trace_part(t, first, before);
	spikes = detect_count(&part, 0, part.n, at);
	if (spikes == 0 && !is_said() && begins_in_spike(&part))
		spikes = 1;
	*at += first;
	return spikes;
}

struct detect_shape *
detect_shapes(const struct trace *t, const double *slope,
	      const struct detect_spikes *s, size_t first, size_t end)
{
	if (way == BY_SLOPE)
		return rises_of(t, slope, first, end).shape;
	return shape_crossings(t, slope, s, first, end);
}

double
detect_level(void)
{
	return way == BY_SLOPE ? LEAST_PEAK : threshold;
}

bool
detect_blocked(const struct trace *t, const struct detect_shape *shape,
	       size_t n, size_t first, size_t end)
{
	double sum = 0, above;
	size_t k, last = first; /* at which it was not above */

	for (k = 0; k < n; k++)
		sum += t->v[shape[k].onset];
	above = n > 0 ? sum / (double)n : detect_level();
	for (k = first; k < end; k++) {
		if (t->v[k] <= above)
			last = k;
		else if (trace_time(t, k) - trace_time(t, last) > BLOCK)
			return true;
	}
	return false;
}
