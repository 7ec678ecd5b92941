/* checksets.h -- node sets
 *
 *	struct checksets sets = {0};
 *
 *	checksets_add(&sets, json, "node_sets.json");
 *	checksets_run(&sets, &known);
 *
 * Steps of a plan, see finding.h.
 */
#ifndef CHECKSETS_H
#define CHECKSETS_H

#include <stdbool.h>

#include <cJSON.h>

#include "check/known.h"
#include "labels.h"

/* A set, and the file that it stands in. */
struct checkset {
	const cJSON *is;
	const char *file;
};

struct checksets {
	struct checkset *set;
	size_t n, cap;
	struct labels names; /* by the same numbers */
};

/* Add the sets of an object; those that are there already go before. */
void checksets_add(struct checksets *sets, const cJSON *object,
		   const char *file);
void checksets_run(const struct checksets *sets, struct known_nodes *known);

/* Is this the name of a set, or of a population, which stands for its nodes? */
bool checksets_has(const struct checksets *sets,
		   const struct known_nodes *known, const char *name);

#endif
