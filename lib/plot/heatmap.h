/* heatmap.h -- a matrix as coloured cells, with its names and a colour bar
 *
 *	struct heatmap h = {.matrix = &m, .row_title = "Source"};
 *
 *	for (i = 0; i < m.n; i++)
 *		axis_take(&h.colours, m.cell[i].value);
 *	axis_settle(&h.colours, 0);
 *	heatmap_draw(&h);
 *
 * Cells are as large as the texts in them need, and names find room around
 * them.  Texts leave a matrix that has no room for type of 6 points; where not
 * all names have room either, cells are one image, with some of the names.
 * 1000 x 1000 cells are an SVG of 1 MB, where an object for each takes 600.
 *
 * Rows and columns of numbers are an image with axes.
 *
 * A value of 0 is no part of the scale: its cell is pale, so that what is there
 * is seen.
 */
#ifndef HEATMAP_H
#define HEATMAP_H

#include "plot/axis.h"
#include "plot/lattice.h"
#include "plot/matrix.h"
#include "plot/page.h"

/* Names may be drawn on so many lines. */
#define HEATMAP_LINES 3

struct heatmap {
	const struct matrix *matrix; /* settled */
	const char *row_title, *column_title;
	const char *label;   /* of the values, or NULL; and where texts are */
	const char *plain;   /* left out */
	struct axis colours; /* used if there is anything to colour */

	/* Where there are these, rows and columns are places of numbers, of
	 * which the lowest row is the last, and axes stand for names. */
	const struct lattice *up, *across;

	/* The rest is for heatmap.c.  The page's margins are those around the
	 * cells; numbers in cells are in type that is a pixel smaller than that
	 * of names. */
	struct page page;
	struct labels rows[HEATMAP_LINES], columns[HEATMAP_LINES];
	size_t row_lines, column_lines; /* which of them are drawn */
	double cell_width, cell_height;
	double name_width, name_height; /* of rows, of columns */
	bool upright;                   /* names of columns read upwards */
	bool texts;                     /* are in the cells */
	bool image;                     /* instead of cells */
	bool free;                      /* to be as high as it likes */
	bool zeros;                     /* there are some */
	struct axis axes[2];            /* up and across */
	size_t every[2]; /* which names of rows and columns are there */
};

/* More cells are an image in any case. */
#define HEATMAP_MANY 10000

/* Draws the matrix; false if that had to leave the texts out. */
bool heatmap_draw(struct heatmap *h);

#endif
