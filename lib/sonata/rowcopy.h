/* rowcopy.h -- some rows of a population, with all that they have
 *
 *	struct rowcopy *c = rowcopy_start(population);
 *
 *	rowcopy_count(c, row, n);
 *	rowcopy_open(c, &to, "/edges/b", NULL);
 *	rowcopy_put(c, row, n);
 *	rowcopy_close(c);
 *
 * Rows come twice, batch by batch: to be counted by group, and to be copied.
 * Groups stay what they are, and in each of them rows stand in the order in
 * which they come.  What the rows' own ids are, and those of their ends, is
 * left to the caller, as are the indices of edges.
 */
#ifndef ROWCOPY_H
#define ROWCOPY_H

#include <stddef.h>
#include <stdint.h>

#include "sonata/hdfwrite.h"
#include "sonata/sonata.h"

struct rowcopy;

struct rowcopy *rowcopy_start(const struct sonata_population *p);
void rowcopy_count(struct rowcopy *c, const uint64_t *row, size_t n);
uint64_t rowcopy_rows(const struct rowcopy *c); /* that were counted */

/* Begin the datasets of the population in another file, whose group is root,
 * without one attribute. */
void rowcopy_open(struct rowcopy *c, struct hdfwrite *to, const char *root,
		  const char *but);
void rowcopy_put(struct rowcopy *c, const uint64_t *row, size_t n);
void rowcopy_close(struct rowcopy *c);

#endif
