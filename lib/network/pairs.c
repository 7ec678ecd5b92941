/* A pair's key is that of its two cells, the lower one first, and below that
 * what connects them: sorted by key, all that is known of a pair stands
 * together.  Cells are numbered over all populations, so that a connection and
 * the way back have the same pair wherever they were read. */
#include <stdlib.h>

#include "network/pairs.h"
#include "sonata/spill.h"
#include "util.h"

enum { THERE, BACK, GAP, WAYS = 4 };

struct pairs {
	const struct edges *edges;
	struct spill *spill;
	uint64_t cells;
	bool weighted;
	uint64_t *key; /* a batch of them */
	size_t room;

	/* The run that is being read. */
	const uint64_t *run;
	const char *weight;
	size_t n, at;
};

/* Keys have 63 bits, two of them for the way. */
struct pairs *
pairs_new(const struct edges *e, bool weighted)
{
	struct pairs *p = zeros(1, sizeof *p);

	p->edges = e;
	p->cells = e->cells.total ? e->cells.total : 1;
	if (p->cells >= (uint64_t)1 << 30)
		die("more than 2^30 cells, which are too many for pairs");
	p->weighted = weighted;
	p->spill = spill_new(p->cells * p->cells * WAYS,
			     weighted ? sizeof(uint32_t) : 0,
			     spill_memory(PAIRS_MEMORY));
	return p;
}

static uint64_t
make_key(const struct pairs *p, uint64_t source, uint64_t target, bool gap)
{
	bool up = source < target;
	uint64_t low = up ? source : target, high = up ? target : source;

	return (low * p->cells + high) * WAYS + (gap ? GAP : up ? THERE : BACK);
}

static void
add_keys(struct pairs *p, size_t n, const uint32_t *weight)
{
	static const uint32_t one = 1;
	size_t i;

	if (!p->weighted)
		spill_keys(p->spill, p->key, n);
	for (i = 0; p->weighted && i < n; i++)
		spill_add(p->spill, p->key[i], weight ? &weight[i] : &one);
}

/* Connections: chemical, of at least one synapse, and not to oneself. */
static void
add_connections(struct pairs *p, const struct edge_batch *b)
{
	const struct edge_pathway *way = &p->edges->pathway[b->pathway];
	uint64_t from = p->edges->cells.population[way->source].first;
	uint64_t to = p->edges->cells.population[way->target].first;
	uint32_t *weight = NULL;
	size_t i, n = 0;

	if (b->synapses && p->weighted)
		weight = zeros(b->n, sizeof *weight);
	for (i = 0; i < b->n; i++) {
		uint64_t s = from + b->source[i], t = to + b->target[i];

		if (s == t || (b->apart && b->apart[i]) ||
		    (b->synapses && b->synapses[i] == 0))
			continue;
		if (weight)
			weight[n] = b->synapses[i];
		p->key[n++] = make_key(p, s, t, false);
	}
	add_keys(p, n, weight);
	free(weight);
}

static void
add_gaps(struct pairs *p, const struct edge_batch *b)
{
	const struct edge_pathway *way = &p->edges->pathway[b->pathway];
	uint64_t from = p->edges->cells.population[way->source].first;
	uint64_t to = p->edges->cells.population[way->target].first;
	size_t i, n = 0;

	for (i = 0; i < b->n; i++) {
		uint64_t s = from + b->source[i], t = to + b->target[i];

		if (b->gap[i] && s != t)
			p->key[n++] = make_key(p, s, t, true);
	}
	add_keys(p, n, NULL);
}

void
pairs_batch(struct pairs *p, const struct edge_batch *b)
{
	if (b->n > p->room) {
		free(p->key);
		p->key = zeros(b->n, sizeof *p->key);
		p->room = b->n;
	}
	add_connections(p, b);
	if (b->gap)
		add_gaps(p, b);
}

static struct pair_cell
find_cell(const struct pairs *p, uint64_t number)
{
	const struct cells *c = &p->edges->cells;
	uint32_t k = (uint32_t)c->n - 1;

	while (c->population[k].first > number)
		k--;
	return (struct pair_cell){k,
				  (uint32_t)(number - c->population[k].first)};
}

static bool
more(struct pairs *p)
{
	if (p->at < p->n)
		return true;
	p->at = 0;
	p->n = spill_next(p->spill, &p->run, &p->weight);
	return p->n > 0;
}

static uint32_t
weight_at(const struct pairs *p)
{
	const uint32_t *weight = (const void *)p->weight;

	return p->weighted ? weight[p->at] : 1;
}

/* A run may end between two keys of a pair, so the pair may go on in the next
 * run. */
bool
pairs_next(struct pairs *p, struct pair *pair)
{
	uint64_t count[WAYS] = {0}, id;

	if (!more(p))
		return false;
	id = p->run[p->at] / WAYS;
	do {
		count[p->run[p->at] % WAYS] += weight_at(p);
		p->at++;
	} while (more(p) && p->run[p->at] / WAYS == id);
	*pair = (struct pair){find_cell(p, id / p->cells),
			      find_cell(p, id % p->cells), count[THERE],
			      count[BACK], count[GAP]};
	return true;
}

static struct pair_connection
connect(const struct pairs *p, struct pair_cell from, struct pair_cell to,
	uint64_t synapses, bool both)
{
	uint32_t way =
		edges_find_pathway(p->edges, from.population, to.population);

	return (struct pair_connection){way, from.at, to.at, synapses, both};
}

size_t
pair_connections(const struct pairs *p, const struct pair *pair,
		 struct pair_connection connection[2])
{
	bool both = pair->there > 0 && pair->back > 0;
	size_t n = 0;

	if (pair->there > 0)
		connection[n++] =
			connect(p, pair->low, pair->high, pair->there, both);
	if (pair->back > 0)
		connection[n++] =
			connect(p, pair->high, pair->low, pair->back, both);
	return n;
}

void
pairs_free(struct pairs *p)
{
	spill_free(p->spill);
	free(p->key);
	free(p);
}
