#include <stdlib.h>
#include <string.h>

#include "network/cells.h"
#include "util.h"

static const char *by, *by_side[2];

const struct opt cells_group_opts[] = {
	OPT_STR('g', "group", "column", &by,
		"group cells by it, or name=column,... (pop_name)"),
	OPT_STR(0, "source-group", "column", &by_side[SOURCE],
		"the same for sources only"),
	OPT_STR(0, "target-group", "column", &by_side[TARGET],
		"the same for targets only"),
	OPT_END,
};

/* Gives the column that an option names for a population, in new memory: all of
 * "layer", or its part of "LA=pop_name,V=layer"; NULL if it names none. */
static char *
column_for(const char *option, const char *population)
{
	const char *p = option;
	size_t len = strlen(population);

	if (!p || !strchr(p, '='))
		return p ? copy(p) : NULL;
	for (; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
		if (!strncmp(p, population, len) && p[len] == '=')
			return format("%.*s", (int)strcspn(p + len + 1, ","),
				      p + len + 1);
	return NULL;
}

/* Warns of a population in an option that is not there: it is misspelt, or
 * belongs to another network. */
static void
check_option(const struct cells *c, const char *option)
{
	const char *p = option && strchr(option, '=') ? option : NULL;

	for (; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
		char *name = format("%.*s", (int)strcspn(p, "=,"), p);

		if (cells_find(c, name) == NO_LABEL)
			warn("'%s': there is no population '%s' here", option,
			     name);
		free(name);
	}
}

/* Asks for every column that an option names. */
static void
want_columns(struct nodes *nodes, const char *option)
{
	char *text = copy(option ? option : ""), *rest = text, *part;
	const char *column;

	while (*text && (part = strsep(&rest, ",")))
		if ((column = strchr(part, '=')))
			nodes_want_group(nodes, column + 1);
	if (option && !strchr(option, '='))
		nodes_want_group(nodes, option);
	free(text);
}

struct nodes *
cells_nodes(const char *along)
{
	struct nodes *nodes = nodes_start(along, false);

	nodes_want_group(nodes, NULL);
	want_columns(nodes, by);
	want_columns(nodes, by_side[SOURCE]);
	want_columns(nodes, by_side[TARGET]);
	return nodes;
}

/* Lists cells by group, in a counting sort that keeps their order. */
static struct cells_members
list_members(const uint16_t *group, size_t n, size_t groups)
{
	struct cells_members m = {zeros(n, sizeof *m.cell),
				  zeros(groups + 2, sizeof *m.begin)};
	size_t i;

	for (i = 0; i < n; i++)
		m.begin[group[i] + 2]++;
	for (i = 2; i < groups + 2; i++)
		m.begin[i] += m.begin[i - 1];
	for (i = 0; i < n; i++)
		m.cell[m.begin[group[i] + 1]++] = (uint32_t)i;
	return m;
}

bool
cells_are_grouped(struct cells_population *p)
{
	enum cells_side side;
	size_t i;

	for (side = SOURCE; side <= TARGET; side++) {
		for (i = 0; i < p->n; i++)
			if (p->group[side][i] >= p->label[side].n)
				return false;
		p->member[side] =
			list_members(p->group[side], p->n, p->label[side].n);
	}
	return true;
}

static void
set_group(struct cells_population *p, enum cells_side side,
	  const struct node_texts *t)
{
	size_t i;

	if (t->label.n > UINT16_MAX)
		die("population '%s': more than %u groups", p->name,
		    UINT16_MAX);
	for (i = 0; i < t->label.n; i++)
		label(&p->label[side], t->label.name[i]);
	p->group[side] = zeros(p->n, sizeof *p->group[side]);
	for (i = 0; i < p->n; i++)
		p->group[side][i] = (uint16_t)t->of[i];
	p->member[side] = list_members(p->group[side], p->n, p->label[side].n);
}

static void
group_cells(struct cells_population *p, const struct nodes *nodes,
	    const struct node_population *from)
{
	enum cells_side side;

	for (side = SOURCE; side <= TARGET; side++) {
		const char *option = by_side[side];
		char *column = column_for(option, p->name);

		if (!column)
			column = column_for(option = by, p->name);
		set_group(p, side,
			  nodes_group(nodes, from, column,
				      option && strchr(option, '=')));
		free(column);
	}
}

void
cells_make(struct cells *c, struct nodes *nodes)
{
	size_t i, k;

	nodes_finish(nodes);
	*c = (struct cells){.n = nodes->n, .nodes = nodes};
	c->population = zeros(c->n, sizeof *c->population);
	for (i = 0; i < c->n; i++) {
		const struct node_population *from = &nodes->population[i];
		struct cells_population *p = &c->population[i];

		p->name = from->name;
		p->ids = from->ids;
		p->n = from->n;
		for (k = 0; k < LEN(p->at); k++)
			p->at[k] = from->at[k];
		p->first = c->total;
		c->total += p->n;
		group_cells(p, nodes, from);
	}
	nodes_drop_texts(nodes);
	check_option(c, by);
	check_option(c, by_side[SOURCE]);
	check_option(c, by_side[TARGET]);
}

size_t
cells_find(const struct cells *c, const char *name)
{
	return label_find(&c->nodes->names, name);
}

uint64_t *
cells_overlap(const struct cells_population *p)
{
	size_t i, width = p->label[TARGET].n;
	uint64_t *n = zeros(p->label[SOURCE].n * width, sizeof *n);

	for (i = 0; i < p->n; i++)
		n[p->group[SOURCE][i] * width + p->group[TARGET][i]]++;
	return n;
}

void
cells_free(struct cells *c)
{
	size_t i, k;

	for (i = 0; i < c->n; i++)
		for (k = 0; k < 2; k++) {
			free(c->population[i].group[k]);
			free(c->population[i].member[k].cell);
			free(c->population[i].member[k].begin);
			labels_free(&c->population[i].label[k]);
		}
	free(c->population);
	nodes_free(c->nodes);
	*c = (struct cells){0};
}
