/* fuzz -- run a tool on one input after another, for libFuzzer
 *
 *	FUZZ_INPUT=- FUZZ_ARGS='-n nodes.csv' conn-matrix corpus
 *
 * It is linked with a tool, whose main is tool_main here, and the tool is run
 * as it is: with arguments, files and its own end.  FUZZ_INPUT says where the
 * input goes: "-" is the standard input, "args" are arguments, one a line, a
 * name is a file's, and "name<odd" an HDF5 file that make-odd makes of it.
 *
 * A tool ends by exit(), leaves memory and threads behind and has its options
 * in statics.  In a child of its own each input takes 3 ms, of fork and page
 * faults in the sanitizers' memory.  With FUZZ_MANY a child goes on with the
 * next input when exit() is called: its statics are what they were, HDF5 is
 * closed, and it ends after MANY of them.  That is 0.2 to 0.7 ms each; with an
 * HDF5 file it is 5 ms, half of what it was.  What is found there counts if a
 * new child finds it, too.  What a child covers goes to libFuzzer through
 * memory that they share.
 *
 * It is a finding if the tool is ended by a signal, if a sanitizer says
 * something, if it takes more than FUZZ_CPU seconds or a gigabyte, if it ends
 * with a status that the manual does not have, or fails without a word.  That
 * HDF5 itself breaks on a file is counted, and no finding.
 */
#include <ctype.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define FUZZ_CPU 5            /* seconds */
#define MOST_MEMORY (1 << 20) /* KB */
#define MOST_SAID 65536       /* bytes of the standard error */
#define MAX_ARGS 64
#define LENGTH(a) (sizeof(a) / sizeof *(a))
#define MANY 200  /* inputs of a child */
#define PIPES 900 /* our descriptors, behind those of a tool */

int H5open(void) __attribute__((weak));
int H5close(void) __attribute__((weak));
int tool_main(int argc, char **argv);
int odd_main(int argc, char **argv);
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most,
			       unsigned seed);

/* The names that the linker, the sanitizers and clang give these. */
#define CALLED(name) __asm__(name)

_Noreturn void real__exit(int status) CALLED("__real__exit");
_Noreturn void wrap__exit(int status) CALLED("__wrap__exit");
_Noreturn void real_exit(int status) CALLED("__real_exit");
_Noreturn void wrap_exit(int status) CALLED("__wrap_exit");
int real_atexit(void (*f)(void)) CALLED("__real_atexit");
int wrap_atexit(void (*f)(void)) CALLED("__wrap_atexit");
int real_thread(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *),
		void *argument) CALLED("__real_pthread_create");
int wrap_thread(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *),
		void *argument) CALLED("__wrap_pthread_create");
void print_calls(void) CALLED("__sanitizer_print_stack_trace");
void report_to(void *fd) CALLED("__sanitizer_set_report_fd");

/* The counters of the edges.  clang does not find them in a file that names
 * them too: this one is compiled without. */
extern uint8_t counters[] CALLED("__start___sancov_cntrs");
extern uint8_t counters_end[] CALLED("__stop___sancov_cntrs");

/* What lies between is the tool's and the library's, see the Makefile. */
extern uint8_t fuzz_data_begin[], fuzz_data_end[];
extern uint8_t fuzz_bss_begin[], fuzz_bss_end[];

/* Of the child and its children, for their parents. */
static uint8_t *shared; /* the counters */
static size_t ncounters;
static struct state {
	char asked;   /* what the child did not take itself, or 0 */
	bool running; /* it has not answered yet */
	bool making;  /* make-odd is at work */
} * state;

static char *program, *input;
static char *arg[MAX_ARGS + 1], *make_odd[3]; /* their arguments */
static pid_t server;
static int null, in, said, to_server, from_server;
static bool odd, many;
static size_t theirs, unrepeated, unmade;

/* ---- The child ---- */

static void
share_counters(void)
{
	size_t i;

	for (i = 0; i < ncounters; i++)
		if (counters[i] > shared[i])
			shared[i] = counters[i];
}

/* In a child that takes many inputs. */
static bool in_place, threaded;
static pid_t child_of_ours; /* not a child of the tool's */
static jmp_buf over;
static int over_status, nlast;
static void (*last[16])(void);

static bool
is_first_thread(void)
{
	return gettid() == child_of_ours;
}

/* What the tool ends by; with -Wl,--wrap=_exit.  Threads cannot be ended but
 * with the process. */
void
wrap__exit(int status)
{
	share_counters();
	if (!in_place || threaded || !is_first_thread())
		real__exit(status);
	over_status = status;
	longjmp(over, 1);
}

void
wrap_exit(int status)
{
	if (!in_place || !is_first_thread())
		real_exit(status);
	while (nlast > 0)
		last[--nlast]();
	share_counters();
	over_status = status;
	longjmp(over, 1);
}

int
wrap_atexit(void (*f)(void))
{
	if (!in_place)
		return real_atexit(f);
	last[nlast++] = f;
	return 0;
}

int
wrap_thread(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *),
	    void *argument)
{
	threaded = true;
	return real_thread(t, a, f, argument);
}

/* After the tool's own handlers, and before libFuzzer's, which takes the end of
 * the process for a finding. */
static void
at_end(int status, void *unused)
{
	(void)unused;
	fflush(NULL);
	share_counters();
	real__exit(status);
}

static void
took_too_long(int sig)
{
	static const char text[] = "fuzz: too long\n";

	(void)sig;
	if (write(said, text, sizeof text - 1) > 0)
		print_calls(); /* NOLINT: the process ends here */
	signal(SIGABRT, SIG_DFL);
	abort();
}

static double
seconds_of(int who)
{
	struct rusage used = {0};

	getrusage(who, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void
limit(void)
{
	rlim_t used = (rlim_t)seconds_of(RUSAGE_SELF) +
		      (state->making ? 2 : FUZZ_CPU);
	struct rlimit cpu = {used, RLIM_INFINITY};

	setrlimit(RLIMIT_CPU, &cpu);
	signal(SIGXCPU, took_too_long);
}

/* The input as arguments, after those that all runs have. */
static void
take_arguments(char **args)
{
	static char text[4096];
	ssize_t n = pread(in, text, sizeof text - 1, 0);
	char *s = text, *line;
	int i = 0;

	if (strcmp(input, "args") != 0)
		return;
	text[n > 0 ? n : 0] = '\0';
	while (args[i])
		i++;
	while ((line = strsep(&s, "\n")) && i < MAX_ARGS)
		if (*line)
			args[i++] = line;
	args[i] = NULL;
}

static int
count(char **args)
{
	int n = 0;

	while (args[n])
		n++;
	return n;
}

/* In the child: the three streams, and how long it may take. */
static void
begin_run(int from)
{
	dup2(from >= 0 ? from : null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(said, STDERR_FILENO);
	lseek(STDIN_FILENO, 0, SEEK_SET);
	clearerr(stdin); /* make-odd has it, and has been at its end */
	__fpurge(stdin);
	lseek(STDERR_FILENO, 0, SEEK_SET);
	limit();
	memset(counters, 0, ncounters);
}

/* Not memcpy(), which would find what lies between variables out of bounds. */
static void
carry(uint8_t *to, const uint8_t *from, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		to[i] = from[i];
}

static struct statics {
	uint8_t *at, *copy;
	size_t n;
} statics[2];

static void
remember(struct statics *s)
{
	s->copy = malloc(s->n);
	if (!s->copy)
		abort();
	carry(s->copy, s->at, s->n);
}

/* What the input before has left. */
static void
forget(void)
{
	static const struct itimerval never;
	size_t i;

	for (i = 0; i < 2; i++)
		carry(statics[i].at, statics[i].copy, statics[i].n);
	if (H5close)
		H5close();
	close_range((unsigned)(in > said ? in : said) + 1, PIPES - 1, 0);
	setitimer(ITIMER_REAL, &never, NULL);
	optind = 0;
	nlast = 0;
	threaded = false;
}

static int
run_in_place(int (*entry)(int, char **), char **args, int from)
{
	begin_run(from);
	in_place = true;
	if (!setjmp(over))
		wrap_exit(entry(count(args), args));
	in_place = false;
	return over_status;
}

/* ---- The process that forks ---- */

struct reply {
	int status;
	long memory; /* KB */
};

/* Make the HDF5 file of the input; false where make-odd cannot. */
static bool
make_file(void)
{
	state->making = true;
	if (run_in_place(odd_main, make_odd, in) != 0)
		return false;
	state->making = false;
	forget();
	memset(shared, 0, ncounters);
	return !ftruncate(said, 0);
}

static int
run_on_input(void)
{
	char *own[MAX_ARGS + 1];

	if (odd && !make_file())
		return 1;
	memcpy(own, arg, sizeof own);
	take_arguments(own);
	return run_in_place(tool_main, own, !strcmp(input, "-") ? in : -1);
}

/* Run the tool on the input that there is, and on the next ones. */
static _Noreturn void
run_many(int ask, int answer)
{
	struct rusage used;
	struct reply reply;
	int i;

	for (i = 0; i < MANY; i++) {
		reply.status = run_on_input() << 8;
		getrusage(RUSAGE_SELF, &used);
		reply.memory = used.ru_maxrss;
		state->running = false;
		if (write(answer, &reply, sizeof reply) != sizeof reply ||
		    read(ask, &state->asked, 1) != 1)
			real__exit(1);
		if (state->asked != 't' || reply.memory > MOST_MEMORY / 2)
			real__exit(0);
		state->asked = 0;
		state->running = true;
		forget();
	}
	state->running = false;
	state->asked = 't';
	real__exit(0);
}

/* Run it on this input alone. */
static _Noreturn void
run_once(void)
{
	if (odd && !make_file())
		real__exit(1);
	take_arguments(arg);
	begin_run(!strcmp(input, "-") ? in : -1);
	exit(tool_main(count(arg), arg));
}

static _Noreturn void
run_child(char what, int ask, int answer)
{
	child_of_ours = getpid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	on_exit(at_end, NULL);
	report_to((void *)(intptr_t)said); /* NOLINT: as it is declared */
	if (what == 't' && many)
		run_many(ask, answer);
	run_once();
}

/* It is not libFuzzer's process, whose tables of 20 MB a fork would copy the
 * pages of: that takes as long as all else. */
static _Noreturn void
serve(int ask, int answer)
{
	struct reply reply;
	struct rusage used;
	pid_t child;
	char what;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	remember(&statics[0]);
	remember(&statics[1]);
	while (state->asked || read(ask, &state->asked, 1) == 1) {
		what = state->asked;
		state->asked = 0;
		state->running = true;
		state->making = false;
		child = fork();
		if (child == 0)
			run_child(what, ask, answer);
		if (child < 0 || wait4(child, &reply.status, 0, &used) != child)
			break;
		reply.memory = used.ru_maxrss;
		if (state->running &&
		    write(answer, &reply, sizeof reply) != sizeof reply)
			break;
	}
	real__exit(1);
}

/* The end of a pipe, out of the tools' way. */
static int
away(int fd)
{
	int far = fcntl(fd, F_DUPFD_CLOEXEC, PIPES);

	if (far < 0)
		abort();
	close(fd);
	return far;
}

static void
start_server(void)
{
	int ask[2], answer[2];

	if (pipe(ask) || pipe(answer))
		abort();
	ask[0] = away(ask[0]);
	answer[1] = away(answer[1]);
	ask[1] = away(ask[1]);
	answer[0] = away(answer[0]);
	server = fork();
	switch (server) {
	case -1:
		abort();
	case 0:
		close(ask[1]);
		close(answer[0]);
		serve(ask[0], answer[1]);
	default:
		close(ask[0]);
		close(answer[1]);
	}
	to_server = ask[1];
	from_server = answer[0];
}

/* ---- What became of it ---- */

struct end {
	struct reply reply;
	char text[MOST_SAID];
};

static void
ask_for(char what, struct end *end)
{
	ssize_t n;

	if (ftruncate(said, 0) || write(to_server, &what, 1) != 1 ||
	    read(from_server, &end->reply, sizeof end->reply) !=
		    sizeof end->reply)
		abort();
	n = pread(said, end->text, sizeof end->text - 1, 0);
	end->text[n > 0 ? n : 0] = '\0';
}

/* The first function in a sanitizer's list of calls that is not the sanitizer's
 * or libc's: is it HDF5's? */
static bool
begins_in_hdf5(const char *s)
{
	static const char *const passed[] = {
		"interceptor",   "sanitizer",  "asan_",       "libc.so",
		"took_too_long", " in malloc", " in calloc",  " in realloc",
		" in free",      " in memcpy", " in memmove", " in memset",
		" in abort"};
	const char *end;
	size_t i;

	while ((s = strstr(s, "\n    #"))) {
		char line[1024];

		end = strchr(++s, '\n');
		snprintf(line, sizeof line, "%.*s",
			 end ? (int)(end - s) : (int)strlen(s), s);
		for (i = 0; i < LENGTH(passed); i++)
			if (strstr(line, passed[i]))
				break;
		if (i == LENGTH(passed))
			return strstr(line, "libhdf5") != NULL;
	}
	return false;
}

/* HDF5 writes beyond its own memory, and then it is HDF5's; beyond ours, if we
 * have given it too little. */
static bool
is_theirs(const char *said_text)
{
	const char *owner = strstr(said_text, "\nallocated by ");

	if (!owner)
		owner = strstr(said_text, "\npreviously allocated by ");
	return begins_in_hdf5(said_text) &&
	       (!owner || begins_in_hdf5(owner + 1));
}

/* Is this in a line that the tool has not begun with its name?  What a file has
 * may be in the others. */
static bool
says(const char *text, const char *what)
{
	const char *at, *line;

	for (at = text; (at = strstr(at, what)); at++) {
		line = at;
		while (line > text && line[-1] != '\n')
			line--;
		if (strncmp(line, program, strlen(program)) != 0)
			return true;
	}
	return false;
}

static const char *
fault(const struct end *end)
{
	int code = WIFEXITED(end->reply.status) ? WEXITSTATUS(end->reply.status)
						: -1;

	if (says(end->text, "Sanitizer:") || says(end->text, "runtime error:"))
		return "a sanitizer's complaint";
	if (says(end->text, "fuzz: too long"))
		return "too slow";
	if (WIFSIGNALED(end->reply.status))
		return strsignal(WTERMSIG(end->reply.status));
	if (code > 2)
		return "an unknown status";
	if (end->reply.memory > MOST_MEMORY)
		return "too much memory";
	if (says(end->text, "HDF5-DIAG"))
		return "HDF5's own words";
	if (code != 0 && !*end->text && strcmp(program, "sonata-check") != 0 &&
	    strcmp(program, "sonata-diff") != 0)
		return "failed without a word";
	return NULL;
}

static void
judge(const struct end *end)
{
	const char *s = fault(end);

	if (getenv("FUZZ_SAY"))
		fprintf(stderr, "%sfuzz: %s: status %#x, %ld KB\n", end->text,
			program, (unsigned)end->reply.status,
			end->reply.memory);
	if (s ? is_theirs(end->text)
	      : !many && strstr(end->text, ": HDF5 itself crashed on it\n")) {
		theirs++;
		return;
	}
	if (!s)
		return;
	fprintf(stderr, "%s\nfuzz: finding: %s: %s (status %#x, %ld KB)\n",
		end->text, program, s, (unsigned)end->reply.status,
		end->reply.memory);
	abort();
}

/* ---- libFuzzer's side ---- */

static void
say_more(void)
{
	close(to_server);
	waitpid(server, NULL, 0);
	fprintf(stderr,
		"stat::crashes_in_hdf5: %zu\nstat::unrepeated: %zu\n"
		"stat::unmade: %zu\nstat::processor_sec: %.0f\n",
		theirs, unrepeated, unmade,
		seconds_of(RUSAGE_SELF) + seconds_of(RUSAGE_CHILDREN));
}

static size_t
distance(const uint8_t *a, const uint8_t *b)
{
	return (uintptr_t)b - (uintptr_t)a;
}

static void
take_settings(char *name)
{
	static char words[4096];
	const char *args = getenv("FUZZ_ARGS"), *where = getenv("FUZZ_INPUT");
	char *rest = words, *word, *mark;
	int n = 0;

	program = strrchr(name, '/');
	program = program ? program + 1 : name;
	arg[n++] = program;
	snprintf(words, sizeof words, "%s", args ? args : "");
	while ((word = strsep(&rest, " ")) && n < MAX_ARGS / 2)
		if (*word)
			arg[n++] = word;
	input = strdup(where ? where : "-");
	mark = strstr(input, "<odd");
	odd = mark;
	if (mark)
		*mark = '\0';
	many = getenv("FUZZ_MANY") != NULL;
	make_odd[0] = strdup("make-odd");
	make_odd[1] = input;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv) /* NOLINT: libFuzzer's */
{
	(void)argc;
	take_settings((*argv)[0]);
	ncounters = distance(counters, counters_end);
	statics[0].at = fuzz_data_begin;
	statics[0].n = distance(fuzz_data_begin, fuzz_data_end);
	statics[1].at = fuzz_bss_begin;
	statics[1].n = distance(fuzz_bss_begin, fuzz_bss_end);
	shared = mmap(NULL, ncounters, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	said = memfd_create("said", MFD_CLOEXEC);
	if (odd || !strcmp(input, "-") || !strcmp(input, "args"))
		in = memfd_create("in", MFD_CLOEXEC);
	else
		in = open(input, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (shared == MAP_FAILED || state == MAP_FAILED || null < 0 ||
	    said < 0 || in < 0)
		abort();
	if (H5open)
		H5open();
	start_server();
	atexit(say_more);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct end end;

	if (pwrite(in, data, size, 0) != (ssize_t)size ||
	    ftruncate(in, (off_t)size))
		abort();
	memset(shared, 0, ncounters);
	ask_for('t', &end);
	if (state->making) {
		unmade++; /* make-odd failed: keep no such input */
		return -1;
	}
	if (many && fault(&end)) {
		ask_for('f', &end);
		unrepeated += !fault(&end);
	}
	memcpy(counters, shared, ncounters);
	judge(&end);
	return 0;
}

/* ---- Changes that keep a text a text ---- */

static const char *const nasty[] = {
	"",     "0",      "1",    "-1",         "2",
	"3",    "255",    "256",  "65536",      "2147483647",
	"nan",  "inf",    "-inf", "-0",         "2147483648",
	"1e9",  "1e308",  "-1e9", "4294967295", "4294967296",
	"0.1",  "1e-320", "NULL", "\"\"",       "9223372036854775807",
	"i1",   "i4",     "i8",   "u4",         "18446744073709551615",
	"f4",   "f8",     "s",    "s8",         "-9223372036854775808",
	"u8z",  "i8:2",   "f4:3", "u8*9",       "1000000000000",
	"bool", "e",      "u8b",  "f8d",        "99999999999999999999999",
	"true", "null",   "[]",   "{}",         "\"$regex\"",
	"0..9", "/",      ".",    "..",         "%s%n"};

static bool
is_mark(uint8_t c)
{
	return isspace(c) || strchr(",\"'[]{}():=;@/|<>&*", c);
}

/* A word, or with lines a line and its end: where from, and its length. */
static size_t
pick(const uint8_t *s, size_t n, bool lines, unsigned *seed, size_t *length)
{
	size_t at = n ? (size_t)rand_r(seed) % n : 0, end;

	while (at > 0 && (lines ? s[at - 1] != '\n' : !is_mark(s[at - 1])))
		at--;
	for (end = at; end < n && (lines ? s[end] != '\n' : !is_mark(s[end]));)
		end++;
	*length = end - at + (lines && end < n);
	return at;
}

struct text {
	uint8_t *s;
	size_t n, most;
};

/* Put bytes in the place of others, as far as there is room. */
static void
put(struct text *t, size_t at, size_t gone, const uint8_t *with, size_t nwith)
{
	if (t->n - gone + nwith > t->most)
		return;
	memmove(t->s + at + nwith, t->s + at + gone, t->n - at - gone);
	memcpy(t->s + at, with, nwith);
	t->n = t->n - gone + nwith;
}

/* Another word or line of the text in the place of this one, or before it. */
static void
put_another(struct text *t, size_t at, size_t gone, bool lines, unsigned *seed)
{
	size_t n, from = pick(t->s, t->n, lines, seed, &n);
	uint8_t *other = malloc(n + 1);

	if (!other)
		abort();
	memcpy(other, t->s + from, n);
	put(t, at, rand_r(seed) % 2 ? gone : 0, other, n);
	free(other);
}

/* Of a description of an HDF5 file a type becomes another type and a value
 * another value: make-odd would make nothing of most other changes. */
static void
change_description(struct text *t, unsigned *seed)
{
	static const char *const types[] = {
		"i1",  "i2",   "i4",   "i8",  "u1",    "u2",   "u4",   "u8",
		"f4",  "f8",   "s",    "s1",  "s8",    "bool", "e",    "u8z",
		"i8b", "u4zb", "f8d",  "u8o", "i8:2",  "i8:1", "u4:3", "f4:2",
		"u8c", "f4z",  "u2zb", "i1d", "bool16"};
	static const char *const values[] = {"0",
					     "1",
					     "-1",
					     "2",
					     "3",
					     "4",
					     "5",
					     "255",
					     "65536",
					     "2147483647",
					     "2147483648",
					     "4294967295",
					     "nan",
					     "inf",
					     "-inf",
					     "1e300",
					     "0..9",
					     "7*9",
					     "0.5",
					     "-0",
					     "0*2000",
					     "0..2000",
					     "\"\"",
					     "A",
					     "1000000000",
					     "9223372036854775807",
					     "18446744073709551615",
					     "-9223372036854775808"};
	size_t n, at = pick(t->s, t->n, false, seed, &n), i = at, word = 0;
	const char *with;

	while (i > 0 && t->s[i - 1] != '\n')
		word += t->s[--i] == ' ';
	with = word == 1 ? types[(size_t)rand_r(seed) % LENGTH(types)]
			 : values[(size_t)rand_r(seed) % LENGTH(values)];
	/* To the end of it: "i8:2" and "0..9" are one. */
	while (word > 0 && at + n < t->n && !isspace(t->s[at + n]))
		n++;
	if (word == 0)
		put_another(t, at, n, false, seed);
	else
		put(t, at, n, (const uint8_t *)with, strlen(with));
}

size_t
LLVMFuzzerCustomMutator(uint8_t *s, size_t n, size_t most, unsigned seed)
{
	bool lines = rand_r(&seed) % 3 == 0;
	const char *word = nasty[(size_t)rand_r(&seed) % LENGTH(nasty)];
	struct text t = {s, n, most};
	size_t at, length;

	if (rand_r(&seed) % (odd ? 20 : 5) < 2)
		return LLVMFuzzerMutate(s, n, most);
	if (odd && rand_r(&seed) % 5 < 3) {
		change_description(&t, &seed);
		return t.n;
	}
	lines = lines || odd;
	at = pick(s, n, lines, &seed, &length);
	switch (rand_r(&seed) % 4) {
	case 0:
		put(&t, at, length, s, 0);
		break;
	case 1:
		put(&t, at, lines ? 0 : length, (const uint8_t *)word,
		    strlen(word));
		break;
	default:
		put_another(&t, at, length, lines, &seed);
	}
	return t.n;
}
