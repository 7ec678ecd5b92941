/* files.h -- output files appear whole or not at all
 *
 *	FILE *f = fdopen(files_open("edges.csv"), "w");
 *
 *	fputs("source_node_id,target_node_id\n", f);
 *	fclose(f);
 *	files_done();
 *
 * Until files_done() the files have temporary names beside their own.  A tool
 * that ends by die() or by a signal leaves none of them.  What names a
 * descriptor, as "-" does and /dev/fd/3, is that descriptor.
 */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>

#define MAX_FILES 1024 /* that may be replaced at a time */

/* An output will have this name: what says that it cannot says so now, and a
 * descriptor is kept as it is now.  start() sees to it for all OPT_OUT. */
void files_claim(const char *path);

/* Was it a descriptor? */
bool files_is_descriptor(const char *path);

/* Would the second of two outputs spoil the first? */
bool files_same(const char *a, const char *b);

/* Open an output, and for a regular file what will take its place: with its
 * mode, behind a symbolic link. */
int files_open(const char *path);

/* The same for what needs a name: the temporary one of a regular file, which
 * stays as it is until files_done().  The text belongs to this module. */
const char *files_replace(const char *path);

/* The same for a new folder, in which others of these files may be. */
const char *files_folder(const char *path);

/* Bring all of them to the disk, and give them their names. */
void files_done(void);

/* Remove them, as the end of a tool that fails does.  A signal handler may, and
 * one that a tool has before it opens any has to. */
void files_take_back(void);

/* Why a file that another file names is not to be read: nothing is to wait for
 * a pipe or a device that nobody gave us.  NULL: it is fine. */
const char *files_fault(const char *path);
void files_check(const char *path); /* ends the tool if there is one */

/* Read the first n bytes of a file, which tell what it is; returns how many it
 * has.  There are none in a pipe, whose bytes would be gone. */
size_t files_first_bytes(const char *path, char *s, size_t n);

/* An unnamed scratch file in $TMPDIR, which is gone when it is closed. */
int files_scratch(void);

/* Complain about one by errno, and end. */
_Noreturn void files_scratch_failed(void);

#endif
