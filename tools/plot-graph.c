/* plot-graph -- draw the groups of a network and what leads between them
 *
 * Graphviz lays it out.  It runs as a child that reads DOT, rather than as a
 * library: it may leak or crash as it likes, and its script is something that
 * a user can change.  Labels are data: in DOT the groups are called n0, n1 and
 * so on, and texts of the table come only between quotes, with escape.h.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "plot/columns.h"
#include "plot/escape.h"
#include "plot/panels.h"
#include "rows.h"

/* Pixels. */
#define LARGEST_BOX 96.0
#define SMALLEST_BOX 64.0 /* of the largest group, if there are many */
#define THINNEST 1.0
#define THICKEST 6.0
#define MIDDLING 2.0
#define LOOP 30.0 /* how far a loop reaches, without its text */
#define GREY 0x404040

#define POINT 0.75 /* Graphviz has lengths in points, of 4/3 pixels, */
#define INCH 96.0  /* or in inches */

/* So many groups are drawn at full size, or as small as can be. */
#define FEW 10
#define MANY 30

/* dot lays out 100 arrows between 40 groups in 2 s, 160 in 5 and 300 in 111;
 * sfdp takes 2 s for 300, 1 with straight lines. */
#define CROWD 150

enum sign { UNKNOWN, EXCITATORY, INHIBITORY, MIXED };

/* An arrow from one group to another; or a line between them, for gap
 * junctions.
 */
struct link {
	size_t source, target;
	bool line, dropped;
	double value, back; /* NaN: none; of a line, as its other row has it */
	char *text;         /* --label's, or NULL */
	enum sign sign;
};

struct diagram {
	struct rows in;
	struct labels groups;
	int64_t *cells; /* of each, or -1 */
	size_t mcells;
	struct link *link;
	size_t n, cap;
	size_t shown; /* links that are not dropped */

	/* Pairs of groups, "SOURCE TARGET": where the table has each, and the
	 * line that is drawn for each. */
	struct labels rows, lines;
	size_t *row, *line;
	size_t mrow, mline;

	/* Columns, or NO_COLUMN. */
	size_t source, target, count[2], value, label, sign, gap;
	const char *value_name, *label_name, *gap_name; /* or NULL */
};

static const char *value_name, *label_name, *sign_name, *gap_name;
static unsigned layout; /* 0: whatever suits */
static struct opt_list excitatory, inhibitory;
static int64_t top = -1;
static bool no_gap;
static double least = -INFINITY;

static const struct opt opts[] = {
	OPT_STR('y', "y", "column", &value_name,
		"column of the values, by which arrows are wide"),
	OPT_STR(0, "label", "column", &label_name,
		"column of the texts on arrows (the values)"),
	OPT_STR(0, "sign", "column", &sign_name,
		"column that says which arrows are excitatory"),
	OPT_LIST(0, "excitatory", "text", &excitatory,
		 "what it has for excitatory ones (repeatable)"),
	OPT_LIST(0, "inhibitory", "text", &inhibitory,
		 "what it has for inhibitory ones (repeatable)"),
	OPT_STR(0, "gap", "column", &gap_name,
		"column of the values of gap junctions (gap_pairs)"),
	OPT_FLAG(0, "no-gap", &no_gap, "draw no gap junctions"),
	OPT_NUM_IN(0, "min", "value", &least, "(-inf,inf)",
		   "leave out what is below"),
	OPT_INT_IN(0, "top", "n", &top, "[1,inf)",
		   "draw the n highest values only"),
	OPT_WORD(0, "layout", "engine", &layout,
		 "|dot|neato|fdp|sfdp|circo|twopi", "Graphviz's layout"),
	OPT_TABLE(plot_dot_opts),
	OPT_EXCLUDE("gap no-gap"),
	OPT_NEEDS("excitatory inhibitory", "sign"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "draw the groups of a network as a diagram",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* --- reading --- */

static bool
is_listed(const struct opt_list *list, const char *s)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!strcmp(list->item[i], s))
			return true;
	return false;
}

static bool
is_word(const char *const *words, const char *s)
{
	for (; *words; words++)
		if (!strcasecmp(*words, s))
			return true;
	return false;
}

/* What the user has listed wins over the meaning of words and numbers. */
static enum sign
sign_of(const char *s)
{
	static const char *const up[] = {"e", "exc", "excitatory", "+", NULL};
	static const char *const down[] = {"i", "inh", "inhibitory", "-", NULL};
	enum sign listed = (is_listed(&excitatory, s) ? EXCITATORY : UNKNOWN) |
			   (is_listed(&inhibitory, s) ? INHIBITORY : UNKNOWN);
	double v;

	if (listed != UNKNOWN)
		return listed;
	if (is_word(up, s))
		return EXCITATORY;
	if (is_word(down, s))
		return INHIBITORY;
	if (!parse_num(s, &v) || v == 0 || isnan(v))
		return UNKNOWN;
	return v > 0 ? EXCITATORY : INHIBITORY;
}

/* conn-matrix joins several values of an attribute by '|'. */
static enum sign
read_sign(const struct rows *in, size_t column)
{
	char *parts, *rest, *part;
	enum sign all = UNKNOWN;

	if (column == NO_COLUMN || is_missing(in->field[column]))
		return UNKNOWN;
	rest = parts = copy(in->field[column]);
	while ((part = strsep(&rest, "|"))) {
		enum sign sign = sign_of(part);

		if (sign == UNKNOWN)
			rows_bad(in, column,
				 "neither excitatory nor inhibitory; say which "
				 "with --excitatory or --inhibitory");
		all |= sign;
	}
	free(parts);
	return all;
}

/* The column of the values: that of -y, or the only one that is left. */
static size_t
find_value(const struct diagram *d, const struct rows *in)
{
	size_t found;

	if (value_name)
		return rows_column(in, value_name);
	if (label_name)
		return NO_COLUMN;
	found = columns_only(in,
			     (size_t[]){d->source, d->target, d->count[0],
					d->count[1], d->gap, d->sign,
					rows_find(in, "pairs")},
			     7);
	if (found == NO_COLUMN && d->gap == NO_COLUMN)
		die("%s: no column of values", in->path);
	return found;
}

/* Values of gap junctions have no direction: as -y, they make lines. */
static bool
is_of_gaps(const char *name)
{
	return name && !strncmp(name, "gap_", strlen("gap_"));
}

static size_t
find_gap(const struct rows *in)
{
	if (is_of_gaps(value_name))
		return rows_column(in, value_name);
	if (gap_name)
		return rows_column(in, gap_name);
	return no_gap ? NO_COLUMN : rows_find(in, "gap_pairs");
}

static const char *
name_of(const struct rows *in, size_t column)
{
	return column == NO_COLUMN ? NULL : in->name[column];
}

static void
find_all_columns(struct diagram *d, const struct rows *in)
{
	d->source = rows_column(in, "source");
	d->target = rows_column(in, "target");
	d->count[0] = rows_find(in, "n_source");
	d->count[1] = rows_find(in, "n_target");
	d->label = label_name ? rows_column(in, label_name) : NO_COLUMN;
	d->sign = sign_name ? rows_column(in, sign_name) : NO_COLUMN;
	d->gap = find_gap(in);
	d->value = is_of_gaps(value_name) ? NO_COLUMN : find_value(d, in);
	d->value_name = name_of(in, d->value);
	d->label_name = name_of(in, d->label);
	d->gap_name = name_of(in, d->gap);
}

static size_t
read_group(struct diagram *d, const struct rows *in, size_t column,
	   size_t count)
{
	size_t known = d->groups.n, i = label(&d->groups, in->field[column]);
	int64_t n;

	d->cells = grow(d->cells, &d->mcells, i + 1, sizeof *d->cells);
	if (i == known)
		d->cells[i] = -1;
	if (count == NO_COLUMN)
		return i;
	n = rows_int(in, count);
	if (n < 0)
		rows_bad(in, count, "negative number of cells");
	if (d->cells[i] >= 0 && d->cells[i] != n)
		rows_bad(in, count,
			 "the group has had another number of cells before");
	d->cells[i] = n;
	return i;
}

static void
add_link(struct diagram *d, const struct link *link)
{
	d->link = grow(d->link, &d->cap, d->n + 1, sizeof *d->link);
	d->link[d->n++] = *link;
}

/* The number of a pair of groups, a new one if it has none yet. */
static size_t
pair_label(struct labels *pairs, size_t source, size_t target)
{
	char s[64];

	snprintf(s, sizeof s, "%zu %zu", source, target);
	return label(pairs, s);
}

/* Adds the arrow of a row; a pathway without a value gets none. */
static void
read_arrow(struct diagram *d, const struct rows *in, struct link link)
{
	const char *text = d->label == NO_COLUMN ? "" : in->field[d->label];
	enum sign sign = read_sign(in, d->sign);

	link.value = columns_value(in, d->value);
	if (d->value == NO_COLUMN ? !*text : !(fabs(link.value) > 0))
		return;
	link.sign = sign;
	link.text = d->label == NO_COLUMN ? NULL : copy(text);
	add_link(d, &link);
}

/* Adds the line of a row, or its other value: both rows of a pair are one line.
 */
static void
read_line(struct diagram *d, const struct rows *in, struct link link)
{
	size_t low = link.source < link.target ? link.source : link.target;
	size_t high = link.source + link.target - low, known = d->lines.n, i;

	link.line = true;
	link.value = columns_value(in, d->gap);
	if (!(fabs(link.value) > 0))
		return;
	i = pair_label(&d->lines, low, high);
	if (i < known) {
		d->link[d->line[i]].back = link.value;
		return;
	}
	d->line = grow(d->line, &d->mline, i + 1, sizeof *d->line);
	d->line[i] = d->n;
	add_link(d, &link);
}

static void
check_pair(struct diagram *d, const struct rows *in, const struct link *link)
{
	size_t known = d->rows.n;
	size_t i = pair_label(&d->rows, link->source, link->target);

	if (i < known)
		die("%s:%zu: repeats line %zu: '%s', '%s'", in->path, in->line,
		    d->row[i], in->field[d->source], in->field[d->target]);
	d->row = grow(d->row, &d->mrow, i + 1, sizeof *d->row);
	d->row[i] = in->line;
}

static void
read_table(struct diagram *d, const char *path)
{
	struct rows *in = &d->in;

	rows_open(in, path);
	find_all_columns(d, in);
	while (rows_next(in)) {
		struct link link = {.value = NAN, .back = NAN};

		link.source = read_group(d, in, d->source, d->count[0]);
		link.target = read_group(d, in, d->target, d->count[1]);
		check_pair(d, in, &link);
		if (d->value != NO_COLUMN || d->label != NO_COLUMN)
			read_arrow(d, in, link);
		if (d->gap != NO_COLUMN)
			read_line(d, in, link);
	}
}

/* --- choosing --- */

/* The highest first, then those that came first. */
static int
by_value(const void *a, const void *b)
{
	const struct link *const *x = a, *const *y = b;

	if ((*x)->value != (*y)->value)
		return (*x)->value < (*y)->value ? 1 : -1;
	return *x < *y ? -1 : *x > *y;
}

/* Drops what --min and --top leave out: of arrows or lines, as -y is of. */
static void
drop_low(struct diagram *d)
{
	struct link **kept = zeros(d->n, sizeof(struct link *));
	bool lines = d->value == NO_COLUMN && d->label == NO_COLUMN;
	size_t i, n = 0;

	for (i = 0; i < d->n; i++) {
		struct link *link = &d->link[i];

		if (link->line != lines)
			continue;
		link->dropped = link->value < least;
		if (!link->dropped)
			kept[n++] = link;
	}
	if (n > 0 && top > 0)
		qsort(kept, n, sizeof(struct link *), by_value);
	for (i = 0; i < n; i++)
		kept[i]->dropped = top > 0 && i >= (size_t)top;
	for (i = 0; i < d->n; i++)
		d->shown += !d->link[i].dropped;
	free(kept);
}

/* --- drawing --- */

/* How all of it looks. */
struct style {
	const char *layout;
	bool crowded;      /* too many arrows to have texts */
	double type, box;  /* pixels */
	double largest[2]; /* values of arrows, and of lines */
	int64_t most_cells;
	char viewport[64]; /* width, height and zoom, or "" */
};

static void
measure_values(struct style *s, const struct diagram *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		const struct link *link = &d->link[i];
		double *largest = &s->largest[link->line];

		if (!link->dropped)
			*largest = fmax(*largest, fabs(link->value));
	}
	for (i = 0; i < d->groups.n; i++)
		if (d->cells[i] > s->most_cells)
			s->most_cells = d->cells[i];
}

static struct style
choose_style(const struct diagram *d)
{
	double many = ((double)d->groups.n - FEW) / (MANY - FEW);
	static const char *const engines[] = {
		NULL, "dot", "neato", "fdp", "sfdp", "circo", "twopi",
	};
	struct style s = {.layout = engines[layout]};

	many = fmin(1, fmax(0, many));
	s.type = rint(2 * (PAGE_LARGE - many * (PAGE_LARGE - PAGE_SMALL))) / 2;
	s.box = LARGEST_BOX - many * (LARGEST_BOX - SMALLEST_BOX);
	s.crowded = !layout && d->shown > CROWD;
	if (!layout)
		s.layout = s.crowded ? "sfdp" : "dot";
	measure_values(&s, d);
	return s;
}

static double
small_type(const struct style *s)
{
	return fmax(PAGE_SMALL, s->type - 1);
}

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

static char *
exact(double v)
{
	char s[32];

	s[out_num_text(v, s)] = '\0';
	return copy(s);
}

static void
say_defaults(struct plot *p, const struct style *s)
{
	bool prism = !strcmp(s->layout, "sfdp");

	plot_say(p,
		 "digraph groups {\n"
		 "graph [charset=\"UTF-8\", bgcolor=\"white\", margin=0, "
		 "pad=%.6f, "
		 "outputorder=edgesfirst, nodesep=0.3, ranksep=0.5, "
		 "sep=\"+12\", mindist=1.5, "
		 "layout=%s, overlap=%s, splines=%s, labelloc=t, "
		 "fontname=\"sans-serif\", fontsize=%g%s]\n",
		 PAGE_PAD / INCH, s->layout, prism ? "prism" : "false",
		 s->crowded ? "line" : "true", (s->type + 1) * POINT,
		 s->viewport);
	plot_say(p,
		 "node [shape=box, style=\"rounded,filled\", penwidth=0, "
		 "margin=\"0.08,0.04\", fontname=\"sans-serif\", "
		 "fontsize=%g]\n",
		 s->type * POINT);
	plot_say(p, "edge [fontname=\"sans-serif\", fontsize=%g]\n",
		 small_type(s) * POINT);
}

/* What stands above the picture: the title, and what arrows and lines are. */
static void
say_caption(struct plot *p, const struct diagram *d)
{
	const char *title = plot_title ? plot_title : "";
	char *s = NULL, *all;

	if (d->label_name)
		s = join(s, d->label_name);
	all = format("%s%s", d->label_name ? "width: " : "",
		     d->value_name ? d->value_name : "");
	if (d->value_name)
		s = join(s, all);
	free(all);
	if (d->sign != NO_COLUMN)
		s = join(s, "triangle: excitatory, bar: inhibitory");
	all = format("dashed: %s", d->gap_name ? d->gap_name : "");
	if (d->lines.n > 0)
		s = join(s, all);
	free(all);
	all = format("%s%s%s", title, *title && s ? "\n" : "", s ? s : "");
	if (*all) {
		plot_say(p, "graph [labeljust=c");
		say_label(p, "label", all);
		plot_say(p, "]\n");
	}
	free(all);
	free(s);
}

/* The area is proportional to the number of cells, unless the name needs more.
 */
static void
say_group(struct plot *p, const struct diagram *d, const struct style *s,
	  size_t i)
{
	uint32_t colour = look_of(i, d->groups.n).colour;
	const char *name = d->groups.name[i];
	long long n = d->cells[i];
	double side = 0;
	char *text, *tip;

	if (n > 0)
		side = s->box * sqrt((double)n / (double)s->most_cells);
	text = n < 0 ? copy(name) : format("%s\n%lld", name, n);
	tip = n < 0 ? copy(name)
		    : format("%s: %lld cell%s", name, n, n == 1 ? "" : "s");
	plot_say(p,
		 "n%zu [width=%.6f, height=%.6f, fillcolor=\"#%06x\", "
		 "fontcolor=\"#%06x\"",
		 i, side / INCH, side / INCH, colour, plot_ink(colour));
	say_label(p, "label", text);
	say_tooltip(p, "tooltip", tip);
	plot_say(p, "]\n");
	free(text);
	free(tip);
}

/* Graphviz has no space between a text and its arrow, which may be wide. */
#define SPACE "\u00a0"

static char *
link_text(const struct link *link)
{
	char *value, *back, *text;

	if (link->text)
		return format(SPACE "%s" SPACE, link->text);
	value = plot_readable(link->value);
	back = plot_readable(link->back);
	if (isnan(link->back) || link->back == link->value)
		text = format(SPACE "%s" SPACE, value);
	else
		text = format(SPACE "%s / %s" SPACE, value, back);
	free(value);
	free(back);
	return text;
}

/* A line of a tooltip, "NAME: VALUE". */
static char *
tell(char *tip, const char *name, const char *value)
{
	char *more = format("%s\n%s: %s", tip, name, value);

	free(tip);
	return more;
}

static char *
tell_value(char *tip, const char *name, double v)
{
	char *value;

	if (!name || isnan(v))
		return tip;
	value = exact(v);
	tip = tell(tip, name, value);
	free(value);
	return tip;
}

static char *
link_tip(const struct diagram *d, const struct link *link)
{
	static const char *const signs[] = {
		[EXCITATORY] = "excitatory",
		[INHIBITORY] = "inhibitory",
		[MIXED] = "excitatory and inhibitory",
	};
	const char *source = d->groups.name[link->source];
	const char *target = d->groups.name[link->target];
	char *tip;

	if (link->line) {
		tip = format("%s \u2013 %s", source, target);
		tip = tell_value(tip, d->gap_name, link->value);
		return link->back == link->value
			       ? tip
			       : tell_value(tip, d->gap_name, link->back);
	}
	tip = format("%s \u2192 %s", source, target);
	if (link->text)
		tip = tell(tip, d->label_name, link->text);
	tip = tell_value(tip, d->value_name, link->value);
	return link->sign ? tell(tip, "sign", signs[link->sign]) : tip;
}

/* Type in the colour of a group would be too light to read on white. */
static uint32_t
darker(uint32_t rgb)
{
	return (rgb >> 16) / 2 << 16 | (rgb >> 8 & 0xff) / 2 << 8 |
	       (rgb & 0xff) / 2;
}

/* Dashes are as long as they are wide. */
static double
width_of(const struct style *s, const struct link *link)
{
	double share = fabs(link->value) / s->largest[link->line];
	double most = s->crowded || link->line ? THICKEST / 2 : THICKEST;

	return isnan(share) ? MIDDLING : THINNEST + share * (most - THINNEST);
}

/* dot makes room for a loop on the right alone.  One on the left gets it by a
 * box that is not drawn. */
static void
say_room(struct plot *p, const struct style *s, size_t group, const char *text)
{
	double width = plot_text_width(text, small_type(s)) + LOOP;

	if (strcmp(s->layout, "dot") != 0)
		return;
	plot_say(p,
		 " subgraph { rank=same; room%zu [style=invis, label=\"\", "
		 "fixedsize=true, width=%.6f, height=0.1]; ",
		 group, width / INCH);
	plot_say(p, "room%zu -> n%zu [style=invis, weight=100, minlen=0] }",
		 group, group);
}

static void
say_link(struct plot *p, const struct diagram *d, const struct style *s,
	 const struct link *link)
{
	static const char *const heads[] = {
		[UNKNOWN] = "vee",
		[EXCITATORY] = "normal",
		[INHIBITORY] = "tee",
		[MIXED] = "diamond",
	};
	uint32_t colour = look_of(link->source, d->groups.n).colour;
	char *text = link_text(link), *tip = link_tip(d, link);
	double width = width_of(s, link);

	if (link->line)
		colour = GREY;
	plot_say(p,
		 "n%zu -> n%zu [penwidth=%.6g, color=\"#%06x\", "
		 "fontcolor=\"#%06x\", ",
		 link->source, link->target, width * POINT, colour,
		 darker(colour));
	if (!link->line)
		plot_say(p, "arrowhead=%s, arrowsize=%.6g", heads[link->sign],
			 0.6 + width / 20);
	else if (link->source == link->target) /* where no arrow is */
		plot_say(p, "dir=none, style=dashed, tailport=w, headport=w");
	else
		plot_say(p, "dir=none, style=dashed");
	if (!s->crowded)
		say_label(p, "label", text);
	say_tooltip(p, "tooltip", tip);
	say_tooltip(p, "labeltooltip", tip);
	plot_say(p, "]");
	if (link->line && link->source == link->target)
		say_room(p, s, link->source, text);
	plot_say(p, "\n");
	free(text);
	free(tip);
}

static void
say_diagram(struct plot *p, const struct diagram *d, const struct style *s)
{
	size_t i;

	say_defaults(p, s);
	say_caption(p, d);
	for (i = 0; i < d->groups.n; i++)
		say_group(p, d, s, i);
	if (d->groups.n == 0)
		plot_say(p, "none [shape=plaintext, style=\"\", label=\"no "
			    "data\"]\n");
	for (i = 0; i < d->n; i++)
		if (!d->link[i].dropped)
			say_link(p, d, s, &d->link[i]);
	plot_say(p, "}\n");
}

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
	if (!strcmp(type, "png") && plot_dots() != 96)
		run_add(&dot.argv, "-Gdpi=%g", plot_dots());
	run_add(&dot.env, "LC_ALL=C");
	run_add(&dot.env, "SERVER_NAME");
	run_add(&dot.env, "TZ=UTC0");
	plot_run(p, &dot, check_said);
}

/* A length in points, of the picture itself: the first that it says. */
static double
read_length(const char *svg, const char *name)
{
	const char *s = strstr(svg, name);
	char *end = NULL;
	double v = s ? strtod(s + strlen(name), &end) : 0;

	if (!s || strncmp(end, "pt\"", 3) != 0 || !(v > 0))
		die("dot does not say how large its picture is");
	return v;
}

/* --size scales the picture, with all that is in it. */
static void
fit(struct style *s, const struct diagram *d)
{
	double width, height, zoom, least_zoom = PAGE_SMALL / small_type(s);
	struct plot p = {0};
	int across, down;

	if (!plot_width(&across))
		return;
	say_diagram(&p, d, s);
	run_dot(&p, "svg");
	width = read_length(p.script, "<svg width=\"");
	height = read_length(p.script, " height=\"");
	if (!plot_size(&across, &down)) {
		plot_set_height(across * height / width);
		plot_size(&across, &down);
	}
	zoom = fmin(across * POINT / width, down * POINT / height);
	if (zoom < least_zoom)
		plot_too_small(width * least_zoom / POINT,
			       height * least_zoom / POINT);
	snprintf(s->viewport, sizeof s->viewport,
		 ", viewport=\"%.9g,%.9g,%.9g\"", across * POINT, down * POINT,
		 zoom);
	free(p.script);
}

static void
draw(const struct diagram *d)
{
	struct style s = choose_style(d);
	struct plot p = {0};

	fit(&s, d);
	say_diagram(&p, d, &s);
	if (!plot_is_script())
		run_dot(&p, plot_terminal());
	plot_write(&p);
}

static void
free_diagram(struct diagram *d)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		free(d->link[i].text);
	free(d->link);
	free(d->cells);
	free(d->row);
	free(d->line);
	labels_free(&d->groups);
	labels_free(&d->rows);
	labels_free(&d->lines);
	rows_close(&d->in);
}

int
main(int argc, char **argv)
{
	struct diagram d = {0};

	argv = start(argc, argv, &tool);
	plot_start(PLOT_DOT);
	if (label_name && !value_name && (top > 0 || isfinite(least)))
		misuse("--%s: of what?  Choose the values with -y",
		       top > 0 ? "top" : "min");
	read_table(&d, argv[0]);
	drop_low(&d);
	draw(&d);
	free_diagram(&d);
	return WORKED;
}
