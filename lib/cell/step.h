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

#include "cell/trace.h"
#include "opt.h"

/* --amp, --delay, --dur: the step, for traces that do not say it. */
extern const struct opt step_opts[];

/* Is --amp a step?  Called once, after start(). */
void step_check(void);

/* The samples after before, up to and with last, are those of the step, which
 * begins at the time of sample before: that is the last one of the rest. */
struct step {
	double amp_nA; /* less the current before it */
	size_t before, last;
	const char *problem; /* why there is none, or NULL */
};

/* The step of a trace: the one that --amp, --delay and --dur say, or else the
 * longest stretch in which the current is away from where it begins, noise and
 * single samples aside.  What is less than a twentieth of the current that is
 * exceeded for a twentieth of the trace, or else for a hundredth, or at all, is
 * none.  The amplitude is a mean, less that of the current in the last 100 ms
 * since which it was the same.  A stretch of which a twentieth is off by a
 * tenth of the amplitude, or four standard deviations of the noise, is no step.
 * No step at all is an error, and with step_seek it is false, and
 * s->problem says why. */
void step_find(const struct trace *t, struct step *s);
bool step_seek(const struct trace *t, struct step *s);

/* The first sample from which on the current is that up to this one, which is
 * the last of the rest: noise and single samples aside, less than a twentieth
 * of what comes after is no change.  0 where the current is not read. */
size_t step_rest_since(const struct trace *t, size_t sample);

/* The voltage at rest: the mean of the ms before a sample, which is the last of
 * the rest and, as in AllenSDK, not of the mean.  Where the current changed
 * before, the mean is at most of the last fifth of the time since, by which the
 * voltage has settled.  *n is how many samples it is of: with 0 it is the
 * voltage of the sample itself. */
double step_rest(const struct trace *t, size_t sample, double ms, size_t *n);

#endif
