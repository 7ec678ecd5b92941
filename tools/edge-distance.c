/* edge-distance -- add the distance of its cells to each edge
 *
 * A filter: plot-lines --no-lines, awk and sort do the rest, so that distance
 * needs no option in any of them. */
#include "connect/along.h"
#include "connect/chance.h"
#include "connect/passing.h"
#include "out.h"

static const struct opt opts[] = {
	OPT_TABLE(passing_opts),
	OPT_TABLE(along_opts),
	OPT_TABLE(chance_opts),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("axes metric"),
	OPT_REQUIRED("nodes"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "add the distance of its cells to each edge",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

int
main(int argc, char **argv)
{
	static const char *const added[] = {"distance_um", NULL};
	const char *along;
	struct passing *e;

	argv = start(argc, argv, &tool);
	along = chance_axes() == 2 ? "xy" : along_axes();
	e = passing_open(argv[0], along, "--axes xy", added);
	while (passing_next(e)) {
		passing_copy(e);
		out_num(passing_distance(e));
		out_end();
	}
	passing_close(e);
	return WORKED;
}
