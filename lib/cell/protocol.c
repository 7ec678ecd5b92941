#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/nrn.h"
#include "cell/protocol.h"
#include "cell/sweep.h"
#include "opt.h"
#include "progress.h"

/* So many steps are taken at a time; progress is told between. */
#define STRETCH 4000

#define MAX_AMP 1e9 /* pA: 1 mA */

static struct opt_list records;
static const char *inject;
static double settle, usually; /* without --settle */
static double tolerance;       /* 0: fixed steps */

const struct opt protocol_settle_opts[] = {
	OPT_NUM_IN(0, "settle", "ms", &settle, "[0,inf)",
		   "let this time pass before time 0 (0)"),
	OPT_END,
};

#define RECORD                                                                 \
	OPT_LIST(0, "record", "site", &records,                                \
		 "where the voltage is recorded, 'dend[1](0.3)'")

const struct opt protocol_synapse_opts[] = {
	RECORD,
	OPT_NUM_IN(0, "settle", "ms", &settle, "[0,inf)",
		   "let this time pass before time 0 (500)"),
	OPT_END,
};

const struct opt protocol_opts[] = {
	OPT_STR(0, "inject", "site", &inject,
		"where the current goes in, 'soma(0.5)'"),
	RECORD,
	OPT_TABLE(protocol_settle_opts),
	OPT_NUM_IN(0, "cvode", "mV", &tolerance, "(0,1)",
		   "let steps vary, by this error (fixed)"),
	OPT_END,
};

static struct section_site *sites, own; /* that of --inject */
static const struct section_site *into; /* where the current goes in */
static size_t n_sites;
static bool default_too;
static struct section_site *places; /* the last of the sites */
static size_t n_places;
static size_t settled; /* steps before time 0 */
static size_t at;      /* steps since NEURON's own time 0 */

/* The current to come: a pulse, or one for each of n_wave samples. */
static double amp;
static size_t pulse_first, pulse_end;
static double *wave;
static size_t n_wave;

size_t
protocol_nsites(void)
{
	return n_sites;
}

const struct section_site *
protocol_site(size_t k)
{
	return &sites[k];
}

const struct section_site *
protocol_electrode(void)
{
	return into;
}

/* NEURON's continuerun() calls step(), that advance(), and that fadvance(): of
 * what the model has left as it is, only fadvance() has to be called.  It is
 * counted, and so is a model's own advance(). */
static enum { FADVANCE, ADVANCE, CONTINUERUN } how;

static const char procedures[] =
	"objref bm_electrode, bm_electrodes, bm_voltage, bm_wave\n"
	"bm_electrodes = new List()\n"
	"bm_voltage = new List()\n"
	"bm_wave = new Vector()\n"
	"proc bm_inject() {\n"
	" bm_section.o($1).sec bm_electrode = new IClamp($2)\n"
	" bm_electrode.del = 0\n"
	" bm_electrode.dur = 0\n"
	" bm_electrode.amp = 0\n"
	" bm_electrodes.append(bm_electrode)\n"
	"}\n"
	"proc bm_start() { local i\n"
	" for i = 0, bm_electrodes.count() - 1 {\n"
	"  bm_electrodes.o(i).amp = 0\n"
	"  bm_electrodes.o(i).del = $1\n"
	"  bm_electrodes.o(i).dur = $2\n"
	" }\n"
	"}\n"
	"proc bm_record() {\n"
	" bm_object = new Vector()\n"
	" if ($3 > 0) {\n"
	"  bm_section.o($1).sec bm_object.record(&v($2), $3)\n"
	" } else {\n"
	"  bm_section.o($1).sec bm_object.record(&v($2))\n"
	" }\n"
	" bm_voltage.append(bm_object)\n"
	"}\n"
	"func bm_fadvance() { local i\n"
	" for i = 1, $1 fadvance()\n"
	" return 1\n"
	"}\n"
	"func bm_advance() { local i\n"
	" for i = 1, $1 advance()\n"
	" return 1\n"
	"}\n"
	"func bm_follow() { local i\n"
	" for i = $1, $2 {\n"
	"  bm_electrode.amp = bm_wave.x[i]\n"
	"  advance()\n"
	" }\n"
	" return 1\n"
	"}\n"
	"func bm_watchers() { local i, n\n"
	" n = flush_list.count() + fast_flush_list.count()\n"
	" for i = 0, n_graph_lists - 1 n += graphList[i].count()\n"
	" return n\n"
	"}\n";

void
protocol_also_default(void)
{
	default_too = true;
}

void
protocol_also_record(const char *site)
{
	opt_list_add(&records, site);
}

void
protocol_place(const struct section_site *place, size_t n)
{
	size_t i;

	while (n_places > 0)
		free(places[--n_places].name);
	free(places);
	places = zeros(n, sizeof *places);
	for (i = 0; i < n; i++) {
		places[i] = place[i];
		places[i].name = copy(place[i].name);
	}
	n_places = n;
}

size_t
protocol_place_site(size_t k)
{
	return n_sites - n_places + k;
}

/* That of --inject is the first; a tool that has places needs no other. */
static bool
has_own_electrode(void)
{
	return n_places == 0 || opt_offered(&inject);
}

static void
choose_electrode(size_t k)
{
	bool has_own = has_own_electrode();

	into = has_own && k == 0 ? &own : &places[k - has_own];
	nrn_do("bm_electrode = bm_electrodes.o(%zu)", k);
}

void
protocol_into(size_t k)
{
	choose_electrode(k + has_own_electrode());
}

/* Where the default is there too, no site is twice. */
static void
add_site(const char *text)
{
	struct section_site s = section_find_site("record", text);
	size_t i;

	for (i = 0; default_too && i < n_sites; i++)
		if (sites[i].section == s.section && sites[i].x == s.x) {
			free(s.name);
			return;
		}
	sites[n_sites++] = s;
}

static void
find_own_sites(void)
{
	bool is_said = opt_offered(&inject);
	size_t i;

	if (is_said)
		own = section_find_site("inject", inject);
	if (records.n == 0 || (default_too && sections_have_one_root()))
		add_site(NULL);
	for (i = 0; i < records.n; i++)
		add_site(records.item[i]);
	if (!is_said)
		own = sites[0];
}

static void
find_sites(void)
{
	size_t i;

	while (n_sites > 0)
		free(sites[--n_sites].name);
	free(sites);
	sites = zeros(records.n + 1 + n_places, sizeof *sites);
	if (has_own_electrode())
		find_own_sites();
	for (i = 0; i < n_places; i++) {
		sites[n_sites] = places[i];
		sites[n_sites++].name = copy(places[i].name);
	}
	if (model_verbose && opt_offered(&inject))
		warn("the current goes in at %s, voltage is first recorded at "
		     "%s",
		     own.name, sites[0].name);
	else if (model_verbose)
		warn("voltage is first recorded at %s", sites[0].name);
}

double
protocol_settle(void)
{
	return model_time(settled);
}

void
protocol_settle_usually(double ms)
{
	usually = ms;
	settled = model_steps("settle", opt_given(&settle) ? settle : usually);
}

/* NEURON's cache_efficient(1) would make a run faster, by 4 % where we measured
 * it for 28 and for 220 segments, by a third for a cell of the Allen Institute
 * of 264.  But it moves all that a model may have kept the address of, as a
 * Random and a VERBATIM block do: those would go on with the old place. */
static void
choose_integrator(void)
{
	if (tolerance > 0)
		nrn_do("{bm_cvode.active(1)}\n{bm_cvode.atol(%.17g)}\n"
		       "using_cvode_ = 1",
		       tolerance);
}

/* A model's own step() or continuerun(), or an object of its own that
 * continuerun() calls as if it were a graph, is left to continuerun(). */
static void
choose_how(void)
{
	static const char *const outer[] = {"continuerun", "step", "Plot",
					    "flushPlot", "screen_update"};
	size_t i;

	how = nrn_is_standard("advance") ? FADVANCE : ADVANCE;
	if (tolerance > 0 && how == ADVANCE)
		how = CONTINUERUN; /* its steps cannot be counted */
	for (i = 0; i < LEN(outer); i++)
		if (!nrn_is_standard(outer[i]))
			how = CONTINUERUN;
	if (nrn_number("bm_watchers()") > 0)
		how = CONTINUERUN;
	if (!nrn_is_standard("run"))
		warn("the model's own run() is not called, but what NEURON's "
		     "calls: stdinit() and continuerun()");
}

/* A file may come with a stimulus, for its author's own runs. */
static void
warn_of_others(void)
{
	static const char *const kinds[] = {"IClamp", "SEClamp", "VClamp"};
	size_t i;

	for (i = 0; i < LEN(kinds); i++) {
		nrn_do("bm_object = new List(\"%s\")", kinds[i]);
		if (nrn_number("bm_object.count()") > 0)
			warn("the model has its own: %g %s",
			     nrn_number("bm_object.count()"), kinds[i]);
	}
}

void
protocol_open(void)
{
	double grid = tolerance > 0 ? model_dt() : 0;
	static bool opened;
	size_t i;

	if (!opened)
		warn_of_others();
	opened = true;
	protocol_settle_usually(usually);
	find_sites();
	choose_integrator();
	nrn_do("%s", procedures);
	if (has_own_electrode())
		nrn_do("bm_inject(%zu, %.17g)", own.section, own.x);
	for (i = 0; i < n_places; i++)
		nrn_do("bm_inject(%zu, %.17g)", places[i].section, places[i].x);
	choose_electrode(0);
	for (i = 0; i < n_sites; i++)
		nrn_do("bm_record(%zu, %.17g, %.17g)", sites[i].section,
		       sites[i].x, grid);
}

static void
check_voltage(void)
{
	double *v;
	size_t i, k, n;

	for (i = 0; i < n_sites; i++) {
		n = nrn_vector(&v, "bm_voltage.o(%zu)", i);
		if (n == 0 || isfinite(v[n - 1]))
			continue;
		for (k = n - 1; k > 0 && !isfinite(v[k - 1]); k--)
			;
		die("the voltage at %s is not a number from %g ms on: the run "
		    "diverges",
		    sites[i].name, ((double)k - (double)settled) * model_dt());
	}
}

/* NEURON's time has --settle before time 0. */
static double
own_time(size_t k)
{
	return model_time(settled + k);
}

/* A model may have a reason of its own to end a run, which is not that of who
 * asked for all of it. */
static void
check_stop(void)
{
	static bool said;

	if (nrn_number("stoprun") != 0 && !said)
		warn("the model sets stoprun before %g ms: the run goes on",
		     model_time(at) - model_time(settled));
	said = said || nrn_number("stoprun") != 0;
}

static void
advance(size_t end)
{
	if (tolerance > 0) {
		if (end > at)
			nrn_do("{bm_cvode.solve(%.17g)}", model_time(end));
	} else if (wave && at >= settled) {
		nrn_number("bm_follow(%zu, %zu)", at - settled + 1,
			   end - settled);
	} else {
		nrn_number("%s(%zu)",
			   how == FADVANCE ? "bm_fadvance" : "bm_advance",
			   end - at);
	}
	at = end;
	check_stop();
}

static void
continue_run(size_t end)
{
	double half = model_dt() / 2;

	nrn_do("continuerun(%.17g)", model_time(end));
	if (!(nrn_number("t") > model_time(end) - half))
		die("the model ends its run at %g ms",
		    nrn_number("t") - model_time(settled));
	at = end;
}

static void
run_to(size_t end)
{
	progress_begin("ms", (size_t)model_time(end));
	while (at < end) {
		if (how == CONTINUERUN)
			continue_run(end);
		else
			advance(end - at > STRETCH ? at + STRETCH : end);
		progress((size_t)model_time(at));
	}
	check_voltage();
}

/* CVODE has to know from the beginning when the current will change. */
void
protocol_start(size_t first, size_t end, size_t n)
{
	choose_electrode(0);
	nrn_do("bm_start(%.17g, %.17g)", own_time(first),
	       own_time(end) - own_time(first));
	model_init(own_time(n));
	choose_how();
	pulse_first = first;
	pulse_end = end;
	amp = 0;
	free(wave);
	wave = NULL;
	at = 0;
	protocol_approach(0);
}

void
protocol_approach(size_t n)
{
	if (how != CONTINUERUN)
		run_to(settled + n);
}

void
protocol_pulse(double amp_nA)
{
	amp = amp_nA;
	nrn_do("bm_electrode.amp = %.17g", amp);
}

void
protocol_wave(const double *i, size_t n)
{
	double *theirs;

	if (tolerance > 0)
		misuse("--cvode goes with steps of current only");
	if (how == CONTINUERUN)
		die("the model's own way to run goes with steps of current "
		    "only");
	if (nrn_vector(&theirs, "bm_wave.resize(%zu)", n) > 0)
		memcpy(theirs, i, n * sizeof *i);
	nrn_do("bm_electrode.del = 0\nbm_electrode.dur = 1e9");
	wave = zeros(n, sizeof *wave);
	memcpy(wave, i, n * sizeof *i);
	n_wave = n;
}

void
protocol_run(size_t n)
{
	run_to(settled + n);
}

void
protocol_read_amps(const char *option, const char *text,
		   struct protocol_amps *a)
{
	static const struct sweep_of of = {.one = "an amplitude",
					   .many = "amplitudes",
					   .unit = "pA",
					   .most = MAX_AMP};

	a->fA = sweep_read(option, text, &of, &a->n);
}

double
protocol_amp_pA(const struct protocol_amps *a, size_t i)
{
	return (double)a->fA[i] / 1e3;
}

double
protocol_amp_nA(const struct protocol_amps *a, size_t i)
{
	return (double)a->fA[i] / 1e6;
}

/* CVODE stops before it has recorded the sample at its end. */
static void
complete(void)
{
	if (tolerance > 0)
		nrn_do("{bm_cvode.solve(%.17g)}",
		       model_time(at) + model_dt() / 2);
}

/* The samples from time 0 on. */
static const double *
since_start(const double *p, size_t all, size_t *n)
{
	*n = all > settled ? all - settled : 0;
	return p + settled;
}

const double *
protocol_samples(const char *list, size_t k, size_t *n)
{
	double *p;
	size_t all;

	complete();
	all = nrn_vector(&p, "%s.o(%zu)", list, k);
	return since_start(p, all, n);
}

const double *
protocol_voltage(size_t k, size_t *n)
{
	return protocol_samples("bm_voltage", k, n);
}

const double *
protocol_current(size_t *n)
{
	static double *current;
	static size_t cap;
	size_t k;

	*n = at - settled + 1;
	current = grow(current, &cap, *n, sizeof *current);
	for (k = 0; k < *n; k++)
		current[k] = wave ? (k < n_wave ? wave[k] : 0)
			     : k > pulse_first && k <= pulse_end ? amp
								 : 0;
	return current;
}
