/* variables.h -- the names of what a mechanism has
 *
 *	name = variables_of("Exp2Syn", VARIABLES_PARAMETER, &n);
 *	for (i = 0; i < n; i++)
 *		visit(name[i]);
 *	variables_free(name, n);
 *
 * Those of a membrane mechanism are as hoc has them, "gbar_na", and those of a
 * point process bare, "tau1".  Each element of an array is one, "x[3]".
 */
#ifndef VARIABLES_H
#define VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

/* NEURON's own numbers, those of its MechanismStandard. */
enum variables_kind {
	VARIABLES_GLOBAL = -1,
	VARIABLES_ALL = 0, /* but for the global ones */
	VARIABLES_PARAMETER = 1,
	VARIABLES_ASSIGNED = 2,
	VARIABLES_STATE = 3
};

/* The n names in new memory. */
char **variables_of(const char *mechanism, enum variables_kind kind, size_t *n);
void variables_free(char **name, size_t n);

/* Is there one of that name?  All of them with commas between, in new memory,
 * or NULL. */
bool variables_have(char *const *name, size_t n, const char *wanted);
char *variables_join(char *const *name, size_t n);

#endif
