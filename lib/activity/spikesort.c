/* Time, population and id are all that there is of a spike.  Put together in
 * the order of the spikes, they are a key of 128 bits, and sorted at once: 10^7
 * of them in 0.5 s and 160 MB.  By each in turn, with the spike beside it, as
 * cards were sorted, that took 2.0 s, of which 1.2 for scratch files. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "activity/spikesort.h"
#include "sonata/runs.h"
#include "sonata/spill.h"
#include "util.h"

/* A node is its population, its id, and a bit that is 0 for a time of -0, which
 * is that of 0 otherwise. */
enum { POPULATION = 19, ID = 44, SIGN = 1, NODE = ID + SIGN };

#define BIT_63 ((uint64_t)1 << 63)

enum { BATCH = 4096 };

struct spikesort_keys {
	const struct trains *t;
	enum { TIME_FIRST, ID_FIRST, POPULATION_FIRST } order;
	struct runs *runs;
	const struct runs_key *key;
	size_t n; /* keys that are left there */
	struct train_spike spike[BATCH];
};

/* Positive doubles are in the order of their bits, negative ones in the
 * opposite order. */
static uint64_t
time_bits(double t)
{
	uint64_t bits;

	t = t == 0 ? 0 : t; /* -0 is 0 */
	memcpy(&bits, &t, sizeof bits);
	return bits & BIT_63 ? ~bits : bits | BIT_63;
}

static double
time_of(uint64_t bits)
{
	double t;

	bits = bits & BIT_63 ? bits & ~BIT_63 : ~bits;
	memcpy(&t, &bits, sizeof t);
	return t;
}

static uint64_t
node_bits(const struct train_spike *s)
{
	uint64_t plus = s->time_ms != 0 || !signbit(s->time_ms);

	if (s->node_id >> ID || s->population >> POPULATION)
		die("cannot sort spikes of a node %lld", (long long)s->node_id);
	return (uint64_t)s->population << NODE | (uint64_t)s->node_id << SIGN |
	       plus;
}

static struct runs_key
key_of(const struct spikesort_keys *k, const struct train_spike *s)
{
	uint64_t time = time_bits(s->time_ms), node = node_bits(s);
	uint64_t population = node >> NODE << NODE;

	switch (k->order) {
	case ID_FIRST:
		return (struct runs_key){(node & ~(uint64_t)1) | time >> 63,
					 time << SIGN | (node & 1)};
	case POPULATION_FIRST:
		return (struct runs_key){population | time >> POPULATION,
					 time << NODE | (node - population)};
	case TIME_FIRST:
		break;
	}
	return (struct runs_key){time, node};
}

static struct train_spike
spike_of(const struct spikesort_keys *k, struct runs_key key)
{
	uint64_t time = key.high, node = key.low;
	struct train_spike s = {.node = NO_CELL};
	const struct node_population *p;

	if (k->order == ID_FIRST) {
		time = key.high << 63 | key.low >> SIGN;
		node = (key.high & ~(uint64_t)1) | (key.low & 1);
	} else if (k->order == POPULATION_FIRST) {
		time = key.high << POPULATION | key.low >> NODE;
		node = key.high >> NODE << NODE |
		       (key.low & (((uint64_t)1 << NODE) - 1));
	}
	s.time_ms = node & 1 ? time_of(time) : -0.0;
	s.population = (uint32_t)(node >> NODE);
	s.node_id = (int64_t)(node << POPULATION >> (POPULATION + SIGN));
	p = k->t->nodes ? k->t->nodes_of[s.population] : NULL;
	if (p)
		s.node = ids_find(p->ids, s.node_id);
	return s;
}

struct spikesort *
spikesort_read(struct trains *t, enum spikesort_order order, bool apart)
{
	struct spikesort *s = zeros(1, sizeof *s);
	struct spikesort_keys *k = s->keys = zeros(1, sizeof *k);
	size_t i, cap = 0;

	k->t = t;
	k->order = order == SORT_ID ? ID_FIRST
		   : apart          ? POPULATION_FIRST
				    : TIME_FIRST;
	k->runs = runs_new(spill_memory(SPIKESORT_MEMORY));
	while (trains_next(t)) {
		s->count =
			grow(s->count, &cap, t->population.n, sizeof *s->count);
		for (i = 0; i < t->n; i++) {
			s->count[t->spike[i].population]++;
			runs_add(k->runs, key_of(k, &t->spike[i]));
		}
	}
	s->count = grow(s->count, &cap, t->population.n, sizeof *s->count);
	return s;
}

size_t
spikesort_next(struct spikesort *s, const struct train_spike **spike)
{
	struct spikesort_keys *k = s->keys;
	size_t i, n;

	if (k->n == 0)
		k->n = runs_next(k->runs, &k->key);
	n = k->n < BATCH ? k->n : BATCH;
	for (i = 0; i < n; i++)
		k->spike[i] = spike_of(k, *k->key++);
	k->n -= n;
	*spike = k->spike;
	return n;
}

void
spikesort_free(struct spikesort *s)
{
	runs_free(s->keys->runs);
	free(s->keys);
	free(s->count);
	free(s);
}
