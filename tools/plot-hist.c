/* plot-hist -- draw histograms
 *
 * Of bins that have been counted, as conn-hist writes them, or of values that
 * are counted here.  What stands above a panel is worked out from the values
 * where they are there, and from the bins where not; which of the two makes no
 * difference for bins that hold one whole number each.
 *
 * Bins of degrees hold whole numbers.  Of 4 to 7 that is 4, 5 and 6, which are
 * 5 in the middle and not 5.5: otherwise a mean would be half a cell too high.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opt.h"
#include "plot/columns.h"
#include "plot/panels.h"
#include "rows.h"

#define MOST_BINS 200 /* of those that we choose: a pixel each, or so */
#define BINS_ASKED 100000

struct bin {
	double low, high, n;
	size_t line;
};

struct summary {
	double n, mean, sd, median; /* NaN: there is none */
};

struct group {
	double *value;
	struct bin *bin;
	size_t n, cap, nbin, mbin;
	double outside; /* values beyond --bins */
	bool whole;     /* bins hold whole numbers */
	bool exact;     /* and one each */
	struct summary sum;
};

struct table {
	struct group *group;
	size_t n, cap;
	struct split split;
	char *xlabel, *ylabel, *path;
};

static const char *cells_name, *low_name, *high_name, *values_name;
static const char *bins_text, *panel_list, *xlabel, *ylabel;
static bool continuous;

static const struct opt opts[] = {
	OPT_STR('y', "y", "column", &cells_name,
		"column of the counts (the last)"),
	OPT_STR(0, "low", "column", &low_name,
		"column of the bins' lower ends (bin_low)"),
	OPT_STR(0, "high", "column", &high_name,
		"column of the bins' upper ends (bin_high)"),
	OPT_FLAG(0, "continuous", &continuous,
		 "bins between whole numbers hold others too"),
	OPT_STR('x', "values", "column", &values_name,
		"count the values of this column instead"),
	OPT_STR(0, "bins", "bins", &bins_text,
		"into this many bins, or LOW:HIGH:WIDTH"),
	OPT_STR(0, "panel", "columns", &panel_list,
		"a panel for each value of these (source,target)"),
	OPT_STR(0, "xlabel", "text", &xlabel, "write this below"),
	OPT_STR(0, "ylabel", "text", &ylabel, "write this on the left"),
	OPT_TABLE(plot_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "draw histograms",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* What --bins says: a number of bins, or where they are. */
static struct {
	int64_t n;
	double low, high, width;
} asked;

static bool
parse_bins(const char *text)
{
	char *parts = copy(text), *rest = parts;
	const char *low = strsep(&rest, ":"), *high = strsep(&rest, ":");
	double n;
	bool good;

	if (!high) {
		good = parse_int(low, &asked.n) && asked.n >= 1 &&
		       asked.n <= BINS_ASKED;
		free(parts);
		return good;
	}
	good = rest && parse_num(low, &asked.low) &&
	       parse_num(high, &asked.high) && parse_num(rest, &asked.width) &&
	       asked.width > 0 && asked.low < asked.high;
	free(parts);
	n = (asked.high - asked.low) / asked.width;
	if (!good || !(n <= BINS_ASKED) || fabs(n - rint(n)) > 1e-6)
		return false;
	asked.n = (int64_t)rint(n);
	return true;
}

static void
check_options(void)
{
	if (values_name && (cells_name || low_name || high_name || continuous))
		misuse("--values: --%s is for bins that are counted",
		       cells_name  ? "y"
		       : low_name  ? "low"
		       : high_name ? "high"
				   : "continuous");
	if (bins_text && !values_name)
		misuse("--bins: nothing to count without --values");
	if (bins_text && !parse_bins(bins_text))
		misuse("--bins: not a number of bins, nor LOW:HIGH:WIDTH: '%s'",
		       bins_text);
}

static struct group *
group_of(struct table *t, const struct rows *in)
{
	size_t i = split_row(&t->split, in);

	t->group = grow(t->group, &t->cap, i + 1, sizeof *t->group);
	t->n = i + 1 > t->n ? i + 1 : t->n;
	return &t->group[i];
}

static double
number(const struct rows *in, size_t column)
{
	double v = rows_num(in, column);

	if (!isfinite(v))
		rows_bad(in, column, "not a finite number");
	return v;
}

static void
read_bins(struct table *t, struct rows *in)
{
	size_t low = rows_column(in, low_name ? low_name : "bin_low");
	size_t high = rows_column(in, high_name ? high_name : "bin_high");
	size_t n = cells_name ? rows_column(in, cells_name) : in->n - 1;

	if (n == low || n == high)
		die("%s: no column of counts", in->path);
	t->xlabel = columns_stem(in->name[low], in->name[high]);
	if (t->xlabel && !strcmp(t->xlabel, "bin")) {
		free(t->xlabel);
		t->xlabel = NULL;
	}
	t->ylabel = copy(in->name[n]);
	while (rows_next(in)) {
		struct group *g = group_of(t, in);
		struct bin b = {.low = number(in, low),
				.high = number(in, high),
				.n = number(in, n),
				.line = in->line};

		if (b.low >= b.high)
			rows_bad(in, high, "not above the lower end");
		if (b.n < 0)
			rows_bad(in, n, "negative count");
		g->bin = grow(g->bin, &g->mbin, g->nbin + 1, sizeof b);
		g->bin[g->nbin++] = b;
	}
}

static void
read_values(struct table *t, struct rows *in)
{
	size_t column = rows_column(in, values_name);

	t->xlabel = copy(in->name[column]);
	t->ylabel = copy("count");
	while (rows_next(in)) {
		struct group *g = group_of(t, in);

		if (is_missing(in->field[column]))
			continue;
		g->value = grow(g->value, &g->cap, g->n + 1, sizeof(double));
		g->value[g->n++] = number(in, column);
	}
}

static void
read_table(struct table *t, const char *path)
{
	struct rows in;

	rows_open(&in, path);
	t->path = copy(in.path);
	if (panel_list)
		split_by(&t->split, &in, panel_list);
	else if (!values_name && rows_find(&in, "source") != NO_COLUMN &&
		 rows_find(&in, "target") != NO_COLUMN)
		split_by(&t->split, &in, "source,target");
	if (values_name)
		read_values(t, &in);
	else
		read_bins(t, &in);
	rows_close(&in);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int
by_low(const void *a, const void *b)
{
	const struct bin *x = a, *y = b;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* In sorted values, by linear interpolation (type 7 of Hyndman and Fan, The
 * American Statistician 50:361, 1996). */
static double
quantile(const double *v, size_t n, double q)
{
	double at = q * (double)(n - 1);
	size_t i = (size_t)at;

	if (i + 1 >= n)
		return v[n - 1];
	return v[i] + (at - (double)i) * (v[i + 1] - v[i]);
}

static void
summarize_values(struct group *g)
{
	double sum = 0, squares = 0;
	size_t i;

	g->sum = (struct summary){(double)g->n, NAN, NAN, NAN};
	if (g->n == 0)
		return;
	for (i = 0; i < g->n; i++)
		sum += g->value[i] / (double)g->n;
	for (i = 0; i < g->n; i++)
		squares += (g->value[i] - sum) * (g->value[i] - sum);
	g->sum.mean = sum;
	if (g->n > 1)
		g->sum.sd = sqrt(squares / (double)(g->n - 1));
	g->sum.median = quantile(g->value, g->n, 0.5);
}

/* What a value in a bin is taken for. */
static double
stand_in(const struct group *g, const struct bin *b)
{
	double last = g->whole ? b->high - 1 : b->high;

	return b->low / 2 + last / 2;
}

/* The value that has a fraction of all before it; between two of them, their
 * middle. */
static double
binned_median(const struct group *g)
{
	double half = g->sum.n / 2, before = 0;
	size_t i, k;

	for (i = 0; i < g->nbin; i++) {
		before += g->bin[i].n;
		if (before >= half && g->bin[i].n > 0)
			break;
	}
	for (k = i + 1; before <= half && k < g->nbin; k++)
		if (g->bin[k].n > 0)
			return (stand_in(g, &g->bin[i]) +
				stand_in(g, &g->bin[k])) /
			       2;
	return stand_in(g, &g->bin[i < g->nbin ? i : g->nbin - 1]);
}

static void
summarize_bins(struct group *g)
{
	double squares = 0;
	bool counts = true;
	size_t i;

	g->sum = (struct summary){0, NAN, NAN, NAN};
	for (i = 0; i < g->nbin; i++) {
		g->sum.n += g->bin[i].n;
		counts &= g->bin[i].n == rint(g->bin[i].n);
	}
	if (g->sum.n == 0)
		return;
	g->sum.mean = 0;
	for (i = 0; i < g->nbin; i++)
		g->sum.mean +=
			stand_in(g, &g->bin[i]) * (g->bin[i].n / g->sum.n);
	for (i = 0; i < g->nbin; i++)
		squares += g->bin[i].n *
			   pow(stand_in(g, &g->bin[i]) - g->sum.mean, 2);
	/* n - 1 is for counts; of fractions there is no n. */
	if (counts && g->sum.n > 1)
		g->sum.sd = sqrt(squares / (g->sum.n - 1));
	g->sum.median = binned_median(g);
}

static void
check_bins(const struct table *t, struct group *g)
{
	size_t i;

	if (g->nbin > 0)
		qsort(g->bin, g->nbin, sizeof *g->bin, by_low);
	g->whole = g->exact = !continuous;
	for (i = 0; i < g->nbin; i++) {
		const struct bin *b = &g->bin[i];

		g->whole &= b->low == rint(b->low) && b->high == rint(b->high);
		g->exact &= b->high - b->low == 1;
		if (i > 0 && b[-1].high > b->low)
			die("%s:%zu: bin overlaps that of line %zu; for a "
			    "panel each: --panel",
			    t->path, b->line, b[-1].line);
	}
}

/* How wide bins should be: D. Freedman and P. Diaconis, Z. Wahrscheinlichkeit
 * 57:453 (1981); where half of the values are one, D. W. Scott, Biometrika
 * 66:605 (1979). */
static double
good_width(const struct group *g)
{
	double root = cbrt((double)g->n);
	double quartiles =
		quantile(g->value, g->n, 0.75) - quantile(g->value, g->n, 0.25);
	double range = g->value[g->n - 1] - g->value[0];
	double width =
		quartiles > 0 ? 2 * quartiles / root : 3.49 * g->sum.sd / root;

	return fmin(fmax(width, range / MOST_BINS), range);
}

static bool
all_whole(const struct group *g)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		if (g->value[i] != rint(g->value[i]))
			return false;
	return true;
}

/* Bins of whole numbers hold equally many of them, or some would stand out. */
static void
choose_bins(struct group *g, double *low, double *width, size_t *n)
{
	double least = g->value[0], range = g->value[g->n - 1] - least;

	*low = least;
	*n = asked.n > 0 ? (size_t)asked.n : 1;
	*width = range / (double)*n;
	if (!isfinite(range))
		die("values too far apart: from %g to %g", least,
		    g->value[g->n - 1]);
	if (asked.n == 0 && all_whole(g)) {
		*width = fmax(1, range > 0 ? rint(good_width(g)) : 1);
		*n = (size_t)floor(range / *width) + 1;
		g->whole = true;
	} else if (range == 0) {
		*n = 1;
		*width = least == 0 ? 1 : fabs(least) / 10;
		*low = least - *width / 2;
	} else if (asked.n == 0) {
		*n = (size_t)ceil(range / good_width(g) - 1e-9);
		*width = range / (double)*n;
	}
}

/* The edges of the bins, each from the first so that errors do not add up. */
static void
make_bins(struct group *g, double low, double width, size_t n)
{
	size_t i;

	g->bin = grow(g->bin, &g->mbin, n, sizeof *g->bin);
	g->nbin = n;
	for (i = 0; i < n; i++) {
		g->bin[i].low = low + (double)i * width;
		g->bin[i].high = low + (double)(i + 1) * width;
	}
}

/* Bins are half open, but the last one is closed. */
static void
count(struct group *g, double first, double last)
{
	size_t i, k = 0;

	for (i = 0; i < g->n; i++) {
		double v = g->value[i];

		if (v < first || v > last) {
			g->outside++;
			continue;
		}
		while (k + 1 < g->nbin && v >= g->bin[k + 1].low)
			k++;
		g->bin[k].n++;
	}
}

static void
bin_values(struct group *g)
{
	double low = asked.low, width = asked.width;
	size_t n = (size_t)asked.n;

	if (g->n == 0)
		return;
	qsort(g->value, g->n, sizeof *g->value, by_value);
	summarize_values(g);
	if (width == 0)
		choose_bins(g, &low, &width, &n);
	else
		g->whole = width == rint(width) && low == rint(low) &&
			   all_whole(g);
	make_bins(g, low, width, n);
	if (asked.width > 0)
		count(g, asked.low, asked.high);
	else
		count(g, -INFINITY, INFINITY);
}

static char *
part(const char *name, double v)
{
	char *number, *text;

	if (isnan(v))
		return copy("");
	number = plot_readable(v);
	text = format("%s %s", name, number);
	free(number);
	return text;
}

/* What stands above a panel. */
static char *
note_of(const struct group *g, const char *between)
{
	char *mean = part("mean", g->sum.mean), *sd = part(", sd", g->sum.sd);
	char *median = part("median", g->sum.median);
	char *outside =
		g->outside > 0 ? part(", outside", g->outside) : copy("");
	bool binned = !g->value && !g->exact;
	char *note = format("%s%s,%s%s%s%s", mean, sd, between, median,
			    binned ? " (binned)" : "", outside);

	free(mean);
	free(sd);
	free(median);
	free(outside);
	return note;
}

/* A bin that holds whole numbers is drawn around them. */
static double
shift(const struct group *g)
{
	return g->whole ? 0.5 : 0;
}

static void
set_panel(struct panel *q, const struct group *g)
{
	size_t i;

	q->x.whole = g->whole && g->nbin > 0;
	q->y.whole = g->nbin > 0;
	for (i = 0; i < g->nbin; i++) {
		axis_take(&q->x, g->bin[i].low - shift(g));
		axis_take(&q->x, g->bin[i].high - shift(g));
		axis_take(&q->y, g->bin[i].n);
		q->y.whole &= g->bin[i].n == rint(g->bin[i].n);
	}
	if (g->whole && g->nbin == 1) {
		axis_take(&q->x, g->bin[0].low - 2);
		axis_take(&q->x, g->bin[0].low + 2);
	}
	axis_settle(&q->x, 0.02);
	if (q->y.high > 0)
		axis_take(&q->y, 0);
	axis_settle(&q->y, 0.05);
	q->empty = g->sum.n == 0 || g->nbin == 0;
	if (q->empty)
		return;
	q->note.flat = note_of(g, " ");
	q->note.folded = note_of(g, "\n");
}

static void
put_bars(struct plot *p, const struct panels *f, const struct group *g,
	 size_t k)
{
	uint32_t colour =
		plot_has_palette() ? plot_stroke(1, 3) : plot_group(0, 1);
	double range = f->panel[k].x.high - f->panel[k].x.low;
	double widest = 0;
	size_t i;

	plot_say(p, "$bins << EOD\n");
	for (i = 0; i < g->nbin; i++) {
		double low = g->bin[i].low - shift(g);
		double high = g->bin[i].high - shift(g);

		widest = fmax(widest, high - low);
		if (g->bin[i].n == 0)
			continue;
		plot_num(p, low);
		plot_say(p, " ");
		plot_num(p, high);
		plot_say(p, " ");
		plot_num(p, g->bin[i].n);
		plot_say(p, "\n");
	}
	plot_say(p, "EOD\n");
	panel_begin(f, p, k);
	plot_say(p, "plot $bins using (($1+$2)/2):($3/2):1:2:(0):3 with "
		    "boxxyerror ");
	if (plot_is_text())
		plot_say(p, "fillstyle empty border linetype 1 notitle\n");
	else
		plot_say(p,
			 "fillstyle solid 1 %s fillcolor rgb \"#%06x\" "
			 "notitle\n",
			 widest / range * f->area_width < 7
				 ? "noborder"
				 : "border linecolor \"#ffffff\"",
			 (unsigned)colour);
}

static void
draw(struct table *t)
{
	struct panels f = {.xlabel = xlabel ? xlabel : t->xlabel,
			   .ylabel = ylabel ? ylabel : t->ylabel,
			   .wished = split_columns(&t->split)};
	struct plot p;
	size_t i;

	for (i = 0; i < t->n; i++) {
		struct panel *q = panels_add(&f);

		set_panel(q, &t->group[i]);
		if (t->split.n == 0)
			continue;
		q->title.flat = copy(t->split.text[i].flat);
		q->title.folded = copy(t->split.text[i].folded);
	}
	panels_open(&f, &p);
	for (i = 0; i < t->n; i++) {
		if (!f.panel[i].empty) {
			put_bars(&p, &f, &t->group[i], i);
			continue;
		}
		panel_begin(&f, &p, i);
		plot_say(&p, "plot NaN notitle\n");
	}
	panels_close(&f, &p);
}

static void
free_table(struct table *t)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		free(t->group[i].value);
		free(t->group[i].bin);
	}
	free(t->group);
	free(t->xlabel);
	free(t->ylabel);
	free(t->path);
	split_free(&t->split);
}

int
main(int argc, char **argv)
{
	struct table t = {0};
	size_t i;

	argv = start(argc, argv, &tool);
	check_options();
	read_table(&t, argv[0]);
	if (t.n == 0) {
		t.group = grow(t.group, &t.cap, 1, sizeof *t.group);
		t.n = 1;
		t.split.n = 0;
	}
	for (i = 0; i < t.n; i++) {
		if (values_name) {
			bin_values(&t.group[i]);
			continue;
		}
		check_bins(&t, &t.group[i]);
		summarize_bins(&t.group[i]);
	}
	draw(&t);
	free_table(&t);
	return WORKED;
}
