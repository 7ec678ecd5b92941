#include <hdf5.h>
#include <stdlib.h>

#include "sonata/filecopy.h"
#include "sonata/hdf.h"
#include "sonata/hdfedit.h"
#include "util.h"

static void
need(const struct hdfwrite *f, bool fine, const char *what)
{
	if (!fine)
		die("%s: %s: HDF5 cannot change it", f->path, what);
}

const char *
hdfedit_open(struct hdfwrite *f, const char *from, const char *to)
{
	const char *temporary = filecopy(from, to);

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
