/* spikecells.h -- the cells that a table of spikes is of
 *
 *	struct spikecells s = {.nodes = nodefiles_named() ? nodes : NULL};
 *	uint32_t cell;
 *
 *	rows_open(&in, path);
 *	spikecells_open(&s, &in);
 *	while (rows_next(&in)) {
 *		cell = spikecells_find(&s, &in);
 *		if (cell != NO_CELL)
 *			n[cell]++;
 *	}
 *	spikecells_free(&s);
 *
 * Unlike trains.h, which has the spikes of nodes that are there, it takes the
 * cells from the table where there are no nodes.
 */
#ifndef SPIKECELLS_H
#define SPIKECELLS_H

#include "rows.h"
#include "sonata/nodefiles.h"

struct spikecell {
	uint32_t population, group; /* the group's number where it is read */
	int64_t id;
};

struct spikecells {
	struct nodes *nodes; /* those that are known, or NULL */
	struct spikecell *cell;
	size_t n;
	bool grouped; /* are there several populations, or groups? */

	/* The rest is for spikecells.c. */
	struct labels ids, populations, groups;
	struct spikecells_known *known; /* of each population */
	size_t nknown, mknown, cap;
	size_t id, population, group; /* columns: the last two may be missing */
};

/* Finds the columns: node_ids, population if there is one, and without nodes
 * that of -g, or group, or pop_name. */
void spikecells_open(struct spikecells *s, const struct rows *in);

/* The number of the cell of a row, or NO_CELL if it is not among those that are
 * chosen.  Ends the tool if the nodes have no such cell, or if it had another
 * group before.  With nodes all cells of a population are there from its first
 * spike on; those of one without any are not, such as the virtual cells of a
 * config. */
uint32_t spikecells_find(struct spikecells *s, const struct rows *in);

/* If the table has named no population, and the nodes are of one, have its
 * cells all the same: they are silent. */
void spikecells_add_silent(struct spikecells *s);

/* The names of a cell's population and of its group, "" if there is none. */
const char *spikecells_population_name(const struct spikecells *s, size_t cell);
const char *spikecells_group_name(const struct spikecells *s, size_t cell);

/* The groups of all populations, in the order of their first cells, which come
 * by population and id, whatever the order of the table. */
struct spikecells_sorted {
	size_t *cell; /* the cells in that order */
	uint32_t *of; /* the group of each cell, by its number */
	struct spikecells_part {
		size_t first, cells; /* a cell of it, and how many it has */
	} * group;
	size_t n, cap;
};

void spikecells_sort(const struct spikecells *s, struct spikecells_sorted *g);
void spikecells_free_sorted(struct spikecells_sorted *g);

/* What a cell's group is called, in new memory: of several populations, each
 * has its own. */
char *spikecells_group(const struct spikecells *s, size_t cell);

/* Warns of the populations whose nodes are left out. */
void spikecells_say_left_out(const struct spikecells *s);

/* Frees the nodes as well. */
void spikecells_free(struct spikecells *s);

#endif
