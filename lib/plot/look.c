#include <stdlib.h>
#include <string.h>

#include "opt.h"
#include "plot/look.h"
#include "rows.h"

#define OF_SCHEME UINT32_MAX

const char *look_file;

struct look
look_of(size_t i, size_t n)
{
	return (struct look){
		.colour =
			plot_has_palette() ? plot_stroke(i, n) : plot_group(i),
		.dash = plot_has_palette() ? 0 : i / PLOT_HUES,
		.point = i,
		.linetype = i,
	};
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

/* "#rrggbb"; an empty field is the colour of the scheme. */
static uint32_t
read_colour(const struct rows *in, size_t column)
{
	const char *s = in->field[column];
	size_t digits = strspn(s + (*s != '\0'), "0123456789abcdefABCDEF");

	if (!*s)
		return OF_SCHEME;
	if (*s != '#' || digits != 6 || s[7])
		rows_bad(in, column, "not a colour, #rrggbb");
	return (uint32_t)strtoul(s + 1, NULL, 16);
}

/* The groups of --colors, each with its place in the file and its colour. */
static uint32_t *
read_colours(struct labels *groups)
{
	static const char *const spellings[] = {"colour", "color", NULL};
	uint32_t *colour = NULL;
	size_t cap = 0, group, column;
	struct rows in;

	rows_open(&in, look_file);
	group = rows_column(&in, "group");
	column = rows_find_any(&in, spellings);
	if (column == NO_COLUMN)
		column = rows_column(&in, spellings[0]);
	while (rows_next(&in)) {
		size_t i = groups->n;

		if (label_find(groups, in.field[group]) != NO_LABEL)
			rows_bad(&in, group, "repeated group");
		label(groups, in.field[group]);
		colour = grow(colour, &cap, groups->n, sizeof *colour);
		colour[i] = read_colour(&in, column);
	}
	rows_close(&in);
	return colour;
}

void
look_check_input(const char *table)
{
	if (look_file && strcmp(look_file, "-") == 0 &&
	    (!table || strcmp(table, "-") == 0))
		misuse("the table and --colors cannot both be the standard "
		       "input");
}

static const char *
without_population(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon ? colon + 1 : name;
}

/* A group is called population:group where there are several populations. */
static uint32_t
find_place(const struct labels *groups, const char *name)
{
	const char *group = without_population(name);
	uint32_t place = label_find(groups, name), i;

	if (place == NO_LABEL && group != name)
		place = label_find(groups, group);
	for (i = 0; place == NO_LABEL && i < groups->n; i++)
		if (strcmp(without_population(groups->name[i]), name) == 0)
			place = i;
	return place;
}

struct look *
look_named(char *const *name, size_t n)
{
	struct look *look = look_all(n);
	struct labels groups = {0};
	uint32_t *colour = NULL, place;
	size_t i, others;

	if (!look_file)
		return look;
	colour = read_colours(&groups);
	others = groups.n;
	for (i = 0; i < n; i++) {
		place = find_place(&groups, name[i]);
		if (place == NO_LABEL)
			place = (uint32_t)others++;
		look[i] = look_of(place, groups.n + n);
		if (place < groups.n && colour[place] != OF_SCHEME)
			look[i].colour = colour[place];
	}
	free(colour);
	labels_free(&groups);
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
