#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "labels.h"
#include "util.h"

#define MAX_BYTES ((size_t)64 << 20) /* of a file; real ones have kilobytes */
#define MAX_FILES 64                 /* that name one another */
#define MAX_PATH 65536 /* of an expanded text: the system takes 4096 */
#define MAX_EXCERPT 24
#define WORD "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789"

struct variable {
	const char *name, *value;
	const char *place; /* of its value; NULL if it is done */
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

enum kind { OBJECT, LIST, TEXT, FLAG };

static char *
read_text(const char *path)
{
	size_t n = 0, cap = 0;
	char *s = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		die("%s:", path);
	do {
		s = grow(s, &cap, n + 65536, 1);
		got = read(fd, s + n, cap - n - 1);
		if (got < 0 && errno != EINTR)
			die("%s:", path);
		n += got > 0 ? (size_t)got : 0;
		if (n > MAX_BYTES)
			die("%s: too large for a config, over %zu bytes", path,
			    MAX_BYTES);
	} while (got != 0);
	close(fd);
	if (memchr(s, '\0', n))
		die("%s: not text", path);
	return s; /* the byte after it is 0, as grow() makes it */
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Where in JSON text a place is. */
struct place {
	char open[CJSON_NESTING_LIMIT + 1]; /* '{' and '[', outermost first */
	size_t depth;                       /* how many of them */
	bool quoted;
	char last; /* the character before it that is no space, or 0 */
};

static struct place
locate(const char *s, const char *at)
{
	struct place p = {.depth = 0};

	for (; s < at; s++) {
		if (!is_space(*s))
			p.last = *s;
		if (*s == '"')
			p.quoted = !p.quoted;
		else if (p.quoted)
			s += *s == '\\';
		else if ((*s == '{' || *s == '[') && p.depth < sizeof p.open)
			p.open[p.depth++] = *s;
		else if ((*s == '}' || *s == ']') && p.depth > 0)
			p.depth--;
	}
	return p;
}

/* cJSON is a character past the fault where it has looked for a key in vain or
 * for the end of a text. */
static const char *
fault(const char *s, const char *at)
{
	struct place p;

	if (at == s || is_space(at[-1]))
		return at;
	p = locate(s, at - 1);
	if (!p.quoted &&
	    (at[-1] == '"' || (p.depth > 0 && p.open[p.depth - 1] == '{' &&
			       (p.last == '{' || p.last == ','))))
		return at - 1;
	return at;
}

static bool
is_tail(char c) /* of a character of several bytes in UTF-8 */
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static _Noreturn void
not_json(const char *path, const char *s, const char *at)
{
	size_t line = 1, column = 1, n;
	const char *p;

	for (p = s; p < at; p++) {
		line += *p == '\n';
		column = *p == '\n' ? 1 : column + !is_tail(*p);
	}
	n = strcspn(at, "\r\n");
	if (n > MAX_EXCERPT)
		for (n = MAX_EXCERPT; n > 0 && is_tail(at[n]); n--)
			;
	if (locate(s, at).depth >= CJSON_NESTING_LIMIT)
		die("%s:%zu: column %zu: nested more than %d deep", path, line,
		    column, CJSON_NESTING_LIMIT);
	if (!*at)
		die("%s:%zu: column %zu: not JSON: it ends too early", path,
		    line, column);
	die("%s:%zu: column %zu: not JSON%s: '%.*s'", path, line, column,
	    *at == '/' ? ", which has no comments" : "", (int)n, at);
}

static cJSON *
first(const cJSON *parent)
{
	return parent ? parent->child : NULL;
}

struct visit {
	cJSON *item;
	const char *name; /* the key of the root's member that it is in */
	const char *key;  /* the nearest key, its own or its list's */
};

/* All objects, lists and texts in a tree; the root comes first.  Without
 * recursion, as it is the file that says how deep it is. */
static struct visit *
walk(cJSON *root, size_t *n)
{
	struct visit *all = NULL, at;
	size_t i, cap = 0;
	cJSON *c;

	all = grow(all, &cap, 1, sizeof *all);
	all[0] = (struct visit){root, NULL, ""};
	*n = 1;
	for (i = 0; i < *n; i++) {
		at = all[i];
		for (c = first(at.item); c; c = c->next) {
			if (!c->child && !cJSON_IsString(c))
				continue;
			all = grow(all, &cap, *n + 1, sizeof *all);
			all[*n].item = c;
			all[*n].key = c->string ? c->string : at.key;
			all[*n].name = at.name ? at.name : c->string;
			++*n;
		}
	}
	return all;
}

/* JSON leaves open which of two equal keys holds, so readers differ. */
static void
check_keys(const char *path, cJSON *root)
{
	struct visit *all;
	size_t i, k, n;
	cJSON *c;

	all = walk(root, &n);
	for (i = 0; i < n; i++) {
		struct labels keys = {0};

		if (!cJSON_IsObject(all[i].item))
			continue;
		k = 0;
		for (c = first(all[i].item); c; c = c->next)
			if (label(&keys, c->string) != k++)
				die("%s: an object has the key '%s' twice",
				    path, c->string);
		free_labels(&keys);
	}
	free(all);
}

static cJSON *
read_json(const char *path)
{
	char *text = read_text(path), *s = text;
	const char *end = NULL;
	cJSON *json;

	if (strncmp(s, "\xEF\xBB\xBF", 3) == 0)
		s += 3;
	json = cJSON_ParseWithOpts(s, &end, true);
	if (!json)
		not_json(path, s, end ? fault(s, end) : s);
	if (strstr(s, "\\u0000")) /* cJSON would end the text there */
		die("%s: a text with '\\u0000' in it", path);
	free(text);
	if (!cJSON_IsObject(json))
		die("%s: not an object", path);
	check_keys(path, json);
	return json;
}

/* parent[key], if it is there and not null, is of this kind.  Place is where
 * the parent is, as messages call it, or "". */
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
	struct variable *v = f->variables;

	for (; v < f->variables + f->nvariables; v++)
		if (strlen(v->name) == len && memcmp(v->name, name, len) == 0)
			return v;
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

/* What BMTK has besides a manifest, whose own entries are found first.  The
 * format of the time is its, too. */
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

/* The first variable in an entry's value that is not done itself. */
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

/* In rounds, each of which finishes what needs only finished ones, until one
 * finishes none.  If some are left then, whoever goes from one to what it
 * awaits, and on, comes into a circle. */
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

	for (c = first(manifest); c; c = c->next) {
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

	for (c = first(all); c; c = c->next) {
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
	for (c = first(list); c; c = c->next) {
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
	for (c = first(list); c; c = c->next) {
		char *place = format("networks.gap_juncs[%zu]", *n);

		if (!cJSON_IsObject(c))
			die("%s: %s is not an object", f->path, place);
		files[(*n)++] = need_path(f, place, c, "gap_juncs_file");
		free(place);
	}
	return files;
}

/* The sets of upper, and those of lower whose names are not in it. */
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
		if (find_label(&names, c->string) == NO_LABEL)
			cJSON_AddItemToArray(
				upper, cJSON_DetachItemViaPointer(lower, c));
	}
	free_labels(&names);
	return upper;
}

/* BMTK takes them from the config itself, too. */
static cJSON *
read_node_sets(const struct file *f)
{
	cJSON *own = get(f, "", f->json, "node_sets", OBJECT);
	char *path = get_path(f, "", f->json, "node_sets_file");

	return path ? merge(own, read_json(path)) : own;
}

static bool
names_file(const char *key)
{
	size_t n = strlen(key);

	return strcmp(key, "file") == 0 ||
	       (n >= 5 && strcmp(key + n - 5, "_file") == 0);
}

/* BMTK has its inputs' files at many keys ("input_file", "comsol_file",
 * "rates", "waveform"), with a variable at the beginning if not at a name that
 * says so. */
static cJSON *
read_inputs(const struct file *f)
{
	cJSON *inputs = get(f, "", f->json, "inputs", OBJECT);
	struct visit *all;
	size_t i, n;

	if (!inputs)
		return NULL;
	all = walk(inputs, &n);
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
		if (p->id.st_dev == f->id.st_dev &&
		    p->id.st_ino == f->id.st_ino)
			die("%s: %s leads back to '%s'", parent->path,
			    circuit ? "network" : "simulation", path);
	f->json = read_json(path);
	read_manifest(f);
	return f;
}

/* Take what a file has.  Those it names come after it, and theirs holds. */
static void
take(struct config *c, const struct file *f)
{
	const cJSON *networks = get(f, "", f->json, "networks", OBJECT);
	cJSON *inputs = read_inputs(f), *sets = read_node_sets(f);
	cJSON *old = (cJSON *)c->node_sets;

	if (networks) {
		c->nodes = read_parts(f, networks, "nodes", &c->nnodes);
		c->edges = read_parts(f, networks, "edges", &c->nedges);
		c->gap_juncs = read_gap_juncs(f, networks, &c->ngap_juncs);
	}
	if (inputs)
		c->inputs = inputs;
	c->node_sets = f->circuit ? merge(old, sets) : merge(sets, old);
}

const struct config *
read_config(const char *path)
{
	static const char *const keys[] = {"simulation", "network"};
	struct config *c = zeros(1, sizeof *c);
	const char *blame = path;
	struct file *todo[MAX_FILES + LEN(keys)], *f;
	size_t i, n = 0, files = 0;
	char *nested;

	c->path = copy(path);
	todo[n++] = open_file(c->path, NULL, false);
	while (n > 0) {
		f = todo[--n];
		take(c, f);
		if (f->circuit)
			blame = f->path;
		if (++files > MAX_FILES)
			die("%s: names more than %d configs", path, MAX_FILES);
		for (i = 0; i < LEN(keys); i++)
			if ((nested = get_path(f, "", f->json, keys[i])))
				todo[n++] = open_file(nested, f, i == 1);
	}
	if (!c->nodes)
		die("%s: no 'networks', and no 'network' that has them", blame);
	if (c->nnodes == 0 && c->nedges == 0)
		die("%s: no nodes and no edges in 'networks'", blame);
	return c;
}

bool
looks_like_json(const char *s, size_t n)
{
	const char *end = s + n;

	if (n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0)
		s += 3;
	while (s < end && is_space(*s))
		s++;
	return s < end && *s == '{';
}

const char *
part_type(const struct config_part *part, const char *population)
{
	const cJSON *c =
		cJSON_GetObjectItemCaseSensitive(part->only, population);

	return cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(c, "type"));
}

bool
part_has(const struct config_part *part, const char *population)
{
	return !part->only ||
	       cJSON_GetObjectItemCaseSensitive(part->only, population);
}
