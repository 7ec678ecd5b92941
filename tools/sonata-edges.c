/* sonata-edges -- write the edges of a network as a table
 *
 * A row an edge: its ends, its type, what the conn- tools count by, and the
 * attributes asked for.  Batches of rows are read, filtered and written, so
 * that memory does not depend on how many there are. */
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "progress.h"
#include "sonata/listing.h"

static struct opt_list populations, where, where_end[2];
static const char *columns, *types, *node_set, *end_set[2];
static bool all, raw;

static struct opt_shard shard;

static const struct opt opts[] = {
	OPT_LIST('e', "edges", "name", &populations,
		 "edges of this population (repeatable)"),
	OPT_FLAG(0, "all", &all, "edges of all populations"),
	OPT_STR('c', "columns", "list", &columns,
		"after the usual these columns, separated by commas"),
	OPT_LIST(0, "where", "condition", &where,
		 "only edges for which it holds, as 'nsyns>1'"),
	OPT_LIST(0, "source-where", "condition", &where_end[0],
		 "only edges from such nodes, as 'pop_name=PV'"),
	OPT_LIST(0, "target-where", "condition", &where_end[1],
		 "only edges to such nodes"),
	OPT_STR(0, "node-set", "name", &node_set,
		"only edges within this node set of the config"),
	OPT_STR(0, "source-node-set", "name", &end_set[0],
		"only edges from this node set"),
	OPT_STR(0, "target-node-set", "name", &end_set[1],
		"only edges to this node set"),
	OPT_FLAG(0, "raw", &raw, "write enumerations as numbers"),
	OPT_SHARD(&shard, "only part i (from 0) of n of the rows"),
	OPT_STR(0, "types", "file", &types,
		"the edge types of an HDF5 file (CSV)"),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("all edges"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "write the edges of a network as a table",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

/* The nodes at one end of the edges, and which of them are wanted. */
struct end {
	const struct hdf_column *column;
	struct ids *ids;
	bool *in; /* NULL: all */
};

static bool
any_has(struct sonata_population *const *p, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (sonata_has_attribute(p[i], name))
			return true;
	return false;
}

/* What tells which cells an edge connects, of what type, and how much it counts
 * goes in front, so that no pipe can lose it. */
static void
choose_columns(struct listing *c, struct sonata_population *const *p, size_t n)
{
	if (all || n > 1 || strcmp(p[0]->source, p[0]->target) != 0) {
		listing_add(c, "source_population");
		listing_add(c, "target_population");
	}
	listing_add(c, "source_node_id");
	listing_add(c, "target_node_id");
	listing_add(c, "edge_type_id");
	if (any_has(p, n, "nsyns"))
		listing_add(c, "nsyns");
	if (any_has(p, n, "is_gap_junction"))
		listing_add(c, "is_gap_junction");
	if (columns)
		listing_add_list(c, columns);
}

/* Leave in only what a filter lets through as well. */
static void
narrow(bool **in, const struct sonata_population *p, struct filter *f)
{
	bool *pass;
	size_t i;

	if (!f)
		return;
	pass = filter_nodes(p, f);
	for (i = 0; *in && i < p->n; i++)
		pass[i] = pass[i] && (*in)[i];
	free(*in);
	*in = pass;
	filter_free(f);
}

static struct filter *
set_filter(const struct sonata_network *net, const char *set,
	   const char *population)
{
	return set ? filter_node_set(net, set, population) : NULL;
}

/* Conditions that cannot be are found before anything is written. */
static void
check_ends(struct sonata_network *net, struct sonata_population *const *edges,
	   size_t n)
{
	size_t i, k;

	for (k = 0; k < 2; k++) {
		struct filter *f = filter_where(&where_end[k]);

		for (i = 0; f && i < n; i++) {
			const char *name =
				k ? edges[i]->target : edges[i]->source;
			struct sonata_population *p =
				sonata_open(sonata_find(net, NODES, name));
			struct reading *r = reading_start(p, false);

			filter_start(f, r);
			reading_end(r);
			sonata_close(p);
		}
		filter_check(f, net->path);
		filter_free(f);
	}
}

static struct end
choose_end(struct sonata_network *net, const struct sonata_population *edges,
	   size_t k)
{
	struct end end = {.column = edges->id[k]};
	const char *name = k ? edges->target : edges->source;
	struct sonata_population *p;
	struct filter *f = filter_where(&where_end[k]);

	if (!f && !node_set && !end_set[k])
		return end;
	p = sonata_open(sonata_find(net, NODES, name));
	narrow(&end.in, p, f);
	narrow(&end.in, p, set_filter(net, node_set, name));
	narrow(&end.in, p, set_filter(net, end_set[k], name));
	end.ids = sonata_ids(p);
	return end;
}

static bool
is_in(const struct end *end, uint64_t row, int64_t id)
{
	uint32_t cell = ids_find(end->ids, id);

	if (cell == NO_CELL)
		die("%s: row %llu: there is no node %lld", end->column->path,
		    (unsigned long long)row, (long long)id);
	return end->in[cell];
}

static size_t
sift(void *arg, uint64_t *row, size_t n)
{
	const struct end *end = arg;
	struct hdf_value *v = zeros(n, sizeof *v);
	struct hdf_arena a = {0};
	size_t i, k, left = n;
	int64_t id;

	for (k = 0; k < 2; k++) {
		if (!end[k].in)
			continue;
		hdf_column_values(end[k].column, row, left, v, &a);
		n = left;
		for (i = left = 0; i < n; i++)
			if (!reading_int(&v[i], &id))
				die("%s: row %llu: not an integer",
				    end[k].column->path,
				    (unsigned long long)row[i]);
			else if (is_in(&end[k], row[i], id))
				row[left++] = row[i];
	}
	free(v);
	hdf_arena_free(&a);
	return left;
}

static void
write_population(struct sonata_network *net, const struct sonata_population *p,
		 const struct listing *c, struct filter *f)
{
	struct end end[2] = {choose_end(net, p, 0), choose_end(net, p, 1)};
	struct listing_choice which = {
		.filter = f, .shard = &shard, .raw = raw};

	if (end[0].in || end[1].in) {
		which.sift = sift;
		which.arg = end;
	}
	listing_write_rows(p, c, &which);
	ids_free(end[0].ids);
	ids_free(end[1].ids);
	free(end[0].in);
	free(end[1].in);
}

int
main(int argc, char **argv)
{
	struct listing c = {0};
	struct sonata_population **p;
	struct sonata_network *net;
	struct filter *f;
	size_t i, n;

	argv = start(argc, argv, &tool);
	progress_start();
	f = filter_where(&where);
	net = sonata_open_network(argv[0], types);
	p = sonata_open_all(net, EDGES, &populations, all, &n);
	choose_columns(&c, p, n);
	listing_check(&c, f, p, n);
	check_ends(net, p, n);
	listing_write_header(&c);
	for (i = 0; i < n; i++)
		write_population(net, p[i], &c, f);
	listing_free(&c);
	filter_free(f);
	free(p);
	return WORKED;
}
