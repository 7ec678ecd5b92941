/* spike-lock -- measure how spikes keep to the phase of a rhythm
 *
 * locking.h has the measures.  A cell is a sum of vectors, so that memory
 * follows the cells; the times of spikes are kept for surrogates alone, which
 * are drawn for each cell by its id and their number, whatever else is in the
 * table. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "activity/spikecells.h"
#include "field/locking.h"
#include "field/phases.h"
#include "field/trials.h"
#include "measure/stats.h"
#include "out.h"
#include "progress.h"
#include "random/random.h"
#include "rows.h"

/* A phase in the table that is farther from that of --signal is another's. */
#define OTHER_PHASE 1e-3 /* rad */

#define SIGNIFICANT 0.05

enum { CELL, GROUP, POOL };

static unsigned per = CELL;
static int64_t least = 2, nsurrogates;
static double dither;
static bool shift;

static const struct opt opts[] = {
	OPT_WORD(0, "per", "what", &per, "cell|group|pool", "a row for each"),
	OPT_INT_IN(0, "least", "n", &least, "[2,inf)",
		   "a cell counts with so many spikes (2)"),
	OPT_TABLE(nodefiles_opts),
	OPT_TABLE(trials_opts),
	OPT_INT_IN(0, "surrogates", "n", &nsurrogates, "[1,1000000]",
		   "compare with so many surrogates"),
	OPT_NUM_IN(0, "dither", "ms", &dither, "(0,inf)",
		   "spikes moved by up to this (half a cycle)"),
	OPT_FLAG(0, "shift", &shift,
		 "all spikes of a cell moved round the record"),
	OPT_TABLE(phases_opts),
	OPT_TABLE(random_opts),
	OPT_TABLE(rows_opts),
	OPT_TABLE(out_opts),
	OPT_NEEDS("least", "per=group"),
	OPT_NEEDS("surrogates", "signal"),
	OPT_NEEDS("signal dither shift seed", "surrogates"),
	OPT_EXCLUDE("dither shift"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure how spikes keep to the phase of a rhythm",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

struct lock_cell {
	struct locking l;
	double *time; /* of each spike, for surrogates */
	size_t n, mtime;
};

static struct spikecells cells;
static struct lock_cell *cell;
static size_t ncells, mcells;
static struct spikecells_sorted by_group;

static struct trials trials;
static uint64_t in_no_window;
static struct phases phases;

/* ---- Reading ---- */

static struct lock_cell *
cell_at(uint32_t k)
{
	if (k >= ncells) {
		cell = grow(cell, &mcells, cells.n, sizeof *cell);
		ncells = cells.n;
	}
	return &cell[k];
}

/* The phases have to be those of the signal that surrogates are of. */
static void
check_phase(const struct rows *in, double ms, double phase)
{
	double its, amplitude;

	if (phases_at(&phases, ms, &its, &amplitude) != PHASES_THERE)
		die("%s:%zu: --signal has no phase at %g ms", in->path,
		    in->line, ms);
	if (fabs(remainder(phase - its, 2 * M_PI)) > OTHER_PHASE)
		die("%s:%zu: the phase is %g, and that of --signal %g",
		    in->path, in->line, phase, its);
}

static void
take_spike(const struct rows *in, size_t phase_column, size_t time_column)
{
	double phase = rows_finite(in, phase_column), ms = 0;
	uint32_t k = spikecells_find(&cells, in);
	size_t window = LOCKING_ANY;
	struct lock_cell *c;

	if (fabs(phase) > 2 * M_PI * (1 + 1e-9))
		rows_bad(in, phase_column, "not an angle in rad");
	if (time_column != NO_COLUMN)
		ms = rows_finite(in, time_column);
	if (k == NO_CELL)
		return;
	if (trials_given() && (window = trials_find(&trials, ms)) == trials.n) {
		in_no_window++;
		return;
	}
	c = cell_at(k);
	locking_add(&c->l, window, phase);
	if (nsurrogates == 0)
		return;
	check_phase(in, ms, phase);
	c->time = grow(c->time, &c->mtime, c->n + 1, sizeof *c->time);
	c->time[c->n++] = ms;
}

static void
read_spikes(const char *path)
{
	bool timed = trials_given() || nsurrogates > 0;
	struct rows in;
	size_t phase, time;

	rows_open(&in, path);
	phase = rows_column(&in, "phase_rad");
	time = timed ? rows_column(&in, "timestamps") : NO_COLUMN;
	spikecells_open(&cells, &in);
	while (rows_next(&in))
		take_spike(&in, phase, time);
	rows_close(&in);
	spikecells_add_silent(&cells);
	if (cells.n > 0)
		(void)cell_at((uint32_t)cells.n - 1);
	if (in_no_window > 0)
		warn("left out, in no window: %" PRIu64 " spike%s",
		     in_no_window, in_no_window > 1 ? "s" : "");
}

/* ---- Surrogates ---- */

/* Sums of vectors, of each surrogate. */
struct surrogate {
	double n, re, im;
};

static double
turn_back(double ms)
{
	while (ms < phases.first_ms || ms > phases.last_ms)
		ms = ms < phases.first_ms ? 2 * phases.first_ms - ms
					  : 2 * phases.last_ms - ms;
	return ms;
}

static void
make_surrogate(const struct lock_cell *c, struct random_stream *s,
	       struct surrogate *to)
{
	double length = (double)phases.n * phases.step_ms, re, im, ms;
	double by = shift ? random_draw(s) * length : 0;
	size_t k;

	for (k = 0; k < c->n; k++) {
		ms = shift ? c->time[k] + by
			   : turn_back(c->time[k] +
				       dither * (2 * random_draw(s) - 1));
		if (!phases_round(&phases, ms, &re, &im))
			continue;
		to->n++;
		to->re += re;
		to->im += im;
	}
}

/* Add the surrogates of a cell: in the order of time, so that they do not
 * depend on that of the table. */
static void
add_surrogates(size_t k, struct surrogate *to)
{
	char *name = random_name("spike-lock",
				 spikecells_population_name(&cells, k));
	int64_t i;

	gsl_sort(cell[k].time, 1, cell[k].n);
	for (i = 0; i < nsurrogates; i++) {
		struct random_stream s =
			random_stream(name, cells.cell[k].id, (uint64_t)i);

		make_surrogate(&cell[k], &s, &to[i]);
	}
	free(name);
}

/* What the surrogates of one row come to, against its own ppc. */
struct compared {
	struct stats s;
	double own, above;
};

static void
compare_with(struct compared *c, double ppc)
{
	if (isnan(ppc))
		return;
	stats_add(&c->s, ppc);
	c->above += ppc >= c->own;
}

static void
write_compared(struct compared *c)
{
	bool some = c->s.n > 0 && !isnan(c->own);

	if (nsurrogates == 0)
		return;
	stats_finish(&c->s);
	out_real(some ? c->s.mean : NAN);
	out_real(some ? c->s.sd : NAN);
	out_real(some ? (1 + c->above) / (1 + c->s.n) : NAN);
}

/* ---- Rows ---- */

static void
write_header(void)
{
	static const char *const all[3][11] = {
		[CELL] = {"population", "node_id", "group", "spikes"},
		[GROUP] = {"population", "group", "cells", "counted",
			   "ppc_mean", "ppc_sem", "plv_mean", "significant"},
		[POOL] = {"population", "group", "cells", "spikes"}};
	static const char *const measures[] = {
		"mean_phase_rad", "plv",        "ppc",
		"kappa",          "rayleigh_z", "rayleigh_p"};
	const char *name[20];
	size_t n = 0, k;

	for (k = 0; all[per][k]; k++)
		name[n++] = all[per][k];
	for (k = 0; per != GROUP && k < LEN(measures); k++)
		name[n++] = measures[k];
	if (trials_given() && per == GROUP) {
		name[n++] = "ppc1_mean";
		name[n++] = "ppc1_sem";
		name[n++] = "ppc2_mean";
		name[n++] = "ppc2_sem";
	} else if (trials_given()) {
		name[n++] = "ppc1";
		name[n++] = "ppc2";
	}
	if (nsurrogates > 0) {
		name[n++] = "surrogate_mean";
		name[n++] = "surrogate_sd";
		name[n++] = "surrogate_p";
	}
	name[n] = NULL;
	out_names(name);
}

static void
write_locked(const struct locking_measures *m)
{
	out_real(m->mean_phase);
	out_real(m->plv);
	out_real(m->ppc);
	out_real(m->kappa);
	out_real(m->rayleigh_z);
	out_real(m->rayleigh_p);
	if (trials_given()) {
		out_real(m->ppc1);
		out_real(m->ppc2);
	}
}

/* The row of a cell or of a pool: its measures, and what its surrogates are. */
static void
write_measures(const struct locking *l, const struct surrogate *s)
{
	struct compared c = {{.most = 0}, NAN, 0};
	struct locking_measures m;
	int64_t i;

	locking_measure(l, &m);
	write_locked(&m);
	c.own = m.ppc;
	for (i = 0; i < nsurrogates; i++)
		compare_with(&c, locking_ppc(s[i].n, s[i].re, s[i].im));
	write_compared(&c);
	out_end();
}

static void
clear(struct surrogate *s)
{
	memset(s, 0, (size_t)nsurrogates * sizeof *s);
}

static void
write_cells(void)
{
	struct surrogate *s = zeros((size_t)nsurrogates + 1, sizeof *s);
	size_t i, k;

	progress_begin("cells", cells.n);
	for (i = 0; i < cells.n; i++) {
		k = by_group.cell[i];
		clear(s);
		if (nsurrogates > 0)
			add_surrogates(k, s);
		out_text(spikecells_population_name(&cells, k));
		out_int(cells.cell[k].id);
		out_text(spikecells_group_name(&cells, k));
		out_num(cell[k].l.n);
		write_measures(&cell[k].l, s);
		progress(i + 1);
	}
	free(s);
}

/* What the cells of a group come to, together. */
struct lock_group {
	struct locking pool;
	struct surrogate *s; /* of the pool */

	double significant;
	struct stats ppc, plv, ppc1, ppc2; /* of the cells that count */
	double *sum; /* of their ppc, of each surrogate: NaN if one has none */
};

static void
add_to_pool(struct lock_group *g, size_t k)
{
	locking_merge(&g->pool, &cell[k].l);
	if (nsurrogates > 0)
		add_surrogates(k, g->s);
}

static void
add_if(struct stats *s, double v)
{
	if (!isnan(v))
		stats_add(s, v);
}

static void
add_to_group(struct lock_group *g, size_t k, struct surrogate *s)
{
	struct locking_measures m;
	int64_t i;

	if (cell[k].l.n < (double)least)
		return;
	locking_measure(&cell[k].l, &m);
	stats_add(&g->ppc, m.ppc);
	stats_add(&g->plv, m.plv);
	add_if(&g->ppc1, m.ppc1);
	add_if(&g->ppc2, m.ppc2);
	g->significant += m.rayleigh_p < SIGNIFICANT;
	if (nsurrogates == 0)
		return;
	clear(s);
	add_surrogates(k, s);
	for (i = 0; i < nsurrogates; i++)
		g->sum[i] += locking_ppc(s[i].n, s[i].re, s[i].im);
}

static void
write_mean(struct stats *s)
{
	stats_finish(s);
	out_real(s->mean);
	out_real(s->sd / sqrt(s->n));
}

static void
write_group(struct lock_group *g)
{
	struct compared c = {{.most = 0}, NAN, 0};
	int64_t i;

	stats_finish(&g->plv);
	out_num(g->ppc.n);
	write_mean(&g->ppc);
	out_real(g->plv.mean);
	out_num(g->significant);
	if (trials_given()) {
		write_mean(&g->ppc1);
		write_mean(&g->ppc2);
	}
	c.own = g->ppc.mean;
	for (i = 0; i < nsurrogates && g->ppc.n > 0; i++)
		compare_with(&c, g->sum[i] / g->ppc.n);
	write_compared(&c);
	out_end();
}

static struct lock_group *
make_groups(void)
{
	struct lock_group *g = zeros(by_group.n + 1, sizeof *g);
	size_t i, n = (size_t)nsurrogates + 1;

	for (i = 0; i < by_group.n; i++) {
		g[i].s = zeros(n, sizeof *g[i].s);
		g[i].sum = zeros(n, sizeof *g[i].sum);
	}
	return g;
}

static void
gather_groups(struct lock_group *groups)
{
	struct surrogate *s = zeros((size_t)nsurrogates + 1, sizeof *s);
	size_t i, k;

	progress_begin("cells", cells.n);
	for (i = 0; i < cells.n; i++) {
		k = by_group.cell[i];
		if (per == POOL)
			add_to_pool(&groups[by_group.of[k]], k);
		else
			add_to_group(&groups[by_group.of[k]], k, s);
		progress(i + 1);
	}
	free(s);
}

static void
write_groups(void)
{
	struct lock_group *groups = make_groups();
	size_t i;

	gather_groups(groups);
	for (i = 0; i < by_group.n; i++) {
		const struct spikecells_part *of = &by_group.group[i];
		struct lock_group *g = &groups[i];

		out_text(spikecells_population_name(&cells, of->first));
		out_text(spikecells_group_name(&cells, of->first));
		out_int((int64_t)of->cells);
		if (per == GROUP) {
			write_group(g);
		} else {
			out_num(g->pool.n);
			write_measures(&g->pool, g->s);
		}
		locking_free(&g->pool);
		free(g->s);
		free(g->sum);
	}
	free(groups);
}

/* ---- */

static void
read_signal(void)
{
	if (nsurrogates == 0)
		return;
	random_need_seed();
	phases_read(&phases);
	if (!shift && !opt_given(&dither)) {
		dither = phases_half_cycle(&phases);
		warn("--dither is half a cycle of the signal: %.3g ms", dither);
	}
	if (!shift && dither > phases.last_ms - phases.first_ms)
		misuse("--dither: longer than the signal, which has %g ms: %g",
		       phases.last_ms - phases.first_ms, dither);
}

int
main(int argc, char **argv)
{
	argv = start(argc, argv, &tool);
	if (trials_given()) {
		trials_read(&trials);
		trials_check_apart(&trials);
	}
	read_signal();
	if (nodefiles_named())
		cells.nodes = nodefiles_read(NULL, NULL, NULL);
	read_spikes(argv[0]);
	spikecells_say_left_out(&cells);
	spikecells_sort(&cells, &by_group);
	write_header();
	if (per == CELL)
		write_cells();
	else
		write_groups();
	return WORKED;
}
