#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "diff/difftypes.h"

/* A column by its place in either file. */
struct difftypes_column {
	const char *name;
	size_t at[2]; /* or NO_TYPE */
	struct datum_column how;
};

struct difftypes_pair {
	const struct difftypes *d;
	struct types *t[2];
	struct labels names;
	struct difftypes_column *column;
	size_t n;
};

static void
list_columns(struct difftypes_pair *p)
{
	size_t f, i;

	for (f = 0; f < 2; f++)
		for (i = 0; i < p->t[f]->n; i++)
			label(&p->names, p->t[f]->name[i]);
	p->column = zeros(p->names.n, sizeof *p->column);
	for (i = 0; i < p->names.n; i++) {
		const char *name = p->names.name[i];
		uint32_t ignored = label_find(p->d->ignored, name);

		if (ignored != NO_LABEL) {
			p->d->met[ignored] = true;
			continue;
		}
		p->column[p->n++] = (struct difftypes_column){
			.name = name,
			.at = {type_find_property(p->t[0], name),
			       type_find_property(p->t[1], name)},
			.how = datum_column(name, p->d->sort == EDGES)};
	}
}

static datum_t
value_of(const struct difftypes_pair *p, struct difftypes_column *c, size_t f,
	 size_t row)
{
	const char *s =
		c->at[f] == NO_TYPE ? NULL : p->t[f]->value[row][c->at[f]];
	struct hdf_value v = {V_MISSING, {.i = 0}};

	if (s)
		v = (struct hdf_value){V_TEXT, {.s = s}};
	return datum_of(p->d->datums, &c->how, &v);
}

static void
compare_values(struct difftypes_pair *p, const char *place, size_t i, size_t k)
{
	char room[2][32];
	size_t c;

	for (c = 0; c < p->n; c++) {
		datum_t a = value_of(p, &p->column[c], 0, i);
		datum_t b = value_of(p, &p->column[c], 1, k);

		if (datum_is_near(p->d->datums, a, b))
			continue;
		difference_row(difference_kind(p->d->to, "type-value", "",
					       p->column[c].name),
			       place, datum_text(p->d->datums, a, room[0]),
			       datum_text(p->d->datums, b, room[1]), 1);
	}
}

/* "delay=2 dynamics_params=e.json", without what is missing. */
static char *
values_of(struct difftypes_pair *p, size_t f, size_t row)
{
	char *s = copy(""), *longer, room[32];
	size_t c;

	for (c = 0; c < p->n; c++) {
		const char *v = datum_text(
			p->d->datums, value_of(p, &p->column[c], f, row), room);

		if (!*v)
			continue;
		longer = format("%s%s%s=%s", s, *s ? " " : "",
				p->column[c].name, v);
		free(s);
		s = longer;
	}
	return s;
}

static void
tell_only(struct difftypes_pair *p, size_t f, size_t row, const char *place)
{
	char *values = values_of(p, f, row);

	difference_row(difference_kind(p->d->to,
				       f == 0 ? "type-removed" : "type-added",
				       "", ""),
		       place, f == 0 ? values : "", f == 0 ? "" : values, 1);
	free(values);
}

void
difftypes_run(const struct difftypes *d)
{
	const char *key = d->sort == NODES ? "node_type_id" : "edge_type_id";
	struct difftypes_pair p = {.d = d,
				   .t = {types_read(d->path[0], key, NULL),
					 types_read(d->path[1], key, NULL)}};
	const struct types *a = p.t[0], *b = p.t[1];
	size_t i = 0, k = 0;
	char place[32];

	list_columns(&p);
	while (i < a->ntypes || k < b->ntypes) {
		bool in_a = i < a->ntypes &&
			    (k == b->ntypes || a->id[i] <= b->id[k]);
		bool in_b = k < b->ntypes &&
			    (i == a->ntypes || b->id[k] <= a->id[i]);

		snprintf(place, sizeof place, "%" PRId64,
			 in_a ? a->id[i] : b->id[k]);
		if (in_a && in_b)
			compare_values(&p, place, i, k);
		else
			tell_only(&p, in_a ? 0 : 1, in_a ? i : k, place);
		i += in_a;
		k += in_b;
	}
	free(p.column);
	labels_free(&p.names);
	types_free(p.t[0]);
	types_free(p.t[1]);
}
