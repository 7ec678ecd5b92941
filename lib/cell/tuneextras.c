#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/coupling.h"
#include "cell/extras.h"
#include "cell/nrn.h"
#include "cell/protocol.h"
#include "cell/synapse.h"
#include "cell/tuneextras.h"
#include "trace/junction.h"
#include "trace/plasticity.h"
#include "trace/pulses.h"
#include "trace/response.h"

#define MOST_LINES 16 /* that are measured */

static double rate = 50, recovery = 250;

const struct opt tuneextras_opts[] = {
	OPT_NUM_IN(0, "rate", "Hz", &rate, "(0,1e6]",
		   "of the synapse's pulses (50)"),
	OPT_NUM_IN(0, "recovery", "ms", &recovery, "(0,1e9]",
		   "pause after them for so long (250)"),
	OPT_NEEDS("rate recovery", "synapse"),
	OPT_NOT_WITH("synapse", "gap"),
	OPT_END,
};

enum tuneextras_mode
tuneextras_mode(void)
{
	if (extras_has_synapse())
		return TUNEEXTRAS_PULSES;
	return extras_has_gap() ? TUNEEXTRAS_JUNCTION : TUNEEXTRAS_STEP;
}

void
tuneextras_open(void)
{
	switch (tuneextras_mode()) {
	case TUNEEXTRAS_PULSES:
		protocol_open();
		extras_open_synapse();
		break;
	case TUNEEXTRAS_JUNCTION:
		coupling_open();
		break;
	default:
		protocol_open();
	}
}

/* ---- What is shown ---- */

/* The last run: what was measured of it, by the columns. */
static struct plasticity trained;
static struct junction coupled;

/* What is wanted of a column, of a train at a rate or of any run. */
static struct want {
	size_t column;
	double rate_Hz, recovery_ms, value; /* the first two may be NaN */
} * wanted;
static size_t nwanted, wanted_cap;

static const struct plasticity nothing = {NAN, NAN, NAN, NAN, NAN,
					  NAN, NAN, NAN, NAN, NAN};

/* Those that are numbers. */
static const struct quantity *
numbers_of(const struct quantity *q)
{
	static struct quantity all[MOST_LINES + 1];
	size_t n = 0;

	for (; q && q->name && n < MOST_LINES; q++)
		if (q->kind != QUANTITY_TEXT)
			all[n++] = *q;
	all[n] = (struct quantity)QUANTITY_END;
	return all;
}

const struct quantity *
tuneextras_measured(void)
{
	switch (tuneextras_mode()) {
	case TUNEEXTRAS_PULSES:
		return numbers_of(plasticity_columns());
	case TUNEEXTRAS_JUNCTION:
		return numbers_of(junction_columns);
	default:
		return numbers_of(NULL);
	}
}

const struct tuneextras_column *
tuneextras_columns(void)
{
	static const struct tuneextras_column columns[][4] = {
		[TUNEEXTRAS_STEP] = {{"amp_pA", "tune_amp", "0"}, {0}},
		[TUNEEXTRAS_PULSES] = {{"rate_Hz", "tune_ran_rate",
					"tune_ran_rate < 0"},
				       {"recovery_ms", "tune_ran_recovery",
					"tune_ran_recovery < 0"},
				       {"clamp_mV", "tune_ran_mV",
					"!tune_ran_clamped"},
				       {0}},
		[TUNEEXTRAS_JUNCTION] = {{"amp_pA", "tune_amp", "0"}, {0}}};

	return columns[tuneextras_mode()];
}

double
tuneextras_number(size_t k)
{
	const struct tuneextras_column *c = &tuneextras_columns()[k];

	return nrn_number("%s", c->lacks) != 0 ? NAN : nrn_number("%s", c->hoc);
}

double
tuneextras_value(size_t k)
{
	const struct quantity *q = &tuneextras_measured()[k];

	return tuneextras_mode() == TUNEEXTRAS_PULSES
		       ? quantity_value(q, &trained)
		       : quantity_value(q, &coupled);
}

/* The first one that a train has is an amplitude. */
static const char *
unit_of(size_t k)
{
	if (k > 0 || tuneextras_mode() != TUNEEXTRAS_PULSES)
		return "";
	return nrn_number("tune_ran_clamped") != 0 ? " pA" : " mV";
}

/* How well the last run is the one that a target is about, 0: it is another.
 * What one pulse should do is what the first of a train should. */
static int
suits(const struct want *w)
{
	if (isnan(w->rate_Hz))
		return 1;
	if (nrn_number("tune_ran_rate") != w->rate_Hz)
		return 0;
	if (isnan(w->recovery_ms))
		return 2;
	return nrn_number("tune_ran_recovery") == w->recovery_ms ? 3 : 0;
}

static double
goal_of(size_t column)
{
	double value = NAN;
	int best = 0, now;
	size_t i;

	for (i = 0; i < nwanted; i++) {
		if (wanted[i].column != column || !(now = suits(&wanted[i])))
			continue;
		if (now >= best)
			value = wanted[i].value;
		best = now > best ? now : best;
	}
	return value;
}

static void
show(void)
{
	const struct quantity *q = tuneextras_measured();
	char goal[32], *text, *quoted;
	size_t k;

	for (k = 0; q[k].name; k++) {
		double v = tuneextras_value(k), want = goal_of(k);

		*goal = '\0';
		if (!isnan(want))
			snprintf(goal, sizeof goal, "  (%.4g)", want);
		text = isnan(v) ? format("%s  -%s", q[k].name, goal)
				: format("%s  %.5g%s%s", q[k].name, v,
					 unit_of(k), goal);
		quoted = nrn_quoted(text);
		nrn_do("tune_show_line(%zu, %s)", k, quoted);
		free(quoted);
		free(text);
	}
}

bool
tuneextras_want(const struct target *t)
{
	const struct quantity *q = tuneextras_measured();
	size_t k = 0;

	if (t->kind != TARGET_TRAIN && t->kind != TARGET_COUPLED)
		return false;
	while (q[k].name && strcmp(q[k].name, t->column->name) != 0)
		k++;
	if (!q[k].name)
		return false;
	wanted = grow(wanted, &wanted_cap, nwanted + 1, sizeof *wanted);
	wanted[nwanted++] =
		(struct want){k, t->run.rate_Hz, t->run.recovery_ms, t->value};
	show();
	return true;
}

/* ---- Numbers ---- */

static void
tell_pulses(void)
{
	struct pulses p = pulses_at(rate, recovery);
	double held = synapse_held();

	nrn_do("tune_mode = 1\ntune_rate = %.17g\ntune_recovery = %.17g\n"
	       "tune_ran_rate = tune_rate\ntune_ran_recovery = tune_recovery\n"
	       "tune_pulses = %zu\ntune_tests = %zu\ntune_first = %.17g\n"
	       "tune_clamped = %d\ntune_clamp_mV = %.17g\n"
	       "tune_current = bm_traces.o(1)\n"
	       "proc tune_event() {\n bm_netcon.event($1)\n}\n"
	       "func tune_syn_delay() {\n return bm_netcon.delay\n}\n"
	       "proc tune_hold() {\n bm_clamp.amp1 = $2\n"
	       " bm_clamp.dur1 = 1e9 * ($1 != 0)\n}",
	       rate, recovery, p.train, p.test, p.time[0], !isnan(held),
	       isnan(held) ? -70 : held);
	pulses_free(&p);
}

void
tuneextras_tell(void)
{
	trained = nothing;
	junction_begin(&coupled);
	if (tuneextras_mode() == TUNEEXTRAS_PULSES)
		tell_pulses();
	if (tuneextras_mode() == TUNEEXTRAS_JUNCTION)
		nrn_do("tune_mode = 2\ntune_gap_nS = %.17g\n"
		       "proc tune_couple() {\n bm_gap_nS($1)\n}",
		       extras_gap());
	if (tuneextras_mode() != TUNEEXTRAS_STEP)
		show();
}

void
tuneextras_add_all(struct tunables *t)
{
	size_t k;

	if (tuneextras_mode() == TUNEEXTRAS_JUNCTION)
		tunables_add(t, "--gap", "gap.g_nS");
	for (k = 0; extras_name(k); k++)
		tunables_add(t, "--synapse", extras_name(k));
}

/* ---- What has been run ---- */

/* The samples of a Vector from time 0 on, as a trace: a step of the user's has
 * times of its own. */
static struct trace
trace_of(const char *vector)
{
	double dt = nrn_number("tune_dt"), steps = round(1 / dt), *p;
	bool whole = fabs(steps * dt - 1) < 1e-12;
	size_t skip = (size_t)llround(protocol_settle() / dt), n, k;
	struct trace t = {.path = "the run", .dt = dt};

	n = nrn_vector(&p, "%s", vector);
	t.v = p + skip;
	t.n = n > skip ? n - skip : 0;
	t.time = zeros(t.n + 1, sizeof *t.time);
	for (k = 0; k < t.n; k++)
		t.time[k] = whole ? (double)k / steps : (double)k * dt;
	return t;
}

static bool
is_whole(const struct trace *t)
{
	return t->n > 1 && isfinite(t->v[t->n - 1]);
}

static void
measure_train(const struct trace *t, double *pA)
{
	double *time, delay = nrn_number("tune_syn_delay()");
	size_t n = nrn_vector(&time, "tune_pulse"), k;
	size_t train = (size_t)nrn_number("tune_ran_pulses");
	struct response_signal y = {
		.t = t, .y = pA ? pA : t->v, .is_voltage = !pA};
	struct response *r;

	for (k = 0; pA && k < t->n; k++)
		pA[k] *= 1e3;
	r = response_measure(&y, time, n, delay);
	plasticity_measure(r, train, n - train, &trained);
	free(r);
}

static void
look_at_train(void)
{
	struct trace v = trace_of("bm_voltage.o(0)"), i;
	double *pA;

	trained = nothing;
	if (nrn_number("tune_ran_clamped") != 0) {
		i = trace_of("tune_current");
		pA = zeros(i.n + 1, sizeof *pA);
		memcpy(pA, i.v, i.n * sizeof *pA);
		if (is_whole(&v) && i.n == v.n)
			measure_train(&v, pA);
		free(pA);
		free(i.time);
	} else if (is_whole(&v)) {
		measure_train(&v, NULL);
	}
	free(v.time);
}

/* The response to a step into one of the cells; the sites of the junction are
 * the last ones. */
static void
look_at_step(size_t into)
{
	struct trace t[2];
	struct step s;
	char name[64];
	double dt = nrn_number("tune_dt");
	size_t k;

	for (k = 0; k < 2; k++) {
		snprintf(name, sizeof name, "bm_voltage.o(%zu)",
			 protocol_place_site(k));
		t[k] = trace_of(name);
	}
	s.amp_nA = nrn_number("tune_amp") / 1e3;
	s.before = (size_t)llround(nrn_number("tune_delay") / dt);
	s.last = s.before + (size_t)llround(nrn_number("tune_dur") / dt);
	if (is_whole(&t[0]) && is_whole(&t[1]) && s.amp_nA != 0 &&
	    s.last > s.before && s.last < t[0].n)
		junction_respond(&coupled, into, t, &s);
	for (k = 0; k < 2; k++)
		free(t[k].time);
}

/* Has a count grown since it was looked at last? */
static bool
has_grown(double *known, const char *name)
{
	double v = nrn_number("%s", name);
	bool more = v > *known;

	*known = v;
	return more;
}

static bool
look_at_junction(void)
{
	static double firsts, seconds;

	if (has_grown(&firsts, "tune_firsts")) {
		junction_free(&coupled);
		junction_begin(&coupled);
		look_at_step(0);
	}
	if (!has_grown(&seconds, "tune_seconds"))
		return false;
	look_at_step(1);
	if (coupled.into[0].there)
		junction_measure(&coupled);
	show();
	return true;
}

bool
tuneextras_look(void)
{
	static double trains;

	if (tuneextras_mode() == TUNEEXTRAS_JUNCTION)
		return look_at_junction();
	if (tuneextras_mode() != TUNEEXTRAS_PULSES ||
	    !has_grown(&trains, "tune_trains"))
		return false;
	look_at_train();
	show();
	return true;
}
