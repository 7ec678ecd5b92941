/* A record is plain.n values, as many kinds, and the number of its type. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elements.h"
#include "files.h"
#include "out.h"
#include "util.h"

#define FIRST_TYPE 100 /* as BMTK numbers types */
#define PART '\037'    /* after each property of a type */

/* What values a column has had.  WIDE is an integer that neither an int64 nor
 * a double can hold; it waits as a text. */
enum { MISSING = 1, INTEGER = 2, REAL = 4, TEXT = 8, WIDE = 16 };

union value {
	int64_t i;
	double r;
	uint64_t text; /* a label */
};

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
	if (find_label(&e->wanted, name) != NO_LABEL) {
		label(&e->typed, name);
		return;
	}
	if (!strcmp(name, "positions"))
		die("%s: 'positions' cannot be the name of an attribute, where "
		    "it is a matrix of x, y and z",
		    r->path);
	label(&e->plain, name);
}

/* What is left out, for one warning. */
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
want_types(struct elements *e, const char *names)
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
	return find_label(&e->plain, name) != NO_LABEL ||
	       find_label(&e->typed, name) != NO_LABEL;
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
open_element_tables(struct elements *e, const char *const *path, size_t n)
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
check_wanted(const struct elements *e, const char *option)
{
	size_t i;

	for (i = 0; i < e->wanted.n; i++)
		if (find_label(&e->typed, e->wanted.name[i]) == NO_LABEL)
			die("--%s: no %s table has a property '%s'", option,
			    e->name, e->wanted.name[i]);
}

void
close_element_tables(struct elements *e)
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

/* Hexadecimal and infinite numbers are left to be texts. */
static bool
is_decimal(const char *s)
{
	return s[strspn(s, "+-.0123456789eE")] == '\0';
}

/* Is v the integer that stands in s?  So many digits of a double are exact. */
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
see_inexact(struct inexact *x, const struct rows *r, const char *s)
{
	if (x->value)
		return;
	*x = (struct inexact){r->path, r->line, copy(s)};
}

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

/* An id that the table gives is a part of the type; the first of its types is
 * then the only one it may have. */
static void
add_type_id(struct elements *e, struct element_group *g,
	    const struct element_table *t, int64_t type_id)
{
	char id[32];

	snprintf(id, sizeof id, "%lld", (long long)type_id);
	add_to_type(e, id);
	if (find_label(&g->types, e->type) == NO_LABEL &&
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
		g->has[i] = g->has[i] || *s;
		add_to_type(e, s);
	}
	if (t->type_id != NO_COLUMN)
		add_type_id(e, g, t, rows_int(&t->rows, t->type_id));
	return label(&g->types, e->type);
}

void
add_element(struct elements *e, struct element_group *g,
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
	type = type_of(e, g, t);
	memcpy(kinds + e->plain.n, &type, sizeof type);
	spill_add(e->spill, key, e->record);
	g->n++;
}

void
start_group(struct element_group *g, const struct elements *e, const char *name)
{
	*g = (struct element_group){.name = copy(name)};
	g->seen = zeros(e->plain.n, sizeof *g->seen);
	g->has = zeros(e->typed.n, sizeof *g->has);
	g->nplain = e->plain.n;
	g->inexact = zeros(g->nplain, sizeof *g->inexact);
}

/* --- writing types --- */

/* The separator is a space. */
static void
put_type_field(FILE *f, const char *s)
{
	if (*s && !strpbrk(s, " \t\",")) {
		fputs(s, f);
		return;
	}
	putc('"', f);
	for (; *s; s++) {
		if (*s == '"')
			putc('"', f);
		putc(*s, f);
	}
	putc('"', f);
}

static int64_t
type_id(const struct element_group *g, size_t type)
{
	int64_t id = (int64_t)type + FIRST_TYPE;

	if (g->type_id.n > 0)
		parse_int(g->type_id.name[type], &id);
	return id;
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
			fputs("NULL", f);
	}
	putc('\n', f);
	free(s);
}

static FILE *
replace_open(const char *path)
{
	FILE *f = fopen(replace_file(path), "we");

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
next_element(struct elements *e, uint64_t *key)
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

struct sink *
open_column(struct element_sink *o, const char *name, enum sink_kind as)
{
	char *path = element_path(o, name);
	struct sink *s = open_sink(&o->file, path, as, o->group->n, 1);

	free(path);
	return s;
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

static enum sink_kind
kind_of(const char *name, unsigned seen)
{
	if (seen & TEXT)
		return SINK_TEXT;
	if (seen & (REAL | WIDE | MISSING) || is_one_of(name, reals))
		return SINK_REAL;
	return SINK_INT;
}

/* A rounded integer may be another cell's, so that it is not for us to do. */
static void
check_exact(const struct inexact *x, const char *name)
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
	uint32_t whole = find_label(&e->plain, "dynamics_params");
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

static void
open_property(struct element_sink *o, size_t i)
{
	const char *name = o->elements->plain.name[i];
	char *attribute = format("0/%s", name), *path;
	unsigned seen = o->group->seen[i];

	o->as[i] = kind_of(name, seen);
	if (o->as[i] == SINK_REAL)
		check_exact(&o->group->inexact[i], name);
	if (!strncmp(name, stem, strlen(stem)))
		attribute[strlen("0/") + strlen(stem) - 1] = '/';
	path = element_path(o, attribute);
	if (has_values(o->group, i))
		o->column[i] =
			open_sink(&o->file, path, o->as[i], o->group->n, 1);
	free(path);
	free(attribute);
}

/* A column whose name begins with "node" or "edge". */
static struct sink *
open_named(struct element_sink *o, const char *suffix, enum sink_kind kind)
{
	char *name = format("%s%s", o->elements->name, suffix);
	struct sink *s = open_column(o, name, kind);

	free(name);
	return s;
}

void
open_element_sink(struct element_sink *o, const char *directory, unsigned gzip)
{
	const struct elements *e = o->elements;
	const struct element_group *g = o->group;
	char *path;
	size_t i;

	o->directory = directory;
	o->path = format("%s/%s_%ss.h5", directory, g->name, e->name);
	o->root = format("/%ss/%s", e->name, g->name);
	hdf_create(&o->file, o->path, gzip);
	path = element_path(o, "0");
	hdf_group(&o->file, path);
	free(path);
	o->group_id = open_named(o, "_group_id", SINK_U32);
	o->group_index = open_named(o, "_group_index", SINK_U64);
	o->type_id = open_named(o, "_type_id", SINK_INT);
	check_dynamics(e, g);
	o->column = zeros(e->plain.n, sizeof(struct sink *));
	o->as = zeros(e->plain.n, sizeof *o->as);
	for (i = 0; i < e->plain.n; i++)
		open_property(o, i);
}

/* A number among texts is one of them, as it is written. */
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
		s[num_text(v.r, s)] = '\0';
	text = label(&e->text, s); /* which may move e->text.name */
	return e->text.name[text];
}

static void
put_value(struct element_sink *o, size_t i, union value v, int kind)
{
	struct sink *s = o->column[i];

	if (o->as[i] == SINK_TEXT)
		sink_text(s, value_text(o->elements, v, kind));
	else if (o->as[i] == SINK_INT)
		sink_int(s, v.i);
	else if (kind == MISSING)
		sink_real(s, NAN);
	else
		sink_real(s, kind == REAL ? v.r : (double)v.i);
}

void
put_element(struct element_sink *o, const char *record)
{
	size_t i, n = o->elements->plain.n;
	const char *kinds = record + n * sizeof(union value);
	uint32_t type;
	union value v;

	memcpy(&type, kinds + n, sizeof type);
	sink_int(o->type_id, type_id(o->group, type));
	sink_int(o->group_id, 0);
	sink_int(o->group_index, (int64_t)o->n++);
	for (i = 0; i < n; i++) {
		memcpy(&v, record + i * sizeof v, sizeof v);
		if (o->column[i])
			put_value(o, i, v, kinds[i]);
	}
}

void
close_element_sink(struct element_sink *o)
{
	char *types = format("%s/%s_%s_types.csv", o->directory, o->group->name,
			     o->elements->name);
	size_t i;

	close_sink(o->type_id);
	close_sink(o->group_id);
	close_sink(o->group_index);
	for (i = 0; i < o->elements->plain.n; i++)
		if (o->column[i])
			close_sink(o->column[i]);
	hdf_finish(&o->file);
	write_types(o->elements, o->group, types);
	free(types);
	free(o->column);
	free(o->as);
	free(o->path);
	free(o->root);
}

void
free_group(struct element_group *g)
{
	size_t i;

	for (i = 0; i < g->nplain; i++)
		free(g->inexact[i].value);
	free(g->inexact);
	free(g->name);
	free(g->seen);
	free(g->has);
	free_labels(&g->types);
	free_labels(&g->type_id);
}

void
free_elements(struct elements *e)
{
	free_labels(&e->wanted);
	free_labels(&e->plain);
	free_labels(&e->typed);
	free_labels(&e->text);
	free(e->record);
	free(e->type);
}
