#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/key.h"

#define SAMPLE 28.0 /* how long the line is that it shows */
#define BAND 10.0   /* and how high a band */

void
key_add(struct key_table *k, const struct key_entry *entry)
{
	k->entry = grow(k->entry, &k->cap, k->n + 1, sizeof *k->entry);
	k->entry[k->n++] = *entry;
}

/* A label may have several lines. */
void
key_measure(struct key_table *k, double type)
{
	double widest = 0, highest = plot_text_step(type);
	size_t i;

	for (i = 0; i < k->n; i++) {
		const char *text = k->entry[i].text;

		widest = fmax(widest, plot_text_width(text, type));
		highest = fmax(highest, plot_text_height(text, type));
	}
	k->type = type;
	k->width = page_length(SAMPLE + 6, 2) + widest + page_length(14, 3);
	k->height = highest + page_length(2, 0);
}

size_t
key_rows(const struct key_table *k)
{
	return k->columns ? (k->n + k->columns - 1) / k->columns : 1;
}

double
key_width(const struct key_table *k)
{
	return fmax((double)k->columns * k->width,
		    plot_text_width(k->title, k->type));
}

double
key_height(const struct key_table *k)
{
	return (double)key_rows(k) * k->height +
	       plot_text_height(k->title, k->type);
}

static void
put_band(struct plot *p, const struct look *look, double x, double y)
{
	plot_say(p,
		 "set object rectangle from screen %.6f, screen %.6f to "
		 "screen %.6f, screen %.6f fillstyle transparent solid 0.25 "
		 "noborder fillcolor rgb \"#%06x\"\n",
		 x / p->width, 1 - (y - BAND / 2) / p->height,
		 (x + SAMPLE) / p->width, 1 - (y + BAND / 2) / p->height,
		 (unsigned)look->colour);
}

/* Draws the line and the point that the key shows, or a character that stands
 * for them. */
static void
put_sample(struct plot *p, const struct key_table *k, size_t i, double x,
	   double y)
{
	const struct key_entry *entry = &k->entry[i];
	struct page_spot at = {.x = x, .y = y, .side = "left"};
	const char *letters =
		entry->line ? "*#$%@&=" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t kind = entry->line ? entry->look.linetype : entry->look.point;
	char letter[2] = {letters[kind % strlen(letters)]};

	if (plot_is_text()) {
		page_label(p, at, letter);
		return;
	}
	if (entry->band)
		put_band(p, &entry->look, x, y);
	if (entry->line) {
		page_say_stroke(p, (double[]){x, y}, (double[]){x + SAMPLE, y});
		look_say_line(p, &entry->look);
		plot_say(p, "\n");
	}
	if (entry->point) {
		plot_say(p, "set label \"\" at screen %.6f, screen %.6f point ",
			 (x + SAMPLE / 2) / p->width, 1 - y / p->height);
		look_say_point(p, &entry->look, 0.6);
		plot_say(p, "\n");
	}
}

void
key_put(struct plot *p, const struct key_table *k, double left, double top)
{
	double title = plot_text_height(k->title, k->type);
	struct page_spot at = {.x = left,
			       .y = top + title / 2,
			       .side = "left",
			       .type = k->type};
	size_t rows = key_rows(k), i;

	if (k->title)
		page_label(p, at, k->title);
	top += title;
	for (i = 0; i < k->n; i++) {
		size_t column = i / rows;
		double x = left + (double)column * k->width;

		at.y = top + ((double)(i % rows) + 0.5) * k->height;
		at.x = x + page_length(SAMPLE + 6, 2);
		put_sample(p, k, i, x, at.y);
		page_label(p, at, k->entry[i].text);
	}
}

void
key_free(struct key_table *k)
{
	free(k->entry);
	*k = (struct key_table){0};
}
