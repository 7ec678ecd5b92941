/* coupling.h -- a gap junction between two cells, or between two sites of one
 *
 *	argv = start(argc, argv, &tool);
 *	coupling_choose();
 *	model_build();
 *	coupling_open();
 *	protocol_start(first, end, n);
 *	coupling_set(0.5);
 *	protocol_into(1);
 *	protocol_pulse(amp_nA);
 *	protocol_run(n);
 *
 * It is NEURON's LinearMechanism: a conductance between two nodes is a term of
 * the equations that NEURON solves, so that there is no mod file, and no step
 *of delay from one voltage to the other.  Steps have to be fixed.
 */
#ifndef COUPLING_H
#define COUPLING_H

#include "cell/model.h"
#include "opt.h"

/* --at1, --at2, --probe1, --probe2, --template2, --same-cell. */
extern const struct opt coupling_opts[];

/* Before model_build(): what cells there are. */
void coupling_choose(void);

/* Instead of protocol_open(): record at the two sites, with an electrode at
 * each, and couple them with no conductance; again, when sections have been
 * divided anew. */
void coupling_open(void);

/* The conductance from now on, in nS: it may be set when a run has begun.  In
 * hoc it is bm_gap_nS(). */
void coupling_set(double nS);

#endif
