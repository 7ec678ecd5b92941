/* checkedges.h -- the ends of edges, and the index of them
 *
 *	checkedges_population(&p); // see checkrows.h
 *
 * Rows that are not sorted are, to count pairs, and so are the ranges of an
 * index: each is then compared with the ids of its rows in one pass over them.
 * What does not fit in memory goes to files in $TMPDIR.
 */
#ifndef CHECKEDGES_H
#define CHECKEDGES_H

#include "check/checkrows.h"

/* Steps for the edges of a population whose rows have been looked at. */
void checkedges_population(const struct checkrows *p);

#endif
