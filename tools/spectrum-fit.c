/* spectrum-fit -- a power law, and the peaks that a spectrum has above it
 *
 * specparam.h has the fit; here are the table that it is of, and what is
 * written of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "field/specparam.h"
#include "labels.h"
#include "out.h"
#include "rows.h"

/* How much longer than the shortest a step may be, as a part of it. */
#define OFF 1e-3

static double from = 0, to = INFINITY;
static struct specparam_how how = SPECPARAM_HOW;
static int64_t peaks;
static bool curve, residual;
static struct opt_list band_list;

static const struct opt opts[] = {
	OPT_NUM_IN(0, "from", "Hz", &from, "[0,inf)",
		   "begin at this frequency (the first above 0)"),
	OPT_NUM_IN(0, "to", "Hz", &to, "(0,inf]",
		   "end at this frequency (the last)"),
	OPT_FLAG(0, "knee", &how.knee, "bend the power law at its low end"),
	OPT_INT_IN(0, "peaks", "n", &peaks, "[0,inf)",
		   "no more peaks than so many (as many as there are)"),
	OPT_NUM_IN(0, "min-height", "log10", &how.min_height, "[0,inf)",
		   "peaks are so high above the rest (0.3)"),
	OPT_NUM_IN(0, "threshold", "sd", &how.threshold, "[0,inf)",
		   "and by so many sd of it (2)"),
	OPT_PAIR(0, "width", "low:high", how.width, "(0,inf)<",
		 "and so wide, in Hz (two frequencies:12)"),
	OPT_LIST(0, "band", "low:high", &band_list,
		 "the power in it above the law, over that of the law"),
	OPT_FLAG(0, "curve", &curve, "write the fitted curve instead"),
	OPT_FLAG(0, "residual", &residual,
		 "write what lies above the power law instead"),
	OPT_TABLE(rows_opts),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("curve residual band"),
	OPT_ORDER("from < to"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "fit a power law and peaks to spectra",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

struct band {
	double low, high; /* Hz */
};

struct point {
	double frequency_Hz, psd;
	size_t line;
};

/* The rows of one signal, those that are fitted. */
struct spectrum {
	struct point *at;
	size_t n, cap;
	bool begun;
	double last; /* frequency, also of those that are not */
};

struct spectra_table {
	struct rows in;
	size_t signal, frequency, psd; /* columns */
	struct labels names;
	struct spectrum *at;
	size_t cap;
};

static struct band *bands;

static void
read_bands(void)
{
	size_t i;

	bands = zeros(band_list.n + 1, sizeof *bands);
	for (i = 0; i < band_list.n; i++) {
		char *list = copy(band_list.item[i]), *high = list;
		const char *low = strsep(&high, ":");
		struct band *b = &bands[i];

		if (!high || !parse_num(low, &b->low) ||
		    !parse_num(high, &b->high) || !(b->low >= 0) ||
		    !(b->low < b->high) || isinf(b->high))
			misuse("--band: not low:high from 0 on: '%s'",
			       band_list.item[i]);
		free(list);
	}
}

/* ---- What is read ---- */

static void
add_row(struct spectra_table *t)
{
	const char *name = t->signal == NO_COLUMN ? "" : t->in.field[t->signal];
	uint32_t k = label(&t->names, name);
	struct point p = {rows_finite(&t->in, t->frequency), NAN, t->in.line};
	struct spectrum *s;

	t->at = grow(t->at, &t->cap, k + 1, sizeof *t->at);
	s = &t->at[k];
	if (p.frequency_Hz < 0)
		rows_bad(&t->in, t->frequency, "below 0");
	if (s->begun && p.frequency_Hz <= s->last)
		rows_bad(&t->in, t->frequency,
			 "not above the one before of the same signal");
	s->begun = true;
	s->last = p.frequency_Hz;
	if (p.frequency_Hz == 0 || p.frequency_Hz < from || p.frequency_Hz > to)
		return;
	p.psd = rows_finite(&t->in, t->psd);
	if (!(p.psd > 0))
		rows_bad(&t->in, t->psd, "not above 0, so no logarithm");
	s->at = grow(s->at, &s->cap, s->n + 1, sizeof *s->at);
	s->at[s->n++] = p;
}

static void
read_table(struct spectra_table *t, const char *path)
{
	rows_open(&t->in, path);
	t->signal = rows_find(&t->in, "signal");
	t->frequency = rows_column(&t->in, "frequency_Hz");
	t->psd = rows_column(&t->in, "psd");
	while (rows_next(&t->in))
		add_row(t);
}

/* Complain about a signal. */
static _Noreturn void
bad(const struct spectra_table *t, uint32_t signal, char *problem)
{
	if (t->signal == NO_COLUMN)
		die("%s: %s", t->in.path, problem);
	die("%s: signal '%s': %s", t->in.path, t->names.name[signal], problem);
}

static void
check_spectrum(const struct spectra_table *t, uint32_t signal)
{
	const struct spectrum *s = &t->at[signal];
	double step = INFINITY;
	size_t i;

	if (s->n < SPECPARAM_LEAST)
		bad(t, signal,
		    format("%zu %s above 0 in what is fitted, which takes %d",
			   s->n, s->n == 1 ? "frequency" : "frequencies",
			   SPECPARAM_LEAST));
	for (i = 1; i < s->n; i++)
		step = fmin(step,
			    s->at[i].frequency_Hz - s->at[i - 1].frequency_Hz);
	for (i = 1; i < s->n; i++)
		if (s->at[i].frequency_Hz - s->at[i - 1].frequency_Hz >
		    step * (1 + OFF))
			die("%s:%zu: column 'frequency_Hz': %g Hz after %g Hz, "
			    "where a step is %g Hz: a fit takes even ones",
			    t->in.path, s->at[i].line, s->at[i].frequency_Hz,
			    s->at[i - 1].frequency_Hz, step);
	if (isnan(how.width[0]) && 2 * step >= how.width[1])
		bad(t, signal,
		    format("frequencies are %g Hz apart: say --width", step));
}

/* ---- What is written ---- */

/* Columns that rows of another kind have. */
static void
skip(size_t n)
{
	while (n-- > 0)
		out_missing();
}

static void
begin_row(const struct spectra_table *t, uint32_t signal)
{
	if (t->signal != NO_COLUMN)
		out_text(t->names.name[signal]);
}

static void
end_row(void)
{
	skip(band_list.n > 0 ? 3 : 0);
	out_end();
}

static void
write_law(const struct spectra_table *t, uint32_t signal,
	  const struct specparam *fit)
{
	begin_row(t, signal);
	out_text("aperiodic");
	skip(5);
	out_num(fit->offset);
	out_real(how.knee ? fit->knee : NAN);
	out_num(fit->exponent);
	out_real(fit->r2); /* NaN of a constant */
	out_num(fit->error);
	end_row();
}

static void
write_peak(const struct spectra_table *t, uint32_t signal,
	   const struct specparam_peak *p)
{
	begin_row(t, signal);
	out_text("peak");
	out_num(p->frequency);
	out_num(p->height);
	out_num(p->sd);
	out_num(p->above);
	out_num(2 * p->sd);
	skip(5);
	end_row();
}

/* By the trapezoidal rule, as BMTool's signal-to-noise ratio. */
static void
write_band(const struct spectra_table *t, uint32_t signal,
	   const struct specparam *fit, const struct band *b)
{
	const struct spectrum *s = &t->at[signal];
	double law = 0, above = 0;
	size_t i, n = 0;

	for (i = 0; i + 1 < s->n; i++) {
		double two = pow(10, fit->law[i]) + pow(10, fit->law[i + 1]);

		if (s->at[i].frequency_Hz < b->low ||
		    s->at[i + 1].frequency_Hz > b->high)
			continue;
		law += two;
		above += s->at[i].psd + s->at[i + 1].psd - two;
		n++;
	}
	if (n == 0)
		bad(t, signal,
		    format("--band %g:%g has no two frequencies of what is "
			   "fitted, from %g to %g Hz",
			   b->low, b->high, s->at[0].frequency_Hz,
			   s->at[s->n - 1].frequency_Hz));
	begin_row(t, signal);
	out_text("band");
	skip(10);
	out_num(b->low);
	out_num(b->high);
	out_num(above / law);
	out_end();
}

static void
write_fit(const struct spectra_table *t, uint32_t signal,
	  const struct specparam *fit)
{
	size_t k;

	write_law(t, signal, fit);
	for (k = 0; k < fit->n; k++)
		write_peak(t, signal, &fit->peak[k]);
	for (k = 0; k < band_list.n; k++)
		write_band(t, signal, fit, &bands[k]);
}

static void
write_points(const struct spectra_table *t, uint32_t signal,
	     const struct specparam *fit)
{
	const struct spectrum *s = &t->at[signal];
	size_t i;

	for (i = 0; i < s->n; i++) {
		double law = pow(10, fit->law[i]);

		begin_row(t, signal);
		out_num(s->at[i].frequency_Hz);
		if (curve) {
			out_num(s->at[i].psd);
			out_num(law);
			out_num(pow(10, fit->model[i]));
		} else {
			out_num(s->at[i].psd - law);
			out_num(log10(s->at[i].psd) - fit->law[i]);
		}
		out_end();
	}
}

static void
write_header(const struct spectra_table *t)
{
	static const char *const fits[] = {
		"signal",      "kind",         "frequency_Hz", "height_log10",
		"sd_Hz",       "power_log10",  "bandwidth_Hz", "offset",
		"knee",        "exponent",     "r2",           "error",
		"band_low_Hz", "band_high_Hz", "ratio",        NULL,
	};
	static const char *const curves[] = {"signal",    "frequency_Hz", "psd",
					     "aperiodic", "model",        NULL};
	static const char *const residuals[] = {
		"signal", "frequency_Hz", "residual", "residual_log10", NULL};
	const char *const *names = curve ? curves : residual ? residuals : fits;
	const char *own[LEN(fits)] = {0};
	size_t n = 0, k;

	for (k = t->signal == NO_COLUMN ? 1 : 0; names[k]; k++)
		if (names != fits || k < 12 || band_list.n > 0)
			own[n++] = names[k];
	out_names(own);
}

static void
fit_signal(const struct spectra_table *t, uint32_t signal)
{
	const struct spectrum *s = &t->at[signal];
	double *f = zeros(s->n + 1, sizeof *f), *y = zeros(s->n + 1, sizeof *y);
	struct specparam fit;
	size_t i;

	check_spectrum(t, signal);
	for (i = 0; i < s->n; i++) {
		f[i] = s->at[i].frequency_Hz;
		y[i] = log10(s->at[i].psd);
	}
	if (!specparam_fit(&fit, &how, f, y, s->n))
		bad(t, signal,
		    format("no fit is found%s",
			   how.knee ? ": try without --knee"
				    : ": try other frequencies"));
	if (curve || residual)
		write_points(t, signal, &fit);
	else
		write_fit(t, signal, &fit);
	specparam_free(&fit);
	free(f);
	free(y);
}

int
main(int argc, char **argv)
{
	struct spectra_table t = {0};
	uint32_t k;

	argv = start(argc, argv, &tool);
	how.most = opt_given(&peaks) ? (size_t)peaks : SIZE_MAX;
	read_bands();
	read_table(&t, *argv);
	write_header(&t);
	for (k = 0; k < t.names.n; k++)
		fit_signal(&t, k);
	for (k = 0; k < t.names.n; k++)
		free(t.at[k].at);
	free(t.at);
	labels_free(&t.names);
	rows_close(&t.in);
	free(bands);
	return WORKED;
}
