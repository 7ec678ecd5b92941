/* shortest.h -- the shortest text that reads back as the same double
 *
 *	char s[SHORTEST_ROOM];
 *
 *	shortest_text(0.1, s)		"0.1"
 *	shortest_text(-65.04f, s)	"-65.04000091552734"
 *
 * With whole numbers alone, and so exact: of the texts of 15 digits, or else of
 * 16, or else of 17, the one nearest to the number, if it reads back.  40 to 60
 * ns a number, where printing and reading back, up to three times, take 700 to
 * 1500.
 */
#ifndef SHORTEST_H
#define SHORTEST_H

#include <stddef.h>

#define SHORTEST_ROOM 32

/* The text, and how long it is; 0 for numbers that it is not for: those below
 * 10^-4 or from 10^15 on, powers of two, 0 and what is none.  */
size_t shortest_text(double v, char *s);

#endif
