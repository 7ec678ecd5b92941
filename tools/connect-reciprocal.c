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
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "connect/apart.h"
#include "connect/candidates.h"
#include "connect/chance.h"
#include "connect/connect.h"
#include "connect/twoway.h"
#include "out.h"
#include "random.h"

static const char *p_text[2], *both_text, *nrr_text, *nsyn_text[2], *file[2];
static double rho = NAN;
static bool estimate;

static const struct opt opts[] = {
	OPT_STR(0, "p0", "chance", &p_text[0],
		"of a connection from source to target"),
	OPT_STR(0, "p1", "chance", &p_text[1],
		"of one from target to source (that of --p0)"),
	OPT_STR(0, "pr", "chance", &both_text, "of both in a pair"),
	OPT_NUM(0, "rho", "number", &rho,
		"or the correlation of the two, from -1 to 1"),
	OPT_STR(0, "nrr", "rate", &nrr_text,
		"or how often both are, over p0 times p1"),
	OPT_FLAG(0, "estimate-rho", &estimate,
		 "--pr is a mean: take the correlation that gives it"),
	OPT_STR(0, "nsyn0", "count", &nsyn_text[0],
		"synapses from source to target, N or LOW:HIGH"),
	OPT_STR(0, "nsyn1", "count", &nsyn_text[1],
		"synapses from target to source (those of --nsyn0)"),
	OPT_STR(0, "forward", "file", &file[0],
		"write the edges from source to target to this file"),
	OPT_STR(0, "backward", "file", &file[1],
		"write those from target to source to this one"),
	OPT_TABLE(pool_opts),
	OPT_TABLE(chance_opts),
	OPT_TABLE(random_opts),
	OPT_TABLE(connect_opts),
	OPT_TABLE(connect_backward_opts),
	OPT_TABLE(out_opts),
	OPT_EXCLUDE("output forward"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "connect pairs of cells at random, in both directions",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

struct network {
	struct pool pool[2]; /* the first and the second cells of pairs */
	bool same;           /* of one group: the first is before the second */
	size_t axes;         /* 0: the chances do not depend on distance */
	struct twoway rule;
	const char *name;
	char *stream;
	struct connect_synapses nsyns[2]; /* by direction */
	struct candidates *candidates;
	const struct connect_table *table; /* by direction */
	uint64_t made[OUTCOMES];
	unsigned wanted; /* directions, as bits */
};

/* ---- What all pairs need ---- */

/* The correlation for which the mean of all pairs that can be connected both
 * ways is --pr. */
static void
estimate_rho(struct network *net)
{
	struct twoway *r = &net->rule;
	double product = 0, spread = 0, wanted = 0;
	const struct apart_span span =
		apart_span(&net->pool[0], &net->pool[1], net->same, net->axes);
	struct apart a = twoway_apart(&span, r, 1);
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

/* Pairs are counted only if some distance at all has to give way. */
static void
warn_of_cuts(const struct network *net)
{
	const struct apart_span span =
		apart_span(&net->pool[0], &net->pool[1], net->same, net->axes);
	struct apart a = twoway_apart(&span, &net->rule, 1);
	struct twoway_sums sums = {0};
	size_t i;

	for (i = 0; i < a.n && !twoway_at(&net->rule, a.distance[i]).cut; i++)
		;
	if (i < a.n) {
		apart_count(&a, &span);
		twoway_add_apart(&sums, &a, &net->rule);
		twoway_warn_of_cut(&sums);
	}
	apart_free(&a);
}

/* ---- Drawing ---- */

/* What a row is: a direction, and whether the pair has the other one, too. */
enum { IS_BOTH = 2 };

/* Of the streams of a cell, the one for its pairs. */
enum { PAIRS_STEP = 0 };

/* Rows have the first cell of a pair as source, whatever the direction, so that
 * they are sorted by pairs. */
static void
connect_one(void *arg, size_t i, struct connect_rows *rows)
{
	const struct network *net = arg;
	const struct pool *pool = &net->pool[0];
	struct random_stream s =
		random_stream(net->stream, pool->id[i], PAIRS_STEP);
	struct candidate_walk w;
	double distance, most;
	size_t j, k;

	candidates_begin(&w, net->candidates, pool, i, net->same ? i + 1 : 0);
	while (candidates_next(&w, &s, &j, &distance, &most)) {
		struct twoway_chances c = twoway_at(&net->rule, distance);
		unsigned drawn = twoway_draw(&c, random_draw(&s) * most);
		unsigned char both = drawn == 3 ? IS_BOTH : 0;

		for (k = FORWARD; k <= BACKWARD; k++) {
			if (!(drawn & 1U << k))
				continue;
			connect_add(rows, (uint32_t)i, (uint32_t)j,
				    connect_draw_synapses(&net->nsyns[k], &s));
			rows->row[rows->n - 1].kind = (unsigned char)k | both;
		}
	}
}

static void
write_rows(void *arg, const struct connect_rows *rows)
{
	struct network *net = arg;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		const struct connect_row *r = &rows->row[i];
		unsigned direction = r->kind % 2;

		twoway_count_row(net->made, direction, r->kind & IS_BOTH);
		if (!(net->wanted & 1U << direction))
			continue;
		if (direction == FORWARD)
			connect_write_edge(&net->table[FORWARD], r->source,
					   r->target, r->nsyns);
		else
			connect_write_edge(&net->table[BACKWARD], r->target,
					   r->source, r->nsyns);
	}
}

/* One table, to a file or wherever -o says.  Drawing anew for the other
 * direction takes less than what writing takes. */
static void
write_table(struct network *net, const char *path, unsigned directions)
{
	const struct connect_work c = {net->pool[0].n, connect_one, write_rows,
				       net, false};

	if (path)
		out_to(path);
	memset(net->made, 0, sizeof net->made);
	net->wanted = directions;
	connect_write_header(&net->table[directions == 1U << BACKWARD]);
	connect_all(&c);
	out_close();
}

/* One file by two names shows when the first is there: the second would take
 * its place. */
static void
check_files(void)
{
	struct stat s, t;

	if (!stat(file[0], &s) && !stat(file[1], &t) && S_ISREG(s.st_mode) &&
	    s.st_dev == t.st_dev && s.st_ino == t.st_ino)
		misuse("--forward and --backward are the same file");
}

static void
write_tables(struct network *net)
{
	const bool nsyns = nsyn_text[0] || nsyn_text[1];
	const struct connect_table table[] = {
		{.source = &net->pool[0],
		 .target = &net->pool[1],
		 .nsyns = nsyns},
		{.source = &net->pool[1],
		 .target = &net->pool[0],
		 .nsyns = nsyns,
		 .backward = true},
	};

	net->table = table;
	net->candidates = candidates_new(&net->pool[1], net->axes,
					 twoway_greatest, &net->rule);
	if (file[0]) {
		write_table(net, file[0], 1U << FORWARD);
		check_files();
		write_table(net, file[1], 1U << BACKWARD);
	} else {
		write_table(net, NULL, 1U << FORWARD | 1U << BACKWARD);
	}
	candidates_free(net->candidates);
}

/* ---- The report ---- */

static void
report(const struct network *net)
{
	struct apart_span span =
		apart_span(&net->pool[0], &net->pool[1], net->same, net->axes);
	struct apart a = twoway_apart(&span, &net->rule, 1);
	struct twoway_sums sums = {0};
	struct connect_outcome line[2 * OUTCOMES];
	size_t k;

	connect_shard(net->pool[0].n, &span.first, &span.end);
	apart_count(&a, &span);
	twoway_add_apart(&sums, &a, &net->rule);
	memcpy(sums.made, net->made, sizeof sums.made);
	for (k = 0; k < LEN(line); k++)
		line[k] = twoway_outcome(net->pool, &sums, k % OUTCOMES,
					 k >= OUTCOMES);
	connect_report(net->name, line, LEN(line));
	apart_free(&a);
}

/* ---- Options ---- */

static void
check_options(void)
{
	int n = (both_text != NULL) + (nrr_text != NULL) + !isnan(rho);

	if (!p_text[0])
		misuse("--p0 is needed");
	if (!p_text[1])
		p_text[1] = p_text[0];
	if (n != 1)
		misuse("%s", n ? "--pr, --rho and --nrr exclude each other"
			       : "one of --pr, --rho and --nrr is needed");
	if (!isnan(rho) && !(rho >= -1 && rho <= 1))
		misuse("--rho: not from -1 to 1");
	if (estimate && !both_text)
		misuse("--estimate-rho needs --pr");
	if (!file[0] != !file[1])
		misuse("--forward and --backward go together");
	if (file[0] && !strcmp(file[0], file[1]))
		misuse("--forward and --backward are the same file");
}

static void
read_rule(struct twoway *r)
{
	twoway_read(r, (const char *const[]){"p0", "p1"}, p_text);
	if (both_text)
		chance_read("pr", both_text, &r->both);
	if (nrr_text)
		chance_read_rate("nrr", nrr_text, &r->both);
	if (estimate && chance_needs_distance(&r->both))
		misuse("--estimate-rho: --pr is not a number: '%s'", both_text);
	r->kind = both_text  ? BOTH_BY_CHANCE
		  : nrr_text ? BOTH_BY_RATE
			     : BOTH_BY_CORRELATION;
	r->rho = rho;
}

static void
read_options(struct network *net)
{
	const char *nsyns = nsyn_text[0] ? nsyn_text[0] : "1";

	check_options();
	random_need_seed();
	read_rule(&net->rule);
	net->nsyns[FORWARD] = connect_read_synapses("nsyn0", nsyns);
	net->nsyns[BACKWARD] = connect_read_synapses(
		"nsyn1", nsyn_text[1] ? nsyn_text[1] : nsyns);
	if (twoway_needs_distance(&net->rule))
		net->axes = chance_axes();
}

/* Which of two cells of a group is the first one means nothing. */
static void
check_symmetry(void)
{
	if (strcmp(p_text[0], p_text[1]) != 0)
		misuse("--p1: within one group it is that of --p0");
	if (nsyn_text[1] &&
	    (!nsyn_text[0] || strcmp(nsyn_text[0], nsyn_text[1]) != 0))
		misuse("--nsyn1: within one group they are those of --nsyn0");
	if (connect_has_backward())
		misuse("--backward-property: within one group there is only "
		       "--property");
}

static void
end_network(struct network *net)
{
	pool_free(&net->pool[0], &net->pool[1]);
	twoway_free(&net->rule);
	free(net->stream);
}

int
main(int argc, char **argv)
{
	struct network net = {0};

	argv = start(argc, argv, &tool);
	read_options(&net);
	pool_read(argv, net.axes > 0, &net.pool[0], &net.pool[1], &net.same);
	if (net.same)
		check_symmetry();
	net.name = connect_name(&net.pool[0], &net.pool[1]);
	net.stream = random_name("connect-reciprocal", net.name);
	if (estimate)
		estimate_rho(&net);
	warn_of_cuts(&net);
	write_tables(&net);
	if (connect_wants_report())
		report(&net);
	end_network(&net);
	return WORKED;
}
