#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/allen.h"
#include "cell/nodetype.h"
#include "cell/nrn.h"
#include "files.h"
#include "out.h"
#include "sonata/config.h"
#include "sonata/paths.h"
#include "sonata/types.h"

/* A row of a file of types. */
struct type_row {
	const struct types *types;
	size_t row;
};

static const char *
property(const struct type_row *f, const char *name)
{
	size_t column = type_find_property(f->types, name);

	return column == NO_TYPE ? NULL : f->types->value[f->row][column];
}

static bool
begins(const char *s, const char *with)
{
	return s && strncmp(s, with, strlen(with)) == 0;
}

static bool
is_hoc(const struct type_row *f)
{
	return begins(property(f, "model_template"), "hoc:");
}

/* An Allen cell, by the names that BMTK has for its template. */
static bool
is_allen(const struct type_row *f)
{
	const char *template_name = property(f, "model_template");

	return begins(template_name, "ctdb:") &&
	       (strcmp(template_name + 5, "Biophys1") == 0 ||
		strcmp(template_name + 5, "Biophys1.hoc") == 0);
}

static bool
is_cell(const struct type_row *f)
{
	return is_hoc(f) || is_allen(f);
}

static struct types *
read_types(const char *path)
{
	files_check(path);
	return types_read(path, "node_type_id", NULL);
}

/* End the tool with a list, in one line, of the cells that can be built. */
static _Noreturn void
list_types(const struct config *c, const char *type)
{
	char *all = NULL, *one;
	size_t i, row, n;
	const struct config_part *part = config_parts(c, "nodes", &n);

	for (i = 0; i < n; i++) {
		struct type_row f = {0};

		if (!part[i].types)
			continue;
		f.types = read_types(part[i].types);
		for (row = 0; row < f.types->ntypes; row++) {
			f.row = row;
			if (!is_cell(&f))
				continue;
			one = format("%s:%lld (%s)", path_base(f.types->path),
				     (long long)f.types->id[row],
				     property(&f, "model_template"));
			all = join(all, one);
			free(one);
		}
	}
	misuse("--node-type: '%s' is none of those of cells: %s", type,
	       all ? all : "there are none");
}

/* The row that the user means; of several, the only one of a cell. */
static struct type_row
find_row(const struct config *c, const char *type)
{
	const char *colon = strrchr(type, ':'), *name;
	struct type_row f = {0}, one = {0};
	size_t i, n, ncells = 0;
	const struct config_part *part = config_parts(c, "nodes", &n);
	int64_t id;

	if (!parse_int(colon ? colon + 1 : type, &id))
		misuse("--node-type: not a number: '%s'", type);
	for (i = 0; i < n; i++) {
		if (!part[i].types)
			continue;
		name = path_base(part[i].types);
		if (colon &&
		    (strncmp(name, type, (size_t)(colon - type)) != 0 ||
		     name[colon - type]))
			continue;
		f.types = read_types(part[i].types);
		f.row = type_find(f.types, id);
		if (f.row == NO_TYPE)
			continue;
		if (!one.types || is_cell(&f))
			one = f;
		ncells += is_cell(&f);
	}
	if (!one.types || ncells > 1)
		list_types(c, type);
	return one;
}

/* A number in an object of the config, or NaN. */
static double
number(const struct config *c, const char *place, const char *key)
{
	const cJSON *v =
		cJSON_GetObjectItemCaseSensitive(config_section(c, place), key);

	if (!v || cJSON_IsNull(v))
		return NAN;
	if (!cJSON_IsNumber(v))
		die("%s: %s.%s is not a number", c->path, place, key);
	return v->valuedouble;
}

/* The same of a simulation, which has BMTK's own (SonataConfig) where it does
 * not say another; null is none. */
static double
run_number(const struct config *c, const char *key, double standard)
{
	const cJSON *run = config_section(c, "run");

	if (cJSON_IsObject(run) && !cJSON_GetObjectItemCaseSensitive(run, key))
		return standard;
	return number(c, "run", key);
}

static bool
has_mod_files(const char *folder)
{
	static const char *const below[] = {"", "modfiles/"};
	bool has = false;
	size_t i;

	for (i = 0; i < LEN(below) && !has; i++) {
		char *pattern = format("%s/%s*.mod", folder, below[i]);
		glob_t found;

		has = glob(pattern, 0, NULL, &found) == 0;
		globfree(&found);
		free(pattern);
	}
	return has;
}

/* The file that a property names, in a folder of components, or NULL. */
static char *
file_of(const struct config *c, const struct type_row *f, const char *name,
	const char *component)
{
	const char *file = property(f, name);
	const char *folder = config_component(c, component);

	if (!file || is_missing(file))
		return NULL;
	return *file == '/' || !folder ? copy(file)
				       : format("%s/%s", folder, file);
}

/* The arguments that BMTK gives a template: "params" of the file that the type
 * names as its dynamics_params. */
static char *
arguments(const struct config *c, const struct type_row *f)
{
	const cJSON *params, *p;
	char *path = file_of(c, f, "dynamics_params",
			     "biophysical_neuron_models_dir");
	char *all = NULL, text[32];

	if (!path)
		return NULL;
	files_check(path);
	params = cJSON_GetObjectItemCaseSensitive(json_read(path), "params");
	p = cJSON_IsArray(params) ? json_first(params) : params;
	for (; p; p = cJSON_IsArray(params) ? p->next : NULL) {
		if (!cJSON_IsNumber(p))
			die("%s: params: not a number, nor a list of them",
			    path);
		out_num_text(p->valuedouble, text);
		all = join(all, text);
	}
	free(path);
	return all;
}

/* End the tool about a property of the type that the user means. */
static _Noreturn void
bad_property(const struct type_row *f, const char *name, const char *problem)
{
	const char *value = property(f, name);

	die("%s: node type %lld: %s %s: '%s'", f->types->path,
	    (long long)f->types->id[f->row], name, problem, value ? value : "");
}

static void
read_hoc(struct nodetype_cell *s, const struct config *c,
	 const struct type_row *f)
{
	const char *templates = config_component(c, "templates_dir");
	const char *name = property(f, "model_template") + strlen("hoc:");

	if (!nrn_is_name(name))
		bad_property(f, "model_template", "is not a name in hoc");
	if (!templates)
		die("%s: no components.templates_dir, where 'hoc:%s' would be",
		    c->path, name);
	opt_list_add(&s->hoc, "import3d.hoc"); /* as BMTK does, before all */
	opt_list_add(&s->hoc, templates);
	s->template_name = copy(name);
	s->arguments = arguments(c, f);
}

/* SONATA lets ".swc" be left out; BMTK looks first whether it is. */
static char *
morphology(const struct config *c, const struct type_row *f)
{
	char *path = file_of(c, f, "morphology", "morphologies_dir");
	const char *ends[] = {"", ".swc", ".asc", ".ASC"};
	size_t i;

	if (!path)
		bad_property(f, "morphology", "names no file");
	for (i = 0; i < LEN(ends); i++) {
		char *file = format("%s%s", path, ends[i]);

		if (!files_fault(file))
			return file;
		free(file);
	}
	files_check(path);
	return path;
}

/* BMTK's functions by what they make of the axon; of the directed ones only the
 * direction is another, and the one with the full axon is that of BMTK's
 * example bio_all_active_sweep.  What is "extracellular" changes no voltage
 * here.  A network may have functions of its own: then the option has to say
 * what one makes of the axon. */
static void
read_processing(struct nodetype_cell *s, const struct type_row *f)
{
	static const struct {
		const char *name;
		unsigned axon;
	} known[] = {
		{"aibs_perisomatic", ALLEN_STUB},
		{"aibs_perisomatic_directed", ALLEN_STUB},
		{"aibs_allactive", ALLEN_BMTK},
		{"aibs_allactive_directed", ALLEN_BMTK},
		{"aibs_allactive_fullaxon", ALLEN_FULL},
		{"extracellular", ALLEN_UNSAID},
		{"set_extracellular", ALLEN_UNSAID},
	};
	const char *value = property(f, "model_processing");
	char *all, *rest, *one;
	size_t i;

	if (s->axon != ALLEN_UNSAID)
		return;
	rest = all = copy(value ? value : "");
	while ((one = strsep(&rest, ","))) {
		one += strspn(one, " ");
		for (i = 0; i < LEN(known); i++)
			if (strcmp(one, known[i].name) == 0)
				break;
		if (i == LEN(known))
			break;
		if (known[i].axon != ALLEN_UNSAID)
			s->axon = known[i].axon;
	}
	if (one || s->axon == ALLEN_UNSAID)
		bad_property(f, "model_processing",
			     "is none of BMTK's own, aibs_perisomatic, "
			     "aibs_allactive or one of these _directed: --axon "
			     "says what it makes of the axon");
	free(all);
}

static void
read_allen(struct nodetype_cell *s, const struct config *c,
	   const struct type_row *f)
{
	read_processing(s, f);
	s->morphology = morphology(c, f);
	s->fit = file_of(c, f, "dynamics_params",
			 "biophysical_neuron_models_dir");
	if (!s->fit)
		bad_property(f, "dynamics_params", "names no file");
	files_check(s->fit);
}

void
nodetype_read(struct nodetype_cell *s, const char *config, const char *type)
{
	const struct config *c = config_read(config);
	const char *mechanisms = config_component(c, "mechanisms_dir");
	struct type_row f;

	config_need_network(c);
	f = find_row(c, type);
	if (begins(property(&f, "model_template"), "nml:"))
		bad_property(
			&f, "model_template",
			"is NeuroML, which is not read: say --swc with its "
			"morphology and --fit with its JSON");
	if (!is_cell(&f))
		bad_property(&f, "model_template",
			     "is not 'hoc:...' or 'ctdb:Biophys1'");
	s->celsius = number(c, "conditions", "celsius");
	s->v_init = number(c, "conditions", "v_init");
	s->dt = run_number(c, "dt", 0.1);
	s->dl = run_number(c, "dL", 20);
	if (is_hoc(&f))
		read_hoc(s, c, &f);
	else
		read_allen(s, c, &f);
	if (mechanisms && has_mod_files(mechanisms))
		opt_list_add(&s->mechanisms, mechanisms);
	else if (mechanisms && is_hoc(&f))
		warn("%s: no mod files", mechanisms);
}
