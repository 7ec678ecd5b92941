/* search.h -- search for the least score of some numbers
 *
 *	struct search *s = search_begin(&(struct search_plan){
 *		.n = 3, .starts = 4, .seed = 1});
 *	const double *x;
 *	size_t n, k;
 *
 *	while (left > 0) {
 *		n = search_ask(s, &x);
 *		for (k = 0; k < n; k++)
 *			score[k] = try(x + 3 * k);
 *		search_tell(s, score);
 *		left -= n;
 *	}
 *	search_end(s);
 *
 * Points are of the unit cube.  Those that are asked for together do not depend
 * on each other, so that they may be tried side by side; and what is asked for
 * next depends on the seed and on the scores told so far, on nothing else.
 *
 * First come a point that is given, and a Latin hypercube (M. D. McKay, R. J.
 * Beckman, W. J. Conover, Technometrics 21:239, 1979).  From the best of them
 * GSL's simplexes (J. A. Nelder, R. Mead, Computer J. 7:308, 1965) start, and
 * go side by side; when one has come to rest, it starts again from where it is,
 * and where that helps no more, from a new hypercube.  Or one population goes
 * on from there by CMA-ES (N. Hansen, arXiv:1604.00772), and from a new
 * hypercube, twice as large, when it has come to rest (A. Auger, N. Hansen,
 *IEEE CEC 2005:1769).  A search does not end by itself.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include <stddef.h>

struct search_plan {
	size_t n; /* numbers of a point */
	enum { SEARCH_SIMPLEX, SEARCH_CMAES } way;
	size_t starts; /* simplexes */
	unsigned long seed;
	const double *first; /* the point that is given, or NULL */
};

struct search;

/* GSL's error handler has to be off. */
struct search *search_begin(const struct search_plan *plan);

/* The points to be tried next, one after the other; at least one.  They stay
 * until search_tell(). */
size_t search_ask(struct search *s, const double **points);

/* Their scores, which are finite. */
void search_tell(struct search *s, const double *score);

void search_end(struct search *s);

#endif
