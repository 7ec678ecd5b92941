/* along.h -- the axes along which distance is measured
 *
 *	const char *along = along_axes();
 *	bool deep = strchr(along, 'z');
 */
#ifndef ALONG_H
#define ALONG_H

#include "opt.h"

/* --axes. */
extern const struct opt along_opts[];

/* Some of "xyz", in this order; all of them unless --axes says others.  It is
 * misuse if that does not name some of them, each once. */
const char *along_axes(void);

#endif
