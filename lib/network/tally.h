/* tally.h -- count the edges of a pathway by cell and group
 *
 *	struct tally *t = tally_new(&cells->population[0],
 *				    &cells->population[1], UNIT_ROWS,
 *				    TALLY_BOTH);
 *
 *	tally_batch(t, &batch);
 *	n = t->in[target * t->na + a];  // that reach a target from group a
 *	n = t->out[source * t->nb + b]; // that leave a source for group b
 *
 * Memory is a counter of four bytes for each cell and group, or two, or none.
 */
#ifndef TALLY_H
#define TALLY_H

#include "network/edges.h"

/* What the counters of a cell count. */
enum tally_unit { UNIT_ROWS, UNIT_SYNAPSES, UNIT_CONNECTIONS };

/* --unit, and its value. */
extern const struct opt tally_opts[];
enum tally_unit tally_unit(void);

/* Which cells are counted for: targets, sources, both, or none where only the
 * numbers of pairs of groups are asked for. */
enum tally_sides { TALLY_NONE, TALLY_IN, TALLY_OUT, TALLY_BOTH };

struct tally {
	const struct cells_population *source, *target;
	bool same; /* population: can there be autapses? */
	enum tally_unit unit;
	size_t na, nb;    /* groups of sources, of targets */
	uint32_t *in;     /* [target * na + a], or NULL */
	uint32_t *out;    /* [source * nb + b], or NULL */
	uint64_t uniform; /* rows that are in the counters alone */

	/* By [a * nb + b], when tally_finish() has been called. */
	uint64_t *rows, *synapses, *autapses;
};

/* A tally of connections is not counted by tally_batch() but by the pairs. */
struct tally *tally_new(const struct cells_population *source,
			const struct cells_population *target,
			enum tally_unit unit, enum tally_sides sides);
void tally_batch(struct tally *t, const struct edge_batch *b);
void tally_connection(struct tally *t, uint32_t source, uint32_t target);
void tally_finish(struct tally *t);
void tally_free(struct tally *t);

/* For a counter column[cell * stride], the values of one group's cells; how
 * many there are. */
size_t tally_gather(const uint32_t *column, size_t stride,
		    const struct cells_members *m, uint32_t group,
		    uint32_t *value);

/* The spread of counts over cells; the counts may come back in another order.
 */
struct tally_spread {
	size_t n, nonzero;
	double mean, sd; /* sd with n - 1; NaN where there is none */
	double min, max, median, nonzero_mean;
};

struct tally_spread tally_spread_of(uint32_t *value, size_t n);

/* The counters first[cell * stride + k], for k below n. */
struct tally_columns {
	const uint32_t *first;
	size_t stride, n;
};

/* The spreads of one group's cells in each of the first TALLY_TOGETHER columns,
 * or as many as there are: s[k]. */
enum { TALLY_TOGETHER = 16 };

void tally_spreads(struct tally_columns c, const struct cells_members *m,
		   uint32_t group, struct tally_spread *s);

#endif
