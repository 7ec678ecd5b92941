/* hdfcopy.h -- copy some rows of datasets into another HDF5 file
 *
 *	struct hdfcopy_room room = {0};
 *	struct hdfcopy *c = hdfcopy_rows(file, &to, "/nodes/a/0/x",
 *					 "/nodes/b/0/x", n);
 *
 *	hdfcopy_put(c, row, n, &room);
 *	hdfcopy_close(c);
 *	hdfcopy_free(&room);
 *
 * Whatever the type of their elements is, and however many dimensions they
 * have: bytes are copied, and none is converted.  Attributes come with them,
 * and chunks and filters stay what they are.
 */
#ifndef HDFCOPY_H
#define HDFCOPY_H

#include <stddef.h>
#include <stdint.h>

#include "sonata/hdf.h"
#include "sonata/hdfwrite.h"

struct hdfcopy;

/* What any number of copies, which take turns, work with. */
struct hdfcopy_room {
	char *read, *put;
	struct hdfcopy_row *order;
	size_t mread, mput, morder;
};

void hdfcopy_free(struct hdfcopy_room *room);

/* Begin a dataset of so many rows, of which those of another one will come. */
struct hdfcopy *hdfcopy_rows(const struct hdf_file *from, struct hdfwrite *to,
			     const char *dataset, const char *as,
			     uint64_t rows);

/* Add rows of that one, in any order; one past its end ends the tool. */
void hdfcopy_put(struct hdfcopy *c, const uint64_t *row, size_t n,
		 struct hdfcopy_room *room);
void hdfcopy_close(struct hdfcopy *c);

/* Copy a whole object, with all that is below it. */
void hdfcopy_object(const struct hdf_file *from, struct hdfwrite *to,
		    const char *object, const char *as);

/* Copy the attributes of an object, but for one, to one that is there. */
void hdfcopy_attributes(const struct hdf_file *from, struct hdfwrite *to,
			const char *object, const char *as, const char *but);

#endif
