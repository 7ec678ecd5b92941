/* inputs.h -- inputs of a simulation, and the pulses of their current clamps
 *
 *	struct input in = {config->path, config->inputs->child};
 *	size_t i, n, npulses;
 *	const char **file = input_files(&in, &n);
 *
 *	for (i = 0; i < n; i++)
 *		pulse = input_pulses(&in, file[i], &npulses);
 *
 * A current clamp has its pulses as numbers or lists of them in "amp" (or
 * "amp_start"), "delay" and "duration", or in a file of text.h.  What is wrong
 * is said as "config: inputs.NAME.key is not ...", and ends the tool.
 */
#ifndef INPUTS_H
#define INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "sonata/json.h"

/* An object in a config's "inputs". */
struct input {
	const char *config; /* where it stands, for messages */
	const cJSON *json;
};

/* input.key, NULL if it is null or not there; the same, but a text. */
const cJSON *input_member(const struct input *in, const char *key);
const char *input_text(const struct input *in, const char *key,
		       const char *otherwise);

/* The files that it names, in new memory; none is one that is NULL. */
const char **input_files(const struct input *in, size_t *n);

/* Are spikes in its files, as spikes.h reads them? */
bool input_has_spikes(const struct input *in);

/* NaN is what is not said.  SONATA has amplitudes in nA. */
struct input_pulse {
	double amp_nA, delay_ms, duration_ms;
};

/* The pulses of an input, how many there are, in new memory: those in the
 * config, which may be none, or those of a file of the times from which
 * currents hold, until the next one does.  A current of 0 is no pulse there but
 * the end of one; the last one may have no end. */
struct input_pulse *input_pulses(const struct input *in, const char *file,
				 size_t *n);

#endif
