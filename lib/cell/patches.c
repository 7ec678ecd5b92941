#include <stdlib.h>
#include <string.h>

#include "cell/gates.h"
#include "cell/model.h"
#include "cell/nrn.h"
#include "cell/patches.h"
#include "opt.h"

/* MechanismType's kinds. */
enum { DENSITY, POINT };

struct kinds {
	char **name;
	size_t n, cap;
};

static char **wanted;

static const char kind_lister[] = "objref bm_kinds\n"
				  "strdef bm_kind\n"
				  "proc bm_list_kinds() { local i\n"
				  " bm_kinds = new MechanismType($1)\n"
				  " for i = 0, bm_kinds.count() - 1 {\n"
				  "  bm_kinds.select(i)\n"
				  "  bm_kinds.selected(bm_kind)\n"
				  "  printf(\"%s\\n\", bm_kind)\n"
				  " }\n"
				  "}\n";

static void
add_kind(struct kinds *k, const char *name)
{
	k->name = grow(k->name, &k->cap, k->n + 1, sizeof *k->name);
	k->name[k->n++] = copy(name);
}

static struct kinds
list_kinds(int type)
{
	struct kinds k = {0};
	char *all, *rest, *kind;

	nrn_do("%s", kind_lister);
	rest = all = copy(nrn_print("bm_list_kinds(%d)", type));
	while ((kind = strsep(&rest, "\n"))) {
		if (!*kind || (type == DENSITY && !gates_is_channel(kind)))
			continue;
		add_kind(&k, kind);
	}
	free(all);
	return k;
}

static void
free_kinds(struct kinds *k)
{
	while (k->n > 0)
		free(k->name[--k->n]);
	free(k->name);
}

static bool
has_kind(const struct kinds *k, const char *name)
{
	size_t i = 0;

	while (i < k->n && strcmp(k->name[i], name) != 0)
		i++;
	return i < k->n;
}

/* NEURON's own is looked at where it is named. */
static bool
is_built_in(const char *kind)
{
	return strcmp(kind, "pas") == 0 || strcmp(kind, "fastpas") == 0 ||
	       strcmp(kind, "hh") == 0;
}

static _Noreturn void
refuse(const struct kinds *density, const char *name)
{
	struct kinds point = list_kinds(POINT);
	char *all = NULL;
	size_t i;

	if (has_kind(&point, name))
		misuse("%s: a point process has no current per area", name);
	for (i = 0; i < density->n; i++)
		all = join(all, density->name[i]);
	misuse("no mechanism '%s'; there are: %s", name, all);
}

/* Those of the folders, or those that are wanted. */
static struct kinds
choose(void)
{
	struct kinds density = list_kinds(DENSITY), k = {0};
	size_t i;

	for (i = 0; !*wanted && i < density.n; i++)
		if (!is_built_in(density.name[i]))
			add_kind(&k, density.name[i]);
	for (i = 0; wanted[i]; i++) {
		if (!has_kind(&density, wanted[i]))
			refuse(&density, wanted[i]);
		if (!has_kind(&k, wanted[i]))
			add_kind(&k, wanted[i]);
	}
	free_kinds(&density);
	return k;
}

static void
make_patches(void)
{
	struct kinds k = choose();
	size_t i;

	if (k.n == 0)
		die("no mechanism with a current per area in the folders of "
		    "--mechanisms");
	nrn_do("create patch[%zu]", k.n);
	for (i = 0; i < k.n; i++)
		nrn_do("patch[%zu] insert %s", i, k.name[i]);
	free_kinds(&k);
}

void
patches_build(char **mechanism)
{
	wanted = mechanism;
	model_build_of(make_patches);
}
