/* hdf.h -- HDF5 files, read column by column
 *
 *	hid_t file = hdf_open("edges.h5");
 *	struct hdf_column *id = hdf_column(file, "edges.h5",
 *				       "/edges/a_to_b/source_node_id");
 *	int64_t v[1000];
 *
 *	hdf_column_ints(id, first, 1000, v);
 *
 * A column is a dataset of one dimension, or one column of a dataset of two.
 * Whatever width and byte order the file has, values come as int64_t, double or
 * text.  What is wrong is said as "file: dataset: ..." and ends the tool;
 * HDF5's own error stack is never shown.
 *
 * All of it may be called from several threads: HDF5 itself is entered by one
 * at a time.
 */
#ifndef HDF_H
#define HDF_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Do these first bytes (8 are enough) belong to an HDF5 file? */
bool hdf_looks_like(const char *s, size_t n);

hid_t hdf_open(const char *path); /* to read; the end of the tool if it fails */

/* Is there something at a path of several links?  Is it a group?  What cannot
 * be told, as the file is damaged, is no "no" but the end of the tool. */
bool hdf_has(hid_t at, const char *path);
bool hdf_is_group(hid_t at, const char *path);

/* The names in a group, in alphabetical order; hdf_free_names() takes them
 * back. */
char **hdf_names(hid_t at, const char *path, size_t *n);
void hdf_free_names(char **name, size_t n);

/* A text attribute of an object, in new memory; NULL if there is none. */
char *hdf_attribute(hid_t at, const char *object, const char *name);

/* One value of an attribute in a table. */
struct hdf_value {
	enum { V_MISSING, V_INT, V_REAL, V_TEXT } kind;
	union {
		int64_t i;
		double r;
		const char *s;
	} as;
};

/* Where the texts of values live until the next batch. */
struct hdf_arena {
	char **block, **large; /* texts too long for a block have their own */
	size_t nblock, mblock, current, used, nlarge, mlarge;
};

void hdf_arena_reset(struct hdf_arena *a);
void hdf_arena_free(struct hdf_arena *a);

struct hdf_column {
	char *path; /* "file: dataset", as messages name it */
	hid_t set;
	uint64_t n;   /* rows */
	int axis;     /* of a dataset of two dimensions, which column */
	hsize_t wide; /* how many it has; 0 for one dimension */
	enum { C_INT, C_REAL, C_TEXT } kind;
	size_t size;    /* of an element, in bytes */
	bool is_signed; /* C_INT */
	hid_t type;     /* C_TEXT: of an element in memory */

	/* An enumeration: the names of codes, and where codes are not
	 * 0, 1, 2, ... the codes. */
	char **name;
	int64_t *code;
	size_t nnames;

	/* Chunks that we read and unpack ourselves, see hdf_column_ids(). */
	size_t chunk; /* rows in one, 0 if that cannot be done */
	bool shuffled, packed;
};

/* Open a dataset as a column, NULL if there is none. */
struct hdf_column *hdf_column(hid_t file, const char *path,
			      const char *dataset);

/* Does the attribute "units" of times, which this dataset's column is, say s?
 * Else they are in ms, which it says or leaves out. */
bool hdf_in_seconds(const struct hdf_column *c, hid_t file,
		    const char *dataset);

/* Column number axis of a dataset of two dimensions. */
struct hdf_column *hdf_axis(hid_t file, const char *path, const char *dataset,
			    int axis);
void hdf_column_close(struct hdf_column *c);

/* Have a column of integers stand for the texts of another one. */
void hdf_column_library(struct hdf_column *c, const struct hdf_column *names);

/* Rows [first, first + n), for columns of any kind of number. */
void hdf_column_ints(const struct hdf_column *c, uint64_t first, size_t n,
		     int64_t *v);

/* The values at the given rows, in any order.  A row past the end of the column
 * is an error. */
void hdf_column_values(const struct hdf_column *c, const uint64_t *row,
		       size_t n, struct hdf_value *v, struct hdf_arena *a);

/* Have codes of an enumeration, of the given rows, be the names they stand for;
 * one that stands for none is an error. */
void hdf_column_names(const struct hdf_column *c, const uint64_t *row, size_t n,
		      struct hdf_value *v);

/* What one thread unpacks a column with. */
struct hdf_unpacker {
	char *raw, *shuffled, *plain;
	size_t mraw, mshuffled, mplain;
	uint64_t chunk; /* the one in plain, + 1 */
	void *inflate;
};

/* The same as hdf_column_ints, for several threads at once: chunks are fetched
 * from the file one at a time, and unpacked side by side, by libdeflate and not
 * inside HDF5.  An unsigned number above 2^63 comes out negative. */
void hdf_column_ids(const struct hdf_column *c, uint64_t first, size_t n,
		    int64_t *v, struct hdf_unpacker *u);
void hdf_unpacker_free(struct hdf_unpacker *u);

/* End the tool if one of n numbers, rows from first on, came out so. */
void hdf_column_check(const struct hdf_column *c, uint64_t first, size_t n,
		      const int64_t *v);

/* How a column is packed in the file, such as "shuffle+gzip-4" or "none". */
char *hdf_column_packing(const struct hdf_column *c);

#endif
