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
 * "amp_start"), "delay" and "duration", or in a table of times and currents.
 * Whatever is wrong ends the tool with "config: inputs.NAME.key is not ...".
 */
#ifndef INPUTS_H
#define INPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "sonata/config.h"

/* An object in a config's "inputs". */
struct input {
	const char *config; /* where it stands, for messages */
	const cJSON *json;
	bool in_pA; /* its amplitudes, as NEST has them; else nA, as SONATA */
};

/* A member of the object, NULL if it is null or not there; one that has to be a
 * text. */
const cJSON *input_member(const struct input *in, const char *key);
const char *input_text(const struct input *in, const char *key,
		       const char *otherwise);

/* Does the config say that its simulator is NEST? */
bool input_of_nest(const struct config *c);

/* Are its pulses in a file? */
bool input_has_trace(const struct input *in);

/* The files that it names, in new memory; if it names none, one that is NULL.
 */
const char **input_files(const struct input *in, size_t *n);

/* Name another file in the place of one of them. */
void input_set_file(const struct input *in, size_t i, const char *path);

/* Is it spikes?  And are they in its files, as spikes.h reads them? */
bool input_is_spikes(const struct input *in);
bool input_has_spikes(const struct input *in);

/* What the input does not say is NaN.  A unit that it says itself, as "units",
 * goes before that of the simulator. */
struct input_pulse {
	double amp_nA, delay_ms, duration_ms;
};

/* The pulses of an input, in new memory, and how many there are, which may be
 * none: those in the config, or those in a file, whose rows are times and the
 * currents that hold from then until the next row.  A current of 0 there is the
 * end of a pulse and not one itself; the last pulse may have no end. */
struct input_pulse *input_pulses(const struct input *in, const char *file,
				 size_t *n);

#endif
