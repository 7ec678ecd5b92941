/* spike-compare -- compare how often cells spike in two windows of time
 *
 * The cells of both windows are the same, and those that are silent in one, or
 * in both, are cells as well: each is compared with itself.  A test of two
 * samples that have nothing to do with each other would see the differences
 * between cells, which are many times larger, and miss those between the
 * windows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sort.h>

#include "activity/spikecells.h"
#include "measure/stats.h"
#include "out.h"
#include "rows.h"

/* The distribution of the sum of so many ranks at most is added up exactly,
 * which takes their number to the third: half a second.  Above it, that of the
 * normal distribution is as good. */
#define EXACT 1000

/* Differences are equal that differ by less than this of what they are of. */
#define SAME 1e-12

static double first[2] = {NAN, NAN}, second[2] = {NAN, NAN};

static const struct opt opts[] = {
	OPT_PAIR(0, "first", "from:to", first, "(-inf,inf)<",
		 "a window of time, in ms"),
	OPT_PAIR(0, "second", "from:to", second, "(-inf,inf)<",
		 "the window that it is compared with"),
	OPT_TABLE(nodefiles_opts),
	OPT_TABLE(stats_opts),
	OPT_TABLE(rows_opts),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("first"),
	OPT_REQUIRED("second"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "compare how often cells spike in two windows",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

static struct spikecells cells;
static struct compare_pair {
	double n[2]; /* spikes in the windows */
} * pairs;
static size_t mpairs;

/* ---- Reading ---- */

static void
take_spike(const struct rows *in, size_t time)
{
	double ms = rows_finite(in, time);
	uint32_t k = spikecells_find(&cells, in);

	if (k == NO_CELL)
		return;
	pairs = grow(pairs, &mpairs, cells.n, sizeof *pairs);
	pairs[k].n[0] += ms >= first[0] && ms < first[1];
	pairs[k].n[1] += ms >= second[0] && ms < second[1];
}

static void
read_spikes(const char *path)
{
	struct rows in;
	size_t time;

	rows_open(&in, path);
	time = rows_column(&in, "timestamps");
	spikecells_open(&cells, &in);
	while (rows_next(&in))
		take_spike(&in, time);
	rows_close(&in);
	spikecells_add_silent(&cells);
	pairs = grow(pairs, &mpairs, cells.n + 1, sizeof *pairs);
	if (!cells.nodes)
		warn("no --nodes: cells without any spike are not compared");
}

/* ---- Wilcoxon's signed ranks ---- */

/* Twice the ranks of n sizes, whole numbers: equal ones have the mean of their
 * ranks. */
static void
rank(const double *size, const size_t *order, double *twice, size_t n)
{
	size_t i, k, end;

	for (i = 0; i < n; i = end) {
		for (end = i + 1;
		     end < n &&
		     size[order[end]] - size[order[i]] <= SAME * size[order[i]];
		     end++)
			;
		for (k = i; k < end; k++)
			twice[order[k]] = (double)(i + end + 1);
	}
}

/* What a sum of the ranks, each with the chance of one half, is up to w, and
 * from w on: the lesser of both. */
static double
exact_tail(const double *twice, size_t n, double w)
{
	size_t all = 0, k, i, r, at = (size_t)w;
	double *p, below = 0, above = 0;

	for (k = 0; k < n; k++)
		all += (size_t)twice[k];
	p = zeros(all + 1, sizeof *p);
	p[0] = 1;
	for (k = 0, all = 0; k < n; k++) {
		r = (size_t)twice[k];
		all += r;
		for (i = all + 1; i-- > 0;)
			p[i] = (p[i] + (i >= r ? p[i - r] : 0)) / 2;
	}
	for (i = 0; i <= all; i++) {
		below += i <= at ? p[i] : 0;
		above += i >= at ? p[i] : 0;
	}
	free(p);
	return fmin(below, above);
}

static double
normal_tail(const double *twice, size_t n, double w)
{
	double mean = 0, square = 0;
	size_t k;

	for (k = 0; k < n; k++) {
		mean += twice[k] / 2;
		square += twice[k] * twice[k] / 4;
	}
	return gsl_cdf_ugaussian_Q(fabs(w - mean) / sqrt(square));
}

struct signed_ranks {
	double w, p; /* NaN: no cell has changed */
};

/* Of n differences that are not 0. */
static struct signed_ranks
test(const double *d, size_t n)
{
	double *size = zeros(n + 1, sizeof *size), plus = 0, all = 0, tail;
	double *twice = zeros(n + 1, sizeof *twice);
	size_t *order = zeros(n + 1, sizeof *order), k;
	struct signed_ranks s = {NAN, NAN};

	for (k = 0; k < n; k++)
		size[k] = fabs(d[k]);
	gsl_sort_index(order, size, 1, n);
	rank(size, order, twice, n);
	for (k = 0; k < n; k++) {
		all += twice[k];
		plus += d[k] > 0 ? twice[k] : 0;
	}
	if (n > 0) {
		tail = n > EXACT ? normal_tail(twice, n, plus)
				 : exact_tail(twice, n, plus);
		s.w = fmin(plus, all - plus) / 2;
		s.p = fmin(1, 2 * tail);
	}
	free(size);
	free(twice);
	free(order);
	return s;
}

/* ---- Groups ---- */

struct compare_group {
	size_t up, down;
	struct stats rate[2], change;
	struct signed_ranks s;
	double p_holm;
	double *d; /* differences, in spikes times ms */
	size_t nd;
};

/* Rates are compared as spikes times the length of the other window, which are
 * whole numbers mostly, so that equal differences are equal. */
static void
add_cell(struct compare_group *g, const struct compare_pair *p)
{
	double ms[2] = {first[1] - first[0], second[1] - second[0]};
	double a = p->n[0] * ms[1], b = p->n[1] * ms[0], d = b - a;
	double r = p->n[0] / ms[0] * 1e3, t = p->n[1] / ms[1] * 1e3;

	if (fabs(d) <= SAME * fmax(a, b))
		d = 0;
	stats_add(&g->rate[0], r);
	stats_add(&g->rate[1], t);
	stats_add(&g->change, d == 0 ? 0 : t - r);
	g->up += d > 0;
	g->down += d < 0;
	if (d != 0)
		g->d[g->nd++] = d;
}

static struct compare_group *
compare_groups(const struct spikecells_sorted *sorted)
{
	struct compare_group *g = zeros(sorted->n + 1, sizeof *g);
	size_t i;

	for (i = 0; i < sorted->n; i++)
		g[i].d = zeros(sorted->group[i].cells, sizeof *g[i].d);
	for (i = 0; i < cells.n; i++)
		add_cell(&g[sorted->of[sorted->cell[i]]],
			 &pairs[sorted->cell[i]]);
	for (i = 0; i < sorted->n; i++) {
		stats_finish(&g[i].rate[0]);
		stats_finish(&g[i].rate[1]);
		stats_finish(&g[i].change);
		g[i].s = test(g[i].d, g[i].nd);
		free(g[i].d);
	}
	return g;
}

/* Holm 1979: the least p of m is taken m times, the next one m - 1 times, and
 * none is less than the one before. */
static void
adjust(struct compare_group *g, size_t n)
{
	double *p = zeros(n + 1, sizeof *p), least = 0;
	size_t *order = zeros(n + 1, sizeof *order), m = 0, i;

	for (i = 0; i < n; i++) {
		p[i] = isnan(g[i].s.p) ? INFINITY : g[i].s.p;
		m += isnan(g[i].s.p) ? 0 : 1;
	}
	gsl_sort_index(order, p, 1, n);
	for (i = 0; i < n; i++) {
		struct compare_group *of = &g[order[i]];

		least = fmax(least, fmin(1, (double)(m - i) * of->s.p));
		of->p_holm = i < m ? least : NAN;
	}
	free(p);
	free(order);
}

static void
write_group(const struct spikecells_part *of, const struct compare_group *g)
{
	double n = g->change.n, reach = NAN;

	if (n > 1)
		reach = gsl_cdf_tdist_Pinv((1 + stats_level) / 2, n - 1) *
			g->change.sd / sqrt(n);
	out_text(spikecells_population_name(&cells, of->first));
	out_text(spikecells_group_name(&cells, of->first));
	out_int((int64_t)of->cells);
	out_int((int64_t)g->up);
	out_int((int64_t)g->down);
	out_num(g->rate[0].mean);
	out_num(g->rate[1].mean);
	out_num(g->change.mean);
	out_real(g->change.mean - reach);
	out_real(g->change.mean + reach);
	out_real(g->s.w);
	out_real(g->s.p);
	out_real(g->p_holm);
	out_end();
}

static void
check_windows(void)
{
	if (first[0] < second[1] && second[0] < first[1])
		misuse("--second: has time in common with --first: %g:%g",
		       second[0], second[1]);
	stats_check_level();
}

int
main(int argc, char **argv)
{
	struct spikecells_sorted sorted;
	struct compare_group *g;
	size_t i;

	argv = start(argc, argv, &tool);
	check_windows();
	if (nodefiles_named())
		cells.nodes = nodefiles_read(NULL, NULL, NULL);
	read_spikes(argv[0]);
	spikecells_say_left_out(&cells);
	spikecells_sort(&cells, &sorted);
	g = compare_groups(&sorted);
	adjust(g, sorted.n);
	out_header("population", "group", "cells", "up", "down", "mean_1_Hz",
		   "mean_2_Hz", "change_Hz", "low_Hz", "high_Hz", "wilcoxon_w",
		   "wilcoxon_p", "p_holm");
	for (i = 0; i < sorted.n; i++)
		write_group(&sorted.group[i], &g[i]);
	free(g);
	spikecells_free_sorted(&sorted);
	return WORKED;
}
