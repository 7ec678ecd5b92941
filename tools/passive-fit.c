/* passive-fit -- measure a cell at rest by its response to a step of current
 *
 * passive.h has the measures; here are the tables of them. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdlib.h>

#include "out.h"
#include "trace/detect.h"
#include "trace/passive.h"

static bool curve, vi;

static const struct opt opts[] = {
	OPT_TABLE(passive_opts),
	OPT_FLAG(0, "curve", &curve, "write the fitted curve instead"),
	OPT_FLAG(0, "vi", &vi,
		 "write the input resistance of all sweeps instead"),
	OPT_TABLE(detect_opts),
	OPT_TABLE(step_opts),
	OPT_TABLE(trace_opts),
	OPT_TABLE(out_opts),
	OPT_NEEDS("filter", "detect=dvdt"),
	OPT_EXCLUDE("curve vi"),
	OPT_NOT_WITH("curve", "method=simple peak"),
	OPT_NOT_WITH("vi", "method window"),
	OPT_NOT_WITH("curve vi", "peak-width area"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "measure input resistance, time constant and sag",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* Write samples from as long before the step as rest is, to its end. */
static void
write_curve(const struct passive *p)
{
	size_t before = p->step.before, k;

	for (k = before - p->nrest; k <= p->step.last; k++) {
		double v = NAN;

		if (p->t->name)
			out_text(p->t->name);
		out_num(trace_time(p->t, k));
		out_num(p->t->v[k]);
		if (p->fitted && k >= p->fit_first && k < p->fit_end)
			v = decay_at(&p->fit, p->rest,
				     trace_time(p->t, k) - p->fit_zero);
		else if (k <= before)
			v = p->rest;
		out_real(v);
		out_end();
	}
	if (p->status)
		trace_warn(p->t, "%s", p->status);
}

/* ---- All sweeps together ---- */

/* The current and the deflection of each sweep. */
struct vi_line {
	double *i, *v;
	size_t n, icap, vcap;
};

static void
add_point(struct vi_line *l, const struct passive *p)
{
	l->i = grow(l->i, &l->icap, l->n + 1, sizeof *l->i);
	l->v = grow(l->v, &l->vcap, l->n + 1, sizeof *l->v);
	l->i[l->n] = p->step.amp_nA;
	l->v[l->n++] = p->r_in * p->step.amp_nA;
}

static bool
all_same(const double *x, size_t n)
{
	size_t k;

	for (k = 1; k < n; k++)
		if (x[k] != x[0])
			return false;
	return true;
}

static void
write_line(const struct vi_line *l, const char *path)
{
	double c0, c1, cov00, cov01, cov11, rss;

	if (all_same(l->i, l->n))
		die("%s: --vi: the sweeps have no two different steps", path);
	gsl_fit_linear(l->i, 1, l->v, 1, l->n, &c0, &c1, &cov00, &cov01, &cov11,
		       &rss);
	out_header("r_in_MOhm", "r_in_se_MOhm", "intercept_mV", "sweeps");
	out_num(c1);
	out_real(l->n > 2 ? sqrt(cov11) : NAN);
	out_num(c0);
	out_int((int64_t)l->n);
	out_end();
}

/* ---- */

static void
start_table(const struct trace *t)
{
	if (vi)
		return;
	if (!curve)
		quantity_header(passive_columns());
	else if (t->name)
		out_header("sweep", "time_ms", "v_mV", "fit_mV");
	else
		out_header("time_ms", "v_mV", "fit_mV");
}

static void
write_row(const struct passive *p)
{
	quantity_write(passive_columns(), p);
	out_end();
}

/* Handle a sweep without a step, among others. */
static void
leave_out(const struct trace *t, const char *why)
{
	struct passive p;

	if (curve || vi) {
		trace_warn(t, "%s: left out", why);
		return;
	}
	passive_lack(&p, t, why);
	write_row(&p);
	passive_free(&p);
}

static void
take_point(struct vi_line *l, const struct passive *p)
{
	char *why = passive_say_spikes(p);

	if (why)
		trace_warn(p->t, "%s: left out", why);
	else
		add_point(l, p);
	free(why);
}

static void
visit(const struct trace *t, struct vi_line *l)
{
	struct passive p;
	struct step step;

	if (!t->name) {
		step_find(t, &step);
	} else if (!step_seek(t, &step)) {
		leave_out(t, step.problem);
		return;
	}
	passive_respond(&p, t, &step);
	if (vi) {
		take_point(l, &p);
		return;
	}
	passive_measure(&p);
	if (curve)
		write_curve(&p);
	else
		write_row(&p);
	passive_free(&p);
}

int
main(int argc, char **argv)
{
	struct traces in;
	struct trace t;
	struct vi_line l = {0};
	size_t n = 0;

	argv = start(argc, argv, &tool);
	step_check();
	gsl_set_error_handler_off();
	traces_open(&in, argv[0]);
	for (; traces_next(&in, &t); n++) {
		if (n == 0)
			start_table(&t);
		visit(&t, &l);
	}
	if (vi)
		write_line(&l, in.in.path);
	traces_close(&in);
	free(l.i);
	free(l.v);
	return WORKED;
}
