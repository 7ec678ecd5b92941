/* escape.h -- texts of files inside texts of another language
 *
 *	char *s = escape_xml("<b> & \"c\"");
 *
 *	out_bytes(s, strlen(s)); // &lt;b&gt; &amp; &quot;c&quot;
 *	free(s);
 *
 * A text stays what it was in the file, and is never read as the language. Each
 * function returns new memory, without quotes around the text.  Bytes that are
 * not UTF-8 become a question mark in any of them, as do characters that the
 * language cannot write.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

/* XML 1.0, in an element or between quotes: it cannot write control characters
 * except tab, newline and return. */
char *escape_xml(const char *s);

/* JSON, between quotes; as it has no '<' in it, it may stand in HTML too. */
char *escape_json(const char *s);

/* DOT, between quotes: an id, and a label, in which backslashes and entities
 * would mean something.  It cannot draw control characters except tab and
 * newline. */
char *escape_dot_id(const char *s);
char *escape_dot_label(const char *s);

#endif
