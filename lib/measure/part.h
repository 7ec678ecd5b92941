/* part.h -- what a part of the work has counted, and the parts added up
 *
 * A tool says of itself which arrays hold all that its results are made of.
 * With --partial they are written, and with --part added, in one way:
 *
 *	struct part_sums *p = part_open();
 *
 *	if (part_is_merged())
 *		while (part_next(p)) {
 *			PART_KEEP(p, PART_SUM, "rows", "", rows, n);
 *			part_add(p);
 *		}
 *	else
 *		count(rows);
 *	if (part_is_wanted()) {
 *		part_say(p, (struct part_line){"cells", "LA", .at = 100});
 *		PART_KEEP(p, PART_SUM, "rows", "", rows, n);
 *		part_write(p, counted);
 *	}
 *	part_close(p);
 *
 * A part begins with its head: tool, version and options; then what the tool
 * says of the network, which is the same in all parts; which part it is, and
 * how many rows it has.  The format is in bmutils-formats(5).
 */
#ifndef PART_H
#define PART_H

#include "labels.h"
#include "measure/stats.h"
#include "opt.h"

/* --shard, --partial and --part. */
extern const struct opt part_opts[];

bool part_is_wanted(void); /* rather than results */
bool part_is_merged(void); /* are the results those of parts? */
const struct opt_shard *part_shard(void);

/* A line: what it is, a name, what that is of, a place and a value. */
enum { PART_RECORD, PART_NAME, PART_OF, PART_AT, PART_VALUE, PART_COLUMNS };

struct part_record {
	char *field[PART_COLUMNS];
};

struct part_sums {
	const char *path; /* the part that is read, as messages name it */
	uint64_t rows;    /* of the parts so far */

	/* The head: of what is written, or of the part that is read. */
	struct part_record *head;
	size_t nhead, mhead;

	/* The rest is for part.c. */
	struct part_reading *reading;
	struct part_array *array;
	size_t n, cap;
	struct labels names; /* of the arrays, by their numbers */
};

struct part_sums *part_open(void);
void part_close(struct part_sums *p);

/* Put a line into the head; NULL is "".  Those of "edges" and "cells" and so on
 * are the network's, which is the same in all parts; of "pathway" and "own"
 * a part has its own. */
struct part_line {
	const char *record, *name, *of;
	uint64_t at;
	const char *value;
};

void part_say(struct part_sums *p, struct part_line line);

/* The two numbers of a text such as 2/8; false if it is not one. */
bool part_numbers(const char *text, char between, uint64_t number[2]);

/* A checksum goes on from PART_NOTHING with each number. */
#define PART_NOTHING 14695981039346656037u
uint64_t part_checksum(uint64_t so_far, uint64_t v);

/* A number of 128 bits; false if the text is not one. */
bool part_wide(const char *text, stats_wide *v);
void part_wide_text(stats_wide v, char text[40]);

/* Arrays, which are known by a name and what it is of. */
struct part_array {
	enum {
		PART_SUM,   /* whole numbers that are added */
		PART_MOST,  /* the largest of each */
		PART_TEXT,  /* struct labels: all that are in any */
		PART_OTHER, /* what else is added: texts of our own */

		/* What is the same in all parts, and stands before all others;
		 * many are as the one before, or one more. */
		PART_SAME,
		PART_ROW
	} how;
	const char *name, *of;
	void *v;
	size_t n, width; /* of a number: 2, 4, 8 or 16 bytes */

	/* PART_OTHER: the next text of number i, of which *k have been written;
	 * NULL after the last.  And add one; false if it makes no sense. */
	const char *(*text)(const void *v, size_t i, size_t *k);
	bool (*take)(void *v, size_t i, const char *text);
};

#define PART_KEEP(p, how, name, of, v, n)                                      \
	part_keep(p, (struct part_array){how, name, of, v, n, sizeof *(v),     \
					 NULL, NULL})

/* Keep an array, instead of the one that had this name; its texts are copied.
 */
void part_keep(struct part_sums *p, struct part_array a);

/* Write what is kept; rows are those that were counted. */
void part_write(struct part_sums *p, uint64_t rows);

/* Go to the next part, and read its head; false after the last.  Ends the tool
 * if it is not of the same work, or if one is missing or there twice. */
bool part_next(struct part_sums *p);

/* Read what is the same, when its arrays are known: true for the first part.
 * The arrays of the others are not touched. */
bool part_read_same(struct part_sums *p);

/* Add the rest of the part to what is kept. */
void part_add(struct part_sums *p);

/* The command that makes results of a part like the one in this file: its tool,
 * and then its options. */
void part_command(const char *path, struct opt_list *command);

#endif
