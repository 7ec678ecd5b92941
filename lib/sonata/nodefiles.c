#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/filter.h"
#include "sonata/nodefiles.h"
#include "sonata/reading.h"

static struct opt_list sources, where;
static const char *node_types, *by, *node_set;

const struct opt nodefiles_choice_opts[] = {
	OPT_LIST('n', "nodes", "file", &sources,
		 "node table, config or HDF5 file (repeatable)"),
	OPT_STR(0, "node-types", "file", &node_types,
		"the node types of -n's HDF5 file (CSV)"),
	OPT_NEEDS("node-types", "nodes"),
	OPT_LIST(0, "where", "condition", &where,
		 "only nodes for which it holds, as 'pop_name=PV'"),
	OPT_STR(0, "node-set", "name", &node_set,
		"only nodes of this node set of the config"),
	OPT_END,
};

const struct opt nodefiles_group_opts[] = {
	OPT_STR('g', "group", "column", &by,
		"group nodes by this column (pop_name)"),
	OPT_END,
};

const struct opt nodefiles_opts[] = {
	OPT_TABLE(nodefiles_choice_opts),
	OPT_TABLE(nodefiles_group_opts),
	OPT_END,
};

/* ---- From HDF5 ---- */

static double
take_coordinate(const struct node_population *p, size_t node, const char *name,
		const struct hdf_value *v)
{
	double at = NAN;

	if (!reading_missing(v) && !reading_num(v, &at))
		at = INFINITY;
	if (nodes_fault(at))
		die("%s: column '%s': %s", nodes_place(p, node), name,
		    nodes_fault(at));
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
			node_set_text(text, i, reading_text(v, room));
		if (at)
			at[i] = take_coordinate(p, i, name, v);
	}
	reading_end(r);
	return k != NO_ATTRIBUTE;
}

struct node_population *
nodefiles_add_population(struct nodes *nodes,
			 const struct sonata_population *from)
{
	const struct sonata_ref *ref = from->ref;
	struct node_population *p =
		nodes_add_named(nodes, ref->name, ref->path, true);
	size_t k;

	p->file = format("%s%s%s", ref->path, *from->root ? ": " : "",
			 from->root);
	nodes->has_population = true;
	nodes_make_room(nodes, p, (size_t)from->n);
	p->n = (size_t)from->n;
	p->ids = sonata_ids(from);
	nodes->origin = nodes->origin ? nodes->origin : ref->net->path;
	label(&nodes->there, "node_id");
	label(&nodes->there, "node_type_id");
	for (k = 0; k < from->nattributes; k++)
		label(&nodes->there, from->attribute[k]);
	for (k = nodes->nread; k-- > 0;)
		if (k != NODE_TYPE || !nodes_are_settled(nodes, p))
			nodes->read[k].found |=
				read_column(p, from, nodes->read[k].name,
					    &p->text[k], NULL);
	for (k = 0; k < NODE_AXES; k++)
		if (nodes->along[k])
			read_column(p, from, node_axis[k], NULL, p->at[k]);
	return p;
}

/* ---- From any file ---- */

/* Chooses nodes of a config or an HDF5 file by --where and --node-set. */
static void
choose_nodes(const struct nodes *nodes, struct node_population *p,
	     const struct sonata_population *from, struct sonata_network *net)
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
	struct sonata_network *net =
		sonata_open_network(path, "node-types", types);
	size_t i, n, named = nodes->only ? nodes->only->n : 0;
	struct sonata_population *from;

	n = named ? sonata_known_refs(net, NODES) : sonata_refs(net, NODES);
	for (i = 0; i < named; i++)
		sonata_need(net, NODES, nodes->only->item[i]);
	for (i = 0; i < n; i++)
		if (nodes_are_wanted(nodes, net->ref[NODES][i].name)) {
			from = sonata_open(&net->ref[NODES][i]);
			choose_nodes(nodes,
				     nodefiles_add_population(nodes, from),
				     from, net);
			sonata_close(from);
		}
}

static bool
is_table(const char *path)
{
	return !strcmp(path, "-") || !sonata_is_network(path);
}

static void
add_file(struct nodes *nodes, const char *path, const char *types)
{
	if (!is_table(path))
		add_network(nodes, path, types);
	else if (nodes->filter || nodes->set)
		misuse("--where and --node-set choose nodes of a config or an "
		       "HDF5 file, not of a table: '%s'",
		       path);
	else
		nodes_add_table(nodes, path);
}

void
nodefiles_add(struct nodes *nodes, const struct opt_list *paths,
	      const char *types)
{
	size_t i, tables = 0;

	for (i = 0; i < paths->n; i++)
		tables += is_table(paths->item[i]) ? 1 : 0;
	if (types && tables == paths->n)
		misuse("--node-types is for an HDF5 file: a table has them "
		       "itself");
	for (i = 0; i < paths->n; i++)
		add_file(nodes, paths->item[i], types);
}

/* ---- The nodes that another table is about ---- */

bool
nodefiles_named(void)
{
	return sources.n > 0 || where.n > 0 || node_set;
}

bool
nodefiles_asked(void)
{
	return nodefiles_named() || by;
}

const char *
nodefiles_asks_group(void)
{
	return by;
}

static void
want_shown(struct nodes *nodes, const char *columns)
{
	char *s = columns ? copy(columns) : NULL, *rest = s, *name;
	size_t cap = 0, column, k;

	while (rest && (name = strsep(&rest, ","))) {
		if (!*name)
			misuse("--columns: an empty name: '%s'", columns);
		column = nodes_want(nodes, name);
		for (k = 0; k < nodes->columns && nodes->shown[k] != column;
		     k++)
			;
		if (k < nodes->columns)
			continue;
		nodes->shown = grow(nodes->shown, &cap, nodes->columns + 1,
				    sizeof *nodes->shown);
		nodes->shown[nodes->columns++] = column;
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
			nodes_lack(nodes, nodes->read[nodes->shown[k]].name);
	if (nodes->n > 0)
		filter_check(nodes->filter, path);
}

struct nodes *
nodefiles_read(const char *config, const char *columns,
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
	if (sources.n > 0)
		nodefiles_add(nodes, &sources, node_types);
	if (sources.n == 0)
		add_network(nodes, config, node_types);
	nodes_finish(nodes);
	for (i = 0; i < nodes->n; i++) {
		const struct node_texts *t =
			nodes_group(nodes, &nodes->population[i], by, false);

		nodes->population[i].group = t->label;
		nodes->population[i].group_of = t->of;
	}
	check_found(nodes, path);
	filter_free(nodes->filter);
	nodes->filter = NULL;
	return nodes;
}
