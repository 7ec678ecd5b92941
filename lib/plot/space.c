#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/page.h"
#include "plot/space.h"

#define TIC 4.0     /* pixels */
#define SMALLEST 24 /* pixels: a smaller box is none */
#define SHORTEST 12 /* pixels: a shorter axis is seen from its end */
#define DEGREES (3.14159265358979323846 / 180)

void
space_look_from(struct space *s, double azimuth, double elevation)
{
	double sine = sin(azimuth * DEGREES), cosine = cos(azimuth * DEGREES);
	double up = sin(elevation * DEGREES), level = cos(elevation * DEGREES);

	s->across[0] = -sine;
	s->across[1] = cosine;
	s->up[0] = -up * cosine;
	s->up[1] = -up * sine;
	s->up[2] = level;
	s->toward[0] = level * cosine;
	s->toward[1] = level * sine;
	s->toward[2] = up;
}

void
space_look_at(struct space *s, size_t right, size_t upwards)
{
	size_t along = 3 - right - upwards;

	s->across[right] = 1;
	s->up[upwards] = 1;
	s->toward[along] = along == 1 ? -1 : 1;
}

double
space_dot(const double a[3], const double b[3])
{
	return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

double
space_reach(const struct space *s, const double v[3])
{
	double sum = 0;
	size_t k;

	for (k = 0; k < 3; k++)
		sum += fabs(v[k]) * (s->box[k].high - s->box[k].low);
	return sum;
}

double
space_squash(void)
{
	return page_length(1, 0.5);
}

void
space_place(const struct space *s, const double at[3], double xy[2])
{
	xy[0] = s->x0 + s->scale * space_dot(s->across, at);
	xy[1] = s->y0 - s->scale * space_squash() * space_dot(s->up, at);
}

/* The near or the far end of an axis of the box. */
static double
end_of(const struct space *s, size_t axis, bool near)
{
	return (s->toward[axis] >= 0) == near ? s->box[axis].high
					      : s->box[axis].low;
}

/* Both ends of the edge along an axis at these ends of the two others. */
static void
place_edge(const struct space *s, size_t axis, const bool near[2],
	   struct space_edge *e)
{
	double at[3];
	size_t i = (axis + 1) % 3, j = (axis + 2) % 3;

	at[i] = end_of(s, i, near[0]);
	at[j] = end_of(s, j, near[1]);
	at[axis] = s->box[axis].low;
	space_place(s, at, e->from);
	at[axis] = s->box[axis].high;
	space_place(s, at, e->to);
}

static void
place_middle(const struct space *s, double xy[2])
{
	double at[3];
	size_t k;

	for (k = 0; k < 3; k++)
		at[k] = s->box[k].low / 2 + s->box[k].high / 2;
	space_place(s, at, xy);
}

/* At a right angle to the edge, away from the middle of the box. */
static void
point_out(const struct space *s, struct space_edge *e)
{
	double along[2] = {e->to[0] - e->from[0], e->to[1] - e->from[1]};
	double length = hypot(along[0], along[1]), middle[2], side;

	e->seen = length >= page_length(SHORTEST, 2);
	if (!e->seen)
		return;
	place_middle(s, middle);
	e->out[0] = -along[1] / length;
	e->out[1] = along[0] / length;
	side = (e->from[0] - middle[0]) * e->out[0] +
	       (e->from[1] - middle[1]) * e->out[1];
	if (side < 0) {
		e->out[0] = -e->out[0];
		e->out[1] = -e->out[1];
	}
}

/* An axis is drawn on an edge of the outline: x and y below, z on the left. */
static void
find_edge(struct space *s, size_t axis)
{
	static const bool outline[2][2] = {{true, false}, {false, true}};
	struct space_edge e[2];
	size_t direction = axis == 2 ? 0 : 1;
	double away;

	place_edge(s, axis, outline[0], &e[0]);
	place_edge(s, axis, outline[1], &e[1]);
	away = e[1].from[direction] - e[0].from[direction];
	s->edge[axis] = (axis == 2 ? -away : away) > 1e-6 ? e[1] : e[0];
	point_out(s, &s->edge[axis]);
}

static bool
clash(const struct space_caption *a, const struct space_caption *b)
{
	double room = page_length(3, 1);

	return fabs(a->x - b->x) < (a->width + b->width) / 2 + room &&
	       fabs(a->y - b->y) < (a->height + b->height) / 2;
}

static bool
is_free(const struct space *s, const struct space_caption *c)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (clash(&s->caption[i], c))
			return false;
	return true;
}

static void
place_on(const struct space_edge *e, double fraction, double xy[2])
{
	xy[0] = e->from[0] + fraction * (e->to[0] - e->from[0]);
	xy[1] = e->from[1] + fraction * (e->to[1] - e->from[1]);
}

/* How much of a text lies in the direction that an edge points out. */
static double
depth_of(const struct space_edge *e, const struct space_caption *c)
{
	return fabs(e->out[0]) * c->width + fabs(e->out[1]) * c->height;
}

/* A text that begins so far out from a point of the edge. */
static struct space_caption
caption_at(const struct space *s, const struct space_edge *e, double fraction,
	   const char *text, double far)
{
	struct space_caption c = {.width = plot_text_width(text, s->type),
				  .height = plot_text_height(text, s->type),
				  .text = text};
	double at[2];

	place_on(e, fraction, at);
	far += depth_of(e, &c) / 2;
	c.x = at[0] + far * e->out[0];
	c.y = at[1] + far * e->out[1];
	return c;
}

static struct space_caption
tic_caption(const struct space *s, size_t axis, size_t i)
{
	const struct axis *a = &s->box[axis];

	return caption_at(s, &s->edge[axis], axis_place(a, a->tics.at[i]),
			  a->tics.text[i], page_length(TIC + 3, 1));
}

/* The roundest number near the middle. */
static void
add_middle_tic(struct axis *a)
{
	double middle = a->low / 2 + a->high / 2;
	size_t i, best = 0;

	axis_set_tics(a, 3);
	for (i = 1; i < a->tics.n; i++)
		if (fabs(a->tics.at[i] - middle) <
		    fabs(a->tics.at[best] - middle))
			best = i;
	a->tics.at[0] = a->tics.at[best];
	memmove(a->tics.text[0], a->tics.text[best], AXIS_TIC_TEXT);
	a->tics.n = 1;
}

/* As many tics as do not run into each other, or one in the middle. */
static void
choose_tics(struct space *s, size_t axis)
{
	struct axis_tics *t = &s->box[axis].tics;
	size_t most = 7, i;

	t->n = 0;
	while (s->edge[axis].seen && most >= 1) {
		bool good;

		axis_limit_tics(&s->box[axis], (double)most--);
		good = t->at[0] != s->box[axis].low; /* not just both ends */
		for (i = 1; i < t->n; i++) {
			struct space_caption a = tic_caption(s, axis, i - 1);
			struct space_caption b = tic_caption(s, axis, i);

			good &= !clash(&a, &b);
		}
		if (good)
			return;
		t->n = 0;
	}
	if (s->edge[axis].seen)
		add_middle_tic(&s->box[axis]);
}

/* What an axis is stands beyond its tics, or between them where they leave
 * room.
 */
static void
add_name(struct space *s, size_t axis)
{
	const struct space_edge *e = &s->edge[axis];
	double far = page_length(TIC + 3, 1);
	struct space_caption c;

	if (!e->seen)
		return;
	do {
		c = caption_at(s, e, 0.5, s->name[axis], far);
		far += page_length(2, 1);
	} while (!is_free(s, &c));
	s->caption[s->n++] = c;
}

static void
add_tics(struct space *s, size_t axis)
{
	size_t i;

	for (i = 0; i < s->box[axis].tics.n; i++) {
		struct space_caption c = tic_caption(s, axis, i);

		if (is_free(s, &c))
			s->caption[s->n++] = c;
	}
}

/* Place all that stands around the box, at its scale. */
static void
place_captions(struct space *s)
{
	size_t axis;

	s->n = 0;
	for (axis = 0; axis < 3; axis++) {
		find_edge(s, axis);
		choose_tics(s, axis);
		add_tics(s, axis);
	}
	for (axis = 0; axis < 3; axis++)
		add_name(s, axis);
}

/* What all of it takes up: low and high, across and down. */
static void
measure(const struct space *s, double low[2], double high[2])
{
	double middle[2];
	double half[2] = {s->scale * space_reach(s, s->across) / 2,
			  s->scale * space_squash() * space_reach(s, s->up) /
				  2};
	size_t i, k;

	place_middle(s, middle);
	for (k = 0; k < 2; k++) {
		low[k] = middle[k] - half[k];
		high[k] = middle[k] + half[k];
	}
	for (i = 0; i < s->n; i++) {
		const struct space_caption *c = &s->caption[i];

		low[0] = fmin(low[0], c->x - c->width / 2);
		high[0] = fmax(high[0], c->x + c->width / 2);
		low[1] = fmin(low[1], c->y - c->height / 2);
		high[1] = fmax(high[1], c->y + c->height / 2);
	}
}

/* Places all at a scale, in the middle of the area; false if it does not fit.
 * What would do is in need. */
static bool
try_scale(struct space *s, double scale)
{
	double low[2], high[2];
	bool fits;

	s->scale = scale;
	place_captions(s);
	measure(s, low, high);
	fits = high[0] - low[0] <= s->width && high[1] - low[1] <= s->height;
	s->need[0] = fmax(s->width, high[0] - low[0]);
	s->need[1] = fmax(s->height, high[1] - low[1]);
	s->x0 += (s->width - low[0] - high[0]) / 2;
	s->y0 += (s->height - low[1] - high[1]) / 2;
	return fits;
}

/* Which texts there are, and so the room that they take around the box, jumps
 * with its scale: the largest is looked for from above. */
bool
space_fit(struct space *s)
{
	double across = space_reach(s, s->across);
	double up = space_squash() * space_reach(s, s->up);
	double least = page_length(SMALLEST, 4) / fmax(across, up);
	double scale = fmin(s->width / across, s->height / up);

	while (!try_scale(s, scale *= 0.99))
		if (scale < least) {
			try_scale(s, 2 * least);
			return false;
		}
	place_captions(s);
	return true;
}

/* ---- Drawing ---- */

/* Where the area is on the page. */
struct corner {
	double left, top;
};

static void
put_stroke(struct plot *p, struct corner o, const double from[2],
	   const double to[2], const char *colour)
{
	page_say_stroke(p, (double[]){o.left + from[0], o.top + from[1]},
			(double[]){o.left + to[0], o.top + to[1]});
	if (plot_is_text())
		plot_say(p, "back linetype 0\n");
	else
		plot_say(p, "back linewidth 1 linecolor \"%s\"\n", colour);
}

/* The lines of an axis' tics on both far sides that it is on. */
static void
put_grid(struct plot *p, const struct space *s, struct corner o, size_t axis)
{
	const struct axis *a = &s->box[axis];
	double at[3], from[2], to[2];
	size_t i, side;

	for (i = 0; i < a->tics.n; i++)
		for (side = 1; side <= 2; side++) {
			size_t far = (axis + side) % 3;
			size_t along = (axis + 3 - side) % 3;

			at[axis] = a->tics.at[i];
			at[far] = end_of(s, far, false);
			at[along] = s->box[along].low;
			space_place(s, at, from);
			at[along] = s->box[along].high;
			space_place(s, at, to);
			put_stroke(p, o, from, to, "#e0e0e0");
		}
}

/* The edges of the far sides. */
static void
put_edges(struct plot *p, const struct space *s, struct corner o, size_t axis)
{
	struct space_edge e;
	int i;

	for (i = s->open ? 1 : 0; i < 3; i++) {
		const bool near[2] = {i == 1, i == 2};

		place_edge(s, axis, near, &e);
		put_stroke(p, o, e.from, e.to, i ? "#606060" : "#b0b0b0");
	}
}

static void
put_tics(struct plot *p, const struct space *s, struct corner o, size_t axis)
{
	const struct axis *a = &s->box[axis];
	const struct space_edge *e = &s->edge[axis];
	double from[2], to[2];
	size_t i;

	for (i = 0; i < a->tics.n; i++) {
		place_on(e, axis_place(a, a->tics.at[i]), from);
		to[0] = from[0] + TIC * e->out[0];
		to[1] = from[1] + TIC * e->out[1];
		put_stroke(p, o, from, to, "#606060");
	}
}

void
space_put(struct plot *p, const struct space *s, double left, double top)
{
	struct corner o = {left, top};
	size_t axis, i;

	for (axis = 0; axis < 3 && !plot_is_text(); axis++)
		put_grid(p, s, o, axis);
	for (axis = 0; axis < 3; axis++)
		put_edges(p, s, o, axis);
	for (axis = 0; axis < 3 && !plot_is_text(); axis++)
		put_tics(p, s, o, axis);
	for (i = 0; i < s->n; i++) {
		struct page_spot at = {.x = left + s->caption[i].x,
				       .y = top + s->caption[i].y,
				       .side = "center",
				       .type = s->type};

		page_label(p, at, s->caption[i].text);
	}
}
