#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "network/tally.h"
#include "util.h"

#define AHEAD 32               /* rows between a prefetch and its use */
#define HUGE ((size_t)2 << 20) /* a huge page */
#define SOME 256               /* rows that are looked through for autapses */

static unsigned chosen;

const struct opt tally_opts[] = {
	OPT_WORD(0, "unit", "unit", &chosen, "rows|synapses|connections",
		 "what counts"),
	OPT_END,
};

enum tally_unit
tally_unit(void)
{
	return (enum tally_unit)chosen;
}

/* Zeroed memory for counters that are hit at random, in huge pages, which save
 * a third of the time; what would be less than a page is not. */
static void *
huge_zeros(size_t n, size_t size)
{
	size_t bytes = (n * size + HUGE - 1) / HUGE * HUGE;
	void *p;

	if (n * size < HUGE)
		return zeros(n, size);
	if (n > SIZE_MAX / size - HUGE || !(p = aligned_alloc(HUGE, bytes)))
		die("out of memory: %zu counters of %zu bytes", n, size);
	madvise(p, n * size / HUGE * HUGE, MADV_HUGEPAGE);
	return memset(p, 0, n * size);
}

struct tally *
tally_new(const struct cells_population *source,
	  const struct cells_population *target, enum tally_unit unit,
	  enum tally_sides sides)
{
	struct tally *t = zeros(1, sizeof *t);

	t->source = source;
	t->target = target;
	t->same = source == target;
	t->unit = unit;
	t->na = source->label[SOURCE].n;
	t->nb = target->label[TARGET].n;
	if (sides & TALLY_IN)
		t->in = huge_zeros(target->n * t->na, sizeof *t->in);
	if (sides & TALLY_OUT)
		t->out = huge_zeros(source->n * t->nb, sizeof *t->out);
	t->rows = zeros(t->na * t->nb, sizeof *t->rows);
	t->synapses = zeros(t->na * t->nb, sizeof *t->synapses);
	t->autapses = zeros(t->na * t->nb, sizeof *t->autapses);
	return t;
}

static void
count_autapse(const struct tally *t, size_t cell)
{
	t->autapses[t->source->group[SOURCE][cell] * t->nb +
		    t->target->group[TARGET][cell]]++;
}

/* Autapses are rare: to look first whether there is one among some rows takes a
 * third of the time. */
static void
count_autapses(const struct tally *t, const uint32_t *source,
	       const uint32_t *target, size_t n)
{
	size_t i, k, end;
	uint32_t any;

	for (i = 0; t->same && i < n; i = end) {
		end = n - i < SOME ? n : i + SOME;
		for (any = 0, k = i; k < end; k++)
			any |= source[k] == target[k];
		for (k = i; any && k < end; k++)
			if (source[k] == target[k])
				count_autapse(t, source[k]);
	}
}

/* Counters are hit at random, and memory takes most of the time: fetching them
 * some rows ahead of their use makes the loop 3 times as fast, huge pages again
 * 1.5. Their addresses are computed once, and kept until then. */
static void
count_side(const struct tally *t, enum cells_side side,
	   const struct edge_batch *b)
{
	bool in = side == TARGET;
	uint32_t *counter = in ? t->in : t->out, *at[AHEAD], unused = 0;
	const uint32_t *cell = in ? b->target : b->source;
	const uint32_t *partner = in ? b->source : b->target;
	const uint16_t *group =
		in ? t->source->group[SOURCE] : t->target->group[TARGET];
	size_t width = in ? t->na : t->nb, i;

	for (i = 0; i < AHEAD; i++)
		at[i] = &unused;
	for (i = 0; i < b->n; i++) {
		size_t k = i % AHEAD;

		++*at[k];
		at[k] = &counter[cell[i] * width + group[partner[i]]];
		__builtin_prefetch(at[k], 1);
	}
	for (i = 0; i < AHEAD; i++)
		++*at[i];
}

static void
count_rows(const struct tally *t, const struct edge_batch *b)
{
	if (t->in)
		count_side(t, TARGET, b);
	if (t->out)
		count_side(t, SOURCE, b);
	count_autapses(t, b->source, b->target, b->n);
}

/* Rows alike, where no counter has them: half the time of count_each(). */
static void
count_groups(struct tally *t, const uint32_t *source, const uint32_t *target,
	     size_t n)
{
	const uint16_t *from = t->source->group[SOURCE];
	const uint16_t *to = t->target->group[TARGET];
	uint64_t *rows = t->rows, *synapses = t->synapses;
	size_t i, nb = t->nb;

	for (i = 0; i < n; i++) {
		size_t pair = from[source[i]] * nb + to[target[i]];

		rows[pair]++;
		synapses[pair]++;
	}
	count_autapses(t, source, target, n);
}

static void
add(uint32_t *counter, uint32_t n)
{
	if (__builtin_add_overflow(*counter, n, counter))
		die("more than %u synapses of one cell and one group",
		    UINT32_MAX);
}

/* Rows that differ in what they count. */
static void
count_each(struct tally *t, const struct edge_batch *b)
{
	const uint16_t *from = t->source->group[SOURCE];
	const uint16_t *to = t->target->group[TARGET];
	size_t i;

	for (i = 0; i < b->n; i++) {
		uint32_t s = b->source[i], d = b->target[i];
		uint32_t synapses = b->synapses ? b->synapses[i] : 1;
		size_t pair = from[s] * t->nb + to[d];

		if (b->apart && b->apart[i])
			continue;
		t->rows[pair]++;
		t->synapses[pair] += synapses;
		if (s == d && t->same)
			count_autapse(t, s);
		if (t->unit == UNIT_CONNECTIONS)
			continue;
		if (t->unit == UNIT_ROWS)
			synapses = 1;
		if (t->in)
			add(&t->in[d * t->na + from[s]], synapses);
		if (t->out)
			add(&t->out[s * t->nb + to[d]], synapses);
	}
}

void
tally_batch(struct tally *t, const struct edge_batch *b)
{
	if (!b->gap && !b->synapses && t->unit != UNIT_CONNECTIONS && !t->in &&
	    !t->out) {
		count_groups(t, b->source, b->target, b->n);
	} else if (!b->gap && !b->synapses && t->unit != UNIT_CONNECTIONS) {
		count_rows(t, b);
		t->uniform += b->n;
	} else {
		count_each(t, b);
	}
}

/* No more than there are partners, whose number fits. */
void
tally_connection(struct tally *t, uint32_t source, uint32_t target)
{
	if (t->in)
		t->in[target * t->na + t->source->group[SOURCE][source]]++;
	if (t->out)
		t->out[source * t->nb + t->target->group[TARGET][target]]++;
}

/* What the counters hold, by pair of groups. */
static uint64_t *
sum_counters(const struct tally *t)
{
	const uint16_t *from = t->source->group[SOURCE];
	const uint16_t *to = t->target->group[TARGET];
	uint64_t *held = zeros(t->na * t->nb, sizeof *held);
	size_t i, k;

	for (i = 0; t->in && i < t->target->n; i++)
		for (k = 0; k < t->na; k++)
			held[k * t->nb + to[i]] += t->in[i * t->na + k];
	for (i = 0; !t->in && i < t->source->n; i++)
		for (k = 0; k < t->nb; k++)
			held[from[i] * t->nb + k] += t->out[i * t->nb + k];
	return held;
}

/* Rows that count_rows() has counted are in the counters alone: they are what
 * the counters hold beyond the rows that count_each() has counted. */
void
tally_finish(struct tally *t)
{
	uint64_t *held, all = 0;
	size_t i;

	if (t->uniform == 0)
		return;
	held = sum_counters(t);
	for (i = 0; i < t->na * t->nb; i++) {
		held[i] -= t->unit == UNIT_ROWS ? t->rows[i] : t->synapses[i];
		t->rows[i] += held[i];
		t->synapses[i] += held[i];
		all += held[i];
	}
	if (all != t->uniform)
		die("more than %u rows of one cell and one group", UINT32_MAX);
	free(held);
}

void
tally_free(struct tally *t)
{
	free(t->in);
	free(t->out);
	free(t->rows);
	free(t->synapses);
	free(t->autapses);
	free(t);
}

static int
by_size(const void *a, const void *b)
{
	uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;

	return (p > q) - (p < q);
}

/* A value, and how often it is there. */
struct run {
	uint32_t value;
	size_t n;
};

/* The runs of values up to the greatest one, of which there are
 * count[value * stride]; returns how many runs. */
static size_t
list_runs(const uint32_t *count, size_t stride, uint32_t most, struct run *run)
{
	size_t i, k = 0;

	for (i = 0; i <= most; i++)
		if (count[i * stride] > 0)
			run[k++] = (struct run){(uint32_t)i, count[i * stride]};
	return k;
}

/* The different values, ascending.  Counts are small, and counting how often
 * each is there takes a tenth of the time of sorting them. */
static struct run *
find_runs(uint32_t *value, size_t n, uint32_t most, size_t *nruns)
{
	static uint32_t count[1 << 16];
	struct run *run = zeros(n < most ? n : most + (size_t)1, sizeof *run);
	size_t i, k = 0;

	if (most < LEN(count)) {
		memset(count, 0, (most + (size_t)1) * sizeof *count);
		for (i = 0; i < n; i++)
			count[value[i]]++;
		k = list_runs(count, 1, most, run);
	} else {
		qsort(value, n, sizeof *value, by_size);
		for (i = 0; i < n; i++) {
			if (i > 0 && value[i] != value[i - 1])
				k++;
			run[k].value = value[i];
			run[k].n++;
		}
		k++;
	}
	*nruns = k;
	return run;
}

/* The k-th smallest value, from 0. */
static double
kth(const struct run *run, size_t k)
{
	for (; k >= run->n; run++)
		k -= run->n;
	return run->value;
}

static struct tally_spread
spread_of_runs(const struct run *run, size_t runs, size_t n)
{
	struct tally_spread s = {n, 0, NAN, NAN, NAN, NAN, NAN, NAN};
	double sum = 0, squares = 0;
	size_t i;

	if (n == 0)
		return s;
	for (i = 0; i < runs; i++)
		sum += (double)run[i].value * (double)run[i].n;
	s.mean = sum / (double)n;
	s.nonzero = n - (run[0].value == 0 ? run[0].n : 0);
	s.nonzero_mean = sum / (double)s.nonzero; /* NaN where there is none */
	for (i = 0; i < runs; i++)
		squares += (run[i].value - s.mean) * (run[i].value - s.mean) *
			   (double)run[i].n;
	s.sd = n > 1 ? sqrt(squares / (double)(n - 1)) : NAN;
	s.min = run[0].value;
	s.max = run[runs - 1].value;
	s.median = (kth(run, (n - 1) / 2) + kth(run, n / 2)) / 2;
	return s;
}

struct tally_spread
tally_spread_of(uint32_t *value, size_t n)
{
	struct tally_spread s;
	uint32_t most = 0;
	size_t i, runs;
	struct run *run;

	for (i = 0; i < n; i++)
		most = value[i] > most ? value[i] : most;
	run = find_runs(value, n, most, &runs);
	s = spread_of_runs(run, runs, n);
	free(run);
	return s;
}

/* The greatest of a group's counters. */
static uint32_t
find_most(const struct tally_columns *c, const uint32_t *cell, size_t n)
{
	uint32_t most = 0;
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < c->n; k++) {
			uint32_t v = c->first[cell[i] * c->stride + k];

			most = v > most ? v : most;
		}
	return most;
}

/* A column after the other goes through all that is in memory 16 times, and
 * adds to the same count again and again: columns together take 0.2 of the
 * time. */
void
tally_spreads(struct tally_columns c, const struct cells_members *m,
	      uint32_t group, struct tally_spread *s)
{
	static uint32_t count[1 << 12][TALLY_TOGETHER];
	const uint32_t *cell = m->cell + m->begin[group];
	size_t n = m->begin[group + 1] - m->begin[group], i, k;
	uint32_t most, *alone;
	struct run *run;

	c.n = c.n < TALLY_TOGETHER ? c.n : TALLY_TOGETHER;
	most = find_most(&c, cell, n);
	if (most >= LEN(count)) {
		alone = zeros(n, sizeof *alone);
		for (k = 0; k < c.n; k++) {
			tally_gather(c.first + k, c.stride, m, group, alone);
			s[k] = tally_spread_of(alone, n);
		}
		free(alone);
		return;
	}
	memset(count, 0, (most + (size_t)1) * sizeof *count);
	for (i = 0; i < n; i++)
		for (k = 0; k < c.n; k++)
			count[c.first[cell[i] * c.stride + k]][k]++;
	run = zeros(most + (size_t)1, sizeof *run);
	for (k = 0; k < c.n; k++)
		s[k] = spread_of_runs(
			run, list_runs(&count[0][k], TALLY_TOGETHER, most, run),
			n);
	free(run);
}

/* For a counter column[cell * stride], the values of one group's cells. */
size_t
tally_gather(const uint32_t *column, size_t stride,
	     const struct cells_members *m, uint32_t group, uint32_t *value)
{
	size_t i, n = 0;

	for (i = m->begin[group]; i < m->begin[group + 1]; i++)
		value[n++] = column[m->cell[i] * stride];
	return n;
}
