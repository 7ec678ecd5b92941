/* diffjson.h -- node sets, or settings of simulations, held against each other
 *
 *	struct diffjson j = {.what = "node-set", .sets = true};
 *
 *	j.to = &differences;
 *	j.datums = &datums;
 *	diffjson_compare(&j, "layer4", a, b);
 *
 * The order of keys makes no difference; that of lists does, but in node sets,
 * where also a value is the same as a list that has it alone.
 */
#ifndef DIFFJSON_H
#define DIFFJSON_H

#include <cJSON.h>

#include "diff/datum.h"
#include "diff/difference.h"

struct diffjson {
	const char *what;
	bool sets;
	struct differences *to;
	const struct datums *datums;

	/* Members of this name are left to the caller; NULL: there are none. */
	bool (*skip)(const char *key);
};

/* Values that stand at a place; NULL: there is none. */
void diffjson_compare(const struct diffjson *j, const char *place,
		      const cJSON *a, const cJSON *b);

#endif
