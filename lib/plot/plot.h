/* plot.h -- draw with gnuplot as a child
 *
 *	struct plot p;
 *
 *	plot_open(&p, 640, 480);
 *	plot_say(&p, "set xlabel ");
 *	plot_text(&p, "`touch x`"); // drawn as it stands, never run
 *	plot_say(&p, " noenhanced\n$d << EOD\n");
 *	for (i = 0; i < n; i++)
 *		plot_point(&p, x[i], y[i]);
 *	plot_say(&p, "EOD\nplot $d with lines notitle\n");
 *	plot_close(&p); // the picture goes out
 *
 * A script is put together first, with its data inline, and then either written
 * out (--script) or given to gnuplot, whose failure is our failure.  Lengths
 * and sizes of type are in pixels of 1/96 inch, whatever the terminal; 8 pixels
 * are 6 points, the least that print should be.
 */
#ifndef PLOT_H
#define PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opt.h"
#include "run/run.h"

#define PLOT_LARGEST 32767 /* pixels: cairo draws no image beyond */

/* -T TERMINAL, -o FILE, --script, --title, --size, --font-size, --dpi and
 * --palette: every plot tool takes one of these tables in, and calls
 * plot_start() when the options are read.  Where -T is not given the suffix of
 * -o says what is drawn; a name that contradicts what would be in it is misuse.
 */
extern const struct opt plot_opts[], plot_dot_opts[];
extern const char *plot_title; /* NULL if none was given */

/* Rows for the tables of tools that obey them: each means the same wherever it
 * is.  The scale of the values is that of -y: colours, or the y axis. */
#define PLOT_XLABEL                                                            \
	OPT_STR(0, "xlabel", "text", &plot_xlabel, "write this below")
#define PLOT_YLABEL                                                            \
	OPT_STR(0, "ylabel", "text", &plot_ylabel, "write this on the left")
#define PLOT_LOG                                                               \
	OPT_FLAG(0, "log", &plot_log, "a logarithmic scale for the values")
#define PLOT_RANGE                                                             \
	OPT_PAIR(0, "range", "low:high", plot_range, "(-inf,inf)<",            \
		 "the scale of the values, from low to high")
#define PLOT_NOTE                                                              \
	OPT_STR(0, "note", "text", &plot_note, "write this into the frame")
#define PLOT_SHARE                                                             \
	OPT_FLAG(0, "share", &plot_share, "the same axes for all panels")
extern const char *plot_xlabel, *plot_ylabel, *plot_note; /* or NULL */
extern bool plot_log, plot_share;
extern double plot_range[2]; /* NaN if it was not given */

enum plot_program { PLOT_GNUPLOT, PLOT_DOT }; /* what draws */
void plot_start(enum plot_program program);

/* Does --size say how large the picture is, in pixels of 1/96 inch?  It may say
 * a width alone, to which plot_set_height adds a height that suits it; before
 * that plot_size is false. */
bool plot_width(int *width);
bool plot_size(int *width, int *height);
void plot_set_height(double height);

/* Ends the tool: what would do is so large. */
_Noreturn void plot_too_small(double width, double height);

/* The size of type that --font-size asks for, in pixels, or 0; and the dots in
 * an inch of a PNG.  96 is what a screen has. */
double plot_type(void);
double plot_dots(void);

/* What -T says. */
const char *plot_terminal(void);

/* Is this a picture of characters for a terminal (-T dumb)?  Its size is in
 * characters.  And is the script all that is wanted? */
bool plot_is_text(void);
bool plot_is_script(void);

struct plot {
	char *script;
	size_t n, cap;
	int width, height; /* since plot_open */
};

/* Begins a script: terminal, size in pixels (the user's --size wins), fonts,
 * palette. */
void plot_open(struct plot *p, int width, int height);

/* Script text of our own; never a text that came from elsewhere. */
void plot_say(struct plot *p, const char *fmt, ...) PRINTF(2, 3);
void plot_num(struct plot *p, double v); /* "NaN" for a missing one */
void plot_point(struct plot *p, double x, double y); /* a line of data */
void plot_font(struct plot *p, double size); /* font ",SIZE", in pixels */

/* Writes a text as a gnuplot string, in a command or in inline data, that is
 * drawn as it stands, whatever is in it.  What no picture can hold, such as
 * control characters and bytes that are not UTF-8, becomes a question mark. */
void plot_text(struct plot *p, const char *s);

/* Writes an entry of a list of tics.  gnuplot takes their texts for formats of
 * a number, so they need more quoting than others. */
void plot_tic(struct plot *p, const char *text, double at);

/* Draws the script, or writes it out, to where -o says. */
void plot_close(struct plot *p);

/* Gives the script to a program that draws it and becomes what that writes,
 * after check has ended the tool if it went wrong. */
void plot_run(struct plot *p, struct run_program *program,
	      void (*check)(const struct run_program *done));

/* Writes out a picture that has been put together in place of a script. */
void plot_write(struct plot *p);

/* Writes a text as it may go to a terminal, on one line, without the quotes
 * that plot_text gives it; and how many columns it takes there. */
void plot_plain(struct plot *p, const char *s);
size_t plot_columns(const char *s);

/* How wide a text is at most, which is its widest line, how high it is, and how
 * many lines it has; width and height are 0 for NULL.  They are in pixels, or
 * in characters where the picture is made of them.  Fonts differ; this is for
 * DejaVu Sans, which is wider than most, with some room for rounding. */
double plot_text_width(const char *s, double type);
double plot_text_height(const char *s, double type);
size_t plot_text_lines(const char *s);
double plot_text_step(double type); /* from one line to the next */

/* A number as a reader wants it, in new memory: whole numbers are whole, others
 * have up to three digits, or more where three would need an exponent. */
char *plot_readable(double v);

/* The same of several that stand together: plot_digits is how many of one need
 * to be there, 0 if it is whole, and all have as many as the one that has most:
 * 0.00170 beside 0.00184. */
int plot_digits(double v);
char *plot_even(double v, int digits);

/* Colours are 0xRRGGBB: the palette's at a fraction from 0 to 1; the i-th
 * group's, which are PLOT_HUES hues that the colour blind tell apart, then
 * shades of these, 35 in all; and black or white, whichever is easier to read
 * on a colour. */
#define PLOT_HUES 7
uint32_t plot_shade(double fraction);
uint32_t plot_group(size_t i);
uint32_t plot_ink(uint32_t back);

/* The colour of the i-th of n lines in an order: from the part of the palette
 * that can be seen on white.  And did the user ask for a palette at all? */
uint32_t plot_stroke(size_t i, size_t n);
bool plot_has_palette(void);

#endif
