/* texttable.h -- a table of texts for a terminal, in place of a picture
 *
 *	const char *field[] = {"source \\ target", "A", "B",
 *			       "A", "0.25", NULL};
 *
 *	texttable_put(&p, field, 3, 6);
 *
 * Columns are as wide as what is in them, and two spaces apart.  A text is
 * written as it may go to a terminal (plot_plain).
 */
#ifndef TEXTTABLE_H
#define TEXTTABLE_H

#include "plot/plot.h"

/* Put n fields, so many across; those of the first column begin together, those
 * of others end together.  NULL is missing. */
void texttable_put(struct plot *p, const char *const *field, size_t across,
		   size_t n);

#endif
