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
 * demand, or what --size says.
 */
#ifndef PANELS_H
#define PANELS_H

#include "plot/axis.h"
#include "plot/look.h"
#include "plot/page.h"
#include "plot/split.h"

struct panel {
	struct page_text title, note; /* the note stands below the title */
	struct axis x, y;
	bool empty; /* say "no data" in it */
};

struct panel_key {
	const char *text;
	struct look look;
	bool line, point;
};

struct panels {
	struct panel *panel;
	size_t n, cap;
	const char *xlabel, *ylabel; /* or NULL; they are drawn once */
	struct panel_key *key;
	size_t nkey, mkey;
	size_t wished; /* columns of panels, unless the shape is too odd */
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
	size_t columns, rows, key_columns;
	double left, right, top, bottom; /* around each area */
	double heading[2];               /* the height of titles, of notes */
	bool fold[2];
	double entry, entry_height; /* of the key, how wide and high */
	bool key_right;
};

/* A new panel; those before may move in memory. */
struct panel *panels_add(struct panels *f);
void panels_add_key(struct panels *f, const struct panel_key *key);

/* Gives a panel the name of the i-th part of split rows. */
void panel_set_title(struct panel *q, const struct split *s, size_t i);

/* panels_open lays all out, chooses the tics of the axes and begins the script;
 * panel_begin says the axes of the i-th panel, and panels_close draws. */
void panels_open(struct panels *f, struct plot *p);
void panel_begin(const struct panels *f, struct plot *p, size_t i);
void panels_close(struct panels *f, struct plot *p);

#endif
