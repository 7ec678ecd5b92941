/* checkindex.h -- is the index of edges that of these edges?
 *
 *	checkindex_population(&p); // see checkrows.h
 */
#ifndef CHECKINDEX_H
#define CHECKINDEX_H

#include "check/checkrows.h"

/* A plan: the indices of all populations of the file at arg, a path. */
struct checkindex {
	const char *path;
	size_t memory;
};
void checkindex_plan(void *arg);

/* Steps for both directions of a population's index. */
void checkindex_population(const struct checkrows *p);

#endif
