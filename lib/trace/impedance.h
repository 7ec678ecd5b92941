/* impedance.h -- how a cell's impedance depends on frequency
 *
 *	struct impedance_curve c = {0};
 *
 *	impedance_measure(&c, &t);
 *	for (i = 0; i < c.n; i++)
 *		visit(c.at[i].frequency_Hz, c.at[i].size);
 *	impedance_free(&c);
 *
 * Impedance is the Fourier transform of the voltage over that of the current.
 * For that to be exact the window has to hold the whole response, so that by
 * default it goes on to the end of the trace: a window that ends with the
 * current cuts the last of the response off, which is an error of 1 % where
 * the rest of it is 0.3 % (a fast-spiking cell, 20 pA from 0.5 to 50 Hz).
 *
 * A current at a sample is the one that led to it (trace.h), and so belongs to
 * the voltage of the same sample.  To NEURON's steps that is exact: backward
 * Euler is a filter without delay.  Next to a cell in continuous time the phase
 * is half a step ahead at the most, which is pi * frequency * dt.
 */
#ifndef IMPEDANCE_H
#define IMPEDANCE_H

#include <stddef.h>

#include "opt.h"
#include "trace/quantity.h"
#include "trace/trace.h"

/* --method, --segment, --smooth, --band, --from, --to, --detrend, --level,
 * --allow-spikes. */
extern const struct opt impedance_opts[];

/* Check what the options say together.  Called once, after start(). */
void impedance_check(void);

/* A row of zap-impedance. */
struct impedance {
	const char *sweep;
	double frequency_Hz;
	double size, phase;          /* MOhm, rad; NaN: no current */
	double coherence, low, high; /* NaN: not known from one */
};

/* Its columns; the first is "sweep", which a trace without a name has not. */
extern const struct quantity impedance_columns[];

/* The frequencies of the band, ascending, and the window they are from. */
struct impedance_curve {
	struct impedance *at;
	size_t n;
	size_t first, samples, segments;
	double away;  /* mV that the window ends from rest */
	double drift; /* the same on average, where that is too much, or 0 */
};

/* Measure a trace; one that cannot be measured ends the tool. */
void impedance_measure(struct impedance_curve *c, const struct trace *t);

/* Warn of a voltage that does not come back to rest. */
void impedance_warn(const struct impedance_curve *c, const struct trace *t);

void impedance_free(struct impedance_curve *c);

#endif
