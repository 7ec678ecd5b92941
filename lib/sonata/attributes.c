#include <stdlib.h>
#include <string.h>

#include "sonata/attributes.h"
#include "sonata/property.h"
#include "util.h"

/* A group costs readers a search, and us an open dataset for each attribute. */
#define MAX_PARTS 16

/* Integers that some elements lack, and that have no default, are what parts
 * are for. */
static bool
is_patchy(const struct elements *e, const struct element_group *g, size_t i)
{
	return (g->column[i].seen & ~(unsigned)VALUE_MARKED) ==
		       (VALUE_INTEGER | VALUE_MISSING) &&
	       e->sort[i] != PROPERTY_NUMBER &&
	       e->dialect != DIALECT_LIBSONATA &&
	       !property_default(e->property.name[i]);
}

/* BMTK takes any text for true, so that flags are numbers. */
static enum hdfwrite_kind
kind_of(const struct elements *e, const struct element_group *g, size_t i,
	bool splits)
{
	unsigned seen = g->column[i].seen;

	if (e->sort[i] == PROPERTY_FLAG)
		return SINK_INT;
	if (splits || property_default(e->property.name[i]))
		seen &= ~(unsigned)VALUE_MISSING;
	if (seen & VALUE_TEXT)
		return SINK_TEXT;
	if (seen & (VALUE_REAL | VALUE_WIDE | VALUE_MISSING) ||
	    e->sort[i] == PROPERTY_NUMBER)
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
		check_place(&g->column[i].inexact, name,
			    "an integer that a real cannot hold, in a column "
			    "that is of reals or has missing values");
	if (g->column[i].seen & VALUE_TEXT)
		check_place(&g->column[i].respelt, name,
			    "among so many numbers it is not kept as it is "
			    "written, and texts come after it");
}

/* Is it an attribute of each element? */
static bool
has_values(const struct element_group *g, size_t i)
{
	return (g->column[i].seen & VALUE_ANY) && !typing_makes(&g->typing, i);
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

/* What an element lacks of the columns that make parts, by its pattern or its
 * kinds. */
static const char *
lacking(const struct attributes *a, const char *pattern)
{
	size_t i;

	for (i = 0; i < a->elements->property.n; i++)
		a->lacking[i] = a->splits[i] && pattern[i] & VALUE_MISSING
					? ELEMENT_LACKS
					: ELEMENT_HAS;
	return a->lacking;
}

/* Parts are numbered in the order of what they lack, rather than that of the
 * input. */
static void
number_parts(struct attributes *a)
{
	const struct labels *patterns = &a->group->patterns;
	struct labels found = {0};
	size_t k;

	for (k = 0; k < patterns->n && found.n <= MAX_PARTS; k++)
		label(&found, lacking(a, patterns->name[k]));
	if (found.n > MAX_PARTS || patterns->n > MAX_ELEMENT_PATTERNS) {
		memset(a->splits, false, a->elements->property.n);
	} else if (found.n > 0) {
		char **name = zeros(found.n, sizeof *name);

		memcpy(name, found.name, found.n * sizeof *name);
		qsort(name, found.n, sizeof *name, by_text);
		for (k = 0; k < found.n; k++)
			label(&a->lack, name[k]);
		free(name);
	}
	labels_free(&found);
}

static void
find_parts(struct attributes *a)
{
	const struct elements *e = a->elements;
	const struct element_group *g = a->group;
	size_t i, k;

	a->splits = zeros(e->property.n, sizeof *a->splits);
	a->lacking = zeros(e->property.n + 1, 1);
	for (i = 0; i < e->property.n; i++)
		a->splits[i] = is_patchy(e, g, i);
	number_parts(a);
	a->nparts = a->lack.n > 0 ? a->lack.n : 1;
	a->part = zeros(a->nparts, sizeof *a->part);
	if (a->nparts == 1)
		a->part[0] = g->n;
	for (k = 0; a->nparts > 1 && k < g->patterns.n; k++)
		a->part[label_find(&a->lack,
				   lacking(a, g->patterns.name[k]))] +=
			g->count[k];
}

bool
attribute_is_in_part(const struct attributes *a, size_t part, size_t i)
{
	const struct labels *patterns = &a->group->patterns;
	size_t k;

	if (!has_values(a->group, i))
		return false;
	if (a->nparts == 1 || property_default(a->elements->property.name[i]))
		return true;
	for (k = 0; k < patterns->n; k++)
		if (patterns->name[k][i] == ELEMENT_HAS &&
		    !strcmp(lacking(a, patterns->name[k]), a->lack.name[part]))
			return true;
	return false;
}

bool
attribute_is_enumeration(const struct attributes *a, size_t i)
{
	return a->as[i] == SINK_TEXT &&
	       !property_parameter(a->elements->property.name[i]);
}

static void
choose_kinds(struct attributes *a)
{
	const struct elements *e = a->elements;
	size_t i;

	a->as = zeros(e->property.n, sizeof *a->as);
	for (i = 0; i < e->property.n; i++) {
		a->as[i] = kind_of(e, a->group, i, a->splits[i]);
		check_values(e, a->group, i, a->as[i]);
	}
}

/* The columns of a matrix of positions, if there is to be one and there are
 * positions. */
static void
find_positions(struct attributes *a)
{
	const struct elements *e = a->elements;
	size_t k, there = 0;

	for (k = 0; k < LEN(property_axis); k++) {
		uint32_t i = label_find(&e->property, property_axis[k][0]);

		if (i == NO_LABEL)
			i = label_find(&e->property, property_axis[k][1]);
		if (i != NO_LABEL && !has_values(a->group, i))
			i = NO_LABEL;
		a->positions[k] = e->positions ? i : NO_LABEL;
		there += a->positions[k] != NO_LABEL;
	}
	for (k = 0; there > 0 && k < LEN(property_axis); k++) {
		if (a->positions[k] == NO_LABEL)
			die("--positions-matrix: %ss of '%s' have no '%s'",
			    e->name, a->group->name, property_axis[k][0]);
		a->axis[a->positions[k]] = true;
	}
}

static void
choose_types(const struct elements *e, struct element_group *g)
{
	bool *is_text = zeros(e->property.n, sizeof *is_text);
	size_t i;

	for (i = 0; i < e->property.n; i++)
		is_text[i] = g->column[i].seen & VALUE_TEXT;
	typing_choose(&g->typing, g->n, is_text);
	free(is_text);
}

void
attributes_choose(struct attributes *a, const struct elements *e,
		  struct element_group *g)
{
	*a = (struct attributes){.elements = e, .group = g};
	a->axis = zeros(e->property.n, sizeof *a->axis);
	choose_types(e, g);
	check_dynamics(e, g);
	find_parts(a);
	choose_kinds(a);
	find_positions(a);
}

size_t
attributes_part(const struct attributes *a, const char *kinds)
{
	return a->nparts == 1 ? 0 : label_find(&a->lack, lacking(a, kinds));
}

void
attributes_free(struct attributes *a)
{
	free(a->as);
	free(a->axis);
	free(a->part);
	free(a->splits);
	free(a->lacking);
	labels_free(&a->lack);
}
