#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sonata/paths.h"
#include "util.h"

/* A path without what it need not have: "./" at its beginning. */
static const char *
plain(const char *path)
{
	while (strncmp(path, "./", 2) == 0 && path[2 + strspn(path + 2, "/")])
		path += 2 + strspn(path + 2, "/");
	return path;
}

char *
path_folder(const char *config)
{
	const char *slash = strrchr(config, '/');

	return format("%.*s", slash ? (int)(slash + 1 - config) : 0, config);
}

const char *
path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *
path_near(const char *config, const char *name)
{
	char *dir = *name == '/' ? copy("") : path_folder(config);
	char *path = format("%s%s", dir, plain(name));

	free(dir);
	return path;
}

/* Where a file is whose name has the right slashes, or NULL. */
static char *
look_for(const char *config, const char *name)
{
	static bool warned;
	char *path = path_near(config, name);

	if (access(path, F_OK) == 0)
		return path;
	free(path);
	if (*name == '/' || access(name, F_OK) != 0)
		return NULL;
	if (!warned)
		warn("%s: not in its folder, so taken from the working "
		     "directory: '%s'",
		     config, plain(name));
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
char *
path_find(const char *config, const char *name)
{
	static bool warned;
	char *path = look_for(config, name), *other;

	if (path || !strchr(name, '\\'))
		return path;
	other = with_slashes(name);
	path = look_for(config, other);
	free(other);
	if (path && !warned)
		warn("%s: '\\' taken as '/': '%s'", config, name);
	warned = warned || path;
	return path;
}

char *
path_locate(const char *config, const char *name)
{
	char *path = path_find(config, name);

	return path ? path : path_near(config, name);
}

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

/* Where a path leads: without links as far as it is there. */
static char *
absolute(const char *path)
{
	char *s = copy(*path ? path : "."), *rest = copy(""), *real, *all;

	while (!(real = realpath(*s ? s : "/", NULL))) {
		char *slash = strrchr(s, '/');
		const char *last = slash ? slash + 1 : s;

		all = *last ? format("/%s%s", last, rest) : copy(rest);
		free(rest);
		rest = all;
		if (slash)
			*slash = '\0';
		else
			memcpy(s, ".", 2);
	}
	all = format("%s%s", strcmp(real, "/") ? real : "", rest);
	free(real);
	free(rest);
	free(s);
	return all;
}

/* The length of the folder that two paths have in common. */
static size_t
common(const char *a, const char *b)
{
	size_t i, same = 0;

	for (i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == '/')
			same = i;
	if ((!a[i] || a[i] == '/') && (!b[i] || b[i] == '/'))
		same = i;
	return same;
}

char *
path_from(const char *folder, const char *path)
{
	char *from = absolute(folder), *to = absolute(path);
	size_t same = common(from, to);
	const char *p, *rest = to[same] ? to + same + 1 : "";
	char *s = copy(""), *longer;

	for (p = from + same; *p; p++)
		if (*p == '/' && p[1]) {
			longer = format("%s../", s);
			free(s);
			s = longer;
		}
	longer = *s || *rest ? format("%s%s", s, rest) : copy(".");
	free(s);
	free(from);
	free(to);
	return longer;
}

bool
path_is_below(const char *path, const char *folder)
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
char *
path_find_output(const char *config, const char *output_dir, const char *name)
{
	char *dir = path_folder(config), *s = folders(name);
	char *real = realpath(*dir ? dir : ".", NULL);
	char *end = folders(output_dir), *path = NULL;
	size_t n = real ? strlen(real) : 0, tail = strlen(end);

	if (n > tail && real[n - tail - 1] == '/' &&
	    !strcmp(real + n - tail, end))
		path = format("%s%s", dir,
			      path_is_below(name, output_dir) ? s + tail + 1
							      : s);
	if (path && access(path, F_OK) == 0) {
		warn("%s: its folder taken for its output_dir: '%s'", config,
		     output_dir);
	} else {
		free(path);
		path = NULL;
	}
	free(real);
	free(end);
	free(s);
	free(dir);
	return path;
}
