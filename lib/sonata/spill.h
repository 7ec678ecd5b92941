/* spill.h -- sort more records than fit in memory
 *
 *	struct spill *s = spill_new(UINT64_MAX, sizeof(double), 32 << 20);
 *	const uint64_t *key;
 *	const char *weight;
 *
 *	spill_add(s, 7, &(double){0.5});
 *	while ((n = spill_next(s, &key, &weight)) > 0)
 *		for (i = 0; i < n; i++)
 *			visit(key[i], weight + i * sizeof(double));
 *	spill_free(s);
 *
 * A record is a key below limit and a payload of a fixed size, which may be 0.
 * They come back by key, equal keys in the order they were added, a run at a
 * time.  Equal keys are in one run, unless they alone take more than the
 *memory.
 *
 * Records that fit in the memory are sorted there.  When one does not fit, all
 *of them are dealt into buckets by the high part of their keys.  The full
 *blocks of all buckets go to one scratch file (see files.h), and each bucket is
 *read back and sorted in cache.  A bucket that is too large for the memory,
 *such as that of a hub of a network, is dealt again by the next part of its
 *keys.
 */
#ifndef SPILL_H
#define SPILL_H

#include "opt.h"

/* -S, for tools that sort, by how much memory they take without it; the memory
 * that it says, or else the usual. */
extern const struct opt spill_opts_32M[], spill_opts_64M[], spill_opts_256M[];
size_t spill_memory(size_t usual);

struct spill;

/* Keys are below limit, which is from 1 to 2^63.  It uses about memory bytes in
 * all, but at least 64 kB and a few payloads. */
struct spill *spill_new(uint64_t limit, size_t payload, size_t memory);

void spill_add(struct spill *s, uint64_t key, const void *payload);

/* The same for n keys without payloads. */
void spill_keys(struct spill *s, const uint64_t *key, size_t n);

/* The next run of records, how many; 0 at the end.  The arrays are valid until
 * the next call.  Nothing can be added after the first one. */
size_t spill_next(struct spill *s, const uint64_t **key, const char **payload);

void spill_free(struct spill *s);

#endif
