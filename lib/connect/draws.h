/* draws.h -- random numbers for rows of edges, pair of cells by pair
 *
 *	struct draws *d = draws_start("edge-delay", "delay", random_draw);
 *
 *	while (passing_next(e))
 *		out_num(draws_next(d, e));
 *	draws_end(d);
 *
 * What is drawn follows from the ends of an edge: every pair of cells has a
 * stream of numbers of its own, and its rows take one after the other.  Where
 * the rows of a pair follow each other, as in a sorted table, no pair has to be
 * remembered.
 */
#ifndef DRAWS_H
#define DRAWS_H

#include "connect/passing.h"
#include "opt.h"
#include "random/random.h"

/* --seed, --name, --any-order. */
extern const struct opt draws_opts[];

struct draws;

/* Starts what a tool draws for something with a name, unless --name gives it
 * another one.  Without --seed it is misuse. */
struct draws *draws_start(const char *tool, const char *name,
			  double (*draw)(struct random_stream *));

/* Gives the number of this row. */
double draws_next(struct draws *d, const struct passing *e);

void draws_end(struct draws *d); /* NULL is fine */

#endif
