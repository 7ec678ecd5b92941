#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connect/pool.h"
#include "labels.h"
#include "rows.h"
#include "sonata/nodes.h"
#include "util.h"

static const char *by;
static struct opt_list source_groups, target_groups;

const struct opt pool_opts[] = {
	OPT_STR('g', "group", "column", &by,
		"--source and --target are of this column (pop_name)"),
	OPT_LIST(0, "source", "group", &source_groups,
		 "connect from cells of this group (all; repeatable)"),
	OPT_LIST(0, "target", "group", &target_groups,
		 "connect to cells of this group (all; repeatable)"),
	OPT_TABLE(rows_opts),
	OPT_END,
};

bool
pool_chose_groups(void)
{
	return source_groups.n > 0 || target_groups.n > 0;
}

/* One side of the connections: which groups of which population it takes. */
struct side {
	const char *option;
	const struct opt_list *groups; /* none: all cells are one group */
	struct labels numbers;         /* of the groups */
	size_t *size;                  /* of each group */
	const struct node_population *from;
	const struct node_texts *texts; /* NULL: all cells */
	uint32_t *group;                /* of each text, or NO_LABEL */
};

static size_t
count_groups(const struct side *s)
{
	return s->groups->n > 0 ? s->groups->n : 1;
}

/* Reads the cells of both sides; all others may be anything, and are not kept.
 */
static struct nodes *
read_tables(char *const *paths, size_t axes, struct labels *groups)
{
	static char dash[] = "-", *const standard_input[] = {dash, NULL};
	static const char *const along[] = {NULL, "x", "xy", "xyz"};
	struct nodes *nodes = nodes_start(along[axes], true);
	size_t k;

	if (by || pool_chose_groups())
		nodes_want_group(nodes, by);
	for (k = 0; k < source_groups.n; k++)
		label(groups, source_groups.item[k]);
	for (k = 0; k < target_groups.n; k++)
		label(groups, target_groups.item[k]);
	if (source_groups.n > 0 && target_groups.n > 0)
		nodes->kept = groups;
	for (paths = *paths ? paths : standard_input; *paths; paths++)
		nodes_add_table(nodes, *paths);
	nodes_finish(nodes);
	return nodes;
}

static void
begin(struct side *s)
{
	size_t k;

	s->size = zeros(count_groups(s), sizeof *s->size);
	for (k = 0; k < s->groups->n; k++)
		if (label(&s->numbers, s->groups->item[k]) < k)
			misuse("--%s: there twice: '%s'", s->option,
			       s->groups->item[k]);
}

/* Gives the group of a cell, or NO_LABEL if nobody asked for it. */
static uint32_t
group_of(const struct side *s, size_t cell)
{
	return s->groups->n > 0 ? s->group[s->texts->of[cell]] : 0;
}

/* Finds out which groups the texts of a population stand for. */
static void
know_groups(struct side *s, const struct nodes *nodes,
	    const struct node_population *p)
{
	size_t k;

	if (s->groups->n == 0)
		return;
	s->texts = nodes_group(nodes, p, by, false);
	free(s->group);
	s->group = zeros(s->texts->label.n, sizeof *s->group);
	for (k = 0; k < s->texts->label.n; k++)
		s->group[k] = label_find(&s->numbers, s->texts->label.name[k]);
}

/* Counts cells by group.  An edge table has one population of sources and one
 * of targets, so that cells of two populations end the tool. */
static void
count_cells(struct side *s, const struct node_population *p)
{
	uint32_t group;
	size_t i;

	for (i = 0; i < p->n; i++) {
		if ((group = group_of(s, i)) == NO_LABEL)
			continue;
		if (s->from && s->from != p)
			die("%s: the %s cells are of several populations: '%s' "
			    "and '%s'",
			    nodes_place(p, i), s->option, s->from->name,
			    p->name);
		s->from = p;
		s->size[group]++;
	}
}

/* Chooses cells; a group without any is a mistake, unless the tables have no
 * rows. */
static void
choose_cells(struct side *s, const struct nodes *nodes)
{
	size_t k;

	for (k = 0; k < nodes->n; k++) {
		know_groups(s, nodes, &nodes->population[k]);
		count_cells(s, &nodes->population[k]);
	}
	for (k = 0; nodes->rows > 0 && k < s->groups->n; k++)
		if (s->size[k] == 0)
			die("--%s: no cell is of group '%s'", s->option,
			    s->groups->item[k]);
	if (s->from)
		know_groups(s, nodes, s->from);
}

/* Names the groups, and all of them together, as in "PN+PV". */
static void
name_groups(struct pool *p, const struct side *s)
{
	const char *all =
		p->population && *p->population ? p->population : "all";
	char *longer;
	size_t k;

	p->ngroups = count_groups(s);
	p->group = zeros(p->ngroups, sizeof *p->group);
	for (k = 0; k < p->ngroups; k++) {
		p->group[k] = copy(s->groups->n > 0 ? s->groups->item[k] : all);
		longer = k > 0 ? format("%s+%s", p->name, p->group[k])
			       : copy(p->group[k]);
		free(p->name);
		p->name = longer;
	}
}

static void
take_cell(struct pool *p, size_t i, const struct node_population *from,
	  uint32_t cell, uint32_t group)
{
	size_t k;

	p->id[i] = ids_at(from->ids, cell);
	p->of[i] = group;
	nodes_need_position(from, cell, "xyz", "--metric cylindrical");
	for (k = 0; k < LEN(p->at) && p->at[k]; k++)
		p->at[k][i] = from->at[k][cell];
}

/* Takes the cells in the order of their ids; for sequences, group by group. */
static void
take_cells(struct pool *p, const struct side *s, bool sequences)
{
	size_t *next = zeros(p->ngroups, sizeof *next), i, k;

	for (k = 1; k < p->ngroups; k++)
		next[k] = next[k - 1] + s->size[k - 1];
	for (i = 0; s->from && i < s->from->n; i++) {
		uint32_t cell = ids_ranked(s->from->ids, i);
		uint32_t group = group_of(s, cell);

		if (group != NO_LABEL)
			take_cell(p, next[sequences ? group : 0]++, s->from,
				  cell, group);
	}
	free(next);
}

static void
make_pool(struct pool *p, const struct side *s, const struct nodes *nodes,
	  size_t axes, bool sequences)
{
	size_t k;

	*p = (struct pool){0};
	if (nodes->has_population)
		p->population = copy(s->from ? s->from->name : "");
	name_groups(p, s);
	for (k = 0; k < p->ngroups; k++)
		p->n += s->size[k];
	p->id = zeros(p->n, sizeof *p->id);
	p->of = zeros(p->n, sizeof *p->of);
	for (k = 0; k < axes; k++)
		p->at[k] = zeros(p->n, sizeof *p->at[k]);
	take_cells(p, s, sequences);
}

static void
read_pools(char *const *paths, size_t axes, bool sequences, struct pool *source,
	   struct pool *target)
{
	struct side side[2] = {{.option = "source", .groups = &source_groups},
			       {.option = "target", .groups = &target_groups}};
	struct labels groups = {0};
	struct nodes *nodes;
	size_t k;

	for (k = 0; k < LEN(side); k++)
		begin(&side[k]);
	nodes = read_tables(paths, axes, &groups);
	for (k = 0; k < LEN(side); k++) {
		choose_cells(&side[k], nodes);
		make_pool(k == 0 ? source : target, &side[k], nodes, axes,
			  sequences);
		free(side[k].size);
		free(side[k].group);
		labels_free(&side[k].numbers);
	}
	labels_free(&groups);
	nodes_free(nodes);
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

void
pool_read(char *const *paths, size_t axes, struct pool *source,
	  struct pool *target, bool *same)
{
	read_pools(paths, axes, false, source, target);
	*same = pool_same_population(source, target) &&
		same_cells(source, target);
}

void
pool_read_sequences(char *const *paths, struct pool *source,
		    struct pool *target)
{
	read_pools(paths, 0, true, source, target);
}

/* Most ids have no gaps: then the first guess is the place, without a look at
 * memory where none of them has.  That is a tenth of connect-file's time. */
size_t
pool_find(const struct pool *p, int64_t id)
{
	uint64_t guess;

	if (p->n == 0 || id < p->id[0])
		return SIZE_MAX;
	guess = (uint64_t)id - (uint64_t)p->id[0];
	if ((uint64_t)p->id[p->n - 1] - (uint64_t)p->id[0] == p->n - 1)
		return guess < p->n ? (size_t)guess : SIZE_MAX;
	if (guess < p->n && p->id[guess] == id)
		return (size_t)guess;
	return ids_sorted(p->id, p->n, id);
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
	for (k = 0; k < LEN(p->at); k++)
		free(p->at[k]);
	*p = (struct pool){0};
}

void
pool_free(struct pool *source, struct pool *target)
{
	free_pool(source);
	free_pool(target);
}

bool
pool_is_of(const struct pool *p, const struct rows *r, size_t column,
	   char **serves)
{
	const char *name = r->field[column];

	if (p->population)
		return !strcmp(name, p->population);
	if (!*serves)
		*serves = copy(name);
	if (strcmp(name, *serves) != 0)
		rows_bad(r, column,
			 "cells of this population are needed as well: give "
			 "tables with a population column");
	return true;
}
