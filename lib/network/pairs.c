/* A pair's key is that of its two cells, the lower one first, and below that
 * what connects them: sorted by key, all that is known of a pair stands
 * together.  Cells are numbered over all populations, so that a connection and
 * the way back have the same pair wherever they were read. */
#include <stdlib.h>

#include "network/pairs.h"
#include "sonata/spill.h"
#include "util.h"

enum { THERE, BACK, GAP, WAYS = 4 };

/* Connections that are handed out at a time, which stay in the first cache: 0.5
 * of the time of one after the other. */
enum { ROOM = 512 };

struct pairs {
	const struct edges *edges;
	struct spill *spill;
	unsigned bits; /* of the higher cell of a pair */
	bool weighted;
	uint64_t *key; /* a batch of them */
	size_t room;

	/* The run that is being read. */
	const uint64_t *run;
	const char *weight;
	size_t n, at;

	/* What is handed out. */
	struct pair_connection connection[ROOM];
	struct pair_gap gap[ROOM];
	size_t connections, gaps;
};

/* Keys have 63 bits, two of them for the way. */
struct pairs *
pairs_new(const struct edges *e, bool weighted)
{
	struct pairs *p = zeros(1, sizeof *p);

	uint64_t cells = e->cells.total;

	p->edges = e;
	if (cells >= (uint64_t)1 << 30)
		die("more than 2^30 cells, which are too many for pairs");
	while (cells >> p->bits)
		p->bits++;
	p->weighted = weighted && edges_have_synapses(e);
	p->spill = spill_new((cells ? cells : 1) << p->bits << 2,
			     p->weighted ? sizeof(uint32_t) : 0,
			     spill_memory(PAIRS_MEMORY));
	return p;
}

static uint64_t
make_key(const struct pairs *p, uint64_t source, uint64_t target, bool gap)
{
	bool up = source < target;
	uint64_t low = up ? source : target, high = up ? target : source;

	return (low << p->bits | high) * WAYS + (gap ? GAP : up ? THERE : BACK);
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
	const struct cells_population *q = p->edges->cells.population;
	uint32_t low = 0, high = (uint32_t)p->edges->cells.n;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (q[middle].first > number)
			high = middle;
		else
			low = middle;
	}
	return (struct pair_cell){low, (uint32_t)(number - q[low].first)};
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

static void
add_connection(struct pairs *p, uint64_t id, bool back, uint64_t synapses,
	       bool both)
{
	uint64_t low = id >> p->bits,
		 high = id & (((uint64_t)1 << p->bits) - 1);
	struct pair_cell from = find_cell(p, back ? high : low);
	struct pair_cell to = find_cell(p, back ? low : high);
	uint32_t way =
		edges_find_pathway(p->edges, from.population, to.population);

	p->connection[p->connections++] =
		(struct pair_connection){way, from.at, to.at, both, synapses};
}

static void
add_gap(struct pairs *p, uint64_t id)
{
	uint64_t low = id >> p->bits,
		 high = id & (((uint64_t)1 << p->bits) - 1);

	p->gap[p->gaps++] =
		(struct pair_gap){find_cell(p, low), find_cell(p, high)};
}

/* A run may end between two keys of a pair, so the pair may go on in the next
 * run. */
static void
take_pair(struct pairs *p)
{
	uint64_t count[WAYS] = {0}, id = p->run[p->at] / WAYS;
	bool both;

	do {
		count[p->run[p->at] % WAYS] += weight_at(p);
		p->at++;
	} while (more(p) && p->run[p->at] / WAYS == id);
	both = count[THERE] > 0 && count[BACK] > 0;
	if (count[THERE] > 0)
		add_connection(p, id, false, count[THERE], both);
	if (count[BACK] > 0)
		add_connection(p, id, true, count[BACK], both);
	if (count[GAP] > 0)
		add_gap(p, id);
}

/* Pairs of a single row, as most of them are where all cells are of one
 * population. */
static void
take_single_rows(struct pairs *p)
{
	uint64_t mask = ((uint64_t)1 << p->bits) - 1, key, low, high;
	uint32_t way = edges_find_pathway(p->edges, 0, 0);
	bool back;

	if (p->edges->cells.n != 1)
		return;
	while (p->connections < ROOM && p->at + 1 < p->n) {
		key = p->run[p->at];
		if (key / WAYS == p->run[p->at + 1] / WAYS || key % WAYS == GAP)
			return;
		back = key % WAYS == BACK;
		low = key / WAYS >> p->bits;
		high = key / WAYS & mask;
		p->connection[p->connections++] = (struct pair_connection){
			way, (uint32_t)(back ? high : low),
			(uint32_t)(back ? low : high), false, weight_at(p)};
		p->at++;
	}
}

bool
pairs_next(struct pairs *p, struct pairs_batch *b)
{
	p->connections = p->gaps = 0;
	while (p->connections + 2 <= ROOM && p->gaps < ROOM && more(p)) {
		take_pair(p);
		take_single_rows(p);
	}
	*b = (struct pairs_batch){p->connections, p->gaps, p->connection,
				  p->gap};
	return p->connections + p->gaps > 0;
}

void
pairs_free(struct pairs *p)
{
	spill_free(p->spill);
	free(p->key);
	free(p);
}
