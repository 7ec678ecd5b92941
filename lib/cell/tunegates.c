#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cell/gates.h"
#include "cell/nrn.h"
#include "cell/tunegates.h"
#include "opt.h"

static struct gate_curve {
	const char *name, *gate; /* gate: within name */
	char *mechanism;
	size_t section;
} * curves;
static size_t ncurves, mcurves;

/* The voltages that gates are shown at. */
#define GATE_LOW (-120)
#define GATE_STEP 2
#define GATE_STEPS 86

static _Noreturn void
list_mechanisms(const char *where, const char *text)
{
	char *all = NULL, **name;
	size_t i, n;

	name = gates_mechanisms(&n);
	for (i = 0; i < n; i++)
		all = join(all, name[i]);
	misuse("%s: no mechanism '%s'; there are: %s", where, text,
	       all ? all : "none");
}

static _Noreturn void
list_gates(const char *where, const struct gate_curve *c, const struct gates *g)
{
	char *all = NULL;
	size_t i;

	for (i = 0; i < g->n; i++)
		all = join(all, g->gate[i].name);
	misuse("%s: no gate '%s' in %s; there are: %s", where, c->gate,
	       c->mechanism, all ? all : "none");
}

static struct gates
measure_gates(const struct gate_curve *c)
{
	double v[GATE_STEPS];
	struct gates_at at = {
		.section = c->section, .x = 0.5, .v = v, .nv = GATE_STEPS};
	size_t k;

	for (k = 0; k < GATE_STEPS; k++)
		v[k] = GATE_LOW + GATE_STEP * (double)k;
	return gates_measure(c->mechanism, &at);
}

static size_t
find_gate(const struct gate_curve *c, const struct gates *g)
{
	size_t i = 0;

	while (i < g->n && strcmp(g->gate[i].name, c->gate) != 0)
		i++;
	return i;
}

/* Have the windows know the gate's curve k; a number that is none is left out.
 */
static void
tell_gate(size_t k, const char *where)
{
	const struct gate_curve *c = &curves[k];
	struct gates g = measure_gates(c);
	char *name;
	size_t i, j;

	if (g.fault && where)
		die("%s: %s: %s", where, c->mechanism, g.fault);
	i = find_gate(c, &g);
	if (i == g.n && where)
		list_gates(where, c, &g);
	name = nrn_quoted(c->name);
	nrn_do("tune_gate_clear(%zu, %s)", k, name);
	free(name);
	for (j = 0; i < g.n && j < g.nv; j++)
		if (isfinite(g.gate[i].inf[j]) && isfinite(g.gate[i].tau[j]))
			nrn_do("tune_gate_point(%zu, %.17g, %.17g, %.17g)", k,
			       g.v[j], g.gate[i].inf[j], g.gate[i].tau[j]);
	gates_free(&g);
}

size_t
tunegates_add(const char *where, const char *text)
{
	const char *dot = strchr(text, '.');
	struct gate_curve c = {.name = text};

	if (!dot || !dot[1])
		misuse("%s: not mechanism.gate: '%s'", where, text);
	c.mechanism = format("%.*s", (int)(dot - text), text);
	c.gate = dot + 1;
	if (!nrn_is_name(c.mechanism) ||
	    (c.section = gates_section(c.mechanism)) == SIZE_MAX)
		list_mechanisms(where, c.mechanism);
	curves = grow(curves, &mcurves, ncurves + 1, sizeof *curves);
	curves[ncurves] = c;
	tell_gate(ncurves, where);
	return ncurves++;
}

void
tunegates_renew(const struct tunables *t, const double *touched)
{
	size_t i, k;

	for (k = 0; k < ncurves; k++)
		for (i = 0; i < t->n; i++) {
			const char *bare = t->item[i].bare;
			const char *end = strrchr(bare, '_');

			if (touched[i] == 0 || !end ||
			    strcmp(end + 1, curves[k].mechanism) != 0)
				continue;
			tell_gate(k, NULL);
			break;
		}
	if (ncurves > 0)
		nrn_do("tune_draw_gates()");
}
