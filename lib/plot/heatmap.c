#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/heatmap.h"

#define BAR 14.0  /* how wide the colour bar is, */
#define THIN 10.0 /* and where type is small */
#define MOST_TICS 8
#define NUMBERS 6          /* tics of an axis of numbers */
#define SIDE 720.0         /* how large an image is, */
#define NUMBERS_WIDE 480.0 /* and one with axes of numbers */
#define NUMBERS_HIGH 300.0
#define LEAST 160.0   /* and the least it is */
#define WIDEST 1280.0 /* of a picture with texts, where --size says nothing */
#define LARGE 1600.0  /* of one without */
#define HIGHEST 983.0 /* 260 mm: with a width alone */
#define PALE 0xf0f0f0
#define STEPS 255.0   /* of the palette of an image, above the one for 0 */
#define MOST_LINES 36 /* of names of rows, where these have several */

static double
count(const struct labels *l)
{
	return l->n ? (double)l->n : 1;
}

static double
count_rows(const struct heatmap *h)
{
	return count(&h->matrix->rows);
}

static double
count_columns(const struct heatmap *h)
{
	return count(&h->matrix->columns);
}

/* ---- Names on several lines ---- */

static struct labels
fold_all(const struct labels *l, size_t lines)
{
	struct labels all = {.n = l->n};
	size_t i;

	all.name = zeros(l->n + 1, sizeof *all.name);
	for (i = 0; i < l->n; i++)
		all.name[i] = page_fold(l->name[i], lines);
	return all;
}

/* What is drawn of the names of rows and of columns. */
static const struct labels *
row_names(const struct heatmap *h)
{
	return &h->rows[h->row_lines - 1];
}

static const struct labels *
column_names(const struct heatmap *h)
{
	return &h->columns[h->column_lines - 1];
}

/* ---- How large all is ---- */

/* Cells of an image are squares where that leaves it a height and a width; or
 * nearly, of a picture that may be as high as it likes. */
static void
measure_image(struct heatmap *h, bool generous)
{
	double rows = count_rows(h), columns = count_columns(h);
	double side = generous ? SIDE / fmax(rows, columns) : 0;
	double wide = generous ? LEAST : LEAST / 2, high = wide;
	int width;

	if (h->across && generous) {
		h->cell_width = NUMBERS_WIDE / columns;
		h->cell_height = NUMBERS_HIGH / rows;
		return;
	}
	if (h->free && !generous && plot_width(&width))
		high = fmax(
			high,
			0.45 * width *
				(h->across ? 1 : fmin(1.5, rows / columns)));
	h->cell_width = fmax(side, wide / columns);
	h->cell_height = fmax(side, high / rows);
}

static double
value_type(const struct heatmap *h)
{
	return fmax(h->page.type - 1, PAGE_SMALL);
}

/* Makes cells large enough for their texts, or larger if there are few. */
static void
measure_cells(struct heatmap *h, bool generous)
{
	double type = value_type(h), name = h->page.type, across = 0, down = 0;
	const struct matrix *m = h->matrix;
	size_t i;

	for (i = 0; i < m->n && h->texts; i++) {
		across = fmax(across, plot_text_width(m->cell[i].text, type));
		down = fmax(down, plot_text_height(m->cell[i].text, type));
	}
	across += h->texts ? 0.7 * type : 0;
	down += h->texts ? 0.7 * type : 0;
	if (generous) {
		across = fmax(across, fmin(64, 480 / count_columns(h)));
		down = fmax(down, fmin(48, 360 / count_rows(h)));
	}
	h->cell_width = fmax(
		across, page_most(plot_text_height, column_names(h), name) + 2);
	h->cell_height =
		fmax(down, page_most(plot_text_height, row_names(h), name) + 2);
}

static double
bar_width(const struct heatmap *h)
{
	return h->page.type < 11 ? THIN : BAR;
}

/* The cell for 0 below the colour bar, and the room between them. */
static double
zero_height(const struct heatmap *h)
{
	return h->zeros ? h->page.type + PAGE_GAP : 0;
}

/* The bar does not say 0 where a cell below it does; there are two tics, then,
 * if there can be. */
static void
set_tics(struct heatmap *h, double most)
{
	struct axis_tics *t = &h->colours.tics;
	bool zero;

	most = fmin(MOST_TICS, fmax(2, most));
	do {
		(h->colours.log ? axis_set_tics : axis_limit_tics)(&h->colours,
								   most);
		zero = h->zeros && t->n > 0 && t->at[0] == 0;
	} while (zero && t->n < 3 && ++most <= MOST_TICS);
	if (!zero)
		return;
	t->n--;
	memmove(t->at, t->at + 1, t->n * sizeof *t->at);
	memmove(t->text, t->text + 1, t->n * sizeof *t->text);
}

/* Measures what stands around the cells. */
static void
measure_margins(struct heatmap *h, double high)
{
	struct page *g = &h->page;
	double bar = count_rows(h) * h->cell_height;

	page_start(g, PAGE_GAP);
	g->top += fmax(0, (page_most(plot_text_height, row_names(h), g->type) -
			   h->cell_height) /
					  2 -
				  PAGE_PAD);
	h->name_width = page_most(plot_text_width, row_names(h), g->type);
	g->left += plot_text_height(h->row_title, g->type) + 2 * PAGE_GAP +
		   h->name_width;
	if (!h->colours.used) {
		g->right += g->type;
		return;
	}
	/* With --size the cells will grow: half the height at least. */
	set_tics(h, fmax(bar, high / 2) / (3 * g->type));
	g->right += 3 * PAGE_GAP + bar_width(h) +
		    axis_tic_width(&h->colours, g->type);
	if (h->label)
		g->right += PAGE_GAP + plot_text_height(h->label, g->type);
}

/* Names of columns are level where they have room, on up to as many lines, and
 * else read upwards. */
static void
place_column_names(struct heatmap *h, double room)
{
	double type = h->page.type, columns = count_columns(h), level = 0;
	size_t most = h->image ? 1 : HEATMAP_LINES, lines;

	h->upright = true;
	for (lines = 1; lines <= most && h->upright; lines++) {
		h->column_lines = lines;
		level = page_most(plot_text_width, column_names(h), type) +
			type;
		h->upright = h->across  ? false
			     : h->image ? level > LEAST / 4
					: level > h->cell_width &&
						  columns * level > room;
	}
	if (h->upright)
		h->column_lines = 1;
	else if (!h->image)
		h->cell_width = fmax(h->cell_width, level);
	h->name_height =
		page_most(h->upright ? plot_text_width : plot_text_height,
			  column_names(h), type);
	h->page.bottom += 2 * PAGE_GAP + h->name_height +
			  plot_text_height(h->column_title, type);
}

/* A title may be longer than the matrix is wide or high. */
static void
total(struct heatmap *h)
{
	struct page *g = &h->page;
	double label = h->colours.used ? plot_text_width(h->label, g->type) : 0;
	double width = g->left + count_columns(h) * h->cell_width + g->right;
	double height = g->top + count_rows(h) * h->cell_height + g->bottom;
	double across = fmax(page_title_width(g),
			     plot_text_width(h->column_title, g->type)) +
			2 * PAGE_PAD - width;
	double down = fmax(plot_text_width(h->row_title, g->type), label) +
		      2 * PAGE_PAD - height;

	g->left += fmax(0, across) / 2;
	g->right += fmax(0, across) / 2;
	g->top += fmax(0, down) / 2;
	g->bottom += fmax(0, down) / 2;
	g->width = ceil(width + fmax(0, across));
	g->height = ceil(height + fmax(0, down));
}

static void
lay_out_as(struct heatmap *h, size_t lines, bool given, int across, int down)
{
	h->row_lines = lines;
	h->column_lines = 1;
	if (h->image)
		measure_image(h, !given);
	else
		measure_cells(h, !given);
	measure_margins(h, down);
	place_column_names(h,
			   given ? across - h->page.left - h->page.right : 560);
	total(h);
}

/* Do names take a third of the picture, or more than there is? */
static bool
is_wide(const struct heatmap *h, double across)
{
	return h->page.width > across || h->name_width > across / 3;
}

/* Lays all out as large as it likes to be, or so that it fills what --size
 * gives, with names on more lines if need be; false if that is not enough. */
static bool
lay_out(void *of)
{
	struct heatmap *h = of;
	int across = 0, down = 0;
	bool given = plot_size(&across, &down);
	size_t lines = 1;

	lay_out_as(h, lines, given, across, down);
	while (given && lines++ < HEATMAP_LINES && is_wide(h, across) &&
	       (h->image || count_rows(h) * (double)lines <= MOST_LINES))
		lay_out_as(h, lines, given, across, down);
	if (!given)
		return true;
	if (h->page.width > across || h->page.height > down)
		return false;
	h->cell_width += (across - h->page.width) / count_columns(h);
	h->cell_height += (down - h->page.height) / count_rows(h);
	h->page.width = across;
	h->page.height = down;
	return true;
}

/* Of an image every second, fifth, tenth ... name has room. */
static size_t
thin(double needed, double step)
{
	static const size_t times[] = {1, 2, 5};
	size_t ten, k;

	for (ten = 1;; ten *= 10)
		for (k = 0; k < LEN(times); k++)
			if ((double)(times[k] * ten) * step >= needed)
				return times[k] * ten;
}

static void
thin_names(struct heatmap *h)
{
	double type = h->page.type;
	double high = page_most(plot_text_height, row_names(h), type);
	double wide = page_most(h->upright ? plot_text_height : plot_text_width,
				column_names(h), type);

	h->every[0] = thin(high + 2, h->cell_height);
	h->every[1] = thin(wide + (h->upright ? 2 : type), h->cell_width);
}

/* Could texts be in a picture of this width, in the smallest type? */
static bool
has_room(struct heatmap *h)
{
	int width;

	if (!plot_width(&width))
		width = (int)WIDEST;
	h->page.type = plot_type() > 0 ? plot_type() : PAGE_SMALL;
	h->row_lines = h->column_lines = 1;
	measure_cells(h, false);
	return count_columns(h) * h->cell_width <= width;
}

/* Tries texts, names, or an image: the height that a width alone gets is no
 * more than that of a page, and a picture of which nothing is said is no
 * poster. */
static bool
try(struct heatmap *h)
{
	double groups = fmax(count_rows(h), count_columns(h));
	int width, height;
	bool given = plot_width(&width), all = plot_size(&width, &height);

	h->free = given && !all;
	h->page.type =
		page_type(h->image ? 1 : (groups - 10) * 4 / 30, PAGE_SMALL);
	if (h->image && given && !(plot_type() > 0))
		h->page.type = fmax(PAGE_SMALL, h->page.type - 2);
	if (!page_try(&h->page, PAGE_SMALL, lay_out, h))
		return false;
	if (h->image || all ||
	    (given ? h->page.height <= HIGHEST
		   : h->page.width <= (h->texts ? WIDEST : LARGE) &&
			     h->page.height <= LARGE))
		return true;
	if (given)
		plot_set_height(0);
	return false;
}

static bool
has_texts(const struct matrix *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->cell[i].text)
			return true;
	return false;
}

/* Type is smaller where there are many groups or little room. */
static void
find_layout(struct heatmap *h)
{
	bool fits;

	h->image = h->across || count_rows(h) * count_columns(h) > HEATMAP_MANY;
	h->texts = has_texts(h->matrix) && !h->image && has_room(h);
	if (!h->texts)
		h->label = h->plain;
	fits = try(h);
	if (!fits && h->texts) {
		h->texts = false;
		h->label = h->plain;
		fits = try(h);
	}
	if (!fits) {
		h->image = true;
		fits = try(h);
	}
	if (!fits)
		plot_too_small(h->page.width, h->page.height);
	h->every[0] = h->every[1] = 1;
	if (h->image && !h->across)
		thin_names(h);
}

/* ---- What stands around the cells ---- */

/* Where a name is, in cells from the top or from the left. */
static double
place_of(const struct heatmap *h, bool is_row, size_t name)
{
	if (!h->across)
		return (double)name;
	if (!is_row)
		return lattice_at(h->across, h->axes[1].tics.at[name]);
	return count_rows(h) - 1 - lattice_at(h->up, h->axes[0].tics.at[name]);
}

static void
put_names(struct plot *p, const struct heatmap *h)
{
	const struct page *g = &h->page;
	const struct labels *rows = row_names(h), *columns = column_names(h);
	struct page_spot row = {
		.x = g->left - PAGE_GAP, .side = "right", .type = g->type};
	struct page_spot column = {.side = h->upright ? "right" : "center",
				   .upright = h->upright,
				   .type = g->type};
	size_t i;

	for (i = 0; i < rows->n; i += h->every[0]) {
		row.y = g->top + (place_of(h, true, i) + 0.5) * h->cell_height;
		page_label(p, row, rows->name[i]);
	}
	for (i = 0; i < columns->n; i += h->every[1]) {
		const char *name = columns->name[i];

		column.x =
			g->left + (place_of(h, false, i) + 0.5) * h->cell_width;
		column.y = g->height - g->bottom + PAGE_GAP;
		if (!h->upright)
			column.y += plot_text_height(name, g->type) / 2;
		page_label(p, column, name);
	}
}

static void
put_titles(struct plot *p, const struct heatmap *h)
{
	const struct page *g = &h->page;
	const double across[] = {g->left, g->width - g->right};
	const double down[] = {g->top, g->height - g->bottom};

	page_put_title(p, g, across);
	page_put_across(p, g, across,
			down[1] + 2 * PAGE_GAP + h->name_height +
				plot_text_height(h->column_title, g->type) / 2,
			h->column_title);
	page_put_upright(p, g, g->left - h->name_width - 2 * PAGE_GAP, down,
			 h->row_title);
	if (h->label && h->colours.used)
		page_put_upright(p, g, g->width - PAGE_PAD, down, h->label);
	if (h->matrix->n == 0)
		page_put_across(p, g, across, (down[0] + down[1]) / 2,
				"no data");
}

/* An image has the colour for 0 as the first step of its palette. */
static double
step_of_zero(const struct heatmap *h)
{
	const struct axis *a = &h->colours;

	return a->log ? a->low * pow(a->low / a->high, 1 / STEPS)
		      : a->low - (a->high / STEPS - a->low / STEPS);
}

static void
say_palette(struct plot *p)
{
	int i;

	plot_say(p, "set palette defined (0 \"#%06x\", 1 \"#%06x\"", PALE,
		 PALE);
	for (i = 0; i <= 9; i++)
		plot_say(p, ", %.6g \"#%06x\"", 1 + STEPS * i / 9,
			 (unsigned)plot_shade(i / 9.0));
	plot_say(p, ")\n");
}

/* The cell that says what the pale ones are. */
static void
put_zero(struct plot *p, const struct heatmap *h, double left)
{
	const struct page *g = &h->page;
	double bottom = g->height - g->bottom, w = p->width, high = p->height;
	struct page_spot at = {.x = left + bar_width(h) + PAGE_GAP,
			       .y = bottom - g->type / 2,
			       .side = "left",
			       .type = g->type};

	plot_say(p,
		 "set object rectangle from screen %.6f, screen %.6f to "
		 "screen %.6f, screen %.6f fillstyle solid border linecolor "
		 "\"#606060\" fillcolor rgb \"#%06x\"\n",
		 left / w, 1 - bottom / high, (left + bar_width(h)) / w,
		 1 - (bottom - g->type) / high, PALE);
	page_label(p, at, "0");
}

static void
put_bar(struct plot *p, const struct heatmap *h)
{
	const struct page *g = &h->page;
	double left = g->width - g->right + 2 * PAGE_GAP;
	struct axis shown = h->colours;

	if (h->image && h->zeros) {
		shown.low = step_of_zero(h);
		say_palette(p);
	}
	if (shown.log)
		plot_say(p, "set logscale cb\n");
	axis_say_range(p, &shown, "cb");
	plot_say(p, "set colorbox user origin screen %.6f, screen %.6f ",
		 left / g->width, (g->bottom + zero_height(h)) / g->height);
	plot_say(p, "size screen %.6f, screen %.6f\n", bar_width(h) / g->width,
		 (g->height - g->top - g->bottom - zero_height(h)) / g->height);
	axis_say_tics(p, &h->colours, "cb",
		      "scale 0.4 offset -0.5,0 textcolor \"black\" ", g->type);
	if (h->zeros)
		put_zero(p, h, left);
}

/* Short lines outside of the frame, where the numbers of an axis stand. */
static void
put_marks(struct plot *p, const struct heatmap *h, bool is_row)
{
	const struct axis_tics *t = &h->axes[is_row ? 0 : 1].tics;
	double cells = is_row ? count_rows(h) : count_columns(h);
	double times = cells < 2 ? 2 : 1; /* put_image */
	size_t i;

	plot_say(p, "set %ctics out nomirror scale 0.3 (", is_row ? 'y' : 'x');
	for (i = 0; i < t->n; i++)
		plot_say(p, "%s\"\" %.9g", i ? ", " : "",
			 (place_of(h, is_row, i) + 0.5) * times - 0.5);
	plot_say(p, ")\n");
}

static void
put_frame(struct plot *p, const struct heatmap *h)
{
	const struct page *g = &h->page;
	double least = h->image ? 2 : 1; /* put_image */

	plot_say(p, "unset key\nunset xtics\nunset ytics\n");
	plot_say(p, "set border 15 front linewidth 1 linecolor \"#606060\"\n");
	page_say_area(p, g->left, g->top, g->width - g->left - g->right,
		      g->height - g->top - g->bottom);
	plot_say(p, "set xrange [-0.5:%g]\nset yrange [%g:-0.5]\n",
		 fmax(least, count_columns(h)) - 0.5,
		 fmax(least, count_rows(h)) - 0.5);
	if (h->across) {
		put_marks(p, h, true);
		put_marks(p, h, false);
	}
	if (h->colours.used)
		put_bar(p, h);
}

/* ---- The cells ---- */

/* Puts the text of a cell, a line at a time: across, down, text, colour. */
static void
put_text(struct plot *p, const struct matrix_cell *c, double step, uint32_t ink)
{
	char *lines = copy(c->text), *rest = lines, *line;
	double y = (double)c->row;

	y -= step * (double)(plot_text_lines(c->text) - 1) / 2;
	while ((line = strsep(&rest, "\n"))) {
		plot_say(p, "%zu %.6f ", c->column, y);
		plot_text(p, line);
		plot_say(p, " %u\n", (unsigned)ink);
		y += step;
	}
	free(lines);
}

static void
put_texts(struct plot *p, const struct heatmap *h)
{
	double step = plot_text_step(value_type(h)) / h->cell_height;
	const struct matrix *m = h->matrix;
	size_t i;

	plot_say(p, "$values << EOD\n");
	for (i = 0; i < m->n; i++) {
		const struct matrix_cell *c = &m->cell[i];
		uint32_t back = PALE;

		if (c->value != 0)
			back = plot_shade(axis_place(&h->colours, c->value));
		if (c->text)
			put_text(p, c, step, plot_ink(back));
	}
	plot_say(p, "EOD\n");
}

/* Puts the cells that are 0, or all others; returns how many there are. */
static size_t
put_cells(struct plot *p, const struct matrix *m, const char *name, bool zeros)
{
	size_t i, n = 0;

	plot_say(p, "$%s << EOD\n", name);
	for (i = 0; i < m->n; i++) {
		if (isnan(m->cell[i].value) || (m->cell[i].value == 0) != zeros)
			continue;
		plot_say(p, "%zu %zu ", m->cell[i].column, m->cell[i].row);
		plot_num(p, m->cell[i].value);
		plot_say(p, "\n");
		n++;
	}
	plot_say(p, "EOD\n");
	return n;
}

static void
put_row(struct plot *p, const struct heatmap *h, size_t row, size_t *i)
{
	const struct matrix *m = h->matrix;
	double zero = step_of_zero(h);
	size_t column, k;

	for (column = 0; column < m->columns.n; column++) {
		const struct matrix_cell *c = &m->cell[*i];
		bool there = *i < m->n && c->row == row && c->column == column;

		for (k = 0; k < (m->columns.n == 1 ? 2 : 1); k++) {
			plot_num(p, !there          ? NAN
				    : c->value == 0 ? zero
						    : c->value);
			plot_say(p, " ");
		}
		*i += there;
	}
	plot_say(p, "\n");
}

/* Whole rows, in which what is missing is transparent; an image has two rows
 * and two columns at least.  A canvas would keep its images in other files. */
static void
put_image(struct plot *p, const struct heatmap *h)
{
	size_t rows = h->matrix->rows.n, row, i = 0;

	plot_say(p, "$cells << EOD\n");
	for (row = 0; row < rows; row++)
		put_row(p, h, row, &i);
	if (rows == 1)
		put_row(p, h, 0, &(size_t){0});
	plot_say(p, "EOD\nplot $cells matrix with image %snotitle\n",
		 strcmp(plot_terminal(), "canvas") ? "" : "pixels ");
}

static void
say_boxes(struct plot *p, const char *name, const char *colour)
{
	plot_say(p,
		 "$%s using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):3 with "
		 "boxxyerror fillstyle solid 1 border linecolor \"#ffffff\" "
		 "fillcolor %s notitle, ",
		 name, colour);
}

static void
put_boxes(struct plot *p, const struct heatmap *h)
{
	const struct matrix *m = h->matrix;
	bool cells = put_cells(p, m, "cells", false) > 0, zeros = false;
	char pale[16];

	snprintf(pale, sizeof pale, "rgb \"#%06x\"", PALE);
	if (h->zeros)
		zeros = put_cells(p, m, "zeros", true) > 0;
	if (h->texts)
		put_texts(p, h);
	plot_say(p, "plot ");
	if (zeros)
		say_boxes(p, "zeros", pale);
	if (cells)
		say_boxes(p, "cells", "palette");
	if (h->texts) {
		plot_say(p, "$values using 1:2:3:4 with labels noenhanced "
			    "textcolor rgb variable ");
		plot_font(p, value_type(h));
		plot_say(p, " notitle, ");
	}
	/* The colour bar is there if anything has a colour. */
	plot_say(p, "NaN %snotitle\n", h->colours.used ? "palette " : "");
}

static struct labels
tics_of(const struct axis *a)
{
	struct labels all = {.n = a->tics.n};
	size_t i;

	all.name = zeros(all.n + 1, sizeof *all.name);
	for (i = 0; i < all.n; i++)
		all.name[i] = copy(a->tics.text[i]);
	return all;
}

static void
fold_names(struct heatmap *h)
{
	size_t i;

	if (h->across) {
		h->axes[0] = lattice_axis(h->up, NUMBERS);
		h->axes[1] = lattice_axis(h->across, NUMBERS);
	}
	for (i = 0; i < HEATMAP_LINES; i++) {
		h->rows[i] = h->across ? tics_of(&h->axes[0])
				       : fold_all(&h->matrix->rows, i + 1);
		h->columns[i] = h->across
					? tics_of(&h->axes[1])
					: fold_all(&h->matrix->columns, i + 1);
	}
	for (i = 0; i < h->matrix->n; i++)
		h->zeros |= h->matrix->cell[i].value == 0;
}

static void
free_names(struct heatmap *h)
{
	size_t i;

	for (i = 0; i < HEATMAP_LINES; i++) {
		labels_free(&h->rows[i]);
		labels_free(&h->columns[i]);
	}
}

bool
heatmap_draw(struct heatmap *h)
{
	struct plot p;

	fold_names(h);
	find_layout(h);
	plot_open(&p, (int)h->page.width, (int)h->page.height);
	put_frame(&p, h);
	put_names(&p, h);
	put_titles(&p, h);
	if (h->image && h->colours.used)
		put_image(&p, h);
	else
		put_boxes(&p, h);
	plot_close(&p);
	free_names(h);
	return h->texts || !has_texts(h->matrix);
}
