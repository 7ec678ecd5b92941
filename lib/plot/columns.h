/* columns.h -- the columns of a table that options name, or that are left
 *
 *	size_t y[4], n = columns_find(&in, "v_mV,i_nA", y, 4);
 *
 *	while (rows_next(&in))
 *		for (i = 0; i < n; i++)
 *			draw(columns_value(&in, y[i]));
 */
#ifndef COLUMNS_H
#define COLUMNS_H

#include "rows.h"

/* Columns by their names, with commas between; or one whose name has commas in
 * it.  The place of each is added to column[], at most most of them, and the
 * number is returned.  One that is not there ends the tool. */
size_t columns_find(const struct rows *in, const char *list, size_t *column,
		    size_t most);

/* The first of a table's columns that is none of n that are taken; or the only
 * one, and then several are a misuse of a tool that has -y to choose with.
 * NO_COLUMN if there is none. */
size_t columns_first(const struct rows *in, const size_t *taken, size_t n);
size_t columns_only(const struct rows *in, const size_t *taken, size_t n);

/* A field as a number, NaN if it is missing or column is NO_COLUMN; one that is
 * not finite ends the tool. */
double columns_value(const struct rows *in, size_t column);

/* "distance_um" for distance_low_um and distance_high_um; NULL if the names
 * differ in something else. */
char *columns_stem(const char *low, const char *high);

#endif
