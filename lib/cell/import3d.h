/* import3d.h -- what NEURON's Import3d makes of a morphology
 *
 *	char *statements = import3d_read(&swc);
 *	double first, last;
 *
 *	puts(statements);
 *	import3d_ends(&first, &last);
 *	import3d_done();
 *	free(statements);
 */
#ifndef IMPORT3D_H
#define IMPORT3D_H

#include "cell/swc.h"

/* Have it make sections, and get the statements in hoc that make them, a line
 * each, in new memory: "~create dend[36]", "soma connect dend(0), 0.5",
 * "dend { pt3dadd(1, 2, 3, 0.5) }".  What it leaves out of the file is a
 * warning. */
char *import3d_read(const struct swc *s);

/* What the diameters of an axon's stub are in um, as AllenSDK's legacy models
 * have it and as BMTK has it: see allen.h.  There is an axon.  The first
 * changes nseg, so that only one of them is called. */
void import3d_legacy(double *first, double *second);
void import3d_ends(double *first, double *last);

void import3d_done(void); /* the sections are gone */

#endif
