#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "sonata/elements.h"
#include "sonata/property.h"
#include "sonata/sonata.h"
#include "util.h"

/* How many numbers of a column are kept as they are written, in case that texts
 * come after them. */
#define MAX_SPELT ((uint32_t)1 << 16)

static bool
has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ')
			return true;
	return false;
}

const char *
elements_stored_name(const struct elements *e, const char *name)
{
	return sonata_stored_name(*e->name == 'n' ? NODES : EDGES, name);
}

/* A property becomes the name of a dataset. */
static void
add_property(struct elements *e, const struct rows *r, const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || strchr(name, '/') || !strcmp(name, ".") ||
	    name[len - 1] == '.' || has_control(name) ||
	    !strcmp(name, "@library"))
		die("%s: '%s' cannot be the name of a property", r->path, name);
	if (!strcmp(name, "positions"))
		die("%s: 'positions' cannot be the name of an attribute, where "
		    "it is a matrix of x, y and z",
		    r->path);
	label(&e->property, name);
}

static void
add_column(struct elements *e, const struct rows *r, const char *name)
{
	if (property_is_one_of(name, e->reserved))
		return;
	if (property_is_one_of(name, e->shadowed))
		e->left_out = join(e->left_out, name);
	else
		add_property(e, r, name);
}

static void
add_header(struct elements *e, const struct rows *r)
{
	size_t i;

	rows_check_names(r);
	for (i = 0; i < r->n; i++)
		add_column(e, r, r->name[i]);
	if (e->left_out)
		warn("%s: left out, because %ss get them anew: %s", r->path,
		     e->name, e->left_out);
	free(e->left_out);
	e->left_out = NULL;
}

static size_t *
find_columns(const struct rows *r, const struct labels *names)
{
	size_t i, *column = zeros(names->n, sizeof *column);
	uint32_t name;

	for (i = 0; i < names->n; i++)
		column[i] = NO_COLUMN;
	for (i = 0; i < r->n; i++)
		if ((name = label_find(names, r->name[i])) != NO_LABEL)
			column[name] = i;
	return column;
}

static void
check_type_ids(const struct elements *e)
{
	size_t i;

	for (i = 0; i < e->ntables; i++)
		if (e->gives_ids && e->table[i].type_id == NO_COLUMN)
			die("%s: no column '%s_type_id', which other tables "
			    "have",
			    e->table[i].rows.path, e->name);
}

static bool
is_property(const struct elements *e, const char *name)
{
	return label_find(&e->property, name) != NO_LABEL;
}

static void
check_axes(const struct elements *e)
{
	size_t k;

	for (k = 0; k < LEN(property_axis); k++) {
		const char *const *name = property_axis[k];

		if (is_property(e, name[0]) && is_property(e, name[1]))
			die("columns '%s' and '%s' of %s tables are the same "
			    "attribute",
			    name[0], name[1], e->name);
	}
}

static void
read_wanted(struct elements *e)
{
	const char *names = e->wanted, *end;

	for (; names && *names; names = end + (*end == ',')) {
		end = strchrnul(names, ',');
		label_bytes(&e->want, names, (size_t)(end - names));
	}
}

static bool
is_wanted(const struct elements *e, size_t i)
{
	return label_find(&e->want, e->property.name[i]) != NO_LABEL;
}

/* What is to make types is of texts. */
static void
sort_properties(struct elements *e)
{
	size_t i;

	e->gap = label_find(&e->property, "is_gap_junction");
	e->sort = zeros(e->property.n, 1);
	for (i = 0; i < e->property.n; i++) {
		e->sort[i] = (unsigned char)property_sort(e->property.name[i]);
		if (is_wanted(e, i) && e->sort[i] != PROPERTY_FLAG)
			e->sort[i] = PROPERTY_WORD;
	}
}

void
elements_open_tables(struct elements *e, const char *const *path, size_t n)
{
	char *type_id = format("%s_type_id", e->name);
	size_t i;

	read_wanted(e);
	e->table = zeros(n, sizeof *e->table);
	e->ntables = n;
	for (i = 0; i < n; i++) {
		rows_open(&e->table[i].rows, path[i]);
		add_header(e, &e->table[i].rows);
	}
	for (i = 0; i < n; i++) {
		struct element_table *t = &e->table[i];

		t->type_id = rows_find(&t->rows, type_id);
		e->gives_ids = e->gives_ids || t->type_id != NO_COLUMN;
		t->column = find_columns(&t->rows, &e->property);
	}
	check_type_ids(e);
	check_axes(e);
	free(type_id);
	sort_properties(e);
	e->size = e->property.n * (sizeof(union element_value) + 1) +
		  (e->gives_ids ? sizeof(int64_t) : 0);
	e->record = zeros(e->size, 1);
}

void
elements_check_wanted(const struct elements *e, const char *option)
{
	size_t i;

	for (i = 0; i < e->want.n; i++)
		if (elements_stored_name(e, e->want.name[i]) != e->want.name[i])
			die("--%s: '%s' cannot be of types", option,
			    e->want.name[i]);
	for (i = 0; i < e->want.n; i++)
		if (!is_property(e, e->want.name[i]))
			die("--%s: no %s table has a property '%s'", option,
			    e->name, e->want.name[i]);
}

void
elements_close_tables(struct elements *e)
{
	size_t i;

	for (i = 0; i < e->ntables; i++) {
		rows_close(&e->table[i].rows);
		free(e->table[i].column);
	}
	free(e->table);
}

/* --- records --- */

static const char *
skip_digits(const char *s)
{
	while (*s >= '0' && *s <= '9')
		s++;
	return s;
}

/* Hexadecimal numbers stay texts.  Most are 1.5 or -1.5. */
static bool
is_decimal(const char *s)
{
	const char *p = skip_digits(s + (*s == '-'));

	if (*skip_digits(p + (*p == '.')) == '\0')
		return true;
	return s[strspn(s, "+-.0123456789eE")] == '\0' || !strcmp(s, "inf") ||
	       !strcmp(s, "-inf");
}

/* Is v the integer that the text s shows, if it shows one? A double is exact to
 * this many digits.  To print every real takes a third of the time. */
static bool
is_exact(const char *s, double v)
{
	char digits[DBL_MAX_10_EXP + 3];

	s += *s == '+' || *s == '-';
	if (*skip_digits(s) != '\0')
		return true;
	s += strspn(s, "0");
	snprintf(digits, sizeof digits, "%.0f", fabs(v));
	return !strcmp(s, digits) || (v == 0 && *s == '\0');
}

static bool
is_exact_int(int64_t i)
{
	double v = (double)i;

	return v < 0x1p63 && (int64_t)v == i;
}

/* Whether it matters is known when the column has been seen. */
static void
remember_place(struct element_place *x, const struct rows *r, const char *s)
{
	if (x->value)
		return;
	*x = (struct element_place){r->path, r->line, copy(s)};
}

/* A property of the element at hand, as the table has it. */
struct given {
	struct elements *e;
	struct element_group *g;
	const struct element_table *t;
	size_t i;                      /* which property */
	struct element_column *column; /* of the group */
	const char *s;
};

/* Texts come in runs. */
static uint64_t
text_label(const struct given *x)
{
	struct labels *text = &x->e->text;
	uint32_t *last = &x->column->last;

	if (text->n == 0 || strcmp(text->name[*last], x->s) != 0)
		*last = label(text, x->s);
	return *last;
}

/* Is a number written as we would write it? */
static bool
is_usual(const char *s, int kind, double v)
{
	char room[32];

	if (kind == VALUE_INTEGER)
		return *s == '-' ? s[1] != '0' : *s != '0' || !s[1];
	room[out_num_text(v, room)] = '\0';
	return !strcmp(s, room);
}

/* A number among texts is a text, which is not to change.  Of a column of
 * numbers that goes on and on their spelling is forgotten. */
static int
keep_spelling(const struct given *x, int kind, union element_value *v)
{
	struct element_column *c = x->column;

	if (!(c->seen & VALUE_TEXT) && c->numbers >= MAX_SPELT) {
		if (kind == VALUE_REAL || !is_usual(x->s, kind, 0))
			remember_place(&c->respelt, &x->t->rows, x->s);
		return kind;
	}
	c->numbers++;
	if (is_usual(x->s, kind, v->r))
		return kind;
	v->text = text_label(x);
	return kind | VALUE_SPELT;
}

/* Is it written as 1.5 or -.5?  Most reals are, and no integer is. */
static bool
has_point(const char *s)
{
	const char *p = skip_digits(s + (*s == '-'));

	return *p == '.' && *skip_digits(p + 1) == '\0';
}

/* A zero with a sign is a real: an integer would lose it. */
static int
read_number(const struct given *x, union element_value *v)
{
	struct element_place *inexact = &x->column->inexact;
	int kind;

	if (has_point(x->s)) {
		if (!parse_num(x->s, &v->r))
			return 0;
		kind = VALUE_REAL;
	} else if (parse_int(x->s, &v->i) && (v->i != 0 || *x->s != '-')) {
		kind = VALUE_INTEGER;
		if (!is_exact_int(v->i))
			remember_place(inexact, &x->t->rows, x->s);
	} else if (!is_decimal(x->s) || !parse_num(x->s, &v->r)) {
		return 0;
	} else if (is_exact(x->s, v->r)) {
		kind = VALUE_REAL;
	} else {
		remember_place(inexact, &x->t->rows, x->s);
		v->text = text_label(x);
		return VALUE_WIDE | VALUE_SPELT;
	}
	return x->e->sort[x->i] == PROPERTY_NUMBER ? kind
						   : keep_spelling(x, kind, v);
}

_Noreturn static void
refuse(const struct given *x, const char *problem)
{
	rows_bad(&x->t->rows, x->t->column[x->i], problem);
}

static int
read_word(const struct given *x, union element_value *v)
{
	const char *name = x->e->property.name[x->i];
	bool flag;

	if (is_missing(x->s)) {
		if (is_wanted(x->e, x->i) && !property_default(name) &&
		    property_sort(name) != PROPERTY_WORD)
			refuse(x, "in a type file this is a missing text");
		return VALUE_MISSING;
	}
	if (has_control(x->s))
		refuse(x, "control character");
	if (x->e->sort[x->i] == PROPERTY_FLAG && !parse_flag(x->s, &flag))
		refuse(x, "neither true nor false");
	v->text = text_label(x);
	return VALUE_TEXT;
}

/* A text that would be missing in a type file, or end its line, has to be an
 * attribute. */
static int
read_text(const struct given *x, union element_value *v)
{
	bool marks = is_missing(x->s);

	if (x->e->sort[x->i] == PROPERTY_NUMBER && !marks)
		refuse(x, "not a number");
	if (marks && (x->e->sort[x->i] == PROPERTY_NUMBER ||
		      property_default(x->e->property.name[x->i])))
		return VALUE_MISSING;
	v->text = text_label(x);
	if (marks || has_control(x->s))
		typing_drop(&x->g->typing, x->i);
	return marks ? VALUE_MISSING | VALUE_SPELT : VALUE_TEXT;
}

static int
read_property(struct elements *e, struct element_group *g,
	      const struct element_table *t, size_t i, union element_value *v)
{
	struct given x = {e, g, t, i, &g->column[i], NULL};
	int kind;

	if (t->column[i] == NO_COLUMN)
		return VALUE_MISSING;
	x.s = t->rows.field[t->column[i]];
	if (!*x.s)
		return VALUE_MISSING;
	if (e->sort[i] >= PROPERTY_WORD)
		return read_word(&x, v);
	kind = read_number(&x, v);
	return kind ? kind : read_text(&x, v);
}

/* An element without a type has -1 for one. */
static int64_t
read_type_id(const struct elements *e, const struct element_table *t)
{
	if (!e->gives_ids || is_missing(t->rows.field[t->type_id]))
		return NO_TYPE_ID;
	return rows_int(&t->rows, t->type_id);
}

static void
see_type(struct elements *e, struct element_group *g,
	 const struct element_table *t, const char *kinds)
{
	int64_t id = read_type_id(e, t);
	const void *value = e->record;
	size_t i;

	if (e->gives_ids)
		memcpy(e->record + e->size - sizeof id, &id, sizeof id);
	i = typing_see(&g->typing, id, value, (const unsigned char *)kinds);
	if (i == NO_TYPING)
		return;
	if (t->column[i] == NO_COLUMN)
		die("%s:%zu: no column '%s', which others of type %lld have",
		    t->rows.path, t->rows.line, e->property.name[i],
		    (long long)id);
	rows_bad(&t->rows, t->column[i],
		 id == NO_TYPE_ID ? "it belongs to a type, and -1 is none"
				  : "others of this type have another");
}

/* Elements come in runs that lack the same. */
static void
see_pattern(struct element_group *g, const char *kinds)
{
	bool same = g->patterns.n > 0;
	size_t i;

	if (g->patterns.n > MAX_ELEMENT_PATTERNS)
		return;
	for (i = 0; i < g->ncolumns; i++) {
		char has =
			kinds[i] & VALUE_MISSING ? ELEMENT_LACKS : ELEMENT_HAS;

		same = same && g->pattern[i] == has;
		g->pattern[i] = has;
	}
	if (!same) {
		g->at = label(&g->patterns, g->pattern);
		g->count = grow(g->count, &g->mcount, (size_t)g->at + 1,
				sizeof *g->count);
	}
	g->count[g->at]++;
}

/* The text is that of a text, and else empty. */
static void
see_kind(struct element_column *c, int kind, const char *text)
{
	c->seen |= (unsigned char)(kind & ~VALUE_SPELT);
	if (kind == (VALUE_MISSING | VALUE_SPELT))
		c->seen |= VALUE_MARKED;
	if (*text > '9')
		c->has |= COLUMN_FILLED | COLUMN_WORDED;
	else if (!(kind & VALUE_MISSING))
		c->has |= COLUMN_FILLED | COLUMN_NUMBERED;
}

void
elements_add(struct elements *e, struct element_group *g,
	     const struct element_table *t, uint64_t key)
{
	char *kinds = e->record + e->property.n * sizeof(union element_value);
	size_t i;

	for (i = 0; i < e->property.n; i++) {
		union element_value v = {0};
		int kind = read_property(e, g, t, i, &v);

		memcpy(e->record + i * sizeof v, &v, sizeof v);
		kinds[i] = (char)kind;
		see_kind(&g->column[i], kind,
			 kind == VALUE_TEXT ? e->text.name[v.text] : "");
	}
	see_pattern(g, kinds);
	see_type(e, g, t, kinds);
	spill_add(e->spill, key, e->record);
	g->n++;
}

static bool
is_sought(const struct elements *e, size_t i)
{
	return e->sort[i] >= PROPERTY_WORD ||
	       !strcmp(e->property.name[i], "pop_name");
}

/* What is never a text makes no types, nor does what is not wanted.  The
 * parameters of a model are a group in HDF5, and so can be only there. */
static void
start_typing(const struct elements *e, struct element_group *g)
{
	struct typing *t = &g->typing;
	size_t i;

	typing_start(t, g->ncolumns, e->gives_ids);
	t->text = VALUE_TEXT;
	t->none = VALUE_MISSING;
	for (i = 0; i < g->ncolumns; i++) {
		const char *name = e->property.name[i];
		bool only = !strcmp(name, "dynamics_params");

		if (e->wanted ? !is_wanted(e, i)
			      : e->dialect == DIALECT_LIBSONATA ||
					e->sort[i] == PROPERTY_NUMBER ||
					property_parameter(name) ||
					elements_stored_name(e, name) != name)
			typing_drop(t, i);
		t->rank[i] = e->wanted || only ? TYPING_ONLY
			     : is_sought(e, i) ? TYPING_SOUGHT
					       : TYPING_ANY;
	}
}

void
element_group_start(struct element_group *g, const struct elements *e,
		    const char *name)
{
	size_t n = e->property.n;

	*g = (struct element_group){.name = copy(name), .ncolumns = n};
	g->column = zeros(n, sizeof *g->column);
	g->pattern = zeros(n + 1, 1);
	start_typing(e, g);
}

int
elements_kind(const struct elements *e, const char *record, size_t i)
{
	return record[e->property.n * sizeof(union element_value) + i];
}

union element_value
element_value(const char *record, size_t i)
{
	union element_value v;

	memcpy(&v, record + i * sizeof v, sizeof v);
	return v;
}

bool
element_group_has(const struct elements *e, const struct element_group *g,
		  const char *property)
{
	uint32_t i = label_find(&e->property, property);

	return i != NO_LABEL && (g->column[i].seen & VALUE_ANY) != 0;
}

bool
elements_have_types(const struct elements *e)
{
	return e->dialect == DIALECT_BMTK || e->wanted;
}

bool
elements_is_gap(const struct elements *e, const char *record)
{
	uint32_t i = e->gap;
	bool flag = false;

	record = record ? record : e->record;
	if (i != NO_LABEL && elements_kind(e, record, i) == VALUE_TEXT)
		parse_flag(e->text.name[element_value(record, i).text], &flag);
	return flag;
}

const char *
elements_text(struct elements *e, union element_value v, int kind)
{
	char s[32] = "";
	uint32_t text;

	if (kind & (VALUE_TEXT | VALUE_SPELT))
		return e->text.name[v.text];
	if (kind == VALUE_INTEGER)
		snprintf(s, sizeof s, "%lld", (long long)v.i);
	else if (kind == VALUE_REAL)
		s[out_num_text(v.r, s)] = '\0';
	text = label(&e->text, s); /* which may move e->text.name */
	return e->text.name[text];
}

const char *
elements_next(struct elements *e, uint64_t *key)
{
	if (e->at == e->nrun) {
		e->nrun = spill_next(e->spill, &e->key, &e->run);
		e->at = 0;
	}
	if (e->nrun == 0)
		die("the sort has lost records");
	*key = e->key[e->at++];
	return e->size > 0 ? e->run + (e->at - 1) * e->size : "";
}

void
element_group_free(struct element_group *g)
{
	size_t i;

	for (i = 0; i < g->ncolumns; i++) {
		free(g->column[i].inexact.value);
		free(g->column[i].respelt.value);
	}
	free(g->column);
	free(g->name);
	free(g->pattern);
	free(g->count);
	labels_free(&g->patterns);
	typing_free(&g->typing);
}

void
elements_free(struct elements *e)
{
	labels_free(&e->want);
	labels_free(&e->property);
	labels_free(&e->text);
	free(e->sort);
	free(e->record);
}
