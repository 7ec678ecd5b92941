/* size.h -- how large a picture is to be, in the units of print or of a screen
 *
 *	struct size_asked s;
 *
 *	if (size_read(&s, "85mmx60mm"))
 *		printf("%g by %g pixels\n", s.width, s.height);
 */
#ifndef SIZE_H
#define SIZE_H

#include <stdbool.h>

struct size_asked {
	double width, height; /* in pixels of 1/96 inch; 0: not said */
	const char *unit; /* "px", or that of print: "mm", "cm", "in", "pt" */
	double pixels;    /* in the unit */
};

/* Reads WIDTH or WIDTHxHEIGHT, where either may have its unit behind it; one
 * unit is that of both, and without any they are pixels. */
bool size_read(struct size_asked *s, const char *text);

/* Is it one of print, for which type has so many points and a PNG so many dots
 * in an inch? */
bool size_is_print(const struct size_asked *s);

/* A size in the same unit, as one would write it, in new memory. */
char *size_text(const struct size_asked *s, double width, double height);

#endif
