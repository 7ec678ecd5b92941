/* chirp.h -- when a chirp goes into a cell, and what frequencies it has
 *
 *	struct chirp c = {.low = 0.5, .high = 50};
 *
 *	argv = start(argc, argv, &tool);
 *	chirp_band(&c);
 *	model_build();
 *	protocol_open();
 *	chirp_start(&c);
 *	protocol_run(c.first);
 *	chirp_check_rest(&c, "before the chirp");
 *
 * cell-zap injects it, and cell-impedance has the impedances that such a chirp
 * would show, at the same frequencies.
 */
#ifndef CHIRP_H
#define CHIRP_H

#include <stdbool.h>
#include <stddef.h>

#include "opt.h"

/* --band, --delay, --dur, --tstop, --every, --hold. */
extern const struct opt chirp_opts[];

/* The chirp leads to the samples after first, up to and with end, which are
 * steps; the last sample is n.  Its frequencies are in Hz, and grow
 * exponentially or linearly. */
struct chirp {
	double low, high;
	bool linear;
	size_t first, end, n;
};

/* Put the band of --band, if it was given, in the place of the usual one. */
void chirp_band(struct chirp *c);

/* Work out when the chirp is, and begin the run with the current of --hold.
 * The caller injects the chirp, with protocol_wave(), and runs. */
void chirp_start(struct chirp *c);

/* The current of each sample, without that of --hold, in new memory. */
double *chirp_current(const struct chirp *c, double amp_nA);

/* The current of --hold in nA, which protocol_current() does not have. */
double chirp_hold(void);

/* Warn if the voltage moves in the last time before the chirp, once the run has
 * come so far: a cell that is not at rest has more in its voltage than the
 * chirp makes of it, and no impedance.  With -v, report the voltage. */
void chirp_check_rest(const struct chirp *c, const char *before);

/* End the tool by misuse of --band: "--band: half of the sampling rate is 50
 * Hz: '0.5:50'". */
_Noreturn void chirp_bad_band(const struct chirp *c, const char *what,
			      double frequency);

#endif
