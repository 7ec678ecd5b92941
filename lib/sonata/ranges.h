/* ranges.h -- lists of ids as options have them: 3,10-19
 *
 *	struct ranges ids = {0};
 *
 *	ranges_parse(&ids, "ids", "3,10-19");
 *	n += ranges_has(&ids, 12);       // it does
 *	ranges_check(&ids, "ids", path); // ends the tool if one was not met
 *	ranges_free(&ids);
 */
#ifndef RANGES_H
#define RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ranges_part {
	int64_t first, last;
	int64_t reach; /* the last id of it and of those before it */
	char *text;    /* as the list has it */
	bool met;
};

struct ranges {
	struct ranges_part *range; /* by their first id; they may overlap */
	size_t n, cap;
};

/* Read a list; it is misuse of the option if it is not a list of ids. */
void ranges_parse(struct ranges *r, const char *option, const char *list);

/* Is an id in one of the ranges?  All that have it are met. */
bool ranges_has(struct ranges *r, int64_t id);

/* End the tool if no id of a file has met one of the ranges. */
void ranges_check(const struct ranges *r, const char *option, const char *path);
void ranges_free(struct ranges *r);

#endif
