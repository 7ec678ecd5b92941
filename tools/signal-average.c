/* signal-average -- the mean of signals over windows of time
 *
 * Windows begin with the sample that is nearest to their start, and count
 * alike, however long they are: all are cut to the shortest, because what is
 * stretched has other frequencies.  A window that is not within the signal is
 * left out as a whole, and counted. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "field/signals.h"
#include "field/trials.h"
#include "measure/stats.h"
#include "out.h"

static double at;

static const struct opt opts[] = {
	OPT_TABLE(trials_opts),
	OPT_NUM_IN(0, "at", "ms", &at, "(-inf,inf)",
		   "what is time 0, after a window's start (0)"),
	OPT_TABLE(stats_opts),
	OPT_TABLE(signals_opts),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("windows"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "average signals over windows",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* The windows that are within a record: their first samples, and how many there
 * are of each, which is that of the shortest. */
struct cuts {
	size_t *first, n;
	size_t samples, longest;
};

static size_t
length_of(const struct signals *in, const struct trials *t,
	  const struct trial *w)
{
	double n = round((w->stop_ms - w->start_ms) / in->step_ms);

	if (n < 1)
		die("%s:%zu: a window of %g ms, where a step is %g ms", t->path,
		    w->line, w->stop_ms - w->start_ms, in->step_ms);
	return n < (double)SIZE_MAX / 2 ? (size_t)n : SIZE_MAX / 2;
}

static void
add_cut(struct cuts *c, const struct signals *in, const struct trials *t,
	const struct trial *w)
{
	double first = signals_nearest(in, w->start_ms);
	size_t n = length_of(in, t, w);

	if (first < 0 || first + (double)n > (double)in->samples)
		return;
	c->first[c->n++] = (size_t)first;
	c->samples = c->n == 1 || n < c->samples ? n : c->samples;
	c->longest = n > c->longest ? n : c->longest;
}

static void
find_cuts(struct cuts *c, const struct signals *in, const struct trials *t)
{
	char *what =
		in->by ? format("%s '%s': ", in->by, in->record) : copy("");
	size_t k;

	*c = (struct cuts){.first = zeros(t->n, sizeof *c->first)};
	for (k = 0; k < t->n; k++)
		add_cut(c, in, t, &t->at[k]);
	if (c->n == 0)
		signals_bad(in,
			    "no window of %s is within the signal, which is "
			    "from %g to %g ms",
			    t->path, in->time[0],
			    in->time[0] +
				    signals_after(in, (double)in->samples));
	if (c->n < t->n)
		warn("%swindows left out, as they are not within the signal: "
		     "%zu of %zu",
		     what, t->n - c->n, t->n);
	if (c->longest > c->samples)
		warn("%swindows are cut to the shortest, of %g ms", what,
		     signals_after(in, (double)c->samples));
	free(what);
}

/* A mean, and Student's interval of it; of one trial there is none. */
static void
write_mean(const double *value, size_t n)
{
	double mean = gsl_stats_mean(value, 1, n), sem = NAN, t = NAN;

	if (n > 1) {
		sem = gsl_stats_sd(value, 1, n) / sqrt((double)n);
		t = gsl_cdf_tdist_Pinv((1 + stats_level) / 2, (double)n - 1);
	}
	out_num(mean);
	out_real(sem);
	out_real(mean - t * sem);
	out_real(mean + t * sem);
	out_int((int64_t)n);
}

/* 0.3 - 0.1 is not 0.2: whole steps are taken off as such. */
static double
time_of(const struct signals *in, size_t k)
{
	double steps = round(at / in->step_ms);

	if (fabs(signals_after(in, steps) - at) < 1e-9 * in->step_ms)
		return signals_after(in, (double)k - steps);
	return signals_after(in, (double)k) - at;
}

static void
write_signal(struct signals *in, const struct cuts *c, size_t signal)
{
	double *value = zeros(c->n, sizeof *value);
	size_t k, w;

	for (k = 0; k < c->samples; k++) {
		for (w = 0; w < c->n; w++)
			value[w] = in->x[signal][c->first[w] + k];
		signals_write_record(in);
		out_num(time_of(in, k));
		out_text(signals_called(in, signal));
		write_mean(value, c->n);
		out_end();
	}
	free(value);
}

int
main(int argc, char **argv)
{
	static const char *const names[] = {"time_ms", "signal", "mean",
					    "sem",     "low",    "high",
					    "trials",  NULL};
	struct signals in;
	struct trials t = {0};
	struct cuts cuts;
	size_t c;

	argv = start(argc, argv, &tool);
	stats_check_level();
	trials_read(&t);
	signals_open(&in, &(struct signals_ask){.path = *argv});
	signals_header(&in, names);
	while (signals_next(&in)) {
		find_cuts(&cuts, &in, &t);
		for (c = 0; c < in.n; c++)
			write_signal(&in, &cuts, c);
		free(cuts.first);
	}
	signals_close(&in);
	trials_free(&t);
	return WORKED;
}
