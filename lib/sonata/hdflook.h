/* hdflook.h -- what a dataset or an attribute of an HDF5 file is like
 *
 *	struct hdf_file *file = hdf_open("edges.h5");
 *	struct hdflook d = hdflook_dataset(file, "/edges/a/source_node_id");
 *
 *	if (d.there && d.kind == LOOK_INT && d.rank == 1)
 *		printf("%llu rows\n", (unsigned long long)d.extent[0]);
 *
 * Nothing of it is read that hdf.h would refuse: this is for who has to know
 * what it is before.
 */
#ifndef HDFLOOK_H
#define HDFLOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sonata/hdf.h"

struct hdflook {
	bool there;
	bool is_group; /* and nothing else is known */
	enum { LOOK_INT, LOOK_REAL, LOOK_TEXT, LOOK_ENUM, LOOK_OTHER } kind;
	size_t size; /* of an element, in bytes */
	bool is_signed;
	int rank;           /* -1: a null dataspace */
	uint64_t extent[2]; /* of the first two dimensions, or 1 */
	uint64_t values;    /* in all */
};

/* A dataset or group at a path. */
struct hdflook hdflook_dataset(const struct hdf_file *f, const char *path);

/* An attribute of an object; at most so many of its values are read, if they
 * are numbers. */
struct hdflook hdflook_attribute(const struct hdf_file *f, const char *object,
				 const char *name, double *v, size_t most);

#endif
