/* manifest.h -- the variables in the texts of a config
 *
 *	struct manifest *m = manifest_new("circuit_config.json", json);
 *	char *fault, *text = manifest_expand(m, "network", "$DIR/a", &fault);
 *
 *	if (fault)
 *		die("%s", fault);
 *	puts(text);
 *
 * $NAME and ${NAME} stand for what the config's manifest says, whose entries
 * may use each other in any order, or for BMTK's configdir, configfname,
 * workingdir, date, time and datetime.  A name is all of the letters, digits
 * and underscores after the $, so that $NET is never taken for the beginning
 * of $NETWORK_DIR.
 */
#ifndef MANIFEST_H
#define MANIFEST_H

#include <cJSON.h>

/* The manifest of a config; what is wrong with it is only said where a text has
 * a variable.  It lives until the tool ends. */
struct manifest *manifest_new(const char *path, const cJSON *config);

/* A text with its variables replaced, in new memory.  Those that have no value
 * stay in it, as in BMTK, and what is wrong with the first of them is the
 * fault, also new, or NULL; where fault is NULL nobody asks.  Place is where
 * the text stands, for messages. */
char *manifest_expand(struct manifest *m, const char *place, const char *s,
		      char **fault);

#endif
