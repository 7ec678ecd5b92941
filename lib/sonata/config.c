#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "files.h"
#include "labels.h"
#include "sonata/config.h"
#include "util.h"

#define MAX_CONFIGS 64 /* that name one another */
#define MAX_PATH 65536 /* of an expanded text: the system takes 4096 */
#define WORD "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789"

struct variable {
	const char *value;
	const char *place; /* where its value is */
	const char *left;  /* of the value, what was not looked at yet */
	char *fault;       /* NULL: none; that counts where it is needed */
	bool done, open;
	struct variable *below; /* what waits for it, while it is open */
};

/* A config file.  What of it nobody asks for is never looked at. */
struct file {
	const char *path;
	char *dir; /* with a '/' at its end, or "" */
	struct stat id;
	const struct file *parent; /* the file that names this one */
	bool circuit;              /* does it name it as its "network"? */
	cJSON *json;
	struct manifest {
		struct labels names;
		struct variable *variable;
		size_t cap;
	} * manifest; /* NULL until a text has a variable */
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

/* The variables that BMTK adds to a manifest, whose own entries go before. The
 * format of the time is BMTK's, too. */
static void
add_builtins(struct manifest *m, const struct file *f)
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
	const char *const all[][2] = {
		{"workingdir", cwd ? cwd : "."},
		{"configdir", dir},
		{"configfname", format("%s%s", from, f->path)},
		{"datetime", copy(stamp)},
		{"date", format("%.10s", stamp)},
		{"time", copy(stamp + 11)},
	};
	for (i = 0; i < LEN(all); i++)
		if (label_find(&m->names, all[i][0]) == NO_LABEL)
			m->variable[label(&m->names, all[i][0])] =
				(struct variable){.value = all[i][1],
						  .done = true};
}

static void
add_entry(struct manifest *m, const struct file *f, const cJSON *c)
{
	const char *name = c->string + (*c->string == '$');
	const char *value = cJSON_GetStringValue(c);
	size_t n = m->names.n;
	struct variable *v = &m->variable[label(&m->names, name)];
	bool twice = m->names.n == n;

	if (twice && value && v->value && !strcmp(value, v->value))
		return;
	v->value = v->left = value;
	v->place = format("manifest.%s", c->string);
	v->done = twice || !value;
	if (v->done)
		v->fault = format("%s: %s is %s", f->path, v->place,
				  twice ? "defined twice" : "not a text");
}

static struct manifest *
read_manifest(const struct file *f)
{
	const cJSON *list = get(f, "", f->json, "manifest", OBJECT), *c;
	struct manifest *m = zeros(1, sizeof *m);
	enum { BUILTINS = 6 };

	m->variable = zeros((size_t)cJSON_GetArraySize(list) + BUILTINS,
			    sizeof *m->variable);
	for (c = json_first(list); c; c = c->next)
		add_entry(m, f, c);
	add_builtins(m, f);
	return m;
}

/* The variable of a mention, or NULL. */
static struct variable *
mentioned(struct file *f, const struct mention *m)
{
	char *name = format("%.*s", (int)m->len, m->name);
	uint32_t i;

	if (!f->manifest)
		f->manifest = read_manifest(f);
	i = label_find(&f->manifest->names, name);
	free(name);
	return i == NO_LABEL ? NULL : &f->manifest->variable[i];
}

struct text {
	char *s;
	size_t n, cap;
};

static void
append(struct text *t, const char *s, size_t n)
{
	t->s = grow(t->s, &t->cap, t->n + n + 1, 1);
	memcpy(t->s + t->n, s, n);
	t->n += n;
}

static void
note_fault(const struct file *f, const char *place, const struct mention *m,
	   const struct variable *v, char **fault)
{
	if (!*fault && v)
		*fault = copy(v->fault);
	else if (!*fault)
		*fault = format("%s: %s: unknown variable '%.*s'", f->path,
				place, (int)(m->rest - m->at), m->at);
}

/* A text whose variables are done.  Those that have no value stay in it, as in
 * BMTK, and the first of them is the fault. */
static char *
fill_in(struct file *f, const char *place, const char *s, char **fault)
{
	struct text t = {0};
	const struct variable *v;
	struct mention m;
	bool known;

	for (; next_mention(s, &m); s = m.rest) {
		v = mentioned(f, &m);
		known = v && !v->fault;
		if (!known)
			note_fault(f, place, &m, v, fault);
		append(&t, s, (size_t)(m.at - s));
		append(&t, known ? v->value : m.at,
		       known ? strlen(v->value) : (size_t)(m.rest - m.at));
		if (t.n > MAX_PATH)
			die("%s: %s: too long with its variables replaced",
			    f->path, place);
	}
	append(&t, s, strlen(s));
	return t.s;
}

/* The next variable in the value of another one that is not done, or NULL. */
static struct variable *
awaits(struct file *f, struct variable *v)
{
	struct variable *w;
	struct mention m;

	for (; next_mention(v->left, &m); v->left = m.rest)
		if ((w = mentioned(f, &m)) && !w->done)
			return w;
	return NULL;
}

/* Each waits for the one above it.  A value is looked through once, however
 * many it waits for. */
static void
finish(struct file *f, struct variable *v)
{
	struct variable *top = v;

	v->open = true;
	while (top) {
		v = awaits(f, top);
		if (v && v->open) {
			v->done = true;
			v->fault = format("%s: %s is defined by itself",
					  f->path, v->place);
		} else if (v) {
			v->open = true;
			v->below = top;
			top = v;
		} else {
			top->value =
				fill_in(f, top->place, top->value, &top->fault);
			top->done = true;
			top = top->below;
		}
	}
}

/* A text with its variables replaced, and what is wrong with them, or NULL. */
static char *
try_expand(struct file *f, const char *place, const char *s, char **fault)
{
	const char *rest;
	struct variable *v;
	struct mention m;

	for (rest = s; next_mention(rest, &m); rest = m.rest)
		if ((v = mentioned(f, &m)) && !v->done)
			finish(f, v);
	*fault = NULL;
	return fill_in(f, place, s, fault);
}

static char *
expand(struct file *f, const char *place, const char *s)
{
	char *fault, *text = try_expand(f, place, s, &fault);

	if (fault)
		die("%s", fault);
	return text;
}

/* The same where nobody may need the text. */
static char *
expand_known(struct file *f, const char *s)
{
	char *fault, *text = try_expand(f, "", s, &fault);

	free(fault);
	return text;
}

/* A path without what it need not have: "./" at its beginning. */
static const char *
plain(const char *path)
{
	while (strncmp(path, "./", 2) == 0 && path[2 + strspn(path + 2, "/")])
		path += 2 + strspn(path + 2, "/");
	return path;
}

static char *
near(const struct file *f, const char *path)
{
	return *path == '/' ? copy(path) : format("%s%s", f->dir, plain(path));
}

/* Where a file of this name is: in the config's folder, or in the working
 * directory; or NULL. */
static char *
look_for(const struct file *f, const char *name)
{
	static bool warned;
	char *path = near(f, name);

	if (access(path, F_OK) == 0)
		return path;
	free(path);
	if (*name == '/' || access(name, F_OK) != 0)
		return NULL;
	if (!warned)
		warn("%s: not in its folder, so taken from the working "
		     "directory: '%s'",
		     f->path, plain(name));
	warned = true;
	return copy(plain(name));
}

static char *
with_slashes(const char *path)
{
	char *s = copy(path), *p;

	for (p = s; (p = strchr(p, '\\'));)
		*p = '/';
	return s;
}

/* Windows has backslashes between folders; here they may be a part of a name,
 * which goes before. */
static char *
look_past_backslashes(const struct file *f, const char *name)
{
	static bool warned;
	char *path = look_for(f, name), *other;

	if (path || !strchr(name, '\\'))
		return path;
	other = with_slashes(name);
	path = look_for(f, other);
	free(other);
	if (path && !warned)
		warn("%s: '\\' taken as '/': '%s'", f->path, name);
	warned = warned || path;
	return path;
}

/* Where the file of a name is, or where it should be. */
static char *
locate(const struct file *f, const char *name)
{
	char *path = look_past_backslashes(f, name);

	return path ? path : near(f, name);
}

/* A path that stands in a config, ready to open. */
static char *
find_path(struct file *f, const char *place, const char *s)
{
	char *name = expand(f, place, s), *path;

	if (!*name)
		die("%s: %s is empty", f->path, place);
	path = locate(f, name);
	free(name);
	return path;
}

static bool
names_none(const char *s)
{
	return !*s || strcmp(s, "NULL") == 0;
}

/* The path at parent[key], or NULL if there is none. */
static char *
get_path(struct file *f, const char *place, const cJSON *parent,
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
need_path(struct file *f, const char *place, const cJSON *parent,
	  const char *key)
{
	char *path = get_path(f, place, parent, key);

	if (!path)
		die("%s: %s has no '%s'", f->path, place, key);
	return path;
}

/* Is a part, an input or a report on?  BMTK takes any text for true, but then a
 * "False" would not say what it says. */
static bool
is_on(const char *path, const char *place, const cJSON *v)
{
	static bool warned;
	bool on = true, known = true;

	if (!v || cJSON_IsNull(v))
		return true;
	if (cJSON_IsString(v))
		known = parse_flag(v->valuestring, &on);
	else if (cJSON_IsNumber(v))
		on = v->valuedouble != 0;
	else if (cJSON_IsBool(v))
		on = cJSON_IsTrue(v);
	else
		die("%s: %s.enabled is not true or false", path, place);
	if (cJSON_IsString(v) && !warned && (!known || !on)) {
		warned = true;
		warn("%s: %s.enabled: '%s' taken for %s", path, place,
		     v->valuestring, known ? "false" : "true");
	}
	return on || !known;
}

bool
config_is_on(const char *path, const char *list, const cJSON *entry)
{
	char *place = format("%s.%s", list, entry->string);
	bool on = is_on(path, place,
			cJSON_GetObjectItemCaseSensitive(entry, "enabled"));

	free(place);
	return on;
}

static bool
part_is_on(struct file *f, const char *place, const cJSON *part)
{
	cJSON *v = cJSON_GetObjectItemCaseSensitive(part, "enabled");
	cJSON text = {.type = cJSON_String};
	bool on;

	if (!cJSON_IsString(v))
		return is_on(f->path, place, v);
	text.valuestring = expand_known(f, v->valuestring);
	on = is_on(f->path, place, &text);
	free(text.valuestring);
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
	const cJSON *v = get(f, place, part, key, TEXT);
	char *where = format("%s.%s", place, key), *name;

	if (v && !names_none(v->valuestring)) {
		name = try_expand(f, where, v->valuestring, why);
		free(name);
	}
	free(where);
	return *why ? NULL : need_path(f, place, part, key);
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
names_file(const char *key)
{
	size_t n = strlen(key);

	return strcmp(key, "file") == 0 ||
	       (n >= 5 && strcmp(key + n - 5, "_file") == 0);
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
		text = expand_known(f, s);
		all[i].item->valuestring = *s == '$' || names_file(all[i].key)
						   ? locate(f, text)
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

/* One of the folders of morphologies, templates, mechanisms. */
char *
config_component(const struct config *c, const char *key)
{
	struct file *f = who_has(c, "components");

	return f ? get_path(f, "components",
			    get(f, "", f->json, "components", OBJECT), key)
		 : NULL;
}

const cJSON *
config_section(const struct config *c, const char *key)
{
	struct file *f = who_has(c, key);

	return f ? get(f, "", f->json, key, OBJECT) : NULL;
}

const char *
config_text(const struct config *c, const char *key)
{
	struct file *f = who_has(c, key);

	return f ? cJSON_GetStringValue(get(f, "", f->json, key, TEXT)) : NULL;
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
	const char *slash = strrchr(path, '/');
	const struct file *p;

	f->path = path;
	f->dir = slash ? strndup(path, (size_t)(slash + 1 - path)) : copy("");
	if (!f->dir)
		die("out of memory");
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
		free(f->dir);
		free(f);
		return NULL;
	}
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
	char *path = format("%scircuit_config.json", f->dir);
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
	name = try_expand(f, key, v->valuestring, why);
	if (!*why && !*name)
		*why = format("%s: %s is empty", f->path, key);
	if (!*why)
		path = locate(f, name);
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

/* A path in one form, to compare the folders on its way. */
static char *
folders(const char *path)
{
	char *s = with_slashes(path), *to = s;
	const char *p;

	for (p = plain(s); *p; p++)
		if (*p != '/' || p[1] != '/')
			*to++ = *p;
	while (to > s + 1 && to[-1] == '/')
		to--;
	*to = '\0';
	return s;
}

static bool
is_below(const char *path, const char *folder)
{
	char *p = folders(path), *f = folders(folder);
	size_t n = strlen(f);
	bool below = !strncmp(p, f, n) && (p[n] == '/' || f[n - 1] == '/');

	free(p);
	free(f);
	return below;
}

/* BMTK leaves a copy of the config in the output_dir: what that is, as it
 * stands there, is the copy's own folder then. */
static char *
look_beside(const struct file *f, const char *folder, const char *name)
{
	char *real = realpath(*f->dir ? f->dir : ".", NULL);
	char *end = folders(folder), *path = NULL, *s = folders(name);
	size_t n = real ? strlen(real) : 0, tail = strlen(end);

	if (n > tail && real[n - tail - 1] == '/' &&
	    !strcmp(real + n - tail, end))
		path = format("%s%s", f->dir,
			      is_below(name, folder) ? s + tail + 1 : s);
	if (path && access(path, F_OK) != 0) {
		free(path);
		path = NULL;
	}
	if (path)
		warn("%s: its folder taken for its output_dir: '%s'", f->path,
		     folder);
	free(real);
	free(end);
	free(s);
	return path;
}

/* A file of the output is in the output_dir, which BMTK leaves away where the
 * path begins with that; so do we where it begins with a variable, unless only
 * the other one is there. */
static char *
find_output(const struct config *c, struct file *f, const char *place,
	    const char *s)
{
	struct file *o = who_has(c, "output");
	const cJSON *output = o ? get(o, "", o->json, "output", OBJECT) : NULL;
	const cJSON *v =
		o ? get(o, "output", output, "output_dir", TEXT) : NULL;
	char *name = expand(f, place, s), *folder, *whole, *path = NULL;

	if (!*name)
		die("%s: %s is empty", f->path, place);
	if (*name == '/' || !v || names_none(v->valuestring)) {
		path = locate(f, name);
		free(name);
		return path;
	}
	folder = expand(o, "output.output_dir", v->valuestring);
	whole = format("%s/%s", folder, name);
	if (*s == '$' || is_below(name, folder))
		path = look_past_backslashes(f, name);
	if (!path)
		path = look_past_backslashes(o, whole);
	if (!path)
		path = look_beside(o, folder, name);
	if (!path)
		path = *s == '$' || is_below(name, folder) ? near(f, name)
							   : near(o, whole);
	free(whole);
	free(folder);
	free(name);
	return path;
}

char *
config_output(const struct config *c, const char *key)
{
	struct file *f = look_who_has(c, "output");
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

const cJSON *
config_reports(const struct config *c)
{
	struct file *f = look_who_has(c, "reports");

	return f ? get(f, "", f->json, "reports", OBJECT) : NULL;
}

char *
config_report(const struct config *c, const cJSON *report)
{
	struct file *f = who_has(c, "reports");
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
