/* sift.h -- the edges of a shard, where a file cannot be cut
 *
 *	struct sift *s = sift_new();
 *
 *	sift_batch(s, edges, &batch);
 *
 * All rows of two cells have to be in one shard if pairs are counted, both ways
 * and those of all files; and how long a table is shows at its end.  So all
 * rows are read, which takes little time beside the pairs, and the sum of the
 * numbers of both cells tells the shard of a row.  It is the same for both
 * directions, and shares pairs out evenly, which the lower of the two would
 * not.
 */
#ifndef SIFT_H
#define SIFT_H

#include "network/edges.h"

struct sift;

struct sift *sift_new(void);

/* Leave the rows of the shard that part_opts name in the batch. */
void sift_batch(struct sift *s, const struct edges *e, struct edge_batch *b);

void sift_free(struct sift *s);

#endif
