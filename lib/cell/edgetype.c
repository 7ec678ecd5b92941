#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell/edgetype.h"
#include "cell/model.h"
#include "cell/synapse.h"
#include "files.h"
#include "sonata/config.h"
#include "sonata/json.h"
#include "sonata/paths.h"
#include "sonata/reading.h"
#include "sonata/sonata.h"
#include "sonata/types.h"

static const char *edge_type;

const struct opt edgetype_opts[] = {
	OPT_TABLE(model_bare_opts),
	OPT_STR(0, "edge-type", "id", &edge_type,
		"the synapse of this type of its edges"),
	OPT_REQUIRED("hoc swc config"),
	OPT_NEEDS("config", "node-type edge-type"),
	OPT_NEEDS("edge-type", "config"),
	OPT_END,
};

bool
edgetype_is_given(void)
{
	return edge_type;
}

/* The type that the user means, and one population of its edges. */
struct edge_type {
	const struct config *c;
	const struct types *types;
	size_t row;
	int64_t id;
	const char *population; /* its edges, or NULL: those of all */
};

static const char *
property(const struct edge_type *e, const char *name)
{
	size_t column = type_find_property(e->types, name);
	const char *s =
		column == NO_TYPE ? NULL : e->types->value[e->row][column];

	return s && !is_missing(s) ? s : NULL;
}

static const struct types *
read_types(const char *path)
{
	files_check(path);
	return types_read(path, "edge_type_id", NULL);
}

static _Noreturn void
list_types(const struct config *c)
{
	char *all = NULL;
	size_t i, n;
	const struct config_part *part = config_parts(c, "edges", &n);

	for (i = 0; i < n; i++) {
		struct edge_type e = {.c = c};

		if (!part[i].types)
			continue;
		e.types = read_types(part[i].types);
		for (; e.row < e.types->ntypes; e.row++) {
			const char *name = property(&e, "model_template");
			char *one = format(
				"%s:%lld%s%s%s", path_base(part[i].types),
				(long long)e.types->id[e.row], name ? " (" : "",
				name ? name : "", name ? ")" : "");

			all = join(all, one);
			free(one);
		}
	}
	if (!all)
		misuse("--edge-type: no edges in %s have types: '%s'",
		       model_config(), edge_type);
	misuse("--edge-type: '%s' is none of these, or several of them: %s",
	       edge_type, all);
}

/* The population of edges that is called like what is before a colon, and its
 * types; or NULL. */
static const char *
population_of(const char *colon, const char **types)
{
	struct sonata_network *net =
		sonata_open_network(model_config(), NULL, NULL);
	size_t len = (size_t)(colon - edge_type), i;

	for (i = 0; i < sonata_known_refs(net, EDGES); i++) {
		const struct sonata_ref *ref = &net->ref[EDGES][i];

		if (strncmp(ref->name, edge_type, len) != 0 || ref->name[len])
			continue;
		*types = ref->types;
		return ref->name;
	}
	return NULL;
}

/* "100", or where several files have that number "v1_to_v1:100" with the name
 * of a population, or "v1_edge_types.csv:100". */
static struct edge_type
find_type(const struct config *c)
{
	const char *colon = strrchr(edge_type, ':'), *file, *of = NULL;
	struct edge_type e = {.c = c};
	const struct types *types;
	size_t i, n, row, found = 0;
	const struct config_part *part = config_parts(c, "edges", &n);

	if (!parse_int(colon ? colon + 1 : edge_type, &e.id))
		misuse("--edge-type: not a number: '%s'", edge_type);
	if (colon)
		e.population = population_of(colon, &of);
	for (i = 0; i < n; i++) {
		size_t len = colon ? (size_t)(colon - edge_type) : 0;

		if (!part[i].types)
			continue;
		file = path_base(part[i].types);
		if (of ? strcmp(part[i].types, of) != 0
		       : colon && (strncmp(file, edge_type, len) != 0 ||
				   file[len]))
			continue;
		types = read_types(part[i].types);
		row = type_find(types, e.id);
		if (row == NO_TYPE ||
		    (e.types && strcmp(e.types->path, types->path) == 0))
			continue;
		e.types = types;
		e.row = row;
		found++;
	}
	if (found != 1)
		list_types(c);
	return e;
}

/* ---- What its edges say ---- */

/* Numbers of the edges of the type. */
struct widths {
	double sum, low, high;
	size_t n;
};

static void
widen(struct widths *r, const struct hdf_value *v)
{
	double x;

	if (!reading_num(v, &x) || isnan(x))
		return;
	r->low = r->n == 0 || x < r->low ? x : r->low;
	r->high = r->n == 0 || x > r->high ? x : r->high;
	r->sum += x;
	r->n++;
}

/* What is the same in all of its edges, or their mean, which is said. */
static double
settle(const struct widths *r, const char *what, const char *option)
{
	double mean = r->sum / (double)r->n;

	if (r->low == r->high)
		return r->low;
	warn("edge type %s: %s of %zu edges is from %g to %g: the mean is "
	     "taken, %g (--%s)",
	     edge_type, what, r->n, r->low, r->high, mean, option);
	return mean;
}

/* A node type that its edges lead to, and what those say. */
struct aim {
	int64_t type;
	struct widths weight, delay;
};

struct survey {
	struct aim *aim;
	size_t n, cap;
	char *types; /* of the nodes */
};

static struct aim *
aim_at(struct survey *s, int64_t type)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->aim[i].type == type)
			return &s->aim[i];
	s->aim = grow(s->aim, &s->cap, s->n + 1, sizeof *s->aim);
	s->aim[s->n] = (struct aim){.type = type};
	return &s->aim[s->n++];
}

/* Of each node the type. */
static int64_t *
read_node_types(struct sonata_population *nodes)
{
	struct reading *r = reading_start(nodes, false);
	size_t k = reading_want(r, "node_type_id"), i, n;
	int64_t *type = zeros(nodes->n, sizeof *type);
	uint64_t first;

	for (first = 0; first < nodes->n; first += n) {
		n = nodes->n - first < BATCH ? nodes->n - first : BATCH;
		reading_range(r, first, n);
		for (i = 0; i < n; i++)
			if (!reading_int(&r->v[k][i], &type[first + i]))
				type[first + i] = -1;
	}
	reading_end(r);
	return type;
}

static void
survey_edges(struct survey *s, const struct edge_type *e,
	     struct sonata_network *net, struct sonata_population *edges)
{
	struct sonata_population *nodes =
		sonata_open(sonata_find(net, NODES, edges->target));
	struct reading *r = reading_start(edges, false);
	size_t type = reading_want(r, "edge_type_id"), i, n;
	size_t target = reading_want(r, "target_node_id");
	size_t weight = reading_try_want(r, "syn_weight");
	size_t delay = reading_try_want(r, "delay");
	int64_t *node_type = read_node_types(nodes), id;
	struct ids *ids = sonata_ids(nodes);
	struct aim *aim;
	uint64_t first;
	uint32_t cell;

	for (first = 0; first < edges->n; first += n) {
		n = edges->n - first < BATCH ? edges->n - first : BATCH;
		reading_range(r, first, n);
		for (i = 0; i < n; i++) {
			if (!reading_int(&r->v[type][i], &id) || id != e->id)
				continue;
			cell = reading_int(&r->v[target][i], &id)
				       ? ids_find(ids, id)
				       : NO_CELL;
			if (cell == NO_CELL)
				continue;
			aim = aim_at(s, node_type[cell]);
			if (weight != NO_ATTRIBUTE)
				widen(&aim->weight, &r->v[weight][i]);
			if (delay != NO_ATTRIBUTE)
				widen(&aim->delay, &r->v[delay][i]);
		}
	}
	s->types =
		nodes->ref->types ? copy(path_base(nodes->ref->types)) : NULL;
	free(node_type);
	ids_free(ids);
	reading_end(r);
	sonata_close(nodes);
}

static struct survey
survey_all(const struct edge_type *e)
{
	struct sonata_network *net =
		sonata_open_network(model_config(), NULL, NULL);
	/* Who says which cell it is can do without files that are not there. */
	size_t i, n = model_node_type() ? sonata_known_refs(net, EDGES)
					: sonata_refs(net, EDGES);
	struct survey s = {0};

	for (i = 0; i < n; i++) {
		const struct sonata_ref *ref = &net->ref[EDGES][i];
		struct sonata_population *edges;

		if (!ref->types || strcmp(ref->types, e->types->path) != 0 ||
		    (e->population && strcmp(ref->name, e->population) != 0))
			continue;
		edges = sonata_open(ref);
		survey_edges(&s, e, net, edges);
		sonata_close(edges);
	}
	return s;
}

/* ---- The cell and the synapse ---- */

/* The node types with commas between, as --node-type takes them. */
static char *
name_aims(const struct survey *s)
{
	char *all = NULL, *one;
	size_t i;

	for (i = 0; i < s->n; i++) {
		one = format("%s%s%lld", s->types ? s->types : "",
			     s->types ? ":" : "", (long long)s->aim[i].type);
		all = join(all, one);
		free(one);
	}
	return all;
}

/* The cell, and its edges: those to the node type that the user means, or to
 * the only one there is. */
static const struct aim *
choose_cell(const struct survey *s)
{
	const char *said = model_node_type(), *colon;
	int64_t type;
	size_t i;

	if (s->n == 0 && !said)
		misuse("--node-type is needed: edge type %s has no edges, "
		       "which "
		       "would say to which cells it leads",
		       edge_type);
	if (s->n == 0)
		return NULL;
	if (!said && s->n > 1)
		misuse("--node-type is needed: edge type %s leads to several, "
		       "%s",
		       edge_type, name_aims(s));
	if (!said) {
		model_choose_type(name_aims(s));
		return s->aim;
	}
	colon = strrchr(said, ':');
	for (i = 0; i < s->n; i++)
		if (parse_int(colon ? colon + 1 : said, &type) &&
		    s->aim[i].type == type) {
			/* Another population may have that number, too. */
			if (!colon && s->types)
				model_choose_type(
					format("%s:%s", s->types, said));
			return &s->aim[i];
		}
	misuse("--node-type: edge type %s does not lead to '%s', but to %s",
	       edge_type, said, name_aims(s));
}

static char *
params_of(const struct edge_type *e)
{
	const char *file = property(e, "dynamics_params");
	const char *folder = config_component(e->c, "synaptic_models_dir");

	if (!file)
		return NULL;
	return *file == '/' || !folder ? copy(file)
				       : format("%s/%s", folder, file);
}

/* BMTool has the point process there, too. */
static const char *
mechanism_of(const struct edge_type *e, const char *params)
{
	const char *name = property(e, "model_template");
	const cJSON *v;

	if (name || !params)
		return name;
	v = cJSON_GetObjectItemCaseSensitive(json_read(params),
					     "level_of_detail");
	return cJSON_IsString(v) ? v->valuestring : NULL;
}

/* Where BMTK would have it is many places, and its functions of weights are
 * Python. */
static void
say_what_is_not_taken(const struct edge_type *e)
{
	const char *where = property(e, "target_sections");
	const char *how = property(e, "weight_function");

	if (where && !synapse_site())
		warn("edge type %s is on %s in the network: here it is at the "
		     "soma (--at)",
		     edge_type, where);
	if (how)
		warn("edge type %s: weight_function %s is not called: the "
		     "weight is syn_weight (--weight)",
		     edge_type, how);
}

/* Of a type without edges it is that of the type. */
static double
choose_number(const struct edge_type *e, const struct widths *r,
	      const char *what, const char *option)
{
	const char *text = property(e, what);
	double v;

	if (r && r->n > 0)
		return settle(r, what, option);
	return text && parse_num(text, &v) ? v : NAN;
}

void
edgetype_choose(void)
{
	struct synapse_source *s;
	struct edge_type e;
	struct survey found;
	const struct aim *aim;

	if (!edge_type)
		return;
	e = find_type(config_read(model_config()));
	found = survey_all(&e);
	aim = choose_cell(&found);
	s = zeros(1, sizeof *s);
	s->where = format("edge type %s", edge_type);
	s->params = params_of(&e);
	s->mechanism = mechanism_of(&e, s->params);
	s->weight = choose_number(&e, aim ? &aim->weight : NULL, "syn_weight",
				  "weight");
	s->delay_ms =
		choose_number(&e, aim ? &aim->delay : NULL, "delay", "delay");
	synapse_take(s);
	say_what_is_not_taken(&e);
	free(found.types);
	free(found.aim);
	free(s);
}
