/* cell-tune -- tune a cell by hand, in NEURON's own windows
 *
 * The windows are hoc, cell-tune.hoc beside this file, which a stand-alone
 * session has as well.  This program says what there is to tune and to show;
 * then it has NEURON look at its windows, and run in slices between, so that a
 * slider that moves begins the run anew.  It measures what passive-fit
 * measures, by the same code. */
#include <gsl/gsl_errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cell/extras.h"
#include "cell/nrn.h"
#include "cell/protocol.h"
#include "cell/tunables.h"
#include "cell/tuneextras.h"
#include "cell/tunegates.h"
#include "cell/tunetargets.h"
#include "cell/windows.h"
#include "files.h"
#include "out.h"
#include "progress.h"
#include "trace/passive.h"

#define MAX_TITLE 200 /* of hoc's own texts, some hundred bytes long */
EMBED(embedded_windows, "tools/cell-tune.hoc");
extern const char embedded_windows[];

static struct opt_list params, gates, target_files;
static const char *fi_text = "0:500:50", *layout_file, *title = "cell-tune";
static const char *gleak, *eleak, *history_file, *session_file;
static double amp = NAN, delay = 100, dur = 500, tstop = NAN;
static double passive_amp = -20, threshold = -20;
static int64_t keep = 3;

static const struct opt opts[] = {
	OPT_LIST(0, "param", "name[:low:high]", &params,
		 "a slider for this parameter (all)"),
	OPT_LIST(0, "gate", "mechanism.gate", &gates,
		 "a window with the curves of this gate"),
	OPT_STR(0, "fi", "start:stop:step", &fi_text,
		"amplitudes of the F-I curve (0:500:50)"),
	OPT_NUM_IN(0, "amp", "pA", &amp, "(-inf,inf)",
		   "the current to begin with (100; of --gap -10)"),
	OPT_NUM_IN(0, "delay", "ms", &delay, "[0,inf)", "time before it (100)"),
	OPT_NUM_IN(0, "dur", "ms", &dur, "[0,inf)", "how long it is (500)"),
	OPT_NUM_IN(0, "tstop", "ms", &tstop, "(0,inf)",
		   "where a run ends (100 after the current)"),
	OPT_NUM_IN(0, "passive", "pA", &passive_amp, "(-inf,inf)",
		   "the small step (-20)"),
	OPT_NUM_IN(0, "threshold", "mV", &threshold, "(-inf,inf)",
		   "a spike is a voltage above this (-20)"),
	OPT_LIST(0, "targets", "file", &target_files,
		 "a trace, or features, to be drawn too"),
	OPT_STR(0, "gleak", "name", &gleak,
		"the leak's conductance, 'soma.g_pas'"),
	OPT_STR(0, "eleak", "name", &eleak,
		"the leak's potential, 'soma.e_pas'"),
	OPT_INT_IN(0, "keep", "number", &keep, "[0,100]",
		   "so many last runs stay, pale (3)"),
	OPT_STR(0, "title", "text", &title, "the title of the first window"),
	OPT_STR(0, "layout", "file", &layout_file,
		"windows by this table instead"),
	OPT_OUT_TOO(0, "history", "file", &history_file,
		    "write a row for each run to this file"),
	OPT_OUT_TOO(0, "write-hoc", "file", &session_file,
		    "write a session for nrniv, and open no window"),
	OPT_TABLE(tuneextras_opts),
	OPT_TABLE(extras_synapse_opts),
	OPT_TABLE(extras_gap_opts),
	OPT_TABLE(protocol_opts),
	OPT_TABLE(model_opts),
	OPT_TABLE(out_opts),
	OPT_NOT_WITH("layout", "param gate"),
	OPT_NOT_WITH("write-hoc", "history"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "tune a cell by hand, in windows",
	.operands = "",
	.opts = opts,
};

/* What is shown, by the numbers that windows.hoc knows it by. */
static struct windows windows;
static struct tunables tunables;
static struct protocol_amps fi_amps;
static size_t leak_g = SIZE_MAX, leak_e = SIZE_MAX, leak_cm = SIZE_MAX;

/* What the windows make of it: NEURON's own memory, by tunable; and copies of
 * two numbers, for when NEURON cannot be asked. */
static double *values, *touched;
static double start_v_init, v_init, start_dt, dt;

/* ---- What comes out ---- */

static void
write_value(const char *name, double value)
{
	out_text(name);
	out_num(value);
	out_end();
}

/* The tunable that was touched next after a touch, or the number of all. */
static size_t
next_touched(double last)
{
	size_t i, next = tunables.n;

	for (i = 0; i < tunables.n; i++)
		if (touched[i] > last &&
		    (next == tunables.n || touched[i] < touched[next]))
			next = i;
	return next;
}

/* What is not the same everywhere, and was not touched, has no one value. Where
 * two mean the same section, those that were touched come in the order in which
 * they were, such that the last one stays. */
static void
write_values(void)
{
	bool in_order = tunables_overlap(&tunables);
	double last = 0;
	size_t i;

	out_header("name", "value");
	for (i = 0; i < tunables.n; i++)
		if (touched[i] == 0 ? !tunables.item[i].varies : !in_order)
			write_value(tunables.item[i].name, values[i]);
	while (in_order && (i = next_touched(last)) < tunables.n) {
		write_value(tunables.item[i].name, values[i]);
		last = touched[i];
	}
	if (v_init != start_v_init)
		write_value("v_init", v_init);
	if (dt != start_dt)
		write_value("dt", dt);
	out_close();
	files_done();
}

/* ---- What there is to tune ---- */

/* The capacitance of the sections that have the leak. */
static size_t
add_capacitance(const char *name)
{
	const char *dot = strrchr(name, '.');
	char *cm = dot ? format("%.*s.cm", (int)(dot - name), name)
		       : copy("cm@all");
	size_t i = tunables_add(&tunables, "--gleak", cm);

	free(cm);
	return i;
}

static void
choose_leak(void)
{
	if (eleak)
		leak_e = tunables_add(&tunables, "--eleak", eleak);
	if (!gleak)
		return;
	leak_g = tunables_add(&tunables, "--gleak", gleak);
	if (!tunables.item[leak_g].in)
		misuse("--gleak: a global number is not a leak: '%s'", gleak);
	leak_cm = add_capacitance(gleak);
}

static void
each_widget(void (*visit)(struct windows_widget *))
{
	size_t i, j, k;

	for (i = 0; i < windows.n; i++)
		for (j = 0; j < windows.window[i].n; j++) {
			struct windows_column *c = &windows.window[i].column[j];

			for (k = 0; k < c->n; k++)
				visit(&c->widget[k]);
		}
}

static void
choose_parameter(struct windows_widget *w)
{
	if (w->kind == WINDOWS_SLIDER || w->kind == WINDOWS_FIELD)
		w->number = tunables_add(&tunables, w->where, w->argument);
}

static void
choose_parameters(void)
{
	size_t i;

	for (i = 0; i < params.n; i++)
		tunables_add(&tunables, "--param", params.item[i]);
	if (!layout_file && params.n == 0 &&
	    tuneextras_mode() == TUNEEXTRAS_STEP)
		tunables_add_all(&tunables);
	else if (!layout_file && params.n == 0)
		tuneextras_add_all(&tunables);
	choose_leak();
	each_widget(choose_parameter);
}

/* ---- Windows ---- */

static void
record_site(struct windows_widget *w)
{
	if (w->kind == WINDOWS_VOLTAGE && *w->argument)
		protocol_also_record(w->argument);
}

static void
choose_site(struct windows_widget *w)
{
	struct section_site s;

	if (w->kind != WINDOWS_VOLTAGE || !*w->argument)
		return;
	s = section_find_site("record", w->argument);
	while (protocol_site(w->number)->section != s.section ||
	       protocol_site(w->number)->x != s.x)
		w->number++;
	free(s.name);
}

static void
choose_gate(struct windows_widget *w)
{
	if (w->kind == WINDOWS_GATE)
		w->number = tunegates_add(w->where, w->argument);
}

/* Sites of two cells may have one name. */
static char *
name_of_site(size_t i)
{
	const char *of = "";

	if (tuneextras_mode() == TUNEEXTRAS_JUNCTION &&
	    i >= protocol_place_site(0))
		of = i == protocol_place_site(0) ? ", first" : ", second";
	return format("%s%s", protocol_site(i)->name, of);
}

static void
add_voltage(size_t site)
{
	char *name = name_of_site(site),
	     *window = format("Voltage at %s", name);

	windows_add(&windows, window, "1", WINDOWS_VOLTAGE, "")->number = site;
	free(window);
	free(name);
}

/* What runs. */
static void
choose_controls(void)
{
	windows_add(&windows, title, "1", WINDOWS_RUN, "");
	switch (tuneextras_mode()) {
	case TUNEEXTRAS_PULSES:
		windows_add(&windows, "Synapse", "1", WINDOWS_SYNAPSE, "");
		break;
	case TUNEEXTRAS_JUNCTION:
		windows_add(&windows, title, "2", WINDOWS_GAP, "");
		break;
	default:
		windows_add(&windows, title, "2", WINDOWS_CLAMP, "");
		windows_add(&windows, title, "2", WINDOWS_PASSIVE, "");
	}
}

/* What comes of it. */
static void
choose_pictures(void)
{
	size_t i;

	switch (tuneextras_mode()) {
	case TUNEEXTRAS_PULSES:
		windows_add(&windows, "Response", "1", WINDOWS_RESPONSE, "");
		for (i = 1; i < protocol_nsites(); i++)
			add_voltage(i);
		break;
	case TUNEEXTRAS_JUNCTION:
		add_voltage(protocol_place_site(0));
		add_voltage(protocol_place_site(1));
		break;
	default:
		for (i = 0; i < protocol_nsites(); i++)
			add_voltage(i);
		windows_add(&windows, "F-I curve", "1", WINDOWS_FI, "");
	}
}

/* The windows that there are if no table says others. */
static void
choose_windows(void)
{
	size_t i;

	choose_controls();
	for (i = 0; i < tunables.n; i++)
		windows_add(&windows, "Parameters", "1", WINDOWS_SLIDER, "")
			->number = i;
	choose_pictures();
	if (gleak || eleak)
		windows_add(&windows, "Leak", "1", WINDOWS_LEAK, "");
	for (i = 0; i < gates.n; i++) {
		char *name = format("Gate %s", gates.item[i]);

		windows_add(&windows, name, "1", WINDOWS_GATE, gates.item[i])
			->where = copy("--gate");
		free(name);
	}
}

static void
tell_parameters(void)
{
	size_t i, k;

	nrn_do("tune_parameters(%zu)\ntune_overlap = %d", tunables.n,
	       tunables_overlap(&tunables));
	for (i = 0; i < tunables.n; i++) {
		const struct tunable *p = &tunables.item[i];
		char *name = nrn_quoted(p->name), *bare = nrn_quoted(p->bare);
		char *text = format("%s%s%s%s", p->name, *p->unit ? " (" : "",
				    p->unit, *p->unit ? ")" : "");
		char *label = nrn_quoted(text);

		nrn_do("tune_parameter(%zu, %s, %s, %s, %.17g, %.17g, %.17g, "
		       "%d)",
		       i, name, bare, label, p->start, p->low, p->high, p->log);
		for (k = 0; k < p->nin; k++)
			nrn_do("tune_in(%zu, %zu)", i, p->in[k]);
		if (p->varies)
			nrn_do("tune_varied(%zu)", i);
		free(name);
		free(bare);
		free(text);
		free(label);
	}
}

static void
tell_site(size_t i)
{
	char *name = name_of_site(i), *quoted = nrn_quoted(name);

	nrn_do("tune_named_site(%s)", quoted);
	free(quoted);
	free(name);
}

static void
tell_numbers(void)
{
	double area = 0;
	size_t i;

	for (i = 0; i < sections_count(); i++)
		area += section(i)->area;
	if (isnan(amp))
		amp = tuneextras_mode() == TUNEEXTRAS_JUNCTION ? -10 : 100;
	if (isnan(tstop))
		tstop = delay + dur + 100;
	nrn_do("tune_settle = %.17g\ntune_tstop = %.17g\ntune_amp = %.17g\n"
	       "tune_delay = %.17g\ntune_dur = %.17g\n"
	       "tune_passive_amp = %.17g\ntune_threshold = %.17g\n"
	       "tune_keep = %" PRId64 "\n"
	       "tune_dt = dt\ntune_leak_area = %.17g",
	       protocol_settle(), tstop, amp, delay, dur, passive_amp,
	       threshold, keep, area);
	if (leak_g != SIZE_MAX)
		nrn_do("tune_leak_g = %zu\ntune_leak_cm = %zu", leak_g,
		       leak_cm);
	if (leak_e != SIZE_MAX)
		nrn_do("tune_leak_e = %zu", leak_e);
	for (i = 0; i < protocol_nsites(); i++) {
		tell_site(i);
	}
	for (i = 0; i < fi_amps.n; i++)
		nrn_do("{tune_fi_amp.append(%.17g)}",
		       protocol_amp_pA(&fi_amps, i));
}

static void
show_widget(struct windows_widget *w)
{
	static const char *const calls[WINDOWS_KINDS] = {
		[WINDOWS_SLIDER] = "tune_slider",
		[WINDOWS_FIELD] = "tune_field",
		[WINDOWS_VOLTAGE] = "tune_voltage",
		[WINDOWS_FI] = "tune_fi_panel",
		[WINDOWS_PASSIVE] = "tune_passive_panel",
		[WINDOWS_GATE] = "tune_gate",
		[WINDOWS_CLAMP] = "tune_clamp_panel",
		[WINDOWS_RUN] = "tune_run_panel",
		[WINDOWS_LEAK] = "tune_leak_panel",
		[WINDOWS_SYNAPSE] = "tune_synapse_panel",
		[WINDOWS_GAP] = "tune_gap_panel",
		[WINDOWS_RESPONSE] = "tune_response",
	};
	char *text;

	if (w->kind != WINDOWS_LABEL) {
		nrn_do("%s(%zu)", calls[w->kind], w->number);
		return;
	}
	text = nrn_quoted(w->argument);
	nrn_do("tune_text_panel(%s)", text);
	free(text);
}

static void
show_window(const struct windows_window *w, bool first)
{
	char *name = nrn_quoted(w->title);
	size_t j, k;

	nrn_do("tune_open(%s, %d, %d, %d, %d, %d)", name, w->left, w->top,
	       w->width, w->height, first);
	for (j = 0; j < w->n; j++) {
		nrn_do("tune_open_column(%d)", w->column[j].scrolls);
		for (k = 0; k < w->column[j].n; k++)
			show_widget(&w->column[j].widget[k]);
	}
	nrn_do("tune_close()");
	free(name);
}

static void
check_widget(struct windows_widget *w)
{
	bool of_synapse =
		w->kind == WINDOWS_SYNAPSE || w->kind == WINDOWS_RESPONSE;

	if (of_synapse && !extras_has_synapse())
		misuse("%s: this widget needs --synapse", w->where);
	if (w->kind == WINDOWS_GAP && !extras_has_gap())
		misuse("%s: this widget needs --gap", w->where);
}

/* Say in hoc what there is, and open the windows. */
static void
tell_all(void)
{
	size_t i;

	nrn_do("%s", embedded_windows);
	choose_parameters();
	if (!layout_file)
		choose_windows();
	tell_parameters();
	tell_numbers();
	tuneextras_tell();
	nrn_vector(&values, "tune_value");
	nrn_vector(&touched, "tune_touched");
	each_widget(choose_site);
	each_widget(choose_gate);
	each_widget(check_widget);
	for (i = 0; i < target_files.n; i++)
		tunetargets_tell(target_files.item[i]);
	windows_place(&windows);
	for (i = 0; i < windows.n; i++)
		show_window(&windows.window[i], i == 0);
}

/* ---- At rest ---- */

static struct passive rest;
static bool has_rest; /* of the last run */

/* The small step as cell-clamp records it; a step of the user's has times of
 * its own. */
static struct trace
trace_of_step(void)
{
	double rate = round(1 / dt), *v;
	size_t all, k, n, first, end, skip;
	struct trace t = {.path = "the small step", .dt = dt};

	all = nrn_vector(&v, "bm_voltage.o(0)");
	skip = (size_t)llround(protocol_settle() / dt);
	n = all > skip ? all - skip : 0;
	first = (size_t)llround(nrn_number("tune_passive_delay") / dt);
	end = first + (size_t)llround(nrn_number("tune_passive_dur") / dt);
	t.n = n;
	t.v = v + skip;
	t.time = zeros(n + 1, sizeof *t.time);
	t.i = zeros(n + 1, sizeof *t.i);
	for (k = 0; k < n; k++) {
		t.time[k] = fabs(rate * dt - 1) < 1e-12 ? (double)k / rate
							: (double)k * dt;
		if (k > first && k <= end)
			t.i[k] = nrn_number("tune_passive_amp") / 1000;
	}
	return t;
}

static void
measure_rest(void)
{
	struct trace t = trace_of_step();
	const char *how;
	struct step step;
	char *text;

	passive_free(&rest);
	rest = (struct passive){0};
	has_rest = t.n > 1 && isfinite(t.v[t.n - 1]) && step_seek(&t, &step);
	if (has_rest) {
		passive_respond(&rest, &t, &step);
		passive_measure(&rest);
		how = isnan(rest.tau) ? rest.said : rest.tau_method;
		text = nrn_quoted(how);
		nrn_do("tune_show_passive(%.17g, %.17g, %.17g, %s)", rest.rest,
		       rest.r_in, isnan(rest.tau) ? -1 : rest.tau, text);
		free(text);
	} else {
		nrn_do("tune_lack_passive()");
	}
	free(t.time);
	free(t.i);
}

/* ---- History ---- */

static FILE *history;

static void
put_number(double v)
{
	char text[32];

	fputc(',', history);
	if (isnan(v))
		return;
	out_num_text(v, text);
	fputs(text, history);
}

static void
begin_history(void)
{
	size_t i, k;

	if (!history_file)
		return;
	history = fdopen(files_open(history_file), "w");
	if (!history)
		die("%s:", history_file);
	fputs("run,time_s", history);
	for (i = 0; tuneextras_columns()[i].name; i++)
		fprintf(history, ",%s", tuneextras_columns()[i].name);
	for (i = 0; i < tunables.n; i++)
		fprintf(history, ",%s", tunables.item[i].name);
	for (i = 0; tuneextras_measured()[i].name; i++)
		fprintf(history, ",%s", tuneextras_measured()[i].name);
	if (i == 0)
		fputs(",spikes,v_rest_mV,r_in_MOhm,tau_ms", history);
	for (k = 0; i == 0 && k < fi_amps.n; k++)
		fprintf(history, ",rate_Hz.%g", protocol_amp_pA(&fi_amps, k));
	fputc('\n', history);
	if (fflush(history))
		die("%s:", history_file);
}

/* What a step has given; n rates of an F-I curve. */
static void
put_measured(const double *rate, size_t n)
{
	size_t i;

	put_number(nrn_number("tune_spikes"));
	put_number(has_rest ? rest.rest : NAN);
	put_number(has_rest ? rest.r_in : NAN);
	put_number(has_rest ? rest.tau : NAN);
	for (i = 0; i < fi_amps.n; i++)
		put_number(i < n ? rate[i] : NAN);
}

/* A row for a run, when all that belongs to it is there; and one for an F-I
 * curve, of the parameters of that run. */
static void
write_history(bool fi)
{
	static struct timespec start;
	struct timespec now;
	double *rate = NULL;
	size_t i, n = fi ? nrn_vector(&rate, "tune_fi_rate") : 0;

	if (!history)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (start.tv_sec == 0)
		start = now;
	fprintf(history, "%.0f", nrn_number("tune_runs"));
	put_number((double)(now.tv_sec - start.tv_sec) +
		   round((double)(now.tv_nsec - start.tv_nsec) / 1e6) / 1e3);
	for (i = 0; tuneextras_columns()[i].name; i++)
		put_number(tuneextras_number(i));
	for (i = 0; i < tunables.n; i++)
		put_number(values[i]);
	for (i = 0; tuneextras_measured()[i].name; i++)
		put_number(tuneextras_value(i));
	if (i == 0)
		put_measured(rate, n);
	fputc('\n', history);
	if (fflush(history) || ferror(history))
		die("%s:", history_file);
}

/* ---- While the windows are there ---- */

static sigset_t ends;

/* Signals that end the tool wait until NEURON is not running, which would take
 * SIGINT for its own. */
static void
hold_signals(void)
{
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
}

/* The number of a signal that has come, or 0. */
static int
signal_that_came(void)
{
	static const struct timespec now;
	int s = sigtimedwait(&ends, NULL, &now);

	return s > 0 ? s : 0;
}

/* The counts of what was done, as they were seen last. */
static double runs, rests, curves_done;

static bool
has_grown(double *known, const char *name)
{
	double v = nrn_number("%s", name);
	bool more = v > *known;

	*known = v;
	return more;
}

/* What a run leaves to do; a run that is to be followed by the small step waits
 * for it with its row. */
static void
look_after(void)
{
	static bool pending, measured;

	if (has_grown(&runs, "tune_runs")) {
		if (pending)
			write_history(false);
		has_rest = false;
		pending = true;
		measured = tuneextras_mode() == TUNEEXTRAS_STEP;
		progress((size_t)runs);
		tunegates_renew(&tunables, touched);
	}
	measured = tuneextras_look() || measured;
	if (has_grown(&rests, "tune_passives"))
		measure_rest();
	if (pending && measured &&
	    nrn_number("tune_due_passive || tune_busy == 2") == 0) {
		write_history(false);
		pending = false;
	}
	if (has_grown(&curves_done, "tune_fis"))
		write_history(true);
	v_init = nrn_number("v_init");
	dt = nrn_number("tune_dt");
}

/* Until the session ends, by the signal that is returned or by 0. */
static int
attend(void)
{
	bool more;
	int s;

	nrn_do("tune_hosted = 1\ntune_run()");
	progress_begin("runs", 0);
	for (;;) {
		nrn_attempt("{doNotify()}\n{doEvents()}");
		if ((s = signal_that_came()))
			return s;
		if (nrn_number("tune_quit") != 0)
			return 0;
		if (!nrn_attempt("tune_more = tune_step()"))
			nrn_attempt("tune_stop()\ntune_more = 0");
		more = nrn_number("tune_more") != 0;
		look_after();
		if (!more)
			usleep(20000);
	}
}

/* ---- */

static FILE *session;

static void
begin_session(void)
{
	session = fdopen(files_open(session_file), "w");
	if (!session)
		die("%s:", session_file);
	fprintf(session,
		"// A session of cell-tune, for NEURON alone: nrniv %s -\n"
		"// Its button \"Done\" writes the values.\n",
		session_file);
	nrn_write_down(session);
}

static void
end_session(void)
{
	nrn_write_down(NULL);
	fputs("tune_run()\n", session);
	if (fflush(session) || ferror(session) || fclose(session))
		die("%s:", session_file);
	write_values();
}

static void
need_display(void)
{
	const char *display = getenv("DISPLAY");

	if (!windows_check_display())
		die("no X11 display%s%s%s: without one, cell-clamp --set tries "
		    "values, cell-fit finds them, and --write-hoc writes the "
		    "session",
		    display ? ": '" : "", display ? display : "",
		    display ? "'" : "");
}

int
main(int argc, char **argv)
{
	int s = 0;

	start(argc, argv, &tool);
	if (strlen(title) > MAX_TITLE)
		misuse("--title: longer than %d bytes: '%s'", MAX_TITLE, title);
	gsl_set_error_handler_off();
	protocol_read_amps("fi", fi_text, &fi_amps);
	if (layout_file)
		windows_read(&windows, layout_file);
	each_widget(record_site);
	if (session_file)
		begin_session();
	else
		need_display();
	hold_signals();
	if (!session_file)
		nrn_open_windows(write_values);
	protocol_also_default();
	extras_choose();
	model_build();
	tuneextras_open();
	start_v_init = v_init = nrn_number("v_init");
	start_dt = dt = model_dt();
	tell_all();
	if (session_file) {
		end_session();
		return WORKED;
	}
	begin_history();
	s = attend();
	write_values();
	if (s)
		end_by_signal(s);
	return WORKED;
}
