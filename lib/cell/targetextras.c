#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/coupling.h"
#include "cell/extras.h"
#include "cell/protocol.h"
#include "cell/recording.h"
#include "cell/synapse.h"
#include "cell/targetextras.h"
#include "trace/pulses.h"
#include "trace/response.h"

#define AFTER 100 /* ms, in which the last response is looked at */

/* The cells settle apart, as in cell-couple. */
static void
inject(struct junction *j, size_t into, const struct step *s)
{
	struct trace both[2];
	const double **column;
	size_t k;

	protocol_start(s->before, s->last, s->last);
	coupling_set(extras_gap());
	protocol_into(into);
	protocol_pulse(s->amp_nA);
	protocol_run(s->last);
	column = recording_of(s->last);
	for (k = 0; k < 2; k++)
		both[k] = recording_trace(column[protocol_place_site(k)],
					  s->last);
	junction_respond(j, into, both, s);
	free(column);
}

void
targetextras_couple(struct junction *j, int64_t fA, size_t first, size_t end)
{
	struct step s = {
		.amp_nA = (double)fA / 1e6, .before = first, .last = end};
	size_t into;

	coupling_open();
	junction_begin(j);
	for (into = 0; into < 2; into++)
		inject(j, into, &s);
	junction_measure(j);
}

/* What the clamp gives, if there is one, in pA, or the voltage. */
static void
measure(struct plasticity *p, const struct pulses *pulses, size_t n)
{
	struct trace t = recording_trace(protocol_voltage(0, &n), n - 1);
	const double *nA = synapse_trace(1, &n);
	struct response_signal y = {.t = &t, .y = t.v, .is_voltage = true};
	double *pA = zeros(n, sizeof *pA);
	struct response *r;
	size_t k;

	for (k = 0; k < n; k++)
		pA[k] = 1e3 * nA[k];
	if (!isnan(synapse_held())) {
		y.y = pA;
		y.is_voltage = false;
	}
	r = response_measure(&y, pulses->time, pulses->n, synapse_delay_ms());
	plasticity_measure(r, pulses->train, pulses->test, p);
	free(r);
	free(pA);
}

void
targetextras_drive(struct plasticity *p, double rate_Hz, double recovery_ms)
{
	struct pulses pulses =
		pulses_at(isnan(rate_Hz) ? 1 : rate_Hz, recovery_ms);
	size_t n;

	if (isnan(rate_Hz))
		pulses.n = pulses.train = 1;
	extras_open_synapse();
	n = model_steps("first",
			pulses.time[pulses.n - 1] + synapse_delay_ms() + AFTER);
	protocol_start(0, 0, n);
	synapse_drive(pulses.time, pulses.n);
	protocol_run(n);
	measure(p, &pulses, n);
	pulses_free(&pulses);
}
