#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "activity/report.h"
#include "diff/diffreport.h"
#include "progress.h"
#include "util.h"

/* Two reports of one population. */
struct diffreport_pair {
	const struct diffreport *d;
	const char *name;
	struct report *r[2];
	size_t *order[2]; /* elements, as they are found again */
	size_t *same[2];  /* those that both have */
	size_t nsame;
	struct difference *values; /* NULL: none so far */

	/* The one that differs most. */
	double most, a, b;
	char *place;
};

/* ---- Elements ---- */

static const struct report *sorted;

static int
by_element(const void *a, const void *b)
{
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	const struct report *r = sorted;

	if (r->id[i] != r->id[k])
		return r->id[i] > r->id[k] ? 1 : -1;
	if (r->element_id && r->element_id[i] != r->element_id[k])
		return r->element_id[i] > r->element_id[k] ? 1 : -1;
	if (r->element_pos && r->element_pos[i] != r->element_pos[k])
		return r->element_pos[i] > r->element_pos[k] ? 1 : -1;
	return (i > k) - (i < k);
}

static size_t *
order_elements(const struct diffreport_pair *p, const struct report *r)
{
	size_t *order = zeros(r->n, sizeof *order), i;

	for (i = 0; i < r->n; i++)
		order[i] = i;
	sorted = r;
	if (!p->d->in_order && r->n > 0)
		qsort(order, r->n, sizeof *order, by_element);
	return order;
}

static int64_t
element_id(const struct report *r, size_t i)
{
	return r->element_id ? r->element_id[i] : 0;
}

static int
compare_elements(const struct report *a, size_t i, const struct report *b,
		 size_t k)
{
	int64_t p = element_id(a, i), q = element_id(b, k);

	if (a->id[i] != b->id[k])
		return a->id[i] > b->id[k] ? 1 : -1;
	return (p > q) - (p < q);
}

static char *
element_place(const struct report *r, size_t i)
{
	if (r->element_id)
		return format("%" PRId64 ".%" PRId64, r->id[i],
			      r->element_id[i]);
	return format("%" PRId64, r->id[i]);
}

static void
tell_element(const struct diffreport_pair *p, size_t file, size_t i)
{
	char *place = element_place(p->r[file], i);

	difference_row(
		difference_kind(p->d->to,
				file == 0 ? "element-removed" : "element-added",
				p->name, p->d->of),
		place, file == 0 ? place : "", file == 0 ? "" : place, 1);
	free(place);
}

static void
tell_position(const struct diffreport_pair *p, size_t i, size_t k)
{
	double a = p->r[0]->element_pos ? p->r[0]->element_pos[i] : NAN;
	double b = p->r[1]->element_pos ? p->r[1]->element_pos[k] : NAN;
	char *place, room[2][32];

	if (datum_is_near(p->d->datums, datum_number(a), datum_number(b)))
		return;
	place = element_place(p->r[0], i);
	difference_row(difference_kind(p->d->to, "element-position", p->name,
				       p->d->of),
		       place,
		       datum_text(p->d->datums, datum_number(a), room[0]),
		       datum_text(p->d->datums, datum_number(b), room[1]), 1);
	free(place);
}

static void
match_elements(struct diffreport_pair *p)
{
	const struct report *a = p->r[0], *b = p->r[1];
	size_t i = 0, k = 0;
	int c;

	p->order[0] = order_elements(p, a);
	p->order[1] = order_elements(p, b);
	p->same[0] = zeros(a->n, sizeof(size_t));
	p->same[1] = zeros(a->n, sizeof(size_t));
	while (i < a->n || k < b->n) {
		c = i == a->n   ? 1
		    : k == b->n ? -1
				: compare_elements(a, p->order[0][i], b,
						   p->order[1][k]);
		if (c < 0)
			tell_element(p, 0, p->order[0][i]);
		if (c > 0)
			tell_element(p, 1, p->order[1][k]);
		if (c == 0) {
			p->same[0][p->nsame] = p->order[0][i];
			p->same[1][p->nsame++] = p->order[1][k];
			tell_position(p, p->order[0][i], p->order[1][k]);
		}
		i += c <= 0;
		k += c >= 0;
	}
}

/* ---- Values ---- */

static void
tell_value(struct diffreport_pair *p, uint64_t frame, size_t k, double a,
	   double b)
{
	char *place, *element, room[3][32];
	double apart = isnan(a) || isnan(b) ? INFINITY : fabs(a - b);
	const struct datums *all = p->d->datums;
	bool most = !p->values || apart > p->most;

	if (!p->values)
		p->values = difference_kind(p->d->to, "report-value", p->name,
					    p->d->of);
	if (!most && !difference_has_room(p->values)) {
		difference_row(p->values, "", "", "", 1);
		return;
	}
	element = element_place(p->r[0], p->same[0][k]);
	place = format("%s at %s ms", element,
		       datum_text(all,
				  datum_number(report_time(p->r[0], frame)),
				  room[0]));
	difference_row(p->values, place,
		       datum_text(all, datum_number(a), room[1]),
		       datum_text(all, datum_number(b), room[2]), 1);
	free(element);
	if (!most) {
		free(place);
		return;
	}
	free(p->place);
	p->place = place;
	p->most = apart;
	p->a = a;
	p->b = b;
}

static void
compare_frame(struct diffreport_pair *p, const struct report_block *block,
	      size_t i)
{
	size_t k;
	double a, b;

	for (k = 0; k < p->nsame; k++) {
		a = report_value(p->r[0], i, p->same[0][k]);
		b = report_value(p->r[1], i, p->same[1][k]);
		if (a == b || (isnan(a) && isnan(b)) ||
		    datum_tolerates(p->d->datums, a, b))
			continue;
		tell_value(p, report_frame(block, i), k, a, b);
	}
}

static void
compare_values(struct diffreport_pair *p)
{
	struct report_block block = {.every = 1};
	size_t i;

	block.end = p->r[0]->frames < p->r[1]->frames ? p->r[0]->frames
						      : p->r[1]->frames;
	if (p->nsame == 0)
		return;
	progress_begin("frames", block.end);
	while (report_next(&block, p->r, 2)) {
		for (i = 0; i < block.n; i++)
			compare_frame(p, &block, i);
		progress(block.next);
	}
}

static void
tell_greatest(const struct diffreport_pair *p)
{
	char room[2][32];

	if (!p->values)
		return;
	difference_fact(
		difference_kind(p->d->to, "report-greatest", p->name, p->d->of),
		p->place, datum_text(p->d->datums, datum_number(p->a), room[0]),
		datum_text(p->d->datums, datum_number(p->b), room[1]));
}

/* ---- All of it ---- */

static void
tell_number(const struct diffreport_pair *p, const char *what, double a,
	    double b)
{
	if (!(isnan(a) && isnan(b)) && !datum_tolerates(p->d->datums, a, b))
		difference_numbers(
			difference_kind(p->d->to, what, p->name, p->d->of), a,
			b);
}

static void
compare_reports(const struct diffreport *d, struct report *a, struct report *b)
{
	struct diffreport_pair p = {.d = d, .r = {a, b}};
	const char *units[2] = {a->units ? a->units : "",
				b->units ? b->units : ""};
	size_t f;

	p.name = *a->population ? a->population : a->name;
	if (a->frames != b->frames)
		difference_counts(
			difference_kind(d->to, "frame-count", p.name, d->of),
			a->frames, b->frames);
	if (strcmp(units[0], units[1]) != 0)
		difference_fact(
			difference_kind(d->to, "report-units", p.name, d->of),
			"", units[0], units[1]);
	tell_number(&p, "report-start", a->has_times ? a->start_ms : NAN,
		    b->has_times ? b->start_ms : NAN);
	tell_number(&p, "report-step", a->has_times ? a->step_ms : NAN,
		    b->has_times ? b->step_ms : NAN);
	match_elements(&p);
	compare_values(&p);
	tell_greatest(&p);
	for (f = 0; f < 2; f++) {
		free(p.order[f]);
		free(p.same[f]);
	}
	free(p.place);
}

static struct report *
find_report(const struct reports *all, const char *name)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (!strcmp(all->report[i].name, name))
			return &all->report[i];
	return NULL;
}

static void
tell_population(const struct diffreport *d, const char *a, const char *b)
{
	difference_fact(
		difference_kind(d->to, "report-population", *a ? a : b, d->of),
		"", a, b);
}

/* A report alone in its file needs no name to be found. */
static void
compare_single(const struct diffreport *d, struct report *a, struct report *b)
{
	if (*a->population && *b->population &&
	    strcmp(a->population, b->population) != 0)
		tell_population(d, a->population, b->population);
	compare_reports(d, a, b);
}

static void
compare_named(const struct diffreport *d, const struct reports all[2])
{
	struct report *b;
	size_t i;

	for (i = 0; i < all[0].n; i++) {
		b = find_report(&all[1], all[0].report[i].name);
		if (b)
			compare_reports(d, &all[0].report[i], b);
		else
			tell_population(d, all[0].report[i].name, "");
	}
	for (i = 0; i < all[1].n; i++)
		if (!find_report(&all[0], all[1].report[i].name))
			tell_population(d, "", all[1].report[i].name);
}

void
diffreport_run(const struct diffreport *d)
{
	static const struct opt_list none;
	struct reports all[2];

	report_open(&all[0], d->path[0], &none);
	report_open(&all[1], d->path[1], &none);
	if (all[0].n == 1 && all[1].n == 1)
		compare_single(d, all[0].report, all[1].report);
	else
		compare_named(d, all);
	report_close(&all[0]);
	report_close(&all[1]);
}
