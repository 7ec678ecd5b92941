#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sonata/elementwrite.h"
#include "sonata/property.h"
#include "sonata/typewrite.h"
#include "util.h"

struct elementwrite_part {
	struct hdfwrite_sink **column; /* NULL for one that is not there */
	struct labels *library;        /* the texts of enumerations */
	struct hdfwrite_sink *positions;
	uint64_t n; /* elements written so far */
};

/* --- datasets --- */

char *
elementwrite_path(const struct elementwrite *w, const char *name)
{
	return format("%s/%s", w->root, name);
}

/* The name is in new memory, and freed. */
static struct hdfwrite_sink *
open_dataset(struct elementwrite *w, char *name, enum hdfwrite_kind as,
	     uint64_t n, size_t wide)
{
	char *path = elementwrite_path(w, name);
	struct hdfwrite_sink *s = hdfwrite_sink(&w->file, path, as, n, wide);

	free(path);
	free(name);
	return s;
}

struct hdfwrite_sink *
elementwrite_column(struct elementwrite *w, const char *name,
		    enum hdfwrite_kind as)
{
	return open_dataset(w, copy(name), as, w->group->n, 1);
}

static const char *
name_of(const struct elementwrite *w, size_t i)
{
	return elements_stored_name(w->elements, w->elements->property.name[i]);
}

static void
open_property(struct elementwrite *w, size_t k, size_t i)
{
	const struct attributes *a = &w->attributes;
	const char *name = name_of(w, i), *parameter = property_parameter(name);

	if (!attribute_is_in_part(a, k, i) || a->axis[i])
		return;
	w->part[k].column[i] = open_dataset(
		w,
		parameter ? format("%zu/dynamics_params/%s", k, parameter)
			  : format("%zu/%s", k, name),
		attribute_is_enumeration(a, i) ? SINK_U32 : a->as[i],
		a->part[k], 1);
}

static void
open_part(struct elementwrite *w, size_t k)
{
	const struct attributes *a = &w->attributes;
	struct elementwrite_part *part = &w->part[k];
	size_t i, n = w->elements->property.n;
	char *path = format("%s/%zu", w->root, k);

	hdfwrite_group(&w->file, path);
	free(path);
	part->column = zeros(n, sizeof(struct hdfwrite_sink *));
	part->library = zeros(n, sizeof(struct labels));
	for (i = 0; i < n; i++)
		open_property(w, k, i);
	if (a->positions[0] != NO_LABEL)
		part->positions = open_dataset(w, format("%zu/positions", k),
					       SINK_REAL, a->part[k], 3);
}

void
elementwrite_open(struct elementwrite *w, const char *directory, unsigned gzip)
{
	const struct elements *e = w->elements;
	const char *name = w->group->name;
	uint64_t n = w->group->n;
	size_t k;

	w->directory = directory;
	w->path = format("%s/%s_%ss.h5", directory, name, e->name);
	w->root = format("/%ss/%s", e->name, name);
	hdfwrite_create(&w->file, w->path, gzip);
	w->group_id =
		open_dataset(w, format("%s_group_id", e->name), SINK_U32, n, 1);
	w->group_index = open_dataset(w, format("%s_group_index", e->name),
				      SINK_U64, n, 1);
	w->type_id =
		open_dataset(w, format("%s_type_id", e->name), SINK_INT, n, 1);
	attributes_choose(&w->attributes, e, w->group);
	w->part = zeros(w->attributes.nparts, sizeof *w->part);
	for (k = 0; k < w->attributes.nparts; k++)
		open_part(w, k);
}

/* --- values --- */

static int64_t
missing_integer(const char *name)
{
	const struct property_default *known = property_default(name);

	return known ? known->number : 0;
}

static double
missing_real(const char *name)
{
	const struct property_default *known = property_default(name);

	return known ? (double)known->number : NAN;
}

/* Some numbers were kept as texts. */
static double
real_of(const struct elements *e, size_t i, union element_value v, int kind)
{
	double r = v.r;

	if (kind & VALUE_MISSING)
		return missing_real(e->property.name[i]);
	if (kind & VALUE_SPELT)
		parse_num(e->text.name[v.text], &r);
	else if (kind == VALUE_INTEGER)
		r = (double)v.i;
	return r;
}

static int64_t
integer_of(const struct elements *e, size_t i, union element_value v, int kind)
{
	int64_t n = v.i;
	bool flag;

	if (kind & VALUE_MISSING)
		return missing_integer(e->property.name[i]);
	if (e->sort[i] == PROPERTY_FLAG) {
		parse_flag(e->text.name[v.text], &flag);
		return flag;
	}
	if (kind & VALUE_SPELT)
		parse_int(e->text.name[v.text], &n);
	return n;
}

static void
put_value(struct elementwrite *w, struct elementwrite_part *part, size_t i,
	  union element_value v, int kind)
{
	struct elements *e = w->elements;
	struct hdfwrite_sink *s = part->column[i];

	if (attribute_is_enumeration(&w->attributes, i))
		hdfwrite_int(
			s, label(&part->library[i], elements_text(e, v, kind)));
	else if (w->attributes.as[i] == SINK_TEXT)
		hdfwrite_text(s, elements_text(e, v, kind));
	else if (w->attributes.as[i] == SINK_INT)
		hdfwrite_int(s, integer_of(e, i, v, kind));
	else
		hdfwrite_real(s, real_of(e, i, v, kind));
}

static void
put_positions(struct elementwrite *w, struct elementwrite_part *part,
	      const char *record)
{
	size_t k;

	for (k = 0; k < LEN(w->attributes.positions); k++) {
		size_t i = w->attributes.positions[k];

		hdfwrite_real(part->positions,
			      real_of(w->elements, i, element_value(record, i),
				      elements_kind(w->elements, record, i)));
	}
}

/* The number of its type.  The record is copied to where it is aligned. */
static size_t
type_of(struct elementwrite *w, const char *record)
{
	struct elements *e = w->elements;
	size_t n = e->property.n * sizeof(union element_value);
	const void *value = e->record;
	int64_t id = NO_TYPE_ID;

	if (e->size > 0)
		memcpy(e->record, record, e->size);
	if (e->gives_ids)
		memcpy(&id, record + e->size - sizeof id, sizeof id);
	return typing_find(&w->group->typing, id, value,
			   (const unsigned char *)e->record + n);
}

/* Where there are no types, -1 is what stands for none. */
static int64_t
type_id_of(struct elementwrite *w, const char *record)
{
	if (w->elements->dialect == DIALECT_LIBSONATA &&
	    !w->group->typing.by_id)
		return NO_TYPE_ID;
	return typewrite_id(w->group, type_of(w, record));
}

void
elementwrite_put(struct elementwrite *w, const char *record)
{
	size_t i, n = w->elements->property.n;
	const char *kinds = record + n * sizeof(union element_value);
	size_t k = attributes_part(&w->attributes, kinds);
	struct elementwrite_part *part = &w->part[k];

	hdfwrite_int(w->type_id, type_id_of(w, record));
	hdfwrite_int(w->group_id, (int64_t)k);
	hdfwrite_int(w->group_index, (int64_t)part->n++);
	for (i = 0; i < n; i++)
		if (part->column[i])
			put_value(w, part, i, element_value(record, i),
				  kinds[i]);
	if (part->positions)
		put_positions(w, part, record);
}

/* --- the end --- */

static void
write_library(struct elementwrite *w, size_t k, size_t i)
{
	const struct labels *texts = &w->part[k].library[i];
	struct hdfwrite_sink *s =
		open_dataset(w, format("%zu/@library/%s", k, name_of(w, i)),
			     SINK_TEXT, texts->n, 1);
	size_t t;

	for (t = 0; t < texts->n; t++)
		hdfwrite_text(s, texts->name[t]);
	hdfwrite_sink_close(s);
}

static void
close_part(struct elementwrite *w, size_t k)
{
	struct elementwrite_part *part = &w->part[k];
	size_t i;

	for (i = 0; i < w->elements->property.n; i++) {
		if (!part->column[i])
			continue;
		hdfwrite_sink_close(part->column[i]);
		if (attribute_is_enumeration(&w->attributes, i))
			write_library(w, k, i);
		labels_free(&part->library[i]);
	}
	if (part->positions)
		hdfwrite_sink_close(part->positions);
	free(part->column);
	free(part->library);
}

void
elementwrite_close(struct elementwrite *w)
{
	char *types = format("%s/%s_%s_types.csv", w->directory, w->group->name,
			     w->elements->name);
	size_t k;

	hdfwrite_sink_close(w->type_id);
	hdfwrite_sink_close(w->group_id);
	hdfwrite_sink_close(w->group_index);
	for (k = 0; k < w->attributes.nparts; k++)
		close_part(w, k);
	hdfwrite_finish(&w->file);
	if (elements_have_types(w->elements))
		typewrite(w->elements, w->group, types);
	free(types);
	free(w->part);
	free(w->path);
	free(w->root);
	attributes_free(&w->attributes);
}
