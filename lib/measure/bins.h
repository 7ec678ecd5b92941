/* bins.h -- ranges of numbers, to count what falls into them
 *
 *	struct bins asked = bins_parse("bins", "20");
 *	struct bins b = bins_choose(&asked, &stats);
 *	size_t k = bins_find(&b, v);
 *
 *	printf("%g %g\n", bins_edge(&b, k), bins_edge(&b, k + 1));
 *
 * A bin is half open: a number on the edge of two bins belongs to the upper
 * one.  The last bin is closed.
 */
#ifndef BINS_H
#define BINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure/stats.h"

/* More bins are a width in the wrong unit. */
#define BINS_MOST 1000000

/* How many numbers the automatic bins are chosen by, evenly spread over all of
 * them: struct stats's most. */
#define BINS_SAMPLE 4096

struct bins {
	double low, high;
	size_t n;           /* 0: there are none */
	const double *edge; /* n + 1, ascending; NULL: all are equally wide */
};

/* Where bin k begins and bin k - 1 ends. */
double bins_edge(const struct bins *b, size_t k);

/* The bin of a number, or b->n if it is in none. */
size_t bins_find(const struct bins *b, double v);

/* What --option asks for, which is misuse if it makes no sense: LOW:HIGH:WIDTH,
 * edges with commas between them, or how many bins.  Where a number of bins
 * lies is not known before the values: low is high then, and bins_are_fixed()
 * is false. bins_parse_edges() takes edges alone, and infinite ones.  Edges
 * live as long as the tool. */
struct bins bins_parse(const char *option, const char *text);
struct bins bins_parse_edges(const char *option, const char *text);
bool bins_are_fixed(const struct bins *b);

/* The bins that were asked for; without any (n is 0) the automatic ones: a bin
 * for each whole number if that makes at most 50; else as many equal ones as
 * the larger number of two rules says, that of Sturges and that of Freedman and
 * Diaconis, up to 1000, of a whole width if the numbers are whole.  Equal
 * numbers are in the middle of their range, which is 1 wide.  Ends the tool if
 * the numbers are too far apart. */
struct bins bins_choose(const struct bins *asked, const struct stats *of);

/* How many bins of a width fit between low and high; NaN if their number is not
 * whole, but for rounding. */
double bins_fit(double low, double high, double width);

/* Of endless bins of a width, the one that a number is in, counted from the one
 * that begins at low: bin k is low + k * width <= v < low + (k + 1) * width, in
 * rounded numbers.  Beyond 10^15 bins INT64_MAX. */
int64_t bins_step(double low, double width, double v);

#endif
