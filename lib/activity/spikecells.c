#include <stdlib.h>
#include <string.h>

#include "activity/spikecells.h"

/* Cells of a population, + 1, by the number of their id in the table. */
struct spikecells_known {
	uint32_t *cell;
	size_t cap;

	/* Its nodes; and the cell of each, + 1, or 0 if it is not chosen. */
	const struct node_population *nodes;
	uint32_t *cell_of;
};

static size_t
find_group(const struct spikecells *s, const struct rows *in)
{
	const char *asked = nodefiles_asks_group();
	size_t found;

	if (s->nodes)
		return NO_COLUMN;
	if (asked)
		return rows_column(in, asked);
	found = rows_find(in, "group");
	return found == NO_COLUMN ? rows_find(in, "pop_name") : found;
}

void
spikecells_open(struct spikecells *s, const struct rows *in)
{
	s->id = rows_column(in, "node_ids");
	s->population = rows_find(in, "population");
	s->group = find_group(s, in);
	s->grouped = s->nodes || s->group != NO_COLUMN;
}

static const char *
text_of(const struct rows *in, size_t column)
{
	return column == NO_COLUMN ? "" : in->field[column];
}

static _Noreturn void
bad_row(const struct rows *in, const char *problem, const char *text)
{
	die("%s:%zu: %s: '%s'", in->path, in->line, problem, text);
}

static uint32_t
add_cell(struct spikecells *s, struct spikecell c)
{
	s->cell = grow(s->cell, &s->cap, s->n + 1, sizeof c);
	s->cell[s->n] = c;
	return (uint32_t)s->n++;
}

static void
add_nodes(struct spikecells *s, struct spikecells_known *k, uint32_t population)
{
	const struct node_population *p = k->nodes;
	uint32_t i;

	k->cell_of = zeros(p->n, sizeof *k->cell_of);
	for (i = 0; i < p->n; i++) {
		struct spikecell c = {.population = population,
				      .group = p->group_of[i],
				      .id = ids_at(p->ids, i)};

		if (!p->chosen || p->chosen[i])
			k->cell_of[i] = 1 + add_cell(s, c);
	}
}

static struct spikecells_known *
known_of(struct spikecells *s, const struct rows *in, const char *name)
{
	uint32_t p = label(&s->populations, name);
	struct spikecells_known *k;

	if (p < s->nknown)
		return &s->known[p];
	s->known = grow(s->known, &s->mknown, p + 1, sizeof *k);
	s->nknown = p + 1;
	s->grouped |= p > 0;
	k = &s->known[p];
	if (!s->nodes)
		return k;
	k->nodes = nodes_find(s->nodes, name);
	if (!k->nodes)
		bad_row(in, "--nodes has no such population", name);
	add_nodes(s, k, p);
	return k;
}

/* A cell that the table has not had before, + 1; 0 if it is not chosen. */
static uint32_t
new_cell(struct spikecells *s, const struct rows *in,
	 const struct spikecells_known *k)
{
	struct spikecell cell = {.population = (uint32_t)(k - s->known)};
	uint32_t node;

	if (!parse_int(in->field[s->id], &cell.id) || cell.id < 0)
		rows_bad(in, s->id, "not the id of a node");
	if (!s->nodes) {
		cell.group = label(&s->groups, text_of(in, s->group));
		return 1 + add_cell(s, cell);
	}
	node = ids_find(k->nodes->ids, cell.id);
	if (node == NO_CELL)
		bad_row(in, "--nodes has no such node", in->field[s->id]);
	return k->cell_of[node];
}

uint32_t
spikecells_find(struct spikecells *s, const struct rows *in)
{
	struct spikecells_known *k =
		known_of(s, in, text_of(in, s->population));
	uint32_t id = label(&s->ids, in->field[s->id]), cell;
	const char *group = text_of(in, s->group);

	k->cell = grow(k->cell, &k->cap, (size_t)id + 1, sizeof *k->cell);
	if (!k->cell[id])
		k->cell[id] = new_cell(s, in, k);
	cell = k->cell[id] - 1; /* NO_CELL is the last number */
	if (!s->nodes &&
	    strcmp(s->groups.name[s->cell[cell].group], group) != 0)
		bad_row(in, "another group than before", group);
	return cell;
}

void
spikecells_add_silent(struct spikecells *s)
{
	struct spikecells_known *k;
	const char *name;

	if (s->nknown > 0 || !s->nodes || s->nodes->n != 1)
		return;
	name = s->nodes->population[0].name;
	s->known = grow(s->known, &s->mknown, 1, sizeof *k);
	s->nknown = 1;
	s->known[0].nodes = &s->nodes->population[0];
	add_nodes(s, &s->known[0], label(&s->populations, name));
}

const char *
spikecells_population_name(const struct spikecells *s, size_t cell)
{
	return s->populations.name[s->cell[cell].population];
}

const char *
spikecells_group_name(const struct spikecells *s, size_t cell)
{
	const struct spikecell *c = &s->cell[cell];
	const struct node_population *nodes = s->known[c->population].nodes;

	return nodes ? nodes->group.name[c->group] : s->groups.name[c->group];
}

/* For qsort(), which passes nothing on. */
static const struct spikecells *sorted;

static int
compare_cells(const void *a, const void *b)
{
	const struct spikecell *c = &sorted->cell[*(const size_t *)a];
	const struct spikecell *d = &sorted->cell[*(const size_t *)b];

	if (c->population != d->population)
		return strcmp(sorted->populations.name[c->population],
			      sorted->populations.name[d->population]);
	return (c->id > d->id) - (c->id < d->id);
}

void
spikecells_sort(const struct spikecells *s, struct spikecells_sorted *g)
{
	struct labels names = {0};
	size_t i, k;
	uint32_t of;
	char *key;

	*g = (struct spikecells_sorted){
		.cell = zeros(s->n + 1, sizeof *g->cell),
		.of = zeros(s->n + 1, sizeof *g->of)};
	for (k = 0; k < s->n; k++)
		g->cell[k] = k;
	sorted = s;
	qsort(g->cell, s->n, sizeof *g->cell, compare_cells);
	for (i = 0; i < s->n; i++) {
		k = g->cell[i];
		key = format("%lu %lu", (unsigned long)s->cell[k].population,
			     (unsigned long)s->cell[k].group);
		of = label(&names, key);
		free(key);
		if (of == g->n) {
			g->group = grow(g->group, &g->cap, g->n + 1,
					sizeof *g->group);
			g->group[g->n++] = (struct spikecells_part){.first = k};
		}
		g->of[k] = of;
		g->group[of].cells++;
	}
	labels_free(&names);
}

void
spikecells_free_sorted(struct spikecells_sorted *g)
{
	free(g->cell);
	free(g->of);
	free(g->group);
	*g = (struct spikecells_sorted){0};
}

char *
spikecells_group(const struct spikecells *s, size_t cell)
{
	const struct spikecell *c = &s->cell[cell];
	const char *population = s->populations.name[c->population];
	const char *group = spikecells_group_name(s, cell);

	if (s->nknown == 1)
		return copy(group);
	if (!*group)
		return copy(population);
	return format("%s:%s", population, group);
}

void
spikecells_say_left_out(const struct spikecells *s)
{
	char *left = NULL;
	size_t i, k;

	for (i = 0; s->nknown > 0 && s->nodes && i < s->nodes->n; i++) {
		for (k = 0; k < s->nknown; k++)
			if (s->known[k].nodes == &s->nodes->population[i])
				break;
		if (k == s->nknown)
			left = join(left, s->nodes->population[i].name);
	}
	if (left)
		warn("left out, as the spikes do not name them: %s", left);
	free(left);
}

void
spikecells_free(struct spikecells *s)
{
	size_t i;

	for (i = 0; i < s->nknown; i++) {
		free(s->known[i].cell);
		free(s->known[i].cell_of);
	}
	free(s->known);
	free(s->cell);
	labels_free(&s->ids);
	labels_free(&s->populations);
	labels_free(&s->groups);
	nodes_free(s->nodes);
	*s = (struct spikecells){0};
}
