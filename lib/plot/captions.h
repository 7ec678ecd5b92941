/* captions.h -- what a column is called in a picture
 *
 *	char *text = caption_of("rate_Hz");
 *
 *	puts(text); // Firing rate (Hz)
 *	free(text);
 *
 * Columns of bmutils-formats(5) have names for people.  Others keep theirs, but
 * for the unit at the end, which goes in parentheses: "x_um" is "x (um)" with a
 * Greek letter.
 */
#ifndef CAPTIONS_H
#define CAPTIONS_H

#include <stddef.h>

/* In new memory.  A column that ends in _mean, _sd or the like is called as the
 * one without, and so is v_mV.SITE, with that in the parentheses. */
char *caption_of(const char *column);

/* The same for a column NAME_mean whose deviations are shown with it: "(mean +-
 * sd)". */
char *caption_with_sd(const char *column);

/* The unit that a column's name has at its end, as people write it, or NULL:
 * "M" and an omega for r_in_MOhm. */
const char *caption_unit(const char *column);

/* What several columns hold that have one unit: the only quantity among them
 * that has a name for people, or else the unit.  NULL if they have not. */
char *caption_of_all(const char *const *column, size_t n);

#endif
