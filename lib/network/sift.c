#include <stdlib.h>

#include "measure/part.h"
#include "network/sift.h"
#include "sonata/hdf.h"
#include "util.h"

/* The rows that are left. */
struct sift {
	uint32_t *source, *target, *synapses;
	uint8_t *gap;
	struct hdf_value *attribute;
	double *number;
	size_t room;
};

struct sift *
sift_new(void)
{
	return zeros(1, sizeof(struct sift));
}

static void
free_room(struct sift *s)
{
	free(s->source);
	free(s->target);
	free(s->synapses);
	free(s->gap);
	free(s->attribute);
	free(s->number);
}

static void
make_room(struct sift *s, size_t n)
{
	if (n <= s->room)
		return;
	free_room(s);
	s->source = zeros(n, sizeof *s->source);
	s->target = zeros(n, sizeof *s->target);
	s->synapses = zeros(n, sizeof *s->synapses);
	s->gap = zeros(n, sizeof *s->gap);
	s->attribute = zeros(n, sizeof *s->attribute);
	s->number = zeros(n, sizeof *s->number);
	s->room = n;
}

/* Keep row i of a batch as row n. */
static void
keep(struct sift *s, size_t n, const struct edge_batch *b, size_t i)
{
	s->source[n] = b->source[i];
	s->target[n] = b->target[i];
	if (b->synapses)
		s->synapses[n] = b->synapses[i];
	if (b->gap)
		s->gap[n] = b->gap[i];
	if (b->attribute)
		s->attribute[n] = b->attribute[i];
	if (b->number)
		s->number[n] = b->number[i];
}

void
sift_batch(struct sift *s, const struct edges *e, struct edge_batch *b)
{
	const struct opt_shard *shard = part_shard();
	const struct edge_pathway *way = &e->pathway[b->pathway];
	uint64_t first = e->cells.population[way->source].first +
			 e->cells.population[way->target].first;
	size_t i, n = 0;

	make_room(s, b->n);
	for (i = 0; i < b->n; i++)
		if ((first + b->source[i] + b->target[i]) % shard->parts ==
		    shard->part)
			keep(s, n++, b, i);
	b->n = n;
	b->source = s->source;
	b->target = s->target;
	b->synapses = b->synapses ? s->synapses : NULL;
	b->gap = b->gap ? s->gap : NULL;
	b->attribute = b->attribute ? s->attribute : NULL;
	b->number = b->number ? s->number : NULL;
}

void
sift_free(struct sift *s)
{
	free_room(s);
	free(s);
}
