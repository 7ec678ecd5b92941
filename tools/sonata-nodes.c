/* sonata-nodes -- write the nodes of a network as a table
 *
 * A row a node: its id, its type, and every attribute, wherever the files keep
 * it.  Batches of rows are read, filtered and written, so that memory does not
 * depend on how many there are.  A filter is read first, and the columns of the
 * output only for the rows that it lets through. */
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "progress.h"
#include "sonata/listing.h"

static struct opt_list populations, where;
static const char *columns, *types, *node_set;
static bool all, raw;

static struct opt_shard shard;

static const struct opt opts[] = {
	OPT_LIST('p', "population", "name", &populations,
		 "nodes of this population (repeatable)"),
	OPT_FLAG(0, "all", &all, "nodes of all populations"),
	OPT_STR('c', "columns", "list", &columns,
		"after the ids these columns, separated by commas"),
	OPT_LIST(0, "where", "condition", &where,
		 "only nodes for which it holds, as 'pop_name=PV'"),
	OPT_STR(0, "node-set", "name", &node_set,
		"only nodes of this node set of the config"),
	OPT_FLAG(0, "raw", &raw, "write enumerations as numbers"),
	OPT_SHARD(&shard, "only part i (from 0) of n of the rows"),
	OPT_STR(0, "types", "file", &types,
		"the node types of an HDF5 file (CSV)"),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("all population"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "write the nodes of a network as a table",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

/* The ids, and every attribute of every population or those asked for. */
static void
choose_columns(struct listing *c, struct sonata_population **p, size_t n)
{
	size_t i, k;

	if (all || n > 1)
		listing_add(c, "population");
	listing_add(c, "node_id");
	listing_add(c, "node_type_id");
	if (columns)
		listing_add_list(c, columns);
	for (i = 0; !columns && i < n; i++)
		for (k = 0; k < p[i]->nattributes; k++)
			listing_add(c, p[i]->attribute[k]);
}

/* A node may have to pass two filters: the conditions and the node set, which
 * is a flag for each node. */
static size_t
sift(void *arg, uint64_t *row, size_t n)
{
	const bool *in = arg;
	size_t i, left = 0;

	for (i = 0; i < n; i++)
		if (in[row[i]])
			row[left++] = row[i];
	return left;
}

static void
write_population(const struct sonata_population *p,
		 const struct sonata_network *net, const struct listing *c,
		 struct filter *f)
{
	struct listing_choice which = {
		.filter = f, .shard = &shard, .raw = raw};
	struct filter *set = NULL;

	if (node_set) {
		set = filter_node_set(net, node_set, p->ref->name);
		which.sift = sift;
		which.arg = filter_nodes(p, set);
	}
	listing_write_rows(p, c, &which);
	filter_free(set);
	free(which.arg);
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
	p = sonata_open_all(net, NODES, &populations, all, &n);
	choose_columns(&c, p, n);
	listing_check(&c, f, p, n);
	listing_write_header(&c);
	for (i = 0; i < n; i++)
		write_population(p[i], net, &c, f);
	listing_free(&c);
	filter_free(f);
	free(p);
	return WORKED;
}
