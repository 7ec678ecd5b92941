#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "network/netpart.h"
#include "util.h"

static const char *const side_name[] = {"source", "target"};

/* What an array or label of a population is of. */
static const char *
of_population(size_t k, enum cells_side side)
{
	static char text[32];

	snprintf(text, sizeof text, "%zu %s", k, side_name[side]);
	return text;
}

const char *
netpart_of(const struct edges *e, uint32_t pathway)
{
	static char text[32];

	snprintf(text, sizeof text, "%" PRIu32 ">%" PRIu32,
		 e->pathway[pathway].source, e->pathway[pathway].target);
	return text;
}

static bool
find_ends(const struct edges *e, const char *of, uint64_t end[2])
{
	return part_numbers(of, '>', end) && end[0] < e->cells.n &&
	       end[1] < e->cells.n;
}

uint32_t
netpart_pathway(const struct edges *e, const char *of)
{
	uint64_t end[2];

	return find_ends(e, of, end) ? edges_find_pathway(e, (uint32_t)end[0],
							  (uint32_t)end[1])
				     : NO_LABEL;
}

/* ---- Writing ---- */

static uint64_t
checksum(const struct cells_population *p, const uint64_t *id)
{
	uint64_t h = PART_NOTHING, bits;
	size_t i, k;

	for (i = 0; i < p->n; i++) {
		h = part_checksum(h, id[i]);
		h = part_checksum(h, (uint64_t)p->group[SOURCE][i] << 16 |
					     p->group[TARGET][i]);
		for (k = 0; k < LEN(p->at); k++)
			if (p->at[k]) {
				memcpy(&bits, &p->at[k][i], sizeof bits);
				h = part_checksum(h, bits);
			}
	}
	return h;
}

/* Give the ids, which are kept. */
static uint64_t *
say_population(struct edges *e, size_t k)
{
	const struct cells_population *p = &e->cells.population[k];
	uint64_t *id = zeros(p->n, sizeof *id);
	char text[24];
	enum cells_side side;
	size_t i;

	for (i = 0; i < p->n; i++)
		id[i] = (uint64_t)ids_at(p->ids, (uint32_t)i);
	snprintf(text, sizeof text, "%016" PRIx64, checksum(p, id));
	part_say(e->part, (struct part_line){"cells", p->name, .at = p->n,
					     .value = text});
	for (side = SOURCE; side <= TARGET; side++) {
		const char *of = of_population(k, side);

		for (i = 0; i < p->label[side].n; i++)
			part_say(e->part,
				 (struct part_line){
					 "label", .of = of, .at = i,
					 .value = p->label[side].name[i]});
		PART_KEEP(e->part, PART_SAME, "group", of, p->group[side],
			  p->n);
	}
	PART_KEEP(e->part, PART_ROW, "node_id", of_population(k, SOURCE), id,
		  p->n);
	return id;
}

bool
netpart_write(struct edges *e)
{
	uint64_t **id;
	size_t k;

	if (!part_is_wanted())
		return false;
	id = zeros(e->cells.n, sizeof(uint64_t *));
	edges_describe(e);
	for (k = 0; k < e->cells.n; k++)
		id[k] = say_population(e, k);
	for (k = 0; k < e->npathways; k++)
		part_say(e->part,
			 (struct part_line){"pathway",
					    .of = netpart_of(e, (uint32_t)k)});
	part_write(e->part, e->rows);
	for (k = 0; k < e->cells.n; k++)
		free(id[k]);
	free(id);
	return true;
}

/* ---- Reading ---- */

static _Noreturn void
bad_line(const struct part_sums *p, const struct part_record *line)
{
	die("%s: not a part of a network: %s '%s' of '%s'", p->path,
	    line->field[PART_RECORD], line->field[PART_NAME],
	    line->field[PART_OF]);
}

static bool
is_line(const struct part_record *line, const char *record)
{
	return !strcmp(line->field[PART_RECORD], record);
}

static uint64_t
number(const struct part_sums *p, const struct part_record *line, size_t field)
{
	const char *s = line->field[field];
	int64_t v = 0;

	if (*s && (!parse_int(s, &v) || v < 0))
		bad_line(p, line);
	return (uint64_t)v;
}

static void
add_population(struct edges *e, const struct part_record *line)
{
	struct cells *c = &e->cells;
	struct nodes *nodes = c->nodes;
	uint64_t n = number(e->part, line, PART_AT);

	if (n >= UINT32_MAX)
		bad_line(e->part, line);
	nodes->population = grow(nodes->population, &nodes->cap, nodes->n + 1,
				 sizeof *nodes->population);
	nodes->population[nodes->n++] = (struct node_population){
		.name = copy(line->field[PART_NAME]), .n = n};
	c->n++;
}

static void
add_label(struct edges *e, const struct part_record *line)
{
	const char *of = line->field[PART_OF];
	enum cells_side side;
	size_t k;

	for (k = 0; k < e->cells.n; k++)
		for (side = SOURCE; side <= TARGET; side++)
			if (!strcmp(of, of_population(k, side))) {
				label(&e->cells.population[k].label[side],
				      line->field[PART_VALUE]);
				return;
			}
	bad_line(e->part, line);
}

/* Room for the cells, whose number is known, and that is kept. */
static void
make_cells(struct edges *e)
{
	struct cells *c = &e->cells;
	size_t k, i;

	c->nodes = zeros(1, sizeof *c->nodes);
	for (i = 0; i < e->part->nhead; i++)
		if (is_line(&e->part->head[i], "cells"))
			add_population(e, &e->part->head[i]);
		else if (is_line(&e->part->head[i], "synapses"))
			e->synapses = true;
	c->population = zeros(c->n, sizeof *c->population);
	for (i = 0; i < e->part->nhead; i++)
		if (is_line(&e->part->head[i], "label"))
			add_label(e, &e->part->head[i]);
	for (k = 0; k < c->n; k++) {
		struct cells_population *p = &c->population[k];

		p->name = c->nodes->population[k].name;
		p->n = c->nodes->population[k].n;
		p->first = c->total;
		c->total += p->n;
		p->group[SOURCE] = zeros(p->n, sizeof *p->group[SOURCE]);
		p->group[TARGET] = zeros(p->n, sizeof *p->group[TARGET]);
	}
}

/* Read the groups and ids of all cells. */
static void
fill_cells(struct edges *e)
{
	struct cells *c = &e->cells;
	int64_t **id = zeros(c->n, sizeof(int64_t *));
	enum cells_side side;
	size_t k;

	for (k = 0; k < c->n; k++) {
		struct cells_population *p = &c->population[k];

		id[k] = zeros(p->n, sizeof *id[k]);
		for (side = SOURCE; side <= TARGET; side++)
			PART_KEEP(e->part, PART_SAME, "group",
				  of_population(k, side), p->group[side], p->n);
		PART_KEEP(e->part, PART_ROW, "node_id",
			  of_population(k, SOURCE), id[k], p->n);
	}
	part_read_same(e->part);
	for (k = 0; k < c->n; k++) {
		struct cells_population *p = &c->population[k];

		if (!cells_are_grouped(p))
			die("%s: not a part of a network: cells of '%s' are "
			    "in no group",
			    e->part->path, p->name);
		p->ids = c->nodes->population[k].ids =
			ids_make(id[k], p->n, e->part->path);
	}
	free(id);
}

static void
add_pathway(struct edges *e, const struct part_record *line)
{
	uint64_t end[2];

	if (!find_ends(e, line->field[PART_OF], end))
		bad_line(e->part, line);
	edges_add_pathway(e, (uint32_t)end[0], (uint32_t)end[1]);
}

/* All rows are to be in a part. */
static void
check_rows(const struct edges *e)
{
	uint64_t rows = 0;
	size_t i;

	for (i = 0; i < e->part->nhead; i++)
		if (is_line(&e->part->head[i], "edges"))
			rows += number(e->part, &e->part->head[i], PART_VALUE);
	if (rows != e->part->rows)
		die("%s: all parts have %" PRIu64
		    " rows, and the edges %" PRIu64,
		    e->part->path, e->part->rows, rows);
}

bool
netpart_next(struct edges *e)
{
	size_t i;

	if (!part_is_merged())
		return false;
	if (!part_next(e->part)) {
		check_rows(e);
		return false;
	}
	if (!e->cells.nodes) {
		make_cells(e);
		fill_cells(e);
	} else {
		part_read_same(e->part);
	}
	for (i = 0; i < e->part->nhead; i++)
		if (is_line(&e->part->head[i], "pathway"))
			add_pathway(e, &e->part->head[i]);
	return true;
}
