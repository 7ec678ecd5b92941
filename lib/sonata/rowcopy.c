#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/hdfcopy.h"
#include "sonata/hdflook.h"
#include "sonata/reading.h"
#include "sonata/rowcopy.h"
#include "util.h"

/* A dataset whose rows are copied: those of the population, or of a group. */
struct rowcopy_column {
	struct hdfcopy *copy;
	size_t group; /* its place, or ngroups for the population */
};

struct rowcopy {
	const struct sonata_population *p;
	struct hdfwrite *to;
	char *root;
	const char *but;
	uint64_t rows, *count, *done; /* count and done: of each group */
	struct rowcopy_column *column;
	size_t n, cap;
	struct hdfwrite_sink *group_id, *group_index;
	struct hdfcopy_room room;

	/* The batch: its groups, and the rows in them, group by group. */
	struct reading *reading;
	size_t id, index, mplace, msorted;
	size_t *place, *begin;
	uint64_t *sorted;
};

struct rowcopy *
rowcopy_start(const struct sonata_population *p)
{
	static const char *const names[][2] = {
		{"node_group_id", "node_group_index"},
		{"edge_group_id", "edge_group_index"}};
	struct rowcopy *c = zeros(1, sizeof *c);

	c->p = p;
	c->count = zeros(p->ngroups + 1, sizeof *c->count);
	c->done = zeros(p->ngroups + 1, sizeof *c->done);
	c->begin = zeros(p->ngroups + 2, sizeof *c->begin);
	c->reading = reading_start(p, false);
	c->id = c->index = NO_ATTRIBUTE;
	if (p->group_id)
		c->id = reading_want(c->reading, names[p->ref->sort][0]);
	if (p->group_index)
		c->index = reading_want(c->reading, names[p->ref->sort][1]);
	return c;
}

/* ---- Groups of a batch ---- */

static int64_t
value_of(const struct rowcopy *c, size_t k, size_t i)
{
	const struct hdf_value *v = &c->reading->v[k][i];

	if (v->kind != V_INT || v->as.i < 0)
		die("%s: %s: row %llu: a group's number that is none",
		    c->p->ref->path, c->p->root,
		    (unsigned long long)c->reading->row[i]);
	return v->as.i;
}

static size_t
place_of(const struct rowcopy *c, size_t i)
{
	int64_t number = c->id == NO_ATTRIBUTE ? 0 : value_of(c, c->id, i);
	size_t g = ids_sorted(c->p->group, c->p->ngroups, number);

	if (g == SIZE_MAX && c->p->ngroups > 0)
		die("%s: %s: row %llu: there is no group %lld", c->p->ref->path,
		    c->p->root, (unsigned long long)c->reading->row[i],
		    (long long)number);
	return g == SIZE_MAX ? 0 : g;
}

/* Which group each row is of, and where each group's rows will begin. */
static void
find_places(struct rowcopy *c, const uint64_t *row, size_t n)
{
	size_t i, g;

	c->place = grow(c->place, &c->mplace, n, sizeof *c->place);
	memset(c->begin, 0, (c->p->ngroups + 2) * sizeof *c->begin);
	if (c->id != NO_ATTRIBUTE || c->index != NO_ATTRIBUTE)
		reading_rows(c->reading, row, n);
	for (i = 0; i < n; i++) {
		c->place[i] = place_of(c, i);
		c->begin[c->place[i] + 1]++;
	}
	for (g = 1; g < c->p->ngroups + 2; g++)
		c->begin[g] += c->begin[g - 1];
}

void
rowcopy_count(struct rowcopy *c, const uint64_t *row, size_t n)
{
	size_t g;

	find_places(c, row, n);
	for (g = 0; g < c->p->ngroups; g++)
		c->count[g] += c->begin[g + 1] - c->begin[g];
	c->rows += n;
}

uint64_t
rowcopy_rows(const struct rowcopy *c)
{
	return c->rows;
}

/* ---- Datasets ---- */

static bool
is_one_of(const char *s, const char *const *names)
{
	while (*names && strcmp(s, *names) != 0)
		names++;
	return *names;
}

/* Glial edges name synapses by their numbers, which rows are. */
static void
refuse_numbers(const struct rowcopy *c, const char *dataset)
{
	char *edges = hdf_attribute(c->p->file, dataset, "edge_population");

	if (edges)
		die("%s: %s: numbers of edges of '%s', which would be others "
		    "in the cut",
		    c->p->ref->path, dataset, edges);
}

static void
add_column(struct rowcopy *c, const char *from, const char *as, size_t group)
{
	uint64_t rows = group < c->p->ngroups ? c->count[group] : c->rows;

	refuse_numbers(c, from);
	c->column = grow(c->column, &c->cap, c->n + 1, sizeof *c->column);
	c->column[c->n++] = (struct rowcopy_column){
		hdfcopy_rows(c->p->file, c->to, from, as, rows), group};
}

/* Is there a dataset or group of this name, rather than a link alone? */
static bool
is_there(const struct rowcopy *c, const char *path, const struct hdflook *d)
{
	if (!d->there)
		warn("%s: %s: a link to nothing, which is left out",
		     c->p->ref->path, path);
	return d->there;
}

/* Datasets in a group have a row for each element; what is in another group
 * than that of parameters is of none of them, as is a library. */
static void
/* NOLINTNEXTLINE(misc-no-recursion): a group in a group, and no further */
open_group(struct rowcopy *c, const char *from, const char *as, size_t group,
	   bool inner)
{
	size_t i, n;
	char **name = hdf_names(c->p->file, from, &n);

	hdfwrite_group(c->to, as);
	hdfcopy_attributes(c->p->file, c->to, from, as, NULL);
	for (i = 0; i < n; i++) {
		char *path = format("%s/%s", from, name[i]);
		char *new = format("%s/%s", as, name[i]);
		struct hdflook d = hdflook_dataset(c->p->file, path);

		if (!is_there(c, path, &d))
			;
		else if (!inner && d.is_group &&
			 !strcmp(name[i], "dynamics_params"))
			open_group(c, path, new, group, true);
		else if (d.is_group || d.rank < 1)
			hdfcopy_object(c->p->file, c->to, path, new);
		else if (!c->but || strcmp(name[i], c->but) != 0)
			add_column(c, path, new, group);
		free(new);
		free(path);
	}
	hdf_free_names(name, n);
}

static void
open_groups(struct rowcopy *c)
{
	size_t g;

	for (g = 0; g < c->p->ngroups; g++) {
		char *from = format("%s/%lld", c->p->root,
				    (long long)c->p->group[g]);
		char *as =
			format("%s/%lld", c->root, (long long)c->p->group[g]);

		open_group(c, from, as, g, false);
		free(as);
		free(from);
	}
}

/* The rest of the population: rows of its own, or something else. */
static void
open_member(struct rowcopy *c, const char *name)
{
	static const char *const others[] = {"node_id",
					     "source_node_id",
					     "target_node_id",
					     "source_ids",
					     "target_ids",
					     "indices",
					     "indicies",
					     "incidies",
					     "node_group_index",
					     "edge_group_index",
					     NULL};
	char *from = format("%s/%s", c->p->root, name);
	char *as = format("%s/%s", c->root, name);
	struct hdflook d = hdflook_dataset(c->p->file, from);
	int64_t number;

	if (is_one_of(name, others) ||
	    (d.is_group && parse_int(name, &number)) || !is_there(c, from, &d))
		;
	else if (!d.is_group && d.rank > 0 && d.extent[0] == c->p->n)
		add_column(c, from, as, c->p->ngroups);
	else if (*c->p->root)
		hdfcopy_object(c->p->file, c->to, from, as);
	free(as);
	free(from);
}

static struct hdfwrite_sink *
open_sink(struct rowcopy *c, const char *name)
{
	char *path = format("%s/%s_group_%s", c->root,
			    c->p->ref->sort == NODES ? "node" : "edge", name);
	struct hdfwrite_sink *s = hdfwrite_sink(
		c->to, path, c->rows >> 32 ? SINK_U64 : SINK_U32, c->rows, 1);

	free(path);
	return s;
}

void
rowcopy_open(struct rowcopy *c, struct hdfwrite *to, const char *root,
	     const char *but)
{
	size_t i, n;
	char **name = hdf_names(c->p->file, *c->p->root ? c->p->root : "/", &n);

	c->to = to;
	c->root = copy(root);
	c->but = but;
	if (*root)
		hdfwrite_group(to, root);
	if (*c->p->root)
		hdfcopy_attributes(c->p->file, to, c->p->root, root, NULL);
	for (i = 0; i < n; i++)
		open_member(c, name[i]);
	open_groups(c);
	if (c->p->ngroups > 0 && !c->p->group_id)
		c->group_id = open_sink(c, "id");
	if (c->p->ngroups > 0 || c->p->group_index)
		c->group_index = open_sink(c, "index");
	hdf_free_names(name, n);
}

/* The rows of groups, group by group; in the new ones they are numbered as they
 * come. */
static void
sort_rows(struct rowcopy *c, const uint64_t *row, size_t n)
{
	size_t i;

	find_places(c, row, n);
	c->sorted = grow(c->sorted, &c->msorted, n, sizeof *c->sorted);
	for (i = 0; i < n; i++) {
		size_t g = c->place[i];

		c->sorted[c->begin[g]++] =
			c->index == NO_ATTRIBUTE
				? row[i]
				: (uint64_t)value_of(c, c->index, i);
		if (c->group_id)
			hdfwrite_int(c->group_id, 0);
		if (c->group_index)
			hdfwrite_int(c->group_index, (int64_t)c->done[g]);
		c->done[g]++;
	}
}

void
rowcopy_put(struct rowcopy *c, const uint64_t *row, size_t n)
{
	size_t k, g, from;

	if (n == 0)
		return;
	sort_rows(c, row, n);
	for (k = 0; k < c->n; k++) {
		g = c->column[k].group;
		from = g > 0 && g < c->p->ngroups ? c->begin[g - 1] : 0;
		if (g == c->p->ngroups)
			hdfcopy_put(c->column[k].copy, row, n, &c->room);
		else
			hdfcopy_put(c->column[k].copy, c->sorted + from,
				    c->begin[g] - from, &c->room);
	}
}

void
rowcopy_close(struct rowcopy *c)
{
	size_t k;

	for (k = 0; k < c->n; k++)
		hdfcopy_close(c->column[k].copy);
	if (c->group_id)
		hdfwrite_sink_close(c->group_id);
	if (c->group_index)
		hdfwrite_sink_close(c->group_index);
	reading_end(c->reading);
	hdfcopy_free(&c->room);
	free(c->column);
	free(c->sorted);
	free(c->place);
	free(c->begin);
	free(c->count);
	free(c->done);
	free(c->root);
	free(c);
}
