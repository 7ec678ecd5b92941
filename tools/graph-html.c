/* graph-html -- show a network as a page to turn and search
 *
 * The page is graph-html.html beside this file, with three.js and its controls
 * in it; this program adds the data, as JSON whose arrays are in base64: an
 * edge is 11 bytes of the page, so that a browser still takes a million. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "network/graph.h"
#include "out.h"
#include "plot/escape.h"
#include "plot/look.h"
#include "random/random.h"
#include "suffix.h"

static const char *title = "Network";
static int64_t max_edges = 1000000;

static const struct opt opts[] = {
	OPT_TABLE(graph_opts),
	OPT_INT_IN(0, "max-edges", "number", &max_edges, "[0,inf)",
		   "a sample of so many edges at most (1000000)"),
	OPT_STR(0, "title", "text", &title, "write this above the network"),
	LOOK_COLORS,
	OPT_TABLE(out_file_opts),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "show a network as an interactive page",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

#define FARTHEST 1e30 /* um: the page has floats, and squares of them */

EMBED(embedded_page, "tools/graph-html.html");
EMBED(embedded_three, "three/three.min.js");
EMBED(embedded_controls, "three/examples/js/controls/OrbitControls.js");
extern const char embedded_page[], embedded_three[], embedded_controls[];

/* An arc as the page has it. */
struct page_edge {
	uint32_t source, target;
	bool gap;
};

struct scene {
	struct graph *graph;
	struct page_edge *edge; /* n of the total */
	size_t n, cap;
	uint64_t total, connections, gaps, selves;
	uint32_t *in, *out, *coupled; /* connections of each cell */
	double (*at)[3];        /* its place, from the middle of the box */
	double low[3], high[3]; /* the box of those with a position */
	size_t placed;          /* cells that had none */
};

/* Keep an edge, or put it in the place of another, so that each has the same
 * chance to stay: algorithm R of J. S. Vitter, "Random sampling with a
 * reservoir" (1985). */
static void
keep(struct scene *scene, struct page_edge edge, struct random_stream *s)
{
	int64_t k = (int64_t)scene->total++;

	if (k < max_edges) {
		scene->edge = grow(scene->edge, &scene->cap, scene->n + 1,
				   sizeof *scene->edge);
		scene->edge[scene->n++] = edge;
		return;
	}
	k = random_integer(s, 0, k);
	if (k < max_edges)
		scene->edge[k] = edge;
}

static void
read_edges(struct scene *scene)
{
	struct random_stream s = random_stream("graph-html", 0, 0);
	uint32_t n = scene->graph->nnodes;
	struct graph_arc a;

	scene->in = zeros(n, sizeof *scene->in);
	scene->out = zeros(n, sizeof *scene->out);
	scene->coupled = zeros(n, sizeof *scene->coupled);
	while (graph_next(scene->graph, &a)) {
		if (a.source == a.target) {
			scene->selves++;
			continue;
		}
		scene->connections += !a.gap;
		scene->gaps += a.gap;
		scene->out[a.source] += !a.gap;
		scene->in[a.target] += !a.gap;
		scene->coupled[a.source] += a.gap;
		scene->coupled[a.target] += a.gap;
		keep(scene, (struct page_edge){a.source, a.target, a.gap}, &s);
	}
	if (scene->n < scene->total)
		warn("%zu of %llu edges are in the page, chosen at random: "
		     "--max-edges",
		     scene->n, (unsigned long long)scene->total);
}

/* A cell has a position if it has any coordinate; the others are 0. */
static bool
has_position(const double *at)
{
	return !isnan(at[0]) || !isnan(at[1]) || !isnan(at[2]);
}

static void
widen(struct scene *scene, double *at)
{
	int k;

	for (k = 0; k < 3; k++) {
		if (isnan(at[k]))
			at[k] = 0;
		scene->low[k] = fmin(scene->low[k], at[k]);
		scene->high[k] = fmax(scene->high[k], at[k]);
	}
}

/* The k-th number of van der Corput's sequence: Halton's points, which fill a
 * space evenly, take one such of a different base for each dimension. */
static double
corput(uint32_t k, uint32_t base)
{
	double v = 0, digit = 1;

	for (; k > 0; k /= base) {
		digit /= base;
		v += digit * (k % base);
	}
	return v;
}

/* A point of a sphere: how high, from 0 to 1, and how far round. */
static void
add_direction(double *at, double radius, double height, double round)
{
	double y = 1 - 2 * height, across = sqrt(fmax(1 - y * y, 0));

	at[0] += radius * across * cos(2 * M_PI * round);
	at[1] += radius * y;
	at[2] += radius * across * sin(2 * M_PI * round);
}

/* Cells without a position go into a ball for each group, all as dense as the
 * network, on a sphere round it. */
struct layout {
	uint32_t *cells; /* of each group */
	uint32_t *nth;   /* its number among the groups that have such cells */
	uint32_t *used;
	uint32_t groups;
	double apart, sphere;
};

static void
count_placed(struct scene *scene, struct layout *l)
{
	uint32_t i, g;

	for (i = 0; i < scene->graph->nnodes; i++) {
		g = graph_node(scene->graph, i).label;
		if (has_position(scene->at[i]))
			continue;
		if (l->cells[g]++ == 0)
			l->nth[g] = l->groups++;
		scene->placed++;
	}
}

/* The radius of the sphere: balls of the largest size, half of it apart, each
 * have a part of its surface to themselves. */
static void
size_layout(const struct scene *scene, struct layout *l)
{
	size_t present = scene->graph->nnodes - scene->placed;
	double diagonal = 0, largest = 0;
	uint32_t g;
	int k;

	for (k = 0; present > 0 && k < 3; k++)
		diagonal = hypot(diagonal, scene->high[k] - scene->low[k]);
	if (!(diagonal < FARTHEST))
		die("cells too far apart for a page: %g um", diagonal);
	l->apart = diagonal > 0 ? diagonal / 2 / cbrt((double)present) : 1;
	for (g = 0; g < scene->graph->nlabels; g++)
		largest = fmax(largest, l->apart * cbrt(l->cells[g]));
	if (l->groups > 1)
		l->sphere = 1.5 * largest * sqrt(l->groups / M_PI);
	if (present > 0)
		l->sphere = fmax(l->sphere, diagonal / 2 + 1.5 * largest);
}

static void
place(struct scene *scene, const struct layout *l, uint32_t cell)
{
	const double golden = (3 - sqrt(5)) / 2;
	uint32_t g = graph_node(scene->graph, cell).label, k = ++l->used[g];
	double *at = scene->at[cell];

	memset(at, 0, sizeof scene->at[cell]);
	add_direction(at, l->sphere, (l->nth[g] + 0.5) / l->groups,
		      l->nth[g] * golden);
	add_direction(at, l->apart * cbrt(l->cells[g] * corput(k, 5)),
		      corput(k, 2), corput(k, 3));
}

/* Take the middle of the box away in double precision, because the page has
 * single. */
static void
centre(struct scene *scene)
{
	uint32_t i;
	int k;

	for (k = 0; k < 3; k++) {
		double middle = (scene->low[k] + scene->high[k]) / 2;

		for (i = 0; i < scene->graph->nnodes; i++)
			scene->at[i][k] -= middle;
		scene->low[k] -= middle;
		scene->high[k] -= middle;
	}
}

static void
place_cells(struct scene *scene)
{
	uint32_t n = scene->graph->nnodes, groups = scene->graph->nlabels, i;
	struct layout l = {zeros(groups, sizeof *l.cells),
			   zeros(groups, sizeof *l.nth),
			   zeros(groups, sizeof *l.used), .groups = 0};
	bool *present = zeros(n, sizeof *present);
	int k;

	scene->at = zeros(n, sizeof *scene->at);
	for (k = 0; k < 3; k++) {
		scene->low[k] = INFINITY;
		scene->high[k] = -INFINITY;
	}
	for (i = 0; i < n; i++) {
		struct graph_node node = graph_node(scene->graph, i);

		memcpy(scene->at[i], node.at, sizeof node.at);
		present[i] = has_position(node.at);
	}
	count_placed(scene, &l);
	for (i = 0; i < n; i++)
		if (present[i])
			widen(scene, scene->at[i]);
	if (scene->placed < n)
		centre(scene);
	size_layout(scene, &l);
	for (i = 0; i < n; i++)
		if (!present[i])
			place(scene, &l, i);
	free(present);
	free(l.cells);
	free(l.nth);
	free(l.used);
}

static void
put(const char *s)
{
	out_bytes(s, strlen(s));
}

static void say(const char *fmt, ...) PRINTF(1, 2);

/* A piece of JSON of our own, none of which is long. */
static void
say(const char *fmt, ...)
{
	char s[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s, sizeof s, fmt, ap);
	va_end(ap);
	put(s);
}

static void
say_text(const char *s)
{
	char *json = escape_json(s);

	put("\"");
	put(json);
	put("\"");
	free(json);
}

static void
say_number(const char *key, uint64_t n)
{
	say(",\n\"%s\":%llu", key, (unsigned long long)n);
}

static void
say_colour(uint32_t rgb)
{
	say("\"#%06x\"", (unsigned)rgb);
}

/* Bytes in base64, three of them as four characters. */
struct base64 {
	uint32_t bits;
	int n;
};

static void
put_bits(struct base64 *b)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = b->bits << 8 * (3 - b->n);
	char s[4] = "====";
	int k;

	for (k = 0; k <= b->n; k++)
		s[k] = digit[bits >> (18 - 6 * k) & 63];
	out_bytes(s, 4);
	*b = (struct base64){0};
}

/* 32 bits, the least byte first. */
static void
put_word(struct base64 *b, uint32_t v)
{
	int k;

	for (k = 0; k < 4; k++) {
		b->bits = b->bits << 8 | (v >> 8 * k & 0xff);
		if (++b->n == 3)
			put_bits(b);
	}
}

static void
begin_array(const char *key)
{
	say(",\n\"%s\":\"", key);
}

static void
end_array(struct base64 *b)
{
	if (b->n > 0)
		put_bits(b);
	put("\"");
}

static void
say_words(const char *key, const uint32_t *v, size_t n)
{
	struct base64 b = {0};
	size_t i;

	begin_array(key);
	for (i = 0; i < n; i++)
		put_word(&b, v[i]);
	end_array(&b);
}

static void
say_positions(const struct scene *scene)
{
	struct base64 b = {0};
	uint32_t i, bits;
	float v;
	int k;

	begin_array("position");
	for (i = 0; i < scene->graph->nnodes; i++)
		for (k = 0; k < 3; k++) {
			v = (float)scene->at[i][k];
			memcpy(&bits, &v, sizeof bits);
			put_word(&b, bits);
		}
	end_array(&b);
}

static void
say_box(const struct scene *scene)
{
	char s[32];
	int k;

	if (scene->placed == scene->graph->nnodes)
		return;
	put(",\n\"box\":[");
	for (k = 0; k < 6; k++) {
		out_num_text(k < 3 ? scene->low[k] : scene->high[k - 3], s);
		say("%s%s", k > 0 ? "," : "", s);
	}
	put("]");
}

/* Connections first, then gap junctions; the page has both as one list. */
static void
say_ends(const struct scene *scene, const char *key, bool target)
{
	struct base64 b = {0};
	const struct page_edge *e;
	size_t i;
	int gap;

	begin_array(key);
	for (gap = 0; gap < 2; gap++) {
		for (i = 0; i < scene->n; i++) {
			e = &scene->edge[i];
			if (e->gap == gap)
				put_word(&b, target ? e->target : e->source);
		}
	}
	end_array(&b);
}

static void
say_edges(const struct scene *scene)
{
	uint64_t chemical = 0;
	size_t i;

	for (i = 0; i < scene->n; i++)
		chemical += !scene->edge[i].gap;
	say_number("connections", scene->connections);
	say_number("gaps", scene->gaps);
	say_number("selves", scene->selves);
	say_number("chemical", chemical);
	say_ends(scene, "source", false);
	say_ends(scene, "target", true);
}

/* Ids are texts: JavaScript has no integers of 64 bits in JSON. */
static void
say_populations(const struct graph *g)
{
	const char *last = NULL;
	struct graph_node node;
	uint32_t i;

	put(",\n\"population\":[");
	for (i = 0; i < g->nnodes; i++) {
		node = graph_node(g, i);
		if (!last || strcmp(last, node.population) != 0) {
			put(last ? "\"},\n{\"name\":" : "{\"name\":");
			say_text(node.population);
			say(",\"first\":%u,\"ids\":\"", (unsigned)i);
			last = node.population;
		} else {
			put(" ");
		}
		say("%lld", (long long)node.id);
	}
	put(last ? "\"}]" : "]");
}

static void
say_groups(const struct graph *g)
{
	uint32_t *group = zeros(g->nnodes, sizeof *group), i;
	struct look *look = look_named((char *const *)g->label, g->nlabels);

	put(",\n\"groups\":[");
	for (i = 0; i < g->nlabels; i++) {
		put(i > 0 ? ",\n{\"name\":" : "{\"name\":");
		say_text(g->label[i]);
		put(",\"colour\":");
		say_colour(look[i].colour);
		put("}");
	}
	put("]");
	for (i = 0; i < g->nnodes; i++)
		group[i] = graph_node(g, i).label;
	say_words("group", group, g->nnodes);
	free(look);
	free(group);
}

static void
say_shades(void)
{
	int k;

	put(",\n\"shades\":[");
	for (k = 0; k <= 16; k++) {
		put(k > 0 ? "," : "");
		say_colour(plot_shade(k / 16.0));
	}
	put("]");
}

static void
say_data(const struct scene *scene)
{
	put("{\"title\":");
	say_text(title);
	say_populations(scene->graph);
	say_groups(scene->graph);
	say_shades();
	say_positions(scene);
	say_box(scene);
	say_number("laid_out", scene->placed);
	say_words("in", scene->in, scene->graph->nnodes);
	say_words("out", scene->out, scene->graph->nnodes);
	say_words("coupled", scene->coupled, scene->graph->nnodes);
	say_edges(scene);
	put("}");
}

/* Write the page, with the data and the libraries in the places of @data@,
 * @three@ and @controls@. */
static void
say_page(const struct scene *scene)
{
	const char *at = embedded_page, *mark;

	while ((mark = strstr(at, ">@"))) {
		out_bytes(at, (size_t)(mark + 1 - at));
		at = strchr(mark + 2, '@') + 1;
		if (mark[2] == 'd')
			say_data(scene);
		else
			put(mark[2] == 't' ? embedded_three
					   : embedded_controls);
	}
	put(at);
}

static void
check_name(void)
{
	static const char *const others[] = {
		"svg|png|pdf|jpg|jpeg|gif|eps|txt|csv|tsv|json|dot|gv|gml|"
		"graphml|gexf|mtx|h5|gz"};

	if (suffix_find(others, LEN(others)) == 0)
		misuse("--output: '%s' is not the name of a page", out_path());
}

int
main(int argc, char **argv)
{
	struct scene scene = {0};

	argv = start(argc, argv, &tool);
	check_name();
	look_check_input(argv[0]);
	scene.graph =
		graph_read(argv[0], (struct graph_needs){.positions = true});
	read_edges(&scene);
	place_cells(&scene);
	say_page(&scene);
	graph_free(scene.graph);
	free(scene.edge);
	free(scene.in);
	free(scene.out);
	free(scene.coupled);
	free(scene.at);
	return WORKED;
}
