/* matrix.h -- values of rows and columns, and the order of these
 *
 *	struct matrix m = {0};
 *
 *	matrix_add(&m, &(struct matrix_cell){
 *		.row = label(&m.rows, "PN"),
 *		.column = label(&m.columns, "PV"),
 *		.value = 0.5});
 *	matrix_settle(&m, NULL, NULL);
 *	matrix_sort(&m, MATRIX_BY_CLUSTER);
 *	for (i = 0; i < m.n; i++)
 *		draw(&m.cell[i]);
 *	matrix_free(&m);
 */
#ifndef MATRIX_H
#define MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labels.h"

struct matrix_cell {
	size_t row, column;
	double value; /* NaN: missing */
	char *text;   /* what stands in the cell, or NULL */
	size_t of;    /* the caller's: what else it knows of the cell */
};

struct matrix {
	struct labels rows, columns;
	struct matrix_cell *cell;
	size_t n, cap;
};

void matrix_add(struct matrix *m, const struct matrix_cell *c);

/* Sorts the cells by row, then column, then what they are of; of two in one
 * place merge makes the first one, or ends the tool. */
void matrix_settle(struct matrix *m,
		   void (*merge)(void *with, struct matrix_cell *a,
				 const struct matrix_cell *b),
		   void *with);

/* Renumbers rows and columns: by their names, numbers in these by their value;
 * by the sums of what they have, the greatest first; or so that those that are
 * alike stand together.  If the same names are on both sides, they are in one
 * order on both, in which rows and columns count. */
enum matrix_order {
	MATRIX_AS_READ,
	MATRIX_BY_NAME,
	MATRIX_BY_VALUE,
	MATRIX_BY_CLUSTER
};
void matrix_sort(struct matrix *m, enum matrix_order order);

void matrix_free(struct matrix *m);

#endif
