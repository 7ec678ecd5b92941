#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "sonata/nodes.h"

const char *const node_axis[NODE_AXES] = {"x", "y", "z"};

/* From this node on, each was read from the line after the one before. */
struct node_span {
	size_t line;
	uint32_t node, table; /* paths are those of all nodes */
};

/* ---- What is asked for ---- */

size_t
nodes_want(struct nodes *nodes, const char *column)
{
	size_t k;

	for (k = 0; k < nodes->nread; k++)
		if (!strcmp(nodes->read[k].name, column))
			break;
	nodes->typed = nodes->typed || k == NODE_TYPE;
	if (k < nodes->nread)
		return k;
	nodes->read =
		grow(nodes->read, &nodes->mread, k + 1, sizeof *nodes->read);
	nodes->read[nodes->nread++].name = copy(column);
	return k;
}

struct nodes *
nodes_start(const char *along, bool strict)
{
	struct nodes *nodes = zeros(1, sizeof *nodes);
	size_t k;

	for (k = 0; along && k < NODE_AXES; k++)
		nodes->along[k] = strstr(along, node_axis[k]);
	nodes->strict = strict;
	nodes_want(nodes, "node_type_id");
	nodes->typed = false;
	return nodes;
}

void
nodes_want_group(struct nodes *nodes, const char *column)
{
	nodes->group = nodes_want(nodes, column ? column : "pop_name");
	nodes->asked = nodes->asked || column;
}

bool
nodes_are_wanted(const struct nodes *nodes, const char *name)
{
	size_t i;

	for (i = 0; nodes->only && i < nodes->only->n; i++)
		if (!strcmp(nodes->only->item[i], name))
			return true;
	return !nodes->only || nodes->only->n == 0;
}

/* ---- Populations ---- */

struct node_population *
nodes_find_named(const struct nodes *nodes, const char *name)
{
	uint32_t i = label_find(&nodes->names, name);

	return i == NO_LABEL ? NULL : &nodes->population[i];
}

struct node_population *
nodes_find(const struct nodes *nodes, const char *name)
{
	struct node_population *p = nodes_find_named(nodes, name);

	if (p || nodes->n != 1 || !nodes->population)
		return p;
	p = nodes->population;
	if (!*p->name && !p->serves)
		p->serves = copy(name);
	return !*name || (p->serves && !strcmp(p->serves, name)) ? p : NULL;
}

char *
nodes_find_lack(const struct nodes *nodes, const char *name)
{
	char *who = name ? format("population '%s'", name)
			 : copy("this population");
	char *lack = format(nodes->n == 1 && nodes->population->serves
				    ? "nodes of %s are needed as well: give "
				      "tables with a population column"
				    : "there are no nodes of %s",
			    who);

	free(who);
	return lack;
}

struct node_population *
nodes_add_named(struct nodes *nodes, const char *name, const char *path,
		bool whole)
{
	struct node_population *p = nodes_find_named(nodes, name);

	if (p && (whole || p->file))
		die("%s: population '%s' is there already", path, name);
	if (p)
		return p;
	nodes->population = grow(nodes->population, &nodes->cap, nodes->n + 1,
				 sizeof *nodes->population);
	p = &nodes->population[label(&nodes->names, name)];
	nodes->n++;
	p->name = copy(name);
	p->text = zeros(nodes->nread, sizeof *p->text);
	p->nodes = nodes;
	return p;
}

void
nodes_make_room(const struct nodes *nodes, struct node_population *p, size_t n)
{
	size_t k, cap;

	for (k = 0; k < NODE_AXES; k++)
		if (nodes->along[k] && n > p->cap) {
			cap = p->cap;
			p->at[k] = grow(p->at[k], &cap, n, sizeof *p->at[k]);
		}
	if (!p->file)
		p->id = grow(p->id, &p->cap, n, sizeof *p->id);
}

void
node_set_text(struct node_texts *t, size_t node, const char *s)
{
	t->of = grow(t->of, &t->cap, node + 1, sizeof *t->of);
	if (node > 0 && !strcmp(t->label.name[t->of[node - 1]], s))
		t->of[node] = t->of[node - 1];
	else
		t->of[node] = label(&t->label, s);
	t->any = t->any || *s;
}

bool
nodes_are_settled(const struct nodes *nodes, const struct node_population *p)
{
	size_t k;

	for (k = NODE_TYPE + 1; k < nodes->nread && p->text[k].any; k++)
		;
	return !nodes->typed && k == nodes->nread;
}

char *
nodes_place(const struct node_population *p, size_t node)
{
	const struct node_span *s;

	if (p->file)
		return format("%s: row %zu", p->file, node);
	s = p->span + p->nspans;
	do
		s--;
	while (s->node > node);
	return format("%s:%zu", p->nodes->path[s->table],
		      s->line + node - s->node);
}

void
nodes_need_position(const struct node_population *p, size_t node,
		    const char *along, const char *flat)
{
	size_t k;

	for (k = 0; k < NODE_AXES; k++)
		if (p->at[k] && isnan(p->at[k][node]) &&
		    strstr(along, node_axis[k]))
			die("%s: column '%s': node %lld has no position%s%s",
			    nodes_place(p, node), node_axis[k],
			    (long long)ids_at(p->ids, (uint32_t)node),
			    k == 2 ? ": without z: " : "", k == 2 ? flat : "");
}

const char *
nodes_fault(double coordinate)
{
	if (isinf(coordinate))
		return "not a finite number";
	return fabs(coordinate) > FLT_MAX ? "more than a float has" : NULL;
}

/* ---- From tables ---- */

struct node_table {
	struct rows rows;
	size_t id, population, at[3];
	size_t *text;
	size_t last; /* the population of the row before */
};

/* Ends the tool if a table lacks what nodes are grouped by, or a population
 * that the table before has: what a tool makes of them has the same columns,
 * whatever the rows. */
static void
check_columns(const struct nodes *nodes, const struct node_table *t)
{
	bool has = t->population != NO_COLUMN;
	size_t k;

	for (k = NODE_TYPE + 1; k < nodes->nread; k++)
		if (nodes->asked || t->text[NODE_TYPE] == NO_COLUMN)
			rows_column(&t->rows, nodes->read[k].name);
	if (nodes->tables > 0 && nodes->has_population != has)
		die("%s: %s column 'population', unlike the table before",
		    t->rows.path, has ? "a" : "no");
}

static void
open_table(struct nodes *nodes, struct node_table *t, const char *path)
{
	const struct rows *r = &t->rows;
	size_t k;

	rows_open(&t->rows, path);
	t->id = rows_column(r, "node_id");
	t->population = rows_find(r, "population");
	t->text = zeros(nodes->nread, sizeof *t->text);
	for (k = 0; k < nodes->nread; k++) {
		t->text[k] = rows_find(r, nodes->read[k].name);
		nodes->read[k].found |= t->text[k] != NO_COLUMN;
	}
	for (k = 0; k < NODE_AXES; k++)
		t->at[k] = !nodes->along[k] ? NO_COLUMN
			   : nodes->strict && k < 2
				   ? rows_column(r, node_axis[k])
				   : rows_find(r, node_axis[k]);
	if (nodes->strict)
		check_columns(nodes, t);
	for (k = 0; k < r->n; k++)
		label(&nodes->there, r->name[k]);
	nodes->origin = nodes->origin ? nodes->origin : r->path;
	nodes->has_population = t->population != NO_COLUMN;
	nodes->path = grow(nodes->path, &nodes->mpaths, nodes->tables + 1,
			   sizeof *nodes->path);
	nodes->path[nodes->tables++] = r->path;
}

static const char *
field(const struct node_table *t, size_t column)
{
	return column == NO_COLUMN ? "" : t->rows.field[column];
}

/* Gives the population of this row, or NULL if it is not wanted. */
static struct node_population *
table_population(struct nodes *nodes, struct node_table *t)
{
	const struct rows *r = &t->rows;
	const char *name = field(t, t->population);
	struct node_population *p;

	if (t->last < nodes->n &&
	    !strcmp(nodes->population[t->last].name, name))
		return &nodes->population[t->last];
	if (*name && !nodes_are_wanted(nodes, name))
		return NULL;
	if (nodes->strict && t->population != NO_COLUMN && !*name)
		rows_bad(r, t->population,
			 "a population's name cannot be empty");
	p = nodes_add_named(nodes, name, r->path, false);
	t->last = (size_t)(p - nodes->population);
	return p;
}

static double
read_coordinate(const struct node_table *t, size_t column)
{
	double v =
		is_missing(field(t, column)) ? NAN : rows_num(&t->rows, column);

	if (nodes_fault(v))
		rows_bad(&t->rows, column, nodes_fault(v));
	return v;
}

static void
note_line(struct node_population *p, size_t line)
{
	const struct node_span *s = p->nspans ? &p->span[p->nspans - 1] : NULL;
	uint32_t table = (uint32_t)p->nodes->tables - 1;

	if (s && s->table == table && s->line + p->n - s->node == line)
		return;
	p->span = grow(p->span, &p->mspans, p->nspans + 1, sizeof *p->span);
	p->span[p->nspans++] = (struct node_span){line, (uint32_t)p->n, table};
}

static void
take_node(const struct nodes *nodes, struct node_population *p,
	  const struct node_table *t)
{
	const struct rows *r = &t->rows;
	size_t k;

	nodes_make_room(nodes, p, p->n + 1);
	p->id[p->n] = rows_int(r, t->id);
	if (p->id[p->n] < 0)
		rows_bad(r, t->id, "negative");
	for (k = 0; k < nodes->nread; k++)
		if (k != NODE_TYPE || !nodes_are_settled(nodes, p))
			node_set_text(&p->text[k], p->n, field(t, t->text[k]));
	for (k = 0; k < NODE_AXES; k++)
		if (nodes->along[k])
			p->at[k][p->n] = read_coordinate(t, t->at[k]);
	note_line(p, r->line);
	p->n++;
}

static bool
is_kept(const struct nodes *nodes, const struct node_table *t)
{
	size_t group = t->text[nodes->group];

	return !nodes->kept ||
	       label_find(nodes->kept,
			  field(t, group == NO_COLUMN ? t->text[NODE_TYPE]
						      : group)) != NO_LABEL;
}

void
nodes_add_table(struct nodes *nodes, const char *path)
{
	struct node_table t = {.last = SIZE_MAX};
	struct node_population *p;

	open_table(nodes, &t, path);
	if (t.population == NO_COLUMN)
		table_population(nodes, &t);
	for (; rows_next(&t.rows); nodes->rows++)
		if (is_kept(nodes, &t) && (p = table_population(nodes, &t)))
			take_node(nodes, p, &t);
	free(t.text);
	rows_close(&t.rows);
}

/* ---- All of them ---- */

void
nodes_finish(struct nodes *nodes)
{
	struct node_population *p = nodes->population;
	uint32_t bad;
	size_t i;

	for (i = 0; i < nodes->n; i++, p++) {
		if (p->ids)
			continue;
		p->ids = ids_try(p->id, p->n, &bad);
		p->id = NULL;
		if (bad != NO_CELL)
			ids_refuse(p->ids, bad, nodes_place(p, bad));
	}
}

void
nodes_lack(const struct nodes *nodes, const char *column)
{
	char *there = NULL;
	size_t i;

	for (i = 0; i < nodes->there.n; i++)
		there = join(there, nodes->there.name[i]);
	die("%s: no column '%s': there are %s", nodes->origin, column, there);
}

const struct node_texts *
nodes_group(const struct nodes *nodes, const struct node_population *p,
	    const char *column, bool of_this)
{
	static bool said;
	size_t k = NODE_TYPE;

	while (strcmp(nodes->read[k].name, column ? column : "pop_name") != 0)
		k++;
	if (p->text[k].any)
		return &p->text[k];
	if (column && !nodes->read[k].found)
		nodes_lack(nodes, column);
	if (column && of_this && p->n > 0)
		die("population '%s' has no '%s'", p->name, column);
	if (column && p->n > 0 && !said) {
		said = true;
		warn("population '%s' has no '%s': grouped by node_type_id",
		     p->name, column);
	}
	return &p->text[NODE_TYPE];
}

void
nodes_drop_texts(struct nodes *nodes)
{
	struct node_population *p = nodes->population;
	size_t i, k;

	for (i = 0; i < nodes->n; i++, p++) {
		for (k = 0; p->text && k < nodes->nread; k++) {
			labels_free(&p->text[k].label);
			free(p->text[k].of);
		}
		free(p->text);
		p->text = NULL;
	}
}

void
nodes_free(struct nodes *nodes)
{
	size_t i, k;

	if (!nodes)
		return;
	nodes_drop_texts(nodes);
	for (i = 0; i < nodes->n; i++) {
		struct node_population *p = &nodes->population[i];

		for (k = 0; k < LEN(p->at); k++)
			free(p->at[k]);
		ids_free(p->ids);
		free(p->span);
		free(p->file);
		free(p->chosen);
		free(p->serves);
		free(p->name);
	}
	for (i = 0; i < nodes->nread; i++)
		free(nodes->read[i].name);
	labels_free(&nodes->names);
	labels_free(&nodes->there);
	free(nodes->read);
	free(nodes->shown);
	free(nodes->path);
	free(nodes->population);
	free(nodes);
}

const char *
node_text(const struct node_population *p, size_t k, uint32_t node)
{
	const struct node_texts *t = &p->text[p->nodes->shown[k]];

	return t->label.name[t->of[node]];
}
