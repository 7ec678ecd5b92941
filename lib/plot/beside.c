#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/beside.h"
#include "util.h"

/* What is wrong with a place: as many texts as can be are placed first, then
 * each is nearest to its own line and near its middle. */
#define BLOCKED 1e6
#define ANOTHERS 4.0 /* another line is as near as its own */
#define ASIDE 3.0    /* half a line from the middle */
#define FURTHER 1.0  /* a step away from the line */

#define ALONG ((size_t)40) /* places along a line, */
#define AWAY ((size_t)3)   /* and away from it on each side */
#define PLACES (ALONG * AWAY * 2)
#define STEP 4.0  /* pixels from one to the next */
#define NEAR 3.0  /* pixels: what is as near might be taken for its line */
#define SWEEPS 3  /* texts choose again, knowing of the others */
#define ROUNDS 40 /* those without a place take that of others */
#define YIELD 8.0 /* another text, for each time it had to go before */

struct beside_spot {
	double x, y, cost;
};

bool
beside_overlap(const struct beside_box *a, const struct beside_box *b)
{
	return a->left < b->right && b->left < a->right && a->top < b->bottom &&
	       b->top < a->bottom;
}

/* Cuts the stretch [t[0], t[1]] of a stroke down to what is beyond a limit. */
static bool
cut(double t[2], double from, double step, double limit)
{
	double at;

	if (step == 0)
		return from >= limit;
	at = (limit - from) / step;
	if (step > 0)
		t[0] = fmax(t[0], at);
	else
		t[1] = fmin(t[1], at);
	return t[0] <= t[1];
}

/* Y. Liang and B. Barsky, "A new concept and method for line clipping" (1984).
 */
bool
beside_touches(const struct beside_box *box, const double a[2],
	       const double b[2])
{
	double t[2] = {0, 1}, dx = b[0] - a[0], dy = b[1] - a[1];

	return cut(t, a[0], dx, box->left) && cut(t, -a[0], -dx, -box->right) &&
	       cut(t, a[1], dy, box->top) && cut(t, -a[1], -dy, -box->bottom);
}

static struct beside_box
box_of(const struct beside_line *line, double x, double y, double more)
{
	double across = line->across / 2 + more, down = line->down / 2 + more;

	return (struct beside_box){x - across, y - down, x + across, y + down};
}

/* Are both ends of a stroke on the far side of an edge?  Most are. */
static bool
is_beyond(const struct beside_box *box, const double a[2], const double b[2])
{
	return (a[0] < box->left && b[0] < box->left) ||
	       (a[0] > box->right && b[0] > box->right) ||
	       (a[1] < box->top && b[1] < box->top) ||
	       (a[1] > box->bottom && b[1] > box->bottom);
}

static bool
line_touches(const struct beside_line *line, const struct beside_box *box)
{
	double more = line->width / 2;
	struct beside_box wide = {box->left - more, box->top - more,
				  box->right + more, box->bottom + more};
	size_t i;

	for (i = 1; i < line->n; i++)
		if (!is_beyond(&wide, line->at[i - 1], line->at[i]) &&
		    beside_touches(&wide, line->at[i - 1], line->at[i]))
			return true;
	return false;
}

/* The box round all of a line. */
static struct beside_box
reach_of(const struct beside_line *line)
{
	struct beside_box all = {INFINITY, INFINITY, -INFINITY, -INFINITY};
	double more = line->width / 2;
	size_t i;

	for (i = 0; i < line->n; i++) {
		all.left = fmin(all.left, line->at[i][0] - more);
		all.right = fmax(all.right, line->at[i][0] + more);
		all.top = fmin(all.top, line->at[i][1] - more);
		all.bottom = fmax(all.bottom, line->at[i][1] + more);
	}
	return all;
}

/* What is wrong with a place by what does not move: the area, boxes, lines; of
 * these first the one that was in the way of the place before. */
static double
cost_of(const struct beside_texts *b, const struct beside_box *reach,
	size_t own, const struct beside_spot *spot, size_t *last)
{
	const struct beside_line *line = &b->line[own];
	struct beside_box box = box_of(line, spot->x, spot->y, BESIDE_GAP);
	struct beside_box wide =
		box_of(line, spot->x, spot->y, BESIDE_GAP + NEAR);
	double cost = 0;
	size_t i;

	if (box.left < b->area.left || box.right > b->area.right ||
	    box.top < b->area.top || box.bottom > b->area.bottom)
		return BLOCKED;
	if (line_touches(&b->line[*last], &box))
		return BLOCKED;
	for (i = 0; i < b->boxes; i++)
		if (beside_overlap(&box, &b->box[i]))
			return BLOCKED;
	for (i = 0; i < b->lines; i++) {
		if (!beside_overlap(&wide, &reach[i]))
			continue;
		if (!line_touches(&b->line[i], &wide))
			continue;
		if (line_touches(&b->line[i], &box)) {
			*last = i;
			return BLOCKED;
		}
		if (i != own)
			cost += ANOTHERS;
	}
	return cost;
}

/* A place beside a line, at a share of its length, on a side of it, and so far
 * away. */
static struct beside_spot
spot_at(const struct beside_line *line, double share, double side, double away)
{
	double at = share * (double)(line->n - 1);
	size_t i = (size_t)fmin(at, (double)line->n - 2);
	const double *a = line->at[i], *b = line->at[i + 1];
	double dx = b[0] - a[0], dy = b[1] - a[1], length = hypot(dx, dy), far;
	double nx = length > 0 ? -dy / length : 0;
	double ny = length > 0 ? dx / length : 1;

	far = fabs(nx) * line->across / 2 + fabs(ny) * line->down / 2 +
	      line->width / 2 + BESIDE_GAP + 0.5 + away;
	return (struct beside_spot){
		.x = a[0] + dx * (at - (double)i) + side * nx * far,
		.y = a[1] + dy * (at - (double)i) + side * ny * far};
}

static void
list_spots(const struct beside_texts *b, const struct beside_box *reach,
	   size_t own, struct beside_spot *spot)
{
	const struct beside_line *line = &b->line[own];
	size_t i, last = own;

	for (i = 0; i < PLACES; i++) {
		size_t along = i / (2 * AWAY), away = i / 2 % AWAY;
		double share = 0.04 + 0.92 * (double)along / (ALONG - 1);

		spot[i] = spot_at(line, share, i % 2 ? 1 : -1,
				  STEP * (double)away);
		spot[i].cost = cost_of(b, reach, own, &spot[i], &last) +
			       ASIDE * fabs(2 * share - 1) +
			       FURTHER * (double)away;
	}
}

/* Is a place on the text of another line? */
static bool
is_on(const struct beside_texts *b, size_t own, const struct beside_spot *spot,
      size_t other)
{
	const struct beside_line *line = &b->line[other];
	struct beside_box box =
		box_of(&b->line[own], spot->x, spot->y, BESIDE_GAP);
	struct beside_box text = box_of(line, line->x, line->y, 0);

	return other != own && line->placed && beside_overlap(&box, &text);
}

static bool
is_taken(const struct beside_texts *b, size_t own,
	 const struct beside_spot *spot)
{
	size_t i;

	for (i = 0; i < b->lines; i++)
		if (is_on(b, own, spot, i))
			return true;
	return false;
}

static void
put(struct beside_line *line, const struct beside_spot *spot)
{
	line->x = spot->x;
	line->y = spot->y;
	line->placed = true;
}

static void
choose(struct beside_texts *b, size_t own, const struct beside_spot *spot)
{
	double least = BLOCKED;
	size_t i;

	b->line[own].placed = false;
	for (i = 0; i < PLACES; i++)
		if (spot[i].cost < least && !is_taken(b, own, &spot[i])) {
			least = spot[i].cost;
			put(&b->line[own], &spot[i]);
		}
}

/* Takes the place where the fewest others have to go, and rather such as had to
 * go the fewest times. */
static void
take_place(struct beside_texts *b, size_t own, const struct beside_spot *spot,
	   size_t *gone)
{
	double least = BLOCKED;
	size_t i, j, best = PLACES;

	for (i = 0; i < PLACES; i++) {
		double cost = spot[i].cost;

		for (j = 0; j < b->lines && cost < least; j++)
			if (is_on(b, own, &spot[i], j))
				cost += YIELD * (double)(1 + gone[j]);
		if (cost < least) {
			least = cost;
			best = i;
		}
	}
	if (best == PLACES)
		return;
	for (j = 0; j < b->lines; j++)
		if (is_on(b, own, &spot[best], j)) {
			b->line[j].placed = false;
			gone[j]++;
		}
	put(&b->line[own], &spot[best]);
}

/* Which line chooses when: those with the fewest places first. */
struct beside_turn {
	size_t line, places;
};

static int
by_places(const void *a, const void *b)
{
	const struct beside_turn *x = a, *y = b;

	if (x->places != y->places)
		return x->places < y->places ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

static bool
has_text(const struct beside_line *line)
{
	return line->across > 0 && line->n > 1;
}

static size_t
count_open(const struct beside_spot *spot)
{
	size_t i, n = 0;

	for (i = 0; i < PLACES; i++)
		n += spot[i].cost < BLOCKED;
	return n;
}

/* All there is while texts look for places. */
struct beside_search {
	struct beside_texts *b;
	struct beside_spot (*spot)[PLACES];
	struct beside_turn *turn;
	size_t n, *gone;
};

static size_t
count_left(const struct beside_search *s)
{
	size_t i, left = 0;

	for (i = 0; i < s->n; i++)
		left += !s->b->line[s->turn[i].line].placed;
	return left;
}

static void
choose_all(struct beside_search *s, bool again)
{
	size_t i, own;

	for (i = 0; i < s->n; i++) {
		own = s->turn[i].line;
		if (again || !s->b->line[own].placed)
			choose(s->b, own, s->spot[own]);
	}
}

/* Texts without a place drive others out, as long as that leads to fewer. */
static size_t
negotiate(struct beside_search *s)
{
	size_t size = s->b->lines * sizeof *s->b->line;
	struct beside_line *best = zeros(s->b->lines, sizeof *best);
	size_t left = count_left(s), now, i, own;
	int round;

	memcpy(best, s->b->line, size);
	for (round = 0; round < ROUNDS && left > 0; round++) {
		for (i = 0; i < s->n; i++) {
			own = s->turn[i].line;
			if (!s->b->line[own].placed)
				take_place(s->b, own, s->spot[own], s->gone);
		}
		choose_all(s, false);
		now = count_left(s);
		if (now >= left)
			continue;
		left = now;
		memcpy(best, s->b->line, size);
	}
	memcpy(s->b->line, best, size);
	free(best);
	return left;
}

static void
list_all_spots(struct beside_search *s)
{
	struct beside_texts *b = s->b;
	struct beside_box *reach = zeros(b->lines, sizeof *reach);
	size_t i;

	for (i = 0; i < b->lines; i++) {
		b->line[i].placed = false;
		reach[i] = reach_of(&b->line[i]);
	}
	for (i = 0; i < b->lines; i++) {
		if (!has_text(&b->line[i]))
			continue;
		list_spots(b, reach, i, s->spot[i]);
		s->turn[s->n++] =
			(struct beside_turn){i, count_open(s->spot[i])};
	}
	if (s->n > 0)
		qsort(s->turn, s->n, sizeof *s->turn, by_places);
	free(reach);
}

size_t
beside_place(struct beside_texts *b)
{
	struct beside_search s = {
		.b = b,
		.spot = zeros(b->lines, sizeof *s.spot),
		.turn = zeros(b->lines, sizeof *s.turn),
		.gone = zeros(b->lines, sizeof *s.gone),
	};
	size_t left;
	int sweep;

	list_all_spots(&s);
	for (sweep = 0; sweep < SWEEPS; sweep++)
		choose_all(&s, true);
	left = negotiate(&s);
	free(s.spot);
	free(s.turn);
	free(s.gone);
	return left;
}
