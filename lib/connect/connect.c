#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connect/connect.h"
#include "out.h"
#include "progress.h"
#include "stats.h"

/* Rows that a block of sources should have, more or less: enough that a thread
 * seldom waits for another, few enough for the cache. */
enum { BLOCK_ROWS = 16384, MAX_BLOCK = 4096 };

/* Rows that are written at a time. */
enum { BATCH = 1024 };

static const char *jobs_text = "1", *part, *name, *report;
static struct opt_list properties, backward_properties;

const struct opt connect_table_opts[] = {
	OPT_STR(0, "shard", "i/n", &part,
		"only the i-th of n parts of the sources, from 0"),
	OPT_STR(0, "name", "text", &name,
		"what random numbers follow from (SOURCE->TARGET)"),
	OPT_LIST(0, "property", "name=value", &properties,
		 "a column that all edges have the same of"),
	OPT_STR(0, "report", "file", &report,
		"add to this file what was asked for and what came out"),
	OPT_END,
};

const struct opt connect_opts[] = {
	OPT_STR('j', "jobs", "n", &jobs_text,
		"how many threads; auto: all CPUs (1)"),
	OPT_TABLE(connect_table_opts),
	OPT_END,
};

const struct opt connect_backward_opts[] = {
	OPT_LIST(0, "backward-property", "name=value", &backward_properties,
		 "what the edges from target to source have of a column"),
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

	opt_shard(part, n, &from, &to);
	*first = (size_t)from;
	*end = (size_t)to;
}

size_t
connect_jobs(void)
{
	return opt_jobs(jobs_text);
}

struct connect_synapses
connect_read_synapses(const char *option, const char *text)
{
	char *low = copy(text), *high = strchr(low, ':');
	struct connect_synapses n;

	if (high)
		*high++ = '\0';
	if (!parse_int(low, &n.low) || !parse_int(high ? high : low, &n.high) ||
	    n.low < 1 || n.high < n.low)
		misuse("--%s: neither N nor LOW:HIGH, from 1 on: '%s'", option,
		       text);
	free(low);
	return n;
}

int64_t
connect_draw_synapses(const struct connect_synapses *n, struct random_stream *s)
{
	return n->low < n->high ? random_integer(s, n->low, n->high) : n->low;
}

void
connect_add(struct connect_rows *rows, uint32_t source, uint32_t target,
	    int64_t nsyns)
{
	rows->row = grow(rows->row, &rows->cap, rows->n + 1, sizeof *rows->row);
	rows->row[rows->n++] =
		(struct connect_row){source, target, nsyns, .kind = 0};
}

static int
compare(const struct connect_row *r, const struct connect_row *s)
{
	if (r->source != s->source)
		return r->source < s->source ? -1 : 1;
	if (r->target != s->target)
		return r->target < s->target ? -1 : 1;
	return (r->kind > s->kind) - (r->kind < s->kind);
}

/* ---- Threads ---- */

/* A block of sources, whose rows wait until those before are written. */
struct block {
	struct connect_rows rows;
	size_t sequence;
	bool done;
};

struct team {
	const struct connecting *of;
	size_t next, end; /* sources that no block has yet */
	size_t size;      /* of the next block */
	size_t taken, written;
	struct block *block; /* by sequence, around */
	size_t nblocks;
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

static int
by_ends(const void *a, const void *b)
{
	const struct connect_row *r = a, *s = b;
	int order = compare(r, s);

	return order ? order : (r->nsyns > s->nsyns) - (r->nsyns < s->nsyns);
}

static void
make_one(const struct connecting *c, size_t i, struct connect_rows *rows)
{
	size_t n = rows->n, k;

	c->make(c->arg, i, rows);
	for (k = n + 1; k < rows->n; k++)
		if (compare(&rows->row[k - 1], &rows->row[k]) > 0) {
			qsort(rows->row + n, rows->n - n, sizeof *rows->row,
			      by_ends);
			return;
		}
}

/* Take the next block of sources, when there is room for its rows; or NULL. */
static struct block *
take_block(struct team *t, size_t *first, size_t *end)
{
	struct block *b = NULL;

	pthread_mutex_lock(&t->lock);
	while (t->next < t->end && t->taken - t->written == t->nblocks)
		pthread_cond_wait(&t->changed, &t->lock);
	*first = t->next;
	if (t->next < t->end) {
		t->next +=
			t->size < t->end - t->next ? t->size : t->end - t->next;
		b = &t->block[t->taken++ % t->nblocks];
	}
	*end = t->next;
	pthread_mutex_unlock(&t->lock);
	return b;
}

/* The size of a block follows what the last ones have had of rows, which shows
 * in how long it takes, not in what comes out. */
static void
finish_block(struct team *t, struct block *b, size_t sources)
{
	pthread_mutex_lock(&t->lock);
	b->done = true;
	if (b->rows.n < BLOCK_ROWS / 2 && sources == t->size &&
	    t->size < MAX_BLOCK)
		t->size *= 2;
	else if (b->rows.n > BLOCK_ROWS && t->size > 1)
		t->size /= 2;
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&t->lock);
}

static void *
work(void *arg)
{
	struct team *t = arg;
	struct block *b;
	size_t first, end, i;

	while ((b = take_block(t, &first, &end))) {
		b->rows.n = 0;
		for (i = first; i < end; i++)
			make_one(t->of, i, &b->rows);
		finish_block(t, b, end - first);
	}
	return NULL;
}

/* The next block that is done, in order; NULL after the last one. */
static struct block *
await_block(struct team *t)
{
	struct block *b;
	bool done;

	pthread_mutex_lock(&t->lock);
	b = &t->block[t->written % t->nblocks];
	while (!b->done && (t->next < t->end || t->written < t->taken))
		pthread_cond_wait(&t->changed, &t->lock);
	done = b->done;
	pthread_mutex_unlock(&t->lock);
	return done ? b : NULL;
}

static void
release_block(struct team *t, struct block *b)
{
	pthread_mutex_lock(&t->lock);
	b->done = false;
	t->written++;
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&t->lock);
}

static void
write_blocks(struct team *t)
{
	struct block *b;
	size_t n = 0;

	while ((b = await_block(t))) {
		n += b->rows.n;
		progress(n);
		if (b->rows.n > 0)
			t->of->write(t->of->arg, &b->rows);
		release_block(t, b);
	}
}

static void
connect_in_threads(struct team *t, size_t n)
{
	pthread_t *thread = zeros(n, sizeof *thread);
	size_t k;

	t->nblocks = 2 * n;
	t->block = zeros(t->nblocks, sizeof *t->block);
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->changed, NULL);
	for (k = 0; k < n; k++)
		if (pthread_create(&thread[k], NULL, work, t) != 0)
			die("cannot start a thread");
	write_blocks(t);
	for (k = 0; k < n; k++)
		pthread_join(thread[k], NULL);
	pthread_cond_destroy(&t->changed);
	pthread_mutex_destroy(&t->lock);
	for (k = 0; k < t->nblocks; k++)
		free(t->block[k].rows.row);
	free(t->block);
	free(thread);
}

static void
connect_alone(const struct connecting *c, size_t first, size_t end)
{
	struct connect_rows rows = {0};
	size_t i, n = 0;

	for (i = first; i < end; i++) {
		make_one(c, i, &rows);
		if (rows.n < BLOCK_ROWS && i + 1 < end)
			continue;
		n += rows.n;
		progress(n);
		if (rows.n > 0)
			c->write(c->arg, &rows);
		rows.n = 0;
	}
	free(rows.row);
}

void
connect_all(const struct connecting *c)
{
	struct team t = {.of = c, .end = c->n, .size = 1};
	size_t n = connect_jobs();

	if (!c->whole)
		connect_shard(c->n, &t.next, &t.end);
	progress_unit = "edges";
	progress_start();
	if (n == 1)
		connect_alone(c, t.next, t.end);
	else
		connect_in_threads(&t, n);
}

/* ---- The table ---- */

static bool
has_populations(const struct connect_table *t)
{
	return t->source->population || t->target->population;
}

/* What --property and --backward-property come to. */
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

/* What --property says holds of both, until --backward-property is read. */
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

static int report_fd = -1;

static const char report_header[] =
	"connector,source,target,direction,kind,pairs,possible,made,"
	"requested,obtained,low,high\n";

/* A report is added to, which would spoil any other file. */
static void
open_report(void)
{
	char there[sizeof report_header] = "";
	size_t n = sizeof there - 1;
	ssize_t got;

	if (!report || report_fd >= 0)
		return;
	report_fd = open(report, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (report_fd < 0 || flock(report_fd, LOCK_SH))
		die("%s:", report);
	got = pread(report_fd, there, n, 0);
	if ((got < 0 && errno != ESPIPE) || flock(report_fd, LOCK_UN))
		die("%s:", report);
	if (got > 0 && ((size_t)got < n || strcmp(there, report_header) != 0))
		die("%s: not empty, and not a report of connectors", report);
}

void
connect_write_header(const struct connect_table *t)
{
	size_t first, end, k;

	connect_shard(t->source->n, &first, &end);
	connect_jobs();
	read_properties(t);
	open_report();
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

/* Numbers only, which go out together: a fifth of the time. */
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
	out_ints(column, t->nsyns ? 3 : 2, n);
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
put_text(FILE *f, const char *s)
{
	if (strpbrk(s, "\",\t\r\n"))
		out_quote(f, s);
	else
		fputs(s, f);
}

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
		put_text(f, text[k]);
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
 * together, and its header from whoever is first. */
static void
append(const char *text, size_t n)
{
	struct stat st;
	ssize_t wrote;

	if (flock(report_fd, LOCK_EX) || fstat(report_fd, &st))
		die("%s:", report);
	if (st.st_size > 0) {
		const char *end = strchr(text, '\n') + 1;

		n -= (size_t)(end - text);
		text = end;
	}
	for (; n > 0; text += wrote, n -= (size_t)wrote) {
		wrote = write(report_fd, text, n);
		if (wrote < 0)
			die("%s:", report);
	}
	if (close(report_fd))
		die("%s:", report);
	report_fd = -1;
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
	open_report();
	f = memory_file(&text, &size);
	fputs(report_header, f);
	for (i = 0; i < n; i++)
		put_outcome(f, connector, &o[i]);
	if (fclose(f))
		die("%s:", report);
	append(text, size);
	free(text);
}
