/* junction.h -- two coupled cells, by their response to a step of current
 *
 *	struct junction j;
 *
 *	junction_begin(&j);
 *	junction_respond(&j, 0, both, &step);
 *	junction_respond(&j, 1, others, &step);
 *	junction_measure(&j);
 *	quantity_write(junction_columns, &j);
 *	junction_free(&j);
 *
 * In a response both is two traces of the same samples, the voltage of the
 *first cell and that of the second, and the current goes into cell 0 or 1.  One
 * injection is enough.
 */
#ifndef JUNCTION_H
#define JUNCTION_H

#include <stdbool.h>
#include <stddef.h>

#include "opt.h"
#include "trace/quantity.h"
#include "trace/step.h"
#include "trace/trace.h"

/* --baseline. */
extern const struct opt junction_opts[];

struct junction {
	/* What the columns of coupling(1) have; NaN where there is none. */
	double cc_12, cc_21;     /* of the voltage in the other cell */
	double r_in, r_transfer; /* MOhm */
	double g_est;            /* nS */
	const char *said;        /* the status, or "ok" */

	char *status; /* what is wrong, or NULL */
	struct junction_response {
		bool there;
		double amp_nA;
		double dv[2]; /* mV, of the first cell and of the second */
		double digit; /* what rounding leaves of these */
	} into[2];
};

extern const struct quantity junction_columns[];

void junction_begin(struct junction *j);

/* The response to a current into cell 0 or 1. */
void junction_respond(struct junction *j, size_t into, const struct trace *both,
		      const struct step *s);

/* Measure what follows from one response or from two.  Without the second, the
 * other cell is taken to have the same input resistance. */
void junction_measure(struct junction *j);

/* Make it the row of a sweep without a step, among others. */
void junction_lack(struct junction *j, const char *why);

void junction_free(struct junction *j);

#endif
