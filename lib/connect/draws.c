#include <stdio.h>
#include <stdlib.h>

#include "connect/draws.h"
#include "labels.h"
#include "util.h"

__extension__ typedef unsigned __int128 wide;

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

/* How many rows a pair has had; 12 bytes, for there may be one for each row. */
struct draws_pair {
	uint32_t end[2];
	uint32_t times; /* 0: this slot is free */
};

/* The pairs of cells that there were: a table of open addressing. */
struct draws_pairs {
	struct draws_pair *slot;
	size_t n, slots;
};

/* The last edge from one population to another. */
struct draws_way {
	char *name; /* what its random numbers follow from */
	struct random_stream stream;
	int64_t id[2];
	bool begun, by_source, by_target; /* is this the order so far? */
	struct draws_pairs pairs;
};

struct draws {
	const char *tool, *name;
	double (*draw)(struct random_stream *);
	struct draws_way *way;
	size_t ways, cap;
	struct labels far; /* ids of 2^31 and above */
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

/* Where in the table a pair belongs: the more of it are used, the further
 * behind that it may be. */
static size_t
home(const struct draws_pairs *p, const struct draws_pair *pair)
{
	uint64_t h = (uint64_t)pair->end[0] << 32 | pair->end[1];

	h = (h ^ h >> 32) * 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 32) * 0x9e3779b97f4a7c15u;
	return (size_t)((wide)h * p->slots >> 64);
}

static size_t
after(const struct draws_pairs *p, size_t i)
{
	return i + 1 < p->slots ? i + 1 : 0;
}

/* Finds the slot where a pair is, or would be. */
static struct draws_pair *
find_pair(const struct draws_pairs *p, const struct draws_pair *pair)
{
	size_t i = home(p, pair);

	while (p->slot[i].times > 0 && (p->slot[i].end[0] != pair->end[0] ||
					p->slot[i].end[1] != pair->end[1]))
		i = after(p, i);
	return &p->slot[i];
}

/* Puts a pair where it belongs, and what was there where that belongs, and so
 * on.  What has been put somewhere stays there. */
static void
settle(struct draws_pairs *p, struct draws_pair pair, bool *settled)
{
	size_t i;

	while (pair.times > 0) {
		struct draws_pair other;

		for (i = home(p, &pair); settled[i];)
			i = after(p, i);
		other = p->slot[i];
		p->slot[i] = pair;
		settled[i] = true;
		pair = other;
	}
}

/* A table half as long again in the same place: at 7/8 full it has 14 to 21
 * bytes for each pair; one that doubles, in a new place, has up to 48. */
static void
widen(struct draws_pairs *p)
{
	size_t i, old = p->slots;
	bool *settled;

	p->slot = grow(p->slot, &p->slots, old + 1, sizeof *p->slot);
	settled = zeros(p->slots, sizeof *settled);
	for (i = 0; i < old; i++) {
		struct draws_pair pair = p->slot[i];

		if (settled[i])
			continue;
		p->slot[i].times = 0;
		settle(p, pair, settled);
	}
	free(settled);
}

/* Cells have ids below 2^31; others are numbered as they come. */
static uint32_t
short_id(struct draws *d, int64_t id)
{
	uint32_t far = (uint32_t)1 << 31;
	char text[32];

	if (id < far)
		return (uint32_t)id;
	sprintf(text, "%lld", (long long)id);
	return far + label(&d->far, text);
}

/* Counts this row, and gives how many its pair has had before. */
static uint32_t
count_pair(struct draws *d, struct draws_pairs *p, const struct passing *e)
{
	struct draws_pair pair = {
		{short_id(d, e->id[0]), short_id(d, e->id[1])}, 0};
	struct draws_pair *at;

	if (8 * (p->n + 1) > 7 * p->slots)
		widen(p);
	at = find_pair(p, &pair);
	if (at->times == 0) {
		*at = pair;
		p->n++;
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
		skip = count_pair(d, &w->pairs, e);
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
	for (i = 0; i < d->ways; i++) {
		free(d->way[i].name);
		free(d->way[i].pairs.slot);
	}
	free(d->way);
	labels_free(&d->far);
	free(d);
}
