#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf_bessel.h>

#include "field/locking.h"
#include "util.h"

/* The part of a window, which is made if it is not there: the last one, where
 * spikes come by time. */
static struct locking_part *
part_of(struct locking *l, size_t window)
{
	size_t low = 0, high = l->nparts, middle;

	if (high > 0 && l->part[high - 1].window == window)
		return &l->part[high - 1];
	while (low < high) {
		middle = low + (high - low) / 2;
		if (l->part[middle].window < window)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < l->nparts && l->part[low].window == window)
		return &l->part[low];
	l->part = grow(l->part, &l->mparts, l->nparts + 1, sizeof *l->part);
	memmove(l->part + low + 1, l->part + low,
		(l->nparts - low) * sizeof *l->part);
	l->nparts++;
	l->part[low] = (struct locking_part){.window = window};
	return &l->part[low];
}

static void
add(struct locking *l, size_t window, double n, double re, double im)
{
	struct locking_part *p = part_of(l, window);

	l->n += n;
	l->re += re;
	l->im += im;
	p->n += n;
	p->re += re;
	p->im += im;
}

void
locking_add(struct locking *l, size_t window, double phase)
{
	add(l, window, 1, cos(phase), sin(phase));
}

void
locking_merge(struct locking *into, const struct locking *from)
{
	size_t k;

	for (k = 0; k < from->nparts; k++)
		add(into, from->part[k].window, from->part[k].n,
		    from->part[k].re, from->part[k].im);
}

void
locking_free(struct locking *l)
{
	free(l->part);
	*l = (struct locking){0};
}

double
locking_ppc(double n, double re, double im)
{
	return n < 2 ? NAN : (re * re + im * im - n) / (n * (n - 1));
}

/* Mardia and Jupp, Directional Statistics (2000), 3.5.4. */
static double
length_of(double kappa, void *wanted)
{
	return gsl_sf_bessel_I1_scaled(kappa) / gsl_sf_bessel_I0_scaled(kappa) -
	       *(double *)wanted;
}

double
locking_kappa(double r)
{
	gsl_function f = {.function = length_of, .params = &r};
	gsl_root_fsolver *s;
	double low, high;
	int k;

	if (!(r < 1))
		return NAN;
	if (r <= 0)
		return 0;
	s = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
	if (!s)
		die("out of memory");
	gsl_root_fsolver_set(s, &f, 0, 1 / (1 - r) + 10);
	for (k = 0; k < 200; k++) {
		gsl_root_fsolver_iterate(s);
		low = gsl_root_fsolver_x_lower(s);
		high = gsl_root_fsolver_x_upper(s);
		if (gsl_root_test_interval(low, high, 0, 1e-12) == GSL_SUCCESS)
			break;
	}
	r = gsl_root_fsolver_root(s);
	gsl_root_fsolver_free(s);
	return r;
}

/* Zar, Biostatistical Analysis (1999), 27.4: within 3 % from 10 phases on.  The
 * difference of two numbers that are nearly equal is made a quotient. */
static double
rayleigh(double n, double square)
{
	double b = 1 + 2 * n;

	return exp(-4 * square / (sqrt(b * b - 4 * square) + b));
}

/* Pairs of phases of different windows, and pairs of windows' mean vectors. */
static void
across_windows(const struct locking *l, struct locking_measures *m)
{
	double same = 0, counts = 0, re = 0, im = 0, ones = 0;
	double windows = (double)l->nparts;
	size_t k;

	if (l->nparts < 2)
		return;
	for (k = 0; k < l->nparts; k++) {
		const struct locking_part *p = &l->part[k];
		double square = p->re * p->re + p->im * p->im;

		same += square;
		counts += p->n * p->n;
		re += p->re / p->n;
		im += p->im / p->n;
		ones += square / (p->n * p->n);
	}
	m->ppc1 =
		(l->re * l->re + l->im * l->im - same) / (l->n * l->n - counts);
	m->ppc2 = (re * re + im * im - ones) / (windows * (windows - 1));
}

void
locking_measure(const struct locking *l, struct locking_measures *m)
{
	double n = l->n, square = l->re * l->re + l->im * l->im;

	*m = (struct locking_measures){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
	if (n > 0)
		m->mean_phase = atan2(l->im, l->re);
	if (n < 2)
		return;
	m->plv = sqrt(square) / n;
	m->ppc = locking_ppc(n, l->re, l->im);
	m->kappa = locking_kappa(sqrt(fmax(m->ppc, 0)));
	m->rayleigh_z = square / n;
	m->rayleigh_p = rayleigh(n, fmin(square, n * n));
	across_windows(l, m);
}
