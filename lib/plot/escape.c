#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "plot/escape.h"
#include "plot/utf8.h"
#include "util.h"

/* No character of one byte becomes more than six. */
#define LONGEST 6

/* Writes what each character becomes: put() writes it to p and returns its end,
 * or NULL if the character stands for itself. */
static char *
escape(const char *s, char *(*put)(char *p, uint32_t c))
{
	char *text = zeros(strlen(s) * LONGEST + 1, 1), *p = text, *end;
	const char *next;
	uint32_t c;

	for (; *s; s = next) {
		next = utf8_next(s, &c);
		end = c == BAD_CHARACTER ? stpcpy(p, "?") : put(p, c);
		for (; !end && s < next; s++)
			*p++ = *s;
		p = end ? end : p;
	}
	*p = '\0';
	return text;
}

/* Readers turn plain tabs and line ends in attributes into spaces. */
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
		return utf8_is_drawable(c) ? NULL : stpcpy(p, "?");
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
