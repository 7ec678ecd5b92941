/* bare-read -- what reading both ends of all edges takes, and nothing else
 *
 * Batches of 64k rows, in the type that the file has.  Larger ones are slower
 * (1M: 1.2 times), as they leave the cache.
 */
#include <hdf5.h>
#include <stdlib.h>

#include "opt.h"
#include "util.h"

enum { BATCH = 1 << 16 };

static const struct opt opts[] = {OPT_END};

static const struct tool tool = {
	.purpose = "read both ends of all edges of the bench's network",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

static void
read_set(hid_t file, const char *path)
{
	hid_t set = H5Dopen2(file, path, H5P_DEFAULT);
	hid_t type = H5Dget_type(set), space = H5Dget_space(set);
	hssize_t rows = H5Sget_simple_extent_npoints(space);
	hsize_t first, n;
	void *v = zeros(BATCH, H5Tget_size(type));

	if (rows < 0)
		die("%s cannot be read", path);
	for (first = 0; first < (hsize_t)rows; first += n) {
		hid_t in;

		n = (hsize_t)rows - first < BATCH ? (hsize_t)rows - first
						  : BATCH;
		in = H5Screate_simple(1, &n, NULL);
		H5Sselect_hyperslab(space, H5S_SELECT_SET, &first, NULL, &n,
				    NULL);
		if (H5Dread(set, type, in, space, H5P_DEFAULT, v) < 0)
			die("%s cannot be read", path);
		H5Sclose(in);
	}
	free(v);
	H5Sclose(space);
	H5Tclose(type);
	H5Dclose(set);
}

int
main(int argc, char **argv)
{
	hid_t file;

	argv = start(argc, argv, &tool);
	file = H5Fopen(argv[0], H5F_ACC_RDONLY, H5P_DEFAULT);
	if (file < 0)
		die("%s cannot be read", argv[0]);
	read_set(file, "/edges/cells_to_cells/source_node_id");
	read_set(file, "/edges/cells_to_cells/target_node_id");
	H5Fclose(file);
	return WORKED;
}
