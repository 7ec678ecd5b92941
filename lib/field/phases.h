/* phases.h -- the phase and the amplitude of a rhythm at any time
 *
 *	struct phases p;
 *	double phase, amplitude;
 *
 *	phases_read(&p);
 *	if (phases_at(&p, ms, &phase, &amplitude) == PHASES_THERE)
 *		visit(phase, amplitude);
 *	phases_free(&p);
 *
 * They are those of a table that signal-phase wrote.  Between two samples the
 * phase is that of the point between their places on the unit circle, so that
 *it does not matter where the phase wraps; the nearest sample alone would be
 *off by up to half a step, which at f costs sinc(f / rate) of the locking: a
 * fifteenth, for 80 Hz at 400 Hz.
 */
#ifndef PHASES_H
#define PHASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "field/signals.h"
#include "opt.h"

/* --signal and --channel. */
extern const struct opt phases_opts[];

enum phases_found { PHASES_THERE, PHASES_OUTSIDE, PHASES_EMPTY };

struct phases {
	size_t n; /* samples */
	double first_ms, last_ms, step_ms;
	double *phase;     /* rad, NaN where it is empty */
	double *re, *im;   /* on the unit circle */
	double *amplitude; /* in the unit of the signal */

	/* How many times phases_at() was asked for that are neither. */
	uint64_t outside, empty;

	struct signals in; /* for phases.c */
};

/* Read the table of --signal.  One that has several signals needs --channel. */
void phases_read(struct phases *p);

/* The phase from -pi to pi and the amplitude at a time, if it is in the record
 * and the phase is not empty there; otherwise this is counted. */
enum phases_found phases_at(struct phases *p, double ms, double *phase,
			    double *amplitude);

/* The same as a vector of length 1, of a record that goes round: after the last
 * sample comes the first.  False where it is empty. */
bool phases_round(const struct phases *p, double ms, double *re, double *im);

/* How long half a cycle is, in ms, by the mean frequency. */
double phases_half_cycle(const struct phases *p);

/* Say how many spikes were left out as they have no phase. */
void phases_say_left_out(const struct phases *p);

void phases_free(struct phases *p);

#endif
