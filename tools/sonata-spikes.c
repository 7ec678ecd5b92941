/* sonata-spikes -- write spikes as a table
 *
 * Spikes go from any layout to one: in milliseconds, with the names of their
 * populations.  They are written as they come, a batch at a time; to sort them
 * is an external sort, since what a file says about its order need not be so.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "activity/spikesort.h"
#include "out.h"
#include "sonata/property.h"
#include "sonata/spill.h"

static const char *columns;
static unsigned sort;
enum { NOT, BY_TIME, BY_ID };
static bool summary;

static const struct opt opts[] = {
	OPT_STR('c', "columns", "list", &columns,
		"join these columns of nodes, separated by commas"),
	OPT_WORD(0, "sort", "order", &sort, "|time|id", "sort spikes by this"),
	OPT_FLAG(0, "summary", &summary, "a row for each population"),
	OPT_TABLE(train_opts),
	OPT_TABLE(nodefiles_group_opts),
	OPT_TABLE(spill_opts_256M),
	OPT_TABLE(out_opts),
	OPT_NOT_WITH("summary", "sort columns group"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "write spikes as a table",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

/* ---- A table ---- */

static void
header(const struct trains *t)
{
	const char *ours[] = {"timestamps", "population", "node_ids", NULL,
			      NULL};
	size_t k;

	if (t->nodes && nodefiles_asks_group())
		ours[3] = "group";
	for (k = 0; ours[k]; k++)
		out_text(ours[k]);
	for (k = 0; t->nodes && k < t->nodes->columns; k++)
		property_put_name(t->nodes->read[t->nodes->shown[k]].name,
				  ours);
	out_end();
}

static void
write_columns(const struct trains *t, const struct train_spike *s)
{
	const struct node_population *p = t->nodes_of[s->population];
	size_t k;

	if (nodefiles_asks_group())
		out_text(p->group.name[p->group_of[s->node]]);
	for (k = 0; k < t->nodes->columns; k++)
		out_text(node_text(p, k, s->node));
}

static void
write_spikes(const struct trains *t, const struct train_spike *s, size_t n)
{
	for (; n > 0; n--, s++) {
		out_num(s->time_ms);
		out_text(t->population.name[s->population]);
		out_int(s->node_id);
		if (t->nodes)
			write_columns(t, s);
		out_end();
	}
}

static void
write_table(struct trains *t)
{
	const struct train_spike *spike;
	struct spikesort *sorted;
	size_t n;

	header(t);
	if (sort == NOT) {
		while (trains_next(t))
			write_spikes(t, t->spike, t->n);
		return;
	}
	sorted = spikesort_read(t, sort == BY_ID ? SORT_ID : SORT_TIME, false);
	while ((n = spikesort_next(sorted, &spike)) > 0)
		write_spikes(t, spike, n);
	spikesort_free(sorted);
}

/* ---- A summary ---- */

#define ID_BITS 43 /* of a key of 63 */

struct seen {
	uint64_t spikes, nodes;
	double first, last;
	struct train_spike before;
	bool unsorted[2]; /* by spike_order */
};

static void
see(struct seen *p, const struct train_spike *s)
{
	if (p->spikes++ == 0) {
		p->first = p->last = s->time_ms;
	} else {
		p->first = fmin(p->first, s->time_ms);
		p->last = fmax(p->last, s->time_ms);
		if (s->time_ms < p->before.time_ms)
			p->unsorted[SORT_TIME] = true;
		if (s->node_id < p->before.node_id)
			p->unsorted[SORT_ID] = true;
	}
	p->before = *s;
}

/* A key is a spike's population and node; equal ones come one after the other.
 */
static void
count_nodes(struct spill *keys, struct seen *seen)
{
	const uint64_t *key;
	uint64_t last = UINT64_MAX;
	size_t i, n;

	while ((n = spill_next(keys, &key, NULL)) > 0)
		for (i = 0; i < n; i++) {
			if (key[i] != last)
				seen[key[i] >> ID_BITS].nodes++;
			last = key[i];
		}
}

static void
write_seen(const char *name, const char *sorting, const struct seen *p)
{
	out_text(name);
	out_int((int64_t)p->spikes);
	out_int((int64_t)p->nodes);
	out_real(p->spikes > 0 ? p->first : NAN);
	out_real(p->spikes > 0 ? p->last : NAN);
	out_text(sorting ? sorting : "");
	out_text(p->unsorted[SORT_TIME] ? "false" : "true");
	out_text(p->unsorted[SORT_ID] ? "false" : "true");
	out_end();
}

static void
write_summary(struct trains *t)
{
	struct spill *keys =
		spill_new((uint64_t)1 << 63, 0, spill_memory(SPIKESORT_MEMORY));
	struct seen *seen = NULL;
	size_t i, cap = 0;

	while (trains_next(t)) {
		seen = grow(seen, &cap, t->population.n, sizeof *seen);
		for (i = 0; i < t->n; i++) {
			const struct train_spike *s = &t->spike[i];
			uint64_t key = (uint64_t)s->population << ID_BITS |
				       (uint64_t)s->node_id;

			if (s->node_id >> ID_BITS)
				die("node id too large to count: '%lld'",
				    (long long)s->node_id);
			see(&seen[s->population], s);
			spill_keys(keys, &key, 1);
		}
	}
	seen = grow(seen, &cap, t->population.n, sizeof *seen);
	count_nodes(keys, seen);
	out_header("population", "spikes", "nodes", "first_ms", "last_ms",
		   "sorting", "by_time", "by_id");
	for (i = 0; i < t->population.n; i++)
		write_seen(t->population.name[i], t->sorting[i], &seen[i]);
	spill_free(keys);
	free(seen);
}

int
main(int argc, char **argv)
{
	struct trains *t;

	argv = start(argc, argv, &tool);
	t = trains_open(argv);
	if (columns || nodefiles_asked() || trains_asks_listed())
		trains_join_nodes(t, columns);
	if (summary)
		write_summary(t);
	else
		write_table(t);
	trains_close(t);
	return WORKED;
}
