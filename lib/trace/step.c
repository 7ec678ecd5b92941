#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trace/spacing.h"
#include "trace/step.h"

/* The current before a step is that of so many ms. */
#define REST 100

static double amp_pA, delay, dur;

const struct opt step_opts[] = {
	OPT_NUM_IN(0, "amp", "pA", &amp_pA, "(-inf,inf)",
		   "the step's amplitude, instead of a current"),
	OPT_NUM_IN(0, "delay", "ms", &delay, "(-inf,inf)",
		   "the time at which it begins"),
	OPT_NUM_IN(0, "dur", "ms", &dur, "(0,inf)", "how long it lasts"),
	OPT_NEEDS("amp", "delay"),
	OPT_NEEDS("delay", "dur"),
	OPT_NEEDS("dur", "amp"),
	OPT_END,
};

bool
step_is_said(void)
{
	return opt_given(&amp_pA);
}

void
step_check(void)
{
	if (step_is_said() &&
	    !(fabs(amp_pA) > TRACE_LEAST && fabs(amp_pA) < TRACE_GREATEST))
		misuse("--amp: not a step: '%g'", amp_pA);
}

static void
take_said(const struct trace *t, struct step *s)
{
	double end = delay + dur, first = trace_time(t, 0);
	double last = trace_time(t, t->n - 1);

	/* A trace that ends with the step may lack its very last sample. */
	if (delay < first ||
	    end > last + (last - trace_time(t, t->n - 2)) * 1.5)
		trace_bad(t,
			  "the trace is from %g to %g ms, and the step from %g "
			  "to %g",
			  first, last, delay, end);
	s->amp_nA = amp_pA / 1000;
	s->before = trace_sample(t, delay);
	s->last = trace_sample(t, end);
	if (s->last <= s->before)
		trace_bad(t, "no sample in a step of %g ms", dur);
}

static double
median(const double *x, size_t n)
{
	double *y = zeros(n, sizeof *y), m;

	memcpy(y, x, n * sizeof *y);
	m = gsl_stats_median(y, 1, n);
	free(y);
	return m;
}

/* The median deviation of a normal distribution, in standard deviations. */
#define NORMAL 0.6745

/* How much values vary about a level: their median deviation. */
static double
spread(const double *x, size_t n, double level)
{
	double *y = zeros(n, sizeof *y), s;
	size_t k;

	for (k = 0; k < n; k++)
		y[k] = fabs(x[k] - level);
	s = gsl_stats_median(y, 1, n) / NORMAL;
	free(y);
	return s;
}

/* How far the current is from a level in the n samples of i: what a twentieth
 * of them exceed, or else a hundredth, unless that is noise, or so little
 * compared with the largest of all that it may be one unit of a converter. */
static double
size_of(const double *i, size_t n, double level, double noise)
{
	double *x = zeros(n + 1, sizeof *x), size[3];
	size_t k;

	for (k = 0; k < n; k++)
		x[k] = fabs(i[k] - level);
	size[0] = n > 0 ? gsl_stats_select(x, 1, n, n - 1 - n / 20) : 0;
	size[1] = n > 0 ? gsl_stats_select(x, 1, n, n - 1 - n / 100) : 0;
	size[2] = n > 0 ? gsl_stats_select(x, 1, n, n - 1) : 0;
	free(x);
	for (k = 0; k < 2; k++)
		if (size[k] > fmax(5 * noise, size[2] / 100))
			break;
	return size[k];
}

/* ---- Rest ---- */

/* The first sample of so many ms before a sample. */
static size_t
first_of(const struct trace *t, size_t sample, double ms)
{
	return trace_sample(t, trace_time(t, sample) - ms);
}

/* The current of the last samples of the rest, and the least change of it. */
static void
level_at(const struct trace *t, size_t sample, double *level, double *least)
{
	size_t few = sample > 9 ? sample - 9 : 0;
	size_t long_before = first_of(t, sample, REST);
	size_t n = sample + 1 - long_before;
	const double *i = t->i + long_before;
	double noise = spread(i, n, median(i, n)), size;

	*level = median(t->i + few, sample + 1 - few);
	size = size_of(t->i + sample + 1, t->n - 1 - sample, *level, noise);
	*least = fmax(5 * noise, size / 20);
}

/* The first sample from which on the current is that of the rest. */
static size_t
rest_since(const struct trace *t, size_t sample)
{
	double level, least;
	bool was_away = false;
	size_t k;

	level_at(t, sample, &level, &least);
	for (k = sample + 1; k-- > 0;) {
		bool is_away = fabs(t->i[k] - level) > least;

		if (is_away && was_away)
			return k + 2 < sample ? k + 2 : sample;
		was_away = is_away;
	}
	return 0;
}

/* The first of at most REST ms of samples whose current is that of the rest. */
static size_t
first_of_level(const struct trace *t, size_t sample)
{
	size_t since = rest_since(t, sample);
	size_t first = first_of(t, sample, REST);

	return first > since ? first : since;
}

/* ---- The step ---- */

/* The current at rest, how much it varies, and the step's amplitude, as far as
 * they are known. */
struct rest {
	double rest, noise, amp;
};

/* For how many samples the current keeps its first value. */
static size_t
count_first(const struct trace *t, double least)
{
	size_t n = 0;

	while (n < t->n && fabs(t->i[n] - t->i[0]) <= least)
		n++;
	return n;
}

/* Does the current come back to its first value? */
static bool
comes_back(const struct trace *t, size_t from, double least)
{
	size_t k;

	for (k = from; k < t->n; k++)
		if (fabs(t->i[k] - t->i[0]) <= least)
			return true;
	return false;
}

/* The noise of a current by its changes from sample to sample, whose deviation
 * is sqrt(2) times that of the noise: a step does not affect their median. */
static double
jitter(const struct trace *t)
{
	double *x = zeros(t->n - 1, sizeof *x), noise;
	size_t k;

	for (k = 0; k + 1 < t->n; k++)
		x[k] = fabs(t->i[k + 1] - t->i[k]);
	noise = gsl_stats_median(x, 1, t->n - 1) / NORMAL / M_SQRT2;
	free(x);
	return noise;
}

/* The first hundredth of a trace is taken for rest.  If it does not begin with
 * that current, but comes back to its first value later, rest is as much of it
 * as has the first value; otherwise the first value is a glitch. */
static void
find_rest(const struct trace *t, struct rest *l)
{
	double noise = jitter(t);
	double least = fmax(5 * noise, size_of(t->i, t->n, t->i[0], 0) / 20);
	size_t n = t->n / 100 + 1, first = count_first(t, least);

	l->rest = median(t->i, n);
	l->noise = spread(t->i, n, l->rest);
	if (fabs(t->i[0] - l->rest) > least && comes_back(t, n, least)) {
		l->rest = median(t->i, first);
		l->noise = fmax(noise, spread(t->i, first, l->rest));
	}
}

/* The median of the current where it is away from rest, on the side where it is
 * longer; false if it never is. */
static bool
guess_amp(const struct trace *t, struct rest *l)
{
	double least =
		fmax(size_of(t->i, t->n, l->rest, l->noise) / 20, 3 * l->noise);
	double *x = zeros(t->n, sizeof *x);
	size_t k, n = 0, up = 0;
	bool above;

	for (k = 0; k < t->n; k++) {
		double d = t->i[k] - l->rest;

		n += fabs(d) > least ? 1 : 0;
		up += d > least ? 1 : 0;
	}
	above = up >= n - up;
	for (n = k = 0; k < t->n; k++)
		if (above ? t->i[k] - l->rest > least
			  : l->rest - t->i[k] > least)
			x[n++] = t->i[k] - l->rest;
	l->amp = n > 0 ? gsl_stats_median(x, 1, n) : 0;
	free(x);
	return n > 0;
}

/* Every sample votes for the step, by how far beyond half of its amplitude it
 * is, but no more than one vote; the stretch with the most votes is the
 * likeliest for steps in normal noise.  It ends where it loses more votes than
 * noise could cost it once in a million samples or so, and not for a glitch. */
static void
find_stretch(const struct trace *t, const struct rest *l, struct step *s)
{
	double ratio = l->noise / l->amp, most = 0, sum = 0, high = 0;
	double loss = 3 + 50 * ratio * ratio;
	size_t k, begin = 1, end = 0;

	s->before = s->last = 0;
	for (k = 1; k < t->n; k++) {
		double vote = 2 * (t->i[k] - l->rest) / l->amp - 1;

		if (sum <= 0 || sum < high - loss) {
			begin = k;
			sum = high = 0;
		}
		sum += fmax(-1, fmin(1, vote));
		if (sum > high) {
			high = sum;
			end = k;
		}
		if (high > most && end == k) {
			most = high;
			s->before = begin - 1;
			s->last = end;
		}
	}
}

/* The step is found again with its own amplitude, until that no longer changes.
 */
static bool
settle_amp(const struct trace *t, struct rest *l, struct step *s)
{
	int again;

	for (again = 0; again < 10; again++) {
		double last = l->amp;

		find_stretch(t, l, s);
		if (s->last == s->before)
			return false;
		l->amp = median(t->i + s->before + 1, s->last - s->before) -
			 l->rest;
		if (l->amp == last || l->amp == 0)
			break;
	}
	return true;
}

/* Then it is found once more, relative to the current just before it, which may
 * differ from that where the trace begins. */
static bool
settle_on_step(const struct trace *t, struct rest *l, struct step *s)
{
	double rest = l->rest;
	size_t first;

	if (!settle_amp(t, l, s))
		return false;
	first = first_of_level(t, s->before);
	l->rest = median(t->i + first, s->before + 1 - first);
	l->amp += rest - l->rest;
	return settle_amp(t, l, s);
}

/* The mean of the samples [first, end) that are near their median; *off is the
 * part that is not near. */
static double
mean_near(const double *i, size_t first, size_t end, double least, double *off)
{
	double level = median(i + first, end - first), sum = 0;
	size_t k, n = 0;

	for (k = first; k < end; k++) {
		if (fabs(i[k] - level) > least)
			continue;
		sum += i[k] - level;
		n++;
	}
	*off = 1 - (double)n / (double)(end - first);
	return n > 0 ? level + sum / (double)n : level;
}

static bool
measure(const struct trace *t, struct step *s)
{
	struct rest l = {0};
	double least, off;
	size_t first;

	s->problem = "no step in the current";
	find_rest(t, &l);
	if (!guess_amp(t, &l) || !settle_on_step(t, &l, s))
		return false;
	least = fmax(4 * fmax(l.noise, jitter(t)), fabs(l.amp) / 10);
	first = first_of_level(t, s->before);
	s->amp_nA = -mean_near(t->i, first, s->before + 1, least, &off);
	s->amp_nA += mean_near(t->i, s->before + 1, s->last + 1, least, &off);
	if (!(fabs(s->amp_nA) * sqrt((double)(s->last - s->before)) >
	      fmax(8 * l.noise, TRACE_LEAST)))
		return false;
	s->problem = off > 0.05 ? "the current changes within its step" : NULL;
	return !s->problem;
}

/* ---- Samples that are not evenly spaced ---- */

/* The current of a trace as if it had been sampled evenly: all that is counted
 * above is then counted by time.  The current at a sample is the one that led
 * to it. */
static struct trace
even_current(const struct trace *t)
{
	struct trace e = *t;
	size_t k, at = 0;

	e.dt = (trace_time(t, t->n - 1) - trace_time(t, 0)) /
	       (double)(t->n - 1);
	e.time = zeros(e.n, sizeof *e.time);
	e.i = zeros(e.n, sizeof *e.i);
	for (k = 0; k < e.n; k++) {
		e.time[k] = trace_time(t, 0) + (double)k * e.dt;
		while (at + 1 < t->n && trace_time(t, at) < e.time[k])
			at++;
		e.i[k] = t->i[at];
	}
	return e;
}

static void
free_current(struct trace *e)
{
	free(e->time);
	free(e->i);
}

/* The sample of the trace from which on its current is that of the even sample
 * after this one: where it changes most between the two. */
static size_t
change_after(const struct trace *t, const struct trace *even, size_t sample)
{
	size_t k = trace_from(t, even->time[sample]), best;
	size_t end = trace_from(t, even->time[sample + 1]);

	best = k + 1 < t->n ? k + 1 : k;
	while (++k <= end)
		if (fabs(t->i[k] - t->i[k - 1]) >
		    fabs(t->i[best] - t->i[best - 1]))
			best = k;
	return best;
}

static bool
measure_by_time(const struct trace *t, struct step *s)
{
	struct trace e = even_current(t);
	bool is_step = measure(&e, s);

	if (is_step) {
		s->last = s->last + 1 < e.n ? change_after(t, &e, s->last) - 1
					    : t->n - 1;
		s->before = change_after(t, &e, s->before) - 1;
		if (s->last <= s->before)
			s->last = s->before + 1;
	}
	free_current(&e);
	return is_step;
}

static size_t
rest_since_by_time(const struct trace *t, size_t sample)
{
	struct trace e = even_current(t);
	size_t at = trace_sample(&e, trace_time(t, sample)), since;

	if (at > 0 && e.time[at] > trace_time(t, sample))
		at--;
	since = rest_since(&e, at);
	if (since > 0)
		since = change_after(t, &e, since - 1);
	free_current(&e);
	return since < sample ? since : sample;
}

/* ---- */

size_t
step_rest_since(const struct trace *t, size_t sample)
{
	if (!t->i || step_is_said())
		return 0;
	return t->dt > 0 ? rest_since(t, sample)
			 : rest_since_by_time(t, sample);
}

double
step_rest(const struct trace *t, size_t sample, double ms, size_t *n)
{
	size_t since = step_rest_since(t, sample);
	double end = trace_time(t, sample);

	if (since > 0)
		ms = fmin(ms, (end - trace_time(t, since - 1)) / 5);
	return spacing_mean(t, fmax(end - ms, trace_time(t, since)), end, n);
}

bool
step_seek(const struct trace *t, struct step *s)
{
	*s = (struct step){0};
	if (step_is_said()) {
		take_said(t, s);
		return true;
	}
	if (t->i)
		return t->dt > 0 ? measure(t, s) : measure_by_time(t, s);
	s->problem = "no column of currents";
	return false;
}

void
step_find(const struct trace *t, struct step *s)
{
	if (!step_seek(t, s))
		trace_bad(t, "%s: say %s--amp, --delay and --dur", s->problem,
			  t->i ? "" : "--current, or ");
}
