#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "activity/spikes.h"
#include "diff/diffspikes.h"
#include "diff/multiset.h"
#include "progress.h"
#include "util.h"

/* A spike in words. */
enum { ID, POPULATION, TIME, WIDTH };

/* The spikes of one file. */
struct diffspikes_side {
	const char *path;
	struct spikes *spikes;
	size_t at;
	uint32_t *number; /* of its populations, in those of both */
	size_t nnumber, mnumber;
	uint64_t *count; /* by population of both */
	size_t mcount;
	uint64_t read;
	uint64_t row[WIDTH]; /* the last one */
};

struct diffspikes_pair {
	const struct diffspikes *s;
	struct labels population;
	const char *unnamed; /* what spikes of no population are taken for */
	struct diffspikes_side side[2];
	struct multiset rows;
};

/* ---- Reading ---- */

static void
open_side(struct diffspikes_pair *d, size_t f)
{
	struct diffspikes_side *s = &d->side[f];

	s->spikes = spikes_open(s->path, 0);
	s->at = s->nnumber = 0;
	s->read = 0;
	progress_begin("spikes", 0);
}

static void
number_populations(struct diffspikes_pair *d, struct diffspikes_side *s)
{
	const struct labels *own = &s->spikes->population;

	s->number = grow(s->number, &s->mnumber, own->n, sizeof *s->number);
	for (; s->nnumber < own->n; s->nnumber++) {
		const char *name = own->name[s->nnumber];

		if (!*name && d->unnamed)
			name = d->unnamed;
		s->number[s->nnumber] = label(&d->population, name);
	}
}

/* The next spike, NULL at the end. */
static const uint64_t *
next_spike(struct diffspikes_pair *d, struct diffspikes_side *s)
{
	struct spikes *in = s->spikes;

	if (s->at == in->n) {
		if (!spikes_next(in))
			return NULL;
		s->at = 0;
		number_populations(d, s);
		progress(s->read);
	}
	s->row[ID] = (uint64_t)in->node_id[s->at];
	s->row[POPULATION] = s->number[in->of[s->at]];
	s->row[TIME] = datum_number(in->time_ms[s->at]);
	s->at++;
	s->read++;
	return s->row;
}

static void
close_side(struct diffspikes_side *s)
{
	spikes_close(s->spikes);
	s->spikes = NULL;
}

/* ---- The first pass ---- */

static void
sum_up(struct diffspikes_pair *d, int file)
{
	struct diffspikes_side *s = &d->side[file];
	const uint64_t *row;

	open_side(d, (size_t)file);
	while ((row = next_spike(d, s))) {
		multiset_sum(&d->rows, file, row);
		s->count = grow(s->count, &s->mcount, row[POPULATION] + 1,
				sizeof *s->count);
		s->count[row[POPULATION]]++;
	}
	close_side(s);
}

/* ---- What differs ---- */

static struct difference *
kind_of(const struct diffspikes_pair *d, const char *what, uint64_t population)
{
	return difference_kind(d->s->to, what, d->population.name[population],
			       d->s->of);
}

static void
tell_only(void *arg, int file, const uint64_t *row, uint64_t times)
{
	struct diffspikes_pair *d = arg;
	struct difference *kind =
		kind_of(d, file == 0 ? "spike-removed" : "spike-added",
			row[POPULATION]);
	char place[32], room[32];
	const char *time = datum_text(d->s->datums, row[TIME], room);

	snprintf(place, sizeof place, "%" PRIu64, row[ID]);
	difference_row(kind, place, file == 0 ? time : "",
		       file == 0 ? "" : time, times);
}

static void
compare_sorted(struct diffspikes_pair *d)
{
	const uint64_t *row;
	size_t f;

	multiset_start(&d->rows, d->s->memory);
	for (f = 0; f < 2; f++) {
		open_side(d, f);
		while ((row = next_spike(d, &d->side[f])))
			multiset_add(&d->rows, (int)f, row);
		close_side(&d->side[f]);
	}
	multiset_compare(&d->rows);
}

static bool
are_near(const struct diffspikes_pair *d, const uint64_t *a, const uint64_t *b)
{
	return a[ID] == b[ID] && a[POPULATION] == b[POPULATION] &&
	       datum_is_near(d->s->datums, a[TIME], b[TIME]);
}

static char *
spike_text(const struct diffspikes_pair *d, const uint64_t *row)
{
	char room[32];

	return format("%" PRIu64 " %s", row[ID],
		      datum_text(d->s->datums, row[TIME], room));
}

static void
compare_in_order(struct diffspikes_pair *d)
{
	const uint64_t *a, *b;
	char place[32], *s, *t;
	uint64_t n = 0;

	open_side(d, 0);
	open_side(d, 1);
	for (;; n++) {
		a = next_spike(d, &d->side[0]);
		b = next_spike(d, &d->side[1]);
		if (!a && !b)
			break;
		if (!a || !b) {
			tell_only(d, a ? 0 : 1, a ? a : b, 1);
			continue;
		}
		if (are_near(d, a, b))
			continue;
		snprintf(place, sizeof place, "row %" PRIu64, n);
		s = spike_text(d, a);
		t = spike_text(d, b);
		difference_row(kind_of(d, "spike-value", a[POPULATION]), place,
			       s, t, 1);
		free(s);
		free(t);
	}
	close_side(&d->side[0]);
	close_side(&d->side[1]);
}

/* ---- All of it ---- */

static uint64_t
count_of(const struct diffspikes_side *s, size_t population)
{
	return population < s->mcount ? s->count[population] : 0;
}

/* What the only population is called that has spikes and a name. */
static const char *
find_only_name(const struct diffspikes_pair *d)
{
	const char *name = NULL;
	size_t i;

	for (i = 0; i < d->population.n; i++) {
		if (!*d->population.name[i] ||
		    count_of(&d->side[0], i) + count_of(&d->side[1], i) == 0)
			continue;
		if (name)
			return NULL;
		name = d->population.name[i];
	}
	return name;
}

static void
tell_counts(const struct diffspikes_pair *d)
{
	size_t i;

	for (i = 0; i < d->population.n; i++) {
		uint64_t a = count_of(&d->side[0], i);
		uint64_t b = count_of(&d->side[1], i);

		if (a != b)
			difference_counts(kind_of(d, "spike-count", i), a, b);
	}
}

static void
sum_up_both(struct diffspikes_pair *d)
{
	int f;

	multiset_free(&d->rows);
	d->rows = (struct multiset){.ids = 2,
				    .width = WIDTH,
				    .in_order = d->s->in_order,
				    .datums = d->s->datums,
				    .only = tell_only,
				    .arg = d};
	for (f = 0; f < 2; f++) {
		if (d->side[f].count)
			memset(d->side[f].count, 0,
			       d->side[f].mcount * sizeof(uint64_t));
		sum_up(d, f);
	}
}

static void
compare_spikes(struct diffspikes_pair *d)
{
	sum_up_both(d);
	if (label_find(&d->population, "") != NO_LABEL &&
	    (d->unnamed = find_only_name(d)))
		sum_up_both(d);
	tell_counts(d);
	if (multiset_is_same(&d->rows))
		return;
	/* Without a tolerance that is enough. */
	if (d->s->to->quiet && datum_is_exact(d->s->datums))
		kind_of(d, "spike-value", 0);
	if (d->s->in_order)
		compare_in_order(d);
	else
		compare_sorted(d);
}

void
diffspikes_run(const struct diffspikes *s)
{
	struct diffspikes_pair d = {.s = s};
	size_t f;

	d.side[0].path = s->path[0];
	d.side[1].path = s->path[1];
	compare_spikes(&d);
	for (f = 0; f < 2; f++) {
		free(d.side[f].number);
		free(d.side[f].count);
	}
	multiset_free(&d.rows);
	labels_free(&d.population);
}
