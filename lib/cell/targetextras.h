/* targetextras.h -- runs of a synapse and of a gap junction, measured
 *
 *	struct junction j;
 *	struct plasticity p;
 *
 *	targetextras_couple(&j, -10000, first, end);
 *	targetextras_drive(&p, 50, 250);
 *
 * They are made where they are run, in a child: what is there stays there.
 */
#ifndef TARGETEXTRAS_H
#define TARGETEXTRAS_H

#include <stddef.h>
#include <stdint.h>

#include "trace/junction.h"
#include "trace/plasticity.h"

/* Couple the cells, inject a step into the first and then into the second. */
void targetextras_couple(struct junction *j, int64_t fA, size_t first,
			 size_t end);

/* Drive the synapse by a train; NaN: by one pulse, without a pause. */
void targetextras_drive(struct plasticity *p, double rate_Hz,
			double recovery_ms);

#endif
