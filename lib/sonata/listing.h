/* listing.h -- write rows of populations as a table
 *
 *	struct listing c = {0};
 *
 *	listing_add_list(&c, "node_id,node_type_id");
 *	listing_write_header(&c);
 *	listing_write_rows(population, &c, &(struct listing_choice){.filter = f,
 *.part = "0/2"});
 *
 * A filter's columns are read first, and those of the output only for the rows
 * that it lets through.
 */
#ifndef LISTING_H
#define LISTING_H

#include "sonata/filter.h"

struct listing {
	char **name;
	size_t n, cap;
};

void listing_add(struct listing *c, const char *name);      /* once */
void listing_add_list(struct listing *c, const char *list); /* "a,b,c" */
void listing_write_header(const struct listing *c);
void listing_free(struct listing *c);

/* A population that does not have a column of another one leaves it empty.  One
 * that none has, or that a filter needs and none has, ends the tool. */
void listing_check(const struct listing *c, struct filter *f,
		   struct sonata_population *const *p, size_t n);

/* Which rows. */
struct listing_choice {
	struct filter *filter; /* NULL: all */
	const struct opt_shard *shard;
	bool raw;    /* enumerations by code */
	bool strict; /* is a column that is not there an error? */

	/* Take those of n row numbers away that are not wanted; how many are
	 * left.  NULL: none is. */
	size_t (*sift)(void *arg, uint64_t *row, size_t n);
	void *arg;
};

void listing_write_rows(const struct sonata_population *p,
			const struct listing *c,
			const struct listing_choice *which);

#endif
