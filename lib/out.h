/* out.h -- write delimited text, a field at a time
 *
 *	out_header("node_id", "rows");
 *	for (i = 0; i < n; i++) {
 *		out_int(i);
 *		out_int(rows[i]);
 *		out_end();
 *	}
 *
 * It goes to the standard output, or with -o to a file that gets its name when
 * all of it is there.  The first write that fails ends the tool.
 */
#ifndef OUT_H
#define OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "opt.h"

/* -o FILE and -t: every tool that writes a table takes this table in.  -o alone
 * is for what is not a table, and both one by one for what may be one. */
extern const struct opt out_opts[], out_file_opts[], out_tsv_opts[];

/* Write what follows to this file, as if -o had named it: TSV to one whose name
 * ends in ".tsv". */
void out_to(const char *file);

#define out_header(...) out_names((const char *[]){__VA_ARGS__, NULL})

void out_names(const char *const *names); /* a header, NULL at its end */
void out_int(int64_t v);
void out_num(double v); /* the shortest text that reads back as v */
void out_decimal(int64_t v, size_t places); /* v/10^places, up to 9 of them */
void out_text(const char *s);               /* quoted if it has to be */
void out_real(double v); /* as out_num, but an empty field for NaN */
void out_missing(void);  /* an empty field */
void out_end(void);

/* n records of the same k columns of integers, column by column: the fastest
 * way out, 0.2 of the time of out_int for each.  Where there are texts for a
 * column, its numbers stand for these, which need no quotes. */
struct out_short {
	char text[22], n; /* n characters of it */
};
void out_ints(const int64_t *const *column, const struct out_short *const *text,
	      size_t k, size_t n);

/* Write a text as a field, or between quotes and the quotes in it twice, to
 * another file than the output. */
void out_field(FILE *f, const char *s);
void out_quote(FILE *f, const char *s);

/* Write bytes as they are: output that is not a table, or fields that have been
 * put together with what comes between them. */
void out_bytes(const void *s, size_t n);
char out_delimiter(void);

/* The file that -o names, or NULL, for a tool that writes it without this
 * module. */
const char *out_path(void);

/* Finish the file that -o named.  Without this call it is done at exit. */
void out_close(void);

/* Keep the standard output for this module: from now on the standard error gets
 * what anything else prints there. */
void out_keep(void);

/* Make sure at exit that all output has been written; and take note of what the
 * options said.  start() calls both, so that no tool can forget it. */
void out_check_at_exit(void);
void out_begin(void);

/* The text that out_num writes for a double, and that of a float which reads
 * back as it, and their length; s has room for 32 bytes. */
size_t out_num_text(double v, char *s);
size_t out_float_text(float v, char *s);

#endif
