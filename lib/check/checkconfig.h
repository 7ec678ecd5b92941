/* checkconfig.h -- configs, and what they name
 *
 *	struct checkfile files = {.memory = 32 << 20};
 *
 *	checkconfig_run(&files, "simulation_config.json");
 *
 * All of a plan, see finding.h: the config and those that it names, the files
 * of their networks, node sets, inputs and outputs.
 */
#ifndef CHECKCONFIG_H
#define CHECKCONFIG_H

#include "check/checkfile.h"

void checkconfig_run(struct checkfile *files, const char *path);

#endif
