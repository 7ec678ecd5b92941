#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/checkreport.h"
#include "check/checkrows.h"
#include "check/finding.h"
#include "sonata/hdflook.h"

/* A report, and where its parts are. */
struct report_part {
	const struct hdf_file *file;
	char *group;      /* of the data */
	char *mapping;    /* of the rest */
	const char *name; /* of its population, "" if it has none */
	struct known_nodes *known;
	uint64_t frames, columns; /* of the data */
};

static char *
inside(const char *dir, const char *name)
{
	return format("%s/%s", dir, name);
}

/* ---- A dataset of numbers in one row ---- */

/* Look at a dataset, of which a report may do without some; false if it is not
 * there or cannot be read. */
static bool
look_at(const struct report_part *r, const char *dir, const char *name,
	bool needed, struct hdflook *d)
{
	char *path = inside(dir, name);

	*d = hdflook_dataset(r->file, path);
	if (!d->there && needed)
		finding_add("report-layout", r->file->path, dir, 1, "no %s",
			    name);
	else if (d->there &&
		 (d->is_group || d->rank > 1 || d->kind > LOOK_REAL))
		finding_add("dataset", r->file->path, path, 1,
			    "not numbers in one dimension");
	free(path);
	return d->there && !d->is_group && d->rank <= 1 &&
	       d->kind <= LOOK_REAL && checkrows_fit(r->file, dir, d->values);
}

static void
check_units(const struct report_part *r, const char *path)
{
	char *units = hdf_attribute(r->file, path, "units");

	if (!units || !*units)
		finding_add("report-units", r->file->path, path, 1, "no units");
	free(units);
}

/* ---- Times ---- */

static void
check_frames(const struct report_part *r, const char *path, const double v[3])
{
	double all = (v[1] - v[0]) / v[2];

	/* A step of 0.1 and a sum of steps leave so much. */
	if (fabs(all - (double)r->frames) > 0.5 + 1e-6 * all)
		finding_add("report-frames", r->file->path, path, 1,
			    "%" PRIu64 " frames from %g to %g by %g", r->frames,
			    v[0], v[1], v[2]);
}

static void
check_time(const struct report_part *r, const char *dir)
{
	struct hdflook d;
	char *path = inside(dir, "time");
	struct hdf_column *c;
	double v[3];

	if (look_at(r, dir, "time", true, &d) && d.extent[0] == 3) {
		check_units(r, path);
		c = hdf_column(r->file, path);
		hdf_column_reals(c, 0, 3, v);
		hdf_column_close(c);
		if (isfinite(v[0]) && isfinite(v[1]) && v[2] > 0 &&
		    isfinite(v[2]) && v[1] >= v[0])
			check_frames(r, path, v);
		else
			finding_add("report-time", r->file->path, path, 1,
				    "no start, stop and step: %g %g %g", v[0],
				    v[1], v[2]);
	} else if (d.there && d.extent[0] != 3) {
		finding_add("report-time", r->file->path, path, 1,
			    "%" PRIu64 " values rather than start, stop and "
			    "step",
			    d.extent[0]);
	}
	free(path);
}

/* ---- Nodes and pointers ---- */

/* The name that a dataset has in this file; other is that of old ones. */
static const char *
called(const struct report_part *r, const char *name, const char *other)
{
	char *path = inside(r->mapping, name);
	char *old = inside(r->mapping, other);
	bool is_old = !hdf_has(r->file, path) && hdf_has(r->file, old);

	if (is_old)
		finding_add("report-layout", r->file->path, old, 1,
			    "'%s' rather than '%s'", other, name);
	free(old);
	free(path);
	return is_old ? other : name;
}

static void
scan_nodes(const struct report_part *r, const char *path, bool sorted)
{
	struct known_population *nodes = known_find(r->known, r->name);
	struct checkrows_fault lost = {0}, order = {0}, range = {0};
	struct hdf_column *c = hdf_column(r->file, path);
	int64_t *v = zeros(CHECKROWS_BATCH, sizeof *v), last = INT64_MIN;
	uint64_t first;
	size_t i, n;

	for (first = 0; first < c->n; first += n) {
		n = checkrows_batch(c->n, first);
		hdf_column_unchecked(c, first, n, v);
		for (i = 0; i < n; last = v[i++]) {
			if (v[i] < 0)
				checkrows_note(&range, first + i, v[i]);
			else if (nodes && !known_has_node(nodes, v[i]))
				checkrows_note(&lost, first + i, v[i]);
			if (sorted && v[i] < last)
				checkrows_note(&order, first + i, v[i]);
		}
	}
	hdf_column_close(c);
	free(v);
	finding_add("id-range", r->file->path, path, range.count,
		    "row %" PRIu64 ": below 0, or 2^63 and above", range.row);
	finding_add("report-id", r->file->path, path, lost.count,
		    "row %" PRIu64 ": no node '%" PRId64 "' in population '%s'",
		    lost.row, lost.value, r->name);
	finding_add("report-sorted", r->file->path, path, order.count,
		    "row %" PRIu64 ": '%" PRId64 "' after a greater id",
		    order.row, order.value);
}

static uint64_t
check_nodes(const struct report_part *r)
{
	const char *name = called(r, "node_ids", "gids");
	char *path = inside(r->mapping, name);
	struct hdflook d, a;
	double sorted = 0;

	if (look_at(r, r->mapping, name, true, &d)) {
		a = hdflook_attribute(r->file, path, "sorted", &sorted, 1);
		if (a.kind == LOOK_ENUM) {
			char *word = hdf_attribute(r->file, path, "sorted");

			sorted = word && !strcmp(word, "TRUE");
			free(word);
		}
		if (d.values > 0 && d.kind != LOOK_INT)
			finding_add("id-type", r->file->path, path, d.values,
				    "not integers");
		scan_nodes(r, path, sorted != 0);
	}
	free(path);
	return d.extent[0];
}

static void
scan_pointers(const struct report_part *r, const char *path, bool ends)
{
	struct hdf_column *c = hdf_column(r->file, path);
	int64_t *v = zeros(CHECKROWS_BATCH, sizeof *v), last = 0;
	struct checkrows_fault f = {0};
	uint64_t first;
	size_t i, n;

	for (first = 0; first < c->n; first += n) {
		n = checkrows_batch(c->n, first);
		hdf_column_unchecked(c, first, n, v);
		for (i = 0; i < n; last = v[i++])
			if (v[i] < last || (uint64_t)v[i] > r->columns ||
			    (first + i == 0 && v[i] != 0))
				checkrows_note(&f, first + i, v[i]);
	}
	if (ends && f.count == 0 && (uint64_t)last != r->columns)
		checkrows_note(&f, c->n - 1, last);
	finding_add("report-pointers", r->file->path, path, f.count,
		    "row %" PRIu64 ": '%" PRId64 "', where the data have "
		    "%" PRIu64 " columns",
		    f.row, f.value, r->columns);
	hdf_column_close(c);
	free(v);
}

static void
check_pointers(const struct report_part *r, uint64_t nodes)
{
	const char *name = called(r, "index_pointers", "index_pointer");
	char *path = inside(r->mapping, name);
	struct hdflook d;

	if (look_at(r, r->mapping, name, true, &d)) {
		if (d.extent[0] == nodes)
			finding_add("report-pointer-count", r->file->path, path,
				    1, "as many as nodes, %" PRIu64, nodes);
		else if (d.extent[0] != nodes + 1)
			finding_add("report-pointers", r->file->path, path, 1,
				    "%" PRIu64 " rows for %" PRIu64 " nodes",
				    d.extent[0], nodes);
		scan_pointers(r, path, d.extent[0] > nodes);
	}
	free(path);
}

static void
check_elements(const struct report_part *r)
{
	const char *names[] = {called(r, "element_ids", "element_id"),
			       "element_pos"};
	struct hdflook d;
	size_t k;

	for (k = 0; k < LEN(names); k++)
		if (look_at(r, r->mapping, names[k], k == 0, &d) &&
		    d.extent[0] != r->columns) {
			char *path = inside(r->mapping, names[k]);

			finding_add("report-length", r->file->path, path, 1,
				    "%" PRIu64 " rows, but the data have "
				    "%" PRIu64 " columns",
				    d.extent[0], r->columns);
			free(path);
		}
}

/* ---- All of one ---- */

static bool
open_data(struct report_part *r)
{
	char *path = inside(r->group, "data");
	struct hdflook d = hdflook_dataset(r->file, path);
	bool fine = d.there && !d.is_group && d.rank >= 1 && d.rank <= 2 &&
		    d.kind <= LOOK_REAL;

	r->frames = d.extent[0];
	r->columns = d.extent[1];
	if (!d.there)
		finding_add("report-layout", r->file->path, r->group, 1,
			    "no data");
	else if (!fine)
		finding_add("dataset", r->file->path, path, 1,
			    "not numbers in two dimensions");
	if (fine)
		check_units(r, path);
	free(path);
	return fine;
}

static void
check_cells(struct report_part *r)
{
	if (!*r->name)
		finding_add("report-layout", r->file->path, r->mapping, 1,
			    "a report of no population");
	else if (r->known->whole && !known_find(r->known, r->name))
		finding_add("report-id", r->file->path, r->group, 1,
			    "no population of nodes '%s'", r->name);
	if (!open_data(r))
		return;
	check_time(r, r->mapping);
	check_pointers(r, check_nodes(r));
	check_elements(r);
}

/* Channels are told by their number; square data are as BMTK writes them. */
static void
check_channels(struct report_part *r)
{
	char *data = inside(r->group, "data");
	struct hdflook d;

	if (open_data(r) && look_at(r, r->group, "channel_id", true, &d)) {
		if (d.extent[0] != r->columns && d.extent[0] == r->frames)
			r->frames = r->columns;
		else if (d.extent[0] == r->columns)
			finding_add("report-layout", r->file->path, data, 1,
				    "times by channels rather than channels by "
				    "times");
		else
			finding_add("report-length", r->file->path, data, 1,
				    "neither dimension is that of the "
				    "%" PRIu64 " channels",
				    d.extent[0]);
		check_time(r, r->group);
	}
	free(data);
}

/* ---- Where they are ---- */

static void
check_part(const struct hdf_file *f, const char *group, const char *mapping,
	   const char *name, struct known_nodes *known)
{
	struct report_part r = {f, copy(group), copy(mapping), name, known, 0,
				0};

	if (finding_step("hdf5", f->path, *group ? group : "/")) {
		if (*mapping)
			check_cells(&r);
		else
			check_channels(&r);
	}
	free(r.group);
	free(r.mapping);
}

/* The group with the data of an old file: "" or "/v", in new memory. */
static char *
old_group(const struct hdf_file *f)
{
	size_t i, n;
	char **name = hdf_names(f, "/", &n), *group = NULL;

	for (i = 0; i < n && !group; i++) {
		char *path = format("/%s/data", name[i]);

		if (hdf_has(f, path))
			group = format("/%s", name[i]);
		free(path);
	}
	hdf_free_names(name, n);
	return group ? group : copy("");
}

static bool
has_channels(const struct hdf_file *f)
{
	return hdf_has(f, "/ecp/data") ||
	       (hdf_has(f, "/data") && hdf_has(f, "/channel_id"));
}

bool
checkreport_is_one(const struct hdf_file *f)
{
	return hdf_is_group(f, "/report") || hdf_is_group(f, "/mapping") ||
	       has_channels(f);
}

void
checkreport_file(const struct hdf_file *f, struct known_nodes *known)
{
	size_t i, n;
	char **name = hdf_names(f, "/report", &n), *group, *mapping;

	for (i = 0; i < n; i++) {
		group = format("/report/%s", name[i]);
		mapping = format("%s/mapping", group);
		check_part(f, group, mapping, name[i], known);
		free(mapping);
		free(group);
	}
	hdf_free_names(name, n);
	if (n == 0 && hdf_is_group(f, "/mapping")) {
		group = old_group(f);
		check_part(f, group, "/mapping", "", known);
		free(group);
	}
	if (n == 0 && has_channels(f))
		check_part(f, hdf_has(f, "/ecp/data") ? "/ecp" : "", "", "",
			   known);
}
