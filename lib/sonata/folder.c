#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "sonata/folder.h"
#include "util.h"

/* What was made, the last one first: a handler of signals finds it whole. */
struct made {
	const char *path;
	struct made *before;
};
static struct made *volatile made;

/* As a handler of signals may. */
static void
take_away(void)
{
	const struct made *m;

	files_take_back();
	for (m = made; m; m = m->before)
		if (unlink(m->path))
			rmdir(m->path);
	made = NULL;
}

static void
stopped(int sig)
{
	take_away();
	signal(sig, SIG_DFL);
	raise(sig);
}

/* A signal that is ignored stays so.  files.h leaves handlers as they are. */
static void
watch(void)
{
	static const int signals[] = {SIGHUP,  SIGINT,  SIGTERM,
				      SIGQUIT, SIGPIPE, SIGXCPU};
	struct sigaction old, new = {.sa_handler = stopped};
	size_t i;

	sigemptyset(&new.sa_mask);
	for (i = 0; i < LEN(signals); i++) {
		sigaction(signals[i], NULL, &old);
		if (old.sa_handler != SIG_IGN)
			sigaction(signals[i], &new, NULL);
	}
}

static void
take_note(const char *path)
{
	struct made *m = zeros(1, sizeof *m);

	m->path = copy(path);
	m->before = made;
	made = m;
}

void
folder_make(const char *path)
{
	static bool watched;

	if (!watched) {
		watch();
		at_failure(take_away);
	}
	watched = true;
	if (!mkdir(path, 0777))
		take_note(path);
	else if (errno != EEXIST)
		die("%s:", path);
}

void
folder_link(const char *path, const char *to)
{
	if (symlink(to, path))
		die("%s:", path);
	take_note(path);
}

void
folder_keep(void)
{
	struct made *m = made, *before;

	made = NULL;
	for (; m; m = before) {
		before = m->before;
		free((char *)m->path);
		free(m);
	}
}
