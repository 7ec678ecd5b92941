/* listing.h -- write rows of populations as a table
 *
 *	struct columns c = {0};
 *
 *	add_columns(&c, "node_id,node_type_id");
 *	write_header(&c);
 *	write_rows(population, &c, &(struct choice){.filter = f, .part =
 *"0/2"});
 *
 * A filter's columns are read first, and those of the output only for the rows
 * that it lets through.
 */
#ifndef LISTING_H
#define LISTING_H

#include "sonata/filter.h"

struct columns {
	char **name;
	size_t n, cap;
};

void add_column(struct columns *c, const char *name);  /* once */
void add_columns(struct columns *c, const char *list); /* "a,b,c" */
void write_header(const struct columns *c);
void free_columns(struct columns *c);

/* A population that does not have a column of another one leaves it empty.  One
 * that none has, or that a filter needs and none has, ends the tool. */
void check_columns(const struct columns *c, struct filter *f,
		   struct population *const *p, size_t n);

/* Which rows. */
struct choice {
	struct filter *filter; /* NULL: all */
	const char *part;      /* of --shard, or NULL */
	bool raw;              /* enumerations by code */
	bool strict;           /* is a column that is not there an error? */

	/* Take those of n row numbers away that are not wanted; how many are
	 * left.  NULL: none is. */
	size_t (*sift)(void *arg, uint64_t *row, size_t n);
	void *arg;
};

/* Misuse if it is no part; before anything is written. */
void check_part(const char *part);

void write_rows(const struct population *p, const struct columns *c,
		const struct choice *which);

#endif
