#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connect/connect.h"
#include "files.h"
#include "measure/stats.h"
#include "out.h"
#include "progress.h"
#include "team.h"

/* How many rows a block of sources should have, more or less: enough that a
 * thread seldom waits for another, few enough for the cache.  A block whose
 * sources have more than was expected stops at MOST_ROWS. */
enum { BLOCK_ROWS = 16384, MOST_ROWS = 2 * BLOCK_ROWS };

/* Rows that are written at a time. */
enum { BATCH = 1024 };

static const char *name, *report;
static size_t jobs = 1;
static struct opt_shard shard;
static struct opt_list properties, backward_properties;

const struct opt connect_table_opts[] = {
	OPT_SHARD(&shard, "only the i-th of n parts of the sources, from 0"),
	OPT_STR(0, "name", "name", &name,
		"what random numbers follow from (SOURCE->TARGET)"),
	OPT_LIST(0, "property", "name=value", &properties,
		 "a column that all edges have the same of"),
	OPT_OUT_TOO(0, "report", "file", &report,
		    "add what was asked for and came out to this file"),
	OPT_END,
};

const struct opt connect_opts[] = {
	OPT_JOBS(&jobs, "how many threads; auto: all CPUs (1)"),
	OPT_TABLE(connect_table_opts),
	OPT_END,
};

const struct opt connect_backward_opts[] = {
	OPT_LIST(0, "backward-property", "name=value", &backward_properties,
		 "a column of edges from target to source"),
	OPT_END,
};

bool
connect_has_backward(void)
{
	return backward_properties.n > 0;
}

const char *
connect_name(const struct pool *source, const struct pool *target)
{
	if (!name)
		name = format("%s->%s", source->name, target->name);
	return name;
}

bool
connect_wants_report(void)
{
	return report != NULL;
}

void
connect_shard(size_t n, size_t *first, size_t *end)
{
	uint64_t from, to;

	opt_shard(&shard, n, &from, &to);
	*first = (size_t)from;
	*end = (size_t)to;
}

void
connect_check_input(char *const *paths, const char *option, const char *table)
{
	bool standard_input = !*paths;

	for (; *paths; paths++)
		standard_input = standard_input || !strcmp(*paths, "-");
	if (table && standard_input && !strcmp(table, "-"))
		misuse("the cells and --%s cannot both be the standard input",
		       option);
}

int64_t
connect_draw_synapses(const int64_t n[2], struct random_stream *s)
{
	return n[0] < n[1] ? random_integer(s, n[0], n[1]) : n[0];
}

void
connect_add(struct connect_rows *rows, uint32_t source, uint32_t target,
	    int64_t nsyns)
{
	if (rows->n == rows->cap)
		rows->row = grow(rows->row, &rows->cap, rows->n + 1,
				 sizeof *rows->row);
	rows->row[rows->n++] =
		(struct connect_row){source, target, nsyns, .kind = 0};
}

/* ---- Order ---- */

static uint64_t
key_of(const struct connect_row *r)
{
	return (uint64_t)r->source << 32 | r->target;
}

/* Sources, targets, kinds. */
static int
compare(const struct connect_row *r, const struct connect_row *s)
{
	uint64_t a = key_of(r), b = key_of(s);

	if (a != b)
		return a < b ? -1 : 1;
	return (r->kind > s->kind) - (r->kind < s->kind);
}

static int
by_all(const void *a, const void *b)
{
	const struct connect_row *r = a, *s = b;
	int order = compare(r, s);

	return order ? order : (r->nsyns > s->nsyns) - (r->nsyns < s->nsyns);
}

/* Two digits are enough for the places of 2^18 cells. */
enum { DIGIT = 9, FEW = 32 };

static void
sort_digit(const struct connect_row *from, struct connect_row *to, size_t n,
	   unsigned shift)
{
	const uint64_t mask = (1 << DIGIT) - 1;
	uint32_t place[1 << DIGIT] = {0}, at = 0, count;
	size_t i;

	for (i = 0; i < n; i++)
		place[key_of(&from[i]) >> shift & mask]++;
	for (i = 0; i <= mask; i++, at += count) {
		count = place[i];
		place[i] = at;
	}
	for (i = 0; i < n; i++)
		to[place[key_of(&from[i]) >> shift & mask]++] = from[i];
}

static void
insert_rows(struct connect_row *row, size_t n)
{
	struct connect_row last;
	size_t i, k;

	for (i = 1; i < n; i++) {
		last = row[i];
		for (k = i; k > 0 && by_all(&row[k - 1], &last) > 0; k--)
			row[k] = row[k - 1];
		row[k] = last;
	}
}

/* Rows whose keys are sorted.  Of multapses, a pair may have any number. */
static void
sort_equals(struct connect_row *row, size_t n)
{
	size_t i, end;

	for (i = 0; i < n; i = end) {
		end = i + 1;
		while (end < n && key_of(&row[end]) == key_of(&row[i]))
			end++;
		if (end - i < FEW)
			insert_rows(row + i, end - i);
		else
			qsort(row + i, end - i, sizeof *row, by_all);
	}
}

/* Sort by the digits in which keys differ, and then what is equal in all of
 * them.  qsort() takes six times as long for 1000 rows of a source, and half of
 * the time of a connector that makes them in no order. */
static void
sort_rows(struct connect_row *row, size_t n, struct connect_rows *spare)
{
	struct connect_row *from = row, *to, *swap;
	uint64_t differ = 0;
	unsigned shift;
	size_t i;

	if (n < FEW) {
		insert_rows(row, n);
		return;
	}
	spare->row = to = grow(spare->row, &spare->cap, n, sizeof *to);
	for (i = 0; i < n; i++)
		differ |= key_of(&row[i]) ^ key_of(row);
	for (shift = 0; shift < 64 && differ >> shift > 0; shift += DIGIT) {
		if ((differ >> shift & ((1 << DIGIT) - 1)) == 0)
			continue;
		sort_digit(from, to, n, shift);
		swap = from;
		from = to;
		to = swap;
	}
	if (from != row)
		memcpy(row, from, n * sizeof *row);
	sort_equals(row, n);
}

/* ---- Threads ---- */

/* A block of sources, and the rows of those before the next one. */
struct block {
	struct team_span sources;
	struct connect_rows rows, spare;
};

struct blocks {
	const struct connect_work *of;
	size_t next, end; /* sources that no block has yet */
	struct block *block;
	size_t written;
};

static void
make_one(const struct connect_work *c, size_t i, struct block *b)
{
	struct connect_rows *rows = &b->rows;
	size_t n = rows->n, k;

	c->make(c->arg, i, rows);
	for (k = n + 1; k < rows->n && !c->any_order; k++)
		if (compare(&rows->row[k - 1], &rows->row[k]) > 0) {
			sort_rows(rows->row + n, rows->n - n, &b->spare);
			return;
		}
}

static bool
take_block(void *arg, size_t slot)
{
	struct blocks *all = arg;

	return team_take_span(&all->block[slot].sources, &all->next, all->end,
			      BLOCK_ROWS);
}

static void
make_block(void *arg, size_t slot)
{
	const struct blocks *all = arg;
	struct block *b = &all->block[slot];
	struct team_span *s = &b->sources;

	b->rows.n = 0;
	while (s->next < s->end && b->rows.n < MOST_ROWS)
		make_one(all->of, s->next++, b);
	s->made += b->rows.n;
}

/* The rest of a block that has stopped is made here, part by part. */
static void
write_block(struct blocks *all, size_t slot)
{
	struct block *b = &all->block[slot];

	for (;;) {
		all->written += b->rows.n;
		progress(all->written);
		if (b->rows.n > 0)
			all->of->write(all->of->arg, &b->rows);
		if (b->sources.next == b->sources.end)
			return;
		make_block(all, slot);
	}
}

void
connect_all(const struct connect_work *c)
{
	struct blocks all = {.of = c, .end = c->n};
	size_t slots = jobs > 1 ? 2 * jobs : 1, k;
	struct team *t;

	if (!c->whole)
		connect_shard(c->n, &all.next, &all.end);
	progress_begin("edges", 0);
	all.block = zeros(slots, sizeof *all.block);
	t = team_start(&(struct team_work){jobs > 1 ? jobs : 0, slots,
					   take_block, make_block, &all});
	while (team_next(t, &k))
		write_block(&all, k);
	team_end(t);
	for (k = 0; k < slots; k++) {
		free(all.block[k].rows.row);
		free(all.block[k].spare.row);
	}
	free(all.block);
}

/* ---- The table ---- */

static bool
has_populations(const struct connect_table *t)
{
	return t->source->population || t->target->population;
}

/* A column that --property or --backward-property asks for. */
struct property {
	char *name;
	const char *value[2]; /* of a table, and of a backward one */
};

static struct property *property;
static size_t nproperties;

static struct property *
find_property(const char *column)
{
	size_t k;

	for (k = 0; k < nproperties; k++)
		if (!strcmp(property[k].name, column))
			return &property[k];
	return NULL;
}

static bool
is_own(const struct connect_table *t, const char *column)
{
	static const char *const taken[] = {
		"source_population", "target_population", "source_node_id",
		"target_node_id", "nsyns"};
	size_t i;

	for (i = 0; i < LEN(taken); i++)
		if (!strcmp(taken[i], column))
			return true;
	for (i = 0; i < t->nown; i++)
		if (!strcmp(t->own[i], column))
			return true;
	return false;
}

/* The name of the k-th NAME=VALUE of an option, in new memory. */
static char *
property_name(const struct connect_table *t, const char *option,
	      const struct opt_list *list, size_t k)
{
	const char *s = list->item[k];
	char *column = copy(s);
	size_t len = strcspn(s, "="), i;

	if (!s[len] || len == 0)
		misuse("--%s: not NAME=VALUE: '%s'", option, s);
	column[len] = '\0';
	if (is_own(t, column))
		misuse("--%s: a column of the connector's own: '%s'", option,
		       s);
	for (i = 0; i < k; i++)
		if (!strncmp(s, list->item[i], len + 1))
			misuse("--%s: there twice: '%s'", option, column);
	return column;
}

/* What --property says is for both directions until --backward-property is
 * read. */
static void
take_properties(const struct connect_table *t, const char *option,
		const struct opt_list *list)
{
	struct property *p;
	size_t k;

	for (k = 0; k < list->n; k++) {
		char *column = property_name(t, option, list, k);

		if ((p = find_property(column))) {
			free(column);
		} else {
			p = &property[nproperties++];
			p->name = column;
			p->value[0] = "";
		}
		p->value[1] = strchr(list->item[k], '=') + 1;
		if (list == &properties)
			p->value[0] = p->value[1];
	}
}

static void
read_properties(const struct connect_table *t)
{
	if (property)
		return;
	property =
		zeros(properties.n + backward_properties.n, sizeof *property);
	take_properties(t, "property", &properties);
	take_properties(t, "backward-property", &backward_properties);
}

static const char report_header[] =
	"connector,source,target,direction,kind,pairs,possible,made,"
	"requested,obtained,obtained_low,obtained_high\n";

/* Is the report a file by a name of its own, to which lines are added? */
static bool
is_added_to(void)
{
	struct stat st;

	return !files_is_descriptor(report) &&
	       (stat(report, &st) || S_ISREG(st.st_mode));
}

/* What is added to any other file would spoil it.  A new one is made when there
 * is something to write: who is stopped before leaves none. */
static void
check_report(void)
{
	char there[sizeof report_header] = "";
	ssize_t got;
	int fd;

	if (!report || !is_added_to())
		return;
	fd = open(report, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return;
	if (fd < 0 || flock(fd, LOCK_SH))
		die("%s:", report);
	got = read(fd, there, sizeof there - 1);
	if (got < 0 || close(fd))
		die("%s:", report);
	if (got > 0 && strcmp(there, report_header) != 0)
		die("%s: not empty, and not a report of connectors", report);
}

void
connect_write_header(const struct connect_table *t)
{
	size_t k;

	read_properties(t);
	check_report();
	if (has_populations(t)) {
		out_text("source_population");
		out_text("target_population");
	}
	out_text("source_node_id");
	out_text("target_node_id");
	if (t->nsyns)
		out_text("nsyns");
	for (k = 0; k < t->nown; k++)
		out_text(t->own[k]);
	for (k = 0; k < nproperties; k++)
		out_text(property[k].name);
	out_end();
}

void
connect_write_edge(const struct connect_table *t, uint32_t source,
		   uint32_t target, int64_t nsyns)
{
	size_t k;

	if (has_populations(t)) {
		out_text(t->source->population ? t->source->population : "");
		out_text(t->target->population ? t->target->population : "");
	}
	out_int(t->source->id[source]);
	out_int(t->target->id[target]);
	if (t->nsyns)
		out_int(nsyns);
	for (k = 0; k < t->nown; k++)
		out_text(t->value[k]);
	for (k = 0; k < nproperties; k++)
		out_text(property[k].value[t->backward]);
	out_end();
}

/* Rows of nothing but numbers go out together, which takes a fifth of the
 * time. */
static void
write_numbers(const struct connect_table *t, const struct connect_row *row,
	      size_t n)
{
	static int64_t ids[2][BATCH], nsyns[BATCH];
	const int64_t *column[] = {ids[0], ids[1], nsyns};
	size_t i;

	for (i = 0; i < n; i++) {
		ids[0][i] = t->source->id[row[i].source];
		ids[1][i] = t->target->id[row[i].target];
		nsyns[i] = row[i].nsyns;
	}
	out_ints(column, NULL, t->nsyns ? 3 : 2, n);
}

void
connect_write_edges(const struct connect_table *t,
		    const struct connect_rows *rows)
{
	bool texts = has_populations(t) || t->nown || nproperties > 0;
	size_t i, n;

	for (i = 0; i < rows->n; i += n) {
		const struct connect_row *r = &rows->row[i];

		n = texts ? 1 : rows->n - i;
		n = n < BATCH ? n : BATCH;
		if (texts)
			connect_write_edge(t, r->source, r->target, r->nsyns);
		else
			write_numbers(t, r, n);
	}
}

/* ---- The report ---- */

static void
put_real(FILE *f, double v)
{
	char s[32];

	out_num_text(v, s);
	fprintf(f, ",%s", isnan(v) ? "" : s);
}

static void
put_outcome(FILE *f, const char *connector, const struct connect_outcome *o)
{
	char *kind =
		format("%s%s%s", o->kind, o->of ? "-" : "", o->of ? o->of : "");
	const char *const text[] = {connector, o->source, o->target,
				    o->direction, kind};
	double made = (double)o->made, possible = (double)o->possible;
	double interval[2] = {NAN, NAN};
	size_t k;

	for (k = 0; k < LEN(text); k++) {
		out_field(f, text[k]);
		putc(',', f);
	}
	fprintf(f, "%llu,%llu,%llu", (unsigned long long)o->pairs,
		(unsigned long long)o->possible, (unsigned long long)o->made);
	put_real(f, o->requested);
	put_real(f, o->possible ? made / possible : NAN);
	if (o->made <= o->possible)
		stats_wilson(made, possible, 0.95, interval);
	put_real(f, interval[0]);
	put_real(f, interval[1]);
	putc('\n', f);
	free(kind);
}

/* Connectors may run side by side: a report gets the lines of one of them
 * together or none, and its header from whoever is first. */
static void
add(const char *text, size_t n)
{
	int fd = open(report, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	struct stat st;
	ssize_t wrote;

	if (fd < 0 || flock(fd, LOCK_EX) || fstat(fd, &st))
		die("%s:", report);
	if (st.st_size > 0) {
		n -= strlen(report_header);
		text += strlen(report_header);
	}
	for (; n > 0; text += wrote, n -= (size_t)wrote) {
		wrote = write(fd, text, n);
		if (wrote >= 0)
			continue;
		warn("%s:", report);
		if (ftruncate(fd, st.st_size))
			warn("%s: its last lines are cut:", report);
		end_badly();
	}
	if (close(fd))
		die("%s:", report);
}

static FILE *
memory_file(char **text, size_t *size)
{
	FILE *f = open_memstream(text, size);

	if (f)
		return f;
	die("out of memory");
}

void
connect_report(const char *connector, const struct connect_outcome *o, size_t n)
{
	char *text = NULL;
	size_t size = 0, i;
	FILE *f;

	if (!report)
		return;
	check_report();
	f = memory_file(&text, &size);
	fputs(report_header, f);
	for (i = 0; i < n; i++)
		put_outcome(f, connector, &o[i]);
	if (fclose(f))
		die("%s:", report);
	if (is_added_to())
		add(text, size);
	else if (!(f = fdopen(files_open(report), "w")) ||
		 fwrite(text, 1, size, f) != size || fclose(f))
		die("%s:", report);
	free(text);
}
