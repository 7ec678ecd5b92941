/* phase-hist -- how often cells spike at each phase of a rhythm
 *
 * A phase that the rhythm stays at for longer has more spikes, whether cells
 * care for it or not, and so has an amplitude that is there more often: spikes
 * are divided by the time that the signal spends in a bin, and by the cells. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "activity/spikecells.h"
#include "field/phases.h"
#include "measure/bins.h"
#include "out.h"
#include "rows.h"

/* An amplitude of spikes may be so much of it outside of those of the signal,
 * by rounding. */
#define ROUNDED 1e-9

static int64_t nphases = 36, nquantiles = 1;
static bool cosine;

static const struct opt opts[] = {
	OPT_INT_IN(0, "bins", "n", &nphases, "[1,100000]",
		   "so many bins of phase (36)"),
	OPT_INT_IN(0, "quantiles", "n", &nquantiles, "[1,1000]",
		   "and so many of amplitude (1)"),
	OPT_FLAG(0, "cosine", &cosine,
		 "add a cosine that is drawn above the rates"),
	OPT_TABLE(phases_opts),
	OPT_TABLE(nodefiles_opts),
	OPT_TABLE(rows_opts),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("signal"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure how often cells spike at each phase",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

static struct phases phases;
static struct bins phase_bins, amplitude_bins;
static size_t nbins; /* of both: those of phase follow each other */
static double *seconds;

static struct spikecells cells;

/* The spikes of a population's groups in each bin; NULL: none. */
static struct hist_population {
	uint64_t **of_group;
	size_t cap;
} * counts;
static size_t mcounts;

/* ---- The signal ---- */

/* By linear interpolation, as numpy's. */
static void
choose_amplitudes(void)
{
	double *a = zeros(phases.n, sizeof *a);
	double *edge = zeros((size_t)nquantiles + 1, sizeof *edge);
	size_t k, n = 0;

	for (k = 0; k < phases.n; k++)
		if (!isnan(phases.phase[k]) && !isnan(phases.amplitude[k]))
			a[n++] = phases.amplitude[k];
	if (n == 0)
		die("%s: no phase in it", phases.in.path);
	gsl_sort(a, 1, n);
	for (k = 0; k <= (size_t)nquantiles; k++)
		edge[k] = gsl_stats_quantile_from_sorted_data(
			a, 1, n, (double)k / (double)nquantiles);
	amplitude_bins = (struct bins){.low = edge[0],
				       .high = edge[nquantiles],
				       .n = (size_t)nquantiles,
				       .edge = edge};
	free(a);
}

/* -pi and pi are the same. */
static size_t
bin_of(double phase, double amplitude)
{
	double p = remainder(phase, 2 * M_PI), a = amplitude;
	size_t k = bins_find(&phase_bins, p), i;

	a = fmin(fmax(a, amplitude_bins.low), amplitude_bins.high);
	if (!(fabs(a - amplitude) <= ROUNDED * fabs(amplitude)))
		return nbins;
	i = bins_find(&amplitude_bins, a);
	return i < amplitude_bins.n ? i * phase_bins.n + k : nbins;
}

static void
spend_time(void)
{
	size_t k;

	phase_bins =
		(struct bins){.low = -M_PI, .high = M_PI, .n = (size_t)nphases};
	nbins = (size_t)(nphases * nquantiles);
	seconds = zeros(nbins, sizeof *seconds);
	for (k = 0; k < phases.n; k++)
		if (!isnan(phases.phase[k]) && !isnan(phases.amplitude[k]))
			seconds[bin_of(phases.phase[k], phases.amplitude[k])]++;
	for (k = 0; k < nbins; k++)
		seconds[k] = signals_after(&phases.in, seconds[k]) / 1e3;
}

/* ---- Spikes ---- */

static uint64_t *
counts_of(const struct spikecell *c)
{
	struct hist_population *p;

	counts = grow(counts, &mcounts, (size_t)c->population + 1,
		      sizeof *counts);
	p = &counts[c->population];
	p->of_group = grow(p->of_group, &p->cap, (size_t)c->group + 1,
			   sizeof *p->of_group);
	if (!p->of_group[c->group])
		p->of_group[c->group] =
			zeros(nbins, sizeof *p->of_group[c->group]);
	return p->of_group[c->group];
}

static void
take_spike(const struct rows *in, size_t phase, size_t amplitude)
{
	double p = rows_finite(in, phase), a = rows_finite(in, amplitude);
	uint32_t k = spikecells_find(&cells, in);
	size_t bin;

	if (fabs(p) > 2 * M_PI * (1 + 1e-9))
		rows_bad(in, phase, "not an angle in rad");
	bin = bin_of(p, a);
	if (bin == nbins)
		rows_bad(in, amplitude, "not an amplitude of --signal");
	if (k != NO_CELL)
		counts_of(&cells.cell[k])[bin]++;
}

static void
read_spikes(const char *path)
{
	struct rows in;
	size_t phase, amplitude;

	rows_open(&in, path);
	phase = rows_column(&in, "phase_rad");
	amplitude = rows_column(&in, "amplitude");
	spikecells_open(&cells, &in);
	while (rows_next(&in))
		take_spike(&in, phase, amplitude);
	rows_close(&in);
	spikecells_add_silent(&cells);
	if (!cells.nodes)
		warn("no --nodes: rates are of the cells that spike");
}

/* ---- Rows ---- */

/* NaN where the signal never is. */
static double
rate_in(const struct spikecells_part *g, const uint64_t *n, size_t bin)
{
	return seconds[bin] > 0
		       ? (double)n[bin] / seconds[bin] / (double)g->cells
		       : NAN;
}

static double
greatest_rate(const struct spikecells_sorted *g)
{
	double most = 0;
	size_t i, k;

	for (i = 0; i < g->n; i++)
		for (k = 0; k < nbins; k++)
			most = fmax(
				most,
				rate_in(&g->group[i],
					counts_of(
						&cells.cell[g->group[i].first]),
					k));
	return most;
}

static void
write_bin(const struct spikecells_part *g, size_t bin, double most)
{
	const uint64_t *n = counts_of(&cells.cell[g->first]);
	size_t p = bin % phase_bins.n, a = bin / phase_bins.n;
	double low = bins_edge(&phase_bins, p);
	double high = bins_edge(&phase_bins, p + 1);

	out_text(spikecells_population_name(&cells, g->first));
	out_text(spikecells_group_name(&cells, g->first));
	out_num(low);
	out_num(high);
	out_num(amplitude_bins.edge[a]);
	out_num(amplitude_bins.edge[a + 1]);
	out_int((int64_t)n[bin]);
	out_num(seconds[bin]);
	out_real(rate_in(g, n, bin));
	if (cosine)
		out_num(most * (1.2 + 0.1 * cos((low + high) / 2)));
	out_end();
}

static void
write_all(void)
{
	struct spikecells_sorted g;
	double most = 0;
	size_t i, k;

	spikecells_sort(&cells, &g);
	if (cosine)
		most = greatest_rate(&g);
	for (i = 0; i < g.n; i++)
		for (k = 0; k < nbins; k++)
			write_bin(&g.group[i], k, most);
	spikecells_free_sorted(&g);
}

int
main(int argc, char **argv)
{
	const char *name[] = {"population",
			      "group",
			      "phase_low",
			      "phase_high",
			      "amplitude_low",
			      "amplitude_high",
			      "spikes",
			      "seconds",
			      "rate_Hz",
			      NULL,
			      NULL};

	argv = start(argc, argv, &tool);
	phases_read(&phases);
	choose_amplitudes();
	spend_time();
	if (nodefiles_named())
		cells.nodes = nodefiles_read(NULL, NULL, NULL);
	read_spikes(argv[0]);
	spikecells_say_left_out(&cells);
	if (cosine)
		name[9] = "cosine";
	out_names(name);
	write_all();
	return WORKED;
}
