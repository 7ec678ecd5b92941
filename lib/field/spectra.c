#include <limits.h>
#include <math.h>
#include <string.h>

#include "field/spectra.h"

/* A window has so many samples at least. */
enum { LEAST = 4 };

static double window_ms = 2000, step_ms, nw = 4;
static double band[2]; /* Hz */
static int64_t tapers;
static bool welch;

const struct opt spectra_opts[] = {
	OPT_NUM_IN(0, "window", "ms", &window_ms, "(0,inf)",
		   "length of a segment (2000)"),
	OPT_NUM_IN(0, "step", "ms", &step_ms, "(0,inf)",
		   "from one to the next (window; half of it for welch)"),
	OPT_NUM_IN(0, "nw", "number", &nw, "[1,inf)",
		   "half the bandwidth times the window (4)"),
	OPT_INT_IN(0, "tapers", "n", &tapers, "[1,inf)",
		   "how many tapers (2 nw - 1)"),
	OPT_FLAG(0, "welch", &welch, "one taper, Hann's window"),
	OPT_PAIR(0, "band", "low:high", band,
		 "[0,inf)<=", "frequencies in Hz (all)"),
	OPT_NOT_WITH("welch", "nw tapers"),
	OPT_END,
};

void
spectra_check(void)
{
	if (tapers == 0)
		tapers = (int64_t)fmin(floor(2 * nw - 1 + 1e-9), INT_MAX);
	if ((double)tapers > 2 * nw)
		misuse("--tapers: more than twice --nw %g would leak: '%lld'",
		       nw, (long long)tapers);
}

/* ---- What the options mean for some samples ---- */

/* The samples that a time has room for; half a window is half of its samples
 * then, as numpy's // has it. */
static double
whole_samples(double ms, double sample_ms)
{
	return floor(ms / sample_ms + 1e-6);
}

size_t
spectra_step(const struct signals *in, size_t unsaid)
{
	double n = whole_samples(step_ms, in->step_ms);

	if (step_ms == 0)
		return unsaid;
	if (n == 0)
		signals_bad(in, "--step %g is less than the %g ms of a sample",
			    step_ms, signals_after(in, 1));
	return (size_t)fmin(n, (double)in->samples);
}

static void
find_segments(struct spectra *s, const struct signals *in)
{
	double least = welch ? LEAST : fmax(LEAST, floor(2 * nw) + 1);
	size_t n = (size_t)fmin(whole_samples(window_ms, s->step_ms), INT_MAX);

	if ((double)n < least)
		signals_bad(in,
			    "--window %g is %zu samples of %g ms, where it "
			    "takes %g",
			    window_ms, n, s->step_ms, least);
	if (n > in->samples)
		signals_bad(in,
			    "%zu samples of %g ms are less than --window %g: "
			    "say a shorter one",
			    in->samples, s->step_ms, window_ms);
	s->window = n;
	s->step = spectra_step(in, welch ? n / 2 : n);
	s->segments = (in->samples - n) / s->step + 1;
}

/* Ends of a band that are meant to be frequencies may be off by rounding. */
static void
find_band(struct spectra *s, const struct signals *in)
{
	double apart = 1000 / (s->step_ms * (double)s->window);
	double low = 0, high = floor((double)s->window / 2);

	if (opt_given(band)) {
		if (band[1] > in->rate_Hz / 2 * (1 + 1e-9))
			misuse("--band: half the rate is %g Hz: '%g:%g'",
			       in->rate_Hz / 2, band[0], band[1]);
		low = ceil(band[0] / apart - 1e-9);
		high = fmin(high, floor(band[1] / apart + 1e-9));
	}
	if (low > high)
		misuse("--band: no frequency in it, as they are %g Hz apart: "
		       "'%g:%g'",
		       apart, band[0], band[1]);
	s->first = (size_t)low;
	s->n = (size_t)(high - low) + 1;
}

/* The plan is an estimate, because one that is measured, and with it the last
 * bits, depends on how the machine was loaded. */
static void
make_plan(struct spectra *s)
{
	size_t count = s->tapers.count;
	int n = (int)s->window;
	double complex *j;

	s->tapered = fftw_alloc_real(count * s->window);
	if (!s->tapered)
		die("no memory for %zu tapers of %d samples", count, n);
	j = spectra_room(s);
	s->plan = fftw_plan_many_dft_r2c(1, &n, (int)count, s->tapered, NULL, 1,
					 n, j, NULL, 1, (int)s->apart,
					 FFTW_ESTIMATE);
	fftw_free(j);
	if (!s->plan)
		die("cannot transform %d samples", n);
}

/* So that the transforms are of power per Hz. */
static void
scale_tapers(struct spectra *s)
{
	size_t i;

	for (i = 0; i < s->tapers.count * s->window; i++)
		s->tapers.w[i] *= sqrt(s->step_ms / 1000);
}

void
spectra_begin(struct spectra *s, const struct signals *in)
{
	*s = (struct spectra){.step_ms = signals_after(in, 1)};
	find_segments(s, in);
	find_band(s, in);
	s->apart = s->window / 2 + 1;
	if (welch)
		tapers_hann(&s->tapers, s->window);
	else
		tapers_dpss(&s->tapers, s->window, nw, (size_t)tapers);
	s->independent = tapers_independent(&s->tapers, s->step, s->segments);
	scale_tapers(s);
	make_plan(s);
}

void
spectra_end(struct spectra *s)
{
	fftw_destroy_plan(s->plan);
	fftw_free(s->tapered);
	tapers_free(&s->tapers);
}

double
spectra_frequency(const struct spectra *s, size_t k)
{
	return (double)(s->first + k) * 1000 / (s->step_ms * (double)s->window);
}

/* ---- Transforms ---- */

double complex *
spectra_room(const struct spectra *s)
{
	double complex *j = fftw_alloc_complex(s->tapers.count * s->apart);

	if (!j)
		die("no memory for %zu frequencies", s->apart);
	return j;
}

/* The mean is relative to the first sample, so that nothing is left of a
 * constant, and no rounding that would look like a signal. */
static void
apply_tapers(const struct spectra *s, const double *x)
{
	size_t n = s->window, i, k;
	double mean = 0;

	for (i = 0; i < n; i++)
		mean += x[i] - x[0];
	mean /= (double)n;
	for (k = 0; k < s->tapers.count; k++) {
		const double *w = s->tapers.w + k * n;
		double *y = s->tapered + k * n;

		for (i = 0; i < n; i++)
			y[i] = w[i] * (x[i] - x[0] - mean);
	}
}

void
spectra_transform(const struct spectra *s, const double *x, size_t segment,
		  double complex *j)
{
	apply_tapers(s, x + segment * s->step);
	fftw_execute_dft_r2c(s->plan, s->tapered, j);
}

/* Is there a frequency as far below 0 which is not the same? */
static bool
is_twofold(const struct spectra *s, size_t k)
{
	return s->first + k > 0 && 2 * (s->first + k) != s->window;
}

void
spectra_psd(const struct spectra *s, const double *x, size_t from, size_t to,
	    double *psd)
{
	double complex *j = spectra_room(s);
	double of = (double)(to - from) * (double)s->tapers.count;
	size_t m, i, k;

	memset(psd, 0, s->n * sizeof *psd);
	for (m = from; m < to; m++) {
		spectra_transform(s, x, m, j);
		for (k = 0; k < s->tapers.count; k++)
			for (i = 0; i < s->n; i++) {
				double complex z =
					j[k * s->apart + s->first + i];

				psd[i] += creal(z) * creal(z) +
					  cimag(z) * cimag(z);
			}
	}
	for (i = 0; i < s->n; i++)
		psd[i] *= (is_twofold(s, i) ? 2 : 1) / of;
	fftw_free(j);
}
