#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cell/compilers.h"
#include "cell/modfiles.h"
#include "run/run.h"

static const char *
env(const char *name)
{
	const char *s = getenv(name);

	return s && *s ? s : NULL;
}

/* The programs run in other folders, so their paths have to be absolute.  Links
 * are not followed: /usr/lib/ccache/cc is a link to ccache, which knows by its
 * name what to do. */
static char *
absolute(char *path)
{
	char *here, *s;

	if (*path == '/')
		return path;
	here = getcwd(NULL, 0);
	if (!here)
		die("the working directory:");
	s = format("%s/%s", here, path);
	free(here);
	free(path);
	return s;
}

/* The program that the shell would run; NULL if there is none. */
static char *
find_program(const char *name)
{
	const char *dirs = env("PATH");
	size_t n;

	if (strchr(name, '/'))
		return access(name, X_OK) ? NULL : absolute(copy(name));
	for (; dirs && *dirs; dirs += n + (dirs[n] == ':')) {
		char *path;

		n = strcspn(dirs, ":");
		path = format("%.*s/%s", (int)n, dirs, name);
		if (n > 0 && !access(path, X_OK))
			return absolute(path);
		free(path);
	}
	return NULL;
}

/* Find a file in the folder of another one, or in a folder above it: with
 * /usr/bin/nocmodl and "include/neuron.h" it is /usr/include/neuron.h. */
static char *
find_near(const char *file, const char *name)
{
	char *dir = file ? realpath(file, NULL) : NULL, *slash;

	while (dir && (slash = strrchr(dir, '/'))) {
		char *path;

		*slash = '\0';
		path = format("%s/%s", dir, name);
		if (!access(path, R_OK)) {
			free(dir);
			return path;
		}
		free(path);
	}
	free(dir);
	return NULL;
}

static char *
find_nocmodl(void)
{
	const char *name = env("NOCMODL");
	char *path = name ? find_program(name)
			  : find_near(env("LIBNRNIV"), "bin/nocmodl");

	if (!path && !name)
		path = find_program("nocmodl");
	if (!path)
		die("%s not found: install neuron-dev",
		    name ? name : "nocmodl");
	return path;
}

/* A compiler that is not there keeps its name: only a tool that needs it
 * complains. */
static struct opt_list
find_compiler(const char *variable, const char *usual)
{
	char *text = copy(env(variable) ? env(variable) : usual), *rest = text;
	struct opt_list words = {0};
	char *word;

	while ((word = strsep(&rest, " \t")))
		if (*word)
			run_add(&words, "%s", word);
	if (words.n == 0)
		run_add(&words, "%s", usual);
	word = find_program(words.item[0]);
	if (word) {
		free((void *)words.item[0]);
		words.item[0] = word;
	}
	free(text);
	return words;
}

/* Every NEURON since 8.1 has this header.  It tells versions apart, which what
 * nocmodl says does not: that is 7.7.0 for all of them. */
static char *
find_version(const char *nocmodl)
{
	static const char *const name[] = {"include/nrn/nrnsemanticversion.h",
					   "include/nrnsemanticversion.h"};
	char *path = NULL;
	size_t i;

	for (i = 0; i < LEN(name) && !path; i++)
		path = find_near(nocmodl, name[i]);
	for (i = 0; i < LEN(name) && !path; i++)
		path = find_near(env("LIBNRNIV"), name[i]);
	return path;
}

/* A program is identified by its place, size and date, which takes no process.
 */
static void
record_program(FILE *f, const char *path)
{
	struct stat st = {0};

	(void)stat(path, &st);
	fprintf(f, "%s %lld %lld %ld\n", path, (long long)st.st_size,
		(long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

static void
record_compiler(FILE *f, const struct opt_list *words)
{
	size_t i;

	record_program(f, words->item[0]);
	for (i = 1; i < words->n; i++)
		fprintf(f, "%s\n", words->item[i]);
}

struct compilers
compilers_find(FILE *record)
{
	struct compilers t = {.nocmodl = find_nocmodl(),
			      .cc = find_compiler("CC", "cc"),
			      .cxx = find_compiler("CXX", "c++")};
	char *text;
	size_t n;

	t.units = env("MODLUNIT")
			  ? copy(env("MODLUNIT"))
			  : find_near(t.nocmodl, "share/nrn/lib/nrnunits.lib");
	record_program(record, t.nocmodl);
	record_compiler(record, &t.cc);
	record_compiler(record, &t.cxx);
	if (t.units)
		record_program(record, t.units);
	t.headers = find_version(t.nocmodl);
	if (t.headers) {
		text = modfiles_read_text(t.headers, &n);
		*strrchr(t.headers, '/') = '\0';
		fprintf(record, "%s\n%s", t.headers, text);
		free(text);
	}
	return t;
}

void
compilers_free(struct compilers *t)
{
	run_free_list(&t->cc);
	run_free_list(&t->cxx);
	free(t->nocmodl);
	free(t->headers);
	free(t->units);
}

/* -O2 gives the same bits as nrnivmodl's libraries: -O3 is faster by less than
 * 2 %, and -ffast-math gives other bits.  VERBATIM blocks often declare
 * functions as in the C of 1978, to which newer compilers object. */
void
compilers_add(const struct compilers *t, bool cxx, struct opt_list *argv)
{
	static const char *const old_c[] = {
		"-std=gnu11", "-Wno-error=implicit-function-declaration",
		"-Wno-implicit-int", "-Wno-int-conversion",
		"-Wno-incompatible-pointer-types"};
	const struct opt_list *words = cxx ? &t->cxx : &t->cc;
	size_t i;

	if (*words->item[0] != '/')
		die("%s not found: install %s", words->item[0],
		    cxx ? "g++" : "gcc");
	for (i = 0; i < words->n; i++)
		run_add(argv, "%s", words->item[i]);
	if (cxx)
		run_add(argv, "-std=c++17");
	for (i = 0; !cxx && i < LEN(old_c); i++)
		run_add(argv, "%s", old_c[i]);
	run_add(argv, "-O2");
	run_add(argv, "-fPIC");
	run_add(argv, "-DHAVE_CONFIG_H");
}
