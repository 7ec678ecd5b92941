#include <inttypes.h>
#include <stdlib.h>

#include "sonata/edgeindex.h"
#include "sonata/hdfchunk.h"
#include "sonata/spill.h"
#include "util.h"

#define BATCH ((size_t)1 << 16)
#define MAX_ID UINT32_MAX /* an index of so many nodes has 64 GiB */

struct edgeindex_range {
	uint64_t begin, end;
};

/* The ranges of an end, as they are found. */
struct edgeindex {
	struct spill *by_node;
	uint64_t rows, n;            /* of edges, and ranges */
	int64_t node;                /* of the range that has begun, or -1 */
	int64_t greatest;            /* node, or -1 */
	struct edgeindex_range open; /* up to this row */
};

struct edgeindex *
edgeindex_start(size_t memory)
{
	struct edgeindex *x = zeros(1, sizeof *x);

	x->node = x->greatest = -1;
	x->by_node = spill_new((uint64_t)1 << 63,
			       sizeof(struct edgeindex_range), memory);
	return x;
}

static void
end_range(struct edgeindex *x, uint64_t row)
{
	x->open.end = row;
	if (x->node >= 0) {
		spill_add(x->by_node, (uint64_t)x->node, &x->open);
		x->n++;
	}
	x->open.begin = row;
}

void
edgeindex_add(struct edgeindex *x, const int64_t *id, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (id[i] != x->node)
			end_range(x, x->rows + i);
		x->node = id[i];
		if (id[i] > x->greatest)
			x->greatest = id[i];
	}
	x->rows += n;
}

static void
write_ranges(const struct edgeindex *x, struct hdfwrite_index *to)
{
	const uint64_t *node;
	const char *payload;
	size_t i, n;

	while ((n = spill_next(x->by_node, &node, &payload)) > 0) {
		const struct edgeindex_range *range = (const void *)payload;

		for (i = 0; i < n; i++)
			hdfwrite_index_range(to, node[i], range[i].begin,
					     range[i].end);
	}
}

void
edgeindex_finish(struct edgeindex *x, struct hdfwrite *to, bool by_target,
		 const char *group, uint64_t nodes)
{
	char *dir = format("%s/%s", group,
			   by_target ? "target_to_source" : "source_to_target");
	struct hdfwrite_index *index;

	end_range(x, x->rows);
	if (nodes < (uint64_t)(x->greatest + 1))
		nodes = (uint64_t)(x->greatest + 1);
	index = hdfwrite_index(to, dir, nodes, x->n);
	write_ranges(x, index);
	hdfwrite_index_close(index);
	spill_free(x->by_node);
	free(dir);
	free(x);
}

/* ---- Of a file ---- */

static void
check_id(const struct hdf_column *ids, uint64_t row, int64_t id)
{
	if (id < 0)
		die("%s: row %" PRIu64 ": negative: '%" PRId64 "'", ids->path,
		    row, id);
	if (id > MAX_ID)
		die("%s: row %" PRIu64 ": too large for an index, which has a "
		    "row for each id: '%" PRId64 "'",
		    ids->path, row, id);
}

static void
add_column(struct edgeindex *x, const struct hdf_column *ids)
{
	int64_t *v = zeros(BATCH, sizeof *v);
	struct hdfchunk u = {0};
	uint64_t first;
	size_t i, n;

	for (first = 0; first < ids->n; first += n) {
		n = ids->n - first < BATCH ? (size_t)(ids->n - first) : BATCH;
		hdfchunk_ids(ids, first, n, v, &u);
		hdf_column_check(ids, first, n, v);
		for (i = 0; i < n; i++)
			check_id(ids, first + i, v[i]);
		edgeindex_add(x, v, n);
	}
	hdfchunk_free(&u);
	free(v);
}

static struct hdf_column *
open_ids(const struct edgeindex_from *from, bool by_target)
{
	char *path = format("%s/%s_node_id", from->root,
			    by_target ? "target" : "source");
	struct hdf_column *c = hdf_column(from->file, path);

	if (!c)
		die("%s: %s: not there", from->file->path, path);
	free(path);
	return c;
}

void
edgeindex_write(const struct edgeindex_from *from, struct hdfwrite *to,
		bool by_target, const char *group, uint64_t nodes)
{
	struct hdf_column *end[2];
	struct edgeindex *x = edgeindex_start(from->memory);

	end[0] = open_ids(from, false);
	end[1] = open_ids(from, true);
	if (end[1]->n != end[0]->n)
		die("%s: %" PRIu64 " rows where there are %" PRIu64,
		    end[1]->path, end[1]->n, end[0]->n);
	add_column(x, end[by_target]);
	edgeindex_finish(x, to, by_target, group, nodes);
	hdf_column_close(end[0]);
	hdf_column_close(end[1]);
}
