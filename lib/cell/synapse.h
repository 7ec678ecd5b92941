/* synapse.h -- a synapse on the cell, one connection to it, and a clamp
 *
 *	argv = start(argc, argv, &tool);
 *	model_build();
 *	protocol_open();
 *	synapse_open();
 *	protocol_start(0, 0, n);
 *	synapse_drive(pulses.time, pulses.n);
 *	protocol_run(n);
 *	i = synapse_trace(0, &len);
 *
 * All pulses come by one NetCon, in whose arguments many synapses keep what
 * their plasticity remembers.  A pulse of time t arrives after the delay, and
 * that is an event of the NetCon's own, as of NEURON's nc.event().
 *
 * In hoc, the synapse is bm_synapse, the connection bm_netcon, and the clamp
 * bm_clamp, an SEClamp whose dur1 is 0 while it is off.
 */
#ifndef SYNAPSE_H
#define SYNAPSE_H

#include <stdbool.h>
#include <stddef.h>

#include "opt.h"

/* --synapse, --at, --syn, --syn-params, --current, --weight; and --clamp,
 * --clamp-at, --rs. */
extern const struct opt synapse_opts[], synapse_clamp_opts[];

/* What a network says of a synapse; NULL and NaN are not said.  Options say
 * other things than that. */
struct synapse_source {
	const char *where; /* who says so */
	const char *mechanism, *params;
	double weight, delay_ms;
};
void synapse_take(const struct synapse_source *s);

/* Has the user named one, or a network? */
bool synapse_is_given(void);

/* From the pulse to the event, in ms: 1.3 if not said.  An option says it
 * before synapse_open(). */
void synapse_delay(double ms);
double synapse_delay_ms(void);

/* Put the synapse and the clamp in place, when the model is built; again, when
 * sections have been divided anew: what has been set stays.  A mechanism that
 * is no synapse is misuse, with a list of those there are. */
void synapse_open(void);
const char *synapse_mechanism(void);

/* What --at says, or NULL. */
const char *synapse_site(void);

/* Its parameters, then "weight" and "delay" unless it has its own of that name,
 * in new memory; each as hoc has it, in new memory, and its unit or "". */
char **synapse_parameters(size_t *n);
char *synapse_expression(const char *name);
const char *synapse_unit(const char *name);

/* Set one of these, or another variable of the mechanism, before a run begins;
 * an unknown one is misuse, with a list.  where says who wants it. */
void synapse_set(const char *where, const char *name, double value);
double synapse_value(const char *name);

/* Record a variable as well, before synapse_open(): it is trace 2, 3 and so on.
 * Traces 0 and 1 are the current of the synapse and that of the clamp, in nA,
 * positive out of the cell and into it. */
void synapse_track(const char *name);
const double *synapse_trace(size_t k, size_t *n);

/* Hold the cell at a voltage from the next run on, NaN: not; and where. */
void synapse_hold(double mV);
double synapse_held(void);

/* When a run has been started: these n pulses are to come, at times in ms after
 * time 0. */
void synapse_drive(const double *ms, size_t n);

#endif
