/* segregatehoc.h -- a cell's hoc file with segregated mechanisms in it
 *
 *	segregatehoc_read(&h, "cells.hoc");
 *	if (segregatehoc_has(&h, "Pyramidal"))
 *		s = segregatehoc_text(&h, "Pyramidal", mechanism, n, &len);
 *
 * The template NAME becomes NAMEseg with a capital, PyramidalSeg, a mechanism
 * nat becomes natseg wherever it is inserted, and what hoc calls gbar_nat
 * becomes gbar_natseg, in texts as well.  Code outside of templates stays, and
 * so do templates that the cell uses; others are left out, so that the file can
 * be loaded together with what is made of another one.
 */
#ifndef SEGREGATEHOC_H
#define SEGREGATEHOC_H

#include "cell/segregate.h"
#include "cell/tokens.h"

/* From begintemplate to the name after endtemplate. */
struct segregatehoc_template {
	char *name;
	size_t first, last; /* tokens */
	bool used;
};

struct segregatehoc {
	const char *path;
	struct tokens t;
	struct segregatehoc_template *tmpl;
	size_t n, cap;
};

void segregatehoc_read(struct segregatehoc *h, const char *path);
void segregatehoc_free(struct segregatehoc *h);
bool segregatehoc_has(const struct segregatehoc *h, const char *name);

/* The text for these mechanisms; if name is NULL, of the cell at top level. */
char *segregatehoc_text(struct segregatehoc *h, const char *name,
			const struct segregate *mechanism, size_t n,
			size_t *len);

#endif
