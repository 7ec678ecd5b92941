/* extras.h -- what is fitted and tuned besides a cell: a synapse in it, and a
 * gap junction to another
 *
 *	struct extras_parameter p;
 *
 *	argv = start(argc, argv, &tool);
 *	extras_choose();
 *	model_build();
 *	protocol_open();
 *	extras_check();
 *	if (extras_find("--param", "syn.tau1", &p))
 *		visit(p.value, p.least);
 *
 * Their parameters are "syn.NAME", a parameter of the synapse, its "weight" or
 * its "delay", and "gap.g_nS".  They are there for the runs that take them, and
 * in no others: a cell at rest has neither.
 */
#ifndef EXTRAS_H
#define EXTRAS_H

#include <stdbool.h>
#include <stddef.h>

#include "opt.h"

/* --gap and the options of coupling.h; those of synapse.h, --syn-delay, and of
 * pulses.h how many there are. */
extern const struct opt extras_gap_opts[], extras_synapse_opts[];

bool extras_has_synapse(void);
bool extras_has_gap(void);

/* Before model_build(): what cells there are, and who sets what. */
void extras_choose(void);

/* Before the synapse is there: the weight that it has if nothing says one. */
void extras_weigh(const char *where, double weight);

/* When the model is there: do the sites and the names that the options say
 * exist?  They are made in a child alone. */
void extras_check(void);

/* Put the synapse in place, with what has been set; again, when sections have
 * been divided anew. */
void extras_open_synapse(void);

struct extras_parameter {
	double value;           /* what it has now */
	double least;           /* what it may be at least, or -INFINITY */
	const char *hoc, *unit; /* as hoc has it; or "" */
};

/* Is it a parameter of one of them?  An unknown one is misuse. */
bool extras_find(const char *where, const char *name,
		 struct extras_parameter *p);

/* The name of a parameter of the synapse, or NULL: there are no more. */
const char *extras_name(size_t k);

/* The conductance of the gap junction, in nS. */
double extras_gap(void);

#endif
