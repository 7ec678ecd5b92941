#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "sonata/folder.h"
#include "util.h"

static const char *volatile made;

/* As a handler of signals may. */
static void
take_away(void)
{
	files_take_back();
	if (made)
		rmdir(made);
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

void
folder_make(const char *path)
{
	watch();
	if (!mkdir(path, 0777)) {
		made = path;
		at_failure(take_away);
	} else if (errno != EEXIST) {
		die("%s:", path);
	}
}

void
folder_keep(void)
{
	made = NULL;
}
