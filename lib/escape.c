#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "util.h"

#define BAD UINT32_MAX

/* The character that s begins with, BAD if it is none, and where the next one
 * begins.  As the Unicode Standard has it (chapter 3, table 3-7): no overlong
 * form, no surrogate, nothing above U+10FFFF. */
static const char *
next_character(const char *s, uint32_t *c)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	const unsigned char *u = (const void *)s;
	size_t more = u[0] >= 0xf0 ? 3 : u[0] >= 0xe0 ? 2 : 1, i;
	uint32_t v = u[0] & (0x3fU >> more);

	*c = u[0] < 0x80 ? u[0] : BAD;
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

/* No character of one byte becomes more than six. */
#define LONGEST 6

/* What each character becomes: put() writes it to p and returns its end, or
 * NULL if the character stands for itself. */
static char *
escape(const char *s, char *(*put)(char *p, uint32_t c))
{
	char *text = zeros(strlen(s) * LONGEST + 1, 1), *p = text, *end;
	const char *next;
	uint32_t c;

	for (; *s; s = next) {
		next = next_character(s, &c);
		end = c == BAD ? stpcpy(p, "?") : put(p, c);
		for (; !end && s < next; s++)
			*p++ = *s;
		p = end ? end : p;
	}
	*p = '\0';
	return text;
}

/* Readers make spaces of tabs and line ends that stand in attributes as they
 * are. */
static char *
put_xml(char *p, uint32_t c)
{
	switch (c) {
	case '&':
		return stpcpy(p, "&amp;");
	case '<':
		return stpcpy(p, "&lt;");
	case '>':
		return stpcpy(p, "&gt;");
	case '"':
		return stpcpy(p, "&quot;");
	case '\t':
	case '\n':
	case '\r':
		return p + sprintf(p, "&#%u;", c);
	default:
		return c < 0x20 || c == 0xfffe || c == 0xffff ? stpcpy(p, "?")
							      : NULL;
	}
}

char *
escape_xml(const char *s)
{
	return escape(s, put_xml);
}

static char *
put_json(char *p, uint32_t c)
{
	if (c == '"')
		return stpcpy(p, "\\\"");
	if (c == '\\')
		return stpcpy(p, "\\\\");
	if (c >= 0x20 && c != '<' && c != 0x7f)
		return NULL;
	return p + sprintf(p, "\\u%04x", c);
}

char *
escape_json(const char *s)
{
	return escape(s, put_json);
}

static char *
put_dot_id(char *p, uint32_t c)
{
	switch (c) {
	case '"':
		return stpcpy(p, "\\\"");
	case '\\':
		return stpcpy(p, "\\\\");
	case '\n':
		return stpcpy(p, "\\n");
	case '\t':
		return stpcpy(p, " ");
	default:
		return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffe ||
				       c == 0xffff
			       ? stpcpy(p, "?")
			       : NULL;
	}
}

char *
escape_dot_id(const char *s)
{
	return escape(s, put_dot_id);
}

static char *
put_dot_label(char *p, uint32_t c)
{
	return c == '&' ? stpcpy(p, "&amp;") : put_dot_id(p, c);
}

char *
escape_dot_label(const char *s)
{
	return escape(s, put_dot_label);
}
