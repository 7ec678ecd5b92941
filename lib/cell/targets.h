/* targets.h -- what a cell should do, and what it does
 *
 *	struct targets t = {0};
 *	struct target_value v;
 *	size_t k;
 *
 *	targets_read(&t, path);
 *	for (k = 0; k < t.n; k++) {
 *		v = targets_judge(&t.at[k], measured[k], 0);
 *		visit(v.value, v.error);
 *	}
 *
 * targetruns.h runs the cell for them.
 *
 * A table of targets has a "feature", a column of passive-fit, fi-sweep,
 * spike-features, zap-impedance, syn-features --summary or coupling, with or
 * without the unit in its name, and its "value" and "sd".  What there may be
 * besides is "tool", where several have the feature: the first of these by
 * default; "amp_pA", the amplitude of the step or the chirp; "frequency_Hz" for
 * zap-impedance; "spike", the number of one, for what spike-features has of
 * each: by default the mean of all; and "rate_Hz" and "recovery_ms" of a train
 * of pulses, for syn-features: without them it is one pulse.
 */
#ifndef TARGETS_H
#define TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/quantity.h"

/* An error is this at most, in standard deviations, where there is a value,
 * this where there is none, and this where the run fails.  The first is that of
 * BluePyOpt (W. Van Geit et al., Frontiers in Neuroinformatics 10:17, 2016). */
#define TARGETS_MOST 250
#define TARGETS_FAILED 500

/* The frequencies of cell-zap's chirp, in Hz. */
#define TARGETS_LOW_HZ 0.5
#define TARGETS_HIGH_HZ 50

struct target {
	char *name; /* "rate_Hz@300pA", "half_width_ms@300pA#1", "ppr@50Hz" */
	enum target_kind {
		TARGET_PASSIVE,
		TARGET_FI,
		TARGET_SPIKE,
		TARGET_TRACE,
		TARGET_ZAP,
		TARGET_TRAIN,
		TARGET_COUPLED
	} kind;
	const struct quantity *column;
	struct target_run {
		enum target_run_kind {
			TARGET_STEP,
			TARGET_CHIRP,
			TARGET_PULSES,
			TARGET_JUNCTION
		} kind;
		int64_t fA;
		double rate_Hz, recovery_ms; /* NaN: none */
	} run;                               /* that gives it */
	int64_t spike;                       /* its number, or 0: all */
	double frequency_Hz;                 /* or NaN */
	double value, sd;
	size_t line; /* of the table */
};

struct targets {
	struct target *at;
	size_t n, cap;
	const char *path;
	bool has_trains;
};

/* What a cell has of a target: NaN if it has none.  The error is in standard
 * deviations, and not beyond the above. */
struct target_value {
	double value, error;
	enum {
		TARGET_MET,
		TARGET_SILENT, /* no spikes, of which there should be some */
		TARGET_LACKS,
		TARGET_FAILED,
		TARGET_OTHER
	} state;
};

/* Read a table.  What is wrong with it ends the tool; an unknown feature is
 * misuse, with a list of those there are. */
void targets_read(struct targets *t, const char *path);

/* The error of a value, which may be NaN; lack is how many standard deviations
 * more a cell without spikes is off. */
struct target_value targets_judge(const struct target *t, double value,
				  double lack);

/* What all targets have where the run fails, and what a value and an error were
 * that have been written down: TARGET_OTHER if they are not of this target. */
struct target_value targets_fail(void);
struct target_value targets_recall(const struct target *t, double value,
				   double error);

/* The root of the mean square of the errors. */
double targets_score(const struct target_value *v, size_t n);

/* The tool that has its column: "fi-sweep". */
const char *target_tool(const struct target *t);

#endif
