#include <stdlib.h>
#include <string.h>

#include "sonata/cutconfig.h"
#include "sonata/cutwrite.h"
#include "sonata/json.h"
#include "util.h"

struct cutconfig {
	const struct cut *cut;
	cJSON *old; /* its networks, with paths that are moved */
	config_move *move;
	void *arg;
};

/* What the config says of a population, in new memory; or an object with
 * nothing in it. */
static cJSON *
said_of(const struct cutconfig *x, const struct sonata_ref *ref)
{
	const char *key = ref->sort == NODES ? "nodes" : "edges";
	char *file = x->move(x->arg, "", "", ref->path);
	char *file_key = format("%s_file", key);
	const cJSON *part, *said = NULL;

	for (part = json_first(cJSON_GetObjectItemCaseSensitive(x->old, key));
	     part && !said; part = part->next) {
		const char *of = cJSON_GetStringValue(
			cJSON_GetObjectItemCaseSensitive(part, file_key));

		if (of && (!strcmp(of, file) || !strcmp(of, ref->path)))
			said = cJSON_GetObjectItemCaseSensitive(
				cJSON_GetObjectItemCaseSensitive(part,
								 "populations"),
				ref->name);
	}
	free(file_key);
	free(file);
	return cJSON_IsObject(said) ? cJSON_Duplicate(said, true)
				    : cJSON_CreateObject();
}

static void
add_file(cJSON *part, const char *key, const char *population,
	 const char *suffix)
{
	char *path = cutwrite_name("$BASE_DIR", population, suffix);

	cJSON_AddStringToObject(part, key, path);
	free(path);
}

/* The entry of a population; takes over what is said of it. */
static void
add_part(cJSON *list, const struct sonata_ref *ref, const char *name,
	 cJSON *said, const char *type)
{
	bool nodes = ref->sort == NODES;
	cJSON *part = cJSON_CreateObject();

	if (!cJSON_GetObjectItemCaseSensitive(said, "type"))
		cJSON_AddStringToObject(said, "type", type);
	add_file(part, nodes ? "nodes_file" : "edges_file", name,
		 nodes ? "_nodes.h5" : "_edges.h5");
	if (ref->types)
		add_file(part, nodes ? "node_types_file" : "edge_types_file",
			 name, nodes ? "_node_types.csv" : "_edge_types.csv");
	cJSON_AddItemToObject(cJSON_AddObjectToObject(part, "populations"),
			      name, said);
	cJSON_AddItemToArray(list, part);
}

/* What was outside has no morphologies, nor any other component. */
static void
add_nodes(const struct cutconfig *x, cJSON *list)
{
	const struct cut *c = x->cut;
	unsigned side;
	size_t i;

	for (side = CUT_WITHIN; side <= CUT_OUTSIDE; side++)
		for (i = 0; i < c->nnodes; i++) {
			const struct cut_nodes *nodes = &c->nodes[i];
			const char *type = nodes->type          ? nodes->type
					   : nodes->has_virtual ? "virtual"
								: "biophysical";

			if (nodes->n[side] == 0)
				continue;
			if (side == CUT_WITHIN)
				add_part(list, nodes->ref, nodes->name[side],
					 said_of(x, nodes->ref), type);
			else
				add_part(list, nodes->ref, nodes->name[side],
					 cJSON_CreateObject(), "virtual");
		}
}

static void
add_edges(const struct cutconfig *x, cJSON *list)
{
	const struct cut *c = x->cut;
	unsigned from;
	size_t i;

	for (from = CUT_WITHIN; from <= CUT_OUTSIDE; from++)
		for (i = 0; i < c->nedges; i++) {
			const struct cut_edges *edges = &c->edges[i];
			const struct sonata_ref *ref = &edges->ref;

			if (edges->rows[from] > 0 && !edges->is_gaps)
				add_part(list, ref, edges->name[from],
					 said_of(x, ref),
					 ref->electrical ? "electrical"
							 : "chemical");
		}
}

static void
add_gaps(const struct cut *c, cJSON *networks)
{
	cJSON *list = NULL, *part;
	size_t i;

	for (i = 0; i < c->nedges; i++) {
		const struct cut_edges *edges = &c->edges[i];

		if (edges->rows[CUT_WITHIN] == 0 || !edges->is_gaps)
			continue;
		if (!list)
			list = cJSON_AddArrayToObject(networks, "gap_juncs");
		part = cJSON_CreateObject();
		add_file(part, "gap_juncs_file", edges->name[CUT_WITHIN],
			 ".h5");
		if (edges->ref.types)
			add_file(part, "gap_juncs_types_file",
				 edges->name[CUT_WITHIN], "_edge_types.csv");
		cJSON_AddItemToArray(list, part);
	}
}

/* Cells without folders of morphologies and models are all there is only if the
 * config has said so; libsonata asks for these otherwise. */
static void
add_status(const struct cutconfig *x, cJSON *config)
{
	const struct cut *c = x->cut;
	size_t i;
	bool said = true;

	for (i = 0; i < c->nnodes; i++) {
		const struct config_part *part = cut_part(c->nodes[i].ref);

		if (c->nodes[i].chosen > 0 && (!part || !part->only))
			said = false;
	}
	if (!said && !cJSON_GetObjectItemCaseSensitive(config, "metadata"))
		cJSON_AddStringToObject(
			cJSON_AddObjectToObject(config, "metadata"), "status",
			"partial");
}

static bool
is_one_of(const char *s, const char *const *names)
{
	while (*names && strcmp(s, *names) != 0)
		names++;
	return *names;
}

/* All that a circuit's config says besides; that of a simulation says most of
 * what is in it of the simulation. */
static void
add_rest(const struct cutconfig *x, cJSON *config)
{
	static const char *const own[] = {
		"manifest",  "networks",       "network",    "simulation",
		"node_sets", "node_sets_file", "components", NULL};
	static const char *const both[] = {"version", "metadata", NULL};
	const struct config *c = x->cut->net->config;
	unsigned circuit;
	size_t i, n;

	for (circuit = 0; circuit < 2; circuit++) {
		char **key = config_keys(c, circuit, &n);

		for (i = 0; i < n; i++)
			if (!is_one_of(key[i], own) &&
			    (circuit || !c->is_simulation ||
			     is_one_of(key[i], both)) &&
			    !cJSON_GetObjectItemCaseSensitive(config, key[i]))
				cJSON_AddItemToObject(config, key[i],
						      config_moved(c, key[i],
								   x->move,
								   x->arg));
		hdf_free_names(key, n);
	}
}

/* Where the ids of an earlier cut come from is no longer true. */
static void
add_components(const struct cutconfig *x, cJSON *config)
{
	cJSON *components = config_moved(x->cut->net->config, "components",
					 x->move, x->arg);

	if (!components)
		return;
	if (cJSON_HasObjectItem(components, "provenance")) {
		warn("%s: components.provenance is left out: it is of the old "
		     "ids",
		     x->cut->net->path);
		cJSON_DeleteItemFromObject(components, "provenance");
	}
	cJSON_AddItemToObject(config, "components", components);
}

cJSON *
cutconfig_make(const struct cut *c, bool sets, config_move *move, void *arg)
{
	struct cutconfig x = {.cut = c, .move = move, .arg = arg};
	cJSON *config = cJSON_CreateObject(), *networks;

	x.old = config_moved(c->net->config, "networks", move, arg);
	cJSON_AddStringToObject(cJSON_AddObjectToObject(config, "manifest"),
				"$BASE_DIR", config_base(c->net->config, true));
	add_rest(&x, config);
	add_status(&x, config);
	add_components(&x, config);
	if (sets)
		cJSON_AddStringToObject(config, "node_sets_file",
					"$BASE_DIR/node_sets.json");
	networks = cJSON_AddObjectToObject(config, "networks");
	add_nodes(&x, cJSON_AddArrayToObject(networks, "nodes"));
	add_edges(&x, cJSON_AddArrayToObject(networks, "edges"));
	add_gaps(c, networks);
	cJSON_Delete(x.old);
	return config;
}
