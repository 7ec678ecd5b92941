#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/beside.h"
#include "plot/sketch.h"
#include "util.h"

#define STEPS 16  /* strokes that a curve is taken for */
#define BARBS 8.0 /* pixels: how wide a head is */

void
sketch_point(double (*curve)[2], double t, double at[2])
{
	double u = 1 - t;
	int k;

	for (k = 0; k < 2; k++)
		at[k] = u * u * u * curve[0][k] + 3 * u * u * t * curve[1][k] +
			3 * u * t * t * curve[2][k] + t * t * t * curve[3][k];
}

/* By its polar form, whose arguments may differ. */
void
sketch_part(double (*curve)[2], double from, double to, double (*part)[2])
{
	const double t[4][3] = {{from, from, from},
				{from, from, to},
				{from, to, to},
				{to, to, to}};
	double b[4];
	int i, j, k, m;

	for (i = 0; i < 4; i++)
		for (k = 0; k < 2; k++) {
			for (m = 0; m < 4; m++)
				b[m] = curve[m][k];
			for (j = 0; j < 3; j++)
				for (m = 0; m < 3 - j; m++)
					b[m] += t[i][j] * (b[m + 1] - b[m]);
			part[i][k] = b[0];
		}
}

/* Bisection finds the point that is as far from the tip as the head is long. */
void
sketch_shorten(struct sketch_arrow *arrow)
{
	double(*last)[2] = arrow->curve + arrow->n - 4, part[4][2], at[2];
	double from = 0, to = 1, middle;
	int i;

	memcpy(arrow->tip, last[3], sizeof arrow->tip);
	if (arrow->head == 0)
		return;
	for (i = 0; i < 20; i++) {
		double dx, dy;

		middle = (from + to) / 2;
		sketch_point(last, middle, at);
		dx = at[0] - arrow->tip[0];
		dy = at[1] - arrow->tip[1];
		if (dx * dx + dy * dy > arrow->head * arrow->head)
			from = middle;
		else
			to = middle;
	}
	sketch_part(last, 0, from, part);
	memcpy(last, part, sizeof part);
}

/* The curves of an arrow as strokes. */
static size_t
flatten(const struct sketch_arrow *arrow, double (*at)[2])
{
	size_t i, k, n = 0;

	for (i = 0; i + 3 < arrow->n; i += 3)
		for (k = i > 0; k <= STEPS; k++)
			sketch_point(arrow->curve + i, (double)k / STEPS,
				     at[n++]);
	return n;
}

/* Heads are wider than lines: their strokes come after those of the arrows, as
 * lines without a text. */
static void
take_arrow(const struct sketch_arrow *arrow, struct beside_line *line,
	   struct beside_line *head)
{
	line->at = zeros((arrow->n / 3) * STEPS + 2, sizeof *line->at);
	line->n = flatten(arrow, line->at);
	line->width = arrow->width;
	line->across = arrow->across;
	line->down = arrow->down;
	if (arrow->head == 0 || line->n == 0)
		return;
	head->at = zeros(2, sizeof *head->at);
	head->n = 2;
	head->width = BARBS;
	head->at[0][0] = line->at[line->n - 1][0];
	head->at[0][1] = line->at[line->n - 1][1];
	head->at[1][0] = arrow->tip[0];
	head->at[1][1] = arrow->tip[1];
}

static struct beside_box
box_of(const struct sketch_box *box)
{
	return (struct beside_box){
		box->x - box->width / 2, box->y - box->height / 2,
		box->x + box->width / 2, box->y + box->height / 2};
}

size_t
sketch_place_texts(struct sketch *s, const double across[2],
		   const double down[2])
{
	size_t n = s->arrows, i, left;
	struct beside_line *line = zeros(2 * n, sizeof *line);
	struct beside_box *box = zeros(s->boxes, sizeof *box);
	struct beside_texts b = {line,
				 2 * n,
				 box,
				 s->boxes,
				 {across[0], down[0], across[1], down[1]}};

	for (i = 0; i < n; i++)
		take_arrow(&s->arrow[i], &line[i], &line[n + i]);
	for (i = 0; i < s->boxes; i++)
		box[i] = box_of(&s->box[i]);
	left = beside_place(&b);
	for (i = 0; i < n; i++) {
		s->arrow[i].x = line[i].x;
		s->arrow[i].y = line[i].y;
		s->arrow[i].placed = line[i].placed;
		free(line[i].at);
		free(line[n + i].at);
	}
	free(line);
	free(box);
	return left;
}

void
sketch_move(struct sketch *s, double x, double y)
{
	size_t i, k;

	for (i = 0; i < s->boxes; i++) {
		s->box[i].x += x;
		s->box[i].y += y;
	}
	for (i = 0; i < s->arrows; i++) {
		struct sketch_arrow *arrow = &s->arrow[i];

		for (k = 0; k < arrow->n; k++) {
			arrow->curve[k][0] += x;
			arrow->curve[k][1] += y;
		}
		arrow->tip[0] += x;
		arrow->tip[1] += y;
		arrow->x += x;
		arrow->y += y;
	}
}

static void
widen(struct beside_box *all, double x, double y, double across, double down)
{
	all->left = fmin(all->left, x - across);
	all->right = fmax(all->right, x + across);
	all->top = fmin(all->top, y - down);
	all->bottom = fmax(all->bottom, y + down);
}

static void
widen_arrow(struct beside_box *all, const struct sketch_arrow *arrow)
{
	double half = arrow->width / 2, at[2];
	size_t i, k;

	for (i = 0; i + 3 < arrow->n; i += 3)
		for (k = 0; k <= STEPS; k++) {
			sketch_point(arrow->curve + i, (double)k / STEPS, at);
			widen(all, at[0], at[1], half, half);
		}
	if (arrow->head > 0)
		widen(all, arrow->tip[0], arrow->tip[1], BARBS / 2, BARBS / 2);
	if (arrow->placed)
		widen(all, arrow->x, arrow->y, arrow->across / 2,
		      arrow->down / 2);
}

void
sketch_trim(struct sketch *s, double pad)
{
	struct beside_box all = {INFINITY, INFINITY, -INFINITY, -INFINITY};
	size_t i;

	for (i = 0; i < s->boxes; i++)
		widen(&all, s->box[i].x, s->box[i].y, s->box[i].width / 2,
		      s->box[i].height / 2);
	for (i = 0; i < s->arrows; i++)
		widen_arrow(&all, &s->arrow[i]);
	if (s->boxes == 0)
		all = (struct beside_box){0};
	sketch_move(s, pad - all.left, pad - all.top);
	s->width = all.right - all.left + 2 * pad;
	s->height = all.bottom - all.top + 2 * pad;
}

void
sketch_free(struct sketch *s)
{
	size_t i;

	for (i = 0; i < s->arrows; i++) {
		free(s->arrow[i].curve);
		s->arrow[i].curve = NULL;
	}
}
