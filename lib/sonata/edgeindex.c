#include <inttypes.h>
#include <stdlib.h>

#include "sonata/edgeindex.h"
#include "sonata/hdfchunk.h"
#include "sonata/spill.h"
#include "util.h"

#define BATCH ((size_t)1 << 16)

struct edgeindex_range {
	uint64_t begin, end;
};

/* The ranges of an end, as they are found. */
struct ranges_found {
	struct spill *by_node;
	uint64_t n;                  /* so many */
	int64_t node;                /* of the range that has begun, or -1 */
	int64_t greatest;            /* node, or -1 */
	struct edgeindex_range open; /* up to this row */
};

static void
end_range(struct ranges_found *r, uint64_t row)
{
	r->open.end = row;
	if (r->node >= 0) {
		spill_add(r->by_node, (uint64_t)r->node, &r->open);
		r->n++;
	}
	r->open.begin = row;
}

static void
find_ranges(struct ranges_found *r, const struct hdf_column *ids)
{
	int64_t *v = zeros(BATCH, sizeof *v);
	struct hdfchunk u = {0};
	uint64_t first;
	size_t i, n;

	for (first = 0; first < ids->n; first += n) {
		n = ids->n - first < BATCH ? (size_t)(ids->n - first) : BATCH;
		hdfchunk_ids(ids, first, n, v, &u);
		hdf_column_check(ids, first, n, v);
		for (i = 0; i < n; i++) {
			if (v[i] < 0)
				die("%s: row %" PRIu64 ": negative: '%" PRId64
				    "'",
				    ids->path, first + i, v[i]);
			if (v[i] != r->node)
				end_range(r, first + i);
			r->node = v[i];
			if (v[i] > r->greatest)
				r->greatest = v[i];
		}
	}
	end_range(r, ids->n);
	hdfchunk_free(&u);
	free(v);
}

static void
write_ranges(const struct ranges_found *r, struct hdfwrite_index *x)
{
	const uint64_t *node;
	const char *payload;
	size_t i, n;

	while ((n = spill_next(r->by_node, &node, &payload)) > 0) {
		const struct edgeindex_range *range = (const void *)payload;

		for (i = 0; i < n; i++)
			hdfwrite_index_range(x, node[i], range[i].begin,
					     range[i].end);
	}
}

void
edgeindex_write(const struct edgeindex *x, struct hdfwrite *to, bool by_target,
		const char *group, uint64_t nodes)
{
	char *ids = format("%s/%s_node_id", x->root,
			   by_target ? "target" : "source");
	char *dir = format("%s/%s", group,
			   by_target ? "target_to_source" : "source_to_target");
	struct hdf_column *c = hdf_column(x->file, ids);
	struct ranges_found r = {.node = -1, .greatest = -1};
	struct hdfwrite_index *index;

	if (!c)
		die("%s: %s: not there", x->file->path, ids);
	r.by_node = spill_new((uint64_t)1 << 63, sizeof(struct edgeindex_range),
			      x->memory);
	find_ranges(&r, c);
	if (nodes < (uint64_t)(r.greatest + 1))
		nodes = (uint64_t)(r.greatest + 1);
	index = hdfwrite_index(to, dir, nodes, r.n);
	write_ranges(&r, index);
	hdfwrite_index_close(index);
	spill_free(r.by_node);
	hdf_column_close(c);
	free(dir);
	free(ids);
}
