#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "files.h"
#include "sonata/runs.h"
#include "sonata/scratch.h"
#include "util.h"

#define HUGE ((size_t)2 << 20) /* a page */
#define MIN_MEMORY ((size_t)64 * 1024)

/* Keys that are merged, or were, are read and given back so many at a time at
 * least. */
#define BLOCK ((size_t)256)

/* A part of the keys is dealt by so many bits: 10^7 spikes in 0.39 s, where 8
 * or 11 bits take a tenth more, and by 5 where there are not FEW for each of 32
 * places.  So few are inserted one by one. */
enum { DIGIT = 10, SMALL_DIGIT = 5, FEW = 24 };

/* Keys in the scratch file, from a place on, in ascending order; while they are
 * merged, some of them in memory. */
struct sorted_run {
	off_t at;
	uint64_t left; /* in the file */
	struct runs_key *key, *end;
};

struct runs {
	struct runs_key *key; /* room for most */
	size_t n, most;
	int fd; /* -1 as long as all is in memory */
	off_t end;
	struct sorted_run *run;
	size_t nruns, mruns;

	/* A merge: for each inner node of a tree of the runs, the one of two
	 * that has to wait; the first goes next. */
	size_t *tree, leaves;
	struct runs_key *merged;
	bool done;
};

/* Memory for keys, which costs nothing before there are keys in it: it is not
 * set to zero.  Huge pages save a tenth of the time of a sort. */
static struct runs_key *
room_for(size_t n)
{
	size_t bytes = (n * sizeof(struct runs_key) + HUGE - 1) / HUGE * HUGE;
	struct runs_key *p = aligned_alloc(HUGE, bytes);

	if (!p)
		die("out of memory: %zu bytes", bytes);
	madvise(p, bytes, MADV_HUGEPAGE);
	return p;
}

struct runs *
runs_new(size_t memory)
{
	struct runs *r = zeros(1, sizeof *r);

	if (memory < MIN_MEMORY)
		memory = MIN_MEMORY;
	r->most = memory / sizeof *r->key;
	r->fd = -1;
	r->key = room_for(r->most);
	return r;
}

/* ---- Sorting ---- */

static inline bool
is_less(const struct runs_key *a, const struct runs_key *b)
{
	return a->high < b->high || (a->high == b->high && a->low < b->low);
}

static void
insert(struct runs_key *key, size_t n)
{
	size_t i, j;

	for (i = 1; i < n; i++) {
		struct runs_key k = key[i];

		for (j = i; j > 0 && is_less(&k, &key[j - 1]); j--)
			key[j] = key[j - 1];
		key[j] = k;
	}
}

/* By which bits keys are dealt: those of the half that has the highest bit in
 * which they differ. */
struct digit {
	bool in_low;
	unsigned shift, bits;
};

static inline size_t
digit_of(struct digit d, struct runs_key k)
{
	return ((d.in_low ? k.low : k.high) >> d.shift) &
	       (((size_t)1 << d.bits) - 1);
}

/* No bits if all keys are equal. */
static struct digit
choose_digit(const struct runs_key *key, size_t n)
{
	struct digit d = {.bits = n < FEW << SMALL_DIGIT ? SMALL_DIGIT : DIGIT};
	uint64_t high = 0, low = 0, differ;
	unsigned width;
	size_t i;

	for (i = 1; i < n; i++) {
		high |= key[i].high ^ key->high;
		low |= key[i].low ^ key->low;
	}
	d.in_low = high == 0;
	differ = d.in_low ? low : high;
	width = differ ? 64 - (unsigned)__builtin_clzll(differ) : 0;
	if (d.bits > width)
		d.bits = width;
	d.shift = width - d.bits;
	return d;
}

/* Keys that are in their place as a whole, and not yet sorted. */
struct unsorted {
	struct run_part {
		struct runs_key *key;
		size_t n;
	} * part;
	size_t n, cap;
};

static void
add_part(struct unsorted *p, struct runs_key *key, size_t n)
{
	p->part = grow(p->part, &p->cap, p->n + 1, sizeof *p->part);
	p->part[p->n++] = (struct run_part){key, n};
}

/* Move each key to the part of its digit; at is where each part begins, and in
 * the end where it ends, as end says.  A key that is in another's place takes
 * that one along to where it belongs. */
static void
deal(struct runs_key *key, struct digit d, size_t *at, const size_t *end)
{
	size_t part, other;

	for (part = 0; part < (size_t)1 << d.bits; part++)
		while (at[part] < end[part]) {
			struct runs_key k = key[at[part]], next;

			while ((other = digit_of(d, k)) != part) {
				next = key[at[other]];
				key[at[other]++] = k;
				k = next;
			}
			key[at[part]++] = k;
		}
}

/* Deal a part's keys, and leave the parts of it that are still to be sorted. */
static void
sort_part(struct unsorted *todo, struct runs_key *key, size_t n)
{
	size_t at[1 << DIGIT] = {0}, end[1 << DIGIT], i, begin = 0;
	struct digit d = choose_digit(key, n);

	if (d.bits == 0)
		return;
	for (i = 0; i < n; i++)
		at[digit_of(d, key[i])]++;
	for (i = 0; i < (size_t)1 << d.bits; i++) {
		end[i] = begin + at[i];
		at[i] = begin;
		begin = end[i];
	}
	deal(key, d, at, end);
	for (i = 0, begin = 0; i < (size_t)1 << d.bits; begin = end[i++])
		if (end[i] - begin > FEW)
			add_part(todo, key + begin, end[i] - begin);
		else
			insert(key + begin, end[i] - begin);
}

static void
sort(struct runs_key *key, size_t n)
{
	struct unsorted todo = {0};
	struct run_part p;

	add_part(&todo, key, n);
	while (todo.n > 0) {
		p = todo.part[--todo.n];
		sort_part(&todo, p.key, p.n);
	}
	free(todo.part);
}

/* ---- Runs ---- */

static void
write_keys(struct runs *r, const struct runs_key *key, size_t n)
{
	scratch_write(r->fd, r->end, key, n * sizeof *key);
	r->end += (off_t)(n * sizeof *key);
	r->run[r->nruns - 1].left += n;
}

static void
begin_run(struct runs *r)
{
	r->run = grow(r->run, &r->mruns, r->nruns + 1, sizeof *r->run);
	r->run[r->nruns++] = (struct sorted_run){.at = r->end};
}

static void
write_run(struct runs *r)
{
	if (r->fd < 0)
		r->fd = files_scratch();
	sort(r->key, r->n);
	begin_run(r);
	write_keys(r, r->key, r->n);
	r->n = 0;
}

void
runs_add(struct runs *r, struct runs_key key)
{
	if (r->n == r->most)
		write_run(r);
	r->key[r->n++] = key;
}

/* ---- Merging ---- */

/* Runs share the memory, an equal part each. */
static size_t
share(const struct runs *r)
{
	return r->most / r->leaves;
}

/* Read on in a run, if it has more. */
static void
read_keys(struct runs *r, size_t number)
{
	struct sorted_run *run = &r->run[number];
	size_t n = run->left < share(r) ? (size_t)run->left : share(r);

	run->key = r->key + number * share(r);
	run->end = run->key + n;
	scratch_read(r->fd, run->at, run->key, n * sizeof *run->key);
	run->at += (off_t)(n * sizeof *run->key);
	run->left -= n;
}

/* A run that has ended comes after all others. */
static bool
comes_before(const struct runs *r, size_t a, size_t b)
{
	const struct sorted_run *x = &r->run[a], *y = &r->run[b];

	if (x->key == x->end || y->key == y->end)
		return x->key != x->end;
	return is_less(x->key, y->key);
}

/* Let a run that has a new first key go up the tree from its leaf. */
static void
play(struct runs *r, size_t number)
{
	size_t node, waits;

	for (node = (number + r->leaves) / 2; node > 0; node /= 2) {
		waits = r->tree[node];
		if (comes_before(r, waits, number)) {
			r->tree[node] = number;
			number = waits;
		}
	}
	r->tree[0] = number;
}

/* Leaves have the numbers from so many on: of two, one waits above them. */
static void
play_all(struct runs *r)
{
	size_t *first = zeros(2 * r->leaves, sizeof *first), node, i;

	for (i = 0; i < r->leaves; i++)
		first[r->leaves + i] = i;
	for (node = r->leaves - 1; node > 0; node--) {
		size_t a = first[2 * node], b = first[2 * node + 1];
		bool before = comes_before(r, a, b);

		first[node] = before ? a : b;
		r->tree[node] = before ? b : a;
	}
	r->tree[0] = first[1];
	free(first);
}

/* Begin to merge the first so many runs. */
static void
begin_merge(struct runs *r, size_t n)
{
	size_t i;

	r->leaves = n;
	r->tree = zeros(n, sizeof *r->tree);
	for (i = 0; i < n; i++)
		read_keys(r, i);
	play_all(r);
}

static size_t
merge_block(struct runs *r)
{
	size_t n = 0;

	while (n < BLOCK) {
		struct sorted_run *first = &r->run[r->tree[0]];

		if (first->key == first->end)
			break;
		r->merged[n++] = *first->key++;
		if (first->key == first->end && first->left > 0)
			read_keys(r, r->tree[0]);
		play(r, r->tree[0]);
	}
	return n;
}

/* Make one run of the first ones, where there are more than can be merged with
 * a block each. */
static void
merge_some(struct runs *r, size_t runs)
{
	size_t n;

	begin_merge(r, runs);
	begin_run(r);
	while ((n = merge_block(r)) > 0)
		write_keys(r, r->merged, n);
	free(r->tree);
	r->nruns -= runs;
	memmove(r->run, r->run + runs, r->nruns * sizeof *r->run);
}

static size_t
all_in_memory(struct runs *r, const struct runs_key **key)
{
	*key = r->key;
	if (r->done)
		return 0;
	r->done = true;
	if (r->n > 0)
		sort(r->key, r->n);
	return r->n;
}

size_t
runs_next(struct runs *r, const struct runs_key **key)
{
	if (r->fd < 0)
		return all_in_memory(r, key);
	if (!r->done) {
		r->done = true;
		if (r->n > 0)
			write_run(r);
		r->merged = zeros(BLOCK, sizeof *r->merged);
		while (r->nruns > r->most / BLOCK)
			merge_some(r, r->most / BLOCK);
		begin_merge(r, r->nruns);
	}
	*key = r->merged;
	return merge_block(r);
}

void
runs_free(struct runs *r)
{
	if (r->fd >= 0)
		close(r->fd);
	free(r->key);
	free(r->run);
	free(r->tree);
	free(r->merged);
	free(r);
}
