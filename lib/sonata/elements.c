/* A record is plain.n values, as many kinds, and the number of its type. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "out.h"
#include "sonata/elements.h"
#include "util.h"

#define FIRST_TYPE 100 /* as BMTK numbers types */
#define PART '\037'    /* after each property of a type */

/* A group costs readers a search, and us an open dataset for each attribute. */
#define MAX_PARTS 16
#define MAX_PATTERNS ((size_t)1 << 16)

/* The kinds of values that a column has had. WIDE is an integer that neither an
 * int64 nor a double can hold; it waits as a text. */
enum { MISSING = 1, INTEGER = 2, REAL = 4, TEXT = 8, WIDE = 16 };

/* The same for a column of types: any text, and texts that look like numbers.
 */
enum { FILLED = 1, NUMBERED = 2 };

/* A pattern has one of these for each plain column; full ones sort first. */
enum { HAD = '0', LACKED = '1' };

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

/* A property becomes the name of a dataset. */
static void
add_property(struct elements *e, const struct rows *r, const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || strchr(name, '/') || !strcmp(name, ".") ||
	    name[len - 1] == '.' || has_control(name) ||
	    !strcmp(name, "@library"))
		die("%s: '%s' cannot be the name of a property", r->path, name);
	if (label_find(&e->wanted, name) != NO_LABEL) {
		label(&e->typed, name);
		return;
	}
	if (!strcmp(name, "positions"))
		die("%s: 'positions' cannot be the name of an attribute, where "
		    "it is a matrix of x, y and z",
		    r->path);
	label(&e->plain, name);
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
	size_t i, j;

	for (i = 0; i < r->n; i++) {
		for (j = 0; j < i; j++)
			if (!strcmp(r->name[i], r->name[j]))
				die("%s: two columns '%s'", r->path,
				    r->name[i]);
		add_column(e, r, r->name[i]);
	}
	if (e->left_out)
		warn("%s: left out, because %ss get them anew: %s", r->path,
		     e->name, e->left_out);
	free(e->left_out);
	e->left_out = NULL;
}

void
elements_want_types(struct elements *e, const char *names)
{
	const char *end;

	for (; *names; names = end + (*end == ',')) {
		end = strchrnul(names, ',');
		label_bytes(&e->wanted, names, (size_t)(end - names));
	}
}

static size_t *
find_columns(const struct rows *r, const struct labels *names)
{
	size_t i, *column = zeros(names->n, sizeof *column);

	for (i = 0; i < names->n; i++)
		column[i] = rows_find(r, names->name[i]);
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
	return label_find(&e->plain, name) != NO_LABEL ||
	       label_find(&e->typed, name) != NO_LABEL;
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

void
elements_open_tables(struct elements *e, const char *const *path, size_t n)
{
	char *type_id = format("%s_type_id", e->name);
	size_t i;

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
		t->plain = find_columns(&t->rows, &e->plain);
		t->typed = find_columns(&t->rows, &e->typed);
	}
	check_type_ids(e);
	check_axes(e);
	free(type_id);
	e->size = e->plain.n * (sizeof(union value) + 1) + sizeof(uint32_t);
	e->record = zeros(e->size, 1);
}

void
elements_check_wanted(const struct elements *e, const char *option)
{
	size_t i;

	for (i = 0; i < e->wanted.n; i++)
		if (label_find(&e->typed, e->wanted.name[i]) == NO_LABEL)
			die("--%s: no %s table has a property '%s'", option,
			    e->name, e->wanted.name[i]);
}

void
elements_close_tables(struct elements *e)
{
	size_t i;

	for (i = 0; i < e->ntables; i++) {
		rows_close(&e->table[i].rows);
		free(e->table[i].plain);
		free(e->table[i].typed);
	}
	free(e->table);
}

/* --- records --- */

/* Hexadecimal and infinite numbers stay texts. */
static bool
is_decimal(const char *s)
{
	return s[strspn(s, "+-.0123456789eE")] == '\0';
}

/* Is v the integer that the text s shows? A double is exact to this many
 * digits. */
static bool
is_exact(const char *s, double v)
{
	char digits[DBL_MAX_10_EXP + 3];

	s += strspn(s, "+-");
	s += strspn(s, "0");
	snprintf(digits, sizeof digits, "%.0f", fabs(v));
	return s[strspn(s, "0123456789")] != '\0' || !strcmp(s, digits) ||
	       (v == 0 && *s == '\0');
}

static bool
is_exact_int(int64_t i)
{
	double v = (double)i;

	return v < 0x1p63 && (int64_t)v == i;
}

static int
read_value(struct elements *e, const char *s, union value *v)
{
	int kind = TEXT;

	if (parse_int(s, &v->i))
		return INTEGER;
	if (is_decimal(s) && parse_num(s, &v->r)) {
		if (is_exact(s, v->r))
			return REAL;
		kind = WIDE;
	} else if (is_missing(s)) {
		return MISSING;
	}
	v->text = label(&e->text, s);
	return kind;
}

/* Whether it matters is known when the column has been seen. */
static void
see_inexact(struct element_inexact *x, const struct rows *r, const char *s)
{
	if (x->value)
		return;
	*x = (struct element_inexact){r->path, r->line, copy(s)};
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

static int
read_plain(struct elements *e, struct element_group *g,
	   const struct element_table *t, size_t i, union value *v)
{
	const char *s;
	int kind;

	if (t->plain[i] == NO_COLUMN)
		return MISSING;
	s = t->rows.field[t->plain[i]];
	kind = read_value(e, s, v);
	if (kind == TEXT && !(g->seen[i] & TEXT) &&
	    is_one_of(e->plain.name[i], reals))
		die("%s:%zu: column '%s': not a number: '%s'", t->rows.path,
		    t->rows.line, e->plain.name[i], s);
	if (kind == WIDE || (kind == INTEGER && !is_exact_int(v->i)))
		see_inexact(&g->inexact[i], &t->rows, s);
	return kind;
}

static void
add_to_type(struct elements *e, const char *s)
{
	size_t len = strlen(s);

	e->type = grow(e->type, &e->mtype, e->ntype + len + 2, 1);
	memcpy(e->type + e->ntype, s, len);
	e->type[e->ntype + len] = PART;
	e->type[e->ntype + len + 1] = '\0';
	e->ntype += len + 1;
}

/* An id that the table gives is part of the type; the first type with that id
 * is then the only one. */
static void
add_type_id(struct elements *e, struct element_group *g,
	    const struct element_table *t, int64_t type_id)
{
	char id[32];

	snprintf(id, sizeof id, "%lld", (long long)type_id);
	add_to_type(e, id);
	if (label_find(&g->types, e->type) == NO_LABEL &&
	    label(&g->type_id, id) != g->types.n)
		rows_bad(&t->rows, t->type_id,
			 "has had other type properties before");
}

static uint32_t
type_of(struct elements *e, struct element_group *g,
	const struct element_table *t)
{
	size_t i;

	e->ntype = 0;
	e->type = grow(e->type, &e->mtype, 1, 1);
	e->type[0] = '\0';
	for (i = 0; i < e->typed.n; i++) {
		size_t column = t->typed[i];
		const char *s =
			column == NO_COLUMN ? "" : t->rows.field[column];

		if (has_control(s))
			rows_bad(&t->rows, column, "control character");
		s = is_missing(s) ? "" : s;
		if (*s)
			g->has[i] |=
				(unsigned char)(FILLED |
						(*s <= '9' ? NUMBERED : 0));
		add_to_type(e, s);
	}
	if (t->type_id != NO_COLUMN)
		add_type_id(e, g, t, rows_int(&t->rows, t->type_id));
	return label(&g->types, e->type);
}

/* Elements come in runs that lack the same. */
static void
see_pattern(struct element_group *g, const char *kinds)
{
	uint32_t k;
	size_t i;

	if (g->patterns.n > MAX_PATTERNS)
		return;
	for (i = 0; i < g->nplain; i++)
		g->pattern[i] = kinds[i] == MISSING ? LACKED : HAD;
	k = label(&g->patterns, g->pattern);
	g->count = grow(g->count, &g->mcount, (size_t)k + 1, sizeof *g->count);
	g->count[k]++;
}

void
elements_add(struct elements *e, struct element_group *g,
	     const struct element_table *t, uint64_t key)
{
	char *kinds = e->record + e->plain.n * sizeof(union value);
	uint32_t type;
	size_t i;

	for (i = 0; i < e->plain.n; i++) {
		union value v = {0};
		int kind = read_plain(e, g, t, i, &v);

		memcpy(e->record + i * sizeof v, &v, sizeof v);
		kinds[i] = (char)kind;
		g->seen[i] |= (unsigned char)kind;
	}
	see_pattern(g, kinds);
	type = type_of(e, g, t);
	memcpy(kinds + e->plain.n, &type, sizeof type);
	spill_add(e->spill, key, e->record);
	g->n++;
}

void
element_group_start(struct element_group *g, const struct elements *e,
		    const char *name)
{
	*g = (struct element_group){.name = copy(name)};
	g->seen = zeros(e->plain.n, sizeof *g->seen);
	g->has = zeros(e->typed.n, 1);
	g->nplain = e->plain.n;
	g->pattern = zeros(g->nplain + 1, 1);
	g->inexact = zeros(g->nplain, sizeof *g->inexact);
}

/* --- writing types --- */

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
	int64_t id = (int64_t)type + FIRST_TYPE;

	if (g->type_id.n > 0)
		parse_int(g->type_id.name[type], &id);
	return id;
}

static const char *
default_type(const struct elements *e, const struct element_group *g, size_t i)
{
	size_t k = default_of(e->typed.name[i]);

	if (k == LEN(defaults))
		return "NULL";
	return g->has[i] & NUMBERED ? defaults[k].digits : defaults[k].text;
}

static void
put_type(FILE *f, const struct elements *e, const struct element_group *g,
	 size_t type)
{
	char *s = copy(g->types.name[type]), *field = s, *end;
	size_t i;

	fprintf(f, "%lld", (long long)type_id(g, type));
	for (i = 0; i < e->typed.n; i++, field = end + 1) {
		end = strchr(field, PART);
		*end = '\0';
		if (!g->has[i])
			continue;
		putc(' ', f);
		if (*field)
			put_type_field(f, field);
		else
			fputs(default_type(e, g, i), f);
	}
	putc('\n', f);
	free(s);
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
write_types(const struct elements *e, const struct element_group *g,
	    const char *path)
{
	FILE *f = replace_open(path);
	size_t i;

	fprintf(f, "%s_type_id", e->name);
	for (i = 0; i < e->typed.n; i++)
		if (g->has[i]) {
			putc(' ', f);
			put_type_field(f, e->typed.name[i]);
		}
	putc('\n', f);
	for (i = 0; i < g->types.n; i++)
		put_type(f, e, g, i);
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
is_patchy(const char *name, unsigned seen)
{
	return seen == (INTEGER | MISSING) && !is_one_of(name, reals) &&
	       default_of(name) == LEN(defaults);
}

static enum hdfwrite_kind
kind_of(const char *name, unsigned seen, bool splits)
{
	if (splits || default_of(name) < LEN(defaults))
		seen &= ~(unsigned)MISSING;
	if (seen & TEXT)
		return SINK_TEXT;
	if (seen & (REAL | WIDE | MISSING) || is_one_of(name, reals))
		return SINK_REAL;
	return SINK_INT;
}

/* A rounded integer may be the id of another cell, so rounding is not for us to
 * do. */
static void
check_exact(const struct element_inexact *x, const char *name)
{
	if (x->value)
		die("%s:%zu: column '%s': an integer that a real cannot hold, "
		    "in a column that is of reals or has missing values: '%s'",
		    x->path, x->line, name, x->value);
}

static bool
has_values(const struct element_group *g, size_t i)
{
	return (g->seen[i] & ~(unsigned)MISSING) != 0;
}

/* dynamics_params.NAME is SONATA's way to name NAME in the group
 * dynamics_params. */
static const char stem[] = "dynamics_params.";

/* A group and a dataset cannot have the same name. */
static void
check_dynamics(const struct elements *e, const struct element_group *g)
{
	uint32_t whole = label_find(&e->plain, "dynamics_params");
	size_t i;

	if (whole == NO_LABEL || !has_values(g, whole))
		return;
	for (i = 0; i < e->plain.n; i++)
		if (has_values(g, i) &&
		    !strncmp(e->plain.name[i], stem, strlen(stem)))
			die("%ss of '%s' have columns 'dynamics_params' and "
			    "'%s', which is a part of it: only one can be "
			    "there",
			    e->name, g->name, e->plain.name[i]);
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

	for (i = 0; i < o->elements->plain.n; i++)
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
		memset(o->splits, false, o->elements->plain.n);
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

	o->splits = zeros(e->plain.n, sizeof *o->splits);
	o->lacking = zeros(e->plain.n + 1, 1);
	for (i = 0; i < e->plain.n; i++)
		o->splits[i] = is_patchy(e->plain.name[i], g->seen[i]);
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
	    default_of(o->elements->plain.name[i]) < LEN(defaults))
		return true;
	for (k = 0; k < patterns->n; k++)
		if (patterns->name[k][i] == HAD &&
		    !strcmp(lacking(o, patterns->name[k]), o->lack.name[part]))
			return true;
	return false;
}

static void
open_property(struct element_sink *o, size_t part, size_t i)
{
	const char *name = o->elements->plain.name[i];
	bool parted = !strncmp(name, stem, strlen(stem));
	char *attribute, *path;

	if (!is_in_part(o, part, i))
		return;
	attribute = parted ? format("%zu/dynamics_params/%s", part,
				    name + strlen(stem))
			   : format("%zu/%s", part, name);
	path = element_path(o, attribute);
	o->part[part].column[i] =
		hdfwrite_sink(&o->file, path, o->as[i], o->part[part].n, 1);
	free(path);
	free(attribute);
}

static void
open_part(struct element_sink *o, size_t part)
{
	char name[32], *path;
	size_t i;

	snprintf(name, sizeof name, "%zu", part);
	path = element_path(o, name);
	hdfwrite_group(&o->file, path);
	free(path);
	o->part[part].column =
		zeros(o->elements->plain.n, sizeof(struct hdfwrite_sink *));
	for (i = 0; i < o->elements->plain.n; i++)
		open_property(o, part, i);
}

static void
choose_kinds(struct element_sink *o)
{
	const struct labels *plain = &o->elements->plain;
	size_t i;

	o->as = zeros(plain->n, sizeof *o->as);
	for (i = 0; i < plain->n; i++) {
		o->as[i] = kind_of(plain->name[i], o->group->seen[i],
				   o->splits[i]);
		if (o->as[i] == SINK_REAL)
			check_exact(&o->group->inexact[i], plain->name[i]);
	}
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
	const struct element_group *g = o->group;
	size_t i;

	o->directory = directory;
	o->path = format("%s/%s_%ss.h5", directory, g->name, e->name);
	o->root = format("/%ss/%s", e->name, g->name);
	hdfwrite_create(&o->file, o->path, gzip);
	o->group_id = open_named(o, "_group_id", SINK_U32);
	o->group_index = open_named(o, "_group_index", SINK_U64);
	o->type_id = open_named(o, "_type_id", SINK_INT);
	check_dynamics(e, g);
	find_parts(o);
	choose_kinds(o);
	for (i = 0; i < o->nparts; i++)
		open_part(o, i);
}

/* A number in a column of texts is a text, as it was written. */
static const char *
value_text(struct elements *e, union value v, int kind)
{
	char s[32] = "";
	uint32_t text;

	if (kind == TEXT || kind == WIDE)
		return e->text.name[v.text];
	if (kind == INTEGER)
		snprintf(s, sizeof s, "%lld", (long long)v.i);
	else if (kind == REAL)
		s[out_num_text(v.r, s)] = '\0';
	text = label(&e->text, s); /* which may move e->text.name */
	return e->text.name[text];
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

static void
put_value(struct element_sink *o, struct hdfwrite_sink *s, size_t i,
	  union value v, int kind)
{
	if (kind == MISSING)
		put_missing(s, o->as[i],
			    default_of(o->elements->plain.name[i]));
	else if (o->as[i] == SINK_TEXT)
		hdfwrite_text(s, value_text(o->elements, v, kind));
	else if (o->as[i] == SINK_INT)
		hdfwrite_int(s, v.i);
	else
		hdfwrite_real(s, kind == REAL ? v.r : (double)v.i);
}

/* The part that an element belongs to, by the kinds of its values. */
static size_t
part_of(struct element_sink *o, const char *kinds)
{
	size_t i;

	if (o->nparts == 1)
		return 0;
	for (i = 0; i < o->elements->plain.n; i++)
		o->lacking[i] =
			o->splits[i] && kinds[i] == MISSING ? LACKED : HAD;
	return label_find(&o->lack, o->lacking);
}

void
element_sink_put(struct element_sink *o, const char *record)
{
	size_t i, n = o->elements->plain.n;
	const char *kinds = record + n * sizeof(union value);
	size_t k = part_of(o, kinds);
	struct element_part *part = &o->part[k];
	uint32_t type;
	union value v;

	memcpy(&type, kinds + n, sizeof type);
	hdfwrite_int(o->type_id, type_id(o->group, type));
	hdfwrite_int(o->group_id, (int64_t)k);
	hdfwrite_int(o->group_index, (int64_t)part->at++);
	for (i = 0; i < n; i++) {
		memcpy(&v, record + i * sizeof v, sizeof v);
		if (part->column[i])
			put_value(o, part->column[i], i, v, kinds[i]);
	}
}

static void
close_part(struct element_sink *o, struct element_part *part)
{
	size_t i;

	for (i = 0; i < o->elements->plain.n; i++)
		if (part->column[i])
			hdfwrite_sink_close(part->column[i]);
	free(part->column);
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
		close_part(o, &o->part[i]);
	hdfwrite_finish(&o->file);
	write_types(o->elements, o->group, types);
	free(types);
	free(o->part);
	free(o->as);
	free(o->splits);
	free(o->lacking);
	labels_free(&o->lack);
	free(o->path);
	free(o->root);
}

void
element_group_free(struct element_group *g)
{
	size_t i;

	for (i = 0; i < g->nplain; i++)
		free(g->inexact[i].value);
	free(g->inexact);
	free(g->name);
	free(g->seen);
	free(g->has);
	free(g->pattern);
	free(g->count);
	labels_free(&g->patterns);
	labels_free(&g->types);
	labels_free(&g->type_id);
}

void
elements_free(struct elements *e)
{
	labels_free(&e->wanted);
	labels_free(&e->plain);
	labels_free(&e->typed);
	labels_free(&e->text);
	free(e->record);
	free(e->type);
}
