/* sonata-report -- write what a simulation recorded as a table
 *
 * Frames are read in blocks and written one after the other, so that memory
 * follows the number of elements and never that of frames.  In both forms rows
 * come by time, as they are in the file: by cell, all of it would have to be
 * turned round first.  What is wrong in the file is looked for before the first
 * row is written, which takes a tenth of the time that writing does. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "activity/report.h"
#include "labels.h"
#include "out.h"
#include "progress.h"
#include "rows.h"
#include "sonata/config.h"
#include "sonata/nodefiles.h"
#include "sonata/ranges.h"

static struct opt_list populations;
static const char *ids, *elements, *channels;
static const char *name, *report;
static double from = -INFINITY, to = INFINITY, step;
static double positions[2];
static int64_t every = 1;
static bool listed, wide, keep_nan;
enum { MILLISECONDS, SECONDS };
static unsigned units;

static const struct opt opts[] = {
	OPT_LIST('p', "population", "name", &populations,
		 "only cells of this population (repeatable)"),
	OPT_STR(0, "report-name", "name", &report,
		"of a config, the report of this name"),
	OPT_STR(0, "ids", "list", &ids, "only cells 3,10-19"),
	OPT_STR(0, "elements", "list", &elements,
		"only elements 0,5-7 of cells"),
	OPT_PAIR(0, "positions", "low[:high]", positions,
		 "[-inf,inf]<=", "only elements at or between these positions"),
	OPT_STR(0, "channels", "list", &channels,
		"only channels 0,4-7 of electrodes"),
	OPT_NUM(0, "from", "ms", &from, "only frames at this time or later"),
	OPT_NUM(0, "to", "ms", &to, "only frames before this time"),
	OPT_INT_IN(0, "every", "n", &every, "[1,inf)",
		   "only every n-th frame (1)"),
	OPT_NUM_IN(0, "step", "ms", &step, "(0,inf)",
		   "time between frames, if the file has none"),
	OPT_WORD(0, "units", "unit", &units, "ms|s",
		 "units of the file's times, whatever it says"),
	OPT_FLAG(0, "listed", &listed, "only cells that -n has"),
	OPT_TABLE(nodefiles_opts),
	OPT_FLAG(0, "wide", &wide,
		 "a row for each frame, a column for each element"),
	OPT_STR(0, "column-name", "name", &name,
		"the name of the only one of them"),
	OPT_FLAG(0, "keep-nan", &keep_nan,
		 "write nan where a value is not a number"),
	OPT_TABLE(out_opts),
	OPT_TABLE(rows_opts),
	OPT_ORDER("from < to"),
	OPT_NEEDS("column-name", "wide"),
	OPT_EXCLUDE("group wide"),
	OPT_EXCLUDE("step units"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "write what a simulation recorded as a table",
	.operands = "file",
	.least = 1,
	.most = 1,
	.opts = opts,
};

/* ---- The file ---- */

/* The report of a config that is meant; one that was off has no file. */
static const cJSON *
find_report(const struct config *config)
{
	const cJSON *c, *only = NULL;
	char *names = NULL;
	size_t n = 0;

	for (c = json_first(config_reports(config)); c; c = c->next) {
		if (report && !strcmp(c->string, report)) {
			free(names);
			return c;
		}
		names = join(names, c->string);
		if (report || !config_is_on(config->path, "reports", c))
			continue;
		only = c;
		n++;
	}
	if (!names)
		die("%s: no reports in it", config->path);
	if (n != 1)
		die("%s: %s%s%s: %s", config->path,
		    report ? "no report '" : "say --report-name",
		    report ? report : "", report ? "'" : "", names);
	free(names);
	return only;
}

/* The operand, or the file of a config's report. */
static char *
find_file(const char *operand, const struct config **config)
{
	char head[512];

	*config = NULL;
	if (json_looks_like(head,
			    config_first_bytes(operand, head, sizeof head))) {
		*config = config_read(operand);
		return config_report(*config, find_report(*config));
	}
	if (report)
		die("%s: --report-name: no config", operand);
	return copy(operand);
}

static void
set_times(struct report *r)
{
	if (opt_given(&units) && r->has_times)
		report_set_unit(r, units == SECONDS ? 1000 : 1);
	else if (opt_given(&step) && (!r->has_times || r->other_units))
		report_set_times(r, step);
	else if (r->other_units)
		die("%s: say --units or --step", r->other_units);
	else if (!r->has_times)
		die("%s: no times in the file: say --step", r->path);
}

/* The reports that have elements, or one of the others. */
static struct report **
list_reports(struct reports *all, size_t *n)
{
	struct report **list = zeros(all->n, sizeof(struct report *));
	size_t i;

	*n = 0;
	for (i = 0; i < all->n; i++) {
		struct report *r = &all->report[i];

		set_times(r);
		if (r->n > 0 || (*n == 0 && i + 1 == all->n))
			list[(*n)++] = r;
	}
	return list;
}

/* ---- Which elements ---- */

/* What an element has to be to be written. */
struct wanted_elements {
	struct ranges ids, elements, channels;
	bool by_position;
	struct nodes *nodes; /* NULL: they are not asked for */
};

static void
parse_wanted(struct wanted_elements *w)
{
	if (ids)
		ranges_parse(&w->ids, "ids", ids);
	if (elements)
		ranges_parse(&w->elements, "elements", elements);
	if (channels)
		ranges_parse(&w->channels, "channels", channels);
	w->by_position = opt_given(positions);
}

/* Read the nodes of the reports' populations; of all where a report names none.
 */
static void
join_nodes(struct wanted_elements *w, struct report *const *r, size_t n,
	   const struct config *config)
{
	struct opt_list names = {0};
	bool all = false;
	size_t i;

	if ((!nodefiles_asked() && !listed) || r[0]->of_channels)
		return;
	for (i = 0; i < n; i++) {
		opt_list_add(&names, r[i]->population);
		all = all || !*r[i]->population;
	}
	w->nodes = nodefiles_read(config ? config->path : NULL, NULL,
				  all ? NULL : &names);
	free(names.item);
}

/* An option that does not apply to the report is a mistake. */
static void
check_report(const struct report *r)
{
	if (r->of_channels && (ids || elements || opt_given(positions) ||
			       nodefiles_asked() || listed))
		die("%s: of channels, not of cells: say --channels", r->path);
	if (!r->of_channels && channels)
		die("%s: of cells, not of channels: say --ids", r->path);
	if (elements && !r->element_id)
		die("%s: --elements: it does not say which they are", r->path);
	if (opt_given(positions) && !r->element_pos)
		die("%s: --positions: it does not say where they are", r->path);
}

static bool
is_wanted(struct wanted_elements *w, const struct report *r, size_t i)
{
	if (r->of_channels)
		return !channels || ranges_has(&w->channels, r->id[i]);
	return (!ids || ranges_has(&w->ids, r->id[i])) &&
	       (!elements || ranges_has(&w->elements, r->element_id[i])) &&
	       (!w->by_position || (r->element_pos[i] >= positions[0] &&
				    r->element_pos[i] <= positions[1]));
}

/* The nodes of a report, NULL if there are none but need not be. */
static const struct node_population *
nodes_of(const struct wanted_elements *w, const struct report *r)
{
	const struct node_population *p = nodes_find(w->nodes, r->population);

	if (!p && !listed && *r->population)
		die("%s: %s", r->path,
		    nodes_find_lack(w->nodes, r->population));
	if (!p && !listed)
		die("%s: it names no population, and the nodes are of %zu",
		    r->path, w->nodes->n);
	return p;
}

/* Find the node of an element; is it let through? */
static bool
is_chosen(const struct report *r, size_t i, const struct node_population *p)
{
	uint32_t node = p ? ids_find(p->ids, r->id[i]) : NO_CELL;

	if (node == NO_CELL && !listed)
		die("%s: --nodes: no node %" PRId64, r->path, r->id[i]);
	return node != NO_CELL && (!p->chosen || p->chosen[node]);
}

static void
choose(struct wanted_elements *w, struct report *r)
{
	bool *keep = zeros(r->n, sizeof *keep);
	const struct node_population *p = NULL;
	size_t i;

	check_report(r);
	if (w->nodes)
		p = nodes_of(w, r);
	for (i = 0; i < r->n; i++)
		keep[i] =
			is_wanted(w, r, i) && (!w->nodes || is_chosen(r, i, p));
	report_keep(r, keep);
	free(keep);
}

static void
choose_elements(struct wanted_elements *w, struct report *const *r, size_t n,
		const char *path)
{
	size_t i;

	for (i = 0; i < n; i++)
		choose(w, r[i]);
	ranges_check(&w->ids, "ids", path);
	ranges_check(&w->elements, "elements", path);
	ranges_check(&w->channels, "channels", path);
}

static void
end_wanted(struct wanted_elements *w)
{
	ranges_free(&w->ids);
	ranges_free(&w->elements);
	ranges_free(&w->channels);
	nodes_free(w->nodes);
}

/* ---- Frames ---- */

static struct report_block
frames_of(const struct report *r)
{
	struct report_block b = {.every = (uint64_t)every};

	report_find_frames(r, from, to, &b.next, &b.end);
	progress_begin("frames",
		       (size_t)((b.end - b.next + b.every - 1) / b.every));
	return b;
}

static _Noreturn void
bad_value(const struct report *r, const struct report_block *b, size_t i,
	  size_t k)
{
	uint64_t frame = report_frame(b, i);

	die("%s: frame %" PRIu64 " (%g ms), %s %" PRId64 ": not a number: '%g'",
	    r->path, frame, report_time(r, frame),
	    r->of_channels ? "channel" : "node", r->id[k],
	    report_value(r, i, k));
}

/* The sum of 0 times each value is 0 unless one of them is not finite. */
static void
check_values(struct report *r)
{
	struct report_block b = frames_of(r);
	size_t i, k;

	while (report_next(&b, &r, 1))
		for (i = 0; i < b.n; i++) {
			double sum = 0;

			for (k = 0; k < r->n; k++)
				sum += 0 * report_value(r, i, k);
			for (k = 0; isnan(sum) && k < r->n; k++)
				if (!isfinite(report_value(r, i, k)))
					bad_value(r, &b, i, k);
		}
}

/* ---- What goes out ---- */

/* Bytes are copied so many at a time, and a few more than there are. */
enum { STEP = 16, NUMBER = 32, ROOM = 65536 };

/* Rows are put together here, and go out many at a time: in all it takes half
 * of the time of a call for each field. */
struct room {
	char *byte;
	size_t used;
};

/* Makes one for fields that take so many bytes beside numbers. */
static struct room
make_room(size_t longest)
{
	return (struct room){zeros(ROOM + longest + NUMBER + NUMBER + STEP, 1),
			     0};
}

static void
empty(struct room *m)
{
	out_bytes(m->byte, m->used);
	m->used = 0;
}

static inline void
use_room(struct room *m, const char *end)
{
	m->used = (size_t)(end - m->byte);
	if (m->used > ROOM)
		empty(m);
}

/* A float is written as one: with as few digits as tell it from other floats,
 * which is also half of the time. */
static size_t
value_text(const struct report *r, size_t i, size_t k, char *s)
{
	double v = report_value(r, i, k);

	return r->floats ? out_float_text((float)v, s) : out_num_text(v, s);
}

/* ---- A row for each value ---- */

static void
long_header(const struct report *r)
{
	static const char *const axis[] = {"x", "y", "z"};
	size_t k;

	if (!r->of_channels) {
		out_text("population");
		out_text("node_id");
		if (r->source_gid)
			out_text("source_gid");
		out_text("element_id");
		out_text("element_pos");
	} else {
		out_text("channel_id");
	}
	for (k = 0; k < 3; k++)
		if (r->at[k])
			out_text(axis[k]);
	out_text("time_ms");
	if (nodefiles_asks_group())
		out_text("group");
	out_header("value");
}

/* The group of each element, all of which have a node by now. */
static const char *
group_of(const struct report *r, const struct node_population *p, size_t k)
{
	return p->group.name[p->group_of[ids_find(p->ids, r->id[k])]];
}

/* What the rows of an element have before the time, and after it, as it is
 * written: the same in each frame, and made once. */
struct beside {
	char *text;
	size_t *end; /* of both parts of each element */
};

/* BMTK has -1 for the section of a point, and for the cell before a synapse
 * that is driven by times. */
static void
put_id(FILE *f, int64_t id, char delim)
{
	if (id >= 0)
		fprintf(f, "%" PRId64, id);
	putc(delim, f);
}

static void
put_element(FILE *f, const struct report *r, size_t k, char delim)
{
	char pos[32];
	size_t i;

	if (!r->of_channels && *r->population)
		out_field(f, r->population);
	else if (!r->of_channels)
		out_quote(f, "");
	if (!r->of_channels)
		putc(delim, f);
	fprintf(f, "%" PRId64 "%c", r->id[k], delim);
	for (i = 0; r->of_channels && i < 3; i++)
		if (r->at[i]) {
			out_num_text(r->at[i][k], pos);
			fprintf(f, "%s%c", pos, delim);
		}
	if (r->of_channels)
		return;
	if (r->source_gid)
		put_id(f, r->source_gid[k], delim);
	if (r->element_id)
		put_id(f, r->element_id[k], delim);
	else
		putc(delim, f);
	if (r->element_pos && !(r->element_id && r->element_id[k] < 0)) {
		out_num_text(r->element_pos[k], pos);
		fputs(pos, f);
	}
	putc(delim, f);
}

static void
put_elements(struct beside *b, const struct report *r,
	     const struct nodes *nodes)
{
	const struct node_population *p =
		nodefiles_asks_group() ? nodes_find(nodes, r->population)
				       : NULL;
	char delim = out_delimiter();
	size_t size, k, i;
	FILE *f = open_memstream(&b->text, &size);

	if (!f)
		die("out of memory");
	for (k = 0; k < r->n; k++) {
		put_element(f, r, k, delim);
		b->end[2 * k] = (size_t)ftell(f);
		putc(delim, f);
		if (p) {
			out_field(f, group_of(r, p, k));
			putc(delim, f);
		}
		b->end[2 * k + 1] = (size_t)ftell(f);
	}
	for (i = 0; i < STEP; i++)
		putc(' ', f);
	if (fclose(f))
		die("out of memory");
}

static size_t
longest_of(const struct beside *b, size_t n)
{
	size_t k, longest = 0, last = 0;

	for (k = 0; k < n; last = b->end[2 * k++ + 1])
		if (b->end[2 * k + 1] - last > longest)
			longest = b->end[2 * k + 1] - last;
	return longest;
}

static inline char *
put_bytes(char *p, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i += STEP)
		memcpy(p + i, s + i, STEP);
	return p + n;
}

static void
put_frame(const struct report *r, const struct beside *b, size_t i, double ms,
	  struct room *m)
{
	char time[NUMBER + STEP] = "";
	size_t k, n = out_num_text(ms, time), at = 0;

	for (k = 0; k < r->n; k++) {
		size_t middle = b->end[2 * k], end = b->end[2 * k + 1];
		char *p = m->byte + m->used;

		p = put_bytes(p, b->text + at, middle - at);
		p = put_bytes(p, time, n);
		p = put_bytes(p, b->text + middle, end - middle);
		p += value_text(r, i, k, p);
		*p++ = '\n';
		use_room(m, p);
		at = end;
	}
}

static void
write_long(struct report *r, const struct nodes *nodes)
{
	struct report_block b = frames_of(r);
	struct beside beside = {.end = zeros(2 * r->n, sizeof *beside.end)};
	struct room room;
	size_t i, done = 0;

	put_elements(&beside, r, nodes);
	room = make_room(longest_of(&beside, r->n));
	while (report_next(&b, &r, 1)) {
		for (i = 0; i < b.n; i++)
			put_frame(r, &beside, i,
				  report_time(r, report_frame(&b, i)), &room);
		progress(done += b.n);
	}
	empty(&room);
	free(room.byte);
	free(beside.text);
	free(beside.end);
}

/* ---- A row for each frame ---- */

/* "node3", or "node3/5/0.25" where cells have several elements, and so on. */
static char *
element_name(const struct report *r, size_t k, bool with_population)
{
	char pos[33] = "/", *id, *s;

	if (r->of_channels)
		return format("channel%" PRId64, r->id[k]);
	id = copy("");
	if (r->compartments && r->element_id) {
		free(id);
		id = format("/%" PRId64, r->element_id[k]);
	}
	if (r->compartments && r->element_pos)
		out_num_text(r->element_pos[k], pos + 1);
	else
		*pos = '\0';
	s = format("%s%snode%" PRId64 "%s%s",
		   with_population ? r->population : "",
		   with_population ? ":" : "", r->id[k], id, pos);
	free(id);
	return s;
}

/* Names of one kind get numbers, from the second on. */
struct names {
	struct labels seen;
	uint32_t *times;
	size_t cap;
};

static void
put_name(struct names *n, const struct report *r, char *base)
{
	uint32_t i = label(&n->seen, base);
	char *number = copy(""), *s;

	n->times = grow(n->times, &n->cap, i + 1, sizeof *n->times);
	if (++n->times[i] > 1) {
		free(number);
		number = format("#%u", (unsigned)n->times[i]);
	}
	s = format("%s%s%s%s", base, number, r->units ? "_" : "",
		   r->units ? r->units : "");
	out_text(s);
	free(s);
	free(number);
	free(base);
}

/* A single column has the name that a cell tool looks for. */
static void
put_single(const struct report *r)
{
	char *s;

	if (name) {
		out_text(name);
		return;
	}
	if (r->units && !strcmp(r->units, "mV"))
		s = copy("v_mV");
	else
		s = format("value%s%s", r->units ? "_" : "",
			   r->units ? r->units : "");
	out_text(s);
	free(s);
}

static void
wide_header(struct report *const *r, size_t n)
{
	struct names names = {0};
	size_t total = 0, i, k;

	for (i = 0; i < n; i++)
		total += r[i]->n;
	if (name && total != 1)
		die("%s: --column-name: %zu columns to be named '%s'",
		    r[0]->path, total, name);
	out_text("time_ms");
	for (i = 0; i < n; i++)
		for (k = 0; k < r[i]->n; k++)
			if (total == 1)
				put_single(r[i]);
			else
				put_name(&names, r[i],
					 element_name(r[i], k, n > 1));
	out_end();
	free(names.times);
	labels_free(&names.seen);
}

static void
check_same_times(struct report *const *r, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (r[i]->frames != r[0]->frames ||
		    report_time(r[i], 0) != report_time(r[0], 0) ||
		    report_time(r[i], r[i]->frames) !=
			    report_time(r[0], r[0]->frames))
			die("%s: not the times of %s: choose one by -p",
			    r[i]->path, r[0]->path);
}

static void
put_values(const struct report *r, size_t i, struct room *m)
{
	char delim = out_delimiter();
	size_t k;

	for (k = 0; k < r->n; k++) {
		char *p = m->byte + m->used;

		*p++ = delim;
		use_room(m, p + value_text(r, i, k, p));
	}
}

static void
write_wide(struct report *const *r, size_t n)
{
	struct report_block b = frames_of(r[0]);
	struct room room = make_room(0);
	size_t i, j, done = 0;

	while (report_next(&b, r, n)) {
		for (i = 0; i < b.n; i++) {
			double ms = report_time(r[0], report_frame(&b, i));

			room.used += out_num_text(ms, room.byte + room.used);
			for (j = 0; j < n; j++)
				put_values(r[j], i, &room);
			room.byte[room.used++] = '\n';
		}
		progress(done += b.n);
	}
	empty(&room);
	free(room.byte);
}

static void
write_reports(struct report *const *r, size_t n, const struct nodes *nodes)
{
	size_t i;

	if (wide)
		check_same_times(r, n);
	for (i = 0; i < n && !keep_nan; i++)
		check_values(r[i]);
	if (wide) {
		wide_header(r, n);
		write_wide(r, n);
		return;
	}
	long_header(r[0]);
	for (i = 0; i < n; i++)
		write_long(r[i], nodes);
}

int
main(int argc, char **argv)
{
	struct wanted_elements wanted = {0};
	struct reports all;
	struct report **r;
	const struct config *config;
	char *path;
	size_t n;

	argv = start(argc, argv, &tool);
	parse_wanted(&wanted);
	path = find_file(argv[0], &config);
	report_open(&all, path, &populations);
	r = list_reports(&all, &n);
	join_nodes(&wanted, r, n, config);
	choose_elements(&wanted, r, n, path);
	write_reports(r, n, wanted.nodes);
	end_wanted(&wanted);
	free(r);
	report_close(&all);
	free(path);
	return WORKED;
}
