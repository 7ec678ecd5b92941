/* ranges.h -- lists of ids as options have them: 3,10-19
 *
 *	struct ranges ids = {0};
 *
 *	parse_ranges(&ids, "ids", "3,10-19");
 *	is_among(&ids, 12)	is true
 *	check_ranges(&ids, "ids", path);	 the end if one was not met
 *	free_ranges(&ids);
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
void parse_ranges(struct ranges *r, const char *option, const char *list);

/* Is an id in one of the ranges?  All that have it are met. */
bool is_among(struct ranges *r, int64_t id);

/* The end of the tool if one of them was not met by any id of a file. */
void check_ranges(const struct ranges *r, const char *option, const char *path);
void free_ranges(struct ranges *r);

#endif
