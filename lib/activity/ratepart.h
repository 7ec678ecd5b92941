/* ratepart.h -- parts of what is counted in spikes
 *
 *	if (part_is_wanted())
 *		ratepart_write(&r, t);
 *
 *	t = ratepart_add(&r, NAN);
 *	write(&r, t);
 *	ratepart_close(t);
 *
 * A part has the nodes, with their ids and groups, and the span that is meant,
 * so that rates need no other file.
 */
#ifndef RATEPART_H
#define RATEPART_H

#include "activity/rates.h"

/* Write what has been counted, as --partial wants it. */
void ratepart_write(struct rates *r, struct trains *t);

/* Add the parts of --part; the trains have nodes and a span, but no spikes. */
struct trains *ratepart_add(struct rates *r, double bin);
void ratepart_close(struct trains *t);

#endif
