/* leaks -- ask the leak checker when a program ends
 *
 * It is linked to every program that is built with SAN=1. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sanitizer/lsan_interface.h>

#include "util.h"

/* A tool that fails ends where it is; one that worked has given all back.  The
 * checker crashes by itself now and then where NEURON's library is loaded, and
 * always under strace: it is asked in a child, and heard if it has found a
 * leak. */
static void
check_leaks(int status, void *unused)
{
	int said = status == WORKED ? memfd_create("said", MFD_CLOEXEC) : -1;
	int ended = 0;
	static char
		text[65536]; /* on the stack, old pointers would lie in it */
	ssize_t n;
	pid_t child;

	(void)unused;
	if (said < 0)
		return;
	child = fork();
	if (child == 0) {
		dup2(said, STDERR_FILENO);
		_exit(__lsan_do_recoverable_leak_check() ? MISUSED : WORKED);
	}
	if (child < 0 || waitpid(child, &ended, 0) != child ||
	    !WIFEXITED(ended) || WEXITSTATUS(ended) != MISUSED)
		return;
	n = pread(said, text, sizeof text, 0);
	if (n > 0)
		fprintf(stderr, "%.*s", (int)n, text);
	_exit(FAILED);
}

/* Before main: what is registered first is called last. */
__attribute__((constructor)) static void
watch_leaks(void)
{
	on_exit(check_leaks, NULL);
}
