#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "activity/report.h"
#include "opt.h"
#include "sonata/hdfplane.h"
#include "util.h"

#define BLOCK ((size_t)1 << 21) /* values */

/* Columns that are not wanted are read with those around them, unless there are
 * more of them than fit into a page, which the disk reads as a whole anyway. */
#define GAP 512

static const char *const id_names[] = {"node_ids", "gids", "node_id", NULL};
static const char *const pointer_names[] = {"index_pointers", "index_pointer",
					    NULL};
static const char *const element_names[] = {"element_ids", "element_id", NULL};
static const char *const pos_names[] = {"element_pos", NULL};
static const char *const source_names[] = {"src_ids", NULL};
static const char *const channel_names[] = {"channel_id", "channel_ids", NULL};
static const char *const time_names[] = {"time", NULL};
static const char *const axis_names[][3] = {
	{"x", "x_pos", NULL}, {"y", "y_pos", NULL}, {"z", "z_pos", NULL}};

/* Where in a file the parts of a report are. */
struct report_place {
	struct hdf_file *file;
	const char *data, *mapping; /* groups, without a slash at the end */
};

static struct hdf_column *
need_column(const struct report_place *at, const char *group,
	    const char *const *names)
{
	struct hdf_column *c = hdf_any_column(at->file, group, names);

	if (!c)
		die("%s: %s: no %s", at->file->path, *group ? group : "/",
		    names[0]);
	return c;
}

/* Read numbers of rows, or ids, none of which may be less than this. */
static int64_t *
read_ids_from(const struct hdf_column *c, int64_t least)
{
	int64_t *v = zeros((size_t)c->n, sizeof *v);
	size_t i;

	hdf_column_ints(c, 0, (size_t)c->n, v);
	for (i = 0; i < c->n; i++)
		if (v[i] < least)
			die("%s: row %zu: negative: '%" PRId64 "'", c->path, i,
			    v[i]);
	return v;
}

static int64_t *
read_ids_of(const struct hdf_column *c)
{
	return read_ids_from(c, 0);
}

static double *
read_reals(const struct hdf_column *c)
{
	double *v = zeros((size_t)c->n, sizeof *v);
	size_t i;

	hdf_column_reals(c, 0, (size_t)c->n, v);
	for (i = 0; i < c->n; i++)
		if (!isfinite(v[i]))
			die("%s: row %zu: not a number", c->path, i);
	return v;
}

/* ---- The data ---- */

/* BMTK says of NEURON's v only that it is that. */
static char *
find_units(const struct report_place *at, const char *data)
{
	char *units = hdf_attribute(at->file, data, "units"), *variable;

	if (units && *units)
		return units;
	free(units);
	variable = hdf_attribute(at->file, data, "variable");
	units = variable && !strcmp(variable, "v") ? copy("mV") : NULL;
	free(variable);
	return units;
}

static void
open_data(struct report *r, const struct report_place *at)
{
	char *name = format("%s/data", at->data);

	r->data = hdfplane_open(at->file, name);
	if (!r->data)
		die("%s: %s: no data", at->file->path, at->data);
	r->path = copy(r->data->path);
	r->floats = r->data->floats;
	r->units = find_units(at, name);
	free(name);
}

/* ---- Times ---- */

/* Is v a whole number of so many parts of one, as far as the bytes that it is
 * stored in can tell? */
static bool
has_parts(double v, double parts, size_t size)
{
	double near = rint(v * parts) / parts;

	return fabs(v * parts) < 9e15 &&
	       (size == sizeof(float) ? (float)near == (float)v : near == v);
}

static void
find_tics(struct report *r, double start, double step, size_t size)
{
	double parts = 1;

	while (parts < 1e9 &&
	       !(has_parts(start, parts, size) && has_parts(step, parts, size)))
		parts *= 10;
	if (!has_parts(start, parts, size) || !has_parts(step, parts, size))
		return;
	r->tics_in_one = parts;
	r->tics = rint(start * parts);
	r->tics_step = rint(step * parts);
}

void
report_set_unit(struct report *r, double unit_ms)
{
	r->unit_ms = unit_ms;
	r->start_ms = unit_ms * r->start;
	r->step_ms = unit_ms * r->step;
}

static void
take_times(struct report *r, const struct report_place *at, const char *group)
{
	struct hdf_column *c = hdf_any_column(at->file, group, time_names);
	double *v;

	if (!c)
		return;
	if (c->n != 3)
		die("%s: not a start, a stop and a step", c->path);
	v = read_reals(c);
	if (v[2] <= 0)
		die("%s: row 2: not a step: '%g'", c->path, v[2]);
	r->has_times = true;
	r->start = v[0];
	r->step = v[2];
	report_set_unit(r, hdf_column_unit_ms(c, at->file, &r->other_units));
	find_tics(r, v[0], v[2], c->kind == C_REAL ? c->size : 8);
	free(v);
	hdf_column_close(c);
}

void
report_set_times(struct report *r, double step_ms)
{
	r->has_times = true;
	r->unit_ms = 1;
	r->start_ms = r->step > 0 ? r->start / r->step * step_ms : 0;
	r->step_ms = step_ms;
	r->tics_in_one = 0;
	find_tics(r, r->start_ms, step_ms, sizeof(double));
}

double
report_time(const struct report *r, uint64_t frame)
{
	double tics = r->tics + (double)frame * r->tics_step;

	if (r->tics_in_one == 0 || fabs(tics) > 9e12)
		return r->start_ms + (double)frame * r->step_ms;
	return tics * r->unit_ms / r->tics_in_one;
}

/* The first frame that is not before a time. */
static uint64_t
frame_at(const struct report *r, double ms)
{
	uint64_t low = 0, high = r->frames;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (report_time(r, middle) < ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
report_find_frames(const struct report *r, double from, double to,
		   uint64_t *first, uint64_t *end)
{
	*first = frame_at(r, from);
	*end = frame_at(r, to);
}

/* ---- Which element a column is ---- */

/* Pointers say where each node's columns begin, and where the last one's end.
 */
static void
check_pointers(const char *path, const int64_t *all, size_t nodes,
	       size_t columns)
{
	int64_t last = 0;
	size_t i;

	for (i = 0; i <= nodes; last = all[i++]) {
		if (all[i] < last)
			die("%s: row %zu: '%" PRId64 "' after '%" PRId64 "'",
			    path, i, all[i], last);
		if ((uint64_t)all[i] > columns)
			die("%s: row %zu: '%" PRId64 "', but the data have "
			    "%zu columns",
			    path, i, all[i], columns);
	}
	if (columns > 0 && (all[0] != 0 || last != (int64_t)columns))
		die("%s: column %" PRId64 " of the data is no node's", path,
		    all[0] != 0 ? 0 : last);
}

/* Files may leave out the end; where there are no pointers, each node has a
 * column. */
static int64_t *
read_pointers(const struct report *r, const struct report_place *at,
	      size_t nodes)
{
	struct hdf_column *c =
		hdf_any_column(at->file, at->mapping, pointer_names);
	int64_t *all = zeros(nodes + 1, sizeof *all);
	size_t i;

	all[nodes] = (int64_t)r->columns;
	if (!c && nodes != r->columns)
		die("%s: %s: no %s", at->file->path, at->mapping,
		    pointer_names[0]);
	for (i = 0; !c && i < nodes; i++)
		all[i] = (int64_t)i;
	if (!c)
		return all;
	if (c->n != nodes && c->n != nodes + 1)
		die("%s: %" PRIu64 " rows for %zu nodes", c->path, c->n, nodes);
	hdf_column_ints(c, 0, (size_t)c->n, all);
	check_pointers(c->path, all, nodes, r->columns);
	hdf_column_close(c);
	return all;
}

static void
take_nodes(struct report *r, const struct report_place *at)
{
	struct hdf_column *c = need_column(at, at->mapping, id_names);
	size_t nodes = (size_t)c->n, i;
	int64_t *id = read_ids_of(c), *pointer, k;

	pointer = read_pointers(r, at, nodes);
	r->id = zeros(r->columns, sizeof *r->id);
	for (i = 0; i < nodes; i++) {
		for (k = pointer[i]; k < pointer[i + 1]; k++)
			r->id[k] = id[i];
		r->compartments |= pointer[i + 1] - pointer[i] > 1;
	}
	free(pointer);
	free(id);
	hdf_column_close(c);
}

static void
check_size(const struct report *r, const struct hdf_column *c)
{
	if (c->n != r->columns)
		die("%s: %" PRIu64 " rows, but the data have %zu columns",
		    c->path, c->n, r->columns);
}

static void
take_elements(struct report *r, const struct report_place *at)
{
	struct hdf_column *id =
		hdf_any_column(at->file, at->mapping, element_names);
	struct hdf_column *pos =
		hdf_any_column(at->file, at->mapping, pos_names);
	struct hdf_column *source =
		hdf_any_column(at->file, at->mapping, source_names);

	if (id) {
		check_size(r, id);
		r->element_id = read_ids_from(id, source ? -1 : 0);
	}
	if (pos) {
		check_size(r, pos);
		r->element_pos = read_reals(pos);
	}
	if (source) {
		check_size(r, source);
		r->source_gid = read_ids_from(source, -1);
	}
	hdf_column_close(id);
	hdf_column_close(pos);
	hdf_column_close(source);
}

/* BMTK's first files of electrodes have the step as an attribute. */
static void
take_old_step(struct report *r, const struct report_place *at)
{
	double step;

	if (r->has_times || !hdf_attribute_num(at->file, "/", "dt", &step))
		return;
	if (!(step > 0 && isfinite(step)))
		die("%s: attribute dt: not a step", at->file->path);
	report_set_times(r, step);
}

/* The dimension of the channels is the one with as many as there are channel
 * numbers; square data are taken to be as BMTK writes them. */
static void
take_channels(struct report *r, const struct report_place *at)
{
	struct hdf_column *c = need_column(at, at->data, channel_names);
	const uint64_t *extent = r->data->extent;
	size_t k;

	r->across =
		extent[1] != c->n && extent[0] == c->n && r->data->rank == 2;
	if (extent[1] != c->n && !r->across)
		die("%s: %" PRIu64 " rows, but the data are %" PRIu64
		    " x %" PRIu64,
		    c->path, c->n, extent[0], extent[1]);
	if (c->n > 1 && extent[0] == extent[1])
		warn("%s: as many frames as channels: taken as time x channels",
		     r->path);
	r->columns = (size_t)c->n;
	r->id = read_ids_of(c);
	hdf_column_close(c);
	for (k = 0; k < 3; k++) {
		c = hdf_any_column(at->file, at->data, axis_names[k]);
		if (!c)
			continue;
		check_size(r, c);
		r->at[k] = read_reals(c);
		hdf_column_close(c);
	}
}

/* ---- All of a file ---- */

/* Plan which columns are read together, and where each element is in them. */
static void
plan_runs(struct report *r)
{
	struct report_run *last;
	size_t i;

	r->nruns = r->wide = 0;
	for (i = 0; i < r->n; i++) {
		size_t column = r->column[i];

		last = r->nruns ? &r->run[r->nruns - 1] : NULL;
		if (!last || column > last->first + last->n + GAP) {
			r->run = grow(r->run, &r->mruns, r->nruns + 1,
				      sizeof *r->run);
			last = &r->run[r->nruns++];
			*last = (struct report_run){column, 0};
		}
		r->wide += column + 1 - last->first - last->n;
		last->n = column + 1 - last->first;
		r->place[i] = r->wide - 1;
	}
}

static void
append(struct reports *all, struct report r)
{
	all->report = grow(all->report, &all->cap, all->n + 1, sizeof r);
	all->report[all->n++] = r;
}

static void
add_report(struct reports *all, const struct report_place *at, const char *name)
{
	struct report r = {.name = copy(name), .of_channels = !at->mapping};
	size_t i;

	open_data(&r, at);
	r.columns = (size_t)r.data->extent[1];
	if (r.of_channels) {
		take_channels(&r, at);
		take_times(&r, at, at->data);
		take_old_step(&r, at);
	} else {
		take_nodes(&r, at);
		take_elements(&r, at);
		take_times(&r, at, at->mapping);
	}
	r.frames = r.data->extent[r.across ? 1 : 0];
	r.chunk = r.data->chunk[r.across ? 1 : 0];
	r.n = r.columns;
	r.column = zeros(r.n, sizeof *r.column);
	r.place = zeros(r.n, sizeof *r.place);
	for (i = 0; i < r.n; i++)
		r.column[i] = i;
	plan_runs(&r);
	r.population = copy(strncmp(at->data, "/report/", 8) ? "" : name);
	append(all, r);
}

/* What a file has: the groups of /report, or in old files those at the root
 * that have data; or one report without a name. */
struct contents {
	struct report_place at;
	const char *in; /* "/report" or "" */
	char **name;
	size_t n;
};

static void
list_groups(struct contents *c, const char *in)
{
	char **all;
	size_t n, i;

	c->in = in;
	all = hdf_names(c->at.file, *in ? in : "/", &n);
	c->name = zeros(n, sizeof *c->name);
	for (i = 0; i < n; i++) {
		char *group = format("%s/%s", in, all[i]);
		char *data = format("%s/data", group);

		if (hdf_is_group(c->at.file, group) &&
		    (*in || hdf_has(c->at.file, data)))
			c->name[c->n++] = copy(all[i]);
		free(group);
		free(data);
	}
	hdf_free_names(all, n);
	if (c->n == 0)
		die("%s: no report in it", c->at.file->path);
}

static void
list_contents(struct contents *c)
{
	const struct hdf_file *file = c->at.file;

	c->at.data = c->in = "";
	if (hdf_is_group(file, "/report"))
		list_groups(c, "/report");
	else if (hdf_is_group(file, "/ecp"))
		c->at.data = "/ecp";
	else if (hdf_is_group(file, "/mapping"))
		c->at.mapping = "/mapping";
	else if (!hdf_has(file, "/data") || !hdf_has(file, "/channel_id"))
		die("%s: no group /report in it, nor /ecp, nor /mapping",
		    c->at.file->path);
	if (c->at.mapping && !hdf_has(file, "/data"))
		list_groups(c, "");
}

static bool
is_empty(const struct hdf_file *file, const char *group)
{
	size_t n;
	char **name = hdf_names(file, group, &n);

	hdf_free_names(name, n);
	return n == 0;
}

/* A group with nothing in it is a population of which nothing was recorded. */
static void
open_group(struct reports *all, const struct contents *c, const char *name)
{
	struct report_place at = c->at;
	char *group = format("%s/%s", c->in, name);
	char *mapping = format("%s/mapping", *c->in ? group : "");

	at.data = group;
	at.mapping = mapping;
	if (is_empty(c->at.file, group))
		append(all, (struct report){.population = copy(name),
					    .name = copy(name),
					    .path = copy(c->at.file->path),
					    .has_times = true});
	else
		add_report(all, &at, name);
	free(group);
	free(mapping);
}

/* Variables of the same cells would not be told apart. */
static void
check_variables(const struct contents *c)
{
	char *names = NULL;
	size_t i;

	if (c->n < 2 || strcmp(c->in, "") != 0)
		return;
	for (i = 0; i < c->n; i++)
		names = join(names, c->name[i]);
	die("%s: several variables, choose one by -p: %s", c->at.file->path,
	    names);
}

static void
open_all(struct reports *all, const struct contents *c)
{
	size_t i;

	check_variables(c);
	if (c->n == 0)
		add_report(all, &c->at, "");
	for (i = 0; i < c->n; i++)
		open_group(all, c, c->name[i]);
}

static void
open_named(struct reports *all, const struct contents *c, const char *name)
{
	char *names = NULL;
	size_t i;

	for (i = 0; i < all->n; i++)
		if (!strcmp(all->report[i].name, name))
			misuse("--population: '%s' is there twice", name);
	for (i = 0; i < c->n; i++) {
		if (!strcmp(c->name[i], name)) {
			open_group(all, c, name);
			free(names);
			return;
		}
		names = join(names, c->name[i]);
	}
	die("%s: no population '%s'%s%s", c->at.file->path, name,
	    names ? ", only: " : "", names ? names : " in it");
}

void
report_open(struct reports *all, const char *path, const struct opt_list *names)
{
	struct contents c = {.at = {.file = hdf_open(path)}};
	size_t i;

	*all = (struct reports){0};
	list_contents(&c);
	if (names->n == 0)
		open_all(all, &c);
	for (i = 0; i < names->n; i++)
		open_named(all, &c, names->item[i]);
	hdf_free_names(c.name, c.n);
	hdf_close(c.at.file);
}

void
report_keep(struct report *r, const bool *keep)
{
	size_t i, k, n = 0;

	for (i = 0; i < r->n; i++) {
		if (!keep[i])
			continue;
		r->id[n] = r->id[i];
		r->column[n] = r->column[i];
		if (r->element_id)
			r->element_id[n] = r->element_id[i];
		if (r->element_pos)
			r->element_pos[n] = r->element_pos[i];
		if (r->source_gid)
			r->source_gid[n] = r->source_gid[i];
		for (k = 0; k < 3; k++)
			if (r->at[k])
				r->at[k][n] = r->at[k][i];
		n++;
	}
	r->n = n;
	plan_runs(r);
}

void
report_close(struct reports *all)
{
	size_t i, k;

	for (i = 0; i < all->n; i++) {
		struct report *r = &all->report[i];

		hdfplane_close(r->data);
		free(r->population);
		free(r->name);
		free(r->path);
		free(r->units);
		free(r->other_units);
		free(r->id);
		free(r->element_id);
		free(r->element_pos);
		free(r->source_gid);
		for (k = 0; k < 3; k++)
			free(r->at[k]);
		free(r->column);
		free(r->run);
		free(r->place);
		free(r->value);
	}
	free(all->report);
	*all = (struct reports){0};
}

/* ---- Blocks ---- */

/* Time goes down or across the data, and does the same in what is read. */
static void
read_frames(struct report *r, const struct report_block *b)
{
	const struct hdfplane_span frames = {b->first, b->n, b->every};
	int time = r->across ? 1 : 0;
	struct hdfplane_span part[2];
	uint64_t room[2], at[2] = {0, 0};
	size_t i;

	r->stride = r->across ? 1 : r->wide;
	r->apart = r->across ? b->n : 1;
	r->value = grow(r->value, &r->mvalue, b->n * r->wide, sizeof(double));
	part[time] = frames;
	room[time] = b->n;
	room[1 - time] = r->wide;
	for (i = 0; i < r->nruns; at[1 - time] += r->run[i++].n) {
		part[1 - time] =
			(struct hdfplane_span){r->run[i].first, r->run[i].n, 1};
		hdfplane_read(r->data, part, room, at, r->value);
	}
}

bool
report_next(struct report_block *b, struct report *const *r, size_t n)
{
	uint64_t chunk = 1, span, end;
	size_t wide = 1, i;

	b->next += (b->every - b->next % b->every) % b->every;
	if (b->next >= b->end)
		return false;
	for (i = 0; i < n; i++) {
		wide += r[i]->wide;
		chunk = r[i]->chunk > chunk ? r[i]->chunk : chunk;
	}
	span = (BLOCK / wide + 1) * (b->every < b->end ? b->every : b->end);
	end = span < b->end - b->next ? b->next + span : b->end;
	if (end < b->end && end / chunk > b->next / chunk)
		end -= end % chunk;
	b->first = b->next;
	b->n = (size_t)((end - b->first + b->every - 1) / b->every);
	b->next = end;
	for (i = 0; i < n; i++)
		read_frames(r[i], b);
	return true;
}
