/* cell-clamp -- inject a current into a cell and record its voltage
 *
 * One run is NEURON's own: the samples are what a hoc script of the same
 * protocol gives, to the last bit.  With several amplitudes, the time before
 * the step is run once, and each goes on from there in a child of its own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/nrn.h"
#include "cell/protocol.h"
#include "cell/recording.h"
#include "cell/workers.h"
#include "files.h"
#include "out.h"
#include "progress.h"
#include "rows.h"
#include "trace/detect.h"

static const char *amp_list, *wave_file, *spike_file;
static size_t jobs = 1;
static double delay = 200, dur = 1000;

static const struct opt opts[] = {
	OPT_STR(0, "amp", "pA", &amp_list,
		"amplitudes of the step: 'a,b,c' or start:stop:step"),
	OPT_NUM_IN(0, "delay", "ms", &delay, "[0,inf)",
		   "time before the step (200)"),
	OPT_NUM_IN(0, "dur", "ms", &dur, "[0,inf)",
		   "length of the step (1000)"),
	OPT_TABLE(recording_opts),
	OPT_STR(0, "iclamp", "file", &wave_file,
		"inject this table of time_ms and i_nA instead"),
	OPT_OUT_TOO(0, "spikes", "file", &spike_file,
		    "write the times of spikes to this file"),
	OPT_JOBS(&jobs, "amplitudes at a time; auto: all CPUs (1)"),
	OPT_TABLE(protocol_opts),
	OPT_TABLE(detect_opts),
	OPT_TABLE(model_opts),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("amp iclamp"),
	OPT_EXCLUDE("amp iclamp"),
	OPT_NOT_WITH("iclamp", "delay dur"),
	OPT_NEEDS("detect threshold filter", "spikes"),
	OPT_NEEDS("filter", "detect=dvdt"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "inject a current into a cell and record its voltage",
	.operands = "",
	.opts = opts,
};

/* The protocol in steps: the current leads to the samples after first, up to
 * and with end; the last sample is n. */
static struct protocol_amps amps;
static size_t first, end, n;
static double *wave;
static FILE *spikes;

static void
plan_step(void)
{
	model_span("delay", delay, dur, &first, &end);
	n = recording_end(delay + dur + 100);
	if (n < first)
		misuse("--tstop: before the step, which begins at %g ms: %g",
		       delay, model_time(n));
}

struct wave {
	double *t, *i;
	size_t n, tcap, icap;
};

static void
read_wave(struct wave *w)
{
	struct rows in;
	size_t time, current;

	rows_open(&in, wave_file);
	time = rows_column(&in, "time_ms");
	current = rows_column(&in, "i_nA");
	while (rows_next(&in)) {
		w->t = grow(w->t, &w->tcap, w->n + 1, sizeof *w->t);
		w->i = grow(w->i, &w->icap, w->n + 1, sizeof *w->i);
		w->t[w->n] = rows_finite(&in, time);
		w->i[w->n] = rows_finite(&in, current);
		if (w->n > 0 && !(w->t[w->n] > w->t[w->n - 1]))
			rows_bad(&in, time, "time does not increase");
		w->n++;
	}
	if (w->n == 0)
		die("%s: no samples", in.path);
	rows_close(&in);
}

/* The current that leads to sample k is that at its time: on the straight line
 * between those of the table, and none outside. */
static void
plan_wave(void)
{
	struct wave w = {0};
	size_t k, at = 0;

	read_wave(&w);
	if (w.t[w.n - 1] < 0)
		die("%s: ends before time 0", wave_file);
	n = recording_end(w.t[w.n - 1]);
	wave = zeros(n + 1, sizeof *wave);
	for (k = 1; k <= n; k++) {
		double t = model_time(k), part;

		while (at < w.n && w.t[at] < t)
			at++;
		if (at == w.n)
			break;
		part = at > 0 ? (t - w.t[at - 1]) / (w.t[at] - w.t[at - 1]) : 1;
		if (w.t[at] - t < 1e-6 * model_dt())
			wave[k] = w.i[at];
		else if (at > 0)
			wave[k] = w.i[at - 1] + part * (w.i[at] - w.i[at - 1]);
	}
	free(w.t);
	free(w.i);
}

static void
plan(void)
{
	if (wave_file)
		plan_wave();
	else
		plan_step();
	recording_stride();
}

static void
begin_spikes(void)
{
	if (!spike_file)
		return;
	spikes = fdopen(files_open(spike_file), "w");
	if (!spikes)
		die("%s:", spike_file);
	fputs(amps.n > 1 ? "amp_pA,time_ms\n" : "time_ms\n", spikes);
}

static void
write_spikes(const double *v, const char *amp)
{
	struct trace t = recording_trace(v, n);
	struct detect_spikes s = {0};
	char text[32];
	size_t i;

	detect_find(&s, &t, 0, n + 1);
	for (i = 0; i < s.n; i++) {
		out_num_text(trace_time(&t, s.at[i]), text);
		fprintf(spikes, "%s%s%s\n", amp, *amp ? "," : "", text);
	}
	free(s.at);
}

static void
end_spikes(void)
{
	if (spikes && (fflush(spikes) || ferror(spikes) || fclose(spikes)))
		die("%s:", spike_file);
}

static void
write_run(size_t run, const double *const *column)
{
	double amp = amps.n > 1 ? protocol_amp_pA(&amps, run) : 0;
	char text[32] = "";

	if (run == 0) /* not before a run has gone well */
		recording_header(amps.n > 1 ? "amp_pA" : NULL);
	if (amps.n > 1)
		out_num_text(amp, text);
	recording_write(column, n, amps.n > 1 ? &amp : NULL);
	if (spikes)
		write_spikes(column[0], text);
}

static void
run_one(size_t i, void *result)
{
	const double **column;
	size_t k;

	protocol_pulse(protocol_amp_nA(&amps, i));
	protocol_run(n);
	column = recording_of(n);
	for (k = 0; k <= protocol_nsites(); k++)
		memcpy((double *)result + k * (n + 1), column[k],
		       (n + 1) * sizeof(double));
	free(column);
}

static void
one_done(size_t i, const void *result)
{
	const double **column = zeros(protocol_nsites() + 1, sizeof *column);
	size_t k;

	for (k = 0; k <= protocol_nsites(); k++)
		column[k] = (const double *)result + k * (n + 1);
	write_run(i, column);
	free(column);
	progress(i + 1);
}

static void
run_all(size_t njobs)
{
	const double **column;

	protocol_start(first, end, n);
	if (amps.n > 1) {
		protocol_approach(first < n ? first : n);
		progress_begin("amplitudes", amps.n);
		workers_run(amps.n, njobs,
			    (protocol_nsites() + 1) * (n + 1) * sizeof(double),
			    run_one, one_done);
		return;
	}
	if (wave)
		protocol_wave(wave, n + 1);
	else
		protocol_pulse(protocol_amp_nA(&amps, 0));
	protocol_run(n);
	column = recording_of(n);
	write_run(0, column);
	free(column);
}

int
main(int argc, char **argv)
{
	start(argc, argv, &tool);
	if (amp_list)
		protocol_read_amps("amp", amp_list, &amps);
	model_build();
	protocol_open();
	plan();
	begin_spikes();
	run_all(jobs);
	end_spikes();
	out_close();
	files_done();
	return WORKED;
}
