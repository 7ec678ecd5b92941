/* hdfwrite.h -- write SONATA's HDF5 files, value by value
 *
 *	struct hdf_new f;
 *	struct sink *id;
 *
 *	hdf_create(&f, "a_nodes.h5", 0);
 *	id = open_sink(&f, "/nodes/a/node_type_id", SINK_INT, rows, 1);
 *	for (i = 0; i < rows; i++)
 *		sink_int(id, 100);
 *	close_sink(id);
 *	hdf_finish(&f);
 *	replace_done();
 *
 * The file gets its name with the others of files.h.  Values go out in batches,
 * so that memory does not follow the rows.  What is wrong is said as "file:
 * ..." and ends the tool.
 */
#ifndef HDFWRITE_H
#define HDFWRITE_H

#include <hdf5.h>
#include <stddef.h>
#include <stdint.h>

struct hdf_new {
	const char *path; /* as messages name it */
	hid_t file;
	unsigned gzip; /* 0: datasets are contiguous; 1 to 9: shuffled and
			* packed in chunks */
};

/* Begin a file, with SONATA's magic and version. */
void hdf_create(struct hdf_new *f, const char *path, unsigned gzip);
void hdf_finish(struct hdf_new *f);

/* Groups on the way to an object are made as needed. */
void hdf_group(struct hdf_new *f, const char *group);
void hdf_set_text(struct hdf_new *f, const char *object, const char *name,
		  const char *value);

struct sink;
enum sink_kind { SINK_U32, SINK_U64, SINK_INT, SINK_REAL, SINK_TEXT };

/* A new dataset of so many rows, of one column (wide 1), or more in a second
 * dimension; as many values must follow, row by row. */
struct sink *open_sink(struct hdf_new *f, const char *dataset,
		       enum sink_kind kind, uint64_t rows, size_t wide);
void sink_int(struct sink *s, int64_t v);
void sink_real(struct sink *s, double v);
void sink_text(struct sink *s, const char *v); /* kept until close_sink */
void close_sink(struct sink *s);

/* An index of edges: for each node of one end the ranges of rows, [begin, end),
 * that are its edges.  group is ".../indices/target_to_source" or
 * "source_to_target"; there are datasets node_id_to_ranges and
 * range_to_edge_id in it, and the first under its other usual name,
 * node_id_to_range, too.  A node without edges has an empty range. */
struct index_sink *open_index(struct hdf_new *f, const char *group,
			      uint64_t nodes, uint64_t ranges);

/* The next range, by ascending node. */
void index_range(struct index_sink *x, uint64_t node, uint64_t begin,
		 uint64_t end);
void close_index(struct index_sink *x);

#endif
