/* trace.h -- recorded voltage, and the current that made it
 *
 *	struct traces in;
 *	struct trace t;
 *	struct trace_step s;
 *
 *	traces_open(&in, path);
 *	while (traces_next(&in, &t)) {
 *		trace_find_step(&t, &s);
 *		visit(t.v[s.before], s.amp_nA);
 *	}
 *	traces_close(&in);
 *
 * A table of samples: "time_ms" (or "t_ms"), "v_mV" and, where there is one,
 * "i_nA", or the columns that --time, --voltage and --current name, in the
 * units they say.  Where there is a column "sweep" or else "amp_pA", every run
 * of the same value in it is a trace of its own; a value that comes back later
 * is an error.  A current at a sample is the one that led to it from the sample
 * before.  Time increases, nothing is missing or beyond 1e100, and a trace has
 * two samples at least; otherwise "file:line: ..." ends the tool.
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "labels.h"
#include "opt.h"
#include "rows.h"
#include "util.h"

/* --time, --voltage, --current, --no-header. */
extern const struct opt trace_opts[];

/* --amp, --delay, --dur: the step, for traces that do not say it. */
extern const struct opt trace_step_opts[];

struct trace {
	const char *path; /* as messages name it */
	size_t line;      /* of its first sample */
	const char *name; /* the value of its "sweep" or "amp_pA", or NULL */
	size_t n;
	double *t, *v; /* ms, mV */
	double *i;     /* nA; NULL where the table has no current */
};

/* The samples after before, up to and with last, are those of the step, which
 * begins at the time of sample before: that is the last one of the rest. */
struct trace_step {
	double amp_nA; /* less the current before it */
	size_t before, last;
	const char *problem; /* why there is none, or NULL */
};

/* The table of samples that is being read.  All of it is for trace.c. */
struct traces {
	struct rows in;
	FILE *bare; /* the table, where it has no header */
	char *text; /* its last line, whose fields "in" has */
	size_t room, mfield;
	size_t sweep; /* the column that tells traces apart, or NO_COLUMN */
	struct labels names;
	struct trace_column {
		size_t column;
		double times, over; /* makes it ms, mV, nA */
		double *value;
		size_t cap;
	} column[3]; /* time, voltage, current */
	size_t n;    /* samples in the last trace */
	bool pending, ended;
};

void traces_open(struct traces *in, const char *path); /* NULL, "-": stdin */

/* The next trace, which stays until the next call; false at the end.  No
 * samples at all are an error. */
bool traces_next(struct traces *in, struct trace *t);
void traces_close(struct traces *in);

/* The step of a trace: the one that --amp, --delay and --dur say, or else the
 * longest stretch in which the current is away from where it begins, noise and
 * single samples aside.  What is less than a twentieth of the current that is
 * exceeded for a twentieth of the trace, or else for a hundredth, or at all, is
 * none.  The amplitude is a mean, less that of the current in the last 100 ms
 * since which it was the same.  A stretch of which a twentieth is off by a
 * tenth of the amplitude, or four standard deviations of the noise, is no step.
 * No step at all is an error, and with trace_seek_step it is false, and
 * s->problem says why. */
void trace_find_step(const struct trace *t, struct trace_step *s);
bool trace_seek_step(const struct trace *t, struct trace_step *s);

/* The first sample from which on the current is that up to this one, which is
 * the last of the rest: noise and single samples aside, less than a twentieth
 * of what comes after is no change.  0 where the current is not read. */
size_t trace_same_since(const struct trace *t, size_t sample);

/* The voltage at rest: the mean of the ms before a sample, which is the last of
 * the rest and, as in AllenSDK, not of the mean.  Where the current changed
 * before, the mean is at most of the last fifth of the time since, by which the
 * voltage has settled.  *n is how many samples it is of: with 0 it is the
 * voltage of the sample itself. */
double trace_rest(const struct trace *t, size_t sample, double ms, size_t *n);

/* Complain about a trace, as "file:line: sweep 'name': message", or without
 * what it does not have; trace_bad ends the tool. */
void trace_warn(const struct trace *t, const char *fmt, ...) PRINTF(2, 3);
_Noreturn void trace_bad(const struct trace *t, const char *fmt, ...)
	PRINTF(2, 3);

/* The sample nearest to a time in ms. */
size_t trace_sample(const struct trace *t, double time);

#endif
