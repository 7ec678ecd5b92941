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

/* Gives some of "xyz", in this order, or all of them without --axes, which is
 * misused if it does not name some of them, each once. */
const char *along_axes(void);

bool along_is_asked(void); /* was it given? */

#endif
