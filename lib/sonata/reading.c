#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "sonata/reading.h"
#include "util.h"

/* Where an attribute comes from. */
enum origin {
	NOWHERE,
	FROM_ROW,     /* its number */
	FROM_ROOT,    /* a dataset of the population itself */
	FROM_TEXT,    /* the same for all rows */
	FROM_NOTHING, /* there could be a dataset, but it is left out */
	FROM_ZERO,    /* the same, with this value where it is left out */
	FROM_TRUE,
	FROM_TYPES, /* the type CSV alone */
	FROM_GROUPS /* or the type CSV */
};

enum { TYPE_ID, GROUP_ID, GROUP_INDEX }; /* an unpacker each */

struct reading_wanted {
	enum origin from;
	const struct hdf_column *root;
	const char *text;
	struct hdf_column **group; /* by number of the group, where it has it */
	size_t property;           /* in the type CSV, or NO_TYPE */
	struct hdf_value *of_type; /* its values there, and a missing one */
	double *num_of_type;
	bool *no_num;     /* is that of a type not a number? */
	size_t held;      /* so many rows still have the value */
	uint32_t of_held; /* of this type */
};

struct reading *
reading_start(const struct sonata_population *p, bool raw)
{
	struct reading *r = zeros(1, sizeof *r);

	r->p = p;
	r->raw = raw;
	r->begin = zeros(p->ngroups + 2, sizeof *r->begin);
	return r;
}

/* Find a dataset of the population, or what its absence means. */
static struct reading_wanted
root_or(const struct hdf_column *root, enum origin without)
{
	return (struct reading_wanted){.from = root ? FROM_ROOT : without,
				       .root = root};
}

static struct reading_wanted
node_column(const struct sonata_population *p, const char *name)
{
	if (!strcmp(name, "node_id"))
		return root_or(p->id[0], FROM_ROW);
	if (!strcmp(name, "node_type_id"))
		return root_or(p->type_id, FROM_NOTHING);
	if (!strcmp(name, "node_group_id"))
		return root_or(p->group_id, FROM_ZERO);
	if (!strcmp(name, "node_group_index"))
		return root_or(p->group_index, FROM_ROW);
	return (struct reading_wanted){.from = NOWHERE};
}

static struct reading_wanted
edge_column(const struct sonata_population *p, const char *name)
{
	if (!strcmp(name, "edge_id"))
		return (struct reading_wanted){.from = FROM_ROW};
	if (!strcmp(name, "source_node_id"))
		return root_or(p->id[0], FROM_NOTHING);
	if (!strcmp(name, "target_node_id"))
		return root_or(p->id[1], FROM_NOTHING);
	if (!strcmp(name, "edge_type_id"))
		return root_or(p->type_id, FROM_NOTHING);
	if (!strcmp(name, "edge_group_id"))
		return root_or(p->group_id, FROM_ZERO);
	if (!strcmp(name, "edge_group_index"))
		return root_or(p->group_index, FROM_ROW);
	if (!strcmp(name, "source_population"))
		return (struct reading_wanted){.from = FROM_TEXT,
					       .text = p->source};
	if (!strcmp(name, "target_population"))
		return (struct reading_wanted){.from = FROM_TEXT,
					       .text = p->target};
	if (!strcmp(name, "is_gap_junction") && p->ref->electrical)
		return (struct reading_wanted){.from = FROM_TRUE};
	if (!*p->root && !strcmp(name, "src_gap_ids"))
		return root_or(p->old_gap_id[0], FROM_NOTHING);
	if (!*p->root && !strcmp(name, "trg_gap_ids"))
		return root_or(p->old_gap_id[1], FROM_NOTHING);
	return (struct reading_wanted){.from = NOWHERE};
}

/* The values of a column of the type CSV.  Most numbers of edges are there, and
 * to parse one for each edge took longer than to read it. */
static void
take_property(const struct types *t, struct reading_wanted *w)
{
	size_t n = t->ntypes + 1, i;

	w->of_type = zeros(n, sizeof *w->of_type);
	w->num_of_type = zeros(n, sizeof *w->num_of_type);
	w->no_num = zeros(n, sizeof *w->no_num);
	for (i = 0; i < n; i++) {
		const char *s = i < t->ntypes ? t->value[i][w->property] : NULL;

		w->of_type[i].kind = s ? V_TEXT : V_MISSING;
		w->of_type[i].as.s = s;
		w->no_num[i] = !reading_num(&w->of_type[i], &w->num_of_type[i]);
	}
}

static struct reading_wanted
group_column(struct reading *r, const char *name)
{
	const struct sonata_population *p = r->p;
	struct reading_wanted w = {.from = FROM_GROUPS};
	bool there = false;
	size_t g;

	w.property = sonata_find_property(p, name);
	w.group = zeros(p->ngroups, sizeof(void *));
	for (g = 0; g < p->ngroups; g++) {
		w.group[g] = sonata_open_attribute(p, p->group[g], name);
		there = there || w.group[g];
	}
	r->grouped = r->grouped || there;
	r->typed = r->typed || w.property != NO_TYPE;
	if (!there) {
		free(w.group);
		w.group = NULL;
		w.from = w.property == NO_TYPE ? NOWHERE : FROM_TYPES;
	}
	if (w.property != NO_TYPE)
		take_property(p->types, &w);
	return w;
}

size_t
reading_try_want(struct reading *r, const char *name)
{
	struct reading_wanted w = {.from = FROM_TEXT, .text = r->p->ref->name};

	if (strcmp(name, "population") != 0)
		w = r->p->ref->sort == NODES ? node_column(r->p, name)
					     : edge_column(r->p, name);
	if (w.from == NOWHERE)
		w = group_column(r, name);
	if (w.from == NOWHERE)
		return NO_ATTRIBUTE;
	r->wanted =
		grow(r->wanted, &r->mwanted, r->nwanted + 1, sizeof *r->wanted);
	r->v = grow(r->v, &r->mv, r->nwanted + 1, sizeof(struct hdf_value *));
	r->wanted[r->nwanted] = w;
	r->v[r->nwanted] = r->room ? zeros(r->room, sizeof **r->v) : NULL;
	return r->nwanted++;
}

size_t
reading_want(struct reading *r, const char *name)
{
	size_t k = reading_try_want(r, name), i;
	char *there = NULL;

	if (k != NO_ATTRIBUTE)
		return k;
	for (i = 0; i < r->p->nattributes; i++)
		there = join(there, r->p->attribute[i]);
	die("%s: %s: no column '%s': besides ids, types and groups there are "
	    "%s",
	    r->p->ref->path, r->p->root, name, there ? there : "none");
}

static void
add_kind(struct reading_kinds *has, const struct hdf_column *c)
{
	bool text = c->kind == C_TEXT || c->name;

	has->texts = has->texts || text;
	has->numbers = has->numbers || !text;
	has->reals = has->reals || c->kind == C_REAL;
}

/* The numbers of a CSV are texts, which is not what they mean. */
static void
add_property_kinds(struct reading_kinds *has, const struct types *t, size_t k)
{
	double num;
	size_t i;

	for (i = 0; k != NO_TYPE && i < t->ntypes; i++) {
		bool text = t->value[i][k] && !parse_num(t->value[i][k], &num);

		has->texts = has->texts || text;
		has->reals = has->reals || (t->value[i][k] && !text);
	}
	has->numbers = has->numbers || has->reals;
}

struct reading_kinds
reading_kinds(const struct reading *r, size_t k)
{
	const struct reading_wanted *w = &r->wanted[k];
	struct reading_kinds has = {.texts = w->from == FROM_TEXT ||
					     w->from == FROM_TRUE};
	size_t g;

	has.numbers = w->from == FROM_ROW || w->from == FROM_ZERO;
	if (w->from == FROM_ROOT)
		add_kind(&has, w->root);
	for (g = 0; w->from == FROM_GROUPS && g < r->p->ngroups; g++)
		if (w->group[g])
			add_kind(&has, w->group[g]);
	if (w->from == FROM_GROUPS || w->from == FROM_TYPES)
		add_property_kinds(&has, r->p->types, w->property);
	return has;
}

static void
make_room(struct reading *r, size_t n)
{
	size_t k;

	if (n <= r->room)
		return;
	free(r->row);
	free(r->type);
	free(r->index);
	free(r->order);
	free(r->id);
	r->id = zeros(n, sizeof *r->id);
	r->row = zeros(n, sizeof *r->row);
	r->type = zeros(n, sizeof *r->type);
	r->index = zeros(n, sizeof *r->index);
	r->order = zeros(n, sizeof *r->order);
	for (k = 0; k < r->nwanted; k++) {
		free(r->v[k]);
		r->v[k] = zeros(n, sizeof **r->v);
		r->wanted[k].held = 0;
	}
	r->room = n;
}

/* A column of ids for the rows of the batch. */
static void
read_root(struct reading *r, const struct hdf_column *c, struct hdfchunk *u,
	  int64_t *id)
{
	struct hdf_value *v;
	size_t i;

	if (c->kind == C_INT && r->in_order) {
		hdfchunk_ids(c, r->row[0], r->n, id, u);
		hdf_column_check(c, r->row[0], r->n, id);
		return;
	}
	v = zeros(r->n, sizeof *v);
	hdf_column_values(c, r->row, r->n, v, &r->arena);
	for (i = 0; i < r->n; i++)
		if (!reading_int(&v[i], &id[i]))
			die("%s: row %llu: not an integer", c->path,
			    (unsigned long long)r->row[i]);
	free(v);
}

/* A table of the types by id, unless it would be much longer than they are: to
 * look for each id among 100 takes 10 ns. */
static void
spread_types(struct reading *r)
{
	const struct types *t = r->p->types;
	size_t i, n = t->ntypes;

	if (r->place || n == 0 ||
	    (uint64_t)t->id[n - 1] - (uint64_t)t->id[0] >= 8 * n + 1024)
		return;
	r->places = (size_t)(t->id[n - 1] - t->id[0]) + 1;
	r->place = zeros(r->places, sizeof *r->place);
	for (i = 0; i < r->places; i++)
		r->place[i] = (uint32_t)n;
	for (i = 0; i < n; i++)
		r->place[t->id[i] - t->id[0]] = (uint32_t)i;
}

static uint32_t
find_type(const struct reading *r, int64_t id)
{
	const struct types *t = r->p->types;
	uint64_t off;
	size_t k;

	if (r->place) {
		off = (uint64_t)id - (uint64_t)t->id[0];
		return off < r->places ? r->place[off] : (uint32_t)t->ntypes;
	}
	k = type_find(t, id);
	return (uint32_t)(k == NO_TYPE ? t->ntypes : k);
}

/* The type of the rows from row i on that have its id. */
static uint32_t
learn_type(struct reading *r, size_t i)
{
	const struct types *t = r->p->types;
	uint32_t none = (uint32_t)t->ntypes;
	uint32_t type = r->p->type_id ? find_type(r, r->id[i]) : none;

	if (type == none && r->id[i] >= 0 && !r->warned) {
		warn("%s: no type %lld, which %s has", t->path,
		     (long long)r->id[i], r->p->ref->path);
		r->warned = true;
	}
	return type;
}

/* Most batches are of one type. */
static void
find_types(struct reading *r)
{
	int64_t *id = r->id, differ = 0;
	size_t i;

	spread_types(r);
	if (r->p->type_id)
		read_root(r, r->p->type_id, &r->unpacker[TYPE_ID], id);
	else
		memset(id, 0, r->n * sizeof *id);
	for (i = 0; i < r->n; i++)
		differ |= id[i] ^ id[0];
	r->same = differ == 0;
	r->type[0] = learn_type(r, 0);
	for (i = 1; r->same && i < r->n; i++)
		r->type[i] = r->type[0];
	for (; i < r->n; i++)
		r->type[i] =
			id[i] == id[i - 1] ? r->type[i - 1] : learn_type(r, i);
}

/* Which of the population's groups has this number. */
static uint32_t
group_place(const struct reading *r, int64_t number, size_t i)
{
	uint32_t g;

	for (g = 0; g < r->p->ngroups; g++)
		if (r->p->group[g] == number)
			return g;
	die("%s: %s: row %llu: there is no group %lld", r->p->ref->path,
	    r->p->root, (unsigned long long)r->row[i], (long long)number);
}

static void
find_indices(struct reading *r)
{
	int64_t *index = (int64_t *)r->index;
	size_t i;

	if (!r->p->group_index) {
		memcpy(index, r->row, r->n * sizeof *index);
		return;
	}
	read_root(r, r->p->group_index, &r->unpacker[GROUP_INDEX], index);
	for (i = 0; i < r->n; i++)
		if (index[i] < 0)
			die("%s: row %llu: negative: '%lld'",
			    r->p->group_index->path,
			    (unsigned long long)r->row[i], (long long)index[i]);
}

/* Sort the rows of the batch by group, keeping their order. */
static void
find_groups(struct reading *r)
{
	int64_t *id = r->id;
	uint32_t *group = zeros(r->n, sizeof *group);
	size_t i, g, n = r->p->ngroups;

	if (!r->p->group_id)
		memset(id, 0, r->n * sizeof *id);
	else
		read_root(r, r->p->group_id, &r->unpacker[GROUP_ID], id);
	memset(r->begin, 0, (n + 2) * sizeof *r->begin);
	for (i = 0; i < r->n; i++) {
		group[i] = i > 0 && id[i] == id[i - 1]
				   ? group[i - 1]
				   : group_place(r, id[i], i);
		r->begin[group[i] + 2]++;
	}
	for (g = 2; g < n + 2; g++)
		r->begin[g] += r->begin[g - 1];
	for (i = 0; i < r->n; i++)
		r->order[r->begin[group[i] + 1]++] = (uint32_t)i;
	free(group);
	find_indices(r);
}

/* Values at these rows of a group. */
static void
read_column(struct reading *r, const struct hdf_column *c, const uint64_t *row,
	    size_t n, struct hdf_value *v)
{
	hdf_column_values(c, row, n, v, &r->arena);
	if (!r->raw)
		hdf_column_names(c, row, n, v);
}

/* Ends the tool if an index is past the end of a group's dataset.  Most
 * often all rows are of one group, and are looked through at once. */
static void
check_index(const struct reading *r, const struct hdf_column *c, size_t first,
	    size_t n)
{
	uint64_t greatest = 0;
	size_t i, at;

	for (i = 0; r->p->group_index && n == r->n && i < n; i++)
		greatest = r->index[i] > greatest ? r->index[i] : greatest;
	if (!r->p->group_index || (n == r->n && greatest < c->n))
		return;
	for (i = first; i < first + n; i++) {
		at = r->order[i];
		if (r->index[at] >= c->n)
			die("%s: row %llu: past the end of %s, which has %llu "
			    "rows: '%llu'",
			    r->p->group_index->path,
			    (unsigned long long)r->row[at],
			    c->path + strlen(r->p->ref->path) + 2,
			    (unsigned long long)c->n,
			    (unsigned long long)r->index[at]);
	}
}

/* Values of one group's rows, from its dataset. */
static void
read_group(struct reading *r, const struct hdf_column *c, size_t g,
	   struct hdf_value *v)
{
	size_t first = r->begin[g], n = r->begin[g + 1] - first, i;
	uint64_t *index;
	struct hdf_value *part;

	check_index(r, c, first, n);
	if (n == r->n) {
		read_column(r, c, r->index, n, v);
		return;
	}
	index = zeros(n, sizeof *index);
	part = zeros(n, sizeof *part);
	for (i = 0; i < n; i++)
		index[i] = r->index[r->order[first + i]];
	read_column(r, c, index, n, part);
	for (i = 0; i < n; i++)
		v[r->order[first + i]] = part[i];
	free(part);
	free(index);
}

static void
fill_with(struct reading *r, struct hdf_value one, struct hdf_value *v)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		v[i] = one;
}

/* Values by the types of rows. */
static void
read_properties(struct reading *r, const struct reading_wanted *w,
		struct hdf_value *v)
{
	size_t i;

	if (w->property == NO_TYPE)
		fill_with(r, (struct hdf_value){V_MISSING, {.i = 0}}, v);
	else
		for (i = 0; i < r->n; i++)
			v[i] = w->of_type[r->type[i]];
}

/* The same where no group has the attribute: most batches are of the type that
 * the last one was of, and need no work at all. */
static void
read_typed(struct reading *r, struct reading_wanted *w, struct hdf_value *v)
{
	if (r->same && w->held >= r->n && w->of_held == r->type[0])
		return;
	read_properties(r, w, v);
	w->held = r->same ? r->n : 0;
	w->of_held = r->type[0];
}

/* Has the only group the attribute?  Then no row has that of its type. */
static bool
is_covered(const struct reading *r, const struct reading_wanted *w)
{
	return r->p->ngroups == 1 && w->group[0];
}

static void
read_one(struct reading *r, struct reading_wanted *w, struct hdf_value *v)
{
	size_t i, g;

	switch (w->from) {
	case FROM_ROW:
		for (i = 0; i < r->n; i++)
			v[i] = (struct hdf_value){V_INT,
						  {.i = (int64_t)r->row[i]}};
		break;
	case FROM_ROOT:
		hdf_column_values(w->root, r->row, r->n, v, &r->arena);
		break;
	case FROM_TEXT:
		fill_with(r, (struct hdf_value){V_TEXT, {.s = w->text}}, v);
		break;
	case FROM_TRUE:
		fill_with(r, (struct hdf_value){V_TEXT, {.s = "true"}}, v);
		break;
	case FROM_ZERO:
		fill_with(r, (struct hdf_value){V_INT, {.i = 0}}, v);
		break;
	case FROM_TYPES:
		read_typed(r, w, v);
		break;
	case FROM_GROUPS:
		if (!is_covered(r, w))
			read_properties(r, w, v);
		for (g = 0; g < r->p->ngroups; g++)
			if (w->group[g])
				read_group(r, w->group[g], g, v);
		break;
	case FROM_NOTHING:
	case NOWHERE:
		fill_with(r, (struct hdf_value){V_MISSING, {.i = 0}}, v);
		break;
	}
}

static void
read_wanted(struct reading *r)
{
	size_t k;

	hdf_arena_reset(&r->arena);
	if (r->n == 0)
		return;
	if (r->typed)
		find_types(r);
	if (r->grouped)
		find_groups(r);
	for (k = 0; k < r->nwanted; k++)
		read_one(r, &r->wanted[k], r->v[k]);
}

void
reading_range(struct reading *r, uint64_t first, size_t n)
{
	size_t i;

	make_room(r, n);
	r->n = n;
	r->in_order = true;
	for (i = 0; i < n; i++)
		r->row[i] = first + i;
	read_wanted(r);
}

void
reading_rows(struct reading *r, const uint64_t *row, size_t n)
{
	size_t i;

	make_room(r, n);
	r->n = n;
	if (n == 0)
		return;
	memcpy(r->row, row, n * sizeof *row);
	for (i = 1; i < n && row[i] == row[0] + i; i++)
		;
	r->in_order = i == n;
	read_wanted(r);
}

void
reading_end(struct reading *r)
{
	size_t k, g;

	for (k = 0; k < r->nwanted; k++) {
		for (g = 0; r->wanted[k].group && g < r->p->ngroups; g++)
			hdf_column_close(r->wanted[k].group[g]);
		free(r->wanted[k].group);
		free(r->wanted[k].of_type);
		free(r->wanted[k].num_of_type);
		free(r->wanted[k].no_num);
		free(r->v[k]);
	}
	for (k = 0; k < LEN(r->unpacker); k++)
		hdfchunk_free(&r->unpacker[k]);
	free(r->place);
	free(r->id);
	free(r->v);
	free(r->wanted);
	free(r->row);
	free(r->type);
	free(r->index);
	free(r->order);
	free(r->begin);
	hdf_arena_free(&r->arena);
	free(r);
}

size_t
reading_types(const struct reading *r, size_t k)
{
	return r->wanted[k].from == FROM_TYPES ? r->p->types->ntypes + 1 : 0;
}

/* "" where there is none. */
const char *
reading_type_text(const struct reading *r, size_t k, size_t type)
{
	const struct hdf_value *v = &r->wanted[k].of_type[type];

	return v->kind == V_MISSING ? "" : v->as.s;
}

/* The same for an attribute of types. */
static size_t
typed_nums(const struct reading *r, const struct reading_wanted *w, double *num)
{
	double first = w->num_of_type[r->type[0]];
	size_t i;

	if (r->same && w->no_num[r->type[0]])
		return 0;
	for (i = 0; r->same && i < r->n; i++)
		num[i] = first;
	for (; i < r->n && !w->no_num[r->type[i]]; i++)
		num[i] = w->num_of_type[r->type[i]];
	return i;
}

size_t
reading_nums(const struct reading *r, size_t k, double *num)
{
	const struct reading_wanted *w = &r->wanted[k];
	size_t i;

	if (w->from == FROM_TYPES && r->n > 0)
		return typed_nums(r, w, num);
	for (i = 0; i < r->n; i++)
		if (!reading_num(&r->v[k][i], &num[i]))
			break;
	return i;
}

bool
reading_missing(const struct hdf_value *v)
{
	return v->kind == V_MISSING || (v->kind == V_REAL && isnan(v->as.r)) ||
	       (v->kind == V_TEXT && is_missing(v->as.s));
}

bool
reading_num(const struct hdf_value *v, double *num)
{
	switch (v->kind) {
	case V_MISSING:
		*num = NAN;
		return true;
	case V_INT:
		*num = (double)v->as.i;
		return true;
	case V_REAL:
		*num = v->as.r;
		return true;
	case V_TEXT:
		break;
	}
	return parse_num(v->as.s, num);
}

bool
reading_int(const struct hdf_value *v, int64_t *i)
{
	if (v->kind == V_INT)
		*i = v->as.i;
	else if (v->kind == V_REAL && fabs(v->as.r) < 9e15 &&
		 v->as.r == floor(v->as.r))
		*i = (int64_t)v->as.r;
	else
		return v->kind == V_TEXT && parse_int(v->as.s, i);
	return true;
}

bool
reading_flag(const struct hdf_value *v, bool *flag)
{
	if (v->kind == V_TEXT)
		return parse_flag(v->as.s, flag);
	*flag = v->kind == V_INT
			? v->as.i != 0
			: v->kind == V_REAL && v->as.r != 0 && !isnan(v->as.r);
	return true;
}

const char *
reading_text(const struct hdf_value *v, char *room32)
{
	switch (v->kind) {
	case V_MISSING:
		return "";
	case V_INT:
		snprintf(room32, 32, "%lld", (long long)v->as.i);
		return room32;
	case V_REAL:
		out_num_text(v->as.r, room32);
		return room32;
	case V_TEXT:
		break;
	}
	return v->as.s;
}

void
reading_out(const struct hdf_value *v)
{
	switch (v->kind) {
	case V_MISSING:
		out_missing();
		break;
	case V_INT:
		out_int(v->as.i);
		break;
	case V_REAL:
		out_num(v->as.r);
		break;
	case V_TEXT:
		out_text(v->as.s);
		break;
	}
}
