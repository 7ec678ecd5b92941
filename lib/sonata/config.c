#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "labels.h"
#include "sonata/config.h"
#include "util.h"

#define MAX_FILES 64   /* that name one another */
#define MAX_PATH 65536 /* of an expanded text: the system takes 4096 */
#define WORD "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789"

struct variable {
	const char *name, *value;
	const char *place; /* where its value is; NULL if it is done */
};

/* A config file while it is read. */
struct file {
	const char *path;
	char *dir; /* with a '/' at its end, or "" */
	struct stat id;
	const struct file *parent; /* the file that names this one */
	bool circuit;              /* does it name it as its "network"? */
	cJSON *json;
	struct variable *variables;
	size_t nvariables, mvariables;
};

/* Node sets are merged when someone asks for them, so that a file of them that
 * is not there is in nobody else's way. */
struct node_sets {
	struct source {
		cJSON *own; /* those in the config, or NULL */
		char *path; /* of a file of more, or NULL */
		bool circuit;
	} * source; /* in the order that the configs were read in */
	size_t n, cap, done;
	cJSON *all; /* of the first done sources */
};

enum kind { OBJECT, LIST, TEXT, FLAG };

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
		[FLAG] = {cJSON_IsBool, "true or false"},
	};
	cJSON *v = cJSON_GetObjectItemCaseSensitive(parent, key);

	if (!v || cJSON_IsNull(v))
		return NULL;
	if (!kinds[kind].is(v))
		die("%s: %s%s%s is not %s", f->path, place, *place ? "." : "",
		    key, kinds[kind].name);
	return v;
}

/* A variable as it stands in a text. */
struct mention {
	const char *at, *name, *rest; /* "$NAME" or "${NAME}" is [at, rest) */
	size_t len;                   /* of its name; 0 if it has no '}' */
};

static bool
next_mention(const char *s, struct mention *m)
{
	bool braces;

	for (; (s = strchr(s, '$')); s++) {
		braces = s[1] == '{';
		m->at = s;
		m->name = s + 1 + braces;
		m->len = braces ? strcspn(m->name, "}") : strspn(m->name, WORD);
		m->rest = m->name + m->len;
		if (braces && *m->rest)
			m->rest++;
		else if (braces)
			m->len = 0;
		if (braces || m->len)
			return true;
	}
	return false;
}

static struct variable *
find_variable(const struct file *f, const char *name, size_t len)
{
	struct variable *v;
	size_t i;

	for (i = 0; i < f->nvariables; i++) {
		v = &f->variables[i];
		if (strlen(v->name) == len && memcmp(v->name, name, len) == 0)
			return v;
	}
	return NULL;
}

static const struct variable *
mentioned(const struct file *f, const char *place, const struct mention *m)
{
	const struct variable *v = find_variable(f, m->name, m->len);

	if (!v)
		die("%s: %s: unknown variable '%.*s'", f->path, place,
		    (int)(m->rest - m->at), m->at);
	return v;
}

static char *
expand(const struct file *f, const char *place, const char *s)
{
	char *text = copy(""), *longer;
	struct mention m;

	while (next_mention(s, &m)) {
		longer = format("%s%.*s%s", text, (int)(m.at - s), s,
				mentioned(f, place, &m)->value);
		free(text);
		text = longer;
		if (strlen(text) > MAX_PATH)
			die("%s: %s: too long with its variables replaced",
			    f->path, place);
		s = m.rest;
	}
	longer = format("%s%s", text, s);
	free(text);
	return longer;
}

static void
add_variable(struct file *f, struct variable v)
{
	f->variables =
		grow(f->variables, &f->mvariables, f->nvariables + 1, sizeof v);
	f->variables[f->nvariables++] = v;
}

/* The variables that BMTK adds to a manifest, whose own entries come first. The
 * format of the time is BMTK's, too. */
static void
add_builtins(struct file *f)
{
	char *cwd = getcwd(NULL, 0), stamp[32];
	const char *from =
		*f->path == '/' ? "" : format("%s/", cwd ? cwd : ".");
	char *dir = format("%s%s", from, f->dir);
	time_t t = time(NULL);
	struct tm tm = {0};
	size_t i;

	if (strlen(dir) > 1)
		dir[strlen(dir) - 1] = '\0';
	localtime_r(&t, &tm);
	strftime(stamp, sizeof stamp, "%Y-%m-%d_%H-%M-%S", &tm);
	const struct variable all[] = {
		{"workingdir", cwd ? cwd : ".", NULL},
		{"configdir", dir, NULL},
		{"configfname", format("%s%s", from, f->path), NULL},
		{"datetime", copy(stamp), NULL},
		{"date", format("%.10s", stamp), NULL},
		{"time", copy(stamp + 11), NULL},
	};
	for (i = 0; i < LEN(all); i++)
		add_variable(f, all[i]);
}

/* The first variable in an entry's value that is not expanded yet. */
static const struct variable *
awaits(const struct file *f, const struct variable *v)
{
	const char *s = v->value;
	const struct variable *w;
	struct mention m;

	for (; next_mention(s, &m); s = m.rest) {
		w = mentioned(f, v->place, &m);
		if (w->place)
			return w;
	}
	return NULL;
}

/* Each round finishes the entries that need only finished ones, until a round
 * finishes none. If some are left then, following each to the one that it waits
 * for leads into a circle. */
static void
finish_variables(struct file *f)
{
	struct variable *v, *end = f->variables + f->nvariables;
	const struct variable *left;
	bool more;
	size_t i;

	do {
		more = false;
		left = NULL;
		for (v = f->variables; v < end; v++) {
			if (v->place && awaits(f, v)) {
				left = v;
			} else if (v->place) {
				v->value = expand(f, v->place, v->value);
				v->place = NULL;
				more = true;
			}
		}
	} while (more);
	if (!left)
		return;
	for (i = 0; i < f->nvariables; i++)
		left = awaits(f, left);
	die("%s: %s is defined by itself", f->path, left->place);
}

static void
read_manifest(struct file *f)
{
	const cJSON *manifest = get(f, "", f->json, "manifest", OBJECT), *c;

	for (c = json_first(manifest); c; c = c->next) {
		const char *name = c->string + (*c->string == '$');
		const char *place = format("manifest.%s", c->string);

		if (!cJSON_IsString(c))
			die("%s: %s is not a text", f->path, place);
		if (find_variable(f, name, strlen(name)))
			die("%s: %s is defined twice", f->path, place);
		add_variable(f, (struct variable){name, c->valuestring, place});
	}
	add_builtins(f);
	finish_variables(f);
}

/* A path that stands in a config, ready to open. */
static char *
find_path(const struct file *f, const char *place, const char *s)
{
	static bool warned;
	char *path = expand(f, place, s), *near;

	if (!*path)
		die("%s: %s is empty", f->path, place);
	if (*path == '/')
		return path;
	while (strncmp(path, "./", 2) == 0 && path[2 + strspn(path + 2, "/")])
		path += 2 + strspn(path + 2, "/");
	near = format("%s%s", f->dir, path);
	if (access(near, F_OK) == 0 || access(path, F_OK) != 0)
		return near;
	if (!warned)
		warn("%s: not in its folder, so taken from the working "
		     "directory: '%s'",
		     f->path, path);
	warned = true;
	return path;
}

static bool
names_none(const char *s)
{
	return !*s || strcmp(s, "NULL") == 0;
}

/* The path at parent[key], or NULL if there is none. */
static char *
get_path(const struct file *f, const char *place, const cJSON *parent,
	 const char *key)
{
	const cJSON *v = get(f, place, parent, key, TEXT);
	char *name, *path;

	if (!v || names_none(v->valuestring))
		return NULL;
	name = format("%s%s%s", place, *place ? "." : "", key);
	path = find_path(f, name, v->valuestring);
	free(name);
	return path;
}

static char *
need_path(const struct file *f, const char *place, const cJSON *parent,
	  const char *key)
{
	char *path = get_path(f, place, parent, key);

	if (!path)
		die("%s: %s has no '%s'", f->path, place, key);
	return path;
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

/* Either "nodes" with "nodes_file" and "node_types_file", or edges. */
static struct config_part *
read_parts(const struct file *f, const cJSON *networks, const char *what,
	   size_t *n)
{
	const cJSON *list = get(f, "networks", networks, what, LIST), *c;
	char *file = format("%s_file", what);
	char *types = format("%.4s_types_file", what);
	struct config_part *parts;
	size_t i = 0;

	parts = zeros((size_t)cJSON_GetArraySize(list), sizeof *parts);
	*n = 0;
	for (c = json_first(list); c; c = c->next) {
		char *place = format("networks.%s[%zu]", what, i++);
		struct config_part *part = &parts[*n];
		const cJSON *enabled;

		if (!cJSON_IsObject(c))
			die("%s: %s is not an object", f->path, place);
		enabled = get(f, place, c, "enabled", FLAG);
		if (!cJSON_IsFalse(enabled)) {
			part->file = need_path(f, place, c, file);
			part->types = get_path(f, place, c, types);
			part->only = read_populations(f, place, c);
			++*n;
		}
		free(place);
	}
	free(file);
	free(types);
	return parts;
}

static char **
read_gap_juncs(const struct file *f, const cJSON *networks, size_t *n)
{
	const cJSON *list = get(f, "networks", networks, "gap_juncs", LIST), *c;
	char **files = zeros((size_t)cJSON_GetArraySize(list), sizeof *files);

	*n = 0;
	for (c = json_first(list); c; c = c->next) {
		char *place = format("networks.gap_juncs[%zu]", *n);

		if (!cJSON_IsObject(c))
			die("%s: %s is not an object", f->path, place);
		files[(*n)++] = need_path(f, place, c, "gap_juncs_file");
		free(place);
	}
	return files;
}

/* The sets of upper, and those of lower that upper has no set of the same name
 * for. */
static cJSON *
merge(cJSON *upper, cJSON *lower)
{
	struct labels names = {0};
	cJSON *c, *next;

	if (!upper || !lower)
		return upper ? upper : lower;
	for (c = upper->child; c; c = c->next)
		label(&names, c->string);
	for (c = lower->child; c; c = next) {
		next = c->next;
		if (label_find(&names, c->string) == NO_LABEL)
			cJSON_AddItemToArray(
				upper, cJSON_DetachItemViaPointer(lower, c));
	}
	labels_free(&names);
	return upper;
}

/* BMTK takes node sets from the config itself, too. */
static void
add_node_sets(struct node_sets *s, const struct file *f)
{
	struct source from = {
		.own = get(f, "", f->json, "node_sets", OBJECT),
		.path = get_path(f, "", f->json, "node_sets_file"),
		.circuit = f->circuit,
	};

	s->source = grow(s->source, &s->cap, s->n + 1, sizeof from);
	s->source[s->n++] = from;
}

const cJSON *
config_node_sets(const struct config *c)
{
	struct node_sets *s = c->node_sets;

	for (; s->done < s->n; s->done++) {
		const struct source *from = &s->source[s->done];
		cJSON *sets = from->own;

		if (from->path)
			sets = merge(sets, json_read(from->path));
		s->all = from->circuit ? merge(s->all, sets)
				       : merge(sets, s->all);
	}
	return s->all;
}

static bool
names_file(const char *key)
{
	size_t n = strlen(key);

	return strcmp(key, "file") == 0 ||
	       (n >= 5 && strcmp(key + n - 5, "_file") == 0);
}

/* BMTK has the files of its inputs at many keys ("input_file", "comsol_file",
 * "rates", "waveform"); where the key does not show it, the path begins with a
 * variable. */
static cJSON *
read_inputs(const struct file *f)
{
	cJSON *inputs = get(f, "", f->json, "inputs", OBJECT);
	struct json_place *all;
	size_t i, n;

	if (!inputs)
		return NULL;
	all = json_walk(inputs, &n);
	for (i = 0; i < n; i++) {
		char *s = all[i].item->valuestring, *place;

		if (!s || names_none(s))
			continue;
		place = format("inputs.%s.%s", all[i].name, all[i].key);
		all[i].item->valuestring = *s == '$' || names_file(all[i].key)
						   ? find_path(f, place, s)
						   : expand(f, place, s);
		cJSON_free(s);
		free(place);
	}
	free(all);
	return inputs;
}

/* The folders of morphologies, templates, mechanisms. */
static cJSON *
read_components(const struct file *f)
{
	cJSON *components = get(f, "", f->json, "components", OBJECT), *item;

	for (item = json_first(components); item; item = item->next) {
		char *s = item->valuestring, *place;

		if (!s || names_none(s))
			continue;
		place = format("components.%s", item->string);
		item->valuestring = find_path(f, place, s);
		cJSON_free(s);
		free(place);
	}
	return components;
}

static bool
is_same(const struct stat *id, const struct file *f)
{
	return id->st_dev == f->id.st_dev && id->st_ino == f->id.st_ino;
}

static struct file *
open_file(const char *path, const struct file *parent, bool circuit)
{
	struct file *f = zeros(1, sizeof *f);
	const char *slash = strrchr(path, '/');
	const struct file *p;

	f->path = path;
	f->dir = slash ? strndup(path, (size_t)(slash + 1 - path)) : copy("");
	if (!f->dir)
		die("out of memory");
	f->parent = parent;
	f->circuit = circuit;
	if (stat(path, &f->id) < 0)
		die("%s:", path);
	for (p = parent; p; p = p->parent)
		if (is_same(&f->id, p))
			die("%s: %s leads back to '%s'", parent->path,
			    circuit ? "network" : "simulation", path);
	f->json = json_read(path);
	read_manifest(f);
	return f;
}

/* Take what a file has. The files that it names are read after it, and what
 * they have goes before. */
static void
take(struct config *c, const struct file *f)
{
	const cJSON *networks = get(f, "", f->json, "networks", OBJECT);
	cJSON *inputs = read_inputs(f), *components = read_components(f);
	cJSON *run = get(f, "", f->json, "run", OBJECT);
	cJSON *conditions = get(f, "", f->json, "conditions", OBJECT);
	cJSON *reports;

	if (networks) {
		c->nodes = read_parts(f, networks, "nodes", &c->nnodes);
		c->edges = read_parts(f, networks, "edges", &c->nedges);
		c->gap_juncs = read_gap_juncs(f, networks, &c->ngap_juncs);
	}
	if (inputs)
		c->inputs = inputs;
	if (components)
		c->components = components;
	if (run)
		c->run = run;
	if (conditions)
		c->conditions = conditions;
	if (get(f, "", f->json, "output", OBJECT))
		c->output = f;
	if ((reports = get(f, "", f->json, "reports", OBJECT))) {
		c->reports = reports;
		c->reporting = f;
	}
	add_node_sets(c->node_sets, f);
	c->files[c->nfiles++] = f->path;
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
static struct file *
default_circuit(const struct file *f)
{
	static const char *const keys[] = {"run", "inputs", NULL};
	char *path = format("%scircuit_config.json", f->dir);
	struct stat id;

	if (has_one_of(f, keys) && stat(path, &id) == 0 && !is_same(&id, f))
		return open_file(path, f, true);
	free(path);
	return NULL;
}

/* The files that a file names, the one to be read next last. */
static size_t
open_named(const struct config *c, const struct file *f, struct file **named)
{
	char *simulation = get_path(f, "", f->json, "simulation");
	char *network = get_path(f, "", f->json, "network");
	size_t n = 0;

	if (simulation)
		named[n++] = open_file(simulation, f, false);
	if (network)
		named[n++] = open_file(network, f, true);
	if (n == 0 && !c->nodes && (named[0] = default_circuit(f)))
		n = 1;
	return n;
}

static void
read_files(struct config *c)
{
	struct file *todo[MAX_FILES + 2], *f;
	const char *blame = c->path;
	size_t n = 0;

	todo[n++] = f = open_file(c->path, NULL, false);
	c->is_simulation = has_one_of(
		f, (const char *[]){"run", "simulation", "inputs", NULL});
	while (n > 0) {
		f = todo[--n];
		if (c->nfiles == MAX_FILES)
			die("%s: names more than %d configs", c->path,
			    MAX_FILES);
		take(c, f);
		if (f->circuit)
			blame = f->path;
		n += open_named(c, f, todo + n);
	}
	if (!c->nodes)
		c->lack = format("%s: no 'networks', and no 'network' that "
				 "has them",
				 blame);
	else if (c->nnodes == 0 && c->nedges == 0)
		c->lack = format("%s: no nodes and no edges in 'networks'",
				 blame);
}

const struct config *
config_read(const char *path)
{
	struct config *c = zeros(1, sizeof *c);
	struct node_sets *s = zeros(1, sizeof *s);
	size_t i;

	c->path = copy(path);
	c->node_sets = s;
	c->files = zeros((size_t)2 * MAX_FILES, sizeof *c->files);
	read_files(c);
	for (i = 0; i < s->n; i++)
		if (s->source[i].path)
			c->files[c->nfiles++] = s->source[i].path;
	return c;
}

void
config_need_network(const struct config *c)
{
	if (c->lack)
		die("%s", c->lack);
}

/* The path of a file of the output: in the output_dir, unless the text begins
 * with a / or a variable. */
static char *
find_output(const struct config *c, const struct file *f, const char *place,
	    const char *s)
{
	char *name = expand(f, place, s), *folder = NULL, *path;
	const struct file *o = c->output;

	if (o && *s != '$' && *name != '/')
		folder = get_path(o, "output",
				  get(o, "", o->json, "output", OBJECT),
				  "output_dir");
	path = folder ? format("%s/%s", folder, name) : find_path(f, place, s);
	free(folder);
	free(name);
	return path;
}

char *
config_output(const struct config *c, const char *key)
{
	const struct file *f = c->output;
	const cJSON *output, *v;
	char *place, *path;

	if (!f)
		return NULL;
	output = get(f, "", f->json, "output", OBJECT);
	v = get(f, "output", output, key, TEXT);
	if (!v || names_none(v->valuestring))
		return NULL;
	place = format("output.%s", key);
	path = find_output(c, f, place, v->valuestring);
	free(place);
	return path;
}

char *
config_report(const struct config *c, const cJSON *report)
{
	const struct file *f = c->reporting;
	char *place = format("reports.%s", report->string);
	const cJSON *v;
	char *name, *key, *path;
	size_t n;

	if (!cJSON_IsObject(report))
		die("%s: %s is not an object", f->path, place);
	v = get(f, place, report, "file_name", TEXT);
	name = v && !names_none(v->valuestring) ? v->valuestring
						: report->string;
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
