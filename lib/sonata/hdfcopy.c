#include <errno.h>
#include <hdf5.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/hdfcopy.h"
#include "util.h"

/* Rows are read together with what lies between them, where that is less than
 * a call takes: some 10 us, or 10 KB. */
enum { GAP = 1024, MOST = 1 << 16 };
#define BYTES ((size_t)8 << 20) /* read at a time, unless a row has more */

struct hdfcopy {
	const struct hdf_file *from;
	const struct hdfwrite *to;
	char *path; /* "file: dataset", as messages name it */
	hid_t source, target, type;
	bool variable; /* are there texts or lists behind its elements? */
	int rank;
	hsize_t extent[H5S_MAX_RANK]; /* of the source */
	size_t size;                  /* of a row, in bytes */
	size_t span;                  /* rows read at a time */
	uint64_t rows, at;            /* of the target */
	struct hdfcopy_room *room;
};

/* A row, and its place among those that come together. */
struct hdfcopy_row {
	uint64_t row;
	size_t place;
};

static void
need_read(const struct hdfcopy *c, bool fine)
{
	if (!fine)
		die("%s: cannot be read", c->path);
}

static void
need_written(const struct hdfwrite *to, bool fine)
{
	if (fine)
		return;
	if (errno == ENOSPC || errno == EFBIG || errno == EDQUOT ||
	    errno == EIO)
		die("%s:", to->path);
	die("%s: HDF5 cannot write it", to->path);
}

/* ---- Attributes ---- */

static void
copy_attribute(const struct hdfwrite *to, hid_t attr, hid_t target,
	       const char *name)
{
	hid_t stored = H5Aget_type(attr), type = H5Tcopy(stored);
	hid_t space = H5Aget_space(attr), made;
	hssize_t n = H5Sget_simple_extent_npoints(space);
	char *v = zeros((size_t)(n > 0 ? n : 1), H5Tget_size(type));

	made = H5Acreate2(target, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
	need_written(to, made >= 0);
	if (n > 0)
		need_written(to, H5Aread(attr, type, v) >= 0 &&
					 H5Awrite(made, type, v) >= 0);
	if (n > 0 && H5Tdetect_class(type, H5T_STRING) > 0)
		H5Dvlen_reclaim(type, space, H5P_DEFAULT, v);
	H5Aclose(made);
	H5Sclose(space);
	H5Tclose(type);
	H5Tclose(stored);
	free(v);
}

static void
copy_attributes(const struct hdfwrite *to, hid_t source, hid_t target,
		const char *but)
{
	H5O_info_t info;
	char name[1024];
	hid_t attr;
	hsize_t i;

	if (H5Oget_info2(source, &info, H5O_INFO_NUM_ATTRS) < 0)
		return;
	for (i = 0; i < info.num_attrs; i++) {
		attr = H5Aopen_by_idx(source, ".", H5_INDEX_NAME, H5_ITER_INC,
				      i, H5P_DEFAULT, H5P_DEFAULT);
		if (attr < 0)
			continue;
		H5Aget_name(attr, sizeof name, name);
		if (!but || strcmp(name, but) != 0)
			copy_attribute(to, attr, target, name);
		H5Aclose(attr);
	}
}

void
hdfcopy_attributes(const struct hdf_file *from, struct hdfwrite *to,
		   const char *object, const char *as, const char *but)
{
	hid_t source, target;

	hdf_enter(from->path);
	errno = 0;
	source = H5Oopen(from->id, object, H5P_DEFAULT);
	target = H5Oopen(to->file, as, H5P_DEFAULT);
	need_written(to, source >= 0 && target >= 0);
	copy_attributes(to, source, target, but);
	H5Oclose(target);
	H5Oclose(source);
	hdf_leave();
}

/* Groups on the way are made, and names are UTF-8. */
static hid_t
link_plan(void)
{
	hid_t plan = H5Pcreate(H5P_LINK_CREATE);

	H5Pset_create_intermediate_group(plan, 1);
	H5Pset_char_encoding(plan, H5T_CSET_UTF8);
	return plan;
}

void
hdfcopy_object(const struct hdf_file *from, struct hdfwrite *to,
	       const char *object, const char *as)
{
	hid_t plan;

	hdf_enter(from->path);
	errno = 0;
	plan = link_plan();
	need_written(to, H5Ocopy(from->id, object, to->file, as, H5P_DEFAULT,
				 plan) >= 0);
	H5Pclose(plan);
	hdf_leave();
}

/* ---- Rows ---- */

/* Chunks and filters of the source; a chunk is not larger than the dataset. */
static hid_t
storage_plan(const struct hdfcopy *c)
{
	hid_t plan = H5Dget_create_plist(c->source), plain;
	hsize_t chunk[H5S_MAX_RANK];

	if (H5Pget_layout(plan) != H5D_CHUNKED || c->rows == 0) {
		plain = H5Pcreate(H5P_DATASET_CREATE);
		H5Pclose(plan);
		plan = plain;
	} else if (H5Pget_chunk(plan, c->rank, chunk) == c->rank) {
		if (chunk[0] > c->rows)
			chunk[0] = c->rows;
		H5Pset_chunk(plan, c->rank, chunk);
	}
	H5Pset_obj_track_times(plan, 0);
	return plan;
}

static void
create_target(struct hdfcopy *c, const char *as)
{
	hid_t link = link_plan(), plan = storage_plan(c), space;
	hsize_t extent[H5S_MAX_RANK];

	memcpy(extent, c->extent, sizeof extent);
	extent[0] = c->rows;
	space = H5Screate_simple(c->rank, extent, NULL);
	c->target = H5Dcreate2(c->to->file, as, c->type, space, link, plan,
			       H5P_DEFAULT);
	need_written(c->to, c->target >= 0);
	copy_attributes(c->to, c->source, c->target, NULL);
	H5Sclose(space);
	H5Pclose(plan);
	H5Pclose(link);
}

/* A named type is one of the other file, so that a copy of it is taken. */
static void
learn_source(struct hdfcopy *c)
{
	hid_t space = H5Dget_space(c->source), type = H5Dget_type(c->source);
	int k;

	c->type = H5Tcopy(type);
	c->rank = H5Sget_simple_extent_ndims(space);
	if (c->rank < 1)
		die("%s: not a list", c->path);
	H5Sget_simple_extent_dims(space, c->extent, NULL);
	c->variable = H5Tdetect_class(c->type, H5T_VLEN) > 0 ||
		      (H5Tdetect_class(c->type, H5T_STRING) > 0 &&
		       (H5Tget_class(c->type) != H5T_STRING ||
			H5Tis_variable_str(c->type) > 0));
	c->size = H5Tget_size(c->type);
	for (k = 1; k < c->rank; k++)
		c->size *= c->extent[k];
	c->span =
		c->size > 0 && BYTES / c->size < MOST ? BYTES / c->size : MOST;
	if (c->span == 0)
		c->span = 1;
	H5Tclose(type);
	H5Sclose(space);
}

struct hdfcopy *
hdfcopy_rows(const struct hdf_file *from, struct hdfwrite *to,
	     const char *dataset, const char *as, uint64_t rows)
{
	struct hdfcopy *c = zeros(1, sizeof *c);

	*c = (struct hdfcopy){.from = from, .to = to, .rows = rows};
	c->path = format("%s: %s", from->path, dataset);
	hdf_enter(from->path);
	errno = 0;
	c->source = H5Dopen2(from->id, dataset, H5P_DEFAULT);
	need_read(c, c->source >= 0);
	learn_source(c);
	create_target(c, as);
	hdf_leave();
	return c;
}

/* The shape of so many rows in memory. */
static hid_t
shape(const struct hdfcopy *c, size_t n)
{
	hsize_t size[H5S_MAX_RANK];

	memcpy(size, c->extent, sizeof size);
	size[0] = n;
	return H5Screate_simple(c->rank, size, NULL);
}

/* Rows [first, first + n) in a file. */
static hid_t
select_rows(const struct hdfcopy *c, hid_t set, uint64_t first, size_t n)
{
	hsize_t from[H5S_MAX_RANK] = {first}, size[H5S_MAX_RANK];
	hid_t space = H5Dget_space(set);

	memcpy(size, c->extent, sizeof size);
	size[0] = n;
	H5Sselect_hyperslab(space, H5S_SELECT_SET, from, NULL, size, NULL);
	return space;
}

/* Texts and lists are behind pointers, and are ours to free. */
static void
forget(const struct hdfcopy *c, char *v, size_t n)
{
	hid_t memory = shape(c, n);

	H5Dvlen_reclaim(c->type, memory, H5P_DEFAULT, v);
	H5Sclose(memory);
}

static void
read_span(struct hdfcopy *c, uint64_t first, size_t n)
{
	hid_t memory = shape(c, n);
	hid_t space = select_rows(c, c->source, first, n);

	c->room->read = grow(c->room->read, &c->room->mread, n * c->size, 1);
	need_read(c, H5Dread(c->source, c->type, memory, space, H5P_DEFAULT,
			     c->room->read) >= 0);
	H5Sclose(space);
	H5Sclose(memory);
}

static void
write_span(struct hdfcopy *c, size_t n)
{
	hid_t memory = shape(c, n);
	hid_t space = select_rows(c, c->target, c->at, n);

	need_written(c->to, H5Dwrite(c->target, c->type, memory, space,
				     H5P_DEFAULT, c->room->put) >= 0);
	H5Sclose(space);
	H5Sclose(memory);
	c->at += n;
}

static int
by_row(const void *a, const void *b)
{
	const struct hdfcopy_row *p = a, *q = b;

	return (p->row > q->row) - (p->row < q->row);
}

/* The rows in the order of the file, which most are in anyhow. */
static const struct hdfcopy_row *
in_order(struct hdfcopy *c, const uint64_t *row, size_t n)
{
	bool ascend = true;
	size_t i;

	c->room->order = grow(c->room->order, &c->room->morder, n,
			      sizeof *c->room->order);
	for (i = 0; i < n; i++) {
		c->room->order[i] = (struct hdfcopy_row){row[i], i};
		ascend = ascend && (i == 0 || row[i - 1] <= row[i]);
	}
	if (!ascend)
		qsort(c->room->order, n, sizeof *c->room->order, by_row);
	if (n > 0 && c->room->order[n - 1].row >= c->extent[0])
		die("%s: no row %" PRIu64 ": it has %" PRIu64, c->path,
		    c->room->order[n - 1].row, (uint64_t)c->extent[0]);
	return c->room->order;
}

/* How many rows from here on are read at once. */
static size_t
count_together(const struct hdfcopy *c, const struct hdfcopy_row *r, size_t n)
{
	size_t k = 1;

	while (k < n && r[k].row - r[k - 1].row < GAP &&
	       r[k].row - r[0].row < c->span)
		k++;
	return k;
}

/* Take rows that are read at once.  What is behind those that are wanted has to
 * stay until it is written. */
static void
take_span(struct hdfcopy *c, const struct hdfcopy_row *r, size_t k)
{
	size_t n = (size_t)(r[k - 1].row - r[0].row) + 1, i;

	read_span(c, r[0].row, n);
	for (i = 0; i < k; i++)
		memcpy(c->room->put + r[i].place * c->size,
		       c->room->read + (r[i].row - r[0].row) * c->size,
		       c->size);
	if (!c->variable)
		return;
	for (i = 0; i < k; i++)
		memset(c->room->read + (r[i].row - r[0].row) * c->size, 0,
		       c->size);
	forget(c, c->room->read, n);
}

static void
put_some(struct hdfcopy *c, const uint64_t *row, size_t n)
{
	const struct hdfcopy_row *r = in_order(c, row, n);
	size_t i, k;

	c->room->put = grow(c->room->put, &c->room->mput, n * c->size, 1);
	for (i = 0; i < n; i += k) {
		k = count_together(c, r + i, n - i);
		take_span(c, r + i, k);
	}
	write_span(c, n);
	if (!c->variable)
		return;
	for (i = 1; i < n; i++)
		if (r[i].row == r[i - 1].row)
			memset(c->room->put + r[i].place * c->size, 0, c->size);
	forget(c, c->room->put, n);
}

void
hdfcopy_put(struct hdfcopy *c, const uint64_t *row, size_t n,
	    struct hdfcopy_room *room)
{
	size_t some;

	c->room = room;
	hdf_enter(c->from->path);
	errno = 0;
	for (; n > 0; n -= some, row += some) {
		some = n < c->span ? n : c->span;
		put_some(c, row, some);
	}
	hdf_leave();
}

void
hdfcopy_close(struct hdfcopy *c)
{
	hdf_enter(NULL);
	errno = 0;
	need_written(c->to, H5Dclose(c->target) >= 0);
	H5Dclose(c->source);
	H5Tclose(c->type);
	hdf_leave();
	free(c->path);
	free(c);
}

void
hdfcopy_free(struct hdfcopy_room *room)
{
	free(room->read);
	free(room->put);
	free(room->order);
	*room = (struct hdfcopy_room){0};
}
