/* swc.h -- the points of a traced cell
 *
 *	struct swc s = swc_read("cell.swc");
 *
 *	trace(s.kind, s.text, s.len);
 *	swc_free(&s);
 *
 * An SWC file has a point in each line, "id type x y z radius parent", in um,
 * and comments after a '#' (Cannon et al., J. Neurosci. Methods 84:49, 1998).
 * NEURON's Import3d goes on after most of what can be wrong with it, and makes
 * another cell: here a line that has not seven numbers, a second root that is
 * not of axon, a parent that is not there or not lower, an id that is there
 * twice, a radius that is not above 0, a type below 1 or a cell without a soma
 * ends the tool.
 * Neurolucida's ASC is left to NEURON, which reads it.
 */
#ifndef SWC_H
#define SWC_H

#include <stdbool.h>
#include <stddef.h>

/* Kinds of sections by their types in the file, from 1; those above 4 are
 * dendrites, too. */
enum { SWC_SOMA, SWC_AXON, SWC_DEND, SWC_APIC, SWC_KINDS };
enum { SWC_TYPES = 256 };

extern const char *const swc_kind_name[SWC_KINDS]; /* "soma", "axon" ... */

struct swc {
	const char *path;
	enum { SWC_POINTS, SWC_NEUROLUCIDA } kind;
	char *text; /* for Import3d: points sorted by id, and no comments */
	size_t len;
	size_t *line; /* of the file, for each of the text's n points */
	size_t n;
	bool has_type[SWC_TYPES]; /* of points */
	size_t npieces;           /* of axon that nothing holds */
	size_t piece;             /* the line of the first's root */
};

struct swc swc_read(const char *path); /* "-" is the standard input */
void swc_free(struct swc *s);

#endif
