#include <errno.h>
#include <hdf5.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "sonata/hdf.h"
#include "sonata/hdfwrite.h"
#include "util.h"

#define MAGIC 0x0A7A
#define BATCH ((size_t)32768)
#define CHUNK ((uint64_t)65536) /* rows */

/* HDF5 reports over several lines, in its own words, what went wrong; errno
 * mostly still has the system's reason. */
static void
need(const struct hdfwrite *f, bool fine)
{
	if (fine)
		return;
	if (errno == ENOSPC || errno == EFBIG || errno == EDQUOT ||
	    errno == EIO)
		die("%s:", f->path);
	die("%s: HDF5 cannot write it", f->path);
}

static void
put_attribute(struct hdfwrite *f, hid_t attr, hid_t type, const void *value)
{
	need(f, attr >= 0 && H5Awrite(attr, type, value) >= 0 &&
			H5Aclose(attr) >= 0);
}

static hid_t
new_attribute(hid_t at, const char *name, hid_t type, hid_t space)
{
	hid_t attr =
		H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);

	H5Sclose(space);
	return attr;
}

void
hdfwrite_set_magic(struct hdfwrite *f)
{
	static const uint32_t magic = MAGIC;

	hdf_enter(NULL);
	put_attribute(f,
		      new_attribute(f->file, "magic", H5T_STD_U32LE,
				    H5Screate(H5S_SCALAR)),
		      H5T_NATIVE_UINT32, &magic);
	hdf_leave();
}

void
hdfwrite_set_version(struct hdfwrite *f)
{
	static const uint32_t version[] = {0, 1};
	hsize_t two = 2;

	hdf_enter(NULL);
	put_attribute(f,
		      new_attribute(f->file, "version", H5T_STD_U32LE,
				    H5Screate_simple(1, &two, NULL)),
		      H5T_NATIVE_UINT32, version);
	hdf_leave();
}

void
hdfwrite_create(struct hdfwrite *f, const char *path, unsigned gzip)
{
	hdf_enter(NULL);
	errno = 0;
	*f = (struct hdfwrite){.path = path, .gzip = gzip};
	f->file = H5Fcreate(files_replace(path), H5F_ACC_TRUNC, H5P_DEFAULT,
			    H5P_DEFAULT);
	need(f, f->file >= 0);
	hdfwrite_set_magic(f);
	hdfwrite_set_version(f);
	hdf_leave();
}

void
hdfwrite_finish(struct hdfwrite *f)
{
	hdf_enter(NULL);
	errno = 0;
	need(f, H5Fclose(f->file) >= 0);
	hdf_leave();
}

static hid_t
text_type(void)
{
	hid_t type = H5Tcopy(H5T_C_S1);

	H5Tset_size(type, H5T_VARIABLE);
	H5Tset_cset(type, H5T_CSET_UTF8);
	return type;
}

/* Links are made together with the groups on their way; names are UTF-8. */
static hid_t
link_plan(const struct hdfwrite *f)
{
	hid_t plan = H5Pcreate(H5P_LINK_CREATE);

	need(f, H5Pset_create_intermediate_group(plan, 1) >= 0 &&
			H5Pset_char_encoding(plan, H5T_CSET_UTF8) >= 0);
	return plan;
}

void
hdfwrite_group(struct hdfwrite *f, const char *group)
{
	hid_t plan, made;

	hdf_enter(NULL);
	plan = link_plan(f);
	errno = 0;
	made = H5Gcreate2(f->file, group, plan, H5P_DEFAULT, H5P_DEFAULT);
	need(f, made >= 0 && H5Gclose(made) >= 0 && H5Pclose(plan) >= 0);
	hdf_leave();
}

/* Give an object an attribute of one value, and close the value's type. */
static void
set_value(struct hdfwrite *f, const char *object, const char *name, hid_t type,
	  const void *value)
{
	hid_t at = H5Oopen(f->file, object, H5P_DEFAULT);

	need(f, at >= 0);
	put_attribute(f, new_attribute(at, name, type, H5Screate(H5S_SCALAR)),
		      type, value);
	need(f, H5Tclose(type) >= 0 && H5Oclose(at) >= 0);
}

void
hdfwrite_set_text(struct hdfwrite *f, const char *object, const char *name,
		  const char *value)
{
	hdf_enter(NULL);
	set_value(f, object, name, text_type(), &value);
	hdf_leave();
}

void
hdfwrite_set_word(struct hdfwrite *f, const char *object, const char *name,
		  const char *const *words, uint8_t value)
{
	hid_t type;
	uint8_t i;

	hdf_enter(NULL);
	type = H5Tenum_create(H5T_STD_U8LE);
	for (i = 0; words[i]; i++)
		need(f, H5Tenum_insert(type, words[i], &i) >= 0);
	set_value(f, object, name, type, &value);
	hdf_leave();
}

struct hdfwrite_sink {
	struct hdfwrite *to;
	hid_t set, type; /* of a value in memory */
	enum hdfwrite_kind kind;
	size_t wide, n; /* values in the batch */
	uint64_t rows, at;
	union {
		int64_t *i;
		double *r;
		const char **s;
	} batch;
};

static hid_t
file_type(enum hdfwrite_kind kind)
{
	switch (kind) {
	case SINK_U32:
		return H5T_STD_U32LE;
	case SINK_U64:
		return H5T_STD_U64LE;
	case SINK_INT:
		return H5T_STD_I64LE;
	case SINK_REAL:
		return H5T_IEEE_F64LE;
	case SINK_TEXT:
		break;
	}
	return -1;
}

/* The type of what hdfwrite_int and the others take.  Unsigned integers have
 * the same bits, and need no conversion. */
static hid_t
memory_type(enum hdfwrite_kind kind)
{
	switch (kind) {
	case SINK_U64:
		return H5T_NATIVE_UINT64;
	case SINK_U32:
	case SINK_INT:
		return H5T_NATIVE_INT64;
	case SINK_REAL:
		return H5T_NATIVE_DOUBLE;
	case SINK_TEXT:
		break;
	}
	return text_type();
}

/* Only chunks can be packed, and a chunk has at least one row. */
static hid_t
storage_plan(const struct hdfwrite_sink *s)
{
	hid_t plan = H5Pcreate(H5P_DATASET_CREATE);
	hsize_t chunk[] = {s->rows < CHUNK ? s->rows : CHUNK, s->wide};

	/* Without times, the same input makes the same bytes. */
	need(s->to, plan >= 0 && H5Pset_obj_track_times(plan, 0) >= 0);
	if (s->to->gzip > 0 && s->rows > 0)
		need(s->to,
		     H5Pset_chunk(plan, s->wide > 1 ? 2 : 1, chunk) >= 0 &&
			     H5Pset_shuffle(plan) >= 0 &&
			     H5Pset_deflate(plan, s->to->gzip) >= 0);
	return plan;
}

static void
create_set(struct hdfwrite_sink *s, const char *dataset)
{
	hid_t link = link_plan(s->to), plan = storage_plan(s);
	hsize_t size[] = {s->rows, s->wide};
	hid_t space = H5Screate_simple(s->wide > 1 ? 2 : 1, size, NULL);
	hid_t type = s->kind == SINK_TEXT ? s->type : file_type(s->kind);

	s->set = H5Dcreate2(s->to->file, dataset, type, space, link, plan,
			    H5P_DEFAULT);
	need(s->to, s->set >= 0 && H5Sclose(space) >= 0 &&
			    H5Pclose(plan) >= 0 && H5Pclose(link) >= 0);
}

struct hdfwrite_sink *
hdfwrite_sink(struct hdfwrite *f, const char *dataset, enum hdfwrite_kind kind,
	      uint64_t rows, size_t wide)
{
	struct hdfwrite_sink *s = zeros(1, sizeof *s);

	hdf_enter(NULL);
	errno = 0;
	*s = (struct hdfwrite_sink){
		.to = f, .kind = kind, .wide = wide, .rows = rows};
	s->type = memory_type(kind);
	s->batch.i = zeros(BATCH * wide, sizeof *s->batch.i);
	create_set(s, dataset);
	hdf_leave();
	return s;
}

static void
flush(struct hdfwrite_sink *s)
{
	hsize_t first[] = {s->at, 0}, size[] = {s->n / s->wide, s->wide};
	int rank = s->wide > 1 ? 2 : 1;
	hid_t here, there;

	if (s->n == 0)
		return;
	hdf_enter(NULL);
	errno = 0;
	here = H5Screate_simple(rank, size, NULL);
	there = H5Dget_space(s->set);
	need(s->to, here >= 0 &&
			    H5Sselect_hyperslab(there, H5S_SELECT_SET, first,
						NULL, size, NULL) >= 0 &&
			    H5Dwrite(s->set, s->type, here, there, H5P_DEFAULT,
				     s->batch.i) >= 0 &&
			    H5Sclose(there) >= 0 && H5Sclose(here) >= 0);
	hdf_leave();
	s->at += size[0];
	s->n = 0;
}

void
hdfwrite_int(struct hdfwrite_sink *s, int64_t v)
{
	s->batch.i[s->n++] = v;
	if (s->n == BATCH * s->wide)
		flush(s);
}

void
hdfwrite_real(struct hdfwrite_sink *s, double v)
{
	s->batch.r[s->n++] = v;
	if (s->n == BATCH * s->wide)
		flush(s);
}

void
hdfwrite_text(struct hdfwrite_sink *s, const char *v)
{
	s->batch.s[s->n++] = v;
	if (s->n == BATCH * s->wide)
		flush(s);
}

void
hdfwrite_sink_close(struct hdfwrite_sink *s)
{
	flush(s);
	if (s->at != s->rows)
		die("%s: %llu rows where %llu were to come", s->to->path,
		    (unsigned long long)s->at, (unsigned long long)s->rows);
	hdf_enter(NULL);
	errno = 0;
	if (s->kind == SINK_TEXT)
		H5Tclose(s->type);
	need(s->to, H5Dclose(s->set) >= 0);
	hdf_leave();
	free(s->batch.i);
	free(s);
}

struct hdfwrite_index {
	struct hdfwrite_sink *nodes, *ranges;
	uint64_t rows; /* in nodes */
	uint64_t node; /* whose ranges are coming */
	uint64_t first, n;
};

static void
link_again(struct hdfwrite *f, const char *group)
{
	hid_t at;

	hdf_enter(NULL);
	at = H5Gopen2(f->file, group, H5P_DEFAULT);
	need(f, at >= 0 &&
			H5Lcreate_hard(at, "node_id_to_ranges", at,
				       "node_id_to_range", H5P_DEFAULT,
				       H5P_DEFAULT) >= 0 &&
			H5Gclose(at) >= 0);
	hdf_leave();
}

struct hdfwrite_index *
hdfwrite_index(struct hdfwrite *f, const char *group, uint64_t nodes,
	       uint64_t ranges)
{
	struct hdfwrite_index *x = zeros(1, sizeof *x);
	char *name = format("%s/node_id_to_ranges", group);

	x->rows = nodes;
	x->nodes = hdfwrite_sink(f, name, SINK_U64, nodes, 2);
	free(name);
	name = format("%s/range_to_edge_id", group);
	x->ranges = hdfwrite_sink(f, name, SINK_U64, ranges, 2);
	free(name);
	link_again(f, group);
	return x;
}

/* Write the rows of the nodes before one; those after x->node are empty. */
static void
advance(struct hdfwrite_index *x, uint64_t node)
{
	for (; x->node < node; x->node++) {
		hdfwrite_int(x->nodes, (int64_t)x->first);
		hdfwrite_int(x->nodes, (int64_t)x->n);
		x->first = x->n;
	}
}

void
hdfwrite_index_range(struct hdfwrite_index *x, uint64_t node, uint64_t begin,
		     uint64_t end)
{
	advance(x, node);
	hdfwrite_int(x->ranges, (int64_t)begin);
	hdfwrite_int(x->ranges, (int64_t)end);
	x->n++;
}

void
hdfwrite_index_close(struct hdfwrite_index *x)
{
	advance(x, x->rows);
	hdfwrite_sink_close(x->nodes);
	hdfwrite_sink_close(x->ranges);
	free(x);
}
