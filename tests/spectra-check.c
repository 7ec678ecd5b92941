/* spectra-check -- are tapers what they should be, and do intervals cover?
 *
 *	spectra-check tapers SAMPLES NW COUNT
 *
 * writes how far they are from orthogonal, and from the equation that defines
 * them, of which they are solved by another one.
 *
 *	spectra-check spectrum|coherence RECORDS SAMPLES SHARE [option ...]
 *
 * writes the part of intervals that have the true value in them, for records of
 * noise at 1 ms whose values depend on those before; SHARE is how much of the
 * second signal's power is the first's, and the last number the part of
 * coherences of unrelated signals that exceed the critical value. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field/coherence.h"
#include "measure/stats.h"

#define AFTER 0.5 /* how much of a value the next one keeps */

static const struct opt opts[] = {
	OPT_TABLE(spectra_opts),
	OPT_TABLE(stats_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "check spectra",
	.operands = "what number ...",
	.least = 4,
	.most = 4,
	.opts = opts,
};

static void
check_tapers(size_t n, double nw, size_t count)
{
	struct tapers t;
	double wrong = 0, off = 0, w = nw / (double)n;
	size_t a, b, i, j;

	tapers_dpss(&t, n, nw, count);
	for (a = 0; a < count; a++) {
		const double *v = t.w + a * n;
		double *u = zeros(n, sizeof *u), share = 0;

		for (b = 0; b <= a; b++) {
			double sum = a == b ? -1 : 0;

			for (i = 0; i < n; i++)
				sum += v[i] * t.w[b * n + i];
			wrong = fmax(wrong, fabs(sum));
		}
		for (i = 0; i < n; i++) {
			u[i] = 2 * w * v[i];
			for (j = 0; j < n; j++) {
				double d = M_PI * ((double)i - (double)j);

				if (i != j)
					u[i] += sin(2 * w * d) / d * v[j];
			}
			share += u[i] * v[i];
		}
		for (i = 0; i < n; i++)
			off = fmax(off, fabs(u[i] - share * v[i]));
		printf("%.12g\n", share);
		free(u);
	}
	printf("%g %g\n", wrong, off);
	tapers_free(&t);
}

static void
make_noise(gsl_rng *rng, double *x, size_t n)
{
	double last = gsl_ran_ugaussian(rng) / sqrt(1 - AFTER * AFTER);
	size_t i;

	for (i = 0; i < n; i++)
		x[i] = last = AFTER * last + gsl_ran_ugaussian(rng);
}

/* The power per Hz, one-sided, of that noise. */
static double
true_psd(double frequency_Hz)
{
	double c = cos(2 * M_PI * frequency_Hz / 1000);

	return 2e-3 / (1 - 2 * AFTER * c + AFTER * AFTER);
}

/* The share of frequencies, but for those next to 0 and to half the rate. */
struct share {
	double in, of, above;
};

static void
cover_spectrum(struct share *share, const struct spectra *s, const double *x)
{
	double *psd = zeros(s->n, sizeof *psd);
	double dof = 2 * s->independent, rest = (1 - stats_level) / 2;
	size_t k;

	spectra_psd(s, x, 0, s->segments, psd);
	for (k = 4; k + 4 < s->n; k++) {
		double q = dof * psd[k] / true_psd(spectra_frequency(s, k));

		share->in += q <= gsl_cdf_chisq_Qinv(rest, dof) &&
			     q >= gsl_cdf_chisq_Pinv(rest, dof);
		share->of++;
	}
	free(psd);
}

static void
cover_coherence(struct share *share, const struct spectra *s, const double *x,
		const double *y, double truth)
{
	struct coherence *c = zeros(s->n, sizeof *c);
	double critical = coherence_critical(s, stats_level);
	size_t k;

	coherence_measure(s, x, y, stats_level, c);
	for (k = 4; k + 4 < s->n; k++) {
		share->in += c[k].low <= truth && truth <= c[k].high;
		share->above += c[k].coherence > critical;
		share->of++;
	}
	free(c);
}

static void
check_cover(bool two, size_t records, size_t samples, double part)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double *x = zeros(samples, sizeof *x), *y = zeros(samples, sizeof *y);
	struct signals in = {
		.path = "-", .samples = samples, .step_ms = 1, .rate_Hz = 1000};
	struct share share = {0};
	struct spectra s;
	size_t r, i;

	spectra_check();
	spectra_begin(&s, &in);
	for (r = 0; r < records; r++) {
		make_noise(rng, x, samples);
		make_noise(rng, y, samples);
		for (i = 0; i < samples; i++)
			y[i] = sqrt(part) * x[i] + sqrt(1 - part) * y[i];
		if (two)
			cover_coherence(&share, &s, x, y, part);
		else
			cover_spectrum(&share, &s, x);
	}
	printf("%.4f %.4f %.3f\n", share.in / share.of, share.above / share.of,
	       s.independent);
	spectra_end(&s);
	gsl_rng_free(rng);
	free(x);
	free(y);
}

int
main(int argc, char **argv)
{
	size_t n[2];

	argv = start(argc, argv, &tool);
	n[0] = strtoul(argv[1], NULL, 10);
	if (strcmp(argv[0], "tapers") == 0) {
		check_tapers(n[0], strtod(argv[2], NULL),
			     strtoul(argv[3], NULL, 10));
		return WORKED;
	}
	n[1] = strtoul(argv[2], NULL, 10);
	check_cover(strcmp(argv[0], "coherence") == 0, n[0], n[1],
		    strtod(argv[3], NULL));
	return WORKED;
}
