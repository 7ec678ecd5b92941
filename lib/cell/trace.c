#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cell/trace.h"
#include "util.h"

static const char *time_text, *voltage_text, *current_text;
static bool no_header;

const struct opt trace_opts[] = {
	OPT_STR(0, "time", "column[:unit]", &time_text,
		"the column of times, in s or ms (time_ms or t_ms)"),
	OPT_STR(0, "voltage", "column[:unit]", &voltage_text,
		"the column of voltages, in V or mV (v_mV)"),
	OPT_STR(0, "current", "column[:unit]", &current_text,
		"the column of currents, in A, nA or pA (i_nA)"),
	OPT_FLAG(0, "no-header", &no_header,
		 "the table has no header: columns are numbers from 1"),
	OPT_END,
};

enum { TIME, VOLTAGE, CURRENT };

/* Units are quotients of whole numbers, so that -100 pA is the double next to
 * -0.1. */
static const struct unit {
	const char *name;
	int kind;
	double times, over;
} units[] = {
	{"ms", TIME, 1, 1},     {"s", TIME, 1e3, 1},   {"mV", VOLTAGE, 1, 1},
	{"V", VOLTAGE, 1e3, 1}, {"nA", CURRENT, 1, 1}, {"pA", CURRENT, 1, 1e3},
	{"A", CURRENT, 1e9, 1},
};

/* The unit after the last such character in a column's name. */
static const struct unit *
unit_after(const char *name, char c, int kind)
{
	const char *p = strrchr(name, c);
	size_t k;

	for (k = 0; p && k < LEN(units); k++)
		if (units[k].kind == kind && !strcmp(units[k].name, p + 1))
			return &units[k];
	return NULL;
}

static const struct choice {
	const char *option;
	const char *names[3]; /* by default, in a table with a header */
	const char *number;   /* and in one without */
	const char **text;
} choices[] = {
	[TIME] = {"time", {"time_ms", "t_ms"}, "1", &time_text},
	[VOLTAGE] = {"voltage", {"v_mV"}, "2", &voltage_text},
	[CURRENT] = {"current", {"i_nA"}, "3", &current_text},
};

static size_t
default_column(const struct traces *in, int kind)
{
	const struct choice *c = &choices[kind];
	size_t k = no_header ? rows_find(&in->in, c->number)
			     : rows_find_any(&in->in, c->names);

	if (k == NO_COLUMN && kind != CURRENT && no_header)
		die("%s:%zu: no column '%s' in '%s': say --%s", in->in.path,
		    in->in.line, c->number, in->in.field[0], c->option);
	if (k == NO_COLUMN && kind != CURRENT)
		die("%s: no column '%s': say --%s, or --no-header if there is "
		    "none",
		    in->in.path, c->names[0], c->option);
	return k;
}

/* Refuse the name of a column, a colon and what is not a unit. */
static void
check_unit(const struct traces *in, int kind, const char *text)
{
	char *name = copy(text), *colon = strrchr(name, ':'), *known = NULL;
	size_t k;

	if (colon)
		*colon = '\0';
	for (k = 0; k < LEN(units); k++)
		if (units[k].kind == kind)
			known = join(known, units[k].name);
	if (colon && rows_find(&in->in, text) == NO_COLUMN &&
	    rows_find(&in->in, name) != NO_COLUMN)
		die("%s: --%s: '%s' is none of %s", in->in.path,
		    choices[kind].option, colon + 1, known);
	free(known);
	free(name);
}

/* What follows a colon is a unit if it can be one, else part of the name. */
static size_t
named_column(const struct traces *in, int kind, const struct unit **unit)
{
	const char *text = *choices[kind].text;
	char *name = copy(text);
	size_t k;
	int64_t number;

	if ((*unit = unit_after(text, ':', kind)))
		*strrchr(name, ':') = '\0';
	if (no_header && (!parse_int(name, &number) || number < 1))
		misuse("--%s: not the number of a column, with --no-header: "
		       "'%s'",
		       choices[kind].option, text);
	check_unit(in, kind, name);
	k = rows_column(&in->in, name);
	free(name);
	return k;
}

static void
choose_column(struct traces *in, int kind)
{
	struct trace_column *c = &in->column[kind];
	const struct unit *unit = NULL;

	c->column = *choices[kind].text ? named_column(in, kind, &unit)
					: default_column(in, kind);
	if (c->column == NO_COLUMN)
		return;
	if (!unit)
		unit = unit_after(in->in.name[c->column], '_', kind);
	c->times = unit ? unit->times : 1;
	c->over = unit ? unit->over : 1;
}

void
traces_open(struct traces *in, const char *path)
{
	static const char *const runs[] = {"sweep", "amp_pA", NULL};
	int kind;

	*in = (struct traces){0};
	if (no_header)
		rows_open_bare(&in->in, path, " \t,");
	else
		rows_open(&in->in, path);
	if (in->in.n == 0)
		die("%s: no samples", in->in.path);
	in->sweep = rows_find_any(&in->in, runs);
	for (kind = TIME; kind <= CURRENT; kind++)
		choose_column(in, kind);
}

static bool
next_record(struct traces *in)
{
	bool there = in->pending || (!in->ended && rows_next(&in->in));

	in->pending = false;
	in->ended = !there;
	return there;
}

static void
add_sample(struct traces *in)
{
	struct trace_column *c;

	for (c = in->column; c < in->column + LEN(in->column); c++) {
		double v;

		if (c->column == NO_COLUMN)
			continue;
		v = rows_finite(&in->in, c->column) * c->times / c->over;
		if (fabs(v) >= TRACE_GREATEST)
			rows_bad(&in->in, c->column, "too large");
		if (c == in->column && in->n > 0 &&
		    v - c->value[in->n - 1] < TRACE_LEAST)
			rows_bad(&in->in, c->column, "time does not increase");
		c->value = grow(c->value, &c->cap, in->n + 1, sizeof v);
		c->value[in->n] = v;
	}
	in->n++;
}

static const char *
new_name(struct traces *in)
{
	size_t known = in->names.n;
	uint32_t k;

	if (in->sweep == NO_COLUMN)
		return NULL;
	k = label(&in->names, in->in.field[in->sweep]);
	if (k < known)
		rows_bad(&in->in, in->sweep,
			 "its samples are not all together");
	return in->names.name[k];
}

bool
traces_next(struct traces *in, struct trace *t)
{
	bool first = in->n == 0;

	if (!next_record(in)) {
		if (first)
			die("%s:%zu: no samples", in->in.path, in->in.line);
		return false;
	}
	in->n = 0;
	*t = (struct trace){.path = in->in.path, .line = in->in.line};
	t->name = new_name(in);
	do {
		in->pending = t->name &&
			      strcmp(t->name, in->in.field[in->sweep]) != 0;
		if (!in->pending)
			add_sample(in);
	} while (!in->pending && next_record(in));
	if (in->n < 2)
		die("%s:%zu: a trace of one sample", t->path, t->line);
	t->n = in->n;
	t->t = in->column[TIME].value;
	t->v = in->column[VOLTAGE].value;
	t->i = in->column[CURRENT].value;
	return true;
}

void
traces_close(struct traces *in)
{
	size_t k;

	for (k = 0; k < LEN(in->column); k++)
		free(in->column[k].value);
	labels_free(&in->names);
	rows_close(&in->in);
}

static char *complaint(const struct trace *t, const char *fmt, va_list ap)
	PRINTF(2, 0);

static char *
complaint(const struct trace *t, const char *fmt, va_list ap)
{
	char *s = vformat(fmt, ap), *where, *all;

	/* A trace that was simulated has no lines. */
	where = t->line > 0 ? format("%s:%zu", t->path, t->line)
			    : copy(t->path);
	all = t->name ? format("%s: sweep '%s': %s", where, t->name, s)
		      : format("%s: %s", where, s);
	free(s);
	free(where);
	return all;
}

void
trace_warn(const struct trace *t, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = complaint(t, fmt, ap);
	va_end(ap);
	warn("%s", s);
	free(s);
}

void
trace_bad(const struct trace *t, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = complaint(t, fmt, ap);
	va_end(ap);
	die("%s", s);
}

size_t
trace_sample(const struct trace *t, double time)
{
	size_t low = 0, high = t->n - 1;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (t->t[middle] <= time)
			low = middle;
		else
			high = middle;
	}
	return time - t->t[low] <= t->t[high] - time ? low : high;
}
