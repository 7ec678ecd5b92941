/* plot-hist -- draw histograms
 *
 * The bins have been counted, as by conn-hist, or are counted here from values.
 * The mean, deviation and median above a panel are those of the values, or
 * where there are only bins, of the bins; for bins that hold one whole number
 * each they are the same.
 *
 * Bins of degrees hold whole numbers.  The bin from 4 to 7 holds 4, 5 and 6,
 * and its middle is 5, not 5.5: else a mean would be half a cell too high.
 */
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/bins.h"
#include "measure/stats.h"
#include "opt.h"
#include "plot/columns.h"
#include "plot/panels.h"
#include "rows.h"

struct bin {
	double low, high, n;
	size_t line;
};

struct bars {
	double *value;
	size_t n, cap;
	struct stats stats;
	double median; /* NaN: there is none */
	struct bin *bin;
	size_t nbin, mbin;
	double outside; /* values beyond --bins */
	bool whole;     /* bins hold whole numbers */
	bool exact;     /* and one each */
};

struct picture {
	struct bars *group;
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
		"low:high:width, edges 0,1,5,... or how many"),
	OPT_STR(0, "panel", "columns", &panel_list,
		"a panel for each value of these (source,target)"),
	OPT_STR(0, "xlabel", "text", &xlabel, "write this below"),
	OPT_STR(0, "ylabel", "text", &ylabel, "write this on the left"),
	OPT_TABLE(plot_opts),
	OPT_NOT_WITH("values", "y low high continuous"),
	OPT_NEEDS("bins", "values"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "draw histograms",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

static struct bins asked; /* what --bins says */

static struct bars *
group_of(struct picture *t, const struct rows *in)
{
	size_t i = split_row(&t->split, in);

	t->group = grow(t->group, &t->cap, i + 1, sizeof *t->group);
	t->n = i + 1 > t->n ? i + 1 : t->n;
	return &t->group[i];
}

static void
read_bins(struct picture *t, struct rows *in)
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
		struct bars *g = group_of(t, in);
		struct bin b = {.low = rows_finite(in, low),
				.high = rows_finite(in, high),
				.n = rows_finite(in, n),
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
read_values(struct picture *t, struct rows *in)
{
	size_t column = rows_column(in, values_name);

	t->xlabel = copy(in->name[column]);
	t->ylabel = copy("count");
	while (rows_next(in)) {
		struct bars *g = group_of(t, in);

		if (is_missing(in->field[column]))
			continue;
		g->value = grow(g->value, &g->cap, g->n + 1, sizeof(double));
		g->value[g->n] = rows_finite(in, column);
		g->stats.most = BINS_SAMPLE;
		stats_add(&g->stats, g->value[g->n++]);
	}
}

static void
read_table(struct picture *t, const char *path)
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
by_low(const void *a, const void *b)
{
	const struct bin *x = a, *y = b;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* The number that stands for the values in a bin. */
static double
stand_in(const struct bars *g, const struct bin *b)
{
	double last = g->whole ? b->high - 1 : b->high;

	return b->low / 2 + last / 2;
}

/* The bin with half of all counts before it stands for the median; where that
 * is between two bins, their middle does. */
static double
binned_median(const struct bars *g)
{
	double half = g->stats.n / 2, before = 0;
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
summarize_bins(struct bars *g)
{
	bool counts = true;
	size_t i;

	for (i = 0; i < g->nbin; i++) {
		stats_add_times(&g->stats, stand_in(g, &g->bin[i]),
				g->bin[i].n);
		counts &= g->bin[i].n == rint(g->bin[i].n);
	}
	stats_finish(&g->stats);
	if (!counts) /* fractions of a whole have no n */
		g->stats.sd = NAN;
	g->median = g->stats.n > 0 ? binned_median(g) : NAN;
}

static bool
is_whole(const struct bin *b)
{
	return b->low == rint(b->low) && b->high == rint(b->high);
}

static void
check_bins(const struct picture *t, struct bars *g)
{
	size_t i;

	if (g->nbin > 0)
		qsort(g->bin, g->nbin, sizeof *g->bin, by_low);
	g->whole = g->exact = !continuous;
	for (i = 0; i < g->nbin; i++) {
		const struct bin *b = &g->bin[i];

		g->whole &= is_whole(b);
		g->exact &= b->high - b->low == 1;
		if (i > 0 && b[-1].high > b->low)
			die("%s:%zu: bin overlaps that of line %zu; for a "
			    "panel each: --panel",
			    t->path, b->line, b[-1].line);
	}
}

static void
bin_values(struct bars *g)
{
	const struct stats *of = &g->stats;
	struct bins b;
	size_t i, k;

	stats_finish(&g->stats);
	if (g->n == 0)
		return;
	b = bins_choose(&asked, of);
	g->bin = grow(g->bin, &g->mbin, b.n, sizeof *g->bin);
	g->nbin = b.n;
	g->whole = !of->fraction && (asked.n == 0 || bins_are_fixed(&asked));
	for (k = 0; k < b.n; k++) {
		g->bin[k].low = bins_edge(&b, k);
		g->bin[k].high = bins_edge(&b, k + 1);
		g->whole &= is_whole(&g->bin[k]);
	}
	for (i = 0; i < g->n; i++)
		if ((k = bins_find(&b, g->value[i])) < b.n)
			g->bin[k].n++;
		else
			g->outside++;
	g->median = gsl_stats_median(g->value, 1, g->n);
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

/* The line above a panel. */
static char *
note_of(const struct bars *g, const char *between)
{
	char *mean = part("mean", g->stats.mean),
	     *sd = part(", sd", g->stats.sd);
	char *median = part("median", g->median);
	char *outside =
		g->outside > 0 ? part(", outside", g->outside) : copy("");
	bool binned = !values_name && !g->exact;
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
shift(const struct bars *g)
{
	return g->whole ? 0.5 : 0;
}

static void
set_panel(struct panel *q, const struct bars *g)
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
	q->empty = g->stats.n == 0 || g->nbin == 0;
	if (q->empty)
		return;
	q->note.flat = note_of(g, " ");
	q->note.folded = note_of(g, "\n");
}

static void
put_bars(struct plot *p, const struct panels *f, const struct bars *g, size_t k)
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
draw(struct picture *t)
{
	struct panels f = {.xlabel = xlabel ? xlabel : t->xlabel,
			   .ylabel = ylabel ? ylabel : t->ylabel,
			   .wished = split_columns(&t->split)};
	struct plot p;
	size_t i;

	for (i = 0; i < t->n; i++) {
		struct panel *q = panels_add(&f);

		set_panel(q, &t->group[i]);
		panel_set_title(q, &t->split, i);
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
free_table(struct picture *t)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		free(t->group[i].value);
		free(t->group[i].stats.sample);
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
	struct picture t = {0};
	size_t i;

	argv = start(argc, argv, &tool);
	if (bins_text)
		asked = bins_parse("bins", bins_text);
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
