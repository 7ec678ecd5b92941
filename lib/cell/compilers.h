/* compilers.h -- what there is to compile mod files with
 *
 *	struct compilers with = compilers_find(recipe);
 *
 *	run_add(&nocmodl.argv, "%s", with.nocmodl);
 *	compilers_add(&with, false, &cc.argv);
 *	compilers_free(&with);
 *
 * nocmodl is $NOCMODL, or the one beside $LIBNRNIV, or the one on the PATH; the
 * compilers are $CC and $CXX, or cc and c++.
 */
#ifndef COMPILERS_H
#define COMPILERS_H

#include <stdbool.h>
#include <stdio.h>

#include "opt.h"

struct compilers {
	char *nocmodl;
	struct opt_list cc, cxx; /* words: CC='ccache gcc' is more than one */
	char *headers;           /* NEURON's; NULL: the compiler knows them */
	char *units;             /* nocmodl's MODLUNIT, or NULL */
};

/* Find the programs, and write into a record what tells them from others.  It
 * ends the tool if there is no nocmodl. */
struct compilers compilers_find(FILE *record);
void compilers_free(struct compilers *c);

/* Add the compiler of C or of C++ and its options to a list of arguments.  It
 * ends the tool if that compiler is not there. */
void compilers_add(const struct compilers *c, bool cxx, struct opt_list *argv);

#endif
