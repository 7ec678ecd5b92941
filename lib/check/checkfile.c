#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/checkfile.h"
#include "check/checkreport.h"
#include "check/checkrows.h"
#include "check/checkspikes.h"
#include "check/finding.h"
#include "sonata/hdflook.h"

/* ---- The container ---- */

static void
check_magic(const struct hdf_file *f)
{
	double v[2] = {NAN, NAN};
	struct hdflook a = hdflook_attribute(f, "/", "magic", v, 1);

	if (!a.there)
		finding_add("magic", f->path, "/", 1, "no attribute magic");
	else if (v[0] != 0x0A7A)
		finding_add("magic", f->path, "/", 1,
			    "not 2682, which is 0x0A7A");
	a = hdflook_attribute(f, "/", "version", v, 2);
	if (!a.there)
		finding_add("version", f->path, "/", 1, "no attribute version");
	else if (a.kind != LOOK_INT || a.values != 2)
		finding_add("version", f->path, "/", 1, "not two integers");
	if (a.there && a.rank == 0 && a.kind != LOOK_TEXT)
		finding_add("version-scalar", f->path, "/", 1, "one number");
}

static bool
is_gap_file(const struct hdf_file *f)
{
	return hdf_has(f, "/source_ids") && hdf_has(f, "/target_ids");
}

/* BMTK's file of gap junctions is none of the specification's. */
static void
check_container(const struct hdf_file *f)
{
	bool known = hdf_is_group(f, "/nodes") || hdf_is_group(f, "/edges") ||
		     hdf_is_group(f, "/spikes") || checkreport_is_one(f);

	if (is_gap_file(f))
		return;
	check_magic(f);
	if (!known)
		finding_add("contents", f->path, "/", 1,
			    "neither nodes, edges, spikes nor a report");
}

/* ---- Nodes that are known ---- */

/* The populations in a group: datasets beside them are none. */
static char **
list_populations(const struct hdf_file *f, const char *group, size_t *n)
{
	size_t i, k = 0;
	char **name = hdf_names(f, group, n);

	for (i = 0; i < *n; i++) {
		char *path = format("%s/%s", group, name[i]);

		if (hdf_is_group(f, path))
			name[k++] = name[i];
		else
			free(name[i]);
		free(path);
	}
	*n = k;
	return name;
}

static void
know_nodes(struct checkfile *all, const struct hdf_file *f, const char *types)
{
	size_t i, n;
	char **name = list_populations(f, "/nodes", &n);

	for (i = 0; i < n; i++)
		if (!known_add(&all->known, name[i], f->path, types)) {
			char *path = format("/nodes/%s", name[i]);

			finding_add("population-twice", f->path, path, 1,
				    "also in %s",
				    known_find(&all->known, name[i])->path);
			free(path);
		}
	hdf_free_names(name, n);
}

static void
know_edges(struct checkfile *all, const struct hdf_file *f)
{
	size_t i, n, known;
	char **name = list_populations(f, "/edges", &n);

	for (i = 0; i < n; i++) {
		char *path = format("/edges/%s", name[i]);

		known = all->edges.n;
		label(&all->edges, name[i]);
		finding_add("population-twice", f->path, path,
			    all->edges.n == known, "also in another file");
		free(path);
	}
	hdf_free_names(name, n);
}

bool
checkfile_opens(const struct checkfile *all, const char *path)
{
	uint32_t i = label_find(&all->paths, path);

	return i != NO_LABEL && all->entry[i].opens;
}

bool
checkfile_has(const char *path, const char *sort, const char *population)
{
	struct hdf_file *f = hdf_open(path);
	char *group = format("/%s/%s", sort, population);
	bool has = hdf_is_group(f, group);

	free(group);
	hdf_close(f);
	return has;
}

void
checkfile_list(struct checkfile *all, const char *path, const char *node_types,
	       const char *edge_types)
{
	struct hdf_file *f;
	struct checkfile_entry *e;

	if (label_find(&all->paths, path) != NO_LABEL)
		return;
	label(&all->paths, path);
	all->entry =
		grow(all->entry, &all->cap, all->n + 1, sizeof *all->entry);
	e = &all->entry[all->n++];
	*e = (struct checkfile_entry){.path = copy(path)};
	e->types[NODES] = node_types ? copy(node_types) : NULL;
	e->types[EDGES] = edge_types ? copy(edge_types) : NULL;
	finding_step("hdf5", path, "");
	e->opens = !finding_failed();
	if (!e->opens)
		return;
	f = hdf_open(path);
	know_nodes(all, f, node_types);
	know_edges(all, f);
	hdf_close(f);
}

/* ---- What is in it ---- */

static void
check_populations(struct checkfile *all, struct hdf_file *f,
		  const struct checkfile_entry *e, enum sonata_sort sort)
{
	size_t i, n;
	char **name =
		list_populations(f, sort == NODES ? "/nodes" : "/edges", &n);

	for (i = 0; i < n; i++)
		checkrows_population(&(struct checkrows){
			.file = f,
			.sort = sort,
			.name = name[i],
			.types = e->types[sort],
			.known = &all->known,
			.memory = all->memory,
		});
	hdf_free_names(name, n);
}

static void
check_file(struct checkfile *all, const struct checkfile_entry *e)
{
	struct hdf_file *f;
	bool due = finding_step("hdf5", e->path, "/");

	if (finding_failed())
		return;
	f = hdf_open(e->path);
	if (due)
		check_container(f);
	check_populations(all, f, e, NODES);
	check_populations(all, f, e, EDGES);
	if (hdf_is_group(f, "/spikes"))
		checkspikes_file(f, &all->known);
	if (checkreport_is_one(f))
		checkreport_file(f, &all->known);
	hdf_close(f);
}

void
checkfile_run(struct checkfile *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->entry[i].opens)
			check_file(all, &all->entry[i]);
}
