/* sonata-cut -- write the part of a network that some of its nodes make
 *
 * The nodes that are chosen, and the edges between them, make a network of
 * their own, in which ids count from 0.  Virtual nodes have no choice: those
 * that send to one of the chosen come along, and no others.
 *
 * Edges go by up to three times: to find such sources, to count by group, and
 * to be written.  So memory follows the nodes and not the edges. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "activity/simcut.h"
#include "check/finding.h"
#include "files.h"
#include "out.h"
#include "rows.h"
#include "sonata/cutconfig.h"
#include "sonata/cutwrite.h"
#include "sonata/filter.h"
#include "sonata/json.h"
#include "sonata/nodes.h"
#include "sonata/paths.h"
#include "sonata/ranges.h"
#include "sonata/spill.h"

static const char *directory, *node_set, *ids;
static struct opt_list where, tables, populations;
static bool keep_outside;

static const struct opt opts[] = {
	OPT_STR('o', "output", "folder", &directory,
		"where the network goes, which is not there yet"),
	OPT_STR(0, "node-set", "name", &node_set,
		"the nodes of this node set of the config"),
	OPT_LIST(0, "where", "condition", &where,
		 "nodes for which it holds, as 'pop_name=PV'"),
	OPT_STR(0, "ids", "list", &ids, "nodes with these ids: 3,10-19"),
	OPT_LIST('n', "nodes", "file", &tables,
		 "the nodes of this table (repeatable)"),
	OPT_LIST('p', "population", "name", &populations,
		 "nodes of this population (repeatable)"),
	OPT_FLAG(0, "keep-outside", &keep_outside,
		 "edges from nodes outside too, which become virtual"),
	OPT_TABLE(spill_opts_256M),
	OPT_TABLE(rows_opts),
	OPT_REQUIRED("node-set where ids nodes population"),
	OPT_REQUIRED("output"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "write the part of a network that some of its nodes make",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

/* ---- Choosing nodes ---- */

static bool
is_listed(const struct opt_list *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->n && strcmp(list->item[i], name) != 0; i++)
		;
	return i < list->n;
}

/* Choose, among those that are, nodes for which a flag is set; the flags are
 * freed. */
static void
keep_those(struct cut_nodes *nodes, bool *in)
{
	size_t i;

	for (i = 0; i < nodes->ids->n; i++)
		if (!in[i])
			nodes->is[i] &= (unsigned char)~CUT_CHOSEN;
	free(in);
}

static bool *
in_ranges(const struct cut_nodes *nodes, struct ranges *r)
{
	bool *in = zeros(nodes->ids->n, sizeof *in);
	uint32_t i;

	for (i = 0; i < nodes->ids->n; i++)
		in[i] = nodes->is[i] & CUT_CHOSEN &&
			ranges_has(r, ids_at(nodes->ids, i));
	return in;
}

/* Each node of the tables has to be there. */
static bool *
in_tables(const struct cut_nodes *nodes, const struct nodes *listed)
{
	bool *in = zeros(nodes->ids->n, sizeof *in);
	const struct node_population *p = nodes_find(listed, nodes->ref->name);
	uint32_t i, cell;

	if (!p && listed->n == 1 && !*listed->population->name)
		die("%s: %s", tables.item[0],
		    nodes_find_lack(listed, nodes->ref->name));
	for (i = 0; p && i < p->n; i++) {
		cell = ids_find(nodes->ids, ids_at(p->ids, i));
		if (cell == NO_CELL)
			die("%s: column 'node_id': there is no such node in "
			    "'%s': '%lld'",
			    nodes_place(p, i), nodes->ref->name,
			    (long long)ids_at(p->ids, i));
		in[cell] = true;
	}
	return in;
}

struct cut_choice {
	struct filter *where;
	struct ranges ids;
	struct nodes *listed;
};

static void
choose(struct cut_nodes *nodes, struct cut_choice *by)
{
	struct sonata_population *p = sonata_open(nodes->ref);
	struct filter *set;

	if (ids)
		keep_those(nodes, in_ranges(nodes, &by->ids));
	if (by->listed)
		keep_those(nodes, in_tables(nodes, by->listed));
	if (by->where)
		keep_those(nodes, filter_nodes(p, by->where));
	if (node_set) {
		set = filter_node_set(nodes->ref->net, node_set,
				      nodes->ref->name);
		keep_those(nodes, filter_nodes(p, set));
		filter_free(set);
	}
	sonata_close(p);
}

/* Nodes of other populations are not meant. */
static void
choose_population(struct cut_nodes *nodes)
{
	bool asked = is_listed(&populations, nodes->ref->name);
	size_t i;

	if (asked && nodes->candidates == 0 && nodes->ids->n > 0)
		die("%s: population '%s' is virtual: its nodes come with the "
		    "edges that they have",
		    nodes->ref->path, nodes->ref->name);
	for (i = 0; !asked && i < nodes->ids->n; i++)
		nodes->is[i] &= (unsigned char)~CUT_CHOSEN;
	nodes->candidates = asked ? nodes->candidates : 0;
}

static struct cut_choice
start_choice(struct cut *c)
{
	struct cut_choice by = {.where = filter_where(&where)};
	size_t i;

	if (ids)
		ranges_parse(&by.ids, "ids", ids);
	if (tables.n > 0)
		by.listed = nodes_start(NULL, false);
	for (i = 0; i < tables.n; i++)
		nodes_add_table(by.listed, tables.item[i]);
	if (by.listed)
		nodes_finish(by.listed);
	for (i = 0; by.listed && i < by.listed->n; i++)
		if (*by.listed->population[i].name)
			sonata_find(c->net, NODES,
				    by.listed->population[i].name);
	for (i = 0; i < populations.n; i++)
		sonata_find(c->net, NODES, populations.item[i]);
	return by;
}

static void
choose_all(struct cut *c)
{
	struct cut_choice by = start_choice(c);
	size_t i, k, chosen = 0;

	cut_open(c);
	for (i = 0; i < c->nnodes; i++) {
		struct cut_nodes *nodes = &c->nodes[i];

		if (populations.n > 0)
			choose_population(nodes);
		if (nodes->candidates > 0)
			choose(nodes, &by);
		for (k = 0; k < nodes->ids->n; k++)
			nodes->chosen += nodes->is[k] & CUT_CHOSEN;
		chosen += nodes->chosen;
	}
	filter_check(by.where, c->net->path);
	ranges_check(&by.ids, "ids", c->net->path);
	if (chosen == 0)
		die("%s: no nodes are chosen: virtual ones come with the edges "
		    "that they have",
		    c->net->path);
	filter_free(by.where);
	ranges_free(&by.ids);
	nodes_free(by.listed);
}

/* ---- Node sets ---- */

/* Has a set, or a part of one, any node that is left? */
static bool
has_nodes(const struct cut *c, const char *set)
{
	uint64_t row[1024], kept[LEN(row)], at;
	bool any = false;
	size_t i, n;

	for (i = 0; i < c->nnodes && !any; i++) {
		const struct cut_nodes *nodes = &c->nodes[i];
		struct sonata_population *p;
		struct filter *f;
		struct reading *r;

		if (nodes->n[CUT_WITHIN] == 0)
			continue;
		p = sonata_open(nodes->ref);
		f = filter_node_set(c->net, set, nodes->ref->name);
		r = reading_start(p, false);
		filter_start(f, r);
		for (at = n = 0; at < p->n && !any; n = 0) {
			for (; at < p->n && n < LEN(row); at++)
				if (nodes->new_id[CUT_WITHIN][at] != NO_CELL)
					row[n++] = at;
			reading_rows(r, row, n);
			any = filter_rows(f, r, kept) > 0;
		}
		reading_end(r);
		filter_free(f);
		sonata_close(p);
	}
	return any;
}

static const char no_nodes[] = "no nodes";

/* What is wrong with a set in the network as it was is no concern of ours, but
 * would end the tool: so each is judged as sonata-check judges. */
static void
judge_sets(void *arg)
{
	const struct cut *c = arg;
	size_t i, n;
	const struct config_set *set = config_node_sets(c->net->config, &n);

	for (i = 0; i < n; i++)
		if (finding_step("node-set-value", set[i].file, set[i].name) &&
		    !has_nodes(c, set[i].name))
			finding_add("node-set-value", set[i].file, set[i].name,
				    1, "%s", no_nodes);
}

static void
say_dropped(const struct cut *c, const struct labels *dropped)
{
	char *names = NULL, *longer;
	size_t i;

	for (i = 0; i < dropped->n; i++) {
		longer = format("%s%s%s", names ? names : "", names ? ", " : "",
				dropped->name[i]);
		free(names);
		names = longer;
	}
	if (names)
		warn("%s: node sets left out, as none of their nodes is left: "
		     "%s",
		     c->net->path, names);
	free(names);
}

/* A set without nodes is left out, also of those that are made of sets. */
static void
find_dropped(struct cut *c, struct labels *dropped)
{
	struct findings all = {0};
	size_t i;

	findings_gather(&all, judge_sets, c);
	for (i = 0; i < all.n; i++) {
		const struct finding *f = &all.finding[i];

		if (!strcmp(f->message, no_nodes))
			label(dropped, f->place);
		else
			warn("%s: kept, though it cannot be read: %s", f->file,
			     f->message);
	}
	findings_free(&all);
}

static void
leave_out(cJSON *list, const struct labels *dropped)
{
	cJSON *c = cJSON_IsArray(list) ? list->child : NULL, *next;

	for (; c; c = next) {
		next = c->next;
		if (cJSON_IsString(c) &&
		    label_find(dropped, c->valuestring) != NO_LABEL)
			cJSON_Delete(cJSON_DetachItemViaPointer(list, c));
	}
}

static cJSON *
make_sets(struct cut *c, struct labels *dropped)
{
	size_t i, n;
	const struct config_set *set = config_node_sets(c->net->config, &n);
	cJSON *sets = cJSON_CreateObject(), *new;

	find_dropped(c, dropped);
	for (i = 0; i < n; i++) {
		if (label_find(dropped, set[i].name) != NO_LABEL)
			continue;
		new = idmap_set(&c->map, set[i].is, set[i].name, sets);
		if (new)
			leave_out(new, dropped);
		if (new)
			cJSON_AddItemToObject(sets, set[i].name, new);
		else
			label(dropped, set[i].name);
	}
	say_dropped(c, dropped);
	for (i = 0; i < c->nnodes; i++)
		if (c->nodes[i].n[CUT_WITHIN] == 0 &&
		    !cJSON_GetObjectItemCaseSensitive(sets,
						      c->nodes[i].ref->name))
			label(dropped, c->nodes[i].ref->name);
	return sets;
}

/* ---- Files ---- */

static void
write_map(const struct cut *c)
{
	char *path = format("%s/id_map.csv", c->folder);
	size_t i;
	uint32_t k;

	out_to(path);
	out_header("population", "old_node_id", "new_node_id");
	for (i = 0; i < c->map.n; i++) {
		const struct idmap_population *p = &c->map.population[i];

		for (k = 0; k < p->ids->n; k++) {
			if (p->new_id[k] == NO_CELL)
				continue;
			out_text(p->name);
			out_int(ids_at(p->ids, k));
			out_int(p->new_id[k]);
			out_end();
		}
	}
	out_close();
	free(path);
}

/* Ids that a simulation names may add node sets. */
static void
write_configs(struct cut *c, struct simcut *s)
{
	char *path = format("%s/circuit_config.json", c->folder);
	cJSON *circuit =
		cutconfig_make(c, json_first(s->sets) != NULL, simcut_path, s);

	if (c->net->config->is_simulation)
		simcut_write(s, circuit);
	if (json_first(s->sets) &&
	    !cJSON_GetObjectItemCaseSensitive(circuit, "node_sets_file"))
		cJSON_AddStringToObject(circuit, "node_sets_file",
					"$BASE_DIR/node_sets.json");
	json_write(path, circuit);
	free(path);
	path = format("%s/node_sets.json", c->folder);
	if (json_first(s->sets))
		json_write(path, s->sets);
	cJSON_Delete(circuit);
	free(path);
}

/* The table of ids comes last: all files get their names with it. */
static void
write_all(struct cut *c)
{
	struct labels dropped = {0};
	struct simcut s = {.config = c->net->config,
			   .map = &c->map,
			   .sets = make_sets(c, &dropped),
			   .dropped = &dropped,
			   .directory = directory};
	unsigned side;
	size_t i;

	c->folder = s.folder = files_folder(directory);
	for (side = CUT_WITHIN; side <= CUT_OUTSIDE; side++) {
		for (i = 0; i < c->nnodes; i++)
			if (c->nodes[i].n[side] > 0)
				cutwrite_nodes(c, &c->nodes[i], side);
		for (i = 0;
		     (side == CUT_WITHIN || keep_outside) && i < c->nedges; i++)
			cutwrite_edges(c, &c->edges[i], side);
	}
	write_configs(c, &s);
	write_map(c);
	cJSON_Delete(s.sets);
	labels_free(&dropped);
}

/* A name without slashes at its end, which is not there, in a folder that is.
 */
static void
check_directory(void)
{
	char *s = copy(directory), *folder;
	size_t n = strlen(s);
	struct stat st;

	if (!strcmp(s, "-") || !*s)
		misuse("--output: a network is a folder: '%s'", s);
	while (n > 1 && s[n - 1] == '/')
		s[--n] = '\0';
	directory = s;
	if (!lstat(s, &st))
		die("%s: is there already", s);
	folder = path_folder(s);
	if (access(*folder ? folder : ".", W_OK))
		die("%s:", s);
	free(folder);
}

int
main(int argc, char **argv)
{
	struct cut c = {0};

	argv = start(argc, argv, &tool);
	check_directory();
	c.directory = directory;
	c.keep_outside = keep_outside;
	c.net = sonata_open_network(argv[0], "types", NULL);
	if (!c.net->config)
		die("%s: an HDF5 file, not a config", argv[0]);
	choose_all(&c);
	cut_find_edges(&c);
	cut_number(&c);
	write_all(&c);
	cut_free(&c);
	return WORKED;
}
