/* elements.h -- nodes or edges on their way from tables to SONATA files
 *
 *	struct elements nodes = {.name = "node", .reserved = reserved};
 *	struct element_sink out;
 *
 *	elements_open_tables(&nodes, paths, n);
 *	nodes.spill = spill_new(limit, nodes.size, memory);
 *	element_group_start(&group, &nodes, "cortex");
 *	while (rows_next(&table->rows))
 *		elements_add(&nodes, &group, table, key);
 *
 *	out = (struct element_sink){.elements = &nodes, .group = &group};
 *	element_sink_open(&out, "network", 0);
 *	for (i = 0; i < group.n; i++)
 *		element_sink_put(&out, elements_next(&nodes, &key));
 *	element_sink_close(&out);
 *
 * The columns of several tables are gathered into one set of properties.  An
 * element waits in an external sort (spill.h), by a key that is the caller's
 * choice.  Which columns make types is known when all elements have been seen:
 * texts that do not vary too much, see typing.h, or those the caller wants. The
 * others become attributes of each element, and texts among them enumerations,
 * in an @library.
 *
 * Whether an attribute is of integers, reals or texts is known then, too, so
 * that each value carries its own kind on the way, and the attribute gets the
 * one that can hold them all: integers, if they all are; or reals, where a
 * missing one is NaN; or texts, which are what the table has: numbers among
 *them keep their zeros, and a word that stands for a missing number, such as
 *NULL, is a text there.  What only ever is a real, such as a delay, is one
 *always; and what simulators take for a text is one always.  An integer that
 *would have to be rounded to be one of reals is an error that names where it
 *stands.  An attribute without a value in a population is left out there.
 *
 * Where SONATA says what a missing value means, it is written: 1 for nsyns, and
 * false for is_gap_junction.  Other integers have nothing that stands for a
 * missing one, so that elements without them get groups of their own, which
 * leave the attribute out; with too many groups they would be reals after all.
 */
#ifndef ELEMENTS_H
#define ELEMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"
#include "rows.h"
#include "sonata/hdfwrite.h"
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

/* The elements of one population. */
struct element_group {
	char *name;
	uint64_t n;

	/* The rest is for elements.c. */
	unsigned char *seen;           /* kinds of value in each column */
	struct element_place *inexact; /* an integer that a real cannot hold */
	struct element_place *respelt; /* a number that is not kept as a text */
	uint32_t *numbers;             /* before the first text */
	unsigned char *has;            /* what is in each, as text */
	uint32_t *last;                /* the text that came last in each */
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

	/* The rest is for elements.c. */
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

/* The next record of e->spill, for put_element. */
const char *elements_next(struct elements *e, uint64_t *key);

/* Elements of one of SONATA's groups: they have the same attributes. */
struct element_part {
	struct hdfwrite_sink **column; /* NULL for one without values */
	struct labels *library;        /* the texts of enumerations */
	struct hdfwrite_sink *positions;
	uint64_t n, at; /* elements, and those written so far */
};

/* One population's file, DIRECTORY/GROUP_nodes.h5 or _edges.h5, and its type
 * file, _node_types.csv or _edge_types.csv. */
struct element_sink {
	struct elements *elements; /* these two are to be set */
	struct element_group *group;
	struct hdfwrite file;

	/* The rest is for elements.c. */
	const char *directory;
	char *path, *root; /* of the file; in it, of the population */
	struct hdfwrite_sink *type_id, *group_id, *group_index;
	enum hdfwrite_kind *as;
	bool *splits; /* integers that some elements lack */
	bool *axis;   /* of a matrix of positions */
	size_t positions[3];
	struct labels lack; /* of these: a pattern for each part */
	char *lacking;      /* the pattern of the element at hand */
	struct element_part *part;
	size_t nparts;
};

void element_sink_open(struct element_sink *s, const char *directory,
		       unsigned gzip);
void element_sink_put(struct element_sink *s, const char *record);
void element_sink_close(struct element_sink *s);

/* A dataset of the population itself, such as node_id, with a row for each
 * element; and the path of one, in new memory. */
struct hdfwrite_sink *element_sink_column(struct element_sink *s,
					  const char *name,
					  enum hdfwrite_kind kind);
char *element_path(const struct element_sink *s, const char *name);

void element_group_free(struct element_group *g);
void elements_free(struct elements *e);

#endif
