/* connect-gap -- connect pairs of cells by gap junctions
 *
 * A gap junction is of a pair of cells, which is drawn once.  Its chance may
 * depend on whether the two are connected by synapses, one way or both; or, the
 * other way round, the chances of synapses on whether there is a gap junction.
 * So pairs are of classes, by the edges that are read, and a class has its
 * chances.
 *
 * Nearly all pairs are of the class without such edges.  They are picked as if
 * there were no others (candidates.h), and a pick that is one of the others is
 * dropped: what is left of independent picks is as it would have been.  The
 * others are gone through one by one, with random numbers of their own for each
 * class, so that the chances of a class change nothing in another one.
 *
 * The edges that are read are sorted by pairs (spill.h), and what each cell has
 * of them waits in a scratch file, where threads look it up: memory follows the
 * cells. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect/apart.h"
#include "connect/candidates.h"
#include "connect/chance.h"
#include "connect/connect.h"
#include "connect/grid.h"
#include "connect/twoway.h"
#include "files.h"
#include "out.h"
#include "random.h"
#include "rows.h"
#include "spill.h"

/* Of pairs connected by synapses in no, one or both directions; or of pairs
 * without and with a gap junction. */
enum { CLASSES = 3 };

/* What is said of synapses: forward, backward, and both. */
enum { PARTS = 3 };

static const char *p_text, *chemical, *given_gap;
static const char *by_class[CLASSES], *synapse[2][PARTS];
static bool strict;
static size_t memory = (size_t)256 << 20;

static const struct opt opts[] = {
	OPT_STR(0, "p", "chance", &p_text, "of a gap junction, of any pair"),
	OPT_STR(0, "chemical", "file", &chemical,
		"or by the synapses of this edge table:"),
	OPT_STR(0, "p-non", "chance", &by_class[0],
		"of one between cells without synapses"),
	OPT_STR(0, "p-uni", "chance", &by_class[1],
		"of one between cells with synapses one way"),
	OPT_STR(0, "p-rec", "chance", &by_class[2],
		"of one between cells with synapses both ways"),
	OPT_STR(0, "given-gap", "file", &given_gap,
		"connect by synapses, by the gap junctions of this table:"),
	OPT_STR(0, "p0", "chance", &synapse[0][0],
		"of synapses from source to target, without one"),
	OPT_STR(0, "p1", "chance", &synapse[0][1],
		"from target to source (that of --p0)"),
	OPT_STR(0, "pr", "chance", &synapse[0][2], "of both in a pair"),
	OPT_STR(0, "gap-p0", "chance", &synapse[1][0],
		"of synapses from source to target, with one"),
	OPT_STR(0, "gap-p1", "chance", &synapse[1][1],
		"from target to source (that of --gap-p0)"),
	OPT_STR(0, "gap-pr", "chance", &synapse[1][2], "of both in a pair"),
	OPT_FLAG(0, "strict", &strict,
		 "a row of the table that is of no such pair is an error"),
	OPT_SIZE('S', "memory", "size", &memory,
		 "sort the table in so much memory (256M)"),
	OPT_TABLE(pool_opts),
	OPT_TABLE(chance_opts),
	OPT_TABLE(random_opts),
	OPT_TABLE(connect_opts),
	OPT_TABLE(connect_backward_opts),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "connect pairs of cells by gap junctions",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

/* ---- The edges that are read ---- */

/* The pairs that they connect, in a scratch file: the cells that the i-th one
 * is paired with are partner[begin[i]] up to partner[begin[i + 1]]. */
struct coupled {
	FILE *file; /* NULL: there is nothing to read */
	uint64_t *begin;
};

struct partner {
	uint32_t cell; /* in the second pool, ascending */
	uint32_t class;
};

struct network {
	struct pool pool[2]; /* the first and the second cells of pairs */
	bool same;           /* of one group: the first is before the second */
	size_t axes;         /* 0: the chances do not depend on distance */
	size_t first, end;   /* the first cells, of this shard */
	struct twoway rule[CLASSES]; /* a gap junction is forward only */
	size_t nclasses;
	const char *const *class_name; /* NULL: there is only one */
	const char *name;              /* of the connector */
	char *stream;
	struct coupled coupled;
	struct candidates *candidates;
	struct connect_table table[2]; /* by direction */
	struct twoway_sums sums[CLASSES];
};

/* The table of edges while it is read. */
struct source_table {
	struct rows rows;
	size_t id[2], population[2], gap;
	struct spill *spill;
	uint64_t read, other; /* rows, and those of other cells */
	size_t line;          /* of the first of those */
};

static void
open_source(struct source_table *t, bool named)
{
	struct rows *r = &t->rows;
	int k;

	rows_open(r, chemical ? chemical : given_gap);
	t->id[0] = rows_column(r, "source_node_id");
	t->id[1] = rows_column(r, "target_node_id");
	t->population[0] = rows_find(r, "source_population");
	t->population[1] = rows_find(r, "target_population");
	for (k = 0; k < 2 && !named; k++)
		if (t->population[k] != NO_COLUMN)
			die("%s: column '%s', but the cells have no "
			    "populations",
			    r->path, r->name[t->population[k]]);
	t->gap = rows_find(r, "is_gap_junction");
}

static bool
of_other(const struct network *net, const struct source_table *t, int end)
{
	size_t column = t->population[end];

	return column != NO_COLUMN &&
	       strcmp(t->rows.field[column], net->pool[0].population) != 0;
}

/* Then an id that is not among them is one of no cell. */
static bool
all_cells(void)
{
	return !pool_chose_groups();
}

/* Where a cell is, of which pool; false if it is none of them. */
static bool
find_end(const struct network *net, const struct source_table *t, int end,
	 size_t place[2])
{
	int64_t id = rows_int(&t->rows, t->id[end]);
	bool found;

	place[0] = place[1] = SIZE_MAX;
	if (!of_other(net, t, end)) {
		place[0] = pool_find(&net->pool[0], id);
		place[1] = pool_find(&net->pool[1], id);
		found = place[0] != SIZE_MAX || place[1] != SIZE_MAX;
		if (!found && (strict || all_cells()))
			rows_bad(&t->rows, t->id[end], "no such cell");
		return found;
	}
	if (strict)
		rows_bad(&t->rows, t->population[end], "no such cell");
	return false;
}

/* The pair that a row is of, times two, and its direction. */
static bool
find_pair(const struct network *net, const struct source_table *t,
	  uint64_t *key)
{
	size_t from[2], to[2], a, b;
	bool back, known = find_end(net, t, 0, from);

	known = find_end(net, t, 1, to) && known;
	back = net->same ? known && from[0] > to[0] : from[0] == SIZE_MAX;
	a = back ? to[0] : from[0];
	b = back ? from[1] : to[1];
	if (known && strict && (a == SIZE_MAX || b == SIZE_MAX))
		die("%s:%zu: of no pair of a source and a target", t->rows.path,
		    t->rows.line);
	if (!known || a == SIZE_MAX || b == SIZE_MAX)
		return false;
	*key = ((uint64_t)a * net->pool[1].n + b) * 2 + (back ? 1 : 0);
	return true;
}

static bool
is_autapse(const struct network *net, uint64_t key)
{
	uint64_t n = net->pool[1].n;

	return net->same && key / 2 / n == key / 2 % n;
}

static void
take_row(const struct network *net, struct source_table *t)
{
	bool gap = t->gap != NO_COLUMN ? rows_flag(&t->rows, t->gap)
				       : given_gap != NULL;
	uint64_t key, first;

	if (gap != (given_gap != NULL))
		return;
	t->read++;
	if (!find_pair(net, t, &key)) {
		if (t->other++ == 0)
			t->line = t->rows.line;
		return;
	}
	first = key / 2 / net->pool[1].n;
	if (first >= net->first && first < net->end && !is_autapse(net, key))
		spill_add(t->spill, key, NULL);
}

static void
put_partner(struct coupled *c, size_t i, const struct partner *p)
{
	if (fwrite(p, sizeof *p, 1, c->file) != 1)
		die("scratch file:");
	c->begin[i + 1]++;
}

/* The sorted rows, of which a pair may have several. */
static void
put_pairs(struct network *net, struct source_table *t)
{
	uint64_t n = net->pool[1].n, last = UINT64_MAX;
	struct partner p = {0};
	const uint64_t *key;
	const char *payload;
	size_t count, i;
	uint32_t way;

	while ((count = spill_next(t->spill, &key, &payload)) > 0)
		for (i = 0; i < count; i++) {
			if (key[i] == last)
				continue;
			way = last != UINT64_MAX && key[i] / 2 == last / 2;
			if (last != UINT64_MAX && !way)
				put_partner(&net->coupled, last / 2 / n, &p);
			p.cell = (uint32_t)(key[i] / 2 % n);
			p.class = chemical ? 1 + way : 1;
			last = key[i];
		}
	if (last != UINT64_MAX)
		put_partner(&net->coupled, last / 2 / n, &p);
}

static void
read_source(struct network *net)
{
	struct coupled *c = &net->coupled;
	struct source_table t = {.read = 0};
	size_t i;

	open_source(&t, net->pool[0].population != NULL);
	t.spill = spill_new((uint64_t)net->pool[0].n * net->pool[1].n * 2 + 1,
			    0, memory);
	c->file = fdopen(files_scratch(), "r+");
	if (!c->file)
		die("scratch file:");
	c->begin = zeros(net->pool[0].n + 1, sizeof *c->begin);
	while (rows_next(&t.rows))
		take_row(net, &t);
	put_pairs(net, &t);
	if (fflush(c->file))
		die("scratch file:");
	for (i = 0; i < net->pool[0].n; i++)
		c->begin[i + 1] += c->begin[i];
	if (t.other > 0)
		warn("%s: %" PRIu64 " of %" PRIu64 " edges are of other cells, "
		     "and left out; the first is line %zu",
		     t.rows.path, t.other, t.read, t.line);
	spill_free(t.spill);
	rows_close(&t.rows);
}

/* What the i-th cell is paired with, in new memory, and how many. */
static struct partner *
partners_of(const struct coupled *c, size_t i, size_t *n)
{
	struct partner *p;
	size_t size, done = 0;
	ssize_t part;

	*n = c->file ? (size_t)(c->begin[i + 1] - c->begin[i]) : 0;
	if (*n == 0)
		return NULL;
	size = *n * sizeof *p;
	p = zeros(*n, sizeof *p);
	while (done < size) {
		part = pread(fileno(c->file), (char *)p + done, size - done,
			     (off_t)(c->begin[i] * sizeof *p + done));
		if (part <= 0)
			die("scratch file:");
		done += (size_t)part;
	}
	return p;
}

static int
by_cell(const void *a, const void *b)
{
	const struct partner *s = a, *t = b;

	return (s->cell > t->cell) - (s->cell < t->cell);
}

static bool
is_partner(const struct partner *p, size_t n, size_t j)
{
	const struct partner key = {.cell = (uint32_t)j};

	return n > 0 && bsearch(&key, p, n, sizeof *p, by_cell);
}

/* ---- Drawing ---- */

/* What a row is: a direction, and whether the pair has the other one, too; and
 * its class, times four. */
enum { IS_BOTH = 2 };

/* Synapses are drawn by other random numbers than gap junctions, which may have
 * been drawn for the same cells. */
enum { SYNAPSES_STEP = CLASSES };

/* A pair that is drawn. */
struct drawn {
	uint32_t first;
	struct partner second;
	double distance;
};

/* u is uniform up to 1, or up to what the pair was picked with. */
static void
draw_pair(const struct network *net, const struct drawn *pair, double u,
	  struct connect_rows *rows)
{
	const struct partner *second = &pair->second;
	struct twoway_chances c =
		twoway_at(&net->rule[second->class], pair->distance);
	unsigned drawn = twoway_draw(&c, u), k;
	unsigned kind = 4 * second->class + (drawn == 3 ? IS_BOTH : 0);

	for (k = FORWARD; k <= BACKWARD; k++) {
		if (!(drawn & 1U << k))
			continue;
		connect_add(rows, pair->first, second->cell, 1);
		rows->row[rows->n - 1].kind = (unsigned char)(kind + k);
	}
}

static double
distance_of(const struct network *net, size_t i, size_t j)
{
	const struct pool *p = net->pool;
	struct grid_points a = apart_points(&p[0], net->axes, 0, p[0].n);
	struct grid_points b = apart_points(&p[1], net->axes, 0, p[1].n);

	return net->axes ? sqrt(grid_square(&a, i, &b, j)) : 0;
}

/* The random numbers of the pairs of a cell that are of a class. */
static struct random_stream
stream_of_class(const struct network *net, size_t i, size_t class)
{
	return random_stream(net->stream, net->pool[0].id[i],
			     class + (given_gap ? SYNAPSES_STEP : 0));
}

/* The pairs without edges that are read. */
static void
draw_picks(const struct network *net, size_t i, const struct partner *partner,
	   size_t n, struct connect_rows *rows)
{
	struct random_stream s = stream_of_class(net, i, 0);
	struct drawn pair = {.first = (uint32_t)i};
	struct candidate_walk w;
	double most;
	size_t j;

	candidates_begin(&w, net->candidates, &net->pool[0], i,
			 net->same ? i + 1 : 0);
	while (candidates_next(&w, &s, &j, &pair.distance, &most)) {
		double u = random_draw(&s) * most;

		pair.second.cell = (uint32_t)j;
		if (!is_partner(partner, n, j))
			draw_pair(net, &pair, u, rows);
	}
}

static void
connect_one(void *arg, size_t i, struct connect_rows *rows)
{
	const struct network *net = arg;
	struct drawn pair = {.first = (uint32_t)i};
	struct random_stream s[CLASSES];
	struct partner *partner;
	size_t n, k;

	partner = partners_of(&net->coupled, i, &n);
	draw_picks(net, i, partner, n, rows);
	for (k = 1; k < CLASSES; k++)
		s[k] = stream_of_class(net, i, k);
	for (k = 0; k < n; k++) {
		pair.second = partner[k];
		pair.distance = distance_of(net, i, partner[k].cell);
		draw_pair(net, &pair, random_draw(&s[partner[k].class]), rows);
	}
	free(partner);
}

/* A gap junction goes from the lower id to the higher one. */
static void
write_rows(void *arg, const struct connect_rows *rows)
{
	struct network *net = arg;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		const struct connect_row *r = &rows->row[i];
		bool back = r->kind % 2;

		twoway_count_row(net->sums[r->kind / 4].made, r->kind % 2,
				 r->kind & IS_BOTH);
		if (!given_gap)
			back = net->pool[0].id[r->source] >
			       net->pool[1].id[r->target];
		if (back)
			connect_write_edge(&net->table[1], r->target, r->source,
					   1);
		else
			connect_write_edge(&net->table[0], r->source, r->target,
					   1);
	}
}

static void
connect_pairs(struct network *net)
{
	static const char *const own[] = {"is_gap_junction"};
	static const char *const value[] = {"true"};
	int k;

	for (k = 0; k < 2; k++)
		net->table[k] =
			(struct connect_table){.source = &net->pool[k],
					       .target = &net->pool[!k],
					       .backward = k == BACKWARD,
					       .nown = given_gap ? 0 : 1,
					       .own = own,
					       .value = value};
	net->candidates = candidates_new(&net->pool[1], net->axes,
					 twoway_greatest, &net->rule[0]);
	connect_write_header(&net->table[0]);
	connect_all(&(struct connect_work){.n = net->pool[0].n,
					   .make = connect_one,
					   .write = write_rows,
					   .arg = net});
	candidates_free(net->candidates);
}

/* ---- What all pairs come to ---- */

static struct apart_span
span_of_shard(const struct network *net)
{
	struct apart_span s =
		apart_span(&net->pool[0], &net->pool[1], net->same, net->axes);

	s.first = net->first;
	s.end = net->end;
	return s;
}

/* Pairs of a class that were counted with the first one. */
static void
move_pairs(struct network *net, size_t class, double distance, uint64_t n)
{
	struct twoway_chances c = twoway_at(&net->rule[0], distance);

	twoway_add_pairs(&net->sums[0], &c, n, true);
	c = twoway_at(&net->rule[class], distance);
	twoway_add_pairs(&net->sums[class], &c, n, false);
}

/* All pairs as if they were of the first class, but for those that are not.  If
 * distance does not count these go together, as a sum of many is rounded. */
static void
sum_up(struct network *net)
{
	const struct apart_span span = span_of_shard(net);
	struct apart a = twoway_apart(&span, net->rule, net->nclasses);
	uint64_t together[CLASSES] = {0};
	size_t i, k, n;

	apart_count(&a, &span);
	twoway_add_apart(&net->sums[0], &a, &net->rule[0]);
	for (i = net->first; i < net->end; i++) {
		struct partner *p = partners_of(&net->coupled, i, &n);

		for (k = 0; k < n; k++)
			if (net->axes)
				move_pairs(net, p[k].class,
					   distance_of(net, i, p[k].cell), 1);
			else
				together[p[k].class]++;
		free(p);
	}
	for (k = 1; k < net->nclasses; k++)
		move_pairs(net, k, 0, together[k]);
	apart_free(&a);
}

/* Is there a distance, and a class, where the chance of both gives way? */
static bool
may_be_cut(const struct network *net)
{
	const struct apart_span span = span_of_shard(net);
	struct apart a = twoway_apart(&span, net->rule, net->nclasses);
	bool cut = false;
	size_t i, k;

	for (k = 0; k < net->nclasses; k++)
		for (i = 0; i < a.n; i++)
			cut = cut ||
			      twoway_at(&net->rule[k], a.distance[i]).cut;
	apart_free(&a);
	return cut;
}

static void
warn_of_cuts(const struct network *net)
{
	struct twoway_sums total = {0};
	size_t c;

	for (c = 0; c < net->nclasses; c++)
		twoway_add_sums(&total, &net->sums[c]);
	twoway_warn_of_cut(&total);
}

/* ---- The report ---- */

struct report {
	struct connect_outcome line[OUTCOMES * (CLASSES + 2)];
	size_t n;
};

/* The lines of a class, or of all pairs. */
static void
add_lines(struct report *r, const struct network *net,
	  const struct twoway_sums *s, const char *of)
{
	bool all = of && !strcmp(of, "all");
	size_t k;

	for (k = 0; k < OUTCOMES; k++) {
		struct connect_outcome *o = &r->line[r->n++];

		*o = twoway_outcome(net->pool, s, k, all);
		o->of = of;
		if (given_gap)
			continue;
		o->direction = "gap";
		o->kind = "unordered";
		return;
	}
}

static void
report(const struct network *net)
{
	struct twoway_sums total = {0};
	struct report r = {.n = 0};
	size_t c;

	for (c = 0; c < net->nclasses; c++) {
		twoway_add_sums(&total, &net->sums[c]);
		if (net->class_name)
			add_lines(&r, net, &net->sums[c], net->class_name[c]);
	}
	add_lines(&r, net, &total, NULL);
	add_lines(&r, net, &total, "all");
	connect_report(net->name, r.line, r.n);
}

/* ---- Options ---- */

static const char *const class_option[CLASSES] = {"p-non", "p-uni", "p-rec"};
static const char *const synapse_option[2][PARTS] = {
	{"p0", "p1", "pr"}, {"gap-p0", "gap-p1", "gap-pr"}};

static void
check_chance(const char *text, const char *option, const char *with, bool used)
{
	if (used && !text)
		misuse("--%s is needed with --%s", option, with);
	if (!used && text)
		misuse("--%s is for --%s", option, with);
}

static void
check_options(char *const *paths)
{
	const char *table = chemical ? chemical : given_gap;
	int n = (p_text != NULL) + (chemical != NULL) + (given_gap != NULL), k;
	bool standard_input = !*paths;

	if (n != 1)
		misuse(n ? "--p, --chemical and --given-gap exclude each other"
			 : "one of --p, --chemical and --given-gap is needed");
	for (k = 0; k < 2 && given_gap; k++)
		if (!synapse[k][BACKWARD])
			synapse[k][BACKWARD] = synapse[k][FORWARD];
	for (k = 0; k < CLASSES; k++) {
		check_chance(by_class[k], class_option[k], "chemical",
			     chemical);
		check_chance(synapse[0][k], synapse_option[0][k], "given-gap",
			     given_gap);
		check_chance(synapse[1][k], synapse_option[1][k], "given-gap",
			     given_gap);
	}
	if (connect_has_backward() && !given_gap)
		misuse("--backward-property is for --given-gap");
	if (strict && !table)
		misuse("--strict is for --chemical and --given-gap");
	for (; *paths; paths++)
		standard_input = standard_input || !strcmp(*paths, "-");
	if (table && standard_input && !strcmp(table, "-"))
		misuse("the cells and --%s cannot both be the standard input",
		       chemical ? "chemical" : "given-gap");
}

static void
read_synapse_rule(struct twoway *t, size_t class)
{
	const char *const *option = synapse_option[class];
	const char **text = synapse[class];

	twoway_read(t, option, text);
	chance_read(option[2], text[2], &t->both);
}

static void
read_rules(struct network *net)
{
	static const char *const by_synapses[] = {"non", "uni", "rec"};
	static const char *const by_gap[] = {"non", "gap"};
	size_t c;

	net->nclasses = 1;
	if (p_text) {
		chance_read("p", p_text, &net->rule[0].p[FORWARD]);
	} else if (chemical) {
		net->nclasses = LEN(by_synapses);
		net->class_name = by_synapses;
		for (c = 0; c < LEN(by_synapses); c++)
			chance_read(class_option[c], by_class[c],
				    &net->rule[c].p[FORWARD]);
	} else {
		net->nclasses = LEN(by_gap);
		net->class_name = by_gap;
		for (c = 0; c < LEN(by_gap); c++)
			read_synapse_rule(&net->rule[c], c);
	}
	for (c = 0; c < net->nclasses; c++)
		if (twoway_needs_distance(&net->rule[c]))
			net->axes = chance_axes();
}

/* Which of two cells of a group is the first one means nothing. */
static void
check_symmetry(void)
{
	int c;

	if (connect_has_backward())
		misuse("--backward-property: within one group there is only "
		       "--property");
	for (c = 0; c < 2; c++)
		if (strcmp(synapse[c][FORWARD], synapse[c][BACKWARD]) != 0)
			misuse("--%s: within one group it is that of --%s",
			       synapse_option[c][BACKWARD],
			       synapse_option[c][FORWARD]);
}

static void
check_pools(const struct network *net)
{
	const char *a = net->pool[0].population, *b = net->pool[1].population;

	if (a && b && strcmp(a, b) != 0)
		die("gap junctions are within a population, and these cells "
		    "are of '%s' and '%s'",
		    a, b);
	if ((uint64_t)net->pool[0].n * net->pool[1].n > INT64_MAX / 4)
		die("more than 2^61 pairs");
}

static void
end_network(struct network *net)
{
	size_t c;

	for (c = 0; c < net->nclasses; c++)
		twoway_free(&net->rule[c]);
	if (net->coupled.file)
		fclose(net->coupled.file);
	free(net->coupled.begin);
	free(net->stream);
	pool_free(&net->pool[0], &net->pool[1]);
}

int
main(int argc, char **argv)
{
	struct network net = {.nclasses = 0};
	bool cut;

	argv = start(argc, argv, &tool);
	check_options(argv);
	random_need_seed();
	read_rules(&net);
	pool_read(argv, net.axes > 0, &net.pool[0], &net.pool[1], &net.same);
	check_pools(&net);
	if (given_gap && net.same)
		check_symmetry();
	net.name = connect_name(&net.pool[0], &net.pool[1]);
	net.stream = random_name("connect-gap", net.name);
	connect_shard(net.pool[0].n, &net.first, &net.end);
	if (!p_text)
		read_source(&net);
	cut = given_gap && may_be_cut(&net);
	if (cut || connect_wants_report())
		sum_up(&net);
	if (cut)
		warn_of_cuts(&net);
	connect_pairs(&net);
	if (connect_wants_report())
		report(&net);
	end_network(&net);
	return WORKED;
}
