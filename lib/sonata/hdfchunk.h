/* hdfchunk.h -- integers in packed chunks of HDF5, on several threads
 *
 *	struct hdfchunk u = {0};
 *	int64_t v[1000];
 *
 *	hdfchunk_ids(column, first, 1000, v, &u);
 *	hdf_column_check(column, first, 1000, v);
 *	hdfchunk_free(&u);
 *
 * HDF5 unpacks one chunk at a time, whatever the number of threads.  Here
 * chunks are fetched from the file one at a time, and unpacked side by side, by
 * libdeflate.  What is not packed, or packed otherwise, is left to HDF5, but
 * for making wide integers of narrow ones, which takes it three times as long.
 */
#ifndef HDFCHUNK_H
#define HDFCHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sonata/hdf.h"

/* What one thread unpacks a column with. */
struct hdfchunk {
	char *raw, *shuffled, *plain;
	size_t mraw, mshuffled, mplain;
	uint64_t chunk; /* the one in plain, + 1 */
	void *inflate;
};

/* Read rows [first, first + n), as hdf_column_ints does.  An unsigned number
 * above 2^63 comes out negative: see hdf_column_check. */
void hdfchunk_ids(const struct hdf_column *c, uint64_t first, size_t n,
		  int64_t *v, struct hdfchunk *u);

/* The same for a column whose elements have four bytes, as they are: of signed
 * ones, those below zero come out above 2^31.  False for any other column. */
bool hdfchunk_words(const struct hdf_column *c, uint64_t first, size_t n,
		    uint32_t *v, struct hdfchunk *u);
void hdfchunk_free(struct hdfchunk *u);

/* How a column is packed in the file, such as "shuffle+gzip-4" or "none". */
char *hdfchunk_packing(const struct hdf_column *c);

#endif
