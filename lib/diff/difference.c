#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "diff/difference.h"
#include "out.h"
#include "util.h"

struct difference *
difference_kind(struct differences *all, const char *what,
		const char *population, const char *attribute)
{
	struct difference *d;
	char *key;
	uint32_t i;

	if (all->quiet)
		exit(FAILED);
	key = format("%s\n%s\n%s", what, population, attribute);
	i = label(&all->keys, key);
	free(key);
	if (i < all->n)
		return all->kind[i];
	all->kind = grow(all->kind, &all->cap, all->n + 1,
			 sizeof(struct difference *));
	d = all->kind[all->n++] = zeros(1, sizeof *d);
	d->what = copy(what);
	d->population = copy(population);
	d->attribute = copy(attribute);
	d->most = all->most;
	return d;
}

bool
difference_has_room(const struct difference *d)
{
	return d->n < d->most;
}

void
difference_row(struct difference *d, const char *place, const char *a,
	       const char *b, uint64_t count)
{
	d->whole.count += count;
	if (!difference_has_room(d))
		return;
	d->row = grow(d->row, &d->cap, d->n + 1, sizeof *d->row);
	d->row[d->n++] =
		(struct difference_row){copy(place), copy(a), copy(b), count};
}

static void
free_row(struct difference_row *r)
{
	free(r->place);
	free(r->a);
	free(r->b);
}

void
difference_fact(struct difference *d, const char *place, const char *a,
		const char *b)
{
	free_row(&d->whole);
	d->whole = (struct difference_row){copy(place), copy(a), copy(b), 0};
}

void
difference_counts(struct difference *d, uint64_t a, uint64_t b)
{
	char s[32], t[32];

	snprintf(s, sizeof s, "%" PRIu64, a);
	snprintf(t, sizeof t, "%" PRIu64, b);
	difference_fact(d, "", s, t);
}

void
difference_numbers(struct difference *d, double a, double b)
{
	char s[32] = "", t[32] = "";

	if (!isnan(a))
		s[out_num_text(a, s)] = '\0';
	if (!isnan(b))
		t[out_num_text(b, t)] = '\0';
	difference_fact(d, "", s, t);
}

/* ---- The table ---- */

static void
out_optional(const char *s)
{
	if (s && *s)
		out_text(s);
	else
		out_missing();
}

static void
write_row(const struct difference *d, const struct difference_row *r)
{
	out_text(d->what);
	out_optional(d->population);
	out_optional(d->attribute);
	out_optional(r->place);
	out_optional(r->a);
	out_optional(r->b);
	if (r->count)
		out_int((int64_t)r->count);
	else
		out_missing();
	out_end();
}

bool
differences_write(const struct differences *all)
{
	size_t i, k;

	if (all->n > 0)
		out_header("what", "population", "attribute", "place", "a", "b",
			   "count");
	for (i = 0; i < all->n; i++) {
		const struct difference *d = all->kind[i];

		write_row(d, &d->whole);
		for (k = 0; k < d->n; k++)
			write_row(d, &d->row[k]);
	}
	return all->n > 0;
}

void
differences_free(struct differences *all)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		struct difference *d = all->kind[i];

		while (d->n > 0)
			free_row(&d->row[--d->n]);
		free_row(&d->whole);
		free(d->row);
		free(d->what);
		free(d->population);
		free(d->attribute);
		free(d);
	}
	free(all->kind);
	labels_free(&all->keys);
}
