#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connect/passing.h"
#include "out.h"
#include "rows.h"
#include "sonata/nodefiles.h"

static struct opt_list node_files;
static const char *node_types;

const struct opt passing_opts[] = {
	OPT_LIST('n', "nodes", "file", &node_files,
		 "node table, config or HDF5 file (repeatable)"),
	OPT_STR(0, "node-types", "file", &node_types,
		"the node types of -n's HDF5 file (CSV)"),
	OPT_TABLE(rows_opts),
	OPT_NEEDS("node-types", "nodes"),
	OPT_END,
};

static struct nodes *
read_nodes(const char *along)
{
	struct nodes *nodes = nodes_start(along, false);

	if (node_files.n > 0)
		nodefiles_add(nodes, &node_files, node_types);
	nodes_finish(nodes);
	return nodes;
}

static void
find_columns(struct passing *e)
{
	const struct rows *r = &e->rows;

	e->column[0] = rows_column(r, "source_node_id");
	e->column[1] = rows_column(r, "target_node_id");
	e->population[0] = rows_find(r, "source_population");
	e->population[1] = rows_find(r, "target_population");
	if ((e->population[0] == NO_COLUMN) != (e->population[1] == NO_COLUMN))
		die("%s: one of source_population and target_population, but "
		    "not both",
		    r->path);
	if (e->population[0] == NO_COLUMN && e->nodes && e->nodes->n > 1)
		die("%s: no source_population and target_population, but the "
		    "nodes are of %zu populations",
		    r->path, e->nodes->n);
}

static void
write_header(const struct rows *r, const char *const *added)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		out_text(r->name[i]);
	for (; *added; added++) {
		if (rows_find(r, *added) != NO_COLUMN)
			die("%s: there is a column '%s' already", r->path,
			    *added);
		out_text(*added);
	}
	out_end();
}

struct passing *
passing_open(const char *path, const char *along, const char *flat,
	     const char *const *added)
{
	struct passing *e = zeros(1, sizeof *e);

	if (along && node_files.n == 0)
		misuse("--nodes is needed");
	e->along = along;
	e->flat = flat;
	if (node_files.n > 0)
		e->nodes = read_nodes(along);
	rows_open(&e->rows, path);
	find_columns(e);
	write_header(&e->rows, added);
	return e;
}

static const char *
population_name(const struct passing *e, size_t side)
{
	size_t at = e->population[side];

	return at == NO_COLUMN ? "" : e->rows.field[at];
}

static _Noreturn void
no_node(const struct passing *e, size_t side)
{
	rows_bad(&e->rows, e->column[side], "there is no such node");
}

static const struct node_population *
find_population(const struct passing *e, size_t side)
{
	const struct node_population *p;
	size_t at = e->population[side];

	if (e->nodes->n == 0)
		no_node(e, side);
	if (at == NO_COLUMN)
		return e->nodes->population;
	p = nodes_find(e->nodes, e->rows.field[at]);
	if (!p)
		rows_bad(&e->rows, at, nodes_find_lack(e->nodes, NULL));
	return p;
}

static size_t
add_way(struct passing *e)
{
	struct passing_way *w;
	size_t side, k;

	e->way = grow(e->way, &e->cap, e->ways + 1, sizeof *e->way);
	w = &e->way[e->ways];
	for (side = 0; side < 2; side++) {
		w->name[side] = copy(population_name(e, side));
		if (!e->nodes)
			continue;
		w->end[side] = find_population(e, side);
		for (k = 0; k < 3; k++)
			w->points[side].at[k] = w->end[side]->at[k];
	}
	return e->ways++;
}

/* Finds the way of this row, a new one if need be.  Most rows have that of the
 * row before. */
static size_t
find_way(struct passing *e)
{
	const char *from = population_name(e, 0), *to = population_name(e, 1);
	char *key;
	uint32_t k;

	if (e->ways > 0 && !strcmp(e->way[e->at].name[0], from) &&
	    !strcmp(e->way[e->at].name[1], to))
		return e->at;
	key = format("%zu %s%s", strlen(from), from, to);
	k = label(&e->ways_of, key);
	free(key);
	return k < e->ways ? k : add_way(e);
}

bool
passing_next(struct passing *e)
{
	size_t side;

	if (!rows_next(&e->rows))
		return false;
	for (side = 0; side < 2; side++)
		e->id[side] = rows_int(&e->rows, e->column[side]);
	e->at = find_way(e);
	for (side = 0; side < 2; side++) {
		const struct node_population *p = e->way[e->at].end[side];

		if (e->id[side] < 0)
			rows_bad(&e->rows, e->column[side], "negative");
		e->cell[side] = p ? ids_find(p->ids, e->id[side]) : NO_CELL;
		if (p && e->cell[side] == NO_CELL)
			no_node(e, side);
	}
	return true;
}

void
passing_copy(const struct passing *e)
{
	size_t i;

	for (i = 0; i < e->rows.n; i++)
		out_text(e->rows.field[i]);
}

double
passing_distance(const struct passing *e)
{
	const struct passing_way *w = &e->way[e->at];
	double square = grid_square(&w->points[0], e->cell[0], &w->points[1],
				    e->cell[1]);

	if (isnan(square)) {
		nodes_need_position(w->end[0], e->cell[0], e->along, e->flat);
		nodes_need_position(w->end[1], e->cell[1], e->along, e->flat);
	}
	return sqrt(square);
}

void
passing_close(struct passing *e)
{
	size_t i;

	for (i = 0; i < e->ways; i++) {
		free(e->way[i].name[0]);
		free(e->way[i].name[1]);
	}
	free(e->way);
	labels_free(&e->ways_of);
	nodes_free(e->nodes);
	rows_close(&e->rows);
	free(e);
}
