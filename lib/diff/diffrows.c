#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff/diffrows.h"
#include "diff/multiset.h"
#include "measure/stats.h"
#include "progress.h"
#include "sonata/reading.h"
#include "util.h"

/* An attribute in one file. */
struct diffrows_column {
	struct datum_column how;
	size_t k;             /* in the reading, or NO_ATTRIBUTE */
	uint64_t filled, sum; /* where they are needed */
	struct stats stats;   /* of its numbers */
};

/* The rows of one file, a batch at a time. */
struct diffrows_side {
	const struct sonata_population *p;
	struct reading *reading;
	struct diffrows_column *column;
	datum_t *word; /* of the batch, row by row */
	uint64_t first;
	size_t n, at;
};

/* Words of a row: its ids, and then the attributes that both files have. */
struct diffrows_pair {
	const struct diffrows *r;
	const char *sort; /* "node" */
	size_t ids, width;
	char **name; /* of all attributes */
	size_t nnames;
	size_t *shared; /* those that both have */
	struct diffrows_side side[2];
	struct multiset rows;
	struct difference **changed; /* of each shared one, or NULL */
};

static const char *const id_names[2][3] = {
	[NODES] = {"node_id"}, [EDGES] = {"source_node_id", "target_node_id"}};

/* ---- Columns ---- */

static bool
is_ignored(const struct diffrows *r, const char *name)
{
	uint32_t i = label_find(r->ignored, name);

	if (i != NO_LABEL)
		r->met[i] = true;
	return i != NO_LABEL;
}

/* Ids of types are compared as an attribute where nothing else says what types
 * are. */
static bool
needs_type_ids(const struct diffrows *r)
{
	return r->by_type_ids || (!r->p[0]->types && !r->p[1]->types);
}

static void
list_names(struct diffrows_pair *d)
{
	const struct diffrows *r = d->r;
	struct labels all = {0};
	size_t f, i, k = 0;

	if (needs_type_ids(r))
		label(&all, r->p[0]->ref->sort == NODES ? "node_type_id"
							: "edge_type_id");
	for (f = 0; f < 2; f++)
		for (i = 0; i < r->p[f]->nattributes; i++)
			label(&all, r->p[f]->attribute[i]);
	d->name = zeros(all.n, sizeof *d->name);
	for (i = 0; i < all.n; i++)
		if (!is_ignored(r, all.name[i]))
			d->name[k++] = copy(all.name[i]);
	d->nnames = k;
	labels_free(&all);
}

static void
open_side(struct diffrows_pair *d, size_t f)
{
	struct diffrows_side *s = &d->side[f];
	enum sonata_sort sort = d->r->p[f]->ref->sort;
	size_t i;

	s->p = d->r->p[f];
	s->reading = reading_start(s->p, false);
	s->column = zeros(d->nnames, sizeof *s->column);
	for (i = 0; i < d->ids; i++)
		reading_want(s->reading, id_names[sort][i]);
	for (i = 0; i < d->nnames; i++) {
		s->column[i].how = datum_column(d->name[i], sort == EDGES);
		s->column[i].k = reading_try_want(s->reading, d->name[i]);
	}
}

static bool
is_shared(const struct diffrows_pair *d, size_t k)
{
	return d->side[0].column[k].k != NO_ATTRIBUTE &&
	       d->side[1].column[k].k != NO_ATTRIBUTE;
}

/* Has a file an attribute in reals of four bytes alone? */
static bool
is_narrow(const struct sonata_population *p, const char *name)
{
	bool narrow = false, wide = false;
	size_t g;

	for (g = 0; g < p->ngroups; g++) {
		struct hdf_column *c =
			sonata_open_attribute(p, p->group[g], name);

		if (c && c->kind == C_REAL) {
			narrow = narrow || c->size == 4;
			wide = wide || c->size > 4;
		}
		hdf_column_close(c);
	}
	return narrow && !wide;
}

/* What both files have to be held against each other has the precision of the
 * one that has less. */
static void
find_narrow(struct diffrows_pair *d, size_t k)
{
	bool narrow = is_narrow(d->side[0].p, d->name[k]) ||
		      is_narrow(d->side[1].p, d->name[k]);

	d->side[0].column[k].how.narrow = narrow;
	d->side[1].column[k].how.narrow = narrow;
}

static void
find_shared(struct diffrows_pair *d)
{
	size_t i;

	d->width = d->ids;
	d->shared = zeros(d->nnames, sizeof *d->shared);
	for (i = 0; i < d->nnames; i++) {
		if (!is_shared(d, i))
			continue;
		find_narrow(d, i);
		d->shared[d->width++ - d->ids] = i;
	}
	for (i = 0; i < 2; i++)
		d->side[i].word =
			zeros(BATCH * d->width, sizeof *d->side[i].word);
	d->changed = zeros(d->width, sizeof(struct difference *));
}

/* ---- Batches ---- */

static void
take_ids(const struct diffrows_pair *d, struct diffrows_side *s)
{
	size_t i, k;
	int64_t id;

	for (k = 0; k < d->ids; k++)
		for (i = 0; i < s->n; i++) {
			if (!reading_int(&s->reading->v[k][i], &id))
				die("%s: %s: row %" PRIu64
				    ": column '%s': not an integer",
				    s->p->ref->path, s->p->root, s->first + i,
				    id_names[s->p->ref->sort][k]);
			s->word[i * d->width + k] = (uint64_t)id;
		}
}

static bool
next_batch(struct diffrows_pair *d, struct diffrows_side *s)
{
	size_t i, k, j, n;
	uint64_t left;

	s->first += s->n;
	left = s->p->n - s->first;
	n = s->n = left < BATCH ? (size_t)left : BATCH;
	s->at = 0;
	if (n == 0)
		return false;
	reading_range(s->reading, s->first, n);
	take_ids(d, s);
	for (k = d->ids; k < d->width; k++) {
		struct diffrows_column *c = &s->column[d->shared[k - d->ids]];
		const struct hdf_value *v = s->reading->v[c->k];

		datum_next_batch(&c->how);
		for (i = 0, j = k; i < n; i++, j += d->width)
			s->word[j] = datum_of(d->r->datums, &c->how, &v[i]);
	}
	progress(s->first + n);
	return true;
}

static void
rewind_side(struct diffrows_side *s)
{
	s->first = s->n = s->at = 0;
	progress_begin("rows", s->p->n);
}

/* Statistics are of files that differ alone. */
static void
add_batch(struct diffrows_pair *d, struct diffrows_side *s)
{
	size_t i, k;

	for (k = d->ids; k < d->width; k++) {
		struct diffrows_column *c = &s->column[d->shared[k - d->ids]];

		for (i = 0; i < s->n; i++) {
			datum_t v = s->word[i * d->width + k];

			c->sum += multiset_hash(0, v);
			if (isfinite(datum_value(v)))
				stats_add(&c->stats, datum_value(v));
		}
	}
}

/* ---- The first pass ---- */

/* What only one file has. */
static void
count_filled(struct diffrows_pair *d, struct diffrows_side *s, size_t k)
{
	struct diffrows_column *c = &s->column[k];
	size_t i;

	if (c->k == NO_ATTRIBUTE)
		return;
	datum_next_batch(&c->how);
	for (i = 0; i < s->n; i++)
		c->filled +=
			datum_of(d->r->datums, &c->how,
				 &s->reading->v[c->k][i]) != c->how.missing;
}

static void
sum_up(struct diffrows_pair *d, int file)
{
	struct diffrows_side *s = &d->side[file];
	size_t i, k;

	rewind_side(s);
	while (next_batch(d, s)) {
		for (i = 0; i < s->n; i++)
			multiset_sum(&d->rows, file, s->word + i * d->width);
		for (k = 0; k < d->nnames; k++)
			if (!is_shared(d, k))
				count_filled(d, s, k);
	}
}

/* ---- Rows as text ---- */

static char *
place_of(const struct diffrows_pair *d, const uint64_t *row)
{
	if (d->ids == 1)
		return format("%" PRId64, (int64_t)row[0]);
	return format("%" PRId64 "->%" PRId64, (int64_t)row[0],
		      (int64_t)row[1]);
}

/* "delay=2 syn_weight=0.5", without what is missing; or the ids if that is all
 * there is. */
static char *
values_of(const struct diffrows_pair *d, const uint64_t *row)
{
	char *s = NULL, *longer, room[32];
	size_t k;

	for (k = d->ids; k < d->width; k++) {
		const char *v = datum_text(d->r->datums, row[k], room);

		if (!*v)
			continue;
		longer = format("%s%s%s=%s", s ? s : "", s ? " " : "",
				d->name[d->shared[k - d->ids]], v);
		free(s);
		s = longer;
	}
	return s ? s : place_of(d, row);
}

static struct difference *
kind_of(const struct diffrows_pair *d, const char *what, const char *attribute)
{
	char *name = format("%s-%s", d->sort, what);
	struct difference *kind =
		difference_kind(d->r->to, name, d->r->name, attribute);

	free(name);
	return kind;
}

/* ---- What differs ---- */

static void
tell_only(void *arg, int file, const uint64_t *row, uint64_t times)
{
	struct diffrows_pair *d = arg;
	struct difference *kind =
		kind_of(d, file == 0 ? "removed" : "added", "");
	char *place, *values;

	if (!difference_has_room(kind)) {
		difference_row(kind, "", "", "", times);
		return;
	}
	place = place_of(d, row);
	values = values_of(d, row);
	difference_row(kind, place, file == 0 ? values : "",
		       file == 0 ? "" : values, times);
	free(place);
	free(values);
}

static void
tell_value(struct diffrows_pair *d, size_t k, const char *place, datum_t a,
	   datum_t b)
{
	struct difference **kind = &d->changed[k];
	char room[2][32];

	if (!*kind)
		*kind = kind_of(d, "value", d->name[d->shared[k - d->ids]]);
	if (difference_has_room(*kind))
		difference_row(*kind, place,
			       datum_text(d->r->datums, a, room[0]),
			       datum_text(d->r->datums, b, room[1]), 1);
	else
		difference_row(*kind, "", "", "", 1);
}

static void
tell_values(struct diffrows_pair *d, const char *place, const uint64_t *a,
	    const uint64_t *b)
{
	size_t k;

	for (k = d->ids; k < d->width; k++)
		if (!datum_is_near(d->r->datums, a[k], b[k]))
			tell_value(d, k, place, a[k], b[k]);
}

static void
tell_changed(void *arg, const uint64_t *a, const uint64_t *b)
{
	struct diffrows_pair *d = arg;
	char *place = place_of(d, a);

	tell_values(d, place, a, b);
	free(place);
}

static void
compare_sorted(struct diffrows_pair *d)
{
	size_t f, i;

	multiset_start(&d->rows, d->r->memory);
	for (f = 0; f < 2; f++) {
		struct diffrows_side *s = &d->side[f];

		rewind_side(s);
		while (next_batch(d, s)) {
			add_batch(d, s);
			for (i = 0; i < s->n; i++)
				multiset_add(&d->rows, (int)f,
					     s->word + i * d->width);
		}
	}
	multiset_compare(&d->rows);
}

/* ---- In order ---- */

/* The next row of a file, NULL at its end. */
static const uint64_t *
next_row(struct diffrows_pair *d, struct diffrows_side *s)
{
	if (s->at == s->n) {
		if (!next_batch(d, s))
			return NULL;
		add_batch(d, s);
	}
	return s->word + s->at++ * d->width;
}

static void
tell_ids(struct diffrows_pair *d, const char *place, const uint64_t *a,
	 const uint64_t *b)
{
	char *s = place_of(d, a), *t = place_of(d, b);

	difference_row(kind_of(d, "ids", ""), place, s, t, 1);
	free(s);
	free(t);
}

static void
compare_in_order(struct diffrows_pair *d)
{
	const uint64_t *a, *b;
	uint64_t row = 0;
	char place[32];

	rewind_side(&d->side[0]);
	rewind_side(&d->side[1]);
	for (;; row++) {
		a = next_row(d, &d->side[0]);
		b = next_row(d, &d->side[1]);
		if (!a && !b)
			break;
		if (!a || !b) {
			tell_only(d, a ? 0 : 1, a ? a : b, 1);
			continue;
		}
		snprintf(place, sizeof place, "row %" PRIu64, row);
		if (memcmp(a, b, d->ids * sizeof *a) != 0)
			tell_ids(d, place, a, b);
		tell_values(d, place, a, b);
	}
}

/* ---- All of it ---- */

static void
tell_ends(const struct diffrows *r)
{
	if (strcmp(r->p[0]->source, r->p[1]->source) != 0)
		difference_fact(difference_kind(r->to, "edge-ends", r->name,
						"source_population"),
				"", r->p[0]->source, r->p[1]->source);
	if (strcmp(r->p[0]->target, r->p[1]->target) != 0)
		difference_fact(difference_kind(r->to, "edge-ends", r->name,
						"target_population"),
				"", r->p[0]->target, r->p[1]->target);
}

/* An attribute that one file does not have, and the other one not in name
 * alone. */
static void
tell_attribute(const struct diffrows_pair *d, size_t k)
{
	char a[32] = "", b[32] = "";
	const struct diffrows_column *c[2] = {&d->side[0].column[k],
					      &d->side[1].column[k]};

	if (c[0]->filled + c[1]->filled == 0)
		return;
	if (c[0]->k != NO_ATTRIBUTE)
		snprintf(a, sizeof a, "%" PRIu64, c[0]->filled);
	if (c[1]->k != NO_ATTRIBUTE)
		snprintf(b, sizeof b, "%" PRIu64, c[1]->filled);
	difference_fact(kind_of(d, "attribute", d->name[k]), "", a, b);
}

/* The same numbers in another order have another sum, but for the last bits:
 * they are told only where the values are others. */
static void
tell_statistics(const struct diffrows_pair *d, size_t k)
{
	static const char *const name[] = {"minimum", "mean", "maximum"};
	struct stats *a = &d->side[0].column[k].stats;
	struct stats *b = &d->side[1].column[k].stats;
	double v[3][2];
	size_t i;

	if (d->side[0].column[k].sum == d->side[1].column[k].sum)
		return;
	stats_finish(a);
	stats_finish(b);
	memcpy(v,
	       (double[3][2]){
		       {a->min, b->min}, {a->mean, b->mean}, {a->max, b->max}},
	       sizeof v);
	for (i = 0; i < LEN(name); i++)
		if (!(isnan(v[i][0]) && isnan(v[i][1])) &&
		    !datum_tolerates(d->r->datums, v[i][0], v[i][1]))
			difference_numbers(kind_of(d, name[i], d->name[k]),
					   v[i][0], v[i][1]);
}

static void
open_pair(struct diffrows_pair *d)
{
	list_names(d);
	open_side(d, 0);
	open_side(d, 1);
	find_shared(d);
	d->rows = (struct multiset){.ids = d->ids,
				    .width = d->width,
				    .in_order = d->r->in_order,
				    .datums = d->r->datums,
				    .only = tell_only,
				    .changed = tell_changed,
				    .arg = d};
}

static void
close_pair(struct diffrows_pair *d)
{
	size_t f;

	for (f = 0; f < 2; f++) {
		reading_end(d->side[f].reading);
		free(d->side[f].column);
		free(d->side[f].word);
	}
	while (d->nnames > 0)
		free(d->name[--d->nnames]);
	free(d->name);
	free(d->shared);
	free(d->changed);
	multiset_free(&d->rows);
}

static void
compare_rows(struct diffrows_pair *d)
{
	size_t k;

	sum_up(d, 0);
	sum_up(d, 1);
	for (k = 0; k < d->nnames; k++)
		if (!is_shared(d, k))
			tell_attribute(d, k);
	if (multiset_is_same(&d->rows))
		return;
	/* Without a tolerance that is enough. */
	if (d->r->to->quiet && datum_is_exact(d->r->datums))
		kind_of(d, "value", "");
	if (d->r->in_order)
		compare_in_order(d);
	else
		compare_sorted(d);
	for (k = d->ids; k < d->width; k++)
		tell_statistics(d, d->shared[k - d->ids]);
}

void
diffrows_run(const struct diffrows *r)
{
	bool edges = r->p[0]->ref->sort == EDGES;
	struct diffrows_pair d = {
		.r = r, .sort = edges ? "edge" : "node", .ids = edges ? 2 : 1};
	uint64_t n[2] = {r->p[0]->n, r->p[1]->n};

	if (edges)
		tell_ends(r);
	if (n[0] != n[1])
		difference_counts(kind_of(&d, "count", ""), n[0], n[1]);
	open_pair(&d);
	compare_rows(&d);
	close_pair(&d);
}
