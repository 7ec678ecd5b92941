/* cutconfig.h -- the circuit config of a part of a network
 *
 *	cJSON *json = cutconfig_make(&cut, true, move, arg);
 *
 *	json_write("cut/circuit_config.json", json);
 *	files_done();
 *
 * It has what the config had, but for populations of which nothing is left.  A
 * population has its type, which libsonata asks for.
 */
#ifndef CUTCONFIG_H
#define CUTCONFIG_H

#include "sonata/cut.h"

/* Make it, in new memory, when all files are written; sets: there is a
 * node_sets.json.  What move() and arg are for config_moved() says. */
cJSON *cutconfig_make(const struct cut *c, bool sets, config_move *move,
		      void *arg);

#endif
