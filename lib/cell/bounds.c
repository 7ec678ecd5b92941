#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell/bounds.h"
#include "cell/extras.h"
#include "cell/tunables.h"
#include "opt.h"
#include "rows.h"

/* From this quotient of the bounds on, a scale is log by default. */
#define WIDE 10

/* ---- The table ---- */

struct bound_columns {
	size_t name, low, high, start, scale;
};

/* A field that may be empty, or missing. */
static bool
is_given(const struct rows *in, size_t column)
{
	return column != NO_COLUMN && *in->field[column];
}

static void
read_scale(const struct rows *in, size_t column, struct bound *b)
{
	b->log = b->low > 0 && b->high >= WIDE * b->low;
	if (!is_given(in, column))
		return;
	b->log = strcmp(in->field[column], "log") == 0;
	if (!b->log && strcmp(in->field[column], "linear") != 0)
		rows_bad(in, column, "neither linear nor log");
	if (b->log && b->low <= 0)
		rows_bad(in, column, "bounds of a log scale are above 0");
}

static void
check_start(const struct bound *b, const char *whose)
{
	if (b->start < b->low || b->start > b->high)
		die("%s: '%s' begins at %s %g, which is not from %g to %g",
		    b->where, b->name, whose, b->start, b->low, b->high);
}

static void
check_name(const struct rows *in, size_t column)
{
	const char *name = in->field[column], *last = strrchr(name, '.');

	last = last ? last + 1 : name;
	if (!*name || strchr(name, ':'))
		rows_bad(in, column, "no name of a parameter");
	if (strcmp(name, "dt") == 0 || strcmp(last, "nseg") == 0 ||
	    strcmp(last, "nseg@all") == 0)
		rows_bad(in, column, "not a parameter of a cell");
}

static struct bound
read_bound(const struct rows *in, const struct bound_columns *c)
{
	struct bound b = {.start = NAN};

	check_name(in, c->name);
	b.low = rows_finite(in, c->low);
	b.high = rows_finite(in, c->high);
	if (!(b.low < b.high))
		rows_bad(in, c->high, "not above the low one");
	if (is_given(in, c->start))
		b.start = rows_finite(in, c->start);
	read_scale(in, c->scale, &b);
	b.name = copy(in->field[c->name]);
	b.where = format("%s:%zu", in->path, in->line);
	check_start(&b, "its start");
	return b;
}

static void
check_new(const struct bounds *all, const struct rows *in,
	  const struct bound_columns *c)
{
	size_t k;

	for (k = 0; k < all->n; k++)
		if (strcmp(all->at[k].name, in->field[c->name]) == 0)
			rows_bad(in, c->name, "the same parameter again");
}

void
bounds_read(struct bounds *b, const char *path)
{
	struct bound_columns c;
	struct rows in;

	rows_open(&in, path);
	c.name = rows_column(&in, "name");
	c.low = rows_column(&in, "low");
	c.high = rows_column(&in, "high");
	c.start = rows_find(&in, "start");
	c.scale = rows_find(&in, "scale");
	while (rows_next(&in)) {
		check_new(b, &in, &c);
		b->at = grow(b->at, &b->cap, b->n + 1, sizeof *b->at);
		b->at[b->n++] = read_bound(&in, &c);
	}
	if (b->n == 0)
		die("%s: no parameters in it", in.path);
	rows_close(&in);
}

/* ---- The cell ---- */

static bool
has_section(const struct tunable *p, size_t section)
{
	size_t k;

	for (k = 0; k < p->nin; k++)
		if (p->in[k] == section)
			return true;
	return false;
}

static void
refuse_hidden(const struct bounds *b, size_t later, size_t first)
{
	die("%s: '%s' sets all of '%s', which has to come after it or go",
	    b->at[later].where, b->at[later].name, b->at[first].name);
}

/* Parameters are set in the order of the table: one whose every section has its
 * value from a later one would be varied for nothing.  The later one is tunable
 * number i, which is an earlier one where both mean the same sections. */
static void
check_seen(const struct bounds *b, size_t later, size_t i,
	   const struct tunable *t)
{
	size_t k, s;

	if (i < later)
		refuse_hidden(b, later, i);
	for (k = 0; k < later; k++) {
		if (t[k].nin == 0 || strcmp(t[k].bare, t[later].bare) != 0)
			continue;
		for (s = 0; s < t[k].nin && has_section(&t[later], t[k].in[s]);)
			s++;
		if (s == t[k].nin)
			refuse_hidden(b, later, k);
	}
}

/* Conductances and times are not below 0. */
static void
check_low(const struct bound *b)
{
	struct extras_parameter e;

	if (extras_find(b->where, b->name, &e) && b->low < e.least)
		die("%s: '%s' is never below %g, and its low bound is %g",
		    b->where, b->name, e.least, b->low);
}

void
bounds_begin(struct bounds *b)
{
	static struct tunables t; /* for as long as the tool runs */
	size_t k, i;

	b->has_start = true;
	for (k = 0; k < b->n; k++) {
		struct bound *p = &b->at[k];

		i = tunables_add(&t, p->where, p->name);
		check_low(p);
		if (isnan(p->start) && !t.item[i].varies) {
			p->start = t.item[i].start;
			check_start(p, "the cell's");
		}
		if (isnan(p->start))
			b->has_start = false;
		check_seen(b, k, i, t.item);
	}
}

double
bounds_part(const struct bound *b)
{
	if (b->log)
		return log(b->start / b->low) / log(b->high / b->low);
	return (b->start - b->low) / (b->high - b->low);
}

double
bounds_value(const struct bound *b, double part)
{
	char text[32];
	double v;

	if (part == bounds_part(b))
		return b->start;
	v = b->log ? b->low * pow(b->high / b->low, part)
		   : b->low + part * (b->high - b->low);
	snprintf(text, sizeof text, "%.9g", v);
	return fmin(fmax(strtod(text, NULL), b->low), b->high);
}
