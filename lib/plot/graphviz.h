/* graphviz.h -- draw boxes and arrows with Graphviz, or have it find places
 *
 *	struct graphviz_look look = {0xff0000, GRAPHVIZ_TRIANGLE, false};
 *	struct graphviz_text name = {"PV", 12, 0, NULL};
 *	struct plot p;
 *
 *	graphviz_lay_out(&s, "dot", 1, false);
 *	graphviz_open(&p, s.width, s.height);
 *	graphviz_box(&p, &s.box[0], 0, 0xffffff, &name);
 *	graphviz_arrow(&p, &s.arrow[0], &look, NULL);
 *	graphviz_close(&p);
 *
 * Graphviz runs as a child that reads DOT, rather than as a library: it may
 *leak or crash as it likes, and its script is something that a user can change.
 *Our scripts say where everything is, so that a picture is as we measured it.
 * Texts of tables come only between quotes, with escape.h.  Lengths are in
 * pixels from the upper left corner.
 */
#ifndef GRAPHVIZ_H
#define GRAPHVIZ_H

#include "plot/plot.h"
#include "plot/sketch.h"

/* Has an engine of Graphviz find the places of boxes and the ways of arrows;
 * the more room, the more of it between them.  Straight lines take less time.
 */
void graphviz_lay_out(struct sketch *s, const char *engine, double room,
		      bool straight);

void graphviz_open(struct plot *p, double width, double height);

enum graphviz_head {
	GRAPHVIZ_LINE, /* no head */
	GRAPHVIZ_VEE,
	GRAPHVIZ_TRIANGLE,
	GRAPHVIZ_BAR,
	GRAPHVIZ_DIAMOND
};

/* How long a head is, whatever the width of its line. */
double graphviz_head_length(enum graphviz_head head);

struct graphviz_text {
	const char *text;
	double type;
	uint32_t colour;
	const char *tip; /* or NULL: no tooltip */
};

/* A text with its middle, or its left end, at a place. */
void graphviz_text(struct plot *p, const double at[2], bool left,
		   const struct graphviz_text *text);

/* A box of that number, its colour, and the text in it. */
void graphviz_box(struct plot *p, const struct sketch_box *box, size_t number,
		  uint32_t fill, const struct graphviz_text *text);

/* An arrow between boxes of these numbers, and its text if that has a place. */
struct graphviz_look {
	uint32_t colour;
	enum graphviz_head head;
	bool dashed;
};
void graphviz_arrow(struct plot *p, const struct sketch_arrow *arrow,
		    const struct graphviz_look *look,
		    const struct graphviz_text *text);

/* An arrow that stands alone, from left to right, for a legend; its size is its
 * length and its width. */
void graphviz_sample(struct plot *p, const double from[2], const double size[2],
		     const struct graphviz_look *look, const char *tip);

/* Draws the script, or writes it out, to where -o says. */
void graphviz_close(struct plot *p);

#endif
