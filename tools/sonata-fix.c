/* sonata-fix -- mend what has one right answer in SONATA files
 *
 * What sonata-check finds is mended where the data themselves say how: by a
 * name, an attribute or a dataset that was left out.  No data that are there
 * are changed.  All of it goes into a copy, which takes the place of the file
 * only if that is asked for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/checkconfig.h"
#include "check/checkrows.h"
#include "check/finding.h"
#include "files.h"
#include "out.h"
#include "sonata/hdfedit.h"
#include "sonata/hdflook.h"
#include "sonata/json.h"
#include "sonata/reading.h"

enum { MEMORY = 32 << 20 };

static const char *output;
static bool in_place, dry_run;

static const struct opt opts[] = {
	OPT_OUT('o', "output", "file", &output,
		"write the mended file here, all of it or nothing"),
	OPT_FLAG('i', "in-place", &in_place, "put the result in its place"),
	OPT_FLAG(0, "dry-run", &dry_run, "write no file"),
	OPT_TABLE(out_tsv_opts),
	OPT_REQUIRED("output in-place dry-run"),
	OPT_EXCLUDE("output in-place dry-run"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "mend what has one right answer in SONATA files",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

/* What is mended: the file as it is, and where it goes; edit is NULL if it goes
 * nowhere. */
struct mending {
	const struct hdf_file *file;
	struct hdfwrite *edit;
	struct sonata_network *net; /* a config, and its text */
	cJSON *json;
};

/* ---- Names and attributes ---- */

static const char *
last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Give an object a second name in its group, unless there is one. */
static char *
link_as(const struct mending *m, const char *object, const char *name)
{
	char *path = format("%.*s%s", (int)(last_name(object) - object), object,
			    name);
	char *done = NULL;

	if (!hdf_has(m->file, path)) {
		if (m->edit)
			hdfedit_link(m->edit, object, path);
		done = format("linked as '%s'", name);
	}
	free(path);
	return done;
}

static char *
mend_magic(const struct mending *m, const char *place)
{
	if (m->edit) {
		hdfedit_delete_attribute(m->edit, place, "magic");
		hdfwrite_set_magic(m->edit);
	}
	return copy("set to 2682");
}

static char *
mend_version(const struct mending *m, const char *place)
{
	if (m->edit) {
		hdfedit_delete_attribute(m->edit, place, "version");
		hdfwrite_set_version(m->edit);
	}
	return copy("set to 0.1");
}

static char *
set_units(const struct mending *m, const char *place, const char *units)
{
	if (m->edit) {
		hdfedit_delete_attribute(m->edit, place, "units");
		hdfwrite_set_text(m->edit, place, "units", units);
	}
	return format("set to '%s'", units);
}

/* Times without units are in ms for who reads them; NEURON's v is in mV. */
static char *
mend_units(const struct mending *m, const char *place)
{
	char *units = hdf_attribute(m->file, place, "units");
	char *variable = hdf_attribute(m->file, place, "variable");
	char *done = NULL;

	if (!units || !*units) {
		if (strcmp(last_name(place), "data") != 0)
			done = set_units(m, place, "ms");
		else if (variable && !strcmp(variable, "v"))
			done = set_units(m, place, "mV");
	}
	free(variable);
	free(units);
	return done;
}

/* ---- Names of old files ---- */

static char *
mend_spelling(const struct mending *m, const char *place)
{
	static const char *const names[][2] = {
		{"indicies", "indices"},
		{"incidies", "indices"},
		{"node_id_to_range", "node_id_to_ranges"},
		{"gids", "node_ids"},
		{"index_pointer", "index_pointers"},
		{"element_id", "element_ids"}};
	const char *name = last_name(place);
	size_t i;

	/* An index_pointer of edges is another thing than that of a report. */
	if (!strcmp(name, "index_pointer") && !strncmp(place, "/edges/", 7))
		return NULL;
	for (i = 0; i < LEN(names); i++)
		if (!strcmp(name, names[i][0]))
			return link_as(m, place, names[i][1]);
	return NULL;
}

static char *
mend_bmtk(const struct mending *m, const char *place)
{
	char *path = format("%s/node_id_to_ranges", place), *done = NULL;

	if (hdf_has(m->file, path))
		done = link_as(m, path, "node_id_to_range");
	free(path);
	return done;
}

static char *
mend_spike_names(const struct mending *m, const char *place)
{
	char *path = format("%s/gids", place), *done = NULL;

	if (hdf_has(m->file, path))
		done = link_as(m, path, "node_ids");
	free(path);
	return done;
}

/* ---- Ids that are rows ---- */

static void
write_rows(const struct mending *m, const char *root, const char *name,
	   uint64_t n, bool count)
{
	char *path = format("%s/%s", root, name);
	struct hdfwrite_sink *s;
	uint64_t i;

	if (m->edit) {
		s = hdfwrite_sink(m->edit, path, SINK_U64, n, 1);
		for (i = 0; i < n; i++)
			hdfwrite_int(s, count ? (int64_t)i : 0);
		hdfwrite_sink_close(s);
	}
	free(path);
}

/* The rows of a population, by its type ids. */
static uint64_t
rows_of(const struct mending *m, const char *root, const char *sort)
{
	char *path = format("%s/%s_type_id", root, sort);
	struct hdflook d = hdflook_dataset(m->file, path);

	free(path);
	return d.there ? d.extent[0] : 0;
}

static char *
mend_node_id(const struct mending *m, const char *root)
{
	uint64_t n = rows_of(m, root, "node");

	if (n == 0)
		return NULL;
	write_rows(m, root, "node_id", n, true);
	return copy("0, 1, 2 and so on written");
}

/* Rows are of group 0, and each has its own number there, where no other group
 * is. */
static char *
mend_groups(const struct mending *m, const char *root)
{
	const char *sort = strncmp(root, "/nodes/", 7) ? "edge" : "node";
	char *id = format("%s_group_id", sort);
	char *index = format("%s_group_index", sort);
	char *path = format("%s/%s", root, id), *done = NULL;
	bool has_ids = hdf_has(m->file, path);
	uint64_t rows = rows_of(m, root, sort);
	size_t n;
	int64_t *group = known_groups(m->file, root, &n);

	if (rows > 0 && n == 1 && group[0] == 0) {
		if (!has_ids)
			write_rows(m, root, id, rows, false);
		free(path);
		path = format("%s/%s", root, index);
		if (!hdf_has(m->file, path))
			write_rows(m, root, index, rows, true);
		done = copy("group 0 and the rows' numbers written");
	}
	free(group);
	free(path);
	free(index);
	free(id);
	return done;
}

/* ---- How spikes are sorted ---- */

static const char *const sortings[] = {"none", "by_id", "by_time", NULL};

/* Which of these hold, of one batch after the other. */
struct holding {
	bool by_id, by_time;
	double last;
	int64_t last_id;
};

static void
look_at(struct holding *h, const int64_t *id, const double *t, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		h->by_time &= t[i] >= h->last;
		h->by_id &= id[i] > h->last_id ||
			    (id[i] == h->last_id && t[i] >= h->last);
		h->last = t[i];
		h->last_id = id[i];
	}
}

static struct holding
find_order(const struct hdf_column *ids, const struct hdf_column *times)
{
	struct holding h = {true, true, -INFINITY, INT64_MIN};
	int64_t *id = zeros(CHECKROWS_BATCH, sizeof *id);
	double *t = zeros(CHECKROWS_BATCH, sizeof *t);
	uint64_t first;
	size_t n;

	for (first = 0; first < ids->n; first += n) {
		n = checkrows_batch(ids->n, first);
		hdf_column_ints(ids, first, n, id);
		hdf_column_reals(times, first, n, t);
		look_at(&h, id, t, n);
	}
	free(id);
	free(t);
	return h;
}

/* What is said of the order, in any spelling, is kept where it is true. */
static uint8_t
choose_order(const struct mending *m, const char *group,
	     const struct holding *h)
{
	char *said = hdf_attribute(m->file, group, "sorting");
	bool id_first = said && (strstr(said, "id") != NULL);

	free(said);
	if (h->by_time && !(id_first && h->by_id))
		return 2;
	return h->by_id ? 1 : 0;
}

static char *
mend_sorting(const struct mending *m, const char *place)
{
	static const char *const id_names[] = {"node_ids", "gids", NULL};
	static const char *const time_names[] = {"timestamps", NULL};
	bool of_ids = !hdf_is_group(m->file, place);
	char *group = format("%.*s",
			     (int)(of_ids ? last_name(place) - place - 1
					  : (long)strlen(place)),
			     place);
	struct hdf_column *ids = hdf_any_column(m->file, group, id_names);
	struct hdf_column *times = hdf_any_column(m->file, group, time_names);
	char *done = NULL;
	uint8_t order;

	if (ids && times && ids->n == times->n) {
		struct holding h = find_order(ids, times);

		order = choose_order(m, place, &h);
		if (m->edit) {
			hdfedit_delete_attribute(m->edit, group, "sorting");
			hdfedit_delete_attribute(m->edit, place, "sorting");
			hdfwrite_set_word(m->edit, group, "sorting", sortings,
					  order);
		}
		done = format("set to '%s'", sortings[order]);
	}
	hdf_column_close(ids);
	hdf_column_close(times);
	free(group);
	return done;
}

static char *
mend_sorted(const struct mending *m, const char *place)
{
	if (m->edit)
		hdfedit_delete_attribute(m->edit, place, "sorted");
	return copy("attribute 'sorted' taken away");
}

/* ---- Configs ---- */

/* The model_type that all nodes of a population have, in new memory, or NULL.
 */
static char *
common_type(struct sonata_network *net, const char *name)
{
	struct sonata_population *p =
		sonata_open(sonata_find(net, NODES, name));
	struct reading *r = reading_start(p, false);
	size_t k = reading_try_want(r, "model_type"), i, n;
	char room[32], *type = NULL;
	bool same = k != NO_ATTRIBUTE;
	uint64_t first;

	for (first = 0; same && first < p->n; first += n) {
		n = checkrows_batch(p->n, first);
		reading_range(r, first, n);
		for (i = 0; i < n && same; i++) {
			const char *s = reading_text(&r->v[k][i], room);

			if (!type)
				type = copy(s);
			same = !strcmp(type, s);
		}
	}
	reading_end(r);
	sonata_close(p);
	if (same && type && *type)
		return type;
	free(type);
	return NULL;
}

/* The populations that a part of the config stands for. */
static cJSON *
list_populations(const struct mending *m, enum sonata_sort sort,
		 const char *path)
{
	cJSON *all = cJSON_CreateObject(), *one;
	size_t i, n = sonata_refs(m->net, sort);
	char *type;

	for (i = 0; i < n; i++) {
		const struct sonata_ref *ref = &m->net->ref[sort][i];

		if (strcmp(ref->path, path) != 0)
			continue;
		one = cJSON_AddObjectToObject(all, ref->name);
		type = sort == NODES ? common_type(m->net, ref->name)
				     : copy("chemical");
		if (type)
			cJSON_AddStringToObject(one, "type", type);
		free(type);
	}
	return all;
}

/* The number in "networks.nodes[3]", or -1. */
static int64_t
number_of(const char *place)
{
	const char *from = strchr(place, '[');
	char *number = copy(from ? from + 1 : "");
	int64_t at;

	number[strcspn(number, "]")] = '\0';
	if (!parse_int(number, &at))
		at = -1;
	free(number);
	return at;
}

/* Parts that are not enabled would have other numbers. */
static char *
mend_populations(const struct mending *m, const char *place)
{
	enum sonata_sort sort =
		strncmp(place, "networks.nodes", 14) ? EDGES : NODES;
	const char *key = sort == NODES ? "nodes" : "edges";
	int64_t at = number_of(place);
	const struct config_part *parts;
	cJSON *list;
	size_t n;

	parts = config_parts(m->net->config, key, &n);
	list = cJSON_GetObjectItemCaseSensitive(
		cJSON_GetObjectItemCaseSensitive(m->json, "networks"), key);
	if ((int)n != cJSON_GetArraySize(list) || at < 0 || at >= (int64_t)n ||
	    !parts[at].file)
		return NULL;
	cJSON_AddItemToObject(cJSON_GetArrayItem(list, (int)at), "populations",
			      list_populations(m, sort, parts[at].file));
	return copy("populations added");
}

/* ---- All of it ---- */

/* Each gives what it has done, in new memory, or NULL. */
static const struct mend {
	const char *rule;
	char *(*mend)(const struct mending *m, const char *place);
} mends[] = {
	{"magic", mend_magic},
	{"version", mend_version},
	{"group-missing", mend_groups},
	{"node-id-missing", mend_node_id},
	{"index-spelling", mend_spelling},
	{"index-bmtk", mend_bmtk},
	{"spikes-layout", mend_spike_names},
	{"spikes-units", mend_units},
	{"spikes-sorting", mend_sorting},
	{"spikes-sorting-type", mend_sorting},
	{"report-layout", mend_spelling},
	{"report-units", mend_units},
	{"report-sorted", mend_sorted},
	{"populations", mend_populations},
};

static const struct mend *
find_mend(const struct finding *f)
{
	size_t i;

	for (i = 0; i < LEN(mends); i++)
		if (!strcmp(mends[i].rule, f->rule->id))
			return &mends[i];
	return NULL;
}

/* Is it mended with another one, of the same place? */
static bool
is_repeated(const struct findings *all, size_t i)
{
	const struct mend *mend = find_mend(&all->finding[i]), *other;
	size_t k;

	for (k = 0; mend && k < i; k++) {
		other = find_mend(&all->finding[k]);
		if (other && other->mend == mend->mend &&
		    !strcmp(all->finding[k].place, all->finding[i].place))
			return true;
	}
	return false;
}

/* Mend what is wrong in the file of this path, and tell what was. */
static void
mend_all(const struct mending *m, const struct findings *all, const char *path)
{
	size_t i;

	out_header("rule", "place", "count", "message", "mended");
	for (i = 0; i < all->n; i++) {
		const struct finding *f = &all->finding[i];
		const struct mend *mend = find_mend(f);
		char *done;

		if (!mend || strcmp(f->file, path) != 0 || is_repeated(all, i))
			continue;
		done = mend->mend(m, f->place);
		if (done) {
			out_text(f->rule->id);
			out_text(f->place);
			out_int((int64_t)f->count);
			out_text(f->message);
			out_text(done);
			out_end();
		}
		free(done);
	}
}

struct fix_task {
	const char *path;
	bool is_config;
};

static void
plan(void *arg)
{
	const struct fix_task *t = arg;
	struct checkfile files = {.memory = MEMORY};

	files.known.tstop_ms = NAN;
	if (t->is_config) {
		checkconfig_run(&files, t->path);
		return;
	}
	checkfile_list(&files, t->path, NULL, NULL);
	checkfile_run(&files);
}

static void
mend_config(const char *path, const struct findings *all)
{
	struct mending m = {
		.net = sonata_open_network(path, "types", NULL),
		.json = json_read(path),
	};

	mend_all(&m, all, path);
	if (!dry_run)
		json_write(in_place ? path : output, m.json);
	cJSON_Delete(m.json);
}

/* Whose file it is, only those know who read it: with a magic number it would
 * say that it is one of SONATA. */
static void
check_contents(const char *path, const struct findings *all)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (!strcmp(all->finding[i].rule->id, "contents"))
			die("%s: %s in it", path, all->finding[i].message);
}

static void
mend_file(const char *path, const struct findings *all)
{
	struct hdfwrite edit;
	struct mending m = {.file = hdf_open(path)};

	check_contents(path, all);
	if (!dry_run) {
		hdfedit_open(&edit, path, in_place ? path : output);
		m.edit = &edit;
	}
	mend_all(&m, all, path);
	if (!dry_run)
		hdfwrite_finish(&edit);
}

int
main(int argc, char **argv)
{
	struct fix_task t;
	struct findings all = {0};
	char s[512] = "";
	size_t n;

	argv = start(argc, argv, &tool);
	t.path = argv[0];
	n = config_first_bytes(t.path, s, sizeof s);
	t.is_config = json_looks_like(s, n);
	if (!t.is_config && !hdf_looks_like(s, n))
		die("%s: not an HDF5 file", t.path);
	findings_gather(&all, plan, &t);
	if (t.is_config)
		mend_config(t.path, &all);
	else
		mend_file(t.path, &all);
	if (!dry_run)
		files_done();
	findings_free(&all);
	return WORKED;
}
