/* A part is a table of five columns, so that it can be read by eye and by other
 * programs: first its head, then what is the same in all parts, then what is
 * added, and a last line by which one knows that it is whole, and as it was
 * written. */
#include <endian.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "digits.h"
#include "measure/part.h"
#include "out.h"
#include "rows.h"
#include "util.h"

#define MOST_MISSING 10 /* parts in a message */

static struct opt_shard shard;
static bool partial;
static struct opt_list merged;

const struct opt part_opts[] = {
	OPT_SHARD(&shard, "with --partial: part i, from 0, of n"),
	OPT_FLAG(0, "partial", &partial, "write a part for conn-merge(1)"),
	OPT_LIST(0, "part", "file", &merged,
		 "add this part instead of reading edges (repeatable)"),
	OPT_NEEDS("shard", "partial"),
	OPT_EXCLUDE("partial part"),
	OPT_END,
};

static const char *const column[PART_COLUMNS] = {"record", "name", "of", "at",
						 "value"};

/* By how an array is kept. */
static const char *const record_of[] = {"sum",   "most", "text",
					"other", "same", "row"};

/* A part that has been read. */
struct done {
	const char *path;
	uint64_t part;
};

struct part_reading {
	struct rows rows;
	bool open;
	size_t next;      /* of the files */
	uint64_t records; /* of this part so far */
	uint64_t check;   /* their checksum */

	/* What all parts have in common; own is the tool's, its options and
	 * version. */
	struct part_record *own, *first;
	size_t nown, nfirst;
	const char *first_path;
	uint64_t parts; /* how many there are */
	struct done *done;
	size_t ndone, mdone;

	/* The numbers that are yet to be set by the last line of an array. */
	struct part_array *filled;
	uint64_t fill_at, fill_with;
};

bool
part_is_wanted(void)
{
	return partial;
}

bool
part_is_merged(void)
{
	return merged.n > 0;
}

const struct opt_shard *
part_shard(void)
{
	return &shard;
}

void
part_say(struct part_sums *p, struct part_line line)
{
	char number[24] = "";
	const char *const text[] = {line.record, line.name, line.of, number,
				    line.value};
	size_t k;

	if (line.at > 0)
		sprintf(number, "%" PRIu64, line.at);
	p->head = grow(p->head, &p->mhead, p->nhead + 1, sizeof *p->head);
	for (k = 0; k < PART_COLUMNS; k++)
		p->head[p->nhead].field[k] = copy(text[k] ? text[k] : "");
	p->nhead++;
}

bool
part_numbers(const char *text, char between, uint64_t number[2])
{
	char *first = copy(text), *second = strchr(first, between);
	int64_t v[2];
	bool good;

	if (second)
		*second++ = '\0';
	good = second && parse_int(first, &v[0]) && parse_int(second, &v[1]) &&
	       v[0] >= 0 && v[1] >= 0;
	if (good) {
		number[0] = (uint64_t)v[0];
		number[1] = (uint64_t)v[1];
	}
	free(first);
	return good;
}

/* FNV-1a (Fowler, Noll and Vo), eight bytes at a time. */
uint64_t
part_checksum(uint64_t so_far, uint64_t v)
{
	so_far = (so_far ^ v) * 1099511628211u;
	return so_far ^ so_far >> 32;
}

/* A checksum goes on with a text, whose bytes have the same order everywhere.
 */
static uint64_t
checksum_text(uint64_t so_far, const char *s)
{
	size_t n = strlen(s), i;

	for (i = 0; i <= n; i += sizeof(uint64_t)) {
		uint64_t v = 0;

		memcpy(&v, s + i, n - i < sizeof v ? n - i : sizeof v);
		so_far = part_checksum(so_far, le64toh(v));
	}
	return so_far;
}

/* Does what an option says change the results? Where files are does not, nor
 * how they are written; what is in them is another matter. */
static bool
is_matter(const struct opt *o)
{
	return o->kind != OPT_KIND_OUT && o->kind != OPT_KIND_OUT_TOO &&
	       o->kind != OPT_KIND_JOBS && o->kind != OPT_KIND_SHARD &&
	       o->kind != OPT_KIND_SIZE && strcmp(o->name, "tsv") != 0 &&
	       strcmp(o->name, "separator") != 0 && o->to.any != &partial &&
	       o->to.any != &merged;
}

static void
say_option(struct part_sums *p, const struct opt *o, const char *text)
{
	const char *slash = strrchr(text, '/');

	if (slash && o->arg && !strcmp(o->arg, "file"))
		text = slash + 1;
	part_say(p, (struct part_line){o->arg ? "option" : "flag", o->name,
				       .value = text});
}

/* conn-merge has a tool speak in its name, but not run as what it is not. */
static void
say_tool(struct part_sums *p)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): so it is given */
	const char *path = (const char *)getauxval(AT_EXECFN);
	const char *slash = path ? strrchr(path, '/') : NULL;
	const struct opt *o;
	const char *text;
	size_t i = 0, k;

	part_say(p, (struct part_line){"part", "tool",
				       .value = slash ? slash + 1 : progname});
	part_say(p,
		 (struct part_line){"part", "version", .value = opt_version});
	while ((o = opt_said(&i, &text)))
		if (!is_matter(o))
			continue;
		else if (o->kind == OPT_KIND_LIST)
			for (k = 0; k < o->to.list->n; k++)
				say_option(p, o, o->to.list->item[k]);
		else
			say_option(p, o, text);
}

struct part_sums *
part_open(void)
{
	struct part_sums *p = zeros(1, sizeof *p);
	struct part_reading *r = p->reading = zeros(1, sizeof *r);

	say_tool(p);
	if (part_is_merged()) {
		r->own = p->head;
		r->nown = p->nhead;
		p->head = NULL;
		p->nhead = p->mhead = 0;
	}
	return p;
}

static void
free_records(struct part_record *record, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < PART_COLUMNS; k++)
			free(record[i].field[k]);
	free(record);
}

void
part_close(struct part_sums *p)
{
	struct part_reading *r = p->reading;
	size_t i;

	if (r->first != p->head)
		free_records(r->first, r->nfirst);
	free_records(p->head, p->nhead);
	free_records(r->own, r->nown);
	free(r->done);
	free(r);
	for (i = 0; i < p->n; i++) {
		free((char *)p->array[i].name);
		free((char *)p->array[i].of);
	}
	free(p->array);
	labels_free(&p->names);
	free(p);
}

static struct part_array *
find_array(struct part_sums *p, const char *name, const char *of, bool make)
{
	char *both = format("%s\n%s", name, of);
	uint32_t k =
		make ? label(&p->names, both) : label_find(&p->names, both);

	free(both);
	if (k == NO_LABEL)
		return NULL;
	p->array = grow(p->array, &p->cap, k + (size_t)1, sizeof *p->array);
	p->n = p->names.n;
	return &p->array[k];
}

void
part_keep(struct part_sums *p, struct part_array a)
{
	struct part_array *kept = find_array(p, a.name, a.of, true);

	if (!kept->name) {
		kept->name = copy(a.name);
		kept->of = copy(a.of);
	}
	a.name = kept->name;
	a.of = kept->of;
	*kept = a;
}

/* ---- Numbers of several sizes ---- */

static stats_wide
number_at(const struct part_array *a, size_t i)
{
	switch (a->width) {
	case sizeof(uint16_t):
		return ((const uint16_t *)a->v)[i];
	case sizeof(uint32_t):
		return ((const uint32_t *)a->v)[i];
	case sizeof(uint64_t):
		return ((const uint64_t *)a->v)[i];
	default:
		return ((const stats_wide *)a->v)[i];
	}
}

/* False if it does not fit. */
static bool
set_number(const struct part_array *a, size_t i, stats_wide v)
{
	if (a->width < sizeof v && v >> 8 * a->width)
		return false;
	switch (a->width) {
	case sizeof(uint16_t):
		((uint16_t *)a->v)[i] = (uint16_t)v;
		break;
	case sizeof(uint32_t):
		((uint32_t *)a->v)[i] = (uint32_t)v;
		break;
	case sizeof(uint64_t):
		((uint64_t *)a->v)[i] = (uint64_t)v;
		break;
	default:
		((stats_wide *)a->v)[i] = v;
		break;
	}
	return true;
}

bool
part_wide(const char *s, stats_wide *v)
{
	const stats_wide most = ~(stats_wide)0;

	for (*v = 0; *s >= '0' && *s <= '9'; s++) {
		unsigned digit = (unsigned)*s - '0';

		if (*v > (most - digit) / 10)
			return false;
		*v = *v * 10 + digit;
	}
	return *s == '\0' && s[-1] >= '0' && s[-1] <= '9';
}

void
part_wide_text(stats_wide v, char text[40])
{
	char room[40], *s = room + sizeof room;

	*--s = '\0';
	do
		*--s = (char)('0' + (int)(v % 10));
	while ((v /= 10) > 0);
	memcpy(text, s, (size_t)(room + sizeof room - s));
}

/* ---- Writing ---- */

/* As the last line has it. */
enum { CHECKSUM = 24 };

static void
checksum_name(uint64_t v, char name[CHECKSUM])
{
	snprintf(name, CHECKSUM, "%016" PRIx64, v);
}

static uint64_t written; /* the checksum of the lines so far */

static void
put(const char *s)
{
	written = checksum_text(written, s);
	out_text(s);
}

static void
put_wide(stats_wide v)
{
	char text[40];

	if (v <= INT64_MAX)
		*digits_int(text, (int64_t)v) = '\0';
	else
		part_wide_text(v, text);
	put(text);
}

static uint64_t
put_line(const char *record, const char *name, const char *of, const char *at,
	 const char *value)
{
	put(record);
	put(name);
	put(of);
	put(at);
	put(value);
	out_end();
	return 1;
}

static void
begin_number(const struct part_array *a, size_t i)
{
	put(record_of[a->how]);
	put(a->name);
	put(a->of);
	put_wide(i);
}

static uint64_t
put_others(const struct part_array *a)
{
	uint64_t records = 0;
	const char *text;
	size_t i, k;

	for (i = 0; i < a->n; i++)
		for (k = 0; (text = a->text(a->v, i, &k)); records++) {
			begin_number(a, i);
			put(text);
			out_end();
		}
	return records;
}

static uint64_t
put_texts(const struct part_array *a)
{
	const struct labels *seen = a->v;
	uint64_t records = 0;
	size_t i, k;

	for (i = 0; i < a->n; i++)
		for (k = 0; k < seen[i].n; k++, records++) {
			begin_number(a, i);
			put(seen[i].name[k]);
			out_end();
		}
	return records;
}

/* Is number i what a reader expects who knows those before it? */
static bool
is_expected(const struct part_array *a, size_t i)
{
	if (a->how == PART_SUM || a->how == PART_MOST)
		return number_at(a, i) == 0;
	return i > 0 &&
	       number_at(a, i) == number_at(a, i - 1) + (a->how == PART_ROW);
}

static uint64_t
put_array(const struct part_array *a)
{
	uint64_t records = 0;
	size_t i;

	if (a->how == PART_TEXT)
		return put_texts(a);
	if (a->how == PART_OTHER)
		return put_others(a);
	for (i = 0; i < a->n; i++) {
		if (is_expected(a, i))
			continue;
		begin_number(a, i);
		put_wide(number_at(a, i));
		out_end();
		records++;
	}
	return records;
}

static bool
is_same(const struct part_array *a)
{
	return a->how == PART_SAME || a->how == PART_ROW;
}

void
part_write(struct part_sums *p, uint64_t rows)
{
	uint64_t parts = shard.parts ? shard.parts : 1, records = 1;
	char *text = format("%" PRIu64 "/%" PRIu64, shard.part, parts);
	char check[CHECKSUM];
	size_t i;
	int same;

	written = PART_NOTHING;
	out_names((const char *[]){column[0], column[1], column[2], column[3],
				   column[4], NULL});
	for (i = 0; i < p->nhead; i++) {
		char **f = p->head[i].field;

		records += put_line(f[0], f[1], f[2], f[3], f[4]);
	}
	records += put_line("shard", "", "", "", text);
	free(text);
	text = format("%" PRIu64, rows);
	records += put_line("rows", "", "", "", text);
	free(text);
	for (same = 1; same >= 0; same--) {
		records +=
			put_line("begin", same ? "same" : "sums", "", "", "");
		for (i = 0; i < p->n; i++)
			if (is_same(&p->array[i]) == same)
				records += put_array(&p->array[i]);
	}
	text = format("%" PRIu64, records);
	checksum_name(written, check);
	put_line("end", check, "", "", text);
	free(text);
}

/* ---- Reading ---- */

static void
say_header_wanted(const struct rows *r)
{
	size_t k;

	for (k = 0; k < PART_COLUMNS; k++)
		if (r->n != PART_COLUMNS || strcmp(r->name[k], column[k]) != 0)
			die("%s: not a part, as --partial writes it", r->path);
}

/* Is the last line of a file that of a part, or is that not known?  One that is
 * cut within a line is found to be so before that line is. */
static bool
is_ended(const char *path)
{
	char text[64], *line;
	int fd = strcmp(path, "-") != 0 ? open(path, O_RDONLY | O_CLOEXEC)
					: STDIN_FILENO;
	struct stat st;
	ssize_t n = 0;
	off_t from;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode)) {
		from = st.st_size - (off_t)sizeof text + 1;
		n = pread(fd, text, sizeof text - 1, from > 0 ? from : 0);
	}
	if (fd > STDIN_FILENO)
		close(fd);
	if (n <= 0)
		return true;
	if (text[n - 1] != '\n')
		return false;
	text[n] = '\0';
	while (n > 0 && strchr("\r\n", text[n - 1]))
		text[--n] = '\0';
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	return !strncmp(line, "end", 3) && strchr(",\t", line[3]);
}

static _Noreturn void
not_whole(const char *path)
{
	die("%s: ends before its last line: make this part again", path);
}

static bool
is_line(const struct rows *r, const char *record)
{
	return !strcmp(r->field[PART_RECORD], record);
}

/* The next line of a part, which does not end before its last. */
static void
next_line(struct rows *r, uint64_t *records, uint64_t *check)
{
	size_t k;

	if (!rows_next(r))
		not_whole(r->path);
	++*records;
	for (k = 0; !is_line(r, "end") && k < PART_COLUMNS; k++)
		*check = checksum_text(*check, r->field[k]);
}

static uint64_t
line_number(const struct rows *r, size_t k)
{
	int64_t v = *r->field[k] ? rows_int(r, k) : 0;

	if (v < 0)
		rows_bad(r, k, "less than 0");
	return (uint64_t)v;
}

static void
read_head(struct part_sums *p)
{
	struct part_reading *r = p->reading;
	char **f;

	p->nhead = p->mhead = 0;
	p->head = NULL;
	for (;;) {
		next_line(&r->rows, &r->records, &r->check);
		f = r->rows.field;
		if (is_line(&r->rows, "begin"))
			break;
		part_say(p, (struct part_line){f[PART_RECORD], f[PART_NAME],
					       f[PART_OF],
					       line_number(&r->rows, PART_AT),
					       f[PART_VALUE]});
	}
}

/* Which part it is, how many rows it has, and its pathways are its own. */
static bool
is_common(const struct part_record *record)
{
	const char *s = record->field[PART_RECORD];

	return strcmp(s, "shard") != 0 && strcmp(s, "rows") != 0 &&
	       strcmp(s, "pathway") != 0 && strcmp(s, "own") != 0;
}

/* The next of some records that parts have in common, or NULL. */
static const struct part_record *
next_common(const struct part_record *record, size_t n, size_t *i)
{
	while (*i < n && !is_common(&record[*i]))
		++*i;
	return *i < n ? &record[(*i)++] : NULL;
}

static bool
is_equal(const struct part_record *a, const struct part_record *b)
{
	size_t k;

	for (k = 0; a && b && k < PART_COLUMNS; k++)
		if (strcmp(a->field[k], b->field[k]) != 0)
			return false;
	return a && b;
}

/* A record as a message shows it, in new memory. */
static char *
show(const struct part_record *record)
{
	char *text, *more;
	size_t k;

	if (!record)
		return copy("nothing");
	text = copy(record->field[PART_NAME]);
	for (k = PART_OF; k < PART_COLUMNS; k++, text = more) {
		more = format("%s%s%s", text,
			      *text && *record->field[k] ? " " : "",
			      record->field[k]);
		free(text);
	}
	return text;
}

static bool
is_option(const struct part_record *record)
{
	return record && (!strcmp(record->field[PART_RECORD], "option") ||
			  !strcmp(record->field[PART_RECORD], "flag"));
}

static _Noreturn void
refuse(const struct part_sums *p, const struct part_record *here,
       const char *other, const struct part_record *there)
{
	const char *what = "another network";

	if (is_option(here) || is_option(there)) {
		what = "other options";
		here = is_option(here) ? here : NULL;
		there = is_option(there) ? there : NULL;
	} else if (here && !strcmp(here->field[PART_RECORD], "part")) {
		what = format("another %s", here->field[PART_NAME]);
	}
	die("%s: is of %s than %s: here %s, there %s", p->path, what, other,
	    show(here), show(there));
}

/* The head has these records first, or these alone. */
static void
compare(const struct part_sums *p, const struct part_record *with, size_t n,
	const char *other, bool alone)
{
	const struct part_record *here, *there;
	size_t i = 0, k = 0;

	for (;;) {
		there = next_common(with, n, &k);
		if (!there && !alone)
			break;
		here = next_common(p->head, p->nhead, &i);
		if (!here && !there)
			break;
		if (!is_equal(here, there))
			refuse(p, here, other, there);
	}
	here = next_common(p->head, p->nhead, &i);
	if (is_option(here))
		refuse(p, here, other, NULL);
}

static const char *
head_value(const struct part_sums *p, const char *record)
{
	size_t i;

	for (i = 0; i < p->nhead; i++)
		if (!strcmp(p->head[i].field[PART_RECORD], record))
			return p->head[i].field[PART_VALUE];
	die("%s: not a part: there is no line '%s' in its head", p->path,
	    record);
}

/* Note which part this is. */
static void
note_shard(struct part_sums *p)
{
	struct part_reading *r = p->reading;
	const char *text = head_value(p, "shard");
	uint64_t which[2]; /* of how many */
	int64_t rows;
	size_t i;

	if (!part_numbers(text, '/', which) || which[0] >= which[1])
		die("%s: not a part: its shard is '%s'", p->path, text);
	if (!parse_int(head_value(p, "rows"), &rows) || rows < 0)
		die("%s: not a part: its rows are '%s'", p->path,
		    head_value(p, "rows"));
	if (r->ndone > 0 && which[1] != r->parts)
		die("%s: is one of %" PRIu64 " parts, and %s one of %" PRIu64,
		    p->path, which[1], r->first_path, r->parts);
	for (i = 0; i < r->ndone; i++)
		if (r->done[i].part == which[0])
			die("%s: is part %s, as %s is", p->path, text,
			    r->done[i].path);
	r->parts = which[1];
	r->done = grow(r->done, &r->mdone, r->ndone + 1, sizeof *r->done);
	r->done[r->ndone++] = (struct done){p->path, which[0]};
	p->rows += (uint64_t)rows;
}

static bool
is_done(const struct part_reading *r, uint64_t part)
{
	size_t i;

	for (i = 0; i < r->ndone; i++)
		if (r->done[i].part == part)
			return true;
	return false;
}

static void
check_all_done(const struct part_reading *r)
{
	char *list = NULL;
	uint64_t part, missing = 0;

	for (part = 0; part < r->parts && missing <= MOST_MISSING; part++) {
		char *one = format("%" PRIu64 "/%" PRIu64, part, r->parts);

		if (!is_done(r, part))
			list = join(list,
				    ++missing > MOST_MISSING ? "..." : one);
		free(one);
	}
	if (list)
		die("part%s %s %s missing", missing > 1 ? "s" : "", list,
		    missing > 1 ? "are" : "is");
}

/* The next part of this file, which begins with a header as the first does; or
 * the first of the next. */
static bool
find_part(struct part_sums *p)
{
	struct part_reading *r = p->reading;

	if (r->open && rows_next(&r->rows)) {
		size_t k;

		for (k = 0; k < PART_COLUMNS; k++)
			if (strcmp(r->rows.field[k], column[k]) != 0)
				rows_bad(&r->rows, k,
					 "something after the end of a part");
		return true;
	}
	if (r->open)
		rows_close(&r->rows);
	r->open = r->next < merged.n;
	if (!r->open)
		return false;
	rows_open(&r->rows, merged.item[r->next]);
	say_header_wanted(&r->rows);
	if (!is_ended(merged.item[r->next++]))
		not_whole(r->rows.path);
	p->path = r->rows.path;
	return true;
}

bool
part_next(struct part_sums *p)
{
	struct part_reading *r = p->reading;
	bool first = r->ndone == 0;

	if (!find_part(p)) {
		check_all_done(r);
		return false;
	}
	if (r->first != p->head)
		free_records(p->head, p->nhead);
	r->records = 0;
	r->check = PART_NOTHING;
	read_head(p);
	if (first) {
		compare(p, r->own, r->nown, "this", false);
		r->first = p->head;
		r->nfirst = p->nhead;
		r->first_path = p->path;
	} else {
		compare(p, r->first, r->nfirst, r->first_path, true);
	}
	note_shard(p);
	return true;
}

/* Set the numbers from the last line of an array up to this one. */
static void
fill(struct part_reading *r, uint64_t end)
{
	struct part_array *a = r->filled;

	for (; a && r->fill_at < end; r->fill_at++) {
		set_number(a, r->fill_at, r->fill_with);
		r->fill_with += a->how == PART_ROW;
	}
}

static void
take_number(struct part_reading *r, struct part_array *a, uint64_t at)
{
	stats_wide v, sum;

	if (!part_wide(r->rows.field[PART_VALUE], &v))
		rows_bad(&r->rows, PART_VALUE, "not a number");
	if (is_same(a)) {
		fill(r, a == r->filled ? at : r->filled ? r->filled->n : 0);
		if (!set_number(a, at, v))
			rows_bad(&r->rows, PART_VALUE, "does not fit");
		r->filled = a;
		r->fill_at = at;
		r->fill_with = (uint64_t)v;
		return;
	}
	sum = number_at(a, at);
	sum = a->how == PART_SUM ? sum + v : v > sum ? v : sum;
	if (sum < v || !set_number(a, at, sum))
		rows_bad(&r->rows, PART_VALUE, "the sum does not fit");
}

/* What all parts have the same of is read before the memory for the sums is
 * taken, and the memory of it is gone by then. */
static void
take_line(struct part_sums *p, struct part_array **last, bool same)
{
	struct part_reading *r = p->reading;
	char **f = r->rows.field;
	struct part_array *a = *last;
	uint64_t at;

	if (!a || strcmp(a->name, f[PART_NAME]) != 0 ||
	    strcmp(a->of, f[PART_OF]) != 0)
		a = *last = find_array(p, f[PART_NAME], f[PART_OF], false);
	if (!a || is_same(a) != same || !is_line(&r->rows, record_of[a->how]))
		rows_bad(&r->rows, PART_NAME, "no such array here");
	at = line_number(&r->rows, PART_AT);
	if (at >= a->n)
		rows_bad(&r->rows, PART_AT, "past the end");
	if (a->how == PART_TEXT)
		label((struct labels *)a->v + at, f[PART_VALUE]);
	else if (a->how == PART_OTHER && !a->take(a->v, at, f[PART_VALUE]))
		rows_bad(&r->rows, PART_VALUE, "not what a part has there");
	else if (a->how != PART_OTHER)
		take_number(r, a, at);
}

bool
part_read_same(struct part_sums *p)
{
	struct part_reading *r = p->reading;
	bool first = r->ndone == 1;
	struct part_array *last = NULL;

	for (;;) {
		next_line(&r->rows, &r->records, &r->check);
		if (is_line(&r->rows, "begin"))
			break;
		if (first)
			take_line(p, &last, true);
	}
	if (first && r->filled)
		fill(r, r->filled->n);
	return first;
}

/* A fuzzer would seldom get past the checksum. */
static void
check_end(const struct part_reading *r)
{
	char check[CHECKSUM];

	if (line_number(&r->rows, PART_VALUE) != r->records)
		rows_bad(&r->rows, PART_VALUE,
			 "another number of lines than the part has");
	checksum_name(r->check, check);
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
	if (strcmp(r->rows.field[PART_NAME], check) != 0)
		rows_bad(&r->rows, PART_NAME,
			 "not the checksum of these lines, which have been "
			 "changed: make this part again");
#endif
}

void
part_add(struct part_sums *p)
{
	struct part_reading *r = p->reading;
	struct part_array *last = NULL;

	for (;;) {
		next_line(&r->rows, &r->records, &r->check);
		if (is_line(&r->rows, "end"))
			break;
		take_line(p, &last, false);
	}
	check_end(r);
}

void
part_command(const char *path, struct opt_list *command)
{
	uint64_t records = 0, check = 0;
	struct rows r;
	char **f;

	rows_open(&r, path);
	say_header_wanted(&r);
	if (!is_ended(path))
		not_whole(r.path);
	for (;;) {
		next_line(&r, &records, &check);
		f = r.field;
		if (is_line(&r, "begin"))
			break;
		if (is_line(&r, "part") && !strcmp(f[PART_NAME], "tool"))
			opt_list_add(command, copy(f[PART_VALUE]));
		if (is_line(&r, "option"))
			opt_list_add(command, format("--%s=%s", f[PART_NAME],
						     f[PART_VALUE]));
		if (is_line(&r, "flag"))
			opt_list_add(command, format("--%s", f[PART_NAME]));
	}
	rows_close(&r);
}
