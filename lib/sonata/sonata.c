#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "sonata/gaps.h"
#include "util.h"

static const char *const kind[] = {"node", "edge"}; /* by enum sonata_sort */

static bool
is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

/* The type CSV beside "v1_nodes.h5" is "v1_node_types.csv". */
char *
sonata_usual_types(const char *path, enum sonata_sort sort)
{
	char *ending = format("%ss.h5", kind[sort]), *types = NULL;
	size_t len = strlen(path), tail = strlen(ending);

	if (len >= tail && !strcmp(path + len - tail, ending)) {
		types = format("%.*s%s_types.csv", (int)(len - tail), path,
			       kind[sort]);
		if (!is_there(types)) {
			free(types);
			types = NULL;
		}
	}
	free(ending);
	return types;
}

bool
sonata_is_network(const char *path)
{
	char s[512];
	size_t n = config_first_bytes(path, s, sizeof s);

	return json_looks_like(s, n) || hdf_looks_like(s, n);
}

static const struct sonata_ref *
find_ref(const struct sonata_network *net, enum sonata_sort sort,
	 const char *name)
{
	uint32_t i = label_find(&net->names[sort], name);

	return i == NO_LABEL ? NULL : &net->ref[sort][i];
}

static void
add_ref(struct sonata_network *net, struct sonata_ref ref)
{
	const struct sonata_ref *old = find_ref(net, ref.sort, ref.name);
	size_t *n = &net->nrefs[ref.sort];

	if (old)
		die("%s: %s population '%s' is there twice: also in %s",
		    ref.path, kind[ref.sort], ref.name, old->path);
	net->ref[ref.sort] = grow(net->ref[ref.sort], &net->mrefs[ref.sort],
				  *n + 1, sizeof ref);
	ref.net = net;
	label(&net->names[ref.sort], ref.name);
	net->ref[ref.sort][(*n)++] = ref;
}

/* BMTK's file of gap junctions has no populations: it is one. */
static bool
is_gap_file(const struct hdf_file *file)
{
	return hdf_has(file, "source_ids") && hdf_has(file, "target_ids");
}

/* A dataset beside the populations is none.  Before SONATA, files had their
 * columns there. */
static bool
is_stray(const struct hdf_file *file, const char *sort, const char *name)
{
	char *path = format("/%ss/%s", sort, name);
	bool stray = hdf_has(file, path) && !hdf_is_group(file, path);
	size_t n = strlen(name);

	if (stray && n > 4 && !strcmp(name + n - 4, "_gid"))
		die("%s: %s: from before SONATA, without populations and with "
		    "ids called gid",
		    file->path, path);
	free(path);
	return stray;
}

static bool
is_same_file(const char *a, const char *b)
{
	struct stat p, q;

	return stat(a, &p) == 0 && stat(b, &q) == 0 && p.st_dev == q.st_dev &&
	       p.st_ino == q.st_ino;
}

/* What a file of gap junctions has is left out where the edges repeat it; the
 * edges may even be in the same file. */
static void
add_gaps(struct sonata_network *net, struct sonata_ref ref)
{
	const struct sonata_ref *old = find_ref(net, EDGES, ref.name);

	ref.electrical = true;
	ref.net = net;
	if (old && is_same_file(old->path, ref.path)) {
		net->ref[EDGES][old - net->ref[EDGES]].electrical = true;
		free(ref.name);
	} else if (gaps_are_repeated(net, &ref)) {
		free(ref.name);
	} else {
		add_ref(net, ref);
	}
}

/* Populations that the config expects of a file, which need not be needed. */
static void
say_absent(const struct config_part *part, enum sonata_sort sort,
	   char *const *name, size_t n)
{
	struct labels there = {0};
	const cJSON *c = json_first(part->only);
	char *absent = NULL;
	size_t i;

	for (i = 0; c && i < n; i++)
		label(&there, name[i]);
	for (; c; c = c->next)
		if (label_find(&there, c->string) == NO_LABEL)
			absent = join(absent, c->string);
	if (absent)
		warn("%s: the config has %s populations of it that it has "
		     "not: %s",
		     part->file, kind[sort], absent);
	free(absent);
	labels_free(&there);
}

static void
list_file(struct sonata_network *net, enum sonata_sort sort,
	  const struct config_part *part, bool gaps)
{
	struct hdf_file *file = hdf_open(part->file);
	size_t i, n;
	char **name = hdf_names(file, sort == NODES ? "nodes" : "edges", &n);
	struct sonata_ref ref = {.sort = sort, .path = part->file};
	void (*add)(struct sonata_network *, struct sonata_ref) =
		gaps ? add_gaps : add_ref;

	ref.types = part->types;
	for (i = 0; i < n; i++) {
		const char *type = config_part_type(part, name[i]);

		if (!config_part_has(part, name[i]) ||
		    is_stray(file, kind[sort], name[i]))
			continue;
		ref.name = copy(name[i]);
		ref.electrical = type && !strcmp(type, "electrical");
		add(net, ref);
	}
	if (sort == EDGES && n == 0 && is_gap_file(file)) {
		ref.name = gaps ? gaps_name(part->file) : copy("gap_juncs");
		ref.electrical = true;
		add(net, ref);
	}
	say_absent(part, sort, name, n);
	hdf_free_names(name, n);
	hdf_close(file);
}

/* Is a file not there?  It need not be needed. */
static bool
note_lost(struct sonata_network *net, enum sonata_sort sort,
	  const struct config_part *part)
{
	const char *why = part->fault ? NULL : files_fault(part->file);

	if (!net->lost[sort] && part->fault)
		net->lost[sort] = copy(part->fault);
	else if (!net->lost[sort] && why)
		net->lost[sort] = format("%s: %s", part->file, why);
	return part->fault || why;
}

static void
list_parts(struct sonata_network *net, enum sonata_sort sort)
{
	size_t n = 0;
	const struct config_part *part = NULL;

	if (!net->listed[sort] && net->config)
		part = config_parts(net->config,
				    sort == NODES ? "nodes" : "edges", &n);
	net->listed[sort] = true;
	for (; n > 0; n--, part++)
		if (!note_lost(net, sort, part))
			list_file(net, sort, part, false);
}

/* They cannot be listed before all edges are.  Some configs name a file on
 * someone else's machine. */
static void
list_gaps(struct sonata_network *net)
{
	size_t n = 0;
	const struct config_part *part = NULL;

	if (!net->gaps && net->config)
		part = config_parts(net->config, "gap_juncs", &n);
	net->gaps = true;
	for (; n > 0; n--, part++)
		if (part->file && is_there(part->file))
			list_file(net, EDGES, part, true);
		else if (!gaps_are_there(net))
			warn("%s: not there, so its gap junctions are left out",
			     part->file ? part->file : part->fault);
}

size_t
sonata_refs(struct sonata_network *net, enum sonata_sort sort)
{
	list_parts(net, sort);
	if (net->lost[sort])
		die("%s", net->lost[sort]);
	if (sort == EDGES)
		list_gaps(net);
	return net->nrefs[sort];
}

size_t
sonata_known_refs(struct sonata_network *net, enum sonata_sort sort)
{
	list_parts(net, sort);
	return net->nrefs[sort];
}

void
sonata_need(const struct sonata_network *net, enum sonata_sort sort,
	    const char *name)
{
	if (net->lost[sort] && !find_ref(net, sort, name))
		die("%s", net->lost[sort]);
}

static void
list_bare_file(struct sonata_network *net, const char *path, const char *types)
{
	enum sonata_sort sort;

	for (sort = NODES; sort <= EDGES; sort++) {
		struct config_part part = {.file = copy(path)};

		part.types =
			types ? copy(types) : sonata_usual_types(path, sort);
		list_file(net, sort, &part, false);
		net->listed[sort] = true;
	}
	if (net->nrefs[NODES] + net->nrefs[EDGES] == 0)
		die("%s: no node or edge populations in it", path);
}

struct sonata_network *
sonata_open_network(const char *path, const char *option, const char *types)
{
	struct sonata_network *net = zeros(1, sizeof *net);
	char s[512] = "";
	size_t n = config_first_bytes(path, s, sizeof s);

	net->path = path;
	net->types = types;
	if (!json_looks_like(s, n))
		list_bare_file(net, path, types);
	else if (types)
		misuse("--%s is for an HDF5 file: a config names its own",
		       option);
	else
		net->config = config_read(path);
	return net;
}

/* "a, b and c", for messages that say what there is, as far as they have room.
 */
static char *
all_names(const struct sonata_ref *ref, size_t n)
{
	enum { ROOM = 1000 }; /* characters */
	char *s = copy(ref && n ? ref[0].name : ""), *longer;
	size_t i;

	for (i = 1; ref && i < n && strlen(s) < ROOM; i++) {
		longer = format("%s%s%s", s, i + 1 < n ? ", " : " and ",
				ref[i].name);
		free(s);
		s = longer;
	}
	return i < n ? format("%s, ...", s) : s;
}

const struct sonata_ref *
sonata_find(struct sonata_network *net, enum sonata_sort sort, const char *name)
{
	const struct sonata_ref *ref;
	size_t n;

	list_parts(net, sort);
	if (name && (ref = find_ref(net, sort, name)))
		return ref;
	n = sonata_refs(net, sort);
	ref = net->ref[sort];
	if (n == 0)
		die("%s: no %s populations", net->path, kind[sort]);
	if (!name && n > 1)
		die("%s: which %s population? there are %s", net->path,
		    kind[sort], all_names(ref, n));
	if (name)
		ref = find_ref(net, sort, name);
	if (ref)
		return ref;
	die("%s: no %s population '%s': there are %s", net->path, kind[sort],
	    name, all_names(net->ref[sort], n));
}

/* A dataset of the population itself, such as its ids. */
static struct hdf_column *
root_column(const struct sonata_population *p, const char *name)
{
	char *path = format("%s/%s", p->root, name);
	struct hdf_column *c = hdf_column(p->file, path);

	if (c && c->n != p->n)
		die("%s: %llu rows where there are %llu", c->path,
		    (unsigned long long)c->n, (unsigned long long)p->n);
	free(path);
	return c;
}

/* The groups of rows, which before SONATA had no "_id" in their name. */
static struct hdf_column *
group_column(const struct sonata_population *p, const char *old)
{
	char *name = format("%s_id", old),
	     *path = format("%s/%s", p->root, old);
	struct hdf_column *c = root_column(p, name);

	if (!c && *p->root && hdf_has(p->file, path))
		die("%s: %s: from before SONATA, where %s was called so",
		    p->ref->path, path, name);
	free(path);
	free(name);
	return c;
}

/* Before SONATA, ids were called so. */
static bool
is_old(const struct sonata_population *p)
{
	static const char *const names[] = {"node_gid", "source_gid",
					    "target_gid", NULL};
	struct hdf_column *c = hdf_any_column(p->file, p->root, names);

	hdf_column_close(c);
	return c;
}

/* The first of these datasets that is there has the number of rows. */
static void
count_rows(struct sonata_population *p, const char *const *names)
{
	struct hdf_column *c = hdf_any_column(p->file, p->root, names);

	if (!c)
		die("%s: %s: no %s, so it cannot be told how many there are%s",
		    p->ref->path, p->root, names[0],
		    is_old(p) ? ": from before SONATA, with ids called gid"
			      : "");
	p->n = c->n;
	hdf_column_close(c);
}

static char *
end_population(const struct sonata_population *p, const char *ids)
{
	char *path = format("%s/%s", p->root, ids);
	char *name = hdf_attribute(p->file, path, "node_population");

	free(path);
	return name;
}

static bool
has_nodes(const void *net, const char *population)
{
	const struct sonata_network *n = net;

	return find_ref(n, NODES, population);
}

/* How many of the ends would be right, were the name cut here? */
static int
count_known(const struct sonata_population *p, const char *cut,
	    bool (*has)(const void *, const char *), const void *arg)
{
	char *source = format("%.*s", (int)(cut - p->ref->name), p->ref->name);
	const char *target = cut + strlen("_to_");
	int known =
		p->guessed[0] ? has(arg, source) : !strcmp(source, p->source);

	known += p->guessed[1] ? has(arg, target) : !strcmp(target, p->target);
	free(source);
	return known;
}

/* Where the name is cut into populations: at its "_to_", or at that of several
 * which gives two that there are, or else at the first. */
static const char *
find_cut(const struct sonata_population *p,
	 bool (*has)(const void *, const char *), const void *arg)
{
	const char *first = strstr(p->ref->name, "_to_"), *best = first, *s;
	int most = -1, known;

	if (!first || !strstr(first + 1, "_to_"))
		return first;
	sonata_refs(p->ref->net, NODES);
	for (s = first; s; s = strstr(s + 1, "_to_")) {
		known = count_known(p, s, has, arg);
		if (known == 2 && most == 2)
			die("%s: %s: no node_population, and the name may be "
			    "cut before '%s' or before '%s'",
			    p->ref->path, p->root, best, s);
		if (known > most) {
			most = known;
			best = s;
		}
	}
	return best;
}

void
sonata_guess_ends(struct sonata_population *p,
		  bool (*has)(const void *arg, const char *population),
		  const void *arg)
{
	const char *name = p->ref->name, *cut;

	if (!p->guessed[0] && !p->guessed[1])
		return;
	cut = find_cut(p, has, arg);
	if (p->guessed[0]) {
		free(p->source);
		p->source = format("%.*s", cut ? (int)(cut - name) : 0, name);
	}
	if (p->guessed[1]) {
		free(p->target);
		p->target = copy(cut ? cut + strlen("_to_") : "");
	}
}

/* Only the attribute says for sure which cells the ids are of. */
static void
learn_ends(struct sonata_population *p)
{
	if (!*p->root) {
		p->source = gaps_nodes(p->ref->net, p->ref->path);
		p->target = copy(p->source);
		return;
	}
	p->source = end_population(p, "source_node_id");
	p->target = end_population(p, "target_node_id");
	p->guessed[0] = !p->source;
	p->guessed[1] = !p->target;
	if (!p->guessed[0] && !p->guessed[1])
		return;
	if (strstr(p->ref->name, "_to_") &&
	    label_find(&p->ref->net->guessed, p->root) == NO_LABEL)
		warn("%s: %s: no node_population; taken from the name",
		     p->ref->path, p->root);
	label(&p->ref->net->guessed, p->root);
	sonata_guess_ends(p, has_nodes, p->ref->net);
}

static void
open_edges(struct sonata_population *p)
{
	bool old = !*p->root;
	const char *const ids[] = {"source_node_id", "target_node_id"};
	const char *const old_ids[] = {"source_ids", "target_ids"};
	size_t i;

	count_rows(p, old ? (const char *[]){old_ids[0], NULL}
			  : (const char *[]){ids[0], NULL});
	for (i = 0; i < 2; i++) {
		p->id[i] = root_column(p, old ? old_ids[i] : ids[i]);
		if (!p->id[i])
			die("%s: %s: no %s", p->ref->path, p->root, ids[i]);
	}
	learn_ends(p);
	if (old) {
		p->old_gap_id[0] = root_column(p, "src_gap_ids");
		p->old_gap_id[1] = root_column(p, "trg_gap_ids");
	}
	p->type_id = root_column(p, "edge_type_id");
	p->group_id = group_column(p, "edge_group");
	p->group_index = root_column(p, "edge_group_index");
}

static void
open_nodes(struct sonata_population *p)
{
	count_rows(p, (const char *[]){"node_type_id", "node_id",
				       "node_group_id", NULL});
	p->id[0] = root_column(p, "node_id");
	p->type_id = root_column(p, "node_type_id");
	p->group_id = group_column(p, "node_group");
	p->group_index = root_column(p, "node_group_index");
}

static int
by_number(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;

	return (p > q) - (p < q);
}

/* Groups are those members whose names are numbers. */
static void
list_groups(struct sonata_population *p)
{
	size_t i, n, cap = 0;
	char **name = hdf_names(p->file, *p->root ? p->root : "/", &n);
	int64_t number;

	for (i = 0; i < n; i++)
		if (parse_int(name[i], &number)) {
			p->group = grow(p->group, &cap, p->ngroups + 1,
					sizeof *p->group);
			p->group[p->ngroups++] = number;
		}
	if (p->ngroups > 0)
		qsort(p->group, p->ngroups, sizeof *p->group, by_number);
	hdf_free_names(name, n);
}

bool
sonata_has_attribute(const struct sonata_population *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->nattributes; i++)
		if (!strcmp(p->attribute[i], name))
			return true;
	return false;
}

/* Takes over the name. */
static void
add_attribute(struct sonata_population *p, char *name, size_t *cap)
{
	if (sonata_has_attribute(p, name)) {
		free(name);
		return;
	}
	p->attribute = grow(p->attribute, cap, p->nattributes + 1,
			    sizeof *p->attribute);
	p->attribute[p->nattributes++] = name;
}

/* Positions have had three spellings: x, y, z are the one we show. */
static const char *const axis[] = {"x", "y", "z"};
static const char *const old_axis[] = {"pos_x", "pos_y", "pos_z"};

/* What every row has, by our names. */
static const char *const own[][10] = {
	[NODES] = {"population", "node_id", "node_type_id", "node_group_id",
		   "node_group_index"},
	[EDGES] = {"population", "source_population", "target_population",
		   "source_node_id", "target_node_id", "edge_id",
		   "edge_type_id", "edge_group_id", "edge_group_index"}};
static const char stem[] = "attribute.";

static bool
is_own(enum sonata_sort sort, const char *name)
{
	size_t i;

	for (i = 0; own[sort][i] && strcmp(own[sort][i], name) != 0; i++)
		;
	return own[sort][i];
}

/* An attribute that has one of our names is shown as attribute.NAME. */
static char *
shown_name(const struct sonata_population *p, const char *dataset)
{
	size_t k;

	for (k = 0; k < LEN(axis); k++)
		if (!strcmp(dataset, old_axis[k]))
			return copy(axis[k]);
	return format("%s%s", is_own(p->ref->sort, dataset) ? stem : "",
		      dataset);
}

const char *
sonata_stored_name(enum sonata_sort sort, const char *shown)
{
	size_t n = strlen(stem);

	return !strncmp(shown, stem, n) && is_own(sort, shown + n) ? shown + n
								   : shown;
}

size_t
sonata_find_property(const struct sonata_population *p, const char *name)
{
	size_t found = NO_TYPE, k;

	if (p->types)
		found = type_find_property(p->types, name);
	if (p->types && found == NO_TYPE)
		found = type_find_property(
			p->types, sonata_stored_name(p->ref->sort, name));
	for (k = 0; p->types && found == NO_TYPE && k < LEN(axis); k++)
		if (!strcmp(name, axis[k]))
			found = type_find_property(p->types, old_axis[k]);
	return found;
}

/* How many columns a dataset of positions has, or 0: N by 2 or N by 3. */
static size_t
position_axes(const struct sonata_population *p, const char *path)
{
	struct hdf_column *c = hdf_axis(p->file, path, 0);
	size_t n = c ? (size_t)c->wide : 0;

	hdf_column_close(c);
	return n;
}

/* A dataset of a group may be more than one attribute. */
static void
list_dataset(struct sonata_population *p, const char *path, const char *name,
	     size_t *cap)
{
	size_t k, n;

	if (strcmp(name, "positions") != 0) {
		add_attribute(p, shown_name(p, name), cap);
		return;
	}
	n = position_axes(p, path);
	for (k = 0; k < LEN(axis) && k < n; k++)
		add_attribute(p, copy(axis[k]), cap);
}

/* A link to nothing is none. */
static bool
is_dataset(const struct sonata_population *p, const char *path)
{
	return hdf_has(p->file, path) && !hdf_is_group(p->file, path);
}

static void
list_group(struct sonata_population *p, int64_t group, size_t *cap)
{
	char *root = format("%s/%lld", p->root, (long long)group);
	size_t i, n;
	char **name = hdf_names(p->file, root, &n);

	for (i = 0; i < n; i++) {
		char *path = format("%s/%s", root, name[i]);

		if (is_dataset(p, path))
			list_dataset(p, path, name[i], cap);
		free(path);
	}
	hdf_free_names(name, n);
	free(root);
}

static void
list_dynamics(struct sonata_population *p, int64_t group, size_t *cap)
{
	char *root =
		format("%s/%lld/dynamics_params", p->root, (long long)group);
	size_t i, n;
	char **name = hdf_names(p->file, root, &n);

	for (i = 0; i < n; i++) {
		char *path = format("%s/%s", root, name[i]);

		if (is_dataset(p, path))
			add_attribute(p, format("dynamics_params.%s", name[i]),
				      cap);
		free(path);
	}
	hdf_free_names(name, n);
	free(root);
}

static void
list_attributes(struct sonata_population *p)
{
	size_t i, cap = 0;

	for (i = 0; p->types && i < p->types->n; i++)
		add_attribute(p, shown_name(p, p->types->name[i]), &cap);
	for (i = 0; i < p->ngroups; i++)
		list_group(p, p->group[i], &cap);
	for (i = 0; i < p->ngroups; i++)
		list_dynamics(p, p->group[i], &cap);
	if (!*p->root) {
		add_attribute(p, copy("src_gap_ids"), &cap);
		add_attribute(p, copy("trg_gap_ids"), &cap);
	}
	if (p->ref->electrical)
		add_attribute(p, copy("is_gap_junction"), &cap);
}

struct sonata_population *
sonata_open(const struct sonata_ref *ref)
{
	struct sonata_population *p = zeros(1, sizeof *p);
	char *key = format("%s_type_id", kind[ref->sort]);

	p->copy = *ref; /* the network's list may move as it grows */
	p->ref = ref = &p->copy;
	p->file = hdf_open(ref->path);
	p->root = format("/%ss/%s", kind[ref->sort], ref->name);
	if (!hdf_has(p->file, p->root))
		*p->root = '\0';
	if (ref->types && !ref->net->types)
		files_check(ref->types);
	if (ref->types)
		p->types = types_read(ref->types, key, ref->name);
	if (ref->sort == EDGES)
		open_edges(p);
	else
		open_nodes(p);
	list_groups(p);
	list_attributes(p);
	free(key);
	return p;
}

static void
check_names(enum sonata_sort sort, const struct opt_list *names)
{
	size_t i, k;

	for (i = 0; i < names->n; i++)
		for (k = 0; k < i; k++)
			if (!strcmp(names->item[i], names->item[k]))
				misuse("%s population '%s' is asked for twice",
				       kind[sort], names->item[i]);
}

struct sonata_population **
sonata_open_all(struct sonata_network *net, enum sonata_sort sort,
		const struct opt_list *names, bool all, size_t *n)
{
	size_t i, there = names->n;
	struct sonata_population **p;

	check_names(sort, names);
	if (names->n == 0)
		there = sonata_refs(net, sort);
	if (there == 0)
		die("%s: no %s populations", net->path, kind[sort]);
	*n = names->n ? names->n : all ? there : 1;
	p = zeros(*n, sizeof(struct sonata_population *));
	for (i = 0; i < *n; i++)
		if (names->n == 0 && all)
			p[i] = sonata_open(&net->ref[sort][i]);
		else
			p[i] = sonata_open(sonata_find(
				net, sort, names->n ? names->item[i] : NULL));
	return p;
}

void
sonata_close(struct sonata_population *p)
{
	size_t k;

	for (k = 0; k < 2; k++) {
		hdf_column_close(p->id[k]);
		hdf_column_close(p->old_gap_id[k]);
	}
	hdf_column_close(p->type_id);
	hdf_column_close(p->group_id);
	hdf_column_close(p->group_index);
	types_free(p->types);
	hdf_free_names(p->attribute, p->nattributes);
	free(p->group);
	free(p->source);
	free(p->target);
	free(p->root);
	hdf_close(p->file);
	free(p);
}

const struct labels *
sonata_all_attributes(struct sonata_network *net)
{
	size_t n = sonata_refs(net, NODES), i, k;

	for (i = net->known ? n : 0; i < n; i++) {
		struct sonata_population *p = sonata_open(&net->ref[NODES][i]);

		for (k = 0; k < p->nattributes; k++)
			label(&net->attributes, p->attribute[k]);
		sonata_close(p);
	}
	net->known = true;
	return &net->attributes;
}

struct ids *
sonata_ids(const struct sonata_population *nodes)
{
	int64_t *id = NULL;

	if (nodes->id[0]) {
		id = zeros((size_t)nodes->n, sizeof *id);
		hdf_column_ints(nodes->id[0], 0, (size_t)nodes->n, id);
	}
	return ids_make(id, (size_t)nodes->n, nodes->ref->path);
}

/* A dataset in a group, or one of its subgroups. */
static struct hdf_column *
group_dataset(const struct sonata_population *p, const char *root,
	      const char *name)
{
	char *path = format("%s/%s", root, name);
	struct hdf_column *c = hdf_column(p->file, path);

	free(path);
	return c;
}

/* The dataset of x, y or z by its other names. */
static struct hdf_column *
position_dataset(const struct sonata_population *p, const char *root,
		 const char *name)
{
	struct hdf_column *c;
	char *path;
	size_t k;

	for (k = 0; k < LEN(axis) && strcmp(name, axis[k]) != 0; k++)
		;
	if (k == LEN(axis))
		return NULL;
	c = group_dataset(p, root, old_axis[k]);
	path = format("%s/positions", root);
	if (!c && k < position_axes(p, path))
		c = hdf_axis(p->file, path, (int)k);
	if (c && c->wide > LEN(axis))
		die("%s: %llu columns, which are not x, y and z", c->path,
		    (unsigned long long)c->wide);
	free(path);
	return c;
}

struct hdf_column *
sonata_open_attribute(const struct sonata_population *p, int64_t group,
		      const char *name)
{
	static const char dynamics[] = "dynamics_params.";
	char *root = format("%s/%lld", p->root, (long long)group), *path;
	struct hdf_column *c, *names;

	if (!strncmp(name, dynamics, strlen(dynamics))) {
		path = format("dynamics_params/%s", name + strlen(dynamics));
		c = group_dataset(p, root, path);
		free(path);
		free(root);
		return c;
	}
	c = group_dataset(p, root, name);
	if (!c)
		name = sonata_stored_name(p->ref->sort, name);
	if (!c)
		c = group_dataset(p, root, name);
	if (!c)
		c = position_dataset(p, root, name);
	path = format("%s/@library", root);
	names = c ? group_dataset(p, path, name) : NULL;
	if (names)
		hdf_column_library(c, names);
	hdf_column_close(names);
	free(path);
	free(root);
	return c;
}
