/* ranges.h -- lists of ids as options have them: 3,10-19
 *
 *	struct ranges ids = {0};
 *
 *	ranges_parse(&ids, "ids", "3,10-19");
 *	ranges_has(&ids, 12)	is true
 *	ranges_check(&ids, "ids", path);	 the end if one was not met
 *	ranges_free(&ids);
 */
#ifndef RANGES_H
#define RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	int64_t first, last;
	int64_t reach; /* the last id of it and of those before it */
	char *text;    /* as the list has it */
	bool met;
};

struct ranges {
	struct range *range; /* by their first id; they may overlap */
	size_t n, cap;
};

/* What is no list of ids is a misuse of this option. */
void ranges_parse(struct ranges *r, const char *option, const char *list);

/* Is an id in one of the ranges?  All that have it are met. */
bool ranges_has(struct ranges *r, int64_t id);

/* The end of the tool if one of them was not met by any id of a file. */
void ranges_check(const struct ranges *r, const char *option, const char *path);
void ranges_free(struct ranges *r);

#endif
