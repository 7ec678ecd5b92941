/* shipped.h -- files that come with the tools
 *
 *	char *folder = shipped_folder("mechanisms");
 */
#ifndef SHIPPED_H
#define SHIPPED_H

/* A folder of these, in new memory: in $BMUTILS_DATA if that is set, or else in
 * ../share/bmutils beside the folder of the program, whichever name it was
 * called by.  The tool ends if it is not there. */
char *shipped_folder(const char *name);

#endif
