/* cutconfig.h -- the circuit config of a part of a network
 *
 *	cutconfig_write(&cut, true, move, arg);
 *	files_done();
 *
 * It has what the config had, but for populations of which nothing is left.  A
 * population has its type, which libsonata asks for.
 */
#ifndef CUTCONFIG_H
#define CUTCONFIG_H

#include "sonata/cut.h"

/* Write circuit_config.json when all files are; sets: there is a
 * node_sets.json.  What move() and arg are for config_moved() says. */
void cutconfig_write(const struct cut *c, bool sets, config_move *move,
		     void *arg);

#endif
