#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files.h"
#include "labels.h"
#include "sonata/config.h"
#include "sonata/manifest.h"
#include "sonata/paths.h"
#include "util.h"

#define MAX_CONFIGS 64 /* that name one another */
/* A config file.  What of it nobody asks for is never looked at. */
struct file {
	const char *path;
	struct stat id;
	const struct file *parent; /* the file that names this one */
	bool circuit;              /* does it name it as its "network"? */
	cJSON *json;
	struct manifest *manifest;
};

/* What was read, and what was made of it so far. */
struct config_files {
	struct file *file[MAX_CONFIGS]; /* what a later one has goes before */
	size_t n;
	char *no_circuit, *no_simulation; /* why one that is named is none */
	struct config_part *part[3];      /* nodes, edges, gap_juncs, or NULL */
	size_t nparts[3];
	bool inputs;   /* have their texts been resolved? */
	bool has_sets; /* are these all node sets? */
	struct config_set *set;
	size_t nsets, msets;
	struct labels set_names;
};

enum kind { OBJECT, LIST, TEXT };

/* The value of parent[key], which has to be of this kind; NULL if it is not
 * there or null. Place is where the parent is, as messages call it, or "". */
static cJSON *
get(const struct file *f, const char *place, const cJSON *parent,
    const char *key, enum kind kind)
{
	static const struct {
		cJSON_bool (*is)(const cJSON *);
		const char *name;
	} kinds[] = {
		[OBJECT] = {cJSON_IsObject, "an object"},
		[LIST] = {cJSON_IsArray, "a list"},
		[TEXT] = {cJSON_IsString, "a text"},
	};
	cJSON *v = cJSON_GetObjectItemCaseSensitive(parent, key);

	if (!v || cJSON_IsNull(v))
		return NULL;
	if (!kinds[kind].is(v))
		die("%s: %s%s%s is not %s", f->path, place, *place ? "." : "",
		    key, kinds[kind].name);
	return v;
}

static char *
expand(struct file *f, const char *place, const char *s)
{
	char *fault, *text = manifest_expand(f->manifest, place, s, &fault);

	if (fault)
		die("%s", fault);
	return text;
}

/* A path that stands in a config, ready to open. */
static char *
find_path(struct file *f, const char *place, const char *s)
{
	char *name = expand(f, place, s), *path;

	if (!*name)
		die("%s: %s is empty", f->path, place);
	path = path_locate(f->path, name);
	free(name);
	return path;
}

static bool
names_none(const char *s)
{
	return !*s || strcmp(s, "NULL") == 0;
}

/* The text at parent[key], or NULL if it names nothing. */
static char *
get_text(const struct file *f, const char *place, const cJSON *parent,
	 const char *key)
{
	const cJSON *v = get(f, place, parent, key, TEXT);

	return v && !names_none(v->valuestring) ? v->valuestring : NULL;
}

/* The path at parent[key], or NULL if there is none. */
static char *
get_path(struct file *f, const char *place, const cJSON *parent,
	 const char *key)
{
	const char *s = get_text(f, place, parent, key);
	char *name, *path;

	if (!s)
		return NULL;
	name = format("%s%s%s", place, *place ? "." : "", key);
	path = find_path(f, name, s);
	free(name);
	return path;
}

/* Is a part, an input or a report on?  BMTK takes any text for true, but then a
 * "False" would not say what it says. */
static bool
is_on(const char *path, const char *place, const cJSON *v, const char *text)
{
	static bool warned;
	bool on = true, known = true;

	if (!v || cJSON_IsNull(v))
		return true;
	if (text)
		known = parse_flag(text, &on);
	else if (cJSON_IsNumber(v))
		on = v->valuedouble != 0;
	else if (cJSON_IsBool(v))
		on = cJSON_IsTrue(v);
	else
		die("%s: %s.enabled is not true or false", path, place);
	if (text && !warned && (!known || !on)) {
		warned = true;
		warn("%s: %s.enabled: '%s' taken for %s", path, place, text,
		     known ? "false" : "true");
	}
	return on || !known;
}

bool
config_is_on(const char *path, const char *list, const cJSON *entry)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(entry, "enabled");
	char *place = format("%s.%s", list, entry->string);
	bool on = is_on(path, place, v, cJSON_GetStringValue(v));

	free(place);
	return on;
}

static bool
part_is_on(struct file *f, const char *place, const cJSON *part)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(part, "enabled");
	const char *s = cJSON_GetStringValue(v);
	char *text = s ? manifest_expand(f->manifest, "", s, NULL) : NULL;
	bool on = is_on(f->path, place, v, text);

	free(text);
	return on;
}

static const cJSON *
read_populations(const struct file *f, const char *place, const cJSON *entry)
{
	const cJSON *all = get(f, place, entry, "populations", OBJECT), *c;

	for (c = json_first(all); c; c = c->next) {
		char *name = format("%s.populations.%s", place, c->string);

		if (!cJSON_IsObject(c) && !cJSON_IsNull(c))
			die("%s: %s is not an object", f->path, name);
		get(f, name, c, "type", TEXT);
		free(name);
	}
	return all;
}

static size_t
part_number(const char *what)
{
	return *what == 'n' ? 0 : *what == 'e' ? 1 : 2;
}

/* The type CSV of an entry; a file of gap junctions mostly has none. */
static char *
get_types(struct file *f, const char *place, const cJSON *entry,
	  const char *what)
{
	static const char *const keys[] = {"node_types_file", "edge_types_file",
					   "gap_juncs_types_file"};
	char *path = get_path(f, place, entry, keys[part_number(what)]);

	return path || *what != 'g' ? path : get_path(f, place, entry, keys[1]);
}

/* The file of a part, or NULL and what is wrong with its variables. */
static char *
part_path(struct file *f, const char *place, const cJSON *part, const char *key,
	  char **why)
{
	const char *s = get_text(f, place, part, key);
	char *where, *path;

	if (!s)
		die("%s: %s has no '%s'", f->path, place, key);
	where = format("%s.%s", place, key);
	free(manifest_expand(f->manifest, where, s, why));
	path = *why ? NULL : find_path(f, where, s);
	free(where);
	return path;
}

/* "nodes" with "nodes_file" and "node_types_file", or edges, or gap_juncs. */
static struct config_part *
read_parts(struct file *f, const char *what, size_t *n)
{
	const cJSON *networks = get(f, "", f->json, "networks", OBJECT);
	const cJSON *list = get(f, "networks", networks, what, LIST), *c;
	char *file = format("%s_file", what);
	struct config_part *parts;
	size_t i = 0;

	parts = zeros((size_t)cJSON_GetArraySize(list), sizeof *parts);
	*n = 0;
	for (c = json_first(list); c; c = c->next) {
		char *place = format("networks.%s[%zu]", what, i++);
		struct config_part *part = &parts[*n];

		if (!cJSON_IsObject(c))
			die("%s: %s is not an object", f->path, place);
		if (part_is_on(f, place, c)) {
			part->file = part_path(f, place, c, file, &part->fault);
			part->types = get_types(f, place, c, what);
			part->only = read_populations(f, place, c);
			++*n;
		}
		free(place);
	}
	free(file);
	return parts;
}

/* The last file read that has something at this key, or NULL. */
static struct file *
who_has(const struct config *c, const char *key)
{
	const struct config_files *all = c->all;
	size_t i;

	for (i = all->n; i > 0; i--) {
		struct file *f = all->file[i - 1];
		const cJSON *v = cJSON_GetObjectItemCaseSensitive(f->json, key);

		if (v && !cJSON_IsNull(v))
			return f;
	}
	return NULL;
}

/* Ends the tool if it could stand in a file that there is none of. */
static struct file *
look_who_has(const struct config *c, const char *key)
{
	struct file *f = who_has(c, key);

	if (!f && c->all->no_simulation)
		die("%s", c->all->no_simulation);
	if (!f && c->all->no_circuit)
		die("%s", c->all->no_circuit);
	return f;
}

const struct config_part *
config_parts(const struct config *c, const char *what, size_t *n)
{
	struct config_files *all = c->all;
	size_t sort = part_number(what);

	if (!all->part[sort]) {
		config_need_network(c);
		all->part[sort] = read_parts(who_has(c, "networks"), what,
					     &all->nparts[sort]);
	}
	*n = all->nparts[sort];
	return all->part[sort];
}

/* ---- Node sets ---- */

/* Add the sets of an object that come after those that are there. */
static void
add_sets(struct config_files *all, const cJSON *sets, const char *path)
{
	for (sets = json_first(sets); sets; sets = sets->next) {
		if (label_find(&all->set_names, sets->string) != NO_LABEL)
			continue;
		label(&all->set_names, sets->string);
		all->set = grow(all->set, &all->msets, all->nsets + 1,
				sizeof *all->set);
		all->set[all->nsets++] =
			(struct config_set){sets->string, sets, path};
	}
}

static char *
sets_path(struct file *f)
{
	return get_path(f, "", f->json, "node_sets_file");
}

/* BMTK takes node sets from the config itself, too. */
static void
add_sets_of(struct config_files *all, struct file *f)
{
	char *path = sets_path(f);

	add_sets(all, get(f, "", f->json, "node_sets", OBJECT), f->path);
	if (!path)
		return;
	files_check(path);
	add_sets(all, json_read(path), path);
}

/* Those of simulations come before those of circuits, and of two simulations
 * those of the later one; of two circuits those of the earlier one. */
const struct config_set *
config_node_sets(const struct config *c, size_t *n)
{
	struct config_files *all = c->all;
	size_t i;

	for (i = all->n; !all->has_sets && i > 0; i--)
		if (!all->file[i - 1]->circuit)
			add_sets_of(all, all->file[i - 1]);
	for (i = 0; !all->has_sets && i < all->n; i++)
		if (all->file[i]->circuit)
			add_sets_of(all, all->file[i]);
	all->has_sets = true;
	*n = all->nsets;
	return all->set;
}

const struct config_set *
config_node_set(const struct config *c, const char *name)
{
	size_t n;
	const struct config_set *set = config_node_sets(c, &n);
	uint32_t i = label_find(&c->all->set_names, name);

	return i == NO_LABEL ? NULL : &set[i];
}

/* ---- Inputs, components and all else ---- */

static bool
ends_in(const char *key, const char *end)
{
	size_t n = strlen(key), tail = strlen(end);

	return n >= tail && !strcmp(key + n - tail, end);
}

static bool
names_file(const char *key)
{
	return !strcmp(key, "file") || ends_in(key, "_file");
}

/* BMTK has the files of its inputs at many keys ("input_file", "comsol_file",
 * "rates", "waveform"); where the key does not show it, the path begins with a
 * variable.  An unknown variable is left where it stands: only one input may
 * need it. */
static void
resolve_inputs(struct file *f, cJSON *inputs)
{
	struct json_place *all;
	char *s, *text;
	size_t i, n;

	all = json_walk(inputs, &n);
	for (i = 0; i < n; i++) {
		s = all[i].item->valuestring;
		if (!s || names_none(s))
			continue;
		text = manifest_expand(f->manifest, "", s, NULL);
		all[i].item->valuestring = *s == '$' || names_file(all[i].key)
						   ? path_locate(f->path, text)
						   : copy(text);
		free(text);
		cJSON_free(s);
	}
	free(all);
}

const cJSON *
config_inputs(const struct config *c)
{
	struct file *f = look_who_has(c, "inputs");
	cJSON *inputs = f ? get(f, "", f->json, "inputs", OBJECT) : NULL;

	if (inputs && !c->all->inputs)
		resolve_inputs(f, inputs);
	c->all->inputs = true;
	return inputs;
}

const cJSON *
config_section(const struct config *c, const char *key)
{
	struct file *f = who_has(c, key);

	return f ? get(f, "", f->json, key, OBJECT) : NULL;
}

/* One of the folders of morphologies, templates, mechanisms. */
char *
config_component(const struct config *c, const char *key)
{
	return get_path(who_has(c, "components"), "components",
			config_section(c, "components"), key);
}

char *
config_text(const struct config *c, const char *key)
{
	struct file *f = who_has(c, key);
	const char *s = NULL;

	if (f)
		s = cJSON_GetStringValue(get(f, "", f->json, key, TEXT));
	return s ? manifest_expand(f->manifest, key, s, NULL) : NULL;
}

/* ---- A config that moves ---- */

/* Keys of paths besides files: folders, and the kinds of morphologies that
 * "alternate_morphologies" has. */
static bool
names_path(const char *key)
{
	return names_file(key) || ends_in(key, "_dir") ||
	       !strcmp(key, "h5v1") || !strcmp(key, "neurolucida-asc");
}

/* Is it absolute, other than by BMTK's ${configdir}? */
static bool
is_elsewhere(const struct file *f, const char *path)
{
	char *dir = path_folder(f->path), *cwd = realpath(".", NULL);
	char *folder = *dir == '/' || !cwd ? copy(*dir ? dir : ".")
					   : format("%s/%s", cwd, dir);
	bool is = *path == '/' && !path_is_below(path, folder);

	free(folder);
	free(cwd);
	free(dir);
	return is;
}

struct move {
	config_move *to;
	void *arg;
	bool of_output; /* which need not be there yet */
};

static void
move_text(struct file *f, cJSON *item, const char *key, const struct move *move)
{
	char *s = item->valuestring, *path = NULL;
	char *text = manifest_expand(f->manifest, "", s, NULL);

	if ((*s == '$' || names_path(key)) && *text && !is_elsewhere(f, text)) {
		path = move->of_output ? path_near(f->path, text)
				       : path_locate(f->path, text);
		free(text);
		text = move->to(move->arg, key, s, path);
	}
	cJSON_SetValuestring(item, text);
	free(path);
	free(text);
}

/* The value stands in an object here, so that its key is known. */
cJSON *
config_moved(const struct config *c, const char *key, config_move *move,
	     void *arg)
{
	struct file *f = who_has(c, key);
	struct move how = {move, arg, !strcmp(key, "output")};
	cJSON *copied, *value;
	struct json_place *all;
	size_t i, n;

	if (!f)
		return NULL;
	copied = cJSON_CreateObject();
	value = cJSON_GetObjectItemCaseSensitive(f->json, key);
	cJSON_AddItemToObject(copied, key, cJSON_Duplicate(value, true));
	all = json_walk(copied, &n);
	for (i = 0; i < n; i++)
		if (all[i].item->valuestring &&
		    !names_none(all[i].item->valuestring))
			move_text(f, all[i].item, all[i].key, &how);
	free(all);
	value = cJSON_DetachItemFromObjectCaseSensitive(copied, key);
	cJSON_Delete(copied);
	return value;
}

char **
config_keys(const struct config *c, bool of_circuit, size_t *n)
{
	const struct config_files *all = c->all;
	struct labels keys = {0};
	const cJSON *v;
	size_t i;

	for (i = all->n; i > 0; i--)
		if (all->file[i - 1]->circuit == of_circuit)
			for (v = json_first(all->file[i - 1]->json); v;
			     v = v->next)
				label(&keys, v->string);
	*n = keys.n;
	free(keys.slot);
	return keys.name;
}

const char *
config_base(const struct config *c, bool of_circuit)
{
	const struct config_files *all = c->all;
	const cJSON *v;
	const char *s;
	size_t i;

	for (i = 0; i < all->n; i++) {
		if (all->file[i]->circuit != of_circuit)
			continue;
		v = json_first(cJSON_GetObjectItemCaseSensitive(
			all->file[i]->json, "manifest"));
		for (; v; v = v->next)
			if ((s = cJSON_GetStringValue(v)) &&
			    strstr(s, "configdir"))
				return "${configdir}";
	}
	return ".";
}

/* ---- Files ---- */

static bool
is_same(const struct stat *id, const struct file *f)
{
	return id->st_dev == f->id.st_dev && id->st_ino == f->id.st_ino;
}

/* Open a config that another one names; otherwise say why not, in why. */
static struct file *
open_file(const char *path, const struct file *parent, bool circuit, char **why)
{
	struct file *f = zeros(1, sizeof *f);
	const struct file *p;

	f->path = path;
	f->parent = parent;
	f->circuit = circuit;
	if (stat(path, &f->id) < 0)
		*why = format("%s: %s", path, strerror(errno));
	else if (parent && files_fault(path))
		*why = format("%s: %s", path, files_fault(path));
	for (p = *why ? NULL : parent; p; p = p->parent)
		if (is_same(&f->id, p))
			*why = format("%s: %s leads back to '%s'", parent->path,
				      circuit ? "network" : "simulation", path);
	if (!*why)
		f->json = json_try(path, why);
	if (*why) {
		free(f);
		return NULL;
	}
	f->manifest = manifest_new(path, f->json);
	return f;
}

static bool
has_one_of(const struct file *f, const char *const *keys)
{
	while (*keys && !cJSON_GetObjectItemCaseSensitive(f->json, *keys))
		keys++;
	return *keys;
}

/* The file that libsonata takes for the circuit of a simulation that names
 * none. */
static char *
default_circuit(const struct file *f)
{
	static const char *const keys[] = {"run", "inputs", NULL};
	char *path = path_near(f->path, "circuit_config.json");
	struct stat id;

	if (has_one_of(f, keys) && stat(path, &id) == 0 && !is_same(&id, f))
		return path;
	free(path);
	return NULL;
}

/* The path of a config that is named here, or NULL; *why if it has none. */
static char *
named_path(struct file *f, const char *key, char **why)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(f->json, key);
	char *name, *path = NULL;

	if (!v || cJSON_IsNull(v))
		return NULL;
	if (!cJSON_IsString(v)) {
		*why = format("%s: %s is not a text", f->path, key);
		return NULL;
	}
	if (names_none(v->valuestring))
		return NULL;
	name = manifest_expand(f->manifest, key, v->valuestring, why);
	if (!*why && !*name)
		*why = format("%s: %s is empty", f->path, key);
	if (!*why)
		path = path_locate(f->path, name);
	free(name);
	return path;
}

/* Open what a file names, if it names it.  A file that cannot be opened stops
 * only the tools that need it. */
static struct file *
open_named(const struct config *c, struct file *f, bool circuit, bool *named)
{
	const char *key = circuit ? "network" : "simulation";
	char **no = circuit ? &c->all->no_circuit : &c->all->no_simulation;
	char *why = NULL, *path = named_path(f, key, &why);
	struct file *other = NULL;

	if (circuit && !path && !why && !*named && !who_has(c, "networks"))
		path = default_circuit(f);
	if (path)
		other = open_file(path, f, circuit, &why);
	*named = *named || path || why;
	if (*no)
		free(why);
	else
		*no = why;
	return other;
}

static void
read_files(const struct config *c)
{
	struct config_files *all = c->all;
	struct file *todo[MAX_CONFIGS + 2], *f, *other;
	char *why = NULL;
	size_t n = 0;
	bool named;

	todo[n++] = open_file(c->path, NULL, false, &why);
	if (why)
		die("%s", why);
	while (n > 0) {
		f = todo[--n];
		if (all->n == MAX_CONFIGS)
			die("%s: names more than %d configs", c->path,
			    MAX_CONFIGS);
		all->file[all->n++] = f;
		named = false;
		if ((other = open_named(c, f, false, &named)))
			todo[n++] = other;
		if ((other = open_named(c, f, true, &named)))
			todo[n++] = other;
	}
}

const struct config *
config_read(const char *path)
{
	struct config *c = zeros(1, sizeof *c);

	c->path = copy(path);
	c->all = zeros(1, sizeof *c->all);
	read_files(c);
	c->is_simulation = has_one_of(
		c->all->file[0],
		(const char *[]){"run", "simulation", "inputs", NULL});
	return c;
}

/* Is there a part at all, whether a tool needs it or not? */
static bool
has_part(const cJSON *networks, const char *what)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(networks, what);
	const cJSON *c = json_first(list);

	if (!cJSON_IsArray(list))
		return list && !cJSON_IsNull(list);
	while (c &&
	       cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(c, "enabled")))
		c = c->next;
	return c;
}

void
config_need_network(const struct config *c)
{
	const struct config_files *all = c->all;
	const struct file *f;
	const cJSON *networks;
	const char *blame = c->path;
	size_t i;

	if (all->no_circuit)
		die("%s", all->no_circuit);
	f = look_who_has(c, "networks");
	for (i = 0; i < all->n; i++)
		if (all->file[i]->circuit)
			blame = all->file[i]->path;
	if (!f)
		die("%s: no 'networks', and no 'network' that has them", blame);
	networks = get(f, "", f->json, "networks", OBJECT);
	if (!has_part(networks, "nodes") && !has_part(networks, "edges"))
		die("%s: no nodes and no edges in 'networks'", blame);
}

const char **
config_files(const struct config *c, size_t *n)
{
	const struct config_files *all = c->all;
	const char **files = zeros(2 * all->n, sizeof *files);
	char *path;
	size_t i;

	for (*n = 0; *n < all->n; ++*n)
		files[*n] = all->file[*n]->path;
	for (i = 0; i < all->n; i++)
		if ((path = sets_path(all->file[i])))
			files[(*n)++] = path;
	return files;
}

/* ---- Output ---- */

/* A file of the output is in the output_dir, which BMTK leaves away where the
 * path begins with that; so do we where it begins with a variable, unless only
 * the other one is there. */
static char *
find_output(const struct config *c, struct file *f, const char *place,
	    const char *s)
{
	struct file *o = who_has(c, "output");
	const char *dir = get_text(o, "output", config_section(c, "output"),
				   "output_dir");
	char *name = expand(f, place, s), *folder, *whole, *path = NULL;
	bool inside;

	if (!*name || *name == '/' || !dir) {
		free(name);
		return find_path(f, place, s);
	}
	folder = expand(o, "output.output_dir", dir);
	whole = format("%s/%s", folder, name);
	inside = *s == '$' || path_is_below(name, folder);
	if (inside)
		path = path_find(f->path, name);
	if (!path)
		path = path_find(o->path, whole);
	if (!path)
		path = path_find_output(o->path, folder, name);
	if (!path)
		path = inside ? path_near(f->path, name)
			      : path_near(o->path, whole);
	free(whole);
	free(folder);
	free(name);
	return path;
}

char *
config_output(const struct config *c, const char *key)
{
	struct file *f = look_who_has(c, "output");
	const char *s = get_text(f, "output", config_section(c, "output"), key);
	char *place, *path;

	if (!s)
		return NULL;
	place = format("output.%s", key);
	path = find_output(c, f, place, s);
	free(place);
	return path;
}

const cJSON *
config_reports(const struct config *c)
{
	look_who_has(c, "reports");
	return config_section(c, "reports");
}

char *
config_report(const struct config *c, const cJSON *report)
{
	struct file *f = who_has(c, "reports");
	char *place = format("reports.%s", report->string);
	char *name, *key, *path;
	size_t n;

	if (!cJSON_IsObject(report))
		die("%s: %s is not an object", f->path, place);
	name = get_text(f, place, report, "file_name");
	if (!name)
		name = report->string;
	n = strlen(name);
	name = format("%s%s", name,
		      n > 3 && !strcmp(name + n - 3, ".h5") ? "" : ".h5");
	key = format("%s.file_name", place);
	path = find_output(c, f, key, name);
	free(name);
	free(key);
	free(place);
	return path;
}

/* ---- Parts ---- */

const char *
config_part_type(const struct config_part *part, const char *population)
{
	const cJSON *c =
		cJSON_GetObjectItemCaseSensitive(part->only, population);

	return cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(c, "type"));
}

bool
config_part_has(const struct config_part *part, const char *population)
{
	return !part->only ||
	       cJSON_GetObjectItemCaseSensitive(part->only, population);
}

size_t
config_first_bytes(const char *path, char *s, size_t n)
{
	static const char *const usual[] = {"circuit_config.json",
					    "simulation_config.json"};
	size_t i;

	for (i = 0; i < LEN(usual); i++) {
		char *file = format("%s/%s", path, usual[i]);

		if (!files_fault(file))
			die("%s: Is a directory: name a file in it, such as %s",
			    path, file);
		free(file);
	}
	return files_first_bytes(path, s, n);
}
