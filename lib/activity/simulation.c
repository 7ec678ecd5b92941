#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "activity/simulation.h"
#include "activity/spikes.h"
#include "sonata/json.h"
#include "sonata/paths.h"
#include "util.h"

static bool asked;
static const char *components, *spikes_file;
static double tstop = 1000, dt = 0.1, celsius = 34, v_init = -65;
static double amp_pA, delay, duration = INFINITY;

const struct opt simulation_opts[] = {
	OPT_FLAG(0, "simulation", &asked,
		 "write simulation_config.json too, for BMTK"),
	OPT_NUM_IN(0, "tstop", "ms", &tstop, "(0,inf)", "when it ends (1000)"),
	OPT_NUM_IN(0, "dt", "ms", &dt, "(0,inf)", "its time step (0.1)"),
	OPT_NUM_IN(0, "celsius", "degrees", &celsius, "(-inf,inf)",
		   "its temperature (34)"),
	OPT_NUM_IN(0, "v-init", "mV", &v_init, "(-inf,inf)",
		   "voltage at its start (-65)"),
	OPT_STR(0, "input-spikes", "file", &spikes_file,
		"spikes of virtual cells, as spike-pack writes them"),
	OPT_NUM_IN(0, "amp", "pA", &amp_pA, "(-inf,inf)",
		   "current into all biophysical cells"),
	OPT_NUM_IN(0, "delay", "ms", &delay, "[0,inf)",
		   "when the current begins (0)"),
	OPT_NUM_IN(0, "dur", "ms", &duration, "(0,inf)",
		   "how long it lasts (to the end)"),
	OPT_STR(0, "components", "folder", &components,
		"where models are (components, beside the config)"),
	OPT_NEEDS("tstop dt celsius v-init input-spikes amp components",
		  "simulation"),
	OPT_NEEDS("delay dur", "amp"),
	OPT_END,
};

/* As BMTK's own create_environment calls them; keys of the config are these
 * and _dir. */
static const char *const folders[] = {
	"biophysical_neuron_models", "mechanisms",      "morphologies",
	"point_neuron_models",       "synaptic_models", "templates",
};

bool
simulation_asked(void)
{
	return asked;
}

/* --- what BMTK takes --- */

void
simulation_check_nodes(const char *name, const char *type, bool counts)
{
	if (!type)
		warn("BMTK asks for a model_type of nodes, which '%s' has not",
		     name);
	if (!counts)
		warn("BMTK asks for ids 0, 1, 2 and so on, which '%s' has not",
		     name);
}

static void
ask_for(const struct elements *e, const struct element_group *g,
	const char *name, const char *instead)
{
	if (!element_group_has(e, g, name) &&
	    !(instead && element_group_has(e, g, instead)))
		warn("BMTK asks for a %s of edges, which '%s' has not", name,
		     g->name);
}

void
simulation_check_edges(const struct elements *e, const struct element_group *g,
		       const char *target, bool electrical)
{
	bool sections = !strcmp(target, "biophysical");

	if (g->n == 0)
		return;
	if (!strcmp(target, "virtual"))
		warn("BMTK takes no edges to virtual cells, as '%s' has",
		     g->name);
	ask_for(e, g, "syn_weight", "weight_function");
	if (sections)
		ask_for(e, g, "target_sections", "afferent_section_id");
	if (electrical)
		return;
	ask_for(e, g, "delay", NULL);
	ask_for(e, g, "dynamics_params", NULL);
	if (sections)
		ask_for(e, g, "model_template", NULL);
}

/* --- paths --- */

static char *
resolved(const char *path)
{
	char *s = realpath(path, NULL);

	if (!s)
		die("%s:", path);
	return s;
}

/* A relative path is put from our folder to the config's, so that both can be
 * moved together. */
static char *
path_of(const char *path, const char *directory)
{
	char *to, *between, *s;

	if (strchr(path, '$'))
		die("%s: '$' begins a variable in a config", path);
	if (*path == '/')
		return copy(path);
	to = resolved(path);
	between = path_from(directory, to);
	if (!strncmp(between, "output/", strlen("output/")))
		die("%s: in the folder that BMTK empties when it begins", path);
	s = format("${configdir}/%s", between);
	free(to);
	free(between);
	return s;
}

/* --- parts of the config --- */

static cJSON *
object(cJSON *parent, const char *name)
{
	return cJSON_AddObjectToObject(parent, name);
}

static void
add_text(cJSON *parent, const char *name, const char *value)
{
	cJSON_AddStringToObject(parent, name, value);
}

static void
add_number(cJSON *parent, const char *name, double value)
{
	cJSON_AddNumberToObject(parent, name, value);
}

static void
add_manifest(cJSON *config, const char *directory)
{
	cJSON *manifest = object(config, "manifest");
	char *path = components ? path_of(components, directory)
				: copy("${configdir}/components");

	add_text(manifest, "$NETWORK_DIR", "${configdir}");
	add_text(manifest, "$OUTPUT_DIR", "${configdir}/output");
	add_text(manifest, "$COMPONENTS_DIR", path);
	free(path);
}

/* BMTK divides sections anew, 20 um each, unless dL is null. */
static void
add_run(cJSON *config)
{
	cJSON *run = object(config, "run");
	cJSON *conditions = object(config, "conditions");

	add_number(run, "tstart", 0);
	add_number(run, "tstop", tstop);
	add_number(run, "dt", dt);
	cJSON_AddNullToObject(run, "dL");
	add_number(run, "spike_threshold", -15);
	add_number(run, "nsteps_block", 5000);
	add_number(conditions, "celsius", celsius);
	add_number(conditions, "v_init", v_init);
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* Of a folder that we do not make, those that are there. */
static void
add_components(cJSON *config)
{
	cJSON *list = object(config, "components");
	size_t i;

	for (i = 0; i < LEN(folders); i++) {
		char *path = format("%s/%s", components ? components : "",
				    folders[i]);
		char *key = format("%s_dir", folders[i]);
		char *value = format("$COMPONENTS_DIR/%s", folders[i]);

		if (!components || is_folder(path))
			add_text(list, key, value);
		free(path);
		free(key);
		free(value);
	}
	if (!cJSON_GetArraySize(list))
		die("%s: no folder of components in it, such as mechanisms",
		    components);
}

/* The network has to have this population, of virtual cells if it says what it
 * is of. */
static void
check_population(const cJSON *networks, const char *name)
{
	const cJSON *file, *population = NULL, *type;

	cJSON_ArrayForEach(file,
			   cJSON_GetObjectItemCaseSensitive(networks, "nodes"))
	{
		population = cJSON_GetObjectItemCaseSensitive(
			cJSON_GetObjectItemCaseSensitive(file, "populations"),
			name);
		if (population)
			break;
	}
	if (!population)
		die("%s: spikes of '%s', which the network does not have",
		    spikes_file, name);
	type = cJSON_GetObjectItemCaseSensitive(population, "type");
	if (type && strcmp(type->valuestring, "virtual") != 0)
		die("%s: spikes of '%s', whose cells are not virtual",
		    spikes_file, name);
}

/* A file has its populations in alphabetical order, and BMTK would take the
 * first one's spikes for all of them. */
static void
add_spikes(cJSON *inputs, const cJSON *networks, const char *directory)
{
	struct spikes *spikes = spikes_open(spikes_file, 0);
	char *path = path_of(spikes_file, directory);
	size_t i;

	if (!spikes->population.n)
		die("%s: not an HDF5 file of spikes, as spike-pack makes one",
		    spikes_file);
	for (i = 0; i < spikes->population.n; i++) {
		const char *name = spikes->population.name[i];
		cJSON *input;
		char *key;

		check_population(networks, name);
		key = format("spikes_of_%s", name);
		input = object(inputs, key);
		free(key);
		add_text(input, "input_type", "spikes");
		add_text(input, "module", "sonata");
		add_text(input, "input_file", path);
		add_text(input, "node_set", name);
		add_text(input, "default_population", name);
	}
	free(path);
	spikes_close(spikes);
}

static void
add_clamp(cJSON *inputs)
{
	cJSON *input = object(inputs, "current_clamp");

	add_text(input, "input_type", "current_clamp");
	add_text(input, "module", "IClamp");
	add_text(object(input, "node_set"), "model_type", "biophysical");
	add_number(input, "amp", amp_pA / 1000);
	add_number(input, "delay", delay);
	add_number(input, "duration", isinf(duration) ? tstop : duration);
}

/* BMTK keeps spikes in a table that blanks part until it has all of them. */
static bool
has_blank_name(const cJSON *networks)
{
	const cJSON *file, *population;

	cJSON_ArrayForEach(file,
			   cJSON_GetObjectItemCaseSensitive(networks, "nodes"))
	{
		population = json_first(
			cJSON_GetObjectItemCaseSensitive(file, "populations"));
		if (population && strchr(population->string, ' '))
			return true;
	}
	return false;
}

static void
add_output(cJSON *config, const cJSON *networks)
{
	cJSON *output = object(config, "output");
	cJSON *report = object(object(config, "reports"), "v_soma");

	add_text(output, "output_dir", "$OUTPUT_DIR");
	add_text(output, "log_file", "log.txt");
	add_text(output, "spikes_file", "spikes.h5");
	add_text(output, "spikes_sort_order", "time");
	if (has_blank_name(networks))
		cJSON_AddFalseToObject(output, "cache_to_disk");
	cJSON_AddTrueToObject(output, "overwrite_output_dir");
	add_text(report, "module", "membrane_report");
	add_text(report, "variable_name", "v");
	add_text(report, "cells", "all");
	add_text(report, "sections", "soma");
	add_text(report, "file_name", "v_soma.h5");
}

static cJSON *
make_config(const char *directory, const cJSON *networks)
{
	cJSON *config = cJSON_CreateObject(), *inputs;

	add_manifest(config, directory);
	add_text(config, "target_simulator", "NEURON");
	add_run(config);
	inputs = object(config, "inputs");
	if (spikes_file)
		add_spikes(inputs, networks, directory);
	if (opt_given(&amp_pA))
		add_clamp(inputs);
	add_components(config);
	add_output(config, networks);
	cJSON_AddItemToObject(config, "networks",
			      cJSON_Duplicate(networks, true));
	return config;
}

void
simulation_write(const char *directory, const cJSON *networks)
{
	cJSON *config = make_config(directory, networks);
	char *path = format("%s/simulation_config.json", directory);

	json_write(path, config);
	cJSON_Delete(config);
	free(path);
}

static void
make_folder(const char *path)
{
	if (mkdir(path, 0777) && (errno != EEXIST || !is_folder(path)))
		die("%s:", path);
}

void
simulation_make_folders(const char *directory)
{
	char *parent = format("%s/components", directory);
	size_t i;

	if (!components)
		make_folder(parent);
	for (i = 0; !components && i < LEN(folders); i++) {
		char *path = format("%s/%s", parent, folders[i]);

		make_folder(path);
		free(path);
	}
	free(parent);
}
