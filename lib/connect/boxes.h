/* boxes.h -- points in boxes within boxes, so that not all are looked at
 *
 *	const double *at[3] = {x, y, NULL};
 *	struct boxes b = boxes_make(at, n, 16, false);
 *	double near, far;
 *
 *	boxes_squares(&b.box[0], &other, &near, &far);
 *	boxes_free(&b);
 *
 * Each box is split at the median of its longest side until no more points are
 * left in it than a leaf may have.  The points stand in the order of the boxes,
 * so that those of a box are in a row.  The order follows from where they are
 * and how they are numbered, and from nothing else.
 */
#ifndef BOXES_H
#define BOXES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct box {
	double low[3], high[3]; /* of its points: x, y, z */
	uint32_t first, n;      /* points */
	uint32_t child;         /* the first of two in a row; 0: a leaf */
};

struct boxes {
	struct box *box; /* the first one has all points */
	struct boxes_point {
		double at[3];
		size_t number; /* among those given */
	} * point;
};

/* Boxes of n points, fewer than 2^32, whose coordinates are finite; an axis
 * left out is NULL, and 0 for all.  With full, all leaves but the last have as
 * many points as a leaf may have. */
struct boxes boxes_make(const double *const at[3], size_t n, size_t leaf,
			bool full);
void boxes_free(struct boxes *b);

/* The least and the greatest squared distance between two boxes, by the formula
 * dx*dx + dy*dy + dz*dz in doubles.  Rounding keeps order: from a < b follows
 * that a - c rounded is at most b - c rounded, and the same of products and
 * sums.  So these are bounds of what the formula makes of two of their points,
 * with no margin needed. */
static inline void
boxes_squares(const struct box *p, const struct box *q, double *near,
	      double *far)
{
	double d[3], f[3];
	int k;

	for (k = 0; k < 3; k++) {
		double past = p->low[k] - q->high[k];
		double before = q->low[k] - p->high[k];
		double gap = past > before ? past : before;

		d[k] = gap > 0 ? gap : 0;
		f[k] = past < before ? -past : -before;
	}
	*near = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
	*far = f[0] * f[0] + f[1] * f[1] + f[2] * f[2];
}

#endif
