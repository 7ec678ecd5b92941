#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "sonata/cut.h"
#include "sonata/gaps.h"
#include "util.h"

static const char outside[] = "external_";

const struct config_part *
cut_part(const struct sonata_ref *ref)
{
	size_t n;
	const struct config_part *part = config_parts(
		ref->net->config, ref->sort == NODES ? "nodes" : "edges", &n);

	for (; n > 0; n--, part++)
		if (part->file && !strcmp(part->file, ref->path) &&
		    config_part_has(part, ref->name))
			return part;
	return NULL;
}

/* ---- Nodes ---- */

static void
take_models(struct cut_nodes *nodes, const struct sonata_population *p)
{
	struct reading *r = reading_start(p, false);
	size_t k = reading_try_want(r, "model_type"), i;
	uint64_t first;
	char room[32];

	for (first = 0; k != NO_ATTRIBUTE && first < p->n; first += r->n) {
		uint64_t left = p->n - first;

		reading_range(r, first, left < BATCH ? (size_t)left : BATCH);
		for (i = 0; i < r->n; i++) {
			const char *s = reading_text(&r->v[k][i], room);

			if (!strcmp(s, "virtual"))
				nodes->is[first + i] = CUT_VIRTUAL;
			else if (!nodes->type && !is_missing(s))
				nodes->type = copy(s);
		}
	}
	reading_end(r);
}

/* A population is virtual if the config says so, and a node if its model_type
 * does. */
static void
find_virtual(struct cut_nodes *nodes, const struct sonata_population *p)
{
	const struct config_part *part = cut_part(nodes->ref);
	const char *said =
		part ? config_part_type(part, nodes->ref->name) : NULL;
	size_t i;

	if (said && !strcmp(said, "virtual"))
		memset(nodes->is, CUT_VIRTUAL, (size_t)p->n);
	else
		take_models(nodes, p);
	if (said) {
		free(nodes->type);
		nodes->type = copy(said);
	}
	for (i = 0; i < p->n && !nodes->has_virtual; i++)
		nodes->has_virtual = nodes->is[i] & CUT_VIRTUAL;
}

static void
open_nodes(struct cut_nodes *nodes, const struct sonata_ref *ref)
{
	struct sonata_population *p = sonata_open(ref);
	size_t i;

	nodes->ref = ref;
	nodes->name[CUT_WITHIN] = copy(ref->name);
	nodes->name[CUT_OUTSIDE] = format("%s%s", outside, ref->name);
	nodes->ids = sonata_ids(p);
	nodes->is = zeros((size_t)p->n, 1);
	find_virtual(nodes, p);
	for (i = 0; i < p->n; i++)
		if (!nodes->is[i]) {
			nodes->is[i] = CUT_CHOSEN;
			nodes->candidates++;
		}
	sonata_close(p);
}

void
cut_open(struct cut *c)
{
	size_t i;

	c->nnodes = sonata_refs(c->net, NODES);
	c->nodes = zeros(c->nnodes, sizeof *c->nodes);
	for (i = 0; i < c->nnodes; i++)
		open_nodes(&c->nodes[i], &c->net->ref[NODES][i]);
}

/* ---- Edges that are left ---- */

static struct cut_nodes *
find_nodes(const struct cut *c, const struct sonata_population *edges,
	   const char *name)
{
	size_t i;

	for (i = 0; i < c->nnodes; i++)
		if (!strcmp(c->nodes[i].ref->name, name))
			return &c->nodes[i];
	die("%s: %s: no nodes of population '%s'", edges->ref->path,
	    *edges->root ? edges->root : "/", name);
}

void
cut_pass_again(struct cut_pass *x)
{
	ends_seek(&x->ends, 0, x->edges->spans.use ? 0 : x->p->n);
	x->span = 0;
	x->ngaps = 0;
}

/* A gap junction with a node outside would be one with a virtual node, which
 * has no voltage. */
struct cut_pass
cut_pass_start(const struct cut *c, const struct cut_edges *edges,
	       unsigned from)
{
	struct cut_pass x = {.edges = edges, .from = from};
	size_t k;

	x.p = sonata_open(&edges->ref);
	x.end[0] = find_nodes(c, x.p, x.p->source);
	x.end[1] = find_nodes(c, x.p, x.p->target);
	x.ends = ends_start(x.p);
	cut_pass_again(&x);
	if (from == CUT_OUTSIDE) {
		x.gaps = reading_start(x.p, false);
		x.is_gap = reading_try_want(x.gaps, "is_gap_junction");
	}
	x.row = zeros(BATCH, sizeof *x.row);
	for (k = 0; k < 2; k++)
		x.cell[k] = zeros(BATCH, sizeof *x.cell[k]);
	return x;
}

void
cut_pass_end(struct cut_pass *x)
{
	ends_end(&x->ends);
	if (x->gaps)
		reading_end(x->gaps);
	free(x->cell[0]);
	free(x->cell[1]);
	free(x->row);
	sonata_close(x->p);
}

static uint32_t
cell_at(const struct cut_pass *x, size_t end, size_t i)
{
	int64_t id = x->ends.id[end][i];
	uint32_t cell = ids_find(x->end[end]->ids, id);
	unsigned long long row = x->ends.first + i;

	if (cell == NO_CELL)
		die("%s: row %llu: '%s' has no node %lld", x->p->id[end]->path,
		    row, x->end[end]->ref->name, (long long)id);
	return cell;
}

static void
leave_gaps_out(struct cut_pass *x)
{
	size_t i, n = 0;
	bool is;

	if (!x->gaps || x->is_gap == NO_ATTRIBUTE || x->n == 0)
		return;
	reading_rows(x->gaps, x->row, x->n);
	for (i = 0; i < x->n; i++) {
		if (reading_flag(&x->gaps->v[x->is_gap][i], &is) && is) {
			x->ngaps++;
			continue;
		}
		x->row[n] = x->row[i];
		x->cell[0][n] = x->cell[0][i];
		x->cell[1][n++] = x->cell[1][i];
	}
	x->n = n;
}

/* The next rows, of which there may be none; false at the end. */
bool
cut_pass_next(struct cut_pass *x)
{
	const struct edgespans *spans = &x->edges->spans;
	size_t i;

	while (!ends_next(&x->ends)) {
		if (!spans->use || x->span == spans->n)
			return false;
		ends_seek(&x->ends, spans->span[x->span].begin,
			  spans->span[x->span].end);
		x->span++;
	}
	x->n = 0;
	for (i = 0; i < x->ends.n; i++) {
		uint32_t target = cell_at(x, 1, i), source;

		if (!(x->end[1]->is[target] & CUT_CHOSEN))
			continue;
		source = cell_at(x, 0, i);
		if (!(x->end[0]->is[source] & (CUT_CHOSEN | CUT_VIRTUAL)) !=
		    (x->from == CUT_OUTSIDE))
			continue;
		x->row[x->n] = x->ends.first + i;
		x->cell[0][x->n] = source;
		x->cell[1][x->n++] = target;
	}
	leave_gaps_out(x);
	return true;
}

/* Mark the sources that are left because they send to chosen nodes. */
static void
mark_sources(struct cut *c, struct cut_edges *edges)
{
	unsigned from;
	struct cut_pass x;
	size_t i;

	for (from = CUT_WITHIN;
	     from <= (c->keep_outside ? CUT_OUTSIDE : CUT_WITHIN); from++) {
		x = cut_pass_start(c, edges, from);
		while (x.end[1]->chosen > 0 &&
		       (from == CUT_OUTSIDE || x.end[0]->has_virtual) &&
		       cut_pass_next(&x))
			for (i = 0; i < x.n; i++)
				x.end[0]->is[x.cell[0][i]] |= CUT_SENDS;
		c->gaps += x.ngaps;
		cut_pass_end(&x);
	}
}

/* Where the index says that the edges of chosen nodes are. */
static void
use_index(const struct cut *c, struct cut_edges *edges)
{
	struct sonata_population *p = sonata_open(&edges->ref);
	struct cut_nodes *target = find_nodes(c, p, p->target);
	bool *in = zeros(target->ids->n, sizeof *in);
	size_t i;

	for (i = 0; i < target->ids->n; i++)
		in[i] = target->is[i] & CUT_CHOSEN;
	edges->spans = edgespans_find(p, target->ids, in);
	free(in);
	sonata_close(p);
}

static void
add_edges(struct cut *c, struct sonata_ref ref, bool is_gaps)
{
	struct cut_edges *edges;

	c->edges = grow(c->edges, &c->medges, c->nedges + 1, sizeof *c->edges);
	edges = &c->edges[c->nedges++];
	*edges = (struct cut_edges){.ref = ref, .is_gaps = is_gaps};
	edges->name[CUT_WITHIN] = copy(ref.name);
	edges->name[CUT_OUTSIDE] = format("%s%s", outside, ref.name);
}

/* The files of gap junctions stand for themselves here, whether edges repeat
 * them or not. */
void
cut_find_edges(struct cut *c)
{
	size_t n, k, i, edges = sonata_refs(c->net, EDGES);
	const struct config_part *gaps =
		config_parts(c->net->config, "gap_juncs", &n);

	for (i = 0; i < edges; i++) {
		const struct sonata_ref *ref = &c->net->ref[EDGES][i];

		for (k = 0; k < n; k++)
			if (gaps[k].file && !strcmp(gaps[k].file, ref->path))
				break;
		if (k == n)
			add_edges(c, *ref, false);
	}
	for (k = 0; k < n; k++)
		if (gaps[k].file && !files_fault(gaps[k].file))
			add_edges(c,
				  (struct sonata_ref){
					  .sort = EDGES,
					  .name = gaps_name(gaps[k].file),
					  .path = gaps[k].file,
					  .types = gaps[k].types,
					  .electrical = true,
					  .net = c->net},
				  true);
	for (i = 0; i < c->nedges; i++) {
		use_index(c, &c->edges[i]);
		mark_sources(c, &c->edges[i]);
	}
	if (c->gaps > 0)
		warn("gap junctions with nodes outside are left out, as "
		     "virtual "
		     "nodes have none: %llu",
		     (unsigned long long)c->gaps);
}

/* ---- New ids ---- */

/* Which of the new populations a node is in, if it is in one. */
static bool
is_left(const struct cut_nodes *nodes, size_t i, unsigned side)
{
	unsigned is = nodes->is[i];

	if (side == CUT_WITHIN)
		return is & CUT_CHOSEN || (is & CUT_VIRTUAL && is & CUT_SENDS);
	return is == CUT_SENDS;
}

static void
number_side(struct cut *c, struct cut_nodes *nodes, unsigned side)
{
	size_t i, n = nodes->ids->n;
	uint32_t *new = zeros(n, sizeof *new);

	for (i = 0; i < n; i++)
		new[i] = is_left(nodes, i, side) ? (uint32_t)nodes->n[side]++
						 : NO_CELL;
	nodes->new_id[side] = new;
	if (nodes->n[side] == 0)
		return;
	c->map.population = grow(c->map.population, &c->map.cap, c->map.n + 1,
				 sizeof *c->map.population);
	c->map.population[c->map.n++] = (struct idmap_population){
		.name = nodes->name[side],
		.from = nodes->ref->name,
		.ids = nodes->ids,
		.new_id = new,
		.n = nodes->n[side],
		.is_virtual = nodes->chosen == 0 || side == CUT_OUTSIDE,
	};
}

/* Names of what was outside must be free. */
void
cut_number(struct cut *c)
{
	size_t i, k;

	for (i = 0; i < c->nnodes; i++)
		number_side(c, &c->nodes[i], CUT_WITHIN);
	for (i = 0; c->keep_outside && i < c->nnodes; i++) {
		number_side(c, &c->nodes[i], CUT_OUTSIDE);
		for (k = 0; c->nodes[i].n[CUT_OUTSIDE] > 0 && k < c->nnodes;
		     k++)
			if (!strcmp(c->nodes[k].ref->name,
				    c->nodes[i].name[CUT_OUTSIDE]))
				die("%s: --keep-outside: there is a population "
				    "'%s' already",
				    c->net->path, c->nodes[k].ref->name);
	}
}

void
cut_free(struct cut *c)
{
	size_t i, k;

	for (i = 0; i < c->nnodes; i++) {
		for (k = 0; k < 2; k++) {
			free(c->nodes[i].new_id[k]);
			free(c->nodes[i].name[k]);
		}
		ids_free(c->nodes[i].ids);
		free(c->nodes[i].is);
		free(c->nodes[i].type);
	}
	for (i = 0; i < c->nedges; i++) {
		for (k = 0; k < 2; k++)
			free(c->edges[i].name[k]);
		if (c->edges[i].is_gaps)
			free(c->edges[i].ref.name);
		edgespans_free(&c->edges[i].spans);
	}
	free(c->nodes);
	free(c->edges);
	free(c->map.population);
}
