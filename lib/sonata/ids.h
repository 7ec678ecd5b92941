/* ids.h -- from the ids that cells have in files to their places in a table
 *
 *	struct ids *ids = ids_make(id, n, "nodes.csv");
 *	uint32_t cell = ids_find(ids, 4711);
 *
 * Ids are mostly 0, 1, 2, and so on, which costs nothing; others are looked up.
 */
#ifndef IDS_H
#define IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NO_CELL UINT32_MAX

struct ids {
	size_t n;
	int64_t *id;     /* of each cell; NULL: its place */
	uint32_t *dense; /* the cell of each id below ndense, or NO_CELL */
	size_t ndense;
	uint32_t *order; /* cells by ascending id, where ids are sparse */
};

/* The map of n ids, which it takes over; NULL stands for the ids 0 to n - 1. A
 * negative id or one that is there twice ends the tool with a message that
 * begins with where. */
struct ids *ids_make(int64_t *id, size_t n, const char *where);

/* The same for a caller that knows where each cell was read: *bad becomes the
 * cell with such an id, the later one of two, or NO_CELL. */
struct ids *ids_try(int64_t *id, size_t n, uint32_t *bad);
_Noreturn void ids_refuse(const struct ids *ids, uint32_t cell,
			  const char *where);

uint32_t ids_find(const struct ids *ids, int64_t id); /* or NO_CELL */
int64_t ids_at(const struct ids *ids, uint32_t cell);
uint32_t ids_ranked(const struct ids *ids, size_t k); /* k-th by id */

/* Find n ids at once, up to the first that is not the id of a cell; how many
 * were found. */
size_t ids_find_all(const struct ids *ids, const int64_t *id, size_t n,
		    uint32_t *cell);

/* Are these numbers, as the file has them, ids and places of cells at once? */
bool ids_are_places(const struct ids *ids, const uint32_t *id, size_t n);

/* The place of a number among n that ascend, or SIZE_MAX. */
size_t ids_sorted(const int64_t *v, size_t n, int64_t wanted);

void ids_free(struct ids *ids);

#endif
