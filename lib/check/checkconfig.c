/* The reader of configs (sonata/config.h) ends at the first fault of what a
 * tool needs.  Here every config is looked at as the JSON that it is; only
 * where the output is, is asked of that reader. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/checkconfig.h"
#include "check/checksets.h"
#include "check/finding.h"
#include "files.h"
#include "sonata/config.h"
#include "sonata/json.h"
#include "sonata/manifest.h"
#include "sonata/paths.h"

#define MAX_CONFIGS 64 /* as config.c has it */

struct conf {
	char *path;
	cJSON *json;
	struct manifest *manifest;
	bool circuit; /* is it the network of another one? */
};

struct confs {
	struct conf of[MAX_CONFIGS];
	size_t n;
	struct checkfile *files;
	struct checksets sets;
	bool sets_lost; /* can a file of node sets not be read? */
	bool lost; /* is there one, or a file of nodes, that cannot be read? */
};

static const cJSON *
get(const cJSON *parent, const char *key)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(parent, key);

	return cJSON_IsNull(v) ? NULL : v;
}

static void
wrong(const struct conf *c, const char *place, const char *what)
{
	finding_add("config", c->path, place, 1, "not %s", what);
}

/* A fault that begins with the path of its file, without that. */
static const char *
without_path(const char *fault, const char *path)
{
	size_t n = strlen(path);

	if (!strncmp(fault, path, n) && fault[n] == ':')
		fault += n + 1;
	return fault + strspn(fault, " ");
}

/* Report why a file is not JSON, which begins with its path and line. */
static void
not_json(const char *path, char *why)
{
	const char *rest = without_path(why, path);
	bool line = *rest >= '0' && *rest <= '9';

	finding_add("json", path, "", 1, "%s%s", line ? "line " : "", rest);
	free(why);
}

/* ---- Texts and the files that they name ---- */

static bool
names_none(const cJSON *v)
{
	const char *s = cJSON_GetStringValue(v);

	return !v || (s && (!*s || !strcmp(s, "NULL")));
}

/* Where a file is that a text names, in new memory; NULL if it is not there or
 * has an unknown variable, which is said elsewhere. */
static char *
locate(const struct conf *c, const char *place, const char *text)
{
	char *fault = NULL;
	char *name = manifest_expand(c->manifest, place, text, &fault);
	char *near, *path = NULL;
	const char *why;

	if (!fault) {
		near = path_near(c->path, name);
		path = path_find(c->path, name);
		if (path && strcmp(path, near) != 0)
			finding_add("path", c->path, place, 1,
				    "found elsewhere, as '%s'", path);
		why = files_fault(path ? path : near);
		finding_add("file-missing", c->path, place, why != NULL,
			    "%s: '%s'", why ? why : "", path ? path : near);
		if (why) {
			free(path);
			path = NULL;
		}
		free(near);
	}
	free(fault);
	free(name);
	return path;
}

/* The file at a key that has to be a text; NULL if it names none. */
static char *
locate_at(const struct conf *c, const char *place, const cJSON *parent,
	  const char *key)
{
	const cJSON *v = get(parent, key);
	char *at = format("%s%s%s", place, *place ? "." : "", key);
	char *path = NULL;

	if (v && !cJSON_IsString(v))
		wrong(c, at, "a text");
	else if (v && !names_none(v))
		path = locate(c, at, v->valuestring);
	free(at);
	return path;
}

static void
check_variables(const struct conf *c)
{
	struct json_place *all;
	char *fault, *place;
	size_t i, n;

	all = json_walk(c->json, &n);
	for (i = 0; i < n; i++) {
		const struct json_place *at = &all[i];

		/* A pattern may have a $. */
		if (!cJSON_IsString(at->item) || !strcmp(at->name, "node_sets"))
			continue;
		place = !strcmp(at->name, at->key)
				? copy(at->key)
				: format("%s: %s", at->name, at->key);
		fault = NULL;
		free(manifest_expand(c->manifest, place, at->item->valuestring,
				     &fault));
		if (fault)
			finding_add("variable", c->path, place, 1, "%s",
				    without_path(without_path(fault, c->path),
						 place));
		free(fault);
		free(place);
	}
	free(all);
}

/* ---- Networks ---- */

static const char *const part_key[][3] = {
	{"nodes", "nodes_file", "node_types_file"},
	{"edges", "edges_file", "edge_types_file"},
	{"gap_juncs", "gap_juncs_file", "gap_juncs_types_file"}};

/* An entry of networks. */
struct entry {
	const cJSON *json;
	const char *place;
	size_t sort; /* in part_key */
	char *path;  /* of its file, or NULL */
};

/* What a part says of its populations. */
static void
check_populations(const struct confs *all, const struct conf *c,
		  const struct entry *e)
{
	const cJSON *names = get(e->json, "populations"), *v;
	char *at = format("%s.populations", e->place);

	if (!names)
		finding_add("populations", c->path, e->place, 1,
			    "no populations");
	else if (!cJSON_IsObject(names))
		wrong(c, at, "an object");
	for (v = cJSON_IsObject(names) ? json_first(names) : NULL; v;
	     v = v->next) {
		if (!cJSON_IsObject(v) && !cJSON_IsNull(v))
			wrong(c, at, "an object of objects");
		if (e->path && checkfile_opens(all->files, e->path) &&
		    !checkfile_has(e->path, part_key[e->sort][0], v->string))
			finding_add("population-absent", c->path, at, 1,
				    "'%s' is not in '%s'", v->string, e->path);
	}
	free(at);
}

static bool
is_off(const cJSON *part)
{
	const cJSON *v = get(part, "enabled");
	const char *s = cJSON_GetStringValue(v);
	bool on = true;

	if (s && parse_flag(s, &on))
		return !on;
	return cJSON_IsFalse(v) || (cJSON_IsNumber(v) && v->valuedouble == 0);
}

/* A population that two entries of one file have in their populations; "" if
 * one of them does not name any, which are all then; NULL if there is none. */
static const char *
find_common(const cJSON *a, const cJSON *b)
{
	const cJSON *v, *names = get(a, "populations");

	if (!cJSON_IsObject(names) || !cJSON_IsObject(get(b, "populations")))
		return "";
	for (v = json_first(names); v; v = v->next)
		if (cJSON_HasObjectItem(get(b, "populations"), v->string))
			return v->string;
	return NULL;
}

/* Is this the file at a key of another entry?  What is wrong with that is said
 * where it is looked at. */
static bool
is_file_of(const struct conf *c, const cJSON *part, const char *key,
	   const char *path)
{
	const char *text = cJSON_GetStringValue(get(part, key));
	char *fault = NULL, *name, *other = NULL;
	bool same;

	if (!text)
		return false;
	name = manifest_expand(c->manifest, key, text, &fault);
	if (!fault)
		other = path_find(c->path, name);
	same = other && !strcmp(other, path);
	free(other);
	free(fault);
	free(name);
	return same;
}

/* The entries before this one in its list, which may be of the same file. */
static void
check_twice(const struct conf *c, const struct entry *e)
{
	const char *const *key = part_key[e->sort];
	const cJSON *list = get(get(c->json, "networks"), key[0]), *v;
	const char *name;
	size_t i;

	for (v = json_first(list), i = 0; v != e->json; v = v->next, i++) {
		if (is_off(v) || !is_file_of(c, v, key[1], e->path) ||
		    !(name = find_common(v, e->json)))
			continue;
		finding_add("population-twice", c->path, e->place, 1,
			    "%s%s%s also in networks.%s[%zu]",
			    *name ? "population '" : "its file is", name,
			    *name ? "' is" : "", key[0], i);
	}
}

static void
check_part(struct confs *all, const struct conf *c, struct entry *e)
{
	const char *const *key = part_key[e->sort];
	char *types;

	e->path = locate_at(c, e->place, e->json, key[1]);
	types = locate_at(c, e->place, e->json, key[2]);
	if (names_none(get(e->json, key[1])))
		finding_add("config", c->path, e->place, 1, "no '%s'", key[1]);
	if (e->sort < 2 && names_none(get(e->json, key[2])))
		finding_add("types-missing", c->path, e->place, 1, "no '%s'",
			    key[2]);
	if (e->path)
		checkfile_list(all->files, e->path, e->sort == 0 ? types : NULL,
			       e->sort == 0 ? NULL : types);
	if (e->sort == 0 && !(e->path && checkfile_opens(all->files, e->path)))
		all->lost = true;
	finding_step("config", c->path, e->place);
	if (e->sort < 2 && !finding_failed())
		check_populations(all, c, e);
	if (e->sort < 2 && e->path)
		check_twice(c, e);
	free(types);
	free(e->path);
}

static void
check_network(struct confs *all, const struct conf *c)
{
	const cJSON *networks = get(c->json, "networks"), *list, *part;
	size_t sort, i;

	if (networks && !cJSON_IsObject(networks)) {
		wrong(c, "networks", "an object");
		all->lost = true;
	}
	for (sort = 0; sort < LEN(part_key); sort++) {
		char *at = format("networks.%s", part_key[sort][0]);

		list = get(networks, part_key[sort][0]);
		if (list && !cJSON_IsArray(list)) {
			wrong(c, at, "a list");
			all->lost = true;
		}
		part = cJSON_IsArray(list) ? json_first(list) : NULL;
		for (i = 0; part; part = part->next, i++) {
			char *place = format("%s[%zu]", at, i);

			finding_step("config", c->path, place);
			if (finding_failed() || is_off(part))
				;
			else if (!cJSON_IsObject(part))
				wrong(c, place, "an object");
			else
				check_part(all, c,
					   &(struct entry){part, place, sort,
							   NULL});
			free(place);
		}
		free(at);
	}
}

static bool
has_network(const struct conf *c)
{
	const cJSON *networks = get(c->json, "networks");

	return cJSON_GetArraySize(get(networks, "nodes")) +
		       cJSON_GetArraySize(get(networks, "edges")) >
	       0;
}

/* ---- Node sets ---- */

static void
take_sets(struct confs *all, const struct conf *c)
{
	const cJSON *own = get(c->json, "node_sets");
	char *path, *why = NULL;
	cJSON *json;

	finding_step("config", c->path, "node_sets_file");
	if (finding_failed())
		return;
	if (own && !cJSON_IsObject(own))
		wrong(c, "node_sets", "an object");
	else if (own)
		checksets_add(&all->sets, own, c->path);
	path = locate_at(c, "", c->json, "node_sets_file");
	json = path ? json_try(path, &why) : NULL;
	if (json)
		checksets_add(&all->sets, json, path);
	else if (!names_none(get(c->json, "node_sets_file")))
		all->sets_lost = true;
	if (path && !json)
		not_json(path, why);
}

/* Those of simulations go before those of circuits. */
static void
take_all_sets(struct confs *all)
{
	size_t i;

	for (i = all->n; i > 0; i--)
		if (!all->of[i - 1].circuit)
			take_sets(all, &all->of[i - 1]);
	for (i = 0; i < all->n; i++)
		if (all->of[i].circuit)
			take_sets(all, &all->of[i]);
}

/* A set that an input or a report names, where one can be told from another. */
static void
check_named_set(const struct confs *all, const struct conf *c,
		const char *place, const cJSON *entry, const char *key)
{
	const char *name = cJSON_GetStringValue(get(entry, key));
	char *at = format("%s.%s", place, key);

	if (name && *name && !all->lost && !all->sets_lost &&
	    strcmp(name, "all") != 0 &&
	    !checksets_has(&all->sets, &all->files->known, name))
		finding_add("node-set-unknown", c->path, at, 1,
			    "no node set '%s'", name);
	free(at);
}

/* ---- Inputs and reports ---- */

static bool
ends_in(const char *s, const char *tail)
{
	size_t n = strlen(s), k = strlen(tail);

	return n >= k && !strcmp(s + n - k, tail);
}

static void
take_input_file(struct confs *all, const struct conf *c, const char *place,
		const cJSON *entry, const cJSON *v)
{
	const char *type = cJSON_GetStringValue(get(entry, "input_type"));
	char *path;

	if (!cJSON_IsString(v) || names_none(v))
		return;
	path = locate(c, place, v->valuestring);
	if (path && type && !strcmp(type, "spikes") && ends_in(path, ".h5"))
		checkfile_list(all->files, path, NULL, NULL);
	free(path);
}

static void
check_input(struct confs *all, const struct conf *c, const char *place,
	    const cJSON *entry)
{
	const cJSON *v, *item;

	check_named_set(all, c, place, entry, "node_set");
	for (v = json_first(entry); v; v = v->next) {
		char *at = format("%s.%s", place, v->string);

		if (strcmp(v->string, "file") != 0 &&
		    !ends_in(v->string, "_file"))
			item = NULL;
		else
			item = cJSON_IsArray(v) ? json_first(v) : v;
		for (; item; item = item == v ? NULL : item->next) {
			finding_step("config", c->path, at);
			if (!finding_failed())
				take_input_file(all, c, at, entry, item);
		}
		free(at);
	}
}

/* The inputs, or the reports, of a config. */
static void
check_entries(struct confs *all, const struct conf *c, const char *key)
{
	const cJSON *list = get(c->json, key), *v;
	bool input = !strcmp(key, "inputs");

	finding_step("config", c->path, key);
	if (list && !cJSON_IsObject(list)) {
		wrong(c, key, "an object");
		return;
	}
	for (v = json_first(list); v; v = v->next) {
		char *place = format("%s.%s", key, v->string);

		finding_step("config", c->path, place);
		if (!cJSON_IsObject(v))
			wrong(c, place, "an object");
		else if (input && !is_off(v))
			check_input(all, c, place, v);
		else if (!input)
			check_named_set(all, c, place, v, "cells");
		free(place);
	}
}

/* ---- Output ---- */

/* A simulation that has not been run has none. */
static void
take_output(struct confs *all, char *path)
{
	if (path && access(path, F_OK) == 0)
		checkfile_list(all->files, path, NULL, NULL);
	free(path);
}

static bool
any_has(const struct confs *all, const char *key)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (cJSON_IsObject(get(all->of[i].json, key)))
			return true;
	return false;
}

static void
check_output(struct confs *all, const char *path)
{
	const struct config *c;
	const cJSON *r;

	finding_step("config", path, "output");
	if (finding_failed() || !any_has(all, "output"))
		return;
	c = config_read(path);
	take_output(all, config_output(c, "spikes_file"));
	r = any_has(all, "reports") ? json_first(config_reports(c)) : NULL;
	for (; r; r = r->next) {
		finding_step("config", path, r->string);
		if (!finding_failed())
			take_output(all, config_report(c, r));
	}
}

/* ---- The configs themselves ---- */

static bool
is_known(const struct confs *all, const char *path)
{
	struct stat a, b;
	size_t i;

	for (i = 0; i < all->n; i++)
		if (!stat(path, &a) && !stat(all->of[i].path, &b) &&
		    a.st_dev == b.st_dev && a.st_ino == b.st_ino)
			return true;
	return false;
}

/* Load one; false if there is none that can be read. */
static bool
load(struct confs *all, const char *path, bool circuit)
{
	struct conf *c = &all->of[all->n];
	char *why = NULL;

	finding_step("json", path, "");
	*c = (struct conf){.path = copy(path), .circuit = circuit};
	c->json = finding_failed() ? NULL : json_try(path, &why);
	if (!c->json) {
		if (why)
			not_json(path, why);
		all->lost = true;
		return false;
	}
	if (get(c->json, "manifest") &&
	    !cJSON_IsObject(get(c->json, "manifest"))) {
		wrong(c, "manifest", "an object");
		cJSON_DeleteItemFromObjectCaseSensitive(c->json, "manifest");
	}
	c->manifest = manifest_new(c->path, c->json);
	all->n++;
	return true;
}

/* The config that another one names at a key; a simulation that names no
 * circuit has circuit_config.json beside it, as for libsonata. */
static void
load_named(struct confs *all, size_t by, const char *key)
{
	struct conf c = all->of[by];
	bool circuit = !strcmp(key, "network");
	char *path;

	finding_step("config", c.path, key);
	if (finding_failed())
		return;
	path = locate_at(&c, "", c.json, key);
	if (!path && circuit && !get(c.json, key) && !has_network(&c) &&
	    (get(c.json, "run") || get(c.json, "inputs"))) {
		path = path_near(c.path, "circuit_config.json");
		if (access(path, R_OK) != 0) {
			free(path);
			path = NULL;
		}
	} else if (!path && !names_none(get(c.json, key))) {
		all->lost = true;
	}
	if (path && !is_known(all, path) && all->n < MAX_CONFIGS)
		load(all, path, circuit);
	free(path);
}

static void
load_all(struct confs *all, const char *path)
{
	size_t i;

	load(all, path, false);
	for (i = 0; i < all->n; i++) {
		load_named(all, i, "simulation");
		load_named(all, i, "network");
	}
}

static void
check_run(struct confs *all, const struct conf *c)
{
	const cJSON *run = get(c->json, "run"), *v = get(run, "tstop");

	finding_step("config", c->path, "run");
	if (run && !cJSON_IsObject(run))
		wrong(c, "run", "an object");
	else if (v && !cJSON_IsNumber(v))
		wrong(c, "run.tstop", "a number");
	if (v && cJSON_IsNumber(v))
		all->files->known.tstop_ms = v->valuedouble;
}

static void
check_configs(struct confs *all, const char *path)
{
	bool network = false;
	size_t i;

	for (i = 0; i < all->n; i++) {
		if (finding_step("config", all->of[i].path, ""))
			check_variables(&all->of[i]);
		check_run(all, &all->of[i]);
		check_network(all, &all->of[i]);
		network |= has_network(&all->of[i]);
	}
	finding_step("config", path, "networks");
	finding_add("network-missing", path, "", !network && !all->lost,
		    "no 'networks', and no 'network' that has them");
	all->files->known.whole = network && !all->lost;
}

void
checkconfig_run(struct checkfile *files, const char *path)
{
	struct confs *all = zeros(1, sizeof *all);
	size_t i;

	all->files = files;
	load_all(all, path);
	check_configs(all, path);
	take_all_sets(all);
	for (i = 0; i < all->n; i++) {
		check_entries(all, &all->of[i], "inputs");
		check_entries(all, &all->of[i], "reports");
	}
	if (all->n > 0)
		check_output(all, path);
	checksets_run(&all->sets, &files->known);
	checkfile_run(files);
}
