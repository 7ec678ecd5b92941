/* difference.h -- what differs between two files, as a table
 *
 *	struct differences all = {.most = 20};
 *	struct difference *d;
 *
 *	d = difference_kind(&all, "edge-count", "v1", "");
 *	difference_counts(d, 10, 12);
 *	d = difference_kind(&all, "edge-value", "v1", "delay");
 *	difference_row(d, "3->7", "1.5", "2", 1);
 *	differences_write(&all);
 *
 * Differences come in kinds: what differs, in which population, and in which
 * attribute.  A kind has a row for all of it, with their number, and one for
 * each of the first few.  Where nobody wants to read them, the first one ends
 * the tool.
 */
#ifndef DIFFERENCE_H
#define DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"

struct difference_row {
	char *place, *a, *b;
	uint64_t count;
};

struct difference {
	char *what, *population, *attribute;
	struct difference_row whole; /* all of it */
	struct difference_row *row;
	size_t n, cap, most;
};

struct differences {
	size_t most; /* rows of a kind */
	bool quiet;  /* is it enough to know that there is one? */

	/* The rest is for difference.c. */
	struct labels keys;
	struct difference **kind; /* by the same numbers */
	size_t n, cap;
};

/* The kind of these names, which is in the table from now on. */
struct difference *difference_kind(struct differences *all, const char *what,
				   const char *population,
				   const char *attribute);

/* Has it room for another row?  Those that come later are only counted. */
bool difference_has_room(const struct difference *d);

/* Add a row that stands for so many. */
void difference_row(struct difference *d, const char *place, const char *a,
		    const char *b, uint64_t count);

/* A kind that is one row, such as another unit; and such as another number of
 * rows, or mean of an attribute. */
void difference_fact(struct difference *d, const char *place, const char *a,
		     const char *b);
void difference_counts(struct difference *d, uint64_t a, uint64_t b);
void difference_numbers(struct difference *d, double a, double b);

/* Write the table, nothing where there is no difference; true if there is one.
 */
bool differences_write(const struct differences *all);
void differences_free(struct differences *all);

#endif
