/* elements.h -- nodes or edges on their way from tables to SONATA files
 *
 *	struct elements nodes = {.name = "node", .reserved = reserved};
 *	struct element_group group;
 *
 *	elements_open_tables(&nodes, paths, n);
 *	nodes.spill = spill_new(limit, nodes.size, memory);
 *	element_group_start(&group, &nodes, "cortex");
 *	while (rows_next(&table->rows))
 *		elements_add(&nodes, &group, table, key);
 *
 *	for (i = 0; i < group.n; i++)
 *		visit(elements_next(&nodes, &key));
 *
 * The columns of several tables are gathered into one set of properties.  An
 * element waits in an external sort (spill.h), by a key that is the caller's
 * choice.  Which columns make types is known when all elements have been seen:
 * texts that do not vary too much, see typing.h, or those the caller wants. The
 * others become attributes of each element, see attributes.h.
 *
 * Whether an attribute is of integers, reals or texts is known then, too, so
 * that each value carries its own kind on the way.  What only ever is a real,
 * such as a delay, is one always; and what simulators take for a text is one
 * always, see property.h.
 */
#ifndef ELEMENTS_H
#define ELEMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"
#include "rows.h"
#include "sonata/spill.h"
#include "sonata/typing.h"

/* Whose readers the files are for. */
enum element_dialect { DIALECT_BMTK, DIALECT_LIBSONATA };

/* The place of the first value in a column that would be lost if it came to
 * that. */
struct element_place {
	const char *path;
	size_t line;
	char *value; /* NULL: there was none */
};

/* The kinds of values.  One that is wide is an integer that neither an int64
 * nor a double can hold.  One that is spelt waits as a text: a wide one, a
 * number that is not written as we would, or a word for a missing one. */
enum {
	VALUE_MISSING = 1,
	VALUE_INTEGER = 2,
	VALUE_REAL = 4,
	VALUE_TEXT = 8,
	VALUE_WIDE = 16,
	VALUE_SPELT = 32,
	VALUE_MARKED = 64, /* of a column only: it has had a word for a missing
			      one */
	VALUE_ANY = VALUE_INTEGER | VALUE_REAL | VALUE_TEXT | VALUE_WIDE
};

union element_value {
	int64_t i;
	double r;
	uint64_t text; /* a label */
};

/* What a column has as text: any, texts that look like numbers, and others. */
enum { COLUMN_FILLED = 1, COLUMN_NUMBERED = 2, COLUMN_WORDED = 4 };

struct element_column {
	unsigned char seen;           /* kinds of value */
	unsigned char has;            /* what there is as text */
	struct element_place inexact; /* an integer that a real cannot hold */
	struct element_place respelt; /* a number that is not kept as a text */
	uint32_t numbers;             /* before the first text */
	uint32_t last;                /* the text that came last */
};

/* A pattern has one of these for each column, with the bit of a missing value;
 * full ones sort first.  With too many patterns there are none. */
enum { ELEMENT_HAS = '0', ELEMENT_LACKS = ELEMENT_HAS | VALUE_MISSING };

#define MAX_ELEMENT_PATTERNS ((size_t)1 << 16)

#define NO_TYPE_ID (-1)

/* The elements of one population. */
struct element_group {
	char *name;
	uint64_t n;

	/* The rest is for those who write them. */
	struct element_column *column;
	size_t ncolumns;
	struct labels patterns; /* of the columns an element lacks */
	char *pattern;          /* of the last one */
	uint32_t at;            /* its number */
	uint64_t *count;        /* elements that have each pattern */
	size_t mcount;
	struct typing typing;
};

/* A table, and where in it the properties are. */
struct element_table {
	struct rows rows;
	size_t type_id; /* a column, or NO_COLUMN */
	size_t *column;
};

/* All tables of nodes, or of edges. */
struct elements {
	const char *name;            /* "node", "edge" */
	const char *const *reserved; /* columns that are not properties */
	const char *const *shadowed; /* these are left out as well, because
					readers compute them */
	const char *wanted; /* columns that are to make types, parted by
			     * commas; NULL: texts that do not vary */
	enum element_dialect dialect;
	bool positions; /* x, y and z in one matrix */
	struct element_table *table;
	size_t ntables;
	struct spill *spill;
	size_t size; /* of a record in it */

	/* The rest is for elements.c, and those who write them. */
	struct labels want;     /* wanted */
	struct labels property; /* the columns that there are */
	unsigned char *sort;    /* of each */
	uint32_t gap;           /* is_gap_junction, or NO_LABEL */
	struct labels text;     /* texts in them */
	char *left_out;         /* of the shadowed columns of a table */
	bool gives_ids;         /* is there a column of type ids? */
	char *record;           /* being put together */
	const uint64_t *key;    /* the run of records that are coming back */
	const char *run;
	size_t nrun, at;
};

/* Open tables, and read their headers.  All are opened before any element is
 * read, because all elements have the same properties. */
void elements_open_tables(struct elements *e, const char *const *path,
			  size_t n);
void elements_close_tables(struct elements *e);

/* End the tool if a column that is to make types is not in any table; option is
 * the one that named it. */
void elements_check_wanted(const struct elements *e, const char *option);

void element_group_start(struct element_group *g, const struct elements *e,
			 const char *name);

/* Send the record that the table is at to e->spill. */
void elements_add(struct elements *e, struct element_group *g,
		  const struct element_table *t, uint64_t key);

/* Has any element of a group a value of this property? */
bool element_group_has(const struct elements *e, const struct element_group *g,
		       const char *property);

/* Are there type files? */
bool elements_have_types(const struct elements *e);

/* Is the element that was added last, or that of a record, a gap junction? */
bool elements_is_gap(const struct elements *e, const char *record);

/* The next record of e->spill: values, as many kinds, and the id of its type
 * where the tables have one. */
const char *elements_next(struct elements *e, uint64_t *key);

/* The value of a property in a record, and its kind. */
union element_value element_value(const char *record, size_t i);
int elements_kind(const struct elements *e, const char *record, size_t i);

/* A value as text: a number in a column of texts is one, as it was written. */
const char *elements_text(struct elements *e, union element_value v, int kind);

/* The name in the file of a column that is not a parameter: readers show an
 * attribute whose name is a column that all elements have as attribute.NAME. */
const char *elements_stored_name(const struct elements *e, const char *name);

void element_group_free(struct element_group *g);
void elements_free(struct elements *e);

#endif
