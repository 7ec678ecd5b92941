/* connect-file -- connect the pairs of cells that a table lists
 *
 * The table is an edge table, of which the ids of both ends are looked up among
 * the cells, and every other column goes through as it is.  Rows come out in
 * the order of the sources and then of the targets, as those of all connectors
 * do, whatever order the table has: an external sort (spill.h) takes the places
 * of both cells and what the other columns have, so that memory follows the
 * cells. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "connect/connect.h"
#include "files.h"
#include "out.h"
#include "rows.h"
#include "sonata/spill.h"

static const char *pairs_path;
static bool relative, strict;

static const struct opt opts[] = {
	OPT_STR(0, "pairs", "file", &pairs_path,
		"the edge table that lists the pairs"),
	OPT_FLAG(0, "relative", &relative,
		 "it has places among the cells, from 0, not ids"),
	OPT_FLAG(0, "strict", &strict,
		 "a row that is of no such cells is an error"),
	OPT_TABLE(spill_opts_256M),
	OPT_TABLE(pool_opts),
	OPT_TABLE(connect_table_opts),
	OPT_TABLE(out_opts),
	OPT_REQUIRED("pairs"),
	OPT_END,
};

static const struct tool tool = {
	.purpose = "connect the pairs of cells that a table lists",
	.operands = "[file ...]",
	.most = INT32_MAX,
	.opts = opts,
};

enum { SOURCE, TARGET, SIDES };

static const char *const id_name[] = {"source_node_id", "target_node_id"};
static const char *const population_name[] = {"source_population",
					      "target_population"};

/* What a row has in the other columns, each text with its NUL.  Short texts are
 * sorted with the row; long ones wait in a scratch file, which is read in no
 * order: 10^7 rows of 8 bytes each take 1.3 s rather than 4.0.  The last byte
 * is a NUL where they are near. */
union texts {
	char near[24];
	struct {
		uint64_t at;
		char rest[15], far;
	};
};

struct scratch {
	FILE *file;
	uint64_t end;
	char *map; /* NULL: nothing is read back yet, or there is nothing */
};

struct pair_list {
	struct pool pool[SIDES];
	bool same; /* the same cells? */
	struct rows rows;
	size_t id[SIDES], population[SIDES];
	char *serves;   /* the population that cells of none are of */
	size_t *column; /* nown of them, that go through */
	const char **own, **value;
	size_t nown;
	struct scratch scratch;
	struct spill *spill;
	size_t first, end;           /* the sources of this shard */
	uint64_t read, unmatched;    /* rows */
	size_t line;                 /* of the first that is unmatched */
	uint64_t connections, loops; /* different pairs, and those of a cell and
				      * itself */
};

/* ---- The scratch file ---- */

/* False: they are too long. */
static bool
put_near(const struct pair_list *l, union texts *t)
{
	size_t k, n, used = 0;

	*t = (union texts){.near = ""};
	for (k = 0; k < l->nown; k++, used += n) {
		const char *text = l->rows.field[l->column[k]];

		n = strlen(text) + 1;
		if (n > sizeof t->near - used)
			return false;
		memcpy(t->near + used, text, n);
	}
	return true;
}

static void
put_far(struct pair_list *l, union texts *t)
{
	struct scratch *s = &l->scratch;
	size_t k;

	if (!s->file && !(s->file = fdopen(files_scratch(), "r+")))
		files_scratch_failed();
	t->at = s->end;
	t->far = true;
	for (k = 0; k < l->nown; k++) {
		const char *text = l->rows.field[l->column[k]];
		size_t n = strlen(text) + 1;

		if (fwrite(text, 1, n, s->file) != n)
			files_scratch_failed();
		s->end += n;
	}
}

/* Has the file in memory from now on, whose pages may leave it again: a row
 * takes no read(2), whatever the order of the rows. */
static void
map_texts(struct scratch *s)
{
	void *p;

	if (fflush(s->file))
		files_scratch_failed();
	p = mmap(NULL, s->end, PROT_READ, MAP_PRIVATE, fileno(s->file), 0);
	if (p == MAP_FAILED)
		files_scratch_failed();
	s->map = p;
}

static void
close_scratch(struct scratch *s)
{
	if (s->map)
		munmap(s->map, s->end);
	if (s->file)
		fclose(s->file);
}

/* ---- Reading ---- */

static bool
is_own(const struct pair_list *l, size_t column)
{
	size_t k;

	for (k = 0; k < SIDES; k++)
		if (column == l->id[k] || column == l->population[k])
			return false;
	return true;
}

static void
check_column(const struct rows *r, size_t column)
{
	if (!*r->name[column])
		die("%s: a column without a name", r->path);
}

static void
open_pairs(struct pair_list *l)
{
	struct rows *r = &l->rows;
	size_t k;

	rows_open(r, pairs_path);
	for (k = 0; k < SIDES; k++) {
		l->id[k] = rows_column(r, id_name[k]);
		l->population[k] = rows_find(r, population_name[k]);
	}
	l->column = zeros(r->n, sizeof *l->column);
	l->own = zeros(r->n, sizeof *l->own);
	l->value = zeros(r->n, sizeof *l->value);
	rows_check_names(r);
	for (k = 0; k < r->n; k++) {
		check_column(r, k);
		if (!is_own(l, k))
			continue;
		l->column[l->nown] = k;
		l->own[l->nown++] = r->name[k];
	}
}

static size_t
find_place(const struct pool *p, int64_t id)
{
	if (!relative)
		return pool_find(p, id);
	return id >= 0 && (uint64_t)id < p->n ? (size_t)id : SIZE_MAX;
}

/* The place of an end of this row, or SIZE_MAX. */
static size_t
find_end(struct pair_list *l, size_t side)
{
	static const char *const problem[] = {"no such source",
					      "no such target"};
	const struct rows *r = &l->rows;
	size_t population = l->population[side], place;

	place = find_place(&l->pool[side], rows_int(r, l->id[side]));
	if (population != NO_COLUMN &&
	    !pool_is_of(&l->pool[side], r, population, &l->serves)) {
		if (strict)
			rows_bad(r, population, problem[side]);
		return SIZE_MAX;
	}
	if (place == SIZE_MAX && strict)
		rows_bad(r, l->id[side], problem[side]);
	return place;
}

static void
take_pair(struct pair_list *l)
{
	size_t source = find_end(l, SOURCE), target = find_end(l, TARGET);
	union texts t;

	l->read++;
	if (source == SIZE_MAX || target == SIZE_MAX) {
		if (l->unmatched++ == 0)
			l->line = l->rows.line;
		return;
	}
	if (source < l->first || source >= l->end)
		return;
	if (!put_near(l, &t))
		put_far(l, &t);
	spill_add(l->spill, (uint64_t)source * l->pool[TARGET].n + target, &t);
}

static void
read_pairs(struct pair_list *l)
{
	uint64_t most = (uint64_t)l->pool[SOURCE].n * l->pool[TARGET].n;

	if (most > INT64_MAX)
		die("more than 2^63 pairs");
	connect_shard(l->pool[SOURCE].n, &l->first, &l->end);
	l->spill = spill_new(most > 0 ? most : 1,
			     l->nown > 0 ? sizeof(union texts) : 0,
			     spill_memory((size_t)256 << 20));
	while (rows_next(&l->rows))
		take_pair(l);
	if (l->scratch.file)
		map_texts(&l->scratch);
	if (l->unmatched > 0)
		warn("%s: %" PRIu64 " of %" PRIu64
		     " rows are of no such cells, and left out; the first is "
		     "line %zu",
		     l->rows.path, l->unmatched, l->read, l->line);
}

/* ---- Writing ---- */

static void
write_pair(struct pair_list *l, const struct connect_table *t, uint64_t key,
	   const char *texts)
{
	uint64_t n = l->pool[TARGET].n;
	uint32_t source = (uint32_t)(key / n), target = (uint32_t)(key % n);
	union texts at;
	size_t k;

	/* Pairs have texts where they have columns of their own. */
	if (texts) {
		memcpy(&at, texts, sizeof at);
		texts = at.far ? l->scratch.map + at.at : texts;
	}
	for (k = 0; texts && k < l->nown; k++) {
		l->value[k] = texts;
		texts += strlen(texts) + 1;
	}
	connect_write_edge(t, source, target, 1);
}

static void
write_pairs(struct pair_list *l, const struct connect_table *t)
{
	uint64_t n = l->pool[TARGET].n, last = UINT64_MAX;
	const uint64_t *key;
	const char *payload;
	size_t count, i;

	while ((count = spill_next(l->spill, &key, &payload)) > 0)
		for (i = 0; i < count; i++) {
			const char *texts = payload;

			if (payload)
				texts += i * sizeof(union texts);
			write_pair(l, t, key[i], texts);
			if (key[i] == last)
				continue;
			last = key[i];
			if (l->same && last / n == last % n)
				l->loops++;
			else
				l->connections++;
		}
}

/* The pairs of a cell and itself count where the table has any. */
static void
report_pairs(const struct pair_list *l)
{
	const struct pool *s = &l->pool[SOURCE], *t = &l->pool[TARGET];
	uint64_t sources = l->end - l->first, pairs = sources * t->n;
	struct connect_outcome o = {s->name, t->name, "forward", "directed",
				    .requested = NAN};

	if (l->same && l->loops == 0)
		pairs -= sources;
	o.pairs = o.possible = pairs;
	o.made = l->connections + l->loops;
	connect_report(connect_name(s, t), &o, 1);
}

int
main(int argc, char **argv)
{
	struct pair_list l = {.read = 0};
	struct connect_table t;

	argv = start(argc, argv, &tool);
	connect_check_input(argv, "pairs", pairs_path);
	pool_read(argv, 0, &l.pool[SOURCE], &l.pool[TARGET], &l.same);
	open_pairs(&l);
	t = (struct connect_table){.source = &l.pool[SOURCE],
				   .target = &l.pool[TARGET],
				   .nown = l.nown,
				   .own = l.own,
				   .value = l.value};
	connect_write_header(&t);
	read_pairs(&l);
	write_pairs(&l, &t);
	report_pairs(&l);
	spill_free(l.spill);
	close_scratch(&l.scratch);
	rows_close(&l.rows);
	free(l.serves);
	free(l.column);
	free(l.own);
	free(l.value);
	pool_free(&l.pool[SOURCE], &l.pool[TARGET]);
	return WORKED;
}
