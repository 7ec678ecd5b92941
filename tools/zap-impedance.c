/* zap-impedance -- how a cell's impedance depends on frequency
 *
 * impedance.h has the measure; here is the table of it, and what is said of its
 * peak. */
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "out.h"
#include "trace/detect.h"
#include "trace/impedance.h"

/* A peak is noise if most frequencies about it, so many to each side, are not
 * half as high: mains hum is in one or two of them. */
enum { BESIDE = 2 };

/* From this Q on there is a peak, by the field's convention. */
#define RESONANT 1.05

static bool verbose;

static const struct opt opts[] = {
	OPT_TABLE(trace_opts),
	OPT_TABLE(impedance_opts),
	OPT_TABLE(detect_opts),
	OPT_FLAG('v', "verbose", &verbose,
		 "say peak, Q and cutoff on standard error"),
	OPT_TABLE(out_opts),
	OPT_NOT_WITH("allow-spikes", "detect threshold filter"),
	OPT_NEEDS("filter", "detect=dvdt"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure how the impedance of a cell depends on frequency",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* The frequency at which the impedance falls to 1/sqrt(2) of the first, which
 * is known, by a straight line between two frequencies; NaN if it does not. */
static double
find_cutoff(const struct impedance *z, size_t n)
{
	const struct impedance *last = z;
	double least = z->size / M_SQRT2;
	size_t k;

	for (k = 1; k < n; k++) {
		if (z[k].size < least)
			return z[k].frequency_Hz -
			       (z[k].frequency_Hz - last->frequency_Hz) *
				       (least - z[k].size) /
				       (last->size - z[k].size);
		if (!isnan(z[k].size))
			last = &z[k];
	}
	return NAN;
}

static void
say(const struct trace *t, char *s)
{
	if (t->name)
		warn("sweep '%s': %s", t->name, s);
	else
		warn("%s", s);
	free(s);
}

static void
say_window(const struct trace *t, const struct impedance_curve *c)
{
	size_t last = c->first + c->samples - 1;

	say(t, format("window from %g to %g ms, segments: %zu, the voltage "
		      "ends %.3g mV from rest",
		      trace_time(t, c->first), trace_time(t, last), c->segments,
		      c->away));
}

static const struct impedance *
find_peak(const struct impedance *z, size_t n)
{
	const struct impedance *peak = z;
	size_t k;

	for (k = 1; k < n; k++)
		if (z[k].size > peak->size)
			peak = &z[k];
	return peak;
}

static bool
stands_alone(const struct impedance *z, size_t n, size_t peak)
{
	double x[2 * BESIDE + 1];
	size_t k = peak > BESIDE ? peak - BESIDE : 0, m = 0;

	for (; k < n && k <= peak + BESIDE; k++)
		if (!isnan(z[k].size))
			x[m++] = z[k].size;
	return gsl_stats_median(x, 1, m) < z[peak].size / 2;
}

static void
say_peak(const struct trace *t, const struct impedance *z, size_t n)
{
	const struct impedance *peak;
	double q, cutoff;
	char kind[80] = "";

	for (; n > 0 && isnan(z->size); n--)
		z++;
	if (n == 0) {
		say(t, copy("the current has nothing in the band"));
		return;
	}
	peak = find_peak(z, n);
	q = peak->size / z->size;
	cutoff = find_cutoff(z, n);
	if (q >= RESONANT && stands_alone(z, n, (size_t)(peak - z)))
		snprintf(kind, sizeof kind,
			 ": noise, as those next to it are not half of it: say "
			 "--smooth");
	else if (q < RESONANT && isnan(cutoff))
		snprintf(kind, sizeof kind, ": low-pass, f3dB above %.4g Hz",
			 z[n - 1].frequency_Hz);
	else if (q < RESONANT)
		snprintf(kind, sizeof kind, ": low-pass, f3dB %.4g Hz", cutoff);
	say(t, format("%.4g MOhm at %.4g Hz, peak %.4g MOhm at %.4g Hz, "
		      "Q %.4g%s",
		      z->size, z->frequency_Hz, peak->size, peak->frequency_Hz,
		      q, kind));
}

static void
write_curve(const struct trace *t, const struct impedance_curve *c)
{
	size_t k;

	for (k = 0; k < c->n; k++) {
		quantity_write(impedance_columns + (t->name ? 0 : 1),
			       &c->at[k]);
		out_end();
	}
}

int
main(int argc, char **argv)
{
	struct impedance_curve c = {0};
	struct traces in;
	struct trace t;
	bool first = true;

	argv = start(argc, argv, &tool);
	impedance_check();
	traces_open(&in, *argv);
	while (traces_next(&in, &t)) {
		if (first)
			quantity_header(impedance_columns + (t.name ? 0 : 1));
		first = false;
		impedance_measure(&c, &t);
		write_curve(&t, &c);
		if (verbose) {
			say_window(&t, &c);
			say_peak(&t, c.at, c.n);
		}
		impedance_warn(&c, &t);
		impedance_free(&c);
	}
	traces_close(&in);
	return WORKED;
}
