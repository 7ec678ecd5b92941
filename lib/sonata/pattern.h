/* pattern.h -- regular expressions, as node sets have them
 *
 *	char *why;
 *	struct pattern *p = pattern_new("^L\\d+_PC$", &why);
 *
 *	if (!p)
 *		die("%s", why);
 *	if (pattern_fits(p, "L23_PC", "node_sets.json"))
 *		puts("L23_PC");
 *	pattern_free(p);
 *
 * They are ECMAScript's, whose nearest reading PCRE2 has: . is no end of a
 *line, $ the end of the text alone, \d \w \s \b know ASCII; a group that took
 *no part matches nothing; [] is an empty class, and \u00e9 a character.  As
 *libsonata does (std::regex_search), a text fits if any part of it is matched.
 *
 * Pattern and text are UTF-8; where either is not, both are bytes.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>

struct pattern;

/* NULL if it is none, and then *why, in new memory, says what is wrong where.
 */
struct pattern *pattern_new(const char *s, char **why);

/* Is any part of the text matched?  A text on which that would take more than a
 * million steps ends the tool; place is for the message. */
bool pattern_fits(struct pattern *p, const char *s, const char *place);

void pattern_free(struct pattern *p); /* NULL is fine */

#endif
