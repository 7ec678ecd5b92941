/* cells.h -- the cells of a network, by population and group
 *
 *	struct nodes *nodes = cells_nodes("xyz");
 *	struct cells c;
 *
 *	nodes_add_table(nodes, path);
 *	cells_make(&c, nodes);
 *	const struct cells_population *p = &c.population[0];
 *	uint16_t group = p->group[SOURCE][cell];
 *	const char *label = p->label[SOURCE].name[group];
 *	cells_free(&c);
 *
 * Cells are the nodes of nodes.h with two groups each, as sources and as
 * targets, which are in the order of their first cell.
 */
#ifndef CELLS_H
#define CELLS_H

#include "labels.h"
#include "opt.h"
#include "sonata/nodes.h"

enum cells_side { SOURCE, TARGET };

/* How cells are grouped: -g, --source-group and --target-group, which take a
 * column, or NAME=COLUMN for each population, separated by commas. */
extern const struct opt cells_group_opts[];

/* Cells by group: group g has cell[begin[g]] up to cell[begin[g + 1]], without
 * the last one. */
struct cells_members {
	uint32_t *cell;
	size_t *begin;
};

/* The cells of one population. */
struct cells_population {
	const char *name; /* "" in a table without populations */
	const struct ids *ids;
	size_t n;
	uint16_t *group[2]; /* of each cell, by side; short, to stay in cache */
	struct labels label[2]; /* of the groups */
	struct cells_members member[2];
	const double *at[3]; /* x, y, z in um, NaN where there is none; NULL
			      * if positions were not asked for */
	uint64_t first;      /* its cells' numbers among all cells are from
			      * here on */
};

struct cells {
	struct cells_population *population;
	size_t n;
	uint64_t total;      /* cells of all populations */
	struct nodes *nodes; /* the same populations, for their places */
};

/* Starts nodes with what cells need of them: the columns that the options name,
 * and positions along some of "xyz", or none for NULL. */
struct nodes *cells_nodes(const char *along);

/* Makes cells of nodes, and takes these over, when all have been added. */
void cells_make(struct cells *c, struct nodes *nodes);

/* Lists the cells of a population by groups that are known already; false if a
 * cell is in none of them. */
bool cells_are_grouped(struct cells_population *p);

/* Gives the number of the population with this name, or NO_LABEL. */
size_t cells_find(const struct cells *c, const char *name);

void cells_free(struct cells *c);

/* Gives the number of cells in a group. */
static inline uint64_t
cells_group_size(const struct cells_population *p, enum cells_side side,
		 uint32_t group)
{
	const size_t *begin = p->member[side].begin;

	return begin[group + 1] - begin[group];
}

/* Counts the cells that group a of sources and group b of targets of one
 * population have in common: [a * groups of targets + b], in new memory. */
uint64_t *cells_overlap(const struct cells_population *p);

#endif
