#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/panels.h"
#include "rows.h"

#define SAMPLE 28.0 /* how long the line is that the key shows */
#define WIDE_ENTRY 260.0
#define WIDEST 1000.0 /* what a key may widen a picture to */
#define SHAPE 1.3     /* width by height, of a picture of many panels */
#define HIGHEST 480.0 /* and NARROWEST: areas that are to be of a shape */
#define NARROWEST 150.0
#define SMALLEST_WIDTH 40.0
#define SMALLEST_HEIGHT 30.0

void
axis_take(struct axis *a, double v)
{
	if (isnan(v))
		return;
	if (!a->used)
		a->low = a->high = v;
	a->low = fmin(a->low, v);
	a->high = fmax(a->high, v);
	a->used = true;
}

static void
settle_log(struct axis *a, double room)
{
	double more;

	if (a->low == a->high) {
		a->low /= 2;
		a->high *= 2;
	}
	more = pow(a->high / a->low, room);
	if (isfinite(a->high * more) && a->low / more > 0) {
		a->low /= more;
		a->high *= more;
	}
}

void
axis_settle(struct axis *a, double room)
{
	double more;

	if (!a->used) {
		a->low = a->log ? 1 : 0;
		a->high = a->log ? 10 : 1;
		return;
	}
	if (a->log) {
		settle_log(a, room);
		return;
	}
	if (a->low == a->high) {
		double half = a->low == 0 ? 0.5 : fabs(a->low) / 2;

		a->low -= half;
		a->high += half;
	}
	more = room * (a->high - a->low);
	if (!isfinite(a->high + more) || !isfinite(a->low - more))
		return;
	if (a->low != 0)
		a->low -= more;
	if (a->high != 0)
		a->high += more;
}

double
axis_place(const struct axis *a, double v)
{
	if (a->log)
		return log(v / a->low) / log(a->high / a->low);
	return (v / 2 - a->low / 2) / (a->high / 2 - a->low / 2);
}

/* A tic to so many places; where these are many, or the number is long, to the
 * digits that tell it from its neighbours. */
static void
add_tic(struct tics *t, double at, int places, int digits)
{
	char *text = t->text[t->n];

	if (places > 5 || fabs(at) >= 1e6)
		snprintf(text, TIC_TEXT, "%.*g", digits, at);
	else
		snprintf(text, TIC_TEXT, "%.*f", places, at);
	t->at[t->n++] = at;
}

/* Multiples of a round number. */
struct steps {
	double size, first, n; /* n: from the first to the last */
	int places, digits;
};

/* 1, 2 or 5 times a power of ten, so that at most so many fit. */
static double
nice_step(const struct axis *a, double most)
{
	double raw = a->high / most - a->low / most;
	double power = pow(10, floor(log10(raw)));
	double step = raw <= power       ? power
		      : raw <= 2 * power ? 2 * power
		      : raw <= 5 * power ? 5 * power
					 : 10 * power;

	return a->whole ? fmax(1, step) : step;
}

static struct steps
find_steps(const struct axis *a, double most)
{
	double size = fmax(fabs(a->low), fabs(a->high));
	struct steps s = {.size = nice_step(a, most)};

	s.first = ceil(a->low / s.size - 1e-9);
	s.n = floor(a->high / s.size + 1e-9) - s.first;
	s.places = (int)fmax(0, -floor(log10(s.size) + 1e-9));
	s.digits = (int)fmin(17, fmax(1, 1 + ceil(log10(size / s.size))));
	return s;
}

static void
add_tics(struct tics *t, const struct steps *s)
{
	int i;

	t->n = 0;
	for (i = 0; i <= s->n && t->n < MAX_TICS; i++)
		add_tic(t, (s->first + i) * s->size + 0.0, s->places,
			s->digits);
}

/* At most so many, but more where there would be fewer than two. */
static void
make_tics(struct tics *t, const struct axis *a, size_t most)
{
	struct steps s;

	do
		s = find_steps(a, (double)most);
	while (s.n < 1 && (!a->whole || s.size > 1) && most++ < MAX_TICS);
	add_tics(t, &s);
}

void
axis_tics(struct axis *a, double most)
{
	struct steps s = find_steps(a, most);

	add_tics(&a->tics, &s);
	if (s.n < 1) {
		a->tics.n = 0;
		add_tic(&a->tics, a->low, s.places + 1, s.digits + 1);
		add_tic(&a->tics, a->high, s.places + 1, s.digits + 1);
	}
}

static void
add_log_tics(struct tics *t, const struct axis *a, const int *digit, int every)
{
	int k = (int)floor(log10(a->low) + 1e-9), i;

	t->n = 0;
	for (; pow(10, k) <= a->high * (1 + 1e-9); k++)
		for (i = 0; digit[i] && k % every == 0; i++) {
			double at = digit[i] * pow(10, k);

			if (at < a->low * (1 - 1e-9) ||
			    at > a->high * (1 + 1e-9) || t->n == MAX_TICS)
				continue;
			snprintf(t->text[t->n], TIC_TEXT, "%g", at);
			t->at[t->n++] = at;
		}
}

/* Powers of ten, or a part of them; over less than two of them also what lies
 * between, at last as on a linear axis. */
static void
make_log_tics(struct tics *t, const struct axis *a, size_t most)
{
	static const int tens[] = {1, 0}, more[] = {1, 2, 5, 0};
	int decades = (int)floor(log10(a->high) + 1e-9) -
		      (int)ceil(log10(a->low) - 1e-9) + 1;
	int every = (decades + (int)most - 1) / (int)most;

	add_log_tics(t, a, tens, every > 1 ? every : 1);
	if (t->n < 3 && most >= 4)
		add_log_tics(t, a, more, 1);
	if (t->n < 2)
		make_tics(t, a, most);
}

static void
set_tics(struct axis *a, double most)
{
	size_t n = (size_t)fmin(MAX_TICS - 1, fmax(2, most));

	if (a->log)
		make_log_tics(&a->tics, a, n);
	else
		make_tics(&a->tics, a, n);
}

char *
readable(double v)
{
	double size = fabs(v);

	if (v == 0)
		return copy("0");
	if ((size < 1e15 && v == rint(v)) || (size >= 999.5 && size < 1e6))
		return format("%.0f", v);
	return format("%.3g", v);
}

struct panel *
add_panel(struct panels *f)
{
	f->panel = grow(f->panel, &f->cap, f->n + 1, sizeof *f->panel);
	return &f->panel[f->n++];
}

void
add_key(struct panels *f, const struct key *key)
{
	f->key = grow(f->key, &f->mkey, f->nkey + 1, sizeof *f->key);
	f->key[f->nkey++] = *key;
}

/* Seven hues: the eighth, yellow, is too light for a line on white. */
#define HUES 7

struct look
look_of(size_t i, size_t n)
{
	size_t hue = i % HUES;
	struct look look = {.point = i, .linetype = i};

	if (plot_has_palette()) {
		look.colour = plot_stroke(i, n);
		return look;
	}
	look.colour = plot_group(hue == 6 ? 7 : hue, 8);
	look.dash = i / HUES;
	return look;
}

struct look *
looks(size_t n)
{
	struct look *look = zeros(n, sizeof *look);
	size_t i;

	for (i = 0; i < n; i++)
		look[i] = look_of(i, n);
	return look;
}

/* gnuplot's own dashes are too long for a key. */
static const char *
dash(const struct look *look)
{
	static const char *const dashes[] = {
		"solid",     "(6,3)",  "(2,2)",
		"(8,2,2,2)", "(12,4)", "(5,2,2,2,2,2)",
	};

	return dashes[look->dash % LEN(dashes)];
}

/* A picture of characters tells its first seven line types apart. */
void
say_line(struct plot *p, const struct look *look)
{
	if (plot_is_text())
		plot_say(p, "linetype %zu", look->linetype % 7 + 1);
	else
		plot_say(p, "linewidth 1.5 linecolor rgb \"#%06x\" dashtype %s",
			 (unsigned)look->colour, dash(look));
}

/* Filled ones first, then open ones; in a picture of characters, letters. */
int
point_type(const struct look *look)
{
	static const int points[] = {7, 5, 9, 13, 11, 6, 4, 8, 12, 10};

	if (plot_is_text())
		return (int)(look->point % 26) + 1;
	return points[look->point % LEN(points)];
}

void
say_point(struct plot *p, const struct look *look, double size)
{
	plot_say(p, "pointtype %d", point_type(look));
	if (!plot_is_text())
		plot_say(p, " pointsize %g linewidth 1 linecolor rgb \"#%06x\"",
			 size, (unsigned)look->colour);
}

/* Lengths are in pixels, or in characters. */
static double
length(double pixels, double characters)
{
	return plot_is_text() ? characters : pixels;
}

static double
pad(void)
{
	return length(PAD, 0);
}

static double
gap(void)
{
	return length(GAP, 1);
}

static double
title_type(const struct panels *f)
{
	return f->type + 2;
}

static const char *
title_of(const struct panels *f, const struct panel *q)
{
	return f->fold_title && q->title.folded ? q->title.folded
						: q->title.flat;
}

static const char *
note_of(const struct panels *f, const struct panel *q)
{
	return f->fold_note && q->note.folded ? q->note.folded : q->note.flat;
}

static double
titles_width(const struct panels *f)
{
	double widest = 0;
	size_t i;

	for (i = 0; i < f->n; i++)
		widest = fmax(widest, plot_text_width(title_of(f, &f->panel[i]),
						      f->type));
	return widest;
}

static double
notes_width(const struct panels *f)
{
	double widest = 0;
	size_t i;

	for (i = 0; i < f->n; i++)
		widest = fmax(widest, plot_text_width(note_of(f, &f->panel[i]),
						      f->type));
	return widest;
}

/* Write on several lines what has no room on one. */
static void
fold(struct panels *f, double room)
{
	f->fold_title = f->fold_note = false;
	f->fold_title = titles_width(f) > room;
	f->fold_note = notes_width(f) > room;
}

static void
measure_headings(struct panels *f)
{
	size_t i;

	f->title_height = f->note_height = 0;
	for (i = 0; i < f->n; i++) {
		const struct panel *q = &f->panel[i];

		f->title_height =
			fmax(f->title_height,
			     plot_text_height(title_of(f, q), f->type));
		f->note_height = fmax(f->note_height,
				      plot_text_height(note_of(f, q), f->type));
	}
	f->top = f->title_height + f->note_height + length(10, 1);
	f->bottom = length(8, 0) + plot_text_step(f->type) + length(4, 1);
	if (f->bare)
		f->bottom = length(4, 1);
}

/* An axis of a panel as it is drawn: with equal scales, of the two the one that
 * has room to spare shows more on both sides.  A character is twice as high as
 * it is wide. */
static struct axis
as_drawn(const struct panels *f, const struct panel *q, bool across)
{
	struct axis a = across ? q->x : q->y;
	double width = f->area_width, height = length(1, 2) * f->area_height;
	double unit = fmax((q->x.high - q->x.low) / width,
			   (q->y.high - q->y.low) / height);
	double more = (across ? width : height) * unit - (a.high - a.low);

	if (f->equal && width > 0 && height > 0 && more > 0) {
		a.low -= more / 2;
		a.high += more / 2;
	}
	return a;
}

/* The room that the tics of one direction take. */
static double
tic_width(struct panels *f, bool across, double most)
{
	double widest = 0;
	size_t i, k;

	for (i = 0; i < f->n && !f->bare; i++) {
		struct panel *q = &f->panel[i];
		struct axis a = as_drawn(f, q, across);

		set_tics(&a, most);
		for (k = 0; k < a.tics.n; k++)
			widest = fmax(widest,
				      plot_text_width(a.tics.text[k], f->type));
		*(across ? &q->x.tics : &q->y.tics) = a.tics;
	}
	return widest;
}

/* As many tics across as do not run into each other; how wide they are. */
static double
set_x_tics(struct panels *f)
{
	double between = length(1.5 * f->type, 2), widest;
	size_t most = MAX_TICS;

	do {
		most--;
		widest = tic_width(f, true, (double)most);
	} while (most > 2 && (double)most * (widest + between) > f->area_width);
	return widest;
}

static void
measure_tics(struct panels *f)
{
	double down = f->area_height / (length(2.4, 2) * length(f->type, 1));
	double tics = tic_width(f, false, down), across = set_x_tics(f);

	f->left = fmax(tics + length(10, 3), across / 2);
	f->right = fmax(length(f->type, 2), across / 2 + length(4, 0));
}

static void
measure_outside(struct panels *f)
{
	double label = plot_text_height(f->ylabel, f->type);
	bool above = plot_is_text();

	f->outer_left = pad() + (f->ylabel && !above ? gap() + label : 0);
	f->outer_right = pad();
	f->outer_bottom = pad() + plot_text_height(f->xlabel, f->type);
	f->outer_top = pad() + (above ? label : 0);
	if (plot_title)
		f->outer_top += plot_text_height(plot_title, title_type(f)) +
				length(4, 0);
}

static double
entry_width(const struct panels *f)
{
	double widest = 0;
	size_t i;

	for (i = 0; i < f->nkey; i++)
		widest = fmax(widest, plot_text_width(f->key[i].text, f->type));
	return length(SAMPLE + 6, 2) + widest + length(14, 3);
}

/* How high an entry of the key is; a label may have several lines. */
static double
entry_height(const struct panels *f)
{
	double highest = plot_text_step(f->type);
	size_t i;

	for (i = 0; i < f->nkey; i++)
		highest = fmax(highest,
			       plot_text_height(f->key[i].text, f->type));
	return highest + length(2, 0);
}

static size_t
key_rows(const struct panels *f)
{
	return (f->nkey + f->key_columns - 1) / f->key_columns;
}

/* The key stands to the right if it is small against the panels, else below
 * them, in as many columns as fit into a width, or into one that the picture
 * may grow to if they would be higher than the panels. */
static void
place_key(struct panels *f, double across, double down, double widest)
{
	double high = entry_height(f);
	size_t fitting;

	f->entry = entry_width(f);
	f->key_columns = 1;
	f->key_right = f->nkey > 0 && !plot_is_text() &&
		       f->entry <= fmin(WIDE_ENTRY, across / 3) &&
		       (double)f->nkey * high <= down;
	if (f->nkey == 0)
		return;
	if (f->key_right) {
		f->outer_right += f->entry + gap();
		return;
	}
	fitting = (size_t)fmax(1, floor((across - 2 * pad()) / f->entry));
	f->key_columns = fitting < f->nkey ? fitting : f->nkey;
	while (key_rows(f) > 1 && (double)key_rows(f) * high > down &&
	       (double)(f->key_columns + 1) * f->entry + 2 * pad() <= widest)
		f->key_columns++;
	f->outer_bottom += (double)key_rows(f) * high + gap();
}

static double
need(const struct panels *f)
{
	double widest = fmax(plot_text_width(plot_title, title_type(f)),
			     plot_text_width(f->xlabel, f->type));

	if (f->nkey && !f->key_right)
		widest = fmax(widest, (double)f->key_columns * f->entry);
	return widest + 2 * pad();
}

/* The label on the left stays off what is above and below. */
static double
upright(const struct panels *f)
{
	return f->ylabel && !plot_is_text()
		       ? plot_text_width(f->ylabel, f->type) + 2 * gap()
		       : 0;
}

/* A text may be longer than all panels are wide or high. */
static void
stretch(struct panels *f)
{
	double columns = (double)f->columns, rows = (double)f->rows;
	double across, down;

	f->width = f->outer_left + f->outer_right +
		   columns * (f->left + f->area_width + f->right);
	f->height = f->outer_top + f->outer_bottom +
		    rows * (f->top + f->area_height + f->bottom);
	across = need(f) - f->width;
	if (across > 0) {
		f->outer_left += across / 2;
		f->outer_right += across / 2;
		f->width += across;
	}
	down = upright(f) - (f->height - f->outer_top - f->outer_bottom);
	if (down > 0) {
		f->area_height += down / rows;
		f->height += down;
	}
	f->width = ceil(f->width);
	f->height = ceil(f->height);
}

/* Areas of a shape are narrower if they would be too high. */
static double
narrowed(const struct panels *f, double width)
{
	double high = length(HIGHEST, 2 * 28);

	if (f->aspect * width <= high)
		return width;
	return fmax(high / f->aspect, length(NARROWEST, 30));
}

static double
area_height(const struct panels *f)
{
	double aspect = length(1, 0.5) * fmax(f->aspect, 0.3);

	if (f->aspect == 0)
		return length(ceil(0.66 * f->area_width), f->n == 1 ? 16 : 10);
	return ceil(fmin(aspect * f->area_width, length(HIGHEST, 28)));
}

/* As large as it likes to be. */
static void
lay_out(struct panels *f)
{
	static const double widths[] = {440, 280, 220, 170, 140};
	static const size_t least[] = {1, 2, 5, 10, 26, SIZE_MAX};
	double grid_width, grid_height, more;
	size_t i = 0;

	while (f->n >= least[i + 1])
		i++;
	f->area_width = narrowed(f, length(widths[i], 68));
	fold(f, f->area_width);
	f->area_width =
		fmax(f->area_width, fmax(titles_width(f), notes_width(f)));
	f->area_height = area_height(f);
	measure_headings(f);
	measure_tics(f);
	measure_outside(f);
	grid_width = (double)f->columns * (f->left + f->area_width + f->right);
	grid_height = (double)f->rows * (f->top + f->area_height + f->bottom);
	place_key(f, f->outer_left + grid_width + f->outer_right,
		  0.8 * grid_height, length(WIDEST, 79));
	more = need(f) - f->outer_left - grid_width - f->outer_right;
	if (more > 0 && f->nkey && !f->key_right) {
		f->area_width += ceil(more / (double)f->columns);
		measure_tics(f);
	}
	stretch(f);
}

/* As --size says; false if it does not fit. */
static bool
fit(struct panels *f, double across, double down)
{
	double columns = (double)f->columns, rows = (double)f->rows;

	fold(f, 0.75 * across / columns);
	measure_headings(f);
	measure_outside(f);
	place_key(f, across, 0.6 * down, across);
	f->area_height = (down - f->outer_top - f->outer_bottom) / rows -
			 f->top - f->bottom;
	f->area_width = across / columns; /* roughly, for the tics */
	measure_tics(f);
	f->area_width = (across - f->outer_left - f->outer_right) / columns -
			f->left - f->right;
	measure_tics(f);
	f->area_width = (across - f->outer_left - f->outer_right) / columns -
			f->left - f->right;
	f->width = across;
	f->height = down;
	return f->area_width >= length(SMALLEST_WIDTH, 10) &&
	       f->area_height >= length(SMALLEST_HEIGHT, 4) &&
	       f->area_width + f->left >= titles_width(f) &&
	       f->area_width + f->left >= notes_width(f) && need(f) <= across &&
	       upright(f) <= down - f->outer_top - f->outer_bottom;
}

static void
shape(struct panels *f, size_t columns)
{
	f->columns = columns;
	f->rows = (f->n + columns - 1) / columns;
}

/* The number of columns that gives the best shape, few places left empty. */
static void
find_shape(struct panels *f)
{
	double best = INFINITY;
	size_t root = (size_t)sqrt((double)f->n), found = 1, c;

	for (c = root / 2 + 1; c <= 2 * root && !plot_is_text(); c++) {
		double odd;

		shape(f, c);
		lay_out(f);
		odd = fabs(log(f->width / f->height / SHAPE)) +
		      (double)(c * f->rows - f->n) / (double)f->n;
		if (odd < best) {
			best = odd;
			found = c;
		}
	}
	if (f->wished > 0 && !plot_is_text()) {
		shape(f, f->wished);
		lay_out(f);
		if (fabs(log(f->width / f->height / SHAPE)) < log(2))
			found = f->wished;
	}
	shape(f, found);
	lay_out(f);
}

/* The number of columns that gives the largest panels in what --size gives. */
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

static bool
find_fit(struct panels *f, double across, double down)
{
	while (f->type >= SMALL_TYPE) {
		if (fit_shape(f, across, down))
			return true;
		f->type -= 0.5;
	}
	return false;
}

static void
find_layout(struct panels *f)
{
	double many = (double)(f->n > f->nkey / 2 ? f->n : f->nkey / 2);
	int across, down;

	f->type = LARGE_TYPE - (many - 4) * 2.5 / 12;
	f->type = rint(2 * fmin(LARGE_TYPE, fmax(9, f->type))) / 2;
	if (!plot_size(&across, &down)) {
		find_shape(f);
		return;
	}
	if (find_fit(f, across, down))
		return;
	f->type = SMALL_TYPE;
	find_shape(f);
	die("--size: too small: %.0fx%.0f would do", f->width, f->height);
}

/* The left and upper end of a panel's axes. */
static double
area_left(const struct panels *f, size_t i)
{
	size_t column = i % f->columns;

	return f->outer_left + f->left +
	       (double)column * (f->left + f->area_width + f->right);
}

static double
area_top(const struct panels *f, size_t i)
{
	size_t row = i / f->columns;

	return f->outer_top + f->top +
	       (double)row * (f->top + f->area_height + f->bottom);
}

static void
put_headings(struct plot *p, const struct panels *f, size_t i)
{
	const struct panel *q = &f->panel[i];
	const char *title = title_of(f, q), *note = note_of(f, q);
	double floor = area_top(f, i) - length(6, 0.5);
	struct plot_spot at = {.x = area_left(f, i) + f->area_width / 2,
			       .side = "center",
			       .type = f->type};

	if (note) {
		at.y = floor - f->note_height +
		       plot_text_height(note, at.type) / 2;
		at.colour = "#505050";
		plot_label(p, at, note);
		at.colour = NULL;
	}
	floor -= f->note_height;
	if (title) {
		at.y = floor - plot_text_height(title, at.type) / 2;
		plot_label(p, at, title);
	}
	if (q->empty) {
		at.y = area_top(f, i) + f->area_height / 2;
		plot_label(p, at, "no data");
	}
}

static void
put_titles(struct plot *p, const struct panels *f)
{
	double end = f->width - f->outer_right;
	double floor = area_top(f, f->n - 1) + f->area_height;
	struct plot_spot at = {.side = "center", .type = title_type(f)};
	double least, most;

	if (plot_title) {
		at.x = plot_middle(f->outer_left, end,
				   plot_text_width(plot_title, at.type),
				   f->width);
		at.y = pad() + plot_text_height(plot_title, at.type) / 2;
		plot_label(p, at, plot_title);
	}
	at.type = f->type;
	if (f->xlabel) {
		at.x = plot_middle(f->outer_left + f->left, end,
				   plot_text_width(f->xlabel, at.type),
				   f->width);
		at.y = floor + f->bottom +
		       plot_text_height(f->xlabel, at.type) / 2 - length(2, 0);
		plot_label(p, at, f->xlabel);
	}
	if (!f->ylabel)
		return;
	if (plot_is_text()) {
		at.side = "left";
		at.x = 0;
		at.y = f->outer_top - plot_text_height(f->ylabel, at.type) / 2;
	} else {
		at.upright = true;
		at.x = f->outer_left - gap() -
		       plot_text_height(f->ylabel, at.type) / 2;
		least = f->outer_top + upright(f) / 2;
		most = f->height - f->outer_bottom - upright(f) / 2;
		at.y = (f->outer_top + f->top + floor) / 2;
		at.y = fmin(fmax(at.y, least), most);
	}
	plot_label(p, at, f->ylabel);
}

/* The line and the point that the key shows, or a character that stands for
 * them. */
static void
put_sample(struct plot *p, const struct panels *f, size_t i, double x, double y)
{
	const struct key *key = &f->key[i];
	struct plot_spot at = {.x = x, .y = y, .side = "left"};
	const char *letters =
		key->line ? "*#$%@&=" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char letter[2] = {letters[i % strlen(letters)]};

	if (plot_is_text()) {
		plot_label(p, at, letter);
		return;
	}
	y = 1 - y / f->height;
	if (key->line) {
		plot_say(p, "set arrow from screen %.6f, screen %.6f to ",
			 x / f->width, y);
		plot_say(p, "screen %.6f, screen %.6f nohead ",
			 (x + SAMPLE) / f->width, y);
		say_line(p, &key->look);
		plot_say(p, "\n");
	}
	if (key->point) {
		plot_say(p, "set label \"\" at screen %.6f, screen %.6f point ",
			 (x + SAMPLE / 2) / f->width, y);
		say_point(p, &key->look, 0.6);
		plot_say(p, "\n");
	}
}

static void
put_key(struct plot *p, const struct panels *f)
{
	double high = entry_height(f), left, top;
	size_t rows = f->nkey ? key_rows(f) : 1, i;

	left = f->outer_left + f->left;
	left = fmax(pad(),
		    fmin(left,
			 f->width - pad() - (double)f->key_columns * f->entry));
	top = f->height - pad() - (double)rows * high;
	if (f->key_right) {
		left = f->width - pad() - f->entry + length(14, 0);
		top = area_top(f, 0);
	}
	for (i = 0; i < f->nkey; i++) {
		size_t column = i / rows;
		double x = left + (double)column * f->entry;
		double y = top + ((double)(i % rows) + 0.5) * high;
		struct plot_spot at = {.x = x + length(SAMPLE + 6, 2),
				       .y = y,
				       .side = "left",
				       .type = f->type};

		put_sample(p, f, i, x, y);
		plot_label(p, at, f->key[i].text);
	}
}

/* What the caller may know of the areas. */
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
	plot_open(p, (int)f->width, (int)f->height);
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

void
say_range(struct plot *p, const struct axis *a)
{
	plot_say(p, "[");
	plot_num(p, a->low);
	plot_say(p, ":");
	plot_num(p, a->high);
	plot_say(p, "]");
}

void
say_tics(struct plot *p, const struct tics *t)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		plot_say(p, i ? ", " : "");
		plot_tic(p, t->text[i], t->at[i]);
	}
}

/* What stands between the tics of a logarithmic axis. */
static void
put_small_tics(struct plot *p, const struct axis *a)
{
	int k = (int)floor(log10(a->low)), i;

	if (log10(a->high / a->low) > 8)
		return;
	for (; pow(10, k) <= a->high; k++)
		for (i = 1; i <= 9; i++) {
			double at = i * pow(10, k);

			if (at < a->low || at > a->high)
				continue;
			plot_say(p, ", \"\" ");
			plot_num(p, at);
			plot_say(p, " 1");
		}
}

static void
put_axis(struct plot *p, const struct panels *f, const struct axis *a,
	 char name)
{
	plot_say(p, "%sset logscale %c\nset %crange ", a->log ? "" : "un", name,
		 name);
	say_range(p, a);
	if (f->bare) {
		plot_say(p, "\nunset %ctics\n", name);
		return;
	}
	plot_say(p, "\nset %ctics nomirror out scale 0.6,0.3 ", name);
	if (!plot_is_text())
		plot_say(p, "offset %s textcolor \"black\" ",
			 name == 'x' ? "0,0.3" : "0.4,0");
	plot_say(p, "(");
	say_tics(p, &a->tics);
	if (a->log)
		put_small_tics(p, a);
	plot_say(p, ") ");
	plot_font(p, f->type);
	plot_say(p, "\n");
}

void
panel_begin(const struct panels *f, struct plot *p, size_t i)
{
	double left = area_left(f, i), top = area_top(f, i);

	if (i == 1)
		plot_say(p, "unset label\nunset arrow\n");
	plot_say(p, "set lmargin at screen %.6f\nset rmargin at screen %.6f\n",
		 left / f->width, (left + f->area_width) / f->width);
	plot_say(p, "set tmargin at screen %.6f\nset bmargin at screen %.6f\n",
		 1 - top / f->height, 1 - (top + f->area_height) / f->height);
	put_axis(p, f, &f->panel[i].x, 'x');
	put_axis(p, f, &f->panel[i].y, 'y');
}

static void
free_folding(struct folding *text)
{
	free(text->flat);
	free(text->folded);
}

void
panels_close(struct panels *f, struct plot *p)
{
	size_t i;

	if (f->n > 1)
		plot_say(p, "unset multiplot\n");
	plot_close(p);
	for (i = 0; i < f->n; i++) {
		free_folding(&f->panel[i].title);
		free_folding(&f->panel[i].note);
	}
	free(f->panel);
	free(f->key);
	*f = (struct panels){0};
}

size_t
find_columns(const struct rows *in, const char *list, size_t *column,
	     size_t most)
{
	char *names = copy(list), *rest = names, *name;
	size_t n = 0;

	if (rows_find(in, list) != NO_COLUMN) {
		column[n++] = rows_find(in, list);
		rest = NULL;
	}
	while ((name = strsep(&rest, ","))) {
		if (n == most)
			die("more than %zu columns: '%s'", most, list);
		column[n++] = rows_column(in, name);
	}
	free(names);
	return n;
}

double
read_value(const struct rows *in, size_t column)
{
	double v;

	if (column == NO_COLUMN || is_missing(in->field[column]))
		return NAN;
	v = rows_num(in, column);
	if (!isfinite(v))
		rows_bad(in, column, "not a finite number");
	return v;
}

char *
stem(const char *low, const char *high)
{
	static const char first[] = "low", second[] = "high";
	const char *at = low;

	while ((at = strstr(at, first))) {
		size_t before = (size_t)(at - low);
		const char *after = at + strlen(first);

		if (!strncmp(low, high, before) &&
		    !strncmp(high + before, second, strlen(second)) &&
		    !strcmp(high + before + strlen(second), after)) {
			if (before > 0 && low[before - 1] == '_')
				before--;
			else if (before == 0 && *after == '_')
				after++;
			return before > 0 || *after
				       ? format("%.*s%s", (int)before, low,
						after)
				       : NULL;
		}
		at = after;
	}
	return NULL;
}

void
split_by(struct split *s, const struct rows *in, const char *list)
{
	s->n = find_columns(in, list, s->column, MAX_SPLIT);
	s->arrow = s->n == 2 && !strcmp(in->name[s->column[0]], "source") &&
		   !strcmp(in->name[s->column[1]], "target");
}

/* Texts with what stands between them. */
static char *
joined(const struct split *s, const struct rows *in, const char *between)
{
	char *all = copy(in->field[s->column[0]]), *longer;
	size_t i;

	for (i = 1; i < s->n; i++) {
		longer =
			format("%s%s%s", all, between, in->field[s->column[i]]);
		free(all);
		all = longer;
	}
	return all;
}

/* The fields with their lengths, so that "a, b" and "c" are not "a" and
 * "b, c". */
static char *
identity(const struct split *s, const struct rows *in)
{
	char *all = copy(""), *longer;
	size_t i;

	for (i = 0; i < s->n; i++) {
		const char *field = in->field[s->column[i]];

		longer = format("%s%zu:%s", all, strlen(field), field);
		free(all);
		all = longer;
	}
	return all;
}

size_t
split_row(struct split *s, const struct rows *in)
{
	char *key;
	size_t i;

	if (s->n == 0)
		return 0;
	key = s->n > 1 ? identity(s, in) : NULL;
	i = label(&s->seen, key ? key : in->field[s->column[0]]);
	free(key);
	if (i < s->cap && s->text[i].flat)
		return i;
	s->text = grow(s->text, &s->cap, i + 1, sizeof *s->text);
	s->text[i].flat = joined(s, in, s->arrow ? " \u2192 " : ", ");
	s->text[i].folded = joined(s, in, s->arrow ? " \u2192\n" : ",\n");
	s->end = grow(s->end, &s->mend, i + 1, sizeof *s->end);
	s->end[i] = label(&s->last, in->field[s->column[s->n - 1]]);
	return i;
}

size_t
split_columns(const struct split *s)
{
	size_t across = s->last.n, i;

	if (s->n < 2 || across < 2 || s->seen.n % across)
		return 0;
	for (i = across; i < s->seen.n; i++)
		if (s->end[i] != s->end[i % across])
			return 0;
	return across;
}

void
free_split(struct split *s)
{
	size_t i;

	for (i = 0; i < s->seen.n; i++)
		free_folding(&s->text[i]);
	free(s->text);
	free(s->end);
	labels_free(&s->seen);
	labels_free(&s->last);
	*s = (struct split){0};
}
