/* connect-random -- connect cells at random, by one of several rules
 *
 * The edges of a source are drawn in a stream of random numbers of its own, so
 * that they are the same in any thread and any shard, and go out as they are
 * made.  Where they do not follow from the source alone there are two ways. How
 * many of a total each source has is drawn beforehand, source by source, by
 * every shard; it takes a number for each cell.  What is drawn for targets
 * (fixed_indegree) or for pairs (symmetric_pairwise_bernoulli) is made by every
 * shard as a whole, and sorted; it takes the memory of --memory, and disk. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "connect/apart.h"
#include "connect/candidates.h"
#include "connect/chance.h"
#include "connect/connect.h"
#include "out.h"
#include "random/random.h"
#include "sonata/spill.h"

static const char *p_text;
static unsigned rule;
static int64_t indegree, outdegree, total, nsyns[2] = {1, 1};
static double mean;
static bool autapses, multapses;

enum {
	BERNOULLI,
	FIXED_INDEGREE,
	FIXED_OUTDEGREE,
	FIXED_TOTAL,
	ONE_TO_ONE,
	ALL_TO_ALL,
	SYMMETRIC,
	POISSON
};

static const struct opt opts[] = {
	OPT_WORD(0, "rule", "name", &rule,
		 "pairwise_bernoulli|fixed_indegree|fixed_outdegree|"
		 "fixed_total_number|one_to_one|all_to_all|"
		 "symmetric_pairwise_bernoulli|pairwise_poisson",
		 "how pairs are drawn"),
	OPT_STR(0, "p", "chance", &p_text,
		"chance of a connection: a number or a function"),
	OPT_INT_IN(0, "indegree", "count", &indegree, "[0,inf)",
		   "edges that each target has"),
	OPT_INT_IN(0, "outdegree", "count", &outdegree, "[0,inf)",
		   "edges that each source has"),
	OPT_INT_IN(0, "n", "count", &total, "[0,inf)", "edges in all"),
	OPT_NUM_IN(0, "pairwise-avg-num-conns", "number", &mean, "[0,inf)",
		   "edges that each pair has on the average"),
	OPT_FLAG(0, "autapses", &autapses, "a cell may connect to itself"),
	OPT_FLAG(0, "multapses", &multapses, "a pair may have several edges"),
	OPT_INT_PAIR(0, "nsyn", "low[:high]", nsyns,
		     "[1,inf)<=", "synapses of an edge"),
	OPT_TABLE(spill_opts_64M),
	OPT_TABLE(pool_opts),
	OPT_TABLE(chance_opts),
	OPT_TABLE(random_opts),
	OPT_TABLE(connect_opts),
	OPT_TABLE(out_opts),
	OPT_NEEDS("rule=fixed_indegree", "indegree"),
	OPT_NEEDS("rule=fixed_outdegree", "outdegree"),
	OPT_NEEDS("rule=fixed_total_number", "n"),
	OPT_NEEDS("rule=pairwise_poisson", "pairwise-avg-num-conns"),
	OPT_NEEDS("rule=pairwise_poisson", "multapses"),
	OPT_NEEDS("rule=symmetric_pairwise_bernoulli", "p"),
	OPT_NEEDS("p", "rule=pairwise_bernoulli "
		       "rule=symmetric_pairwise_bernoulli"),
	OPT_NEEDS("indegree", "rule=fixed_indegree"),
	OPT_NEEDS("outdegree", "rule=fixed_outdegree"),
	OPT_NEEDS("n", "rule=fixed_total_number"),
	OPT_NEEDS("pairwise-avg-num-conns", "rule=pairwise_poisson"),
	OPT_NEEDS("multapses", "rule=fixed_indegree rule=fixed_outdegree "
			       "rule=fixed_total_number "
			       "rule=pairwise_poisson"),
	OPT_NOT_WITH("autapses", "rule=symmetric_pairwise_bernoulli"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "connect cells at random, by one of several rules",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

/* What the streams of a cell are for. */
enum { FROM_SOURCE, TO_TARGET, TOTALS };

struct network {
	struct pool source, target;
	bool same; /* the same cells? */
	struct chance chance;
	const char *name; /* of the connector */
	char *stream;
	size_t first, end;             /* the sources of this shard */
	struct candidates *candidates; /* for rules with a chance */
	uint64_t *share; /* FIXED_TOTAL: the edges of each source */
	struct spill *spill;
	struct connect_table table;
	uint64_t made;
};

/* ---- What was asked for ---- */

static bool
is_random(void)
{
	return (rule != ONE_TO_ONE && rule != ALL_TO_ALL) ||
	       nsyns[0] < nsyns[1];
}

static void
read_options(struct network *net)
{
	if (rule == BERNOULLI && !p_text)
		misuse("--p is needed");
	if (p_text)
		chance_read("p", p_text, &net->chance);
	if (is_random())
		random_need_seed();
}

/* ---- The cells ---- */

/* A cell is no partner of itself. */
static bool
excludes_self(const struct network *net)
{
	return net->same && !autapses;
}

/* How many partners a cell has among n. */
static size_t
partners(const struct network *net, size_t n)
{
	return n > 0 && excludes_self(net) ? n - 1 : n;
}

/* The place of a partner of a cell, from the partner's number. */
static uint32_t
partner(const struct network *net, size_t cell, size_t k)
{
	return (uint32_t)(excludes_self(net) && k >= cell ? k + 1 : k);
}

static void
check_count(size_t n, size_t others, int64_t count, const char *what)
{
	if (n > 0 && count > 0 &&
	    (multapses ? others == 0 : (uint64_t)count > others))
		die("--rule: %s: %" PRId64 " edges of each %s, where there are "
		    "%zu cells to connect it with",
		    rule == FIXED_INDEGREE ? "fixed_indegree"
					   : "fixed_outdegree",
		    count, what, others);
}

static void
check_total(const struct network *net)
{
	double pairs =
		(double)net->source.n * (double)partners(net, net->target.n);

	if (total > 0 && (multapses ? pairs == 0 : (double)total > pairs))
		die("--rule: fixed_total_number: %" PRId64
		    " edges, where there are %.0f pairs",
		    total, pairs);
}

static void
check_pools(const struct network *net)
{
	check_count(net->target.n, partners(net, net->source.n), indegree,
		    "target");
	check_count(net->source.n, partners(net, net->target.n), outdegree,
		    "source");
	check_total(net);
	if (rule == ONE_TO_ONE && net->source.n != net->target.n)
		die("--rule: one_to_one: %zu sources '%s', but %zu targets "
		    "'%s'",
		    net->source.n, net->source.name, net->target.n,
		    net->target.name);
	if (rule == ONE_TO_ONE && excludes_self(net))
		die("--rule: one_to_one: sources are targets: it needs "
		    "--autapses");
	if (rule == SYMMETRIC && !net->same)
		die("--rule: symmetric_pairwise_bernoulli: sources '%s' are "
		    "not targets '%s'",
		    net->source.name, net->target.name);
}

/* ---- Drawing ---- */

static void
add(struct connect_rows *rows, struct random_stream *s, size_t from, size_t to)
{
	connect_add(rows, (uint32_t)from, (uint32_t)to,
		    connect_draw_synapses(nsyns, s));
}

static struct random_stream
stream_of(const struct network *net, size_t i)
{
	return random_stream(net->stream, net->source.id[i], FROM_SOURCE);
}

static double
bound(const void *arg, double low, double high)
{
	return chance_greatest(arg, low, high);
}

static bool
next(const struct network *net, struct candidate_walk *w,
     struct random_stream *s, size_t *j)
{
	double distance, most;

	while (candidates_next(w, s, j, &distance, &most))
		if (!chance_needs_distance(&net->chance) ||
		    chance_hits(&net->chance, distance, random_draw(s) * most))
			return true;
	return false;
}

static void
make_bernoulli(void *arg, size_t i, struct connect_rows *rows)
{
	const struct network *net = arg;
	struct random_stream s = stream_of(net, i);
	struct candidate_walk w;
	size_t j;

	candidates_begin(&w, net->candidates, &net->source, i, 0);
	while (next(net, &w, &s, &j))
		if (i != j || !excludes_self(net))
			add(rows, &s, i, j);
}

static void
make_symmetric(void *arg, size_t i, struct connect_rows *rows)
{
	const struct network *net = arg;
	struct random_stream s = stream_of(net, i);
	struct candidate_walk w;
	size_t j;

	candidates_begin(&w, net->candidates, &net->source, i, i + 1);
	while (next(net, &w, &s, &j)) {
		add(rows, &s, i, j);
		add(rows, &s, j, i);
	}
}

/* The partners of a cell, count of n. */
static uint32_t *
draw_partners(const struct network *net, struct random_stream *s, size_t cell,
	      size_t n, size_t count)
{
	uint32_t *chosen = zeros(count, sizeof *chosen);
	size_t k;

	if (!multapses)
		random_distinct(s, (uint32_t)n, (uint32_t)count, chosen);
	for (k = 0; k < count; k++) {
		if (multapses)
			chosen[k] =
				(uint32_t)random_integer(s, 0, (int64_t)n - 1);
		chosen[k] = partner(net, cell, chosen[k]);
	}
	return chosen;
}

static void
make_indegree(void *arg, size_t j, struct connect_rows *rows)
{
	const struct network *net = arg;
	struct random_stream s =
		random_stream(net->stream, net->target.id[j], TO_TARGET);
	size_t n = (size_t)indegree, k;
	uint32_t *from =
		draw_partners(net, &s, j, partners(net, net->source.n), n);

	for (k = 0; k < n; k++)
		add(rows, &s, from[k], j);
	free(from);
}

static void
make_outdegree(void *arg, size_t i, struct connect_rows *rows)
{
	const struct network *net = arg;
	struct random_stream s = stream_of(net, i);
	size_t n = rule == FIXED_TOTAL ? net->share[i] : (size_t)outdegree, k;
	uint32_t *to =
		draw_partners(net, &s, i, partners(net, net->target.n), n);

	for (k = 0; k < n; k++)
		add(rows, &s, i, to[k]);
	free(to);
}

static void
make_one(void *arg, size_t i, struct connect_rows *rows)
{
	const struct network *net = arg;
	struct random_stream s = stream_of(net, i);

	add(rows, &s, i, i);
}

static void
make_all(void *arg, size_t i, struct connect_rows *rows)
{
	const struct network *net = arg;
	struct random_stream s = stream_of(net, i);
	size_t k, n = partners(net, net->target.n);

	for (k = 0; k < n; k++)
		add(rows, &s, i, partner(net, i, k));
}

/* A Poisson process runs over the targets, each of which is a stretch of length
 * 1. */
static void
make_poisson(void *arg, size_t i, struct connect_rows *rows)
{
	const struct network *net = arg;
	struct random_stream s = stream_of(net, i);
	double n = (double)partners(net, net->target.n), x = 0;

	while ((x += random_exponential(&s) / mean) < n)
		add(rows, &s, i, partner(net, i, (size_t)x));
}

/* ---- How a total is shared out ---- */

/* A draw of count from all pairs, of which some are those of one source. */
struct drawing {
	double count, some, all;
};

/* The probability that k + 1 of them are of the source, over that of k; the
 * probabilities are binomial, or without multapses hypergeometric. */
static double
ratio(const struct drawing *d, double k)
{
	if (multapses)
		return (d->count - k) / (k + 1) * d->some / (d->all - d->some);
	return (d->some - k) * (d->count - k) /
	       ((k + 1) * (d->all - d->some - d->count + k + 1));
}

/* Go up or down from k and add up the probabilities, in units of that of the
 * first k, until their sum is more than stop or does not grow any more.
 * Returns the last k. */
static double
add_up(const struct drawing *d, double k, int step, double *sum, double stop)
{
	double rest = d->all - d->some, weight = 1;
	double top = multapses ? d->count : fmin(d->count, d->some);
	double bottom = multapses ? 0 : fmax(0, d->count - rest);

	while (*sum <= stop && weight > 1e-20 * *sum &&
	       (step > 0 ? k < top : k > bottom)) {
		weight = step > 0 ? weight * ratio(d, k)
				  : weight / ratio(d, k - 1);
		k += step;
		*sum += weight;
	}
	return k;
}

/* How many of the draws are of the source, by inversion.  The numbers are
 * gone through from the mean on, so that it takes the time of a few standard
 * deviations, and no more than rounding is lost. */
static double
draw_share(struct random_stream *s, const struct drawing *d)
{
	double middle = floor(d->count * (d->some / d->all)), k, sum = 1, stop;

	if (d->some >= d->all || d->count == 0)
		return d->count;
	middle = multapses ? middle
			   : fmin(fmax(middle, d->count - d->all + d->some),
				  d->some);
	add_up(d, middle, 1, &sum, INFINITY);
	add_up(d, middle, -1, &sum, INFINITY);
	stop = random_draw(s) * sum;
	sum = 1;
	k = add_up(d, middle, 1, &sum, stop);
	return sum > stop ? k : add_up(d, middle, -1, &sum, stop);
}

/* Share out the edges to one source after the other, each from what is left
 * of the total. */
static void
share_total(struct network *net)
{
	struct random_stream s = random_stream(net->stream, 0, TOTALS);
	struct drawing d = {.count = (double)total};
	size_t i;

	net->share = zeros(net->source.n, sizeof *net->share);
	d.some = (double)partners(net, net->target.n);
	for (i = 0; i < net->source.n; i++) {
		double n;

		d.all = d.some * (double)(net->source.n - i);
		n = draw_share(&s, &d);
		net->share[i] = (uint64_t)n;
		d.count -= n;
	}
}

/* ---- What comes out ---- */

static void
write_rows(void *arg, const struct connect_rows *rows)
{
	struct network *net = arg;
	net->made += rows->n;
	connect_write_edges(&net->table, rows);
}

static bool
is_counted(const struct connect_row *r)
{
	return rule != SYMMETRIC || r->source < r->target;
}

/* Put the edges of this shard aside, to sort them. */
static void
put_by(void *arg, const struct connect_rows *rows)
{
	struct network *net = arg;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		const struct connect_row *r = &rows->row[i];

		if (r->source >= net->first && r->source < net->end) {
			spill_add(net->spill,
				  (uint64_t)r->source * net->target.n +
					  r->target,
				  &r->nsyns);
			net->made += is_counted(r) ? 1 : 0;
		}
	}
}

static void
write_sorted(struct network *net)
{
	struct connect_rows rows = {0};
	const uint64_t *key;
	const char *payload;
	size_t n, i;

	while ((n = spill_next(net->spill, &key, &payload)) > 0) {
		rows.n = 0;
		for (i = 0; i < n; i++) {
			int64_t count = nsyns[0];

			if (nsyns[0] < nsyns[1])
				memcpy(&count, payload + i * sizeof count,
				       sizeof count);
			connect_add(&rows, (uint32_t)(key[i] / net->target.n),
				    (uint32_t)(key[i] % net->target.n), count);
		}
		connect_write_edges(&net->table, &rows);
	}
	free(rows.row);
}

static void
connect_sorted(struct network *net,
	       void (*make)(void *, size_t, struct connect_rows *), size_t n)
{
	uint64_t pairs = net->source.n * (uint64_t)net->target.n;
	size_t payload = nsyns[0] < nsyns[1] ? sizeof nsyns[0] : 0;

	if (pairs == 0)
		return;
	if (pairs / net->target.n != net->source.n || pairs > INT64_MAX)
		die("more than 2^63 pairs");
	net->spill = spill_new(pairs, payload, spill_memory((size_t)64 << 20));
	connect_all(&(struct connect_work){.n = n,
					   .make = make,
					   .write = put_by,
					   .arg = net,
					   .whole = true,
					   .any_order = payload == 0});
	write_sorted(net);
	spill_free(net->spill);
}

static void
connect_by_sources(struct network *net,
		   void (*make)(void *, size_t, struct connect_rows *))
{
	connect_all(&(struct connect_work){.n = net->source.n,
					   .make = make,
					   .write = write_rows,
					   .arg = net});
}

static void
connect_cells(struct network *net)
{
	if (p_text)
		net->candidates = candidates_new(
			&net->target,
			chance_needs_distance(&net->chance) ? chance_axes() : 0,
			bound, &net->chance);
	if (rule == FIXED_TOTAL)
		share_total(net);
	switch (rule) {
	case FIXED_INDEGREE:
		connect_sorted(net, make_indegree, net->target.n);
		break;
	case SYMMETRIC:
		connect_sorted(net, make_symmetric, net->source.n);
		break;
	case ONE_TO_ONE:
		connect_by_sources(net, make_one);
		break;
	case ALL_TO_ALL:
		connect_by_sources(net, make_all);
		break;
	case POISSON:
		connect_by_sources(net, make_poisson);
		break;
	case BERNOULLI:
		connect_by_sources(net, make_bernoulli);
		break;
	default:
		connect_by_sources(net, make_outdegree);
	}
}

/* ---- The report ---- */

static struct apart_span
span_of_shard(const struct network *net)
{
	return (struct apart_span){
		.a = &net->source,
		.b = &net->target,
		.which = rule == SYMMETRIC    ? EACH_WITH_LATER
			 : excludes_self(net) ? EACH_WITH_OTHERS
					      : EACH_WITH_ALL,
		.first = net->first,
		.end = net->end,
		.axes = chance_needs_distance(&net->chance) ? chance_axes()
							    : 0};
}

/* The number of edges to expect, and of pairs that may be connected. */
static double
expect_by_distance(const struct network *net, uint64_t *possible)
{
	const struct apart_span span = span_of_shard(net);
	struct apart a =
		apart_make(&span, (const struct chance *[]){&net->chance}, 1);
	double sum = 0;
	size_t k;

	apart_count(&a, &span);
	for (k = 0; k < a.n; k++) {
		double p = chance_at(&net->chance, a.distance[k]);

		sum += (double)a.pairs[k] * p;
		*possible += p > 0 ? a.pairs[k] : 0;
	}
	apart_free(&a);
	return sum;
}

/* The number of edges that a pair has on the average, where it does not
 * depend on the distance. */
static double
expect(const struct network *net)
{
	double sources = (double)partners(net, net->source.n);
	double targets = (double)partners(net, net->target.n);

	switch (rule) {
	case FIXED_INDEGREE:
		return (double)indegree / sources;
	case FIXED_OUTDEGREE:
		return (double)outdegree / targets;
	case FIXED_TOTAL:
		return (double)total / ((double)net->source.n * targets);
	case ONE_TO_ONE:
		return 1 / targets;
	case ALL_TO_ALL:
		return 1;
	case POISSON:
		return mean;
	default:
		return net->chance.p;
	}
}

static void
report(struct network *net)
{
	bool distant = chance_needs_distance(&net->chance),
	     unordered = rule == SYMMETRIC;
	const struct apart_span span = span_of_shard(net);
	uint64_t pairs = apart_count_span(&span), possible = 0;
	double sum;
	struct connect_outcome o[2];

	if (distant && pairs > 0)
		sum = expect_by_distance(net, &possible);
	else if ((sum = expect(net) * (double)pairs) > 0)
		possible = pairs;
	o[0] = (struct connect_outcome){
		.source = net->source.name,
		.target = net->target.name,
		.direction = "forward",
		.kind = unordered ? "unordered" : "directed",
		.pairs = pairs,
		.possible = possible,
		.made = net->made,
		.requested = possible ? sum / (double)possible : NAN};
	o[1] = o[0];
	o[1].of = "all";
	o[1].possible = pairs;
	o[1].requested = pairs ? sum / (double)pairs : NAN;
	connect_report(net->name, o, distant ? 2 : 1);
}

int
main(int argc, char **argv)
{
	struct network net = {.made = 0};
	bool distant;

	argv = start(argc, argv, &tool);
	read_options(&net);
	distant = p_text && chance_needs_distance(&net.chance);
	pool_read(argv, distant ? chance_axes() : 0, &net.source, &net.target,
		  &net.same);
	check_pools(&net);
	net.name = connect_name(&net.source, &net.target);
	net.stream = random_name("connect-random", net.name);
	connect_shard(net.source.n, &net.first, &net.end);
	net.table = (struct connect_table){.source = &net.source,
					   .target = &net.target,
					   .nsyns = opt_given(nsyns)};
	connect_write_header(&net.table);
	connect_cells(&net);
	out_close();
	if (connect_wants_report())
		report(&net);
	free(net.share);
	free(net.stream);
	candidates_free(net.candidates);
	chance_free(&net.chance);
	pool_free(&net.source, &net.target);
	return WORKED;
}
