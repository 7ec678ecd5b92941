/* pool.h -- the cells that a connector draws from
 *
 *	struct pool source, target;
 *	bool same;
 *
 *	pool_read(argv, 3, &source, &target, &same);
 *	for (i = 0; i < source.n; i++)
 *		visit(source.id[i], source.at[0][i]);
 *	pool_free(&source, &target);
 *
 * Cells come from node tables, the operands of a connector.  --source and
 * --target choose one or several groups of them, by the column that -g names;
 * one table may have both.  A pool has its cells in the order of their ids,
 * whatever their order in the table.
 */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opt.h"
#include "rows.h"

struct pool {
	char *population; /* NULL: the table has no populations */
	char *name;       /* of its groups, for messages and reports, as in
			   * "PN+PV"; for all cells the name of their
			   * population, or "all" */
	size_t n;         /* below UINT32_MAX */
	int64_t *id;      /* ascending, each once */
	double *at[3];    /* x, y, z in um, finite; NULL if not wanted */
	char **group;     /* ngroups names, as they were given; at least one */
	size_t ngroups;
	uint32_t *of; /* which group each cell is of */
};

/* -g, --source, --target.  The column is pop_name unless -g says another, and
 * node_type_id in a table that has no pop_name. */
extern const struct opt pool_opts[];

/* Was either of --source and --target given? */
bool pool_chose_groups(void);

/* Reads the pools; paths is a list that NULL ends, or an empty one for the
 * standard input.  Positions are along the first axes, 0, 2 or 3 of them.
 * Without --source and --target each pool has all cells; *same becomes true if
 * both have the same cells, by whatever groups.  The tool ends if a pool has
 * several populations, if the pools overlap and are not the same, if an id is
 * there twice, and, where positions are wanted, if a cell has none.
 */
void pool_read(char *const *paths, size_t axes, struct pool *source,
	       struct pool *target, bool *same);

/* Does the same, but a pool has its groups one after the other as they were
 * given, each in the order of its ids, and the two may overlap. */
void pool_read_sequences(char *const *paths, struct pool *source,
			 struct pool *target);

/* Is one id in both pools one cell? */
bool pool_same_population(const struct pool *a, const struct pool *b);

/* Gives the place of an id in what pool_read() gave, or SIZE_MAX. */
size_t pool_find(const struct pool *p, int64_t id);

void pool_free(struct pool *source, struct pool *target);

/* Are the cells of this pool of the population that a field names?  Cells of no
 * population are those of the first that is asked for, which *serves keeps;
 * another one ends the tool. */
bool pool_is_of(const struct pool *p, const struct rows *r, size_t column,
		char **serves);

#endif
