/* rows.h -- read delimited text, a record at a time
 *
 *	struct rows in;
 *
 *	rows_open(&in, path);
 *	source = rows_column(&in, "source");
 *	while (rows_next(&in))
 *		visit(rows_int(&in, source));
 *	rows_close(&in);
 *
 * The first record names the columns.  If --separator's character is in it,
 * that separates fields, else a tab makes the file TSV, and other files are
 *CSV; all may quote their fields by RFC 4180.  Lines end in LF, CR LF, CR CR LF
 *or CR.  A mark of UTF-8 before them is passed over, spaces belong to the
 *field, blank lines are skipped, and every record has as many fields as the
 *header. Errors say "file:line: ...".
 *
 * Tables that other programs write may be looser: see rows_loosen().
 */
#ifndef ROWS_H
#define ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opt.h"

struct csv_parser;
struct labels;

/* A column to read many records of at a time. */
struct rows_column {
	size_t column;
	enum { ROWS_INT, ROWS_NUM, ROWS_FLAG, ROWS_LABEL } kind;
	int64_t missing;       /* what an empty field of ROWS_INT stands for */
	bool may_miss;         /* or is it an error? */
	struct labels *labels; /* ROWS_LABEL: the numbers are of these */
	int64_t *value;        /* where the values go, but for ROWS_NUM */
	double *real;          /* ROWS_NUM; a missing one is NaN */
};

struct rows {
	const char *path; /* as messages name it */
	char delim;
	size_t line;  /* where this record starts, from 1 */
	size_t n;     /* how many fields a record has */
	size_t taken; /* records so far, as progress.h has them */
	char **field; /* this record's fields, until the next rows_next */
	char **name;  /* the header's fields */

	/* The rest is for rows.c. */
	int fd;
	bool quotes, within;  /* has the file had one; is its last open? */
	char *buf;            /* bytes [beg, end) are yet to be split */
	size_t beg, end, cap; /* end stays below cap, for a last NUL */
	size_t waiting;       /* CRs after end: see end_lines() */
	size_t lines;         /* how many lines the last record took */
	size_t nfield, mfield;
	unsigned char *loose; /* rows_loosen: what each character is */
	bool held;            /* rows_next has been called in advance */
	enum { NO_INDEX, MAY_HAVE_INDEX, INDEX } index; /* without a name */
	struct csv_parser *csv; /* splits the records with quotes in them */
	char *text;             /* their fields, one after the other */
	size_t ntext, mtext, ntaken;
	const struct rows_column **plan; /* rows_batch: what each field is */
};

/* --separator, of every tool that has rows_open() read a table. */
extern const struct opt rows_opts[];

void rows_open(struct rows *r, const char *path); /* NULL or "-" is stdin */
bool rows_next(struct rows *r);                   /* false at the end */
void rows_close(struct rows *r);

/* Have any of these characters separate fields, from the header on: spaces and
 * tabs in runs and around another, such as " \t,".  Fields, but not names, may
 * be quoted.  If the header begins with a separator, and records have a field
 * more, the first is left out: pandas writes its index so. */
void rows_loosen(struct rows *r, const char *between);

/* The header of a loose table is a record, and columns are called 1, 2, ... */
void rows_disown_header(struct rows *r);

/* The same for a table without a header, whose columns are called 1, 2, ...; an
 * empty one has none.  --separator goes before the separators, and without any
 * a record is a line. */
void rows_open_bare(struct rows *r, const char *path, const char *between);

/* The place of a column; ends the tool if there is none, or if it is there
 * twice.  The others are NO_COLUMN if there is none: rows_find_any is the first
 * of some names, which NULL ends. */
#define NO_COLUMN SIZE_MAX
size_t rows_column(const struct rows *r, const char *name);
size_t rows_find(const struct rows *r, const char *name);
size_t rows_find_any(const struct rows *r, const char *const *names);

/* End the tool if the header, which lacks a column, seems to be separated by
 * what separates no fields here. */
void rows_check_commas(const struct rows *r, const char *wanted);

/* End the tool if any name is there twice, for who takes all columns. */
void rows_check_names(const struct rows *r);

/* Read up to max records of n columns, and the line of each; returns how many
 * there were, 0 at the end.  Four times as fast as rows_next and rows_int. */
size_t rows_batch(struct rows *r, const struct rows_column *c, size_t n,
		  uint64_t *line, size_t max);

/* A field as a number; ends the tool if it is not one, or has a decimal comma.
 */
int64_t rows_int(const struct rows *r, size_t column);
double rows_num(const struct rows *r, size_t column);
double rows_finite(const struct rows *r, size_t column); /* nor inf, nan */
bool rows_flag(const struct rows *r, size_t column);     /* as parse_flag */

/* Complain about a field: "file:line: column 'name': problem: 'value'". */
_Noreturn void rows_bad(const struct rows *r, size_t column,
			const char *problem);

#endif
