#include <float.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "trace/spacing.h"

/* Times off an even grid by up to this part of its spacing were only rounded;
 * by more, up to the second, they may have been, if their digits are so few.  A
 * sample that is missing moves some by half a spacing at least. */
#define ROUNDED 0.1
#define COARSE 0.4

/* Between samples the voltage moves for no longer than so many times the
 * shorter of the spacings before and after. */
#define DENSER 100

double
spacing_digit(const double *x, size_t n)
{
	double unit = 1, greatest = 0, y;
	size_t k = 0;

	while (k < n && unit > 1e-16) {
		y = x[k] / unit;
		/* Units other than ours cost some bits. */
		if (fabs(y - nearbyint(y)) <= 8 * DBL_EPSILON * fabs(y))
			k++;
		else
			unit /= 10;
	}
	for (k = 0; k < n; k++)
		greatest = fmax(greatest, fabs(x[k]));
	return fmax(unit, DBL_EPSILON * greatest);
}

/* The line of the least squares through times against their numbers: where its
 * middle is, and how much it rises from one to the next. */
static void
fit_line(const double *t, size_t n, double *middle, double *step)
{
	double rough = (t[n - 1] - t[0]) / (double)(n - 1), e, x;
	double sum = 0, product = 0, half = (double)(n - 1) / 2;
	size_t k;

	for (k = 0; k < n; k++) {
		x = (double)k - half;
		e = t[k] - t[0] - (double)k * rough;
		sum += e;
		product += x * e;
	}
	*middle = t[0] + half * rough + sum / (double)n;
	*step = rough +
		product * 12 / ((double)n * ((double)n * (double)n - 1));
}

/* How far a time is from its place on a grid at the most. */
static double
farthest(const double *t, size_t n)
{
	double middle, step, half = (double)(n - 1) / 2, most = 0;
	size_t k;

	fit_line(t, n, &middle, &step);
	for (k = 0; k < n; k++)
		most = fmax(most,
			    fabs(t[k] - middle - ((double)k - half) * step));
	return most;
}

double
spacing_of(const struct trace *t, size_t first, size_t end)
{
	size_t n = end - first;
	double dt = (trace_time(t, end - 1) - trace_time(t, first)) /
		    (double)(n - 1);
	const double *time;
	double off;

	if (!t->time)
		return dt;
	time = t->time + first;
	off = farthest(time, n);
	if (off <= ROUNDED * dt)
		return dt;
	if (off <= COARSE * dt && off <= 0.51 * spacing_digit(time, n))
		return dt;
	return 0;
}

bool
spacing_is_rounded(const struct trace *t)
{
	return t->dt > 0 &&
	       (!t->time ||
		farthest(t->time, t->n) <= 0.51 * spacing_digit(t->time, t->n));
}

/* The sample whose spacing from the one before is most unlike that of most. */
static size_t
find_gap(const double *t, size_t n, double *usual)
{
	double *x = zeros(n, sizeof *x), off, most = -1;
	size_t k, gap = 1;

	for (k = 1; k < n; k++)
		x[k - 1] = t[k] - t[k - 1];
	*usual = gsl_stats_median(x, 1, n - 1);
	for (k = 1; k < n; k++) {
		off = fabs(t[k] - t[k - 1] - *usual);
		if (off > most) {
			most = off;
			gap = k;
		}
	}
	free(x);
	return gap;
}

void
spacing_need(const struct trace *t, size_t first, size_t end, const char *what)
{
	double usual;
	size_t k;

	if (end - first < 3 || spacing_of(t, first, end) > 0)
		return;
	k = first + find_gap(t->time + first, end - first, &usual);
	trace_bad_at(t, k,
		     "%sthe samples are not evenly spaced: this one comes %.6g "
		     "ms after the one before, most %.6g",
		     what, trace_time(t, k) - trace_time(t, k - 1), usual);
}

/* ---- Means over time ---- */

/* The integral from a to b of what goes on a straight line from v at t by a
 * length to w, and stays v before and w afterwards; a and b are not outside of
 * first and last. */
struct ramp {
	double first, last; /* where it may be */
	double t, length, v, w;
};

static double
area(const struct ramp *r, double a, double b)
{
	double end = r->t + r->length, sum = 0, low, high, middle;

	a = fmax(a, r->first);
	b = fmin(b, r->last);
	if (!(b > a))
		return 0;
	if (a < r->t)
		sum += (fmin(b, r->t) - a) * r->v;
	if (b > end)
		sum += (b - fmax(a, end)) * r->w;
	low = fmax(a, r->t);
	high = fmin(b, end);
	middle = ((low + high) / 2 - r->t) / r->length;
	if (high > low)
		sum += (high - low) * (r->v + (r->w - r->v) * middle);
	return sum;
}

/* How the voltage goes from a sample to the next. */
static struct ramp
ramp_after(const struct trace *t, size_t k)
{
	const double *time = t->time;
	struct ramp r = {time[k], time[k + 1], time[k], time[k + 1] - time[k],
			 t->v[k], t->v[k + 1]};
	double before = k > 0 ? time[k] - time[k - 1] : INFINITY;
	double after = k + 2 < t->n ? time[k + 2] - time[k + 1] : INFINITY;

	r.length = fmin(r.length, DENSER * fmin(before, after));
	if (after < before)
		r.t = time[k + 1] - r.length;
	return r;
}

double
spacing_mean(const struct trace *t, double from, double to, size_t *n)
{
	size_t first, end, k;
	double sum = 0, level;

	if (t->dt > 0) {
		first = trace_sample(t, from);
		end = trace_sample(t, to);
		*n = end > first ? end - first : 0;
		return *n > 0 ? gsl_stats_mean(t->v + first, 1, *n) : t->v[end];
	}
	from = fmax(from, trace_time(t, 0));
	to = fmin(to, trace_time(t, t->n - 1));
	first = trace_from(t, from);
	end = trace_from(t, to);
	*n = end > first ? end - first : 0;
	level = t->v[trace_sample(t, to)];
	if (!(to > from))
		return level;
	for (k = first > 0 ? first - 1 : 0;
	     k + 1 < t->n && trace_time(t, k) < to; k++) {
		struct ramp r = ramp_after(t, k);

		r.v -= level; /* which a constant voltage keeps to the bit */
		r.w -= level;
		sum += area(&r, from, to);
	}
	return level + sum / (to - from);
}

double
spacing_mean_current(const struct trace *t, size_t first, size_t end)
{
	double sum = 0, time;
	size_t k, before = first > 0 ? first - 1 : 0;

	if (first >= end)
		return t->i[end];
	if (t->dt > 0 || end == first + 1)
		return gsl_stats_mean(t->i + first, 1, end - first);
	time = trace_time(t, end - 1) - trace_time(t, before);
	for (k = before + 1; k < end; k++)
		sum += (trace_time(t, k) - trace_time(t, k - 1)) * t->i[k];
	return sum / time;
}
