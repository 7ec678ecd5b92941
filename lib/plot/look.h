/* look.h -- how the i-th of n lines or kinds of points looks
 *
 *	struct look look = look_of(i, n);
 *
 *	plot_say(&p, "plot $data with lines ");
 *	look_say_line(&p, &look);
 *
 * They differ by colours that the colour blind tell apart, then by shades, and
 * by dashes or the shapes of points; or by the colours of --palette.
 */
#ifndef LOOK_H
#define LOOK_H

#include "labels.h"
#include "plot/plot.h"

#define LOOK_HUES PLOT_HUES /* so many lines are not told by dashes */

struct look {
	uint32_t colour;
	size_t dash, point, linetype;
};

struct look look_of(size_t i, size_t n);
struct look *look_all(size_t n); /* to be freed */

/* --colors FILE: a table of group,colour says the look of groups, which is that
 * of the i-th for the group in its i-th row, with the colour that stands there,
 * as #rrggbb, unless that is empty.  look_named is look_all() by the names of
 * groups: those that the table does not have look as rows after its last.  PV
 * is also the v1:PV of the table, and the other way round. */
#define LOOK_COLORS                                                            \
	OPT_STR(0, "colors", "file", &look_file,                               \
		"colours of groups, a table of group,colour")
extern const char *look_file;
struct look *look_named(char *const *name, size_t n); /* to be freed */

/* Ends the tool if that and a table that it reads are both the standard input.
 */
void look_check_input(const char *table);

/* gnuplot's number of a kind of points. */
int look_point_type(const struct look *look);

/* Both write what follows "with lines" or "with points" in a script. */
void look_say_line(struct plot *p, const struct look *look);
void look_say_point(struct plot *p, const struct look *look, double size);

#endif
