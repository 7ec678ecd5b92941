/* hdf.h -- HDF5 files, read column by column
 *
 *	struct hdf_file *file = hdf_open("edges.h5");
 *	struct hdf_column *id;
 *	int64_t v[1000];
 *
 *	id = hdf_column(file, "/edges/a_to_b/source_node_id");
 *	hdf_column_ints(id, first, 1000, v);
 *	hdf_column_close(id);
 *	hdf_close(file);
 *
 * A column is a dataset of one dimension, or one column of a dataset of two.
 * Whatever width and byte order the file has, values come as int64_t, double or
 * text.  Whatever is wrong ends the tool with "file: dataset: ..."; HDF5's own
 * error stack is never shown.  So it is where HDF5 itself crashes on a damaged
 * file.
 *
 * All of it may be called from several threads: one at a time enters HDF5.  No
 * one else calls HDF5 but the other modules whose names begin with hdf.
 */
#ifndef HDF_H
#define HDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Do these first bytes (8 are enough) belong to an HDF5 file? */
bool hdf_looks_like(const char *s, size_t n);

struct hdf_file {
	char *path; /* as messages name it */

	/* The rest is for the hdf modules. */
	int64_t id;
	size_t users;
};

/* Open a file to read, or once more; ends the tool if that fails.  Its columns
 * stay open when it is closed. */
struct hdf_file *hdf_open(const char *path);
void hdf_close(struct hdf_file *f);

/* Is there something at a path of several links?  Is it a group?  A damaged
 * file, in which that cannot be told, ends the tool. */
bool hdf_has(const struct hdf_file *f, const char *path);
bool hdf_is_group(const struct hdf_file *f, const char *path);

/* The names in a group, in alphabetical order; hdf_free_names() takes them
 * back. */
char **hdf_names(const struct hdf_file *f, const char *path, size_t *n);
void hdf_free_names(char **name, size_t n);

/* The bytes that all datasets below a group take in the file.  One that has two
 * hard links is counted once. */
uint64_t hdf_stored(const struct hdf_file *f, const char *group);

/* An attribute of an object, which is one text or one value of an enumeration,
 * whose name it is then, in new memory; NULL if there is none. */
char *hdf_attribute(const struct hdf_file *f, const char *object,
		    const char *name);

/* An attribute that is a number: is there one?  If it is not one number, *v is
 * NaN. */
bool hdf_attribute_num(const struct hdf_file *f, const char *object,
		       const char *name, double *v);

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
	char *scratch; /* numbers on their way to be values */
	size_t mscratch;
};

void hdf_arena_reset(struct hdf_arena *a);
void hdf_arena_free(struct hdf_arena *a);

struct hdf_column {
	char *path;    /* "file: dataset", as messages name it */
	uint64_t n;    /* rows */
	int axis;      /* of a dataset of two dimensions, which column */
	uint64_t wide; /* how many it has; 0 for one dimension */
	enum { C_INT, C_REAL, C_TEXT } kind;
	size_t size;    /* of an element, in bytes */
	bool is_signed; /* C_INT */
	bool native;    /* integers as this machine has them, in a row each */

	/* An enumeration: the names of codes, and where codes are not
	 * 0, 1, 2, ... the codes. */
	char **name;
	int64_t *code;
	size_t nnames;

	/* Chunks that hdfchunk.h unpacks. */
	size_t chunk; /* rows in one, 0 if that cannot be done */
	bool shuffled, packed;

	/* For the hdf modules. */
	int64_t set;
	int64_t type; /* C_TEXT: of an element in memory */
};

/* Open a dataset as a column, NULL if there is none. */
struct hdf_column *hdf_column(const struct hdf_file *f, const char *dataset);

/* Column number axis of a dataset of two dimensions. */
struct hdf_column *hdf_axis(const struct hdf_file *f, const char *dataset,
			    int axis);

/* The dataset in a group that has the first of these names that there is; NULL
 * ends them. */
struct hdf_column *hdf_any_column(const struct hdf_file *f, const char *group,
				  const char *const *names);
void hdf_column_close(struct hdf_column *c); /* NULL is fine */

/* As hdf_attribute, of the column's dataset in its file. */
char *hdf_column_attribute(const struct hdf_column *c, const struct hdf_file *f,
			   const char *name);

/* What the attribute "units" of a column of times says: 1 for ms, or if there
 * is none, 1000 for s, or 0, and *other, in new memory, tells what it is. */
double hdf_column_unit_ms(const struct hdf_column *c, const struct hdf_file *f,
			  char **other);

/* Does the attribute "units" of a column of times say s?  Otherwise they are in
 * ms, which it says or leaves out, or the tool ends. */
bool hdf_column_in_seconds(const struct hdf_column *c,
			   const struct hdf_file *f);

/* Have a column of integers stand for the texts of another one. */
void hdf_column_library(struct hdf_column *c, const struct hdf_column *names);

/* Rows [first, first + n), for columns of any kind of number. */
void hdf_column_ints(const struct hdf_column *c, uint64_t first, size_t n,
		     int64_t *v);
void hdf_column_reals(const struct hdf_column *c, uint64_t first, size_t n,
		      double *v);

/* hdf_column_ints in two steps: read the rows, of which an unsigned number
 * above 2^63 comes out negative; and end the tool if one of them is so. */
void hdf_column_unchecked(const struct hdf_column *c, uint64_t first, size_t n,
			  int64_t *v);
void hdf_column_check(const struct hdf_column *c, uint64_t first, size_t n,
		      const int64_t *v);

/* Rows [first, first + n) of a native column as they are in the file, c->size
 * bytes each. */
void hdf_column_raw(const struct hdf_column *c, uint64_t first, size_t n,
		    void *to);

/* The values at the given rows, in any order.  A row past the end of the column
 * ends the tool. */
void hdf_column_values(const struct hdf_column *c, const uint64_t *row,
		       size_t n, struct hdf_value *v, struct hdf_arena *a);

/* Have codes of an enumeration, of the given rows, be the names they stand for;
 * one that stands for none ends the tool. */
void hdf_column_names(const struct hdf_column *c, const uint64_t *row, size_t n,
		      struct hdf_value *v);

/* For the hdf modules: the library is started, and no other thread is in it,
 * from the one to the other; one thread may do so several times over.  If HDF5
 * crashes meanwhile, that file is damaged, and the tool ends; NULL: a file that
 * is written is no one's fault but ours. */
void hdf_enter(const char *path);
void hdf_leave(void);

#endif
