#include <stdlib.h>
#include <string.h>

#include "sonata/cutwrite.h"
#include "sonata/edgeindex.h"
#include "sonata/filecopy.h"
#include "sonata/hdfcopy.h"
#include "sonata/hdfedit.h"
#include "sonata/rowcopy.h"
#include "sonata/spill.h"
#include "sonata/typewrite.h"
#include "util.h"

enum { MEMORY = 256 << 20 };

/* ---- Files ---- */

char *
cutwrite_name(const char *folder, const char *population, const char *suffix)
{
	char *safe = copy(population), *p, *path;

	for (p = safe; (p = strpbrk(p, "$\\"));)
		*p = '_';
	path = format("%s/%s%s", folder, safe, suffix);
	free(safe);
	return path;
}

/* What we write ourselves is packed if the file's ids are. */
static unsigned
packing_of(const struct sonata_population *p)
{
	const struct hdf_column *c = p->id[0] ? p->id[0] : p->type_id;

	return c && c->packed ? 4 : 0;
}

static enum hdfwrite_kind
kind_of(const struct hdf_column *c)
{
	return c && c->size <= 4 ? SINK_U32 : SINK_U64;
}

/* A file, which messages call by the name that it will have. */
struct cutwrite_file {
	struct hdfwrite h5;
	char *shown;
};

static void
create(const struct cut *c, struct cutwrite_file *f, const char *path,
       unsigned gzip)
{
	hdfwrite_create(&f->h5, path, gzip);
	f->h5.path = f->shown =
		format("%s%s", c->directory, strrchr(path, '/'));
}

static void
finish(struct cutwrite_file *f)
{
	hdfwrite_finish(&f->h5);
	free(f->shown);
}

struct ids_out {
	struct hdfwrite_sink *sink;
	char *path;
};

/* Begin new ids at a path; it is taken over, and the old ones', if there are
 * any, ends as it does.  Their attributes come with them. */
static struct ids_out
open_ids(struct hdfwrite *f, const struct sonata_population *p, size_t end,
	 char *path, uint64_t rows)
{
	struct ids_out out = {.path = path};
	char *from = format("%s%s", p->root, strrchr(path, '/'));

	out.sink = hdfwrite_sink(f, path, kind_of(p->id[end]), rows, 1);
	if (p->id[end])
		hdfcopy_attributes(p->file, f, from, path, "node_population");
	free(from);
	return out;
}

static void
close_ids(struct ids_out *out)
{
	hdfwrite_sink_close(out->sink);
	free(out->path);
}

/* Rows of nodes that are left, from one on, as many as go at once. */
static size_t
next_nodes(const struct cut_nodes *nodes, unsigned side, uint64_t *at,
	   uint64_t *row)
{
	size_t n = 0;

	for (; *at < nodes->ids->n && n < BATCH; ++*at)
		if (nodes->new_id[side][*at] != NO_CELL)
			row[n++] = *at;
	return n;
}

/* What was outside is virtual now, which its types or the config say; a
 * model_type of its own would say otherwise. */
static void
take_models_away(struct hdfwrite *f, const struct sonata_population *p,
		 const char *root)
{
	size_t g;

	for (g = 0; g < p->ngroups; g++) {
		char *library = format("%s/%lld/@library/model_type", root,
				       (long long)p->group[g]);

		hdfedit_delete(f, library);
		free(library);
	}
}

static void
write_node_types(const struct cut *c, const struct sonata_population *p,
		 const char *name, unsigned side)
{
	char *path = cutwrite_name(c->folder, name, "_node_types.csv");

	if (side == CUT_OUTSIDE)
		typewrite_virtual(p->types, path);
	else
		filecopy(p->ref->types, path);
	free(path);
}

void
cutwrite_nodes(const struct cut *c, const struct cut_nodes *nodes,
	       unsigned side)
{
	struct sonata_population *p = sonata_open(nodes->ref);
	struct rowcopy *rows = rowcopy_start(p);
	uint64_t at = 0, id = 0, *row = zeros(BATCH, sizeof *row);
	char *root = format("/nodes/%s", nodes->name[side]);
	char *path = cutwrite_name(c->folder, nodes->name[side], "_nodes.h5");
	struct cutwrite_file f;
	struct ids_out ids_out;
	size_t i, n;

	while ((n = next_nodes(nodes, side, &at, row)) > 0)
		rowcopy_count(rows, row, n);
	create(c, &f, path, packing_of(p));
	rowcopy_open(rows, &f.h5, root,
		     side == CUT_OUTSIDE ? "model_type" : NULL);
	ids_out = open_ids(&f.h5, p, 0, format("%s/node_id", root),
			   nodes->n[side]);
	for (at = 0; (n = next_nodes(nodes, side, &at, row)) > 0;) {
		rowcopy_put(rows, row, n);
		for (i = 0; i < n; i++)
			hdfwrite_int(ids_out.sink, (int64_t)id++);
	}
	close_ids(&ids_out);
	rowcopy_close(rows);
	if (side == CUT_OUTSIDE)
		take_models_away(&f.h5, p, root);
	finish(&f);
	if (p->types)
		write_node_types(c, p, nodes->name[side], side);
	free(path);
	free(root);
	free(row);
	sonata_close(p);
}

/* ---- Edges ---- */

struct edges_out {
	struct cutwrite_file file;
	struct rowcopy *rows;
	char *path, *root;
	struct ids_out ids[2];
	struct edgeindex *index[2];
	const uint32_t *new_id[2];
};

static const char *const end_names[] = {"source_node_id", "target_node_id"};
static const char *const old_end_names[] = {"source_ids", "target_ids"};

static void
open_ends(struct edges_out *out, const struct cut_pass *x)
{
	bool old = !*x->p->root;
	size_t k;

	for (k = 0; k < 2; k++) {
		unsigned side = k == 0 ? x->from : CUT_WITHIN;

		out->new_id[k] = x->end[k]->new_id[side];
		out->ids[k] =
			open_ids(&out->file.h5, x->p, k,
				 format("%s/%s", out->root,
					old ? old_end_names[k] : end_names[k]),
				 rowcopy_rows(out->rows));
		if (old)
			continue;
		hdfwrite_set_text(&out->file.h5, out->ids[k].path,
				  "node_population", x->end[k]->name[side]);
		out->index[k] = edgeindex_start(spill_memory(MEMORY) / 2);
	}
}

static void
put_edges(struct edges_out *out, const struct cut_pass *x)
{
	int64_t *id = zeros(x->n, sizeof *id);
	size_t i, k;

	rowcopy_put(out->rows, x->row, x->n);
	for (k = 0; k < 2; k++) {
		for (i = 0; i < x->n; i++) {
			id[i] = out->new_id[k][x->cell[k][i]];
			hdfwrite_int(out->ids[k].sink, id[i]);
		}
		if (out->index[k])
			edgeindex_add(out->index[k], id, x->n);
	}
	free(id);
}

static void
close_edges(struct edges_out *out, const struct cut_pass *x)
{
	char *group = format("%s/indices", out->root);
	size_t k;

	for (k = 0; k < 2; k++) {
		close_ids(&out->ids[k]);
		if (out->index[k])
			edgeindex_finish(
				out->index[k], &out->file.h5, k == 1, group,
				x->end[k]->n[k == 0 ? x->from : CUT_WITHIN]);
	}
	rowcopy_close(out->rows);
	finish(&out->file);
	free(group);
	free(out->path);
	free(out->root);
}

/* A file of gap junctions has no group for them. */
static void
copy_edges(const struct cut *c, struct cut_pass *x, struct rowcopy *rows)
{
	const char *name = x->edges->name[x->from];
	bool old = !*x->p->root;
	struct edges_out out = {.rows = rows};

	out.path = cutwrite_name(c->folder, name, old ? ".h5" : "_edges.h5");
	out.root = old ? copy("") : format("/edges/%s", name);
	create(c, &out.file, out.path, packing_of(x->p));
	rowcopy_open(rows, &out.file.h5, out.root, NULL);
	open_ends(&out, x);
	while (cut_pass_next(x))
		put_edges(&out, x);
	close_edges(&out, x);
}

bool
cutwrite_edges(const struct cut *c, struct cut_edges *edges, unsigned from)
{
	struct cut_pass x = cut_pass_start(c, edges, from);
	struct rowcopy *rows = rowcopy_start(x.p);
	char *types;

	while (x.end[1]->chosen > 0 && cut_pass_next(&x))
		rowcopy_count(rows, x.row, x.n);
	edges->rows[from] = rowcopy_rows(rows);
	cut_pass_again(&x);
	if (edges->rows[from] == 0) {
		rowcopy_close(rows);
	} else {
		copy_edges(c, &x, rows);
		if (edges->ref.types) {
			types = cutwrite_name(c->folder, edges->name[from],
					      "_edge_types.csv");
			filecopy(edges->ref.types, types);
			free(types);
		}
	}
	cut_pass_end(&x);
	return edges->rows[from] > 0;
}
