/* mechanisms.h -- mod files, compiled
 *
 *	nrn_start();
 *	nrn_load_mechanisms(mechanisms_compile(&folders));
 *
 * A model's mod files are compiled once, by NEURON's nocmodl and the C
 * compiler (with NEURON 9 the C++ compiler), and kept in
 * $XDG_CACHE_HOME/bmutils/mechanisms.  A library is found again by the whole
 * text of the mod files and of what they INCLUDE, which is compared byte for
 * byte, and by the compilers: whatever of it changes, it is compiled anew, and
 * where the files lie does not matter.  One that is damaged is left alone and
 * compiled anew, too.  Two tools that start at the same time
 * may both compile; either's library appears whole, and is the same.
 *
 * nocmodl is $NOCMODL, or the one beside $LIBNRNIV, or the one on the PATH;
 * the compilers are $CC and $CXX, or cc and c++.  A faulty mod file ends the
 * tool with its name, the line, and what nocmodl or the compiler says.
 */
#ifndef MECHANISMS_H
#define MECHANISMS_H

#include "opt.h"

/* The library of all mod files in these folders, or, where a folder has none,
 * in its "modfiles", which is BMTK's way; NULL if there are no folders.  It is
 * for a process that has a libnrniv with RTLD_GLOBAL, whichever that is: it
 * names none, so that it cannot bring in a second one.  The text stays until
 * the next call. */
const char *mechanisms_compile(const struct opt_list *folders);

#endif
