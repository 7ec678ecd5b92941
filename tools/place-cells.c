/* place-cells -- place cells in space, group by group
 *
 * Every group has a stream of random numbers of its own, which follows from the
 * seed and its name, so that one group can be changed without moving the
 * others.  Cells that have to keep a distance are drawn one after the other,
 * and drawn again where one is too near; boxes as wide as that distance show
 * the few that could be.  All cells are placed before the first is written: a
 * group that does not fit leaves no half of a table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "labels.h"
#include "out.h"
#include "progress.h"
#include "random/random.h"
#include "rows.h"

/* More cells than 32 bits can number would need 100 GB for their places. */
#define MAX_CELLS ((int64_t)UINT32_MAX - 1)

static const char *share_list;
static int64_t total, first_id, tries = 100000;
static double min_distance;

static const struct opt opts[] = {
	OPT_TABLE(random_opts),
	OPT_INT_IN(0, "total", "n", &total, "[0,4294967294]",
		   "place so many cells in all"),
	OPT_STR(0, "shares", "list", &share_list,
		"share them out to the groups like this: 800:800:240"),
	OPT_NUM_IN(0, "min-distance", "um", &min_distance, "[0,inf)",
		   "least distance of any two cells"),
	OPT_INT_IN(0, "tries", "n", &tries, "[1,inf)",
		   "give up after so many places for a cell (100000)"),
	OPT_INT_IN(0, "first-id", "id", &first_id, "[0,9e18]",
		   "first id of each population (0)"),
	OPT_TABLE(out_opts),
	OPT_TABLE(rows_opts),
	OPT_NEEDS("total", "shares"),
	OPT_NEEDS("shares", "total"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "place cells in space, group by group",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* Distances whose squares are numbers, too, and coordinates that a float has.
 */
static const double nearest = 1e-150, farthest = 1e38;

#define ALL (-1) /* cells: as many as a lattice has points */

static const char *const shapes[] = {"box",        "cylinder",  "cylinder-x",
				     "cylinder-y", "ellipsoid", "lattice",
				     NULL};
enum { LATTICE = 5 };

/* The axes, as bits, along which a shape is round: x is 1, y 2, z 4. */
static const unsigned round_axes[] = {0, 1 | 2, 2 | 4, 1 | 4, 1 | 2 | 4, 0};

/* The columns that are not handed on as they are. */
enum { GROUP, COUNT, SHAPE, LOW, HIGH = LOW + 3, APART = HIGH + 3, POPULATION };
static const char *const own[] = {
	"group", "count", "shape",           "x0",        "y0", "z0", "x1",
	"y1",    "z1",    "min_distance_um", "population"};

struct group {
	size_t line;
	char *name, *stream; /* what its random numbers follow from */
	char **carried;      /* what its cells have besides */
	uint32_t population;
	size_t shape;
	int64_t count;
	double low[3], high[3], apart;

	/* Of a lattice: how far apart its points are, and how many there are
	 * along each axis. */
	double spacing;
	size_t along[3], points;
	bool whole; /* all points there are, rather than a count */
};

struct groups {
	const char *path;
	struct group *group;
	size_t n, cap;
	char **column; /* what is carried, by name */
	size_t ncolumns;
	bool named; /* is pop_name among them? */
	bool populated;
	struct labels populations;
};

struct placed {
	double *at[3];
	size_t n;
};

static bool
is_distance(double v)
{
	return v == 0 || (v >= nearest && v <= farthest);
}

static void
check_options(void)
{
	if (!is_distance(min_distance))
		misuse("--min-distance: not a distance: '%g'", min_distance);
}

/* ---- Groups ---- */

/* Where the columns are in the table. */
struct columns {
	size_t own[LEN(own)], *carried;
};

/* The columns that are made here cannot be in the table as well. */
static void
check_column(const struct rows *r, const char *name)
{
	static const char *const made[] = {"node_id", "x", "y", "z"};
	size_t k;

	for (k = 0; k < LEN(made); k++)
		if (!strcmp(made[k], name))
			die("%s: column '%s' is made here", r->path, name);
}

static bool
is_own(const char *name)
{
	size_t k;

	for (k = 0; k < LEN(own); k++)
		if (!strcmp(own[k], name))
			return true;
	return false;
}

static void
find_carried(struct groups *g, const struct rows *r, struct columns *p)
{
	size_t i;

	g->column = zeros(r->n, sizeof(char *));
	p->carried = zeros(r->n, sizeof *p->carried);
	rows_check_names(r);
	for (i = 0; i < r->n; i++) {
		check_column(r, r->name[i]);
		if (is_own(r->name[i]))
			continue;
		if (!strcmp(r->name[i], "pop_name"))
			g->named = true;
		p->carried[g->ncolumns] = i;
		g->column[g->ncolumns++] = copy(r->name[i]);
	}
}

static struct columns
find_columns(struct groups *g, const struct rows *r)
{
	struct columns p = {.carried = NULL};
	size_t k;

	for (k = 0; k < LEN(own); k++)
		p.own[k] = k == COUNT || k >= APART ? rows_find(r, own[k])
						    : rows_column(r, own[k]);
	if (share_list && p.own[COUNT] != NO_COLUMN)
		die("%s: a column 'count', but --shares is given", r->path);
	if (!share_list)
		rows_column(r, "count");
	g->populated = p.own[POPULATION] != NO_COLUMN;
	find_carried(g, r, &p);
	return p;
}

static size_t
read_shape(const struct rows *r, size_t column)
{
	char *all = NULL, *problem;
	size_t k;

	for (k = 0; shapes[k]; k++)
		if (!strcmp(shapes[k], r->field[column]))
			return k;
	for (k = 0; shapes[k]; k++)
		all = join(all, shapes[k]);
	problem = format("none of %s", all);
	rows_bad(r, column, problem);
}

/* A lattice without a count has as many cells as it has points. */
static int64_t
read_count(const struct rows *r, size_t column, bool lattice)
{
	int64_t n;

	if (lattice && is_missing(r->field[column]))
		return ALL;
	n = rows_int(r, column);
	if (n < 0 || n > MAX_CELLS)
		rows_bad(r, column, "not a number of cells");
	return n;
}

static double
read_finite(const struct rows *r, size_t column)
{
	double v = rows_finite(r, column);

	if (fabs(v) > farthest)
		rows_bad(r, column, "too far away");
	return v;
}

static void
read_bounds(struct group *g, const struct rows *r, const struct columns *p)
{
	size_t k;

	for (k = 0; k < 3; k++) {
		g->low[k] = read_finite(r, p->own[LOW + k]);
		g->high[k] = read_finite(r, p->own[HIGH + k]);
		if (g->high[k] < g->low[k])
			rows_bad(r, p->own[HIGH + k], "below where it begins");
	}
}

static double
read_apart(const struct rows *r, size_t column)
{
	double v;

	if (column == NO_COLUMN || is_missing(r->field[column]))
		return 0;
	v = read_finite(r, column);
	if (v < 0)
		rows_bad(r, column, "negative");
	if (!is_distance(v))
		rows_bad(r, column, "not a distance");
	return v;
}

/* The same name in two populations is two groups, with numbers of their own. */
static void
read_name(struct groups *all, struct group *g, const struct rows *r,
	  const struct columns *p)
{
	size_t population = p->own[POPULATION];

	g->name = copy(r->field[p->own[GROUP]]);
	if (!*g->name)
		rows_bad(r, p->own[GROUP], "empty");
	if (population == NO_COLUMN) {
		g->population = label(&all->populations, "");
		g->stream = format("place-cells\t%s", g->name);
		return;
	}
	if (!*r->field[population])
		rows_bad(r, population, "empty");
	g->population = label(&all->populations, r->field[population]);
	g->stream =
		format("place-cells\t%s\t%s", r->field[population], g->name);
}

static void
read_group(struct groups *all, const struct rows *r, const struct columns *p)
{
	struct group *g;
	size_t k;

	all->group = grow(all->group, &all->cap, all->n + 1, sizeof *g);
	g = &all->group[all->n++];
	g->line = r->line;
	read_name(all, g, r, p);
	g->shape = read_shape(r, p->own[SHAPE]);
	if (!share_list)
		g->count = read_count(r, p->own[COUNT], g->shape == LATTICE);
	read_bounds(g, r, p);
	g->apart = read_apart(r, p->own[APART]);
	g->carried = zeros(all->ncolumns, sizeof(char *));
	for (k = 0; k < all->ncolumns; k++)
		g->carried[k] = copy(r->field[p->carried[k]]);
}

static void
read_groups(struct groups *g, const char *path)
{
	struct labels seen = {0};
	struct columns p;
	struct rows r;

	rows_open(&r, path);
	g->path = r.path;
	p = find_columns(g, &r);
	while (rows_next(&r)) {
		read_group(g, &r, &p);
		if (label(&seen, g->group[g->n - 1].stream) < g->n - 1)
			rows_bad(&r, p.own[GROUP],
				 "there is such a group "
				 "already");
	}
	labels_free(&seen);
	free(p.carried);
	rows_close(&r);
}

/* ---- Shares ---- */

static double *
read_shares(size_t *n)
{
	char *text = copy(share_list), *rest = text, *word;
	double *share = NULL;
	size_t cap = 0;

	for (*n = 0; (word = strsep(&rest, ":")); ++*n) {
		share = grow(share, &cap, *n + 1, sizeof *share);
		if (!parse_num(word, &share[*n]) || !isfinite(share[*n]) ||
		    share[*n] < 0)
			misuse("--shares: not a number from 0 on: '%s'", word);
	}
	free(text);
	return share;
}

/* The counts are differences of rounded sums, so that they add up; halves go
 * to the even number, as in BMTool's num_prop. */
static void
share_out(struct groups *g)
{
	double sum = 0, so_far = 0, *share;
	int64_t before = 0;
	size_t i, n;

	share = read_shares(&n);
	for (i = 0; i < n; i++)
		sum += share[i];
	if (!(sum > 0 && sum < INFINITY))
		misuse("--shares: the sum is not above 0 and finite: '%s'",
		       share_list);
	if (n != g->n)
		die("%s: %zu groups, but --shares has %zu", g->path, g->n, n);
	for (i = 0; i < n; i++) {
		int64_t end;

		so_far += share[i];
		end = (int64_t)rint((double)total / sum * so_far);
		g->group[i].count = end - before;
		before = end;
	}
	free(share);
}

/* ---- Lattices ---- */

static double
width(const struct group *g, size_t axis)
{
	return g->high[axis] - g->low[axis];
}

/* A side of 0.3 has a point at the end of three steps of 0.1, though the
 * quotient is a little below 3. */
static double
points_along(const struct group *g, size_t axis, double spacing)
{
	return floor(width(g, axis) / spacing + 1e-9) + 1;
}

static double
count_points(const struct group *g, double spacing)
{
	return points_along(g, 0, spacing) * points_along(g, 1, spacing) *
	       points_along(g, 2, spacing);
}

/* The widest spacing that has enough points divides one of the sides. */
static double
widest_spacing(const struct group *g)
{
	double best = 0;
	size_t k;

	if (g->count <= 1)
		return INFINITY;
	for (k = 0; k < 3; k++) {
		int64_t low = 1, high = g->count;

		while (low < high) {
			int64_t middle = low + (high - low) / 2;
			double spacing = width(g, k) / (double)middle;

			if (count_points(g, spacing) >= (double)g->count)
				high = middle;
			else
				low = middle + 1;
		}
		if (width(g, k) / (double)low > best)
			best = width(g, k) / (double)low;
	}
	return best;
}

static void
make_lattice(const struct groups *all, struct group *g)
{
	size_t k;

	if (g->count == ALL && g->apart == 0)
		die("%s:%zu: group '%s': a lattice needs a count or a "
		    "min_distance_um",
		    all->path, g->line, g->name);
	g->spacing = g->apart > 0 ? g->apart : widest_spacing(g);
	if (g->spacing == 0)
		die("%s:%zu: group '%s': one point is all there is, for %lld "
		    "cells",
		    all->path, g->line, g->name, (long long)g->count);
	if (count_points(g, g->spacing) > (double)MAX_CELLS)
		die("%s:%zu: group '%s': a lattice of more than %lld points",
		    all->path, g->line, g->name, (long long)MAX_CELLS);
	g->points = 1;
	for (k = 0; k < 3; k++) {
		g->along[k] = (size_t)points_along(g, k, g->spacing);
		g->points *= g->along[k];
	}
	g->whole = g->count == ALL;
	if (g->whole)
		g->count = (int64_t)g->points;
	if ((size_t)g->count > g->points)
		die("%s:%zu: group '%s': %lld cells on a lattice of %zu points",
		    all->path, g->line, g->name, (long long)g->count,
		    g->points);
	if (g->spacing < min_distance)
		die("%s:%zu: group '%s': points %g um apart, but "
		    "--min-distance is %g",
		    all->path, g->line, g->name, g->spacing, min_distance);
}

/* Points are counted along x first, then y, then z.  A lattice of one point
 * has no spacing. */
static void
lattice_point(const struct group *g, size_t i, double at[3])
{
	size_t k;

	for (k = 0; k < 3; k++) {
		size_t step = i % g->along[k];

		at[k] = g->low[k];
		if (step > 0)
			at[k] = fmin(g->low[k] + (double)step * g->spacing,
				     g->high[k]);
		i /= g->along[k];
	}
}

/* ---- Cells that keep a distance ---- */

/* Cells by boxes that are a little wider than the distance, so that whatever is
 * nearer to a cell is in its box or in the 26 around it.  There may be any
 * number of boxes; each hashes to the head of a list of cells. */
struct neighbours {
	const struct placed *cells;
	double apart, width;
	uint32_t *head, *next; /* numbers of cells, + 1, from first on */
	size_t mask, first;
};

static bool
in_use(const struct neighbours *b)
{
	return b->head != NULL;
}

/* Boxes for n cells after first, whose coordinates are below extreme.  Numbers
 * of boxes stay below 2^30: rounding, which is 2^-53 of a number, cannot take a
 * coordinate across a margin of 2^-10. */
static struct neighbours
make_neighbours(const struct placed *c, size_t n, double apart, double extreme)
{
	struct neighbours b = {.cells = c, .apart = apart, .first = c->n};
	size_t slots = 64;

	if (apart == 0)
		return b;
	b.width = fmax(apart, extreme * 0x1p-30) * (1 + 0x1p-10);
	while (slots < 2 * n)
		slots *= 2;
	b.mask = slots - 1;
	b.head = zeros(slots, sizeof *b.head);
	b.next = zeros(n, sizeof *b.next);
	return b;
}

static void
free_neighbours(struct neighbours *b)
{
	free(b->head);
	free(b->next);
}

static size_t
box_slot(const struct neighbours *b, const double at[3], const int64_t step[3])
{
	uint64_t h = 0;
	size_t k;

	for (k = 0; k < 3; k++) {
		int64_t box = (int64_t)floor(at[k] / b->width) + step[k];

		h = (h ^ (uint64_t)box) * 0x9e3779b97f4a7c15u;
		h ^= h >> 32;
	}
	return h & b->mask;
}

static double
square_distance(const struct placed *c, size_t i, const double at[3])
{
	double dx = c->at[0][i] - at[0];
	double dy = c->at[1][i] - at[1];
	double dz = c->at[2][i] - at[2];

	return dx * dx + dy * dy + dz * dz;
}

static bool
is_free(const struct neighbours *b, const double at[3])
{
	int64_t k;

	for (k = 0; in_use(b) && k < 27; k++) {
		int64_t step[3] = {k % 3 - 1, k / 3 % 3 - 1, k / 9 - 1};
		uint32_t i = b->head[box_slot(b, at, step)];

		for (; i > 0; i = b->next[i - 1])
			if (square_distance(b->cells, b->first + i - 1, at) <
			    b->apart * b->apart)
				return false;
	}
	return true;
}

static void
add_neighbour(struct neighbours *b, size_t cell, const double at[3])
{
	size_t slot;

	if (!in_use(b))
		return;
	slot = box_slot(b, at, (const int64_t[3]){0, 0, 0});
	b->next[cell - b->first] = b->head[slot];
	b->head[slot] = (uint32_t)(cell - b->first) + 1;
}

/* ---- Placing ---- */

struct placing {
	const struct groups *groups;
	struct placed cells;
	struct neighbours all; /* for --min-distance */
	double extreme;        /* coordinate */
};

/* The chance is the same everywhere: a point that is in the box and not in
 * the shape is drawn again.  An axis along which a shape has no width makes
 * it a shape of fewer dimensions. */
static void
draw_point(const struct group *g, struct random_stream *s, double at[3])
{
	double sum;
	size_t k;

	do {
		sum = 0;
		for (k = 0; k < 3; k++) {
			double t = random_draw(s), c = 2 * t - 1;

			at[k] = fmin(g->low[k] + width(g, k) * t, g->high[k]);
			if (round_axes[g->shape] >> k & 1 && width(g, k) > 0)
				sum += c * c;
		}
	} while (sum > 1);
}

static void
add_cell(struct placing *p, const double at[3])
{
	size_t k;

	for (k = 0; k < 3; k++)
		p->cells.at[k][p->cells.n] = at[k];
	add_neighbour(&p->all, p->cells.n++, at);
	progress(p->cells.n);
}

static _Noreturn void
no_room(const struct placing *p, const struct group *g, int64_t placed,
	int64_t tried)
{
	die("%s:%zu: group '%s': %lld of %lld cells placed after %lld tries, "
	    "%lld of them for the next one: too little room for a distance of "
	    "%g um",
	    p->groups->path, g->line, g->name, (long long)placed,
	    (long long)g->count, (long long)tried, (long long)tries,
	    fmax(g->apart, min_distance));
}

static void
place_random(struct placing *p, const struct group *g)
{
	struct random_stream s = random_stream(g->stream, 0, 0);
	double apart = g->apart > min_distance ? g->apart : 0, at[3];
	struct neighbours near =
		make_neighbours(&p->cells, (size_t)g->count, apart, p->extreme);
	int64_t placed, failed, tried = 0;

	for (placed = 0; placed < g->count; placed++) {
		failed = 0;
		do {
			if (failed++ == tries)
				no_room(p, g, placed, tried);
			tried++;
			draw_point(g, &s, at);
		} while (!is_free(&near, at) || !is_free(&p->all, at));
		add_neighbour(&near, p->cells.n, at);
		add_cell(p, at);
	}
	free_neighbours(&near);
}

static int
compare(const void *a, const void *b)
{
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;

	return (i > j) - (i < j);
}

/* The points that are near no cell of another group; NULL if that is all of
 * them. */
static uint32_t *
free_points(const struct placing *p, const struct group *g, size_t *n)
{
	uint32_t *point;
	double at[3];
	size_t i, cap = 0;

	*n = g->points;
	if (!in_use(&p->all))
		return NULL;
	point = grow(NULL, &cap, 1, sizeof *point);
	for (i = *n = 0; i < g->points; i++) {
		lattice_point(g, i, at);
		if (!is_free(&p->all, at))
			continue;
		point = grow(point, &cap, *n + 1, sizeof *point);
		point[(*n)++] = (uint32_t)i;
	}
	return point;
}

static void
place_lattice(struct placing *p, struct group *g)
{
	struct random_stream s = random_stream(g->stream, 0, 0);
	size_t n, i, count;
	uint32_t *point = free_points(p, g, &n), *chosen;
	double at[3];

	if (g->whole)
		g->count = (int64_t)n;
	count = (size_t)g->count;
	chosen = zeros(count, sizeof *chosen);
	if (n < count)
		die("%s:%zu: group '%s': %zu cells, but only %zu of %zu points "
		    "are %g um from those of other groups",
		    p->groups->path, g->line, g->name, count, n, g->points,
		    min_distance);
	random_distinct(&s, (uint32_t)n, (uint32_t)count, chosen);
	qsort(chosen, count, sizeof *chosen, compare);
	for (i = 0; i < count; i++) {
		lattice_point(g, point ? point[chosen[i]] : chosen[i], at);
		add_cell(p, at);
	}
	free(point);
	free(chosen);
}

/* A lattice that has no cell too many leaves nothing to chance. */
static bool
is_drawn(const struct group *g)
{
	return g->count > 0 &&
	       (g->shape != LATTICE || (size_t)g->count < g->points);
}

/* Make room for all cells, and see whether there is anything to draw. */
static struct placing
prepare(struct groups *all)
{
	struct placing p = {.groups = all};
	bool drawn = false;
	int64_t n = 0;
	size_t i, k;

	for (i = 0; i < all->n; i++) {
		struct group *g = &all->group[i];

		if (g->shape == LATTICE)
			make_lattice(all, g);
		drawn = drawn || is_drawn(g);
		n += g->count;
		if (n > MAX_CELLS)
			die("%s:%zu: more than %lld cells", all->path, g->line,
			    (long long)MAX_CELLS);
		for (k = 0; k < 3; k++)
			p.extreme = fmax(p.extreme, fmax(fabs(g->low[k]),
							 fabs(g->high[k])));
	}
	if (drawn)
		random_need_seed();
	for (k = 0; k < 3; k++)
		p.cells.at[k] = zeros((size_t)n, sizeof *p.cells.at[k]);
	p.all = make_neighbours(&p.cells, (size_t)n, min_distance, p.extreme);
	progress_begin("cells", (size_t)n);
	return p;
}

static void
place_groups(struct placing *p, struct groups *all)
{
	size_t i;

	p->all.cells = &p->cells;
	for (i = 0; i < all->n; i++) {
		struct group *g = &all->group[i];

		if (g->shape == LATTICE)
			place_lattice(p, g);
		else
			place_random(p, g);
	}
}

/* ---- The table ---- */

static void
write_header(const struct groups *g)
{
	size_t k;

	if (g->populated)
		out_text("population");
	out_text("node_id");
	if (!g->named)
		out_text("pop_name");
	for (k = 0; k < g->ncolumns; k++)
		out_text(g->column[k]);
	out_header("x", "y", "z");
}

static void
write_cell(const struct groups *all, const struct group *g, int64_t id)
{
	size_t k;

	if (all->populated)
		out_text(all->populations.name[g->population]);
	out_int(id);
	if (!all->named)
		out_text(g->name);
	for (k = 0; k < all->ncolumns; k++)
		out_text(g->carried[k]);
}

static void
write_cells(const struct groups *all, const struct placed *c)
{
	int64_t *next = zeros(all->populations.n, sizeof *next);
	size_t i, k, cell = 0;

	write_header(all);
	for (i = 0; i < all->n; i++) {
		const struct group *g = &all->group[i];
		size_t end = cell + (size_t)g->count;

		for (; cell < end; cell++) {
			write_cell(all, g, first_id + next[g->population]++);
			for (k = 0; k < 3; k++)
				out_num(c->at[k][cell]);
			out_end();
		}
	}
	free(next);
}

static void
free_groups(struct groups *all)
{
	size_t i, k;

	for (i = 0; i < all->n; i++) {
		struct group *g = &all->group[i];

		for (k = 0; k < all->ncolumns; k++)
			free(g->carried[k]);
		free(g->carried);
		free(g->name);
		free(g->stream);
	}
	for (k = 0; k < all->ncolumns; k++)
		free(all->column[k]);
	free(all->column);
	free(all->group);
	labels_free(&all->populations);
}

int
main(int argc, char **argv)
{
	struct groups groups = {0};
	struct placing p;
	size_t k;

	argv = start(argc, argv, &tool);
	check_options();
	read_groups(&groups, argv[0]);
	if (share_list)
		share_out(&groups);
	p = prepare(&groups);
	place_groups(&p, &groups);
	write_cells(&groups, &p.cells);
	free_neighbours(&p.all);
	for (k = 0; k < 3; k++)
		free(p.cells.at[k]);
	free_groups(&groups);
	return WORKED;
}
