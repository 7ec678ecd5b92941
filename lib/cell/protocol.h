/* protocol.h -- a current goes into the cell, voltages come out
 *
 *	argv = start(argc, argv, &tool);
 *	model_build();
 *	protocol_open();
 *	protocol_start(first, end, n);
 *	protocol_pulse(amp_nA);
 *	protocol_run(n);
 *	v = protocol_voltage(0, &len);
 *
 * Steps are counted, so that a run that is split is the same to the last bit.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include "cell/model.h"
#include "opt.h"

/* --inject, --record, --settle, --cvode; --settle alone; --record and --settle,
 * for a tool that calls protocol_settle_usually(500). */
extern const struct opt protocol_opts[], protocol_settle_opts[],
	protocol_synapse_opts[];

/* Before protocol_open(): record at the default site as well, before those of
 * --record, where there is only one; record at one more, as if --record had
 * named it. */
void protocol_also_default(void);
void protocol_also_record(const char *site);

/* Before protocol_open(): record at these n sites as well, the last of all, and
 * have an electrode at each.  A tool without --inject and --record has no other
 * sites.  When a run has been started, protocol_into() has the current go in at
 * one of these, rather than at the site of --inject, or the first one. */
void protocol_place(const struct section_site *place, size_t n);
size_t protocol_place_site(size_t k); /* the number of its site */
void protocol_into(size_t k);

/* Put the electrode and the recorders in place; again, when sections have been
 * divided anew. */
void protocol_open(void);

/* The sites where voltages are recorded, which are those of --record in their
 * order, or else the middle of the soma or of the root; and the site where the
 * current goes in. */
size_t protocol_nsites(void);
const struct section_site *protocol_site(size_t k);
const struct section_site *protocol_electrode(void);

/* What --settle lets pass, in ms; and, when the model is there, what is let
 * pass from the next run on where it is not given (0). */
double protocol_settle(void);
void protocol_settle_usually(double ms);

/* Begin anew a run of n samples, and let --settle pass: time 0 of what is
 * recorded comes after it.  There will be a pulse of current, which leads to
 * the samples after first up to and including end. */
void protocol_start(size_t first, size_t end, size_t n);

/* Run up to sample n, which may be common to runs that differ after it.  Where
 * the model has a way of its own to run, it is all done by protocol_run(). */
void protocol_approach(size_t n);

/* The amplitude of the pulse, which has not begun yet. */
void protocol_pulse(double amp_nA);

/* Instead of the pulse, inject a current for every step: i[k] leads to sample
 * k, and i[0] to none.  It is copied.  With --cvode it is misuse, and a
 * model that has a way of its own to run ends the tool. */
void protocol_wave(const double *i, size_t n);

/* Run up to sample n, counted from time 0.  A voltage that is not a number ends
 * the tool. */
void protocol_run(size_t n);

/* Amplitudes in pA as an option gives them, "a,b,c" or "start:stop:step", end
 * included.  They are counted in fA, so that rounding does not lose the last
 * one. */
struct protocol_amps {
	int64_t *fA;
	size_t n;
};
void protocol_read_amps(const char *option, const char *text,
			struct protocol_amps *a);
double protocol_amp_pA(const struct protocol_amps *a, size_t i);
double protocol_amp_nA(const struct protocol_amps *a, size_t i);

/* What was recorded so far: sample k is the state after k steps.  It is
 * NEURON's own memory, until the next run.  With --cvode, a run cannot go on
 * after it. */
const double *protocol_voltage(size_t site, size_t *n);

/* The same of the k-th Vector of a List in hoc, which records something else at
 * every step. */
const double *protocol_samples(const char *list, size_t k, size_t *n);

/* The current that led to each sample, in nA.  It stays until the next call. */
const double *protocol_current(size_t *n);

#endif
