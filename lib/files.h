/* files.h -- output files appear whole or not at all
 *
 *	FILE *f = fopen(files_replace("edges.csv"), "w");
 *
 *	fputs("source_node_id,target_node_id\n", f);
 *	fclose(f);
 *	files_done();
 *
 * Until files_done() the files have temporary names beside their own.  A tool
 * that ends by die() or by a signal leaves none of them.
 */
#ifndef FILES_H
#define FILES_H

#include <stddef.h>

#define MAX_FILES 1024 /* that may be replaced at a time */

/* The temporary name to write instead of path, which stays as it is until
 * files_done().  The text belongs to this module. */
const char *files_replace(const char *path);

/* Bring all of them to the disk, and give them their names. */
void files_done(void);

/* Why a file that another file names is not to be read: nothing is to wait for
 * a pipe or a device that nobody gave us.  NULL: it is fine. */
const char *files_fault(const char *path);

/* Read the first n bytes of a file, which tell what it is; returns how many it
 * has.  There are none in a pipe, whose bytes would be gone. */
size_t files_first_bytes(const char *path, char *s, size_t n);

/* An unnamed scratch file in $TMPDIR, which is gone when it is closed. */
int files_scratch(void);

#endif
