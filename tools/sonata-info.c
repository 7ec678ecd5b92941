/* sonata-info -- show what a network is made of
 *
 * A row a type of nodes or edges, a population of edges, an input of a
 * simulation, or a file.  All of it is counted from what the files have, and
 * nothing they say of themselves is believed: whether edges are sorted is
 * looked at, and pairs are sorted on disk where they do not fit in memory. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "activity/inputs.h"
#include "activity/spikes.h"
#include "files.h"
#include "labels.h"
#include "network/pairs.h"
#include "out.h"
#include "progress.h"
#include "sonata/ends.h"
#include "sonata/hdfchunk.h"
#include "sonata/listing.h"
#include "sonata/property.h"
#include "sonata/spill.h"

static struct opt_list nodes, edges;
static const char *types;
static bool edge_types, edge_populations, inputs, files;

static const struct opt opts[] = {
	OPT_FLAG(0, "edge-types", &edge_types, "a row for each type of edges"),
	OPT_FLAG(0, "edges", &edge_populations,
		 "a row for each population of edges"),
	OPT_FLAG(0, "inputs", &inputs, "a row for each input of a simulation"),
	OPT_FLAG(0, "files", &files,
		 "a row for each file that the network is read from"),
	OPT_LIST('p', "population", "name", &nodes,
		 "only nodes of this population (repeatable)"),
	OPT_LIST('e', "edge-population", "name", &edges,
		 "only edges of this population (repeatable)"),
	OPT_STR(0, "types", "file", &types,
		"the node or edge types of an HDF5 file (CSV)"),
	OPT_TABLE(spill_opts_32M),
	OPT_TABLE(out_opts),
	/* A choice that would change nothing is a misunderstanding. */
	OPT_EXCLUDE("edge-types edges inputs files"),
	OPT_NOT_WITH("population", "edge-types edges inputs files"),
	OPT_NEEDS("edge-population", "edge-types edges"),
	OPT_EXCLUDE("inputs types"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "show what a network is made of",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

struct type_count {
	int64_t id;
	uint64_t n;
};

/* Counts of ids, ascending, so that an id is found by halving: types are few,
 * and rows of the same type mostly come in stretches. */
struct type_counts {
	struct type_count *count;
	size_t n, cap;
};

static int
by_id(const void *a, const void *b)
{
	const struct type_count *p = a, *q = b;

	return (p->id > q->id) - (p->id < q->id);
}

/* Without branches: 0.4 of the time that bsearch takes. */
static struct type_count *
find_count(const struct type_counts *c, int64_t id)
{
	size_t low = 0, n, half;

	for (n = c->n; n > 1; n -= half) {
		half = n / 2;
		low += c->count[low + half].id <= id ? half : 0;
	}
	return n && c->count[low].id == id ? &c->count[low] : NULL;
}

/* Add n counts in any order, of ids that may be there more than once. */
static void
add_counts(struct type_counts *c, const struct type_count *new, size_t n)
{
	size_t i, k = 0;

	if (n == 0)
		return;
	c->count = grow(c->count, &c->cap, c->n + n, sizeof *c->count);
	memcpy(c->count + c->n, new, n * sizeof *new);
	qsort(c->count, c->n + n, sizeof *c->count, by_id);
	for (i = 1; i < c->n + n; i++)
		if (c->count[i].id == c->count[k].id)
			c->count[k].n += c->count[i].n;
		else
			c->count[++k] = c->count[i];
	c->n = k + 1;
}

/* Count n ids, up to a batch.  Those that are new wait for the end of it. */
static void
count_ids(struct type_counts *c, const int64_t *id, size_t n)
{
	struct type_count *new = zeros(n, sizeof *new), *at = NULL;
	size_t i, nnew = 0;

	for (i = 0; i < n; i++) {
		if (!at || at->id != id[i])
			at = find_count(c, id[i]);
		if (!at) {
			at = &new[nnew++];
			at->id = id[i];
		}
		at->n++;
	}
	add_counts(c, new, nnew);
	free(new);
}

/* How many rows of n the batch that begins with first has. */
static size_t
batch_size(uint64_t n, uint64_t first)
{
	return n - first < BATCH ? (size_t)(n - first) : BATCH;
}

static void
count_column(struct type_counts *c, const struct hdf_column *column)
{
	int64_t *id = zeros(BATCH, sizeof *id);
	struct hdfchunk u = {0};
	uint64_t first;
	size_t n;

	progress_begin("rows", column->n);
	for (first = 0; first < column->n; first += n) {
		n = batch_size(column->n, first);
		hdfchunk_ids(column, first, n, id, &u);
		count_ids(c, id, n);
		progress(first + n);
	}
	hdfchunk_free(&u);
	free(id);
}

static void
out_optional(const char *s)
{
	if (s && *s)
		out_text(s);
	else
		out_missing();
}

static void
out_known(bool known, uint64_t v)
{
	if (known)
		out_int((int64_t)v);
	else
		out_missing();
}

static void
out_number(double v)
{
	if (isnan(v))
		out_missing();
	else
		out_num(v);
}

/* Open all populations, or those that were asked for. A config need not have
 * any. */
static struct sonata_population **
open_chosen(struct sonata_network *net, enum sonata_sort sort,
	    const struct opt_list *names, size_t *n)
{
	*n = 0;
	if (net->config && !names->n && sonata_refs(net, sort) == 0)
		return NULL;
	return sonata_open_all(net, sort, names, true, n);
}

static void
close_all(struct sonata_population **p, size_t n)
{
	while (n > 0)
		sonata_close(p[--n]);
	free(p);
}

/* Write the row of a type, which the CSV has at this place or does not have. */
static void
write_type(const struct sonata_population *p, const struct listing *c,
	   size_t type, uint64_t n)
{
	size_t i, k;

	out_int((int64_t)n);
	for (i = 0; i < c->n; i++) {
		k = type == NO_TYPE ? NO_TYPE
				    : type_find_property(p->types, c->name[i]);
		out_optional(k == NO_TYPE ? NULL : p->types->value[type][k]);
	}
	out_end();
}

/* The ids that occur and those of the CSV, both ascending. */
static void
merge_types(const struct sonata_population *p, const struct listing *c,
	    const struct type_counts *found)
{
	size_t i = 0, k = 0, listed = p->types ? p->types->ntypes : 0;

	while (i < found->n || k < listed) {
		bool first =
			k == listed ||
			(i < found->n && found->count[i].id <= p->types->id[k]);
		int64_t id = first ? found->count[i].id : p->types->id[k];
		bool known = k < listed && p->types->id[k] == id;

		out_text(p->ref->name);
		out_int(id);
		write_type(p, c, known ? k : NO_TYPE,
			   first ? found->count[i].n : 0);
		i += first;
		k += known;
	}
}

static void
write_types(const struct sonata_population *p, const struct listing *c)
{
	struct type_counts found = {0};

	if (p->type_id)
		count_column(&found, p->type_id);
	if (!p->type_id && p->n > 0) {
		out_text(p->ref->name);
		out_missing();
		write_type(p, c, NO_TYPE, p->n);
	}
	merge_types(p, c, &found);
	free(found.count);
}

static void
write_types_header(enum sonata_sort sort, const struct listing *c)
{
	const char *ours[] = {"population",
			      sort == NODES ? "node_type_id" : "edge_type_id",
			      "count", NULL};
	size_t i;

	for (i = 0; ours[i]; i++)
		out_text(ours[i]);
	for (i = 0; i < c->n; i++)
		property_put_name(c->name[i], ours);
	out_end();
}

static void
show_types(struct sonata_network *net, enum sonata_sort sort,
	   const struct opt_list *names)
{
	struct sonata_population **p;
	struct listing c = {0};
	size_t i, k, n;

	p = open_chosen(net, sort, names, &n);
	for (i = 0; i < n; i++)
		for (k = 0; p[i]->types && k < p[i]->types->n; k++)
			listing_add(&c, p[i]->types->name[k]);
	write_types_header(sort, &c);
	for (i = 0; i < n; i++)
		write_types(p[i], &c);
	listing_free(&c);
	close_all(p, n);
}

/* What edges of a population are like. */
struct facts {
	uint64_t pairs, autapse_rows, autapse_cells, synapses, gap_rows;
	int64_t greatest[2];

	/* Is there a row that has to stand before the one above it: by this end
	 * alone, and among rows of one cell by the other end as well? */
	bool falls[2], unsorted[2];
};

/* A pair is counted each time it begins, which is right for sorted rows. last
 * is the row above the batch. */
static void
look_at_batch(struct facts *f, const struct ends *e, int64_t *last)
{
	size_t i;

	for (i = 0; i < e->n; i++) {
		int64_t from = e->id[SOURCE][i], to = e->id[TARGET][i];
		bool new = from != last[SOURCE] || to != last[TARGET];

		f->falls[SOURCE] |= from < last[SOURCE];
		f->falls[TARGET] |= to < last[TARGET];
		f->unsorted[SOURCE] |=
			from < last[SOURCE] ||
			(from == last[SOURCE] && to < last[TARGET]);
		f->unsorted[TARGET] |=
			to < last[TARGET] ||
			(to == last[TARGET] && from < last[SOURCE]);
		f->pairs += new;
		f->autapse_rows += from == to;
		f->autapse_cells += new &&from == to;
		if (from > f->greatest[SOURCE])
			f->greatest[SOURCE] = from;
		if (to > f->greatest[TARGET])
			f->greatest[TARGET] = to;
		last[SOURCE] = from;
		last[TARGET] = to;
	}
}

static struct spill *
sort_pairs(const struct facts *f, const struct sonata_population *p)
{
	uint64_t width = (uint64_t)f->greatest[TARGET] + 1;
	uint64_t height = (uint64_t)f->greatest[SOURCE] + 1;
	struct ends e = ends_start(p);
	struct spill *spill;
	size_t i;

	if (height > INT64_MAX / width)
		die("%s: %s: ids up to %lld and %lld are too large to count "
		    "pairs",
		    p->ref->path, p->root, (long long)f->greatest[SOURCE],
		    (long long)f->greatest[TARGET]);
	spill = spill_new(height * width, 0, spill_memory(PAIRS_MEMORY));
	while (ends_next(&e)) {
		uint64_t *key = (uint64_t *)e.id[SOURCE];

		for (i = 0; i < e.n; i++)
			key[i] = key[i] * width + (uint64_t)e.id[TARGET][i];
		spill_keys(spill, key, e.n);
	}
	ends_end(&e);
	return spill;
}

/* Count pairs in order.  A run may end within a pair. */
static void
count_pairs(struct facts *f, const struct sonata_population *p)
{
	uint64_t width = (uint64_t)f->greatest[TARGET] + 1;
	uint64_t last = UINT64_MAX;
	struct spill *spill = sort_pairs(f, p);
	const uint64_t *key;
	const char *payload;
	size_t i, n;

	f->pairs = f->autapse_cells = 0;
	while ((n = spill_next(spill, &key, &payload)) > 0)
		for (i = 0; i < n; i++) {
			bool new = key[i] != last;

			last = key[i];
			f->pairs += new;
			f->autapse_cells +=
				new &&key[i] / width == key[i] % width;
		}
	spill_free(spill);
}

/* Report attribute k of a row, which is not what it should be, and end the
 * tool. */
static _Noreturn void
bad_value(const struct reading *r, size_t k, size_t i, const char *problem)
{
	char room[32];

	die("%s: %s: row %llu: %s: '%s'", r->p->ref->path, r->p->root,
	    (unsigned long long)r->row[i], problem,
	    reading_text(&r->v[k][i], room));
}

static int64_t
synapses_of(const struct reading *r, size_t nsyns, size_t i)
{
	int64_t n = 1;

	if (nsyns != NO_ATTRIBUTE && !reading_missing(&r->v[nsyns][i]) &&
	    (!reading_int(&r->v[nsyns][i], &n) || n < 0 || n > UINT32_MAX))
		bad_value(r, nsyns, i, "nsyns: not a number of synapses");
	return n;
}

static bool
is_gap(const struct reading *r, size_t gap, size_t i)
{
	bool yes = false;

	if (gap != NO_ATTRIBUTE && !reading_flag(&r->v[gap][i], &yes))
		bad_value(r, gap, i, "is_gap_junction: neither true nor false");
	return yes;
}

static void
add_attributes(struct facts *f, const struct sonata_population *p)
{
	struct reading *r = reading_start(p, false);
	size_t nsyns = reading_try_want(r, "nsyns"), i, n;
	size_t gap = reading_try_want(r, "is_gap_junction");
	uint64_t first;

	if (nsyns == NO_ATTRIBUTE && gap == NO_ATTRIBUTE)
		f->synapses = first = p->n;
	else
		first = 0;
	progress_begin("rows", p->n);
	for (; first < p->n; first += n) {
		n = batch_size(p->n, first);
		reading_range(r, first, n);
		for (i = 0; i < n; i++) {
			f->synapses += (uint64_t)synapses_of(r, nsyns, i);
			f->gap_rows += is_gap(r, gap, i);
		}
		progress(first + n);
	}
	reading_end(r);
}

static const char *
order_of(const struct facts *f)
{
	if (!f->unsorted[TARGET])
		return "target,source";
	if (!f->falls[TARGET])
		return "target";
	if (!f->unsorted[SOURCE])
		return "source,target";
	return f->falls[SOURCE] ? NULL : "source";
}

static bool
has_index(const struct sonata_population *p, const char *way)
{
	static const char *const group[] = {"indices", "indicies", "incidies"};
	size_t i;
	bool there = false;

	for (i = 0; i < LEN(group) && !there; i++) {
		char *dir = format("%s/%s/%s", p->root, group[i], way);
		char *rows = format("%s/node_id_to_ranges", dir);
		char *old_rows = format("%s/node_id_to_range", dir);
		char *range = format("%s/range_to_edge_id", dir);

		there = hdf_has(p->file, range) &&
			(hdf_has(p->file, rows) || hdf_has(p->file, old_rows));
		free(range);
		free(old_rows);
		free(rows);
		free(dir);
	}
	return there;
}

/* The indices of a population, "a+b", or "". */
static char *
list_indices(const struct sonata_population *p)
{
	char *pointer = format("%s/index_pointer", p->root), *s;
	bool by_source = has_index(p, "source_to_target");
	bool by_target = has_index(p, "target_to_source");
	bool old = hdf_has(p->file, pointer);

	s = format("%s%s%s%s%s", by_source ? "source_to_target" : "",
		   by_source && by_target ? "+" : "",
		   by_target ? "target_to_source" : "",
		   (by_source || by_target) && old ? "+" : "",
		   old ? "index_pointer" : "");
	free(pointer);
	return s;
}

/* Rows that are sorted by both ends need no second pass: 0.26 s for 2e7 of
 * them, where the sort makes it 1.5 s. */
static void
write_edges(const struct sonata_population *p)
{
	struct facts f = {0};
	struct ends e = ends_start(p);
	int64_t last[2] = {-1, -1};
	/* Whether a cell connects to itself can be told only within a
	 * population, and only if it is known that there is one. */
	bool known = *p->source && *p->target;
	bool within = !strcmp(p->source, p->target);
	char *indices = list_indices(p), *packing = hdfchunk_packing(p->id[0]);

	while (ends_next(&e))
		look_at_batch(&f, &e, last);
	ends_end(&e);
	if (f.unsorted[TARGET] && f.unsorted[SOURCE])
		count_pairs(&f, p);
	add_attributes(&f, p);
	out_text(p->ref->name);
	out_optional(p->source);
	out_optional(p->target);
	out_int((int64_t)p->n);
	out_int((int64_t)f.pairs);
	out_known(known, within ? f.autapse_rows : 0);
	out_known(known, within ? f.autapse_cells : 0);
	out_int((int64_t)f.synapses);
	out_int((int64_t)f.gap_rows);
	out_optional(order_of(&f));
	out_optional(indices);
	out_int((int64_t)hdf_stored(p->file, *p->root ? p->root : "/"));
	out_text(packing);
	out_end();
	free(packing);
	free(indices);
}

static void
show_edges(struct sonata_network *net)
{
	struct sonata_population **p;
	size_t i, n;

	p = open_chosen(net, EDGES, &edges, &n);
	out_header("population", "source_population", "target_population",
		   "rows", "connected_pairs", "autapse_rows", "autapse_cells",
		   "synapses", "gap_rows", "sorted_by", "indices", "bytes",
		   "compression");
	for (i = 0; i < n; i++)
		write_edges(p[i]);
	close_all(p, n);
}

/* What all rows of an input, or of one file of it, have in common. */
struct shown {
	struct input in;
	char *node_set;
	const char *file;
	const char *problem;    /* why the file is not read, or NULL */
	uint64_t spikes, cells; /* of a file that has them */
};

/* A cell is one of its population. */
static void
count_cells(const struct spikes *s, struct type_counts *cells)
{
	int64_t *id = zeros(s->n, sizeof *id);
	size_t i, k, n;

	for (k = 0; k < s->population.n; k++) {
		for (i = n = 0; i < s->n; i++)
			if (s->of[i] == k)
				id[n++] = s->node_id[i];
		count_ids(&cells[k], id, n);
	}
	free(id);
}

static void
count_spikes(struct shown *r)
{
	struct type_counts *cells = NULL;
	struct spikes *s;
	size_t cap = 0, k;

	files_check(r->file);
	s = spikes_open(r->file, 0);
	r->spikes = r->cells = 0;
	progress_begin("spikes", 0);
	while (spikes_next(s)) {
		cells = grow(cells, &cap, s->population.n, sizeof *cells);
		count_cells(s, cells);
		r->spikes += s->n;
		progress(r->spikes);
	}
	for (k = 0; k < cap; k++) {
		r->cells += cells[k].n;
		free(cells[k].count);
	}
	free(cells);
	spikes_close(s);
}

static void
write_pulse(const struct shown *r, const struct input_pulse *p)
{
	bool counted = r->file && !r->problem && input_has_spikes(&r->in);

	out_text(r->in.json->string);
	out_optional(input_text(&r->in, "input_type", NULL));
	out_optional(input_text(&r->in, "module", NULL));
	out_optional(r->node_set);
	out_optional(r->file);
	out_known(counted, r->spikes);
	out_known(counted, r->cells);
	out_number(p->amp_nA);
	out_number(p->delay_ms);
	out_number(p->duration_ms);
	out_optional(r->problem);
	out_end();
}

/* Other kinds of input than current clamps have a row too. */
static void
write_file(struct shown *r, const char *file)
{
	struct input_pulse none = {NAN, NAN, NAN}, *p;
	size_t i, n;

	r->file = file;
	r->problem = NULL;
	if (file && input_has_trace(&r->in))
		r->problem = files_fault(file);
	if (input_has_spikes(&r->in))
		r->problem = file ? spikes_fault(file) : "no file is named";
	if (file && !r->problem && input_has_spikes(&r->in))
		count_spikes(r);
	p = input_pulses(&r->in, r->problem ? NULL : file, &n);
	for (i = 0; i < n; i++)
		write_pulse(r, &p[i]);
	if (n == 0)
		write_pulse(r, &none);
	free(p);
}

/* A node set that is written out in the config is shown as it stands there. */
static char *
node_set_of(const struct input *in)
{
	const cJSON *c = input_member(in, "node_set");
	char *s;

	if (!c)
		return NULL;
	s = cJSON_IsString(c) ? copy(c->valuestring)
			      : cJSON_PrintUnformatted(c);
	if (!s)
		die("out of memory");
	return s;
}

static void
write_input(const char *config, const cJSON *json, bool nest)
{
	struct shown r = {.in = {config, json, nest}};
	const char **file;
	size_t i, n;

	if (!cJSON_IsObject(json))
		die("%s: inputs.%s is not an object", config, json->string);
	if (!config_is_on(config, "inputs", json))
		return;
	r.node_set = node_set_of(&r.in);
	file = input_files(&r.in, &n);
	for (i = 0; i < n; i++)
		write_file(&r, file[i]);
	free(file);
	free(r.node_set);
}

static void
show_inputs(const struct sonata_network *net)
{
	const cJSON *c;
	bool nest;

	if (!net->config)
		die("%s: not a simulation config, so it has no inputs",
		    net->path);
	c = config_inputs(net->config);
	if (!net->config->is_simulation && !c)
		die("%s: not a simulation config: it has neither 'inputs' nor "
		    "'run'",
		    net->path);
	out_header("input", "input_type", "module", "node_set", "file",
		   "spikes", "cells", "amp_nA", "delay_ms", "duration_ms",
		   "problem");
	nest = input_of_nest(net->config);
	for (c = json_first(c); c; c = c->next)
		write_input(net->path, c, nest);
}

/* By sort: the HDF5 file, and its CSV of types. */
static const char *const file_kinds[][2] = {
	[NODES] = {"nodes", "node_types"},
	[EDGES] = {"edges", "edge_types"},
};

/* Each file once, by the first thing that it is read as. */
static void
write_name(struct labels *seen, const char *kind, const char *path)
{
	if (!path || label_find(seen, path) != NO_LABEL)
		return;
	label(seen, path);
	out_text(kind);
	out_text(path);
	out_end();
}

static void
write_parts(struct labels *seen, const struct config *c, const char *what,
	    const char *kind, const char *csv)
{
	size_t i, n;
	const struct config_part *part = config_parts(c, what, &n);

	for (i = 0; i < n; i++) {
		if (part[i].fault)
			die("%s", part[i].fault);
		write_name(seen, kind, part[i].file);
	}
	for (i = 0; i < n; i++)
		write_name(seen, csv, part[i].types);
}

static void
write_config_files(struct labels *seen, const struct config *c)
{
	const char **file;
	size_t i, n;

	config_need_network(c);
	file = config_files(c, &n);
	for (i = 0; i < n; i++)
		write_name(seen, "config", file[i]);
	free(file);
	write_parts(seen, c, "nodes", "nodes", "node_types");
	write_parts(seen, c, "edges", "edges", "edge_types");
	write_parts(seen, c, "gap_juncs", "gap_juncs", "edge_types");
}

static void
show_files(const struct sonata_network *net)
{
	const struct sonata_ref *ref;
	struct labels seen = {0};
	enum sonata_sort sort;
	size_t i;

	out_header("kind", "file");
	if (net->config)
		write_config_files(&seen, net->config);
	for (sort = NODES; sort <= EDGES; sort++)
		for (i = 0; i < net->nrefs[sort]; i++) {
			ref = &net->ref[sort][i];
			write_name(&seen, file_kinds[sort][0], ref->path);
			write_name(&seen, file_kinds[sort][1], ref->types);
		}
	labels_free(&seen);
}

int
main(int argc, char **argv)
{
	struct sonata_network *net;

	argv = start(argc, argv, &tool);
	net = sonata_open_network(argv[0], "types", types);
	if (inputs)
		show_inputs(net);
	else if (files)
		show_files(net);
	else if (edge_populations)
		show_edges(net);
	else if (edge_types)
		show_types(net, EDGES, &edges);
	else
		show_types(net, NODES, &nodes);
	return WORKED;
}
