/* folder.h -- a folder for what a tool writes
 *
 *	folder_make("network");
 *	write_files("network");
 *	files_done();
 *	folder_keep();
 *
 * One that was not there goes again, with the files of files.h, if the tool
 *fails or a signal ends it before folder_keep().
 */
#ifndef FOLDER_H
#define FOLDER_H

/* Make it, unless it is there; before any file is opened. */
void folder_make(const char *path);

void folder_keep(void);

#endif
