/* grid-plain-check -- the same as grid-check, for machines without AVX2: what
 * grid.c has for them is what this one counts with */
#define CLONES

/* NOLINTBEGIN(bugprone-suspicious-include) */
#include "../lib/connect/grid.c"
#include "grid-check.c"
/* NOLINTEND(bugprone-suspicious-include) */
