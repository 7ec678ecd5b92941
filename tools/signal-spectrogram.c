/* signal-spectrogram -- the power of signals at each time and frequency
 *
 * It is that of spectra.h, window by window, or the squared amplitude of
 * Morlet's wavelets, whose windows are the shorter the higher the frequency. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "field/analytic.h"
#include "field/spectra.h"
#include "out.h"

static const char *freqs;
static double cycles = 2 * M_PI;

static const struct opt opts[] = {
	OPT_TABLE(signals_opts),
	OPT_TABLE(spectra_opts),
	OPT_STR(0, "freqs", "low:high:step", &freqs,
		"Morlet's wavelets of these frequencies, in Hz"),
	OPT_NUM_IN(0, "cycles", "n", &cycles, "(0,inf)",
		   "its length: 2 pi f times the sd in time (2 pi)"),
	OPT_TABLE(out_opts),
	OPT_NOT_WITH("freqs", "window nw tapers welch band"),
	OPT_NEEDS("cycles", "freqs"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "estimate the power of signals over time and frequency",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* The frequencies that --freqs names. */
struct wavelets {
	double low, high, step; /* Hz */
	size_t n;
};

/* The numbers of "low:high:step". */
static bool
parse_three(const char *s, double x[3])
{
	char *list = copy(s), *next = list, *text;
	size_t k = 0;

	while ((text = strsep(&next, ":"))) {
		if (k == 3 || !parse_num(text, &x[k]) || !(x[k] > 0) ||
		    isinf(x[k]))
			break;
		k++;
	}
	free(list);
	return k == 3 && !text;
}

static void
read_freqs(struct wavelets *w)
{
	double x[3], n;

	if (!freqs)
		return;
	if (!parse_three(freqs, x))
		misuse("--freqs: not low:high:step above 0: '%s'", freqs);
	if (x[1] < x[0])
		misuse("--freqs: high is below low: '%s'", freqs);
	n = floor((x[1] - x[0]) / x[2] + 1e-9) + 1;
	if (n > 1e6)
		misuse("--freqs: more than a million of them: '%s'", freqs);
	*w = (struct wavelets){x[0], x[1], x[2], (size_t)n};
}

static void
write_header(struct signals *in)
{
	static const char *const tapered[] = {"signal", "time_ms",
					      "frequency_Hz", "psd", NULL};
	static const char *const morlet[] = {
		"signal", "time_ms", "frequency_Hz", "power", "inside", NULL,
	};

	signals_header(in, (freqs ? morlet : tapered) + (in->n > 1 ? 0 : 1));
}

static void
begin_row(struct signals *in, size_t signal, double ms, double frequency_Hz)
{
	signals_write_record(in);
	if (in->n > 1)
		out_text(signals_called(in, signal));
	out_num(ms);
	out_num(frequency_Hz);
}

/* The middle of a window of an odd number of samples is between two; between
 * times of few digits it has few. */
static double
time_of(const struct signals *in, double sample)
{
	const struct signals_grid *g = &in->grid;
	size_t k = (size_t)sample;

	if (sample == (double)k)
		return in->time[k];
	if (g->parts > 0 &&
	    ((double)g->first + (double)k * (double)g->step) / g->parts ==
		    in->time[k])
		return ((double)g->first + sample * (double)g->step) / g->parts;
	return (in->time[k] + in->time[k + 1]) / 2;
}

/* ---- Windows ---- */

static void
write_windows(struct signals *in, const struct spectra *s, size_t signal,
	      double *psd)
{
	size_t m, k;

	for (m = 0; m < s->segments; m++) {
		double middle = (double)(m * s->step) + (double)s->window / 2;

		spectra_psd(s, in->x[signal], m, m + 1, psd);
		for (k = 0; k < s->n; k++) {
			begin_row(in, signal, time_of(in, middle),
				  spectra_frequency(s, k));
			out_num(psd[k]);
			out_end();
		}
	}
}

static void
write_tapered(struct signals *in)
{
	struct spectra s;
	double *psd;
	size_t c;

	spectra_begin(&s, in);
	psd = zeros(s.n, sizeof *psd);
	for (c = 0; c < in->n; c++)
		write_windows(in, &s, c, psd);
	free(psd);
	spectra_end(&s);
}

/* ---- Wavelets ---- */

/* The power of every so many samples, and whether the wavelet has fallen to 1 %
 * of its power at the end of the record that is nearer. */
static void
write_wavelet(struct signals *in, size_t signal, double frequency_Hz,
	      double *re, double *im)
{
	struct analytic_morlet w = {frequency_Hz / in->rate_Hz, cycles};
	double cone = M_SQRT2 * analytic_sigma(&w);
	size_t every = spectra_step(in, 1), k;

	analytic_wavelet(&w, in->x[signal], in->samples, re, im);
	for (k = 0; k < in->samples; k += every) {
		double end = (double)(in->samples - 1 - k);

		begin_row(in, signal, in->time[k], frequency_Hz);
		out_num(re[k] * re[k] + im[k] * im[k]);
		out_int(fmin((double)k, end) >= cone);
		out_end();
	}
}

static void
write_wavelets(struct signals *in, const struct wavelets *w)
{
	double *re = zeros(in->samples, sizeof *re);
	double *im = zeros(in->samples, sizeof *im);
	size_t c, k;

	signals_check_Hz(in, "freqs", w->low + (double)(w->n - 1) * w->step);
	for (c = 0; c < in->n; c++)
		for (k = 0; k < w->n; k++)
			write_wavelet(in, c, w->low + (double)k * w->step, re,
				      im);
	free(re);
	free(im);
}

int
main(int argc, char **argv)
{
	struct wavelets w = {0};
	struct signals in;

	argv = start(argc, argv, &tool);
	spectra_check();
	read_freqs(&w);
	signals_open(&in, &(struct signals_ask){.path = *argv});
	write_header(&in);
	while (signals_next(&in))
		if (freqs)
			write_wavelets(&in, &w);
		else
			write_tapered(&in);
	signals_close(&in);
	return WORKED;
}
