/* sonata-diff -- show what differs between two SONATA files
 *
 * What readers get is compared, not how it is stored: nodes by their id, edges
 * and spikes as multisets, attributes from types and groups alike.  Sums that
 * do not depend on the order of rows tell quickly that two files are the same;
 * only those that are not are sorted, on disk where they do not fit in memory.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activity/spikes.h"
#include "check/checkreport.h"
#include "diff/diffjson.h"
#include "diff/diffreport.h"
#include "diff/diffrows.h"
#include "diff/diffspikes.h"
#include "diff/difftypes.h"
#include "files.h"
#include "out.h"
#include "sonata/spill.h"

enum { MEMORY = 256 << 20 };

static bool in_order, type_ids, quiet;
static int64_t most = 20;
static double absolute, relative;
static struct opt_list ignore, types;

static const struct opt opts[] = {
	OPT_LIST(0, "ignore", "attribute", &ignore,
		 "leave this attribute out (repeatable)"),
	OPT_INT_IN(0, "max-rows", "n", &most, "[0,inf)",
		   "show so many rows of a kind (20)"),
	OPT_FLAG(0, "order", &in_order, "the order of rows matters"),
	OPT_FLAG('q', "quiet", &quiet, "write nothing: only tell by the exit"),
	OPT_NUM_IN(0, "relative-tolerance", "part", &relative, "[0,inf)",
		   "numbers may differ by this part of the greater one"),
	OPT_NUM_IN(0, "tolerance", "x", &absolute, "[0,inf)",
		   "numbers may differ by this much"),
	OPT_FLAG(0, "type-ids", &type_ids, "the ids of types matter"),
	OPT_LIST(0, "types", "file", &types,
		 "the types of both HDF5 files, or of each (CSV)"),
	OPT_TABLE(spill_opts_256M),
	OPT_TABLE(out_opts),
	OPT_NOT_WITH("quiet", "max-rows output tsv"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "show what differs between two SONATA files",
	.operands = "a b",
	.least = 2,
	.most = 2,
	.opts = opts,
};

static struct differences found;
static struct datums datums;
static struct labels ignored;
static bool *met;

/* ---- What a file is ---- */

enum subject { ROWS, SPIKES, REPORT, NODE_TYPES, EDGE_TYPES, SETS, CONFIG };

static const char *const subject_names[] = {
	"nodes or edges", "spikes",    "a report", "node types",
	"edge types",     "node sets", "a config"};

/* A node set is an object or a list; what a config alone has of that kind has
 * members that no set has. */
static enum subject
subject_of_json(const char *path)
{
	static const char *const texts[] = {"network", "simulation",
					    "node_sets_file"};
	cJSON *json = json_read(path), *networks, *manifest, *first;
	bool config = false;
	size_t i;

	for (i = 0; i < LEN(texts); i++)
		config |= cJSON_IsString(
			cJSON_GetObjectItemCaseSensitive(json, texts[i]));
	networks = cJSON_GetObjectItemCaseSensitive(json, "networks");
	manifest = cJSON_GetObjectItemCaseSensitive(json, "manifest");
	first = json_first(manifest);
	config |= cJSON_IsObject(networks) &&
		  (cJSON_HasObjectItem(networks, "nodes") ||
		   cJSON_HasObjectItem(networks, "edges"));
	config |= first && first->string && *first->string == '$';
	config |= cJSON_HasObjectItem(
		cJSON_GetObjectItemCaseSensitive(json, "run"), "tstop");
	cJSON_Delete(json);
	return config ? CONFIG : SETS;
}

static enum subject
subject_of_hdf(const char *path)
{
	struct hdf_file *f = hdf_open(path);
	bool rows = hdf_is_group(f, "/nodes") || hdf_is_group(f, "/edges") ||
		    hdf_has(f, "/source_ids");
	bool spikes = hdf_is_group(f, "/spikes");

	if (!rows && !spikes && !checkreport_is_one(f))
		die("%s: neither nodes, edges, spikes nor a report in it",
		    path);
	hdf_close(f);
	return rows ? ROWS : spikes ? SPIKES : REPORT;
}

static bool
names(const char *line, const char *wanted)
{
	size_t n = strlen(wanted);
	const char *p = line;

	while ((p = strstr(p, wanted))) {
		bool begins = p == line || strchr(" \t,\"", p[-1]);

		if (begins && strchr(" \t,\"\r\n", p[n]))
			return true;
		p += n;
	}
	return false;
}

static enum subject
subject_of_text(const char *path, char *head)
{
	head[strcspn(head, "\r\n")] = '\0';
	if (names(head, "edge_type_id") && !names(head, "source_node_id"))
		return EDGE_TYPES;
	if (names(head, "node_type_id") && !names(head, "node_id"))
		return NODE_TYPES;
	if (spikes_fault(path))
		die("%s: not a file of SONATA: neither HDF5, JSON, types nor "
		    "spikes",
		    path);
	return SPIKES;
}

static enum subject
subject_of(const char *path)
{
	char head[4096] = "";
	size_t n = config_first_bytes(path, head, sizeof head - 1);

	if (json_looks_like(head, n))
		return subject_of_json(path);
	if (hdf_looks_like(head, n))
		return subject_of_hdf(path);
	if (access(path, R_OK) < 0)
		die("%s:", path);
	return subject_of_text(path, head);
}

/* ---- Populations ---- */

static void
compare_populations(const struct sonata_ref *a, const struct sonata_ref *b)
{
	struct diffrows r = {.name = a->name,
			     .p = {sonata_open(a), sonata_open(b)},
			     .to = &found,
			     .datums = &datums,
			     .ignored = &ignored,
			     .met = met,
			     .in_order = in_order,
			     .by_type_ids = type_ids,
			     .memory = spill_memory(MEMORY)};

	diffrows_run(&r);
	sonata_close(r.p[0]);
	sonata_close(r.p[1]);
}

static void
tell_population(enum sonata_sort sort, const char *a, const char *b)
{
	const char *what =
		sort == NODES ? "node-population" : "edge-population";

	difference_fact(difference_kind(&found, what, *a ? a : b, ""), "", a,
			b);
}

/* A population that the other file has not by this name. */
struct left {
	const struct sonata_ref *ref; /* NULL: found after all */
	char *ends;                   /* of edges: "source\ntarget" */
};

struct lefts {
	struct left *of;
	size_t n, cap;
};

static void
add_left(struct lefts *all, const struct sonata_ref *ref)
{
	struct left left = {.ref = ref, .ends = copy("")};
	struct sonata_population *p;

	if (ref->sort == EDGES) {
		p = sonata_open(ref);
		free(left.ends);
		left.ends = format("%s\n%s", p->source, p->target);
		sonata_close(p);
	}
	all->of = grow(all->of, &all->cap, all->n + 1, sizeof left);
	all->of[all->n++] = left;
}

/* The only one between these nodes, or NULL. */
static struct left *
find_left(const struct lefts *all, const char *ends)
{
	struct left *found_one = NULL;
	size_t i;

	for (i = 0; i < all->n; i++)
		if (!strcmp(all->of[i].ends, ends)) {
			if (found_one)
				return NULL;
			found_one = &all->of[i];
		}
	return found_one;
}

static void
compare_renamed(enum sonata_sort sort, struct left *a, struct left *b)
{
	tell_population(sort, a->ref->name, b->ref->name);
	compare_populations(a->ref, b->ref);
	a->ref = b->ref = NULL;
}

/* Edges between the same nodes are compared whatever they are called, if there
 * are no others; and a population that is alone in its file. */
static void
match_lefts(struct lefts left[2], enum sonata_sort sort, bool configs)
{
	struct left *other;
	size_t i, f;

	if (!configs && left[0].n == 1 && left[1].n == 1)
		compare_renamed(sort, left[0].of, left[1].of);
	for (i = 0; sort == EDGES && i < left[0].n; i++) {
		struct left *a = &left[0].of[i];

		other = find_left(&left[1], a->ends);
		if (a->ref && other && other->ref &&
		    find_left(&left[0], a->ends))
			compare_renamed(sort, a, other);
	}
	for (f = 0; f < 2; f++) {
		for (i = 0; i < left[f].n; i++) {
			const struct sonata_ref *ref = left[f].of[i].ref;

			if (ref)
				tell_population(sort, f == 0 ? ref->name : "",
						f == 0 ? "" : ref->name);
			free(left[f].of[i].ends);
		}
		free(left[f].of);
	}
}

static void
compare_sort(struct sonata_network *const net[2], enum sonata_sort sort)
{
	size_t n[2] = {sonata_refs(net[0], sort), sonata_refs(net[1], sort)};
	struct lefts left[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
	const struct sonata_ref *ref;
	size_t f, i;
	uint32_t k;

	for (f = 0; f < 2; f++)
		for (i = 0; i < n[f]; i++) {
			ref = &net[f]->ref[sort][i];
			k = label_find(&net[1 - f]->names[sort], ref->name);
			if (k == NO_LABEL)
				add_left(&left[f], ref);
			else if (f == 0)
				compare_populations(ref, &net[1]->ref[sort][k]);
		}
	match_lefts(left, sort, net[0]->config);
}

static void
set_types(struct sonata_network *net, enum sonata_sort sort, const char *path)
{
	size_t i;

	for (i = 0; i < net->nrefs[sort]; i++)
		net->ref[sort][i].types = path;
}

/* A file that was copied alone has the types of the other one. */
static void
lend_types(struct sonata_network *const net[2], enum sonata_sort sort)
{
	const char *has[2];
	size_t f;

	for (f = 0; f < 2; f++)
		has[f] =
			net[f]->nrefs[sort] ? net[f]->ref[sort][0].types : NULL;
	for (f = 0; f < 2; f++)
		if (!has[f] && has[1 - f] && net[f]->nrefs[sort]) {
			warn("%s: no types beside it: taken from %s",
			     net[f]->path, has[1 - f]);
			set_types(net[f], sort, has[1 - f]);
		}
}

/* A file of types says itself whether it is one of nodes or of edges. */
static void
take_types(struct sonata_network *const net[2])
{
	const char *given[2][2];
	size_t n[2] = {0, 0}, i;
	enum sonata_sort sort;

	for (i = 0; i < types.n; i++) {
		enum subject is = subject_of(types.item[i]);

		if (is != NODE_TYPES && is != EDGE_TYPES)
			die("--types: %s is %s, not types", types.item[i],
			    subject_names[is]);
		sort = is == NODE_TYPES ? NODES : EDGES;
		if (n[sort] == 2)
			misuse("--types: more than two files of %s",
			       subject_names[is]);
		given[sort][n[sort]++] = types.item[i];
	}
	for (sort = NODES; sort <= EDGES; sort++) {
		for (i = 0; n[sort] && i < 2; i++)
			set_types(net[i], sort, given[sort][i % n[sort]]);
		lend_types(net, sort);
	}
}

static void
check_sorts(char **path, struct sonata_network *const net[2])
{
	bool nodes = net[0]->nrefs[NODES] && net[1]->nrefs[NODES];
	bool edges = net[0]->nrefs[EDGES] && net[1]->nrefs[EDGES];

	if (!nodes && !edges)
		die("%s has %s and %s has %s: not two of a kind", path[0],
		    net[0]->nrefs[NODES] ? "nodes" : "edges", path[1],
		    net[1]->nrefs[NODES] ? "nodes" : "edges");
}

static void
compare_networks(char **path, struct sonata_network *net[2])
{
	size_t f;

	for (f = 0; f < 2; f++)
		net[f] = sonata_open_network(path[f], "types", NULL);
	if (!net[0]->config) {
		check_sorts(path, net);
		take_types(net);
	}
	compare_sort(net, NODES);
	compare_sort(net, EDGES);
}

/* ---- Files of activity ---- */

static void
compare_spikes(const char *a, const char *b, const char *of)
{
	diffspikes_run(&(struct diffspikes){
		.path = {a, b},
		.of = of,
		.to = &found,
		.datums = &datums,
		.in_order = in_order,
		.memory = spill_memory(MEMORY),
	});
}

static void
compare_reports(const char *a, const char *b, const char *of)
{
	diffreport_run(&(struct diffreport){
		.path = {a, b},
		.of = of,
		.to = &found,
		.datums = &datums,
		.in_order = in_order,
	});
}

static void
tell_file(const char *place, const char *a, const char *b)
{
	difference_row(difference_kind(&found, "file", "", ""), place,
		       a ? a : "", b ? b : "", 1);
}

static FILE *
open_bytes(const char *path)
{
	FILE *f;

	files_check(path);
	f = fopen(path, "rb");
	if (!f)
		die("%s:", path);
	return f;
}

static bool
have_same_bytes(const char *a, const char *b)
{
	FILE *f = open_bytes(a), *g = open_bytes(b);
	char s[4096], t[4096];
	size_t n, m;

	do {
		n = fread(s, 1, sizeof s, f);
		m = fread(t, 1, sizeof t, g);
	} while (n > 0 && n == m && !memcmp(s, t, n));
	if (ferror(f) || ferror(g))
		die("%s:", ferror(f) ? a : b);
	fclose(f);
	fclose(g);
	return n == 0 && m == 0;
}

static bool
is_report(const char *path)
{
	char s[8];
	struct hdf_file *f;
	bool yes;

	if (!hdf_looks_like(s, files_first_bytes(path, s, sizeof s)))
		return false;
	f = hdf_open(path);
	yes = checkreport_is_one(f);
	hdf_close(f);
	return yes;
}

/* Files that two configs name at a place; one that neither has is none. */
static void
compare_files(const char *place, const char *a, const char *b)
{
	bool in_a = a && access(a, F_OK) == 0, in_b = b && access(b, F_OK) == 0;

	if (!in_a && !in_b)
		return;
	if (!in_a || !in_b)
		tell_file(place, in_a ? a : NULL, in_b ? b : NULL);
	else if (!spikes_fault(a) && !spikes_fault(b))
		compare_spikes(a, b, place);
	else if (is_report(a) && is_report(b))
		compare_reports(a, b, place);
	else if (!have_same_bytes(a, b))
		tell_file(place, a, b);
}

/* ---- Configs ---- */

static bool
ends_in(const char *s, const char *tail)
{
	size_t n = strlen(s), k = strlen(tail);

	return n >= k && !strcmp(s + n - k, tail);
}

static bool
names_file(const char *key)
{
	return !strcmp(key, "file") || !strcmp(key, "file_name") ||
	       ends_in(key, "_file");
}

static const struct diffjson settings = {
	.what = "setting", .to = &found, .datums = &datums, .skip = names_file};

static const struct diffjson sets = {
	.what = "node-set", .sets = true, .to = &found, .datums = &datums};

static void
compare_node_sets(const struct config *const c[2])
{
	size_t n[2], i;
	const struct config_set *set[2] = {config_node_sets(c[0], &n[0]),
					   config_node_sets(c[1], &n[1])};
	const struct config_set *other;

	for (i = 0; i < n[0]; i++) {
		other = config_node_set(c[1], set[0][i].name);
		diffjson_compare(&sets, set[0][i].name, set[0][i].is,
				 other ? other->is : NULL);
	}
	for (i = 0; i < n[1]; i++)
		if (!config_node_set(c[0], set[1][i].name))
			diffjson_compare(&sets, set[1][i].name, NULL,
					 set[1][i].is);
}

/* The files of an input at one key, which may be a list. */
static void
compare_named(const char *place, const cJSON *a, const cJSON *b)
{
	const cJSON *p = cJSON_IsArray(a) ? json_first(a) : a;
	const cJSON *q = cJSON_IsArray(b) ? json_first(b) : b;

	while (p || q) {
		compare_files(place, cJSON_GetStringValue(p),
			      cJSON_GetStringValue(q));
		p = p && p != a ? p->next : NULL;
		q = q && q != b ? q->next : NULL;
	}
}

static void
compare_input(const char *name, const cJSON *a, const cJSON *b)
{
	const cJSON *v;
	char *place = format("inputs.%s", name);

	diffjson_compare(&settings, place, a, b);
	for (v = a && b ? json_first(a) : NULL; v; v = v->next)
		if (names_file(v->string))
			compare_named(
				place, v,
				cJSON_GetObjectItemCaseSensitive(b, v->string));
	free(place);
}

/* An input that is on, or NULL. */
static const cJSON *
find_input(const struct config *c, const cJSON *all, const char *name)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(all, name);

	return cJSON_IsObject(v) && config_is_on(c->path, "inputs", v) ? v
								       : NULL;
}

static void
compare_inputs(const struct config *const c[2])
{
	const cJSON *all[2] = {config_inputs(c[0]), config_inputs(c[1])}, *v;

	for (v = json_first(all[0]); v; v = v->next)
		compare_input(v->string, find_input(c[0], all[0], v->string),
			      find_input(c[1], all[1], v->string));
	for (v = json_first(all[1]); v; v = v->next)
		if (!cJSON_GetObjectItemCaseSensitive(all[0], v->string))
			compare_input(v->string, NULL,
				      find_input(c[1], all[1], v->string));
}

static void
compare_report(const struct config *const c[2], const cJSON *a, const cJSON *b)
{
	char *place = format("reports.%s", a ? a->string : b->string);
	char *p = a ? config_report(c[0], a) : NULL;
	char *q = b ? config_report(c[1], b) : NULL;

	diffjson_compare(&settings, place, a, b);
	compare_files(place, p, q);
	free(p);
	free(q);
	free(place);
}

static void
compare_outputs(const struct config *const c[2])
{
	const cJSON *all[2] = {config_reports(c[0]), config_reports(c[1])}, *v;
	char *a = config_output(c[0], "spikes_file");
	char *b = config_output(c[1], "spikes_file");

	compare_files("output", a, b);
	free(a);
	free(b);
	for (v = json_first(all[0]); v; v = v->next)
		compare_report(
			c, v,
			cJSON_GetObjectItemCaseSensitive(all[1], v->string));
	for (v = json_first(all[1]); v; v = v->next)
		if (!cJSON_GetObjectItemCaseSensitive(all[0], v->string))
			compare_report(c, NULL, v);
}

static void
compare_simulators(const struct config *const c[2])
{
	static const char key[] = "target_simulator";
	char *s[2] = {config_text(c[0], key), config_text(c[1], key)};
	cJSON *a = s[0] ? cJSON_CreateString(s[0]) : NULL;
	cJSON *b = s[1] ? cJSON_CreateString(s[1]) : NULL;

	diffjson_compare(&settings, key, a, b);
	cJSON_Delete(a);
	cJSON_Delete(b);
	free(s[0]);
	free(s[1]);
}

static void
compare_configs(char **path)
{
	static const char *const sections[] = {"run", "conditions"};
	struct sonata_network *net[2];
	const struct config *c[2];
	size_t i;

	compare_networks(path, net);
	c[0] = net[0]->config;
	c[1] = net[1]->config;
	compare_node_sets(c);
	compare_simulators(c);
	for (i = 0; i < LEN(sections); i++)
		diffjson_compare(&settings, sections[i],
				 config_section(c[0], sections[i]),
				 config_section(c[1], sections[i]));
	compare_inputs(c);
	compare_outputs(c);
}

/* ---- All of it ---- */

static void
compare_sets(char **path)
{
	cJSON *a = json_read(path[0]), *b = json_read(path[1]);

	diffjson_compare(&sets, "", a, b);
	cJSON_Delete(a);
	cJSON_Delete(b);
}

static void
compare_types(char **path, enum sonata_sort sort)
{
	difftypes_run(&(struct difftypes){
		.path = {path[0], path[1]},
		.sort = sort,
		.to = &found,
		.datums = &datums,
		.ignored = &ignored,
		.met = met,
	});
}

/* What is asked for and would change nothing is a misunderstanding. */
static void
check_options(enum subject subject)
{
	bool rows = subject == ROWS || subject == CONFIG;

	if (types.n > 0 && subject == CONFIG)
		misuse("--types is for an HDF5 file: a config names its own");
	if (types.n > 0 && subject != ROWS)
		misuse("--types is for HDF5 files of nodes and edges");
	if (type_ids && !rows)
		misuse("--type-ids is for nodes and edges");
	if (ignore.n > 0 && !rows && subject != NODE_TYPES &&
	    subject != EDGE_TYPES)
		misuse("--ignore is for nodes, edges and their types");
	if (in_order && !rows && subject != SPIKES && subject != REPORT)
		misuse("--order is for nodes, edges, spikes and reports");
}

static void
take_ignored(void)
{
	size_t i;

	for (i = 0; i < ignore.n; i++)
		label(&ignored, ignore.item[i]);
	met = zeros(ignored.n, sizeof *met);
}

static void
check_ignored(char **path)
{
	size_t i;

	for (i = 0; i < ignored.n; i++)
		if (!met[i])
			die("--ignore: no attribute '%s' in %s or %s",
			    ignored.name[i], path[0], path[1]);
}

static void
compare(char **path, enum subject subject)
{
	struct sonata_network *net[2];

	switch (subject) {
	case ROWS:
		compare_networks(path, net);
		break;
	case SPIKES:
		compare_spikes(path[0], path[1], "");
		break;
	case REPORT:
		compare_reports(path[0], path[1], "");
		break;
	case NODE_TYPES:
	case EDGE_TYPES:
		compare_types(path, subject == NODE_TYPES ? NODES : EDGES);
		break;
	case SETS:
		compare_sets(path);
		break;
	case CONFIG:
		compare_configs(path);
		break;
	}
}

int
main(int argc, char **argv)
{
	enum subject subject[2];
	bool differ;

	failure = MISUSED;
	argv = start(argc, argv, &tool);
	found.most = (size_t)most;
	found.quiet = quiet;
	datums.absolute = absolute;
	datums.relative = relative;
	subject[0] = subject_of(argv[0]);
	subject[1] = subject_of(argv[1]);
	if (subject[0] != subject[1])
		die("%s is %s and %s is %s: not two of a kind", argv[0],
		    subject_names[subject[0]], argv[1],
		    subject_names[subject[1]]);
	check_options(subject[0]);
	take_ignored();
	compare(argv, subject[0]);
	check_ignored(argv);
	differ = differences_write(&found);
	differences_free(&found);
	datums_free(&datums);
	labels_free(&ignored);
	free(met);
	return differ ? FAILED : WORKED;
}
