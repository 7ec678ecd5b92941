/* cluster.h -- an order in which things that are alike stand together
 *
 *	double apart[] = {0, 9, 1, 9, 0, 8, 1, 8, 0};
 *	size_t order[3];
 *
 *	cluster_order(apart, 3, order); // 1, 2, 0
 */
#ifndef CLUSTER_H
#define CLUSTER_H

#include <stddef.h>

/* Puts n things into an order by how far each is apart from each, n x n. They
 * are joined two clusters at a time, as far apart as their members are on
 * average (UPGMA), each to the other at the ends that are most alike. */
void cluster_order(const double *apart, size_t n, size_t *order);

#endif
