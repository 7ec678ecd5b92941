/* twoway.h -- pairs of cells that are connected one way, the other way, or both
 *
 *	struct twoway t = {.kind = BOTH_BY_CORRELATION, .rho = 0.2};
 *	struct twoway_chances c;
 *
 *	twoway_read(&t, (const char *const[]){"p0", "p1"},
 *			(const char *const[]){"0.1", "0.3"});
 *	c = twoway_at(&t, distance_um);
 *	if (twoway_draw(&c, random_draw(&stream)) & 1U << FORWARD)
 *		connect(i, j);
 *
 * A pair has a first cell and a second one, and forward is from that to this.
 * The chance of both ways has to be one that the chances of the two directions
 * leave room for, from max(0, p0 + p1 - 1) to min(p0, p1).  Where it is not, it
 * gives way, so that the chance of a direction is what was asked for.
 *
 * What is asked for on the average, and how many pairs give way, are sums over
 * all pairs, which are counted by distance (apart.h).
 */
#ifndef TWOWAY_H
#define TWOWAY_H

#include "connect/apart.h"
#include "connect/chance.h"
#include "connect/connect.h"

enum { FORWARD, BACKWARD };

struct twoway {
	struct chance p[2], both;
	/* both is a chance, or a rate over p0 p1, or it follows from rho. */
	enum { BOTH_BY_CHANCE, BOTH_BY_RATE, BOTH_BY_CORRELATION } kind;
	double rho;
	bool equal; /* are p the same? */
};

/* Read p of both directions.  What both say in the same words is read once: a
 * table may be a pipe, and there is one warning of it. */
void twoway_read(struct twoway *t, const char *const option[2],
		 const char *const text[2]);

void twoway_free(struct twoway *t);

bool twoway_needs_distance(const struct twoway *t);

/* What a pair has, and whether that of both had to give way. */
struct twoway_chances {
	double p[2], both;
	bool cut;
};
struct twoway_chances twoway_at(const struct twoway *t, double distance);

/* The directions that a number from 0 up to 1 says, as bits 1 << FORWARD and
 * 1 << BACKWARD: one draw of four. */
unsigned twoway_draw(const struct twoway_chances *c, double u);

/* That a pair is connected at all, for candidates.h. */
double twoway_greatest(const void *twoway, double low, double high);

/* Pairs by distance, for sums of what n of these say. */
struct apart twoway_apart(const struct apart_span *s, const struct twoway *t,
			  size_t n);

/* How a pair turns out: FORWARD and BACKWARD are with or without the other. */
enum { RECIPROCAL = 2, ONE_WAY, OUTCOMES };

/* Of pairs: how many there are, how many may turn out so and how many have, the
 * mean chance of those that may, and for how many that of both gave way. */
struct twoway_sums {
	uint64_t pairs, possible[OUTCOMES], made[OUTCOMES], cut;
	double mean[OUTCOMES];
};

/* Add n pairs of such chances, or take them away. */
void twoway_add_pairs(struct twoway_sums *s, const struct twoway_chances *c,
		      uint64_t n, bool fewer);
void twoway_add_apart(struct twoway_sums *s, const struct apart *a,
		      const struct twoway *t);
void twoway_add_sums(struct twoway_sums *to, const struct twoway_sums *s);

/* A row of an edge, of a pair with such directions, was made. */
void twoway_count_row(uint64_t made[OUTCOMES], unsigned direction, bool both);

/* The warning that counts the pairs where the chance of both gave way. */
void twoway_warn_of_cut(const struct twoway_sums *s);

/* A line of a report about pairs of cells of two pools: of what may turn out
 * so, or of all. */
struct connect_outcome twoway_outcome(const struct pool pool[2],
				      const struct twoway_sums *s,
				      size_t outcome, bool all);

#endif
