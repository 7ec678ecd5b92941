/* tunegates.h -- the curves of gates in the windows of cell-tune
 *
 *	w->number = tunegates_add("--gate", "na.m");
 *	tunegates_renew(&tunables, touched);
 *
 * The windows are those of tools/cell-tune.hoc, which has been loaded.
 */
#ifndef TUNEGATES_H
#define TUNEGATES_H

#include <stddef.h>

#include "cell/tunables.h"

/* Measure a gate, have the windows know its curve, and return its number there.
 * The text is kept.  An unknown one is misuse. */
size_t tunegates_add(const char *where, const char *text);

/* Measure the gates anew whose mechanism has a parameter that was touched. */
void tunegates_renew(const struct tunables *t, const double *touched);

#endif
