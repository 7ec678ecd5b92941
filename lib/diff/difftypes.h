/* difftypes.h -- two files of node or edge types, held against each other
 *
 *	struct difftypes t = {.path = {"a.csv", "b.csv"}, .sort = EDGES};
 *
 *	t.to = &differences;
 *	t.datums = &datums;
 *	difftypes_run(&t);
 *
 * Types are found again by their ids, which rows refer to.  Quotes, separators
 * and the order of rows and columns make no difference.
 */
#ifndef DIFFTYPES_H
#define DIFFTYPES_H

#include "diff/datum.h"
#include "diff/difference.h"
#include "sonata/sonata.h"

struct difftypes {
	const char *path[2];
	enum sonata_sort sort;
	struct differences *to;
	struct datums *datums;
	struct labels *ignored; /* attributes; those that are found: */
	bool *met;
};

void difftypes_run(const struct difftypes *d);

#endif
