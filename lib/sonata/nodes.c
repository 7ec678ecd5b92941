#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "sonata/filter.h"
#include "sonata/nodes.h"
#include "sonata/reading.h"

static struct opt_list sources, where;
static const char *node_types, *by, *node_set;

const struct opt nodes_choice_opts[] = {
	OPT_LIST('n', "nodes", "file", &sources,
		 "node table, config or HDF5 file (repeatable)"),
	OPT_STR(0, "node-types", "file", &node_types,
		"the node types of -n's HDF5 file (CSV)"),
	OPT_LIST(0, "where", "condition", &where,
		 "only nodes for which it holds, as 'pop_name=PV'"),
	OPT_STR(0, "node-set", "name", &node_set,
		"only nodes of this node set of the config"),
	OPT_END,
};

const struct opt nodes_group_opts[] = {
	OPT_STR('g', "group", "column", &by,
		"group nodes by this column (pop_name)"),
	OPT_END,
};

const struct opt nodes_opts[] = {
	OPT_TABLE(nodes_choice_opts),
	OPT_TABLE(nodes_group_opts),
	OPT_END,
};

static const char *const axis[] = {"x", "y", "z"};

/* A column that is read besides ids and positions; the first one stands in for
 * a group. */
struct node_column {
	char *name;
	bool found; /* has any table or population had it? */
};
enum { TYPE };

/* From this node on, each was read from the line after the one before. */
struct node_span {
	size_t line;
	uint32_t node, table; /* paths are those of all nodes */
};

/* ---- What is asked for ---- */

static size_t
want_column(struct nodes *nodes, const char *column)
{
	size_t k;

	for (k = 0; k < nodes->nread; k++)
		if (!strcmp(nodes->read[k].name, column))
			break;
	nodes->typed = nodes->typed || k == TYPE;
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

	for (k = 0; along && k < LEN(axis); k++)
		nodes->along[k] = strstr(along, axis[k]);
	nodes->strict = strict;
	want_column(nodes, "node_type_id");
	nodes->typed = false;
	return nodes;
}

void
nodes_want_group(struct nodes *nodes, const char *column)
{
	nodes->group = want_column(nodes, column ? column : "pop_name");
	nodes->asked = nodes->asked || column;
}

static bool
is_wanted(const struct nodes *nodes, const char *name)
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
	size_t i;

	for (i = 0; i < nodes->n; i++)
		if (!strcmp(nodes->population[i].name, name))
			return &nodes->population[i];
	return NULL;
}

struct node_population *
nodes_find(const struct nodes *nodes, const char *name)
{
	struct node_population *p = nodes_find_named(nodes, name);

	if (!p && nodes->n == 1 && (!*name || !*nodes->population->name))
		p = nodes->population;
	return p;
}

/* Finds or adds a population.  One that a file has is in no other file or
 * table, or the tool ends. */
static struct node_population *
find_or_add(struct nodes *nodes, const char *name, const char *path, bool whole)
{
	struct node_population *p = nodes_find_named(nodes, name);

	if (p && (whole || p->file))
		die("%s: population '%s' is there already", path, name);
	if (p)
		return p;
	nodes->population = grow(nodes->population, &nodes->cap, nodes->n + 1,
				 sizeof *nodes->population);
	p = &nodes->population[nodes->n++];
	p->name = copy(name);
	p->text = zeros(nodes->nread, sizeof *p->text);
	p->nodes = nodes;
	return p;
}

/* Makes room for positions, and for ids, but for those of a file. */
static void
make_room(const struct nodes *nodes, struct node_population *p, size_t n)
{
	size_t k, cap;

	for (k = 0; k < LEN(axis); k++)
		if (nodes->along[k] && n > p->cap) {
			cap = p->cap;
			p->at[k] = grow(p->at[k], &cap, n, sizeof *p->at[k]);
		}
	if (!p->file)
		p->id = grow(p->id, &p->cap, n, sizeof *p->id);
}

/* Texts come in runs: the one before is most often the one again. */
static void
set_text(struct node_texts *t, size_t node, const char *s)
{
	t->of = grow(t->of, &t->cap, node + 1, sizeof *t->of);
	if (node > 0 && !strcmp(t->label.name[t->of[node - 1]], s))
		t->of[node] = t->of[node - 1];
	else
		t->of[node] = label(&t->label, s);
	t->any = t->any || *s;
}

/* Does every column have a value, so that no group needs the type's id?  In
 * HDF5 the ids need not be made texts then, which would take as long as all
 * else. */
static bool
is_settled(const struct nodes *nodes, const struct node_population *p)
{
	size_t k;

	for (k = TYPE + 1; k < nodes->nread && p->text[k].any; k++)
		;
	return !nodes->typed && k == nodes->nread;
}

char *
nodes_place(const struct node_population *p, size_t node)
{
	const struct node_span *s = p->span + p->nspans;

	if (p->file)
		return format("%s: row %zu", p->file, node);
	do
		s--;
	while (s->node > node);
	return format("%s:%zu", p->nodes->path[s->table],
		      s->line + node - s->node);
}

void
nodes_need_position(const struct node_population *p, size_t node,
		    const char *along)
{
	size_t k;

	for (k = 0; k < LEN(axis); k++)
		if (p->at[k] && isnan(p->at[k][node]) && strstr(along, axis[k]))
			die("%s: column '%s': node %lld has no position",
			    nodes_place(p, node), axis[k],
			    (long long)ids_at(p->ids, (uint32_t)node));
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

	for (k = TYPE + 1; k < nodes->nread; k++)
		if (nodes->asked || t->text[TYPE] == NO_COLUMN)
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
	for (k = 0; k < LEN(axis); k++)
		t->at[k] = !nodes->along[k] ? NO_COLUMN
			   : nodes->strict  ? rows_column(r, axis[k])
					    : rows_find(r, axis[k]);
	if (nodes->strict)
		check_columns(nodes, t);
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
	if (*name && !is_wanted(nodes, name))
		return NULL;
	if (nodes->strict && t->population != NO_COLUMN && !*name)
		rows_bad(r, t->population, "no name");
	p = find_or_add(nodes, name, r->path, false);
	t->last = (size_t)(p - nodes->population);
	return p;
}

static double
read_coordinate(const struct node_table *t, size_t column)
{
	double v =
		is_missing(field(t, column)) ? NAN : rows_num(&t->rows, column);

	if (isinf(v))
		rows_bad(&t->rows, column, "not finite");
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

	make_room(nodes, p, p->n + 1);
	p->id[p->n] = rows_int(r, t->id);
	if (p->id[p->n] < 0)
		rows_bad(r, t->id, "negative");
	for (k = 0; k < nodes->nread; k++)
		if (k != TYPE || !is_settled(nodes, p))
			set_text(&p->text[k], p->n, field(t, t->text[k]));
	for (k = 0; k < LEN(axis); k++)
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
			  field(t, group == NO_COLUMN ? t->text[TYPE]
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

/* ---- From HDF5 ---- */

static double
take_coordinate(const struct node_population *p, size_t node, const char *name,
		const struct hdf_value *v)
{
	double at = NAN;

	if (!reading_missing(v) && (!reading_num(v, &at) || !isfinite(at)))
		die("%s: column '%s': not a finite number",
		    nodes_place(p, node), name);
	return at;
}

/* Reads a column as texts or as coordinates; true if it is there. */
static bool
read_column(const struct node_population *p,
	    const struct sonata_population *from, const char *name,
	    struct node_texts *text, double *at)
{
	static const struct hdf_value missing = {.kind = V_MISSING};
	struct reading *r = reading_start(from, false);
	size_t k = reading_try_want(r, name), n = 0, i;
	const struct hdf_value *v;
	char room[32];

	for (i = 0; i < p->n; i++) {
		if (k != NO_ATTRIBUTE && i % BATCH == 0) {
			n = p->n - i < BATCH ? p->n - i : BATCH;
			reading_range(r, i, n);
		}
		v = k == NO_ATTRIBUTE ? &missing : &r->v[k][i % BATCH];
		if (text)
			set_text(text, i, reading_text(v, room));
		if (at)
			at[i] = take_coordinate(p, i, name, v);
	}
	reading_end(r);
	return k != NO_ATTRIBUTE;
}

struct node_population *
nodes_add_population(struct nodes *nodes, const struct sonata_population *from)
{
	const struct sonata_ref *ref = from->ref;
	struct node_population *p =
		find_or_add(nodes, ref->name, ref->path, true);
	size_t k;

	p->file = format("%s%s%s", ref->path, *from->root ? ": " : "",
			 from->root);
	nodes->has_population = true;
	make_room(nodes, p, (size_t)from->n);
	p->n = (size_t)from->n;
	p->ids = sonata_ids(from);
	for (k = nodes->nread; k-- > 0;)
		if (k != TYPE || !is_settled(nodes, p))
			nodes->read[k].found |=
				read_column(p, from, nodes->read[k].name,
					    &p->text[k], NULL);
	for (k = 0; k < LEN(axis); k++)
		if (nodes->along[k])
			read_column(p, from, axis[k], NULL, p->at[k]);
	return p;
}

/* ---- All of them ---- */

/* Chooses nodes of a config or an HDF5 file by --where and --node-set. */
static void
choose_nodes(const struct nodes *nodes, struct node_population *p,
	     const struct sonata_population *from,
	     const struct sonata_network *net)
{
	struct filter *set;
	bool *in_set;
	size_t i;

	if (nodes->filter)
		p->chosen = filter_nodes(from, nodes->filter);
	if (!nodes->set)
		return;
	set = filter_node_set(net, nodes->set, p->name);
	in_set = filter_nodes(from, set);
	for (i = 0; p->chosen && i < p->n; i++)
		in_set[i] = in_set[i] && p->chosen[i];
	free(p->chosen);
	p->chosen = in_set;
	filter_free(set);
}

static void
add_network(struct nodes *nodes, const char *path, const char *types)
{
	struct sonata_network *net = sonata_open_network(path, types);
	size_t first, i, n = sonata_refs(net, NODES, &first);
	struct sonata_population *from;

	for (i = first; i < first + n; i++)
		if (is_wanted(nodes, net->ref[i].name)) {
			from = sonata_open(&net->ref[i]);
			choose_nodes(nodes, nodes_add_population(nodes, from),
				     from, net);
			sonata_close(from);
		}
}

void
nodes_add(struct nodes *nodes, const char *path, const char *types)
{
	if (strcmp(path, "-") != 0 && sonata_is_network(path))
		add_network(nodes, path, types);
	else if (nodes->filter || nodes->set)
		misuse("--where and --node-set choose nodes of a config or an "
		       "HDF5 file, not of a table: '%s'",
		       path);
	else
		nodes_add_table(nodes, path);
}

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

const struct node_texts *
nodes_group(const struct nodes *nodes, const struct node_population *p,
	    const char *column)
{
	static bool said;
	size_t k = TYPE;

	while (strcmp(nodes->read[k].name, column ? column : "pop_name") != 0)
		k++;
	if (p->text[k].any)
		return &p->text[k];
	if (column && p->n > 0 && !said) {
		said = true;
		warn("population '%s' has no '%s': grouped by node_type_id",
		     p->name, column);
	}
	return &p->text[TYPE];
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
		free(p->name);
	}
	for (i = 0; i < nodes->nread; i++)
		free(nodes->read[i].name);
	free(nodes->read);
	free(nodes->shown);
	free(nodes->path);
	free(nodes->population);
	filter_free(nodes->filter);
	free(nodes);
}

/* ---- The nodes that another table is about ---- */

bool
nodes_named(void)
{
	return sources.n > 0 || where.n > 0 || node_set;
}

bool
nodes_asked(void)
{
	return nodes_named() || by;
}

const char *
nodes_asks_group(void)
{
	return by;
}

static void
want_shown(struct nodes *nodes, const char *columns)
{
	char *s = columns ? copy(columns) : NULL, *rest = s, *name;
	size_t cap = 0;

	while (rest && (name = strsep(&rest, ","))) {
		if (!*name)
			misuse("--columns: an empty name: '%s'", columns);
		nodes->shown = grow(nodes->shown, &cap, nodes->columns + 1,
				    sizeof *nodes->shown);
		nodes->shown[nodes->columns++] = want_column(nodes, name);
	}
	free(s);
}

/* Ends the tool if no node has a column that was asked for; where only some
 * nodes lack it, it is empty. */
static void
check_found(const struct nodes *nodes, const char *path)
{
	size_t k;

	for (k = 0; nodes->n > 0 && k < nodes->columns; k++)
		if (!nodes->read[nodes->shown[k]].found)
			die("%s: no column '%s'", path,
			    nodes->read[nodes->shown[k]].name);
	if (nodes->n > 0)
		filter_check(nodes->filter, path);
}

struct nodes *
nodes_read(const char *config, const char *columns,
	   const struct opt_list *populations)
{
	struct nodes *nodes = nodes_start(NULL, false);
	const char *path = sources.n > 0 ? sources.item[0] : config;
	size_t i;

	if (!path)
		misuse("--nodes: needed to know the nodes");
	nodes->only = populations;
	nodes->filter = filter_where(&where);
	nodes->set = node_set;
	nodes_want_group(nodes, by);
	want_shown(nodes, columns);
	for (i = 0; i < sources.n; i++)
		nodes_add(nodes, sources.item[i], node_types);
	if (sources.n == 0)
		add_network(nodes, config, node_types);
	nodes_finish(nodes);
	for (i = 0; i < nodes->n; i++) {
		const struct node_texts *t =
			nodes_group(nodes, &nodes->population[i], by);

		nodes->population[i].group = t->label;
		nodes->population[i].group_of = t->of;
	}
	check_found(nodes, path);
	return nodes;
}

const char *
node_text(const struct node_population *p, size_t k, uint32_t node)
{
	const struct node_texts *t = &p->text[p->nodes->shown[k]];

	return t->label.name[t->of[node]];
}
