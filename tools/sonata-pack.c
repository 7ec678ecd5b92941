/* sonata-pack -- put node and edge tables into SONATA files
 *
 * Nodes and edges go the same way (elements.h).  A record becomes a key, which
 * says its population and its place there, and a payload of its properties; an
 * external sort gives the records back population by population, in the order
 * of the files.  So memory follows the nodes, of which a bit and an index entry
 * each are kept, and not the edges. */
#include <stdlib.h>
#include <string.h>

#include <cJSON.h>

#include "activity/simulation.h"
#include "files.h"
#include "opt.h"
#include "rows.h"
#include "sonata/elementwrite.h"
#include "sonata/folder.h"
#include "sonata/gapwrite.h"
#include "sonata/json.h"

#define ID_BITS 31
#define MAX_ID (((uint64_t)1 << ID_BITS) - 1)
#define MAX_NODES 3037000499u /* its square is below 2^63 */

/* Rows of an index beyond one for each node: 4 GB.  Sparse ids could take it to
 * 32 GB, most of them nothing. */
#define MAX_INDEX ((uint64_t)1 << 28)

static struct opt_list node_tables;
static const char *directory, *population = "default";
static const char *node_typed, *edge_typed;
static unsigned dialect; /* enum element_dialect */
static int64_t gzip;
static bool positions;

static const struct opt opts[] = {
	OPT_INT_IN(0, "compress", "level", &gzip, "[0,9]",
		   "pack datasets with gzip (0)"),
	OPT_WORD(0, "dialect", "name", &dialect, "bmtk|libsonata",
		 "whose readers it is for"),
	OPT_LIST('n', "nodes", "file", &node_tables,
		 "node table; may be given several times"),
	OPT_STR(0, "node-type-columns", "names", &node_typed,
		"columns that make node types"),
	OPT_STR('o', "output", "folder", &directory, "where the network goes"),
	OPT_STR('p', "population", "name", &population,
		"population of node tables that name none (default)"),
	OPT_FLAG(0, "positions-matrix", &positions,
		 "x, y and z of nodes as one matrix, as BMTK has them"),
	OPT_TABLE(simulation_opts),
	OPT_TABLE(spill_opts_256M),
	OPT_STR(0, "type-columns", "names", &edge_typed,
		"columns that make edge types"),
	OPT_TABLE(rows_opts),
	OPT_NEEDS("positions-matrix", "dialect=bmtk"),
	OPT_NOT_WITH("simulation", "dialect=libsonata"),
	OPT_REQUIRED("nodes"),
	OPT_REQUIRED("output"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "put node and edge tables into SONATA files",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

/* The nodes of a population. */
struct packed_nodes {
	struct element_group group;
	char *type;           /* the model_type of the first that has one */
	bool has_virtual;     /* is there one whose model_type is virtual? */
	unsigned char *known; /* a bit for each id */
	size_t mknown;
	uint64_t end;    /* the highest id + 1 */
	uint64_t before; /* the sum of those of populations before */
};

/* The edges from one population to another. */
struct packed_edges {
	struct element_group group;
	const struct packed_nodes *source, *target;
	uint64_t base;       /* their keys start here */
	uint64_t gaps;       /* how many are gap junctions */
	uint64_t indexed[2]; /* rows of the indices of sources and targets */
};

struct packing {
	struct elements node, edge;
	struct labels populations;
	bool named;                 /* does any table say them? */
	struct packed_nodes *nodes; /* by population */
	size_t mnodes;
	uint64_t ids;                /* the sum of their ends */
	struct packed_edges **edges; /* by populations, or NULL */
	struct labels pathways;
};

/* Where in a table its populations and ids are: of edges, of both ends. */
struct end_columns {
	size_t population[2], id[2];
};

static const char *const node_reserved[] = {"node_id", "node_type_id",
					    "population", NULL};
static const char *const edge_reserved[] = {
	"source_node_id",    "target_node_id", "source_population",
	"target_population", "edge_type_id",   NULL};

/* Columns that readers make themselves, and so would never look for among the
 * attributes. Tables of sonata-nodes and sonata-edges may have them. */
static const char *const node_shadowed[] = {"node_group_id", "node_group_index",
					    NULL};
static const char *const edge_shadowed[] = {
	"edge_id", "edge_group_id", "edge_group_index", "population", NULL};

/* --- reading nodes --- */

/* What is wrong with the name of a population, or NULL: it is part of file
 * names, and of paths in the config, where $ begins a variable. */
static const char *
bad_name(const char *s)
{
	const char *p;

	for (p = s; *p; p++)
		if ((unsigned char)*p < ' ' || *p == '\177')
			return "a population's name cannot have a control "
			       "character";
	if (!*s)
		return "a population's name cannot be empty";
	if (*s == '.')
		return "a population's name cannot begin with '.'";
	if (strpbrk(s, "/$"))
		return "a population's name cannot have '/' or '$'";
	return NULL;
}

static uint32_t
node_population(struct packing *net, const char *name)
{
	uint32_t i = label_find(&net->populations, name);

	if (i != NO_LABEL)
		return i;
	i = label(&net->populations, name);
	net->nodes = grow(net->nodes, &net->mnodes, i + 1, sizeof *net->nodes);
	element_group_start(&net->nodes[i].group, &net->node, name);
	return i;
}

static bool
is_node(const struct packed_nodes *nodes, uint64_t id)
{
	return id < nodes->end && nodes->known[id / 8] >> id % 8 & 1;
}

static void
add_node(struct packing *net, const struct element_table *t, size_t column,
	 uint32_t p)
{
	struct packed_nodes *nodes = &net->nodes[p];
	int64_t given = rows_int(&t->rows, column);
	uint64_t id = (uint64_t)given;

	if (given < 0)
		rows_bad(&t->rows, column, "negative");
	if (id > MAX_ID)
		rows_bad(&t->rows, column, "node id past 2147483647");
	if (is_node(nodes, id))
		rows_bad(&t->rows, column, "there twice");
	nodes->known = grow(nodes->known, &nodes->mknown, id / 8 + 1, 1);
	nodes->known[id / 8] |= (unsigned char)(1 << id % 8);
	if (nodes->end <= id)
		nodes->end = id + 1;
	elements_add(&net->node, &nodes->group, t, (uint64_t)p << ID_BITS | id);
}

/* A population is of cells if any of it is one. */
static void
see_model(struct packed_nodes *nodes, const char *model)
{
	nodes->has_virtual = nodes->has_virtual || !strcmp(model, "virtual");
	if (is_missing(model) || (nodes->type && strcmp(model, "virtual") == 0))
		return;
	if (nodes->type && strcmp(nodes->type, "virtual") != 0)
		return;
	free(nodes->type);
	nodes->type = copy(model);
}

static void
read_node_table(struct packing *net, struct element_table *t)
{
	size_t id = rows_column(&t->rows, "node_id");
	size_t column = rows_find(&t->rows, "population");
	size_t model = rows_find(&t->rows, "model_type");
	uint32_t p = 0;

	net->named = net->named || column != NO_COLUMN;
	if (column == NO_COLUMN)
		p = node_population(net, population);
	while (rows_next(&t->rows)) {
		const char *name = column == NO_COLUMN ? population
						       : t->rows.field[column];

		if (bad_name(name))
			rows_bad(&t->rows, column, bad_name(name));
		if (column != NO_COLUMN)
			p = node_population(net, name);
		add_node(net, t, id, p);
		if (model != NO_COLUMN)
			see_model(&net->nodes[p], t->rows.field[model]);
	}
}

static void
read_nodes(struct packing *net)
{
	struct elements *e = &net->node;
	size_t i;

	e->name = "node";
	e->dialect = dialect;
	e->positions = positions;
	e->reserved = node_reserved;
	e->shadowed = node_shadowed;
	e->wanted = node_typed;
	elements_open_tables(e, node_tables.item, node_tables.n);
	if (node_typed)
		elements_check_wanted(e, "node-type-columns");
	e->spill = spill_new((uint64_t)1 << 63, e->size,
			     spill_memory((size_t)256 << 20) / 4);
	for (i = 0; i < e->ntables; i++)
		read_node_table(net, &e->table[i]);
	elements_close_tables(e);
}

/* --- reading edges --- */

/* The populations a, b_to_c and a_to_b, c have pathways of the same name. */
_Noreturn static void
die_of_names(const struct packing *net, const struct packed_edges *new,
	     const char *name)
{
	struct packed_edges **at = net->edges;
	const struct packed_edges *old;

	while (!*at || *at == new || strcmp((*at)->group.name, name) != 0)
		at++;
	old = *at;
	die("edges from '%s' to '%s' and from '%s' to '%s' would both be "
	    "population '%s'",
	    old->source->group.name, old->target->group.name,
	    new->source->group.name, new->target->group.name, name);
}

/* Keys of edges go target by target, in one range of keys for each pair of
 * populations; that of i and j has (nodes of i) x (nodes of j) keys. */
static struct packed_edges *
edges_between(struct packing *net, uint32_t source, uint32_t target)
{
	size_t pair = source * net->populations.n + target;
	struct packed_edges *edges = net->edges[pair];
	char *name;

	if (edges)
		return edges;
	edges = net->edges[pair] = zeros(1, sizeof *edges);
	edges->source = &net->nodes[source];
	edges->target = &net->nodes[target];
	edges->base = edges->source->before * net->ids +
		      edges->source->end * edges->target->before;
	edges->indexed[0] = edges->source->group.n;
	edges->indexed[1] = edges->target->group.n;
	name = format("%s_to_%s", edges->source->group.name,
		      edges->target->group.name);
	if (label_find(&net->pathways, name) != NO_LABEL)
		die_of_names(net, edges, name);
	label(&net->pathways, name);
	element_group_start(&edges->group, &net->edge, name);
	free(name);
	return edges;
}

/* Nodes of which nothing says the population are of the one that edges name. */
static void
serve(struct packing *net, const char *name)
{
	char **only = &net->nodes->group.name;

	if (net->named || opt_given(&population) || net->populations.n != 1 ||
	    net->pathways.n > 0 || bad_name(name))
		return;
	labels_free(&net->populations);
	net->populations = (struct labels){0};
	label(&net->populations, name);
	free(*only);
	*only = copy(name);
}

/* A table without columns of populations has one population. */
static uint32_t
end_population(struct packing *net, const struct element_table *t,
	       size_t column)
{
	uint32_t p;

	if (column == NO_COLUMN)
		return 0;
	p = label_find(&net->populations, t->rows.field[column]);
	if (p == NO_LABEL) {
		serve(net, t->rows.field[column]);
		p = label_find(&net->populations, t->rows.field[column]);
	}
	if (p == NO_LABEL)
		rows_bad(&t->rows, column,
			 "there are no nodes of this population");
	net->named = true;
	return p;
}

static uint64_t
end_node(const struct packed_nodes *nodes, const struct element_table *t,
	 size_t column)
{
	int64_t id = rows_int(&t->rows, column);

	if (id < 0)
		rows_bad(&t->rows, column, "negative");
	if (!is_node(nodes, (uint64_t)id))
		rows_bad(&t->rows, column, "there is no such node");
	return (uint64_t)id;
}

/* An index has a row for each node, and for each id up to the last one that has
 * an edge: readers take an id past the end to have none. */
static void
index_node(uint64_t *rows, uint64_t id, const struct element_table *t,
	   size_t column)
{
	if (id < *rows)
		return;
	if (id >= MAX_INDEX)
		rows_bad(&t->rows, column,
			 "node ids are too sparse for an index, which has a "
			 "row for each below");
	*rows = id + 1;
}

static void
add_edge(struct packing *net, const struct element_table *t,
	 const struct end_columns *at)
{
	uint32_t from = end_population(net, t, at->population[0]);
	uint32_t to = end_population(net, t, at->population[1]);
	uint64_t source = end_node(&net->nodes[from], t, at->id[0]);
	uint64_t target = end_node(&net->nodes[to], t, at->id[1]);
	struct packed_edges *edges = edges_between(net, from, to);

	index_node(&edges->indexed[0], source, t, at->id[0]);
	index_node(&edges->indexed[1], target, t, at->id[1]);
	elements_add(&net->edge, &edges->group, t,
		     edges->base + target * edges->source->end + source);
	edges->gaps += elements_is_gap(&net->edge, NULL);
}

/* A table without columns of populations is of the only one, even if it has no
 * edges. */
static void
read_edge_table(struct packing *net, struct element_table *t)
{
	const struct rows *r = &t->rows;
	struct end_columns at;

	at.id[0] = rows_column(r, "source_node_id");
	at.id[1] = rows_column(r, "target_node_id");
	at.population[0] = rows_find(r, "source_population");
	at.population[1] = rows_find(r, "target_population");
	if (at.population[0] != NO_COLUMN || at.population[1] != NO_COLUMN) {
		rows_column(r, "source_population");
		rows_column(r, "target_population");
	} else if (net->populations.n == 1) {
		edges_between(net, 0, 0);
	} else {
		die("%s: no column 'source_population', and the nodes are of "
		    "%zu populations",
		    r->path, net->populations.n);
	}
	while (rows_next(&t->rows))
		add_edge(net, t, &at);
}

static uint64_t
all_nodes(struct packing *net)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < net->populations.n; i++) {
		net->nodes[i].before = n;
		n += net->nodes[i].end;
	}
	net->ids = n;
	if (n > MAX_NODES)
		die("node ids take %llu numbers in all, more than %u",
		    (unsigned long long)n, MAX_NODES);
	return n;
}

/* Is there a file of the gap junctions between cells of a population? */
static bool
has_gap_file(const struct packed_edges *edges)
{
	return edges && edges->gaps > 0 && edges->source == edges->target;
}

/* Each population and pathway has two files, some have one of gap junctions,
 * and there is the config.  It is known before edges are read that there are
 * too many populations. */
static void
check_files(const struct packing *net)
{
	size_t n = 2 * (net->populations.n + net->pathways.n) + 1, i;

	n += simulation_asked();
	for (i = 0; net->edges && i < net->populations.n; i++)
		n += has_gap_file(net->edges[i * net->populations.n + i]);
	if (n > MAX_FILES)
		die("%zu populations and %zu pathways take %zu files, more "
		    "than %d: pack parts of the network into directories of "
		    "their own",
		    net->populations.n, net->pathways.n, n, MAX_FILES);
}

static void
read_edges(struct packing *net, const char *const *path)
{
	static const char *const standard_input[] = {"-", NULL};
	struct elements *e = &net->edge;
	uint64_t nodes = all_nodes(net);
	size_t i, n = 0;

	check_files(net);
	if (!*path)
		path = standard_input;
	while (path[n])
		n++;
	e->name = "edge";
	e->dialect = dialect;
	e->reserved = edge_reserved;
	e->shadowed = edge_shadowed;
	e->wanted = edge_typed;
	elements_open_tables(e, path, n);
	if (edge_typed)
		elements_check_wanted(e, "type-columns");
	net->edges = zeros(net->populations.n * net->populations.n,
			   sizeof(struct packed_edges *));
	e->spill = spill_new(nodes ? nodes * nodes : 1, e->size,
			     spill_memory((size_t)256 << 20) / 2);
	for (i = 0; i < n; i++)
		read_edge_table(net, &e->table[i]);
	elements_close_tables(e);
}

/* --- writing nodes --- */

/* The ids are written even where they are the nodes' places, because BMTK and
 * BMTool look for them. */
static void
write_nodes(struct packing *net, struct packed_nodes *nodes)
{
	struct elementwrite out = {.elements = &net->node,
				   .group = &nodes->group};
	struct hdfwrite_sink *id;
	const char *record;
	uint64_t i, key;

	elementwrite_open(&out, directory, (unsigned)gzip);
	id = elementwrite_column(&out, "node_id", SINK_U64);
	for (i = 0; i < nodes->group.n; i++) {
		record = elements_next(&net->node, &key);
		hdfwrite_int(id, (int64_t)(key & MAX_ID));
		elementwrite_put(&out, record);
	}
	hdfwrite_sink_close(id);
	elementwrite_close(&out);
}

/* --- writing edges --- */

static struct gapwrite *
open_gaps(const struct packed_edges *edges)
{
	char *path = format("%s/%s_gap_juncs.h5", directory,
			    edges->source->group.name);
	struct gapwrite *gaps = gapwrite_open(path, (unsigned)gzip, edges->gaps,
					      simulation_asked());

	free(path);
	return gaps;
}

struct index_range {
	uint64_t node, begin;
};

/* The ranges that the indices are made of, gathered as the rows go by. */
struct index_ends {
	const struct packed_edges *edges;
	struct index_range *target; /* a range each */
	size_t ntarget, mtarget;
	struct spill *sources; /* source * rows + row */
	uint64_t nsource;      /* how many ranges the sources will have */
	uint64_t last;         /* the source of the last row */
};

static void
see_edge(struct index_ends *ends, uint64_t row, uint64_t source,
	 uint64_t target)
{
	size_t n = ends->ntarget;

	if (n == 0 || ends->target[n - 1].node != target) {
		ends->target = grow(ends->target, &ends->mtarget, n + 1,
				    sizeof *ends->target);
		ends->target[ends->ntarget++] =
			(struct index_range){target, row};
	}
	if (row == 0 || source != ends->last)
		ends->nsource++;
	ends->last = source;
	spill_add(ends->sources, source * ends->edges->group.n + row, NULL);
}

static void
write_target_index(struct elementwrite *out, const struct index_ends *ends)
{
	char *group = elementwrite_path(out, "indices/target_to_source");
	struct hdfwrite_index *x = hdfwrite_index(
		&out->file, group, ends->edges->indexed[1], ends->ntarget);
	const struct index_range *r = ends->target;
	size_t i, n = ends->ntarget;

	for (i = 0; i < n; i++)
		hdfwrite_index_range(x, r[i].node, r[i].begin,
				     i + 1 < n ? r[i + 1].begin
					       : out->group->n);
	hdfwrite_index_close(x);
	free(group);
}

/* A range of a source is its edges to one target, or to several that follow
 * each other, if it is their only source. */
static void
write_source_index(struct elementwrite *out, const struct index_ends *ends)
{
	char *group = elementwrite_path(out, "indices/source_to_target");
	struct hdfwrite_index *x = hdfwrite_index(
		&out->file, group, ends->edges->indexed[0], ends->nsource);
	uint64_t rows = out->group->n, node = 0, begin = 0, end = 0;
	const uint64_t *key;
	size_t i, n;

	while ((n = spill_next(ends->sources, &key, NULL)) > 0) {
		for (i = 0; i < n; i++) {
			uint64_t source = key[i] / rows, row = key[i] % rows;

			if (source != node || row != end) {
				if (end > begin)
					hdfwrite_index_range(x, node, begin,
							     end);
				node = source;
				begin = row;
			}
			end = row + 1;
		}
	}
	if (end > begin)
		hdfwrite_index_range(x, node, begin, end);
	hdfwrite_index_close(x);
	free(group);
}

static struct hdfwrite_sink *
open_end(struct elementwrite *out, const char *name,
	 const struct packed_nodes *nodes)
{
	struct hdfwrite_sink *s = elementwrite_column(out, name, SINK_U64);
	char *path = elementwrite_path(out, name);

	hdfwrite_set_text(&out->file, path, "node_population",
			  nodes->group.name);
	free(path);
	return s;
}

static void
write_rows(struct packing *net, struct elementwrite *out,
	   struct index_ends *ends)
{
	const struct packed_edges *edges = ends->edges;
	struct hdfwrite_sink *source =
		open_end(out, "source_node_id", edges->source);
	struct hdfwrite_sink *target =
		open_end(out, "target_node_id", edges->target);
	struct gapwrite *gaps = has_gap_file(edges) ? open_gaps(edges) : NULL;
	uint64_t i, key, from, to;
	const char *record;

	for (i = 0; i < edges->group.n; i++) {
		record = elements_next(&net->edge, &key);
		from = (key - edges->base) % edges->source->end;
		to = (key - edges->base) / edges->source->end;
		hdfwrite_int(source, (int64_t)from);
		hdfwrite_int(target, (int64_t)to);
		see_edge(ends, i, from, to);
		elementwrite_put(out, record);
		if (gaps && elements_is_gap(&net->edge, record))
			gapwrite_put(gaps, from, to);
	}
	hdfwrite_sink_close(source);
	hdfwrite_sink_close(target);
	if (gaps)
		gapwrite_close(gaps);
}

static void
write_edges(struct packing *net, struct packed_edges *edges)
{
	struct elementwrite out = {.elements = &net->edge,
				   .group = &edges->group};
	struct index_ends ends = {.edges = edges};
	uint64_t rows = edges->group.n;

	if (rows > 0 && edges->source->end > ((uint64_t)1 << 63) / rows)
		die("%s: too many edges to index", edges->group.name);
	ends.sources = spill_new(rows ? edges->source->end * rows : 1, 0,
				 spill_memory((size_t)256 << 20) / 4);
	elementwrite_open(&out, directory, (unsigned)gzip);
	write_rows(net, &out, &ends);
	write_target_index(&out, &ends);
	write_source_index(&out, &ends);
	elementwrite_close(&out);
	spill_free(ends.sources);
	free(ends.target);
}

/* --- the network --- */

static void
add_file(cJSON *part, const char *key, const char *name, const char *suffix)
{
	char *file = format("$NETWORK_DIR/%s%s", name, suffix);

	cJSON_AddStringToObject(part, key, file);
	free(file);
}

/* libsonata and SNAP know of the populations that the config names. */
static void
add_part(cJSON *parts, const struct elements *e, const struct element_group *g,
	 const char *type)
{
	bool nodes = !strcmp(e->name, "node");
	cJSON *part = cJSON_CreateObject(), *populations;

	add_file(part, nodes ? "nodes_file" : "edges_file", g->name,
		 nodes ? "_nodes.h5" : "_edges.h5");
	if (elements_have_types(e))
		add_file(part, nodes ? "node_types_file" : "edge_types_file",
			 g->name,
			 nodes ? "_node_types.csv" : "_edge_types.csv");
	populations = cJSON_AddObjectToObject(part, "populations");
	cJSON_AddStringToObject(cJSON_AddObjectToObject(populations, g->name),
				"type", type);
	cJSON_AddItemToArray(parts, part);
}

/* What we are not told is what libsonata takes it for. */
static const char *
node_type(const struct packed_nodes *nodes)
{
	return nodes->type ? nodes->type : "biophysical";
}

static const char *
edge_type(const struct packed_edges *edges)
{
	return edges->gaps > 0 && edges->gaps == edges->group.n ? "electrical"
								: "chemical";
}

/* Cells have folders of morphologies and models, which we do not know;
 * libsonata asks for them unless the config says that it is not all there is.
 */
static void
add_status(cJSON *config, const struct packing *net)
{
	size_t i;

	for (i = 0; i < net->populations.n; i++)
		if (!strcmp(node_type(&net->nodes[i]), "biophysical"))
			break;
	if (i < net->populations.n)
		cJSON_AddStringToObject(
			cJSON_AddObjectToObject(config, "metadata"), "status",
			"partial");
}

static void
add_gaps(cJSON *networks, const struct packing *net)
{
	size_t i, n = net->populations.n;
	cJSON *gaps = NULL, *part;

	for (i = 0; i < n; i++) {
		if (!has_gap_file(net->edges[i * n + i]))
			continue;
		if (!gaps)
			gaps = cJSON_AddArrayToObject(networks, "gap_juncs");
		part = cJSON_CreateObject();
		add_file(part, "gap_juncs_file", net->nodes[i].group.name,
			 "_gap_juncs.h5");
		cJSON_AddItemToArray(gaps, part);
	}
}

static cJSON *
make_config(const struct packing *net)
{
	cJSON *config = cJSON_CreateObject(), *networks, *nodes, *edges;
	size_t i, n = net->populations.n;

	add_status(config, net);
	cJSON_AddStringToObject(cJSON_AddObjectToObject(config, "manifest"),
				"$NETWORK_DIR", ".");
	networks = cJSON_AddObjectToObject(config, "networks");
	nodes = cJSON_AddArrayToObject(networks, "nodes");
	edges = cJSON_AddArrayToObject(networks, "edges");
	for (i = 0; i < n; i++)
		add_part(nodes, &net->node, &net->nodes[i].group,
			 node_type(&net->nodes[i]));
	for (i = 0; i < n * n; i++)
		if (net->edges[i])
			add_part(edges, &net->edge, &net->edges[i]->group,
				 edge_type(net->edges[i]));
	add_gaps(networks, net);
	return config;
}

/* BMTK asks for properties of edges even where there are none. */
static void
leave_out_empty(cJSON *networks, const struct packing *net)
{
	cJSON *edges = cJSON_GetObjectItem(networks, "edges");
	size_t i, n = net->populations.n;
	int at = 0;

	for (i = 0; i < n * n; i++)
		if (net->edges[i] && net->edges[i]->group.n == 0)
			cJSON_DeleteItemFromArray(edges, at);
		else
			at += net->edges[i] != NULL;
}

/* Paths are relative to the config, so that the directory can be moved. */
static void
write_config(const struct packing *net)
{
	char *path = format("%s/circuit_config.json", directory);
	cJSON *config = make_config(net);
	cJSON *networks = cJSON_GetObjectItem(config, "networks");

	json_write(path, config);
	if (simulation_asked()) {
		leave_out_empty(networks, net);
		simulation_write(directory, networks);
	}
	cJSON_Delete(config);
	free(path);
}

static void
check_simulation(const struct packing *net)
{
	size_t i, n = net->populations.n;

	for (i = 0; i < n; i++)
		simulation_check_nodes(
			net->nodes[i].group.name, net->nodes[i].type,
			net->nodes[i].end == net->nodes[i].group.n);
	for (i = 0; i < n * n; i++) {
		const struct packed_edges *edges = net->edges[i];

		if (!edges)
			continue;
		simulation_check_edges(&net->edge, &edges->group,
				       node_type(edges->target),
				       edges->gaps == edges->group.n);
		if (edges->gaps > 0 && (edges->source != edges->target ||
					edges->source->has_virtual))
			warn("BMTK takes gap junctions within a population "
			     "without virtual cells, as '%s' has not",
			     edges->group.name);
	}
}

static void
write_network(struct packing *net)
{
	size_t i, n = net->populations.n;

	check_files(net);
	if (simulation_asked())
		check_simulation(net);
	folder_make(directory);
	for (i = 0; i < n; i++)
		write_nodes(net, &net->nodes[i]);
	spill_free(net->node.spill);
	for (i = 0; i < n * n; i++)
		if (net->edges[i])
			write_edges(net, net->edges[i]);
	spill_free(net->edge.spill);
	write_config(net);
	files_done();
	folder_keep();
	if (simulation_asked())
		simulation_make_folders(directory);
}

static void
free_network(struct packing *net)
{
	size_t i, n = net->populations.n;

	for (i = 0; i < n; i++) {
		element_group_free(&net->nodes[i].group);
		free(net->nodes[i].known);
		free(net->nodes[i].type);
	}
	for (i = 0; i < n * n; i++) {
		if (net->edges[i])
			element_group_free(&net->edges[i]->group);
		free(net->edges[i]);
	}
	free(net->nodes);
	free(net->edges);
	elements_free(&net->node);
	elements_free(&net->edge);
	labels_free(&net->populations);
	labels_free(&net->pathways);
}

int
main(int argc, char **argv)
{
	struct packing net = {0};

	argv = start(argc, argv, &tool);
	if (!strcmp(directory, "-"))
		misuse("--output: a network is a folder: '-'");
	if (bad_name(population))
		misuse("--population: %s: '%s'", bad_name(population),
		       population);
	read_nodes(&net);
	read_edges(&net, (const char *const *)argv);
	write_network(&net);
	free_network(&net);
	return WORKED;
}
