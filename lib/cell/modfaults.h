/* modfaults.h -- say what is wrong with a mod file, and where
 *
 * What nocmodl and the C compiler write about a file takes several lines, and
 * the compiler's are about C that the user has never seen.  Here it becomes one
 * line, "na.mod:12: what is wrong", and ends the tool.
 */
#ifndef MODFAULTS_H
#define MODFAULTS_H

#include "cell/modfiles.h"

/* What nocmodl wrote when it failed. */
_Noreturn void modfaults_not_translated(const struct modfiles *m,
					const struct modfile *mod,
					const char *log);

/* The compiler, and the folder that it ran in. */
_Noreturn void modfaults_not_compiled(const struct modfiles *m,
				      const struct modfile *mod,
				      const char *log, const char *folder);

/* The linker, about all of them. */
_Noreturn void modfaults_not_linked(const struct modfiles *m, const char *log);

/* When neither failed, a function may still be undefined: nocmodl only mentions
 * it, and C takes it for one that returns int.  It ends the tool if there is
 * such a function. */
void modfaults_check_functions(const struct modfiles *m,
			       const struct modfile *mod,
			       const char *nocmodl_log,
			       const char *compiler_log);

#endif
