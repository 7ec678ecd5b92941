#include <glob.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/nodetype.h"
#include "cell/nrn.h"
#include "files.h"
#include "out.h"
#include "sonata/config.h"
#include "sonata/types.h"

/* A row of a file of types. */
struct type_row {
	const struct types *types;
	size_t row;
};

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *
property(const struct type_row *f, const char *name)
{
	size_t column = type_find_property(f->types, name);

	return column == NO_TYPE ? NULL : f->types->value[f->row][column];
}

static bool
is_hoc(const struct type_row *f)
{
	const char *template_name = property(f, "model_template");

	return template_name && strncmp(template_name, "hoc:", 4) == 0;
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
			if (!is_hoc(&f))
				continue;
			one = format("%s:%lld (%s)", base_name(f.types->path),
				     (long long)f.types->id[row],
				     property(&f, "model_template"));
			all = join(all, one);
			free(one);
		}
	}
	misuse("--node-type: '%s' is none of those of hoc cells: %s", type,
	       all ? all : "there are none");
}

/* The row that the user means; of several, the only one of a hoc cell. */
static struct type_row
find_row(const struct config *c, const char *type)
{
	const char *colon = strrchr(type, ':'), *name;
	struct type_row f = {0}, one = {0};
	size_t i, n, nhoc = 0;
	const struct config_part *part = config_parts(c, "nodes", &n);
	int64_t id;

	if (!parse_int(colon ? colon + 1 : type, &id))
		misuse("--node-type: not a number: '%s'", type);
	for (i = 0; i < n; i++) {
		if (!part[i].types)
			continue;
		name = base_name(part[i].types);
		if (colon &&
		    (strncmp(name, type, (size_t)(colon - type)) != 0 ||
		     name[colon - type]))
			continue;
		f.types = read_types(part[i].types);
		f.row = type_find(f.types, id);
		if (f.row == NO_TYPE)
			continue;
		if (!one.types || is_hoc(&f))
			one = f;
		nhoc += is_hoc(&f);
	}
	if (!one.types || nhoc > 1)
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

/* The arguments that BMTK gives a template: "params" of the file that the type
 * names as its dynamics_params. */
static char *
arguments(const struct config *c, const struct type_row *f)
{
	const char *name = property(f, "dynamics_params");
	const char *folder =
		config_component(c, "biophysical_neuron_models_dir");
	const cJSON *params, *p;
	char *path, *all = NULL, text[32];

	if (!name || is_missing(name))
		return NULL;
	path = *name == '/' || !folder ? copy(name)
				       : format("%s/%s", folder, name);
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

void
nodetype_read(struct nodetype_cell *s, const char *config, const char *type)
{
	const struct config *c = config_read(config);
	const char *templates = config_component(c, "templates_dir");
	const char *mechanisms = config_component(c, "mechanisms_dir");
	const char *model;
	struct type_row f;

	config_need_network(c);
	f = find_row(c, type);
	model = property(&f, "model_template");
	if (!is_hoc(&f))
		die("%s: node type %s: model_template is not 'hoc:...': '%s'",
		    f.types->path, type, model ? model : "");
	if (!nrn_is_name(model + strlen("hoc:")))
		die("%s: node type %s: model_template is not a name in hoc: "
		    "'%s'",
		    f.types->path, type, model);
	if (!templates)
		die("%s: no components.templates_dir, where '%s' would be",
		    c->path, model);
	opt_list_add(&s->hoc, "import3d.hoc"); /* as BMTK does, before all */
	opt_list_add(&s->hoc, templates);
	if (mechanisms && has_mod_files(mechanisms))
		opt_list_add(&s->mechanisms, mechanisms);
	else if (mechanisms)
		warn("%s: no mod files", mechanisms);
	s->template_name = copy(model + strlen("hoc:"));
	s->arguments = arguments(c, &f);
	s->celsius = number(c, "conditions", "celsius");
	s->v_init = number(c, "conditions", "v_init");
	s->dt = number(c, "run", "dt");
	s->dl = number(c, "run", "dL");
}
