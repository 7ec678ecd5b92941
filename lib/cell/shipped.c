#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cell/shipped.h"
#include "util.h"

/* The folder that the program's own is in: PREFIX of PREFIX/bin/cell-clamp. */
static char *
prefix(void)
{
	char path[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	int i;

	if (n < 0)
		die("/proc/self/exe:");
	path[n] = '\0';
	for (i = 0; i < 2; i++)
		if ((slash = strrchr(path, '/')))
			*slash = '\0';
	return copy(path);
}

char *
shipped_folder(const char *name)
{
	const char *data = getenv("BMUTILS_DATA");
	char *before, *folder;

	if (data && *data) {
		folder = format("%s/%s", data, name);
	} else {
		before = prefix();
		folder = format("%s/share/bmutils/%s", before, name);
		free(before);
	}
	if (access(folder, R_OK | X_OK))
		die("%s: no such folder, where the tools' own files are: set "
		    "BMUTILS_DATA to the folder that has '%s'",
		    folder, name);
	return folder;
}
