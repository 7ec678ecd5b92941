#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "activity/inputs.h"
#include "activity/spikes.h"
#include "activity/trains.h"
#include "files.h"
#include "progress.h"
#include "rows.h"
#include "util.h"

static struct opt_list populations;
static const char *ids, *unnamed;
static double from = -INFINITY, to = INFINITY;
static bool inputs, listed;

const struct opt train_opts[] = {
	OPT_LIST('p', "population", "name", &populations,
		 "spikes of this population (repeatable)"),
	OPT_STR(0, "ids", "list", &ids, "only spikes of nodes 3,10-19"),
	OPT_NUM_IN(0, "from", "ms", &from, "[-inf,inf]",
		   "only spikes at this time or later"),
	OPT_NUM_IN(0, "to", "ms", &to, "[-inf,inf]",
		   "only spikes before this time"),
	OPT_FLAG(0, "inputs", &inputs,
		 "of a config, the spikes that it is given"),
	OPT_STR(0, "unnamed", "name", &unnamed,
		"population of spikes that name none"),
	OPT_FLAG(0, "listed", &listed, "only spikes of nodes that -n has"),
	OPT_TABLE(nodefiles_choice_opts),
	OPT_TABLE(rows_opts),
	OPT_ORDER("from < to"),
	OPT_END,
};

/* A file, and the population of spikes in it that name none, or the node set of
 * the input that it is for. */
struct train_file {
	const char *path, *population;
	const cJSON *node_set;
};

/* ---- What is asked for ---- */

bool
trains_asks_population(const char *name)
{
	size_t i;

	for (i = 0; i < populations.n; i++)
		if (!strcmp(populations.item[i], name))
			return true;
	return false;
}

bool
trains_asks_listed(void)
{
	return listed;
}

static void
add_file(struct trains *t, const char *path, const char *population)
{
	t->file = grow(t->file, &t->mfiles, t->nfiles + 1, sizeof *t->file);
	t->file[t->nfiles++] = (struct train_file){path, population, NULL};
}

/* The one population of a node set, NULL if it names none or several; where
 * there is no such set, it is the name of a population. */
static const char *
population_of(const struct config *c, const cJSON *set)
{
	const char *name = cJSON_GetStringValue(set);
	const struct config_set *named = name ? config_node_set(c, name) : NULL;
	const cJSON *said;

	if (name && !named)
		return name;
	said = cJSON_GetObjectItemCaseSensitive(named ? named->is : set,
						"population");
	if (cJSON_GetArraySize(said) == 1)
		said = said->child;
	return cJSON_GetStringValue(said);
}

static void
add_input(struct trains *t, const struct config *c, const cJSON *json)
{
	struct input in = {.config = c->path, .json = json};
	const char **file;
	size_t i, n;

	if (!cJSON_IsObject(json))
		die("%s: inputs.%s is not an object", c->path, json->string);
	if (!config_is_on(c->path, "inputs", json))
		return;
	if (!input_has_spikes(&in)) {
		if (input_is_spikes(&in))
			t->unread = join(t->unread, json->string);
		return;
	}
	file = input_files(&in, &n);
	for (i = 0; i < n; i++) {
		if (!file[i]) {
			t->unread = join(t->unread, json->string);
			continue;
		}
		files_check(file[i]);
		add_file(t, file[i], unnamed);
		t->file[t->nfiles - 1].node_set = input_member(&in, "node_set");
	}
	free(file);
}

static void
add_config(struct trains *t, const char *path)
{
	const struct config *c = config_read(path);
	const cJSON *input;
	size_t before = t->nfiles;
	char *file;

	if (t->config)
		misuse("more than one config: '%s' and '%s'", t->config->path,
		       path);
	t->config = c;
	if (inputs) {
		input = json_first(config_inputs(c));
		for (; input; input = input->next)
			add_input(t, c, input);
		if (t->nfiles == before)
			die("%s: no input in it has files of spikes", path);
		if (t->unread)
			warn("%s: inputs whose spikes are in no file that is "
			     "read are left out: %s",
			     path, t->unread);
		return;
	}
	file = config_output(c, "spikes_file");
	if (!file)
		die("%s: no output.spikes_file in it: name the file itself",
		    path);
	files_check(file);
	add_file(t, file, unnamed);
}

static bool
is_config(const char *path)
{
	char head[512];

	return strcmp(path, "-") != 0 &&
	       json_looks_like(head,
			       config_first_bytes(path, head, sizeof head));
}

struct trains *
trains_open(char **operands)
{
	struct trains *t = zeros(1, sizeof *t);

	t->from_ms = from;
	t->to_ms = to;
	if (ids)
		ranges_parse(&t->ids, "ids", ids);
	if (!*operands)
		add_file(t, "-", unnamed);
	for (; *operands; operands++)
		if (is_config(*operands))
			add_config(t, *operands);
		else
			add_file(t, *operands, unnamed);
	if (inputs && !t->config)
		misuse("--inputs: needs a config");
	progress_begin("spikes", 0);
	return t;
}

/* Nodes that --ids does not name are not chosen either. */
static void
choose_ids(struct trains *t, struct node_population *p)
{
	bool *chosen = zeros(p->n, sizeof *chosen);
	uint32_t i;

	for (i = 0; i < p->n; i++)
		chosen[i] = (!p->chosen || p->chosen[i]) &&
			    ranges_has(&t->ids, ids_at(p->ids, i));
	free(p->chosen);
	p->chosen = chosen;
}

void
trains_join_nodes(struct trains *t, const char *columns)
{
	size_t i;

	t->nodes = nodefiles_read(t->config ? t->config->path : NULL, columns,
				  &populations);
	for (i = 0; ids && i < t->nodes->n; i++)
		choose_ids(t, &t->nodes->population[i]);
}

/* ---- Reading ---- */

static struct node_population *
nodes_of(const struct trains *t, const char *name)
{
	struct node_population *p = nodes_find(t->nodes, name);
	bool other = t->nodes->n == 1 && t->nodes->population->serves;

	if (!p && !*name && !listed)
		die("%s: its spikes name no population, and the nodes are of "
		    "%zu: say --unnamed",
		    t->spikes->path, t->nodes->n);
	if (!p && (!listed || other))
		die("%s: %s", t->spikes->path, nodes_find_lack(t->nodes, name));
	return p;
}

static void
agree_on_sorting(char **sorting, const char *said)
{
	if (*sorting && said && !strcmp(*sorting, said))
		return;
	free(*sorting);
	*sorting = NULL;
}

/* The number of a population; it gets one if it has none yet. */
static uint32_t
number_population(struct trains *t, const char *name, uint32_t local)
{
	uint32_t i = label_find(&t->population, name);
	const char *said = spikes_sorting(t->spikes, local);
	struct node_population *p;

	if (i != NO_LABEL) {
		agree_on_sorting(&t->sorting[i], said);
		return i;
	}
	p = t->nodes ? nodes_of(t, name) : NULL;
	if (!*name)
		t->nameless = t->spikes->path;
	i = label(&t->population, name);
	t->nodes_of = grow(t->nodes_of, &t->mnodes, t->population.n,
			   sizeof(struct node_population *));
	t->nodes_of[i] = p;
	t->sorting =
		grow(t->sorting, &t->msorting, t->population.n, sizeof(char *));
	t->sorting[i] = said ? copy(said) : NULL;
	return i;
}

/* Number the populations that the file has named since the last time. */
static void
number_populations(struct trains *t)
{
	struct train_file *f = &t->file[t->current - 1];

	for (; t->nnumber < t->spikes->population.n; t->nnumber++) {
		const char *name = t->spikes->population.name[t->nnumber];

		if (!*name && !f->population && f->node_set)
			f->population = population_of(t->config, f->node_set);
		if (!*name && f->population)
			name = f->population;
		t->number = grow(t->number, &t->mnumber, t->nnumber + 1,
				 sizeof *t->number);
		t->number[t->nnumber] =
			populations.n == 0 || trains_asks_population(name)
				? number_population(t, name,
						    (uint32_t)t->nnumber)
				: NO_LABEL;
	}
}

static void
open_next(struct trains *t)
{
	t->spikes = spikes_open(t->file[t->current++].path, t->seen);
	t->spikes->shard = t->shard;
	t->has_text = t->has_text || t->spikes->table;
	t->nnumber = 0;
	number_populations(t);
}

static bool
find_node(const struct trains *t, struct train_spike *s)
{
	const struct node_population *p = t->nodes_of[s->population];

	s->node = p ? ids_find(p->ids, s->node_id) : NO_CELL;
	if (s->node == NO_CELL && !listed)
		die("%s: population '%s' has no node %lld", t->spikes->path,
		    t->population.name[s->population], (long long)s->node_id);
	return s->node != NO_CELL && (!p->chosen || p->chosen[s->node]);
}

/* Is a spike within the time that is meant?  Those that are not are counted, if
 * they are of nodes that are. */
static bool
is_within(struct trains *t, const struct train_spike *s)
{
	bool late = s->time_ms >= t->to_ms;
	const struct node_population *p;
	uint32_t node;

	if (!late && s->time_ms >= t->from_ms)
		return true;
	if (!t->count_outside[late])
		return false;
	p = t->nodes ? t->nodes_of[s->population] : NULL;
	node = p ? ids_find(p->ids, s->node_id) : NO_CELL;
	t->outside[late] +=
		node == NO_CELL ? !listed : !p->chosen || p->chosen[node];
	return false;
}

static void
take_batch(struct trains *t)
{
	const struct spikes *from_file = t->spikes;
	size_t i;

	t->n = 0;
	t->spike = grow(t->spike, &t->mspike, from_file->n, sizeof *t->spike);
	for (i = 0; i < from_file->n; i++) {
		struct train_spike s = {from_file->time_ms[i],
					from_file->node_id[i],
					t->number[from_file->of[i]], NO_CELL};

		if (s.population != NO_LABEL &&
		    (!ids || ranges_has(&t->ids, s.node_id)) &&
		    is_within(t, &s) && (!t->nodes || find_node(t, &s)))
			t->spike[t->n++] = s;
	}
}

/* Text does not name populations that have no spikes. */
static void
check_populations(const struct trains *t)
{
	size_t i;

	for (i = 0; !t->has_text && i < populations.n; i++)
		if (label_find(&t->population, populations.item[i]) == NO_LABEL)
			die("%s: no population '%s' in it",
			    t->file[t->nfiles - 1].path, populations.item[i]);
}

const char *
trains_path(const struct trains *t, size_t k)
{
	return k < t->nfiles ? t->file[k].path : NULL;
}

bool
trains_next(struct trains *t)
{
	for (t->n = 0; t->n == 0;) {
		if (!t->spikes && t->current == t->nfiles) {
			check_populations(t);
			return false;
		}
		if (!t->spikes)
			open_next(t);
		if (spikes_next(t->spikes)) {
			number_populations(t);
			take_batch(t);
			t->seen += t->spikes->n;
			progress(t->seen);
		} else {
			t->rows += t->spikes->rows;
			spikes_close(t->spikes);
			t->spikes = NULL;
		}
	}
	return true;
}

void
trains_close(struct trains *t)
{
	size_t i;

	for (i = 0; i < t->population.n; i++)
		free(t->sorting[i]);
	free(t->sorting);
	nodes_free(t->nodes);
	labels_free(&t->population);
	free(t->nodes_of);
	free(t->spike);
	free(t->file);
	free(t->number);
	ranges_free(&t->ids);
	free(t->unread);
	free(t);
}
