#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/size.h"
#include "util.h"

static const struct size_unit {
	const char *name;
	double pixels;
} units[] = {
	{"px", 1},  {"mm", 96 / 25.4}, {"cm", 96 / 2.54},
	{"in", 96}, {"pt", 96 / 72.0}, {"", 1},
};

/* A number without a sign and an exponent, and the unit behind it; what follows
 * them, or NULL. */
static const char *
read_length(const char *s, double *v, const struct size_unit **unit)
{
	size_t n = strspn(s, "0123456789."), i;
	char *number = format("%.*s", (int)n, s);
	bool is_number = parse_num(number, v) && *v > 0;

	free(number);
	if (!is_number)
		return NULL;
	s += n;
	for (i = 0; i + 1 < LEN(units); i++)
		if (!strncmp(s, units[i].name, 2))
			break;
	*unit = &units[i];
	return s + strlen(units[i].name);
}

bool
size_read(struct size_asked *s, const char *text)
{
	const struct size_unit *across = NULL, *down;
	const char *rest = read_length(text, &s->width, &across);

	s->height = 0;
	down = across;
	if (rest && *rest == 'x')
		rest = read_length(rest + 1, &s->height, &down);
	if (!rest || *rest)
		return false;
	if (!*across->name)
		across = down;
	if (!*down->name)
		down = across;
	s->width *= across->pixels;
	s->height *= down->pixels;
	s->unit = *across->name ? across->name : "px";
	s->pixels = across->pixels;
	return true;
}

bool
size_is_print(const struct size_asked *s)
{
	return s->unit && strcmp(s->unit, "px") != 0;
}

char *
size_text(const struct size_asked *s, double width, double height)
{
	if (!size_is_print(s))
		return format("%.0fx%.0f", ceil(width), ceil(height));
	return format("%g%sx%g%s", ceil(10 * width / s->pixels) / 10, s->unit,
		      ceil(10 * height / s->pixels) / 10, s->unit);
}
