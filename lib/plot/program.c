#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "plot/program.h"
#include "util.h"

static int
scratch_with(const char *s, size_t n)
{
	int fd = files_scratch();
	ssize_t part;

	for (; n > 0; s += part, n -= (size_t)part) {
		part = write(fd, s, n);
		if (part < 0 && errno != EINTR)
			die("scratch file:");
		part = part < 0 ? 0 : part;
	}
	if (lseek(fd, 0, SEEK_SET))
		die("scratch file:");
	return fd;
}

/* All of a scratch file, a NUL after it. */
static char *
contents(int fd, size_t *n)
{
	struct stat st;
	ssize_t part;
	char *s;

	if (fstat(fd, &st))
		die("scratch file:");
	s = zeros((size_t)st.st_size + 1, 1);
	for (*n = 0; *n < (size_t)st.st_size; *n += (size_t)part) {
		part = pread(fd, s + *n, (size_t)st.st_size - *n, (off_t)*n);
		if (part <= 0)
			die("scratch file:");
	}
	close(fd);
	return s;
}

/* It ends with us, however that is: a layout may take minutes.  A PDF tells the
 * time zone, at a length that depends on it. */
static _Noreturn void
become(const struct program *p, const int fd[3], int news, pid_t parent)
{
	int i, error;

	for (i = 0; i < 3; i++)
		if (dup2(fd[i], i) < 0 || fcntl(i, F_SETFD, 0))
			_exit(FAILED);
	/* It takes the arguments as they are, whatever its type says. */
	if (!setenv("TZ", "UTC0", 1) && !prctl(PR_SET_PDEATHSIG, SIGTERM) &&
	    getppid() == parent)
		execvp(p->argv[0], (char *const *)p->argv);
	error = errno;
	_exit(write(news, &error, sizeof error) < 0 ? FAILED : WORKED);
}

/* The pipe ends empty when the program has begun. */
static pid_t
begin(const struct program *p, const int fd[3])
{
	pid_t parent = getpid(), pid;
	int news[2], error = 0;
	ssize_t n;

	if (pipe2(news, O_CLOEXEC))
		die("%s:", p->argv[0]);
	pid = fork();
	if (pid < 0)
		die("%s:", p->argv[0]);
	if (pid == 0)
		become(p, fd, news[1], parent);
	close(news[1]);
	do
		n = read(news[0], &error, sizeof error);
	while (n < 0 && errno == EINTR);
	close(news[0]);
	errno = error;
	if (error == ENOENT)
		die("no %s to draw with: install %s", p->argv[0], p->package);
	if (error)
		die("%s:", p->argv[0]);
	return pid;
}

void
run_program(struct program *p, const char *in, size_t n)
{
	int fd[3] = {scratch_with(in, n), files_scratch(), files_scratch()};
	size_t nsaid;
	int status;
	pid_t pid;

	signal(SIGCHLD, SIG_DFL); /* who started us may have it ignored */
	pid = begin(p, fd);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("%s:", p->argv[0]);
	close(fd[0]);
	p->out = contents(fd[1], &p->n);
	p->said = contents(fd[2], &nsaid);
	if (!WIFEXITED(status))
		die("%s: %s", p->argv[0], strsignal(WTERMSIG(status)));
	p->status = WEXITSTATUS(status);
}

void
free_program(struct program *p)
{
	free(p->out);
	free(p->said);
}
