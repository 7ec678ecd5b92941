#include <stdlib.h>

#include "sonata/gapwrite.h"
#include "sonata/hdfwrite.h"
#include "util.h"

struct gapwrite {
	struct hdfwrite file;
	char *path;
	struct hdfwrite_sink *end[2], *number[2];
	bool distinct;
	uint64_t n, last[2]; /* those before; the ends of the last one */
};

static int64_t numbers; /* that ends have been given */

struct gapwrite *
gapwrite_open(const char *path, unsigned gzip, uint64_t n, bool distinct)
{
	static const char *const name[] = {"/source_ids", "/target_ids",
					   "/src_gap_ids", "/trg_gap_ids"};
	struct gapwrite *g = zeros(1, sizeof *g);
	size_t k;

	g->path = copy(path);
	g->distinct = distinct;
	hdfwrite_create(&g->file, g->path, gzip);
	for (k = 0; k < LEN(name); k++)
		*(k < 2 ? &g->end[k] : &g->number[k - 2]) =
			hdfwrite_sink(&g->file, name[k], SINK_INT, n, 1);
	return g;
}

/* BMTK looks a gap junction up by its ends. */
static void
check_distinct(struct gapwrite *g, uint64_t source, uint64_t target)
{
	bool twice = g->n > 0 && source == g->last[0] && target == g->last[1];

	if (!twice && source != target)
		return;
	warn(twice ? "%s: BMTK takes one gap junction of the same two nodes: "
		     "%llu, %llu"
		   : "%s: BMTK takes no gap junction of a node with itself: "
		     "%llu, %llu",
	     g->path, (unsigned long long)source, (unsigned long long)target);
	g->distinct = false;
}

void
gapwrite_put(struct gapwrite *g, uint64_t source, uint64_t target)
{
	if (g->distinct)
		check_distinct(g, source, target);
	g->n++;
	g->last[0] = source;
	g->last[1] = target;
	hdfwrite_int(g->end[0], (int64_t)source);
	hdfwrite_int(g->end[1], (int64_t)target);
	hdfwrite_int(g->number[0], numbers++);
	hdfwrite_int(g->number[1], numbers++);
}

void
gapwrite_close(struct gapwrite *g)
{
	size_t k;

	for (k = 0; k < 2; k++) {
		hdfwrite_sink_close(g->end[k]);
		hdfwrite_sink_close(g->number[k]);
	}
	hdfwrite_finish(&g->file);
	free(g->path);
	free(g);
}
