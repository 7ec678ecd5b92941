/* arrowkey.h -- what the arrows of a diagram mean
 *
 *	struct arrowkey key = {0};
 *
 *	arrowkey_add(&key, &look, copy("excitatory"));
 *	arrowkey_lay_out(&key, 9, 400);
 *	arrowkey_say(&p, &key, (double[]){10, 300});
 *	arrowkey_free(&key);
 *
 * Entries stand side by side, on as many lines as it takes, each of them in the
 * middle.
 */
#ifndef ARROWKEY_H
#define ARROWKEY_H

#include "plot/graphviz.h"

#define ARROWKEY_MOST 8

struct arrowkey_entry {
	bool sample; /* of an arrow, and not only a text */
	struct graphviz_look look;
	char *text;
	double x, y; /* from the upper left corner */
};

struct arrowkey {
	struct arrowkey_entry entry[ARROWKEY_MOST];
	size_t n;
	double type, width, height;
};

/* Adds an entry, with a sample unless look is NULL; the text is the key's then.
 */
void arrowkey_add(struct arrowkey *key, const struct graphviz_look *look,
		  char *text);

/* Finds places in type of a size, on lines no wider than the room if one entry
 * has room there. */
void arrowkey_lay_out(struct arrowkey *key, double type, double room);

/* Draws it; at is its upper left corner. */
void arrowkey_say(struct plot *p, const struct arrowkey *key,
		  const double at[2]);
void arrowkey_free(struct arrowkey *key);

#endif
