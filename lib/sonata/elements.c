/* A record is property.n values, as many kinds, and the id of its type where
 * the tables have one. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "out.h"
#include "sonata/elements.h"
#include "sonata/sonata.h"
#include "util.h"

#define FIRST_TYPE 100 /* as BMTK numbers types */
#define NO_TYPE_ID (-1)

/* A group costs readers a search, and us an open dataset for each attribute. */
#define MAX_PARTS 16
#define MAX_PATTERNS ((size_t)1 << 16)

/* How many numbers of a column are kept as they are written, in case that texts
 * come after them. */
#define MAX_SPELT ((uint32_t)1 << 16)

/* The kinds of values that a column has had.  WIDE is an integer that neither
 * an int64 nor a double can hold.  One that is SPELT waits as a text: WIDE, a
 * number that is not written as we would, or a word for a missing one. */
enum {
	MISSING = 1,
	INTEGER = 2,
	REAL = 4,
	TEXT = 8,
	WIDE = 16,
	SPELT = 32,
	MARKED = 64 /* of a column only: it has had MISSING | SPELT */
};

/* What there is as text: any, texts that look like numbers, and others. */
enum { FILLED = 1, NUMBERED = 2, WORDED = 4 };

/* A pattern has one of these for each column; full ones sort first. */
enum { HAD = '0', LACKED = '1' };

/* What a property is by its name. */
enum { ANYTHING, NUMBER, WORD, FLAG };

union value {
	int64_t i;
	double r;
	uint64_t text; /* a label */
};

/* The values of elements that have none: an edge without nsyns is one synapse,
 * and one without is_gap_junction is chemical. */
static const struct {
	const char *name, *text, *digits;
	int64_t number;
} defaults[] = {{"nsyns", "1", "1", 1}, {"is_gap_junction", "false", "0", 0}};

/* Which of the defaults, or their number. */
static size_t
default_of(const char *name)
{
	size_t i;

	for (i = 0; i < LEN(defaults); i++)
		if (!strcmp(defaults[i].name, name))
			break;
	return i;
}

static bool
is_one_of(const char *s, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(*words, s))
			return true;
	return false;
}

static bool
has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ')
			return true;
	return false;
}

/* These are reals, whether or not all of them are whole. */
static const char *const reals[] = {"x",
				    "y",
				    "z",
				    "rotation_angle_xaxis",
				    "rotation_angle_yaxis",
				    "rotation_angle_zaxis",
				    "orientation_w",
				    "orientation_x",
				    "orientation_y",
				    "orientation_z",
				    "delay",
				    "syn_weight",
				    "weight",
				    "conductance",
				    "afferent_section_pos",
				    "efferent_section_pos",
				    NULL};

/* These are texts, whether or not all of them look like numbers, and simulators
 * look for them in types; so do node sets for pop_name, which may be a number.
 */
static const char *const words[] = {
	"model_type",      "model_template", "model_processing",
	"dynamics_params", "morphology",     "weight_function",
	"target_sections", "distance_range", NULL};

static unsigned char
sort_of(const char *name)
{
	if (!strcmp(name, "is_gap_junction"))
		return FLAG;
	if (is_one_of(name, words))
		return WORD;
	return is_one_of(name, reals) ? NUMBER : ANYTHING;
}

/* dynamics_params.NAME is SONATA's way to name NAME in the group
 * dynamics_params. */
static const char stem[] = "dynamics_params.";

static bool
is_parameter(const char *name)
{
	return !strncmp(name, stem, strlen(stem));
}

/* The name in the file of a column that is not a parameter: readers show an
 * attribute whose name is a column that all elements have as attribute.NAME. */
static const char *
stored_name(const struct elements *e, const char *name)
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

/* The columns that are left out, for one warning. */
static void
leave_out(struct elements *e, const char *name)
{
	e->left_out = join(e->left_out, name);
}

static void
add_column(struct elements *e, const struct rows *r, const char *name)
{
	if (is_one_of(name, e->reserved))
		return;
	if (is_one_of(name, e->shadowed))
		leave_out(e, name);
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

/* Readers show pos_x, as laboratories have it, as x, where there is no x. */
static void
check_axes(const struct elements *e)
{
	static const char *const axis[][2] = {
		{"x", "pos_x"}, {"y", "pos_y"}, {"z", "pos_z"}};
	size_t i;

	for (i = 0; i < LEN(axis); i++)
		if (is_property(e, axis[i][0]) && is_property(e, axis[i][1]))
			die("columns '%s' and '%s' of %s tables are the same "
			    "attribute",
			    axis[i][0], axis[i][1], e->name);
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
		e->sort[i] = sort_of(e->property.name[i]);
		if (is_wanted(e, i) && e->sort[i] != FLAG)
			e->sort[i] = WORD;
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
	e->size = e->property.n * (sizeof(union value) + 1) +
		  (e->gives_ids ? sizeof(int64_t) : 0);
	e->record = zeros(e->size, 1);
}

void
elements_check_wanted(const struct elements *e, const char *option)
{
	size_t i;

	for (i = 0; i < e->want.n; i++)
		if (stored_name(e, e->want.name[i]) != e->want.name[i])
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

/* Hexadecimal numbers stay texts. */
static bool
is_decimal(const char *s)
{
	return s[strspn(s, "+-.0123456789eE")] == '\0' || !strcmp(s, "inf") ||
	       !strcmp(s, "-inf");
}

/* Is v the integer that the text s shows, if it shows one? A double is exact to
 * this many digits.  To print every real takes a third of the time. */
static bool
is_exact(const char *s, double v)
{
	char digits[DBL_MAX_10_EXP + 3];

	s += strspn(s, "+-");
	s += strspn(s, "0");
	if (s[strspn(s, "0123456789")] != '\0')
		return true;
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
	size_t i; /* which property */
	const char *s;
};

/* Texts come in runs. */
static uint64_t
text_label(const struct given *x)
{
	struct labels *text = &x->e->text;
	uint32_t *last = &x->g->last[x->i];

	if (text->n == 0 || strcmp(text->name[*last], x->s) != 0)
		*last = label(text, x->s);
	return *last;
}

/* Is a number written as we would write it? */
static bool
is_usual(const char *s, int kind, double v)
{
	char room[32];

	if (kind == INTEGER)
		return *s == '-' ? s[1] != '0' : *s != '0' || !s[1];
	room[out_num_text(v, room)] = '\0';
	return !strcmp(s, room);
}

/* A number among texts is a text, which is not to change.  Of a column of
 * numbers that goes on and on their spelling is forgotten. */
static int
keep_spelling(const struct given *x, int kind, union value *v)
{
	struct element_group *g = x->g;

	if (!(g->seen[x->i] & TEXT) && g->numbers[x->i] >= MAX_SPELT) {
		if (kind == REAL || !is_usual(x->s, kind, 0))
			remember_place(&g->respelt[x->i], &x->t->rows, x->s);
		return kind;
	}
	g->numbers[x->i]++;
	if (is_usual(x->s, kind, v->r))
		return kind;
	v->text = text_label(x);
	return kind | SPELT;
}

static int
read_number(const struct given *x, union value *v)
{
	struct element_place *inexact = &x->g->inexact[x->i];
	int kind = WIDE;

	if (parse_int(x->s, &v->i)) {
		kind = INTEGER;
		if (!is_exact_int(v->i))
			remember_place(inexact, &x->t->rows, x->s);
	} else if (!is_decimal(x->s) || !parse_num(x->s, &v->r)) {
		return 0;
	} else if (is_exact(x->s, v->r)) {
		kind = REAL;
	} else {
		remember_place(inexact, &x->t->rows, x->s);
		v->text = text_label(x);
		return WIDE | SPELT;
	}
	return x->e->sort[x->i] == NUMBER ? kind : keep_spelling(x, kind, v);
}

_Noreturn static void
refuse(const struct given *x, const char *problem)
{
	rows_bad(&x->t->rows, x->t->column[x->i], problem);
}

static int
read_word(const struct given *x, union value *v)
{
	const char *name = x->e->property.name[x->i];
	bool flag;

	if (is_missing(x->s)) {
		if (is_wanted(x->e, x->i) && !is_one_of(name, words) &&
		    default_of(name) == LEN(defaults))
			refuse(x, "in a type file this is a missing text");
		return MISSING;
	}
	if (has_control(x->s))
		refuse(x, "control character");
	if (x->e->sort[x->i] == FLAG && !parse_flag(x->s, &flag))
		refuse(x, "neither true nor false");
	v->text = text_label(x);
	return TEXT;
}

/* A text that would be missing in a type file, or end its line, has to be an
 * attribute. */
static int
read_text(const struct given *x, union value *v)
{
	bool marks = is_missing(x->s);

	if (x->e->sort[x->i] == NUMBER && !marks)
		refuse(x, "not a number");
	if (marks && (x->e->sort[x->i] == NUMBER ||
		      default_of(x->e->property.name[x->i]) < LEN(defaults)))
		return MISSING;
	v->text = text_label(x);
	if (marks || has_control(x->s))
		typing_drop(&x->g->typing, x->i);
	return marks ? MISSING | SPELT : TEXT;
}

static int
read_property(struct elements *e, struct element_group *g,
	      const struct element_table *t, size_t i, union value *v)
{
	struct given x = {e, g, t, i, NULL};
	int kind;

	if (t->column[i] == NO_COLUMN)
		return MISSING;
	x.s = t->rows.field[t->column[i]];
	if (!*x.s)
		return MISSING;
	if (e->sort[i] >= WORD)
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

	if (g->patterns.n > MAX_PATTERNS)
		return;
	for (i = 0; i < g->ncolumns; i++) {
		char had = kinds[i] & MISSING ? LACKED : HAD;

		same = same && g->pattern[i] == had;
		g->pattern[i] = had;
	}
	if (!same) {
		g->at = label(&g->patterns, g->pattern);
		g->count = grow(g->count, &g->mcount, (size_t)g->at + 1,
				sizeof *g->count);
	}
	g->count[g->at]++;
}

static void
see_kind(const struct elements *e, struct element_group *g, size_t i, int kind,
	 const union value *v)
{
	g->seen[i] |= (unsigned char)(kind & ~SPELT);
	if (kind == (MISSING | SPELT))
		g->seen[i] |= MARKED;
	if (kind == TEXT)
		g->has[i] |=
			(unsigned char)(FILLED | (*e->text.name[v->text] <= '9'
							  ? NUMBERED
							  : WORDED));
	else if (!(kind & MISSING))
		g->has[i] |= FILLED | NUMBERED;
}

void
elements_add(struct elements *e, struct element_group *g,
	     const struct element_table *t, uint64_t key)
{
	char *kinds = e->record + e->property.n * sizeof(union value);
	size_t i;

	for (i = 0; i < e->property.n; i++) {
		union value v = {0};
		int kind = read_property(e, g, t, i, &v);

		memcpy(e->record + i * sizeof v, &v, sizeof v);
		kinds[i] = (char)kind;
		see_kind(e, g, i, kind, &v);
	}
	see_pattern(g, kinds);
	see_type(e, g, t, kinds);
	spill_add(e->spill, key, e->record);
	g->n++;
}

static bool
is_sought(const struct elements *e, size_t i)
{
	return e->sort[i] >= WORD || !strcmp(e->property.name[i], "pop_name");
}

/* What is never a text makes no types, nor does what is not wanted.  The
 * parameters of a model are a group in HDF5, and so can be only there. */
static void
start_typing(const struct elements *e, struct element_group *g)
{
	struct typing *t = &g->typing;
	size_t i;

	typing_start(t, g->ncolumns, e->gives_ids);
	t->text = TEXT;
	t->none = MISSING;
	for (i = 0; i < g->ncolumns; i++) {
		const char *name = e->property.name[i];
		bool only = !strcmp(name, "dynamics_params");

		if (e->wanted ? !is_wanted(e, i)
			      : e->dialect == DIALECT_LIBSONATA ||
					e->sort[i] == NUMBER ||
					is_parameter(name) ||
					stored_name(e, name) != name)
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
	g->seen = zeros(n, sizeof *g->seen);
	g->has = zeros(n, 1);
	g->last = zeros(n, sizeof *g->last);
	g->numbers = zeros(n, sizeof *g->numbers);
	g->pattern = zeros(n + 1, 1);
	g->inexact = zeros(n, sizeof *g->inexact);
	g->respelt = zeros(n, sizeof *g->respelt);
	start_typing(e, g);
}

static int
kind_in(const struct elements *e, const char *record, size_t i)
{
	return record[e->property.n * sizeof(union value) + i];
}

static union value
value_in(const char *record, size_t i)
{
	union value v;

	memcpy(&v, record + i * sizeof v, sizeof v);
	return v;
}

bool
element_group_has(const struct elements *e, const struct element_group *g,
		  const char *property)
{
	uint32_t i = label_find(&e->property, property);

	return i != NO_LABEL &&
	       (g->seen[i] & (INTEGER | REAL | TEXT | WIDE)) != 0;
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
	if (i != NO_LABEL && kind_in(e, record, i) == TEXT)
		parse_flag(e->text.name[value_in(record, i).text], &flag);
	return flag;
}

/* --- writing types --- */

/* A number in a column of texts is a text, as it was written. */
static const char *
value_text(struct elements *e, union value v, int kind)
{
	char s[32] = "";
	uint32_t text;

	if (kind & (TEXT | SPELT))
		return e->text.name[v.text];
	if (kind == INTEGER)
		snprintf(s, sizeof s, "%lld", (long long)v.i);
	else if (kind == REAL)
		s[out_num_text(v.r, s)] = '\0';
	text = label(&e->text, s); /* which may move e->text.name */
	return e->text.name[text];
}

/* The separator is a space. */
static void
put_type_field(FILE *f, const char *s)
{
	if (*s && !strpbrk(s, " \t\","))
		fputs(s, f);
	else
		out_quote(f, s);
}

static int64_t
type_id(const struct element_group *g, size_t type)
{
	return g->typing.by_id ? g->typing.id[type]
			       : (int64_t)type + FIRST_TYPE;
}

static const char *
default_type(const struct elements *e, const struct element_group *g, size_t i)
{
	size_t k = default_of(e->property.name[i]);

	if (k == LEN(defaults))
		return "NULL";
	return g->has[i] & NUMBERED ? defaults[k].digits : defaults[k].text;
}

static bool
is_in_types(const struct element_group *g, size_t i)
{
	return g->has[i] && typing_makes(&g->typing, i);
}

/* The text of a property that is of types, or NULL. */
static const char *
type_text(struct elements *e, const struct element_group *g, uint32_t i,
	  size_t type)
{
	const struct typing *t = &g->typing;
	size_t at = type * t->columns + i;

	if (i == NO_LABEL || !is_in_types(g, i) || t->kind[at] & MISSING)
		return NULL;
	return value_text(e, (union value){.text = t->value[at]}, t->kind[at]);
}

/* What BMTK asks for without need: a biophysical cell's morphology, though it
 * may have none, and how many synapses go where on the sections that an edge
 * ends at.  The text is what stands for that, of a type for which the property
 * that is told has this text, or any; other types have what is otherwise. */
static const struct asked {
	const char *element, *name, *of, *is, *text, *otherwise;
} asked[] = {
	{"node", "morphology", "model_type", "biophysical", "NULL", "NULL"},
	{"edge", "distance_range", "target_sections", NULL, "[0.0, 1e+20]",
	 "NULL"},
	{"edge", "nsyns", "target_sections", NULL, "1", "1"}};

static bool
is_asked(struct elements *e, const struct element_group *g,
	 const struct asked *a, size_t type)
{
	const char *s = type_text(e, g, label_find(&e->property, a->of), type);

	return !strcmp(a->element, e->name) && s &&
	       (!a->is || !strcmp(a->is, s));
}

/* Is it asked for by a type, and nowhere? */
static bool
is_added(struct elements *e, const struct element_group *g,
	 const struct asked *a)
{
	uint32_t i = label_find(&e->property, a->name);
	size_t k;

	if (i != NO_LABEL && g->has[i])
		return false;
	for (k = 0; k < g->typing.n; k++)
		if (is_asked(e, g, a, k))
			return true;
	return false;
}

static bool
is_flag(const struct elements *e, size_t i)
{
	return e->sort[i] == FLAG;
}

/* BMTK has texts of both words and numbers, and any text is true. */
static const char *
flag_text(const struct element_group *g, size_t i, const char *s)
{
	bool flag;

	if (!(g->has[i] & NUMBERED) || !(g->has[i] & WORDED))
		return s;
	parse_flag(s, &flag);
	return flag ? "true" : "false";
}

/* A type's text of a property that it lacks. */
static const char *
lacking_text(struct elements *e, const struct element_group *g, size_t i,
	     size_t type)
{
	size_t k;

	for (k = 0; k < LEN(asked); k++)
		if (!strcmp(asked[k].name, e->property.name[i]) &&
		    is_asked(e, g, &asked[k], type))
			return asked[k].text;
	return default_type(e, g, i);
}

static void
put_type(FILE *f, struct elements *e, const struct element_group *g,
	 const bool *added, size_t type)
{
	const char *s;
	uint32_t i;
	size_t k;

	fprintf(f, "%lld", (long long)type_id(g, type));
	for (i = 0; i < e->property.n; i++) {
		if (!is_in_types(g, i))
			continue;
		putc(' ', f);
		s = type_text(e, g, i, type);
		s = s ? s : lacking_text(e, g, i, type);
		put_type_field(f, is_flag(e, i) ? flag_text(g, i, s) : s);
	}
	for (k = 0; k < LEN(asked); k++)
		if (added[k]) {
			putc(' ', f);
			put_type_field(f, is_asked(e, g, &asked[k], type)
						  ? asked[k].text
						  : asked[k].otherwise);
		}
	putc('\n', f);
}

static FILE *
replace_open(const char *path)
{
	FILE *f = fopen(files_replace(path), "we");

	if (!f)
		die("%s:", path);
	return f;
}

static void
put_type_header(FILE *f, const struct elements *e,
		const struct element_group *g, const bool *added)
{
	size_t i;

	fprintf(f, "%s_type_id", e->name);
	for (i = 0; i < e->property.n; i++)
		if (is_in_types(g, i)) {
			putc(' ', f);
			put_type_field(f, e->property.name[i]);
		}
	for (i = 0; i < LEN(asked); i++)
		if (added[i])
			fprintf(f, " %s", asked[i].name);
	putc('\n', f);
}

static int
by_id(const void *a, const void *b, void *id)
{
	int64_t p = ((int64_t *)id)[*(const size_t *)a];
	int64_t q = ((int64_t *)id)[*(const size_t *)b];

	return (p > q) - (p < q);
}

/* The types by their ids: what the tables number may come in any order. */
static size_t *
types_in_order(const struct typing *t)
{
	size_t *order = zeros(t->n, sizeof *order), i;

	for (i = 0; i < t->n; i++)
		order[i] = i;
	if (t->by_id && t->n > 0)
		qsort_r(order, t->n, sizeof *order, by_id, t->id);
	return order;
}

static void
write_types(struct elements *e, const struct element_group *g, const char *path)
{
	size_t *order = types_in_order(&g->typing), i;
	FILE *f = replace_open(path);
	bool added[LEN(asked)];

	for (i = 0; i < LEN(asked); i++)
		added[i] = is_added(e, g, &asked[i]);
	put_type_header(f, e, g, added);
	for (i = 0; i < g->typing.n; i++)
		put_type(f, e, g, added, order[i]);
	free(order);
	if (ferror(f) | fclose(f))
		die("%s:", path);
}

/* --- writing elements --- */

const char *
elements_next(struct elements *e, uint64_t *key)
{
	if (e->at == e->nrun) {
		e->nrun = spill_next(e->spill, &e->key, &e->run);
		e->at = 0;
	}
	if (e->nrun == 0)
		die("the sort has lost records");
	*key = e->key[e->at];
	return e->run + e->at++ * e->size;
}

char *
element_path(const struct element_sink *o, const char *name)
{
	return format("%s/%s", o->root, name);
}

struct hdfwrite_sink *
element_sink_column(struct element_sink *o, const char *name,
		    enum hdfwrite_kind as)
{
	char *path = element_path(o, name);
	struct hdfwrite_sink *s =
		hdfwrite_sink(&o->file, path, as, o->group->n, 1);

	free(path);
	return s;
}

/* Integers that some elements lack, and that have no default, are what parts
 * are for. */
static bool
is_patchy(const struct elements *e, const struct element_group *g, size_t i)
{
	return (g->seen[i] & ~(unsigned)MARKED) == (INTEGER | MISSING) &&
	       e->sort[i] != NUMBER && e->dialect != DIALECT_LIBSONATA &&
	       default_of(e->property.name[i]) == LEN(defaults);
}

/* BMTK takes any text for true, so that flags are numbers. */
static enum hdfwrite_kind
kind_of(const struct elements *e, const struct element_group *g, size_t i,
	bool splits)
{
	unsigned seen = g->seen[i];

	if (is_flag(e, i))
		return SINK_INT;
	if (splits || default_of(e->property.name[i]) < LEN(defaults))
		seen &= ~(unsigned)MISSING;
	if (seen & TEXT)
		return SINK_TEXT;
	if (seen & (REAL | WIDE | MISSING) || e->sort[i] == NUMBER)
		return SINK_REAL;
	return SINK_INT;
}

static void
check_place(const struct element_place *x, const char *name,
	    const char *problem)
{
	if (x->value)
		die("%s:%zu: column '%s': %s: '%s'", x->path, x->line, name,
		    problem, x->value);
}

/* A rounded integer may be the id of another cell, so rounding is not for us to
 * do; nor is it to take 007 for 7, if it is the name of something. */
static void
check_values(const struct elements *e, const struct element_group *g, size_t i,
	     enum hdfwrite_kind as)
{
	const char *name = e->property.name[i];

	if (as == SINK_REAL)
		check_place(&g->inexact[i], name,
			    "an integer that a real cannot hold, in a column "
			    "that is of reals or has missing values");
	if (g->seen[i] & TEXT)
		check_place(&g->respelt[i], name,
			    "among so many numbers it is not kept as it is "
			    "written, and texts come after it");
}

/* Is it an attribute of each element? */
static bool
has_values(const struct element_group *g, size_t i)
{
	return (g->seen[i] & (INTEGER | REAL | TEXT | WIDE)) &&
	       !typing_makes(&g->typing, i);
}

/* It is a group in HDF5, and readers stop at a dataset of that name. */
static void
check_dynamics(const struct elements *e, const struct element_group *g)
{
	uint32_t i = label_find(&e->property, "dynamics_params");

	if (i != NO_LABEL && has_values(g, i))
		die("%ss of '%s': column 'dynamics_params' is a group in HDF5, "
		    "and so can only be of types: name it in --%stype-columns, "
		    "or leave it out",
		    e->name, g->name, *e->name == 'n' ? "node-" : "");
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The bits of a pattern that are about columns that make parts. */
static const char *
lacking(struct element_sink *o, const char *pattern)
{
	size_t i;

	for (i = 0; i < o->elements->property.n; i++)
		o->lacking[i] =
			o->splits[i] && pattern[i] == LACKED ? LACKED : HAD;
	return o->lacking;
}

/* Parts are numbered in the order of what they lack, rather than that of the
 * input. */
static void
number_parts(struct element_sink *o)
{
	const struct labels *patterns = &o->group->patterns;
	struct labels found = {0};
	size_t k;

	for (k = 0; k < patterns->n && found.n <= MAX_PARTS; k++)
		label(&found, lacking(o, patterns->name[k]));
	if (found.n > MAX_PARTS || patterns->n > MAX_PATTERNS) {
		memset(o->splits, false, o->elements->property.n);
	} else if (found.n > 0) {
		char **name = zeros(found.n, sizeof *name);

		memcpy(name, found.name, found.n * sizeof *name);
		qsort(name, found.n, sizeof *name, by_text);
		for (k = 0; k < found.n; k++)
			label(&o->lack, name[k]);
		free(name);
	}
	labels_free(&found);
}

static void
find_parts(struct element_sink *o)
{
	const struct elements *e = o->elements;
	const struct element_group *g = o->group;
	size_t i, k;

	o->splits = zeros(e->property.n, sizeof *o->splits);
	o->lacking = zeros(e->property.n + 1, 1);
	for (i = 0; i < e->property.n; i++)
		o->splits[i] = is_patchy(e, g, i);
	number_parts(o);
	o->nparts = o->lack.n > 0 ? o->lack.n : 1;
	o->part = zeros(o->nparts, sizeof *o->part);
	if (o->nparts == 1)
		o->part->n = g->n;
	for (k = 0; o->nparts > 1 && k < g->patterns.n; k++)
		o->part[label_find(&o->lack, lacking(o, g->patterns.name[k]))]
			.n += g->count[k];
}

/* Does an element of a part have this attribute? */
static bool
is_in_part(struct element_sink *o, size_t part, size_t i)
{
	const struct labels *patterns = &o->group->patterns;
	size_t k;

	if (!has_values(o->group, i))
		return false;
	if (o->nparts == 1 ||
	    default_of(o->elements->property.name[i]) < LEN(defaults))
		return true;
	for (k = 0; k < patterns->n; k++)
		if (patterns->name[k][i] == HAD &&
		    !strcmp(lacking(o, patterns->name[k]), o->lack.name[part]))
			return true;
	return false;
}

/* Texts of attributes are numbers into a library of them, which has a place of
 * its own; but SONATA has none for parameters. */
static bool
is_enumeration(const struct element_sink *o, size_t i)
{
	return o->as[i] == SINK_TEXT &&
	       !is_parameter(o->elements->property.name[i]);
}

static struct hdfwrite_sink *
open_in_part(struct element_sink *o, size_t part, const char *name,
	     enum hdfwrite_kind as, size_t wide)
{
	char *attribute = format("%zu/%s", part, name);
	char *path = element_path(o, attribute);
	struct hdfwrite_sink *s =
		hdfwrite_sink(&o->file, path, as, o->part[part].n, wide);

	free(path);
	free(attribute);
	return s;
}

static void
open_property(struct element_sink *o, size_t part, size_t i)
{
	const char *name =
		stored_name(o->elements, o->elements->property.name[i]);
	bool enumerated = is_enumeration(o, i);
	char *attribute;

	if (!is_in_part(o, part, i) || o->axis[i])
		return;
	attribute = is_parameter(name)
			    ? format("dynamics_params/%s", name + strlen(stem))
			    : copy(stored_name(o->elements,
					       o->elements->property.name[i]));
	o->part[part].column[i] = open_in_part(
		o, part, attribute, enumerated ? SINK_U32 : o->as[i], 1);
	free(attribute);
}

static void
open_part(struct element_sink *o, size_t part)
{
	size_t i, n = o->elements->property.n;
	char name[32], *path;

	snprintf(name, sizeof name, "%zu", part);
	path = element_path(o, name);
	hdfwrite_group(&o->file, path);
	free(path);
	o->part[part].column = zeros(n, sizeof(struct hdfwrite_sink *));
	o->part[part].library = zeros(n, sizeof(struct labels));
	for (i = 0; i < n; i++)
		open_property(o, part, i);
	if (o->positions[0] != NO_LABEL)
		o->part[part].positions =
			open_in_part(o, part, "positions", SINK_REAL, 3);
}

static void
choose_kinds(struct element_sink *o)
{
	const struct elements *e = o->elements;
	size_t i;

	o->as = zeros(e->property.n, sizeof *o->as);
	for (i = 0; i < e->property.n; i++) {
		o->as[i] = kind_of(e, o->group, i, o->splits[i]);
		check_values(e, o->group, i, o->as[i]);
	}
}

/* The columns of a matrix of positions, if there is to be one and there are
 * positions. */
static void
find_positions(struct element_sink *o)
{
	static const char *const axis[][2] = {
		{"x", "pos_x"}, {"y", "pos_y"}, {"z", "pos_z"}};
	const struct elements *e = o->elements;
	size_t k, there = 0;

	for (k = 0; k < LEN(axis); k++) {
		uint32_t i = label_find(&e->property, axis[k][0]);

		if (i == NO_LABEL)
			i = label_find(&e->property, axis[k][1]);
		if (i != NO_LABEL && !has_values(o->group, i))
			i = NO_LABEL;
		o->positions[k] = e->positions ? i : NO_LABEL;
		there += o->positions[k] != NO_LABEL;
	}
	for (k = 0; there > 0 && k < LEN(axis); k++) {
		if (o->positions[k] == NO_LABEL)
			die("--positions: %ss of '%s' have no '%s'", e->name,
			    o->group->name, axis[k][0]);
		o->axis[o->positions[k]] = true;
	}
}

static void
choose_types(const struct elements *e, struct element_group *g)
{
	bool *is_text = zeros(e->property.n, sizeof *is_text);
	size_t i;

	for (i = 0; i < e->property.n; i++)
		is_text[i] = g->seen[i] & TEXT;
	typing_choose(&g->typing, g->n, is_text);
	free(is_text);
}

/* A column whose name begins with "node" or "edge". */
static struct hdfwrite_sink *
open_named(struct element_sink *o, const char *suffix, enum hdfwrite_kind kind)
{
	char *name = format("%s%s", o->elements->name, suffix);
	struct hdfwrite_sink *s = element_sink_column(o, name, kind);

	free(name);
	return s;
}

void
element_sink_open(struct element_sink *o, const char *directory, unsigned gzip)
{
	const struct elements *e = o->elements;
	struct element_group *g = o->group;
	size_t i;

	o->directory = directory;
	o->path = format("%s/%s_%ss.h5", directory, g->name, e->name);
	o->root = format("/%ss/%s", e->name, g->name);
	hdfwrite_create(&o->file, o->path, gzip);
	o->group_id = open_named(o, "_group_id", SINK_U32);
	o->group_index = open_named(o, "_group_index", SINK_U64);
	o->type_id = open_named(o, "_type_id", SINK_INT);
	o->axis = zeros(e->property.n, sizeof *o->axis);
	choose_types(e, g);
	check_dynamics(e, g);
	find_parts(o);
	choose_kinds(o);
	find_positions(o);
	for (i = 0; i < o->nparts; i++)
		open_part(o, i);
}

/* A missing text is empty, and a missing number NaN, but for the defaults. */
static void
put_missing(struct hdfwrite_sink *s, enum hdfwrite_kind as, size_t which)
{
	bool known = which < LEN(defaults);

	if (as == SINK_TEXT)
		hdfwrite_text(s, known ? defaults[which].text : "");
	else if (as == SINK_INT)
		hdfwrite_int(s, known ? defaults[which].number : 0);
	else
		hdfwrite_real(s, known ? (double)defaults[which].number : NAN);
}

/* A number that was kept as text. */
static double
real_of(const struct elements *e, union value v, int kind)
{
	double r = v.r;

	if (kind & SPELT)
		parse_num(e->text.name[v.text], &r);
	else if (kind == INTEGER)
		r = (double)v.i;
	return r;
}

static int64_t
integer_of(const struct elements *e, size_t i, union value v, int kind)
{
	int64_t n = v.i;
	bool flag;

	if (is_flag(e, i)) {
		parse_flag(e->text.name[v.text], &flag);
		return flag;
	}
	if (kind & SPELT)
		parse_int(e->text.name[v.text], &n);
	return n;
}

static void
put_enumerated(struct element_part *part, size_t i, const char *text)
{
	hdfwrite_int(part->column[i], label(&part->library[i], text));
}

static void
put_value(struct element_sink *o, struct element_part *part, size_t i,
	  union value v, int kind)
{
	struct elements *e = o->elements;
	struct hdfwrite_sink *s = part->column[i];

	if (kind == MISSING && is_enumeration(o, i))
		put_enumerated(part, i, "");
	else if (kind & MISSING && !(kind & SPELT && o->as[i] == SINK_TEXT))
		put_missing(s, o->as[i], default_of(e->property.name[i]));
	else if (is_enumeration(o, i))
		put_enumerated(part, i, value_text(e, v, kind));
	else if (o->as[i] == SINK_TEXT)
		hdfwrite_text(s, value_text(e, v, kind));
	else if (o->as[i] == SINK_INT)
		hdfwrite_int(s, integer_of(e, i, v, kind));
	else
		hdfwrite_real(s, real_of(e, v, kind));
}

static void
put_positions(struct element_sink *o, struct element_part *part,
	      const char *record)
{
	size_t k;

	for (k = 0; part->positions && k < LEN(o->positions); k++) {
		size_t i = o->positions[k];
		int kind = kind_in(o->elements, record, i);

		hdfwrite_real(part->positions,
			      kind & MISSING
				      ? NAN
				      : real_of(o->elements,
						value_in(record, i), kind));
	}
}

/* The part that an element belongs to, by the kinds of its values. */
static size_t
part_of(struct element_sink *o, const char *kinds)
{
	size_t i;

	if (o->nparts == 1)
		return 0;
	for (i = 0; i < o->elements->property.n; i++)
		o->lacking[i] =
			o->splits[i] && kinds[i] & MISSING ? LACKED : HAD;
	return label_find(&o->lack, o->lacking);
}

/* The number of its type.  The record is copied to where it is aligned. */
static size_t
type_of(struct element_sink *o, const char *record)
{
	struct elements *e = o->elements;
	size_t n = e->property.n * sizeof(union value);
	const void *value = e->record;
	int64_t id = NO_TYPE_ID;

	if (e->size > 0)
		memcpy(e->record, record, e->size);
	if (e->gives_ids)
		memcpy(&id, record + e->size - sizeof id, sizeof id);
	return typing_find(&o->group->typing, id, value,
			   (const unsigned char *)e->record + n);
}

/* Where there are no types, -1 is what stands for none. */
static int64_t
type_id_of(struct element_sink *o, const char *record)
{
	if (o->elements->dialect == DIALECT_LIBSONATA &&
	    !o->group->typing.by_id)
		return NO_TYPE_ID;
	return type_id(o->group, type_of(o, record));
}

void
element_sink_put(struct element_sink *o, const char *record)
{
	size_t i, n = o->elements->property.n;
	const char *kinds = record + n * sizeof(union value);
	size_t k = part_of(o, kinds);
	struct element_part *part = &o->part[k];

	hdfwrite_int(o->type_id, type_id_of(o, record));
	hdfwrite_int(o->group_id, (int64_t)k);
	hdfwrite_int(o->group_index, (int64_t)part->at++);
	for (i = 0; i < n; i++)
		if (part->column[i])
			put_value(o, part, i, value_in(record, i), kinds[i]);
	put_positions(o, part, record);
}

static void
write_library(struct element_sink *o, size_t part, size_t i)
{
	const struct labels *texts = &o->part[part].library[i];
	char *attribute =
		format("%zu/@library/%s", part,
		       stored_name(o->elements, o->elements->property.name[i]));
	char *path = element_path(o, attribute);
	struct hdfwrite_sink *s =
		hdfwrite_sink(&o->file, path, SINK_TEXT, texts->n, 1);
	size_t k;

	for (k = 0; k < texts->n; k++)
		hdfwrite_text(s, texts->name[k]);
	hdfwrite_sink_close(s);
	free(path);
	free(attribute);
}

static void
close_part(struct element_sink *o, size_t k)
{
	struct element_part *part = &o->part[k];
	size_t i;

	for (i = 0; i < o->elements->property.n; i++) {
		if (part->column[i])
			hdfwrite_sink_close(part->column[i]);
		if (part->column[i] && is_enumeration(o, i))
			write_library(o, k, i);
		labels_free(&part->library[i]);
	}
	if (part->positions)
		hdfwrite_sink_close(part->positions);
	free(part->column);
	free(part->library);
}

void
element_sink_close(struct element_sink *o)
{
	char *types = format("%s/%s_%s_types.csv", o->directory, o->group->name,
			     o->elements->name);
	size_t i;

	hdfwrite_sink_close(o->type_id);
	hdfwrite_sink_close(o->group_id);
	hdfwrite_sink_close(o->group_index);
	for (i = 0; i < o->nparts; i++)
		close_part(o, i);
	hdfwrite_finish(&o->file);
	if (elements_have_types(o->elements))
		write_types(o->elements, o->group, types);
	free(types);
	free(o->part);
	free(o->as);
	free(o->axis);
	free(o->splits);
	free(o->lacking);
	labels_free(&o->lack);
	free(o->path);
	free(o->root);
}

static void
free_places(struct element_place *x, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(x[i].value);
	free(x);
}

void
element_group_free(struct element_group *g)
{
	free_places(g->inexact, g->ncolumns);
	free_places(g->respelt, g->ncolumns);
	free(g->name);
	free(g->seen);
	free(g->has);
	free(g->last);
	free(g->numbers);
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
