#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connect/twoway.h"
#include "util.h"

void
twoway_read(struct twoway *t, const char *const option[2],
	    const char *const text[2])
{
	chance_read(option[FORWARD], text[FORWARD], &t->p[FORWARD]);
	t->equal = strcmp(text[FORWARD], text[BACKWARD]) == 0;
	if (t->equal)
		t->p[BACKWARD] = t->p[FORWARD];
	else
		chance_read(option[BACKWARD], text[BACKWARD], &t->p[BACKWARD]);
}

void
twoway_free(struct twoway *t)
{
	chance_free(&t->p[FORWARD]);
	if (!t->equal)
		chance_free(&t->p[BACKWARD]);
	chance_free(&t->both);
}

bool
twoway_needs_distance(const struct twoway *t)
{
	return chance_needs_distance(&t->p[FORWARD]) ||
	       chance_needs_distance(&t->p[BACKWARD]) ||
	       (t->kind != BOTH_BY_CORRELATION &&
		chance_needs_distance(&t->both));
}

static double
wanted_both(const struct twoway *t, double p0, double p1, double distance)
{
	switch (t->kind) {
	case BOTH_BY_CHANCE:
		return chance_at(&t->both, distance);
	case BOTH_BY_RATE:
		return p0 * p1 * chance_at(&t->both, distance);
	default:
		return p0 * p1 + t->rho * sqrt(p0 * (1 - p0) * p1 * (1 - p1));
	}
}

/* A correlation of 1 or -1 is on the bounds, but for rounding.  A pair that
 * cannot be connected either way has nothing to give way. */
struct twoway_chances
twoway_at(const struct twoway *t, double distance)
{
	double p0 = chance_at(&t->p[FORWARD], distance);
	double p1 = t->equal ? p0 : chance_at(&t->p[BACKWARD], distance);
	double both = wanted_both(t, p0, p1, distance);
	double low = fmax(0, p0 + p1 - 1), high = fmin(p0, p1);
	double margin = 1e-14 * fmax(p0, p1);
	bool below = both<low + margin, above = both> high - margin;

	return (struct twoway_chances){
		.p = {p0, p1},
		.both = above   ? high
			: below ? low
				: both,
		.cut = (p0 > 0 || p1 > 0) &&
		       (both < low - margin || both > high + margin)};
}

unsigned
twoway_draw(const struct twoway_chances *c, double u)
{
	if (u < c->both)
		return 1U << FORWARD | 1U << BACKWARD;
	if (u < c->p[FORWARD])
		return 1U << FORWARD;
	return u < c->p[FORWARD] + c->p[BACKWARD] - c->both ? 1U << BACKWARD
							    : 0;
}

double
twoway_greatest(const void *twoway, double low, double high)
{
	const struct twoway *t = twoway;
	struct twoway_chances c;
	double p0, p1;

	if (!twoway_needs_distance(t)) {
		c = twoway_at(t, 0);
		return fmin(c.p[FORWARD] + c.p[BACKWARD] - c.both, 1);
	}
	p0 = chance_greatest(&t->p[FORWARD], low, high);
	p1 = t->equal ? p0 : chance_greatest(&t->p[BACKWARD], low, high);
	return fmin(p0 + p1, 1);
}

/* ---- Sums over pairs ---- */

static bool
is_cut(const void *twoway, double distance)
{
	return twoway_at(twoway, distance).cut;
}

struct apart
twoway_apart(const struct apart_span *s, const struct twoway *t, size_t n)
{
	const struct chance **c = zeros(3 * n, sizeof(const struct chance *));
	struct apart a;
	size_t i, k = 0;

	for (i = 0; i < n; i++) {
		c[k++] = &t[i].p[FORWARD];
		c[k++] = &t[i].p[BACKWARD];
		if (t[i].kind != BOTH_BY_CORRELATION)
			c[k++] = &t[i].both;
	}
	a = apart_make(s, c, k);
	for (i = 0; i < n; i++)
		apart_split(&a, is_cut, &t[i]);
	free(c);
	return a;
}

/* As a mean is moved, and not a sum divided, it is what was asked for to the
 * last bit where this is the same for all pairs. */
static void
move_mean(struct twoway_sums *s, size_t k, double p, double weight)
{
	if (s->possible[k] > 0)
		s->mean[k] +=
			(p - s->mean[k]) * (weight / (double)s->possible[k]);
}

void
twoway_add_pairs(struct twoway_sums *s, const struct twoway_chances *c,
		 uint64_t n, bool fewer)
{
	const double p[OUTCOMES] = {c->p[FORWARD], c->p[BACKWARD], c->both,
				    c->p[FORWARD] + c->p[BACKWARD] -
					    2 * c->both};
	uint64_t more = fewer ? -n : n;
	size_t k;

	s->pairs += more;
	s->cut += c->cut ? more : 0;
	for (k = 0; k < OUTCOMES; k++) {
		if (!(p[k] > 0))
			continue;
		s->possible[k] += more;
		move_mean(s, k, p[k], fewer ? -(double)n : (double)n);
	}
}

void
twoway_add_apart(struct twoway_sums *s, const struct apart *a,
		 const struct twoway *t)
{
	size_t i;

	for (i = 0; i < a->n; i++) {
		struct twoway_chances c = twoway_at(t, a->distance[i]);

		twoway_add_pairs(s, &c, a->pairs[i], false);
	}
}

void
twoway_add_sums(struct twoway_sums *to, const struct twoway_sums *s)
{
	size_t k;

	to->pairs += s->pairs;
	to->cut += s->cut;
	for (k = 0; k < OUTCOMES; k++) {
		to->possible[k] += s->possible[k];
		to->made[k] += s->made[k];
		move_mean(to, k, s->mean[k], (double)s->possible[k]);
	}
}

void
twoway_count_row(uint64_t made[OUTCOMES], unsigned direction, bool both)
{
	made[direction]++;
	if (!both)
		made[ONE_WAY]++;
	else if (direction == FORWARD)
		made[RECIPROCAL]++;
}

void
twoway_warn_of_cut(const struct twoway_sums *s)
{
	if (s->cut > 0)
		warn("pr is outside [max(0, p0 + p1 - 1), min(p0, p1)] for "
		     "%" PRIu64 " of %" PRIu64 " pairs: cut to that",
		     s->cut, s->pairs);
}

struct connect_outcome
twoway_outcome(const struct pool pool[2], const struct twoway_sums *s,
	       size_t outcome, bool all)
{
	static const char *const direction[] = {"forward", "backward",
						"reciprocal", "one-way"};
	double possible = (double)s->possible[outcome];
	double part = all ? possible / (double)s->pairs : 1;

	return (struct connect_outcome){
		.source = pool[outcome == BACKWARD].name,
		.target = pool[outcome != BACKWARD].name,
		.direction = direction[outcome],
		.kind = outcome < RECIPROCAL ? "directed" : "unordered",
		.of = all ? "all" : NULL,
		.pairs = s->pairs,
		.possible = all ? s->pairs : s->possible[outcome],
		.made = s->made[outcome],
		.requested = possible > 0 || (all && s->pairs > 0)
				     ? s->mean[outcome] * part
				     : NAN};
}
