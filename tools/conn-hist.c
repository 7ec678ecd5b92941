/* conn-hist -- write histograms of degrees, or of an attribute of edges
 *
 * Degrees are counted in one pass, and are then there to be cut into bins.
 * Attributes are not: there are as many as edges.  Unless --bins says where the
 * bins are, a first pass measures the values and a second one counts them. */
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network/edges.h"
#include "network/pairs.h"
#include "network/tally.h"
#include "out.h"

#define UNIT_BINS 50   /* integers that get a bin each */
#define MOST_BINS 1000 /* that are made without being asked for */
#define BINS_LIMIT 1000000
#define SAMPLE ((size_t)4096) /* values the quartiles are taken from */

static const char *direction_name, *value, *bins_text;
static struct opt_list chosen[2];
static bool nonzero, summary, verbose;

static const struct opt opts[] = {
	OPT_TABLE(edge_opts),
	OPT_TABLE(edge_all_opts),
	OPT_LIST(0, "source", "group", &chosen[SOURCE],
		 "sources of this group only (repeatable)"),
	OPT_LIST(0, "target", "group", &chosen[TARGET],
		 "targets of this group only (repeatable)"),
	OPT_STR(0, "direction", "direction", &direction_name,
		"count what comes in to targets or goes out of sources (in)"),
	OPT_TABLE(tally_opts),
	OPT_FLAG(0, "nonzero", &nonzero, "leave cells without any out"),
	OPT_STR(0, "value", "attribute", &value,
		"count edges by this attribute rather than cells by degree"),
	OPT_STR(0, "bins", "bins", &bins_text,
		"low:high:width, or how many bins"),
	OPT_FLAG(0, "summary", &summary,
		 "write statistics rather than histograms"),
	OPT_FLAG('v', "verbose", &verbose,
		 "say the statistics on standard error"),
	OPT_TABLE(edge_gap_opts),
	OPT_TABLE(pair_opts),
	OPT_TABLE(out_opts),
	OPT_NOT_WITH("value", "unit direction nonzero"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "write histograms of degrees, or of an attribute of edges",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* ---- Bins ---- */

/* Equal bins of [low, high), the last of which is closed. */
struct bins {
	double low, high;
	size_t n;
};

/* What --bins says: all of it, only their number, or nothing. */
static struct bins asked;
static enum { AUTOMATIC, NUMBER, FIXED } how;

/* Rounded once only, so that bins of 0.1 begin at 0.3 and not beyond. */
static double
edge(const struct bins *b, size_t k)
{
	return k == b->n
		       ? b->high
		       : b->low + (b->high - b->low) * (double)k / (double)b->n;
}

/* The bin of a value, or b->n if it has none. */
static size_t
bin_of(const struct bins *b, double v)
{
	double at;
	size_t k;

	if (!(v >= b->low && v <= b->high))
		return b->n;
	at = (v - b->low) / (b->high - b->low) * (double)b->n;
	k = at < (double)b->n ? (size_t)at : b->n - 1; /* NaN, too */
	while (k > 0 && v < edge(b, k))
		k--;
	while (k + 1 < b->n && v >= edge(b, k + 1))
		k++;
	return k;
}

static void
check_number(double n)
{
	if (!(n >= 1 && n <= BINS_LIMIT && n == floor(n)))
		misuse("--bins: not from 1 to %d bins: '%s'", BINS_LIMIT,
		       bins_text);
}

static void
parse_bins(void)
{
	char *s = copy(bins_text), *rest = s;
	double v[3] = {0}, n;
	size_t k = 0;

	for (; rest; k++)
		if (k == LEN(v) || !parse_num(strsep(&rest, ":"), &v[k]))
			misuse("--bins: neither LOW:HIGH:WIDTH nor a number: "
			       "'%s'",
			       bins_text);
	free(s);
	if (k == 1) {
		check_number(v[0]);
		how = NUMBER;
		asked.n = (size_t)v[0];
		return;
	}
	if (k != LEN(v) || !(v[0] < v[1]) || !(v[2] > 0) ||
	    !isfinite((v[1] - v[0]) * BINS_LIMIT))
		misuse("--bins: not LOW:HIGH:WIDTH, from low to high: '%s'",
		       bins_text);
	n = round((v[1] - v[0]) / v[2]);
	if (!(fabs(n * v[2] - (v[1] - v[0])) <= 1e-9 * (v[1] - v[0])))
		misuse("--bins: the width is no whole part of the range: '%s'",
		       bins_text);
	check_number(n);
	how = FIXED;
	asked = (struct bins){v[0], v[1], (size_t)n};
}

/* ---- Statistics ---- */

struct numbers {
	uint64_t n, missing;
	double mean, sd, min, max, median; /* NaN: there is none */
	bool fraction;                     /* is one not a whole number? */

	/* Every stride-th of them, for the quartiles. */
	double *sample;
	size_t nsample, msample;
	uint64_t stride;

	/* While they are added: their sum, what rounding has lost of it, the
	 * mean so far, and the squared deviations from that. */
	double sum, lost, middle, squares;
};

/* When there is no room left every other value goes, so that those that stay
 * are still evenly spread over all of them, and always the same. */
static void
sample(struct numbers *s, double v)
{
	size_t i;

	if (s->stride == 0)
		s->stride = 1;
	if ((s->n - 1) % s->stride != 0)
		return;
	if (s->nsample == SAMPLE) {
		for (i = 0; i < SAMPLE / 2; i++)
			s->sample[i] = s->sample[2 * i];
		s->nsample = SAMPLE / 2;
		s->stride *= 2;
	}
	s->sample =
		grow(s->sample, &s->msample, s->nsample + 1, sizeof *s->sample);
	s->sample[s->nsample++] = v;
}

/* The sum as A. Neumaier has it, Z. angew. Math. Mech. 54:39 (1974), the
 * squares as B. P. Welford has them, Technometrics 4:419 (1962). */
static void
sum_up(struct numbers *s, double v)
{
	double sum = s->sum + v, off = v - s->middle;

	if (fabs(s->sum) >= fabs(v))
		s->lost += (s->sum - sum) + v;
	else
		s->lost += (v - sum) + s->sum;
	s->sum = sum;
	s->middle += off / (double)s->n;
	s->squares += off * (v - s->middle);
}

static void
add_number(struct numbers *s, double v)
{
	if (!isfinite(v)) {
		s->missing++;
		return;
	}
	s->n++;
	sum_up(s, v);
	s->min = s->n == 1 ? v : fmin(s->min, v);
	s->max = s->n == 1 ? v : fmax(s->max, v);
	s->fraction = s->fraction || v != floor(v);
	if (how == AUTOMATIC && !summary)
		sample(s, v);
}

static void
finish_numbers(struct numbers *s)
{
	double n = (double)s->n;

	s->mean = (s->sum + s->lost) / n; /* NaN where there is none */
	s->sd = s->n > 1 ? sqrt(s->squares / (n - 1)) : NAN;
	if (s->n == 0)
		s->min = s->max = NAN;
}

/* Of degrees all are there, so that the quartiles are exact. */
static struct numbers
numbers_of(uint32_t *degree, size_t n)
{
	struct tally_spread of = tally_spread_of(degree, n);
	struct numbers s = {.n = n,
			    .mean = of.mean,
			    .sd = of.sd,
			    .min = of.min,
			    .max = of.max,
			    .median = of.median,
			    .sample = zeros(n, sizeof *s.sample),
			    .nsample = n};
	size_t i;

	for (i = 0; i < n; i++)
		s.sample[i] = degree[i];
	return s;
}

/* Freedman and Diaconis, Z. Wahrscheinlichkeitstheorie 57:453 (1981); Sturges'
 * rule where half of the values are the same.  Those of integers are integers,
 * as there would else be more of them in some bins than in others. */
static struct bins
make_bins(struct numbers *s)
{
	double range = s->max - s->min, high = s->max, width;

	gsl_sort(s->sample, 1, s->nsample);
	width = 2 / cbrt((double)s->n) *
		(gsl_stats_quantile_from_sorted_data(s->sample, 1, s->nsample,
						     0.75) -
		 gsl_stats_quantile_from_sorted_data(s->sample, 1, s->nsample,
						     0.25));
	if (!(width > 0))
		width = range / (ceil(log2((double)s->n)) + 1);
	width = fmax(width, range / MOST_BINS);
	if (!s->fraction) {
		width = fmax(1, round(width));
		range = (floor(range / width) + 1) * width;
		high = s->min + range;
	}
	return (struct bins){s->min, high, (size_t)ceil(range / width)};
}

static struct bins
choose_bins(struct numbers *s)
{
	double range = s->max - s->min;

	if (how == FIXED)
		return asked;
	if (s->n == 0)
		return (struct bins){0};
	if (!isfinite(range * BINS_LIMIT))
		die("values from %g to %g are too far apart for bins", s->min,
		    s->max);
	if (how == NUMBER)
		return range > 0 ? (struct bins){s->min, s->max, asked.n}
				 : (struct bins){s->min - 0.5, s->max + 0.5,
						 asked.n};
	if (!s->fraction && range < UNIT_BINS)
		return (struct bins){s->min, s->max + 1, (size_t)range + 1};
	if (range == 0)
		return (struct bins){s->min - 0.5, s->max + 0.5, 1};
	return make_bins(s);
}

/* Of one group of sources and one of targets. */
struct histogram {
	struct numbers numbers;
	struct bins bins;
	uint64_t *count; /* NULL: nothing has been counted */
	uint64_t outside;
};

static void
count_number(struct histogram *h, double v)
{
	size_t k;

	if (!isfinite(v))
		return;
	if (!h->count)
		h->count = zeros(h->bins.n, sizeof *h->count);
	k = bin_of(&h->bins, v);
	if (k == h->bins.n)
		h->outside++;
	else
		h->count[k]++;
}

static void
free_histogram(struct histogram *h)
{
	free(h->numbers.sample);
	free(h->count);
}

/* ---- Output ---- */

struct writing {
	const struct edges *edges;
	struct edge_labels *labels;
	const struct edge_pathway *way;
	uint32_t a, b;
	uint64_t outside, missing; /* of all that has been written */
};

static const char *
source_label(const struct writing *w)
{
	return edges_label(w->labels, w->way->source, SOURCE, w->a);
}

static const char *
target_label(const struct writing *w)
{
	return edges_label(w->labels, w->way->target, TARGET, w->b);
}

static void
write_header(void)
{
	if (summary)
		out_header("source", "target", "count", "mean", "sd", "min",
			   "max", "missing");
	else
		out_header("source", "target", "bin_low", "bin_high",
			   value ? "edges" : "cells");
}

static void
write_summary(const struct numbers *s)
{
	out_int((int64_t)s->n);
	out_real(s->mean);
	out_real(s->sd);
	out_real(s->min);
	out_real(s->max);
	out_int((int64_t)s->missing);
	out_end();
}

static void
write_bins(const struct writing *w, const struct histogram *h)
{
	size_t k;

	for (k = 0; k < h->bins.n; k++) {
		out_text(source_label(w));
		out_text(target_label(w));
		out_num(edge(&h->bins, k));
		out_num(edge(&h->bins, k + 1));
		out_int(h->count ? (int64_t)h->count[k] : 0);
		out_end();
	}
}

static void
say(const struct writing *w, const struct numbers *s)
{
	const char *from = source_label(w), *to = target_label(w);
	unsigned long long n = s->n, missing = s->missing;

	if (value)
		warn("%s to %s: %llu edges, mean %g, sd %g, min %g, max %g, "
		     "%llu missing",
		     from, to, n, s->mean, s->sd, s->min, s->max, missing);
	else
		warn("%s to %s: %llu cells, mean %g, sd %g, median %g", from,
		     to, n, s->mean, s->sd, s->median);
}

static void
write_histogram(struct writing *w, const struct histogram *h)
{
	if (verbose)
		say(w, &h->numbers);
	if (!summary) {
		write_bins(w, h);
		w->outside += h->outside;
		w->missing += h->numbers.missing;
		return;
	}
	out_text(source_label(w));
	out_text(target_label(w));
	write_summary(&h->numbers);
}

/* What the histograms do not show. */
static void
say_lost(const struct writing *w)
{
	if (w->outside > 0)
		warn("%s in no bin: %llu", value ? "edges" : "cells",
		     (unsigned long long)w->outside);
	if (w->missing > 0)
		warn("edges without a value: %llu",
		     (unsigned long long)w->missing);
}

/* ---- Groups ---- */

static bool
is_chosen(enum cells_side side, const char *label)
{
	size_t i;

	for (i = 0; i < chosen[side].n; i++)
		if (!strcmp(chosen[side].item[i], label))
			return true;
	return chosen[side].n == 0;
}

/* The groups there are, for a message; NULL if this one is among them. */
static char *
list_groups(const struct writing *w, enum cells_side side, const char *name)
{
	const struct cells *c = &w->edges->cells;
	char *text = copy(""), *more;
	uint32_t p, g;

	for (p = 0; p < c->n; p++)
		for (g = 0; tally_is_end(w->edges, p, side) &&
			    g < c->population[p].label[side].n;
		     g++) {
			const char *s = edges_label(w->labels, p, side, g);

			if (!strcmp(s, name)) {
				free(text);
				return NULL;
			}
			more = format("%s%s%s", text, *text ? ", " : "", s);
			free(text);
			text = more;
		}
	return text;
}

static void
check_chosen(const struct writing *w)
{
	static const char *const end[] = {"source", "target"};
	enum cells_side side;
	size_t i;

	for (side = SOURCE; side <= TARGET; side++)
		for (i = 0; i < chosen[side].n; i++) {
			char *there =
				list_groups(w, side, chosen[side].item[i]);

			if (there)
				die("no %s group '%s': there are %s", end[side],
				    chosen[side].item[i],
				    *there ? there : "none");
		}
}

static void
start_writing(struct writing *w, const struct edges *e)
{
	w->edges = e;
	w->labels = edges_labels(e);
	check_chosen(w);
}

/* Whether the pathways of a source are known before its edges: not those of a
 * table.  If they are, what was asked for can be looked at before the work. */
static void
check_early(const struct edges *e, bool table)
{
	struct writing w = {0};

	if (table)
		return;
	start_writing(&w, e);
	edges_free_labels(w.labels);
}

/* Call f for each pair of groups that is to be written, in order. */
static void
each_pair(struct writing *w, void *arg,
	  void (*f)(struct writing *w, void *arg, size_t pathway))
{
	uint32_t *order = edges_sort_pathways(w->edges);
	const struct cells_population *p = w->edges->cells.population;
	size_t k;

	for (k = 0; k < w->edges->npathways; k++) {
		w->way = &w->edges->pathway[order[k]];
		for (w->a = 0; w->a < p[w->way->source].label[SOURCE].n; w->a++)
			for (w->b = 0; w->b < p[w->way->target].label[TARGET].n;
			     w->b++)
				if (is_chosen(SOURCE, source_label(w)) &&
				    is_chosen(TARGET, target_label(w)))
					f(w, arg, order[k]);
	}
	free(order);
}

/* ---- Degrees ---- */

struct degrees {
	struct edges *edges;
	struct pairs *pairs;
	enum tally_unit unit;
	enum cells_side side; /* of the cells whose degrees they are */
	struct tally **tally; /* by pathway */
	size_t n, cap;
	uint32_t *scratch;
};

static void
follow_pathways(struct degrees *d)
{
	const struct cells_population *p = d->edges->cells.population;

	d->tally = grow(d->tally, &d->cap, d->edges->npathways,
			sizeof(struct tally *));
	for (; d->n < d->edges->npathways; d->n++) {
		const struct edge_pathway *way = &d->edges->pathway[d->n];

		d->tally[d->n] =
			tally_new(&p[way->source], &p[way->target], d->unit);
	}
}

static void
count_degrees(struct degrees *d)
{
	struct pair_connection way[2];
	struct edge_batch b;
	struct pair p;
	size_t n, i;

	follow_pathways(d);
	while (edges_next(d->edges, &b)) {
		follow_pathways(d);
		if (d->pairs)
			pairs_batch(d->pairs, &b);
		else
			tally_batch(d->tally[b.pathway], &b);
	}
	while (d->pairs && pairs_next(d->pairs, &p)) {
		n = pair_connections(d->pairs, &p, way);
		for (i = 0; i < n; i++)
			tally_connection(d->tally[way[i].pathway],
					 way[i].source, way[i].target);
	}
	for (i = 0; i < d->n; i++)
		tally_finish(d->tally[i]);
}

/* The degrees of one pair of groups; how many there are. */
static size_t
gather_degrees(const struct degrees *d, const struct writing *w, size_t pathway)
{
	const struct tally *t = d->tally[pathway];
	size_t n, i, kept = 0;

	if (d->side == TARGET)
		n = tally_gather(t->in + w->a, t->na,
				 &t->target->member[TARGET], w->b, d->scratch);
	else
		n = tally_gather(t->out + w->b, t->nb,
				 &t->source->member[SOURCE], w->a, d->scratch);
	for (i = 0; nonzero && i < n; i++)
		if (d->scratch[i] > 0)
			d->scratch[kept++] = d->scratch[i];
	return nonzero ? kept : n;
}

static void
write_degrees(struct writing *w, void *arg, size_t pathway)
{
	const struct degrees *d = arg;
	size_t n = gather_degrees(d, w, pathway), i;
	struct histogram h = {.numbers = numbers_of(d->scratch, n)};

	if (!summary)
		h.bins = choose_bins(&h.numbers);
	for (i = 0; !summary && i < n; i++)
		count_number(&h, d->scratch[i]);
	write_histogram(w, &h);
	free_histogram(&h);
}

/* By the side of the cells whose degrees they are. */
static const char *const directions[] = {
	[SOURCE] = "out", [TARGET] = "in", NULL};

static void
degree_histograms(const char *operand, bool table)
{
	struct degrees d = {0};
	struct writing w = {0};
	struct edge_needs needs = {.gap = true};
	size_t k;

	d.unit = tally_unit();
	d.side = (enum cells_side)opt_choice(
		"direction", direction_name ? direction_name : "in",
		directions);
	needs.synapses = d.unit != UNIT_ROWS;
	d.edges = edges_open(operand, needs);
	check_early(d.edges, table);
	if (d.unit == UNIT_CONNECTIONS)
		d.pairs = pairs_new(d.edges, false);
	count_degrees(&d);
	d.scratch = zeros(d.edges->cells.total, sizeof *d.scratch);
	start_writing(&w, d.edges);
	write_header();
	each_pair(&w, &d, write_degrees);
	say_lost(&w);
	edges_free_labels(w.labels);
	if (d.pairs)
		pairs_free(d.pairs);
	for (k = 0; k < d.n; k++)
		tally_free(d.tally[k]);
	free(d.tally);
	free(d.scratch);
	edges_close(d.edges);
}

/* ---- Attributes ---- */

/* Of one pathway, by [a * nb + b]. */
struct field {
	struct histogram *h;
	size_t na, nb;
};

struct values {
	struct edges *edges;
	struct field *field;
	size_t n, cap;
};

static void
follow_fields(struct values *v)
{
	const struct cells_population *p = v->edges->cells.population;
	size_t i;

	v->field =
		grow(v->field, &v->cap, v->edges->npathways, sizeof *v->field);
	for (; v->n < v->edges->npathways; v->n++) {
		const struct edge_pathway *way = &v->edges->pathway[v->n];
		struct field *f = &v->field[v->n];

		f->na = p[way->source].label[SOURCE].n;
		f->nb = p[way->target].label[TARGET].n;
		f->h = zeros(f->na * f->nb, sizeof *f->h);
		for (i = 0; i < f->na * f->nb; i++)
			f->h[i].bins = asked;
	}
}

static void
take_batch(struct values *v, const struct edge_batch *b, bool measure,
	   bool count)
{
	const struct edge_pathway *way = &v->edges->pathway[b->pathway];
	const struct cells_population *from =
		&v->edges->cells.population[way->source];
	const struct cells_population *to =
		&v->edges->cells.population[way->target];
	struct field *f = &v->field[b->pathway];
	size_t i;

	for (i = 0; i < b->n; i++) {
		struct histogram *h =
			&f->h[from->group[SOURCE][b->source[i]] * f->nb +
			      to->group[TARGET][b->target[i]]];

		if (b->apart && b->apart[i])
			continue;
		if (measure)
			add_number(&h->numbers, b->number[i]);
		if (count)
			count_number(h, b->number[i]);
	}
}

static void
pass(struct values *v, bool measure, bool count)
{
	struct edge_batch b;

	follow_fields(v);
	while (edges_next(v->edges, &b)) {
		follow_fields(v);
		take_batch(v, &b, measure, count);
	}
}

static void
finish_values(struct values *v)
{
	size_t k, i;

	for (k = 0; k < v->n; k++)
		for (i = 0; i < v->field[k].na * v->field[k].nb; i++) {
			struct histogram *h = &v->field[k].h[i];

			finish_numbers(&h->numbers);
			if (!summary)
				h->bins = choose_bins(&h->numbers);
		}
}

/* Open the files again, which had better be the same. */
static void
start_over(struct values *v, const char *operand, struct edge_needs needs)
{
	const struct cells_population *p;
	size_t k;

	edges_close(v->edges);
	v->edges = edges_open(operand, needs);
	p = v->edges->cells.population;
	for (k = 0; k < v->n; k++) {
		const struct edge_pathway *way = &v->edges->pathway[k];

		if (v->n != v->edges->npathways ||
		    v->field[k].na != p[way->source].label[SOURCE].n ||
		    v->field[k].nb != p[way->target].label[TARGET].n)
			die("%s: changed while it was read", operand);
	}
}

static void
write_values(struct writing *w, void *arg, size_t pathway)
{
	const struct values *v = arg;
	const struct field *f = &v->field[pathway];

	write_histogram(w, &f->h[w->a * f->nb + w->b]);
}

static void
free_fields(struct values *v)
{
	size_t k, i;

	for (k = 0; k < v->n; k++) {
		for (i = 0; i < v->field[k].na * v->field[k].nb; i++)
			free_histogram(&v->field[k].h[i]);
		free(v->field[k].h);
	}
	free(v->field);
}

static void
value_histograms(const char *operand, bool table)
{
	struct edge_needs needs = {.gap = true, .number = value};
	struct values v = {0};
	struct writing w = {0};

	v.edges = edges_open(operand, needs);
	check_early(v.edges, table);
	pass(&v, true, !summary && how == FIXED);
	finish_values(&v);
	if (!summary && how != FIXED) {
		start_over(&v, operand, needs);
		pass(&v, false, true);
	}
	start_writing(&w, v.edges);
	write_header();
	each_pair(&w, &v, write_values);
	say_lost(&w);
	edges_free_labels(w.labels);
	free_fields(&v);
	edges_close(v.edges);
}

static void
check_options(bool table)
{
	if (bins_text)
		parse_bins();
	if (bins_text && summary)
		misuse("--bins: not with --summary, which has none");
	if (!value)
		return;
	if (table && !summary && how != FIXED)
		misuse("--bins: LOW:HIGH:WIDTH is needed with --value and an "
		       "edge table, which is read only once");
}

int
main(int argc, char **argv)
{
	bool table;

	argv = start(argc, argv, &tool);
	table = !argv[0] || !strcmp(argv[0], "-") ||
		!sonata_is_network(argv[0]);
	check_options(table);
	if (value)
		value_histograms(argv[0], table);
	else
		degree_histograms(argv[0], table);
	return WORKED;
}
