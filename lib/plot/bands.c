#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/bands.h"

#define BAR 5.0     /* pixels: the colour of a group, beside its rows */
#define LEADER 16.0 /* from there to its name */
#define SILENT "#808080"
#define LONG 16 /* characters: what may be folded */

/* From one name to the next: those of two lines have a gap between them. */
static double
step_of(const struct bands *b)
{
	double most = page_most(plot_text_height, b->names, b->type);
	double line = plot_text_step(b->type);

	return most > line ? most + 0.3 * line : line;
}

/* Where a name is broken, or 0: behind what is nearest to its middle. */
static size_t
find_break(const char *name)
{
	size_t n = strlen(name), middle = n / 2, i, best = 0;

	if (n <= LONG || strchr(name, '\n'))
		return 0;
	for (i = 1; i < n; i++) {
		size_t far = i < middle ? middle - i : i - middle;
		size_t least = best < middle ? middle - best : best - middle;

		if (strchr("_-:/. ", name[i - 1]) && far < least)
			best = i;
	}
	return best;
}

struct labels
bands_fold(const struct labels *names)
{
	struct labels folded = {0};
	size_t i;

	for (i = 0; i < names->n; i++) {
		const char *name = names->name[i];
		size_t at = find_break(name);
		char *text = at ? format("%.*s\n%s", (int)at, name, name + at)
				: copy(name);

		label(&folded, text);
		free(text);
	}
	return folded;
}

double
bands_width(const struct bands *b)
{
	return page_most(plot_text_width, b->names, b->type) +
	       page_length(PAGE_GAP + LEADER + BAR + 2, 2);
}

double
bands_height(const struct bands *b)
{
	return ceil((double)b->names->n * step_of(b));
}

/* Draws the colour of a group beside its rows, and a line to its name. */
static void
put_bar(struct plot *p, double right, const struct strokes_group *g,
	const double y[3])
{
	double w = p->width, h = p->height, x = right - BAR - 1;
	double middle = (y[0] + y[1]) / 2;

	plot_say(p,
		 "set object rectangle from screen %.6f, screen %.6f to "
		 "screen %.6f, screen %.6f fillstyle solid noborder "
		 "fillcolor rgb \"#%06x\"\n",
		 x / w, 1 - y[0] / h, (x + BAR) / w, 1 - y[1] / h,
		 (unsigned)g->look.colour);
	page_say_stroke(p, (double[]){x, middle}, (double[]){x - LEADER, y[2]});
	plot_say(p, "linewidth 1 linecolor rgb \"#%06x\"\n",
		 (unsigned)g->look.colour);
}

void
bands_put(struct plot *p, const struct bands *b, double left, double top,
	  double height)
{
	double *at = zeros(b->names->n, sizeof *at), floor = top + height;
	double scale = height / b->rows;
	struct page_spot spot = {
		.x = left - page_length(BAR + 1 + LEADER + PAGE_GAP / 2, 1),
		.side = "right",
		.type = b->type};
	size_t i;

	for (i = 0; i < b->names->n; i++)
		at[i] = (b->group[i].first + b->group[i].rows / 2) * scale;
	page_part_labels(at, b->names->n, step_of(b), height);
	for (i = 0; i < b->names->n; i++) {
		const struct strokes_group *g = &b->group[i];
		double low = floor - g->first * scale;
		double high = fmin(low - 1, low - g->rows * scale);

		spot.y = floor - at[i];
		spot.colour = g->marks ? NULL : SILENT;
		page_label(p, spot, b->names->name[i]);
		if (!plot_is_text())
			put_bar(p, left, g, (double[]){low, high, spot.y});
	}
	free(at);
}
