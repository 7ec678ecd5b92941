/* The sections are kept in hoc as a List of SectionRef: names would have to be
 * looked up each time, and those of sections that a template keeps to itself
 * cannot be. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cell/allen.h"
#include "cell/mechanisms.h"
#include "cell/model.h"
#include "cell/nodetype.h"
#include "cell/nrn.h"
#include "cell/settings.h"
#include "cell/shipped.h"
#include "opt.h"
#include "progress.h"
#include "rows.h"

/* What NEURON begins with. */
#define CELSIUS 6.3
#define V_INIT (-65.0)
#define DT 0.025

#define MAX_STEPS 4e9

/* What name_declared() returns for templates, procedures and the like. */
#define HOC_TEMPLATE 1

bool model_verbose;
static bool strict;

enum { KEEP, ALLEN, DLAMBDA };

static struct nodetype_cell source = {
	.celsius = NAN, .v_init = NAN, .dt = NAN, .dl = NAN};
static struct allen allen;
static struct opt_list calls, sets;
static const char *config, *node_type, *params;
static struct {
	bool there;
	const char *template_name; /* NULL: that of the first */
} second;
static unsigned nseg_rule;
static double celsius = NAN, v_init = NAN, dt = NAN;

const struct opt model_bare_opts[] = {
	OPT_LIST(0, "hoc", "file", &source.hoc,
		 "load this hoc file, or all those in this folder"),
	OPT_STR(0, "template", "name", &source.template_name,
		"the cell's template, 'Cell' or 'Cell(2)'"),
	OPT_STR(0, "swc", "file", &allen.morphology,
		"the morphology of an Allen cell"),
	OPT_STR(0, "fit", "file", &allen.fit, "its parameters, JSON"),
	OPT_WORD(0, "axon", "how", &allen.axon, ALLEN_AXONS,
		 "what becomes of its axon"),
	OPT_STR(0, "config", "file", &config,
		"the cell is of this BMTK network"),
	OPT_STR(0, "node-type", "id", &node_type, "the type of its node"),
	OPT_LIST(0, "mechanisms", "folder", &source.mechanisms,
		 "compile the mod files in this folder"),
	OPT_LIST(0, "call", "function", &calls,
		 "call this, 'name(1, 2)', when the cell is there"),
	OPT_NUM(0, "celsius", "degrees", &celsius, "temperature"),
	OPT_NUM(0, "v-init", "mV", &v_init, "voltage to begin with"),
	OPT_NUM(0, "dt", "ms", &dt, "length of a step (0.025)"),
	OPT_WORD(0, "nseg-rule", "rule", &nseg_rule, "keep|allen|dlambda",
		 "segments of sections"),
	OPT_LIST(0, "set", "name=value", &sets,
		 "set a parameter, 'soma.gbar_na=0.1'"),
	OPT_STR(0, "params", "file", &params,
		"set the parameters of a table of name and value"),
	OPT_FLAG(0, "strict", &strict, "end where NEURON warns and goes on"),
	OPT_FLAG('v', "verbose", &model_verbose, "say what is in force"),
	OPT_TABLE(rows_opts),
	OPT_EXCLUDE("hoc swc config"),
	OPT_EXCLUDE("template swc config"),
	OPT_NEEDS("swc", "fit"),
	OPT_NEEDS("fit", "swc"),
	OPT_NEEDS("axon", "swc config"),
	OPT_NEEDS("node-type", "config"),
	OPT_END,
};

const struct opt model_any_opts[] = {
	OPT_TABLE(model_bare_opts),
	OPT_NEEDS("config", "node-type"),
	OPT_END,
};

const struct opt model_opts[] = {
	OPT_TABLE(model_any_opts),
	OPT_REQUIRED("hoc swc config"),
	OPT_END,
};

bool
model_is_given(void)
{
	return source.hoc.n > 0 || config || allen.morphology;
}

bool
model_has_mechanisms(void)
{
	return source.mechanisms.n > 0;
}

double
model_dt(void)
{
	return dt;
}

size_t
model_steps(const char *option, double ms)
{
	if (!(ms / dt < MAX_STEPS))
		misuse("--%s: more than %g steps: %g", option, MAX_STEPS, ms);
	return (size_t)llround(ms / dt);
}

void
model_span(const char *option, double begin, double dur, size_t *first,
	   size_t *end)
{
	*first = model_steps(option, begin);
	*end = *first + model_steps("dur", dur);
	if (*end == *first)
		misuse("--dur: less than a step of %g ms: %g", dt, dur);
}

double
model_time(size_t k)
{
	static double rate;

	if (rate == 0) {
		rate = round(1 / dt);
		if (!(fabs(rate * dt - 1) < 1e-12))
			rate = INFINITY;
	}
	return isinf(rate) ? (double)k * dt : (double)k / rate;
}

/* Are these arguments of a function: numbers, and texts that hoc takes as they
 * are? */
static bool
are_arguments(const char *s)
{
	bool in_text = false;

	for (; *s; s++)
		if (*s == '"')
			in_text = !in_text;
		else if (*s == '\n' || *s == '\\' ||
			 (!in_text && !strchr(" ,.+-0123456789eE", *s)))
			return false;
	return !in_text;
}

/* Split "name(arguments)"; arguments is NULL if there are none.  The option is
 * the user's own, so refusing other hoc is no protection: it reports slips
 * here. */
static char *
split_call(const char *option, const char *text, char **arguments)
{
	size_t n = strcspn(text, "("), len = strlen(text);
	char *name = format("%.*s", (int)n, text);

	if (!nrn_is_name(name) || (text[n] && text[len - 1] != ')'))
		misuse("--%s: not 'name(1, 2)': '%s'", option, text);
	*arguments = text[n] ? format("%.*s", (int)(len - n - 2), text + n + 1)
			     : NULL;
	if (*arguments && !are_arguments(*arguments))
		misuse("--%s: neither numbers nor texts: '%s'", option, text);
	return name;
}

static void
split_template(void)
{
	char *arguments;

	source.template_name =
		split_call("template", source.template_name, &arguments);
	source.arguments = arguments;
}

static int
is_hoc_file(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return *d->d_name != '.' && n > 4 &&
	       strcmp(d->d_name + n - 4, ".hoc") == 0;
}

/* A folder stands for the hoc files in it, sorted by name. */
static void
each_in_folder(const char *folder, void (*visit)(const char *path))
{
	struct dirent **entry;
	int k, n = scandir(folder, &entry, is_hoc_file, alphasort);

	if (n < 0)
		die("%s:", folder);
	if (n == 0)
		die("%s: no hoc file in it", folder);
	for (k = 0; k < n; k++) {
		char *file = format("%s/%s", folder, entry[k]->d_name);

		nrn_check_file(file);
		visit(file);
		free(file);
		free(entry[k]);
	}
	free(entry);
}

void
model_each_hoc(void (*visit)(const char *path))
{
	struct stat st;
	size_t i;

	for (i = 0; i < source.hoc.n; i++) {
		const char *path = source.hoc.item[i];

		if (!stat(path, &st) && S_ISDIR(st.st_mode)) {
			each_in_folder(path, visit);
			continue;
		}
		/* It may be in NEURON's library.  NEURON opens a file twice,
		 * so that a pipe has to be one that stays open, <(command). */
		if (strchr(path, '/') || !access(path, F_OK))
			nrn_check_file(path);
		visit(path);
	}
}

static char *templates;

static void
list_templates(const char *path)
{
	char *line = NULL, name[256];
	size_t room = 0;
	FILE *f = fopen(path, "r");

	while (f && getline(&line, &room, f) >= 0) {
		char *s = line + strspn(line, " \t");

		if (strncmp(s, "begintemplate", 13) != 0)
			continue;
		s += 13 + strspn(s + 13, " \t");
		snprintf(name, sizeof name, "%.*s",
			 (int)strcspn(s, " \t\r\n/{"), s);
		templates = join(templates, name);
	}
	free(line);
	if (f)
		fclose(f);
}

static void
make_one(const char *object, const char *name, const char *arguments)
{
	if (nrn_number("name_declared(\"%s\")", name) != HOC_TEMPLATE) {
		model_each_hoc(list_templates);
		misuse("no template '%s'; there are: %s", name,
		       templates ? templates : "none");
	}
	nrn_make(object, name, arguments ? arguments : "");
}

static void
call(const char *cell, const char *text)
{
	char *arguments, *name = split_call("call", text, &arguments);

	if (!arguments)
		misuse("--call: not 'name(1, 2)': '%s'", text);
	nrn_do("{%s%s(%s)}", source.template_name ? cell : "", name, arguments);
	free(arguments);
	free(name);
}

static void
call_all(const char *cell)
{
	size_t i;

	for (i = 0; i < calls.n; i++)
		call(cell, calls.item[i]);
}

static void
make_cell(void)
{
	nrn_do("objref bm_cell, bm_cell2, bm_section\n"
	       "bm_section = new List()");
	if (source.template_name)
		make_one("bm_cell", source.template_name, source.arguments);
}

static void
make_second(void)
{
	const char *arguments = source.arguments;
	char *name, *own = NULL;

	if (!source.template_name)
		misuse("a second cell needs a --template: sections at top "
		       "level are there once");
	if (second.template_name) {
		name = split_call("template2", second.template_name, &own);
		arguments = own;
	} else {
		name = copy(source.template_name);
	}
	make_one("bm_cell2", name, arguments);
	free(own);
	free(name);
}

/* The sections that were there before do not belong to the cell of a template.
 */
static double
count_sections(void)
{
	return nrn_number("bm_count()");
}

/* What the cell's files say counts after what a config says. */
static void
take_allen_numbers(void)
{
	if (isnan(source.celsius))
		source.celsius = allen.f.celsius;
	if (isnan(source.v_init))
		source.v_init = allen.f.v_init;
}

static void
load_allen(void)
{
	char *text;

	allen_check_mechanisms(&allen);
	text = allen_template(&allen);
	nrn_do("%s", text);
	free(text);
	source.template_name = allen.name;
	take_allen_numbers();
}

static void
gather(double before)
{
	nrn_do("proc bm_gather() { local i\n i = 0\n forall {\n"
	       " if (i >= $1) bm_section.append(new SectionRef())\n"
	       " i += 1\n}\n}\nbm_gather(%.0f)",
	       before);
}

static void
load_cell(void)
{
	double before;

	model_each_hoc(nrn_load);
	if (allen.fit)
		load_allen();
	nrn_do("func bm_count() { local n\n n = 0\n forall n += 1\n"
	       " return n\n}");
	before = source.template_name ? count_sections() : 0;
	make_cell();
	call_all("bm_cell.");
	if (second.there) {
		make_second();
		call_all("bm_cell2.");
	}
	gather(before);
	if (nrn_number("bm_section.count()") > 0)
		return;
	if (!source.template_name)
		model_each_hoc(list_templates);
	if (templates)
		misuse("no sections at top level; --template may be: %s",
		       templates);
	die("%s: no sections",
	    source.template_name ? source.template_name : source.hoc.item[0]);
}

/* The cells' own names with a dot, which precede those of their sections. */
static void
find_sections(void)
{
	static const char *own[3];

	if (!own[0] && source.template_name)
		own[0] = copy(nrn_print("{printf(\"%%s.\", bm_cell)}"));
	if (!own[1] && second.there)
		own[1] = copy(nrn_print("{printf(\"%%s.\", bm_cell2)}"));
	sections_read(own);
}

/* The rules of the Allen Institute's perisomatic models; of Hines and
 * Carnevale, Neuroscientist 7:123 (2001), at 100 Hz and a tenth of a length
 * constant; and of BMTK, by its run.dL. */
static void
divide(void)
{
	char *rule = NULL;

	if (!opt_given(&nseg_rule) && !isnan(source.dl))
		rule = format("1 + 2 * int(L / (2 * %.17g))", source.dl);
	else if (nseg_rule == ALLEN)
		rule = copy("1 + 2 * int(L / 40)");
	else if (nseg_rule == DLAMBDA)
		rule = copy("1 + 2 * int((L / (0.1 * lambda_f(100)) + 0.9) / "
			    "2)");
	if (!rule)
		return;
	nrn_do("proc bm_divide() { local i\n"
	       " for i = 0, bm_section.count() - 1 {\n"
	       "  bm_section.o(i).sec nseg = %s\n }\n}\nbm_divide()",
	       rule);
	free(rule);
}

/* Who sets what is not the cell's own. */
static bool (*take_other)(const char *where, const char *name, double value);

void
model_also_set(bool (*take)(const char *where, const char *name, double value))
{
	take_other = take;
}

/* What a fit has found of a synapse or a gap junction stands in the same table
 * as what it has found of the cell, for tools that have only the latter. */
static bool
is_left_out(const char *where, const char *name)
{
	size_t n = strcspn(name, ".");

	return strncmp(where, "--", 2) != 0 && !sections_have(name, n) &&
	       (strncmp(name, "syn.", 4) == 0 || strncmp(name, "gap.", 4) == 0);
}

static char *left_out;

static void
set_one(const char *where, const char *name, double value)
{
	if (take_other && take_other(where, name, value))
		return;
	if (is_left_out(where, name))
		left_out = join(left_out, name);
	else if (strcmp(name, "celsius") == 0 && isnan(celsius))
		celsius = value;
	else if (strcmp(name, "v_init") == 0 && isnan(v_init))
		v_init = value;
	else if (strcmp(name, "dt") == 0 && isnan(dt))
		dt = value;
	else
		section_set_parameter(where, name, value);
}

static void
set_all(void)
{
	static bool again;

	settings_each(params, "set", &sets, set_one);
	if (left_out && !again)
		warn("%s: left out, without a synapse or a gap junction: %s",
		     params, left_out);
	again = true;
}

/* A public number of the cell, or NaN. */
static double
public_number(const char *name)
{
	if (!source.template_name || !nrn_try("{hoc_ac_ = bm_cell.%s}", name))
		return NAN;
	return nrn_number("bm_cell.%s", name);
}

/* Take what the option says, else what the model says, else NEURON's default,
 * which is reported then. */
static double
decide(double option, double model, double standard, const char *what)
{
	if (!isnan(option))
		return option;
	if (!isnan(model))
		return model;
	if (what)
		warn("%s is NEURON's default, %g: the model does not say "
		     "another",
		     what, standard);
	return standard;
}

/* A number that a hoc file has changed from NEURON's default; NaN if none has.
 */
static double
changed(const char *name, double standard)
{
	double v = nrn_number("%s", name);

	return v == standard ? NAN : v;
}

/* Steps are fixed, and those of --cvode are by its own tolerance: what a model
 * has set of it is undone, but not in silence.  Threads make one cell slower,
 * and are lost in a child. */
static void
undo(void)
{
	nrn_do("objref bm_cvode, bm_context\n"
	       "bm_cvode = new CVode()\n"
	       "bm_context = new ParallelContext()");
	if (nrn_number("bm_cvode.active()") != 0)
		warn("the model's cvode_active(1) is undone: steps are fixed "
		     "unless a tool is given --cvode");
	if (nrn_number("using_cvode_") != 0) /* it has a dt to restore */
		nrn_do("{cvode_active(0)}");
	nrn_do("{bm_cvode.active(0)}\n{bm_cvode.use_local_dt(0)}");
	if (nrn_number("bm_context.nthread()") > 1) {
		warn("the model's %g threads are one here",
		     nrn_number("bm_context.nthread()"));
		nrn_do("{bm_context.nthread(1)}");
	}
}

/* run() has a dt of its own where steps_per_ms says another: they have to
 * agree. */
static void
set_numbers(void)
{
	nrn_do("celsius = %.17g\nv_init = %.17g\ndt = %.17g\nsetdt()", celsius,
	       v_init, dt);
	if (nrn_number("dt") != dt)
		nrn_do("steps_per_ms = 1 / %.17g\ndt = %.17g\nsetdt()", dt, dt);
}

static void
check_numbers(void)
{
	if (!(celsius > -273.15 && celsius < 1000))
		misuse("celsius: no temperature: %g", celsius);
	if (!(fabs(v_init) < 1000))
		misuse("v_init: no voltage in mV: %g", v_init);
	if (!(dt >= 1e-6 && dt <= 10))
		misuse("dt: not from 1e-6 to 10 ms: %g", dt);
}

static void
decide_all(void)
{
	double cell = public_number("Vinit");

	undo();
	if (isnan(source.celsius))
		source.celsius = changed("celsius", CELSIUS);
	if (isnan(source.v_init))
		source.v_init = isnan(cell) ? changed("v_init", V_INIT) : cell;
	/* steps_per_ms may determine dt, as in stdrun's run(). */
	if (isnan(source.dt) && isnan(dt))
		nrn_do("setdt()");
	if (isnan(source.dt))
		source.dt = changed("dt", DT);
	celsius = decide(celsius, source.celsius, CELSIUS,
			 "the temperature (--celsius)");
	v_init = decide(v_init, source.v_init, V_INIT,
			"the voltage to begin with (--v-init)");
	dt = decide(dt, source.dt, DT, NULL);
	check_numbers();
	set_numbers();
}

/* Compiled files of several models have the same mechanisms in them, which
 * NEURON cannot have twice: they are one library. */
static void
load_mechanisms(void)
{
	const char *library = mechanisms_compile(&source.mechanisms);

	if (library)
		nrn_load_mechanisms(library);
}

static void
say_all(void)
{
	static const char *const rules[] = {"keep", "allen", "dlambda"};
	const char *rule = opt_given(&nseg_rule) || isnan(source.dl)
				   ? rules[nseg_rule]
				   : "dL";
	size_t i, n = 0;

	for (i = 0; i < sections_count(); i++)
		n += (size_t)section(i)->nseg;
	warn("celsius %g, v_init %g mV, dt %g ms, nseg rule %s, %zu sections, "
	     "%zu segments",
	     celsius, v_init, dt, rule, sections_count(), n);
}

/* An Allen cell of a BMTK network. */
static void
take_allen(void)
{
	allen.morphology = source.morphology;
	allen.fit = source.fit;
	allen.axon = source.axon;
	allen.without_globals = true;
}

static void
build(void (*load)(void))
{
	progress_begin("ms", 0);
	nrn_start(model_verbose, strict);
	load_mechanisms();
	load();
	find_sections();
	set_all();
	divide();
	set_all(); /* nseg goes before a rule */
	decide_all();
	find_sections();
	if (model_verbose)
		say_all();
}

static void
read_source(void)
{
	if (source.template_name)
		split_template();
	source.axon = allen.axon;
	if (config)
		nodetype_read(&source, config, node_type);
	if (source.fit)
		take_allen();
	else if (config && opt_given(&allen.axon))
		misuse("--axon: node type %s is no Allen cell", node_type);
	if (allen.fit)
		allen_read(&allen);
	if (allen.fit && source.mechanisms.n == 0)
		opt_list_add(&source.mechanisms, shipped_folder("mechanisms"));
}

const char *
model_config(void)
{
	return config;
}

const char *
model_node_type(void)
{
	return node_type;
}

void
model_choose_type(const char *type)
{
	node_type = type;
}

struct nodetype_cell *
model_source(void)
{
	static bool read;

	if (!read)
		read_source();
	read = true;
	return &source;
}

char *
model_allen_text(void)
{
	nrn_start(model_verbose, strict);
	load_mechanisms();
	allen_check_mechanisms(&allen);
	return allen_template(&allen);
}

const char *
model_allen_name(void)
{
	return model_source() && allen.fit ? allen.name : NULL;
}

void
model_be_hoc(const struct opt_list *hoc, const char *template_name)
{
	model_source();
	if (allen.fit)
		take_allen_numbers();
	allen.fit = NULL;
	source.hoc = *hoc;
	source.template_name = template_name;
}

void
model_also(const char *template_name)
{
	second.there = true;
	second.template_name = template_name;
}

void
model_build(void)
{
	model_source();
	build(load_cell);
}

static void (*make_sections)(void);

static void
load_others(void)
{
	make_cell();
	make_sections();
	gather(0);
}

void
model_build_of(void (*make)(void))
{
	make_sections = make;
	source.v_init = V_INIT; /* which nothing depends on, and none says */
	build(load_others);
}

void
model_set(const char *where, const char *name, double value)
{
	if (strcmp(name, "dt") == 0)
		misuse("%s: the length of a step is not a parameter of the "
		       "cell: 'dt'",
		       where);
	if (strcmp(name, "celsius") == 0)
		celsius = value;
	else if (strcmp(name, "v_init") == 0)
		v_init = value;
	else if (!take_other || !take_other(where, name, value))
		section_set_parameter(where, name, value);
}

void
model_follow(void)
{
	check_numbers();
	set_numbers();
	divide();
}

static void
warn_of(const char *name, double is, double was)
{
	if (is != was)
		warn("the model's init() makes %s %g, not %g", name, is, was);
}

/* What the run is made for, and does not find any more. */
static void
check_init(double varies)
{
	if (nrn_number("bm_cvode.active()") != varies)
		die("the model's init() turns CVODE %s",
		    varies != 0 ? "off, which --cvode cannot take"
				: "on: say --cvode");
	if (nrn_number("bm_context.nthread()") > 1)
		die("the model's init() makes threads, which are one here");
	if (nrn_number("dt") != dt)
		die("the model's init() makes dt %g, not %g: say --dt %g",
		    nrn_number("dt"), dt, nrn_number("dt"));
}

void
model_init(double tstop)
{
	double varies = nrn_number("bm_cvode.active()");
	static bool checked;

	nrn_do("tstop = %.17g\nstdinit()\nstoprun = 0", tstop);
	check_init(varies);
	if (checked)
		return;
	checked = true;
	warn_of("celsius", nrn_number("celsius"), celsius);
	warn_of("v_init", nrn_number("v_init"), v_init);
	section_check_parameters();
}
