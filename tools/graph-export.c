/* graph-export -- write a network in a format of graph programs
 *
 * What is known of a node or an arc is a record of named values, the same in
 * every format; a format only says how a record is written.  Arcs go out as
 * they come out of the sort, so that memory is in the number of cells. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "network/graph.h"
#include "out.h"
#include "plot/escape.h"
#include "suffix.h"

enum { CSV, DOT, GRAPHML, GEXF, MTX, JSON };
enum { WITH, WITHOUT, ONLY, MERGED };

static unsigned chosen, by_group, gap = WITH;
static const char *weight;
static bool multi, names;

static const struct opt opts[] = {
	OPT_WORD('f', "file-format", "name", &chosen,
		 "csv|dot|graphml|gexf|mtx|json", "how"),
	OPT_FLAG(0, "multi", &multi, "an edge for each row"),
	OPT_WORD(0, "by", "what", &by_group, "cell|group",
		 "make a node of each"),
	OPT_STR(0, "weight", "name", &weight,
		"sum this attribute, times nsyns, rather than nsyns"),
	OPT_WORD(0, "gap", "how", &gap, "with|without|only|merged",
		 "gap junctions"),
	OPT_FLAG(0, "names", &names,
		 "write the nodes instead of the edges (csv, mtx)"),
	OPT_TABLE(graph_opts),
	OPT_TABLE(out_file_opts),
	OPT_TABLE(out_tsv_opts),
	OPT_NEEDS("names", "file-format=csv file-format=mtx"),
	OPT_NEEDS("tsv", "file-format=csv names"),
	OPT_NOT_WITH("multi", "by=group file-format=mtx"),
	OPT_NOT_WITH("gap=with", "file-format=mtx"),
	OPT_NOT_WITH("gap=merged", "multi"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "write a network in a format of graph programs",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* ---- Records ---- */

enum type { TEXT, INT, REAL, FLAG };

struct attribute {
	const char *name;
	enum type type;
};

enum { MOST_ATTRIBUTES = 8 };

static const struct attribute of_cells[] = {
	{"population", TEXT}, {"node_id", INT}, {"label", TEXT}, {"x", REAL},
	{"y", REAL},          {"z", REAL},      {NULL, TEXT}};
static const struct attribute of_groups[] = {
	{"population", TEXT}, {"label", TEXT}, {"cells", INT}, {NULL, TEXT}};
static const struct attribute of_edges[] = {{"rows", INT},
					    {"synapses", INT},
					    {"weight", REAL},
					    {"is_gap_junction", FLAG},
					    {NULL, TEXT}};
static const struct attribute between_groups[] = {
	{"connections", INT},      {"rows", INT},
	{"synapses", INT},         {"weight", REAL},
	{"is_gap_junction", FLAG}, {NULL, TEXT}};

struct record {
	const char
		*value[MOST_ATTRIBUTES]; /* escaped; NULL where there is none */
	char room[MOST_ATTRIBUTES][32];
	size_t n;
};

static void
add_text(struct record *r, const char *s)
{
	r->value[r->n++] = s;
}

/* By hand, in half the time that a table of 10^7 edges takes with sprintf. */
static void
add_int(struct record *r, uint64_t v)
{
	char *p = r->room[r->n] + sizeof r->room[r->n];

	*--p = '\0';
	do {
		*--p = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	add_text(r, p);
}

static void
add_real(struct record *r, double v)
{
	if (v > 0 && v < 1e15 && v == (double)(uint64_t)v) {
		add_int(r, (uint64_t)v);
		return;
	}
	out_num_text(v, r->room[r->n]);
	add_text(r, isnan(v) ? NULL : r->room[r->n]);
}

/* ---- Writing ---- */

struct writing {
	struct graph *graph;
	const struct format *format;
	const struct attribute *of_nodes, *of_arcs;
	bool undirected;      /* nothing but gap junctions */
	char **name, **label; /* of nodes and of labels, escaped */
	uint64_t arcs;        /* so far */
	FILE *scratch;        /* of mtx */
};

struct format {
	char *(*escape_name)(const char *s);
	char *(*escape_text)(const char *s);
	void (*begin)(const struct writing *w);
	void (*node)(const struct writing *w, uint32_t i,
		     const struct record *r);
	void (*between)(const struct writing *w);
	void (*arc)(const struct writing *w, const struct graph_arc *a,
		    const struct record *r);
	void (*end)(struct writing *w);
};

#define put(...) put_all((const char *[]){__VA_ARGS__, NULL})

static void
put_all(const char *const *s)
{
	for (; *s; s++)
		out_bytes(*s, strlen(*s));
}

/* ---- CSV ---- */

static void
out_record(const struct attribute *attribute, const struct record *r)
{
	size_t k;

	for (k = 0; attribute[k].name; k++)
		if (r->value[k])
			out_text(r->value[k]);
		else
			out_missing();
	out_end();
}

static void
out_attributes(const struct attribute *attribute)
{
	for (; attribute->name; attribute++)
		out_text(attribute->name);
	out_end();
}

static void
begin_csv(const struct writing *w)
{
	out_text("source");
	out_text("target");
	if (w->of_arcs == of_edges) {
		out_text("source_label");
		out_text("target_label");
	}
	out_attributes(w->of_arcs);
}

static void
put_csv_arc(const struct writing *w, const struct graph_arc *a,
	    const struct record *r)
{
	out_text(w->name[a->source]);
	out_text(w->name[a->target]);
	if (w->of_arcs == of_edges) {
		out_text(w->label[graph_node(w->graph, a->source).label]);
		out_text(w->label[graph_node(w->graph, a->target).label]);
	}
	out_record(w->of_arcs, r);
}

static void
begin_names(const struct writing *w)
{
	out_text("name");
	out_attributes(w->of_nodes);
}

static void
put_names_node(const struct writing *w, uint32_t i, const struct record *r)
{
	out_text(w->name[i]);
	out_record(w->of_nodes, r);
}

/* ---- DOT ---- */

static void
begin_dot(const struct writing *w)
{
	put(w->undirected ? "graph" : "digraph", " network {\n");
}

/* DOT does not take a number with an exponent unless it is quoted. */
static void
put_dot_record(const struct attribute *attribute, const struct record *r)
{
	const char *between = " [";
	size_t k;

	for (k = 0; attribute[k].name; k++) {
		const char *quote = "";

		if (!r->value[k])
			continue;
		if (attribute[k].type == TEXT ||
		    (attribute[k].type == REAL && strchr(r->value[k], 'e')))
			quote = "\"";
		put(between, attribute[k].name, "=", quote, r->value[k], quote);
		between = ", ";
	}
}

static void
put_dot_node(const struct writing *w, uint32_t i, const struct record *r)
{
	put("\t\"", w->name[i], "\"");
	put_dot_record(w->of_nodes, r);
	put("];\n");
}

static void
put_dot_arc(const struct writing *w, const struct graph_arc *a,
	    const struct record *r)
{
	put("\t\"", w->name[a->source], "\" ", w->undirected ? "--" : "->",
	    " \"", w->name[a->target], "\"");
	put_dot_record(w->of_arcs, r);
	put(a->gap && gap == WITH ? ", dir=none];\n" : "];\n");
}

static void
end_dot(struct writing *w)
{
	(void)w;
	put("}\n");
}

/* ---- GraphML ---- */

/* The same in GraphML and GEXF. */
static const char *const types[] = {"string", "long", "double", "boolean"};

static void
put_keys(const struct attribute *attribute, const char *of)
{
	for (; attribute->name; attribute++)
		put("  <key id=\"", of, "_", attribute->name, "\" for=\"", of,
		    "\" attr.name=\"", attribute->name, "\" attr.type=\"",
		    types[attribute->type], "\"/>\n");
}

static void
begin_graphml(const struct writing *w)
{
	put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
	    "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
	put_keys(w->of_nodes, "node");
	put_keys(w->of_arcs, "edge");
	put("  <graph id=\"network\" edgedefault=\"",
	    w->undirected ? "undirected" : "directed", "\">\n");
}

static void
put_data(const struct attribute *attribute, const char *of,
	 const struct record *r)
{
	size_t k;

	for (k = 0; attribute[k].name; k++)
		if (r->value[k])
			put("<data key=\"", of, "_", attribute[k].name, "\">",
			    r->value[k], "</data>");
}

static void
put_graphml_node(const struct writing *w, uint32_t i, const struct record *r)
{
	put("    <node id=\"", w->name[i], "\">");
	put_data(w->of_nodes, "node", r);
	put("</node>\n");
}

static void
put_graphml_arc(const struct writing *w, const struct graph_arc *a,
		const struct record *r)
{
	put("    <edge source=\"", w->name[a->source], "\" target=\"",
	    w->name[a->target], "\">");
	put_data(w->of_arcs, "edge", r);
	put("</edge>\n");
}

static void
end_graphml(struct writing *w)
{
	(void)w;
	put("  </graph>\n</graphml>\n");
}

/* ---- GEXF ---- */

/* Attributes that an element has anyway are not declared. */
static bool
is_own(const char *name)
{
	return !strcmp(name, "label") || !strcmp(name, "weight");
}

static void
put_attributes(const struct attribute *attribute, const char *of)
{
	put("    <attributes class=\"", of, "\">\n");
	for (; attribute->name; attribute++)
		if (!is_own(attribute->name))
			put("      <attribute id=\"", attribute->name,
			    "\" title=\"", attribute->name, "\" type=\"",
			    types[attribute->type], "\"/>\n");
	put("    </attributes>\n");
}

static void
begin_gexf(const struct writing *w)
{
	static const char gexf[] =
		"<gexf xmlns=\"http://www.gexf.net/1.2draft\" "
		"xmlns:viz=\"http://www.gexf.net/1.2draft/viz\" "
		"version=\"1.2\">\n";

	put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", gexf,
	    "  <graph mode=\"static\" defaultedgetype=\"",
	    w->undirected ? "undirected" : "directed", "\">\n");
	put_attributes(w->of_nodes, "node");
	put_attributes(w->of_arcs, "edge");
	put("    <nodes>\n");
}

static void
put_values(const struct attribute *attribute, const struct record *r)
{
	size_t k;

	put("<attvalues>");
	for (k = 0; attribute[k].name; k++)
		if (r->value[k] && !is_own(attribute[k].name))
			put("<attvalue for=\"", attribute[k].name,
			    "\" value=\"", r->value[k], "\"/>");
	put("</attvalues>");
}

static const char *
value_of(const struct attribute *attribute, const struct record *r,
	 const char *name)
{
	size_t k;

	for (k = 0; attribute[k].name; k++)
		if (!strcmp(attribute[k].name, name))
			return r->value[k];
	return NULL;
}

/* Gephi places nodes with a position, which has all three axes. */
static void
put_gexf_node(const struct writing *w, uint32_t i, const struct record *r)
{
	const struct attribute *attribute = w->of_nodes;
	const char *x = value_of(attribute, r, "x"),
		   *y = value_of(attribute, r, "y");
	const char *z = value_of(attribute, r, "z");

	put("      <node id=\"", w->name[i], "\" label=\"",
	    value_of(attribute, r, "label"), "\">");
	put_values(attribute, r);
	if (x && y)
		put("<viz:position x=\"", x, "\" y=\"", y, "\" z=\"",
		    z ? z : "0", "\"/>");
	put("</node>\n");
}

static void
put_gexf_between(const struct writing *w)
{
	(void)w;
	put("    </nodes>\n    <edges>\n");
}

static void
put_gexf_arc(const struct writing *w, const struct graph_arc *a,
	     const struct record *r)
{
	const char *value = value_of(w->of_arcs, r, "weight");
	char id[32];

	sprintf(id, "%" PRIu64, w->arcs);
	put("      <edge id=\"", id, "\" source=\"", w->name[a->source],
	    "\" target=\"", w->name[a->target], "\"");
	if (value)
		put(" weight=\"", value, "\"");
	put(">");
	put_values(w->of_arcs, r);
	put("</edge>\n");
}

static void
end_gexf(struct writing *w)
{
	(void)w;
	put("    </edges>\n  </graph>\n</gexf>\n");
}

/* ---- JSON ---- */

/* Two nodes may have both a connection and gap junctions. */
static void
begin_json(const struct writing *w)
{
	bool several = multi || (gap == WITH && w->graph->has_gap);

	put("{\"directed\": ", w->undirected ? "false" : "true",
	    ", \"multigraph\": ", several ? "true" : "false",
	    ", \"graph\": {},\n\"nodes\": [");
}

static void
put_members(const struct attribute *attribute, const struct record *r)
{
	size_t k;

	for (k = 0; attribute[k].name; k++) {
		const char *quote = attribute[k].type == TEXT ? "\"" : "";

		if (r->value[k])
			put(", \"", attribute[k].name, "\": ", quote,
			    r->value[k], quote);
	}
	put("}");
}

static void
put_json_node(const struct writing *w, uint32_t i, const struct record *r)
{
	put(i == 0 ? "\n" : ",\n", "{\"id\": \"", w->name[i], "\"");
	put_members(w->of_nodes, r);
}

static void
put_json_between(const struct writing *w)
{
	(void)w;
	put("\n],\n\"links\": [");
}

static void
put_json_arc(const struct writing *w, const struct graph_arc *a,
	     const struct record *r)
{
	put(w->arcs == 0 ? "\n" : ",\n", "{\"source\": \"", w->name[a->source],
	    "\", \"target\": \"", w->name[a->target], "\"");
	put_members(w->of_arcs, r);
}

static void
end_json(struct writing *w)
{
	(void)w;
	put("\n]}\n");
}

/* ---- MatrixMarket ---- */

/* How many entries there are stands before them: they wait in a scratch file.
 */
struct matrix_entry {
	uint32_t source, target;
	double value;
};

static void
open_scratch(struct writing *w)
{
	w->scratch = fdopen(files_scratch(), "w+");
	if (!w->scratch)
		files_scratch_failed();
}

static void
put_mtx_arc(const struct writing *w, const struct graph_arc *a,
	    const struct record *r)
{
	struct matrix_entry entry = {a->source, a->target, a->weight};

	(void)r;
	if (isnan(a->weight))
		die("%s and %s: no weight, which a matrix needs",
		    w->name[a->source], w->name[a->target]);
	if (fwrite(&entry, sizeof entry, 1, w->scratch) != 1)
		files_scratch_failed();
}

/* A symmetric matrix is written as its lower triangle. */
static void
put_entry(const struct writing *w, const struct matrix_entry *entry)
{
	uint32_t row = w->undirected ? entry->target : entry->source;
	uint32_t column = w->undirected ? entry->source : entry->target;
	char s[64], value[32];

	out_num_text(entry->value, value);
	sprintf(s, "%" PRIu32 " %" PRIu32 " ", row + 1, column + 1);
	put(s, value, "\n");
}

static void
end_mtx(struct writing *w)
{
	struct matrix_entry entry;
	char size[96];

	put("%%MatrixMarket matrix coordinate ", weight ? "real" : "integer",
	    w->undirected ? " symmetric\n" : " general\n");
	sprintf(size, "%" PRIu32 " %" PRIu32 " %" PRIu64 "\n", w->graph->nnodes,
		w->graph->nnodes, w->arcs);
	put("% from the node of the row to that of the column, numbered as "
	    "--names lists them\n",
	    size);
	if (fflush(w->scratch) || fseek(w->scratch, 0, SEEK_SET))
		files_scratch_failed();
	while (fread(&entry, sizeof entry, 1, w->scratch) == 1)
		put_entry(w, &entry);
	if (ferror(w->scratch))
		files_scratch_failed();
	if (w->graph->has_gap && !opt_given(&gap))
		warn("gap junctions are left out: --gap=only writes their "
		     "matrix");
}

/* ---- All of them ---- */

static const struct format formats[] = {
	[CSV] = {copy, copy, begin_csv, NULL, NULL, put_csv_arc, NULL},
	[DOT] = {escape_dot_id, escape_dot_label, begin_dot, put_dot_node, NULL,
		 put_dot_arc, end_dot},
	[GRAPHML] = {escape_xml, escape_xml, begin_graphml, put_graphml_node,
		     NULL, put_graphml_arc, end_graphml},
	[GEXF] = {escape_xml, escape_xml, begin_gexf, put_gexf_node,
		  put_gexf_between, put_gexf_arc, end_gexf},
	[MTX] = {copy, copy, NULL, NULL, NULL, put_mtx_arc, end_mtx},
	[JSON] = {escape_json, escape_json, begin_json, put_json_node,
		  put_json_between, put_json_arc, end_json},
};

static const struct format names_format = {
	copy, copy, begin_names, put_names_node, NULL, NULL, NULL};

/* Bytes that are not text become a question mark, so two names in the input may
 * be the same in the output, where readers would make one node of both. */
static void
check_names(const struct writing *w)
{
	struct labels seen = {0};
	uint32_t i;

	for (i = 0; i < w->graph->nnodes; i++)
		if (label(&seen, w->name[i]) != i)
			die("two nodes would be called '%s'", w->name[i]);
	labels_free(&seen);
}

static void
escape_names(struct writing *w)
{
	const struct graph *g = w->graph;
	bool other = false;
	uint32_t i;

	w->name = zeros(g->nnodes, sizeof *w->name);
	for (i = 0; i < g->nnodes; i++) {
		char *name = graph_name(g, i);

		w->name[i] = w->format->escape_name(name);
		other = other || strcmp(name, w->name[i]) != 0;
		free(name);
	}
	if (other)
		check_names(w);
	w->label = zeros(g->nlabels, sizeof *w->label);
	for (i = 0; i < g->nlabels; i++)
		w->label[i] = w->format->escape_text(g->label[i]);
}

static void
add_position(struct record *r, const double *at)
{
	int k;

	for (k = 0; k < 3; k++)
		add_real(r, at[k]);
}

static void
write_nodes(const struct writing *w)
{
	bool cells = w->of_nodes == of_cells;
	uint32_t i;

	for (i = 0; i < w->graph->nnodes; i++) {
		struct graph_node n = graph_node(w->graph, i);
		char *population = w->format->escape_text(n.population);
		struct record r = {.n = 0};

		add_text(&r, *population ? population : NULL);
		if (cells)
			add_int(&r, (uint64_t)n.id);
		add_text(&r, w->label[n.label]);
		if (cells)
			add_position(&r, n.at);
		else
			add_int(&r, n.cells);
		w->format->node(w, i, &r);
		free(population);
	}
}

static void
write_arcs(struct writing *w)
{
	struct graph_arc a;

	while (graph_next(w->graph, &a)) {
		struct record r = {.n = 0};

		if ((gap == WITHOUT && a.gap) || (gap == ONLY && !a.gap))
			continue;
		if (w->of_arcs == between_groups)
			add_int(&r, a.connections);
		add_int(&r, a.rows);
		add_int(&r, a.synapses);
		add_real(&r, a.weight);
		add_text(&r, a.gap ? "true" : "false");
		w->format->arc(w, &a, &r);
		w->arcs++;
	}
}

static void
write_graph(struct writing *w)
{
	const struct format *f = w->format;

	if (f->arc == put_mtx_arc)
		open_scratch(w);
	if (f->begin)
		f->begin(w);
	if (f->node)
		write_nodes(w);
	if (f->between)
		f->between(w);
	if (f->arc)
		write_arcs(w);
	if (f->end)
		f->end(w);
	if (w->scratch)
		fclose(w->scratch);
}

static void
free_writing(struct writing *w)
{
	uint32_t i;

	for (i = 0; i < w->graph->nnodes; i++)
		free(w->name[i]);
	for (i = 0; i < w->graph->nlabels; i++)
		free(w->label[i]);
	free(w->name);
	free(w->label);
	graph_free(w->graph);
}

static void
check_name(void)
{
	static const char *const suffixes[] = {
		[CSV] = "csv|tsv",
		[DOT] = "dot|gv",
		[GRAPHML] = "graphml",
		[GEXF] = "gexf",
		[MTX] = "mtx",
		[JSON] = "json",
		"gml|net|graphmlz|gz|html|svg|png|pdf|h5"};
	size_t said = suffix_find(suffixes, LEN(suffixes));

	if (said < LEN(suffixes) && said != (names ? CSV : chosen))
		misuse("--output: '%s' is not the name of what is written: "
		       "--file-format",
		       out_path());
	if (out_path() && (names || chosen == CSV))
		out_to(out_path());
}

int
main(int argc, char **argv)
{
	struct graph_needs needs = {0};
	struct writing w = {0};

	argv = start(argc, argv, &tool);
	check_name();
	w.format = names ? &names_format : &formats[chosen];
	if (w.format->arc == put_mtx_arc && !opt_given(&gap))
		gap = WITHOUT;
	w.undirected = gap == ONLY;
	w.of_nodes = by_group ? of_groups : of_cells;
	w.of_arcs = by_group ? between_groups : of_edges;
	needs = (struct graph_needs){.positions = !by_group,
				     .every_row = multi,
				     .merge_gap = gap == MERGED,
				     .by_group = by_group,
				     .weight = weight};
	w.graph =
		names ? graph_open(argv[0], needs) : graph_read(argv[0], needs);
	escape_names(&w);
	write_graph(&w);
	free_writing(&w);
	return WORKED;
}
