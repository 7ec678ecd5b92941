/* connect-gap -- connect pairs of cells by gap junctions
 *
 * A gap junction is of a pair of cells, which is drawn once.  Its chance may
 * depend on whether the two are connected by synapses, one way or both; or, the
 * other way round, the chances of synapses on whether there is a gap junction.
 * So pairs are of classes, by the edges that are read, and a class has its
 * chances.
 *
 * Nearly all pairs are of the class without such edges, which is the first one
 * (twoway.h).
 *
 * The edges that are read are sorted by pairs (spill.h), and what each cell has
 * of them waits in a scratch file, where threads look it up: memory follows the
 * cells. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect/random.h"
#include "connect/twoway.h"
#include "files.h"
#include "out.h"
#include "rows.h"
#include "sonata/spill.h"

static const char *p_text, *chemical, *given_gap;

/* Of pairs connected by synapses in no, one or both directions; and, of pairs
 * without and with a gap junction, what is said of synapses: forward, backward,
 * and both. */
static const char *by_class[TWOWAY_CLASSES], *synapse[2][3];
static bool strict;

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
		"synapses, by the gap junctions of this table:"),
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
		 "a row of the table for no such pair is an error"),
	OPT_TABLE(spill_opts),
	OPT_TABLE(pool_opts),
	OPT_TABLE(chance_opts),
	OPT_TABLE(random_opts),
	OPT_TABLE(connect_opts),
	OPT_TABLE(connect_backward_opts),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("p chemical given-gap"),
	OPT_EXCLUDE("p chemical given-gap"),
	OPT_NEEDS("chemical", "p-non"),
	OPT_NEEDS("chemical", "p-uni"),
	OPT_NEEDS("chemical", "p-rec"),
	OPT_NEEDS("p-non p-uni p-rec", "chemical"),
	OPT_NEEDS("given-gap", "p0"),
	OPT_NEEDS("given-gap", "pr"),
	OPT_NEEDS("given-gap", "gap-p0"),
	OPT_NEEDS("given-gap", "gap-pr"),
	OPT_NEEDS("p0 p1 pr gap-p0 gap-p1 gap-pr backward-property",
		  "given-gap"),
	OPT_NEEDS("strict", "chemical given-gap"),
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
 * is paired with are those from begin[i] up to begin[i + 1]. */
struct coupled {
	FILE *file;
	uint64_t *begin;
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
of_other(const struct twoway_pairs *p, const struct source_table *t, int end)
{
	size_t column = t->population[end];

	return column != NO_COLUMN &&
	       strcmp(t->rows.field[column], p->pool[0].population) != 0;
}

/* Without groups, an id that is not among the cells is a mistake. */
static bool
all_cells(void)
{
	return !pool_chose_groups();
}

/* The place of an end of this row in both pools; false if it is in none of
 * them. */
static bool
find_end(const struct twoway_pairs *p, const struct source_table *t, int end,
	 size_t place[2])
{
	int64_t id = rows_int(&t->rows, t->id[end]);
	bool found;

	place[0] = place[1] = SIZE_MAX;
	if (!of_other(p, t, end)) {
		place[0] = pool_find(&p->pool[0], id);
		place[1] = pool_find(&p->pool[1], id);
		found = place[0] != SIZE_MAX || place[1] != SIZE_MAX;
		if (!found && (strict || all_cells()))
			rows_bad(&t->rows, t->id[end], "no such cell");
		return found;
	}
	if (strict)
		rows_bad(&t->rows, t->population[end], "no such cell");
	return false;
}

/* The number of the pair that a row is of, times two, and its direction. */
static bool
find_pair(const struct twoway_pairs *p, const struct source_table *t,
	  uint64_t *key)
{
	size_t from[2], to[2], a, b;
	bool back, known = find_end(p, t, 0, from);

	known = find_end(p, t, 1, to) && known;
	back = p->same ? known && from[0] > to[0] : from[0] == SIZE_MAX;
	a = back ? to[0] : from[0];
	b = back ? from[1] : to[1];
	if (known && strict && (a == SIZE_MAX || b == SIZE_MAX))
		die("%s:%zu: of no pair of a source and a target", t->rows.path,
		    t->rows.line);
	if (!known || a == SIZE_MAX || b == SIZE_MAX)
		return false;
	*key = ((uint64_t)a * p->pool[1].n + b) * 2 + (back ? 1 : 0);
	return true;
}

static bool
is_autapse(const struct twoway_pairs *p, uint64_t key)
{
	uint64_t n = p->pool[1].n;

	return p->same && key / 2 / n == key / 2 % n;
}

static void
take_row(const struct twoway_pairs *p, struct source_table *t)
{
	bool gap = t->gap != NO_COLUMN ? rows_flag(&t->rows, t->gap)
				       : given_gap != NULL;
	uint64_t key, first;

	if (gap != (given_gap != NULL))
		return;
	t->read++;
	if (!find_pair(p, t, &key)) {
		if (t->other++ == 0)
			t->line = t->rows.line;
		return;
	}
	first = key / 2 / p->pool[1].n;
	if (first >= p->first && first < p->end && !is_autapse(p, key))
		spill_add(t->spill, key, NULL);
}

static void
put_partner(struct coupled *c, size_t i, const struct twoway_partner *partner)
{
	if (fwrite(partner, sizeof *partner, 1, c->file) != 1)
		die("scratch file:");
	c->begin[i + 1]++;
}

/* The sorted rows, of which a pair may have several. */
static void
put_pairs(struct coupled *c, struct spill *spill, uint64_t n)
{
	uint64_t last = UINT64_MAX;
	struct twoway_partner partner = {0};
	const uint64_t *key;
	const char *payload;
	size_t count, i;
	uint32_t way;

	while ((count = spill_next(spill, &key, &payload)) > 0)
		for (i = 0; i < count; i++) {
			if (key[i] == last)
				continue;
			way = last != UINT64_MAX && key[i] / 2 == last / 2;
			if (last != UINT64_MAX && !way)
				put_partner(c, last / 2 / n, &partner);
			partner.cell = (uint32_t)(key[i] / 2 % n);
			partner.class = chemical ? 1 + way : 1;
			last = key[i];
		}
	if (last != UINT64_MAX)
		put_partner(c, last / 2 / n, &partner);
}

static struct coupled
read_source(const struct twoway_pairs *p)
{
	const uint64_t *n = (const uint64_t[]){p->pool[0].n, p->pool[1].n};
	struct coupled c = {.file = fdopen(files_scratch(), "r+")};
	struct source_table t = {.read = 0};
	size_t i;

	open_source(&t, p->pool[0].population != NULL);
	t.spill = spill_new(n[0] * n[1] * 2 + 1, 0,
			    spill_memory((size_t)256 << 20));
	if (!c.file)
		die("scratch file:");
	c.begin = zeros(n[0] + 1, sizeof *c.begin);
	while (rows_next(&t.rows))
		take_row(p, &t);
	put_pairs(&c, t.spill, n[1]);
	if (fflush(c.file))
		die("scratch file:");
	for (i = 0; i < n[0]; i++)
		c.begin[i + 1] += c.begin[i];
	if (t.other > 0)
		warn("%s: %" PRIu64 " of %" PRIu64 " edges are of other cells, "
		     "and left out; the first is line %zu",
		     t.rows.path, t.other, t.read, t.line);
	spill_free(t.spill);
	rows_close(&t.rows);
	return c;
}

/* What the i-th cell is paired with, in new memory, and how many. */
static struct twoway_partner *
partners_of(const void *coupled, size_t i, size_t *n)
{
	const struct coupled *c = coupled;
	struct twoway_partner *p;
	size_t size, done = 0;
	ssize_t part;

	*n = (size_t)(c->begin[i + 1] - c->begin[i]);
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

/* ---- The report ---- */

struct lines {
	struct connect_outcome line[OUTCOMES * (TWOWAY_CLASSES + 2)];
	size_t n;
};

/* The lines of a class, or of all pairs. */
static void
add_lines(struct lines *r, const struct twoway_pairs *p,
	  const struct twoway_sums *s, const char *of)
{
	bool all = of && !strcmp(of, "all");
	size_t k;

	for (k = 0; k < OUTCOMES; k++) {
		struct connect_outcome *o = &r->line[r->n++];

		*o = twoway_outcome(p, s, k, all);
		o->of = of;
		if (given_gap)
			continue;
		o->direction = "gap";
		o->kind = "unordered";
		return;
	}
}

static void
report(const struct twoway_pairs *p)
{
	static const char *const by_synapses[] = {"non", "uni", "rec", NULL};
	static const char *const by_gap[] = {"non", "gap", NULL};
	const char *const *name = chemical ? by_synapses : by_gap;
	struct twoway_sums total = twoway_total(p);
	struct lines r = {.n = 0};
	size_t c;

	for (c = 0; !p_text && name[c]; c++)
		add_lines(&r, p, &p->sums[c], name[c]);
	add_lines(&r, p, &total, NULL);
	add_lines(&r, p, &total, "all");
	connect_report(p->name, r.line, r.n);
}

/* ---- Options ---- */

static const char *const synapse_option[2][3] = {
	{"p0", "p1", "pr"}, {"gap-p0", "gap-p1", "gap-pr"}};

static void
read_synapse_rule(struct twoway *t, const char *const option[3],
		  const char *text[3])
{
	if (!text[BACKWARD])
		text[BACKWARD] = text[FORWARD];
	twoway_read(t, option, text);
	chance_read(option[2], text[2], &t->both);
}

static void
read_rules(struct twoway_pairs *p)
{
	static const char *const class_option[] = {"p-non", "p-uni", "p-rec"};
	size_t c;

	p->nclasses = chemical ? LEN(by_class) : given_gap ? LEN(synapse) : 1;
	for (c = 0; chemical && c < LEN(by_class); c++)
		chance_read(class_option[c], by_class[c],
			    &p->rule[c].p[FORWARD]);
	for (c = 0; given_gap && c < LEN(synapse); c++)
		read_synapse_rule(&p->rule[c], synapse_option[c], synapse[c]);
	if (p_text)
		chance_read("p", p_text, &p->rule[0].p[FORWARD]);
}

static void
check_pools(const struct twoway_pairs *p)
{
	const char *a = p->pool[0].population, *b = p->pool[1].population;
	size_t c;

	if (a && b && strcmp(a, b) != 0)
		die("gap junctions are within a population, and these cells "
		    "are of '%s' and '%s'",
		    a, b);
	if ((uint64_t)p->pool[0].n * p->pool[1].n > INT64_MAX / 4)
		die("more than 2^61 pairs");
	for (c = 0; given_gap && p->same && c < LEN(synapse); c++)
		twoway_check_symmetry(synapse_option[c], synapse[c]);
}

/* Synapses are drawn by other random numbers than gap junctions, which may have
 * been drawn for the same cells. */
enum { SYNAPSES_STEP = TWOWAY_CLASSES };

int
main(int argc, char **argv)
{
	struct twoway_pairs pairs = {.wanted = TWOWAY_ALL};
	struct coupled coupled = {0};
	bool cut;

	argv = start(argc, argv, &tool);
	connect_check_input(argv, chemical ? "chemical" : "given-gap",
			    chemical ? chemical : given_gap);
	random_need_seed();
	read_rules(&pairs);
	pairs.gap = !given_gap;
	pairs.step = given_gap ? SYNAPSES_STEP : 0;
	twoway_begin(&pairs, "connect-gap", argv);
	check_pools(&pairs);
	if (!p_text) {
		coupled = read_source(&pairs);
		pairs.partners = partners_of;
		pairs.arg = &coupled;
	}
	cut = given_gap && twoway_may_be_cut(&pairs);
	if (cut || connect_wants_report())
		twoway_sum_up(&pairs, pairs.first, pairs.end);
	if (cut)
		twoway_warn_of_cut(&pairs);
	twoway_connect(&pairs);
	if (connect_wants_report())
		report(&pairs);
	twoway_end(&pairs);
	if (coupled.file)
		fclose(coupled.file);
	free(coupled.begin);
	return WORKED;
}
