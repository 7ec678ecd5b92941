/* opt-check -- what comes of options of each kind, for options.bats */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "opt.h"

static double level = 0.95, from = NAN, to = NAN, band[2] = {1, 2};
static double view[2], positions[2];
static int64_t digits = -1, size[2], nsyn[2] = {1, 1};
static unsigned method, smooth;
static bool all, wide;
static struct opt_list edges;
static size_t jobs = 1, memory;
static struct opt_shard shard;

static const struct opt shared[] = {
	OPT_FLAG(0, "all", &all, "of all"),
	OPT_JOBS(&jobs, "so many at a time"),
	OPT_SHARD(&shard, "a part of it"),
	OPT_EXCLUDE("all edges"),
	OPT_END,
};

static const struct opt opts[] = {
	OPT_TABLE(shared),
	OPT_LIST('e', "edges", "name", &edges, "of these"),
	OPT_NUM_IN('l', "level", "number", &level, "(0,1)", "of confidence"),
	OPT_INT_IN(0, "digits", "n", &digits, "[0,9]", "of a number"),
	OPT_NUM_IN(0, "from", "ms", &from, "(-inf,inf)", "begin here"),
	OPT_NUM(0, "to", "ms", &to, "end here"),
	OPT_PAIR(0, "band", "low:high", band, "[0,inf)<", "frequencies"),
	OPT_PAIR(0, "view", "azimuth,elevation", view, "[-360,360] [-90,90]",
		 "look from there"),
	OPT_PAIR(0, "positions", "low[:high]", positions, "[0,1]<=", "there"),
	OPT_INT_PAIR(0, "size", "widthxheight", size, "[1,9999]", "in pixels"),
	OPT_INT_PAIR(0, "nsyn", "low[:high]", nsyn, "[1,inf)<=", "synapses"),
	OPT_WORD(0, "method", "name", &method, "ratio|welch", "how"),
	OPT_WORD(0, "smooth", "how", &smooth, "|boxcar|gaussian", "smooth it"),
	OPT_SIZE('S', "memory", "size", &memory, "so much"),
	OPT_FLAG(0, "wide", &wide, "a row each"),
	OPT_ORDER("from < to"),
	OPT_NOT_WITH("wide", "from to method=welch"),
	OPT_NEEDS("digits", "smooth method=welch"),
	OPT_NEEDS("size", "method=ratio"),
	OPT_REQUIRED("edges all"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "show what comes of options",
	.operands = "",
	.opts = opts,
};

int
main(int argc, char **argv)
{
	uint64_t first, end;

	start(argc, argv, &tool);
	opt_shard(&shard, 10, &first, &end);
	printf("level %g%s\n", level, opt_given(&level) ? " given" : "");
	printf("digits %" PRId64 "\n", digits);
	printf("band %g %g%s\n", band[0], band[1],
	       opt_given(band) ? " given" : "");
	printf("view %g %g\n", view[0], view[1]);
	printf("positions %g %g\n", positions[0], positions[1]);
	printf("size %" PRId64 " %" PRId64 "\n", size[0], size[1]);
	printf("nsyn %" PRId64 " %" PRId64 "\n", nsyn[0], nsyn[1]);
	printf("method %u smooth %u\n", method, smooth);
	printf("jobs %zu\n", jobs);
	printf("shard %" PRIu64 " %" PRIu64 "\n", first, end);
	return 0;
}
