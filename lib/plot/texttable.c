#include <stdlib.h>

#include "plot/texttable.h"
#include "util.h"

/* Missing fields at the end of a row leave no spaces behind. */
static void
put_row(struct plot *p, const char *const *field, const size_t *widths,
	size_t across)
{
	size_t i, due = widths[0] - plot_columns(field[0]);

	plot_plain(p, field[0]);
	for (i = 1; i < across; i++) {
		due += 2 + widths[i];
		if (!field[i])
			continue;
		plot_say(p, "%*s", (int)(due - plot_columns(field[i])), "");
		plot_plain(p, field[i]);
		due = 0;
	}
	plot_say(p, "\n");
}

void
texttable_put(struct plot *p, const char *const *field, size_t across, size_t n)
{
	size_t *widths = zeros(across, sizeof *widths), i;

	for (i = 0; i < n; i++) {
		size_t width = field[i] ? plot_columns(field[i]) : 0;

		if (width > widths[i % across])
			widths[i % across] = width;
	}
	for (i = 0; i < n; i += across)
		put_row(p, field + i, widths, across);
	free(widths);
}
