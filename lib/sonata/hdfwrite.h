/* hdfwrite.h -- write SONATA's HDF5 files, value by value
 *
 *	struct hdfwrite f;
 *	struct hdfwrite_sink *id;
 *
 *	hdfwrite_create(&f, "a_nodes.h5", 0);
 *	id = hdfwrite_sink(&f, "/nodes/a/node_type_id", SINK_INT, rows, 1);
 *	for (i = 0; i < rows; i++)
 *		hdfwrite_int(id, 100);
 *	hdfwrite_sink_close(id);
 *	hdfwrite_finish(&f);
 *	files_done();
 *
 * The file gets its name with the others of files.h.  Values go out in batches,
 * so that memory does not follow the rows.  Whatever is wrong ends the tool
 *with "file: ...".  HDF5 is entered under the lock of hdf.h.
 */
#ifndef HDFWRITE_H
#define HDFWRITE_H

#include <stddef.h>
#include <stdint.h>

struct hdfwrite {
	const char *path; /* as messages name it */
	int64_t file;     /* for hdfwrite.c */
	unsigned gzip;    /* 0: datasets are contiguous; 1 to 9: shuffled and
			   * packed in chunks */
};

/* Begin a file, with SONATA's magic and version. */
void hdfwrite_create(struct hdfwrite *f, const char *path, unsigned gzip);
void hdfwrite_finish(struct hdfwrite *f);

/* What a new file has already. */
void hdfwrite_set_magic(struct hdfwrite *f);
void hdfwrite_set_version(struct hdfwrite *f);

/* Groups on the way to an object are made as needed. */
void hdfwrite_group(struct hdfwrite *f, const char *group);
void hdfwrite_set_text(struct hdfwrite *f, const char *object, const char *name,
		       const char *value);

/* An attribute that is one value of an enumeration: words, which NULL ends,
 * have the values 0, 1, 2, ... */
void hdfwrite_set_word(struct hdfwrite *f, const char *object, const char *name,
		       const char *const *words, uint8_t value);

struct hdfwrite_sink;
enum hdfwrite_kind { SINK_U32, SINK_U64, SINK_INT, SINK_REAL, SINK_TEXT };

/* Begin a dataset of so many rows: of one dimension if wide is 1, otherwise
 * with so many columns.  Exactly as many values must follow, row by row. */
struct hdfwrite_sink *hdfwrite_sink(struct hdfwrite *f, const char *dataset,
				    enum hdfwrite_kind kind, uint64_t rows,
				    size_t wide);
void hdfwrite_int(struct hdfwrite_sink *s, int64_t v);
void hdfwrite_real(struct hdfwrite_sink *s, double v);
void hdfwrite_text(struct hdfwrite_sink *s,
		   const char *v); /* kept until hdfwrite_sink_close */
void hdfwrite_sink_close(struct hdfwrite_sink *s);

/* An index of edges: for each node of one end the ranges of rows, [begin, end),
 * that are its edges.  group is ".../indices/target_to_source" or
 * "source_to_target"; there are datasets node_id_to_ranges and
 * range_to_edge_id in it, and the first under its other usual name,
 * node_id_to_range, too.  A node without edges has an empty range. */
struct hdfwrite_index *hdfwrite_index(struct hdfwrite *f, const char *group,
				      uint64_t nodes, uint64_t ranges);

/* The next range, by ascending node. */
void hdfwrite_index_range(struct hdfwrite_index *x, uint64_t node,
			  uint64_t begin, uint64_t end);
void hdfwrite_index_close(struct hdfwrite_index *x);

#endif
