#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "progress.h"
#include "util.h"

volatile sig_atomic_t progress_due;
const char *progress_unit = "rows";

static void
tick(int sig)
{
	(void)sig;
	progress_due = 1;
}

static void
wipe(void)
{
	fputs("\033[K", stderr);
}

/* The timer interrupts no call: SA_RESTART has read and write go on. */
void
progress_start(void)
{
	struct sigaction sa = {.sa_handler = tick, .sa_flags = SA_RESTART};
	struct itimerval second = {{1, 0}, {1, 0}};

	static bool started;

	if (started || !isatty(STDERR_FILENO) || isatty(STDOUT_FILENO))
		return;
	started = true;
	sigemptyset(&sa.sa_mask);
	sigaction(SIGALRM, &sa, NULL);
	setitimer(ITIMER_REAL, &second, NULL);
}

void
progress_show(size_t n)
{
	static bool shown;

	if (!shown) {
		atexit(wipe);
		at_failure(wipe);
	}
	shown = true;
	progress_due = 0;
	fprintf(stderr, "%s: %zu %s\r", progname, n, progress_unit);
}
