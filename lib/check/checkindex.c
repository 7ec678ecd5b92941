/* An index has, for each node, a stretch of ranges, and each range is some
 * rows.  The ranges are sorted by their rows, on disk where they do not fit in
 * memory; then one pass over them and the ids of the rows, side by side, shows
 * what belongs to another node, what is there twice and what is missing. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/checkindex.h"
#include "check/finding.h"
#include "sonata/hdfchunk.h"
#include "sonata/hdflook.h"
#include "sonata/spill.h"

/* One direction, and where its parts are. */
struct index {
	const struct checkrows *p;
	const char *way, *ids; /* "target_to_source", "target_node_id" */
	char *dir;             /* its group */
	char *nodes, *ranges;  /* its datasets; NULL: there is none */
};

static char *
inside(const char *dir, const char *name)
{
	return format("%s/%s", dir, name);
}

/* ---- Where it is ---- */

/* The group of indices, in new memory, or NULL.  The old files have a dataset
 * instead, or beside it. */
static char *
find_group(const struct checkrows *p, bool say)
{
	static const char *const names[] = {"indices", "indicies", "incidies"};
	char *path = checkrows_path(p, "index_pointer");
	size_t i;

	if (say)
		finding_add("index-spelling", p->file->path, path,
			    hdf_has(p->file, path),
			    "an index of the time before indices");
	for (i = 0; i < LEN(names); i++) {
		free(path);
		path = checkrows_path(p, names[i]);
		if (!hdf_is_group(p->file, path))
			continue;
		if (say && i > 0)
			finding_add("index-spelling", p->file->path, path, 1,
				    "'%s' rather than 'indices'", names[i]);
		return path;
	}
	free(path);
	return NULL;
}

static bool
is_ranges(const struct index *x, const char *path)
{
	struct hdflook d = hdflook_dataset(x->p->file, path);

	if (!d.is_group && d.rank == 2 && d.extent[1] == 2 &&
	    d.kind == LOOK_INT)
		return true;
	/* h5py writes an empty list so. */
	if (!d.is_group && d.values == 0 && d.rank > 0)
		return true;
	finding_add("index-incomplete", x->p->file->path, path, 1,
		    "not two columns of integers");
	return false;
}

/* Find its datasets, and say how they are called; false if it cannot be read.
 */
static bool
open_index(struct index *x)
{
	const char *file = x->p->file->path;
	char *theirs = inside(x->dir, "node_id_to_range");
	bool old = hdf_has(x->p->file, theirs);

	x->nodes = inside(x->dir, "node_id_to_ranges");
	x->ranges = inside(x->dir, "range_to_edge_id");
	if (!hdf_has(x->p->file, x->nodes) && old) {
		finding_add("index-spelling", file, theirs, 1,
			    "'node_id_to_range' rather than "
			    "'node_id_to_ranges'");
		free(x->nodes);
		x->nodes = copy(theirs);
	} else if (!old) {
		finding_add("index-bmtk", file, x->dir, 1,
			    "no 'node_id_to_range'");
	}
	free(theirs);
	if (hdf_has(x->p->file, x->nodes) && hdf_has(x->p->file, x->ranges)) {
		bool nodes = is_ranges(x, x->nodes);

		return is_ranges(x, x->ranges) && nodes;
	}
	finding_add("index-incomplete", file, x->dir, 1, "no %s",
		    hdf_has(x->p->file, x->nodes) ? "range_to_edge_id"
						  : "node_id_to_ranges");
	return false;
}

/* ---- Pairs of numbers, read where they are needed ---- */

struct range_window {
	struct hdf_column *c[2];
	int64_t *v[2];
	uint64_t first;
	size_t n;
};

static void
window_open(struct range_window *w, const struct hdf_file *f, const char *path)
{
	struct hdflook d = hdflook_dataset(f, path);
	int k;

	*w = (struct range_window){.first = 0};
	for (k = 0; k < 2 && d.values > 0; k++) {
		w->c[k] = hdf_axis(f, path, k);
		w->v[k] = zeros(CHECKROWS_BATCH, sizeof *w->v[k]);
	}
}

static uint64_t
window_rows(const struct range_window *w)
{
	return w->c[0] ? w->c[0]->n : 0;
}

static void
window_get(struct range_window *w, uint64_t row, int64_t pair[2])
{
	size_t k;

	if (row < w->first || row >= w->first + w->n) {
		w->first = row;
		w->n = checkrows_batch(window_rows(w), row);
		for (k = 0; k < 2; k++)
			hdf_column_unchecked(w->c[k], row, w->n, w->v[k]);
	}
	for (k = 0; k < 2; k++)
		pair[k] = w->v[k][row - w->first];
}

static void
window_close(struct range_window *w)
{
	size_t k;

	for (k = 0; k < 2; k++) {
		hdf_column_close(w->c[k]);
		free(w->v[k]);
	}
}

/* ---- Ranges by rows ---- */

struct index_faults {
	struct checkrows_fault end, twice, other, none;
};

struct range {
	uint64_t end, node;
};

/* An empty range is begun below 0, or ends where it begins or before. */
static bool
is_empty(const int64_t pair[2])
{
	return pair[0] < 0 || pair[1] <= pair[0];
}

static void
add_range(const struct checkrows *p, struct spill *s, struct index_faults *f,
	  const int64_t pair[2], uint64_t node)
{
	struct range r = {(uint64_t)pair[1], node};

	if (is_empty(pair))
		return;
	if ((uint64_t)pair[1] > p->n) {
		checkrows_note(&f->end, node, pair[1]);
		r.end = p->n;
	}
	if ((uint64_t)pair[0] < p->n)
		spill_add(s, (uint64_t)pair[0], &r);
}

/* No range is of two nodes: then there are no more of them than there are. */
static void
gather_ranges(const struct index *x, struct spill *s, struct index_faults *f)
{
	struct range_window nodes, ranges;
	uint64_t node, k, used = 0, all;
	int64_t of[2], pair[2];

	window_open(&nodes, x->p->file, x->nodes);
	window_open(&ranges, x->p->file, x->ranges);
	all = window_rows(&ranges);
	for (node = 0; node < window_rows(&nodes); node++) {
		window_get(&nodes, node, of);
		if (is_empty(of))
			continue;
		if ((uint64_t)of[1] > all) {
			checkrows_note(&f->end, node, of[1]);
			of[1] = (int64_t)all;
		}
		for (k = (uint64_t)of[0]; k < (uint64_t)of[1]; k++) {
			if (used++ >= all) {
				checkrows_note(&f->twice, k, (int64_t)node);
				break;
			}
			window_get(&ranges, k, pair);
			add_range(x->p, s, f, pair, node);
		}
	}
	window_close(&nodes);
	window_close(&ranges);
}

/* ---- Against the rows ---- */

struct rows_read {
	struct hdf_column *c;
	int64_t *id;
	uint64_t first;
	size_t n;
	struct hdfchunk u;
};

static int64_t
id_of(struct rows_read *r, uint64_t row)
{
	if (row < r->first || row >= r->first + r->n) {
		r->first = row;
		r->n = checkrows_batch(r->c->n, row);
		hdfchunk_ids(r->c, row, r->n, r->id, &r->u);
	}
	return r->id[row - r->first];
}

/* Rows up to covered have been compared; what a range has of them it has a
 * second time. */
static uint64_t
compare(struct rows_read *rows, struct index_faults *f, uint64_t covered,
	uint64_t begin, const struct range *r)
{
	uint64_t row;

	if (begin > covered) {
		checkrows_note(&f->none, covered, 0);
		f->none.count += begin - covered - 1;
	}
	if (begin < covered) {
		checkrows_note(&f->twice, begin, (int64_t)r->node);
		f->twice.count +=
			(r->end < covered ? r->end : covered) - begin - 1;
	}
	for (row = begin > covered ? begin : covered; row < r->end; row++)
		if (id_of(rows, row) != (int64_t)r->node)
			checkrows_note(&f->other, row, (int64_t)r->node);
	return r->end > covered ? r->end : covered;
}

static void
compare_all(struct rows_read *rows, struct spill *s, struct index_faults *f)
{
	uint64_t covered = 0;
	const uint64_t *key;
	const char *payload;
	struct range r;
	size_t i, n;

	while ((n = spill_next(s, &key, &payload)) > 0)
		for (i = 0; i < n; i++) {
			memcpy(&r, payload + i * sizeof r, sizeof r);
			covered = compare(rows, f, covered, key[i], &r);
		}
	if (covered < rows->c->n) {
		checkrows_note(&f->none, covered, 0);
		f->none.count += rows->c->n - covered - 1;
	}
}

static void
report_index(const struct index *x, const struct index_faults *f)
{
	const char *file = x->p->file->path;

	finding_add("index-end", file, x->dir, f->end.count,
		    "node %" PRIu64 ": ends at '%" PRId64 "', past the end",
		    f->end.row, f->end.value);
	finding_add("index-stale", file, x->dir, f->other.count,
		    "row %" PRIu64 ": given to node '%" PRId64 "', whose it "
		    "is not",
		    f->other.row, f->other.value);
	finding_add("index-stale", file, x->dir, f->none.count,
		    "row %" PRIu64 ": given to no node", f->none.row);
	finding_add("index-overlap", file, x->dir, f->twice.count,
		    "row %" PRIu64 ": given to node '%" PRId64 "' a second "
		    "time",
		    f->twice.row, f->twice.value);
}

static void
verify(const struct index *x)
{
	struct rows_read rows = {.c = checkrows_column(x->p, x->ids)};
	struct index_faults f = {0};
	struct spill *s;

	if (rows.c) {
		s = spill_new(x->p->n + 1, sizeof(struct range), x->p->memory);
		rows.id = zeros(CHECKROWS_BATCH, sizeof *rows.id);
		gather_ranges(x, s, &f);
		compare_all(&rows, s, &f);
		spill_free(s);
		report_index(x, &f);
	}
	hdfchunk_free(&rows.u);
	hdf_column_close(rows.c);
	free(rows.id);
}

static void
check_way(const struct checkrows *p, const char *group, const char *way,
	  const char *ids)
{
	struct index x = {p, way, ids, inside(group, way), NULL, NULL};

	if (finding_step("hdf5", p->file->path, x.dir)) {
		if (!hdf_is_group(p->file, x.dir))
			finding_add("index-missing", p->file->path, x.dir, 1,
				    "no index %s", way);
		else if (open_index(&x))
			verify(&x);
	}
	free(x.nodes);
	free(x.ranges);
	free(x.dir);
}

void
checkindex_population(const struct checkrows *p)
{
	bool due = finding_step("hdf5", p->file->path, p->root);
	char *group;

	if (finding_failed())
		return;
	group = find_group(p, due);
	if (!group && due)
		finding_add("index-missing", p->file->path, p->root, 1,
			    "no indices");
	if (group) {
		check_way(p, group, "source_to_target", "source_node_id");
		check_way(p, group, "target_to_source", "target_node_id");
	}
	free(group);
}

void
checkindex_plan(void *arg)
{
	const struct checkindex *x = arg;
	struct known_nodes none = {.whole = false};
	struct hdf_file *f;
	char **name;
	size_t i, n;

	if (!finding_step("hdf5", x->path, "/edges"))
		return;
	f = hdf_open(x->path);
	name = hdf_names(f, "/edges", &n);
	for (i = 0; i < n; i++) {
		struct checkrows p = {
			.file = f,
			.sort = EDGES,
			.name = name[i],
			.known = &none,
			.memory = x->memory,
			.root = format("/edges/%s", name[i]),
		};
		char *ids = checkrows_path(&p, "source_node_id");

		p.n = hdflook_dataset(f, ids).extent[0];
		if (hdf_is_group(f, p.root))
			checkindex_population(&p);
		free(ids);
		free(p.root);
	}
	hdf_free_names(name, n);
	hdf_close(f);
}
