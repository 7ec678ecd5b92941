/* The names bound below are all of libnrniv that is used.  8.2 and 9 have all
 * of them, except for those marked.  No header of NEURON's is needed. */
#include <ctype.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cell/nrn.h"
#include "labels.h"
#include "out.h"

/* libnrniv calls this in the program it is in; the Makefile exports it. */
void modl_reg(void);

struct object;

/* How a name begins in NEURON's table, in 8.2 and 9, where it is that of a
 * procedure: its code is what is looked at. */
struct symbol {
	const char *name;
	short kind[4];
	const struct {
		const void *const *code;
		unsigned long n;
	} * procedure;
};

static struct {
	void *library;
	double *value; /* of the last expression, hoc_ac_ */
	int (*run)(const char *text);
	void (*redirect)(int (*print)(int, char *), int (*)(void));
	struct symbol *(*find)(const char *name);

	/* 8.2 only */
	int (*session)(int, const char **, const char **, int);
	double *(*pointer)(const char *expression);

	/* 9 only */
	int (*init)(int, const char **);
	int (*call)(struct symbol *, int, char *message, size_t);
	struct object *(*pop)(void);
	void (*unref)(struct object *);
	double *(*data)(struct object *);
} nrn;

static bool running, show_all, stop_at_all, windows;
static void (*windows_lost)(void);
static FILE *transcript;
static const char *loading; /* the file that nrn_load() was given, or NULL */
static const char *making; /* the template that nrn_make() was given, or NULL */
static char *said;         /* what NEURON printed since the last call */
static size_t nsaid, msaid;
static int standard_error, aside; /* while NEURON runs */

void
modl_reg(void)
{
}

bool
nrn_is_name(const char *s)
{
	if (!isalpha((unsigned char)*s) && *s != '_')
		return false;
	while (isalnum((unsigned char)*s) || *s == '_')
		s++;
	return *s == '\0';
}

void
nrn_check_file(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		die("%s:", path);
	if (!S_ISREG(st.st_mode) &&
	    !(S_ISFIFO(st.st_mode) && strncmp(path, "/dev/", 5) == 0))
		die("%s: not a regular file", path);
}

/* NEURON prints to both streams through this. */
static int
hear(int stream, char *s)
{
	size_t n = strlen(s);

	(void)stream;
	if (show_all)
		dprintf(running ? standard_error : STDERR_FILENO, "%s", s);
	said = grow(said, &msaid, nsaid + n + 1, 1);
	memcpy(said + nsaid, s, n + 1);
	nsaid += n;
	return 0;
}

/* The line after the one at s, or NULL. */
static char *
next_line(char *s)
{
	s = s ? strchr(s, '\n') : NULL;
	return s && s[1] ? s + 1 : NULL;
}

/* The beginning of NEURON's own message, from a line on: the line "progname:
 * ...", which has the rank before it under MPI. */
static char *
find_message(char *line)
{
	size_t n = strlen(progname);
	char *s;

	for (; line; line = next_line(line)) {
		for (s = line; isdigit((unsigned char)*s) || *s == ' '; s++)
			;
		if (strncmp(s, progname, n) == 0 && s[n] == ':')
			return s + n + 1 + (s[n + 1] == ' ');
	}
	return NULL;
}

/* A line that is neither NEURON's message nor a part of it. */
static char *
other_line(void)
{
	size_t n = strlen(progname);
	char *line;

	for (line = said; line && *line; line = next_line(line))
		if (*line != ' ' && strncmp(line, progname, n) != 0)
			return line;
	return NULL;
}

static char *
one_line(const char *s)
{
	char *line = copy(s ? s + strspn(s, " \t") : "");
	size_t n = strcspn(line, "\r\n");

	while (n > 0 && isspace((unsigned char)line[n - 1]))
		n--;
	line[n] = '\0';
	return line;
}

/* NEURON changes to a file's folder and calls the file by its last name there.
 */
static const char *
full_name(const char *name)
{
	const char *slash = loading ? strrchr(loading, '/') : NULL;

	return slash && strcmp(slash + 1, name) == 0 ? loading : name;
}

/* What to do about it. */
static char *
hint(const char *message)
{
	if (strstr(message, "is not a MECHANISM"))
		return copy("; --mechanisms names the folder of its mod file");
	if (strstr(message, "Import3d_") && strstr(message, "not a template"))
		return copy("; --hoc import3d.hoc, before the others, loads "
			    "NEURON's own");
	if (making && strcmp(message, "init not enough arguments") == 0)
		return format("; --template '%s(args)' gives them to its "
			      "init()",
			      making);
	return copy("");
}

/* NEURON prints the message, then " in FILE near line N", the source, and a
 * caret; here the place comes before the message and the source after it. */
static char *
describe(char *s, const char *detail)
{
	char *message = one_line(s), *place = one_line(s = next_line(s));
	char *line = strstr(place, " near line "), *more = hint(message), *text;
	bool in_file = strncmp(place, "in ", 3) == 0 && line;
	char *source = one_line(in_file ? next_line(s) : s);

	if (in_file) {
		*line = '\0';
		text = format("%s:%s: %s: '%s'%s", full_name(place + 3),
			      line + 11, message, source, more);
	} else if (*detail) {
		text = format("NEURON: %s (%s)%s", detail, message, more);
	} else {
		text = format("NEURON: %s%s", message, more);
	}
	free(message);
	free(place);
	free(source);
	free(more);
	return text;
}

/* What NEURON goes on after is a warning, each once. */
static void
mention(char *s)
{
	static struct labels mentioned;
	char *text;

	/* An X server that has not that font has another. */
	if (strncmp(s, "unable to open font", 19) == 0)
		return;
	text = describe(s, "");
	if (stop_at_all)
		die("%s", text);
	if (label_find(&mentioned, text) == NO_LABEL) {
		label(&mentioned, text);
		warn("%s", text);
	}
	free(text);
}

static void
mention_all(void)
{
	char *s;

	for (s = find_message(said); s; s = find_message(next_line(s)))
		mention(s);
}

/* The last message is what has stopped NEURON. */
static char *
last_message(void (*before)(char *message))
{
	char *s = find_message(said), *next;

	if (!s)
		return format("NEURON: %s", nsaid ? one_line(said) : "failed");
	for (; (next = find_message(next_line(s))); s = next)
		if (before)
			before(s);
	return describe(s, one_line(other_line()));
}

static _Noreturn void
complain(void)
{
	die("%s", last_message(mention));
}

/* Some of NEURON's output bypasses hear() and goes straight to standard error:
 * in 8.2 the better half of a message, in 9 all of it a second time.  A child
 * has a file of its own for it. */
static void
turn_aside(void)
{
	static pid_t owner;

	if (owner != getpid()) {
		aside = memfd_create("stderr", MFD_CLOEXEC);
		standard_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
		if (aside < 0 || standard_error < 0)
			die("standard error:");
		owner = getpid();
	}
	dup2(aside, STDERR_FILENO);
}

static void
turn_back(void)
{
	char text[4096];
	off_t n = lseek(aside, 0, SEEK_CUR);

	dup2(standard_error, STDERR_FILENO);
	if (n == 0)
		return;
	n = pread(aside, text, sizeof text - 1, 0);
	if (n > 0 && !nrn.init) {
		text[n] = '\0';
		hear(2, text);
	}
	if (lseek(aside, 0, SEEK_SET) || ftruncate(aside, 0))
		die("standard error:");
}

/* NEURON catches SIGINT while it runs.  Ctrl-C is to end a script that called
 * us, too, which a shell does only when the signal has ended us. */
static bool
was_interrupted(void)
{
	char *s = find_message(said);

	while (s && strncmp(s, "interrupted", 11) != 0)
		s = find_message(next_line(s));
	return s;
}

static bool
run(const char *text)
{
	int failed;

	nsaid = 0;
	said = grow(said, &msaid, 1, 1);
	*said = '\0';
	turn_aside();
	running = true;
	failed = nrn.run(text);
	running = false;
	turn_back();
	if (failed && was_interrupted())
		end_by_signal(SIGINT);
	return !failed;
}

static bool
run_text(const char *text)
{
	char *line = format("%s\n", text);
	bool worked = run(line);

	free(line);
	return worked;
}

static bool run_between(const char *before, const char *after, const char *fmt,
			va_list ap) PRINTF(3, 0);

static bool
run_between(const char *before, const char *after, const char *fmt, va_list ap)
{
	char *middle = vformat(fmt, ap);
	char *all = format("%s%s%s", before, middle, after);
	bool worked = run(all);

	free(all);
	free(middle);
	return worked;
}

/* The text of nrn_do() in a file that a NEURON of its own reads. */
static void
write_down(const char *text)
{
	if (transcript && fprintf(transcript, "%s\n", text) < 0)
		die("the session:");
}

static void insist(const char *before, const char *after, const char *fmt,
		   va_list ap) PRINTF(3, 0);

static void
insist(const char *before, const char *after, const char *fmt, va_list ap)
{
	if (!run_between(before, after, fmt, ap))
		complain();
}

void
nrn_do(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = vformat(fmt, ap);
	va_end(ap);
	write_down(text);
	if (!run_text(text))
		complain();
	free(text);
	mention_all();
}

void
nrn_make(const char *object, const char *template_name, const char *arguments)
{
	making = template_name;
	nrn_do("%s = new %s(%s)", object, template_name, arguments);
	making = NULL;
}

void
nrn_define(const char *text)
{
	if (!run_text(text))
		complain();
}

bool
nrn_attempt(const char *fmt, ...)
{
	char *s, *text;
	bool worked;
	va_list ap;

	va_start(ap, fmt);
	worked = run_between("", "\n", fmt, ap);
	va_end(ap);
	if (!worked && (s = find_message(said))) {
		text = describe(s, one_line(other_line()));
		warn("%s", text);
		free(text);
	}
	return worked;
}

bool
nrn_try(const char *fmt, ...)
{
	bool show = show_all, worked;
	va_list ap;

	va_start(ap, fmt);
	show_all = false;
	worked = run_between("", "\n", fmt, ap);
	show_all = show;
	va_end(ap);
	return worked;
}

char *
nrn_fault(const char *fmt, ...)
{
	bool worked;
	va_list ap;

	va_start(ap, fmt);
	worked = run_between("", "\n", fmt, ap);
	va_end(ap);
	return worked ? NULL : last_message(NULL);
}

double
nrn_number(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	insist("{hoc_ac_ = ", "}\n", fmt, ap);
	va_end(ap);
	return *nrn.value;
}

char *
nrn_print(const char *fmt, ...)
{
	bool show = show_all;
	va_list ap;

	va_start(ap, fmt);
	show_all = false;
	insist("", "\n", fmt, ap);
	show_all = show;
	va_end(ap);
	return said;
}

size_t
nrn_vector(double **p, const char *fmt, ...)
{
	char message[256];
	struct object *o;
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	insist("{bm_object = ", "\nhoc_ac_ = bm_object.size()}\n", fmt, ap);
	va_end(ap);
	n = (size_t)*nrn.value;
	*p = NULL;
	if (n == 0)
		return 0;
	if (!nrn.init) {
		*p = nrn.pointer("bm_object.x[0]");
		return n;
	}
	if (nrn.call(nrn.find("bm_get_object"), 0, message, sizeof message))
		die("NEURON: %s", message);
	o = nrn.pop();
	*p = nrn.data(o);
	nrn.unref(o);
	return n;
}

char *
nrn_quoted(const char *s)
{
	char *text = zeros(2 * strlen(s) + 3, 1), *p = text;

	for (*p++ = '"'; *s; s++) {
		if (*s == '"' || *s == '\\')
			*p++ = '\\';
		*p++ = (char)((unsigned char)*s < ' ' ? ' ' : *s);
	}
	*p = '"';
	return text;
}

/* load_file() makes a statement of the last part of a name as it is, and has
 * room for 1024 bytes. */
static void
check_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (strpbrk(path, "\r\n") || strstr(path, "$(") ||
	    strpbrk(slash ? slash : path, "\"\\"))
		die("%s: hoc cannot have names with a quote, a '\\', a line "
		    "break or '$('",
		    path);
	if (strlen(path) > 900)
		die("%s: too long a name for hoc", path);
}

/* The same for a NEURON that is in another folder. */
static char *
absolute(const char *path)
{
	char *full = realpath(path, NULL);
	char *text = nrn_quoted(full ? full : path);

	free(full);
	return text;
}

/* hoc returns 0 for a file that it has not found, or in which it has found a
 * fault. */
static void
load(const char *how, const char *path)
{
	char *text = nrn_quoted(path), *line;

	if (nrn_number("%s%s)", how, text) == 0) {
		if (strstr(said, "Couldn't find:") && access(path, R_OK))
			die("%s:", path);
		if (nsaid)
			complain();
		die("%s: NEURON cannot load it", path);
	}
	free(text);
	mention_all();
	if (!transcript)
		return;
	text = strcmp(how, "load_file(") == 0 ? nrn_quoted(path)
					      : absolute(path);
	line = format("{%s%s)}", how, text);
	write_down(line);
	free(line);
	free(text);
}

/* A file that is not there, and whose name has no folder, may be in NEURON's
 * library: load_file() looks there, and loads it once. */
void
nrn_load(const char *path)
{
	bool here = access(path, R_OK) == 0;

	check_name(path);
	if (!here && strchr(path, '/'))
		die("%s:", path);
	loading = path;
	load(here ? "load_file(1, " : "load_file(", path);
	loading = NULL;
}

void
nrn_load_mechanisms(const char *library)
{
	/* dlopen reports why it fails, which NEURON does not. */
	if (!dlopen(library, RTLD_NOW | RTLD_LOCAL))
		die("%s (if it is damaged, delete it)", dlerror());
	check_name(library);
	load("nrn_load_dll(", library);
}

/* quit() in a model ends the process with success. */
static void
at_quit(void)
{
	if (!running)
		return;
	dup2(standard_error, STDERR_FILENO);
	die("the model called quit()");
}

static void
open_library(void)
{
	static const char *const places[] = {
		"libnrniv.so", "/usr/lib/nrn/libnrniv.so",
		"/usr/local/lib/libnrniv.so", "/usr/local/nrn/lib/libnrniv.so"};
	const char *named = getenv("LIBNRNIV"), *why;
	size_t i;

	if (named && *named) {
		nrn.library = dlopen(named, RTLD_NOW | RTLD_GLOBAL);
		if (!nrn.library)
			die("LIBNRNIV: %s", dlerror());
		return;
	}
	for (i = 0; i < LEN(places) && !nrn.library; i++) {
		nrn.library = dlopen(places[i], RTLD_NOW | RTLD_GLOBAL);
		why = nrn.library ? NULL : dlerror();
		if (why && !strstr(why, "No such file"))
			die("%s", why);
	}
	if (!nrn.library)
		die("no NEURON: install the package neuron, or set LIBNRNIV "
		    "to its libnrniv.so");
}

/* ISO C does not cast a pointer to data into one to a function. */
static void
bind(void *function, const char *name)
{
	void *p = dlsym(nrn.library, name);

	memcpy(function, &p, sizeof p);
}

/* NEURON has X11's library, and no header of it is needed for this. */
static int
lose_windows(void *display)
{
	(void)display;
	if (running) {
		running = false;
		turn_back();
	}
	windows_lost();
	die("the X server is gone");
}

static void
watch_windows(void)
{
	void *(*watch)(int (*)(void *)) = NULL;

	bind(&watch, "XSetIOErrorHandler");
	if (!watch)
		die("this libnrniv has no windows");
	watch(lose_windows);
}

static void
bind_all(void)
{
	bind(&nrn.init, "nrn_init");
	bind(&nrn.value, "hoc_ac_");
	bind(&nrn.redirect, "nrnpy_set_pr_etal");
	bind(&nrn.run, nrn.init ? "nrn_hoc_call" : "hoc_oc");
	bind(&nrn.session, "_Z16ivocmain_sessioniPPKcS1_i");
	bind(&nrn.pointer, "hoc_val_pointer");
	bind(&nrn.find, nrn.init ? "nrn_symbol" : "hoc_lookup");
	bind(&nrn.call, "nrn_function_call_nothrow");
	bind(&nrn.pop, "nrn_object_pop");
	bind(&nrn.unref, "nrn_object_unref");
	bind(&nrn.data, "nrn_vector_data");
	if (!nrn.run || !nrn.value || !nrn.redirect || !nrn.find ||
	    (nrn.init ? !nrn.call || !nrn.data : !nrn.session || !nrn.pointer))
		die("this libnrniv is neither that of NEURON 8.2 nor of 9");
}

static void
set(const char *name, int v)
{
	int *p = dlsym(nrn.library, name);

	if (p)
		*p = v;
}

/* ---- Procedures of the standard run system ---- */

static struct procedure {
	const char *name;
	const void **code; /* as NEURON's own file has it */
	size_t n;
} standard[] = {{.name = "run"},          {.name = "continuerun"},
		{.name = "step"},         {.name = "advance"},
		{.name = "Plot"},         {.name = "flushPlot"},
		{.name = "screen_update"}};

/* The table of names may be another one in a NEURON to come. */
static const struct symbol *
find_procedure(const char *name)
{
	const struct symbol *s = nrn.find(name);

	return s && s->name && strcmp(s->name, name) == 0 ? s : NULL;
}

static void
keep_standard(void)
{
	const struct symbol *s;
	size_t i;

	for (i = 0; i < LEN(standard); i++) {
		if (!(s = find_procedure(standard[i].name)))
			continue;
		standard[i].n = s->procedure->n;
		standard[i].code = zeros(standard[i].n, sizeof(void *));
		memcpy(standard[i].code, s->procedure->code,
		       standard[i].n * sizeof(void *));
	}
}

/* NEURON keeps what it has looked up in words of the code that were 0. */
static bool
same_code(const struct procedure *p, const struct symbol *s)
{
	size_t i;

	if (s->procedure->n != p->n)
		return false;
	for (i = 0; i < p->n; i++)
		if (p->code[i] && p->code[i] != s->procedure->code[i])
			return false;
	return true;
}

bool
nrn_is_standard(const char *name)
{
	const struct symbol *s = find_procedure(name);
	size_t i;

	for (i = 0; s && i < LEN(standard); i++)
		if (strcmp(standard[i].name, name) == 0)
			return same_code(&standard[i], s);
	return false;
}

void
nrn_open_windows(void (*lost)(void))
{
	windows = true;
	windows_lost = lost;
}

void
nrn_write_down(FILE *f)
{
	transcript = f;
}

void
nrn_start(bool show, bool strict)
{
	/* Without -nopython, it starts a shell and Python to look for a
	 * library: 180 ms rather than 10. */
	const char *argv[] = {progname,   "-nopython", "-nobanner",
			      "-notatty", "-nogui",    NULL};
	int argc = (int)LEN(argv) - 1;

	if (windows)
		argv[--argc] = NULL;
	out_keep();
	open_library();
	bind_all();
	if (atexit(at_quit))
		die("cannot watch NEURON");
	show_all = show;
	stop_at_all = strict;
	set("nrn_nobanner_", 1);
	set("nrn_main_launch", 1);
	set("nrn_noauto_dlopen_nrnmech", 1); /* not what ./x86_64 has */
	if (nrn.init ? nrn.init(argc, argv) : nrn.session(argc, argv, NULL, 0))
		die("NEURON does not start");
	set("nrn_is_python_extension", 1); /* 8.2 looks at it here */
	nrn.redirect(hear, NULL);
	set("nrn_is_python_extension", 0);
	if (windows)
		watch_windows();
	load("load_file(", windows || transcript ? "stdgui.hoc" : "stdrun.hoc");
	keep_standard();
	nrn_do("objref bm_object\n"
	       "obfunc bm_get_object() { return bm_object }");
}
