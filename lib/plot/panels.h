/* panels.h -- plots with axes, one or many beside each other, and a key
 *
 *	struct panels f = {.xlabel = "time_ms", .ylabel = "v_mV"};
 *	struct panel *one = panels_add(&f);
 *	struct plot p;
 *
 *	axis_take(&one->x, x);
 *	axis_take(&one->y, y);
 *	axis_settle(&one->x, 0);
 *	axis_settle(&one->y, 0.04);
 *	panels_open(&f, &p);
 *	for (i = 0; i < f.n; i++) {
 *		plot_say(&p, "$data << EOD\n");
 *		plot_point(&p, x, y);
 *		plot_say(&p, "EOD\n");
 *		panel_begin(&f, &p, i);
 *		plot_say(&p, "plot $data with lines notitle\n");
 *	}
 *	panels_close(&f, &p);
 *
 * The picture is as large as the number of panels, their titles and the key
 * demand, or what --size says.  The key stands in the frame of a single panel
 * where vacant says that it hides nothing, else beside or below; so does
 *--note. What x is stands under the lowest panel of each column.
 */
#ifndef PANELS_H
#define PANELS_H

#include "plot/axis.h"
#include "plot/key.h"
#include "plot/look.h"
#include "plot/page.h"
#include "plot/split.h"
#include "plot/vacant.h"

struct panel {
	struct page_text title, note; /* the note stands below the title */
	struct axis x, y;
	bool empty; /* say "no data" in it */
	char *says; /* or NULL: this in place of data, and no tics */

	/* For panels.c: is it the first of its row, the lowest of its column;
	 * the note, each part on a line. */
	bool outer[2];
	char *parts;
};

/* How titles of a grid are written: above each panel, or once for each column
 * and row, which then may have to turn. */
struct panels_style {
	bool margins, upright, level;
	bool raised; /* rows are as high as their titles are long */
	bool quiet;  /* notes are left out */
};

struct panels {
	struct panel *panel;
	size_t n, cap;
	const char *xlabel, *ylabel; /* or NULL; y's is drawn once */
	struct key_table key;
	const struct split *grid; /* says rows and columns of panels, or NULL */
	const struct vacant *vacant; /* of the first panel, or NULL */
	bool share;    /* axes are alike: tics are written at the edges alone */
	double aspect; /* height by width that areas should have, or 0 */
	bool equal;    /* both axes of a panel have one scale, for which one
			* of them shows more than it has taken */
	bool bare;     /* without axes: the caller draws its own */

	/* What panels_open finds out: the area in each panel's axes, the upper
	 * left corner of the first, and the page, with its type. */
	double area_width, area_height;
	double area_left, area_top;
	struct page page;

	/* The rest is for panels.c. */
	size_t columns, rows;
	double left, right, top, bottom; /* around each area */
	double wall, floor; /* for tics of the first, below the lowest */
	double side, head;  /* titles of rows and of columns */
	double heading[2];  /* the height of titles, of notes */
	unsigned fold[2];
	struct panels_style style;
	bool tall;                   /* may be as high as it likes */
	bool failed;                 /* with the smallest type at any height */
	char *xtext, *ytext, *ntext; /* labels and note on their lines */
	bool one_xlabel;             /* it is too wide for a column */
	bool key_inside, key_right, key_low, note_inside;
	double key_at[2], note_at[2]; /* from the first area's corner */
	char **row_title, **column_title;
};

/* A new panel; those before may move in memory. */
struct panel *panels_add(struct panels *f);

/* Makes panels, one for each part of split rows and called by it, a grid if
 * that is what the parts are. */
void panels_set_titles(struct panels *f, const struct split *s);

/* Gives all panels, which are settled, the axes of those that have data.  Where
 * --size has no room for axes of each, this is done in any case. */
void panels_share(struct panels *f);

/* panels_open lays all out, chooses the tics of the axes and begins the script;
 * panel_begin says the axes of the i-th panel, and panels_close draws. */
void panels_open(struct panels *f, struct plot *p);
void panel_begin(const struct panels *f, struct plot *p, size_t i);
void panels_close(struct panels *f, struct plot *p);

#endif
