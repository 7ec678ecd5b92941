#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <stdlib.h>
#include <unistd.h>

#include "files.h"
#include "sonata/hdf.h"
#include "sonata/hdfedit.h"
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

static void
copy_bytes(const char *from, const char *temporary, const char *to)
{
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
}

static void
need(const struct hdfwrite *f, bool fine, const char *what)
{
	if (!fine)
		die("%s: %s: HDF5 cannot change it", f->path, what);
}

const char *
hdfedit_open(struct hdfwrite *f, const char *from, const char *to)
{
	const char *temporary = files_replace(to);

	copy_bytes(from, temporary, to);
	*f = (struct hdfwrite){.path = to};
	hdf_enter(NULL);
	f->file = H5Fopen(temporary, H5F_ACC_RDWR, H5P_DEFAULT);
	need(f, f->file >= 0, "the file");
	hdf_leave();
	return temporary;
}

void
hdfedit_delete(struct hdfwrite *f, const char *object)
{
	hdf_enter(NULL);
	if (H5Lexists(f->file, object, H5P_DEFAULT) > 0)
		need(f, H5Ldelete(f->file, object, H5P_DEFAULT) >= 0, object);
	hdf_leave();
}

void
hdfedit_delete_attribute(struct hdfwrite *f, const char *object,
			 const char *name)
{
	hdf_enter(NULL);
	if (H5Aexists_by_name(f->file, object, name, H5P_DEFAULT) > 0)
		need(f,
		     H5Adelete_by_name(f->file, object, name, H5P_DEFAULT) >= 0,
		     object);
	hdf_leave();
}

void
hdfedit_link(struct hdfwrite *f, const char *object, const char *name)
{
	hdf_enter(NULL);
	need(f,
	     H5Lcreate_hard(f->file, object, f->file, name, H5P_DEFAULT,
			    H5P_DEFAULT) >= 0,
	     name);
	hdf_leave();
}
