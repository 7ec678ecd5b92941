#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "out.h"
#include "sonata/property.h"
#include "sonata/typewrite.h"
#include "util.h"

#define FIRST_TYPE 100 /* as BMTK numbers types */

/* The separator is a space. */
static void
put_type_field(FILE *f, const char *s)
{
	if (*s && !strpbrk(s, " \t\","))
		fputs(s, f);
	else
		out_quote(f, s);
}

int64_t
typewrite_id(const struct element_group *g, size_t type)
{
	return g->typing.by_id ? g->typing.id[type]
			       : (int64_t)type + FIRST_TYPE;
}

static const char *
default_type(const struct elements *e, const struct element_group *g, size_t i)
{
	const struct property_default *known =
		property_default(e->property.name[i]);

	if (!known)
		return "NULL";
	return g->column[i].has & COLUMN_NUMBERED ? known->digits : known->text;
}

static bool
is_in_types(const struct element_group *g, size_t i)
{
	return g->column[i].has && typing_makes(&g->typing, i);
}

/* The text of a property that is of types, or NULL. */
static const char *
type_text(struct elements *e, const struct element_group *g, uint32_t i,
	  size_t type)
{
	const struct typing *t = &g->typing;
	size_t at = type * t->columns + i;

	if (i == NO_LABEL || !is_in_types(g, i) || t->kind[at] & VALUE_MISSING)
		return NULL;
	return elements_text(e, (union element_value){.text = t->value[at]},
			     t->kind[at]);
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

	if (i != NO_LABEL && g->column[i].has)
		return false;
	for (k = 0; k < g->typing.n; k++)
		if (is_asked(e, g, a, k))
			return true;
	return false;
}

/* BMTK has texts of both words and numbers, and any text is true. */
static const char *
flag_text(const struct element_group *g, size_t i, const char *s)
{
	bool flag;

	if (!(g->column[i].has & COLUMN_NUMBERED) ||
	    !(g->column[i].has & COLUMN_WORDED))
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

	fprintf(f, "%lld", (long long)typewrite_id(g, type));
	for (i = 0; i < e->property.n; i++) {
		if (!is_in_types(g, i))
			continue;
		putc(' ', f);
		s = type_text(e, g, i, type);
		s = s ? s : lacking_text(e, g, i, type);
		put_type_field(f, e->sort[i] == PROPERTY_FLAG
					  ? flag_text(g, i, s)
					  : s);
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

void
typewrite(struct elements *e, const struct element_group *g, const char *path)
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

void
typewrite_virtual(const struct types *t, const char *path)
{
	size_t model = type_find_property(t, "model_type"), i, k;
	FILE *f = replace_open(path);

	fputs("node_type_id", f);
	for (k = 0; k < t->n; k++) {
		putc(' ', f);
		put_type_field(f, t->name[k]);
	}
	fputs(model == NO_TYPE ? " model_type\n" : "\n", f);
	for (i = 0; i < t->ntypes; i++) {
		fprintf(f, "%lld", (long long)t->id[i]);
		for (k = 0; k < t->n; k++) {
			const char *s = t->value[i][k];

			putc(' ', f);
			put_type_field(f, k == model ? "virtual"
					  : s        ? s
						     : "NULL");
		}
		fputs(model == NO_TYPE ? " virtual\n" : "\n", f);
	}
	if (ferror(f) | fclose(f))
		die("%s:", path);
}
