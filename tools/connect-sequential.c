/* connect-sequential -- connect the cells of two groups one to one, in order
 *
 * The k-th source is connected to the k-th target: each cell of a population
 * gets a drive of its own.  Either side may be several groups, one after the
 * other as they are named, so that one population drives several, or several
 * one.  A group's cells come by their ids, so that the order of the tables does
 * not matter; what is left over on one side is an error, because where the
 * mistake is cannot be known here. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "out.h"
#include "rows.h"

enum { SOURCE, TARGET, SIDES };

static struct list groups[SIDES];
static const char *by, *nsyns_text;
static bool autapses;

static const struct opt opts[] = {
	OPT_STR('g', "group", "column", &by,
		"--source and --target are of this column (pop_name)"),
	OPT_LIST(0, "source", "group", &groups[SOURCE],
		 "connect from this group; may be given several times (all)"),
	OPT_LIST(0, "target", "group", &groups[TARGET],
		 "connect to this group; may be given several times (all)"),
	OPT_STR(0, "nsyn", "count", &nsyns_text,
		"synapses of each connection, as column nsyns"),
	OPT_FLAG(0, "autapses", &autapses, "a cell may be its own target"),
	OPT_TABLE(connect_opts),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "connect the cells of two groups one to one, in order",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

/* A cell, the place of its group among those that were named, and where it was
 * read, for messages. */
struct cell {
	int64_t id;
	size_t group;
	const char *path;
	size_t line;
};

/* The sources, or the targets. */
struct side {
	const char *option;
	const struct list *groups;
	char *population; /* NULL: the tables have none */
	struct cell *cell;
	size_t n, cap;
};

/* ---- Reading ---- */

struct table {
	struct rows rows;
	size_t id, population, group;
};

static size_t
group_column(const struct rows *r)
{
	size_t column;

	if (groups[SOURCE].n == 0 && groups[TARGET].n == 0 && !by)
		return NO_COLUMN;
	if (by)
		return rows_column(r, by);
	if (rows_find(r, "pop_name") == NO_COLUMN &&
	    (column = rows_find(r, "node_type_id")) != NO_COLUMN)
		return column;
	return rows_column(r, "pop_name");
}

static void
open_table(struct table *t, const char *path)
{
	rows_open(&t->rows, path);
	t->id = rows_column(&t->rows, "node_id");
	t->population = rows_find(&t->rows, "population");
	t->group = group_column(&t->rows);
}

/* The place among those named; SIZE_MAX if it is none of them. */
static size_t
named_group(const struct side *s, const char *group)
{
	size_t i;

	for (i = 0; i < s->groups->n; i++)
		if (!strcmp(s->groups->item[i], group))
			return i;
	return s->groups->n > 0 ? SIZE_MAX : 0;
}

/* An edge table has one population of sources, and one of targets. */
static void
take_population(struct side *s, const struct table *t)
{
	const struct rows *r = &t->rows;
	const char *name;

	if (t->population == NO_COLUMN)
		return;
	name = r->field[t->population];
	if (!*name)
		rows_bad(r, t->population, "no name");
	if (!s->population || !*s->population) {
		free(s->population);
		s->population = copy(name);
	} else if (strcmp(s->population, name) != 0) {
		die("%s:%zu: the %s cells are of several populations: '%s' "
		    "and '%s'",
		    r->path, r->line, s->option, s->population, name);
	}
}

static void
take_cell(struct side *s, const struct table *t)
{
	const struct rows *r = &t->rows;
	size_t group = 0;
	int64_t id;

	if (s->groups->n > 0)
		group = named_group(s, r->field[t->group]);
	if (group == SIZE_MAX)
		return;
	take_population(s, t);
	id = rows_int(r, t->id);
	if (id < 0)
		rows_bad(r, t->id, "negative");
	if (s->n == UINT32_MAX - 1)
		die("%s:%zu: more than %zu cells", r->path, r->line, s->n);
	s->cell = grow(s->cell, &s->cap, s->n + 1, sizeof *s->cell);
	s->cell[s->n++] = (struct cell){id, group, r->path, r->line};
}

/* Whether edges have populations follows from the columns of the tables, not
 * from what rows there are. */
static void
check_populations(struct side *side, const struct table *t, bool first)
{
	bool has = t->population != NO_COLUMN;
	size_t k;

	if (!first && has != (side[SOURCE].population != NULL))
		die("%s: %s column 'population', unlike the table before",
		    t->rows.path, has ? "a" : "no");
	for (k = 0; first && has && k < SIDES; k++)
		side[k].population = copy("");
}

/* How many cells there are. */
static size_t
read_cells(char *const *paths, struct side *side)
{
	static char dash[] = "-", *const standard_input[] = {dash, NULL};
	bool first = true;
	struct table t;
	size_t n = 0;

	if (!*paths)
		paths = standard_input;
	for (; *paths; paths++) {
		open_table(&t, *paths);
		check_populations(side, &t, first);
		first = false;
		for (; rows_next(&t.rows); n++) {
			take_cell(&side[SOURCE], &t);
			take_cell(&side[TARGET], &t);
		}
		rows_close(&t.rows);
	}
	return n;
}

/* ---- The order ---- */

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
check_cells(const struct side *s, size_t cells)
{
	size_t i, k;

	for (i = 1; i < s->n; i++)
		if (s->cell[i - 1].id == s->cell[i].id)
			die("%s:%zu: column 'node_id': there twice: '%" PRId64
			    "'",
			    s->cell[i].path, s->cell[i].line, s->cell[i].id);
	for (k = 0; cells > 0 && k < s->groups->n; k++) {
		for (i = 0; i < s->n && s->cell[i].group != k; i++)
			;
		if (i == s->n)
			die("--%s: no cell is of group '%s'", s->option,
			    s->groups->item[k]);
	}
}

/* The groups that were named, as one: "PN+PV". */
static char *
name_of(const struct side *s)
{
	char *name, *longer;
	size_t i;

	if (s->groups->n == 0)
		return copy(s->population && *s->population ? s->population
							    : "all");
	name = copy(s->groups->item[0]);
	for (i = 1; i < s->groups->n; i++) {
		longer = format("%s+%s", name, s->groups->item[i]);
		free(name);
		name = longer;
	}
	return name;
}

static void
sort_cells(const struct side *s, int (*order)(const void *, const void *))
{
	if (s->n > 1)
		qsort(s->cell, s->n, sizeof *s->cell, order);
}

/* The cells of a side, in the order in which they are connected. */
static struct pool
arrange(struct side *s, size_t cells)
{
	struct pool p = {.population = s->population, .n = s->n};
	size_t i;

	sort_cells(s, by_id);
	check_cells(s, cells);
	sort_cells(s, by_group);
	p.name = name_of(s);
	p.id = zeros(s->n, sizeof *p.id);
	for (i = 0; i < s->n; i++)
		p.id[i] = s->cell[i].id;
	return p;
}

static bool
same_population(const struct pool *a, const struct pool *b)
{
	return !a->population || !strcmp(a->population, b->population);
}

static void
check_pools(const struct pool *source, const struct pool *target)
{
	size_t i;

	if (source->n != target->n)
		die("%zu sources but %zu targets", source->n, target->n);
	for (i = 0; !autapses && i < source->n; i++)
		if (same_population(source, target) &&
		    source->id[i] == target->id[i])
			die("cell %" PRId64 " would be its own target",
			    source->id[i]);
}

/* ---- The edges ---- */

/* A connection, and of which groups its ends are. */
struct link {
	int64_t source, target;
	size_t group[SIDES];
};

static int
by_source(const void *a, const void *b)
{
	const struct link *s = a, *t = b;

	return s->source < t->source ? -1 : s->source > t->source;
}

/* In the order of the sources, which is that of the output. */
static struct link *
link_cells(const struct side *side)
{
	size_t n = side[SOURCE].n, i;
	struct link *link = zeros(n, sizeof *link);

	for (i = 0; i < n; i++) {
		const struct cell *s = &side[SOURCE].cell[i];
		const struct cell *t = &side[TARGET].cell[i];

		link[i] = (struct link){s->id, t->id, {s->group, t->group}};
	}
	qsort(link, n, sizeof *link, by_source);
	return link;
}

struct sequence {
	struct edge_table table;
	int64_t nsyns;
};

static void
make(void *arg, size_t i, struct edge_rows *rows)
{
	const struct sequence *s = arg;

	add_edge(rows, (uint32_t)i, (uint32_t)i, s->nsyns);
}

static void
write_rows(void *arg, const struct edge_rows *rows)
{
	const struct sequence *s = arg;

	write_edges(&s->table, rows);
}

/* ---- The report ---- */

static size_t
count_groups(const struct side *s)
{
	return s->groups->n > 0 ? s->groups->n : 1;
}

static const char *
group_name(const struct side *s, const struct pool *p, size_t group)
{
	return s->groups->n > 0 ? s->groups->item[group] : p->name;
}

/* The ordered pairs of cells of two groups, of which the sources are n; a cell
 * and itself are none, unless they may be. */
static uint64_t
count_ordered(const struct outcome *o, bool one_population, uint64_t sources,
	      uint64_t targets)
{
	if (one_population && !autapses && !strcmp(o->source, o->target))
		return sources * (targets - 1);
	return sources * targets;
}

/* A line for every two groups that meet.  The sources of a shard count as if
 * there were no others. */
static void
report_links(const struct sequence *q, const struct side *side,
	     const struct link *link)
{
	const struct pool *s = q->table.source, *t = q->table.target;
	size_t ns = count_groups(&side[SOURCE]),
	       nt = count_groups(&side[TARGET]);
	struct outcome *o = zeros(ns * nt, sizeof *o);
	uint64_t *sources = zeros(ns, sizeof *sources);
	uint64_t *targets = zeros(nt, sizeof *targets);
	size_t first, end, i, n = 0;

	connect_shard(s->n, &first, &end);
	for (i = 0; i < s->n; i++)
		targets[link[i].group[TARGET]]++;
	for (i = first; i < end; i++) {
		sources[link[i].group[SOURCE]]++;
		o[link[i].group[SOURCE] * nt + link[i].group[TARGET]].made++;
	}
	for (i = 0; i < ns * nt; i++) {
		if (o[i].made == 0)
			continue;
		o[n] = (struct outcome){.made = o[i].made,
					.direction = "forward",
					.kind = "directed"};
		o[n].source = group_name(&side[SOURCE], s, i / nt);
		o[n].target = group_name(&side[TARGET], t, i % nt);
		o[n].pairs = count_ordered(&o[n], same_population(s, t),
					   sources[i / nt], targets[i % nt]);
		o[n].possible = o[n].pairs;
		o[n].requested = (double)o[n].made / (double)o[n].pairs;
		n++;
	}
	report_outcomes(connector_name(s, t), o, n);
	free(o);
	free(sources);
	free(targets);
}

static void
check_groups(const struct side *s)
{
	size_t i, k;

	for (i = 0; i < s->groups->n; i++)
		for (k = 0; k < i; k++)
			if (!strcmp(s->groups->item[i], s->groups->item[k]))
				misuse("--%s: there twice: '%s'", s->option,
				       s->groups->item[i]);
}

static int64_t
read_nsyns(void)
{
	int64_t n = 1;

	if (nsyns_text && (!parse_int(nsyns_text, &n) || n < 1))
		misuse("--nsyn: not a number from 1: '%s'", nsyns_text);
	return n;
}

int
main(int argc, char **argv)
{
	struct side side[SIDES] = {
		{.option = "source", .groups = &groups[SOURCE]},
		{.option = "target", .groups = &groups[TARGET]},
	};
	struct sequence q = {.table = {.nsyns = false}};
	struct pool source, target;
	struct link *link;
	size_t cells, i;

	argv = start(argc, argv, &tool);
	check_groups(&side[SOURCE]);
	check_groups(&side[TARGET]);
	q.nsyns = read_nsyns();
	cells = read_cells(argv, side);
	source = arrange(&side[SOURCE], cells);
	target = arrange(&side[TARGET], cells);
	check_pools(&source, &target);
	link = link_cells(side);
	for (i = 0; i < source.n; i++) {
		source.id[i] = link[i].source;
		target.id[i] = link[i].target;
	}
	q.table = (struct edge_table){
		.source = &source, .target = &target, .nsyns = nsyns_text};
	write_edge_header(&q.table);
	connect_all(&(struct connecting){
		.n = source.n, .make = make, .write = write_rows, .arg = &q});
	if (wants_report())
		report_links(&q, side, link);
	free(link);
	free(side[SOURCE].cell);
	free(side[TARGET].cell);
	free_pools(&source, &target);
	return WORKED;
}
