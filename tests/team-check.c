/* team-check -- threads hand out what they make in its order */
#include <stdint.h>
#include <string.h>

#include "opt.h"
#include "team.h"
#include "util.h"

static const struct opt opts[] = {OPT_END};
static const struct tool tool = {
	.purpose = "check that threads hand out what they make in its order",
	.operands = "orders|stops|fails",
	.least = 1,
	.most = 1,
	.opts = opts,
};

enum { MOST_SLOTS = 16, PIECES = 3000, BAD = 1000 };

struct piece {
	size_t number;
	uint64_t made;
};

struct pieces {
	struct piece slot[MOST_SLOTS];
	size_t taken, n, bad;
};

static bool
take(void *arg, size_t slot)
{
	struct pieces *p = arg;

	p->slot[slot].number = p->taken;
	return p->taken++ < p->n;
}

/* Some pieces take a hundred times as long as others. */
static uint64_t
number_of(size_t piece)
{
	uint64_t v = piece + 1;
	size_t k, turns = piece % 7 == 0 ? 10000 : 100;

	for (k = 0; k < turns; k++)
		v = v * 6364136223846793005u + 1442695040888963407u;
	return v;
}

static void
make(void *arg, size_t slot)
{
	struct pieces *p = arg;
	struct piece *piece = &p->slot[slot];

	if (piece->number >= p->bad)
		die("piece %zu is bad", (size_t)BAD);
	piece->made = number_of(piece->number);
}

static struct team *
start_on(struct pieces *p, size_t threads, size_t slots)
{
	return team_start(&(struct team_work){threads, slots, take, make, p});
}

static void
check_order(size_t threads, size_t slots, size_t n)
{
	struct pieces p = {.n = n, .bad = SIZE_MAX};
	struct team *t = start_on(&p, threads, slots);
	size_t slot, k;

	for (k = 0; team_next(t, &slot); k++)
		if (p.slot[slot].number != k ||
		    p.slot[slot].made != number_of(k))
			die("%zu threads, %zu slots: piece %zu is another",
			    threads, slots, k);
	if (k != n || team_next(t, &slot))
		die("%zu threads, %zu slots: %zu pieces of %zu", threads, slots,
		    k, n);
	team_end(t);
}

static void
check_orders(void)
{
	size_t threads, slots;

	for (threads = 0; threads < 6; threads++)
		for (slots = 1; slots <= MOST_SLOTS; slots += 3) {
			check_order(threads, slots, 0);
			check_order(threads, slots, 1);
			check_order(threads, slots, PIECES);
		}
}

/* A team ends when it is told so, whatever is left to do. */
static void
check_stops(void)
{
	size_t threads, k, slot;

	for (threads = 0; threads < 6; threads++)
		for (k = 0; k < 20; k++) {
			struct pieces p = {.n = SIZE_MAX, .bad = SIZE_MAX};
			struct team *t = start_on(&p, threads, threads + 2);
			size_t i;

			for (i = 0; i < k; i++)
				if (!team_next(t, &slot))
					die("no piece %zu", i);
			team_end(t);
		}
}

/* All pieces from one on are bad, so that several threads find it out. */
static void
fail(void)
{
	struct pieces p = {.n = PIECES, .bad = BAD};
	struct team *t = start_on(&p, 4, 8);
	size_t slot;

	while (team_next(t, &slot))
		;
	die("bad pieces came through");
}

int
main(int argc, char **argv)
{
	argv = start(argc, argv, &tool);
	if (!strcmp(argv[0], "orders"))
		check_orders();
	else if (!strcmp(argv[0], "stops"))
		check_stops();
	else
		fail();
	return WORKED;
}
