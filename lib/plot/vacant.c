#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/vacant.h"

/* The cell of a place; one outside is in the next cell of the edge. */
static size_t
cell_of(double place, size_t cells)
{
	double cell = floor(place * (double)cells);

	return (size_t)fmin(fmax(cell, 0), (double)(cells - 1));
}

bool
vacant_box(struct vacant *v, const double low[2], const double high[2])
{
	size_t x, y;

	if (!(low[0] < 1 && low[1] < 1 && high[0] >= 0 && high[1] >= 0))
		return false;
	for (y = cell_of(low[1], VACANT_DOWN);
	     y <= cell_of(high[1], VACANT_DOWN); y++)
		for (x = cell_of(low[0], VACANT_ACROSS);
		     x <= cell_of(high[0], VACANT_ACROSS); x++)
			v->taken[y][x] = 1;
	return true;
}

/* Keeps of a line, from its fraction part[0] to part[1], what is in [0,1] in
 * one direction. */
static void
clip(double from, double to, double part[2])
{
	double first = (0 - from) / (to - from),
	       last = (1 - from) / (to - from);

	if (from == to) {
		if (from < 0 || from > 1)
			part[1] = -1;
		return;
	}
	part[0] = fmax(part[0], fmin(first, last));
	part[1] = fmin(part[1], fmax(first, last));
}

bool
vacant_line(struct vacant *v, const double from[2], const double to[2])
{
	double dx = to[0] - from[0], dy = to[1] - from[1], part[2] = {0, 1};
	int steps, i;

	if (!isfinite(dx) || !isfinite(dy))
		return false;
	clip(from[0], to[0], part);
	clip(from[1], to[1], part);
	if (part[0] > part[1])
		return false;
	steps = 1 +
		(int)(2 * (part[1] - part[0]) *
		      fmax(fabs(dx) * VACANT_ACROSS, fabs(dy) * VACANT_DOWN));
	for (i = 0; i <= steps; i++) {
		double at = part[0] + (part[1] - part[0]) * i / steps;

		v->taken[cell_of(from[1] + at * dy, VACANT_DOWN)]
			[cell_of(from[0] + at * dx, VACANT_ACROSS)] = 1;
	}
	return true;
}

/* How many cells are taken to the left of and below each corner. */
struct sums {
	uint32_t n[VACANT_DOWN + 1][VACANT_ACROSS + 1];
};

static void
add_up(const struct vacant *v, struct sums *s)
{
	size_t x, y;

	*s = (struct sums){0};
	for (y = 0; y < VACANT_DOWN; y++)
		for (x = 0; x < VACANT_ACROSS; x++)
			s->n[y + 1][x + 1] = s->n[y][x + 1] + s->n[y + 1][x] -
					     s->n[y][x] + v->taken[y][x];
}

/* Cells across and down, of the lower left corner and of the box. */
struct vacant_spot {
	size_t x, y, across, down;
};

static bool
is_free(const struct sums *s, const struct vacant_spot *b)
{
	size_t right = b->x + b->across, top = b->y + b->down;

	return s->n[top][right] + s->n[b->y][b->x] ==
	       s->n[top][b->x] + s->n[b->y][right];
}

/* From the right to the left. */
static bool
find_in_row(const struct sums *s, struct vacant_spot *b)
{
	for (b->x = VACANT_ACROSS - b->across;; b->x--) {
		if (is_free(s, b))
			return true;
		if (b->x == 0)
			return false;
	}
}

static bool
find(const struct sums *s, struct vacant_spot *b)
{
	size_t right = VACANT_ACROSS - b->across, top = VACANT_DOWN - b->down;
	const size_t corners[][2] = {
		{right, top}, {0, top}, {right, 0}, {0, 0}};
	size_t i;

	for (i = 0; i < 4; i++) {
		b->x = corners[i][0];
		b->y = corners[i][1];
		if (is_free(s, b))
			return true;
	}
	for (i = 0; i <= top; i++) {
		b->y = top - i;
		if (find_in_row(s, b))
			return true;
	}
	return false;
}

bool
vacant_find(struct vacant *v, const double size[2], double at[2])
{
	struct vacant_spot b = {
		.across = (size_t)ceil(fmax(0, size[0]) * VACANT_ACROSS),
		.down = (size_t)ceil(fmax(0, size[1]) * VACANT_DOWN)};
	struct sums s;
	size_t x, y;

	if (!(size[0] <= 1 && size[1] <= 1))
		return false;
	add_up(v, &s);
	if (!find(&s, &b))
		return false;
	at[0] = (double)b.x / VACANT_ACROSS;
	at[1] = (double)(b.y + b.down) / VACANT_DOWN;
	for (y = b.y; y < b.y + b.down; y++)
		for (x = b.x; x < b.x + b.across; x++)
			v->taken[y][x] = 1;
	return true;
}
