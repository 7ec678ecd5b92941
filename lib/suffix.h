/* suffix.h -- what the name of -o's file says of its content
 *
 *	static const char *const formats[] = {"svg", "html|htm"};
 *	size_t said = suffix_find(formats, LEN(formats));
 *
 *	if (said < LEN(formats))
 *		draw(formats[said]);
 */
#ifndef SUFFIX_H
#define SUFFIX_H

#include <stddef.h>

/* What follows the last dot of the name, unless that is its first character;
 * "" if there is none, or no -o. */
const char *suffix_of_output(void);

/* Which of n lists has it, in any case of letters; n if none has. */
size_t suffix_find(const char *const *lists, size_t n);

#endif
