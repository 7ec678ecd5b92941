/* shortest.h -- the shortest text that reads back as the same double
 *
 *	char s[SHORTEST_ROOM];
 *
 *	shortest_text(0.1, s);     // 0.1
 *	shortest_text(-65.04f, s); // -65.04000091552734
 *
 * It is the text of 15 digits, or else of 16, or else of 17, that is nearest to
 * the number, if that reads back.  It is computed with whole numbers alone, and
 * so exactly, in 40 to 60 ns a number; printing and reading back up to three
 * times takes 700 to 1500.
 */
#ifndef SHORTEST_H
#define SHORTEST_H

#include <stddef.h>

#define SHORTEST_ROOM 32

/* Write the text, and return its length.  It is 0, and there is no text, for
 * numbers below 10^-4 or from 10^15 on, powers of two, 0, infinity and NaN. */
size_t shortest_text(double v, char *s);

#endif
