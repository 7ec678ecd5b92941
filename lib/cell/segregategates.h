/* segregategates.h -- what cuts have made of the gates of a cell
 *
 *	model_build();
 *	segregategates_before(&b, cuts, ncuts);
 *	next_process();
 *	model_build();
 *	segregategates_after(&a, cuts, ncuts, &b, "cell.hoc");
 *	segregategates_check(cuts, ncuts, &b, &a);
 *
 * NEURON has one cell in a process: a child measures each, and sends back the
 * results, which have no pointers in them.
 */
#ifndef SEGREGATEGATES_H
#define SEGREGATEGATES_H

#include <stdbool.h>
#include <stddef.h>

#include "cell/gates.h"
#include "cell/segregate.h"

enum {
	SEGREGATEGATES_NV = 181, /* -120 to 60 mV */
	SEGREGATEGATES_MECHANISMS = 256,
	SEGREGATEGATES_CUTS = 256
};

struct segregategates_curve {
	double inf[SEGREGATEGATES_NV], tau[SEGREGATEGATES_NV];
	double start[SEGREGATEGATES_NV]; /* what INITIAL makes it */
	bool curved;
};

struct segregategates_conductance {
	char mechanism[64];
	double g[SEGREGATEGATES_NV]; /* S/cm2 */
};

struct segregategates {
	struct segregategates_curve curve[SEGREGATEGATES_CUTS];
	size_t section[SEGREGATEGATES_CUTS]; /* where they were measured */
	struct segregategates_conductance of[SEGREGATEGATES_MECHANISMS];
	size_t n;
};

double segregategates_voltage(size_t i); /* mV */

/* The gates of a mechanism in a section, at these voltages. */
struct gates segregategates_measure(const char *mechanism, size_t section);

/* Measure the gates of the cuts in the cell that is there, before and after,
 * the hoc file of which was changed.  A gate that is not an activation gate
 * ends the tool, and so does a mechanism that was not replaced. */
void segregategates_before(struct segregategates *s,
			   const struct segregate_row *cuts, size_t n);
void segregategates_after(struct segregategates *s,
			  const struct segregate_row *cuts, size_t n,
			  const struct segregategates *before, const char *hoc);

/* The conductances of all mechanisms, by the names before. */
void segregategates_conductances(struct segregategates *s,
				 const struct segregate_row *cuts, size_t n);

/* End the tool unless steady states, and starts, are multiplied as the cuts
 * say, and time constants are what they were. */
void segregategates_check(const struct segregate_row *cuts, size_t n,
			  const struct segregategates *before,
			  const struct segregategates *after);

#endif
