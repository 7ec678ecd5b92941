/* fi-sweep -- count the spikes of a cell at several currents
 *
 * The time before the step is run once, and each amplitude goes on from there
 * in a child of its own: with 1.5 s before a step of 1 s and two children at a
 * time, 4 times as fast as all of it again for each amplitude.  A child sends
 * back a row, not the trace.  All rows are written at the end, so that a run
 * that fails leaves no half a table. */
#include <math.h>
#include <stdlib.h>

#include "cell/fi.h"
#include "cell/protocol.h"
#include "cell/recording.h"
#include "cell/workers.h"
#include "out.h"
#include "progress.h"
#include "trace/detect.h"

static const char *amp_list = "0:1000:50";
static size_t jobs = 1;
static struct opt_shard shard;
static double delay = 200, dur = 1000, precision = NAN;

static const struct opt opts[] = {
	OPT_STR(0, "amps", "pA", &amp_list,
		"amplitudes: start:stop:step or 'a,b,c' (0:1000:50)"),
	OPT_NUM_IN(0, "delay", "ms", &delay, "[0,inf)",
		   "time before the step (200)"),
	OPT_NUM_IN(0, "dur", "ms", &dur, "[0,inf)",
		   "length of the step (1000)"),
	OPT_NUM_IN(0, "rheobase", "pA", &precision, "[0.001,1e9]",
		   "find the rheobase this closely"),
	OPT_JOBS(&jobs, "amplitudes at a time; auto: all CPUs (1)"),
	OPT_SHARD(&shard, "only the i-th of n parts of the amplitudes, from 0"),
	OPT_TABLE(protocol_opts),
	OPT_TABLE(detect_opts),
	OPT_TABLE(model_opts),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("rheobase shard"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "count the spikes of a cell at several currents",
	.operands = "",
	.opts = opts,
};

struct outcome {
	int64_t fA;
	struct fi fi;
};

static struct outcome *rows;
static size_t nrows, mrows;

/* What the children run.  The current leads to the samples after first, up to
 * and with end. */
static struct protocol_amps amps;
static size_t first, end;

static void
check_options(void)
{
	uint64_t from, to;

	protocol_read_amps("amps", amp_list, &amps);
	opt_shard(&shard, amps.n, &from, &to);
	amps.fA += from;
	amps.n = to - from;
}

static void
run_one(size_t i, void *result)
{
	struct outcome *r = result;
	const double **column;
	struct trace t;

	protocol_pulse(protocol_amp_nA(&amps, i));
	protocol_run(end);
	column = recording_of(end);
	t = recording_trace(column[0], end);
	r->fA = amps.fA[i];
	r->fi.amp_pA = protocol_amp_pA(&amps, i);
	fi_measure(&r->fi, &t, first, end);
	free(column);
}

static void
keep(size_t i, const void *result)
{
	(void)i;
	rows = grow(rows, &mrows, nrows + 1, sizeof *rows);
	rows[nrows++] = *(const struct outcome *)result;
	progress(nrows);
}

static void
run_all(size_t njobs)
{
	if (amps.n == 0)
		return;
	protocol_start(first, end, end);
	protocol_approach(first);
	progress_begin("amplitudes", amps.n);
	workers_run(amps.n, njobs, sizeof *rows, run_one, keep);
}

static int
compare(const void *a, const void *b)
{
	const struct outcome *r = a, *s = b;

	return (r->fA > s->fA) - (r->fA < s->fA);
}

/* The first row with a spike, or nrows, when they are sorted. */
static size_t
first_with_spikes(void)
{
	size_t i;

	for (i = 0; i < nrows && rows[i].fi.spikes == 0; i++)
		;
	return i;
}

/* One amplitude is run at a time, so that they are the same for any --jobs. */
static void
bisect(int64_t low, int64_t high)
{
	struct protocol_amps all = amps;

	while (high - low > llround(precision * 1e3)) {
		int64_t middle = low + (high - low) / 2;

		amps = (struct protocol_amps){&middle, 1};
		workers_run(1, 1, sizeof *rows, run_one, keep);
		if (rows[nrows - 1].fi.spikes > 0)
			high = middle;
		else
			low = middle;
	}
	amps = all;
	qsort(rows, nrows, sizeof *rows, compare);
}

/* Find the rheobase between two of the amplitudes; false if it is not there,
 * which is reported when the table is written. */
static bool
find_rheobase(void)
{
	size_t i;

	qsort(rows, nrows, sizeof *rows, compare);
	i = first_with_spikes();
	if (i == 0 || i == nrows)
		return false;
	bisect(rows[i - 1].fA, rows[i].fA);
	return true;
}

static void
write_rows(void)
{
	size_t i;

	quantity_header(fi_columns);
	for (i = 0; i < nrows; i++) {
		quantity_write(fi_columns, &rows[i].fi);
		out_end();
	}
	out_close();
}

/* The gain is measured from the least amplitude with spikes to the one with the
 * greatest rate. */
static void
summarize(void)
{
	const struct outcome *low, *high;
	size_t i, k;

	qsort(rows, nrows, sizeof *rows, compare);
	k = first_with_spikes();
	if (k == nrows) {
		warn("no spikes up to %g pA", rows[nrows - 1].fi.amp_pA);
		return;
	}
	low = high = &rows[k];
	for (i = k; i < nrows; i++)
		if (rows[i].fi.spikes > high->fi.spikes)
			high = &rows[i];
	if (k == 0)
		warn("spikes at the lowest amplitude already, %g pA",
		     low->fi.amp_pA);
	else
		warn("rheobase %g pA, no spikes at %g pA", low->fi.amp_pA,
		     rows[k - 1].fi.amp_pA);
	if (high == low)
		warn("greatest rate %g Hz at %g pA", high->fi.rate_Hz,
		     high->fi.amp_pA);
	else
		warn("greatest rate %g Hz at %g pA, gain from %g pA on %g "
		     "Hz/pA",
		     high->fi.rate_Hz, high->fi.amp_pA, low->fi.amp_pA,
		     (high->fi.rate_Hz - low->fi.rate_Hz) /
			     (high->fi.amp_pA - low->fi.amp_pA));
}

/* The table is right all the same, but what was asked for is not in it. */
static int
miss_rheobase(void)
{
	if (first_with_spikes() == 0)
		warn("--rheobase: spikes at the lowest amplitude already, %g "
		     "pA",
		     rows[0].fi.amp_pA);
	else
		warn("--rheobase: no spikes up to %g pA",
		     rows[nrows - 1].fi.amp_pA);
	return FAILED;
}

int
main(int argc, char **argv)
{
	bool missed;

	start(argc, argv, &tool);
	check_options();
	model_build();
	protocol_open();
	model_span("delay", delay, dur, &first, &end);
	run_all(jobs);
	missed = !isnan(precision) && !find_rheobase();
	write_rows();
	if (missed)
		return miss_rheobase();
	if (model_verbose && !opt_given(&shard))
		summarize();
	return WORKED;
}
