/* passing.h -- a table of edges that passes through a tool and gets columns
 *
 *	static const char *const added[] = {"distance_um", NULL};
 *	struct passing *e = passing_open(argv[0], "xyz", "--axes xy", added);
 *
 *	while (passing_next(e)) {
 *		passing_copy(e);
 *		out_num(passing_distance(e));
 *		out_end();
 *	}
 *	passing_close(e);
 *
 * The rows stay in their order, and their other columns as they are.  Ends of
 * edges are looked up in the nodes of -n if there are any; an edge whose end is
 * not among them ends the tool, which names its line.
 */
#ifndef PASSING_H
#define PASSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "connect/grid.h"
#include "labels.h"
#include "opt.h"
#include "rows.h"
#include "sonata/nodes.h"

/* -n, --node-types. */
extern const struct opt passing_opts[];

/* Edges from one population to another; "" where the table names none. */
struct passing_way {
	char *name[2];
	const struct node_population *end[2]; /* NULL: there is no -n */
	struct grid_points points[2];
};

struct passing {
	struct rows rows;

	/* Of this row: its ends' ids, their places among the nodes or NO_CELL,
	 * and the number of its way. */
	int64_t id[2];
	uint32_t cell[2];
	size_t at;
	struct passing_way *way;
	size_t ways;

	/* The rest is for passing.c. */
	struct nodes *nodes;
	const char *along, *flat;
	size_t cap, column[2], population[2];
	struct labels ways_of; /* by the names of both ends */
};

/* Opens a table of edges, NULL or "-" for the standard input, and writes its
 * header with more columns, a list that NULL ends.  A table that has one of
 * them already ends the tool.  Distances are measured along some of "xyz", for
 * which -n is needed, or, for NULL, not at all; flat is the option of the tool
 * that does without z. */
struct passing *passing_open(const char *path, const char *along,
			     const char *flat, const char *const *added);

bool passing_next(struct passing *e);       /* false at the end */
void passing_copy(const struct passing *e); /* writes the fields of this row */

/* Gives the distance between the ends of this row, in um; a cell without a
 * position ends the tool. */
double passing_distance(const struct passing *e);

void passing_close(struct passing *e);

#endif
