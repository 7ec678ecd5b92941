#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/captions.h"
#include "plot/panels.h"

#define WIDE_ENTRY 260.0
#define WIDEST 1000.0 /* a key widens a picture to no more */
#define SHAPE 1.3     /* width by height of a picture of many panels */
#define HIGHEST 480.0 /* and NARROWEST: areas that are to be of a shape */
#define NARROWEST 150.0
#define SMALLEST_WIDTH 40.0
#define SMALLEST_HEIGHT 30.0
#define TALLEST 1.4 /* height by width of a page, or type is smaller */
#define TIGHT 0.5   /* of that, with the smallest type */
#define BETWEEN 5.0 /* on both sides of areas with the same axes */
#define MARGINS 9   /* a grid of more panels has its titles at the margins */

#define TICS "nomirror out scale 0.6,0.3 " /* how gnuplot draws them */
#define BLACK " textcolor \"black\" "

struct panel *
panels_add(struct panels *f)
{
	f->panel = grow(f->panel, &f->cap, f->n + 1, sizeof *f->panel);
	return &f->panel[f->n++];
}

static void
set_grid(struct panels *f, const struct split *s)
{
	size_t i;

	f->grid = s;
	f->row_title = zeros(s->rows.n, sizeof(char *));
	f->column_title = zeros(s->columns.n, sizeof(char *));
	for (i = 0; i < s->rows.n; i++)
		f->row_title[i] = split_row_title(s, i);
	for (i = 0; i < s->columns.n; i++)
		f->column_title[i] = split_column_title(s, i);
}

void
panels_set_titles(struct panels *f, const struct split *s)
{
	size_t i;

	for (i = 0; i < f->n && s->n > 0; i++)
		f->panel[i].title = split_title(s, i);
	if (f->n == s->seen.n && split_is_grid(s) && !plot_is_text())
		set_grid(f, s);
}

static void
widen(struct axis *a, const struct axis *b)
{
	if (!b->used)
		return;
	a->whole = b->whole && (a->whole || !a->used);
	a->log = b->log;
	axis_take(a, b->low);
	axis_take(a, b->high);
}

void
panels_share(struct panels *f)
{
	struct panel all = {0};
	size_t i;

	f->share = true;
	for (i = 0; i < f->n; i++)
		if (!f->panel[i].empty && !f->panel[i].says) {
			widen(&all.x, &f->panel[i].x);
			widen(&all.y, &f->panel[i].y);
		}
	if (!all.x.used) {
		all.x = f->panel[0].x;
		all.y = f->panel[0].y;
	}
	for (i = 0; i < f->n; i++) {
		f->panel[i].x = all.x;
		f->panel[i].y = all.y;
	}
}

/* Which row and column of panels the i-th is in. */
static size_t
row_of(const struct panels *f, size_t i)
{
	return f->grid ? f->grid->row[i] : i / f->columns;
}

static size_t
column_of(const struct panels *f, size_t i)
{
	return f->grid ? f->grid->in_row[i] : i % f->columns;
}

/* Breaks a text at blanks where a line would be wider; in new memory. */
static char *
wrapped(const char *s, double width, double type)
{
	char *text = copy(s), *line = text, *blank = NULL, *at;

	for (at = text; *at; at++) {
		char next;

		if (*at != ' ' && *at != '\n')
			continue;
		next = *at;
		*at = '\0';
		if (blank && plot_text_width(line, type) > width) {
			*blank = '\n';
			line = blank + 1;
		}
		*at = next;
		blank = next == ' ' ? at : NULL;
		line = next == '\n' ? at + 1 : line;
	}
	if (blank && plot_text_width(line, type) > width)
		*blank = '\n';
	return text;
}

/* Each part of a text, up to a comma or semicolon, on a line of its own; in new
 * memory. */
static char *
in_parts(const char *s)
{
	char *text = copy(s), *at = text;

	while ((at = strchr(at, ' '))) {
		if (at > text && strchr(",;", at[-1]))
			*at = '\n';
		at++;
	}
	return text;
}

/* What stands above a panel: its title, and below that its note, on one line or
 * on several; or they are left out. */
enum { TITLE, NOTE };
enum { FLAT, FOLDED, PARTED, LEFT_OUT };

static const char *
heading(const struct panels *f, size_t i, size_t which)
{
	const struct panel *q = &f->panel[i];
	const struct page_text *text = which == TITLE ? &q->title : &q->note;

	if (f->fold[which] == LEFT_OUT)
		return NULL;
	if (f->fold[which] == PARTED && which == NOTE)
		return q->parts;
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

/* Is the type as small as it gets? */
static bool
is_tight(const struct panels *f)
{
	return f->page.type <= PAGE_SMALL || plot_type() > 0;
}

/* Decides which headings are written on several lines, having no room on one.
 */
static void
fold(struct panels *f, double room, unsigned most)
{
	size_t k;

	for (k = TITLE; k <= NOTE; k++) {
		f->fold[k] = FLAT;
		while (f->fold[k] < most && headings_width(f, k) > room)
			f->fold[k]++;
	}
	if (f->style.margins)
		f->fold[TITLE] = LEFT_OUT;
}

static void
measure_headings(struct panels *f)
{
	double type = f->page.type,
	       tic = page_length(8, 0) + plot_text_step(type);
	size_t i, k;

	for (k = TITLE; k <= NOTE; k++) {
		f->heading[k] = 0;
		for (i = 0; i < f->n; i++)
			f->heading[k] =
				fmax(f->heading[k],
				     plot_text_height(heading(f, i, k), type));
	}
	f->top = f->heading[TITLE] + f->heading[NOTE] +
		 page_length(f->style.margins ? 6 : 10, 1);
	f->bottom = page_length(4, 1);
	f->floor = 0;
	if (!f->bare)
		*(f->share ? &f->floor : &f->bottom) += tic;
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

/* Chooses the tics of one direction; how wide the widest is.  Of axes that are
 * alike the first panel has them: settle_areas gives them to all. */
static double
tic_width(struct panels *f, bool across, double most)
{
	double widest = 0;
	size_t n = f->share ? 1 : f->n, i;

	for (i = 0; i < n && !f->bare; i++) {
		struct panel *q = &f->panel[i];
		struct axis a = as_drawn(f, q, across);

		if (q->says && !f->share)
			continue;
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

/* Where axes are alike, the first panel of a row has their tics. */
static void
measure_tics(struct panels *f)
{
	double type = f->page.type, down = axis_most_down(f->area_height, type);
	double tics = tic_width(f, false, down), across = set_x_tics(f);
	double left = fmax(tics + page_length(10, 3), across / 2);

	f->right = fmax(page_length(type, 2), across / 2 + page_length(4, 0));
	f->left = left;
	f->wall = 0;
	if (f->share && f->columns > 1) {
		f->left = f->right =
			page_length(is_tight(f) ? BETWEEN / 2 : BETWEEN, 1);
		f->wall = left - f->left;
	}
}

static double
widest(char *const *text, size_t n, double type)
{
	double most = 0;
	size_t i;

	for (i = 0; i < n; i++)
		most = fmax(most, plot_text_width(text[i], type));
	return most;
}

/* Titles of rows and columns, and beyond them what both are. */
static void
measure_margins(struct panels *f)
{
	double type = f->page.type, step = plot_text_step(type);

	f->side = f->head = 0;
	if (!f->style.margins)
		return;
	f->side = f->head = 2 * step + 2 * page_gap();
	if (f->style.level)
		f->side += widest(f->row_title, f->rows, type) - step;
	if (f->style.upright)
		f->head += widest(f->column_title, f->columns, type) - step;
}

/* From a column or row of panels to the next. */
static double
across_of(const struct panels *f)
{
	return f->left + f->area_width + f->right;
}

static double
down_of(const struct panels *f)
{
	return f->top + f->area_height + f->bottom;
}

static void
wrap(char **text, const char *s, double width, double type)
{
	free(*text);
	*text = s ? wrapped(s, width, type) : NULL;
}

/* Who does not say what is vacant draws a note, if at all, by itself. */
static bool
has_note(const struct panels *f)
{
	return f->vacant && plot_note;
}

/* The note on one line, or each part on a line, in a width. */
static void
set_note(struct panels *f, double width)
{
	double type = f->page.type;
	bool fits = plot_text_width(plot_note, type) <= width;
	char *text = fits ? copy(plot_note) : in_parts(plot_note);

	wrap(&f->ntext, text, width, type);
	free(text);
}

/* The margins of the page, with the labels of axes on lines that are so long,
 * and what y is on lines so long. */
static void
measure_outside(struct panels *f, double across, double down)
{
	double type = f->page.type, label;

	wrap(&f->xtext, f->xlabel, f->columns > 1 ? across_of(f) : across,
	     type);
	f->one_xlabel = f->columns > 1 &&
			plot_text_width(f->xtext, type) > across_of(f);
	if (f->one_xlabel)
		wrap(&f->xtext, f->xlabel, across, type);
	wrap(&f->ytext, f->ylabel, plot_is_text() ? across : down, type);
	label = plot_text_height(f->ytext, type);
	page_start(&f->page, page_length(4, 0));
	if (has_note(f) && !f->note_inside) {
		set_note(f, across);
		f->page.top += plot_text_height(f->ntext, type);
	}
	if (plot_is_text())
		f->page.top += label;
	else if (f->ytext)
		f->page.left += page_gap() + label;
	measure_margins(f);
	f->page.top += f->head;
	f->page.left += f->side;
	f->page.bottom += plot_text_height(f->xtext, type) + f->floor;
}

/* The key stands to the right if it is small against the panels, else below
 * them, in as many columns as fit into a width, or into one that the picture
 * may grow to if they would be higher than the panels. */
static void
place_key(struct panels *f, double across, double down, double most)
{
	struct key_table *k = &f->key;
	size_t fitting;

	key_measure(k, f->page.type);
	k->columns = 1;
	f->key_right = k->n > 0 && !plot_is_text() && !f->key_inside &&
		       !f->key_low &&
		       key_width(k) <= fmin(WIDE_ENTRY, across / 3) &&
		       key_height(k) <= down;
	if (k->n == 0 || f->key_inside)
		return;
	if (f->key_right) {
		f->page.right += key_width(k) + page_gap();
		return;
	}
	fitting = (size_t)fmax(1, floor((across - 2 * page_pad()) / k->width));
	k->columns = fitting < k->n ? fitting : k->n;
	while (key_rows(k) > 1 && key_height(k) > down &&
	       (double)(k->columns + 1) * k->width + 2 * page_pad() <= most)
		k->columns++;
	f->page.bottom += key_height(k) + page_gap();
}

static bool
is_below(const struct panels *f)
{
	return f->key.n > 0 && !f->key_right && !f->key_inside;
}

static double
need(const struct panels *f)
{
	double type = f->page.type;
	double most = fmax(page_title_width(&f->page),
			   plot_text_width(f->xtext, type));

	if (has_note(f) && !f->note_inside)
		most = fmax(most, plot_text_width(f->ntext, type));
	if (is_below(f))
		most = fmax(most, key_width(&f->key));
	return most + 2 * page_pad();
}

/* The height that the label on the left needs, with room above and below. */
static double
upright(const struct panels *f)
{
	return f->ytext && !plot_is_text()
		       ? plot_text_width(f->ytext, f->page.type) +
				 2 * page_gap()
		       : 0;
}

/* Finds room for a text or the key in the first panel's frame, from its upper
 * left corner. */
static bool
find_room(const struct panels *f, struct vacant *v, double width, double height,
	  double at[2])
{
	double gap = page_gap(), place[2];
	double size[2] = {(width + 2 * gap) / f->area_width,
			  (height + gap) / f->area_height};

	if (!vacant_find(v, size, place))
		return false;
	at[0] = place[0] * f->area_width + gap;
	at[1] = (1 - place[1]) * f->area_height + gap / 2;
	return true;
}

/* Finds places in the frame for what is to be inside; false if there is none.
 */
static bool
place_inside(struct panels *f)
{
	struct vacant v;
	double type = f->page.type;

	if (!f->key_inside && !f->note_inside)
		return true;
	v = *f->vacant;
	if (f->key_inside && !find_room(f, &v, key_width(&f->key),
					key_height(&f->key), f->key_at))
		return false;
	if (!f->note_inside)
		return true;
	free(f->ntext);
	f->ntext = copy(plot_note);
	if (find_room(f, &v, plot_text_width(f->ntext, type),
		      plot_text_height(f->ntext, type), f->note_at))
		return true;
	free(f->ntext);
	f->ntext = in_parts(plot_note);
	return find_room(f, &v, plot_text_width(f->ntext, type),
			 plot_text_height(f->ntext, type), f->note_at);
}

/* How large the panels have become. */
static double
room(const struct panels *f)
{
	return fmin(f->area_width, 1.5 * f->area_height);
}

typedef bool lay_out_function(struct panels *f, void *of);

/* Lays out with the key beside the panels or below, whatever leaves more. */
static bool
try_outside(struct panels *f, lay_out_function *lay_out, void *of)
{
	double beside = 0;

	f->key_low = false;
	if (lay_out(f, of) && place_inside(f))
		beside = room(f);
	if (!f->key_right)
		return beside > 0;
	f->key_low = true;
	if (lay_out(f, of) && place_inside(f) && room(f) > beside)
		return true;
	f->key_low = false;
	return lay_out(f, of) && place_inside(f);
}

/* Lays out with the key and the note inside, if that can be, or else one of
 * them; false if nothing fits. */
static bool
try_inside(struct panels *f, lay_out_function *lay_out, void *of)
{
	bool can = f->vacant && !plot_is_text();
	bool key = can && f->n == 1 && f->key.n > 0, note = can && has_note(f);
	int i;

	for (i = note ? 0 : 1; i < 2; i++) {
		f->note_inside = i == 0;
		f->key_inside = key;
		if (key && lay_out(f, of) && place_inside(f))
			return true;
		f->key_inside = false;
		if (try_outside(f, lay_out, of))
			return true;
	}
	return false;
}

/* A text may be longer than all panels are wide or high. */
static void
stretch(struct panels *f)
{
	double columns = (double)f->columns, rows = (double)f->rows;
	double across, down;

	f->page.width =
		f->page.left + f->page.right + f->wall + columns * across_of(f);
	f->page.height = f->page.top + f->page.bottom + rows * down_of(f);
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

static void
set_style(struct panels *f)
{
	double type = f->page.type;

	f->style = (struct panels_style){
		.margins = f->grid && f->n > MARGINS,
	};
	if (!f->style.margins)
		return;
	f->style.upright =
		widest(f->column_title, f->columns, type) > f->area_width;
	f->style.level = widest(f->row_title, f->rows, type) >
			 f->area_height + f->bottom;
}

/* Lays panels out as large as they like to be. */
static bool
lay_out(struct panels *f, void *unused)
{
	static const double widths[] = {440, 280, 220, 170, 140};
	static const size_t least[] = {1, 2, 5, 10, 26, SIZE_MAX};
	double grid_width, grid_height, more;
	size_t i = 0;

	(void)unused;
	while (f->n >= least[i + 1])
		i++;
	f->area_width = narrowed(f, page_length(widths[i], 68));
	f->area_height = area_height(f);
	set_style(f);
	fold(f, f->area_width, FOLDED);
	f->area_width = fmax(f->area_width, fmax(headings_width(f, TITLE),
						 headings_width(f, NOTE)));
	f->area_height = area_height(f);
	measure_headings(f);
	measure_tics(f);
	measure_outside(f, INFINITY, INFINITY);
	grid_width = f->wall + (double)f->columns * across_of(f);
	grid_height = (double)f->rows * down_of(f);
	place_key(f, f->page.left + grid_width + f->page.right,
		  0.8 * grid_height, page_length(WIDEST, 79));
	more = need(f) - f->page.left - grid_width - f->page.right;
	if (more > 0 && is_below(f)) {
		f->area_width += ceil(more / (double)f->columns);
		measure_tics(f);
	}
	stretch(f);
	return true;
}

/* What stands above panels may be as wide as these are with their tics. */
static double
headings_room(const struct panels *f)
{
	return fmax(0, across_of(f) - page_length(4, 1));
}

/* Do the titles of rows and columns fit beside each other? */
static bool
margins_fit(const struct panels *f)
{
	double type = f->page.type;

	if (!f->style.margins)
		return headings_room(f) >= headings_width(f, TITLE);
	return (f->style.upright ? across_of(f) >= plot_text_step(type)
				 : across_of(f) >= widest(f->column_title,
							  f->columns, type) +
							   page_gap()) &&
	       (f->style.level
			? down_of(f) >= plot_text_step(type)
			: down_of(f) >= widest(f->row_title, f->rows, type) +
						page_gap());
}

static bool
notes_fit(const struct panels *f)
{
	return headings_room(f) >= headings_width(f, NOTE);
}

/* How high areas are where the height of the page is ours to choose. */
static double
free_height(const struct panels *f)
{
	double high = fmax(area_height(f), fmin(page_length(SMALLEST_HEIGHT, 4),
						1.2 * f->area_width));
	double around = f->top + f->bottom;

	if (f->style.raised)
		high = fmax(high, widest(f->row_title, f->rows, f->page.type) +
					  page_gap() - around);
	return ceil(
		fmax(high, (upright(f) - f->head) / (double)f->rows - around));
}

/* One round of fit_style: what the rest takes at this size of the areas, and
 * what that leaves for them. */
static void
fit_areas(struct panels *f, double across, double down, double label)
{
	double columns = (double)f->columns, rows = (double)f->rows;

	fold(f, headings_room(f), f->n > 1 ? PARTED : FOLDED);
	if (f->style.quiet)
		f->fold[NOTE] = LEFT_OUT;
	measure_headings(f);
	measure_tics(f);
	measure_outside(f, across - 2 * page_pad(), label - 2 * page_gap());
	place_key(f, across, 0.6 * down, across);
	f->area_width =
		(across - f->page.left - f->page.right - f->wall) / columns -
		f->left - f->right;
	f->area_height =
		f->tall ? free_height(f)
			: (down - f->page.top - f->page.bottom) / rows -
				  f->top - f->bottom;
	f->page.width = across;
	f->page.height = down;
	if (f->tall)
		f->page.height =
			ceil(f->page.top + f->page.bottom + rows * down_of(f));
}

/* Three rounds, as tics and labels depend on how large the areas are. */
static bool
fit_style(struct panels *f, double across, double down)
{
	double least = is_tight(f) && f->n > 1 ? TIGHT : 1;
	int i;

	down = f->tall ? 0.7 * across : down;
	f->area_width = 0.75 * across / (double)f->columns;
	f->area_height = 0.6 * down / (double)f->rows;
	f->left = f->right = f->top = f->bottom = f->wall = 0;
	fit_areas(f, across, down, 0.7 * down);
	for (i = 0; i < 2; i++)
		fit_areas(f, across, f->page.height,
			  f->page.height - f->page.top - f->page.bottom);
	return f->area_width >= least * page_length(SMALLEST_WIDTH, 10) &&
	       f->area_height >= least * page_length(SMALLEST_HEIGHT, 4) &&
	       margins_fit(f) && notes_fit(f) && need(f) <= across &&
	       upright(f) <=
		       f->page.height - f->page.top - f->page.bottom + f->head;
}

/* Lays panels out in a given size; false if they do not fit.  The notes above
 * panels are given up last, and only with the smallest type. */
static bool
fit(struct panels *f, void *of)
{
	static const struct panels_style styles[] = {
		{0},
		{.margins = true},
		{.margins = true, .upright = true},
		{.margins = true, .level = true},
		{.margins = true, .upright = true, .level = true},
		{.margins = true, .upright = true, .raised = true},
	};
	const double *size = of;
	size_t n = f->grid ? LEN(styles) - !f->tall : 1, i;
	int quiet;

	if ((double)f->columns * TIGHT * page_length(SMALLEST_WIDTH, 10) >
	    size[0])
		return false;
	for (quiet = 0; quiet < (is_tight(f) && f->n > 1 ? 2 : 1); quiet++)
		for (i = f->grid && f->n > MARGINS ? 1 : 0; i < n; i++) {
			f->style = styles[i];
			f->style.quiet = quiet;
			if (fit_style(f, size[0], size[1]))
				return true;
		}
	return false;
}

static void
shape(struct panels *f, size_t columns)
{
	f->columns = columns;
	f->rows = (f->n + columns - 1) / columns;
}

static void
shape_grid(struct panels *f)
{
	f->columns = f->grid->columns.n;
	f->rows = f->grid->rows.n;
}

/* How far from the best shape a picture is, and how much of it empty places. */
static double
oddness(const struct panels *f)
{
	return fabs(log(f->page.width / f->page.height / SHAPE)) +
	       (double)(f->columns * f->rows - f->n) / (double)f->n;
}

/* Finds the number of columns that gives the best shape. */
static void
find_shape(struct panels *f)
{
	double best = INFINITY;
	size_t root = (size_t)sqrt((double)f->n), found = 1, c;

	for (c = root / 2 + 1; c <= 2 * root && !plot_is_text(); c++) {
		shape(f, c);
		try_inside(f, lay_out, NULL);
		if (oddness(f) >= best)
			continue;
		best = oddness(f);
		found = c;
	}
	shape(f, found);
	try_inside(f, lay_out, NULL);
}

/* Finds the number of columns that gives the largest panels in a given size, or
 * the best shape of a given width. */
static bool
fit_shape(struct panels *f, double size[2])
{
	double best = -INFINITY;
	size_t root = (size_t)sqrt((double)f->n), found = 0, c;

	for (c = f->tall ? 1 : root / 3 + 1; c <= f->n && c <= 4 * root; c++) {
		double good;

		shape(f, c);
		if (!try_inside(f, fit, size))
			continue;
		good = f->tall ? -oddness(f) : room(f);
		if (good <= best)
			continue;
		best = good;
		found = c;
	}
	if (!found)
		return false;
	shape(f, found);
	return try_inside(f, fit, size);
}

/* False also where smaller type would keep the picture from being too high. */
static bool
fit_page(struct panels *f, double size[2])
{
	bool fits = f->grid ? try_inside(f, fit, size) : fit_shape(f, size);

	if (!fits && is_tight(f) && !f->share && f->n > 1) {
		panels_share(f);
		fits = f->grid ? try_inside(f, fit, size) : fit_shape(f, size);
		if (fits)
			warn("--size: no room for axes of each panel: all "
			     "have the same");
	}
	return fits && (!f->tall || is_tight(f) ||
			f->page.height <= TALLEST * f->page.width);
}

/* False if panels do not fit at this size of type; then they are laid out as
 * large as they like to be. */
static bool
lay_out_page(void *of)
{
	struct panels *f = of;
	int across = 0, down = 0;
	bool given = plot_size(&across, &down) || plot_width(&across);
	double size[2] = {across, down};

	if (f->failed)
		return false;
	if (f->grid)
		shape_grid(f);
	if (given && fit_page(f, size)) {
		if (f->tall)
			plot_set_height(f->page.height);
		return true;
	}
	if (f->grid)
		try_inside(f, lay_out, NULL);
	else
		find_shape(f);
	f->failed = f->tall && is_tight(f);
	return !given;
}

static void
find_layout(struct panels *f)
{
	int across, down;
	double many = (double)(f->n > f->key.n / 2 ? f->n : f->key.n / 2);

	f->tall = plot_width(&across) && !plot_size(&across, &down);
	f->page.type = page_type((many - 4) * 2.5 / 12, 9);
	page_fit(&f->page, PAGE_SMALL, lay_out_page, f);
	if (f->n > 0 && f->fold[NOTE] == LEFT_OUT)
		warn("--size: no room for what stands above panels");
}

/* The left and the upper end of a panel's axes. */
static double
column_left(const struct panels *f, size_t column)
{
	return f->page.left + f->wall + f->left + (double)column * across_of(f);
}

static double
area_left(const struct panels *f, size_t i)
{
	return column_left(f, column_of(f, i));
}

static double
row_top(const struct panels *f, size_t row)
{
	return f->page.top + f->top + (double)row * down_of(f);
}

static double
area_top(const struct panels *f, size_t i)
{
	return row_top(f, row_of(f, i));
}

static void
put_headings(struct plot *p, const struct panels *f, size_t i)
{
	const struct panel *q = &f->panel[i];
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
	if (q->empty || q->says) {
		char *says = wrapped(q->empty ? "no data" : q->says,
				     f->area_width, at.type);

		at.y = area_top(f, i) + f->area_height / 2;
		page_label(p, at, says);
		free(says);
	}
}

/* What a column of the table is called, for the rows or columns of a grid. */
static void
put_name(struct plot *p, const struct panels *f, struct page_spot at, size_t k)
{
	char *caption = caption_of(f->grid->name[k]);

	page_label(p, at, caption);
	free(caption);
}

/* What the rows and columns of a grid are, at the margins. */
static void
put_row_titles(struct plot *p, const struct panels *f)
{
	double type = f->page.type, step = plot_text_step(type);
	double left = f->page.left - f->side;
	struct page_spot at = {.type = type, .side = "center"};
	size_t i;

	at.upright = true;
	at.x = left + step / 2;
	at.y = (row_top(f, 0) + row_top(f, f->rows - 1) + f->area_height) / 2;
	put_name(p, f, at, 0);
	at.upright = !f->style.level;
	at.side = f->style.level ? "right" : "center";
	at.x = f->page.left - page_gap() - (f->style.level ? 0 : step / 2);
	for (i = 0; i < f->rows; i++) {
		at.y = row_top(f, i) + f->area_height / 2;
		page_label(p, at, f->row_title[i]);
	}
}

static void
put_column_titles(struct plot *p, const struct panels *f)
{
	double type = f->page.type, step = plot_text_step(type);
	double top = f->page.top - f->head;
	struct page_spot at = {.type = type, .side = "center"};
	size_t i;

	at.x = (column_left(f, 0) + column_left(f, f->columns - 1) +
		f->area_width) /
	       2;
	at.y = top + step / 2;
	put_name(p, f, at, f->grid->n - 1);
	at.upright = f->style.upright;
	at.side = f->style.upright ? "left" : "center";
	at.y = f->page.top - page_gap() - (f->style.upright ? 0 : step / 2);
	for (i = 0; i < f->columns; i++) {
		at.x = column_left(f, i) + f->area_width / 2;
		page_label(p, at, f->column_title[i]);
	}
}

/* What x is, under the lowest panel of each column or once under all. */
static void
put_xlabels(struct plot *p, const struct panels *f)
{
	double type = f->page.type, end = f->page.width - f->page.right;
	double tic = f->bare ? 0 : page_length(8, 0) + plot_text_step(type);
	double down = f->area_height + tic + page_length(2, 1) +
		      plot_text_height(f->xtext, type) / 2;
	bool one = f->columns == 1 || f->one_xlabel;
	size_t i;

	if (!f->xtext)
		return;
	if (one) {
		page_put_across(p, &f->page, (double[]){column_left(f, 0), end},
				row_top(f, f->rows - 1) + down, f->xtext);
		return;
	}
	for (i = 0; i < f->n; i++) {
		double left = area_left(f, i);

		if (f->panel[i].outer[1])
			page_put_across(p, &f->page,
					(double[]){left, left + f->area_width},
					area_top(f, i) + down, f->xtext);
	}
}

static void
put_titles(struct plot *p, const struct panels *f)
{
	const struct page *g = &f->page;
	double end = g->width - g->right, least, most, y;
	double floor = row_top(f, f->rows - 1) + f->area_height;

	page_put_title(p, g, (double[]){g->left, end});
	put_xlabels(p, f);
	if (f->style.margins) {
		put_row_titles(p, f);
		put_column_titles(p, f);
	}
	if (!f->ytext)
		return;
	least = g->top - f->head + upright(f) / 2;
	most = g->height - g->bottom - upright(f) / 2;
	y = fmin(fmax((g->top + f->top + floor) / 2, least), most);
	y = plot_is_text() ? g->top : y;
	page_put_upright(p, g, g->left - f->side - page_gap(), (double[]){y, y},
			 f->ytext);
}

static void
put_note(struct plot *p, const struct panels *f)
{
	struct page_spot at = {.side = "left", .type = f->page.type};
	double height;

	if (!has_note(f))
		return;
	height = plot_text_height(f->ntext, at.type);
	at.x = area_left(f, 0) + f->note_at[0];
	at.y = area_top(f, 0) + f->note_at[1] + height / 2;
	if (f->note_inside) {
		page_label(p, at, f->ntext);
		return;
	}
	at.y = f->page.top - f->head - height / 2;
	if (plot_is_text() && f->ytext)
		at.y -= plot_text_height(f->ytext, at.type);
	page_put_across(p, &f->page,
			(double[]){f->page.left, f->page.width - f->page.right},
			at.y, f->ntext);
}

static void
put_key(struct plot *p, const struct panels *f)
{
	const struct key_table *k = &f->key;
	double left = f->page.left + f->wall + f->left;
	double top = f->page.height - page_pad() - key_height(k);

	if (k->n == 0)
		return;
	left = fmax(page_pad(),
		    fmin(left, f->page.width - page_pad() - key_width(k)));
	if (f->key_right) {
		left = f->page.width - page_pad() - key_width(k) +
		       page_length(14, 0);
		top = row_top(f, 0);
	} else if (f->key_inside) {
		left = area_left(f, 0) + f->key_at[0];
		top = area_top(f, 0) + f->key_at[1];
	}
	key_put(p, k, left, top);
}

/* Which panels are the first of their row and the lowest of their column. */
static void
find_outer(struct panels *f)
{
	size_t *first = zeros(f->rows, sizeof *first);
	size_t *lowest = zeros(f->columns, sizeof *lowest), i;

	for (i = 0; i < f->n; i++) {
		size_t row = row_of(f, i), column = column_of(f, i);

		if (!first[row] || column_of(f, first[row] - 1) > column)
			first[row] = i + 1;
		if (!lowest[column] || row_of(f, lowest[column] - 1) < row)
			lowest[column] = i + 1;
	}
	for (i = 0; i < f->n; i++) {
		f->panel[i].outer[0] = first[row_of(f, i)] == i + 1;
		f->panel[i].outer[1] = lowest[column_of(f, i)] == i + 1;
	}
	free(first);
	free(lowest);
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
		struct axis x;

		if (f->share) {
			q->x.tics = f->panel[0].x.tics;
			q->y.tics = f->panel[0].y.tics;
		}
		x = as_drawn(f, q, true);
		q->y = as_drawn(f, q, false);
		q->x = x;
	}
}

void
panels_open(struct panels *f, struct plot *p)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->panel[i].note.flat)
			f->panel[i].parts = in_parts(f->panel[i].note.flat);
	find_layout(f);
	plot_open(p, (int)f->page.width, (int)f->page.height);
	settle_areas(f);
	find_outer(f);
	plot_say(p, "unset key\nset clip two\n");
	plot_say(p, "set border %d linewidth 1 linecolor \"#404040\"\n",
		 f->bare ? 0 : 3);
	put_titles(p, f);
	put_note(p, f);
	for (i = 0; i < f->n; i++)
		put_headings(p, f, i);
	put_key(p, f);
	if (f->n > 1)
		plot_say(p, "set multiplot\n");
}

/* How far right texts of tics may reach: not to those of the next panel, which
 * has the same, nor past the page. */
static double
end_of_texts(const struct panels *f, const struct axis *a)
{
	double first = axis_place(a, a->tics.at[0]) * f->area_width -
		       plot_text_width(a->tics.text[0], f->page.type) / 2;

	return f->area_width + f->right +
	       fmax(1, fmin(f->page.right, f->left + first - page_gap()));
}

/* Blanks the texts of tics across that would reach into the next panel or the
 * text before. */
static void
part_texts(const struct panels *f, struct axis *a)
{
	double end = -f->left - 1, most;
	size_t i;

	if (f->columns == 1 || a->tics.n == 0)
		return;
	most = end_of_texts(f, a);
	for (i = 0; i < a->tics.n; i++) {
		char *text = a->tics.text[i];
		double half = plot_text_width(text, f->page.type) / 2;
		double at = axis_place(a, a->tics.at[i]) * f->area_width;

		if (at - half < end || at + half > most)
			*text = '\0';
		else
			end = at + half + page_length(3, 1);
	}
}

static void
say_axis(struct plot *p, const struct panels *f, const struct panel *q,
	 bool across)
{
	const char *style =
		across ? TICS "offset 0,0.3" BLACK : TICS "offset 0.4,0" BLACK;
	const char *name = across ? "x" : "y";
	struct axis a = across ? q->x : q->y;

	if (f->share && !q->outer[across])
		memset(a.tics.text, 0, sizeof a.tics.text);
	else if (f->share && across)
		part_texts(f, &a);
	style = plot_is_text() ? TICS : style;
	plot_say(p, "%sset logscale %s\n", a.log ? "" : "un", name);
	axis_say_range(p, &a, name);
	axis_say_tics(p, &a, name, style, f->page.type);
}

void
panel_begin(const struct panels *f, struct plot *p, size_t i)
{
	if (i == 1)
		plot_say(p, "unset label\nunset arrow\nunset object\n");
	page_say_area(p, area_left(f, i), area_top(f, i), f->area_width,
		      f->area_height);
	say_axis(p, f, &f->panel[i], true);
	say_axis(p, f, &f->panel[i], false);
}

static void
free_titles(char **title, size_t n)
{
	size_t i;

	for (i = 0; title && i < n; i++)
		free(title[i]);
	free(title);
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
		free(f->panel[i].says);
		free(f->panel[i].parts);
	}
	free_titles(f->row_title, f->rows);
	free_titles(f->column_title, f->columns);
	free(f->xtext);
	free(f->ytext);
	free(f->ntext);
	free(f->panel);
	key_free(&f->key);
	*f = (struct panels){0};
}
