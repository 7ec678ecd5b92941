#include "plot/look.h"

struct look
look_of(size_t i, size_t n)
{
	size_t hue = i % LOOK_HUES;
	struct look look = {.point = i, .linetype = i};

	if (plot_has_palette()) {
		look.colour = plot_stroke(i, n);
		return look;
	}
	look.colour = plot_group(hue == 6 ? 7 : hue, 8);
	look.dash = i / LOOK_HUES;
	return look;
}

struct look *
look_all(size_t n)
{
	struct look *look = zeros(n, sizeof *look);
	size_t i;

	for (i = 0; i < n; i++)
		look[i] = look_of(i, n);
	return look;
}

/* gnuplot's own dashes are too long for a key. */
static const char *
dash(const struct look *look)
{
	static const char *const dashes[] = {
		"solid",     "(6,3)",  "(2,2)",
		"(8,2,2,2)", "(12,4)", "(5,2,2,2,2,2)",
	};

	return dashes[look->dash % LEN(dashes)];
}

/* A picture of characters tells its first seven line types apart. */
void
look_say_line(struct plot *p, const struct look *look)
{
	if (plot_is_text())
		plot_say(p, "linetype %zu", look->linetype % 7 + 1);
	else
		plot_say(p, "linewidth 1.5 linecolor rgb \"#%06x\" dashtype %s",
			 (unsigned)look->colour, dash(look));
}

/* Filled points come first, then open ones; in a picture of characters all are
 * letters. */
int
look_point_type(const struct look *look)
{
	static const int points[] = {7, 5, 9, 13, 11, 6, 4, 8, 12, 10};

	if (plot_is_text())
		return (int)(look->point % 26) + 1;
	return points[look->point % LEN(points)];
}

void
look_say_point(struct plot *p, const struct look *look, double size)
{
	plot_say(p, "pointtype %d", look_point_type(look));
	if (!plot_is_text())
		plot_say(p, " pointsize %g linewidth 1 linecolor rgb \"#%06x\"",
			 size, (unsigned)look->colour);
}
