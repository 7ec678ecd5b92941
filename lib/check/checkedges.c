#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/checkedges.h"
#include "check/checkindex.h"
#include "check/finding.h"
#include "sonata/hdfchunk.h"
#include "sonata/hdflook.h"
#include "sonata/spill.h"

static const char *const end_name[] = {"source_node_id", "target_node_id"};

/* ---- One end ---- */

struct end_faults {
	struct checkrows_fault range, wide, lost;
};

static void
look_at_end(struct end_faults *f, struct known_population *nodes,
	    uint64_t first, const int64_t *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (v[i] < 0)
			checkrows_note(&f->range, first + i, v[i]);
		else if (nodes && !known_has_node(nodes, v[i]))
			checkrows_note(&f->lost, first + i, v[i]);
		if (v[i] > INT32_MAX)
			checkrows_note(&f->wide, first + i, v[i]);
	}
}

static void
scan_end(const struct checkrows *p, const struct hdf_column *c,
	 const char *path, struct known_population *nodes)
{
	int64_t *v = zeros(CHECKROWS_BATCH, sizeof *v);
	const char *file = p->file->path;
	struct end_faults f = {0};
	struct hdfchunk u = {0};
	uint64_t first;
	size_t n;

	for (first = 0; first < p->n; first += n) {
		n = checkrows_batch(p->n, first);
		hdfchunk_ids(c, first, n, v, &u);
		look_at_end(&f, nodes, first, v, n);
	}
	hdfchunk_free(&u);
	free(v);
	finding_add("id-range", file, path, f.range.count,
		    "row %" PRIu64 ": below 0, or 2^63 and above", f.range.row);
	finding_add("id-wide", file, path, f.wide.count,
		    "row %" PRIu64 ": '%" PRId64 "'", f.wide.row, f.wide.value);
	finding_add("edge-end", file, path, f.lost.count,
		    "row %" PRIu64 ": no node '%" PRId64 "' in population '%s'",
		    f.lost.row, f.lost.value, nodes ? nodes->name : "");
}

/* The population of nodes at an end, in new memory, or NULL. */
static char *
end_population(const struct checkrows *p, size_t k)
{
	char *path = checkrows_path(p, end_name[k]);
	char *name = hdf_attribute(p->file, path, "node_population");

	free(path);
	return name;
}

static void
check_end(const struct checkrows *p, size_t k)
{
	char *path = checkrows_path(p, end_name[k]);
	char *name = end_population(p, k);
	struct known_population *nodes =
		name ? known_find(p->known, name) : NULL;
	struct hdf_column *c = checkrows_column(p, end_name[k]);

	if (!name)
		finding_add("node-population-missing", p->file->path, path, 1,
			    "no attribute node_population");
	else if (!nodes && p->known->whole)
		finding_add("node-population-unknown", p->file->path, path, 1,
			    "no population of nodes '%s'", name);
	if (c)
		scan_end(p, c, path, nodes);
	hdf_column_close(c);
	free(name);
	free(path);
}

/* ---- Both ends ---- */

struct both {
	struct hdf_column *c[2];
	int64_t *id[2];
	struct hdfchunk u[2];
};

static size_t
read_both(struct both *b, uint64_t first)
{
	size_t n = checkrows_batch(b->c[0]->n, first), k;

	for (k = 0; k < 2; k++)
		hdfchunk_ids(b->c[k], first, n, b->id[k], &b->u[k]);
	return n;
}

/* What the order of rows shows; pairs are counted rightly where one of both
 * orders holds. */
struct order {
	bool falls[2]; /* by the one end, and by the other among equals */
	bool falls_alone[2];
	uint64_t pairs, first_falling;
	int64_t greatest[2];
	bool negative;
	struct checkrows_fault autapse;
};

static void
look_at_order(struct order *o, const struct both *b, uint64_t first, size_t n,
	      int64_t last[2])
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		int64_t now[2] = {b->id[0][i], b->id[1][i]};

		for (k = 0; k < 2; k++) {
			o->falls_alone[k] |= now[k] < last[k];
			o->falls[k] |=
				now[k] < last[k] ||
				(now[k] == last[k] && now[1 - k] < last[1 - k]);
			if (now[k] > o->greatest[k])
				o->greatest[k] = now[k];
			o->negative |= now[k] < 0;
		}
		o->pairs += now[0] != last[0] || now[1] != last[1];
		if (o->falls_alone[0] && o->falls_alone[1] &&
		    o->first_falling == 0)
			o->first_falling = first + i;
		if (now[0] == now[1])
			checkrows_note(&o->autapse, first + i, now[0]);
		last[0] = now[0];
		last[1] = now[1];
	}
}

/* A run may end within a pair. */
static uint64_t
count_sorted(struct spill *spill)
{
	uint64_t last = UINT64_MAX, pairs = 0;
	const uint64_t *key;
	const char *payload;
	size_t i, n;

	while ((n = spill_next(spill, &key, &payload)) > 0)
		for (i = 0; i < n; i++) {
			pairs += key[i] != last;
			last = key[i];
		}
	return pairs;
}

/* The pairs of rows in any order; all rows, where the ids are too large to be
 * put into one number. */
static uint64_t
count_pairs(const struct checkrows *p, struct both *b, const struct order *o)
{
	uint64_t width = (uint64_t)o->greatest[1] + 1;
	uint64_t height = (uint64_t)o->greatest[0] + 1;
	uint64_t first, pairs, *key = zeros(CHECKROWS_BATCH, sizeof *key);
	struct spill *spill;
	size_t i, n;

	if (o->negative || height > INT64_MAX / width) {
		free(key);
		return p->n;
	}
	spill = spill_new(height * width, 0, p->memory);
	for (first = 0; first < p->n; first += n) {
		n = read_both(b, first);
		for (i = 0; i < n; i++)
			key[i] = (uint64_t)b->id[0][i] * width +
				 (uint64_t)b->id[1][i];
		spill_keys(spill, key, n);
	}
	pairs = count_sorted(spill);
	spill_free(spill);
	free(key);
	return pairs;
}

static void
check_pairs(const struct checkrows *p, struct both *b)
{
	char *source = end_population(p, 0), *target = end_population(p, 1);
	bool within = source && target && !strcmp(source, target);
	struct order o = {0};
	int64_t last[2] = {-1, -1};
	const char *file = p->file->path;
	uint64_t first;
	size_t n;

	for (first = 0; first < p->n; first += n) {
		n = read_both(b, first);
		look_at_order(&o, b, first, n, last);
	}
	if (o.falls[0] && o.falls[1])
		o.pairs = count_pairs(p, b, &o);
	if (o.falls_alone[0] && o.falls_alone[1])
		finding_add("edge-order", file, p->root, 1,
			    "row %" PRIu64 ": sorted neither by source nor by "
			    "target",
			    o.first_falling);
	finding_add("autapse", file, p->root, within ? o.autapse.count : 0,
		    "row %" PRIu64 ": from '%" PRId64 "' to itself",
		    o.autapse.row, o.autapse.value);
	finding_add("multapse", file, p->root, p->n - o.pairs,
		    "rows of pairs that are there already: %" PRIu64
		    " rows of %" PRIu64 " pairs",
		    p->n, o.pairs);
	free(source);
	free(target);
}

static void
check_both(const struct checkrows *p)
{
	struct both b = {{NULL, NULL}, {NULL, NULL}, {{0}}};
	size_t k;

	for (k = 0; k < 2; k++) {
		b.c[k] = checkrows_column(p, end_name[k]);
		b.id[k] = zeros(CHECKROWS_BATCH, sizeof *b.id[k]);
	}
	if (b.c[0] && b.c[1])
		check_pairs(p, &b);
	for (k = 0; k < 2; k++) {
		hdf_column_close(b.c[k]);
		hdfchunk_free(&b.u[k]);
		free(b.id[k]);
	}
}

void
checkedges_population(const struct checkrows *p)
{
	size_t k;

	for (k = 0; k < 2; k++) {
		char *path = checkrows_path(p, end_name[k]);

		if (finding_step("hdf5", p->file->path, path))
			check_end(p, k);
		free(path);
	}
	if (finding_step("hdf5", p->file->path, p->root))
		check_both(p);
	checkindex_population(p);
}
