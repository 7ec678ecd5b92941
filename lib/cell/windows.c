#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/windows.h"
#include "opt.h"
#include "rows.h"
#include "util.h"

/* Pixels.  What a window manager puts above a window; NEURON's own bar of
 * "Close" and "Hide" above what is in it; and what is left free beside a
 * window. */
#define TITLE_BAR 24
#define BAR 27
#define EDGE 8

/* The least that is laid out for, and what is taken without a display. */
#define LEAST_WIDTH 1024
#define LEAST_HEIGHT 768

static int screen_width = LEAST_WIDTH, screen_height = LEAST_HEIGHT;

static const char kinds[] =
	"slider|field|voltage|fi|passive|gate|clamp|run|leak|label|synapse|gap|"
	"response";

/* As NEURON draws them, in pixels; pictures are as large as there is room. */
static const struct size {
	int width, height;
	bool picture;
} sizes[WINDOWS_KINDS] = {
	[WINDOWS_SLIDER] = {460, 34, false},
	[WINDOWS_FIELD] = {300, 34, false},
	[WINDOWS_VOLTAGE] = {640, 420, true},
	[WINDOWS_FI] = {640, 420, true},
	[WINDOWS_PASSIVE] = {230, 120, false},
	[WINDOWS_GATE] = {640, 420, true},
	[WINDOWS_CLAMP] = {230, 110, false},
	[WINDOWS_RUN] = {230, 235, false},
	[WINDOWS_LEAK] = {240, 215, false},
	[WINDOWS_LABEL] = {200, 30, false},
	[WINDOWS_SYNAPSE] = {240, 370, false},
	[WINDOWS_GAP] = {240, 220, false},
	[WINDOWS_RESPONSE] = {640, 420, true},
};

/* The functions of X11 that tell how large the screen is; libnrniv needs that
 * library, too.  The display stays open: an X server without a client may begin
 * anew, and refuse the next one meanwhile. */
bool
windows_check_display(void)
{
	void *library = dlopen("libX11.so.6", RTLD_NOW | RTLD_LOCAL);
	static void *display;
	void *(*open_display)(const char *) = NULL;
	int (*width)(void *, int) = NULL;
	int (*height)(void *, int) = NULL, (*screen)(void *) = NULL;
	struct {
		void *function;
		const char *name;
	} wanted[] = {{&open_display, "XOpenDisplay"},
		      {&width, "XDisplayWidth"},
		      {&height, "XDisplayHeight"},
		      {&screen, "XDefaultScreen"}};
	size_t i;

	for (i = 0; i < LEN(wanted); i++) {
		void *p = library ? dlsym(library, wanted[i].name) : NULL;

		if (!p)
			return false;
		memcpy(wanted[i].function, &p, sizeof p);
	}
	if (!(display = open_display(NULL)))
		return false;
	screen_width = width(display, screen(display));
	screen_height = height(display, screen(display));
	return true;
}

/* ---- Windows by their names ---- */

static struct windows_window *
find_window(struct windows *w, const char *title)
{
	size_t i = 0;

	while (i < w->n && strcmp(w->window[i].title, title) != 0)
		i++;
	if (i == w->n) {
		w->window =
			grow(w->window, &w->cap, w->n + 1, sizeof *w->window);
		w->window[w->n++] =
			(struct windows_window){.title = copy(title)};
	}
	return &w->window[i];
}

static struct windows_column *
find_column(struct windows_window *w, const char *name)
{
	size_t i = 0;

	while (i < w->n && strcmp(w->column[i].name, name) != 0)
		i++;
	if (i == w->n) {
		w->column =
			grow(w->column, &w->cap, w->n + 1, sizeof *w->column);
		w->column[w->n++] = (struct windows_column){.name = copy(name)};
	}
	return &w->column[i];
}

struct windows_widget *
windows_add(struct windows *w, const char *title, const char *column,
	    enum windows_kind kind, const char *argument)
{
	struct windows_column *c = find_column(find_window(w, title), column);

	c->widget = grow(c->widget, &c->cap, c->n + 1, sizeof *c->widget);
	c->widget[c->n] = (struct windows_widget){.kind = kind,
						  .argument = copy(argument)};
	return &c->widget[c->n++];
}

static enum windows_kind
read_kind(struct rows *in, size_t column)
{
	char *all = copy(kinds), *rest = all, *word, *list = NULL;
	unsigned kind = 0;

	while ((word = strsep(&rest, "|")) &&
	       strcmp(word, in->field[column]) != 0) {
		list = join(list, word);
		kind++;
	}
	if (!word)
		rows_bad(in, column,
			 format("no such widget; there are: %s", list));
	free(list);
	free(all);
	return (enum windows_kind)kind;
}

static void
check_argument(const struct rows *in, size_t column, enum windows_kind kind)
{
	bool takes = kind == WINDOWS_SLIDER || kind == WINDOWS_FIELD ||
		     kind == WINDOWS_VOLTAGE || kind == WINDOWS_GATE ||
		     kind == WINDOWS_LABEL;

	if (*in->field[column] && !takes)
		rows_bad(in, column, "this widget takes none");
	if (!*in->field[column] && takes && kind != WINDOWS_VOLTAGE)
		rows_bad(in, column, "this widget takes one");
}

void
windows_read(struct windows *w, const char *path)
{
	struct rows in;
	size_t window, column, widget, argument;
	enum windows_kind kind;

	rows_open(&in, path);
	window = rows_column(&in, "window");
	column = rows_column(&in, "column");
	widget = rows_column(&in, "widget");
	argument = rows_column(&in, "argument");
	while (rows_next(&in)) {
		kind = read_kind(&in, widget);
		check_argument(&in, argument, kind);
		windows_add(w, in.field[window], in.field[column], kind,
			    in.field[argument])
			->where = format("%s:%zu", in.path, in.line);
	}
	if (w->n == 0)
		die("%s: no widgets", in.path);
	rows_close(&in);
}

void
windows_free(struct windows *w)
{
	size_t i, j, k;

	for (i = 0; i < w->n; i++) {
		struct windows_window *window = &w->window[i];

		for (j = 0; j < window->n; j++) {
			struct windows_column *column = &window->column[j];

			for (k = 0; k < column->n; k++) {
				free(column->widget[k].argument);
				free(column->widget[k].where);
			}
			free(column->widget);
			free(column->name);
		}
		free(window->column);
		free(window->title);
	}
	free(w->window);
	*w = (struct windows){0};
}

/* ---- Where they are ---- */

/* How large pictures are, and what part of the screen a column may take before
 * it scrolls. */
struct scale {
	double x, y, column;
};

static void
measure_column(struct windows_column *c, struct scale scale, int *width,
	       int *height)
{
	int most = (int)(scale.column * screen_height) - BAR - TITLE_BAR - EDGE;
	bool picture = false;
	size_t i;

	*width = *height = 0;
	for (i = 0; i < c->n; i++) {
		const struct size *s = &sizes[c->widget[i].kind];

		picture = picture || s->picture;
		*width = (int)fmax(*width,
				   s->width * (s->picture ? scale.x : 1));
		*height += (int)(s->height * (s->picture ? scale.y : 1));
	}
	c->scrolls = !picture && *height > most;
	if (c->scrolls) {
		*height = most;
		*width += 20;
	}
}

static void
measure_window(struct windows_window *w, struct scale scale)
{
	int width, height;
	size_t i;

	w->width = w->height = 0;
	for (i = 0; i < w->n; i++) {
		measure_column(&w->column[i], scale, &width, &height);
		w->width += width;
		w->height = height > w->height ? height : w->height;
	}
	w->height += BAR;
}

/* A size that NEURON is given is in points, of which it takes an inch to have
 * 72 where it has 75 pixels; a place is in pixels. */
static int
pixels(int points)
{
	return (int)ceil(points * 75 / 72.0);
}

static int
right_of(const struct windows_window *w)
{
	return w->left + pixels(w->width) + EDGE;
}

static int
below(const struct windows_window *w)
{
	return w->top + pixels(w->height) + EDGE;
}

static bool
cover(const struct windows_window *a, const struct windows_window *b)
{
	return a->left < right_of(b) && b->left < right_of(a) &&
	       a->top - TITLE_BAR < below(b) && b->top - TITLE_BAR < below(a);
}

static bool
is_free(const struct windows *w, size_t i)
{
	const struct windows_window *a = &w->window[i];
	size_t k;

	if (right_of(a) > screen_width || below(a) > screen_height)
		return false;
	for (k = 0; k < i; k++)
		if (cover(a, &w->window[k]))
			return false;
	return true;
}

/* The first place from the left, and there from the top, that is at the edge of
 * the screen or of another window. */
static bool
place_window(struct windows *w, size_t i)
{
	struct windows_window *a = &w->window[i];
	int left = screen_width, top = screen_height;
	size_t x, y;

	for (x = 0; x <= i; x++)
		for (y = 0; y <= i; y++) {
			a->left = x == i ? 0 : right_of(&w->window[x]);
			a->top =
				TITLE_BAR + (y == i ? 0 : below(&w->window[y]));
			if (!is_free(w, i) || a->left > left ||
			    (a->left == left && a->top >= top))
				continue;
			left = a->left;
			top = a->top;
		}
	a->left = left;
	a->top = top;
	return left < screen_width;
}

static bool
place_all(struct windows *w, struct scale scale)
{
	bool all = true;
	size_t i;

	for (i = 0; i < w->n; i++)
		measure_window(&w->window[i], scale);
	for (i = 0; i < w->n && all; i++)
		all = place_window(w, i);
	return all;
}

/* Those for which there is no room cover others, as far as the titles are seen.
 */
static void
pile(struct windows *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		measure_window(&w->window[i], (struct scale){0.5, 0.5, 0.6});
	for (i = 0; i < w->n; i++) {
		struct windows_window *a = &w->window[i];

		if (place_window(w, i))
			continue;
		a->left = (int)(30 * i) % (screen_width / 2);
		a->top = TITLE_BAR + (int)(30 * i) % (screen_height / 2);
	}
	warn("the windows do not fit on a screen of %d x %d: some cover others",
	     screen_width, screen_height);
}

/* Large pictures go before long columns. */
static double
worth(struct scale s)
{
	return s.x * s.y * sqrt(s.column);
}

void
windows_place(struct windows *w)
{
	struct scale best = {0}, s;
	int column, x, y; /* percent */

	for (column = 100; column >= 50; column -= 5)
		for (x = 150; x > 30; x -= 4)
			for (y = 150; y > 35; y -= 4) {
				s = (struct scale){x / 100.0, y / 100.0,
						   column / 100.0};
				if (worth(s) > worth(best) && place_all(w, s))
					best = s;
			}
	if (worth(best) > 0)
		place_all(w, best);
	else
		pile(w);
}
