/* What is drawn may depend on neither the machine nor the compiler: libm's log
 * differs in its last bit where the processor has fused multiply-adds, so the
 * logarithm is our own, of operations that IEEE 754 rounds exactly. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <Random123/philox.h>

#include "random/random.h"
#include "util.h"

static const char *seed_text;
static uint64_t seed;

const struct opt random_opts[] = {
	OPT_STR(0, "seed", "number", &seed_text,
		"random numbers follow from it, 0 to 2^64 - 1"),
	OPT_END,
};

static void
read_seed(const char *s)
{
	seed = 0;
	do {
		uint64_t digit = (uint64_t)(unsigned char)*s - '0';

		if (digit > 9 || seed > (UINT64_MAX - digit) / 10)
			misuse("--seed: not a whole number from 0 to 2^64 - 1: "
			       "'%s'",
			       seed_text);
		seed = seed * 10 + digit;
	} while (*++s);
}

void
random_need_seed(void)
{
	if (seed_text)
		read_seed(seed_text);
	else
		misuse("--seed is needed: the same one draws the same");
}

/* Fowler, Noll and Vo's hash, FNV-1a of 64 bits.  It has to tell names
 * apart, and need not mix them, which Philox does. */
static uint64_t
hash(const char *s)
{
	uint64_t h = 14695981039346656037u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return h;
}

char *
random_name(const char *tool, const char *name)
{
	return format("%s\t%s", tool, name);
}

struct random_stream
random_stream(const char *name, int64_t id, uint64_t step)
{
	return (struct random_stream){
		.key = {seed, hash(name)},
		.counter = {0, (uint64_t)id, step, 0},
	};
}

/* Four numbers; or, if these are not the first, eight, of which the first four
 * are the later: two blocks beside each other take little longer than one. */
static void
refill(struct random_stream *s)
{
	philox4x64_ctr_t counter, bits, more;
	philox4x64_key_t key;
	bool first = s->counter[0] == 0;

	memcpy(counter.v, s->counter, sizeof counter.v);
	memcpy(key.v, s->key, sizeof key.v);
	bits = philox4x64(counter, key);
	if (!first) {
		counter.v[0]++;
		more = philox4x64(counter, key);
		memcpy(s->bits, more.v, sizeof more.v);
	}
	memcpy(s->bits + (first ? 0 : 4), bits.v, sizeof bits.v);
	s->counter[0] += first ? 1 : 2;
	s->left = first ? 4 : 8;
	s->in_time[0] = s->in_time[1] = false;
}

uint64_t
random_bits(struct random_stream *s)
{
	if (s->left == 0)
		refill(s);
	return s->bits[--s->left];
}

static double
fraction(uint64_t bits)
{
	return (double)(bits >> 11) * 0x1p-53;
}

double
random_draw(struct random_stream *s)
{
	return fraction(random_bits(s));
}

/* Two numbers in one register: four logarithms at a time take a third of the
 * time of one after the other, and have the same bits. */
typedef double pair __attribute__((vector_size(16)));
typedef int64_t bit_pair __attribute__((vector_size(16)));

/* 2 artanh(t) for |t| < 0.18 by its series, whose next term is below 2^-58 of
 * it.  Two sums, of every other term, take half the time of one. */
static inline pair
twice_artanh(pair t)
{
	pair u = t * t, w = u * u, even = {1.0 / 21, 1.0 / 21};
	pair odd = {1.0 / 19, 1.0 / 19};
	int k;

	for (k = 17; k >= 5; k -= 4) {
		even = even * w + 1.0 / k;
		odd = odd * w + 1.0 / (k - 2);
	}
	return 2 * (t + t * u * (odd + even * u));
}

/* The natural logarithm of x, 2^-1022 <= x < infinity, to 2 units of the last
 * place but near 1, where it is good to 2^-53.  x is m * 2^exponent, with m
 * from 0.7 to 1.4. */
static inline pair
logarithm(pair x)
{
	const bit_pair digits = {0xfffffffffffff, 0xfffffffffffff};
	const bit_pair half = {1022, 1022};
	bit_pair bits = (bit_pair)x, exponent = (bits >> 52) - half, low;
	pair m = (pair)((bits & digits) | half << 52);

	low = m < 0.70710678118654752; /* -1 where it is */
	m += (pair)((bit_pair)m & low);
	exponent += low;
	return __builtin_convertvector(exponent, pair) * 0.69314718055994531 +
	       twice_artanh((m - 1) / (m + 1));
}

double
random_logarithm(double x)
{
	return logarithm((pair){x, 1})[0];
}

double
random_failure_rate(double p)
{
	if (p >= 1)
		return INFINITY;
	return p < 0.3 ? -twice_artanh((pair){-p / (2 - p)})[0]
		       : -logarithm((pair){1 - p, 1})[0];
}

/* Of all four numbers, even if only some of them are asked for. */
static void
take_logarithms(struct random_stream *s, unsigned block)
{
	unsigned k;

	for (k = 4 * block; k < 4 * block + 4; k += 2) {
		pair x = {fraction(s->bits[k]), fraction(s->bits[k + 1])};

		x = -logarithm(1 - x);
		memcpy(&s->exponential[k], &x, sizeof x);
	}
	s->in_time[block] = true;
}

double
random_exponential(struct random_stream *s)
{
	unsigned block;

	if (s->left == 0)
		refill(s);
	block = --s->left / 4;
	if (!s->in_time[block])
		take_logarithms(s, block);
	return s->exponential[s->left];
}

/* Bits below 2^64 mod n would make the least numbers a little more likely. */
int64_t
random_integer(struct random_stream *s, int64_t low, int64_t high)
{
	uint64_t n = (uint64_t)high - (uint64_t)low + 1, bits;

	do
		bits = random_bits(s);
	while (n > 0 && bits < -n % n);
	return (int64_t)((uint64_t)low + (n > 0 ? bits % n : bits));
}

/* The slot of a table of open addressing that has element + 1, or that it
 * would go into. */
static uint32_t *
find(uint32_t *table, size_t mask, uint32_t element)
{
	size_t k = element * (size_t)2654435761u & mask;

	while (table[k] && table[k] != element + 1)
		k = (k + 1) & mask;
	return &table[k];
}

/* Floyd's algorithm (J. Bentley, Commun. ACM 30:754, 1987): k of the numbers
 * below n, as a table of so many slots. */
static uint32_t *
draw_few(struct random_stream *s, uint32_t n, uint32_t k, size_t *slots)
{
	uint32_t *table, i;

	for (*slots = 1; *slots < 2 * (size_t)k; *slots *= 2)
		;
	table = zeros(*slots, sizeof *table);
	for (i = n - k; i < n; i++) {
		uint32_t j = (uint32_t)random_integer(s, 0, i);
		uint32_t *slot = find(table, *slots - 1, j);

		if (*slot)
			slot = find(table, *slots - 1, j = i);
		*slot = j + 1;
	}
	return table;
}

/* Where more than half are chosen, the others are drawn. */
void
random_distinct(struct random_stream *s, uint32_t n, uint32_t k,
		uint32_t *chosen)
{
	bool most = k > n / 2;
	uint32_t *table, i;
	size_t slots, j;

	table = draw_few(s, n, most ? n - k : k, &slots);
	for (i = 0; most && i < n; i++)
		if (k == n || !*find(table, slots - 1, i))
			*chosen++ = i;
	for (j = 0; !most && j < slots; j++)
		if (table[j])
			*chosen++ = table[j] - 1;
	free(table);
}
