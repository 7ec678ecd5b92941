#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files.h"
#include "program.h"
#include "util.h"

static int
scratch_with(const char *s, size_t n)
{
	int fd = scratch_file();
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

static pid_t
spawn(const struct program *p, const int fd[3])
{
	posix_spawn_file_actions_t streams;
	pid_t pid;
	int i, error;

	if (posix_spawn_file_actions_init(&streams))
		die("out of memory");
	for (i = 0; i < 3; i++)
		if (posix_spawn_file_actions_adddup2(&streams, fd[i], i))
			die("out of memory");
	/* It takes the arguments as they are, whatever its type says. */
	error = posix_spawnp(&pid, p->argv[0], &streams, NULL,
			     (char *const *)p->argv, environ);
	posix_spawn_file_actions_destroy(&streams);
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
	int fd[3] = {scratch_with(in, n), scratch_file(), scratch_file()};
	pid_t pid = spawn(p, fd);
	size_t nsaid;
	int status;

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
