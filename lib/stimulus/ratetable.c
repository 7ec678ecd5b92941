#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "stimulus/ratetable.h"
#include "util.h"

/* Later times are a number in the wrong unit. */
#define LATEST 1e9 /* ms */

/* A row as it is read. */
struct ratetable_line {
	uint32_t entry;
	int64_t step; /* -1: none */
	size_t line;
	double start, end, rate[2];
};

struct ratetable_lines {
	struct ratetable_line *line;
	size_t n, cap;
};

enum { RATE, SD, START, END, RATE0, RATE1, COLUMNS };
static const char *const column_name[] = {"rate_Hz", "sd_Hz",    "start_ms",
					  "end_ms",  "rate0_Hz", "rate1_Hz"};

struct ratetable_columns {
	size_t key, step, population, of[COLUMNS];
};

/* ---- Columns ---- */

static void
find_key(struct ratetable *t, const struct rows *r, const char *group,
	 struct ratetable_columns *c)
{
	size_t node = rows_find(r, "node_id");

	c->key = rows_find(r, group);
	t->by_node = node != NO_COLUMN;
	if (t->by_node && c->key != NO_COLUMN)
		die("%s: both of the columns 'node_id' and '%s'", r->path,
		    group);
	if (t->by_node)
		c->key = node;
	if (c->key == NO_COLUMN) {
		rows_check_commas(r, group);
		die("%s: neither a column 'node_id' nor '%s'", r->path, group);
	}
	c->step = t->by_node ? NO_COLUMN : rows_find(r, "step");
	c->population = rows_find(r, "population");
	t->has_population = c->population != NO_COLUMN;
}

static void
find_columns(struct ratetable *t, const struct rows *r, const char *group,
	     struct ratetable_columns *c)
{
	size_t k;

	find_key(t, r, group, c);
	for (k = 0; k < COLUMNS; k++)
		c->of[k] = rows_find(r, column_name[k]);
	t->timed = c->of[START] != NO_COLUMN;
	t->has_sd = c->of[SD] != NO_COLUMN;
	if (t->timed && c->of[RATE] != NO_COLUMN)
		die("%s: both of the columns 'rate_Hz' and 'start_ms'",
		    r->path);
	if (!t->timed && c->of[RATE] == NO_COLUMN)
		die("%s: neither a column 'rate_Hz' nor 'start_ms'", r->path);
	for (k = START; t->timed && k < COLUMNS; k++)
		rows_column(r, column_name[k]);
}

/* ---- Rows ---- */

static double
read_rate(const struct rows *r, size_t column)
{
	double v = rows_finite(r, column);

	if (v < 0)
		rows_bad(r, column, "negative");
	if (v > RATETABLE_MOST)
		rows_bad(r, column, "over 1e6 Hz");
	return v;
}

static double
read_time(const struct rows *r, size_t column)
{
	double v = rows_finite(r, column);

	if (fabs(v) > LATEST)
		rows_bad(r, column, "over 1e9 ms");
	return v;
}

static uint32_t
read_key(struct ratetable *t, const struct rows *r,
	 const struct ratetable_columns *c)
{
	const char *key = r->field[c->key];
	const char *population =
		t->has_population ? r->field[c->population] : "";
	char *text;
	uint32_t k;

	if (t->by_node)
		text = format("%lld", (long long)rows_int(r, c->key));
	else
		text = copy(key);
	if (!*text)
		rows_bad(r, c->key, "empty");
	key = format("%s\t%s", text, population);
	k = label(&t->keys, key);
	free((char *)key);
	free(text);
	return k;
}

static void
read_line(struct ratetable *t, const struct rows *r,
	  const struct ratetable_columns *c, struct ratetable_line *l)
{
	const size_t *of = c->of;

	*l = (struct ratetable_line){
		.entry = read_key(t, r, c), .step = -1, .line = r->line};
	if (c->step != NO_COLUMN && !is_missing(r->field[c->step])) {
		l->step = rows_int(r, c->step);
		if (l->step < 0)
			rows_bad(r, c->step, "negative");
	}
	if (!t->timed) {
		l->rate[0] = read_rate(r, of[RATE]);
		l->rate[1] = t->has_sd && !is_missing(r->field[of[SD]])
				     ? read_rate(r, of[SD])
				     : NAN;
		return;
	}
	l->start = read_time(r, of[START]);
	l->end = read_time(r, of[END]);
	if (!(l->start < l->end))
		rows_bad(r, of[END], "not after start_ms");
	l->rate[0] = read_rate(r, of[RATE0]);
	l->rate[1] = read_rate(r, of[RATE1]);
}

/* ---- Entries ---- */

static int
compare(const void *a, const void *b)
{
	const struct ratetable_line *x = a, *y = b;

	if (x->entry != y->entry)
		return x->entry < y->entry ? -1 : 1;
	if (x->step != y->step)
		return x->step < y->step ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

/* Ends the tool if a row does not go on where the one before it ends. */
static void
check_piece(const struct ratetable *t, const struct ratetable_line *last,
	    const struct ratetable_line *next)
{
	if (!t->timed)
		die("%s:%zu: it has a rate already, in line %zu", t->path,
		    next->line, last->line);
	if (last->end != next->start)
		die("%s:%zu: column 'start_ms': %s, which ends at %.15g in "
		    "line %zu: '%.15g'",
		    t->path, next->line,
		    last->end < next->start ? "a gap after the piece before"
					    : "it overlaps the piece before",
		    last->end, last->line, next->start);
}

static void
take_line(struct ratetable *t, const struct ratetable_line *last,
	  const struct ratetable_line *l)
{
	struct ratetable_entry *e = &t->entry[l->entry];
	bool goes_on = last && last->entry == l->entry;
	struct ratetable_row *row;

	if (goes_on && last->step < 0 && l->step >= 0)
		die("%s:%zu: column 'step': some rates of this group have none",
		    t->path, l->line);
	if (goes_on && last->step == l->step) {
		check_piece(t, last, l);
	} else {
		if (e->steps++ == 0)
			e->first = t->rows;
		t->row[t->rows++] = (struct ratetable_row){
			.line = l->line,
			.rate_Hz = t->timed ? NAN : l->rate[0],
			.sd_Hz = t->timed ? NAN : l->rate[1]};
	}
	row = &t->row[t->rows - 1];
	if (t->timed)
		profile_add(&row->profile, l->start, l->end, l->rate[0],
			    l->rate[1]);
}

struct ratetable *
ratetable_read(const char *path, const char *group)
{
	struct ratetable *t = zeros(1, sizeof *t);
	struct ratetable_lines all = {0};
	struct ratetable_columns c;
	struct rows r;
	size_t i;

	rows_open(&r, path);
	t->path = r.path;
	find_columns(t, &r, group, &c);
	while (rows_next(&r)) {
		all.line =
			grow(all.line, &all.cap, all.n + 1, sizeof *all.line);
		read_line(t, &r, &c, &all.line[all.n++]);
	}
	rows_close(&r);
	if (all.n > 0)
		qsort(all.line, all.n, sizeof *all.line, compare);
	t->n = t->keys.n;
	t->entry = zeros(t->n, sizeof *t->entry);
	t->row = zeros(all.n, sizeof *t->row);
	for (i = 0; i < all.n; i++)
		take_line(t, i > 0 ? &all.line[i - 1] : NULL, &all.line[i]);
	free(all.line);
	return t;
}

static struct ratetable_entry *
find(const struct ratetable *t, const char *population, const char *key)
{
	char *text = format("%s\t%s", key, population);
	uint32_t k = label_find(&t->keys, text);

	free(text);
	return k == NO_LABEL ? NULL : &t->entry[k];
}

struct ratetable_entry *
ratetable_find(const struct ratetable *t, const char *population,
	       const char *key)
{
	struct ratetable_entry *e =
		find(t, t->has_population ? population : "", key);

	return e || !t->has_population ? e : find(t, "", key);
}

const char *
ratetable_population(const struct ratetable *t, size_t entry)
{
	return strrchr(t->keys.name[entry], '\t') + 1;
}

char *
ratetable_key(const struct ratetable *t, size_t entry)
{
	const char *key = t->keys.name[entry];

	return format("%.*s", (int)(strrchr(key, '\t') - key), key);
}

void
ratetable_free(struct ratetable *t)
{
	size_t i;

	if (!t)
		return;
	for (i = 0; i < t->rows; i++)
		profile_free(&t->row[i].profile);
	labels_free(&t->keys);
	free(t->row);
	free(t->entry);
	free(t);
}
