#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "opt.h"
#include "plot/captions.h"
#include "plot/columns.h"

size_t
columns_find(const struct rows *in, const char *list, size_t *column,
	     size_t most)
{
	char *names = copy(list), *rest = names, *name;
	size_t n = 0;

	if (rows_find(in, list) != NO_COLUMN) {
		column[n++] = rows_find(in, list);
		rest = NULL;
	}
	while ((name = strsep(&rest, ","))) {
		if (n == most)
			die("more than %zu columns: '%s'", most, list);
		column[n++] = rows_column(in, name);
	}
	free(names);
	return n;
}

/* The first free column from a place on. */
static size_t
next_free(const struct rows *in, size_t from, const size_t *taken, size_t n)
{
	size_t i, k;

	for (i = from; i < in->n; i++) {
		for (k = 0; k < n && taken[k] != i; k++)
			;
		if (k == n)
			return i;
	}
	return NO_COLUMN;
}

size_t
columns_first(const struct rows *in, const size_t *taken, size_t n)
{
	return next_free(in, 0, taken, n);
}

size_t
columns_only(const struct rows *in, const size_t *taken, size_t n)
{
	size_t first = NO_COLUMN, i = next_free(in, 0, taken, n), found = 0;

	for (; i != NO_COLUMN; i = next_free(in, i + 1, taken, n))
		first = found++ ? first : i;
	if (found > 1)
		misuse("%s: %zu columns may be the values: choose one with -y",
		       in->path, found);
	return first;
}

double
columns_value(const struct rows *in, size_t column)
{
	if (column == NO_COLUMN || is_missing(in->field[column]))
		return NAN;
	return rows_finite(in, column);
}

char *
columns_stem(const char *low, const char *high)
{
	static const char first[] = "low", second[] = "high";
	const char *at = low;

	while ((at = strstr(at, first))) {
		size_t before = (size_t)(at - low);
		const char *after = at + strlen(first);

		if (!strncmp(low, high, before) &&
		    !strncmp(high + before, second, strlen(second)) &&
		    !strcmp(high + before + strlen(second), after)) {
			if (before > 0 && low[before - 1] == '_')
				before--;
			else if (before == 0 && *after == '_')
				after++;
			return before > 0 || *after
				       ? format("%.*s%s", (int)before, low,
						after)
				       : NULL;
		}
		at = after;
	}
	return NULL;
}

char *
columns_label(const char *low, const char *high)
{
	char *stem = columns_stem(low, high), *label = NULL;

	if (stem && strcmp(stem, "bin") != 0)
		label = caption_of(stem);
	free(stem);
	return label;
}
