/* cell-segregate -- make each current of a cell act in its own range of
 * voltages
 *
 * Leak, subthreshold and spiking currents that do not overlap can be tuned one
 * after the other.  The new mod files are compiled, and the new cell is built
 * and measured beside the old one, before any file has its name: what is
 * written works, and has the steady states that were asked for.
 *
 * NEURON has one cell in a process, so that each is looked at in a child. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell/fi.h"
#include "cell/mechanisms.h"
#include "cell/model.h"
#include "cell/nodetype.h"
#include "cell/nrn.h"
#include "cell/protocol.h"
#include "cell/recording.h"
#include "cell/segregate.h"
#include "cell/segregategates.h"
#include "cell/segregatehoc.h"
#include "cell/workers.h"
#include "files.h"
#include "out.h"
#include "rows.h"
#include "run/run.h"
#include "sonata/folder.h"

static const char *cuts_file, *folder, *report, *fi_file;
static const char *amp_list = "0:1000:50";
static double delay = 200, dur = 1000;
static bool suggest;
static struct protocol_amps amps;

static const struct opt opts[] = {
	OPT_STR(0, "cuts", "file", &cuts_file,
		"a table of mechanism, gate, cut_mV and width_mV"),
	OPT_STR('o', "output", "folder", &folder,
		"write the mod files and the hoc file here"),
	OPT_FLAG(0, "suggest", &suggest, "write a table for --cuts instead"),
	OPT_OUT_TOO(0, "report", "file", &report,
		    "write the conductances before and after to this file"),
	OPT_OUT_TOO(0, "fi-report", "file", &fi_file,
		    "write the spikes before and after to this file"),
	OPT_STR(0, "amps", "pA", &amp_list,
		"amplitudes of --fi-report: start:stop:step or 'a,b,c' "
		"(0:1000:50)"),
	OPT_NUM_IN(0, "delay", "ms", &delay, "[0,inf)",
		   "time before a step of --fi-report (200)"),
	OPT_NUM_IN(0, "dur", "ms", &dur, "[0,inf)",
		   "length of a step of --fi-report (1000)"),
	OPT_TABLE(model_opts),
	OPT_REQUIRED("cuts suggest"),
	OPT_EXCLUDE("cuts suggest"),
	OPT_NEEDS("cuts", "output"),
	OPT_NEEDS("output report fi-report", "cuts"),
	OPT_NEEDS("amps delay dur", "fi-report"),
	OPT_NOT_WITH("set params", "cuts"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "make each current of a cell act in its own range of "
		   "voltages",
	.operands = "",
	.opts = opts,
};

/* ---- What to cut ---- */

static struct segregate_row *cuts;
static size_t ncuts;
static struct modfiles mods;
static struct segregate *changed; /* a mechanism each */
static size_t nchanged;

static void
check_twice(const struct segregate_row *c)
{
	size_t i;

	for (i = 0; i < ncuts; i++)
		if (!strcmp(cuts[i].mechanism, c->mechanism) &&
		    !strcmp(cuts[i].cut.gate, c->cut.gate))
			die("%s: gate '%s' of '%s' is cut twice", c->where,
			    c->cut.gate, c->mechanism);
}

static void
read_cuts(void)
{
	struct rows in;
	size_t mechanism, gate, cut, width, cap = 0;

	rows_open(&in, cuts_file);
	mechanism = rows_column(&in, "mechanism");
	gate = rows_column(&in, "gate");
	cut = rows_column(&in, "cut_mV");
	width = rows_column(&in, "width_mV");
	while (rows_next(&in)) {
		struct segregate_row c = {
			.where = format("%s:%zu", in.path, in.line),
			.mechanism = copy(in.field[mechanism])};

		c.cut = (struct segregate_cut){.gate = copy(in.field[gate]),
					       .cut = rows_num(&in, cut),
					       .width =
						       rows_finite(&in, width)};
		if (isnan(c.cut.cut))
			rows_bad(&in, cut, "not a number");
		if (c.cut.width < 0 || c.cut.width > 1000)
			rows_bad(&in, width, "not from 0 to 1000");
		check_twice(&c);
		cuts = grow(cuts, &cap, ncuts + 1, sizeof *cuts);
		cuts[ncuts++] = c;
	}
	rows_close(&in);
	if (ncuts == 0)
		die("%s: no cuts", cuts_file);
	if (ncuts > SEGREGATEGATES_CUTS)
		die("%s: more than %d cuts", cuts_file, SEGREGATEGATES_CUTS);
}

static void
read_mods(void)
{
	FILE *nothing = fopen("/dev/null", "we");

	if (!nothing)
		die("/dev/null:");
	modfiles_read(&mods, &model_source()->mechanisms);
	modfiles_read_included(&mods, nothing);
	fclose(nothing);
}

/* The mechanism of a cut, which may have been cut already. */
static struct segregate *
mechanism_of(const struct segregate_row *c)
{
	struct segregate *s;
	size_t i;

	for (i = 0; i < nchanged; i++)
		if (!strcmp(changed[i].name, c->mechanism))
			return &changed[i];
	s = &changed[nchanged];
	if (!segregate_find(s, &mods, c->mechanism)) {
		char *list = segregate_list(&mods);

		misuse("%s: column 'mechanism': no mod file has '%s'; there "
		       "are: %s",
		       c->where, c->mechanism, list ? list : "none");
	}
	nchanged++;
	return s;
}

static void
cut_all(void)
{
	size_t i;

	changed = zeros(ncuts, sizeof *changed);
	for (i = 0; i < ncuts; i++) {
		struct segregate *s = mechanism_of(&cuts[i]);

		cuts[i].is_state = segregate_is_state(s, cuts[i].cut.gate);
		if (!cuts[i].is_state &&
		    !segregate_is_computed(s, cuts[i].cut.gate)) {
			char *list = segregate_gates(s);

			misuse("%s: column 'gate': no gate '%s' in '%s'; there "
			       "are: %s",
			       cuts[i].where, cuts[i].cut.gate, s->name,
			       list ? list : "none");
		}
		segregate_cut(s, &cuts[i].cut);
	}
}

/* ---- The new files ---- */

struct new_file {
	char *name, *s;
	size_t n;
	char *path; /* for a while */
};

static struct new_file *texts;
static size_t ntexts;
static char *work; /* a folder that goes again */
static char *allen_file;
static pid_t owner;

static char *
in_work(const char *name)
{
	return format("%s/%s", work, name);
}

/* As a handler of signals may. */
static void
remove_work(void)
{
	size_t i;

	if (!work || getpid() != owner)
		return;
	for (i = 0; i < ntexts; i++)
		unlink(texts[i].path);
	if (allen_file)
		unlink(allen_file);
	rmdir(work);
	work = NULL;
}

static void
stopped(int sig)
{
	remove_work();
	signal(sig, SIG_DFL);
	raise(sig);
}

/* A signal that is ignored stays so. */
static void
watch(void)
{
	static const int signals[] = {SIGHUP, SIGINT, SIGTERM, SIGQUIT};
	size_t i;

	for (i = 0; i < LEN(signals); i++)
		if (signal(signals[i], stopped) == SIG_IGN)
			signal(signals[i], SIG_IGN);
}

static void
make_work(void)
{
	const char *tmp = getenv("TMPDIR");

	work = format("%s/cell-segregate.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	owner = getpid();
	if (!mkdtemp(work)) {
		char *path = work;

		work = NULL;
		die("%s:", path);
	}
	at_failure(remove_work);
	watch();
}

/* Write a text to a file that is open, and close it. */
static void
write_text(FILE *f, const char *path, const struct new_file *t)
{
	if (!f || fwrite(t->s, 1, t->n, f) != t->n || fflush(f) || fclose(f))
		die("%s:", path);
}

static void
add_text(struct new_file t)
{
	t.path = in_work(t.name);
	texts[ntexts++] = t;
	write_text(fopen(t.path, "we"), t.path, &t);
}

static void
write_mods(void)
{
	size_t i, k;

	for (i = 0; i < nchanged; i++) {
		struct new_file t = {
			.name = format("%sseg.mod", changed[i].name)};

		for (k = 0; k < mods.nmods; k++)
			if (!strncmp(mods.file[k].name, t.name,
				     strlen(t.name) - 4) &&
			    !mods.file[k].name[strlen(t.name) - 4])
				die("%s: '%s' has a file of this name already",
				    mods.file[k].path, changed[i].name);
		t.s = segregate_text(&changed[i], &t.n);
		add_text(t);
	}
}

/* ---- Children ---- */

static void (*to_do)(const void *);
static const void *to_do_with;
static char *heard;

static void
do_it(size_t i, void *result)
{
	(void)i;
	(void)result;
	to_do(to_do_with);
}

static void
hear(size_t i, const void *result, const char *said)
{
	(void)i;
	heard = result ? NULL : copy(said);
}

/* Do something in a child, and return what it has said, or NULL if it went
 * well. */
static char *
attempt(void (*work_on)(const void *), const void *with)
{
	to_do = work_on;
	to_do_with = with;
	workers_try(1, 1, 1, do_it, hear);
	return heard;
}

/* ---- The new hoc file ---- */

static struct segregatehoc hoc;
static const char *hoc_file;
static char *hoc_list;

static void
write_allen(const void *path)
{
	struct new_file t = {.s = model_allen_text()};

	t.n = strlen(t.s);
	write_text(fopen(path, "we"), path, &t);
}

static void
look_for_template(const char *path)
{
	const char *name = model_source()->template_name;
	struct segregatehoc h;
	size_t i;

	if (access(path, R_OK)) /* a file of NEURON's library */
		return;
	segregatehoc_read(&h, path);
	for (i = 0; i < h.n; i++)
		hoc_list = join(hoc_list, h.tmpl[i].name);
	if (hoc_file || (name && !segregatehoc_has(&h, name))) {
		segregatehoc_free(&h);
		return;
	}
	hoc = h;
	hoc_file = hoc.path = copy(path);
}

static void
find_hoc(void)
{
	const char *name = model_source()->template_name;

	model_each_hoc(look_for_template);
	if (!hoc_file && name)
		misuse("no template '%s'; there are: %s; one that these files "
		       "load has to be in a file of --hoc",
		       name, hoc_list ? hoc_list : "none");
	if (!hoc_file)
		die("there is no hoc file to change");
}

/* An Allen cell has its hoc file from cell-import. */
static void
import_allen(void)
{
	const char *name = model_allen_name();
	struct opt_list list = {0};
	char *file, *said;

	file = format("%s.hoc", name);
	allen_file = in_work(file);
	free(file);
	said = attempt(write_allen, allen_file);
	if (said) {
		fputs(said, stderr);
		end_badly();
	}
	opt_list_add(&list, allen_file);
	model_be_hoc(&list, name);
	find_hoc();
}

static void
write_hoc(void)
{
	const char *name = model_source()->template_name;
	const char *slash, *base;
	struct new_file t = {0};

	slash = strrchr(hoc_file, '/');
	base = slash ? slash + 1 : hoc_file;
	if (name)
		t.name = format("%sSeg.hoc", name);
	else
		t.name = format("%.*sSeg.hoc", (int)strcspn(base, "."), base);
	t.s = segregatehoc_text(&hoc, name, changed, nchanged, &t.n);
	add_text(t);
}

/* ---- Compiling ---- */

/* What the child says about a new file is about the old one's line, too, and
 * the folder will be gone. */
static void
say_without_folder(char *said)
{
	size_t n = strlen(work) + 1;
	char *p;

	for (p = said; (p = strstr(p, work));)
		memmove(p, p + n, strlen(p + n) + 1);
	fputs(said, stderr);
}

static void
compile(const void *unused)
{
	(void)unused;
	mechanisms_compile(&model_source()->mechanisms);
}

static void
compile_all(void)
{
	char *said;

	opt_list_add(&model_source()->mechanisms, work);
	said = attempt(compile, NULL);
	if (!said)
		return;
	say_without_folder(said);
	end_badly();
}

/* ---- What a cell has ---- */

/* A child's results. */
struct found {
	struct segregategates gates;
	double celsius, v_init, dt;
};

static struct found *found[2]; /* before and after */

static const char *
cell_name(size_t which)
{
	const char *name = model_source()->template_name;
	static char *after;

	if (!name)
		name = "cell";
	if (!after)
		after = format("%sSeg", name);
	return which == 0 ? name : after;
}

/* Put the new hoc file in the place of the old one. */
static struct opt_list new_hoc;

static void
add_hoc(const char *path)
{
	opt_list_add(&new_hoc, !strcmp(path, hoc_file)
				       ? in_work(texts[ntexts - 1].name)
				       : copy(path));
}

/* What is said of defaults is said once. */
static void
take_numbers(void)
{
	struct nodetype_cell *s = model_source();

	if (!found[0])
		return;
	s->celsius = found[0]->celsius;
	s->v_init = found[0]->v_init;
	s->dt = found[0]->dt;
}

static void
build(size_t which)
{
	take_numbers();
	if (which == 1) {
		const char *name = model_source()->template_name;

		model_each_hoc(add_hoc);
		model_be_hoc(&new_hoc, name ? format("%sSeg", name) : NULL);
	}
	model_build();
}

static void
look(size_t which, void *result)
{
	struct found *s = result;

	build(which);
	s->celsius = nrn_number("celsius");
	s->v_init = nrn_number("v_init");
	s->dt = model_dt();
	model_init(0);
	if (which == 0)
		segregategates_before(&s->gates, cuts, ncuts);
	else
		segregategates_after(&s->gates, cuts, ncuts, &found[0]->gates,
				     hoc_file);
	if (report)
		segregategates_conductances(&s->gates, cuts, ncuts);
}

static void
keep(size_t i, const void *result)
{
	found[i] = zeros(1, sizeof *found[i]);
	memcpy(found[i], result, sizeof *found[i]);
}

/* ---- Spikes ---- */

static size_t first, end;
static struct fi *fi[2]; /* before and after */

static void
run_one(size_t i, void *result)
{
	const double **column;
	struct trace t;

	protocol_pulse(protocol_amp_nA(&amps, i));
	protocol_run(end);
	column = recording_of(end);
	t = recording_trace(column[0], end);
	((struct fi *)result)->amp_pA = protocol_amp_pA(&amps, i);
	fi_measure(result, &t, first, end);
}

static struct fi *rows;

static void
keep_row(size_t i, const void *result)
{
	rows[i] = *(const struct fi *)result;
}

/* The steps share what comes before them. */
static void
run_cell(size_t which, void *result)
{
	build(which);
	rows = result;
	protocol_open();
	model_span("delay", delay, dur, &first, &end);
	protocol_start(first, end, end);
	protocol_approach(first);
	workers_run(amps.n, 1, sizeof *rows, run_one, keep_row);
}

static void
keep_cell(size_t i, const void *result)
{
	fi[i] = zeros(amps.n, sizeof *fi[i]);
	memcpy(fi[i], result, amps.n * sizeof *fi[i]);
}

/* ---- Writing ---- */

static void
put_number(FILE *f, double x)
{
	char text[32] = "";

	if (!isnan(x))
		out_num_text(x, text);
	fputs(text, f);
}

static FILE *
open_table(const char *path)
{
	FILE *f = fdopen(files_open(path), "w");

	if (!f)
		die("%s:", path);
	return f;
}

static void
close_table(FILE *f, const char *path)
{
	if (fflush(f) || ferror(f) || fclose(f))
		die("%s:", path);
}

static void
write_report(void)
{
	FILE *f = open_table(report);
	size_t c, i, k;

	fputs("mechanism,cell,v_mV,conductance_S_cm2\n", f);
	for (c = 0; c < 2; c++)
		for (i = 0; i < found[c]->gates.n; i++)
			for (k = 0; k < SEGREGATEGATES_NV; k++) {
				fprintf(f, "%s,%s,",
					found[c]->gates.of[i].mechanism,
					cell_name(c));
				put_number(f, segregategates_voltage(k));
				fputc(',', f);
				put_number(f, found[c]->gates.of[i].g[k]);
				fputc('\n', f);
			}
	close_table(f, report);
}

static void
write_fi(void)
{
	FILE *f = open_table(fi_file);
	size_t c, i;

	fputs("cell,amp_pA,spikes,rate_Hz\n", f);
	for (c = 0; c < 2; c++)
		for (i = 0; i < amps.n; i++) {
			fprintf(f, "%s,", cell_name(c));
			put_number(f, fi[c][i].amp_pA);
			fprintf(f, ",%lld,", (long long)fi[c][i].spikes);
			put_number(f, fi[c][i].rate_Hz);
			fputc('\n', f);
		}
	close_table(f, fi_file);
}

static void
write_all(void)
{
	size_t i;

	folder_make(folder);
	for (i = 0; i < ntexts; i++) {
		char *path = format("%s/%s", folder, texts[i].name);

		write_text(open_table(path), path, &texts[i]);
		free(path);
	}
	if (report)
		write_report();
	if (fi_file)
		write_fi();
	files_done();
	folder_keep();
}

/* A folder whose files are compiled would have the new ones among them. */
static void
check_folder(void)
{
	const struct opt_list *m = &model_source()->mechanisms;
	char *to = realpath(folder, NULL);
	size_t i;

	for (i = 0; to && i < m->n; i++) {
		char *from = realpath(m->item[i], NULL);

		if (from && !strcmp(from, to))
			misuse("--output: the folder of --mechanisms: '%s'",
			       folder);
		free(from);
	}
	free(to);
}

static void
segregate(void)
{
	if (model_source()->mechanisms.n == 0)
		misuse("--cuts needs --mechanisms");
	check_folder();
	read_cuts();
	read_mods();
	cut_all();
	if (fi_file)
		protocol_read_amps("amps", amp_list, &amps);
	if (!model_allen_name())
		find_hoc();
	make_work();
	texts = zeros(nchanged + 1, sizeof *texts);
	write_mods();
	if (model_allen_name())
		import_allen();
	write_hoc();
	compile_all();
	workers_run(2, 1, sizeof(struct found), look, keep);
	segregategates_check(cuts, ncuts, &found[0]->gates, &found[1]->gates);
	if (fi_file)
		workers_run(2, 2, (amps.n + 1) * sizeof *rows, run_cell,
			    keep_cell);
	remove_work();
	write_all();
}

/* ---- Suggesting ---- */

static void
try_cut(const void *with)
{
	const struct segregate_row *c = with;
	struct segregate s;

	if (!segregate_find(&s, &mods, c->mechanism))
		die("no mod file has '%s'", c->mechanism);
	segregate_cut(&s, &c->cut);
}

/* Can this gate be cut?  If not, report why. */
static bool
can_cut(const char *mechanism, const char *gate)
{
	struct segregate_row c = {.mechanism = copy(mechanism),
				  .cut = {.gate = gate}};
	char *said = attempt(try_cut, &c);

	if (said)
		fputs(said, stderr);
	free(said);
	free(c.mechanism);
	return !said;
}

/* At 3 slopes below its half a gate is open by 5 %, so that a cut there takes
 * little away; a tenth of the slope is narrow, but no step. */
static void
suggest_gate(const char *mechanism, const struct gates_gate *g,
	     const struct gates_fit *f)
{
	if (f->kind != GATES_ACTIVATION || !(f->slope > 0) ||
	    !can_cut(mechanism, g->name))
		return;
	out_text(mechanism);
	out_text(g->name);
	out_num(round(10 * (f->half - 3 * f->slope)) / 10);
	out_num(round(100 * f->slope / 10) / 100);
	out_end();
}

/* Nothing is measured of a mechanism without a mod file. */
static void
suggest_all(void)
{
	struct segregate s;
	char **name;
	size_t n, i, k;

	model_build();
	read_mods();
	name = gates_mechanisms(&n);
	out_header("mechanism", "gate", "cut_mV", "width_mV");
	for (i = 0; i < n; i++) {
		struct gates g;

		if (!segregate_find(&s, &mods, name[i]))
			continue;
		segregate_free(&s);
		g = segregategates_measure(name[i], gates_section(name[i]));
		for (k = 0; k < g.n; k++) {
			struct gates_fit f = gates_fit_half(&g, k);

			suggest_gate(name[i], &g.gate[k], &f);
		}
		gates_free(&g);
	}
	for (i = 0; i < n; i++)
		free(name[i]);
	free(name);
}

int
main(int argc, char **argv)
{
	start(argc, argv, &tool);
	if (suggest)
		suggest_all();
	else
		segregate();
	return WORKED;
}
