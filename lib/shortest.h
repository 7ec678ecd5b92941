/* shortest.h -- the shortest text that reads back as the same number
 *
 *	char s[SHORTEST_ROOM];
 *
 *	shortest_text(-65.04f, s);  // -65.04000091552734
 *	shortest_float(-65.04f, s); // -65.04
 *
 * It is the text of 15 digits, or else of 16, or else of 17, that is nearest to
 * the number, if that reads back; of a float, 6 to 9.  It is computed exactly,
 * in 10 to 36 ns, or 20 of a float; printing and reading back up to three times
 * takes 700 to 1500.
 */
#ifndef SHORTEST_H
#define SHORTEST_H

#include <stddef.h>

#define SHORTEST_ROOM 32

/* Write the text, and return its length.  It is 0, and there is no text, for
 * numbers below 10^-4 or from 10^15 on (floats: 10^6), some powers of two (not
 * of floats), 0, infinity and NaN. */
size_t shortest_text(double v, char *s);
size_t shortest_float(float v, char *s);

#endif
