#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "nodetype.h"
#include "types.h"

/* A row of a file of types. */
struct found {
	const struct types *types;
	size_t row;
};

static void
add(struct list *l, const char *item)
{
	l->item = grow(l->item, &l->cap, l->n + 1, sizeof *l->item);
	l->item[l->n++] = item;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *
property(const struct found *f, const char *name)
{
	size_t column = find_property(f->types, name);

	return column == NO_TYPE ? NULL : f->types->value[f->row][column];
}

static bool
is_hoc(const struct found *f)
{
	const char *template_name = property(f, "model_template");

	return template_name && strncmp(template_name, "hoc:", 4) == 0;
}

/* The cells that can be built, one line for all. */
static _Noreturn void
list_types(const struct config *c, const char *type)
{
	char *all = NULL, *one;
	size_t i, row;

	for (i = 0; i < c->nnodes; i++) {
		struct found f = {0};

		if (!c->nodes[i].types)
			continue;
		f.types = read_types(c->nodes[i].types, "node_type_id", NULL);
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

/* The row that is meant; of several the only one of a hoc cell. */
static struct found
find_row(const struct config *c, const char *type)
{
	const char *colon = strrchr(type, ':'), *name;
	struct found f = {0}, one = {0};
	size_t i, nhoc = 0;
	int64_t id;

	if (!parse_int(colon ? colon + 1 : type, &id))
		misuse("--node-type: not a number: '%s'", type);
	for (i = 0; i < c->nnodes; i++) {
		if (!c->nodes[i].types)
			continue;
		name = base_name(c->nodes[i].types);
		if (colon &&
		    (strncmp(name, type, (size_t)(colon - type)) != 0 ||
		     name[colon - type]))
			continue;
		f.types = read_types(c->nodes[i].types, "node_type_id", NULL);
		f.row = find_type(f.types, id);
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

/* A number in an object of the config; NaN if it is not there. */
static double
number(const struct config *c, const char *place, const cJSON *object,
       const char *key)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!v || cJSON_IsNull(v))
		return NAN;
	if (!cJSON_IsNumber(v))
		die("%s: %s.%s is not a number", c->path, place, key);
	return v->valuedouble;
}

static const char *
component(const struct config *c, const char *key)
{
	return cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(c->components, key));
}

void
read_node_type(struct cell_source *s, const char *config, const char *type)
{
	const struct config *c = read_config(config);
	const char *templates = component(c, "templates_dir");
	const char *mechanisms = component(c, "mechanisms_dir");
	const char *model;
	struct found f;

	need_network(c);
	f = find_row(c, type);
	model = property(&f, "model_template");
	if (!is_hoc(&f))
		die("%s: node type %s: model_template is not 'hoc:...': '%s'",
		    f.types->path, type, model ? model : "");
	if (!templates)
		die("%s: no components.templates_dir, where '%s' would be",
		    c->path, model);
	add(&s->hoc, templates);
	if (mechanisms)
		add(&s->mechanisms, mechanisms);
	s->template_name = copy(model + strlen("hoc:"));
	s->celsius = number(c, "conditions", c->conditions, "celsius");
	s->v_init = number(c, "conditions", c->conditions, "v_init");
	s->dt = number(c, "run", c->run, "dt");
}
