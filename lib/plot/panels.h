/* panels.h -- plots with axes, one or many beside each other, and a key
 *
 *	struct panels f = {.xlabel = "time_ms", .ylabel = "v_mV"};
 *	struct plot p;
 *
 *	struct panel *one = add_panel(&f);
 *	axis_take(&one->x, x[i]);	for every value that has to be seen
 *	axis_take(&one->y, y[i]);
 *	axis_settle(&one->x, 0);
 *	axis_settle(&one->y, 0.04);
 *	panels_open(&f, &p);
 *	for (i = 0; i < f.n; i++) {
 *		...			$data << EOD
 *		panel_begin(&f, &p, i);
 *		plot_say(&p, "plot $data with lines notitle\n");
 *	}
 *	panels_close(&f, &p);
 *
 * gnuplot does not know how wide a text is, so every length is worked out here:
 * in pixels, or in characters where the picture is made of them (-T dumb).  The
 * picture is as large as the number of panels, their titles and the key demand,
 * or what --size says.
 */
#ifndef PANELS_H
#define PANELS_H

#include "labels.h"
#include "opt.h"
#include "plot/plot.h"

struct rows;

#define MAX_TICS 12
#define TIC_TEXT 40

struct tics {
	double at[MAX_TICS];
	char text[MAX_TICS][TIC_TEXT];
	size_t n;
};

/* What an axis shows.  Zeroed, it has seen nothing. */
struct axis {
	double low, high;
	bool log;   /* then it takes no value that is not above 0 */
	bool whole; /* no tics but at whole numbers */
	bool used;
	struct tics tics;
};

void axis_take(struct axis *a, double v); /* have it show v, unless it is NaN */

/* All values are taken.  Leave some room beyond them, as a fraction of their
 * range; an end at 0 stays there.  Nothing taken: from 0 to 1. */
void axis_settle(struct axis *a, double room);

/* Where a value stands between the axis' ends, as a fraction. */
double axis_place(const struct axis *a, double v);

/* Tics at round numbers, at most so many; where these would be fewer than two,
 * at both ends.  Panels choose the tics of their axes themselves. */
void axis_tics(struct axis *a, double most);

/* "[LOW:HIGH]", and the list of tics without its parentheses, as a script has
 * them. */
void say_range(struct plot *p, const struct axis *a);
void say_tics(struct plot *p, const struct tics *t);

/* A number to read: whole ones whole, others to three digits, or more where
 * three would need an exponent. */
char *readable(double v);

/* A text on one line, and on as many as it has parts. */
struct folding {
	char *flat, *folded; /* or NULL */
};

struct panel {
	struct folding title, note; /* the note stands below the title */
	struct axis x, y;
	bool empty; /* say "no data" in it */
};

/* How the i-th of n lines or kinds of points looks: by colours that the colour
 * blind tell apart, then by dashes; or by the colours of --palette. */
struct look {
	uint32_t colour;
	size_t dash, point, linetype;
};

struct look look_of(size_t i, size_t n);
struct look *looks(size_t n); /* all of them, to be freed */

/* gnuplot's number of a kind of points. */
int point_type(const struct look *look);

/* What follows "with lines" or "with points" in a script. */
void say_line(struct plot *p, const struct look *look);
void say_point(struct plot *p, const struct look *look, double size);

struct key {
	const char *text;
	struct look look;
	bool line, point;
};

struct panels {
	struct panel *panel;
	size_t n, cap;
	const char *xlabel, *ylabel; /* or NULL; they are drawn once */
	struct key *key;
	size_t nkey, mkey;
	size_t wished; /* columns of panels, if that is no shape too odd */
	double aspect; /* height by width that areas should have, or 0 */
	bool equal;    /* the axes of a panel have one scale: they show more
			* than they have taken where that needs it */
	bool bare;     /* no axes: what is drawn brings its own */

	/* What panels_open finds out: the area in each panel's axes, and the
	 * upper left corner of the first. */
	double area_width, area_height;
	double area_left, area_top;

	/* The rest is for panels.c. */
	size_t columns, rows, key_columns;
	double type, left, right, top, bottom; /* around each area */
	double note_height, title_height;
	double outer_left, outer_right, outer_top, outer_bottom;
	double entry, width, height; /* of the key's entries, the picture */
	bool fold_title, fold_note, key_right;
};

/* Each panel may move when the next is added. */
struct panel *add_panel(struct panels *f);
void add_key(struct panels *f, const struct key *key);

void panels_open(struct panels *f, struct plot *p);
void panel_begin(const struct panels *f, struct plot *p, size_t i);
void panels_close(struct panels *f, struct plot *p);

/* Columns by their names, with commas between; or one whose name has commas in
 * it.  The place of each is added to column[], at most most of them, and the
 * number is returned.  One that is not there ends the tool. */
size_t find_columns(const struct rows *in, const char *list, size_t *column,
		    size_t most);

/* A field as a number, NaN if it is missing or column is NO_COLUMN; one that is
 * not finite ends the tool. */
double read_value(const struct rows *in, size_t column);

/* "distance_um" for distance_low_um and distance_high_um; NULL if the names
 * differ in something else. */
char *stem(const char *low, const char *high);

/* Rows by what stands in some of their columns: "PV -> PNa" (with an arrow) for
 * source and target, else with commas. */
#define MAX_SPLIT 16
struct split {
	size_t column[MAX_SPLIT], n;
	bool arrow;
	struct labels seen;
	struct labels last; /* what stands in the last of the columns */
	struct folding *text;
	uint32_t *end; /* the number of each in last */
	size_t cap, mend;
};

void split_by(struct split *s, const struct rows *in, const char *list);
size_t split_row(struct split *s, const struct rows *in); /* from 0 */
void free_split(struct split *s);

/* How many panels fill a row, if the values of the last column come round in
 * order: then the panels are a matrix.  Else 0. */
size_t split_columns(const struct split *s);

#endif
