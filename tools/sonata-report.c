/* sonata-report -- write what a simulation recorded as a table
 *
 * Frames are read in blocks and written one after the other, so that memory
 * follows the number of elements and never that of frames.  In both forms rows
 * come by time, as they are in the file: by cell, all of it would have to be
 * turned round first.  What is wrong in the file is looked for before the first
 * row is written, which takes a tenth of the time that writing does. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "filter.h"
#include "labels.h"
#include "out.h"
#include "progress.h"
#include "report.h"

static struct list populations, where;
static const char *nodes, *elements, *positions, *channels, *network;
static const char *node_set, *name, *report;
static double from = -INFINITY, to = INFINITY, step = NAN;
static int64_t every = 1;
static bool wide, keep_nan;

static const struct opt opts[] = {
	OPT_LIST('p', "population", "name", &populations,
		 "only cells of this population (repeatable)"),
	OPT_STR(0, "report", "name", &report,
		"of a config, the report of this name"),
	OPT_STR(0, "nodes", "list", &nodes, "only these cells, as 3,10-19"),
	OPT_LIST(0, "where", "condition", &where,
		 "only cells for which it holds, as 'pop_name=PV'"),
	OPT_STR(0, "node-set", "name", &node_set,
		"only cells of this node set"),
	OPT_STR(0, "network", "file", &network,
		"the config or nodes of --where and --node-set"),
	OPT_STR(0, "elements", "list", &elements,
		"only these elements of cells, as 0,5-7"),
	OPT_STR(0, "positions", "low[:high]", &positions,
		"only elements at or between these positions"),
	OPT_STR(0, "channels", "list", &channels,
		"only these channels of electrodes, as 0,4-7"),
	OPT_NUM(0, "from", "ms", &from, "begin at this time"),
	OPT_NUM(0, "to", "ms", &to, "end with this time"),
	OPT_INT(0, "every", "n", &every, "only every n-th frame (1)"),
	OPT_NUM(0, "step", "ms", &step,
		"the time between frames, if the file does not say it"),
	OPT_FLAG(0, "wide", &wide,
		 "a row for each frame, a column for each element"),
	OPT_STR(0, "name", "column", &name, "the name of the only one of them"),
	OPT_FLAG(0, "keep-nan", &keep_nan,
		 "write what is no number as nan, and do not look for it"),
	OPT_TABLE(out_opts),
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

/* The one of a config's reports that is meant. */
static const cJSON *
find_report(const char *config, const cJSON *reports)
{
	const cJSON *one = json_first(reports), *c;
	char *names = NULL;

	if (!one)
		die("%s: no reports in it", config);
	if (!report && !one->next)
		return one;
	for (c = one; c; c = c->next) {
		if (report && !strcmp(c->string, report))
			return c;
		names = join(names, c->string);
	}
	die("%s: %s%s%s: %s", config, report ? "no report '" : "say --report",
	    report ? report : "", report ? "'" : "", names);
}

/* In the folder that the simulation writes to, by the name of the report if it
 * has no other. */
static char *
file_of(const char *config)
{
	char *folder = config_output(read_config(config), "output_dir"), *path;
	cJSON *json = read_json(config);
	const cJSON *one = find_report(
		config, cJSON_GetObjectItemCaseSensitive(json, "reports"));
	const char *file = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(one, "file_name"));
	size_t n;

	file = file ? file : one->string;
	n = strlen(file);
	if (strchr(file, '$'))
		die("%s: reports.%s.file_name has a variable: name the file "
		    "itself: '%s'",
		    config, one->string, file);
	if (!folder && *file != '/')
		die("%s: no output_dir in 'output'", config);
	path = format("%s%s%s%s", *file == '/' ? "" : folder,
		      *file == '/' ? "" : "/", file,
		      n > 3 && !strcmp(file + n - 3, ".h5") ? "" : ".h5");
	free(folder);
	cJSON_Delete(json);
	return path;
}

static char *
find_file(const char *operand)
{
	char head[512];

	if (looks_like_json(head, first_bytes(operand, head, sizeof head)))
		return file_of(operand);
	if (report)
		die("%s: --report: no config", operand);
	return copy(operand);
}

/* ---- Lists of ids ---- */

struct span {
	int64_t low, high;
	char *text;
	bool met; /* by any element */
};

struct spans {
	struct span *span;
	size_t n, cap;
};

static struct spans
parse_list(const char *option, const char *list)
{
	char *all = copy(list ? list : ""), *rest = all, *item;
	struct spans s = {0};

	while (list && (item = strsep(&rest, ","))) {
		struct span one = {.text = copy(item)};
		char *dash = strchr(item, '-');

		if (dash)
			*dash = '\0';
		if (!parse_int(item, &one.low) ||
		    !parse_int(dash ? dash + 1 : item, &one.high) ||
		    one.low < 0 || one.high < one.low)
			misuse("--%s: neither an id nor two, as 10-19: '%s'",
			       option, one.text);
		s.span = grow(s.span, &s.cap, s.n + 1, sizeof one);
		s.span[s.n++] = one;
	}
	free(all);
	return s;
}

/* Every span that has the id is met, so that none is found wanting which
 * another one covers. */
static bool
is_in(struct spans *s, int64_t id)
{
	bool in = s->n == 0;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (id >= s->span[i].low && id <= s->span[i].high)
			in = s->span[i].met = true;
	return in;
}

static void
end_list(struct spans *s, const char *option, const char *path)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (!s->span[i].met)
			die("%s: --%s: nothing of '%s' is in it", path, option,
			    s->span[i].text);
		free(s->span[i].text);
	}
	free(s->span);
}

/* ---- Which elements ---- */

/* What one has to be to be written. */
struct wanted {
	struct spans nodes, elements, channels;
	double low, high; /* positions */
	struct network *net;
	struct filter *filter;
};

static void
parse_positions(struct wanted *w)
{
	char *low = copy(positions ? positions : ""), *high;

	w->low = -INFINITY;
	w->high = INFINITY;
	high = strchr(low, ':');
	if (high)
		*high++ = '\0';
	if (positions &&
	    (!parse_num(low, &w->low) ||
	     !parse_num(high ? high : low, &w->high) || !(w->low <= w->high)))
		misuse("--positions: neither a position nor two, as 0.2:0.8: "
		       "'%s'",
		       positions);
	free(low);
}

static void
check_options(void)
{
	if (every < 1)
		misuse("--every: below 1");
	if (isnan(from) || isnan(to) || from > to)
		misuse("--from is above --to");
	if (!isnan(step) && !(step > 0 && step < INFINITY))
		misuse("--step: not above 0");
	if (name && !wide)
		misuse("--name is for --wide");
	if ((where.n || node_set) && !network)
		misuse("--%s: of which --network?",
		       node_set ? "node-set" : "where");
	if (network && !where.n && !node_set)
		misuse("--network: for which --where, or --node-set?");
}

static void
parse_wanted(struct wanted *w)
{
	w->nodes = parse_list("nodes", nodes);
	w->elements = parse_list("elements", elements);
	w->channels = parse_list("channels", channels);
	parse_positions(w);
	w->filter = where_filter(&where);
	w->net = network ? open_network(network, NULL) : NULL;
}

/* Leave out the cells that a filter does not let through, or that are not in
 * the network. */
static void
sift(const struct report *r, const struct population *p, struct filter *f,
     bool *keep)
{
	struct ids *ids = read_ids(p);
	bool *in = filter_nodes(p, f);
	size_t i;

	for (i = 0; i < r->n; i++) {
		uint32_t cell = find_id(ids, r->id[i]);

		keep[i] = keep[i] && cell != NO_CELL && in[cell];
	}
	free(in);
	free_ids(ids);
}

static void
sift_network(struct wanted *w, const struct report *r, bool *keep)
{
	struct population *p = open_population(
		find_ref(w->net, NODES, *r->population ? r->population : NULL));
	struct filter *set = NULL;

	if (node_set)
		set = node_set_filter(w->net, node_set, p->ref->name);
	if (set)
		sift(r, p, set, keep);
	if (w->filter)
		sift(r, p, w->filter, keep);
	free_filter(set);
	close_population(p);
}

static bool
is_wanted(struct wanted *w, const struct report *r, size_t i)
{
	if (r->of_channels)
		return is_in(&w->channels, r->id[i]);
	return is_in(&w->nodes, r->id[i]) &&
	       (!elements || is_in(&w->elements, r->element_id[i])) &&
	       (!positions ||
		(r->element_pos[i] >= w->low && r->element_pos[i] <= w->high));
}

/* An option that the report has nothing for is a slip. */
static void
check_report(const struct report *r)
{
	if (r->of_channels && (nodes || elements || positions || network))
		die("%s: of channels, not of cells: say --channels", r->path);
	if (!r->of_channels && channels)
		die("%s: of cells, not of channels: say --nodes", r->path);
	if (elements && !r->element_id)
		die("%s: --elements: it does not say which they are", r->path);
	if (positions && !r->element_pos)
		die("%s: --positions: it does not say where they are", r->path);
}

static void
choose(struct wanted *w, struct report *r)
{
	bool *keep = zeros(r->n, sizeof *keep);
	size_t i;

	check_report(r);
	for (i = 0; i < r->n; i++)
		keep[i] = is_wanted(w, r, i);
	if (w->net)
		sift_network(w, r, keep);
	keep_elements(r, keep);
	free(keep);
}

static void
end_wanted(struct wanted *w, const char *path)
{
	end_list(&w->nodes, "nodes", path);
	end_list(&w->elements, "elements", path);
	end_list(&w->channels, "channels", path);
	if (w->filter)
		filter_check(w->filter, network);
	free_filter(w->filter);
}

/* Those with something in them, or one of the others. */
static struct report **
list_reports(struct reports *all, size_t *n)
{
	struct report **list = zeros(all->n, sizeof(struct report *));
	size_t i;

	*n = 0;
	for (i = 0; i < all->n; i++) {
		struct report *r = &all->report[i];

		if (!isnan(step) && !r->has_times)
			set_times(r, step);
		if (!r->has_times)
			die("%s: no times in the file: say --step", r->path);
		if (r->n > 0 || (*n == 0 && i + 1 == all->n))
			list[(*n)++] = r;
	}
	return list;
}

/* ---- Frames ---- */

static struct block
frames_of(const struct report *r)
{
	struct block b = {.every = (uint64_t)every};

	find_frames(r, from, to, &b.next, &b.end);
	return b;
}

static _Noreturn void
bad_value(const struct report *r, const struct block *b, size_t i, size_t k)
{
	uint64_t frame = block_frame(b, i);

	die("%s: frame %" PRIu64 " (%g ms), %s %" PRId64 ": not a number: '%g'",
	    r->path, frame, frame_time(r, frame),
	    r->of_channels ? "channel" : "node", r->id[k],
	    report_value(r, i, k));
}

/* The sum of what is 0 times each value is 0 unless one of them is none. */
static void
check_values(struct report *r)
{
	struct block b = frames_of(r);
	size_t i, k;

	while (next_block(&b, &r, 1))
		for (i = 0; i < b.n; i++) {
			double sum = 0;

			for (k = 0; k < r->n; k++)
				sum += 0 * report_value(r, i, k);
			for (k = 0; isnan(sum) && k < r->n; k++)
				if (!isfinite(report_value(r, i, k)))
					bad_value(r, &b, i, k);
		}
}

/* ---- A row for each value ---- */

static void
long_header(const struct report *r)
{
	static const char *const axis[] = {"x", "y", "z"};
	size_t k;

	if (!r->of_channels) {
		out_header("population", "node_id", "element_id", "element_pos",
			   "time_ms", "value");
		return;
	}
	out_text("channel_id");
	for (k = 0; k < 3; k++)
		if (r->at[k])
			out_text(axis[k]);
	out_header("time_ms", "value");
}

/* What stands before the time, element by element.  Positions are few and the
 * same all over. */
struct prefix {
	struct labels text;
	uint32_t *pos[4]; /* of each element; NULL: not in the file */
};

static uint32_t *
texts_of(struct labels *l, const double *v, size_t n)
{
	uint32_t *text = v ? zeros(n, sizeof *text) : NULL;
	char s[32];
	size_t i;

	for (i = 0; v && i < n; i++) {
		if (i > 0 && v[i] == v[i - 1]) {
			text[i] = text[i - 1];
			continue;
		}
		num_text(v[i], s);
		text[i] = label(l, s);
	}
	return text;
}

static void
put_prefix(const struct report *r, const struct prefix *p, size_t k)
{
	size_t i;

	if (!r->of_channels)
		out_text(r->population);
	out_int(r->id[k]);
	for (i = 0; r->of_channels && i < 3; i++)
		if (p->pos[i])
			out_text(p->text.name[p->pos[i][k]]);
	if (r->of_channels)
		return;
	if (r->element_id)
		out_int(r->element_id[k]);
	else
		out_missing();
	if (p->pos[3])
		out_text(p->text.name[p->pos[3][k]]);
	else
		out_missing();
}

static void
write_long(struct report *r)
{
	struct block b = frames_of(r);
	struct prefix p = {0};
	char t[32];
	size_t i, k;

	for (k = 0; k < 3; k++)
		p.pos[k] = texts_of(&p.text, r->at[k], r->n);
	p.pos[3] = texts_of(&p.text, r->element_pos, r->n);
	while (next_block(&b, &r, 1)) {
		for (i = 0; i < b.n; i++) {
			num_text(frame_time(r, block_frame(&b, i)), t);
			for (k = 0; k < r->n; k++) {
				put_prefix(r, &p, k);
				out_text(t);
				out_num(report_value(r, i, k));
				out_end();
			}
		}
		progress((size_t)b.next);
	}
	for (k = 0; k < LEN(p.pos); k++)
		free(p.pos[k]);
	free_labels(&p.text);
}

/* ---- A row for each frame ---- */

/* "node3", or "node3/5/0.25" where cells have several elements, and so on. */
static char *
element_name(const struct report *r, size_t k, bool with_population)
{
	char pos[33] = "/", *id = copy(""), *s;

	if (r->of_channels)
		return format("channel%" PRId64, r->id[k]);
	if (r->compartments && r->element_id) {
		free(id);
		id = format("/%" PRId64, r->element_id[k]);
	}
	if (r->compartments && r->element_pos)
		num_text(r->element_pos[k], pos + 1);
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
		die("%s: --name: %zu columns to be named '%s'", r[0]->path,
		    total, name);
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
	free_labels(&names.seen);
}

static void
check_same_times(struct report *const *r, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (r[i]->frames != r[0]->frames ||
		    frame_time(r[i], 0) != frame_time(r[0], 0) ||
		    frame_time(r[i], r[i]->frames) !=
			    frame_time(r[0], r[0]->frames))
			die("%s: not the times of %s: choose one by -p",
			    r[i]->path, r[0]->path);
}

static void
write_wide(struct report *const *r, size_t n)
{
	struct block b = frames_of(r[0]);
	size_t i, j, k;

	while (next_block(&b, r, n)) {
		for (i = 0; i < b.n; i++) {
			out_num(frame_time(r[0], block_frame(&b, i)));
			for (j = 0; j < n; j++)
				for (k = 0; k < r[j]->n; k++)
					out_num(report_value(r[j], i, k));
			out_end();
		}
		progress((size_t)b.next);
	}
}

static void
write_reports(struct report *const *r, size_t n)
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
		write_long(r[i]);
}

int
main(int argc, char **argv)
{
	struct wanted wanted = {0};
	struct reports all;
	struct report **r;
	char *path;
	size_t i, n;

	argv = start(argc, argv, &tool);
	check_options();
	progress_unit = "frames";
	progress_start();
	parse_wanted(&wanted);
	path = find_file(argv[0]);
	open_reports(&all, path, &populations);
	r = list_reports(&all, &n);
	for (i = 0; i < n; i++)
		choose(&wanted, r[i]);
	end_wanted(&wanted, path);
	write_reports(r, n);
	free(r);
	close_reports(&all);
	free(path);
	return WORKED;
}
