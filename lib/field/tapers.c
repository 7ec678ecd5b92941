#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "field/tapers.h"
#include "util.h"

/* ---- Prolate sequences ---- */

/* They are eigenvectors of a tridiagonal matrix whose eigenvalues are far
 *apart, where those of the problem itself are all next to 1 (Slepian, eq. 14).
 *What stands here is that matrix taken from (n^2 - 1) / 4, its greatest number:
 *a chain of n places with links, and something small on the diagonal besides.
 *
 *	(A v)[i] = link[i] (v[i] - v[i-1]) + link[i+1] (v[i] - v[i+1]) + own[i]
 *v[i]
 *
 * The pivots of A - x, less the link that follows, then come without taking
 * large numbers from each other: tapers of 20000 samples are orthogonal to
 *1e-14, and to 1e-9 by the matrix as Slepian has it and bisection.  GSL has
 *solvers of full matrices only. */
struct tridiagonal {
	size_t n;
	double *link; /* n + 1 of them; the first and the last are 0 */
	double *own;
};

static struct tridiagonal
prolate_matrix(size_t n, double nw)
{
	struct tridiagonal c = {.n = n};
	double s = sin(M_PI * nw / (double)n);
	size_t i;

	c.link = zeros(n + 1, sizeof *c.link);
	c.own = zeros(n, sizeof *c.own);
	for (i = 0; i < n; i++) {
		double off = (double)n - 1 - 2 * (double)i;

		c.link[i] = (double)i * (double)(n - i) / 2;
		c.own[i] = off * off * s * s / 2;
	}
	return c;
}

/* A pivot: a link and the rest.  One of 0 counts for a tiny one. */
static double
pivot(double link, double rest)
{
	double p = link + rest;

	return p == 0 ? -DBL_MIN : p;
}

/* What a link leaves of the rest on its other side. */
static double
past(double link, double rest)
{
	return link == 0 ? 0 : link * (rest / pivot(link, rest));
}

/* How many eigenvalues are below x, by Sturm's sequence. */
static size_t
count_below(const struct tridiagonal *c, double x)
{
	double r = 0;
	size_t i, n = 0;

	for (i = 0; i < c->n; i++) {
		r = c->own[i] - x + past(c->link[i], r);
		n += c->link[i + 1] + r < 0;
	}
	return n;
}

/* The k-th eigenvalue, from 0, which is not below low. */
static double
eigenvalue(const struct tridiagonal *c, size_t k, double low)
{
	double high = low + 1, middle;

	while (count_below(c, high) <= k)
		high *= 2;
	for (;;) {
		middle = low + (high - low) / 2;
		if (!(low < middle && middle < high))
			return middle;
		if (count_below(c, middle) <= k)
			low = middle;
		else
			high = middle;
	}
}

static void
scale_to_one(double *v, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += v[i] * v[i];
	for (i = 0; i < n; i++)
		v[i] /= sqrt(sum);
}

/* The eigenvector of an eigenvalue, by pivots from both ends that meet where
 * what is left over is least (I. S. Dhillon and B. N. Parlett, Linear Algebra
 * Appl. 387:1, 2004): this is one solution, without iteration. */
static void
eigenvector(const struct tridiagonal *c, double x, double *v)
{
	size_t n = c->n, i, twist = 0;
	double *down = zeros(n, sizeof *down), *up = zeros(n, sizeof *up);
	double least = INFINITY;

	for (i = 0; i < n; i++)
		down[i] = c->own[i] - x +
			  (i > 0 ? past(c->link[i], down[i - 1]) : 0);
	for (i = n; i-- > 0;)
		up[i] = c->own[i] - x +
			(i + 1 < n ? past(c->link[i + 1], up[i + 1]) : 0);
	for (i = 0; i < n; i++) {
		double left = fabs(down[i] + up[i] - (c->own[i] - x));

		if (left < least) {
			least = left;
			twist = i;
		}
	}
	v[twist] = 1;
	for (i = twist; i-- > 0;)
		v[i] = v[i + 1] *
		       (c->link[i + 1] / pivot(c->link[i + 1], down[i]));
	for (i = twist + 1; i < n; i++)
		v[i] = v[i - 1] * (c->link[i] / pivot(c->link[i], up[i]));
	free(down);
	free(up);
	scale_to_one(v, n);
}

void
tapers_dpss(struct tapers *t, size_t n, double nw, size_t count)
{
	struct tridiagonal c = prolate_matrix(n, nw);
	double x = 0;
	size_t k;

	*t = (struct tapers){.n = n, .count = count};
	t->w = zeros(n * count, sizeof *t->w);
	for (k = 0; k < count; k++) {
		x = eigenvalue(&c, k, x);
		eigenvector(&c, x, t->w + k * n);
	}
	free(c.link);
	free(c.own);
}

/* ---- Hann's window ---- */

void
tapers_hann(struct tapers *t, size_t n)
{
	size_t i;

	*t = (struct tapers){.n = n, .count = 1};
	t->w = zeros(n, sizeof *t->w);
	for (i = 0; i < n; i++)
		t->w[i] = (1 - cos(2 * M_PI * (double)i / (double)n)) / 2;
	scale_to_one(t->w, n);
}

/* ---- */

/* The sum, over all pairs of tapers, of how white noise in the one is
 * correlated with that in the other some samples later, squared. */
static double
overlap(const struct tapers *t, size_t later)
{
	double sum = 0;
	size_t a, b, i;

	for (a = 0; a < t->count; a++)
		for (b = 0; b < t->count; b++) {
			const double *x = t->w + a * t->n + later;
			const double *y = t->w + b * t->n;
			double r = 0;

			for (i = 0; i < t->n - later; i++)
				r += x[i] * y[i];
			sum += r * r;
		}
	return sum;
}

double
tapers_independent(const struct tapers *t, size_t step, size_t segments)
{
	double count = (double)t->count, m = (double)segments, sum = 0;
	size_t j;

	for (j = 1; j < segments && j * step < t->n; j++)
		sum += (1 - (double)j / m) * overlap(t, j * step);
	return m * count / (1 + 2 * sum / count);
}

void
tapers_free(struct tapers *t)
{
	free(t->w);
	*t = (struct tapers){0};
}
