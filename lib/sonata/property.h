/* property.h -- what a property of nodes or edges is by its name
 *
 *	const struct property_default *known = property_default("nsyns");
 *
 *	if (property_sort("delay") == PROPERTY_NUMBER)
 *		puts(known->text); // 1
 */
#ifndef PROPERTY_H
#define PROPERTY_H

#include <stdbool.h>
#include <stdint.h>

enum property_sort {
	PROPERTY_ANYTHING,
	PROPERTY_NUMBER, /* a real, whether or not all of them are whole */
	PROPERTY_WORD,   /* a text, even if all of them look like numbers, which
			  * simulators look for in types */
	PROPERTY_FLAG
};

enum property_sort property_sort(const char *name);

/* The value of elements that have none. */
struct property_default {
	const char *name, *text, *digits;
	int64_t number;
};

/* NULL: it has no default. */
const struct property_default *property_default(const char *name);

/* dynamics_params.NAME is SONATA's way to name NAME in the group
 * dynamics_params: NAME, or NULL. */
const char *property_parameter(const char *name);

/* The two names that readers take for the same axis of positions. */
extern const char *const property_axis[3][2];

/* Is a name one of those before a NULL? */
bool property_is_one_of(const char *name, const char *const *names);

/* Write a name into a header: attribute.NAME where it is one of our columns. */
void property_put_name(const char *name, const char *const *ours);

#endif
