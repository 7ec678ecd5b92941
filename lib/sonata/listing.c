#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "progress.h"
#include "sonata/hdfchunk.h"
#include "sonata/listing.h"
#include "util.h"

#define MAX_FAST 8

static struct opt_list where;
static const char *columns, *types, *node_set;
static bool all, raw;
static struct opt_shard shard;

const struct opt listing_opts[] = {
	OPT_FLAG(0, "all", &all, "rows of all populations"),
	OPT_STR('c', "columns", "list", &columns,
		"after the usual these columns, separated by commas"),
	OPT_LIST(0, "where", "condition", &where,
		 "only rows for which it holds, as 'pop_name=PV'"),
	OPT_STR(0, "node-set", "name", &node_set,
		"only what is in this node set of the config"),
	OPT_FLAG(0, "raw", &raw, "write enumerations as numbers"),
	OPT_SHARD(&shard, "only part i (from 0) of n of the rows"),
	OPT_STR(0, "types", "file", &types, "the types of an HDF5 file (CSV)"),
	OPT_END,
};

void
listing_add(struct listing *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (!strcmp(c->name[i], name))
			return;
	c->name = grow(c->name, &c->cap, c->n + 2, sizeof *c->name);
	c->name[c->n++] = copy(name);
	c->name[c->n] = NULL;
}

static void
add_list(struct listing *c)
{
	char *s = copy(columns), *name, *rest = s;

	while ((name = strsep(&rest, ",")))
		if (*name)
			listing_add(c, name);
	free(s);
}

void
listing_free(struct listing *c)
{
	hdf_free_names(c->name, c->n);
	*c = (struct listing){0};
}

static void
check_columns(const struct listing *c, struct filter *f,
	      struct sonata_population *const *p, size_t n)
{
	bool *found = zeros(c->n, sizeof *found);
	size_t i, k;

	for (i = 0; i < n; i++) {
		struct reading *r = reading_start(p[i], false);

		for (k = 0; k < c->n; k++)
			found[k] =
				found[k] ||
				reading_try_want(r, c->name[k]) != NO_ATTRIBUTE;
		filter_start(f, r);
		reading_end(r);
	}
	for (k = 0; n > 0 && k < c->n; k++)
		if (!found[k])
			reading_want(reading_start(p[0], false), c->name[k]);
	if (n > 0)
		filter_check(f, p[0]->ref->path);
	free(found);
}

/* A column that has no need of values: integers of a dataset, or one of a few
 * short texts, by type. */
struct fast_column {
	const struct hdf_column *set; /* NULL: by type */
	struct hdfchunk unpacker;
	int64_t *v; /* of a batch */
	struct out_short *text;
};

/* The dataset of a column of plain integers with a row for each row. */
static const struct hdf_column *
plain_column(const struct sonata_population *p, const char *name)
{
	const struct hdf_column *c = NULL;

	if (p->ref->sort == EDGES && !strcmp(name, "source_node_id"))
		c = p->id[0];
	else if (p->ref->sort == EDGES && !strcmp(name, "target_node_id"))
		c = p->id[1];
	else if (p->ref->sort == EDGES && !strcmp(name, "edge_type_id"))
		c = p->type_id;
	return c && c->kind == C_INT && !c->name ? c : NULL;
}

/* The texts of an attribute that has one for each type; NULL if it has not, or
 * if one is not short or needs quotes. */
static struct out_short *
short_texts(const struct reading *r, size_t attribute)
{
	size_t n = reading_types(r, attribute), i, len;
	struct out_short *text = n ? zeros(n, sizeof *text) : NULL;

	for (i = 0; i < n; i++) {
		const char *s = reading_type_text(r, attribute, i);

		len = strlen(s);
		if (len > sizeof text->text || strpbrk(s, "\",\t\r\n")) {
			free(text);
			return NULL;
		}
		memcpy(text[i].text, s, len);
		text[i].n = (char)len;
	}
	return text;
}

static void
free_fast(struct fast_column *f, size_t n)
{
	for (; n > 0; n--, f++) {
		hdfchunk_free(&f->unpacker);
		free(f->v);
		free(f->text);
	}
}

/* Finds a way without values for each column; false if one has none.  A text
 * that comes first may have to be quoted. */
static bool
start_fast(struct fast_column *f, struct reading *r, const struct listing *c)
{
	size_t k, attribute;

	for (k = 0; k < c->n && k < MAX_FAST; k++) {
		f[k].set = plain_column(r->p, c->name[k]);
		attribute = f[k].set || k == 0
				    ? NO_ATTRIBUTE
				    : reading_try_want(r, c->name[k]);
		if (attribute != NO_ATTRIBUTE)
			f[k].text = short_texts(r, attribute);
		if (!f[k].set && !f[k].text)
			return false;
		f[k].v = zeros(BATCH, sizeof *f[k].v);
	}
	return k == c->n;
}

static void
write_fast_batch(struct fast_column *f, struct reading *r, size_t k,
		 uint64_t first, size_t n)
{
	const int64_t *v[MAX_FAST];
	const struct out_short *text[MAX_FAST];
	size_t i, j;

	if (r->nwanted > 0)
		reading_range(r, first, n);
	for (j = 0; j < k; j++) {
		v[j] = f[j].v;
		text[j] = f[j].text;
		for (i = 0; f[j].text && i < n; i++)
			f[j].v[i] = r->type[i];
		if (f[j].text)
			continue;
		hdfchunk_ids(f[j].set, first, n, f[j].v, &f[j].unpacker);
		hdf_column_check(f[j].set, first, n, f[j].v);
	}
	out_ints(v, text, k, n);
}

/* Rows that have only such columns are never turned into values, which is 8
 * times as fast. */
static bool
write_fast(const struct sonata_population *p, const struct listing *c,
	   uint64_t first, uint64_t end)
{
	struct fast_column column[MAX_FAST] = {0};
	struct reading *r = reading_start(p, raw);
	bool fast = start_fast(column, r, c);
	uint64_t at;
	size_t n;

	if (fast)
		progress_begin("rows", end - first);
	for (at = first; fast && at < end; at += n) {
		n = end - at < BATCH ? (size_t)(end - at) : BATCH;
		write_fast_batch(column, r, c->n, at, n);
		progress(at + n - first);
	}
	free_fast(column, MAX_FAST);
	reading_end(r);
	return fast;
}

static void
write_batch(const struct reading *r, const size_t *attribute, size_t n)
{
	size_t i, k;

	for (i = 0; i < r->n; i++) {
		for (k = 0; k < n; k++)
			if (attribute[k] == NO_ATTRIBUTE)
				out_missing();
			else
				reading_out(&r->v[attribute[k]][i]);
		out_end();
	}
}

/* The rows of the next batch that are chosen. */
static size_t
choose(struct reading *r, const struct listing *c, uint64_t first,
       uint64_t *row, size_t n)
{
	size_t i;

	if (c->filter) {
		reading_range(r, first, n);
		n = filter_rows(c->filter, r, row);
	} else {
		for (i = 0; i < n; i++)
			row[i] = first + i;
	}
	return c->sift ? c->sift(c->arg, row, n) : n;
}

void
listing_write_rows(const struct sonata_population *p, const struct listing *c)
{
	uint64_t first, end, at, *row;
	struct reading *r, *filter;
	size_t *attribute, k, n;

	opt_shard(&shard, p->n, &first, &end);
	if (!c->filter && !c->sift && write_fast(p, c, first, end))
		return;
	row = zeros(BATCH, sizeof *row);
	attribute = zeros(c->n, sizeof *attribute);
	r = reading_start(p, raw);
	filter = reading_start(p, false);
	filter_start(c->filter, filter);
	for (k = 0; k < c->n; k++)
		attribute[k] = reading_try_want(r, c->name[k]);
	progress_begin("rows", end - first);
	for (at = first; at < end; at += n) {
		n = end - at < BATCH ? (size_t)(end - at) : BATCH;
		reading_rows(r, row, choose(filter, c, at, row, n));
		write_batch(r, attribute, c->n);
		progress(at + n - first);
	}
	reading_end(filter);
	reading_end(r);
	free(attribute);
	free(row);
}

const char *
listing_node_set(void)
{
	return node_set;
}

void
listing_write(const char *path, const struct listing_work *work)
{
	struct listing c = {0};
	struct sonata_population **p;
	struct sonata_network *net;
	size_t i, k, n;

	c.filter = filter_where(&where);
	net = sonata_open_network(path, "types", types);
	p = sonata_open_all(net, work->sort, work->populations, all, &n);
	work->add_columns(&c, p, n, all || n > 1);
	if (columns)
		add_list(&c);
	for (i = 0; work->sort == NODES && !columns && i < n; i++)
		for (k = 0; k < p[i]->nattributes; k++)
			listing_add(&c, p[i]->attribute[k]);
	check_columns(&c, c.filter, p, n);
	if (work->check)
		work->check(net, p, n);
	out_names((const char *const *)c.name);
	for (i = 0; i < n; i++)
		work->write(net, p[i], &c);
	filter_free(c.filter);
	listing_free(&c);
	free(p);
}
