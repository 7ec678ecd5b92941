/* random.h -- random numbers that follow from what they are for
 *
 *	char *name = random_name("connect-random", "PV->PN");
 *	struct random_stream s = random_stream(name, source_id, STEP_TARGETS);
 *
 *	if (random_draw(&s) < p)
 *		connect(source_id, target_id);
 *
 * A stream is the counter-based generator Philox4x64-10 of Salmon, Moraes, Dror
 * and Shaw (SC11), keyed by --seed, a name and the id of a cell, so that what
 * is drawn for a cell depends on nothing else: not on threads, shards, or the
 * order of the input.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opt.h"

/* --seed. */
extern const struct opt random_opts[];

/* End the tool by misuse if there is no --seed.  Tools that draw call it
 * once. */
void random_need_seed(void);

struct random_stream {
	uint64_t key[2], counter[4], bits[8];
	unsigned left;         /* of the bits */
	bool in_time[2];       /* have these and the first four a time? */
	double exponential[8]; /* what the bits are as exponential times */
};

/* The name under which a tool draws for something with a name, in new
 * memory: the same name means other random numbers to another tool. */
char *random_name(const char *tool, const char *name);

/* The stream of a name and an id; step tells those of one cell apart. */
struct random_stream random_stream(const char *name, int64_t id, uint64_t step);

uint64_t random_bits(struct random_stream *s);

/* A multiple of 2^-53 from 0 up to 1, without it. */
double random_draw(struct random_stream *s);

/* A number from an exponential distribution with mean 1. */
double random_exponential(struct random_stream *s);

/* The natural logarithm of a number above 0 that is normal and finite, to two
 * units of the last place, the same on every machine. */
double random_logarithm(double x);

/* -log(1 - p): what an exponential time is divided by for the number of
 * failures before a success; p <= 1. */
double random_failure_rate(double p);

/* A whole number from low to high, each with the same chance. */
int64_t random_integer(struct random_stream *s, int64_t low, int64_t high);

/* k of the numbers below n, each set of them with the same chance, in an
 * order that means nothing.  Time and memory are in proportion to k. */
void random_distinct(struct random_stream *s, uint32_t n, uint32_t k,
		     uint32_t *chosen);

#endif
