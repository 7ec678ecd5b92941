/* netpart.h -- parts of what is counted in a network
 *
 *	struct edges *e = edges_open(argv[0], needs);
 *
 *	while (netpart_next(e)) {
 *		keep(e->part);          // for all e->npathways
 *		part_add(e->part);
 *	}
 *	while (edges_next(e, &batch))   // of parts there are none
 *		count(&batch);
 *	if (!netpart_write(e))
 *		write_table();
 *
 * A part has the cells, with their ids and groups, and the pathways, so that
 * what is made of the counts needs no other file.
 */
#ifndef NETPART_H
#define NETPART_H

#include "measure/part.h"
#include "network/edges.h"

/* With --part, the next part: the first makes the cells, and each its pathways.
 * False after the last, and without --part. */
bool netpart_next(struct edges *e);

/* What an array of a pathway is of, for part_keep(). */
const char *netpart_of(const struct edges *e, uint32_t pathway);

/* The pathway that this is, or NO_LABEL. */
uint32_t netpart_pathway(const struct edges *e, const char *of);

/* With --partial, write what is kept, and say that it was. */
bool netpart_write(struct edges *e);

#endif
