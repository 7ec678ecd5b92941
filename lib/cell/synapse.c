#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/nrn.h"
#include "cell/protocol.h"
#include "cell/sections.h"
#include "cell/settings.h"
#include "cell/synapse.h"
#include "cell/tokens.h"
#include "cell/variables.h"
#include "files.h"
#include "sonata/json.h"

#define WEIGHT "bm_netcon.weight" /* in hoc */
#define DELAY "bm_netcon.delay"
#define USUAL_DELAY 1.3 /* ms */

static const char *mechanism, *at, *params, *current = "i";
static struct opt_list sets;
static double weight = NAN, delay = NAN;
static const char *clamp = "none", *clamp_at = "soma(0.5)";
static double rs = 0.01, held = NAN;

const struct opt synapse_opts[] = {
	OPT_STR(0, "synapse", "name", &mechanism,
		"a point process with NET_RECEIVE"),
	OPT_STR(0, "at", "site", &at, "where it is (soma(0.5))"),
	OPT_LIST(0, "syn", "name=value", &sets,
		 "set a parameter of it, 'tau2=5'"),
	OPT_STR(0, "syn-params", "file", &params,
		"set those of a table, or of BMTK's JSON"),
	OPT_STR(0, "current", "name", &current, "its current (i)"),
	OPT_NUM_IN(0, "weight", "weight", &weight, "(-inf,inf)",
		   "of the connection, as the synapse takes it"),
	OPT_END,
};

const struct opt synapse_clamp_opts[] = {
	OPT_STR(0, "clamp", "mV", &clamp, "hold this voltage (none)"),
	OPT_STR(0, "clamp-at", "site", &clamp_at, "where that is (soma(0.5))"),
	OPT_NUM_IN(0, "rs", "MOhm", &rs, "(0,inf)",
		   "its series resistance (0.01)"),
	OPT_END,
};

static struct synapse_source network = {.weight = NAN, .delay_ms = NAN};
static struct opt_list tracks;
static bool opened, has_weight, has_delay;

/* All names that it has, those of parameters first, and its global ones, which
 * have its own name behind them. */
static char **name, **global;
static size_t n_names, n_parameters, n_globals;

/* What was set, to be looked at again when a run has begun. */
static struct setting {
	char *where, *name;
	double value;
} * said;
static size_t n_said, m_said;

void
synapse_take(const struct synapse_source *s)
{
	network = *s;
}

bool
synapse_is_given(void)
{
	return mechanism || network.mechanism;
}

void
synapse_delay(double ms)
{
	delay = ms;
}

double
synapse_delay_ms(void)
{
	return nrn_number(DELAY);
}

const char *
synapse_mechanism(void)
{
	return mechanism;
}

const char *
synapse_site(void)
{
	return at;
}

void
synapse_track(const char *variable)
{
	size_t k;

	for (k = 0; k < tracks.n; k++)
		if (strcmp(tracks.item[k], variable) == 0)
			misuse("--track: it is there twice: '%s'", variable);
	opt_list_add(&tracks, variable);
}

/* ---- Which mechanism ---- */

/* Of each point process: can it be the target of a NetCon, and is it a cell of
 * its own? */
static const char lister[] =
	"objref bm_type\n"
	"strdef bm_mechanism\n"
	"proc bm_points() { local i\n"
	" bm_type = new MechanismType(1)\n"
	" for i = 0, bm_type.count() - 1 {\n"
	"  bm_type.select(i)\n"
	"  bm_type.selected(bm_mechanism)\n"
	"  printf(\"%s\\t%d\\t%d\\n\", bm_mechanism,"
	" bm_type.is_netcon_target(i), bm_type.is_artificial(i))\n"
	" }\n"
	"}\n";

/* What stands in the way of a name, or NULL if it is a synapse's.  Of a network
 * it may be in other letters, as BMTK's "exp2syn" is NEURON's Exp2Syn. */
static const char *
find_mechanism(const char **called, bool loosely, char **all)
{
	const char *fault = "is no point process", *wanted = *called;
	char *text, *rest, *line, *target, *cell;

	nrn_do("%s", lister);
	rest = text = copy(nrn_print("bm_points()"));
	while ((line = strsep(&rest, "\n"))) {
		bool is, like;

		target = strchr(line, '\t');
		if (!target)
			continue;
		*target++ = '\0';
		cell = strchr(target, '\t');
		is = strcmp(line, wanted) == 0;
		like = loosely && strcasecmp(line, wanted) == 0;
		if (*target == '1' && cell[1] == '0') {
			*all = join(*all, line);
			if (is || (like && fault))
				*called = copy(line);
			fault = is || like ? NULL : fault;
		} else if (is) {
			fault = cell[1] != '0' ? "is an ARTIFICIAL_CELL, which "
						 "is at no site"
					       : "has no NET_RECEIVE";
		}
	}
	free(text);
	return fault;
}

/* The names after a word in the NEURON block, and whether any of some words is
 * in the file at all. */
static char *
names_after(const struct tokens *t, const char *word)
{
	char *all = NULL, *one;
	size_t i = 0, end;

	while (i + 1 < t->n && !tokens_is(t, i, "NEURON"))
		i++;
	if (i + 1 >= t->n || !tokens_is(t, i + 1, "{"))
		return NULL;
	end = tokens_close(t, i + 1);
	for (; i < end; i++) {
		if (!tokens_is(t, i, word))
			continue;
		do {
			one = tokens_text(t, i + 1);
			all = join(all, one);
			free(one);
			i += 2;
		} while (i < end && tokens_is(t, i, ","));
		i--;
	}
	return all;
}

/* The function that draws random numbers, or NULL. */
static const char *
draws_here(const struct tokens *t)
{
	static const char *const functions[] = {"scop_random",
						"exprand",
						"normrand",
						"poisrand",
						"nrn_random_pick",
						"mcell_ran4",
						"nrnran123_dblpick",
						"random_uniform",
						"random_normal",
						"random_negexp",
						"random_dpick",
						"random_ipick",
						"drand48",
						"rand",
						"random"};
	size_t i, k;

	for (k = 0; k < LEN(functions); k++)
		for (i = 0; i < t->n; i++)
			if (tokens_is(t, i, functions[k]) &&
			    tokens_is(t, i + 1, "("))
				return functions[k];
	return NULL;
}

/* The same, in blocks of C as well. */
static const char *
draws(const struct tokens *t)
{
	const char *function = draws_here(t);
	size_t i;

	for (i = 0; i < t->n && !function; i++) {
		struct tokens block;

		if (t->token[i].kind != TOKEN_VERBATIM)
			continue;
		tokens_within(&block, t, i);
		function = draws_here(&block);
		tokens_free(&block);
	}
	return function;
}

/* Nothing here sets a POINTER, and a synapse that reads through one has nothing
 * to read.  What is drawn is NEURON's, the same in each run. */
static void
check_text(const char *where, const char *all)
{
	char *text, *names;
	struct tokens t;
	const char *function;

	text = copy(nrn_print("{bm_type.select(\"%s\")}\n"
			      "{printf(\"%%s\", bm_type.code())}",
			      mechanism));
	tokens_of_text(&t, mechanism, text);
	names = names_after(&t, "POINTER");
	if (!names)
		names = names_after(&t, "BBCOREPOINTER");
	if (names)
		misuse("%s: '%s' has a POINTER that nothing sets here, %s: one "
		       "without is needed, of %s",
		       where, mechanism, names, all);
	if ((function = draws(&t)))
		warn("%s draws random numbers, by %s: a run is one of many",
		     mechanism, function);
	tokens_free(&t);
	free(text);
}

static void
read_names(void)
{
	size_t k, n, room;
	char **all = variables_of(mechanism, VARIABLES_ALL, &n);

	name = variables_of(mechanism, VARIABLES_PARAMETER, &n_parameters);
	room = n_parameters;
	name = grow(name, &room, n + n_parameters + 1, sizeof *name);
	n_names = n_parameters;
	for (k = 0; k < n; k++)
		if (!variables_have(name, n_parameters, all[k]))
			name[n_names++] = copy(all[k]);
	variables_free(all, n);
	global = variables_of(mechanism, VARIABLES_GLOBAL, &n_globals);
}

static void
choose_mechanism(void)
{
	const char *where = mechanism ? "--synapse" : network.where, *fault;
	bool loosely = !mechanism;
	char *all = NULL;

	if (!mechanism)
		mechanism = network.mechanism;
	if (!mechanism)
		misuse("--synapse is needed");
	fault = find_mechanism(&mechanism, loosely, &all);
	if (fault)
		misuse("%s: '%s' %s; there are: %s", where, mechanism, fault,
		       all ? all : "none");
	check_text(where, all);
	free(all);
	read_names();
}

/* ---- Parameters ---- */

/* A global one as hoc has it, or NULL: it may be called with the mechanism's
 * name behind it or without. */
static char *
find_global(const char *variable)
{
	char *full = format("%s_%s", variable, mechanism);

	if (variables_have(global, n_globals, full))
		return full;
	free(full);
	return variables_have(global, n_globals, variable) ? copy(variable)
							   : NULL;
}

char *
synapse_expression(const char *variable)
{
	char *s;

	if (variables_have(name, n_names, variable))
		return format("bm_synapse.%s", variable);
	if ((s = find_global(variable)))
		return s;
	if (strcmp(variable, "weight") == 0)
		return copy(WEIGHT);
	if (strcmp(variable, "delay") == 0)
		return copy(DELAY);
	return NULL;
}

char **
synapse_parameters(size_t *n)
{
	static const char *const more[] = {"weight", "delay"};
	char **all = zeros(n_parameters + LEN(more), sizeof *all);
	size_t k;

	for (*n = 0; *n < n_parameters; ++*n)
		all[*n] = copy(name[*n]);
	for (k = 0; k < LEN(more); k++)
		if (!variables_have(name, n_names, more[k]))
			all[(*n)++] = copy(more[k]);
	return all;
}

const char *
synapse_unit(const char *variable)
{
	static char *unit;
	char *bare = format("%.*s", (int)strcspn(variable, "["), variable);

	free(unit);
	unit = NULL;
	if (strcmp(variable, "delay") == 0 &&
	    !variables_have(name, n_names, variable))
		unit = copy("ms");
	else if (variables_have(name, n_names, variable))
		unit = copy(nrn_print("{printf(\"%%s\", units(\"%s.%s\"))}",
				      mechanism, bare));
	free(bare);
	return unit ? unit : "";
}

static char *
need_expression(const char *where, const char *variable)
{
	char *expression = synapse_expression(variable), *all;

	if (expression)
		return expression;
	all = variables_join(name, n_parameters);
	misuse("%s: no '%s' in %s; there are: %s", where, variable, mechanism,
	       all ? all : "none");
}

static void
put(const char *expression, double value)
{
	has_weight = has_weight || strcmp(expression, WEIGHT) == 0;
	has_delay = has_delay || strcmp(expression, DELAY) == 0;
	nrn_do("%s = %.17g", expression, value);
}

void
synapse_set(const char *where, const char *variable, double value)
{
	char *expression = need_expression(where, variable);

	if (!isfinite(value))
		misuse("%s: not a finite number: '%s'", where, variable);
	if (strcmp(expression, DELAY) == 0 && value < 0)
		misuse("%s: a delay below 0 ms: %g", where, value);
	put(expression, value);
	free(expression);
}

double
synapse_value(const char *variable)
{
	char *expression = synapse_expression(variable);
	double v = expression ? nrn_number("%s", expression) : NAN;

	free(expression);
	return v;
}

/* What the user has said is looked at again when a run has begun. */
static void
set_and_remember(const char *where, const char *variable, double value)
{
	synapse_set(where, variable, value);
	said = grow(said, &m_said, n_said + 1, sizeof *said);
	said[n_said++] = (struct setting){copy(where), copy(variable), value};
}

/* A table may have parameters of the cell too, as that of cell-fit has, where
 * those of the synapse begin with "syn.". */
static void
take(const char *where, const char *variable, double value)
{
	if (strncmp(variable, "syn.", 4) == 0)
		variable += 4;
	else if (strcmp(where, "--syn") != 0 && strchr(variable, '.'))
		return;
	set_and_remember(where, variable, value);
}

/* What BMTK calls otherwise than the mechanism (default_setters of its
 * bionet). */
static const char *
bmtk_name(const char *key)
{
	static const struct {
		const char *key, *name;
	} known[] = {{"erev", "e"}, {"tau1", "tau"}, {"tau_1", "tau"}};
	size_t k;

	if (variables_have(name, n_names, key) || find_global(key))
		return key;
	for (k = 0; k < LEN(known); k++)
		if (strcmp(key, known[k].key) == 0 &&
		    variables_have(name, n_parameters, known[k].name))
			return known[k].name;
	return NULL;
}

static void
take_json(const char *path)
{
	const cJSON *p = json_first(json_read(path));
	char *none = NULL;

	for (; p; p = p->next) {
		const char *key = bmtk_name(p->string);

		if (!key) {
			none = join(none, p->string);
			continue;
		}
		if (!cJSON_IsNumber(p))
			die("%s: '%s', which %s has, is not a number", path,
			    p->string, mechanism);
		if (strcmp(key, p->string) != 0)
			warn("%s: '%s' is '%s' of %s, as in BMTK", path,
			     p->string, key, mechanism);
		set_and_remember(path, key, p->valuedouble);
	}
	if (none)
		warn("%s: no parameters of %s: %s", path, mechanism, none);
	free(none);
}

static bool
is_json(const char *path)
{
	char s[64];

	return json_looks_like(s, files_first_bytes(path, s, sizeof s));
}

/* That of a network without one is not known. */
static void
set_delay(void)
{
	double usual = isnan(network.delay_ms) ? USUAL_DELAY : network.delay_ms;

	if (!isnan(delay))
		put(DELAY, delay);
	if (!isnan(delay) || has_delay)
		return;
	if (network.where && isnan(network.delay_ms))
		warn("%s has no delay: %g ms are taken (--delay)",
		     network.where, usual);
	put(DELAY, usual);
}

static void
set_all(void)
{
	const char *table = params;

	if (network.params)
		take_json(network.params);
	if (params && is_json(params)) {
		take_json(params);
		table = NULL;
	}
	settings_each(table, "syn", &sets, take);
	if (opt_given(&weight) || (!has_weight && !isnan(network.weight)))
		put(WEIGHT, opt_given(&weight) ? weight : network.weight);
	if (!has_weight)
		misuse("--weight is needed%s%s", network.where ? ": " : "",
		       network.where ? network.where : "");
	set_delay();
}

/* ---- In place ---- */

static const char procedures[] =
	"objref bm_nobody, bm_synapse, bm_netcon, bm_clamp, bm_traces,"
	" bm_arrivals, bm_kept\n"
	"bm_arrivals = new Vector()\n"
	"proc bm_drive() { local i\n"
	" for i = 0, bm_arrivals.size() - 1"
	" bm_netcon.event(bm_arrivals.x[i])\n"
	"}\n";

static void
record(const char *option, const char *variable)
{
	char *all;

	if (!variables_have(name, n_names, variable)) {
		all = variables_join(name + n_parameters,
				     n_names - n_parameters);
		misuse("--%s: no '%s' in %s; there are: %s", option, variable,
		       mechanism, all ? all : "none");
	}
	nrn_do("bm_object = new Vector()\n"
	       "{bm_object.record(&bm_synapse.%s)}\n"
	       "{bm_traces.append(bm_object)}",
	       variable);
}

static void
place(const char *object, const char *kind, const char *option,
      const char *site)
{
	struct section_site s = section_find_site(option, site);

	nrn_do("bm_section.o(%zu).sec %s = new %s(%.17g)", s.section, object,
	       kind, s.x);
	if (model_verbose)
		warn("%s is at %s", kind, s.name);
	free(s.name);
}

static void
read_clamp(void)
{
	if (strcmp(clamp, "none") == 0)
		return;
	if (!parse_num(clamp, &held) || !(fabs(held) < 1000))
		misuse("--clamp: neither none nor a voltage in mV: '%s'",
		       clamp);
}

static void
begin(void)
{
	choose_mechanism();
	read_clamp();
	nrn_do("%s", procedures);
}

static void
connect(void)
{
	place("bm_synapse", mechanism, "at", at);
	nrn_do("bm_netcon = new NetCon(bm_nobody, bm_synapse)");
}

/* What has been set by any way, such as a slider, is in hoc. */
static void
connect_again(void)
{
	double w = nrn_number(WEIGHT), d = nrn_number(DELAY);

	nrn_do("bm_kept = new MechanismStandard(\"%s\", %d)\n"
	       "{bm_kept.in(bm_synapse)}",
	       mechanism, VARIABLES_ALL);
	connect();
	nrn_do("{bm_kept.out(bm_synapse)}\n" WEIGHT " = %.17g\n" DELAY
	       " = %.17g",
	       w, d);
}

/* Where no clamp is asked for, nobody has to say where it is. */
static const char *
clamp_site(void)
{
	if (opt_given(&clamp_at))
		return clamp_at;
	return isnan(held) && !sections_have_one_root() ? protocol_site(0)->name
							: NULL;
}

void
synapse_open(void)
{
	size_t k;

	if (opened) {
		connect_again();
	} else {
		begin();
		connect();
		set_all();
	}
	opened = true;
	place("bm_clamp", "SEClamp", "clamp-at", clamp_site());
	synapse_hold(held);
	nrn_do("bm_clamp.rs = %.17g\nbm_traces = new List()", rs);
	record("current", current);
	nrn_do("bm_object = new Vector()\n{bm_object.record(&bm_clamp.i)}\n"
	       "{bm_traces.append(bm_object)}");
	for (k = 0; k < tracks.n; k++)
		record("track", tracks.item[k]);
}

const double *
synapse_trace(size_t k, size_t *n)
{
	return protocol_samples("bm_traces", k, n);
}

void
synapse_hold(double mV)
{
	held = mV;
	nrn_do("bm_clamp.amp1 = %.17g\nbm_clamp.dur1 = %g", isnan(mV) ? 0 : mV,
	       isnan(mV) ? 0 : 1e9);
}

double
synapse_held(void)
{
	return held;
}

/* ---- A run ---- */

/* A parameter that the INITIAL block sets anew is not what was asked for. */
static void
check_values(void)
{
	size_t k;

	for (k = 0; k < n_said; k++) {
		double v = synapse_value(said[k].name);

		if (fabs(v - said[k].value) > 1e-9 * fabs(said[k].value))
			warn("%s: %s=%g: %s begins with %g", said[k].where,
			     said[k].name, said[k].value, mechanism, v);
	}
	n_said = 0;
}

void
synapse_drive(const double *ms, size_t n)
{
	double *arrival, d = nrn_number(DELAY);
	size_t k;

	check_values();
	if (nrn_vector(&arrival, "bm_arrivals.resize(%zu)", n) == 0)
		return;
	for (k = 0; k < n; k++)
		arrival[k] = protocol_settle() + ms[k] + d;
	nrn_do("bm_drive()");
}
