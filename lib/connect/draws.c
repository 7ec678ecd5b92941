#include <stdlib.h>

#include "connect/draws.h"
#include "util.h"

static const char *asked_name;
static bool any_order;

const struct opt draws_opts[] = {
	OPT_TABLE(random_opts),
	OPT_STR(0, "name", "name", &asked_name,
		"random numbers follow from this, too (the column)"),
	OPT_FLAG(0, "any-order", &any_order,
		 "remember all pairs: the rows may have any order"),
	OPT_END,
};

/* The last edge from one population to another. */
struct draws_way {
	char *name; /* what its random numbers follow from */
	struct random_stream stream;
	int64_t id[2];
	bool begun, by_source, by_target; /* is this the order so far? */
};

/* How many rows a pair has had. */
struct draws_pair {
	int64_t source, target;
	uint32_t way, times;
};

struct draws {
	const char *tool, *name;
	double (*draw)(struct random_stream *);
	struct draws_way *way;
	size_t ways, cap;
	struct draws_pair *pair; /* a table of open addressing */
	size_t npairs, slots;
};

struct draws *
draws_start(const char *tool, const char *name,
	    double (*draw)(struct random_stream *))
{
	struct draws *d = zeros(1, sizeof *d);

	random_need_seed();
	d->tool = tool;
	d->name = asked_name ? asked_name : name;
	d->draw = draw;
	return d;
}

static bool
in_order(int64_t a, int64_t b, int64_t next_a, int64_t next_b)
{
	return a < next_a || (a == next_a && b <= next_b);
}

/* Ends the tool if the rows of a pair may not follow each other.  They do if
 * each way is in the order of sources and then targets, or of targets and then
 * sources. */
static void
check_order(struct draws_way *w, const struct passing *e)
{
	const int64_t *id = e->id;

	w->by_source =
		!w->begun ||
		(w->by_source && in_order(w->id[0], w->id[1], id[0], id[1]));
	w->by_target =
		!w->begun ||
		(w->by_target && in_order(w->id[1], w->id[0], id[1], id[0]));
	if (!w->by_source && !w->by_target)
		die("%s:%zu: the rows are not in the order of their sources "
		    "and targets: sort them, or use --any-order",
		    e->rows.path, e->rows.line);
}

/* Finds the slot where a pair is, or would be. */
static struct draws_pair *
find_pair(const struct draws *d, const struct draws_pair *p)
{
	uint64_t h = (uint64_t)p->source * 0x9e3779b97f4a7c15u;
	size_t i;

	h = (h ^ h >> 32 ^ (uint64_t)p->target) * 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 32 ^ p->way) * 0x9e3779b97f4a7c15u;
	for (i = h >> 20 & (d->slots - 1); d->pair[i].times > 0;
	     i = (i + 1) & (d->slots - 1))
		if (d->pair[i].source == p->source &&
		    d->pair[i].target == p->target && d->pair[i].way == p->way)
			break;
	return &d->pair[i];
}

static void
widen(struct draws *d)
{
	struct draws_pair *old = d->pair;
	size_t i, n = d->slots;

	d->slots = n ? 2 * n : 1024;
	d->pair = zeros(d->slots, sizeof *d->pair);
	for (i = 0; i < n; i++)
		if (old[i].times > 0)
			*find_pair(d, &old[i]) = old[i];
	free(old);
}

/* Counts this row, and gives how many its pair has had before. */
static uint32_t
count_pair(struct draws *d, const struct passing *e)
{
	struct draws_pair p = {e->id[0], e->id[1], (uint32_t)e->at, 0}, *at;

	if (4 * (d->npairs + 1) > 3 * d->slots)
		widen(d);
	at = find_pair(d, &p);
	if (at->times == 0) {
		*at = p;
		d->npairs++;
	}
	if (at->times == UINT32_MAX)
		die("%s:%zu: a pair has more than %u rows", e->rows.path,
		    e->rows.line, UINT32_MAX);
	return at->times++;
}

static struct draws_way *
find_way(struct draws *d, const struct passing *e)
{
	const struct passing_way *w = &e->way[e->at];
	char *name;

	if (e->at < d->ways)
		return &d->way[e->at];
	d->way = grow(d->way, &d->cap, e->at + 1, sizeof *d->way);
	d->ways = e->at + 1;
	name = *w->name[0] || *w->name[1]
		       ? format("%s\t%s\t%s", d->name, w->name[0], w->name[1])
		       : copy(d->name);
	d->way[e->at].name = random_name(d->tool, name);
	free(name);
	return &d->way[e->at];
}

/* The k-th row of a pair takes the k-th number of its stream. */
double
draws_next(struct draws *d, const struct passing *e)
{
	struct draws_way *w = find_way(d, e);
	bool again = w->begun && w->id[0] == e->id[0] && w->id[1] == e->id[1];
	uint32_t skip = 0;

	if (any_order)
		skip = count_pair(d, e);
	else
		check_order(w, e);
	if (any_order || !again)
		w->stream =
			random_stream(w->name, e->id[0], (uint64_t)e->id[1]);
	for (; skip > 0; skip--)
		d->draw(&w->stream);
	w->begun = true;
	w->id[0] = e->id[0];
	w->id[1] = e->id[1];
	return d->draw(&w->stream);
}

void
draws_end(struct draws *d)
{
	size_t i;

	if (!d)
		return;
	for (i = 0; i < d->ways; i++)
		free(d->way[i].name);
	free(d->way);
	free(d->pair);
	free(d);
}
