/* escape.h -- texts of files inside texts of another language
 *
 *	char *s = escape_xml("<b> & \"c\"");
 *
 *	out_bytes(s, strlen(s));		 &lt;b&gt; &amp; &quot;c&quot;
 *	free(s);
 *
 * What they say stays what was in the file, and is never read as the language.
 * All come in new memory, without quotes round them.  Bytes that are not UTF-8
 * become a question mark in any of them, as do characters the language has no
 * way to write.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

/* XML 1.0, in an element or between quotes: control characters but for tab,
 * newline and return cannot be written. */
char *escape_xml(const char *s);

/* JSON, between quotes; as it has no '<' in it, it may stand in HTML too. */
char *escape_json(const char *s);

/* DOT, between quotes: an id, and a label, in which backslashes and entities
 * would mean something.  Control characters but for tab and newline cannot be
 * drawn. */
char *escape_dot_id(const char *s);
char *escape_dot_label(const char *s);

#endif
