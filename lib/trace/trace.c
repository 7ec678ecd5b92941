#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"
#include "trace/spacing.h"
#include "trace/trace.h"
#include "trace/units.h"
#include "util.h"

static const char *time_text, *voltage_text, *current_text, *column_text;
static bool no_header;

const struct opt trace_opts[] = {
	OPT_STR(0, "time", "column[:unit]", &time_text,
		"the column of times, in s, ms or us (time_ms or t_ms)"),
	OPT_STR(0, "voltage", "column[:unit]", &voltage_text,
		"that of voltages; 'V * (mV)': sweeps side by side (v_mV)"),
	OPT_STR(0, "current", "column[:unit]", &current_text,
		"the column of currents, in A, nA or pA (i_nA)"),
	OPT_FLAG(0, "no-header", &no_header,
		 "the table has no header: columns are numbers from 1"),
	OPT_TABLE(rows_opts),
	OPT_END,
};

const struct opt trace_signal_opts[] = {
	OPT_STR(0, "time", "column[:unit]", &time_text,
		"the column of times, in s, ms or us (time_ms or t_ms)"),
	OPT_STR(0, "column", "column[:unit]", &column_text,
		"what is measured; 'I * (pA)': sweeps side by side"),
	OPT_FLAG(0, "no-header", &no_header,
		 "the table has no header: columns are numbers from 1"),
	OPT_TABLE(rows_opts),
	OPT_END,
};

static const struct choice {
	const char *option;
	const char *names[3]; /* by default, in a table with a header */
	const char *number;   /* and in one without */
	const char **text;
} choices[] = {
	[UNITS_TIME] = {"time", {"time_ms", "t_ms"}, "1", &time_text},
	[UNITS_VOLTAGE] = {"voltage", {"v_mV"}, "2", &voltage_text},
	[UNITS_CURRENT] = {"current", {"i_nA"}, "3", &current_text},
};

/* How the option is called that names a column. */
static const char *
option_of(const struct traces *in, enum units_kind kind)
{
	return in->is_signal && kind != UNITS_TIME ? "column"
						   : choices[kind].option;
}

/* The names of all columns, as a message lists them. */
static char *
names_of(const struct rows *in)
{
	char *list = NULL;
	size_t k;

	for (k = 0; k < in->n; k++)
		list = join(list, in->name[k]);
	return list;
}

static size_t
default_column(const struct traces *in, enum units_kind kind)
{
	const struct choice *c = &choices[kind];
	size_t k = no_header ? rows_find(&in->in, c->number)
			     : rows_find_any(&in->in, c->names);

	if (k == NO_COLUMN && kind != UNITS_CURRENT)
		rows_check_commas(&in->in, c->names[0]);
	if (k == NO_COLUMN && kind != UNITS_CURRENT && no_header)
		die("%s:%zu: no column '%s' in '%s': say --%s", in->in.path,
		    in->in.line, c->number, in->in.field[0], c->option);
	if (k == NO_COLUMN && kind != UNITS_CURRENT)
		die("%s: no column '%s': say --%s, which may be %s, or "
		    "--no-header if there is none",
		    in->in.path, c->names[0], c->option, names_of(&in->in));
	return k;
}

/* The same of a signal, of which one is enough. */
static size_t
default_signal(const struct traces *in, enum units_kind kind)
{
	size_t v = rows_find(&in->in, "v_mV");
	size_t i = rows_find(&in->in, "i_clamp_nA");

	if (v == NO_COLUMN && i == NO_COLUMN) {
		rows_check_commas(&in->in, "v_mV");
		die("%s: no column 'i_clamp_nA' or 'v_mV': say --column, which "
		    "may be %s",
		    in->in.path, names_of(&in->in));
	}
	return kind == UNITS_VOLTAGE ? v : i;
}

/* Refuse the name of a column, a colon and what is not a unit. */
static void
check_unit(const struct traces *in, enum units_kind kind, const char *text)
{
	char *name = copy(text), *colon = strrchr(name, ':');

	if (colon)
		*colon = '\0';
	if (colon && rows_find(&in->in, text) == NO_COLUMN &&
	    rows_find(&in->in, name) != NO_COLUMN)
		die("%s: --%s: '%s' is none of %s", in->in.path,
		    option_of(in, kind), colon + 1, units_list(kind));
	free(name);
}

/* What follows a colon is a unit if it can be one, and the whole is not the
 * name of a column. */
static size_t
named_column(const struct traces *in, enum units_kind kind, const char *text,
	     const struct unit **unit)
{
	const char *colon = strrchr(text, ':');
	char *name = copy(text);
	size_t k;
	int64_t number;

	if (colon && rows_find(&in->in, text) == NO_COLUMN)
		*unit = units_called(colon + 1, kind);
	if (*unit)
		name[colon - text] = '\0';
	if (no_header && (!parse_int(name, &number) || number < 1))
		misuse("--%s: not the number of a column, with --no-header: "
		       "'%s'",
		       option_of(in, kind), text);
	check_unit(in, kind, name);
	k = rows_column(&in->in, name);
	free(name);
	return k;
}

static bool
is_ours(const char *name, enum units_kind kind)
{
	const char *const *ours = choices[kind].names;

	while (*ours && strcmp(*ours, name) != 0)
		ours++;
	return *ours != NULL;
}

static void
choose_column(const struct traces *in, enum units_kind kind, const char *text,
	      struct trace_column *c)
{
	const char *name;

	c->column = text ? named_column(in, kind, text, &c->unit)
		    : in->is_signal && kind != UNITS_TIME
			    ? default_signal(in, kind)
			    : default_column(in, kind);
	if (c->column == NO_COLUMN)
		return;
	name = in->in.name[c->column];
	c->known = c->unit               ? TRACE_SAID
		   : is_ours(name, kind) ? TRACE_OURS
					 : TRACE_NAMED;
	if (!c->unit)
		c->unit = units_in(name, kind);
	if (c->unit)
		return;
	c->unit = units_ours(kind);
	c->known = TRACE_ASSUMED;
}

/* What an option says without its unit, in new memory. */
static char *
without_unit(const char *text, enum units_kind kind)
{
	const char *colon = strrchr(text, ':');

	return colon && units_called(colon + 1, kind)
		       ? format("%.*s", (int)(colon - text), text)
		       : copy(text);
}

/* What an option says, if that is several columns, or NULL. */
static const char *
pattern_of(const struct traces *in, enum units_kind kind)
{
	const char *text = *choices[kind].text;
	char *name;
	bool is_one;

	if (!text || !strchr(text, '*') || no_header)
		return NULL;
	name = without_unit(text, kind);
	is_one = rows_find(&in->in, text) != NO_COLUMN ||
		 rows_find(&in->in, name) != NO_COLUMN;
	free(name);
	return is_one ? NULL : text;
}

/* The column of the present trace, whose unit is NULL where there is none. */
static struct trace_column *
column_of(struct traces *in, size_t kind)
{
	struct trace_column *c = &in->column[kind];

	if (in->beside && in->beside[in->at].column[kind].unit)
		c = &in->beside[in->at].column[kind];
	return c;
}

/* How an option names it. */
static const char *
said_as(struct traces *in, enum units_kind kind)
{
	const char *pattern = in->beside ? pattern_of(in, kind) : NULL;

	return pattern ? pattern : in->in.name[column_of(in, kind)->column];
}

/* Say which columns are taken for what. */
static void
say_assumed(struct traces *in)
{
	char *what = NULL, *how = NULL, *one;
	const struct trace_column *c;
	size_t kind;

	for (kind = 0; kind < UNITS_KINDS; kind++) {
		c = column_of(in, kind);
		if (!c->unit || c->known != TRACE_ASSUMED)
			continue;
		one = format("'%s' for %s", said_as(in, (enum units_kind)kind),
			     c->unit->name);
		what = join(what, one);
		free(one);
		one = format("--%s '%s:unit'",
			     option_of(in, (enum units_kind)kind),
			     said_as(in, (enum units_kind)kind));
		how = join(how, one);
		free(one);
	}
	if (what)
		warn("%s: no unit in a column's name, taken %s: say %s",
		     in->in.path, what, how);
	free(what);
	free(how);
}

/* What stands for the * of a pattern in a name, in new memory, or NULL if that
 * is called otherwise. */
static char *
star_of(const char *pattern, const char *name)
{
	const char *star = strchr(pattern, '*');
	size_t before = (size_t)(star - pattern), after = strlen(star + 1);
	size_t n = strlen(name);

	if (n <= before + after || strncmp(pattern, name, before) != 0 ||
	    strcmp(star + 1, name + n - after) != 0)
		return NULL;
	return format("%.*s", (int)(n - before - after), name + before);
}

/* The columns of a sweep, by the names that its own makes of the patterns. */
static void
add_beside(struct traces *in, const char *sweep)
{
	struct trace_beside *b = &in->beside[label(&in->names, sweep)];
	size_t kind;

	for (kind = UNITS_VOLTAGE; kind < UNITS_KINDS; kind++) {
		enum units_kind k = (enum units_kind)kind;
		const char *pattern = pattern_of(in, k);
		char *text;

		if (!pattern)
			continue;
		text = format("%.*s%s%s", (int)(strchr(pattern, '*') - pattern),
			      pattern, sweep, strchr(pattern, '*') + 1);
		choose_column(in, k, text, &b->column[kind]);
		free(text);
	}
}

/* Find the sweeps that are side by side: every column that --voltage's pattern
 * has, with its unit or without. */
static void
find_beside(struct traces *in, enum units_kind kind)
{
	const char *pattern = pattern_of(in, kind);
	char *name = without_unit(pattern, kind), *sweep;
	size_t k;

	if (strchr(pattern, '*') != strrchr(pattern, '*'))
		misuse("--%s: must have one '*': '%s'", option_of(in, kind),
		       pattern);
	if (in->nleads > 0)
		die("%s: --%s: '%s' is sweeps side by side, and column '%s' is "
		    "sweeps one after the other",
		    in->in.path, option_of(in, kind), pattern,
		    in->lead_name[0]);
	in->beside = zeros(in->in.n, sizeof *in->beside);
	for (k = 0; k < in->in.n; k++) {
		sweep = star_of(name, in->in.name[k]);
		if (sweep)
			add_beside(in, sweep);
		free(sweep);
	}
	if (in->names.n == 0)
		rows_column(&in->in, name);
	in->lead_name[in->nleads++] = "sweep";
	free(name);
}

static void
add_lead(struct traces *in, size_t column)
{
	in->lead[in->nleads] = column;
	in->lead_name[in->nleads++] = in->in.name[column];
}

/* Does a signal stand before the time? */
static bool
is_time_last(const struct traces *in)
{
	const struct trace_column *c = in->column;

	return (c[UNITS_VOLTAGE].unit &&
		c[UNITS_VOLTAGE].column < c[UNITS_TIME].column) ||
	       (c[UNITS_CURRENT].unit &&
		c[UNITS_CURRENT].column < c[UNITS_TIME].column);
}

/* The columns that tell traces apart: of a signal all that are before the time,
 * but for an index without a name, unless the signal is there or beside others.
 */
static void
find_leads(struct traces *in, bool beside)
{
	static const char *const runs[] = {"sweep", "amp_pA", NULL};
	size_t run = rows_find_any(&in->in, runs), k;

	in->lead = zeros(in->in.n, sizeof *in->lead);
	in->lead_name = zeros(in->in.n, sizeof *in->lead_name);
	in->led = zeros(in->in.n, sizeof *in->led);
	for (k = 0; in->is_signal && !beside && !no_header &&
		    !is_time_last(in) && k < in->column[UNITS_TIME].column;
	     k++)
		if (*in->in.name[k])
			add_lead(in, k);
	if (in->nleads == 0 && run != NO_COLUMN)
		add_lead(in, run);
}

/* Is --column a voltage or a current, by its unit? */
static void
choose_signal(const struct traces *in)
{
	const char *colon = strrchr(column_text, ':');
	bool is[UNITS_KINDS];
	size_t kind;

	for (kind = UNITS_VOLTAGE; kind < UNITS_KINDS; kind++)
		is[kind] = (colon &&
			    units_called(colon + 1, (enum units_kind)kind)) ||
			   units_in(column_text, (enum units_kind)kind);
	if (is[UNITS_VOLTAGE] == is[UNITS_CURRENT] && !strchr(column_text, '*'))
		(void)rows_column(&in->in, column_text);
	if (is[UNITS_VOLTAGE] == is[UNITS_CURRENT])
		die("%s: --column: a voltage or a current? say '%s:mV' or "
		    "'%s:pA'",
		    in->in.path, column_text, column_text);
	*choices[is[UNITS_CURRENT] ? UNITS_CURRENT : UNITS_VOLTAGE].text =
		column_text;
}

/* Is the column of this kind read? */
static bool
is_wanted(const struct traces *in, size_t kind)
{
	return !in->is_signal || kind == UNITS_TIME || !column_text ||
	       *choices[kind].text;
}

/* Which columns are what; those of sweeps side by side come last. */
static void
choose_columns(struct traces *in)
{
	enum units_kind first =
		in->is_signal && current_text ? UNITS_CURRENT : UNITS_VOLTAGE;
	bool beside = pattern_of(in, first) != NULL;
	size_t kind;

	if (pattern_of(in, UNITS_CURRENT) && !beside)
		misuse("--current: '*' needs one in --voltage: '%s'",
		       current_text);
	for (kind = 0; kind < UNITS_KINDS; kind++)
		if (is_wanted(in, kind) &&
		    (!beside || kind == UNITS_TIME ||
		     !pattern_of(in, (enum units_kind)kind)))
			choose_column(in, (enum units_kind)kind,
				      *choices[kind].text, &in->column[kind]);
	find_leads(in, beside);
	if (beside)
		find_beside(in, first);
}

static void
open_table(struct traces *in, const char *path)
{
	if (no_header)
		rows_open_bare(&in->in, path, " \t,");
	else
		rows_open(&in->in, path);
	if (in->in.n == 0)
		die("%s: no samples", in->in.path);
}

void
traces_open(struct traces *in, const char *path)
{
	*in = (struct traces){0};
	open_table(in, path);
	choose_columns(in);
}

void
traces_open_signal(struct traces *in, const char *path)
{
	*in = (struct traces){.is_signal = true};
	open_table(in, path);
	if (column_text)
		choose_signal(in);
	else if (no_header)
		misuse("--no-header: needs --column");
	choose_columns(in);
}

static bool
next_record(struct traces *in)
{
	bool there = in->pending || (!in->ended && rows_next(&in->in));

	in->pending = false;
	in->ended = !there;
	return there;
}

/* Blank lines and line breaks in quotes move what comes after them. */
static void
note_place(struct traces *in)
{
	const struct trace_place *last;

	if (in->n == 0)
		in->nplaces = 0;
	if (in->nplaces > 0) {
		last = &in->place[in->nplaces - 1];
		if (in->in.line - last->line == in->n - last->sample)
			return;
	}
	in->place = grow(in->place, &in->mplaces, in->nplaces + 1,
			 sizeof *in->place);
	in->place[in->nplaces++] = (struct trace_place){in->n, in->in.line};
}

/* Room for a sample more.  An eighth is added at a time, which nothing touches
 * before there are samples in it: long traces take a third less memory than by
 * grow(), and the system moves pages, not bytes. */
static void
add_value(struct trace_column *c, size_t k, double v)
{
	if (k >= c->cap) {
		c->cap = k + k / 8 + 1024;
		c->value = realloc(c->value, c->cap * sizeof v);
	}
	if (!c->value)
		die("out of memory");
	c->value[k] = v;
}

/* Is a number so many parts of a unit, to the bit? */
static bool
is_whole(double number, double parts, int64_t *n)
{
	double x = rint(number * parts);

	*n = fabs(x) < 0x1p48 ? (int64_t)x : 0;
	return fabs(x) < 0x1p48 && x / parts == number &&
	       !signbit(number) == (*n >= 0);
}

/* The grid through the first two times: by the fewest decimals that they have.
 */
static bool
find_grid(struct trace_grid *g, double first, double second)
{
	int64_t parts, next;

	for (parts = 1; parts <= 1000000000; parts *= 10) {
		g->parts = (double)parts;
		if (is_whole(first, g->parts, &g->first) &&
		    is_whole(second, g->parts, &next)) {
			g->step = next - g->first;
			return true;
		}
	}
	return false;
}

static bool
is_on_grid(const struct traces *in, double number)
{
	const struct trace_grid *g = &in->grid;
	int64_t at = g->first + (int64_t)in->n * g->step, n;

	return is_whole(number, g->parts, &n) && n == at;
}

static void
add_time(struct traces *in, double number, double ms)
{
	struct trace_column *c = &in->column[UNITS_TIME];
	bool was = in->n < 2 || in->is_on_grid;
	size_t k;

	in->last = ms;
	if (in->n == 0) {
		in->first = number;
		in->grid = (struct trace_grid){.times = c->unit->times,
					       .over = c->unit->over};
		return;
	}
	in->is_on_grid = in->n == 1 ? find_grid(&in->grid, in->first, number)
				    : was && is_on_grid(in, number);
	if (in->is_on_grid)
		return;
	if (in->n == 1)
		add_value(c, 0, in->first * c->unit->times / c->unit->over);
	for (k = 0; in->n > 1 && was && k < in->n; k++)
		add_value(c, k, trace_grid_time(&in->grid, k));
	add_value(c, in->n, ms);
}

/* The number of a column in ms, mV or nA; *number as the table has it. */
static double
sample_of(const struct traces *in, const struct trace_column *c, double *number)
{
	double v;

	*number = rows_finite(&in->in, c->column);
	v = *number * c->unit->times / c->unit->over;
	if (fabs(v) >= TRACE_GREATEST)
		rows_bad(&in->in, c->column, "too large");
	return v;
}

/* Add what columns of voltages and currents have, of those that are there. */
static void
add_values(const struct traces *in, struct trace_column *column)
{
	size_t kind;
	double number;

	for (kind = UNITS_VOLTAGE; kind < UNITS_KINDS; kind++)
		if (column[kind].unit)
			add_value(&column[kind], in->n,
				  sample_of(in, &column[kind], &number));
}

static void
add_sample(struct traces *in)
{
	struct trace_column *c = in->column;
	double number, ms;
	size_t k;

	note_place(in);
	ms = sample_of(in, c, &number);
	if (in->n > 0 && ms - in->last < TRACE_LEAST)
		rows_bad(&in->in, c->column, "time does not increase");
	add_time(in, number, ms);
	add_values(in, c);
	for (k = 0; in->beside && k < in->names.n; k++)
		add_values(in, in->beside[k].column);
	in->n++;
}

/* Is the record of the same trace as the one before? */
static bool
goes_on(const struct traces *in)
{
	size_t k;

	for (k = 0; !in->beside && k < in->nleads; k++)
		if (strcmp(in->led[k], in->in.field[in->lead[k]]) != 0)
			return false;
	return true;
}

/* What a trace is called by its leading columns, and these. */
static const char *
new_name(struct traces *in)
{
	size_t known = in->names.n, k;
	char *name = NULL, *longer;
	uint32_t number;

	for (k = 0; !in->beside && k < in->nleads; k++) {
		free(in->led[k]);
		in->led[k] = copy(in->in.field[in->lead[k]]);
		longer = format("%s%s%s", name ? name : "", name ? "," : "",
				in->led[k]);
		free(name);
		name = longer;
	}
	if (!name)
		return NULL;
	number = label(&in->names, name);
	free(name);
	if (number < known)
		rows_bad(&in->in, in->lead[0],
			 "its samples are not all together");
	return in->names.name[number];
}

/* The largest of the numbers of a column, as the table has them, or for times
 * the mean step, and the sample where that is. */
static double
size_of(const struct trace *t, const struct traces *in,
	const struct trace_column *c, size_t *at)
{
	double size = 0;
	size_t k;

	*at = 0;
	if (c == in->column)
		size = (trace_time(t, t->n - 1) - trace_time(t, 0)) /
		       (double)(in->n - 1);
	for (k = 0; c != in->column && k < in->n; k++)
		if (fabs(c->value[k]) > size) {
			size = fabs(c->value[k]);
			*at = k;
		}
	return size * c->unit->over / c->unit->times;
}

/* Refuse numbers that no cell has in the unit that they were taken to be in,
 * unless an option said it.  A column of our own name has that unit, as a model
 * may have such numbers: they are said once. */
static void
check_size(const struct trace *t, struct traces *in, size_t kind)
{
	static const char *const what[UNITS_KINDS] = {
		"a sample every", "a voltage of", "a current of"};
	struct trace_column *c = column_of(in, kind);
	const struct unit *likely;
	size_t at;
	double size;
	char *is;

	if (!c->unit || c->known == TRACE_SAID)
		return;
	size = size_of(t, in, c, &at);
	if (!units_doubt(size, c->unit, c->known == TRACE_ASSUMED, &likely))
		return;
	is = format("column '%s': %s %g %s%s%s: say --%s '%s:unit', even if it "
		    "is %s",
		    in->in.name[c->column], what[kind], size, c->unit->name,
		    likely ? ", which is likely " : "",
		    likely ? likely->name : "",
		    option_of(in, (enum units_kind)kind),
		    said_as(in, (enum units_kind)kind), c->unit->name);
	if (c->known != TRACE_OURS)
		trace_bad_at(t, at, "%s", is);
	trace_warn(t, "%s", is);
	free(is);
	c->known = TRACE_SAID;
}

/* Read the samples of a trace, or of all that are side by side. */
static bool
read_samples(struct traces *in, struct trace *t)
{
	if (!next_record(in)) {
		if (in->n == 0)
			die("%s:%zu: no samples", in->in.path, in->in.line);
		return false;
	}
	in->n = 0;
	*t = (struct trace){.path = in->in.path, .line = in->in.line};
	t->name = new_name(in);
	do {
		in->pending = !goes_on(in);
		if (!in->pending)
			add_sample(in);
	} while (!in->pending && next_record(in));
	if (in->n < 2)
		die("%s:%zu: a trace of one sample%s", t->path, t->line,
		    in->is_signal && in->nleads > 0
			    ? ": what stands before the time tells traces apart"
			    : "");
	return true;
}

bool
traces_next(struct traces *in, struct trace *t)
{
	bool first = in->n == 0;
	size_t kind;

	if (in->beside && !first) {
		if (++in->at == in->names.n)
			return false;
	} else if (!read_samples(in, t)) {
		return false;
	}
	t->lead = in->beside ? &in->names.name[in->at] : in->led;
	if (in->beside)
		t->name = in->names.name[in->at];
	t->n = in->n;
	t->time = in->is_on_grid ? NULL : in->column[UNITS_TIME].value;
	t->grid = in->grid;
	t->v = column_of(in, UNITS_VOLTAGE)->value;
	t->i = column_of(in, UNITS_CURRENT)->value;
	t->place = in->place;
	t->nplaces = in->nplaces;
	t->dt = spacing_of(t, 0, t->n);
	for (kind = 0; kind < UNITS_KINDS; kind++)
		check_size(t, in, kind);
	if (first)
		say_assumed(in);
	return true;
}

struct trace
trace_part(const struct trace *t, size_t first, size_t end)
{
	struct trace part = *t;

	part.n = end - first;
	if (part.v)
		part.v += first;
	if (part.i)
		part.i += first;
	if (part.time)
		part.time += first;
	part.grid.first += (int64_t)first * part.grid.step;
	return part;
}

void
traces_close(struct traces *in)
{
	size_t k, b;

	for (k = 0; k < LEN(in->column); k++) {
		free(in->column[k].value);
		for (b = 0; in->beside && b < in->names.n; b++)
			free(in->beside[b].column[k].value);
	}
	for (k = 0; !in->beside && k < in->nleads; k++)
		free(in->led[k]);
	free(in->led);
	free(in->lead);
	free(in->lead_name);
	free(in->beside);
	free(in->place);
	labels_free(&in->names);
	rows_close(&in->in);
}

static char *complaint(const struct trace *t, size_t line, const char *fmt,
		       va_list ap) PRINTF(3, 0);

static char *
complaint(const struct trace *t, size_t line, const char *fmt, va_list ap)
{
	char *s = vformat(fmt, ap), *where, *all;

	/* A trace that was simulated has no lines. */
	where = line > 0 ? format("%s:%zu", t->path, line) : copy(t->path);
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
	s = complaint(t, t->line, fmt, ap);
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
	s = complaint(t, t->line, fmt, ap);
	va_end(ap);
	die("%s", s);
}

static size_t
line_of(const struct trace *t, size_t sample)
{
	size_t k = t->nplaces;

	while (k > 0 && t->place[k - 1].sample > sample)
		k--;
	return k > 0 ? t->place[k - 1].line + sample - t->place[k - 1].sample
		     : 0;
}

void
trace_bad_at(const struct trace *t, size_t sample, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = complaint(t, line_of(t, sample), fmt, ap);
	va_end(ap);
	die("%s", s);
}

size_t
trace_sample(const struct trace *t, double time)
{
	size_t low = 0, high = t->n - 1;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (trace_time(t, middle) <= time)
			low = middle;
		else
			high = middle;
	}
	return time - trace_time(t, low) <= trace_time(t, high) - time ? low
								       : high;
}

size_t
trace_from(const struct trace *t, double time)
{
	size_t k = trace_sample(t, time);

	if (trace_time(t, k) < time && k + 1 < t->n)
		k++;
	else if (k > 0 && trace_time(t, k - 1) >= time)
		k--;
	return k;
}
