/* hdfplane.h -- a dataset of numbers of HDF5, read in rectangles
 *
 *	struct hdf_file *file = hdf_open("report.h5");
 *	struct hdfplane *p = hdfplane_open(file, "/report/a/data");
 *	struct hdfplane_span part[2] = {{0, 10, 1}, {2, 3, 1}};
 *	uint64_t room[2] = {10, 3}, at[2] = {0, 0};
 *	double v[10 * 3];
 *
 *	hdfplane_read(p, part, room, at, v);
 *	hdfplane_close(p);
 *
 * A part is some rows and some columns, with a step in each.  Whatever is wrong
 * ends the tool with "file: dataset: ...".
 */
#ifndef HDFPLANE_H
#define HDFPLANE_H

#include <stdint.h>

#include "sonata/hdf.h"

struct hdfplane {
	char *path;         /* "file: dataset", as messages name it */
	int rank;           /* 1 or 2 */
	uint64_t extent[2]; /* 1 in a second dimension that is not there */
	uint64_t chunk[2];  /* how it is laid out in the file; 1 x 1 if in one
			     * piece */
	bool floats;        /* are they of at most four bytes? */
	int64_t set;        /* for hdfplane.c */
};

/* n rows or columns from first on, each so many after the one before. */
struct hdfplane_span {
	uint64_t first, n, every;
};

/* NULL if there is no such dataset. */
struct hdfplane *hdfplane_open(const struct hdf_file *f, const char *dataset);
void hdfplane_close(struct hdfplane *p); /* NULL is fine */

/* Read a part into a place of a rectangle in memory: to has room[0] rows of
 * room[1] values, and the part begins in it at row at[0], column at[1]. */
void hdfplane_read(const struct hdfplane *p, const struct hdfplane_span part[2],
		   const uint64_t room[2], const uint64_t at[2], double *to);

#endif
