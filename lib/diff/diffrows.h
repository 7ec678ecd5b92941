/* diffrows.h -- the nodes or edges of two populations, held against each other
 *
 *	struct diffrows r = {.name = "v1", .p = {a, b}, .memory = 256 << 20};
 *
 *	r.to = &differences;
 *	r.datums = &datums;
 *	diffrows_run(&r);
 *
 * Rows have no order, unless they are said to have one: nodes are found again
 * by their id, edges by their ends.  How attributes are stored makes no
 * difference, and the ids of types make one only where there are no types, or
 * where they are asked for.
 *
 * The first pass makes sums of all rows that do not depend on their order.
 * Where these are the same, in 128 bits, so are the rows; otherwise a second
 * pass sorts them, and makes statistics.
 */
#ifndef DIFFROWS_H
#define DIFFROWS_H

#include "diff/datum.h"
#include "diff/difference.h"
#include "sonata/sonata.h"

struct diffrows {
	const char *name;               /* of both */
	struct sonata_population *p[2]; /* open */
	struct differences *to;
	struct datums *datums;
	struct labels *ignored; /* attributes; those that are found: */
	bool *met;
	bool in_order, by_type_ids;
	size_t memory;
};

void diffrows_run(const struct diffrows *r);

#endif
