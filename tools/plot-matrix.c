/* plot-matrix -- draw a matrix as a heat map
 *
 * The table says the cells in any order, as its own rows or as a matrix; a
 * report of connectors says some of them in two rows.  What is drawn of them is
 * for print: values have equally many digits, and colours begin at 0 so that
 * two pictures can be compared.  On a terminal, a table says more than a
 * picture of characters. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/captions.h"
#include "plot/columns.h"
#include "plot/conditions.h"
#include "plot/heatmap.h"
#include "plot/texttable.h"

/* The places of an image, as its script has a number for each; and values that
 * span more are too much for one scale. */
#define MOST_PLACES 50000000
#define WIDE 50

/* What a row says of a cell besides its value. */
struct matrix_line {
	size_t line;
	uint32_t connector, direction; /* in a report */
	double possible;
	double sd, low, high; /* NaN: missing */
};

struct table {
	const char *path;
	struct conditions conditions;
	struct matrix matrix;
	struct matrix_line *row; /* by the number that its cell has */
	size_t cap;
	char *row_title, *column_title;
	struct lattice up, across; /* of --numeric */
	char *label, *plain; /* of the values, with and without sd; or NULL */
	bool report, sums;   /* by connectors; numbers add up */
	struct labels words; /* of a report */
};

static const char *value_name, *row_name, *column_name, *label_text;
static const char *value_format;
static bool with_sd, with_interval, no_values, numeric;
static unsigned order; /* of MATRIX_* */
static struct opt_list where;

static const struct opt opts[] = {
	OPT_STR('y', "y", "column", &value_name, "column of the values"),
	OPT_STR(0, "row", "column", &row_name,
		"column that names the rows (source)"),
	OPT_STR(0, "column", "column", &column_name,
		"column that names the columns (target)"),
	OPT_FLAG(0, "numeric", &numeric,
		 "rows and columns are numbers, with axes"),
	OPT_LIST(0, "where", "condition", &where,
		 "only rows with NAME=VALUE[,VALUE...]"),
	OPT_WORD(0, "sort", "order", &order, "|name|value|cluster",
		 "the order of rows and columns"),
	PLOT_LOG,
	PLOT_RANGE,
	OPT_STR(0, "format", "format", &value_format,
		"how printf(3) would write a value, such as %.2f"),
	OPT_FLAG(0, "with-sd", &with_sd,
		 "write NAME_mean as mean and sd, out of NAME_sd"),
	OPT_FLAG(0, "with-interval", &with_interval,
		 "write NAME and the interval NAME_low to NAME_high"),
	OPT_FLAG(0, "no-values", &no_values, "leave the numbers out"),
	PLOT_XLABEL,
	PLOT_YLABEL,
	OPT_STR(0, "label", "text", &label_text,
		"write this beside the colour bar"),
	OPT_TABLE(plot_opts),
	OPT_EXCLUDE("with-sd with-interval"),
	OPT_NOT_WITH("numeric", "sort with-sd with-interval format no-values"),
	OPT_NOT_WITH("no-values", "with-sd with-interval format"),
	OPT_NOT_WITH("script", "terminal=dumb"), /* gnuplot draws no table */
	OPT_END,
};

static const struct tool tool = {
	.purpose = "draw a matrix as a heat map",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* Is it one conversion of a double, and else only text? */
static bool
is_format(const char *s)
{
	size_t conversions = 0, digits;

	while ((s = strchr(s, '%'))) {
		s++;
		if (*s == '%') {
			s++;
			continue;
		}
		s += strspn(s, "-+ #0");
		digits = strspn(s, "0123456789");
		s += digits;
		if (digits > 2)
			return false;
		if (*s == '.') {
			digits = strspn(++s, "0123456789");
			s += digits;
		}
		if (digits > 2 || !*s || !strchr("efgEG", *s))
			return false;
		conversions++;
	}
	return conversions == 1;
}

/* ---- The table ---- */

/* A report of connectors says each thing in several ways: where options do not
 * choose, the rows are those that a matrix has room for. */
static void
find_conditions(struct table *t, const struct rows *in)
{
	size_t i;

	for (i = 0; i < where.n; i++)
		conditions_add(&t->conditions, in, where.item[i], false);
	if (!t->report)
		return;
	conditions_add(&t->conditions, in, "direction=forward,backward", true);
	conditions_add(&t->conditions, in, "kind=directed,unordered", true);
}

/* Which columns a table has its cells in. */
struct matrix_columns {
	size_t row, column, value;
	size_t sd, low, high; /* what goes with the values, or NO_COLUMN */
	size_t connector, direction, kind, possible; /* in a report */
};

/* The column of the values: that of -y, or the only one that is left. */
static size_t
find_value(const struct rows *in, size_t row, size_t column)
{
	size_t found = value_name
			       ? rows_column(in, value_name)
			       : columns_only(in, (size_t[]){row, column}, 2);

	if (found == NO_COLUMN)
		die("%s: no column of values", in->path);
	return found;
}

/* The column whose name has another end than that of the values, as
 * convergence_sd goes with convergence_mean. */
static size_t
find_beside(const struct rows *in, size_t column, const char *end,
	    const char *other)
{
	const char *name = in->name[column];
	int stem = (int)(strlen(name) - strlen(end));
	char *beside;
	size_t found;

	if (stem < 0 || strcmp(name + stem, end) != 0)
		misuse("--with-sd: not a column of means, NAME_mean: '%s'",
		       name);
	beside = format("%.*s%s", stem, name, other);
	found = rows_column(in, beside);
	free(beside);
	return found;
}

/* The column that an option names, or the one that is called so, or that of a
 * table of numbers in this place. */
static size_t
find_names(const struct rows *in, const char *said, const char *named,
	   size_t place)
{
	size_t column = said ? rows_column(in, said) : rows_find(in, named);

	if (column != NO_COLUMN)
		return column;
	return numeric && place < in->n ? place : rows_column(in, named);
}

static struct matrix_columns
find_all_columns(const struct rows *in)
{
	struct matrix_columns c = {
		.row = find_names(in, row_name,
				  numeric ? "frequency_Hz" : "source", 1),
		.column = find_names(in, column_name,
				     numeric ? "time_ms" : "target", 0),
		.sd = NO_COLUMN,
		.low = NO_COLUMN,
		.high = NO_COLUMN,
		.connector = rows_find(in, "connector"),
		.direction = rows_find(in, "direction"),
		.kind = rows_find(in, "kind"),
		.possible = rows_find(in, "possible"),
	};

	c.value = find_value(in, c.row, c.column);
	if (with_sd)
		c.sd = find_beside(in, c.value, "_mean", "_sd");
	if (with_interval) {
		c.low = find_beside(in, c.value, "", "_low");
		c.high = find_beside(in, c.value, "", "_high");
	}
	return c;
}

static void
read_cell(struct table *t, const struct rows *in,
	  const struct matrix_columns *at, size_t column)
{
	struct matrix_cell c = {
		.row = label(&t->matrix.rows, in->field[at->row]),
		.column = column,
		.value = columns_value(in, at->value) + 0.0, /* no -0 */
		.of = t->matrix.n,
	};
	struct matrix_line r = {
		.line = in->line,
		.sd = columns_value(in, at->sd),
		.low = columns_value(in, at->low),
		.high = columns_value(in, at->high),
	};

	if (numeric) {
		rows_finite(in, at->row);
		rows_finite(in, at->column);
	}
	if (r.sd < 0)
		rows_bad(in, at->sd, "negative standard deviation");
	if (plot_log && c.value < 0)
		rows_bad(in, at->value,
			 "below 0, for which --log has no colour");
	if (t->report) {
		r.connector = label(&t->words, in->field[at->connector]);
		r.direction = label(&t->words, in->field[at->direction]);
		r.possible = columns_value(in, at->possible);
	}
	t->row = grow(t->row, &t->cap, t->matrix.n + 1, sizeof r);
	t->row[t->matrix.n] = r;
	matrix_add(&t->matrix, &c);
}

static void
read_long(struct table *t, struct rows *in)
{
	static const char *const counts[] = {"pairs", "possible", "made"};
	struct matrix_columns at = find_all_columns(in);
	size_t i;

	t->report = at.connector != NO_COLUMN && at.direction != NO_COLUMN &&
		    at.kind != NO_COLUMN && at.possible != NO_COLUMN;
	find_conditions(t, in);
	for (i = 0; i < LEN(counts); i++)
		t->sums |= !strcmp(in->name[at.value], counts[i]);
	t->row_title = caption_of(in->name[at.row]);
	t->column_title = caption_of(in->name[at.column]);
	t->plain = caption_of(in->name[at.value]);
	t->label =
		with_sd ? caption_with_sd(in->name[at.value]) : copy(t->plain);
	while (rows_next(in))
		if (conditions_meet(&t->conditions, in))
			read_cell(t, in, &at,
				  label(&t->matrix.columns,
					in->field[at.column]));
}

static void
read_wide(struct table *t, struct rows *in)
{
	struct matrix_columns at = {
		.sd = NO_COLUMN, .low = NO_COLUMN, .high = NO_COLUMN};
	struct matrix *m = &t->matrix;
	size_t i;

	t->row_title = caption_of(*in->name[0] ? in->name[0] : "source");
	t->column_title = caption_of("target");
	for (i = 1; i < in->n; i++)
		if (label(&m->columns, in->name[i]) != i - 1)
			die("%s:%zu: repeated column: '%s'", in->path, in->line,
			    in->name[i]);
	while (rows_next(in)) {
		if (label_find(&m->rows, in->field[0]) != NO_LABEL)
			rows_bad(in, 0, "repeated row");
		for (at.value = 1; at.value < in->n; at.value++)
			read_cell(t, in, &at, at.value - 1);
		label(&m->rows, in->field[0]);
	}
}

/* Both directions of a connector within one group are one cell: a fraction is
 * then of the pairs of both.  Their intervals have no such sum. */
static void
merge(void *with, struct matrix_cell *a, const struct matrix_cell *b)
{
	const struct table *t = with;
	struct matrix_line *x = &t->row[a->of];
	const struct matrix_line *y = &t->row[b->of];
	double all = x->possible + y->possible;

	if (!t->report || x->connector != y->connector ||
	    x->direction == y->direction)
		die("%s:%zu: repeats line %zu: '%s', '%s'", t->path, y->line,
		    x->line, t->matrix.rows.name[a->row],
		    t->matrix.columns.name[a->column]);
	if (t->sums)
		a->value += b->value;
	else
		a->value += (b->value - a->value) *
			    (all > 0 ? y->possible / all : 0.5);
	x->low = x->high = NAN;
}

/* ---- Rows and columns of numbers ---- */

static double
number_of(const char *name)
{
	double v = NAN;

	parse_num(name, &v); /* as read_cell has seen to */
	return v;
}

static void
find_places(struct lattice *l, const struct labels *names, const char *title)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		lattice_add(l, number_of(names->name[i]));
	if (l->n == 0)
		return;
	lattice_settle(l);
	if (l->step == 0 && !l->log)
		warn("%s: not evenly spaced: each has as much room", title);
}

/* A name for each place, as a table has it. */
static void
name_places(struct labels *names, const struct lattice *l, bool turned)
{
	size_t i;

	labels_free(names);
	*names = (struct labels){.n = l->places};
	names->name = zeros(l->places + 1, sizeof *names->name);
	for (i = 0; i < l->places; i++)
		names->name[turned ? l->places - 1 - i : i] =
			plot_readable(lattice_value(l, i));
}

/* The lowest row is the last. */
static void
place_numbers(struct table *t)
{
	struct matrix *m = &t->matrix;
	struct lattice *up = &t->up, *across = &t->across;
	size_t i;

	find_places(up, &m->rows, t->row_title);
	find_places(across, &m->columns, t->column_title);
	if (up->places * across->places > MOST_PLACES)
		die("%s: %zu x %zu places: draw a part of them", t->path,
		    across->places, up->places);
	for (i = 0; i < m->n; i++) {
		struct matrix_cell *c = &m->cell[i];
		double row = number_of(m->rows.name[c->row]);
		double column = number_of(m->columns.name[c->column]);

		c->row = up->places - 1 - lattice_place(up, row);
		c->column = lattice_place(across, column);
	}
	name_places(&m->rows, up, true);
	name_places(&m->columns, across, false);
}

/* What an option says instead of a column's caption. */
static void
rename_caption(char **text, const char *other)
{
	if (!other)
		return;
	free(*text);
	*text = copy(other);
}

static void
read_table(struct table *t, const char *path)
{
	struct rows in;
	bool wide;

	rows_open(&in, path);
	t->path = in.path;
	wide = !numeric && !value_name && !row_name && !column_name &&
	       !with_sd && !with_interval && where.n == 0 && in.n > 1 &&
	       rows_find(&in, "target") == NO_COLUMN;
	if (wide)
		read_wide(t, &in);
	else
		read_long(t, &in);
	if (numeric)
		place_numbers(t);
	matrix_settle(&t->matrix, merge, t);
	rows_close(&in);
	rename_caption(&t->row_title, plot_ylabel);
	rename_caption(&t->column_title, plot_xlabel);
	rename_caption(&t->label, label_text);
	rename_caption(&t->plain, label_text);
	matrix_sort(&t->matrix, order);
}

/* ---- The values ---- */

/* What is_format found to take one double. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static char *
number(double v, int digits)
{
	return value_format ? format(value_format, v) : plot_even(v, digits);
}
#pragma GCC diagnostic pop

/* The value, and below it how sure it is. */
static char *
cell_text(const struct matrix_cell *c, const struct matrix_line *r, int digits)
{
	char *first, *second, *third, *text, gap = plot_is_text() ? ' ' : '\n';

	if (isnan(c->value))
		return NULL;
	first = number(c->value, digits);
	if (isnan(r->sd) && (isnan(r->low) || isnan(r->high)))
		return first;
	second = number(isnan(r->sd) ? r->low : r->sd, digits);
	third = number(r->high, digits);
	text = isnan(r->sd)
		       ? format("%s%c%s\u2013%s", first, gap, second, third)
		       : format("%s%c\u00b1 %s", first, gap, second);
	free(first);
	free(second);
	free(third);
	return text;
}

/* All numbers have as many digits as the one that needs most. */
static void
give_texts(struct table *t)
{
	struct matrix *m = &t->matrix;
	int digits = 0;
	size_t i, k;

	for (i = 0; i < m->n; i++) {
		const struct matrix_line *r = &t->row[m->cell[i].of];
		double numbers[] = {m->cell[i].value, r->sd, r->low, r->high};

		for (k = 0; k < LEN(numbers); k++)
			if (plot_digits(numbers[k]) > digits)
				digits = plot_digits(numbers[k]);
	}
	for (i = 0; i < m->n; i++)
		m->cell[i].text =
			cell_text(&m->cell[i], &t->row[m->cell[i].of], digits);
}

static void
tabulate(struct table *t)
{
	const struct matrix *m = &t->matrix;
	size_t across = m->columns.n + 1, all = across * (m->rows.n + 1), i;
	const char **field = zeros(all, sizeof *field);
	char *corner = format("%s \\ %s", t->row_title, t->column_title);
	const char *label = t->label;
	struct plot p = {0};

	if (plot_title)
		texttable_put(&p, &plot_title, 1, 1);
	if (label)
		texttable_put(&p, &label, 1, 1);
	field[0] = corner;
	for (i = 0; i < m->columns.n; i++)
		field[i + 1] = m->columns.name[i];
	for (i = 0; i < m->rows.n; i++)
		field[(i + 1) * across] = m->rows.name[i];
	for (i = 0; i < m->n; i++)
		field[(m->cell[i].row + 1) * across + m->cell[i].column + 1] =
			m->cell[i].text;
	texttable_put(&p, field, across, all);
	if (m->n == 0)
		plot_say(&p, "no data\n");
	plot_write(&p);
	free(field);
	free(corner);
}

/* ---- The picture ---- */

/* Of --log what is above 0, of others 0 as well, so that colours mean the same
 * in pictures of the same thing. */
static struct axis
find_scale(const struct matrix *m)
{
	struct axis a = {.log = plot_log};
	size_t i;

	for (i = 0; i < m->n; i++)
		if (!plot_log || m->cell[i].value > 0)
			axis_take(&a, m->cell[i].value);
	if (!a.used)
		return a;
	if (!plot_log)
		axis_take(&a, 0);
	if (!isnan(plot_range[0])) {
		a.low = plot_range[0];
		a.high = plot_range[1];
	} else if (plot_log) {
		axis_settle(&a, 0);
	} else if (a.low == a.high) {
		a.high = 1;
	}
	return a;
}

/* One scale shows little of values that span too much. */
static void
offer_log(const struct matrix *m)
{
	double low = INFINITY, high = 0;
	size_t i;

	for (i = 0; i < m->n; i++) {
		double v = m->cell[i].value;

		if (v < 0)
			return;
		if (v > 0)
			low = fmin(low, v);
		high = fmax(high, v);
	}
	if (!plot_log && isnan(plot_range[0]) && high > WIDE * low)
		warn("the values span 1:%.3g: --log tells small ones apart",
		     high / low);
}

/* -1 is the type of cells that have none.  Virtual ones, which are no targets,
 * often have nothing else. */
static void
offer_groups(const struct labels *l)
{
	size_t i, n;

	for (i = 0; i < l->n; i++) {
		n = strlen(l->name[i]);
		if (!strcmp(l->name[i], "-1") ||
		    (n > 3 && !strcmp(l->name[i] + n - 3, ":-1"))) {
			warn("'%s' is cells without a type: group them by what "
			     "they have, as conn-matrix -g mtype",
			     l->name[i]);
			return;
		}
	}
}

static void
draw(const struct table *t)
{
	struct heatmap h = {
		.matrix = &t->matrix,
		.row_title = t->row_title,
		.column_title = t->column_title,
		.label = t->label,
		.plain = t->plain,
		.colours = find_scale(&t->matrix),
	};

	offer_log(&t->matrix);
	if (numeric) {
		h.up = &t->up;
		h.across = &t->across;
	} else {
		offer_groups(&t->matrix.columns);
	}
	if (!heatmap_draw(&h) && (with_sd || with_interval || value_format))
		warn("the numbers are left out: there is no room for them in "
		     "type of 6 points");
}

static void
free_table(struct table *t)
{
	matrix_free(&t->matrix);
	lattice_free(&t->up);
	lattice_free(&t->across);
	free(t->row);
	free(t->row_title);
	free(t->column_title);
	free(t->label);
	free(t->plain);
	labels_free(&t->words);
}

int
main(int argc, char **argv)
{
	struct table t = {0};

	argv = start(argc, argv, &tool);
	plot_start(PLOT_GNUPLOT);
	if (no_values && plot_is_text())
		misuse("--no-values and --terminal=dumb exclude each other");
	if (value_format && !is_format(value_format))
		misuse("--format: not a format of one number: '%s'",
		       value_format);
	read_table(&t, argv[0]);
	if (!no_values && (!numeric || plot_is_text()))
		give_texts(&t);
	if (plot_is_text())
		tabulate(&t);
	else
		draw(&t);
	free_table(&t);
	return WORKED;
}
