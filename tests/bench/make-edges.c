/* make-edges -- write the network that the bench measures
 *
 * The same edges four times: sorted by target, as SONATA files mostly are,
 * plain, with ids of four bytes, and packed; and unsorted.  All numbers are
 * hashes of a row, so that they are the same on every machine.
 */
#include <errno.h>
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "opt.h"
#include "util.h"

enum { BATCH = 1 << 16 };

static bool shuffle;
static const char *only;
static uint64_t rows, cells, groups;

static const struct opt opts[] = {
	OPT_FLAG(0, "shuffle", &shuffle, "shuffle the bytes before packing"),
	OPT_STR(0, "only", "name", &only,
		"write the edges so alone: contiguous, narrow, gzip, unsorted"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "write the network that the bench measures",
	.operands = "directory rows cells groups",
	.least = 4,
	.most = 4,
	.opts = opts,
};

struct layout {
	const char *name;
	bool sorted, packed;
	bool narrow; /* ids of four bytes, and nothing that can be left out */
};

/* A dataset, and what is in a row of it. */
struct set {
	const char *path;
	hid_t type; /* in the file */
	uint64_t (*value)(uint64_t row);
	double (*real)(uint64_t row); /* or this */
};

static hid_t
sure(hid_t id, const char *what)
{
	if (id < 0)
		die("cannot write %s", what);
	return id;
}

/* Steele, Lea and Flood's SplitMix64. */
static uint64_t
hash(uint64_t v)
{
	v = (v + 1) * 0x9e3779b97f4a7c15;
	v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9;
	v = (v ^ v >> 27) * 0x94d049bb133111eb;
	return v ^ v >> 31;
}

static uint64_t
any_cell(uint64_t seed)
{
	return (hash(seed) >> 32) * cells >> 32;
}

static uint64_t
random_source(uint64_t row)
{
	return any_cell(row);
}

static uint64_t
sorted_target(uint64_t row)
{
	return row * cells / rows;
}

static uint64_t
random_target(uint64_t row)
{
	return any_cell(row + rows);
}

static uint64_t
the_row(uint64_t row)
{
	return row;
}

static uint64_t
nought(uint64_t row)
{
	(void)row;
	return 0;
}

static uint64_t
edge_type(uint64_t row)
{
	(void)row;
	return 100;
}

static uint64_t
node_type(uint64_t cell)
{
	return 100 + cell * groups / cells;
}

/* Places in a cube of 1 mm. */
static double
place(uint64_t seed)
{
	return (double)(hash(seed) >> 11) * 0x1p-53 * 1000;
}

static double
place_x(uint64_t cell)
{
	return place(3 * cell);
}

static double
place_y(uint64_t cell)
{
	return place(3 * cell + 1);
}

static double
place_z(uint64_t cell)
{
	return place(3 * cell + 2);
}

static hid_t
create(const char *path)
{
	return sure(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT),
		    path);
}

/* How a dataset is stored: chunks of 64k rows if it is packed. */
static hid_t
storage(hsize_t n, bool packed)
{
	hid_t how = H5Pcreate(H5P_DATASET_CREATE);
	hsize_t chunk = n < BATCH ? n : BATCH;

	if (packed && n > 0) {
		H5Pset_chunk(how, 1, &chunk);
		if (shuffle)
			H5Pset_shuffle(how);
		H5Pset_deflate(how, 4);
	}
	return how;
}

static void
put_rows(hid_t set, const struct set *what, hsize_t first, hsize_t n)
{
	static union {
		uint64_t number[BATCH];
		double real[BATCH];
	} v;
	hid_t type = what->real ? H5T_NATIVE_DOUBLE : H5T_NATIVE_UINT64;
	hid_t in = H5Screate_simple(1, &n, NULL), out = H5Dget_space(set);
	hsize_t i;

	for (i = 0; i < n; i++)
		if (what->real)
			v.real[i] = what->real(first + i);
		else
			v.number[i] = what->value(first + i);
	H5Sselect_hyperslab(out, H5S_SELECT_SET, &first, NULL, &n, NULL);
	sure(H5Dwrite(set, type, in, out, H5P_DEFAULT, &v), what->path);
	H5Sclose(in);
	H5Sclose(out);
}

static void
put(hid_t file, const struct set *what, hsize_t n, bool packed)
{
	hid_t space = H5Screate_simple(1, &n, NULL), how = storage(n, packed);
	hid_t links = H5Pcreate(H5P_LINK_CREATE), set;
	hsize_t i;

	H5Pset_create_intermediate_group(links, 1);
	set = sure(H5Dcreate2(file, what->path, what->type, space, links, how,
			      H5P_DEFAULT),
		   what->path);
	for (i = 0; i < n; i += BATCH)
		put_rows(set, what, i, n - i < BATCH ? n - i : BATCH);
	sure(H5Dclose(set), what->path);
	H5Pclose(links);
	H5Pclose(how);
	H5Sclose(space);
}

static void
say_population(hid_t file, const char *path)
{
	static const char name[] = "cells";
	hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR), at;

	H5Tset_size(type, sizeof name);
	at = sure(H5Acreate_by_name(file, path, "node_population", type, space,
				    H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
		  path);
	sure(H5Awrite(at, type, name), path);
	H5Aclose(at);
	H5Sclose(space);
	H5Tclose(type);
}

static void
empty_group(hid_t file, const char *path)
{
	H5Gclose(sure(
		H5Gcreate2(file, path, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
		path));
}

#define EDGES "/edges/cells_to_cells/"
#define NODES "/nodes/cells/"

static void
write_edges(const struct layout *l)
{
	hid_t id = l->narrow ? H5T_STD_U32LE : H5T_STD_U64LE;
	const struct set set[] = {
		{EDGES "source_node_id", id, random_source, NULL},
		{EDGES "target_node_id", id,
		 l->sorted ? sorted_target : random_target, NULL},
		{EDGES "edge_type_id", H5T_STD_U32LE, edge_type, NULL},
		{EDGES "edge_group_id", H5T_STD_U16LE, nought, NULL},
		{EDGES "edge_group_index", H5T_STD_U64LE, the_row, NULL},
	};
	char *path = format("%s_edges.h5", l->name);
	hid_t file = create(path);
	size_t i;

	/* Nobody reads the last two here: they are always packed, to take no
	 * room. */
	for (i = 0; i < (l->narrow ? 2 : LEN(set)); i++)
		put(file, &set[i], rows, l->packed || i > 2);
	empty_group(file, EDGES "0");
	say_population(file, EDGES "source_node_id");
	say_population(file, EDGES "target_node_id");
	sure(H5Fclose(file), path);
	free(path);
}

static void
write_nodes(void)
{
	const struct set set[] = {
		{NODES "node_id", H5T_STD_U64LE, the_row, NULL},
		{NODES "node_type_id", H5T_STD_U32LE, node_type, NULL},
		{NODES "node_group_id", H5T_STD_U16LE, nought, NULL},
		{NODES "node_group_index", H5T_STD_U64LE, the_row, NULL},
		{NODES "0/x", H5T_IEEE_F64LE, NULL, place_x},
		{NODES "0/y", H5T_IEEE_F64LE, NULL, place_y},
		{NODES "0/z", H5T_IEEE_F64LE, NULL, place_z},
	};
	hid_t file = create("nodes.h5");
	size_t i;

	for (i = 0; i < LEN(set); i++)
		put(file, &set[i], cells, false);
	sure(H5Fclose(file), "nodes.h5");
}

static FILE *
open_text(const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f)
		die("%s:", path);
	return f;
}

static void
close_text(FILE *f, const char *path)
{
	if (ferror(f) || fclose(f) != 0)
		die("%s:", path);
}

static void
write_types(void)
{
	FILE *f = open_text("node_types.csv");
	uint64_t i;

	fprintf(f, "node_type_id pop_name\n");
	for (i = 0; i < groups; i++)
		fprintf(f, "%llu g%02llu\n", (unsigned long long)i + 100,
			(unsigned long long)i);
	close_text(f, "node_types.csv");
	f = open_text("edge_types.csv");
	fprintf(f, "edge_type_id delay\n100 2.0\n");
	close_text(f, "edge_types.csv");
}

static void
write_config(const char *name)
{
	char *path = format("%s.json", name);
	FILE *f = open_text(path);

	fprintf(f,
		"{\n"
		" \"manifest\": {\"$HERE\": \".\"},\n"
		" \"networks\": {\n"
		"  \"nodes\": [{\"nodes_file\": \"$HERE/nodes.h5\",\n"
		"   \"node_types_file\": \"$HERE/node_types.csv\"}],\n"
		"  \"edges\": [{\"edges_file\": \"$HERE/%s_edges.h5\",\n"
		"   \"edge_types_file\": \"$HERE/edge_types.csv\"}]\n"
		" }\n"
		"}\n",
		name);
	close_text(f, path);
	free(path);
}

static uint64_t
count_of(const char *what, const char *s)
{
	int64_t v;

	/* Beyond 2^31, row * cells would overflow. */
	if (!parse_int(s, &v) || v < 1 || v > INT32_MAX)
		misuse("%s: not a number from 1 to 2147483647: '%s'", what, s);
	return (uint64_t)v;
}

int
main(int argc, char **argv)
{
	static const struct layout layout[] = {
		{"contiguous", true, false, false},
		{"narrow", true, false, true},
		{"gzip", true, true, false},
		{"unsorted", false, false, false}};
	size_t i;

	argv = start(argc, argv, &tool);
	rows = count_of("rows", argv[1]);
	cells = count_of("cells", argv[2]);
	groups = count_of("groups", argv[3]);
	if (mkdir(argv[0], 0777) != 0 && errno != EEXIST)
		die("%s:", argv[0]);
	if (chdir(argv[0]) != 0)
		die("%s:", argv[0]);
	for (i = 0; i < LEN(layout); i++) {
		if (only && strcmp(only, layout[i].name) != 0)
			continue;
		write_edges(&layout[i]);
		write_config(layout[i].name);
	}
	write_nodes();
	write_types();
	return WORKED;
}
