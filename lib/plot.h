/* plot.h -- draw with gnuplot as a child
 *
 *	struct plot p;
 *
 *	plot_open(&p, width, height);	 pixels of a screen; terminal set
 *	plot_say(&p, "set xlabel ");	 script text of our own
 *	plot_text(&p, "`touch x`");	 a label, quoted: data, never a command
 *	plot_say(&p, "\n");
 *	...
 *	plot_close(&p);			 runs it; the picture goes out
 *
 * The script is put together first, with its data inline, and then either
 * written out (--script) or given to gnuplot, whose failure is our failure.
 */
#ifndef PLOT_H
#define PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "util.h"

/* -T TERMINAL, -o FILE, --script, --title, --size, --palette: every plot tool
 * takes this table in. */
extern const struct opt plot_opts[];
extern const char *plot_title; /* NULL if none was given */

struct plot {
	char *script;
	size_t n, cap;
};

/* Begin a script: terminal, size (the user's --size wins), fonts, palette. */
void plot_open(struct plot *p, int width, int height);
void plot_say(struct plot *p, const char *fmt, ...) PRINTF(2, 3);
void plot_num(struct plot *p, double v); /* "NaN" for a missing one */

/* A text as a gnuplot string that draws as it stands, whatever is in it. */
void plot_text(struct plot *p, const char *s);

/* Is this a picture of characters for a terminal (-T dumb)? */
bool plot_is_text(void);

void plot_close(struct plot *p);

#endif
