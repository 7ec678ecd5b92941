/* passive.h -- a cell at rest, by its response to a step of current
 *
 *	struct passive p = {0};
 *
 *	gsl_set_error_handler_off();
 *	step_find(&t, &s);
 *	passive_respond(&p, &t, &s);
 *	passive_measure(&p);
 *	quantity_write(passive_columns(), &p);
 *	passive_free(&p);
 *
 * The response of a passive membrane is a sum of exponentials.  A fit that is
 * not to be believed is refused, and status says why.
 */
#ifndef PASSIVE_H
#define PASSIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "opt.h"
#include "trace/decay.h"
#include "trace/quantity.h"
#include "trace/step.h"
#include "trace/trace.h"

/* --method, --window, --grid, --baseline, --peak-width, --peak, --area. */
extern const struct opt passive_opts[];

struct passive {
	/* What the columns of passive-fit have; NaN where there is none. */
	const char *sweep, *tau_method, *said;  /* said: the status, or "ok" */
	double rest, final, amp_pA;             /* mV */
	double r_in, tau, sag, sag_ratio, c_in; /* MOhm, ms, mV, 1, pF */
	double rss, r2, se;
	double inf, a1, tau1, a2, tau2; /* of the fit that was asked for */
	double g_leak, c_m, e_leak;     /* S/cm2, uF/cm2, mV */

	char *status; /* what is wrong, or NULL */
	const struct trace *t;
	struct step step;
	double sign;      /* of the step */
	size_t nrest;     /* how many samples rest is the mean of; 0: one */
	size_t peak;      /* sample */
	double peak_mean; /* mV, of --peak-width around it */
	size_t spikes, spikes_before; /* in the step, and in the rest */

	struct decay fit;          /* the one that tau is from, if fitted */
	bool fitted, instead;      /* by another method than that asked for */
	size_t fit_first, fit_end; /* its samples, and its time 0: */
	double fit_zero;
};

/* The columns of passive-fit, which are those that the options ask for. */
const struct quantity *passive_columns(void);

/* Measure rest, steady state, resistance and spikes.  The trace is kept. */
void passive_respond(struct passive *p, const struct trace *t,
		     const struct step *s);

/* What is wrong with a response: its spikes, in new memory, or NULL. */
char *passive_say_spikes(const struct passive *p);

/* Measure the rest of it.  GSL's error handler has to be off. */
void passive_measure(struct passive *p);

/* Make it the row of a sweep without a step, among others. */
void passive_lack(struct passive *p, const struct trace *t, const char *why);

void passive_free(struct passive *p);

#endif
