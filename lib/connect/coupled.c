#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect/coupled.h"
#include "files.h"
#include "rows.h"
#include "sonata/spill.h"

static bool strict;

const struct opt coupled_opts[] = {
	OPT_FLAG(0, "strict", &strict,
		 "a row of the table for no such pair is an error"),
	OPT_TABLE(spill_opts_256M),
	OPT_END,
};

/* The table of edges while it is read. */
struct source_table {
	struct rows rows;
	size_t id[2], population[2], gap;
	bool wants_gap;
	struct spill *spill;
	uint64_t read, other; /* rows, and those of other cells */
	size_t line;          /* of the first of those */
	char *serves;         /* the population that cells of none are of */
};

static void
open_source(struct source_table *t, const char *path)
{
	struct rows *r = &t->rows;

	rows_open(r, path);
	t->id[0] = rows_column(r, "source_node_id");
	t->id[1] = rows_column(r, "target_node_id");
	t->population[0] = rows_find(r, "source_population");
	t->population[1] = rows_find(r, "target_population");
	t->gap = rows_find(r, "is_gap_junction");
}

static bool
of_other(const struct twoway_pairs *p, struct source_table *t, int end)
{
	size_t column = t->population[end];

	return column != NO_COLUMN &&
	       !pool_is_of(&p->pool[0], &t->rows, column, &t->serves);
}

/* Without groups, an id that is not among the cells is a mistake. */
static bool
all_cells(void)
{
	return !pool_chose_groups();
}

/* The place of an end of this row in both pools; false if it is in none of
 * them. */
static bool
find_end(const struct twoway_pairs *p, struct source_table *t, int end,
	 size_t place[2])
{
	int64_t id = rows_int(&t->rows, t->id[end]);
	bool found;

	place[0] = place[1] = SIZE_MAX;
	if (!of_other(p, t, end)) {
		place[0] = pool_find(&p->pool[0], id);
		place[1] = pool_find(&p->pool[1], id);
		found = place[0] != SIZE_MAX || place[1] != SIZE_MAX;
		if (!found && (strict || all_cells()))
			rows_bad(&t->rows, t->id[end], "no such cell");
		return found;
	}
	if (strict)
		rows_bad(&t->rows, t->population[end], "no such cell");
	return false;
}

/* The number of the pair that a row is of, times two, and its direction. */
static bool
find_pair(const struct twoway_pairs *p, struct source_table *t, uint64_t *key)
{
	size_t from[2], to[2], a, b;
	bool back, known = find_end(p, t, 0, from);

	known = find_end(p, t, 1, to) && known;
	back = p->same ? known && from[0] > to[0] : from[0] == SIZE_MAX;
	a = back ? to[0] : from[0];
	b = back ? from[1] : to[1];
	if (known && strict && (a == SIZE_MAX || b == SIZE_MAX))
		die("%s:%zu: of no pair of a source and a target", t->rows.path,
		    t->rows.line);
	if (!known || a == SIZE_MAX || b == SIZE_MAX)
		return false;
	*key = ((uint64_t)a * p->pool[1].n + b) * 2 + (back ? 1 : 0);
	return true;
}

static bool
is_autapse(const struct twoway_pairs *p, uint64_t key)
{
	uint64_t n = p->pool[1].n;

	return p->same && key / 2 / n == key / 2 % n;
}

static void
take_row(const struct twoway_pairs *p, struct source_table *t)
{
	bool gap = t->gap != NO_COLUMN ? rows_flag(&t->rows, t->gap)
				       : t->wants_gap;
	uint64_t key, first;

	if (gap != t->wants_gap)
		return;
	t->read++;
	if (!find_pair(p, t, &key)) {
		if (t->other++ == 0)
			t->line = t->rows.line;
		return;
	}
	first = key / 2 / p->pool[1].n;
	if (first >= p->first && first < p->end && !is_autapse(p, key))
		spill_add(t->spill, key, NULL);
}

static void
put_partner(struct coupled *c, size_t i, const struct twoway_partner *partner)
{
	if (fwrite(partner, sizeof *partner, 1, c->file) != 1)
		files_scratch_failed();
	c->begin[i + 1]++;
}

/* The sorted rows, of which a pair may have several. */
static void
put_pairs(struct coupled *c, const struct source_table *t, uint64_t n)
{
	uint64_t last = UINT64_MAX;
	struct twoway_partner partner = {0};
	const uint64_t *key;
	const char *payload;
	size_t count, i;
	uint32_t way;

	while ((count = spill_next(t->spill, &key, &payload)) > 0)
		for (i = 0; i < count; i++) {
			if (key[i] == last)
				continue;
			way = last != UINT64_MAX && key[i] / 2 == last / 2;
			if (last != UINT64_MAX && !way)
				put_partner(c, last / 2 / n, &partner);
			partner.cell = (uint32_t)(key[i] / 2 % n);
			partner.class = t->wants_gap ? 1 : 1 + way;
			last = key[i];
		}
	if (last != UINT64_MAX)
		put_partner(c, last / 2 / n, &partner);
}

/* What the i-th cell is paired with, in new memory, and how many. */
static struct twoway_partner *
partners_of(const void *coupled, size_t i, size_t *n)
{
	const struct coupled *c = coupled;
	struct twoway_partner *p;
	size_t size, done = 0;
	ssize_t part;

	*n = (size_t)(c->begin[i + 1] - c->begin[i]);
	if (*n == 0)
		return NULL;
	size = *n * sizeof *p;
	p = zeros(*n, sizeof *p);
	while (done < size) {
		part = pread(fileno(c->file), (char *)p + done, size - done,
			     (off_t)(c->begin[i] * sizeof *p + done));
		if (part <= 0)
			files_scratch_failed();
		done += (size_t)part;
	}
	return p;
}

void
coupled_check(const struct twoway_pairs *p)
{
	const char *a = p->pool[0].population, *b = p->pool[1].population;

	if (a && b && strcmp(a, b) != 0)
		die("gap junctions are within a population, and these cells "
		    "are of '%s' and '%s'",
		    a, b);
}

void
coupled_read(struct coupled *c, struct twoway_pairs *p, const char *path,
	     bool gap)
{
	size_t n[2] = {p->pool[0].n, p->pool[1].n}, i;
	struct source_table t = {.wants_gap = gap};

	if ((uint64_t)n[0] * n[1] > INT64_MAX / 4)
		die("more than 2^61 pairs");
	open_source(&t, path);
	t.spill = spill_new((uint64_t)n[0] * n[1] * 2 + 1, 0,
			    spill_memory((size_t)256 << 20));
	c->file = fdopen(files_scratch(), "r+");
	if (!c->file)
		files_scratch_failed();
	c->begin = zeros(n[0] + 1, sizeof *c->begin);
	while (rows_next(&t.rows))
		take_row(p, &t);
	put_pairs(c, &t, n[1]);
	if (fflush(c->file))
		files_scratch_failed();
	for (i = 0; i < n[0]; i++)
		c->begin[i + 1] += c->begin[i];
	if (t.other > 0)
		warn("%s: %" PRIu64 " of %" PRIu64 " edges are of other cells, "
		     "and left out; the first is line %zu",
		     t.rows.path, t.other, t.read, t.line);
	spill_free(t.spill);
	free(t.serves);
	rows_close(&t.rows);
	p->partners = partners_of;
	p->arg = c;
}

void
coupled_free(struct coupled *c)
{
	if (c->file)
		fclose(c->file);
	free(c->begin);
}
