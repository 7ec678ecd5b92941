#include <stdlib.h>

#include "progress.h"
#include "sonata/ends.h"
#include "sonata/reading.h"
#include "util.h"

struct ends
ends_start(const struct sonata_population *edges)
{
	progress_begin("rows", edges->n);
	return (struct ends){.p = edges,
			     .end = edges->n,
			     .id = {zeros(BATCH, sizeof(int64_t)),
				    zeros(BATCH, sizeof(int64_t))}};
}

/* Unsigned ids of eight bytes that are too large come out negative. */
static _Noreturn void
bad_id(const struct hdf_column *c, uint64_t row, int64_t id)
{
	if (c->kind == C_INT && !c->is_signed)
		die("%s: row %llu: too large, or negative: '%llu'", c->path,
		    (unsigned long long)row, (unsigned long long)id);
	die("%s: row %llu: negative: '%lld'", c->path, (unsigned long long)row,
	    (long long)id);
}

bool
ends_next(struct ends *e)
{
	uint64_t left;
	size_t i, k;

	e->first += e->n;
	left = e->end - e->first;
	e->n = left < BATCH ? (size_t)left : BATCH;
	for (k = 0; k < 2; k++) {
		hdfchunk_ids(e->p->id[k], e->first, e->n, e->id[k], &e->u[k]);
		for (i = 0; i < e->n; i++)
			if (e->id[k][i] < 0)
				bad_id(e->p->id[k], e->first + i, e->id[k][i]);
	}
	progress(e->first + e->n);
	return e->n > 0;
}

void
ends_seek(struct ends *e, uint64_t first, uint64_t end)
{
	e->first = first;
	e->end = end;
	e->n = 0;
}

void
ends_end(struct ends *e)
{
	size_t k;

	for (k = 0; k < 2; k++) {
		hdfchunk_free(&e->u[k]);
		free(e->id[k]);
	}
}
