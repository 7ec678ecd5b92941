/* filecopy.h -- copy a file byte for byte
 *
 *	filecopy("v1_node_types.csv", "cut/v1_node_types.csv");
 *	files_done();
 */
#ifndef FILECOPY_H
#define FILECOPY_H

/* The copy gets its name with the other files of files.h, to which its name for
 * the time being, which is returned, belongs. */
const char *filecopy(const char *from, const char *to);

#endif
