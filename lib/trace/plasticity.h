/* plasticity.h -- how the responses in a train differ, in numbers
 *
 *	plasticity_measure(r, p.train, p.test, &s);
 *	quantity_write(plasticity_columns(), &s);
 *
 * They are what the Allen Institute's aisynphys calls paired pulse ratio, STP
 * initial, induction, recovery and recovery single (Seeman et al. 2018, eLife
 * 7:e37349), of trains of 8 pulses and 4 more after a pause.  A is the size of
 * an amplitude, P the 90th percentile of all of them, by straight lines between
 * two.  A response below the noise has the size 0, one with a spike has none.
 */
#ifndef PLASTICITY_H
#define PLASTICITY_H

#include <stdbool.h>
#include <stddef.h>

#include "opt.h"
#include "trace/quantity.h"
#include "trace/response.h"

/* --mean. */
extern const struct opt plasticity_opts[];

/* A row of syn-features --summary.  NaN: there are too few pulses. */
struct plasticity {
	double amp;             /* of the first pulse, as is what follows ppr */
	double ppr;             /* A2 / A1 */
	double initial;         /* (A2 - A1) / P */
	double induction;       /* (median of A6 to A8 - A1) / P */
	double recovery;        /* median of A9 - A1 to A12 - A4, / P */
	double recovery_single; /* (A9 - A1) / P */
	double latency, rise, half_width, decay_tau;
};

const struct quantity *plasticity_columns(void);

/* The responses to a train of so many pulses, and to the first ones after its
 * pause, of which the fifth and so on count for P alone. */
void plasticity_measure(const struct response *r, size_t train, size_t test,
			struct plasticity *s);

/* Does a train of so many pulses have this column? */
bool plasticity_has(const struct quantity *q, size_t train, size_t test);

#endif
