#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cell/modfiles.h"
#include "util.h"

#define MAX_TEXT ((size_t)256 << 20)

char *
modfiles_read_text(const char *path, size_t *n)
{
	enum { BLOCK = 65536 };
	size_t room = 0, got = 1;
	struct stat st;
	char *s = NULL;
	FILE *f;

	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		die("%s: not a regular file", path);
	f = fopen(path, "re");
	*n = 0;
	while (f && got > 0) {
		s = grow(s, &room, *n + BLOCK + 1, 1);
		got = fread(s + *n, 1, BLOCK, f);
		*n += got;
		if (*n > MAX_TEXT)
			die("%s: more than %zu MB", path, MAX_TEXT >> 20);
	}
	if (!f || ferror(f) || fclose(f))
		die("%s:", path);
	return s;
}

/* The list takes over its strings. */
static void
add_text(struct modfiles *m, struct modfile t)
{
	t.text = modfiles_read_text(t.path, &t.len);
	m->file = grow(m->file, &m->cap, m->n + 1, sizeof *m->file);
	m->file[m->n++] = t;
}

static void
free_text(struct modfile *t)
{
	free(t->path);
	free(t->folder);
	free(t->name);
	free(t->place);
	free(t->text);
}

/* A hidden file is not a mod file: "._na.mod" is what macOS leaves. */
static bool
is_mod(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && !strcmp(name + n - 4, ".mod") && *name != '.';
}

/* nocmodl names C functions after the file. */
static void
check_name(const char *path, const char *name)
{
	const char *p;

	for (p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '_')
			die("%s: its name may have letters, digits and '_' "
			    "only: nocmodl makes C of it",
			    path);
}

static char *
full_path(const char *folder)
{
	char *full = realpath(folder, NULL);

	if (!full)
		die("%s:", folder);
	return full;
}

/* nocmodl writes the file's path into C as it is. */
static void
check_folder(const char *path, const char *full)
{
	if (strpbrk(full, "\"\\\n"))
		die("%s: nocmodl cannot take a path with a '\"', a '\\' or a "
		    "line break",
		    path);
}

static void
add_mod(struct modfiles *m, const char *folder, const char *file)
{
	struct modfile t = {
		.path = format("%s/%s", folder, file),
		.folder = full_path(folder),
		.name = format("%.*s", (int)strlen(file) - 4, file)};

	check_name(t.path, t.name);
	check_folder(t.path, t.folder);
	add_text(m, t);
	if (m->file[m->n - 1].len == 0)
		die("%s: the file is empty", t.path);
}

/* How many there are. */
static size_t
add_folder(struct modfiles *m, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t n = 0;

	if (!dir)
		die("%s:", folder);
	while ((entry = readdir(dir)))
		if (is_mod(entry->d_name)) {
			add_mod(m, folder, entry->d_name);
			n++;
		}
	closedir(dir);
	return n;
}

static int
by_name(const void *a, const void *b)
{
	const struct modfile *s = a, *t = b;
	int order = strcmp(s->name, t->name);

	return order ? order : strcmp(s->path, t->path);
}

static int
by_place(const void *a, const void *b)
{
	const struct modfile *s = a, *t = b;
	int order = strcmp(s->place, t->place);

	return order ? order : by_name(a, b);
}

static char *
place_of(const struct modfile *t)
{
	static const char says[] = MODFILES_MADE_FROM;
	const char *p = strstr(t->text, says);

	if (!p)
		return copy(t->name);
	p += strlen(says);
	return format("%.*s", (int)strcspn(p, ".\n"), p);
}

/* Folders may share a file: one copy is enough, and NEURON would refuse two. */
static void
drop_doubles(struct modfiles *m)
{
	size_t i, n = 0;

	for (i = 0; i < m->n; i++) {
		struct modfile *t = &m->file[i];
		struct modfile *last = n > 0 ? &m->file[n - 1] : NULL;

		if (!last || strcmp(last->name, t->name) != 0) {
			m->file[n++] = *t;
			continue;
		}
		if (last->len != t->len ||
		    memcmp(last->text, t->text, t->len) != 0)
			die("%s and %s differ: only one of them can be in a "
			    "library",
			    last->path, t->path);
		free_text(t);
	}
	m->nmods = m->n = n;
}

void
modfiles_read(struct modfiles *m, const struct opt_list *folders)
{
	struct stat st;
	size_t i;

	*m = (struct modfiles){0};
	for (i = 0; i < folders->n; i++) {
		const char *folder = folders->item[i];
		char *inner = format("%s/modfiles", folder);

		if (add_folder(m, folder) == 0 &&
		    (stat(inner, &st) || add_folder(m, inner) == 0))
			die("%s: no mod files", folder);
		free(inner);
	}
	if (m->n > 0)
		qsort(m->file, m->n, sizeof *m->file, by_name);
	drop_doubles(m);
	for (i = 0; i < m->n; i++)
		m->file[i].place = place_of(&m->file[i]);
	if (m->n > 0)
		qsort(m->file, m->n, sizeof *m->file, by_place);
}

void
modfiles_free(struct modfiles *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		free_text(&m->file[i]);
	free(m->file);
	*m = (struct modfiles){0};
}

/* ---- What they include ---- */

struct including {
	struct modfiles *m;
	FILE *record;
	size_t by; /* the file that includes */
	const char *name;
};

/* All files that nocmodl or the compiler may mean are taken in, if they are
 * there, so that the order in which those look for them does not matter. */
static void
try_path(const struct including *l, char *path)
{
	struct modfiles *m = l->m;
	const char *folder = m->file[l->by].folder;
	struct stat st;
	size_t i;

	if (stat(path, &st) || S_ISDIR(st.st_mode)) {
		free(path);
		return;
	}
	for (i = m->nmods; i < m->n; i++)
		if (!strcmp(m->file[i].path, path) &&
		    !strcmp(m->file[i].name, l->name) &&
		    !strcmp(m->file[i].folder, folder))
			break;
	if (i == m->n)
		add_text(m, (struct modfile){.path = path,
					     .folder = copy(folder),
					     .name = copy(l->name)});
	else
		free(path);
	fprintf(l->record, "%zu includes %zu\n", l->by, i);
}

/* Look where nocmodl does, which takes $MODL_INCLUDE relative to where it runs.
 */
static void
try_folders(const struct including *l)
{
	const struct modfile t = l->m->file[l->by];
	const char *slash = strrchr(t.path, '/');
	const char *written = l->by < l->m->nmods ? NULL : strrchr(t.name, '/');
	const char *dirs = getenv("MODL_INCLUDE");
	size_t n;

	if (*l->name == '/') {
		try_path(l, copy(l->name));
		return;
	}
	try_path(l, format("%.*s/%s", (int)(slash - t.path), t.path, l->name));
	if (written)
		try_path(l, format("%s/%.*s/%s", t.folder,
				   (int)(written - t.name), t.name, l->name));
	try_path(l, format("%s/%s", t.folder, l->name));
	try_path(l, format("%s/../%s", t.folder, l->name));
	for (; dirs && *dirs; dirs += n + (dirs[n] == ':')) {
		n = strcspn(dirs, ":");
		try_path(l, *dirs == '/'
				    ? format("%.*s/%s", (int)n, dirs, l->name)
				    : format("%s/%.*s/%s", t.folder, (int)n,
					     dirs, l->name));
	}
}

/* Look for INCLUDE "file" of NMODL and #include of VERBATIM blocks; one in a
 * comment does no harm. */
static void
look_for_includes(struct including *l)
{
	static const char word[] = "include";
	size_t i, n, len = l->m->file[l->by].len;

	for (i = 0; i < len; i++) {
		const char *p = l->m->file[l->by].text + i;
		char *name;

		if ((*p | 32) != 'i' ||
		    strncasecmp(p, word, sizeof word - 1) != 0)
			continue;
		p += sizeof word - 1;
		p += strspn(p, " \t");
		if (*p != '"' && *p != '<')
			continue;
		n = strcspn(++p, "\">\n");
		if (n == 0 || !p[n] || p[n] == '\n')
			continue;
		l->name = name = format("%.*s", (int)n, p);
		try_folders(l);
		free(name);
	}
}

/* The list grows during the loop. */
void
modfiles_read_included(struct modfiles *m, FILE *record)
{
	struct including l = {.m = m, .record = record};

	for (; l.by < m->n; l.by++) {
		const struct modfile *t = &m->file[l.by];

		fprintf(record, "%zu %s %zu\n", l.by, t->name, t->len);
		fwrite(t->text, 1, t->len, record);
		look_for_includes(&l);
	}
}

bool
modfiles_is_part(const struct modfiles *m, size_t i, const struct modfile *mod)
{
	return &m->file[i] == mod ||
	       (i >= m->nmods && !strcmp(m->file[i].folder, mod->folder));
}
