/* spacing.h -- samples by their times: whether they are evenly spaced, and
 *means
 *
 *	double rest = spacing_mean(&t, 100, 200, &n);
 *
 *	spacing_need(&t, 0, t.n, "--filter: ");
 */
#ifndef SPACING_H
#define SPACING_H

#include "trace/trace.h"

/* The ms between the samples [first, end), of which there are two at least, if
 * they are evenly spaced, or 0: each is within a tenth of the spacing of its
 * place on a grid, or within half a unit of the last digit of the times.  Of a
 * whole trace that is t->dt. */
double spacing_of(const struct trace *t, size_t first, size_t end);

/* Is all of a trace evenly spaced, and what its times are off by no more than
 * half a unit of their last digit? */
bool spacing_is_rounded(const struct trace *t);

/* End the tool if they are not, with the line where the spacing is another;
 * what comes before the message. */
void spacing_need(const struct trace *t, size_t first, size_t end,
		  const char *what);

/* One unit of the last digit that n values are written with, or what a double
 * can tell apart of them. */
double spacing_digit(const double *x, size_t n);

/* The mean voltage over time, from one time in ms to another; *n is how many
 * samples it covers.
 *
 * Where samples are evenly spaced, each stands for the time to the next, and
 * the two times for the samples nearest to them: that is the mean of samples,
 * without that at the end, as AllenSDK has it.  Elsewhere the voltage is on the
 * straight line between two samples, cut where the times are; but it moves for
 * no longer than a hundred times the shorter of the spacings on both sides,
 * and next to that one: where samples of each us are followed by none for 10
 * ms, the voltage has moved when the former ended.  Without time between the
 * two the mean is the voltage of the sample there. */
double spacing_mean(const struct trace *t, double from, double to, size_t *n);

/* The same of the current that led to the samples [first, end), or to the next
 * one if there are none: each sample stands for the time from the one before.
 */
double spacing_mean_current(const struct trace *t, size_t first, size_t end);

#endif
