/* key.h -- what the lines and points of a picture are
 *
 *	struct key_table k = {.title = "Injected current (pA)"};
 *
 *	key_add(&k, &(struct key_entry){.text = "200", .line = true});
 *	key_measure(&k, 12);
 *	k.columns = 1;
 *	key_put(&p, &k, left, top);
 *	key_free(&k);
 */
#ifndef KEY_H
#define KEY_H

#include "plot/look.h"
#include "plot/page.h"

struct key_entry {
	const char *text;
	struct look look;
	bool line, point, band; /* what the sample has */
};

struct key_table {
	const char *title; /* above the entries, or NULL */
	struct key_entry *entry;
	size_t n, cap;
	size_t columns; /* the caller's choice, once it is measured */

	/* What key_measure finds: an entry is so wide, so high. */
	double width, height;
	double type;
};

void key_add(struct key_table *k, const struct key_entry *entry);
void key_measure(struct key_table *k, double type);

/* In as many columns: rows of entries, and the size of all of it. */
size_t key_rows(const struct key_table *k);
double key_width(const struct key_table *k);
double key_height(const struct key_table *k);

/* Draws it from its upper left corner on. */
void key_put(struct plot *p, const struct key_table *k, double left,
	     double top);
void key_free(struct key_table *k);

#endif
