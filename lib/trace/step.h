/* step.h -- the step of current in a trace, and the rest before it
 *
 *	struct step s;
 *	size_t n;
 *
 *	step_find(&t, &s);
 *	rest = step_rest(&t, s.before, 100, &n);
 *	visit(t.v[s.last] - rest, s.amp_nA);
 */
#ifndef STEP_H
#define STEP_H

#include "opt.h"
#include "trace/trace.h"

/* --amp, --delay, --dur: the step, for traces that do not say it. */
extern const struct opt step_opts[];

/* Check that --amp is a step.  Called once, after start(). */
void step_check(void);

/* Do the options say the step, so that no current is read? */
bool step_is_said(void);

/* The step is the samples after before, up to and including last.  It begins at
 * the time of sample before, which is the last one of the rest. */
struct step {
	double amp_nA; /* less the current before it */
	size_t before, last;
	const char *problem; /* why there is none, or NULL */
};

/* Find the step of a trace: the one of --amp, --delay and --dur, or else the
 * longest stretch in which the current is away from where it begins, noise and
 * single samples aside.  A difference counts if it is at least a twentieth of
 * the current that is exceeded for a twentieth of the trace, or else for a
 * hundredth, or at all.  The amplitude is a mean, less the mean of the current
 * in the last 100 ms since which it was the same.  A stretch of which a
 * twentieth is off by a tenth of the amplitude, or by four standard deviations
 * of the noise, is not a step.  All of that is by time, not by samples, where
 * these are not evenly spaced.  Without a step, step_find ends the tool, and
 * step_seek returns false, with the reason in s->problem. */
void step_find(const struct trace *t, struct step *s);
bool step_seek(const struct trace *t, struct step *s);

/* The first sample from which on the current equals that up to this one, which
 * is the last of the rest: noise and single samples aside, a change of less
 * than a twentieth of what comes after does not count.  0 where the current is
 * not read. */
size_t step_rest_since(const struct trace *t, size_t sample);

/* The voltage at rest: the mean (spacing.h) of so many ms before a sample,
 * which is the last of the rest.  Where the current changed before, it covers
 * at most the last fifth of the time since, by which the voltage has settled.
 * *n is the number of samples in the mean; if it is 0, the result is the
 * voltage of the sample itself. */
double step_rest(const struct trace *t, size_t sample, double ms, size_t *n);

#endif
