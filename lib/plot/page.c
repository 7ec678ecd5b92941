#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/page.h"
#include "util.h"

#define TITLE 2      /* pixels: how much larger its type is */
#define NARROW 400.0 /* pixels: 106 mm */
#define SHORT 12     /* bytes: names that stay on one line */

double
page_length(double pixels, double characters)
{
	return plot_is_text() ? characters : pixels;
}

double
page_pad(void)
{
	return page_length(PAGE_PAD, 0);
}

double
page_gap(void)
{
	return page_length(PAGE_GAP, 1);
}

/* A picture for a column of a journal begins with type of 7.5 points. */
double
page_type(double less, double least)
{
	int width;
	double most = plot_width(&width) && width < NARROW ? PAGE_LARGE - 2
							   : PAGE_LARGE;

	if (plot_type() > 0)
		return plot_type();
	return rint(2 * fmin(most, fmax(least, PAGE_LARGE - less))) / 2;
}

void
page_start(struct page *g, double below_title)
{
	g->left = g->right = g->top = g->bottom = page_pad();
	if (plot_title)
		g->top += plot_text_height(plot_title, g->type + TITLE) +
			  below_title;
}

double
page_title_width(const struct page *g)
{
	return plot_text_width(plot_title, g->type + TITLE);
}

/* Type of the size that was asked for is not made smaller. */
static bool
fit(struct page *g, double least, bool (*lay_out)(void *of), void *of)
{
	while (!lay_out(of)) {
		if (plot_type() > 0 || g->type <= least)
			return false;
		g->type -= 0.5;
	}
	return true;
}

/* A width alone: the height is first what the tool would choose by itself in
 * proportion, then more where that is too low. */
static bool
fit_width(struct page *g, double least, bool (*lay_out)(void *of), void *of)
{
	double type = g->type, height;
	int width, round;

	plot_width(&width);
	lay_out(of);
	height = g->height * width / g->width;
	for (round = 0; round < 12; round++) {
		plot_set_height(height);
		g->type = type;
		if (fit(g, least, lay_out, of))
			return true;
		height *= 1.15;
	}
	return false;
}

bool
page_try(struct page *g, double least, bool (*lay_out)(void *of), void *of)
{
	int width, height;
	bool alone = plot_width(&width) && !plot_size(&width, &height);
	bool fits = (alone ? fit_width : fit)(g, least, lay_out, of);

	if (alone && !fits)
		plot_set_height(0);
	return fits;
}

void
page_fit(struct page *g, double least, bool (*lay_out)(void *of), void *of)
{
	if (!page_try(g, least, lay_out, of))
		plot_too_small(g->width, g->height);
}

double
page_most(double (*measure)(const char *s, double type), const struct labels *l,
	  double type)
{
	double most = 0;
	size_t i;

	for (i = 0; i < l->n; i++)
		most = fmax(most, measure(l->name[i], type));
	return most;
}

/* Draws a line at a time, so that we decide where the lines go.  A picture of
 * characters puts a text into the cell that the point is in. */
void
page_label(struct plot *p, struct page_spot at, const char *text)
{
	char *lines = copy(text), *rest = lines, *line;
	double step = plot_text_step(at.type);
	double *along = at.upright ? &at.x : &at.y;

	*along -= (double)(plot_text_lines(text) - 1) / 2 * step;
	while ((line = strsep(&rest, "\n"))) {
		plot_say(p, "set label ");
		plot_text(p, line);
		plot_say(p, " at screen %.6f, screen %.6f %s %s",
			 at.x / p->width, 1 - at.y / p->height, at.side,
			 at.upright ? "rotate by 90 " : "");
		if (at.colour && !plot_is_text())
			plot_say(p, "textcolor \"%s\" ", at.colour);
		plot_font(p, at.type);
		plot_say(p, " noenhanced\n");
		*along += step;
	}
	free(lines);
}

double
page_middle(double from, double to, double length, double picture)
{
	double half = length / 2 + page_pad();

	return fmin(fmax((from + to) / 2, half), picture - half);
}

static void
put_level(struct plot *p, double type, const double between[2], double y,
	  const char *text)
{
	double width = plot_text_width(text, type);
	struct page_spot at = {.y = y, .side = "center", .type = type};

	at.x = page_middle(between[0], between[1], width, p->width);
	page_label(p, at, text);
}

void
page_put_title(struct plot *p, const struct page *g, const double between[2])
{
	double type = g->type + TITLE;

	if (plot_title)
		put_level(p, type, between,
			  page_pad() + plot_text_height(plot_title, type) / 2,
			  plot_title);
}

void
page_put_across(struct plot *p, const struct page *g, const double between[2],
		double y, const char *text)
{
	put_level(p, g->type, between, y, text);
}

void
page_put_upright(struct plot *p, const struct page *g, double x,
		 const double between[2], const char *text)
{
	double height = plot_text_height(text, g->type);
	double width = plot_text_width(text, g->type);
	struct page_spot at = {
		.side = "left", .y = between[0] - height / 2, .type = g->type};

	if (!plot_is_text())
		at = (struct page_spot){.side = "center",
					.upright = true,
					.x = x - height / 2,
					.y = page_middle(between[0], between[1],
							 width, g->height),
					.type = g->type};
	page_label(p, at, text);
}

/* A stretch in which labels push each other apart. */
struct heap {
	double mean;
	size_t n;
};

/* The places less i steps are an isotonic regression of what was asked for. */
void
page_part_labels(double *at, size_t n, double step, double room)
{
	struct heap *heap = zeros(n, sizeof *heap);
	double most = room - ((double)n - 0.5) * step;
	size_t heaps = 0, i, k, next = 0;

	for (i = 0; i < n; i++) {
		heap[heaps++] = (struct heap){at[i] - (double)i * step, 1};
		for (; heaps > 1 && heap[heaps - 2].mean > heap[heaps - 1].mean;
		     heaps--) {
			struct heap *a = &heap[heaps - 2];
			const struct heap *b = &heap[heaps - 1];

			a->mean = (a->mean * (double)a->n +
				   b->mean * (double)b->n) /
				  (double)(a->n + b->n);
			a->n += b->n;
		}
	}
	for (i = 0; i < heaps; i++)
		for (k = 0; k < heap[i].n; k++, next++)
			at[next] = fmax(step / 2, fmin(heap[i].mean, most)) +
				   (double)next * step;
	free(heap);
}

void
page_say_area(struct plot *p, double left, double top, double width,
	      double height)
{
	double across = p->width, down = p->height;

	plot_say(p, "set lmargin at screen %.6f\nset rmargin at screen %.6f\n",
		 left / across, (left + width) / across);
	plot_say(p, "set tmargin at screen %.6f\nset bmargin at screen %.6f\n",
		 1 - top / down, 1 - (top + height) / down);
}

void
page_say_stroke(struct plot *p, const double from[2], const double to[2])
{
	plot_say(p,
		 "set arrow from screen %.6f, screen %.6f to screen %.6f, "
		 "screen %.6f nohead ",
		 from[0] / p->width, 1 - from[1] / p->height, to[0] / p->width,
		 1 - to[1] / p->height);
}

void
page_free_text(struct page_text *text)
{
	free(text->flat);
	free(text->folded);
}

/* Where the line that begins at a place ends: after a separator that is near
 * the length it should have, or there, but not within a character. */
static size_t
break_at(const char *name, size_t at, size_t length)
{
	size_t wish = at + length, best = 0, i;

	for (i = at + length / 2 + 1; i < at + length * 3 / 2 && name[i]; i++)
		if (strchr(" _-:./,;", name[i - 1]) &&
		    (!best || labs((long)i - (long)wish) <
				      labs((long)best - (long)wish)))
			best = i;
	if (best)
		return best;
	while ((name[wish] & 0xc0) == 0x80)
		wish++;
	return wish;
}

char *
page_fold(const char *name, size_t lines)
{
	size_t n = strlen(name), at = 0;
	char *s = zeros(n + lines + 1, 1), *to = s;

	for (; lines > 1 && n > SHORT && !strchr(name, '\n'); lines--) {
		size_t next = break_at(name, at, (n - at) / lines);

		to = (char *)mempcpy(to, name + at, next - at);
		*to++ = '\n';
		at = next;
	}
	memcpy(to, name + at, n - at);
	return s;
}
