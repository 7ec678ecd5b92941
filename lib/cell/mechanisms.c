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
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cell/children.h"
#include "cell/mechanisms.h"
#include "cell/modfaults.h"
#include "cell/modfiles.h"
#include "util.h"

/* To be changed with what is done here. */
#define RECIPE "bmutils mechanisms 1\n"
#define LIBRARY "mechanisms.so"
#define SOURCES "sources"

static const char *
env(const char *name)
{
	const char *s = getenv(name);

	return s && *s ? s : NULL;
}

/* ---- What there is to compile with ---- */

struct tools {
	char *nocmodl;
	struct opt_list cc, cxx; /* words: CC='ccache gcc' is more than one */
	char *headers;           /* NEURON's; NULL: the compiler knows them */
	char *units;             /* nocmodl's MODLUNIT */
};

/* Programs run in other folders.  No link is followed: /usr/lib/ccache/cc is
 * one to ccache, which knows by its name what to do. */
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

/* What the shell would run; NULL if there is none. */
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

/* What lies in the folder of a file, or in one above: with /usr/bin/nocmodl and
 * "include/neuron.h" it is /usr/include/neuron.h. */
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

/* One that is not there keeps its name: only who needs it complains. */
static struct opt_list
find_compiler(const char *variable, const char *usual)
{
	char *text = copy(env(variable) ? env(variable) : usual), *rest = text;
	struct opt_list words = {0};
	char *word;

	while ((word = strsep(&rest, " \t")))
		if (*word)
			opt_list_add(&words, copy(word));
	if (words.n == 0)
		opt_list_add(&words, copy(usual));
	word = find_program(words.item[0]);
	if (word) {
		free((void *)words.item[0]);
		words.item[0] = word;
	}
	free(text);
	return words;
}

/* The header that every NEURON since 8.1 has.  It tells them apart; what
 * nocmodl says of its version does not, which is 7.7.0 for all of them. */
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

/* A program is known by its place, size and date, which takes no process. */
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

static struct tools
find_tools(FILE *record)
{
	struct tools t = {.nocmodl = find_nocmodl(),
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

static void
free_words(struct opt_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free((void *)l->item[i]);
	free(l->item);
}

static void
free_tools(struct tools *t)
{
	free_words(&t->cc);
	free_words(&t->cxx);
	free(t->nocmodl);
	free(t->headers);
	free(t->units);
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

/* What a tool left that was killed: a day is longer than any compiler takes. */
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

struct job {
	const struct modfiles *mods;
	const struct tools *tools;
	char **env;
};

/* Messages are to be read by us, scratch files to go with the folder, and units
 * to be those of nrnivmodl. */
static char **
environment(const struct tools *t)
{
	static const char *const own[] = {"LC_ALL=", "TMPDIR=", "MODLUNIT="};
	struct opt_list l = {0};
	size_t i;
	char **e;

	for (e = environ; *e; e++) {
		for (i = 0; i < LEN(own); i++)
			if (!strncmp(*e, own[i], strlen(own[i])))
				break;
		if (i == LEN(own))
			opt_list_add(&l, copy(*e));
	}
	opt_list_add(&l, copy("LC_ALL=C"));
	opt_list_add(&l, format("TMPDIR=%s", work));
	if (t->units)
		opt_list_add(&l, format("MODLUNIT=%s", t->units));
	opt_list_add(&l, NULL);
	return (char **)l.item;
}

static void
free_environment(char **e)
{
	size_t i;

	for (i = 0; e[i]; i++)
		free(e[i]);
	free(e);
}

/* One for each mod file; what they write is in "na-c.log" for phase "c". */
static struct child *
new_children(const struct modfiles *m, const char *phase)
{
	struct child *c = zeros(m->nmods, sizeof *c);
	size_t i;

	for (i = 0; i < m->nmods; i++) {
		c[i].dir = work;
		c[i].log = format("%s/%s-%s.log", work, m->file[i].name, phase);
	}
	return c;
}

static void
free_children(struct child *c, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free_child(&c[i]);
	free(c);
}

/* Where there is no space left, there is none for what a program says of it. */
static void
check_end(const struct child *c, const char *what)
{
	struct statvfs disk;

	if (WIFSIGNALED(c->status))
		die("%s: %s: %s", what, c->argv.item[0],
		    strsignal(WTERMSIG(c->status)));
	if (c->status == 0 || statvfs(work, &disk))
		return;
	if (disk.f_bavail < (1 << 20) / disk.f_frsize) {
		errno = ENOSPC;
		no_place(work);
	}
}

static char *
said(const struct modfile *mod, const char *phase)
{
	char *path = format("%s/%s-%s.log", work, mod->name, phase);
	size_t n;
	char *text = modfiles_read_text(path, &n);

	free(path);
	return text;
}

/* The first one at fault is that whose name comes first, whichever ended
 * first. */
static void
translate(const struct job *job)
{
	const struct modfiles *m = job->mods;
	struct child *c = new_children(m, "nocmodl");
	size_t i;

	for (i = 0; i < m->nmods; i++) {
		c[i].dir = m->file[i].folder;
		add_argument(&c[i], "%s", job->tools->nocmodl);
		add_argument(&c[i], "%s.mod", m->file[i].name);
		add_argument(&c[i], "-o");
		add_argument(&c[i], "%s", work);
	}
	run_children(c, m->nmods, job->env, remove_work);
	for (i = 0; i < m->nmods; i++) {
		check_end(&c[i], m->file[i].path);
		if (c[i].status != 0)
			modfaults_not_translated(m, &m->file[i],
						 said(&m->file[i], "nocmodl"));
	}
	free_children(c, m->nmods);
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

/* The mechanism's name in the C made of a mod file; "nothing" is one for none.
 * NULL if there is none. */
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

/* -O2 for the bits that nrnivmodl's libraries give: -O3 is no faster, by less
 * than 2 %, and -ffast-math has others.  VERBATIM blocks often declare
 * functions as in the C of 1978, to which newer compilers object. */
static void
add_compiler(struct child *c, const struct tools *t, bool cxx)
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
		add_argument(c, "%s", words->item[i]);
	if (cxx)
		add_argument(c, "-std=c++17");
	for (i = 0; !cxx && i < LEN(old_c); i++)
		add_argument(c, "%s", old_c[i]);
	add_argument(c, "-O2");
	add_argument(c, "-fPIC");
	add_argument(c, "-DHAVE_CONFIG_H");
}

static void
compile(const struct job *job)
{
	const struct modfiles *m = job->mods;
	struct child *c = new_children(m, "c");
	size_t i;

	for (i = 0; i < m->nmods; i++) {
		const struct modfile *mod = &m->file[i];
		bool cxx = is_cxx(mod);

		add_compiler(&c[i], job->tools, cxx);
		add_argument(&c[i], "-I%s", mod->folder);
		if (job->tools->headers)
			add_argument(&c[i], "-I%s", job->tools->headers);
		add_argument(&c[i], "-c");
		add_argument(&c[i], "%s.%s", mod->name, cxx ? "cpp" : "c");
	}
	run_children(c, m->nmods, job->env, remove_work);
	for (i = 0; i < m->nmods; i++) {
		const struct modfile *mod = &m->file[i];

		check_end(&c[i], mod->path);
		if (c[i].status != 0)
			modfaults_not_compiled(m, mod, said(mod, "c"), work);
	}
	free_children(c, m->nmods);
}

static void
check_all_functions(const struct modfiles *m)
{
	size_t i;

	for (i = 0; i < m->nmods; i++) {
		char *nocmodl = said(&m->file[i], "nocmodl");
		char *compiler = said(&m->file[i], "c");

		modfaults_check_functions(m, &m->file[i], nocmodl, compiler);
		free(nocmodl);
		free(compiler);
	}
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

/* What NEURON calls when it has loaded the library.  No mod file has a '-' in
 * its name. */
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
	struct child c = {.dir = work, .log = in_work("all-link.log")};
	size_t i, n;
	char *log;

	write_register(m);
	add_compiler(&c, job->tools, is_cxx(&m->file[0]));
	add_argument(&c, "-shared");
	add_argument(&c, "-o");
	add_argument(&c, "done/" LIBRARY);
	add_argument(&c, "all-reg.c");
	for (i = 0; i < m->nmods; i++)
		add_argument(&c, "%s.o", m->file[i].name);
	add_argument(&c, "-lm");
	run_children(&c, 1, job->env, remove_work);
	log = modfiles_read_text(c.log, &n);
	check_end(&c, "mechanisms");
	if (c.status != 0)
		modfaults_not_linked(m, log);
	free(log);
	free_child(&c);
}

/* The library must not come into the cache before its bytes do. */
static void
settle(const char *recipe, size_t n)
{
	char *path = in_work("done/" LIBRARY);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fsync(fd) || close(fd))
		die("%s:", path);
	write_file("done/" SOURCES, recipe, n);
	free(path);
}

static void
make(struct job *job, const char *recipe, size_t n)
{
	bool shown = isatty(STDERR_FILENO);

	job->env = environment(job->tools);
	if (shown)
		fprintf(stderr, "%s: compiling %zu mod files\033[K\r", progname,
			job->mods->nmods);
	translate(job);
	check_mechanisms(job->mods);
	compile(job);
	check_all_functions(job->mods);
	link_all(job);
	settle(recipe, n);
	if (shown)
		fputs("\033[K", stderr);
	free_environment(job->env);
}

/* ---- The cache ---- */

/* FNV-1a.  It only has to spread: the text itself is compared. */
static uint64_t
hash(const char *s, size_t n)
{
	uint64_t h = 14695981039346656037U;
	size_t i;

	for (i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 1099511628211U;
	return h;
}

static bool
holds(const char *entry, const char *recipe, size_t n)
{
	char *sources = format("%s/" SOURCES, entry), *text = NULL;
	char *library = format("%s/" LIBRARY, entry);
	size_t len = 0;
	bool same = false;

	if (!access(sources, R_OK) && !access(library, R_OK)) {
		text = modfiles_read_text(sources, &len);
		same = len == n && memcmp(text, recipe, n) == 0;
	}
	free(text);
	free(library);
	free(sources);
	return same;
}

struct entry {
	char *path;
	bool found; /* else the name is free */
};

static struct entry
find_entry(const char *cache, const char *recipe, size_t n)
{
	uint64_t h = hash(recipe, n);
	struct entry e = {0};
	struct stat st;
	unsigned k = 0;

	do {
		free(e.path);
		e.path = format("%s/%016" PRIx64 ".%u", cache, h, k++);
		e.found = holds(e.path, recipe, n);
	} while (!e.found && !stat(e.path, &st));
	return e;
}

/* Somebody else may have made the same meanwhile. */
static struct entry
publish(const char *cache, const char *recipe, size_t n)
{
	char *done = in_work("done");
	struct entry e = find_entry(cache, recipe, n);

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
write_recipe(struct modfiles *m, struct tools *t, size_t *n)
{
	struct utsname machine;
	char *text;
	FILE *f = open_text(&text, n);

	if (uname(&machine))
		die("uname:");
	fprintf(f, RECIPE "%s\n", machine.machine);
	*t = find_tools(f);
	modfiles_read_included(m, f);
	if (fclose(f))
		die("out of memory");
	return text;
}

/* In full, because hoc files are loaded in their own folders. */
static char *
library_of(const struct entry *e)
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
	struct tools tools;
	struct job job = {.mods = &mods, .tools = &tools};
	static char *library;
	struct entry e;
	char *recipe, *cache;
	size_t n;

	if (folders->n == 0)
		return NULL;
	cache = cache_folder();
	modfiles_read(&mods, folders);
	recipe = write_recipe(&mods, &tools, &n);
	e = find_entry(cache, recipe, n);
	if (!e.found) {
		hold_signals();
		make_work(cache);
		make(&job, recipe, n);
		free(e.path);
		e = publish(cache, recipe, n);
		remove_work();
		release_signals();
	}
	free(library);
	library = library_of(&e);
	free(e.path);
	free(cache);
	free(recipe);
	free_tools(&tools);
	modfiles_free(&mods);
	return library;
}
