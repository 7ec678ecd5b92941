#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trace/plasticity.h"
#include "util.h"

/* Induction is of the last three of so many pulses, recovery of so many pulses
 * after the pause. */
enum { INDUCED = 3, INDUCES = 8, RECOVERED = 4 };

static bool by_mean;

const struct opt plasticity_opts[] = {
	OPT_FLAG(0, "mean", &by_mean,
		 "induction and recovery of means, as BMTool's"),
	OPT_END,
};

#define REAL(n, m) QUANTITY(REAL, n, struct plasticity, m)

const struct quantity *
plasticity_columns(void)
{
	static struct quantity q[] = {
		REAL("amp", amp),
		REAL("ppr", ppr),
		REAL("stp_initial", initial),
		REAL("stp_induction", induction),
		REAL("stp_recovery", recovery),
		REAL("stp_recovery_single", recovery_single),
		REAL("latency_ms", latency),
		REAL("", rise),
		REAL("half_width_ms", half_width),
		REAL("decay_tau_ms", decay_tau),
		QUANTITY_END,
	};
	size_t k;

	for (k = 0; q[k].name; k++)
		if (q[k].offset == offsetof(struct plasticity, rise))
			q[k].name = response_rise_name();
	return q;
}

static double
size_of(const struct response *r)
{
	return r->status == response_none ? 0 : fabs(r->amp);
}

/* The median or the mean of n numbers, or NaN if one of them is. */
static double
middle(const double *x, size_t n)
{
	double *y = zeros(n, sizeof *y), m, sum = 0;
	size_t k;

	memcpy(y, x, n * sizeof *y);
	for (k = 0; k < n; k++)
		sum += x[k];
	m = by_mean ? sum / (double)n : gsl_stats_median(y, 1, n);
	free(y);
	return isnan(sum) ? NAN : m;
}

static double
percentile(const double *x, size_t n)
{
	double *y = zeros(n, sizeof *y), p, sum = 0;
	size_t k;

	memcpy(y, x, n * sizeof *y);
	for (k = 0; k < n; k++)
		sum += x[k];
	gsl_sort(y, 1, n);
	p = gsl_stats_quantile_from_sorted_data(y, 1, n, 0.9);
	free(y);
	return isnan(sum) ? NAN : p;
}

/* A part of P, which has to be there. */
static double
part(double a, double p)
{
	return p > 0 ? a / p : NAN;
}

static void
measure_recovery(const double *a, size_t train, size_t test, double p,
		 struct plasticity *s)
{
	double apart[RECOVERED];
	size_t k;

	if (test > 0)
		s->recovery_single = part(a[train] - a[0], p);
	if (test < RECOVERED || train < RECOVERED)
		return;
	for (k = 0; k < RECOVERED; k++)
		apart[k] = a[train + k] - a[k];
	s->recovery = part(middle(apart, RECOVERED), p);
}

void
plasticity_measure(const struct response *r, size_t train, size_t test,
		   struct plasticity *s)
{
	size_t n = train + test, k;
	double *a = zeros(n, sizeof *a), p;

	*s = (struct plasticity){NAN, NAN, NAN, NAN, NAN,
				 NAN, NAN, NAN, NAN, NAN};
	for (k = 0; k < n; k++)
		a[k] = size_of(&r[k]);
	p = percentile(a, n);
	s->amp = r->amp;
	s->latency = r->latency;
	s->rise = r->rise;
	s->half_width = r->half_width;
	s->decay_tau = r->decay_tau;
	if (n > 1) {
		s->ppr = part(a[1], a[0]);
		s->initial = part(a[1] - a[0], p);
	}
	if (train >= INDUCES)
		s->induction =
			part(middle(a + INDUCES - INDUCED, INDUCED) - a[0], p);
	measure_recovery(a, train, test, p, s);
	free(a);
}

bool
plasticity_has(const struct quantity *q, size_t train, size_t test)
{
	size_t n = train + test, k;
	struct response *alike = zeros(n, sizeof *alike);
	struct plasticity s;

	for (k = 0; k < n; k++)
		alike[k].amp = 1;
	plasticity_measure(alike, train, test, &s);
	free(alike);
	return !isnan(quantity_value(q, &s));
}
