/* settings.h -- what --params and --set say
 *
 *	settings_each("tuned.csv", "set", &sets, section_set_parameter);
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "opt.h"

/* Visit each name and value of a table, unless it is NULL, and then of a list
 * of "name=value" that an option gathers.  where says who wants it, "--set" or
 * "file:line". */
void settings_each(const char *params, const char *option,
		   const struct opt_list *sets,
		   void (*take)(const char *where, const char *name,
				double value));

#endif
