/* ring.h -- a few boxes and their arrows, as one would draw them by hand
 *
 *	struct sketch s = {.box = box, .boxes = 4, .arrow = arrow, .arrows = 9};
 *
 *	if (ring_lay_out(&s, 321, 0, false) == RING_NO_ROOM)
 *		die("no room for it in 85 mm");
 *
 * The boxes lie round a ring, in an order in which few arrows cross; arrows are
 * bent so that they keep away from boxes and from each other, and those from a
 * box to itself are outside.
 */
#ifndef RING_H
#define RING_H

#include "plot/sketch.h"

/* As many boxes as it is made for: the time grows by the square of the number
 * of arrows. */
#define RING_MOST 30

enum ring_found { RING_NO_ROOM, RING_SOME_TEXTS, RING_ALL };

/* Finds all places within a width and a height, each 0 if it may be any: room
 * for the boxes at least, or also for all texts.  The size of s is what it
 * takes.  Rough, arrows may go behind boxes. */
enum ring_found ring_lay_out(struct sketch *s, double width, double height,
			     bool rough);

#endif
