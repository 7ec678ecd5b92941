/* plot-graph -- draw the groups of a network and what leads between them
 *
 * A few groups are laid out as one would by hand (ring.h), many by Graphviz,
 * which draws all of them (graphviz.h).  Texts are placed here: Graphviz puts
 * them on lines, or needs a page that is larger than paper.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "plot/arrowkey.h"
#include "plot/captions.h"
#include "plot/graphviz.h"
#include "plot/look.h"
#include "plot/page.h"
#include "plot/pathways.h"
#include "plot/ring.h"
#include "plot/utf8.h"

/* Pixels. */
#define LARGEST_BOX 96.0
#define SMALLEST_BOX 36.0 /* of the largest group, if there are many */
#define THINNEST 1.0
#define THICKEST 4.0
#define MIDDLING 1.5
#define MARGIN 6.0  /* between a box and its text */
#define PAPER 642.0 /* 170 mm, two columns of a journal */

/* The height of a page, as a share of its width. */
#define TALL 1.25
#define TALLER 1.75
#define TALLEST 2.5
#define NARROW 400.0
#define NARROW_TYPE 10.0

/* So many groups are drawn at full size, or as small as can be. */
#define FEW 10
#define MANY 30
#define RATHER "draw them with plot-matrix, or some with --top or --min"

/* dot takes 1 s for 150 arrows between 40 groups and 100 for 300; sfdp takes 2
 * s for 300, 1 with straight lines. */
#define CROWD 150

static struct pathways table;
static unsigned layout; /* 0: whatever suits */
static int64_t top = -1;
static double least = -INFINITY;

static const struct opt opts[] = {
	OPT_STR('y', "y", "column", &table.ask.value,
		"column of the values, by which arrows are wide"),
	OPT_STR(0, "label-column", "column", &table.ask.label,
		"column of the texts on arrows (the values)"),
	OPT_STR(0, "sign", "column", &table.ask.sign,
		"column that says which arrows are excitatory"),
	OPT_LIST(0, "excitatory", "text", &table.ask.excitatory,
		 "what it has for excitatory ones (repeatable)"),
	OPT_LIST(0, "inhibitory", "text", &table.ask.inhibitory,
		 "what it has for inhibitory ones (repeatable)"),
	OPT_STR(0, "gap-column", "column", &table.ask.gap,
		"column of the values of gap junctions (gap_pairs)"),
	OPT_FLAG(0, "no-gap", &table.ask.no_gap, "draw no gap junctions"),
	OPT_NUM_IN(0, "min", "value", &least, "(-inf,inf)",
		   "leave out what is below"),
	OPT_INT_IN(0, "top", "n", &top, "[1,inf)",
		   "draw the n highest values only"),
	OPT_WORD(0, "layout-engine", "engine", &layout,
		 "|dot|neato|fdp|sfdp|circo|twopi", "Graphviz's layout"),
	LOOK_COLORS,
	OPT_TABLE(plot_dot_opts),
	OPT_EXCLUDE("gap-column no-gap"),
	OPT_NEEDS("excitatory inhibitory", "sign"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "draw the groups of a network as a diagram",
	.operands = "[file]",
	.most = 1,
	.opts = opts,
};

/* --- the picture --- */

/* What is drawn, and how. */
struct diagram {
	const struct pathways *w;
	struct sketch s;
	struct look *look;     /* of each group */
	size_t *box;           /* of each group, or NO_BOX */
	size_t *group;         /* of each box */
	struct pathway **link; /* of each arrow */
	char **name, **text;   /* in boxes, and beside arrows */
	bool crowded;          /* too many arrows to have texts */
	bool ring;             /* rather than by Graphviz */
	bool rough;            /* as there is no room for more */
	double type;
	/* Values of arrows, and of lines. */
	double largest[2], smallest[2];
	bool fraction[2]; /* are any of them not whole? */
	int64_t most_cells;
	double above, below; /* what title and legend take */
	double width, height;
};

#define NO_BOX SIZE_MAX

/* Colours of arrows whose sign is told, for the colour blind, too. */
static const uint32_t sign_colours[] = {
	[PATHWAYS_UNKNOWN] = 0x707070,
	[PATHWAYS_EXCITATORY] = 0xd55e00,
	[PATHWAYS_INHIBITORY] = 0x0072b2,
	[PATHWAYS_MIXED] = 0xaa4499,
};

static const char *const sign_names[] = {
	[PATHWAYS_UNKNOWN] = "unknown",
	[PATHWAYS_EXCITATORY] = "excitatory",
	[PATHWAYS_INHIBITORY] = "inhibitory",
	[PATHWAYS_MIXED] = "excitatory and inhibitory",
};

static struct graphviz_look
look_of_sign(enum pathways_sign sign)
{
	static const enum graphviz_head heads[] = {
		[PATHWAYS_UNKNOWN] = GRAPHVIZ_VEE,
		[PATHWAYS_EXCITATORY] = GRAPHVIZ_TRIANGLE,
		[PATHWAYS_INHIBITORY] = GRAPHVIZ_BAR,
		[PATHWAYS_MIXED] = GRAPHVIZ_DIAMOND,
	};

	return (struct graphviz_look){sign_colours[sign], heads[sign], false};
}

static const struct graphviz_look gap_look = {0x404040, GRAPHVIZ_LINE, true};

static struct graphviz_look
look_of_link(const struct diagram *q, const struct pathway *link)
{
	struct graphviz_look look = look_of_sign(link->sign);

	if (link->line)
		return gap_look;
	if (!q->w->sign_name)
		look.colour = q->look[link->source].colour;
	return look;
}

static double
small_type(const struct diagram *q)
{
	return fmax(fmin(PAGE_SMALL, q->type), q->type - 1);
}

/* Values of a kind have the same number of digits, unless all are whole. */
static char *
value_text(const struct diagram *q, bool line, double v)
{
	char *s, *end;

	if (!q->fraction[line] || !(fabs(v) < 999.5))
		return plot_readable(v);
	s = format("%#.3g", v);
	end = s + strlen(s) - 1;
	if (*end == '.')
		*end = '\0';
	return s;
}

static char *
link_text(const struct diagram *q, const struct pathway *link)
{
	char *value, *back, *text;

	if (link->text)
		return copy(link->text);
	value = value_text(q, link->line, link->value);
	if (isnan(link->back) || link->back == link->value)
		return value;
	back = value_text(q, link->line, link->back);
	text = format("%s / %s", value, back);
	free(value);
	free(back);
	return text;
}

/* Dashes are as long as they are wide. */
static double
width_of(const struct diagram *q, const struct pathway *link)
{
	double share = fabs(link->value) / q->largest[link->line];
	double most = q->crowded || link->line ? THICKEST / 2 : THICKEST;

	if (isnan(share) || q->smallest[link->line] == q->largest[link->line])
		return MIDDLING;
	return THINNEST + share * (most - THINNEST);
}

/* Groups that have no arrow are left out where the user asks for less. */
static void
take_groups(struct diagram *q)
{
	const struct pathways *w = q->w;
	bool all = top <= 0 && isinf(least);
	bool *used = zeros(w->groups.n, sizeof *used);
	size_t i;

	for (i = 0; i < w->n; i++)
		if (!w->path[i].dropped)
			used[w->path[i].source] = used[w->path[i].target] =
				true;
	q->look = look_named(w->groups.name, w->groups.n);
	q->box = zeros(w->groups.n, sizeof *q->box);
	q->group = zeros(w->groups.n, sizeof *q->group);
	q->name = zeros(w->groups.n, sizeof *q->name);
	q->s.box = zeros(w->groups.n, sizeof *q->s.box);
	for (i = 0; i < w->groups.n; i++) {
		q->box[i] = all || used[i] ? q->s.boxes : NO_BOX;
		if (q->box[i] == NO_BOX)
			continue;
		q->name[q->s.boxes] =
			w->cells[i] < 0 ? copy(w->groups.name[i])
					: format("%s\n%lld", w->groups.name[i],
						 (long long)w->cells[i]);
		q->group[q->s.boxes++] = i;
		if (w->cells[i] > q->most_cells)
			q->most_cells = w->cells[i];
	}
	free(used);
}

static void
take_links(struct diagram *q)
{
	const struct pathways *w = q->w;
	size_t i;

	q->link = zeros(w->n, sizeof(struct pathway *));
	q->text = zeros(w->n, sizeof *q->text);
	q->s.arrow = zeros(w->n, sizeof *q->s.arrow);
	q->smallest[0] = q->smallest[1] = INFINITY;
	for (i = 0; i < w->n; i++) {
		struct pathway *link = &w->path[i];
		bool line = link->line;

		if (link->dropped)
			continue;
		q->largest[line] = fmax(q->largest[line], fabs(link->value));
		q->smallest[line] = fmin(q->smallest[line], fabs(link->value));
		q->fraction[line] |= link->value != rint(link->value);
		q->link[q->s.arrows++] = link;
	}
	q->crowded = !layout && q->s.arrows > CROWD;
	for (i = 0; i < q->s.arrows; i++) {
		const struct pathway *link = q->link[i];

		q->text[i] = link_text(q, link);
		q->s.arrow[i] = (struct sketch_arrow){
			.source = q->box[link->source],
			.target = q->box[link->target],
			.width = width_of(q, link),
			.head = graphviz_head_length(
				look_of_link(q, link).head)};
	}
}

/* The area is proportional to the number of cells, unless the name needs more.
 */
static void
size_boxes(struct diagram *q, double largest)
{
	size_t i;

	for (i = 0; i < q->s.boxes; i++) {
		struct sketch_box *box = &q->s.box[i];
		int64_t n = q->w->cells[q->group[i]];
		double side = 0;

		if (n > 0)
			side = largest *
			       sqrt((double)n / (double)q->most_cells);
		box->width = fmax(side, plot_text_width(q->name[i], q->type) +
						2 * MARGIN);
		box->height = fmax(side, plot_text_height(q->name[i], q->type) +
						 MARGIN);
	}
}

static void
size_texts(struct diagram *q)
{
	double type = small_type(q);
	size_t i;

	for (i = 0; i < q->s.arrows; i++) {
		q->s.arrow[i].across =
			q->crowded ? 0 : plot_text_width(q->text[i], type);
		q->s.arrow[i].down = 0.9 * type;
	}
}

/* --- the legend --- */

static bool
has_sign(const struct diagram *q, enum pathways_sign sign)
{
	size_t i;

	for (i = 0; i < q->s.arrows; i++)
		if (!q->link[i]->line && q->link[i]->sign == sign)
			return true;
	return false;
}

static bool
has_lines(const struct diagram *q, bool lines)
{
	size_t i;

	for (i = 0; i < q->s.arrows; i++)
		if (q->link[i]->line == lines)
			return true;
	return false;
}

/* A caption, with a word before it. */
static void
add_caption(struct arrowkey *key, const struct graphviz_look *look,
	    const char *word, const char *column)
{
	char *caption = caption_of(column);

	arrowkey_add(key, look, format("%s%s", word, caption));
	free(caption);
}

/* What numbers and widths are; those of a crowd have no texts. */
static void
add_values(const struct diagram *q, struct arrowkey *key)
{
	const struct pathways *w = q->w;
	const struct graphviz_look plain = {0x000000, GRAPHVIZ_VEE, false};
	const struct graphviz_look *look = w->sign_name ? NULL : &plain;

	if (w->label_name && !q->crowded)
		add_caption(key, look, look ? "" : "texts: ", w->label_name);
	if (w->value_name && (w->label_name || q->crowded))
		add_caption(key, NULL, "width: ", w->value_name);
	else if (w->value_name)
		add_caption(key, look, look ? "" : "numbers: ", w->value_name);
}

/* What is drawn, on as many lines as there is room for. */
static struct arrowkey
make_legend(const struct diagram *q, double room)
{
	struct arrowkey key = {0};
	bool arrows = has_lines(q, false);
	enum pathways_sign sign;

	for (sign = PATHWAYS_UNKNOWN; sign <= PATHWAYS_MIXED && q->w->sign_name;
	     sign++)
		if (has_sign(q, sign)) {
			struct graphviz_look look = look_of_sign(sign);

			arrowkey_add(&key, &look, copy(sign_names[sign]));
		}
	if (has_lines(q, true))
		add_caption(&key, &gap_look, "", q->w->gap_name);
	if (arrows)
		add_values(q, &key);
	arrowkey_lay_out(&key, small_type(q), room);
	return key;
}

static void
say_legend(struct plot *p, const struct diagram *q)
{
	struct arrowkey key = make_legend(q, q->width - 2 * PAGE_PAD);
	const double at[2] = {PAGE_PAD, q->height - PAGE_PAD - key.height};

	arrowkey_say(p, &key, at);
	arrowkey_free(&key);
}

/* --- places --- */

static double
title_type(const struct diagram *q)
{
	return q->type + 2;
}

/* What stands above and below the diagram, if it is so wide. */
static void
measure_rest(struct diagram *q, double width)
{
	struct arrowkey key = make_legend(q, width - 2 * PAGE_PAD);

	q->above = PAGE_PAD;
	if (plot_title)
		q->above +=
			plot_text_height(plot_title, title_type(q)) + PAGE_GAP;
	q->below = PAGE_PAD + (key.n > 0 ? key.height + PAGE_GAP : 0);
	q->width = fmax(width, fmax(key.width, plot_text_width(plot_title,
							       title_type(q))) +
				       2 * PAGE_PAD);
	arrowkey_free(&key);
}

static const char nothing[] = "no data";

/* Puts the diagram between title and legend, in the middle of a page that has a
 * width and a height, or is as large as it needs. */
static void
put_on_page(struct diagram *q, double width, double height)
{
	if (q->s.boxes == 0) {
		q->s.width = plot_text_width(nothing, q->type);
		q->s.height = plot_text_height(nothing, q->type);
	}
	measure_rest(q, width > 0 ? width : q->s.width + 2 * PAGE_PAD);
	q->height = height > 0 ? height : q->above + q->s.height + q->below;
	sketch_move(&q->s, (q->width - q->s.width) / 2,
		    q->above + (q->height - q->above - q->below - q->s.height) /
				       2);
}

static size_t
count_left_out(const struct diagram *q)
{
	size_t i, n = 0;

	for (i = 0; i < q->s.arrows; i++)
		n += q->s.arrow[i].across > 0 && !q->s.arrow[i].placed;
	return n;
}

/* Graphviz is given some room; does it keep within the width and the height? */
static bool
try_room(struct diagram *q, double room, double width, double height)
{
	static const char *const engines[] = {
		"dot", "dot", "neato", "fdp", "sfdp", "circo", "twopi",
	};
	const double any[2] = {-INFINITY, INFINITY};

	graphviz_lay_out(&q->s, q->crowded ? "sfdp" : engines[layout], room,
			 q->crowded);
	sketch_place_texts(&q->s, any, any);
	sketch_trim(&q->s, 0);
	return (width == 0 || q->s.width <= width) &&
	       (height == 0 || q->s.height <= height);
}

/* More and more room, until all texts have a place, or pages are too large. */
static enum ring_found
lay_out_many(struct diagram *q, double width, double height)
{
	static const double room[] = {1, 1.4, 2, 2.8};
	size_t rooms = LEN(room) - (q->s.boxes > MANY), i;

	for (i = 0; i < rooms; i++) {
		if (!try_room(q, room[i], width, height)) {
			if (i == 0)
				return RING_NO_ROOM;
			try_room(q, room[i - 1], width, height);
			return RING_SOME_TEXTS;
		}
		if (count_left_out(q) == 0)
			return RING_ALL;
	}
	return RING_SOME_TEXTS;
}

/* The diagram in type of that size, on a page so large. */
static enum ring_found
try_type(struct diagram *q, double type, double width, double height)
{
	double largest = LARGEST_BOX * fmin(1, sqrt(4 / (double)q->s.boxes));
	enum ring_found found;

	largest = fmax(largest, SMALLEST_BOX);

	q->type = type;
	if (width > 0)
		largest = fmin(largest, width / 7);
	size_boxes(q, largest);
	size_texts(q);
	measure_rest(q, width);
	if (width > 0 && q->width > width)
		return RING_NO_ROOM;
	if (width > 0)
		width -= 2 * PAGE_PAD;
	if (height > 0)
		height = fmax(height - q->above - q->below, 1);
	found = q->ring ? ring_lay_out(&q->s, width, height, q->rough)
			: lay_out_many(q, width, height);
	return found;
}

/* --font-size, or what suits the number of groups and the page. */
static double
first_type(const struct diagram *q, double width)
{
	double many = ((double)q->s.boxes - FEW) / (MANY - FEW);
	double type = PAGE_LARGE;

	if (plot_type() > 0)
		return plot_type();
	if (width > 0 && width < NARROW)
		type = NARROW_TYPE;
	many = fmin(1, fmax(0, many));
	return rint(2 * (type - many * (type - PAGE_SMALL))) / 2;
}

static double
least_type(void)
{
	return plot_type() > 0 ? plot_type() : PAGE_SMALL;
}

/* Finds the largest type in which all fits; where many texts do not, only the
 * smallest may help. */
static enum ring_found
find_type(struct diagram *q, double width, double height)
{
	double type = first_type(q, width);
	enum ring_found found = try_type(q, type, width, height);

	while (found != RING_ALL && type > least_type()) {
		bool many = found == RING_SOME_TEXTS &&
			    count_left_out(q) > q->s.arrows / 4;

		type = many ? least_type() : fmax(type - 1, PAGE_SMALL);
		found = try_type(q, type, width, height);
	}
	return found;
}

/* A text on lines that are no wider than the room, broken after what is between
 * words if there is any. */
static char *
fold(const char *s, double type, double room)
{
	char *text = zeros(2 * strlen(s) + 1, 1);
	size_t n = 0, line = 0, after = 0, i;
	const char *next;
	uint32_t c;

	for (; *s; s = next) {
		size_t from = n;

		next = utf8_next(s, &c);
		for (; s < next; s++)
			text[n++] = *s;
		text[n] = '\0';
		if (c == '\n')
			line = after = n;
		if (from > line && plot_text_width(text + line, type) > room) {
			line = after > line ? after : from;
			for (i = n++; i > line; i--)
				text[i] = text[i - 1];
			text[line++] = '\n';
			after = line;
		}
		if (c < 0x80 && strchr(" _-:/.,;|", (int)c))
			after = n;
	}
	return text;
}

static void
fold_names(struct diagram *q, double room)
{
	size_t i;

	for (i = 0; i < q->s.boxes; i++) {
		char *name = fold(q->name[i], least_type(), room);

		free(q->name[i]);
		q->name[i] = name;
	}
}

/* A height that may be any is such as pages have, or more if that takes in more
 * texts. */
static enum ring_found
find_height(struct diagram *q, double width, double height)
{
	static const double shapes[] = {TALL, TALLER, TALLEST};
	double chosen = height;
	size_t i, left = SIZE_MAX;

	for (i = 0; i < LEN(shapes) && height == 0; i++) {
		enum ring_found found = find_type(q, width, shapes[i] * width);

		if (found == RING_ALL)
			return found;
		if (found == RING_NO_ROOM || count_left_out(q) >= left)
			continue;
		left = count_left_out(q);
		chosen = shapes[i] * width;
	}
	return chosen > 0 ? find_type(q, width, chosen) : RING_NO_ROOM;
}

/* What has no room as it is has more with names on several lines, and round a
 * ring. */
static enum ring_found
lay_out_on(struct diagram *q, double width, double height)
{
	enum ring_found found = find_height(q, width, height);

	if (found == RING_NO_ROOM && !q->crowded) {
		fold_names(q, width / 4 - 2 * MARGIN);
		found = find_height(q, width, height);
	}
	if (found == RING_NO_ROOM && !layout) {
		q->ring = q->rough = true;
		found = find_height(q, width, height);
	}
	return found;
}

static void
lay_out(struct diagram *q)
{
	int across = 0, down = 0;
	bool sized = plot_width(&across);
	enum ring_found found = RING_NO_ROOM;

	plot_size(&across, &down);
	q->ring = !layout && q->s.boxes <= RING_MOST;
	q->rough = q->ring && q->crowded;
	if (sized)
		found = lay_out_on(q, across, down);
	else if (q->ring)
		found = find_type(q, PAPER, TALL * PAPER);
	if (found == RING_NO_ROOM) {
		try_type(q, sized ? least_type() : first_type(q, 0), 0, 0);
		put_on_page(q, 0, 0);
	}
	if (found == RING_NO_ROOM && sized &&
	    fmax(q->width, q->height) > 2 * PAPER)
		die("--size: too small: %zu groups and %zu arrows are more "
		    "than a diagram shows: " RATHER,
		    q->s.boxes, q->s.arrows);
	if (found == RING_NO_ROOM && sized)
		plot_too_small(q->width, q->height);
	if (found != RING_NO_ROOM)
		put_on_page(q, across, down);
}

/* --- drawing --- */

static char *
exact(double v)
{
	char s[32];

	s[out_num_text(v, s)] = '\0';
	return copy(s);
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
link_tip(const struct pathways *w, const struct pathway *link)
{
	const char *source = w->groups.name[link->source];
	const char *target = w->groups.name[link->target];
	char *tip;

	if (link->line) {
		tip = format("%s \u2013 %s", source, target);
		tip = tell_value(tip, w->gap_name, link->value);
		return link->back == link->value
			       ? tip
			       : tell_value(tip, w->gap_name, link->back);
	}
	tip = format("%s \u2192 %s", source, target);
	if (link->text)
		tip = tell(tip, w->label_name, link->text);
	tip = tell_value(tip, w->value_name, link->value);
	return link->sign ? tell(tip, "sign", sign_names[link->sign]) : tip;
}

/* Type in the colour of a group would be too light to read on white. */
static uint32_t
darker(uint32_t rgb)
{
	return (rgb >> 16) / 2 << 16 | (rgb >> 8 & 0xff) / 2 << 8 |
	       (rgb & 0xff) / 2;
}

static void
say_arrow(struct plot *p, const struct diagram *q, size_t i)
{
	struct graphviz_look look = look_of_link(q, q->link[i]);
	char *tip = link_tip(q->w, q->link[i]);

	graphviz_arrow(p, &q->s.arrow[i], &look,
		       &(struct graphviz_text){q->text[i], small_type(q),
					       darker(look.colour), tip});
	free(tip);
}

static void
say_group(struct plot *p, const struct diagram *q, size_t i)
{
	size_t group = q->group[i];
	uint32_t colour = q->look[group].colour;
	const char *name = q->w->groups.name[group];
	long long n = q->w->cells[group];
	char *tip =
		n < 0 ? copy(name)
		      : format("%s: %lld cell%s", name, n, n == 1 ? "" : "s");

	graphviz_box(p, &q->s.box[i], i, colour,
		     &(struct graphviz_text){q->name[i], q->type,
					     plot_ink(colour), tip});
	free(tip);
}

static void
say_texts(struct plot *p, const struct diagram *q)
{
	double middle = q->width / 2;
	double height = plot_text_height(plot_title, title_type(q));

	if (plot_title)
		graphviz_text(p, (double[]){middle, PAGE_PAD + height / 2},
			      false,
			      &(struct graphviz_text){plot_title, title_type(q),
						      0, NULL});
	if (q->s.boxes == 0)
		graphviz_text(
			p, (double[]){middle, q->above + q->s.height / 2},
			false,
			&(struct graphviz_text){nothing, q->type, 0, NULL});
	say_legend(p, q);
}

static void
draw(struct diagram *q)
{
	struct plot p;
	size_t i;

	lay_out(q);
	graphviz_open(&p, q->width, q->height);
	for (i = 0; i < q->s.boxes; i++)
		say_group(&p, q, i);
	for (i = 0; i < q->s.arrows; i++)
		say_arrow(&p, q, i);
	say_texts(&p, q);
	graphviz_close(&p);
}

/* Says what would show more, if this is more than a diagram can. */
static void
advise(const struct diagram *q)
{
	size_t left = count_left_out(q);

	if (q->crowded || q->s.boxes > MANY || q->rough)
		warn("%zu groups and %zu arrows are more than a diagram%s "
		     "shows: " RATHER,
		     q->s.boxes, q->s.arrows,
		     q->rough && !q->crowded ? " of this size" : "");
	else if (left > 0)
		warn("%zu of %zu arrows have no room for their texts: choose "
		     "some with --top or --min, or a larger --size",
		     left, q->s.arrows);
}

static void
free_picture(struct diagram *q)
{
	size_t i;

	for (i = 0; i < q->s.boxes; i++)
		free(q->name[i]);
	for (i = 0; i < q->s.arrows; i++)
		free(q->text[i]);
	sketch_free(&q->s);
	free(q->s.box);
	free(q->s.arrow);
	free(q->look);
	free(q->box);
	free(q->group);
	free(q->link);
	free(q->name);
	free(q->text);
}

int
main(int argc, char **argv)
{
	struct diagram q = {.w = &table};

	argv = start(argc, argv, &tool);
	plot_start(PLOT_DOT);
	look_check_input(argv[0]);
	if (table.ask.label && !table.ask.value && (top > 0 || isfinite(least)))
		misuse("--%s: of what?  Choose the values with -y",
		       top > 0 ? "top" : "min");
	pathways_read(&table, argv[0]);
	pathways_drop(&table, least, top);
	take_groups(&q);
	take_links(&q);
	draw(&q);
	advise(&q);
	free_picture(&q);
	pathways_free(&table);
	return WORKED;
}
