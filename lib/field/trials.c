#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sort.h>

#include "field/trials.h"
#include "rows.h"

static const char *windows;

const struct opt trials_opts[] = {
	OPT_STR('w', "windows", "file", &windows,
		"a table of windows: start_ms, stop_ms"),
	OPT_END,
};

bool
trials_given(void)
{
	return windows != NULL;
}

/* By their starts, with the latest stop until there: what may have a time ends
 * where that is behind the last of them which begins before it. */
static void
put_in_order(struct trials *t)
{
	double *start = zeros(t->n, sizeof *start), latest = -INFINITY;
	size_t k;

	for (k = 0; k < t->n; k++)
		start[k] = t->at[k].start_ms;
	t->order = zeros(t->n, sizeof *t->order);
	t->latest = zeros(t->n, sizeof *t->latest);
	gsl_sort_index(t->order, start, 1, t->n);
	for (k = 0; k < t->n; k++) {
		latest = fmax(latest, t->at[t->order[k]].stop_ms);
		t->latest[k] = latest;
	}
	free(start);
}

void
trials_read(struct trials *t)
{
	struct rows in;
	size_t start, stop, name;
	struct trial *w;

	rows_open(&in, windows);
	t->path = in.path;
	start = rows_column(&in, "start_ms");
	stop = rows_column(&in, "stop_ms");
	name = rows_find(&in, "window");
	while (rows_next(&in)) {
		t->at = grow(t->at, &t->cap, t->n + 1, sizeof *t->at);
		w = &t->at[t->n];
		w->start_ms = rows_finite(&in, start);
		w->stop_ms = rows_finite(&in, stop);
		if (w->stop_ms <= w->start_ms)
			rows_bad(&in, stop, "not after start_ms");
		w->name = name == NO_COLUMN ? format("%zu", t->n)
					    : copy(in.field[name]);
		w->line = in.line;
		t->n++;
	}
	rows_close(&in);
	if (t->n == 0)
		die("%s: no windows", t->path);
	put_in_order(t);
}

void
trials_check_apart(const struct trials *t)
{
	const struct trial *w, *last;
	size_t k;

	for (k = 1; k < t->n; k++) {
		w = &t->at[t->order[k]];
		last = &t->at[t->order[k - 1]];
		if (w->start_ms < last->stop_ms)
			die("%s:%zu: the window from %g to %g ms has time in "
			    "common with that of line %zu",
			    t->path, w->line, w->start_ms, w->stop_ms,
			    last->line);
	}
}

size_t
trials_find(const struct trials *t, double ms)
{
	size_t low = 0, high = t->n, mid, found = t->n, k;

	/* Those before low begin at this time or earlier. */
	while (low < high) {
		mid = low + (high - low) / 2;
		if (t->at[t->order[mid]].start_ms <= ms)
			low = mid + 1;
		else
			high = mid;
	}
	while (low > 0 && t->latest[low - 1] > ms) {
		k = t->order[--low];
		if (k < found && ms < t->at[k].stop_ms)
			found = k;
	}
	return found;
}

void
trials_free(struct trials *t)
{
	while (t->n > 0)
		free(t->at[--t->n].name);
	free(t->at);
	free(t->order);
	free(t->latest);
}
