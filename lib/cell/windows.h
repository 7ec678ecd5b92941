/* windows.h -- windows of widgets, and where on the screen they are
 *
 *	struct windows w = {0};
 *
 *	windows_check_display();
 *	windows_read(&w, "layout.csv");
 *	windows_place(&w);
 *	for (i = 0; i < w.n; i++)
 *		show(&w.window[i]);
 *	windows_free(&w);
 *
 * A window has columns, and a column has widgets from top to bottom.  A table
 * says so with the columns "window", "column", "widget" and "argument"; a
 *column is a number or a name, and windows and columns are in the order in
 *which they come first.
 */
#ifndef WINDOWS_H
#define WINDOWS_H

#include <stdbool.h>
#include <stddef.h>

enum windows_kind {
	WINDOWS_SLIDER,
	WINDOWS_FIELD,
	WINDOWS_VOLTAGE,
	WINDOWS_FI,
	WINDOWS_PASSIVE,
	WINDOWS_GATE,
	WINDOWS_CLAMP,
	WINDOWS_RUN,
	WINDOWS_LEAK,
	WINDOWS_LABEL,
	WINDOWS_SYNAPSE,
	WINDOWS_GAP,
	WINDOWS_RESPONSE,
	WINDOWS_KINDS
};

struct windows_widget {
	enum windows_kind kind;
	char *argument; /* or "" */
	char *where;    /* "file:line", or NULL: an option */
	size_t number;  /* the caller's, of what it shows */
};

struct windows_column {
	char *name;
	struct windows_widget *widget;
	size_t n, cap;
	bool scrolls; /* it has more than fits */
};

struct windows_window {
	char *title;
	struct windows_column *column;
	size_t n, cap;
	int left, top, width, height; /* of what is in it */
};

struct windows {
	struct windows_window *window;
	size_t n, cap;
};

/* Is there a display that can be opened?  How many pixels it has is kept. */
bool windows_check_display(void);

/* Read a table of widgets.  An unknown widget ends the tool, with those there
 * are. */
void windows_read(struct windows *w, const char *path);

/* Add a widget to a column of a window, both by their names. */
struct windows_widget *windows_add(struct windows *w, const char *title,
				   const char *column, enum windows_kind kind,
				   const char *argument);

/* Place them such that none covers another, pictures as large as that goes;
 * what has no place covers others, and that is said. */
void windows_place(struct windows *w);

void windows_free(struct windows *w);

#endif
