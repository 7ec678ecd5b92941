/* Each program is the first of a process group, so that what it starts ends
 * with it.  SIGCHLD is waited for together with the signals that end a tool. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/run.h"

static sigset_t awaited, before;
static bool holding;

/* The programs of run_programs(), and how many have been started. */
static struct run_program *programs;
static size_t nstarted;

void
run_add(struct opt_list *list, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	opt_list_add(list, vformat(fmt, ap));
	va_end(ap);
}

void
run_free_list(struct opt_list *l)
{
	while (l->n > 0)
		free((void *)l->item[--l->n]);
	free(l->item);
}

void
run_free(struct run_program *p, size_t n)
{
	for (; n > 0; n--, p++) {
		run_free_list(&p->argv);
		run_free_list(&p->env);
		free(p->out);
		free(p->said);
		*p = (struct run_program){0};
	}
}

void
run_hold(void)
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
	holding = true;
}

void
run_release(void)
{
	holding = false;
	sigprocmask(SIG_SETMASK, &before, NULL);
}

/* ---- Streams ---- */

/* In memory, whose end everybody notices: gnuplot exits with 0 when it has
 * written half a picture to a disk that is full. */
static int
stream(void)
{
	int fd = memfd_create(progname, MFD_CLOEXEC);

	if (fd < 0)
		die("a stream for another program:");
	return fd;
}

static int
stream_of(const char *s, size_t n)
{
	int fd = s ? stream() : open("/dev/null", O_RDONLY | O_CLOEXEC);
	ssize_t part = 0;

	for (; n > 0 && part >= 0; s += part, n -= (size_t)part)
		part = write(fd, s, n);
	if (fd < 0 || part < 0 || lseek(fd, 0, SEEK_SET) < 0)
		die("a stream for another program:");
	return fd;
}

/* All of a stream, with a NUL after it. */
static char *
contents(int fd, size_t *n)
{
	FILE *f = fdopen(fd, "r");
	struct stat st;
	char *s;

	if (!f || fstat(fd, &st))
		die("a stream of another program:");
	rewind(f);
	*n = (size_t)st.st_size;
	s = zeros(*n + 1, 1);
	if (fread(s, 1, *n, f) != *n)
		die("a stream of another program:");
	fclose(f);
	return s;
}

/* ---- One program ---- */

/* The program ends with the tool, however that ends: a layout may take minutes.
 */
static _Noreturn void
become(const struct run_program *p, int news, pid_t parent)
{
	bool ready = !setpgid(0, 0) && !prctl(PR_SET_PDEATHSIG, SIGTERM) &&
		     !sigprocmask(SIG_SETMASK, &before, NULL) &&
		     getppid() == parent && !(p->dir && chdir(p->dir));
	int i, error;
	size_t k;

	signal(SIGUSR1, SIG_IGN); /* it asks the tool, not its programs */
	for (i = 0; i < 3; i++)
		ready = ready && dup2(p->fd[i], i) >= 0;
	for (k = 0; k < p->env.n; k++)
		ready = ready && !putenv((char *)p->env.item[k]);
	if (ready)
		execvp(p->argv.item[0], (char *const *)p->argv.item);
	error = errno;
	_exit(write(news, &error, sizeof error) < 0 ? FAILED : WORKED);
}

/* The pipe ends empty when the program has begun. */
static void
begin(struct run_program *p)
{
	pid_t parent = getpid(), pid;
	int news[2], error = 0;
	ssize_t n;

	opt_list_add(&p->argv, NULL);
	p->fd[0] = stream_of(p->in, p->nin);
	p->fd[1] = stream();
	p->fd[2] = p->together ? p->fd[1] : stream();
	if (pipe2(news, O_CLOEXEC) || (pid = fork()) < 0)
		die("%s:", p->argv.item[0]);
	if (pid == 0)
		become(p, news[1], parent);
	close(news[1]);
	do
		n = read(news[0], &error, sizeof error);
	while (n < 0 && errno == EINTR);
	close(news[0]);
	close(p->fd[0]);
	errno = error;
	if (error == ENOENT && p->package)
		die("%s not found: install %s", p->argv.item[0], p->package);
	if (error)
		die("%s:", p->argv.item[0]);
	p->pid = pid;
}

static void
take_result(struct run_program *p)
{
	size_t n;

	p->pid = 0;
	p->said = contents(p->fd[2], &n);
	p->out = p->together ? copy("") : contents(p->fd[1], &p->n);
}

static void
check_end(struct run_program *p)
{
	if (WIFEXITED(p->status)) {
		p->status = WEXITSTATUS(p->status);
		return;
	}
	if (WTERMSIG(p->status) == SIGTERM) /* as all of a job gets */
		end_by_signal(SIGTERM);
	die("%s%s%s: %s", p->what ? p->what : "", p->what ? ": " : "",
	    p->argv.item[0], strsignal(WTERMSIG(p->status)));
}

/* ---- All of them ---- */

static void
stop_all(void)
{
	size_t i;

	for (i = 0; i < nstarted; i++)
		if (programs[i].pid)
			kill(-programs[i].pid, SIGTERM);
	for (i = 0; i < nstarted; i++)
		if (programs[i].pid)
			waitpid(programs[i].pid, NULL, 0);
	nstarted = 0;
}

/* How many of them still run. */
static size_t
look_after(void)
{
	size_t i, running = 0;

	for (i = 0; i < nstarted; i++) {
		struct run_program *p = &programs[i];

		if (p->pid && waitpid(p->pid, &p->status, WNOHANG))
			take_result(p);
		running += p->pid ? 1 : 0;
	}
	return running;
}

static void
wait_for_all(size_t n)
{
	size_t running = 0, most = opt_cpus();
	int sig;

	while (nstarted < n || running > 0) {
		for (; nstarted < n && running < most; nstarted++, running++)
			begin(&programs[nstarted]);
		sig = sigwaitinfo(&awaited, NULL);
		if (sig > 0 && sig != SIGCHLD)
			end_by_signal(sig);
		running = look_after();
	}
	nstarted = 0;
}

void
run_programs(struct run_program *p, size_t n)
{
	static bool registered;
	bool held = holding;
	size_t i;

	if (!registered)
		at_failure(stop_all);
	registered = true;
	if (!held)
		run_hold();
	programs = p;
	wait_for_all(n);
	if (!held)
		run_release();
	for (i = 0; i < n; i++)
		check_end(&p[i]);
}
