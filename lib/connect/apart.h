/* apart.h -- how many pairs of cells are how far apart
 *
 *	const struct chance *const of[] = {&p};
 *	struct apart_span s = apart_span(&source, &target, same, axes);
 *	struct apart a = apart_make(&s, of, 1);
 *
 *	apart_count(&a, &s);
 *	for (i = 0; i < a.n; i++)
 *		sum += (double)a.pairs[i] * chance_at(&p, a.distance[i]);
 *	apart_free(&a);
 *
 * A sum over all pairs of what depends on nothing but their distance, such as
 * how many of them a connector will connect on the average.  Bins of distance
 * are so narrow that what is at their middle holds for them: sums are right to
 * 10^-4 of themselves.  Where a chance begins, ends, or bends, one bin ends and
 * the next begins.
 */
#ifndef APART_H
#define APART_H

#include "connect/chance.h"
#include "connect/grid.h"
#include "connect/pool.h"

/* Pairs of one of the cells [first, end) of a and one of b.  But for
 * EACH_WITH_ALL, a and b are the same cells. */
struct apart_span {
	const struct pool *a, *b;
	enum {
		EACH_WITH_ALL,    /* each with each */
		EACH_WITH_OTHERS, /* but not with itself */
		EACH_WITH_LATER   /* each with those after it */
	} which;
	size_t first, end;
	size_t axes; /* 0: distances do not count, and all are 0 */
};

struct apart {
	size_t n;
	double *edge;     /* n + 1, in um */
	double *distance; /* in the middle */
	uint64_t *pairs;
};

/* The bins for sums of what follows from these n chances. */
struct apart apart_make(const struct apart_span *s,
			const struct chance *const *c, size_t n);

/* Let a bin end and the next begin where the answer to a question changes, if
 * there are not several such distances within one bin. */
typedef bool apart_test(const void *arg, double distance);
void apart_split(struct apart *a, apart_test *test, const void *arg);

/* All cells of a, each with all of b; with same, where both pools are the
 * same cells, each with those after it. */
struct apart_span apart_span(const struct pool *a, const struct pool *b,
			     bool same, size_t axes);

/* Count the pairs, which takes some seconds for 10^9. */
void apart_count(struct apart *a, const struct apart_span *s);
void apart_free(struct apart *a);

/* How many pairs a span has, near or far. */
uint64_t apart_count_span(const struct apart_span *s);

/* The places of the cells [first, end) of a pool, on the first axes of them. */
struct grid_points apart_points(const struct pool *pool, size_t axes,
				size_t first, size_t end);

#endif
