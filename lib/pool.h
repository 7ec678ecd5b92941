/* pool.h -- the cells that a connector draws from
 *
 *	struct pool source, target;
 *	bool same;
 *
 *	read_pools(argv, true, &source, &target, &same);
 *	for (i = 0; i < source.n; i++)
 *		visit(source.id[i], source.at[0][i]);
 *	free_pools(&source, &target);
 *
 * Cells come from node tables, the operands of a connector.  --source and
 * --target choose groups of them, by the column that -g names; the same table
 * may have both.  They are in the order of their ids, whatever that of the
 * table.
 */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opt.h"

struct pool {
	char *population; /* NULL: the table has no populations */
	char *name;       /* of the group, for messages and reports; of all
			   * cells, that of the population, or "all" */
	size_t n;         /* below UINT32_MAX */
	int64_t *id;      /* ascending; each once */
	double *at[3];    /* x, y, z in um; NULL unless wanted, always finite */
};

/* -g, --source, --target.  The column is pop_name unless -g says another, and
 * node_type_id in a table that has no pop_name. */
extern const struct opt pool_opts[];

/* Read the pools; paths is a list that NULL ends, or empty for the standard
 * input.  Without --source and --target, each is of all cells; same becomes
 * true where the two are the same cells.  Groups of several populations,
 * overlapping groups that are not the same, an id that is there twice, and,
 * where positions are wanted, a cell without one, end the tool. */
void read_pools(char *const *paths, bool positions, struct pool *source,
		struct pool *target, bool *same);

/* The place of an id, or SIZE_MAX. */
size_t find_cell(const struct pool *p, int64_t id);

void free_pools(struct pool *source, struct pool *target);

#endif
