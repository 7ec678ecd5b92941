/* sonata-nodes -- write the nodes of a network as a table
 *
 * A row a node: its id, its type, and every attribute, wherever the files keep
 * it.  Batches of rows are read, filtered and written, so that memory does not
 * depend on how many there are.  A filter is read first, and the columns of the
 * output only for the rows that it lets through. */
#include <stdlib.h>

#include "out.h"
#include "sonata/listing.h"

static struct opt_list populations;

static const struct opt opts[] = {
	OPT_LIST('p', "population", "name", &populations,
		 "nodes of this population (repeatable)"),
	OPT_TABLE(listing_opts),
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

static void
add_columns(struct listing *c, struct sonata_population *const *p, size_t n,
	    bool several)
{
	(void)p;
	(void)n;
	if (several)
		listing_add(c, "population");
	listing_add(c, "node_id");
	listing_add(c, "node_type_id");
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
write_population(struct sonata_network *net, const struct sonata_population *p,
		 struct listing *c)
{
	struct filter *set;

	if (listing_node_set()) {
		set = filter_node_set(net, listing_node_set(), p->ref->name);
		c->sift = sift;
		c->arg = filter_nodes(p, set);
		filter_free(set);
	}
	listing_write_rows(p, c);
	free(c->arg);
}

int
main(int argc, char **argv)
{
	static const struct listing_work work = {.sort = NODES,
						 .populations = &populations,
						 .add_columns = add_columns,
						 .write = write_population};

	argv = start(argc, argv, &tool);
	listing_write(argv[0], &work);
	return WORKED;
}
