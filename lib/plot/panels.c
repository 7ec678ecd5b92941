#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/panels.h"

#define SAMPLE 28.0 /* how long the line is that the key shows */
#define WIDE_ENTRY 260.0
#define WIDEST 1000.0 /* a key widens a picture to no more */
#define SHAPE 1.3     /* width by height of a picture of many panels */
#define HIGHEST 480.0 /* and NARROWEST: areas that are to be of a shape */
#define NARROWEST 150.0
#define SMALLEST_WIDTH 40.0
#define SMALLEST_HEIGHT 30.0

#define TICS "nomirror out scale 0.6,0.3 " /* how gnuplot draws them */
#define BLACK " textcolor \"black\" "

struct panel *
panels_add(struct panels *f)
{
	f->panel = grow(f->panel, &f->cap, f->n + 1, sizeof *f->panel);
	return &f->panel[f->n++];
}

void
panel_set_title(struct panel *q, const struct split *s, size_t i)
{
	if (s->n == 0)
		return;
	q->title.flat = copy(s->text[i].flat);
	q->title.folded = copy(s->text[i].folded);
}

void
panels_add_key(struct panels *f, const struct panel_key *key)
{
	f->key = grow(f->key, &f->mkey, f->nkey + 1, sizeof *f->key);
	f->key[f->nkey++] = *key;
}

/* What stands above a panel: its title, and below that its note. */
enum { TITLE, NOTE };

static const char *
heading(const struct panels *f, size_t i, size_t which)
{
	const struct panel *q = &f->panel[i];
	const struct page_text *text = which == TITLE ? &q->title : &q->note;

	return f->fold[which] && text->folded ? text->folded : text->flat;
}

static double
headings_width(const struct panels *f, size_t which)
{
	double widest = 0;
	size_t i;

	for (i = 0; i < f->n; i++)
		widest = fmax(widest, plot_text_width(heading(f, i, which),
						      f->page.type));
	return widest;
}

/* Decides which headings are written on several lines, having no room on one.
 */
static void
fold(struct panels *f, double room)
{
	size_t k;

	for (k = TITLE; k <= NOTE; k++) {
		f->fold[k] = false;
		f->fold[k] = headings_width(f, k) > room;
	}
}

static void
measure_headings(struct panels *f)
{
	double type = f->page.type;
	size_t i, k;

	for (k = TITLE; k <= NOTE; k++) {
		f->heading[k] = 0;
		for (i = 0; i < f->n; i++)
			f->heading[k] =
				fmax(f->heading[k],
				     plot_text_height(heading(f, i, k), type));
	}
	f->top = f->heading[TITLE] + f->heading[NOTE] + page_length(10, 1);
	f->bottom =
		page_length(8, 0) + plot_text_step(type) + page_length(4, 1);
	if (f->bare)
		f->bottom = page_length(4, 1);
}

/* An axis of a panel as it is drawn: with equal scales, the one of the two that
 * has room to spare shows more on both sides.  A character is twice as high as
 * it is wide. */
static struct axis
as_drawn(const struct panels *f, const struct panel *q, bool across)
{
	struct axis a = across ? q->x : q->y;
	double width = f->area_width,
	       height = page_length(1, 2) * f->area_height;
	double unit = fmax((q->x.high - q->x.low) / width,
			   (q->y.high - q->y.low) / height);
	double more = (across ? width : height) * unit - (a.high - a.low);

	if (f->equal && width > 0 && height > 0 && more > 0) {
		a.low -= more / 2;
		a.high += more / 2;
	}
	return a;
}

/* Chooses the tics of one direction; how wide the widest is. */
static double
tic_width(struct panels *f, bool across, double most)
{
	double widest = 0;
	size_t i;

	for (i = 0; i < f->n && !f->bare; i++) {
		struct panel *q = &f->panel[i];
		struct axis a = as_drawn(f, q, across);

		axis_set_tics(&a, most);
		widest = fmax(widest, axis_tic_width(&a, f->page.type));
		*(across ? &q->x.tics : &q->y.tics) = a.tics;
	}
	return widest;
}

/* Chooses as many tics across as do not run into each other; how wide they are.
 */
static double
set_x_tics(struct panels *f)
{
	double between = page_length(1.5 * f->page.type, 2), widest;
	size_t most = AXIS_MAX_TICS;

	do {
		most--;
		widest = tic_width(f, true, (double)most);
	} while (most > 2 && (double)most * (widest + between) > f->area_width);
	return widest;
}

static void
measure_tics(struct panels *f)
{
	double type = f->page.type, down = axis_most_down(f->area_height, type);
	double tics = tic_width(f, false, down), across = set_x_tics(f);

	f->left = fmax(tics + page_length(10, 3), across / 2);
	f->right = fmax(page_length(type, 2), across / 2 + page_length(4, 0));
}

static void
measure_outside(struct panels *f)
{
	double label = plot_text_height(f->ylabel, f->page.type);

	page_start(&f->page, page_length(4, 0));
	if (plot_is_text())
		f->page.top += label;
	else if (f->ylabel)
		f->page.left += page_gap() + label;
	f->page.bottom += plot_text_height(f->xlabel, f->page.type);
}

/* How wide and how high an entry of the key is; a label may have several lines.
 */
static void
measure_key(struct panels *f)
{
	double type = f->page.type, widest = 0, highest = plot_text_step(type);
	size_t i;

	for (i = 0; i < f->nkey; i++) {
		const char *text = f->key[i].text;

		widest = fmax(widest, plot_text_width(text, type));
		highest = fmax(highest, plot_text_height(text, type));
	}
	f->entry = page_length(SAMPLE + 6, 2) + widest + page_length(14, 3);
	f->entry_height = highest + page_length(2, 0);
}

static size_t
key_rows(const struct panels *f)
{
	return f->key_columns ? (f->nkey + f->key_columns - 1) / f->key_columns
			      : 1;
}

/* The key stands to the right if it is small against the panels, else below
 * them, in as many columns as fit into a width, or into one that the picture
 * may grow to if they would be higher than the panels. */
static void
place_key(struct panels *f, double across, double down, double widest)
{
	double high;
	size_t fitting;

	measure_key(f);
	high = f->entry_height;
	f->key_columns = 1;
	f->key_right = f->nkey > 0 && !plot_is_text() &&
		       f->entry <= fmin(WIDE_ENTRY, across / 3) &&
		       (double)f->nkey * high <= down;
	if (f->nkey == 0)
		return;
	if (f->key_right) {
		f->page.right += f->entry + page_gap();
		return;
	}
	fitting = (size_t)fmax(1, floor((across - 2 * page_pad()) / f->entry));
	f->key_columns = fitting < f->nkey ? fitting : f->nkey;
	while (key_rows(f) > 1 && (double)key_rows(f) * high > down &&
	       (double)(f->key_columns + 1) * f->entry + 2 * page_pad() <=
		       widest)
		f->key_columns++;
	f->page.bottom += (double)key_rows(f) * high + page_gap();
}

static double
need(const struct panels *f)
{
	double widest = fmax(page_title_width(&f->page),
			     plot_text_width(f->xlabel, f->page.type));

	if (f->nkey && !f->key_right)
		widest = fmax(widest, (double)f->key_columns * f->entry);
	return widest + 2 * page_pad();
}

/* The height that the label on the left needs, with room above and below. */
static double
upright(const struct panels *f)
{
	return f->ylabel && !plot_is_text()
		       ? plot_text_width(f->ylabel, f->page.type) +
				 2 * page_gap()
		       : 0;
}

/* A text may be longer than all panels are wide or high. */
static void
stretch(struct panels *f)
{
	double columns = (double)f->columns, rows = (double)f->rows;
	double across, down;

	f->page.width = f->page.left + f->page.right +
			columns * (f->left + f->area_width + f->right);
	f->page.height = f->page.top + f->page.bottom +
			 rows * (f->top + f->area_height + f->bottom);
	across = need(f) - f->page.width;
	if (across > 0) {
		f->page.left += across / 2;
		f->page.right += across / 2;
		f->page.width += across;
	}
	down = upright(f) - (f->page.height - f->page.top - f->page.bottom);
	if (down > 0) {
		f->area_height += down / rows;
		f->page.height += down;
	}
	f->page.width = ceil(f->page.width);
	f->page.height = ceil(f->page.height);
}

/* Areas of a shape are narrower if they would be too high. */
static double
narrowed(const struct panels *f, double width)
{
	double high = page_length(HIGHEST, 2 * 28);

	if (f->aspect * width <= high)
		return width;
	return fmax(high / f->aspect, page_length(NARROWEST, 30));
}

static double
area_height(const struct panels *f)
{
	double aspect = page_length(1, 0.5) * fmax(f->aspect, 0.3);

	if (f->aspect == 0)
		return page_length(ceil(0.66 * f->area_width),
				   f->n == 1 ? 16 : 10);
	return ceil(fmin(aspect * f->area_width, page_length(HIGHEST, 28)));
}

/* Lays panels out as large as they like to be. */
static void
lay_out(struct panels *f)
{
	static const double widths[] = {440, 280, 220, 170, 140};
	static const size_t least[] = {1, 2, 5, 10, 26, SIZE_MAX};
	double grid_width, grid_height, more;
	size_t i = 0;

	while (f->n >= least[i + 1])
		i++;
	f->area_width = narrowed(f, page_length(widths[i], 68));
	fold(f, f->area_width);
	f->area_width = fmax(f->area_width, fmax(headings_width(f, TITLE),
						 headings_width(f, NOTE)));
	f->area_height = area_height(f);
	measure_headings(f);
	measure_tics(f);
	measure_outside(f);
	grid_width = (double)f->columns * (f->left + f->area_width + f->right);
	grid_height = (double)f->rows * (f->top + f->area_height + f->bottom);
	place_key(f, f->page.left + grid_width + f->page.right,
		  0.8 * grid_height, page_length(WIDEST, 79));
	more = need(f) - f->page.left - grid_width - f->page.right;
	if (more > 0 && f->nkey && !f->key_right) {
		f->area_width += ceil(more / (double)f->columns);
		measure_tics(f);
	}
	stretch(f);
}

/* Lays panels out in a given size; false if they do not fit. */
static bool
fit(struct panels *f, double across, double down)
{
	double columns = (double)f->columns, rows = (double)f->rows;

	fold(f, 0.75 * across / columns);
	measure_headings(f);
	measure_outside(f);
	place_key(f, across, 0.6 * down, across);
	f->area_height = (down - f->page.top - f->page.bottom) / rows - f->top -
			 f->bottom;
	f->area_width = across / columns; /* roughly, for the tics */
	measure_tics(f);
	f->area_width = (across - f->page.left - f->page.right) / columns -
			f->left - f->right;
	measure_tics(f);
	f->area_width = (across - f->page.left - f->page.right) / columns -
			f->left - f->right;
	f->page.width = across;
	f->page.height = down;
	return f->area_width >= page_length(SMALLEST_WIDTH, 10) &&
	       f->area_height >= page_length(SMALLEST_HEIGHT, 4) &&
	       f->area_width + f->left >= headings_width(f, TITLE) &&
	       f->area_width + f->left >= headings_width(f, NOTE) &&
	       need(f) <= across &&
	       upright(f) <= down - f->page.top - f->page.bottom;
}

static void
shape(struct panels *f, size_t columns)
{
	f->columns = columns;
	f->rows = (f->n + columns - 1) / columns;
}

/* Finds the number of columns that gives the best shape and leaves few places
 * empty. */
static void
find_shape(struct panels *f)
{
	double best = INFINITY;
	size_t root = (size_t)sqrt((double)f->n), found = 1, c;

	for (c = root / 2 + 1; c <= 2 * root && !plot_is_text(); c++) {
		double odd;

		shape(f, c);
		lay_out(f);
		odd = fabs(log(f->page.width / f->page.height / SHAPE)) +
		      (double)(c * f->rows - f->n) / (double)f->n;
		if (odd < best) {
			best = odd;
			found = c;
		}
	}
	if (f->wished > 0 && !plot_is_text()) {
		shape(f, f->wished);
		lay_out(f);
		if (fabs(log(f->page.width / f->page.height / SHAPE)) < log(2))
			found = f->wished;
	}
	shape(f, found);
	lay_out(f);
}

/* Finds the number of columns that gives the largest panels in a given size. */
static bool
fit_shape(struct panels *f, double across, double down)
{
	double best = 0;
	size_t root = (size_t)sqrt((double)f->n), found = 0, c;

	for (c = root / 3 + 1; c <= f->n && c <= 4 * root; c++) {
		shape(f, c);
		if (!fit(f, across, down) ||
		    fmin(f->area_width, 1.5 * f->area_height) <= best)
			continue;
		best = fmin(f->area_width, 1.5 * f->area_height);
		found = c;
	}
	if (!found)
		return false;
	shape(f, found);
	return fit(f, across, down);
}

/* False if panels do not fit at this size of type; then they are laid out as
 * large as they like to be. */
static bool
lay_out_page(void *of)
{
	struct panels *f = of;
	int across, down;

	if (plot_size(&across, &down) && fit_shape(f, across, down))
		return true;
	find_shape(f);
	return !plot_size(&across, &down);
}

static void
find_layout(struct panels *f)
{
	double many = (double)(f->n > f->nkey / 2 ? f->n : f->nkey / 2);

	f->page.type = page_type((many - 4) * 2.5 / 12, 9);
	page_fit(&f->page, PAGE_SMALL, lay_out_page, f);
}

/* The left and the upper end of a panel's axes. */
static double
area_left(const struct panels *f, size_t i)
{
	size_t column = i % f->columns;

	return f->page.left + f->left +
	       (double)column * (f->left + f->area_width + f->right);
}

static double
area_top(const struct panels *f, size_t i)
{
	size_t row = i / f->columns;

	return f->page.top + f->top +
	       (double)row * (f->top + f->area_height + f->bottom);
}

static void
put_headings(struct plot *p, const struct panels *f, size_t i)
{
	double floor = area_top(f, i) - page_length(6, 0.5);
	struct page_spot at = {.x = area_left(f, i) + f->area_width / 2,
			       .side = "center",
			       .type = f->page.type};
	const char *text = heading(f, i, NOTE);

	floor -= f->heading[NOTE];
	if (text) {
		at.y = floor + plot_text_height(text, at.type) / 2;
		at.colour = "#505050";
		page_label(p, at, text);
		at.colour = NULL;
	}
	text = heading(f, i, TITLE);
	if (text) {
		at.y = floor - plot_text_height(text, at.type) / 2;
		page_label(p, at, text);
	}
	if (f->panel[i].empty) {
		at.y = area_top(f, i) + f->area_height / 2;
		page_label(p, at, "no data");
	}
}

static void
put_titles(struct plot *p, const struct panels *f)
{
	const struct page *g = &f->page;
	double end = g->width - g->right, least, most, y;
	double floor = area_top(f, f->n - 1) + f->area_height;
	double below = floor + f->bottom - page_length(2, 0) +
		       plot_text_height(f->xlabel, g->type) / 2;

	page_put_title(p, g, (double[]){g->left, end});
	if (f->xlabel)
		page_put_across(p, g, (double[]){g->left + f->left, end}, below,
				f->xlabel);
	if (!f->ylabel)
		return;
	least = g->top + upright(f) / 2;
	most = g->height - g->bottom - upright(f) / 2;
	y = fmin(fmax((g->top + f->top + floor) / 2, least), most);
	y = plot_is_text() ? g->top : y;
	page_put_upright(p, g, g->left - page_gap(), (double[]){y, y},
			 f->ylabel);
}

/* Draws the line and the point that the key shows, or a character that stands
 * for them. */
static void
put_sample(struct plot *p, const struct panels *f, size_t i, double x, double y)
{
	const struct panel_key *key = &f->key[i];
	struct page_spot at = {.x = x, .y = y, .side = "left"};
	const char *letters =
		key->line ? "*#$%@&=" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char letter[2] = {letters[i % strlen(letters)]};

	if (plot_is_text()) {
		page_label(p, at, letter);
		return;
	}
	if (key->line) {
		page_say_stroke(p, (double[]){x, y}, (double[]){x + SAMPLE, y});
		look_say_line(p, &key->look);
		plot_say(p, "\n");
	}
	if (key->point) {
		plot_say(p, "set label \"\" at screen %.6f, screen %.6f point ",
			 (x + SAMPLE / 2) / p->width, 1 - y / p->height);
		look_say_point(p, &key->look, 0.6);
		plot_say(p, "\n");
	}
}

static void
put_key(struct plot *p, const struct panels *f)
{
	double high = f->entry_height, left, top;
	size_t rows = f->nkey ? key_rows(f) : 1, i;

	left = f->page.left + f->left;
	left = fmax(page_pad(),
		    fmin(left, f->page.width - page_pad() -
				       (double)f->key_columns * f->entry));
	top = f->page.height - page_pad() - (double)rows * high;
	if (f->key_right) {
		left = f->page.width - page_pad() - f->entry +
		       page_length(14, 0);
		top = area_top(f, 0);
	}
	for (i = 0; i < f->nkey; i++) {
		size_t column = i / rows;
		double x = left + (double)column * f->entry;
		double y = top + ((double)(i % rows) + 0.5) * high;
		struct page_spot at = {.x = x + page_length(SAMPLE + 6, 2),
				       .y = y,
				       .side = "left",
				       .type = f->page.type};

		put_sample(p, f, i, x, y);
		page_label(p, at, f->key[i].text);
	}
}

/* Says what the caller may know of the areas. */
static void
settle_areas(struct panels *f)
{
	size_t i;

	f->area_left = area_left(f, 0);
	f->area_top = area_top(f, 0);
	for (i = 0; i < f->n; i++) {
		struct panel *q = &f->panel[i];
		struct axis x = as_drawn(f, q, true);

		q->y = as_drawn(f, q, false);
		q->x = x;
	}
}

void
panels_open(struct panels *f, struct plot *p)
{
	size_t i;

	find_layout(f);
	plot_open(p, (int)f->page.width, (int)f->page.height);
	settle_areas(f);
	plot_say(p, "unset key\nset clip two\n");
	plot_say(p, "set border %d linewidth 1 linecolor \"#404040\"\n",
		 f->bare ? 0 : 3);
	put_titles(p, f);
	for (i = 0; i < f->n; i++)
		put_headings(p, f, i);
	put_key(p, f);
	if (f->n > 1)
		plot_say(p, "set multiplot\n");
}

static void
say_axis(struct plot *p, const struct panels *f, const struct axis *a,
	 const char *name)
{
	const char *style = *name == 'x' ? TICS "offset 0,0.3" BLACK
					 : TICS "offset 0.4,0" BLACK;

	style = plot_is_text() ? TICS : style;
	plot_say(p, "%sset logscale %s\n", a->log ? "" : "un", name);
	axis_say_range(p, a, name);
	axis_say_tics(p, a, name, style, f->page.type);
}

void
panel_begin(const struct panels *f, struct plot *p, size_t i)
{
	if (i == 1)
		plot_say(p, "unset label\nunset arrow\n");
	page_say_area(p, area_left(f, i), area_top(f, i), f->area_width,
		      f->area_height);
	say_axis(p, f, &f->panel[i].x, "x");
	say_axis(p, f, &f->panel[i].y, "y");
}

void
panels_close(struct panels *f, struct plot *p)
{
	size_t i;

	if (f->n > 1)
		plot_say(p, "unset multiplot\n");
	plot_close(p);
	for (i = 0; i < f->n; i++) {
		page_free_text(&f->panel[i].title);
		page_free_text(&f->panel[i].note);
	}
	free(f->panel);
	free(f->key);
	*f = (struct panels){0};
}
