/* tuneextras.h -- a synapse or a gap junction in the windows of cell-tune
 *
 *	tuneextras_add_all(&tunables);
 *	tuneextras_tell();
 *	while (run())
 *		if (tuneextras_look())
 *			visit(tuneextras_value(0));
 *
 * The windows are those of tools/cell-tune.hoc, which has been loaded; with
 * neither, nothing here does anything.
 */
#ifndef TUNEEXTRAS_H
#define TUNEEXTRAS_H

#include <stdbool.h>
#include <stddef.h>

#include "cell/targets.h"
#include "cell/tunables.h"
#include "opt.h"
#include "trace/quantity.h"

/* --rate, --recovery. */
extern const struct opt tuneextras_opts[];

/* What runs: a step into the cell, pulses of the synapse, or steps into each of
 * two coupled cells. */
enum tuneextras_mode {
	TUNEEXTRAS_STEP,
	TUNEEXTRAS_PULSES,
	TUNEEXTRAS_JUNCTION
} tuneextras_mode(void);

/* The parameters of the synapse or the gap junction that have a slider if
 * nothing else is said. */
void tuneextras_add_all(struct tunables *t);

/* Put the synapse or the gap junction in place, instead of protocol_open(). */
void tuneextras_open(void);

/* Have the windows know the numbers of the options. */
void tuneextras_tell(void);

/* Have the windows show a target beside what is measured; false: it is none of
 * what is shown. */
bool tuneextras_want(const struct target *t);

/* Measure what has been run since the last call; true: all of a run is there.
 */
bool tuneextras_look(void);

/* The columns of a history: what a run was, and what was measured; NULL ends
 * both.  Their numbers are those of the last run. */
struct tuneextras_column {
	const char *name, *hoc, *lacks; /* lacks: the last run has none */
};
const struct tuneextras_column *tuneextras_columns(void);
double tuneextras_number(size_t k);
const struct quantity *tuneextras_measured(void);
double tuneextras_value(size_t k);

#endif
