/* sonata-edges -- write the edges of a network as a table
 *
 * A row an edge: its ends, its type, what the conn- tools count by, and the
 * attributes asked for.  Batches of rows are read, filtered and written, so
 * that memory does not depend on how many there are. */
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "sonata/listing.h"

static struct opt_list populations, where_end[2];
static const char *end_set[2];
static bool attributes;

static const struct opt opts[] = {
	OPT_FLAG(0, "attributes", &attributes,
		 "every attribute, as sonata-pack takes them"),
	OPT_LIST('e', "edge-population", "name", &populations,
		 "only edges of this population (repeatable)"),
	OPT_TABLE(listing_opts),
	OPT_LIST(0, "source-where", "condition", &where_end[0],
		 "only edges from such nodes, as 'pop_name=PV'"),
	OPT_LIST(0, "target-where", "condition", &where_end[1],
		 "only edges to such nodes"),
	OPT_STR(0, "source-node-set", "name", &end_set[0],
		"only edges from this node set"),
	OPT_STR(0, "target-node-set", "name", &end_set[1],
		"only edges to this node set"),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("all edge-population"),
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

/* Who packs the table again has to know what is not in it. */
static void
say_name(const struct sonata_population *p)
{
	char *name = format("%s_to_%s", p->source, p->target);

	if (strcmp(name, p->ref->name) != 0)
		warn("%s: the table does not say that these edges are of "
		     "population '%s': sonata-pack would call it '%s'",
		     p->ref->path, p->ref->name, name);
	free(name);
}

/* The columns that say which cells an edge connects, its type and how much it
 * counts come first, so that no pipe can lose them. */
static void
add_columns(struct listing *c, struct sonata_population *const *p, size_t n,
	    bool several)
{
	size_t i, k;

	if (several || strcmp(p[0]->source, p[0]->target) != 0) {
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
	for (i = 0; attributes && i < n; i++) {
		say_name(p[i]);
		for (k = 0; k < p[i]->nattributes; k++)
			listing_add(c, p[i]->attribute[k]);
	}
}

/* Keep only the nodes that a filter lets through as well. */
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

/* Find conditions that cannot hold before anything is written. */
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
	const char *set[2] = {listing_node_set(), end_set[k]};
	size_t i;

	if (!f && !set[0] && !set[1])
		return end;
	p = sonata_open(sonata_find(net, NODES, name));
	narrow(&end.in, p, f);
	for (i = 0; i < 2; i++)
		if (set[i])
			narrow(&end.in, p, filter_node_set(net, set[i], name));
	end.ids = sonata_ids(p);
	return end;
}

static bool
is_in(const struct end *end, uint64_t row, int64_t id)
{
	uint32_t cell = ids_find(end->ids, id);

	if (cell == NO_CELL)
		die("%s: row %llu: there is no such node: '%lld'",
		    end->column->path, (unsigned long long)row, (long long)id);
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
		 struct listing *c)
{
	struct end end[2] = {choose_end(net, p, 0), choose_end(net, p, 1)};
	size_t k;

	c->sift = end[0].in || end[1].in ? sift : NULL;
	c->arg = end;
	listing_write_rows(p, c);
	for (k = 0; k < 2; k++) {
		ids_free(end[k].ids);
		free(end[k].in);
	}
}

int
main(int argc, char **argv)
{
	static const struct listing_work work = {.sort = EDGES,
						 .populations = &populations,
						 .add_columns = add_columns,
						 .check = check_ends,
						 .write = write_population};

	argv = start(argc, argv, &tool);
	listing_write(argv[0], &work);
	return WORKED;
}
