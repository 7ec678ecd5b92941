/* text.h -- tables of text as BMTK's simulators read them
 *
 *	struct text t;
 *
 *	text_open(&t, path, " \t,");
 *	when = text_column(&t, (const char *[]){"timestamps", NULL});
 *	while (text_next(&t))
 *		visit(text_num(&t, when));
 *	text_close(&t);
 *
 * Fields are separated by any of the given characters, several of which in a
 * row count as one, so that no field is empty; there are no quotes.  The first
 * line names the columns; blank lines are skipped.  What is wrong is said as
 * "file:line: ..." and ends the tool.  Tables of our own are rows.h's.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct text {
	const char *path;
	size_t line;  /* where this record is, from 1 */
	size_t n;     /* how many fields a record has */
	char **field; /* this record's, until the next text_next */
	char **name;  /* the header's */

	/* The rest is for text.c. */
	const char *separators;
	FILE *f;
	char *buf;
	size_t room, nfield, mfield;
};

void text_open(struct text *t, const char *path, const char *separators);
bool text_next(struct text *t); /* false at the end */
void text_close(struct text *t);

/* The place of the column that has the first of these names that there is,
 * which NULL ends; the end of the tool if there is none, or NO_FIELD. */
#define NO_FIELD SIZE_MAX
size_t text_column(const struct text *t, const char *const *names);
size_t text_find(const struct text *t, const char *name);

/* A field as a number, or the end of the tool if it is no finite one. */
double text_num(const struct text *t, size_t column);

/* Complain about a field: "file:line: column 'name': problem: 'value'". */
_Noreturn void text_bad(const struct text *t, size_t column,
			const char *problem);

#endif
