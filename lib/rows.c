/* Records are split where they lie: the reader takes the file in large blocks,
 * finds the ends of records and fields with memchr, and puts NULs over the
 * delimiters.  A record with a quote cannot be split so, and goes to libcsv
 * instead, which takes about nine times as long.  A block at a time is searched
 * for quotes, so that a file without them loses next to nothing. */
#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "labels.h"
#include "progress.h"
#include "rows.h"
#include "util.h"

#ifndef BLOCK
#define BLOCK ((size_t)256 * 1024)
#endif
#define BOM "\xEF\xBB\xBF" /* as spreadsheets put before UTF-8 */

/* What --separator says, from its words, which are called so elsewhere. */
static const char separators[] = "\0;|, \t";
static unsigned separator;

const struct opt rows_opts[] = {
	OPT_WORD(0, "separator", "character", &separator, "|;|bar|,|space|tab",
		 "tables that are read have this between fields"),
	OPT_END,
};

static size_t
count_quotes(const char *p, const char *end)
{
	size_t n = 0;

	for (; (p = memchr(p, '"', (size_t)(end - p))); p++)
		n++;
	return n;
}

/* CR, CR LF and CR CR LF end a line as LF does, but between quotes: put LF for
 * them into [p, end).  How many CRs at its end wait for what comes next? */
static size_t
end_lines(struct rows *r, char *p, const char *end, bool last)
{
	char *to = p, *cr;
	size_t n;
	bool lf;

	do {
		cr = memchr(p, '\r', (size_t)(end - p));
		n = (size_t)(cr ? cr - p : end - p);
		if (r->quotes && count_quotes(p, p + n) % 2)
			r->within = !r->within;
		memmove(to, p, to == p ? 0 : n);
		for (to += n, p += n, n = 0; p + n < end && p[n] == '\r'; n++)
			;
		if (p + n == end && n < 16 && !last)
			break;
		lf = n && !r->within && p + n < end && p[n] == '\n';
		memset(to, r->within ? '\r' : '\n', lf ? 1 : n);
		to += lf ? 1 : n;
		p += n + lf;
	} while (p < end);
	memmove(to, p, (size_t)(end - p));
	r->end = (size_t)(to - r->buf);
	return (size_t)(end - p);
}

/* Read one more block, after moving what is not yet split to the front: once a
 * record, however many blocks that takes. */
static bool
fill(struct rows *r)
{
	size_t left = r->end - r->beg, waiting = r->waiting;
	ssize_t n;
	char *p;

	if (r->beg > 0)
		memmove(r->buf, r->buf + r->beg, left + waiting);
	r->beg = 0;
	r->buf = grow(r->buf, &r->cap, left + waiting + BLOCK + 1, 1);
	p = r->buf + left + waiting;
	do
		n = read(r->fd, p, BLOCK);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		die("%s:", r->path);
	if (memchr(p, '\0', (size_t)n))
		die("%s: not text%s", r->path,
		    strchr("\xFE\xFF", *r->buf)
			    ? ", or UTF-16: save it as UTF-8"
			    : "");
	r->quotes = r->quotes || (!r->loose && memchr(p, '"', (size_t)n));
	r->waiting = end_lines(r, p - waiting, p + n, n == 0);
	return n > 0 || waiting > 0;
}

/* Take the next record off the buffer, without its newline.  A newline between
 * quotes is a part of a field, so the record ends at the first newline with an
 * even number of quotes before it. */
static bool
take_record(struct rows *r, char **record, size_t *len)
{
	size_t counted = 0, seen = 0, quotes = 0;
	char *p, *nl;

	r->line += r->lines;
	r->lines = 0;
	for (;;) {
		p = r->buf + r->beg;
		nl = memchr(p + seen, '\n', r->end - r->beg - seen);
		seen = r->end - r->beg;
		if (!nl && fill(r))
			continue;
		if (!nl)
			break;
		r->lines++;
		if (r->quotes)
			quotes += count_quotes(p + counted, nl);
		if (quotes % 2 == 0)
			break;
		counted = seen = (size_t)(nl + 1 - p);
	}
	*record = r->buf + r->beg;
	*len = (size_t)((nl ? nl : r->buf + r->end) - *record);
	r->beg += *len + (nl != NULL);
	return nl || *len > 0;
}

static void
add_field(struct rows *r, char *s)
{
	if (r->nfield == r->mfield)
		r->field = grow(r->field, &r->mfield, r->nfield + 1,
				sizeof *r->field);
	r->field[r->nfield++] = s;
}

/* The NULs go in last.  memchr reads many bytes at a time, and a read that
 * overlaps a write just made has to wait for it: ending each field as it is
 * found halves the speed. */
static void
split_plain(struct rows *r, char *p, char *end)
{
	size_t i;
	char *q;

	add_field(r, p);
	while ((q = memchr(p, r->delim, (size_t)(end - p)))) {
		p = q + 1;
		add_field(r, p);
	}
	for (i = 1; i < r->nfield; i++)
		r->field[i][-1] = '\0';
	*end = '\0';
}

/* libcsv hands over one field, with the NUL that CSV_APPEND_NULL asks for. */
static void
take_field(void *s, size_t len, void *arg)
{
	struct rows *r = arg;

	r->text = grow(r->text, &r->mtext, r->ntext + len + 1, 1);
	memcpy(r->text + r->ntext, s, len + 1);
	r->ntext += len + 1;
	r->ntaken++;
}

static void
split_quoted(struct rows *r, const char *p, size_t len)
{
	char *s;

	r->ntext = r->ntaken = 0;
	if (csv_parse(r->csv, p, len, take_field, NULL, r) != len ||
	    csv_fini(r->csv, take_field, NULL, r) != 0)
		die("%s:%zu: misplaced quote", r->path, r->line);
	for (s = r->text; r->ntaken > 0; r->ntaken--) {
		add_field(r, s);
		s += strlen(s) + 1;
	}
}

/* What a character is in a line of loose text. */
enum { OF_FIELD, BLANK, SEPARATOR, QUOTE, END };

static void
set_separators(struct rows *r, const char *between)
{
	r->loose = zeros(UCHAR_MAX + 1, 1);
	r->loose['\0'] = END;
	r->loose['"'] = *between ? QUOTE : OF_FIELD;
	for (; *between; between++)
		r->loose[(unsigned char)*between] =
			strchr(" \t", *between) ? BLANK : SEPARATOR;
}

/* The first character from p on that is not of a kind. */
static char *
skip(const struct rows *r, char *p, unsigned char kind)
{
	while (r->loose[(unsigned char)*p] == kind)
		p++;
	return p;
}

/* Take the quotes off a field; p is behind the first, and what is behind the
 * last is returned. */
static char *
unquote(const struct rows *r, char *p)
{
	char *to = p;

	for (; *p; *to++ = *p++)
		if (*p == '"' && *++p != '"') {
			*to = '\0';
			return p;
		}
	die("%s:%zu: misplaced quote", r->path, r->line);
}

/* At most one separator that is not a blank parts two fields, so that a field
 * that is missing between commas is not passed over.  strcspn takes twice as
 * long. */
static void
split_loose(struct rows *r, char *p, char *end)
{
	unsigned char kind;

	*end = '\0';
	p = skip(r, p, BLANK);
	for (kind = *p ? OF_FIELD : END; kind != END; *end = '\0') {
		bool quoted = r->loose[(unsigned char)*p] == QUOTE;

		add_field(r, p + quoted);
		end = quoted ? unquote(r, p + 1) : skip(r, p, OF_FIELD);
		p = skip(r, end, BLANK);
		kind = r->loose[(unsigned char)*p];
		if (p == end && (kind == QUOTE || kind == OF_FIELD))
			die("%s:%zu: misplaced quote", r->path, r->line);
		if (kind == SEPARATOR)
			p = skip(r, p + 1, BLANK);
	}
}

static void
split(struct rows *r, char *p, size_t len)
{
	r->nfield = 0;
	if (r->loose)
		split_loose(r, p, p + len);
	else if (r->quotes && memchr(p, '"', len))
		split_quoted(r, p, len);
	else if (len > 0)
		split_plain(r, p, p + len);
}

void
rows_check_commas(const struct rows *r, const char *wanted)
{
	static const char *const other[][2] = {
		{"semicolons", "';'"}, {"bars", "bar"}, {"spaces", "space"}};
	const char *only = r->csv && r->n == 1 ? *r->name : "";
	const char *at = strpbrk(only, ";|");
	size_t kind = at && *at == '|' ? 1 : 0;
	bool may_say = opt_offered(&separator);

	if (!at && wanted && strchr(only, ' ') && (at = strstr(only, wanted)))
		kind = 2;
	if (at)
		die("%s: separated by %s, rather than by commas or tabs: "
		    "'%s'%s%s",
		    r->path, other[kind][0], only,
		    may_say ? ": say --separator " : "",
		    may_say ? other[kind][1] : "");
}

bool
rows_next(struct rows *r)
{
	size_t len;
	char *p;

	progress(r->taken);
	if (r->held) {
		r->held = false;
		r->taken++;
		return true;
	}
	do {
		if (!take_record(r, &p, &len))
			return false;
		split(r, p, len);
	} while (r->nfield == 0);
	if (r->index == MAY_HAVE_INDEX)
		r->index = r->nfield > r->n ? INDEX : NO_INDEX;
	if (r->index == INDEX)
		memmove(r->field, r->field + 1, --r->nfield * sizeof *r->field);
	if (r->n && r->nfield != r->n)
		rows_check_commas(r, NULL);
	if (r->n && r->nfield != r->n)
		die("%s:%zu: %zu fields where the %s has %zu", r->path, r->line,
		    r->nfield, r->csv ? "header" : "first line", r->n);
	r->taken += r->n > 0;
	return true;
}

static int
never(unsigned char c)
{
	(void)c;
	return 0;
}

static void
open_input(struct rows *r, const char *path)
{
	*r = (struct rows){.path = path, .line = 1};
	if (!path || !strcmp(path, "-")) {
		r->path = "standard input";
		r->fd = STDIN_FILENO;
	} else if ((r->fd = open(path, O_RDONLY | O_CLOEXEC)) < 0) {
		die("%s:", path);
	}
	r->buf = grow(NULL, &r->cap, BLOCK + 1, 1);
}

/* Read the first line at least; returns its length. */
static size_t
begin(struct rows *r)
{
	size_t seen = 0;

	while (!memchr(r->buf + seen, '\n', r->end - seen)) {
		seen = r->end;
		if (!fill(r))
			break;
	}
	if (!strncmp(r->buf, BOM, strlen(BOM)))
		r->beg = strlen(BOM);
	return strcspn(r->buf, "\n");
}

/* The names of the columns are the fields of a record, or numbers. */
static void
name_columns(struct rows *r, bool numbered)
{
	r->n = r->nfield;
	r->name = zeros(r->n, sizeof *r->name);
	for (size_t i = 0; i < r->n; i++)
		r->name[i] =
			numbered ? format("%zu", i + 1) : copy(r->field[i]);
}

static void
free_names(struct rows *r)
{
	while (r->n > 0)
		free(r->name[--r->n]);
	free(r->name);
}

void
rows_open(struct rows *r, const char *path)
{
	char said = separators[separator];
	size_t len;

	open_input(r, path);
	len = begin(r);
	r->delim = memchr(r->buf, '\t', len) ? '\t' : ',';
	if (said && memchr(r->buf, said, len))
		r->delim = said;
	r->csv = zeros(1, sizeof *r->csv);
	if (csv_init(r->csv, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL))
		die("cannot start libcsv");
	csv_set_delim(r->csv, (unsigned char)r->delim);
	csv_set_space_func(r->csv, never);
	csv_set_term_func(r->csv, never);
	csv_set_blk_size(r->csv, BLOCK);
	if (!rows_next(r))
		die("%s: no header", r->path);
	name_columns(r, false);
}

void
rows_open_bare(struct rows *r, const char *path, const char *between)
{
	char said[] = {separators[separator], '\0'};

	open_input(r, path);
	set_separators(r, *said && *between ? said : between);
	begin(r);
	r->held = rows_next(r);
	name_columns(r, true);
}

void
rows_loosen(struct rows *r, const char *between)
{
	char *header = r->field[0], *last = r->field[r->n - 1];
	size_t i;

	for (i = 1; i < r->n; i++)
		r->field[i][-1] = r->delim;
	free_names(r);
	r->within = false;
	set_separators(r, between);
	r->nfield = 0;
	r->index = r->loose[(unsigned char)*header] == BLANK ? MAY_HAVE_INDEX
							     : NO_INDEX;
	split_loose(r, header, last + strlen(last));
	name_columns(r, false);
}

void
rows_disown_header(struct rows *r)
{
	free_names(r);
	name_columns(r, true);
	r->held = true;
}

void
rows_close(struct rows *r)
{
	free_names(r);
	csv_free(r->csv);
	free(r->csv);
	free(r->field);
	free(r->plan);
	free(r->loose);
	free(r->text);
	free(r->buf);
	if (r->fd != STDIN_FILENO)
		close(r->fd);
}

void
rows_check_names(const struct rows *r)
{
	struct labels names = {0};
	size_t i;

	for (i = 0; i < r->n; i++)
		if (label(&names, r->name[i]) < i)
			die("%s: column '%s' is there twice", r->path,
			    r->name[i]);
	labels_free(&names);
}

size_t
rows_find(const struct rows *r, const char *name)
{
	size_t i, found = NO_COLUMN;

	for (i = 0; i < r->n; i++) {
		if (strcmp(r->name[i], name) != 0)
			continue;
		if (found != NO_COLUMN)
			die("%s: column '%s' is there twice", r->path, name);
		found = i;
	}
	return found;
}

size_t
rows_find_any(const struct rows *r, const char *const *names)
{
	size_t i = NO_COLUMN;

	while (*names && i == NO_COLUMN)
		i = rows_find(r, *names++);
	return i;
}

size_t
rows_column(const struct rows *r, const char *name)
{
	size_t i = rows_find(r, name), k;
	char *there = NULL;

	if (i != NO_COLUMN)
		return i;
	rows_check_commas(r, name);
	for (k = 0; k < r->n; k++)
		there = join(there, r->name[k]);
	die("%s: no column '%s': there are %s", r->path, name, there);
}

void
rows_bad(const struct rows *r, size_t column, const char *problem)
{
	die("%s:%zu: column '%s': %s: '%s'", r->path, r->line, r->name[column],
	    problem, r->field[column]);
}

static _Noreturn void
bad_number(const struct rows *r, size_t column, const char *problem)
{
	const char *field = r->field[column];
	size_t n = strspn(field, "+-0123456789.,eE");

	rows_bad(r, column,
		 strchr(field, ',') && !field[n]
			 ? "a decimal comma, where a point is needed"
			 : problem);
}

int64_t
rows_int(const struct rows *r, size_t column)
{
	int64_t v;

	if (!parse_int(r->field[column], &v))
		bad_number(r, column, "not an integer");
	return v;
}

double
rows_num(const struct rows *r, size_t column)
{
	double v;

	if (!parse_num(r->field[column], &v))
		bad_number(r, column, "not a number");
	return v;
}

double
rows_finite(const struct rows *r, size_t column)
{
	double v = rows_num(r, column);

	if (!isfinite(v))
		rows_bad(r, column, "not a finite number");
	return v;
}

bool
rows_flag(const struct rows *r, size_t column)
{
	bool v;

	if (!parse_flag(r->field[column], &v))
		rows_bad(r, column, "neither true nor false");
	return v;
}

/* Store one field of a record that rows_next has split. */
static void
take_value(const struct rows *r, const struct rows_column *c, size_t row)
{
	bool empty = is_missing(r->field[c->column]);

	switch (c->kind) {
	case ROWS_INT:
		c->value[row] = empty && c->may_miss ? c->missing
						     : rows_int(r, c->column);
		break;
	case ROWS_NUM:
		c->real[row] = empty ? NAN : rows_num(r, c->column);
		break;
	case ROWS_FLAG:
		c->value[row] = rows_flag(r, c->column);
		break;
	case ROWS_LABEL:
		c->value[row] = label(c->labels, r->field[c->column]);
		break;
	}
}

/* Read up to eighteen digits at p; NULL if there is anything else. */
static inline const char *
take_digits(const char *p, int64_t *v)
{
	const char *digits = p;
	uint64_t n = 0; /* which may overflow, if it is not used */
	unsigned d;

	while ((d = (unsigned)*p - '0') < 10) {
		n = 10 * n + d;
		p++;
	}
	*v = (int64_t)n;
	return p == digits || p - digits > 18 ? NULL : p;
}

/* Labels come in runs: most often it is the one of the row before. */
static const char *
take_label(const char *p, char delim, const struct rows_column *c, size_t row)
{
	size_t len = 0, last = row ? (size_t)c->value[row - 1] : 0;
	const char *name = last < c->labels->n ? c->labels->name[last] : "";

	while (p[len] != delim && p[len] != '\n')
		len++;
	if (len && !strncmp(name, p, len) && !name[len])
		c->value[row] = (int64_t)last;
	else
		c->value[row] = label_bytes(c->labels, p, len);
	return p + len;
}

/* Read a field that is not all digits, if it is one of the usual ones. */
static const char *
take_other(const char *p, char delim, const struct rows_column *c, size_t row)
{
	bool empty = *p == delim || *p == '\n';

	if (c->kind == ROWS_LABEL)
		return take_label(p, delim, c, row);
	if (c->kind == ROWS_FLAG && (empty || !strncasecmp(p, "true", 4))) {
		c->value[row] = !empty;
		return empty ? p : p + 4;
	}
	if (c->kind != ROWS_INT || !empty || !c->may_miss)
		return NULL;
	c->value[row] = c->missing;
	return p;
}

/* Read the next record straight out of the buffer in which it ends, if it is a
 * usual one.  NULL leaves it to rows_next, which also reports what is wrong.
 * Finding the fields and reading the numbers in one go takes a quarter of the
 * time of doing one after the other. */
static inline const char *
take_plain(const struct rows *r, const char *p, size_t row)
{
	const struct rows_column *const *plan = r->plan;
	const char delim = r->delim;
	size_t i, n = r->n;

	if (*p == '\n')
		return NULL;
	for (i = 0; i < n; i++) {
		const struct rows_column *c = plan[i];
		const char *start = p;

		if (!c)
			while (*p != delim && *p != '\n')
				p++;
		else if (c->kind == ROWS_INT)
			p = take_digits(p, &c->value[row]);
		else
			p = NULL;
		if (!p && !(p = take_other(start, delim, c, row)))
			return NULL;
		if (*p != (i + 1 < n ? delim : '\n'))
			return NULL;
		p++;
	}
	return p;
}

static void
make_plan(struct rows *r, const struct rows_column *c, size_t n)
{
	if (!r->plan)
		r->plan = zeros(r->n, sizeof(struct rows_column *));
	for (size_t i = 0; i < r->n; i++)
		r->plan[i] = NULL;
	for (; n > 0; n--, c++)
		r->plan[c->column] = c;
}

/* Read records from row on, as long as they are plain and end in the buffer. */
static size_t
take_records(struct rows *r, size_t row, uint64_t *line, size_t max)
{
	const char *p = r->buf + r->beg, *next;
	const char *last = memrchr(p, '\n', r->end - r->beg);

	if (r->held)
		return row;
	r->line += r->lines;
	while (row < max && last && p <= last && !r->quotes && !r->loose &&
	       (next = take_plain(r, p, row))) {
		line[row++] = r->line++;
		r->taken++;
		p = next;
	}
	r->lines = 0;
	r->beg = (size_t)(p - r->buf);
	return row;
}

size_t
rows_batch(struct rows *r, const struct rows_column *c, size_t n,
	   uint64_t *line, size_t max)
{
	size_t row = 0, i;

	make_plan(r, c, n);
	progress(r->taken);
	while ((row = take_records(r, row, line, max)) < max && rows_next(r)) {
		for (i = 0; i < n; i++)
			take_value(r, &c[i], row);
		line[row++] = r->line;
	}
	return row;
}
