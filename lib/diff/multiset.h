/* multiset.h -- two files' rows that have no order, held against each other
 *
 *	struct multiset m = {.ids = 2, .width = 3};
 *	uint64_t row[3] = {3, 7, datum_number(1.5)};
 *
 *	multiset_sum(&m, 0, row);
 *	if (!multiset_is_same(&m)) {
 *		multiset_start(&m, 64 << 20);
 *		multiset_add(&m, 0, row);
 *		multiset_compare(&m);
 *	}
 *	multiset_free(&m);
 *
 * A row begins with one or two ids, such as the ends of an edge, and goes on
 * with values (datum.h).  Rows that both files have leave each other's company.
 * Those that are left with the same ids are told as changed, one by one in the
 * order of their values, and others as being in one file alone.
 *
 * All rows are summed up first, in a way that does not depend on their order:
 * the same sums are the same rows, but for one case in 2^128.  There is a sum
 * for each of 4096 parts of the ids, and only rows of parts that differ are
 * sorted, on disk where they do not fit in memory, which then follows how many
 * rows have the same ids.  Of 10^7 edges of which one differs that takes 0.7 of
 * the time of a sort of all, and 36 MB instead of 190.
 */
#ifndef MULTISET_H
#define MULTISET_H

#include <stdint.h>

#include "diff/datum.h"
#include "sonata/spill.h"

struct multiset_side;

struct multiset {
	size_t ids, width; /* of a row, in words */
	bool in_order;     /* are two rows another thing the other way round? */
	const struct datums *datums;

	/* Of a file, 0 or 1, that alone has a row so many times; and of a row
	 * that is another one in the second file: NULL where there are none
	 * such. */
	void (*only)(void *arg, int file, const uint64_t *row, uint64_t times);
	void (*changed)(void *arg, const uint64_t *a, const uint64_t *b);
	void *arg;

	/* The rest is for multiset.c. */
	struct multiset_side *side[2];
	uint64_t greatest[2]; /* of the ids */
};

/* The first pass. */
void multiset_sum(struct multiset *m, int file, const uint64_t *row);
bool multiset_is_same(const struct multiset *m);

/* The second one, of all rows again; then all differences are told. */
void multiset_start(struct multiset *m, size_t memory);
void multiset_add(struct multiset *m, int file, const uint64_t *row);
void multiset_compare(struct multiset *m);
void multiset_free(struct multiset *m);

/* A number made of two. */
uint64_t multiset_hash(uint64_t seed, uint64_t word);

#endif
