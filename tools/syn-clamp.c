/* syn-clamp -- drive a synapse and record what the cell does
 *
 * All pulses of a run come by one connection, so that plasticity which is kept
 * in its arguments goes on over a pause.  The cell settles once, and each rate
 * and recovery goes on from there in a child of its own: a run is the same, to
 * the last bit, as alone, and 20 rates after 1.5 s take an eighth of the time
 * of 20 tools. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/edgetype.h"
#include "cell/protocol.h"
#include "cell/recording.h"
#include "cell/synapse.h"
#include "cell/workers.h"
#include "out.h"
#include "progress.h"
#include "trace/detect.h"
#include "trace/pulses.h"

/* After the last event, in ms. */
#define AFTER 100
#define SETTLE 500

static double delay;
static struct opt_list tracks;
static bool allow_spikes;
static size_t jobs = 1;
static struct opt_shard shard;

static const struct opt opts[] = {
	OPT_TABLE(synapse_opts),
	OPT_NUM_IN(0, "delay", "ms", &delay, "[0,inf)",
		   "from a pulse to its event (1.3)"),
	OPT_LIST(0, "track", "name", &tracks,
		 "write this variable of the synapse as well"),
	OPT_TABLE(pulses_opts),
	OPT_TABLE(synapse_clamp_opts),
	OPT_FLAG(0, "allow-spikes", &allow_spikes,
		 "let the cell spike where it is not clamped"),
	OPT_TABLE(recording_opts),
	OPT_JOBS(&jobs, "runs at a time; auto: all CPUs (1)"),
	OPT_SHARD(&shard, "only the i-th of n parts of the runs, from 0"),
	OPT_TABLE(protocol_synapse_opts),
	OPT_TABLE(edgetype_opts),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("synapse edge-type"),
	OPT_REQUIRED("pulses rate"),
	OPT_NEEDS("test", "recovery"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "drive a synapse and record what the cell does",
	.operands = "",
	.opts = opts,
};

/* The runs of this part: their pulses, and their last samples, of which most is
 * the last. */
static struct drive {
	struct pulses pulses;
	size_t n;
} * runs;
static size_t nruns, most;

/* Voltages, the two currents, and what is tracked. */
static size_t
columns(void)
{
	return protocol_nsites() + 2 + tracks.n;
}

static void
plan(size_t all)
{
	uint64_t first, end;
	size_t i;

	opt_shard(&shard, all, &first, &end);
	nruns = (size_t)(end - first);
	runs = zeros(nruns, sizeof *runs);
	for (i = 0; i < nruns; i++) {
		struct pulses *p = &runs[i].pulses;
		double last;

		*p = pulses_run((size_t)first + i);
		last = p->time[p->n - 1] + synapse_delay_ms();
		runs[i].n = recording_end(last + AFTER);
		if (runs[i].n < model_steps("tstop", last))
			misuse("--tstop: before the last event, at %g ms: %g",
			       last, model_time(runs[i].n));
		most = runs[i].n > most ? runs[i].n : most;
	}
	recording_stride();
}

static const double *
column(size_t k, size_t *n)
{
	size_t sites = protocol_nsites();

	return k < sites ? protocol_voltage(k, n) : synapse_trace(k - sites, n);
}

/* Which of several runs it is, in front of what is wrong with it. */
static const char *
named(const struct pulses *p)
{
	if (!*pulses_columns())
		return "";
	return isnan(p->recovery_ms)
		       ? format("at %g Hz: ", p->rate_Hz)
		       : format("at %g Hz, with a pause of %g ms: ", p->rate_Hz,
				p->recovery_ms);
}

/* Where the cell is not clamped, a spike hides what the synapse does. */
static void
check_spikes(const struct drive *r)
{
	struct detect_spikes s = {0};
	size_t k, n;

	for (k = 0; k < protocol_nsites(); k++) {
		struct trace t = recording_trace(protocol_voltage(k, &n), r->n);

		detect_find(&s, &t, 0, r->n + 1);
		if (s.n > 0)
			die("%sa spike at %g ms at %s: it hides the "
			    "potentials; --weight, --allow-spikes or --clamp",
			    named(&r->pulses), model_time(s.at[0]),
			    protocol_site(k)->name);
	}
	free(s.at);
}

/* The voltages have been looked at. */
static void
check_column(const struct drive *r, size_t c, const double *v, size_t n)
{
	size_t k;

	for (k = 0; k < n; k++)
		if (!isfinite(v[k]))
			die("%s%s is not a number from %g ms on: the run "
			    "diverges",
			    named(&r->pulses),
			    c == 0   ? "the current of the synapse"
			    : c == 1 ? "the current of the clamp"
				     : tracks.item[c - 2],
			    model_time(k));
}

static void
run_one(size_t i, void *result)
{
	const struct drive *r = &runs[i];
	const double *v;
	size_t k, n;

	synapse_drive(r->pulses.time, r->pulses.n);
	protocol_run(r->n);
	if (!allow_spikes && isnan(synapse_held()))
		check_spikes(r);
	for (k = 0; k < columns(); k++) {
		v = column(k, &n);
		if (n < r->n + 1)
			die("NEURON: %zu samples rather than %zu", n, r->n + 1);
		if (k >= protocol_nsites())
			check_column(r, k - protocol_nsites(), v, r->n + 1);
		memcpy((double *)result + k * (most + 1), v,
		       (r->n + 1) * sizeof *v);
	}
}

static void
write_header(void)
{
	const char *const *runs_apart = pulses_columns();
	const char **name = zeros(columns() + 4, sizeof *name);
	size_t n = 0, k, sites;

	while (*runs_apart)
		name[n++] = *runs_apart++;
	name[n++] = "time_ms";
	name[n++] = "v_mV";
	sites = n;
	for (k = 1; k < protocol_nsites(); k++)
		name[n++] = format("v_mV.%s", protocol_site(k)->name);
	name[n++] = "i_syn_nA";
	name[n++] = "i_clamp_nA";
	for (k = 0; k < tracks.n; k++)
		name[n++] = tracks.item[k];
	out_names(name);
	for (k = 1; k < protocol_nsites(); k++)
		free((char *)name[sites++]);
	free(name);
}

static void
write_run(size_t i, const void *result)
{
	const double *v = result;
	size_t k, c, stride = recording_stride();

	if (i == 0)
		write_header();
	for (k = 0; k <= runs[i].n; k += stride) {
		pulses_write(&runs[i].pulses);
		out_num(model_time(k));
		for (c = 0; c < columns(); c++)
			out_num(v[c * (most + 1) + k]);
		out_end();
	}
	progress(i + 1);
}

static void
run_all(void)
{
	double *result;
	size_t size;

	if (nruns == 0) {
		write_header();
		return;
	}
	size = columns() * (most + 1) * sizeof *result;
	protocol_start(0, 0, most);
	if (nruns > 1) {
		protocol_approach(0);
		progress_begin("runs", nruns);
		workers_run(nruns, jobs, size, run_one, write_run);
		return;
	}
	result = zeros(1, size);
	run_one(0, result);
	write_run(0, result);
	free(result);
}

int
main(int argc, char **argv)
{
	size_t i, n;

	start(argc, argv, &tool);
	n = pulses_read();
	if (opt_given(&delay))
		synapse_delay(delay);
	for (i = 0; i < tracks.n; i++)
		synapse_track(tracks.item[i]);
	edgetype_choose();
	model_build();
	protocol_open();
	protocol_settle_usually(SETTLE);
	synapse_open();
	plan(n);
	run_all();
	out_close();
	return WORKED;
}
