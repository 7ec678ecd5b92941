/* typewrite.h -- write the types of a population, as types.h reads them
 *
 *	typing_choose(&group.typing, group.n, is_text);
 *	typewrite(&edges, &group, "network/a_to_b_edge_types.csv");
 *
 * A type has what all of its elements have, and what BMTK asks for besides.
 */
#ifndef TYPEWRITE_H
#define TYPEWRITE_H

#include "sonata/elements.h"
#include "sonata/types.h"

void typewrite(struct elements *e, const struct element_group *g,
	       const char *path);

/* Write types of nodes once more, now of virtual ones. */
void typewrite_virtual(const struct types *t, const char *path);

/* The id of one of the group's types. */
int64_t typewrite_id(const struct element_group *g, size_t type);

#endif
