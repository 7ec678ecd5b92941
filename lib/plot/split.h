/* split.h -- rows by what stands in some of their columns
 *
 *	struct split s = {0};
 *
 *	split_by(&s, &in, "source,target");
 *	while (rows_next(&in))
 *		n[split_row(&s, &in)]++;
 *	plot_text(&p, s.text[0].flat);
 *	split_free(&s);
 *
 * Each part has its fields as its name: "PV -> PNa" (with an arrow) for source
 * and target, else with commas between.
 */
#ifndef SPLIT_H
#define SPLIT_H

#include "labels.h"
#include "plot/page.h"
#include "rows.h"

#define SPLIT_MOST 16 /* columns */

struct split {
	size_t column[SPLIT_MOST], n;
	bool arrow;
	struct labels seen;
	struct page_text *text;
	size_t cap;

	/* Of a grid: what stands in all columns but the last, which makes its
	 * rows, and in the last; and the numbers of each part's. */
	struct labels rows, columns;
	uint32_t *row, *in_row;
	size_t mrow, min_row;

	/* The rest is for split.c: the fields of each part, after each other;
	 * the names of the columns, and whether all is a number in them. */
	char **field;
	size_t mfield;
	char *name[SPLIT_MOST];
	bool words[SPLIT_MOST];
};

void split_by(struct split *s, const struct rows *in, const char *list);

/* The number of the part that a row belongs to, from 0; 0 if rows are not
 * split.
 */
size_t split_row(struct split *s, const struct rows *in);
void split_free(struct split *s);

/* What a part is called above a panel, when all rows are read: numbers have the
 * name of their column before them and its unit behind, "amp_pA = 200 pA". */
struct page_text split_title(const struct split *s, size_t i);

/* What other tables call a part: its fields with colons between them, as in
 * population:group.  In new memory. */
char *split_name(const struct split *s, size_t i);

/* Are the parts to be a grid?  Sources and targets are, if there are not too
 * many for too few pathways; others are where half of all places are taken. */
bool split_is_grid(const struct split *s);

/* What a row or a column of the grid is called, and what both are: names of
 * columns.  In new memory. */
char *split_row_title(const struct split *s, size_t row);
char *split_column_title(const struct split *s, size_t column);

#endif
