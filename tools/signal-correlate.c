/* signal-correlate -- correlate a signal, such as a rate, with another
 *
 * Both change slowly, so that neighbouring samples say nearly the same, and a
 * test of independent samples finds a correlation where there is none.  What
 * there is by chance is seen when one of them is shifted against the other: all
 * shifts are made, by Fourier transforms, so that nothing is drawn. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <fftw3.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "field/signals.h"
#include "out.h"

/* A sample may be so much of its step before the bin that it is in. */
#define OFF 1e-3

/* Of correlations that are the same but for rounding, none is greater. */
#define SAME 1e-12

static const char *with;
static bool power;
static double guard = NAN;

static const struct opt opts[] = {
	OPT_TABLE(signals_opts),
	OPT_STR(0, "with", "list", &with,
		"signals of the second table (all but the time)"),
	OPT_FLAG(0, "power", &power, "take the squares of these"),
	OPT_NUM_IN(0, "guard", "ms", &guard, "[0,inf)",
		   "shift by more than this (a twentieth of all)"),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "correlate a signal with another",
	.operands = "file file",
	.least = 2,
	.most = 2,
	.opts = opts,
};

static struct signals in, other;

struct correlation {
	double spearman, pearson;
	double naive_p;           /* as if samples were independent */
	double shift_sd, shift_p; /* of shifts */
};

/* ---- The samples of both ---- */

/* The means of the other signal in the bins that the first one's samples begin,
 * from the first bin that is whole on; returns how many there are. */
static size_t
average(const double *y, double *mean, size_t *first)
{
	double step = other.step_ms, end = in.step_ms;
	size_t k, at = 0, n = 0, found;

	for (k = 0; k < in.samples; k++) {
		double from = in.time[k] - OFF * step, sum = 0;

		while (at < other.samples && other.time[at] < from)
			at++;
		for (found = 0;
		     at < other.samples && other.time[at] < from + end;
		     at++, found++)
			sum += y[at];
		/* Where the other signal begins or ends within a bin, that is
		 * left out. */
		if (found == 0 || other.time[0] > in.time[k] + OFF * step ||
		    other.time[other.samples - 1] + step <
			    in.time[k] + end - OFF * step)
			continue;
		if (n == 0)
			*first = k;
		mean[n++] = sum / (double)found;
	}
	return n;
}

static void
square(double *y, size_t n)
{
	size_t k;

	for (k = 0; k < n; k++)
		y[k] *= y[k];
}

/* ---- Correlations ---- */

/* Ranks less their mean, over the root of the sum of their squares; false if
 * all are the same. */
static bool
normal_ranks(const double *x, double *rank, size_t n)
{
	size_t *order = zeros(n, sizeof *order), i, k, end;
	double sum = 0, middle = (double)(n + 1) / 2;

	gsl_sort_index(order, x, 1, n);
	for (i = 0; i < n; i = end) {
		for (end = i + 1; end < n && x[order[end]] == x[order[i]];
		     end++)
			;
		for (k = i; k < end; k++)
			rank[order[k]] = (double)(i + end + 1) / 2 - middle;
	}
	free(order);
	for (k = 0; k < n; k++)
		sum += rank[k] * rank[k];
	for (k = 0; k < n; k++)
		rank[k] /= sqrt(sum);
	return sum > 0;
}

/* The sum of a[i] b[i + k] for each k, round the record. */
static double *
correlate_round(const double *a, const double *b, size_t n)
{
	size_t half = n / 2 + 1, k;
	double *x = fftw_alloc_real(n);
	fftw_complex *f = fftw_alloc_complex(half),
		     *g = fftw_alloc_complex(half);
	fftw_plan to_f, to_g, back;

	if (!x || !f || !g)
		die("out of memory");
	to_f = fftw_plan_dft_r2c_1d((int)n, x, f, FFTW_ESTIMATE);
	to_g = fftw_plan_dft_r2c_1d((int)n, x, g, FFTW_ESTIMATE);
	back = fftw_plan_dft_c2r_1d((int)n, f, x, FFTW_ESTIMATE);
	memcpy(x, a, n * sizeof *x);
	fftw_execute(to_f);
	memcpy(x, b, n * sizeof *x);
	fftw_execute(to_g);
	for (k = 0; k < half; k++) {
		double re = f[k][0] * g[k][0] + f[k][1] * g[k][1];
		double im = f[k][0] * g[k][1] - f[k][1] * g[k][0];

		f[k][0] = re;
		f[k][1] = im;
	}
	fftw_execute(back);
	for (k = 0; k < n; k++)
		x[k] /= (double)n;
	fftw_destroy_plan(to_f);
	fftw_destroy_plan(to_g);
	fftw_destroy_plan(back);
	fftw_free(f);
	fftw_free(g);
	return x;
}

/* What the shifts by more than the guard are like, to either side. */
static void
compare_shifts(struct correlation *c, const double *a, const double *b,
	       size_t n)
{
	double *of = correlate_round(a, b, n), as_great = 0;
	double steps = isnan(guard) ? (double)n / 20 : guard / in.step_ms;
	size_t least = (size_t)fmin(floor(steps) + 1, (double)n), k, m;

	if (2 * least <= n) {
		m = n + 1 - 2 * least;
		for (k = least; k <= n - least; k++)
			as_great += fabs(of[k]) >= fabs(c->spearman) - SAME;
		c->shift_sd = m > 1 ? gsl_stats_sd(of + least, 1, m) : NAN;
		c->shift_p = (1 + as_great) / (1 + (double)m);
	}
	fftw_free(of);
}

static struct correlation
correlate(const double *x, const double *y, size_t n)
{
	struct correlation c = {NAN, NAN, NAN, NAN, NAN};
	double *a = zeros(n + 1, sizeof *a), *b = zeros(n + 1, sizeof *b), t;
	size_t k;

	if (n > 2 && normal_ranks(x, a, n) && normal_ranks(y, b, n)) {
		c.spearman = 0;
		for (k = 0; k < n; k++)
			c.spearman += a[k] * b[k];
		c.pearson = gsl_stats_correlation(x, 1, y, 1, n);
		t = fabs(c.spearman) *
		    sqrt((double)(n - 2) /
			 fmax(1 - c.spearman * c.spearman, 0));
		c.naive_p = 2 * gsl_cdf_tdist_Q(t, (double)(n - 2));
		compare_shifts(&c, a, b, n);
	}
	free(a);
	free(b);
	return c;
}

/* ---- Rows ---- */

static void
write_row(const char *first, const char *second, size_t n,
	  const struct correlation *c)
{
	signals_write_record(&in);
	out_text(first);
	out_text(second);
	out_int((int64_t)n);
	out_real(c->spearman);
	out_real(c->pearson);
	out_real(c->naive_p);
	out_real(c->shift_sd);
	out_real(c->shift_p);
	out_end();
}

static void
correlate_record(double *mean)
{
	size_t c, d, n, first = 0;
	struct correlation of;

	if (in.step_ms < other.step_ms * (1 - OFF))
		die("%s: steps of %g ms, and %s has longer ones, of %g ms: "
		    "give "
		    "that first",
		    in.path, in.step_ms, other.path, other.step_ms);
	for (d = 0; d < other.n; d++) {
		n = average(other.x[d], mean, &first);
		if (n == 0)
			signals_bad(&in, "has no time in common with %s",
				    other.path);
		for (c = 0; c < in.n; c++) {
			of = correlate(in.x[c] + first, mean, n);
			write_row(signals_called(&in, c), other.name[d], n,
				  &of);
		}
	}
}

static void
read_other(const char *path)
{
	size_t d;

	signals_open(&other, &(struct signals_ask){.path = path,
						   .columns = with,
						   .alone = true});
	if (!signals_next(&other))
		die("%s: no samples", other.path);
	for (d = 0; power && d < other.n; d++)
		square(other.x[d], other.samples);
}

int
main(int argc, char **argv)
{
	static const char *const names[] = {"signal_1", "signal_2", "samples",
					    "spearman", "pearson",  "naive_p",
					    "shift_sd", "shift_p",  NULL};
	double *mean = NULL;
	size_t cap = 0;

	argv = start(argc, argv, &tool);
	read_other(argv[1]);
	signals_open(&in, &(struct signals_ask){.path = argv[0]});
	signals_header(&in, names);
	while (signals_next(&in)) {
		mean = grow(mean, &cap, in.samples, sizeof *mean);
		correlate_record(mean);
	}
	free(mean);
	signals_close(&in);
	signals_close(&other);
	return WORKED;
}
