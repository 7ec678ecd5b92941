/* spike-rate -- how often cells and groups of them spike
 *
 * A rate is a number of spikes divided by a number of cells and a time.  A
 * table of spikes has only the first of these.  So the tool asks for the cells,
 * and counts the silent ones; and it takes the time from the options or the
 * config, or else says that it has guessed it.  Memory follows the cells, and
 * the bins of each group. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "activity/ratepart.h"
#include "activity/spikesort.h"
#include "measure/bins.h"
#include "measure/part.h"
#include "out.h"
#include "sonata/spill.h"

enum { CELL, GROUP }; /* --per */
enum { NOT, GAUSSIAN, BOXCAR, EXPONENTIAL };

static unsigned per = GROUP, method = NOT;
static double bin = NAN, isi = 10, top = 1;
static int64_t window = 50, least = 2;
static bool bursts;

static const struct opt opts[] = {
	OPT_WORD(0, "per", "what", &per, "cell|group", "a row for each"),
	OPT_NUM_IN(0, "top", "fraction", &top, "(0,1]",
		   "only these of each group, by their rates (all)"),
	OPT_NUM_IN(0, "bin", "ms", &bin, "(0,inf)",
		   "the rate in bins of time instead"),
	OPT_WORD(0, "smooth", "how", &method, "|gaussian|boxcar|exponential",
		 "smooth it"),
	OPT_INT_IN(0, "window-bins", "n", &window, "[1,100000000]",
		   "over so many bins (50)"),
	OPT_FLAG(0, "bursts", &bursts, "a row for each burst instead"),
	OPT_NUM_IN(0, "isi", "ms", &isi, "(0,inf]",
		   "spikes of a burst are closer together (10)"),
	OPT_INT_IN(0, "least", "n", &least, "[2,inf)",
		   "a burst has so many spikes (2)"),
	OPT_TABLE(train_opts),
	OPT_TABLE(nodefiles_group_opts),
	OPT_TABLE(part_opts),
	OPT_TABLE(spill_opts_256M),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("per bin bursts"),
	OPT_NEEDS("top", "per=cell"),
	OPT_NEEDS("smooth", "bin"),
	OPT_NEEDS("window-bins", "smooth"),
	OPT_NEEDS("isi least", "bursts"),
	OPT_NOT_WITH("bursts", "partial part"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure how often cells and groups spike",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

/* ---- The time that is measured ---- */

static double
run_time(const struct trains *t, const char *key, double otherwise)
{
	const cJSON *v;

	if (!t->config)
		return otherwise;
	v = cJSON_GetObjectItemCaseSensitive(config_section(t->config, "run"),
					     key);
	if (!v || cJSON_IsNull(v))
		return otherwise;
	if (!cJSON_IsNumber(v))
		die("%s: run.%s is not a number: give --from and --to",
		    t->config->path, key);
	return v->valuedouble;
}

/* The config says what the options leave open; a bound that neither gives stays
 * infinite. */
static void
ask_config(struct trains *t)
{
	bool open = t->from_ms == -INFINITY || t->to_ms == INFINITY;
	double to = open ? run_time(t, "tstop", INFINITY) : INFINITY;

	t->count_outside[0] = t->from_ms == -INFINITY && to < INFINITY;
	t->count_outside[1] = t->to_ms == INFINITY;
	if (t->count_outside[0])
		t->from_ms = run_time(t, "tstart", 0);
	if (t->count_outside[1])
		t->to_ms = to;
	if (t->from_ms >= t->to_ms)
		misuse("--from %g is not before the end of the simulation, %g",
		       t->from_ms, t->to_ms);
}

/* Spikes that only the config leaves out. */
static void
say_outside(const struct trains *t)
{
	const uint64_t *n = t->outside;

	if (n[0] > 0)
		warn("left out, before run.tstart of %g ms: %" PRIu64
		     " spike%s: --from takes them in",
		     t->from_ms, n[0], n[0] > 1 ? "s" : "");
	if (n[1] > 0)
		warn("left out, from run.tstop of %g ms on: %" PRIu64
		     " spike%s: --to takes them in",
		     t->to_ms, n[1], n[1] > 1 ? "s" : "");
}

static void
say_span(bool begins, bool ends, double from, double to)
{
	static const char *const what[] = {"--from", "--to",
					   "--from and no --to"};

	warn("no %s: rates are over the time from %g to %g ms, as the spikes "
	     "have it",
	     what[begins && ends ? 2
		  : ends         ? 1
				 : 0],
	     from, to);
}

/* ---- Rates of cells and groups ---- */

/* The time that is measured, in milliseconds; NaN where there is none. */
static double
duration(const struct rates *r, const struct trains *t)
{
	bool begins = t->from_ms > -INFINITY, ends = t->to_ms < INFINITY;
	double from = begins ? t->from_ms : r->first;
	double to = ends ? t->to_ms : r->last;

	if (begins && ends)
		return to - from;
	if (r->spikes == 0)
		return NAN;
	say_span(!begins, !ends, from, to);
	return to > from ? to - from : NAN;
}

static double
rate_Hz(double spikes, double ms)
{
	return spikes / ms * 1000;
}

/* For qsort(), which passes nothing on. */
static const struct rated *ranked;

/* By groups, and in a group the most spikes first; of as many, the least id. */
static int
compare_rates(const void *a, const void *b)
{
	const struct node_population *p = ranked->nodes;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	uint64_t x = ranked->spikes[i], y = ranked->spikes[k];
	int64_t id = ids_at(p->ids, i), other = ids_at(p->ids, k);

	if (p->group_of[i] != p->group_of[k])
		return p->group_of[i] < p->group_of[k] ? -1 : 1;
	if (x != y)
		return x > y ? -1 : 1;
	return (id > other) - (id < other);
}

/* Which cells are among those of --top: so many of all cells of their group,
 * those that are silent too, rounded up. */
static bool *
choose_top(const struct rated *m)
{
	const struct node_population *p = m->nodes;
	uint32_t *order = zeros(p->n + 1, sizeof *order), n = 0, i, group;
	bool *chosen = zeros(p->n + 1, sizeof *chosen);
	size_t place = 0, most;

	for (i = 0; i < p->n; i++)
		if (rates_are_of(p, i))
			order[n++] = i;
	ranked = m;
	qsort(order, n, sizeof *order, compare_rates);
	for (i = 0; i < n; i++) {
		group = p->group_of[order[i]];
		if (i > 0 && group == p->group_of[order[i - 1]])
			place++;
		else
			place = 0;
		most = (size_t)ceil(top * (double)m->cells[group] - 1e-9);
		chosen[order[i]] = place < most;
	}
	free(order);
	return chosen;
}

static void
write_cells(const struct rated *m, double ms)
{
	const struct node_population *p = m->nodes;
	bool *chosen = choose_top(m);
	uint32_t i;

	for (i = 0; i < p->n; i++) {
		if (!chosen[i])
			continue;
		out_text(m->name);
		out_int(ids_at(p->ids, i));
		out_text(p->group.name[p->group_of[i]]);
		out_int((int64_t)m->spikes[i]);
		out_real(rate_Hz((double)m->spikes[i], ms));
		out_end();
	}
	free(chosen);
}

/* A row for a group, from the spikes of each of its cells. */
static void
write_group(const struct rated *m, uint32_t group, const double *spikes,
	    double ms)
{
	size_t i, n = m->cells[group], silent = 0;
	double sum = 0;

	for (i = 0; i < n; i++) {
		sum += spikes[i];
		silent += spikes[i] == 0 ? 1 : 0;
	}
	out_text(m->name);
	out_text(m->nodes->group.name[group]);
	out_int((int64_t)n);
	out_int((int64_t)silent);
	out_num(sum);
	out_real(rate_Hz(gsl_stats_mean(spikes, 1, n), ms));
	out_real(n > 1 ? rate_Hz(gsl_stats_sd(spikes, 1, n), ms) : NAN);
	out_real(rate_Hz(gsl_stats_min(spikes, 1, n), ms));
	out_real(rate_Hz(gsl_stats_max(spikes, 1, n), ms));
	out_end();
}

/* Cells are put in the order of their groups.  Groups without a chosen cell are
 * left out. */
static void
write_groups(const struct rated *m, double ms)
{
	const struct node_population *p = m->nodes;
	double *spikes = zeros(p->n, sizeof *spikes);
	size_t *at = zeros(p->group.n + 1, sizeof *at), i;
	uint32_t g;

	for (g = 0; g < p->group.n; g++)
		at[g + 1] = at[g] + m->cells[g];
	for (i = p->n; i-- > 0;)
		if (rates_are_of(p, i))
			spikes[--at[p->group_of[i] + 1]] = (double)m->spikes[i];
	for (g = 0; g < p->group.n; g++)
		if (m->cells[g] > 0)
			write_group(m, g, spikes + at[g + 1], ms);
	free(spikes);
	free(at);
}

static void
write_rates(const struct rates *r, const struct trains *t)
{
	double ms = duration(r, t);
	size_t k;

	if (per == CELL)
		out_header("population", "node_id", "group", "spikes",
			   "rate_Hz");
	else
		out_header("population", "group", "cells", "silent", "spikes",
			   "mean_Hz", "sd_Hz", "min_Hz", "max_Hz");
	for (k = 0; k < r->n; k++)
		if (r->population[k].shown)
			(per == CELL ? write_cells
				     : write_groups)(&r->population[k], ms);
}

/* ---- Rates by time ---- */

/* Where the window is open, it ends with the spikes. */
static void
end_bins(struct rates *r, const struct trains *t)
{
	bool begins = t->from_ms > -INFINITY, ends = t->to_ms < INFINITY;

	if (r->nbins == 0 || (begins && ends))
		return;
	if (ends)
		rates_reach(r, rates_bin_of(r, t->to_ms));
	if (begins)
		rates_reach(r, 0);
	say_span(!begins, !ends, rates_bin_begin(r, r->low),
		 rates_bin_begin(r, r->low + (int64_t)r->nbins));
}

/* The weights of a Gaussian with a standard deviation of window/6 bins, up to
 * four of these to both sides of the middle. */
static double *
gaussian_weights(int64_t *radius)
{
	double sigma = (double)window / 6, sum = 0, *w;
	int64_t i;

	*radius = (int64_t)(4 * sigma + 0.5);
	w = zeros((size_t)(2 * *radius + 1), sizeof *w);
	for (i = 0; i <= 2 * *radius; i++) {
		double x = (double)(i - *radius) / sigma;

		w[i] = exp(-x * x / 2);
		sum += w[i];
	}
	for (i = 0; i <= 2 * *radius; i++)
		w[i] /= sum;
	return w;
}

/* Before the first bin come the first, the second and so on once more, and in
 * the same way after the last. */
static int64_t
reflect(int64_t i, int64_t n)
{
	i %= 2 * n;
	if (i < 0)
		i += 2 * n;
	return i < n ? i : 2 * n - 1 - i;
}

static void
smooth_gaussian(const double *x, double *y, int64_t n)
{
	int64_t radius, i, k;
	double *w = gaussian_weights(&radius);

	for (i = 0; i < n; i++)
		for (k = -radius; k <= radius; k++)
			y[i] += w[k + radius] * x[reflect(i + k, n)];
	free(w);
}

static int64_t
clamp(int64_t i, int64_t n)
{
	return i < 0 ? 0 : i < n ? i : n - 1;
}

/* A window of an even number of bins has one more after its middle than before
 * it.  The window is moved on by one bin at a time: sums of whole numbers are
 * exact. */
static void
smooth_boxcar(const double *x, double *y, int64_t n)
{
	int64_t first = -((window - 1) / 2), i;
	double sum = 0;

	for (i = 0; i < window; i++)
		sum += x[clamp(first + i, n)];
	for (i = 0; i < n; i++) {
		y[i] = sum / (double)window;
		sum += x[clamp(first + i + window, n)] - x[clamp(first + i, n)];
	}
}

static void
smooth_exponential(const double *x, double *y, int64_t n)
{
	double alpha = 2 / ((double)window + 1), last = x[0];
	int64_t i;

	for (i = 0; i < n; i++)
		y[i] = last = alpha * x[i] + (1 - alpha) * last;
}

static void
smooth_bins(const double *x, double *y, size_t n)
{
	switch (method) {
	case NOT:
		memcpy(y, x, n * sizeof *y);
		break;
	case GAUSSIAN:
		smooth_gaussian(x, y, (int64_t)n);
		break;
	case BOXCAR:
		smooth_boxcar(x, y, (int64_t)n);
		break;
	case EXPONENTIAL:
		smooth_exponential(x, y, (int64_t)n);
		break;
	}
}

static void
write_series(const struct rates *r, const struct rated *m, uint32_t group)
{
	struct rate_series *s = &m->series[group];
	double *smoothed = zeros(r->nbins, sizeof *smoothed);
	double *spikes = zeros(r->nbins, sizeof *spikes);
	double factor = 1000 / (bin * (double)m->cells[group]);
	size_t k;

	s->spikes = grow(s->spikes, &s->cap, r->nbins, sizeof *s->spikes);
	for (k = 0; k < r->nbins; k++)
		spikes[k] = (double)s->spikes[k];
	smooth_bins(spikes, smoothed, r->nbins);
	for (k = 0; k < r->nbins; k++) {
		out_num(rates_bin_begin(r, r->low + (int64_t)k));
		out_num(smoothed[k] * factor);
		out_text(m->name);
		out_text(m->nodes->group.name[group]);
		out_num(spikes[k]);
		out_end();
	}
	free(smoothed);
	free(spikes);
}

static void
write_bins(struct rates *r, const struct trains *t)
{
	uint32_t g;
	size_t k;

	end_bins(r, t);
	out_header("time_ms", "rate_Hz", "population", "group", "spikes");
	for (k = 0; k < r->n && r->nbins > 0; k++) {
		const struct rated *m = &r->population[k];

		for (g = 0; m->shown && g < m->nodes->group.n; g++)
			if (m->cells[g] > 0)
				write_series(r, m, g);
	}
}

/* ---- Bursts ---- */

/* The burst of a cell, so far. */
struct burst {
	struct train_spike first, last;
	uint64_t spikes;
	int64_t number; /* how many bursts the cell has had */
};

static void
end_burst(struct rates *r, const struct trains *t, struct burst *b)
{
	const struct rated *m;

	if (b->spikes < (uint64_t)least)
		return;
	m = rates_of(r, t, b->first.population);
	out_text(*m->nodes->name ? m->nodes->name
				 : t->population.name[b->first.population]);
	out_int(b->first.node_id);
	out_text(m->nodes->group.name[m->nodes->group_of[b->first.node]]);
	out_int(++b->number);
	out_num(b->first.time_ms);
	out_num(b->last.time_ms);
	out_int((int64_t)b->spikes);
	out_end();
}

static void
take_spike(struct rates *r, const struct trains *t, struct burst *b,
	   const struct train_spike *s)
{
	bool same = b->spikes > 0 && s->population == b->first.population &&
		    s->node_id == b->first.node_id;

	if (same && s->time_ms - b->last.time_ms < isi) {
		b->last = *s;
		b->spikes++;
		return;
	}
	end_burst(r, t, b);
	*b = (struct burst){*s, *s, 1, same ? b->number : 0};
}

static void
write_bursts(struct rates *r, struct trains *t)
{
	struct spikesort *sorted;
	const struct train_spike *spike;
	struct burst burst = {.spikes = 0};
	size_t i, n;

	out_header("population", "node_id", "group", "burst", "start_ms",
		   "end_ms", "spikes");
	sorted = spikesort_read(t, SORT_ID, false);
	while ((n = spikesort_next(sorted, &spike)) > 0)
		for (i = 0; i < n; i++)
			take_spike(r, t, &burst, &spike[i]);
	end_burst(r, t, &burst);
	spikesort_free(sorted);
}

static struct trains *
measure(struct rates *r, char **operands)
{
	struct trains *t;

	if (part_is_merged() && operands[0])
		misuse("--part stands for the spikes: '%s'", operands[0]);
	if (part_is_merged())
		return ratepart_add(r, bin);
	t = trains_open(operands);
	t->shard = *part_shard();
	trains_join_nodes(t, NULL);
	ask_config(t);
	rates_start(r, t, bin);
	if (!bursts)
		rates_count(r, t);
	return t;
}

int
main(int argc, char **argv)
{
	struct trains *t;
	struct rates r;

	argv = start(argc, argv, &tool);
	t = measure(&r, argv);
	if (part_is_wanted()) {
		ratepart_write(&r, t);
	} else {
		if (!bursts)
			rates_say_left_out(&r);
		if (bursts)
			write_bursts(&r, t);
		else if (!isnan(bin))
			write_bins(&r, t);
		else
			write_rates(&r, t);
		say_outside(t);
	}
	rates_end(&r);
	(part_is_merged() ? ratepart_close : trains_close)(t);
	return WORKED;
}
