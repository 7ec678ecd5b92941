#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plot/beside.h"
#include "plot/ring.h"
#include "util.h"

/* Pixels. */
#define KEEP 5.0   /* an arrow from a box that it passes */
#define CLOSE 13.0 /* arrows with no room for a text between them */
#define LOOP 34.0  /* of a loop's handles: it reaches 3/4 as far */
#define PAD 2.0
#define LARGEST 4000.0

#define STEPS 10   /* strokes that an arrow is taken for */
#define MANY 40    /* arrows of which it may be that too many have no room, */
#define CROWD 150  /* that choose once, */
#define THRONG 400 /* and not at all */
#define SWEEPS 3   /* arrows choose again, knowing of the others */
#define TRIES 16   /* larger and larger rings */
#define AGAIN 6    /* arrows whose texts have no room go elsewhere */
#define LARGER 1.13
#define WIDE 1.25 /* a ring is wider than high */

/* What is wrong with a way. */
#define BLOCKED 1e4 /* it goes through a box or out of the picture */
#define CROSSING 1.5
#define TOUCHING 0.7 /* for each stroke */
#define BENDING 40.0
#define INWARD 25.0 /* of a loop */
#define SPOILT 6.0  /* that left no room for its text */

/* How far the middle of an arrow is aside, as a share of its length; and the
 * ways a loop may go: to the right, to the right and up, and so on. */
static const double bends[] = {0.12, -0.12, 0.2,  -0.2,  0.3, -0.3,
			       0.42, -0.42, 0.58, -0.58, 0.8, -0.8};
#define WAYS 8
#define CHOICES (LEN(bends) > WAYS ? LEN(bends) : WAYS)

struct path {
	double at[STEPS + 1][2];
	struct beside_box reach;
};

struct ring {
	struct sketch *s;
	size_t *order;             /* the box at each place of the ring */
	size_t *choice;            /* of each arrow */
	double (*spoilt)[CHOICES]; /* ways that leave no room for its text */
	struct path *path;
	double limit[2]; /* half the width and height, or infinite */
	double radius[2], square;
	double aside; /* room for loops at the edges */
	bool rough;   /* arrows may be behind boxes */
};

/* --- the order --- */

/* Do two chords between places of a ring cross? */
static bool
chords_cross(size_t a, size_t b, size_t c, size_t d)
{
	size_t low = a < b ? a : b, high = a < b ? b : a;

	if (c == low || c == high || d == low || d == high)
		return false;
	return (c > low && c < high) != (d > low && d < high);
}

static size_t
count_crossings(const struct ring *r, size_t *place)
{
	const struct sketch *s = r->s;
	size_t i, j, n = 0;

	for (i = 0; i < s->boxes; i++)
		place[r->order[i]] = i;
	for (i = 0; i < s->arrows; i++)
		for (j = 0; j < i; j++)
			n += chords_cross(place[s->arrow[i].source],
					  place[s->arrow[i].target],
					  place[s->arrow[j].source],
					  place[s->arrow[j].target]);
	return n;
}

static void
swap(size_t *a, size_t *b)
{
	size_t c = *a;

	*a = *b;
	*b = c;
}

/* Two boxes change places as long as that takes crossings away. */
static void
find_order(struct ring *r)
{
	size_t n = r->s->boxes, *place = zeros(n, sizeof *place);
	size_t least = count_crossings(r, place), before, i, j;

	do {
		before = least;
		for (i = 0; i < n; i++)
			for (j = 0; j < i; j++) {
				size_t now;

				swap(&r->order[i], &r->order[j]);
				now = count_crossings(r, place);
				if (now < least)
					least = now;
				else
					swap(&r->order[i], &r->order[j]);
			}
	} while (least < before);
	free(place);
}

/* --- the boxes --- */

/* The first box is on the upper left, or on top of a ring of an odd number; two
 * are beside each other. */
static double
angle_of(const struct ring *r, size_t place)
{
	double n = (double)r->s->boxes;
	double first = r->s->boxes % 2    ? 0.5
		       : r->s->boxes == 2 ? 1
					  : 0.5 + 1 / n;

	return M_PI * (first - 2 * (double)place / n);
}

/* The less square is, the more the ring looks like two columns, and at 0 it is
 * that: down the right one and up the left. */
static void
place_of(const struct ring *r, size_t place, double at[2])
{
	size_t n = r->s->boxes, rows = (n + 1) / 2;
	double angle = angle_of(r, place);

	at[0] = cos(angle);
	at[1] = -sin(angle);
	if (r->square == 0) {
		bool left = place >= rows;
		size_t row = left ? n - 1 - place : place;

		at[0] = left ? -1 : 1;
		at[1] = rows > 1 ? 2 * (double)row / (double)(rows - 1) - 1 : 0;
	} else if (fabs(at[0]) > 1e-9) {
		at[0] = copysign(pow(fabs(at[0]), r->square), at[0]);
	}
}

static void
put_boxes(struct ring *r)
{
	double at[2];
	size_t i;

	for (i = 0; i < r->s->boxes; i++) {
		struct sketch_box *box = &r->s->box[r->order[i]];

		place_of(r, i, at);
		box->x = r->radius[0] * at[0];
		box->y = r->radius[1] * at[1];
	}
}

static bool
are_apart(const struct sketch *s, double room)
{
	size_t i, j;

	for (i = 0; i < s->boxes; i++)
		for (j = 0; j < i; j++) {
			const struct sketch_box *a = &s->box[i],
						*b = &s->box[j];
			double across =
				fabs(a->x - b->x) - (a->width + b->width) / 2;
			double down =
				fabs(a->y - b->y) - (a->height + b->height) / 2;

			if (across < room && down < room)
				return false;
		}
	return true;
}

static double
most_of(const struct sketch *s, bool height)
{
	double most = 0;
	size_t i;

	for (i = 0; i < s->boxes; i++)
		most = fmax(most, height ? s->box[i].height : s->box[i].width);
	return most;
}

/* How far boxes may be from the middle. */
static double
most_radius(const struct ring *r, int k)
{
	return r->limit[k] - PAD - r->aside - most_of(r->s, k) / 2;
}

static bool
enlarge(struct ring *r)
{
	double before[2] = {r->radius[0], r->radius[1]};
	int k;

	for (k = 0; k < 2; k++)
		r->radius[k] = fmin(r->radius[k] * LARGER, most_radius(r, k));
	return (r->radius[0] > before[0] || r->radius[1] > before[1]) &&
	       r->radius[0] < LARGEST && r->radius[1] < LARGEST;
}

/* The smallest ring of a shape on which boxes are so far apart. */
static bool
try_ring(struct ring *r, double square, double apart)
{
	r->square = square;
	r->radius[0] = fmin(30 * WIDE, most_radius(r, 0));
	r->radius[1] = fmin(30, most_radius(r, 1));
	do {
		put_boxes(r);
		if (are_apart(r->s, apart))
			return true;
	} while (enlarge(r));
	return false;
}

static bool
find_ring(struct ring *r)
{
	static const double apart[] = {40, 28, 18, 6}; /* heads and some line */
	static const double square[] = {1, 0.5, 0.25, 0.125, 0};
	size_t i, k;

	if (r->s->boxes < 2) {
		put_boxes(r);
		return most_radius(r, 0) >= 0 && most_radius(r, 1) >= 0;
	}
	for (i = 0; i < LEN(apart) - !r->rough; i++)
		for (k = 0; k < LEN(square) - !r->rough; k++)
			if (try_ring(r, square[k], apart[i]))
				return true;
	return false;
}

/* --- the arrows --- */

static bool
is_inside(const struct sketch_box *box, const double at[2], double more)
{
	return fabs(at[0] - box->x) < box->width / 2 + more &&
	       fabs(at[1] - box->y) < box->height / 2 + more;
}

/* Where a curve crosses a limit between two of its points: before is on one
 * side of it and after on the other. */
static double
edge_of(double (*curve)[2], const struct sketch_box *box, double inside,
	double outside)
{
	double at[2], middle;
	int i;

	for (i = 0; i < 20; i++) {
		middle = (inside + outside) / 2;
		sketch_point(curve, middle, at);
		if (is_inside(box, at, 1))
			inside = middle;
		else
			outside = middle;
	}
	return outside;
}

/* From the middle of one box to that of another, as far as they do not hide it.
 */
static void
bend(const struct sketch *s, struct sketch_arrow *arrow, double aside)
{
	const struct sketch_box *a = &s->box[arrow->source];
	const struct sketch_box *b = &s->box[arrow->target];
	double dx = b->x - a->x, dy = b->y - a->y, from, to;
	double x = (a->x + b->x) / 2 + 2 * aside * dy;
	double y = (a->y + b->y) / 2 - 2 * aside * dx;
	double all[4][2] = {
		{a->x, a->y},
		{a->x + 2 * (x - a->x) / 3, a->y + 2 * (y - a->y) / 3},
		{b->x + 2 * (x - b->x) / 3, b->y + 2 * (y - b->y) / 3},
		{b->x, b->y}};

	from = edge_of(all, a, 0, 0.5);
	to = edge_of(all, b, 1, 0.5);
	sketch_part(all, from, to, arrow->curve);
	sketch_shorten(arrow);
}

/* Ways that go straight out begin and end on one side, others on two. */
static void
loop(const struct sketch *s, struct sketch_arrow *arrow, size_t way)
{
	const struct sketch_box *box = &s->box[arrow->source];
	double angle = M_PI / 4 * (double)way;
	double ux = cos(angle), uy = -sin(angle), *tip = arrow->tip;
	double a = box->width / 2 + 1, b = box->height / 2 + 1;
	double half = fmin(11, 0.8 * fmin(a, b)), (*c)[2] = arrow->curve;
	double sx = ux > 0 ? 1 : -1, sy = uy > 0 ? 1 : -1;

	if (way % 4 == 0) {
		c[0][0] = tip[0] = box->x + sx * a;
		c[0][1] = box->y - half;
		tip[1] = box->y + half;
	} else if (way % 2 == 0) {
		c[0][1] = tip[1] = box->y + sy * b;
		c[0][0] = box->x - half;
		tip[0] = box->x + half;
	} else {
		c[0][0] = box->x + sx * (a - half);
		c[0][1] = box->y + sy * b;
		tip[0] = box->x + sx * a;
		tip[1] = box->y + sy * (b - half);
	}
	c[1][0] = c[0][0] + LOOP * ux + 0.5 * (c[0][0] - tip[0]);
	c[1][1] = c[0][1] + LOOP * uy + 0.5 * (c[0][1] - tip[1]);
	c[2][0] = tip[0] + LOOP * ux + 0.5 * (tip[0] - c[0][0]);
	c[2][1] = tip[1] + LOOP * uy + 0.5 * (tip[1] - c[0][1]);
	memcpy(c[3], tip, sizeof c[3]);
	sketch_shorten(arrow);
}

static bool
is_loop(const struct sketch_arrow *arrow)
{
	return arrow->source == arrow->target;
}

static size_t
count_choices(const struct sketch_arrow *arrow)
{
	return is_loop(arrow) ? WAYS : LEN(bends);
}

/* Goes that way, and takes it for strokes. */
static void
go(const struct ring *r, size_t i, size_t choice, struct path *path)
{
	struct sketch_arrow *arrow = &r->s->arrow[i];
	struct beside_box all = {INFINITY, INFINITY, -INFINITY, -INFINITY};
	size_t k;

	if (is_loop(arrow))
		loop(r->s, arrow, choice);
	else
		bend(r->s, arrow, bends[choice]);
	for (k = 0; k <= STEPS; k++) {
		double *at = path->at[k];

		if (k < STEPS)
			sketch_point(arrow->curve, (double)k / (STEPS - 1), at);
		else
			memcpy(at, arrow->tip, sizeof arrow->tip);
		all.left = fmin(all.left, at[0] - CLOSE);
		all.right = fmax(all.right, at[0] + CLOSE);
		all.top = fmin(all.top, at[1] - CLOSE);
		all.bottom = fmax(all.bottom, at[1] + CLOSE);
	}
	path->reach = all;
}

static double
side(const double a[2], const double b[2], const double c[2])
{
	return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

static bool
strokes_cross(const double a[2], const double b[2], const double c[2],
	      const double d[2])
{
	return side(a, b, c) * side(a, b, d) < 0 &&
	       side(c, d, a) * side(c, d, b) < 0;
}

static bool
are_close(const double a[2], const double b[2])
{
	double dx = a[0] - b[0], dy = a[1] - b[1];

	return dx * dx + dy * dy < CLOSE * CLOSE;
}

/* Strokes of two arrows that cross or are close. */
static double
meeting(const struct path *a, const struct path *b)
{
	double cost = 0;
	size_t i, j;

	if (!beside_overlap(&a->reach, &b->reach))
		return 0;
	for (i = 0; i <= STEPS; i++)
		for (j = 0; j <= STEPS; j++) {
			if (i > 0 && j > 0 &&
			    strokes_cross(a->at[i - 1], a->at[i], b->at[j - 1],
					  b->at[j]))
				cost += CROSSING;
			if (are_close(a->at[i], b->at[j]))
				cost += TOUCHING;
		}
	return cost;
}

/* How many of its strokes are where none may be. */
static size_t
count_blocked(const struct ring *r, const struct sketch_arrow *arrow,
	      const struct path *path)
{
	size_t i, k, n = 0;

	for (k = 0; k <= STEPS; k++)
		n += fabs(path->at[k][0]) > r->limit[0] - PAD ||
		     fabs(path->at[k][1]) > r->limit[1] - PAD;
	for (i = 0; i < r->s->boxes; i++) {
		const struct sketch_box *b = &r->s->box[i];
		double across = b->width / 2 + KEEP,
		       down = b->height / 2 + KEEP;
		struct beside_box box = {b->x - across, b->y - down,
					 b->x + across, b->y + down};

		if (i == arrow->source || i == arrow->target ||
		    !beside_overlap(&box, &path->reach))
			continue;
		for (k = 0; k < STEPS; k++)
			n += beside_touches(&box, path->at[k], path->at[k + 1]);
	}
	return n;
}

/* What is wrong with a choice, whatever else there is. */
static double
own_cost(const struct ring *r, const struct sketch_arrow *arrow, size_t choice)
{
	const struct sketch_box *box = &r->s->box[arrow->source];
	double far = hypot(box->x, box->y), angle = M_PI / 4 * (double)choice;

	if (!is_loop(arrow))
		return BENDING * bends[choice] * bends[choice] +
		       (bends[choice] < 0 ? 0.1 : 0);
	if (far == 0)
		return (double)choice;
	return INWARD * (1 - (box->x * cos(angle) - box->y * sin(angle)) / far);
}

static void
choose(struct ring *r, size_t i)
{
	const struct sketch_arrow *arrow = &r->s->arrow[i];
	double least = INFINITY;
	struct path path;
	size_t choice, j;

	for (choice = 0; choice < count_choices(arrow); choice++) {
		double cost = own_cost(r, arrow, choice) + r->spoilt[i][choice];

		go(r, i, choice, &path);
		cost += BLOCKED * (double)count_blocked(r, arrow, &path);
		for (j = 0; j < r->s->arrows && cost < least; j++)
			if (j != i)
				cost += meeting(&path, &r->path[j]);
		if (cost < least) {
			least = cost;
			r->choice[i] = choice;
		}
	}
	go(r, i, r->choice[i], &r->path[i]);
}

/* Finds ways for all arrows; how many go where none may. */
static size_t
route(struct ring *r)
{
	size_t i, n = 0;
	int sweep = 0;

	for (i = 0; i < r->s->arrows; i++)
		go(r, i, r->choice[i], &r->path[i]);
	if (r->s->arrows > CROWD)
		sweep = r->s->arrows > THRONG ? SWEEPS : SWEEPS - 1;
	for (; sweep < SWEEPS; sweep++)
		for (i = 0; i < r->s->arrows; i++)
			choose(r, i);
	for (i = 0; i < r->s->arrows; i++)
		n += count_blocked(r, &r->s->arrow[i], &r->path[i]) > 0;
	return n;
}

static size_t
place_texts(struct ring *r)
{
	const double across[2] = {PAD - r->limit[0], r->limit[0] - PAD};
	const double down[2] = {PAD - r->limit[1], r->limit[1] - PAD};

	return sketch_place_texts(r->s, across, down);
}

/* Arrows whose texts find no place go another way, a few times. */
static size_t
find_room(struct ring *r)
{
	size_t n = r->s->arrows, i, left;
	int again;

	memset(r->spoilt, 0, n * sizeof *r->spoilt);
	left = place_texts(r);
	for (again = 0; again < AGAIN && left > 0; again++) {
		for (i = 0; i < n; i++) {
			const struct sketch_arrow *arrow = &r->s->arrow[i];

			if (arrow->placed || arrow->across == 0)
				continue;
			r->spoilt[i][r->choice[i]] += SPOILT;
			choose(r, i);
		}
		left = place_texts(r);
	}
	return left;
}

/* The best of the rings that were tried. */
struct best {
	double radius[2];
	size_t left, *choice;
};

static void
keep_best(struct best *best, const struct ring *r, size_t left)
{
	if (left >= best->left)
		return;
	best->left = left;
	memcpy(best->radius, r->radius, sizeof r->radius);
	memcpy(best->choice, r->choice, r->s->arrows * sizeof *r->choice);
}

static void
go_back(struct ring *r, const struct best *best)
{
	size_t i;

	memcpy(r->radius, best->radius, sizeof r->radius);
	memcpy(r->choice, best->choice, r->s->arrows * sizeof *r->choice);
	put_boxes(r);
	for (i = 0; i < r->s->arrows; i++)
		go(r, i, r->choice[i], &r->path[i]);
	place_texts(r);
}

static void
try_places(struct ring *r, struct best *best)
{
	put_boxes(r);
	if (route(r) == 0 || r->rough)
		keep_best(best, r, find_room(r));
}

/* Do some texts have no room even on the largest ring?  Then a little smaller
 * ones are tried, and no others: 148 arrows take 6 s on all of them. */
static bool
is_crowded(struct ring *r, struct best *best)
{
	double radius[2] = {r->radius[0], r->radius[1]};
	int tries, k;

	if (isinf(r->limit[0]) || isinf(r->limit[1]) || r->s->boxes < 2)
		return false;
	for (k = 0; k < 2; k++)
		r->radius[k] = most_radius(r, k);
	for (tries = 0; tries < 3 && best->left > 0; tries++) {
		try_places(r, best);
		if (best->left == 0 || best->left > r->s->arrows / 10)
			break;
		for (k = 0; k < 2; k++)
			r->radius[k] = fmax(r->radius[k] / LARGER, radius[k]);
	}
	memcpy(r->radius, radius, sizeof radius);
	return best->left < SIZE_MAX && best->left > 0;
}

/* Larger and larger, until nothing is in the way of anything. */
static enum ring_found
find_places(struct ring *r)
{
	struct best best = {.left = SIZE_MAX,
			    .choice = zeros(r->s->arrows, sizeof(size_t))};
	bool found = find_ring(r);
	int tries = 0;

	if (found && r->s->arrows > MANY && is_crowded(r, &best))
		tries = TRIES;
	else
		best.left = SIZE_MAX;
	for (; found && tries < TRIES && best.left > 0; tries++) {
		try_places(r, &best);
		if (!enlarge(r))
			break;
		if (best.left > r->s->arrows / 4)
			enlarge(r);
	}
	if (best.left < SIZE_MAX)
		go_back(r, &best);
	else
		place_texts(r);
	free(best.choice);
	return best.left == 0         ? RING_ALL
	       : best.left < SIZE_MAX ? RING_SOME_TEXTS
				      : RING_NO_ROOM;
}

static void
start_arrows(struct sketch *s)
{
	size_t i;

	for (i = 0; i < s->arrows; i++) {
		free(s->arrow[i].curve);
		s->arrow[i].n = 4;
		s->arrow[i].curve = zeros(4, sizeof *s->arrow[i].curve);
	}
}

enum ring_found
ring_lay_out(struct sketch *s, double width, double height, bool rough)
{
	struct ring r = {
		.s = s,
		.order = zeros(s->boxes, sizeof *r.order),
		.choice = zeros(s->arrows, sizeof *r.choice),
		.path = zeros(s->arrows, sizeof *r.path),
		.spoilt = zeros(s->arrows, sizeof *r.spoilt),
		.limit = {width > 0 ? width / 2 : INFINITY,
			  height > 0 ? height / 2 : INFINITY},
		.square = 1,
		.rough = rough,
	};
	enum ring_found found;
	size_t i;

	start_arrows(s);
	for (i = 0; i < s->boxes; i++)
		r.order[i] = i;
	if (s->arrows <= CROWD)
		find_order(&r);
	r.aside = 0.85 * LOOP;
	found = find_places(&r);
	if (found == RING_NO_ROOM) {
		r.aside = 0;
		found = find_places(&r);
	}
	sketch_trim(s, PAD);
	free(r.order);
	free(r.choice);
	free(r.path);
	free(r.spoilt);
	return found;
}
