/* reading.h -- the attributes of nodes and edges, a batch of rows at a time
 *
 *	struct reading *r = reading_start(population, false);
 *	size_t delay = reading_want(r, "delay");
 *
 *	reading_range(r, first, n);
 *	reading_out(&r->v[delay][i]); // the delay of row first + i
 *
 * Attributes may be in several groups, whose rows are interleaved in any order,
 * or in the type CSV; the value in HDF5 goes before that in the CSV, attribute
 * by attribute and row by row.
 */
#ifndef READING_H
#define READING_H

#include "sonata/hdfchunk.h"
#include "sonata/sonata.h"

#define BATCH ((size_t)1 << 16) /* rows; more are slower: cache */

/* Attributes of rows.  Besides those of the population there are node_id,
 * node_type_id, node_group_id, node_group_index and population, or edge_id (the
 * row), source_node_id, target_node_id, edge_type_id, edge_group_id,
 * edge_group_index, population, source_population and target_population. */
struct reading {
	const struct sonata_population *p;
	size_t nwanted;
	struct hdf_value **v; /* v[k][i]: attribute k of row[i] */
	uint64_t *row;
	size_t n;

	/* The rest is for reading.c. */
	bool raw;
	struct reading_wanted *wanted;
	size_t mwanted, mv, room;
	bool typed, grouped; /* are the types, the groups of rows needed? */
	uint32_t *type;      /* of each row, in p->types, or its ntypes */
	bool same;       /* are all rows of the batch of the first's type? */
	uint32_t *place; /* in p->types, by id - the first id; or NULL */
	size_t places;
	int64_t *id;     /* a column of ids */
	uint64_t *index; /* of each row, in its group */
	uint32_t *order; /* rows, group by group: those of group g are */
	size_t *begin;   /* order[begin[g]] to order[begin[g + 1] - 1] */
	struct hdf_arena arena;
	struct hdfchunk unpacker[3];
	bool in_order; /* do the rows of the batch follow one another? */
	bool warned;
};

/* With raw, enumerations are shown by code. */
struct reading *reading_start(const struct sonata_population *p, bool raw);

/* Ask for an attribute, and get its number. If there is none of that name,
 * reading_want() ends the tool, and reading_try_want() returns NO_ATTRIBUTE. */
#define NO_ATTRIBUTE SIZE_MAX
size_t reading_want(struct reading *r, const char *name);
size_t reading_try_want(struct reading *r, const char *name);

/* What values an attribute has that was asked for; where a CSV has them, they
 * are looked at. */
struct reading_kinds {
	bool texts, numbers;
	bool reals; /* may be among the numbers */
};
struct reading_kinds reading_kinds(const struct reading *r, size_t k);

/* The types of an attribute that has one value for each type: how many there
 * are, with that of rows without a type, and r->type[i] is that of row i; or 0.
 * A value may then be looked at once for all rows of its type. */
size_t reading_types(const struct reading *r, size_t k);
const char *reading_type_text(const struct reading *r, size_t k, size_t type);

/* The numbers of an attribute for the rows read, NaN where there is none, up to
 * the first value that is not a number; how many there are. */
size_t reading_nums(const struct reading *r, size_t k, double *num);

/* Read the attributes that are wanted, for rows [first, first + n) or for the
 * rows listed. */
void reading_range(struct reading *r, uint64_t first, size_t n);
void reading_rows(struct reading *r, const uint64_t *row, size_t n);
void reading_end(struct reading *r);

/* Is the value missing? That includes texts that tables have for a missing one.
 */
bool reading_missing(const struct hdf_value *v);

/* A value as another type; false if it cannot be one. */
bool reading_num(const struct hdf_value *v, double *num); /* missing is NaN */
bool reading_int(const struct hdf_value *v, int64_t *i);  /* not if missing */
bool reading_flag(const struct hdf_value *v, bool *flag); /* missing is false */
const char *reading_text(const struct hdf_value *v, char *room32);
void reading_out(const struct hdf_value *v); /* a field of the output */

#endif
