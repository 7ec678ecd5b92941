#include <stdlib.h>

#include "connect/boxes.h"
#include "util.h"

/* Which of two points is before the other on an axis; they are never equal. */
static bool
before(const struct boxes_point *p, const struct boxes_point *q, size_t axis)
{
	if (p->at[axis] != q->at[axis])
		return p->at[axis] < q->at[axis];
	return p->number < q->number;
}

static void
swap(struct boxes_point *p, struct boxes_point *q)
{
	struct boxes_point t = *p;

	*p = *q;
	*q = t;
}

/* Order the points [low, high) so that the one that belongs at k is there, none
 * greater before it and none smaller after it.  The pivots come from a fixed
 * sequence of Lehmer's, so that no usual order of points is a bad one. */
static void
partition(struct boxes_point *p, size_t low, size_t high, size_t k, size_t axis)
{
	uint64_t seed = 1;

	while (high - low > 1) {
		size_t i, middle = low;

		seed = seed * 48271 % 2147483647;
		swap(&p[low + seed % (high - low)], &p[high - 1]);
		for (i = low; i < high - 1; i++)
			if (before(&p[i], &p[high - 1], axis))
				swap(&p[i], &p[middle++]);
		swap(&p[middle], &p[high - 1]);
		if (middle == k)
			return;
		if (middle < k)
			low = middle + 1;
		else
			high = middle;
	}
}

/* Find the sides of a box, and the longest of them. */
static size_t
enclose(struct box *b, const struct boxes_point *p)
{
	size_t axis, longest = 0, i;

	for (axis = 0; axis < 3; axis++) {
		b->low[axis] = b->high[axis] = p[b->first].at[axis];
		for (i = b->first; i < b->first + b->n; i++) {
			double x = p[i].at[axis];

			b->low[axis] = x < b->low[axis] ? x : b->low[axis];
			b->high[axis] = x > b->high[axis] ? x : b->high[axis];
		}
		if (b->high[axis] - b->low[axis] >
		    b->high[longest] - b->low[longest])
			longest = axis;
	}
	return longest;
}

static struct box *
split(struct boxes_point *p, size_t points, size_t leaf, bool full)
{
	size_t cap = 0;
	uint32_t i, n = 1;
	struct box *box = grow(NULL, &cap, 1, sizeof *box);

	box[0].n = (uint32_t)points;
	for (i = 0; i < n; i++) {
		struct box *b, *half;
		size_t axis, first;

		box = grow(box, &cap, n + 2, sizeof *box);
		b = &box[i];
		axis = enclose(b, p);
		if (b->n <= leaf)
			continue;
		first = full ? (b->n + leaf) / leaf / 2 * leaf : b->n / 2;
		half = &box[b->child = n];
		half[0] = (struct box){.first = b->first, .n = (uint32_t)first};
		half[1] = (struct box){.first = b->first + half[0].n,
				       .n = b->n - half[0].n};
		partition(p, b->first, b->first + b->n, half[1].first, axis);
		n += 2;
	}
	return box;
}

struct boxes
boxes_make(const double *const at[3], size_t n, size_t leaf, bool full)
{
	struct boxes b = {.point = NULL};
	size_t i, axis;
	void *room;

	/* No point is in two lines of a cache: calloc() would have half so. */
	if (posix_memalign(&room, 64, (n + 1) * sizeof *b.point))
		die("out of memory");
	b.point = room;
	for (i = 0; i < n; i++) {
		b.point[i].number = i;
		for (axis = 0; axis < 3; axis++)
			b.point[i].at[axis] = at[axis] ? at[axis][i] : 0;
	}
	b.box = split(b.point, n, leaf, full);
	return b;
}

void
boxes_free(struct boxes *b)
{
	free(b->box);
	free(b->point);
	*b = (struct boxes){0};
}
