/* typing.h -- which columns of nodes or edges make their types
 *
 *	struct typing t;
 *
 *	typing_start(&t, columns, false);
 *	for (i = 0; i < elements; i++)
 *		typing_see(&t, 0, value[i], kind[i]);
 *	typing_choose(&t, elements, is_text);
 *	type = typing_find(&t, 0, value[0], kind[0]);
 *
 * A type is a row of SONATA's type files, for what many elements have in
 * common.  BMTK takes texts from there, because those of HDF5 come to it as
 * bytes, which are equal to no text; so texts are what types are made of.
 *
 * Where the elements have no types yet, each combination of the texts is one,
 * while they are few: at most 10 000, and half as many as elements, or 16, or
 *as many as what simulators look for in types makes alone.  Of more, columns
 *are left out, those with the most different values first; what is looked for
 *stays as long as there are 10 000 at most. Where they have types, a column is
 *of the types if it is the same in all elements of each.
 *
 * It is not known of a column that it has texts before the first one comes.
 * So combinations are of all columns, until there are too many; then columns
 * without texts go first.  Memory follows the number of types.
 */
#ifndef TYPING_H
#define TYPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NO_TYPING SIZE_MAX

/* What a column is to types. */
enum typing_rank {
	TYPING_ANY,    /* it makes types if it is of texts */
	TYPING_SOUGHT, /* simulators look for it in types */
	TYPING_ONLY    /* it can be nowhere else */
};

struct typing {
	size_t columns;
	bool by_id;             /* elements have types already */
	enum typing_rank *rank; /* of each column, to be set by the caller */
	unsigned char text;     /* a bit of the kind of a text, likewise */
	unsigned char none;     /* the kind of a missing value, likewise */

	size_t *alive, nalive; /* the columns that may make types */
	size_t n;              /* types, in the order they were first seen */
	int64_t *id;           /* by_id: of each */
	uint64_t *value;       /* of each, column by column */
	unsigned char *kind;

	/* The rest is for typing.c. */
	size_t mid, mvalue, mkind;
	uint32_t *slot; /* open addressing: a type + 1, or 0 */
	size_t slots;
	size_t last; /* the type that was found last */
};

void typing_start(struct typing *t, size_t columns, bool by_id);

/* This column does not make types. */
void typing_drop(struct typing *t, size_t column);

/* Take an element's type into account.  Type -1 is none.  Returns NO_TYPING, or
 * a column of TYPING_ONLY that is not the same in all elements of its type. */
size_t typing_see(struct typing *t, int64_t id, const uint64_t *value,
		  const unsigned char *kind);

/* All elements have been seen: keep the columns of texts, and of TYPING_ONLY,
 * that make few types of so many elements. */
void typing_choose(struct typing *t, uint64_t elements, const bool *is_text);

bool typing_makes(const struct typing *t, size_t column);

/* The type of an element that has been seen. */
size_t typing_find(struct typing *t, int64_t id, const uint64_t *value,
		   const unsigned char *kind);

void typing_free(struct typing *t);

#endif
