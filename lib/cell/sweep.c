#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cell/sweep.h"
#include "opt.h"

#define MOST_VALUES 100000

struct swept {
	int64_t *v;
	size_t n, cap;
};

static int64_t
read_value(const char *option, const char *text, const struct sweep_of *of)
{
	double v;

	if (!parse_num(text, &v) || !(fabs(v) <= of->most))
		misuse("--%s: not %s in %s: '%s'", option, of->one, of->unit,
		       text);
	if (fabs(v * 1e3 - nearbyint(v * 1e3)) > 1e-6 * fabs(v))
		misuse("--%s: finer than 0.001 %s: '%s'", option, of->unit,
		       text);
	return llrint(v * 1e3);
}

static void
add_value(struct swept *a, int64_t v)
{
	a->v = grow(a->v, &a->cap, a->n + 1, sizeof *a->v);
	a->v[a->n++] = v;
}

static void
fill(const char *option, const char *text, const struct sweep_of *of,
     struct swept *a)
{
	int64_t start = a->v[0], stop = a->v[1], step = a->v[2];

	if (!(step > 0 ? start <= stop : step < 0 && start >= stop))
		misuse("--%s: the step does not lead from start to stop: '%s'",
		       option, text);
	if (fabs((double)(stop - start) / (double)step) >= MOST_VALUES)
		misuse("--%s: more than %d %s: '%s'", option, MOST_VALUES,
		       of->many, text);
	for (a->n = 0; step > 0 ? start <= stop : start >= stop; start += step)
		add_value(a, start);
}

int64_t *
sweep_read(const char *option, const char *text, const struct sweep_of *of,
	   size_t *n)
{
	char *s = copy(text), *rest = s, *word;
	const char *separator = strchr(text, ':') ? ":" : ",";
	struct swept a = {0};

	while ((word = strsep(&rest, separator)))
		add_value(&a, read_value(option, word, of));
	free(s);
	if (*separator == ':') {
		if (a.n != 3)
			misuse("--%s: not start:stop:step: '%s'", option, text);
		fill(option, text, of, &a);
	}
	*n = a.n;
	return a.v;
}
