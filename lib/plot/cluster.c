#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plot/cluster.h"
#include "util.h"

/* A cluster is the list of its members in their order; it has the number of one
 * of them. */
struct clusters {
	const double *apart; /* of things */
	double *mean;        /* of clusters */
	size_t n;
	size_t *size;                /* 0: it is in another */
	size_t *first, *last, *next; /* members */
	size_t *before;
};

static double
mean_of(const struct clusters *c, size_t a, size_t b)
{
	return c->mean[a * c->n + b];
}

/* The cluster that is nearest to a, but rather b than another as near. */
static size_t
nearest(const struct clusters *c, size_t a, size_t b)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->size[i] && i != a &&
		    (b == SIZE_MAX || mean_of(c, a, i) < mean_of(c, a, b)))
			b = i;
	return b;
}

/* Has the members of a in the opposite order. */
static void
turn(struct clusters *c, size_t a)
{
	size_t i = c->first[a], next;

	for (;;) {
		next = c->next[i];
		c->next[i] = c->before[i];
		c->before[i] = next;
		if (i == c->last[a])
			break;
		i = next;
	}
	i = c->first[a];
	c->first[a] = c->last[a];
	c->last[a] = i;
}

/* Turns both so that the last of a and the first of b are most alike. */
static void
face(struct clusters *c, size_t a, size_t b)
{
	const size_t end[2][2] = {{c->first[a], c->last[a]},
				  {c->first[b], c->last[b]}};
	size_t best = 2, k; /* the last of a, the first of b */

	for (k = 0; k < 4; k++)
		if (c->apart[end[0][k / 2] * c->n + end[1][k % 2]] <
		    c->apart[end[0][best / 2] * c->n + end[1][best % 2]])
			best = k;
	if (best / 2 == 0)
		turn(c, a);
	if (best % 2 == 1)
		turn(c, b);
}

static void
join_clusters(struct clusters *c, size_t a, size_t b)
{
	double na = (double)c->size[a], nb = (double)c->size[b];
	size_t i;

	face(c, a, b);
	c->next[c->last[a]] = c->first[b];
	c->before[c->first[b]] = c->last[a];
	c->last[a] = c->last[b];
	c->size[a] += c->size[b];
	c->size[b] = 0;
	for (i = 0; i < c->n; i++)
		c->mean[a * c->n + i] = c->mean[i * c->n + a] =
			(na * mean_of(c, a, i) + nb * mean_of(c, b, i)) /
			(na + nb);
}

/* A chain of nearest neighbours ends in two that are each other's: these are
 * joined, whatever comes later (F. Murtagh, The Computer Journal 26:354, 1983),
 * in a time of n^2. */
static size_t
join_all(struct clusters *c)
{
	size_t *chain = zeros(c->n + 1, sizeof *chain), length = 0, left = c->n;
	size_t a, b, i = 0;

	while (left > 1) {
		if (length == 0) {
			for (i = 0; !c->size[i]; i++)
				;
			chain[length++] = i;
		}
		a = chain[length - 1];
		b = length > 1 ? chain[length - 2] : SIZE_MAX;
		i = nearest(c, a, b);
		if (i != b) {
			chain[length++] = i;
			continue;
		}
		length -= 2;
		join_clusters(c, a < b ? a : b, a < b ? b : a);
		left--;
	}
	free(chain);
	for (i = 0; !c->size[i]; i++)
		;
	return i;
}

void
cluster_order(const double *apart, size_t n, size_t *order)
{
	struct clusters c = {.apart = apart, .n = n};
	size_t *all = zeros(5 * n + 1, sizeof *all), i, at;

	if (n == 0) {
		free(all);
		return;
	}
	c.mean = zeros(n * n, sizeof *c.mean);
	memcpy(c.mean, apart, n * n * sizeof *c.mean);
	c.size = all;
	c.first = all + n;
	c.last = all + 2 * n;
	c.next = all + 3 * n;
	c.before = all + 4 * n;
	for (i = 0; i < n; i++) {
		c.size[i] = 1;
		c.first[i] = c.last[i] = i;
	}
	at = c.first[join_all(&c)];
	for (i = 0; i < n; i++, at = c.next[at])
		order[i] = at;
	free(c.mean);
	free(all);
}
