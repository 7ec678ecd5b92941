/* segregate.h -- a mod file whose gates act only above a voltage
 *
 *	segregate_find(&mechanism, &mods, "nat");
 *	segregate_cut(&mechanism, &cut);
 *	s = segregate_text(&mechanism, &n);
 *
 * Alturki A, Feng F, Nair A, Guntu V and Nair SS (2016) Distinct current
 * modules shape cellular dynamics in model neurons, Neuroscience 334:309-331.
 *
 * The equation of a gate is linear in it, m' = A - B m, so that its steady
 *state is A / B and its time constant 1 / B.  All of A is multiplied by sigma =
 *1 / (1 + exp(-(v - cut) / width)), so that the steady state is multiplied and
 *the time constant stays: in (minf - m) / mtau that is minf, in alpha * (1 - m)
 *- beta * m it is the 1.  It is done where the gate is computed, behind any
 *table, and what does not change stays byte for byte.  A construct for which
 *this is not right ends the tool with its line.
 */
#ifndef SEGREGATE_H
#define SEGREGATE_H

#include "cell/modfiles.h"
#include "cell/tokens.h"

struct segregate_cut {
	const char *gate;
	double cut, width; /* mV; a width of 0 is a step, -inf no cut */
};

/* A row of a table of cuts. */
struct segregate_row {
	char *where; /* "cuts.csv:2" */
	char *mechanism;
	struct segregate_cut cut;
	bool is_state; /* or a variable */
};

struct segregate_block {
	size_t kind, open, close; /* tokens */
};

/* A mechanism and its file. */
struct segregate {
	const struct modfile *file;
	char *name;
	size_t suffix; /* the token of its name */
	struct tokens t;
	struct segregate_block *block;
	size_t nblocks, cap;

	char *added; /* for segregate.c: what follows the file */
	struct opt_list range;
};

/* Find a mechanism among mod files; false if none has its name. */
bool segregate_find(struct segregate *s, const struct modfiles *m,
		    const char *mechanism);

/* All mechanisms' names, for a message. */
char *segregate_list(const struct modfiles *m);

/* Its states, for a message. */
char *segregate_gates(const struct segregate *s);

/* Is this one of its STATEs, or a variable that it computes? */
bool segregate_is_state(const struct segregate *s, const char *gate);
bool segregate_is_computed(const struct segregate *s, const char *name);

/* Does the mechanism have a variable, parameter or function of this name, so
 * that hoc has NAME_MECHANISM? */
bool segregate_has(const struct segregate *s, const char *name, size_t n);

/* Cut a gate. */
void segregate_cut(struct segregate *s, const struct segregate_cut *cut);

/* The mod file of the mechanism NAMEseg. */
char *segregate_text(struct segregate *s, size_t *n);

void segregate_free(struct segregate *s);

#endif
