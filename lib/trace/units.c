#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "trace/units.h"
#include "util.h"

/* Ours come first.  Those without a place in messages are other spellings. */
static const struct unit units[] = {
	{"ms", UNITS_TIME, 1, 1},      {"s", UNITS_TIME, 1e3, 1},
	{"us", UNITS_TIME, 1, 1e3},    {"mV", UNITS_VOLTAGE, 1, 1},
	{"V", UNITS_VOLTAGE, 1e3, 1},  {"uV", UNITS_VOLTAGE, 1, 1e3},
	{"nA", UNITS_CURRENT, 1, 1},   {"pA", UNITS_CURRENT, 1, 1e3},
	{"A", UNITS_CURRENT, 1e9, 1},  {"uA", UNITS_CURRENT, 1e3, 1},
	{"mA", UNITS_CURRENT, 1e6, 1},
};

static const struct {
	const char *name, *means;
} spellings[] = {
	{"msec", "ms"},        {"usec", "us"},      {"\302\265s", "us"},
	{"\316\274s", "us"},   {"\302\265V", "uV"}, {"\316\274V", "uV"},
	{"\302\265A", "uA"},   {"\316\274A", "uA"}, {"\302\265sec", "us"},
	{"\316\274sec", "us"},
};

struct word {
	const char *word, *symbol;
};

static const struct word prefixes[] = {
	{"milli", "m"}, {"micro", "u"}, {"nano", "n"}, {"pico", "p"}, {"", ""},
};

static const struct word bases[] = {
	{"second", "s"}, {"sec", "s"}, {"volt", "V"},
	{"ampere", "A"}, {"amp", "A"},
};

/* What cells have, in ms, mV and nA: a time from sample to sample of more than
 * a microsecond; voltages up to 300 mV, and somewhere more than 0.3; currents
 * up to 20 nA, and somewhere more than 1 fA.  What is said to be in a unit may
 * be as small as it likes, and a current larger. */
static const struct {
	double least, most, least_said, most_said;
} known[UNITS_KINDS] = {
	[UNITS_TIME] = {1.0000001e-3, INFINITY, 1.0000001e-3, INFINITY},
	[UNITS_VOLTAGE] = {0.3, 300, 0, 300},
	[UNITS_CURRENT] = {1e-6, 20, 0, 20e3},
};

/* Go on after a word that the text begins with, in any case. */
static bool
skip(const char **text, const char *word)
{
	size_t n = strlen(word);

	if (strncasecmp(*text, word, n) != 0)
		return false;
	*text += n;
	return true;
}

/* Does a name mean a unit in words, such as nanoamperes?  A volt and an amp
 * alone are not read, as they may be a voltage and an amplitude. */
static bool
is_in_words(const char *name, const char *symbol)
{
	const struct word *p, *b;
	const char *rest;

	for (p = prefixes; p < prefixes + LEN(prefixes); p++)
		for (b = bases; b < bases + LEN(bases); b++) {
			size_t n = strlen(p->symbol);

			rest = name;
			if (strncmp(symbol, p->symbol, n) != 0 ||
			    strcmp(symbol + n, b->symbol) != 0 ||
			    !skip(&rest, p->word) || !skip(&rest, b->word))
				continue;
			if (!strcasecmp(rest, "s") ||
			    (!*rest && (n > 0 || *b->symbol == 's')))
				return true;
		}
	return false;
}

const struct unit *
units_called(const char *name, enum units_kind kind)
{
	size_t k;

	for (k = 0; k < LEN(spellings); k++)
		if (!strcmp(name, spellings[k].name))
			name = spellings[k].means;
	for (k = 0; k < LEN(units); k++)
		if (units[k].kind == kind && (!strcmp(name, units[k].name) ||
					      is_in_words(name, units[k].name)))
			return &units[k];
	return NULL;
}

char *
units_list(enum units_kind kind)
{
	char *list = NULL;
	size_t k;

	for (k = 0; k < LEN(units); k++)
		if (units[k].kind == kind)
			list = join(list, units[k].name);
	return list;
}

const struct unit *
units_ours(enum units_kind kind)
{
	size_t k = 0;

	while (units[k].kind != kind)
		k++;
	return &units[k];
}

/* The unit that is the n bytes of a text. */
static const struct unit *
unit_of_bytes(const char *text, size_t n, enum units_kind kind)
{
	char *name = zeros(n + 1, 1);
	const struct unit *unit;

	memcpy(name, text, n);
	unit = units_called(name, kind);
	free(name);
	return unit;
}

/* The unit at the end of n bytes, after a character that parts words.  A name
 * that is a letter alone is the quantity's: V, not its unit. */
static const struct unit *
unit_at_end(const char *name, size_t n, enum units_kind kind)
{
	size_t begin = n;

	while (begin > 0 && !strchr(" \t_/:,.-([{", name[begin - 1]))
		begin--;
	if (begin == 0 && n == 1)
		return NULL;
	return unit_of_bytes(name + begin, n - begin, kind);
}

/* The unit in the last brackets that have one. */
static const struct unit *
unit_in_brackets(const char *name, enum units_kind kind)
{
	const struct unit *unit, *last = NULL;
	size_t n;

	for (; *name; name++) {
		if (!strchr("([{", *name))
			continue;
		name++;
		name += strspn(name, " \t");
		n = strcspn(name, " \t)]}");
		if ((unit = unit_of_bytes(name, n, kind)))
			last = unit;
		name--;
	}
	return last;
}

const struct unit *
units_in(const char *name, enum units_kind kind)
{
	size_t n = strlen(name);
	const struct unit *unit;

	while (n > 0 && strchr(" \t", name[n - 1]))
		n--;
	unit = unit_at_end(name, n, kind);
	if (!unit)
		unit = unit_in_brackets(name, kind);
	if (!unit) /* a site comes after the first point */
		unit = unit_at_end(name, strcspn(name, "."), kind);
	return unit;
}

static bool
may_be(double number, const struct unit *u, bool is_guess)
{
	double size = number * u->times / u->over;
	double least = known[u->kind].least, most = known[u->kind].most;

	if (!is_guess) {
		least = known[u->kind].least_said;
		most = known[u->kind].most_said;
	}
	return (size == 0 || size >= least) && size <= most;
}

bool
units_doubt(double number, const struct unit *taken, bool is_guess,
	    const struct unit **likely)
{
	size_t k;

	*likely = NULL;
	if (may_be(number, taken, is_guess))
		return false;
	for (k = 0; k < LEN(units) && !*likely; k++)
		if (units[k].kind == taken->kind && &units[k] != taken &&
		    may_be(number, &units[k], true))
			*likely = &units[k];
	return true;
}
