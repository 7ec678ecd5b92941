/* ratetable.h -- a table of rates, by node or by group of nodes
 *
 *	struct ratetable *t = ratetable_read("rates.csv", "group");
 *	struct ratetable_entry *e = ratetable_find(t, population, "3");
 *
 *	visit(&t->row[e->first + step]);
 *	ratetable_free(t);
 *
 * Its rows are of a node, in the column node_id, or of a group, in one that has
 * the name of the nodes' column; and of one population, if it has a column for
 * that.  A rate is constant, in the column rate_Hz, where sd_Hz may say how it
 * differs from cell to cell; or it has pieces, from start_ms to end_ms and from
 * rate0_Hz to rate1_Hz, in any order but without a gap.  The column step parts
 * a group: each step has rates of its own.
 */
#ifndef RATETABLE_H
#define RATETABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"
#include "stimulus/profile.h"

/* A rate over this, in Hz, is a number in the wrong unit. */
#define RATETABLE_MOST 1e6

struct ratetable_row {
	size_t line;            /* the first one, if there are several pieces */
	double rate_Hz, sd_Hz;  /* constant; the latter may be NaN */
	struct profile profile; /* not finished, and empty if constant */
};

struct ratetable_entry {
	size_t first, steps; /* rows */
	size_t cells, taken; /* for the caller */
};

struct ratetable {
	const char *path;
	bool by_node, timed, has_sd, has_population;
	struct ratetable_row *row;
	struct ratetable_entry *entry;
	size_t n, rows;

	/* The rest is for ratetable.c. */
	struct labels keys;
};

/* Reads it; the column of groups is that of the nodes.  What is wrong with it
 * ends the tool. */
struct ratetable *ratetable_read(const char *path, const char *group);

/* The entry of a node's id or a group, or NULL. */
struct ratetable_entry *ratetable_find(const struct ratetable *t,
				       const char *population, const char *key);

/* What an entry is of: the id or group, in new memory, and the population or
 * "". */
char *ratetable_key(const struct ratetable *t, size_t entry);
const char *ratetable_population(const struct ratetable *t, size_t entry);

void ratetable_free(struct ratetable *t);

#endif
