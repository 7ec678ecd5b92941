#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "activity/rates.h"
#include "measure/bins.h"
#include "util.h"

bool
rates_are_of(const struct node_population *p, size_t node)
{
	return !p->chosen || p->chosen[node];
}

void
rates_start(struct rates *r, const struct trains *t, double bin)
{
	size_t i, k;

	*r = (struct rates){.n = t->nodes->n, .bin = bin};
	r->population = zeros(r->n, sizeof *r->population);
	for (k = 0; k < r->n; k++) {
		const struct node_population *p = &t->nodes->population[k];
		struct rated *m = &r->population[k];

		m->nodes = p;
		m->name = p->name;
		m->shown = r->n == 1 || trains_asks_population(p->name) ? 1 : 0;
		m->spikes = zeros(p->n, sizeof *m->spikes);
		m->cells = zeros(p->group.n, sizeof *m->cells);
		m->series = zeros(p->group.n, sizeof *m->series);
		for (i = 0; i < p->n; i++)
			m->cells[p->group_of[i]] += rates_are_of(p, i);
	}
}

struct rated *
rates_of(const struct rates *r, const struct trains *t, uint32_t population)
{
	const struct node_population *p = t->nodes_of[population];

	return p ? &r->population[p - t->nodes->population] : NULL;
}

static void
choose_shown(struct rates *r, const struct trains *t)
{
	uint32_t i;

	for (i = 0; i < t->population.n; i++) {
		struct rated *m = rates_of(r, t, i);

		if (m && !*m->nodes->name)
			label(&m->named, t->population.name[i]);
		if (m)
			m->shown = 1;
	}
}

void
rates_say_left_out(struct rates *r)
{
	char *left = NULL;
	uint32_t i;

	for (i = 0; i < r->n; i++) {
		struct rated *m = &r->population[i];

		if (m->named.n > 0)
			m->name = m->named.name[0];
		if (!m->shown)
			left = join(left, m->name);
	}
	if (left)
		warn("left out, as the spikes do not name them: %s", left);
	free(left);
}

static void
count_spike(struct rates *r, struct rated *m, const struct train_spike *s)
{
	m->spikes[s->node]++;
	if (r->spikes == 0 || s->time_ms < r->first)
		r->first = s->time_ms;
	if (r->spikes == 0 || s->time_ms > r->last)
		r->last = s->time_ms;
	r->spikes++;
}

static void
count_spikes(struct rates *r, struct trains *t)
{
	size_t i;

	while (trains_next(t))
		for (i = 0; i < t->n; i++)
			count_spike(r, rates_of(r, t, t->spike[i].population),
				    &t->spike[i]);
	choose_shown(r, t);
}

void
rates_end(struct rates *r)
{
	size_t k, g;

	for (k = 0; k < r->n; k++) {
		struct rated *m = &r->population[k];

		for (g = 0; g < m->nodes->group.n; g++)
			free(m->series[g].spikes);
		labels_free(&m->named);
		free(m->series);
		free(m->cells);
		free(m->spikes);
	}
	free(r->population);
}

/* ---- Bins ---- */

double
rates_bin_begin(const struct rates *r, int64_t k)
{
	return r->origin + (double)k * r->bin;
}

void
rates_start_bins(struct rates *r, const struct trains *t)
{
	bool begins = t->from_ms > -INFINITY, ends = t->to_ms < INFINITY;
	double n;

	r->origin = begins ? t->from_ms : 0;
	n = bins_fit(r->origin, t->to_ms, r->bin);
	if (ends && !(begins ? n >= 1 : isfinite(n)))
		misuse("--bin: from %g to %g ms there is no whole number of "
		       "bins of %g ms",
		       r->origin, t->to_ms, r->bin);
	if (begins && ends && n > RATES_MOST_BINS)
		misuse("--bin: more than %d bins", RATES_MOST_BINS);
	if (begins && ends)
		r->nbins = (size_t)n;
	r->end = ends && fabs(n) < 1e15 ? (int64_t)n : INT64_MAX;
}

int64_t
rates_bin_of(const struct rates *r, double time_ms)
{
	int64_t k = bins_step(r->origin, r->bin, time_ms);

	if (k == INT64_MAX)
		misuse("--bin: more than %d bins", RATES_MOST_BINS);
	return k >= r->end ? k - 1 : k;
}

/* Make room for bins before those that there are. */
static void
shift_series(struct rate_series *s, size_t n, size_t before)
{
	if (n > s->cap)
		n = s->cap;
	if (n == 0)
		return;
	s->spikes = grow(s->spikes, &s->cap, n + before, sizeof *s->spikes);
	memmove(s->spikes + before, s->spikes, n * sizeof *s->spikes);
	memset(s->spikes, 0, before * sizeof *s->spikes);
}

static void
shift_bins(struct rates *r, size_t before)
{
	size_t i, g;

	for (i = 0; i < r->n; i++)
		for (g = 0; g < r->population[i].nodes->group.n; g++)
			shift_series(&r->population[i].series[g], r->nbins,
				     before);
	r->low -= (int64_t)before;
	r->nbins += before;
}

void
rates_reach(struct rates *r, int64_t k)
{
	int64_t high = r->low + (int64_t)r->nbins;

	if (r->nbins == 0)
		r->low = high = k;
	if (k - r->low >= RATES_MOST_BINS || high - k > RATES_MOST_BINS)
		misuse("--bin: more than %d bins", RATES_MOST_BINS);
	if (k < r->low)
		shift_bins(r, (size_t)(r->low - k));
	else if (k >= high)
		r->nbins = (size_t)(k + 1 - r->low);
}

static void
count_in_bins(struct rates *r, struct trains *t)
{
	size_t i;

	while (trains_next(t))
		for (i = 0; i < t->n; i++) {
			const struct train_spike *s = &t->spike[i];
			struct rated *m = rates_of(r, t, s->population);
			struct rate_series *series =
				&m->series[m->nodes->group_of[s->node]];
			int64_t k = rates_bin_of(r, s->time_ms);

			rates_reach(r, k);
			series->spikes = grow(series->spikes, &series->cap,
					      (size_t)(k - r->low) + 1,
					      sizeof *series->spikes);
			series->spikes[k - r->low]++;
		}
	choose_shown(r, t);
}

void
rates_count(struct rates *r, struct trains *t)
{
	if (isnan(r->bin)) {
		count_spikes(r, t);
		return;
	}
	rates_start_bins(r, t);
	count_in_bins(r, t);
}
