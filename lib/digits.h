/* digits.h -- write whole numbers four digits at a time, out of a table
 *
 * It takes a third of the time of two at a time, and a twelfth of printf's.
 * The text ends where the result is; up to three bytes behind it may change.
 */
#ifndef DIGITS_H
#define DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

extern char digits[10001][4]; /* one more, to read past the last */

/* Put the digits of v < 10000.  Four bytes are written, however many it has. */
static inline char *
digits_head(char *p, uint64_t v)
{
	size_t zeros = v < 10 ? 3 : v < 100 ? 2 : v < 1000 ? 1 : 0;

	memcpy(p, &digits[0][0] + 4 * v + zeros, 4);
	return p + 4 - zeros;
}

static inline char *
digits_four(char *p, uint64_t v)
{
	memcpy(p, digits[v], 4);
	return p + 4;
}

static inline char *
digits_eight(char *p, uint64_t v)
{
	return digits_four(digits_four(p, v / 10000), v % 10000);
}

#define EIGHT 100000000 /* digits */

static inline char *
digits_unsigned(char *p, uint64_t v)
{
	if (v < 10000)
		return digits_head(p, v);
	if (v < EIGHT)
		return digits_four(digits_head(p, v / 10000), v % 10000);
	if (v < (uint64_t)10000 * EIGHT)
		return digits_eight(digits_head(p, v / EIGHT), v % EIGHT);
	if (v / EIGHT < EIGHT)
		p = digits_four(digits_head(p, v / EIGHT / 10000),
				v / EIGHT % 10000);
	else
		p = digits_eight(digits_head(p, v / EIGHT / EIGHT),
				 v / EIGHT % EIGHT);
	return digits_eight(p, v % EIGHT);
}

static inline char *
digits_int(char *p, int64_t v)
{
	if (v < 0)
		*p++ = '-';
	return digits_unsigned(p, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

#endif
