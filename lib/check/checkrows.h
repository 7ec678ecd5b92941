/* checkrows.h -- populations of nodes and edges, as rows in groups
 *
 *	struct checkrows p = {.file = file, .sort = NODES, .name = "v1",
 *			      .known = &known};
 *
 *	checkrows_population(&p);
 *
 * Steps of a plan, see finding.h.  What is the same for nodes and for edges is
 * here, and so are the ids of nodes; the ends of edges are checkedges.h's.  All
 * is read in batches, in the order of the file.
 */
#ifndef CHECKROWS_H
#define CHECKROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "check/known.h"
#include "sonata/hdf.h"
#include "sonata/sonata.h"

struct checkrows {
	struct hdf_file *file;
	enum sonata_sort sort;
	const char *name;  /* of the population */
	const char *types; /* its type CSV, or NULL */
	struct known_nodes *known;
	size_t memory; /* for sorting */

	/* The rest is found out. */
	char *root;     /* "/nodes/v1" */
	uint64_t n;     /* rows */
	int64_t *group; /* the numbers of its groups, ascending */
	size_t ngroups;
};

void checkrows_population(struct checkrows *p);

/* ---- For checkedges ---- */

#define CHECKROWS_BATCH ((size_t)1 << 16)

/* "/nodes/v1/node_id", in new memory. */
char *checkrows_path(const struct checkrows *p, const char *name);

/* A dataset of the population, one integer a row; NULL if there is none or it
 * is none, which has been said. */
struct hdf_column *checkrows_column(const struct checkrows *p,
				    const char *name);

/* The next rows of n, up to a batch. */
size_t checkrows_batch(uint64_t n, uint64_t first);

/* Has a file room for so many values, however they are packed?  If not, this is
 * a finding: what follows the extent would never end. */
bool checkrows_fit(const struct hdf_file *f, const char *place, uint64_t n);

/* Faults of rows, with the first of them for the message. */
struct checkrows_fault {
	uint64_t count, row;
	int64_t value;
};

static inline void
checkrows_note(struct checkrows_fault *f, uint64_t row, int64_t value)
{
	if (f->count++ == 0) {
		f->row = row;
		f->value = value;
	}
}

#endif
