#include <errno.h>
#include <unistd.h>

#include "files.h"
#include "sonata/scratch.h"

void
scratch_write(int fd, off_t at, const void *bytes, size_t n)
{
	const char *p = bytes;
	ssize_t wrote;

	for (; n > 0; n -= (size_t)wrote, p += wrote, at += wrote) {
		wrote = pwrite(fd, p, n, at);
		if (wrote < 0 && errno != EINTR)
			files_scratch_failed();
		if (wrote < 0)
			wrote = 0;
	}
}

void
scratch_read(int fd, off_t at, void *bytes, size_t n)
{
	char *p = bytes;
	ssize_t got;

	for (; n > 0; n -= (size_t)got, p += got, at += got) {
		got = pread(fd, p, n, at);
		if (got == 0)
			errno = EIO;
		if (got == 0 || (got < 0 && errno != EINTR))
			files_scratch_failed();
		if (got < 0)
			got = 0;
	}
}
