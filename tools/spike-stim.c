/* spike-stim -- draw spikes of given rates
 *
 * Each node has a train of its own, drawn from numbers that follow from the
 * seed, its population and its id, so that neither threads nor shards nor the
 * order of the table matter.  There is one draw for a spike: intervals of a
 * renewal process of rate 1 go through the inverse of the integrated rate.
 * Threads put the rows of blocks of nodes together as text; a node whose spikes
 * do not fit into a block goes on in the next part of it, so that memory
 * follows the nodes and not the spikes. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "digits.h"
#include "out.h"
#include "progress.h"
#include "random/deviates.h"
#include "rows.h"
#include "sonata/nodes.h"
#include "stimulus/ratetable.h"
#include "stimulus/renewal.h"
#include "team.h"

static double rate, from = 0, to = NAN, refractory;
static const char *rate_file, *dist, *process_text = "poisson";
static const char *group = "group", *population;
static int64_t stream;
static size_t jobs = 1;
static struct opt_shard shard;

static const struct opt opts[] = {
	OPT_NUM_IN(0, "rate", "Hz", &rate, "(0,1e6]", "of all nodes"),
	OPT_STR(0, "rates", "file", &rate_file,
		"of nodes or groups, in time or without"),
	OPT_STR(0, "rate-dist", "dist", &dist,
		"drawn for each: lognormal|normal:MEAN:SD"),
	OPT_STR('g', "group", "column", &group,
		"what --rates calls a node's group (group)"),
	OPT_STR(0, "process", "name", &process_text,
		"poisson|gamma:SHAPE|regular[:JITTER] (poisson)"),
	OPT_NUM_IN(0, "refractory", "ms", &refractory, "[0,1e9]",
		   "least interval of a Poisson process (0)"),
	OPT_NUM_IN(0, "from", "ms", &from, "[-1e9,1e9]",
		   "spikes at this time or later (0)"),
	OPT_NUM_IN(0, "to", "ms", &to, "[-1e9,1e9]", "spikes before this time"),
	OPT_TABLE(random_opts),
	OPT_INT_IN(0, "stream", "n", &stream, "[0,inf)",
		   "other trains of the same seed (0)"),
	OPT_STR('p', "population", "name", &population,
		"nodes of this population; those of none are of it"),
	OPT_JOBS(&jobs, "how many threads; auto: all CPUs (1)"),
	OPT_SHARD(&shard, "only the i-th of n parts of the nodes, from 0"),
	OPT_TABLE(out_opts),
	OPT_TABLE(rows_opts),
	OPT_EXCLUDE("rate rates"),
	OPT_NOT_WITH("rate", "rate-dist"),
	OPT_NEEDS("group", "rates"),
	OPT_ORDER("from < to"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "draw spikes of given rates",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* --rate-dist. */
static enum { NO_DIST, LOGNORMAL, NORMAL } distribution;
static double dist_mean = NAN, dist_sd;

/* A node and its rate: a constant, or a row of --rates. */
struct cell {
	int64_t id;
	double rate_Hz; /* 0: it does not spike */
	uint32_t population;
	uint32_t row; /* or NO_ROW */
};

#define NO_ROW UINT32_MAX

struct driven {
	struct cell *cell; /* by the names of their populations, and by id */
	size_t n;
	size_t populations;
	char **name;   /* of each population */
	char **middle; /* what is between the time and the id of a row */
	char **stream; /* what its random numbers follow from */
	struct nodes *nodes;
	struct ratetable *rates; /* or NULL */
	struct renewal process;

	/* What is told of them. */
	uint64_t without; /* any rate */
	uint64_t cut;     /* drawn below 0 */
};

/* ---- Options ---- */

static void
read_distribution(void)
{
	char *s = copy(dist), *rest = s, *word[3] = {NULL};
	double v[2];
	size_t n;

	for (n = 0; n < 3 && rest; n++)
		word[n] = strsep(&rest, ":");
	distribution = opt_word("rate-dist", word[0], "|lognormal|normal");
	if (rest || n == 2)
		misuse("--rate-dist: not NAME or NAME:MEAN:SD: '%s'", dist);
	if (n == 3 && (!parse_num(word[1], &v[0]) || !(v[0] > 0) ||
		       !parse_num(word[2], &v[1]) || !(v[1] >= 0) ||
		       isinf(v[0]) || isinf(v[1])))
		misuse("--rate-dist: not a mean above 0 and a deviation from 0 "
		       "on: '%s'",
		       dist);
	if (n == 3) {
		dist_mean = v[0];
		dist_sd = v[1];
	}
	free(s);
	if (n == 1 && !rate_file)
		misuse("--rate-dist: say MEAN:SD, or --rates with rate_Hz and "
		       "sd_Hz");
	if (n == 3 && rate_file)
		misuse("--rate-dist: --rates has means: say no numbers: '%s'",
		       dist);
}

static struct renewal
read_options(char *const *operands)
{
	struct renewal process = renewal_parse(process_text);
	bool standard_input = !operands[0] || !strcmp(operands[0], "-");

	random_need_seed();
	if (dist)
		read_distribution();
	if (refractory > 0 && process.kind != RENEWAL_POISSON)
		misuse("--refractory needs --process=poisson");
	if (rate_file && standard_input && !strcmp(rate_file, "-"))
		misuse("the nodes and --rates cannot both be the standard "
		       "input");
	return process;
}

static void
need_end(void)
{
	if (isnan(to))
		misuse("--to is needed: these rates have no end");
	if (!(from < to))
		misuse("--from must be < --to: %g, %g", from, to);
}

/* ---- Rates ---- */

static _Noreturn void
too_fast(const char *where, const char *column, double rate_Hz)
{
	die("%s: column '%s': no process keeps a refractory time of %g ms at "
	    "this rate: '%.15g'",
	    where, column, refractory, rate_Hz);
}

static bool
is_too_fast(double rate_Hz)
{
	struct profile p = {.from = from, .to = to};
	struct profile_segment segment;

	return !profile_constant(&p, &segment, rate_Hz, refractory);
}

/* Where --from or --to is given, all rates are there at that time. */
static void
check_span(const struct ratetable *t, const struct ratetable_row *row)
{
	const struct profile *p = &row->profile;

	if (opt_given(&from) && (from < p->from || from >= p->to))
		die("%s:%zu: no rate at --from %.15g: they are from %.15g to "
		    "%.15g ms",
		    t->path, row->line, from, p->from, p->to);
	if (opt_given(&to) && (to <= p->from || to > p->to))
		die("%s:%zu: no rate until --to %.15g: they are from %.15g to "
		    "%.15g ms",
		    t->path, row->line, to, p->from, p->to);
}

static void
finish_profile(const struct ratetable *t, struct ratetable_row *row)
{
	struct profile *p = &row->profile;
	double fault;

	check_span(t, row);
	profile_cut(p, opt_given(&from) ? from : p->from,
		    opt_given(&to) ? to : p->to);
	fault = profile_finish(p, refractory);
	if (!isnan(fault))
		die("%s:%zu: no process keeps a refractory time of %g ms at "
		    "these rates, at %.15g ms",
		    t->path, row->line, refractory, fault);
}

static struct ratetable *
read_rates(void)
{
	struct ratetable *t;
	size_t i;

	if (!rate_file)
		return NULL;
	t = ratetable_read(rate_file, group);
	if (t->timed && dist)
		misuse("--rate-dist needs rates that are constant: rate_Hz and "
		       "sd_Hz");
	if (t->has_sd && !dist)
		misuse("--rate-dist is needed: %s has a column 'sd_Hz'",
		       t->path);
	if (dist && !t->has_sd)
		die("%s: no column 'sd_Hz', which --rate-dist needs", t->path);
	if (!t->timed)
		need_end();
	for (i = 0; i < t->rows; i++) {
		struct ratetable_row *row = &t->row[i];

		if (t->timed)
			finish_profile(t, row);
		else if (is_too_fast(row->rate_Hz) && !dist)
			too_fast(format("%s:%zu", t->path, row->line),
				 "rate_Hz", row->rate_Hz);
		else if (distribution == LOGNORMAL && row->sd_Hz > 0 &&
			 row->rate_Hz == 0)
			die("%s:%zu: column 'rate_Hz': a lognormal "
			    "distribution "
			    "has a mean above 0: '0'",
			    t->path, row->line);
	}
	return t;
}

/* The rate of a node, which follows from what its population's rates do. */
static double
draw_rate(struct driven *all, const struct cell *c, double mean, double sd)
{
	char *name = random_name("spike-stim rate", all->name[c->population]);
	struct random_stream s = random_stream(name, c->id, (uint64_t)stream);
	double v;

	free(name);
	if (!(sd > 0))
		v = mean;
	else if (distribution == LOGNORMAL)
		v = deviate_lognormal(&s, mean, sd);
	else
		v = mean + sd * deviate_normal(&s);
	if (v < 0)
		all->cut++;
	v = fmax(v, 0);
	if (v > RATETABLE_MOST)
		die("node %" PRId64 ": the rate that was drawn is over 1e6 Hz: "
		    "'%.15g'",
		    c->id, v);
	if (is_too_fast(v))
		die("node %" PRId64 ": no process keeps a refractory time of "
		    "%g ms at the rate that was drawn: '%.15g'",
		    c->id, refractory, v);
	return v;
}

/* ---- Nodes ---- */

static const char *
text_of(const struct node_population *p, size_t column, uint32_t node)
{
	const struct node_texts *t = &p->text[column];

	return t->label.name[t->of[node]];
}

static double
read_rate(const struct node_population *p, size_t column, uint32_t node)
{
	const char *text = text_of(p, column, node);
	double v;

	if (!parse_num(text, &v) || !(v >= 0 && v <= RATETABLE_MOST))
		die("%s: column 'rate_Hz': not a rate from 0 to 1e6 Hz: '%s'",
		    nodes_place(p, node), text);
	if (is_too_fast(v))
		too_fast(nodes_place(p, node), "rate_Hz", v);
	return v;
}

/* The entry of --rates that a node has, or NULL. */
static struct ratetable_entry *
find_entry(const struct driven *all, const struct node_population *p,
	   size_t column, uint32_t node, const struct cell *c)
{
	const struct ratetable *t = all->rates;
	const char *key;
	char *id;
	struct ratetable_entry *e;

	if (t->by_node) {
		id = format("%" PRId64, c->id);
		e = ratetable_find(t, all->name[c->population], id);
		free(id);
		return e;
	}
	key = text_of(p, column, node);
	if (is_missing(key))
		return NULL;
	e = ratetable_find(t, all->name[c->population], key);
	if (!e)
		die("%s: column '%s': no rates of this group in %s: '%s'",
		    nodes_place(p, node), group, t->path, key);
	return e;
}

/* Gives a node its row for now; which step's it is shows when all nodes of its
 * group have been counted. */
static void
set_rate(struct driven *all, const struct node_population *p, size_t column,
	 uint32_t node, struct cell *c)
{
	struct ratetable_entry *e;

	c->row = NO_ROW;
	if (rate > 0)
		c->rate_Hz = rate;
	else if (!isnan(dist_mean))
		c->rate_Hz = draw_rate(all, c, dist_mean, dist_sd);
	else if (!all->rates)
		c->rate_Hz = read_rate(p, column, node);
	else if ((e = find_entry(all, p, column, node, c))) {
		c->row = (uint32_t)(e - all->rates->entry);
		e->cells++;
	} else
		all->without++;
}

static int
by_name(const void *a, const void *b)
{
	const struct node_population *const *p = a, *const *q = b;

	return strcmp((*p)->name, (*q)->name);
}

/* The population of a table that names none is that of -p. */
static const char *
name_of(const struct node_population *p)
{
	return *p->name || !population ? p->name : population;
}

static void
quote_name(struct driven *all, size_t k, const char *name)
{
	size_t size;
	char delim = out_delimiter();
	FILE *f = open_memstream(&all->middle[k], &size);

	if (!f)
		die("out of memory");
	putc(delim, f);
	out_field(f, name);
	putc(delim, f);
	if (fclose(f))
		die("out of memory");
	all->name[k] = copy(name);
	all->stream[k] = random_name("spike-stim", name);
}

static void
add_population(struct driven *all, const struct node_population *p, size_t k,
	       size_t column)
{
	size_t i;

	quote_name(all, k, name_of(p));
	if (!*name_of(p) && p->n > 0)
		warn("nodes of no population: -p names it, and their spikes "
		     "follow from that, too");
	for (i = 0; i < p->n; i++) {
		uint32_t node = ids_ranked(p->ids, i);
		struct cell *c = &all->cell[all->n++];

		c->id = ids_at(p->ids, node);
		c->population = (uint32_t)k;
		set_rate(all, p, column, node, c);
	}
}

static void
add_cells(struct driven *all, size_t column)
{
	struct nodes *nodes = all->nodes;
	struct node_population **p = zeros(nodes->n, sizeof(void *));
	size_t i, n = 0, total = 0;

	for (i = 0; i < nodes->n; i++) {
		if (population &&
		    strcmp(name_of(&nodes->population[i]), population) != 0)
			continue;
		p[n++] = &nodes->population[i];
		total += nodes->population[i].n;
	}
	if (population && nodes_find_named(nodes, population) &&
	    nodes_find_named(nodes, ""))
		die("%s: some nodes are of population '%s' and some of none",
		    nodes->origin, population);
	if (population && n == 0 && nodes->rows > 0)
		die("%s: there are no nodes of population '%s'", nodes->origin,
		    population);
	qsort(p, n, sizeof(void *), by_name);
	all->cell = zeros(total, sizeof *all->cell);
	all->name = zeros(n, sizeof(char *));
	all->middle = zeros(n, sizeof(char *));
	all->stream = zeros(n, sizeof(char *));
	for (i = 0; i < n; i++)
		add_population(all, p[i], i, column);
	all->populations = n;
	free(p);
}

static void
read_nodes(struct driven *all, const char *path)
{
	bool by_group = all->rates && !all->rates->by_node;
	bool by_column = rate == 0 && !all->rates && isnan(dist_mean);
	const char *name = by_group ? group : by_column ? "rate_Hz" : NULL;
	size_t column = 0;

	if (!all->rates)
		need_end();
	all->nodes = nodes_start(NULL, false);
	if (name)
		column = nodes_want(all->nodes, name);
	nodes_add_table(all->nodes, path);
	nodes_finish(all->nodes);
	if (by_column && !all->nodes->read[column].found)
		die("%s: no column 'rate_Hz': say --rate, --rates or "
		    "--rate-dist",
		    all->nodes->origin);
	if (name && !all->nodes->read[column].found)
		nodes_lack(all->nodes, name);
	add_cells(all, column);
}

/* ---- Steps ---- */

/* The cells of a group are parted in the order of their ids, as evenly as can
 * be. */
static void
take_steps(struct driven *all)
{
	const struct ratetable *t = all->rates;
	size_t i;

	for (i = 0; i < all->n; i++) {
		struct cell *c = &all->cell[i];
		struct ratetable_entry *e;
		const struct ratetable_row *row;

		if (c->row == NO_ROW)
			continue;
		e = &t->entry[c->row];
		c->row =
			(uint32_t)(e->first + e->taken++ * e->steps / e->cells);
		row = &t->row[c->row];
		if (t->timed)
			continue;
		c->rate_Hz = dist ? draw_rate(all, c, row->rate_Hz, row->sd_Hz)
				  : row->rate_Hz;
		c->row = NO_ROW;
	}
}

/* What --rates has and no node does: a node is a mistake, a group may have
 * none. */
static void
check_entries(const struct driven *all)
{
	const struct ratetable *t = all->rates;
	size_t i;

	for (i = 0; i < t->n && all->n > 0; i++) {
		const struct ratetable_entry *e = &t->entry[i];
		char *key = ratetable_key(t, i);
		const char *name = ratetable_population(t, i);
		bool other =
			population && *name && strcmp(name, population) != 0;

		if (e->cells == 0 && t->by_node && !other)
			die("%s:%zu: column 'node_id': there is no such node: "
			    "'%s'",
			    t->path, t->row[e->first].line, key);
		if (e->cells == 0 && !other)
			warn("%s:%zu: no node is of this group: '%s'", t->path,
			     t->row[e->first].line, key);
		else if (e->cells < e->steps)
			warn("%s:%zu: fewer nodes than steps in this group, "
			     "%zu and %zu: '%s'",
			     t->path, t->row[e->first].line, e->cells, e->steps,
			     key);
		free(key);
	}
}

static double
sum_of(const struct profile *p)
{
	struct profile_at at = {0};

	return profile_sum(p, &at, INFINITY);
}

static bool
has_rate(const struct driven *all)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		const struct cell *c = &all->cell[i];

		if (c->row != NO_ROW
			    ? sum_of(&all->rates->row[c->row].profile) > 0
			    : c->rate_Hz > 0)
			return true;
	}
	return false;
}

static void
settle_rates(struct driven *all)
{
	if (all->rates) {
		check_entries(all);
		take_steps(all);
	}
	if (all->without > 0)
		warn("without a rate, and without spikes: %" PRIu64
		     " of %zu nodes",
		     all->without, all->n);
	if (all->cut > 0)
		warn("rates drawn below 0, which are 0 now: %" PRIu64
		     " of %zu nodes",
		     all->cut, all->n);
	if (all->n > 0 && !has_rate(all))
		die("all rates are 0: no node would spike");
}

/* ---- Text ---- */

/* About as many bytes as stay in the cache, and what a time takes at most. */
enum { BLOCK = 64 * 1024, TIME_ROOM = 40 };

/* Cells from next on, and the rows of those before it, or of a part of that
 * which has begun. */
struct stretch {
	struct team_span cells;
	char *text;
	size_t n, cap;
	uint64_t spikes;
	bool begun;
	struct renewal_train train;
	struct profile own;
	struct profile_segment segment;
	char *tail; /* what follows the time in each row of the cell */
	size_t ntail, mtail;
};

struct stretches {
	const struct driven *of;
	struct stretch *block;
	size_t next, end; /* cells that no block has yet */
	uint64_t spikes;
};

static bool
is_silent(const struct cell *c)
{
	return c->row == NO_ROW && c->rate_Hz == 0;
}

static void
begin_cell(const struct driven *all, struct stretch *b)
{
	const struct cell *c = &all->cell[b->cells.next];
	const char *middle = all->middle[c->population];
	const struct profile *p = &b->own;

	b->own = (struct profile){.from = from, .to = to};
	if (c->row != NO_ROW)
		p = &all->rates->row[c->row].profile;
	else
		profile_constant(&b->own, &b->segment, c->rate_Hz, refractory);
	b->ntail = strlen(middle);
	b->tail = grow(b->tail, &b->mtail, b->ntail + 32, 1);
	memcpy(b->tail, middle, b->ntail);
	b->ntail = (size_t)(digits_int(b->tail + b->ntail, c->id) - b->tail);
	b->tail[b->ntail++] = '\n';
	renewal_begin(&b->train, &all->process, p,
		      random_stream(all->stream[c->population], c->id,
				    (uint64_t)stream));
	b->begun = true;
}

/* A time in nanoseconds as one in milliseconds, without zeros at its end: the
 * digits of both parts take a third of out_num()'s time. */
static char *
put_time(char *s, int64_t ns)
{
	uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
	uint64_t part = size % 1000000;

	if (ns < 0)
		*s++ = '-';
	s = digits_unsigned(s, size / 1000000);
	if (part == 0)
		return s;
	*s++ = '.';
	s = digits_four(s, part / 100);
	digits_four(s, part % 100 * 100);
	s += 2;
	while (s[-1] == '0')
		s--;
	return s;
}

static bool
has_room(const struct stretch *b)
{
	return b->n + TIME_ROOM + b->ntail <= b->cap;
}

/* Writes the rest of a cell; false if there was no room for all of it. */
static bool
go_on(struct stretch *b)
{
	while (has_room(b)) {
		char *s = b->text + b->n;

		if (!renewal_next(&b->train)) {
			b->begun = false;
			b->cells.next++;
			return true;
		}
		s = put_time(s, b->train.time_ns);
		memcpy(s, b->tail, b->ntail);
		b->n = (size_t)(s - b->text) + b->ntail;
		b->spikes++;
	}
	return false;
}

static void
make_block(void *arg, size_t slot)
{
	const struct stretches *all = arg;
	struct stretch *b = &all->block[slot];

	b->n = 0;
	b->spikes = 0;
	while (b->cells.next < b->cells.end) {
		if (is_silent(&all->of->cell[b->cells.next])) {
			b->cells.next++;
			continue;
		}
		if (!b->begun)
			begin_cell(all->of, b);
		if (b->n == 0)
			b->text = grow(b->text, &b->cap,
				       BLOCK + TIME_ROOM + b->ntail, 1);
		if (!go_on(b))
			break;
	}
	b->cells.made += b->n;
}

static bool
take_block(void *arg, size_t slot)
{
	struct stretches *all = arg;

	return team_take_span(&all->block[slot].cells, &all->next, all->end,
			      BLOCK);
}

/* The rest of a block that has no room for it is made here, part by part. */
static void
write_block(struct stretches *all, size_t slot)
{
	struct stretch *b = &all->block[slot];

	for (;;) {
		all->spikes += b->spikes;
		progress(all->spikes);
		out_bytes(b->text, b->n);
		if (b->cells.next == b->cells.end)
			return;
		make_block(all, slot);
	}
}

static void
write_spikes(const struct driven *cells)
{
	struct stretches all = {.of = cells};
	size_t slots = jobs > 1 ? 2 * jobs : 1, k;
	uint64_t first, end;
	struct team *t;

	opt_shard(&shard, cells->n, &first, &end);
	all.next = (size_t)first;
	all.end = (size_t)end;
	out_header("timestamps", "population", "node_ids");
	progress_begin("spikes", 0);
	all.block = zeros(slots, sizeof *all.block);
	t = team_start(&(struct team_work){jobs > 1 ? jobs : 0, slots,
					   take_block, make_block, &all});
	while (team_next(t, &k))
		write_block(&all, k);
	team_end(t);
	for (k = 0; k < slots; k++) {
		free(all.block[k].text);
		free(all.block[k].tail);
	}
	free(all.block);
}

static void
free_cells(struct driven *all)
{
	size_t k;

	for (k = 0; k < all->populations; k++) {
		free(all->name[k]);
		free(all->middle[k]);
		free(all->stream[k]);
	}
	free(all->name);
	free(all->middle);
	free(all->stream);
	free(all->cell);
	ratetable_free(all->rates);
	nodes_free(all->nodes);
}

int
main(int argc, char **argv)
{
	struct driven cells = {0};

	argv = start(argc, argv, &tool);
	cells.process = read_options(argv);
	cells.rates = read_rates();
	read_nodes(&cells, argv[0]);
	if (rate > 0 && is_too_fast(rate))
		misuse("--refractory: no process keeps %g ms at --rate %g",
		       refractory, rate);
	settle_rates(&cells);
	write_spikes(&cells);
	free_cells(&cells);
	return WORKED;
}
