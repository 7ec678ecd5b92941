/* edge-delay -- give edges a delay
 *
 * A row of edges comes in and goes out with one column more: a constant, or a
 * number drawn from a distribution, whose mean may follow from the distance
 * between the cells. */
#include <math.h>
#include <string.h>

#include "connect/chance.h"
#include "connect/draws.h"
#include "connect/passing.h"
#include "out.h"
#include "random/deviates.h"

/* A delay is the same whatever the compiler; GCC does this by -std=c11. */
#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

static const char *column = "delay";
static double velocity = 1000, min_delay = 0.8, sd = 0.2, fixed;
static double low = 0.2, high = 2, constant, range[2], normal[2];

static const struct opt opts[] = {
	OPT_TABLE(passing_opts),
	OPT_TABLE(draws_opts),
	OPT_STR(0, "column-name", "name", &column,
		"the column that is added (delay)"),
	OPT_NUM_IN(0, "velocity", "um/ms", &velocity, "(0,inf]",
		   "of conduction, for a delay by distance (1000)"),
	OPT_NUM_IN(0, "min-delay", "ms", &min_delay, "[0,inf)",
		   "of a synapse, for a delay by distance (0.8)"),
	OPT_NUM_IN(0, "sd", "ms", &sd, "[0,inf)",
		   "of what is random in it (0.2)"),
	OPT_NUM_IN(0, "distance", "um", &fixed, "[0,inf)",
		   "this one rather than that of the cells"),
	OPT_TABLE(chance_opts),
	OPT_NUM(0, "lowest", "ms", &low, "what is less becomes this (0.2)"),
	OPT_NUM(0, "highest", "ms", &high, "what is more becomes this (2)"),
	OPT_NUM_IN(0, "constant", "ms", &constant, "(-inf,inf)",
		   "the same delay for all"),
	OPT_PAIR(0, "uniform", "low:high", range,
		 "(-inf,inf)<=", "a delay between these"),
	OPT_PAIR(0, "normal", "mean:sd", normal, "(-inf,inf) [0,inf)",
		 "a delay of this normal distribution"),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("constant uniform normal"),
	OPT_NOT_WITH("velocity min-delay sd distance",
		     "constant uniform normal"),
	OPT_NOT_WITH("lowest highest", "constant uniform"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "give edges a delay",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

static enum { BY_DISTANCE, CONSTANT_DELAY, UNIFORM_DELAY, NORMAL_DELAY } rule;

/* The usual bounds are for a delay by distance; a normal distribution has none
 * but those that are given. */
static void
check_options(void)
{
	rule = opt_given(&constant) ? CONSTANT_DELAY
	       : opt_given(range)   ? UNIFORM_DELAY
	       : opt_given(normal)  ? NORMAL_DELAY
				    : BY_DISTANCE;
	if (rule == NORMAL_DELAY && !opt_given(&low))
		low = -INFINITY;
	if (rule == NORMAL_DELAY && !opt_given(&high))
		high = INFINITY;
	if (low > high)
		misuse("--lowest is above --highest: %g and %g", low, high);
	if (isinf(range[1] - range[0]))
		misuse("--uniform: too wide: %g:%g", range[0], range[1]);
	if (!*column)
		misuse("--column-name: empty");
}

/* Does the rule draw anything? */
static bool
is_random(void)
{
	switch (rule) {
	case CONSTANT_DELAY:
		return false;
	case UNIFORM_DELAY:
		return range[0] < range[1];
	case NORMAL_DELAY:
		return normal[1] > 0;
	case BY_DISTANCE:
		break;
	}
	return sd > 0;
}

static _Noreturn void
bad_value(const struct passing *e, const char *problem, double v)
{
	char text[32];

	out_num_text(v, text);
	die("%s:%zu: column '%s': %s: '%s'", e->rows.path, e->rows.line, column,
	    problem, text);
}

/* Writes a delay within its bounds.  It is easily forgotten that a normal
 * distribution has no end, so that a negative delay ends the tool unless
 * --lowest allows it. */
static void
write_clipped(const struct passing *e, double v)
{
	double clipped = fmin(fmax(v, low), high);

	if (isinf(clipped))
		bad_value(e, "not a finite number", clipped);
	if (clipped < 0 && rule == NORMAL_DELAY && !opt_given(&low) &&
	    !strcmp(column, "delay"))
		bad_value(e, "a negative delay, and no --lowest", clipped);
	out_num(clipped);
}

/* Writes the delay of this row, of the number that its rule has drawn. */
static void
write_delay(const struct passing *e, double random)
{
	double distance;

	switch (rule) {
	case BY_DISTANCE:
		distance = opt_given(&fixed) ? fixed : passing_distance(e);
		write_clipped(e, distance / velocity + min_delay + sd * random);
		break;
	case CONSTANT_DELAY:
		out_num(constant);
		break;
	case UNIFORM_DELAY:
		out_num(fmin(range[0] + (range[1] - range[0]) * random,
			     range[1]));
		break;
	case NORMAL_DELAY:
		write_clipped(e, normal[0] + normal[1] * random);
		break;
	}
}

int
main(int argc, char **argv)
{
	struct draws *draws = NULL;
	struct passing *e;
	const char *along;
	size_t axes;

	argv = start(argc, argv, &tool);
	check_options();
	axes = chance_axes();
	along = rule != BY_DISTANCE || opt_given(&fixed) ? NULL
		: axes == 2                              ? "xy"
							 : "xyz";
	if (is_random())
		draws = draws_start("edge-delay", column,
				    rule == UNIFORM_DELAY ? random_draw
							  : deviate_normal);
	e = passing_open(argv[0], along, "--metric cylindrical",
			 (const char *[]){column, NULL});
	while (passing_next(e)) {
		double random = draws ? draws_next(draws, e) : 0;

		passing_copy(e);
		write_delay(e, random);
		out_end();
	}
	passing_close(e);
	draws_end(draws);
	return WORKED;
}
