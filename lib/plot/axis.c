#include <math.h>
#include <stdio.h>

#include "plot/axis.h"

#define NEAR 0.3 /* of its far end: an axis that begins nearer shows 0 */

void
axis_take(struct axis *a, double v)
{
	if (isnan(v))
		return;
	if (!a->used)
		a->low = a->high = v;
	a->low = fmin(a->low, v);
	a->high = fmax(a->high, v);
	a->used = true;
}

static void
settle_log(struct axis *a, double room)
{
	double more;

	if (a->low == a->high) {
		a->low /= 2;
		a->high *= 2;
	}
	more = pow(a->high / a->low, room);
	if (isfinite(a->high * more) && a->low / more > 0) {
		a->low /= more;
		a->high *= more;
	}
}

void
axis_settle(struct axis *a, double room)
{
	double more;

	if (!a->used) {
		a->low = a->log ? 1 : 0;
		a->high = a->log ? 10 : 1;
		return;
	}
	if (a->log) {
		settle_log(a, room);
		return;
	}
	if (a->low == a->high) {
		double half = a->low == 0 ? 0.5 : fabs(a->low) / 2;

		a->low -= half;
		a->high += half;
	}
	more = room * (a->high - a->low);
	if (!isfinite(a->high + more) || !isfinite(a->low - more))
		return;
	if (a->low != 0)
		a->low -= more;
	if (a->high != 0)
		a->high += more;
}

void
axis_reach_zero(struct axis *a)
{
	if (a->used && ((a->low > 0 && a->low <= NEAR * a->high) ||
			(a->high < 0 && a->high >= NEAR * a->low)))
		axis_take(a, 0);
}

double
axis_place(const struct axis *a, double v)
{
	if (a->log)
		return log(v / a->low) / log(a->high / a->low);
	return (v / 2 - a->low / 2) / (a->high / 2 - a->low / 2);
}

/* Adds a tic with so many decimal places; where these are many, or the number
 * is long, with the digits that tell it from its neighbours. */
static void
add_tic(struct axis_tics *t, double at, int places, int digits)
{
	bool fixed = places <= 5 && fabs(at) < 1e6;

	snprintf(t->text[t->n], AXIS_TIC_TEXT, fixed ? "%.*f" : "%.*g",
		 fixed ? places : digits, at);
	t->at[t->n++] = at;
}

/* Multiples of a round number. */
struct steps {
	double size, first, n; /* n: from the first to the last */
	int places, digits;
};

/* 1, 2 or 5 times a power of ten, so that at most so many fit. */
static double
nice_step(const struct axis *a, double most)
{
	double raw = a->high / most - a->low / most;
	double power = pow(10, floor(log10(raw)));
	double step = raw <= power       ? power
		      : raw <= 2 * power ? 2 * power
		      : raw <= 5 * power ? 5 * power
					 : 10 * power;

	return a->whole ? fmax(1, step) : step;
}

static struct steps
find_steps(const struct axis *a, double most)
{
	double size = fmax(fabs(a->low), fabs(a->high));
	struct steps s = {.size = nice_step(a, most)};

	s.first = ceil(a->low / s.size - 1e-9);
	s.n = floor(a->high / s.size + 1e-9) - s.first;
	s.places = (int)fmax(0, -floor(log10(s.size) + 1e-9));
	s.digits = (int)fmin(17, fmax(1, 1 + ceil(log10(size / s.size))));
	return s;
}

static void
add_tics(struct axis_tics *t, const struct steps *s)
{
	int i;

	t->n = 0;
	for (i = 0; i <= s->n && t->n < AXIS_MAX_TICS; i++)
		add_tic(t, (s->first + i) * s->size + 0.0, s->places,
			s->digits);
}

static void
set_linear_tics(struct axis *a, int most)
{
	struct steps s;

	do
		s = find_steps(a, most);
	while (s.n < 1 && (!a->whole || s.size > 1) && most++ < AXIS_MAX_TICS);
	add_tics(&a->tics, &s);
}

void
axis_limit_tics(struct axis *a, double most)
{
	struct steps s = find_steps(a, most);

	add_tics(&a->tics, &s);
	if (s.n < 1) {
		a->tics.n = 0;
		add_tic(&a->tics, a->low, s.places + 1, s.digits + 1);
		add_tic(&a->tics, a->high, s.places + 1, s.digits + 1);
	}
}

/* Adds tics at these digits of every power of ten, or of every few. */
static void
add_log_tics(struct axis *a, const int *digit, int every)
{
	int k = (int)floor(log10(a->low) + 1e-9), i;
	struct axis_tics *t = &a->tics;

	t->n = 0;
	for (; pow(10, k) <= a->high * (1 + 1e-9); k++)
		for (i = 0; digit[i] && k % every == 0; i++) {
			double at = digit[i] * pow(10, k);

			if (at < a->low * (1 - 1e-9) ||
			    at > a->high * (1 + 1e-9) || t->n == AXIS_MAX_TICS)
				continue;
			snprintf(t->text[t->n], AXIS_TIC_TEXT, "%g", at);
			t->at[t->n++] = at;
		}
}

/* Tics are at powers of ten, or at some of them; on an axis that spans less
 * than two of these also between them, or else as on a linear axis. */
static void
set_log_tics(struct axis *a, int most)
{
	static const int tens[] = {1, 0}, more[] = {1, 2, 5, 0};
	int decades = (int)floor(log10(a->high) + 1e-9) -
		      (int)ceil(log10(a->low) - 1e-9) + 1;
	int every = (decades + most - 1) / most;

	add_log_tics(a, tens, every > 1 ? every : 1);
	if (a->tics.n < 3 && most >= 4)
		add_log_tics(a, more, 1);
	if (a->tics.n < 2)
		set_linear_tics(a, most);
}

void
axis_set_tics(struct axis *a, double most)
{
	int n = (int)fmin(AXIS_MAX_TICS - 1, fmax(2, most));

	if (a->log)
		set_log_tics(a, n);
	else
		set_linear_tics(a, n);
}

double
axis_most_down(double height, double type)
{
	return height / (plot_is_text() ? 2 : 2.4 * type);
}

double
axis_tic_width(const struct axis *a, double type)
{
	double widest = 0;
	size_t i;

	for (i = 0; i < a->tics.n; i++)
		widest = fmax(widest, plot_text_width(a->tics.text[i], type));
	return widest;
}

void
axis_say_range(struct plot *p, const struct axis *a, const char *name)
{
	plot_say(p, "set %srange [", name);
	plot_num(p, a->low);
	plot_say(p, ":");
	plot_num(p, a->high);
	plot_say(p, "]\n");
}

/* Says the tics without a text between those of a logarithmic axis. */
static void
say_small_tics(struct plot *p, const struct axis *a)
{
	int k = (int)floor(log10(a->low)), i;

	if (log10(a->high / a->low) > 8)
		return;
	for (; pow(10, k) <= a->high; k++)
		for (i = 1; i <= 9; i++) {
			double at = i * pow(10, k);

			if (at < a->low || at > a->high)
				continue;
			plot_say(p, ", \"\" ");
			plot_num(p, at);
			plot_say(p, " 1");
		}
}

void
axis_say_tics(struct plot *p, const struct axis *a, const char *name,
	      const char *style, double type)
{
	size_t i;

	if (a->tics.n == 0) { /* an empty list would mean gnuplot's own */
		plot_say(p, "unset %stics\n", name);
		return;
	}
	plot_say(p, "set %stics %s(", name, style);
	for (i = 0; i < a->tics.n; i++) {
		plot_say(p, i ? ", " : "");
		plot_tic(p, a->tics.text[i], a->tics.at[i]);
	}
	if (a->log)
		say_small_tics(p, a);
	plot_say(p, ") ");
	plot_font(p, type);
	plot_say(p, "\n");
}
