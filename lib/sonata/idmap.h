/* idmap.h -- what becomes of ids where some nodes of a network are left
 *
 *	const struct idmap_population *p = idmap_population(&map, "v1");
 *	int64_t id = p ? idmap_find(p, 4711) : -1;
 *
 *	cJSON *set = idmap_set(&map, old, "recorded", sets);
 *
 * Node sets are texts that name ids, too: here they are written for new ones.
 */
#ifndef IDMAP_H
#define IDMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cJSON.h>

#include "sonata/ids.h"

/* A population of which some nodes are left. */
struct idmap_population {
	char *name;             /* their new one */
	const char *from;       /* and the old one */
	const struct ids *ids;  /* all of the old ones */
	const uint32_t *new_id; /* of each of those, or NO_CELL */
	size_t n;               /* how many are left */
	bool is_virtual;
};

struct idmap {
	struct idmap_population *population;
	size_t n, cap;
};

/* The population that has kept this name, or NULL. */
const struct idmap_population *idmap_population(const struct idmap *m,
						const char *name);

/* The new id of a node, or -1. */
int64_t idmap_find(const struct idmap_population *p, int64_t old);

/* A node set in new memory, or NULL if it names ids of which none is left: an
 * object of conditions, a list of names, or BMTK's list of ids.  Ids of several
 * populations become as many sets, which are added to sets as name.POPULATION.
 */
cJSON *idmap_set(const struct idmap *m, const cJSON *set, const char *name,
		 cJSON *sets);

#endif
