/* plot-matrix -- draw a matrix as a heat map
 *
 * Cells are as large as the texts in them need, and labels find room around
 * them; on a terminal, a table says more than a picture of characters.  Of many
 * cells no text could be read: they are one image, with some of the labels.
 * 1000 x 1000 cells are an SVG of 1 MB, where an object for each takes 600. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/axis.h"
#include "plot/captions.h"
#include "plot/columns.h"
#include "plot/conditions.h"
#include "plot/page.h"
#include "plot/texttable.h"

#define BAR 14.0 /* how wide the colour bar is */
#define MOST_TICS 8
#define MANY 40000  /* cells, from which on they are an image */
#define SIDE 720.0  /* how large that is, */
#define LEAST 160.0 /* and the least it is */

struct matrix_cell {
	size_t row, column;
	size_t line;
	uint32_t connector, direction; /* in a report */
	double possible;
	double value, sd, low, high; /* NaN: missing */
	char *text;                  /* what stands in the cell */
};

struct matrix {
	struct conditions conditions;
	struct labels rows, columns;
	struct matrix_cell *cell; /* by row, then column */
	size_t n, cap;
	char *row_title, *column_title;
	char *label;         /* of the values, or NULL */
	bool report, sums;   /* by connectors; numbers add up */
	struct labels words; /* of a report */
	struct axis colours; /* used if there is anything to colour */
};

/* The page's margins are those around the cells.  Numbers in cells are in type
 * that is a pixel smaller than that of labels. */
struct heatmap {
	struct matrix *matrix;
	struct page page;
	double cell_width, cell_height;
	double row_labels;    /* how wide they are */
	double column_labels; /* how high */
	bool upright;         /* column labels read upwards */
	bool dense;           /* an image */
	size_t every[2];      /* which labels of rows and columns are there */
};

static const char *value_name, *row_name, *column_name, *label_text;
static const char *value_format;
static double least = NAN, most = NAN; /* where colours begin and end */
static bool with_sd, with_interval, no_values;
static struct opt_list where;

static const struct opt opts[] = {
	OPT_STR('y', "y", "column", &value_name, "column of the values"),
	OPT_STR(0, "row", "column", &row_name,
		"column that names the rows (source)"),
	OPT_STR(0, "column", "column", &column_name,
		"column that names the columns (target)"),
	OPT_LIST(0, "where", "condition", &where,
		 "only rows with NAME=VALUE[,VALUE...]"),
	OPT_STR(0, "format", "format", &value_format,
		"how printf(3) would write a value, such as %.2f"),
	OPT_FLAG(0, "with-sd", &with_sd,
		 "write NAME_mean as mean and sd, out of NAME_sd"),
	OPT_FLAG(0, "with-interval", &with_interval,
		 "write NAME and the interval NAME_low to NAME_high"),
	OPT_FLAG(0, "no-values", &no_values, "leave the numbers out"),
	OPT_STR(0, "label", "text", &label_text,
		"write this beside the colour bar"),
	OPT_NUM_IN(0, "min", "value", &least, "(-inf,inf)",
		   "where the colours begin"),
	OPT_NUM_IN(0, "max", "value", &most, "(-inf,inf)",
		   "where the colours end"),
	OPT_TABLE(plot_opts),
	OPT_EXCLUDE("with-sd with-interval"),
	OPT_NOT_WITH("no-values", "with-sd with-interval format"),
	OPT_NOT_WITH("script", "terminal=dumb"), /* gnuplot draws no table */
	OPT_ORDER("min < max"),
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

/* What is_format found to take one double. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static char *
formatted(double v)
{
	return format(value_format, v);
}
#pragma GCC diagnostic pop

static char *
number(double v)
{
	return value_format ? formatted(v) : plot_readable(v);
}

/* The value, and below it how sure it is. */
static char *
cell_text(const struct matrix_cell *c)
{
	char *first, *second, *third, *text, gap = plot_is_text() ? ' ' : '\n';

	if (isnan(c->value))
		return NULL;
	first = number(c->value);
	if (isnan(c->sd) && (isnan(c->low) || isnan(c->high)))
		return first;
	second = number(isnan(c->sd) ? c->low : c->sd);
	third = number(c->high);
	text = isnan(c->sd)
		       ? format("%s%c%s\u2013%s", first, gap, second, third)
		       : format("%s%c\u00b1 %s", first, gap, second);
	free(first);
	free(second);
	free(third);
	return text;
}

/* ---- The table ---- */

/* A report of connectors says each thing in several ways: where options do not
 * choose, the rows are those that a matrix has room for. */
static void
find_conditions(struct matrix *m, const struct rows *in)
{
	size_t i;

	for (i = 0; i < where.n; i++)
		conditions_add(&m->conditions, in, where.item[i], false);
	if (!m->report)
		return;
	conditions_add(&m->conditions, in, "direction=forward,backward", true);
	conditions_add(&m->conditions, in, "kind=directed,unordered", true);
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
 * convergence_sd goes with convergence_mean.  Ends the tool if it is needed and
 * not there; else that is NO_COLUMN. */
static size_t
find_beside(const struct rows *in, size_t column, const char *end,
	    const char *other, bool needed)
{
	const char *name = in->name[column];
	int stem = (int)(strlen(name) - strlen(end));
	char *beside;
	size_t found;

	if (stem < 0 || strcmp(name + stem, end) != 0)
		misuse("--with-sd: not a column of means, NAME_mean: '%s'",
		       name);
	beside = format("%.*s%s", stem, name, other);
	found = needed ? rows_column(in, beside) : rows_find(in, beside);
	free(beside);
	return found;
}

/* Columns called low and high will do if none has a name before that. */
static void
find_interval(const struct rows *in, struct matrix_columns *c)
{
	size_t low = rows_find(in, "low"), high = rows_find(in, "high");
	bool plain = low != NO_COLUMN && high != NO_COLUMN;

	c->low = find_beside(in, c->value, "", "_low", !plain);
	c->high = find_beside(in, c->value, "", "_high",
			      !plain || c->low != NO_COLUMN);
	if (c->low == NO_COLUMN && c->high != NO_COLUMN)
		find_beside(in, c->value, "", "_low", true);
	c->low = c->low == NO_COLUMN ? low : c->low;
	c->high = c->high == NO_COLUMN ? high : c->high;
}

static struct matrix_columns
find_all_columns(const struct rows *in)
{
	struct matrix_columns c = {
		.row = rows_column(in, row_name ? row_name : "source"),
		.column = rows_column(in, column_name ? column_name : "target"),
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
		c.sd = find_beside(in, c.value, "_mean", "_sd", true);
	if (with_interval)
		find_interval(in, &c);
	return c;
}

static void
read_cell(struct matrix *m, const struct rows *in,
	  const struct matrix_columns *at, size_t column)
{
	struct matrix_cell c = {
		.row = label(&m->rows, in->field[at->row]),
		.column = column,
		.line = in->line,
		.value = columns_value(in, at->value),
		.sd = columns_value(in, at->sd),
		.low = columns_value(in, at->low),
		.high = columns_value(in, at->high),
	};

	if (c.sd < 0)
		rows_bad(in, at->sd, "negative standard deviation");
	if (m->report) {
		c.connector = label(&m->words, in->field[at->connector]);
		c.direction = label(&m->words, in->field[at->direction]);
		c.possible = columns_value(in, at->possible);
	}
	m->cell = grow(m->cell, &m->cap, m->n + 1, sizeof c);
	m->cell[m->n++] = c;
}

static void
read_long(struct matrix *m, struct rows *in)
{
	static const char *const counts[] = {"pairs", "possible", "made"};
	struct matrix_columns at = find_all_columns(in);
	size_t i;

	m->report = at.connector != NO_COLUMN && at.direction != NO_COLUMN &&
		    at.kind != NO_COLUMN && at.possible != NO_COLUMN;
	find_conditions(m, in);
	for (i = 0; i < LEN(counts); i++)
		m->sums |= !strcmp(in->name[at.value], counts[i]);
	m->row_title = caption_of(in->name[at.row]);
	m->column_title = caption_of(in->name[at.column]);
	m->label = with_sd ? caption_with_sd(in->name[at.value])
			   : caption_of(in->name[at.value]);
	while (rows_next(in))
		if (conditions_meet(&m->conditions, in))
			read_cell(m, in, &at,
				  label(&m->columns, in->field[at.column]));
}

static void
read_wide(struct matrix *m, struct rows *in)
{
	struct matrix_columns at = {
		.sd = NO_COLUMN, .low = NO_COLUMN, .high = NO_COLUMN};
	size_t i;

	m->row_title = caption_of(*in->name[0] ? in->name[0] : "source");
	m->column_title = caption_of("target");
	for (i = 1; i < in->n; i++)
		if (label(&m->columns, in->name[i]) != i - 1)
			die("%s:%zu: repeated column: '%s'", in->path, in->line,
			    in->name[i]);
	while (rows_next(in)) {
		if (label_find(&m->rows, in->field[0]) != NO_LABEL)
			rows_bad(in, 0, "repeated row");
		for (at.value = 1; at.value < in->n; at.value++)
			read_cell(m, in, &at, at.value - 1);
		label(&m->rows, in->field[0]);
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct matrix_cell *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* Both directions of a connector within one group are one cell: a fraction is
 * then of the pairs of both.  Their intervals have no such sum. */
static bool
merge(const struct matrix *m, struct matrix_cell *a,
      const struct matrix_cell *b)
{
	double all = a->possible + b->possible;

	if (!m->report || a->connector != b->connector ||
	    a->direction == b->direction)
		return false;
	if (m->sums)
		a->value += b->value;
	else
		a->value += (b->value - a->value) *
			    (all > 0 ? b->possible / all : 0.5);
	a->low = a->high = NAN;
	return true;
}

static void
sort(struct matrix *m, const char *path)
{
	size_t i, left = 0;

	if (m->n > 0)
		qsort(m->cell, m->n, sizeof *m->cell, by_place);
	for (i = 0; i < m->n; i++) {
		const struct matrix_cell *c = &m->cell[i];
		struct matrix_cell *last = left ? &m->cell[left - 1] : NULL;

		if (!last || last->row != c->row || last->column != c->column)
			m->cell[left++] = *c;
		else if (!merge(m, last, c))
			die("%s:%zu: repeats line %zu: '%s', '%s'", path,
			    c->line, last->line, m->rows.name[c->row],
			    m->columns.name[c->column]);
	}
	m->n = left;
}

static void
give_texts(struct matrix *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		m->cell[i].text = cell_text(&m->cell[i]);
}

/* Where the colours begin and end.  One value alone gets the middle colour. */
static void
set_range(struct matrix *m)
{
	struct axis *a = &m->colours;
	size_t i;

	for (i = 0; i < m->n; i++)
		axis_take(a, m->cell[i].value);
	if (!a->used)
		a->low = a->high = NAN;
	else if (isnan(least) && isnan(most))
		axis_settle(a, 0);
	a->low = isnan(least) ? a->low : least;
	a->high = isnan(most) ? a->high : most;
	if (a->low >= a->high)
		die("--%s %.15g: all values are %s",
		    isnan(least) ? "max" : "min", isnan(least) ? most : least,
		    isnan(least) ? "no lower" : "no higher");
	a->used = a->low < a->high;
}

static void
read_matrix(struct matrix *m, const char *path)
{
	struct rows in;
	bool wide;

	rows_open(&in, path);
	wide = !value_name && !row_name && !column_name && !with_sd &&
	       !with_interval && where.n == 0 && in.n > 1 &&
	       rows_find(&in, "target") == NO_COLUMN;
	if (wide)
		read_wide(m, &in);
	else
		read_long(m, &in);
	sort(m, in.path);
	rows_close(&in);
	set_range(m);
	if (label_text) {
		free(m->label);
		m->label = copy(label_text);
	}
}

static double
count(const struct labels *l)
{
	return l->n ? (double)l->n : 1;
}

/* Cells of an image are squares where that leaves it a height and a width. */
static void
measure_image(struct heatmap *l, bool generous)
{
	double rows = count(&l->matrix->rows),
	       columns = count(&l->matrix->columns);
	double side = generous ? SIDE / fmax(rows, columns) : 0;

	l->cell_width = fmax(side, LEAST / columns);
	l->cell_height = fmax(side, LEAST / rows);
}

static double
value_type(const struct heatmap *l)
{
	return fmax(l->page.type - 1, PAGE_SMALL);
}

/* Makes cells large enough for their texts, or larger if there are few. */
static void
measure_cells(struct heatmap *l, bool generous)
{
	double type = value_type(l), across = 0, down = 0;
	const struct matrix *m = l->matrix;
	size_t i;

	for (i = 0; i < m->n && !no_values; i++) {
		across = fmax(across, plot_text_width(m->cell[i].text, type));
		down = fmax(down, plot_text_height(m->cell[i].text, type));
	}
	if (generous) {
		across =
			fmax(across, fmin(64, 480 / count(&m->columns)) - type);
		down = fmax(down, fmin(48, 360 / count(&m->rows)) - 0.7 * type);
	}
	l->cell_width = fmax(
		across + type,
		page_most(plot_text_height, &m->columns, l->page.type) + 2);
	l->cell_height =
		fmax(down + 0.7 * type,
		     page_most(plot_text_height, &m->rows, l->page.type) + 2);
}

/* Measures what stands around the cells. */
static void
measure_margins(struct heatmap *l, double high)
{
	struct matrix *m = l->matrix;
	struct page *g = &l->page;
	double bar = count(&m->rows) * l->cell_height;

	page_start(g, PAGE_GAP);
	l->row_labels = page_most(plot_text_width, &m->rows, g->type);
	g->left += plot_text_height(m->row_title, g->type) + 2 * PAGE_GAP +
		   l->row_labels;
	if (!m->colours.used) {
		g->right += g->type;
		return;
	}
	/* With --size the cells will grow: half the height at least. */
	axis_limit_tics(
		&m->colours,
		fmin(MOST_TICS, fmax(2, fmax(bar, high / 2) / (3 * g->type))));
	g->right += 3 * PAGE_GAP + BAR + axis_tic_width(&m->colours, g->type);
	if (m->label)
		g->right += PAGE_GAP + plot_text_height(m->label, g->type);
}

/* Labels of columns are level where they have room, and else read upwards. */
static void
place_column_labels(struct heatmap *l, double room)
{
	const struct labels *columns = &l->matrix->columns;
	double type = l->page.type;
	double level = page_most(plot_text_width, columns, type) + type;

	l->upright = level > l->cell_width && count(columns) * level > room;
	if (l->dense)
		l->upright = level > LEAST / 2;
	else if (!l->upright)
		l->cell_width = fmax(l->cell_width, level);
	l->column_labels = l->upright
				   ? page_most(plot_text_width, columns, type)
				   : page_most(plot_text_height, columns, type);
	l->page.bottom += 2 * PAGE_GAP + l->column_labels +
			  plot_text_height(l->matrix->column_title, type);
}

/* A title may be longer than the matrix is wide or high. */
static void
total(struct heatmap *l)
{
	const struct matrix *m = l->matrix;
	struct page *g = &l->page;
	double label = m->colours.used ? plot_text_width(m->label, g->type) : 0;
	double width = g->left + count(&m->columns) * l->cell_width + g->right;
	double height = g->top + count(&m->rows) * l->cell_height + g->bottom;
	double across = fmax(page_title_width(g),
			     plot_text_width(m->column_title, g->type)) +
			2 * PAGE_PAD - width;
	double down = fmax(plot_text_width(m->row_title, g->type), label) +
		      2 * PAGE_PAD - height;

	g->left += fmax(0, across) / 2;
	g->right += fmax(0, across) / 2;
	g->top += fmax(0, down) / 2;
	g->bottom += fmax(0, down) / 2;
	g->width = ceil(width + fmax(0, across));
	g->height = ceil(height + fmax(0, down));
}

/* Lays all out as large as it likes to be, or so that it fills what --size
 * gives; false if that is not enough. */
static bool
lay_out(void *of)
{
	struct heatmap *l = of;
	int across = 0, down = 0;
	bool given = plot_size(&across, &down);

	if (l->dense)
		measure_image(l, !given);
	else
		measure_cells(l, !given);
	measure_margins(l, down);
	place_column_labels(l, given ? across - l->page.left - l->page.right
				     : 560);
	total(l);
	if (!given)
		return true;
	if (l->page.width > across || l->page.height > down)
		return false;
	l->cell_width += (across - l->page.width) / count(&l->matrix->columns);
	l->cell_height += (down - l->page.height) / count(&l->matrix->rows);
	l->page.width = across;
	l->page.height = down;
	return true;
}

/* Of an image every second, fifth, tenth ... label has room. */
static size_t
thin(double needed, double step)
{
	static const size_t times[] = {1, 2, 5};
	size_t ten, k;

	for (ten = 1;; ten *= 10)
		for (k = 0; k < LEN(times); k++)
			if ((double)(times[k] * ten) * step >= needed)
				return times[k] * ten;
}

static void
thin_labels(struct heatmap *l)
{
	const struct labels *columns = &l->matrix->columns;
	double type = l->page.type,
	       high = page_most(plot_text_height, &l->matrix->rows, type);
	double wide = page_most(l->upright ? plot_text_height : plot_text_width,
				columns, type);

	l->every[0] = thin(high + type, l->cell_height);
	l->every[1] = thin(wide + type, l->cell_width);
}

/* Type is smaller where there are many groups or little room. */
static void
find_layout(struct heatmap *l)
{
	struct matrix *m = l->matrix;
	double groups =
		fmax(count(&l->matrix->rows), count(&l->matrix->columns));

	l->dense = m->rows.n * m->columns.n > MANY && !with_sd &&
		   !with_interval && !value_format;
	no_values = no_values || l->dense;
	if (!no_values)
		give_texts(m);
	l->page.type =
		page_type(l->dense ? 0 : (groups - 10) * 4 / 30, PAGE_SMALL) +
		(plot_type() > 0 ? 0 : 1);
	page_fit(&l->page, PAGE_SMALL + 1, lay_out, l);
	l->every[0] = l->every[1] = 1;
	if (l->dense)
		thin_labels(l);
}

static void
put_labels(struct plot *p, const struct heatmap *l, const struct matrix *m)
{
	const struct page *g = &l->page;
	struct page_spot row = {
		.x = g->left - PAGE_GAP, .side = "right", .type = g->type};
	struct page_spot column = {.side = l->upright ? "right" : "center",
				   .upright = l->upright,
				   .type = g->type};
	size_t i;

	for (i = 0; i < m->rows.n; i += l->every[0]) {
		row.y = g->top + ((double)i + 0.5) * l->cell_height;
		page_label(p, row, m->rows.name[i]);
	}
	for (i = 0; i < m->columns.n; i += l->every[1]) {
		const char *name = m->columns.name[i];

		column.x = g->left + ((double)i + 0.5) * l->cell_width;
		column.y = g->height - g->bottom + PAGE_GAP;
		if (!l->upright)
			column.y += plot_text_height(name, g->type) / 2;
		page_label(p, column, name);
	}
}

static void
put_titles(struct plot *p, const struct heatmap *l, const struct matrix *m)
{
	const struct page *g = &l->page;
	const double across[] = {g->left, g->width - g->right};
	const double down[] = {g->top, g->height - g->bottom};

	page_put_title(p, g, across);
	page_put_across(p, g, across,
			down[1] + 2 * PAGE_GAP + l->column_labels +
				plot_text_height(m->column_title, g->type) / 2,
			m->column_title);
	page_put_upright(p, g, g->left - l->row_labels - 2 * PAGE_GAP, down,
			 m->row_title);
	if (m->label && m->colours.used)
		page_put_upright(p, g, g->width - PAGE_PAD, down, m->label);
	if (m->n == 0)
		page_put_across(p, g, across, (down[0] + down[1]) / 2,
				"no data");
}

static void
put_bar(struct plot *p, const struct page *g, const struct axis *colours)
{
	double w = g->width, h = g->height;

	axis_say_range(p, colours, "cb");
	plot_say(p, "set colorbox user origin screen %.6f, screen %.6f ",
		 (w - g->right + 2 * PAGE_GAP) / w, g->bottom / h);
	plot_say(p, "size screen %.6f, screen %.6f\n", BAR / w,
		 (h - g->top - g->bottom) / h);
	axis_say_tics(p, colours, "cb",
		      "scale 0.4 offset -0.5,0 textcolor \"black\" ", g->type);
}

static void
put_frame(struct plot *p, const struct heatmap *l, const struct matrix *m)
{
	const struct page *g = &l->page;

	plot_say(p, "unset key\nunset xtics\nunset ytics\n");
	plot_say(p, "set border 15 front linewidth 1 linecolor \"#606060\"\n");
	page_say_area(p, g->left, g->top, g->width - g->left - g->right,
		      g->height - g->top - g->bottom);
	plot_say(p, "set xrange [-0.5:%g]\nset yrange [%g:-0.5]\n",
		 count(&m->columns) - 0.5, count(&m->rows) - 0.5);
	if (m->colours.used)
		put_bar(p, g, &m->colours);
}

/* Puts the text of a cell, a line at a time: across, down, text, colour. */
static void
put_value(struct plot *p, const struct matrix_cell *c, double step,
	  uint32_t ink)
{
	char *lines = copy(c->text), *rest = lines, *line;
	double y = (double)c->row;

	y -= step * (double)(plot_text_lines(c->text) - 1) / 2;
	while ((line = strsep(&rest, "\n"))) {
		plot_say(p, "%zu %.6f ", c->column, y);
		plot_text(p, line);
		plot_say(p, " %u\n", (unsigned)ink);
		y += step;
	}
	free(lines);
}

static void
put_values(struct plot *p, const struct heatmap *l, const struct matrix *m)
{
	size_t i;

	plot_say(p, "$values << EOD\n");
	for (i = 0; i < m->n; i++) {
		const struct matrix_cell *c = &m->cell[i];
		double at = axis_place(&m->colours, c->value);

		if (c->text)
			put_value(p, c,
				  plot_text_step(value_type(l)) /
					  l->cell_height,
				  plot_ink(plot_shade(at)));
	}
	plot_say(p, "EOD\n");
}

static size_t
put_cells(struct plot *p, const struct matrix *m)
{
	size_t i, n = 0;

	plot_say(p, "$cells << EOD\n");
	for (i = 0; i < m->n; i++) {
		if (isnan(m->cell[i].value))
			continue;
		plot_say(p, "%zu %zu ", m->cell[i].column, m->cell[i].row);
		plot_num(p, m->cell[i].value);
		plot_say(p, "\n");
		n++;
	}
	plot_say(p, "EOD\n");
	return n;
}

/* Whole rows, in which what is missing is transparent.  A canvas would keep its
 * images in other files. */
static void
put_image(struct plot *p, const struct matrix *m)
{
	size_t row, column, i = 0;

	plot_say(p, "$cells << EOD\n");
	for (row = 0; row < m->rows.n; row++) {
		for (column = 0; column < m->columns.n; column++) {
			const struct matrix_cell *c = &m->cell[i];
			bool there = i < m->n && c->row == row &&
				     c->column == column;

			plot_num(p, there ? c->value : NAN);
			plot_say(p, " ");
			i += there;
		}
		plot_say(p, "\n");
	}
	plot_say(p, "EOD\nplot $cells matrix with image %snotitle\n",
		 strcmp(plot_terminal(), "canvas") ? "" : "pixels ");
}

static void
put_plot(struct plot *p, const struct heatmap *l, const struct matrix *m)
{
	if (l->dense && m->colours.used) {
		put_image(p, m);
		return;
	}
	if (put_cells(p, m) == 0) {
		plot_say(p, "plot NaN notitle\n");
		return;
	}
	if (!no_values)
		put_values(p, l, m);
	plot_say(p, "plot $cells using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5)"
		    ":3 with boxxyerror fillstyle solid 1 border linecolor "
		    "\"#ffffff\" fillcolor palette notitle");
	if (!no_values) {
		plot_say(p, ", $values using 1:2:3:4 with labels noenhanced "
			    "textcolor rgb variable ");
		plot_font(p, value_type(l));
		plot_say(p, " notitle");
	}
	plot_say(p, "\n");
}

static void
draw(struct matrix *m)
{
	struct heatmap l = {.matrix = m};
	struct plot p;

	find_layout(&l);
	plot_open(&p, (int)l.page.width, (int)l.page.height);
	put_frame(&p, &l, m);
	put_labels(&p, &l, m);
	put_titles(&p, &l, m);
	put_plot(&p, &l, m);
	plot_close(&p);
}

static void
put_table(struct plot *p, const struct matrix *m)
{
	size_t across = m->columns.n + 1, all = across * (m->rows.n + 1), i;
	const char **field = zeros(all, sizeof *field);
	char *corner = format("%s \\ %s", m->row_title, m->column_title);

	field[0] = corner;
	for (i = 0; i < m->columns.n; i++)
		field[i + 1] = m->columns.name[i];
	for (i = 0; i < m->rows.n; i++)
		field[(i + 1) * across] = m->rows.name[i];
	for (i = 0; i < m->n; i++)
		field[(m->cell[i].row + 1) * across + m->cell[i].column + 1] =
			m->cell[i].text;
	texttable_put(p, field, across, all);
	free(field);
	free(corner);
}

static void
tabulate(struct matrix *m)
{
	struct plot p = {0};

	if (plot_title)
		texttable_put(&p, &plot_title, 1, 1);
	if (m->label)
		texttable_put(&p, (const char *const *)&m->label, 1, 1);
	give_texts(m);
	put_table(&p, m);
	if (m->n == 0)
		plot_say(&p, "no data\n");
	plot_write(&p);
}

static void
free_matrix(struct matrix *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		free(m->cell[i].text);
	free(m->cell);
	free(m->row_title);
	free(m->column_title);
	free(m->label);
	labels_free(&m->rows);
	labels_free(&m->columns);
	labels_free(&m->words);
}

int
main(int argc, char **argv)
{
	struct matrix m = {0};

	argv = start(argc, argv, &tool);
	plot_start(PLOT_GNUPLOT);
	if (no_values && plot_is_text())
		misuse("--no-values and --terminal=dumb exclude each other");
	if (value_format && !is_format(value_format))
		misuse("--format: not a format of one number: '%s'",
		       value_format);
	read_matrix(&m, argv[0]);
	if (plot_is_text())
		tabulate(&m);
	else
		draw(&m);
	free_matrix(&m);
	return WORKED;
}
