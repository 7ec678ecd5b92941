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

#include <stddef.h>

#include "opt.h"

/* --band, --delay, --dur, --tstop, --every, --hold. */
extern const struct opt chirp_opts[];

/* The chirp leads to the samples after first, up to and with end, which are
 * steps; the last sample is n.  Its frequencies are in Hz. */
struct chirp {
	double low, high;
	size_t first, end, n;
};

/* Take the band of --band instead of that in c, which is the usual one. */
void chirp_band(struct chirp *c);

/* Say when it is, and begin the run, with the current of --hold: it is for the
 * caller to inject a chirp, with protocol_wave(), and to run. */
void chirp_start(struct chirp *c);

/* The current of --hold in nA, which is none of protocol_current()'s. */
double chirp_hold(void);

/* Warn of a voltage that moves in the last time before the chirp, once the run
 * has come so far.  A cell that is not at rest has more in its voltage than
 * what a chirp makes of it, and no impedance.  With -v, say the voltage. */
void chirp_check_rest(const struct chirp *c, const char *before);

/* Misuse of --band, as in "--band: half of ... is 50 Hz: '0.5:50'". */
_Noreturn void chirp_bad_band(const struct chirp *c, const char *what,
			      double frequency);

#endif
