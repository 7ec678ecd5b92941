#include <stdlib.h>

#include "sonata/ids.h"
#include "util.h"

static bool
is_identity(const int64_t *id, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (id[i] != (int64_t)i)
			return false;
	return true;
}

static const int64_t *compared;

static int
by_id(const void *a, const void *b)
{
	uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
	int64_t p = compared[i], q = compared[j];

	return p != q ? (p > q) - (p < q) : (i > j) - (i < j);
}

/* Sorts cells by id; most tables have them in this order already. */
static void
sort_ids(struct ids *ids)
{
	size_t i, ascending = 1;

	ids->order = zeros(ids->n, sizeof *ids->order);
	for (i = 0; i < ids->n; i++)
		ids->order[i] = (uint32_t)i;
	while (ascending < ids->n &&
	       ids->id[ascending - 1] < ids->id[ascending])
		ascending++;
	compared = ids->id;
	if (ascending < ids->n)
		qsort(ids->order, ids->n, sizeof *ids->order, by_id);
}

/* Gives the first cell, by id, whose id is negative or the id of a cell before
 * it; or NO_CELL. */
static uint32_t
find_bad(const struct ids *ids)
{
	size_t i;

	for (i = 0; i < ids->n; i++) {
		int64_t id = ids->id[ids->order[i]];

		if (id < 0 || (i > 0 && id == ids->id[ids->order[i - 1]]))
			return ids->order[i];
	}
	return NO_CELL;
}

/* Makes a table by id, unless it would be much longer than the list of cells.
 */
static void
spread_ids(struct ids *ids)
{
	uint64_t last = (uint64_t)ids->id[ids->order[ids->n - 1]];
	size_t i;

	if (last >= 8 * (uint64_t)ids->n + 1024)
		return;
	ids->ndense = last + 1;
	ids->dense = zeros(ids->ndense, sizeof *ids->dense);
	for (i = 0; i < ids->ndense; i++)
		ids->dense[i] = NO_CELL;
	for (i = 0; i < ids->n; i++)
		ids->dense[ids->id[i]] = (uint32_t)i;
}

struct ids *
ids_try(int64_t *id, size_t n, uint32_t *bad)
{
	struct ids *ids = zeros(1, sizeof *ids);

	if (n >= NO_CELL)
		die("more than %u cells in a population", NO_CELL - 1);
	*bad = NO_CELL;
	ids->n = n;
	if (!id || is_identity(id, n)) {
		free(id);
		return ids;
	}
	ids->id = id;
	sort_ids(ids);
	*bad = find_bad(ids);
	if (*bad == NO_CELL)
		spread_ids(ids);
	return ids;
}

void
ids_refuse(const struct ids *ids, uint32_t cell, const char *where)
{
	long long id = ids_at(ids, cell);

	die("%s: column 'node_id': %s: '%lld'", where,
	    id < 0 ? "negative" : "there twice", id);
}

struct ids *
ids_make(int64_t *id, size_t n, const char *where)
{
	uint32_t bad;
	struct ids *ids = ids_try(id, n, &bad);

	if (bad != NO_CELL)
		ids_refuse(ids, bad, where);
	return ids;
}

uint32_t
ids_find(const struct ids *ids, int64_t id)
{
	size_t low = 0, high = ids->n;

	if (!ids->id)
		return id >= 0 && (uint64_t)id < ids->n ? (uint32_t)id
							: NO_CELL;
	if (ids->dense)
		return id >= 0 && (uint64_t)id < ids->ndense ? ids->dense[id]
							     : NO_CELL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ids->id[ids->order[middle]] < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == ids->n || ids->id[ids->order[low]] != id)
		return NO_CELL;
	return ids->order[low];
}

int64_t
ids_at(const struct ids *ids, uint32_t cell)
{
	return ids->id ? ids->id[cell] : (int64_t)cell;
}

uint32_t
ids_ranked(const struct ids *ids, size_t k)
{
	return ids->order ? ids->order[k] : (uint32_t)k;
}

/* The loop for ids that are places has no branch in it, and needs no more than
 * SSE2: an id is out of range if it, or the last id minus it, has its top bit
 * set. */
size_t
ids_find_all(const struct ids *ids, const int64_t *id, size_t n, uint32_t *cell)
{
	uint64_t bad = 0, last = (uint64_t)ids->n - 1;
	size_t i;

	if (!ids->id && ids->n > 0) {
		for (i = 0; i < n; i++) {
			cell[i] = (uint32_t)id[i];
			bad |= (uint64_t)id[i] | (last - (uint64_t)id[i]);
		}
		if (!(bad >> 63))
			return n;
	}
	for (i = 0; i < n; i++)
		if ((cell[i] = ids_find(ids, id[i])) == NO_CELL)
			break;
	return i;
}

bool
ids_are_places(const struct ids *ids, const uint32_t *id, size_t n)
{
	uint64_t bad = 0, last = (uint64_t)ids->n - 1;
	size_t i;

	if (ids->id || ids->n == 0)
		return false;
	for (i = 0; i < n; i++)
		bad |= last - id[i];
	return !(bad >> 63);
}

size_t
ids_sorted(const int64_t *v, size_t n, int64_t wanted)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (v[middle] < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && v[low] == wanted ? low : SIZE_MAX;
}

void
ids_free(struct ids *ids)
{
	if (!ids)
		return;
	free(ids->id);
	free(ids->dense);
	free(ids->order);
	free(ids);
}
