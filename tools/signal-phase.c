/* signal-phase -- the phase and the amplitude of a rhythm in signals
 *
 * The rhythm is what a Butterworth filter leaves of the record, and its
 * analytic signal by Hilbert's transform; or it is what Morlet's wavelet finds,
 * which is both in one.  The whole record goes into either, so that nothing is
 * cut before it is filtered; what of it depends on samples that are not there
 * is said, or left empty. */
#include <math.h>
#include <stdlib.h>

#include "field/analytic.h"
#include "field/butterworth.h"
#include "field/signals.h"
#include "out.h"

static double band[2], freq = NAN, cycles = 2 * M_PI;
static int64_t order = 4;
static unsigned edges;
enum { KEEP, BLANK }; /* --edges */

static const struct opt opts[] = {
	OPT_PAIR(0, "band", "low:high", band, "(0,inf)<",
		 "of what is between these, in Hz"),
	OPT_INT_IN(0, "order", "n", &order, "[1,20]", "of the filter (4)"),
	OPT_NUM_IN(0, "freq", "Hz", &freq, "(0,inf)",
		   "of Morlet's wavelet of this frequency"),
	OPT_NUM_IN(0, "cycles", "n", &cycles, "(0,inf)",
		   "its length: 2 pi f times the sd in time (2 pi)"),
	OPT_WORD(0, "edges", "how", &edges, "keep|blank",
		 "what the ends of the record change"),
	OPT_TABLE(signals_opts),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("band freq"),
	OPT_REQUIRED("band freq"),
	OPT_NEEDS("order", "band"),
	OPT_NEEDS("cycles", "freq"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "find the phase and the amplitude of a rhythm",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* What takes the rhythm out of a record, and how far the ends reach. */
struct rhythm {
	struct butterworth filter;
	struct analytic_morlet wavelet;
	double reach; /* samples */
};

static void
find_band(struct rhythm *r, const struct signals *in)
{
	signals_check_Hz(in, "band", band[0]);
	signals_check_Hz(in, "band", band[1]);
	butterworth_design(&r->filter, BUTTERWORTH_BAND, (size_t)order, band,
			   in->rate_Hz);
	butterworth_check_samples(&r->filter, in);
	r->reach = butterworth_settles(&r->filter);
}

static void
find_wavelet(struct rhythm *r, const struct signals *in)
{
	signals_check_Hz(in, "freq", freq);
	r->wavelet.frequency = freq / in->rate_Hz;
	r->wavelet.cycles = cycles;
	r->reach = M_SQRT2 * analytic_sigma(&r->wavelet);
}

static void
say_edges(const struct rhythm *r, const struct signals *in)
{
	double ms = r->reach * in->step_ms;
	double all = (double)(in->samples - 1) * in->step_ms;

	if (2 * ms >= all)
		warn("all of the record of %g ms is nearer to an end than %g "
		     "ms, and so depends on what is not in it",
		     all, ms);
	else
		warn("what is nearer to an end of the record than %g ms "
		     "depends "
		     "on what is not in it: --edges blank leaves that empty",
		     ms);
}

/* hypot() takes a seventh of the tool's time, and this a hundredth. */
static double
magnitude(double re, double im)
{
	double square = re * re + im * im;

	return square > 1e-280 && square < 1e280 ? sqrt(square) : hypot(re, im);
}

static void
write_phases(const struct rhythm *r, struct signals *in, size_t c,
	     const double *re, const double *im)
{
	double size;
	size_t k;

	for (k = 0; k < in->samples; k++) {
		size_t to_end =
			k < in->samples - 1 - k ? k : in->samples - 1 - k;
		bool blank = edges == BLANK && (double)to_end < r->reach;

		signals_write_record(in);
		if (in->n > 1)
			out_text(signals_called(in, c));
		signals_write_time(in, k);
		size = magnitude(re[k], im[k]);
		/* Nothing has no phase. */
		out_real(blank || size == 0 ? NAN : atan2(im[k], re[k]));
		out_real(blank ? NAN : size);
		out_end();
	}
}

static void
measure(const struct rhythm *r, struct signals *in)
{
	double *im = zeros(in->samples, sizeof *im), *re = NULL;
	size_t c;

	if (!isnan(freq))
		re = zeros(in->samples, sizeof *re);
	for (c = 0; c < in->n; c++) {
		if (re) {
			analytic_wavelet(&r->wavelet, in->x[c], in->samples, re,
					 im);
			write_phases(r, in, c, re, im);
		} else {
			butterworth_both_ways(&r->filter, in->x[c],
					      in->samples);
			analytic_hilbert(in->x[c], in->samples, im);
			write_phases(r, in, c, in->x[c], im);
		}
	}
	free(re);
	free(im);
}

static void
begin(struct signals *in)
{
	static const char *const names[] = {"signal", "time_ms", "phase_rad",
					    "amplitude", NULL};

	signals_header(in, in->n > 1 ? names : names + 1);
}

int
main(int argc, char **argv)
{
	struct rhythm r;
	struct signals in;
	bool is_begun = false;

	argv = start(argc, argv, &tool);
	signals_open(&in, &(struct signals_ask){.path = *argv});
	while (signals_next(&in)) {
		(isnan(freq) ? find_band : find_wavelet)(&r, &in);
		if (!is_begun)
			begin(&in);
		if (!is_begun && !opt_given(&edges))
			say_edges(&r, &in);
		is_begun = true;
		measure(&r, &in);
	}
	if (!is_begun)
		begin(&in);
	signals_close(&in);
	return WORKED;
}
