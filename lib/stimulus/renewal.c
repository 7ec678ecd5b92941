#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "opt.h"
#include "random/deviates.h"
#include "stimulus/renewal.h"
#include "util.h"

/* What is drawn is the same whatever the compiler; GCC does this by -std=c11.
 */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

#define NS_PER_MS 1e6

/* Shapes below make bursts of hundreds of spikes within a nanosecond, shapes
 * above are regular. */
static const double least_shape = 0.01, most_shape = 1e6;

static double
parameter(const char *text, const char *number, double low, double high)
{
	double v;

	if (!parse_num(number, &v) || !(v >= low && v <= high))
		misuse("--process: not in [%g,%g]: '%s'", low, high, text);
	return v;
}

struct renewal
renewal_parse(const char *text)
{
	const char *colon = strchr(text, ':');
	char *word =
		colon ? format("%.*s", (int)(colon - text), text) : copy(text);
	struct renewal r = {
		.kind = opt_word("process", word, "poisson|gamma|regular")};

	free(word);
	if (r.kind == RENEWAL_GAMMA && !colon)
		misuse("--process: gamma needs a shape, as in gamma:2");
	if (r.kind == RENEWAL_POISSON && colon)
		misuse("--process: poisson takes no number: '%s'", text);
	if (r.kind == RENEWAL_GAMMA)
		r.shape = parameter(text, colon + 1, least_shape, most_shape);
	if (r.kind == RENEWAL_REGULAR && colon)
		r.jitter = parameter(text, colon + 1, 0, 1);
	return r;
}

/* An interval, of a mean of 1. */
static double
interval(const struct renewal *r, struct random_stream *s)
{
	switch (r->kind) {
	case RENEWAL_GAMMA:
		return deviate_gamma(s, r->shape) / r->shape;
	case RENEWAL_REGULAR:
		return r->jitter > 0 ? 1 + r->jitter * (2 * random_draw(s) - 1)
				     : 1;
	case RENEWAL_POISSON:
		break;
	}
	return random_exponential(s);
}

/* From a moment that no spike knows of to the first one: a part, even between
 * none and all, of an interval that is met as often as it is long.  That has
 * the next shape in a gamma distribution, and a density that is linear in an
 * even one. */
static double
first_interval(const struct renewal *r, struct random_stream *s)
{
	double low = 1 - r->jitter, part;

	if (r->kind == RENEWAL_POISSON)
		return interval(r, s);
	part = random_draw(s);
	if (r->kind == RENEWAL_GAMMA)
		return part * deviate_gamma(s, r->shape + 1) / r->shape;
	return part * sqrt(low * low + 4 * r->jitter * random_draw(s));
}

/* The first whole nanosecond that is not before a time; 1.1 ms are 1100000 of
 * them, though the product of the doubles is a little more. */
static int64_t
nanoseconds(double ms)
{
	double ns = ms * NS_PER_MS, near = rint(ns);

	return (int64_t)(fabs(ns - near) < 1e-3 ? near : ceil(ns));
}

/* A cell may be refractory because of a spike before the profile begins, which
 * was then at any time of those with the same chance. */
void
renewal_begin(struct renewal_train *t, const struct renewal *process,
	      const struct profile *profile, struct random_stream stream)
{
	double busy = profile_busy(profile), u;

	*t = (struct renewal_train){.process = process,
				    .profile = profile,
				    .stream = stream,
				    .first = nanoseconds(profile->from),
				    .end = nanoseconds(profile->to),
				    .least = nanoseconds(profile->refractory)};
	if (profile->refractory == 0)
		return;
	u = random_draw(&t->stream);
	t->free = profile->from;
	if (u < busy)
		t->free += u / busy * profile->refractory;
}

bool
renewal_next(struct renewal_train *t)
{
	const struct profile *p = t->profile;
	double ms;
	int64_t ns;

	if (p->refractory > 0)
		t->sum = profile_sum(p, &t->at, t->free);
	t->sum += t->begun ? interval(t->process, &t->stream)
			   : first_interval(t->process, &t->stream);
	ms = profile_when(p, &t->at, t->sum);
	if (!(ms < p->to))
		return false;
	ns = (int64_t)floor(ms * NS_PER_MS);
	if (ns < t->first)
		ns = t->first;
	if (t->begun && ns < t->time_ns + t->least)
		ns = t->time_ns + t->least;
	t->time_ns = ns;
	t->free = ms + p->refractory;
	t->begun = true;
	return ns < t->end;
}
