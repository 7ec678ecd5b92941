/* pool.h -- the cells that a connector draws from
 *
 *	struct pool source, target;
 *	bool same;
 *
 *	pool_read(argv, true, &source, &target, &same);
 *	for (i = 0; i < source.n; i++)
 *		visit(source.id[i], source.at[0][i]);
 *	pool_free(&source, &target);
 *
 * Cells come from node tables, the operands of a connector.  --source and
 * --target choose groups of them, by the column that -g names, one or several;
 * the same table may have both.  They are in the order of their ids, whatever
 * that of the table.
 */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opt.h"

struct pool {
	char *population; /* NULL: the table has no populations */
	char *name;       /* of the group, for messages and reports, or of all
			   * of them, as in "PN+PV"; of all cells, that of
			   * the population, or "all" */
	size_t n;         /* below UINT32_MAX */
	int64_t *id;      /* ascending; each once */
	double *at[3];    /* x, y, z in um; NULL unless wanted, always finite */
	char **group;     /* ngroups names, as they were given; at least one */
	size_t ngroups;
	uint32_t *of; /* which group each cell is of */
};

/* -g, --source, --target.  The column is pop_name unless -g says another, and
 * node_type_id in a table that has no pop_name. */
extern const struct opt pool_opts[];

/* Was either of --source and --target given? */
bool pool_chose_groups(void);

/* Read the pools; paths is a list that NULL ends, or empty for the standard
 * input.  Without --source and --target, each is of all cells; same becomes
 * true where the two are the same cells, by whatever groups.  Pools of several
 * populations, pools that overlap and are not the same, an id that is there
 * twice, and, where positions are wanted, a cell without one, end the tool. */
void pool_read(char *const *paths, bool positions, struct pool *source,
	       struct pool *target, bool *same);

/* The same, but a pool has its groups one after the other as they were given,
 * each in the order of its ids, and the two may overlap. */
void pool_read_sequences(char *const *paths, struct pool *source,
			 struct pool *target);

/* Is the same id in both the same cell? */
bool pool_same_population(const struct pool *a, const struct pool *b);

/* The place of an id in what pool_read() gave, or SIZE_MAX. */
size_t pool_find(const struct pool *p, int64_t id);

void pool_free(struct pool *source, struct pool *target);

#endif
