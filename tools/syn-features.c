/* syn-features -- measure what a synapse answers to pulses
 *
 * response.h has the measures of a pulse, plasticity.h those of a train; here
 * is what is measured, and the tables.  Which pulses a trace had is said by
 * options, or by its own columns, so that what syn-clamp writes of many rates
 * can be measured as it comes. */
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "trace/plasticity.h"
#include "trace/pulses.h"
#include "trace/response.h"

static bool summary;
static double delay = 1.3;

static const struct opt opts[] = {
	OPT_FLAG(0, "summary", &summary, "write a row for each trace instead"),
	OPT_TABLE(plasticity_opts),
	OPT_TABLE(trace_signal_opts),
	OPT_TABLE(pulses_opts),
	OPT_NUM_IN(0, "delay", "ms", &delay, "[0,inf)",
		   "a response begins so long after its pulse (1.3)"),
	OPT_TABLE(response_opts),
	OPT_TABLE(out_opts),
	OPT_NEEDS("mean", "summary"),
	OPT_NEEDS("recovery", "rate"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure the responses of a synapse to pulses",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* ---- What is measured ---- */

static bool
is_all_zero(const struct trace *t)
{
	size_t k = 0;

	while (k < t->n && t->i[k] == 0)
		k++;
	return k == t->n;
}

/* The current that is not 0, as it is without a clamp, or else the voltage: all
 * traces of a table are measured alike. */
static bool
is_by_voltage(const struct trace *t, bool is_first)
{
	static bool chosen;
	bool is_voltage = !t->i || (t->v && is_all_zero(t));

	if (!t->v || !t->i)
		return is_voltage;
	if (!is_first && is_voltage != chosen)
		trace_bad(t,
			  "the current is%s 0 here, as it is%s before: say "
			  "--column",
			  is_voltage ? "" : " not", is_voltage ? " not" : "");
	chosen = is_voltage;
	return is_voltage;
}

/* The samples in mV or pA; *pA is what they need of memory. */
static struct response_signal
signal_of(const struct trace *t, bool is_first, double **pA)
{
	struct response_signal y = {.t = t, .y = t->v};
	size_t k;

	y.is_voltage = is_by_voltage(t, is_first);
	*pA = NULL;
	if (y.is_voltage)
		return y;
	*pA = zeros(t->n, sizeof **pA);
	for (k = 0; k < t->n; k++)
		(*pA)[k] = t->i[k] * 1000;
	y.y = *pA;
	return y;
}

/* ---- Its pulses ---- */

/* The number in a leading column of a trace, or NaN without that. */
static double
lead_of(const struct traces *in, const struct trace *t, const char *name)
{
	double v = NAN;
	size_t k;

	for (k = 0; k < in->nleads; k++)
		if (!strcmp(in->lead_name[k], name) && *t->lead[k] &&
		    !parse_num(t->lead[k], &v))
			trace_bad(t, "column '%s': not a number: '%s'", name,
				  t->lead[k]);
	return v;
}

/* Is a number of a trace that of a run, as far as both have one? */
static bool
agrees(double a, double b)
{
	return isnan(a) || isnan(b) || a == b;
}

/* The run of the options that a trace is of. */
static struct pulses
said_run(const struct trace *t, size_t runs, double rate, double recovery)
{
	struct pulses p = {0};
	size_t i, found = 0;

	for (i = 0; i < runs; i++) {
		struct pulses one = pulses_run(i);

		if (agrees(rate, one.rate_Hz) &&
		    agrees(recovery, one.recovery_ms) && ++found == 1)
			p = one;
		else
			pulses_free(&one);
	}
	if (found == 0)
		trace_bad(t, "--rate and --recovery are not those of the "
			     "trace");
	if (found > 1)
		trace_bad(t, "--rate or --recovery: several, and no column "
			     "'rate_Hz' or 'recovery_ms' before the time says "
			     "which");
	return p;
}

static struct pulses
pulses_of(const struct traces *in, const struct trace *t, size_t runs)
{
	double rate = lead_of(in, t, "rate_Hz");
	double recovery = lead_of(in, t, "recovery_ms");
	const char *fault;

	if (runs > 0)
		return said_run(t, runs, rate, recovery);
	if (isnan(rate))
		trace_bad(t, "no column 'rate_Hz' before the time: say --rate "
			     "or --pulses");
	fault = pulses_fault(rate, recovery);
	if (fault)
		trace_bad(t, "%s", fault);
	return pulses_at(rate, recovery);
}

/* ---- Tables ---- */

static void
write_header(const struct traces *in)
{
	const struct quantity *q =
		summary ? plasticity_columns() : response_columns();
	const char **name;
	size_t n = 0, k;

	while (q[n].name)
		n++;
	name = zeros(in->nleads + n + 1, sizeof *name);
	for (k = 0; k < in->nleads; k++)
		name[k] = in->lead_name[k];
	for (k = 0; k < n; k++)
		name[in->nleads + k] = q[k].name;
	out_names(name);
	free(name);
}

static void
write_row(const struct traces *in, const struct trace *t,
	  const struct quantity *q, const void *of)
{
	size_t k;

	for (k = 0; k < in->nleads; k++)
		out_text(t->lead[k]);
	quantity_write(q, of);
	out_end();
}

/* Say once that there are spikes, and of a summary, which has no room for it,
 * what is wrong with its responses. */
static void
say_wrong(const struct trace *t, const struct response *r, size_t n)
{
	static bool said;
	size_t k;

	for (k = 0; !said && k < n; k++) {
		if (r[k].status == response_spike)
			trace_warn(t,
				   "a spike in the response to pulse %zu: "
				   "no amplitude, unless --allow-spikes",
				   k + 1);
		else if (summary && r[k].status != response_none &&
			 strcmp(r[k].status, "ok") != 0)
			trace_warn(t,
				   "the response to pulse %zu: %s: see the "
				   "status without --summary",
				   k + 1, r[k].status);
		else
			continue;
		said = true;
	}
}

/* Say once that the delay, which nobody has said, is that of no such synapse:
 * what the first response is measured from is not what there was before it. */
static void
say_begun(const struct response_signal *y, const struct response *r)
{
	double before = y->y[trace_sample(y->t, r->time)];
	static bool said;

	if (said || opt_given(&delay) ||
	    !(fabs(r->baseline - before) > 0.05 * fabs(r->amp)))
		return;
	trace_warn(y->t,
		   "the response to pulse 1 has begun %g ms after it: say "
		   "--delay",
		   delay);
	said = true;
}

static void
measure(const struct traces *in, const struct trace *t, size_t runs,
	bool is_first)
{
	double *pA;
	struct response_signal y = signal_of(t, is_first, &pA);
	struct pulses p = pulses_of(in, t, runs);
	struct response *r;
	struct plasticity s;
	size_t k;

	if (pulses_lack_pause(&p))
		misuse("--test needs --recovery, or a column 'recovery_ms'");
	r = response_measure(&y, p.time, p.n, delay);
	say_wrong(t, r, p.n);
	say_begun(&y, r);
	for (k = 0; !summary && k < p.n; k++)
		write_row(in, t, response_columns(), &r[k]);
	if (summary) {
		plasticity_measure(r, p.train, p.test, &s);
		write_row(in, t, plasticity_columns(), &s);
	}
	free(r);
	free(pA);
	pulses_free(&p);
}

int
main(int argc, char **argv)
{
	struct traces in;
	struct trace t;
	bool is_first = true;
	size_t runs;

	argv = start(argc, argv, &tool);
	gsl_set_error_handler_off();
	runs = pulses_read();
	traces_open_signal(&in, argv[0]);
	for (; traces_next(&in, &t); is_first = false) {
		if (is_first)
			write_header(&in);
		measure(&in, &t, runs, is_first);
	}
	traces_close(&in);
	return WORKED;
}
