#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/checkrows.h"
#include "check/checkspikes.h"
#include "check/finding.h"
#include "sonata/hdflook.h"

static const char *const id_names[] = {"node_ids", "gids", "node_id", "gid"};
static const char *const time_names[] = {"timestamps", "timestamp"};

/* The spikes of one population. */
struct spikes_part {
	const struct hdf_file *file;
	char *group;
	const char *name; /* "" in /spikes itself */
	char *ids, *times;
	const struct known_nodes *known;
	struct known_population *nodes; /* NULL: not known */
	double unit_ms;
};

/* The first of some names that a group has, as a path in new memory. */
static char *
find_dataset(const struct hdf_file *f, const char *group,
	     const char *const *name, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		char *path = format("%s/%s", group, name[i]);

		if (hdf_has(f, path) && !hdf_is_group(f, path))
			return path;
		free(path);
	}
	return NULL;
}

/* ---- How they are sorted ---- */

/* What the file says, in new memory, or NULL; an enumeration on the group is as
 * it should be. */
static char *
say_sorting(const struct spikes_part *s)
{
	const char *at[] = {s->group, s->ids, "/spikes"};
	char *sorting = NULL;
	size_t i;

	for (i = 0; i < LEN(at) && !sorting; i++) {
		struct hdflook a =
			hdflook_attribute(s->file, at[i], "sorting", NULL, 0);

		if (!a.there)
			continue;
		sorting = hdf_attribute(s->file, at[i], "sorting");
		if (a.kind != LOOK_ENUM || i > 0)
			finding_add("spikes-sorting-type", s->file->path, at[i],
				    1, "'%s' as %s", sorting ? sorting : "?",
				    a.kind == LOOK_TEXT   ? "a text"
				    : a.kind == LOOK_ENUM ? "an enumeration"
							  : "a number");
	}
	return sorting;
}

struct sorted {
	struct checkrows_fault by_time, by_id;
	double last;
	int64_t last_id;
};

static void
look_at_order(struct sorted *o, uint64_t row, double t, int64_t id)
{
	if (t < o->last)
		checkrows_note(&o->by_time, row, id);
	if (id < o->last_id || (id == o->last_id && t < o->last))
		checkrows_note(&o->by_id, row, id);
	o->last = t;
	o->last_id = id;
}

static void
compare_sorting(const struct spikes_part *s, const struct sorted *o)
{
	static const char *const time[] = {"by_time", "time"};
	static const char *const id[] = {"by_id", "by_gid", "id", "gid"};
	char *said = say_sorting(s);
	const struct checkrows_fault *f = NULL;
	size_t i;

	for (i = 0; said && i < LEN(time); i++)
		if (!strcmp(said, time[i]))
			f = &o->by_time;
	for (i = 0; said && i < LEN(id); i++)
		if (!strcmp(said, id[i]))
			f = &o->by_id;
	finding_add("spikes-sorting", s->file->path, s->group, f ? f->count : 0,
		    "row %" PRIu64 ": not sorted '%s'", f ? f->row : 0,
		    said ? said : "");
	if (said && !f && strcmp(said, "none") != 0)
		finding_add("spikes-sorting-type", s->file->path, s->group, 1,
			    "'%s' is no way of sorting", said);
	free(said);
}

/* ---- Row by row ---- */

struct spike_faults {
	struct checkrows_fault time, early, range, lost, late;
	struct sorted order;
};

static void
look_at_spike(const struct spikes_part *s, struct spike_faults *f, uint64_t row,
	      int64_t id, double t)
{
	if (!isfinite(t))
		checkrows_note(&f->time, row, id);
	if (t < 0)
		checkrows_note(&f->early, row, id);
	if (t * s->unit_ms > s->known->tstop_ms)
		checkrows_note(&f->late, row, id);
	if (id < 0)
		checkrows_note(&f->range, row, id);
	else if (s->nodes && !known_has_node(s->nodes, id))
		checkrows_note(&f->lost, row, id);
	look_at_order(&f->order, row, t, id);
}

static void
report_spikes(const struct spikes_part *s, const struct spike_faults *f)
{
	const char *file = s->file->path;

	finding_add("spikes-time", file, s->times, f->time.count,
		    "row %" PRIu64 ": not a number", f->time.row);
	finding_add("spikes-negative", file, s->times, f->early.count,
		    "row %" PRIu64 ": below 0", f->early.row);
	finding_add("spikes-tstop", file, s->times, f->late.count,
		    "row %" PRIu64 ": after tstop, which is %g ms", f->late.row,
		    s->known->tstop_ms);
	finding_add("id-range", file, s->ids, f->range.count,
		    "row %" PRIu64 ": below 0, or 2^63 and above",
		    f->range.row);
	finding_add("spikes-id", file, s->ids, f->lost.count,
		    "row %" PRIu64 ": no node '%" PRId64 "' in population '%s'",
		    f->lost.row, f->lost.value, s->name);
}

static void
scan_spikes(const struct spikes_part *s, const struct hdf_column *ids,
	    const struct hdf_column *times)
{
	int64_t *id = zeros(CHECKROWS_BATCH, sizeof *id);
	double *t = zeros(CHECKROWS_BATCH, sizeof *t);
	struct spike_faults f = {
		.order = {.last = -INFINITY, .last_id = INT64_MIN}};
	uint64_t first;
	size_t i, n;

	for (first = 0; first < ids->n; first += n) {
		n = checkrows_batch(ids->n, first);
		hdf_column_unchecked(ids, first, n, id);
		hdf_column_reals(times, first, n, t);
		for (i = 0; i < n; i++)
			look_at_spike(s, &f, first + i, id[i], t[i]);
	}
	report_spikes(s, &f);
	compare_sorting(s, &f.order);
	free(id);
	free(t);
}

/* ---- Datasets and what they say ---- */

static void
check_units(struct spikes_part *s)
{
	char *units = hdf_attribute(s->file, s->times, "units");

	s->unit_ms = 1;
	if (!units || !*units) {
		finding_add("spikes-units", s->file->path, s->times, 1,
			    "no units");
	} else if (strcmp(units, "ms") != 0) {
		finding_add("spikes-units", s->file->path, s->times, 1,
			    "units are '%s'", units);
		s->unit_ms = *units == 's' ? 1000 : 1;
	}
	free(units);
}

static void
check_names(const struct spikes_part *s)
{
	const char *file = s->file->path;
	const char *id = strrchr(s->ids, '/') + 1;
	const char *time = strrchr(s->times, '/') + 1;

	if (strcmp(id, id_names[0]) != 0)
		finding_add("spikes-layout", file, s->group, 1, "called %s",
			    id);
	if (strcmp(time, time_names[0]) != 0)
		finding_add("spikes-layout", file, s->group, 1, "called %s",
			    time);
	if (!*s->name)
		finding_add("spikes-layout", file, s->group, 1,
			    "spikes of no population");
	else if (s->known->whole && !known_find(s->known, s->name))
		finding_add("spikes-population", file, s->group, 1,
			    "no population of nodes '%s'", s->name);
}

static void
check_datasets(struct spikes_part *s)
{
	struct hdflook id = hdflook_dataset(s->file, s->ids);
	struct hdflook time = hdflook_dataset(s->file, s->times);
	const char *file = s->file->path;
	struct hdf_column *ids, *times;

	check_units(s);
	if (id.extent[0] != time.extent[0])
		finding_add("spikes-length", file, s->group, 1,
			    "%" PRIu64 " ids and %" PRIu64 " times",
			    id.extent[0], time.extent[0]);
	if (id.values > 0 && id.kind != LOOK_INT)
		finding_add("id-type", file, s->ids, id.values, "not integers");
	if (id.rank > 1 || time.rank > 1 || time.kind > LOOK_REAL ||
	    id.kind > LOOK_REAL) {
		finding_add("dataset", file, s->group, 1,
			    "not a number for each spike");
		return;
	}
	ids = hdf_column(s->file, s->ids);
	times = hdf_column(s->file, s->times);
	if (ids->n == times->n && checkrows_fit(s->file, s->group, ids->n))
		scan_spikes(s, ids, times);
	hdf_column_close(ids);
	hdf_column_close(times);
}

/* A population without spikes may be without datasets. */
static void
check_part(const struct hdf_file *f, const char *name,
	   const struct known_nodes *all)
{
	struct spikes_part s = {.file = f, .name = name, .known = all};

	s.nodes = known_find(all, name);
	s.group = format("/spikes%s%s", *name ? "/" : "", name);
	if (finding_step("hdf5", f->path, s.group) &&
	    hdf_is_group(f, s.group)) {
		s.ids = find_dataset(f, s.group, id_names, LEN(id_names));
		s.times = find_dataset(f, s.group, time_names, LEN(time_names));
		if (s.ids && s.times) {
			check_names(&s);
			check_datasets(&s);
		} else if (s.ids || s.times) {
			finding_add("spikes-length", f->path, s.group, 1,
				    "no %s", s.ids ? "timestamps" : "node_ids");
		}
	}
	free(s.ids);
	free(s.times);
	free(s.group);
}

void
checkspikes_file(const struct hdf_file *f, const struct known_nodes *known)
{
	size_t i, n;
	char **name = hdf_names(f, "/spikes", &n);

	check_part(f, "", known);
	for (i = 0; i < n; i++)
		check_part(f, name[i], known);
	hdf_free_names(name, n);
}
