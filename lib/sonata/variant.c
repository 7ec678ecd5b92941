#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sonata/config.h"
#include "sonata/folder.h"
#include "sonata/manifest.h"
#include "sonata/paths.h"
#include "sonata/variant.h"
#include "util.h"

/* A file that is changed, or a config, which may have to name a copy. */
struct named {
	const char *path;
	struct stat id;
	cJSON *json;
	struct manifest *manifest; /* of a config; NULL */
	bool changed, in_mirror;
	const char *copy; /* of its own, or NULL */
	const char *link; /* to a copy that is elsewhere, or NULL */
};

/* A folder of components that stands for another one. */
struct mirror {
	const char *from;
	struct stat id;
	const char *to;
};

struct variant {
	const char *config, *output, *folder;
	struct named *file; /* the config first, then what it names */
	size_t n, cap;
	struct mirror *mirror;
	size_t nmirrors, mirrors_cap;
};

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* ---- What may be changed ---- */

static struct named *
add_file(struct variant *v, const char *path, bool is_config)
{
	struct named *f;

	v->file = grow(v->file, &v->cap, v->n + 1, sizeof *v->file);
	f = &v->file[v->n];
	*f = (struct named){.path = path};
	if (stat(path, &f->id) < 0)
		die("%s:", path);
	f->json = json_read(path);
	if (is_config)
		f->manifest = manifest_new(path, f->json);
	v->n++;
	return f;
}

static char *
without_slashes(const char *path)
{
	char *s = copy(path);
	size_t n = strlen(s);

	while (n > 1 && s[n - 1] == '/')
		s[--n] = '\0';
	return s;
}

struct variant *
variant_new(const char *config, const char *output, const char *folder)
{
	struct variant *v = zeros(1, sizeof *v);
	const char **path;
	struct stat id;
	size_t i, n;

	v->config = config;
	v->output = output;
	v->folder = without_slashes(folder);
	path = config_files(config_read(config), &n);
	for (i = 0; i < n; i++)
		if (stat(path[i], &id) == 0)
			add_file(v, path[i], true);
	free(path);
	return v;
}

cJSON *
variant_json(struct variant *v, const char *name, const char **path)
{
	struct named *f = &v->file[0];
	const char *at = name ? path_locate(v->config, name) : NULL;
	struct stat id;
	size_t i;

	if (at && stat(at, &id) < 0)
		die("%s:", at);
	for (i = 0; at && i < v->n; i++) {
		f = &v->file[i];
		if (is_same(&f->id, &id))
			break;
	}
	if (at && i == v->n)
		f = add_file(v, at, false);
	f->changed = true;
	*path = f->path;
	return f->json;
}

/* ---- Where copies are ---- */

/* A path from the root, whose file need not be there. */
static char *
absolute(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = path_folder(path), *real;
	char *all;

	real = realpath(*folder ? folder : ".", NULL);
	if (!real)
		die("%s:", folder);
	all = format("%s/%s", strcmp(real, "/") ? real : "",
		     slash ? slash + 1 : path);
	free(real);
	free(folder);
	return all;
}

static const char *
last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool
is_taken(const struct variant *v, const char *path)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		if ((v->file[i].copy && !strcmp(v->file[i].copy, path)) ||
		    (v->file[i].link && !strcmp(v->file[i].link, path)))
			return true;
	for (i = 0; i < v->nmirrors; i++)
		if (!strcmp(v->mirror[i].to, path))
			return true;
	return false;
}

/* A path in the folder for copies that is called as another one is, if that is
 * possible. */
static char *
free_path(const struct variant *v, const char *like)
{
	char *folder = absolute(v->folder), *real = realpath(like, NULL), *path;
	size_t i;

	path = format("%s/%s", folder, last_name(real));
	for (i = 2; is_taken(v, path); i++) {
		free(path);
		path = format("%s/%zu-%s", folder, i, last_name(real));
	}
	free(real);
	free(folder);
	return path;
}

static char *
beside(const struct variant *v, const char *config)
{
	const char *name = last_name(v->output), *of = last_name(config);
	size_t n = strlen(name);
	char *path, *all;

	if (n > 5 && !strcmp(name + n - 5, ".json"))
		n -= 5;
	path = format("%.*s%.*s-%s", (int)(of - config), config, (int)n, name,
		      of);
	all = absolute(path);
	free(path);
	return all;
}

/* The part of a file's path that is below a folder, whatever links lead there;
 * or NULL. */
static const char *
below(const char *path, const struct stat *folder)
{
	const char *rest = NULL, *slash;
	struct stat id;

	for (slash = path; (slash = strchr(slash, '/')); slash++) {
		char *up = format("%.*s/", (int)(slash - path), path);

		if (!stat(up, &id) && is_same(&id, folder))
			rest = slash + 1;
		free(up);
	}
	if (!stat(".", &id) && *path != '/' && is_same(&id, folder))
		rest = path;
	return rest;
}

/* ---- What configs name ---- */

/* Does a text of a config lead to something?  Where that is. */
static char *
leads_to(const struct named *f, const char *text, struct stat *id)
{
	char *fault, *name = manifest_expand(f->manifest, "", text, &fault);
	char *path = *name && !fault ? path_near(f->path, name) : NULL;

	if (path && stat(path, id) < 0) {
		free(path);
		path = !stat(name, id) ? copy(name) : NULL;
	}
	free(fault);
	free(name);
	return path;
}

/* The folder that stands for one which has files that are changed, or NULL. */
static const char *
mirror_of(struct variant *v, const char *path, const struct stat *id)
{
	bool has = false;
	size_t i;

	for (i = 0; i < v->nmirrors; i++)
		if (is_same(&v->mirror[i].id, id))
			return v->mirror[i].to;
	for (i = 0; i < v->n; i++)
		if (v->file[i].changed && below(v->file[i].path, id)) {
			v->file[i].in_mirror = has = true;
		}
	if (!has)
		return NULL;
	v->mirror = grow(v->mirror, &v->mirrors_cap, v->nmirrors + 1,
			 sizeof *v->mirror);
	v->mirror[v->nmirrors] = (struct mirror){
		.from = copy(path), .id = *id, .to = free_path(v, path)};
	return v->mirror[v->nmirrors++].to;
}

/* The copy of a file that is changed, or NULL; the paths in a config are seen
 * from its folder. */
static const char *
copy_of(struct variant *v, const struct stat *id, bool is_config)
{
	size_t i;

	for (i = 1; i < v->n; i++) {
		struct named *f = &v->file[i];

		if (!f->changed || !is_same(&f->id, id))
			continue;
		if (is_config && !f->link) {
			f->link = free_path(v, f->path);
			f->copy = beside(v, f->path);
		}
		if (!f->copy)
			f->copy = free_path(v, f->path);
		return f->copy;
	}
	return NULL;
}

/* What is to stand where this stands, or NULL. */
static const char *
instead(struct variant *v, const struct named *f, const struct json_place *at)
{
	const char *to;
	struct stat id;
	char *path;

	if (!cJSON_IsString(at->item) || !at->name ||
	    !strcmp(at->name, "manifest"))
		return NULL;
	path = leads_to(f, at->item->valuestring, &id);
	if (!path)
		return NULL;
	to = copy_of(v, &id,
		     !strcmp(at->name, "network") ||
			     !strcmp(at->name, "simulation"));
	if (!to && S_ISDIR(id.st_mode) && !strcmp(at->name, "components"))
		to = mirror_of(v, path, &id);
	free(path);
	return to;
}

/* Has it to be a copy that names copies? */
static bool
name_copies(struct variant *v, struct named *f)
{
	bool was = f->changed;
	struct json_place *all;
	const char *to;
	size_t i, n;

	if (!f->manifest)
		return false;
	all = json_walk(f->json, &n);
	for (i = 0; i < n; i++)
		if ((to = instead(v, f, &all[i]))) {
			if (!cJSON_SetValuestring(all[i].item, to))
				die("out of memory");
			f->changed = true;
		}
	free(all);
	return f->changed && !was;
}

/* ---- Copies ---- */

static void
write_in_mirror(const struct variant *v, const struct mirror *m)
{
	size_t i;

	for (i = 0; i < v->n; i++) {
		const struct named *f = &v->file[i];
		const char *rest = f->changed ? below(f->path, &m->id) : NULL;
		char *path = rest ? format("%s/%s", m->to, rest) : NULL;

		if (path)
			json_write(path, f->json);
		free(path);
	}
}

/* Is a file that is changed at a path in a folder, or in a folder there? */
static bool
has_changed(const struct variant *v, const struct mirror *m, const char *path,
	    bool *itself)
{
	size_t i, n = strlen(path);
	bool has = false;

	*itself = false;
	for (i = 0; i < v->n; i++) {
		const struct named *f = &v->file[i];
		const char *rest = f->changed ? below(f->path, &m->id) : NULL;

		if (!rest || strncmp(rest, path, n) != 0)
			continue;
		*itself = *itself || !rest[n];
		has = has || rest[n] == '/';
	}
	return has;
}

/* Folders of a mirror, below it: "", and those that it has of its own. */
struct under {
	char **path;
	size_t n, cap;
};

static void
add_under(struct under *all, char *path)
{
	all->path = grow(all->path, &all->cap, all->n + 1, sizeof *all->path);
	all->path[all->n++] = path;
}

/* What stands for an entry of a folder: one that has what is changed becomes a
 * folder, too. */
static void
stand_for(const struct variant *v, const struct mirror *m, const char *path,
	  struct under *all)
{
	char *from = format("%s/%s", m->from, path), *to;
	bool itself;

	to = format("%s/%s", m->to, path);
	if (has_changed(v, m, path, &itself)) {
		folder_make(to);
		add_under(all, format("%s/", path));
	} else if (!itself) {
		char *whole = absolute(from);

		folder_link(to, whole);
		free(whole);
	}
	free(to);
	free(from);
}

/* Make a folder that leads to everything in another one but what is changed. */
static void
link_all(const struct variant *v, const struct mirror *m)
{
	struct under all = {0};
	const struct dirent *e;
	size_t i;

	folder_make(m->to);
	add_under(&all, copy(""));
	for (i = 0; i < all.n; i++) {
		char *from = format("%s/%s", m->from, all.path[i]);
		DIR *d = opendir(from);

		if (!d)
			die("%s:", from);
		while ((e = readdir(d))) {
			char *path = format("%s%s", all.path[i], e->d_name);

			if (strcmp(e->d_name, ".") != 0 &&
			    strcmp(e->d_name, "..") != 0)
				stand_for(v, m, path, &all);
			free(path);
		}
		closedir(d);
		free(from);
		free(all.path[i]);
	}
	free(all.path);
}

static void
write_copies(const struct variant *v)
{
	size_t i;

	for (i = 0; i < v->nmirrors; i++) {
		folder_make(v->folder);
		link_all(v, &v->mirror[i]);
		write_in_mirror(v, &v->mirror[i]);
	}
	for (i = 1; i < v->n; i++) {
		const struct named *f = &v->file[i];

		if (!f->copy)
			continue;
		folder_make(v->folder);
		if (f->link)
			folder_link(f->link, f->copy);
		json_write(f->copy, f->json);
	}
}

cJSON *
variant_copy(struct variant *v)
{
	size_t i;
	bool more;

	do {
		more = false;
		for (i = 0; i < v->n; i++)
			more = name_copies(v, &v->file[i]) || more;
	} while (more);
	for (i = 1; i < v->n; i++)
		if (v->file[i].changed && !v->file[i].copy &&
		    !v->file[i].in_mirror)
			die("%s: names neither '%s' nor, in components, a "
			    "folder that has it",
			    v->config, v->file[i].path);
	write_copies(v);
	return v->file[0].json;
}

void
variant_keep(void)
{
	folder_keep();
}
