/* spill.h -- sort more records than fit in memory
 *
 *	struct spill *s = spill_new(limit, sizeof payload, memory);
 *
 *	spill_add(s, key, &payload);
 *	...
 *	while ((n = spill_next(s, &key, &payloads)) > 0)
 *		for (i = 0; i < n; i++)
 *			visit(key[i], payloads + i * sizeof payload);
 *	spill_free(s);
 *
 * A record is a key below limit and a payload of a fixed size, which may be 0.
 * They come back by key, equal keys in the order they were added, a run at a
 * time; equal keys are never parted between two runs, but for those that alone
 * take more than the memory.
 *
 * Records that fit in the memory are sorted there.  From the first one that
 * does not, they are dealt into buckets by the high part of their key, the
 * full blocks of all buckets go to one scratch file (see files.h), and each
 * bucket is read back and sorted in cache.  A bucket that is too large for the
 * memory, as the hubs of a network make one, is dealt again by the next part of
 * its keys.
 */
#ifndef SPILL_H
#define SPILL_H

#include <stddef.h>
#include <stdint.h>

struct spill;

/* Keys are below limit, which is from 1 to 2^63.  About memory bytes are used
 * in all, but for what 64 kB and a few payloads take. */
struct spill *spill_new(uint64_t limit, size_t payload, size_t memory);

void spill_add(struct spill *s, uint64_t key, const void *payload);

/* The same for n keys without payloads. */
void spill_keys(struct spill *s, const uint64_t *key, size_t n);

/* The next run of records, how many; 0 at the end.  The arrays are valid until
 * the next call.  Nothing can be added after the first one. */
size_t spill_next(struct spill *s, const uint64_t **key, const char **payload);

void spill_free(struct spill *s);

#endif
