#include <hdf5.h>
#include <stdlib.h>

#include "sonata/hdfplane.h"
#include "util.h"

static void
learn_chunks(struct hdfplane *p)
{
	hid_t plist = H5Dget_create_plist(p->set);
	hsize_t chunk[2] = {1, 1};

	if (H5Pget_layout(plist) == H5D_CHUNKED)
		H5Pget_chunk(plist, p->rank, chunk);
	H5Pclose(plist);
	p->chunk[0] = chunk[0];
	p->chunk[1] = chunk[1];
}

static void
learn_shape(struct hdfplane *p)
{
	hid_t space = H5Dget_space(p->set), type = H5Dget_type(p->set);
	H5T_class_t class = H5Tget_class(type);
	hsize_t extent[2] = {0, 1};

	p->rank = H5Sget_simple_extent_ndims(space);
	if (p->set < 0 || p->rank < 0)
		die("%s: the file is damaged", p->path);
	if (p->rank != 1 && p->rank != 2)
		die("%s: not a dataset of one or two dimensions", p->path);
	if (class != H5T_FLOAT && class != H5T_INTEGER)
		die("%s: not numbers", p->path);
	H5Sget_simple_extent_dims(space, extent, NULL);
	p->floats = class == H5T_FLOAT && H5Tget_size(type) <= sizeof(float);
	H5Tclose(type);
	H5Sclose(space);
	p->extent[0] = extent[0];
	p->extent[1] = extent[1];
}

struct hdfplane *
hdfplane_open(const struct hdf_file *f, const char *dataset)
{
	struct hdfplane *p;

	if (!hdf_has(f, dataset) || hdf_is_group(f, dataset))
		return NULL;
	p = zeros(1, sizeof *p);
	p->path = format("%s: %s", f->path, dataset);
	hdf_enter(p->path);
	p->set = H5Dopen2(f->id, dataset, H5P_DEFAULT);
	learn_shape(p);
	learn_chunks(p);
	hdf_leave();
	return p;
}

void
hdfplane_close(struct hdfplane *p)
{
	if (!p)
		return;
	hdf_enter(p->path);
	H5Dclose(p->set);
	hdf_leave();
	free(p->path);
	free(p);
}

void
hdfplane_read(const struct hdfplane *p, const struct hdfplane_span part[2],
	      const uint64_t room[2], const uint64_t at[2], double *to)
{
	hsize_t start[2] = {part[0].first, part[1].first};
	hsize_t every[2] = {part[0].every, part[1].every};
	hsize_t count[2] = {part[0].n, part[1].n};
	hsize_t size[2] = {room[0], room[1]}, place[2] = {at[0], at[1]};
	hid_t file, memory;

	hdf_enter(p->path);
	file = H5Dget_space(p->set);
	memory = H5Screate_simple(2, size, NULL);
	H5Sselect_hyperslab(file, H5S_SELECT_SET, start, every, count, NULL);
	H5Sselect_hyperslab(memory, H5S_SELECT_SET, place, NULL, count, NULL);
	if (H5Dread(p->set, H5T_NATIVE_DOUBLE, memory, file, H5P_DEFAULT, to) <
	    0)
		die("%s: cannot be read: the file is cut short, or damaged",
		    p->path);
	H5Sclose(memory);
	H5Sclose(file);
	hdf_leave();
}
