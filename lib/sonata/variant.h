/* variant.h -- a config that is changed with files that it names
 *
 *	struct variant *v = variant_new("net/config.json", "net/b.json", "b");
 *	const char *path;
 *
 *	change(variant_json(v, NULL, &path));
 *	change(variant_json(v, "models/AMPA.json", &path));
 *	write(variant_copy(v));
 *	out_close();
 *	variant_keep();
 *
 * The files themselves stay as they are.  What is changed of them goes into
 * copies in the folder "b", and the config is made to name these.  Where a file
 * is found by a folder of "components", as the dynamics_params of a type are,
 * the copy is in a folder that leads to everything else in that one, and takes
 * its place.  A config that this one names, such as circuit_config.json, is
 * copied beside itself, as its own paths are seen from there: its copy begins
 * with the name of the output, b-circuit_config.json, and the folder has a link
 * to it.
 */
#ifndef VARIANT_H
#define VARIANT_H

#include "sonata/json.h"

/* A config, what is to be written for it, and the folder for copies.  It lives
 * until the tool ends, as does all that comes from it. */
struct variant *variant_new(const char *config, const char *output,
			    const char *folder);

/* What is in a file, to be changed: in the config if name is NULL, and else in
 * one whose name is seen from the config's folder; *path is for messages. */
cJSON *variant_json(struct variant *v, const char *name, const char **path);

/* Make the copies, and all configs name them; what the config has now.  A file
 * that they do not name is an error: nothing would read its copy. */
cJSON *variant_copy(struct variant *v);

/* The config has been written: the copies stay. */
void variant_keep(void);

#endif
