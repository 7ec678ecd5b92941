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
	struct labels last; /* what stands in the last of the columns */
	struct page_text *text;
	uint32_t *end; /* the number in last of each part */
	size_t cap, mend;
};

void split_by(struct split *s, const struct rows *in, const char *list);

/* The number of the part that a row belongs to, from 0; 0 if rows are not
 * split.
 */
size_t split_row(struct split *s, const struct rows *in);
void split_free(struct split *s);

/* How many panels make a row, if the values of the last column return in the
 * same order, so that the panels are a matrix; else 0. */
size_t split_columns(const struct split *s);

#endif
