#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "files.h"
#include "sonata/filecopy.h"
#include "util.h"

#define BLOCK ((size_t)1 << 20)

static void
write_all(int fd, const char *s, size_t n, const char *path)
{
	ssize_t wrote;

	for (; n > 0; n -= (size_t)wrote, s += wrote) {
		wrote = write(fd, s, n);
		if (wrote < 0 && errno != EINTR)
			die("%s:", path);
		if (wrote < 0)
			wrote = 0;
	}
}

const char *
filecopy(const char *from, const char *to)
{
	const char *temporary = files_replace(to);
	char *block = zeros(BLOCK, 1);
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(temporary, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (in < 0)
		die("%s:", from);
	if (out < 0)
		die("%s:", to);
	while ((n = read(in, block, BLOCK)) != 0) {
		if (n < 0 && errno != EINTR)
			die("%s:", from);
		if (n > 0)
			write_all(out, block, (size_t)n, to);
	}
	if (close(out))
		die("%s:", to);
	close(in);
	free(block);
	return temporary;
}
