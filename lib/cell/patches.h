/* patches.h -- mechanisms without a cell: a patch of membrane for each
 *
 *	if (!model_is_given())
 *		patches_build(argv);
 *
 * The patches are sections, "patch[0]", "patch[1]" ..., with one mechanism
 *each, so that two that set the same concentration do not meet.  Then all is as
 *with a cell: --set patch.gbar_na=0.1 sets what has such a parameter.
 */
#ifndef PATCHES_H
#define PATCHES_H

/* Start NEURON, and make a patch for each of these mechanisms, whose list NULL
 * ends; without any, for each that --mechanisms has.  One that is not there or
 * is a point process is misuse. */
void patches_build(char **mechanism);

#endif
