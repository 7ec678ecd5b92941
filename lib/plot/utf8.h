/* utf8.h -- the characters of a text
 *
 *	const char *next;
 *	uint32_t c;
 *
 *	for (; *s; s = next) {
 *		next = utf8_next(s, &c);
 *		if (utf8_is_drawable(c))
 *			out_bytes(s, (size_t)(next - s));
 *	}
 */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stdint.h>

#define BAD_CHARACTER UINT32_MAX

/* The first character of a text that is not empty, and where the next one
 * begins; BAD_CHARACTER and the next byte, if the text does not begin with one.
 */
const char *utf8_next(const char *s, uint32_t *c);

/* May XML, and so SVG, contain the character, and would a terminal not obey it?
 * Tabs and line ends are not drawable either. */
bool utf8_is_drawable(uint32_t c);

#endif
