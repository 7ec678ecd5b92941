/* sonata-index -- index edges by their nodes
 *
 * An index has, for each node, the ranges of rows that are its edges.  Both
 * directions are written, under the names that the specification has and those
 * that BMTK has, which are two links to the same data.  An index that is there
 * is replaced: it may be stale.  The new one is held against every row before
 * the file gets its name, by the checks of sonata-check. */
#include <stdlib.h>
#include <string.h>

#include "check/checkindex.h"
#include "check/finding.h"
#include "files.h"
#include "sonata/edgeindex.h"
#include "sonata/hdfedit.h"
#include "sonata/spill.h"

enum { MEMORY = 256 << 20 };

static const char *output;
static bool in_place;
static struct opt_list nodes;

static const struct opt opts[] = {
	OPT_OUT('o', "output", "file", &output,
		"write to this file, all of it or nothing"),
	OPT_FLAG('i', "in-place", &in_place, "put the result in its place"),
	OPT_LIST('n', "nodes", "file", &nodes,
		 "a config or a file of the nodes (repeatable)"),
	OPT_TABLE(spill_opts_256M),
	OPT_REQUIRED("output in-place"),
	OPT_EXCLUDE("output in-place"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "index edges by their nodes",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

/* ---- How many nodes there are ---- */

/* An index has a row for each id, up to the greatest. */
static uint64_t
count_nodes(const struct sonata_ref *ref)
{
	struct sonata_population *p = sonata_open(ref);
	struct ids *ids = sonata_ids(p);
	uint64_t n =
		ids->n ? (uint64_t)ids_at(ids, ids_ranked(ids, ids->n - 1)) + 1
		       : 0;

	ids_free(ids);
	sonata_close(p);
	return n;
}

/* Those of a population in a file, or 0 if it has none of this name. */
static uint64_t
nodes_in(const char *path, const char *name)
{
	struct sonata_network *net = sonata_open_network(path, "types", NULL);
	size_t i, n = sonata_refs(net, NODES);

	for (i = 0; i < n; i++)
		if (!strcmp(net->ref[NODES][i].name, name))
			return count_nodes(&net->ref[NODES][i]);
	return 0;
}

/* The number of rows that an end needs besides those of its edges. */
static uint64_t
nodes_at(const struct hdf_file *f, const char *root, bool by_target)
{
	char *ids =
		format("%s/%s_node_id", root, by_target ? "target" : "source");
	char *name = hdf_attribute(f, ids, "node_population");
	uint64_t n = 0;
	size_t i;

	for (i = 0; name && i < nodes.n && n == 0; i++)
		n = nodes_in(nodes.item[i], name);
	if (name && n == 0 && hdf_is_group(f, "/nodes"))
		n = nodes_in(f->path, name);
	free(name);
	free(ids);
	return n;
}

/* ---- Indices ---- */

static void
index_population(const struct hdf_file *f, struct hdfwrite *to,
		 const char *name)
{
	static const char *const old[] = {"indices", "indicies", "incidies"};
	char *root = format("/edges/%s", name);
	char *group = format("%s/indices", root);
	struct edgeindex_from from = {f, root, spill_memory(MEMORY)};
	int way;
	size_t i;

	for (i = 0; i < LEN(old); i++) {
		char *path = format("%s/%s", root, old[i]);

		hdfedit_delete(to, path);
		free(path);
	}
	for (way = 0; way < 2; way++)
		edgeindex_write(&from, to, way, group, nodes_at(f, root, way));
	free(group);
	free(root);
}

/* Hold the new indices against the rows. */
static void
verify(const char *path)
{
	struct checkindex x = {path, spill_memory(MEMORY)};
	struct findings all = {0};
	size_t i;

	findings_gather(&all, checkindex_plan, &x);
	for (i = 0; i < all.n; i++)
		die("%s: the index that was written is wrong: %s",
		    output ? output : path, all.finding[i].message);
	findings_free(&all);
}

int
main(int argc, char **argv)
{
	struct hdf_file *f;
	struct hdfwrite to;
	const char *temporary;
	char **name;
	size_t i, n, done = 0;

	argv = start(argc, argv, &tool);
	f = hdf_open(argv[0]);
	name = hdf_names(f, "/edges", &n);
	temporary = hdfedit_open(&to, argv[0], in_place ? argv[0] : output);
	for (i = 0; i < n; i++) {
		char *root = format("/edges/%s", name[i]);

		if (hdf_is_group(f, root)) {
			index_population(f, &to, name[i]);
			done++;
		}
		free(root);
	}
	if (done == 0)
		die("%s: no edges in it", argv[0]);
	hdf_free_names(name, n);
	hdf_close(f);
	hdfwrite_finish(&to);
	verify(temporary);
	files_done();
	return WORKED;
}
