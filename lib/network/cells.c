#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network/cells.h"
#include "rows.h"
#include "sonata/reading.h"
#include "util.h"

static const char *by, *by_side[2];

const struct opt cells_group_opts[] = {
	OPT_STR('g', "group", "column", &by,
		"group cells by this column, or name=column,... (pop_name)"),
	OPT_STR(0, "source-group", "column", &by_side[SOURCE],
		"the same for sources only"),
	OPT_STR(0, "target-group", "column", &by_side[TARGET],
		"the same for targets only"),
	OPT_END,
};

static const char *const axis[] = {"x", "y", "z"};

/* What an option says about a population: "layer", or its part of
 * "LA=pop_name,V=layer"; NULL if it says nothing. */
static char *
column_for(const char *option, const char *population)
{
	const char *p = option;
	size_t len = strlen(population);

	if (!p || !strchr(p, '='))
		return p ? copy(p) : NULL;
	for (; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
		if (!strncmp(p, population, len) && p[len] == '=')
			return format("%.*s", (int)strcspn(p + len + 1, ","),
				      p + len + 1);
	return NULL;
}

/* A population in an option that is none of those there are is a slip, or of
 * another network. */
static void
check_option(const struct cells *c, const char *option)
{
	const char *p = option && strchr(option, '=') ? option : NULL;

	for (; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
		char *name = format("%.*s", (int)strcspn(p, "=,"), p);

		if (cells_find(c, name) == NO_LABEL)
			warn("'%s': there is no population '%s' here", option,
			     name);
		free(name);
	}
}

static char *
asked_column(const char *population, enum cells_side side)
{
	char *column = column_for(by_side[side], population);

	return column ? column : column_for(by, population);
}

/* A column of labels as it is read: of the cells of one population. */
struct texts {
	char *column;
	struct labels label;
	uint32_t *of; /* of each cell */
	size_t n, cap;
	bool any; /* is there a value at all? */
};

static void
add_text(struct texts *t, const char *s)
{
	t->of = grow(t->of, &t->cap, t->n + 1, sizeof *t->of);
	t->of[t->n++] = label(&t->label, s);
	t->any = t->any || *s;
}

/* What one population is grouped by, of the columns that could be it. */
enum { ASKED_SOURCE, ASKED_TARGET, POP_NAME, TYPE_ID, CANDIDATES };

/* Is there something better than the type's id for both sides?  Its ids need
 * not be made texts then, which would take as long as all else. */
static bool
is_settled(const struct texts *t)
{
	bool named = t[POP_NAME].any;

	return (t[SOURCE].column ? t[SOURCE].any : named) &&
	       (t[TARGET].column ? t[TARGET].any : named);
}

/* A counting sort, which keeps the order of cells. */
static struct cells_members
list_members(const uint16_t *group, size_t n, size_t groups)
{
	struct cells_members m = {zeros(n, sizeof *m.cell),
				  zeros(groups + 2, sizeof *m.begin)};
	size_t i;

	for (i = 0; i < n; i++)
		m.begin[group[i] + 2]++;
	for (i = 2; i < groups + 2; i++)
		m.begin[i] += m.begin[i - 1];
	for (i = 0; i < n; i++)
		m.cell[m.begin[group[i] + 1]++] = (uint32_t)i;
	return m;
}

static void
set_group(struct cells_population *p, enum cells_side side,
	  const struct texts *t)
{
	size_t i;

	if (t->label.n > UINT16_MAX)
		die("population '%s': more than %u groups", p->name,
		    UINT16_MAX);
	for (i = 0; i < t->label.n; i++)
		label(&p->label[side], t->label.name[i]);
	p->group[side] = zeros(p->n, sizeof *p->group[side]);
	for (i = 0; i < p->n; i++)
		p->group[side][i] = (uint16_t)t->of[i];
	p->member[side] = list_members(p->group[side], p->n, p->label[side].n);
}

/* The column asked for; if there is none, or it is empty, the type's id.  If
 * none was asked for, pop_name goes before that. */
static void
group_cells(struct cells_population *p, const struct texts *t)
{
	static bool said;
	enum cells_side side;

	for (side = SOURCE; side <= TARGET; side++) {
		const struct texts *best = &t[side];

		if (!best->column)
			best = &t[POP_NAME];
		else if (!best->any && p->n > 0 && !said) {
			said = true;
			warn("population '%s' has no '%s': grouped by "
			     "node_type_id",
			     p->name, best->column);
		}
		set_group(p, side, best->any ? best : &t[TYPE_ID]);
	}
}

static void
start_texts(struct texts *t, const char *population)
{
	t[ASKED_SOURCE].column = asked_column(population, SOURCE);
	t[ASKED_TARGET].column = asked_column(population, TARGET);
	t[POP_NAME].column = copy("pop_name");
	t[TYPE_ID].column = copy("node_type_id");
}

static void
end_texts(struct texts *t)
{
	size_t k;

	for (k = 0; k < CANDIDATES; k++) {
		free(t[k].column);
		free(t[k].of);
		labels_free(&t[k].label);
	}
}

static struct cells_population *
new_population(struct cells *c, const char *name)
{
	struct cells_population *p;

	c->population =
		grow(c->population, &c->cap, c->n + 1, sizeof *c->population);
	p = &c->population[c->n++];
	p->name = copy(name);
	return p;
}

/* Columns of a reading that may be missing. */
struct sources {
	size_t text[CANDIDATES], at[3];
};

static struct sources
want_columns(struct reading *r, const struct texts *t, bool positions)
{
	struct sources s;
	size_t k;

	for (k = 0; k < CANDIDATES; k++)
		s.text[k] = t[k].column ? reading_try_want(r, t[k].column)
					: NO_ATTRIBUTE;
	for (k = 0; k < LEN(axis); k++)
		s.at[k] =
			positions ? reading_try_want(r, axis[k]) : NO_ATTRIBUTE;
	return s;
}

static void
take_batch(struct cells_population *p, struct texts *t, const struct reading *r,
	   const struct sources *s)
{
	char room[32];
	size_t i, k;

	for (k = 0; k < CANDIDATES; k++)
		for (i = 0; i < r->n && !(k == TYPE_ID && is_settled(t)); i++)
			add_text(&t[k],
				 s->text[k] == NO_ATTRIBUTE
					 ? ""
					 : reading_text(&r->v[s->text[k]][i],
							room));
	for (k = 0; p->at[0] && k < LEN(axis); k++)
		for (i = 0; i < r->n; i++) {
			double *at = &p->at[k][r->row[i]];

			if (s->at[k] == NO_ATTRIBUTE ||
			    !reading_num(&r->v[s->at[k]][i], at))
				*at = NAN;
		}
}

void
cells_add_population(struct cells *c, const struct sonata_population *nodes,
		     bool positions)
{
	struct cells_population *p = new_population(c, nodes->ref->name);
	struct reading *r = reading_start(nodes, false);
	struct texts t[CANDIDATES] = {{0}};
	struct sources s;
	uint64_t first;
	size_t k, n;

	p->n = (size_t)nodes->n;
	p->ids = sonata_ids(nodes);
	for (k = 0; positions && k < LEN(axis); k++)
		p->at[k] = zeros(p->n, sizeof *p->at[k]);
	start_texts(t, p->name);
	s = want_columns(r, t, positions);
	for (first = 0; first < nodes->n; first += n) {
		n = nodes->n - first < BATCH ? (size_t)(nodes->n - first)
					     : BATCH;
		reading_range(r, first, n);
		take_batch(p, t, r, &s);
	}
	group_cells(p, t);
	end_texts(t);
	reading_end(r);
}

/* A population of a table, while it is read. */
struct growing {
	struct texts text[CANDIDATES];
	int64_t *id;
	size_t n, mid, mat[3];
	double *at[3];
};

struct table {
	struct rows rows;
	size_t id, population, at[3];
	bool positions;
};

static void
open_table(struct table *t, const char *path, bool positions)
{
	size_t k;

	rows_open(&t->rows, path);
	t->id = rows_column(&t->rows, "node_id");
	t->population = rows_find(&t->rows, "population");
	t->positions = positions;
	for (k = 0; k < LEN(axis); k++)
		t->at[k] = rows_find(&t->rows, axis[k]);
}

static void
take_node(struct growing *g, const struct table *t)
{
	const struct rows *r = &t->rows;
	size_t k;

	g->id = grow(g->id, &g->mid, g->n + 1, sizeof *g->id);
	g->id[g->n] = rows_int(r, t->id);
	if (g->id[g->n] < 0)
		rows_bad(r, t->id, "negative");
	for (k = 0; k < CANDIDATES; k++) {
		size_t at = g->text[k].column ? rows_find(r, g->text[k].column)
					      : NO_COLUMN;

		if (k == TYPE_ID && is_settled(g->text))
			break;
		add_text(&g->text[k], at == NO_COLUMN ? "" : r->field[at]);
	}
	for (k = 0; t->positions && k < LEN(axis); k++) {
		bool there = t->at[k] != NO_COLUMN &&
			     !is_missing(r->field[t->at[k]]);

		g->at[k] =
			grow(g->at[k], &g->mat[k], g->n + 1, sizeof *g->at[k]);
		g->at[k][g->n] = there ? rows_num(r, t->at[k]) : NAN;
	}
	g->n++;
}

static void
finish_population(struct cells *c, struct growing *g, const char *name,
		  const char *path)
{
	struct cells_population *p = new_population(c, name);
	size_t k;

	p->n = g->n;
	p->ids = ids_make(g->id, g->n, path);
	for (k = 0; k < LEN(axis); k++)
		p->at[k] = g->at[k];
	group_cells(p, g->text);
	end_texts(g->text);
}

static struct growing *
begin_population(struct growing *g, size_t *cap, struct labels *names,
		 const char *name)
{
	uint32_t i = label(names, name);

	g = grow(g, cap, names->n, sizeof *g);
	start_texts(g[i].text, name);
	return g;
}

void
cells_add_table(struct cells *c, const char *path, bool positions)
{
	struct table t;
	struct labels names = {0};
	struct growing *g = NULL;
	size_t cap = 0, i;

	open_table(&t, path, positions);
	if (t.population == NO_COLUMN)
		g = begin_population(g, &cap, &names, "");
	while (rows_next(&t.rows)) {
		const char *name = t.population == NO_COLUMN
					   ? ""
					   : t.rows.field[t.population];

		if (!g || label_find(&names, name) == NO_LABEL)
			g = begin_population(g, &cap, &names, name);
		take_node(&g[label_find(&names, name)], &t);
	}
	for (i = 0; i < names.n; i++) {
		if (cells_find(c, names.name[i]) != NO_LABEL)
			die("%s: population '%s' is there already", t.rows.path,
			    names.name[i]);
		finish_population(c, &g[i], names.name[i], t.rows.path);
	}
	free(g);
	labels_free(&names);
	rows_close(&t.rows);
}

void
cells_number(struct cells *c)
{
	size_t i;

	check_option(c, by);
	check_option(c, by_side[SOURCE]);
	check_option(c, by_side[TARGET]);
	c->total = 0;
	for (i = 0; i < c->n; i++) {
		c->population[i].first = c->total;
		c->total += c->population[i].n;
	}
}

size_t
cells_find(const struct cells *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (!strcmp(c->population[i].name, name))
			return i;
	return NO_LABEL;
}

uint64_t *
cells_overlap(const struct cells_population *p)
{
	size_t i, width = p->label[TARGET].n;
	uint64_t *n = zeros(p->label[SOURCE].n * width, sizeof *n);

	for (i = 0; i < p->n; i++)
		n[p->group[SOURCE][i] * width + p->group[TARGET][i]]++;
	return n;
}

static void
free_population(struct cells_population *p)
{
	size_t k;

	for (k = 0; k < 2; k++) {
		free(p->group[k]);
		free(p->member[k].cell);
		free(p->member[k].begin);
		labels_free(&p->label[k]);
	}
	for (k = 0; k < LEN(p->at); k++)
		free(p->at[k]);
	ids_free(p->ids);
	free(p->name);
}

void
cells_free(struct cells *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		free_population(&c->population[i]);
	free(c->population);
	*c = (struct cells){0};
}
