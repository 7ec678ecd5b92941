/* elementwrite.h -- write a population of nodes or edges into a SONATA file
 *
 *	struct elementwrite out = {.elements = &nodes, .group = &group};
 *	struct hdfwrite_sink *id;
 *	uint64_t key;
 *
 *	elementwrite_open(&out, "network", 0);
 *	id = elementwrite_column(&out, "node_id", SINK_U64);
 *	for (i = 0; i < group.n; i++) {
 *		elementwrite_put(&out, elements_next(&nodes, &key));
 *		hdfwrite_int(id, (int64_t)key);
 *	}
 *	hdfwrite_sink_close(id);
 *	elementwrite_close(&out);
 *
 * Texts of attributes are enumerations, in an @library.
 */
#ifndef ELEMENTWRITE_H
#define ELEMENTWRITE_H

#include "sonata/attributes.h"
#include "sonata/elements.h"
#include "sonata/hdfwrite.h"

struct elementwrite_part; /* one of SONATA's groups */

/* One population's file, DIRECTORY/GROUP_nodes.h5 or _edges.h5, and its type
 * file, _node_types.csv or _edge_types.csv. */
struct elementwrite {
	struct elements *elements; /* these two are to be set */
	struct element_group *group;
	struct hdfwrite file;

	/* The rest is for elementwrite.c. */
	const char *directory;
	char *path, *root; /* of the file; in it, of the population */
	struct hdfwrite_sink *type_id, *group_id, *group_index;
	struct attributes attributes;
	struct elementwrite_part *part; /* attributes.nparts */
};

void elementwrite_open(struct elementwrite *w, const char *directory,
		       unsigned gzip);
void elementwrite_put(struct elementwrite *w, const char *record);
void elementwrite_close(struct elementwrite *w);

/* A dataset of the population itself, such as node_id, with a row for each
 * element; and the path of one, in new memory. */
struct hdfwrite_sink *elementwrite_column(struct elementwrite *w,
					  const char *name,
					  enum hdfwrite_kind kind);
char *elementwrite_path(const struct elementwrite *w, const char *name);

#endif
