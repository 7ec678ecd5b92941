/* plot-hist -- draw histograms
 *
 * The bins have been counted, as by conn-hist, or are counted here from values.
 * The mean, deviation and median above a panel are those of the values: as a
 * table of bins has them, or as bins of one whole number each give them.  Other
 * bins do not tell, and the panel says nothing.
 */
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/bins.h"
#include "measure/stats.h"
#include "opt.h"
#include "plot/captions.h"
#include "plot/columns.h"
#include "plot/panels.h"
#include "rows.h"

#define SMALL 100 /* pixels: lines in a panel less wide are thin */

struct bin {
	double low, high, n;
	size_t line;
};

struct bars {
	double *value;
	size_t n, cap;
	struct stats stats;
	double moment[3]; /* mean, sd and median; NaN: there is none */
	char *text[3];    /* what the picture says of them, or NULL */
	struct bin *bin;
	size_t nbin, mbin;
	double outside; /* values beyond --bins */
	bool whole;     /* bins hold whole numbers */
};

enum { MEAN, SD, MEDIAN, MOMENTS };
static const char *const moments[] = {"mean", "sd", "median"};

struct picture {
	struct bars *group;
	size_t n, cap;
	struct split split;
	char *xlabel, *ylabel, *path;
	bool told; /* has the table columns of moments? */
};

/* The columns of a table of bins; those of moments may be NO_COLUMN. */
struct bin_columns {
	size_t low, high, n, moment[MOMENTS];
};

static const char *cells_name, *low_name, *high_name, *values_name;
static const char *bins_text, *panel_list;
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
	OPT_STR('x', "x", "column", &values_name,
		"count the values of this column instead"),
	OPT_STR(0, "bins", "bins", &bins_text,
		"low:high:width, edges 0,1,5,... or how many"),
	OPT_STR(0, "panel", "columns", &panel_list,
		"a panel for each value of these (source,target)"),
	PLOT_SHARE,
	PLOT_LOG,
	PLOT_RANGE,
	PLOT_XLABEL,
	PLOT_YLABEL,
	PLOT_NOTE,
	OPT_TABLE(plot_opts),
	OPT_NOT_WITH("x", "y low high continuous"),
	OPT_NEEDS("bins", "x"),
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
	size_t i = split_row(&t->split, in), k;

	t->group = grow(t->group, &t->cap, i + 1, sizeof *t->group);
	for (; t->n <= i; t->n++)
		for (k = 0; k < MOMENTS; k++)
			t->group[t->n].moment[k] = NAN;
	return &t->group[i];
}

static bool
is_taken(const struct bin_columns *c, size_t column)
{
	size_t k = 0;

	while (k < MOMENTS && c->moment[k] != column)
		k++;
	return column == c->low || column == c->high || k < MOMENTS;
}

/* Counts are in the last column that is for nothing else. */
static struct bin_columns
find_columns(const struct rows *in)
{
	struct bin_columns c = {
		.low = rows_column(in, low_name ? low_name : "bin_low"),
		.high = rows_column(in, high_name ? high_name : "bin_high"),
		.n = in->n};
	size_t k;

	for (k = 0; k < MOMENTS; k++)
		c.moment[k] = rows_find(in, moments[k]);
	if (cells_name)
		c.n = rows_column(in, cells_name);
	while (!cells_name && c.n-- > 0 && is_taken(&c, c.n))
		;
	if (c.n >= in->n || c.n == c.low || c.n == c.high)
		die("%s: no column of counts", in->path);
	for (k = 0; k < MOMENTS; k++)
		if (c.moment[k] == c.n)
			c.moment[k] = NO_COLUMN;
	return c;
}

/* All rows of a panel say the same of its values. */
static void
read_moments(struct bars *g, const struct rows *in, const struct bin_columns *c)
{
	size_t k;

	for (k = 0; k < MOMENTS; k++) {
		double v = columns_value(in, c->moment[k]);

		if (g->nbin == 0)
			g->moment[k] = v;
		else if (v != g->moment[k] && !isnan(v - g->moment[k]))
			rows_bad(in, c->moment[k],
				 "not as in the rows before; for a panel each: "
				 "--panel");
	}
}

static void
read_bins(struct picture *t, struct rows *in)
{
	struct bin_columns c = find_columns(in);
	size_t k;

	for (k = 0; k < MOMENTS; k++)
		t->told |= c.moment[k] != NO_COLUMN;
	t->xlabel = columns_label(in->name[c.low], in->name[c.high]);
	t->ylabel = caption_of(in->name[c.n]);
	while (rows_next(in)) {
		struct bars *g = group_of(t, in);
		struct bin b = {.low = rows_finite(in, c.low),
				.high = rows_finite(in, c.high),
				.n = rows_finite(in, c.n),
				.line = in->line};

		if (b.low >= b.high)
			rows_bad(in, c.high, "not above the lower end");
		if (b.n < 0)
			rows_bad(in, c.n, "negative count");
		read_moments(g, in, &c);
		g->bin = grow(g->bin, &g->mbin, g->nbin + 1, sizeof b);
		g->bin[g->nbin++] = b;
	}
}

static void
read_values(struct picture *t, struct rows *in)
{
	size_t column = rows_column(in, values_name);

	t->xlabel = caption_of(in->name[column]);
	t->ylabel = caption_of("count");
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

/* The median of bins of one whole number each: that with half of all counts
 * before it, or the middle of two. */
static double
binned_median(const struct bars *g)
{
	double half = g->stats.n / 2, before = 0, low = NAN;
	size_t i;

	for (i = 0; i < g->nbin; i++) {
		before += g->bin[i].n;
		if (g->bin[i].n == 0 || before < half)
			continue;
		if (before > half)
			return isnan(low) ? g->bin[i].low
					  : low / 2 + g->bin[i].low / 2;
		low = g->bin[i].low;
	}
	return low;
}

/* Counts the values of bins; if they hold one whole number each, also finds
 * their moments. */
static void
summarize_bins(struct bars *g, bool exact)
{
	bool counts = true;
	size_t i;

	for (i = 0; i < g->nbin; i++) {
		stats_add_times(&g->stats, g->bin[i].low, g->bin[i].n);
		counts &= g->bin[i].n == rint(g->bin[i].n);
	}
	stats_finish(&g->stats);
	if (!exact)
		return;
	g->moment[MEAN] = g->stats.mean;
	/* Fractions of a whole have no n. */
	g->moment[SD] = counts ? g->stats.sd : NAN;
	g->moment[MEDIAN] = binned_median(g);
}

static bool
is_whole(const struct bin *b)
{
	return b->low == rint(b->low) && b->high == rint(b->high);
}

static void
take_bins(const struct picture *t, struct bars *g)
{
	bool ones = true;
	size_t i;

	if (g->nbin > 0)
		qsort(g->bin, g->nbin, sizeof *g->bin, by_low);
	g->whole = !continuous;
	for (i = 0; i < g->nbin; i++) {
		const struct bin *b = &g->bin[i];

		g->whole &= is_whole(b);
		ones &= b->high - b->low == 1;
		if (i > 0 && b[-1].high > b->low)
			die("%s:%zu: bin overlaps that of line %zu; for a "
			    "panel each: --panel",
			    t->path, b->line, b[-1].line);
	}
	summarize_bins(g, !t->told && g->whole && ones);
}

/* Counts the values of a panel, in bins that follow from these or from those of
 * all panels. */
static void
bin_values(struct bars *g, const struct stats *all)
{
	const struct stats *of = all->n > 0 ? all : &g->stats;
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
	g->moment[MEAN] = g->stats.mean;
	g->moment[SD] = g->stats.sd;
	g->moment[MEDIAN] = gsl_stats_median(g->value, 1, g->n);
}

/* The largest of a panel's moments; 0 if there are none. */
static double
largest(const struct bars *g, bool *whole)
{
	double most = 0;
	size_t k;

	for (k = 0; k < MOMENTS; k++) {
		if (isnan(g->moment[k]))
			continue;
		most = fmax(most, fabs(g->moment[k]));
		*whole &= g->moment[k] == rint(g->moment[k]);
	}
	return most;
}

/* So many decimals give a number so many digits. */
static int
places_for(double v, int digits)
{
	return (int)fmax(0, digits - 1 - floor(log10(v)));
}

/* How many decimals the moments of all panels have: none if all are whole, else
 * what the largest needs for three digits, and that of the panel with the least
 * for two.  -1: they are too far apart for that. */
static int
find_places(const struct picture *t)
{
	double least = INFINITY, most = 0;
	bool whole = true;
	int places;
	size_t i;

	for (i = 0; i < t->n; i++) {
		double v = t->group[i].stats.n > 0
				   ? largest(&t->group[i], &whole)
				   : 0;

		most = fmax(most, v);
		least = v > 0 ? fmin(least, v) : least;
	}
	if (most >= 1e15)
		return -1;
	if (most == 0 || whole)
		return 0;
	places = (int)fmax(places_for(most, 3), places_for(least, 2));
	return places > 9 || places > places_for(most, 3) + 3 ? -1 : places;
}

static void
write_moments(struct bars *g, int places)
{
	size_t k;

	for (k = 0; k < MOMENTS && g->stats.n > 0; k++) {
		double v = g->moment[k];

		if (places >= 0 && fabs(v) < 0.5 * pow(10, -places))
			v = 0; /* no -0.00 */
		if (!isnan(v) && places >= 0)
			g->text[k] = format("%s %.*f", moments[k], places, v);
		else if (!isnan(v))
			g->text[k] = format("%s %.3g", moments[k], v);
	}
}

/* The line above a panel, or NULL. */
static char *
note_of(const struct bars *g, const char *between, bool numbers)
{
	char *all = NULL, *longer;
	size_t k;

	for (k = 0; k < MOMENTS && numbers; k++) {
		if (!g->text[k])
			continue;
		longer = format("%s%s%s", all ? all : "",
				!all          ? ""
				: k == MEDIAN ? between
					      : ", ",
				g->text[k]);
		free(all);
		all = longer;
	}
	if (g->outside == 0)
		return all;
	longer = format("%s%soutside %.0f", all ? all : "", all ? ", " : "",
			g->outside);
	free(all);
	return longer;
}

/* The only bin with anything in it, or NULL. */
static const struct bin *
only_bin(const struct bars *g)
{
	const struct bin *only = NULL;
	size_t i;

	for (i = 0; i < g->nbin; i++) {
		if (g->bin[i].n > 0 && only)
			return NULL;
		if (g->bin[i].n > 0)
			only = &g->bin[i];
	}
	return only;
}

/* One bar among other panels is a number: how many there are, and where. */
static char *
say_only(const struct bars *g, const struct bin *b)
{
	double low = b->low, high = b->high;
	char *from, *to, *n, *text;

	if (g->n > 0 && g->outside == 0 && g->stats.min == g->stats.max)
		low = high = g->stats.min;
	else if (g->whole)
		high = b->high - 1;
	from = plot_readable(low);
	to = plot_readable(high);
	n = b->n == rint(b->n) ? plot_readable(b->n) : copy("");
	text = format("%s%s%s%s %s%s%s", b->n == 1 ? "" : "all ", n,
		      *n ? " " : "", low < high ? "in" : "at", from,
		      low < high ? "\u2013" : "", low < high ? to : "");
	free(from);
	free(to);
	free(n);
	return text;
}

/* A bin that holds whole numbers is drawn around them. */
static double
shift(const struct bars *g)
{
	return g->whole ? 0.5 : 0;
}

/* What the axes of a panel have to show. */
static void
take_bars(struct panel *q, const struct bars *g)
{
	size_t i;

	q->x.whole = g->whole && g->nbin > 0;
	q->y.whole = g->nbin > 0;
	for (i = 0; i < g->nbin; i++) {
		axis_take(&q->x, g->bin[i].low - shift(g));
		axis_take(&q->x, g->bin[i].high - shift(g));
		if (!plot_log || g->bin[i].n > 0)
			axis_take(&q->y, g->bin[i].n);
		q->y.whole &= g->bin[i].n == rint(g->bin[i].n);
	}
	if (g->whole && g->nbin == 1) {
		axis_take(&q->x, g->bin[0].low - 2);
		axis_take(&q->x, g->bin[0].low + 2);
	}
}

/* Bars stand on 0, or, where there is none, on half of the least count. */
static void
settle(struct panel *q)
{
	axis_settle(&q->x, 0.02);
	q->y.log = plot_log;
	if (q->y.used)
		axis_take(&q->y, plot_log ? q->y.low / 2 : 0);
	axis_settle(&q->y, 0.05);
	if (!isnan(plot_range[0])) {
		q->y.low = plot_range[0];
		q->y.high = plot_range[1];
	}
}

static void
set_panel(struct panel *q, const struct bars *g, bool many)
{
	const struct bin *only = many ? only_bin(g) : NULL;
	bool numbers = (many || plot_is_text()) && !only;

	take_bars(q, g);
	q->empty = g->stats.n == 0 || g->nbin == 0;
	if (q->empty)
		return;
	if (only)
		q->says = say_only(g, only);
	q->note.flat = note_of(g, ", ", numbers);
	q->note.folded = note_of(g, ",\n", numbers);
}

/* How the moments are drawn: lines at mean and median, and a band of one
 * deviation to both sides of the mean. */
static struct key_entry
entry_of(size_t k)
{
	return (struct key_entry){
		.text = moments[k],
		.look = {.colour = k == MEDIAN ? 0x000000 : 0xd55e00,
			 .dash = k == MEDIAN},
		.line = k != SD,
		.band = k == SD,
	};
}

/* Where a moment is drawn from and to; NaN if it is not. */
static void
reach(const struct bars *g, size_t k, double at[2])
{
	double sd = k == SD ? g->moment[SD] : 0;
	double middle = k == SD ? g->moment[MEAN] : g->moment[k];

	at[0] = middle - sd;
	at[1] = middle + sd;
}

static void
put_data(struct plot *p, const struct panel *q, const struct bars *g)
{
	double at[2];
	size_t i, k;

	plot_say(p, "$bins << EOD\n");
	for (i = 0; i < g->nbin; i++) {
		if (g->bin[i].n == 0)
			continue;
		plot_num(p, g->bin[i].low - shift(g));
		plot_say(p, " ");
		plot_num(p, g->bin[i].high - shift(g));
		plot_say(p, " ");
		plot_num(p, g->bin[i].n);
		plot_say(p, "\n");
	}
	plot_say(p, "EOD\n");
	for (k = 0; k < MOMENTS && !plot_is_text(); k++) {
		reach(g, k, at);
		plot_say(p, "$%s << EOD\n", moments[k]);
		if (!isnan(at[0])) {
			plot_point(p, at[0], q->y.low);
			plot_point(p, at[1], q->y.high);
		}
		plot_say(p, "EOD\n");
	}
}

/* Says the plot command for a line, or the band, which is below the bars. */
static void
say_moment(struct plot *p, const struct panel *q, const struct bars *g,
	   size_t k, bool thin)
{
	struct key_entry e = entry_of(k);
	double at[2];

	reach(g, k, at);
	if (isnan(at[0]) || plot_is_text())
		return;
	if (k != SD) {
		plot_say(p, ", $%s with lines ", moments[k]);
		plot_say(p,
			 "linewidth %g linecolor rgb \"#%06x\" dashtype %s "
			 "notitle",
			 thin ? 0.7 : 1.5, (unsigned)e.look.colour,
			 k == MEDIAN ? "(6,3)" : "solid");
		return;
	}
	plot_say(p, "$sd using 1:(");
	plot_num(p, q->y.high);
	plot_say(p, ") with filledcurves y1=");
	plot_num(p, q->y.low);
	plot_say(p,
		 " fillstyle transparent solid 0.25 noborder fillcolor rgb "
		 "\"#%06x\" notitle, ",
		 (unsigned)e.look.colour);
}

static double
widest_bar(const struct bars *g)
{
	double widest = 0;
	size_t i;

	for (i = 0; i < g->nbin; i++)
		widest = fmax(widest, g->bin[i].high - g->bin[i].low);
	return widest;
}

static void
put_bars(struct plot *p, const struct panels *f, const struct bars *g, size_t k)
{
	const struct panel *q = &f->panel[k];
	uint32_t colour =
		plot_has_palette() ? plot_stroke(1, 3) : plot_group(0);
	double range = q->x.high - q->x.low;
	bool thin = f->area_width < SMALL;

	put_data(p, q, g);
	panel_begin(f, p, k);
	plot_say(p, "plot ");
	say_moment(p, q, g, SD, thin);
	plot_say(p, "$bins using (($1+$2)/2):3:1:2:(");
	plot_num(p, plot_log ? q->y.low : 0);
	plot_say(p, "):3 with boxxyerror ");
	if (plot_is_text())
		plot_say(p, "fillstyle empty border linetype 1 notitle");
	else
		plot_say(p,
			 "fillstyle solid 1 %s fillcolor rgb \"#%06x\" "
			 "notitle",
			 widest_bar(g) / range * f->area_width < 7
				 ? "noborder"
				 : "border linecolor \"#ffffff\"",
			 (unsigned)colour);
	say_moment(p, q, g, MEAN, thin);
	say_moment(p, q, g, MEDIAN, thin);
	plot_say(p, "\n");
}

/* The key has the numbers of a single panel; those of many stand above each. */
static void
set_key(struct key_table *k, const struct picture *t)
{
	size_t i, m;

	for (m = 0; m < MOMENTS && !plot_is_text(); m++) {
		struct key_entry e = entry_of(m);

		for (i = 0; i < t->n && !t->group[i].text[m]; i++)
			;
		if (i == t->n)
			continue;
		if (t->n == 1)
			e.text = t->group[0].text[m];
		key_add(k, &e);
	}
}

/* What the first panel has in its frame. */
static void
take_frame(const struct panel *q, const struct bars *g, struct vacant *v)
{
	double at[2];
	size_t i, k;

	for (i = 0; i < g->nbin; i++)
		vacant_box(
			v,
			(double[]){axis_place(&q->x, g->bin[i].low - shift(g)),
				   0},
			(double[]){axis_place(&q->x, g->bin[i].high - shift(g)),
				   axis_place(&q->y, g->bin[i].n)});
	for (k = 0; k < MOMENTS; k++) {
		reach(g, k, at);
		if (!isnan(at[0]))
			vacant_box(v, (double[]){axis_place(&q->x, at[0]), 0},
				   (double[]){axis_place(&q->x, at[1]), 1});
	}
}

static void
set_panels(struct panels *f, struct picture *t)
{
	int places = find_places(t);
	size_t i;

	for (i = 0; i < t->n; i++) {
		write_moments(&t->group[i], places);
		set_panel(panels_add(f), &t->group[i], t->n > 1);
	}
	for (i = 0; i < t->n; i++)
		settle(&f->panel[i]);
	if (plot_share && t->n > 1)
		panels_share(f);
	panels_set_titles(f, &t->split);
	set_key(&f->key, t);
}

static void
draw(struct picture *t)
{
	struct vacant v = {0};
	struct panels f = {.xlabel = plot_xlabel ? plot_xlabel : t->xlabel,
			   .ylabel = plot_ylabel ? plot_ylabel : t->ylabel,
			   .vacant = &v};
	struct plot p;
	size_t i;

	set_panels(&f, t);
	take_frame(&f.panel[0], &t->group[0], &v);
	panels_open(&f, &p);
	for (i = 0; i < t->n; i++) {
		if (!f.panel[i].empty && !f.panel[i].says) {
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
	size_t i, k;

	for (i = 0; i < t->n; i++) {
		for (k = 0; k < MOMENTS; k++)
			free(t->group[i].text[k]);
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

/* Panels with the same axes have the same bins. */
static void
bin_panels(struct picture *t)
{
	struct stats all = {.most = BINS_SAMPLE};
	size_t i, k;

	for (i = 0; i < t->n && plot_share; i++)
		for (k = 0; k < t->group[i].n; k++)
			stats_add(&all, t->group[i].value[k]);
	stats_finish(&all);
	for (i = 0; i < t->n; i++)
		bin_values(&t->group[i], &all);
	free(all.sample);
}

int
main(int argc, char **argv)
{
	struct picture t = {0};
	size_t i;

	argv = start(argc, argv, &tool);
	plot_start(PLOT_GNUPLOT);
	if (bins_text)
		asked = bins_parse("bins", bins_text);
	read_table(&t, argv[0]);
	if (t.n == 0) {
		t.group = grow(t.group, &t.cap, 1, sizeof *t.group);
		t.n = 1;
		t.split.n = 0;
	}
	if (values_name)
		bin_panels(&t);
	for (i = 0; i < t.n && !values_name; i++)
		take_bins(&t, &t.group[i]);
	draw(&t);
	free_table(&t);
	return WORKED;
}
