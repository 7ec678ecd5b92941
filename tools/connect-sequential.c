/* connect-sequential -- connect the cells of two groups one to one, in order
 *
 * The k-th source is connected to the k-th target: each cell of a population
 * gets a drive of its own.  Either side may be several groups, one after the
 * other as they are named, so that one population drives several, or several
 * one.  A group's cells come by their ids, so that the order of the tables does
 * not matter; what is left over on one side is an error, because where the
 * mistake is cannot be known here. */
#include <inttypes.h>
#include <stdlib.h>

#include "connect/connect.h"
#include "out.h"

static int64_t nsyns = 1;
static bool autapses;

static const struct opt opts[] = {
	OPT_TABLE(pool_opts),
	OPT_INT_IN(0, "nsyn", "count", &nsyns, "[1,inf)",
		   "synapses of each connection, as column nsyns"),
	OPT_FLAG(0, "autapses", &autapses, "a cell may be its own target"),
	OPT_TABLE(connect_opts),
	OPT_TABLE(out_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "connect the cells of two groups one to one, in order",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

/* A cell, and its place in its pool. */
struct member {
	int64_t id;
	uint32_t at;
};

struct sequence {
	struct pool source, target;
	struct member *by_source; /* the sources, by their ids */
	struct connect_table table;
};

static void
check_pools(const struct pool *source, const struct pool *target)
{
	size_t i;

	if (source->n != target->n)
		die("%zu sources but %zu targets", source->n, target->n);
	if (autapses || !pool_same_population(source, target))
		return;
	for (i = 0; i < source->n; i++)
		if (source->id[i] == target->id[i])
			die("cell %" PRId64 " would be its own target",
			    source->id[i]);
}

static int
by_id(const void *a, const void *b)
{
	const struct member *s = a, *t = b;

	return s->id < t->id ? -1 : s->id > t->id;
}

static struct member *
sort_members(const struct pool *p)
{
	struct member *m = zeros(p->n, sizeof *m);
	size_t i;

	for (i = 0; i < p->n; i++)
		m[i] = (struct member){p->id[i], (uint32_t)i};
	qsort(m, p->n, sizeof *m, by_id);
	return m;
}

/* ---- The edges ---- */

static void
make(void *arg, size_t i, struct connect_rows *rows)
{
	const struct sequence *q = arg;

	connect_add(rows, q->by_source[i].at, q->by_source[i].at, nsyns);
}

static void
write_rows(void *arg, const struct connect_rows *rows)
{
	const struct sequence *q = arg;

	connect_write_edges(&q->table, rows);
}

/* ---- The report ---- */

/* Two groups that meet. */
struct meeting {
	uint64_t made, pairs;
};

/* A source that is a target, too, makes one pair less, unless it may be its
 * own target. */
static void
take_selves(const struct sequence *q, size_t first, size_t end,
	    struct meeting *m)
{
	const struct pool *s = &q->source, *t = &q->target;
	struct member *target;
	size_t i, k = 0;

	if (autapses || !pool_same_population(s, t))
		return;
	target = sort_members(t);
	for (i = first; i < end; i++) {
		const struct member *source = &q->by_source[i];

		while (k < t->n && target[k].id < source->id)
			k++;
		if (k < t->n && target[k].id == source->id)
			m[s->of[source->at] * t->ngroups + t->of[target[k].at]]
				.pairs--;
	}
	free(target);
}

/* The meetings of all groups.  Of the sources, those of a shard are counted
 * as if there were no others. */
static struct meeting *
count_meetings(const struct sequence *q)
{
	const struct pool *s = &q->source, *t = &q->target;
	struct meeting *m = zeros(s->ngroups * t->ngroups, sizeof *m);
	uint64_t *targets = zeros(t->ngroups, sizeof *targets);
	size_t first, end, i, k;

	for (i = 0; i < t->n; i++)
		targets[t->of[i]]++;
	connect_shard(s->n, &first, &end);
	for (i = first; i < end; i++) {
		uint32_t at = q->by_source[i].at;
		struct meeting *of_group = &m[s->of[at] * t->ngroups];

		of_group[t->of[at]].made++;
		for (k = 0; k < t->ngroups; k++)
			of_group[k].pairs += targets[k];
	}
	take_selves(q, first, end, m);
	free(targets);
	return m;
}

static void
report_meetings(const struct sequence *q)
{
	const struct pool *s = &q->source, *t = &q->target;
	size_t n = s->ngroups * t->ngroups, i, lines = 0;
	struct connect_outcome *o = zeros(n, sizeof *o);
	struct meeting *m = count_meetings(q);

	for (i = 0; i < n; i++)
		if (m[i].made > 0)
			o[lines++] = (struct connect_outcome){
				.source = s->group[i / t->ngroups],
				.target = t->group[i % t->ngroups],
				.direction = "forward",
				.kind = "directed",
				.pairs = m[i].pairs,
				.possible = m[i].pairs,
				.made = m[i].made,
				.requested =
					(double)m[i].made / (double)m[i].pairs};
	connect_report(connect_name(s, t), o, lines);
	free(m);
	free(o);
}

int
main(int argc, char **argv)
{
	struct sequence q;

	argv = start(argc, argv, &tool);
	pool_read_sequences(argv, &q.source, &q.target);
	check_pools(&q.source, &q.target);
	q.by_source = sort_members(&q.source);
	q.table = (struct connect_table){.source = &q.source,
					 .target = &q.target,
					 .nsyns = opt_given(&nsyns)};
	connect_write_header(&q.table);
	connect_all(&(struct connect_work){
		.n = q.source.n, .make = make, .write = write_rows, .arg = &q});
	if (connect_wants_report())
		report_meetings(&q);
	free(q.by_source);
	pool_free(&q.source, &q.target);
	return WORKED;
}
