#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trace/detect.h"
#include "trace/junction.h"
#include "trace/spacing.h"

/* A voltage that changes by more than this part of its response, in the last
 * fifth of the step or of the rest before it, is still on its way. */
#define STEADY 0.01

/* The change has to be beyond so many of its standard errors, and units of the
 * last digit. */
#define ERRORS 4
#define DIGITS 2

/* g_est is the difference of two products of resistances: it is refused where
 * that is fewer units of the last digit than this. */
#define LEAST_DIGITS 20

static double baseline = 10;

const struct opt junction_opts[] = {
	OPT_NUM_IN(0, "baseline", "ms", &baseline, "[0,inf)",
		   "average so long for rest and steady state (10)"),
	OPT_END,
};

#define REAL(n, m) QUANTITY(REAL, n, struct junction, m)

const struct quantity junction_columns[] = {
	REAL("cc_12", cc_12),
	REAL("cc_21", cc_21),
	REAL("r_in_MOhm", r_in),
	REAL("r_transfer_MOhm", r_transfer),
	REAL("g_est_nS", g_est),
	QUANTITY(TEXT, "status", struct junction, said),
	QUANTITY_END,
};

void
junction_begin(struct junction *j)
{
	*j = (struct junction){.cc_12 = NAN,
			       .cc_21 = NAN,
			       .r_in = NAN,
			       .r_transfer = NAN,
			       .g_est = NAN};
}

void
junction_lack(struct junction *j, const char *why)
{
	if (!j->status)
		j->status = copy(why);
	j->said = j->status;
}

void
junction_free(struct junction *j)
{
	free(j->status);
	j->status = NULL;
}

/* How much the voltage of samples [first, end) changes from the first to the
 * last, by a straight line through them; 0 where noise and rounding may be all
 * of it. */
static double
change_of(const struct trace *t, size_t first, size_t end)
{
	size_t n = end - first, k;
	double *x, c0, c1, cov00, cov01, cov11, rss, length;
	double digit;

	if (n < 3)
		return 0;
	x = zeros(n, sizeof *x);
	for (k = 0; k < n; k++)
		x[k] = trace_time(t, first + k) - trace_time(t, first);
	length = x[n - 1];
	gsl_fit_linear(x, 1, t->v + first, 1, n, &c0, &c1, &cov00, &cov01,
		       &cov11, &rss);
	free(x);
	digit = spacing_digit(t->v + first, n);
	if (fabs(c1) <= ERRORS * sqrt(cov11) ||
	    fabs(c1) * length <= DIGITS * digit)
		return 0;
	return c1 * length;
}

/* The first sample of the last fifth of those up to last, from one on. */
static size_t
last_fifth(const struct trace *t, size_t first, size_t last)
{
	double length = trace_time(t, last) - trace_time(t, first);

	return trace_from(t, trace_time(t, last) - length / 5);
}

static void
respond_one(struct junction_response *r, size_t cell, const struct trace *t,
	    const struct step *s)
{
	double start = trace_time(t, s->before), end = trace_time(t, s->last);
	double length = fmin(baseline, end - trace_time(t, s->before + 1));
	double rest, final, digit;
	size_t n;

	rest = step_rest(t, s->before, baseline, &n);
	final = baseline > 0 ? spacing_mean(t, end - length, end, &n)
			     : t->v[s->last];
	if (!(end - length > start))
		final = t->v[s->last];
	r->dv[cell] = final - rest;
	digit = spacing_digit(t->v + s->before, s->last + 1 - s->before);
	r->digit = cell == 0 ? digit : fmin(r->digit, digit);
}

static void
doubt(struct junction *j, const struct trace *t, const struct step *s,
      double dv)
{
	size_t first = step_rest_since(t, s->before);
	size_t rest = last_fifth(t, first, s->before);
	size_t step = last_fifth(t, s->before, s->last);

	if (fabs(change_of(t, rest, s->before + 1)) > STEADY * fabs(dv))
		junction_lack(j, "not steady before the step");
	else if (fabs(change_of(t, step, s->last + 1)) > STEADY * fabs(dv))
		junction_lack(j, "not steady");
}

/* Spikes make means of voltages say nothing of the junction. */
static void
count_spikes(struct junction *j, const struct trace *both, const struct step *s)
{
	size_t n[2], rest, at, cell;
	char *why;

	for (cell = 0; cell < 2; cell++) {
		n[cell] =
			detect_count(&both[cell], s->before, s->last + 1, &at);
		(void)step_rest(&both[cell], s->before, baseline, &rest);
		n[cell] += detect_count_rest(&both[cell], s->before, rest, &at);
	}
	if (n[0] + n[1] == 0)
		return;
	why = format("spikes: %zu in cell 1, %zu in cell 2", n[0], n[1]);
	junction_lack(j, why);
	free(why);
}

void
junction_respond(struct junction *j, size_t into, const struct trace *both,
		 const struct step *s)
{
	struct junction_response *r = &j->into[into];
	size_t cell;

	*r = (struct junction_response){.there = true, .amp_nA = s->amp_nA};
	for (cell = 0; cell < 2; cell++)
		respond_one(r, cell, &both[cell], s);
	count_spikes(j, both, s);
	if (r->dv[into] * r->amp_nA <= 0)
		junction_lack(j, "no deflection in the direction of the step");
	for (cell = 0; cell < 2; cell++)
		doubt(j, &both[cell], s, r->dv[cell]);
}

/* Bennett 1966: two injections give the matrix of resistances, whose inverse is
 * that of conductances, and the junction is what is off its diagonal. */
static void
estimate(struct junction *j, const double *own, const double *transfer)
{
	const struct junction_response *r = j->into;
	double product = own[0] * own[1], least = INFINITY, digit = 0;
	double difference = product - transfer[0] * transfer[1];
	size_t k;

	for (k = 0; k < 2; k++)
		if (r[k].there) {
			least = fmin(least, fabs(r[k].dv[k]));
			digit = fmax(digit, r[k].digit);
		}
	if (difference > LEAST_DIGITS * digit / least * product)
		j->g_est = 1e3 * j->r_transfer / difference;
	else if (-difference > LEAST_DIGITS * digit / least * product)
		junction_lack(j, "the other voltage changes by more");
	else if (product > 0)
		junction_lack(j, "the two voltages are one");
}

void
junction_measure(struct junction *j)
{
	const struct junction_response *r = j->into;
	double own[2], transfer[2], cc[2] = {NAN, NAN};
	size_t k;

	for (k = 0; k < 2; k++) {
		bool moves = r[k].there && r[k].dv[k] != 0;

		own[k] = moves ? r[k].dv[k] / r[k].amp_nA : NAN;
		/* not -0, where there is no junction */
		transfer[k] = moves ? r[k].dv[1 - k] / r[k].amp_nA + 0 : NAN;
		cc[k] = moves ? r[k].dv[1 - k] / r[k].dv[k] + 0 : NAN;
	}
	for (k = 0; k < 2; k++)
		if (!r[k].there) {
			own[k] = own[1 - k];
			transfer[k] = transfer[1 - k];
		}
	j->cc_12 = cc[0];
	j->cc_21 = cc[1];
	j->r_in = own[0];
	j->r_transfer = (transfer[0] + transfer[1]) / 2;
	estimate(j, own, transfer);
	j->said = j->status ? j->status : "ok";
}
