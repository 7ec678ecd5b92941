/* bare-frames -- what reading all frames of a report takes, and nothing else
 *
 * Blocks of 16 MB of doubles, into which HDF5 turns what the file has.
 */
#include <hdf5.h>
#include <stdlib.h>

#include "opt.h"
#include "util.h"

#define BLOCK ((hsize_t)1 << 21)

static const struct opt opts[] = {OPT_END};

static const struct tool tool = {
	.purpose = "read all frames of the bench's report",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

static void
read_frames(hid_t set, hid_t space)
{
	hsize_t extent[2], start[2] = {0, 0}, count[2], most;
	double *v;

	H5Sget_simple_extent_dims(space, extent, NULL);
	most = BLOCK / extent[1] + 1;
	v = zeros(most * extent[1], sizeof *v);
	count[1] = extent[1];
	for (; start[0] < extent[0]; start[0] += count[0]) {
		hid_t memory;

		count[0] = extent[0] - start[0];
		if (count[0] > most)
			count[0] = most;
		memory = H5Screate_simple(2, count, NULL);
		H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count,
				    NULL);
		if (H5Dread(set, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT,
			    v) < 0)
			die("cannot be read");
		H5Sclose(memory);
	}
	free(v);
}

int
main(int argc, char **argv)
{
	hid_t file, set, space;

	argv = start(argc, argv, &tool);
	file = H5Fopen(argv[0], H5F_ACC_RDONLY, H5P_DEFAULT);
	set = H5Dopen2(file, "/report/cells/data", H5P_DEFAULT);
	space = H5Dget_space(set);
	if (file < 0 || set < 0 || space < 0)
		die("%s cannot be read", argv[0]);
	read_frames(set, space);
	H5Sclose(space);
	H5Dclose(set);
	H5Fclose(file);
	return WORKED;
}
