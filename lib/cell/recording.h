/* recording.h -- what a run recorded, as a table
 *
 *	argv = start(argc, argv, &tool);
 *	model_build();
 *	protocol_open();
 *	n = recording_end(delay + dur + 100);
 *	recording_stride();
 *	recording_header(NULL);
 *	protocol_run(n);
 *	column = recording_of(n);
 *	recording_write(column, n, NULL);
 *	free(column);
 *
 * The columns are "time_ms", "v_mV", a "v_mV.SITE" for each site but the first,
 * and "i_nA", the current that led to each sample.
 */
#ifndef RECORDING_H
#define RECORDING_H

#include <stddef.h>

#include "opt.h"
#include "trace/trace.h"

/* --tstop, --every. */
extern const struct opt recording_opts[];

/* The number of the last sample: that of --tstop, or else that at this time in
 * ms. */
size_t recording_end(double ms);

/* The number of steps from one written sample to the next.  An --every that is
 * not a multiple of dt is misuse. */
size_t recording_stride(void);

/* Write the header; first is a column before the others, or NULL. */
void recording_header(const char *first);

/* The voltages of each site, and then the current, n + 1 numbers each, in
 * NEURON's memory.  The caller frees the list. */
const double **recording_of(size_t n);

/* The samples up to n as a trace of these voltages, without a current.  Its
 * times are for all. */
struct trace recording_trace(const double *v, size_t n);

/* Write a row for each sample up to n; first is the value of its first column,
 * or NULL. */
void recording_write(const double *const *column, size_t n,
		     const double *first);

#endif
