#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "activity/ratepart.h"
#include "measure/part.h"
#include "out.h"
#include "util.h"

static const char *
number_text(double v)
{
	static char text[32];

	text[out_num_text(v, text)] = '\0';
	return text;
}

/* What a part has of the nodes: ids, and groups of those that are chosen. */
struct kept_nodes {
	uint64_t *id;
	uint32_t *group; /* the number of groups: it is not chosen */
};

static struct kept_nodes
keep_nodes(struct part_sums *part, const struct rated *m, const char *of)
{
	const struct node_population *p = m->nodes;
	struct kept_nodes k = {zeros(p->n, sizeof *k.id),
			       zeros(p->n, sizeof *k.group)};

	PART_KEEP(part, PART_ROW, "node_id", of, k.id, p->n);
	PART_KEEP(part, PART_SAME, "group", of, k.group, p->n);
	return k;
}

static struct kept_nodes
say_nodes(struct part_sums *part, const struct rated *m, const char *of)
{
	const struct node_population *p = m->nodes;
	struct kept_nodes k = keep_nodes(part, m, of);
	uint64_t h = PART_NOTHING;
	char text[24];
	uint32_t i;

	for (i = 0; i < p->n; i++) {
		k.id[i] = (uint64_t)ids_at(p->ids, i);
		k.group[i] = rates_are_of(p, i) ? p->group_of[i]
						: (uint32_t)p->group.n;
		h = part_checksum(part_checksum(h, k.id[i]), k.group[i]);
	}
	snprintf(text, sizeof text, "%016" PRIx64, h);
	part_say(part, (struct part_line){"cells", p->name, .at = p->n,
					  .value = text});
	for (i = 0; i < p->group.n; i++)
		part_say(part, (struct part_line){"label", .of = of, .at = i,
						  .value = p->group.name[i]});
	return k;
}

static void
keep_counts(struct part_sums *part, struct rated *m, const char *of)
{
	PART_KEEP(part, PART_MOST, "shown", of, &m->shown, 1);
	PART_KEEP(part, PART_TEXT, "named", of, &m->named, 1);
	PART_KEEP(part, PART_SUM, "spikes", of, m->spikes, m->nodes->n);
}

/* Those in bins, from this one of all on. */
static void
keep_bins(struct part_sums *part, struct rated *m, const char *of,
	  const size_t span[2])
{
	char name[32];
	uint32_t g;

	for (g = 0; g < m->nodes->group.n; g++) {
		struct rate_series *s = &m->series[g];

		snprintf(name, sizeof name, "bins %" PRIu32, g);
		s->spikes =
			grow(s->spikes, &s->cap, span[1], sizeof *s->spikes);
		PART_KEEP(part, PART_SUM, name, of, s->spikes + span[0],
			  span[1] - span[0]);
	}
}

/* The bins are those from the first of span to before its second. */
static void
keep_all(struct part_sums *part, struct rates *r, struct trains *t,
	 const size_t span[2])
{
	char of[24];
	size_t k;

	PART_KEEP(part, PART_SUM, "spikes", "", &r->spikes, 1);
	PART_KEEP(part, PART_SUM, "outside", "", t->outside, LEN(t->outside));
	for (k = 0; k < r->n; k++) {
		snprintf(of, sizeof of, "%zu", k);
		keep_counts(part, &r->population[k], of);
		if (!isnan(r->bin))
			keep_bins(part, &r->population[k], of, span);
	}
}

/* What the spikes are, and the span that is meant. */
static void
say_spikes(struct part_sums *part, const struct trains *t)
{
	const char *path;
	char *text = format("%" PRIu64, t->rows);
	size_t k;

	for (k = 0; (path = trains_path(t, k)); k++) {
		const char *slash = strrchr(path, '/');

		part_say(part,
			 (struct part_line){"file", slash ? slash + 1 : path,
					    .value = NULL});
	}
	part_say(part, (struct part_line){.record = "spikes", .value = text});
	free(text);
	part_say(part,
		 (struct part_line){"span", "from", .at = t->count_outside[0],
				    .value = number_text(t->from_ms)});
	part_say(part,
		 (struct part_line){"span", "to", .at = t->count_outside[1],
				    .value = number_text(t->to_ms)});
}

void
ratepart_write(struct rates *r, struct trains *t)
{
	struct part_sums *part = part_open();
	struct kept_nodes *nodes = zeros(r->n, sizeof *nodes);
	char of[24];
	size_t k;

	say_spikes(part, t);
	for (k = 0; k < r->n; k++) {
		snprintf(of, sizeof of, "%zu", k);
		nodes[k] = say_nodes(part, &r->population[k], of);
	}
	part_say(part, (struct part_line){"own", "first",
					  .value = number_text(r->first)});
	part_say(part, (struct part_line){"own", "last",
					  .value = number_text(r->last)});
	part_say(part,
		 (struct part_line){"own", "bins", .at = r->nbins,
				    .value = number_text((double)r->low)});
	keep_all(part, r, t, (size_t[]){0, r->nbins});
	part_write(part, t->seen);
	for (k = 0; k < r->n; k++) {
		free(nodes[k].id);
		free(nodes[k].group);
	}
	free(nodes);
	part_close(part);
}

/* A line of the head, and its number. */
static const struct part_record *
head_line(const struct part_sums *part, const char *record, const char *name,
	  double *v)
{
	size_t i;

	for (i = 0; i < part->nhead; i++) {
		char **f = part->head[i].field;

		if (strcmp(f[PART_RECORD], record) != 0 ||
		    strcmp(f[PART_NAME], name) != 0)
			continue;
		if (!parse_num(f[PART_VALUE], v))
			break;
		return &part->head[i];
	}
	die("%s: not a part of spikes: no %s %s", part->path, record, name);
}

static double
head_place(const struct part_sums *part, const struct part_record *line)
{
	double at = 0;

	if (*line->field[PART_AT] && !parse_num(line->field[PART_AT], &at))
		die("%s: not a part of spikes", part->path);
	return at;
}

static void
take_head(const struct part_sums *part, struct nodes *nodes)
{
	size_t i;
	int64_t of;

	for (i = 0; i < part->nhead; i++) {
		char **f = part->head[i].field;
		struct node_population *p;

		if (!strcmp(f[PART_RECORD], "cells")) {
			nodes->population =
				grow(nodes->population, &nodes->cap,
				     nodes->n + 1, sizeof *nodes->population);
			p = &nodes->population[nodes->n++];
			p->name = copy(f[PART_NAME]);
			p->n = (size_t)head_place(part, &part->head[i]);
		} else if (!strcmp(f[PART_RECORD], "label")) {
			if (!parse_int(f[PART_OF], &of) || of < 0 ||
			    (size_t)of >= nodes->n)
				die("%s: not a part of spikes", part->path);
			label(&nodes->population[of].group, f[PART_VALUE]);
		}
	}
}

static void
take_nodes(struct part_sums *part, const struct kept_nodes *kept,
	   struct node_population *p)
{
	size_t i;

	p->ids = ids_make((int64_t *)kept->id, p->n, part->path);
	p->group_of = kept->group;
	p->chosen = zeros(p->n, sizeof *p->chosen);
	for (i = 0; i < p->n; i++) {
		if (p->group_of[i] > p->group.n ||
		    (p->group_of[i] == p->group.n && p->group.n == 0))
			die("%s: not a part of spikes: a node in no group",
			    part->path);
		p->chosen[i] = p->group_of[i] < p->group.n;
		if (!p->chosen[i])
			p->group_of[i] = 0;
	}
}

/* The nodes and the span of the first part. */
static struct trains *
take_trains(struct part_sums *part)
{
	struct trains *t = zeros(1, sizeof *t);
	struct rated m = {0};
	struct kept_nodes *kept;
	char of[24];
	size_t k;

	t->nodes = zeros(1, sizeof *t->nodes);
	t->count_outside[0] = head_place(part, head_line(part, "span", "from",
							 &t->from_ms)) > 0;
	t->count_outside[1] =
		head_place(part, head_line(part, "span", "to", &t->to_ms)) > 0;
	take_head(part, t->nodes);
	kept = zeros(t->nodes->n, sizeof *kept);
	for (k = 0; k < t->nodes->n; k++) {
		snprintf(of, sizeof of, "%zu", k);
		m.nodes = &t->nodes->population[k];
		kept[k] = keep_nodes(part, &m, of);
	}
	part_read_same(part);
	for (k = 0; k < t->nodes->n; k++)
		take_nodes(part, &kept[k], &t->nodes->population[k]);
	free(kept);
	return t;
}

/* Make room for what the part has, and add it. */
static void
add_part(struct part_sums *part, struct rates *r, struct trains *t)
{
	const struct part_record *line;
	double first, last, low;
	uint64_t before = r->spikes;
	size_t nbins, span[2];

	head_line(part, "own", "first", &first);
	head_line(part, "own", "last", &last);
	line = head_line(part, "own", "bins", &low);
	nbins = (size_t)head_place(part, line);
	if (!(fabs(low) < 1e15) || nbins > RATES_MOST_BINS)
		die("%s: not a part of spikes", part->path);
	if (nbins > 0) {
		rates_reach(r, (int64_t)low);
		rates_reach(r, (int64_t)low + (int64_t)nbins - 1);
	}
	span[0] = nbins > 0 ? (size_t)((int64_t)low - r->low) : 0;
	span[1] = span[0] + nbins;
	keep_all(part, r, t, span);
	part_add(part);
	if (r->spikes > before && (before == 0 || first < r->first))
		r->first = first;
	if (r->spikes > before && (before == 0 || last > r->last))
		r->last = last;
}

struct trains *
ratepart_add(struct rates *r, double bin)
{
	struct part_sums *part = part_open();
	struct trains *t = NULL;
	double rows = 0;

	while (part_next(part)) {
		head_line(part, "spikes", "", &rows);
		if (!t) {
			t = take_trains(part);
			rates_start(r, t, bin);
			if (!isnan(r->bin))
				rates_start_bins(r, t);
		} else {
			part_read_same(part);
		}
		add_part(part, r, t);
	}
	if ((double)part->rows != rows)
		die("%s: all parts have %" PRIu64 " rows, and the spikes %.0f",
		    part->path, part->rows, rows);
	part_close(part);
	return t;
}

/* The groups of nodes that were read belong to their texts. */
void
ratepart_close(struct trains *t)
{
	size_t k;

	for (k = 0; k < t->nodes->n; k++) {
		labels_free(&t->nodes->population[k].group);
		free(t->nodes->population[k].group_of);
	}
	trains_close(t);
}
