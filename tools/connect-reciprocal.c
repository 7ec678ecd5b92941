/* connect-reciprocal -- connect pairs of cells at random, in both directions
 *
 * A pair of cells is drawn once: whether it is connected forward, backward,
 * both ways or not at all is one draw of four, so that both directions come out
 * of one run and the share of reciprocal connections is what it is said to be.
 * Only pairs that may be connected at all are looked at (candidates.h), by the
 * chance that they are, either way.
 *
 * The chance of both ways has to be one that the chances of the two directions
 * leave room for, from max(0, p0 + p1 - 1) to min(p0, p1).  Where it is not, it
 * gives way, so that the chance of a direction is what was asked for.
 *
 * Edges come by pairs, not by sources: the backward edges of a source belong to
 * pairs whose first cells are anywhere, and to have them in their order would
 * take a sort of all edges.  By pairs the work is linear, its memory is that of
 * the cells, and the parts of --shard follow each other.
 *
 * What was asked for on the average, and how many pairs gave way, are sums over
 * all pairs.  The chances depend on nothing but distance, so that the pairs are
 * counted by distance (grid.h), and only where that is needed: for --report,
 * --estimate-rho and the warning. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidates.h"
#include "chance.h"
#include "connect.h"
#include "grid.h"
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
	OPT_TABLE(seed_opts),
	OPT_TABLE(connect_opts),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "connect pairs of cells at random, in both directions",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

/* ---- The chances of a pair ---- */

enum { FORWARD, BACKWARD };

struct rule {
	struct chance p[2], both; /* both: a chance, or a rate over p0 p1 */
	enum { CHANCE, CORRELATION, RATE } kind;
	double rho;
	bool equal; /* are p the same? */
};

/* The three of a pair, and whether that of both had to give way. */
struct chances {
	double p[2], both;
	bool cut;
};

static double
wanted_both(const struct rule *r, double p0, double p1, double distance)
{
	switch (r->kind) {
	case CHANCE:
		return chance_at(&r->both, distance);
	case RATE:
		return p0 * p1 * chance_at(&r->both, distance);
	default:
		return p0 * p1 + r->rho * sqrt(p0 * (1 - p0) * p1 * (1 - p1));
	}
}

/* A correlation of 1 or -1 is on the bounds, but for rounding.  A pair that
 * cannot be connected either way has nothing to give way. */
static struct chances
chances_at(const struct rule *r, double distance)
{
	double p0 = chance_at(&r->p[FORWARD], distance);
	double p1 = r->equal ? p0 : chance_at(&r->p[BACKWARD], distance);
	double both = wanted_both(r, p0, p1, distance);
	double low = fmax(0, p0 + p1 - 1), high = fmin(p0, p1);
	double margin = 1e-12 * fmax(p0, p1);

	return (struct chances){
		.p = {p0, p1},
		.both = fmin(fmax(both, low), high),
		.cut = (p0 > 0 || p1 > 0) &&
		       (both < low - margin || both > high + margin)};
}

static bool
rule_needs_distance(const struct rule *r)
{
	return needs_distance(&r->p[FORWARD]) ||
	       needs_distance(&r->p[BACKWARD]) ||
	       (r->kind != CORRELATION && needs_distance(&r->both));
}

/* That a pair is connected at all. */
static double
greatest_of_pair(const void *rule, double low, double high)
{
	const struct rule *r = rule;
	struct chances c;
	double p0, p1;

	if (!rule_needs_distance(r)) {
		c = chances_at(r, 0);
		return fmin(c.p[FORWARD] + c.p[BACKWARD] - c.both, 1);
	}
	p0 = greatest_chance(&r->p[FORWARD], low, high);
	p1 = r->equal ? p0 : greatest_chance(&r->p[BACKWARD], low, high);
	return fmin(p0 + p1, 1);
}

/* ---- Pairs by distance ---- */

struct network {
	struct pool pool[2]; /* the first and the second cells of pairs */
	bool same;           /* of one group: the first is before the second */
	size_t axes;         /* 0: the chances do not depend on distance */
	struct rule rule;
	const char *name;
	int64_t nsyns[2][2]; /* from and to, by direction */
	struct candidates *candidates;
	const struct edge_table *table; /* by direction */
	uint64_t made[4];               /* by kind of row */
	unsigned wanted;                /* directions, as bits */
};

/* How many pairs are how far apart, more or less: a bin is so narrow that the
 * chances in it are those at its middle. */
struct apart {
	double *edge, *distance; /* n + 1 and n, in um */
	uint64_t *pairs;
	size_t n, nedges, cap;
};

/* Bins in all, and in one sigma or lambda of a function for so many of them, by
 * which means are right to 10^-4. */
enum { BINS = 1024, FINE = 64, WIDTHS = 8 };

static void
add_bin_edge(struct apart *a, double um)
{
	a->edge = grow(a->edge, &a->cap, a->nedges + 1, sizeof *a->edge);
	a->edge[a->nedges++] = um;
}

/* A chance may jump where its range begins and after it has ended, and bends at
 * the points of a table. */
static void
add_bends(struct apart *a, const struct chance *c, double last)
{
	double width = c->kind == GAUSSIAN ? c->sigma : c->lambda;
	double end = nextafter(c->max, INFINITY);
	size_t i;
	int k;

	if (c->min < last)
		add_bin_edge(a, c->min);
	if (end < last)
		add_bin_edge(a, end);
	for (i = 0; i < c->n && c->distance[i] < last; i++)
		add_bin_edge(a, c->distance[i]);
	for (k = -FINE * WIDTHS; width > 0 && k <= FINE * WIDTHS; k++) {
		double um = c->mu + width * k / FINE;

		if (um > 0 && um < last)
			add_bin_edge(a, um);
	}
}

static int
by_size(const void *a, const void *b)
{
	const double *s = a, *t = b;

	return (*s > *t) - (*s < *t);
}

/* Between neighbours the lower one is the middle. */
static void
find_middles(struct apart *a)
{
	size_t i;

	qsort(a->edge, a->nedges, sizeof *a->edge, by_size);
	a->n = a->nedges - 1;
	free(a->distance);
	a->distance = zeros(a->n, sizeof *a->distance);
	for (i = 0; i < a->n; i++) {
		double low = a->edge[i], high = a->edge[i + 1];
		double middle = low + (high - low) / 2;

		a->distance[i] = middle < high ? middle : low;
	}
}

static struct points
points_of(const struct network *net, int side, size_t first, size_t end)
{
	struct points p = {.n = end - first};
	size_t k;

	for (k = 0; k < net->axes; k++)
		p.at[k] = net->pool[side].at[k] + first;
	return p;
}

static void
make_bins_apart(struct apart *a, const struct network *net)
{
	struct points from = points_of(net, 0, 0, net->pool[0].n);
	struct points to = points_of(net, 1, 0, net->pool[1].n);
	double last = 0;
	size_t i, n = net->axes ? BINS : 1;

	*a = (struct apart){0};
	if (net->axes && from.n && to.n)
		last = sqrt(greatest_square(&from, &to));
	last = nextafter(last, INFINITY);
	for (i = 0; i <= n; i++)
		add_bin_edge(a, last * (double)i / (double)n);
	for (i = 0; i < 2; i++)
		add_bends(a, &net->rule.p[i], last);
	if (net->rule.kind != CORRELATION)
		add_bends(a, &net->rule.both, last);
	find_middles(a);
}

static void
free_apart(struct apart *a)
{
	free(a->edge);
	free(a->distance);
	free(a->pairs);
}

/* Pairs whose first cell is one of [first, end). */
static uint64_t
count_all(const struct network *net, size_t first, size_t end)
{
	uint64_t n = net->pool[1].n, cells = end - first, sum;

	if (!net->same)
		return cells * n;
	sum = 2 * n - first - end - 1;
	return cells % 2 ? cells * (sum / 2) : cells / 2 * sum;
}

/* The pairs of a group with itself are there twice, and each cell once. */
static void
count_within(const struct points *p, const struct bins *bins, uint64_t *pairs)
{
	uint64_t *twice = zeros(bins->n, sizeof *twice);
	size_t i;

	count_pairs(p, p, bins, twice);
	for (i = 0; i < bins->n && twice[i] == 0; i++)
		;
	twice[i] -= p->n;
	for (i = 0; i < bins->n; i++)
		pairs[i] += twice[i] / 2;
	free(twice);
}

static void
count_apart(struct apart *a, const struct network *net, size_t first,
	    size_t end)
{
	struct points from, to;
	struct bins bins;

	free(a->pairs);
	a->pairs = zeros(a->n, sizeof *a->pairs);
	if (!net->axes)
		a->pairs[0] = count_all(net, first, end);
	if (!net->axes || first == end)
		return;
	bins = make_bins(a->edge, a->n);
	from = points_of(net, 0, first, end);
	to = points_of(net, 1, net->same ? end : 0, net->pool[1].n);
	if (to.n > 0)
		count_pairs(&from, &to, &bins, a->pairs);
	if (net->same)
		count_within(&from, &bins, a->pairs);
	free_bins(&bins);
}

/* ---- What all pairs need ---- */

/* The correlation for which the mean of all pairs that can be connected both
 * ways is --pr. */
static void
estimate_rho(struct network *net)
{
	struct rule *r = &net->rule;
	double product = 0, spread = 0, wanted = 0;
	struct apart a;
	size_t i;

	make_bins_apart(&a, net);
	count_apart(&a, net, 0, net->pool[0].n);
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
	free_apart(&a);
	r->kind = CORRELATION;
	r->rho = spread > 0 ? (wanted - product) / spread : 0;
	if (fabs(r->rho) <= 1)
		return;
	warn("--estimate-rho: a pr of %g takes a correlation of %.4g: "
	     "it is %d",
	     r->both.p, r->rho, r->rho > 0 ? 1 : -1);
	r->rho = r->rho > 0 ? 1 : -1;
}

/* Make a bin edge of each distance where pairs begin or cease to give way. */
static void
add_crossings(struct apart *a, const struct rule *r)
{
	size_t i, k, n = a->n;

	for (i = 0; i + 1 < n; i++) {
		double low = a->distance[i], high = a->distance[i + 1];
		bool cut = chances_at(r, low).cut;

		if (cut == chances_at(r, high).cut)
			continue;
		for (k = 0; k < 64; k++) {
			double middle = low + (high - low) / 2;

			if (chances_at(r, middle).cut == cut)
				low = middle;
			else
				high = middle;
		}
		add_bin_edge(a, high);
	}
	find_middles(a);
}

static void
warn_of_cut(const struct network *net)
{
	const struct rule *r = &net->rule;
	uint64_t n = 0, all = count_all(net, 0, net->pool[0].n);
	struct apart a;
	size_t i;

	make_bins_apart(&a, net);
	for (i = 0; i < a.n && !chances_at(r, a.distance[i]).cut; i++)
		;
	if (i < a.n) {
		add_crossings(&a, r);
		count_apart(&a, net, 0, net->pool[0].n);
		for (i = 0; i < a.n; i++)
			n += chances_at(r, a.distance[i]).cut ? a.pairs[i] : 0;
	}
	if (n > 0)
		warn("pr is outside [max(0, p0 + p1 - 1), min(p0, p1)] for "
		     "%" PRIu64 " of %" PRIu64 " pairs: cut to that",
		     n, all);
	free_apart(&a);
}

/* ---- Drawing ---- */

/* What a row is: a direction, and whether the pair has the other one, too. */
enum { RECIPROCAL = 2 };

/* Of the streams of a cell, the one for its pairs. */
enum { PAIRS_STEP = 0 };

/* Rows have the first cell of a pair as source, whatever the direction, so that
 * they are sorted by pairs. */
static void
add_direction(const struct network *net, struct stream *s,
	      struct edge_rows *rows, struct edge_row edge)
{
	const int64_t *nsyns = net->nsyns[edge.kind % 2];
	int64_t n = nsyns[0];

	if (nsyns[1] > nsyns[0])
		n = draw_integer(s, nsyns[0], nsyns[1]);
	add_edge(rows, edge.source, edge.target, n);
	rows->row[rows->n - 1].kind = edge.kind;
}

static void
connect_one(void *arg, size_t i, struct edge_rows *rows)
{
	const struct network *net = arg;
	const struct pool *pool = &net->pool[0];
	struct stream s = stream_of(net->name, pool->id[i], PAIRS_STEP);
	struct walk w;
	double at[3] = {0}, distance, most, u;
	size_t j, k;

	for (k = 0; k < net->axes; k++)
		at[k] = pool->at[k][i];
	begin_walk(&w, net->candidates, at, net->same ? i + 1 : 0);
	while (next_candidate(&w, &s, &j, &distance, &most)) {
		struct chances c = chances_at(&net->rule, distance);
		struct edge_row edge = {(uint32_t)i, (uint32_t)j, 0, 0};
		double any = c.p[FORWARD] + c.p[BACKWARD] - c.both;
		bool both;

		u = draw(&s) * most;
		both = u < c.both;
		edge.kind = both ? RECIPROCAL : 0;
		if (u < c.p[FORWARD])
			add_direction(net, &s, rows, edge);
		edge.kind += BACKWARD;
		if (both || (u >= c.p[FORWARD] && u < any))
			add_direction(net, &s, rows, edge);
	}
}

static void
write_rows(void *arg, const struct edge_rows *rows)
{
	struct network *net = arg;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		const struct edge_row *r = &rows->row[i];
		unsigned direction = r->kind % 2;

		net->made[r->kind]++;
		if (!(net->wanted & 1U << direction))
			continue;
		if (direction == FORWARD)
			write_edge(&net->table[FORWARD], r->source, r->target,
				   r->nsyns);
		else
			write_edge(&net->table[BACKWARD], r->target, r->source,
				   r->nsyns);
	}
}

/* One table, to a file or wherever -o says.  Drawing anew for the other
 * direction takes less than what writing takes. */
static void
write_table(struct network *net, const char *path, unsigned directions)
{
	const struct connecting c = {net->pool[0].n, connect_one, write_rows,
				     net, false};

	if (path)
		*out_opts[0].to.str = path;
	memset(net->made, 0, sizeof net->made);
	net->wanted = directions;
	write_edge_header(&net->table[directions == 1U << BACKWARD]);
	connect_all(&c);
	out_close();
}

static void
write_tables(struct network *net)
{
	const bool nsyns = nsyn_text[0] || nsyn_text[1];
	const struct edge_table table[] = {
		{.source = &net->pool[0],
		 .target = &net->pool[1],
		 .nsyns = nsyns},
		{.source = &net->pool[1],
		 .target = &net->pool[0],
		 .nsyns = nsyns},
	};

	net->table = table;
	net->candidates = new_candidates(&net->pool[1], net->axes,
					 greatest_of_pair, &net->rule);
	if (file[0]) {
		write_table(net, file[0], 1U << FORWARD);
		write_table(net, file[1], 1U << BACKWARD);
	} else {
		write_table(net, NULL, 1U << FORWARD | 1U << BACKWARD);
	}
	free_candidates(net->candidates);
}

/* ---- The report ---- */

/* The four lines: two of directions, two of pairs. */
enum { RECIPROCAL_LINE = 2, ONE_WAY_LINE, LINES };

/* Of each line there is one for the pairs that could be connected, and one for
 * all; this sees to what was asked for. */
static void
sum_up(const struct network *net, struct outcome *line)
{
	double wanted[LINES] = {0};
	size_t first, end, i, k;
	struct apart a;

	connect_shard(net->pool[0].n, &first, &end);
	make_bins_apart(&a, net);
	count_apart(&a, net, first, end);
	for (i = 0; i < a.n; i++) {
		struct chances c = chances_at(&net->rule, a.distance[i]);
		const double p[LINES] = {c.p[FORWARD], c.p[BACKWARD], c.both,
					 c.p[FORWARD] + c.p[BACKWARD] -
						 2 * c.both};

		for (k = 0; k < LINES; k++) {
			line[k].pairs += a.pairs[i];
			line[k].possible += p[k] > 0 ? a.pairs[i] : 0;
			wanted[k] += (double)a.pairs[i] * p[k];
		}
	}
	for (k = 0; k < LINES; k++) {
		line[k].requested = wanted[k] / (double)line[k].possible;
		line[LINES + k].requested = wanted[k] / (double)line[k].pairs;
	}
	free_apart(&a);
}

static void
report(const struct network *net)
{
	static const char *const direction[] = {"forward", "backward",
						"reciprocal", "one-way"};
	const uint64_t *made = net->made;
	struct outcome line[2 * LINES] = {{0}};
	size_t k;

	sum_up(net, line);
	line[FORWARD].made = made[FORWARD] + made[FORWARD + RECIPROCAL];
	line[BACKWARD].made = made[BACKWARD] + made[BACKWARD + RECIPROCAL];
	line[RECIPROCAL_LINE].made = made[FORWARD + RECIPROCAL];
	line[ONE_WAY_LINE].made = made[FORWARD] + made[BACKWARD];
	for (k = 0; k < LINES; k++) {
		double requested = line[LINES + k].requested;

		line[k].source = net->pool[k == BACKWARD].name;
		line[k].target = net->pool[k != BACKWARD].name;
		line[k].direction = direction[k];
		line[k].kind = k < RECIPROCAL_LINE ? "directed" : "unordered";
		line[LINES + k] = line[k];
		line[LINES + k].kind =
			k < RECIPROCAL_LINE ? "directed-all" : "unordered-all";
		line[LINES + k].requested = requested;
		line[LINES + k].possible = line[k].pairs;
	}
	report_outcomes(net->name, line, LEN(line));
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
	if (file[0] && *out_opts[0].to.str)
		misuse("--output and --forward exclude each other");
	if (file[0] && !strcmp(file[0], file[1]))
		misuse("--forward and --backward are the same file");
}

static void
read_rule(struct rule *r)
{
	read_chance("p0", p_text[0], &r->p[FORWARD]);
	read_chance("p1", p_text[1], &r->p[BACKWARD]);
	if (both_text)
		read_chance("pr", both_text, &r->both);
	if (nrr_text)
		read_rate("nrr", nrr_text, &r->both);
	if (estimate && needs_distance(&r->both))
		misuse("--estimate-rho: --pr is not a number: '%s'", both_text);
	r->kind = both_text ? CHANCE : nrr_text ? RATE : CORRELATION;
	r->rho = rho;
	r->equal = strcmp(p_text[0], p_text[1]) == 0;
}

/* N or LOW:HIGH. */
static void
read_nsyns(const char *option, const char *s, int64_t *range)
{
	char *text = copy(s), *colon = strchr(text, ':');

	if (colon)
		*colon++ = '\0';
	if (!parse_int(text, &range[0]) ||
	    !parse_int(colon ? colon : text, &range[1]) || range[0] < 1 ||
	    range[1] < range[0])
		misuse("--%s: neither N nor LOW:HIGH, from 1 on: '%s'", option,
		       s);
	free(text);
}

static void
read_options(struct network *net)
{
	const char *nsyns = nsyn_text[0] ? nsyn_text[0] : "1";

	check_options();
	need_seed();
	read_rule(&net->rule);
	read_nsyns("nsyn0", nsyns, net->nsyns[FORWARD]);
	read_nsyns("nsyn1", nsyn_text[1] ? nsyn_text[1] : nsyns,
		   net->nsyns[BACKWARD]);
	if (rule_needs_distance(&net->rule))
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
}

static void
end_network(struct network *net)
{
	free_pools(&net->pool[0], &net->pool[1]);
	free_chance(&net->rule.p[FORWARD]);
	free_chance(&net->rule.p[BACKWARD]);
	free_chance(&net->rule.both);
}

int
main(int argc, char **argv)
{
	struct network net = {0};

	argv = start(argc, argv, &tool);
	read_options(&net);
	read_pools(argv, net.axes > 0, &net.pool[0], &net.pool[1], &net.same);
	if (net.same)
		check_symmetry();
	net.name = connector_name(&net.pool[0], &net.pool[1]);
	if (estimate)
		estimate_rho(&net);
	warn_of_cut(&net);
	write_tables(&net);
	if (wants_report())
		report(&net);
	end_network(&net);
	return WORKED;
}
