/* sonata-info -- show what a network is made of
 *
 * A row a type of nodes or edges, a population of edges, or an input of a
 * simulation.  All of it is counted from what the files have, and nothing they
 * say of themselves is believed: whether edges are sorted is looked at, and
 * pairs are sorted on disk where they do not fit in memory. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "labels.h"
#include "listing.h"
#include "out.h"
#include "pairs.h"
#include "progress.h"
#include "spill.h"

static struct list nodes, edges;
static const char *types;
static bool edge_types, edge_populations, inputs;

static const struct opt opts[] = {
	OPT_FLAG(0, "edge-types", &edge_types, "a row for each type of edges"),
	OPT_FLAG(0, "edges", &edge_populations,
		 "a row for each population of edges"),
	OPT_FLAG(0, "inputs", &inputs, "a row for each input of a simulation"),
	OPT_LIST('p', "population", "name", &nodes,
		 "only nodes of this population (repeatable)"),
	OPT_LIST('e', "edge-population", "name", &edges,
		 "only edges of this population (repeatable)"),
	OPT_STR(0, "types", "file", &types,
		"the node or edge types of an HDF5 file (CSV)"),
	OPT_TABLE(pair_opts),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "show what a network is made of",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

/* ---- Counting by id ---- */

struct count {
	int64_t id;
	uint64_t n;
};

struct counts {
	struct count *count;
	size_t n, cap;
	size_t *slot; /* open addressing: a place + 1, or 0 */
	size_t slots; /* a power of two, at least twice n */
};

/* Fibonacci hashing: ids that follow one another are spread evenly. */
static size_t
first_slot(const struct counts *c, int64_t id)
{
	return ((uint64_t)id * 0x9E3779B97F4A7C15u >> 32) & (c->slots - 1);
}

static void
put_in_slot(struct counts *c, size_t place)
{
	size_t k = first_slot(c, c->count[place].id);

	while (c->slot[k])
		k = (k + 1) & (c->slots - 1);
	c->slot[k] = place + 1;
}

static void
widen(struct counts *c)
{
	size_t i;

	free(c->slot);
	c->slots = c->slots ? 2 * c->slots : 64;
	c->slot = zeros(c->slots, sizeof *c->slot);
	for (i = 0; i < c->n; i++)
		put_in_slot(c, i);
}

/* The place of an id, a new one if it has none yet. */
static size_t
place_of(struct counts *c, int64_t id)
{
	size_t k;

	if (2 * (c->n + 1) > c->slots)
		widen(c);
	for (k = first_slot(c, id); c->slot[k]; k = (k + 1) & (c->slots - 1))
		if (c->count[c->slot[k] - 1].id == id)
			return c->slot[k] - 1;
	c->count = grow(c->count, &c->cap, c->n + 1, sizeof *c->count);
	c->count[c->n].id = id;
	put_in_slot(c, c->n);
	return c->n++;
}

static void
count_id(struct counts *c, int64_t id)
{
	size_t place = place_of(c, id);

	c->count[place].n++;
}

/* Ids mostly come in stretches of the same one. */
static void
count_ids(struct counts *c, const int64_t *id, size_t n)
{
	size_t i, place = 0;

	for (i = 0; i < n; i++) {
		if (i == 0 || id[i] != id[i - 1])
			place = place_of(c, id[i]);
		c->count[place].n++;
	}
}

static void
count_column(struct counts *c, const struct column *column)
{
	int64_t *id = zeros(BATCH, sizeof *id);
	struct unpacker u = {0};
	uint64_t first;
	size_t n;

	for (first = 0; first < column->n; first += n) {
		n = column->n - first < BATCH ? (size_t)(column->n - first)
					      : BATCH;
		column_ids(column, first, n, id, &u);
		count_ids(c, id, n);
		progress(first);
	}
	unpacker_free(&u);
	free(id);
}

static int
by_id(const void *a, const void *b)
{
	const struct count *p = a, *q = b;

	return (p->id > q->id) - (p->id < q->id);
}

static void
free_counts(struct counts *c)
{
	free(c->count);
	free(c->slot);
	*c = (struct counts){0};
}

/* ---- Types ---- */

/* One population after the other, or those that were asked for. */
static struct population **
open_chosen(struct network *net, enum sort sort, const struct list *names,
	    size_t *n)
{
	size_t first = 0, i, there = list_refs(net, sort, &first);
	struct population **p;

	if (!net->config && there == 0)
		die("%s: no %s populations in it", net->path,
		    sort == NODES ? "node" : "edge");
	*n = names->n ? names->n : there;
	p = zeros(*n, sizeof(struct population *));
	for (i = 0; i < *n; i++)
		p[i] = open_population(
			names->n ? find_ref(net, sort, names->item[i])
				 : &net->ref[first + i]);
	return p;
}

static void
close_all(struct population **p, size_t n)
{
	while (n > 0)
		close_population(p[--n]);
	free(p);
}

/* The population's own row of a type that the CSV has at this place, or that
 * it does not have. */
static void
write_type(const struct population *p, const struct columns *c, size_t type,
	   uint64_t n)
{
	size_t i, k;

	out_int((int64_t)n);
	for (i = 0; i < c->n; i++) {
		k = type == NO_TYPE ? NO_TYPE
				    : find_property(p->types, c->name[i]);
		if (k != NO_TYPE && p->types->value[type][k])
			out_text(p->types->value[type][k]);
		else
			out_missing();
	}
	out_end();
}

/* The ids that occur and those of the CSV, both ascending. */
static void
merge_types(const struct population *p, const struct columns *c,
	    const struct counts *found)
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
write_types(const struct population *p, const struct columns *c)
{
	struct counts found = {0};

	if (p->type_id)
		count_column(&found, p->type_id);
	if (found.n > 0)
		qsort(found.count, found.n, sizeof *found.count, by_id);
	if (!p->type_id && p->n > 0) {
		out_text(p->ref->name);
		out_missing();
		write_type(p, c, NO_TYPE, p->n);
	}
	merge_types(p, c, &found);
	free_counts(&found);
}

/* A property may have the name of one of our columns, so the header cannot be
 * of names that are each there once. */
static void
write_types_header(enum sort sort, const struct columns *c)
{
	const char **name = zeros(c->n + 4, sizeof *name);
	size_t i;

	name[0] = "population";
	name[1] = sort == NODES ? "node_type_id" : "edge_type_id";
	name[2] = "count";
	for (i = 0; i < c->n; i++)
		name[i + 3] = c->name[i];
	out_names(name);
	free(name);
}

static void
show_types(struct network *net, enum sort sort, const struct list *names)
{
	struct population **p;
	struct columns c = {0};
	size_t i, k, n;

	p = open_chosen(net, sort, names, &n);
	for (i = 0; i < n; i++)
		for (k = 0; p[i]->types && k < p[i]->types->n; k++)
			add_column(&c, p[i]->types->name[k]);
	write_types_header(sort, &c);
	for (i = 0; i < n; i++)
		write_types(p[i], &c);
	free_columns(&c);
	close_all(p, n);
}

/* ---- Populations of edges ---- */

/* A pass over the ends of edges. */
struct pass {
	const struct population *p;
	int64_t *id[2]; /* a batch of n */
	struct unpacker u[2];
	uint64_t next;
	size_t n;
};

/* What edges of a population are like. */
struct facts {
	uint64_t rows, pairs, autapse_rows, autapse_cells, synapses, gap_rows;
	int64_t greatest[2];

	/* Is there a row that has to stand before the one above it?  By that
	 * end alone, and by the other one among rows of the same. */
	bool falls[2], falls_within[2];
};

static struct pass
start_pass(const struct population *p)
{
	return (struct pass){.p = p,
			     .id = {zeros(BATCH, sizeof(int64_t)),
				    zeros(BATCH, sizeof(int64_t))}};
}

static bool
next_batch(struct pass *s)
{
	uint64_t left = s->p->n - s->next;
	size_t k;

	s->n = left < BATCH ? (size_t)left : BATCH;
	for (k = 0; k < 2; k++)
		column_ids(s->p->id[k], s->next, s->n, s->id[k], &s->u[k]);
	s->next += s->n;
	progress(s->next);
	return s->n > 0;
}

static void
end_pass(struct pass *s)
{
	size_t k;

	for (k = 0; k < 2; k++) {
		unpacker_free(&s->u[k]);
		free(s->id[k]);
	}
}

/* Unsigned ids of eight bytes that are too large come as negative ones. */
static _Noreturn void
bad_id(const struct column *c, size_t row, int64_t id)
{
	if (c->kind == C_INT && !c->is_signed)
		die("%s: row %zu: too large, or negative: '%llu'", c->path, row,
		    (unsigned long long)id);
	die("%s: row %zu: negative: '%lld'", c->path, row, (long long)id);
}

static void
check_signs(const struct pass *s)
{
	size_t i, k;

	for (k = 0; k < 2; k++)
		for (i = 0; i < s->n; i++)
			if (s->id[k][i] < 0)
				bad_id(s->p->id[k], (size_t)s->next - s->n + i,
				       s->id[k][i]);
}

/* Pairs are counted here as often as they begin, which is right of sorted rows.
 * last is the row above the batch. */
static void
look_at_batch(struct facts *f, const struct pass *s, int64_t *last)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		int64_t from = s->id[SOURCE][i], to = s->id[TARGET][i];
		bool new = from != last[SOURCE] || to != last[TARGET];

		f->falls[SOURCE] |= from < last[SOURCE];
		f->falls[TARGET] |= to < last[TARGET];
		f->falls_within[SOURCE] |=
			from == last[SOURCE] && to < last[TARGET];
		f->falls_within[TARGET] |=
			to == last[TARGET] && from < last[SOURCE];
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

static void
look_at_ends(struct facts *f, const struct population *p)
{
	struct pass s = start_pass(p);
	int64_t last[2] = {-1, -1};

	while (next_batch(&s)) {
		check_signs(&s);
		look_at_batch(f, &s, last);
	}
	end_pass(&s);
}

static bool
is_sorted(const struct facts *f, size_t end)
{
	return !f->falls[end] && !f->falls_within[end];
}

static struct spill *
sort_pairs(const struct facts *f, const struct population *p)
{
	uint64_t width = (uint64_t)f->greatest[TARGET] + 1;
	uint64_t height = (uint64_t)f->greatest[SOURCE] + 1;
	struct pass s = start_pass(p);
	struct spill *spill;
	size_t i;

	if (height > INT64_MAX / width)
		die("%s: %s: ids up to %lld and %lld are too large to count "
		    "pairs",
		    p->ref->path, p->root, (long long)f->greatest[SOURCE],
		    (long long)f->greatest[TARGET]);
	spill = spill_new(height * width, 0, pairs_memory);
	while (next_batch(&s)) {
		uint64_t *key = (uint64_t *)s.id[SOURCE];

		for (i = 0; i < s.n; i++)
			key[i] = key[i] * width + (uint64_t)s.id[TARGET][i];
		spill_keys(spill, key, s.n);
	}
	end_pass(&s);
	return spill;
}

/* Count pairs in order.  A run may end within a pair. */
static void
count_pairs(struct facts *f, const struct population *p)
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

static _Noreturn void
bad_value(const struct reading *r, const char *name, size_t i,
	  const char *problem)
{
	char room[32];

	die("%s: %s: row %llu: %s: %s: '%s'", r->p->ref->path, r->p->root,
	    (unsigned long long)r->row[i], name, problem,
	    value_text(&r->v[0][i], room));
}

static void
add_synapses(struct facts *f, const struct reading *r)
{
	int64_t number;
	size_t i;

	for (i = 0; i < r->n; i++) {
		number = 1;
		if (r->v[0][i].kind != V_MISSING &&
		    (!value_int(&r->v[0][i], &number) || number < 0 ||
		     number > UINT32_MAX))
			bad_value(r, "nsyns", i, "not a number of synapses");
		f->synapses += (uint64_t)number;
	}
}

static void
add_gaps(struct facts *f, const struct reading *r)
{
	size_t i;
	bool gap;

	for (i = 0; i < r->n; i++) {
		if (!value_flag(&r->v[0][i], &gap))
			bad_value(r, "is_gap_junction", i,
				  "neither true nor false");
		f->gap_rows += gap;
	}
}

/* Add up an attribute; false if the edges do not have it. */
static bool
add_attribute(struct facts *f, const struct population *p, const char *name,
	      void (*add)(struct facts *f, const struct reading *r))
{
	struct reading *r = start_reading(p, false);
	bool there = try_want(r, name) != NO_ATTRIBUTE;
	uint64_t first;
	size_t n;

	for (first = 0; there && first < p->n; first += n) {
		n = p->n - first < BATCH ? (size_t)(p->n - first) : BATCH;
		read_range(r, first, n);
		add(f, r);
		progress(first);
	}
	end_reading(r);
	return there;
}

static const char *
order_of(const struct facts *f)
{
	if (is_sorted(f, TARGET))
		return "target,source";
	if (!f->falls[TARGET])
		return "target";
	if (is_sorted(f, SOURCE))
		return "source,target";
	return f->falls[SOURCE] ? NULL : "source";
}

static bool
has_index(const struct population *p, const char *way)
{
	static const char *const group[] = {"indices", "indicies", "incidies"};
	static const char *const rows[] = {"node_id_to_ranges",
					   "node_id_to_range"};
	size_t i, k;
	bool there = false;

	for (i = 0; i < LEN(group); i++)
		for (k = 0; k < LEN(rows) && !there; k++) {
			char *dir = format("%s/%s/%s", p->root, group[i], way);
			char *row = format("%s/%s", dir, rows[k]);
			char *range = format("%s/range_to_edge_id", dir);

			there = hdf_has(p->file, row) &&
				hdf_has(p->file, range);
			free(range);
			free(row);
			free(dir);
		}
	return there;
}

/* The indices of a population, "a+b"; NULL if there are none. */
static char *
list_indices(const struct population *p)
{
	char *pointer = format("%s/index_pointer", p->root), *s;
	const char *found[3];
	size_t n = 0;

	if (has_index(p, "source_to_target"))
		found[n++] = "source_to_target";
	if (has_index(p, "target_to_source"))
		found[n++] = "target_to_source";
	if (hdf_has(p->file, pointer))
		found[n++] = "index_pointer";
	free(pointer);
	if (n == 0)
		return NULL;
	s = format("%s%s%s%s%s", found[0], n > 1 ? "+" : "",
		   n > 1 ? found[1] : "", n > 2 ? "+" : "",
		   n > 2 ? found[2] : "");
	return s;
}

static herr_t
add_storage(hid_t at, const char *name, const H5O_info_t *info, void *arg)
{
	uint64_t *bytes = arg;
	hid_t set;

	if (info->type != H5O_TYPE_DATASET)
		return 0;
	set = H5Dopen2(at, name, H5P_DEFAULT);
	if (set < 0)
		return -1;
	*bytes += H5Dget_storage_size(set);
	H5Dclose(set);
	return 0;
}

/* What a visit finds by two hard links is visited, and counted, once. */
static uint64_t
bytes_of(const struct population *p)
{
	uint64_t bytes = 0;

	if (H5Ovisit_by_name(p->file, *p->root ? p->root : "/", H5_INDEX_NAME,
			     H5_ITER_NATIVE, add_storage, &bytes,
			     H5P_DEFAULT) < 0)
		die("%s: %s: cannot be read: the file is cut short, or damaged",
		    p->ref->path, p->root);
	return bytes;
}

static void
out_optional(const char *s)
{
	if (s && *s)
		out_text(s);
	else
		out_missing();
}

/* Whether a cell connects to itself can be told only within a population, and
 * only if it is known that there is one. */
static void
out_autapses(const struct facts *f, const struct population *p)
{
	bool known = *p->source && *p->target;
	bool within = !strcmp(p->source, p->target);

	if (known) {
		out_int(within ? (int64_t)f->autapse_rows : 0);
		out_int(within ? (int64_t)f->autapse_cells : 0);
	} else {
		out_missing();
		out_missing();
	}
}

/* Rows that are sorted by both ends need no second pass: 0.26 s for 2e7 of
 * them, where the sort makes it 1.5 s. */
static void
write_edges(const struct population *p)
{
	struct facts f = {.rows = p->n};
	char *indices = list_indices(p), *packing = column_packing(p->id[0]);

	look_at_ends(&f, p);
	if (!is_sorted(&f, TARGET) && !is_sorted(&f, SOURCE))
		count_pairs(&f, p);
	if (!add_attribute(&f, p, "nsyns", add_synapses))
		f.synapses = p->n;
	add_attribute(&f, p, "is_gap_junction", add_gaps);
	out_text(p->ref->name);
	out_optional(p->source);
	out_optional(p->target);
	out_int((int64_t)f.rows);
	out_int((int64_t)f.pairs);
	out_autapses(&f, p);
	out_int((int64_t)f.synapses);
	out_int((int64_t)f.gap_rows);
	out_optional(order_of(&f));
	out_optional(indices);
	out_int((int64_t)bytes_of(p));
	out_text(packing);
	out_end();
	free(packing);
	free(indices);
}

static void
show_edges(struct network *net)
{
	struct population **p;
	size_t i, n;

	p = open_chosen(net, EDGES, &edges, &n);
	out_header("population", "source_population", "target_population",
		   "rows", "pairs", "autapse_rows", "autapse_cells", "synapses",
		   "gap_rows", "sorted_by", "indices", "bytes", "compression");
	for (i = 0; i < n; i++)
		write_edges(p[i]);
	close_all(p, n);
}

/* ---- Text files of inputs ---- */

#define NO_FIELD SIZE_MAX

/* A table as BMTK's simulators read them: its separators are single characters,
 * several of which count as one. */
struct text {
	const char *path, *separators;
	FILE *f;
	char *line;
	size_t room, number;
	char **field, **name; /* of this line, and of the header */
	size_t n, cap, nname;
};

static bool
read_line(struct text *t)
{
	char *s, *rest;
	ssize_t got;

	do {
		got = getline(&t->line, &t->room, t->f);
		if (got < 0 && ferror(t->f))
			die("%s:", t->path);
		if (got < 0)
			return false;
		t->number++;
		if (strlen(t->line) != (size_t)got)
			die("%s:%zu: not text", t->path, t->number);
		t->n = 0;
		t->line[strcspn(t->line, "\r\n")] = '\0';
		for (rest = t->line; (s = strsep(&rest, t->separators));) {
			if (!*s)
				continue;
			t->field = grow(t->field, &t->cap, t->n + 1,
					sizeof *t->field);
			t->field[t->n++] = s;
		}
	} while (t->n == 0);
	return true;
}

static struct text
open_text(const char *path, const char *separators)
{
	struct text t = {.path = path, .separators = separators};
	size_t i;

	t.f = fopen(path, "re");
	if (!t.f)
		die("%s:", path);
	if (!read_line(&t))
		die("%s: no header", path);
	t.nname = t.n;
	t.name = zeros(t.n, sizeof *t.name);
	for (i = 0; i < t.n; i++)
		t.name[i] = copy(t.field[i]);
	return t;
}

static bool
next_record(struct text *t)
{
	if (!read_line(t))
		return false;
	if (t->n != t->nname)
		die("%s:%zu: %zu fields where the header has %zu", t->path,
		    t->number, t->n, t->nname);
	return true;
}

static size_t
find_name(const struct text *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->nname; i++)
		if (!strcmp(t->name[i], name))
			return i;
	return NO_FIELD;
}

/* The column that has one of these names, which NULL ends. */
static size_t
need_name(const struct text *t, const char *const *names)
{
	size_t i, column;

	for (i = 0; names[i]; i++)
		if ((column = find_name(t, names[i])) != NO_FIELD)
			return column;
	die("%s: no column '%s' in its header", t->path, names[0]);
}

static _Noreturn void
bad_field(const struct text *t, size_t column, const char *problem)
{
	die("%s:%zu: column '%s': %s: '%s'", t->path, t->number,
	    t->name[column], problem, t->field[column]);
}

static double
field_num(const struct text *t, size_t column)
{
	double v;

	if (!parse_num(t->field[column], &v) || !isfinite(v))
		bad_field(t, column, "not a number");
	return v;
}

static void
close_text(struct text *t)
{
	free_names(t->name, t->nname);
	free(t->field);
	free(t->line);
	fclose(t->f);
}

/* ---- Spike files ---- */

struct spikes {
	uint64_t n, cells;
};

static const char *const id_names[] = {"node_ids", "gids", "node_id", "gid",
				       NULL};
static const char *const time_names[] = {"timestamps", "timestamp", NULL};

/* The dataset with one of these names in a group, or NULL. */
static struct column *
find_column(hid_t file, const char *path, const char *group,
	    const char *const *names)
{
	struct column *c = NULL;
	size_t i;

	for (i = 0; names[i] && !c; i++) {
		char *s = format("%s/%s", group, names[i]);

		c = hdf_column(file, path, s);
		free(s);
	}
	return c;
}

/* A population without datasets has no spikes. */
static void
count_group(struct spikes *s, hid_t file, const char *path, const char *group)
{
	struct column *id = find_column(file, path, group, id_names);
	struct column *time = find_column(file, path, group, time_names);
	struct counts cells = {0};

	if (!id != !time)
		die("%s: %s: no %s", path, group,
		    id ? time_names[0] : id_names[0]);
	if (id && id->n != time->n)
		die("%s: %llu rows where there are %llu times", id->path,
		    (unsigned long long)id->n, (unsigned long long)time->n);
	if (id) {
		count_column(&cells, id);
		s->n += id->n;
		s->cells += cells.n;
	}
	free_counts(&cells);
	column_close(id);
	column_close(time);
}

/* Files have a group for each population, or in old ones the datasets stand
 * where those groups do. */
static struct spikes
count_hdf(const char *path)
{
	hid_t file = hdf_open(path);
	struct spikes s = {0};
	char **name;
	size_t i, n;

	if (!hdf_is_group(file, "/spikes"))
		die("%s: no group /spikes in it", path);
	name = hdf_names(file, "/spikes", &n);
	count_group(&s, file, path, "/spikes");
	for (i = 0; i < n; i++) {
		char *group = format("/spikes/%s", name[i]);

		if (hdf_is_group(file, group))
			count_group(&s, file, path, group);
		free(group);
	}
	free_names(name, n);
	H5Fclose(file);
	return s;
}

static struct spikes
count_text(const char *path)
{
	struct text t = open_text(path, " \t,");
	size_t id = need_name(&t, id_names), time = need_name(&t, time_names);
	size_t population = find_name(&t, "population"), cap = 0, i, k;
	struct labels names = {0};
	struct counts *cells = NULL;
	struct spikes s = {0};
	int64_t cell;

	while (next_record(&t)) {
		field_num(&t, time);
		if (!parse_int(t.field[id], &cell) || cell < 0)
			bad_field(&t, id, "not the id of a node");
		k = label(&names,
			  population == NO_FIELD ? "" : t.field[population]);
		cells = grow(cells, &cap, names.n, sizeof *cells);
		count_id(&cells[k], cell);
		progress(s.n++);
	}
	for (i = 0; i < names.n; i++) {
		s.cells += cells[i].n;
		free_counts(&cells[i]);
	}
	free(cells);
	free_labels(&names);
	close_text(&t);
	return s;
}

static struct spikes
count_spikes(const char *path)
{
	return is_network(path) ? count_hdf(path) : count_text(path);
}

/* ---- Inputs ---- */

struct input {
	const char *config; /* where it stands, for messages */
	const cJSON *json;
	const char *type, *module;
	char *node_set;
	const char *file;
	bool counted; /* are they known? */
	struct spikes spikes;
};

static const cJSON *
member(const struct input *in, const char *key)
{
	const cJSON *c = cJSON_GetObjectItemCaseSensitive(in->json, key);

	return cJSON_IsNull(c) ? NULL : c;
}

static _Noreturn void
bad_member(const struct input *in, const char *key, const char *problem)
{
	die("%s: inputs.%s.%s is not %s", in->config, in->json->string, key,
	    problem);
}

static const char *
text_member(const struct input *in, const char *key, const char *otherwise)
{
	const cJSON *c = member(in, key);

	if (c && !cJSON_IsString(c))
		bad_member(in, key, "a text");
	return c ? c->valuestring : otherwise;
}

/* A number or a list of them, as BMTK has it; how many. */
static size_t
number_member(const struct input *in, const char *key, double **v)
{
	const cJSON *c = member(in, key), *item;
	size_t n = 0, cap = 0;

	*v = NULL;
	if (!c)
		return 0;
	for (item = cJSON_IsArray(c) ? c->child : c; item; item = item->next) {
		if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble))
			bad_member(in, key, "a number, or a list of them");
		*v = grow(*v, &cap, n + 1, sizeof **v);
		(*v)[n++] = item->valuedouble;
		if (item == c)
			break;
	}
	return n;
}

static void
out_number(double v)
{
	if (isnan(v))
		out_missing();
	else
		out_num(v);
}

static void
write_pulse(const struct input *in, double amp, double delay, double duration)
{
	out_text(in->json->string);
	out_optional(in->type);
	out_optional(in->module);
	out_optional(in->node_set);
	out_optional(in->file);
	if (in->counted) {
		out_int((int64_t)in->spikes.n);
		out_int((int64_t)in->spikes.cells);
	} else {
		out_missing();
		out_missing();
	}
	out_number(amp);
	out_number(delay);
	out_number(duration);
	out_end();
}

/* What stands in the config itself; other kinds of input have a row too. */
static void
write_pulses(const struct input *in)
{
	const char *const key[] = {member(in, "amp") ? "amp" : "amp_start",
				   "delay", "duration"};
	size_t k, i, n[LEN(key)], most = 0;
	double *v[LEN(key)], at[LEN(key)];

	for (k = 0; k < LEN(key); k++) {
		n[k] = number_member(in, key[k], &v[k]);
		most = n[k] > most ? n[k] : most;
	}
	for (k = 0; k < LEN(key); k++)
		if (n[k] != most && member(in, key[k]))
			die("%s: inputs.%s: %s has %zu values where another "
			    "has %zu",
			    in->config, in->json->string, key[k], n[k], most);
	for (i = 0; i < most || i == 0; i++) {
		for (k = 0; k < LEN(key); k++)
			at[k] = i < n[k] ? v[k][i] : NAN;
		write_pulse(in, at[0], at[1], at[2]);
	}
	for (k = 0; k < LEN(key); k++)
		free(v[k]);
}

/* A file of the times from which a current holds, until the next one does.
 * What is 0 is no pulse but the end of one. */
static void
write_steps(const struct input *in)
{
	const char *names[2][2] = {
		{text_member(in, "timestamps_column", "timestamps"), NULL},
		{text_member(in, "amplitudes_column", "amps"), NULL}};
	struct text t =
		open_text(in->file, text_member(in, "separator", " \t,"));
	size_t when = need_name(&t, names[0]), what = need_name(&t, names[1]);
	double from = NAN, amp = 0, time;
	bool any = false;

	while (next_record(&t)) {
		time = field_num(&t, when);
		if (time < from)
			bad_field(&t, when, "before the one above it");
		if (amp != 0)
			write_pulse(in, amp, from, time - from);
		from = time;
		amp = field_num(&t, what);
		any = any || amp != 0;
	}
	if (amp != 0 || !any)
		write_pulse(in, any ? amp : NAN, any ? from : NAN, NAN);
	close_text(&t);
}

static bool
is_one_of(const char *s, const char *const *words)
{
	while (s && *words && strcmp(s, *words) != 0)
		words++;
	return s && *words;
}

/* BMTK's names of the files, and any other that is one by its key. */
static const cJSON *
find_file(const struct input *in)
{
	static const char *const keys[] = {"input_file", "file", "rates"};
	const cJSON *c;
	size_t k;

	for (k = 0; k < LEN(keys); k++)
		if ((c = member(in, keys[k])))
			return c;
	for (c = in->json->child; c; c = c->next) {
		size_t n = strlen(c->string);

		if (n > 5 && !strcmp(c->string + n - 5, "_file") &&
		    !cJSON_IsNull(c))
			return c;
	}
	return NULL;
}

static void
write_file(struct input *in, const char *file)
{
	static const char *const spikes[] = {"h5",  "hdf5",           "sonata",
					     "csv", "synapse_replay", NULL};
	static const char *const steps[] = {"csv", "file", NULL};

	in->file = file;
	in->counted = file && in->type && !strcmp(in->type, "spikes") &&
		      is_one_of(in->module, spikes);
	if (in->counted)
		in->spikes = count_spikes(file);
	if (file && in->module && !strcmp(in->module, "IClamp") &&
	    is_one_of(in->type, steps))
		write_steps(in);
	else
		write_pulses(in);
}

/* A set that is written out in the config is shown as it stands there. */
static char *
node_set_of(const struct input *in)
{
	const cJSON *c = member(in, "node_set");
	char *s, *printed;

	if (!c)
		return NULL;
	if (cJSON_IsString(c))
		return copy(c->valuestring);
	printed = cJSON_PrintUnformatted(c);
	if (!printed)
		die("out of memory");
	s = copy(printed);
	cJSON_free(printed);
	return s;
}

static void
write_input(const char *config, const cJSON *json)
{
	struct input in = {.config = config, .json = json};
	const cJSON *files, *c;

	if (!cJSON_IsObject(json))
		die("%s: inputs.%s is not an object", config, json->string);
	if (cJSON_IsFalse(member(&in, "enabled")))
		return;
	in.type = text_member(&in, "input_type", NULL);
	in.module = text_member(&in, "module", NULL);
	in.node_set = node_set_of(&in);
	files = find_file(&in);
	if (cJSON_IsArray(files) && files->child)
		for (c = files->child; c; c = c->next) {
			if (!cJSON_IsString(c))
				bad_member(&in, files->string,
					   "a list of texts");
			write_file(&in, c->valuestring);
		}
	else
		write_file(&in, cJSON_GetStringValue(files));
	free(in.node_set);
}

/* A simulation may have no inputs; a circuit never has. */
static bool
is_simulation(const char *path)
{
	static const char *const keys[] = {"run", "simulation", "inputs"};
	char *text = NULL;
	size_t room = 0, k;
	ssize_t n;
	FILE *f = fopen(path, "re");
	cJSON *json;
	bool yes = false;

	if (!f || (n = getdelim(&text, &room, '\0', f)) < 0)
		die("%s:", path);
	json = cJSON_ParseWithLength(text, (size_t)n);
	for (k = 0; k < LEN(keys); k++)
		yes = yes || cJSON_GetObjectItemCaseSensitive(json, keys[k]);
	cJSON_Delete(json);
	free(text);
	fclose(f);
	return yes;
}

static void
show_inputs(const struct network *net)
{
	const cJSON *c;

	if (!net->config)
		die("%s: not a simulation config, so it has no inputs",
		    net->path);
	if (!net->config->inputs && !is_simulation(net->path))
		die("%s: not a simulation config: it has neither 'inputs' nor "
		    "'run'",
		    net->path);
	out_header("input", "input_type", "module", "node_set", "file",
		   "spikes", "cells", "amp_nA", "delay_ms", "duration_ms");
	if (!net->config->inputs)
		return;
	for (c = net->config->inputs->child; c; c = c->next)
		write_input(net->path, c);
}

/* Options that would change nothing are misunderstandings. */
static void
check_options(void)
{
	if (edge_types + edge_populations + inputs > 1)
		misuse("--edge-types, --edges and --inputs exclude each other");
	if (nodes.n && (edge_types || edge_populations || inputs))
		misuse("--population is for nodes");
	if (edges.n && !edge_types && !edge_populations)
		misuse("--edge-population needs --edge-types or --edges");
	if (types && inputs)
		misuse("--inputs and --types exclude each other");
}

int
main(int argc, char **argv)
{
	struct network *net;

	argv = start(argc, argv, &tool);
	check_options();
	progress_start();
	net = open_network(argv[0], types);
	if (types && net->config)
		misuse("--types is for an HDF5 file: a config names its own");
	if (inputs)
		show_inputs(net);
	else if (edge_populations)
		show_edges(net);
	else if (edge_types)
		show_types(net, EDGES, &edges);
	else
		show_types(net, NODES, &nodes);
	return WORKED;
}
