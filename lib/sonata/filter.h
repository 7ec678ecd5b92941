/* filter.h -- which rows are meant
 *
 *	struct filter *f = filter_where(&where); // "pop_name=PV" "node_id<100"
 *
 *	filter_start(f, reading);
 *	reading_range(reading, first, n);
 *	n = filter_rows(f, reading, kept);
 *
 * A filter is a list of conditions, or several lists of which one has to hold,
 * as in node sets.  A condition compares a column with a value or with
 * several, as numbers if both are numbers, else as texts.
 */
#ifndef FILTER_H
#define FILTER_H

#include "opt.h"
#include "sonata/reading.h"

struct filter;

/* From --where: NAME=VALUE[,VALUE...], and != < <= > >= ~ (a regular
 * expression) in place of =.  All of them have to hold; NULL if there are none.
 */
struct filter *filter_where(const struct opt_list *where);

/* The filter that a node set of the network's config is for one population. It
 * ends the tool where a condition cannot hold: a value of another kind than the
 * attribute's, an attribute that no population of the network has. */
struct filter *filter_node_set(struct sonata_network *net, const char *name,
			       const char *population);

/* Ask the reading for the columns of the filter. Conditions on a column that is
 * not there do not hold. */
void filter_start(struct filter *f, struct reading *r);

/* End the tool if there is a column that no filter_start() has found; path is
 * for the message. */
void filter_check(const struct filter *f, const char *path);

/* The row numbers, of those read, for which the filter holds. */
size_t filter_rows(const struct filter *f, const struct reading *r,
		   uint64_t *kept);

/* Which of a population's nodes a filter lets through: a flag for each. */
bool *filter_nodes(const struct sonata_population *p, struct filter *f);

void filter_free(struct filter *f);

#endif
