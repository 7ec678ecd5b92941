/* cell-couple -- inject a current into one of two coupled cells, record both
 *
 * The cells settle apart and are coupled from time 0 on, so that all
 * conductances have the time before that in common: it is run once, and each
 * goes on from there in a child of its own, with the bits of a run by itself.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/coupling.h"
#include "cell/protocol.h"
#include "cell/recording.h"
#include "cell/workers.h"
#include "out.h"
#include "progress.h"

/* 1 S: beyond it, rounding in NEURON's equations is seen in what is measured.
 */
#define MOST_NS 1e9

enum { FIRST, SECOND, BOTH };

static const char *gap_list;
static unsigned into = FIRST;
static size_t jobs = 1;
static struct opt_shard shard;
static double amp = -10, delay = 500, dur = 500;

static const struct opt opts[] = {
	OPT_STR(0, "gap", "nS", &gap_list,
		"conductances of the gap junction: 'a,b,c'"),
	OPT_TABLE(coupling_opts),
	OPT_NUM_IN(0, "amp", "pA", &amp, "[-1e9,1e9]",
		   "amplitude of the step (-10)"),
	OPT_NUM_IN(0, "delay", "ms", &delay, "[0,inf)",
		   "time before the step (500)"),
	OPT_NUM_IN(0, "dur", "ms", &dur, "[0,inf)", "length of the step (500)"),
	OPT_WORD(0, "into", "cell", &into, "1|2|both",
		 "where the current goes in; both: one after the other"),
	OPT_TABLE(recording_opts),
	OPT_TABLE(protocol_settle_opts),
	OPT_JOBS(&jobs, "runs at a time; auto: all CPUs (1)"),
	OPT_SHARD(&shard, "only the i-th of n parts of the runs, from 0"),
	OPT_TABLE(model_opts),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("gap"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "inject a current into one of two coupled cells",
	.operands = "",
	.opts = opts,
};

static double *nS;
static size_t ngaps, mgaps;

/* The current leads to the samples after first, up to and with end; the last
 * sample is n.  Runs are counted from the shard's first. */
static size_t first, end, n;
static uint64_t from;

static void
read_gaps(void)
{
	char *s = copy(gap_list), *rest = s, *word;
	double v;
	size_t i;

	while ((word = strsep(&rest, ","))) {
		if (!parse_num(word, &v) || !(v >= 0 && v <= MOST_NS))
			misuse("--gap: not a conductance from 0 to 1e9 nS: "
			       "'%s'",
			       word);
		for (i = 0; i < ngaps; i++)
			if (nS[i] == v)
				misuse("--gap: it is there twice: '%s'", word);
		nS = grow(nS, &mgaps, ngaps + 1, sizeof *nS);
		nS[ngaps++] = v;
	}
	free(s);
}

static void
plan(void)
{
	model_span("delay", delay, dur, &first, &end);
	n = recording_end(delay + dur + 100);
	if (n < first)
		misuse("--tstop: before the step, which begins at %g ms: %g",
		       delay, model_time(n));
	recording_stride();
}

/* Of each conductance, the one into the first cell comes first. */
static double
gap_of(size_t run)
{
	run += from;
	return nS[into == BOTH ? run / 2 : run];
}

static size_t
into_of(size_t run)
{
	run += from;
	return into == BOTH ? run % 2 : into;
}

static void
write_header(void)
{
	const char *name[7];
	size_t k = 0;

	if (ngaps > 1)
		name[k++] = "g_nS";
	if (into != FIRST)
		name[k++] = "into";
	name[k++] = "time_ms";
	name[k++] = "v_mV.1";
	name[k++] = "v_mV.2";
	name[k++] = "i_nA";
	name[k] = NULL;
	out_names(name);
}

static void
run_one(size_t run, void *result)
{
	const double **column;
	size_t k;

	coupling_set(gap_of(run));
	protocol_into(into_of(run));
	protocol_pulse(amp / 1e3);
	protocol_run(n);
	column = recording_of(n);
	for (k = 0; k < 3; k++)
		memcpy((double *)result + k * (n + 1), column[k],
		       (n + 1) * sizeof(double));
	free(column);
}

static void
one_done(size_t run, const void *result)
{
	const double *column = result;
	size_t i, k, stride = recording_stride();

	if (run == 0) /* not before a run has gone well */
		write_header();
	for (i = 0; i <= n; i += stride) {
		if (ngaps > 1)
			out_num(gap_of(run));
		if (into != FIRST)
			out_int((int64_t)into_of(run) + 1);
		out_num(model_time(i));
		for (k = 0; k < 3; k++)
			out_num(column[k * (n + 1) + i]);
		out_end();
	}
	progress(run + 1);
}

static void
run_all(void)
{
	uint64_t to;

	opt_shard(&shard, ngaps * (into == BOTH ? 2 : 1), &from, &to);
	if (to == from) {
		write_header();
		return;
	}
	protocol_start(first, end, n);
	progress_begin("runs", to - from);
	workers_run(to - from, jobs, 3 * (n + 1) * sizeof(double), run_one,
		    one_done);
}

int
main(int argc, char **argv)
{
	start(argc, argv, &tool);
	read_gaps();
	coupling_choose();
	model_build();
	coupling_open();
	plan();
	run_all();
	out_close();
	return WORKED;
}
