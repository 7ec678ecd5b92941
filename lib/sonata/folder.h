/* folder.h -- folders for what a tool writes
 *
 *	folder_make("network");
 *	write_files("network");
 *	files_done();
 *	folder_keep();
 *
 * Those that were not there go again, with the files of files.h, if the tool
 * fails or a signal ends it before folder_keep().
 */
#ifndef FOLDER_H
#define FOLDER_H

/* Make one, unless it is there; the first before any file is opened. */
void folder_make(const char *path);

/* Make a symbolic link that leads there, and goes again as folders do. */
void folder_link(const char *path, const char *to);

/* All of them stay. */
void folder_keep(void);

#endif
