/* signal-spectrum -- the power of signals at each frequency
 *
 * spectra.h has the estimate; here is its table, with the interval that noise
 * of this power has (D. B. Percival and A. T. Walden, Spectral Analysis for
 * Physical Applications, 1993). */
#include <gsl/gsl_cdf.h>
#include <stdlib.h>

#include "field/spectra.h"
#include "measure/stats.h"
#include "out.h"

static const struct opt opts[] = {
	OPT_TABLE(signals_opts),
	OPT_TABLE(spectra_opts),
	OPT_TABLE(stats_opts),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "estimate the power of signals at each frequency",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

static void
write_spectrum(struct signals *in, const struct spectra *s, size_t signal,
	       const double *psd)
{
	double dof = 2 * s->independent, rest = (1 - stats_level) / 2;
	double low = dof / gsl_cdf_chisq_Qinv(rest, dof);
	double high = dof / gsl_cdf_chisq_Pinv(rest, dof);
	size_t k;

	for (k = 0; k < s->n; k++) {
		signals_write_record(in);
		out_text(signals_called(in, signal));
		out_num(spectra_frequency(s, k));
		out_num(psd[k]);
		out_num(low * psd[k]);
		out_num(high * psd[k]);
		out_num(dof);
		out_end();
	}
}

static void
write_record(struct signals *in)
{
	struct spectra s;
	double *psd;
	size_t c;

	spectra_begin(&s, in);
	psd = zeros(s.n, sizeof *psd);
	for (c = 0; c < in->n; c++) {
		spectra_psd(&s, in->x[c], 0, s.segments, psd);
		write_spectrum(in, &s, c, psd);
	}
	free(psd);
	spectra_end(&s);
}

int
main(int argc, char **argv)
{
	static const char *const names[] = {
		"signal", "frequency_Hz", "psd", "low", "high", "dof", NULL,
	};
	struct signals in;

	argv = start(argc, argv, &tool);
	spectra_check();
	stats_check_level();
	signals_open(&in, &(struct signals_ask){.path = *argv});
	signals_header(&in, names);
	while (signals_next(&in))
		write_record(&in);
	signals_close(&in);
	return WORKED;
}
