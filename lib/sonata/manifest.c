#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "labels.h"
#include "sonata/json.h"
#include "sonata/manifest.h"
#include "sonata/paths.h"
#include "util.h"

#define MAX_TEXT                                                               \
	65536 /* of an expanded one: the system takes paths of 4096            \
	       */
#define WORD "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789"

/* A text; most have a name, and are entries of the manifest. */
struct variable {
	const char *place; /* where the text is */
	const char *text;  /* as it stands there */
	const char *left;  /* of it, what was not looked at yet */
	char *value;       /* with its variables replaced, when done */
	char *fault;       /* NULL: none; that counts where it is needed */
	bool done, open;
	struct variable *below; /* what waits for it, while it is open */
};

struct manifest {
	const char *path;
	const cJSON *config;
	struct labels names;
	struct variable *variable; /* NULL until a text has a variable */
};

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
add_builtins(struct manifest *m)
{
	char *cwd = getcwd(NULL, 0), *folder = path_folder(m->path);
	char *from =
		*m->path == '/' ? copy("") : format("%s/", cwd ? cwd : ".");
	char *dir = format("%s%s", from, folder), stamp[32];
	time_t t = time(NULL);
	struct tm tm = {0};
	size_t i;

	if (strlen(dir) > 1)
		dir[strlen(dir) - 1] = '\0';
	localtime_r(&t, &tm);
	strftime(stamp, sizeof stamp, "%Y-%m-%d_%H-%M-%S", &tm);
	const struct {
		const char *name;
		char *value;
	} all[] = {
		{"workingdir", cwd ? cwd : copy(".")},
		{"configdir", dir},
		{"configfname", format("%s%s", from, m->path)},
		{"datetime", copy(stamp)},
		{"date", format("%.10s", stamp)},
		{"time", copy(stamp + 11)},
	};
	for (i = 0; i < LEN(all); i++)
		if (label_find(&m->names, all[i].name) == NO_LABEL)
			m->variable[label(&m->names, all[i].name)] =
				(struct variable){.value = all[i].value,
						  .done = true};
		else
			free(all[i].value);
	free(folder);
	free(from);
}

static void
add_entry(struct manifest *m, const cJSON *c)
{
	const char *name = c->string + (*c->string == '$');
	const char *text = cJSON_GetStringValue(c);
	size_t n = m->names.n;
	struct variable *v = &m->variable[label(&m->names, name)];
	bool twice = m->names.n == n;

	if (twice && text && v->text && !strcmp(text, v->text))
		return;
	v->text = v->left = text;
	v->place = format("manifest.%s", c->string);
	v->done = twice || !text;
	if (v->done)
		v->fault = format("%s: %s is %s", m->path, v->place,
				  twice ? "defined twice" : "not a text");
}

static void
read_manifest(struct manifest *m)
{
	const cJSON *list =
		cJSON_GetObjectItemCaseSensitive(m->config, "manifest");
	enum { BUILTINS = 6 };

	if (list && !cJSON_IsNull(list) && !cJSON_IsObject(list))
		die("%s: manifest is not an object", m->path);
	m->variable = zeros((size_t)cJSON_GetArraySize(list) + BUILTINS,
			    sizeof *m->variable);
	for (list = json_first(list); list; list = list->next)
		add_entry(m, list);
	add_builtins(m);
}

/* The variable of a mention, or NULL. */
static struct variable *
mentioned(struct manifest *m, const struct mention *at)
{
	char *name = format("%.*s", (int)at->len, at->name);
	uint32_t i;

	if (!m->variable)
		read_manifest(m);
	i = label_find(&m->names, name);
	free(name);
	return i == NO_LABEL ? NULL : &m->variable[i];
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

/* A variable that is mentioned in another one's text has no value. */
static void
note_fault(const struct manifest *m, struct variable *v,
	   const struct mention *at, const struct variable *other)
{
	if (!v->fault && other)
		v->fault = copy(other->fault);
	else if (!v->fault)
		v->fault = format("%s: %s: unknown variable '%.*s'", m->path,
				  v->place, (int)(at->rest - at->at), at->at);
}

/* Those that its text mentions are done. */
static void
fill_in(struct manifest *m, struct variable *v)
{
	const char *s = v->text;
	const struct variable *other;
	struct text t = {0};
	struct mention at;
	bool known;

	for (; next_mention(s, &at); s = at.rest) {
		other = mentioned(m, &at);
		known = other && !other->fault;
		if (!known)
			note_fault(m, v, &at, other);
		append(&t, s, (size_t)(at.at - s));
		append(&t, known ? other->value : at.at,
		       known ? strlen(other->value)
			     : (size_t)(at.rest - at.at));
		if (t.n > MAX_TEXT)
			die("%s: %s: too long with its variables replaced",
			    m->path, v->place);
	}
	append(&t, s, strlen(s));
	v->value = t.s;
	v->done = true;
}

/* The next variable in the text of another one that is not done, or NULL. */
static struct variable *
awaits(struct manifest *m, struct variable *v)
{
	struct variable *other;
	struct mention at;

	for (; next_mention(v->left, &at); v->left = at.rest)
		if ((other = mentioned(m, &at)) && !other->done)
			return other;
	return NULL;
}

/* Each waits for the one above it.  A text is looked through once, however many
 * it waits for. */
char *
manifest_expand(struct manifest *m, const char *place, const char *s,
		char **fault)
{
	struct variable all = {.place = place, .text = s, .left = s};
	struct variable *top = &all, *v;

	while (top) {
		v = awaits(m, top);
		if (v && v->open) {
			v->done = true;
			v->fault = format("%s: %s is defined by itself",
					  m->path, v->place);
		} else if (v) {
			v->open = true;
			v->below = top;
			top = v;
		} else {
			fill_in(m, top);
			top = top->below;
		}
	}
	if (fault)
		*fault = all.fault;
	else
		free(all.fault);
	return all.value;
}

struct manifest *
manifest_new(const char *path, const cJSON *config)
{
	struct manifest *m = zeros(1, sizeof *m);

	*m = (struct manifest){.path = path, .config = config};
	return m;
}
