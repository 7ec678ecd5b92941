/* quantity.h -- the numbers in a struct, by the names of their columns
 *
 *	struct sample {
 *		int64_t spikes;
 *		double rate;
 *	} count;
 *	static const struct quantity columns[] = {
 *		QUANTITY(INT, "spikes", struct sample, spikes),
 *		QUANTITY(REAL, "rate_Hz", struct sample, rate),
 *		QUANTITY_END,
 *	};
 *
 *	quantity_header(columns);
 *	quantity_write(columns, &count);
 *	rate = quantity_value(quantity_find(columns, "rate_Hz"), &count);
 *
 * A measurement says once what its results are called: a tool writes them by
 * that list, and who wants one of them finds it there.
 */
#ifndef QUANTITY_H
#define QUANTITY_H

#include <stddef.h>

struct quantity {
	const char *name; /* of the column; NULL ends the list */
	enum { QUANTITY_REAL, QUANTITY_INT, QUANTITY_TEXT } kind;
	size_t offset; /* of a double, an int64_t, a const char * */
};

/* clang-format off */
#define QUANTITY(k, n, s, m) \
	{.name = (n), .kind = QUANTITY_ ## k, .offset = offsetof(s, m)}
#define QUANTITY_END {.name = NULL}
/* clang-format on */

/* Write the names as a header; what a struct has as the fields of a record,
 * which the caller ends.  A NaN and a text that is NULL are missing. */
void quantity_header(const struct quantity *q);
void quantity_write(const struct quantity *q, const void *of);

/* The column of that name that is a number, or NULL. */
const struct quantity *quantity_find(const struct quantity *q,
				     const char *name);

double quantity_value(const struct quantity *q, const void *of);

#endif
