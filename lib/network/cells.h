/* cells.h -- the cells of a network, by population and group
 *
 *	struct cells *c = read_cells(&how);
 *
 *	c->population[p].label[SOURCE].name[group]	 "PV"
 *	c->population[p].group[SOURCE][cell]		 its group as a source
 *
 * Cells come from node tables or from SONATA files; either way the same groups
 * come out, in the order of their first cell.
 */
#ifndef CELLS_H
#define CELLS_H

#include "labels.h"
#include "opt.h"
#include "sonata/ids.h"
#include "sonata/sonata.h"

enum cells_side { SOURCE, TARGET };

/* How cells are grouped: -g, --source-group and --target-group, which take a
 * column, or NAME=COLUMN for each population, separated by commas. */
extern const struct opt cells_group_opts[];

/* Cells by group: those of group g are cell[begin[g]] to cell[begin[g + 1] -
 * 1].
 */
struct cells_members {
	uint32_t *cell;
	size_t *begin;
};

/* The cells of one population. */
struct cells_population {
	char *name; /* "" in a table without populations */
	struct ids *ids;
	size_t n;
	uint16_t *group[2]; /* of each cell, by side; short, to stay in cache */
	struct labels label[2]; /* the groups' */
	struct cells_members member[2];
	double *at[3];  /* x, y, z in um, NaN where there is none; NULL
			 * if positions were not asked for */
	uint64_t first; /* its cells' numbers among all cells are from
			 * here on */
};

struct cells {
	struct cells_population *population;
	size_t n, cap;
	uint64_t total; /* cells of all populations */
};

/* Read the cells of a population, and of all populations of a table; with
 * positions if wanted. */
void cells_add_population(struct cells *c, const struct sonata_population *p,
			  bool positions);
void cells_add_table(struct cells *c, const char *path, bool positions);

/* Number the cells of all populations; when all have been added. */
void cells_number(struct cells *c);

/* Which population has this name, or NO_LABEL. */
size_t cells_find(const struct cells *c, const char *name);

void cells_free(struct cells *c);

/* How many cells a group has. */
static inline uint64_t
cells_group_size(const struct cells_population *p, enum cells_side side,
		 uint32_t group)
{
	const size_t *begin = p->member[side].begin;

	return begin[group + 1] - begin[group];
}

/* How many cells groups a (of sources) and b (of targets) of one population
 * have in common. */
uint64_t *cells_overlap(const struct cells_population *p);

#endif
