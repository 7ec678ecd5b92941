#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "field/butterworth.h"
#include "field/signals.h"
#include "util.h"

/* ---- The design ---- */

/* A pole of the analog filter, in units of twice the rate, as one of the
 * digital filter. */
static double complex
bilinear(double complex pole)
{
	return (1 + pole) / (1 - pole);
}

static struct butterworth_section *
add_section(struct butterworth *f)
{
	return &f->section[f->n++];
}

/* A pole above the real axis, and with it the one below. */
static void
add_pair(struct butterworth *f, double complex pole)
{
	double complex z = bilinear(pole);
	struct butterworth_section *s = add_section(f);

	s->a1 = -2 * creal(z);
	s->a2 = creal(z) * creal(z) + cimag(z) * cimag(z);
	f->slowest = fmax(f->slowest, cabs(z));
}

static void
add_real(struct butterworth *f, double pole)
{
	double z = creal(bilinear(pole));

	add_section(f)->a1 = -z;
	f->slowest = fmax(f->slowest, fabs(z));
}

/* Two real poles, as a band that is wider than its middle frequency has. */
static void
add_reals(struct butterworth *f, double pole, double other)
{
	double z = creal(bilinear(pole)), y = creal(bilinear(other));
	struct butterworth_section *s = add_section(f);

	s->a1 = -z - y;
	s->a2 = z * y;
	f->slowest = fmax(f->slowest, fmax(fabs(z), fabs(y)));
}

/* Each pole of a low-pass filter is two of a band. */
static void
add_split(struct butterworth *f, double complex half, double middle)
{
	double complex root = csqrt(half * half - middle * middle);
	double complex a = half + root, b = half - root;

	if (cimag(half) == 0 && cimag(root) == 0) {
		add_reals(f, creal(a), creal(b));
	} else {
		add_pair(f, a);
		if (cimag(half) != 0)
			add_pair(f, b);
	}
}

static bool
has_band(const struct butterworth *f)
{
	return f->kind == BUTTERWORTH_BAND || f->kind == BUTTERWORTH_STOP;
}

static void
add_poles(struct butterworth *f, size_t order, const double *w)
{
	bool turned =
		f->kind == BUTTERWORTH_HIGH || f->kind == BUTTERWORTH_STOP;
	double scale = has_band(f) ? (w[1] - w[0]) / 2 : w[0];
	size_t k;

	/* The first is the real one of an odd order. */
	for (k = order % 2 ? 0 : 1; k <= order / 2; k++) {
		double angle = M_PI * (double)(2 * k - (order % 2 ? 0 : 1)) /
			       (double)(2 * order);
		double complex pole =
			k == 0 ? -1 : -cos(angle) + sin(angle) * I;

		pole = turned ? scale / pole : scale * pole;
		/* A band needs both of them all the same. */
		if (k == 0)
			pole = creal(pole);
		if (has_band(f))
			add_split(f, pole, sqrt(w[0] * w[1]));
		else if (k == 0)
			add_real(f, creal(pole));
		else
			add_pair(f, pole);
	}
}

/* Zeros are at 0, at half the rate, or in the middle of what is stopped. */
static void
add_zeros(struct butterworth *f, const double *w)
{
	double sign = f->kind == BUTTERWORTH_LOW ? 1 : -1;
	double middle = w[0] * w[1];
	size_t k;

	for (k = 0; k < f->n; k++) {
		struct butterworth_section *s = &f->section[k];
		bool single = s->a2 == 0;

		s->b0 = 1;
		if (f->kind == BUTTERWORTH_BAND) {
			s->b2 = -1;
		} else if (f->kind == BUTTERWORTH_STOP) {
			s->b1 = -2 * (1 - middle) / (1 + middle);
			s->b2 = 1;
		} else {
			s->b1 = single ? sign : 2 * sign;
			s->b2 = single ? 0 : 1;
		}
	}
}

void
butterworth_design(struct butterworth *f, enum butterworth_kind kind,
		   size_t order, const double *edges_Hz, double rate_Hz)
{
	double w[2] = {0}, at = 0, gain;
	size_t k;

	*f = (struct butterworth){
		.kind = kind, .rate_Hz = rate_Hz, .order = order};
	for (k = 0; k < (has_band(f) ? 2 : 1); k++) {
		f->edges_Hz[k] = edges_Hz[k];
		w[k] = tan(M_PI * edges_Hz[k] / rate_Hz);
	}
	add_poles(f, order, w);
	add_zeros(f, w);
	if (kind == BUTTERWORTH_HIGH)
		at = rate_Hz / 2;
	if (kind == BUTTERWORTH_BAND)
		at = rate_Hz / M_PI * atan(sqrt(w[0] * w[1]));
	gain = butterworth_gain(f, at);
	f->section[0].b0 /= gain;
	f->section[0].b1 /= gain;
	f->section[0].b2 /= gain;
}

double
butterworth_gain(const struct butterworth *f, double frequency_Hz)
{
	double complex z = cexp(-2 * M_PI * frequency_Hz / f->rate_Hz * I);
	double gain = 1;
	size_t k;

	for (k = 0; k < f->n; k++) {
		const struct butterworth_section *s = &f->section[k];

		gain *= cabs((s->b0 + (s->b1 + s->b2 * z) * z) /
			     (1 + (s->a1 + s->a2 * z) * z));
	}
	return gain;
}

double
butterworth_gain_from(const struct butterworth *f, double frequency_Hz)
{
	double most = butterworth_gain(f, frequency_Hz), at;
	size_t k;

	/* What is flat reaches to the edges of a band, or to half the rate. */
	if (f->kind == BUTTERWORTH_HIGH || f->kind == BUTTERWORTH_STOP)
		return 1;
	at = sqrt(f->edges_Hz[0] * f->edges_Hz[1]);
	for (k = 0; k < LEN(f->edges_Hz); k++)
		if (f->edges_Hz[k] > frequency_Hz)
			most = fmax(most, M_SQRT1_2);
	return at > frequency_Hz ? 1 : most;
}

double
butterworth_settles(const struct butterworth *f)
{
	return ceil(log(0.01) / log(f->slowest));
}

/* ---- Samples through it ---- */

/* What a section keeps from one sample to the next: transposed direct form. */
struct butterworth_state {
	double s1, s2;
};

/* Samples in a row, forward or, with a step of -1, back from the last. */
struct butterworth_run {
	double *x;
	size_t n;
	ptrdiff_t step;
};

/* What sections keep of a signal that always was x. */
static void
prime(const struct butterworth *f, struct butterworth_state *state, double x)
{
	size_t k;

	for (k = 0; k < f->n; k++) {
		const struct butterworth_section *s = &f->section[k];
		double y = x * (s->b0 + s->b1 + s->b2) / (1 + s->a1 + s->a2);

		state[k].s2 = s->b2 * x - s->a2 * y;
		state[k].s1 = s->b1 * x - s->a1 * y + state[k].s2;
		x = y;
	}
}

/* With a number of
 * sections that the compiler knows their states are in registers, and the
 * sections work beside each other: 0.4 of the time of one after the other. */
static inline __attribute__((always_inline)) void
pass_some(const struct butterworth_section *section,
	  struct butterworth_state *state, size_t sections,
	  struct butterworth_run r)
{
	struct butterworth_section s[4];
	struct butterworth_state t[4];
	size_t k;

	memcpy(s, section, sections * sizeof *s);
	memcpy(t, state, sections * sizeof *t);
	for (; r.n > 0; r.n--, r.x += r.step) {
		double v = *r.x;

		for (k = 0; k < sections; k++) {
			double y = s[k].b0 * v + t[k].s1;

			t[k].s1 = s[k].b1 * v - s[k].a1 * y + t[k].s2;
			t[k].s2 = s[k].b2 * v - s[k].a2 * y;
			v = y;
		}
		*r.x = v;
	}
	memcpy(state, t, sections * sizeof *t);
}

/* A state that has died away to nothing is 0: numbers below the smallest normal
 * one take a hundred times as long. */
static void
settle(struct butterworth_state *state, size_t n)
{
	size_t k;

	for (k = 0; k < n; k++) {
		if (fabs(state[k].s1) < 1e-250)
			state[k].s1 = 0;
		if (fabs(state[k].s2) < 1e-250)
			state[k].s2 = 0;
	}
}

/* Blocks stay in the cache while all sections pass. */
enum { BLOCK = 1024 };

static void
pass_block(const struct butterworth *f, struct butterworth_state *state,
	   struct butterworth_run r)
{
	const struct butterworth_section *s = f->section;
	size_t k = 0;

	for (; k + 4 <= f->n; k += 4)
		pass_some(s + k, state + k, 4, r);
	if (f->n - k == 3)
		pass_some(s + k, state + k, 3, r);
	if (f->n - k == 2)
		pass_some(s + k, state + k, 2, r);
	if (f->n - k == 1)
		pass_some(s + k, state + k, 1, r);
	settle(state, f->n);
}

static void
pass(const struct butterworth *f, struct butterworth_state *state, double *x,
     size_t n)
{
	for (; n > BLOCK; n -= BLOCK, x += BLOCK)
		pass_block(f, state, (struct butterworth_run){x, BLOCK, 1});
	pass_block(f, state, (struct butterworth_run){x, n, 1});
}

static void
pass_back(const struct butterworth *f, struct butterworth_state *state,
	  double *x, size_t n)
{
	for (; n > BLOCK; n -= BLOCK)
		pass_block(f, state,
			   (struct butterworth_run){x + n - 1, BLOCK, -1});
	pass_block(f, state, (struct butterworth_run){x + n - 1, n, -1});
}

void
butterworth_forward(const struct butterworth *f, double *x, size_t n)
{
	struct butterworth_state state[BUTTERWORTH_ORDER];

	prime(f, state, x[0]);
	pass(f, state, x, n);
}

size_t
butterworth_padding(const struct butterworth *f)
{
	size_t k, single = 0;

	for (k = 0; k < f->n; k++)
		single += f->section[k].a2 == 0;
	return 3 * (2 * f->n + 1 - single);
}

void
butterworth_check_samples(const struct butterworth *f, const struct signals *in)
{
	if (in->samples <= butterworth_padding(f))
		signals_bad(in,
			    "a record of %zu samples, where a filter both ways "
			    "needs %zu%s",
			    in->samples, butterworth_padding(f) + 1,
			    f->order > 1 ? ": a lower --order needs fewer"
					 : "");
}

void
butterworth_both_ways(const struct butterworth *f, double *x, size_t n)
{
	struct butterworth_state state[BUTTERWORTH_ORDER];
	size_t e = butterworth_padding(f), k;
	double *before = zeros(e, sizeof *before), *after = zeros(e, sizeof *x);

	for (k = 0; k < e; k++) {
		before[k] = 2 * x[0] - x[e - k];
		after[k] = 2 * x[n - 1] - x[n - 2 - k];
	}
	prime(f, state, before[0]);
	pass(f, state, before, e);
	pass(f, state, x, n);
	pass(f, state, after, e);
	prime(f, state, after[e - 1]);
	pass_back(f, state, after, e);
	pass_back(f, state, x, n);
	free(before);
	free(after);
}
