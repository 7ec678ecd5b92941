#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "measure/part.h"
#include "network/edges.h"
#include "network/sift.h"
#include "progress.h"
#include "rows.h"
#include "sonata/hdfchunk.h"
#include "sonata/nodefiles.h"
#include "sonata/reading.h"
#include "team.h"
#include "util.h"

#define TABLE_BATCH ((size_t)4096) /* rows; stays in the first cache */

static struct opt_list populations, nodes;
static const char *types, *node_types;
static size_t threads = 1;
static bool no_prepend, all, include_gap;

const struct opt edge_opts[] = {
	OPT_LIST('e', "edge-population", "name", &populations,
		 "only edges of this population (repeatable)"),
	OPT_LIST('n', "nodes", "file", &nodes,
		 "node table, or HDF5 file of nodes (repeatable)"),
	OPT_TABLE(cells_group_opts),
	OPT_STR(0, "types", "file", &types,
		"the edge types of an HDF5 file (CSV)"),
	OPT_STR(0, "node-types", "file", &node_types,
		"the node types of -n's HDF5 file (CSV)"),
	OPT_TABLE(rows_opts),
	OPT_NEEDS("node-types", "nodes"),
	OPT_JOBS(&threads, "read with this many threads, or auto (1)"),
	OPT_FLAG(0, "no-prepend", &no_prepend,
		 "leave population: out where a label is unique"),
	OPT_END,
};

const struct opt edge_all_opts[] = {
	OPT_FLAG(0, "all", &all, "all populations, those without edges too"),
	OPT_END,
};

const struct opt edge_gap_opts[] = {
	OPT_FLAG(0, "include-gap", &include_gap,
		 "count gap junctions as if they were chemical"),
	OPT_END,
};

/* The place of a pathway in the table, or the free place for it. */
static size_t
pathway_place(const struct edges *e, uint32_t source, uint32_t target)
{
	uint64_t key = (uint64_t)source << 32 | target;
	size_t i = (size_t)(key * 0x9e3779b97f4a7c15u >> 32); /* Knuth's */
	const struct edge_pathway *p;

	for (i &= e->slots - 1; e->slot[i]; i = (i + 1) & (e->slots - 1)) {
		p = &e->pathway[e->slot[i] - 1];
		if (p->source == source && p->target == target)
			break;
	}
	return i;
}

uint32_t
edges_find_pathway(const struct edges *e, uint32_t source, uint32_t target)
{
	if (e->slots == 0)
		return NO_LABEL;
	return e->slot[pathway_place(e, source, target)] - 1; /* or NO_LABEL */
}

static void
widen_table(struct edges *e)
{
	uint32_t k;

	free(e->slot);
	e->slots = e->slots ? 2 * e->slots : 64;
	e->slot = zeros(e->slots, sizeof *e->slot);
	for (k = 0; k < e->npathways; k++)
		e->slot[pathway_place(e, e->pathway[k].source,
				      e->pathway[k].target)] = k + 1;
}

static void
add_end(struct edges *e, uint32_t population, enum cells_side side)
{
	e->ends = grow(e->ends, &e->nends, population + (size_t)1, 1);
	e->ends[population] |= (uint8_t)(1 << side);
}

uint32_t
edges_add_pathway(struct edges *e, uint32_t source, uint32_t target)
{
	uint32_t k = edges_find_pathway(e, source, target);

	if (k != NO_LABEL)
		return k;
	if (2 * (e->npathways + 1) > e->slots)
		widen_table(e);
	e->pathway = grow(e->pathway, &e->mpathways, e->npathways + 1,
			  sizeof *e->pathway);
	k = (uint32_t)e->npathways++;
	e->slot[pathway_place(e, source, target)] = k + 1;
	e->pathway[k] = (struct edge_pathway){source, target};
	add_end(e, source, SOURCE);
	add_end(e, target, TARGET);
	return k;
}

bool
edges_is_end(const struct edges *e, uint32_t population, enum cells_side side)
{
	return population < e->nends && e->ends[population] >> side & 1;
}

static int
by_ends(const void *a, const void *b, void *edges)
{
	const struct edges *e = edges;
	const struct edge_pathway *p = &e->pathway[*(const uint32_t *)a];
	const struct edge_pathway *q = &e->pathway[*(const uint32_t *)b];

	if (p->source != q->source)
		return p->source < q->source ? -1 : 1;
	return (p->target > q->target) - (p->target < q->target);
}

uint32_t *
edges_sort_pathways(const struct edges *e)
{
	uint32_t *order = zeros(e->npathways, sizeof *order), k;

	for (k = 0; k < e->npathways; k++)
		order[k] = k;
	if (k > 0)
		qsort_r(order, k, sizeof *order, by_ends, (void *)e);
	return order;
}

static void
add_all_pairs(struct edges *e)
{
	uint32_t s, t;

	for (s = 0; s < e->cells.n; s++)
		for (t = 0; t < e->cells.n; t++)
			edges_add_pathway(e, s, t);
}

/* ---- Tables ---- */

enum {
	T_SOURCE,
	T_TARGET,
	T_SYNAPSES,
	T_GAP,
	T_FROM,
	T_TO,
	T_ATTRIBUTE,
	T_NUMBER,
	T_COLUMNS
};

struct edge_table {
	struct rows rows;
	struct rows_column column[T_COLUMNS];
	size_t ncolumns;
	int64_t *value[T_COLUMNS]; /* NULL: not there, or not needed */
	double *number;
	struct labels from, to, text;
	uint64_t *line;
	uint32_t *source, *target, *synapses;
	uint8_t *gap;
	struct hdf_value *attribute;
	size_t n, at; /* rows in the batch, and how many have been handed out */
	uint32_t ends[2]; /* populations, where the table does not say */
};

static void
ask_column(struct edge_table *t, size_t k, const char *name,
	   struct rows_column how)
{
	how.column = rows_find(&t->rows, name);
	if (how.column == NO_COLUMN)
		return;
	how.value = t->value[k] = zeros(TABLE_BATCH, sizeof *how.value);
	how.real = t->number;
	t->column[t->ncolumns++] = how;
}

static void
ask_columns(struct edge_table *t, const struct edge_needs *needs)
{
	struct rows_column id = {.kind = ROWS_INT};
	struct rows_column synapses = {
		.kind = ROWS_INT, .missing = 1, .may_miss = true};
	struct rows_column from = {.kind = ROWS_LABEL, .labels = &t->from};
	struct rows_column to = {.kind = ROWS_LABEL, .labels = &t->to};
	struct rows_column text = {.kind = ROWS_LABEL, .labels = &t->text};

	rows_column(&t->rows, "source_node_id");
	rows_column(&t->rows, "target_node_id");
	ask_column(t, T_SOURCE, "source_node_id", id);
	ask_column(t, T_TARGET, "target_node_id", id);
	ask_column(t, T_FROM, "source_population", from);
	ask_column(t, T_TO, "target_population", to);
	if (needs->synapses)
		ask_column(t, T_SYNAPSES, "nsyns", synapses);
	if (needs->gap)
		ask_column(t, T_GAP, "is_gap_junction",
			   (struct rows_column){.kind = ROWS_FLAG});
	if (needs->attribute) {
		rows_column(&t->rows, needs->attribute);
		ask_column(t, T_ATTRIBUTE, needs->attribute, text);
	}
	if (needs->number) {
		rows_column(&t->rows, needs->number);
		ask_column(t, T_NUMBER, needs->number,
			   (struct rows_column){.kind = ROWS_NUM});
	}
}

/* The edges of a table without populations are from one population to
 * itself. */
static void
learn_populations(struct edges *e)
{
	struct edge_table *t = e->table;

	if (!t->value[T_FROM] != !t->value[T_TO])
		die("%s: one of source_population and target_population, but "
		    "not both",
		    t->rows.path);
	if (!t->value[T_FROM] && e->cells.n != 1)
		die("%s: no source_population and target_population, but the "
		    "nodes are of %zu populations",
		    t->rows.path, e->cells.n);
	if (!t->value[T_FROM])
		edges_add_pathway(e, 0, 0);
}

static void
open_edge_table(struct edges *e, const char *path)
{
	struct edge_table *t = e->table = zeros(1, sizeof *t);

	rows_open(&t->rows, path);
	t->number = zeros(TABLE_BATCH, sizeof *t->number);
	ask_columns(t, &e->needs);
	learn_populations(e);
	t->line = zeros(TABLE_BATCH, sizeof *t->line);
	t->source = zeros(TABLE_BATCH, sizeof *t->source);
	t->target = zeros(TABLE_BATCH, sizeof *t->target);
	t->synapses = zeros(TABLE_BATCH, sizeof *t->synapses);
	t->gap = zeros(TABLE_BATCH, sizeof *t->gap);
	t->attribute = zeros(TABLE_BATCH, sizeof *t->attribute);
}

static uint32_t
table_population(const struct edges *e, size_t k, const struct labels *names,
		 size_t row)
{
	const struct edge_table *t = e->table;
	const struct node_population *p;
	const char *name;

	if (!t->value[k])
		return 0;
	name = names->name[t->value[k][row]];
	p = nodes_find(e->cells.nodes, name);
	if (!p)
		die("%s:%llu: column '%s': %s: '%s'", t->rows.path,
		    (unsigned long long)t->line[row],
		    k == T_FROM ? "source_population" : "target_population",
		    nodes_find_lack(e->cells.nodes, NULL), name);
	return (uint32_t)(p - e->cells.nodes->population);
}

/* How many rows from row on are of the same populations. */
static size_t
count_run(const struct edge_table *t, size_t row)
{
	size_t end = row + 1;

	if (!t->value[T_FROM])
		return t->n - row;
	while (end < t->n && t->value[T_FROM][end] == t->value[T_FROM][row] &&
	       t->value[T_TO][end] == t->value[T_TO][row])
		end++;
	return end - row;
}

static void
find_table_cells(const struct edges *e, size_t k, uint32_t population,
		 uint32_t *cell)
{
	const struct edge_table *t = e->table;
	const struct ids *ids = e->cells.population[population].ids;
	size_t n = count_run(t, t->at);
	size_t found = ids_find_all(ids, t->value[k] + t->at, n, cell);

	if (found < n)
		die("%s:%llu: column '%s': there is no such node: '%lld'",
		    t->rows.path, (unsigned long long)t->line[t->at + found],
		    k == T_SOURCE ? "source_node_id" : "target_node_id",
		    (long long)t->value[k][t->at + found]);
}

static void
take_synapses(const struct edge_table *t, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		int64_t v = t->value[T_SYNAPSES][t->at + i];

		if (v < 0 || v > UINT32_MAX)
			die("%s:%llu: column 'nsyns': not a number of "
			    "synapses: '%lld'",
			    t->rows.path,
			    (unsigned long long)t->line[t->at + i],
			    (long long)v);
		t->synapses[i] = (uint32_t)v;
	}
}

static void
take_others(const struct edges *e, size_t n)
{
	const struct edge_table *t = e->table;
	size_t i;

	if (t->value[T_SYNAPSES])
		take_synapses(t, n);
	for (i = 0; t->value[T_GAP] && i < n; i++)
		t->gap[i] = (uint8_t)t->value[T_GAP][t->at + i];
	for (i = 0; t->value[T_ATTRIBUTE] && i < n; i++)
		t->attribute[i] = (struct hdf_value){
			V_TEXT,
			{.s = t->text.name[t->value[T_ATTRIBUTE][t->at + i]]}};
}

static bool
next_of_table(struct edges *e, struct edge_batch *b)
{
	struct edge_table *t = e->table;
	uint32_t from, to;

	if (t->at == t->n) {
		t->at = 0;
		t->n = rows_batch(&t->rows, t->column, t->ncolumns, t->line,
				  TABLE_BATCH);
	}
	if (t->n == 0)
		return false;
	from = table_population(e, T_FROM, &t->from, t->at);
	to = table_population(e, T_TO, &t->to, t->at);
	find_table_cells(e, T_SOURCE, from, t->source);
	find_table_cells(e, T_TARGET, to, t->target);
	b->n = count_run(t, t->at);
	take_others(e, b->n);
	b->pathway = edges_add_pathway(e, from, to);
	b->source = t->source;
	b->target = t->target;
	b->synapses = t->value[T_SYNAPSES] ? t->synapses : NULL;
	b->gap = t->value[T_GAP] ? t->gap : NULL;
	b->attribute = t->value[T_ATTRIBUTE] ? t->attribute : NULL;
	b->number = t->number + t->at;
	t->at += b->n;
	return true;
}

static void
close_edge_table(struct edge_table *t)
{
	size_t k;

	for (k = 0; k < T_COLUMNS; k++)
		free(t->value[k]);
	labels_free(&t->from);
	labels_free(&t->to);
	labels_free(&t->text);
	free(t->line);
	free(t->source);
	free(t->target);
	free(t->synapses);
	free(t->gap);
	free(t->attribute);
	free(t->number);
	rows_close(&t->rows);
	free(t);
}

/* ---- Files ---- */

/* A batch is filled in a slot. */
struct slot {
	uint64_t turn;          /* the batch that is in it */
	struct edge_file *file; /* what the reading is of */
	struct reading *reading;
	size_t synapse_column, gap_column, attribute_column, number_column;
	struct hdfchunk unpacker[2];
	int64_t *id;
	uint32_t *end[2], *synapses;
	uint8_t *gap;
	double *number;
	struct edge_batch batch;
	size_t room;
};

/* A population of edges, and how it is cut into batches. */
struct edge_file {
	struct sonata_population *p;
	const struct cells_population *end[2];
	uint32_t pathway;
	uint64_t begin, stop; /* rows that are read */
	size_t step;          /* rows of a batch */
	uint64_t first_turn;  /* the batches before it */
	atomic_flag warned;   /* was there a NaN for a number of synapses? */
};

struct edge_files {
	const struct edges *edges;
	struct edge_file *file;
	size_t n;
	struct slot *slot;
	size_t nslots;
	struct team *team;
	uint64_t begun, turns; /* batches */
};

/* A batch has whole chunks, so that none is unpacked twice. */
static size_t
batch_rows(const struct sonata_population *p)
{
	size_t chunk = p->id[0]->chunk;

	if (chunk == 0)
		return BATCH;
	return chunk < BATCH ? BATCH / chunk * chunk : chunk;
}

static void
make_slot_room(struct slot *s, size_t n)
{
	size_t k;

	if (n <= s->room)
		return;
	free(s->id);
	s->id = zeros(n, sizeof *s->id);
	for (k = 0; k < 2; k++) {
		free(s->end[k]);
		s->end[k] = zeros(n, sizeof *s->end[k]);
	}
	free(s->synapses);
	free(s->gap);
	free(s->number);
	s->synapses = zeros(n, sizeof *s->synapses);
	s->gap = zeros(n, sizeof *s->gap);
	s->number = zeros(n, sizeof *s->number);
	s->room = n;
}

/* Let the slot read attributes of this population. */
static void
turn_to(struct slot *s, struct edge_file *f, const struct edge_needs *needs)
{
	size_t k;

	if (s->file == f)
		return;
	if (s->reading)
		reading_end(s->reading);
	for (k = 0; k < 2; k++)
		s->unpacker[k].chunk = 0;
	s->file = f;
	s->reading = reading_start(f->p, false);
	s->synapse_column = s->gap_column = NO_ATTRIBUTE;
	if (needs->synapses)
		s->synapse_column = reading_try_want(s->reading, "nsyns");
	if (needs->gap)
		s->gap_column = reading_try_want(s->reading, "is_gap_junction");
	if (needs->attribute)
		s->attribute_column =
			reading_try_want(s->reading, needs->attribute);
	if (needs->number)
		s->number_column = reading_try_want(s->reading, needs->number);
}

/* Ids of four bytes that are places are taken as they are: 0.6 of the time of
 * an edge, where nothing is packed, that HDF5 and this one take to widen them
 * to eight bytes and to shorten them again. */
static void
fill_end(struct slot *s, size_t k, uint64_t first, size_t n)
{
	const struct hdf_column *c = s->file->p->id[k];
	const struct ids *ids = s->file->end[k]->ids;
	size_t found;

	if (!ids->id &&
	    hdfchunk_words(c, first, n, s->end[k], &s->unpacker[k]) &&
	    ids_are_places(ids, s->end[k], n))
		return;
	hdfchunk_ids(c, first, n, s->id, &s->unpacker[k]);
	found = ids_find_all(ids, s->id, n, s->end[k]);
	first += found;
	if (found < n)
		die("%s: row %" PRIu64 ": there is no such node: '%" PRId64 "'",
		    c->path, first, s->id[found]);
}

static void
bad_value(const struct slot *s, const char *name, size_t i, const char *problem)
{
	die("%s: %s: row %llu: %s: %s", s->file->p->ref->path, s->file->p->root,
	    (unsigned long long)s->reading->row[i], name, problem);
}

/* Some files write NaN for rows without a value, because a dataset of reals has
 * to have one. Which thread meets the first one is not known, so the message
 * names no row. */
static void
warn_of_nan(struct edge_file *f)
{
	if (!atomic_flag_test_and_set(&f->warned))
		warn("%s: %s: nsyns is NaN in some rows, which are taken for "
		     "one synapse each",
		     f->p->ref->path, f->p->root);
}

static void
fill_synapses(struct slot *s)
{
	const struct hdf_value *v = s->reading->v[s->synapse_column];
	int64_t number;
	size_t i;

	for (i = 0; i < s->reading->n; i++) {
		number = 1;
		if (v[i].kind == V_REAL && isnan(v[i].as.r))
			warn_of_nan(s->file);
		else if (!reading_missing(&v[i]) &&
			 (!reading_int(&v[i], &number) || number < 0 ||
			  number > UINT32_MAX))
			bad_value(s, "nsyns", i, "not a number of synapses");
		s->synapses[i] = (uint32_t)number;
	}
	s->batch.synapses = s->synapses;
}

static void
fill_gap(struct slot *s)
{
	const struct hdf_value *v = s->reading->v[s->gap_column];
	bool gap;
	size_t i;

	for (i = 0; i < s->reading->n; i++) {
		if (!reading_flag(&v[i], &gap))
			bad_value(s, "is_gap_junction", i,
				  "neither true nor false");
		s->gap[i] = gap;
	}
	s->batch.gap = s->gap;
}

static void
fill_number(struct slot *s, const char *name)
{
	size_t n = reading_nums(s->reading, s->number_column, s->number);

	if (n < s->reading->n)
		bad_value(s, name, n, "not a number");
	s->batch.number = s->number;
}

static void
fill_attributes(struct slot *s, const struct edge_needs *needs, uint64_t first,
		size_t n)
{
	size_t i;

	if (s->reading->nwanted > 0)
		reading_range(s->reading, first, n);
	if (s->synapse_column != NO_ATTRIBUTE)
		fill_synapses(s);
	if (s->gap_column != NO_ATTRIBUTE)
		fill_gap(s);
	if (needs->attribute && s->attribute_column != NO_ATTRIBUTE)
		s->batch.attribute = s->reading->v[s->attribute_column];
	if (!needs->number)
		return;
	if (s->number_column != NO_ATTRIBUTE)
		fill_number(s, needs->number);
	for (i = 0; s->number_column == NO_ATTRIBUTE && i < n; i++)
		s->number[i] = NAN;
	s->batch.number = s->number;
}

static bool
take_turn(void *arg, size_t slot)
{
	struct edge_files *files = arg;

	files->slot[slot].turn = files->begun;
	return files->begun++ < files->turns;
}

static void
fill_slot(void *arg, size_t slot)
{
	const struct edge_files *files = arg;
	struct slot *s = &files->slot[slot];
	size_t k = files->n - 1, n;
	struct edge_file *f;
	uint64_t first;

	while (files->file[k].first_turn > s->turn)
		k--;
	f = &files->file[k];
	first = (f->begin / f->step + s->turn - f->first_turn) * f->step;
	n = f->stop - first < f->step ? (size_t)(f->stop - first) : f->step;
	if (first < f->begin) {
		n -= (size_t)(f->begin - first);
		first = f->begin;
	}
	make_slot_room(s, n);
	turn_to(s, f, &files->edges->needs);
	fill_end(s, 0, first, n);
	fill_end(s, 1, first, n);
	s->batch = (struct edge_batch){.n = n,
				       .pathway = f->pathway,
				       .source = s->end[0],
				       .target = s->end[1]};
	fill_attributes(s, &files->edges->needs, first, n);
}

static bool
next_of_files(struct edge_files *files, struct edge_batch *b)
{
	size_t slot;

	if (!team_next(files->team, &slot))
		return false;
	*b = files->slot[slot].batch;
	return true;
}

/* The nodes of a config: of all its populations, or only of those that the
 * edges connect; an end that is not said, "", may be any. */
static void
add_nodes(struct nodes *to, struct sonata_network *net,
	  const struct sonata_population *const *p, size_t n)
{
	struct labels ends = {0};
	bool all_ends;
	size_t i, refs;

	refs = p ? sonata_known_refs(net, NODES) : sonata_refs(net, NODES);
	for (i = 0; p && i < n; i++) {
		sonata_need(net, NODES, p[i]->source);
		sonata_need(net, NODES, p[i]->target);
		label(&ends, p[i]->source);
		label(&ends, p[i]->target);
	}
	all_ends = !p || label_find(&ends, "") != NO_LABEL;
	for (i = 0; i < refs; i++) {
		const struct sonata_ref *ref = &net->ref[NODES][i];
		struct sonata_population *q;

		if (!all_ends && label_find(&ends, ref->name) == NO_LABEL)
			continue;
		q = sonata_open(ref);
		nodefiles_add_population(to, q);
		sonata_close(q);
	}
	labels_free(&ends);
}

/* An attribute that no population has is a mistake; one that some have is
 * missing in the others. */
static void
check_attribute(const struct sonata_network *net,
		struct sonata_population *const *p, size_t n, const char *name)
{
	struct labels there = {0};
	bool found = !name;
	char *list = NULL;
	struct reading *r;
	size_t i, k;

	for (i = 0; i < n && !found; i++) {
		r = reading_start(p[i], false);
		found = reading_try_want(r, name) != NO_ATTRIBUTE;
		reading_end(r);
		for (k = 0; k < p[i]->nattributes; k++)
			label(&there, p[i]->attribute[k]);
	}
	for (k = 0; !found && k < there.n; k++)
		list = join(list, there.name[k]);
	if (!found)
		die("%s: no column '%s': besides ids and types there are %s",
		    net->path, name, list ? list : "none");
	labels_free(&there);
}

static bool
has_cells(const void *cells, const char *population)
{
	return cells_find(cells, population) != NO_LABEL;
}

static uint32_t
end_of(const struct edges *e, const struct sonata_population *p,
       const char *name)
{
	const struct nodes *these = e->cells.nodes;
	const struct node_population *q = nodes_find(these, name);

	if (!q && !*name)
		die("%s: %s: of which population its cells are is not said",
		    p->ref->path, p->ref->name);
	if (!q)
		die("%s: %s: %s%s", p->ref->path, p->root,
		    nodes_find_lack(these, name),
		    nodes.n ? "" : ": give them with -n");
	return (uint32_t)(q - these->population);
}

static void
add_file(struct edges *e, struct sonata_population *p)
{
	struct edge_files *files = e->files;
	struct edge_file *f = &files->file[files->n++];
	uint32_t source = end_of(e, p, p->source);
	uint32_t target = end_of(e, p, p->target);

	f->p = p;
	atomic_flag_clear(&f->warned);
	f->end[0] = &e->cells.population[source];
	f->end[1] = &e->cells.population[target];
	f->pathway = edges_add_pathway(e, source, target);
	f->step = batch_rows(p);
}

/* Where a row of all is among the n from first on. */
static uint64_t
clamp(uint64_t row, uint64_t first, uint64_t n)
{
	return row < first ? 0 : row - first < n ? row - first : n;
}

/* The rows that are read: all, or those of a shard if any will do. Batches are
 * of whole chunks but for the first and the last of a shard. */
static void
share_rows(struct edges *e, uint64_t rows)
{
	struct edge_files *files = e->files;
	uint64_t first = 0, end = rows, before = 0;
	size_t i;

	if (!e->needs.pairs)
		opt_shard(part_shard(), rows, &first, &end);
	progress_begin("rows", end - first);
	for (i = 0; i < files->n; before += files->file[i++].p->n) {
		struct edge_file *f = &files->file[i];

		f->begin = clamp(first, before, f->p->n);
		f->stop = clamp(end, before, f->p->n);
		f->first_turn = files->turns;
		if (f->begin < f->stop)
			files->turns += (f->stop + f->step - 1) / f->step -
					f->begin / f->step;
	}
}

/* Unpacking keeps all threads busy that there are.  Where nothing is packed,
 * one thread that reads ahead of this one, which counts, is as many as pay:
 * 2.6 times as fast as a single one, and 1.8 times with two more threads, on
 * two cores. */
static void
start_team(struct edge_files *files)
{
	size_t n = threads;
	bool packed = files->n > 0 && files->file[0].p->id[0]->chunk > 0;

	n = n < 2 ? 0 : packed ? n : n - 1;
	files->nslots = n ? n + 2 : 1;
	files->slot = zeros(files->nslots, sizeof *files->slot);
	files->team = team_start(&(struct team_work){.threads = n,
						     .slots = files->nslots,
						     .take = take_turn,
						     .make = fill_slot,
						     .arg = files});
}

/* Has a network cells alone? */
static bool
is_bare(struct sonata_network *net)
{
	return net->config && populations.n == 0 &&
	       sonata_refs(net, EDGES) == 0 && sonata_refs(net, NODES) > 0;
}

static void
open_edge_files(struct edges *e, const char *path, struct nodes *read)
{
	struct sonata_network *net = sonata_open_network(path, "types", types);
	struct edge_files *files = e->files = zeros(1, sizeof *files);
	struct sonata_population **p = NULL;
	size_t i, n = 0, rows = 0;

	if (!e->needs.bare || !is_bare(net))
		p = sonata_open_all(net, EDGES, &populations, true, &n);
	check_attribute(net, p, n, e->needs.attribute);
	check_attribute(net, p, n, e->needs.number);
	if (nodes.n == 0)
		add_nodes(read, net,
			  all ? NULL
			      : (const struct sonata_population *const *)p,
			  n);
	cells_make(&e->cells, read);
	files->edges = e;
	files->file = zeros(n, sizeof *files->file);
	for (i = 0; i < n; i++) {
		if (nodes.n > 0)
			sonata_guess_ends(p[i], has_cells, &e->cells);
		add_file(e, p[i]);
		rows += p[i]->n;
		if (sonata_has_attribute(p[i], "nsyns"))
			e->synapses = true;
	}
	share_rows(e, rows);
	free(p);
}

struct edges *
edges_open(const char *operand, struct edge_needs needs)
{
	struct edges *e = zeros(1, sizeof *e);
	struct nodes *read;
	bool file = operand && strcmp(operand, "-") != 0 &&
		    sonata_is_network(operand);

	e->needs = needs;
	if (part_is_wanted() || part_is_merged())
		e->part = part_open();
	if (part_is_merged() && operand)
		misuse("--part stands for the edges: '%s'", operand);
	if (part_is_merged())
		return e;
	read = cells_nodes(needs.along);
	if (nodes.n > 0)
		nodefiles_add(read, &nodes, node_types);
	if (!file && nodes.n == 0)
		misuse("--nodes: needed with an edge table, which does not "
		       "say what cells there are");
	if (!file && populations.n > 0)
		misuse("--edge-population: a table has no populations to "
		       "choose from");
	if (!file && types)
		misuse("--types is for an HDF5 file: a table has them itself");
	if (file) {
		open_edge_files(e, operand, read);
	} else {
		cells_make(&e->cells, read);
		open_edge_table(e, operand);
	}
	if (all)
		add_all_pairs(e);
	if (part_shard()->parts > 1 && (e->table || needs.pairs))
		e->sift = sift_new();
	if (file)
		start_team(e->files);
	return e;
}

bool
edges_next(struct edges *e, struct edge_batch *b)
{
	*b = (struct edge_batch){0};
	if (part_is_merged() ||
	    (e->table ? !next_of_table(e, b) : !next_of_files(e->files, b)))
		return false;
	e->read += b->n;
	if (e->sift)
		sift_batch(e->sift, e, b);
	b->apart = include_gap ? NULL : b->gap;
	e->rows += b->n;
	progress(e->read);
	return true;
}

bool
edges_have_synapses(const struct edges *e)
{
	return e->synapses || (e->table && e->table->value[T_SYNAPSES]);
}

void
edges_describe(const struct edges *e)
{
	char *rows = format("%" PRIu64, e->read);
	struct stat st;
	size_t i;

	if (e->table)
		part_say(e->part, (struct part_line){"edges", .value = rows});
	free(rows);
	if (edges_have_synapses(e))
		part_say(e->part, (struct part_line){.record = "synapses"});
	for (i = 0; e->files && i < e->files->n; i++) {
		const struct sonata_population *p = e->files->file[i].p;
		const char *path = p->ref->path, *slash = strrchr(path, '/');

		if (stat(path, &st))
			die("%s:", path);
		rows = format("%" PRIu64, p->n);
		part_say(e->part,
			 (struct part_line){"edges", p->ref->name,
					    slash ? slash + 1 : path,
					    (uint64_t)st.st_size, rows});
		free(rows);
	}
}

static void
close_slot(struct slot *s)
{
	if (s->reading)
		reading_end(s->reading);
	hdfchunk_free(&s->unpacker[0]);
	hdfchunk_free(&s->unpacker[1]);
	free(s->id);
	free(s->end[0]);
	free(s->end[1]);
	free(s->synapses);
	free(s->gap);
	free(s->number);
}

static void
close_edge_files(struct edge_files *files)
{
	size_t k;

	team_end(files->team);
	for (k = 0; k < files->nslots; k++)
		close_slot(&files->slot[k]);
	for (k = 0; k < files->n; k++)
		sonata_close(files->file[k].p);
	free(files->slot);
	free(files->file);
	free(files);
}

void
edges_close(struct edges *e)
{
	if (e->table)
		close_edge_table(e->table);
	if (e->files)
		close_edge_files(e->files);
	if (e->sift)
		sift_free(e->sift);
	if (e->part)
		part_close(e->part);
	cells_free(&e->cells);
	free(e->pathway);
	free(e->slot);
	free(e->ends);
	free(e);
}

/* By population and side, a text for each group. */
struct edge_labels {
	const struct cells *cells;
	char ***text[2];
};

static bool
is_shown(const struct edges *e, uint32_t population)
{
	return edges_is_end(e, population, SOURCE) ||
	       edges_is_end(e, population, TARGET);
}

/* In how many of the populations that are shown a label is. */
struct shown_labels {
	struct labels text;
	uint32_t *times;
	size_t cap;
};

static void
count_label(struct shown_labels *l, const char *s)
{
	uint32_t k = label(&l->text, s);

	l->times = grow(l->times, &l->cap, k + (size_t)1, sizeof *l->times);
	l->times[k]++;
}

static struct shown_labels
count_labels(const struct edges *e)
{
	struct shown_labels l = {0};
	uint32_t p, i;

	for (p = 0; p < e->cells.n; p++) {
		const struct labels *of = e->cells.population[p].label;

		for (i = 0; is_shown(e, p) && i < of[SOURCE].n; i++)
			count_label(&l, of[SOURCE].name[i]);
		for (i = 0; is_shown(e, p) && i < of[TARGET].n; i++)
			if (label_find(&of[SOURCE], of[TARGET].name[i]) ==
			    NO_LABEL)
				count_label(&l, of[TARGET].name[i]);
	}
	return l;
}

static bool
is_shared(const struct shown_labels *l, const char *s)
{
	uint32_t k = label_find(&l->text, s);

	return k != NO_LABEL && l->times[k] > 1;
}

static char **
show_groups(const struct edges *e, uint32_t population, enum cells_side side,
	    const struct shown_labels *shown)
{
	const struct cells_population *p = &e->cells.population[population];
	char **text = zeros(p->label[side].n, sizeof *text);
	size_t i;

	for (i = 0; i < p->label[side].n; i++) {
		const char *s = p->label[side].name[i];
		bool bare = !shown || (no_prepend && !is_shared(shown, s));

		text[i] = bare ? copy(s) : format("%s:%s", p->name, s);
	}
	return text;
}

struct edge_labels *
edges_labels(const struct edges *e)
{
	struct edge_labels *l = zeros(1, sizeof *l);
	struct shown_labels shown = count_labels(e);
	enum cells_side side;
	uint32_t p, n = 0;

	l->cells = &e->cells;
	for (p = 0; p < e->cells.n; p++)
		n += is_shown(e, p);
	for (side = SOURCE; side <= TARGET; side++) {
		l->text[side] = zeros(e->cells.n, sizeof *l->text[side]);
		for (p = 0; p < e->cells.n; p++)
			l->text[side][p] =
				show_groups(e, p, side, n > 1 ? &shown : NULL);
	}
	labels_free(&shown.text);
	free(shown.times);
	return l;
}

const char *
edges_label(const struct edge_labels *l, uint32_t population,
	    enum cells_side side, uint32_t group)
{
	return l->text[side][population][group];
}

void
edges_free_labels(struct edge_labels *l)
{
	enum cells_side side;
	size_t p;

	for (side = SOURCE; side <= TARGET; side++) {
		for (p = 0; p < l->cells->n; p++)
			hdf_free_names(l->text[side][p],
				       l->cells->population[p].label[side].n);
		free(l->text[side]);
	}
	free(l);
}
