#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check/checkedges.h"
#include "check/checkrows.h"
#include "check/finding.h"
#include "sonata/hdfchunk.h"
#include "sonata/hdflook.h"
#include "sonata/reading.h"
#include "sonata/types.h"

static const char *const word[] = {"node", "edge"};

char *
checkrows_path(const struct checkrows *p, const char *name)
{
	return format("%s/%s", p->root, name);
}

size_t
checkrows_batch(uint64_t n, uint64_t first)
{
	return n - first < CHECKROWS_BATCH ? (size_t)(n - first)
					   : CHECKROWS_BATCH;
}

static bool
step(const struct checkrows *p, const char *name)
{
	char *path = *name ? checkrows_path(p, name) : copy(p->root);
	bool due = finding_step("hdf5", p->file->path, path);

	free(path);
	return due;
}

/* "node_type_id", of nodes or of edges, in new memory. */
static char *
of_sort(const struct checkrows *p, const char *what)
{
	return format("%s_%s", word[p->sort], what);
}

struct hdf_column *
checkrows_column(const struct checkrows *p, const char *name)
{
	char *path = checkrows_path(p, name);
	struct hdflook d = hdflook_dataset(p->file, path);
	struct hdf_column *c = NULL;

	if (d.there && !d.is_group && d.rank == 1 && d.extent[0] == p->n &&
	    (d.kind == LOOK_INT || d.kind == LOOK_REAL))
		c = hdf_column(p->file, path);
	free(path);
	return c;
}

bool
checkrows_fit(const struct hdf_file *f, const char *place, uint64_t n)
{
	struct stat file;

	if (stat(f->path, &file) < 0 || n / 1032 <= (uint64_t)file.st_size)
		return true;
	finding_add("size", f->path, place, 1,
		    "%" PRIu64 " values in a file of %lld bytes", n,
		    (long long)file.st_size);
	return false;
}

/* ---- Which datasets there are ---- */

/* The first of these that there is has the number of rows; false if there is
 * none. */
static bool
count_rows(struct checkrows *p)
{
	static const char *const names[][4] = {
		{"node_type_id", "node_id", "node_group_id", NULL},
		{"source_node_id", "target_node_id", "edge_type_id", NULL}};
	struct hdflook d = {0};
	size_t i;

	for (i = 0; names[p->sort][i] && !d.there; i++) {
		char *path = checkrows_path(p, names[p->sort][i]);

		d = hdflook_dataset(p->file, path);
		free(path);
	}
	p->n = d.extent[0];
	return d.there && !d.is_group;
}

/* Look at a dataset of the population; is it there? */
static bool
look_at(const struct checkrows *p, const char *name)
{
	char *path = checkrows_path(p, name);
	struct hdflook d = hdflook_dataset(p->file, path);
	const char *file = p->file->path;

	if (d.there && (d.is_group || d.rank > 1))
		finding_add("id-unread", file, path, 1,
			    "not a dataset of one dimension");
	else if (d.there && d.extent[0] != p->n)
		finding_add("length", file, path, 1,
			    "%" PRIu64 " rows where there are %" PRIu64,
			    d.extent[0], p->n);
	else if (d.there && d.kind == LOOK_TEXT && d.values > 0)
		finding_add("id-unread", file, path, p->n, "stored as texts");
	else if (d.there && d.kind != LOOK_INT && d.values > 0)
		finding_add("id-type", file, path, p->n, "%s",
			    d.kind == LOOK_REAL ? "stored as reals"
						: "not integers");
	free(path);
	return d.there;
}

static void
check_columns(const struct checkrows *p)
{
	char *type = of_sort(p, "type_id"), *group = of_sort(p, "group_id");
	char *index = of_sort(p, "group_index");
	bool grouped = look_at(p, group), indexed = look_at(p, index);
	const char *file = p->file->path;

	if (!look_at(p, type))
		finding_add("type-id-missing", file, p->root, 1, "no %s", type);
	if (!grouped || !indexed)
		finding_add("group-missing", file, p->root, 1, "no %s%s%s",
			    grouped ? "" : group,
			    grouped || indexed ? "" : " and no ",
			    indexed ? "" : index);
	if (p->sort == NODES && !look_at(p, "node_id"))
		finding_add("node-id-missing", file, p->root, 1,
			    "no node_id: an id is a row");
	if (p->sort == EDGES) {
		bool source = look_at(p, "source_node_id");

		if (!look_at(p, "target_node_id") || !source)
			finding_add("population", file, p->root, 1,
				    "no source_node_id or no target_node_id");
	}
	if (p->n > INT32_MAX)
		finding_add("id-wide", file, p->root, 1,
			    "%" PRIu64 " rows, which an int of 32 bits does "
			    "not count",
			    p->n);
	free(index);
	free(group);
	free(type);
}

/* ---- Groups ---- */

/* A group, as its rows have it. */
struct check_group {
	uint64_t rows, length;
	bool has_length; /* has it any dataset? */
};

/* A group's length is that of its longest dataset. */
static void
take_length(struct check_group *g, const struct hdflook *d)
{
	g->has_length = true;
	if (d->extent[0] > g->length)
		g->length = d->extent[0];
}

/* Look at the datasets of a group; once to find its length, and once to hold
 * them against it. */
static void
look_at_datasets(const struct checkrows *p, struct check_group *g,
		 const char *dir, bool compare)
{
	size_t i, n;
	char **name = hdf_names(p->file, dir, &n);

	for (i = 0; i < n; i++) {
		char *path = format("%s/%s", dir, name[i]);
		struct hdflook d = hdflook_dataset(p->file, path);
		bool wrong = d.rank > 2 || d.kind == LOOK_OTHER;

		if (d.is_group || !d.there)
			;
		else if (!compare && !wrong)
			take_length(g, &d);
		else if (compare && wrong)
			finding_add("dataset", p->file->path, path, 1,
				    "neither numbers nor texts, one a row");
		else if (compare && d.extent[0] != g->length)
			finding_add("group-length", p->file->path, path, 1,
				    "%" PRIu64 " rows where others of the "
				    "group have %" PRIu64,
				    d.extent[0], g->length);
		free(path);
	}
	hdf_free_names(name, n);
}

static void
check_lengths(const struct checkrows *p, struct check_group *g, const char *dir)
{
	char *dynamics = format("%s/dynamics_params", dir);
	int compare;

	for (compare = 0; compare < 2; compare++) {
		look_at_datasets(p, g, dir, compare);
		if (hdf_is_group(p->file, dynamics))
			look_at_datasets(p, g, dynamics, compare);
	}
	free(dynamics);
}

/* What rows are wrong; and the group of the row before, or SIZE_MAX. */
struct group_faults {
	struct checkrows_fault unknown, past, order;
	size_t last;
};

/* Look at a row: its group, and the index in it. */
static void
look_at_row(const struct checkrows *p, struct check_group *g, uint64_t row,
	    const int64_t at[2], struct group_faults *f)
{
	size_t k = ids_sorted(p->group, p->ngroups, at[0]);

	if (k == SIZE_MAX) {
		checkrows_note(&f->unknown, row, at[0]);
		return;
	}
	if (at[1] < 0 || (g[k].has_length && (uint64_t)at[1] >= g[k].length))
		checkrows_note(&f->past, row, at[1]);
	else if ((uint64_t)at[1] != g[k].rows ||
		 (k != f->last && g[k].rows > 0))
		checkrows_note(&f->order, row, at[1]);
	g[k].rows++;
	f->last = k;
}

static void
report_groups(const struct checkrows *p, const struct group_faults *f)
{
	const char *file = p->file->path;

	finding_add("group-unknown", file, p->root, f->unknown.count,
		    "row %" PRIu64 ": no group '%" PRId64 "'", f->unknown.row,
		    f->unknown.value);
	finding_add("group-index", file, p->root, f->past.count,
		    "row %" PRIu64 ": past the end of its group: '%" PRId64 "'",
		    f->past.row, f->past.value);
	finding_add("group-order", file, p->root, f->order.count,
		    "row %" PRIu64 ": not the next of its group: '%" PRId64 "'",
		    f->order.row, f->order.value);
}

/* Where the file has no groups or no indices, a row is of group 0 and has its
 * own number there. */
static void
scan_groups(const struct checkrows *p, struct check_group *g)
{
	char *name[2] = {of_sort(p, "group_id"), of_sort(p, "group_index")};
	struct group_faults f = {.last = SIZE_MAX};
	struct hdf_column *c[2];
	struct hdfchunk u[2] = {{0}};
	int64_t *v[2], at[2];
	uint64_t first;
	size_t i, k, n;

	for (k = 0; k < 2; k++) {
		c[k] = checkrows_column(p, name[k]);
		v[k] = zeros(CHECKROWS_BATCH, sizeof *v[k]);
	}
	for (first = 0; first < p->n; first += n) {
		n = checkrows_batch(p->n, first);
		for (k = 0; k < 2; k++)
			if (c[k])
				hdfchunk_ids(c[k], first, n, v[k], &u[k]);
		for (i = 0; i < n; i++) {
			at[0] = c[0] ? v[0][i] : 0;
			at[1] = c[1] ? v[1][i] : (int64_t)(first + i);
			look_at_row(p, g, first + i, at, &f);
		}
	}
	report_groups(p, &f);
	for (k = 0; k < 2; k++) {
		hdfchunk_free(&u[k]);
		hdf_column_close(c[k]);
		free(v[k]);
		free(name[k]);
	}
}

static void
check_groups(struct checkrows *p)
{
	struct check_group *g = zeros(p->ngroups + 1, sizeof *g);
	char *list = NULL;
	size_t i;

	for (i = 0; i < p->ngroups; i++) {
		char *number = format("%lld", (long long)p->group[i]);
		char *dir = checkrows_path(p, number);

		check_lengths(p, &g[i], dir);
		list = join(list, number);
		free(dir);
		free(number);
	}
	if (p->ngroups == 0)
		finding_add("group-absent", p->file->path, p->root, 1,
			    "no group 0");
	else if (p->ngroups > 1 || p->group[0] != 0)
		finding_add("single-group", p->file->path, p->root, p->ngroups,
			    "there are %s", list);
	if (p->ngroups > 0)
		scan_groups(p, g);
	free(list);
	free(g);
}

/* ---- Faults of types ---- */

/* Faults are told once for each kind. */
struct type_faults {
	struct {
		uint64_t count;
		char *first;
	} of[TYPES_BLANKS + 1];
};

static void
note_fault(void *arg, enum types_fault fault, size_t line, const char *what)
{
	struct type_faults *f = arg;

	if (f->of[fault].count++ > 0)
		return;
	f->of[fault].first =
		line ? format("line %zu: %s", line, what) : copy(what);
}

static void
forget_faults(struct type_faults *f)
{
	size_t i;

	for (i = 0; i <= TYPES_BLANKS; i++)
		free(f->of[i].first);
}

/* ---- Attributes ---- */

static void
check_codes(const struct checkrows *p, const char *path, const char *library)
{
	struct hdflook d = hdflook_dataset(p->file, path);
	struct hdflook names = hdflook_dataset(p->file, library);
	int64_t *v = zeros(CHECKROWS_BATCH, sizeof *v);
	struct checkrows_fault f = {0};
	struct hdf_column *c;
	uint64_t first;
	size_t i, n;

	if (names.is_group || names.kind != LOOK_TEXT)
		finding_add("enumeration", p->file->path, library, 1,
			    "a library that is not texts");
	if (!d.there || d.is_group || d.kind != LOOK_INT || d.rank != 1) {
		finding_add("enumeration", p->file->path, library, 1,
			    "a library of no dataset of integers");
		free(v);
		return;
	}
	c = hdf_column(p->file, path);
	for (first = 0; first < c->n; first += n) {
		n = checkrows_batch(c->n, first);
		hdf_column_unchecked(c, first, n, v);
		for (i = 0; i < n; i++)
			if (v[i] < 0 || (uint64_t)v[i] >= names.extent[0])
				checkrows_note(&f, first + i, v[i]);
	}
	finding_add("enumeration", p->file->path, path, f.count,
		    "row %" PRIu64 ": code %" PRId64 " is none of the %" PRIu64
		    " in its library",
		    f.row, f.value, names.extent[0]);
	hdf_column_close(c);
	free(v);
}

/* Have the types of edges a column of this name? */
static bool
types_have(const struct checkrows *p, const char *column)
{
	struct type_faults none = {0};
	struct types_look look = {note_fault, &none};
	struct types *t =
		p->types ? types_look(p->types, "edge_type_id", p->name, &look)
			 : NULL;
	bool has = t && type_find_property(t, column) != NO_TYPE;

	forget_faults(&none);
	types_free(t);
	return has;
}

/* Can an edge be a gap junction?  That needs no delay. */
static bool
may_be_gap(const struct checkrows *p, int64_t group)
{
	char *path =
		format("%s/%lld/is_gap_junction", p->root, (long long)group);
	bool may = hdf_has(p->file, path) || types_have(p, "is_gap_junction");

	free(path);
	return may;
}

/* The rows of a group that are not gap junctions and have no delay. */
static struct checkrows_fault
find_undelayed(const struct checkrows *p, int64_t group)
{
	struct sonata_network *net =
		sonata_open_network(p->file->path, "types", p->types);
	struct sonata_population *edges =
		sonata_open(sonata_find(net, EDGES, p->name));
	struct reading *r = reading_start(edges, false);
	size_t delay = reading_want(r, "delay"), i, n;
	size_t gap = reading_want(r, "is_gap_junction");
	size_t in = reading_want(r, "edge_group_id");
	struct checkrows_fault f = {0};
	uint64_t first;

	for (first = 0; first < p->n; first += n) {
		n = checkrows_batch(p->n, first);
		reading_range(r, first, n);
		for (i = 0; i < n; i++) {
			double ms = NAN;
			bool is_gap = false;

			reading_num(&r->v[delay][i], &ms);
			reading_flag(&r->v[gap][i], &is_gap);
			if (!isfinite(ms) && !is_gap &&
			    r->v[in][i].as.i == group)
				checkrows_note(&f, first + i, 0);
		}
	}
	reading_end(r);
	sonata_close(edges);
	return f;
}

static void
check_delays(const struct checkrows *p, int64_t group, const char *path)
{
	struct hdflook d = hdflook_dataset(p->file, path);
	struct checkrows_fault nan = {0}, negative = {0};
	struct hdf_column *c;
	double *v;
	uint64_t first;
	size_t i, n;

	if (!d.there || d.is_group || d.rank != 1 ||
	    (d.kind != LOOK_INT && d.kind != LOOK_REAL))
		return;
	v = zeros(CHECKROWS_BATCH, sizeof *v);
	c = hdf_column(p->file, path);
	for (first = 0; first < c->n; first += n) {
		n = checkrows_batch(c->n, first);
		hdf_column_reals(c, first, n, v);
		for (i = 0; i < n; i++)
			if (!isfinite(v[i]))
				checkrows_note(&nan, first + i, 0);
			else if (v[i] < 0)
				checkrows_note(&negative, first + i, 0);
	}
	if (nan.count > 0 && may_be_gap(p, group))
		nan = find_undelayed(p, group);
	finding_add("delay-nan", p->file->path, path, nan.count,
		    "row %" PRIu64 ": not finite", nan.row);
	finding_add("delay-negative", p->file->path, path, negative.count,
		    "row %" PRIu64 ": below 0", negative.row);
	hdf_column_close(c);
	free(v);
}

static void
check_group_attributes(const struct checkrows *p, int64_t group)
{
	char *dir = format("%s/%lld", p->root, (long long)group);
	char *library = format("%s/@library", dir);
	char *delay = format("%s/delay", dir);
	size_t i, n = 0;
	char **name = NULL;

	finding_step("hdf5", p->file->path, dir);
	if (!finding_failed())
		name = hdf_names(p->file, library, &n);
	for (i = 0; i < n; i++) {
		char *codes = format("%s/%s", dir, name[i]);
		char *names = format("%s/%s", library, name[i]);

		if (finding_step("hdf5", p->file->path, codes))
			check_codes(p, codes, names);
		free(names);
		free(codes);
	}
	if (p->sort == EDGES && finding_step("hdf5", p->file->path, delay))
		check_delays(p, group, delay);
	hdf_free_names(name, n);
	free(delay);
	free(library);
	free(dir);
}

/* ---- Types ---- */

static void
report_faults(const char *path, struct type_faults *f)
{
	static const char *const rule[] = {
		[TYPES_UNREAD] = "types-unread",
		[TYPES_FIELDS] = "types-field",
		[TYPES_QUOTE] = "types-quote",
		[TYPES_ID] = "types-id",
		[TYPES_DUPLICATE] = "types-duplicate",
		[TYPES_SEPARATOR] = "types-separator",
		[TYPES_BLANKS] = "types-blanks"};
	size_t i;

	for (i = 0; i < LEN(rule); i++) {
		finding_add(rule[i], path, "", f->of[i].count, "%s",
			    f->of[i].first ? f->of[i].first : "");
	}
	forget_faults(f);
}

static void
scan_types(const struct checkrows *p, const char *name, const struct types *t)
{
	struct hdf_column *c = checkrows_column(p, name);
	int64_t *v = zeros(CHECKROWS_BATCH, sizeof *v);
	struct checkrows_fault f = {0}, none = {0};
	int64_t last = -1;
	bool known = true;
	uint64_t first;
	size_t i, n;

	for (first = 0; c && first < p->n; first += n) {
		n = checkrows_batch(p->n, first);
		hdf_column_unchecked(c, first, n, v);
		for (i = 0; i < n; i++) {
			if (v[i] != last)
				known = v[i] == -1 ||
					type_find(t, v[i]) != NO_TYPE;
			last = v[i];
			if (!known)
				checkrows_note(&f, first + i, v[i]);
			else if (v[i] == -1 && type_find(t, -1) == NO_TYPE)
				checkrows_note(&none, first + i, -1);
		}
	}
	finding_add("type-none", p->file->path, p->root, none.count,
		    "row %" PRIu64 ": type '-1'", none.row);
	finding_add("type-unknown", p->file->path, p->root, f.count,
		    "row %" PRIu64 ": type '%" PRId64 "' is not in '%s'", f.row,
		    f.value, p->types);
	hdf_column_close(c);
	free(v);
}

static void
check_types(const struct checkrows *p)
{
	struct type_faults f = {0};
	struct types_look look = {note_fault, &f};
	char *key = of_sort(p, "type_id");
	struct types *t = types_look(p->types, key, p->name, &look);

	report_faults(p->types, &f);
	if (t)
		scan_types(p, key, t);
	types_free(t);
	free(key);
}

/* ---- Ids of nodes ---- */

static void
report_duplicates(const struct checkrows *p, const char *path, uint64_t n)
{
	finding_add("node-id-duplicate", p->file->path, path, n,
		    "ids that are there more than once");
}

/* Ids that ascend show their duplicates; others are sorted. */
static uint64_t
count_duplicates(const struct hdf_column *c)
{
	int64_t *v = zeros((size_t)c->n, sizeof *v);
	uint64_t n = 0;
	uint32_t *order, i, bad;
	struct ids *ids;

	hdf_column_unchecked(c, 0, (size_t)c->n, v);
	ids = ids_try(v, (size_t)c->n, &bad);
	order = ids->order;
	for (i = 1; order && i < ids->n; i++)
		n += ids->id[order[i]] == ids->id[order[i - 1]];
	ids_free(ids);
	return n;
}

static void
scan_ids(const struct checkrows *p, const struct hdf_column *c,
	 const char *path)
{
	struct checkrows_fault order = {0}, range = {0}, gap = {0}, wide = {0};
	int64_t *v = zeros(CHECKROWS_BATCH, sizeof *v), last = -1;
	const char *file = p->file->path;
	uint64_t first, same = 0;
	size_t i, n;

	for (first = 0; first < p->n; first += n) {
		n = checkrows_batch(p->n, first);
		hdf_column_unchecked(c, first, n, v);
		for (i = 0; i < n; last = v[i++]) {
			same += v[i] == last;
			if (v[i] < 0)
				checkrows_note(&range, first + i, v[i]);
			else if (v[i] < last)
				checkrows_note(&order, first + i, v[i]);
			if (v[i] != (int64_t)(first + i))
				checkrows_note(&gap, first + i, v[i]);
			if (v[i] > INT32_MAX)
				checkrows_note(&wide, first + i, v[i]);
		}
	}
	free(v);
	finding_add("id-range", file, path, range.count,
		    "row %" PRIu64 ": below 0, or 2^63 and above", range.row);
	report_duplicates(p, path,
			  order.count || range.count ? count_duplicates(c)
						     : same);
	finding_add("node-id-order", file, path, order.count,
		    "row %" PRIu64 ": '%" PRId64 "' after a greater id",
		    order.row, order.value);
	finding_add("id-wide", file, path, wide.count,
		    "row %" PRIu64 ": '%" PRId64 "'", wide.row, wide.value);
	finding_add("node-id-gap", file, path, gap.count,
		    "row %" PRIu64 ": '%" PRId64 "'", gap.row, gap.value);
}

static void
check_ids(const struct checkrows *p)
{
	struct hdf_column *c = checkrows_column(p, "node_id");
	char *path = checkrows_path(p, "node_id");

	if (c)
		scan_ids(p, c, path);
	hdf_column_close(c);
	free(path);
}

/* ---- All of it ---- */

static void
check_rows(struct checkrows *p)
{
	size_t i;

	if (step(p, "groups"))
		check_groups(p);
	for (i = 0; i < p->ngroups; i++)
		check_group_attributes(p, p->group[i]);
	if (p->types && finding_step("types-unread", p->types, ""))
		check_types(p);
	if (p->sort == NODES && step(p, "node_id"))
		check_ids(p);
	if (p->sort == EDGES)
		checkedges_population(p);
}

void
checkrows_population(struct checkrows *p)
{
	bool due;

	p->root = format("/%ss/%s", word[p->sort], p->name);
	due = step(p, "");
	if (!finding_failed() && !count_rows(p)) {
		finding_add("population", p->file->path, p->root, 1,
			    "no datasets that tell how many rows it has");
	} else if (!finding_failed() && checkrows_fit(p->file, p->root, p->n)) {
		p->group = known_groups(p->file, p->root, &p->ngroups);
		if (due)
			check_columns(p);
		check_rows(p);
	}
	free(p->group);
	free(p->root);
}
