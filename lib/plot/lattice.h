/* lattice.h -- the numbers of an axis of cells: the places of a regular grid
 *
 *	struct lattice l = {0};
 *
 *	lattice_add(&l, 10);
 *	lattice_add(&l, 20);
 *	lattice_add(&l, 40);
 *	lattice_settle(&l);
 *	place = lattice_place(&l, 40); // 3 of l.places == 4
 *	lattice_free(&l);
 *
 * Where four numbers or more are each as many times the one before, the axis is
 * logarithmic.  Else, where all distances are multiples of the smallest, as
 *those of times and frequencies are, that is the step, and a place may have
 *nothing. Elsewhere each number has a place beside the next one's.
 */
#ifndef LATTICE_H
#define LATTICE_H

#include "plot/axis.h"

struct lattice {
	double *value; /* ascending, each once, when it is settled */
	size_t n, cap;
	double step; /* from place to place; 0: there is none */
	size_t places;
	bool log; /* then there is no step */
};

void lattice_add(struct lattice *l, double v);
void lattice_settle(struct lattice *l);

/* The place of a number that was added; the number of a place. */
size_t lattice_place(const struct lattice *l, double v);
double lattice_value(const struct lattice *l, size_t place);

/* Where any number within the axis is, in places. */
double lattice_at(const struct lattice *l, double v);

/* An axis as long as all places, with at most so many tics. */
struct axis lattice_axis(const struct lattice *l, double most);

void lattice_free(struct lattice *l);

#endif
