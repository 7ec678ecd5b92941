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

/* Finds columns by a list of names with commas between them; or one column
 * whose name has commas in it.  Puts the place of each into column[], which has
 * room for most of them, and returns how many there are.  Ends the tool if one
 * is missing or if there are too many. */
size_t columns_find(const struct rows *in, const char *list, size_t *column,
		    size_t most);

/* The first column that is not among the n that are taken, or NO_COLUMN.
 * columns_only ends a tool, which has -y to choose with, if there are several.
 */
size_t columns_first(const struct rows *in, const size_t *taken, size_t n);
size_t columns_only(const struct rows *in, const size_t *taken, size_t n);

/* A field as a number, or NaN if it is missing or the column is NO_COLUMN. Ends
 * the tool if the number is not finite. */
double columns_value(const struct rows *in, size_t column);

/* What two columns are called that are both ends of one quantity, "Distance
 * (um)" for distance_low_um and distance_high_um; NULL if their names differ in
 * anything else, or are those of bins, which may hold anything.  In new memory.
 */
char *columns_label(const char *low, const char *high);

/* "distance_um" for distance_low_um and distance_high_um; NULL if the names
 * differ in anything else. */
char *columns_stem(const char *low, const char *high);

#endif
