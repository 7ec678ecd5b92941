#include <stdlib.h>
#include <string.h>

#include "activity/inputs.h"
#include "activity/simcut.h"
#include "activity/spikecut.h"
#include "sonata/hdf.h"
#include "sonata/json.h"
#include "sonata/paths.h"
#include "util.h"

char *
simcut_path(void *arg, const char *key, const char *text, const char *path)
{
	const struct simcut *s = arg;
	char *name = path_from(s->directory, path);
	char *all = format("$BASE_DIR/%s", name);

	(void)key;
	(void)text;
	free(name);
	return all;
}

/* What a simulation writes stays in its own folder, where it is in the
 * output_dir if no variable says otherwise. */
static char *
output_path(void *arg, const char *key, const char *text, const char *path)
{
	const struct simcut *s = arg;
	char *folder, *name, *all;
	const char *last;

	if (*text != '$' && strcmp(key, "output_dir") != 0)
		return copy(text);
	folder = path_folder(s->config->path);
	name = path_from(folder, path);
	last = strncmp(name, "../", 3) ? NULL : strrchr(name, '/') + 1;
	all = format("$BASE_DIR/%s", last ? last : name);
	if (last)
		warn("%s: output goes to '%s' in the new folder", path, last);
	free(name);
	free(folder);
	return all;
}

static char *
report_path(void *arg, const char *key, const char *text, const char *path)
{
	return strcmp(key, "file_name") ? simcut_path(arg, key, text, path)
					: output_path(arg, key, text, path);
}

static char *
same_path(void *arg, const char *key, const char *text, const char *path)
{
	(void)arg;
	(void)key;
	(void)text;
	return copy(path);
}

/* ---- Nodes that are meant ---- */

/* Make what stands at a key mean the new nodes; false if there are none. */
static bool
map_nodes(const struct simcut *s, cJSON *object, const char *key,
	  const char *place)
{
	cJSON *old = cJSON_GetObjectItemCaseSensitive(object, key), *new;

	if (!old || cJSON_IsNull(old))
		return true;
	if (cJSON_IsString(old))
		return label_find(s->dropped, old->valuestring) == NO_LABEL;
	new = idmap_set(s->map, old, place, s->sets);
	if (!new)
		return false;
	if (cJSON_IsArray(new) && cJSON_IsString(new->child) &&
	    !cJSON_IsString(old->child)) {
		cJSON_AddItemToObject(s->sets, place, new);
		new = cJSON_CreateString(place);
	}
	cJSON_ReplaceItemInObjectCaseSensitive(object, key, new);
	return true;
}

/* Go through a list or an object of objects, such as "reports", and take those
 * away whose nodes are gone. */
static void
map_all(const struct simcut *s, cJSON *list, const char *name,
	const char *const *keys)
{
	cJSON *c, *next;
	size_t i = 0, k;

	for (c = json_first(list); c; c = next, i++) {
		char *place = c->string ? format("%s.%s", name, c->string)
					: format("%s[%zu]", name, i);
		bool left = true;

		next = c->next;
		for (k = 0; left && keys[k]; k++)
			left = map_nodes(s, c, keys[k], place);
		if (!left) {
			warn("%s: %s is left out: none of its nodes is left",
			     s->config->path, place);
			cJSON_Delete(cJSON_DetachItemViaPointer(list, c));
		}
		free(place);
	}
}

/* ---- Spikes that are inputs ---- */

/* Put the spikes of an input into files of our own, which take the place of
 * those that it names. */
static void
copy_spikes(const struct simcut *s, const cJSON *from, cJSON *to)
{
	struct input old = {s->config->path, from, false};
	struct input new = {s->config->path, to, false};
	size_t i, n, k;
	const char **file = input_files(&old, &n);
	const char **name = input_files(&new, &k);

	for (i = 0; file[0] && i < n; i++) {
		const char *nodes = cJSON_GetStringValue(
			cJSON_GetObjectItemCaseSensitive(from, "node_set"));
		char *path = spikecut_name(from->string, i, file[i]);
		char *target = format("%s/%s", s->folder, path);

		if (spikecut_write(s->map, nodes, file[i], target)) {
			free(target);
			target = format("$BASE_DIR/%s", path);
			input_set_file(&new, i, target);
		}
		free(target);
		free(path);
	}
	free(name);
	free(file);
}

static void
map_inputs(const struct simcut *s, cJSON *inputs)
{
	static const char *const keys[] = {"node_set", "source", NULL};
	cJSON *located = config_moved(s->config, "inputs", same_path, NULL);
	cJSON *c;

	map_all(s, inputs, "inputs", keys);
	for (c = json_first(inputs); c; c = c->next) {
		const cJSON *old =
			cJSON_GetObjectItemCaseSensitive(located, c->string);
		struct input in = {s->config->path, old, false};

		if (input_has_spikes(&in))
			copy_spikes(s, old, c);
		else if (input_is_spikes(&in))
			warn("%s: inputs.%s: its spikes are of the old ids: "
			     "it is not read",
			     s->config->path, c->string);
	}
	cJSON_Delete(located);
}

/* ---- The config ---- */

/* A simulation that writes to an absolute path would write over the results of
 * the whole. */
static void
keep_apart(cJSON *output)
{
	const char *dir = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(output, "output_dir"));

	if (!dir || *dir != '/')
		return;
	warn("%s: the output goes to 'output' in the new folder", dir);
	cJSON_ReplaceItemInObjectCaseSensitive(
		output, "output_dir", cJSON_CreateString("$BASE_DIR/output"));
}

static void
map_conditions(const struct simcut *s, cJSON *conditions)
{
	static const char *const keys[] = {"node_set", NULL};

	map_all(s,
		cJSON_GetObjectItemCaseSensitive(conditions, "modifications"),
		"conditions.modifications", keys);
}

static void
map_section(const struct simcut *s, const char *key, cJSON *section)
{
	static const char *const reports[] = {"cells", NULL};
	static const char *const overrides[] = {"source", "target", NULL};

	if (!strcmp(key, "inputs"))
		map_inputs(s, section);
	else if (!strcmp(key, "reports"))
		map_all(s, section, key, reports);
	else if (!strcmp(key, "connection_overrides"))
		map_all(s, section, key, overrides);
	else if (!strcmp(key, "conditions"))
		map_conditions(s, section);
	else if (!strcmp(key, "output"))
		keep_apart(section);
}

/* The name of the nodes that are simulated, "node_set", is one as well. */
static void
map_simulated(const struct simcut *s, cJSON *config)
{
	if (map_nodes(s, config, "node_set", "node_set"))
		return;
	warn("%s: node_set is left out: none of its nodes is left",
	     s->config->path);
	cJSON_DeleteItemFromObjectCaseSensitive(config, "node_set");
}

static bool
is_of_circuit(const char *key)
{
	static const char *const keys[] = {
		"manifest",   "network",        "simulation", "networks",
		"components", "node_sets_file", "node_sets",  "metadata"};
	size_t k;

	for (k = 0; k < LEN(keys) && strcmp(key, keys[k]) != 0; k++)
		;
	return k < LEN(keys);
}

/* BMTK takes paths of a config that a simulation names from the folder that it
 * is started in, so that some simulations have their network themselves. */
static void
add_network(const struct simcut *s, cJSON *config, const cJSON *circuit)
{
	static const char *const parts[] = {"components", "networks"};
	size_t i, n, k;
	char **keys = config_keys(s->config, false, &n);
	bool own = false;

	for (i = 0; i < n; i++)
		own = own || !strcmp(keys[i], "networks");
	for (k = 0; own && k < LEN(parts); k++) {
		const cJSON *part =
			cJSON_GetObjectItemCaseSensitive(circuit, parts[k]);

		if (part)
			cJSON_AddItemToObject(config, parts[k],
					      cJSON_Duplicate(part, true));
	}
	if (!own)
		cJSON_AddStringToObject(config, "network",
					"$BASE_DIR/circuit_config.json");
	hdf_free_names(keys, n);
}

void
simcut_write(struct simcut *s, const cJSON *circuit)
{
	cJSON *config = cJSON_CreateObject(), *section;
	char *path = format("%s/simulation_config.json", s->folder);
	size_t i, n;
	char **keys = config_keys(s->config, false, &n);

	cJSON_AddStringToObject(cJSON_AddObjectToObject(config, "manifest"),
				"$BASE_DIR", config_base(s->config, false));
	add_network(s, config, circuit);
	for (i = 0; i < n; i++) {
		config_move *move = !strcmp(keys[i], "output")    ? output_path
				    : !strcmp(keys[i], "reports") ? report_path
								  : simcut_path;

		if (is_of_circuit(keys[i]))
			continue;
		section = config_moved(s->config, keys[i], move, s);
		map_section(s, keys[i], section);
		cJSON_AddItemToObject(config, keys[i], section);
	}
	map_simulated(s, config);
	if (json_first(s->sets))
		cJSON_AddStringToObject(config, "node_sets_file",
					"$BASE_DIR/node_sets.json");
	json_write(path, config);
	cJSON_Delete(config);
	hdf_free_names(keys, n);
	free(path);
}
