/* tunables.h -- the parameters that are tuned by hand
 *
 *	struct tunables t = {0};
 *
 *	model_build();
 *	tunables_add(&t, "--param", "soma.gbar_na:0.01:1");
 *	if (t.n == 0)
 *		tunables_add_all(&t);
 *	for (i = 0; i < t.n; i++)
 *		visit(t.item[i].name, t.item[i].start);
 */
#ifndef TUNABLES_H
#define TUNABLES_H

#include <stdbool.h>
#include <stddef.h>

struct tunable {
	char *name, *bare; /* "soma.gbar_na", as --set takes it; "gbar_na" */
	size_t *in, nin;   /* its sections; none: a global one */
	char *unit;        /* or "" */
	double start, low, high;
	bool log;    /* does its slider multiply rather than add? */
	bool varies; /* has it several values, of which start is one? */
};

struct tunables {
	struct tunable *item;
	size_t n, cap;
};

/* Add the parameter of an option, "soma.gbar_na" or "soma.gbar_na:0.01:1", with
 * the range of its slider, unless it is there by any name, and return its
 * place.  A conductance goes from a tenth to ten times its value, a voltage 30
 * mV up and down, others from 0 to three times their value.  An unknown one,
 * and a range without the value, is misuse. */
size_t tunables_add(struct tunables *t, const char *where, const char *text);

/* Are two of them the same parameter of the same section? */
bool tunables_overlap(const struct tunables *t);

/* Add what there is to tune: conductances, permeabilities, reversal potentials
 * of mechanisms, and capacitance.  One that has the same value wherever it is
 * is one, "g_pas@all"; so is that of an array of sections.  What differs within
 * a section, or from section to section of a large array, is left out, and that
 * is said. */
void tunables_add_all(struct tunables *t);

#endif
