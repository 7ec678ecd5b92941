#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "hdf.h"
#include "spikes.h"
#include "text.h"
#include "util.h"

#define MOST ((size_t)1 << 16) /* spikes in a batch */

/* The spikes of one population in HDF5; id is NULL if there are none. */
struct train {
	hid_t file;
	struct column *id, *time;
	double unit_ms;
	uint32_t population;
};

static const char *const id_names[] = {"node_ids", "gids", "node_id", "gid",
				       NULL};
static const char *const time_names[] = {"timestamps", "timestamp", NULL};

enum { TIME, ID, POPULATION };

/* The dataset with one of these names in a group, or NULL; and its units, if it
 * says any. */
static struct column *
find_column(const struct train *t, const char *path, const char *group,
	    const char *const *names, char **units)
{
	struct column *c = NULL;
	size_t i;

	for (i = 0; names[i] && !c; i++) {
		char *s = format("%s/%s", group, names[i]);

		c = hdf_column(t->file, path, s);
		if (c && units)
			*units = hdf_attribute(t->file, s, "units");
		free(s);
	}
	return c;
}

/* Files that do not say have ms. */
static double
in_ms(const struct column *c, const char *units)
{
	static const struct {
		const char *name;
		double ms;
	} known[] = {{"ms", 1},   {"millisecond", 1}, {"milliseconds", 1},
		     {"s", 1000}, {"second", 1000},   {"seconds", 1000}};
	size_t i;

	for (i = 0; units && i < LEN(known); i++)
		if (!strcmp(units, known[i].name))
			return known[i].ms;
	if (units && *units)
		die("%s: neither in ms nor in s: '%s'", c->path, units);
	return 1;
}

/* An empty dataset may be of any kind: h5py writes an empty list as reals. */
static void
check_train(const struct train *t, const char *path, const char *group)
{
	if (!t->id != !t->time)
		die("%s: %s: no %s", path, group,
		    t->id ? time_names[0] : id_names[0]);
	if (t->id->n != t->time->n)
		die("%s: %llu rows where there are %llu times", t->id->path,
		    (unsigned long long)t->id->n,
		    (unsigned long long)t->time->n);
	if (t->id->n > 0 && t->id->kind != C_INT)
		die("%s: not integers", t->id->path);
	if (t->id->n > 0 && t->time->kind == C_TEXT)
		die("%s: not numbers", t->time->path);
}

/* A group without datasets is a population without spikes. */
static void
open_train(struct spikes *s, hid_t file, const char *group, const char *name)
{
	struct train t = {.file = file};
	char *units = NULL;

	t.id = find_column(&t, s->path, group, id_names, NULL);
	t.time = find_column(&t, s->path, group, time_names, &units);
	if (t.id || t.time) {
		check_train(&t, s->path, group);
		t.unit_ms = in_ms(t.time, units);
	}
	if (t.id || *name) {
		t.population = label(&s->population, name);
		s->train =
			grow(s->train, &s->mtrains, s->ntrains + 1, sizeof t);
		s->train[s->ntrains++] = t;
	}
	free(units);
}

static void
open_hdf(struct spikes *s)
{
	hid_t file = hdf_open(s->path);
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
	free_names(name, n);
	H5Fclose(file); /* its datasets hold it open */
	s->row = zeros(MOST, sizeof *s->row);
	s->value = zeros(MOST, sizeof *s->value);
}

static void
open_table(struct spikes *s)
{
	s->text = zeros(1, sizeof *s->text);
	text_open(s->text, s->path, " \t,");
	s->column[ID] = text_column(s->text, id_names);
	s->column[TIME] = text_column(s->text, time_names);
	s->column[POPULATION] = text_find(s->text, "population");
}

struct spikes *
open_spikes(const char *path)
{
	struct spikes *s = zeros(1, sizeof *s);
	char head[512];

	s->path = path;
	s->time_ms = zeros(MOST, sizeof *s->time_ms);
	s->node_id = zeros(MOST, sizeof *s->node_id);
	s->of = zeros(MOST, sizeof *s->of);
	if (looks_like_hdf(head, first_bytes(path, head, sizeof head)))
		open_hdf(s);
	else
		open_table(s);
	return s;
}

static void
read_train(struct spikes *s, const struct train *t)
{
	struct arena none = {0};
	size_t i;

	column_ints(t->id, s->next, s->n, s->node_id);
	for (i = 0; i < s->n; i++)
		s->row[i] = s->next + i;
	column_values(t->time, s->row, s->n, s->value, &none);
	for (i = 0; i < s->n; i++) {
		const struct value *v = &s->value[i];

		s->time_ms[i] = t->unit_ms *
				(v->kind == V_REAL ? v->as.r : (double)v->as.i);
		s->of[i] = t->population;
		if (s->node_id[i] < 0)
			die("%s: row %llu: negative: '%lld'", t->id->path,
			    (unsigned long long)s->row[i],
			    (long long)s->node_id[i]);
		if (!isfinite(s->time_ms[i]))
			die("%s: row %llu: not a number", t->time->path,
			    (unsigned long long)s->row[i]);
	}
}

static void
next_in_hdf(struct spikes *s)
{
	const struct train *t;
	uint64_t left;

	for (s->n = 0; s->n == 0 && s->current < s->ntrains;) {
		t = &s->train[s->current];
		left = t->id ? t->id->n - s->next : 0;
		s->n = left < MOST ? (size_t)left : MOST;
		if (s->n > 0) {
			read_train(s, t);
			s->next += s->n;
		} else {
			s->current++;
			s->next = 0;
		}
	}
}

static void
next_in_table(struct spikes *s)
{
	struct text *t = s->text;
	size_t of = s->column[POPULATION];

	for (s->n = 0; s->n < MOST && text_next(t); s->n++) {
		s->time_ms[s->n] = text_num(t, s->column[TIME]);
		if (!parse_int(t->field[s->column[ID]], &s->node_id[s->n]) ||
		    s->node_id[s->n] < 0)
			text_bad(t, s->column[ID], "not the id of a node");
		s->of[s->n] = label(&s->population,
				    of == NO_FIELD ? "" : t->field[of]);
	}
}

bool
next_spikes(struct spikes *s)
{
	if (s->text)
		next_in_table(s);
	else
		next_in_hdf(s);
	return s->n > 0;
}

void
close_spikes(struct spikes *s)
{
	size_t i;

	for (i = 0; i < s->ntrains; i++) {
		column_close(s->train[i].id);
		column_close(s->train[i].time);
	}
	if (s->text)
		text_close(s->text);
	free_labels(&s->population);
	free(s->train);
	free(s->text);
	free(s->time_ms);
	free(s->node_id);
	free(s->of);
	free(s->row);
	free(s->value);
	free(s);
}
