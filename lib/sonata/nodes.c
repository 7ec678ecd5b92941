#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "sonata/filter.h"
#include "sonata/nodes.h"
#include "sonata/reading.h"
#include "sonata/sonata.h"

static struct opt_list sources, where;
static const char *node_types, *by, *node_set;

const struct opt nodes_opts[] = {
	OPT_LIST('n', "nodes", "file", &sources,
		 "node table, or config or HDF5 file of nodes (repeatable)"),
	OPT_STR(0, "node-types", "file", &node_types,
		"the node types of -n's HDF5 file (CSV)"),
	OPT_STR('g', "group", "column", &by,
		"group nodes by this column (pop_name)"),
	OPT_LIST(0, "where", "condition", &where,
		 "only nodes for which it holds, as 'pop_name=PV'"),
	OPT_STR(0, "node-set", "name", &node_set,
		"only nodes of this node set of the config"),
	OPT_END,
};

/* Two columns could be the group; those that are asked for come after them. */
enum { GROUP, TYPE, FIRST };

/* A column of nodes: small numbers that stand for texts. */
struct node_texts {
	struct labels label;
	uint32_t *of; /* of each node */
	size_t n, cap;
	bool any; /* is there a value at all? */
};

/* What is asked for. */
struct wish {
	char **column; /* GROUP, TYPE, and so on */
	bool *found;
	size_t n, cap;
	const struct opt_list *populations;
	struct filter *filter;
};

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
add_text(struct node_texts *t, const char *s)
{
	t->of = grow(t->of, &t->cap, t->n + 1, sizeof *t->of);
	t->of[t->n++] = label(&t->label, s);
	t->any = t->any || *s;
}

static bool
is_wanted(const struct wish *w, const char *name)
{
	size_t i;

	for (i = 0; w->populations && i < w->populations->n; i++)
		if (!strcmp(w->populations->item[i], name))
			return true;
	return !w->populations || w->populations->n == 0;
}

static struct node_population *
new_population(struct nodes *nodes, const char *name, const char *path)
{
	struct node_population *p;
	size_t i;

	for (i = 0; i < nodes->n; i++)
		if (!strcmp(nodes->population[i].name, name))
			die("%s: population '%s' is there already", path, name);
	nodes->population = grow(nodes->population, &nodes->cap, nodes->n + 1,
				 sizeof *nodes->population);
	p = &nodes->population[nodes->n++];
	p->name = copy(name);
	p->texts = zeros(nodes->columns + FIRST, sizeof *p->texts);
	return p;
}

/* The column asked for; if there is none, or it is empty, the type's id. */
static void
group_nodes(struct node_population *p)
{
	static bool said;
	const struct node_texts *best = &p->texts[GROUP];
	size_t i;

	if (!best->any) {
		if (by && p->n > 0 && !said)
			warn("population '%s' has no '%s': grouped by "
			     "node_type_id",
			     p->name, by);
		said = said || by;
		best = &p->texts[TYPE];
	}
	p->group_of = zeros(p->n, sizeof *p->group_of);
	for (i = 0; i < p->n; i++)
		p->group_of[i] =
			label(&p->group, best->label.name[best->of[i]]);
}

/* ---- From HDF5 ---- */

static void
take_batch(struct node_population *p, const struct wish *w,
	   const struct reading *r, const size_t *attribute)
{
	const char *text;
	char room[32];
	size_t i, k;

	for (k = 0; k < w->n; k++)
		for (i = 0; i < r->n; i++) {
			text = "";
			if (attribute[k] != NO_ATTRIBUTE)
				text = reading_text(&r->v[attribute[k]][i],
						    room);
			add_text(&p->texts[k], text);
		}
}

static void
read_columns(struct node_population *p, const struct sonata_population *from,
	     const struct wish *w)
{
	struct reading *r = reading_start(from, false);
	size_t *attribute = zeros(w->n, sizeof *attribute), k, n;
	uint64_t first;

	for (k = 0; k < w->n; k++) {
		attribute[k] = reading_try_want(r, w->column[k]);
		w->found[k] = w->found[k] || attribute[k] != NO_ATTRIBUTE;
	}
	for (first = 0; first < from->n; first += n) {
		n = from->n - first < BATCH ? (size_t)(from->n - first) : BATCH;
		reading_range(r, first, n);
		take_batch(p, w, r, attribute);
	}
	reading_end(r);
	free(attribute);
}

static bool *
both(bool *a, bool *b, size_t n)
{
	size_t i;

	for (i = 0; a && b && i < n; i++)
		a[i] = a[i] && b[i];
	if (!a)
		return b;
	free(b);
	return a;
}

static void
add_population(struct nodes *nodes, struct sonata_network *net,
	       const struct sonata_ref *ref, const struct wish *w)
{
	struct sonata_population *from = sonata_open(ref);
	struct node_population *p = new_population(nodes, ref->name, ref->path);
	struct filter *set;

	p->n = (size_t)from->n;
	p->ids = sonata_ids(from);
	read_columns(p, from, w);
	group_nodes(p);
	if (w->filter)
		p->chosen = filter_nodes(from, w->filter);
	if (node_set) {
		set = filter_node_set(net, node_set, ref->name);
		p->chosen = both(p->chosen, filter_nodes(from, set), p->n);
		filter_free(set);
	}
	sonata_close(from);
}

static void
add_network(struct nodes *nodes, const char *path, const struct wish *w)
{
	struct sonata_network *net = sonata_open_network(path, node_types);
	size_t first, i, n = sonata_refs(net, NODES, &first);

	for (i = first; i < first + n; i++)
		if (is_wanted(w, net->ref[i].name))
			add_population(nodes, net, &net->ref[i], w);
}

/* ---- From tables ---- */

struct growing {
	struct node_texts *texts;
	int64_t *id;
	size_t n, cap;
};

struct node_table {
	struct rows rows;
	size_t id, population, *column;
	struct labels names;
	struct growing *growing;
	size_t cap;
};

static void
open_table(struct node_table *t, const char *path, const struct wish *w)
{
	size_t k;

	rows_open(&t->rows, path);
	t->id = rows_column(&t->rows, "node_id");
	t->population = rows_find(&t->rows, "population");
	t->column = zeros(w->n, sizeof *t->column);
	for (k = 0; k < w->n; k++) {
		t->column[k] = rows_find(&t->rows, w->column[k]);
		w->found[k] = w->found[k] || t->column[k] != NO_COLUMN;
	}
}

static struct growing *
growing_population(struct node_table *t, const struct wish *w)
{
	const char *name =
		t->population == NO_COLUMN ? "" : t->rows.field[t->population];
	uint32_t i = label(&t->names, name);

	t->growing = grow(t->growing, &t->cap, t->names.n, sizeof *t->growing);
	if (!t->growing[i].texts)
		t->growing[i].texts = zeros(w->n, sizeof(struct node_texts));
	return &t->growing[i];
}

static void
take_node(struct node_table *t, const struct wish *w)
{
	struct growing *g = growing_population(t, w);
	const char *text;
	size_t k;

	g->id = grow(g->id, &g->cap, g->n + 1, sizeof *g->id);
	g->id[g->n] = rows_int(&t->rows, t->id);
	if (g->id[g->n++] < 0)
		rows_bad(&t->rows, t->id, "negative");
	for (k = 0; k < w->n; k++) {
		text = "";
		if (t->column[k] != NO_COLUMN)
			text = t->rows.field[t->column[k]];
		add_text(&g->texts[k], text);
	}
}

static void
add_table(struct nodes *nodes, const char *path, const struct wish *w)
{
	struct node_table t = {0};
	struct node_population *p;
	size_t i;

	if (where.n > 0 || node_set)
		misuse("--where and --node-set choose nodes of a config or an "
		       "HDF5 file, not of a table: '%s'",
		       path);
	open_table(&t, path, w);
	if (t.population == NO_COLUMN)
		growing_population(&t, w);
	while (rows_next(&t.rows))
		take_node(&t, w);
	for (i = 0; i < t.names.n; i++) {
		if (*t.names.name[i] && !is_wanted(w, t.names.name[i]))
			continue;
		p = new_population(nodes, t.names.name[i], t.rows.path);
		free(p->texts);
		p->texts = t.growing[i].texts;
		p->n = t.growing[i].n;
		p->ids = ids_make(t.growing[i].id, p->n, t.rows.path);
		group_nodes(p);
	}
	free(t.growing);
	free(t.column);
	labels_free(&t.names);
	rows_close(&t.rows);
}

/* ---- Both ---- */

static void
add_wish(struct wish *w, const char *name)
{
	w->column = grow(w->column, &w->cap, w->n + 1, sizeof *w->column);
	w->column[w->n++] = copy(name);
}

static struct wish
make_wish(const char *columns, const struct opt_list *populations)
{
	struct wish w = {.populations = populations};
	char *s = columns ? copy(columns) : NULL, *rest = s, *name;

	add_wish(&w, by ? by : "pop_name");
	add_wish(&w, "node_type_id");
	while (rest && (name = strsep(&rest, ","))) {
		if (!*name)
			misuse("--columns: an empty name: '%s'", columns);
		add_wish(&w, name);
	}
	free(s);
	w.found = zeros(w.n, sizeof *w.found);
	w.filter = filter_where(&where);
	return w;
}

static void
end_wish(struct wish *w)
{
	size_t k;

	for (k = 0; k < w->n; k++)
		free(w->column[k]);
	free(w->column);
	free(w->found);
	filter_free(w->filter);
}

/* A column that some nodes do not have is empty there; one that none has is a
 * mistake. */
static void
check_found(const struct nodes *nodes, const struct wish *w, const char *path)
{
	size_t k;

	for (k = FIRST; nodes->n > 0 && k < w->n; k++)
		if (!w->found[k])
			die("%s: no column '%s'", path, w->column[k]);
	if (nodes->n > 0)
		filter_check(w->filter, path);
}

struct nodes *
nodes_read(const char *config, const char *columns,
	   const struct opt_list *populations)
{
	struct nodes *nodes = zeros(1, sizeof *nodes);
	struct wish w = make_wish(columns, populations);
	const char *path = sources.n > 0 ? sources.item[0] : config;
	size_t i;

	nodes->columns = w.n - FIRST;
	for (i = 0; i < sources.n; i++)
		if (strcmp(sources.item[i], "-") != 0 &&
		    sonata_is_network(sources.item[i]))
			add_network(nodes, sources.item[i], &w);
		else
			add_table(nodes, sources.item[i], &w);
	if (sources.n == 0 && config)
		add_network(nodes, config, &w);
	else if (sources.n == 0)
		misuse("--nodes: needed to know the nodes");
	check_found(nodes, &w, path);
	end_wish(&w);
	return nodes;
}

struct node_population *
nodes_find(const struct nodes *nodes, const char *name)
{
	struct node_population *p = nodes->population;
	size_t i;

	for (i = 0; i < nodes->n; i++)
		if (!strcmp(p[i].name, name))
			return &p[i];
	return nodes->n == 1 && (!*name || !*p->name) ? p : NULL;
}

const char *
node_text(const struct node_population *p, size_t k, uint32_t node)
{
	const struct node_texts *t = &p->texts[FIRST + k];

	return t->label.name[t->of[node]];
}

void
nodes_free(struct nodes *nodes)
{
	size_t i, k;

	for (i = 0; nodes && i < nodes->n; i++) {
		struct node_population *p = &nodes->population[i];

		for (k = 0; k < FIRST + nodes->columns; k++) {
			labels_free(&p->texts[k].label);
			free(p->texts[k].of);
		}
		free(p->texts);
		labels_free(&p->group);
		free(p->group_of);
		ids_free(p->ids);
		free(p->chosen);
		free(p->name);
	}
	if (nodes)
		free(nodes->population);
	free(nodes);
}
