/* grid.h -- how many pairs of points lie how far apart
 *
 *	struct grid_points a = {{x, y, NULL}, n};
 *	struct grid_bins bins = grid_make_bins((double[]){0, 50, 100}, 2);
 *	uint64_t count[2] = {0};
 *
 *	grid_count(&a, &a, &bins, count);
 *	grid_free_bins(&bins);
 *
 * The denominators of a probability by distance: every pair counts, so that
 * they are exact.  A distance is sqrt(dx*dx + dy*dy + dz*dz) in doubles, each
 * operation rounded, as numpy does it.  Coordinates are finite.  Several
 *threads may count at a time.
 */
#ifndef GRID_H
#define GRID_H

#include <stddef.h>
#include <stdint.h>

struct grid_points {
	const double *at[3]; /* x, y, z; an axis left out is NULL */
	size_t n;
};

/* Bins [edge[k], edge[k+1]) of distance, k < bins, the last one closed.  In
 * terms of the square, bin k is least[k] <= d2 < least[k+1]: the squares whose
 * rounded root is in the bin, so that it is as if the root had been taken. */
struct grid_bins {
	size_t n;
	double *edge, *least; /* n + 1 each */

	/* The rest is for grid.c: how many edges come before a cell, which is
	 * a range of the bits of a square. */
	uint32_t *before;
	size_t cells;
	uint64_t lowest;
	unsigned shift;
};

/* Edges are finite, or infinite the last one, and do not decrease. */
struct grid_bins grid_make_bins(const double *edge, size_t n);
void grid_free_bins(struct grid_bins *b);

/* Which bin a squared distance is in, or bins->n for none. */
size_t grid_bin(const struct grid_bins *b, double square);

/* Squared distance of point i of a and point j of b. */
double grid_square(const struct grid_points *a, size_t i,
		   const struct grid_points *b, size_t j);

/* The greatest squared distance between a point of a and one of b. */
double grid_greatest_square(const struct grid_points *a,
			    const struct grid_points *b);

/* Add to count[k] how many ordered pairs (i of a, j of b) are in bin k.  Points
 * at the same place are at distance 0, a point and itself too where a and b
 * share points: take those away from count yourself. */
void grid_count(const struct grid_points *a, const struct grid_points *b,
		const struct grid_bins *bins, uint64_t *count);

#endif
