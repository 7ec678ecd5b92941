#include <math.h>
#include <stdlib.h>

#include "plot/arrowkey.h"

/* Pixels. */
#define SAMPLE 34.0 /* an arrow, */
#define THICK 1.5
#define ROOM 6.0   /* what is between it and its text, */
#define APART 18.0 /* and after that */

void
arrowkey_add(struct arrowkey *key, const struct graphviz_look *look, char *text)
{
	struct arrowkey_entry *entry = &key->entry[key->n++];

	*entry = (struct arrowkey_entry){.sample = look};
	entry->text = text;
	if (look)
		entry->look = *look;
}

static double
width_of(const struct arrowkey *key, const struct arrowkey_entry *entry)
{
	return plot_text_width(entry->text, key->type) +
	       (entry->sample ? SAMPLE + ROOM : 0);
}

/* Moves the entries from one to another. */
static void
move(struct arrowkey *key, size_t from, size_t to, double x)
{
	for (; from < to; from++)
		key->entry[from].x += x;
}

void
arrowkey_lay_out(struct arrowkey *key, double type, double room)
{
	double step = plot_text_step(type), x = 0, y = step / 2;
	size_t i, first = 0;

	key->type = type;
	for (i = 0; i < key->n; i++) {
		struct arrowkey_entry *entry = &key->entry[i];
		double width = width_of(key, entry);

		if (x > 0 && x + width > room) {
			move(key, first, i, (room - x + APART) / 2);
			first = i;
			x = 0;
			y += step;
		}
		entry->x = x;
		entry->y = y;
		key->width = fmax(key->width, x + width);
		x += width + APART;
	}
	move(key, first, key->n, (room - x + APART) / 2);
	key->height = key->n > 0 ? y + step / 2 : 0;
}

void
arrowkey_say(struct plot *p, const struct arrowkey *key, const double at[2])
{
	size_t i;

	for (i = 0; i < key->n; i++) {
		const struct arrowkey_entry *entry = &key->entry[i];
		double place[2] = {at[0] + entry->x, at[1] + entry->y};

		if (entry->sample) {
			graphviz_sample(p, place, (double[]){SAMPLE, THICK},
					&entry->look, entry->text);
			place[0] += SAMPLE + ROOM;
		}
		graphviz_text(p, place, true,
			      &(struct graphviz_text){entry->text, key->type, 0,
						      entry->text});
	}
}

void
arrowkey_free(struct arrowkey *key)
{
	size_t i;

	for (i = 0; i < key->n; i++)
		free(key->entry[i].text);
}
