/* A process tells its steps and findings through a pipe, as texts that each
 * end in a NUL, and what it says on its standard error is kept in memory. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check/finding.h"
#include "progress.h"

/* The steps, by their numbers from 1. */
static size_t done;    /* in processes before this one */
static size_t current; /* is being done, or was passed */
static size_t *failed; /* those that could not be done, ascending */
static size_t nfailed, mfailed;
static FILE *to_parent;

/* A step that has begun. */
struct finding_at {
	char *rule, *file, *place;
};

/* ---- In the process ---- */

static void
tell(const char *text)
{
	fwrite(text, 1, strlen(text) + 1, to_parent);
}

/* What was begun has to be known, however this process ends. */
bool
finding_step(const char *rule, const char *file, const char *place)
{
	if (++current <= done)
		return false;
	tell("step");
	tell(rule);
	tell(file);
	tell(place);
	fflush(to_parent);
	return true;
}

bool
finding_failed(void)
{
	size_t i;

	for (i = 0; i < nfailed && failed[i] != current; i++)
		;
	return i < nfailed;
}

void
finding_add(const char *rule, const char *file, const char *place,
	    uint64_t count, const char *fmt, ...)
{
	char *message, *number;
	va_list ap;

	if (current <= done || count == 0)
		return;
	va_start(ap, fmt);
	message = vformat(fmt, ap);
	va_end(ap);
	number = format("%llu", (unsigned long long)count);
	tell("finding");
	tell(rule);
	tell(file);
	tell(place);
	tell(number);
	tell(message);
	fflush(to_parent);
	free(number);
	free(message);
}

/* ---- In the tool ---- */

static void
free_place(struct finding_at *at)
{
	free(at->rule);
	free(at->file);
	free(at->place);
	*at = (struct finding_at){NULL, NULL, NULL};
}

/* Several populations may share a file of types, whose faults are one. */
static bool
is_new(struct findings *all, const struct finding_at *at, const char *message)
{
	char *key = format("%s\n%s\n%s\n%s", at->rule, at->file, at->place,
			   message);
	size_t n = all->seen.n;

	label(&all->seen, key);
	free(key);
	return all->seen.n > n;
}

static void
add(struct findings *all, struct finding_at *at, uint64_t count, char *message)
{
	if (!is_new(all, at, message)) {
		free_place(at);
		free(message);
		return;
	}
	all->finding =
		grow(all->finding, &all->cap, all->n + 1, sizeof *all->finding);
	all->finding[all->n++] = (struct finding){rule_find(at->rule), at->file,
						  at->place, count, message};
	free(at->rule);
	at->rule = at->file = at->place = NULL;
}

static char *
next_text(FILE *from)
{
	size_t cap = 0;
	char *s = NULL;

	if (getdelim(&s, &cap, '\0', from) > 0)
		return s;
	free(s);
	return NULL;
}

/* Read what a process tells until it ends; gives the step that it was at. */
static struct finding_at
listen(struct findings *all, FILE *from)
{
	struct finding_at last = {NULL, NULL, NULL}, at;
	char *what, *count, *message;
	int64_t n;

	while ((what = next_text(from))) {
		at.rule = next_text(from);
		at.file = next_text(from);
		at.place = next_text(from);
		if (!at.place)
			die("a process that checks was cut off");
		if (!strcmp(what, "step")) {
			free_place(&last);
			last = at;
			done++;
			progress(done);
		} else {
			count = next_text(from);
			message = next_text(from);
			if (!message || !parse_int(count, &n))
				die("a process that checks was cut off");
			add(all, &at, (uint64_t)n, message);
			free(count);
		}
		free(what);
	}
	return last;
}

/* The last line that a process said, without the name of the tool. */
static char *
last_words(int said)
{
	char text[4097] = "", *line, *end;
	off_t size = lseek(said, 0, SEEK_END);
	off_t from = size > 4096 ? size - 4096 : 0;
	ssize_t n = pread(said, text, 4096, from);

	text[n > 0 ? n : 0] = '\0';
	end = text + strlen(text);
	while (end > text && end[-1] == '\n')
		*--end = '\0';
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	if (!strncmp(line, progname, strlen(progname)) &&
	    !strncmp(line + strlen(progname), ": ", 2))
		line += strlen(progname) + 2;
	return copy(line);
}

/* The message without what stands in the columns file and place. */
static char *
without_place(char *s, const struct finding_at *at)
{
	const char *part[] = {at->file, at->place};
	char *rest = s, *own;
	size_t i, n;

	for (i = 0; i < LEN(part); i++) {
		n = part[i] ? strlen(part[i]) : 0;
		if (n > 0 && !strncmp(rest, part[i], n) &&
		    !strncmp(rest + n, ": ", 2))
			rest += n + 2;
	}
	own = copy(*rest ? rest : "ended without a word");
	free(s);
	return own;
}

static pid_t
begin(void (*plan)(void *), void *arg, int pipe_end[2], int said)
{
	pid_t parent = getpid(), child;

	fflush(NULL);
	child = fork();
	if (child < 0)
		die("cannot start a process that checks:");
	if (child > 0)
		return child;
	close(pipe_end[0]);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(FAILED);
	dup2(said, STDERR_FILENO);
	to_parent = fdopen(pipe_end[1], "w");
	if (!to_parent)
		_exit(FAILED);
	plan(arg);
	fflush(to_parent);
	_exit(WORKED);
}

/* Between two steps there is no going on. */
static void
give_up(struct findings *all, char *why)
{
	struct finding_at at = {copy("hdf5"), copy(""), copy("")};
	char *message = format("the check ends here: %s", why);

	free(why);
	add(all, &at, 1, message);
}

/* Take up the plan where the process before has left it; true when all of it
 * is done. */
static bool
take_up(struct findings *all, void (*plan)(void *), void *arg)
{
	int ends[2], said = memfd_create("said", MFD_CLOEXEC), status = 0;
	size_t before = done;
	struct finding_at last;
	pid_t child;
	FILE *from;

	if (said < 0 || pipe(ends) < 0)
		die("cannot start a process that checks:");
	child = begin(plan, arg, ends, said);
	close(ends[1]);
	from = fdopen(ends[0], "r");
	if (!from)
		die("cannot start a process that checks:");
	last = listen(all, from);
	fclose(from);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (status != 0 && done == 0)
		die("%s", last_words(said));
	if (status != 0 && done == before) {
		give_up(all, last_words(said));
		status = 0;
	} else if (status != 0) {
		failed = grow(failed, &mfailed, nfailed + 1, sizeof *failed);
		failed[nfailed++] = done;
		add(all, &last, 1, without_place(last_words(said), &last));
	}
	free_place(&last);
	close(said);
	return status == 0;
}

void
findings_gather(struct findings *all, void (*plan)(void *), void *arg)
{
	done = current = nfailed = 0;
	progress_begin("steps", 0);
	signal(SIGCHLD, SIG_DFL); /* waitpid(2) has nothing where it is
				   * ignored */
	while (!take_up(all, plan, arg))
		;
}

void
findings_free(struct findings *all)
{
	while (all->n > 0) {
		struct finding *f = &all->finding[--all->n];

		free(f->file);
		free(f->place);
		free(f->message);
	}
	free(all->finding);
	labels_free(&all->seen);
}
