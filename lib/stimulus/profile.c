/* All of this is additions, multiplications, divisions and square roots, which
 * are the same on every machine. */
#include <math.h>
#include <stdlib.h>

#include "stimulus/profile.h"
#include "util.h"

/* What is drawn is the same whatever the compiler; GCC does this by -std=c11.
 */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

void
profile_add(struct profile *p, double start, double end, double rate0,
	    double rate1)
{
	double length = end - start;
	struct profile_piece *s;

	p->piece =
		grow(p->piece, &p->mpieces, p->npieces + 1, sizeof *p->piece);
	s = &p->piece[p->npieces++];
	*s = (struct profile_piece){.start = start,
				    .length = length,
				    .rate = rate0 / 1000,
				    .slope = (rate1 - rate0) / 1000 / length};
	if (p->npieces == 1)
		p->from = start;
	p->to = end;
}

void
profile_cut(struct profile *p, double from, double to)
{
	size_t i, n = 0;

	for (i = 0; i < p->npieces; i++) {
		struct profile_piece s = p->piece[i];
		double begin = fmax(s.start, from);
		double end = fmin(s.start + s.length, to);

		if (begin >= end)
			continue;
		s.rate += s.slope * (begin - s.start);
		s.start = begin;
		s.length = end - begin;
		p->piece[n++] = s;
	}
	p->npieces = n;
	p->from = fmax(p->from, from);
	p->to = fmin(p->to, to);
}

/* ---- Rates and their integrals ---- */

static double
end_of(const struct profile_piece *s)
{
	return s->start + s->length;
}

static double
within(const struct profile_piece *s, double t)
{
	double dt = t - s->start;

	return dt * (s->rate + s->slope * dt / 2);
}

/* The integral of the rate until t; *k is a piece that does not begin after it,
 * and is moved on. */
static double
expected(const struct profile *p, size_t *k, double t)
{
	if (t <= p->from)
		return (t - p->from) * p->piece[0].rate;
	while (*k + 1 < p->npieces && p->piece[*k + 1].start <= t)
		++*k;
	return p->piece[*k].before + within(&p->piece[*k], t);
}

/* ---- Segments ---- */

static double
share(const struct profile_segment *s, double dt)
{
	return s->c + dt * (s->d + dt * s->e);
}

static double
hazard(const struct profile_segment *s, double dt)
{
	return (s->a + s->b * dt) / share(s, dt);
}

static bool
is_plain(const struct profile_segment *s)
{
	return s->d == 0 && s->e == 0;
}

/* Gauss and Legendre's rule of eight points.  Within a segment the share is at
 * most twice what it is elsewhere in it, for which the error is below 1e-12 of
 * the integral. */
static double
integral(const struct profile_segment *s, double dt)
{
	static const double x[] = {
		0.18343464249564980494, 0.52553240991632898582,
		0.79666647741362673959, 0.96028985649753623168};
	static const double w[] = {
		0.36268378337836198297, 0.31370664587788728734,
		0.22238103445337447054, 0.10122853629037625915};
	double sum = 0;
	size_t k;

	if (is_plain(s))
		return dt * (s->a + s->b * dt / 2) / s->c;
	for (k = 0; k < LEN(x); k++)
		sum += w[k] * (hazard(s, dt / 2 * (1 - x[k])) +
			       hazard(s, dt / 2 * (1 + x[k])));
	return sum * dt / 2;
}

static double
total(const struct profile *p)
{
	const struct profile_segment *last;

	if (p->n == 0)
		return 0;
	last = &p->segment[p->n - 1];
	return last->before + last->sum;
}

static void
add_segment(struct profile *p, struct profile_segment s)
{
	s.before = total(p);
	s.sum = integral(&s, s.length);
	p->segment = grow(p->segment, &p->cap, p->n + 1, sizeof s);
	p->segment[p->n++] = s;
}

/* The least and the greatest of the share. */
static void
find_range(const struct profile_segment *s, double *least, double *most)
{
	double begin = s->c, end = share(s, s->length);
	double turn = s->e != 0 ? -s->d / (2 * s->e) : -1;

	*least = fmin(begin, end);
	*most = fmax(begin, end);
	if (turn > 0 && turn < s->length) {
		*least = fmin(*least, share(s, turn));
		*most = fmax(*most, share(s, turn));
	}
}

/* What follows so much of a segment. */
static struct profile_segment
rest_of(const struct profile_segment *s, double dt)
{
	struct profile_segment rest = *s;

	rest.start += dt;
	rest.length -= dt;
	rest.a += s->b * dt;
	rest.c = share(s, dt);
	rest.d += 2 * s->e * dt;
	return rest;
}

/* In parts in which the share hardly changes; false if there is none. */
static bool
add_parts(struct profile *p, struct profile_segment s)
{
	struct profile_segment part;
	double least, most;

	find_range(&s, &least, &most);
	if (!(least > 1e-9))
		return false;
	for (; s.length > 0; s = rest_of(&s, part.length)) {
		part = s;
		find_range(&part, &least, &most);
		while (most > 2 * least && part.length > 1e-9) {
			part.length /= 2;
			find_range(&part, &least, &most);
		}
		add_segment(p, part);
	}
	return true;
}

/* The next time at which the rate, or what it was a refractory time before, is
 * at the end of a piece. */
static double
next_edge(const struct profile *p, size_t now, size_t then, double t)
{
	double end = end_of(&p->piece[now]);
	double begin = t < p->from + p->refractory
			       ? p->from + p->refractory
			       : end_of(&p->piece[then]) + p->refractory;

	return begin > t ? fmin(end, begin) : end;
}

/* From one edge to the next, where both rates are linear. */
static double
finish_refractory(struct profile *p)
{
	double tau = p->refractory, t = p->from, until;
	size_t now = 0, then = 0, of_now = 0, of_then = 0;

	while (t < p->to) {
		struct profile_segment s = {.start = t};
		const struct profile_piece *r, *q;
		double old, slope = 0;

		while (now + 1 < p->npieces && end_of(&p->piece[now]) <= t)
			now++;
		while (then + 1 < p->npieces &&
		       end_of(&p->piece[then]) + tau <= t)
			then++;
		r = &p->piece[now];
		q = &p->piece[then];
		until = fmin(next_edge(p, now, then, t), p->to);
		if (!(until > t))
			until = nextafter(t, INFINITY);
		old = p->piece[0].rate;
		if (t >= p->from + tau) {
			old = q->rate + q->slope * (t - tau - q->start);
			slope = q->slope;
		}
		s.length = until - t;
		s.a = r->rate + r->slope * (t - r->start);
		s.b = r->slope;
		s.c = 1 - (expected(p, &of_now, t) -
			   expected(p, &of_then, t - tau));
		s.d = old - s.a;
		s.e = (slope - s.b) / 2;
		if (fabs(s.d) < 1e-12 * s.a && s.e == 0)
			s.d = 0;
		if (!add_parts(p, s))
			return t;
		t = until;
	}
	return NAN;
}

double
profile_finish(struct profile *p, double refractory)
{
	double sum = 0;
	size_t i;

	p->refractory = refractory;
	for (i = 0; i < p->npieces; i++) {
		struct profile_piece *s = &p->piece[i];

		s->before = sum;
		sum += within(s, end_of(s));
		if (refractory == 0)
			add_segment(
				p, (struct profile_segment){.start = s->start,
							    .length = s->length,
							    .a = s->rate,
							    .b = s->slope,
							    .c = 1});
	}
	return refractory > 0 && p->npieces > 0 ? finish_refractory(p) : NAN;
}

bool
profile_constant(struct profile *p, struct profile_segment *segment,
		 double rate_Hz, double refractory)
{
	double rate = rate_Hz / 1000, free = 1 - rate * refractory;
	double length = p->to - p->from;

	*segment = (struct profile_segment){.start = p->from,
					    .length = length,
					    .a = rate,
					    .c = free,
					    .sum = rate / free * length};
	p->segment = segment;
	p->n = 1;
	p->refractory = refractory;
	return free > 1e-9;
}

/* ---- Times ---- */

double
profile_sum(const struct profile *p, struct profile_at *at, double t)
{
	const struct profile_segment *s;

	while (at->k < p->n &&
	       p->segment[at->k].start + p->segment[at->k].length <= t)
		at->k++;
	if (at->k == p->n)
		return total(p);
	s = &p->segment[at->k];
	return s->before + integral(s, fmax(t - s->start, 0));
}

/* Newton's method, within what is known of where it is. */
static double
search(const struct profile_segment *s, double sum)
{
	double low = 0, high = s->length, dt = high / 2;
	int k;

	for (k = 0; k < 100 && high - low > 1e-12 * s->length; k++) {
		double over = integral(s, dt) - sum, slope = hazard(s, dt);
		double next = dt - over / slope;

		if (over > 0)
			high = dt;
		else
			low = dt;
		if (!(next > low && next < high))
			next = low + (high - low) / 2;
		if (fabs(next - dt) <= 1e-13 * s->length)
			return next;
		dt = next;
	}
	return dt;
}

double
profile_when(const struct profile *p, struct profile_at *at, double sum)
{
	const struct profile_segment *s;
	double y, dt;

	while (at->k < p->n &&
	       p->segment[at->k].before + p->segment[at->k].sum <= sum)
		at->k++;
	if (at->k == p->n)
		return INFINITY;
	s = &p->segment[at->k];
	y = fmax(sum - s->before, 0);
	if (!is_plain(s))
		dt = search(s, y);
	else if (s->b == 0 || y == 0)
		dt = y > 0 ? y * s->c / s->a : 0;
	else /* without a difference of nearly equal numbers */
		dt = 2 * y * s->c /
		     (s->a + sqrt(fmax(s->a * s->a + 2 * s->b * y * s->c, 0)));
	return s->start + fmin(dt, s->length);
}

double
profile_busy(const struct profile *p)
{
	return p->n > 0 ? p->segment[0].a * p->refractory : 0;
}

void
profile_free(struct profile *p)
{
	free(p->segment);
	free(p->piece);
}
