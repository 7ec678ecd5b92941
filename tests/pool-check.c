/* pool-check -- print the pools that pool.h reads */
#include <inttypes.h>
#include <stdio.h>

#include "connect/pool.h"
#include "opt.h"

static bool positions, groups, sequences;

static const struct opt opts[] = {
	OPT_FLAG(0, "positions", &positions, "with positions"),
	OPT_FLAG(0, "groups", &groups, "with groups"),
	OPT_FLAG(0, "sequences", &sequences, "in the order of groups"),
	OPT_TABLE(pool_opts),
	OPT_END,
};
static const struct tool tool = {
	.purpose = "print the cells that a connector draws from",
	.operands = "[file ...]",
	.most = 10,
	.opts = opts,
};

static void
print_pool(const struct pool *p)
{
	size_t i;

	printf("%s of %s:", p->name, p->population ? p->population : "none");
	for (i = 0; i < p->n; i++) {
		printf(" %" PRId64, p->id[i]);
		if (positions)
			printf("@%g,%g,%g", p->at[0][i], p->at[1][i],
			       p->at[2][i]);
		if (groups)
			printf("=%s", p->group[p->of[i]]);
		if (!sequences && pool_find(p, p->id[i]) != i)
			die("cell %" PRId64 " is not found", p->id[i]);
	}
	printf("\n");
}

/* Nothing is found between the ids, below or above them. */
static void
check_absent(const struct pool *p)
{
	int64_t id, last = p->n ? p->id[p->n - 1] : 0;
	size_t i = 0;

	for (id = -1; id < last + 3 && id < 1000; id++) {
		while (i < p->n && p->id[i] < id)
			i++;
		if ((i == p->n || p->id[i] != id) &&
		    pool_find(p, id) != SIZE_MAX)
			die("cell %" PRId64 " is found", id);
	}
}

int
main(int argc, char **argv)
{
	struct pool source, target;
	bool same = false;

	argv = start(argc, argv, &tool);
	if (sequences)
		pool_read_sequences(argv, &source, &target);
	else
		pool_read(argv, positions ? 3 : 0, &source, &target, &same);
	if (!sequences)
		check_absent(&source);
	print_pool(&source);
	print_pool(&target);
	if (sequences)
		same = pool_same_population(&source, &target);
	printf("%s\n", same ? "same" : "different");
	pool_free(&source, &target);
	return WORKED;
}
