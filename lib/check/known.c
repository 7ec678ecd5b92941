#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/known.h"
#include "sonata/hdflook.h"
#include "sonata/types.h"
#include "util.h"

bool
known_add(struct known_nodes *all, const char *name, const char *path,
	  const char *types)
{
	if (label_find(&all->names, name) != NO_LABEL)
		return false;
	label(&all->names, name);
	all->population = grow(all->population, &all->cap, all->n + 1,
			       sizeof *all->population);
	all->population[all->n++] = (struct known_population){
		.name = copy(name),
		.path = copy(path),
		.types = types ? copy(types) : NULL,
	};
	return true;
}

struct known_population *
known_find(const struct known_nodes *all, const char *name)
{
	uint32_t i = label_find(&all->names, name);

	return i == NO_LABEL ? NULL : &all->population[i];
}

/* ---- Ids ---- */

static bool
is_column(const struct hdflook *d)
{
	return d->there && !d->is_group && d->rank == 1 && d->kind == LOOK_INT;
}

static void
take_ids(struct known_population *p, const struct hdf_file *f, const char *root)
{
	char *path = format("%s/node_id", root);
	char *types = format("%s/node_type_id", root);
	struct hdflook id = hdflook_dataset(f, path);
	struct hdflook type = hdflook_dataset(f, types);
	uint32_t bad;
	int64_t *v = NULL;

	if (is_column(&id)) {
		struct hdf_column *c = hdf_column(f, path);

		v = zeros((size_t)c->n, sizeof *v);
		hdf_column_unchecked(c, 0, (size_t)c->n, v);
		hdf_column_close(c);
	}
	if (is_column(&id) || (!id.there && is_column(&type))) {
		p->ids = ids_try(v, (size_t)(v ? id.extent[0] : type.extent[0]),
				 &bad);
		p->sound = p->ids && bad == NO_CELL;
	}
	free(types);
	free(path);
}

static void
read_ids(struct known_population *p)
{
	struct hdf_file *f;
	char *root;

	p->read = true;
	f = hdf_open(p->path);
	root = format("/nodes/%s", p->name);
	take_ids(p, f, root);
	free(root);
	hdf_close(f);
}

bool
known_has_node(struct known_population *p, int64_t id)
{
	if (!p->read)
		read_ids(p);
	return !p->sound || (id >= 0 && ids_find(p->ids, id) != NO_CELL);
}

/* ---- Attributes ---- */

static int
by_number(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;

	return (p > q) - (p < q);
}

int64_t *
known_groups(const struct hdf_file *f, const char *root, size_t *n)
{
	size_t i, names;
	char **name = hdf_names(f, root, &names);
	int64_t *group = zeros(names + 1, sizeof *group);

	*n = 0;
	for (i = 0; i < names; i++) {
		char *path = format("%s/%s", root, name[i]);

		if (strspn(name[i], "0123456789") == strlen(name[i]) &&
		    parse_int(name[i], &group[*n]) && hdf_is_group(f, path))
			++*n;
		free(path);
	}
	hdf_free_names(name, names);
	qsort(group, *n, sizeof *group, by_number);
	return group;
}

static struct known_attribute *
get_attribute(struct known_nodes *all, const char *name)
{
	uint32_t i = label(&all->attributes, name);

	all->attribute = grow(all->attribute, &all->mattributes, (size_t)i + 1,
			      sizeof *all->attribute);
	return &all->attribute[i];
}

static void
take_dataset(struct known_nodes *all, const struct hdf_file *f,
	     const char *group, const char *name)
{
	static const char *const axis[] = {"x", "y", "z"};
	char *path = format("%s/%s", group, name);
	char *library = format("%s/@library/%s", group, name);
	struct hdflook d = hdflook_dataset(f, path);
	bool enumerated = hdf_has(f, library);
	struct known_attribute *a;
	size_t k;

	if (!d.is_group && d.rank == 1) {
		a = get_attribute(all, name);
		a->texts |= d.kind == LOOK_TEXT || enumerated;
		a->numbers |= !enumerated &&
			      (d.kind == LOOK_INT || d.kind == LOOK_REAL);
		a->reals |= d.kind == LOOK_REAL;
		a->flags |= d.kind == LOOK_ENUM ||
			    (d.kind == LOOK_INT && d.size == 1 && !enumerated);
	}
	for (k = 0; !strcmp(name, "positions") && k < LEN(axis); k++) {
		a = get_attribute(all, axis[k]);
		a->numbers = a->reals = true;
	}
	free(library);
	free(path);
}

static void
take_group(struct known_nodes *all, const struct hdf_file *f, const char *group)
{
	size_t i, n;
	char **name = hdf_names(f, group, &n);

	for (i = 0; i < n; i++)
		take_dataset(all, f, group, name[i]);
	hdf_free_names(name, n);
}

/* What is wrong in a file of types is found where it is checked. */
static void
take_no_notice(void *arg, enum types_fault fault, size_t line, const char *what)
{
	(void)line;
	(void)what;
	if (fault < TYPES_SEPARATOR)
		*(bool *)arg = false;
}

static void
take_types(struct known_nodes *all, const struct known_population *p)
{
	struct types_look look = {take_no_notice, &all->complete};
	struct types *t;
	size_t i, k;
	double num;
	bool flag;

	t = types_look(p->types, "node_type_id", p->name, &look);
	for (k = 0; t && k < t->n; k++)
		for (i = 0; i < t->ntypes; i++) {
			struct known_attribute *a =
				get_attribute(all, t->name[k]);
			const char *s = t->value[i][k];
			bool number = s && parse_num(s, &num);

			a->numbers |= number;
			a->reals |= number;
			a->texts |= s && !number;
			a->flags |= s && parse_flag(s, &flag);
		}
	types_free(t);
}

static void
take_population(struct known_nodes *all, const struct known_population *p)
{
	struct hdf_file *f = hdf_open(p->path);
	char *root = format("/nodes/%s", p->name);
	size_t i, n;
	int64_t *group = known_groups(f, root, &n);

	for (i = 0; i < n; i++) {
		char *path = format("%s/%lld", root, (long long)group[i]);

		take_group(all, f, path);
		free(path);
	}
	free(group);
	free(root);
	hdf_close(f);
	if (p->types && access(p->types, R_OK) == 0)
		take_types(all, p);
	else if (p->types)
		all->complete = false;
}

static void
list_attributes(struct known_nodes *all)
{
	static const char *const ours[] = {"node_id", "node_type_id",
					   "node_group_id", "node_group_index"};
	struct known_attribute *a;
	size_t i;

	all->listed = true;
	for (i = 0; i < all->n; i++)
		take_population(all, &all->population[i]);
	for (i = 0; i < LEN(ours); i++)
		get_attribute(all, ours[i])->numbers = true;
	a = get_attribute(all, "population");
	a->texts = true;
}

const struct known_attribute *
known_find_attribute(struct known_nodes *all, const char *name)
{
	uint32_t i;

	if (!all->listed) {
		all->complete = all->whole;
		list_attributes(all);
	}
	i = label_find(&all->attributes, name);
	return i == NO_LABEL ? NULL : &all->attribute[i];
}
