#include <stdlib.h>
#include <string.h>

#include "sonata/ends.h"
#include "sonata/gaps.h"
#include "sonata/reading.h"
#include "util.h"

/* Two cells, the lower id first: a gap junction has no direction. */
struct gap_pair {
	int64_t id[2];
	bool seen;
};

struct gap_pairs {
	struct gap_pair *pair;
	size_t n, unseen;
};

char *
gaps_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = copy(slash ? slash + 1 : path);
	size_t n = strlen(name);

	if (n > 3 && !strcmp(name + n - 3, ".h5"))
		name[n - 3] = '\0';
	return name;
}

char *
gaps_nodes(struct sonata_network *net, const char *path)
{
	char *name = gaps_name(path), *tail = strstr(name, "_gap_juncs");
	size_t n = net->config ? sonata_refs(net, NODES) : 0, i;

	if (tail)
		*tail = '\0';
	for (i = 0; i < n && strcmp(net->ref[NODES][i].name, name) != 0; i++)
		;
	if (i == n) {
		free(name);
		name = copy(n == 1 ? net->ref[NODES]->name : "");
	}
	return name;
}

static struct gap_pair
make_pair(int64_t a, int64_t b)
{
	return (struct gap_pair){.id = {a < b ? a : b, a < b ? b : a}};
}

static int
by_ids(const void *a, const void *b)
{
	const struct gap_pair *p = a, *q = b;
	size_t k = p->id[0] == q->id[0];

	return (p->id[k] > q->id[k]) - (p->id[k] < q->id[k]);
}

/* All pairs of a population, each once. */
static struct gap_pairs
read_pairs(const struct sonata_population *p)
{
	struct gap_pairs all = {zeros((size_t)p->n, sizeof *all.pair), 0, 0};
	struct ends e = ends_start(p);
	size_t i, k = 0;

	while (ends_next(&e))
		for (i = 0; i < e.n; i++)
			all.pair[all.n++] = make_pair(e.id[0][i], e.id[1][i]);
	ends_end(&e);
	if (all.n > 0)
		qsort(all.pair, all.n, sizeof *all.pair, by_ids);
	for (i = 1; i < all.n; i++)
		if (by_ids(&all.pair[k], &all.pair[i]) != 0)
			all.pair[++k] = all.pair[i];
	all.n = all.unseen = all.n ? k + 1 : 0;
	return all;
}

static void
see_row(struct gap_pairs *all, const struct reading *r, const size_t *k,
	size_t i)
{
	struct gap_pair wanted, *found;
	int64_t id[2];
	bool gap;

	if (!reading_flag(&r->v[k[2]][i], &gap) || !gap ||
	    !reading_int(&r->v[k[0]][i], &id[0]) ||
	    !reading_int(&r->v[k[1]][i], &id[1]))
		return;
	wanted = make_pair(id[0], id[1]);
	found = bsearch(&wanted, all->pair, all->n, sizeof wanted, by_ids);
	if (!found)
		return;
	all->unseen -= !found->seen;
	found->seen = true;
}

/* Look for pairs among the gap junctions of a population of edges. */
static void
see_edges(struct gap_pairs *all, const struct sonata_population *p)
{
	struct reading *r = reading_start(p, false);
	size_t k[3] = {reading_want(r, "source_node_id"),
		       reading_want(r, "target_node_id"),
		       reading_try_want(r, "is_gap_junction")};
	uint64_t first = k[2] == NO_ATTRIBUTE ? p->n : 0;
	size_t n, i;

	for (; first < p->n && all->unseen > 0; first += n) {
		n = p->n - first < BATCH ? (size_t)(p->n - first) : BATCH;
		reading_range(r, first, n);
		for (i = 0; i < n; i++)
			see_row(all, r, k, i);
	}
	reading_end(r);
}

/* Are they edges of the same cells, as far as the files say? */
static bool
are_of_same(const struct sonata_population *p,
	    const struct sonata_population *gaps)
{
	return !*gaps->source || (!strcmp(p->source, gaps->source) &&
				  !strcmp(p->target, gaps->target));
}

bool
gaps_are_repeated(const struct sonata_network *net,
		  const struct sonata_ref *gaps)
{
	struct sonata_population *g = sonata_open(gaps), *p;
	struct gap_pairs all = read_pairs(g);
	size_t i;

	for (i = 0; i < net->nrefs[EDGES] && all.unseen > 0; i++) {
		p = sonata_open(&net->ref[EDGES][i]);
		if (are_of_same(p, g))
			see_edges(&all, p);
		sonata_close(p);
	}
	if (all.unseen > 0 && all.unseen < all.n)
		warn("%s: %zu of its %zu pairs are gap junctions of other "
		     "edges too",
		     gaps->path, all.n - all.unseen, all.n);
	sonata_close(g);
	free(all.pair);
	return all.unseen == 0;
}

bool
gaps_are_there(const struct sonata_network *net)
{
	struct sonata_population *p;
	bool there = false;
	size_t i;

	for (i = 0; i < net->nrefs[EDGES] && !there; i++) {
		p = sonata_open(&net->ref[EDGES][i]);
		there = sonata_has_attribute(p, "is_gap_junction");
		sonata_close(p);
	}
	return there;
}
