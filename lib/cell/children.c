#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cell/children.h"
#include "util.h"

void
add_argument(struct child *c, const char *fmt, ...)
{
	struct opt_list *l = &c->argv;
	va_list ap;

	l->item = grow(l->item, &l->cap, l->n + 2, sizeof *l->item);
	va_start(ap, fmt);
	l->item[l->n++] = vformat(fmt, ap);
	va_end(ap);
}

void
free_child(struct child *c)
{
	size_t i;

	for (i = 0; i < c->argv.n; i++)
		free((void *)c->argv.item[i]);
	free(c->argv.item);
	free(c->log);
	*c = (struct child){0};
}

/* Those that end a tool, unless they are ignored, and the news of children:
 * they are waited for together. */
static sigset_t awaited, before;

void
hold_signals(void)
{
	static const int ends[] = {SIGHUP, SIGINT, SIGTERM, SIGQUIT};
	struct sigaction sa;
	size_t i;

	signal(SIGCHLD, SIG_DFL); /* who started us may have it ignored */
	sigemptyset(&awaited);
	sigaddset(&awaited, SIGCHLD);
	for (i = 0; i < LEN(ends); i++)
		if (!sigaction(ends[i], NULL, &sa) && sa.sa_handler != SIG_IGN)
			sigaddset(&awaited, ends[i]);
	sigprocmask(SIG_BLOCK, &awaited, &before);
}

void
release_signals(void)
{
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void
end_children(struct child *c, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (c[i].running)
			kill(-c[i].pid, SIGTERM);
	for (i = 0; i < n; i++)
		if (c[i].running)
			waitpid(c[i].pid, NULL, 0);
}

static bool
set_up(const struct child *c, posix_spawn_file_actions_t *files,
       posix_spawnattr_t *attr)
{
	const int how = O_WRONLY | O_CREAT | O_TRUNC;

	return !posix_spawnattr_setflags(
		       attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK) &&
	       !posix_spawnattr_setpgroup(attr, 0) &&
	       !posix_spawnattr_setsigmask(attr, &before) &&
	       !posix_spawn_file_actions_addopen(files, 0, "/dev/null",
						 O_RDONLY, 0) &&
	       !posix_spawn_file_actions_addopen(files, 1, c->log, how, 0600) &&
	       !posix_spawn_file_actions_adddup2(files, 1, 2) &&
	       !posix_spawn_file_actions_addchdir_np(files, c->dir);
}

/* Each is the first of a process group, so that what it starts ends with it. */
static bool
start_child(struct child *c, char *const *envp)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;

	if (posix_spawn_file_actions_init(&files) ||
	    posix_spawnattr_init(&attr) || !set_up(c, &files, &attr))
		die("out of memory");
	errno = posix_spawn(&c->pid, c->argv.item[0], &files, &attr,
			    (char *const *)c->argv.item, envp);
	c->running = errno == 0;
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return c->running;
}

/* How many of them still run. */
static size_t
look_after(struct child *c, size_t n)
{
	size_t i, running = 0;

	for (i = 0; i < n; i++) {
		if (c[i].running && waitpid(c[i].pid, &c[i].status, WNOHANG))
			c[i].running = false;
		running += c[i].running ? 1 : 0;
	}
	return running;
}

void
run_children(struct child *c, size_t n, char *const *envp,
	     void (*take_back)(void))
{
	size_t next = 0, running = 0, most = opt_jobs("auto");
	int sig;

	while (next < n || running > 0) {
		for (; next < n && running < most; next++, running++)
			if (!start_child(&c[next], envp)) {
				warn("%s:", c[next].argv.item[0]);
				end_children(c, next);
				end_badly();
			}
		sig = sigwaitinfo(&awaited, NULL);
		if (sig > 0 && sig != SIGCHLD) {
			end_children(c, next);
			take_back();
			raise(sig);
			release_signals();
			end_badly();
		}
		running = look_after(c, next);
	}
}
