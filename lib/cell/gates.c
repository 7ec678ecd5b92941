/* What a child measures comes back as numbers, which both sides pass in the
 * same order. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cell/clamp.h"
#include "cell/gates.h"
#include "cell/nrn.h"
#include "cell/relax.h"
#include "cell/sections.h"
#include "cell/workers.h"
#include "trace/boltzmann.h"
#include "util.h"

/* How far from a voltage the current is measured for its slope, in mV: by the
 * GHK equation that is right to 1e-7, and rounding leaves 1e-12. */
#define NEAR 0.01

/* Over what it is measured whether the current is linear, in mV. */
#define FAR 5

/* At how many voltages the effect of a gate is looked at. */
#define EFFECTS 8

/* A step to begin with, and one in which nothing moves, in ms. */
#define DT 0.025
#define NO_TIME 1e-9

struct clamped {
	char fault[512], ions[512];
	double number[];
};

/* What the child is to do, and where it is with it. */
static struct {
	struct gates *g;
	const struct gates_at *at;
	double mV, dt;
	struct relax relax;
} task;

/* ---- In the child ---- */

static void
go_to(double mV, double dt)
{
	if (task.mV == mV && task.dt == dt)
		return;
	clamp_begin(mV, dt);
	task.mV = mV;
	task.dt = dt;
}

/* A step of all states, as relax.h wants it. */
static void
step(double dt, const double *x, double *y)
{
	size_t n = task.g->n;

	go_to(task.mV, dt);
	memcpy(clamp_states(), x, n * sizeof *x);
	clamp_step();
	memcpy(y, clamp_states(), n * sizeof *y);
}

static void
hold_ions(void)
{
	double *value;
	size_t i, k, n;
	const char *const *name = clamp_ions(&n, &value);

	for (k = 0; k < task.at->nions; k++)
		for (i = 0; i < n; i++)
			if (strcmp(name[i], task.at->ion[k].name) == 0)
				value[i] = task.at->ion[k].value;
}

static double
slope_of_current(double mV, double d)
{
	double low = clamp_current(mV - d), high = clamp_current(mV + d);

	return (high - low) / (2 * d);
}

/* Take a step that is as good as none, for what a mechanism computes of its
 * states there and uses in its current: a conductance, in old files. */
static void
settle(double mV)
{
	double *state = clamp_states();
	size_t n = task.g->n, size = n * sizeof *state;
	double *kept;

	if (n == 0)
		return;
	kept = zeros(n, sizeof *kept);
	memcpy(kept, state, size);
	go_to(mV, NO_TIME);
	memcpy(state, kept, size);
	clamp_step();
	memcpy(state, kept, size);
	free(kept);
}

/* How the current changes with all reversal potentials, with the sign of a
 * conductance. */
static double
slope_by_reversal(double mV)
{
	double *value, sum = 0;
	size_t i, n;
	const char *const *name = clamp_ions(&n, &value);

	for (i = 0; i < n; i++) {
		double held = value[i], low;

		if (name[i][0] != 'e' || i % 3 != 0)
			continue;
		value[i] = held - FAR;
		low = clamp_current(mV);
		value[i] = held + FAR;
		sum -= (clamp_current(mV) - low) / (2.0 * FAR);
		value[i] = held;
	}
	return sum;
}

/* The conductance with the states as they are. */
static double
conductance_at(double mV)
{
	double g, by_reversal, below, above, size, bend;

	settle(mV);
	g = slope_of_current(mV, NEAR);
	below = clamp_current(mV - FAR);
	above = clamp_current(mV + FAR);
	size = fabs(below) + fabs(above);
	bend = below + above - 2 * clamp_current(mV);
	if (!(fabs(bend) > 1e-9 * size))
		return g;
	by_reversal = slope_by_reversal(mV);
	return fabs(by_reversal) > 1e-9 * fabs(g) ? by_reversal : g;
}

/* The conductance with one state at x, and others at y. */
static double
conductance_with(double mV, size_t i, double x, double y)
{
	double *state = clamp_states();
	size_t k;

	for (k = 0; k < task.g->n; k++)
		state[k] = y;
	state[i] = x;
	return conductance_at(mV);
}

/* What a state does to the conductance, at the voltage where it does most; and
 * its power, if that is one: it makes half of it (1/2)^power. */
static void
measure_effect(size_t i)
{
	struct gates_gate *gate = &task.g->gate[i];
	double none, half, all, most = 0, size = 0;
	size_t k, nv = task.at->nv, by = nv / EFFECTS + 1;

	gate->effect = 0;
	gate->power = NAN;
	for (k = 0; k < nv; k += by) {
		double mV = task.at->v[k];

		none = conductance_with(mV, i, 0, 0.5);
		half = conductance_with(mV, i, 0.5, 0.5);
		all = conductance_with(mV, i, 1, 0.5);
		size = fmax(size, fmax(fabs(none), fabs(all)));
		if (!(fabs(all - none) > fabs(most)))
			continue;
		most = all - none;
		gate->power = log2((all - none) / (half - none));
	}
	if (fabs(most) > 1e-10 * size)
		gate->effect = most;
	else
		gate->power = NAN;
	if (!isfinite(gate->power))
		gate->power = NAN;
	if (fabs(gate->power - round(gate->power)) < 1e-6)
		gate->power = round(gate->power);
}

/* At one voltage: where the states go, and the conductance once they are there.
 */
static void
measure_at(size_t k)
{
	struct gates *g = task.g;
	double *start = zeros(3 * g->n + 1, sizeof *start);
	double *inf = start + g->n, *tau = inf + g->n, current;
	size_t i;

	task.mV = NAN;
	go_to(g->v[k], DT);
	if (g->n > 0) {
		memcpy(start, clamp_states(), g->n * sizeof *start);
		relax_find(&task.relax, start, inf, tau);
		memcpy(clamp_states(), inf, g->n * sizeof *inf);
	}
	for (i = 0; i < g->n; i++) {
		g->gate[i].inf[k] = inf[i];
		g->gate[i].tau[k] = tau[i];
		g->gate[i].coupled |= task.relax.coupled[i];
		g->gate[i].curved |= task.relax.curved;
	}
	g->conductance[k] = conductance_at(g->v[k]);
	current = clamp_current(g->v[k]);
	g->has_current |= current != 0 && !isnan(current);
	free(start);
}

static void
measure_all(void)
{
	struct gates *g = task.g;
	size_t i, k;

	clamp_open(g->mechanism, task.at->section, task.at->x, task.at->alone);
	if (clamp_fault())
		return;
	hold_ions();
	if (g->n > 0)
		relax_open(&task.relax, g->n, step);
	for (k = 0; k < g->nv && !clamp_fault(); k++)
		measure_at(k);
	for (i = 0; i < g->n && !clamp_fault(); i++)
		measure_effect(i);
}

/* ---- Between child and parent ---- */

struct passage {
	double *number;
	size_t at;
	bool out;
};

static void
pass(struct passage *p, double *v)
{
	double *there = &p->number[p->at++];

	if (p->out)
		*there = *v;
	else
		*v = *there;
}

static void
pass_flag(struct passage *p, bool *flag)
{
	double v = *flag;

	pass(p, &v);
	*flag = v != 0;
}

static void
pass_all(struct passage *p, struct gates *g)
{
	size_t i, k;

	pass_flag(p, &g->has_current);
	for (k = 0; k < g->nv; k++)
		pass(p, &g->conductance[k]);
	for (i = 0; i < g->n; i++) {
		struct gates_gate *gate = &g->gate[i];

		for (k = 0; k < g->nv; k++) {
			pass(p, &gate->inf[k]);
			pass(p, &gate->tau[k]);
		}
		pass_flag(p, &gate->coupled);
		pass_flag(p, &gate->curved);
		pass(p, &gate->effect);
		pass(p, &gate->power);
	}
}

/* The names of what the clamp holds, with commas. */
static void
list_ions(char *s, size_t size)
{
	double *value;
	size_t i, n, len = 0;
	const char *const *name = clamp_ions(&n, &value);

	for (i = 0; i < n && len < size; i++)
		len += (size_t)snprintf(s + len, size - len, "%s%s",
					i ? "," : "", name[i]);
}

static void
measure_into(struct clamped *r)
{
	struct passage p = {.number = r->number, .out = true};

	measure_all();
	snprintf(r->fault, sizeof r->fault, "%s",
		 clamp_fault() ? clamp_fault() : "");
	list_ions(r->ions, sizeof r->ions);
	pass_all(&p, task.g);
}

/* A mechanism may bring down more than itself: what it is measured in is a
 * child of its own. */
static void
work(size_t i, void *result)
{
	struct clamped *r = result;
	pid_t parent = getpid(), child = fork();
	int status = 0;

	(void)i;
	if (child == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
			_exit(FAILED);
		measure_into(r);
		fflush(NULL);
		_exit(WORKED);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		die("cannot start a worker:");
	if (WIFSIGNALED(status))
		snprintf(r->fault, sizeof r->fault,
			 "it ends NEURON by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else if (status != 0)
		end_badly();
}

static void
done(size_t i, const void *result)
{
	const struct clamped *r = result;
	struct passage p = {.out = false};
	size_t n = 1 + task.g->nv + task.g->n * (2 * task.g->nv + 4);

	(void)i;
	p.number = zeros(n, sizeof *p.number);
	memcpy(p.number, r->number, n * sizeof *p.number);
	pass_all(&p, task.g);
	free(p.number);
	task.g->ions = copy(r->ions);
	if (*r->fault)
		task.g->fault = copy(r->fault);
}

struct gates
gates_measure(const char *mechanism, const struct gates_at *at)
{
	struct gates g = {.mechanism = copy(mechanism), .nv = at->nv};
	size_t i, n, size;
	char **names = clamp_names(mechanism, &n);

	g.n = n;
	g.gate = zeros(n + 1, sizeof *g.gate);
	g.v = zeros(at->nv + 1, sizeof *g.v);
	g.conductance = zeros(at->nv + 1, sizeof *g.conductance);
	memcpy(g.v, at->v, at->nv * sizeof *g.v);
	for (i = 0; i < n; i++) {
		g.gate[i].name = names[i];
		g.gate[i].inf = zeros(at->nv + 1, sizeof *g.gate[i].inf);
		g.gate[i].tau = zeros(at->nv + 1, sizeof *g.gate[i].tau);
	}
	free(names);
	task.g = &g;
	task.at = at;
	size = sizeof(struct clamped) +
	       (1 + g.nv + n * (2 * g.nv + 4)) * sizeof(double);
	workers_run(1, 1, size, work, done);
	return g;
}

void
gates_free(struct gates *g)
{
	size_t i;

	for (i = 0; i < g->n; i++) {
		free(g->gate[i].name);
		free(g->gate[i].inf);
		free(g->gate[i].tau);
	}
	free(g->gate);
	free(g->v);
	free(g->conductance);
	free(g->mechanism);
	free(g->fault);
	free(g->ions);
	*g = (struct gates){0};
}

bool
gates_has_ion(const struct gates *g, const char *name)
{
	size_t n = strlen(name);
	const char *s = g->ions;

	while (*s && !(strncmp(s, name, n) == 0 && strchr(",", s[n]))) {
		s += strcspn(s, ",");
		s += *s == ',';
	}
	return *s;
}

/* ---- Which mechanisms there are ---- */

/* Print the mechanisms that are in the cell, and a section that has each: the
 * soma, or the first one. */
static const char mechanism_lister[] =
	"objref bm_kinds\n"
	"strdef bm_kind\n"
	"proc bm_list_mechanisms() { local i, k, at\n"
	" bm_kinds = new MechanismType(0)\n"
	" for i = 0, bm_kinds.count() - 1 {\n"
	"  bm_kinds.select(i)\n"
	"  bm_kinds.selected(bm_kind)\n"
	"  for k = 0, bm_section.count() - 1 bm_section.o(k).sec"
	" if (ismembrane(bm_kind)) printf(\"%s\\t%d\\n\", bm_kind, k)\n"
	" }\n"
	"}\n";

bool
gates_is_channel(const char *kind)
{
	return strcmp(kind, "morphology") != 0 &&
	       strcmp(kind, "capacitance") != 0 &&
	       strcmp(kind, "extracellular") != 0 && !section_is_ion(kind);
}

/* The next line of the list: a mechanism, and a section. */
static char *
next_line(char **rest, size_t *section_number)
{
	char *line, *tab;

	while ((line = strsep(rest, "\n"))) {
		tab = strchr(line, '\t');
		if (!tab)
			continue;
		*tab = '\0';
		*section_number = (size_t)strtol(tab + 1, NULL, 10);
		if (gates_is_channel(line))
			return line;
	}
	return NULL;
}

char **
gates_mechanisms(size_t *n)
{
	char **list = NULL, *all, *rest, *kind;
	size_t cap = 0, at;

	nrn_do("%s", mechanism_lister);
	rest = all = copy(nrn_print("bm_list_mechanisms()"));
	*n = 0;
	while ((kind = next_line(&rest, &at))) {
		if (*n > 0 && strcmp(list[*n - 1], kind) == 0)
			continue;
		list = grow(list, &cap, *n + 1, sizeof *list);
		list[(*n)++] = copy(kind);
	}
	free(all);
	return list;
}

size_t
gates_section(const char *mechanism)
{
	size_t found = SIZE_MAX, at;
	char *all, *rest, *kind;

	nrn_do("%s", mechanism_lister);
	rest = all = copy(nrn_print("bm_list_mechanisms()"));
	while ((kind = next_line(&rest, &at))) {
		if (strcmp(kind, mechanism) != 0)
			continue;
		if (strcmp(section(at)->name, "soma") == 0 ||
		    strcmp(section(at)->name, "soma[0]") == 0)
			found = at;
		if (found == SIZE_MAX)
			found = at;
	}
	free(all);
	return found;
}

bool
gates_is_in(const char *mechanism, size_t section_number)
{
	nrn_do("bm_section.o(%zu).sec hoc_ac_ = ismembrane(\"%s\")",
	       section_number, mechanism);
	return nrn_number("hoc_ac_") != 0;
}

/* ---- Classification and fit ---- */

/* How much a curve rises and falls all in all. */
struct ways {
	double up, down, least, most;
	size_t missing;
};

static struct ways
ways_of(const double *y, size_t n)
{
	struct ways w = {.least = INFINITY, .most = -INFINITY};
	double last = NAN;
	size_t k;

	for (k = 0; k < n; k++) {
		if (!isfinite(y[k])) {
			w.missing++;
			continue;
		}
		if (y[k] > last)
			w.up += y[k] - last;
		else if (y[k] < last)
			w.down += last - y[k];
		last = y[k];
		w.least = fmin(w.least, y[k]);
		w.most = fmax(w.most, y[k]);
	}
	return w;
}

/* Time constants that differ by rounding alone are the same. */
#define ALIKE 1e-9

/* A curve may go the other way a little, as that of a table does. */
#define A_LITTLE 0.02

static int
way_of(const struct ways *w)
{
	if (w->down <= A_LITTLE * w->up)
		return w->up > 0 ? 1 : 0;
	return w->up <= A_LITTLE * w->down ? -1 : 0;
}

/* Does another state open the channel when the voltage rises? */
static bool
is_opened(const struct gates *g, size_t but)
{
	size_t i;

	for (i = 0; i < g->n; i++) {
		struct ways w = ways_of(g->gate[i].inf, g->nv);

		if (i != but && way_of(&w) * g->gate[i].effect > 0)
			return true;
	}
	return false;
}

static enum gates_kind
kind_of(const struct gates *g, size_t i, int way)
{
	double opens = way * (g->has_current ? g->gate[i].effect : 1);
	struct ways w;

	if (opens == 0)
		return GATES_OTHER;
	if (!g->has_current)
		return opens > 0 ? GATES_ACTIVATION : GATES_INACTIVATION;
	if (opens > 0)
		return GATES_ACTIVATION;
	w = ways_of(g->conductance, g->nv);
	return way_of(&w) < 0 && !is_opened(g, i) ? GATES_ACTIVATION
						  : GATES_INACTIVATION;
}

/* What keeps a curve from being a Boltzmann function, or NULL. */
static const char *
doubt_shape(const struct ways *w, size_t n)
{
	if (w->missing == n)
		return "no steady state";
	if (w->least < -1e-6 || w->most > 1 + 1e-6)
		return "not from 0 to 1";
	if (w->most - w->least < 1e-6)
		return "constant";
	return way_of(w) == 0 ? "bell-shaped" : NULL;
}

/* Is a curve level at both ends, so that it goes no further? */
static bool
is_level(const double *v, const double *y, size_t n)
{
	double steepest = 0, ends = 0;
	size_t k;

	for (k = 1; k < n; k++) {
		double slope = fabs((y[k] - y[k - 1]) / (v[k] - v[k - 1]));

		steepest = fmax(steepest, slope);
		if (k == 1 || k == n - 1)
			ends = fmax(ends, slope);
	}
	return ends < 1e-3 * steepest;
}

static const char *
doubt_fit(const struct ways *w, const struct boltzmann *b, bool level)
{
	if (isnan(b->half))
		return "no fit";
	if (w->least > 0.1 || w->most < 0.9)
		return level ? "not from 0 to 1" : "partial range";
	return b->r2 < 0.98 ? "not a Boltzmann function" : "ok";
}

/* The fit of a curve, which says itself what way it goes. */
static struct gates_fit
fit(const double *v, const double *y, size_t n)
{
	struct ways w = ways_of(y, n);
	struct gates_fit f = {.kind = GATES_OTHER};
	struct boltzmann b = {NAN, NAN, NAN, NAN, NAN};

	f.tau_max = f.tau_max_at = NAN;
	f.status = doubt_shape(&w, n);
	if (!f.status) {
		boltzmann_fit(v, y, n, &b);
		f.status = doubt_fit(&w, &b, is_level(v, y, n));
	}
	f.half = b.half;
	f.slope = b.slope;
	f.half_se = b.half_se;
	f.slope_se = b.slope_se;
	f.r2 = b.r2;
	return f;
}

struct gates_fit
gates_fit_half(const struct gates *g, size_t i)
{
	const struct gates_gate *gate = &g->gate[i];
	struct ways w = ways_of(gate->inf, g->nv);
	struct gates_fit f = fit(g->v, gate->inf, g->nv);
	size_t k;

	for (k = 0; k < g->nv; k++)
		if (isfinite(gate->tau[k]) &&
		    !(gate->tau[k] <= f.tau_max * (1 + ALIKE))) {
			f.tau_max = gate->tau[k];
			f.tau_max_at = g->v[k];
		}
	if (w.most - w.least >= 1e-6)
		f.kind = kind_of(g, i, way_of(&w));
	if (gate->effect == 0 && strcmp(f.status, "ok") == 0)
		f.status = g->has_current ? "no effect on the conductance"
					  : "no current";
	return f;
}

struct gates_fit
gates_fit_conductance(const struct gates *g)
{
	struct ways w = ways_of(g->conductance, g->nv);
	double *part = zeros(g->nv + 1, sizeof *part);
	struct gates_fit f;
	size_t k;

	for (k = 0; k < g->nv; k++)
		part[k] = w.most > 0 ? g->conductance[k] / w.most : 0;
	f = fit(g->v, part, g->nv);
	w = ways_of(part, g->nv);
	if (way_of(&w) != 0 && w.most - w.least >= 1e-6)
		f.kind = GATES_ACTIVATION;
	free(part);
	return f;
}
