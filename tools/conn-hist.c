/* conn-hist -- write histograms of degrees, or of an attribute of edges
 *
 * Degrees are counted in one pass, and fit into memory until they are put into
 * bins.  Attributes do not, as each edge has one.  Unless --bins says where the
 * bins are, a first pass measures the values and a second one counts them. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure/bins.h"
#include "measure/exact.h"
#include "measure/stats.h"
#include "network/edges.h"
#include "network/netpart.h"
#include "network/pairs.h"
#include "network/tally.h"
#include "out.h"
#include "sonata/sonata.h"
#include "sonata/spill.h"

static const char *value, *bins_text;
static unsigned counted = TARGET; /* enum cells_side: that of the degrees */
static struct opt_list chosen[2];
static bool nonzero, summary, verbose;

static const struct opt opts[] = {
	OPT_TABLE(edge_opts),
	OPT_TABLE(edge_all_opts),
	OPT_LIST(0, "source", "group", &chosen[SOURCE],
		 "sources of this group only (repeatable)"),
	OPT_LIST(0, "target", "group", &chosen[TARGET],
		 "targets of this group only (repeatable)"),
	OPT_WORD(0, "direction", "direction", &counted, "out|in",
		 "count what goes out or comes in"),
	OPT_TABLE(tally_opts),
	OPT_FLAG(0, "nonzero", &nonzero, "leave cells without any out"),
	OPT_STR(0, "value", "attribute", &value,
		"count edges by this attribute, not cells by degree"),
	OPT_STR(0, "bins", "bins", &bins_text,
		"low:high:width, edges 0,1,5,... or how many"),
	OPT_FLAG(0, "summary", &summary,
		 "write statistics rather than histograms"),
	OPT_FLAG('v', "verbose", &verbose,
		 "say the statistics on standard error"),
	OPT_TABLE(edge_gap_opts),
	OPT_TABLE(part_opts),
	OPT_TABLE(spill_opts_32M),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("bins summary"),
	OPT_NOT_WITH("value", "unit direction nonzero"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "write histograms of degrees, or of an attribute of edges",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* --bins: where the bins are, only their number, or nothing. */
static struct bins asked;

/* ---- Histograms ---- */

/* From one group of sources to one of targets. */
struct histogram {
	struct stats stats;
	double median; /* NaN: it is not known */
	struct bins bins;
	uint64_t *count;    /* NULL: nothing has been counted */
	struct exact exact; /* of values */
	uint64_t outside, missing;
};

/* A sample chooses the bins; of values, one that has all gives the median. */
static struct histogram
new_histogram(void)
{
	bool sampled = !summary && (value || asked.n == 0);

	return (struct histogram){.bins = asked,
				  .stats.most = sampled ? BINS_SAMPLE : 0};
}

static void
choose_bins(struct histogram *h)
{
	if (!summary)
		h->bins = bins_choose(&asked, &h->stats);
}

static void
count_number(struct histogram *h, double v, uint32_t times)
{
	size_t k;

	if (!isfinite(v))
		return;
	if (!h->count)
		h->count = zeros(h->bins.n, sizeof *h->count);
	k = bins_find(&h->bins, v);
	if (k == h->bins.n)
		h->outside += times;
	else
		h->count[k] += times;
}

static void
see_number(struct histogram *h, double v, uint32_t times)
{
	if (!isfinite(v)) {
		h->missing += times;
		return;
	}
	stats_see(&h->stats, v, times);
	exact_add(&h->exact, v, times);
}

static void
free_histogram(struct histogram *h)
{
	free(h->stats.sample);
	free(h->count);
	exact_free(&h->exact);
}

/* ---- Output ---- */

struct hist_output {
	const struct edges *edges;
	struct edge_labels *labels;
	const struct edge_pathway *way;
	uint32_t a, b;
	uint64_t outside, missing; /* in all histograms so far */
};

static const char *
source_label(const struct hist_output *w)
{
	return edges_label(w->labels, w->way->source, SOURCE, w->a);
}

static const char *
target_label(const struct hist_output *w)
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
			   value ? "edges" : "cells", "mean", "sd", "median");
}

static void
write_summary(const struct histogram *h)
{
	out_int((int64_t)h->stats.n);
	out_real(h->stats.mean);
	out_real(h->stats.sd);
	out_real(h->stats.min);
	out_real(h->stats.max);
	out_int((int64_t)h->missing);
	out_end();
}

static void
write_bins(const struct hist_output *w, const struct histogram *h)
{
	size_t k;

	for (k = 0; k < h->bins.n; k++) {
		out_text(source_label(w));
		out_text(target_label(w));
		out_num(bins_edge(&h->bins, k));
		out_num(bins_edge(&h->bins, k + 1));
		out_int(h->count ? (int64_t)h->count[k] : 0);
		out_real(h->stats.mean);
		out_real(h->stats.sd);
		out_real(h->median);
		out_end();
	}
}

static void
say(const struct hist_output *w, const struct histogram *h)
{
	const char *from = source_label(w), *to = target_label(w);
	unsigned long long n = (uint64_t)h->stats.n, missing = h->missing;
	const struct stats *s = &h->stats;

	if (value)
		warn("%s to %s: %llu edges, mean %g, sd %g, min %g, max %g, "
		     "%llu missing",
		     from, to, n, s->mean, s->sd, s->min, s->max, missing);
	else
		warn("%s to %s: %llu cells, mean %g, sd %g, median %g", from,
		     to, n, s->mean, s->sd, h->median);
}

static void
write_histogram(struct hist_output *w, const struct histogram *h)
{
	if (verbose)
		say(w, h);
	if (!summary) {
		write_bins(w, h);
		w->outside += h->outside;
		w->missing += h->missing;
		return;
	}
	out_text(source_label(w));
	out_text(target_label(w));
	write_summary(h);
}

/* Report what the histograms do not show. */
static void
say_lost(const struct hist_output *w)
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

/* A list of the groups, for a message; NULL if this one is among them. */
static char *
list_groups(const struct hist_output *w, enum cells_side side, const char *name)
{
	const struct cells *c = &w->edges->cells;
	char *text = NULL;
	uint32_t p, g;

	for (p = 0; p < c->n; p++)
		for (g = 0; edges_is_end(w->edges, p, side) &&
			    g < c->population[p].label[side].n;
		     g++) {
			const char *s = edges_label(w->labels, p, side, g);

			if (!strcmp(s, name)) {
				free(text);
				return NULL;
			}
			text = join(text, s);
		}
	return text ? text : copy("none");
}

static void
check_chosen(const struct hist_output *w)
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
				    chosen[side].item[i], there);
		}
}

static void
start_writing(struct hist_output *w, const struct edges *e)
{
	w->edges = e;
	w->labels = edges_labels(e);
	check_chosen(w);
}

/* The pathways of files are known before their edges are read, so that a wrong
 * group is reported before the work; those of a table are not. */
static void
check_early(const struct edges *e, bool table)
{
	struct hist_output w = {0};

	if (table)
		return;
	start_writing(&w, e);
	edges_free_labels(w.labels);
}

/* Call f for each pair of groups that is to be written, in order. */
static void
each_pair(struct hist_output *w, void *arg,
	  void (*f)(struct hist_output *w, void *arg, size_t pathway))
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
	struct tally **tally; /* by pathway */
	size_t n, cap;
	uint32_t *scratch;
};

/* What a part has. */
static void
keep_degrees(const struct degrees *d, uint32_t pathway)
{
	const struct tally *t = d->tally[pathway];
	const char *of = netpart_of(d->edges, pathway);

	if (t->in)
		PART_KEEP(d->edges->part, PART_SUM, "in", of, t->in,
			  t->target->n * t->na);
	if (t->out)
		PART_KEEP(d->edges->part, PART_SUM, "out", of, t->out,
			  t->source->n * t->nb);
}

static void
follow_pathways(struct degrees *d)
{
	const struct cells_population *p = d->edges->cells.population;

	d->tally = grow(d->tally, &d->cap, d->edges->npathways,
			sizeof(struct tally *));
	for (; d->n < d->edges->npathways; d->n++) {
		const struct edge_pathway *way = &d->edges->pathway[d->n];

		d->tally[d->n] = tally_new(
			&p[way->source], &p[way->target], tally_unit(),
			counted == TARGET ? TALLY_IN : TALLY_OUT);
		if (d->edges->part)
			keep_degrees(d, (uint32_t)d->n);
	}
}

static void
count_degrees(struct degrees *d)
{
	struct pairs_batch p;
	struct edge_batch b;
	size_t i;

	while (netpart_next(d->edges)) {
		follow_pathways(d);
		part_add(d->edges->part);
	}
	follow_pathways(d);
	while (edges_next(d->edges, &b)) {
		follow_pathways(d);
		if (d->pairs)
			pairs_batch(d->pairs, &b);
		else
			tally_batch(d->tally[b.pathway], &b);
	}
	while (d->pairs && pairs_next(d->pairs, &p))
		for (i = 0; i < p.n; i++) {
			const struct pair_connection *way = &p.connection[i];

			tally_connection(d->tally[way->pathway], way->source,
					 way->target);
		}
	for (i = 0; i < d->n; i++)
		tally_finish(d->tally[i]);
}

/* The degrees of one pair of groups; how many there are. */
static size_t
gather_degrees(const struct degrees *d, const struct hist_output *w,
	       size_t pathway)
{
	const struct tally *t = d->tally[pathway];
	size_t n, i, kept = 0;

	if (counted == TARGET)
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

/* Mean and deviation are those that conn-matrix has, to the last digit. */
static struct histogram
measure_degrees(uint32_t *degree, size_t n)
{
	struct histogram h = new_histogram();
	struct tally_spread of;
	size_t i;

	for (i = 0; i < n; i++)
		stats_add(&h.stats, degree[i]);
	stats_finish(&h.stats);
	of = tally_spread_of(degree, n); /* it changes their order */
	h.stats.mean = of.mean;
	h.stats.sd = of.sd;
	h.median = of.median;
	return h;
}

static void
write_degrees(struct hist_output *w, void *arg, size_t pathway)
{
	const struct degrees *d = arg;
	size_t n = gather_degrees(d, w, pathway), i;
	struct histogram h = measure_degrees(d->scratch, n);

	choose_bins(&h);
	for (i = 0; !summary && i < n; i++)
		count_number(&h, d->scratch[i], 1);
	write_histogram(w, &h);
	free_histogram(&h);
}

static void
write_all_degrees(struct degrees *d)
{
	struct hist_output w = {0};

	d->scratch = zeros(d->edges->cells.total, sizeof *d->scratch);
	start_writing(&w, d->edges);
	write_header();
	each_pair(&w, d, write_degrees);
	say_lost(&w);
	edges_free_labels(w.labels);
	free(d->scratch);
}

static void
degree_histograms(const char *operand, bool table)
{
	struct degrees d = {0};
	struct edge_needs needs = {.gap = true};
	size_t k;

	needs.synapses = tally_unit() != UNIT_ROWS;
	needs.pairs = tally_unit() == UNIT_CONNECTIONS;
	d.edges = edges_open(operand, needs);
	check_early(d.edges, table);
	if (tally_unit() == UNIT_CONNECTIONS)
		d.pairs = pairs_new(d.edges, false);
	count_degrees(&d);
	if (!netpart_write(d.edges))
		write_all_degrees(&d);
	if (d.pairs)
		pairs_free(d.pairs);
	for (k = 0; k < d.n; k++)
		tally_free(d.tally[k]);
	free(d.tally);
	edges_close(d.edges);
}

/* ---- Parts of values ---- */

static const char *
range_text(const struct histogram *h, char *text)
{
	char low[32], high[32];

	low[out_num_text(h->stats.min, low)] = '\0';
	high[out_num_text(h->stats.max, high)] = '\0';
	sprintf(text, "range %.0f %s %s", h->stats.n, low, high);
	return text;
}

static const char *
sums_text(const struct exact *x, size_t k, char *text)
{
	const struct exact_sums *s = &x->sums[k];
	char number[4][40];

	part_wide_text(s->plus, number[0]);
	part_wide_text(s->minus, number[1]);
	part_wide_text(s->low, number[2]);
	part_wide_text(s->high, number[3]);
	sprintf(text, "sums %zu %s %s %s %s", x->first + k, number[0],
		number[1], number[2], number[3]);
	return text;
}

/* What a part has of a histogram, a text at a time: a word and numbers.  The
 * values are there as long as the sample has all of them. */
static const char *
histogram_text(const void *v, size_t i, size_t *k)
{
	static char text[256];
	const struct histogram *h = (const struct histogram *)v + i;
	const struct stats *s = &h->stats;
	size_t counts = h->count ? h->bins.n : 0, j = (*k)++;

	if (s->n == 0 && h->missing == 0)
		return NULL;
	if (j == 0) {
		sprintf(text, "lost %" PRIu64 " %" PRIu64, h->missing,
			h->outside);
		return text;
	}
	if (j == 1)
		return s->n > 0 ? range_text(h, text) : NULL;
	if ((j -= 2) < counts) {
		sprintf(text, "bin %zu %" PRIu64, j, h->count[j]);
		return text;
	}
	if ((j -= counts) < h->exact.exponents)
		return sums_text(&h->exact, j, text);
	j -= h->exact.exponents;
	if ((double)s->nsample != s->n || j >= s->nsample)
		return NULL;
	sprintf(text, "value ");
	text[6 + out_num_text(s->sample[j], text + 6)] = '\0';
	return text;
}

static bool
take_range(struct histogram *h, char *const *word)
{
	double n, low, high;

	if (!parse_num(word[0], &n) || !(n >= 1) || !parse_num(word[1], &low) ||
	    !parse_num(word[2], &high))
		return false;
	if (h->stats.n == 0 || low < h->stats.min)
		h->stats.min = low;
	if (h->stats.n == 0 || high > h->stats.max)
		h->stats.max = high;
	h->stats.n += n;
	h->exact.n += (uint64_t)n;
	return true;
}

static bool
take_sums(struct histogram *h, char *const *word)
{
	struct exact_sums *s, more;
	size_t exponent;

	if (!parse_size(word[0], &exponent) || exponent > 2046 ||
	    !part_wide(word[1], &more.plus) ||
	    !part_wide(word[2], &more.minus) ||
	    !part_wide(word[3], &more.low) || !part_wide(word[4], &more.high))
		return false;
	s = exact_at(&h->exact, exponent);
	s->plus += more.plus;
	s->minus += more.minus;
	exact_add_square(s, more.low);
	s->high += more.high;
	return true;
}

static bool
take_counts(struct histogram *h, bool lost, char *const *word)
{
	int64_t a, b;

	if (!parse_int(word[0], &a) || a < 0 || !parse_int(word[1], &b) ||
	    b < 0 || (!lost && (uint64_t)a >= h->bins.n))
		return false;
	if (lost) {
		h->missing += (uint64_t)a;
		h->outside += (uint64_t)b;
		return true;
	}
	if (!h->count)
		h->count = zeros(h->bins.n, sizeof *h->count);
	h->count[a] += (uint64_t)b;
	return true;
}

/* More values than the sample takes are not all of them, and no matter. */
static bool
take_value(struct histogram *h, const char *word)
{
	struct stats *s = &h->stats;

	if (s->nsample == s->most)
		return true;
	s->sample = grow(s->sample, &s->cap, s->nsample + 1, sizeof *s->sample);
	return parse_num(word, &s->sample[s->nsample++]);
}

static bool
take_histogram(void *v, size_t i, const char *text)
{
	struct histogram *h = (struct histogram *)v + i;
	char *words = copy(text), *rest = words, *word[6] = {NULL};
	bool good = false;
	size_t n;

	for (n = 0; rest && n < LEN(word); n++)
		word[n] = strsep(&rest, " ");
	if (n == 3 && !strcmp(word[0], "lost"))
		good = take_counts(h, true, word + 1);
	else if (n == 3 && !strcmp(word[0], "bin"))
		good = take_counts(h, false, word + 1);
	else if (n == 4 && !strcmp(word[0], "range"))
		good = take_range(h, word + 1);
	else if (n == 6 && !strcmp(word[0], "sums"))
		good = take_sums(h, word + 1);
	else if (n == 2 && !strcmp(word[0], "value"))
		good = take_value(h, word[1]);
	free(words);
	return good && !rest;
}

/* ---- Attributes ---- */

/* The histograms of one pathway, by [a * nb + b]. */
struct field {
	struct histogram *h;
	uint32_t *times; /* rows of a batch that are still to be counted */
	size_t na, nb;
};

struct values {
	struct edges *edges;
	struct field *field;
	size_t n, cap;
	bool measure, count; /* what this pass does */
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
		f->times = zeros(f->na * f->nb, sizeof *f->times);
		for (i = 0; i < f->na * f->nb; i++)
			f->h[i] = new_histogram();
		if (v->edges->part)
			part_keep(v->edges->part,
				  (struct part_array){
					  .how = PART_OTHER,
					  .name = "values",
					  .of = netpart_of(v->edges,
							   (uint32_t)v->n),
					  .v = f->h,
					  .n = f->na * f->nb,
					  .text = histogram_text,
					  .take = take_histogram});
	}
}

/* Have all rows the same number, to the last bit?  Then they are counted first,
 * unless to look for the pairs of groups that have some would take longer. */
static bool
are_alike(const struct field *f, const struct edge_batch *b)
{
	return !b->apart && b->n > 0 && b->n <= 1 << 20 &&
	       f->na * f->nb <= b->n / 4 &&
	       !memcmp(b->number, b->number + 1,
		       (b->n - 1) * sizeof *b->number);
}

/* Most batches are of one type, and have its value: this takes 0.3 of the time
 * of adding up one row after the other. */
static void
take_alike(const struct values *v, const struct edge_batch *b,
	   const uint16_t *from, const uint16_t *to)
{
	const struct field *f = &v->field[b->pathway];
	size_t i;

	for (i = 0; i < b->n; i++)
		f->times[from[b->source[i]] * f->nb + to[b->target[i]]]++;
	for (i = 0; i < f->na * f->nb; i++) {
		if (v->measure && f->times[i] > 0)
			see_number(&f->h[i], b->number[0], f->times[i]);
		if (v->count && f->times[i] > 0)
			count_number(&f->h[i], b->number[0], f->times[i]);
		f->times[i] = 0;
	}
}

static void
take_batch(const struct values *v, const struct edge_batch *b)
{
	const struct edge_pathway *way = &v->edges->pathway[b->pathway];
	const struct cells_population *p = v->edges->cells.population;
	const uint16_t *from = p[way->source].group[SOURCE];
	const uint16_t *to = p[way->target].group[TARGET];
	const struct field *f = &v->field[b->pathway];
	size_t i;

	if (are_alike(f, b)) {
		take_alike(v, b, from, to);
		return;
	}
	for (i = 0; i < b->n; i++) {
		struct histogram *h =
			&f->h[from[b->source[i]] * f->nb + to[b->target[i]]];

		if (b->apart && b->apart[i])
			continue;
		if (v->measure)
			see_number(h, b->number[i], 1);
		if (v->count)
			count_number(h, b->number[i], 1);
	}
}

static void
pass(struct values *v, bool measure, bool count)
{
	struct edge_batch b;

	v->measure = measure;
	v->count = count;
	while (netpart_next(v->edges)) {
		follow_fields(v);
		part_add(v->edges->part);
	}
	follow_fields(v);
	while (edges_next(v->edges, &b)) {
		follow_fields(v);
		take_batch(v, &b);
	}
}

static void
finish_values(struct values *v)
{
	size_t k, i;

	for (k = 0; k < v->n; k++)
		for (i = 0; i < v->field[k].na * v->field[k].nb; i++) {
			struct histogram *h = &v->field[k].h[i];

			stats_finish(&h->stats);
			exact_finish(&h->exact, &h->stats.mean, &h->stats.sd);
			h->median = NAN;
			if ((double)h->stats.nsample == h->stats.n)
				h->median = stats_quantile(&h->stats, 0.5);
			choose_bins(h);
		}
}

/* Open the files again, and end the tool if they are not the same. */
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
write_values(struct hist_output *w, void *arg, size_t pathway)
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
		free(v->field[k].times);
	}
	free(v->field);
}

static void
write_all_values(struct values *v)
{
	struct hist_output w = {0};

	start_writing(&w, v->edges);
	write_header();
	each_pair(&w, v, write_values);
	say_lost(&w);
	edges_free_labels(w.labels);
}

static void
value_histograms(const char *operand, bool table)
{
	struct edge_needs needs = {.gap = true, .number = value};
	struct values v = {0};

	v.edges = edges_open(operand, needs);
	check_early(v.edges, table);
	pass(&v, true, !summary && bins_are_fixed(&asked));
	if (!netpart_write(v.edges)) {
		finish_values(&v);
		if (!summary && !bins_are_fixed(&asked)) {
			start_over(&v, operand, needs);
			pass(&v, false, true);
		}
		write_all_values(&v);
	}
	free_fields(&v);
	edges_close(v.edges);
}

static void
check_options(bool table)
{
	if (bins_text)
		asked = bins_parse("bins", bins_text);
	if (value && table && !summary && !bins_are_fixed(&asked))
		misuse("--bins: LOW:HIGH:WIDTH or edges are needed with "
		       "--value and an edge table, which is read only once");
	if (value && part_is_wanted() && !summary && !bins_are_fixed(&asked))
		misuse("--bins: LOW:HIGH:WIDTH or edges are needed with "
		       "--value and --partial, whose parts see some values");
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
