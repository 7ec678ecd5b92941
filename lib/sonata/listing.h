/* listing.h -- write rows of populations as a table
 *
 *	static const struct listing_work work = {
 *		.sort = NODES,
 *		.populations = &populations,
 *		.add_columns = add_columns,
 *		.write = write_population,
 *	};
 *
 *	argv = start(argc, argv, &tool);
 *	listing_write(argv[0], &work);
 *
 * A filter's columns are read first, and those of the output only for the rows
 * that it lets through.
 */
#ifndef LISTING_H
#define LISTING_H

#include "sonata/filter.h"

/* --all, -c, --where, --node-set, --raw, --shard and --types: every tool that
 * writes a listing takes this table in. */
extern const struct opt listing_opts[];

struct listing {
	char **name;
	size_t n, cap;
	struct filter *filter; /* of --where */

	/* Take those of n row numbers away that are not wanted, and say how
	 * many are left; NULL where all are wanted. */
	size_t (*sift)(void *arg, uint64_t *row, size_t n);
	void *arg;
};

/* What a tool knows of its rows. */
struct listing_work {
	enum sonata_sort sort;
	const struct opt_list *populations; /* those asked for */

	/* Add the columns that come first, and those there are without -c;
	 * several: rows of more than one population can be meant. */
	void (*add_columns)(struct listing *c,
			    struct sonata_population *const *p, size_t n,
			    bool several);

	/* Write the rows of a population, with what sifts them. */
	void (*write)(struct sonata_network *net,
		      const struct sonata_population *p, struct listing *c);

	/* Find what is wrong before anything is written; or NULL. */
	void (*check)(struct sonata_network *net,
		      struct sonata_population *const *p, size_t n);
};

void listing_add(struct listing *c, const char *name); /* once */
void listing_write_rows(const struct sonata_population *p,
			const struct listing *c);
void listing_free(struct listing *c);

const char *listing_node_set(void); /* that is asked for, or NULL */

/* Write the rows that the options choose of the network in a file, with a
 * header.  A population that does not have a column of another one leaves it
 * empty.  A column that none has, or that a filter needs and none has, ends the
 * tool. */
void listing_write(const char *path, const struct listing_work *work);

#endif
