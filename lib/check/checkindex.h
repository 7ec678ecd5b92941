/* checkindex.h -- is the index of edges that of these edges?
 *
 *	checkindex_population(&p); // see checkrows.h
 */
#ifndef CHECKINDEX_H
#define CHECKINDEX_H

#include "check/checkrows.h"

/* Steps for both directions of a population's index. */
void checkindex_population(const struct checkrows *p);

#endif
