/* plot-positions -- draw where cells are, and how they are turned
 *
 * The projection is worked out here rather than by gnuplot's splot, which has
 * no equal scales for a box that is not a cube, does not know what hides what,
 * and lets labels run into each other.  It is orthographic: a micrometre is as
 * long in front as it is behind.
 *
 * Cells are drawn in slabs from the far side to the near one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opt.h"
#include "plot/columns.h"
#include "plot/dots.h"
#include "plot/panels.h"
#include "rows.h"

#define TIC 4.0   /* pixels */
#define THIN 0.08 /* of the widest axis: no axis is shorter */
#define ROOM 0.03
#define FARTHEST 1e100 /* um */
#define ALONE 20.0     /* um: the box of one cell */
#define BARB "0.35"    /* radians between an arrow and its barbs */
#define SHORTEST 12    /* pixels: a shorter axis is seen from its end */
#define DEGREES (3.14159265358979323846 / 180)

struct soma {
	double at[3], arrow[3]; /* um */
	double depth;           /* towards the eye, um */
	size_t group, row;
};

/* The columns of a rotation, NO_COLUMN where there is none. */
struct turning {
	size_t angle[3], quaternion[4];
	bool angles, quaternions, warned;
};

struct somata {
	struct soma *cell;
	size_t n, cap;
	size_t total, nowhere; /* rows, and those without a position */
	struct split groups;
	struct axis box[3]; /* what has to be seen */
};

/* Unit vectors to the right, upwards, and out of the picture. */
struct view {
	double across[3], up[3], toward[3];
};

/* Where a place goes, in pixels or characters from the upper left corner of the
 * area. */
struct sheet {
	double scale;  /* pixels in a micrometre */
	double squash; /* a character is twice as high as it is wide */
	double x0, y0; /* where the origin goes */
	double width, height;
};

static const char *group_list;
static bool arrows;
static int64_t every = 1, most_cells = INT64_MAX;
static double arrow_length, head = 0.25, eye[2] = {-60, 30};
static unsigned turned_axis = 1, plane; /* 0: none */
static struct view view;

static const char *const axes[] = {"x", "y", "z"};

/* To the right, upwards, and the axis that is looked along. */
static const size_t plane_axes[][3] = {
	{3, 3, 3}, {0, 1, 2}, {0, 2, 1}, {1, 2, 0}};

static const struct opt opts[] = {
	OPT_STR('g', "group", "columns", &group_list,
		"colour cells by these columns (pop_name)"),
	OPT_INT_IN(0, "every", "n", &every, "[1,inf)",
		   "draw the first of every n cells"),
	OPT_INT_IN(0, "max-cells", "n", &most_cells, "[1,inf)",
		   "draw at most n cells, as many of each group as is its "
		   "share"),
	OPT_PAIR(0, "view", "azimuth,elevation", eye, "[-360,360] [-90,90]",
		 "look from there, in degrees (-60,30)"),
	OPT_WORD(0, "project", "plane", &plane, "|xy|xz|yz",
		 "draw on this plane instead"),
	OPT_FLAG(0, "arrows", &arrows, "draw how cells are turned"),
	OPT_WORD(0, "axis", "letter", &turned_axis, "x|y|z",
		 "arrows are this axis of the cells"),
	OPT_NUM_IN(0, "length", "um", &arrow_length, "(0,inf)",
		   "how long arrows are (a tenth of the network)"),
	OPT_NUM_IN(0, "head", "ratio", &head, "(0,inf)",
		   "how much of an arrow its head is (0.25)"),
	OPT_EXCLUDE("view project"),
	OPT_NEEDS("axis length head", "arrows"),
	OPT_TABLE(plot_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "draw where cells are, and how they are turned",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* ---- The view ---- */

/* Angles as Matplotlib has them: the azimuth goes from x to y, the elevation
 * from their plane to z. */
static struct view
look_from(double azimuth, double elevation)
{
	double s = sin(azimuth * DEGREES), c = cos(azimuth * DEGREES);
	double up = sin(elevation * DEGREES), level = cos(elevation * DEGREES);

	return (struct view){
		.across = {-s, c, 0},
		.up = {-up * c, -up * s, level},
		.toward = {level * c, level * s, up},
	};
}

/* Seen from where its axes are as one is used to; that of x and z from -y. */
static struct view
look_at_plane(const size_t axis[3])
{
	struct view v = {0};

	v.across[axis[0]] = 1;
	v.up[axis[1]] = 1;
	v.toward[axis[2]] = axis[2] == 1 ? -1 : 1;
	return v;
}

/* ---- Rotations ---- */

static struct turning
find_turning(const struct rows *in)
{
	static const char *const angles[] = {"rotation_angle_xaxis",
					     "rotation_angle_yaxis",
					     "rotation_angle_zaxis"};
	static const char *const parts[] = {"orientation_w", "orientation_x",
					    "orientation_y", "orientation_z"};
	struct turning t = {0};
	size_t k;

	for (k = 0; k < LEN(angles); k++) {
		t.angle[k] = rows_find(in, angles[k]);
		t.angles |= t.angle[k] != NO_COLUMN;
	}
	for (k = 0; k < LEN(parts); k++) {
		t.quaternion[k] = rows_find(in, parts[k]);
		t.quaternions |= t.quaternion[k] != NO_COLUMN;
	}
	for (k = 0; t.quaternions && k < LEN(parts); k++)
		rows_column(in, parts[k]);
	if (!t.angles && !t.quaternions)
		die("%s: no rotations: neither '%s' nor '%s'", in->path,
		    angles[1], parts[0]);
	return t;
}

/* About one of the axes, from the next one to the one after it. */
static void
rotate(double v[3], size_t axis, double angle)
{
	size_t i = (axis + 1) % 3, j = (axis + 2) % 3;
	double vi = v[i], vj = v[j], s = sin(angle), c = cos(angle);

	v[i] = c * vi - s * vj;
	v[j] = s * vi + c * vj;
}

static void
cross(const double a[3], const double b[3], double out[3])
{
	size_t i;

	for (i = 0; i < 3; i++)
		out[i] = a[(i + 1) % 3] * b[(i + 2) % 3] -
			 a[(i + 2) % 3] * b[(i + 1) % 3];
}

/* By the quaternion (w, q): v + 2 w (q x v) + 2 q x (q x v). */
static void
turn(double v[3], double w, const double q[3])
{
	double once[3], twice[3];
	size_t i;

	cross(q, v, once);
	cross(q, once, twice);
	for (i = 0; i < 3; i++)
		v[i] += 2 * (w * once[i] + twice[i]);
}

/* The cell's quaternion, made to be of length 1; false if it has none. */
static bool
read_quaternion(const struct rows *in, const struct turning *t, double q[4])
{
	double square = 0;
	size_t k, missing = 0;

	for (k = 0; k < 4; k++) {
		q[k] = columns_value(in, t->quaternion[k]);
		missing += isnan(q[k]) ? 1 : 0;
		square += q[k] * q[k];
	}
	if (missing == 4)
		return false;
	if (missing > 0)
		rows_bad(in, t->quaternion[0],
			 "part of a quaternion is missing");
	if (!(square > 0) || !isfinite(square))
		rows_bad(in, t->quaternion[0], "quaternion of no length");
	for (k = 0; k < 4; k++)
		q[k] /= sqrt(square);
	return true;
}

/* The chosen axis of the cell in the world: R = Rx(a) Ry(b) Rz(c), a missing
 * angle is 0; or by the quaternion, if there is one. */
static void
read_arrow(const struct rows *in, struct turning *t, double v[3])
{
	double q[4], angle[3];
	bool turned = false;
	size_t k;

	v[turned_axis] = 1;
	for (k = 0; k < 3; k++) {
		angle[k] = columns_value(in, t->angle[k]);
		turned |= !isnan(angle[k]);
	}
	if (read_quaternion(in, t, q)) {
		if (turned && !t->warned)
			warn("%s:%zu: both angles and a quaternion: the "
			     "quaternion counts",
			     in->path, in->line);
		t->warned |= turned;
		turn(v, q[0], q + 1);
		return;
	}
	for (k = 3; k-- > 0;)
		if (!isnan(angle[k]))
			rotate(v, k, angle[k]);
}

/* ---- The table ---- */

/* The columns of the position; on a plane, the third may be missing. */
static void
find_positions(const struct rows *in, size_t column[3])
{
	size_t spare = plane_axes[plane][2], k;

	for (k = 0; k < 3; k++)
		column[k] = k == spare ? rows_find(in, axes[k])
				       : rows_column(in, axes[k]);
}

/* False if the cell has none. */
static bool
read_position(const struct rows *in, const size_t column[3], double at[3])
{
	bool known = true;
	size_t k;

	for (k = 0; k < 3; k++) {
		at[k] = columns_value(in, column[k]);
		if (!isnan(at[k]))
			continue;
		known &= k == plane_axes[plane][2];
		at[k] = 0;
	}
	return known;
}

static void
read_table(struct somata *t, const char *path)
{
	struct turning turning = {0};
	struct rows in;
	size_t column[3];

	rows_open(&in, path);
	find_positions(&in, column);
	if (arrows)
		turning = find_turning(&in);
	if (group_list || rows_find(&in, "pop_name") != NO_COLUMN)
		split_by(&t->groups, &in, group_list ? group_list : "pop_name");
	while (rows_next(&in)) {
		struct soma c = {.group = split_row(&t->groups, &in),
				 .row = t->total};
		bool known = read_position(&in, column, c.at);

		if (arrows)
			read_arrow(&in, &turning, c.arrow);
		t->nowhere += known ? 0 : 1;
		if (t->total++ % (uint64_t)every || !known)
			continue;
		t->cell = grow(t->cell, &t->cap, t->n + 1, sizeof c);
		t->cell[t->n++] = c;
	}
	if (t->nowhere > 0)
		warn("%s: cells without a position, which are left out: %zu",
		     in.path, t->nowhere);
	rows_close(&in);
}

static size_t
count_groups(const struct somata *t)
{
	return t->groups.n ? t->groups.seen.n : 1;
}

/* Say how many of the cells there are, and of which groups there are none. */
static void
confess(const struct somata *t, size_t n, const size_t *kept)
{
	char *without = NULL;
	size_t i;

	for (i = 0; i < t->groups.seen.n; i++)
		if (kept[i] == 0)
			without = join(without, t->groups.text[i].flat);
	warn("--max-cells: %zu of %zu cells are drawn%s%s", t->n, n,
	     without ? ", none of: " : "", without ? without : "");
	free(without);
}

/* Take as many of the cells as there may be, one group after the other, at
 * equal steps. */
static void
thin_out(struct somata *t)
{
	size_t groups = count_groups(t), n = t->n, i, left = 0;
	size_t *begin = zeros(groups + 1, sizeof *begin);
	size_t *kept = zeros(groups, sizeof *kept);
	uint64_t most = (uint64_t)most_cells;

	for (i = 0; i < n; i++)
		begin[t->cell[i].group + 1]++;
	for (i = 0; i < groups; i++)
		begin[i + 1] += begin[i];
	for (i = 0; i < n; i++) {
		size_t group = t->cell[i].group, k = begin[group]++;

		if ((k + 1) * most / n == k * most / n)
			continue;
		kept[group]++;
		t->cell[left++] = t->cell[i];
	}
	t->n = left;
	confess(t, n, kept);
	free(begin);
	free(kept);
}

/* ---- The box ---- */

static double
widest(const struct axis box[3])
{
	double most = 0;
	size_t k;

	for (k = 0; k < 3; k++)
		most = fmax(most, box[k].high - box[k].low);
	return most;
}

static void
take_arrows(struct somata *t)
{
	double most = widest(t->box);
	size_t i, k;

	if (!opt_given(&arrow_length))
		arrow_length = most > 0 ? most / 10 : 10;
	for (i = 0; i < t->n; i++)
		for (k = 0; k < 3; k++) {
			struct soma *c = &t->cell[i];

			c->arrow[k] *= arrow_length;
			axis_take(&t->box[k], c->at[k] + c->arrow[k]);
		}
}

/* Room on both sides of the cells; a layer of them is a thin box, no plane. */
static void
add_room(struct axis *a, double least)
{
	double range = a->high - a->low, middle = a->low / 2 + a->high / 2;
	double half = fmax(range, least) * (0.5 + ROOM);

	axis_take(a, middle - half);
	axis_take(a, middle + half);
}

static void
make_box(struct somata *t)
{
	double most;
	size_t i, k;

	for (i = 0; i < t->n; i++)
		for (k = 0; k < 3; k++)
			axis_take(&t->box[k], t->cell[i].at[k]);
	if (arrows)
		take_arrows(t);
	most = widest(t->box);
	if (!(most < FARTHEST))
		die("cells too far apart: %g um", most);
	for (k = 0; k < 3; k++) {
		if (t->n > 0)
			add_room(&t->box[k], most > 0 ? THIN * most : ALONE);
		axis_settle(&t->box[k], 0);
	}
}

static double
dot(const double a[3], const double b[3])
{
	return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* How far the box reaches in a direction. */
static double
reach(const struct axis box[3], const double v[3])
{
	double sum = 0;
	size_t k;

	for (k = 0; k < 3; k++)
		sum += fabs(v[k]) * (box[k].high - box[k].low);
	return sum;
}

static double
pixels(double pixels, double characters)
{
	return plot_is_text() ? characters : pixels;
}

static void
place(const struct sheet *s, const double at[3], double xy[2])
{
	xy[0] = s->x0 + s->scale * dot(view.across, at);
	xy[1] = s->y0 - s->scale * s->squash * dot(view.up, at);
}

/* ---- The frame of a picture in three dimensions ---- */

/* A text beside an axis. */
struct caption {
	double x, y; /* its middle */
	double width, height;
	const char *text;
	bool shown;
};

/* The edge of the box that an axis is drawn on. */
struct edge {
	double from[2], to[2];
	double out[2]; /* away from the box */
	bool seen;
};

#define MOST_CAPTIONS (3 * (AXIS_MAX_TICS + 1))

struct frame {
	struct axis *box;
	struct sheet sheet;
	struct edge edge[3];
	struct caption caption[MOST_CAPTIONS];
	size_t n;
	double type;
};

/* The near or the far end of an axis of the box. */
static double
end_of(const struct axis box[3], size_t axis, bool near)
{
	return (view.toward[axis] >= 0) == near ? box[axis].high
						: box[axis].low;
}

/* Both ends of the edge along an axis at these ends of the two others. */
static void
place_edge(const struct frame *f, size_t axis, const bool near[2],
	   struct edge *e)
{
	double at[3];
	size_t i = (axis + 1) % 3, j = (axis + 2) % 3;

	at[i] = end_of(f->box, i, near[0]);
	at[j] = end_of(f->box, j, near[1]);
	at[axis] = f->box[axis].low;
	place(&f->sheet, at, e->from);
	at[axis] = f->box[axis].high;
	place(&f->sheet, at, e->to);
}

static void
place_middle(const struct frame *f, double xy[2])
{
	double at[3];
	size_t k;

	for (k = 0; k < 3; k++)
		at[k] = f->box[k].low / 2 + f->box[k].high / 2;
	place(&f->sheet, at, xy);
}

/* At a right angle to the edge, away from the middle of the box. */
static void
point_out(const struct frame *f, struct edge *e)
{
	double along[2] = {e->to[0] - e->from[0], e->to[1] - e->from[1]};
	double length = hypot(along[0], along[1]), middle[2], side;

	e->seen = length >= pixels(SHORTEST, 2);
	if (!e->seen)
		return;
	place_middle(f, middle);
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
find_edge(struct frame *f, size_t axis)
{
	static const bool outline[2][2] = {{true, false}, {false, true}};
	struct edge e[2];
	size_t direction = axis == 2 ? 0 : 1;
	double away;

	place_edge(f, axis, outline[0], &e[0]);
	place_edge(f, axis, outline[1], &e[1]);
	away = e[1].from[direction] - e[0].from[direction];
	f->edge[axis] = (axis == 2 ? -away : away) > 1e-6 ? e[1] : e[0];
	point_out(f, &f->edge[axis]);
}

static bool
clash(const struct caption *a, const struct caption *b)
{
	double room = pixels(3, 1);

	return fabs(a->x - b->x) < (a->width + b->width) / 2 + room &&
	       fabs(a->y - b->y) < (a->height + b->height) / 2;
}

static bool
is_free(const struct frame *f, const struct caption *c)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (clash(&f->caption[i], c))
			return false;
	return true;
}

/* A text that begins so far out from a point of the edge. */
static struct caption
caption_at(const struct frame *f, const struct edge *e, double fraction,
	   const char *text, double far)
{
	struct caption c = {.width = plot_text_width(text, f->type),
			    .height = plot_text_height(text, f->type),
			    .text = text};

	far += fabs(e->out[0]) * c.width / 2 + fabs(e->out[1]) * c.height / 2;
	c.x = e->from[0] + fraction * (e->to[0] - e->from[0]) + far * e->out[0];
	c.y = e->from[1] + fraction * (e->to[1] - e->from[1]) + far * e->out[1];
	return c;
}

static struct caption
tic_caption(const struct frame *f, size_t axis, size_t i)
{
	const struct axis *a = &f->box[axis];

	return caption_at(f, &f->edge[axis], axis_place(a, a->tics.at[i]),
			  a->tics.text[i], pixels(TIC + 3, 1));
}

static void
add_middle_tic(struct axis *a)
{
	double middle = a->low / 2 + a->high / 2;
	char *text = plot_readable(middle);

	snprintf(a->tics.text[0], AXIS_TIC_TEXT, "%s", text);
	a->tics.at[0] = middle;
	a->tics.n = 1;
	free(text);
}

/* As many tics as do not run into each other, or one in the middle. */
static void
choose_tics(struct frame *f, size_t axis)
{
	struct axis_tics *t = &f->box[axis].tics;
	size_t most = 7, i;

	t->n = 0;
	while (f->edge[axis].seen && most >= 1) {
		bool good;

		axis_limit_tics(&f->box[axis], (double)most--);
		good = t->at[0] != f->box[axis].low; /* not just both ends */
		for (i = 1; i < t->n; i++) {
			struct caption a = tic_caption(f, axis, i - 1);
			struct caption b = tic_caption(f, axis, i);

			good &= !clash(&a, &b);
		}
		if (good)
			return;
		t->n = 0;
	}
	if (f->edge[axis].seen)
		add_middle_tic(&f->box[axis]);
}

static void
add_caption(struct frame *f, struct caption c)
{
	f->caption[f->n++] = c;
}

/* What an axis is stands beyond its tics, further out if that is taken. */
static void
add_name(struct frame *f, size_t axis)
{
	static const char *const names[] = {"x (um)", "y (um)", "z (um)"};
	const struct edge *e = &f->edge[axis];
	double far = 0;
	struct caption c;
	size_t i;

	if (!e->seen)
		return;
	for (i = 0; i < f->box[axis].tics.n; i++) {
		c = tic_caption(f, axis, i);
		far = fmax(far, fabs(e->out[0]) * c.width +
					fabs(e->out[1]) * c.height);
	}
	far += pixels(TIC + 3 + PAGE_GAP, 1);
	do {
		c = caption_at(f, e, 0.5, names[axis], far);
		far += pixels(4, 1);
	} while (!is_free(f, &c));
	add_caption(f, c);
}

/* Place all of the frame at its scale. */
static void
make_frame(struct frame *f)
{
	size_t axis, i;

	f->n = 0;
	for (axis = 0; axis < 3; axis++) {
		find_edge(f, axis);
		choose_tics(f, axis);
		add_name(f, axis);
	}
	for (axis = 0; axis < 3; axis++)
		for (i = 0; i < f->box[axis].tics.n; i++) {
			struct caption c = tic_caption(f, axis, i);

			if (is_free(f, &c))
				add_caption(f, c);
		}
}

/* What the frame takes up: low and high, across and down. */
static void
measure_frame(const struct frame *f, double low[2], double high[2])
{
	const struct sheet *s = &f->sheet;
	double middle[2];
	double half[2] = {s->scale * reach(f->box, view.across) / 2,
			  s->scale * s->squash * reach(f->box, view.up) / 2};
	size_t i, k;

	place_middle(f, middle);
	for (k = 0; k < 2; k++) {
		low[k] = middle[k] - half[k];
		high[k] = middle[k] + half[k];
	}
	for (i = 0; i < f->n; i++) {
		const struct caption *c = &f->caption[i];

		low[0] = fmin(low[0], c->x - c->width / 2);
		high[0] = fmax(high[0], c->x + c->width / 2);
		low[1] = fmin(low[1], c->y - c->height / 2);
		high[1] = fmax(high[1], c->y + c->height / 2);
	}
}

/* As large as the area allows: what the texts take around the box changes
 * little with its scale, so that this is soon found. */
static void
fit_frame(struct frame *f)
{
	struct sheet *s = &f->sheet;
	double across = reach(f->box, view.across), low[2], high[2];
	double up = s->squash * reach(f->box, view.up);
	int i;

	s->scale = 0.7 * fmin(s->width / across, s->height / up);
	for (i = 0; i < 8; i++) {
		make_frame(f);
		measure_frame(f, low, high);
		s->x0 += (s->width - low[0] - high[0]) / 2;
		s->y0 += (s->height - low[1] - high[1]) / 2;
		if (i == 7)
			break;
		s->scale = fmin((s->width - (high[0] - low[0])) / across,
				(s->height - (high[1] - low[1])) / up) +
			   s->scale;
		if (!(s->scale > 0))
			die("--size: too small for the names of the axes");
	}
	make_frame(f);
}

/* ---- Drawing ---- */

static void
put_stroke(struct plot *p, const struct panels *f, const double from[2],
	   const double to[2], const char *colour)
{
	double left = f->area_left, top = f->area_top;

	plot_say(p, "set arrow from screen %.6f, screen %.6f ",
		 (left + from[0]) / p->width, 1 - (top + from[1]) / p->height);
	plot_say(p, "to screen %.6f, screen %.6f nohead back ",
		 (left + to[0]) / p->width, 1 - (top + to[1]) / p->height);
	if (plot_is_text())
		plot_say(p, "linetype 0\n");
	else
		plot_say(p, "linewidth 1 linecolor \"%s\"\n", colour);
}

/* The lines of an axis' tics on both far sides that it is on. */
static void
put_grid(struct plot *p, const struct panels *f, const struct frame *g,
	 size_t axis)
{
	const struct axis *a = &g->box[axis];
	double at[3], from[2], to[2];
	size_t i, side;

	for (i = 0; i < a->tics.n; i++)
		for (side = 1; side <= 2; side++) {
			size_t far = (axis + side) % 3;
			size_t along = (axis + 3 - side) % 3;

			at[axis] = a->tics.at[i];
			at[far] = end_of(g->box, far, false);
			at[along] = g->box[along].low;
			place(&g->sheet, at, from);
			at[along] = g->box[along].high;
			place(&g->sheet, at, to);
			put_stroke(p, f, from, to, "#e0e0e0");
		}
}

/* The edges of the far sides. */
static void
put_edges(struct plot *p, const struct panels *f, const struct frame *g,
	  size_t axis)
{
	struct edge e;
	int i;

	for (i = 0; i < 3; i++) {
		const bool near[2] = {i == 1, i == 2};

		if (i == 0 && plot_is_text() && f->panel[0].empty)
			continue; /* it would hide "no data" */
		place_edge(g, axis, near, &e);
		put_stroke(p, f, e.from, e.to, i ? "#606060" : "#b0b0b0");
	}
}

static void
put_tics(struct plot *p, const struct panels *f, const struct frame *g,
	 size_t axis)
{
	const struct axis *a = &g->box[axis];
	const struct edge *e = &g->edge[axis];
	double from[2], to[2];
	size_t i, k;

	for (i = 0; i < a->tics.n; i++) {
		double at = axis_place(a, a->tics.at[i]);

		for (k = 0; k < 2; k++) {
			from[k] = e->from[k] + at * (e->to[k] - e->from[k]);
			to[k] = from[k] + TIC * e->out[k];
		}
		put_stroke(p, f, from, to, "#606060");
	}
}

static void
put_frame(struct plot *p, const struct panels *f, const struct frame *g)
{
	size_t axis, i;

	for (axis = 0; axis < 3 && !plot_is_text(); axis++)
		put_grid(p, f, g, axis);
	for (axis = 0; axis < 3; axis++)
		put_edges(p, f, g, axis);
	for (axis = 0; axis < 3 && !plot_is_text(); axis++)
		put_tics(p, f, g, axis);
	for (i = 0; i < g->n; i++) {
		struct page_spot at = {.x = f->area_left + g->caption[i].x,
				       .y = f->area_top + g->caption[i].y,
				       .side = "center",
				       .type = g->type};

		page_label(p, at, g->caption[i].text);
	}
}

static int
by_depth(const void *a, const void *b)
{
	const struct soma *x = a, *y = b;

	if (x->depth != y->depth)
		return x->depth < y->depth ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* Slabs from the far side to the near one; in each, a group stays together. */
static void
make_dots(struct somata *t, const struct sheet *s, struct dots *d)
{
	struct axis depth = {0};
	size_t i;

	for (i = 0; i < t->n; i++) {
		t->cell[i].depth = dot(view.toward, t->cell[i].at);
		axis_take(&depth, t->cell[i].depth);
	}
	axis_settle(&depth, 0);
	if (t->n > 0)
		qsort(t->cell, t->n, sizeof *t->cell, by_depth);
	for (i = 0; i < t->n; i++) {
		const struct soma *c = &t->cell[i];
		double far = axis_place(&depth, c->depth), xy[2];

		place(s, c->at, xy);
		dots_add(d, &(struct dot){
				    .x = xy[0],
				    .y = xy[1],
				    .layer = (size_t)((DOT_LAYERS - 1) * far),
				    .group = c->group,
				    .item = i,
			    });
	}
	dots_settle(d);
}

static void
put_numbers(struct plot *p, const double v[3])
{
	size_t k;

	for (k = 0; k < 3; k++) {
		plot_num(p, v[k]);
		plot_say(p, " ");
	}
}

/* x, y, z, kind of point, colour. */
static void
put_cells(struct plot *p, const struct somata *t, const struct dots *d)
{
	size_t i;

	plot_say(p, "$cells << EOD\n");
	for (i = 0; i < d->n; i++) {
		if (d->dot[i].hidden)
			continue;
		put_numbers(p, t->cell[d->dot[i].item].at);
		dots_put(p, d, i);
	}
	plot_say(p, "EOD\n");
}

/* x, y, z, the arrow, colour. */
static void
put_arrows(struct plot *p, const struct somata *t, const struct dots *d)
{
	size_t i;

	plot_say(p, "$arrows << EOD\n");
	for (i = 0; i < t->n; i++) {
		put_numbers(p, t->cell[i].at);
		put_numbers(p, t->cell[i].arrow);
		plot_say(p, "%u\n", (unsigned)d->look[t->cell[i].group].colour);
	}
	plot_say(p, "EOD\n");
}

static void
put_direction(struct plot *p, const char *name, const double v[3])
{
	static const char *const signs[] = {"*x + ", "*y + ", "*z\n"};
	size_t k;

	plot_say(p, "%s(x, y, z) = ", name);
	for (k = 0; k < 3; k++) {
		plot_num(p, v[k]);
		plot_say(p, "%s", signs[k]);
	}
}

/* A barb of each head, on one of its sides. */
static void
say_barbs(struct plot *p, const char *sign, const char *other)
{
	plot_say(p,
		 "$arrows using "
		 "(across($1+$4, $2+$5, $3+$6)):(up($1+$4, $2+$5, $3+$6)):"
		 "(-head*(across($4, $5, $6)*cos(barb) %s up($4, $5, "
		 "$6)*sin(barb))):(-head*(up($4, $5, $6)*cos(barb) %s "
		 "across($4, $5, $6)*sin(barb))):7 ",
		 sign, other);
	plot_say(p, "with vectors nohead linewidth 1 linecolor rgb variable "
		    "notitle, \\\n     ");
}

static void
say_arrows(struct plot *p)
{
	plot_say(p, "$arrows using (across($1, $2, $3)):(up($1, $2, $3)):"
		    "(across($4, $5, $6)):(up($4, $5, $6)):7 "
		    "with vectors nohead ");
	if (plot_is_text()) {
		plot_say(p, "linetype 1 notitle, \\\n     ");
		return;
	}
	plot_say(p, "linewidth 1 linecolor rgb variable notitle, \\\n     ");
	say_barbs(p, "-", "+");
	say_barbs(p, "+", "-");
}

static void
put_data(struct plot *p, const struct somata *t, const struct dots *d)
{
	put_direction(p, "across", view.across);
	put_direction(p, "up", view.up);
	put_cells(p, t, d);
	if (!arrows)
		return;
	plot_say(p, "head = %.9g\nbarb = %s\n", head, BARB);
	put_arrows(p, t, d);
}

static void
draw_cells(struct plot *p, const struct sheet *s, const struct dots *d)
{
	static const char across[] = "across($1, $2, $3)";
	static const char up[] = "up($1, $2, $3)";

	plot_say(p, "plot ");
	if (d->n == 0) {
		plot_say(p, "NaN notitle\n");
		return;
	}
	if (arrows)
		say_arrows(p);
	plot_say(p, "$cells ");
	dots_say(p, d, &(struct dot_columns){across, up, 4, 1 / s->scale});
	plot_say(p, "\n");
}

/* What of the cells is drawn, and which arrows. */
static char *
note_of(const struct somata *t)
{
	char *length = plot_readable(arrow_length), *note = NULL;
	char *cells = format("%zu of %zu cells", t->n, t->total);
	char *axis =
		format("arrows: axis %s, %s um", axes[turned_axis], length);

	if (t->n < t->total)
		note = join(note, cells);
	if (arrows && t->n > 0)
		note = join(note, axis);
	free(length);
	free(cells);
	free(axis);
	return note;
}

/* Have the panel's axes show the area that the frame was fitted into. */
static void
set_ranges(struct panel *q, const struct sheet *s)
{
	double down = s->scale * s->squash;

	q->x.low = -s->x0 / s->scale;
	q->x.high = (s->width - s->x0) / s->scale;
	q->y.low = (s->y0 - s->height) / down;
	q->y.high = s->y0 / down;
}

static struct sheet
sheet_of(const struct panels *f)
{
	const struct panel *q = &f->panel[0];
	struct sheet s = {.squash = pixels(1, 0.5),
			  .width = f->area_width,
			  .height = f->area_height};

	s.scale = s.width / (q->x.high - q->x.low);
	s.x0 = -q->x.low * s.scale;
	s.y0 = q->y.high * s.scale * s.squash;
	return s;
}

static void
set_panel(struct panels *f, const struct somata *t)
{
	static const char *const names[] = {"x (um)", "y (um)", "z (um)"};
	const size_t *axis = plane_axes[plane];
	double across = reach(t->box, view.across), up = reach(t->box, view.up);
	struct panel *q = panels_add(f);

	q->note.flat = note_of(t);
	q->empty = t->n == 0;
	f->aspect = up / across;
	if (plane) {
		q->x = t->box[axis[0]];
		q->y = t->box[axis[1]];
		f->xlabel = names[axis[0]];
		f->ylabel = names[axis[1]];
		f->equal = true;
		return;
	}
	/* Of 440 pixels, the texts around the box take 90 and 60. */
	f->aspect = fmin(fmax((350 * f->aspect + 60) / 440, 0.4), 1.2);
	f->bare = true;
	axis_settle(&q->x, 0);
	axis_settle(&q->y, 0);
}

static void
set_key(struct panels *f, const struct somata *t, const struct dots *d)
{
	size_t i;

	for (i = 0; i < t->groups.seen.n; i++) {
		struct panel_key key = {.text = t->groups.text[i].flat,
					.look = dot_look(d, i),
					.point = true};

		panels_add_key(f, &key);
	}
}

static void
draw(struct somata *t)
{
	size_t groups = count_groups(t);
	struct look *look = look_all(groups);
	struct dots d = {.look = look, .groups = groups};
	struct panels f = {0};
	struct frame g = {.box = t->box};
	struct plot p;

	dots_expect(&d, t->n);
	set_panel(&f, t);
	set_key(&f, t, &d);
	panels_open(&f, &p);
	g.sheet = sheet_of(&f);
	g.type = f.page.type;
	if (!plane) {
		fit_frame(&g);
		put_frame(&p, &f, &g);
		set_ranges(&f.panel[0], &g.sheet);
	}
	d.width = f.area_width;
	d.height = f.area_height;
	make_dots(t, &g.sheet, &d);
	put_data(&p, t, &d);
	panel_begin(&f, &p, 0);
	draw_cells(&p, &g.sheet, &d);
	panels_close(&f, &p);
	dots_free(&d);
	free(look);
}

int
main(int argc, char **argv)
{
	struct somata t = {0};

	argv = start(argc, argv, &tool);
	view = plane ? look_at_plane(plane_axes[plane])
		     : look_from(eye[0], eye[1]);
	read_table(&t, argv[0]);
	if (t.n > (uint64_t)most_cells)
		thin_out(&t);
	make_box(&t);
	draw(&t);
	free(t.cell);
	split_free(&t.groups);
	return WORKED;
}
