#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connect/pool.h"
#include "labels.h"
#include "rows.h"
#include "util.h"

static const char *by;
static struct opt_list source_groups, target_groups;

const struct opt pool_opts[] = {
	OPT_STR('g', "group", "column", &by,
		"--source and --target are of this column (pop_name)"),
	OPT_LIST(0, "source", "group", &source_groups,
		 "connect from the cells of this group (all; repeatable)"),
	OPT_LIST(0, "target", "group", &target_groups,
		 "connect to the cells of this group (all; repeatable)"),
	OPT_END,
};

static const char *const axis[] = {"x", "y", "z"};

bool
pool_chose_groups(void)
{
	return source_groups.n > 0 || target_groups.n > 0;
}

/* A cell and where it was read, for messages. */
struct cell {
	int64_t id;
	double at[3];
	uint32_t group;
	const char *path;
	size_t line;
};

/* A pool while it is read. */
struct gathering {
	const char *option;
	const struct opt_list *groups; /* none: all cells are one */
	struct labels numbers;         /* of the groups */
	size_t *size;                  /* of each group */
	const struct gathering *like;  /* has the same cells; or NULL */
	char *population;
	struct cell *cell;
	size_t n, cap;
};

struct table {
	struct rows rows;
	size_t id, population, group, at[3];
	bool grouped, positions;
};

static size_t
group_column(const struct rows *r)
{
	size_t column;

	if (by)
		return rows_column(r, by);
	if (rows_find(r, "pop_name") == NO_COLUMN &&
	    (column = rows_find(r, "node_type_id")) != NO_COLUMN)
		return column;
	return rows_column(r, "pop_name");
}

static void
open_table(struct table *t, const char *path, bool positions)
{
	size_t k;

	*t = (struct table){.positions = positions};
	rows_open(&t->rows, path);
	t->id = rows_column(&t->rows, "node_id");
	t->population = rows_find(&t->rows, "population");
	t->grouped = by || pool_chose_groups();
	if (t->grouped)
		t->group = group_column(&t->rows);
	for (k = 0; positions && k < LEN(axis); k++)
		t->at[k] = rows_column(&t->rows, axis[k]);
}

static double
coordinate(const struct rows *r, size_t column)
{
	double v;

	if (is_missing(r->field[column]))
		rows_bad(r, column, "a cell without a position");
	v = rows_num(r, column);
	if (!isfinite(v))
		rows_bad(r, column, "not a position");
	return v;
}

static void
take_cell(struct gathering *g, const struct table *t, uint32_t group)
{
	const struct rows *r = &t->rows;
	struct cell *c;
	size_t k;

	if (g->n == UINT32_MAX - 1)
		die("%s:%zu: more than %zu cells", r->path, r->line, g->n);
	g->cell = grow(g->cell, &g->cap, g->n + 1, sizeof *g->cell);
	c = &g->cell[g->n++];
	*c = (struct cell){.id = rows_int(r, t->id),
			   .group = group,
			   .path = r->path,
			   .line = r->line};
	g->size[group]++;
	if (c->id < 0)
		rows_bad(r, t->id, "negative");
	for (k = 0; t->positions && k < LEN(axis); k++)
		c->at[k] = coordinate(r, t->at[k]);
}

/* An edge table has one population of sources, and one of targets. */
static void
take_population(struct gathering *g, const struct table *t)
{
	const struct rows *r = &t->rows;
	const char *name;

	if (t->population == NO_COLUMN)
		return;
	name = r->field[t->population];
	if (!*name)
		rows_bad(r, t->population, "no name");
	if (!g->population)
		g->population = copy(name);
	else if (strcmp(g->population, name) != 0)
		die("%s:%zu: the %s cells are of several populations: '%s' "
		    "and '%s'",
		    r->path, r->line, g->option, g->population, name);
}

/* Whether edges have populations follows from the columns of the tables, not
 * from what rows there are. */
static void
check_populations(const struct table *t, bool first, bool *named)
{
	bool has = t->population != NO_COLUMN;

	if (!first && has != *named)
		die("%s: %s column 'population', unlike the table before",
		    t->rows.path, has ? "a" : "no");
	*named = has;
}

/* The place of this row's group among those named, or NO_LABEL. */
static uint32_t
find_group(const struct gathering *g, const struct table *t)
{
	if (g->groups->n == 0)
		return 0;
	return label_find(&g->numbers, t->rows.field[t->group]);
}

static void
take_row(struct gathering *side, const struct table *t)
{
	size_t k;

	for (k = 0; k < 2; k++) {
		struct gathering *g = &side[k];
		uint32_t group;

		if (g->like || (group = find_group(g, t)) == NO_LABEL)
			continue;
		take_population(g, t);
		take_cell(g, t, group);
	}
}

/* How many cells there were, and whether they have populations. */
static size_t
read_tables(char *const *paths, bool positions, struct gathering *side,
	    bool *named)
{
	static char dash[] = "-", *const standard_input[] = {dash, NULL};
	bool first = true;
	struct table t;
	size_t n = 0;

	if (!*paths)
		paths = standard_input;
	for (; *paths; paths++) {
		open_table(&t, *paths, positions);
		check_populations(&t, first, named);
		first = false;
		for (; rows_next(&t.rows); n++)
			take_row(side, &t);
		rows_close(&t.rows);
	}
	return n;
}

static int
by_id(const void *a, const void *b)
{
	const struct cell *s = a, *t = b;

	if (s->id != t->id)
		return s->id < t->id ? -1 : 1;
	return s->line < t->line ? -1 : s->line > t->line;
}

static int
by_group(const void *a, const void *b)
{
	const struct cell *s = a, *t = b;

	if (s->group != t->group)
		return s->group < t->group ? -1 : 1;
	return by_id(a, b);
}

static void
sort_cells(const struct gathering *g)
{
	size_t i;

	for (i = 1; i < g->n && g->cell[i - 1].id < g->cell[i].id; i++)
		;
	if (i < g->n)
		qsort(g->cell, g->n, sizeof *g->cell, by_id);
	for (i = 1; i < g->n; i++)
		if (g->cell[i - 1].id == g->cell[i].id)
			die("%s:%zu: column 'node_id': there twice: '%" PRId64
			    "'",
			    g->cell[i].path, g->cell[i].line, g->cell[i].id);
}

static size_t
count_groups(const struct gathering *g)
{
	return g->groups->n > 0 ? g->groups->n : 1;
}

static const char *
name_all(const struct gathering *g)
{
	return g->population && *g->population ? g->population : "all";
}

/* The groups, by name, and that of all of them: "PN+PV". */
static void
name_groups(struct pool *p, const struct gathering *g)
{
	char *longer;
	size_t k;

	p->ngroups = count_groups(g);
	p->group = zeros(p->ngroups, sizeof *p->group);
	for (k = 0; k < p->ngroups; k++) {
		p->group[k] = copy(g->groups->n > 0 ? g->groups->item[k]
						    : name_all(g));
		longer = k > 0 ? format("%s+%s", p->name, p->group[k])
			       : copy(p->group[k]);
		free(p->name);
		p->name = longer;
	}
}

static void
make_pool(struct pool *p, const struct gathering *g, bool positions)
{
	size_t i, k;

	*p = (struct pool){.n = g->n};
	p->population = g->population ? copy(g->population) : NULL;
	name_groups(p, g);
	p->id = zeros(g->n, sizeof *p->id);
	p->of = zeros(g->n, sizeof *p->of);
	for (i = 0; i < g->n; i++) {
		p->id[i] = g->cell[i].id;
		p->of[i] = g->cell[i].group;
	}
	for (k = 0; positions && k < LEN(axis); k++) {
		p->at[k] = zeros(g->n, sizeof *p->at[k]);
		for (i = 0; i < g->n; i++)
			p->at[k][i] = g->cell[i].at[k];
	}
}

bool
pool_same_population(const struct pool *a, const struct pool *b)
{
	if (!a->population || !b->population)
		return !a->population && !b->population;
	return !strcmp(a->population, b->population);
}

static bool
same_cells(const struct pool *a, const struct pool *b)
{
	size_t i = 0, j = 0;

	if (a->n == b->n && !memcmp(a->id, b->id, a->n * sizeof *a->id))
		return true;
	while (i < a->n && j < b->n)
		if (a->id[i] == b->id[j])
			die("sources '%s' and targets '%s' overlap, but are "
			    "not the same: cell %" PRId64 " is in both",
			    a->name, b->name, a->id[i]);
		else if (a->id[i] < b->id[j])
			i++;
		else
			j++;
	return false;
}

/* A group without cells is a slip, unless there are no cells at all. */
static void
check_groups(const struct gathering *g, size_t cells)
{
	size_t k;

	for (k = 0; cells > 0 && k < g->groups->n; k++)
		if (g->size[k] == 0)
			die("--%s: no cell is of group '%s'", g->option,
			    g->groups->item[k]);
}

static bool
same_groups(const struct opt_list *a, const struct opt_list *b)
{
	size_t k;

	for (k = 0; k < a->n && k < b->n; k++)
		if (strcmp(a->item[k], b->item[k]) != 0)
			return false;
	return a->n == b->n;
}

static void
begin(struct gathering *g)
{
	size_t k;

	g->size = zeros(count_groups(g), sizeof *g->size);
	for (k = 0; k < g->groups->n; k++)
		if (label(&g->numbers, g->groups->item[k]) < k)
			misuse("--%s: there twice: '%s'", g->option,
			       g->groups->item[k]);
}

static void
finish(struct gathering *g, size_t cells, bool named)
{
	if (!g->like)
		check_groups(g, cells);
	if (named && !g->population)
		g->population = copy("");
	sort_cells(g);
}

static void
discard(struct gathering *g)
{
	free(g->population);
	free(g->cell);
	free(g->size);
	labels_free(&g->numbers);
}

static void
gather(char *const *paths, bool positions, struct gathering g[2])
{
	bool named = false;
	size_t n, k;

	g[0] = (struct gathering){.option = "source", .groups = &source_groups};
	g[1] = (struct gathering){.option = "target", .groups = &target_groups};
	if (same_groups(&source_groups, &target_groups))
		g[1].like = &g[0];
	for (k = 0; k < 2; k++)
		begin(&g[k]);
	n = read_tables(paths, positions, g, &named);
	for (k = 0; k < 2; k++)
		finish(&g[k], n, named);
}

static void
make_pools(struct gathering g[2], bool positions, struct pool *source,
	   struct pool *target)
{
	make_pool(source, &g[0], positions);
	make_pool(target, g[1].like ? g[1].like : &g[1], positions);
	discard(&g[0]);
	discard(&g[1]);
}

void
pool_read(char *const *paths, bool positions, struct pool *source,
	  struct pool *target, bool *same)
{
	struct gathering g[2];

	gather(paths, positions, g);
	make_pools(g, positions, source, target);
	*same = pool_same_population(source, target) &&
		same_cells(source, target);
}

void
pool_read_sequences(char *const *paths, struct pool *source,
		    struct pool *target)
{
	struct gathering g[2];
	size_t k;

	gather(paths, false, g);
	for (k = 0; k < 2; k++)
		if (g[k].n > 0 && g[k].groups->n > 1)
			qsort(g[k].cell, g[k].n, sizeof *g[k].cell, by_group);
	make_pools(g, false, source, target);
}

/* Ids mostly have no gaps: then the first guess is the place. */
size_t
pool_find(const struct pool *p, int64_t id)
{
	uint64_t guess;

	if (p->n == 0 || id < p->id[0])
		return SIZE_MAX;
	guess = (uint64_t)id - (uint64_t)p->id[0];
	if (guess < p->n && p->id[guess] == id)
		return (size_t)guess;
	return find_sorted(p->id, p->n, id);
}

static void
free_pool(struct pool *p)
{
	size_t k;

	for (k = 0; k < p->ngroups; k++)
		free(p->group[k]);
	free(p->group);
	free(p->of);
	free(p->population);
	free(p->name);
	free(p->id);
	for (k = 0; k < LEN(axis); k++)
		free(p->at[k]);
	*p = (struct pool){0};
}

void
pool_free(struct pool *source, struct pool *target)
{
	free_pool(source);
	free_pool(target);
}
