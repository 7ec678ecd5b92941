/* page.h -- the page of a picture: its margins, its title, its labels
 *
 *	struct page g = {.type = page_type(less, 9)};
 *
 *	page_start(&g, 4);
 *	g.left += page_most(plot_text_width, &groups, g.type);
 *	page_put_title(&p, &g, (double[]){g.left, g.width - g.right});
 *	page_put_across(&p, &g, (double[]){0, g.width}, y, "time_ms");
 *	page_say_area(&p, g.left, g.top, 400, 300);
 *
 * gnuplot does not know how wide a text is, so we work out every length: from
 * the upper left corner, in pixels, or in characters where the picture is made
 * of them (-T dumb).
 */
#ifndef PAGE_H
#define PAGE_H

#include "labels.h"
#include "plot/plot.h"

#define PAGE_PAD 10.0 /* between the edge of the picture and its content */
#define PAGE_GAP 6.0  /* between its parts */
#define PAGE_LARGE 12.0
#define PAGE_SMALL 8.0 /* no type is smaller */

struct page {
	double type; /* the size of labels'; the title's is larger */
	double left, right, top, bottom; /* around what is drawn */
	double width, height;
};

/* A length in pixels or, in a picture of characters, in those; and PAGE_PAD and
 * PAGE_GAP as such lengths. */
double page_length(double pixels, double characters);
double page_pad(void);
double page_gap(void);

/* A size of type, which is less than the largest where there is much to label.
 */
double page_type(double less, double least);

/* Sets the margins to what is always there: room at the edges, and above also
 * the title with some room below it. */
void page_start(struct page *g, double below_title);

/* How wide the title is. */
double page_title_width(const struct page *g);

/* Finds the size of type, from that of g on downwards, at which all fits into
 * what --size says; page_fit ends the tool if none does.  lay_out tries a size;
 * where it returns false, g has the width and height that would do. */
bool page_try(struct page *g, double least, bool (*lay_out)(void *of),
	      void *of);
void page_fit(struct page *g, double least, bool (*lay_out)(void *of),
	      void *of);

/* The most that plot_text_width or plot_text_height gives for any of texts. */
double page_most(double (*measure)(const char *s, double type),
		 const struct labels *l, double type);

/* Where a text goes: which of its sides is at x; y is the middle of its lines.
 */
struct page_spot {
	double x, y;
	const char *side; /* "center", "left", "right" */
	bool upright;     /* then x is the middle, and the side is at y */
	double type;
	const char *colour; /* or NULL: black */
};

void page_label(struct plot *p, struct page_spot at, const char *text);

/* The middle between two places, or as near to it as a text of that length can
 * be in a picture of that size. */
double page_middle(double from, double to, double length, double picture);

/* These draw in the middle between two places: the title, if there is one; a
 * text at a height y; and, on the left of x, a text that reads upwards, which
 * in a picture of characters stands level on the line above. */
void page_put_title(struct plot *p, const struct page *g,
		    const double between[2]);
void page_put_across(struct plot *p, const struct page *g,
		     const double between[2], double y, const char *text);
void page_put_upright(struct plot *p, const struct page *g, double x,
		      const double between[2], const char *text);

/* Moves n labels, which are in order from 0 on, as little as can be so that
 * each is a step away from the next and all are within the room. */
void page_part_labels(double *at, size_t n, double step, double room);

/* Writes lines of a script: where the axes are that it draws next. */
void page_say_area(struct plot *p, double left, double top, double width,
		   double height);

/* Writes the beginning of a line that draws a stroke; its look has to follow.
 */
void page_say_stroke(struct plot *p, const double from[2], const double to[2]);

/* A text on one line, and on as many lines as it has parts; NULL if there is
 * none. */
struct page_text {
	char *flat, *folded;
};

void page_free_text(struct page_text *text);

/* A name in new memory, on so many lines unless it is short. */
char *page_fold(const char *name, size_t lines);

#endif
