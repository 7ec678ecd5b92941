#include <complex.h>
#include <fftw3.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "field/analytic.h"
#include "util.h"

/* ---- Hilbert ---- */

static void *
fft_room(size_t n, size_t size)
{
	void *p = fftw_malloc(n * size);

	if (!p)
		die("out of memory");
	return p;
}

static fftw_plan
planned(fftw_plan plan)
{
	if (!plan)
		die("FFTW cannot transform a record of this length");
	return plan;
}

/* A record of 2n samples as n complex numbers z, the even ones and i times the
 * odd ones, has the spectra E = (Z[k] + conj Z[n-k])/2 and O = (Z[k] - conj
 * Z[n-k])/2i of both.  X[k] is E[k] + w^k O[k] and X[k+n] is E[k] - w^k O[k],
 * with w = exp(-2 pi i/2n), and Hilbert's transform, -i of the one and i of the
 * other, is -i w^k O[k] of the even samples and -i w^-k E[k] of the odd ones.
 */
static void
turn_halves(fftw_complex *z, size_t n)
{
	double complex e, o, w, far = 1, near[64];
	size_t k;

	for (k = 0; k < LEN(near); k++)
		near[k] = cexp(-M_PI * (double)k / (double)n * I);
	for (k = 1; k <= n - k; k++) {
		/* A product of two takes a tenth of a sine and cosine. */
		if (k % LEN(near) == 0)
			far = cexp(-M_PI * (double)k / (double)n * I);
		w = far * near[k % LEN(near)];
		e = (z[k] + conj(z[n - k])) / (double)(2 * n);
		o = (z[k] - conj(z[n - k])) / (double)(2 * n); /* i O */
		z[n - k] = -conj(w * o) - w * conj(e);
		z[k] = -w * o + conj(w) * e;
	}
	z[0] = 0;
}

/* Three quarters of the time of two real transforms, and half of their memory.
 */
static void
hilbert_even(double *x, size_t n, double *im)
{
	fftw_complex *z = (fftw_complex *)im;
	fftw_plan forward, backward;

	/* The input of the first stays as it is. */
	forward = planned(fftw_plan_dft_1d((int)(n / 2), (fftw_complex *)x, z,
					   FFTW_FORWARD, FFTW_ESTIMATE));
	backward = planned(fftw_plan_dft_1d((int)(n / 2), z, z, FFTW_BACKWARD,
					    FFTW_ESTIMATE));
	fftw_execute(forward);
	turn_halves(z, n / 2);
	fftw_execute(backward);
	fftw_destroy_plan(forward);
	fftw_destroy_plan(backward);
}

static void
hilbert_odd(double *x, size_t n, double *im)
{
	size_t half = n / 2 + 1, k;
	fftw_complex *f = fft_room(half, sizeof *f);
	fftw_plan forward, backward;

	forward = planned(fftw_plan_dft_r2c_1d((int)n, x, f, FFTW_ESTIMATE));
	backward = planned(fftw_plan_dft_c2r_1d(
		(int)n, f, im, FFTW_ESTIMATE | FFTW_DESTROY_INPUT));
	fftw_execute(forward);
	f[0] = 0;
	for (k = 1; k < half; k++)
		f[k] *= -I / (double)n;
	fftw_execute(backward);
	fftw_destroy_plan(forward);
	fftw_destroy_plan(backward);
	fftw_free(f);
}

/* The real part of the analytic signal is the signal. */
void
analytic_hilbert(double *x, size_t n, double *im)
{
	if (n > INT_MAX)
		die("a record of %zu samples: no more than %d", n, INT_MAX);
	(n % 2 == 0 ? hilbert_even : hilbert_odd)(x, n, im);
}

/* ---- Morlet ---- */

double
analytic_sigma(const struct analytic_morlet *w)
{
	return w->cycles / (2 * M_PI * w->frequency);
}

/* Blocks of the record times the wavelet, by Fourier transforms: overlap and
 * save. */
struct analytic_blocks {
	size_t reach; /* samples of the wavelet to each side */
	size_t size;  /* of a transform: a power of two */
	fftw_complex *wavelet, *block;
	fftw_plan forward, backward;
};

/* The wavelet, and its transform.  What reaches farther than the record does is
 * times 0, but counts for the sum. */
static void
make_wavelet(struct analytic_blocks *b, const struct analytic_morlet *w,
	     size_t n)
{
	double sigma = analytic_sigma(w), sum = 1, g;
	size_t all = (size_t)ceil(5 * sigma), k;

	for (k = 1; k <= all; k++)
		sum += 2 * exp(-(double)k * (double)k / (2 * sigma * sigma));
	b->reach = all < n ? all : n - 1;
	memset(b->block, 0, b->size * sizeof *b->block);
	for (k = 0; k <= b->reach; k++) {
		g = 2 / sum * exp(-(double)k * (double)k / (2 * sigma * sigma));
		b->block[k] = g * cexp(2 * M_PI * w->frequency * (double)k * I);
		if (k > 0)
			b->block[b->size - k] = conj(b->block[k]);
	}
	fftw_execute(b->forward);
	for (k = 0; k < b->size; k++)
		b->wavelet[k] = b->block[k] / (double)b->size;
}

/* Four wavelets to a transform, but no more than all of the record needs, nor
 * much memory. */
static size_t
block_size(double reach, size_t n)
{
	double least = 4 * (2 * reach + 1), size = 1024;

	if (least > 1 << 20)
		least /= 2;
	least = fmin(least, (double)n + 2 * reach);
	while (size < least)
		size *= 2;
	if (size > INT_MAX)
		die("a wavelet of %g samples is too long", 2 * reach + 1);
	return (size_t)size;
}

static void
blocks_start(struct analytic_blocks *b, const struct analytic_morlet *w,
	     size_t n)
{
	double reach = fmin(ceil(5 * analytic_sigma(w)), (double)n - 1);

	b->size = block_size(reach, n);
	b->wavelet = fft_room(b->size, sizeof *b->wavelet);
	b->block = fft_room(b->size, sizeof *b->block);
	b->forward = planned(fftw_plan_dft_1d((int)b->size, b->block, b->block,
					      FFTW_FORWARD, FFTW_ESTIMATE));
	b->backward = planned(fftw_plan_dft_1d((int)b->size, b->block, b->block,
					       FFTW_BACKWARD, FFTW_ESTIMATE));
	make_wavelet(b, w, n);
}

/* Put the record around the samples [first, end) into the block, with zeros
 * where there is none, and times the wavelet. */
static void
transform_block(struct analytic_blocks *b, const double *x, size_t n,
		size_t first)
{
	size_t k, at;

	for (k = 0; k < b->size; k++) {
		at = first + k;
		b->block[k] = at >= b->reach && at - b->reach < n
				      ? x[at - b->reach]
				      : 0;
	}
	fftw_execute(b->forward);
	for (k = 0; k < b->size; k++)
		b->block[k] *= b->wavelet[k];
	fftw_execute(b->backward);
}

void
analytic_wavelet(const struct analytic_morlet *w, const double *x, size_t n,
		 double *re, double *im)
{
	struct analytic_blocks b;
	size_t first, k, some;

	blocks_start(&b, w, n);
	some = b.size - 2 * b.reach;
	for (first = 0; first < n; first += some) {
		transform_block(&b, x, n, first);
		for (k = 0; k < some && first + k < n; k++) {
			re[first + k] = creal(b.block[b.reach + k]);
			im[first + k] = cimag(b.block[b.reach + k]);
		}
	}
	fftw_destroy_plan(b.forward);
	fftw_destroy_plan(b.backward);
	fftw_free(b.wavelet);
	fftw_free(b.block);
}
