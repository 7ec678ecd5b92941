/* targets.h -- what a cell should do, and what it does
 *
 *	struct targets t = {0};
 *	struct target_value *v;
 *
 *	argv = start(argc, argv, &tool);
 *	targets_read(&t, path);
 *	model_build();
 *	protocol_open();
 *	targets_plan(&t);
 *	v = zeros(t.n, sizeof *v);
 *	targets_run(&t, 1, v);
 *	visit(v[0].value, v[0].error, targets_score(v, t.n));
 *
 * A table of targets has a "feature", a column of passive-fit, fi-sweep,
 * spike-features or zap-impedance, with or without the unit in its name, and
 *its "value" and "sd".  What there may be besides is "tool", where several have
 *the feature: the first of the four by default; "amp_pA", the amplitude of the
 * step or the chirp; "frequency_Hz" for zap-impedance; and "spike", the number
 * of one, for what spike-features has of each: by default the mean of all.
 */
#ifndef TARGETS_H
#define TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opt.h"
#include "trace/quantity.h"

/* --delay, --dur, --chirp. */
extern const struct opt targets_opts[];

/* An error is this at most, in standard deviations, where there is a value,
 * this where there is none, and this where the run fails.  The first is that of
 * BluePyOpt (W. Van Geit et al., Frontiers in Neuroinformatics 10:17, 2016). */
#define TARGETS_MOST 250
#define TARGETS_FAILED 500

struct target {
	char *name; /* "rate_Hz@300pA", "half_width_ms@300pA#1" */
	enum target_kind {
		TARGET_PASSIVE,
		TARGET_FI,
		TARGET_SPIKE,
		TARGET_TRACE,
		TARGET_ZAP
	} kind;
	const struct quantity *column;
	int64_t fA, spike;   /* spike: its number, or 0: all */
	double frequency_Hz; /* or NaN */
	double value, sd;
	size_t line; /* of the table */
};

struct targets {
	struct target *at;
	size_t n, cap;
	const char *path;

	/* The runs that they need; those of steps come first. */
	struct target_run {
		int64_t fA;
		bool chirp;
	} * run;
	size_t nruns, mruns, first, end; /* of a step, in steps of time */
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

/* Decide what has to be run, when the model is there. */
void targets_plan(struct targets *t);

/* Run the cell as it is, njobs runs at a time, and measure all targets.  It is
 * called in a child, because a run that fails is none of ours. */
void targets_run(const struct targets *t, size_t njobs, struct target_value *v);

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
