#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "field/coherence.h"

/* A cross-spectrum that is real up to this part of its size is real: two
 * signals that are multiples of each other differ in phase by rounding. */
#define REAL 1e-12

/* Where a coherence counts for 1, so that its transform is finite. */
#define NEXT_TO_1 (1 - 1e-15)

/* Sums over all estimates, at one frequency. */
struct estimates {
	double complex xy, unit;
	double xx, yy;
	double imaginary, squares, sizes; /* of the imaginary parts */
	double n, mean, deviations;       /* with each left out, atanh */
};

static double
square(double complex z)
{
	return creal(z) * creal(z) + cimag(z) * cimag(z);
}

/* x times the conjugate of y, without C's care for infinities. */
static double complex
across(double complex x, double complex y)
{
	double re = creal(x) * creal(y) + cimag(x) * cimag(y);
	double im = cimag(x) * creal(y) - creal(x) * cimag(y);

	return re + im * I;
}

/* atanh() takes three times as long, as it is exact for the smallest. */
static double
arc(double r)
{
	r = fmin(r, NEXT_TO_1);
	return log((1 + r) / (1 - r)) / 2;
}

static void
add(struct estimates *s, double complex x, double complex y)
{
	double complex xy = across(x, y);
	double size = sqrt(square(xy)), im = cimag(xy);

	s->xy += xy;
	s->xx += square(x);
	s->yy += square(y);
	/* NaN if one is 0, and then it stays so. */
	s->unit += creal(xy) / size + im / size * I;
	if (fabs(im) <= REAL * size)
		im = 0;
	s->imaginary += im;
	s->squares += im * im;
	s->sizes += fabs(im);
}

/* The squares of the deviations are summed as in measure/stats.c. */
static void
leave_out(struct estimates *s, double complex x, double complex y)
{
	double of = (s->xx - square(x)) * (s->yy - square(y));
	double size = sqrt(square(s->xy - across(x, y)) / of), z, off;

	z = of > 0 ? arc(size) : NAN;
	off = z - s->mean;
	s->n++;
	s->mean += off / s->n;
	s->deviations += off * (z - s->mean);
}

typedef void visit_estimate(struct estimates *s, double complex x,
			    double complex y);

/* Both transforms are made anew for each visit: two of them take less than to
 * keep 16 bytes for each number would. */
static void
visit(const struct spectra *s, const double *x, const double *y,
      struct estimates *sums, visit_estimate *f)
{
	double complex *jx = spectra_room(s), *jy = spectra_room(s);
	size_t m, i, k;

	for (m = 0; m < s->segments; m++) {
		spectra_transform(s, x, m, jx);
		spectra_transform(s, y, m, jy);
		for (k = s->first; k < s->tapers.count * s->apart;
		     k += s->apart)
			for (i = 0; i < s->n; i++)
				f(&sums[i], jx[k + i], jy[k + i]);
	}
	fftw_free(jx);
	fftw_free(jy);
}

/* The interval by jackknife of atanh of the root (D. J. Thomson and A. D.
 * Chave, in Advances in Spectrum Analysis, 1991), as Chronux has it: one
 * estimate alone has the coherence 1, so that there are three at least. */
static void
find_interval(struct coherence *c, const struct estimates *s,
	      double independent, double level)
{
	double n = s->n, z = arc(sqrt(c->coherence));
	double se = sqrt((n - 1) / n * s->deviations * n / independent);
	double t = gsl_cdf_tdist_Pinv((1 + level) / 2, independent - 1);

	if (n < 3)
		return;
	c->low = pow(tanh(fmax(z - t * se, 0)), 2);
	c->high = pow(tanh(z + t * se), 2);
}

/* From sums to numbers.  Of n estimates that mean nothing the square of the
 * mean is 1/n on average, n being the independent ones (M. Vinck and others,
 * NeuroImage 51:112, 2010, for ppc, and 55:1548, 2011, for wpli2). */
static struct coherence
measure(const struct estimates *s, double independent, double level)
{
	struct coherence c = {NAN, NAN, NAN, NAN, NAN, NAN, NAN};
	double n = s->n, own = n / independent * s->squares;
	double lag = s->sizes * s->sizes - own;

	if (!(s->xx > 0 && s->yy > 0))
		return c;
	c.coherence = fmin(square(s->xy) / (s->xx * s->yy), 1);
	c.phase = carg(s->xy);
	c.plv = cabs(s->unit) / n;
	c.ppc = (independent * c.plv * c.plv - 1) / (independent - 1);
	if (s->sizes > 0 && lag > 0)
		c.wpli2 = (s->imaginary * s->imaginary - own) / lag;
	find_interval(&c, s, independent, level);
	return c;
}

void
coherence_measure(const struct spectra *s, const double *x, const double *y,
		  double level, struct coherence *at)
{
	struct estimates *sums = zeros(s->n, sizeof *sums);
	size_t i;

	visit(s, x, y, sums, add);
	visit(s, x, y, sums, leave_out);
	for (i = 0; i < s->n; i++)
		at[i] = measure(&sums[i], s->independent, level);
	free(sums);
}

double
coherence_critical(const struct spectra *s, double level)
{
	return 1 - pow(1 - level, 1 / (s->independent - 1));
}

void
coherence_check(const struct spectra *s, const struct signals *in)
{
	if (s->independent < 2 - 1e-9)
		signals_bad(in,
			    "%zu %s of %zu %s: %.3g independent estimates, of "
			    "which coherence needs 2: say a shorter --window",
			    s->segments,
			    s->segments == 1 ? "segment" : "segments",
			    s->tapers.count,
			    s->tapers.count == 1 ? "taper" : "tapers",
			    s->independent);
}
