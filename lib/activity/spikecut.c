#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activity/spikecut.h"
#include "activity/spikes.h"
#include "files.h"
#include "out.h"
#include "sonata/hdf.h"
#include "sonata/hdfwrite.h"
#include "util.h"

/* A population of the file. */
struct cut_train {
	const struct idmap_population *nodes; /* NULL: none is left */
	uint64_t n;
	double last;
	int64_t last_id;
	bool by_time, by_id;
	struct hdfwrite_sink *id, *time;
};

struct spikecut {
	const struct idmap *map;
	const char *nodes;
	struct spikes *spikes;
	struct cut_train *train;
	size_t ntrains, mtrains;
	FILE *text;
};

char *
spikecut_name(const char *input, size_t i, const char *from)
{
	char s[8] = "", *safe = copy(input), *p, *name;
	bool hdf = !files_fault(from) &&
		   hdf_looks_like(s, files_first_bytes(from, s, sizeof s));

	for (p = safe; (p = strpbrk(p, "/$\\"));)
		*p = '_';
	name = i == 0 ? format("input_%s%s", safe, hdf ? ".h5" : ".csv")
		      : format("input_%s_%zu%s", safe, i + 1,
			       hdf ? ".h5" : ".csv");
	free(safe);
	return name;
}

static const struct idmap_population *
find_only(const struct idmap *map)
{
	const struct idmap_population *only = NULL;
	size_t i;

	for (i = 0; i < map->n; i++)
		if (map->population[i].is_virtual &&
		    !strcmp(map->population[i].name, map->population[i].from)) {
			if (only)
				return NULL;
			only = &map->population[i];
		}
	return only;
}

static const struct idmap_population *
find_nodes(const struct spikecut *c, const char *name)
{
	const struct idmap_population *p = NULL;

	if (*name)
		return idmap_population(c->map, name);
	if (c->nodes)
		p = idmap_population(c->map, c->nodes);
	return p ? p : find_only(c->map);
}

/* Those that have come so far. */
static void
see_populations(struct spikecut *c)
{
	const struct labels *names = &c->spikes->population;

	c->train = grow(c->train, &c->mtrains, names->n + 1, sizeof *c->train);
	for (; c->ntrains < names->n; c->ntrains++)
		c->train[c->ntrains] = (struct cut_train){
			.nodes = find_nodes(c, names->name[c->ntrains]),
			.last = -INFINITY,
			.last_id = -1,
			.by_time = true,
			.by_id = true,
		};
}

static void
see_order(struct cut_train *t, double time, int64_t id)
{
	t->by_time = t->by_time && time >= t->last;
	t->by_id = t->by_id &&
		   (id > t->last_id || (id == t->last_id && time >= t->last));
	t->last = time;
	t->last_id = id;
}

static void
put_text(const struct spikecut *c, const struct cut_train *t, double time,
	 int64_t id)
{
	char s[32];

	out_num_text(time, s);
	fprintf(c->text, "%s %s %lld\n", s, t->nodes->name, (long long)id);
}

static void
put_spike(const struct spikecut *c, struct cut_train *t, double time,
	  int64_t id)
{
	if (c->text) {
		put_text(c, t, time, id);
	} else if (t->id) {
		hdfwrite_int(t->id, id);
		hdfwrite_real(t->time, time);
	} else {
		see_order(t, time, id);
		t->n++;
	}
}

/* All spikes, to be counted, or to be written. */
static void
pass(struct spikecut *c)
{
	size_t i;

	see_populations(c);
	while (spikes_next(c->spikes)) {
		see_populations(c);
		for (i = 0; i < c->spikes->n; i++) {
			struct cut_train *t = &c->train[c->spikes->of[i]];
			int64_t id = t->nodes
					     ? idmap_find(t->nodes,
							  c->spikes->node_id[i])
					     : -1;

			if (id >= 0)
				put_spike(c, t, c->spikes->time_ms[i], id);
		}
	}
	spikes_close(c->spikes);
}

static void
open_train(struct hdfwrite *f, struct cut_train *t)
{
	static const char *const words[] = {"none", "by_id", "by_time", NULL};
	char *group = format("/spikes/%s", t->nodes->name);
	char *ids = format("%s/node_ids", group);
	char *times = format("%s/timestamps", group);

	t->id = hdfwrite_sink(f, ids, SINK_U64, t->n, 1);
	t->time = hdfwrite_sink(f, times, SINK_REAL, t->n, 1);
	hdfwrite_set_text(f, times, "units", "ms");
	hdfwrite_set_word(f, group, "sorting", words,
			  t->by_time ? 2
			  : t->by_id ? 1
				     : 0);
	free(times);
	free(ids);
	free(group);
}

static void
write_hdf(struct spikecut *c, const char *from, const char *to)
{
	struct hdfwrite f;
	size_t i;

	c->spikes = spikes_open(from, 0);
	pass(c);
	hdfwrite_create(&f, to, 0);
	hdfwrite_group(&f, "/spikes");
	for (i = 0; i < c->ntrains; i++)
		if (c->train[i].nodes)
			open_train(&f, &c->train[i]);
	c->spikes = spikes_open(from, 0);
	pass(c);
	for (i = 0; i < c->ntrains; i++)
		if (c->train[i].nodes) {
			hdfwrite_sink_close(c->train[i].id);
			hdfwrite_sink_close(c->train[i].time);
		}
	hdfwrite_finish(&f);
}

/* As BMTK writes them. */
static void
write_text(struct spikecut *c, const char *from, const char *to)
{
	c->text = fdopen(files_open(to), "w");
	if (!c->text)
		die("%s:", to);
	fputs("timestamps population node_ids\n", c->text);
	c->spikes = spikes_open(from, 0);
	pass(c);
	if (ferror(c->text) | fclose(c->text))
		die("%s:", to);
}

/* Does it name no population where it has to? */
static bool
is_unknown(struct spikecut *c, const char *from)
{
	bool unknown = false;

	c->spikes = spikes_open(from, 0);
	do {
		unknown = label_find(&c->spikes->population, "") != NO_LABEL &&
			  !find_nodes(c, "");
	} while (!unknown && spikes_next(c->spikes));
	spikes_close(c->spikes);
	return unknown;
}

bool
spikecut_write(const struct idmap *map, const char *nodes, const char *from,
	       const char *to)
{
	struct spikecut c = {.map = map, .nodes = nodes};
	const char *why = spikes_fault(from);
	size_t n = strlen(to);
	bool done = false;

	if (why)
		warn("%s: %s: the input names it still", from, why);
	else if (is_unknown(&c, from))
		warn("%s: no population in it, and several that its spikes "
		     "could be of: the input names it still",
		     from);
	else
		done = true;
	if (done && n > 3 && !strcmp(to + n - 3, ".h5"))
		write_hdf(&c, from, to);
	else if (done)
		write_text(&c, from, to);
	free(c.train);
	return done;
}
