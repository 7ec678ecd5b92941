/* connect-reciprocal -- connect pairs of cells at random, in both directions
 *
 * A pair of cells is drawn once: whether it is connected forward, backward,
 * both ways or not at all is one draw of four, so that both directions come out
 * of one run and the share of reciprocal connections is what it is said to be.
 * Only pairs that may be connected at all are looked at (candidates.h), by the
 * chance that they are, either way.
 *
 * Edges come by pairs, not by sources: the backward edges of a source belong to
 * pairs whose first cells are anywhere, and to have them in their order would
 * take a sort of all edges.  By pairs the work is linear, its memory is that of
 * the cells, and the parts of --shard follow each other. */
#include <math.h>
#include <string.h>

#include "connect/coupled.h"
#include "out.h"
#include "random/random.h"

/* Of pairs without a gap junction, and of those with one. */
enum { WITHOUT, WITH, CLASSES };

static const char *p_text[CLASSES][2], *both_text[CLASSES], *nrr_text[CLASSES];
static double rho[CLASSES];

static const char *given_gap, *file[2];
static int64_t nsyn[2][2] = {{1, 1}, {1, 1}}; /* by direction */
static bool estimate;

static const struct opt opts[] = {
	OPT_STR(0, "p0", "chance", &p_text[WITHOUT][0],
		"of a connection from source to target"),
	OPT_STR(0, "p1", "chance", &p_text[WITHOUT][1],
		"of one from target to source (that of --p0)"),
	OPT_STR(0, "pr", "chance", &both_text[WITHOUT], "of both in a pair"),
	OPT_NUM_IN(0, "rho", "number", &rho[WITHOUT], "[-1,1]",
		   "or the correlation of the two"),
	OPT_STR(0, "nrr", "rate", &nrr_text[WITHOUT],
		"or how often both are, over p0 times p1"),
	OPT_FLAG(0, "estimate-rho", &estimate,
		 "--pr is a mean: take the correlation that gives it"),
	OPT_STR(0, "given-gap", "file", &given_gap,
		"the gap junctions of this table have their own:"),
	OPT_STR(0, "gap-p0", "chance", &p_text[WITH][0],
		"as --p0, in a pair with a gap junction"),
	OPT_STR(0, "gap-p1", "chance", &p_text[WITH][1],
		"as --p1, in such a pair (that of --gap-p0)"),
	OPT_STR(0, "gap-pr", "chance", &both_text[WITH], "as --pr"),
	OPT_NUM_IN(0, "gap-rho", "number", &rho[WITH], "[-1,1]", "as --rho"),
	OPT_STR(0, "gap-nrr", "rate", &nrr_text[WITH], "as --nrr"),
	OPT_INT_PAIR(0, "nsyn0", "low[:high]", nsyn[0],
		     "[1,inf)<=", "synapses from source to target"),
	OPT_INT_PAIR(0, "nsyn1", "low[:high]", nsyn[1], "[1,inf)<=",
		     "synapses from target to source (those of --nsyn0)"),
	OPT_OUT(0, "forward", "file", &file[0],
		"write the edges from source to target to this file"),
	OPT_OUT(0, "backward", "file", &file[1],
		"write those from target to source to this one"),
	OPT_TABLE(coupled_opts),
	OPT_TABLE(pool_opts),
	OPT_TABLE(chance_opts),
	OPT_TABLE(random_opts),
	OPT_TABLE(connect_opts),
	OPT_TABLE(connect_backward_opts),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("p0"),
	OPT_REQUIRED("pr rho nrr"),
	OPT_EXCLUDE("pr rho nrr"),
	OPT_NEEDS("estimate-rho", "pr"),
	OPT_NOT_WITH("estimate-rho", "given-gap"),
	OPT_NEEDS("given-gap", "gap-p0"),
	OPT_NEEDS("given-gap", "gap-pr gap-rho gap-nrr"),
	OPT_EXCLUDE("gap-pr gap-rho gap-nrr"),
	OPT_NEEDS("gap-p0 gap-p1 gap-pr gap-rho gap-nrr strict", "given-gap"),
	OPT_NEEDS("forward", "backward"),
	OPT_NEEDS("backward", "forward"),
	OPT_EXCLUDE("output forward"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "connect pairs of cells at random, in both directions",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

/* The correlation for which the mean of all pairs that can be connected both
 * ways is --pr. */
static void
estimate_rho(struct twoway_pairs *p)
{
	struct twoway *r = &p->rule[0];
	double product = 0, spread = 0, wanted = 0;
	const struct apart_span span =
		apart_span(&p->pool[0], &p->pool[1], p->same, p->axes);
	struct apart a = twoway_apart(p);
	size_t i;

	apart_count(&a, &span);
	for (i = 0; i < a.n; i++) {
		double n = (double)a.pairs[i];
		double p0 = chance_at(&r->p[FORWARD], a.distance[i]);
		double p1 = chance_at(&r->p[BACKWARD], a.distance[i]);

		if (!(p0 > 0 && p1 > 0))
			continue;
		wanted += n * r->both.p;
		product += n * p0 * p1;
		spread += n * sqrt(p0 * (1 - p0) * p1 * (1 - p1));
	}
	apart_free(&a);
	r->kind = BOTH_BY_CORRELATION;
	r->rho = spread > 0 ? (wanted - product) / spread : 0;
	if (fabs(r->rho) <= 1)
		return;
	warn("--estimate-rho: a pr of %g takes a correlation of %.4g: "
	     "it is %d",
	     r->both.p, r->rho, r->rho > 0 ? 1 : -1);
	r->rho = r->rho > 0 ? 1 : -1;
}

/* Write one table, to a file or wherever -o says.  To draw anew for the
 * other direction takes less time than to write it. */
static void
write_table(struct twoway_pairs *p, const char *path, unsigned directions)
{
	if (path)
		out_to(path);
	p->wanted = directions;
	twoway_connect(p);
	out_close();
}

static void
write_tables(struct twoway_pairs *p)
{
	if (!file[0]) {
		write_table(p, NULL, TWOWAY_ALL);
		return;
	}
	write_table(p, file[0], 1U << FORWARD);
	write_table(p, file[1], 1U << BACKWARD);
}

/* ---- Options ---- */

static const char *const p_option[CLASSES][2] = {{"p0", "p1"},
						 {"gap-p0", "gap-p1"}};

static void
read_rule(struct twoway *r, size_t class)
{
	static const char *const pr[] = {"pr", "gap-pr"};
	static const char *const nrr[] = {"nrr", "gap-nrr"};
	const char *both = both_text[class], *rate = nrr_text[class];

	if (!p_text[class][1])
		p_text[class][1] = p_text[class][0];
	twoway_read(r, p_option[class], p_text[class]);
	if (both)
		chance_read(pr[class], both, &r->both);
	if (rate)
		chance_read_rate(nrr[class], rate, &r->both);
	if (estimate && chance_needs_distance(&r->both))
		misuse("--estimate-rho: --pr is not a number: '%s'", both);
	r->kind = both   ? BOTH_BY_CHANCE
		  : rate ? BOTH_BY_RATE
			 : BOTH_BY_CORRELATION;
	r->rho = rho[class];
	memcpy(r->nsyns, nsyn, sizeof nsyn);
}

static void
read_rules(struct twoway_pairs *p)
{
	size_t c;

	p->nsyns = opt_given(nsyn[0]) || opt_given(nsyn[1]);
	if (!opt_given(nsyn[1]))
		memcpy(nsyn[1], nsyn[0], sizeof nsyn[1]);
	p->nclasses = given_gap ? CLASSES : 1;
	for (c = 0; c < (given_gap ? CLASSES : 1); c++)
		read_rule(&p->rule[c], c);
}

static void
check_symmetry(const struct twoway_pairs *p)
{
	size_t c;

	for (c = 0; c < p->nclasses; c++)
		twoway_check_symmetry(p_option[c], p_text[c]);
	if (memcmp(nsyn[0], nsyn[1], sizeof nsyn[0]) != 0)
		misuse("--nsyn1: within one group they are those of --nsyn0");
}

int
main(int argc, char **argv)
{
	static const char *const class[CLASSES] = {"non", "gap"};
	struct twoway_pairs pairs = {.wanted = TWOWAY_ALL};
	struct coupled coupled = {0};
	bool cut;

	argv = start(argc, argv, &tool);
	connect_check_input(argv, "given-gap", given_gap);
	random_need_seed();
	read_rules(&pairs);
	twoway_begin(&pairs, "connect-reciprocal", argv);
	if (pairs.same)
		check_symmetry(&pairs);
	if (estimate)
		estimate_rho(&pairs);
	if (given_gap) {
		coupled_check(&pairs);
		coupled_read(&coupled, &pairs, given_gap, true);
	}
	cut = twoway_may_be_cut(&pairs);
	if (cut || connect_wants_report())
		twoway_sum_up(&pairs);
	if (cut)
		twoway_warn_of_cut(&pairs);
	write_tables(&pairs);
	if (connect_wants_report())
		twoway_report(&pairs, class);
	twoway_end(&pairs);
	coupled_free(&coupled);
	return WORKED;
}
