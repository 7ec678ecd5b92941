/* twoway.h -- pairs of cells that are connected one way, the other way, or both
 *
 *	struct twoway_pairs p = {.nclasses = 1, .wanted = TWOWAY_ALL};
 *
 *	twoway_read(&p.rule[0], (const char *const[]){"p0", "p1"}, text);
 *	twoway_begin(&p, "connect-reciprocal", argv);
 *	twoway_connect(&p);
 *	twoway_end(&p);
 *
 * A pair has a first cell and a second one, and forward is from that to this.
 * The chance of both ways has to be one that the chances of the two directions
 * leave room for, from max(0, p0 + p1 - 1) to min(p0, p1).  Where it is not, it
 * gives way, so that the chance of a direction is what was asked for.
 *
 * A pair is drawn once: one draw says whether it is connected forward,
 * backward, both ways or not at all.  Pairs may be of classes, which have their
 * own chances.  All are of the first class, but for the partners that the tool
 * names.  So pairs are picked as if there were no other class (candidates.h),
 * and a pick that is of another one is dropped: what is left of independent
 * picks is as it would have been.  Partners are gone through one by one, with
 * random numbers of their own for each class, so that the chances of a class
 * change nothing in another one.
 *
 * What is asked for on the average, and how many pairs give way, are sums over
 * all pairs, which are counted by distance (apart.h).
 */
#ifndef TWOWAY_H
#define TWOWAY_H

#include "connect/apart.h"
#include "connect/candidates.h"
#include "connect/chance.h"
#include "connect/connect.h"

enum { FORWARD, BACKWARD };

/* Both directions, as bits. */
#define TWOWAY_ALL (1U << FORWARD | 1U << BACKWARD)

struct twoway {
	struct chance p[2], both;
	/* both is a chance, or a rate over p0 p1, or it follows from rho. */
	enum { BOTH_BY_CHANCE, BOTH_BY_RATE, BOTH_BY_CORRELATION } kind;
	double rho;
	bool equal;          /* are p the same? */
	int64_t nsyns[2][2]; /* by direction; connect_draw_synapses() */
};

/* Read the chances of both directions.  What both options say in the same
 * words is read once: a table may be a pipe, and there is one warning about
 * it. */
void twoway_read(struct twoway *t, const char *const option[2],
		 const char *const text[2]);

/* What a pair has, and whether that of both had to give way. */
struct twoway_chances {
	double p[2], both;
	bool cut;
};
struct twoway_chances twoway_at(const struct twoway *t, double distance);

/* How a pair turns out: FORWARD and BACKWARD are with or without the other. */
enum { RECIPROCAL = 2, ONE_WAY, OUTCOMES };

/* Sums over pairs: how many there are, how many may turn out so and how many
 * have, the mean chance of those that may, and for how many that of both gave
 * way. */
struct twoway_sums {
	uint64_t pairs, possible[OUTCOMES], made[OUTCOMES], cut;
	double mean[OUTCOMES];
};

enum { TWOWAY_CLASSES = 3 };

/* The second cell of a pair, by its place, and the class of the pair. */
struct twoway_partner {
	uint32_t cell, class;
};

struct twoway_pairs {
	struct twoway rule[TWOWAY_CLASSES];
	size_t nclasses;
	/* The cells that the i-th first one makes a pair of another class with,
	 * in new memory and ascending, and how many; NULL: there are none. */
	struct twoway_partner *(*partners)(const void *arg, size_t i,
					   size_t *n);
	const void *arg;
	bool gap; /* edges have is_gap_junction, and go from the lower id to the
		   * higher one, all of them forward */
	bool nsyns;      /* edges have nsyns */
	unsigned wanted; /* the directions that are written, as bits */

	/* What twoway_begin() finds. */
	struct pool pool[2]; /* the first and the second cells of pairs */
	bool same;           /* of one group: the first is before the second */
	size_t axes;         /* 0: the chances do not depend on distance */
	size_t first, end;   /* the first cells, of this shard */
	const char *name;    /* of the connector */

	struct twoway_sums sums[TWOWAY_CLASSES];

	/* The rest is for twoway.c. */
	char *stream;
	struct candidates *candidates;
	struct connect_table table[2]; /* by direction */
};

/* Read the cells, when the rules have been read.  The random numbers follow
 * from the name of the tool, too. */
void twoway_begin(struct twoway_pairs *p, const char *tool, char *const *paths);

/* Pairs by distance, for sums of what the rules say. */
struct apart twoway_apart(const struct twoway_pairs *p);

/* Does the chance of both give way at any distance, for any class? */
bool twoway_may_be_cut(const struct twoway_pairs *p);

/* Sum up the pairs of this shard. */
void twoway_sum_up(struct twoway_pairs *p);

/* Warn of the pairs where the chance of both gave way, and say how many of
 * those that have been summed up. */
void twoway_warn_of_cut(const struct twoway_pairs *p);

/* For pairs within one group, where it means nothing which of two cells is
 * the first one: misuse if the two directions are not said to be the same. */
void twoway_check_symmetry(const char *const option[2],
			   const char *const text[2]);

/* Draw the pairs, write the edges of the directions that are wanted, and
 * count what was made, from 0. */
void twoway_connect(struct twoway_pairs *p);

/* Report what was made of the pairs of this shard, which have been summed up:
 * by class, which have these names where there are several, then together, then
 * of all pairs, whatever their chance. */
void twoway_report(const struct twoway_pairs *p, const char *const *class);

void twoway_end(struct twoway_pairs *p);

#endif
