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

/* The character that a text, which is not empty, begins with, and where the
 * next one begins; BAD_CHARACTER and the next byte, if it is none. */
const char *utf8_next(const char *s, uint32_t *c);

/* Has XML, and so SVG, a place for it, and is it nothing that a terminal would
 * obey?  Tabs and line ends are not drawable either. */
bool utf8_is_drawable(uint32_t c);

#endif
