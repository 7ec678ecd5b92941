/* signals.h -- signals in a table: columns of numbers at regular times
 *
 *	struct signals in;
 *	size_t c, k;
 *
 *	signals_open(&in, &(struct signals_ask){.path = path});
 *	while (signals_next(&in))
 *		for (c = 0; c < in.n; c++)
 *			for (k = 0; k < in.samples; k++)
 *				visit(in.time[k], in.x[c][k]);
 *	signals_close(&in);
 *
 * A table has "time_ms" and a column for each signal, as sonata-report --wide
 * writes it: those that -c names, or else all.  A time may begin anywhere, and
 * the step is the mean one: a time that is more than a thousandth of a step off
 * its place ends the tool with the line where a gap is, as do a value that is
 * empty or not finite and a record of one row.  With --by the rows of each
 *value of a column are a record of their own, wherever they stand, in the order
 *of their first rows; elsewhere the table is one record, or none if it has no
 * rows.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <stdbool.h>
#include <stddef.h>

#include "labels.h"
#include "opt.h"
#include "rows.h"

/* -c, --by and --separator. */
extern const struct opt signals_opts[];

/* What to read.  What is left out is as the options say. */
struct signals_ask {
	const char *path;    /* NULL or "-" is the standard input */
	const char *columns; /* signals, with commas between them */
	const char *by;      /* the column that tells records apart */
	const char *by_any;  /* the same, if the table has it */
	bool alone;          /* -c and --by are of another table */
	bool may_miss;       /* an empty value is NaN and no error */
	bool others;         /* keep the fields of all other columns */
};

struct signals {
	const char *path; /* as messages name it */
	size_t n;         /* signals */
	const char **name;
	const char *by; /* the name of --by's column, or NULL */

	/* This record, until the next signals_next.  What is in x may be
	 * changed. */
	const char *record; /* its value of that column, or NULL */
	size_t samples;     /* at least 2 */
	double *time;       /* ms, as the table has them */
	double **x;         /* of each signal, its samples */
	double step_ms, rate_Hz;
	struct signals_grid { /* times that are texts of few digits */
		int64_t first, step;
		double parts; /* of a ms; 0: they are not */
		size_t places;
	} grid;

	/* The rest is for signals.c. */
	struct rows in;
	struct signals_ask ask;
	size_t time_column, by_column;
	size_t *column; /* of each signal */
	size_t *role;   /* of each column: a signal, or one of these */
	struct labels records;
	struct signal_record {
		size_t n, cap, ntext, mtext, nplaces, mplaces;
		double *time, **x;
		char *text; /* the other fields of all rows, one by one */
		struct signal_place *place;
	} * all;
	size_t nall, mall, at;
	char *called;
	bool is_merged; /* what --by says is in "signal" */
	size_t written; /* samples of this record */
	const char *next_other;
};

void signals_open(struct signals *in, const struct signals_ask *ask);
bool signals_next(struct signals *in);
void signals_close(struct signals *in);

/* The time in ms that so many steps take: where the step is a text of few
 * digits, so is this. */
double signals_after(const struct signals *in, double steps);

/* Write the time of a sample as a field, as out_num would. */
void signals_write_time(const struct signals *in, size_t sample);

/* The sample that is nearest to a time, which may be outside of the record. */
double signals_nearest(const struct signals *in, double ms);

/* Write the names of all columns of the table as the header of another, and a
 * sample as a record of it: for who has asked for the others, and goes through
 * the samples in their order. */
void signals_write_header(const struct signals *in);
void signals_write(struct signals *in, size_t sample);

/* The header of a tool's own table, NULL at its end, and a record of it as far
 * as that column which --by puts before them; where --by is "signal", the
 * column "signal" of the tool has what it says. */
void signals_header(struct signals *in, const char *const *names);
void signals_write_record(const struct signals *in);

/* What the column "signal" has for one of them. */
const char *signals_called(struct signals *in, size_t signal);

/* Complain about a record, or about one of its samples, and end the tool. */
_Noreturn void signals_bad(const struct signals *in, const char *fmt, ...)
	PRINTF(2, 3);

/* Have frequencies above 0 and below half the rate: otherwise it is misuse of
 * the option. */
void signals_check_Hz(const struct signals *in, const char *option,
		      double frequency_Hz);

#endif
