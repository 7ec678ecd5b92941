/* Text is put together in a block of our own: stdio's putc, even unlocked,
 * takes twice as long, printf ten times. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "digits.h"
#include "files.h"
#include "opt.h"
#include "out.h"
#include "shortest.h"
#include "suffix.h"

#define BLOCK ((size_t)128 * 1024)
#define SPECIAL "\",\t\r\n"
#define MAX_INT 24 /* a sign, nineteen digits, a delimiter, and some */

static const char *path, *table_path; /* of -o */
static bool tsv;

const struct opt out_file_opts[] = {
	OPT_OUT('o', "output", "file", &path,
		"write to this file, all of it or nothing"),
	OPT_END,
};

const struct opt out_tsv_opts[] = {
	OPT_FLAG('t', "tsv", &tsv, "separate by tabs instead of commas"),
	OPT_END,
};

const struct opt out_opts[] = {
	OPT_OUT('o', "output", "file", &table_path,
		"write to this file, all of it or nothing"),
	OPT_TABLE(out_tsv_opts),
	OPT_END,
};

static char block[BLOCK + SHORTEST_ROOM]; /* more than MAX_INT */
static size_t used;
static int fd = -1;
static int standard_output = STDOUT_FILENO;
static bool started; /* does this record have a field yet? */

/* A reader that went away is not an error of ours: end by SIGPIPE, even if it
 * is ignored because our parent ignored it. */
static _Noreturn void
write_failed(void)
{
	if (errno == EPIPE)
		end_by_signal(SIGPIPE);
	warn("%s:", path && strcmp(path, "-") != 0 ? path : "standard output");
	end_badly();
}

static void
open_output(void)
{
	fd = path ? files_open(path) : standard_output;
	/* Fewer turns between writer and reader: a seventh less time. */
	fcntl(fd, F_SETPIPE_SZ, 1 << 20);
}

static void
flush(void)
{
	size_t done = 0;
	ssize_t n;

	if (fd < 0)
		open_output();
	while (done < used) {
		n = write(fd, block + done, used - done);
		if (n < 0 && errno != EINTR)
			write_failed();
		done += n > 0 ? (size_t)n : 0;
	}
	used = 0;
}

/* A table is what the name of its file says. */
void
out_to(const char *file)
{
	static const char *const known[] = {
		"csv", "tsv",
		("gz|bz2|xz|zst|zip|h5|hdf5|nc|mat|npy|npz|pkl|parquet|feather|"
		 "xls|xlsx|ods|json|xml|html|svg|png|pdf|jpg|jpeg|gif|tif|tiff|"
		 "eps|ps|dot|gv|gml|graphml|gexf|mtx")};
	size_t said;

	path = file;
	said = suffix_find(known, LEN(known));
	if (said == 2 || (said == 0 && opt_given(&tsv)))
		misuse("--output: '%s' is not the name of %s", file,
		       said ? "a table" : "--tsv");
	tsv = opt_given(&tsv) || said == 1;
}

const char *
out_path(void)
{
	return path;
}

static void
discard(void)
{
	used = 0;
}

void
out_close(void)
{
	if (used || (path && fd < 0))
		flush();
	if (path && fd >= 0 && close(fd))
		write_failed();
	if (path)
		files_done();
	path = NULL;
	fd = -1;
}

void
out_keep(void)
{
	if (fflush(stdout))
		write_failed();
	standard_output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	if (standard_output < 0)
		die("standard output:");
	if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		die("standard error:");
}

/* --help goes through stdio, tables do not. */
static void
close_output(void)
{
	bool to_file = path && (fd >= 0 || used);

	if (fd >= 0 || used)
		out_close();
	if (!to_file && (fflush(stdout) || close(standard_output)))
		write_failed();
}

void
out_begin(void)
{
	if (table_path)
		out_to(table_path);
}

static void
nothing(int sig)
{
	(void)sig;
}

/* A file that may not grow any more makes write(2) fail, and does not kill us.
 * The signal is handled, not ignored: gnuplot would inherit that it is ignored,
 * and not notice the failure. */
void
out_check_at_exit(void)
{
	struct sigaction sa = {.sa_handler = nothing, .sa_flags = SA_RESTART};

	sigemptyset(&sa.sa_mask);
	sigaction(SIGXFSZ, &sa, NULL);
	at_failure(discard);
	if (atexit(close_output))
		die("cannot watch standard output");
}

void
out_bytes(const void *s, size_t n)
{
	const char *p = s;
	size_t part;

	for (; n > 0; p += part, n -= part) {
		if (used >= BLOCK)
			flush();
		part = n < BLOCK - used ? n : BLOCK - used;
		memcpy(block + used, p, part);
		used += part;
	}
}

static void
put(char c)
{
	if (used >= BLOCK)
		flush();
	block[used++] = c;
}

char
out_delimiter(void)
{
	return tsv ? '\t' : ',';
}

static void
begin_field(void)
{
	if (started)
		put(out_delimiter());
	started = true;
}

void
out_end(void)
{
	put('\n');
	started = false;
}

void
out_names(const char *const *names)
{
	for (; *names; names++)
		out_text(*names);
	out_end();
}

/* Where a number is put in the block, so that its text is not copied. */
static char *
begin_number(void)
{
	begin_field();
	if (used >= BLOCK)
		flush();
	return block + used;
}

void
out_int(int64_t v)
{
	used = (size_t)(digits_int(begin_number(), v) - block);
}

void
out_ints(const int64_t *const *column, const struct out_short *const *text,
	 size_t k, size_t n)
{
	char *p, delim = out_delimiter();
	size_t i, j;

	for (i = 0; i < n; i++) {
		if (used > BLOCK - k * MAX_INT)
			flush();
		p = block + used;
		for (j = 0; j < k; j++) {
			const struct out_short *s =
				text && text[j] ? text[j] + column[j][i] : NULL;

			p = s ? (char *)memcpy(p, s->text, 22) + s->n
			      : digits_int(p, column[j][i]);
			*p++ = delim;
		}
		p[-1] = '\n';
		used = (size_t)(p - block);
	}
}

/* If a text of fifteen digits or fewer reads back as a double, %.15g finds it;
 * seventeen digits are enough for all.  Subnormal numbers have fewer bits, and
 * their shortest text may have a digit or two.  Doubles are twice as close
 * below a power of two as above it: where the nearest text of sixteen digits
 * reads back as the double below, that nearest to a little more may not. */
size_t
out_num_text(double v, char *s)
{
	int n = fabs(v) < 2.3e-308 ? 1 : 15;
	size_t len = shortest_text(v, s);

	if (len > 0)
		return len;
	if (v == 0)
		return (size_t)sprintf(s, "%s", signbit(v) ? "-0" : "0");
	if (isnan(v))
		return (size_t)sprintf(s, "nan");
	for (; n <= 17; n++) {
		sprintf(s, "%.*g", n, v);
		if (strtod(s, NULL) != v)
			sprintf(s, "%.*Lg", n, v * (1 + 0x1p-54L));
		if (strtod(s, NULL) == v)
			break;
	}
	return strlen(s);
}

void
out_num(double v)
{
	char *s;

	if (fabs(v) < 1e15 && v == (double)(int64_t)v && v != 0) {
		out_int((int64_t)v);
		return;
	}
	s = begin_number();
	used += out_num_text(v, s);
}

/* As out_num of 0.001 or more, in a fifth of its time. */
void
out_decimal(int64_t v, size_t places)
{
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v, whole, part;
	char *p = begin_number();
	size_t k;

	for (; places > 0 && u % 10 == 0; places--)
		u /= 10;
	for (whole = u, k = 0; k < places; k++)
		whole /= 10;
	if (v < 0)
		*p++ = '-';
	p = digits_unsigned(p, whole);
	if (places > 0)
		*p++ = '.';
	for (part = u, k = places; k-- > 0; part /= 10)
		p[k] = (char)('0' + part % 10);
	used = (size_t)(p + places - block);
}

size_t
out_float_text(float v, char *s)
{
	size_t len = shortest_float(v, s);
	int n = fabsf(v) < 1.2e-38F ? 1 : 6;

	if (len == 0 && (isnan(v) || (fabsf(v) < 1e15F && v == truncf(v))))
		len = out_num_text((double)v, s);
	for (; len == 0; len = n++ == 9 || strtof(s, NULL) == v ? strlen(s) : 0)
		sprintf(s, "%.*g", n, (double)v);
	return len;
}

/* Fields with a comma or a tab are both quoted, because a header of one column
 * does not say which of them delimits.  A record of one empty field is quoted,
 * so that it is not taken for a blank line. */
void
out_text(const char *s)
{
	bool blank = !started && !*s;

	begin_field();
	if (!blank && !strpbrk(s, SPECIAL)) {
		out_bytes(s, strlen(s));
		return;
	}
	put('"');
	for (; *s; s++) {
		if (*s == '"')
			put('"');
		put(*s);
	}
	put('"');
}

void
out_quote(FILE *f, const char *s)
{
	putc('"', f);
	for (; *s; s++) {
		if (*s == '"')
			putc('"', f);
		putc(*s, f);
	}
	putc('"', f);
}

void
out_field(FILE *f, const char *s)
{
	if (!strpbrk(s, SPECIAL))
		fputs(s, f);
	else
		out_quote(f, s);
}

void
out_missing(void)
{
	out_text("");
}

void
out_real(double v)
{
	if (isnan(v))
		out_missing();
	else
		out_num(v);
}
