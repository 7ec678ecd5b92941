/* sketch.h -- boxes and arrows between them, and where they are
 *
 *	struct sketch s = {.box = box, .boxes = 2, .arrow = arrow, .arrows = 1};
 *
 *	if (ring_lay_out(&s, 0, 0, false) != RING_ALL)
 *		warn("not all texts find a place");
 *	draw(s.box[0].x, s.arrow[0].curve[0], s.width);
 *	sketch_free(&s);
 *
 * Who lays it out (ring.h, graphviz.h) is told the sizes of boxes, lines and
 * texts, and finds the places: pixels from the upper left corner.
 */
#ifndef SKETCH_H
#define SKETCH_H

#include <stdbool.h>
#include <stddef.h>

struct sketch_box {
	double width, height;
	double x, y; /* of the middle */
};

/* From one box to another or to itself.  Its line is a chain of Bezier curves,
 * 3 k + 1 points, and its head, if it has any length, follows from the last of
 * them to the tip. */
struct sketch_arrow {
	size_t source, target;
	double width, head;
	double across, down; /* of its text; 0: it has none */

	double (*curve)[2];
	size_t n;
	double tip[2];
	double x, y; /* the text's middle, if it has a place */
	bool placed;
};

struct sketch {
	struct sketch_box *box;
	size_t boxes;
	struct sketch_arrow *arrow;
	size_t arrows;
	double width, height; /* of all of it */
};

/* Finds the places of texts beside their arrows, between two edges on the left
 * and right and two above and below; how many have none. */
size_t sketch_place_texts(struct sketch *s, const double across[2],
			  const double down[2]);

/* Moves all of it into the upper left corner, with so much room around it, and
 * finds its width and height. */
void sketch_trim(struct sketch *s, double pad);

void sketch_move(struct sketch *s, double x, double y);

/* A point of a Bezier curve of four points. */
void sketch_point(double (*curve)[2], double t, double at[2]);

/* The part of such a curve between two of its points. */
void sketch_part(double (*curve)[2], double from, double to, double (*part)[2]);

/* Makes room for the head of an arrow that reaches up to where its tip is. */
void sketch_shorten(struct sketch_arrow *arrow);

/* Ends what arrows have; boxes and arrows are the caller's. */
void sketch_free(struct sketch *s);

#endif
