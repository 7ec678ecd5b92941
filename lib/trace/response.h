/* response.h -- what a synapse answers to each of its pulses, in numbers
 *
 *	struct response_signal y = {.t = &t, .y = t.v, .is_voltage = true};
 *	struct response *r = response_measure(&y, p.time, p.n, 1.3);
 *
 *	for (k = 0; k < p.n; k++) {
 *		quantity_write(response_columns(), &r[k]);
 *		out_end();
 *	}
 *	free(r);
 *
 * The response to a pulse has the samples from the pulse and the synapse's
 * delay to the next pulse and the delay.  It is measured less what is left of
 * the one before, which goes on falling as an exponential through the second
 * half of its samples: as in the amplitudes of the Allen Institute's Synaptic
 * Physiology, where pulses that come one upon the other are parted so.
 */
#ifndef RESPONSE_H
#define RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opt.h"
#include "trace/quantity.h"
#include "trace/trace.h"

/* --window, --baseline, --residual, --noise, --rise, --onset, --decay, --grid,
 * --deconvolve, --blank, --allow-spikes. */
extern const struct opt response_opts[];

/* The samples of a trace, and a number for each of them: a voltage in mV, in
 * which there may be spikes, or a current in pA. */
struct response_signal {
	const struct trace *t;
	const double *y;
	bool is_voltage;
};

/* A row of syn-features.  What there is not is NaN; times are from the pulse.
 */
struct response {
	int64_t pulse; /* its number, from 1 */
	double time;   /* ms */
	double baseline, amp;
	double latency, peak, rise, half_width, decay_tau;
	double integral;    /* mV ms or pA ms */
	const char *status; /* "ok", or what is wrong */
};

/* There is nothing above --noise, or there is a spike in it: these have no
 * amplitude. */
extern const char response_none[], response_spike[];

/* Their columns, of which one says the levels of --rise. */
const struct quantity *response_columns(void);
const char *response_rise_name(void);

/* Measure the responses to n pulses, whose times increase, in new memory.  A
 * pulse that is outside the trace ends the tool. */
struct response *response_measure(const struct response_signal *y,
				  const double *pulse, size_t n, double delay);

#endif
