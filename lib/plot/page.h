/* page.h -- the page of a picture: its margins, its title, its labels
 *
 *	struct page g = {.type = page_type(less, 9)};
 *
 *	page_start(&g, 4);
 *	g.left += page_widest(&groups, g.type);
 *	page_put_title(&p, &g, g.left, g.width - g.right);
 *	page_put_across(&p, &g, g.left, g.width - g.right, y, "time_ms");
 *	page_say_area(&p, g.left, g.top, 400, 300);
 *
 * gnuplot does not know how wide a text is, so that every length is worked out
 * by us: from the upper left corner, in pixels, or in characters where the
 * picture is made of them (-T dumb).
 */
#ifndef PAGE_H
#define PAGE_H

#include "labels.h"
#include "plot/plot.h"

#define PAGE_PAD 10.0 /* between the edge of the picture and what is in it */
#define PAGE_GAP 6.0  /* between its parts */
#define PAGE_LARGE 12.0
#define PAGE_SMALL 8.0 /* no type is smaller */

struct page {
	double type; /* of labels; that of the title is larger */
	double left, right, top, bottom; /* around what is drawn */
	double width, height;
};

/* A length, which differs in pictures of characters.  And those above. */
double page_length(double pixels, double characters);
double page_pad(void);
double page_gap(void);

/* Type that is less than the largest, because there is much to label. */
double page_type(double less, double least);

/* Margins: what is between the edge and all else, and above also the title with
 * some room below it. */
void page_start(struct page *g, double below_title);

/* How wide the title is. */
double page_title_width(const struct page *g);

/* Find a size of type, from that of g on downwards, at which all fits into what
 * --size says, and end the tool if none does.  lay_out tries one; if it returns
 * false, g has the size that would do. */
void page_fit(struct page *g, double least, bool (*lay_out)(void *of),
	      void *of);

/* How much the longest text, on one line, takes at a size of type. */
double page_widest(const struct labels *l, double type);
double page_highest(const struct labels *l, double type);

/* Where a text goes: the side that is at x; y is the middle of its lines. */
struct page_spot {
	double x, y;
	const char *side; /* "center", "left", "right" */
	bool upright;     /* then x is the middle, and the side is at y */
	double type;
	const char *colour; /* or NULL: black */
};

void page_label(struct plot *p, struct page_spot at, const char *text);

/* The middle, if a text of that length stays in a picture of that size. */
double page_middle(double from, double to, double length, double picture);

/* The title, if there is one, and a text at a height, in the middle between two
 * places.  And one on the left of x that reads upwards; in a picture of
 * characters it stands level, on the line above. */
void page_put_title(struct plot *p, const struct page *g, double from,
		    double to);
void page_put_across(struct plot *p, const struct page *g, double from,
		     double to, double y, const char *text);
void page_put_upright(struct plot *p, const struct page *g, double x,
		      double from, double to, const char *text);

/* Move labels, which go upwards from 0, as little as can be for none to be
 * nearer to the next than a step, in so much room. */
void page_part_labels(double *at, size_t n, double step, double room);

/* Lines of a script: where the axes are that it draws next. */
void page_say_area(struct plot *p, double left, double top, double width,
		   double height);

/* And the beginning of one: a stroke, which how it looks has to follow. */
void page_say_stroke(struct plot *p, const double from[2], const double to[2]);

/* A text on one line, and on as many as it has parts; NULL: there is none. */
struct page_text {
	char *flat, *folded;
};

void page_free_text(struct page_text *text);

#endif
