/* paths.h -- where the files are that a config names
 *
 *	char *path = path_locate("net/circuit_config.json", "nodes.h5");
 *
 *	puts(path); // net/nodes.h5
 *	free(path);
 *
 * A relative path is taken from the config's folder, or, where only that has
 * it, from the working directory; where there is neither, a backslash is taken
 * for a slash.  Both are said once.
 */
#ifndef PATHS_H
#define PATHS_H

#include <stdbool.h>

/* The config's folder, with a '/' at its end, or "". */
char *path_folder(const char *config);

/* The name of a file, without its folders. */
const char *path_base(const char *path);

/* The path of a file in it, whether there is one or not. */
char *path_near(const char *config, const char *name);

/* Where a file of this name is, or NULL. */
char *path_find(const char *config, const char *name);

/* Where it is, or where it should be: near. */
char *path_locate(const char *config, const char *name);

/* How a path is written from a folder; neither need be there. */
char *path_from(const char *folder, const char *path);

/* Does a path lead through this folder, as both are written? */
bool path_is_below(const char *path, const char *folder);

/* Where it is in the output_dir if that, as it is written, is the config's own
 * folder, which is said; or NULL. */
char *path_find_output(const char *config, const char *output_dir,
		       const char *name);

#endif
