#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

/* The descriptors that outputs are named by, as they were at the start. */
static struct {
	const char *path;
	int fd;
} kept[8];
static size_t nkept;

void
files_take_back(void)
{
	int i;

	for (i = nfiles; i-- > 0;)
		if (unlink(files[i].temporary))
			rmdir(files[i].temporary);
	nfiles = 0;
}

static void
stopped(int sig)
{
	files_take_back();
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
watch(void)
{
	struct sigaction old, new = {.sa_handler = stopped};
	static bool done;
	size_t i;

	if (done)
		return;
	done = true;
	at_failure(files_take_back);
	sigemptyset(&new.sa_mask);
	for (i = 0; i < LEN(signals); i++) {
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler == SIG_DFL)
			sigaction(signals[i], &new, NULL);
	}
}

/* ---- What a name stands for ---- */

/* A path in its folder, whose name has no links; NULL if that is not there. */
static char *
in_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *last = slash ? slash + 1 : path;
	char *folder = format("%.*s.", (int)(last - path), path);
	char *real = realpath(*path ? folder : "", NULL);
	char *name = real ? format("%s/%s", real, last) : NULL;

	free(folder);
	free(real);
	return name;
}

/* The number of a descriptor that is named as /proc/42/fd/1 is, with 42 for us,
 * or -1.  In the file of another process there is no place of ours. */
static int
descriptor(const char *path)
{
	const char *number = strstr(path, "/fd/");
	struct stat st;
	long process;
	char *end;

	if (!number || strncmp(path, "/proc/", 6) != 0)
		return -1;
	process = strtol(path + 6, &end, 10);
	if (end == path + 6 || number[4] < '0' || number[4] > '9')
		return -1;
	if (process == getpid())
		return (int)strtol(number + 4, NULL, 10);
	if (!stat(path, &st) && S_ISREG(st.st_mode))
		die("%s: a file that another process has open", path);
	return -1;
}

/* What a path leads to, link by link: a file or what may become one, in new
 * memory; or a descriptor of ours, with its number.  realpath(3) would neither
 * stop at a descriptor nor follow a link to nothing. */
static char *
follow(const char *path, int *number)
{
	char *at, *next, to[PATH_MAX];
	ssize_t n = 0;
	int links;

	*number = strcmp(path, "-") ? -1 : STDOUT_FILENO;
	if (*number >= 0)
		return copy(path);
	at = in_folder(path);
	for (links = 0; at && links < MAX_LINKS; links++) {
		*number = descriptor(at);
		if (*number < 0)
			n = readlink(at, to, sizeof to - 1);
		if (*number >= 0 || n < 0)
			return at;
		next = strrchr(at, '/') + 1;
		next = format("%.*s%.*s", *to == '/' ? 0 : (int)(next - at), at,
			      (int)n, to);
		free(at);
		at = in_folder(next);
		free(next);
	}
	errno = at ? ELOOP : errno;
	die("%s:", path);
}

static bool
look_at(const char *path, int number, struct stat *st)
{
	return (number < 0 ? stat(path, st) : fstat(number, st)) == 0;
}

/* Does what is written to one descriptor move the other's place in their file?
 * Then neither writes over the other. */
static bool
are_one(int m, int n)
{
	off_t at = lseek(m, 0, SEEK_CUR), other = lseek(n, 0, SEEK_CUR);
	bool moves;

	lseek(m, at + 1, SEEK_SET);
	moves = lseek(n, 0, SEEK_CUR) != other;
	lseek(m, at, SEEK_SET);
	return moves || fcntl(m, F_GETFL) & fcntl(n, F_GETFL) & O_APPEND;
}

bool
files_same(const char *a, const char *b)
{
	int m, n;
	char *p = follow(a, &m), *q = follow(b, &n);
	struct stat s, t;
	bool is = look_at(p, m, &s), are = look_at(q, n, &t), same;

	if (m == n && m >= 0)
		same = true;
	else if (m >= 0 && n >= 0 &&
		 (!is || !S_ISREG(s.st_mode) || are_one(m, n)))
		same = false;
	else if (is && are)
		same = s.st_dev == t.st_dev && s.st_ino == t.st_ino &&
		       !S_ISCHR(s.st_mode);
	else
		same = !is && !are && !strcmp(p, q);
	free(p);
	free(q);
	return same;
}

/* What was open when we began is not to be closed at exec(3). */
static void
keep(const char *path, int number)
{
	int flags = fcntl(number, F_GETFD);

	if (nkept == LEN(kept))
		die("%s: too many output files", path);
	errno = EBADF;
	if (flags < 0 || flags & FD_CLOEXEC)
		die("%s:", path);
	kept[nkept].path = path;
	kept[nkept].fd = fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (kept[nkept++].fd < 0)
		die("%s:", path);
}

void
files_claim(const char *path)
{
	int number;
	char *at = follow(path, &number);
	struct stat st;

	if (number >= 0) {
		keep(path, number);
	} else if (stat(at, &st)) {
		strrchr(at, '/')[1] = '\0';
		if (errno != ENOENT || access(at, W_OK))
			die("%s:", path);
	} else {
		errno = S_ISDIR(st.st_mode) ? EISDIR : 0;
		if (errno || access(at, W_OK))
			die("%s:", path);
	}
	free(at);
}

/* ---- Files in their place ---- */

/* Files of mkstemp are for the owner alone.  Ours have the mode that open(2)
 * gives them, or that of the file they replace, and its owner if we may; they
 * are for no group that could not read that one. */
static void
open_up(int fd, const char *old, mode_t mode)
{
	mode_t mask = umask(0);
	struct stat st;

	umask(mask);
	if (stat(old, &st))
		st.st_mode = mode & ~mask;
	else if (fchown(fd, st.st_uid, st.st_gid))
		st.st_mode &= fchown(fd, (uid_t)-1, st.st_gid) ? 0707 : 0777;
	fchmod(fd, st.st_mode & 07777);
}

static const char *
begin(const char *path, bool folder)
{
	struct stat st;
	int fd, number;
	char *name, *at = follow(path, &number);

	if (number >= 0 || (!stat(at, &st) && (folder || !S_ISREG(st.st_mode))))
		die("%s: %s", path,
		    folder ? "is there already" : "not a regular file");
	if (nfiles == MAX_FILES)
		die("%s: too many output files", path);
	watch();
	free(files[nfiles].path); /* of those that are done */
	free(files[nfiles].temporary);
	files[nfiles].path = at;
	files[nfiles].temporary = name = format("%s.XXXXXX", at);
	hold(true);
	fd = !folder         ? mkstemp(name)
	     : mkdtemp(name) ? open(name, O_RDONLY | O_CLOEXEC)
			     : -1;
	if (fd < 0)
		die("%s: a file beside it:", path);
	nfiles = nfiles + 1;
	hold(false);
	open_up(fd, at, folder ? 0777 : 0666);
	close(fd);
	return name;
}

const char *
files_replace(const char *path)
{
	return begin(path, false);
}

const char *
files_folder(const char *path)
{
	return begin(path, true);
}

static int
kept_as(const char *path)
{
	size_t i = 0;

	while (i < nkept && strcmp(kept[i].path, path) != 0)
		i++;
	return i < nkept ? kept[i].fd : -1;
}

bool
files_is_descriptor(const char *path)
{
	return kept_as(path) >= 0;
}

/* A device or a named pipe is written to directly. */
int
files_open(const char *path)
{
	int fd = kept_as(path);
	struct stat st;

	if (fd >= 0)
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	else if (!stat(path, &st) && !S_ISREG(st.st_mode))
		fd = open(path, O_WRONLY | O_CLOEXEC);
	else
		fd = open(files_replace(path), O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		die("%s:", path);
	return fd;
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
	for (i = nfiles; i-- > 0;)
		if (rename(files[i].temporary, files[i].path))
			die("%s:", files[i].path);
	nfiles = 0;
	hold(false);
}

static const char *
scratch_folder(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

void
files_scratch_failed(void)
{
	die("scratch file in %s:", scratch_folder());
}

int
files_scratch(void)
{
	char *name = format("%s/bmutils.XXXXXX", scratch_folder());
	int fd = mkstemp(name);

	if (fd < 0 || unlink(name))
		files_scratch_failed();
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

void
files_check(const char *path)
{
	const char *why = files_fault(path);

	if (why)
		die("%s: %s", path, why);
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
