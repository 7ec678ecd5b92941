#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/columns.h"
#include "plot/pathways.h"

static bool
is_listed(const struct opt_list *list, const char *s)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!strcmp(list->item[i], s))
			return true;
	return false;
}

static bool
is_word(const char *const *words, const char *s)
{
	for (; *words; words++)
		if (!strcasecmp(*words, s))
			return true;
	return false;
}

/* What the user has listed wins over the meaning of words and numbers. */
static enum pathways_sign
sign_of(const struct pathways_ask *ask, const char *s)
{
	static const char *const up[] = {"e", "exc", "excitatory", "+", NULL};
	static const char *const down[] = {"i", "inh", "inhibitory", "-", NULL};
	enum pathways_sign listed =
		(is_listed(&ask->excitatory, s) ? PATHWAYS_EXCITATORY
						: PATHWAYS_UNKNOWN) |
		(is_listed(&ask->inhibitory, s) ? PATHWAYS_INHIBITORY
						: PATHWAYS_UNKNOWN);
	double v;

	if (listed != PATHWAYS_UNKNOWN)
		return listed;
	if (is_word(up, s))
		return PATHWAYS_EXCITATORY;
	if (is_word(down, s))
		return PATHWAYS_INHIBITORY;
	if (!parse_num(s, &v) || v == 0 || isnan(v))
		return PATHWAYS_UNKNOWN;
	return v > 0 ? PATHWAYS_EXCITATORY : PATHWAYS_INHIBITORY;
}

/* conn-matrix joins several values of an attribute by '|'. */
static enum pathways_sign
read_sign(const struct pathways *w, const struct rows *in)
{
	char *parts, *rest, *part;
	enum pathways_sign all = PATHWAYS_UNKNOWN;

	if (w->sign == NO_COLUMN || is_missing(in->field[w->sign]))
		return PATHWAYS_UNKNOWN;
	rest = parts = copy(in->field[w->sign]);
	while ((part = strsep(&rest, "|"))) {
		enum pathways_sign sign = sign_of(&w->ask, part);

		if (sign == PATHWAYS_UNKNOWN)
			rows_bad(in, w->sign,
				 "neither excitatory nor inhibitory; say which "
				 "with --excitatory or --inhibitory");
		all |= sign;
	}
	free(parts);
	return all;
}

/* The column of the values: that of -y, or the only one that is left. */
static size_t
find_value(const struct pathways *w, const struct rows *in)
{
	size_t found;

	if (w->ask.value)
		return rows_column(in, w->ask.value);
	if (w->ask.label)
		return NO_COLUMN;
	found = columns_only(in,
			     (size_t[]){w->source, w->target, w->count[0],
					w->count[1], w->gap, w->sign,
					rows_find(in, "pairs")},
			     7);
	if (found == NO_COLUMN && w->gap == NO_COLUMN)
		die("%s: no column of values", in->path);
	return found;
}

/* Values of gap junctions have no direction: as -y, they make lines. */
static bool
is_of_gaps(const char *name)
{
	return name && !strncmp(name, "gap_", strlen("gap_"));
}

static size_t
find_gap(const struct pathways_ask *ask, const struct rows *in)
{
	if (is_of_gaps(ask->value))
		return rows_column(in, ask->value);
	if (ask->gap)
		return rows_column(in, ask->gap);
	return ask->no_gap ? NO_COLUMN : rows_find(in, "gap_pairs");
}

static const char *
name_of(const struct rows *in, size_t column)
{
	return column == NO_COLUMN ? NULL : in->name[column];
}

static void
find_all_columns(struct pathways *w, const struct rows *in)
{
	w->source = rows_column(in, "source");
	w->target = rows_column(in, "target");
	w->count[0] = rows_find(in, "n_source");
	w->count[1] = rows_find(in, "n_target");
	w->label = w->ask.label ? rows_column(in, w->ask.label) : NO_COLUMN;
	w->sign = w->ask.sign ? rows_column(in, w->ask.sign) : NO_COLUMN;
	w->gap = find_gap(&w->ask, in);
	w->value = is_of_gaps(w->ask.value) ? NO_COLUMN : find_value(w, in);
	w->value_name = name_of(in, w->value);
	w->label_name = name_of(in, w->label);
	w->sign_name = name_of(in, w->sign);
	w->gap_name = name_of(in, w->gap);
}

static size_t
read_group(struct pathways *w, const struct rows *in, size_t column,
	   size_t count)
{
	size_t known = w->groups.n, i = label(&w->groups, in->field[column]);
	int64_t n;

	w->cells = grow(w->cells, &w->mcells, i + 1, sizeof *w->cells);
	if (i == known)
		w->cells[i] = -1;
	if (count == NO_COLUMN)
		return i;
	n = rows_int(in, count);
	if (n < 0)
		rows_bad(in, count, "negative number of cells");
	if (w->cells[i] >= 0 && w->cells[i] != n)
		rows_bad(in, count,
			 "the group has had another number of cells before");
	w->cells[i] = n;
	return i;
}

static void
add_link(struct pathways *w, const struct pathway *path)
{
	w->path = grow(w->path, &w->cap, w->n + 1, sizeof *w->path);
	w->path[w->n++] = *path;
}

/* The number of a pair of groups, a new one if it has none yet. */
static size_t
pair_label(struct labels *pairs, size_t source, size_t target)
{
	char s[64];

	snprintf(s, sizeof s, "%zu %zu", source, target);
	return label(pairs, s);
}

/* Adds the arrow of a row; a pathway without a value gets none. */
static void
read_arrow(struct pathways *w, const struct rows *in, struct pathway link)
{
	const char *text = w->label == NO_COLUMN ? "" : in->field[w->label];
	enum pathways_sign sign = read_sign(w, in);

	link.value = columns_value(in, w->value);
	if (w->value == NO_COLUMN ? !*text : !(fabs(link.value) > 0))
		return;
	link.sign = sign;
	link.text = w->label == NO_COLUMN ? NULL : copy(text);
	add_link(w, &link);
}

/* Adds the line of a row, or its other value: both rows of a pair are one line.
 */
static void
read_line(struct pathways *w, const struct rows *in, struct pathway link)
{
	size_t low = link.source < link.target ? link.source : link.target;
	size_t high = link.source + link.target - low, known = w->lines.n, i;

	link.line = true;
	link.value = columns_value(in, w->gap);
	if (!(fabs(link.value) > 0))
		return;
	i = pair_label(&w->lines, low, high);
	if (i < known) {
		w->path[w->line[i]].back = link.value;
		return;
	}
	w->line = grow(w->line, &w->mline, i + 1, sizeof *w->line);
	w->line[i] = w->n;
	add_link(w, &link);
}

static void
check_pair(struct pathways *w, const struct rows *in,
	   const struct pathway *path)
{
	size_t known = w->rows.n;
	size_t i = pair_label(&w->rows, path->source, path->target);

	if (i < known)
		die("%s:%zu: repeats line %zu: '%s', '%s'", in->path, in->line,
		    w->row[i], in->field[w->source], in->field[w->target]);
	w->row = grow(w->row, &w->mrow, i + 1, sizeof *w->row);
	w->row[i] = in->line;
}

void
pathways_read(struct pathways *w, const char *path)
{
	struct rows *in = &w->in;

	rows_open(in, path);
	find_all_columns(w, in);
	while (rows_next(in)) {
		struct pathway link = {.value = NAN, .back = NAN};

		link.source = read_group(w, in, w->source, w->count[0]);
		link.target = read_group(w, in, w->target, w->count[1]);
		check_pair(w, in, &link);
		if (w->value != NO_COLUMN || w->label != NO_COLUMN)
			read_arrow(w, in, link);
		if (w->gap != NO_COLUMN)
			read_line(w, in, link);
	}
}

/* The highest first, then those that came first. */
static int
by_value(const void *a, const void *b)
{
	const struct pathway *const *x = a, *const *y = b;

	if ((*x)->value != (*y)->value)
		return (*x)->value < (*y)->value ? 1 : -1;
	return *x < *y ? -1 : *x > *y;
}

static size_t
drop(struct pathways *w, bool lines, double least, int64_t most)
{
	struct pathway **kept = zeros(w->n, sizeof(struct pathway *));
	size_t i, n = 0;

	for (i = 0; i < w->n; i++) {
		struct pathway *path = &w->path[i];

		if (path->line != lines)
			continue;
		path->dropped = path->value < least;
		if (!path->dropped)
			kept[n++] = path;
	}
	if (n > 0 && most >= 0)
		qsort(kept, n, sizeof(struct pathway *), by_value);
	for (; most >= 0 && n > (size_t)most; n--)
		kept[n - 1]->dropped = true;
	free(kept);
	return n;
}

size_t
pathways_drop(struct pathways *w, double least, int64_t most)
{
	return drop(w, false, least, most) + drop(w, true, least, most);
}

void
pathways_free(struct pathways *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		free(w->path[i].text);
	free(w->path);
	free(w->cells);
	free(w->row);
	free(w->line);
	labels_free(&w->groups);
	labels_free(&w->rows);
	labels_free(&w->lines);
	rows_close(&w->in);
}
