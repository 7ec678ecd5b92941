/* runs.h -- sort keys of 128 bits, more than fit in memory
 *
 *	struct runs *r = runs_new(256 << 20);
 *	const struct runs_key *key;
 *
 *	runs_add(r, (struct runs_key){time, id});
 *	while ((n = runs_next(r, &key)) > 0)
 *		for (i = 0; i < n; i++)
 *			visit(key[i].high, key[i].low);
 *	runs_free(r);
 *
 * A key is all that there is of a record, and says all of its order: where
 * spill.h needs the memory of a bucket and a place for each of its records,
 * this sorts in place, and writes and reads each key once, however the keys are
 * spread.  Keys that fit in the memory never leave it.  The others go to a
 * scratch file (see files.h), a memory full of sorted keys at a time, and are
 * merged.
 */
#ifndef RUNS_H
#define RUNS_H

#include <stddef.h>
#include <stdint.h>

struct runs_key {
	uint64_t high, low;
};

struct runs;

/* It uses about memory bytes in all, but at least 64 kB. */
struct runs *runs_new(size_t memory);

void runs_add(struct runs *r, struct runs_key key);

/* Get the next keys in ascending order, which are valid until the next call;
 * returns how many there are, 0 at the end.  Nothing can be added after the
 * first call. */
size_t runs_next(struct runs *r, const struct runs_key **key);

void runs_free(struct runs *r);

#endif
