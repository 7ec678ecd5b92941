/* Results come back through memory that is shared.  There are as many places
 * for them as tasks may be ahead of the first that is not done yet, twice the
 * jobs, so that a slow task does not hold up the next ones at once.
 *
 * What a child says is kept until it is its turn, so that of several that fail
 * only the first is heard, whichever is the quickest. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cell/workers.h"
#include "util.h"

enum state { FREE, RUNNING, READY };

static struct task {
	pid_t child;
	enum state state;
	size_t task;
	int said;   /* the file that is its standard error */
	int status; /* as of waitpid(2) */
} * places;
static size_t nplaces;

/* Who is to get the results: done where all have to work, or else tried. */
struct call {
	bool all;
	void (*done)(size_t i, const void *result);
	void (*tried)(size_t i, const void *result, const char *said);
};

static void
stop_all(void)
{
	size_t i;

	for (i = 0; i < nplaces; i++)
		if (places[i].state == RUNNING)
			kill(places[i].child, SIGKILL);
}

/* A child ends with its parent, however that ends.  What ends all processes of
 * a job is for the parent, which would else take it for a fault of the child;
 * and an interrupt from the keyboard is, too: NEURON would take it for its own.
 */
static void
follow(pid_t parent)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(FAILED);
}

static void
begin(size_t i, void (*work)(size_t i, void *result), void *result)
{
	struct task *p = &places[i % nplaces];
	pid_t parent = getpid();

	fflush(NULL);
	p->task = i;
	p->said = memfd_create("said", MFD_CLOEXEC);
	p->child = p->said < 0 ? -1 : fork();
	if (p->child < 0)
		die("cannot start a worker:");
	if (p->child == 0) {
		nplaces = 0; /* the others are no children of this one */
		follow(parent);
		dup2(p->said, STDERR_FILENO);
		work(i, result);
		fflush(NULL);
		_exit(WORKED);
	}
	p->state = RUNNING;
}

/* Wait for a child to end, and return its place. */
static struct task *
await_one(void)
{
	for (;;) {
		int status;
		pid_t child = wait(&status);
		size_t i;

		if (child < 0)
			die("cannot wait for a worker:");
		for (i = 0; i < nplaces; i++) {
			if (places[i].state != RUNNING ||
			    places[i].child != child)
				continue;
			places[i].state = READY;
			places[i].status = status;
			return &places[i];
		}
	}
}

/* What a child has said, in new memory. */
static char *
read_said(const struct task *p)
{
	char text[4096], *all = copy(""), *longer;
	ssize_t len;
	off_t at = 0;

	while ((len = pread(p->said, text, sizeof text, at)) > 0) {
		longer = format("%s%.*s", all, (int)len, text);
		free(all);
		all = longer;
		at += len;
	}
	return all;
}

static void
end_by_child_signal(const struct task *p)
{
	if (!WIFSIGNALED(p->status))
		return;
	if (WTERMSIG(p->status) == SIGTERM) /* a program it ran had it */
		end_by_signal(SIGTERM);
	die("a worker was stopped by signal %d (%s)", WTERMSIG(p->status),
	    strsignal(WTERMSIG(p->status)));
}

/* Print what a child has said, and end as it has; or hand it in. */
static void
end_task(struct task *p, const struct call *c, const void *result)
{
	char *said = read_said(p);

	close(p->said);
	if (c->all)
		fputs(said, stderr);
	end_by_child_signal(p);
	if (c->all && p->status != 0) {
		failure = WEXITSTATUS(p->status);
		end_badly();
	}
	p->state = FREE;
	if (c->all)
		c->done(p->task, result);
	else
		c->tried(p->task, p->status == 0 ? result : NULL, said);
	free(said);
}

static void *
share(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("%zu bytes for the results of workers:", size);
	return p;
}

static void
run_all(size_t n, size_t njobs, size_t size,
	void (*work)(size_t i, void *result), const struct call *c)
{
	size_t next = 0, first = 0, running = 0;
	struct task *p;
	char *results;
	bool watching = nplaces > 0;

	if (n == 0)
		return;
	nplaces = 2 * njobs;
	free(places);
	places = zeros(nplaces, sizeof *places);
	results = share(nplaces * size);
	if (!watching)
		at_failure(stop_all);
	signal(SIGCHLD, SIG_DFL); /* wait(2) has nothing where it is ignored */
	while (first < n) {
		if (next < n && running < njobs && next < first + nplaces) {
			begin(next, work, results + next % nplaces * size);
			next++;
			running++;
			continue;
		}
		p = await_one();
		running--;
		if (c->all && p->status != 0 && p->task < n)
			n = p->task + 1; /* none after it will be done */
		for (; first < next && places[first % nplaces].state == READY;
		     first++) {
			end_task(&places[first % nplaces], c,
				 results + first % nplaces * size);
		}
	}
	munmap(results, nplaces * size);
}

void
workers_run(size_t n, size_t njobs, size_t size,
	    void (*work)(size_t i, void *result),
	    void (*done)(size_t i, const void *result))
{
	run_all(n, njobs, size, work, &(struct call){true, done, NULL});
}

void
workers_try(size_t n, size_t njobs, size_t size,
	    void (*work)(size_t i, void *result),
	    void (*done)(size_t i, const void *result, const char *said))
{
	run_all(n, njobs, size, work, &(struct call){false, NULL, done});
}
