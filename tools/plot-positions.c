/* plot-positions -- draw where cells are, and how they are turned
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
#include "plot/space.h"
#include "rows.h"
#include "sonata/nodes.h"

#define THIN 0.08 /* of the widest axis: no axis is shorter */
#define ROOM 0.03
#define ALONE 20.0  /* um: the box of one cell */
#define BARB "0.35" /* radians between an arrow and its barbs */

struct soma {
	double at[3], arrow[3]; /* um */
	double depth;           /* towards the eye, um */
	size_t group, row;
};

/* The columns of a rotation, or NO_COLUMN. */
struct turning {
	size_t angle[3], quaternion[4];
	bool angles, quaternions, warned;
};

struct somata {
	struct soma *cell;
	size_t n, cap;
	size_t total, nowhere; /* rows, and those without a position */
	size_t flat[3];        /* cells that lack this axis alone */
	struct split groups;
	struct space space; /* its box is what has to be seen */
};

static const char *group_list;
static bool arrows;
static int64_t every = 1, most_cells = INT64_MAX;
static double arrow_length, head = 0.25, eye[2] = {-60, 30};
static unsigned turned_axis = 1, plane; /* 0: none */

static const char *const axes[] = {"x", "y", "z"};
static const char *const axis_names[] = {"x (µm)", "y (µm)", "z (µm)"};

/* To the right, upwards, and the axis that is looked along. */
static const size_t plane_axes[][3] = {
	{3, 3, 3}, {0, 1, 2}, {0, 2, 1}, {1, 2, 0}};

static const char *const plane_names[] = {"", "xy", "xz", "yz"};

static const struct opt opts[] = {
	OPT_STR('g', "group", "columns", &group_list,
		"colour cells by these columns (pop_name)"),
	OPT_INT_IN(0, "every", "n", &every, "[1,inf)",
		   "draw the first of every n cells"),
	OPT_INT_IN(0, "max-cells", "n", &most_cells, "[1,inf)",
		   "draw at most n cells, groups in proportion"),
	OPT_PAIR(0, "view", "azimuth,elevation", eye, "[-360,360] [-90,90]",
		 "in degrees (-60,30)"),
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
	PLOT_XLABEL,
	PLOT_YLABEL,
	PLOT_NOTE,
	LOOK_COLORS,
	OPT_TABLE(plot_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "draw where cells are, and how they are turned",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* Is it said what is to be seen, so that all it needs has to be there? */
static bool
is_bound(void)
{
	return plane || opt_given(eye);
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

/* Turns v about one of the axes, from the next axis to the one after it. */
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

/* Turns v by the quaternion (w, q): v + 2 w (q x v) + 2 q x (q x v). */
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

/* Reads a cell's quaternion and gives it the length 1; false if there is none.
 */
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

/* Finds the chosen axis of the cell in the world: it is turned by R = Rx(a)
 * Ry(b) Rz(c), where a missing angle is 0; or by the quaternion, if there is
 * one. */
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

/* Finds the columns of the position; on a plane, the third may be missing, and
 * one of them where neither a plane nor a view is asked for. */
static void
find_positions(const struct rows *in, size_t column[3])
{
	size_t spare = plane_axes[plane][2], missing = 0, k;

	for (k = 0; k < 3; k++) {
		column[k] = rows_find(in, axes[k]);
		missing += column[k] == NO_COLUMN ? 1 : 0;
	}
	if (missing == 1 && column[2] == NO_COLUMN && opt_given(eye))
		die("%s: no column 'z', which --view needs: --project xy",
		    in->path);
	for (k = 0; k < 3; k++)
		if (k != spare && (is_bound() || missing > 1))
			rows_column(in, axes[k]);
}

/* Reads the position of a cell; false if it has none.  What it lacks is NaN. */
static bool
read_position(struct somata *t, const struct rows *in, const size_t column[3],
	      double at[3])
{
	size_t missing = 0, k, last = 0;

	for (k = 0; k < 3; k++) {
		at[k] = columns_value(in, column[k]);
		if (nodes_fault(at[k]))
			rows_bad(in, column[k], nodes_fault(at[k]));
		if (!isnan(at[k]) || k == plane_axes[plane][2])
			continue;
		missing++;
		last = k;
	}
	if (missing == 1)
		t->flat[last]++;
	return missing == 0 || (missing == 1 && !is_bound());
}

/* The plane without the axis that some cells lack.  Where cells lack different
 * ones, it is without that which most cells lack, or there is none. */
static unsigned
plane_for_all(const struct somata *t, const size_t column[3])
{
	unsigned k, found = 0, lacking = 0;

	for (k = 1; k < LEN(plane_axes); k++) {
		size_t spare = plane_axes[k][2];

		if (t->flat[spare] == 0 && column[spare] != NO_COLUMN)
			continue;
		lacking++;
		if (found == 0 || t->flat[spare] > t->total / 2)
			found = k;
	}
	if (lacking > 1 && t->flat[plane_axes[found][2]] <= t->total / 2)
		return 0;
	return found;
}

/* The plane without the axis along which all cells, and their arrows, have one
 * place, if there are cells at several places. */
static unsigned
plane_of_layer(const struct somata *t)
{
	bool level[3] = {true, true, true};
	unsigned k;
	size_t i;

	for (i = 0; i < t->n; i++)
		for (k = 0; k < 3; k++)
			level[k] &= t->cell[i].at[k] == t->cell[0].at[k] &&
				    fabs(t->cell[i].arrow[k]) < 1e-9;
	for (k = 1; k < LEN(plane_axes); k++)
		if (level[plane_axes[k][2]] &&
		    !(level[0] && level[1] && level[2]))
			return k;
	return 0;
}

/* Leaves out cells that have no place in what is drawn. */
static void
drop_lost(struct somata *t, const char *path)
{
	size_t left = 0, i;

	for (i = 0; i < t->n; i++) {
		double *at = t->cell[i].at;

		if (plane && isnan(at[plane_axes[plane][2]]))
			at[plane_axes[plane][2]] = 0;
		if (!isnan(at[0] + at[1] + at[2]))
			t->cell[left++] = t->cell[i];
	}
	t->n = left;
	if (t->nowhere > 0)
		warn("%s: cells without a position, which are left out: %zu",
		     path, t->nowhere);
}

static void
say_plane(const char *path, char *why)
{
	warn("%s: %s '%s': drawn as by --project %s", path, why,
	     axes[plane_axes[plane][2]], plane_names[plane]);
	free(why);
}

/* Where neither a plane nor a view is asked for, draws on the plane that cells
 * need, or that they are in. */
static void
choose_plane(struct somata *t, const char *path, const size_t column[3])
{
	bool bound = is_bound();
	size_t spare, k;

	if (!bound)
		plane = plane_for_all(t, column);
	spare = plane_axes[plane][2];
	if (!bound && plane)
		say_plane(path, column[spare] == NO_COLUMN
					? copy("no column")
					: format("%zu of %zu cells have no",
						 t->flat[spare], t->total));
	for (k = 0; k < 3 && !bound; k++)
		t->nowhere += k == spare ? 0 : t->flat[k];
	drop_lost(t, path);
	if (bound || plane)
		return;
	plane = plane_of_layer(t);
	if (plane)
		say_plane(path, copy("all cells have one"));
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
		bool known = read_position(t, &in, column, c.at);

		if (arrows)
			read_arrow(&in, &turning, c.arrow);
		t->nowhere += known ? 0 : 1;
		if (t->total++ % (uint64_t)every || !known)
			continue;
		t->cell = grow(t->cell, &t->cap, t->n + 1, sizeof c);
		t->cell[t->n++] = c;
	}
	choose_plane(t, in.path, column);
	rows_close(&in);
}

static size_t
count_groups(const struct somata *t)
{
	return t->groups.n ? t->groups.seen.n : 1;
}

/* Says how many of the cells there are, and of which groups there are none. */
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

/* Keeps as many of the cells as there may be, one group after the other, at
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
	double most = widest(t->space.box);
	size_t i, k;

	if (!opt_given(&arrow_length))
		arrow_length = most > 0 ? most / 10 : 10;
	for (i = 0; i < t->n; i++)
		for (k = 0; k < 3; k++) {
			struct soma *c = &t->cell[i];

			c->arrow[k] *= arrow_length;
			axis_take(&t->space.box[k], c->at[k] + c->arrow[k]);
		}
}

/* Leaves room on both sides of the cells; a layer of cells is a thin box, not a
 * plane. */
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
			axis_take(&t->space.box[k], t->cell[i].at[k]);
	if (arrows)
		take_arrows(t);
	most = widest(t->space.box);
	for (k = 0; k < 3; k++) {
		if (t->n > 0)
			add_room(&t->space.box[k],
				 most > 0 ? THIN * most : ALONE);
		axis_settle(&t->space.box[k], 0);
	}
}

/* ---- Drawing ---- */

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
make_dots(struct somata *t, struct dots *d)
{
	struct axis depth = {0};
	size_t i;

	for (i = 0; i < t->n; i++) {
		t->cell[i].depth = space_dot(t->space.toward, t->cell[i].at);
		axis_take(&depth, t->cell[i].depth);
	}
	axis_settle(&depth, 0);
	if (t->n > 0)
		qsort(t->cell, t->n, sizeof *t->cell, by_depth);
	for (i = 0; i < t->n; i++) {
		const struct soma *c = &t->cell[i];
		double far = axis_place(&depth, c->depth), xy[2];

		space_place(&t->space, c->at, xy);
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

/* Says how a barb of each head is drawn, on one of its sides. */
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
	put_direction(p, "across", t->space.across);
	put_direction(p, "up", t->space.up);
	put_cells(p, t, d);
	if (!arrows)
		return;
	plot_say(p, "head = %.9g\nbarb = %s\n", head, BARB);
	put_arrows(p, t, d);
}

static void
draw_cells(struct plot *p, double unit, const struct dots *d)
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
	dots_say(p, d, &(struct dot_columns){across, up, 4, unit});
	plot_say(p, "\n");
}

/* The note that says which cells are drawn, and which arrows. */
static char *
note_of(const struct somata *t)
{
	char *length = plot_readable(arrow_length), *note = NULL;
	char *cells = format("%zu of %zu cells", t->n, t->total);
	char *axis =
		format("arrows: axis %s, %s µm", axes[turned_axis], length);

	if (t->n < t->total)
		note = join(note, cells);
	if (arrows && t->n > 0)
		note = join(note, axis);
	if (plot_note)
		note = join(note, plot_note);
	free(length);
	free(cells);
	free(axis);
	return note;
}

/* Fits the space into the area of the only panel: on a plane it follows the
 * axes of that, else it brings its own and they follow it. */
static void
fit_space(struct space *s, const struct panels *f)
{
	struct panel *q = &f->panel[0];
	double down;

	s->type = f->page.type;
	s->width = f->area_width;
	s->height = f->area_height;
	s->open = plot_is_text() && q->empty;
	s->scale = s->width / (q->x.high - q->x.low);
	down = s->scale * space_squash();
	s->x0 = -q->x.low * s->scale;
	s->y0 = q->y.high * down;
	if (plane)
		return;
	if (!space_fit(s))
		plot_too_small(f->page.width + s->need[0] - s->width,
			       f->page.height + s->need[1] - s->height);
	down = s->scale * space_squash();
	q->x.low = -s->x0 / s->scale;
	q->x.high = (s->width - s->x0) / s->scale;
	q->y.low = (s->y0 - s->height) / down;
	q->y.high = s->y0 / down;
}

static void
set_panel(struct panels *f, const struct somata *t)
{
	const struct space *s = &t->space;
	const size_t *axis = plane_axes[plane];
	struct panel *q = panels_add(f);

	q->note.flat = note_of(t);
	q->empty = t->n == 0;
	f->aspect = space_reach(s, s->up) / space_reach(s, s->across);
	if (plane) {
		q->x = s->box[axis[0]];
		q->y = s->box[axis[1]];
		f->xlabel = s->name[axis[0]];
		f->ylabel = s->name[axis[1]];
		f->equal = true;
		return;
	}
	/* Of 440 pixels, the texts around the box take 90 and 60. */
	f->aspect = fmin(fmax((350 * f->aspect + 60) / 440, 0.4), 1.2);
	f->bare = true;
	axis_settle(&q->x, 0);
	axis_settle(&q->y, 0);
}

/* Groups without a cell in the picture are not in its key. */
static void
set_key(struct panels *f, const struct somata *t, const struct dots *d)
{
	size_t *drawn = zeros(t->groups.seen.n, sizeof *drawn), i;

	for (i = 0; i < t->n && t->groups.n > 0; i++)
		drawn[t->cell[i].group]++;
	for (i = 0; i < t->groups.seen.n; i++) {
		struct key_entry key = {.text = t->groups.text[i].flat,
					.look = dot_look(d, i),
					.point = true};

		if (drawn[i] > 0)
			key_add(&f->key, &key);
	}
	free(drawn);
}

static struct look *
look_groups(const struct somata *t)
{
	size_t n = t->groups.seen.n, i;
	char **name = zeros(n, sizeof *name);
	struct look *look;

	for (i = 0; i < n; i++)
		name[i] = split_name(&t->groups, i);
	look = n > 0 ? look_named(name, n) : look_all(1);
	for (i = 0; i < n; i++)
		free(name[i]);
	free(name);
	return look;
}

/* On a plane, --xlabel and --ylabel are its first and its second axis. */
static void
name_axes(struct space *s)
{
	const size_t *axis = plane_axes[plane];
	size_t k;

	for (k = 0; k < 3; k++)
		s->name[k] = axis_names[k];
	if (plot_xlabel)
		s->name[plane ? axis[0] : 0] = plot_xlabel;
	if (plot_ylabel)
		s->name[plane ? axis[1] : 1] = plot_ylabel;
}

static void
draw(struct somata *t)
{
	size_t groups = count_groups(t);
	struct look *look = look_groups(t);
	struct dots d = {.look = look, .groups = groups};
	struct panels f = {0};
	struct plot p;

	dots_expect(&d, t->n);
	name_axes(&t->space);
	set_panel(&f, t);
	set_key(&f, t, &d);
	panels_open(&f, &p);
	fit_space(&t->space, &f);
	if (!plane)
		space_put(&p, &t->space, f.area_left, f.area_top);
	d.width = f.area_width;
	d.height = f.area_height;
	make_dots(t, &d);
	put_data(&p, t, &d);
	panel_begin(&f, &p, 0);
	draw_cells(&p, 1 / t->space.scale, &d);
	panels_close(&f, &p);
	dots_free(&d);
	free(look);
}

int
main(int argc, char **argv)
{
	struct somata t = {0};

	argv = start(argc, argv, &tool);
	plot_start(PLOT_GNUPLOT);
	look_check_input(argv[0]);
	read_table(&t, argv[0]);
	if (plane)
		space_look_at(&t.space, plane_axes[plane][0],
			      plane_axes[plane][1]);
	else
		space_look_from(&t.space, eye[0], eye[1]);
	if (t.n > (uint64_t)most_cells)
		thin_out(&t);
	make_box(&t);
	draw(&t);
	free(t.cell);
	split_free(&t.groups);
	return WORKED;
}
