/* gates.h -- the gates of a mechanism, measured under a voltage clamp
 *
 *	struct gates_at at = {.section = gates_section("na"), .x = 0.5,
 *			      .v = v, .nv = n};
 *	struct gates g = gates_measure("na", &at);
 *	struct gates_fit f;
 *
 *	if (g.fault)
 *		die("na: %s", g.fault);
 *	for (i = 0; i < g.n; i++) {
 *		f = gates_fit_half(&g, i);
 *		if (f.kind == GATES_ACTIVATION && f.slope > 0)
 *			suggest(g.gate[i].name, f.half, f.slope);
 *	}
 *	gates_free(&g);
 *
 * A gate is a state variable.  No mod file is read: one compartment that has
 * the mechanism alone, with the parameters that it has in the cell, is held at
 * each voltage, and its states are let go from several values for a step.  This
 * happens in a child: the cell, its parameters and its time stay as they are.
 *
 * inf is where a state goes, the fixed point of a step, and tau how fast: x(t)
 * - inf decays as exp(-t / tau).  Where a step is not linear in the states, tau
 * is that of small deviations from the steady state.  Where states depend on
 * each other, as in a KINETIC scheme, tau is the slowest of those with which
 * this state relaxes.
 *
 * The conductance is how the mechanism's current changes with voltage while its
 * states are frozen at their steady states: dI/dv at x = inf.  For a current g
 * (v - e) it is g.  If the current is not linear in v then, because it has a
 * gate without a state of its own, it is how it changes with the reversal
 * potentials of its ions instead, -dI/de, if it does; by the GHK equation there
 * is none, and it stays the slope.
 */
#ifndef GATES_H
#define GATES_H

#include <stdbool.h>
#include <stddef.h>

/* A number of an ion, "cai", "cao" or "eca", and what it is held at. */
struct gates_ion {
	const char *name;
	double value; /* mM or mV */
};

/* Where the mechanism is, whose parameters are taken, and the voltages.  What
 * ions are not listed are held at what they are when the model begins. */
struct gates_at {
	size_t section;
	double x;
	bool alone;      /* it is a patch of its own, and no part of a cell */
	const double *v; /* mV */
	size_t nv;
	const struct gates_ion *ion;
	size_t nions;
};

/* A state variable, at each voltage.  NaN is where there is no number, or no
 * steady state; tau is infinite where the state does not move, and 0 where it
 * follows at once. */
struct gates_gate {
	char *name; /* without the mechanism's: "m", "ca[3]" */
	double *inf, *tau;
	bool coupled;  /* moves with other states */
	bool curved;   /* a step is not linear in it */
	double effect; /* > 0: it opens the channel; 0: no conductance has it */
	double power;  /* of it in the conductance, m^3: 3; or NaN */
};

struct gates {
	char *mechanism;
	char *fault; /* why it cannot be clamped; else NULL */
	struct gates_gate *gate;
	size_t n;
	double *v, *conductance; /* S/cm2 */
	size_t nv;
	bool has_current;
	char *ions; /* what may be held: "eca,cai,cao" */
};

struct gates gates_measure(const char *mechanism, const struct gates_at *at);
void gates_free(struct gates *g);

/* Does it have this number of an ion? */
bool gates_has_ion(const struct gates *g, const char *name);

/* Is this density mechanism one that may have gates: no ion, no capacitance? */
bool gates_is_channel(const char *mechanism);

/* The density mechanisms that the cell has, n of them, without ions, in new
 * memory.  The names are NEURON's. */
char **gates_mechanisms(size_t *n);

/* A section that has this mechanism, the soma before others; SIZE_MAX if none
 * has. */
size_t gates_section(const char *mechanism);

/* Has this section the mechanism? */
bool gates_is_in(const char *mechanism, size_t section);

/* What a gate is by how the conductance changes with it and it changes with
 * voltage.  Activation is what opens the channel with depolarisation, and also
 * what opens it with hyperpolarisation, with a slope below 0, if nothing else
 * opens it: Ih.  Other is what does not change with voltage, or goes both ways,
 * or does not lead to a conductance. */
enum gates_kind { GATES_ACTIVATION, GATES_INACTIVATION, GATES_OTHER };

/* inf = 1 / (1 + exp(-(v - half) / slope)), by least squares, with standard
 * errors.  Where status is not "ok" it says why it is not to be believed: the
 * numbers are NaN if there was no fit. */
struct gates_fit {
	enum gates_kind kind;
	double half, slope, half_se, slope_se; /* mV */
	double r2;
	double tau_max, tau_max_at; /* ms, mV */
	const char *status;
};

struct gates_fit gates_fit_half(const struct gates *g, size_t gate);

/* The same for the conductance as a part of its greatest, of a mechanism
 * without states: its gate, if there is one, is in its current. */
struct gates_fit gates_fit_conductance(const struct gates *g);

#endif
