#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cell/chirp.h"
#include "cell/fi.h"
#include "cell/nrn.h"
#include "cell/protocol.h"
#include "cell/recording.h"
#include "cell/targetextras.h"
#include "cell/targetruns.h"
#include "cell/workers.h"
#include "trace/detect.h"
#include "trace/features.h"
#include "trace/impedance.h"
#include "trace/passive.h"

/* cell-zap's, before the chirp and after it. */
#define CHIRP_DELAY 1000
#define CHIRP_AFTER 100

/* A cell that should spike and does not is off by one standard deviation more
 * for so many mV that its voltage stays below what makes a spike, so that a
 * search knows where to go. */
#define SILENT_MV 10

static double delay = 200, dur = 1000, chirp_ms = 15000;

const struct opt targetruns_opts[] = {
	OPT_NUM_IN(0, "delay", "ms", &delay, "[0,inf)",
		   "time before a step (200)"),
	OPT_NUM_IN(0, "dur", "ms", &dur, "[0,inf)", "length of a step (1000)"),
	OPT_NUM_IN(0, "chirp", "ms", &chirp_ms, "(0,inf)",
		   "length of the chirp, for impedances (15000)"),
	OPT_END,
};

static bool
is_equal(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static bool
is_same(const struct target_run *a, const struct target_run *b)
{
	return a->kind == b->kind && a->fA == b->fA &&
	       is_equal(a->rate_Hz, b->rate_Hz) &&
	       is_equal(a->recovery_ms, b->recovery_ms);
}

static void
add_runs(struct targetruns *r, enum target_run_kind kind)
{
	size_t i, k;

	for (i = 0; i < r->targets->n; i++) {
		const struct target_run *run = &r->targets->at[i].run;

		if (run->kind != kind)
			continue;
		for (k = 0; k < r->n && !is_same(&r->run[k], run); k++)
			;
		if (k < r->n)
			continue;
		r->run = grow(r->run, &r->cap, r->n + 1, sizeof *r->run);
		r->run[r->n++] = *run;
	}
}

static void
check_cvode(const struct targets *t)
{
	size_t k;

	for (k = 0; nrn_number("bm_cvode.active()") != 0 && k < t->n; k++)
		if (t->at[k].run.kind == TARGET_CHIRP)
			misuse("--cvode goes with steps of current only, and "
			       "'%s' takes a chirp",
			       t->at[k].name);
}

/* Steps come first, because they share what is before them. */
void
targetruns_plan(struct targetruns *r, const struct targets *t)
{
	r->targets = t;
	model_span("delay", delay, dur, &r->first, &r->end);
	add_runs(r, TARGET_STEP);
	add_runs(r, TARGET_CHIRP);
	add_runs(r, TARGET_PULSES);
	add_runs(r, TARGET_JUNCTION);
	check_cvode(t);
}

/* What was measured of a run of a step. */
struct step_result {
	struct passive passive;
	struct fi fi;
	struct features features;
	struct features_trace trace;
	double highest; /* mV in the step */
};

static void
measure_step(struct step_result *m, const struct trace *t, const struct step *s,
	     size_t first, size_t end)
{
	if (s->amp_nA != 0) {
		passive_respond(&m->passive, t, s);
		passive_measure(&m->passive);
	} else {
		passive_lack(&m->passive, t, NULL);
	}
	fi_measure(&m->fi, t, first, end);
	m->fi.amp_pA = s->amp_nA * 1e3;
	features_find(&m->features, t, s);
	features_measure_trace(&m->features, &m->trace);
	m->highest = t->v[detect_highest(t->v, first + 1, end + 1)];
}

/* The mean of all spikes that have it, or that of one. */
static double
value_of_spikes(const struct target *t, const struct features *f)
{
	struct features_spike r;
	double sum = 0, v;
	size_t n = 0, k;

	for (k = 0; k < f->spikes.n; k++) {
		if (t->spike > 0 && (size_t)t->spike != k + 1)
			continue;
		features_measure_spike(f, k, &r);
		v = quantity_value(t->column, &r);
		if (isfinite(v)) {
			sum += v;
			n++;
		}
	}
	return n > 0 ? sum / (double)n : NAN;
}

static double
value_of_step(const struct target *t, const struct step_result *m)
{
	switch (t->kind) {
	case TARGET_PASSIVE:
		return quantity_value(t->column, &m->passive);
	case TARGET_FI:
		return quantity_value(t->column, &m->fi);
	case TARGET_SPIKE:
		return value_of_spikes(t, &m->features);
	default:
		return quantity_value(t->column, &m->trace);
	}
}

/* What the children of this child work on. */
static const struct targetruns *all;
static struct target_value *found;

static void
judge_step(const struct target_run *r, const struct step_result *m,
	   struct target_value *v)
{
	double lack = m->fi.spikes > 0 ? 0
				       : fmax(detect_level() - m->highest, 0) /
						 SILENT_MV;
	size_t k;

	for (k = 0; k < all->targets->n; k++) {
		const struct target *t = &all->targets->at[k];

		if (!is_same(&t->run, r))
			continue;
		v[k] = targets_judge(t, value_of_step(t, m),
				     t->kind == TARGET_PASSIVE ? 0 : lack);
	}
}

static void
run_step(const struct target_run *r, struct target_value *v)
{
	struct step_result m = {0};
	struct step s = {.amp_nA = (double)r->fA / 1e6,
			 .before = all->first,
			 .last = all->end};
	const double **column;
	struct trace t;

	protocol_pulse(s.amp_nA);
	protocol_run(all->end);
	column = recording_of(all->end);
	t = recording_trace(column[0], all->end);
	measure_step(&m, &t, &s, all->first, all->end);
	judge_step(r, &m, v);
	features_forget(&m.features);
	passive_free(&m.passive);
	free(column);
}

/* What the runs without a trace of their own give. */
static void
judge_all(const struct target_run *r, const void *of, struct target_value *v)
{
	size_t k;

	for (k = 0; k < all->targets->n; k++) {
		const struct target *t = &all->targets->at[k];

		if (is_same(&t->run, r))
			v[k] = targets_judge(t, quantity_value(t->column, of),
					     0);
	}
}

static void
run_junction(const struct target_run *r, struct target_value *v)
{
	struct junction j;

	targetextras_couple(&j, r->fA, all->first, all->end);
	judge_all(r, &j, v);
	junction_free(&j);
}

static void
run_pulses(const struct target_run *r, struct target_value *v)
{
	struct plasticity p;

	targetextras_drive(&p, r->rate_Hz, r->recovery_ms);
	judge_all(r, &p, v);
}

/* The impedance of the frequency that is nearest. */
static const struct impedance *
nearest(const struct impedance_curve *c, double frequency)
{
	const struct impedance *z = c->at;
	size_t k;

	for (k = 1; k < c->n; k++)
		if (fabs(c->at[k].frequency_Hz - frequency) <
		    fabs(z->frequency_Hz - frequency))
			z = &c->at[k];
	return z;
}

static void
run_chirp(const struct target_run *r, struct target_value *v)
{
	struct chirp c = {.low = TARGETS_LOW_HZ, .high = TARGETS_HIGH_HZ};
	struct impedance_curve z = {0};
	const double **column;
	struct trace t;
	double *i;
	size_t k;

	c.first = model_steps("chirp", CHIRP_DELAY);
	c.end = c.first + model_steps("chirp", chirp_ms);
	c.n = c.end + model_steps("chirp", CHIRP_AFTER);
	protocol_start(c.first, c.first, c.n);
	i = chirp_current(&c, (double)r->fA / 1e6);
	protocol_wave(i, c.n + 1);
	protocol_run(c.n);
	column = recording_of(c.n);
	t = recording_trace(column[0], c.n);
	t.i = i;
	impedance_measure(&z, &t);
	for (k = 0; k < all->targets->n; k++)
		if (is_same(&all->targets->at[k].run, r))
			v[k] = targets_judge(
				&all->targets->at[k],
				quantity_value(
					all->targets->at[k].column,
					nearest(&z, all->targets->at[k]
							    .frequency_Hz)),
				0);
	impedance_free(&z);
	free(column);
	free(i);
}

static void
run_one(size_t i, void *result)
{
	static void (*const ways[])(const struct target_run *,
				    struct target_value *) = {
		[TARGET_STEP] = run_step,
		[TARGET_CHIRP] = run_chirp,
		[TARGET_PULSES] = run_pulses,
		[TARGET_JUNCTION] = run_junction};

	ways[all->run[i].kind](&all->run[i], result);
}

static void
take(size_t i, const void *result, const char *said)
{
	const struct target_value *v = result;
	size_t k;

	if (!v)
		fputs(said, stderr);
	for (k = 0; k < all->targets->n; k++)
		if (is_same(&all->targets->at[k].run, &all->run[i]))
			found[k] = v ? v[k] : targets_fail();
}

void
targetruns_go(const struct targetruns *r, size_t njobs, struct target_value *v)
{
	all = r;
	found = v;
	if (r->run[0].kind == TARGET_STEP) {
		protocol_start(r->first, r->end, r->end);
		protocol_approach(r->first);
	}
	workers_try(r->n, njobs, r->targets->n * sizeof *v, run_one, take);
}
