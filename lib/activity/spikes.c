#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "activity/spikes.h"
#include "files.h"
#include "rows.h"
#include "sonata/hdfchunk.h"
#include "util.h"

#define MOST ((size_t)1 << 16) /* spikes in a batch */

/* The spikes of one population in HDF5; id is NULL if it has none. */
struct train {
	struct hdf_column *id, *time;
	struct hdfchunk unpacker;
	bool in_seconds;
	char *sorting;
	uint32_t population;
};

/* Spikes as text. */
struct spike_table {
	struct rows rows;
	size_t at[3];
	struct rows_column column[3];
	int64_t *population;
	uint64_t *line;
};

static const char *const id_names[] = {"node_ids", "gids", "node_id", "gid",
				       NULL};
static const char *const time_names[] = {"timestamps", "timestamp", NULL};
static const char *const population_names[] = {"population", NULL};

enum { TIME, ID, POPULATION };

/* ---- HDF5 ---- */

/* An empty dataset may be of any kind: h5py writes an empty list as reals. */
static void
check_train(const struct train *t, const char *path, const char *group)
{
	if (!t->id != !t->time)
		die("%s: %s: no %s", path, group,
		    t->id ? time_names[0] : id_names[0]);
	if (t->id->n != t->time->n)
		die("%s: %" PRIu64 " rows where there are %" PRIu64 " times",
		    t->id->path, t->id->n, t->time->n);
	if (t->id->n > 0 && t->id->kind != C_INT)
		die("%s: not integers", t->id->path);
	if (t->id->n > 0 && t->time->kind == C_TEXT)
		die("%s: not numbers", t->time->path);
}

/* In most files the group has the attribute, in some the ids do. */
static char *
find_sorting(const struct hdf_file *file, const char *group,
	     const struct hdf_column *ids)
{
	char *s = hdf_attribute(file, group, "sorting");

	return s ? s : hdf_column_attribute(ids, file, "sorting");
}

/* A group without datasets is a population without spikes. */
static void
open_train(struct spikes *s, const struct hdf_file *file, const char *group,
	   const char *name)
{
	struct train t = {
		.id = hdf_any_column(file, group, id_names),
		.time = hdf_any_column(file, group, time_names),
	};

	if (t.id || t.time) {
		check_train(&t, s->path, group);
		t.in_seconds = hdf_column_in_seconds(t.time, file);
		t.sorting = find_sorting(file, group, t.id);
	}
	if (t.id || *name) {
		t.population = label(&s->population, name);
		s->train =
			grow(s->train, &s->mtrains, s->ntrains + 1, sizeof t);
		s->train[s->ntrains++] = t;
	}
}

static void
open_hdf(struct spikes *s)
{
	struct hdf_file *file = hdf_open(s->path);
	char **name;
	size_t i, n;

	if (!hdf_is_group(file, "/spikes"))
		die("%s: no group /spikes in it", s->path);
	name = hdf_names(file, "/spikes", &n);
	open_train(s, file, "/spikes", "");
	for (i = 0; i < n; i++) {
		char *group = format("/spikes/%s", name[i]);

		if (hdf_is_group(file, group))
			open_train(s, file, group, name[i]);
		free(group);
	}
	hdf_free_names(name, n);
	hdf_close(file);
}

static void
check_row(const struct spikes *s, const struct train *t, size_t i)
{
	if (s->node_id[i] < 0)
		die("%s: row %" PRIu64 ": negative: '%" PRId64 "'", t->id->path,
		    s->next + i, s->node_id[i]);
	if (!isfinite(s->time_ms[i]))
		die("%s: row %" PRIu64 ": not a number", t->time->path,
		    s->next + i);
}

/* A thousand times 1.001 is not 1001: a time of no more than nine decimals is
 * meant as these, and a quotient of whole numbers that are exact is the double
 * nearest to it. */
static double
from_seconds(double s)
{
	double parts = rint(s * 1e9);

	if (fabs(parts) < 9e15 && parts / 1e9 == s)
		return parts / 1e6;
	return s * 1000;
}

static void
read_train(struct spikes *s, struct train *t)
{
	size_t i;

	hdfchunk_ids(t->id, s->next, s->n, s->node_id, &t->unpacker);
	hdf_column_check(t->id, s->next, s->n, s->node_id);
	hdf_column_reals(t->time, s->next, s->n, s->time_ms);
	for (i = 0; i < s->n; i++) {
		if (t->in_seconds)
			s->time_ms[i] = from_seconds(s->time_ms[i]);
		s->of[i] = t->population;
		if (s->node_id[i] < 0 || !isfinite(s->time_ms[i]))
			check_row(s, t, i);
	}
}

static void
next_in_hdf(struct spikes *s)
{
	struct train *t;
	uint64_t rows, first, end, left;

	for (s->n = 0; s->n == 0 && s->current < s->ntrains;) {
		t = &s->train[s->current];
		rows = t->id ? t->id->n : 0;
		opt_shard(&s->shard, rows, &first, &end);
		s->next = s->next < first ? first : s->next;
		left = end - s->next;
		s->n = left < MOST ? (size_t)left : MOST;
		if (s->n > 0) {
			read_train(s, t);
			s->next += s->n;
		} else {
			s->current++;
			s->next = 0;
			s->rows += rows;
		}
	}
}

static void
close_hdf(struct spikes *s)
{
	size_t i;

	for (i = 0; i < s->ntrains; i++) {
		hdf_column_close(s->train[i].id);
		hdf_column_close(s->train[i].time);
		hdfchunk_free(&s->train[i].unpacker);
		free(s->train[i].sorting);
	}
	free(s->train);
}

/* ---- Text ---- */

static bool
find_places(struct spike_table *t)
{
	t->at[TIME] = rows_find_any(&t->rows, time_names);
	t->at[ID] = rows_find_any(&t->rows, id_names);
	t->at[POPULATION] = rows_find_any(&t->rows, population_names);
	return t->at[TIME] != NO_COLUMN && t->at[ID] != NO_COLUMN;
}

/* Is what should be a header a time and an id? */
static bool
is_spike(const struct rows *r)
{
	double time, id;

	return r->n == 2 && parse_num(r->name[0], &time) &&
	       parse_num(r->name[1], &id);
}

/* BMTK separates fields by spaces, and reads files without a header. */
static void
open_names(struct spike_table *t)
{
	if (find_places(t))
		return;
	rows_loosen(&t->rows, " \t,");
	if (find_places(t))
		return;
	if (!is_spike(&t->rows))
		rows_column(&t->rows, t->at[ID] == NO_COLUMN ? id_names[0]
							     : time_names[0]);
	rows_disown_header(&t->rows);
	t->at[TIME] = 0;
	t->at[ID] = 1;
	warn("%s: no header: columns taken for timestamps and node_ids",
	     t->rows.path);
}

static void
open_table(struct spikes *s, size_t before)
{
	struct spike_table *t = s->table = zeros(1, sizeof *t);

	rows_open(&t->rows, s->path);
	s->path = t->rows.path;
	t->rows.taken = before;
	open_names(t);
	if (t->at[POPULATION] == NO_COLUMN)
		label(&s->population, "");
	t->population = zeros(MOST, sizeof *t->population);
	t->line = zeros(MOST, sizeof *t->line);
	t->column[TIME] = (struct rows_column){
		.column = t->at[TIME], .kind = ROWS_NUM, .real = s->time_ms};
	t->column[ID] = (struct rows_column){
		.column = t->at[ID], .kind = ROWS_INT, .value = s->node_id};
	t->column[POPULATION] =
		(struct rows_column){.column = t->at[POPULATION],
				     .kind = ROWS_LABEL,
				     .labels = &s->population,
				     .value = t->population};
}

static void
check_record(const struct spikes *s, size_t i)
{
	const struct spike_table *t = s->table;

	if (s->node_id[i] < 0)
		die("%s:%" PRIu64
		    ": column '%s': not the id of a node: '%" PRId64 "'",
		    s->path, t->line[i], t->rows.name[t->at[ID]],
		    s->node_id[i]);
	if (!isfinite(s->time_ms[i]))
		die("%s:%" PRIu64 ": column '%s': not a finite number: '%g'",
		    s->path, t->line[i], t->rows.name[t->at[TIME]],
		    s->time_ms[i]);
}

static void
next_in_table(struct spikes *s)
{
	struct spike_table *t = s->table;
	bool named = t->at[POPULATION] != NO_COLUMN;
	size_t i;

	s->n = rows_batch(&t->rows, t->column, named ? 3 : 2, t->line, MOST);
	for (i = 0; i < s->n; i++) {
		s->of[i] = (uint32_t)t->population[i];
		if (s->node_id[i] < 0 || !isfinite(s->time_ms[i]))
			check_record(s, i);
	}
}

static void
close_table(struct spike_table *t)
{
	rows_close(&t->rows);
	free(t->population);
	free(t->line);
	free(t);
}

/* ---- Both ---- */

static bool
names_any(const char *line, const char *const *names)
{
	static const char between[] = " \t,\"";
	size_t n;

	for (; *line; line += n) {
		const char *const *name = names;

		line += strspn(line, between);
		n = strcspn(line, between);
		while (*name &&
		       (strlen(*name) != n || strncmp(line, *name, n) != 0))
			name++;
		if (*name)
			return true;
	}
	return false;
}

/* A line is cut to pieces. */
static bool
is_two_numbers(char *line)
{
	const char *word;
	size_t n = 0;
	double v;

	while ((word = strsep(&line, " \t,"))) {
		if (*word && !parse_num(word, &v))
			return false;
		n += *word != '\0';
	}
	return n == 2;
}

/* A text has columns as open_names() looks for them. */
static const char *
text_fault(char *head, size_t n)
{
	bool time, id;

	if (memchr(head, '\0', n))
		return "not text";
	head[strcspn(head, "\r\n")] = '\0';
	time = names_any(head, time_names);
	id = names_any(head, id_names);
	if ((time && id) || is_two_numbers(head))
		return NULL;
	return time ? "not spikes: no column 'node_ids'"
		    : "not spikes: no column 'timestamps'";
}

const char *
spikes_fault(const char *path)
{
	const char *fault = files_fault(path);
	char head[4096] = "";
	size_t n = fault ? 0 : files_first_bytes(path, head, sizeof head - 1);
	struct hdf_file *file;

	if (fault || !hdf_looks_like(head, n))
		return fault ? fault : text_fault(head, n);
	file = hdf_open(path);
	if (!hdf_is_group(file, "/spikes"))
		fault = "not spikes: no group /spikes";
	hdf_close(file);
	return fault;
}

static bool
is_hdf(const char *path)
{
	char head[8];

	return path && strcmp(path, "-") != 0 &&
	       hdf_looks_like(head, files_first_bytes(path, head, sizeof head));
}

struct spikes *
spikes_open(const char *path, size_t before)
{
	struct spikes *s = zeros(1, sizeof *s);

	s->path = path;
	s->time_ms = zeros(MOST, sizeof *s->time_ms);
	s->node_id = zeros(MOST, sizeof *s->node_id);
	s->of = zeros(MOST, sizeof *s->of);
	if (is_hdf(path))
		open_hdf(s);
	else
		open_table(s, before);
	return s;
}

/* Leave those of the shard; how many there were. */
static size_t
sift(struct spikes *s)
{
	size_t i, n = s->n;

	s->n = 0;
	for (i = 0; i < n; i++, s->rows++) {
		if (s->shard.parts > 1 &&
		    s->rows % s->shard.parts != s->shard.part)
			continue;
		s->time_ms[s->n] = s->time_ms[i];
		s->node_id[s->n] = s->node_id[i];
		s->of[s->n++] = s->of[i];
	}
	return n;
}

bool
spikes_next(struct spikes *s)
{
	if (!s->table) {
		next_in_hdf(s);
		return s->n > 0;
	}
	do
		next_in_table(s);
	while (sift(s) > 0 && s->n == 0);
	return s->n > 0;
}

const char *
spikes_sorting(const struct spikes *s, uint32_t population)
{
	size_t i;

	for (i = 0; i < s->ntrains; i++)
		if (s->train[i].population == population)
			return s->train[i].sorting;
	return NULL;
}

void
spikes_close(struct spikes *s)
{
	if (s->table)
		close_table(s->table);
	close_hdf(s);
	labels_free(&s->population);
	free(s->time_ms);
	free(s->node_id);
	free(s->of);
	free(s);
}
