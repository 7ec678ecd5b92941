/* datum.h -- values of any kind as numbers of 64 bits
 *
 *	struct datums all = {.absolute = 1e-9};
 *	struct datum_column c = datum_column("delay", true);
 *	uint64_t a = datum_of(&all, &c, &(struct hdf_value){V_INT, {2}});
 *
 *	if (a != DATUM_MISSING && datum_is_near(&all, a, b))
 *		puts(datum_text(&all, a, room));
 *
 * Two values that are the same have one datum, however they are stored: 2, 2.0
 * and the text "2" of a type CSV; a code of an enumeration and its text; a
 * missing one and what SONATA says that it means; 0.1 in eight bytes, in a text
 * and in four bytes, if the column is narrow.  Texts are numbers into a
 * list of them, which both files share, in the bits of a NaN.
 */
#ifndef DATUM_H
#define DATUM_H

#include <stdbool.h>
#include <stdint.h>

#include "labels.h"
#include "sonata/hdf.h"
#include "sonata/property.h"

typedef uint64_t datum_t;

#define DATUM_MISSING ((datum_t)0x7FF8 << 48)

struct datums {
	double absolute, relative; /* the tolerances of numbers */

	/* The rest is for datum.c. */
	struct labels text;
};

/* How the values of a column are taken. */
struct datum_column {
	enum property_sort sort;
	datum_t missing; /* what a missing one means */
	bool narrow;     /* are numbers rounded to reals of four bytes? */

	/* Types have few texts, of which each is parsed once: 0.2 of the time
	 * of 10^7 edges with three attributes of types. */
	struct datum_seen {
		const char *text;
		datum_t is;
	} seen[64];
};

struct datum_column datum_column(const char *attribute, bool of_edges);

/* Texts of values live until the next batch: forget them. */
void datum_next_batch(struct datum_column *c);
datum_t datum_of(struct datums *all, struct datum_column *c,
		 const struct hdf_value *v);
datum_t datum_number(double v);

/* A datum's number; NaN for a text and a missing one. */
double datum_value(datum_t d);

/* In an order that has numbers by their values, before the others. */
int datum_compare(datum_t a, datum_t b);

/* Are these the same, or numbers as near as is tolerated? */
bool datum_is_near(const struct datums *all, datum_t a, datum_t b);
bool datum_is_exact(const struct datums *all); /* is nothing tolerated? */
bool datum_tolerates(const struct datums *all, double a, double b);

/* As text; a number needs the room. */
const char *datum_text(const struct datums *all, datum_t d, char *room32);
void datums_free(struct datums *all);

#endif
