#include <hdf5.h>
#include <stdlib.h>

#include "sonata/hdflook.h"
#include "util.h"

static void
learn_type(struct hdflook *d, hid_t type)
{
	switch (H5Tget_class(type)) {
	case H5T_INTEGER:
		d->kind = LOOK_INT;
		d->is_signed = H5Tget_sign(type) != H5T_SGN_NONE;
		break;
	case H5T_FLOAT:
		d->kind = LOOK_REAL;
		break;
	case H5T_STRING:
		d->kind = LOOK_TEXT;
		break;
	case H5T_ENUM:
		d->kind = LOOK_ENUM;
		break;
	default:
		d->kind = LOOK_OTHER;
	}
	d->size = H5Tget_size(type);
}

static void
learn_shape(struct hdflook *d, hid_t space)
{
	hsize_t extent[H5S_MAX_RANK] = {1, 1};

	d->rank = H5Sget_simple_extent_dims(space, extent, NULL);
	if (H5Sget_simple_extent_type(space) == H5S_NULL || d->rank < 0) {
		d->rank = -1;
		extent[0] = 0;
	}
	d->extent[0] = extent[0];
	d->extent[1] = d->rank > 1 ? extent[1] : 1;
	d->values =
		d->rank < 0 ? 0 : (uint64_t)H5Sget_simple_extent_npoints(space);
}

struct hdflook
hdflook_dataset(const struct hdf_file *f, const char *path)
{
	struct hdflook d = {.there = hdf_has(f, path)};
	hid_t set, type, space;

	if (!d.there)
		return d;
	d.is_group = hdf_is_group(f, path);
	if (d.is_group)
		return d;
	hdf_enter(f->path);
	set = H5Dopen2(f->id, path, H5P_DEFAULT);
	if (set < 0)
		die("%s: %s: not a dataset", f->path, path);
	type = H5Dget_type(set);
	space = H5Dget_space(set);
	learn_type(&d, type);
	learn_shape(&d, space);
	H5Sclose(space);
	H5Tclose(type);
	H5Dclose(set);
	hdf_leave();
	return d;
}

/* All values of a few, of which as many as are wanted are handed out. */
static void
read_some(const struct hdflook *d, hid_t attr, double *v, size_t most)
{
	enum { FEW = 1000 };
	double *all;
	size_t i;

	if (d->values > FEW || (d->kind != LOOK_INT && d->kind != LOOK_REAL))
		return;
	all = zeros((size_t)d->values + 1, sizeof *all);
	if (H5Aread(attr, H5T_NATIVE_DOUBLE, all) >= 0)
		for (i = 0; i < d->values && i < most; i++)
			v[i] = all[i];
	free(all);
}

struct hdflook
hdflook_attribute(const struct hdf_file *f, const char *object,
		  const char *name, double *v, size_t most)
{
	struct hdflook d = {0};
	hid_t attr, type, space;

	if (!hdf_has(f, object))
		return d;
	hdf_enter(f->path);
	d.there = H5Aexists_by_name(f->id, object, name, H5P_DEFAULT) > 0;
	if (d.there) {
		attr = H5Aopen_by_name(f->id, object, name, H5P_DEFAULT,
				       H5P_DEFAULT);
		if (attr < 0)
			die("%s: %s: attribute '%s' cannot be read", f->path,
			    object, name);
		type = H5Aget_type(attr);
		space = H5Aget_space(attr);
		learn_type(&d, type);
		learn_shape(&d, space);
		read_some(&d, attr, v, most);
		H5Sclose(space);
		H5Tclose(type);
		H5Aclose(attr);
	}
	hdf_leave();
	return d;
}
