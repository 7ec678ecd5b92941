/* Spikes are sorted by each key in turn, the last key first, by a stable sort,
 * as was done with punched cards: however many spikes a node or an instant has,
 * no step needs all of them in memory. */
#include <stdlib.h>
#include <string.h>

#include "activity/spikesort.h"
#include "sonata/spill.h"
#include "util.h"

#define ID_BITS 44 /* of a key; the others are for the population */

enum { HALVES = 2 };

/* Keys of spill.h have 63 bits: the second half has those with bit 64 set. */
struct stage {
	struct spill *half[HALVES];
	size_t current;
};

/* Positive doubles are in the order of their bits, negative ones in the
 * opposite order. */
static uint64_t
time_key(const struct train_spike *s)
{
	double t = s->time_ms == 0 ? 0 : s->time_ms; /* -0 is 0 */
	uint64_t bits, sign = (uint64_t)1 << 63;

	memcpy(&bits, &t, sizeof bits);
	return bits & sign ? ~bits : bits | sign;
}

static uint64_t
id_key(const struct train_spike *s)
{
	if (s->node_id >> ID_BITS || s->population >> (64 - ID_BITS))
		die("cannot sort spikes of a node %lld", (long long)s->node_id);
	return (uint64_t)s->population << ID_BITS | (uint64_t)s->node_id;
}

static uint64_t
population_key(const struct train_spike *s)
{
	return s->population;
}

typedef uint64_t key_of(const struct train_spike *);

static struct stage *
new_stage(void)
{
	struct stage *g = zeros(1, sizeof *g);
	size_t i;

	for (i = 0; i < HALVES; i++)
		g->half[i] =
			spill_new((uint64_t)1 << 63, sizeof(struct train_spike),
				  spill_memory(SPIKESORT_MEMORY) / 4);
	return g;
}

static void
free_stage(struct stage *g)
{
	size_t i;

	for (i = 0; i < HALVES; i++)
		spill_free(g->half[i]);
	free(g);
}

static void
put(struct stage *g, key_of *key, const struct train_spike *spike, size_t n)
{
	uint64_t k;

	for (; n > 0; n--, spike++) {
		k = key(spike);
		spill_add(g->half[k >> 63], k & ~((uint64_t)1 << 63), spike);
	}
}

static size_t
take(struct stage *g, const struct train_spike **spike)
{
	const uint64_t *key;
	const char *payload;
	size_t n;

	for (; g->current < HALVES; g->current++)
		if ((n = spill_next(g->half[g->current], &key, &payload)) > 0) {
			*spike = (const void *)payload;
			return n;
		}
	return 0;
}

/* The first stage takes the spikes as they come. */
static struct stage *
gather(struct spikesort *s, struct trains *t, key_of *key)
{
	struct stage *g = new_stage();
	size_t i, cap = 0;

	while (trains_next(t)) {
		s->count =
			grow(s->count, &cap, t->population.n, sizeof *s->count);
		for (i = 0; i < t->n; i++)
			s->count[t->spike[i].population]++;
		put(g, key, t->spike, t->n);
	}
	s->count = grow(s->count, &cap, t->population.n, sizeof *s->count);
	return g;
}

static struct stage *
advance(struct stage *from, key_of *key)
{
	struct stage *to = new_stage();
	const struct train_spike *spike;
	size_t n;

	while ((n = take(from, &spike)) > 0)
		put(to, key, spike, n);
	free_stage(from);
	return to;
}

struct spikesort *
spikesort_read(struct trains *t, enum spikesort_order order, bool apart)
{
	struct spikesort *s = zeros(1, sizeof *s);

	s->stage = gather(s, t, order == SORT_TIME ? id_key : time_key);
	s->stage = advance(s->stage, order == SORT_TIME ? time_key : id_key);
	if (apart && order == SORT_TIME && t->population.n > 1)
		s->stage = advance(s->stage, population_key);
	return s;
}

size_t
spikesort_next(struct spikesort *s, const struct train_spike **spike)
{
	return take(s->stage, spike);
}

void
spikesort_free(struct spikesort *s)
{
	free_stage(s->stage);
	free(s->count);
	free(s);
}
