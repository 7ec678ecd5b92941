/* tunetargets.h -- targets in the windows of cell-tune
 *
 *	tunetargets_tell("targets.csv");
 *
 * The windows are those of tools/cell-tune.hoc, which has been loaded.
 */
#ifndef TUNETARGETS_H
#define TUNETARGETS_H

/* Have the windows draw a trace, or a table of targets, which says so in its
 * header; a pipe is a trace.  Targets that are not drawn are said. */
void tunetargets_tell(const char *path);

#endif
