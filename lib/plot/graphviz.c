#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/escape.h"
#include "plot/graphviz.h"
#include "plot/page.h"

/* Graphviz has lengths in points, of 4/3 pixels, or in inches. */
#define POINT 0.75
#define INCH 96.0
#define SCREEN 96.0 /* dots in an inch */

#define HEAD 0.75 /* of Graphviz's arrowheads: all of one size */

/* Graphviz says "Error: ..." where it fails, and goes on after warnings.  What
 * it scales to fit has smaller type than it should. */
static void
check_said(const struct run_program *dot)
{
	char *rest = dot->said, *line, *first = NULL;

	if (strstr(dot->said, "Scaling by"))
		die("the picture is larger than %d pixels", PLOT_LARGEST);
	if (dot->status == 0 && dot->n > 0)
		return;
	while ((line = strsep(&rest, "\n")))
		if (*line && strncmp(line, "Warning: ", 9) != 0 && !first)
			first = line;
	if (first && !strncmp(first, "Error: ", 7))
		first += 7;
	die("dot failed%s%s", first ? ": " : "", first ? first : "");
}

/* Messages that check_said knows; no dot that takes itself for a web server; a
 * PDF tells the time zone, at a length that depends on it. */
static void
run_dot(struct plot *p, const char *type)
{
	struct run_program dot = {.package = "graphviz"};

	run_add(&dot.argv, "dot");
	run_add(&dot.argv, "-T%s", type);
	run_add(&dot.env, "LC_ALL=C");
	run_add(&dot.env, "SERVER_NAME");
	run_add(&dot.env, "TZ=UTC0");
	plot_run(p, &dot, check_said);
}

/* --- finding places --- */

static void
ask(struct plot *p, const struct sketch *s, const char *engine, double room,
    bool straight)
{
	bool prism = !strcmp(engine, "sfdp");
	size_t i;

	plot_say(p,
		 "digraph groups {\ngraph [layout=%s, overlap=%s, splines=%s, "
		 "nodesep=%.3f, ranksep=%.3f, sep=\"+%.0f\", mindist=%.3f]\n"
		 "node [shape=box, label=\"\", fixedsize=true]\n"
		 "edge [dir=none]\n",
		 engine, prism ? "prism" : "false", straight ? "line" : "true",
		 0.3 * room, 0.5 * room, 12 * room, 1.5 * room);
	for (i = 0; i < s->boxes; i++)
		plot_say(p, "n%zu [width=%.6f, height=%.6f]\n", i,
			 s->box[i].width / INCH, s->box[i].height / INCH);
	for (i = 0; i < s->arrows; i++)
		plot_say(p, "n%zu -> n%zu [id=%zu]\n", s->arrow[i].source,
			 s->arrow[i].target, i);
	plot_say(p, "}\n");
}

static _Noreturn void
say_no_places(void)
{
	die("dot does not say where it puts what");
}

static const char *
text_of(const cJSON *object, const char *name)
{
	const char *s = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(object, name));

	if (!s)
		say_no_places();
	return s;
}

/* "12.3,45.6" in points, whose y is upwards; where the next thing begins. */
static const char *
read_point(const char *s, double at[2])
{
	char *end;

	at[0] = strtod(s, &end) / POINT;
	if (*end != ',')
		say_no_places();
	at[1] = -strtod(end + 1, &end) / POINT;
	return end + strspn(end, " ");
}

/* "POINT POINT ...", from box to box. */
static void
read_way(struct sketch_arrow *arrow, const char *s)
{
	size_t cap = 0;

	arrow->n = 0;
	while (*s) {
		arrow->curve = grow(arrow->curve, &cap, arrow->n + 1,
				    sizeof *arrow->curve);
		s = read_point(s, arrow->curve[arrow->n++]);
	}
	if (arrow->n < 4 || arrow->n % 3 != 1)
		say_no_places();
	sketch_shorten(arrow);
}

static size_t
number_of(const char *s, size_t most)
{
	int64_t n;

	if (!parse_int(s, &n) || n < 0 || (size_t)n >= most)
		say_no_places();
	return (size_t)n;
}

static void
read_places(struct sketch *s, const cJSON *all)
{
	const cJSON *each;
	double at[2];

	cJSON_ArrayForEach(each,
			   cJSON_GetObjectItemCaseSensitive(all, "objects"))
	{
		struct sketch_box *box =
			&s->box[number_of(text_of(each, "name") + 1, s->boxes)];

		read_point(text_of(each, "pos"), at);
		box->x = at[0];
		box->y = at[1];
	}
	cJSON_ArrayForEach(each, cJSON_GetObjectItemCaseSensitive(all, "edges"))
	{
		size_t i = number_of(text_of(each, "id"), s->arrows);

		read_way(&s->arrow[i], text_of(each, "pos"));
	}
}

void
graphviz_lay_out(struct sketch *s, const char *engine, double room,
		 bool straight)
{
	struct plot p = {0};
	cJSON *all;

	sketch_free(s);
	ask(&p, s, engine, room, straight);
	run_dot(&p, "json0");
	all = cJSON_ParseWithLength(p.script, p.n);
	if (!all)
		say_no_places();
	read_places(s, all);
	cJSON_Delete(all);
	free(p.script);
}

/* --- drawing --- */

/* A text as a label between quotes. */
static void
say_label(struct plot *p, const char *name, const char *text)
{
	char *s = escape_dot_label(text);

	plot_say(p, ", %s=\"%s\"", name, s);
	free(s);
}

/* Graphviz removes backslashes from tooltips twice. */
static void
say_tooltip(struct plot *p, const char *name, const char *text)
{
	char *twice = zeros(2 * strlen(text) + 1, 1), *end = twice;

	for (; *text; text++) {
		if (*text == '\\')
			*end++ = '\\';
		*end++ = *text;
	}
	say_label(p, name, twice);
	free(twice);
}

static void
say_place(struct plot *p, const double at[2])
{
	plot_say(p, "%.2f,%.2f", at[0] * POINT, (p->height - at[1]) * POINT);
}

/* Graphviz would make a page of all points that curves are made of, which are
 * further out than they: what it shows is the page and no more. */
void
graphviz_open(struct plot *p, double width, double height)
{
	double middle[2];

	*p = (struct plot){.width = (int)ceil(width),
			   .height = (int)ceil(height)};
	middle[0] = p->width / 2.0;
	middle[1] = p->height / 2.0;
	plot_say(p,
		 "digraph groups {\n"
		 "graph [layout=nop2, charset=\"UTF-8\", bgcolor=\"white\", "
		 "margin=0, pad=0, outputorder=edgesfirst, "
		 "viewport=\"%.9g,%.9g,1,'page'\"]\n"
		 "node [shape=box, style=\"rounded,filled\", penwidth=0, "
		 "fixedsize=true, margin=0, fontname=\"sans-serif\"]\n"
		 "edge [arrowsize=%g, fontname=\"sans-serif\"]\n"
		 "page [style=invis, label=\"\", width=%.6f, height=%.6f, "
		 "pos=\"",
		 p->width * POINT, p->height * POINT, HEAD, p->width / INCH,
		 p->height / INCH);
	say_place(p, middle);
	plot_say(p, "\"]\n");
	if (plot_dots() != SCREEN)
		plot_say(p, "graph [dpi=%g]\n", plot_dots());
}

/* As Graphviz has them: the length of each, as a share of 10 points. */
double
graphviz_head_length(enum graphviz_head head)
{
	static const double share[] = {[GRAPHVIZ_LINE] = 0,
				       [GRAPHVIZ_VEE] = 1,
				       [GRAPHVIZ_TRIANGLE] = 1,
				       [GRAPHVIZ_BAR] = 0.25,
				       [GRAPHVIZ_DIAMOND] = 1.2};

	return 10 / POINT * HEAD * share[head];
}

static void
say_text(struct plot *p, const struct graphviz_text *text)
{
	plot_say(p, ", fontsize=%g, fontcolor=\"#%06x\"", text->type * POINT,
		 (unsigned)text->colour);
	say_label(p, "label", text->text);
	if (text->tip)
		say_tooltip(p, "tooltip", text->tip);
}

void
graphviz_text(struct plot *p, const double at[2], bool left,
	      const struct graphviz_text *text)
{
	double width = plot_text_width(text->text, text->type);
	double middle[2] = {at[0] + (left ? width / 2 : 0), at[1]};

	plot_say(p,
		 "t%zu [shape=plaintext, style=\"\", width=%.6f, "
		 "height=%.6f, pos=\"",
		 p->n, width / INCH,
		 plot_text_height(text->text, text->type) / INCH);
	say_place(p, middle);
	plot_say(p, "\"");
	say_text(p, text);
	plot_say(p, "]\n");
}

void
graphviz_box(struct plot *p, const struct sketch_box *box, size_t number,
	     uint32_t fill, const struct graphviz_text *text)
{
	plot_say(p, "n%zu [pos=\"", number);
	say_place(p, (double[]){box->x, box->y});
	plot_say(p, "\", width=%.6f, height=%.6f, fillcolor=\"#%06x\"",
		 box->width / INCH, box->height / INCH, (unsigned)fill);
	say_text(p, text);
	plot_say(p, "]\n");
}

static void
say_way(struct plot *p, double (*curve)[2], size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		plot_say(p, i > 0 ? " " : "");
		say_place(p, curve[i]);
	}
	plot_say(p, "\"");
}

/* Heads are edges of their own, as those of wide lines would be larger. */
static void
say_head(struct plot *p, const char *ends, const struct sketch_arrow *arrow,
	 const struct graphviz_look *look, const char *tip)
{
	static const char *const heads[] = {
		[GRAPHVIZ_VEE] = "vee",
		[GRAPHVIZ_TRIANGLE] = "normal",
		[GRAPHVIZ_BAR] = "tee",
		[GRAPHVIZ_DIAMOND] = "diamond",
	};
	double still[4][2];
	int k;

	for (k = 0; k < 4; k++)
		memcpy(still[k], arrow->curve[arrow->n - 1], sizeof still[k]);
	plot_say(p, "; %s [arrowhead=%s, color=\"#%06x\", pos=\"e,", ends,
		 heads[look->head], (unsigned)look->colour);
	say_place(p, arrow->tip);
	plot_say(p, " ");
	say_way(p, still, 4);
	if (tip)
		say_tooltip(p, "tooltip", tip);
	plot_say(p, "]");
}

static void
say_arrow(struct plot *p, const char *ends, const struct sketch_arrow *arrow,
	  const struct graphviz_look *look, const struct graphviz_text *text)
{
	plot_say(p, "%s [dir=none, penwidth=%.6g, color=\"#%06x\"%s, pos=\"",
		 ends, arrow->width * POINT, (unsigned)look->colour,
		 look->dashed ? ", style=dashed" : "");
	say_way(p, arrow->curve, arrow->n);
	if (text && arrow->placed) {
		plot_say(p, ", lp=\"");
		say_place(p, (double[]){arrow->x, arrow->y});
		plot_say(p, "\"");
		say_text(p, text);
		say_tooltip(p, "labeltooltip", text->tip);
	} else if (text) {
		say_tooltip(p, "tooltip", text->tip);
	}
	plot_say(p, "]");
	if (look->head != GRAPHVIZ_LINE)
		say_head(p, ends, arrow, look, text ? text->tip : NULL);
	plot_say(p, "\n");
}

void
graphviz_arrow(struct plot *p, const struct sketch_arrow *arrow,
	       const struct graphviz_look *look,
	       const struct graphviz_text *text)
{
	char *ends = format("n%zu -> n%zu", arrow->source, arrow->target);

	say_arrow(p, ends, arrow, look, text);
	free(ends);
}

void
graphviz_sample(struct plot *p, const double from[2], const double size[2],
		const struct graphviz_look *look, const char *tip)
{
	double end = from[0] + size[0] - graphviz_head_length(look->head);
	double curve[4][2] = {{from[0], from[1]},
			      {from[0], from[1]},
			      {end, from[1]},
			      {end, from[1]}};
	struct sketch_arrow arrow = {.width = size[1],
				     .curve = curve,
				     .n = 4,
				     .tip = {from[0] + size[0], from[1]}};

	say_arrow(p, "page -> page", &arrow, look,
		  &(struct graphviz_text){.tip = tip});
}

void
graphviz_close(struct plot *p)
{
	plot_say(p, "}\n");
	if (!plot_is_script())
		run_dot(p, plot_terminal());
	plot_write(p);
}
