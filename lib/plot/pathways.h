/* pathways.h -- a table of what leads from group to group, as conn-matrix has
 *it
 *
 *	struct pathways w = {.ask = {.value = "probability"}};
 *
 *	pathways_read(&w, path);
 *	for (i = 0; i < w.n; i++)
 *		draw(w.groups.name[w.path[i].source], w.path[i].value);
 *	pathways_free(&w);
 *
 * A pathway is an arrow from one group to another, or a line between them for
 * gap junctions, which is there once for its two rows.
 */
#ifndef PATHWAYS_H
#define PATHWAYS_H

#include "labels.h"
#include "opt.h"
#include "rows.h"

enum pathways_sign {
	PATHWAYS_UNKNOWN,
	PATHWAYS_EXCITATORY,
	PATHWAYS_INHIBITORY,
	PATHWAYS_MIXED
};

struct pathway {
	size_t source, target;
	bool line, dropped;
	double value, back; /* NaN: none; of a line, as its other row has it */
	char *text;         /* of the column of labels, or NULL */
	enum pathways_sign sign;
};

/* The columns to take, or NULL for what suits; and what texts in that of signs
 * mean besides words and numbers. */
struct pathways_ask {
	const char *value, *label, *sign, *gap;
	bool no_gap;
	struct opt_list excitatory, inhibitory;
};

struct pathways {
	struct pathways_ask ask;
	struct rows in;
	struct labels groups;
	int64_t *cells; /* of each, or -1 */
	struct pathway *path;
	size_t n;

	/* What the columns are called; NULL if there is none. */
	const char *value_name, *label_name, *sign_name, *gap_name;

	/* The rest is for pathways.c: pairs of groups, "SOURCE TARGET", where
	 * the table has each, the line that is drawn for each; and columns, or
	 * NO_COLUMN. */
	size_t cap, mcells;
	struct labels rows, lines;
	size_t *row, *line;
	size_t mrow, mline;
	size_t source, target, count[2], value, label, sign, gap;
};

/* Ends the tool if the table is not as it should be. */
void pathways_read(struct pathways *w, const char *path);

/* Drops all but the highest values that are not below the least, of arrows and
 * of lines apart; all are kept if most is negative.  How many are left. */
size_t pathways_drop(struct pathways *w, double least, int64_t most);

void pathways_free(struct pathways *w);

#endif
