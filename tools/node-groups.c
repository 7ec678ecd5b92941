/* node-groups -- part nodes into groups
 *
 * What is random follows from the seed and from the node itself: each has
 * numbers of its own, by which the nodes are put in an order, and parts of this
 * order are the groups.  So the order of the table does not matter, groups are
 * as equal as can be, and nodes of two populations that have a key in common
 * get the same group, wherever each of them is grouped. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "labels.h"
#include "measure/bins.h"
#include "out.h"
#include "progress.h"
#include "random/random.h"
#include "rows.h"

static int64_t random_groups, parts;
static const char *by, *grid, *bounds, *key_column;
static double fraction = 1;

static const struct opt opts[] = {
	OPT_INT_IN(0, "random", "n", &random_groups, "[1,1000000000]",
		   "so many groups, of nodes by chance"),
	OPT_STR(0, "by", "column", &by, "a group for each value here"),
	OPT_STR(0, "grid", "file|NXxNY", &grid,
		"a group for each box of a grid in x and y"),
	OPT_STR(0, "bounds", "x0:x1,y0:y1", &bounds,
		"where the grid is, in um"),
	OPT_INT_IN(0, "divide", "n", &parts, "[1,1000000]",
		   "so many of each group that there is, by chance"),
	OPT_NUM_IN(0, "fraction", "p", &fraction, "[0,1]",
		   "leave only this part in each group, by chance (1)"),
	OPT_STR(0, "key", "column", &key_column,
		"nodes of one value here share their chance"),
	OPT_TABLE(random_opts),
	OPT_TABLE(out_opts),
	OPT_TABLE(rows_opts),
	OPT_EXCLUDE("random by grid divide"),
	OPT_REQUIRED("random by grid divide"),
	OPT_NEEDS("grid", "bounds"),
	OPT_NEEDS("bounds", "grid"),
	OPT_NEEDS("key", "random divide fraction"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "part nodes into groups",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

#define NONE (-1)

struct grouped {
	char *fields; /* of the row, each with a NUL behind it */
	int64_t id;
	int64_t group; /* or NONE */
	uint32_t population;
	uint32_t unit;    /* what shares its chance: a label, or the node */
	uint64_t draw[2]; /* for the group, and for --fraction */
	size_t rank, of;  /* among the units of its stratum, and their number */
	size_t line;
};

struct grouping {
	const char *path;
	char **name;
	size_t columns, group; /* where the column is, or NO_COLUMN */
	struct grouped *member;
	size_t n, cap;
	struct labels populations, keys;
	struct labels values; /* of --by, in no order */
	uint64_t outside, nowhere, unnamed;
};

/* ---- The grid ---- */

struct grouping_grid {
	struct bins axis[2];
	int64_t *group; /* of each box, y by y and then x by x; or NONE */
};

static void
read_bounds(struct grouping_grid *b)
{
	char *s = copy(bounds), *rest = s;
	size_t k;

	for (k = 0; k < 2; k++) {
		char *pair = strsep(&rest, ","), *high = pair;
		struct bins *axis = &b->axis[k];

		strsep(&high, ":");
		if (!pair || !high || !parse_num(pair, &axis->low) ||
		    !parse_num(high, &axis->high) ||
		    !isfinite(axis->high - axis->low) ||
		    !(axis->low < axis->high))
			misuse("--bounds: not x0:x1,y0:y1 that increase: '%s'",
			       bounds);
	}
	if (rest)
		misuse("--bounds: not x0:x1,y0:y1 that increase: '%s'", bounds);
	free(s);
}

/* NXxNY; the groups are numbered as in BMTool's arrays, whose first axis is
 * x. */
static bool
make_boxes(struct grouping_grid *b)
{
	char *s = copy(grid), *y = s, *x = strsep(&y, "x");
	int64_t nx, ny, i;
	bool fits = y && parse_int(x, &nx) && parse_int(y, &ny);

	free(s);
	if (!fits)
		return false;
	if (nx < 1 || ny < 1 || nx > BINS_MOST || ny > BINS_MOST / nx)
		misuse("--grid: not 1 to %d boxes: '%s'", BINS_MOST, grid);
	b->axis[0].n = (size_t)nx;
	b->axis[1].n = (size_t)ny;
	b->group = zeros((size_t)(nx * ny), sizeof *b->group);
	for (i = 0; i < nx * ny; i++)
		b->group[i] = i;
	return true;
}

static void
read_boxes(struct grouping_grid *b)
{
	size_t n = 0, cap = 0, k;
	struct rows r;

	rows_open_bare(&r, grid, " \t,");
	while (rows_next(&r)) {
		b->group = grow(b->group, &cap, n + r.n, sizeof *b->group);
		for (k = 0; k < r.n; k++, n++) {
			b->group[n] = NONE;
			if (is_missing(r.field[k]))
				continue;
			b->group[n] = rows_int(&r, k);
			if (b->group[n] < 0)
				rows_bad(&r, k, "negative");
		}
		b->axis[0].n++;
		b->axis[1].n = r.n;
	}
	if (n == 0)
		die("%s: no boxes", r.path);
	rows_close(&r);
}

/* ---- The table ---- */

struct grouping_columns {
	size_t id, population, key, by, at[2];
};

static struct grouping_columns
find_columns(struct grouping *t, const struct rows *r)
{
	struct grouping_columns c = {
		.id = rows_column(r, "node_id"),
		.population = rows_find(r, "population"),
		.key = key_column ? rows_column(r, key_column) : NO_COLUMN,
		.by = by ? rows_column(r, by) : NO_COLUMN,
		.at = {NO_COLUMN, NO_COLUMN}};
	size_t i;

	t->group = rows_find(r, "group");
	if (parts > 0)
		rows_column(r, "group");
	else if (t->group != NO_COLUMN)
		die("%s: there is a column 'group' already", r->path);
	if (grid) {
		c.at[0] = rows_column(r, "x");
		c.at[1] = rows_column(r, "y");
	}
	t->name = zeros(r->n, sizeof(char *));
	for (i = 0; i < r->n; i++)
		t->name[i] = copy(r->name[i]);
	t->columns = r->n;
	return c;
}

static char *
keep_fields(const struct rows *r)
{
	size_t size = 0, i;
	char *text, *to;

	for (i = 0; i < r->n; i++)
		size += strlen(r->field[i]) + 1;
	to = text = zeros(size, 1);
	for (i = 0; i < r->n; i++)
		to = stpcpy(to, r->field[i]) + 1;
	return text;
}

/* The box of a node, or NONE if it is in none. */
static int64_t
find_box(struct grouping *t, const struct grouping_grid *b,
	 const struct rows *r, const struct grouping_columns *c)
{
	size_t at[2], k;

	for (k = 0; k < 2; k++)
		if (is_missing(r->field[c->at[k]])) {
			t->nowhere++;
			return NONE;
		}
	for (k = 0; k < 2; k++)
		at[k] = bins_find(&b->axis[k], rows_finite(r, c->at[k]));
	if (at[0] == b->axis[0].n || at[1] == b->axis[1].n) {
		t->outside++;
		return NONE;
	}
	if (b->group[at[0] * b->axis[1].n + at[1]] == NONE)
		t->unnamed++;
	return b->group[at[0] * b->axis[1].n + at[1]];
}

static int64_t
read_group(struct grouping *t, const struct grouping_grid *b,
	   const struct rows *r, const struct grouping_columns *c)
{
	int64_t group;

	if (b->group)
		return find_box(t, b, r, c);
	if (by)
		return is_missing(r->field[c->by])
			       ? NONE
			       : (int64_t)label(&t->values, r->field[c->by]);
	if (parts == 0 || is_missing(r->field[t->group]))
		return parts == 0 ? 0 : NONE;
	group = rows_int(r, t->group);
	if (group < 0)
		rows_bad(r, t->group, "negative");
	if (group > INT64_MAX / parts - 1)
		rows_bad(r, t->group, "too large to be divided");
	return group;
}

static void
take_row(struct grouping *t, const struct grouping_grid *b,
	 const struct rows *r, const struct grouping_columns *c)
{
	struct grouped *m;

	t->member = grow(t->member, &t->cap, t->n + 1, sizeof *m);
	m = &t->member[t->n];
	m->fields = keep_fields(r);
	m->line = r->line;
	m->id = rows_int(r, c->id);
	if (m->id < 0)
		rows_bad(r, c->id, "negative");
	m->population = label(
		&t->populations,
		c->population == NO_COLUMN ? "" : r->field[c->population]);
	m->group = read_group(t, b, r, c);
	m->unit = (uint32_t)t->n++;
	if (c->key == NO_COLUMN)
		return;
	if (!*r->field[c->key])
		rows_bad(r, c->key, "empty");
	m->unit = label(&t->keys, r->field[c->key]);
}

static void
read_table(struct grouping *t, const struct grouping_grid *b, const char *path)
{
	struct grouping_columns c;
	struct rows r;

	rows_open(&r, path);
	t->path = r.path;
	c = find_columns(t, &r);
	while (rows_next(&r))
		take_row(t, b, &r, &c);
	rows_close(&r);
}

/* ---- Chance ---- */

/* With a key, nodes of all populations are dealt together. */
static uint32_t
pool_of(const struct grouped *m)
{
	return key_column ? 0 : m->population;
}

static int
by_id(const void *a, const void *b)
{
	const struct grouped *x = *(struct grouped *const *)a;
	const struct grouped *y = *(struct grouped *const *)b;

	if (x->population != y->population)
		return x->population < y->population ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

/* Units of a pool and a group, in the order of what they have drawn; numbers of
 * 64 bits that are the same would be a wonder, and are told apart by the id. */
static int
by_draw(const void *a, const void *b, void *which)
{
	const struct grouped *x = *(struct grouped *const *)a;
	const struct grouped *y = *(struct grouped *const *)b;
	size_t k = *(size_t *)which;

	if (pool_of(x) != pool_of(y))
		return pool_of(x) < pool_of(y) ? -1 : 1;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->draw[k] != y->draw[k])
		return x->draw[k] < y->draw[k] ? -1 : 1;
	return by_id(a, b);
}

static struct grouped **
list_members(const struct grouping *t)
{
	struct grouped **list = zeros(t->n, sizeof(void *));
	size_t i;

	for (i = 0; i < t->n; i++)
		list[i] = &t->member[i];
	return list;
}

/* Ends the tool if a node is there twice. */
static void
check_ids(const struct grouping *t)
{
	struct grouped **list = list_members(t);
	size_t i;

	qsort(list, t->n, sizeof(void *), by_id);
	for (i = 1; i < t->n; i++)
		if (list[i]->population == list[i - 1]->population &&
		    list[i]->id == list[i - 1]->id)
			die("%s:%zu: column 'node_id': there twice: '%lld'",
			    t->path, list[i]->line, (long long)list[i]->id);
	free(list);
}

static void
draw_numbers(struct grouping *t)
{
	size_t i, k;

	for (i = 0; i < t->n; i++) {
		struct grouped *m = &t->member[i];
		char *name =
			key_column
				? random_name("node-groups key",
					      t->keys.name[m->unit])
				: random_name(
					  "node-groups",
					  t->populations.name[m->population]);
		struct random_stream s =
			random_stream(name, key_column ? 0 : m->id, 0);

		for (k = 0; k < 2; k++)
			m->draw[k] = random_bits(&s);
		free(name);
	}
}

/* Do two nodes that follow each other begin with another pool or group? */
static bool
is_parted(const struct grouped *a, const struct grouped *b)
{
	return pool_of(a) != pool_of(b) || a->group != b->group;
}

/* Finds the rank of each unit in its pool and group. */
static void
rank_units(struct grouping *t, size_t which)
{
	struct grouped **list = list_members(t);
	size_t i, end, k, rank;

	qsort_r(list, t->n, sizeof(void *), by_draw, &which);
	for (i = 0; i < t->n; i = end) {
		rank = 0;
		for (end = i; end < t->n && !is_parted(list[i], list[end]);
		     end++) {
			if (end > i && list[end]->unit != list[end - 1]->unit)
				rank++;
			list[end]->rank = rank;
		}
		for (k = i; k < end; k++)
			list[k]->of = rank + 1;
	}
	free(list);
}

static void
deal(struct grouping *t, int64_t n)
{
	size_t i;

	rank_units(t, 0);
	for (i = 0; i < t->n; i++) {
		struct grouped *m = &t->member[i];

		if (m->group != NONE)
			m->group = m->group * n +
				   (int64_t)(m->rank * (size_t)n / m->of);
	}
}

/* 0.29 of 100 are 29, though the product of the doubles is a little less. */
static void
leave_fraction(struct grouping *t)
{
	size_t i;

	rank_units(t, 1);
	for (i = 0; i < t->n; i++) {
		struct grouped *m = &t->member[i];

		if ((double)m->rank >= floor(fraction * (double)m->of + 1e-9))
			m->group = NONE;
	}
}

/* ---- By a column ---- */

/* Numbers by their size, unless there is a value that is none. */
static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
by_number(const void *a, const void *b)
{
	double x = 0, y = 0;

	parse_num(*(char *const *)a, &x);
	parse_num(*(char *const *)b, &y);
	return x != y ? (x > y) - (x < y) : by_text(a, b);
}

static void
number_values(struct grouping *t)
{
	size_t n = t->values.n, i;
	char **sorted = zeros(n, sizeof *sorted);
	struct labels order = {0};
	bool numbers = true;
	double v;

	for (i = 0; i < n; i++) {
		sorted[i] = t->values.name[i];
		numbers = numbers && parse_num(sorted[i], &v);
	}
	qsort(sorted, n, sizeof *sorted, numbers ? by_number : by_text);
	for (i = 0; i < n; i++)
		label(&order, sorted[i]);
	for (i = 0; i < t->n; i++) {
		struct grouped *m = &t->member[i];

		if (m->group != NONE)
			m->group = label_find(&order, t->values.name[m->group]);
	}
	labels_free(&order);
	free(sorted);
}

/* ---- What comes out ---- */

static void
write_group(int64_t group)
{
	if (group == NONE)
		out_missing();
	else
		out_int(group);
}

static void
write_table(const struct grouping *t)
{
	size_t i, k;

	for (k = 0; k < t->columns; k++)
		out_text(t->name[k]);
	if (t->group == NO_COLUMN)
		out_text("group");
	out_end();
	for (i = 0; i < t->n; i++) {
		const struct grouped *m = &t->member[i];
		const char *s = m->fields;

		for (k = 0; k < t->columns; k++, s += strlen(s) + 1)
			if (k == t->group)
				write_group(m->group);
			else
				out_text(s);
		if (t->group == NO_COLUMN)
			write_group(m->group);
		out_end();
	}
}

static void
say(const char *what, uint64_t n, const struct grouping *t)
{
	if (n > 0)
		warn("%s, and in no group: %llu of %zu nodes", what,
		     (unsigned long long)n, t->n);
}

static void
free_table(struct grouping *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		free(t->member[i].fields);
	for (i = 0; i < t->columns; i++)
		free(t->name[i]);
	free(t->name);
	free(t->member);
	labels_free(&t->populations);
	labels_free(&t->keys);
	labels_free(&t->values);
}

int
main(int argc, char **argv)
{
	struct grouping_grid boxes = {.group = NULL};
	struct grouping t = {.path = NULL};
	bool drawn;

	argv = start(argc, argv, &tool);
	drawn = random_groups > 0 || parts > 0 || fraction < 1;
	if (drawn)
		random_need_seed();
	if (grid) {
		read_bounds(&boxes);
		if (!make_boxes(&boxes))
			read_boxes(&boxes);
	}
	read_table(&t, &boxes, argv[0]);
	check_ids(&t);
	if (drawn)
		draw_numbers(&t);
	if (by)
		number_values(&t);
	if (random_groups > 0 || parts > 0)
		deal(&t, parts > 0 ? parts : random_groups);
	if (fraction < 1)
		leave_fraction(&t);
	say("outside the grid", t.outside, &t);
	say("without a position", t.nowhere, &t);
	say("in a box of no group", t.unnamed, &t);
	write_table(&t);
	free(boxes.group);
	free_table(&t);
	return WORKED;
}
