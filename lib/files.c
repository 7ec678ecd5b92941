#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "util.h"

#define MAX_LINKS 40 /* as many as Linux follows */

/* A signal handler reads these, so nfiles grows only when an entry is whole. */
static struct {
	char *path, *temporary;
} files[MAX_FILES];
static volatile sig_atomic_t nfiles;

static void
take_back(void)
{
	int i;

	for (i = 0; i < nfiles; i++)
		unlink(files[i].temporary);
	nfiles = 0;
}

static void
stopped(int sig)
{
	take_back();
	signal(sig, SIG_DFL);
	raise(sig);
}

static const int signals[] = {SIGHUP,  SIGINT,    SIGTERM, SIGPIPE, SIGQUIT,
			      SIGUSR2, SIGVTALRM, SIGPROF, SIGXCPU};

/* Hold signals back while the list of files is not true. */
static void
hold(bool on)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < LEN(signals); i++)
		sigaddset(&set, signals[i]);
	pthread_sigmask(on ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

static void
nothing(int sig)
{
	(void)sig;
}

/* A file that may not grow any more makes write(2) fail, and does not kill us.
 * The signal is handled, not ignored: gnuplot would inherit that it is ignored,
 * and not notice the failure. */
static void
let_write_say(void)
{
	struct sigaction sa = {.sa_handler = nothing, .sa_flags = SA_RESTART};

	sigemptyset(&sa.sa_mask);
	sigaction(SIGXFSZ, &sa, NULL);
}

static void
watch(void)
{
	struct sigaction old, new = {.sa_handler = stopped};
	static bool done;
	size_t i;

	if (done)
		return;
	done = true;
	let_write_say();
	at_failure(take_back);
	sigemptyset(&new.sa_mask);
	for (i = 0; i < LEN(signals); i++) {
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler != SIG_IGN)
			sigaction(signals[i], &new, NULL);
	}
}

/* Files of mkstemp are for the owner alone; ours have the mode that open(2)
 * gives them. */
static void
open_up(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	fchmod(fd, 0666 & ~mask);
}

/* The target of a link to nothing, which realpath(3) does not give. */
static char *
link_end(const char *path)
{
	char *at = copy(path), to[4096], *slash;
	int links;

	for (links = 0; links < MAX_LINKS; links++) {
		ssize_t n = readlink(at, to, sizeof to - 1);
		char *next;

		if (n < 0)
			return at;
		to[n] = '\0';
		slash = *to == '/' ? NULL : strrchr(at, '/');
		next = format("%.*s%s", slash ? (int)(slash + 1 - at) : 0, at,
			      to);
		free(at);
		at = next;
	}
	errno = ELOOP;
	die("%s:", path);
}

/* A device or a named pipe is written to directly, and for a symbolic link its
 * target is replaced. */
const char *
files_replace(const char *path)
{
	struct stat st;
	char *name, *real;
	int fd;

	if (nfiles == MAX_FILES)
		die("%s: too many output files", path);
	if (!stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return path;
	watch();
	free(files[nfiles].path); /* of those that are done */
	free(files[nfiles].temporary);
	real = realpath(path, NULL);
	files[nfiles].path = real ? real : link_end(path);
	files[nfiles].temporary = name =
		format("%s.XXXXXX", files[nfiles].path);
	hold(true);
	fd = mkstemp(name);
	if (fd < 0)
		die("%s:", path);
	nfiles = nfiles + 1;
	hold(false);
	open_up(fd);
	close(fd);
	return name;
}

/* The content must be on the disk before the name: after a crash the name would
 * else stand for an empty file. */
static void
settle(const char *path, const char *temporary)
{
	int fd = open(temporary, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || (fsync(fd) && errno != EINVAL) || close(fd))
		die("%s:", path);
}

void
files_done(void)
{
	int i;

	for (i = 0; i < nfiles; i++)
		settle(files[i].path, files[i].temporary);
	hold(true);
	for (i = 0; i < nfiles; i++)
		if (rename(files[i].temporary, files[i].path))
			die("%s:", files[i].path);
	nfiles = 0;
	hold(false);
}

int
files_scratch(void)
{
	const char *dir = getenv("TMPDIR");
	char *name = format("%s/bmutils.XXXXXX", dir && *dir ? dir : "/tmp");
	int fd;

	let_write_say();
	fd = mkstemp(name);
	if (fd < 0 || unlink(name))
		die("%s:", name);
	free(name);
	return fd;
}

const char *
files_fault(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? strerror(EISDIR)
					   : "not a regular file";
	return st.st_size > 0 ? NULL : "empty";
}

size_t
files_first_bytes(const char *path, char *s, size_t n)
{
	struct stat st;
	ssize_t got;
	int fd;

	if (!stat(path, &st) && !S_ISDIR(st.st_mode) && files_fault(path))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	got = fd < 0 ? -1 : read(fd, s, n);
	if (got < 0)
		die("%s:", path);
	close(fd);
	return (size_t)got;
}
