#include <stdlib.h>
#include <string.h>

#include "opt.h"
#include "sonata/ranges.h"
#include "util.h"

static int
by_first(const void *a, const void *b)
{
	const struct ranges_part *p = a, *q = b;

	return (p->first > q->first) - (p->first < q->first);
}

static struct ranges_part
parse_range(const char *option, const char *s)
{
	const char *dash = strchr(s, '-');
	char *first = dash ? format("%.*s", (int)(dash - s), s) : copy(s);
	struct ranges_part r = {.text = copy(s)};

	if (!parse_int(first, &r.first) ||
	    !parse_int(dash ? dash + 1 : first, &r.last) || r.first < 0 ||
	    r.last < r.first)
		misuse("--%s: neither an id nor a range such as 10-19: '%s'",
		       option, s);
	free(first);
	return r;
}

void
ranges_parse(struct ranges *r, const char *option, const char *list)
{
	char *s = copy(list), *rest = s, *word;
	int64_t reach = -1;
	size_t i;

	while ((word = strsep(&rest, ","))) {
		r->range = grow(r->range, &r->cap, r->n + 1, sizeof *r->range);
		r->range[r->n++] = parse_range(option, word);
	}
	qsort(r->range, r->n, sizeof *r->range, by_first);
	for (i = 0; i < r->n; i++) {
		reach = r->range[i].last > reach ? r->range[i].last : reach;
		r->range[i].reach = reach;
	}
	free(s);
}

/* Among the ranges that begin at the id or before it, only the last ones can
 * contain it: back to the one where no earlier range reaches it. */
bool
ranges_has(struct ranges *r, int64_t id)
{
	size_t low = 0, high = r->n;
	bool found = false;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->range[middle].first <= id)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low > 0 && r->range[low - 1].reach >= id; low--)
		if (r->range[low - 1].last >= id)
			found = r->range[low - 1].met = true;
	return found;
}

void
ranges_check(const struct ranges *r, const char *option, const char *path)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (!r->range[i].met)
			die("%s: --%s: nothing of '%s' is in it", path, option,
			    r->range[i].text);
}

void
ranges_free(struct ranges *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		free(r->range[i].text);
	free(r->range);
	*r = (struct ranges){0};
}
