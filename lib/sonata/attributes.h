/* attributes.h -- what each element of a population has in HDF5
 *
 *	struct attributes a;
 *
 *	attributes_choose(&a, &nodes, &group);
 *	for (i = 0; i < nodes.property.n; i++)
 *		if (attribute_is_in_part(&a, 0, i) && a.as[i] == SINK_REAL)
 *			puts(nodes.property.name[i]);
 *	attributes_free(&a);
 *
 * It is known when all elements have been seen.  Columns that do not make types
 * are attributes, but for those without a value in the population.
 *
 * An attribute gets the kind that can hold all of its values: integers, if they
 * all are; or reals, where a missing one is NaN; or texts, which are what the
 * table has: numbers among them keep their zeros, and a word that stands for a
 * missing number, such as NULL, is a text there.  An integer that would have to
 * be rounded to be one of reals is an error that names where it stands.
 *
 * Where SONATA says what a missing value means, it is written: 1 for nsyns, and
 * false for is_gap_junction.  Other integers have nothing that stands for a
 * missing one, so that elements without them get groups of their own, which
 * leave the attribute out; with too many groups they would be reals after all.
 * SONATA's groups are parts here, because a group of elements is another thing.
 */
#ifndef ATTRIBUTES_H
#define ATTRIBUTES_H

#include "sonata/elements.h"
#include "sonata/hdfwrite.h"

struct attributes {
	enum hdfwrite_kind *as; /* of each property */
	bool *axis;             /* is it in the matrix of positions? */
	size_t positions[3];    /* the columns of that, or NO_LABEL */
	uint64_t *part;         /* how many elements each part has */
	size_t nparts;

	/* The rest is for attributes.c. */
	const struct elements *elements;
	struct element_group *group;
	bool *splits;       /* integers that some elements lack */
	struct labels lack; /* of these: a pattern for each part */
	char *lacking;      /* the pattern of the element at hand */
};

/* Choose the types as well. */
void attributes_choose(struct attributes *a, const struct elements *e,
		       struct element_group *g);

/* The part that an element belongs to, by the kinds of its values. */
size_t attributes_part(const struct attributes *a, const char *kinds);

/* Does an element of a part have this attribute? */
bool attribute_is_in_part(const struct attributes *a, size_t part, size_t i);

/* Texts of attributes are numbers into a library of them, which has a place of
 * its own; but SONATA has none for parameters. */
bool attribute_is_enumeration(const struct attributes *a, size_t i);

void attributes_free(struct attributes *a);

#endif
