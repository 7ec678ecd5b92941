/* scratch.h -- bytes at a place in a scratch file
 *
 *	int fd = files_scratch();
 *
 *	scratch_write(fd, 4096, key, sizeof key);
 *	scratch_read(fd, 4096, key, sizeof key);
 *
 * All of them are written or read, or the tool ends.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stddef.h>
#include <sys/types.h>

void scratch_write(int fd, off_t at, const void *bytes, size_t n);
void scratch_read(int fd, off_t at, void *bytes, size_t n);

#endif
