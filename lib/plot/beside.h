/* beside.h -- texts beside lines: never on a line, on a box or on one another
 *
 *	struct beside_box box[2] = {{0, 40, 60, 80}, {200, 40, 260, 80}};
 *	struct beside_texts b = {line, n, box, 2, {0, 0, 640, 480}};
 *
 *	if (beside_place(&b) > 0)
 *		warn("some of the texts find no place");
 *
 * Each text stands near the middle of its line if it can, elsewhere along it if
 * not, and nowhere if there is no room.
 */
#ifndef BESIDE_H
#define BESIDE_H

#include <stdbool.h>
#include <stddef.h>

#define BESIDE_GAP 1.5 /* pixels between a text and what is near it */

struct beside_box {
	double left, top, right, bottom;
};

/* A line of n points, so wide, with a text of that size, or none; the text's
 * middle is at x and y if it is placed. */
struct beside_line {
	double (*at)[2];
	size_t n;
	double width;
	double across, down;
	double x, y;
	bool placed;
};

/* Texts stay within the area, and on none of the boxes. */
struct beside_texts {
	struct beside_line *line;
	size_t lines;
	const struct beside_box *box;
	size_t boxes;
	struct beside_box area;
};

/* How many texts find no place. */
size_t beside_place(struct beside_texts *b);

/* Does a stroke from a to b touch a box? */
bool beside_touches(const struct beside_box *box, const double a[2],
		    const double b[2]);

bool beside_overlap(const struct beside_box *a, const struct beside_box *b);

#endif
