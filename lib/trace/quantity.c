#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "trace/quantity.h"
#include "util.h"

void
quantity_header(const struct quantity *q)
{
	const char **name;
	size_t n = 0, k;

	while (q[n].name)
		n++;
	name = zeros(n + 1, sizeof *name);
	for (k = 0; k < n; k++)
		name[k] = q[k].name;
	out_names(name);
	free(name);
}

double
quantity_value(const struct quantity *q, const void *of)
{
	const void *at = (const char *)of + q->offset;

	if (q->kind == QUANTITY_REAL)
		return *(const double *)at;
	return q->kind == QUANTITY_INT ? (double)*(const int64_t *)at : NAN;
}

void
quantity_write(const struct quantity *q, const void *of)
{
	for (; q->name; q++) {
		const void *at = (const char *)of + q->offset;

		if (q->kind == QUANTITY_REAL)
			out_real(*(const double *)at);
		else if (q->kind == QUANTITY_INT)
			out_int(*(const int64_t *)at);
		else if (*(const char *const *)at)
			out_text(*(const char *const *)at);
		else
			out_missing();
	}
}

const struct quantity *
quantity_find(const struct quantity *q, const char *name)
{
	for (; q->name; q++)
		if (q->kind != QUANTITY_TEXT && strcmp(q->name, name) == 0)
			return q;
	return NULL;
}
