/* The signal handler itself writes the line, with write(2) alone, so that a
 * tool answers as well while it waits for its input, for a thread or for a
 * child. What a handler may not call is done by hand. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "progress.h"
#include "util.h"

struct line {
	char text[256];
	size_t n;
};

_Atomic size_t progress_count;
static _Atomic size_t total; /* 0 if nobody knows */
static const char *_Atomic unit = "rows";

static int fd = STDERR_FILENO;
static pid_t self;          /* a forked child has nothing to tell */
static volatile bool shown; /* on the terminal, in a line without an end */

static void
add_text(struct line *l, const char *s)
{
	while (*s && l->n < sizeof l->text)
		l->text[l->n++] = *s++;
}

static void
add_number(struct line *l, size_t v)
{
	char text[24], *s = text + sizeof text;

	*--s = '\0';
	do
		*--s = (char)('0' + v % 10);
	while (v /= 10);
	add_text(l, s);
}

static void
describe(struct line *l, size_t n)
{
	size_t all = total;
	bool known = all > 0 && n <= all;

	add_text(l, progname);
	add_text(l, ": ");
	add_number(l, n);
	if (known) {
		add_text(l, " of ");
		add_number(l, all);
	}
	add_text(l, " ");
	add_text(l, unit);
	if (known) {
		add_text(l, " (");
		add_number(l, (size_t)(100.0 * (double)n / (double)all));
		add_text(l, " %)");
	}
}

/* The timer shows a number once only: a tool that waits for what someone types
 * does not write over it. */
static void
show(int sig)
{
	static _Atomic size_t last;
	struct line l = {.n = 0};
	size_t n = progress_count;
	int error = errno;
	ssize_t done;

	if (getpid() != self || (sig == SIGALRM && n == last))
		return;
	last = n;
	describe(&l, n);
	if (sig == SIGALRM)
		shown = true;
	add_text(&l, shown ? "\033[K" : "");
	add_text(&l, sig == SIGALRM ? "\r" : "\n");
	done = write(fd, l.text, l.n);
	(void)done; /* there is nowhere to say it */
	errno = error;
}

/* SA_RESTART: read, write and wait go on as if nothing had happened. */
static void
show_on(int sig)
{
	struct sigaction sa = {.sa_handler = show, .sa_flags = SA_RESTART};

	sigemptyset(&sa.sa_mask);
	sigaddset(&sa.sa_mask, SIGALRM);
	sigaddset(&sa.sa_mask, SIGUSR1);
	sigaction(sig, &sa, NULL);
}

/* While NEURON runs, the standard error goes elsewhere. */
void
progress_answer(void)
{
	int own = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);

	fd = own < 0 ? fd : own;
	self = getpid();
	show_on(SIGUSR1);
}

static void
wipe(void)
{
	struct itimerval never = {{0, 0}, {0, 0}};
	ssize_t done;

	if (getpid() != self)
		return;
	setitimer(ITIMER_REAL, &never, NULL);
	done = shown ? write(fd, "\033[K", 3) : 0;
	(void)done;
	shown = false;
}

void
progress_watch(void)
{
	struct itimerval second = {{1, 0}, {1, 0}};

	if (!isatty(STDERR_FILENO))
		return;
	atexit(wipe);
	at_failure(wipe);
	show_on(SIGALRM);
	setitimer(ITIMER_REAL, &second, NULL);
}

void
progress_begin(const char *of, size_t n)
{
	total = 0;
	progress_count = 0;
	unit = of;
	total = n;
}
