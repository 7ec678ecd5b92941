#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "sonata/scratch.h"
#include "sonata/spill.h"
#include "util.h"

/* 32 MB have room for 1024 buckets with a block of 16 kB each.  2e7 keys then
 * come back in runs of 20000, which are sorted in the second-level cache: 0.46
 * s in all, 0.2 s of them in the kernel.  512 and 2048 buckets take a tenth
 * more. */
#define MAX_BITS 10
#define MIN_MEMORY ((size_t)64 * 1024)
#define MIN_BLOCK ((size_t)4 * 1024)
#define MAX_BLOCK ((size_t)64 * 1024)

/* A block begins with the slot of the next one of its bucket. */
#define HEAD sizeof(uint64_t)

/* Each level parts keys by at least three of 63 bits (see MIN_MEMORY). */
#define MAX_LEVELS 22

/* The radix sort takes so many bits at a time.  24 of 34 bits are left in each
 * of 1024 buckets, and take two passes, in 0.7 of the time of three. */
#define DIGIT 12

/* So many keys are dealt before their memory is given back. */
#define DEALT ((size_t)1 << 16)

struct chain {
	uint64_t slot; /* of its next block */
	uint64_t left; /* how many records there are from there on */
};

struct bucket {
	struct chain chain;
	uint64_t last;   /* the slot that the block being filled will have */
	uint64_t key;    /* one of its keys, */
	uint64_t differ; /* and the bits in which others differ from it */
};

struct level {
	struct bucket *bucket;
	size_t next; /* the bucket to return next */
};

struct spill {
	size_t payload, record;
	uint64_t differ; /* the bits in which keys can differ */
	size_t memory;
	size_t most; /* so many records may be in memory to be sorted */

	/* Records that are gathered, sorted and returned.  Sorting moves them
	 * to the spare arrays. */
	size_t n, mkey, mspare, mdata, msorted, morder, mother;
	uint64_t *key, *spare;
	char *data, *sorted;
	uint32_t *order, *other;

	/* Dealing: the blocks being filled, and how full they are. */
	size_t block, per_block;
	unsigned bits, shift;
	char *blocks, *page;
	size_t *filled;

	int fd; /* -1 as long as all is in memory */
	uint64_t slots;
	struct level level[MAX_LEVELS];
	size_t depth;
	struct chain equal; /* records of one key still to be returned */
	bool done;
};

static size_t memory;

#define TABLE(usual)                                                           \
	{                                                                      \
		OPT_SIZE('S', "memory", "size", &memory,                       \
			 "sort in this much memory, then on disk (" usual      \
			 ")"),                                                 \
			OPT_END,                                               \
	}

const struct opt spill_opts_32M[] = TABLE("32M");
const struct opt spill_opts_64M[] = TABLE("64M");
const struct opt spill_opts_256M[] = TABLE("256M");

size_t
spill_memory(size_t usual)
{
	return opt_given(&memory) ? memory : usual;
}

static unsigned
count_bits(uint64_t v)
{
	return v ? 64 - (unsigned)__builtin_clzll(v) : 0;
}

/* The bytes of a record while it is sorted: its key and payload twice, with a
 * payload also two places in order; arrays that grow have half as much again.
 */
static size_t
footprint(size_t payload)
{
	return payload ? 28 + 3 * payload : 20;
}

static size_t
clamp(size_t v, size_t low, size_t high)
{
	return v < low ? low : v > high ? high : v;
}

/* While records are dealt, one half of the memory is for the blocks that are
 * filled, and the other half for sorting. */
struct spill *
spill_new(uint64_t limit, size_t payload, size_t most)
{
	struct spill *s = zeros(1, sizeof *s);

	s->memory = most < MIN_MEMORY ? MIN_MEMORY : most;
	s->payload = payload;
	s->record = sizeof(uint64_t) + payload;
	s->differ = limit > 1 ? UINT64_MAX >> (64 - count_bits(limit - 1)) : 0;
	s->fd = -1;
	s->block = clamp(s->memory >> (MAX_BITS + 1), MIN_BLOCK, MAX_BLOCK);
	if (s->block < HEAD + 8 * s->record)
		s->block = HEAD + 8 * s->record;
	s->per_block = (s->block - HEAD) / s->record;
	s->bits = count_bits(s->memory / 2 / s->block | 1) - 1;
	s->bits = (unsigned)clamp(s->bits, 3, MAX_BITS);
	s->most =
		clamp(s->memory / footprint(payload), s->per_block, UINT32_MAX);
	return s;
}

/* --- the scratch file --- */

/* Write a bucket's block, and begin its next one.  The slot of that is settled
 * now, so that the blocks are a list that is read forwards. */
static void
write_block(struct spill *s, size_t bucket)
{
	struct bucket *b = &s->level[s->depth - 1].bucket[bucket];
	char *block = s->blocks + bucket * s->block;
	size_t n = s->filled[bucket], i;
	uint64_t key, next = s->slots++;

	if (b->chain.left == 0) {
		memcpy(&b->key, block + HEAD, sizeof b->key);
		b->chain.slot = b->last = next;
		next = s->slots++;
	}
	for (i = 0; i < n; i++) {
		memcpy(&key, block + HEAD + i * s->record, sizeof key);
		b->differ |= key ^ b->key;
	}
	memcpy(block, &next, HEAD);
	scratch_write(s->fd, (off_t)(b->last * s->block), block,
		      HEAD + n * s->record);
	b->last = next;
	b->chain.left += n;
	s->filled[bucket] = 0;
}

/* Read a chain's next block into s->page; how many records it has. */
static size_t
read_block(struct spill *s, struct chain *c)
{
	size_t n = c->left < s->per_block ? (size_t)c->left : s->per_block;

	scratch_read(s->fd, (off_t)(c->slot * s->block), s->page,
		     HEAD + n * s->record);
	memcpy(&c->slot, s->page, HEAD);
	c->left -= n;
	return n;
}

/* --- dealing --- */

/* Each bucket's next line is there before its record comes: 143 ns a row of
 * connect-file rather than 165, which waited for room to store in. */
static void
deal(struct spill *s, uint64_t key, const void *payload)
{
	size_t bucket = (key >> s->shift) & (((size_t)1 << s->bits) - 1);
	char *p;

	if (s->filled[bucket] == s->per_block)
		write_block(s, bucket);
	p = s->blocks + bucket * s->block + HEAD +
	    s->filled[bucket]++ * s->record;
	memcpy(p, &key, sizeof key);
	if (s->payload)
		memcpy(p + sizeof key, payload, s->payload);
	__builtin_prefetch(p + s->record + 64, 1);
}

/* The loop works on copies, because it stores through a char pointer, after
 * which the compiler has to read everything else again. */
static void
deal_keys(struct spill *s, const uint64_t *key, size_t n)
{
	size_t i, bucket, size = s->block, full = s->per_block;
	size_t mask = ((size_t)1 << s->bits) - 1, *filled = s->filled;
	unsigned shift = s->shift;
	char *blocks = s->blocks;

	for (i = 0; i < n; i++) {
		bucket = (key[i] >> shift) & mask;
		if (filled[bucket] == full)
			write_block(s, bucket);
		memcpy(blocks + bucket * size + HEAD +
			       filled[bucket]++ * sizeof *key,
		       &key[i], sizeof *key);
	}
}

/* Begin to deal by the highest bits in which keys differ. */
static void
open_level(struct spill *s, uint64_t differ)
{
	size_t buckets = (size_t)1 << s->bits;
	unsigned width = count_bits(differ);

	s->blocks = zeros(buckets, s->block);
	s->shift = width > s->bits ? width - s->bits : 0;
	s->level[s->depth++] = (struct level){
		.bucket = zeros(buckets, sizeof(struct bucket)),
	};
}

static void
close_level(struct spill *s)
{
	size_t i;

	for (i = 0; i < (size_t)1 << s->bits; i++)
		if (s->filled[i] > 0)
			write_block(s, i);
	free(s->blocks);
	s->blocks = NULL;
}

/* Deal what is in memory, and give it back meanwhile: of keys alone the last
 * ones first, as those that are equal have no order. */
static void
deal_all(struct spill *s)
{
	size_t i, n;
	uint64_t *rest;

	for (i = 0; s->payload && i < s->n; i++)
		deal(s, s->key[i], s->data + i * s->payload);
	while (!s->payload && s->n > 0) {
		n = s->n < DEALT ? s->n : DEALT;
		s->n -= n;
		deal_keys(s, s->key + s->n, n);
		rest = realloc(s->key, (s->n + 1) * sizeof *rest);
		s->key = rest ? rest : s->key;
	}
	free(s->key);
	free(s->data);
	s->key = NULL;
	s->data = NULL;
	s->n = s->mkey = s->mdata = 0;
}

/* From now on there are too many records for the memory. */
static void
start_dealing(struct spill *s)
{
	size_t buckets = (size_t)1 << s->bits;

	s->fd = files_scratch();
	s->filled = zeros(buckets, sizeof *s->filled);
	s->page = zeros(1, s->block);
	open_level(s, s->differ);
	deal_all(s);
	s->most = clamp(s->most / 2, s->per_block, UINT32_MAX);
}

static void
deal_again(struct spill *s, struct bucket b)
{
	size_t i, n;
	uint64_t key;

	open_level(s, b.differ);
	while (b.chain.left > 0) {
		n = read_block(s, &b.chain);
		for (i = 0; i < n; i++) {
			const char *p = s->page + HEAD + i * s->record;

			memcpy(&key, p, sizeof key);
			deal(s, key, p + sizeof key);
		}
	}
	close_level(s);
}

static void
append(struct spill *s, uint64_t key, const void *payload)
{
	s->key = grow(s->key, &s->mkey, s->n + 1, sizeof *s->key);
	s->key[s->n] = key;
	if (s->payload) {
		s->data = grow(s->data, &s->mdata, (s->n + 1) * s->payload, 1);
		memcpy(s->data + s->n * s->payload, payload, s->payload);
	}
	s->n++;
}

void
spill_add(struct spill *s, uint64_t key, const void *payload)
{
	if (s->fd < 0 && s->n < s->most) {
		append(s, key, payload);
		return;
	}
	if (s->fd < 0)
		start_dealing(s);
	deal(s, key, payload);
}

/* Half as much again, as grow() does, but no more than will be kept. */
static void
make_key_room(struct spill *s, size_t n)
{
	size_t room = clamp(s->mkey + s->mkey / 2, n, s->most);

	if (n <= s->mkey)
		return;
	if (!(s->key = realloc(s->key, room * sizeof *s->key)))
		die("out of memory");
	s->mkey = room;
}

void
spill_keys(struct spill *s, const uint64_t *key, size_t n)
{
	size_t fit = s->fd < 0 ? s->most - s->n : 0;

	if (fit > n)
		fit = n;
	if (fit > 0) {
		make_key_room(s, s->n + fit);
		memcpy(s->key + s->n, key, fit * sizeof *key);
		s->n += fit;
	}
	if (fit == n)
		return;
	if (s->fd < 0)
		start_dealing(s);
	deal_keys(s, key + fit, n - fit);
}

/* --- sorting --- */

/* Find the places for the records with each value of a digit. */
static void
find_places(const uint64_t *key, size_t n, unsigned shift, uint32_t *place)
{
	uint32_t count, at = 0;
	size_t i;

	memset(place, 0, sizeof *place << DIGIT);
	for (i = 0; i < n; i++)
		place[(key[i] >> shift) & ((1 << DIGIT) - 1)]++;
	for (i = 0; i < (size_t)1 << DIGIT; i++) {
		count = place[i];
		place[i] = at;
		at += count;
	}
}

static void
swap_keys(struct spill *s)
{
	uint64_t *p = s->key;
	size_t m = s->mkey;

	s->key = s->spare;
	s->mkey = s->mspare;
	s->spare = p;
	s->mspare = m;
}

static void
sort_keys(struct spill *s, unsigned shift)
{
	uint32_t place[1 << DIGIT];
	size_t i;

	find_places(s->key, s->n, shift, place);
	for (i = 0; i < s->n; i++)
		s->spare[place[(s->key[i] >> shift) & ((1 << DIGIT) - 1)]++] =
			s->key[i];
	swap_keys(s);
}

/* Sort keys and their order: payloads are moved once, at the end.  To leave the
 * keys where they are and look them up takes twice as long where they are not
 * in the cache. */
static void
sort_order(struct spill *s, unsigned shift)
{
	uint32_t place[1 << DIGIT], *was = s->order, *other = s->other;
	size_t i, m = s->morder;

	find_places(s->key, s->n, shift, place);
	for (i = 0; i < s->n; i++) {
		uint64_t key = s->key[i];
		uint32_t at = place[(key >> shift) & ((1 << DIGIT) - 1)]++;

		other[at] = was[i];
		s->spare[at] = key;
	}
	swap_keys(s);
	s->order = other;
	s->morder = s->mother;
	s->other = was;
	s->mother = m;
}

static void
gather(struct spill *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		memcpy(s->sorted + i * s->payload,
		       s->data + s->order[i] * s->payload, s->payload);
}

static void
make_room(struct spill *s)
{
	size_t i, n = s->n;

	s->spare = grow(s->spare, &s->mspare, n, sizeof *s->spare);
	if (!s->payload)
		return;
	s->sorted = grow(s->sorted, &s->msorted, n * s->payload, 1);
	s->order = grow(s->order, &s->morder, n, sizeof *s->order);
	s->other = grow(s->other, &s->mother, n, sizeof *s->other);
	for (i = 0; i < n; i++)
		s->order[i] = (uint32_t)i;
}

/* For few records the 4096 places of a digit would take longer. */
static void
insert(struct spill *s)
{
	size_t i, j;

	for (i = 0; i < s->n; i++) {
		uint64_t key = s->key[i];

		for (j = i; j > 0 && s->spare[j - 1] > key; j--) {
			s->spare[j] = s->spare[j - 1];
			if (s->payload)
				s->order[j] = s->order[j - 1];
		}
		s->spare[j] = key;
		if (s->payload)
			s->order[j] = (uint32_t)i;
	}
}

/* A stable sort by the bits in which keys differ, from the lowest on. */
static void
sort(struct spill *s, uint64_t differ)
{
	unsigned shift, width = count_bits(differ);

	make_room(s);
	if (s->n < 64) {
		insert(s);
		swap_keys(s);
	}
	for (shift = 0; s->n >= 64 && shift < width; shift += DIGIT) {
		if ((differ >> shift & ((1 << DIGIT) - 1)) == 0)
			continue;
		if (s->payload)
			sort_order(s, shift);
		else
			sort_keys(s, shift);
	}
	if (s->payload)
		gather(s);
}

/* --- returning --- */

/* Add the keys and payloads of s->page to those in memory. */
static void
unpack(struct spill *s, size_t n)
{
	const char *p = s->page + HEAD;
	uint64_t *key = s->key + s->n;
	char *data;
	size_t i;

	s->n += n;
	if (!s->payload) {
		memcpy(key, p, n * sizeof *key);
		return;
	}
	data = s->data + (s->n - n) * s->payload;
	for (i = 0; i < n; i++, p += s->record) {
		memcpy(&key[i], p, sizeof *key);
		memcpy(data + i * s->payload, p + sizeof *key, s->payload);
	}
}

/* Read as many of a chain's records as there is room for. */
static void
load(struct spill *s, struct chain *c)
{
	size_t n = c->left < s->most ? (size_t)c->left : s->most;

	if (n < c->left)
		n -= n % s->per_block;
	s->key = grow(s->key, &s->mkey, n, sizeof *s->key);
	if (s->payload)
		s->data = grow(s->data, &s->mdata, n * s->payload, 1);
	for (s->n = 0; s->n < n;)
		unpack(s, read_block(s, c));
}

/* Take the next bucket with records out of the deepest level that has one. */
static bool
take_bucket(struct spill *s, struct bucket *b)
{
	for (; s->depth > 0; s->depth--) {
		struct level *l = &s->level[s->depth - 1];

		while (l->next < (size_t)1 << s->bits) {
			*b = l->bucket[l->next++];
			if (b->chain.left > 0)
				return true;
		}
		free(l->bucket);
	}
	return false;
}

static bool
next_bucket(struct spill *s)
{
	struct bucket b;

	while (s->equal.left == 0) {
		if (!take_bucket(s, &b))
			return false;
		if (b.chain.left <= s->most) {
			load(s, &b.chain);
			sort(s, b.differ);
			return true;
		}
		if (b.differ == 0)
			s->equal = b.chain;
		else
			deal_again(s, b);
	}
	load(s, &s->equal);
	sort(s, 0);
	return true;
}

/* All that was added is in memory: one run. */
static bool
only_run(struct spill *s)
{
	uint64_t differ = 0;
	size_t i;

	for (i = 0; i < s->n; i++)
		differ |= s->key[i] ^ s->key[0];
	sort(s, differ);
	return s->n > 0;
}

static bool
next_run(struct spill *s)
{
	bool first = !s->done;

	s->done = true;
	if (s->fd < 0)
		return first && only_run(s);
	if (first)
		close_level(s);
	return next_bucket(s);
}

size_t
spill_next(struct spill *s, const uint64_t **key, const char **payload)
{
	if (!next_run(s))
		return 0;
	*key = s->key;
	if (payload)
		*payload = s->sorted;
	return s->n;
}

void
spill_free(struct spill *s)
{
	while (s->depth > 0)
		free(s->level[--s->depth].bucket);
	if (s->fd >= 0)
		close(s->fd);
	free(s->key);
	free(s->spare);
	free(s->data);
	free(s->sorted);
	free(s->order);
	free(s->other);
	free(s->blocks);
	free(s->page);
	free(s->filled);
	free(s);
}
