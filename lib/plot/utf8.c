#include <stddef.h>

#include "plot/utf8.h"

/* Well-formed by the Unicode Standard (chapter 3, table 3-7): no overlong form,
 * no surrogate, nothing above U+10FFFF. */
const char *
utf8_next(const char *s, uint32_t *c)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	const unsigned char *u = (const void *)s;
	size_t more = u[0] >= 0xf0 ? 3 : u[0] >= 0xe0 ? 2 : 1, i;
	uint32_t v = u[0] & (0x3fU >> more);

	*c = u[0] < 0x80 ? u[0] : BAD_CHARACTER;
	if (u[0] < 0xc2 || u[0] > 0xf4)
		return s + 1;
	for (i = 1; i <= more; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return s + 1;
		v = v << 6 | (u[i] & 0x3f);
	}
	if (v < least[more] || v > 0x10ffff || v >> 11 == 0x1b)
		return s + 1;
	*c = v;
	return s + 1 + more;
}

bool
utf8_is_drawable(uint32_t c)
{
	return c >= 0x20 && (c < 0x7f || c >= 0xa0) && c != BAD_CHARACTER &&
	       c != 0xfffe && c != 0xffff;
}
