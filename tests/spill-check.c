/* spill-check -- spill.h sorts as a plain stable sort does, in little memory */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "opt.h"
#include "sonata/spill.h"

#define MAX_PAYLOAD 700

static const struct opt opts[] = {OPT_END};
static const struct tool tool = {
	.purpose = "check the external sort",
	.operands = "sorts|fits|memory",
	.least = 1,
	.most = 1,
	.opts = opts,
};

struct record {
	uint64_t key, place; /* in the order of adding */
};

struct sorter {
	struct spill *spill;
	uint64_t limit;
	size_t payload, n;
	struct record *record;
};

static uint64_t state = 88172645463325252;

/* Marsaglia's xorshift: the same numbers on every machine */
static uint64_t
draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Payloads tell from their bytes whose they are. */
static void
make_payload(char *p, size_t size, uint64_t place)
{
	size_t i;

	for (i = 0; i < size; i++)
		p[i] = (char)(place * 2654435761u >> (i % 4 * 8));
}

static int
by_key(const void *a, const void *b)
{
	const struct record *r = a, *s = b;

	if (r->key != s->key)
		return r->key < s->key ? -1 : 1;
	return r->place < s->place ? -1 : 1;
}

/* Even, all equal, a few hubs, few distinct ones (two ways), or ever higher. */
static uint64_t
draw_key(unsigned skew, uint64_t limit, size_t i)
{
	uint64_t hub = limit / 3;

	switch (skew) {
	case 0:
		return draw() % limit;
	case 1:
		return hub;
	case 2:
		return draw() % 4 ? hub + draw() % 3 % limit : draw() % limit;
	case 3:
		return draw() % 5 * (limit / 5);
	case 4:
		return draw() % 2 * (limit / 2) + draw() % 2;
	default:
		return i % limit;
	}
}

static void
add_all(struct sorter *s, unsigned skew)
{
	uint64_t *key = zeros(s->n, sizeof *key);
	char payload[MAX_PAYLOAD];
	size_t i, alone = s->payload ? s->n : s->n / 3;

	for (i = 0; i < s->n; i++) {
		key[i] = draw_key(skew, s->limit, i) % s->limit;
		s->record[i] = (struct record){key[i], i};
		make_payload(payload, s->payload, i);
		if (i < alone)
			spill_add(s->spill, key[i], payload);
	}
	spill_keys(s->spill, key + alone, s->n - alone);
	qsort(s->record, s->n, sizeof *s->record, by_key);
	free(key);
}

static void
compare(const struct sorter *s)
{
	const char *payload = NULL;
	char wanted[MAX_PAYLOAD];
	const uint64_t *key;
	size_t i, n, at = 0;

	while ((n = spill_next(s->spill, &key, &payload)) > 0) {
		for (i = 0; i < n; i++, at++) {
			if (at == s->n || key[i] != s->record[at].key)
				die("record %zu: wrong key", at);
			make_payload(wanted, s->payload, s->record[at].place);
			if (s->payload && memcmp(payload + i * s->payload,
						 wanted, s->payload) != 0)
				die("record %zu: wrong payload", at);
		}
		if (at < s->n && s->record[at].key == key[n - 1] &&
		    key[0] != key[n - 1])
			die("record %zu: parted from its equals", at);
	}
	if (at != s->n)
		die("%zu records, not %zu", at, s->n);
	if (spill_next(s->spill, &key, &payload) != 0)
		die("something after the end");
}

static void
check_sort(void)
{
	static const size_t payloads[] = {0, 4, 12, 40, MAX_PAYLOAD};
	static const size_t sizes[] = {0, 1, 63, 64, 1000, 7000, 60000};
	static const uint64_t limits[] = {1,
					  2,
					  3,
					  1000,
					  (uint64_t)1 << 20,
					  ((uint64_t)1 << 34) - 5,
					  (uint64_t)1 << 63};
	struct sorter s;
	unsigned i;

	for (i = 0; i < 700; i++) {
		s.payload = payloads[i % 5];
		s.n = (size_t)draw() % (sizes[draw() % LEN(sizes)] + 1);
		if (s.payload == MAX_PAYLOAD)
			s.n /= 20;
		s.limit = limits[draw() % LEN(limits)];
		s.record = zeros(s.n, sizeof *s.record);
		s.spill =
			spill_new(s.limit, s.payload, (size_t)1 << draw() % 22);
		add_all(&s, i / 5 % 6);
		compare(&s);
		spill_free(s.spill);
		free(s.record);
	}
}

static long
resident_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* The order and the sum of keys show that they are the same. */
static void
sort_many(size_t n, size_t payload, size_t memory, unsigned skew)
{
	uint64_t limit = (uint64_t)1 << 40, sum = 0, last = 0;
	struct spill *s = spill_new(limit, payload, memory);
	const char *payloads, none[MAX_PAYLOAD] = {0};
	const uint64_t *key;
	size_t i, m;

	for (i = 0; i < n; i++) {
		uint64_t k = draw_key(skew, limit, i);

		sum += k;
		spill_add(s, k, none);
	}
	while ((m = spill_next(s, &key, &payloads)) > 0)
		for (i = 0; i < m; i++) {
			if (key[i] < last)
				die("keys are out of order");
			last = key[i];
			sum -= last;
		}
	if (sum != 0)
		die("not the keys that were added");
	spill_free(s);
}

/* 80 MB of records in 4 MB, whatever their skew.  The sanitizers' allocator
 * keeps what is freed, so there is nothing to see under it. */
static void
check_memory(void)
{
	long before = resident_kb(), used;
	unsigned skew;

	for (skew = 0; skew < 6; skew++)
		sort_many(1500000, skew % 2 ? 40 : 0, (size_t)4 << 20, skew);
	used = resident_kb() - before;
#ifndef SANITIZED
	if (used > 6000)
		die("%ld kB were used where 4096 were given", used);
#else
	(void)used;
#endif
}

int
main(int argc, char **argv)
{
	switch (opt_word("check", start(argc, argv, &tool)[0],
			 "sorts|fits|memory")) {
	case 0:
		check_sort();
		break;
	case 1:
		sort_many(100000, 40, (size_t)16 << 20, 0);
		break;
	default:
		check_memory();
	}
	return WORKED;
}
