#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/nrn.h"
#include "cell/sections.h"
#include "cell/segregategates.h"
#include "opt.h"

/* Voltages begin here, in mV. */
#define LOW (-120)

/* How far a steady state may be from the product, and a time constant from what
 * it was, by measurement. */
#define TOLERANCE 1e-6

/* A mechanism's name in the cell before or after. */
static char *
name_in(size_t which, const char *mechanism)
{
	return format("%s%s", mechanism, which == 0 ? "" : "seg");
}

double
segregategates_voltage(size_t i)
{
	return LOW + (double)i;
}

struct gates
segregategates_measure(const char *mechanism, size_t section)
{
	struct gates_at at = {
		.section = section, .x = 0.5, .nv = SEGREGATEGATES_NV};
	double v[SEGREGATEGATES_NV];
	size_t i;

	for (i = 0; i < SEGREGATEGATES_NV; i++)
		v[i] = segregategates_voltage(i);
	at.v = v;
	return gates_measure(mechanism, &at);
}

static _Noreturn void
not_in_cell(const struct segregate_row *c)
{
	char **name, *list = NULL;
	size_t n, i;

	name = gates_mechanisms(&n);
	for (i = 0; i < n; i++)
		list = join(list, name[i]);
	misuse("%s: column 'mechanism': '%s' is not in the cell; there are: %s",
	       c->where, c->mechanism, list ? list : "none");
}

/* Where a variable is when a run begins at each voltage: of a state, that is
 * what INITIAL makes it.  It may be a global one. */
static void
read_start(const struct segregate_row *c, const char *mechanism, size_t section,
	   double *start)
{
	char *name = format("bm_section.o(%zu).sec.%s_%s(0.5)", section,
			    c->cut.gate, mechanism);
	size_t i;

	if (!nrn_try("{hoc_ac_ = %s}", name)) {
		free(name);
		name = format("%s_%s", c->cut.gate, mechanism);
	}
	for (i = 0; i < SEGREGATEGATES_NV; i++) {
		nrn_do("{finitialize(%.17g)}", segregategates_voltage(i));
		start[i] = nrn_number("%s", name);
	}
	free(name);
}

static void
read_variable(const struct segregate_row *c, struct segregategates_curve *k)
{
	char *mechanism = name_in(1, c->mechanism);

	read_start(c, mechanism, gates_section(mechanism), k->inf);
	free(mechanism);
}

/* Only activation is cut: what a channel loses below the cut is what it would
 * have opened there. */
static void
check_kind(const struct segregate_row *c, const struct gates_fit *f)
{
	if (f->kind == GATES_INACTIVATION)
		die("%s: column 'gate': '%s' of '%s' is an inactivation gate: "
		    "only activation is cut",
		    c->where, c->cut.gate, c->mechanism);
	if (f->kind == GATES_OTHER)
		die("%s: column 'gate': '%s' of '%s' is no activation gate: "
		    "its steady state does not change with voltage, or no "
		    "conductance with it",
		    c->where, c->cut.gate, c->mechanism);
	if (f->slope < 0 && c->cut.cut > -INFINITY)
		warn("%s: '%s' of '%s' opens with hyperpolarization, and is "
		     "cut there",
		     c->where, c->cut.gate, c->mechanism);
}

/* Measure the gate of a cut where its mechanism is; the function returns what
 * it is there. */
static struct gates_fit
measure_gate(size_t which, const struct segregate_row *c, size_t section,
	     struct segregategates_curve *k)
{
	char *name = name_in(which, c->mechanism);
	struct gates g = segregategates_measure(name, section);
	struct gates_fit f;
	size_t i;

	if (g.fault)
		die("%s: '%s' cannot be measured: %s", c->where, c->mechanism,
		    g.fault);
	for (i = 0; i < g.n && strcmp(g.gate[i].name, c->cut.gate) != 0; i++)
		;
	if (i == g.n)
		die("%s: '%s' of '%s' cannot be measured", c->where,
		    c->cut.gate, c->mechanism);
	f = gates_fit_half(&g, i);
	memcpy(k->inf, g.gate[i].inf, sizeof k->inf);
	memcpy(k->tau, g.gate[i].tau, sizeof k->tau);
	k->curved = g.gate[i].curved;
	read_start(c, name, section, k->start);
	gates_free(&g);
	free(name);
	return f;
}

static bool
has_mechanism(size_t section, const char *mechanism)
{
	return nrn_number("bm_has(%zu, \"%s\")", section, mechanism) != 0;
}

/* A curve that goes one way tells what it is where the current does not: the
 * gate is not a state, or BREAKPOINT sets it anew. */
static enum gates_kind
kind_of(const struct segregategates_curve *k)
{
	double rise = k->inf[SEGREGATEGATES_NV - 1] - k->inf[0];

	if (!(fabs(rise) > 0.1))
		return GATES_OTHER;
	return rise > 0 ? GATES_ACTIVATION : GATES_INACTIVATION;
}

static bool
follows_at_once(const struct segregategates_curve *k)
{
	size_t i;

	for (i = 0; i < SEGREGATEGATES_NV && k->tau[i] == 0; i++)
		;
	return i == SEGREGATEGATES_NV;
}

/* Where a channel has no conductance, what its gate does cannot be seen: the
 * first section counts where it can. */
static void
see_gate_before(const struct segregate_row *c, struct segregategates *s,
		size_t cut)
{
	struct gates_fit f = {.kind = GATES_OTHER};
	size_t i, from = gates_section(c->mechanism);

	nrn_do("func bm_has() { local has\n"
	       " bm_section.o($1).sec has = ismembrane($s2)\n"
	       " return has\n}");
	f = measure_gate(0, c, from, &s->curve[cut]);
	s->section[cut] = from;
	for (i = 0; f.kind == GATES_OTHER && i < sections_count() &&
		    kind_of(&s->curve[cut]) != GATES_OTHER;
	     i++)
		if (i != from && has_mechanism(i, c->mechanism)) {
			f = measure_gate(0, c, i, &s->curve[cut]);
			s->section[cut] = i;
		}
	if (f.kind == GATES_OTHER && follows_at_once(&s->curve[cut]))
		f.kind = kind_of(&s->curve[cut]);
	check_kind(c, &f);
}

/* The mechanisms cut must be all those of the cell. */
static void
check_replaced(const struct segregate_row *c, const char *hoc)
{
	char *name = name_in(1, c->mechanism);

	if (gates_section(name) == SIZE_MAX ||
	    gates_section(c->mechanism) != SIZE_MAX)
		die("%s: '%s' is inserted outside of %s, which is the file "
		    "that is changed",
		    c->where, c->mechanism, hoc);
	free(name);
}

void
segregategates_before(struct segregategates *s, const struct segregate_row *c,
		      size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (gates_section(c[i].mechanism) == SIZE_MAX)
			not_in_cell(&c[i]);
		if (c[i].is_state)
			see_gate_before(&c[i], s, i);
	}
}

void
segregategates_after(struct segregategates *s, const struct segregate_row *c,
		     size_t n, const struct segregategates *before,
		     const char *hoc)
{
	size_t i;

	for (i = 0; i < n; i++) {
		check_replaced(&c[i], hoc);
		if (c[i].is_state)
			measure_gate(1, &c[i], before->section[i],
				     &s->curve[i]);
		else
			read_variable(&c[i], &s->curve[i]);
	}
}

/* A mechanism has the name that it had before it was cut. */
static void
name_before(char *name, const struct segregate_row *c, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		char *new = name_in(1, c[i].mechanism);

		if (!strcmp(new, name))
			name[strlen(c[i].mechanism)] = '\0';
		free(new);
	}
}

void
segregategates_conductances(struct segregategates *s,
			    const struct segregate_row *c, size_t n)
{
	char **name = gates_mechanisms(&s->n);
	size_t i, k;

	if (s->n > SEGREGATEGATES_MECHANISMS)
		die("more than %d mechanisms", SEGREGATEGATES_MECHANISMS);
	for (i = 0; i < s->n; i++) {
		struct segregategates_conductance *of = &s->of[i];
		struct gates g =
			segregategates_measure(name[i], gates_section(name[i]));

		snprintf(of->mechanism, sizeof of->mechanism, "%s", name[i]);
		name_before(of->mechanism, c, n);
		for (k = 0; k < SEGREGATEGATES_NV; k++)
			of->g[k] = g.fault ? NAN : g.conductance[k];
		gates_free(&g);
	}
}

static double
sigma(const struct segregate_cut *c, double v)
{
	double e = c->width > 0 ? exp(-fabs(v - c->cut) / c->width) : 0;

	return v < c->cut ? e / (1 + e) : 1 / (1 + e);
}

static _Noreturn void
not_as_asked(const struct segregate_row *c, size_t i, const char *what,
	     double is, double wanted)
{
	die("%s: '%s' of '%s' cannot be cut: at %g mV its %s would be %g, not "
	    "%g",
	    c->where, c->cut.gate, c->mechanism, segregategates_voltage(i),
	    what, is, wanted);
}

/* A start that is the same at all voltages is not a steady state, and stays. */
static bool
is_flat(const double *start)
{
	size_t i;

	for (i = 1; i < SEGREGATEGATES_NV && start[i] == start[0]; i++)
		;
	return i == SEGREGATEGATES_NV;
}

static void
check_curve(const struct segregate_row *c,
	    const struct segregategates_curve *before,
	    const struct segregategates_curve *after)
{
	bool flat = is_flat(before->start);
	size_t i;

	for (i = 0; i < SEGREGATEGATES_NV; i++) {
		double factor = sigma(&c->cut, segregategates_voltage(i));
		double inf = before->inf[i] * factor;
		double tau = before->tau[i];
		double start = before->start[i] * (flat ? 1 : factor);

		if (fabs(after->inf[i] - inf) > TOLERANCE)
			not_as_asked(c, i, "steady state", after->inf[i], inf);
		if (!before->curved &&
		    fabs(after->tau[i] - tau) > TOLERANCE * tau)
			not_as_asked(c, i, "time constant in ms", after->tau[i],
				     tau);
		if (fabs(after->start[i] - start) > TOLERANCE)
			not_as_asked(c, i, "start", after->start[i], start);
	}
}

void
segregategates_check(const struct segregate_row *c, size_t n,
		     const struct segregategates *before,
		     const struct segregategates *after)
{
	struct gates_fit f = {0};
	size_t i;

	for (i = 0; i < n; i++) {
		if (c[i].is_state) {
			check_curve(&c[i], &before->curve[i], &after->curve[i]);
			continue;
		}
		f.kind = kind_of(&after->curve[i]);
		check_kind(&c[i], &f);
	}
}
