#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "cell/compilers.h"
#include "cell/mechanisms.h"
#include "cell/modfaults.h"
#include "cell/modfiles.h"
#include "run/run.h"
#include "util.h"

/* Change this together with what is done here. */
#define RECIPE "bmutils mechanisms 2\n"
#define LIBRARY "mechanisms.so"
#define SOURCES "sources"

static const char *
env(const char *name)
{
	const char *s = getenv(name);

	return s && *s ? s : NULL;
}

/* ---- The folder to work in, which nobody else sees ---- */

static char *work;

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static void
remove_tree(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void
remove_work(void)
{
	if (work)
		remove_tree(work);
	free(work);
	work = NULL;
}

static _Noreturn void
no_place(const char *path)
{
	die("%s: no place for compiled mechanisms: %s: set XDG_CACHE_HOME to a "
	    "folder that can be written to",
	    path, strerror(errno));
}

static char *
cache_folder(void)
{
	const char *xdg = env("XDG_CACHE_HOME"), *home = env("HOME");

	if (xdg)
		return format("%s/bmutils/mechanisms", xdg);
	if (!home)
		die("no place for compiled mechanisms: set XDG_CACHE_HOME to a "
		    "folder that can be written to");
	return format("%s/.cache/bmutils/mechanisms", home);
}

static void
make_folders(char *path)
{
	char *p;

	for (p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(path, 0700);
		*p = '/';
	}
	if (mkdir(path, 0700) && errno != EEXIST)
		no_place(path);
}

/* Remove what killed tools have left: a day is longer than any compiler takes.
 */
static void
remove_old(const char *cache)
{
	DIR *dir = opendir(cache);
	struct dirent *entry;
	struct stat st;

	while (dir && (entry = readdir(dir))) {
		char *path = format("%s/%s", cache, entry->d_name);

		if (!strncmp(entry->d_name, "tmp.", 4) && !stat(path, &st) &&
		    st.st_mtime < time(NULL) - 24L * 60 * 60)
			remove_tree(path);
		free(path);
	}
	if (dir)
		closedir(dir);
}

static char *
in_work(const char *name)
{
	return format("%s/%s", work, name);
}

static void
make_work(char *cache)
{
	static bool registered;
	char *path, *done;

	make_folders(cache);
	remove_old(cache);
	path = format("%s/tmp.XXXXXX", cache);
	if (!mkdtemp(path) || !(work = realpath(path, NULL)))
		no_place(cache);
	free(path);
	if (!registered)
		at_failure(remove_work);
	registered = true;
	done = in_work("done");
	if (mkdir(done, 0700))
		no_place(done);
	free(done);
}

/* ---- Compiling ---- */

/* The programs of each phase, one for each mod file. */
struct job {
	const struct modfiles *mods;
	const struct compilers *with;
	struct run_program *nocmodl, *compiler;
};

/* Messages are for us to read, scratch files go with the folder, and units are
 * those of nrnivmodl. */
static void
prepare(struct run_program *p, const struct job *job, const char *what)
{
	*p = (struct run_program){.dir = work, .what = what, .together = true};
	run_add(&p->env, "LC_ALL=C");
	run_add(&p->env, "TMPDIR=%s", work);
	if (job->with->units)
		run_add(&p->env, "MODLUNIT=%s", job->with->units);
}

/* Where the disk is full, a program's message has not been written either. */
static void
check_space(const struct run_program *p)
{
	struct statvfs disk;

	if (p->status == 0 || statvfs(work, &disk))
		return;
	if (disk.f_bavail < (1 << 20) / disk.f_frsize) {
		errno = ENOSPC;
		no_place(work);
	}
}

/* The first file at fault is the one whose name comes first, whichever program
 * ended first. */
static void
translate(const struct job *job)
{
	const struct modfiles *m = job->mods;
	struct run_program *p = job->nocmodl;
	size_t i;

	for (i = 0; i < m->nmods; i++) {
		prepare(&p[i], job, m->file[i].path);
		p[i].dir = m->file[i].folder;
		run_add(&p[i].argv, "%s", job->with->nocmodl);
		run_add(&p[i].argv, "%s.mod", m->file[i].name);
		run_add(&p[i].argv, "-o");
		run_add(&p[i].argv, "%s", work);
	}
	run_programs(p, m->nmods);
	for (i = 0; i < m->nmods; i++) {
		check_space(&p[i]);
		if (p[i].status != 0)
			modfaults_not_translated(m, &m->file[i], p[i].said);
	}
}

/* Did nocmodl write C++, as that of NEURON 9 does? */
static bool
is_cxx(const struct modfile *mod)
{
	char *path = format("%s/%s.cpp", work, mod->name);
	bool yes = !access(path, R_OK);

	free(path);
	return yes;
}

/* The mechanism's name in the C made of a mod file, which is "nothing" where
 * there is none; then NULL. */
static char *
mechanism_name(const struct modfile *mod)
{
	char *path =
		format("%s/%s.%s", work, mod->name, is_cxx(mod) ? "cpp" : "c");
	size_t n;
	char *text = modfiles_read_text(path, &n), *name = NULL;
	const char *p = strstr(text, "*_mechanism[]");

	if (p && (p = strchr(p, ',')) && (p = strchr(p, '"')))
		name = format("%.*s", (int)strcspn(p + 1, "\""), p + 1);
	if (name && !strcmp(name, "nothing")) {
		free(name);
		name = NULL;
	}
	free(text);
	free(path);
	return name;
}

/* NEURON would complain as well, but not name the files. */
static void
check_mechanisms(const struct modfiles *m)
{
	char **name = zeros(m->nmods, sizeof *name);
	size_t i, k;

	for (i = 0; i < m->nmods; i++) {
		name[i] = mechanism_name(&m->file[i]);
		for (k = 0; k < i; k++)
			if (name[i] && name[k] && !strcmp(name[i], name[k]))
				die("%s: mechanism '%s' is in %s, too",
				    m->file[i].path, name[i], m->file[k].path);
	}
	for (i = 0; i < m->nmods; i++)
		free(name[i]);
	free(name);
}

static void
compile(const struct job *job)
{
	const struct modfiles *m = job->mods;
	struct run_program *p = job->compiler;
	size_t i;

	for (i = 0; i < m->nmods; i++) {
		const struct modfile *mod = &m->file[i];
		bool cxx = is_cxx(mod);

		prepare(&p[i], job, mod->path);
		compilers_add(job->with, cxx, &p[i].argv);
		run_add(&p[i].argv, "-I%s", mod->folder);
		if (job->with->headers)
			run_add(&p[i].argv, "-I%s", job->with->headers);
		run_add(&p[i].argv, "-c");
		run_add(&p[i].argv, "%s.%s", mod->name, cxx ? "cpp" : "c");
	}
	run_programs(p, m->nmods);
	for (i = 0; i < m->nmods; i++) {
		check_space(&p[i]);
		if (p[i].status != 0)
			modfaults_not_compiled(m, &m->file[i], p[i].said, work);
	}
}

static void
check_all_functions(const struct job *job)
{
	size_t i;

	for (i = 0; i < job->mods->nmods; i++)
		modfaults_check_functions(job->mods, &job->mods->file[i],
					  job->nocmodl[i].said,
					  job->compiler[i].said);
}

static void
write_file(const char *name, const char *text, size_t n)
{
	char *path = in_work(name);
	FILE *f = fopen(path, "we");

	if (!f || fwrite(text, 1, n, f) != n || fflush(f) || fsync(fileno(f)) ||
	    fclose(f))
		die("%s:", path);
	free(path);
}

static FILE *
open_text(char **text, size_t *n)
{
	FILE *f = open_memstream(text, n);

	if (!f)
		die("out of memory");
	return f;
}

/* Write what NEURON calls when it has loaded the library.  No mod file has a
 * '-' in its name. */
static void
write_register(const struct modfiles *m)
{
	char *text;
	size_t n, i;
	FILE *f = open_text(&text, &n);

	fputs("#ifdef __cplusplus\nextern \"C\" {\n#endif\n", f);
	for (i = 0; i < m->nmods; i++)
		fprintf(f, "void _%s_reg(void);\n", m->file[i].name);
	fputs("void modl_reg(void);\nvoid\nmodl_reg(void)\n{\n", f);
	for (i = 0; i < m->nmods; i++)
		fprintf(f, "\t_%s_reg();\n", m->file[i].name);
	fputs("}\n#ifdef __cplusplus\n}\n#endif\n", f);
	if (fclose(f))
		die("out of memory");
	write_file("all-reg.c", text, n);
	free(text);
}

static void
link_all(const struct job *job)
{
	const struct modfiles *m = job->mods;
	struct run_program p;
	size_t i;

	write_register(m);
	prepare(&p, job, "mechanisms");
	compilers_add(job->with, is_cxx(&m->file[0]), &p.argv);
	run_add(&p.argv, "-shared");
	run_add(&p.argv, "-o");
	run_add(&p.argv, "done/" LIBRARY);
	run_add(&p.argv, "all-reg.c");
	for (i = 0; i < m->nmods; i++)
		run_add(&p.argv, "%s.o", m->file[i].name);
	run_add(&p.argv, "-lm");
	run_programs(&p, 1);
	check_space(&p);
	if (p.status != 0)
		modfaults_not_linked(m, p.said);
	run_free(&p, 1);
}

/* FNV-1a.  It only has to spread, and to notice damage: 1 ms for 1 MB. */
static uint64_t
hash(const char *s, size_t n)
{
	uint64_t h = 14695981039346656037U;
	size_t i;

	for (i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 1099511628211U;
	return h;
}

/* What follows the recipe in the file of sources: a library that is not that
 * any more would take us with it by SIGBUS when it is opened. */
static char *
seal(const char *library)
{
	size_t n;
	char *bytes = modfiles_read_text(library, &n);
	char *text = format("library %zu %016" PRIx64 "\n", n, hash(bytes, n));

	free(bytes);
	return text;
}

/* The library must not come into the cache before its bytes do. */
static void
settle(const char *recipe, size_t n)
{
	char *path = in_work("done/" LIBRARY), *end, *all;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) || close(fd))
		die("%s:", path);
	end = seal(path);
	all = zeros(n + strlen(end) + 1, 1);
	memcpy(all, recipe, n);
	memcpy(all + n, end, strlen(end) + 1);
	write_file("done/" SOURCES, all, n + strlen(end));
	free(all);
	free(end);
	free(path);
}

static void
make(struct job *job, const char *recipe, size_t n)
{
	bool shown = isatty(STDERR_FILENO);
	size_t nmods = job->mods->nmods;

	job->nocmodl = zeros(nmods, sizeof *job->nocmodl);
	job->compiler = zeros(nmods, sizeof *job->compiler);
	if (shown)
		fprintf(stderr, "%s: compiling %zu mod files\033[K\r", progname,
			nmods);
	translate(job);
	check_mechanisms(job->mods);
	compile(job);
	check_all_functions(job);
	link_all(job);
	settle(recipe, n);
	if (shown)
		fputs("\033[K", stderr);
	run_free(job->nocmodl, nmods);
	run_free(job->compiler, nmods);
	free(job->nocmodl);
	free(job->compiler);
}

/* ---- The cache ---- */

static bool
is_readable(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) && !access(path, R_OK);
}

/* The text itself is compared, and the library is what it was. */
static bool
holds(const char *entry, const char *recipe, size_t n)
{
	char *sources = format("%s/" SOURCES, entry), *text, *end;
	char *library = format("%s/" LIBRARY, entry);
	size_t len = 0;
	bool same = false;

	if (is_readable(sources) && is_readable(library)) {
		text = modfiles_read_text(sources, &len);
		end = seal(library);
		same = len == n + strlen(end) && memcmp(text, recipe, n) == 0 &&
		       memcmp(text + n, end, strlen(end)) == 0;
		free(text);
		free(end);
	}
	free(library);
	free(sources);
	return same;
}

struct cached {
	char *path;
	bool found; /* else the name is free */
};

static struct cached
find_entry(const char *cache, const char *recipe, size_t n)
{
	uint64_t h = hash(recipe, n);
	struct cached e = {0};
	struct stat st;
	unsigned k = 0;

	do {
		free(e.path);
		e.path = format("%s/%016" PRIx64 ".%u", cache, h, k++);
		e.found = holds(e.path, recipe, n);
	} while (!e.found && !lstat(e.path, &st));
	return e;
}

/* Another tool may have made the same meanwhile. */
static struct cached
publish(const char *cache, const char *recipe, size_t n)
{
	char *done = in_work("done");
	struct cached e = find_entry(cache, recipe, n);

	while (!e.found && rename(done, e.path)) {
		if (errno != EEXIST && errno != ENOTEMPTY)
			no_place(e.path);
		free(e.path);
		e = find_entry(cache, recipe, n);
	}
	free(done);
	return e;
}

static char *
write_recipe(struct modfiles *m, struct compilers *with, size_t *n)
{
	struct utsname machine;
	char *text;
	FILE *f = open_text(&text, n);

	if (uname(&machine))
		die("uname:");
	fprintf(f, RECIPE "%s\n", machine.machine);
	*with = compilers_find(f);
	modfiles_read_included(m, f);
	if (fclose(f))
		die("out of memory");
	return text;
}

/* The path is absolute, because hoc files are loaded in their own folders. */
static char *
library_of(const struct cached *e)
{
	char *path = format("%s/" LIBRARY, e->path);
	char *full = realpath(path, NULL);

	if (!full)
		die("%s:", path);
	free(path);
	return full;
}

const char *
mechanisms_compile(const struct opt_list *folders)
{
	struct modfiles mods;
	struct compilers with;
	struct job job = {.mods = &mods, .with = &with};
	static char *library;
	struct cached e;
	char *recipe, *cache;
	size_t n;

	if (folders->n == 0)
		return NULL;
	cache = cache_folder();
	modfiles_read(&mods, folders);
	recipe = write_recipe(&mods, &with, &n);
	e = find_entry(cache, recipe, n);
	if (!e.found) {
		run_hold();
		make_work(cache);
		make(&job, recipe, n);
		free(e.path);
		e = publish(cache, recipe, n);
		remove_work();
		run_release();
	}
	free(library);
	library = library_of(&e);
	free(e.path);
	free(cache);
	free(recipe);
	compilers_free(&with);
	modfiles_free(&mods);
	return library;
}
